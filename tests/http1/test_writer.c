// Heads as they are written: framing, connection, and whose header it is.
#include <stdio.h>

#include <retort/http1/writer.h>
#include <retort/test.h>

#define DATE   "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
#define LENGTH "Content-Length: "

typedef struct writer_row {
    const char *name;
    const char *headers; // "Name: value\n" each
    int64_t length;
    const char *expected; // behind the status line, before the empty line
    int status;
    rt_method method;
    int minor;
    rt_http1_framing framing;
    bool close;
    bool closes;
} writer_row;

// Headers from lines; views of `lines`.
static rt_headers headers_of(rt_arena *arena, const char *lines)
{
    rt_headers headers = {0};
    rt_str rest = rt_str_from(lines);

    while (rest.len > 0) {
        rt_str value = rt_str_cut(&rest, '\n');
        rt_str name = rt_str_cut(&value, ':');
        CHECK(rt_headers_add(&headers, arena, name,
                             rt_str_slice(value, 1, value.len)) == RT_OK);
    }
    return headers;
}

static void check_row(const writer_row *row)
{
    rt_arena arena = {0};
    rt_buf out;
    rt_headers headers = headers_of(&arena, row->headers);
    rt_http1_reply reply = {
        .status = row->status,
        .headers = &headers,
        .length = row->length,
        .method = row->method,
        .minor = row->minor,
        .keep_alive = !row->close,
    };

    rt_buf_init(&out, &arena);
    rt_http1_promise promise = rt_http1_write_head(&out, &reply);

    rt_str text = rt_buf_str(&out);
    size_t line = rt_str_find(text, RT_STR("\r\n"));
    REQUIRE(line != RT_STR_NONE && rt_str_ends_with(text, RT_STR("\r\n\r\n")));
    CHECK_EQ(rt_str_slice(text, line + 2, text.len - line - 4),
             rt_str_from(row->expected));
    CHECK_EQ((int)promise.framing, (int)row->framing);
    CHECK_EQ(promise.keep_alive, !row->closes);
    CHECK(out.status == RT_OK);
    rt_arena_deinit(&arena);
}

#define UNKNOWN RT_HTTP1_LENGTH_UNKNOWN
#define GET     RT_METHOD_GET
#define HEAD    RT_METHOD_HEAD
#define NONE    RT_HTTP1_NO_BODY
#define COUNTED RT_HTTP1_LENGTH
#define CHUNKED RT_HTTP1_CHUNKED
#define UNTIL   RT_HTTP1_CLOSE

