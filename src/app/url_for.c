// Building URLs, inside of requests and outside.
#include <retort/http/percent.h>
#include <retort/routing/build.h>

#include "app/app.h"
#include "app/failure.h"
#include "app/hooks.h"
#include "app/match.h"

// Options among the keywords: their names begin with "_".
typedef struct choices {
    const char *anchor;
    const char *scheme;
    const char *method;
    bool external;
} choices;

static bool take_choice(rt_arena *arena, choices *c, const rt_pair *pair)
{
    if (pair->name[0] != '_')
        return false;
    rt_str name = rt_str_from(pair->name);
    if (rt_str_eq(name, RT_STR("_external")))
        c->external = rt_value_is_true(pair->value);
    else if (rt_value_is_none(pair->value))
        return rt_str_eq(name, RT_STR("_anchor")) ||
               rt_str_eq(name, RT_STR("_scheme")) ||
               rt_str_eq(name, RT_STR("_method"));
    else if (rt_str_eq(name, RT_STR("_anchor")))
        c->anchor = rt_value_as_cstr(arena, pair->value);
    else if (rt_str_eq(name, RT_STR("_scheme")))
        c->scheme = rt_value_as_cstr(arena, pair->value);
    else if (rt_str_eq(name, RT_STR("_method")))
        c->method = rt_value_as_cstr(arena, pair->value);
    else
        return false;
    return true;
}

static size_t take_choices(rt_arena *arena, choices *c, const rt_pair *pairs,
                           size_t n, rt_pair *values)
{
    size_t count = 0;
    *c = (choices){0};
    for (size_t i = 0; i < n; i++)
        if (!take_choice(arena, c, &pairs[i]))
            values[count++] = pairs[i];
    return count;
}

// ---- in a request ----------------------------------------------------------

// ".show" is of the blueprint the request is in.
static const char *full_endpoint(const rt__context *ctx, const char *endpoint)
{
    if (endpoint[0] != '.')
        return endpoint;
    if (!ctx->unit)
        return endpoint + 1;
    return rt_format(ctx->req->arena, "{}{}", ctx->unit->name, endpoint).data;
}

// What the hooks make of the values. Of two of one name the last counts then.
static void inject_defaults(rt__context *ctx, const char *endpoint,
                            const rt_pair **values, size_t *n)
{
    rt_arena *arena = ctx->req->arena;
    const rt_app *app = ctx->app;
    if (RT_LIKELY(!app->has_url_defaults && !app->scope.url_defaults.len))
        return;
    rt_value dict = rt_dict_of_pairs(arena, *values, *n);
    rt__hooks_run_url_defaults(ctx, endpoint, dict);
    rt_pair *pairs = rt_new(arena, rt_pair, rt_dict_len(dict));
    *values = pairs;
    *n = rt_dict_len(dict);
    size_t at = 0;
    for (const rt_dict_entry *e; (e = rt_dict_next(dict, &at)); pairs++)
        *pairs =
            (rt_pair){rt_str_cstr(arena, rt_value_as_str(e->key)), e->value};
}

// The scheme of a whole URL: WebSocket rules have their own, as browsers want it.
static rt_str scheme_of(const rt__context *ctx, const choices *c,
                        const rt_url_built *built)
{
    rt_str scheme = c->scheme ? rt_str_from(c->scheme) : ctx->req->scheme;
    bool secure =
        rt_str_eq(scheme, RT_STR("https")) || rt_str_eq(scheme, RT_STR("wss"));
    if (rt_url_rule_is_websocket(built->rule))
        return secure ? RT_STR("wss") : RT_STR("ws");
    return secure ? RT_STR("https") : RT_STR("http");
}

static bool is_elsewhere(const rt__context *ctx, const rt_url_built *built)
{
    if (ctx->app->options.urls.host_matching)
        return built->host.len &&
               !rt_str_eq(built->host, rt__host_of(ctx, (rt_str){0}));
    return ctx->app->options.subdomain_matching &&
           !rt_str_eq(built->host, ctx->subdomain);
}

