// Signals, trusted proxies, and what a request says about itself.
#include "app_test.h"

static void receive(rt_request *req, const rt_event *event, void *arg)
{
    (void)req;
    trace(arg);
    if (event->response)
        trace("response");
    if (event->error)
        trace(event->error->original ? event->error->original->message
                                     : event->error->message);
    if (event->template_name)
        trace(event->template_name);
    if (event->category)
        trace(event->category);
}

static rt_response *before(rt_request *req, void *arg)
{
    (void)req, (void)arg;
    trace("before");
    return NULL;
}

static rt_response *after(rt_request *req, rt_response *response, void *arg)
{
    (void)req, (void)arg;
    trace("after");
    return response;
}

static void teardown(rt_request *req, const rt_http_error *error, void *arg)
{
    (void)req, (void)error, (void)arg;
    trace("teardown");
}

static rt_response *fail_after(rt_request *req, rt_response *response,
                               void *arg)
{
    (void)response, (void)arg;
    rt_raise(req, RT_ANY_ERROR, "late");
}

static rt_response *fail_handler(rt_request *req, const rt_http_error *error,
                                 void *arg)
{
    (void)error, (void)arg;
    rt_raise(req, RT_ANY_ERROR, "handler");
}

static rt_response *view(rt_request *req, const char *what)
{
    if (strcmp(what, "flash") == 0)
        rt_flash(req, "hello", .category = "info");
    if (strcmp(what, "template") == 0)
        return rt_render_string(req, "x");
    if (strcmp(what, "raise") == 0)
        rt_raise(req, RT_ANY_ERROR, "broken");
    if (strcmp(what, "abort") == 0)
        rt_abort(req, 503);
    if (strcmp(what, "handler") == 0)
        rt_abort(req, 409);
    if (strcmp(what, "after") == 0)
        rt_after_this_request(req, fail_after, NULL);
    return rt_text(req, "ok");
}

RT_TEST(signals_tell_what_happens)
{
    static const struct {
        const char *path, *trace;
    } rows[] = {
        {"/ok", "started before after finished response teardown down"},
        {"/flash",
         "started before flashed info after finished response teardown down"},
        {"/template", "started before render rendered after finished response "
                      "teardown down"},
        {"/raise", "started before exception broken after finished response "
                   "teardown down broken"},
        {"/abort", "started before after finished response teardown down"},
        {"/handler", "started before exception handler after finished response "
                     "teardown down handler"},
        {"/after", "started before exception late teardown down late"},
        {"/", "started before after finished response teardown down"},
    };

    rt_app *app = rt_app_new("shop");
    rt_config_set(app, "SECRET_KEY", "k");
    rt_get(app, "/<what>", view);
    rt_error_handler(app, 409, fail_handler);
    rt_before_request(app, before);
    rt_after_request(app, after);
    rt_teardown_request(app, teardown);
    rt_signal_connect(app, RT_REQUEST_STARTED, receive, .arg = word("started"));
    rt_signal_connect(app, RT_REQUEST_FINISHED, receive,
                      .arg = word("finished"));
    rt_signal_connect(app, RT_REQUEST_EXCEPTION, receive,
                      .arg = word("exception"));
    rt_signal_connect(app, RT_REQUEST_TEARING_DOWN, receive,
                      .arg = word("down"));
    rt_signal_connect(app, RT_BEFORE_RENDER_TEMPLATE, receive,
                      .arg = word("render"));
    rt_signal_connect(app, RT_TEMPLATE_RENDERED, receive,
                      .arg = word("rendered"));
    rt_signal_connect(app, RT_MESSAGE_FLASHED, receive, .arg = word("flashed"));
    rt_client *client = rt_client_new(app);
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].path);
        traced[0] = '\0';
        rt_client_get(client, rows[i].path);
        CHECK(rt_str_starts_with(rt_str_from(traced),
                                 rt_str_from(rows[i].trace)));
    }
    end(client, app);
}

// ---- proxies ----------------------------------------------------------------

static rt_response *who(rt_request *req)
{
    return rt_text(req, "{} {} {} {} {}", rt_remote_addr(req), rt_scheme(req),
                   rt_host(req), rt_script_root(req), rt_root_url(req));
}

