// Golden files: expected output that lives in a file of its own and is
// rewritten on request, so that a change of it is read as a diff.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "retort/test.h"
#include "test/state.h"

static bool accepting(void)
{
    const char *value = getenv("RT_TEST_ACCEPT");

    return value && strcmp(value, "1") == 0;
}

// `path` beside the source file, unless it is absolute.
static void locate(char *out, size_t size, const char *source, const char *path)
{
    const char *slash = strrchr(source, '/');

    if (path[0] == '/' || !slash) {
        snprintf(out, size, "%s", path);
    } else {
        snprintf(out, size, "%.*s/%s", (int)(slash - source), source, path);
    }
}

// The whole file, to be freed, or NULL.
static char *slurp(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    char *data = NULL;
    size_t size = 0;

    *len = 0;
    if (!file)
        return NULL;
    for (;;) {
        if (*len == size) {
            size = size ? size * 2 : 4096;
            char *larger = realloc(data, size);
            if (!larger)
                abort();
            data = larger;
        }
        size_t n = fread(data + *len, 1, size - *len, file);
        if (n == 0)
            break;
        *len += n;
    }
    fclose(file);
    return data;
}

static bool write_file(const char *path, rt_str text)
{
    FILE *file = fopen(path, "wb");

    if (!file)
        return false;
    bool ok = fwrite(text.data, 1, text.len, file) == text.len;
    return fclose(file) == 0 && ok;
}

// The line that starts at `at`, without its end.
static rt_str line_at(rt_str text, size_t at)
{
    size_t end = at;

    while (end < text.len && text.data[end] != '\n')
        end++;
    return (rt_str){text.data + at, end - at};
}

// Print the first line in which the two differ.
static void print_difference(rt_str actual, rt_str expected)
{
    size_t at = 0, start = 0;
    int line = 1;

    while (at < actual.len && at < expected.len &&
           actual.data[at] == expected.data[at]) {
        if (actual.data[at] == '\n') {
            line++;
            start = at + 1;
        }
        at++;
    }
    rt_str a = line_at(actual, start), e = line_at(expected, start);
    printf("    line %d, column %zu (%zu bytes, expected %zu)\n", line,
           at - start + 1, actual.len, expected.len);
    printf("    actual  : %.*s\n", (int)a.len, a.data);
    printf("    expected: %.*s\n", (int)e.len, e.data);
    fflush(stdout);
}

bool rt_test_golden_at(const char *file, int line, const char *path,
                       rt_str actual)
{
    char where[4096];
    size_t len;

    if (!actual.data)
        actual.data = "";
    locate(where, sizeof where, file, path);
    char *data = slurp(where, &len);
    rt_str expected = {data ? data : "", len};
    bool same = data && len == actual.len &&
                (len == 0 || memcmp(data, actual.data, len) == 0);

    rt_test_passed();
    if (!same && accepting()) {
        same = write_file(where, actual);
        if (!same) {
            rt__test_fail(file, line, "cannot write \"%s\": %s", where,
                          strerror(errno));
        }
    } else if (!same) {
        rt__test_fail(file, line, "golden file \"%s\" %s", path,
                      data ? "differs" : "does not exist");
        print_difference(actual, expected);
    }
    free(data);
    return same;
}
