// What an application and its request context look like inside.
#pragma once

#include <pthread.h>
#include <setjmp.h>

#include <retort/app/app.h>
#include <retort/app/blueprint.h>
#include <retort/app/command.h>
#include <retort/app/config.h>
#include <retort/app/file.h>
#include <retort/app/request.h>
#include <retort/app/response.h>
#include <retort/app/signal.h>
#include <retort/app/template.h>
#include <retort/base/format.h>
#include <retort/base/log.h>
#include <retort/base/map.h>
#include <retort/base/vec.h>
#include <retort/http/conditional.h>
#include <retort/http/query.h>

#include "app/session.h"

#define RT_APP_MAX_BODY ((uint64_t)16 << 20)

// So many blueprints can be in each other.
#define RT__UNITS_MAX 32

// A registered blueprint: one for each name it is registered under.
typedef struct rt__unit {
    const char *name; // "admin", "a.b"
    const rt_blueprint *blueprint;
    const struct rt__unit *outer; // NULL: the application
} rt__unit;

typedef struct rt__route {
    rt_view view;
    const rt_method_views *views; // instead, by method; or NULL
    const rt__unit *unit;         // NULL: of the application itself
    rt_before_fn *const *before;
    rt_after_fn *const *after;
    void *arg;
    uint64_t max_body;
    rt_site site;
} rt__route;

// A registered function with its `.arg`.
typedef struct rt__hook {
    rt_any_fn fn;
    void *arg;
    rt_error_key key; // error handlers
    rt_str prefix;    // error handlers
} rt__hook;

typedef RT_VEC(rt__hook) rt__hooks;

// What both applications and blueprints have.
struct rt_scope {
    rt_arena *arena;
    rt_app *app;             // one of the two
    rt_blueprint *blueprint; // is NULL
    rt__hooks before, after, teardown, errors;
    rt__hooks context_processors, url_preprocessors, url_defaults;
    RT_VEC(rt_command_info) commands;
};

// What a blueprint does when it is registered.
typedef struct rt__record {
    const char *rule;
    rt_view view;
    const rt_method_views *views;
    rt_route_options options;
    rt_blueprint *child; // instead: a blueprint in it
    rt_register_options child_options;
} rt__record;

// What rt_template_filter and the like add to templates.
typedef struct rt__template_name {
    enum {
        RT__TEMPLATE_FILTER,
        RT__TEMPLATE_TEST,
        RT__TEMPLATE_FUNCTION,
        RT__TEMPLATE_GLOBAL,
    } kind;

    const char *name;
    rt_template_fn *fn;
    rt_value value; // of a global
} rt__template_name;

struct rt_blueprint {
    rt_arena arena;
    rt_scope scope;
    rt_scope wide; // hooks for the whole application
    const char *name;
    rt_blueprint_options options;
    RT_VEC(rt__record) records;
    RT_VEC(rt__template_name) template_names;
    bool registered;
    rt_blueprint *next; // all blueprints of the process
};

// A member of a structure that gets what a key is set to.
typedef struct rt__binding {
    const char *key;
    void *structure;
    rt_config_field field;
    rt_site site;
} rt__binding;

// What rt_config_from_env was called with.
typedef struct rt__env_prefix {
    const char *prefix;
    rt_site site;
} rt__env_prefix;

// A folder templates are looked for in.
typedef struct rt__template_place {
    rt_template_loader loader;
    const char *folder;
    const char *blueprint; // NULL: the application's own
} rt__template_place;

struct rt_app {
    rt_arena arena;
    const char *name;
    rt_logger log;
    rt_app_options options;
    bool debug;
    bool debug_set;    // by the program or its command line
    bool started;      // no registration from here on
    bool own_max_body; // it was given one; else that of what it is mounted in

