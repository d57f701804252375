// The request as a view sees it.
//
// Text handed out is NUL-terminated valid UTF-8 and lives as long as the
// request. Where a client's text contains a NUL, the functions that return
// `const char *` answer 400.
//
// Look-ups come in pairs, as in Flask: rt_query(req, "q") ends the request with
// 400 when there is no q, rt_query_get(req, "q", "none") has a default.
//
// Follows flask.Request.
#pragma once

#include <retort/app/app.h>
#include <retort/base/attributes.h>
#include <retort/base/value.h>
#include <retort/http/query.h>
#include <retort/http/request.h>

RT_C_BEGIN

// The application that serves the request.
rt_app *rt_app_of(rt_request *req);

// The arena that lives as long as the request.
static inline rt_arena *rt_arena_of(rt_request *req)
{
    return req->arena;
}

// ---- what was asked -------------------------------------------------------

// The method: "GET". rt_is_post is true for POST.
const char *rt_method_of(rt_request *req);
bool rt_is_post(rt_request *req);

// The decoded path below the application, "/post/7", and where the application
// is mounted, "" or "/admin". A NUL in a path is shown as U+FFFD.
const char *rt_path(rt_request *req);
const char *rt_script_root(rt_request *req);

// The query string as it was sent, without "?".
const char *rt_query_string(rt_request *req);

// scheme://host/path?query, scheme://host/path, and scheme://host/root/. They are
// for people to read: what needs no encoding stands as it is (an IRI).
// rt_redirect takes them all the same.
const char *rt_url(rt_request *req);
const char *rt_base_url(rt_request *req);
const char *rt_root_url(rt_request *req);

// scheme://host/, and path?query, which always has the question mark.
const char *rt_host_url(rt_request *req);
const char *rt_full_path(rt_request *req);

// "http" or "https"; the host with its port where it has one; the client's
// address.
const char *rt_scheme(rt_request *req);
const char *rt_host(rt_request *req);
const char *rt_remote_addr(rt_request *req);

bool rt_is_secure(rt_request *req);

// The addresses in X-Forwarded-For, the client's first, or the client's alone.
// Clients can send that header themselves: .trust_proxy says who is believed.
rt_value rt_access_route(rt_request *req);

// What the request is called in logs: X-Request-Id, which a proxy sends that is
// trusted (.trust_proxy), or else a name that is made here. It is one word, fit to
// be handed on in headers.
const char *rt_request_id(rt_request *req);

// ---- routing ---------------------------------------------------------------

// What a variable of the rule matched; undefined when there is no such name.
rt_value rt_arg(rt_request *req, const char *name);

// All of them, as a dict; none when no rule matched.
rt_value rt_view_args(rt_request *req);

// The endpoint of the matched rule, and the rule; NULL when none matched.
const char *rt_endpoint(rt_request *req);
const char *rt_rule(rt_request *req);

// The `.arg` of the route.
void *rt_route_arg(rt_request *req);

// Call fn with the response of this request, before the after-hooks.
void rt_after_this_request(rt_request *req, rt_after_fn *fn, void *arg);

// Build the URL of an endpoint:
//
//     rt_url_for(req, "show", "id", 7)                    "/show/7"
//     rt_url_for(req, "show", "id", 7, "tab", "new")      "/show/7?tab=new"
//
// Values the rule has no variable for become the query. Names that begin with
// "_" are options: _anchor, _external (true: with scheme and host), _scheme,
// _method. An endpoint that begins with a dot is of the blueprint of the request.
// A URL on another host or subdomain than the request's is a whole one.
//
//   errors   an endpoint or a value that is missing is 500, the log says which;
//            rt_url_try says it instead
#define rt_url_for(...)                                                       \
    rt_url_for_pairs(RT__REQUEST(RT_ARG1(__VA_ARGS__)), RT_ARG2(__VA_ARGS__), \
                     RT_PAIRS_FROM3(__VA_ARGS__))
const char *rt_url_for_pairs(rt_request *req, const char *endpoint,
                             const rt_pair *pairs, size_t n);

// The same for those who want to know.
//
//   errors   as rt_url_build
rt_status rt_url_try_pairs(rt_request *req, const char *endpoint,
                           const rt_pair *pairs, size_t n, const char **out,
                           rt_error *err);
#define rt_url_try(req, out, err, ...) /* endpoint, pairs */                   \
    rt_url_try_pairs((req), RT_ARG1(__VA_ARGS__), RT_PAIRS_FROM2(__VA_ARGS__), \
                     (out), (err))

// Build a URL outside of requests, with scheme and host: SERVER_NAME,
// PREFERRED_URL_SCHEME and APPLICATION_ROOT of the configuration.
//
//   errors   as rt_url_build; RT_E_UNSUPPORTED: SERVER_NAME is not set
rt_status rt_app_url_for(rt_app *app, rt_arena *arena, const char *endpoint,
                         const rt_pair *pairs, size_t n, const char **out,
                         rt_error *err);

