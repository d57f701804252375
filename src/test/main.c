// The runner: one process per test, its output kept back and shown only when it
// fails, its last RT_CASE known even when it crashed.
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "retort/test.h"
#include "test/state.h"

static rt_test_entry *first;
static rt_test_entry **last = &first;

static struct {
    bool list;
    bool no_fork;
    bool verbose;
    int timeout_s;
    char **filters; // any of them must be part of the name
    int filter_count;
} options = {.timeout_s = 60};

static struct {
    unsigned passed, failed, skipped;
} totals;

static jmp_buf back; // to run_here, when tests run without a fork
static bool forked;

void rt_test_register(rt_test_entry *entry)
{
    *last = entry;
    last = &entry->next;
}

void rt__test_leave(void)
{
    fflush(NULL);
    if (forked)
        _exit(0); // the shared state says why
    longjmp(back, 1);
}

// Run one test in this process.
static void run_here(const rt_test_entry *test, rt__test_state *state)
{
    rt__test_use(state);
    if (setjmp(back) == 0) {
        test->run();
        state->finished = true;
    }
    rt__test_release_guarded();
    rt__test_use(NULL);
}

RT_NORETURN static void run_in_child(const rt_test_entry *test,
                                     rt__test_state *state, int output,
                                     const sigset_t *mask)
{
    // Its own group, so that whatever the test starts ends with it.
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigprocmask(SIG_SETMASK, mask, NULL);
    if (!freopen("/dev/null", "r", stdin))
        abort();
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    forked = true;

    run_here(test, state);
    fflush(NULL);
    exit(0); // through exit, where LeakSanitizer looks
}

// Wait for the child; false when it had to be killed.
static bool wait_for(pid_t pid, int *status)
{
    struct timespec now, end;
    sigset_t child;
    bool killed = false;

    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += options.timeout_s;
    while (waitpid(pid, status, WNOHANG) == 0) {
        struct timespec step = {.tv_sec = 0, .tv_nsec = 100000000};

        sigtimedwait(&child, NULL, &step);
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (!killed && now.tv_sec >= end.tv_sec) {
            killed = true;
            kill(-pid, SIGKILL);
            kill(pid, SIGKILL);
        }
    }
    kill(-pid, SIGKILL); // what the test left running
    return !killed;
}

