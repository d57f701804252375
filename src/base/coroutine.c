#include "retort/base/coroutine.h"

#include <assert.h>

#include "base/coroutine_impl.h"
#include "base/fiber.h"
#include "base/switch.h"

// In static storage of the thread, so that reading it is one instruction and
// safe in signal handlers; coroutines do not change threads, so the compiler may
// keep its address across a switch.
static _Thread_local rt_coro *current
    __attribute__((tls_model("initial-exec")));
static _Thread_local uint64_t work_tag
    __attribute__((tls_model("initial-exec")));

// The first function on every stack. Returns where to go on when it is left.
static void *run(void *arg)
{
    rt_coro *co = arg;

    rt__fiber_enter(NULL, &co->resumer_stack, &co->resumer_stack_bytes);
    co->fn(co->arg);
    co->state = RT__CORO_DONE;
    current = co->resumer;
    rt__fiber_leave(NULL, co->resumer_stack, co->resumer_stack_bytes);
    return co->resumer_sp;
}

// Called when that has happened, on the resumer's stack, which is announced
// once more for rt_coro_resume to confirm.
static void ended(void *arg)
{
    rt_coro *co = arg;
    const void *stack = co->resumer_stack;
    size_t stack_bytes = co->resumer_stack_bytes;

    rt__fiber_enter(NULL, NULL, NULL);
    if (co->done)
        co->done(co, co->done_arg); // may drop it
    rt__fiber_leave(NULL, stack, stack_bytes);
}

rt_coro *rt_coro_new(rt_coro_fn *fn, void *arg)
{
    assert(fn);

    rt_coro *co = rt__coro_take();
    co->fn = fn;
    co->arg = arg;
    co->tag = rt_coro_tag();
    co->waiter.coro = co;
    co->sp = rt__switch_prepare(co->stack, co->stack_bytes, run, ended, co);
    return co;
}

// In both directions the switch comes last; see switch_x86_64.S. Afterwards
// the coroutine may be gone.

void rt_coro_resume(rt_coro *co)
{
    assert(co->state == RT__CORO_SUSPENDED);
    assert(co->waiter.state == RT__WAIT_NONE);

    void *fake_stack = NULL;
    co->state = RT__CORO_RUNNING;
    co->resumer = current;
    current = co;
    rt__fiber_leave(&fake_stack, co->stack, co->stack_bytes);
    rt__switch(&co->resumer_sp, co->sp);
    rt__fiber_enter(fake_stack, NULL, NULL);
}

void rt_coro_yield(void)
{
    rt_coro *co = current;
    assert(co);

    co->state = RT__CORO_SUSPENDED;
    current = co->resumer;
    rt__fiber_leave(&co->fake_stack, co->resumer_stack,
                    co->resumer_stack_bytes);
    rt__switch(&co->sp, co->resumer_sp);
    rt__fiber_enter(co->fake_stack, &co->resumer_stack,
                    &co->resumer_stack_bytes);
}

rt_coro *rt_coro_current(void)
{
    return current;
}

bool rt_coro_is_done(const rt_coro *co)
{
    return co->state == RT__CORO_DONE;
}

void rt__coro_release(rt_coro *co)
{
    // A coroutine that is done has freed its fake stack on its way out.
    if (co->state != RT__CORO_DONE)
        rt__fiber_abandon(co->fake_stack, co->stack, co->stack_bytes);
    rt__coro_give(co);
}

void rt_coro_drop(rt_coro *co)
{
    if (!co)
        return;
    assert(co->state == RT__CORO_SUSPENDED || co->state == RT__CORO_DONE);

    rt_link_remove(&co->member);
    if (rt__wait_abandon(co)) {
        rt__coro_release(co);
    } else {
        co->state = RT__CORO_DROPPED;
    }
}

bool rt_coro_is_cancelled(const rt_coro *co)
{
    return co->cancelled;
}

void rt_coro_on_done(rt_coro *co, rt_coro_done_fn *fn, void *arg)
{
    co->done = fn;
    co->done_arg = arg;
}

void rt_coro_set_data(rt_coro *co, void *data)
{
    co->data = data;
}

void *rt_coro_data(const rt_coro *co)
{
    return co->data;
}

void rt_coro_set_tag(rt_coro *co, uint64_t tag)
{
    co->tag = tag;
}

uint64_t rt_coro_tag(void)
{
    const rt_coro *co = current;

    if (!co)
        return work_tag;
    while (co->resumer)
        co = co->resumer;
    return co->tag;
}

void rt__coro_set_work_tag(uint64_t tag)
{
    work_tag = tag;
}
