// Waiting: descriptors, time, queues, cancellation, dropping.
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <retort/base/wait.h>
#include <retort/test.h>

#include "base/coroutine_impl.h"

static char trace[512];

static void note(char c)
{
    size_t len = strlen(trace);
    trace[len] = c;
    trace[len + 1] = '\0';
}

// One coroutine's life: what it waits for, and what came of it.
typedef struct actor {
    rt_coro *co;
    char name;
    rt_status (*wait)(struct actor *self);
    int rounds; // how often it waits; 1 when zero
    rt_status status;
    bool ended;
    bool resumed; // since the last look

    int fd;
    int64_t ms;
    rt_wait_queue *queue;
} actor;

static void act(void *arg)
{
    actor *a = arg;

    for (int i = 0; i < (a->rounds ? a->rounds : 1); i++) {
        a->status = a->wait(a);
        a->resumed = true;
        note(a->name);
    }
    a->ended = true;
}

static void start(actor *a)
{
    a->co = rt_coro_new(act, a);
    rt_coro_resume(a->co);
}

static rt_status wait_to_read(actor *a)
{
    return rt_wait_fd(a->fd, RT_WAIT_READ, a->ms);
}

static rt_status wait_in_queue(actor *a)
{
    return rt_wait_on(a->queue, a->ms);
}

// As a cancelled sleep says so in the next wait.
static rt_status wait_for_time(actor *a)
{
    static rt_wait_queue nobody;

    rt_sleep(a->ms);
    return rt_wait_on(&nobody, 0) == RT_E_CANCELLED ? RT_E_CANCELLED : RT_OK;
}

static void turn_until_ended(const actor *a)
{
    while (!a->ended)
        rt_reactor_turn(rt_reactor_current(), -1);
}

static void turn_idly(void)
{
    for (int i = 0; i < 3; i++)
        rt_reactor_turn(rt_reactor_current(), 0);
}

// What ends a test: nobody waits and no stack is in use.
static void finish(void)
{
    CHECK_EQ(rt__coro_count().used, 0);
    rt_reactor_free(rt_reactor_current());
}

static void make_pair(int fds[2])
{
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0);
}

static void close_pair(int fds[2])
{
    close(fds[0]);
    close(fds[1]);
}

// Descriptors and time.

RT_TEST(a_coroutine_waits_for_a_descriptor)
{
    int fds[2];
    make_pair(fds);
    actor a = {.name = 'a', .wait = wait_to_read, .fd = fds[0], .ms = -1};

    start(&a);
    turn_idly();
    CHECK_EQ(trace, "");
    CHECK_EQ(write(fds[1], "x", 1), 1);
    turn_until_ended(&a);
    CHECK_EQ(a.status, RT_OK);
    rt_coro_drop(a.co);
    close_pair(fds);
    finish();
}

RT_TEST(a_wait_for_a_descriptor_times_out)
{
    int fds[2];
    make_pair(fds);
    actor a = {.name = 'a', .wait = wait_to_read, .fd = fds[0], .ms = 5};

    start(&a);
    turn_until_ended(&a);
    CHECK_EQ(a.status, RT_E_TIMEOUT);
    rt_coro_drop(a.co);
    close_pair(fds);
    finish();
}

RT_TEST(zero_as_a_timeout_asks_without_waiting)
{
    int fds[2];
    rt_wait_queue queue = {{0}};
    CHECK(rt_reactor_current()); // takes its descriptors before
    make_pair(fds);

    CHECK_EQ(rt_wait_fd(fds[0], RT_WAIT_READ, 0), RT_E_TIMEOUT);
    CHECK_EQ(rt_wait_fd(fds[0], RT_WAIT_WRITE, 0), RT_OK);
    CHECK_EQ(rt_wait_fd(fds[0], RT_WAIT_READ | RT_WAIT_WRITE, 0), RT_OK);
    CHECK_EQ(write(fds[1], "x", 1), 1);
    CHECK_EQ(rt_wait_fd(fds[0], RT_WAIT_READ, 0), RT_OK);
    CHECK_EQ(rt_wait_on(&queue, 0), RT_E_TIMEOUT);
    close_pair(fds);
    CHECK_EQ(rt_wait_fd(fds[0], RT_WAIT_READ, 0), RT_E_IO);
    CHECK_EQ(rt_wait_fd(fds[0], RT_WAIT_READ, 100), RT_E_IO);
    CHECK_EQ(rt_wait_fd(-1, RT_WAIT_READ, 100), RT_E_IO);
    finish();
}

