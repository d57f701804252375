// The application: rules, hooks and handlers, and the gateway they make.
//
//     rt_app *app = rt_app_new("hello");
//     rt_get(app, "/hello/<name>", hello);
//     return rt_main(app, argc, argv);
//
// Everything is registered before the first request. A mistake in a
// registration ends the process with the file and line of the call.
//
// Follows flask.Flask.
#pragma once

#include <retort/app/view.h>
#include <retort/base/attributes.h>
#include <retort/base/error.h>
#include <retort/base/pairs.h>
#include <retort/http/gateway.h>
#include <retort/routing/map.h>

RT_C_BEGIN

typedef struct rt_app rt_app;

// The request a macro was given. Where there is none, as outside of requests,
// the process ends with the file and line of the call.
#define RT__REQUEST(req) rt__request_given((req), RT_HERE)

static inline rt_request *rt__request_given(rt_request *req, rt_site site)
{
    if (RT_UNLIKELY(!req))
        rt_misuse(site, "the request is NULL, where one is answered");
    return req;
}

// ---- making --------------------------------------------------------------

// Options of rt_app_new; zero is the default.
typedef struct rt_app_options {
    uint64_t max_body;       // bytes a request's body may have; 0: as what it
                             // is mounted in, else 16 MiB
    rt_url_map_options urls; // strict_slashes, merge_slashes, ...
    bool json_keep_order;    // JSON objects keep the order of insertion
    bool json_unicode;       // JSON text is not escaped to ASCII
    const char
        *root_path; // what relative folders are below; NULL: RETORT_ROOT,
                    // else the folder of the program
    const char *instance_path; // NULL: "instance" below the root
    const char *templates;     // folder of templates; NULL: "templates"
    const char *static_folder; // served below /static; NULL: "static" where
                               // that exists, "": none
    rt_site site;              // set by the macro
    int unused;
} rt_app_options;

// Make an application: rt_app_new("name", .max_body = 1 << 20).
//
//   memory   lives until rt_app_free; most programs never call it
#define rt_app_new(...)                              \
    rt_app_create(RT_ARG1(__VA_ARGS__),              \
                  &(rt_app_options){.site = RT_HERE, \
                                    RT__TAIL2(__VA_ARGS__, .unused = 0)})
rt_app *rt_app_create(const char *name, const rt_app_options *options);
void rt_app_free(rt_app *app);

const char *rt_app_name(const rt_app *app);

// Debug mode: errors tell more to the client. Set by `run --debug`.
void rt_app_set_debug(rt_app *app, bool debug);
bool rt_app_is_debug(const rt_app *app);

// The application with its middleware and mounts, as servers call it.
rt_gateway rt_app_gateway(rt_app *app);

// ---- routes --------------------------------------------------------------

// Called with the request and the registration's `.arg`; a response ends the
// request, NULL carries on.
typedef rt_response *rt_before_fn(rt_request *req, void *arg);

// Options of rt_route; zero is the default.
typedef struct rt_route_options {
    const char *methods;  // "GET POST"; default "GET". HEAD and OPTIONS come
                          // by themselves
    const char *endpoint; // default: the name of the view
    rt_before_fn *const *before; // RT_HOOKS(login_required, ...)
    void *arg;                   // for rt_route_arg and the hooks above
    rt_url_defaults defaults;    // RT_DEFAULTS("page", 1)
    rt_switch strict_slashes; // RT_OFF: serve with and without the last slash
    rt_switch merge_slashes;  // RT_OFF: do not merge "//"
    bool build_only;          // only URLs are built with it
    bool no_options;          // OPTIONS is not answered automatically
    uint64_t max_body;        // bytes; 0: as the app
    rt_site site;             // set by the macro
    int unused;
} rt_route_options;

