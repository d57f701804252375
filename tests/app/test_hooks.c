// Hooks: their order, what ends a request early, and what each may change.
#include "app_test.h"

static rt_response *on_before(rt_request *req, void *arg)
{
    (void)req;
    trace(arg);
    return NULL;
}

static rt_response *answer_before(rt_request *req, void *arg)
{
    trace(arg);
    return rt_text(req, "from the hook");
}

static rt_response *abort_before(rt_request *req, void *arg)
{
    trace(arg);
    rt_abort(req, 403, "no entry");
}

static rt_response *on_after(rt_request *req, rt_response *response, void *arg)
{
    (void)req;
    trace(arg);
    return response;
}

static void on_teardown(rt_request *req, const rt_http_error *error, void *arg)
{
    char text[64];
    (void)req;
    snprintf(text, sizeof text, "%s:%d", (const char *)arg,
             error ? error->status : 0);
    trace(text);
}

static void on_defer(void *word)
{
    trace(word);
}

static char defer_1[] = "d1", defer_2[] = "d2";

static rt_response *view(rt_request *req)
{
    trace("view");
    rt_defer(req, on_defer, defer_1);
    rt_defer(req, on_defer, defer_2);
    return rt_text(req, "from the view");
}

static rt_response *failing(rt_request *req)
{
    trace("view");
    rt_abort(req, 503);
}

static rt_response *null_view(rt_request *req)
{
    (void)req;
    trace("view");
    return NULL;
}

static rt_response *on_error(rt_request *req, const rt_http_error *error,
                             void *arg)
{
    trace(arg);
    return rt_set_status(rt_text(req, "handled {}", error->status),
                         error->status);
}

// An application whose every hook leaves a trace.
static rt_app *traced_app(void)
{
    rt_app *app = rt_app_new("traced");
    rt_before_request(app, on_before, .arg = word("b1"));
    rt_before_request(app, on_before, .arg = word("b2"));
    rt_after_request(app, on_after, .arg = word("a1"));
    rt_after_request(app, on_after, .arg = word("a2"));
    rt_teardown_request(app, on_teardown, .arg = word("t1"));
    rt_teardown_request(app, on_teardown, .arg = word("t2"));
    rt_error_handler(app, 404, on_error, .arg = word("e404"));
    rt_error_handler(app, 503, on_error, .arg = word("e503"));
    rt_get(app, "/view", view, .before = RT_HOOKS(on_before, on_before),
           .arg = word("r"));
    rt_get(app, "/answered", view, .endpoint = "answered",
           .before = RT_HOOKS(on_before, answer_before, on_before),
           .arg = word("r"));
    rt_get(app, "/refused", view, .endpoint = "refused",
           .before = RT_HOOKS(abort_before, on_before), .arg = word("r"));
    rt_get(app, "/branch/", view, .endpoint = "branch");
    rt_get(app, "/failing", failing);
    rt_get(app, "/null", null_view);
    return app;
}

RT_TEST(hooks_run_in_flasks_order)
{
    static const struct {
        const char *method, *path;
        int status;
        const char *trace;
    } rows[] = {
        {"GET", "/view", 200, "b1 b2 r r view a2 a1 d2 d1 t2:0 t1:0"},
        {"HEAD", "/view", 200, "b1 b2 r r view a2 a1 d2 d1 t2:0 t1:0"},
        {"GET", "/answered", 200, "b1 b2 r r a2 a1 t2:0 t1:0"},
        {"GET", "/refused", 403, "b1 b2 r a2 a1 t2:0 t1:0"},
        {"GET", "/none", 404, "b1 b2 e404 a2 a1 t2:0 t1:0"},
        {"POST", "/view", 405, "b1 b2 a2 a1 t2:0 t1:0"},
        {"OPTIONS", "/view", 200, "b1 b2 a2 a1 t2:0 t1:0"},
        {"GET", "/branch", 308, "b1 b2 a2 a1 t2:0 t1:0"},
        {"GET", "/failing", 503, "b1 b2 view e503 a2 a1 t2:0 t1:0"},
        {"GET", "/null", 500, "b1 b2 view a2 a1 t2:500 t1:500"},
    };

    rt_app *app = traced_app();
    rt_client *client = rt_client_new(app);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("%s %s", rows[i].method, rows[i].path);
        traced[0] = '\0';
        rt_reply reply =
            rt_client_request(client, rows[i].method, rows[i].path);
        CHECK_EQ(reply.status, rows[i].status);
        CHECK_EQ(traced, rows[i].trace);
    }
    end(client, app);
}

