// Scopes: what rules, hooks and error handlers are registered with. An
// application is one, a blueprint (blueprint.h) is one, and the macros here take
// either:
//
//     rt_get(app, "/", index);
//     rt_before_request(admin, login_required);
//     rt_error_handler(app, 404, not_found);
//
// Each macro stands on a function that takes a scope and arrays, for other
// languages and for generated code.
//
// Follows flask.sansio.scaffold.Scaffold.
#pragma once

#include <retort/app/view.h>
#include <retort/base/attributes.h>
#include <retort/base/error.h>
#include <retort/base/pairs.h>
#include <retort/routing/map.h>

RT_C_BEGIN

typedef struct rt_app rt_app;
typedef struct rt_blueprint rt_blueprint;
typedef struct rt_scope rt_scope;

rt_scope *rt_app_scope(rt_app *app);
rt_scope *rt_blueprint_scope(rt_blueprint *blueprint);

// The scope of an application or a blueprint.
#ifdef __cplusplus
extern "C++" {
static inline rt_scope *rt__scope_of(rt_app *app)
{
    return rt_app_scope(app);
}

static inline rt_scope *rt__scope_of(rt_blueprint *blueprint)
{
    return rt_blueprint_scope(blueprint);
}
}
#define RT_SCOPE(x) rt__scope_of(x)
#else
// clang-format off
#define RT_SCOPE(x)                                 \
    _Generic((x), rt_blueprint *: rt_blueprint_scope, \
             default: rt_app_scope)(x)
// clang-format on
#endif

// The request a macro was given. Where there is none, as outside of requests,
// the process ends with the file and line of the call.
#define RT__REQUEST(req) rt__request_given((req), RT_HERE)

static inline rt_request *rt__request_given(rt_request *req, rt_site site)
{
    if (RT_UNLIKELY(!req))
        rt_misuse(site, "the request is NULL, where one is answered");
    return req;
}

// ---- routes --------------------------------------------------------------

// Called with the request and the registration's `.arg`; a response ends the
// request, NULL carries on.
typedef rt_response *rt_before_fn(rt_request *req, void *arg);

// Called with each response on its way out; returns it, or another one.
typedef rt_response *rt_after_fn(rt_request *req, rt_response *response,
                                 void *arg);

