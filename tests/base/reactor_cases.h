// What every reactor must do. The including test program defines make_reactor;
// each implementation passes the same cases.

#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <retort/base/reactor.h>
#include <retort/test.h>

static rt_reactor *make_reactor(void);

// By how much the clock of the reactor may differ from this one.
#ifndef REACTOR_CLOCK_MS
#define REACTOR_CLOCK_MS 1
#endif

static int64_t clock_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

// A watch that notes what happened to it.
typedef struct probe {
    rt_watch watch;
    int calls;
    rt_status status;
    int order; // among all probes, from 1 on

    // What the callback does, once.
    struct probe *stop;
    bool again;
} probe;

static int calls_in_all;

static void probe_called(rt_watch *watch, rt_status status)
{
    probe *p = RT_CONTAINER(watch, probe, watch);

    CHECK_EQ(watch->reactor, NULL);
    p->calls++;
    p->status = status;
    p->order = ++calls_in_all;
    if (p->stop)
        rt_watch_stop(&p->stop->watch);
    p->stop = NULL;
}

static rt_status probe_start(rt_reactor *r, probe *p, int fd, int events,
                             int64_t timeout_ms)
{
    p->watch.fd = fd;
    p->watch.events = events;
    p->watch.timeout_ms = timeout_ms;
    p->watch.fn = probe_called;
    p->calls = 0;
    return rt_watch_start(r, &p->watch);
}

static void turn_until(rt_reactor *r, const int *count, int wanted)
{
    while (*count < wanted)
        rt_reactor_turn(r, -1);
}

// A few turns in which nothing further is expected.
static void turn_idly(rt_reactor *r)
{
    for (int i = 0; i < 3; i++)
        rt_reactor_turn(r, 0);
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

RT_TEST(a_descriptor_is_reported_once_when_it_is_ready)
{
    rt_reactor *r = make_reactor();
    probe p = {0};
    int fds[2];

    make_pair(fds);
    CHECK_EQ(probe_start(r, &p, fds[0], RT_WAIT_READ, -1), RT_OK);
    CHECK_EQ(p.watch.reactor, r);
    turn_idly(r);
    CHECK_EQ(p.calls, 0);
    CHECK_EQ(write(fds[1], "x", 1), 1);
    turn_until(r, &p.calls, 1);
    CHECK_EQ(p.status, RT_OK);
    turn_idly(r);
    CHECK_EQ(p.calls, 1);

    CHECK_EQ(probe_start(r, &p, fds[0], RT_WAIT_WRITE, -1), RT_OK);
    CHECK_EQ(p.calls, 0);
    turn_until(r, &p.calls, 1);
    CHECK_EQ(p.status, RT_OK);
    close_pair(fds);
    rt_reactor_free(r);
}

RT_TEST(a_peer_that_hung_up_makes_a_descriptor_ready)
{
    static const struct {
        const char *name;
        int events;
    } rows[] = {{"read", RT_WAIT_READ},
                {"write", RT_WAIT_WRITE},
                {"both", RT_WAIT_READ | RT_WAIT_WRITE}};

    rt_reactor *r = make_reactor();

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].name);
        probe p = {0};
        int fds[2];

        make_pair(fds);
        close(fds[1]);
        CHECK_EQ(probe_start(r, &p, fds[0], rows[i].events, -1), RT_OK);
        turn_until(r, &p.calls, 1);
        CHECK_EQ(p.status, RT_OK);
        close(fds[0]);
    }
    rt_reactor_free(r);
}

RT_TEST(a_descriptor_and_a_time_end_each_other)
{
    rt_reactor *r = make_reactor();
    probe ready = {0};
    probe late = {0};
    int fds[2];

    make_pair(fds);
    CHECK_EQ(probe_start(r, &ready, fds[0], RT_WAIT_WRITE, 20), RT_OK);
    CHECK_EQ(probe_start(r, &late, fds[1], RT_WAIT_READ, 40), RT_OK);
    turn_until(r, &ready.calls, 1);
    CHECK_EQ(ready.status, RT_OK);
    turn_until(r, &late.calls, 1);
    CHECK_EQ(late.status, RT_E_TIMEOUT);
    CHECK_EQ(write(fds[0], "x", 1), 1);
    turn_idly(r);
    CHECK_EQ(ready.calls, 1);
    CHECK_EQ(late.calls, 1);
    close_pair(fds);
    rt_reactor_free(r);
}

