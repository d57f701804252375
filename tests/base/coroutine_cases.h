// What every coroutine implementation must do. Included by one test program for
// the machine's own switch and by one for ucontext.

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <unwind.h>

#include <retort/base/coroutine.h>
#include <retort/test.h>

#include "base/coroutine_impl.h"
#include "base/fiber.h"

#define NOINLINE __attribute__((noinline))

// A record of what happened, in order.
static char trace[256];

static void note(char c)
{
    size_t len = strlen(trace);
    trace[len] = c;
    trace[len + 1] = '\0';
}

static void note_and_yield(void *arg)
{
    for (const char *c = arg; *c; c++) {
        note(*c);
        rt_coro_yield();
    }
    note('.');
}

static rt_coro *spell(const char *text)
{
    return rt_coro_new(note_and_yield, (void *)(uintptr_t)text);
}

static void do_nothing(void *arg)
{
    (void)arg;
}

static void yield_once(void *arg)
{
    (void)arg;
    rt_coro_yield();
}

RT_TEST(resume_goes_on_where_the_coroutine_yielded)
{
    rt_coro *a = spell("abc");
    rt_coro *x = spell("xy");

    CHECK_EQ(trace, "");
    while (!rt_coro_is_done(a)) {
        rt_coro_resume(a);
        note('-');
        if (!rt_coro_is_done(x))
            rt_coro_resume(x);
    }
    CHECK_EQ(trace, "a-xb-yc-..-");
    CHECK(rt_coro_is_done(x));
    rt_coro_drop(a);
    rt_coro_drop(x);
}

static void resume_other(void *arg)
{
    rt_coro *other = arg;

    note('a');
    rt_coro_resume(other);
    note('c');
    CHECK(rt_coro_current() != other);
    rt_coro_yield();
    note('e');
    rt_coro_resume(other);
    note('g');
}

static void inner(void *arg)
{
    rt_coro **self = arg;

    CHECK_EQ(rt_coro_current(), *self);
    note('b');
    rt_coro_yield();
    CHECK_EQ(rt_coro_current(), *self);
    note('f');
}

RT_TEST(a_coroutine_may_resume_another)
{
    rt_coro *b = NULL;

    CHECK_EQ(rt_coro_current(), NULL);
    b = rt_coro_new(inner, &b);
    rt_coro *a = rt_coro_new(resume_other, b);
    rt_coro_resume(a);
    CHECK_EQ(rt_coro_current(), NULL);
    note('d');
    rt_coro_resume(a);
    CHECK_EQ(trace, "abcdefg");
    CHECK(rt_coro_is_done(a) && rt_coro_is_done(b));
    rt_coro_drop(a);
    rt_coro_drop(b);
}

// Who yielded matters, not who resumed first: each resume has its own way back.
RT_TEST(a_coroutine_may_have_a_different_resumer_each_time)
{
    rt_coro *b = spell("bf");
    rt_coro *a = rt_coro_new(resume_other, b);

    rt_coro_resume(a);
    rt_coro_resume(b);
    rt_coro_resume(a);
    CHECK_EQ(trace, "abcfe.g");
    rt_coro_drop(a);
    rt_coro_drop(b);
}

static void count_done(rt_coro *co, void *arg)
{
    int *count = arg;

    CHECK(rt_coro_is_done(co));
    CHECK_EQ(rt_coro_current(), NULL);
    ++*count;
    rt_coro_drop(co);
}

RT_TEST(the_done_function_is_called_once_and_may_drop)
{
    int count = 0;

    rt_coro *co = rt_coro_new(yield_once, NULL);
    rt_coro_on_done(co, count_done, &count);
    rt_coro_resume(co);
    CHECK_EQ(count, 0);
    rt_coro_resume(co);
    CHECK_EQ(count, 1);
    CHECK_EQ(rt__coro_count().used, 0);

    co = rt_coro_new(yield_once, NULL);
    rt_coro_on_done(co, count_done, &count);
    rt_coro_resume(co);
    rt_coro_drop(co);
    CHECK_EQ(count, 1);
}

static void note_tag(void *arg)
{
    *(uint64_t *)arg = rt_coro_tag();
}

typedef struct tags {
    rt_coro *inner;
    uint64_t seen;
} tags;

static void make_inner(void *arg)
{
    tags *t = arg;
    t->inner = rt_coro_new(note_tag, &t->seen);
}

static void resume_inner(void *arg)
{
    rt_coro_resume(((tags *)arg)->inner);
}