// Options of rt_route; zero is the default.
typedef struct rt_route_options {
    const char *methods;  // "GET POST"; default "GET". HEAD and OPTIONS come
                          // by themselves
    const char *endpoint; // default: the name of the view
    rt_before_fn *const *before; // RT_HOOKS(login_required, ...)
    rt_after_fn *const *after;   // RT_AFTER_HOOKS(never_cached, ...)
    void *arg;                   // for rt_route_arg and the hooks above
    rt_url_defaults defaults;    // RT_DEFAULTS("page", 1)
    rt_switch strict_slashes; // RT_OFF: serve with and without the last slash
    rt_switch merge_slashes;  // RT_OFF: do not merge "//"
    bool build_only;          // only URLs are built with it
    bool no_options;          // OPTIONS is not answered automatically
    // With .subdomain_matching, or .host_matching, of the application.
    const char *subdomain;   // "api", "<name>.users"
    const char *host;        // "shop.example.org"
    bool websocket;          // for WebSocket handshakes only
    bool alias;              // redirects to the endpoint's other rule
    const char *redirect_to; // redirects there: "new/path/<id>"
    uint64_t max_body;       // bytes; 0: as the app
    rt_site site;            // set by the macro
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
RT__FN_KIND(rt_url_values_fn);
RT__FN_KIND(rt_signal_fn);
RT__FN_KIND(rt_url_error_fn);
RT__FN_KIND(rt_command_fn);
#undef RT__FN_KIND

// A list of up to eight hooks, for `.before`, which are called in this order, and
// one for `.after`, which are called from the last to the first, before the
// other after-hooks.
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

#define RT_AFTER_HOOKS(...)  \
    ((rt_after_fn *const[]){ \
        RT__CAT(RT__AFTER, RT_ARG_COUNT(__VA_ARGS__))(__VA_ARGS__), NULL})
#define RT__AFTER1(a)      RT__FN(rt_after_fn, a)
#define RT__AFTER2(a, ...) RT__AFTER1(a), RT__AFTER1(__VA_ARGS__)
#define RT__AFTER3(a, ...) RT__AFTER1(a), RT__AFTER2(__VA_ARGS__)
#define RT__AFTER4(a, ...) RT__AFTER1(a), RT__AFTER3(__VA_ARGS__)
#define RT__AFTER5(a, ...) RT__AFTER1(a), RT__AFTER4(__VA_ARGS__)
#define RT__AFTER6(a, ...) RT__AFTER1(a), RT__AFTER5(__VA_ARGS__)
#define RT__AFTER7(a, ...) RT__AFTER1(a), RT__AFTER6(__VA_ARGS__)
#define RT__AFTER8(a, ...) RT__AFTER1(a), RT__AFTER7(__VA_ARGS__)

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
#define rt_route(...)                                                        \
    rt_scope_add_route(RT_SCOPE(RT_ARG1(__VA_ARGS__)), RT_ARG2(__VA_ARGS__), \
                       RT_VIEW(RT_ARG3(__VA_ARGS__)),                        \
                       &(rt_route_options){.site = RT_HERE,                  \
                                           RT__TAIL4(__VA_ARGS__,            \
                                                     .unused = 0)})
void rt_scope_add_route(rt_scope *scope, const char *rule, rt_view view,
                        const rt_route_options *options);

// The same with the method in the name.
#define RT__ROUTE(method_, ...)                                              \
    rt_scope_add_route(RT_SCOPE(RT_ARG1(__VA_ARGS__)), RT_ARG2(__VA_ARGS__), \
                       RT_VIEW(RT_ARG3(__VA_ARGS__)),                        \
                       &(rt_route_options){.site = RT_HERE,                  \
                                           .methods = method_,               \
                                           RT__TAIL4(__VA_ARGS__,            \
                                                     .unused = 0)})
#define rt_get(...)    RT__ROUTE("GET", __VA_ARGS__)
#define rt_post(...)   RT__ROUTE("POST", __VA_ARGS__)
#define rt_put(...)    RT__ROUTE("PUT", __VA_ARGS__)
#define rt_patch(...)  RT__ROUTE("PATCH", __VA_ARGS__)
#define rt_delete(...) RT__ROUTE("DELETE", __VA_ARGS__)

// A view for each method: what Flask calls a MethodView. HEAD falls to GET.
//
//     static const rt_method_views items = {.get = RT_METHOD(list_items),
//                                           .post = RT_METHOD(create_item)};
//     rt_route_methods(app, "/items/", &items, .endpoint = "items");
//
// The methods of the rule are those that have a view, unless .methods names
// fewer.
typedef struct rt_method_views {
    rt_view get, head, post, put, patch, delete_, options;
} rt_method_views;

#define RT_METHOD(view)                                         \
    {                                                           \
        (rt_any_fn)(view), RT_VIEW_TYPE(view), RT__STRING(view) \
    }
#define rt_route_methods(...)                                             \
    rt_scope_add_method_views(RT_SCOPE(RT_ARG1(__VA_ARGS__)),             \
                              RT_ARG2(__VA_ARGS__), RT_ARG3(__VA_ARGS__), \
                              &(rt_route_options){.site = RT_HERE,        \
                                                  RT__TAIL4(__VA_ARGS__,  \
                                                            .unused = 0)})
void rt_scope_add_method_views(rt_scope *scope, const char *rule,
                               const rt_method_views *views,
                               const rt_route_options *options);

// What follows the first argument (the first three).
#define RT__TAIL2(a, ...)       __VA_ARGS__
#define RT__TAIL3(a, b, ...)    __VA_ARGS__
#define RT__TAIL4(a, b, c, ...) __VA_ARGS__

// ---- hooks ---------------------------------------------------------------

// An error on its way to a client: what rt_abort was called with, or what the
// framework found.
typedef struct rt_http_error {
    int status;          // 400 to 599
    const char *message; // for the client; the standard one when none was given
    rt_headers headers;  // for the response: Allow, Retry-After
    rt_status cause;     // what an inner library said, or RT_OK
    const struct rt_error_kind *kind; // what handlers are found by
    // Of a 500 that stands for a failure: what happened, which is not for
    // clients.
    const struct rt_http_error *original;
} rt_http_error;

// A kind of error, as a handler is registered for it. Where no handler is, one
// for its parent is taken.
//
//     static const rt_error_kind out_of_stock = {.name = "OutOfStock"};
//     rt_error_handler(app, &out_of_stock, sorry);
//     ...
//     rt_raise(req, &out_of_stock, "no {} left", name);
typedef struct rt_error_kind {
    const char *name;
    const struct rt_error_kind *parent; // NULL: RT_ANY_ERROR
} rt_error_kind;

// The kinds of the framework: each error, or failure; what rt_abort and routing
// answer with a status; those from 400, and those from 500 on.
#define RT_ANY_ERROR    (&rt_kind_any)
#define RT_HTTP_ERROR   (&rt_kind_http)
#define RT_CLIENT_ERROR (&rt_kind_client)
#define RT_SERVER_ERROR (&rt_kind_server)
extern const rt_error_kind rt_kind_any, rt_kind_http, rt_kind_client,
    rt_kind_server;

// Called when the request has ended, also after a stream. `error` is NULL unless
// the request failed with what nobody handled. May not abort.
typedef void rt_teardown_fn(rt_request *req, const rt_http_error *error,
                            void *arg);

// Turns an error into a response. If it aborts or returns NULL, the error is
// 500, whose handler runs; if that one fails too, the client gets a plain page.
typedef rt_response *rt_error_fn(rt_request *req, const rt_http_error *error,
                                 void *arg);

// Options of every hook; zero is the default.
typedef struct rt_hook_options {
    void *arg;          // given to the function
    bool app_wide;      // of a blueprint's: for all requests of the application
    const char *prefix; // of an error handler: for paths below it alone
    rt_site site;       // set by the macro
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
// error responses too. Those of a blueprint run for its own requests, inside the
// application's.
//
//     rt_before_request(app, load_user);
//     rt_before_request(app, load_user, .arg = &config);
//     rt_before_request(blueprint, load_user, .app_wide = true);
#define rt_before_request(...)                                      \
    rt_scope_add_before(RT_SCOPE(RT_ARG1(__VA_ARGS__)),             \
                        RT__FN(rt_before_fn, RT_ARG2(__VA_ARGS__)), \
                        RT__HOOK2(__VA_ARGS__))
#define rt_after_request(...)                                     \
    rt_scope_add_after(RT_SCOPE(RT_ARG1(__VA_ARGS__)),            \
                       RT__FN(rt_after_fn, RT_ARG2(__VA_ARGS__)), \
                       RT__HOOK2(__VA_ARGS__))
#define rt_teardown_request(...)                                        \
    rt_scope_add_teardown(RT_SCOPE(RT_ARG1(__VA_ARGS__)),               \
                          RT__FN(rt_teardown_fn, RT_ARG2(__VA_ARGS__)), \
                          RT__HOOK2(__VA_ARGS__))

void rt_scope_add_before(rt_scope *scope, rt_before_fn *fn,
                         const rt_hook_options *options);
void rt_scope_add_after(rt_scope *scope, rt_after_fn *fn,
                        const rt_hook_options *options);
void rt_scope_add_teardown(rt_scope *scope, rt_teardown_fn *fn,
                           const rt_hook_options *options);

// ---- errors --------------------------------------------------------------

// What a handler is for: a status, or a kind.
typedef struct rt_error_key {
    int status; // 0: the kind counts
    const rt_error_kind *kind;
} rt_error_key;

static inline rt_error_key rt_error_key_of_status(int status)
{
    rt_error_key key = {status, NULL};
    return key;
}

static inline rt_error_key rt_error_key_of_kind(const rt_error_kind *kind)
{
    rt_error_key key = {0, kind};
    return key;
}

#ifdef __cplusplus
extern "C++" {
static inline rt_error_key rt__error_key(int status)
{
    return rt_error_key_of_status(status);
}

static inline rt_error_key rt__error_key(const rt_error_kind *kind)
{
    return rt_error_key_of_kind(kind);
}
}
#define RT_ERROR_KEY(x) rt__error_key(x)
#else
// clang-format off
#define RT_ERROR_KEY(x)                                    \
    _Generic((x), rt_error_kind *: rt_error_key_of_kind,       \
             const rt_error_kind *: rt_error_key_of_kind,      \
             default: rt_error_key_of_status)(x)
// clang-format on
#endif

// Answer errors of one status, or of a kind; 0 is the same as RT_ANY_ERROR:
//
//     rt_error_handler(app, 404, not_found);
//     rt_error_handler(app, RT_SERVER_ERROR, sorry);
//     rt_error_handler(app, RT_ANY_ERROR, api_error, .prefix = "/api");
//
// A prefix goes before none and the longest before others, whatever they are for.
// Then a status goes before a kind, a blueprint's handler before the
// application's, the nearest kind before others. An error of routing
// (404, 405) belongs to no blueprint; a prefix is how one part of an application
// answers it in its own way. Errors without a handler are a small page with the
// status as its title.
#define rt_error_handler(...)                                             \
    rt_scope_add_error_handler(RT_SCOPE(RT_ARG1(__VA_ARGS__)),            \
                               RT_ERROR_KEY(RT_ARG2(__VA_ARGS__)),        \
                               RT__FN(rt_error_fn, RT_ARG3(__VA_ARGS__)), \
                               RT__HOOK3(__VA_ARGS__))
void rt_scope_add_error_handler(rt_scope *scope, rt_error_key key,
                                rt_error_fn *fn,
                                const rt_hook_options *options);

// ---- values of URLs ---------------------------------------------------------

// Called with a request's endpoint and the values of its rule before the
// before-hooks: what it changes in the dict is what the view gets. It may take a
// value out, such as the language all URLs of a blueprint begin with.
typedef void rt_url_values_fn(rt_request *req, const char *endpoint,
                              rt_value values, void *arg);

// Called when a URL is built, with the values so far: it may add some, such as
// that language. Of a blueprint's, for its own endpoints.
//
//     rt_url_value_preprocessor(blueprint, pull_language);
//     rt_url_default_values(blueprint, add_language);
#define rt_url_value_preprocessor(...)                            \
    rt_scope_add_url_preprocessor(RT_SCOPE(RT_ARG1(__VA_ARGS__)), \
                                  RT__FN(rt_url_values_fn,        \
                                         RT_ARG2(__VA_ARGS__)),   \
                                  RT__HOOK2(__VA_ARGS__))
#define rt_url_default_values(...)                                            \
    rt_scope_add_url_defaults(RT_SCOPE(RT_ARG1(__VA_ARGS__)),                 \
                              RT__FN(rt_url_values_fn, RT_ARG2(__VA_ARGS__)), \
                              RT__HOOK2(__VA_ARGS__))
void rt_scope_add_url_preprocessor(rt_scope *scope, rt_url_values_fn *fn,
                                   const rt_hook_options *options);
void rt_scope_add_url_defaults(rt_scope *scope, rt_url_values_fn *fn,
                               const rt_hook_options *options);

RT_C_END
