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

#include <retort/http/code.h>
#include <retort/http/percent.h>

#include "app/app.h"

rt__context *rt__context_of(rt_request *req)
{
    assert(req);
    rt__context *ctx = req->app;
    if (RT_UNLIKELY(!ctx))
        rt_panic("no application serves this request (is it used in a defer, "
                 "or after its end?)");
    return ctx;
}

// ---- matching ------------------------------------------------------------

static void set_error(rt__context *ctx, int status, const char *message)
{
    ctx->error = (rt_http_error){.status = status, .message = message};
}

// The place a routing redirect leads to: absolute, with the query as it came.
static rt_response *redirect_response(rt__context *ctx)
{
    rt_request *req = ctx->req;
    rt_buf url;
    rt_buf_init(&url, req->arena);
    rt_buf_put(&url, req->scheme);
    rt_buf_put_cstr(&url, "://");
    rt_buf_put(&url, req->host);
    rt_buf_put(&url, rt_percent_encode(req->arena, ctx->script_root,
                                       RT_PERCENT_PATH));
    rt_buf_put(&url, ctx->match.location);
    if (req->query.len) {
        rt_buf_put_char(&url, '?');
        rt_buf_put(&url, req->query);
    }
    return rt__redirect_page(req, 308, rt_buf_str(&url));
}

static rt_response *options_response(rt__context *ctx)
{
    rt_response *response = rt_html(ctx->req, "");
    rt_headers_push(&response->headers, ctx->req->arena, RT_STR("Allow"),
                    rt_method_set_dump(ctx->req->arena, ctx->match.allow));
    return response;
}

static void match(rt__context *ctx)
{
    rt_request *req = ctx->req;
    rt_url_target target = {.method = req->method,
                            .method_text = req->method_text,
                            .path = req->path};
    rt_url_match(ctx->app->urls, req->arena, &target, &ctx->match);
    if (ctx->match.outcome != RT_URL_FOUND)
        return;
    ctx->rule = ctx->match.rule;
    ctx->route = rt_url_rule_data(ctx->rule);
    req->max_body = ctx->route->max_body ? ctx->route->max_body
                                         : ctx->app->options.max_body;
}

// RFC 9110 9.3.7: OPTIONS * asks about the server as a whole.
static rt_response *server_options_response(rt__context *ctx)
{
    rt_method_set all = {0};
    size_t n;
    const rt_url_rule *const *rules = rt_url_map_rules(ctx->app->urls, &n);
    for (size_t i = 0; i < n; i++)
        rt_method_set_join(&all, ctx->req->arena,
                           rt_url_rule_methods(rules[i]));
    rt_response *response = rt_html(ctx->req, "");
    rt_headers_push(&response->headers, ctx->req->arena, RT_STR("Allow"),
                    rt_method_set_dump(ctx->req->arena, all));
    return response;
}

// Answer what is not a view's: the errors and redirects of routing.
static rt_response *answer_unmatched(rt__context *ctx)
{
    rt_request *req = ctx->req;
    switch (ctx->match.outcome) {
    case RT_URL_REDIRECT: return redirect_response(ctx);
    case RT_URL_METHOD_NOT_ALLOWED:
        set_error(ctx, 405, NULL);
        rt_headers_push(&ctx->error.headers, req->arena, RT_STR("Allow"),
                        rt_method_set_dump(req->arena, ctx->match.allow));
        return NULL;
    case RT_URL_NO_HANDSHAKE: set_error(ctx, 400, NULL); return NULL;
    default: break;
    }
    if (req->method == RT_METHOD_OPTIONS && rt_str_eq(req->path, RT_STR("*")))
        return server_options_response(ctx);
    set_error(ctx, 404, NULL);
    return NULL;
}

// ---- the view ------------------------------------------------------------

static rt_response *run_before_hooks(rt__context *ctx)
{
    rt_vec_each(rt__hook, hook, &ctx->app->before) {
        rt_response *r = ((rt_before_fn *)hook->fn)(ctx->req, hook->arg);
        if (r)
            return r;
    }
    return NULL;
}

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

RT_COLD static void check_response(rt__context *ctx)
{
    if (!ctx->response)
        rt__fail(ctx->req, "view {} returned NULL instead of a response",
                 ctx->route->view.name);
    rt__fail(ctx->req, "view {} returned a response that was returned before",
             ctx->route->view.name);
}

