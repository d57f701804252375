// The master and its workers: crashes, replacement, stopping.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <retort/base/time.h>

#include "live.h"
#include "site.h"

#define CLOSE "Host: x\r\nConnection: close\r\n\r\n"
#define KEEP  "Host: x\r\n\r\n"
#define SLOW  "GET /slow?ms=200 HTTP/1.1\r\n" KEEP

static live start(rt_server_options options)
{
    if (!options.workers)
        options.workers = 1;
    return live_start(site_gateway(), options);
}

static bool answers(const live *server)
{
    return live_status(live_ask(server, "GET / HTTP/1.1\r\n" CLOSE)) == 200;
}

// The worker that answers; 0 when none does.
static pid_t answering(const live *server)
{
    return atoi(
        live_body(live_ask(server, "GET /pid HTTP/1.1\r\n" CLOSE)).data);
}

static void wait_for(const volatile long *counter, long value)
{
    int64_t deadline = rt_time_monotonic_ms() + 20000;
    while (*counter < value && rt_time_monotonic_ms() < deadline)
        usleep(2000);
    CHECK(*counter >= value);
}

static int count_of(rt_str log, const char *text)
{
    int n = 0;
    for (size_t at; (at = rt_str_find(log, rt_str_from(text))) != RT_STR_NONE;
         n++)
        rt_str_take(&log, at + 1);
    return n;
}

RT_TEST(workers_are_started_and_stopped)
{
    live server = start((rt_server_options){.workers = 3});
    wait_for(&site->started, 3);
    CHECK(answers(&server));
    CHECK_EQ(live_stop(&server), 0);
    CHECK_EQ(site->stopped, 3);
}

RT_TEST(every_worker_of_a_shared_port_answers)
{
    live server = start((rt_server_options){.workers = 2});
    wait_for(&site->started, 2);
    pid_t first = answering(&server), other = first;
    for (int i = 0; i < 200 && other == first; i++)
        other = answering(&server);
    CHECK(first > 0);
    CHECK(other > 0);
    CHECK(other != first);
    CHECK_EQ(live_stop(&server), 0);
}

RT_TEST(a_worker_that_is_killed_has_a_successor)
{
    live server = start((rt_server_options){0});
    pid_t before = answering(&server);
    kill(before, SIGKILL);
    pid_t after = answering(&server);
    CHECK(after > 0);
    CHECK(after != before);
    CHECK(live_logged(&server, "died of SIGKILL"));
    CHECK_EQ(live_stop(&server), 0);
}

RT_TEST(a_log_that_nobody_reads_any_more_stops_no_server)
{
    int ends[2];
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    live server =
        live_start_logging(site_gateway(), (rt_server_options){.workers = 1},
                           fdopen(ends[1], "w"));
    fclose(server.log);
    pid_t before = answering(&server);
    shutdown(ends[0], SHUT_RDWR); // for the server's copy of it, too
    kill(before, SIGKILL);        // which the master wants to log
    pid_t after = answering(&server);
    CHECK(after > 0);
    CHECK(after != before);
    kill(after, SIGKILL);
    CHECK(answers(&server));
    CHECK_EQ(live_stop(&server), 0);
}

RT_TEST(the_queue_of_a_dead_worker_is_served_by_its_successor)
{
    live server = start((rt_server_options){0});
    pid_t before = answering(&server);
    // Stopped, it accepts nothing: all of these wait in its queue.
    kill(before, SIGSTOP);
    int fds[100];
    for (size_t i = 0; i < RT_COUNT(fds); i++) {
        fds[i] = live_connect(&server);
        REQUIRE(fds[i] >= 0);
        live_send(fds[i], RT_STR("GET / HTTP/1.1\r\n" CLOSE));
    }
    kill(before, SIGKILL);
    int answered = 0;
    for (size_t i = 0; i < RT_COUNT(fds); i++) {
        answered += live_status(live_receive_all(fds[i])) == 200;
        close(fds[i]);
    }
    CHECK_EQ(answered, (int)RT_COUNT(fds));
    CHECK_EQ(live_stop(&server), 0);
}

// Client processes ask again and again, and count together.
typedef struct tally {
    volatile long asked, answered, cut, refused;
    volatile int over;
} tally;

