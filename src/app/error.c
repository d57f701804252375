// Errors and their handlers.
#include <retort/http/code.h>

#include "app/app.h"

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

// The handler of exactly this key, with the longest prefix of the path.
static const rt__hook *find(const rt_scope *scope, rt_error_key key,
                            rt_str path)
{
    const rt__hook *best = NULL;
    rt_vec_each(rt__hook, hook, &scope->errors) {
        if (hook->key.status != key.status || hook->key.kind != key.kind ||
            !is_below(path, hook->prefix))
            continue;
        if (!best || hook->prefix.len > best->prefix.len)
            best = hook;
    }
    return best;
}

static const rt__hook *find_status(const rt__context *ctx, int status)
{
    rt_error_key key = rt_error_key_of_status(status);
    const rt__hook *hook = NULL;
    for (const rt__unit *u = ctx->unit; u && !hook; u = u->outer)
        hook = find(&u->blueprint->scope, key, ctx->path);
    return hook ? hook : find(&ctx->app->scope, key, ctx->path);
}

// Of one scope, the handler of the nearest kind.
static const rt__hook *find_nearest(const rt_scope *scope,
                                    const rt_error_kind *kind, rt_str path)
{
    const rt__hook *hook = NULL;
    for (; kind && !hook; kind = kind->parent)
        hook = find(scope, rt_error_key_of_kind(kind), path);
    return hook ? hook : find(scope, rt_error_key_of_kind(RT_ANY_ERROR), path);
}

static const rt__hook *find_kind(const rt__context *ctx,
                                 const rt_error_kind *kind)
{
    const rt__hook *hook = NULL;
    for (const rt__unit *u = ctx->unit; u && !hook; u = u->outer)
        hook = find_nearest(&u->blueprint->scope, kind, ctx->path);
    return hook ? hook : find_nearest(&ctx->app->scope, kind, ctx->path);
}

const rt__hook *rt__error_handler_find(const rt__context *ctx,
                                       const rt_http_error *error)
{
    const rt__hook *hook = NULL;
    if (rt__error_is_http(error))
        hook = find_status(ctx, error->status);
    return hook ? hook
                : find_kind(ctx, error->kind ? error->kind
                                             : kind_of_status(error->status));
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
