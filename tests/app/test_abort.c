// rt_abort: from any depth, to the error handlers or the error page.
#include <retort/http/code.h>

#include "app_test.h"

// ---- from any depth ----------------------------------------------------------

static int came_back; // how many calls returned that should not have
static volatile bool aborts = true;

static int dive(rt_request *req, int depth)
{
    volatile char on_stack[100];
    on_stack[0] = (char)depth;
    if (depth == 0 && aborts)
        rt_abort(req, 404, "nothing at depth {}",
                 rt_query_int(req, "depth", 0));
    int below = depth > 0 ? dive(req, depth - 1) : 0;
    came_back++;
    return below + on_stack[0];
}

static rt_response *deep(rt_request *req)
{
    return rt_text(req, "{}", dive(req, (int)rt_query_int(req, "depth", 0)));
}

static rt_response *text_not_found(rt_request *req, const rt_http_error *error,
                                   void *arg)
{
    return rt_set_status(rt_text(req, "{}: {}{}", error->status, error->message,
                                 (const char *)arg),
                         404);
}

RT_TEST(an_abort_leaves_any_depth_of_calls)
{
    rt_app *app = rt_app_new("deep");
    rt_get(app, "/", deep);
    rt_error_handler(app, 404, text_not_found, .arg = word("!"));
    rt_client *client = rt_client_new(app);

    for (int depth = 0; depth <= 100; depth += 50) {
        char url[32], body[64];
        snprintf(url, sizeof url, "/?depth=%d", depth);
        snprintf(body, sizeof body, "404: nothing at depth %d!", depth);
        for (int again = 0; again < 3; again++)
            CHECK_EQ(get_status(client, url, 404), body);
    }
    CHECK_EQ(came_back, 0);
    end(client, app);
}

static int cleaned;

static void clean(void *amount)
{
    cleaned += *(int *)amount;
}

static rt_response *opening(rt_request *req)
{
    static int one = 1, ten = 10;
    rt_defer(req, clean, &one);
    rt_arena_alloc(req->arena, 100000);
    rt_defer(req, clean, &ten);
    rt_abort(req, 400);
}

RT_TEST(what_a_view_deferred_is_done_after_an_abort)
{
    rt_app *app = rt_app_new("opening");
    rt_get(app, "/", opening);
    rt_client *client = rt_client_new(app);
    size_t before = rt_arena_bytes_total();

    get_status(client, "/", 400);
    CHECK_EQ(cleaned, 11);
    CHECK(rt_arena_bytes_total() - before < 50000);
    end(client, app);
}

// ---- pages -------------------------------------------------------------------

static rt_response *abort_with(rt_request *req)
{
    int status = (int)rt_query_int(req, "status", 0);
    const char *message = rt_query_get(req, "message", NULL);
    if (message)
        rt_abort(req, status, "{}", message);
    rt_abort(req, status);
}

static rt_app *aborting_app(void)
{
    rt_app *app = rt_app_new("aborting");
    rt_get(app, "/", abort_with);
    return app;
}