static const writer_row rows[] = {
    // Framing.
    {"a length", "", 5, LENGTH "5\r\n", 200, GET, 1, COUNTED, 0, 0},
    {"a long length", "", 1234567890123, LENGTH "1234567890123\r\n", 200, GET,
     1, COUNTED, 0, 0},
    {"an empty body", "", 0, LENGTH "0\r\n", 200, GET, 1, NONE, 0, 0},
    {"no length known", "", UNKNOWN, "Transfer-Encoding: chunked\r\n", 200, GET,
     1, CHUNKED, 0, 0},
    {"an error with a body", "", 9, LENGTH "9\r\n", 404, GET, 1, COUNTED, 0, 0},
    {"a code of no registry", "", 1, LENGTH "1\r\n", 299, GET, 1, COUNTED, 0,
     0},
    {"204", "", 0, "", 204, GET, 1, NONE, 0, 0},
    {"204 with a body", "", 5, "", 204, GET, 1, NONE, 0, 0},
    {"204 of a producer", "", UNKNOWN, "", 204, GET, 1, NONE, 0, 0},
    {"204 with a length of its own", "Content-Length: 5\n", 0, "", 204, GET, 1,
     NONE, 0, 0},
    {"205", "", 5, LENGTH "0\r\n", 205, GET, 1, NONE, 0, 0},
    {"304", "ETag: \"a\"\n", 0, "ETag: \"a\"\r\n", 304, GET, 1, NONE, 0, 0},
    {"304 with a body", "", 5, "", 304, GET, 1, NONE, 0, 0},
    {"304 that tells the length", "Content-Length: 5\n", 0, LENGTH "5\r\n", 304,
     GET, 1, NONE, 0, 0},
    {"304 of a producer", "", UNKNOWN, "", 304, GET, 1, NONE, 0, 0},

    // HEAD: what GET would have said.
    {"HEAD", "", 5, LENGTH "5\r\n", 200, HEAD, 1, NONE, 0, 0},
    {"HEAD of an empty body", "", 0, LENGTH "0\r\n", 200, HEAD, 1, NONE, 0, 0},
    {"HEAD with a length of its own", "Content-Length: 77\n", 0,
     LENGTH "77\r\n", 200, HEAD, 1, NONE, 0, 0},
    {"HEAD with a length and a body", "Content-Length: 77\n", 5, LENGTH "5\r\n",
     200, HEAD, 1, NONE, 0, 0},
    {"HEAD with nonsense as length", "Content-Length: 1e3\n", 0, LENGTH "0\r\n",
     200, HEAD, 1, NONE, 0, 0},
    {"HEAD with a negative length", "Content-Length: -5\n", 0, LENGTH "0\r\n",
     200, HEAD, 1, NONE, 0, 0},
    {"HEAD of a producer", "", UNKNOWN, "", 200, HEAD, 1, NONE, 0, 0},
    {"HEAD of a producer with a length", "Content-Length: 77\n", UNKNOWN,
     LENGTH "77\r\n", 200, HEAD, 1, NONE, 0, 0},
    {"HEAD and 204", "", 0, "", 204, HEAD, 1, NONE, 0, 0},
    {"HEAD in HTTP/1.0 of a producer", "", UNKNOWN,
     "Connection: keep-alive\r\n", 200, HEAD, 0, NONE, 0, 0},

    // HTTP/1.0.
    {"1.0 that stays", "", 5, LENGTH "5\r\nConnection: keep-alive\r\n", 200,
     GET, 0, COUNTED, 0, 0},
    {"1.0 that closes", "", 5, LENGTH "5\r\nConnection: close\r\n", 200, GET, 0,
     COUNTED, 1, 1},
    {"1.0 without a known length", "", UNKNOWN, "Connection: close\r\n", 200,
     GET, 0, UNTIL, 0, 1},
    {"1.0 with 204", "", 0, "Connection: keep-alive\r\n", 204, GET, 0, NONE, 0,
     0},

    // The connection.
    {"close", "", 5, LENGTH "5\r\nConnection: close\r\n", 200, GET, 1, COUNTED,
     1, 1},
    {"close with chunks", "", UNKNOWN,
     "Transfer-Encoding: chunked\r\nConnection: close\r\n", 200, GET, 1,
     CHUNKED, 1, 1},
    {"close as the application wants", "Connection: close\n", 5,
     LENGTH "5\r\nConnection: close\r\n", 200, GET, 1, COUNTED, 0, 1},
    {"close in a list", "connection: x, CLOSE\n", 5,
     LENGTH "5\r\nConnection: close\r\n", 200, GET, 1, COUNTED, 0, 1},
    {"keep-alive is not the application's to say",
     "Connection: keep-alive\nKeep-Alive: timeout=9\n", 5,
     LENGTH "5\r\nConnection: close\r\n", 200, GET, 1, COUNTED, 1, 1},

    // Whose header it is.
    {"headers in their order",
     "Content-Type: text/plain\nSet-Cookie: a=b\nX: y\nSet-Cookie: c=d\n", 1,
     "Content-Type: text/plain\r\nSet-Cookie: a=b\r\nX: y\r\n"
     "Set-Cookie: c=d\r\n" LENGTH "1\r\n",
     200, GET, 1, COUNTED, 0, 0},
    {"an empty value", "X: \n", 0, "X: \r\n" LENGTH "0\r\n", 200, GET, 1, NONE,
     0, 0},
    {"a wrong length", "Content-Length: 500\n", 5, LENGTH "5\r\n", 200, GET, 1,
     COUNTED, 0, 0},
    {"a length of an empty body", "content-length: 500\n", 0, LENGTH "0\r\n",
     200, GET, 1, NONE, 0, 0},
    {"a length of a producer", "Content-Length: 500\n", UNKNOWN,
     "Transfer-Encoding: chunked\r\n", 200, GET, 1, CHUNKED, 0, 0},
    {"a coding", "Transfer-Encoding: chunked\n", 5, LENGTH "5\r\n", 200, GET, 1,
     COUNTED, 0, 0},
    {"a coding in other letters", "TRANSFER-ENCODING: gzip\n", UNKNOWN,
     "Transfer-Encoding: chunked\r\n", 200, GET, 1, CHUNKED, 0, 0},
    {"what else is between neighbours",
     "TE: trailers\nTrailer: X\nUpgrade: h2c\nProxy-Connection: x\n", 0,
     LENGTH "0\r\n", 200, GET, 1, NONE, 0, 0},
    {"names of the same lengths",
     "XY: 1\nAbcd: 2\nAbcdef: 3\nReferer: 4\nUser-Agent: 5\n"
     "Accept-Charse: 6\nAccept-Charset: 7\nContent-Location: 8\n"
     "Abcdefghijklmnopq: 9\n",
     0,
     "XY: 1\r\nAbcd: 2\r\nAbcdef: 3\r\nReferer: 4\r\nUser-Agent: 5\r\n"
     "Accept-Charse: 6\r\nAccept-Charset: 7\r\nContent-Location: 8\r\n"
     "Abcdefghijklmnopq: 9\r\n" LENGTH "0\r\n",
     200, GET, 1, NONE, 0, 0},

    // 1xx, upgrades, CONNECT.
    {"100", "", 0, "", 100, GET, 1, NONE, 0, 0},
    {"103", "Link: </a>\n", 5, "Link: </a>\r\n", 103, GET, 1, NONE, 1, 1},
    {"101", "Upgrade: websocket\nConnection: Upgrade\n", 0,
     "Upgrade: websocket\r\nConnection: upgrade\r\n", 101, GET, 1, NONE, 0, 0},
    {"426", "Upgrade: websocket\n", 2,
     "Upgrade: websocket\r\n" LENGTH "2\r\nConnection: upgrade\r\n", 426, GET,
     1, COUNTED, 0, 0},
    {"426 that closes", "Upgrade: websocket\n", 2,
     "Upgrade: websocket\r\n" LENGTH "2\r\nConnection: upgrade, close\r\n", 426,
     GET, 1, COUNTED, 1, 1},
    {"CONNECT that succeeds", "", 5, "Connection: close\r\n", 200,
     RT_METHOD_CONNECT, 1, NONE, 1, 1},
    {"CONNECT that fails", "", 5, LENGTH "5\r\nConnection: close\r\n", 405,
     RT_METHOD_CONNECT, 1, COUNTED, 1, 1},
};

