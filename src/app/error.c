// Errors and their handlers.
#include <retort/http/code.h>

#include "app/app.h"
#include "app/failure.h"
#include "app/hooks.h"

const rt_error_kind rt_kind_any = {"Error", NULL};
const rt_error_kind rt_kind_http = {"HTTPError", &rt_kind_any};
const rt_error_kind rt_kind_client = {"ClientError", &rt_kind_http};
const rt_error_kind rt_kind_server = {"ServerError", &rt_kind_http};

// ---- registering ---------------------------------------------------------------

static bool same_key(const rt__hook *a, rt_error_key key, rt_str prefix)
{
    return a->key.status == key.status && a->key.kind == key.kind &&
           rt_str_eq(a->prefix, prefix);
}

static void check_key(const rt__hooks *hooks, rt_error_key key, rt_str prefix,
                      rt_site site)
{
    if (!key.kind &&
        (key.status < 400 || key.status > 599 || !rt_code_is_known(key.status)))
        rt_misuse(site, "rt_error_handler: %d is not the status of an error",
                  key.status);
    if (prefix.len && (prefix.data[0] != '/'))
        rt_misuse(site,
                  "rt_error_handler: prefix \"%.*s\" must begin with a slash",
                  RT_STR_ARG(prefix));
    rt_vec_each(rt__hook, hook, hooks) {
        if (!same_key(hook, key, prefix))
            continue;
        if (key.kind)
            rt_misuse(site, "rt_error_handler: %s has a handler already",
                      key.kind->name);
        rt_misuse(site, "rt_error_handler: status %d has a handler already",
                  key.status);
    }
}

void rt_scope_add_error_handler(rt_scope *scope, rt_error_key key,
                                rt_error_fn *fn, const rt_hook_options *options)
{
    rt__scope_check_open(scope, options->site, "rt_error_handler");
    if (!key.kind && key.status == 0)
        key.kind = RT_ANY_ERROR;
    rt_scope *to = rt__scope_for(scope, options);
    rt_str prefix = options->prefix ? rt_str_from(options->prefix) : RT_STR("");
    while (prefix.len && prefix.data[prefix.len - 1] == '/')
        prefix.len--;
    check_key(&to->errors, key, prefix, options->site);
    rt__hook_add(to, &to->errors, (rt_any_fn)fn, options, "rt_error_handler");
    rt__hook *hook = &to->errors.items[to->errors.len - 1];
    hook->key = key;
    hook->prefix = rt_str_copy(to->arena, prefix);
}

// ---- finding --------------------------------------------------------------------

static const rt_error_kind *kind_of_status(int status)
{
    return status >= 500 ? RT_SERVER_ERROR : RT_CLIENT_ERROR;
}

static bool is_below(rt_str path, rt_str prefix)
{
    return rt_str_starts_with(path, prefix) &&
           (path.len == prefix.len || path.data[prefix.len] == '/' ||
            !prefix.len);
}

// The handler of exactly this key and prefix.
static const rt__hook *find(const rt_scope *scope, rt_error_key key,
                            rt_str prefix)
{
    rt_vec_each(rt__hook, hook, &scope->errors)
        if (same_key(hook, key, prefix))
            return hook;
    return NULL;
}

static const rt__hook *find_status(const rt__context *ctx, int status,
                                   rt_str prefix)
{
    rt_error_key key = rt_error_key_of_status(status);
    const rt__hook *hook = NULL;
    for (const rt__unit *u = ctx->unit; u && !hook; u = u->outer)
        hook = find(&u->blueprint->scope, key, prefix);
    return hook ? hook : find(&ctx->app->scope, key, prefix);
}

// Of one scope, the handler of the nearest kind.
static const rt__hook *find_nearest(const rt_scope *scope,
                                    const rt_error_kind *kind, rt_str prefix)
{
    const rt__hook *hook = NULL;
    for (; kind && !hook; kind = kind->parent)
        hook = find(scope, rt_error_key_of_kind(kind), prefix);
    return hook ? hook
                : find(scope, rt_error_key_of_kind(RT_ANY_ERROR), prefix);
}

static const rt__hook *find_kind(const rt__context *ctx,
                                 const rt_error_kind *kind, rt_str prefix)
{
    const rt__hook *hook = NULL;
    for (const rt__unit *u = ctx->unit; u && !hook; u = u->outer)
        hook = find_nearest(&u->blueprint->scope, kind, prefix);
    return hook ? hook : find_nearest(&ctx->app->scope, kind, prefix);
}

static const rt__hook *find_with(const rt__context *ctx,
                                 const rt_http_error *error, rt_str prefix)
{
    const rt__hook *hook = NULL;
    if (rt__error_is_http(error))
        hook = find_status(ctx, error->status, prefix);
    if (hook)
        return hook;
    const rt_error_kind *kind =
        error->kind ? error->kind : kind_of_status(error->status);
    return find_kind(ctx, kind, prefix);
}

// The longest prefix of the path that some handler has and that is shorter than
// `below`; data NULL: none.
static rt_str next_prefix(const rt__context *ctx, size_t below)
{
    rt_str best = {0};
    const rt_scope *scope = &ctx->app->scope;
    const rt__unit *u = ctx->unit;
    for (; scope;
         scope = u ? &u->blueprint->scope : NULL, u = u ? u->outer : NULL) {
        rt_vec_each(rt__hook, hook, &scope->errors)
            if (hook->prefix.len && hook->prefix.len < below &&
                hook->prefix.len > best.len &&
                is_below(ctx->path, hook->prefix))
                best = hook->prefix;
    }
    return best;
}

const rt__hook *rt__error_handler_find(const rt__context *ctx,
                                       const rt_http_error *error)
{
    const rt__hook *hook = NULL;
    rt_str prefix = next_prefix(ctx, SIZE_MAX);
    for (; prefix.data && !hook; prefix = next_prefix(ctx, prefix.len))
        hook = find_with(ctx, error, prefix);
    return hook ? hook : find_with(ctx, error, RT_STR(""));
}

// ---- making ---------------------------------------------------------------------

bool rt__error_is_http(const rt_http_error *error)
{
    const rt_error_kind *kind = error->kind;
    if (!kind) // made by hand, of a status
        return true;
    while (kind && kind != RT_HTTP_ERROR)
        kind = kind->parent;
    return kind != NULL;
}

rt_http_error rt__error_of_status(int status, const char *message)
{
    return (rt_http_error){.status = status,
                           .message = message,
                           .kind = kind_of_status(status)};
}

void rt__set_error(rt__context *ctx, int status, const char *message)
{
    ctx->error = rt__error_of_status(status, message);
}