// The first hook of the application answers, or refuses, what `?with` says.
static rt_response *first(rt_request *req, void *arg)
{
    const char *with = rt_query_get(req, "with", "nothing");
    trace("first");
    (void)arg;
    if (strcmp(with, "response") == 0)
        return rt_text(req, "early");
    if (strcmp(with, "abort") == 0)
        rt_abort(req, 401);
    if (strcmp(with, "abort response") == 0)
        rt_abort_response(req, rt_set_status(rt_text(req, "thrown"), 202));
    return NULL;
}

RT_TEST(a_before_hook_ends_the_request_with_a_response_or_an_error)
{
    static const struct {
        const char *url;
        int status;
        const char *trace;
    } rows[] = {
        {"/?with=nothing", 200, "first second view after"},
        {"/?with=response", 200, "first after"},
        {"/?with=abort", 401, "first e401 after"},
        {"/?with=abort+response", 202, "first after"},
        {"/none?with=response", 200, "first after"},
    };

    rt_app *app = rt_app_new("early");
    rt_before_request(app, first);
    rt_before_request(app, on_before, .arg = word("second"));
    rt_after_request(app, on_after, .arg = word("after"));
    rt_error_handler(app, 401, on_error, .arg = word("e401"));
    rt_get(app, "/", view);
    rt_client *client = rt_client_new(app);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].url);
        traced[0] = '\0';
        CHECK_EQ(rt_client_get(client, rows[i].url).status, rows[i].status);
        // The view's defers come behind; only what ran before is compared.
        traced[strlen(rows[i].trace)] = '\0';
        CHECK_EQ(traced, rows[i].trace);
    }
    CHECK_EQ(get(client, "/?with=response"), "early");
    end(client, app);
}

// ---- after -------------------------------------------------------------------

static rt_response *add_header(rt_request *req, rt_response *response,
                               void *arg)
{
    (void)req;
    return rt_add_header(response, "X-Hook", arg);
}

static rt_response *replace(rt_request *req, rt_response *response, void *arg)
{
    rt_response *fresh =
        rt_text(req, "{} behind {}", (const char *)arg, response->bytes);
    return rt_set_status(fresh, response->status + 1);
}

RT_TEST(an_after_hook_may_change_or_replace_the_response)
{
    rt_app *app = rt_app_new("after");
    rt_get(app, "/", view);
    rt_after_request(app, add_header, .arg = word("outer"));
    rt_after_request(app, replace, .arg = word("replaced"));
    rt_after_request(app, add_header, .arg = word("lost"));
    rt_client *client = rt_client_new(app);

    rt_reply reply = rt_client_get(client, "/");
    CHECK_EQ(reply.status, 201);
    CHECK_EQ(reply.body, "replaced behind from the view");
    CHECK_EQ(rt_reply_header(&reply, "X-Hook"), "outer");
    CHECK_EQ(rt_headers_count(&reply.headers, RT_STR("X-Hook")), 1u);

    reply = rt_client_get(client, "/none"); // errors pass through them too
    CHECK_EQ(reply.status, 405);
    CHECK(rt_str_starts_with(reply.body, RT_STR("replaced behind <!doctype")));
    end(client, app);
}

static rt_response *return_null(rt_request *req, rt_response *response,
                                void *arg)
{
    (void)req, (void)response, (void)arg;
    return NULL;
}

RT_TEST(an_after_hook_that_returns_null_is_logged_and_changes_nothing)
{
    rt_app *app = rt_app_new("after");
    rt_get(app, "/", view);
    rt_after_request(app, add_header, .arg = word("still runs"));
    rt_after_request(app, return_null);
    rt_client *client = rt_client_new(app);

    rt_reply reply = rt_client_get(client, "/");
    CHECK_EQ(reply.status, 200);
    CHECK_EQ(reply.body, "from the view");
    CHECK_EQ(rt_reply_header(&reply, "X-Hook"), "still runs");
    CHECK(contains(logged, "ERROR in after: an after-hook returned NULL"));
    end(client, app);
}

// Abort for responses of the status in `arg`, in either way.
static rt_response *abort_after(rt_request *req, rt_response *response,
                                void *arg)
{
    trace("abort");
    if (response->status == *(const int *)arg)
        rt_abort(req, 404, "not an answer of this application");
    return response;
}

static rt_response *throw_after(rt_request *req, rt_response *response,
                                void *arg)
{
    trace("throw");
    if (response->status == *(const int *)arg)
        rt_abort_response(req, rt_text(req, "thrown"));
    return response;
}

