// The request as a view sees it: URLs, query, headers, cookies, and what hooks
// and views keep for each other.
#include <math.h>

#include "app_test.h"

// ---- what was asked ----------------------------------------------------------

static rt_response *tell(rt_request *req)
{
    return rt_text(req, "{}|{}|{}|{}|{}|{}|{}|{}|{}|{}", rt_method_of(req),
                   rt_is_post(req), rt_scheme(req), rt_host(req), rt_path(req),
                   rt_query_string(req), rt_url(req), rt_base_url(req),
                   rt_root_url(req), rt_script_root(req));
}

RT_TEST(a_request_knows_its_url)
{
    static const struct {
        const char *url, *told;
    } rows[] = {
        {"/", "GET|False|http|localhost|/||http://localhost/|"
              "http://localhost/|http://localhost/|"},
        {"/a/b?x=1", "GET|False|http|localhost|/a/b|x=1|"
                     "http://localhost/a/b?x=1|http://localhost/a/b|"
                     "http://localhost/|"},
        {"/a%20b/%C3%A4?%C3%A4=%20+",
         "GET|False|http|localhost|/a b/\xc3\xa4|%C3%A4=%20+|"
         "http://localhost/a%20b/\xc3\xa4?\xc3\xa4=%20+|"
         "http://localhost/a%20b/\xc3\xa4|http://localhost/|"},
        {"/a%2Fb%25?%26=%FF", // what has a meaning there stays encoded
         "GET|False|http|localhost|/a/b%|%26=%FF|"
         "http://localhost/a/b%?%26=%FF|http://localhost/a/b%|"
         "http://localhost/|"},
        {"/?", "GET|False|http|localhost|/||http://localhost/|"
               "http://localhost/|http://localhost/|"},
        {"https://example.org:8443/x",
         "GET|False|https|example.org:8443|/x||https://example.org:8443/x|"
         "https://example.org:8443/x|https://example.org:8443/|"},
        {"https://example.org:443/x",
         "GET|False|https|example.org|/x||https://example.org/x|"
         "https://example.org/x|https://example.org/|"},
        {"http://xn--n3h.net:80/",
         "GET|False|http|xn--n3h.net|/||http://\xe2\x98\x83.net/|"
         "http://\xe2\x98\x83.net/|http://\xe2\x98\x83.net/|"},
    };

    rt_app *app = rt_app_new("told");
    rt_get(app, "/", tell);
    rt_route(app, "/<path:p>", tell, .endpoint = "p", .methods = "GET POST");
    rt_client *client = rt_client_new(app);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].url);
        CHECK_EQ(get(client, rows[i].url), rows[i].told);
    }
    CHECK(rt_str_starts_with(rt_client_post(client, "/x").body,
                             RT_STR("POST|True|")));
    end(client, app);
}

static rt_response *address(rt_request *req)
{
    return rt_text(req, "{}", rt_remote_addr(req));
}

RT_TEST(a_client_has_an_address)
{
    rt_app *app = rt_app_new("address");
    rt_get(app, "/", address);
    rt_client *client = rt_client_new(app);

    CHECK_EQ(get(client, "/"), "127.0.0.1");
    end(client, app);
}

// ---- query -------------------------------------------------------------------

static rt_response *query_get(rt_request *req)
{
    return rt_text(req, "{!r}", rt_query_get(req, "q", "none"));
}

static rt_response *query_required(rt_request *req)
{
    return rt_text(req, "{!r}", rt_query(req, "q"));
}

static rt_response *query_int(rt_request *req)
{
    return rt_text(req, "{}", rt_query_int(req, "q", -1));
}

static rt_response *query_float(rt_request *req)
{
    return rt_text(req, "{}", rt_query_float(req, "q", -1));
}

static rt_response *query_bool(rt_request *req)
{
    return rt_text(req, "{} {}", rt_query_bool(req, "q", true),
                   rt_query_bool(req, "q", false));
}

static rt_response *query_all(rt_request *req)
{
    return rt_text(req, "{} {}", rt_query_all(req, "q"), rt_query_dict(req));
}

static rt_app *query_app(void)
{
    rt_app *app = rt_app_new("query");
    rt_get(app, "/get", query_get);
    rt_get(app, "/required", query_required);
    rt_get(app, "/int", query_int);
    rt_get(app, "/float", query_float);
    rt_get(app, "/bool", query_bool);
    rt_get(app, "/all", query_all);
    return app;
}