static tally *tally_new(void)
{
    return (tally *)((char *)site + 1024); // the same shared page
}

static void count(volatile long *counter)
{
    __atomic_add_fetch(counter, 1, __ATOMIC_RELAXED);
}

// Each time on a new connection.
static void ask_on(const live *server, tally *t)
{
    while (!t->over) {
        count(&t->asked);
        int fd = live_connect(server);
        if (fd < 0) {
            count(&t->refused);
            continue;
        }
        live_send(fd, RT_STR("GET / HTTP/1.1\r\n" CLOSE));
        bool ok = live_status(live_receive_all(fd)) == 200;
        count(ok ? &t->answered : &t->cut);
        close(fd);
    }
}

// On one connection as long as the server keeps it. One that is closed instead
// of answering counts as cut, though a client could ask again.
static void keep_asking_on(const live *server, tally *t)
{
    int fd = -1;
    while (!t->over) {
        count(&t->asked);
        if (fd < 0)
            fd = live_connect(server);
        if (fd < 0) {
            count(&t->refused);
            continue;
        }
        live_send(fd, RT_STR("GET / HTTP/1.1\r\n" KEEP));
        rt_str r = live_response(fd);
        bool ok = live_status(r) == 200;
        count(ok ? &t->answered : &t->cut);
        if (!ok || live_has(r, "Connection: close")) {
            close(fd);
            fd = -1;
        }
    }
}

enum {
    CLIENTS = 4
};

static void start_clients(const live *server, tally *t, pid_t *clients)
{
    fflush(NULL);
    for (int i = 0; i < CLIENTS; i++)
        if ((clients[i] = fork()) == 0) {
            if (i % 2)
                keep_asking_on(server, t);
            else
                ask_on(server, t);
            _exit(0);
        }
}

static void end_clients(tally *t, const pid_t *clients)
{
    t->over = 1;
    for (int i = 0; i < CLIENTS; i++)
        waitpid(clients[i], NULL, 0);
}

RT_TEST(killing_workers_under_load_cuts_only_what_they_were_answering)
{
    enum {
        KILLS = 8
    };

    live server = start((rt_server_options){.workers = 2});
    wait_for(&site->started, 2);
    tally *t = tally_new();
    pid_t clients[CLIENTS];
    start_clients(&server, t, clients);
    for (long i = 0; i < KILLS; i++) {
        usleep(50000);
        pid_t victim = live_worker(&server);
        if (victim)
            kill(victim, SIGKILL);
        wait_for(&site->started, 3 + i);
    }
    end_clients(t, clients);

    CHECK_EQ(t->answered + t->cut + t->refused, t->asked);
    CHECK_EQ(t->refused, 0);
    CHECK(t->cut <= CLIENTS * KILLS);
    CHECK(t->answered > 100);
    CHECK(answers(&server));
    CHECK_EQ(live_stop(&server), 0);
}

RT_TEST(a_crash_is_answered_and_logged_with_its_place)
{
    static const struct {
        const char *request;
        const char *logged[3];
    } rows[] = {
        {"GET /crash?x=1 HTTP/1.1\r\n" CLOSE,
         {"died of SIGSEGV (address ", "while answering GET /crash?x=1",
          "crash_here"}},
        {"GET /abort HTTP/1.1\r\n" CLOSE,
         {"died of SIGABRT", "while answering GET /abort", "abort_here"}},
        // By hardware, or by a sanitizer.
        {"GET /null-pointer HTTP/1.1\r\n" CLOSE,
         {"worker 1 (pid ", "while answering GET /null-pointer", "null_here"}},
        {"GET /overflow HTTP/1.1\r\n" CLOSE,
         {"(stack overflow)", "while answering GET /overflow",
          "overflow_here"}},
        {"GET /big-frame HTTP/1.1\r\n" CLOSE,
         {"(stack overflow)", "while answering GET /big-frame", "big_frame"}},
        {"GET /child-crash HTTP/1.1\r\n" CLOSE,
         {"died of SIGSEGV", "while answering GET /child-crash", "crash_here"}},
        {"GET /offload-crash HTTP/1.1\r\n" CLOSE,
         {"died of SIGSEGV", "while answering GET /offload-crash",
          "crash_here"}},
        {"GET /coroutine-crash HTTP/1.1\r\n" CLOSE,
         {"died of SIGSEGV", "while answering GET /coroutine-crash",
          "crash_here"}},
        // LeakSanitizer, which does not know the main stack then, may change it.
        {"GET /exit?status=3 HTTP/1.1\r\n" CLOSE,
         {"ended with status ", "while answering GET /exit?status=3",
          "exit_here"}},
        {"GET /exit?status=0 HTTP/1.1\r\n" CLOSE,
         {"ended with status ", "while answering GET /exit?status=0",
          "exit_here"}},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].request);
        live server = start((rt_server_options){0});
        rt_str r = live_ask(&server, rows[i].request);
        CHECK_EQ(live_status(r), 500);
        CHECK(live_has(r, "<title>500 Internal Server Error</title>"));
        CHECK(answers(&server));
        for (size_t j = 0; j < 3; j++)
            CHECK(live_logged(&server, rows[i].logged[j]));
        CHECK_EQ(live_stop(&server), 0);
    }
}

