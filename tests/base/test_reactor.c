// The reactor on poll(2), and which reactor is the current one.
#include <sys/resource.h>
#include <sys/wait.h>

#include <retort/base/coroutine.h>

#include "reactor_cases.h"

static rt_reactor *make_reactor(void)
{
    rt_reactor *r = rt_reactor_poll_new();

    REQUIRE(r);
    return r;
}

static void turn_inside(rt_watch *watch, rt_status status)
{
    probe *outer = RT_CONTAINER(watch, probe, watch);
    probe *inner = outer->stop;

    outer->calls++;
    outer->status = status;
    turn_until(inner->watch.reactor, &inner->calls, 1);
}

// Both were found due in one turn; the one that is called second must come
// about in the turn that the first one makes.
RT_TEST(a_callback_may_turn_the_reactor)
{
    rt_reactor *r = make_reactor();
    probe a = {0};
    probe b = {0};

    CHECK_EQ(probe_start(r, &a, -1, 0, 0), RT_OK);
    CHECK_EQ(probe_start(r, &b, -1, 0, 0), RT_OK);
    a.stop = &b;
    a.watch.fn = turn_inside;
    rt_reactor_turn(r, -1);
    CHECK_EQ(a.calls, 1);
    CHECK_EQ(b.calls, 1);
    rt_reactor_free(r);
}

RT_TEST(the_current_reactor_is_made_when_asked_for)
{
    rt_reactor *first = rt_reactor_current();
    rt_reactor *mine = make_reactor();

    CHECK(first != NULL);
    CHECK_EQ(rt_reactor_current(), first);
    rt_reactor_install(mine);
    CHECK_EQ(rt_reactor_current(), mine);
    rt_reactor_free(mine);
    CHECK(rt_reactor_current() != NULL); // another one on poll
    rt_reactor_install(NULL);
    rt_reactor_install(NULL);
}

// A child inherits the memory of its parent's reactor but not the threads, and
// shares its pipe.
RT_TEST(a_child_makes_its_own_after_a_reset)
{
    rt_reactor *parent = rt_reactor_current();
    probe held = {0};
    job j = {.work = {.run = job_run, .done = job_ended}};
    int status = 0;

    rt_reactor_offload(parent, &j.work); // there are threads
    turn_until(parent, &j.ends, 1);
    CHECK_EQ(probe_start(parent, &held, -1, 0, 60000), RT_OK);

    pid_t pid = fork();
    if (pid == 0) {
        rt_reactor_reset();
        bool forgotten = held.watch.reactor == NULL;
        probe p = {0};
        rt_status started = probe_start(rt_reactor_current(), &p, -1, 0, 1);
        turn_until(rt_reactor_current(), &p.calls, 1);
        job k = {.work = {.run = job_run, .done = job_ended}};
        rt_reactor_offload(rt_reactor_current(), &k.work);
        turn_until(rt_reactor_current(), &k.ends, 1);
        rt_reactor_free(rt_reactor_current());
        _exit(forgotten && started == RT_OK && p.calls == 1 ? 0 : 1);
    }
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    CHECK_EQ(status, 0);
    CHECK_EQ(held.watch.reactor, parent);
    CHECK_EQ(rt_reactor_current(), parent);
    rt_reactor_free(parent);
}

RT_TEST(there_is_no_reactor_without_descriptors)
{
    struct rlimit before;
    int next = dup(0);

    CHECK_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
    close(next);
    struct rlimit none = {.rlim_cur = (rlim_t)next,
                          .rlim_max = before.rlim_max};
    CHECK_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
    CHECK_EQ(rt_reactor_poll_new(), NULL);
    CHECK_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
}

static void turn_in_a_coroutine(void *arg)
{
    rt_reactor_turn(arg, 0);
}

static void *stop_elsewhere(void *arg)
{
    rt_watch_stop(arg);
    return NULL;
}

static void stop_on_another_thread(rt_watch *watch)
{
    pthread_t thread;

    pthread_create(&thread, NULL, stop_elsewhere, watch);
    pthread_join(thread, NULL);
}

RT_TEST(wrong_use_of_a_reactor_is_an_assertion)
{
    rt_reactor *r = make_reactor();
    rt_coro *co = rt_coro_new(turn_in_a_coroutine, r);
    probe p = {0};

    CHECK_ABORTS(rt_coro_resume(co), "a coroutine turned the reactor");
    CHECK_ABORTS((void)probe_start(r, &p, -1, 0, -1), "never due");
    CHECK_EQ(probe_start(r, &p, -1, 0, 1000), RT_OK);
    CHECK_ABORTS((void)probe_start(r, &p, -1, 0, 1000), "rt_watch_start");
    CHECK_ABORTS(stop_on_another_thread(&p.watch), "is_owner");
    rt_watch_stop(&p.watch);
    rt_coro_drop(co);
    rt_reactor_free(r);
}
