// Streams: bodies that the application writes after the head has been sent.
#include <assert.h>

#include <retort/app/response.h>
#include <retort/base/format.h>
#include <retort/base/wait.h>
#include <retort/http/code.h>

#include "app/app.h"
#include "app/failure.h"

// A stream stands between the writer of a server and those who write: they are
// coroutines of the request, and a writer takes one piece at a time. It lies in
// the request's arena, because some of them may outlive the producer.
typedef struct stream {
    rt_writer writer; // what the application gets; first
    rt__context *ctx;
    rt_stream_fn *produce;
    void *arg;

    rt_writer
        *out; // of the server; NULL when nothing is to be written any more
    bool busy;
    rt_wait_queue turn;
} stream;

static rt_status take_turn(stream *s)
{
    if (!s->busy) {
        s->busy = true;
        return RT_OK;
    }
    return rt_wait_on(&s->turn, -1);
}

// The next one is not only woken but has the turn, or those who write without
// waiting would keep it out for ever.
static void pass_turn(stream *s)
{
    s->busy = rt_wake(&s->turn);
}

static rt_status write_in_turn(rt_writer *writer, rt_str piece)
{
    stream *s = (stream *)writer;
    rt_status st = take_turn(s);
    if (st)
        return st;
    st = s->out ? s->out->write(s->out, piece) : RT_E_CLOSED;
    pass_turn(s);
    return st;
}

static void call_produce(void *arg)
{
    stream *s = arg;
    s->produce(&s->writer, s->arg);
}

// What cannot be answered any more is at least in the log. What is 500 and above
// is there already, and a client that has left is nobody's fault.
static void log_abort(const rt__context *ctx)
{
    int status = ctx->error.status;
    if (status >= 500)
        return;
    rt_str why = ctx->error.message ? rt_str_from(ctx->error.message)
                                    : rt_code_text(status);
    if (ctx->response)
        rt_log(&ctx->app->log, RT_LOG_WARNING,
               "{} {}: the stream was cut: a response came after the head was "
               "sent",
               ctx->req->method_text, ctx->path);
    else
        rt_log(&ctx->app->log, RT_LOG_WARNING,
               "{} {}: the stream was cut by {}: {}", ctx->req->method_text,
               ctx->path, status, why);
}

// The application is at work again while its stream is produced.
static rt_status run_stream(rt_writer *out, void *arg)
{
    stream *s = arg;
    rt_request *req = s->ctx->req;
    void *outer = req->app;
    req->app = s->ctx;
    s->out = out;
    rt_status st =
        rt__context_try(s->ctx, call_produce, s) ? RT_OK : RT_E_CANCELLED;
    req->app = outer;
    if (st)
        log_abort(s->ctx);
    // A piece that is on its way is part of the body; if the body is cut, it is
    // cut too.
    if (!st)
        st = take_turn(s);
    s->out = NULL;
    if (!st)
        pass_turn(s);
    return st;
}

rt_response *rt_stream(rt_request *req, const char *type, rt_stream_fn *produce,
                       void *arg)
{
    assert(produce);
    stream *s = rt_new(req->arena, stream, 1);
    s->writer = (rt_writer){write_in_turn, req};
    s->ctx = rt__context_of(req);
    s->produce = produce;
    s->arg = arg;
    rt_response *response = rt_bytes(req, RT_STR(""), type);
    response->body_kind = RT_BODY_PRODUCER;
    response->produce = run_stream;
    response->produce_arg = s;
    return response;
}

// ---- writing -----------------------------------------------------------------

// Who writes when its application is done with the request has a stream still.
static rt__context *context_of(rt_writer *out)
{
    if (out->write == write_in_turn)
        return ((stream *)out)->ctx;
    return rt__context_of(out->request);
}

static void check_written(rt_writer *out, rt_status st)
{
    if (st) // the client is gone: nothing to log, nobody to answer
        rt__context_leave(context_of(out),
                          (rt_http_error){.status = 500, .cause = st}, NULL);
}

void rt_write(rt_writer *out, rt_str piece)
{
    if (piece.len)
        check_written(out, out->write(out, piece));
}

// Memory for one formatted piece. Not the request's arena: a long stream would
// fill it, and it cannot be rewound while others allocate there. Each write has
// its own, for as long as it waits.
typedef struct rt__scratch {
    rt_arena arena;
    struct rt__scratch *next;
} rt__scratch;

static void free_scratch(void *scratch)
{
    rt_arena_deinit(&((rt__scratch *)scratch)->arena);
}

static rt__scratch *take_scratch(rt__context *ctx)
{
    rt__scratch *scratch = ctx->scratches;
    if (scratch) {
        ctx->scratches = scratch->next;
        return scratch;
    }
    scratch = rt_new(ctx->req->arena, rt__scratch, 1);
    rt_arena_defer(ctx->req->arena, free_scratch, scratch);
    return scratch;
}

static void give_back(rt__context *ctx, rt__scratch *scratch)
{
    rt_arena_reset(&scratch->arena);
    scratch->next = ctx->scratches;
    ctx->scratches = scratch;
}

void rt_write_values(rt_writer *out, const char *format, const rt_value *values,
                     size_t n, rt_site site)
{
    rt__context *ctx = context_of(out);
    rt__scratch *scratch = take_scratch(ctx);
    rt_buf text;
    rt_buf_init(&text, &scratch->arena);
    size_t placeholders = rt_buf_format_values(&text, format, values, n);
    if (RT_UNLIKELY(placeholders != n && out->request->app))
        rt__format_check(out->request, format, placeholders, n, site);
    rt_str piece = rt_buf_str(&text);
    rt_status st = piece.len ? out->write(out, piece) : RT_OK;
    give_back(ctx, scratch);
    check_written(out, st);
}
