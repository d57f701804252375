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

#include <retort/app/scope.h>
#include <retort/base/attributes.h>
#include <retort/base/buf.h>
#include <retort/base/error.h>
#include <retort/http/gateway.h>
#include <retort/routing/map.h>

RT_C_BEGIN

// ---- making --------------------------------------------------------------

// How many proxies in front of an application put their values into each of the
// X-Forwarded headers; 0: the header is not looked at. A header that clients can
// send past the proxies must not be trusted.
typedef struct rt_trust_proxy {
    int x_for;    // X-Forwarded-For: the client's address
    int x_proto;  // X-Forwarded-Proto: http or https
    int x_host;   // X-Forwarded-Host
    int x_port;   // X-Forwarded-Port
    int x_prefix; // X-Forwarded-Prefix: where the application is mounted
} rt_trust_proxy;

// How an application writes and reads JSON, instead of the library's own way: for
// values of its own, another layout, another parser.
typedef struct rt_json_provider {
    // Append a value as JSON; NULL: as rt_json_put. A failing status is a 500.
    rt_status (*dump)(const rt_app *app, rt_value value, rt_buf *out,
                      void *arg);
    // Read a body; NULL: as rt_json_parse. A failing status is a 400.
    rt_status (*load)(const rt_app *app, rt_arena *arena, rt_str text,
                      rt_value *out, rt_error *err, void *arg);
    void *arg;
} rt_json_provider;

// Options of rt_app_new; zero is the default.
typedef struct rt_app_options {
    uint64_t max_body;       // bytes a request's body may have; 0: as what it
                             // is mounted in, else 16 MiB
    rt_url_map_options urls; // strict_slashes, merge_slashes, ...
    bool json_keep_order;    // JSON objects keep the order of insertion
    bool json_unicode;       // JSON text is not escaped to ASCII
    rt_switch json_compact;  // RT_INHERIT: but for debug mode
    const char *json_type;   // of JSON responses; NULL: application/json
    rt_json_provider json;
    const char
        *root_path; // what relative folders are below; NULL: RETORT_ROOT,
                    // else the folder of the program
    const char *instance_path;   // NULL: "instance" below the root
    const char *templates;       // folder of templates; NULL: "templates"
    const char *static_folder;   // served below the next; NULL: "static" where
                                 // that exists, "": none
    const char *static_url_path; // where it is served; NULL: "/static"
    // Rules are matched with the subdomain below SERVER_NAME, or with the whole
    // host (urls.host_matching).
    bool subdomain_matching;
    rt_trust_proxy trust_proxy; // as Werkzeug's ProxyFix
    rt_site site;               // set by the macro
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

// A rule as `routes` lists it.
typedef struct rt_route_info {
    rt_str rule; // with the prefix
    rt_str endpoint;
    rt_str methods;  // "GET, HEAD, OPTIONS"
    rt_str host;     // of the rule; empty: any
    bool subdomain;  // host is the part of it before SERVER_NAME
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

// ---- extensions ------------------------------------------------------------

// Keep what an extension knows about an application under the extension's name,
// and ask for it; NULL where nothing is kept. Replaces what was there. Follows
// app.extensions of Flask.
//
//   errors   of keeping: ends the process when the application has started
#define rt_app_keep(app, name, pointer) \
    rt_app_keep_pointer((app), (name), (pointer), RT_HERE)
void rt_app_keep_pointer(rt_app *app, const char *name, void *pointer,
                         rt_site site);
void *rt_app_kept(const rt_app *app, const char *name);

// ---- workers --------------------------------------------------------------

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