RT_TEST(fields_of_the_query_are_read_by_name)
{
    static const struct {
        const char *url;
        int status;
        const char *body;
    } rows[] = {
        {"/get", 200, "'none'"},
        {"/get?", 200, "'none'"},
        {"/get?Q=1", 200, "'none'"},
        {"/get?q", 200, "''"},
        {"/get?q=", 200, "''"},
        {"/get?q=1&q=2", 200, "'1'"},
        {"/get?a=1&q=x+y%20z%2B", 200, "'x y z+'"},
        {"/get?q=%C3%A4", 200, "'\xc3\xa4'"},
        {"/get?q=%FF", 200, "'%FF'"},
        {"/get?q=%", 200, "'%'"},
        {"/get?%71=1", 200, "'1'"},
        {"/get?q=a%00b", 400, NULL},
        {"/required?q=1", 200, "'1'"},
        {"/required?q=", 200, "''"},
        {"/required", 400, NULL},
        {"/required?q=%00", 400, NULL},
        {"/int?q=7", 200, "7"},
        {"/int?q=-7", 200, "-7"},
        {"/int?q=%2B7", 200, "7"},
        {"/int?q=+7+", 200, "7"},
        {"/int?q=007", 200, "7"},
        {"/int?q=9223372036854775807", 200, "9223372036854775807"},
        {"/int?q=-9223372036854775808", 200, "-9223372036854775808"},
        {"/int?q=9223372036854775808", 200, "-1"},
        {"/int?q=7.0", 200, "-1"},
        {"/int?q=7a", 200, "-1"},
        {"/int?q=", 200, "-1"},
        {"/int?q=%2B", 200, "-1"},
        {"/int?q=%2B-7", 200, "-1"},
        {"/int?q=7%00", 200, "-1"},
        {"/int", 200, "-1"},
        {"/float?q=7", 200, "7.0"},
        {"/float?q=-7.25", 200, "-7.25"},
        {"/float?q=+1e3+", 200, "1000.0"},
        {"/float?q=.5", 200, "0.5"},
        {"/float?q=nan", 200, "-1.0"},
        {"/float?q=1e999", 200, "-1.0"},
        {"/float?q=-1e999", 200, "-1.0"},
        {"/float?q=inf", 200, "-1.0"},
        {"/float?q=1e308", 200, "1e+308"},
        {"/float?q=1e-999", 200, "0.0"},
        {"/float?q=x", 200, "-1.0"},
        {"/float?q=", 200, "-1.0"},
        {"/float", 200, "-1.0"},
        {"/bool?q=1", 200, "True True"},
        {"/bool?q=TRUE", 200, "True True"},
        {"/bool?q=yes", 200, "True True"},
        {"/bool?q=+on+", 200, "True True"},
        {"/bool?q=0", 200, "False False"},
        {"/bool?q=False", 200, "False False"},
        {"/bool?q=no", 200, "False False"},
        {"/bool?q=off", 200, "False False"},
        {"/bool?q=", 200, "True False"},
        {"/bool?q=2", 200, "True False"},
        {"/bool", 200, "True False"},
        {"/all", 200, "[] {}"},
        {"/all?q=1&a=x&q=&q=3", 200,
         "['1', '', '3'] {'q': ['1', '', '3'], 'a': ['x']}"},
        {"/all?q=a%00b", 200, "['a\\x00b'] {'q': ['a\\x00b']}"},
    };

    rt_app *app = query_app();
    rt_client *client = rt_client_new(app);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].url);
        const char *body = get_status(client, rows[i].url, rows[i].status);
        if (rows[i].body)
            CHECK_EQ(body, rows[i].body);
    }
    CHECK_EQ(logged, "");
    end(client, app);
}

RT_TEST(debug_mode_says_which_field_is_missing)
{
    rt_app *app = query_app();
    rt_client *client = rt_client_new(app);

    CHECK(!contains(get_status(client, "/required", 400), "&#39;q&#39;"));
    rt_app_set_debug(app, true);
    CHECK(contains(get_status(client, "/required", 400), "&#39;q&#39;"));
    end(client, app);
}

RT_TEST(a_query_of_too_many_fields_is_400)
{
    rt_app *app = query_app();
    rt_client *client = rt_client_new(app);
    rt_arena arena = {0};
    rt_buf url;
    rt_buf_init(&url, &arena);
    rt_buf_put_cstr(&url, "/get?q=1");
    for (int i = 1; i < RT_PARAMS_MAX; i++)
        rt_buf_put_cstr(&url, "&a");

    CHECK_EQ(get(client, rt_buf_str(&url).data), "'1'");
    rt_buf_put_cstr(&url, "&a");
    get_status(client, rt_buf_str(&url).data, 400);
    rt_arena_deinit(&arena);
    end(client, app);
}

// ---- headers and cookies -----------------------------------------------------

static rt_response *header(rt_request *req)
{
    return rt_text(req, "{!r}", rt_header_get(req, "X-Thing", "none"));
}

