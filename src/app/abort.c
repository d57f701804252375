// rt_abort: leaving a view from any depth of calls.
//
// A frame is a place to come back to, with the coroutine it belongs to. An abort
// goes to the newest frame of its own coroutine, by longjmp. That is safe here
// because what the skipped functions allocated lies in the request's arena and
// what they opened is registered there (docs/adr/0003).
#include <assert.h>
#include <stdarg.h>

#include <retort/base/wait.h>
#include <retort/http/code.h>

#include "app/app.h"
#include "app/failure.h"

static rt__frame *find_frame(const rt__context *ctx)
{
    for (rt__frame *f = *ctx->frames; f; f = f->outer)
        if (f->coro == rt_coro_current() &&
            pthread_equal(f->thread, pthread_self()))
            return f;
    return NULL;
}

static void unlink_frame(rt__context *ctx, const rt__frame *frame)
{
    rt__frame **at = ctx->frames;
    while (*at != frame)
        at = &(*at)->outer;
    *at = frame->outer;
}

typedef struct rt__undo {
    void (*fn)(void *ptr);
    void *ptr;
    struct rt__undo *older;
} rt__undo;

void rt_on_abort(rt_request *req, void (*fn)(void *ptr), void *ptr)
{
    assert(fn);
    rt__frame *frame = find_frame(rt__context_of(req));
    if (!frame)
        return;
    rt__undo *undo = rt_new(req->arena, rt__undo, 1);
    *undo = (rt__undo){fn, ptr, frame->undo};
    frame->undo = undo;
}

// They may wait, and others abort meanwhile.
static void run_undo(rt__context *ctx, const rt__undo *undo)
{
    rt_http_error thrown = ctx->thrown;
    rt_response *response = ctx->thrown_response;
    for (; undo; undo = undo->older)
        undo->fn(undo->ptr);
    ctx->thrown = thrown;
    ctx->thrown_response = response;
}

static bool run_in_frame(rt__context *ctx, void (*fn)(void *arg), void *arg)
{
    rt__frame frame; // not cleared, as most of it is for setjmp
    frame.outer = *ctx->frames;
    frame.ctx = ctx;
    frame.coro = rt_coro_current();
    frame.undo = NULL;
    frame.thread = pthread_self();
    *ctx->frames = &frame;
    // Locals are not changed between setjmp and longjmp, so none is volatile.
    if (_setjmp(frame.jump) == 0) {
        fn(arg);
        unlink_frame(ctx, &frame);
        return true;
    }
    unlink_frame(ctx, &frame);
    if (RT_UNLIKELY(frame.undo))
        run_undo(ctx, frame.undo);
    return false;
}

bool rt__context_try(rt__context *ctx, void (*fn)(void *arg), void *arg)
{
    if (run_in_frame(ctx, fn, arg))
        return true;
    ctx->error = ctx->thrown;
    ctx->response = ctx->thrown_response;
    return false;
}

void rt__context_leave(rt__context *ctx, rt_http_error error,
                       rt_response *response)
{
    // Frames of children that were dropped are looked at by nobody: when there
    // are such, the request is at its teardown.
    rt__frame *frame = ctx->no_abort ? NULL : find_frame(ctx);
    if (!frame)
        rt_panic("rt_abort where nothing can be aborted: a defer, a teardown, "
                 "an offloaded function, or after the request");
    frame->ctx->thrown = error;
    frame->ctx->thrown_response = response;
    _longjmp(frame->jump, 1);
}

// In a command it is what the command ends with, and printed there.
void rt__log_failure(const rt__context *ctx, rt_str why)
{
    if (!ctx->command)
        rt_log(&ctx->app->log, RT_LOG_ERROR, "Exception on {} [{}]: {}",
               ctx->path, ctx->req->method_text, why);
}

void rt_abort_values(rt_request *req, int status, const char *format,
                     const rt_value *values, size_t n, rt_site site)
{
    rt__context *ctx = rt__context_of(req);
    if (status < 400 || status > 599)
        rt__fail(req, "{}rt_abort: {} is not the status of an error",
                 rt__place(req, site), status);
    rt_buf text;
    rt_buf_init(&text, req->arena);
    size_t placeholders = rt_buf_format_values(&text, format, values, n);
    rt__format_check(req, format, placeholders, n, site);
    rt_str message = rt_buf_str(&text);
    if (status >= 500)
        rt__log_failure(ctx, message.len ? message : rt_code_text(status));
    rt__context_leave(
        ctx, rt__error_of_status(status, message.len ? message.data : NULL),
        NULL);
}

