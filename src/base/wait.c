#include "retort/base/wait.h"

#include <assert.h>
#include <poll.h>

#include "base/coroutine_impl.h"

// The wait is over and nothing points at the waiter any more.
static void finish(rt__waiter *w, rt_status status)
{
    w->state = RT__WAIT_NONE;
    w->status = status;
    w->queue = NULL;
    if (w->coro)
        rt_coro_resume(w->coro); // it may end, and `w` with it
}

static void watch_due(rt_watch *watch, rt_status status)
{
    rt__waiter *w = RT_CONTAINER(watch, rt__waiter, watch);
    assert(w->state == RT__WAIT_HELD);

    rt_link_remove(&w->link);
    finish(w, status);
}

// Those to resume in the next turn.

static void resume_ready(rt_watch *timer, rt_status status);

static void ask_for_turn(rt_reactor *reactor)
{
    rt_watch *timer = &reactor->ready_timer;

    if (timer->reactor)
        return;
    timer->fd = -1;
    timer->timeout_ms = 0;
    timer->fn = resume_ready;
    rt_status status = rt_watch_start(reactor, timer);
    assert(status == RT_OK); // a timer needs nothing that could fail
    (void)status;
}

// Resume whoever is in the list now; who joins it meanwhile waits for the next
// turn, or two that wake each other would keep out everybody else.
static void resume_ready(rt_watch *timer, rt_status status)
{
    rt_reactor *reactor = RT_CONTAINER(timer, rt_reactor, ready_timer);
    uint64_t newest = reactor->ready_order;
    (void)status;

    for (rt_link *link; (link = rt_links_first(&reactor->ready));) {
        rt__waiter *w = RT_CONTAINER(link, rt__waiter, link);

        // Also for the others of now, should this one enter a turn itself.
        ask_for_turn(reactor);
        if (w->order > newest)
            return;
        rt_link_remove(link);
        finish(w, w->status);
    }
    rt_watch_stop(timer);
}

// End a wait from outside. The waiter goes on in the next turn, because the
// caller is in the middle of something.
static void make_ready(rt__waiter *w, rt_status status)
{
    rt_watch_stop(&w->watch);
    rt_link_remove(&w->link);
    w->status = status;
    if (!w->coro) {
        w->state = RT__WAIT_NONE; // hold_outside looks at it
        return;
    }

    rt_reactor *reactor = rt_reactor_current();
    w->state = RT__WAIT_READY;
    w->order = ++reactor->ready_order;
    rt_links_push(&reactor->ready, &w->link);
    ask_for_turn(reactor);
}

// Waiting.

// Take note of a cancellation that came before the wait.
static bool was_cancelled(void)
{
    rt_coro *co = rt_coro_current();

    if (!co || !co->cancelled)
        return false;
    co->cancelled = false;
    return true;
}

static rt_status begin(rt__waiter *w, rt_reactor *reactor, rt_wait_queue *queue)
{
    if (w->watch.fd >= 0 || w->watch.timeout_ms >= 0) {
        w->watch.fn = watch_due;
        rt_status status = rt_watch_start(reactor, &w->watch);
        if (status)
            return status;
    }
    if (queue)
        rt_links_push(&queue->waiters, &w->link);
    w->state = RT__WAIT_HELD;
    return RT_OK;
}

// Outside any coroutine there is nobody to go back to: turn the reactor here.
static rt_status hold_outside(int fd, int events, int64_t timeout_ms,
                              rt_wait_queue *queue)
{
    rt_reactor *reactor = rt_reactor_current();
    rt__waiter w = {
        .watch = {.fd = fd, .events = events, .timeout_ms = timeout_ms}};

    rt_status status = begin(&w, reactor, queue);
    if (status)
        return status;
    while (w.state != RT__WAIT_NONE)
        rt_reactor_turn(reactor, -1);
    return w.status;
}

static rt_status hold(int fd, int events, int64_t timeout_ms,
                      rt_wait_queue *queue)
{
    rt_coro *co = rt_coro_current();
    if (!co)
        return hold_outside(fd, events, timeout_ms, queue);

    rt__waiter *w = &co->waiter;
    w->watch.fd = fd;
    w->watch.events = events;
    w->watch.timeout_ms = timeout_ms;
    rt_status status = begin(w, rt_reactor_current(), queue);
    if (status)
        return status;
    rt_coro_yield();
    assert(w->state == RT__WAIT_NONE);

    if (w->status == RT_E_CANCELLED)
        co->cancelled = false;
    return w->status;
}

