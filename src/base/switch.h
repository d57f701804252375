// Changing stacks.
//
// A suspended stack is one pointer: the place on it where its registers were
// saved. Three implementations provide the two functions below: assembly for
// x86-64 and for AArch64, and ucontext for the rest. RT_CORO_UCONTEXT forces
// the last, which keeps it tested on machines that do not need it.
#pragma once

#ifndef RT_CORO_UCONTEXT
#if defined(__x86_64__) && defined(__LP64__)
#define RT_SWITCH_X86_64 1
#elif defined(__aarch64__) && defined(__LP64__)
#define RT_SWITCH_AARCH64 1
#else
#define RT_CORO_UCONTEXT 1
#endif
#endif

#ifndef __ASSEMBLER__

#include <stddef.h>

// Prepare an empty stack so that the first switch to it calls `entry(arg)`.
// When that returns, the stack is left for good for the one it returns (as
// `*from` below), where `then(arg)` is called before that one goes on.
//
//   memory   `bytes` at `stack`, both multiples of 16; the result points there
void *rt__switch_prepare(void *stack, size_t bytes, void *(*entry)(void *arg),
                         void (*then)(void *arg), void *arg);

// Leave the current stack, noting in `*from` where it stopped, and go on where
// `to` stopped. Returns when another switch goes to `*from`.
//
// Hidden, so that a shared library calls it without a detour.
__attribute__((visibility("hidden"))) void rt__switch(void **from, void *to);

#endif
