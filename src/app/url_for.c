// Building URLs inside a request.
#include <retort/http/percent.h>
#include <retort/routing/build.h>

#include "app/app.h"

// Options among the keywords: their names begin with "_".
typedef struct choices {
    const char *anchor;
    const char *scheme;
    const char *method;
    bool external;
} choices;

static bool take_choice(rt_request *req, choices *c, const rt_pair *pair)
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
        c->anchor = rt_value_as_cstr(req->arena, pair->value);
    else if (rt_str_eq(name, RT_STR("_scheme")))
        c->scheme = rt_value_as_cstr(req->arena, pair->value);
    else if (rt_str_eq(name, RT_STR("_method")))
        c->method = rt_value_as_cstr(req->arena, pair->value);
    else
        return false;
    return true;
}

static const char *absolute(rt_request *req, const choices *c, rt_str path)
{
    rt_buf url;
    rt_buf_init(&url, req->arena);
    rt_buf_put(&url, c->scheme ? rt_str_from(c->scheme) : req->scheme);
    rt_buf_put_cstr(&url, "://");
    rt_buf_put(&url, req->host);
    rt_buf_put(&url, path);
    return rt_buf_str(&url).data;
}

const char *rt_url_for_pairs(rt_request *req, const char *endpoint,
                             const rt_pair *pairs, size_t n)
{
    rt__context *ctx = rt__context_of(req);
    choices c = {0};
    rt_pair *values = rt_new(req->arena, rt_pair, n);
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if (!take_choice(req, &c, &pairs[i]))
            values[count++] = pairs[i];

    rt_url_build_options options = {.method = rt_str_from(c.method),
                                    .try_method = req->method_text,
                                    .root = ctx->script_root,
                                    .anchor = rt_str_from(c.anchor)};
    rt_str url;
    rt_error err = {0};
    if (rt_url_build(ctx->app->urls, req->arena, endpoint, values, count,
                     &options, &url, &err))
        rt__fail(req, "{}", err.message);
    return c.external || c.scheme ? absolute(req, &c, url) : url.data;
}
