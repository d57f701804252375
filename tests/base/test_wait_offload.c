// Functions that run on another thread while a coroutine waits for them.
#include <pthread.h>
#include <string.h>
#include <time.h>

#include <retort/base/wait.h>
#include <retort/test.h>

#include "base/coroutine_impl.h"

// A function that ends when the test lets it.
typedef struct task {
    pthread_mutex_t gate;
    pthread_t thread;
    int runs;
} task;

static void run_task(void *arg)
{
    task *t = arg;

    pthread_mutex_lock(&t->gate);
    t->thread = pthread_self();
    t->runs++;
    pthread_mutex_unlock(&t->gate);
}

static void turn_idly(void)
{
    for (int i = 0; i < 3; i++)
        rt_reactor_turn(rt_reactor_current(), 0);
}

static void finish(void)
{
    CHECK_EQ(rt__coro_count().used, 0);
    rt_reactor_free(rt_reactor_current());
}

typedef struct worker {
    task *task;
    rt_status status;
    rt_status next_status;
    bool came_back;
} worker;

static void offload(void *arg)
{
    worker *w = arg;

    w->status = rt_offload_run(run_task, w->task);
    w->came_back = true;
    rt_sleep(0);
    w->next_status =
        rt_coro_is_cancelled(rt_coro_current()) ? RT_E_CANCELLED : RT_OK;
}

static task closed_task(void)
{
    return (task){.gate = PTHREAD_MUTEX_INITIALIZER};
}

RT_TEST(a_coroutine_waits_while_its_function_runs_elsewhere)
{
    task t = closed_task();
    worker w = {.task = &t};
    rt_coro *co = rt_coro_new(offload, &w);

    pthread_mutex_lock(&t.gate);
    rt_coro_resume(co);
    turn_idly();
    CHECK(!w.came_back); // and this thread goes on
    rt_sleep(1);
    CHECK(!w.came_back);
    pthread_mutex_unlock(&t.gate);
    while (!rt_coro_is_done(co))
        rt_reactor_turn(rt_reactor_current(), -1);
    CHECK_EQ(w.status, RT_OK);
    CHECK_EQ(t.runs, 1);
    CHECK(!pthread_equal(t.thread, pthread_self()));
    rt_coro_drop(co);
    finish();
}

static void note_tag(void *arg)
{
    *(uint64_t *)arg = rt_coro_tag();
}

static void offload_note(void *arg)
{
    CHECK_EQ(rt_offload_run(note_tag, arg), RT_OK);
}

RT_TEST(an_offloaded_function_has_the_tag_of_its_coroutine)
{
    uint64_t tag = 0;
    rt_coro *co = rt_coro_new(offload_note, &tag);
    rt_coro_set_tag(co, 42);
    rt_coro_resume(co);
    while (!rt_coro_is_done(co))
        rt_reactor_turn(rt_reactor_current(), -1);
    CHECK_EQ(tag, 42u);
    rt_coro_drop(co);

    CHECK_EQ(rt_offload_run(note_tag, &tag), RT_OK);
    CHECK_EQ(tag, 0u);
    finish();
}

RT_TEST(offloading_works_outside_any_coroutine)
{
    task t = closed_task();

    CHECK_EQ(rt_offload_run(run_task, &t), RT_OK);
    CHECK_EQ(t.runs, 1);
    CHECK(!pthread_equal(t.thread, pthread_self()));
    finish();
}

RT_TEST(cancelling_acts_on_the_wait_after_the_function)
{
    task t = closed_task();
    worker w = {.task = &t};
    rt_coro *co = rt_coro_new(offload, &w);

    pthread_mutex_lock(&t.gate);
    rt_coro_resume(co);
    rt_coro_cancel(co);
    turn_idly();
    CHECK(!w.came_back);
    pthread_mutex_unlock(&t.gate);
    while (!rt_coro_is_done(co))
        rt_reactor_turn(rt_reactor_current(), -1);
    CHECK_EQ(w.status, RT_OK);
    CHECK_EQ(w.next_status, RT_E_CANCELLED);
    CHECK_EQ(t.runs, 1);
    rt_coro_drop(co);
    finish();
}

RT_TEST(a_coroutine_that_is_cancelled_already_does_not_start)
{
    task t = closed_task();
    worker w = {.task = &t};
    rt_coro *co = rt_coro_new(offload, &w);

    rt_coro_cancel(co);
    rt_coro_resume(co);
    CHECK_EQ(w.status, RT_E_CANCELLED);
    while (!rt_coro_is_done(co))
        rt_reactor_turn(rt_reactor_current(), -1);
    CHECK_EQ(w.next_status, RT_OK);
    CHECK_EQ(t.runs, 0);
    rt_coro_drop(co);
    finish();
}

// The argument lies on the stack of the coroutine that is dropped.
typedef struct on_stack {
    task *task;
    char before[2000];
    char after[2000];
} on_stack;

static void copy_on_stack(void *arg)
{
    on_stack *s = arg;

    run_task(s->task);
    memcpy(s->after, s->before, sizeof(s->after));
}

static void offload_from_stack(void *arg)
{
    worker *w = arg;
    on_stack s = {.task = w->task};

    memset(s.before, 7, sizeof(s.before));
    w->status = rt_offload_run(copy_on_stack, &s);
    w->came_back = true;
}

static void scribble(void *arg)
{
    volatile char all[8000];

    (void)arg;
    for (size_t i = 0; i < sizeof(all); i++)
        all[i] = (char)i;
}

RT_TEST(a_dropped_coroutine_keeps_its_stack_until_the_function_has_ended)
{
    task t = closed_task();
    worker w = {.task = &t};
    rt_coro *co = rt_coro_new(offload_from_stack, &w);

    pthread_mutex_lock(&t.gate);
    rt_coro_resume(co);
    rt_coro_drop(co);
    CHECK_EQ(rt__coro_count().used, 1);

    co = rt_coro_new(scribble, NULL);
    rt_coro_resume(co);
    rt_coro_drop(co);
    pthread_mutex_unlock(&t.gate);
    while (rt__coro_count().used > 0)
        rt_reactor_turn(rt_reactor_current(), -1);
    CHECK_EQ(t.runs, 1);
    CHECK(!w.came_back);
    turn_idly();
    finish();
}

#define MEMBERS 10

RT_TEST(a_dropped_group_waits_for_its_functions_only_in_the_background)
{
    rt_group group = {{0}, {{0}}};
    task t = closed_task();
    worker workers[MEMBERS];

    pthread_mutex_lock(&t.gate);
    for (int i = 0; i < MEMBERS; i++) {
        workers[i] = (worker){.task = &t};
        rt_group_spawn(&group, offload_from_stack, &workers[i]);
    }
    turn_idly();
    rt_group_drop(&group);
    CHECK(rt_group_is_empty(&group));
    CHECK_EQ(rt__coro_count().used, MEMBERS);
    pthread_mutex_unlock(&t.gate);

    // Freeing the reactor waits for all of them.
    rt_reactor_free(rt_reactor_current());
    CHECK_EQ(t.runs, MEMBERS);
    for (int i = 0; i < MEMBERS; i++)
        CHECK(!workers[i].came_back);
    finish();
}

#define MANY 200

RT_TEST(many_functions_at_once_all_end)
{
    rt_group group = {{0}, {{0}}};
    task t = closed_task();
    static worker workers[MANY];

    for (int i = 0; i < MANY; i++) {
        workers[i].task = &t;
        rt_group_spawn(&group, offload, &workers[i]);
    }
    CHECK_EQ(rt_group_wait(&group), RT_OK);
    CHECK_EQ(t.runs, MANY);
    finish();
}
