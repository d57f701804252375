// Applications around and inside each other: mounts, middleware, workers.
#include "app_test.h"

static rt_response *where(rt_request *req)
{
    return rt_text(req, "{} {} {} {} {} {} {}", rt_app_name(rt_app_of(req)),
                   rt_script_root(req), rt_path(req), rt_url(req),
                   rt_root_url(req), rt_url_for(req, "where", "x", 1),
                   rt_url_for(req, "where", "_external", true));
}

static rt_app *small_app(const char *name)
{
    rt_app *app = rt_app_new(name);
    rt_get(app, "/", where);
    rt_get(app, "/page", where);
    rt_get(app, "/branch/", where, .endpoint = "branch");
    return app;
}

RT_TEST(the_longest_prefix_wins_and_moves_to_the_script_root)
{
    static const struct {
        const char *url;
        int status;
        const char *body; // or the location of a redirect
    } rows[] = {
        {"/page", 200,
         "outer  /page http://localhost/page http://localhost/ /?x=1 "
         "http://localhost/"},
        {"/admin/page?q", 200,
         "admin /admin /page http://localhost/admin/page?q "
         "http://localhost/admin/ /admin/?x=1 http://localhost/admin/"},
        {"/admin/", 200,
         "admin /admin / http://localhost/admin/ http://localhost/admin/ "
         "/admin/?x=1 http://localhost/admin/"},
        {"/admin/users/page", 200,
         "users /admin/users /page http://localhost/admin/users/page "
         "http://localhost/admin/users/ /admin/users/?x=1 "
         "http://localhost/admin/users/"},
        {"/%C3%A4%20b/page", 200,
         "spaced /\xc3\xa4 b /page http://localhost/\xc3\xa4%20b/page "
         "http://localhost/\xc3\xa4%20b/ /%C3%A4%20b/?x=1 "
         "http://localhost/%C3%A4%20b/"},
        {"/admin", 308, "http://localhost/admin/"},
        {"/admin?a=%41", 308, "http://localhost/admin/?a=%41"},
        {"/admin/branch?a=%41", 308, "http://localhost/admin/branch/?a=%41"},
        {"/admin/users", 308, "http://localhost/admin/users/"},
        {"/%C3%A4%20b/branch", 308, "http://localhost/%C3%A4%20b/branch/"},
        {"/administrator", 404, NULL}, // not at a segment's boundary
        {"/Admin/page", 404, NULL},
        {"/admin/none", 404, NULL},
        {"/page/admin", 404, NULL},
    };

    rt_app *outer = small_app("outer"), *admin = small_app("admin");
    rt_app *users = small_app("users"), *spaced = small_app("spaced");
    rt_mount(outer, "/admin", rt_app_gateway(admin));
    rt_mount(outer, "/admin/users", rt_app_gateway(users));
    rt_mount(outer, "/\xc3\xa4 b", rt_app_gateway(spaced));
    rt_client *client = rt_client_new(outer);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].url);
        rt_reply reply = rt_client_get(client, rows[i].url);
        CHECK_EQ(reply.status, rows[i].status);
        if (rows[i].status == 200)
            CHECK_EQ(reply.body, rows[i].body);
        else
            CHECK_EQ(rt_reply_header(&reply, "Location"), rows[i].body);
    }
    end(client, outer);
    rt_app_free(admin);
    rt_app_free(users);
    rt_app_free(spaced);
}

RT_TEST(mounts_inside_mounts_add_their_prefixes)
{
    rt_app *outer = small_app("outer"), *middle = small_app("middle");
    rt_app *inner = small_app("inner");
    rt_mount(middle, "/b", rt_app_gateway(inner));
    rt_mount(outer, "/a", rt_app_gateway(middle));
    rt_client *client = rt_client_new(outer);

    CHECK_EQ(get(client, "/a/page"),
             "middle /a /page http://localhost/a/page http://localhost/a/ "
             "/a/?x=1 http://localhost/a/");
    CHECK_EQ(get(client, "/a/b/page"),
             "inner /a/b /page http://localhost/a/b/page "
             "http://localhost/a/b/ /a/b/?x=1 http://localhost/a/b/");
    CHECK_EQ(rt_reply_header(
                 &(rt_reply){.headers = rt_client_get(client, "/a/b").headers},
                 "Location"),
             "http://localhost/a/b/");
    end(client, outer);
    rt_app_free(middle);
    rt_app_free(inner);
}

