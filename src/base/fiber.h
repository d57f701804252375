// What the checking tools must be told about stacks of our own.
//
// AddressSanitizer keeps the bounds of the current stack, and with
// detect_stack_use_after_return a "fake" stack for locals, per thread: a switch
// is announced before and confirmed after. LeakSanitizer must search our stacks
// for pointers. Valgrind guesses from large jumps of the stack pointer unless
// it knows the stacks. Without the tools everything here is empty.
#pragma once

#include <stddef.h>

#if defined(__SANITIZE_ADDRESS__)
#define RT_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RT_ASAN 1
#endif
#endif
#ifndef RT_ASAN
#define RT_ASAN 0
#endif

#if RT_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#include <sanitizer/lsan_interface.h>
#endif

#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#endif

// Announce a switch to the stack at `stack`. The current fake stack is put in
// `*save`; where that is NULL it is freed, because nobody comes back to it.
static inline void rt__fiber_leave(void **save, const void *stack, size_t bytes)
{
#if RT_ASAN
    __sanitizer_start_switch_fiber(save, stack, bytes);
#else
    (void)save;
    (void)stack;
    (void)bytes;
#endif
}

// Confirm a switch, on the new stack: take up the fake stack that was saved
// when it was left (NULL at first), and note the bounds of the one just left.
static inline void rt__fiber_enter(void *saved, const void **from_stack,
                                   size_t *from_bytes)
{
#if RT_ASAN
    __sanitizer_finish_switch_fiber(saved, from_stack, from_bytes);
#else
    (void)saved;
    (void)from_stack;
    (void)from_bytes;
#endif
}

// Free the fake stack of a fiber that is never entered again. Only the fiber
// itself can do that; so claim to be there, and to leave it for good.
static inline void rt__fiber_abandon(void *fake, const void *stack,
                                     size_t bytes)
{
#if RT_ASAN
    void *own_fake = NULL;
    const void *own_stack = NULL;
    size_t own_bytes = 0;

    if (!fake)
        return;
    __sanitizer_start_switch_fiber(&own_fake, stack, bytes);
    __sanitizer_finish_switch_fiber(fake, &own_stack, &own_bytes);
    __sanitizer_start_switch_fiber(NULL, own_stack, own_bytes);
    __sanitizer_finish_switch_fiber(own_fake, NULL, NULL);
#else
    (void)fake;
    (void)stack;
    (void)bytes;
#endif
}

// A stack goes into use: frames abandoned on it have left red zones behind.
static inline void rt__fiber_stack_begin(void *stack, size_t bytes)
{
#if RT_ASAN
    __asan_unpoison_memory_region(stack, bytes);
    __lsan_register_root_region(stack, bytes);
#else
    (void)stack;
    (void)bytes;
#endif
}

// A stack goes out of use: what only it points to is a leak from now on.
static inline void rt__fiber_stack_end(void *stack, size_t bytes)
{
#if RT_ASAN
    __lsan_unregister_root_region(stack, bytes);
    __asan_unpoison_memory_region(stack, bytes);
#else
    (void)stack;
    (void)bytes;
#endif
}

// Memory becomes a stack. The result goes to rt__fiber_forget_stack.
static inline unsigned rt__fiber_know_stack(void *stack, size_t bytes)
{
#ifdef VALGRIND_STACK_REGISTER
    return (unsigned)VALGRIND_STACK_REGISTER(stack, (char *)stack + bytes);
#else
    (void)stack;
    (void)bytes;
    return 0;
#endif
}

static inline void rt__fiber_forget_stack(unsigned id)
{
#ifdef VALGRIND_STACK_DEREGISTER
    VALGRIND_STACK_DEREGISTER(id);
#else
    (void)id;
#endif
}