static void run_view(void *arg)
{
    rt__context *ctx = arg;
    if ((ctx->response = run_before_hooks(ctx)))
        return;
    if (ctx->match.outcome != RT_URL_FOUND) {
        ctx->response = answer_unmatched(ctx);
        return;
    }
    if (ctx->match.automatic_options) {
        ctx->response = options_response(ctx);
        return;
    }
    if ((ctx->response = run_route_hooks(ctx)))
        return;
    ctx->response = rt__view_call(ctx->route, ctx->req, ctx->match.args,
                                  ctx->match.args_len);
    if (RT_UNLIKELY(!ctx->response || ctx->response->used))
        check_response(ctx);
}

// ---- errors --------------------------------------------------------------

// The handler of that status, else that of all errors; NULL when there is none.
static const rt__hook *find_error_handler(const rt_app *app, int status)
{
    const rt__hook *of_all = NULL;
    rt_vec_each(rt__hook, hook, &app->errors) {
        if (hook->status == status)
            return hook;
        if (hook->status == 0)
            of_all = hook;
    }
    return of_all;
}

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
    const rt__hook *hook = find_error_handler(ctx->app, error.status);
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

// Turn ctx->error into ctx->response. A handler that fails is our failure: 500,
// with the handler of that, unless it is the one that failed.
static void handle_error(rt__context *ctx)
{
    const rt__hook *failed = find_error_handler(ctx->app, ctx->error.status);
    ctx->failed = ctx->error.status >= 500;
    if (answer_error(ctx))
        return;
    set_error(ctx, 500, NULL);
    ctx->failed = true;
    if (find_error_handler(ctx->app, 500) != failed && answer_error(ctx))
        return;
    rt_http_error error = {.status = 500, .message = rt_code_text(500).data};
    ctx->error = error;
    ctx->response = rt__error_page(ctx->req, &error);
}

// ---- the way out ---------------------------------------------------------

static void run_after_hooks(void *arg)
{
    rt__context *ctx = arg;
    const rt__hooks *after = &ctx->app->after;
    for (size_t i = after->len; i-- > 0;) {
        rt_after_fn *fn = (rt_after_fn *)after->items[i].fn;
        rt_response *r = fn(ctx->req, ctx->response, after->items[i].arg);
        if (!r)
            rt_log(&ctx->app->log, RT_LOG_ERROR,
                   "an after-hook returned NULL instead of a response");
        else
            ctx->response = r;
    }
    rt__session_save(ctx);
}

static void finish(rt__context *ctx)
{
    if (!ctx->app->after.len && !ctx->session && !rt__session_may_refresh(ctx))
        return;
    if (rt__context_try(ctx, run_after_hooks, ctx))
        return;
    // An abort here is our failure, whatever its status: 500, through the
    // hooks once more.
    rt_log(&ctx->app->log, RT_LOG_ERROR,
           "an after-hook failed: it aborted with {}",
           ctx->response ? ctx->response->status : ctx->error.status);
    set_error(ctx, 500, NULL);
    ctx->response = NULL;
    handle_error(ctx);
    rt_response *error = ctx->response;
    if (!rt__context_try(ctx, run_after_hooks, ctx))
        ctx->response = error;
}

// Teardown is a defer of the request's arena, so that it comes after a stream
// has been produced, and however the request ends.
static void run_teardowns(void *arg)
{
    rt__context *ctx = arg;
    const rt__hooks *teardown = &ctx->app->teardown;
    ctx->no_abort = true;
    ctx->req->app = ctx;
    for (size_t i = teardown->len; i-- > 0;)
        ((rt_teardown_fn *)teardown->items[i].fn)(
            ctx->req, ctx->failed ? &ctx->error : NULL, teardown->items[i].arg);
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

rt_response *rt__app_dispatch(void *self, rt_request *req)
{
    rt__context *ctx = rt__context_begin(self, req);
    if (ctx->app->teardown.len)
        rt_arena_defer(req->arena, run_teardowns, ctx);

    match(ctx);
    // After an abort ctx->response is set by rt_abort_response alone.
    rt__context_try(ctx, run_view, ctx);
    rt__context_answer(ctx)->used = true;
    finish(ctx);
    ctx->session_saved = true;

    rt__context_end(ctx);
    return ctx->response;
}