RT_TEST(heads_have_the_framing_and_headers_they_need)
{
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].name);
        check_row(&rows[i]);
    }
}

static rt_str write_reply(rt_arena *arena, rt_http1_reply reply)
{
    rt_buf out;

    rt_buf_init(&out, arena);
    rt_http1_write_head(&out, &reply);
    return rt_buf_str(&out);
}

RT_TEST(status_lines)
{
    static const struct {
        int status;
        const char *reason;
        const char *line;
    } lines[] = {
        {200, "", "HTTP/1.1 200 OK\r\n"},
        {404, "", "HTTP/1.1 404 Not Found\r\n"},
        {418, "", "HTTP/1.1 418 I'm a Teapot\r\n"},
        {511, "", "HTTP/1.1 511 Network Authentication Required\r\n"},
        {299, "", "HTTP/1.1 299 Unknown\r\n"},
        {599, "", "HTTP/1.1 599 Unknown\r\n"},
        {200, "Fine", "HTTP/1.1 200 Fine\r\n"},
        {299, "Fine", "HTTP/1.1 299 Fine\r\n"},
        {200, "A\r\nX: y", "HTTP/1.1 200 OK\r\n"},
        {299, "A\nB", "HTTP/1.1 299 Unknown\r\n"},
    };

    for (size_t i = 0; i < RT_COUNT(lines); i++) {
        rt_arena arena = {0};

        RT_CASE(lines[i].line);
        rt_str text =
            write_reply(&arena,
                        (rt_http1_reply){.status = lines[i].status,
                                         .reason = rt_str_from(lines[i].reason),
                                         .minor = 1,
                                         .keep_alive = true});
        CHECK(rt_str_starts_with(text, rt_str_from(lines[i].line)));
        CHECK_EQ(rt_str_slice(text, strlen(lines[i].line), text.len),
                 LENGTH "0\r\n\r\n");
        rt_arena_deinit(&arena);
    }
}