RT_TEST(an_endless_recursion_is_logged_with_the_view_that_began_it)
{
    static const struct {
        const char *request;
        const char *logged[4];
    } rows[] = {
        {"GET /overflow HTTP/1.1\r\n" CLOSE,
         {"\n       ... ", " more times\n", " overflow ", " answer "}},
        {"GET /mutual HTTP/1.1\r\n" CLOSE,
         {"\n       ... the last 2 frames ", " more times\n", " mutual ",
          " answer "}},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].request);
        live server = start((rt_server_options){0});
        live_ask(&server, rows[i].request);
        for (size_t j = 0; j < 4; j++)
            CHECK(live_logged(&server, rows[i].logged[j]));
        CHECK_EQ(live_stop(&server), 0);
    }
}

RT_TEST(answers_before_a_crash_are_sent)
{
    static const char *const rows[] = {"GET /crash", "GET /exit?status=3",
                                       "GET /child-crash"};

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i]);
        char requests[400];
        snprintf(requests, sizeof requests,
                 "GET / HTTP/1.1\r\n" KEEP "%s HTTP/1.1\r\n" KEEP
                 "GET / HTTP/1.1\r\n" KEEP,
                 rows[i]);
        live server = start((rt_server_options){0});
        rt_str r = live_ask(&server, requests);
        CHECK(live_has(r, "\r\n\r\nhomeHTTP/1.1 500 "));
        CHECK(!rt_str_ends_with(r, RT_STR("home")));
        CHECK_EQ(live_stop(&server), 0);
    }
}

RT_TEST(requests_that_crash_are_in_the_access_log)
{
    live server = start((rt_server_options){.access_log = "-"});
    live_ask(&server, "GET /pid HTTP/1.1\r\n" KEEP
                      "GET /crash HTTP/1.1\r\nUser-Agent: a\"b\r\n" KEEP);
    CHECK(live_logged(&server,
                      "\"GET /crash HTTP/1.1\" 500 154 \"-\" \"a\\x22b\" "));
    CHECK(live_logged(&server, "\"GET /pid HTTP/1.1\" 200 "));
    CHECK_EQ(live_stop(&server), 0);
}

RT_TEST(a_crash_after_the_answer_is_logged_once)
{
    live server = start((rt_server_options){.access_log = "-"});
    live_ask(&server, "GET /defer-crash HTTP/1.1\r\n" CLOSE);
    CHECK(live_logged(&server, "died of SIGSEGV"));
    CHECK(answers(&server));
    CHECK(live_logged(&server, "\"GET /defer-crash HTTP/1.1\" 200 8 "));
    CHECK_EQ(live_stop(&server), 0);
    CHECK_EQ(count_of(live_log(&server), "\"GET /defer-crash"), 1);
}

RT_TEST(a_coroutine_that_outlives_its_request_crashes_for_nobody)
{
    live server = start((rt_server_options){0});
    rt_str r = live_ask(&server, "GET /survivor-crash HTTP/1.1\r\n" CLOSE);
    CHECK_EQ(live_body(r), "made");
    CHECK(live_logged(&server, "died of SIGSEGV"));
    CHECK(live_logged(&server, "crash_here"));
    CHECK(rt_str_find(live_log(&server), RT_STR("while answering")) ==
          RT_STR_NONE);
    CHECK_EQ(live_stop(&server), 0);
}