RT_TEST(several_watches_may_share_a_descriptor)
{
    rt_reactor *r = make_reactor();
    probe read_1 = {0};
    probe read_2 = {0};
    probe both = {0};
    probe also_write = {0};
    int fds[2];

    make_pair(fds);
    CHECK_EQ(probe_start(r, &read_1, fds[0], RT_WAIT_READ, -1), RT_OK);
    CHECK_EQ(probe_start(r, &also_write, fds[0], RT_WAIT_WRITE, -1), RT_OK);
    CHECK_EQ(probe_start(r, &read_2, fds[0], RT_WAIT_READ, -1), RT_OK);
    turn_until(r, &also_write.calls, 1);
    CHECK_EQ(read_1.calls + read_2.calls, 0);

    CHECK_EQ(probe_start(r, &both, fds[0], RT_WAIT_READ | RT_WAIT_WRITE, -1),
             RT_OK);
    turn_until(r, &both.calls, 1);
    CHECK_EQ(read_1.calls + read_2.calls, 0);
    CHECK_EQ(write(fds[1], "x", 1), 1);
    turn_until(r, &read_1.calls, 1);
    turn_until(r, &read_2.calls, 1);

    // Stopping one leaves the other.
    CHECK_EQ(probe_start(r, &read_1, fds[0], RT_WAIT_READ, -1), RT_OK);
    CHECK_EQ(probe_start(r, &read_2, fds[0], RT_WAIT_READ, -1), RT_OK);
    rt_watch_stop(&read_1.watch);
    turn_until(r, &read_2.calls, 1);
    CHECK_EQ(read_1.calls, 0);
    close_pair(fds);
    rt_reactor_free(r);
}

// The system gives the number of a closed descriptor to the next one.
RT_TEST(a_descriptor_may_be_closed_and_its_number_used_again)
{
    rt_reactor *r = make_reactor();
    probe p = {0};
    int old[2];
    int new[2];

    make_pair(old);
    CHECK_EQ(probe_start(r, &p, old[0], RT_WAIT_READ, -1), RT_OK);
    turn_idly(r);
    rt_watch_stop(&p.watch);
    CHECK_EQ(p.watch.reactor, NULL);
    close_pair(old);

    make_pair(new);
    CHECK_EQ(new[0], old[0]);
    CHECK_EQ(probe_start(r, &p, new[0], RT_WAIT_READ, -1), RT_OK);
    turn_idly(r);
    CHECK_EQ(p.calls, 0);
    CHECK_EQ(write(new[1], "x", 1), 1);
    turn_until(r, &p.calls, 1);
    CHECK_EQ(p.status, RT_OK);
    close_pair(new);
    rt_reactor_free(r);
}

RT_TEST(a_regular_file_is_always_ready)
{
    rt_reactor *r = make_reactor();
    probe p = {0};
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

    CHECK(fd >= 0);
    CHECK_EQ(probe_start(r, &p, fd, RT_WAIT_READ, -1), RT_OK);
    CHECK_EQ(p.calls, 0); // not from inside the start
    turn_until(r, &p.calls, 1);
    CHECK_EQ(p.status, RT_OK);
    close(fd);
    rt_reactor_free(r);
}

RT_TEST(a_closed_descriptor_is_an_error)
{
    rt_reactor *r = make_reactor();
    probe p = {0};
    int fds[2];

    make_pair(fds);
    close_pair(fds);
    if (probe_start(r, &p, fds[0], RT_WAIT_READ, -1)) {
        CHECK_EQ(p.watch.reactor, NULL);
    } else {
        turn_until(r, &p.calls, 1);
        CHECK_EQ(p.status, RT_E_IO);
    }
    rt_reactor_free(r);
}

// What a reactor remembers of a number may not be true any more.
RT_TEST(the_number_of_a_socket_may_become_a_file_or_nothing)
{
    rt_reactor *r = make_reactor();
    probe p = {0};
    int fds[2];

    make_pair(fds);
    CHECK_EQ(probe_start(r, &p, fds[0], RT_WAIT_WRITE, -1), RT_OK);
    turn_until(r, &p.calls, 1);
    close(fds[0]);
    int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    CHECK_EQ(file, fds[0]);
    CHECK_EQ(probe_start(r, &p, file, RT_WAIT_READ, -1), RT_OK);
    turn_until(r, &p.calls, 1);
    CHECK_EQ(p.status, RT_OK);

    close_pair(fds);
    if (probe_start(r, &p, fds[0], RT_WAIT_READ, -1)) {
        CHECK_EQ(p.watch.reactor, NULL);
    } else {
        turn_until(r, &p.calls, 1);
        CHECK_EQ(p.status, RT_E_IO);
    }
    rt_reactor_free(r);
}