RT_TEST(each_wait_works_outside_any_coroutine)
{
    int fds[2];
    rt_wait_queue queue = {{0}};
    make_pair(fds);

    rt_sleep(0);
    rt_sleep(2);
    rt_sleep(-5); // no time at all
    CHECK_EQ(rt_wait_fd(fds[0], RT_WAIT_READ, 2), RT_E_TIMEOUT);
    CHECK_EQ(rt_wait_fd(fds[0], RT_WAIT_WRITE, -1), RT_OK);
    CHECK_EQ(rt_wait_on(&queue, 2), RT_E_TIMEOUT);
    CHECK(rt_wait_queue_is_empty(&queue));
    close_pair(fds);
    finish();
}

static void wake_later(void *arg)
{
    rt_sleep(2);
    CHECK(rt_wake(arg));
}

RT_TEST(coroutines_run_while_somebody_waits_outside)
{
    rt_wait_queue queue = {{0}};
    rt_coro *waker = rt_coro_new(wake_later, &queue);

    rt_coro_resume(waker);
    CHECK_EQ(rt_wait_on(&queue, -1), RT_OK);
    CHECK(rt_coro_is_done(waker));
    rt_coro_drop(waker);
    finish();
}

RT_TEST(sleeping_for_nothing_lets_the_others_run)
{
    actor a = {.name = 'a', .wait = wait_for_time, .rounds = 3};
    actor b = {.name = 'b', .wait = wait_for_time, .rounds = 3};

    start(&a);
    start(&b);
    turn_until_ended(&a);
    turn_until_ended(&b);
    CHECK_EQ(trace, "ababab");
    rt_coro_drop(a.co);
    rt_coro_drop(b.co);
    finish();
}

// Queues.

#define CROWD 5

static void start_crowd(actor *crowd, rt_wait_queue *queue)
{
    for (int i = 0; i < CROWD; i++) {
        crowd[i] = (actor){.name = (char)('a' + i),
                           .wait = wait_in_queue,
                           .queue = queue,
                           .ms = -1};
        start(&crowd[i]);
    }
}

static void drop_crowd(actor *crowd)
{
    for (int i = 0; i < CROWD; i++)
        rt_coro_drop(crowd[i].co);
}

RT_TEST(waiters_are_woken_in_order)
{
    rt_wait_queue queue = {{0}};
    actor crowd[CROWD];

    CHECK(!rt_wake(&queue));
    start_crowd(crowd, &queue);
    CHECK(rt_wake(&queue));
    CHECK_EQ(trace, ""); // waking runs nobody
    turn_idly();
    CHECK_EQ(trace, "a");
    CHECK(rt_wake(&queue));
    CHECK(rt_wake(&queue));
    turn_idly();
    CHECK_EQ(trace, "abc");
    rt_wake_all(&queue);
    turn_idly();
    CHECK_EQ(trace, "abcde");
    CHECK(!rt_wake(&queue));
    drop_crowd(crowd);
    finish();
}