RT_TEST(a_process_that_a_view_has_forked_may_exit)
{
    live server = start((rt_server_options){0});
    rt_str r = live_ask(&server, "GET /forked HTTP/1.1\r\n" CLOSE);
    CHECK_EQ(live_body(r), "forked");
    CHECK_EQ(live_stop(&server), 0);
}

RT_TEST(a_worker_that_does_not_turn_its_loop_is_replaced)
{
    live server = start((rt_server_options){.worker_timeout_ms = 300});
    rt_str r = live_ask(&server, "GET /spin HTTP/1.1\r\n" CLOSE);
    CHECK_EQ(live_status(r), 500);
    CHECK(live_logged(&server, "has not turned its loop"));
    CHECK(live_logged(&server, "while answering GET /spin"));
    CHECK(answers(&server));
    CHECK_EQ(live_stop(&server), 0);
}

RT_TEST(a_hangup_replaces_the_workers)
{
    live server = start((rt_server_options){0});
    pid_t before = answering(&server);
    kill(server.pid, SIGHUP);
    wait_for(&site->started, 2);
    pid_t after = answering(&server);
    wait_for(&site->stopped, 1);
    CHECK(after > 0);
    CHECK(answering(&server) != before);
    CHECK_EQ(live_stop(&server), 0);
}

RT_TEST(replacing_workers_under_load_fails_no_request)
{
    enum {
        TIMES = 4
    };

    live server = start((rt_server_options){.workers = 2});
    wait_for(&site->started, 2);
    tally *t = tally_new();
    pid_t clients[CLIENTS];
    start_clients(&server, t, clients);
    for (long i = 1; i <= TIMES; i++) {
        kill(server.pid, SIGHUP);
        wait_for(&site->stopped, 2 * i);
    }
    end_clients(t, clients);

    CHECK_EQ(site->started, 2 + 2 * TIMES);
    CHECK_EQ(t->cut, 0);
    CHECK_EQ(t->refused, 0);
    CHECK_EQ(t->answered, t->asked);
    CHECK(t->answered > 100);
    CHECK_EQ(live_stop(&server), 0);
}

RT_TEST(stopping_under_load_answers_whoever_was_connected)
{
    for (int i = 0; i < 3; i++) {
        live server = start((rt_server_options){.workers = 2});
        wait_for(&site->started, 2);
        tally *t = tally_new();
        pid_t clients[CLIENTS];
        start_clients(&server, t, clients);
        while (t->answered < 100)
            usleep(1000);
        CHECK_EQ(live_stop(&server), 0);
        end_clients(t, clients);
        CHECK_EQ(t->cut, 0);
        CHECK(t->refused > 0);
    }
}

RT_TEST(a_successor_serves_while_its_predecessor_finishes)
{
    live server = start((rt_server_options){0});
    pid_t before = answering(&server), after = before;
    int fd = live_connect(&server);
    live_send(fd, RT_STR("GET /slow?ms=3000 HTTP/1.1\r\n" KEEP));
    usleep(50000);
    kill(server.pid, SIGHUP);
    wait_for(&site->started, 2);
    for (int i = 0; i < 200 && after == before; i++)
        after = answering(&server);
    CHECK(after > 0);
    CHECK(after != before);
    char byte;
    CHECK(recv(fd, &byte, 1, MSG_DONTWAIT) < 0); // it has not finished yet
    CHECK(rt_str_ends_with(live_receive_all(fd), RT_STR("slow")));
    close(fd);
    CHECK_EQ(live_stop(&server), 0);
}

RT_TEST(a_worker_goes_on_when_its_successor_does_not_start)
{
    live server = start((rt_server_options){.workers = 2});
    wait_for(&site->started, 2);
    site->cannot_start = 1;
    kill(server.pid, SIGHUP);
    CHECK(live_logged(&server, "worker 1 goes on"));
    CHECK(answers(&server));
    CHECK_EQ(site->stopped, 0);
    site->cannot_start = 0;
    kill(server.pid, SIGHUP);
    wait_for(&site->stopped, 2);
    CHECK(answers(&server));
    CHECK_EQ(live_stop(&server), 0);
}