void rt_raise_values(rt_request *req, const rt_error_kind *kind,
                     const char *format, const rt_value *values, size_t n,
                     rt_site site)
{
    assert(kind);
    rt_buf text;
    rt_buf_init(&text, req->arena);
    size_t placeholders = rt_buf_format_values(&text, format, values, n);
    rt__format_check(req, format, placeholders, n, site);
    rt__context_leave(rt__context_of(req),
                      (rt_http_error){.status = 500,
                                      .message = rt_buf_str(&text).data,
                                      .kind = kind},
                      NULL);
}

// A failure that is ours, or the application's: what it says is for the log, and
// for those who look at `original`.
RT_NORETURN static void leave_with_failure(rt__context *ctx, const char *why,
                                           rt_status cause)
{
    rt_http_error *original = rt_new(ctx->req->arena, rt_http_error, 1);
    *original = (rt_http_error){
        .status = 500, .message = why, .kind = RT_ANY_ERROR, .cause = cause};
    rt_http_error error = *original;
    error.message = ctx->app->debug ? why : NULL;
    error.original = original;
    rt__context_leave(ctx, error, NULL);
}

void rt__fail_values(rt_request *req, const char *format,
                     const rt_value *values, size_t n)
{
    rt__context *ctx = rt__context_of(req);
    rt_str why = rt_format_values(req->arena, format, values, n);
    rt__log_failure(ctx, why);
    leave_with_failure(ctx, why.data, RT_OK);
}

const char *rt__place(rt_request *req, rt_site site)
{
    return site.file
               ? rt_format(req->arena, "{}:{}: ", site.file, site.line).data
               : "";
}

void rt_abort_status(rt_request *req, rt_status status)
{
    rt__context *ctx = rt__context_of(req);
    rt__log_failure(ctx, rt_str_from(rt_status_text(status)));
    leave_with_failure(ctx, rt_status_text(status), status);
}

void rt_abort_response(rt_request *req, rt_response *response)
{
    assert(response);
    rt__context_leave(rt__context_of(req), (rt_http_error){0}, response);
}

// ---- trying ----------------------------------------------------------------

bool rt_try(rt_request *req, void (*fn)(void *arg), void *arg,
            rt_http_error *error)
{
    assert(fn && error);
    rt__context *ctx = rt__context_of(req);
    if (run_in_frame(ctx, fn, arg))
        return true;
    // A response is no failure.
    if (ctx->thrown_response)
        rt__context_leave(ctx, ctx->thrown, ctx->thrown_response);
    *error = ctx->thrown;
    return false;
}

void rt_rethrow(rt_request *req, const rt_http_error *error)
{
    assert(error);
    rt__context_leave(rt__context_of(req), *error, NULL);
}

// ---- children --------------------------------------------------------------

typedef struct child {
    rt__context *ctx;
    void (*fn)(rt_request *req, void *arg);
    void *arg;
} child;

static void call_child(void *arg)
{
    child *c = arg;
    c->fn(c->ctx->req, c->arg);
}

// What a child aborts with is nobody's: the request goes on.
static void run_child(void *arg)
{
    child *c = arg;
    run_in_frame(c->ctx, call_child, c);
}

void rt_spawn(rt_request *req, void (*fn)(rt_request *req, void *arg),
              void *arg)
{
    assert(fn);
    child *c = rt_new(req->arena, child, 1);
    *c = (child){rt__context_of(req), fn, arg};
    rt_group_spawn(&req->children, run_child, c);
}

void rt_spawn_wait(rt_request *req)
{
    if (rt_group_has_current(&req->children))
        rt__fail(req, "rt_spawn_wait in a spawned function waits for itself");
    rt_status st = rt_group_wait(&req->children);
    if (st)
        rt_abort_status(req, st);
}

void rt_offload(rt_request *req, void (*fn)(void *arg), void *arg)
{
    rt_status st = rt_offload_run(fn, arg);
    if (st)
        rt_abort_status(req, st);
}

bool rt_client_gone(rt_request *req)
{
    return req->peer && req->peer->is_gone && req->peer->is_gone(req);
}