static void check_proxied(rt_trust_proxy trust, const char *expected,
                          const rt_pair *headers)
{
    rt_app *app = rt_app_new("shop", .trust_proxy = trust);
    rt_get(app, "/", who);
    rt_client *client = rt_client_new(app);
    rt_client_options options = {.headers = headers};
    rt_reply reply = rt_client_send(client, "GET", "/", &options);
    CHECK_EQ(reply.body, rt_str_from(expected));
    end(client, app);
}

RT_TEST(trusted_proxies_are_believed)
{
    static const rt_trust_proxy all = {1, 1, 1, 1, 1};
    const rt_pair headers[] = {
        {"X-Forwarded-For", RT("6.6.6.6, 1.2.3.4")},
        {"X-Forwarded-Proto", RT("https")},
        {"X-Forwarded-Host", RT("shop.test:8080")},
        {"X-Forwarded-Port", RT("8443")},
        {"X-Forwarded-Prefix", RT("/app")},
        {NULL, RT(0)},
    };

    RT_CASE("all");
    check_proxied(all,
                  "1.2.3.4 https shop.test:8443 /app "
                  "https://shop.test:8443/app/",
                  headers);
    RT_CASE("nobody");
    check_proxied((rt_trust_proxy){0},
                  "127.0.0.1 http localhost  http://localhost/", headers);
    RT_CASE("two proxies");
    check_proxied((rt_trust_proxy){.x_for = 2},
                  "6.6.6.6 http localhost  http://localhost/", headers);
    RT_CASE("more than there are");
    check_proxied((rt_trust_proxy){.x_for = 3},
                  "127.0.0.1 http localhost  http://localhost/", headers);
    RT_CASE("a host that is none");
    const rt_pair bad[] = {{"X-Forwarded-Host", RT("a b/c")}, {NULL, RT(0)}};
    check_proxied(all, "127.0.0.1 http localhost  http://localhost/", bad);
}

// ---- what a request says --------------------------------------------------------

static rt_response *describe(rt_request *req, int64_t n)
{
    (void)n;
    return rt_text(req, "{} {} {} {} {} {} {} {} {}", rt_full_path(req),
                   rt_host_url(req), rt_is_secure(req), rt_view_args(req),
                   rt_mimetype(req), rt_mimetype_params(req),
                   rt_content_length(req), rt_is_json(req),
                   rt_access_route(req));
}

RT_TEST(a_request_describes_itself)
{
    rt_app *app = rt_app_new("shop");
    rt_route(app, "/d/<int:n>", describe, .methods = "GET POST");
    rt_client *client = rt_client_new(app);
    rt_reply reply =
        rt_client_post(client, "/d/7?a=b", .body = RT_STR("{}"),
                       .headers =
                           RT_FIELDS("Content-Type",
                                     "Application/Vnd.x+JSON; a=\"b c\"",
                                     "X-Forwarded-For", "1.1.1.1, 2.2.2.2"));
    CHECK_EQ(reply.body, RT_STR("/d/7?a=b http://localhost/ False {'n': 7} "
                                "application/vnd.x+json {'a': 'b c'} 2 True "
                                "['1.1.1.1', '2.2.2.2']"));
    CHECK_EQ(
        get(client, "/d/7"),
        "/d/7? http://localhost/ False {'n': 7}  {} -1 False ['127.0.0.1']");
    end(client, app);
}

static rt_response *json(rt_request *req)
{
    bool force = rt_query_int(req, "force", 0) == 1;
    bool silent = rt_query_int(req, "silent", 0) == 1;
    return rt_json_value(req, rt_json_body_as(req, .force = force,
                                              .silent = silent));
}