RT_TEST(a_stop_while_workers_are_replaced_is_no_error)
{
    live server = start((rt_server_options){.workers = 2});
    wait_for(&site->started, 2);
    site->start_ms = 300;
    kill(server.pid, SIGHUP);
    wait_for(&site->starting, 3);
    kill(server.pid, SIGTERM);
    CHECK_EQ(live_wait(&server), 0);
    CHECK_EQ(count_of(live_log(&server), "ERROR"), 0);
    CHECK_EQ(count_of(live_log(&server), "goes on"), 0);
}

// Workers may have ended before the master looks.
RT_TEST(a_stop_of_the_whole_group_is_no_error)
{
    for (int i = 0; i < 5; i++) {
        live server = start((rt_server_options){0});
        pid_t worker = answering(&server);
        kill(server.pid, SIGSTOP);
        kill(worker, SIGTERM);
        wait_for(&site->stopped, 1);
        kill(server.pid, SIGTERM);
        kill(server.pid, SIGCONT);
        CHECK_EQ(live_wait(&server), 0);
        CHECK_EQ(count_of(live_log(&server), "ERROR"), 0);
        CHECK_EQ(count_of(live_log(&server), "replaced"), 0);
        CHECK_EQ(site->started, 1);
    }
}

RT_TEST(workers_that_never_get_ready_end_the_server)
{
    rt_gateway gateway = site_gateway();
    site->cannot_start = 1;
    live server = live_start(gateway, (rt_server_options){.workers = 2});
    CHECK_EQ(live_wait(&server), 1);
    CHECK(live_logged(&server, "ended with status 1"));
    CHECK(live_logged(&server, "the workers end before they are ready"));
}

RT_TEST(a_worker_that_is_told_to_end_has_a_successor)
{
    live server = start((rt_server_options){0});
    pid_t before = answering(&server);
    kill(before, SIGTERM);
    wait_for(&site->stopped, 1);
    pid_t after = answering(&server);
    CHECK(after > 0);
    CHECK(after != before);
    CHECK(live_logged(&server, "INFO in server: worker 1 "));
    CHECK(rt_str_find(live_log(&server), RT_STR("ERROR")) == RT_STR_NONE);
    CHECK_EQ(live_stop(&server), 0);
}

RT_TEST(a_new_connection_is_served_while_the_server_stops)
{
    live server = start((rt_server_options){0});
    CHECK(answers(&server));
    int fd = live_connect(&server);
    kill(server.pid, SIGTERM);
    usleep(200000);
    live_send(fd, RT_STR("GET / HTTP/1.1\r\n" KEEP));
    rt_str r = live_receive_all(fd);
    CHECK_EQ(live_status(r), 200);
    CHECK(live_has(r, "Connection: close"));
    close(fd);
    CHECK_EQ(live_wait(&server), 0);
}

RT_TEST(nobody_can_connect_while_the_last_requests_end)
{
    live server = start((rt_server_options){0});
    int busy = live_connect(&server), fd = 0;
    live_send(busy, RT_STR("GET /slow?ms=4000 HTTP/1.1\r\n" KEEP));
    usleep(50000);
    kill(server.pid, SIGTERM);
    usleep(300000);
    for (int i = 0; i < 3 && (fd = live_connect(&server)) >= 0; i++)
        close(fd);
    CHECK(fd < 0);
    char byte;
    CHECK(recv(busy, &byte, 1, MSG_DONTWAIT) < 0);
    CHECK(rt_str_ends_with(live_receive_all(busy), RT_STR("slow")));
    close(busy);
    CHECK_EQ(live_wait(&server), 0);
}

// The state of a connection that was refused: how often it was tried again.
static int tries_after(const live *server)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)server->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct tcp_info info = {0};
    socklen_t len = sizeof info;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(connect(fd, (struct sockaddr *)&to, sizeof to) != 0);
    CHECK_EQ(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len), 0);
    close(fd);
    return (int)info.tcpi_total_retrans;
}

