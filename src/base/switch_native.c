// The first frame of a new stack, as the assembly in switch_<machine>.S expects
// to find it.
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/switch.h"

#ifdef RT_SWITCH_X86_64

// What rt__switch pops, in order, and above it where a caller would be.
typedef struct saved_frame {
    void *r15;
    void (*then)(void *);   // r14
    void *arg;              // r13
    void *(*entry)(void *); // r12
    void *rbx;
    void *rbp;
    void (*resume_at)(void); // rip
    void *end[2];            // no caller; keeps the stack aligned to 16
} saved_frame;

_Static_assert(sizeof(saved_frame) == 72, "switch_x86_64.S pops 56 bytes");

#elif defined(RT_SWITCH_AARCH64)

typedef struct saved_frame {
    void *(*entry)(void *); // x19
    void *arg;              // x20
    void (*then)(void *);   // x21
    void *x22_to_x28[7];
    void *frame;             // x29
    void (*resume_at)(void); // x30
    uint64_t d8_to_d15[8];
} saved_frame;

_Static_assert(sizeof(saved_frame) == 160, "switch_aarch64.S loads 160 bytes");

#endif

#ifndef RT_CORO_UCONTEXT

void rt__switch_start(void); // never called, only returned to

void *rt__switch_prepare(void *stack, size_t bytes, void *(*entry)(void *arg),
                         void (*then)(void *arg), void *arg)
{
    assert((uintptr_t)stack % 16 == 0 && bytes % 16 == 0);
    assert(bytes >= sizeof(saved_frame));

    saved_frame *frame =
        (saved_frame *)(void *)((char *)stack + bytes - sizeof(saved_frame));
    memset(frame, 0, sizeof(*frame));
    frame->entry = entry;
    frame->then = then;
    frame->arg = arg;
    frame->resume_at = rt__switch_start;
    return frame;
}

#else

typedef int rt__switch_native_is_empty; // ISO C wants a declaration

#endif
