// Each limit: what fits exactly passes, one more is refused, and with which
// status.
#include "connection.h"

#define HEAD "GET / HTTP/1.1\r\nHost: x\r\n"
#define HEAD_CHUNKED \
    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"

// Bytes with `count` times the text `repeated` between two others.
static rt_str bytes_of(rt_arena *arena, const char *before,
                       const char *repeated, size_t count, const char *behind)
{
    rt_buf buf;

    rt_buf_init(&buf, arena);
    rt_buf_put_cstr(&buf, before);
    for (size_t i = 0; i < count; i++)
        rt_buf_put_cstr(&buf, repeated);
    rt_buf_put_cstr(&buf, behind);
    return rt_buf_str(&buf);
}

typedef struct limit_row {
    const char *name;
    const char *before;
    const char *repeated;
    size_t count;
    const char *behind;
    const char *outcome;
    rt_http1_limits limits;
} limit_row;

static const limit_row small_rows[] = {
    {"a target that fits",
     "GET /",
     "a",
     9,
     " HTTP/1.0\r\n\r\n",
     "ok",
     {.target_bytes = 10}},
    {"a target one too long",
     "GET /",
     "a",
     10,
     " HTTP/1.0\r\n\r\n",
     "414",
     {.target_bytes = 10}},
    {"a query that fits",
     "GET /?",
     "a?",
     4,
     " HTTP/1.0\r\n\r\n",
     "ok",
     {.target_bytes = 10}},
    {"a query one too long",
     "GET /?b",
     "a?",
     4,
     " HTTP/1.0\r\n\r\n",
     "414",
     {.target_bytes = 10}},
    {"a target without end", "GET /", "a", 20, "", "414", {.target_bytes = 10}},
    {"a bad byte before the limit",
     "GET /\1",
     "a",
     20,
     "",
     "400",
     {.target_bytes = 10}},
    {"a bad byte behind the limit",
     "GET /aaaaaaaaa",
     "\1",
     1,
     "",
     "400",
     {.target_bytes = 10}},
    {"a space behind the limit",
     "GET /aaaaaaaaaa",
     " ",
     1,
     "HTTP/2.0\r\n",
     "414",
     {.target_bytes = 10}},
    {"as many headers as allowed",
     "GET / HTTP/1.0\r\n",
     "A: b\r\n",
     3,
     "\r\n",
     "ok",
     {.headers = 3}},
    {"one header more",
     "GET / HTTP/1.0\r\n",
     "A: b\r\n",
     4,
     "\r\n",
     "431",
     {.headers = 3}},
    {"many more headers",
     "GET / HTTP/1.0\r\n",
     "A: b\r\n",
     30,
     "\r\n",
     "431",
     {.headers = 3}},
    {"a bad header before too many",
     "GET / HTTP/1.0\r\nA\r\n",
     "A: b\r\n",
     4,
     "\r\n",
     "400",
     {.headers = 3}},
    {"a bad header behind too many",
     "GET / HTTP/1.0\r\n",
     "A: b\r\n",
     3,
     "A\r\n\r\n",
     "431",
     {.headers = 3}},
    {"a head that fits",
     "GET / HTTP/1.0\r\n",
     "A: b\r\n",
     2,
     "\r\n",
     "ok",
     {.head_bytes = 30}},
    {"a head one too long",
     "GET / HTTP/1.0\r\n",
     "A: b\r\n",
     2,
     "\r\n",
     "431",
     {.head_bytes = 29}},
    {"a header without end",
     "GET / HTTP/1.0\r\nA: ",
     "b",
     100,
     "",
     "431",
     {.head_bytes = 60}},
    {"a name without end",
     "GET / HTTP/1.0\r\n",
     "A",
     100,
     "",
     "431",
     {.head_bytes = 60}},
    {"a bad name before the limit",
     "GET / HTTP/1.0\r\nA ",
     "b",
     100,
     "",
     "400",
     {.head_bytes = 60}},
    {"a first line over the limit of the head",
     "GET /",
     "a",
     100,
     " HTTP/1.0\r\n\r\n",
     "414",
     {.head_bytes = 60}},
    {"empty lines count",
     "\r\n\r\n\r\nGET / HTTP/1.0\r\n",
     "A: b\r\n",
     2,
     "\r\n",
     "431",
     {.head_bytes = 30}},
    {"a body that fits",
     "POST / HTTP/1.0\r\nContent-Length: 10\r\n\r\n",
     "a",
     10,
     "",
     "ok",
     {.body_bytes = 10}},
    {"a body one too long",
     "POST / HTTP/1.0\r\nContent-Length: 11\r\n\r\n",
     "a",
     11,
     "",
     "413",
     {.body_bytes = 10}},
    {"chunks that fit",
     HEAD_CHUNKED,
     "2\r\nab\r\n",
     5,
     "0\r\n\r\n",
     "ok",
     {.body_bytes = 10}},
    {"chunks too many",
     HEAD_CHUNKED,
     "2\r\nab\r\n",
     6,
     "0\r\n\r\n",
     "413",
     {.body_bytes = 10}},
    {"trailers that fit",
     HEAD_CHUNKED "0\r\n",
     "A: b\r\n",
     3,
     "\r\n",
     "ok",
     {.trailer_bytes = 20}},
    {"trailers one too long",
     HEAD_CHUNKED "0\r\n",
     "A: b\r\n",
     3,
     "\r\n",
     "431",
     {.trailer_bytes = 19}},
    {"trailers that fill the limit",
     HEAD_CHUNKED "0\r\n",
     "A: b\r\n",
     4,
     "\r\n",
     "431",
     {.trailer_bytes = 24}},
    {"a trailer without end",
     HEAD_CHUNKED "0\r\nA: ",
     "b",
     40,
     "",
     "431",
     {.trailer_bytes = 20}},
    {"dropped trailers count",
     HEAD_CHUNKED "0\r\n",
     "Host: b\r\n",
     3,
     "\r\n",
     "431",
     {.trailer_bytes = 20}},
    {"as many trailers as headers",
     HEAD_CHUNKED "0\r\n",
     "A: b\r\n",
     3,
     "\r\n",
     "ok",
     {.headers = 3}},
    {"one trailer more",
     HEAD_CHUNKED "0\r\n",
     "A: b\r\n",
     4,
     "\r\n",
     "431",
     {.headers = 3}},
};

