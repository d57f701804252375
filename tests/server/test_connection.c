// One worker and its connections: what a client sees.
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <retort/base/status.h>
#include <retort/base/time.h>

#include "live.h"
#include "site.h"

#define CLOSE "Host: x\r\nConnection: close\r\n\r\n"
#define KEEP  "Host: x\r\n\r\n"

static live start(rt_server_options options)
{
    if (!options.workers)
        options.workers = -1;
    return live_start(site_gateway(), options);
}

static live start_default(void)
{
    return start((rt_server_options){0});
}

// Stopping must be ordered, which under a sanitizer includes that nothing leaks.
static void stop(live *server)
{
    CHECK_EQ(live_stop(server), 0);
}

RT_TEST(a_request_is_answered)
{
    live server = start_default();
    rt_str r = live_ask(&server, "GET / HTTP/1.1\r\n" CLOSE);
    CHECK_EQ(live_status(r), 200);
    CHECK_EQ(live_body(r), "home");
    CHECK(live_has(r, "\r\nContent-Length: 4\r\n"));
    CHECK(live_has(r, "\r\nDate: "));
    CHECK(live_has(r, "\r\nConnection: close\r\n"));
    stop(&server);
}

RT_TEST(a_connection_serves_many_requests)
{
    live server = start_default();
    int fd = live_connect(&server);
    for (int i = 0; i < 50; i++) {
        live_send(fd, RT_STR("GET / HTTP/1.1\r\n" KEEP));
        CHECK_EQ(live_body(live_response(fd)), "home");
    }
    close(fd);
    CHECK_EQ(site->requests, 50);
    stop(&server);
}

RT_TEST(pipelined_requests_are_answered_in_order)
{
    live server = start_default();
    int fd = live_connect(&server);
    // A slow one in the middle holds up those behind it, as it must.
    for (int i = 0; i < 20; i++)
        live_send(fd, i == 7 ? RT_STR("GET /slow?ms=50 HTTP/1.1\r\n" KEEP)
                             : RT_STR("GET /large?n=1 HTTP/1.1\r\n" KEEP));
    for (int i = 0; i < 20; i++)
        CHECK_EQ(live_body(live_response(fd)), i == 7 ? "slow" : "x");
    close(fd);
    stop(&server);
}

RT_TEST(pipelined_answers_of_one_read_leave_in_one_send)
{
    live server = start_default();
    int fd = live_connect(&server);
    live_send(fd, RT_STR("GET / HTTP/1.1\r\n" KEEP "GET / HTTP/1.1\r\n" KEEP
                         "GET / HTTP/1.1\r\n" KEEP "GET / HTTP/1.1\r\n" KEEP));
    // One send on a fresh loopback connection is one segment.
    char all[4096];
    ssize_t n = recv(fd, all, sizeof all, 0);
    int count = 0;
    rt_str rest = rt_str_of(all, n > 0 ? (size_t)n : 0);
    for (size_t at; (at = rt_str_find(rest, RT_STR("home"))) != RT_STR_NONE;
         count++)
        rt_str_take(&rest, at + 4);
    CHECK_EQ(count, 4);
    close(fd);
    stop(&server);
}

RT_TEST(a_client_that_has_closed_its_side_gets_its_answers)
{
    live server = start_default();
    int fd = live_connect(&server);
    live_send(fd, RT_STR("GET / HTTP/1.1\r\n" KEEP
                         "GET /slow?ms=30 HTTP/1.1\r\n" KEEP
                         "GET / HTTP/1.1\r\n" KEEP));
    shutdown(fd, SHUT_WR);
    rt_str all = live_receive_all(fd);
    CHECK(rt_str_ends_with(all, RT_STR("home")));
    CHECK(live_has(all, "slow"));
    CHECK_EQ(site->requests, 2);
    close(fd);
    stop(&server);
}

RT_TEST(bytes_that_trickle_in_make_a_request)
{
    live server = start_default();
    rt_str request = RT_STR("POST /read HTTP/1.1\r\nHost: x\r\n"
                            "Transfer-Encoding: chunked\r\n\r\n"
                            "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: v\r\n\r\n");
    int fd = live_connect(&server);
    for (size_t i = 0; i < request.len; i++) {
        live_send(fd, rt_str_slice(request, i, 1));
        usleep(500);
    }
    CHECK_EQ(live_body(live_response(fd)), "abcde");
    close(fd);
    stop(&server);
}