RT_TEST(a_stop_in_a_callback_also_stops_what_was_found_ready)
{
    rt_reactor *r = make_reactor();
    probe a = {.stop = NULL};
    probe b = {.stop = NULL};
    int fds[2];

    make_pair(fds);
    CHECK_EQ(probe_start(r, &a, fds[0], RT_WAIT_WRITE, -1), RT_OK);
    CHECK_EQ(probe_start(r, &b, fds[1], RT_WAIT_WRITE, -1), RT_OK);
    a.stop = &b;
    b.stop = &a;
    turn_idly(r);
    CHECK_EQ(a.calls + b.calls, 1);

    CHECK_EQ(probe_start(r, &a, -1, 0, 0), RT_OK);
    CHECK_EQ(probe_start(r, &b, -1, 0, 0), RT_OK);
    a.stop = &b;
    b.stop = &a;
    turn_idly(r);
    CHECK_EQ(a.calls + b.calls, 1);
    close_pair(fds);
    rt_reactor_free(r);
}

static void start_again(rt_watch *watch, rt_status status)
{
    probe *p = RT_CONTAINER(watch, probe, watch);

    p->calls++;
    p->status = status;
    if (p->again)
        CHECK_EQ(rt_watch_start(p->stop->watch.reactor, watch), RT_OK);
}

// Else whoever starts its watch again at once would keep out everybody else.
RT_TEST(what_is_started_in_a_turn_waits_for_the_next)
{
    rt_reactor *r = make_reactor();
    probe forever = {0}; // only lends its reactor
    probe fd = {.stop = &forever, .again = true};
    probe timer = {.stop = &forever, .again = true};
    int fds[2];

    make_pair(fds);
    CHECK_EQ(probe_start(r, &forever, fds[0], RT_WAIT_READ, -1), RT_OK);
    fd.watch = (rt_watch){.fd = fds[1],
                          .events = RT_WAIT_WRITE,
                          .timeout_ms = -1,
                          .fn = start_again};
    timer.watch = (rt_watch){.fd = -1, .timeout_ms = 0, .fn = start_again};
    CHECK_EQ(rt_watch_start(r, &fd.watch), RT_OK);
    CHECK_EQ(rt_watch_start(r, &timer.watch), RT_OK);
    for (int i = 1; i <= 100; i++)
        rt_reactor_turn(r, -1);
    CHECK(fd.calls >= 98 && fd.calls <= 100);
    CHECK(timer.calls >= 98 && timer.calls <= 100);
    rt_watch_stop(&fd.watch);
    rt_watch_stop(&timer.watch);
    rt_watch_stop(&forever.watch);
    close_pair(fds);
    rt_reactor_free(r);
}

RT_TEST(a_time_is_never_cut_short)
{
    rt_reactor *r = make_reactor();

    for (int ms = 0; ms < 20; ms++) {
        rt_test_case("%d ms", ms);
        probe p = {0};
        int64_t start = clock_ns();
        CHECK_EQ(probe_start(r, &p, -1, 0, ms), RT_OK);
        turn_until(r, &p.calls, 1);
        CHECK_EQ(p.status, RT_E_TIMEOUT);
        CHECK(clock_ns() - start >= ms * INT64_C(1000000));
    }
    rt_reactor_free(r);
}

#define TIMERS 400

// Many timers, some stopped. How they interleave with the clock is not known,
// so each pair is judged by when it can have been due at the earliest and at
// the latest.
RT_TEST(timers_are_called_in_the_order_of_their_times)
{
    rt_reactor *r = make_reactor();
    probe *timers = calloc(TIMERS, sizeof(probe));
    int64_t earliest[TIMERS];
    int64_t latest[TIMERS];
    int started = 0;

    srand(7);
    for (int i = 0; i < TIMERS; i++) {
        int64_t ms = rand() % 30;
        earliest[i] = clock_ns() + ms * INT64_C(1000000);
        CHECK_EQ(probe_start(r, &timers[i], -1, 0, ms), RT_OK);
        latest[i] = clock_ns() + (ms + REACTOR_CLOCK_MS) * INT64_C(1000000);
        started++;
        int victim = rand() % TIMERS;
        if (i % 3 == 0 && timers[victim].watch.reactor) {
            rt_watch_stop(&timers[victim].watch);
            started--;
        }
    }
    turn_until(r, &calls_in_all, started);
    turn_idly(r);
    CHECK_EQ(calls_in_all, started);

    int64_t newest = 0;
    for (int order = 1; order <= started; order++) {
        for (int i = 0; i < TIMERS; i++) {
            if (timers[i].order != order)
                continue;
            CHECK_EQ(timers[i].calls, 1);
            CHECK(latest[i] >= newest);
            newest = earliest[i] > newest ? earliest[i] : newest;
        }
    }
    free(timers);
    rt_reactor_free(r);
}