// Those who wait again do not get the same wake-up twice.
RT_TEST(waking_all_wakes_those_who_wait_now)
{
    rt_wait_queue queue = {{0}};
    actor a = {.name = 'a',
               .wait = wait_in_queue,
               .queue = &queue,
               .ms = -1,
               .rounds = 3};

    start(&a);
    rt_wake_all(&queue);
    rt_wake_all(&queue);
    turn_idly();
    CHECK_EQ(trace, "a");
    rt_wake_all(&queue);
    turn_idly();
    CHECK_EQ(trace, "aa");
    rt_coro_drop(a.co);
    CHECK(rt_wait_queue_is_empty(&queue));
    finish();
}

RT_TEST(a_waiter_whose_time_is_over_leaves_the_queue)
{
    rt_wait_queue queue = {{0}};
    actor a = {.name = 'a', .wait = wait_in_queue, .queue = &queue, .ms = 2};
    actor b = {.name = 'b', .wait = wait_in_queue, .queue = &queue, .ms = -1};

    start(&a);
    start(&b);
    turn_until_ended(&a);
    CHECK_EQ(a.status, RT_E_TIMEOUT);
    CHECK(rt_wake(&queue));
    turn_idly();
    CHECK_EQ(b.status, RT_OK);
    CHECK_EQ(trace, "ab");

    // And the other way round: who was woken does not time out.
    actor c = {.name = 'c', .wait = wait_in_queue, .queue = &queue, .ms = 1};
    start(&c);
    CHECK(rt_wake(&queue));
    usleep(3000);
    turn_until_ended(&c);
    CHECK_EQ(c.status, RT_OK);
    turn_idly();
    CHECK_EQ(trace, "abc");
    rt_coro_drop(a.co);
    rt_coro_drop(b.co);
    rt_coro_drop(c.co);
    finish();
}

RT_TEST(a_dropped_waiter_leaves_the_queue)
{
    rt_wait_queue queue = {{0}};
    actor crowd[CROWD];

    start_crowd(crowd, &queue);
    rt_coro_drop(crowd[0].co);
    rt_coro_drop(crowd[2].co);
    rt_coro_drop(crowd[4].co);
    while (rt_wake(&queue)) {
    }
    turn_idly();
    CHECK_EQ(trace, "bd");
    rt_coro_drop(crowd[1].co);
    rt_coro_drop(crowd[3].co);
    finish();
}

// Otherwise what it was woken for would go unused while others wait for it.
RT_TEST(a_wake_up_is_passed_on_when_its_coroutine_is_dropped)
{
    rt_wait_queue queue = {{0}};
    actor crowd[CROWD];

    start_crowd(crowd, &queue);
    CHECK(rt_wake(&queue)); // a
    CHECK(rt_wake(&queue)); // b
    rt_coro_drop(crowd[0].co);
    turn_idly();
    CHECK_EQ(trace, "bc");

    // But not when everybody was woken anyway.
    actor late = {
        .name = 'l', .wait = wait_in_queue, .queue = &queue, .ms = -1};
    rt_wake_all(&queue);
    start(&late);
    rt_coro_drop(crowd[3].co);
    turn_idly();
    CHECK_EQ(trace, "bce");
    rt_coro_drop(crowd[1].co);
    rt_coro_drop(crowd[2].co);
    rt_coro_drop(crowd[4].co);
    rt_coro_drop(late.co);
    finish();
}

typedef struct player {
    rt_wait_queue *mine;
    rt_wait_queue *other;
    int turns;
} player;

static void play(void *arg)
{
    player *p = arg;

    for (;;) {
        p->turns++;
        rt_wake(p->other);
        if (rt_wait_on(p->mine, -1))
            return;
    }
}

RT_TEST(two_that_wake_each_other_do_not_keep_out_the_rest)
{
    rt_wait_queue queues[2] = {{{0}}};
    player players[2] = {{.mine = &queues[0], .other = &queues[1]},
                         {.mine = &queues[1], .other = &queues[0]}};
    rt_coro *cos[2];
    int fds[2];

    make_pair(fds);
    for (int i = 0; i < 2; i++) {
        cos[i] = rt_coro_new(play, &players[i]);
        rt_coro_resume(cos[i]);
    }
    while (players[0].turns < 10 || players[1].turns < 10) {
        rt_sleep(1);
        CHECK_EQ(rt_wait_fd(fds[0], RT_WAIT_WRITE, -1), RT_OK);
    }
    for (int i = 0; i < 2; i++)
        rt_coro_drop(cos[i]);
    close_pair(fds);
    finish();
}

