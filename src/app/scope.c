// Hooks: registering them, and running those a request is for. The application's
// are outermost, then come the blueprints of the route, outer ones first.
#include "retort/app/scope.h"

#include "app/app.h"
#include "app/hooks.h"

rt_scope *rt_app_scope(rt_app *app)
{
    return app ? &app->scope : NULL;
}

void rt__scope_check_open(const rt_scope *scope, rt_site site, const char *what)
{
    const rt_blueprint *blueprint = scope ? scope->blueprint : NULL;
    if (!blueprint) {
        rt__app_check_open(scope ? scope->app : NULL, site, what);
        return;
    }
    if (blueprint->registered)
        rt_misuse(site,
                  "%s: blueprint \"%s\" has been registered; put everything "
                  "into it before",
                  what, blueprint->name);
}

void rt__hook_add(rt_scope *scope, rt__hooks *hooks, rt_any_fn fn,
                  const rt_hook_options *options, const char *what)
{
    if (!fn)
        rt_misuse(options->site, "%s: the function is NULL", what);
    *rt_vec_push(scope->arena, hooks) =
        (rt__hook){.fn = fn, .arg = options->arg};
}

rt_scope *rt__scope_for(rt_scope *scope, const rt_hook_options *options)
{
    return scope->blueprint && options->app_wide ? &scope->blueprint->wide
                                                 : scope;
}

// Check, and add to the list of that name.
#define ADD(scope_, list, fn, options, what)                             \
    do {                                                                 \
        rt__scope_check_open((scope_), (options)->site, (what));         \
        rt_scope *to = rt__scope_for((scope_), (options));               \
        rt__hook_add(to, &to->list, (rt_any_fn)(fn), (options), (what)); \
    } while (0)

void rt_scope_add_before(rt_scope *scope, rt_before_fn *fn,
                         const rt_hook_options *options)
{
    ADD(scope, before, fn, options, "rt_before_request");
}

void rt_scope_add_after(rt_scope *scope, rt_after_fn *fn,
                        const rt_hook_options *options)
{
    ADD(scope, after, fn, options, "rt_after_request");
}

void rt_scope_add_teardown(rt_scope *scope, rt_teardown_fn *fn,
                           const rt_hook_options *options)
{
    ADD(scope, teardown, fn, options, "rt_teardown_request");
}

void rt_scope_add_context_processor(rt_scope *scope, rt_context_fn *fn,
                                    const rt_hook_options *options)
{
    ADD(scope, context_processors, fn, options, "rt_context_processor");
}

void rt_scope_add_url_preprocessor(rt_scope *scope, rt_url_values_fn *fn,
                                   const rt_hook_options *options)
{
    ADD(scope, url_preprocessors, fn, options, "rt_url_value_preprocessor");
}

void rt_scope_add_url_defaults(rt_scope *scope, rt_url_values_fn *fn,
                               const rt_hook_options *options)
{
    ADD(scope, url_defaults, fn, options, "rt_url_default_values");
}

// ---- running ----------------------------------------------------------------

// The scopes around a unit from the outside in: the application's first. The
// number of them.
static size_t collect_scopes(const rt_app *app, const rt__unit *unit,
                             const rt_scope *out[RT__UNITS_MAX + 1])
{
    size_t n = 1;
    for (const rt__unit *u = unit; u; u = u->outer)
        n++;
    size_t at = n;
    for (const rt__unit *u = unit; u; u = u->outer)
        out[--at] = &u->blueprint->scope;
    out[0] = &app->scope;
    return n;
}

static rt_response *run_before(rt__context *ctx, const rt_scope *scope)
{
    rt_vec_each(rt__hook, hook, &scope->before) {
        rt_response *r = ((rt_before_fn *)hook->fn)(ctx->req, hook->arg);
        if (r)
            return r;
    }
    return NULL;
}

rt_response *rt__hooks_run_before(rt__context *ctx)
{
    rt_response *r = run_before(ctx, &ctx->app->scope);
    if (RT_LIKELY(!ctx->unit) || r)
        return r;
    const rt_scope *scopes[RT__UNITS_MAX + 1];
    size_t n = collect_scopes(ctx->app, ctx->unit, scopes);
    for (size_t i = 1; i < n && !r; i++)
        r = run_before(ctx, scopes[i]);
    return r;
}

static void call_after(rt__context *ctx, const rt__hook *hook)
{
    rt_after_fn *fn = (rt_after_fn *)hook->fn;
    rt_response *r = fn(ctx->req, ctx->response, hook->arg);
    if (!r)
        rt_log(&ctx->app->log, RT_LOG_ERROR,
               "an after-hook returned NULL instead of a response");
    else
        ctx->response = r;
}