RT_TEST(an_abort_in_an_after_hook_is_500_and_passes_the_hooks_once_more)
{
    static int ok = 200, error = 500;

    static const struct {
        const char *name;
        rt_after_fn *hook;
        int *fails_on;
        const char *trace;
    } rows[] = {
        {"abort of a response", abort_after, &ok,
         "last abort e500 last abort first t:500"},
        {"throw of a response", throw_after, &ok,
         "last throw e500 last throw first t:500"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].name);
        rt_app *app = rt_app_new("after");
        rt_get(app, "/", view);
        rt_after_request(app, on_after, .arg = word("first"));
        rt_after_request(app, rows[i].hook, .arg = rows[i].fails_on);
        rt_after_request(app, on_after, .arg = word("last"));
        rt_error_handler(app, 500, on_error, .arg = word("e500"));
        rt_teardown_request(app, on_teardown, .arg = word("t"));
        rt_client *client = rt_client_new(app);
        rt_client_get(client, "/warm");
        traced[0] = logged[0] = '\0';
        CHECK_EQ(get_status(client, "/", 500), "handled 500");
        const char *behind_view = strstr(traced, "last");
        REQUIRE(behind_view != NULL);
        // The view's defers run between the response and the teardown.
        char *defers = strstr(traced, "d2 d1 ");
        REQUIRE(defers != NULL);
        memmove(defers, defers + 6, strlen(defers + 6) + 1);
        CHECK_EQ(behind_view, rows[i].trace);
        CHECK(contains(logged,
                       i == 0 ? "an after-hook failed: it aborted with 404"
                              : "an after-hook failed: it aborted with 200"));
        end(client, app);
    }

    // One that fails for every response, 500 included: it is sent as it is.
    rt_app *app = rt_app_new("after");
    rt_get(app, "/null", null_view);
    rt_after_request(app, abort_after, .arg = &error);
    rt_client *client = rt_client_new(app);
    traced[0] = '\0';
    CHECK(contains(get_status(client, "/null", 500), "500 Internal Server"));
    CHECK_EQ(traced, "view abort abort");
    end(client, app);
}

// ---- error handlers ----------------------------------------------------------

static rt_response *abort_in_handler(rt_request *req,
                                     const rt_http_error *error, void *arg)
{
    (void)error;
    trace(arg);
    rt_abort(req, 418);
}

static rt_response *throw_in_handler(rt_request *req,
                                     const rt_http_error *error, void *arg)
{
    (void)error;
    trace(arg);
    rt_abort_response(req, rt_set_status(rt_text(req, "thrown"), 202));
}

static rt_response *null_from_handler(rt_request *req,
                                      const rt_http_error *error, void *arg)
{
    (void)req, (void)error;
    trace(arg);
    return NULL;
}

RT_TEST(a_handler_of_all_errors_has_those_without_one_of_their_own)
{
    static const struct {
        const char *url;
        int status;
        const char *trace;
    } rows[] = {
        {"/none", 404, "e404"},
        {"/posted", 405, "all"},
        {"/null", 500, "view all"},
    };

    for (size_t order = 0; order < 2; order++) {
        rt_app *app = rt_app_new("all");
        rt_get(app, "/null", null_view);
        rt_post(app, "/posted", null_view, .endpoint = "posted");
        if (order == 0)
            rt_error_handler(app, 0, on_error, .arg = word("all"));
        rt_error_handler(app, 404, on_error, .arg = word("e404"));
        if (order == 1)
            rt_error_handler(app, 0, on_error, .arg = word("all"));
        rt_client *client = rt_client_new(app);
        for (size_t i = 0; i < RT_COUNT(rows); i++) {
            RT_CASE(rows[i].url);
            traced[0] = '\0';
            CHECK(contains(get_status(client, rows[i].url, rows[i].status),
                           "handled "));
            CHECK_EQ(traced, rows[i].trace);
        }
        end(client, app);
    }
}

RT_TEST(a_handler_of_all_errors_that_fails_is_not_called_again)
{
    rt_app *app = rt_app_new("failing");
    rt_error_handler(app, 0, abort_in_handler, .arg = word("all"));
    rt_client *client = rt_client_new(app);

    CHECK(contains(get_status(client, "/none", 500), "500 Internal Server"));
    CHECK_EQ(traced, "all");
    CHECK(contains(logged, "the error handler of 404 aborted with 418"));
    end(client, app);
}