// Cancellation and dropping.

// Each way to wait, without an end of its own.
static const struct {
    const char *name;
    rt_status (*wait)(actor *self);
    int64_t ms;
} ways[] = {
    {"descriptor", wait_to_read, -1},
    {"descriptor with a time", wait_to_read, 60000},
    {"time", wait_for_time, 60000},
    {"queue", wait_in_queue, -1},
    {"queue with a time", wait_in_queue, 60000},
};

static actor make_actor(size_t way, int fd, rt_wait_queue *queue)
{
    return (actor){.name = 'a',
                   .wait = ways[way].wait,
                   .ms = ways[way].ms,
                   .fd = fd,
                   .queue = queue};
}

RT_TEST(cancelling_ends_the_wait_that_a_coroutine_is_in)
{
    int fds[2];
    rt_wait_queue queue = {{0}};
    make_pair(fds);

    for (size_t i = 0; i < RT_COUNT(ways); i++) {
        RT_CASE(ways[i].name);
        actor a = make_actor(i, fds[0], &queue);
        a.rounds = 2;
        start(&a);
        rt_coro_cancel(a.co);
        rt_coro_cancel(a.co); // counts once
        CHECK(rt_coro_is_cancelled(a.co));
        CHECK(!a.resumed);
        turn_idly();
        CHECK(a.resumed);
        CHECK_EQ(a.status, RT_E_CANCELLED);
        CHECK(!rt_coro_is_cancelled(a.co));
        CHECK(!a.ended); // one wait only
        rt_coro_drop(a.co);
        CHECK(rt_wait_queue_is_empty(&queue));
    }
    close_pair(fds);
    finish();
}

RT_TEST(cancelling_ends_the_next_wait_of_one_that_is_not_waiting)
{
    int fds[2];
    rt_wait_queue queue = {{0}};
    make_pair(fds);

    for (size_t i = 0; i < RT_COUNT(ways); i++) {
        RT_CASE(ways[i].name);
        actor a = make_actor(i, fds[0], &queue);
        a.co = rt_coro_new(act, &a);
        rt_coro_cancel(a.co);
        rt_coro_resume(a.co);
        if (ways[i].wait == wait_for_time)
            turn_idly(); // see below
        CHECK(a.ended);
        CHECK_EQ(a.status, RT_E_CANCELLED);
        CHECK(!rt_coro_is_cancelled(a.co));
        rt_coro_drop(a.co);
    }
    close_pair(fds);
    finish();
}

static void sleep_only(void *arg)
{
    int *rounds = arg;
    while (++*rounds < 5)
        rt_sleep(*rounds == 1 ? -1 : 60000);
    CHECK(rt_coro_is_cancelled(rt_coro_current()));
}

RT_TEST(a_cancelled_coroutine_that_only_sleeps_lets_others_run)
{
    int rounds = 0;
    rt_coro *co = rt_coro_new(sleep_only, &rounds);

    rt_coro_resume(co);
    CHECK_EQ(rounds, 1);
    rt_coro_cancel(co);
    for (int i = 2; i < 5; i++) {
        while (rounds < i)
            rt_reactor_turn(rt_reactor_current(), 0);
        CHECK_EQ(rounds, i); // one round, and everybody else
    }
    while (!rt_coro_is_done(co))
        rt_reactor_turn(rt_reactor_current(), 0);
    rt_coro_drop(co);
    finish();
}

