// The life of a request inside an application, in Flask's order:
//
//     match ----> before-hooks -> view ----> after-hooks ---> response
//       |              |            |            |
//       '-- error -----+--- abort --'            '- abort: 500, once more
//                      |
//                error handler or error page
//
// Whatever may abort runs in a frame (abort.c); the state that must survive a
// jump lies in the context, never in locals.
#include <assert.h>

#include <retort/base/format.h>
#include <retort/http/code.h>

#include "app/app.h"
#include "app/conditional.h"
#include "app/failure.h"
#include "app/hooks.h"
#include "app/match.h"

rt__context *rt__context_of(rt_request *req)
{
    assert(req);
    rt__context *ctx = req->app;
    if (RT_UNLIKELY(!ctx))
        rt_panic("no application serves this request (is it used in a defer, "
                 "or after its end?)");
    return ctx;
}

// ---- the view ------------------------------------------------------------

static rt_response *run_route_hooks(rt__context *ctx)
{
    rt_before_fn *const *hook = ctx->route->before;
    for (; hook && *hook; hook++) {
        rt_response *r = (*hook)(ctx->req, ctx->route->arg);
        if (r)
            return r;
    }
    return NULL;
}

// With the place of the registration, where a macro has said it.
RT_COLD static void check_response(rt__context *ctx)
{
    const rt__route *route = ctx->route;
    rt_str place = RT_STR("");
    if (route->site.file)
        place = rt_format(ctx->req->arena, " ({}:{})", route->site.file,
                          route->site.line);
    rt__fail(ctx->req, "view {} returned {}{}", route->view.name,
             ctx->response ? "a response that was returned before"
                           : "NULL instead of a response",
             place);
}

static void run_view(void *arg)
{
    rt__context *ctx = arg;
    rt__signal_send(ctx, RT_REQUEST_STARTED, .response = NULL);
    if (ctx->rule)
        rt__hooks_run_url_values(ctx);
    if ((ctx->response = rt__hooks_run_before(ctx)))
        return;
    if (!ctx->rule || ctx->match.automatic_options) {
        ctx->response = rt__match_answer(ctx);
        return;
    }
    if ((ctx->response = run_route_hooks(ctx)))
        return;
    const rt_view *view = rt__route_view(ctx->route, ctx->req->method);
    if (RT_UNLIKELY(!view))
        rt_abort(ctx->req, 405);
    ctx->response =
        rt__view_call(view, ctx->req, ctx->match.args, ctx->match.args_len);
    if (RT_UNLIKELY(!ctx->response || ctx->response->used))
        check_response(ctx);
}

// ---- errors --------------------------------------------------------------

// Add the headers an error asks for, unless a handler has set its own.
static void add_error_headers(rt_response *response, const rt_http_error *error)
{
    for (size_t i = 0; i < error->headers.len; i++)
        if (!rt_headers_has(&response->headers, error->headers.items[i].name))
            rt_headers_push(&response->headers, response->request->arena,
                            error->headers.items[i].name,
                            error->headers.items[i].value);
}

static void run_error_handler(void *arg)
{
    rt__context *ctx = arg;
    rt_http_error error = ctx->error;
    const rt__hook *hook = rt__error_handler_find(ctx, &error);
    if (!error.message)
        error.message = rt_code_text(error.status).data;
    ctx->response = hook
                        ? ((rt_error_fn *)hook->fn)(ctx->req, &error, hook->arg)
                        : rt__error_page(ctx->req, &error);
    if (ctx->response)
        add_error_headers(ctx->response, &error);
}

// Make ctx->response of ctx->error; false when the handler fails at it.
static bool answer_error(rt__context *ctx)
{
    int status = ctx->error.status;
    ctx->response = NULL;
    bool returned = rt__context_try(ctx, run_error_handler, ctx);
    if (ctx->response)
        return true;
    if (returned)
        rt_log(&ctx->app->log, RT_LOG_ERROR,
               "the error handler of {} returned NULL instead of a response",
               status);
    else
        rt_log(&ctx->app->log, RT_LOG_ERROR,
               "the error handler of {} aborted with {}", status,
               ctx->error.status);
    return false;
}