static const char *finish(const rt__context *ctx, const choices *c,
                          const rt_url_built *built)
{
    if (!c->external && !c->scheme && !is_elsewhere(ctx, built) &&
        !rt_url_rule_is_websocket(built->rule))
        return built->path.data;
    rt_str scheme = scheme_of(ctx, c, built);
    return rt_format(ctx->req->arena, "{}://{}{}", scheme,
                     rt__host_of(ctx, built->host), built->path)
        .data;
}

rt_status rt_url_try_pairs(rt_request *req, const char *endpoint,
                           const rt_pair *pairs, size_t n, const char **out,
                           rt_error *err)
{
    rt__context *ctx = rt__context_of(req);
    if (ctx->command)
        return rt_app_url_for(ctx->app, req->arena, endpoint, pairs, n, out,
                              err);
    choices c;
    rt_pair *own = rt_new(req->arena, rt_pair, n);
    size_t count = take_choices(req->arena, &c, pairs, n, own);
    const rt_pair *values = own;
    endpoint = full_endpoint(ctx, endpoint);
    inject_defaults(ctx, endpoint, &values, &count);

    rt_url_build_options options = {.method = rt_str_from(c.method),
                                    .try_method = req->method_text,
                                    .root = ctx->script_root,
                                    .anchor = rt_str_from(c.anchor)};
    if (ctx->app->options.urls.host_matching)
        options.host = rt__host_of(ctx, (rt_str){0});
    rt_url_built built;
    rt_status status = rt_url_build_parts(ctx->app->urls, req->arena, endpoint,
                                          values, count, &options, &built, err);
    if (!status) {
        *out = finish(ctx, &c, &built);
        return RT_OK;
    }
    if (status != RT_E_NOT_FOUND)
        return status;
    rt_value dict = rt_dict_of_pairs(req->arena, values, count);
    rt_vec_each(rt__hook, hook, &ctx->app->url_errors) {
        *out =
            ((rt_url_error_fn *)hook->fn)(req, endpoint, dict, err, hook->arg);
        if (*out)
            return RT_OK;
    }
    return status;
}

const char *rt_url_for_pairs(rt_request *req, const char *endpoint,
                             const rt_pair *pairs, size_t n)
{
    const char *url;
    rt_error err = {0};
    if (rt_url_try_pairs(req, endpoint, pairs, n, &url, &err))
        rt__fail(req, "{}", err.message);
    return url;
}

void rt_app_add_url_error_handler(rt_app *app, rt_url_error_fn *fn,
                                  const rt_hook_options *options)
{
    rt__app_check_open(app, options->site, "rt_url_error_handler");
    rt__hook_add(&app->scope, &app->url_errors, (rt_any_fn)fn, options,
                 "rt_url_error_handler");
}

// ---- outside of requests -----------------------------------------------------

rt_status rt_app_url_for(rt_app *app, rt_arena *arena, const char *endpoint,
                         const rt_pair *pairs, size_t n, const char **out,
                         rt_error *err)
{
    rt_app_gateway(app); // starts it, so that the rules are in order
    if (!app->server_name.len) {
        if (err)
            *err = (rt_error){.status = RT_E_UNSUPPORTED,
                              .message = RT_STR("a URL outside of requests "
                                                "needs SERVER_NAME")};
        return RT_E_UNSUPPORTED;
    }
    choices c;
    rt_pair *values = rt_new(arena, rt_pair, n);
    size_t count = take_choices(arena, &c, pairs, n, values);
    const char *root = rt_config_text(app, "APPLICATION_ROOT", "/");
    rt_url_build_options options = {.method = rt_str_from(c.method),
                                    .root = rt_str_from(root),
                                    .anchor = rt_str_from(c.anchor)};
    rt_url_built built;
    rt_status status = rt_url_build_parts(app->urls, arena, endpoint, values,
                                          count, &options, &built, err);
    if (status)
        return status;
    const char *scheme =
        c.scheme ? c.scheme
                 : rt_config_text(app, "PREFERRED_URL_SCHEME", "http");
    bool whole = app->options.urls.host_matching && built.host.len;
    rt_str host = whole ? built.host : app->server_name;
    if (!whole && built.host.len)
        host = rt_format(arena, "{}.{}", built.host, app->server_name);
    *out = rt_format(arena, "{}://{}{}", scheme, host, built.path).data;
    return RT_OK;
}