RT_TEST(malformed_requests_end_the_connection)
{
    static const struct {
        const char *request;
        int status;
    } rows[] = {
        {"GET / HTTP/1.1\r\n\r\n", 400},
        {"GET / HTTP/1.1\nHost: x\n\n", 400},
        {"GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505},
        {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
         501},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
         "Transfer-Encoding: chunked\r\n\r\n",
         400},
    };

    live server = start_default();
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].request);
        int fd = live_connect(&server);
        live_send(fd, rt_str_from(rows[i].request));
        live_send(fd, RT_STR("GET / HTTP/1.1\r\n" KEEP));
        rt_str all = live_receive_all(fd);
        CHECK_EQ(live_status(all), rows[i].status);
        CHECK(!live_has(all, "home")); // what follows is not a request
        close(fd);
    }
    stop(&server);
}

RT_TEST(a_body_is_pulled_and_sent_back_as_it_comes)
{
    live server = start_default();
    static char block[1000];
    memset(block, 'b', sizeof block);
    int fd = live_connect(&server);
    live_send(fd,
              RT_STR("POST /echo HTTP/1.1\r\nHost: x\r\n"
                     "Content-Length: 300000\r\nConnection: close\r\n\r\n"));
    for (int i = 0; i < 300; i++)
        live_send(fd, rt_str_of(block, sizeof block));
    rt_str all = live_receive_all(fd);
    CHECK_EQ(live_status(all), 200);
    CHECK(live_has(all, "Transfer-Encoding: chunked\r\n"));
    CHECK(all.len > 300000);
    CHECK(rt_str_ends_with(all, RT_STR("\r\n0\r\n\r\n")));
    close(fd);
    stop(&server);
}

RT_TEST(a_large_body_is_read_whole)
{
    live server = start_default();
    size_t len = 3 << 20;
    char *body = malloc(len);
    memset(body, 'y', len);
    char head[128];
    snprintf(head, sizeof head,
             "POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n\r\n",
             len);
    int fd = live_connect(&server);
    live_send(fd, rt_str_from(head));
    live_send(fd, rt_str_of(body, len));
    rt_str r = live_response(fd);
    CHECK_EQ(live_body(r).len, len);
    CHECK_EQ(site->body_bytes, (long)len);
    free(body);
    close(fd);
    stop(&server);
}

RT_TEST(a_body_over_the_limit_is_413_before_it_is_read)
{
    live server = start_default();
    rt_str r = live_ask(&server, "POST /read?max=10 HTTP/1.1\r\nHost: x\r\n"
                                 "Content-Length: 99999999\r\n\r\n");
    CHECK_EQ(live_status(r), 413);
    r = live_ask(&server, "POST /read?max=10 HTTP/1.1\r\nHost: x\r\n"
                          "Transfer-Encoding: chunked\r\n\r\n"
                          "b\r\n01234567890\r\n0\r\n\r\n");
    CHECK_EQ(live_status(r), 413);
    CHECK(live_has(r, "Connection: close"));
    stop(&server);
}

