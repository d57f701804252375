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

typedef struct start {
    ucontext_t context;
    void (*entry)(void *arg);
    void *arg;
} start;

// makecontext passes only ints, so the pointer travels in two halves.
static void enter(unsigned high, unsigned low)
{
    uintptr_t address = (uintptr_t)(((uint64_t)high << 32) | low);
    start *s = (start *)address;

    s->entry(s->arg);
    abort(); // the entry function does not return
}

void *rt__switch_prepare(void *stack, size_t bytes, void (*entry)(void *arg),
                         void *arg)
{
    size_t start_bytes = (sizeof(start) + 63) / 64 * 64;
    assert(bytes > start_bytes);

    start *s = (start *)(void *)((char *)stack + bytes - start_bytes);
    memset(s, 0, sizeof(*s));
    s->entry = entry;
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
    ucontext_t here;

    memset(&here.uc_stack, 0, sizeof(here.uc_stack));
    here.uc_link = NULL;
    *from = &here;
    swapcontext(&here, to);
}

#else

typedef int rt__switch_ucontext_is_empty; // ISO C wants a declaration

#endif