// ---- what belongs to whom ----------------------------------------------------

static rt_response *note_before(rt_request *req, void *arg)
{
    (void)req;
    trace(arg);
    return NULL;
}

static rt_response *own_page(rt_request *req, const rt_http_error *error,
                             void *arg)
{
    return rt_set_status(rt_text(req, "{} {}", (const char *)arg, rt_path(req)),
                         error->status);
}

static void write_where(rt_writer *out, void *arg)
{
    rt_request *req = arg;
    rt_write_format(out, "{} {} {} {}", rt_script_root(req), rt_path(req),
                    rt_url(req), rt_url_for(req, "streamed"));
}

static rt_response *streamed(rt_request *req)
{
    return rt_stream(req, "text/plain", write_where, req);
}

static void note_teardown(rt_request *req, const rt_http_error *error,
                          void *arg)
{
    (void)error;
    trace(arg);
    trace(rt_script_root(req));
    trace(rt_path(req));
}

RT_TEST(a_mounted_app_has_its_own_hooks_handlers_streams_and_teardowns)
{
    rt_app *outer = small_app("outer"), *inner = small_app("inner");
    rt_before_request(outer, note_before, .arg = word("outer"));
    rt_before_request(inner, note_before, .arg = word("inner"));
    rt_error_handler(outer, 404, own_page, .arg = word("outer"));
    rt_error_handler(inner, 404, own_page, .arg = word("inner"));
    rt_teardown_request(inner, note_teardown, .arg = word("teardown"));
    rt_get(inner, "/streamed", streamed);
    rt_mount(outer, "/in", rt_app_gateway(inner));
    rt_client *client = rt_client_new(outer);

    CHECK_EQ(get_status(client, "/none", 404), "outer /none");
    CHECK_EQ(traced, "outer");
    traced[0] = '\0';
    CHECK_EQ(get_status(client, "/in/none", 404), "inner /none");
    CHECK_EQ(traced, "inner teardown /in /none");
    traced[0] = '\0';
    CHECK_EQ(get(client, "/in/streamed"),
             "/in /streamed http://localhost/in/streamed /in/streamed");
    CHECK_EQ(traced, "inner teardown /in /streamed");
    end(client, outer);
    rt_app_free(inner);
}

static rt_response *fails(void *self, rt_request *req)
{
    (void)self, (void)req;
    return NULL;
}

static rt_response *answers(void *self, rt_request *req)
{
    rt_response *response = rt_response_plain(req, 200);
    response->bytes = rt_format(req->arena, "{} {} {}", (const char *)self,
                                req->script_root, req->path);
    return response;
}

RT_TEST(any_gateway_can_be_mounted)
{
    rt_app *app = small_app("outer");
    rt_mount(app, "/plain", (rt_gateway){answers, word("plain"), NULL, NULL});
    rt_mount(app, "/fails", (rt_gateway){fails, NULL, NULL, NULL});
    rt_client *client = rt_client_new(app);

    CHECK_EQ(get(client, "/plain/x"), "plain /plain /x");
    CHECK_EQ(get(client, "/plain"), "plain /plain ");
    get_status(client, "/fails", 500);
    end(client, app);
}

// ---- middleware --------------------------------------------------------------

static rt_response *layer(rt_request *req, const rt_gateway *next, void *arg)
{
    char text[32];
    trace(arg);
    rt_response *response = rt_gateway_call(next, req);
    snprintf(text, sizeof text, "/%s", (const char *)arg);
    trace(text);
    return rt_add_header(response, "X-Layer", arg);
}