RT_TEST(a_handler_that_fails_is_500)
{
    static const struct {
        const char *name;
        rt_error_fn *on_404, *on_500;
        int status;
        const char *trace, *body;
    } rows[] = {
        {"aborts", abort_in_handler, NULL, 500, "e404 t:500",
         "500 Internal Server Error"},
        {"aborts, and 500 has a handler", abort_in_handler, on_error, 500,
         "e404 e500 t:500", "handled 500"},
        {"both abort", abort_in_handler, abort_in_handler, 500,
         "e404 e500 t:500", "500 Internal Server Error"},
        {"returns NULL", null_from_handler, on_error, 500, "e404 e500 t:500",
         "handled 500"},
        {"both return NULL", null_from_handler, null_from_handler, 500,
         "e404 e500 t:500", "500 Internal Server Error"},
        {"ends with a response", throw_in_handler, on_error, 202, "e404 t:0",
         "thrown"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].name);
        rt_app *app = rt_app_new("failing");
        rt_error_handler(app, 404, rows[i].on_404, .arg = word("e404"));
        if (rows[i].on_500)
            rt_error_handler(app, 500, rows[i].on_500, .arg = word("e500"));
        rt_teardown_request(app, on_teardown, .arg = word("t"));
        rt_client *client = rt_client_new(app);
        traced[0] = logged[0] = '\0';
        const char *body = get_status(client, "/none", rows[i].status);
        CHECK(contains(body, rows[i].body));
        CHECK_EQ(traced, rows[i].trace);
        CHECK_EQ(contains(logged, "ERROR in failing: the error handler of 404"),
                 rows[i].status == 500);
        end(client, app);
    }
}

// ---- arguments ---------------------------------------------------------------

static rt_response *say_arg(rt_request *req)
{
    const char *arg = rt_route_arg(req);
    return rt_text(req, "{}", arg);
}

RT_TEST(a_view_reads_the_argument_of_its_route)
{
    rt_app *app = rt_app_new("arguments");
    rt_get(app, "/a", say_arg, .arg = word("first"));
    rt_get(app, "/b", say_arg, .arg = word("second"));
    rt_get(app, "/c", say_arg);
    rt_client *client = rt_client_new(app);

    CHECK_EQ(get(client, "/a"), "first");
    CHECK_EQ(get(client, "/b"), "second");
    CHECK_EQ(get(client, "/c"), "None");
    end(client, app);
}

static rt_response *count_before(rt_request *req, void *arg)
{
    (void)arg;
    CHECK(rt_value_is_undefined(rt_g_get(req, "seen")));
    CHECK(rt_local_get(req, "seen") == NULL);
    rt_g_set(req, "seen", 1);
    rt_local_set(req, "seen", req);
    return NULL;
}

RT_TEST(what_one_request_keeps_another_does_not_see)
{
    rt_app *app = rt_app_new("keeping");
    rt_get(app, "/", view);
    rt_before_request(app, count_before);
    rt_client *client = rt_client_new(app);

    for (int i = 0; i < 3; i++)
        get(client, "/");
    end(client, app);
}

// ---- after-hooks of a route ------------------------------------------------------

static rt_response *on_route_after(rt_request *req, rt_response *response,
                                   void *arg)
{
    trace("last");
    return rt_set_header(response, "X-Route", arg ? arg : rt_path(req));
}

RT_TEST(after_hooks_of_a_route_run_backwards_and_first)
{
    static const struct {
        const char *method, *path, *trace;
        bool ours;
    } rows[] = {
        {"GET", "/view", "view last r a1 d2 d1", true},
        {"GET", "/refused", "r last r a1", true},
        {"GET", "/other", "view a1 d2 d1", false},
        {"POST", "/view", "a1", false},
        {"GET", "/bp/view", "view last word bp a1 d2 d1", true},
    };

    rt_app *app = rt_app_new("after");
    rt_blueprint *bp = rt_blueprint_new("bp", .url_prefix = "/bp");
    rt_after_request(app, on_after, .arg = word("a1"));
    rt_after_request(bp, on_after, .arg = word("bp"));
    rt_get(app, "/other", view, .endpoint = "other");
    rt_get(app, "/view", view,
           .after = RT_AFTER_HOOKS(on_after, on_route_after), .arg = word("r"));
    rt_get(app, "/refused", view, .endpoint = "refused",
           .before = RT_HOOKS(abort_before),
           .after = RT_AFTER_HOOKS(on_after, on_route_after), .arg = word("r"));
    rt_get(bp, "/view", view, .after = RT_AFTER_HOOKS(on_after, on_route_after),
           .arg = word("word"));
    rt_register_blueprint(app, bp);
    rt_client *client = rt_client_new(app);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].path);
        traced[0] = '\0';
        rt_reply reply =
            rt_client_request(client, rows[i].method, rows[i].path);
        CHECK_EQ(traced, rows[i].trace);
        CHECK_EQ(rt_reply_header(&reply, "X-Route") != NULL, rows[i].ours);
    }
    end(client, app);
}

RT_TEST(after_hooks_of_a_route_need_no_others)
{
    rt_app *app = rt_app_new("after");
    rt_get(app, "/view", view, .after = RT_AFTER_HOOKS(on_route_after));
    rt_client *client = rt_client_new(app);
    rt_reply reply = rt_client_get(client, "/view");
    CHECK_EQ(rt_reply_header(&reply, "X-Route"), "/view");
    end(client, app);
}
