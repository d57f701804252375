// Stacks and where they wait for their next use.
//
// A stack is a mapping of its own with an inaccessible zone below, so that
// running off its end faults. Mapping costs a few microseconds and the first
// touch of each page another; so idle stacks are kept:
//
//     in use --> warm, up to WARM_MAX: as they are, the next to be used
//            --> cold, up to COLD_MAX: their memory given back, mapping kept
//            --> unmapped
//
// The pool is shared by all threads under a lock that is next to never waited
// for.
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <retort/base/coroutine.h>
#include <retort/base/error.h>

#include "base/coroutine_impl.h"
#include "base/fiber.h"

#define KIB           ((size_t)1024)
#define STACK_MIN     (32 * KIB)
#define STACK_DEFAULT (256 * KIB)

// As wide as a thread's whole stack usually is: a function with an array of less
// than that cannot step over it into the stack of another request, however it
// was compiled. It costs addresses only.
#define GUARD_BYTES ((sizeof(void *) < 8 ? 64 : 8 * 1024) * KIB)

#define WARM_MAX 32
#define COLD_MAX 1024

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static size_t stack_bytes = RT_ASAN ? 4 * STACK_DEFAULT : STACK_DEFAULT;
static rt_coro *warm;
static rt_coro *cold;
static rt__coro_counts counts;

static char *map_stack(size_t bytes)
{
    // Inaccessible first: what can be written is counted by systems that do not
    // overcommit, and that must not include the guard.
    char *map =
        mmap(NULL, GUARD_BYTES + bytes, PROT_NONE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);

    if (map == MAP_FAILED ||
        mprotect(map + GUARD_BYTES, bytes, PROT_READ | PROT_WRITE) != 0)
        rt_panic("cannot map a stack of %zu bytes: %s", bytes, strerror(errno));
    return map + GUARD_BYTES;
}

static rt_coro *make(size_t bytes)
{
    rt_coro *co = malloc(sizeof(*co));
    if (!co)
        rt_panic("out of memory for a coroutine");

    co->stack = map_stack(bytes);
    co->stack_bytes = bytes;
    co->valgrind_id = rt__fiber_know_stack(co->stack, bytes);
    return co;
}

static void destroy(rt_coro *co)
{
    rt__fiber_forget_stack(co->valgrind_id);
    munmap(co->stack - GUARD_BYTES, GUARD_BYTES + co->stack_bytes);
    free(co);
}

static rt_coro *pop(rt_coro **list, size_t *count)
{
    rt_coro *co = *list;

    if (co) {
        *list = co->next;
        (*count)--;
    }
    return co;
}

static void push(rt_coro **list, size_t *count, rt_coro *co)
{
    co->next = *list;
    *list = co;
    (*count)++;
}

rt_coro *rt__coro_take(void)
{
    pthread_mutex_lock(&lock);
    size_t bytes = stack_bytes;
    rt_coro *co = pop(&warm, &counts.warm);
    if (!co)
        co = pop(&cold, &counts.cold);
    counts.used++;
    pthread_mutex_unlock(&lock);

    if (!co)
        co = make(bytes);
    size_t kept = offsetof(rt_coro, state);
    memset((char *)co + kept, 0, sizeof(*co) - kept);
    rt__fiber_stack_begin(co->stack, co->stack_bytes);
    return co;
}

void rt__coro_give(rt_coro *co)
{
    rt__fiber_stack_end(co->stack, co->stack_bytes);

    pthread_mutex_lock(&lock);
    counts.used--;
    if (co->stack_bytes != stack_bytes) {
        destroy(co);
    } else if (counts.warm < WARM_MAX) {
        push(&warm, &counts.warm, co);
    } else if (counts.cold < COLD_MAX) {
        madvise(co->stack, co->stack_bytes, MADV_DONTNEED);
        push(&cold, &counts.cold, co);
    } else {
        destroy(co);
    }
    pthread_mutex_unlock(&lock);
}

rt__coro_counts rt__coro_count(void)
{
    pthread_mutex_lock(&lock);
    rt__coro_counts now = counts;
    pthread_mutex_unlock(&lock);
    return now;
}

static void destroy_idle(void)
{
    rt_coro *co;

    while ((co = pop(&warm, &counts.warm)))
        destroy(co);
    while ((co = pop(&cold, &counts.cold)))
        destroy(co);
}

void rt_coro_trim(void)
{
    pthread_mutex_lock(&lock);
    destroy_idle();
    pthread_mutex_unlock(&lock);
}

void rt_coro_set_stack_bytes(size_t bytes)
{
    assert(bytes >= STACK_MIN && bytes <= SIZE_MAX / 8);

    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    if (RT_ASAN)
        bytes *= 4;
    bytes = (bytes + page - 1) / page * page;

    pthread_mutex_lock(&lock);
    if (bytes != stack_bytes)
        destroy_idle();
    stack_bytes = bytes;
    pthread_mutex_unlock(&lock);
}

bool rt_coro_is_overflow(const void *address)
{
    const rt_coro *co = rt_coro_current();
    uintptr_t at = (uintptr_t)address;

    return co && at < (uintptr_t)co->stack &&
           at >= (uintptr_t)co->stack - GUARD_BYTES;
}