RT_TEST(json_is_read_as_asked)
{
    static const struct {
        const char *path, *type, *body;
        int status;
        const char *answer;
    } rows[] = {
        {"/", "application/json", "[1]", 200, "[1]\n"},
        {"/", "text/plain", "[1]", 415, NULL},
        {"/?force=1", "text/plain", "[1]", 200, "[1]\n"},
        {"/?silent=1", "text/plain", "[1]", 200, "null\n"},
        {"/", "application/json", "[1", 400, NULL},
        {"/?silent=1", "application/json", "[1", 200, "null\n"},
        {"/?force=1&silent=1", "text/plain", "[1", 200, "null\n"},
    };

    rt_app *app = rt_app_new("shop", .json_compact = RT_ON);
    rt_post(app, "/", json);
    rt_client *client = rt_client_new(app);
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].path);
        rt_reply reply =
            rt_client_post(client, rows[i].path,
                           .body = rt_str_from(rows[i].body),
                           .headers = RT_FIELDS("Content-Type", rows[i].type));
        CHECK_EQ(reply.status, rows[i].status);
        if (rows[i].answer)
            CHECK_EQ(reply.body, rt_str_from(rows[i].answer));
    }
    end(client, app);
}

RT_TEST(json_may_be_in_every_encoding_of_unicode)
{
    static const struct {
        const char *bytes;
        size_t len;
        int status;
    } rows[] = {
        {"[\"\xc3\xa9\"]", 6, 200},
        {"\xef\xbb\xbf[\"\xc3\xa9\"]", 9, 200},
        {"[\0\"\0\xe9\0\"\0]\0", 10, 200},
        {"\xff\xfe[\0\"\0\xe9\0\"\0]\0", 12, 200},
        {"\0[\0\"\0\xe9\0\"\0]", 10, 200},
        {"\xfe\xff\0[\0\"\0\xe9\0\"\0]", 12, 200},
        {"[\0\0\0\"\0\0\0\xe9\0\0\0\"\0\0\0]\0\0\0", 20, 200},
        {"\0\0\xfe\xff\0\0\0[\0\0\0\"\0\0\0\xe9\0\0\0\"\0\0\0]", 24, 200},
        {"[\"\xe9\"]", 5, 400},                                // ISO-8859-1
        {"[\0\"\0\0\xd8\"\0]\0", 10, 400},                     // half a pair
        {"[\0\"\0\xe9\0\"\0]", 9, 400},                        // cut
        {"[\0\0\0\"\0\0\0\0\0\x11\0\"\0\0\0]\0\0\0", 20, 400}, // too large
    };

    rt_app *app = rt_app_new("shop", .json_unicode = true);
    rt_post(app, "/", json);
    rt_client *client = rt_client_new(app);
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("row %zu", i);
        rt_reply reply =
            rt_client_post(client, "/?force=1",
                           .body = rt_str_of(rows[i].bytes, rows[i].len));
        CHECK_EQ(reply.status, rows[i].status);
        if (rows[i].status == 200)
            CHECK_EQ(reply.body, "[\"\xc3\xa9\"]\n");
    }
    end(client, app);
}

RT_TEST(json_is_written_as_the_application_wants_it)
{
    rt_app *app = rt_app_new("shop", .json_compact = RT_OFF,
                             .json_type = "application/vnd.shop+json",
                             .json_keep_order = true);
    rt_post(app, "/", json);
    rt_client *client = rt_client_new(app);
    rt_reply reply = rt_client_post(client, "/?force=1",
                                    .body = RT_STR("{\"b\":1,\"a\":2}"));
    CHECK_EQ(reply.body, RT_STR("{\n  \"b\": 1,\n  \"a\": 2\n}\n"));
    CHECK_EQ(rt_headers_get(&reply.headers, RT_STR("Content-Type")),
             RT_STR("application/vnd.shop+json"));
    end(client, app);
}

// ---- a JSON provider --------------------------------------------------------------

static rt_status dump(const rt_app *app, rt_value value, rt_buf *out, void *arg)
{
    (void)app;
    rt_buf_put_cstr(out, arg);
    rt_value_put_repr(out, value);
    return rt_value_kind(value) == RT_INT ? RT_E_TYPE : RT_OK;
}

static rt_status load(const rt_app *app, rt_arena *arena, rt_str text,
                      rt_value *out, rt_error *err, void *arg)
{
    (void)app, (void)arg;
    if (!text.len) {
        err->message = RT_STR("empty");
        return RT_E_SYNTAX;
    }
    *out = rt_value_str(rt_str_upper(arena, text));
    return RT_OK;
}

