// The switch for machines without one of their own, by ucontext. See switch.h.
//
// swapcontext also saves the signal mask, for which it asks the kernel twice;
// that makes it fifty times slower than the assembly.
#include "base/switch.h"

#ifdef RT_CORO_UCONTEXT

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

// At the top of each stack.
typedef struct start {
    ucontext_t context;
    void *(*entry)(void *arg);
    void (*then)(void *arg);
    void *arg;
} start;

// On a stack that waits for its return. The context comes first, because the
// first switch to a stack goes to a `start` instead.
typedef struct stop {
    ucontext_t context;
    void (*then)(void *arg); // what to call on return, or NULL
    void *arg;
} stop;

// makecontext passes only ints, so the pointer travels in two halves.
static void enter(unsigned high, unsigned low)
{
    uintptr_t address = (uintptr_t)(((uint64_t)high << 32) | low);
    start *s = (start *)address;

    stop *to = s->entry(s->arg);
    to->then = s->then;
    to->arg = s->arg;
    setcontext(&to->context);
    abort(); // it does not return
}

void *rt__switch_prepare(void *stack, size_t bytes, void *(*entry)(void *arg),
                         void (*then)(void *arg), void *arg)
{
    size_t start_bytes = (sizeof(start) + 63) / 64 * 64;
    assert(bytes > start_bytes);

    start *s = (start *)(void *)((char *)stack + bytes - start_bytes);
    memset(s, 0, sizeof(*s));
    s->entry = entry;
    s->then = then;
    s->arg = arg;
    getcontext(&s->context);
    s->context.uc_stack.ss_sp = stack;
    s->context.uc_stack.ss_size = bytes - start_bytes;

    uint64_t address = (uintptr_t)s;
    makecontext(&s->context, (void (*)(void))enter, 2,
                (unsigned)(address >> 32), (unsigned)(address & 0xffffffffu));
    return &s->context;
}

void rt__switch(void **from, void *to)
{
    stop here;

    memset(&here.context.uc_stack, 0, sizeof(here.context.uc_stack));
    here.context.uc_link = NULL;
    here.then = NULL;
    *from = &here;
    swapcontext(&here.context, to);
    if (here.then)
        here.then(here.arg);
}

#else

typedef int rt__switch_ucontext_is_empty; // ISO C wants a declaration

#endif
