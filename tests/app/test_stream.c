// Streams: bodies written piece by piece after the hooks have run.
#include "app_test.h"

static void write_three(rt_writer *out, void *arg)
{
    trace("produce");
    rt_write(out, RT_STR("one "));
    rt_write_format(out, "{} of {}: ", 2, 3);
    rt_write(out, RT_STR(""));
    rt_write(out, rt_str_from(arg));
}

static rt_response *three(rt_request *req)
{
    char *local = rt_str_cstr(req->arena, RT_STR("three"));
    trace("view");
    return rt_stream(req, "text/plain", write_three, local);
}

static void write_nothing(rt_writer *out, void *arg)
{
    (void)out, (void)arg;
}

static rt_response *nothing(rt_request *req)
{
    return rt_stream(req, "image/png", write_nothing, NULL);
}

static rt_response *note_after(rt_request *req, rt_response *response,
                               void *arg)
{
    (void)req, (void)arg;
    trace("after");
    return rt_set_header(response, "X-After", "ran");
}

static void note_teardown(rt_request *req, const rt_http_error *error,
                          void *arg)
{
    (void)error, (void)arg;
    trace("teardown");
    trace(rt_path(req));
}

RT_TEST(a_stream_is_written_between_the_after_hooks_and_the_teardown)
{
    rt_app *app = rt_app_new("streams");
    rt_get(app, "/three", three);
    rt_get(app, "/nothing", nothing);
    rt_after_request(app, note_after);
    rt_teardown_request(app, note_teardown);
    rt_client *client = rt_client_new(app);

    rt_reply reply = rt_client_get(client, "/three");
    CHECK_EQ(reply.status, 200);
    CHECK_EQ(reply.body, "one 2 of 3: three");
    CHECK_EQ(rt_reply_header(&reply, "Content-Type"),
             "text/plain; charset=utf-8");
    CHECK_EQ(rt_reply_header(&reply, "X-After"), "ran");
    CHECK(rt_reply_header(&reply, "Content-Length") == NULL);
    CHECK(!reply.incomplete);
    CHECK_EQ(traced, "view after produce teardown /three");

    reply = rt_client_get(client, "/nothing");
    CHECK_EQ(reply.body, "");
    CHECK_EQ(rt_reply_header(&reply, "Content-Type"), "image/png");
    CHECK(!reply.incomplete);
    end(client, app);
}

// ---- the request is alive ----------------------------------------------------

static void write_request(rt_writer *out, void *arg)
{
    rt_request *req = arg;
    CHECK(out->request == req);
    for (int i = 0; i < 3; i++) {
        rt_sleep(1);
        rt_write_format(out, "{} {} {} {}\n", i, rt_query_get(req, "q", "-"),
                        rt_path(req), rt_g_get(req, "set by"));
    }
    rt_write_format(out, "{}", rt_url_for(req, "alive", "x", 1));
}

static rt_response *alive(rt_request *req)
{
    rt_g_set(req, "set by", "view");
    return rt_stream(req, "text/plain", write_request, req);
}

RT_TEST(a_stream_may_ask_its_request_and_wait)
{
    rt_app *app = rt_app_new("alive");
    rt_get(app, "/alive", alive);
    rt_client *client = rt_client_new(app);

    CHECK_EQ(get(client, "/alive?q=7"),
             "0 7 /alive view\n1 7 /alive view\n2 7 /alive view\n/alive?x=1");
    end(client, app);
}

static void write_much(rt_writer *out, void *arg)
{
    for (int i = 0; i < 20000; i++)
        rt_write_format(out, "{} and {}\n", i, "some text to fill the line");
    *(size_t *)arg = rt_arena_bytes(out->request->arena);
}

static size_t most_bytes;

static rt_response *much(rt_request *req)
{
    return rt_stream(req, "text/plain", write_much, &most_bytes);
}