RT_TEST(an_error_without_handler_is_a_small_page)
{
    static const struct {
        const char *url;
        int status;
        const char *title, *text;
    } rows[] = {
        {"/?status=400", 400, "<title>400 Bad Request</title>", "<p>"},
        {"/?status=404&message=no+post+7", 404, "<title>404 Not Found</title>",
         "<h1>Not Found</h1>\n<p>no post 7</p>"},
        {"/?status=418", 418, "<title>418 I&#39;m a Teapot</title>",
         "<h1>I&#39;m a Teapot</h1>"},
        {"/?status=403&message=%3Cb%3E%26%22'", 403, "403 Forbidden",
         "<p>&lt;b&gt;&amp;&#34;&#39;</p>"},
        {"/?status=400&message=one%0Atwo%0A", 400, "400 Bad Request",
         "<p>one<br>two<br></p>"},
        {"/?status=400&message=one%0A++++a+b%0A++++++^%0Atwo", 400, "400 Bad",
         "<p>one</p>\n<pre>    a b\n      ^</pre>\n<p>two</p>\n"},
        {"/?status=400&message=++++a%0Atwo%0Athree", 400, "400 Bad Request",
         "</h1>\n<pre>    a</pre>\n<p>two<br>three</p>\n"},
        {"/?status=400&message={}{!r}%25s", 400, "400", "<p>{}{!r}%s</p>"},
        {"/?status=500&message=secret", 500, "500 Internal Server Error",
         "<p>secret</p>"},
        {"/?status=503", 503, "503 Service Unavailable", "<p>"},
        {"/?status=499", 499, "<title>499 ", "<p>"},
        {"/none", 404, "404 Not Found", "<p>"},
    };

    rt_app *app = aborting_app();
    rt_client *client = rt_client_new(app);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].url);
        rt_reply reply = rt_client_get(client, rows[i].url);
        CHECK_EQ(reply.status, rows[i].status);
        CHECK_EQ(rt_reply_header(&reply, "Content-Type"),
                 "text/html; charset=utf-8");
        CHECK(rt_str_starts_with(reply.body, RT_STR("<!doctype html>\n")));
        CHECK(contains(reply.body.data, rows[i].title));
        CHECK(contains(reply.body.data, rows[i].text));

        rt_reply head = rt_client_head(client, rows[i].url);
        CHECK_EQ(head.status, rows[i].status);
        CHECK_EQ(head.body, "");
        CHECK_EQ(rt_reply_header(&head, "Content-Length"),
                 rt_reply_header(&reply, "Content-Length"));
    }
    end(client, app);
}

RT_TEST(only_our_failures_are_logged)
{
    rt_app *app = aborting_app();
    rt_client *client = rt_client_new(app);

    get_status(client, "/?status=404&message=quiet", 404);
    get_status(client, "/?status=499", 499);
    get_status(client, "/none", 404);
    CHECK_EQ(logged, "");
    get_status(client, "/?status=503&message=database+gone", 503);
    CHECK_EQ(logged,
             "ERROR in aborting: Exception on / [GET]: database gone\n");
    end(client, app);
}

RT_TEST(what_is_no_status_of_an_error_is_our_failure)
{
    static const int rows[] = {0, 99, 100, 200, 204, 302, 399, 600, 1000, -404};
    rt_app *app = aborting_app();
    rt_client *client = rt_client_new(app);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        char url[32], says[80];
        rt_test_case("status %d", rows[i]);
        logged[0] = '\0';
        snprintf(url, sizeof url, "/?status=%d", rows[i]);
        snprintf(says, sizeof says,
                 "rt_abort: %d is not the status of an error", rows[i]);
        CHECK(!contains(get_status(client, url, 500), "rt_abort"));
        CHECK(contains(logged, says));
    }
    end(client, app);
}

// ---- handlers ----------------------------------------------------------------

static rt_response *report(rt_request *req, const rt_http_error *error,
                           void *arg)
{
    (void)arg;
    return rt_set_status(
        rt_json(req, "status", error->status, "message", error->message,
                "cause", rt_status_name(error->cause), "path", rt_path(req)),
        error->status);
}

static rt_response *status_view(rt_request *req)
{
    rt_abort_status(req, RT_E_TIMEOUT);
}

RT_TEST(handlers_are_found_by_the_status)
{
    rt_app *app = aborting_app();
    rt_get(app, "/status", status_view);
    rt_error_handler(app, 404, report);
    rt_error_handler(app, 500, report);
    rt_client *client = rt_client_new(app);

    CHECK_EQ(get_status(client, "/?status=404&message=no+such+post", 404),
             "{\"cause\":\"RT_OK\",\"message\":\"no such post\","
             "\"path\":\"/\",\"status\":404}\n");
    CHECK(contains(get_status(client, "/none", 404),
                   rt_code_text(404).data)); // where no message was given
    CHECK(contains(get_status(client, "/?status=403", 403), "<!doctype"));

    // The cause is for the log and the handler, not for the client.
    CHECK_EQ(logged, "");
    const char *body = get_status(client, "/status", 500);
    CHECK(contains(body, "\"cause\":\"RT_E_TIMEOUT\""));
    CHECK(contains(body, rt_code_text(500).data));
    CHECK(!contains(body, "timed out"));
    CHECK_EQ(logged,
             "ERROR in aborting: Exception on /status [GET]: timed out\n");
    end(client, app);
}