// The resource it was woken for would be lost if the wait said "cancelled".
RT_TEST(one_that_was_woken_is_cancelled_in_its_next_wait)
{
    rt_wait_queue queue = {{0}};
    actor a = {.name = 'a',
               .wait = wait_in_queue,
               .queue = &queue,
               .ms = -1,
               .rounds = 2};

    start(&a);
    CHECK(rt_wake(&queue));
    rt_coro_cancel(a.co);
    turn_idly();
    CHECK_EQ(trace, "aa");
    CHECK_EQ(a.status, RT_E_CANCELLED);
    CHECK(a.ended);
    rt_coro_drop(a.co);
    finish();
}

RT_TEST(dropping_stops_every_kind_of_wait)
{
    rt_wait_queue queue = {{0}};

    for (size_t i = 0; i < RT_COUNT(ways); i++) {
        RT_CASE(ways[i].name);
        int fds[2];
        make_pair(fds);
        actor a = make_actor(i, fds[0], &queue);
        start(&a);
        CHECK_EQ(write(fds[1], "x", 1), 1);
        rt_coro_drop(a.co);
        CHECK(rt_wait_queue_is_empty(&queue));
        close_pair(fds); // the drop came first

        // The record is used again at once, and is not called for the old.
        actor b = {.name = 'b', .wait = wait_for_time, .ms = 1};
        start(&b);
        turn_until_ended(&b);
        CHECK_EQ(b.status, RT_OK);
        CHECK(!a.resumed);
        rt_coro_drop(b.co);
    }
    CHECK_EQ(trace, "bbbbb");
    finish();
}

RT_TEST(dropping_one_that_is_to_be_resumed_is_allowed)
{
    rt_wait_queue queue = {{0}};
    actor a = {.name = 'a', .wait = wait_in_queue, .queue = &queue, .ms = -1};
    actor b = {.name = 'b', .wait = wait_in_queue, .queue = &queue, .ms = -1};

    start(&a);
    start(&b);
    rt_coro_cancel(a.co);
    rt_coro_cancel(b.co);
    rt_coro_drop(a.co);
    turn_idly();
    CHECK_EQ(trace, "b");
    rt_coro_drop(b.co);
    finish();
}

static rt_coro *victim;

static rt_status drop_the_victim(actor *a)
{
    (void)a;
    rt_sleep(1);
    rt_coro_drop(victim);
    return RT_OK;
}

// Both are due in the same turn, and the first one drops the second.
RT_TEST(one_coroutine_may_drop_another_that_is_due)
{
    actor a = {.name = 'a', .wait = drop_the_victim};
    actor b = {.name = 'b', .wait = wait_for_time, .ms = 1};

    start(&a);
    start(&b);
    victim = b.co;
    usleep(3000);
    turn_until_ended(&a);
    turn_idly();
    CHECK_EQ(trace, "a");
    rt_coro_drop(a.co);
    finish();
}

static void wait_for_the_other(rt_coro *co, void *arg)
{
    (void)co;
    turn_until_ended(arg);
}

// The done function is called in the turn that was to resume the other one, and
// waits for it in a turn of its own.
RT_TEST(a_done_function_may_wait_for_one_that_is_due)
{
    rt_wait_queue queue = {{0}};
    actor a = {.name = 'a', .wait = wait_in_queue, .queue = &queue, .ms = -1};
    actor b = {.name = 'b', .wait = wait_in_queue, .queue = &queue, .ms = -1};

    start(&a);
    start(&b);
    rt_coro_on_done(a.co, wait_for_the_other, &b);
    rt_wake_all(&queue);
    turn_until_ended(&a);
    CHECK(b.ended);
    rt_coro_drop(a.co);
    rt_coro_drop(b.co);
    finish();
}

// Scheduling.

static void note_twice(void *arg)
{
    note(*(const char *)arg);
    rt_coro_yield();
    note(*(const char *)arg);
}

