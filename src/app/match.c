// Which rule a request is for, and the answers that no view gives.
#include "app/match.h"

#include <string.h>

#include <retort/http/field.h>
#include <retort/http/host.h>
#include <retort/http/percent.h>
#include <retort/http/url.h>

#include "app/app.h"
#include "app/failure.h"

// ---- hosts ---------------------------------------------------------------------

// Take the port that belongs to the scheme off a host, as clients do.
static rt_str drop_default_port(rt_str host, rt_str scheme)
{
    int port = rt_scheme_port(scheme);
    rt_str suffix = port == 443  ? RT_STR(":443")
                    : port == 80 ? RT_STR(":80")
                                 : RT_STR("");
    if (rt_str_ends_with(host, suffix))
        host.len -= suffix.len;
    return host;
}

static bool is_all(rt_str s, bool (*is)(char c))
{
    for (size_t i = 0; i < s.len; i++)
        if (!is(s.data[i]))
            return false;
    return s.len > 0;
}

static bool is_name_char(char c)
{
    return rt_is_alpha(c) || rt_is_digit(c) || c == '.' || c == '-';
}

static bool is_address_char(char c)
{
    return rt_hex_value(c) >= 0 || c == ':' || c == '.';
}

// Whether a host is written as host names and addresses are, and so is its port.
// The grammar of URLs knows more, which is nobody's host.
static bool is_plain_host(rt_str host)
{
    rt_str rest = host;
    if (rt_str_skip(&rest, RT_STR("["))) {
        if (!is_all(rt_str_cut(&rest, ']'), is_address_char) || !rest.data)
            return false;
        return rest.len == 0 ||
               (rt_str_skip(&rest, RT_STR(":")) && is_all(rest, rt_is_digit));
    }
    return is_all(rt_str_cut(&rest, ':'), is_name_char) &&
           (!rest.data || is_all(rest, rt_is_digit));
}

rt_str rt__request_host(const rt_request *req)
{
    rt_str host = drop_default_port(req->host, req->scheme);
    return is_plain_host(host) ? host : RT_STR("");
}

// The host of a request, in lower case.
static rt_str request_host(const rt_request *req)
{
    return rt_str_lower(req->arena, rt__request_host(req));
}

rt_str rt__host_of(const rt__context *ctx, rt_str rule_host)
{
    const rt_app *app = ctx->app;
    rt_request *req = ctx->req;
    if (app->options.urls.host_matching)
        return rule_host.len ? rule_host : request_host(req);
    rt_str base = app->server_name.len
                      ? drop_default_port(app->server_name, req->scheme)
                      : request_host(req);
    rt_str sub = rule_host.data ? rule_host : ctx->subdomain;
    return sub.len ? rt_format(req->arena, "{}.{}", sub, base) : base;
}

static rt_str without_port(rt_str host)
{
    size_t colon = rt_str_rfind_char(host, ':');
    size_t bracket = rt_str_rfind_char(host, ']');
    if (colon == RT_STR_NONE || (bracket != RT_STR_NONE && bracket > colon))
        return host;
    return rt_str_slice(host, 0, colon);
}

// Whether a host is one of TRUSTED_HOSTS: ".example.org" has its subdomains, too.
// Ports do not count.
static bool is_trusted(const rt__context *ctx)
{
    rt_str host = without_port(request_host(ctx->req));
    if (host.len == 0)
        return false;
    rt_list_each(item, ctx->app->trusted_hosts) {
        rt_str trusted = without_port(rt_value_as_str(*item));
        bool below = trusted.len && trusted.data[0] == '.';
        if (below)
            rt_str_take(&trusted, 1);
        if (rt_str_eq_nocase(host, trusted))
            return true;
        if (!below || host.len <= trusted.len)
            continue;
        size_t rest = host.len - trusted.len;
        if (host.data[rest - 1] == '.' &&
            rt_str_eq_nocase(rt_str_slice(host, rest, trusted.len), trusted))
            return true;
    }
    return false;
}

// What stands before SERVER_NAME in the host. A host that is not below it counts
// as SERVER_NAME itself.
static rt_str find_subdomain(const rt__context *ctx)
{
    rt_str host = request_host(ctx->req);
    rt_str name =
        rt_str_lower(ctx->req->arena, drop_default_port(ctx->app->server_name,
                                                        ctx->req->scheme));
    if (!rt_str_ends_with(host, name) || host.len <= name.len ||
        host.data[host.len - name.len - 1] != '.')
        return (rt_str){0};
    return rt_str_slice(host, 0, host.len - name.len - 1);
}

