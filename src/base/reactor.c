#include "retort/base/reactor.h"

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include <retort/base/coroutine.h>
#include <retort/base/error.h>

#include "base/reactor_impl.h"

static rt_reactor *current;
static bool current_is_ours; // made here, so freed here

void rt_reactor_init(rt_reactor *reactor, const rt_reactor_ops *ops)
{
    memset(reactor, 0, sizeof(*reactor));
    reactor->ops = ops;
    reactor->owner = (uintptr_t)pthread_self();
}

static bool is_owner(const rt_reactor *reactor)
{
    return reactor->owner == (uintptr_t)pthread_self();
}

rt_reactor *rt_reactor_current(void)
{
    if (!current) {
        current = rt_reactor_poll_new();
        if (!current)
            rt_panic("no descriptors left for a reactor");
        current_is_ours = true;
    }
    return current;
}

void rt_reactor_install(rt_reactor *reactor)
{
    if (reactor == current)
        return;
    if (current_is_ours)
        rt_reactor_free(current);
    current = reactor;
    current_is_ours = false;
}

void rt_reactor_deinit(rt_reactor *reactor)
{
    while (rt_links_take(&reactor->ready)) {
        // Who was to resume in the next turn stays where it is.
    }
    rt_watch_stop(&reactor->ready_timer);
    if (reactor == current) {
        current = NULL;
        current_is_ours = false;
    }
}

void rt_reactor_free(rt_reactor *reactor)
{
    if (!reactor)
        return;
    assert(is_owner(reactor));
    reactor->ops->free(reactor);
}

void rt_reactor_reset(void)
{
    if (current_is_ours)
        rt__reactor_poll_forget(current);
    current = NULL;
    current_is_ours = false;
}

rt_status rt_watch_start(rt_reactor *reactor, rt_watch *watch)
{
    assert(is_owner(reactor));
    assert(!watch->reactor);
    assert(watch->fn);
    assert(watch->fd < 0 || watch->events != 0);
    assert((watch->fd >= 0 || watch->timeout_ms >= 0) && "never due");

    watch->reactor = reactor;
    rt_status status = reactor->ops->start(reactor, watch);
    if (status)
        watch->reactor = NULL;
    return status;
}

void rt_watch_stop(rt_watch *watch)
{
    rt_reactor *reactor = watch->reactor;

    if (!reactor)
        return;
    assert(is_owner(reactor));
    reactor->ops->stop(reactor, watch);
    watch->reactor = NULL;
}

void rt_watch_fire(rt_watch *watch, rt_status status)
{
    watch->reactor = NULL;
    watch->fn(watch, status); // may free the watch
}

void rt_reactor_post(rt_reactor *reactor, rt_post *post)
{
    assert(post->fn);
    reactor->ops->post(reactor, post);
}

void rt_reactor_offload(rt_reactor *reactor, rt_work *work)
{
    assert(is_owner(reactor));
    assert(work->run && work->done);

    work->reactor = reactor;
    reactor->ops->offload(reactor, work);
}

void rt_reactor_turn(rt_reactor *reactor, int64_t timeout_ms)
{
    assert(is_owner(reactor));
    if (rt_coro_current())
        rt_panic("a coroutine turned the reactor");

    reactor->ops->turn(reactor, timeout_ms);
}