RT_TEST(date_and_server_are_added_unless_they_are_there)
{
    static const struct {
        int status;
        const char *headers;
        const char *expected;
    } cases[] = {
        {204, "", DATE "Server: retort\r\n"},
        {200, "", DATE "Server: retort\r\n" LENGTH "0\r\n"},
        {204, "date: x\n", "date: x\r\nServer: retort\r\n"},
        {204, "SERVER: x\n", "SERVER: x\r\n" DATE},
        {204, "Server: x\nDate: y\n", "Server: x\r\nDate: y\r\n"},
        {103, "", ""},
    };

    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        rt_arena arena = {0};
        rt_headers headers = headers_of(&arena, cases[i].headers);

        RT_CASE(cases[i].headers);
        rt_str text = write_reply(
            &arena,
            (rt_http1_reply){.status = cases[i].status,
                             .headers = &headers,
                             .date = RT_STR("Sun, 06 Nov 1994 08:49:37 GMT"),
                             .server = RT_STR("retort"),
                             .minor = 1,
                             .keep_alive = true});
        size_t line = rt_str_find(text, RT_STR("\r\n"));
        CHECK_EQ(rt_str_slice(text, line + 2, text.len - line - 4),
                 rt_str_from(cases[i].expected));
        rt_arena_deinit(&arena);
    }
}

RT_TEST(heads_are_appended_one_behind_the_other)
{
    rt_arena arena = {0};
    rt_buf out;
    rt_http1_reply reply = {.status = 204, .minor = 1, .keep_alive = true};

    rt_buf_init(&out, &arena);
    rt_buf_put(&out, RT_HTTP1_CONTINUE);
    rt_http1_write_head(&out, &reply);
    rt_http1_write_head(&out, &reply);
    CHECK_EQ(rt_buf_str(&out), "HTTP/1.1 100 Continue\r\n\r\n"
                               "HTTP/1.1 204 No Content\r\n\r\n"
                               "HTTP/1.1 204 No Content\r\n\r\n");
    rt_arena_deinit(&arena);
}

RT_TEST(many_long_headers_find_room)
{
    rt_arena arena = {0};
    rt_headers headers = {0};
    char value[100];

    memset(value, 'v', sizeof value);
    for (int i = 0; i < 100; i++)
        rt_headers_push(&headers, &arena, RT_STR("Name"),
                        rt_str_of(value, sizeof value));

    rt_str text = write_reply(&arena, (rt_http1_reply){.status = 204,
                                                       .headers = &headers,
                                                       .minor = 1,
                                                       .keep_alive = true});
    CHECK_EQ(text.len, strlen("HTTP/1.1 204 No Content\r\n\r\n") +
                           100 * (strlen("Name: \r\n") + sizeof value));
    rt_arena_deinit(&arena);
}

RT_TEST(a_full_buffer_says_so)
{
    rt_arena arena = {0};
    rt_buf out;
    rt_http1_reply reply = {.status = 200};

    rt_buf_init(&out, &arena);
    out.limit = 10;
    rt_http1_write_head(&out, &reply);
    CHECK(out.status == RT_E_LIMIT);
    CHECK_EQ(out.len, 0u);
    rt_arena_deinit(&arena);
}

RT_TEST(chunks)
{
    static const struct {
        uint64_t bytes;
        const char *head;
    } heads[] = {{1, "1\r\n"},
                 {15, "f\r\n"},
                 {16, "10\r\n"},
                 {65535, "ffff\r\n"},
                 {UINT64_MAX, "ffffffffffffffff\r\n"}};

    rt_arena arena = {0};
    rt_buf out;

    for (size_t i = 0; i < RT_COUNT(heads); i++) {
        RT_CASE(heads[i].head);
        rt_buf_init(&out, &arena);
        rt_http1_write_chunk_head(&out, heads[i].bytes);
        CHECK_EQ(rt_buf_str(&out), heads[i].head);
    }

    rt_buf_init(&out, &arena);
    rt_http1_write_chunk(&out, RT_STR("hello"));
    rt_http1_write_chunk(&out, RT_STR(""));
    rt_http1_write_chunk(&out, RT_STR("0123456789abcdef"));
    rt_buf_put(&out, RT_HTTP1_CHUNKS_END);
    CHECK_EQ(rt_buf_str(&out), "5\r\nhello\r\n"
                               "10\r\n0123456789abcdef\r\n"
                               "0\r\n\r\n");
    CHECK_ABORTS(rt_http1_write_chunk_head(&out, 0), "bytes > 0");
    rt_arena_deinit(&arena);
}

RT_TEST(a_status_out_of_range_is_a_mistake)
{
    static const int codes[] = {0, 99, 600, -1};

    for (size_t i = 0; i < RT_COUNT(codes); i++) {
        rt_arena arena = {0};
        rt_buf out;
        rt_http1_reply reply = {.status = codes[i]};

        rt_buf_init(&out, &arena);
        CHECK_ABORTS(rt_http1_write_head(&out, &reply), "CODE_FIRST");
        rt_arena_deinit(&arena);
    }
}