static rt_response *pairs(rt_request *req)
{
    return rt_json(req, "a", 1);
}

static rt_response *number(rt_request *req)
{
    return rt_json_value(req, 7);
}

RT_TEST(an_application_has_a_json_of_its_own)
{
    rt_app *app =
        rt_app_new("shop",
                   .json = {.dump = dump, .load = load, .arg = word("//")});
    rt_post(app, "/", json);
    rt_get(app, "/pairs", pairs);
    rt_get(app, "/number", number);
    rt_client *client = rt_client_new(app);
    rt_reply reply = rt_client_post(client, "/?force=1", .body = RT_STR("abc"));
    CHECK_EQ(reply.body, RT_STR("//'ABC'\n"));
    CHECK_EQ(rt_client_post(client, "/?force=1").status, 400);
    CHECK_EQ(get(client, "/pairs"), "//{'a': 1}\n");
    get_status(client, "/number", 500);
    end(client, app);
}

// ---- request in templates ----------------------------------------------------------

static rt_response *rendered(rt_request *req)
{
    return rt_render_string(
        req,
        "{{ request.form['title'] }}|{{ request.form.title }}|"
        "{{ request.form.getlist('tag')|join('+') }}|"
        "{{ request.args.get('q', 'none') }}|"
        "{{ request.args.get('z', 'none') }}|"
        "{{ request.form.none or 'default' }}|"
        "{% for k in request.form %}{{ k }} {% endfor %}|"
        "{% for k, v in request.args.items() %}{{ k }}={{ v }}{% endfor %}|"
        "{{ 'title' in request.form }}|{{ request.form|length }}|"
        "{{ request.headers['x-one'] }}|"
        "{{ request.headers.get('X-Two', 'two') }}|"
        "{{ request.cookies.theme }}|{{ request.mimetype }}|"
        "{{ request.is_json }}|{{ request.json }}|{{ request.url_rule }}|"
        "{{ request.values.q }}|{{ request.blueprints }}|"
        "{{ request.nothing is defined }}");
}

RT_TEST(a_template_sees_the_request_under_flasks_names)
{
    rt_app *app = rt_app_new("shop");
    rt_post(app, "/r", rendered);
    rt_client *client = rt_client_new(app);
    rt_reply reply = rt_client_post(
        client, "/r?q=1",
        .form = RT_FIELDS("title", "<t>", "tag", "a", "tag", "b"),
        .headers = RT_FIELDS("X-One", "1", "Cookie", "theme=dark"));
    CHECK_EQ(reply.body,
             RT_STR("&lt;t&gt;|&lt;t&gt;|a+b|1|none|default|title tag |q=1|"
                    "True|2|1|two|dark|application/x-www-form-urlencoded|"
                    "False|None|/r|1|[]|False"));
    end(client, app);
}

static rt_response *show_path(rt_request *req, const rt_http_error *error,
                              void *arg)
{
    (void)arg;
    return rt_set_status(rt_text(req, "{} is not here", rt_path(req)),
                         error->status);
}

RT_TEST(a_nul_in_a_path_is_shown)
{
    rt_app *app = rt_app_new("shop");
    rt_error_handler(app, 404, show_path);
    rt_client *client = rt_client_new(app);
    CHECK_EQ(get_status(client, "/a%00b", 404), "/a\xef\xbf\xbd"
                                                "b is not here");
    end(client, app);
}

RT_TEST(debug_mode_is_a_setting_unless_the_program_says)
{
    rt_app *app = rt_app_new("shop");
    rt_config_set(app, "DEBUG", true);
    rt_client *client = rt_client_new(app);
    CHECK(rt_app_is_debug(app));
    end(client, app);

    app = rt_app_new("shop");
    rt_config_set(app, "DEBUG", true);
    rt_app_set_debug(app, false);
    client = rt_client_new(app);
    CHECK(!rt_app_is_debug(app));
    CHECK(!rt_config_bool(app, "DEBUG", true));
    end(client, app);
}
