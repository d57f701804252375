// Checks: counting them, comparing values and printing what differs.
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "retort/test.h"
#include "test/state.h"

static rt__test_state outside; // for checks made when no test runs
static rt__test_state *current = &outside;

rt__test_state *rt__test_current(void)
{
    return current;
}

void rt__test_use(rt__test_state *state)
{
    current = state ? state : &outside;
}

void rt__test_fail(const char *file, int line, const char *format, ...)
{
    va_list args;

    // Atomic, because a test may check in children that share the state.
    __atomic_fetch_add(&current->failures, 1, __ATOMIC_RELAXED);
    printf("%s:%d: ", file, line);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
    if (current->row[0])
        printf("    case: %s\n", current->row);
    if (current->division[0])
        printf("    fed: %s\n", current->division);
    fflush(stdout);
}

void rt_test_case(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(current->row, sizeof current->row, format, args);
    va_end(args);
}

void rt_test_row(const char *text)
{
    snprintf(current->row, sizeof current->row, "%s", text);
}

void rt_test_skip(const char *why)
{
    current->skipped = true;
    snprintf(current->why, sizeof current->why, "%s", why);
    rt__test_leave();
}

void rt_test_passed(void)
{
    __atomic_fetch_add(&current->checks, 1, __ATOMIC_RELAXED);
}

bool rt_test_check(const char *file, int line, const char *expression, bool ok)
{
    rt_test_passed();
    if (!ok)
        rt__test_fail(file, line, "CHECK(%s)", expression);
    return ok;
}

void rt_test_require_failed(const char *file, int line, const char *expression)
{
    rt_test_passed();
    rt__test_fail(file, line, "REQUIRE(%s)", expression);
    current->ended = true;
    rt__test_leave();
}

rt_test_value rt_test_int(long long i)
{
    return (rt_test_value){.kind = RT_TEST_INT, .i = i};
}

rt_test_value rt_test_uint(unsigned long long u)
{
    return (rt_test_value){.kind = RT_TEST_UINT, .u = u};
}

rt_test_value rt_test_bool(bool b)
{
    return (rt_test_value){.kind = RT_TEST_BOOL, .u = b};
}

rt_test_value rt_test_double(double f)
{
    return (rt_test_value){.kind = RT_TEST_DOUBLE, .f = f};
}

rt_test_value rt_test_cstr(const char *s)
{
    return (rt_test_value){.kind = RT_TEST_STR, .s = {s, s ? strlen(s) : 0}};
}

rt_test_value rt_test_str(rt_str s)
{
    // An empty view may have no address, but it is not a NULL string.
    if (!s.data && s.len == 0)
        s.data = "";
    return (rt_test_value){.kind = RT_TEST_STR, .s = s};
}

rt_test_value rt_test_pointer(const volatile void *p)
{
    return (rt_test_value){.kind = RT_TEST_POINTER, .p = p};
}

static bool is_negative(rt_test_value v)
{
    return v.kind == RT_TEST_INT && v.i < 0;
}

static double as_double(rt_test_value v)
{
    if (v.kind == RT_TEST_DOUBLE)
        return v.f;
    return v.kind == RT_TEST_INT ? (double)v.i : (double)v.u;
}

static bool equal(rt_test_value a, rt_test_value b)
{
    if (a.kind == RT_TEST_STR || b.kind == RT_TEST_STR) {
        if (a.kind != b.kind || a.s.len != b.s.len)
            return false;
        if (!a.s.data || !b.s.data)
            return a.s.data == b.s.data;
        return memcmp(a.s.data, b.s.data, a.s.len) == 0;
    }
    if (a.kind == RT_TEST_POINTER || b.kind == RT_TEST_POINTER)
        return a.kind == b.kind && a.p == b.p;
    if (a.kind == RT_TEST_DOUBLE || b.kind == RT_TEST_DOUBLE)
        return as_double(a) == as_double(b);
    // Mathematically, so that -1 is not SIZE_MAX.
    return is_negative(a) == is_negative(b) && a.u == b.u;
}

static void print_str(rt_str s)
{
    if (!s.data) {
        printf("NULL");
        return;
    }
    putchar('"');
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.data[i];

        switch (c) {
        case '"':
        case '\\': printf("\\%c", c); break;
        case '\n': printf("\\n"); break;
        case '\r': printf("\\r"); break;
        case '\t': printf("\\t"); break;
        default: printf(c < 0x20 || c == 0x7f ? "\\x%02x" : "%c", c);
        }
    }
    printf("\" (%zu bytes)", s.len);
}

static void print_value(const char *label, const char *text, rt_test_value v)
{
    printf("    %s: ", label);
    switch (v.kind) {
    case RT_TEST_INT: printf("%lld", v.i); break;
    case RT_TEST_UINT: printf("%llu", v.u); break;
    case RT_TEST_BOOL: printf("%s", v.u ? "true" : "false"); break;
    case RT_TEST_DOUBLE: printf("%.17g", v.f); break;
    case RT_TEST_STR: print_str(v.s); break;
    case RT_TEST_POINTER: printf("0x%" PRIxPTR, (uintptr_t)v.p); break;
    }
    printf("    <- %s\n", text);
}

bool rt_test_check_equal(const char *file, int line, const char *actual_text,
                         const char *expected_text, rt_test_value actual,
                         rt_test_value expected)
{
    rt_test_passed();
    if (equal(actual, expected))
        return true;

    rt__test_fail(file, line, "CHECK_EQ(%s, %s)", actual_text, expected_text);
    print_value("actual  ", actual_text, actual);
    print_value("expected", expected_text, expected);
    fflush(stdout);
    return false;
}

static struct {
    pid_t pid;
    int fd; // the child's standard error, a file in memory
} dying;

bool rt_test_dying_begin(void)
{
    fflush(NULL);
    dying.fd = memfd_create("stderr", MFD_CLOEXEC);
    dying.pid = fork();
    if (dying.pid != 0)
        return false;
    dup2(dying.fd, STDERR_FILENO);
    return true;
}

void rt_test_dying_survived(void)
{
    _exit(0);
}

bool rt_test_dying_end(const char *file, int line, const char *statement,
                       const char *text)
{
    static char output[4096];
    int status = 0;

    rt_test_passed();
    waitpid(dying.pid, &status, 0);
    ssize_t n = pread(dying.fd, output, sizeof output - 1, 0);
    output[n > 0 ? n : 0] = '\0';
    close(dying.fd);

    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGABRT) {
        rt__test_fail(file, line, "CHECK_ABORTS(%s): it did not abort\n%s",
                      statement, output);
        return false;
    }
    if (!strstr(output, text)) {
        rt__test_fail(file, line, "CHECK_ABORTS(%s): \"%s\" is not in\n%s",
                      statement, text, output);
        return false;
    }
    return true;
}
