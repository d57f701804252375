// The harness tests itself: specimens are tests that fail on purpose. They are
// registered only when this program runs itself with RT_SPECIMENS set.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <retort/test.h>

static void both_values_differ(void)
{
    CHECK_EQ(1 + 1, 3u);
    CHECK_EQ(RT_STR("a\n"), "b");
    CHECK_EQ((bool)1, (bool)0);
    CHECK_EQ(0.5, 1);
}

static void ends_at_require(void)
{
    REQUIRE(1 > 2);
    puts("this line is not reached");
}

static void reads_past_the_guard(void)
{
    RT_CASE("the row that crashes");
    volatile const char *data = rt_guarded("abc").data;
    CHECK(data[3] == 0);
}

static void hangs(void)
{
    CHECK(true);
    pause();
}

static void checks_nothing(void)
{
}

static void is_skipped(void)
{
    RT_SKIP("no such machine");
}

static void exits_in_the_middle(void)
{
    CHECK(true);
    exit(0);
}

static void survives(void)
{
    CHECK_ABORTS((void)0, "");
}

static void aborts_otherwise(void)
{
    CHECK_ABORTS(abort(), "a sentence");
}

static void misses_its_golden_file(void)
{
    unsetenv("RT_TEST_ACCEPT");
    rt_test_golden("golden_two_lines.txt", RT_STR("one\ntwo!\n"));
}

static void want_one_piece(void *arg, const rt_str *pieces, size_t count)
{
    (void)arg;
    (void)pieces;
    CHECK_EQ(count, 1);
}

static void fails_when_cut(void)
{
    rt_test_pieces(RT_STR("abc"), want_one_piece, NULL);
}

static void passes(void)
{
    CHECK(true);
}

#define SPECIMENS(X)          \
    X(both_values_differ)     \
    X(ends_at_require)        \
    X(reads_past_the_guard)   \
    X(hangs)                  \
    X(checks_nothing)         \
    X(is_skipped)             \
    X(exits_in_the_middle)    \
    X(survives)               \
    X(aborts_otherwise)       \
    X(misses_its_golden_file) \
    X(fails_when_cut)         \
    X(passes)

#define ENTRY(name) {#name, "here.c", 7, name, NULL},
static rt_test_entry specimens[] = {SPECIMENS(ENTRY)};

__attribute__((constructor)) static void register_specimens(void)
{
    if (!getenv("RT_SPECIMENS"))
        return;
    for (size_t i = 0; i < RT_COUNT(specimens); i++)
        rt_test_register(&specimens[i]);
}

// Run this program on its specimens; returns the exit status.
static int run_specimens(const char *environment, const char *arguments,
                         char *output, size_t size)
{
    char program[1024], command[2048];
    ssize_t len = readlink("/proc/self/exe", program, sizeof program - 1);

    REQUIRE(len > 0);
    program[len] = '\0';
    snprintf(command, sizeof command, "RT_SPECIMENS=1 %s '%s' %s 2>&1",
             environment, program, arguments);
    // NOLINTNEXTLINE(cert-env33-c): the command is ours
    FILE *pipe = popen(command, "r");
    REQUIRE(pipe);
    size_t n = fread(output, 1, size - 1, pipe);
    output[n] = '\0';
    return WEXITSTATUS(pclose(pipe));
}

RT_TEST(a_failure_says_what_where_and_on_which_row)
{
    static const struct {
        const char *specimen;
        const char *texts[5];
    } rows[] = {
        {"both_values_differ",
         {"FAIL both_values_differ (here.c:7): 4 of 4 checks failed",
          "actual  : 2    <- 1 + 1", "expected: 3    <- 3u",
          "actual  : \"a\\n\" (2 bytes)", "expected: false"}},
        {"ends_at_require", {"REQUIRE(1 > 2)", "not finished"}},
        {"reads_past_the_guard", {"last case: the row that crashes"}},
        {"checks_nothing", {"made no check"}},
        {"exits_in_the_middle", {"the process ended before the test did"}},
        {"survives", {"it did not abort"}},
        {"aborts_otherwise", {"\"a sentence\" is not in"}},
        {"misses_its_golden_file",
         {"golden file \"golden_two_lines.txt\" differs", "line 2, column 4",
          "actual  : two!", "expected: two"}},
        {"fails_when_cut",
         {"3 of 4 checks failed", "fed: cut after byte 1 of 3",
          "fed: cut after byte 2 of 3", "fed: one byte at a time"}},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        static char output[1 << 16];

        RT_CASE(rows[i].specimen);
        CHECK_EQ(run_specimens("", rows[i].specimen, output, sizeof output), 1);
        for (size_t t = 0; t < 5 && rows[i].texts[t]; t++) {
            if (!CHECK(strstr(output, rows[i].texts[t])))
                printf("\"%s\" is not in\n%s", rows[i].texts[t], output);
        }
        CHECK(!strstr(output, "is not reached"));
        CHECK(strstr(output, "\n0 passed, 1 failed, 0 skipped\n"));
    }
}

