#include "retort/app/negotiate.h"

#include <retort/base/value.h>

#include "app/app.h"
#include "app/failure.h"

rt_accept rt_accept_of(rt_request *req, rt_accept_kind kind)
{
    static const char *const names[] = {
        [RT_ACCEPT_MEDIA] = "Accept",
        [RT_ACCEPT_LANGUAGE] = "Accept-Language",
        [RT_ACCEPT_ENCODING] = "Accept-Encoding",
        [RT_ACCEPT_CHARSET] = "Accept-Charset",
    };
    return rt_accept_parse(req->arena, kind,
                           rt_headers_get_joined(&req->headers, req->arena,
                                                 rt_str_from(names[kind])));
}

// A media type without a slash would match nothing and never be noticed.
static void check_offer(rt_request *req, rt_accept_kind kind, const char *offer)
{
    if (kind == RT_ACCEPT_MEDIA && !strchr(offer, '/'))
        rt__fail(req, "rt_accept_best: {!r} is no media type", offer);
}

const char *rt_accept_best_of(rt_request *req, rt_accept_kind kind,
                              const char *const *offers)
{
    rt_accept accept = rt_accept_of(req, kind);
    size_t n = 0;

    for (; offers[n]; n++)
        check_offer(req, kind, offers[n]);
    rt_str *values = rt_new(req->arena, rt_str, n);
    for (size_t i = 0; i < n; i++)
        values[i] = rt_str_from(offers[i]);
    size_t best = rt_accept_choose(&accept, values, n);
    return best == RT_STR_NONE ? NULL : offers[best];
}

bool rt_accepts(rt_request *req, const char *type)
{
    check_offer(req, RT_ACCEPT_MEDIA, type);
    rt_accept accept = rt_accept_of(req, RT_ACCEPT_MEDIA);
    return rt_accept_quality(&accept, rt_str_from(type)) > 0;
}

const rt_auth *rt_authorization(rt_request *req)
{
    rt_auth *auth = rt_new(req->arena, rt_auth, 1);
    rt_str header = rt_request_header(req, RT_STR("Authorization"));
    return rt_auth_parse(req->arena, header, auth) ? NULL : auth;
}

void rt_unauthorized_pairs(rt_request *req, const char *scheme,
                           const rt_pair *params, size_t n)
{
    rt_auth challenge = {.scheme = rt_str_from(scheme)};
    rt_http_error error = {.status = 401};
    rt_str header = {0};

    for (size_t i = 0; i < n; i++)
        rt_params_add(&challenge.params, req->arena,
                      rt_str_from(params[i].name),
                      rt_value_text(req->arena, params[i].value));
    if (rt_challenge_dump(req->arena, &challenge, &header))
        rt__fail(req, "rt_unauthorized: a parameter has a line break in it");
    rt_headers_push(&error.headers, req->arena, RT_STR("WWW-Authenticate"),
                    header);
    rt__context_leave(rt__context_of(req), error, NULL);
}