static void run_tagged(rt_coro_fn *fn, tags *t, uint64_t tag)
{
    rt_coro *co = rt_coro_new(fn, t);
    rt_coro_set_tag(co, tag);
    rt_coro_resume(co);
    rt_coro_drop(co);
}

RT_TEST(a_coroutine_hands_its_tag_down)
{
    tags t = {0};
    run_tagged(make_inner, &t, 42);
    rt_coro_resume(t.inner);
    CHECK_EQ(t.seen, 42u);
    rt_coro_drop(t.inner);

    // Whoever resumes it has its work done there.
    run_tagged(make_inner, &t, 42);
    run_tagged(resume_inner, &t, 43);
    CHECK_EQ(t.seen, 43u);
    rt_coro_drop(t.inner);

    CHECK_EQ(rt_coro_tag(), 0u);
    rt_coro *co = rt_coro_new(note_tag, &t.seen);
    rt_coro_resume(co);
    CHECK_EQ(t.seen, 0u);
    rt_coro_drop(co);
}

RT_TEST(a_coroutine_keeps_one_pointer)
{
    int thing;
    rt_coro *co = rt_coro_new(do_nothing, NULL);

    CHECK_EQ(rt_coro_data(co), NULL);
    rt_coro_set_data(co, &thing);
    CHECK_EQ(rt_coro_data(co), &thing);
    rt_coro_drop(co);
    co = rt_coro_new(do_nothing, NULL);
    CHECK_EQ(rt_coro_data(co), NULL);
    rt_coro_drop(co);
}

// More live values than there are registers to keep, of both kinds.
static void keep_values(void *arg)
{
    unsigned seed = *(unsigned *)arg;
    unsigned a = seed, b = seed * 3, c = seed * 5, d = seed * 7, e = seed * 11;
    unsigned f = seed * 13, g = seed * 17, h = seed * 19;
    double p = seed * 0.5, q = seed * 0.25, r = seed * 0.125;

    for (unsigned i = 1; i <= 100; i++) {
        rt_coro_yield();
        a += i, b += a, c ^= b, d += c, e ^= d, f += e, g ^= f, h += g;
        p = p * 1.5 + 1, q = q + p, r = r - q / 2;
        p = fmod(p, 1000);
    }
    *(unsigned *)arg =
        a ^ b ^ c ^ d ^ e ^ f ^ g ^ h ^ (unsigned)(int64_t)(p + q + r);
}

#define KEEPERS 16

RT_TEST(registers_survive_switches)
{
    unsigned alone[KEEPERS];
    unsigned mixed[KEEPERS];
    rt_coro *cos[KEEPERS];

    for (unsigned i = 0; i < KEEPERS; i++) {
        alone[i] = mixed[i] = i * 2654435761u + 1;
        rt_coro *co = rt_coro_new(keep_values, &alone[i]);
        while (!rt_coro_is_done(co))
            rt_coro_resume(co);
        rt_coro_drop(co);
        cos[i] = rt_coro_new(keep_values, &mixed[i]);
    }
    while (!rt_coro_is_done(cos[0]))
        for (unsigned i = 0; i < KEEPERS; i++)
            rt_coro_resume(cos[i]);
    for (unsigned i = 0; i < KEEPERS; i++) {
        CHECK_EQ(mixed[i], alone[i]);
        rt_coro_drop(cos[i]);
    }
}

static void look_at_alignment(void *arg)
{
    _Alignas(16) volatile char bytes[16] = {0};

    // The ABI aligns the frame to 16 bytes; with a wrong entry it is off by 8.
    *(bool *)arg = (uintptr_t)__builtin_frame_address(0) % 16 == 0 &&
                   (uintptr_t)bytes % 16 == 0;
}

RT_TEST(the_stack_is_aligned)
{
    bool ok = false;
    rt_coro *co = rt_coro_new(look_at_alignment, &ok);

    rt_coro_resume(co);
    CHECK(ok);
    rt_coro_drop(co);
}

// Deep frames with arrays, which a sanitizer surrounds with red zones, and the
// depth varies so that the red zones of one use lie inside arrays of the next.
static NOINLINE int descend(int depth, int width, void (*bottom)(void))
{
    volatile char pad[256];
    volatile char wide[40];

    for (int i = 0; i < width; i++)
        pad[i] = (char)i;
    wide[depth % 40] = 1;
    if (depth == 0) {
        bottom();
    } else {
        descend(depth - 1, width, bottom);
    }
    return pad[0] + wide[0];
}

