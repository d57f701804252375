// What a view can ask its request for.
#include "retort/app/request.h"

#include <assert.h>

#include <retort/base/time.h>
#include <retort/base/utf8.h>
#include <retort/http/cookie.h>
#include <retort/http/date.h>
#include <retort/http/header_value.h>
#include <retort/http/iri.h>
#include <retort/http/percent.h>

#include "app/app.h"
#include "app/match.h"
#include "app/params.h"

rt_app *rt_app_of(rt_request *req)
{
    return rt__context_of(req)->app;
}

const char *rt_method_of(rt_request *req)
{
    return rt_str_cstr(req->arena, req->method_text);
}

bool rt_is_post(rt_request *req)
{
    return req->method == RT_METHOD_POST;
}

// Error pages show paths, so a NUL in one must not be another error: it is shown
// as U+FFFD. What is matched is the path as it is.
static const char *without_nul(rt_arena *arena, rt_str path)
{
    if (!memchr(path.data, '\0', path.len))
        return rt_str_cstr(arena, path);
    rt_buf out;
    rt_buf_init(&out, arena);
    for (size_t i = 0; i < path.len; i++)
        rt_buf_put(&out, path.data[i] ? rt_str_slice(path, i, 1)
                                      : RT_STR("\xef\xbf\xbd"));
    return rt_buf_str(&out).data;
}

const char *rt_path(rt_request *req)
{
    rt__context *ctx = rt__context_of(req);
    if (!ctx->path_cstr)
        ctx->path_cstr = without_nul(req->arena, ctx->path);
    return ctx->path_cstr;
}

const char *rt_script_root(rt_request *req)
{
    return rt__text_of(req, rt__context_of(req)->script_root);
}

const char *rt_query_string(rt_request *req)
{
    return rt_str_cstr(req->arena, req->query);
}

// What a URL is made of, beside scheme and host; data NULL ends it there.
//
// Source: werkzeug.sansio.utils.get_current_url.
static const char *current_url(rt_request *req, rt_str root, rt_str path,
                               rt_str query)
{
    rt_buf url;
    rt_buf_init(&url, req->arena);
    rt_buf_put(&url, req->scheme);
    rt_buf_put_cstr(&url, "://");
    rt_buf_put(&url, rt__request_host(req));
    while (root.len && root.data[root.len - 1] == '/')
        root.len--;
    rt_percent_put(&url, root, RT_PERCENT_PATH_QUOTED);
    rt_buf_put_char(&url, '/');
    while (rt_str_skip(&path, RT_STR("/"))) {
    }
    rt_percent_put(&url, path, RT_PERCENT_PATH_QUOTED);
    if (query.len) {
        rt_buf_put_char(&url, '?');
        rt_percent_put(&url, query, RT_PERCENT_QUERY);
    }
    rt_str iri;
    if (rt_uri_to_iri(req->arena, rt_buf_str(&url), &iri))
        return rt_buf_str(&url).data;
    return iri.data;
}

const char *rt_host_url(rt_request *req)
{
    return current_url(req, RT_STR(""), RT_STR(""), RT_STR(""));
}

const char *rt_root_url(rt_request *req)
{
    return current_url(req, rt__context_of(req)->script_root, RT_STR(""),
                       RT_STR(""));
}

const char *rt_base_url(rt_request *req)
{
    const rt__context *ctx = rt__context_of(req);
    return current_url(req, ctx->script_root, ctx->path, RT_STR(""));
}

const char *rt_url(rt_request *req)
{
    const rt__context *ctx = rt__context_of(req);
    return current_url(req, ctx->script_root, ctx->path, req->query);
}

const char *rt_full_path(rt_request *req)
{
    return rt_format(req->arena, "{}?{}", rt_path(req),
                     rt_utf8_repair(req->arena, req->query))
        .data;
}

bool rt_is_secure(rt_request *req)
{
    return rt_str_eq(req->scheme, RT_STR("https")) ||
           rt_str_eq(req->scheme, RT_STR("wss"));
}