static rt_response *plain(rt_request *req, const rt_http_error *error,
                          void *arg)
{
    rt_response *response = rt_text(req, "handled");
    if (arg)
        rt_set_header(response, "Allow", arg);
    return rt_set_status(response, error->status);
}

RT_TEST(the_headers_of_an_error_are_added_unless_its_handler_set_them)
{
    static const struct {
        const char *own, *allow;
    } rows[] = {{NULL, "GET, HEAD, OPTIONS"}, {"GET", "GET"}};

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_app *app = aborting_app();
        rt_error_handler(app, 405, plain, .arg = word(rows[i].own));
        rt_client *client = rt_client_new(app);
        rt_reply reply = rt_client_post(client, "/");
        CHECK_EQ(reply.status, 405);
        CHECK_EQ(reply.body, "handled");
        CHECK_EQ(rt_reply_header(&reply, "Allow"), rows[i].allow);
        CHECK_EQ(rt_headers_count(&reply.headers, RT_STR("Allow")), 1u);
        end(client, app);
    }
}

// ---- with a response ---------------------------------------------------------

static int throw_deep(rt_request *req, int depth)
{
    if (depth == 0 && aborts)
        rt_abort_response(req, rt_set_status(rt_text(req, "thrown"), 404));
    int below = depth > 0 ? throw_deep(req, depth - 1) : 0;
    came_back++;
    return below + 1;
}

static rt_response *thrower(rt_request *req)
{
    return rt_text(req, "{}", throw_deep(req, 20));
}

static rt_response *mark_response(rt_request *req, rt_response *response,
                                  void *arg)
{
    (void)req, (void)arg;
    return rt_set_header(response, "X-After", "ran");
}

RT_TEST(an_abort_with_a_response_passes_the_after_hooks_and_no_handler)
{
    rt_app *app = rt_app_new("thrower");
    rt_get(app, "/", thrower);
    rt_error_handler(app, 404, plain);
    rt_after_request(app, mark_response);
    rt_client *client = rt_client_new(app);

    rt_reply reply = rt_client_get(client, "/");
    CHECK_EQ(reply.status, 404);
    CHECK_EQ(reply.body, "thrown");
    CHECK_EQ(rt_reply_header(&reply, "X-After"), "ran");
    CHECK_EQ(came_back, 0);
    CHECK_EQ(logged, "");
    end(client, app);
}

// ---- where nothing can be aborted --------------------------------------------

static void abort_late(void *req)
{
    rt_abort((rt_request *)req, 404);
}

static rt_response *aborts_in_defer(rt_request *req)
{
    rt_defer(req, abort_late, req);
    return rt_text(req, "x");
}

static rt_response *aborts_in_offload(rt_request *req)
{
    rt_offload(req, abort_late, req);
    return rt_text(req, "x");
}

static rt_response *harmless(rt_request *req)
{
    return rt_text(req, "x");
}

static void abort_teardown(rt_request *req, const rt_http_error *error,
                           void *arg)
{
    (void)error, (void)arg;
    rt_abort(req, 404);
}

RT_TEST(an_abort_where_nothing_can_be_aborted_ends_the_process)
{
    rt_app *app = rt_app_new("late");
    rt_get(app, "/defer", aborts_in_defer);
    rt_get(app, "/offload", aborts_in_offload);
    rt_client *client = rt_client_new(app);
    CHECK_ABORTS(rt_client_get(client, "/defer"), "retort: ");
    CHECK_ABORTS(rt_client_get(client, "/offload"), "rt_abort where nothing");
    end(client, app);

    app = rt_app_new("teardown");
    rt_get(app, "/", harmless);
    rt_teardown_request(app, abort_teardown);
    client = rt_client_new(app);
    CHECK_ABORTS(rt_client_get(client, "/"), "rt_abort where nothing");
    end(client, app);
}