RT_TEST(limits_that_are_set)
{
    rt_arena arena = {0};

    for (size_t i = 0; i < RT_COUNT(small_rows); i++) {
        const limit_row *row = &small_rows[i];

        RT_CASE(row->name);
        rt_str bytes = bytes_of(&arena, row->before, row->repeated, row->count,
                                row->behind);
        check_connection_limited(bytes, row->outcome, &row->limits, 0);
    }
    rt_arena_deinit(&arena);
}

// Too long to be cut at every byte: whole, and in pieces of an odd length.
static void check_in_pieces(rt_str bytes, const char *outcome)
{
    static const size_t lengths[] = {1000000, 4093, 251};

    for (size_t i = 0; i < RT_COUNT(lengths); i++) {
        rt_str rest = bytes;
        connection c;

        connection_open(&c, NULL);
        while (rest.len > 0)
            connection_feed(&c, rt_str_take(&rest, lengths[i]));
        connection_end(&c);
        CHECK_EQ(rt_buf_str(&c.outcome), outcome);
        connection_close(&c);
    }
}

RT_TEST(limits_as_they_are)
{
    static const limit_row rows[] = {
        {"a target of 8 KiB",
         "GET /",
         "a",
         RT_HTTP1_TARGET_BYTES - 1,
         " HTTP/1.0\r\n\r\n",
         "ok",
         {0}},
        {"a target of 8 KiB and one",
         "GET /",
         "a",
         RT_HTTP1_TARGET_BYTES,
         " HTTP/1.0\r\n\r\n",
         "414",
         {0}},
        {"a target of 1 MiB",
         "GET /",
         "a",
         1 << 20,
         " HTTP/1.0\r\n\r\n",
         "414",
         {0}},
        {"a method of 64 KiB",
         "",
         "A",
         65536,
         " / HTTP/1.0\r\n\r\n",
         "501",
         {0}},
        {"as many headers as may be",
         "GET / HTTP/1.0\r\n",
         "A: b\r\n",
         RT_HTTP1_HEADERS,
         "\r\n",
         "ok",
         {0}},
        {"one header more",
         "GET / HTTP/1.0\r\n",
         "A: b\r\n",
         RT_HTTP1_HEADERS + 1,
         "\r\n",
         "431",
         {0}},
        {"a head of 32 KiB",
         "GET / HTTP/1.0\r\nA:",
         "b",
         RT_HTTP1_HEAD_BYTES - 22,
         "\r\n\r\n",
         "ok",
         {0}},
        {"a head of 32 KiB and one",
         "GET / HTTP/1.0\r\nA:",
         "b",
         RT_HTTP1_HEAD_BYTES - 21,
         "\r\n\r\n",
         "431",
         {0}},
        {"a name of 40 KiB",
         "GET / HTTP/1.0\r\n",
         "A",
         40960,
         ": b\r\n\r\n",
         "431",
         {0}},
        {"a chunk of 16 MiB and one",
         HEAD_CHUNKED,
         "1000001\r\n",
         1,
         "",
         "413",
         {0}},
        {"trailers of 8 KiB",
         HEAD_CHUNKED "0\r\nA:",
         "b",
         RT_HTTP1_TRAILER_BYTES - 6,
         "\r\n\r\n",
         "ok",
         {0}},
        {"trailers of 8 KiB and one",
         HEAD_CHUNKED "0\r\nA:",
         "b",
         RT_HTTP1_TRAILER_BYTES - 5,
         "\r\n\r\n",
         "431",
         {0}},
        {"a chunk's line of 1 KiB",
         HEAD_CHUNKED "1;",
         "a",
         RT_HTTP1_CHUNK_LINE_BYTES - 4,
         "\r\nx\r\n0\r\n\r\n",
         "ok",
         {0}},
        {"a chunk's line of 1 KiB and one",
         HEAD_CHUNKED "1;",
         "a",
         RT_HTTP1_CHUNK_LINE_BYTES - 3,
         "\r\nx\r\n0\r\n\r\n",
         "400",
         {0}},
        {"a chunk's line of 64 KiB",
         HEAD_CHUNKED "1;",
         "a",
         65536,
         "\r\nx\r\n0\r\n\r\n",
         "400",
         {0}},
        {"a size of 64 KiB of zeros",
         HEAD_CHUNKED,
         "0",
         65536,
         "\r\n\r\n",
         "400",
         {0}},
        {"short extensions of many chunks",
         HEAD_CHUNKED,
         "1;abcd\r\nx\r\n",
         10000,
         "0\r\n\r\n",
         "ok",
         {0}},
        {"long extensions of many chunks",
         HEAD_CHUNKED,
         "1;abcdefghijklmnopqrstuvwxyz\r\nx\r\n",
         10000,
         "0\r\n\r\n",
         "400",
         {0}},
        {"long extensions with enough data",
         HEAD_CHUNKED,
         "20;abcdefghijklmnopqrstuvwxyz\r\nabcdefghijklmnopqrstuvwxyz012345\r\n",
         10000,
         "0\r\n\r\n",
         "ok",
         {0}},
    };
    rt_arena arena = {0};

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        const limit_row *row = &rows[i];

        RT_CASE(row->name);
        check_in_pieces(bytes_of(&arena, row->before, row->repeated, row->count,
                                 row->behind),
                        row->outcome);
    }
    rt_arena_deinit(&arena);
}

