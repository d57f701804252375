// What a good head says: target, host, headers, framing, connection.
#include <stdio.h>

#include <retort/base/buf.h>
#include <retort/http1/reader.h>
#include <retort/test.h>

// Read one head that must be complete. Views stay valid for a while, as they
// point into a guarded copy.
static rt_http1_head head_of(rt_arena *arena, const char *bytes)
{
    rt_http1_reader reader;
    rt_http1_head head;
    rt_str seen = rt_guarded(bytes);

    rt_http1_reader_init(&reader, NULL);
    REQUIRE(rt_http1_read_head(&reader, seen.data, seen.len, arena, &head) ==
            RT_HTTP1_HEAD);
    return head;
}

// NULL stands for a string that is absent.
static void check_str(rt_str actual, const char *expected)
{
    CHECK_EQ(actual.data != NULL, expected != NULL);
    CHECK_EQ(actual, rt_str_from(expected ? expected : ""));
}

RT_TEST(a_target_is_taken_apart)
{
    static const struct {
        const char *line;
        rt_method method;
        rt_target_form form;
        const char *scheme;
        const char *authority;
        const char *path;
        const char *query;
    } rows[] = {
        {"GET / HTTP/1.1", RT_METHOD_GET, RT_TARGET_ORIGIN, NULL, "h:1", "/",
         NULL},
        {"GET /a/b?c=d&e HTTP/1.1", RT_METHOD_GET, RT_TARGET_ORIGIN, NULL,
         "h:1", "/a/b", "c=d&e"},
        {"GET /? HTTP/1.1", RT_METHOD_GET, RT_TARGET_ORIGIN, NULL, "h:1", "/",
         ""},
        {"GET /a?b?c?? HTTP/1.1", RT_METHOD_GET, RT_TARGET_ORIGIN, NULL, "h:1",
         "/a", "b?c??"},
        {"GET //a//?/ HTTP/1.1", RT_METHOD_GET, RT_TARGET_ORIGIN, NULL, "h:1",
         "//a//", "/"},
        {"GET /%2e%2E/%zz HTTP/1.1", RT_METHOD_GET, RT_TARGET_ORIGIN, NULL,
         "h:1", "/%2e%2E/%zz", NULL},
        {"GET /0123456789abcdef0123456789?0123456789abcdef HTTP/1.1",
         RT_METHOD_GET, RT_TARGET_ORIGIN, NULL, "h:1",
         "/0123456789abcdef0123456789", "0123456789abcdef"},
        {"BREW /pot HTTP/1.1", RT_METHOD_OTHER, RT_TARGET_ORIGIN, NULL, "h:1",
         "/pot", NULL},
        {"get / HTTP/1.1", RT_METHOD_OTHER, RT_TARGET_ORIGIN, NULL, "h:1", "/",
         NULL},
        {"POST http://other:8080/a?b HTTP/1.1", RT_METHOD_POST,
         RT_TARGET_ABSOLUTE, "http", "other:8080", "/a", "b"},
        {"GET HTTPS://[::1] HTTP/1.1", RT_METHOD_GET, RT_TARGET_ABSOLUTE,
         "HTTPS", "[::1]", "/", NULL},
        {"GET http://other?a HTTP/1.1", RT_METHOD_GET, RT_TARGET_ABSOLUTE,
         "http", "other", "/", "a"},
        {"OPTIONS http://other HTTP/1.1", RT_METHOD_OPTIONS, RT_TARGET_ABSOLUTE,
         "http", "other", "*", NULL},
        {"OPTIONS http://other/ HTTP/1.1", RT_METHOD_OPTIONS,
         RT_TARGET_ABSOLUTE, "http", "other", "/", NULL},
        {"OPTIONS http://other? HTTP/1.1", RT_METHOD_OPTIONS,
         RT_TARGET_ABSOLUTE, "http", "other", "/", ""},
        {"OPTIONS * HTTP/1.1", RT_METHOD_OPTIONS, RT_TARGET_ASTERISK, NULL,
         "h:1", "*", NULL},
        {"CONNECT other:443 HTTP/1.1", RT_METHOD_CONNECT, RT_TARGET_AUTHORITY,
         NULL, "other:443", "", NULL},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        char bytes[256];
        rt_arena arena = {0};

        RT_CASE(rows[i].line);
        snprintf(bytes, sizeof bytes, "%s\r\nHost: h:1\r\n\r\n", rows[i].line);
        rt_http1_head head = head_of(&arena, bytes);

        CHECK_EQ((int)head.method, (int)rows[i].method);
        CHECK(rt_str_starts_with(rt_str_from(rows[i].line), head.method_name));
        CHECK_EQ((int)head.form, (int)rows[i].form);
        check_str(head.scheme, rows[i].scheme);
        check_str(head.authority, rows[i].authority);
        check_str(head.path, rows[i].path);
        check_str(head.query, rows[i].query);
        CHECK_EQ(head.head_bytes, strlen(bytes));
        rt_arena_deinit(&arena);
    }
}

