#include <retort/base/time.h>

#include "app_test.h"

// Shared by the rows: a view with both validators and ten bytes.
#define MODIFIED_US (INT64_C(1709209845) * RT_TIME_SECOND)
#define SAME        "Thu, 29 Feb 2024 12:30:45 GMT"
#define BEFORE      "Thu, 29 Feb 2024 12:30:44 GMT"

static rt_response *ten(rt_request *req)
{
    rt_response *response = rt_bytes(req, RT_STR("0123456789"), "text/plain");
    rt_set_etag(response, "ten");
    rt_set_last_modified(response, MODIFIED_US);
    rt_content_language(response, "en");
    rt_set_cookie(response, "kept", "1");
    return rt_conditional(req, response, .accept_ranges = true);
}

static rt_client *client_of(rt_app **app)
{
    *app = rt_app_new("caching");
    rt_route(*app, "/ten", ten, .methods = "GET POST");
    return rt_client_new(*app);
}

RT_TEST(a_response_becomes_304_or_412_as_the_request_asks)
{
    static const struct {
        const char *method, *name, *value;
        int status;
    } rows[] = {
        {"GET", "X", "y", 200},
        {"GET", "If-None-Match", "\"ten\"", 304},
        {"HEAD", "If-None-Match", "W/\"ten\"", 304},
        {"GET", "If-None-Match", "*", 304},
        {"GET", "If-None-Match", "\"other\"", 200},
        {"GET", "If-Modified-Since", SAME, 304},
        {"GET", "If-Modified-Since", BEFORE, 200},
        {"GET", "If-Match", "\"ten\"", 200},
        {"GET", "If-Match", "*", 200},
        {"GET", "If-Match", "\"no\"", 412},
        {"GET", "If-Unmodified-Since", BEFORE, 412},
        {"POST", "If-None-Match", "\"ten\"", 200},
    };

    rt_app *app;
    rt_client *client = client_of(&app);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("%s %s: %s", rows[i].method, rows[i].name, rows[i].value);
        rt_reply reply = rt_client_request(client, rows[i].method, "/ten",
                                           .headers = RT_FIELDS(rows[i].name,
                                                                rows[i].value));
        CHECK_EQ(reply.status, rows[i].status);
        CHECK_EQ(rt_reply_header(&reply, "ETag"), "\"ten\"");
        CHECK_EQ(reply.body.len,
                 rows[i].status == 304 || rows[i].method[0] == 'H' ? 0u : 10u);
    }
    end(client, app);
}

RT_TEST(an_application_may_answer_conditions_as_werkzeug)
{
    static const struct {
        const char *name, *value, *other, *other_value;
        int status;
    } rows[] = {
        {"X", "y", "X", "y", 200},
        {"If-None-Match", "\"ten\"", "X", "y", 304},
        {"If-None-Match", "W/\"ten\"", "X", "y", 304},
        {"If-None-Match", "\"ten\"", "If-Match", "\"ten\"", 200},
        {"If-None-Match", "\"x\"", "If-Modified-Since", SAME, 200},
        {"If-Match", "*", "X", "y", 412},
        {"If-Match", "\"ten\"", "X", "y", 200},
        {"If-Match", "W/\"ten\"", "X", "y", 412},
        {"If-Unmodified-Since", BEFORE, "X", "y", 200},
        {"If-Modified-Since", SAME, "X", "y", 304},
        {"If-Modified-Since", SAME, "Range", "bytes=0-3", 206},
        {"Range", "bytes=-0", "X", "y", 206},
        {"Range", "bytes=-30", "X", "y", 416},
        {"Range", "bytes=0-1,3-4", "X", "y", 416},
        {"Range", "lines=0-3", "X", "y", 416},
        {"Range", "bytes=0-30", "If-Range", "*", 206},
        {"Range", "bytes=0-3", "If-Range", "\"old\"", 200},
        {"Range", "bytes=0-3", "If-Range", BEFORE, 200},
        {"Range", "bytes=0-3", "If-Range", SAME, 206},
    };

    rt_app *app = rt_app_new("caching");
    rt_config_set(app, "WERKZEUG_CONDITIONS", true);
    rt_get(app, "/ten", ten);
    rt_client *client = rt_client_new(app);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("%s: %s, %s: %s", rows[i].name, rows[i].value,
                     rows[i].other, rows[i].other_value);
        rt_reply reply =
            rt_client_get(client, "/ten",
                          .headers =
                              RT_FIELDS(rows[i].name, rows[i].value,
                                        rows[i].other, rows[i].other_value));
        CHECK_EQ(reply.status, rows[i].status);
    }
    end(client, app);
}

