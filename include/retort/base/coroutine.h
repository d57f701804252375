// Coroutines: functions that stop in the middle and go on later.
//
// A coroutine has a stack of its own. rt_coro_resume runs it until it yields or
// returns, and then comes back to the caller; so resuming reads like a function
// call that may take several calls to finish. One coroutine may resume another.
//
//     main            a                 b
//      | resume(a) --> |
//      |               | resume(b) ---> |
//      |               | <------- yield |
//      | <------ yield |
//
// Code that waits (see wait.h) yields, and the reactor resumes it; few callers
// need rt_coro_yield itself.
//
// A coroutine that is never to go on is dropped where it stands: its waits are
// stopped and its stack is given back without unwinding. That is safe because
// what it allocated belongs to an arena and what it opened to a cleanup there.
//
// Coroutines stay on the thread that made them. The floating-point environment
// (rounding mode, exception masks) belongs to the thread, not to the coroutine.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <retort/base/attributes.h>

RT_C_BEGIN

typedef struct rt_coro rt_coro;

// What a coroutine runs. It ends when the function returns.
typedef void rt_coro_fn(void *arg);

// Called once, on the resumer's stack, when the coroutine's function has
// returned. It may drop the coroutine.
typedef void rt_coro_done_fn(rt_coro *co, void *arg);

// Make a coroutine that will run `fn(arg)`. It starts at the first resume.
//
//   memory   record and stack come from a pool; rt_coro_drop gives them back
rt_coro *rt_coro_new(rt_coro_fn *fn, void *arg);

// Run `co` until it yields, waits or ends. It may not be running already (which
// includes having resumed the caller), be done, or be waiting in wait.h.
void rt_coro_resume(rt_coro *co);

// Go back to whoever resumed the current coroutine.
void rt_coro_yield(void);

// The coroutine that is running on this thread, or NULL outside any. Safe in a
// signal handler.
rt_coro *rt_coro_current(void);

// True once the coroutine's function has returned.
bool rt_coro_is_done(const rt_coro *co);

// Give back a coroutine, whether it is done, suspended anywhere, or was never
// started; NULL is allowed. It may not be running. `co` is invalid afterwards.
//
// While a function given to rt_offload_run is at work for the coroutine, its
// stack stays until that function has ended; no other code of it runs.
void rt_coro_drop(rt_coro *co);

// Make the wait that `co` is in, or else the next one it begins, return
// RT_E_CANCELLED. One wait only: the code that cleans up can wait again. A
// coroutine that has been woken already gets that result first. rt_sleep returns
// no status: it is cut short, and the wait after it returns RT_E_CANCELLED.
void rt_coro_cancel(rt_coro *co);

// True from rt_coro_cancel until a wait has returned RT_E_CANCELLED.
bool rt_coro_is_cancelled(const rt_coro *co);

// Have `fn(co, arg)` called when the coroutine's function has returned. One
// function; NULL removes it. A dropped coroutine does not call it.
void rt_coro_on_done(rt_coro *co, rt_coro_done_fn *fn, void *arg);

// Keep one pointer with the coroutine; NULL at first.
void rt_coro_set_data(rt_coro *co, void *data);
void *rt_coro_data(const rt_coro *co);

// Say for whom a coroutine works, with a number; 0 at first. Coroutines that are
// made there begin with the same number, and what it offloads runs under it.
void rt_coro_set_tag(rt_coro *co, uint64_t tag);

// For whom this thread works: where one coroutine has resumed another, the number
// of the outermost; 0 where there is none. Safe in a signal handler.
uint64_t rt_coro_tag(void);

// Set the size of a stack. Stacks are virtual memory: only what is touched
// costs. Existing coroutines keep theirs.
//
//   unit     bytes, rounded up to pages; four times as much under
//            AddressSanitizer, whose frames are larger
//   limits   at least 32 KiB; 256 KiB by default
void rt_coro_set_stack_bytes(size_t bytes);

// True when `address` lies in the guard zone below the current coroutine's
// stack, which is 8 MiB wide (64 KiB where addresses have 32 bits): a fault
// there is a stack overflow. Safe in a signal handler.
bool rt_coro_is_overflow(const void *address);

// Return all pooled memory of idle coroutines to the system.
void rt_coro_trim(void);

RT_C_END
