// Bodies: what comes out of them, and what is made of trailers.
#include "connection.h"

#define HEAD_CHUNKED \
    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
#define HEAD_LENGTH(n) \
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " #n "\r\n\r\n"

// The text between `from` and the end of its line.
static rt_str after(rt_str log, const char *from)
{
    size_t at = rt_str_find(log, rt_str_from(from));

    REQUIRE(at != RT_STR_NONE);
    rt_str rest = rt_str_slice(log, at + strlen(from), log.len);
    return rt_str_slice(rest, 0, rt_str_find_char(rest, '\n'));
}

typedef struct body_row {
    const char *bytes;
    const char *body;
    const char *trailers; // as connection.h writes them
} body_row;

static void check_row(void *arg, const rt_str *pieces, size_t count)
{
    const body_row *row = arg;
    connection c;

    connection_open(&c, NULL);
    for (size_t i = 0; i < count; i++)
        connection_feed(&c, pieces[i]);
    connection_end(&c);

    CHECK_EQ(rt_buf_str(&c.outcome), "ok");
    CHECK_EQ(after(rt_buf_str(&c.log), "\nbody="), row->body);
    CHECK_EQ(after(rt_buf_str(&c.log), "\ntrailers"), row->trailers);
    connection_close(&c);
}

RT_TEST(bodies_are_decoded_and_trailers_delivered)
{
    static body_row rows[] = {
        {HEAD_LENGTH(5) "hello", "hello", ""},
        {HEAD_LENGTH(0), "", ""},
        {HEAD_CHUNKED "0\r\n\r\n", "", ""},
        {HEAD_CHUNKED "5\r\nhello\r\n0\r\n\r\n", "hello", ""},
        {HEAD_CHUNKED "1\r\nh\r\n4\r\nello\r\n0\r\n\r\n", "hello", ""},
        {HEAD_CHUNKED
         "1a;x=\"\\\"\"\r\nabcdefghijklmnopqrstuvwxyz\r\n00;y\r\n\r\n",
         "abcdefghijklmnopqrstuvwxyz", ""},
        {HEAD_CHUNKED "5\r\n0\r\r0\r\r\n0\r\n\r\n", "0\r\r0\r", ""},
        {HEAD_CHUNKED "0\r\nDigest: abc=\r\nX:  y z \r\n\r\n", "",
         " [Digest=abc=] [X=y z]"},
        {HEAD_CHUNKED "1\r\na\r\n0\r\nX:\r\nX: 1\r\n\r\n", "a", " [X=] [X=1]"},
        // What frames, routes, authenticates or describes comes too late.
        {HEAD_CHUNKED "0\r\nContent-Length: 9\r\n\r\n", "", ""},
        {HEAD_CHUNKED "0\r\nTRANSFER-ENCODING: chunked\r\n\r\n", "", ""},
        {HEAD_CHUNKED "0\r\nHost: y\r\nX: 1\r\n\r\n", "", " [X=1]"},
        {HEAD_CHUNKED "0\r\nConnection: close\r\n\r\n", "", ""},
        {HEAD_CHUNKED "0\r\nUpgrade: h2c\r\n\r\n", "", ""},
        {HEAD_CHUNKED "0\r\nTrailer: X\r\n\r\n", "", ""},
        {HEAD_CHUNKED "0\r\nTE: trailers\r\n\r\n", "", ""},
        {HEAD_CHUNKED "0\r\nExpect: 100-continue\r\n\r\n", "", ""},
        {HEAD_CHUNKED "0\r\nauthorization: Basic eA==\r\n\r\n", "", ""},
        {HEAD_CHUNKED "0\r\nProxy-Authorization: a\r\n\r\n", "", ""},
        {HEAD_CHUNKED "0\r\nCookie: a=b\r\nSet-Cookie: c=d\r\n\r\n", "", ""},
        {HEAD_CHUNKED "0\r\nContent-Type: text/html\r\n\r\n", "", ""},
        {HEAD_CHUNKED "0\r\nContent-Encoding: gzip\r\n\r\n", "", ""},
        {HEAD_CHUNKED "0\r\nContent-Range: bytes 0-1/2\r\n\r\n", "", ""},
        {HEAD_CHUNKED "0\r\nIf-Match: \"a\"\r\nIf-None-Match: b\r\n\r\n", "",
         ""},
        {HEAD_CHUNKED "0\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n", "", ""},
        {HEAD_CHUNKED "0\r\nForwarded: for=1.2.3.4\r\n\r\n", "", ""},
        {HEAD_CHUNKED "0\r\nRange: bytes=0-\r\nPragma: a\r\nAccept: b\r\n"
                      "Cache-Control: c\r\nMax-Forwards: 1\r\nKeep-Alive: 1\r\n"
                      "Proxy-Connection: close\r\n\r\n",
         "", ""},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].bytes);
        rt_test_pieces(rt_str_from(rows[i].bytes), check_row, &rows[i]);
    }
}

