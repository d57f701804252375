// What clients may send, good and bad, over real sockets, whole and cut: what is
// answered, in which order, and what becomes of the connection.
#include <sys/socket.h>
#include <unistd.h>

#include <retort/base/buf.h>

#include "raw.h"
#include "raw_cases.h"

static live start(void)
{
    return live_start(raw_gateway(), (rt_server_options){.workers = -1});
}

static void play(const raw_case *cases, size_t n, raw_cut cut)
{
    live server = start();
    raw_play(&server, cases, n, cut);
    CHECK_EQ(live_stop(&server), 0);
}

#define PLAY(cases, cut) play(cases, RT_COUNT(cases), cut)

RT_TEST(request_lines_are_three_words)
{
    PLAY(request_lines, RAW_SOME);
}

RT_TEST(empty_lines_before_a_request_are_skipped)
{
    PLAY(empty_lines, RAW_SOME);
}

RT_TEST(methods_are_tokens)
{
    PLAY(methods, RAW_SOME);
}

RT_TEST(versions_are_two_digits)
{
    PLAY(versions, RAW_SOME);
}

RT_TEST(targets_have_four_forms)
{
    PLAY(targets, RAW_SOME);
}

RT_TEST(there_is_one_good_host)
{
    PLAY(hosts, RAW_SOME);
}

RT_TEST(field_lines_have_a_name_a_colon_and_a_value)
{
    PLAY(field_lines, RAW_SOME);
}

RT_TEST(heads_are_limited)
{
    PLAY(head_limits, RAW_SOME);
}

RT_TEST(other_protocols_are_refused)
{
    PLAY(garbage, RAW_SOME);
}

RT_TEST(a_length_is_one_number)
{
    PLAY(lengths, RAW_SOME);
}

RT_TEST(a_coding_is_chunked)
{
    PLAY(codings, RAW_SOME);
}

RT_TEST(chunks_are_read_strictly)
{
    PLAY(chunks, RAW_SOME);
}

RT_TEST(chunk_extensions_are_read_strictly)
{
    PLAY(extensions, RAW_SOME);
}

RT_TEST(trailers_are_read_strictly)
{
    PLAY(trailers, RAW_SOME);
}

RT_TEST(bodies_nobody_reads_are_passed_over)
{
    PLAY(unread, RAW_SOME);
}

RT_TEST(bodies_nobody_reads_may_be_malformed)
{
    PLAY(unread_malformed, RAW_WHOLE);
}

RT_TEST(expectations_are_met_or_refused)
{
    PLAY(expectations, RAW_WHOLE);
}

RT_TEST(connections_stay_or_close_as_asked)
{
    PLAY(connections, RAW_SOME);
}

RT_TEST(pipelined_requests_are_answered_in_order_up_to_the_first_error)
{
    PLAY(pipelines, RAW_SOME);
}

RT_TEST(some_answers_have_no_body)
{
    PLAY(bodiless, RAW_SOME);
}

RT_TEST(half_closed_clients_get_their_answers)
{
    PLAY(half_closed, RAW_SOME);
}

RT_TEST(nothing_is_answered_too_early)
{
    PLAY(slow, RAW_WHOLE);
}

RT_TEST(the_verdict_does_not_depend_on_how_the_bytes_are_cut)
{
    PLAY(cut_everywhere, RAW_EVERY);
}

// ---- by the dozen ------------------------------------------------------------------

static bool is_visible(int c)
{
    return c > ' ' && c < 0x7f;
}

static bool may_be_in_target(int c)
{
    return is_visible(c) && c != '#';
}

static bool may_be_in_value(int c)
{
    return (c >= ' ' && c != 0x7f) || c == '\t';
}

static bool may_be_in_name(int c)
{
    return is_visible(c) && !strchr("\"(),/:;<=>?@[\\]{}", c);
}

// In a quoted chunk extension; these two would end or escape.
static bool may_be_in_quotes(int c)
{
    return may_be_in_value(c) && c != '"' && c != '\\';
}

typedef struct place {
    const char *name;
    const char *before;
    const char *after;
    bool (*may)(int c);
    const char *expect; // where the byte may be
    const char *except; // bytes that mean something else here
} place;