static void descend_and_yield(void *arg)
{
    int n = *(const int *)arg;

    descend(20 + n % 30, 256, rt_coro_yield);
}

// Write all of a large array, where the frames of others have been.
static NOINLINE void fill_stack(void *arg)
{
    volatile char all[24 * 1024];

    for (size_t i = 0; i < sizeof(all); i++)
        all[i] = (char)i;
    *(int *)arg += all[7];
}

RT_TEST(deep_frames_may_be_dropped_ten_thousand_times)
{
    int sum = 0;

    for (int i = 0; i < 10000; i++) {
        rt_coro *co = rt_coro_new(descend_and_yield, &i);
        rt_coro_resume(co);
        rt_coro_drop(co);

        co = rt_coro_new(fill_stack, &sum);
        rt_coro_resume(co);
        REQUIRE(rt_coro_is_done(co));
        rt_coro_drop(co);
    }
    CHECK_EQ(sum, 70000);
    CHECK_EQ(rt__coro_count().used, 0);
    CHECK_EQ(rt__coro_count().warm, 1);
}

static long pages_mapped(void)
{
    long pages = -1;
    FILE *f = fopen("/proc/self/statm", "r");

    if (!f || fscanf(f, "%ld", &pages) != 1)
        pages = -1;
    if (f)
        fclose(f);
    return pages;
}

// With detect_stack_use_after_return each coroutine has mappings of its own.
RT_TEST(dropping_deep_frames_leaves_no_mapping_behind)
{
    int depth = 0;
    long before = 0;

    for (int i = 0; i < 1000; i++) {
        rt_coro *co = rt_coro_new(descend_and_yield, &depth);
        rt_coro_resume(co);
        rt_coro_drop(co);
        if (i == 10)
            before = pages_mapped();
    }
    CHECK(before > 0);
    CHECK(pages_mapped() < before + 10000);
}

static jmp_buf *landing;

static void jump(void)
{
    longjmp(*landing, 1);
}

static void jump_out_often(void *arg)
{
    volatile int left = 1000;
    jmp_buf here;

    while (left > 0) {
        left--;
        if (setjmp(here) == 0) {
            landing = &here;
            descend(left % 40, 256, jump);
        }
        fill_stack(arg);
        if (left % 100 == 0)
            rt_coro_yield();
    }
}

RT_TEST(longjmp_leaves_deep_frames_within_a_coroutine)
{
    int sum = 0;
    rt_coro *co = rt_coro_new(jump_out_often, &sum);

    while (!rt_coro_is_done(co))
        rt_coro_resume(co);
    CHECK_EQ(sum, 7000);
    rt_coro_drop(co);
}

static size_t resident_pages(rt_coro *co)
{
    unsigned char pages[4096];
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t count = 0;

    CHECK_EQ(mincore(co->stack, co->stack_bytes, pages), 0);
    for (size_t i = 0; i < co->stack_bytes / page; i++)
        count += pages[i] & 1;
    return count;
}

// Not on a fake stack, hence without a sanitizer.
__attribute__((noinline, no_sanitize_address)) static void touch_stack(
    void *arg)
{
    volatile char all[24 * 1024];

    for (size_t i = 0; i < sizeof(all); i++)
        all[i] = (char)i;
    *(int *)arg += all[7];
}

#define CROWD 100

RT_TEST(idle_stacks_are_kept_and_most_give_their_memory_back)
{
    rt_coro *cos[CROWD];
    int sum = 0;

    for (int i = 0; i < CROWD; i++) {
        cos[i] = rt_coro_new(touch_stack, &sum);
        rt_coro_resume(cos[i]);
        CHECK(resident_pages(cos[i]) >= 6);
    }
    CHECK_EQ(rt__coro_count().used, CROWD);
    for (int i = 0; i < CROWD; i++)
        rt_coro_drop(cos[i]);

    CHECK_EQ(rt__coro_count().used, 0);
    CHECK_EQ(rt__coro_count().warm, 32);
    CHECK_EQ(rt__coro_count().cold, CROWD - 32);
    CHECK_EQ(resident_pages(cos[CROWD - 1]), 0);

    rt_coro *co = rt_coro_new(do_nothing, NULL);
    CHECK_EQ(rt__coro_count().warm, 31);
    rt_coro_drop(co);
    rt_coro_trim();
    CHECK_EQ(rt__coro_count().warm + rt__coro_count().cold, 0);
}

