// Applications behind a proxy: who the client is, and what it asked for, as the
// proxy says. Each header may have been sent by the client, too; so of a list
// only the value that the trusted proxies have put there counts, from the right.
//
// Follows werkzeug.middleware.proxy_fix.
#include <retort/http/header_value.h>
#include <retort/http/host.h>

#include "app/app.h"

// What the outermost of `trusted` proxies put at the end of a header's list; data
// NULL when nobody did.
static rt_str trusted_value(rt_request *req, int trusted, rt_str header)
{
    if (trusted <= 0)
        return (rt_str){0};
    rt_buf all;
    rt_buf_init(&all, req->arena);
    size_t at = 0;
    rt_header *h;
    while ((h = rt_headers_next(&req->headers, header, &at))) {
        rt_buf_put_cstr(&all, all.len ? "," : "");
        rt_buf_put(&all, h->value);
    }
    rt_header_list list = rt_header_list_parse(req->arena, rt_buf_str(&all));
    if (list.len < (size_t)trusted)
        return (rt_str){0};
    rt_str value = list.items[list.len - (size_t)trusted];
    return value.len ? value : (rt_str){0};
}

static rt_str without_port(rt_str host)
{
    size_t colon = rt_str_rfind_char(host, ':');
    bool ipv6 = host.len && host.data[host.len - 1] == ']';
    return colon == RT_STR_NONE || ipv6 ? host : rt_str_slice(host, 0, colon);
}

static void set_host(rt_request *req, rt_str host)
{
    rt_host_port parsed;
    if (host.data && !rt_host_parse(host, &parsed))
        req->host = host;
}

void rt__proxy_apply(const rt_app *app, rt_request *req)
{
    const rt_trust_proxy *trust = &app->options.trust_proxy;
    rt_str client = trusted_value(req, trust->x_for, RT_STR("X-Forwarded-For"));
    rt_str scheme =
        trusted_value(req, trust->x_proto, RT_STR("X-Forwarded-Proto"));
    rt_str port = trusted_value(req, trust->x_port, RT_STR("X-Forwarded-Port"));
    rt_str prefix =
        trusted_value(req, trust->x_prefix, RT_STR("X-Forwarded-Prefix"));

    if (client.data) {
        req->peer_address = client;
        req->peer_port = 0;
    }
    if (scheme.data)
        req->scheme = scheme;
    set_host(req,
             trusted_value(req, trust->x_host, RT_STR("X-Forwarded-Host")));
    if (port.data)
        set_host(req,
                 rt_format(req->arena, "{}:{}", without_port(req->host), port));
    if (prefix.data)
        req->script_root = prefix;
    rt__request_id_take(req);
}