RT_TEST(a_long_stream_does_not_fill_the_arena_of_its_request)
{
    rt_app *app = rt_app_new("much");
    rt_get(app, "/", much);
    rt_client *client = rt_client_new(app);

    CHECK(strlen(get(client, "/")) > 600000);
    CHECK(most_bytes < 16384);
    end(client, app);
}

// ---- cut ---------------------------------------------------------------------

static void write_and_abort(rt_writer *out, void *arg)
{
    rt_write(out, RT_STR("before"));
    trace("aborting");
    rt_abort(out->request, 503, "the source {}", (const char *)arg);
}

static rt_response *aborting(rt_request *req)
{
    return rt_stream(req, "text/plain", write_and_abort, word("is gone"));
}

static rt_response *count_handled(rt_request *req, const rt_http_error *error,
                                  void *arg)
{
    (void)arg;
    trace("handled");
    return rt_text(req, "{}", error->status);
}

RT_TEST(an_abort_cuts_the_stream)
{
    rt_app *app = rt_app_new("cut");
    rt_get(app, "/", aborting);
    rt_error_handler(app, 503, count_handled);
    rt_teardown_request(app, note_teardown);
    rt_client *client = rt_client_new(app);

    rt_reply reply = rt_client_get(client, "/");
    CHECK_EQ(reply.status, 200); // it had been sent
    CHECK_EQ(reply.body, "before");
    CHECK(reply.incomplete);
    CHECK_EQ(traced, "aborting teardown /"); // and no handler
    CHECK_EQ(logged,
             "ERROR in cut: Exception on / [GET]: the source is gone\n");
    end(client, app);
}

static void write_and_abort_with(rt_writer *out, void *arg)
{
    rt_request *req = out->request;
    (void)arg;
    rt_write(out, RT_STR("before"));
    if (rt_query_get(req, "response", NULL))
        rt_abort_response(req, rt_text(req, "too late"));
    if (rt_query_get(req, "why", NULL))
        rt_abort(req, 404, "no page {}", rt_query(req, "why"));
    rt_abort(req, 404);
}

static rt_response *aborting_with(rt_request *req)
{
    return rt_stream(req, "text/plain", write_and_abort_with, NULL);
}

RT_TEST(the_reason_of_a_cut_is_logged)
{
    static const struct {
        const char *url, *says;
    } rows[] = {
        {"/?why=7", "WARNING in cut: GET /: the stream was cut by 404: no "
                    "page 7\n"},
        {"/", "WARNING in cut: GET /: the stream was cut by 404: There "
              "is nothing at this address"},
        {"/?response=1", "the stream was cut: a response came after the head"},
    };

    rt_app *app = rt_app_new("cut");
    rt_get(app, "/", aborting_with);
    rt_client *client = rt_client_new(app);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].url);
        logged[0] = '\0';
        CHECK(rt_client_get(client, rows[i].url).incomplete);
        CHECK(contains(logged, rows[i].says));
    }
    end(client, app);
}

// A writer whose client leaves after the first piece.
static rt_status refuse_second(rt_writer *writer, rt_str piece)
{
    (void)writer, (void)piece;
    trace("piece");
    return strstr(traced, "piece piece") ? RT_E_CLOSED : RT_OK;
}

static rt_response *cut_short(rt_request *req, const rt_gateway *next,
                              void *arg)
{
    rt_response *response = rt_gateway_call(next, req);
    rt_writer writer = {refuse_second, req};
    (void)arg;
    CHECK_EQ(response->produce(&writer, response->produce_arg), RT_E_CANCELLED);
    return rt_response_plain(req, 200);
}

static void write_for_ever(rt_writer *out, void *arg)
{
    (void)arg;
    for (;;)
        rt_write(out, RT_STR("x"));
}

static rt_response *endless(rt_request *req)
{
    return rt_stream(req, "text/plain", write_for_ever, NULL);
}