static NOINLINE int use_kib(int kib)
{
    volatile char one[1024];

    memset((char *)(uintptr_t)one, kib, sizeof(one));
    return one[100] + (kib > 1 ? use_kib(kib - 1) : 0);
}

static void use_many_kib(void *arg)
{
    int kib = *(int *)arg;
    *(int *)arg = use_kib(kib) != 0;
}

RT_TEST(stacks_have_the_size_that_was_set)
{
    int kib = 3000;

    rt_coro *old = rt_coro_new(do_nothing, NULL);
    rt_coro_set_stack_bytes((size_t)8 * 1024 * 1024);
    rt_coro *co = rt_coro_new(use_many_kib, &kib);
    rt_coro_resume(co);
    CHECK(rt_coro_is_done(co));
    rt_coro_drop(co);

    // A stack of the old size does not come back into the pool.
    rt_coro_drop(old);
    CHECK_EQ(rt__coro_count().warm, 1);
    rt_coro_set_stack_bytes((size_t)32 * 1024);
    CHECK_EQ(rt__coro_count().warm, 0);
    co = rt_coro_new(do_nothing, NULL);
    CHECK_EQ(co->stack_bytes, (size_t)32 * 1024 * (RT_ASAN ? 4 : 1));
    rt_coro_resume(co);
    rt_coro_drop(co);
}

static void on_fault(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)context;
    _exit(rt_coro_is_overflow(info->si_addr) ? 42 : 43);
}

static void overflow(void *arg)
{
    (void)arg;
    use_kib(1 << 30);
}

// What a function does whose frame is larger than what is left of the stack.
static void step_over(void *arg)
{
    char *frame = __builtin_frame_address(0);
    size_t bytes = *(const size_t *)arg;

    *((volatile char *)frame - bytes) = 1;
}

static void overflow_in_this_process(rt_coro_fn *fn, void *arg)
{
    static char alternate[64 * 1024];
    stack_t stack = {.ss_sp = alternate, .ss_size = sizeof(alternate)};
    struct sigaction action = {.sa_sigaction = on_fault,
                               .sa_flags = SA_SIGINFO | SA_ONSTACK};

    sigaltstack(&stack, NULL);
    sigaction(SIGSEGV, &action, NULL);
    // The stacks of others lie below this one.
    for (int i = 0; i < 50; i++)
        rt_coro_new(do_nothing, NULL);
    rt_coro *co = rt_coro_new(fn, arg);
    for (int i = 0; i < 50; i++)
        rt_coro_new(do_nothing, NULL);
    rt_coro_resume(co);
    _exit(44);
}

static void expect_overflow(rt_coro_fn *fn, void *arg)
{
    int status = 0;
    pid_t pid = fork();

    if (pid == 0)
        overflow_in_this_process(fn, arg);
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    CHECK(WIFEXITED(status));
    CHECK_EQ(WEXITSTATUS(status), 42);
}

RT_TEST(an_overflow_hits_the_guard_zone)
{
    expect_overflow(overflow, NULL);
    int here = 0;
    CHECK(!rt_coro_is_overflow(&here));
}

RT_TEST(a_large_frame_does_not_step_over_the_guard_zone)
{
    size_t rows[] = {300, 480, 1024, 4096, 7000};

    if (sizeof(void *) < 8)
        RT_SKIP("addresses are too few for wide guards");
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        size_t bytes = rows[i] * 1024 + (RT_ASAN ? 3 * 256 * 1024 : 0);
        rt_test_case("%zu bytes", bytes);
        expect_overflow(step_over, &bytes);
    }
}

static void *run_many(void *arg)
{
    unsigned *result = arg;

    for (int i = 0; i < 200; i++) {
        unsigned value = 12345;
        rt_coro *co = rt_coro_new(keep_values, &value);
        while (!rt_coro_is_done(co)) {
            rt_coro_resume(co);
            if (rt_coro_current())
                value = 0;
        }
        rt_coro_drop(co);
        *result = i == 0 || value == *result ? value : 0;
    }
    return NULL;
}

RT_TEST(each_thread_has_its_own_current_coroutine)
{
    pthread_t threads[2];
    unsigned results[3];

    for (int i = 0; i < 2; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, run_many, &results[i]), 0);
    run_many(&results[2]);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    CHECK(results[2] != 0);
    CHECK_EQ(results[0], results[2]);
    CHECK_EQ(results[1], results[2]);
}