// A failure that no handler is for is a 500, which a handler may be for.
static void fail_unhandled(rt__context *ctx)
{
    rt_http_error failure = ctx->error;
    if (!failure.message)
        failure.message = rt_code_text(failure.status).data;
    const rt_http_error *original = failure.original;
    if (!original)
        original = rt_arena_copy(ctx->req->arena, &failure, sizeof failure);
    rt__set_error(ctx, 500, ctx->app->debug ? original->message : NULL);
    ctx->error.original = original;
    ctx->error.cause = original->cause;
    if (!ctx->failed) // once, however much goes wrong afterwards
        rt__signal_send(ctx, RT_REQUEST_EXCEPTION, .error = original);
    ctx->failed = true;
}

// Errors with a status that count as failures: those of TRAP_HTTP_EXCEPTIONS and
// TRAP_BAD_REQUEST_ERRORS.
static bool is_failure(const rt_app *app, const rt_http_error *error)
{
    return !rt__error_is_http(error) ||
           rt_config_bool(app, "TRAP_HTTP_EXCEPTIONS", false) ||
           (error->status == 400 &&
            rt_config_bool(app, "TRAP_BAD_REQUEST_ERRORS", false));
}

// What rt_raise has brought, or what is trapped; other failures are in the log
// already.
static void log_unhandled(const rt__context *ctx)
{
    const rt_http_error *e = &ctx->error;
    rt_arena *arena = ctx->req->arena;
    if (!rt__error_is_http(e) && !e->original)
        rt__log_failure(ctx,
                        rt_format(arena, "{}: {}", e->kind->name, e->message));
    else if (rt__error_is_http(e) && e->status < 500)
        rt__log_failure(ctx, rt_format(arena, "{} {}: {}", e->status,
                                       rt_code_reason(e->status),
                                       e->message ? rt_str_from(e->message)
                                                  : rt_code_text(e->status)));
}

// Whether failures go to whoever tests the application, past the handlers of 500.
static bool propagates(const rt_app *app)
{
    return rt_config_bool(app, "PROPAGATE_EXCEPTIONS",
                          rt_config_bool(app, "TESTING", false));
}

// The answer to a failure that has no handler, or whose handler failed. A test
// may see what happened.
static void answer_failure(rt__context *ctx)
{
    const rt_http_error *original = ctx->error.original;
    bool tell = original && ctx->app->tested && propagates(ctx->app);
    rt__set_error(ctx, 500, tell ? original->message : rt_code_text(500).data);
    ctx->error.original = original;
    ctx->response = rt__error_page(ctx->req, &ctx->error);
}

// Turn ctx->error into ctx->response. A handler that fails is our failure: 500,
// with the handler of that, unless it is the one that failed.
static void handle_error(rt__context *ctx)
{
    if (is_failure(ctx->app, &ctx->error) &&
        !rt__error_handler_find(ctx, &ctx->error)) {
        log_unhandled(ctx);
        fail_unhandled(ctx);
    }
    if (ctx->failed && propagates(ctx->app)) {
        answer_failure(ctx);
        return;
    }
    const rt__hook *failed = rt__error_handler_find(ctx, &ctx->error);
    if (answer_error(ctx))
        return;
    fail_unhandled(ctx);
    if (!propagates(ctx->app) &&
        rt__error_handler_find(ctx, &ctx->error) != failed && answer_error(ctx))
        return;
    answer_failure(ctx);
}

// ---- the way out ---------------------------------------------------------

static void run_after_hooks(void *arg)
{
    rt__hooks_run_after(arg);
    rt__session_save(arg);
}