// Called with the endpoint and the values of a URL that cannot be built; a URL is
// the answer, NULL passes on. For URLs of other programs.
typedef const char *rt_url_error_fn(rt_request *req, const char *endpoint,
                                    rt_value values, const rt_error *error,
                                    void *arg);
#define rt_url_error_handler(...)                                            \
    rt_app_add_url_error_handler(                                            \
        RT_ARG1(__VA_ARGS__), RT__FN(rt_url_error_fn, RT_ARG2(__VA_ARGS__)), \
        RT__HOOK2(__VA_ARGS__))
void rt_app_add_url_error_handler(rt_app *app, rt_url_error_fn *fn,
                                  const rt_hook_options *options);

// ---- query, headers, cookies ----------------------------------------------

// A field of the query string.
const char *rt_query(rt_request *req, const char *name);
const char *rt_query_get(rt_request *req, const char *name,
                         const char *otherwise);

// The same as a number; `otherwise` also where the text is none, or a number
// that the type cannot hold. A number a view gets is always finite: Flask's
// type=float takes "inf", "nan" and "1e999", which then pass every test of a
// range and are no JSON.
int64_t rt_query_int(rt_request *req, const char *name, int64_t otherwise);
double rt_query_float(rt_request *req, const char *name, double otherwise);

// The same as a switch: 1, true, yes and on are true, 0, false, no and off are
// false, in either case. Flask's type=bool takes every text but the empty one as
// true, "false" too.
bool rt_query_bool(rt_request *req, const char *name, bool otherwise);

// All values of a field, as a list; and all fields as a dict of lists.
rt_value rt_query_all(rt_request *req, const char *name);
rt_value rt_query_dict(rt_request *req);

// All fields in order, to step through.
const rt_params *rt_query_params(rt_request *req);

// A header's first value.
const char *rt_header_get(rt_request *req, const char *name,
                          const char *otherwise);

// The same, 400 when there is none; as a number; as a date, microseconds since
// 1970, INT64_MIN when it is missing or none.
const char *rt_header_required(rt_request *req, const char *name);
int64_t rt_header_int(rt_request *req, const char *name, int64_t otherwise);
int64_t rt_header_date(rt_request *req, const char *name);

// A cookie; all of them, the first of each name in a list with the others.
rt_value rt_cookie_dict(rt_request *req);
const char *rt_cookie_get(rt_request *req, const char *name,
                          const char *otherwise);

// ---- body ------------------------------------------------------------------

// The whole body, read when first asked for and kept. More than the limit of
// the route or app is 413, what is malformed 400.
rt_str rt_body(rt_request *req);

// Read the next piece of the body as it arrives; an empty piece is the end.
// For bodies that should not be in memory as a whole. Ends the request as
// rt_body does.
rt_str rt_body_read(rt_request *req);

// Raise or lower the limit for this request before its body is read.
void rt_set_max_body(rt_request *req, uint64_t bytes);

// What the body is: the header as it is, or ""; the media type in lower case, or
// ""; its parameters, a dict; the length in bytes, -1 when none was given.
const char *rt_content_type(rt_request *req);
const char *rt_mimetype(rt_request *req);
rt_value rt_mimetype_params(rt_request *req);
int64_t rt_content_length(rt_request *req);

// True for application/json and application/...+json.
bool rt_is_json(rt_request *req);

// The body as JSON. A content type other than JSON is 415, malformed JSON 400.
rt_value rt_json_body(rt_request *req);

// The same with .force, whatever the content type says; or .silent, none instead
// of an error.
typedef struct rt_json_body_options {
    bool force;
    bool silent;
    int unused;
} rt_json_body_options;

#define rt_json_body_as(...)                             \
    rt_json_body_with(RT__REQUEST(RT_ARG1(__VA_ARGS__)), \
                      &(rt_json_body_options){           \
                          RT__TAIL2(__VA_ARGS__, .unused = 0)})
rt_value rt_json_body_with(rt_request *req,
                           const rt_json_body_options *options);

// ---- keeping ---------------------------------------------------------------

// Values and pointers that hooks and views of one request share (Flask's g).
//
//     rt_g_set(req, "user", user);    rt_g_get(req, "user")
//     rt_local_set(req, "db", db);    rt_local_get(req, "db")
//
// What is not set is undefined, or NULL. Names and text are copied; a list or a
// dict is kept itself, so that what is put into it later is seen.
#define rt_g_set(req, name, x) rt_g_set_value((req), (name), RT(x))
void rt_g_set_value(rt_request *req, const char *name, rt_value value);
rt_value rt_g_get(rt_request *req, const char *name);

// Take a value out; and the value that is there, or else this one, which is kept
// then (setdefault).
rt_value rt_g_pop(rt_request *req, const char *name);
#define rt_g_default(req, name, x) rt_g_default_value((req), (name), RT(x))
rt_value rt_g_default_value(rt_request *req, const char *name, rt_value value);