RT_TEST(continue_is_sent_when_the_body_is_wanted)
{
    live server = start_default();
    int fd = live_connect(&server);
    live_send(fd, RT_STR("POST /read HTTP/1.1\r\nHost: x\r\n"
                         "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
    CHECK_EQ(live_receive(fd, 25), "HTTP/1.1 100 Continue\r\n\r\n");
    live_send(fd, RT_STR("ok"));
    CHECK_EQ(live_body(live_response(fd)), "ok");
    close(fd);

    // Nobody wants it: the answer comes at once, and the connection ends,
    // for the client may send the body all the same.
    rt_str r = live_ask(&server, "POST / HTTP/1.1\r\nHost: x\r\n"
                                 "Expect: 100-continue\r\n"
                                 "Content-Length: 2\r\n\r\n");
    CHECK_EQ(live_status(r), 200);
    CHECK(!live_has(r, "100 Continue"));
    CHECK(live_has(r, "Connection: close"));
    stop(&server);
}

RT_TEST(an_unread_body_is_drained_when_it_is_short)
{
    live server = start_default();
    static char body[50000];
    memset(body, 'z', sizeof body);
    int fd = live_connect(&server);
    for (int i = 0; i < 3; i++) {
        live_send(fd, RT_STR("POST / HTTP/1.1\r\nHost: x\r\n"
                             "Content-Length: 50000\r\n\r\n"));
        live_send(fd, rt_str_of(body, sizeof body));
    }
    for (int i = 0; i < 3; i++)
        CHECK_EQ(live_body(live_response(fd)), "home");
    close(fd);

    rt_str r = live_ask(&server, "POST / HTTP/1.1\r\nHost: x\r\n"
                                 "Content-Length: 5000000\r\n\r\nabc");
    CHECK_EQ(live_status(r), 200);
    CHECK(live_has(r, "Connection: close"));
    stop(&server);
}

RT_TEST(a_stream_is_chunked_or_ends_with_the_connection)
{
    live server = start_default();
    rt_str r = live_ask(&server, "GET /words HTTP/1.1\r\n" CLOSE);
    CHECK_EQ(live_body(r), "4\r\none \r\n4\r\ntwo \r\n5\r\nthree\r\n0\r\n\r\n");
    r = live_ask(&server, "GET /words HTTP/1.0\r\n\r\n");
    CHECK_EQ(live_body(r), "one two three");
    CHECK(!live_has(r, "Transfer-Encoding"));
    r = live_ask(&server, "HEAD /words HTTP/1.1\r\n" CLOSE);
    CHECK_EQ(live_status(r), 200);
    CHECK_EQ(live_body(r), "");
    stop(&server);
}

RT_TEST(a_stream_whose_length_is_in_its_headers_is_not_chunked)
{
    live server = start_default();
    int fd = live_connect(&server);
    live_send(fd, RT_STR("GET /words?n=13 HTTP/1.1\r\n" KEEP));
    rt_str r = live_response(fd);
    CHECK(live_has(r, "\r\nContent-Length: 13\r\n"));
    CHECK(!live_has(r, "Transfer-Encoding"));
    CHECK_EQ(live_body(r), "one two three");
    live_send(fd, RT_STR("GET / HTTP/1.1\r\n" KEEP));
    CHECK_EQ(live_body(live_response(fd)), "home");
    close(fd);

    // One that keeps not its word is cut, at whichever end.
    r = live_ask(&server, "GET /words?n=14 HTTP/1.1\r\n" KEEP);
    CHECK_EQ(live_body(r), "one two three");
    r = live_ask(&server, "GET /words?n=9 HTTP/1.1\r\n" KEEP);
    CHECK_EQ(live_body(r), "one two ");
    CHECK(live_logged(&server, "the response was cut"));
    r = live_ask(&server, "GET /words?n=-3 HTTP/1.1\r\n" CLOSE);
    CHECK(live_has(r, "Transfer-Encoding: chunked"));
    stop(&server);
}

RT_TEST(a_stream_that_fails_is_seen_to_be_incomplete)
{
    live server = start_default();
    rt_str r = live_ask(&server, "GET /cut HTTP/1.1\r\n" KEEP);
    CHECK(live_has(r, "half"));
    CHECK(!live_has(r, "0\r\n\r\n"));
    CHECK(live_logged(&server, "the response was cut"));
    stop(&server);
}

RT_TEST(a_stream_waits_for_a_client_that_does_not_read)
{
    live server = start_default();
    int fd = live_connect(&server);
    live_send(fd, RT_STR("GET /flood HTTP/1.1\r\n" KEEP));
    // Until the sockets are full; then nothing more may be produced.
    long before = -1;
    while (site->produced != before) {
        before = site->produced;
        usleep(200000);
    }
    CHECK(site->produced > 0);
    CHECK(site->produced < 32 << 20);
    // Others are served meanwhile.
    CHECK_EQ(live_body(live_ask(&server, "GET / HTTP/1.1\r\n" CLOSE)), "home");
    // It goes on when the client reads, and ends when the client leaves.
    live_receive(fd, 8 << 20);
    CHECK(site->produced > before);
    close(fd);
    while (!site->gone)
        usleep(10000);
    CHECK_EQ(site->gone, RT_E_CLOSED);
    stop(&server);
}

RT_TEST(a_file_is_sent)
{
    live server = start_default();
    int fd = live_connect(&server);
    live_send(fd, RT_STR("GET /file HTTP/1.1\r\n" KEEP));
    rt_str r = live_response(fd);
    CHECK(live_has(r, "\r\nContent-Length: 999990\r\n"));
    CHECK_EQ(live_body(r).len, 999990u);
    CHECK(rt_str_starts_with(live_body(r), RT_STR("34567890123")));
    CHECK(rt_str_ends_with(live_body(r), RT_STR("3456789012")));
    live_send(fd, RT_STR("GET / HTTP/1.1\r\n" KEEP));
    CHECK_EQ(live_body(live_response(fd)), "home");
    close(fd);
    stop(&server);
}

RT_TEST(responses_without_body_have_none)
{
    live server = start_default();
    int fd = live_connect(&server);
    live_send(fd,
              RT_STR("GET /empty HTTP/1.1\r\n" KEEP "HEAD / HTTP/1.1\r\n" KEEP
                     "GET / HTTP/1.1\r\n" CLOSE));
    rt_str all = live_receive_all(fd);
    CHECK(!live_has(all, "not sent"));
    CHECK(live_has(all, "HTTP/1.1 204 No Content\r\n"));
    CHECK(live_has(all, "\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type"));
    CHECK(rt_str_ends_with(all, RT_STR("\r\n\r\nhome")));
    close(fd);
    stop(&server);
}

RT_TEST(a_client_that_reads_all_too_slowly_is_cut)
{
    live server = start((rt_server_options){.write_timeout_ms = 1000});
    int fd = live_connect_with_room(&server, 2048);
    live_send(fd, RT_STR("GET /drops HTTP/1.1\r\n" KEEP));
    while (!site->gone) {
        char bytes[20];
        (void)!recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
        usleep(200000);
    }
    CHECK_EQ(site->gone, RT_E_TIMEOUT);
    close(fd);
    stop(&server);
}

RT_TEST(large_answers_reach_slow_readers_whole)
{
    live server = start_default();
    int fd = live_connect(&server);
    live_send(fd, RT_STR("GET /large?n=8000000 HTTP/1.1\r\n" KEEP
                         "GET /large?n=5 HTTP/1.1\r\n" KEEP));
    usleep(50000);
    rt_str r = live_response(fd);
    CHECK_EQ(live_body(r).len, 8000000u);
    CHECK_EQ(live_body(live_response(fd)), "xxxxx");
    close(fd);
    stop(&server);
}

RT_TEST(a_client_that_asks_but_does_not_read_is_held_back)
{
    live server = start_default();
    int fd = live_connect(&server);
    struct timeval limit = {.tv_usec = 300000};
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    // Each request of 40 bytes asks for 15,000: the server must stop reading.
    ssize_t sent = 0, n;
    rt_str request = RT_STR("GET /large?n=15000 HTTP/1.1\r\nHost: x\r\n\r\n");
    while ((n = send(fd, request.data, request.len, MSG_NOSIGNAL)) > 0 &&
           sent < 20 << 20)
        sent += n;
    CHECK(sent < 20 << 20);
    CHECK_EQ(live_body(live_ask(&server, "GET / HTTP/1.1\r\n" CLOSE)), "home");
    close(fd);
    stop(&server);
}

RT_TEST(views_that_wait_do_not_hold_up_others)
{
    live server = start_default();
    int fds[500];
    for (size_t i = 0; i < RT_COUNT(fds); i++) {
        fds[i] = live_connect(&server);
        REQUIRE(fds[i] >= 0);
        live_send(fds[i], RT_STR("GET /slow?ms=1500 HTTP/1.1\r\n" KEEP));
    }
    CHECK_EQ(live_body(live_ask(&server, "GET / HTTP/1.1\r\n" CLOSE)), "home");
    // None of the slow ones was answered before.
    char byte;
    for (size_t i = 0; i < RT_COUNT(fds); i++)
        if (recv(fds[i], &byte, 1, MSG_DONTWAIT) >= 0)
            CHECK(!"a slow request was answered first");
    for (size_t i = 0; i < RT_COUNT(fds); i++) {
        CHECK_EQ(live_body(live_response(fds[i])), "slow");
        close(fds[i]);
    }
    stop(&server);
}

RT_TEST(a_view_can_ask_whether_its_client_has_left)
{
    live server = start_default();
    int fd = live_connect(&server);
    live_send(fd, RT_STR("GET /gone HTTP/1.1\r\n" KEEP));
    usleep(50000);
    struct linger reset = {.l_onoff = 1};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    close(fd);
    while (!site->gone)
        usleep(10000);
    CHECK_EQ(site->gone, 1);
    stop(&server);
}

RT_TEST(a_client_that_has_closed_its_side_has_not_left)
{
    live server = start_default();
    int fd = live_connect(&server);
    live_send(fd, RT_STR("GET /gone?turns=20 HTTP/1.1\r\n" KEEP));
    shutdown(fd, SHUT_WR);
    CHECK_EQ(live_body(live_receive_all(fd)), "gone");
    CHECK_EQ(site->gone, 2);
    close(fd);
    stop(&server);
}

RT_TEST(coroutines_of_a_request_end_with_it)
{
    live server = start_default();
    for (int i = 0; i < 20; i++)
        CHECK_EQ(live_body(
                     live_ask(&server, "GET /children HTTP/1.1\r\n" CLOSE)),
                 "children");
    stop(&server);
}

RT_TEST(a_gateway_that_returns_null_is_500)
{
    live server = start_default();
    CHECK_EQ(live_status(live_ask(&server, "GET /null HTTP/1.1\r\n" CLOSE)),
             500);
    stop(&server);
}

// ---- time limits --------------------------------------------------------------

RT_TEST(an_idle_connection_is_closed)
{
    live server = start((rt_server_options){.idle_timeout_ms = 100});
    int fd = live_connect(&server);
    live_send(fd, RT_STR("GET / HTTP/1.1\r\n" KEEP));
    CHECK(rt_str_ends_with(live_receive_all(fd), RT_STR("home")));
    close(fd);
    stop(&server);
}

RT_TEST(a_head_that_does_not_come_to_an_end_is_408)
{
    live server = start((rt_server_options){.head_timeout_ms = 150});
    int fd = live_connect(&server);
    int64_t started = rt_time_monotonic_ms();
    live_send(fd, RT_STR("GET / HTTP/1.1\r\nHost: x\r\n"));
    CHECK_EQ(live_status(live_receive_all(fd)), 408);
    close(fd);
    // Without a byte there is nothing to answer.
    fd = live_connect(&server);
    CHECK_EQ(live_receive_all(fd), "");
    close(fd);
    // Bytes that trickle in do not prolong the time.
    fd = live_connect(&server);
    rt_str request = RT_STR("GET / HTTP/1.1\r\nHost: x\r\nX: ");
    live_send(fd, request);
    char byte;
    while (recv(fd, &byte, 1, MSG_DONTWAIT) < 0 &&
           rt_time_monotonic_ms() - started < 8000) {
        live_send(fd, RT_STR("a"));
        usleep(20000);
    }
    CHECK(rt_time_monotonic_ms() - started < 8000);
    close(fd);
    stop(&server);
}

RT_TEST(a_body_that_does_not_come_is_given_up)
{
    live server = start((rt_server_options){.body_timeout_ms = 100});
    int fd = live_connect(&server);
    live_send(fd, RT_STR("POST /read HTTP/1.1\r\nHost: x\r\n"
                         "Content-Length: 10\r\n\r\nabc"));
    CHECK_EQ(live_status(live_receive_all(fd)), 408);
    CHECK_EQ(site->last_status, RT_E_TIMEOUT);
    close(fd);
    stop(&server);
}

RT_TEST(a_client_that_never_reads_is_given_up)
{
    live server = start((rt_server_options){.write_timeout_ms = 100});
    int fd = live_connect(&server);
    live_send(fd, RT_STR("GET /flood HTTP/1.1\r\n" KEEP));
    while (!site->gone)
        usleep(10000);
    CHECK_EQ(site->gone, RT_E_TIMEOUT);
    close(fd);
    stop(&server);
}

// ---- limits ---------------------------------------------------------------------

RT_TEST(more_requests_than_allowed_are_told_to_come_back)
{
    live server = start((rt_server_options){.requests = 2});
    int a = live_connect(&server), b = live_connect(&server);
    live_send(a, RT_STR("GET /slow?ms=1000 HTTP/1.1\r\n" KEEP));
    live_send(b, RT_STR("GET /slow?ms=1000 HTTP/1.1\r\n" KEEP));
    usleep(100000);
    rt_str r = live_ask(&server, "GET / HTTP/1.1\r\n" CLOSE);
    CHECK_EQ(live_status(r), 503);
    CHECK(live_has(r, "\r\nRetry-After: 1\r\n"));
    CHECK_EQ(live_body(live_response(a)), "slow");
    CHECK_EQ(live_body(live_response(b)), "slow");
    CHECK_EQ(live_status(live_ask(&server, "GET / HTTP/1.1\r\n" CLOSE)), 200);
    close(a);
    close(b);
    stop(&server);
}

// Requests that are let in one by one, with bodies that are too much together:
// all heads come first, and all but the last byte of each before any ends.
static void check_memory(const char *framing, const char *before,
                         const char *after)
{
    enum {
        CLIENTS = 8,
        BYTES = 1500000
    };

    live server = start((rt_server_options){.memory = 6 << 20});
    char *body = malloc(BYTES);
    int fds[CLIENTS], answered = 0, refused = 0;
    char head[200];
    memset(body, 'm', BYTES);
    snprintf(head, sizeof head,
             "POST /read HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n%s", framing, before);
    for (int i = 0; i < CLIENTS; i++) {
        fds[i] = live_connect(&server);
        live_send(fds[i], rt_str_from(head));
    }
    CHECK_EQ(live_status(live_ask(&server, "GET / HTTP/1.1\r\n" CLOSE)), 200);
    for (int i = 0; i < CLIENTS; i++)
        live_send(fds[i], rt_str_of(body, BYTES - 1));
    // Others are told so, too, or are served.
    rt_str r = live_ask(&server, "GET / HTTP/1.1\r\n" CLOSE);
    CHECK(live_status(r) == 200 || live_status(r) == 503);
    for (int i = 0; i < CLIENTS; i++) {
        live_send(fds[i], RT_STR("m"));
        live_send(fds[i], rt_str_from(after));
        r = live_response(fds[i]);
        answered += live_status(r) == 200 && live_body(r).len == BYTES;
        if (live_status(r) != 503)
            continue;
        refused++;
        CHECK(live_has(r, "\r\nRetry-After: 1\r\n"));
        CHECK(live_has(r, "\r\nConnection: close\r\n"));
    }
    CHECK(answered > 0);
    CHECK(refused > 0);
    CHECK_EQ(answered + refused, (int)CLIENTS);
    for (int i = 0; i < CLIENTS; i++)
        close(fds[i]);
    CHECK_EQ(live_status(live_ask(&server, "GET / HTTP/1.1\r\n" CLOSE)), 200);
    free(body);
    stop(&server);
}

RT_TEST(bodies_that_need_more_memory_than_allowed_are_refused)
{
    check_memory("Content-Length: 1500000", "", "");
    check_memory("Transfer-Encoding: chunked", "16e360\r\n", "\r\n0\r\n\r\n");
}

RT_TEST(the_heads_of_requests_are_limited)
{
    live server = start((rt_server_options){
        .head_bytes = 500, .target_bytes = 100, .headers = 5});
    char request[2000];
    snprintf(request, sizeof request, "GET /%0200d HTTP/1.1\r\n" CLOSE, 0);
    CHECK_EQ(live_status(live_ask(&server, request)), 414);
    snprintf(request, sizeof request, "GET / HTTP/1.1\r\nX: %0600d\r\n" CLOSE,
             0);
    CHECK_EQ(live_status(live_ask(&server, request)), 431);
    CHECK_EQ(live_status(live_ask(&server,
                                  "GET / HTTP/1.1\r\nA: 1\r\nB: 1\r\nC: 1\r\n"
                                  "D: 1\r\n" CLOSE)),
             431);
    stop(&server);
}

// ---- the end ------------------------------------------------------------------

RT_TEST(stopping_lets_requests_in_flight_finish)
{
    live server = start_default();
    int busy = live_connect(&server), idle = live_connect(&server);
    live_send(idle, RT_STR("GET / HTTP/1.1\r\n" KEEP));
    live_response(idle);
    live_send(busy, RT_STR("GET /slow?ms=300 HTTP/1.1\r\n" KEEP));
    usleep(100000);
    kill(server.pid, SIGTERM);
    CHECK_EQ(live_receive_all(idle), ""); // closed at once
    rt_str r = live_receive_all(busy);
    CHECK(rt_str_ends_with(r, RT_STR("slow")));
    CHECK(live_has(r, "Connection: close"));
    CHECK_EQ(live_wait(&server), 0);
    CHECK_EQ(site->started, 1);
    CHECK_EQ(site->stopped, 1);
    close(busy);
    close(idle);
}

RT_TEST(what_takes_longer_than_the_grace_period_is_cut)
{
    live server = start((rt_server_options){.grace_ms = 100});
    int fd = live_connect(&server);
    live_send(fd, RT_STR("GET /slow?ms=60000 HTTP/1.1\r\n" KEEP));
    usleep(100000);
    CHECK_EQ(live_stop(&server), 0);
    CHECK_EQ(live_receive_all(fd), "");
    close(fd);
}

RT_TEST(requests_are_logged_without_letting_clients_forge_lines)
{
    live server = start((rt_server_options){.access_log = "-"});
    live_ask(&server, "GET /large?n=3 HTTP/1.1\r\nUser-Agent: \"me\"\\\r\n"
                      "Referer: http://r/\r\n" CLOSE);
    CHECK(live_logged(&server,
                      "\"GET /large?n=3 HTTP/1.1\" 200 3 \"http://r/\" "
                      "\"\\x22me\\x22\\x5c\""));
    CHECK(live_logged(&server, "127.0.0.1 - - ["));
    // U+009B begins a control sequence in some terminals.
    live_ask(&server, "GET / HTTP/1.1\r\nUser-Agent: \xc2\x9b"
                      "1m\r\n" CLOSE);
    CHECK(live_logged(&server, "\"-\" \"\\xc2\\x9b1m\""));
    stop(&server);
}

RT_TEST(what_is_refused_is_logged_too)
{
    static const struct {
        const char *request;
        const char *logged;
    } rows[] = {
        {"GET /a HTTP/1.1\r\n\r\n",
         "\"GET /a HTTP/1.1\" 400 12 \"-\" \"-\" -\n"},
        {"HEAD /b HTTP/1.1\r\n\r\n", "\"HEAD /b HTTP/1.1\" 400 0 "},
        {"\r\nGET /c HTTP/2.0\r\n" CLOSE, "\"GET /c HTTP/2.0\" 505 "},
        {"POST /d HTTP/1.1\r\nTransfer-Encoding: br, chunked\r\n" CLOSE,
         "\"POST /d HTTP/1.1\" 501 "},
        {"\x16\x03\x01\xff\r\n\r\n", "\"\\x16\\x03\\x01\\xff\" 400 "},
        {"GET /e HTTP/1.1\r\nHost: x\r\n", "\"GET /e HTTP/1.1\" 408 "},
        {"GET /unfinish", "\"GET /unfinish\" 408 "},
    };

    live server = start((rt_server_options){
        .access_log = "-", .head_timeout_ms = 200, .target_bytes = 4000});
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].request);
        live_ask(&server, rows[i].request);
        CHECK(live_logged(&server, rows[i].logged));
    }
    char request[5000];
    snprintf(request, sizeof request, "GET /%04500d HTTP/1.1\r\n" CLOSE, 0);
    CHECK_EQ(live_status(live_ask(&server, request)), 414);
    CHECK(live_logged(&server, "00000...\" 414 "));
    stop(&server);
}

RT_TEST(a_server_whose_access_log_cannot_be_opened_does_not_start)
{
    fflush(NULL);
    FILE *log = tmpfile();
    pid_t pid = fork();
    if (pid == 0) {
        dup2(fileno(log), STDERR_FILENO);
        exit(rt_serve(site_gateway(),
                      &(rt_server_options){.port = -1,
                                           .workers = -1,
                                           .access_log = "/nowhere/at/all"}));
    }
    int status;
    waitpid(pid, &status, 0);
    CHECK(WIFEXITED(status));
    CHECK_EQ(WEXITSTATUS(status), 1);
    live other = {.log = log};
    CHECK(live_logged(&other,
                      "cannot open the access log /nowhere/at/all: No such "));
}