RT_TEST(scheduled_coroutines_run_in_the_next_turn)
{
    rt_coro *a = rt_coro_new(note_twice, &(char){'a'});
    rt_coro *b = rt_coro_new(note_twice, &(char){'b'});

    rt_coro_schedule(a);
    rt_coro_schedule(b);
    CHECK_EQ(trace, "");
    turn_idly();
    CHECK_EQ(trace, "ab");
    rt_coro_schedule(b);
    rt_coro_schedule(a);
    rt_coro_drop(b);
    turn_idly();
    CHECK_EQ(trace, "aba");
    CHECK(rt_coro_is_done(a));
    rt_coro_drop(a);
    finish();
}

// A lock as applications write it, with waiters that give up, time out and
// are dropped at random. It is never free while somebody waits for it.
typedef struct mutex {
    bool taken;
    rt_wait_queue queue;
} mutex;

static rt_status acquire(mutex *m, int64_t ms)
{
    while (m->taken) {
        rt_status status = rt_wait_on(&m->queue, ms);
        if (status)
            return status;
    }
    m->taken = true;
    return RT_OK;
}

static void release(mutex *m)
{
    m->taken = false;
    rt_wake(&m->queue);
}

static mutex shared;

typedef struct guest {
    rt_coro *co;
    bool holds;
    bool ended;
    int64_t ms;
} guest;

static void visit(void *arg)
{
    guest *g = arg;

    if (acquire(&shared, g->ms) == RT_OK) {
        g->holds = true;
        rt_sleep(0);
        g->holds = false;
        release(&shared);
    }
    g->ended = true;
}

static void end_guest(guest *g)
{
    rt_coro_drop(g->co);
    if (g->holds)
        release(&shared); // as its request's cleanup would
    *g = (guest){0};
}

static guest guests[40];

// A free lock that is waited for has been offered to somebody.
static bool is_offered(void)
{
    for (size_t i = 0; i < RT_COUNT(guests); i++) {
        const rt_coro *co = guests[i].co;
        if (co && co->waiter.state == RT__WAIT_READY &&
            co->waiter.queue == &shared.queue)
            return true;
    }
    return false;
}

RT_TEST(no_wake_up_is_lost)
{
    int contended = 0;

    srand(5);
    for (int step = 0; step < 20000; step++) {
        guest *g = &guests[(size_t)rand() % RT_COUNT(guests)];
        if (!g->co) {
            g->ms = rand() % 4 ? -1 : 1 + rand() % 2;
            g->co = rt_coro_new(visit, g);
            rt_coro_schedule(g->co);
        } else if (g->ended || rand() % 8 == 0) {
            end_guest(g);
        } else if (rand() % 8 == 0) {
            rt_coro_cancel(g->co);
        }
        if (rand() % 4 == 0)
            rt_reactor_turn(rt_reactor_current(), 0);

        if (!shared.taken && !rt_wait_queue_is_empty(&shared.queue)) {
            contended++;
            REQUIRE(is_offered());
        }
    }
    CHECK(contended > 1000);

    // Nobody stirs it any more: everyone who is left comes to the end.
    for (size_t i = 0; i < RT_COUNT(guests); i++)
        while (guests[i].co && !guests[i].ended)
            rt_reactor_turn(rt_reactor_current(), -1);
    for (size_t i = 0; i < RT_COUNT(guests); i++)
        end_guest(&guests[i]);
    CHECK(!shared.taken);
    CHECK(rt_wait_queue_is_empty(&shared.queue));
    finish();
}

RT_TEST(wrong_use_of_waits_is_an_assertion)
{
    rt_wait_queue queue = {{0}};
    actor a = {.name = 'a', .wait = wait_in_queue, .queue = &queue, .ms = -1};

    start(&a);
    CHECK_ABORTS(rt_coro_resume(a.co), "rt_coro_resume");
    CHECK_ABORTS(rt_coro_schedule(a.co), "rt_coro_schedule");
    CHECK_ABORTS((void)rt_wait_fd(0, 0, 1), "rt_wait_fd");
    rt_coro_drop(a.co);
    finish();
}