// ---- in the coroutines of a request ------------------------------------------

static void abort_child(rt_request *req, void *arg)
{
    if (*(int *)arg)
        rt_sleep(1);
    trace("child");
    rt_abort(req, 404, "of the child");
}

static rt_response *parent(rt_request *req)
{
    static int at_once = 0, later = 1;
    rt_spawn(req, abort_child, &at_once);
    rt_spawn(req, abort_child, &later);
    rt_spawn_wait(req);
    trace("parent");
    return rt_text(req, "fine");
}

RT_TEST(an_abort_in_a_child_ends_the_child_alone)
{
    rt_app *app = rt_app_new("family");
    rt_get(app, "/", parent);
    rt_client *client = rt_client_new(app);

    CHECK_EQ(get(client, "/"), "fine");
    CHECK_EQ(traced, "child child parent");
    end(client, app);
}

static rt_response *failing_parent(rt_request *req)
{
    static int at_once = 0;
    rt_spawn(req, abort_child, &at_once);
    rt_raise(req, RT_ANY_ERROR, "of the parent");
}

static rt_response *slow_handler(rt_request *req, const rt_http_error *error,
                                 void *arg)
{
    (void)arg;
    rt_spawn_wait(req); // the child aborts meanwhile
    return rt_set_status(rt_text(req, "{}", error->original->message),
                         error->status);
}

static void see_error(rt_request *req, const rt_http_error *error, void *arg)
{
    (void)req, (void)arg;
    trace(error ? error->original->message : "no error");
}

RT_TEST(an_abort_in_a_child_leaves_the_error_of_the_request_alone)
{
    rt_app *app = rt_app_new("family");
    rt_get(app, "/", failing_parent);
    rt_error_handler(app, 500, slow_handler);
    rt_teardown_request(app, see_error);
    rt_client *client = rt_client_new(app);

    CHECK_EQ(get_status(client, "/", 500), "of the parent");
    CHECK_EQ(traced, "child of the parent");
    end(client, app);
}

static rt_response *spawning(rt_request *req)
{
    static int at_once = 0;
    rt_spawn(req, abort_child, &at_once);
    return rt_text(req, "of the view");
}

static rt_response *slow_after(rt_request *req, rt_response *response,
                               void *arg)
{
    (void)response, (void)arg;
    rt_spawn_wait(req);
    return NULL; // keep what there was
}

RT_TEST(an_abort_in_a_child_leaves_the_response_of_the_request_alone)
{
    rt_app *app = rt_app_new("family");
    rt_get(app, "/", spawning);
    rt_after_request(app, slow_after);
    rt_client *client = rt_client_new(app);

    CHECK_EQ(get(client, "/"), "of the view");
    CHECK_EQ(traced, "child");
    end(client, app);
}

// ---- a child that is slower than its view ------------------------------------

static void abort_slowly(rt_request *req, void *arg)
{
    trace(arg);
    rt_sleep(1);
    trace(rt_app_name(rt_app_of(req)));
    rt_abort(req, 404, "nobody sees this");
}

static rt_response *leave_child(rt_request *req)
{
    rt_spawn(req, abort_slowly, word("child"));
    return rt_text(req, "of the view");
}

// As a server that sends the response, or a middleware that waits for something.
static rt_response *wait_behind(void *app, rt_request *req)
{
    rt_gateway gateway = rt_app_gateway(app);
    rt_response *response = rt_gateway_call(&gateway, req);
    rt_sleep(3);
    trace("sent");
    return response;
}

static rt_response *slow_layer(rt_request *req, const rt_gateway *next,
                               void *arg)
{
    (void)arg;
    rt_response *response = rt_gateway_call(next, req);
    rt_sleep(3);
    trace("sent");
    return response;
}