// A function for a parameter of type `type *`, or NULL; what is of another type
// does not compile, and the compiler names the one that was asked for. C++ has
// that rule by itself.
#ifdef __cplusplus
#define RT__FN(type, fn) (fn)
#else
// clang-format off
#define RT__FN(type, fn)                                              \
    _Generic((fn), type *: (fn), void *: (fn),                        \
             default: (struct rt__this_function_is_no_##type){0})
// clang-format on
#endif
#define RT__FN_KIND(type)                   \
    struct rt__this_function_is_no_##type { \
        int unused;                         \
    }
RT__FN_KIND(rt_before_fn);
RT__FN_KIND(rt_after_fn);
RT__FN_KIND(rt_teardown_fn);
RT__FN_KIND(rt_error_fn);
RT__FN_KIND(rt_worker_fn);
RT__FN_KIND(rt_middleware_fn);
RT__FN_KIND(rt_context_fn);
#undef RT__FN_KIND

// A list of up to eight hooks, for `.before`.
#define RT_HOOKS(...)         \
    ((rt_before_fn *const[]){ \
        RT__CAT(RT__HOOKS, RT_ARG_COUNT(__VA_ARGS__))(__VA_ARGS__), NULL})
#define RT__HOOKS1(a)      RT__FN(rt_before_fn, a)
#define RT__HOOKS2(a, ...) RT__HOOKS1(a), RT__HOOKS1(__VA_ARGS__)
#define RT__HOOKS3(a, ...) RT__HOOKS1(a), RT__HOOKS2(__VA_ARGS__)
#define RT__HOOKS4(a, ...) RT__HOOKS1(a), RT__HOOKS3(__VA_ARGS__)
#define RT__HOOKS5(a, ...) RT__HOOKS1(a), RT__HOOKS4(__VA_ARGS__)
#define RT__HOOKS6(a, ...) RT__HOOKS1(a), RT__HOOKS5(__VA_ARGS__)
#define RT__HOOKS7(a, ...) RT__HOOKS1(a), RT__HOOKS6(__VA_ARGS__)
#define RT__HOOKS8(a, ...) RT__HOOKS1(a), RT__HOOKS7(__VA_ARGS__)

// Serve a rule with a view:
//
//     rt_route(app, "/post/<int:id>", show);
//     rt_route(app, "/create", create, .methods = "GET POST");
//     rt_route(app, "/posts/", posts, .defaults = RT_DEFAULTS("page", 1));
//
// The rule language is Werkzeug's (see docs/routing.md). The view's parameters
// are the rule's variables in order, then the defaults; a view without any
// reads them with rt_arg.
//
//   errors   end the process: a malformed rule, one that does not fit its view,
//            an endpoint that is another view's, a registration after the first
//            request
#define rt_route(...)                                            \
    rt_app_add_route(RT_ARG1(__VA_ARGS__), RT_ARG2(__VA_ARGS__), \
                     RT_VIEW(RT_ARG3(__VA_ARGS__)),              \
                     &(rt_route_options){.site = RT_HERE,        \
                                         RT__TAIL4(__VA_ARGS__, .unused = 0)})
void rt_app_add_route(rt_app *app, const char *rule, rt_view view,
                      const rt_route_options *options);

// The same with the method in the name.
#define RT__ROUTE(method_, ...)                                  \
    rt_app_add_route(RT_ARG1(__VA_ARGS__), RT_ARG2(__VA_ARGS__), \
                     RT_VIEW(RT_ARG3(__VA_ARGS__)),              \
                     &(rt_route_options){.site = RT_HERE,        \
                                         .methods = method_,     \
                                         RT__TAIL4(__VA_ARGS__, .unused = 0)})
#define rt_get(...)    RT__ROUTE("GET", __VA_ARGS__)
#define rt_post(...)   RT__ROUTE("POST", __VA_ARGS__)
#define rt_put(...)    RT__ROUTE("PUT", __VA_ARGS__)
#define rt_patch(...)  RT__ROUTE("PATCH", __VA_ARGS__)
#define rt_delete(...) RT__ROUTE("DELETE", __VA_ARGS__)

// What follows the first argument (the first three).
#define RT__TAIL2(a, ...)       __VA_ARGS__
#define RT__TAIL3(a, b, ...)    __VA_ARGS__
#define RT__TAIL4(a, b, c, ...) __VA_ARGS__

// A rule as `routes` lists it.
typedef struct rt_route_info {
    rt_str rule; // with the prefix
    rt_str endpoint;
    rt_str methods;  // "GET, HEAD, OPTIONS"
    rt_str host;     // of the rule; empty: any
    rt_str prefix;   // where its application is mounted; empty: it is `app`
    const char *app; // name of its application; NULL: another gateway, of which
                     // no more than the prefix is known
    size_t match;    // its place among the rules of its application when a path
                     // is tried on them
} rt_route_info;

// Teach the rules another converter; before the first rule that uses it.
#define rt_url_converter_add(app, converter) \
    rt_app_add_converter((app), (converter), RT_HERE)
void rt_app_add_converter(rt_app *app, const rt_url_converter *converter,
                          rt_site site);

// The rules, for listing and for building URLs outside requests.
const rt_url_map *rt_app_urls(const rt_app *app);

// Visit the rules in order of registration, then those of what is mounted. Like
// rt_app_gateway it starts the application.
//
//   memory   `info` is gone when `fn` returns
void rt_app_each_route(rt_app *app,
                       void (*fn)(const rt_route_info *info, void *arg),
                       void *arg);

// ---- hooks ---------------------------------------------------------------

// An error on its way to a client: what rt_abort was called with, or what the
// framework found.
typedef struct rt_http_error {
    int status;          // 400 to 599
    const char *message; // for the client; the standard one when none was given
    rt_headers headers;  // for the response: Allow, Retry-After
    rt_status cause;     // what an inner library said, or RT_OK
} rt_http_error;

// Called with each response on its way out; returns it, or another one.
typedef rt_response *rt_after_fn(rt_request *req, rt_response *response,
                                 void *arg);

// Called when the request has ended, also after a stream. `error` is NULL unless
// the request failed: with an error of 500 or above, whether or not a handler
// answered it. May not abort.
typedef void rt_teardown_fn(rt_request *req, const rt_http_error *error,
                            void *arg);

// Turns an error into a response. If it aborts or returns NULL, the error is
// 500, whose handler runs; if that one fails too, the client gets a plain page.
typedef rt_response *rt_error_fn(rt_request *req, const rt_http_error *error,
                                 void *arg);

// Options of every hook; zero is the default.
typedef struct rt_hook_options {
    void *arg;    // given to the function
    rt_site site; // set by the macro
    int unused;
} rt_hook_options;

#define RT__HOOK2(...)                                       \
    &(rt_hook_options)                                       \
    {                                                        \
        .site = RT_HERE, RT__TAIL3(__VA_ARGS__, .unused = 0) \
    }
#define RT__HOOK3(...)                                       \
    &(rt_hook_options)                                       \
    {                                                        \
        .site = RT_HERE, RT__TAIL4(__VA_ARGS__, .unused = 0) \
    }

// Before-hooks run in order of registration, for every request, matched or not;
// after-hooks and teardowns run backwards. As in Flask, after-hooks run on
// error responses too.
//
//     rt_before_request(app, load_user);
//     rt_before_request(app, load_user, .arg = &config);
#define rt_before_request(...)                                    \
    rt_app_add_before(RT_ARG1(__VA_ARGS__),                       \
                      RT__FN(rt_before_fn, RT_ARG2(__VA_ARGS__)), \
                      RT__HOOK2(__VA_ARGS__))
#define rt_after_request(...)                                   \
    rt_app_add_after(RT_ARG1(__VA_ARGS__),                      \
                     RT__FN(rt_after_fn, RT_ARG2(__VA_ARGS__)), \
                     RT__HOOK2(__VA_ARGS__))
#define rt_teardown_request(...)                                      \
    rt_app_add_teardown(RT_ARG1(__VA_ARGS__),                         \
                        RT__FN(rt_teardown_fn, RT_ARG2(__VA_ARGS__)), \
                        RT__HOOK2(__VA_ARGS__))

// Answer errors of one status, or with 0 all errors that have no handler of
// their own, as Flask's errorhandler(HTTPException) does:
//
//     rt_error_handler(app, 404, not_found);
//     rt_error_handler(app, 0, error_as_json);
//
// 500 is among them: what the application did wrong, and what rt_abort_status
// ends a request with. Errors without a handler are a small page with the status
// as its title.
#define rt_error_handler(...)                                            \
    rt_app_add_error_handler(RT_ARG1(__VA_ARGS__), RT_ARG2(__VA_ARGS__), \
                             RT__FN(rt_error_fn, RT_ARG3(__VA_ARGS__)),  \
                             RT__HOOK3(__VA_ARGS__))

void rt_app_add_before(rt_app *app, rt_before_fn *fn,
                       const rt_hook_options *options);
void rt_app_add_after(rt_app *app, rt_after_fn *fn,
                      const rt_hook_options *options);
void rt_app_add_teardown(rt_app *app, rt_teardown_fn *fn,
                         const rt_hook_options *options);
void rt_app_add_error_handler(rt_app *app, int status, rt_error_fn *fn,
                              const rt_hook_options *options);

// Called in each worker process before its first request (after its last
// one), where connections and threads may be made (closed). Once, in however
// many places the application is mounted.
typedef void rt_worker_fn(rt_app *app, void *arg);

#define rt_on_worker_start(...)                                         \
    rt_app_add_worker_start(RT_ARG1(__VA_ARGS__),                       \
                            RT__FN(rt_worker_fn, RT_ARG2(__VA_ARGS__)), \
                            RT__HOOK2(__VA_ARGS__))
#define rt_on_worker_stop(...)                                         \
    rt_app_add_worker_stop(RT_ARG1(__VA_ARGS__),                       \
                           RT__FN(rt_worker_fn, RT_ARG2(__VA_ARGS__)), \
                           RT__HOOK2(__VA_ARGS__))
void rt_app_add_worker_start(rt_app *app, rt_worker_fn *fn,
                             const rt_hook_options *options);
void rt_app_add_worker_stop(rt_app *app, rt_worker_fn *fn,
                            const rt_hook_options *options);

// ---- middleware and mounts -------------------------------------------------

// Called with every request of the application; calls `next` for the rest and
// returns its response, another one, or answers without calling it.
typedef rt_response *rt_middleware_fn(rt_request *req, const rt_gateway *next,
                                      void *arg);

// Wrap the application. The middleware registered last sees a request first. The
// functions of request.h work in it, but nothing has been matched, and what it
// sets with rt_g_set is its own. An abort in it is answered by the error handlers
// of the application; what wraps the middleware sees an ordinary response.
#define rt_use(...)                                                       \
    rt_app_add_middleware(RT_ARG1(__VA_ARGS__),                           \
                          RT__FN(rt_middleware_fn, RT_ARG2(__VA_ARGS__)), \
                          RT__HOOK2(__VA_ARGS__))
void rt_app_add_middleware(rt_app *app, rt_middleware_fn *fn,
                           const rt_hook_options *options);

// Serve another gateway under a path prefix of this application:
// rt_mount(app, "/admin", rt_app_gateway(admin)). The longest prefix wins.
//
// A mounted application is one of its own: the hooks and error handlers of the
// outer one do not run for its requests, its errors are answered by its own
// handlers. What is to see the requests of both is a middleware (rt_use) of the
// outer one.
#define rt_mount(app, prefix, ...) /* a literal's commas are its own */ \
    rt_app_add_mount((app), (prefix), (__VA_ARGS__), RT_HERE)
void rt_app_add_mount(rt_app *app, const char *prefix, rt_gateway gateway,
                      rt_site site);

RT_C_END
