// Responses, as a view makes and adorns them.
//
//     return rt_text(req, "Hello {}!", name);
//     return rt_set_status(rt_json(req, "id", id), 201);
//
// A response lives as long as its request. The setters return the response, so
// that they can be strung together.
//
// Follows flask.Response and the conversions of flask.Flask.make_response.
#pragma once

#include <retort/app/app.h>
#include <retort/base/attributes.h>
#include <retort/base/pairs.h>
#include <retort/http/cache_control.h>
#include <retort/http/cookie.h>

RT_C_BEGIN

// Plain text, and HTML, from a format with `{}` placeholders. Text that was put
// into HTML this way is escaped unless it is a safe string.
//
//   errors   values that are missing or left over: the log names the place of
//            the call, once. In debug mode the request ends with 500 as well;
//            else a missing value is "{missing}", and one left over is ignored
#define rt_text(...)                                                     \
    rt__text(RT__REQUEST(RT_ARG1(__VA_ARGS__)), "" RT_ARG2(__VA_ARGS__), \
             RT_VALUES_FROM3(__VA_ARGS__), RT_HERE)
#define rt_html(...)                                                     \
    rt__html(RT__REQUEST(RT_ARG1(__VA_ARGS__)), "" RT_ARG2(__VA_ARGS__), \
             RT_VALUES_FROM3(__VA_ARGS__), RT_HERE)
rt_response *rt_text_values(rt_request *req, const char *format,
                            const rt_value *values, size_t n, rt_site site);
rt_response *rt_html_values(rt_request *req, const char *format,
                            const rt_value *values, size_t n, rt_site site);

// The same from text that is no format: braces are braces, nothing is escaped.
//
//   memory   the text is viewed and must live as long as the request
rt_response *rt_text_as_is(rt_request *req, rt_str text);
rt_response *rt_html_as_is(rt_request *req, rt_str text);

// What has no placeholders needs no formatting. A compiler that optimises knows
// that of a literal, and with others this is the same as rt_text_values.
#define RT__IS_PLAIN(format, n)                             \
    ((n) == 0 && __builtin_strchr((format), '{') == NULL && \
     __builtin_strchr((format), '}') == NULL)

static inline rt_response *rt__text(rt_request *req, const char *format,
                                    const rt_value *values, size_t n,
                                    rt_site site)
{
    if (__builtin_constant_p(RT__IS_PLAIN(format, n)) &&
        RT__IS_PLAIN(format, n))
        return rt_text_as_is(req, rt_str_from(format));
    return rt_text_values(req, format, values, n, site);
}

static inline rt_response *rt__html(rt_request *req, const char *format,
                                    const rt_value *values, size_t n,
                                    rt_site site)
{
    if (__builtin_constant_p(RT__IS_PLAIN(format, n)) &&
        RT__IS_PLAIN(format, n))
        return rt_html_as_is(req, rt_str_from(format));
    return rt_html_values(req, format, values, n, site);
}

#undef RT__IS_PLAIN

// A JSON object of keyword arguments, or any value as JSON; with Flask's
// formatting: keys sorted, ASCII, compact (indented in debug mode), a newline.
//
//   errors   a value without JSON is 500, and the log says where in the whole:
//            `cannot write bytes as JSON, at .users[2].key`
#define rt_json(...)                                 \
    rt_json_pairs(RT__REQUEST(RT_ARG1(__VA_ARGS__)), \
                  RT_PAIRS_FROM2(__VA_ARGS__))
#define rt_json_value(req, x) rt_json_of_value(RT__REQUEST(req), RT(x))
rt_response *rt_json_pairs(rt_request *req, const rt_pair *pairs, size_t n);
rt_response *rt_json_of_value(rt_request *req, rt_value value);

// Any bytes with a media type. The bytes are viewed and must live as long as
// the request; NULL as type is application/octet-stream.
rt_response *rt_bytes(rt_request *req, rt_str bytes, const char *type);

// Redirect: 303 to `url`, or another status with .status.
typedef struct rt_redirect_options {
    int status;   // 301, 302, 303, 307, 308; 0: 303
    rt_site site; // set by the macro
    int unused;
} rt_redirect_options;

#define rt_redirect(...)                                                    \
    rt_redirect_to(RT__REQUEST(RT_ARG1(__VA_ARGS__)), RT_ARG2(__VA_ARGS__), \
                   &(rt_redirect_options){                                  \
                       .site = RT_HERE, RT__TAIL3(__VA_ARGS__, .unused = 0)})
rt_response *rt_redirect_to(rt_request *req, const char *url,
                            const rt_redirect_options *options);

// An empty response with a status: rt_empty(req, 204).
rt_response *rt_empty(rt_request *req, int status);

