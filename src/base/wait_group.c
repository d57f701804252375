#include <retort/base/wait.h>

#include "base/coroutine_impl.h"

static void member_done(rt_coro *co, void *arg)
{
    rt_group *group = arg;

    rt_coro_drop(co); // which takes it out of the group
    if (rt_group_is_empty(group))
        rt_wake_all(&group->waiters);
}

void rt_group_spawn(rt_group *group, rt_coro_fn *fn, void *arg)
{
    rt_coro *co = rt_coro_new(fn, arg);

    rt_links_push(&group->members, &co->member);
    rt_coro_on_done(co, member_done, group);
    rt_coro_schedule(co);
}

bool rt_group_has_current(const rt_group *group)
{
    const rt_coro *current = rt_coro_current();
    rt_link *link = group->members.next;
    for (; current && link && link != &group->members; link = link->next)
        if (RT_CONTAINER(link, rt_coro, member) == current)
            return true;
    return false;
}

rt_status rt_group_wait(rt_group *group)
{
    while (!rt_group_is_empty(group)) {
        rt_status status = rt_wait_on(&group->waiters, -1);
        if (status)
            return status;
    }
    return RT_OK;
}

void rt_group_cancel(rt_group *group)
{
    if (rt_group_is_empty(group))
        return;
    for (rt_link *link = group->members.next; link != &group->members;
         link = link->next)
        rt_coro_cancel(RT_CONTAINER(link, rt_coro, member));
}

void rt_group_drop(rt_group *group)
{
    for (rt_link *link; (link = rt_links_take(&group->members));)
        rt_coro_drop(RT_CONTAINER(link, rt_coro, member));
    rt_wake_all(&group->waiters);
}