rt_value rt_access_route(rt_request *req)
{
    rt_value route = rt_list_new(req->arena);
    rt_str forwarded = rt_request_header(req, RT_STR("X-Forwarded-For"));
    if (forwarded.data) {
        forwarded = rt_utf8_repair(req->arena, forwarded);
        rt_header_list list = rt_header_list_parse(req->arena, forwarded);
        for (size_t i = 0; i < list.len; i++)
            (void)!rt_list_push(route, rt_value_str(list.items[i]));
    } else if (req->peer_address.len) {
        (void)!rt_list_push(route, rt_value_str(req->peer_address));
    }
    return route;
}

const char *rt_scheme(rt_request *req)
{
    return rt_str_cstr(req->arena, req->scheme);
}

const char *rt_host(rt_request *req)
{
    return rt_str_cstr(req->arena, rt__request_host(req));
}

const char *rt_remote_addr(rt_request *req)
{
    return rt_str_cstr(req->arena, req->peer_address);
}

// ---- routing ---------------------------------------------------------------

rt_value rt_arg(rt_request *req, const char *name)
{
    const rt__context *ctx = rt__context_of(req);
    for (size_t i = 0; i < ctx->match.args_len; i++)
        if (strcmp(ctx->match.args[i].name, name) == 0)
            return ctx->match.args[i].value;
    return rt_value_undefined();
}

rt_value rt_view_args(rt_request *req)
{
    const rt__context *ctx = rt__context_of(req);
    return ctx->rule ? rt_dict_of_pairs(req->arena, ctx->match.args,
                                        ctx->match.args_len)
                     : rt_value_none();
}

const char *rt_endpoint(rt_request *req)
{
    const rt__context *ctx = rt__context_of(req);
    return ctx->rule ? rt_url_rule_endpoint(ctx->rule) : NULL;
}

const char *rt_rule(rt_request *req)
{
    const rt__context *ctx = rt__context_of(req);
    return ctx->rule ? rt_str_cstr(req->arena, rt_url_rule_text(ctx->rule))
                     : NULL;
}

void *rt_route_arg(rt_request *req)
{
    const rt__context *ctx = rt__context_of(req);
    return ctx->route ? ctx->route->arg : NULL;
}

// ---- query, headers, cookies -----------------------------------------------

const rt_params *rt_query_params(rt_request *req)
{
    rt__context *ctx = rt__context_of(req);
    if (!ctx->query_parsed) {
        ctx->query_parsed = true;
        if (rt_query_parse(&ctx->query, req->arena, req->query))
            rt_abort(req, 400, "The query string has too many fields.");
    }
    return &ctx->query;
}

const char *rt_query_get(rt_request *req, const char *name,
                         const char *otherwise)
{
    return rt__param_text(req, rt_query_params(req), name, otherwise);
}

const char *rt_query(rt_request *req, const char *name)
{
    return rt__param_required(req, rt_query_params(req), "query field", name);
}

int64_t rt_query_int(rt_request *req, const char *name, int64_t otherwise)
{
    return rt__param_int(rt_query_params(req), name, otherwise);
}

double rt_query_float(rt_request *req, const char *name, double otherwise)
{
    return rt__param_float(rt_query_params(req), name, otherwise);
}

bool rt_query_bool(rt_request *req, const char *name, bool otherwise)
{
    return rt__param_bool(rt_query_params(req), name, otherwise);
}

rt_value rt_query_all(rt_request *req, const char *name)
{
    return rt__param_list(req, rt_query_params(req), name);
}

rt_value rt_query_dict(rt_request *req)
{
    return rt__param_dict(req, rt_query_params(req));
}

const char *rt_header_get(rt_request *req, const char *name,
                          const char *otherwise)
{
    rt_str value = rt_request_header(req, rt_str_from(name));
    return value.data ? rt__text_of(req, rt_utf8_repair(req->arena, value))
                      : otherwise;
}

const char *rt_header_required(rt_request *req, const char *name)
{
    const char *value = rt_header_get(req, name, NULL);
    if (!value)
        rt__param_missing(req, "header", name);
    return value;
}

int64_t rt_header_int(rt_request *req, const char *name, int64_t otherwise)
{
    rt_str value = rt_request_header(req, rt_str_from(name));
    int64_t n;
    return value.data && rt_str_parse_int(rt_str_trim_ows(value), &n)
               ? n
               : otherwise;
}