RT_TEST(a_304_has_no_headers_of_the_body)
{
    rt_app *app;
    rt_client *client = client_of(&app);
    rt_reply reply =
        rt_client_get(client, "/ten",
                      .headers = RT_FIELDS("If-None-Match", "\"ten\""));

    CHECK_EQ(reply.status, 304);
    CHECK(!rt_reply_header(&reply, "Content-Type"));
    CHECK(!rt_reply_header(&reply, "Content-Language"));
    CHECK(!rt_reply_header(&reply, "Last-Modified"));
    CHECK(rt_reply_header(&reply, "Set-Cookie") != NULL);
    CHECK_EQ(rt_reply_header(&reply, "Accept-Ranges"), "bytes");
    end(client, app);
}

RT_TEST(parts_of_a_body_are_sent)
{
    static const struct {
        const char *range, *if_range;
        int status;
        const char *content_range, *body; // NULL: not looked at
    } rows[] = {
        {"bytes=0-3", NULL, 206, "bytes 0-3/10", "0123"},
        {"bytes=-3", NULL, 206, "bytes 7-9/10", "789"},
        {"bytes=-30", NULL, 206, "bytes 0-9/10", "0123456789"},
        {"bytes=8-20", NULL, 206, "bytes 8-9/10", "89"},
        {"bytes=10-", NULL, 416, "bytes */10", NULL},
        {"bytes=-0", NULL, 416, "bytes */10", NULL},
        {"bytes=x", NULL, 416, "bytes */10", NULL},
        {"bytes=5-4", NULL, 416, "bytes */10", NULL},
        {"lines=0-3", NULL, 200, NULL, "0123456789"},
        {"bytes=0-3", "\"ten\"", 206, "bytes 0-3/10", "0123"},
        {"bytes=0-3", "\"old\"", 200, NULL, "0123456789"},
        {"bytes=0-3", SAME, 206, "bytes 0-3/10", "0123"},
        {"bytes=0-3", BEFORE, 200, NULL, "0123456789"},
        {"bytes=1-3,2-5", NULL, 206, "bytes 1-5/10", "12345"},
    };

    rt_app *app;
    rt_client *client = client_of(&app);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("%s, %s", rows[i].range,
                     rows[i].if_range ? rows[i].if_range : "always");
        rt_reply reply = rt_client_get(
            client, "/ten",
            .headers = RT_FIELDS("Range", rows[i].range,
                                 rows[i].if_range ? "If-Range" : "X",
                                 rows[i].if_range ? rows[i].if_range : "y"));
        CHECK_EQ(reply.status, rows[i].status);
        CHECK_EQ(rt_reply_header(&reply, "Content-Range"),
                 rows[i].content_range);
        if (rows[i].body)
            CHECK_EQ(reply.body, rt_str_from(rows[i].body));
    }
    end(client, app);
}

RT_TEST(several_parts_are_one_multipart_body)
{
    rt_app *app;
    rt_client *client = client_of(&app);
    rt_reply reply =
        rt_client_get(client, "/ten",
                      .headers = RT_FIELDS("Range", "bytes=0-1, 5-6,-1"));
    const char *type = rt_reply_header(&reply, "Content-Type");
    rt_arena arena = {0};

    CHECK_EQ(reply.status, 206);
    CHECK(!rt_reply_header(&reply, "Content-Range"));
    REQUIRE(type && strncmp(type, "multipart/byteranges; boundary=", 31) == 0);
    rt_str expected =
        rt_format(&arena,
                  "\r\n--{}\r\nContent-Type: text/plain; charset=utf-8\r\n"
                  "Content-Range: bytes 0-1/10\r\n\r\n01"
                  "\r\n--{}\r\nContent-Type: text/plain; charset=utf-8\r\n"
                  "Content-Range: bytes 5-6/10\r\n\r\n56"
                  "\r\n--{}\r\nContent-Type: text/plain; charset=utf-8\r\n"
                  "Content-Range: bytes 9-9/10\r\n\r\n9"
                  "\r\n--{}--\r\n",
                  type + 31, type + 31, type + 31, type + 31);
    CHECK_EQ(reply.body, expected);
    rt_arena_deinit(&arena);
    end(client, app);
}

static rt_response *digested(rt_request *req)
{
    return rt_conditional(req, rt_add_etag(rt_text(req, "body")));
}

static rt_response *weak(rt_request *req)
{
    return rt_set_etag(rt_text(req, "w"), "v1", .weak = true);
}