// Read a head, then one call for the body with what is behind it.
static rt_http1_event first_event(rt_http1_reader *reader, rt_arena *arena,
                                  const char *bytes, uint64_t limit,
                                  size_t *consumed, rt_str *piece)
{
    rt_http1_head head;
    rt_str seen = rt_guarded(bytes);

    rt_http1_reader_init(reader, NULL);
    REQUIRE(rt_http1_read_head(reader, seen.data, seen.len, arena, &head) ==
            RT_HTTP1_HEAD);
    rt_http1_set_body_limit(reader, limit);
    return rt_http1_read_body(reader, arena, seen.data + head.head_bytes,
                              seen.len - head.head_bytes, consumed, piece);
}

RT_TEST(the_first_look_at_a_body)
{
    static const struct {
        const char *bytes;
        uint64_t limit;
        size_t consumed;
        const char *piece;
        rt_http1_event event;
        int status;
    } rows[] = {
        {HEAD_LENGTH(5), 5, 0, "", RT_HTTP1_NEED_MORE, 0},
        {HEAD_LENGTH(5) "hel", 5, 3, "hel", RT_HTTP1_DATA, 0},
        {HEAD_LENGTH(5) "hello, world", 5, 5, "hello", RT_HTTP1_DATA, 0},
        {HEAD_LENGTH(5), 4, 0, "", RT_HTTP1_ERROR, 413},
        {HEAD_LENGTH(5) "hello", 0, 0, "", RT_HTTP1_ERROR, 413},
        {HEAD_LENGTH(9223372036854775807), UINT64_MAX, 0, "",
         RT_HTTP1_NEED_MORE, 0},
        {HEAD_LENGTH(0) "GET", 0, 0, "", RT_HTTP1_END, 0},
        {HEAD_CHUNKED, 0, 0, "", RT_HTTP1_NEED_MORE, 0},
        {HEAD_CHUNKED "3\r", 3, 2, "", RT_HTTP1_NEED_MORE, 0},
        {HEAD_CHUNKED "3\r\nab", 3, 5, "ab", RT_HTTP1_DATA, 0},
        {HEAD_CHUNKED "3\r\nabc\r\n0\r\n\r\n", 3, 6, "abc", RT_HTTP1_DATA, 0},
        {HEAD_CHUNKED "4\r\n", 3, 3, "", RT_HTTP1_ERROR, 413},
        {HEAD_CHUNKED "7fffffffffffffff\r\na", UINT64_MAX, 19, "a",
         RT_HTTP1_DATA, 0},
        {HEAD_CHUNKED "0\r\n", 0, 3, "", RT_HTTP1_NEED_MORE, 0},
        // Of a trailer line nothing is consumed before its end.
        {HEAD_CHUNKED "0\r\nX: y", 0, 3, "", RT_HTTP1_NEED_MORE, 0},
        {HEAD_CHUNKED "0\r\nX: y\r\nZ", 0, 9, "", RT_HTTP1_NEED_MORE, 0},
        {HEAD_CHUNKED "0\r\n\r\nGET", 0, 5, "", RT_HTTP1_END, 0},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_http1_reader reader;
        rt_arena arena = {0};
        size_t consumed = 99;
        rt_str piece = {0};

        RT_CASE(rows[i].bytes);
        CHECK_EQ((int)first_event(&reader, &arena, rows[i].bytes, rows[i].limit,
                                  &consumed, &piece),
                 (int)rows[i].event);
        CHECK_EQ(consumed, rows[i].consumed);
        CHECK(rt_str_eq(piece, rt_str_from(rows[i].piece)));
        CHECK_EQ(reader.status, rows[i].status);
        rt_arena_deinit(&arena);
    }
}

RT_TEST(the_end_may_be_asked_for_again)
{
    rt_http1_reader reader;
    rt_arena arena = {0};
    size_t consumed;
    rt_str piece;

    CHECK(first_event(&reader, &arena, HEAD_CHUNKED "0\r\nX: y\r\n\r\n", 0,
                      &consumed, &piece) == RT_HTTP1_END);
    CHECK(rt_http1_read_body(&reader, &arena, "more", 4, &consumed, &piece) ==
          RT_HTTP1_END);
    CHECK_EQ(consumed, 0u);
    CHECK_EQ(rt_headers_get(&reader.trailers, RT_STR("x")), "y");

    rt_http1_reader_next(&reader);
    CHECK_EQ(reader.trailers.len, 0u);
    CHECK(rt_http1_is_idle(&reader));
    rt_arena_deinit(&arena);
}

RT_TEST(the_next_request_has_the_connection_s_limit_again)
{
    static const char bytes[] = HEAD_LENGTH(5) "hello" HEAD_LENGTH(6) "hello!";
    static const rt_http1_limits limits = {.body_bytes = 5};

    check_connection_limited(rt_str_of(bytes, sizeof bytes - 1), "ok 413",
                             &limits, 0);
    check_connection_limited(rt_str_of(bytes, sizeof bytes - 1), "ok ok",
                             &limits, 6);
    check_connection_limited(rt_str_of(bytes, sizeof bytes - 1), "413", NULL,
                             4);
}

RT_TEST(reading_the_next_head_before_the_end_is_a_mistake)
{
    rt_http1_reader reader;
    rt_arena arena = {0};
    size_t consumed;
    rt_str piece;

    first_event(&reader, &arena, HEAD_LENGTH(5), 5, &consumed, &piece);
    CHECK_ABORTS(rt_http1_reader_next(&reader), "STATE_DONE");
    rt_arena_deinit(&arena);
}