static const place places[] = {
    {"method", "G", "T / HTTP/1.1\r\n" HE, may_be_in_name, "200=home keep",
     " "},
    {"path", "GET /a", "b HTTP/1.1\r\n" HE, may_be_in_target, "404 keep", ""},
    {"query", "GET /?a", "b HTTP/1.1\r\n" HE, may_be_in_target, "200=home keep",
     ""},
    {"name", "GET / HTTP/1.1\r\n" H "X", "Y: a\r\n\r\n", may_be_in_name,
     "200=home keep", ":"},
    {"first byte of a name", "GET / HTTP/1.1\r\n" H, "X: a\r\n\r\n",
     may_be_in_name, "200=home keep", ""},
    {"last byte of a name", "GET / HTTP/1.1\r\n" H "X", ": a\r\n\r\n",
     may_be_in_name, "200=home keep", ":"},
    {"value", "GET / HTTP/1.1\r\n" H "X: a", "b\r\n\r\n", may_be_in_value,
     "200=home keep", ""},
    {"first byte of a value", "GET / HTTP/1.1\r\n" H "X:", "b\r\n\r\n",
     may_be_in_value, "200=home keep", ""},
    {"last byte of a value", "GET / HTTP/1.1\r\n" H "X: a", "\r\n\r\n",
     may_be_in_value, "200=home keep", ""},
    {"quoted extension", POST(CHUNKS) "1;a=\"b", "c\"\r\na\r\n0\r\n\r\n",
     may_be_in_quotes, "200=a keep", "\"\\"},
    {"name of an extension", POST(CHUNKS) "1;a", "c\r\na\r\n0\r\n\r\n",
     may_be_in_name, "200=a keep", "=;"},
    {"name of a trailer", POST(CHUNKS) "0\r\nA", "B: c\r\n\r\n", may_be_in_name,
     "200= keep", ":"},
    {"value of a trailer", POST(CHUNKS) "0\r\nA: b", "c\r\n\r\n",
     may_be_in_value, "200= keep", ""},
};

RT_TEST(every_byte_is_judged_where_it_stands)
{
    raw_batch batch = {0};
    for (size_t i = 0; i < RT_COUNT(places); i++) {
        const place *p = &places[i];
        for (int c = 0; c < 256; c++) {
            char name[64], byte = (char)c;
            if (c && strchr(p->except, c))
                continue;
            snprintf(name, sizeof name, "byte 0x%02x in the %s", (unsigned)c,
                     p->name);
            raw_add(&batch, name, p->before, rt_str_of(&byte, 1), p->after,
                    p->may(c) ? p->expect : REFUSED);
        }
    }
    play(batch.cases, batch.len, RAW_WHOLE);
}

// One byte at the places where only one is right.
RT_TEST(no_other_byte_takes_the_place_of_a_delimiter)
{
    static const struct {
        const char *name, *before, *after, *right, *expect;
    } rows[] = {
        {"space behind the method", "GET", "/ HTTP/1.1\r\n" HE, " ",
         "200=home keep"},
        {"CR of the first line", "GET / HTTP/1.1", "\n" HE, "\r",
         "200=home keep"},
        {"LF of the first line", "GET / HTTP/1.1\r", HE, "\n", "200=home keep"},
        {"LF of a field", "GET / HTTP/1.1\r\nHost: x\r", "\r\n", "\n",
         "200=home keep"},
        {"LF of the head", "GET / HTTP/1.1\r\nHost: x\r\n\r", "", "\n",
         "200=home keep"},
        {"LF of a size", POST(CHUNKS) "1\r", "a\r\n0\r\n\r\n", "\n",
         "200=a keep"},
        {"CR of a chunk", POST(CHUNKS) "1\r\na", "\n0\r\n\r\n", "\r",
         "200=a keep"},
        {"LF of a chunk", POST(CHUNKS) "1\r\na\r", "0\r\n\r\n", "\n",
         "200=a keep"},
        {"LF of the last size", POST(CHUNKS) "0\r", "\r\n", "\n", "200= keep"},
        {"LF of the end", POST(CHUNKS) "0\r\n\r", "", "\n", "200= keep"},
        {"slash of the version", "GET / HTTP", "1.1\r\n" HE, "/",
         "200=home keep"},
        {"point of the version", "GET / HTTP/1", "1\r\n" HE, ".",
         "200=home keep"},
    };

    raw_batch batch = {0};
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        for (int c = 0; c < 256; c++) {
            char name[64], byte = (char)c;
            bool right = c && strchr(rows[i].right, c);
            snprintf(name, sizeof name, "byte 0x%02x for the %s", (unsigned)c,
                     rows[i].name);
            raw_add(&batch, name, rows[i].before, rt_str_of(&byte, 1),
                    rows[i].after, right ? rows[i].expect : REFUSED);
        }
    }
    play(batch.cases, batch.len, RAW_WHOLE);
}