    rt_value config; // a dict
    rt_str server_name;
    rt_value trusted_hosts; // a list, or none
    RT_VEC(rt__binding) bindings;
    rt__session_settings session; // filled from it at the start
    const char *root_path;        // NULL: not asked for yet
    bool env_files_loaded;
    rt_map kept;                         // of extensions
    rt_map env_variables;                // those that came from such files
    RT_VEC(rt__env_prefix) env_prefixes; // of rt_config_from_env

    rt_url_map *urls;
    rt_map endpoints;      // name -> rt__route of the first rule
    rt_map units;          // name -> rt__unit, in order of registration
    bool has_url_defaults; // of some blueprint

    rt_scope scope;
    rt__hooks worker_start, worker_stop;
    rt__hooks middleware;
    rt__hooks url_errors;
    rt__hooks signals[RT_SIGNALS];
    struct rt_template_env *templates;          // NULL: not asked for yet
    RT_VEC(rt__template_place) template_places; // its own first
    bool tested; // by a client, who sees a changed template at once
    RT_VEC(rt_mount_point) mounts;
    rt_gateway gateway;            // with middleware and mounts, once started
    size_t places_started;         // by the worker: mounts, and itself
    RT_VEC(rt_site) wrong_formats; // those that were reported
    rt_app *next;                  // all applications of the process
};

// A place rt_abort can return to. Frames of several coroutines (the view's, and
// those of rt_spawn) are linked in one list.
typedef struct rt__frame {
    struct rt__frame *outer;
    struct rt__context *ctx; // of the application that runs in it
    const rt_coro *coro;
    struct rt__undo *undo; // what an abort to here calls, the newest first
    pthread_t thread;
    jmp_buf jump;
} rt__frame;

// A request inside one application.
typedef struct rt__context {
    rt_app *app;
    rt_request *req;
    struct rt__context *outer; // of the application around a mounted one
    // As they were when this application began. Whoever mounts it has put the
    // request's own back by the time of streams and teardowns.
    rt_str script_root;
    rt_str path;

    const rt_url_rule *rule;
    const rt__route *route;
    const rt__unit *unit; // of the route
    rt_str subdomain;     // with subdomain_matching
    bool websocket;       // a handshake
    bool refused_host;    // not among TRUSTED_HOSTS
    rt__hooks after_this;
    rt_url_result match;
    const char *path_cstr; // for rt_path

    // All frames of the request, newest first: a child may be at work when the
    // application it belongs to has answered and another one has gone on.
    rt__frame **frames;
    rt__frame *own_frames; // the list itself, of the outermost application
    rt_http_error thrown;  // what the last abort brought: a frame takes it at
    rt_response *thrown_response; // once, before anything else can run
    rt_http_error error;          // of the request, where it has one
    rt_response *response;        // what has become of it so far
    bool failed;                  // an error nobody handled
    bool unfinished;              // an after-hook failed twice
    bool no_abort;                // in a teardown or a defer

    rt_params query;
    bool query_parsed;
    rt_params cookies;
    bool cookies_parsed;
    rt__session *session; // NULL: not opened yet
    bool session_saved;   // too late for changes
    rt_value flashes;     // taken out of it; undefined: not yet
    rt_str body;
    bool body_read;
    bool body_reading; // by a coroutine that waits
    rt_wait_queue body_readers;
    struct rt__form *form; // NULL: not asked for yet
    rt_value json;
    bool json_parsed;
    rt_map locals;
    rt_value g;
    struct rt__scratch *scratches;         // for pieces of a stream
    const struct rt__command_run *command; // NULL: a request
} rt__context;

// The context of the application at work; a request without one is wrong use.
rt__context *rt__context_of(rt_request *req);

// Have records of the log say which request is answered meanwhile.
void rt__log_context_install(void);

// Take the name of a request from X-Request-Id, where that is fit for one.
void rt__request_id_take(rt_request *req);

// Read the settings of templates, when an application starts, or later.
void rt__template_apply(rt_app *app);

// Answer a request; the gateway function of an application.
rt_response *rt__app_dispatch(void *self, rt_request *req);