RT_TEST(the_host_of_a_target_replaces_the_header)
{
    rt_arena arena = {0};
    rt_http1_head head = head_of(&arena, "GET http://a/ HTTP/1.1\r\n"
                                         "X: y\r\nHost: b\r\nZ:\r\n\r\n");

    CHECK_EQ(head.authority, "a");
    CHECK_EQ(head.headers.len, 3u);
    CHECK_EQ(rt_headers_get(&head.headers, RT_STR("host")), "a");
    rt_arena_deinit(&arena);
}

RT_TEST(without_any_host_the_authority_is_absent)
{
    rt_arena arena = {0};
    rt_http1_head head = head_of(&arena, "GET / HTTP/1.0\r\n\r\n");

    CHECK(head.authority.data == NULL);
    CHECK_EQ(head.headers.len, 0u);
    rt_arena_deinit(&arena);
}

RT_TEST(headers_keep_order_spelling_and_inner_spaces)
{
    static const struct {
        const char *name;
        const char *value;
    } rows[] = {
        {"Host", "x"},
        {"aCCept", "a, b"},
        {"A", ""},
        {"A", "b \t c"},
        {"A-B", "c:d"},
        {"X", "\xe9\xff"},
        {"Long", "0123456789abcdefghij"},
    };

    rt_arena arena = {0};
    rt_http1_head head = head_of(&arena, "GET / HTTP/1.1\r\n"
                                         "Host: x\r\n"
                                         "aCCept:a, b\r\n"
                                         "A:   \r\n"
                                         "A: \t b \t c\t \r\n"
                                         "A-B: c:d\r\n"
                                         "X: \xe9\xff\r\n"
                                         "Long: 0123456789abcdefghij  \r\n"
                                         "\r\nnot read");

    REQUIRE(head.headers.len == RT_COUNT(rows));
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].name);
        CHECK_EQ(head.headers.items[i].name, rows[i].name);
        CHECK_EQ(head.headers.items[i].value, rows[i].value);
        CHECK(head.headers.items[i].value.data != NULL);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(more_headers_than_expected_are_all_there)
{
    rt_arena arena = {0};
    rt_buf bytes;

    rt_buf_init(&bytes, &arena);
    rt_buf_put_cstr(&bytes, "GET / HTTP/1.0\r\n");
    for (int i = 0; i < 100; i++)
        rt_buf_printf(&bytes, "N%d: %d\r\n", i, i * i);
    rt_buf_put_cstr(&bytes, "\r\n");

    rt_http1_head head = head_of(&arena, rt_buf_str(&bytes).data);
    REQUIRE(head.headers.len == 100);
    for (int i = 0; i < 100; i++) {
        char name[16];
        char value[16];

        snprintf(name, sizeof name, "N%d", i);
        snprintf(value, sizeof value, "%d", i * i);
        CHECK_EQ(head.headers.items[i].name, name);
        CHECK_EQ(head.headers.items[i].value, value);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(the_connection_stays_by_version_and_options)
{
    static const struct {
        const char *line;
        bool keep_alive;
        bool upgrade;
        int minor;
    } rows[] = {
        {"GET / HTTP/1.1\r\nHost: x\r\n", true, false, 1},
        {"GET / HTTP/1.7\r\nHost: x\r\n", true, false, 1},
        {"GET / HTTP/1.0\r\n", false, false, 0},
        {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n", true, false, 0},
        {"GET / HTTP/1.0\r\nConnection: x,,KEEP-ALIVE\r\n", true, false, 0},
        {"GET / HTTP/1.0\r\nKeep-Alive: timeout=5\r\n", false, false, 0},
        {"GET / HTTP/1.0\r\nProxy-Connection: keep-alive\r\n", false, false, 0},
        {"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n", false, false, 1},
        {"GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: a\r\n",
         true, true, 1},
        {"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: a\r\nConnection: b, Upgrade\r\n",
         true, true, 1},
        {"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: a\r\n", true, false, 1},
        {"GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\n", true, false,
         1},
        {"GET / HTTP/1.0\r\nConnection: upgrade\r\nUpgrade: a\r\n", false,
         false, 0},
        {"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n", false, false, 1},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        char bytes[256];
        rt_arena arena = {0};

        RT_CASE(rows[i].line);
        snprintf(bytes, sizeof bytes, "%s\r\n", rows[i].line);
        rt_http1_head head = head_of(&arena, bytes);
        CHECK_EQ(head.keep_alive, rows[i].keep_alive);
        CHECK_EQ(head.upgrade, rows[i].upgrade);
        CHECK_EQ(head.minor, rows[i].minor);
        rt_arena_deinit(&arena);
    }
}

RT_TEST(framing_and_expectation_follow_the_fields)
{
    static const struct {
        const char *lines;
        int minor;
        rt_http1_framing framing;
        uint64_t length;
        bool expect_continue;
    } rows[] = {
        {"", 1, RT_HTTP1_NO_BODY, 0, false},
        {"Content-Length: 0\r\n", 1, RT_HTTP1_NO_BODY, 0, false},
        {"Content-Length: 17\r\n", 1, RT_HTTP1_LENGTH, 17, false},
        {"Content-Length: 17\r\n", 0, RT_HTTP1_LENGTH, 17, false},
        {"Content-Length: 9223372036854775807\r\n", 1, RT_HTTP1_LENGTH,
         INT64_MAX, false},
        {"Transfer-Encoding: chunked\r\n", 1, RT_HTTP1_CHUNKED, 0, false},
        {"Expect: 100-continue\r\n", 1, RT_HTTP1_NO_BODY, 0, false},
        {"Expect: 100-Continue\r\nContent-Length: 0\r\n", 1, RT_HTTP1_NO_BODY,
         0, false},
        {"Expect: 100-CONTINUE\r\nContent-Length: 1\r\n", 1, RT_HTTP1_LENGTH, 1,
         true},
        {"Expect: 100-continue,\r\nContent-Length: 1\r\n", 1, RT_HTTP1_LENGTH,
         1, true},
        {"Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n", 1,
         RT_HTTP1_CHUNKED, 0, true},
        {"Expect: 100-continue\r\nContent-Length: 1\r\n", 0, RT_HTTP1_LENGTH, 1,
         false},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        char bytes[256];
        rt_arena arena = {0};

        RT_CASE(rows[i].lines);
        snprintf(bytes, sizeof bytes, "POST / HTTP/1.%d\r\nHost: x\r\n%s\r\n",
                 rows[i].minor, rows[i].lines);
        rt_http1_head head = head_of(&arena, bytes);
        CHECK_EQ((int)head.framing, (int)rows[i].framing);
        CHECK_EQ(head.content_length, rows[i].length);
        CHECK_EQ(head.expect_continue, rows[i].expect_continue);
        rt_arena_deinit(&arena);
    }
}

RT_TEST(an_incomplete_head_takes_no_memory)
{
    static const char bytes[] = "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n\r\n";
    rt_http1_reader reader;
    rt_http1_head head;
    rt_arena arena = {0};

    rt_http1_reader_init(&reader, NULL);
    for (size_t len = 0; len < sizeof bytes - 1; len++) {
        rt_str seen = rt_guarded_bytes(bytes, len);
        rt_arena_mark before = rt_arena_save(&arena);

        CHECK(rt_http1_read_head(&reader, seen.data, seen.len, &arena, &head) ==
              RT_HTTP1_NEED_MORE);
        // The first block stays, as an arena keeps it once it has it.
        if (before.block)
            CHECK(arena.next == before.next && arena.block == before.block);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(a_connection_idles_until_a_request_begins)
{
    static const struct {
        const char *bytes;
        bool idle;
    } rows[] = {{"", true},        {"\r", true},
                {"\r\n", true},    {"\r\n\r", true},
                {"\r\nG", false},  {"G", false},
                {"GET / ", false}, {"GET / HTTP/1.1\r\nA", false}};

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_http1_reader reader;
        rt_http1_head head;
        rt_arena arena = {0};

        RT_CASE(rows[i].bytes);
        rt_http1_reader_init(&reader, NULL);
        CHECK(rt_http1_is_idle(&reader));
        CHECK(rt_http1_read_head(&reader, rows[i].bytes, strlen(rows[i].bytes),
                                 &arena, &head) == RT_HTTP1_NEED_MORE);
        CHECK_EQ(rt_http1_is_idle(&reader), rows[i].idle);
        rt_arena_deinit(&arena);
    }
}

RT_TEST(an_error_stays)
{
    static const char good[] = "GET / HTTP/1.0\r\n\r\n";
    rt_http1_reader reader;
    rt_http1_head head;
    rt_arena arena = {0};
    size_t consumed;
    rt_str piece;

    rt_http1_reader_init(&reader, NULL);
    CHECK(rt_http1_read_head(&reader, "\n", 1, &arena, &head) ==
          RT_HTTP1_ERROR);
    CHECK_EQ(reader.status, 400);
    CHECK(rt_http1_read_head(&reader, good, sizeof good - 1, &arena, &head) ==
          RT_HTTP1_ERROR);
    CHECK(rt_http1_read_body(&reader, &arena, good, sizeof good - 1, &consumed,
                             &piece) == RT_HTTP1_ERROR);
    CHECK_EQ(consumed, 0u);
    CHECK(!rt_http1_is_complete(&reader));
    CHECK(!rt_http1_is_idle(&reader));
    rt_arena_deinit(&arena);
}

RT_TEST(a_refused_head_tells_whether_its_answer_has_a_body)
{
    static const struct {
        const char *bytes;
        bool is_head;
    } rows[] = {
        {"HEAD / HTTP/1.1\r\n\r\n", true},
        {"\r\nHEAD * HTTP/1.1\r\n", true},
        {"HEAD / HTTP/2.0\r\n", true},
        {"HEAD \t", true},
        {"HEAD\t", false},
        {"HEADER / HTTP/1.1\r\n\r\n", false},
        {"head / HTTP/1.1\r\n\r\n", false},
        {"GET / HTTP/1.1\r\n\r\n", false},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_http1_reader reader;
        rt_http1_head head;
        rt_arena arena = {0};
        rt_str seen = rt_guarded(rows[i].bytes);

        RT_CASE(rows[i].bytes);
        rt_http1_reader_init(&reader, NULL);
        CHECK_EQ((int)rt_http1_read_head(&reader, seen.data, seen.len, &arena,
                                         &head),
                 (int)RT_HTTP1_ERROR);
        CHECK_EQ(reader.is_head, rows[i].is_head);
        rt_arena_deinit(&arena);
    }
}

RT_TEST(the_next_request_is_no_head_because_the_last_one_was)
{
    rt_http1_reader reader;
    rt_http1_head head;
    rt_arena arena = {0};
    rt_str seen = rt_guarded("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");

    rt_http1_reader_init(&reader, NULL);
    CHECK_EQ((int)rt_http1_read_head(&reader, seen.data, seen.len, &arena,
                                     &head),
             (int)RT_HTTP1_HEAD);
    CHECK(reader.is_head);
    rt_http1_reader_next(&reader);
    CHECK(!reader.is_head);
    rt_arena_deinit(&arena);
}