// ---- what no row can say -----------------------------------------------------------

RT_TEST(heads_of_answers_say_what_holds)
{
    static const struct {
        const char *request, *has, *has_not;
    } rows[] = {
        {GET(""), "HTTP/1.1 200 OK\r\n", "Connection:"},
        {GET(""), "\r\nContent-Length: 4\r\n", "Transfer-Encoding:"},
        {GET("Connection: close\r\n"), "\r\nConnection: close\r\n",
         "keep-alive"},
        {GET10(""), "HTTP/1.1 200 OK\r\n", "keep-alive"},
        {GET10(""), "\r\nConnection: close\r\n", "Transfer-Encoding:"},
        {GET10("Connection: keep-alive\r\n"), "\r\nConnection: keep-alive\r\n",
         "close"},
        {"HEAD / HTTP/1.1\r\n" HE, "\r\nContent-Length: 4\r\n", "home"},
        {"HEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
         "\r\nConnection: keep-alive\r\n", "home"},
        {"HEAD /words HTTP/1.1\r\n" HE, "HTTP/1.1 200 OK\r\n",
         "Content-Length:"},
        {"GET /words HTTP/1.1\r\n" HE, "\r\nTransfer-Encoding: chunked\r\n",
         "Content-Length:"},
        {"GET /words HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
         "\r\nConnection: close\r\n", "Transfer-Encoding:"},
        {STATUS("GET", 204), "HTTP/1.1 204 No Content\r\n", "Content-Length:"},
        {STATUS("GET", 205), "\r\nContent-Length: 0\r\n", "hidden"},
        {STATUS("GET", 304), "HTTP/1.1 304 Not Modified\r\n", "hidden"},
        {"GET / HTTP/1.1\r\n\r\n", "\r\nConnection: close\r\n", "keep-alive"},
        {"GET / HTTP/1.1\r\n\r\n", "\r\nContent-Type: text/plain",
         "Transfer-Encoding:"},
        {"HEAD / HTTP/1.1\r\n\r\n", "\r\nContent-Length: ", "Bad Request\n"},
    };

    live server = start();
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].request);
        int fd = live_connect(&server);
        live_send(fd, rt_str_from(rows[i].request));
        shutdown(fd, SHUT_WR);
        rt_str r = live_receive_all(fd);
        CHECK(live_has(r, rows[i].has));
        CHECK(!live_has(r, rows[i].has_not));
        close(fd);
    }
    CHECK_EQ(live_stop(&server), 0);
}

// An expectation of many equal answers.
static const char *times(int n, const char *answer, const char *end)
{
    static char text[64 * 1024];
    char *at = text;
    for (int i = 0; i < n; i++)
        at = stpcpy(at, answer);
    strcpy(at, end);
    return text;
}

RT_TEST(a_thousand_pipelined_requests_are_answered)
{
    raw_batch batch = {0};
    raw_add(&batch, "a thousand", "<<GET / HTTP/1.1\r\nHost: x\r\n\r\n*1000>>",
            RT_STR(""), "", times(1000, "200=home ", "keep"));
    play(batch.cases, batch.len, RAW_SOME);
}

RT_TEST(what_comes_while_a_view_waits_is_kept)
{
    raw_batch batch = {0};
    raw_add(&batch, "five thousand behind a slow one",
            "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"
            "<<GET / HTTP/1.1\r\nHost: x\r\n\r\n*5000>>",
            RT_STR(""), "", times(5001, "200 ", "keep"));
    play(batch.cases, batch.len, RAW_SOME);
}