RT_TEST(headers_are_read_in_any_case)
{
    static const struct {
        const char *name, *value, *body;
    } rows[] = {
        {"X-Thing", "a", "'a'"},
        {"x-thing", "a, b", "'a, b'"},
        {"X-Thing", "", "''"},
        {"X-Thing", "\xff\xc3\xa4", "'\xef\xbf\xbd\xc3\xa4'"},
        {"X-Thingy", "a", "'none'"},
    };

    rt_app *app = rt_app_new("headers");
    rt_get(app, "/", header);
    rt_client *client = rt_client_new(app);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("row %zu", i);
        rt_reply reply =
            rt_client_get(client, "/",
                          .headers = RT_FIELDS(rows[i].name, rows[i].value));
        CHECK_EQ(reply.body, rows[i].body);
    }
    rt_reply reply =
        rt_client_get(client, "/",
                      .headers = RT_FIELDS("X-Thing", "1", "X-Thing", "2"));
    CHECK_EQ(reply.body, "'1'");
    end(client, app);
}

static rt_response *cookie(rt_request *req)
{
    return rt_text(req, "{!r}", rt_cookie_get(req, "c", "none"));
}

RT_TEST(cookies_are_read_by_name)
{
    static const struct {
        const char *header;
        int status;
        const char *body;
    } rows[] = {
        {"c=1", 200, "'1'"},
        {"a=0; c=1; c=2", 200, "'1'"},
        {"c=", 200, "''"},
        {"C=1", 200, "'none'"},
        {"c=\"a b\\303\\244\"", 200, "'a b\xc3\xa4'"},
        {"c=\"a\\000b\"", 400, NULL},
        {"", 200, "'none'"},
    };

    rt_app *app = rt_app_new("cookies");
    rt_get(app, "/", cookie);
    rt_client *client = rt_client_new(app);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].header);
        rt_reply reply =
            rt_client_get(client, "/",
                          .headers = RT_FIELDS("Cookie", rows[i].header));
        CHECK_EQ(reply.status, rows[i].status);
        if (rows[i].body)
            CHECK_EQ(reply.body, rows[i].body);
    }
    rt_reply reply =
        rt_client_get(client, "/",
                      .headers = RT_FIELDS("Cookie", "a=0", "Cookie", "c=2"));
    CHECK_EQ(reply.body, "'2'");
    CHECK_EQ(get(client, "/"), "'none'");
    end(client, app);
}

// ---- keeping -----------------------------------------------------------------

static rt_response *keep(rt_request *req, void *arg)
{
    char name[] = "user", value[] = "ada";
    (void)arg;
    rt_g_set(req, name, value);
    rt_g_set(req, "bytes", rt_value_bytes(value, 3));
    rt_g_set(req, "count", 1);
    rt_g_set(req, "count", 2);
    rt_g_set(req, "list", rt_list(req, 1));
    rt_local_set(req, name, arg);
    // What was given is gone when the call returns.
    memset(name, 'x', sizeof name - 1);
    memset(value, 'x', sizeof value - 1);
    return NULL;
}

static rt_response *kept(rt_request *req)
{
    // A list is the same list for everyone.
    CHECK(rt_list_push(rt_g_get(req, "list"), RT(2)) == RT_OK);
    return rt_text(req, "{} {} {} {} {!r} {} {}", rt_g_get(req, "user"),
                   rt_g_get(req, "bytes"), rt_g_get(req, "count"),
                   rt_g_get(req, "list"), rt_g_get(req, "nothing"),
                   rt_local_get(req, "user") == (void *)&logged,
                   rt_local_get(req, "nothing") == NULL);
}

RT_TEST(hooks_and_views_share_values_and_pointers)
{
    rt_app *app = rt_app_new("kept");
    rt_before_request(app, keep, .arg = &logged);
    rt_get(app, "/", kept);
    rt_client *client = rt_client_new(app);

    CHECK_EQ(get(client, "/"), "ada b'ada' 2 [1, 2] Undefined 1 1");
    end(client, app);
}

static rt_response *popped(rt_request *req)
{
    rt_value none = rt_g_pop(req, "user");
    rt_value first = rt_g_default(req, "user", "ada");
    rt_value again = rt_g_default(req, "user", "eve");
    rt_value taken = rt_g_pop(req, "user");
    return rt_text(req, "{!r} {} {} {} {!r}", none, first, again, taken,
                   rt_g_get(req, "user"));
}

RT_TEST(what_is_shared_can_be_taken_and_set_by_default)
{
    rt_app *app = rt_app_new("popped");
    rt_get(app, "/", popped);
    rt_client *client = rt_client_new(app);
    CHECK_EQ(get(client, "/"), "Undefined ada ada ada Undefined");
    end(client, app);
}

static rt_response *made(rt_request *req)
{
    return rt_text(req, "{} {} {} {}", rt_list(req), rt_dict(req),
                   rt_list(req, "a", 2, true, rt_list(req, NULL)),
                   rt_dict(req, "no", 1, "next", rt_dict(req, "no", 2), "no",
                           3));
}

RT_TEST(lists_and_dicts_are_made_in_place)
{
    rt_app *app = rt_app_new("made");
    rt_get(app, "/", made);
    rt_client *client = rt_client_new(app);

    CHECK_EQ(get(client, "/"), "[] {} ['a', 2, True, [None]] "
                               "{'no': 3, 'next': {'no': 2}}");
    end(client, app);
}