static rt_response *guard(rt_request *req, const rt_gateway *next, void *arg)
{
    (void)arg;
    trace("guard");
    if (!rt_header_get(req, "Authorization", NULL))
        return rt_set_status(rt_text(req, "who are you?"), 401);
    return rt_gateway_call(next, req);
}

RT_TEST(the_middleware_registered_last_sees_a_request_first)
{
    rt_app *app = small_app("layered");
    rt_app *inner = small_app("inner");
    rt_before_request(app, note_before, .arg = word("hook"));
    rt_use(app, layer, .arg = word("inside"));
    rt_use(app, guard);
    rt_use(app, layer, .arg = word("outside"));
    rt_mount(app, "/in", rt_app_gateway(inner)); // is wrapped too
    rt_client *client = rt_client_new(app);
    rt_arena arena = {0};

    rt_reply reply = rt_client_get(client, "/page",
                                   .headers = RT_FIELDS("Authorization", "x"));
    CHECK_EQ(reply.status, 200);
    CHECK_EQ(traced, "outside guard inside hook /inside /outside");
    CHECK_EQ(rt_headers_get_joined(&reply.headers, &arena, RT_STR("X-Layer")),
             "inside, outside");

    traced[0] = '\0';
    CHECK_EQ(get_status(client, "/page", 401), "who are you?");
    CHECK_EQ(traced, "outside guard /outside");

    traced[0] = '\0';
    rt_client_get(client, "/in/page",
                  .headers = RT_FIELDS("Authorization", "x"));
    CHECK_EQ(traced, "outside guard inside /inside /outside");
    rt_arena_deinit(&arena);
    end(client, app);
    rt_app_free(inner);
}

static rt_response *rewrite(rt_request *req, const rt_gateway *next, void *arg)
{
    (void)arg;
    CHECK_EQ(rt_path(req), "/old");
    req->path = RT_STR("/page");
    req->scheme = RT_STR("https");
    req->host = RT_STR("proxy.example");
    return rt_gateway_call(next, req);
}

RT_TEST(middleware_may_change_the_request)
{
    rt_app *app = small_app("rewritten");
    rt_use(app, rewrite);
    rt_client *client = rt_client_new(app);

    CHECK_EQ(get(client, "/old"),
             "rewritten  /page https://proxy.example/page "
             "https://proxy.example/ /?x=1 https://proxy.example/");
    end(client, app);
}

static rt_response *read_body(rt_request *req, const rt_gateway *next,
                              void *arg)
{
    char text[32];
    (void)arg;
    snprintf(text, sizeof text, "%zu", rt_body(req).len);
    trace(text);
    return rt_gateway_call(next, req);
}

static rt_response *echo(rt_request *req)
{
    return rt_bytes(req, rt_body(req), NULL);
}

RT_TEST(a_body_that_a_middleware_has_read_is_still_there)
{
    rt_app *app = rt_app_new("reading", .max_body = 4);
    rt_post(app, "/", echo);
    rt_use(app, read_body);
    rt_client *client = rt_client_new(app);

    CHECK_EQ(rt_client_post(client, "/", .body = RT_STR("1234")).body, "1234");
    CHECK_EQ(rt_client_post(client, "/", .body = RT_STR("12345")).status, 413);
    CHECK_EQ(traced, "4");
    end(client, app);
}

static rt_response *returns_null(rt_request *req, const rt_gateway *next,
                                 void *arg)
{
    (void)req, (void)next, (void)arg;
    return NULL;
}

RT_TEST(a_middleware_that_returns_null_is_500_and_logged)
{
    rt_app *app = small_app("shop");
    rt_use(app, returns_null);
    rt_client *client = rt_client_new(app);

    get_status(client, "/page", 500);
    CHECK(contains(
        logged,
        "ERROR in shop: Exception on /page [GET]: a middleware returned "
        "NULL instead of a response"));
    end(client, app);
}