// Call `fn` with a request as a view would have it: with the rule that matches and
// with teardowns, but without hooks, errors' handlers and a response. 0, or the
// status it was aborted with.
int rt__app_call(rt_app *app, rt_request *req,
                 void (*fn)(rt_request *req, void *arg), void *arg);

// Begin a request inside an application, and end it: the one around is at work
// again.
rt__context *rt__context_begin(rt_app *app, rt_request *req);
void rt__context_end(const rt__context *ctx);

// ctx->response, or what the error handlers make of ctx->error.
rt_response *rt__context_answer(rt__context *ctx);

// Run `fn(arg)` so that rt_abort in it comes back here: true when it returned,
// false when it aborted; then ctx->response has what it aborted with, or is
// NULL, and ctx->error says why.
bool rt__context_try(rt__context *ctx, void (*fn)(void *arg), void *arg);

// Tell those who have connected to a signal. Most applications have nobody, so
// that is looked at before the event is made.
void rt__signal_send_to_all(rt__context *ctx, const rt_event *event);
#define rt__signal_send(ctx, signal_, ...)                                 \
    do {                                                                   \
        if (RT_UNLIKELY((ctx)->app->signals[signal_].len))                 \
            rt__signal_send_to_all((ctx), &(rt_event){.signal = (signal_), \
                                                      __VA_ARGS__});       \
    } while (0)

// Set what trusted proxies say about a request.
void rt__proxy_apply(const rt_app *app, rt_request *req);

// Call a view with what its rule matched.
rt_response *rt__view_call(const rt_view *view, rt_request *req,
                           const rt_pair *args, size_t n);

// The name of a view's parameter type, by base 5 digit.
const char *rt__view_parameter_name(int digit);

// The number of parameters in a view's type.
int rt__view_parameters(int type);

// `request` for templates.
rt_value rt__request_object(rt_request *req);

// All cookies.
const rt_params *rt__cookie_params(rt_request *req);

// The page that accompanies a redirect.
rt_response *rt__redirect_page(rt_request *req, int status, rt_str location);

// Serve the folder "static", or what the options say instead.
void rt__app_add_static_default(rt_app *app);

// Give what is mounted in the application its limit of bodies, where it was
// given none itself.
void rt__app_pass_on_max_body(const rt_app *app);

// Stop the process when the application is NULL or has started.
void rt__app_check_open(const rt_app *app, rt_site site, const char *what);

// The same for what may be a blueprint's: when that has been registered.
void rt__scope_check_open(const rt_scope *scope, rt_site site,
                          const char *what);

// Add a rule to the map of an application. `unit` is NULL for its own.
void rt__app_add_rule(rt_app *app, const rt__unit *unit, const char *rule,
                      const char *endpoint, rt_view view,
                      const rt_method_views *views,
                      const rt_route_options *options);

// The view of a route for a method, which may be NULL where views are given by
// method.
const rt_view *rt__route_view(const rt__route *route, rt_method method);

// Keep a rule of a blueprint until that is registered.
void rt__blueprint_record(rt_blueprint *blueprint, const char *rule,
                          rt_view view, const rt_method_views *views,
                          const rt_route_options *options);

// Add the commands of a blueprint to an application, in a group; "": in none.
void rt__commands_join(rt_app *app, const rt_blueprint *blueprint,
                       const char *group);

// Look for templates in a folder of a blueprint, too.
void rt__app_add_templates(rt_app *app, const char *folder,
                           const char *blueprint);

// Give its templates the filters, tests, functions and globals of a blueprint.
void rt__app_add_template_names(rt_app *app, const rt_blueprint *blueprint);

// Serve a folder below a prefix, which may be empty, under that endpoint.
void rt__scope_add_static(rt_scope *scope, const char *prefix,
                          const char *endpoint, const char *folder,
                          const rt_file_options *options, rt_site site);