static _Unwind_Reason_Code count_frame(struct _Unwind_Context *context,
                                       void *arg)
{
    (void)context;
    ++*(int *)arg;
    return _URC_NO_REASON;
}

typedef struct backtrace_result {
    int frames;
    _Unwind_Reason_Code end;
} backtrace_result;

static void take_backtrace(void *arg)
{
    backtrace_result *result = arg;

    rt_coro_yield();
    result->end = _Unwind_Backtrace(count_frame, &result->frames);
}

RT_TEST(a_backtrace_ends_at_the_coroutines_entry)
{
    backtrace_result result = {0};
    rt_coro *co = rt_coro_new(take_backtrace, &result);

    rt_coro_resume(co);
    rt_coro_resume(co);
    CHECK_EQ((int)result.end, (int)_URC_END_OF_STACK);
    CHECK(result.frames >= 2 && result.frames <= 5);
    rt_coro_drop(co);
}

static void take_backtrace_when_done(rt_coro *co, void *arg)
{
    backtrace_result *result = arg;

    (void)co;
    result->end = _Unwind_Backtrace(count_frame, &result->frames);
}

// The harness alone is a few frames, none of which the coroutine's stack has.
RT_TEST(a_backtrace_in_the_done_function_goes_on_to_the_resumer)
{
    backtrace_result here = {0};
    backtrace_result result = {0};
    rt_coro *co = rt_coro_new(do_nothing, NULL);

    here.end = _Unwind_Backtrace(count_frame, &here.frames);
    rt_coro_on_done(co, take_backtrace_when_done, &result);
    rt_coro_resume(co);
    CHECK_EQ((int)result.end, (int)here.end);
    CHECK(result.frames > here.frames);
    rt_coro_drop(co);
}

static void drop_itself(void *arg)
{
    (void)arg;
    rt_coro_drop(rt_coro_current());
}

static void resume_itself(void *arg)
{
    (void)arg;
    rt_coro_resume(rt_coro_current());
}

RT_TEST(wrong_use_is_an_assertion)
{
    rt_coro *done = rt_coro_new(do_nothing, NULL);
    rt_coro *suicide = rt_coro_new(drop_itself, NULL);
    rt_coro *loop = rt_coro_new(resume_itself, NULL);

    rt_coro_resume(done);
    CHECK_ABORTS(rt_coro_resume(done), "rt_coro_resume");
    CHECK_ABORTS(rt_coro_resume(loop), "rt_coro_resume");
    CHECK_ABORTS(rt_coro_resume(suicide), "rt_coro_drop");
    CHECK_ABORTS(rt_coro_yield(), "rt_coro_yield");
    rt_coro_drop(NULL);
    rt_coro_drop(done);
    rt_coro_drop(suicide);
    rt_coro_drop(loop);
}

#if RT_ASAN

static bool has_fake_stacks(void)
{
    const char *options = getenv("ASAN_OPTIONS");
    return options && strstr(options, "detect_stack_use_after_return=1");
}

static uintptr_t hidden;

static NOINLINE void hold_memory(void *arg)
{
    void *volatile block = malloc(100);

    (void)arg;
    hidden = ~(uintptr_t)block;
    rt_coro_yield();
    free(block);
}

static NOINLINE void clear_stack(void)
{
    volatile char all[4096];
    for (size_t i = 0; i < sizeof(all); i++)
        all[i] = 0;
}

// LeakSanitizer looks for pointers on the stacks of living coroutines, and not
// on those that wait for their next use.
RT_TEST(memory_held_by_a_suspended_coroutine_is_no_leak)
{
    if (has_fake_stacks())
        RT_SKIP("LeakSanitizer does not search the fake stacks of fibers");

    rt_coro *co = rt_coro_new(hold_memory, NULL);
    rt_coro_resume(co);
    clear_stack();
    CHECK_EQ(__lsan_do_recoverable_leak_check(), 0);

    rt_coro_drop(co);
    clear_stack();
    fputs("(the next report is expected)\n", stderr);
    CHECK(__lsan_do_recoverable_leak_check() != 0);
    free((void *)~hidden);
}

RT_TEST(all_of_this_holds_with_fake_stacks)
{
    if (has_fake_stacks())
        RT_SKIP("this is the run with them");

    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        setenv("ASAN_OPTIONS", "detect_stack_use_after_return=1", 1);
        unsetenv("RT_TEST_FILTER");
        execl("/proc/self/exe", "coroutine tests", (char *)NULL);
        _exit(127);
    }
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

#endif