void rt_local_set(rt_request *req, const char *name, void *pointer);
void *rt_local_get(rt_request *req, const char *name);

// Make a list or a dict in the request's arena.
//
//     rt_list(req, "a", 2, true)    rt_dict(req, "no", 1, "next", url)
#define rt_list(...)                                           \
    rt_list_of(rt_arena_of(RT__REQUEST(RT_ARG1(__VA_ARGS__))), \
               RT_VALUES_FROM2(__VA_ARGS__))
#define rt_dict(...)                                                 \
    rt_dict_of_pairs(rt_arena_of(RT__REQUEST(RT_ARG1(__VA_ARGS__))), \
                     RT_PAIRS_FROM2(__VA_ARGS__))
rt_value rt_dict_of_pairs(rt_arena *arena, const rt_pair *pairs, size_t n);

// ---- ending ----------------------------------------------------------------

// Call fn(ptr) when the request ends, however it ends; the newest first.
static inline void rt_defer(rt_request *req, void (*fn)(void *ptr), void *ptr)
{
    rt_arena_defer(req->arena, fn, ptr);
}

// End the request with an error: rt_abort(req, 404) or
// rt_abort(req, 404, "there is no post {}", id). Does not return, from any
// depth of calls; the error handlers and after-hooks run. In a stream, after
// the head was sent, it cuts the stream, and the log has the reason.
//
//   errors   of the format: as rt_text. From a defer, a teardown or an
//            offloaded function it is a programming error and ends the worker
#define rt_abort(...)                                                        \
    rt_abort_values(RT__REQUEST(RT_ARG1(__VA_ARGS__)), RT_ARG2(__VA_ARGS__), \
                    "" RT__ARG3(__VA_ARGS__, "", "", ""),                    \
                    RT_VALUES_FROM4(__VA_ARGS__), RT_HERE)
RT_NORETURN void rt_abort_values(rt_request *req, int status,
                                 const char *format, const rt_value *values,
                                 size_t n, rt_site site);

// End the request with a failure of a kind of the application's own:
//
//     rt_raise(req, &out_of_stock, "no {} left", name)
//
// A handler for the kind, or for one of its parents, answers; where there is
// none it is a 500, whose message the client sees in debug mode alone. Follows
// exceptions in Flask's views.
#define rt_raise(...)                                                        \
    rt_raise_values(RT__REQUEST(RT_ARG1(__VA_ARGS__)), RT_ARG2(__VA_ARGS__), \
                    "" RT__ARG3(__VA_ARGS__, "", "", ""),                    \
                    RT_VALUES_FROM4(__VA_ARGS__), RT_HERE)
RT_NORETURN void rt_raise_values(rt_request *req, const rt_error_kind *kind,
                                 const char *format, const rt_value *values,
                                 size_t n, rt_site site);

// End the request with 500 because a library said `status`; the log says why,
// the client does not see it.
RT_NORETURN void rt_abort_status(rt_request *req, rt_status status);

// End the request with a response, from any depth.
RT_NORETURN void rt_abort_response(rt_request *req, rt_response *response);

// Run fn(arg); false when it was left by rt_abort, rt_raise or one of the others
// that end a request with an error, which `*error` is then. It may be ended with
// it again (rt_rethrow), or go on. rt_abort_response is not caught.
//
//     rt_http_error error;
//     if (!rt_try(req, attempt, &order, &error)) {
//         put_back(&order);
//         rt_rethrow(req, &error);
//     }
//
// What the function logged on its way stays logged.
//
//   errors   the same as of rt_abort, where nothing can be aborted
bool rt_try(rt_request *req, void (*fn)(void *arg), void *arg,
            rt_http_error *error);
RT_NORETURN void rt_rethrow(rt_request *req, const rt_http_error *error);

// Call fn(ptr) when the view, or what rt_try runs, is left by an abort: before the
// error handlers, the newest first. Not when it returns. `fn` may wait but not
// abort.
void rt_on_abort(rt_request *req, void (*fn)(void *ptr), void *ptr);

// ---- waiting ---------------------------------------------------------------

// Run fn(req, arg) in a coroutine of its own that ends with the request. An
// abort in it ends only the coroutine.
void rt_spawn(rt_request *req, void (*fn)(rt_request *req, void *arg),
              void *arg);

// Wait for the coroutines of rt_spawn.
void rt_spawn_wait(rt_request *req);

// Run fn(arg) on another thread while the request waits. The function may
// touch neither request nor arena.
void rt_offload(rt_request *req, void (*fn)(void *arg), void *arg);

// True when nobody can receive the answer any more, so that a view may stop
// early: the connection was reset, or something could not be sent.
//
// A client that closes its connection in an orderly way looks, over TCP, like one
// that has only finished sending and waits. That it has left shows when something
// is sent to it; so a stream learns of it with its second piece, and a view that
// only computes may not learn of it at all.
bool rt_client_gone(rt_request *req);

RT_C_END