// Around the sizes of the blocks that bytes are read into.
RT_TEST(heads_and_bodies_end_anywhere_in_a_block)
{
    static const int blocks[] = {16 * 1024 - 64, 16 * 1024, 32 * 1024,
                                 64 * 1024 - 64, 64 * 1024};
    raw_batch batch = {0};
    for (size_t i = 0; i < RT_COUNT(blocks); i++) {
        for (int bytes = blocks[i] - 110; bytes < blocks[i] + 20; bytes += 3) {
            char name[64], before[128], after[128], expect[64];
            snprintf(name, sizeof name, "a body of %d bytes", bytes);
            snprintf(before, sizeof before, POST("Content-Length: %d\r\n"),
                     bytes);
            snprintf(after, sizeof after, "<<a*%d>>" GET(""), bytes);
            snprintf(expect, sizeof expect, "200#%d 200=home keep", bytes);
            raw_add(&batch, name, before, RT_STR(""), after, expect);
            snprintf(name, sizeof name, "chunks of %d bytes", bytes);
            snprintf(after, sizeof after, "%x\r\n<<a*%d>>\r\n0\r\n\r\n" GET(""),
                     (unsigned)bytes, bytes);
            raw_add(&batch, name, POST(CHUNKS), RT_STR(""), after, expect);
            if (bytes > 32000)
                continue;
            snprintf(name, sizeof name, "a value of %d bytes", bytes);
            snprintf(after, sizeof after, "<<a*%d>>\r\n\r\n" GET(""), bytes);
            raw_add(&batch, name,
                    "GET / HTTP/1.1\r\nHost: x\r\nA: ", RT_STR(""), after,
                    "200=home 200=home keep");
        }
    }
    play(batch.cases, batch.len, RAW_WHOLE);
}

RT_TEST(a_refused_client_may_send_all_it_has)
{
    live server = start();
    static char block[1 << 20];
    int fd = live_connect(&server);
    live_send(fd, RT_STR(POST("Content-Length: 999999999\r\n")));
    for (int i = 0; i < 20; i++)
        for (size_t sent = 0; sent < sizeof block;) {
            ssize_t n =
                send(fd, block + sent, sizeof block - sent, MSG_NOSIGNAL);
            REQUIRE(n > 0);
            sent += (size_t)n;
        }
    CHECK_EQ(live_status(live_receive_all(fd)), 413);
    close(fd);
    CHECK_EQ(live_stop(&server), 0);
}

// Close at once, so that the server's socket breaks.
static void reset(int fd)
{
    struct linger hard = {.l_onoff = 1};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close(fd);
}

RT_TEST(clients_that_break_off_leave_nothing_behind)
{
    const rt_str rows[] = {
        RT_STR(POST("Content-Length: 20\r\n") "0123456789"),
        RT_STR(POST(CHUNKS) "5\r\nabcde\r\n0\r\nA: b\r\n\r\n"),
        RT_STR(POST(EXPECT "Content-Length: 20\r\n")),
        RT_STR("POST /stream HTTP/1.1\r\n" H CHUNKS "\r\n5\r\nabcde\r\n"),
        RT_STR("POST /lazy HTTP/1.1\r\n" H CHUNKS "\r\n5\r\nabcde\r\n"),
        RT_STR(GET("") GET("") "GET / HTTP/1.1\r\n\r\n"),
    };
    live server = start();
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        for (size_t len = 0; len <= rows[i].len; len += 7) {
            int fd = live_connect(&server);
            live_send(fd, rt_str_slice(rows[i], 0, len));
            if (len % 2)
                usleep(1000);
            reset(fd);
        }
    }
    rt_str r = live_ask(&server, GET("Connection: close\r\n"));
    CHECK_EQ(live_body(r), "home");
    CHECK_EQ(live_stop(&server), 0); // and that nothing leaked
}

RT_TEST(heads_that_do_not_come_hold_up_nobody)
{
    live server = start();
    int fds[300];
    for (size_t i = 0; i < RT_COUNT(fds); i++) {
        fds[i] = live_connect(&server);
        REQUIRE(fds[i] >= 0);
        live_send(fds[i], RT_STR("GET / HTTP/1.1\r\nHost: x\r\nA: "));
    }
    rt_str r = live_ask(&server, GET("Connection: close\r\n"));
    CHECK_EQ(live_body(r), "home");
    for (size_t i = 0; i < RT_COUNT(fds); i++) {
        live_send(fds[i], RT_STR("b\r\n\r\n"));
        CHECK_EQ(live_body(live_response(fds[i])), "home");
        close(fds[i]);
    }
    CHECK_EQ(live_stop(&server), 0);
}