// Sixteen bytes of each line are granted; the rest of all lines may exceed the
// data by RT_HTTP1_EXTENSION_BYTES.
RT_TEST(extensions_are_counted_against_the_data)
{
    for (size_t more = 0; more < 2; more++) {
        rt_arena arena = {0};
        rt_buf bytes;

        rt_buf_init(&bytes, &arena);
        rt_buf_put_cstr(&bytes, HEAD_CHUNKED);
        for (int i = 0; i < 16; i++) {
            rt_buf_put_cstr(&bytes, "1;");
            rt_buf_put_repeat(&bytes, 'a', 1020);
            rt_buf_put_cstr(&bytes, "\r\nx\r\n");
        }
        // So far 16 lines with 1,008 bytes beyond their 16, and 16 of data.
        rt_buf_put_cstr(&bytes, "1;");
        rt_buf_put_repeat(
            &bytes, 'a', RT_HTTP1_EXTENSION_BYTES + 16 - 16 * 1008 + 12 + more);
        rt_buf_put_cstr(&bytes, "\r\nx\r\n0\r\n\r\n");

        RT_CASE(more ? "one more" : "just as much");
        check_in_pieces(rt_buf_str(&bytes), more ? "400" : "ok");
        rt_arena_deinit(&arena);
    }
}

// A refusal must not wait for bytes that a client may never send.
RT_TEST(a_limit_is_reached_at_its_byte)
{
    static const struct {
        const char *name;
        const char *before;
        size_t count; // of letters behind it, with the last of which it happens
        const char *outcome;
    } rows[] = {
        {"method", "", RT_HTTP1_METHOD_BYTES + 1, "501"},
        {"target", "GET /", RT_HTTP1_TARGET_BYTES, "414"},
        {"head", HEAD "A: ", RT_HTTP1_HEAD_BYTES - sizeof HEAD + 1 - 3, "431"},
        {"trailers", HEAD_CHUNKED "0\r\nA: ", RT_HTTP1_TRAILER_BYTES - 3,
         "431"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_arena arena = {0};
        connection c;

        RT_CASE(rows[i].name);
        rt_str bytes = bytes_of(&arena, rows[i].before, "a", rows[i].count, "");
        connection_open(&c, NULL);
        connection_feed(&c, rt_str_slice(bytes, 0, bytes.len - 1));
        CHECK(!c.closed);
        connection_feed(&c, rt_str_slice(bytes, bytes.len - 1, 1));
        CHECK_EQ(rt_buf_str(&c.outcome), rows[i].outcome);
        connection_close(&c);
        rt_arena_deinit(&arena);
    }
}