RT_TEST(a_test_without_end_is_ended_and_fails)
{
    static char output[4096];

    CHECK_EQ(run_specimens("RT_TEST_TIMEOUT=1", "hangs", output, sizeof output),
             1);
    CHECK(strstr(output, "FAIL hangs (here.c:7): no end after 1 seconds"));
    CHECK(strstr(output, "\n0 passed, 1 failed, 0 skipped\n"));
}

RT_TEST(the_closing_line_counts_all_three_kinds)
{
    static char output[4096];

    CHECK_EQ(run_specimens("", "passes is_skipped checks_nothing", output,
                           sizeof output),
             1);
    CHECK(strstr(output, "SKIP is_skipped: no such machine\n"));
    CHECK(strstr(output, "\n1 passed, 1 failed, 1 skipped\n"));
    CHECK_EQ(run_specimens("", "passes", output, sizeof output), 0);
    CHECK_EQ(output, "1 passed, 0 failed, 0 skipped\n");
}

RT_TEST(a_filter_that_matches_nothing_is_a_failure)
{
    static char output[4096];

    CHECK_EQ(run_specimens("", "nosuchtest", output, sizeof output), 1);
    CHECK(strstr(output, "no test has that in its name"));
}

RT_TEST(without_fork_tests_run_in_the_program_itself)
{
    static char output[4096];

    CHECK_EQ(run_specimens("", "--no-fork ends_at is_skipped passes", output,
                           sizeof output),
             1);
    CHECK(strstr(output, "\n1 passed, 1 failed, 1 skipped\n"));
}

RT_TEST(values_of_different_types_compare_by_meaning)
{
    char text[] = "text";
    const char *null = NULL;

    CHECK_EQ(1, 1u);
    CHECK_EQ((unsigned char)7, 7LL);
    CHECK_EQ(RT_STR("text"), text);
    CHECK_EQ(0.5, 0.5f);
    CHECK_EQ(null, null);
    CHECK_EQ(true, 1);
    CHECK_EQ((void *)text, (const void *)text);
}

RT_TEST(a_guarded_copy_has_the_bytes_and_no_room_before_it)
{
    rt_str copy = rt_guarded_bytes("a\0b", 3);

    CHECK_EQ(copy, rt_str_of("a\0b", 3));
    CHECK_EQ(rt_guarded("").len, 0);
    // The bytes end where a page does.
    CHECK_EQ(((uintptr_t)copy.data + copy.len) % (size_t)sysconf(_SC_PAGESIZE),
             0);
}

RT_TEST(more_copies_than_the_ring_holds_are_no_leak)
{
    for (int i = 0; i < 2000; i++)
        CHECK_EQ(rt_guarded("x").len, 1);
}

static void collect(void *arg, const rt_str *pieces, size_t count)
{
    size_t *runs = arg;
    char joined[16] = "";

    for (size_t i = 0; i < count; i++)
        strncat(joined, pieces[i].data, pieces[i].len);
    CHECK_EQ(joined, "abcd");
    (*runs)++;
}

RT_TEST(pieces_are_whole_every_cut_and_single_bytes)
{
    size_t runs = 0, cuts = 0;

    rt_test_pieces(RT_STR("abcd"), collect, &runs);
    CHECK_EQ(runs, 1 + 3 + 1);
    RT_SPLITS(at, 4)
    cuts += at <= 4;
    CHECK_EQ(cuts, 5);
}

RT_TEST(accepting_writes_the_golden_file)
{
    char path[] = "/tmp/retort-golden-XXXXXX";
    int fd = mkstemp(path);

    REQUIRE(fd >= 0);
    close(fd);
    setenv("RT_TEST_ACCEPT", "1", 1);
    CHECK(rt_test_golden(path, RT_STR("new\n")));
    setenv("RT_TEST_ACCEPT", "0", 1);
    CHECK(rt_test_golden(path, RT_STR("new\n")));
    unlink(path);
}

RT_TEST(an_abort_is_seen_with_its_words)
{
    CHECK_ABORTS((fputs("invariant broken\n", stderr), abort()), "invariant");
}