static void run_after(rt__context *ctx, const rt__hooks *hooks)
{
    for (size_t i = hooks->len; i-- > 0;)
        call_after(ctx, &hooks->items[i]);
}

static void run_route_after(rt__context *ctx, const rt__route *route)
{
    size_t n = 0;
    while (route->after[n])
        n++;
    while (n-- > 0) {
        rt__hook hook = {.fn = (rt_any_fn)route->after[n], .arg = route->arg};
        call_after(ctx, &hook);
    }
}

void rt__hooks_run_after(rt__context *ctx)
{
    // By index: one of them may add another.
    for (size_t i = 0; i < ctx->after_this.len; i++)
        call_after(ctx, &ctx->after_this.items[i]);
    if (ctx->route && ctx->route->after)
        run_route_after(ctx, ctx->route);
    for (const rt__unit *u = ctx->unit; u; u = u->outer)
        run_after(ctx, &u->blueprint->scope.after);
    run_after(ctx, &ctx->app->scope.after);
}

static void run_teardown(rt__context *ctx, const rt__hooks *hooks)
{
    for (size_t i = hooks->len; i-- > 0;)
        ((rt_teardown_fn *)hooks->items[i].fn)(ctx->req,
                                               ctx->failed ? &ctx->error : NULL,
                                               hooks->items[i].arg);
}

void rt__hooks_run_teardown(rt__context *ctx)
{
    for (const rt__unit *u = ctx->unit; u; u = u->outer)
        run_teardown(ctx, &u->blueprint->scope.teardown);
    run_teardown(ctx, &ctx->app->scope.teardown);
}

void rt_after_this_request(rt_request *req, rt_after_fn *fn, void *arg)
{
    rt__context *ctx = rt__context_of(req);
    *rt_vec_push(req->arena, &ctx->after_this) =
        (rt__hook){.fn = (rt_any_fn)fn, .arg = arg};
}

bool rt__hooks_run_context(rt__context *ctx, rt_value context)
{
    const rt_scope *scopes[RT__UNITS_MAX + 1];
    size_t n = collect_scopes(ctx->app, ctx->unit, scopes);
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        rt_vec_each(rt__hook, hook, &scopes[i]->context_processors) {
            ((rt_context_fn *)hook->fn)(ctx->req, context, hook->arg);
            any = true;
        }
    }
    return any;
}

// ---- values of URLs ------------------------------------------------------------

static void call_each(rt_request *req, const rt__hooks *hooks,
                      const char *endpoint, rt_value values)
{
    rt_vec_each(rt__hook, hook, hooks)
        ((rt_url_values_fn *)hook->fn)(req, endpoint, values, hook->arg);
}

static bool has_preprocessors(const rt__context *ctx)
{
    for (const rt__unit *u = ctx->unit; u; u = u->outer)
        if (u->blueprint->scope.url_preprocessors.len)
            return true;
    return ctx->app->scope.url_preprocessors.len > 0;
}

// What is in the dict becomes the arguments of the view.
static void keep_values(rt__context *ctx, rt_value values)
{
    size_t n = rt_dict_len(values), at = 0;
    rt_pair *args = rt_new(ctx->req->arena, rt_pair, n);
    ctx->match.args = args;
    ctx->match.args_len = n;
    for (const rt_dict_entry *e; (e = rt_dict_next(values, &at)); args++)
        *args = (rt_pair){rt_str_cstr(ctx->req->arena, rt_value_as_str(e->key)),
                          e->value};
}

void rt__hooks_run_url_values(rt__context *ctx)
{
    if (RT_LIKELY(!has_preprocessors(ctx)))
        return;
    rt_value values =
        rt_dict_of_pairs(ctx->req->arena, ctx->match.args, ctx->match.args_len);
    const char *endpoint = rt_url_rule_endpoint(ctx->rule);
    const rt_scope *scopes[RT__UNITS_MAX + 1];
    size_t n = collect_scopes(ctx->app, ctx->unit, scopes);
    for (size_t i = 0; i < n; i++)
        call_each(ctx->req, &scopes[i]->url_preprocessors, endpoint, values);
    keep_values(ctx, values);
}

void rt__hooks_run_url_defaults(rt__context *ctx, const char *endpoint,
                                rt_value values)
{
    rt_str name = rt_str_from(endpoint);
    size_t dot = rt_str_rfind_char(name, '.');
    const rt__unit *unit = NULL;
    if (dot != RT_STR_NONE)
        unit = rt_map_get(&ctx->app->units, rt_str_slice(name, 0, dot));
    const rt_scope *scopes[RT__UNITS_MAX + 1];
    size_t n = collect_scopes(ctx->app, unit, scopes);
    for (size_t i = 0; i < n; i++)
        call_each(ctx->req, &scopes[i]->url_defaults, endpoint, values);
}