RT_TEST(a_child_may_abort_while_the_response_is_sent)
{
    for (int way = 0; way < 3; way++) {
        rt_test_case("way %d", way);
        rt_app *app = rt_app_new("inner"), *outer = rt_app_new("outer");
        rt_get(app, "/", leave_child);
        if (way == 1)
            rt_use(app, slow_layer);
        if (way == 2)
            rt_use(outer, slow_layer);
        rt_mount(outer, "/in", rt_app_gateway(app));
        rt_client *client =
            way == 0 ? rt_client_of_gateway(
                           (rt_gateway){wait_behind, app, NULL, NULL})
                     : rt_client_new(outer);
        traced[0] = '\0';
        CHECK_EQ(get(client, way == 0 ? "/" : "/in/"), "of the view");
        CHECK(contains(traced, "child "));
        CHECK(contains(traced, way == 2 ? " outer sent" : " inner sent"));
        end(client, app);
        rt_app_free(outer);
    }
}

// ---- trying ------------------------------------------------------------------

static void refuse(void *req)
{
    rt_abort((rt_request *)req, 409, "taken");
}

static void answer(void *req)
{
    rt_abort_response(req, rt_text((rt_request *)req, "an answer"));
}

static void do_nothing(void *req)
{
    (void)req;
}

static rt_response *trying(rt_request *req)
{
    rt_http_error error = {0};
    if (!rt_try(req, do_nothing, req, &error))
        return rt_text(req, "nothing was aborted");
    if (rt_query_bool(req, "answer", false))
        rt_try(req, answer, req, &error);
    if (rt_try(req, refuse, req, &error))
        return rt_text(req, "it did not abort");
    if (rt_query_bool(req, "again", false))
        rt_rethrow(req, &error);
    return rt_text(req, "{} {}", error.status, error.message);
}

RT_TEST(an_abort_can_be_caught_and_passed_on)
{
    rt_app *app = rt_app_new("trying");
    rt_get(app, "/", trying);
    rt_error_handler(app, 409, text_not_found, .arg = word("!"));
    rt_client *client = rt_client_new(app);

    CHECK_EQ(get(client, "/"), "409 taken");
    CHECK_EQ(get_status(client, "/?again=1", 404), "409: taken!");
    CHECK_EQ(get(client, "/?answer=1"), "an answer");
    end(client, app);
}

RT_TEST(an_application_keeps_what_extensions_know_about_it)
{
    rt_app *app = rt_app_new("kept");
    int mail = 1, other = 2;

    CHECK(rt_app_kept(app, "mail") == NULL);
    rt_app_keep(app, "mail", &mail);
    CHECK(rt_app_kept(app, "mail") == &mail);
    rt_app_keep(app, "mail", &other);
    CHECK(rt_app_kept(app, "mail") == &other);
    rt_app_free(app);
}

static void trace_word(void *literal)
{
    trace(literal);
}

static rt_response *undoing(rt_request *req)
{
    rt_http_error error;
    rt_on_abort(req, trace_word, word("view"));
    if (rt_query_bool(req, "try", false))
        rt_try(req, refuse, req, &error);
    rt_on_abort(req, trace_word, word("newer"));
    if (rt_query_bool(req, "abort", false))
        rt_abort(req, 409);
    return rt_text(req, "{}", (const char *)traced);
}

static rt_response *trace_error(rt_request *req, const rt_http_error *error,
                                void *arg)
{
    (void)error, (void)arg;
    trace("handler");
    return rt_set_status(rt_text(req, "{}", (const char *)traced), 409);
}

RT_TEST(what_an_abort_leaves_is_undone_before_its_handler)
{
    rt_app *app = rt_app_new("undoing");
    rt_get(app, "/", undoing);
    rt_error_handler(app, 409, trace_error);
    rt_client *client = rt_client_new(app);

    traced[0] = 0;
    CHECK_EQ(get(client, "/?try=1"), "");
    CHECK_EQ(get_status(client, "/?abort=1", 409), "newer view handler");
    end(client, app);
}
