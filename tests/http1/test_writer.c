// Heads as they are written: framing, connection, and whose header it is.
#include <stdio.h>

#include <retort/http1/writer.h>
#include <retort/test.h>

#define DATE   "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
#define LENGTH "Content-Length: "

typedef struct writer_row {
    const char *name;
    int status;
    const char *headers; // "Name: value\n" each
    int64_t length;
    rt_method method;
    int minor;
    bool close;
    const char *expected; // behind the status line, before the empty line
    rt_http1_framing framing;
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
    {"a length", 200, "", 5, GET, 1, 0, LENGTH "5\r\n", COUNTED, 0},
    {"a long length", 200, "", 1234567890123, GET, 1, 0,
     LENGTH "1234567890123\r\n", COUNTED, 0},
    {"an empty body", 200, "", 0, GET, 1, 0, LENGTH "0\r\n", NONE, 0},
    {"no length known", 200, "", UNKNOWN, GET, 1, 0,
     "Transfer-Encoding: chunked\r\n", CHUNKED, 0},
    {"an error with a body", 404, "", 9, GET, 1, 0, LENGTH "9\r\n", COUNTED, 0},
    {"a code of no registry", 299, "", 1, GET, 1, 0, LENGTH "1\r\n", COUNTED,
     0},
    {"204", 204, "", 0, GET, 1, 0, "", NONE, 0},
    {"204 with a body", 204, "", 5, GET, 1, 0, "", NONE, 0},
    {"204 of a producer", 204, "", UNKNOWN, GET, 1, 0, "", NONE, 0},
    {"204 with a length of its own", 204, "Content-Length: 5\n", 0, GET, 1, 0,
     "", NONE, 0},
    {"205", 205, "", 5, GET, 1, 0, LENGTH "0\r\n", NONE, 0},
    {"304", 304, "ETag: \"a\"\n", 0, GET, 1, 0, "ETag: \"a\"\r\n", NONE, 0},
    {"304 with a body", 304, "", 5, GET, 1, 0, "", NONE, 0},
    {"304 that tells the length", 304, "Content-Length: 5\n", 0, GET, 1, 0,
     LENGTH "5\r\n", NONE, 0},
    {"304 of a producer", 304, "", UNKNOWN, GET, 1, 0, "", NONE, 0},

    // HEAD: what GET would have said.
    {"HEAD", 200, "", 5, HEAD, 1, 0, LENGTH "5\r\n", NONE, 0},
    {"HEAD of an empty body", 200, "", 0, HEAD, 1, 0, LENGTH "0\r\n", NONE, 0},
    {"HEAD with a length of its own", 200, "Content-Length: 77\n", 0, HEAD, 1,
     0, LENGTH "77\r\n", NONE, 0},
    {"HEAD with a length and a body", 200, "Content-Length: 77\n", 5, HEAD, 1,
     0, LENGTH "5\r\n", NONE, 0},
    {"HEAD with nonsense as length", 200, "Content-Length: 1e3\n", 0, HEAD, 1,
     0, LENGTH "0\r\n", NONE, 0},
    {"HEAD with a negative length", 200, "Content-Length: -5\n", 0, HEAD, 1, 0,
     LENGTH "0\r\n", NONE, 0},
    {"HEAD of a producer", 200, "", UNKNOWN, HEAD, 1, 0, "", NONE, 0},
    {"HEAD of a producer with a length", 200, "Content-Length: 77\n", UNKNOWN,
     HEAD, 1, 0, LENGTH "77\r\n", NONE, 0},
    {"HEAD and 204", 204, "", 0, HEAD, 1, 0, "", NONE, 0},
    {"HEAD in HTTP/1.0 of a producer", 200, "", UNKNOWN, HEAD, 0, 0,
     "Connection: keep-alive\r\n", NONE, 0},

    // HTTP/1.0.
    {"1.0 that stays", 200, "", 5, GET, 0, 0,
     LENGTH "5\r\nConnection: keep-alive\r\n", COUNTED, 0},
    {"1.0 that closes", 200, "", 5, GET, 0, 1,
     LENGTH "5\r\nConnection: close\r\n", COUNTED, 1},
    {"1.0 without a known length", 200, "", UNKNOWN, GET, 0, 0,
     "Connection: close\r\n", UNTIL, 1},
    {"1.0 with 204", 204, "", 0, GET, 0, 0, "Connection: keep-alive\r\n", NONE,
     0},

    // The connection.
    {"close", 200, "", 5, GET, 1, 1, LENGTH "5\r\nConnection: close\r\n",
     COUNTED, 1},
    {"close with chunks", 200, "", UNKNOWN, GET, 1, 1,
     "Transfer-Encoding: chunked\r\nConnection: close\r\n", CHUNKED, 1},
    {"close as the application wants", 200, "Connection: close\n", 5, GET, 1, 0,
     LENGTH "5\r\nConnection: close\r\n", COUNTED, 1},
    {"close in a list", 200, "connection: x, CLOSE\n", 5, GET, 1, 0,
     LENGTH "5\r\nConnection: close\r\n", COUNTED, 1},
    {"keep-alive is not the application's to say", 200,
     "Connection: keep-alive\nKeep-Alive: timeout=9\n", 5, GET, 1, 1,
     LENGTH "5\r\nConnection: close\r\n", COUNTED, 1},

    // Whose header it is.
    {"headers in their order", 200,
     "Content-Type: text/plain\nSet-Cookie: a=b\nX: y\nSet-Cookie: c=d\n", 1,
     GET, 1, 0,
     "Content-Type: text/plain\r\nSet-Cookie: a=b\r\nX: y\r\n"
     "Set-Cookie: c=d\r\n" LENGTH "1\r\n",
     COUNTED, 0},
    {"an empty value", 200, "X: \n", 0, GET, 1, 0, "X: \r\n" LENGTH "0\r\n",
     NONE, 0},
    {"a wrong length", 200, "Content-Length: 500\n", 5, GET, 1, 0,
     LENGTH "5\r\n", COUNTED, 0},
    {"a length of an empty body", 200, "content-length: 500\n", 0, GET, 1, 0,
     LENGTH "0\r\n", NONE, 0},
    {"a length of a producer", 200, "Content-Length: 500\n", UNKNOWN, GET, 1, 0,
     "Transfer-Encoding: chunked\r\n", CHUNKED, 0},
    {"a coding", 200, "Transfer-Encoding: chunked\n", 5, GET, 1, 0,
     LENGTH "5\r\n", COUNTED, 0},
    {"a coding in other letters", 200, "TRANSFER-ENCODING: gzip\n", UNKNOWN,
     GET, 1, 0, "Transfer-Encoding: chunked\r\n", CHUNKED, 0},
    {"what else is between neighbours", 200,
     "TE: trailers\nTrailer: X\nUpgrade: h2c\nProxy-Connection: x\n", 0, GET, 1,
     0, LENGTH "0\r\n", NONE, 0},
    {"names of the same lengths", 200,
     "XY: 1\nAbcd: 2\nAbcdef: 3\nReferer: 4\nUser-Agent: 5\n"
     "Accept-Charse: 6\nAccept-Charset: 7\nContent-Location: 8\n"
     "Abcdefghijklmnopq: 9\n",
     0, GET, 1, 0,
     "XY: 1\r\nAbcd: 2\r\nAbcdef: 3\r\nReferer: 4\r\nUser-Agent: 5\r\n"
     "Accept-Charse: 6\r\nAccept-Charset: 7\r\nContent-Location: 8\r\n"
     "Abcdefghijklmnopq: 9\r\n" LENGTH "0\r\n",
     NONE, 0},

    // 1xx, upgrades, CONNECT.
    {"100", 100, "", 0, GET, 1, 0, "", NONE, 0},
    {"103", 103, "Link: </a>\n", 5, GET, 1, 1, "Link: </a>\r\n", NONE, 1},
    {"101", 101, "Upgrade: websocket\nConnection: Upgrade\n", 0, GET, 1, 0,
     "Upgrade: websocket\r\nConnection: upgrade\r\n", NONE, 0},
    {"426", 426, "Upgrade: websocket\n", 2, GET, 1, 0,
     "Upgrade: websocket\r\n" LENGTH "2\r\nConnection: upgrade\r\n", COUNTED,
     0},
    {"426 that closes", 426, "Upgrade: websocket\n", 2, GET, 1, 1,
     "Upgrade: websocket\r\n" LENGTH "2\r\nConnection: upgrade, close\r\n",
     COUNTED, 1},
    {"CONNECT that succeeds", 200, "", 5, RT_METHOD_CONNECT, 1, 1,
     "Connection: close\r\n", NONE, 1},
    {"CONNECT that fails", 405, "", 5, RT_METHOD_CONNECT, 1, 1,
     LENGTH "5\r\nConnection: close\r\n", COUNTED, 1},
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
        {418, "", "HTTP/1.1 418 I'm a teapot\r\n"},
        {511, "", "HTTP/1.1 511 Network Authentication Required\r\n"},
        {299, "", "HTTP/1.1 299 UNKNOWN\r\n"},
        {599, "", "HTTP/1.1 599 UNKNOWN\r\n"},
        {200, "Fine", "HTTP/1.1 200 Fine\r\n"},
        {299, "Fine", "HTTP/1.1 299 Fine\r\n"},
        {200, "A\r\nX: y", "HTTP/1.1 200 OK\r\n"},
        {299, "A\nB", "HTTP/1.1 299 UNKNOWN\r\n"},
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
