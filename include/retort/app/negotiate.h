// Negotiation in views: what the client would like best, and who it is.
//
//     const char *type = rt_accept_best(req, "application/json", "text/html");
//     if (type && strcmp(type, "application/json") == 0)
//         return rt_json(req, "ok", true);
//
// What is asked for here comes from headers that a client may leave out; each
// function says what it returns then.
//
// Follows the properties accept_mimetypes, accept_languages, accept_encodings and
// authorization of flask.Request.
#pragma once

#include <retort/app/app.h>
#include <retort/base/attributes.h>
#include <retort/base/pairs.h>
#include <retort/http/accept.h>
#include <retort/http/auth.h>

RT_C_BEGIN

// A list of texts for the macros below: all arguments but the first.
#define RT__TEXTS(...) \
    ((const char *const[]){RT__TAIL2(__VA_ARGS__, NULL), NULL})

// The best of the given media types (languages, encodings) for the client, as
// one of the arguments; NULL when none will do, and when the client did not say
// what it accepts. Then the view chooses:
//
//     const char *lang = rt_accept_best_language(req, "en", "de");
//     lang = lang ? lang : "en";
#define rt_accept_best(...)                                               \
    rt_accept_best_of(RT__REQUEST(RT_ARG1(__VA_ARGS__)), RT_ACCEPT_MEDIA, \
                      RT__TEXTS(__VA_ARGS__))
#define rt_accept_best_language(...)                                         \
    rt_accept_best_of(RT__REQUEST(RT_ARG1(__VA_ARGS__)), RT_ACCEPT_LANGUAGE, \
                      RT__TEXTS(__VA_ARGS__))
#define rt_accept_best_encoding(...)                                         \
    rt_accept_best_of(RT__REQUEST(RT_ARG1(__VA_ARGS__)), RT_ACCEPT_ENCODING, \
                      RT__TEXTS(__VA_ARGS__))
const char *rt_accept_best_of(rt_request *req, rt_accept_kind kind,
                              const char *const *offers);

// True when the client accepts a media type: its header has an item that
// matches, with a quality above zero.
bool rt_accepts(rt_request *req, const char *type);

// The parsed header, for all that <retort/http/accept.h> can do.
rt_accept rt_accept_of(rt_request *req, rt_accept_kind kind);

// The credentials of the client, or NULL when it sent none or what it sent
// cannot be read.
const rt_auth *rt_authorization(rt_request *req);

// End the request with 401 and a challenge; parameters are pairs. Does not
// return.
//
//     rt_unauthorized(req, "basic", "realm", "staff")
//     rt_unauthorized(req, "digest", "realm", "r", "nonce", n, "qop", "auth")
#define rt_unauthorized(...)                                 \
    rt_unauthorized_pairs(RT__REQUEST(RT_ARG1(__VA_ARGS__)), \
                          RT_ARG2(__VA_ARGS__), RT_PAIRS_FROM3(__VA_ARGS__))
RT_NORETURN void rt_unauthorized_pairs(rt_request *req, const char *scheme,
                                       const rt_pair *params, size_t n);

RT_C_END
