// Waiting, in code that looks as if it blocked.
//
// In a coroutine each of these stops the coroutine and lets the reactor run
// others until the wait is over. Outside any coroutine - in commands, in tests -
// they turn the reactor themselves until it is, so the same code works there.
//
// A wait ends with the first of: what it waited for, its time, cancellation by
// rt_coro_cancel. It is over before the coroutine goes on, and stopped when the
// coroutine is dropped. Woken coroutines resume in the next turn, in the order
// in which they were woken; rt_wake itself runs nobody.
//
// Every timeout is in milliseconds; negative means without limit, except where
// time itself is waited for.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <retort/base/attributes.h>
#include <retort/base/coroutine.h>
#include <retort/base/list.h>
#include <retort/base/reactor.h>
#include <retort/base/status.h>

RT_C_BEGIN

// Wait until `fd` can be read or written (RT_WAIT_READ, RT_WAIT_WRITE or both,
// whichever comes first). Zero as a timeout asks without waiting.
//
//   errors   RT_E_TIMEOUT     the time has passed
//            RT_E_CANCELLED   by rt_coro_cancel
//            RT_E_IO          not a descriptor that can be waited for
rt_status rt_wait_fd(int fd, int events, int64_t timeout_ms);

// Wait for at least `ms`. Zero or less, as when a deadline has passed, lets
// everything else that is due run first.
//
// There is no status because hardly anybody has another way to go on. A
// cancelled coroutine sleeps no longer than it takes to let others run, and
// stays cancelled: rt_coro_is_cancelled tells, and the next wait that has a
// status returns RT_E_CANCELLED.
void rt_sleep(int64_t ms);

// Those who wait for something to happen, first come first served. Zero it.
//
//   memory   stays valid, at its place, until each rt_wait_on on it has
//            returned or its coroutine was dropped
typedef struct rt_wait_queue {
    rt_link waiters;
} rt_wait_queue;

// Wait until rt_wake picks the caller. What was waited for may be gone again
// when the caller runs, so test it in a loop:
//
//     while (!pool->idle)
//         if ((status = rt_wait_on(&pool->queue, timeout_ms)))
//             return status;
//
//   errors   RT_E_TIMEOUT, RT_E_CANCELLED
rt_status rt_wait_on(rt_wait_queue *queue, int64_t timeout_ms);

// Wake who has waited longest. If that coroutine is dropped before it runs, the
// next one is woken in its place. False when nobody waits.
bool rt_wake(rt_wait_queue *queue);

// Wake everyone who waits now.
void rt_wake_all(rt_wait_queue *queue);

// True when nobody waits.
bool rt_wait_queue_is_empty(const rt_wait_queue *queue);

// Have the reactor resume a coroutine that is new or has yielded, in its next
// turn. Until then it counts as waiting; cancelling it has no effect on that.
void rt_coro_schedule(rt_coro *co);

// Run `fn(arg)` on another thread and wait for it to end. The function may use
// neither what belongs to the reactor's thread nor any wait. It always runs to
// its end: cancelling acts on the next wait, and a coroutine dropped meanwhile
// keeps its stack until then, so `arg` may lie on it.
//
//   errors   RT_E_CANCELLED   before the start; the function was not run
rt_status rt_offload_run(void (*fn)(void *arg), void *arg);

// Coroutines that belong together, so that they can be awaited and ended as
// one. Zero it.
//
//   memory   stays valid, at its place, while it has members; not on the stack
//            of a coroutine that may be dropped
typedef struct rt_group {
    rt_link members;
    rt_wait_queue waiters;
} rt_group;

// Run `fn(arg)` in a coroutine of the group, from the next turn on. It leaves
// the group when the function returns.
void rt_group_spawn(rt_group *group, rt_coro_fn *fn, void *arg);

// True when the caller is a member, which must not wait for the others: it is one
// of those it would wait for.
bool rt_group_has_current(const rt_group *group);

// Wait until the group has no members.
//
//   errors   RT_E_CANCELLED   the caller's wait; the members go on
rt_status rt_group_wait(rt_group *group);

// Call rt_coro_cancel for each member.
void rt_group_cancel(rt_group *group);

// Drop all members where they stand. Not from one of them. The group is empty
// afterwards and may be used again.
void rt_group_drop(rt_group *group);

static inline bool rt_group_is_empty(const rt_group *group)
{
    return rt_links_is_empty(&group->members);
}

RT_C_END