RT_TEST(endless_times_do_not_overflow)
{
    static const int64_t rows[] = {INT32_MAX, INT64_MAX / 1000000,
                                   INT64_MAX / 1000, INT64_MAX};
    rt_reactor *r = make_reactor();
    probe soon = {0};

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        probe p = {0};
        CHECK_EQ(probe_start(r, &p, -1, 0, rows[i]), RT_OK);
        CHECK_EQ(probe_start(r, &soon, -1, 0, 1), RT_OK);
        turn_until(r, &soon.calls, 1);
        CHECK_EQ(p.calls, 0);
        rt_watch_stop(&p.watch);
    }
    rt_reactor_free(r);
}

// Messages.

typedef struct letter {
    rt_post post;
    int from;
    int number;
} letter;

typedef struct sender {
    rt_reactor *reactor;
    pthread_t thread;
    letter letters[500];
} sender;

static int received[2];
static bool in_order = true;

static void letter_came(rt_post *post)
{
    letter *l = RT_CONTAINER(post, letter, post);

    in_order = in_order && l->number == received[l->from];
    received[l->from]++;
    calls_in_all++;
    memset(l, 0, sizeof(*l)); // the record is ours again
}

static void *send_letters(void *arg)
{
    sender *s = arg;

    for (size_t i = 0; i < RT_COUNT(s->letters); i++) {
        s->letters[i].post.fn = letter_came;
        s->letters[i].number = (int)i;
        rt_reactor_post(s->reactor, &s->letters[i].post);
    }
    return NULL;
}

RT_TEST(messages_of_other_threads_arrive_in_order)
{
    static sender senders[2];
    rt_reactor *r = make_reactor();

    for (int i = 0; i < 2; i++) {
        senders[i].reactor = r;
        for (size_t k = 0; k < RT_COUNT(senders[i].letters); k++)
            senders[i].letters[k].from = i;
        CHECK_EQ(pthread_create(&senders[i].thread, NULL, send_letters,
                                &senders[i]),
                 0);
    }
    turn_until(r, &calls_in_all, 1000);
    for (int i = 0; i < 2; i++)
        pthread_join(senders[i].thread, NULL);
    CHECK_EQ(received[0], 500);
    CHECK_EQ(received[1], 500);
    CHECK(in_order);
    rt_reactor_free(r);
}

typedef struct echo {
    rt_post post;
    rt_reactor *reactor;
    int left;
} echo;

static void post_again(rt_post *post)
{
    echo *e = RT_CONTAINER(post, echo, post);

    calls_in_all++;
    if (e->left-- > 0)
        rt_reactor_post(e->reactor, post);
}

RT_TEST(a_message_may_post_itself_again)
{
    rt_reactor *r = make_reactor();
    echo e = {.post.fn = post_again, .reactor = r, .left = 9};

    rt_reactor_post(r, &e.post);
    turn_until(r, &calls_in_all, 10);
    turn_idly(r);
    CHECK_EQ(calls_in_all, 10);
    rt_reactor_free(r);
}

// Work.

typedef struct job {
    rt_work work;
    pthread_barrier_t *barrier; // NULL: none
    pthread_t ran_on;
    pthread_t ended_on;
    int64_t pause_ns;
    int runs;
    int ends;
} job;

static void job_run(rt_work *work)
{
    job *j = RT_CONTAINER(work, job, work);

    j->ran_on = pthread_self();
    if (j->barrier)
        pthread_barrier_wait(j->barrier);
    if (j->pause_ns)
        nanosleep(&(struct timespec){.tv_nsec = j->pause_ns}, NULL);
    j->runs++;
}

static void job_ended(rt_work *work)
{
    job *j = RT_CONTAINER(work, job, work);

    j->ended_on = pthread_self();
    j->ends++;
    calls_in_all++;
}

#define JOBS 100

RT_TEST(work_runs_on_other_threads_and_ends_on_this_one)
{
    rt_reactor *r = make_reactor();
    job *jobs = calloc(JOBS, sizeof(job));

    for (int i = 0; i < JOBS; i++) {
        jobs[i].work.run = job_run;
        jobs[i].work.done = job_ended;
        rt_reactor_offload(r, &jobs[i].work);
    }
    CHECK_EQ(calls_in_all, 0);
    turn_until(r, &calls_in_all, JOBS);
    for (int i = 0; i < JOBS; i++) {
        CHECK_EQ(jobs[i].runs, 1);
        CHECK_EQ(jobs[i].ends, 1);
        CHECK(!pthread_equal(jobs[i].ran_on, pthread_self()));
        CHECK(pthread_equal(jobs[i].ended_on, pthread_self()));
    }
    free(jobs);
    rt_reactor_free(r);
}