int64_t rt_header_date(rt_request *req, const char *name)
{
    rt_str value = rt_request_header(req, rt_str_from(name));
    int64_t us;
    return value.data && !rt_http_date_parse(value, rt_time_now(), &us)
               ? us
               : INT64_MIN;
}

// False when there are too many; then those before are there.
static bool parse_cookies(rt__context *ctx)
{
    if (ctx->cookies_parsed)
        return true;
    ctx->cookies_parsed = true;
    size_t at = 0;
    rt_header *h;
    while ((h = rt_headers_next(&ctx->req->headers, RT_STR("Cookie"), &at)))
        if (rt_cookie_parse(&ctx->cookies, ctx->req->arena, h->value))
            return false;
    return true;
}

static const rt_params *cookies(rt_request *req)
{
    rt__context *ctx = rt__context_of(req);
    if (!parse_cookies(ctx))
        rt_abort(req, 400, "There are too many cookies.");
    return &ctx->cookies;
}

rt_value rt_cookie_dict(rt_request *req)
{
    return rt__param_dict(req, cookies(req));
}

const rt_params *rt__cookie_params(rt_request *req)
{
    return cookies(req);
}

rt_str rt__cookie_find(rt__context *ctx, rt_str name)
{
    (void)parse_cookies(ctx);
    return rt_params_get(&ctx->cookies, name);
}

const char *rt_cookie_get(rt_request *req, const char *name,
                          const char *otherwise)
{
    rt_str value = rt_params_get(cookies(req), rt_str_from(name));
    return value.data ? rt__text_of(req, value) : otherwise;
}

// ---- keeping ---------------------------------------------------------------

// Text is often a local array of whoever sets it; lists and dicts lie in an
// arena, and copying them would make them others.
rt_value rt__keep(rt_arena *arena, rt_value v)
{
    bool lasts = rt_value_is_list(v) || v.kind == RT_DICT;
    return lasts ? v : rt_value_copy(arena, v);
}

void rt_g_set_value(rt_request *req, const char *name, rt_value value)
{
    rt__context *ctx = rt__context_of(req);
    if (rt_value_is_undefined(ctx->g))
        ctx->g = rt_dict_new(req->arena);
    rt_str key = rt_str_copy(req->arena, rt_str_from(name));
    if (rt_dict_set_str(ctx->g, key, rt__keep(req->arena, value)))
        rt_panic("g cannot take \"%s\"", name);
}

rt_value rt_g_get(rt_request *req, const char *name)
{
    return rt_dict_get_str(rt__context_of(req)->g, rt_str_from(name));
}

rt_value rt_g_pop(rt_request *req, const char *name)
{
    rt_value dict = rt__context_of(req)->g;
    rt_value value = rt_g_get(req, name);
    if (!rt_value_is_undefined(value))
        (void)!rt_dict_remove(dict, rt_value_cstr(name)); // it is there
    return value;
}

rt_value rt_g_default_value(rt_request *req, const char *name, rt_value value)
{
    if (rt_value_is_undefined(rt_g_get(req, name)))
        rt_g_set_value(req, name, value);
    return rt_g_get(req, name);
}

void rt_local_set(rt_request *req, const char *name, void *pointer)
{
    rt__context *ctx = rt__context_of(req);
    if (!ctx->locals.arena)
        rt_map_init(&ctx->locals, req->arena);
    rt_map_put(&ctx->locals, rt_str_from(name), pointer);
}

void *rt_local_get(rt_request *req, const char *name)
{
    return rt_map_get(&rt__context_of(req)->locals, rt_str_from(name));
}

rt_value rt_dict_of_pairs(rt_arena *arena, const rt_pair *pairs, size_t n)
{
    rt_value dict = rt_dict_new(arena);
    for (size_t i = 0; i < n; i++)
        if (rt_dict_set(dict, rt_value_cstr(pairs[i].name), pairs[i].value))
            rt_panic("a dict cannot take the key \"%s\"", pairs[i].name);
    return dict;
}