// A busy machine may take longer, but not each time.
RT_TEST(who_connects_after_a_stop_is_refused_soon)
{
    int tries = 1;
    for (int i = 0; i < 20 && tries > 0; i++) {
        live server = start((rt_server_options){.workers = 2});
        int busy = live_connect(&server);
        live_send(busy, RT_STR("GET /slow?ms=2000 HTTP/1.1\r\n" CLOSE));
        wait_for(&site->slow, 1);
        kill(server.pid, SIGTERM);
        usleep(50000);
        tries = tries_after(&server);
        kill(server.pid, SIGQUIT);
        CHECK_EQ(live_wait(&server), 0);
        close(busy);
    }
    CHECK_EQ(tries, 0);
}

RT_TEST(stopping_waits_for_requests_in_flight)
{
    live server = start((rt_server_options){.workers = 2});
    int fd = live_connect(&server);
    live_send(fd, RT_STR("GET /slow?ms=400 HTTP/1.1\r\n" KEEP));
    usleep(150000);
    kill(server.pid, SIGTERM);
    CHECK(rt_str_ends_with(live_receive_all(fd), RT_STR("slow")));
    CHECK_EQ(live_wait(&server), 0);
    close(fd);
}

RT_TEST(requests_that_were_sent_before_a_stop_are_answered)
{
    static const struct {
        const char *name;
        int signal;
        const char *requests;
        int answers;
    } rows[] = {
        {"stop", SIGTERM, SLOW SLOW SLOW SLOW SLOW SLOW, 6},
        {"replace", SIGHUP, SLOW SLOW SLOW SLOW SLOW SLOW, 6},
        {"bodies", SIGTERM,
         SLOW "POST /read HTTP/1.1\r\nContent-Length: 4\r\n" KEEP "body"
              "POST / HTTP/1.1\r\nContent-Length: 4\r\n" KEEP "body" SLOW,
         4},
        {"the last is a part", SIGTERM, SLOW SLOW "GET / HTTP", 2},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].name);
        live server = start((rt_server_options){.head_timeout_ms = 500});
        int fd = live_connect(&server);
        live_send(fd, rt_str_from(rows[i].requests));
        wait_for(&site->slow, 1);
        kill(server.pid, rows[i].signal);
        rt_str r = live_receive_all(fd);
        CHECK_EQ(count_of(r, "HTTP/1.1 200 OK"), rows[i].answers);
        CHECK_EQ(count_of(r, "Connection: close"), 1);
        close(fd);
        if (rows[i].signal == SIGHUP)
            CHECK_EQ(live_stop(&server), 0);
        else
            CHECK_EQ(live_wait(&server), 0);
    }
}

RT_TEST(the_second_interrupt_stops_at_once)
{
    live server = start((rt_server_options){0});
    int fd = live_connect(&server);
    live_send(fd, RT_STR("GET /slow?ms=60000 HTTP/1.1\r\n" KEEP));
    usleep(150000);
    kill(server.pid, SIGINT);
    usleep(100000);
    kill(server.pid, SIGINT);
    CHECK_EQ(live_wait(&server), 0);
    CHECK_EQ(live_receive_all(fd), "");
    close(fd);
}

RT_TEST(workers_end_when_their_master_is_killed)
{
    live server = start((rt_server_options){0});
    pid_t worker = answering(&server);
    kill(server.pid, SIGKILL);
    CHECK_EQ(live_wait(&server), 1000 + SIGKILL);
    int64_t deadline = rt_time_monotonic_ms() + 10000;
    while (kill(worker, 0) == 0 && rt_time_monotonic_ms() < deadline)
        usleep(10000);
    CHECK(kill(worker, 0) != 0);
}

RT_TEST(a_unix_socket_is_served_and_removed)
{
    char path[64];
    snprintf(path, sizeof path, "/tmp/retort-test-%d.sock", (int)getpid());
    live server = start((rt_server_options){.host = path, .workers = 2});
    CHECK(answers(&server));
    CHECK_EQ(access(path, F_OK), 0);
    CHECK_EQ(live_stop(&server), 0);
    CHECK(access(path, F_OK) != 0);
}