static rt_response *aborting(rt_request *req, const rt_gateway *next, void *arg)
{
    (void)arg;
    if (rt_query_int(req, "before", 0))
        rt_abort(req, 403, "not you, {}", rt_query_get(req, "name", "nobody"));
    rt_response *response = rt_gateway_call(next, req);
    if (rt_query_int(req, "after", 0))
        rt_abort(req, 403, "not any more");
    if (rt_query_int(req, "response", 0))
        rt_abort_response(req, rt_set_status(rt_text(req, "thrown"), 202));
    // What a client sends may be no header.
    return rt_set_header(response, "X-Name", rt_query_get(req, "name", ""));
}

RT_TEST(an_abort_in_a_middleware_is_answered_by_the_handlers_of_its_app)
{
    static const struct {
        const char *url;
        int status;
        const char *body;
    } rows[] = {
        {"/page?before=1&name=ada", 403, "handled /page"},
        {"/page?after=1", 403, "handled /page"},
        {"/none?after=1", 403, "handled /none"},
        {"/page?response=1", 202, "thrown"},
        {"/page?name=a%0D%0Ab", 500, NULL},
        {"/page?name=a%00b", 400, NULL},
        {"/page?name=ada", 200, NULL},
    };

    rt_app *app = small_app("shop");
    rt_error_handler(app, 403, own_page, .arg = word("handled"));
    rt_use(app, aborting);
    rt_use(app, layer, .arg = word("outside"));
    rt_client *client = rt_client_new(app);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].url);
        rt_reply reply = rt_client_get(client, rows[i].url);
        CHECK_EQ(reply.status, rows[i].status);
        if (rows[i].body)
            CHECK_EQ(reply.body, rows[i].body);
    }
    CHECK(contains(logged, "header 'X-Name'"));
    end(client, app);
}

// ---- workers -----------------------------------------------------------------

static void on_worker(rt_app *app, void *arg)
{
    char text[64];
    snprintf(text, sizeof text, "%s:%s", rt_app_name(app), (const char *)arg);
    trace(text);
}

static rt_app *app_with_workers(const char *name)
{
    rt_app *app = small_app(name);
    rt_on_worker_start(app, on_worker, .arg = word("start"));
    rt_on_worker_start(app, on_worker, .arg = word("start again"));
    rt_on_worker_stop(app, on_worker, .arg = word("stop"));
    return app;
}

RT_TEST(workers_start_and_stop_with_everything_that_is_mounted)
{
    rt_app *app = app_with_workers("outer"), *inner = app_with_workers("inner");
    rt_mount(app, "/in", rt_app_gateway(inner));
    rt_mount(app, "/plain", (rt_gateway){answers, NULL, NULL, NULL});
    rt_use(app, layer, .arg = word("layer"));
    rt_client *client = rt_client_new(app);

    CHECK_EQ(traced, "outer:start outer:start again "
                     "inner:start inner:start again");
    traced[0] = '\0';
    rt_client_free(client);
    CHECK_EQ(traced, "inner:stop outer:stop");
    rt_app_free(app);
    rt_app_free(inner);
}

RT_TEST(an_app_that_is_mounted_in_several_places_is_started_once)
{
    rt_app *app = app_with_workers("outer"), *inner = app_with_workers("inner");
    rt_app *between = app_with_workers("between");
    rt_mount(between, "/in", rt_app_gateway(inner));
    rt_mount(app, "/a", rt_app_gateway(inner));
    rt_mount(app, "/b", rt_app_gateway(inner));
    rt_mount(app, "/between", rt_app_gateway(between));
    rt_client *client = rt_client_new(app), *second = rt_client_new(inner);

    CHECK_EQ(traced, "outer:start outer:start again "
                     "between:start between:start again "
                     "inner:start inner:start again");
    traced[0] = '\0';
    rt_client_free(client);
    CHECK_EQ(traced, "between:stop outer:stop"); // the second client is left
    rt_client_free(second);
    CHECK_EQ(traced, "between:stop outer:stop inner:stop");
    rt_app_free(app);
    rt_app_free(between);
    rt_app_free(inner);
}
