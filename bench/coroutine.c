// What a coroutine costs: `script/bench coroutine`.
//
// A round trip is a resume and the yield that comes back, so two switches. The
// same is measured for swapcontext, which is what a program without a switch of
// its own would use, and for making and dropping a coroutine, which each
// request does once.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <ucontext.h>

#include <retort/base/attributes.h>
#include <retort/base/coroutine.h>

#define ROUNDS 15

static int64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void yield_for_ever(void *arg)
{
    (void)arg;
    for (;;)
        rt_coro_yield();
}

static void return_at_once(void *arg)
{
    (void)arg;
}

static rt_coro *partner;

static void round_trips(long count)
{
    for (long i = 0; i < count; i++)
        rt_coro_resume(partner);
}

static void lives(long count)
{
    for (long i = 0; i < count; i++) {
        rt_coro *co = rt_coro_new(return_at_once, NULL);
        rt_coro_resume(co);
        rt_coro_drop(co);
    }
}

static ucontext_t here;
static ucontext_t there;

static void swap_for_ever(void)
{
    for (;;)
        swapcontext(&there, &here);
}

static void swaps(long count)
{
    for (long i = 0; i < count; i++)
        swapcontext(&here, &there);
}

static void make_swap_partner(void)
{
    static char stack[64 * 1024];

    getcontext(&there);
    there.uc_stack.ss_sp = stack;
    there.uc_stack.ss_size = sizeof(stack);
    makecontext(&there, swap_for_ever, 0);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

// Print the median, least and greatest time of one of `count`, over all rounds.
static void measure(const char *name, void (*run)(long), long count)
{
    double ns[ROUNDS];

    run(count / 10);
    for (int i = 0; i < ROUNDS; i++) {
        int64_t start = now_ns();
        run(count);
        ns[i] = (double)(now_ns() - start) / (double)count;
    }
    qsort(ns, ROUNDS, sizeof(*ns), compare);
    printf("%-40s %8.1f ns  (%.1f to %.1f)\n", name, ns[ROUNDS / 2], ns[0],
           ns[ROUNDS - 1]);
}

int main(void)
{
    partner = rt_coro_new(yield_for_ever, NULL);
    make_swap_partner();
    printf("%-40s %8s     (least to greatest of %d rounds)\n", "", "median",
           ROUNDS);
    measure("resume and yield", round_trips, 2000000);
    measure("the same with swapcontext", swaps, 100000);
    measure("new, resume to the end, drop", lives, 500000);
    rt_coro_drop(partner);
    return 0;
}