// A server that does not start says why.
static void check_refusal(rt_server_options options, const char *why)
{
    fflush(NULL);
    FILE *log = tmpfile();
    pid_t pid = fork();
    if (pid == 0) {
        dup2(fileno(log), STDERR_FILENO);
        exit(rt_serve(site_gateway(), &options));
    }
    int status;
    waitpid(pid, &status, 0);
    CHECK(WIFEXITED(status));
    CHECK_EQ(WEXITSTATUS(status), 1);
    live other = {.log = log};
    CHECK(live_logged(&other, why));
}

RT_TEST(an_address_may_be_in_brackets)
{
    int fd = socket(AF_INET6, SOCK_STREAM, 0);
    struct sockaddr_in6 own = {.sin6_family = AF_INET6,
                               .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    bool v6 = fd >= 0 && !bind(fd, (struct sockaddr *)&own, sizeof own);
    close(fd);
    if (!v6)
        RT_SKIP("this machine has no IPv6");
    static const char *const hosts[] = {"[::1]", "::1"};
    for (size_t i = 0; i < RT_COUNT(hosts); i++) {
        RT_CASE(hosts[i]);
        live server = start((rt_server_options){.host = hosts[i]});
        CHECK(live_logged(&server, "Running on http://[::1]:"));
        CHECK_EQ(live_stop(&server), 0);
    }
}

RT_TEST(a_port_in_use_is_refused_with_a_hint)
{
    live server = start((rt_server_options){0});
    check_refusal((rt_server_options){.port = server.port, .workers = 2},
                  "another program uses it (choose one with --port)");
    CHECK_EQ(live_stop(&server), 0);
}

RT_TEST(a_path_in_use_is_refused_with_a_hint)
{
    char path[64];
    snprintf(path, sizeof path, "/tmp/retort-test-%d.used", (int)getpid());
    live server = start((rt_server_options){.host = path});
    check_refusal((rt_server_options){.host = path},
                  "another program uses it (choose one with --host)");
    CHECK(answers(&server));
    CHECK_EQ(live_stop(&server), 0);
}

RT_TEST(a_path_that_is_no_socket_is_left_alone)
{
    char path[64];
    snprintf(path, sizeof path, "/tmp/retort-test-%d.file", (int)getpid());
    fclose(fopen(path, "w"));
    check_refusal((rt_server_options){.host = path},
                  "a file of that name exists");
    CHECK_EQ(access(path, F_OK), 0);
    unlink(path);
    check_refusal((rt_server_options){.host = "/tmp/"},
                  "a folder of that name exists");
}

RT_TEST(a_server_without_descriptors_for_connections_does_not_start)
{
    static const struct {
        int files;
        int workers;
    } rows[] = {{12, 4}, {12, 1}, {12, -1}, {40, 32}};

    struct rlimit before, few;
    REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        few = before;
        few.rlim_cur = (rlim_t)rows[i].files;
        REQUIRE(setrlimit(RLIMIT_NOFILE, &few) == 0);
        check_refusal((rt_server_options){.port = -1,
                                          .workers = rows[i].workers},
                      "files may be open (ulimit -n), and ");
        REQUIRE(setrlimit(RLIMIT_NOFILE, &before) == 0);
    }
}

RT_TEST(connections_beyond_the_descriptors_wait_and_are_logged_once)
{
    struct rlimit before, few;
    REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
    few = before;
    few.rlim_cur = 64;
    REQUIRE(setrlimit(RLIMIT_NOFILE, &few) == 0);
    live server = start((rt_server_options){0});
    REQUIRE(setrlimit(RLIMIT_NOFILE, &before) == 0);
    int fds[100];
    int64_t started = rt_time_monotonic_ms();
    for (size_t i = 0; i < RT_COUNT(fds); i++)
        fds[i] = live_connect(&server);
    CHECK(live_logged(&server, "cannot accept: Too many open files"));
    usleep(1000000);
    int64_t elapsed = rt_time_monotonic_ms() - started;
    CHECK(count_of(live_log(&server), "cannot accept") <= 1 + elapsed / 5000);
    for (size_t i = 0; i < RT_COUNT(fds); i++)
        close(fds[i]);
    CHECK(answers(&server));
    CHECK_EQ(live_stop(&server), 0);
}