static rt_status look_at_fd(int fd, int events)
{
    struct pollfd p = {.fd = fd};

    if (events & RT_WAIT_READ)
        p.events |= POLLIN;
    if (events & RT_WAIT_WRITE)
        p.events |= POLLOUT;
    if (poll(&p, 1, 0) <= 0)
        return RT_E_TIMEOUT;
    return p.revents & POLLNVAL ? RT_E_IO : RT_OK;
}

rt_status rt_wait_fd(int fd, int events, int64_t timeout_ms)
{
    assert(events && !(events & ~(RT_WAIT_READ | RT_WAIT_WRITE)));

    if (was_cancelled())
        return RT_E_CANCELLED;
    if (fd < 0)
        return RT_E_IO;
    if (timeout_ms == 0)
        return look_at_fd(fd, events);
    return hold(fd, events, timeout_ms, NULL);
}

void rt_sleep(int64_t ms)
{
    rt_coro *co = rt_coro_current();

    // Also a cancelled one lets others run, or a loop that only sleeps would
    // keep the reactor from ever turning again.
    if (ms < 0 || (co && co->cancelled))
        ms = 0;
    rt_status status = hold(-1, 0, ms, NULL);
    assert(status == RT_E_TIMEOUT || status == RT_E_CANCELLED);
    if (status == RT_E_CANCELLED) {
        assert(co);
        co->cancelled = true; // for a wait that can say so
    }
}

rt_status rt_wait_on(rt_wait_queue *queue, int64_t timeout_ms)
{
    if (was_cancelled())
        return RT_E_CANCELLED;
    if (timeout_ms == 0)
        return RT_E_TIMEOUT;
    return hold(-1, 0, timeout_ms, queue);
}

bool rt_wake(rt_wait_queue *queue)
{
    rt_link *link = rt_links_first(&queue->waiters);
    if (!link)
        return false;

    rt__waiter *w = RT_CONTAINER(link, rt__waiter, link);
    make_ready(w, RT_OK);
    w->queue = queue;
    return true;
}

void rt_wake_all(rt_wait_queue *queue)
{
    for (rt_link *link; (link = rt_links_first(&queue->waiters));)
        make_ready(RT_CONTAINER(link, rt__waiter, link), RT_OK);
}

bool rt_wait_queue_is_empty(const rt_wait_queue *queue)
{
    return rt_links_is_empty(&queue->waiters);
}

void rt_coro_schedule(rt_coro *co)
{
    assert(!rt_coro_is_done(co) && co != rt_coro_current());
    assert(co->waiter.state == RT__WAIT_NONE);

    make_ready(&co->waiter, RT_OK);
}

void rt_coro_cancel(rt_coro *co)
{
    co->cancelled = true;
    if (co->waiter.state == RT__WAIT_HELD)
        make_ready(&co->waiter, RT_E_CANCELLED);
}

// Offloading.

static void work_run(rt_work *work)
{
    rt__waiter *w = RT_CONTAINER(work, rt__waiter, work);
    rt__coro_set_work_tag(w->coro ? w->coro->tag : 0);
    w->fn(w->arg);
    rt__coro_set_work_tag(0);
}

static void work_done(rt_work *work)
{
    rt__waiter *w = RT_CONTAINER(work, rt__waiter, work);
    assert(w->state == RT__WAIT_WORK);

    if (w->coro && w->coro->state == RT__CORO_DROPPED) {
        rt__coro_release(w->coro);
    } else {
        finish(w, RT_OK);
    }
}

static void begin_work(rt__waiter *w, void (*fn)(void *arg), void *arg)
{
    w->fn = fn;
    w->arg = arg;
    w->work.run = work_run;
    w->work.done = work_done;
    w->state = RT__WAIT_WORK;
    rt_reactor_offload(rt_reactor_current(), &w->work);
}

static void offload_outside(void (*fn)(void *arg), void *arg)
{
    rt__waiter w = {0};

    begin_work(&w, fn, arg);
    while (w.state != RT__WAIT_NONE)
        rt_reactor_turn(w.work.reactor, -1);
}

rt_status rt_offload_run(void (*fn)(void *arg), void *arg)
{
    if (was_cancelled())
        return RT_E_CANCELLED;

    rt_coro *co = rt_coro_current();
    if (co) {
        begin_work(&co->waiter, fn, arg);
        rt_coro_yield();
    } else {
        offload_outside(fn, arg);
    }
    return RT_OK;
}

bool rt__wait_abandon(rt_coro *co)
{
    rt__waiter *w = &co->waiter;

    if (w->state == RT__WAIT_WORK)
        return false;
    rt_watch_stop(&w->watch);
    rt_link_remove(&w->link);
    // It was picked for something and cannot take it any more.
    if (w->state == RT__WAIT_READY && w->queue)
        rt_wake(w->queue);
    return true;
}
