#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <retort/base/buf.h>
#include <retort/test.h>

#include "retort/base/error.h"

static rt_arena arena;

RT_TEST(an_error_says_where_and_what)
{
    static const rt_error inner = {.status = RT_E_NOT_FOUND,
                                   .message = {"no such file", 12}};

    static const struct {
        rt_error error;
        const char *text;
    } rows[] = {
        {{.status = RT_E_SYNTAX}, "malformed input"},
        {{.message = {"bad", 3}}, "bad"},
        {{.message = {"bad", 3}, .file = {"a.html", 6}}, "a.html: bad"},
        {{.message = {"bad", 3}, .file = {"a.html", 6}, .line = 7},
         "a.html:7: bad"},
        {{.message = {"bad", 3}, .file = {"a", 1}, .line = 7, .column = 3},
         "a:7:3: bad"},
        {{.message = {"bad", 3}, .line = 7}, "line 7: bad"},
        {{.message = {"bad", 3}, .line = 7, .column = 3}, "line 7:3: bad"},
        {{.message = {"bad", 3}, .excerpt = {"{{ x", 4}}, "bad\n    {{ x"},
        {{.message = {"bad", 3}, .column = 1, .excerpt = {"abc", 3}},
         "bad\n    abc\n    ^"},
        {{.message = {"bad", 3}, .column = 3, .excerpt = {"abc", 3}},
         "bad\n    abc\n      ^"},
        {{.message = {"bad", 3}, .column = 4, .excerpt = {"abc", 3}},
         "bad\n    abc\n       ^"},
        {{.message = {"bad", 3}, .column = 3, .excerpt = {"\t\tab", 4}},
         "bad\n    \t\tab\n    \t\t^"},
        // Columns are code points, not bytes.
        {{.message = {"bad", 3},
          .column = 3,
          .excerpt = {"\xc3\xa4\xc3\xb6x", 5}},
         "bad\n    \xc3\xa4\xc3\xb6x\n      ^"},
        {{.message = {"cannot open", 11}, .file = {"a", 1}, .cause = &inner},
         "a: cannot open\nbecause: no such file"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("row %zu", i);
        CHECK_EQ(rt_error_text(&arena, &rows[i].error), rows[i].text);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(every_cause_is_told)
{
    rt_error errors[4] = {0};
    for (int i = 0; i < 4; i++) {
        errors[i].message = rt_str_of(&"0123"[i], 1);
        errors[i].cause = i < 3 ? &errors[i + 1] : NULL;
    }

    CHECK_EQ(rt_error_text(&arena, errors),
             "0\nbecause: 1\nbecause: 2\nbecause: 3");
    rt_arena_deinit(&arena);
}

// Run fn in a child and read what it writes to standard error; its status.
static int run_child(void (*fn)(void), char *text, size_t size)
{
    int ends[2], status = -1;
    REQUIRE(pipe(ends) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDERR_FILENO);
        fn();
        _exit(0);
    }
    close(ends[1]);
    size_t len = 0;
    for (ssize_t n; (n = read(ends[0], text + len, size - 1 - len)) > 0;)
        len += (size_t)n;
    text[len] = '\0';
    close(ends[0]);
    REQUIRE(waitpid(pid, &status, 0) == pid);
    return status;
}

static void misuse(void)
{
    rt_misuse((rt_site){"shop.c", 12}, "rule \"%s\" is wrong", "/x");
}

RT_TEST(misuse_ends_the_process_and_names_the_place)
{
    char text[200];
    int status = run_child(misuse, text, sizeof text);

    CHECK(WIFEXITED(status));
    CHECK_EQ(WEXITSTATUS(status), RT_EXIT_MISUSE);
    CHECK_EQ(text, "shop.c:12: rule \"/x\" is wrong\n");
}

RT_TEST(a_panic_aborts_with_its_message)
{
    CHECK_ABORTS(rt_panic("broken: %d", 7), "retort: broken: 7\n");
}

RT_TEST(a_panic_is_one_write)
{
    int ends[2], status;
    REQUIRE(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0);
    pid_t pid = fork();
    REQUIRE(pid >= 0);
    if (pid == 0) {
        dup2(ends[1], STDERR_FILENO);
        rt_panic("%01500d", 7);
    }
    REQUIRE(waitpid(pid, &status, 0) == pid);
    CHECK(WIFSIGNALED(status));

    char text[2000]; // one message for each write
    ssize_t n = recv(ends[0], text, sizeof text, MSG_DONTWAIT);
    CHECK_EQ(n, 1023); // cut, but a line all the same
    CHECK(n > 0 && text[n - 1] == '\n');
    CHECK_EQ(rt_str_of(text, 10), "retort: 00");
}

RT_TEST(here_is_the_place_it_is_written)
{
    rt_site site = RT_HERE;

    CHECK_EQ(site.line, __LINE__ - 2);
    CHECK_EQ(site.file, __FILE__);
}