static void finish(rt__context *ctx)
{
    if (!ctx->app->scope.after.len && !ctx->unit && !ctx->after_this.len &&
        !(ctx->route && ctx->route->after) && !ctx->session &&
        !rt__session_may_refresh(ctx))
        return;
    if (rt__context_try(ctx, run_after_hooks, ctx))
        return;
    // An abort here is our failure, whatever its status: 500, through the
    // hooks once more.
    if (ctx->response || !ctx->error.original) // else it has been logged
        rt_log(&ctx->app->log, RT_LOG_ERROR,
               "an after-hook failed: it aborted with {}",
               ctx->response ? ctx->response->status : ctx->error.status);
    ctx->response = NULL;
    fail_unhandled(ctx);
    handle_error(ctx);
    rt_response *error = ctx->response;
    ctx->unfinished = !rt__context_try(ctx, run_after_hooks, ctx);
    if (ctx->unfinished)
        ctx->response = error;
}

// Teardown is a defer of the request's arena, so that it comes after a stream
// has been produced, and however the request ends.
static void run_teardowns(void *arg)
{
    rt__context *ctx = arg;
    ctx->no_abort = true;
    ctx->req->app = ctx;
    rt__hooks_run_teardown(ctx);
    rt__signal_send(ctx, RT_REQUEST_TEARING_DOWN,
                    .error = ctx->failed ? &ctx->error : NULL);
    ctx->req->app = ctx->outer;
}

rt__context *rt__context_begin(rt_app *app, rt_request *req)
{
    rt__context *ctx = rt_new(req->arena, rt__context, 1);
    ctx->app = app;
    ctx->req = req;
    ctx->outer = req->app;
    ctx->frames = ctx->outer ? ctx->outer->frames : &ctx->own_frames;
    ctx->script_root = req->script_root;
    ctx->path = req->path;
    ctx->g = rt_value_undefined();
    ctx->flashes = rt_value_undefined();
    if (ctx->outer && ctx->outer->body_read) { // by a middleware
        ctx->body = ctx->outer->body;
        ctx->body_read = true;
    }
    req->app = ctx;
    req->max_body = app->options.max_body;
    return ctx;
}

// Children go on while the response is sent, and what they call asks for an
// application.
void rt__context_end(const rt__context *ctx)
{
    rt_request *req = ctx->req;
    if (ctx->outer || rt_group_is_empty(&req->children))
        req->app = ctx->outer;
}

rt_response *rt__context_answer(rt__context *ctx)
{
    if (RT_UNLIKELY(!ctx->response))
        handle_error(ctx);
    return ctx->response;
}

// A request with its rule, and what is to happen at its end.
static rt__context *begin(rt_app *app, rt_request *req)
{
    rt__context *ctx = rt__context_begin(app, req);
    rt__match(ctx);
    if (ctx->app->scope.teardown.len || ctx->unit ||
        ctx->app->signals[RT_REQUEST_TEARING_DOWN].len)
        rt_arena_defer(req->arena, run_teardowns, ctx);
    return ctx;
}

typedef struct call {
    rt_request *req;
    void (*fn)(rt_request *req, void *arg);
    void *arg;
} call;

static void run_call(void *arg)
{
    const call *c = arg;
    c->fn(c->req, c->arg);
}

int rt__app_call(rt_app *app, rt_request *req,
                 void (*fn)(rt_request *req, void *arg), void *arg)
{
    rt__context *ctx = begin(app, req);
    call c = {req, fn, arg};
    int status = 0;
    if (!rt__context_try(ctx, run_call, &c))
        status = ctx->response ? ctx->response->status : ctx->error.status;
    rt__context_end(ctx);
    return status;
}

rt_response *rt__app_dispatch(void *self, rt_request *req)
{
    rt__context *ctx = begin(self, req);

    // After an abort ctx->response is set by rt_abort_response alone.
    rt__context_try(ctx, run_view, ctx);
    rt__context_answer(ctx)->used = true;
    finish(ctx);
    ctx->session_saved = true;

    if (RT_UNLIKELY(ctx->response->status == 304))
        rt__make_not_modified(ctx->response);

    if (RT_LIKELY(!ctx->unfinished))
        rt__signal_send(ctx, RT_REQUEST_FINISHED, .response = ctx->response);
    rt__context_end(ctx);
    return ctx->response;
}