static bool is_handshake(const rt_request *req)
{
    rt_str upgrade = rt_headers_get(&req->headers, RT_STR("Upgrade"));
    return RT_UNLIKELY(upgrade.data != NULL) &&
           rt_str_eq_nocase(upgrade, RT_STR("websocket")) &&
           rt_field_list_has(rt_headers_get(&req->headers,
                                            RT_STR("Connection")),
                             RT_STR("upgrade"));
}

// ---- matching ------------------------------------------------------------------

void rt__match(rt__context *ctx)
{
    rt_request *req = ctx->req;
    const rt_app *app = ctx->app;
    if (RT_UNLIKELY(rt_value_is_list(app->trusted_hosts)) && !is_trusted(ctx)) {
        ctx->refused_host = true;
        return;
    }
    ctx->websocket = is_handshake(req);
    rt_url_target target = {.method = req->method,
                            .method_text = req->method_text,
                            .path = req->path,
                            .websocket = ctx->websocket};
    if (RT_UNLIKELY(app->options.urls.host_matching)) {
        target.host = request_host(req);
    } else if (RT_UNLIKELY(app->options.subdomain_matching)) {
        ctx->subdomain = find_subdomain(ctx);
        target.host = ctx->subdomain;
    }
    rt_url_match(app->urls, req->arena, &target, &ctx->match);
    if (ctx->match.outcome != RT_URL_FOUND)
        return;
    ctx->rule = ctx->match.rule;
    ctx->route = rt_url_rule_data(ctx->rule);
    ctx->unit = ctx->route->unit;
    req->max_body =
        ctx->route->max_body ? ctx->route->max_body : app->options.max_body;
}

// ---- answers -------------------------------------------------------------------

// The place a routing redirect leads to: absolute, with the query as it came, but
// that what no URL may contain is encoded;
// what a rule redirects to is taken as a reference, and has no query but its own.
static rt_response *redirect_response(rt__context *ctx)
{
    rt_request *req = ctx->req;
    rt_buf url;
    rt_buf_init(&url, req->arena);
    if (ctx->websocket)
        rt_buf_put_cstr(&url,
                        rt_str_eq(req->scheme, RT_STR("https")) ? "wss" : "ws");
    else
        rt_buf_put(&url, req->scheme);
    rt_buf_put_cstr(&url, "://");
    rt_buf_put(&url, rt__host_of(ctx, ctx->match.host));
    rt_buf_put(&url, rt_percent_encode(req->arena, ctx->script_root,
                                       RT_PERCENT_PATH));
    if (ctx->match.moved) {
        rt_buf_put_char(&url, '/');
        rt_str joined;
        if (rt_url_join(req->arena, rt_buf_str(&url), ctx->match.location,
                        &joined))
            rt__fail(req, "a rule redirects to {!r}, which is no URL",
                     ctx->match.location);
        return rt__redirect_page(req, 308, joined);
    }
    rt_buf_put(&url, ctx->match.location);
    if (req->query.len) {
        rt_buf_put_char(&url, '?');
        rt_percent_put(&url, req->query, RT_PERCENT_QUERY);
    }
    return rt__redirect_page(req, 308, rt_buf_str(&url));
}

static rt_response *allow_response(rt__context *ctx, rt_method_set allow)
{
    rt_response *response = rt_html(ctx->req, "");
    rt_str methods = rt_method_set_dump(ctx->req->arena, allow);
    if (methods.len > 0)
        rt_headers_push(&response->headers, ctx->req->arena, RT_STR("Allow"),
                        methods);
    return response;
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
    return allow_response(ctx, all);
}

rt_response *rt__match_answer(rt__context *ctx)
{
    rt_request *req = ctx->req;
    if (ctx->refused_host) {
        rt__set_error(ctx, 400, NULL);
        return NULL;
    }
    switch (ctx->match.outcome) {
    case RT_URL_FOUND: return allow_response(ctx, ctx->match.allow);
    case RT_URL_REDIRECT: return redirect_response(ctx);
    case RT_URL_NO_HANDSHAKE: rt__set_error(ctx, 400, NULL); return NULL;
    case RT_URL_METHOD_NOT_ALLOWED:
        rt__set_error(ctx, 405, NULL);
        rt_headers_push(&ctx->error.headers, req->arena, RT_STR("Allow"),
                        rt_method_set_dump(req->arena, ctx->match.allow));
        return NULL;
    default: break;
    }
    if (req->method == RT_METHOD_OPTIONS && rt_str_eq(req->path, RT_STR("*")))
        return server_options_response(ctx);
    rt__set_error(ctx, 404, NULL);
    return NULL;
}
