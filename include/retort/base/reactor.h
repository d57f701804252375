// The reactor: the one place where a thread waits for the world.
//
// It waits for descriptors and for time, takes messages from other threads, and
// lends threads for work that blocks. This header is the interface and what
// implementers promise; code that only wants to wait uses wait.h. A program has
// one current reactor: the one the server installed, or else one on poll(2)
// that is made when first asked for.
//
// Everything happens on one thread, the owner, except rt_reactor_post and the
// `run` of an rt_work. Callbacks are called from a turn and from nowhere else;
// so nobody is called back from inside the call that asked for it.
//
// The records below belong to the caller and are lent to the reactor. They may
// not lie in an arena or on a coroutine's stack, both of which can go away
// while the reactor still points at them.
#pragma once

#include <stdint.h>

#include <retort/base/attributes.h>
#include <retort/base/list.h>
#include <retort/base/status.h>

RT_C_BEGIN

typedef struct rt_reactor rt_reactor;
typedef struct rt_watch rt_watch;
typedef struct rt_post rt_post;
typedef struct rt_work rt_work;

// What to wait for on a descriptor; one or both. A peer that hung up and an
// error make both true: the next read or write tells which.
#define RT_WAIT_READ  1
#define RT_WAIT_WRITE 2

// Called once, in a turn. The watch is the caller's again before the call, so
// the function may start it anew or free it.
//
//   status   RT_OK         the descriptor is ready
//            RT_E_TIMEOUT  the time has passed first
//            RT_E_IO       the descriptor cannot be waited for
typedef void rt_watch_fn(rt_watch *watch, rt_status status);

// One wait for a descriptor, for time, or for whichever comes first. Zero it
// once, set the first group, start it.
struct rt_watch {
    int fd;             // -1: only time
    int events;         // RT_WAIT_READ, RT_WAIT_WRITE or both
    int64_t timeout_ms; // from the start on; negative: no limit
    rt_watch_fn *fn;

    // Set while a reactor holds the watch.
    rt_reactor *reactor;

    // For the reactor that holds it; nobody else looks.
    rt_link link;
    int64_t deadline_ns;
    uint64_t order;
    size_t fd_at;
    size_t heap_at;
    rt_status status;
    void *handle;
};

// A message to the reactor's thread. `fn` is called once, in a turn; from then
// on the record is the caller's again.
struct rt_post {
    void (*fn)(rt_post *post);
    rt_post *next; // the reactor's
};

// Work for another thread: `run` is called there, then `done` in a turn of the
// reactor. Work that was handed over cannot be called back.
struct rt_work {
    void (*run)(rt_work *work);
    void (*done)(rt_work *work);

    // For the reactor that has it.
    rt_post post;
    rt_work *next;
    rt_reactor *reactor;
    void *handle;
};

// What an implementation provides. The functions further down check their
// arguments and call these.
typedef struct rt_reactor_ops {
    // Hold `watch` until it is due or stopped. Its time is never cut short;
    // zero means the next turn. Several watches may wait for one descriptor,
    // and each that matches is called. What can always be read, such as a
    // regular file, is ready at once. A descriptor that cannot be waited for is
    // reported here or, as RT_E_IO, to the watch.
    rt_status (*start)(rt_reactor *self, rt_watch *watch);

    // Let go of a held watch. Afterwards nothing points at it, no callback
    // comes - not even if it was found ready in this very turn - and its
    // descriptor may be closed.
    void (*stop)(rt_reactor *self, rt_watch *watch);

    // From any thread: call `post->fn` in a turn, in the order of posting.
    void (*post)(rt_reactor *self, rt_post *post);

    // Run the work on some other thread, in no order.
    void (*offload)(rt_reactor *self, rt_work *work);

    // Call what is due; wait for something at most `timeout_ms`, without limit
    // when negative, not at all when zero. May return early with nothing done.
    // A watch that is started in a turn is not called in the same turn.
    // May be entered again from a callback, or else stop with rt_panic.
    void (*turn)(rt_reactor *self, int64_t timeout_ms);

    // Wait for the offloaded work and call its `done`. Then rt_reactor_deinit,
    // forget watches and messages, free everything. Forgetting a watch is
    // setting its `reactor` to NULL.
    void (*free)(rt_reactor *self);
} rt_reactor_ops;

// The head of every implementation's structure.
struct rt_reactor {
    const rt_reactor_ops *ops;

    // For wait.c and reactor.c.
    uintptr_t owner;      // the thread
    rt_link ready;        // who resumes in the next turn
    uint64_t ready_order; // of the newest of them
    rt_watch ready_timer; // makes that turn come at once
};

// For implementations: prepare the head. The calling thread is the owner.
void rt_reactor_init(rt_reactor *reactor, const rt_reactor_ops *ops);

// For implementations: end the head, while `stop` still works.
void rt_reactor_deinit(rt_reactor *reactor);

// For implementations: give a watch that is due back to its caller and call it.
// Nothing of the reactor may point at it any more.
void rt_watch_fire(rt_watch *watch, rt_status status);

// The reactor of this process, made on poll(2) when there is none.
rt_reactor *rt_reactor_current(void);

// Make `reactor` the current one; NULL goes back to the one on poll(2), made
// when first asked for. Nobody may be waiting on the one before, which stays
// the caller's to free unless rt_reactor_current made it.
void rt_reactor_install(rt_reactor *reactor);

// Forget the reactor that a fork has inherited, so that the child makes its
// own. Watches and coroutines that waited on it are never called; they may be
// dropped. One that was installed is only uninstalled.
void rt_reactor_reset(void);

// Make a reactor on poll(2). It suits commands, tests and a few hundred
// descriptors. NULL when the process has no descriptors left.
rt_reactor *rt_reactor_poll_new(void);

// Free a reactor, after waiting for its offloaded work; NULL is allowed. If it
// is the current one there is none afterwards.
void rt_reactor_free(rt_reactor *reactor);

// Start a watch that is not started.
//
//   errors   RT_E_IO   the descriptor cannot be waited for; not started
rt_status rt_watch_start(rt_reactor *reactor, rt_watch *watch);

// Stop a watch; one that is not started stays so. Stop it before its
// descriptor is closed.
void rt_watch_stop(rt_watch *watch);

// See rt_reactor_ops. rt_reactor_post is safe from any thread, the others are
// for the owner; rt_reactor_turn for the owner outside any coroutine.
void rt_reactor_post(rt_reactor *reactor, rt_post *post);
void rt_reactor_offload(rt_reactor *reactor, rt_work *work);
void rt_reactor_turn(rt_reactor *reactor, int64_t timeout_ms);

RT_C_END