static rt_response *missing(rt_request *req)
{
    rt_response *response = rt_set_status(rt_text(req, "none"), 404);
    return rt_conditional(req, rt_set_etag(response, "x"));
}

static rt_response *odd_tag(rt_request *req)
{
    return rt_set_etag(rt_text(req, "w"), "a\"b");
}

RT_TEST(tags_are_made_of_bodies_and_set_weakly)
{
    rt_app *app = rt_app_new("tags");
    rt_get(app, "/digested", digested);
    rt_get(app, "/weak", weak);
    rt_get(app, "/missing", missing);
    rt_get(app, "/odd", odd_tag);
    rt_client *client = rt_client_new(app);

    rt_reply first = rt_client_get(client, "/digested");
    const char *tag = rt_reply_header(&first, "ETag");
    REQUIRE(tag && strlen(tag) == 24);
    rt_reply again = rt_client_get(client, "/digested",
                                   .headers = RT_FIELDS("If-None-Match", tag));
    CHECK_EQ(again.status, 304);
    rt_reply reply = rt_client_get(client, "/weak");
    CHECK_EQ(rt_reply_header(&reply, "ETag"), "W/\"v1\"");
    reply = rt_client_get(client, "/missing",
                          .headers = RT_FIELDS("If-None-Match", "*"));
    CHECK_EQ(reply.status, 404);
    get_status(client, "/odd", 500);
    end(client, app);
}

static rt_response *adorned(rt_request *req)
{
    rt_response *response = rt_text(req, "x");
    rt_cache_control(response, .no_store = true, .private_ = true,
                     .max_age = RT_SECONDS(0));
    rt_vary(response, "Accept");
    rt_vary(response, "Cookie");
    rt_vary(response, "accept");
    rt_allow(response, "GET");
    rt_set_age(response, 90);
    rt_retry_after(response, 120);
    rt_set_expires(response, MODIFIED_US);
    rt_content_security_policy(response, "default-src", "'self'");
    rt_content_security_policy(response, "img-src", "*");
    rt_content_security_policy(response, "default-src", "'none'");
    return response;
}

static rt_response *unchanged(rt_request *req)
{
    return rt_set_status(rt_text(req, "dropped"), 304);
}

static rt_response *busy(rt_request *req)
{
    rt_abort_retry_after(req, 429, 30);
}

static rt_response *closed(rt_request *req)
{
    rt_abort_retry_after_date(req, 503, MODIFIED_US);
}

static rt_response *update(rt_request *req)
{
    rt_check_preconditions(req,
                           &(rt_validators){.etag = {RT_STR("v1"), false}});
    return rt_text(req, "done");
}

RT_TEST(headers_for_caches_are_set)
{
    rt_app *app = rt_app_new("headers");
    rt_get(app, "/adorned", adorned);
    rt_get(app, "/unchanged", unchanged);
    rt_get(app, "/busy", busy);
    rt_get(app, "/closed", closed);
    rt_put(app, "/thing", update);
    rt_client *client = rt_client_new(app);

    rt_reply reply = rt_client_get(client, "/adorned");
    CHECK_EQ(rt_reply_header(&reply, "Cache-Control"),
             "no-store, private, max-age=0");
    CHECK_EQ(rt_reply_header(&reply, "Vary"), "Accept, Cookie");
    CHECK_EQ(rt_reply_header(&reply, "Allow"), "GET");
    CHECK_EQ(rt_reply_header(&reply, "Age"), "90");
    CHECK_EQ(rt_reply_header(&reply, "Retry-After"), "120");
    CHECK_EQ(rt_reply_header(&reply, "Expires"), SAME);
    CHECK_EQ(rt_reply_header(&reply, "Content-Security-Policy"),
             "default-src 'none'; img-src *");
    reply = rt_client_get(client, "/unchanged");
    CHECK_EQ(reply.status, 304);
    CHECK(!rt_headers_has(&reply.headers, RT_STR("Content-Type")));
    reply = rt_client_get(client, "/busy");
    CHECK_EQ(reply.status, 429);
    CHECK_EQ(rt_reply_header(&reply, "Retry-After"), "30");
    reply = rt_client_get(client, "/closed");
    CHECK_EQ(reply.status, 503);
    CHECK_EQ(rt_reply_header(&reply, "Retry-After"), SAME);
    reply = rt_client_put(client, "/thing",
                          .headers = RT_FIELDS("If-Match", "\"v1\""));
    CHECK_EQ(reply.status, 200);
    reply = rt_client_put(client, "/thing",
                          .headers = RT_FIELDS("If-Match", "\"v0\""));
    CHECK_EQ(reply.status, 412);
    end(client, app);
}