// Two that wait for each other end only if they run at the same time.
RT_TEST(works_run_side_by_side)
{
    rt_reactor *r = make_reactor();
    pthread_barrier_t barrier;
    job jobs[2] = {0};

    pthread_barrier_init(&barrier, NULL, 2);
    for (int i = 0; i < 2; i++) {
        jobs[i].barrier = &barrier;
        jobs[i].work.run = job_run;
        jobs[i].work.done = job_ended;
        rt_reactor_offload(r, &jobs[i].work);
    }
    turn_until(r, &calls_in_all, 2);
    CHECK(!pthread_equal(jobs[0].ran_on, jobs[1].ran_on));
    pthread_barrier_destroy(&barrier);
    rt_reactor_free(r);
}

RT_TEST(freeing_a_reactor_waits_for_work_and_forgets_watches)
{
    rt_reactor *r = make_reactor();
    job j = {.work = {.run = job_run, .done = job_ended}, .pause_ns = 20000000};
    probe timer = {0};
    probe fd = {0};
    int fds[2];

    make_pair(fds);
    CHECK_EQ(probe_start(r, &timer, -1, 0, 60000), RT_OK);
    CHECK_EQ(probe_start(r, &fd, fds[0], RT_WAIT_READ, 60000), RT_OK);
    rt_reactor_offload(r, &j.work);
    rt_reactor_free(r);
    CHECK_EQ(j.runs, 1);
    CHECK_EQ(j.ends, 1);
    CHECK_EQ(timer.calls + fd.calls, 0);
    CHECK_EQ(timer.watch.reactor, NULL);
    CHECK_EQ(fd.watch.reactor, NULL);
    rt_watch_stop(&timer.watch); // harmless
    close_pair(fds);
}

#define PAIRS 60
#define STEPS 4000

// A few hundred watches that come and go at random against a simple model: a
// watch is called once if its descriptor was readable or its time was over, and
// not at all once it was stopped.
RT_TEST(watches_come_and_go_at_random)
{
    rt_reactor *r = make_reactor();
    probe *probes = calloc(PAIRS, sizeof(probe));
    bool readable[PAIRS] = {false};
    int fds[PAIRS][2];
    int bytes = 0;

    srand(11);
    for (int i = 0; i < PAIRS; i++)
        make_pair(fds[i]);
    for (int step = 0; step < STEPS; step++) {
        int i = rand() % PAIRS;
        probe *p = &probes[i];
        switch (rand() % 5) {
        case 0:
        case 1:
            if (!p->watch.reactor)
                CHECK_EQ(probe_start(r, p, fds[i][0], RT_WAIT_READ,
                                     rand() % 2 ? -1 : rand() % 3),
                         RT_OK);
            break;
        case 2: rt_watch_stop(&p->watch); break;
        case 3:
            if (!readable[i])
                bytes += (int)write(fds[i][1], "x", 1);
            readable[i] = true;
            break;
        default: rt_reactor_turn(r, 0); break;
        }
        for (int k = 0; k < PAIRS; k++) {
            char byte;
            CHECK(probes[k].calls <= 1);
            CHECK(probes[k].calls == 0 || !probes[k].watch.reactor);
            if (probes[k].calls == 0)
                continue;
            if (probes[k].status == RT_OK) {
                CHECK(readable[k]);
                bytes -= (int)read(fds[k][0], &byte, 1);
                readable[k] = false;
            } else {
                CHECK_EQ(probes[k].status, RT_E_TIMEOUT);
                CHECK(probes[k].watch.timeout_ms >= 0);
            }
            probes[k].calls = 0;
        }
    }

    // Whoever is readable is reported in the end.
    int expected = 0;
    for (int i = 0; i < PAIRS; i++) {
        rt_watch_stop(&probes[i].watch);
        CHECK_EQ(probe_start(r, &probes[i], fds[i][0], RT_WAIT_READ, -1),
                 RT_OK);
        expected += readable[i];
    }
    CHECK_EQ(bytes, expected);
    calls_in_all = 0;
    turn_until(r, &calls_in_all, expected);
    turn_idly(r);
    for (int i = 0; i < PAIRS; i++) {
        CHECK_EQ(probes[i].calls, readable[i] ? 1 : 0);
        rt_watch_stop(&probes[i].watch);
        close_pair(fds[i]);
    }
    free(probes);
    rt_reactor_free(r);
}