// Describe why the test failed into `why`; false when it did not.
static bool verdict(const rt__test_state *state, bool in_time, int status,
                    char *why, size_t size)
{
    if (!in_time) {
        snprintf(why, size, "no end after %d seconds", options.timeout_s);
    } else if (WIFSIGNALED(status)) {
        snprintf(why, size, "died of signal %d, %s", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    } else if (WEXITSTATUS(status) != 0) {
        snprintf(why, size, "exit status %d", WEXITSTATUS(status));
    } else if (state->failures > 0) {
        snprintf(why, size, "%u of %u checks failed%s", state->failures,
                 state->checks, state->ended ? ", not finished" : "");
    } else if (!state->finished && !state->skipped) {
        snprintf(why, size, "the process ended before the test did");
    } else if (state->checks == 0 && !state->skipped) {
        snprintf(why, size, "made no check");
    } else {
        return false;
    }
    return true;
}

// Copy the child's output to ours, indented.
static void show_output(int fd)
{
    char chunk[4096];
    bool at_start = true;
    off_t at = 0;
    ssize_t n;

    while ((n = pread(fd, chunk, sizeof chunk, at)) > 0) {
        for (ssize_t i = 0; i < n; i++) {
            if (at_start)
                fputs("    ", stdout);
            at_start = chunk[i] == '\n';
            putchar(chunk[i]);
        }
        at += n;
    }
    if (!at_start)
        putchar('\n');
}

static void report(const rt_test_entry *test, const rt__test_state *state,
                   bool in_time, int status, int output)
{
    char why[256];

    if (verdict(state, in_time, status, why, sizeof why)) {
        totals.failed++;
        printf("FAIL %s (%s:%d): %s\n", test->name, test->file, test->line,
               why);
        // A failed check has named its row already.
        if (state->row[0] && state->failures == 0)
            printf("    last case: %s\n", state->row);
        if (state->division[0] && state->failures == 0)
            printf("    fed: %s\n", state->division);
        if (output >= 0)
            show_output(output);
    } else if (state->skipped) {
        totals.skipped++;
        printf("SKIP %s: %s\n", test->name, state->why);
    } else {
        totals.passed++;
        if (options.verbose)
            printf("ok   %s (%u checks)\n", test->name, state->checks);
    }
    fflush(stdout);
}

static void run_forked(const rt_test_entry *test, rt__test_state *state)
{
    int output = memfd_create("output", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    int status = 0;
    sigset_t child, mask;

    if (output < 0) {
        perror("retort/test: memfd_create");
        exit(2);
    }
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, &mask);
    fflush(NULL);
    pid_t pid = fork();
    if (pid < 0) {
        perror("retort/test: fork");
        exit(2);
    }
    if (pid == 0)
        run_in_child(test, state, output, &mask);
    setpgid(pid, pid); // whoever comes first; both must not lose the race
    bool in_time = wait_for(pid, &status);
    sigprocmask(SIG_SETMASK, &mask, NULL);

    report(test, state, in_time, status, output);
    close(output);
}

static void run_test(const rt_test_entry *test, rt__test_state *shared)
{
    memset(shared, 0, sizeof *shared);
    if (options.no_fork) {
        printf("run  %s\n", test->name);
        run_here(test, shared);
        report(test, shared, true, 0, -1);
    } else {
        run_forked(test, shared);
    }
}

static bool selected(const rt_test_entry *test)
{
    const char *filter = getenv("RT_TEST_FILTER");

    if (filter && *filter && !strstr(test->name, filter))
        return false;
    if (options.filter_count == 0)
        return true;
    for (int i = 0; i < options.filter_count; i++) {
        if (strstr(test->name, options.filters[i]))
            return true;
    }
    return false;
}

static void usage(FILE *to, const char *program)
{
    fprintf(to,
            "usage: %s [--list] [--verbose] [--no-fork] [part of a name]...\n",
            program);
}

static void read_arguments(int argc, char **argv)
{
    const char *timeout = getenv("RT_TEST_TIMEOUT");
    int at = 1;

    long seconds = timeout ? strtol(timeout, NULL, 10) : 0;
    if (seconds > 0 && seconds < 1000000)
        options.timeout_s = (int)seconds;
    for (; at < argc && argv[at][0] == '-'; at++) {
        if (strcmp(argv[at], "--list") == 0) {
            options.list = true;
        } else if (strcmp(argv[at], "--no-fork") == 0) {
            options.no_fork = true;
        } else if (strcmp(argv[at], "--verbose") == 0) {
            options.verbose = true;
        } else if (strcmp(argv[at], "--help") == 0) {
            usage(stdout, argv[0]);
            exit(0);
        } else {
            usage(stderr, argv[0]);
            exit(2);
        }
    }
    options.filters = argv + at;
    options.filter_count = argc - at;
}

// Weak, so that a program may bring its own.
__attribute__((weak)) int main(int argc, char **argv)
{
    unsigned ran = 0;

    read_arguments(argc, argv);
    rt__test_state *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
                                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        perror("retort/test: mmap");
        return 2;
    }
    for (const rt_test_entry *test = first; test; test = test->next) {
        if (!selected(test))
            continue;
        ran++;
        if (options.list) {
            puts(test->name);
        } else {
            run_test(test, shared);
        }
    }
    munmap(shared, sizeof *shared);
    if (options.list)
        return 0;
    if (ran == 0 && options.filter_count > 0)
        fprintf(stderr, "no test has that in its name\n");
    printf("%u passed, %u failed, %u skipped\n", totals.passed, totals.failed,
           totals.skipped);
    return totals.failed > 0 || (ran == 0 && options.filter_count > 0);
}