// A response whose body is written piece by piece, after the head has been
// sent: `produce` runs with the request still alive and writes with rt_write,
// which waits while the client is slow. An abort cuts the response. A header
// Content-Length is its length; without one it is sent in chunks.
typedef void rt_stream_fn(rt_writer *out, void *arg);
rt_response *rt_stream(rt_request *req, const char *type, rt_stream_fn *produce,
                       void *arg);

// Write a piece: bytes, or a format with `{}` placeholders. Ends the request
// when the client has left.
//
// Coroutines of the request (rt_spawn) may write to the same stream: a piece
// arrives whole, and who writes while another piece waits for the client comes
// after it. The response ends with what was asked for when `produce` returned;
// a coroutine that writes later is ended by it.
//
//   errors   of the format: as rt_text; in debug mode the stream is cut
void rt_write(rt_writer *out, rt_str piece);
#define rt_write_format(...)                                       \
    rt_write_values(RT_ARG1(__VA_ARGS__), "" RT_ARG2(__VA_ARGS__), \
                    RT_VALUES_FROM3(__VA_ARGS__), RT_HERE)
void rt_write_values(rt_writer *out, const char *format, const rt_value *values,
                     size_t n, rt_site site);

// ---- setters ---------------------------------------------------------------

// 200 to 599; another number is a programming error: the request ends with 500.
rt_response *rt_set_status(rt_response *response, int status);

// Set what follows the status on its line; HTTP/2 has no such text. Empty: the
// standard phrase.
rt_response *rt_set_reason(rt_response *response, const char *reason);

// Set (replace), add and remove headers. A value with a line break, NUL or
// another control character than a tab is a programming error: the request ends
// with 500. Both texts are copied.
rt_response *rt_set_header(rt_response *response, const char *name,
                           const char *value);
rt_response *rt_add_header(rt_response *response, const char *name,
                           const char *value);
rt_response *rt_remove_header(rt_response *response, const char *name);

// Set the media type: "text/csv" gets "; charset=utf-8", what has
// parameters already stays as it is.
rt_response *rt_set_type(rt_response *response, const char *type);

// What pages of other origins may do with a response: CORS. NULL and false leave
// a header as it is; lists are written with commas.
typedef struct rt_access_control {
    const char *allow_origin; // "https://shop.example.org", "*"
    bool allow_credentials;   // not with "*"
    const char *expose_headers;
    // Of answers to OPTIONS that ask before the request itself:
    const char *allow_methods;
    const char *allow_headers;
    rt_seconds max_age; // RT_SECONDS(600): the answer may be kept so long
    int unused;
} rt_access_control;

// Set those headers:
//
//     rt_allow_access(response, .allow_origin = origin)
//
// An origin that is not "*" depends on who asks: Vary gets "Origin".
//
//   errors   500: credentials for "*", which browsers refuse
#define rt_allow_access(...)                       \
    rt_response_allow_access(RT_ARG1(__VA_ARGS__), \
                             &(rt_access_control){ \
                                 RT__TAIL2(__VA_ARGS__, .unused = 0)})
rt_response *rt_response_allow_access(rt_response *response,
                                      const rt_access_control *access);

// How a response is kept apart from pages of other origins: the headers
// Cross-Origin-Opener-Policy ("same-origin"), -Embedder-Policy ("require-corp")
// and -Resource-Policy ("same-site").
typedef struct rt_isolation {
    const char *opener;
    const char *embedder;
    const char *resource;
    int unused;
} rt_isolation;

#define rt_isolate(...)                       \
    rt_response_isolate(RT_ARG1(__VA_ARGS__), \
                        &(rt_isolation){RT__TAIL2(__VA_ARGS__, .unused = 0)})
rt_response *rt_response_isolate(rt_response *response,
                                 const rt_isolation *isolation);

// Set a cookie: rt_set_cookie(response, "theme", "dark", .max_age_s = 3600).
// As in Flask it is for the whole site and for scripts, too; what identifies
// somebody wants .httponly = true, .samesite = RT_SAMESITE_LAX and, over TLS,
// .secure = true. Deleting one takes the path and domain it was set with.
//
//     rt_delete_cookie(response, "theme")
#define rt_set_cookie(...)                                                \
    rt_response_set_cookie(                                               \
        RT_ARG1(__VA_ARGS__), RT_ARG2(__VA_ARGS__), RT_ARG3(__VA_ARGS__), \
        &(rt_cookie_options){RT__TAIL4(__VA_ARGS__, .unused = 0)})
#define rt_delete_cookie(...)                                              \
    rt_response_set_cookie(RT_ARG1(__VA_ARGS__), RT_ARG2(__VA_ARGS__), "", \
                           &(rt_cookie_options){.expired = true,           \
                                                RT__TAIL3(__VA_ARGS__,     \
                                                          .unused = 0)})
rt_response *rt_response_set_cookie(rt_response *response, const char *name,
                                    const char *value,
                                    const rt_cookie_options *options);

RT_C_END
