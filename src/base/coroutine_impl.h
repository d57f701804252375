// A coroutine's record, shared by what runs it (coroutine.c), what keeps stacks
// (coroutine_pool.c) and what makes it wait (wait.c, group.c).
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <retort/base/coroutine.h>
#include <retort/base/list.h>
#include <retort/base/reactor.h>
#include <retort/base/wait.h>

// Where a waiter is.
//
//     NONE --> HELD --> NONE      by its watch, which resumes it at once
//                \----> READY --> NONE      by rt_wake and rt_coro_cancel
//     NONE --> READY --> NONE     by rt_coro_schedule
//     NONE --> WORK --> NONE      by the end of the offloaded function
typedef enum rt__wait_state {
    RT__WAIT_NONE,  // not waiting
    RT__WAIT_HELD,  // by a watch, by a queue, or by both
    RT__WAIT_READY, // in the reactor's list of those to resume
    RT__WAIT_WORK,  // until an offloaded function ends
} rt__wait_state;

// One wait. A coroutine waits for one thing at a time, so the record is part
// of the coroutine's: pooled memory, neither on the stack nor in an arena.
typedef struct rt__waiter {
    rt_coro *coro; // NULL: outside any, where a loop looks at `state`
    rt__wait_state state;
    rt_status status; // the result
    rt_watch watch;
    rt_link link;         // in the queue's list or in the reactor's
    rt_wait_queue *queue; // who gets the wake-up if this one cannot use it
    uint64_t order;       // in the reactor's list
    rt_work work;
    void (*fn)(void *arg); // what is offloaded
    void *arg;
} rt__waiter;

typedef enum rt__coro_state {
    RT__CORO_SUSPENDED, // new or yielded
    RT__CORO_RUNNING,   // or has resumed another that is
    RT__CORO_DONE,
    RT__CORO_DROPPED, // kept until its offloaded function ends
} rt__coro_state;

struct rt_coro {
    // These two stay while the record is in the pool.
    char *stack; // the lowest usable byte; the guard zone lies below
    size_t stack_bytes;
    unsigned valgrind_id;

    // From here on all is zeroed for each use.
    rt__coro_state state;
    bool cancelled;
    void *sp;         // where it stopped; valid while suspended
    void *resumer_sp; // where its resumer stopped; valid while running
    rt_coro *resumer; // NULL: the thread's own stack
    rt_coro_fn *fn;
    void *arg;
    rt_coro_done_fn *done;
    void *done_arg;
    void *data;
    uint64_t tag;
    rt_link member; // of an rt_group
    rt__waiter waiter;

    // For AddressSanitizer; see fiber.h.
    void *fake_stack;
    const void *resumer_stack;
    size_t resumer_stack_bytes;

    rt_coro *next; // in the pool
};

// Take a zeroed record with an unused stack, from the pool or the system.
rt_coro *rt__coro_take(void);

// Give a record back whose code never runs again.
void rt__coro_give(rt_coro *co);

// Run what has been offloaded by a coroutine with that tag; 0 afterwards.
void rt__coro_set_work_tag(uint64_t tag);

// How many idle records the pool has with and without touched stacks, and how
// many are in use.
typedef struct rt__coro_counts {
    size_t warm;
    size_t cold;
    size_t used;
} rt__coro_counts;

rt__coro_counts rt__coro_count(void);

// End the wait of a coroutine that is being dropped. False when that is not
// possible yet: then wait.c calls rt__coro_release later.
bool rt__wait_abandon(rt_coro *co);

// Drop a coroutine that no longer waits.
void rt__coro_release(rt_coro *co);