RT_TEST(a_stream_ends_when_its_client_has_left)
{
    rt_app *app = rt_app_new("left");
    rt_get(app, "/", endless);
    rt_use(app, cut_short);
    rt_teardown_request(app, note_teardown);
    rt_client *client = rt_client_new(app);

    get(client, "/");
    CHECK_EQ(traced, "piece piece teardown /");
    CHECK_EQ(logged, ""); // nobody's fault
    end(client, app);
}

// ---- several writers -----------------------------------------------------------

// A client that takes a piece in two halves, and lets others run between them.
typedef struct slow_client {
    rt_writer writer;
    rt_buf body;
} slow_client;

static rt_status take_slowly(rt_writer *writer, rt_str piece)
{
    rt_buf *body = &((slow_client *)writer)->body;
    rt_buf_put(body, rt_str_slice(piece, 0, piece.len / 2));
    rt_sleep(1);
    rt_buf_put(body, rt_str_slice(piece, piece.len / 2, SIZE_MAX));
    return RT_OK;
}

static rt_response *read_slowly(rt_request *req, const rt_gateway *next,
                                void *arg)
{
    rt_response *response = rt_gateway_call(next, req);
    slow_client client = {.writer = {take_slowly, req}};
    (void)arg;
    rt_buf_init(&client.body, req->arena);
    CHECK_EQ(response->produce(&client.writer, response->produce_arg), RT_OK);
    rt_str body = rt_buf_str(&client.body);
    rt_sleep(5); // who writes now is late
    CHECK_EQ(client.body.len, body.len);
    return rt_text_as_is(req, body);
}

typedef struct author {
    rt_writer *out;
    const char *text;
    bool formats;
} author;

static void write_pieces(rt_request *req, void *arg)
{
    const author *a = arg;
    (void)req;
    for (int i = 0; i < 3; i++) {
        if (a->formats)
            rt_write_format(a->out, "<{}>", a->text);
        else
            rt_write(a->out, rt_str_from(a->text));
    }
    trace(a->text);
}

static void write_with(rt_writer *out, void *arg)
{
    rt_request *req = out->request;
    author *authors = rt_new(req->arena, author, 3);
    authors[0] = (author){out, "aaaa", false};
    authors[1] = (author){out, "bbbbbb", true};
    authors[2] = (author){out, "cccccccc", true};
    for (int i = 0; i < 3; i++)
        rt_spawn(req, write_pieces, &authors[i]);
    if (arg) {
        rt_spawn_wait(req);
    } else {
        rt_sleep(0);
        rt_write(out, RT_STR("end"));
    }
}

static rt_response *many(rt_request *req)
{
    return rt_stream(req, "text/plain", write_with, word("wait"));
}

static rt_response *many_too_long(rt_request *req)
{
    return rt_stream(req, "text/plain", write_with, NULL);
}

RT_TEST(pieces_of_several_coroutines_arrive_whole_and_in_turn)
{
    rt_app *app = rt_app_new("authors");
    rt_get(app, "/", many);
    rt_use(app, read_slowly);
    rt_client *client = rt_client_new(app);

    CHECK_EQ(get(client, "/"), "aaaa<bbbbbb><cccccccc>"
                               "aaaa<bbbbbb><cccccccc>"
                               "aaaa<bbbbbb><cccccccc>");
    CHECK_EQ(traced, "aaaa bbbbbb cccccccc");
    end(client, app);
}

RT_TEST(who_writes_when_the_producer_has_returned_is_ended)
{
    rt_app *app = rt_app_new("late");
    rt_get(app, "/", many_too_long);
    rt_use(app, read_slowly);
    rt_client *client = rt_client_new(app);

    // Those who had to wait for "end" were in time.
    CHECK_EQ(get(client, "/"), "aaaa<bbbbbb><cccccccc>end"
                               "aaaa<bbbbbb><cccccccc>");
    CHECK_EQ(traced, "");
    CHECK_EQ(logged, "");
    end(client, app);
}
