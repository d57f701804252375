// Making an application: what only applications have. Everything here happens
// before the first request, and what is wrong ends the process with the caller's
// place.
#include "app/app.h"

#include <assert.h>
#include <stdlib.h>

#include <retort/http/code.h>

#include "app/config.h"
#include "app/hooks.h"

// Applications live as long as the process and often only a local of main()
// points at them; this list does too, so that a leak checker can find them.
static rt_app *all_apps;

rt_app *rt_app_create(const char *name, const rt_app_options *options)
{
    if (!name || !*name)
        rt_misuse(options->site, "rt_app_new: an application needs a name");
    rt_app *app = calloc(1, sizeof *app);
    if (!app)
        rt_panic("out of memory: %zu bytes", sizeof *app);
    rt_arena_init(&app->arena, 0);
    app->name = rt_str_cstr(&app->arena, rt_str_from(name));
    app->log.name = app->name;
    app->options = *options;
    app->own_max_body = options->max_body > 0;
    if (!app->own_max_body)
        app->options.max_body = RT_APP_MAX_BODY;
    app->urls = rt_url_map_new(&app->arena, &options->urls);
    rt_map_init(&app->endpoints, &app->arena);
    rt_map_init(&app->units, &app->arena);
    rt_map_init(&app->env_variables, &app->arena);
    rt_map_init(&app->kept, &app->arena);
    app->scope = (rt_scope){.arena = &app->arena, .app = app};
    rt__config_init(app);
    rt_vec_push(&app->arena, &app->template_places); // filled when asked for
    app->next = all_apps;
    all_apps = app;
    rt__app_add_static_default(app);
    rt__log_context_install();
    return app;
}

void rt_app_free(rt_app *app)
{
    if (!app)
        return;
    rt_app **at = &all_apps;
    while (*at != app)
        at = &(*at)->next;
    *at = app->next;
    rt_arena_deinit(&app->arena);
    free(app);
}

const char *rt_app_name(const rt_app *app)
{
    return app->name;
}

void rt_app_set_debug(rt_app *app, bool debug)
{
    app->debug = debug;
    app->debug_set = true;
    // Once the application has started it is frozen, and templates see the old.
    (void)!rt_dict_set_str(app->config, RT_STR("DEBUG"), rt_value_bool(debug));
    rt__template_apply(app);
}

bool rt_app_is_debug(const rt_app *app)
{
    return app->debug;
}

const rt_url_map *rt_app_urls(const rt_app *app)
{
    return app->urls;
}

void rt__app_check_open(const rt_app *app, rt_site site, const char *what)
{
    if (!app)
        rt_misuse(site, "%s: the application is NULL", what);
    if (app->started)
        rt_misuse(site,
                  "%s: application \"%s\" has started; register everything "
                  "before it is mounted, tested or run",
                  what, app->name);
}

void rt_app_keep_pointer(rt_app *app, const char *name, void *pointer,
                         rt_site site)
{
    rt__app_check_open(app, site, "rt_app_keep");
    rt_map_put(&app->kept, rt_str_from(name), pointer);
}

void *rt_app_kept(const rt_app *app, const char *name)
{
    return rt_map_get(&app->kept, rt_str_from(name));
}

// ---- rules ----------------------------------------------------------------

void rt_app_add_converter(rt_app *app, const rt_url_converter *converter,
                          rt_site site)
{
    rt__app_check_open(app, site, "rt_url_converter_add");
    if (!converter)
        rt_misuse(site, "rt_url_converter_add: the converter is NULL");
    if (rt_url_map_add_converter(app->urls, converter))
        rt_misuse(site,
                  "rt_url_converter_add: \"%s\" is no name for a "
                  "converter",
                  converter->name ? converter->name : "");
}

// ---- listing ---------------------------------------------------------------

// A walk through the rules of an application and of all below it.
typedef struct route_walk {
    void (*fn)(const rt_route_info *info, void *arg);
    void *arg;
    rt_arena *arena;
} route_walk;

// The application that is behind a gateway, or NULL.
static rt_app *app_of_gateway(rt_gateway gateway)
{
    for (rt_app *app = all_apps; app; app = app->next)
        if (app->started && app->gateway.fn == gateway.fn &&
            app->gateway.self == gateway.self)
            return app;
    return NULL;
}

void rt__app_pass_on_max_body(const rt_app *app)
{
    rt_vec_each(rt_mount_point, point, &app->mounts) {
        rt_app *mounted = app_of_gateway(point->gateway);
        if (!mounted || mounted->own_max_body)
            continue;
        mounted->options.max_body = app->options.max_body;
        rt__app_pass_on_max_body(mounted);
    }
}

static size_t match_place(const rt_url_rule *const *order,
                          const rt_url_rule *rule)
{
    size_t place = 0;
    while (order[place] != rule)
        place++;
    return place;
}

static void visit_rules(const route_walk *walk, const rt_app *app,
                        rt_str prefix)
{
    size_t n;
    const rt_url_rule *const *order =
        rt_url_map_match_order(app->urls, walk->arena, &n);
    const rt_url_rule *const *rules = rt_url_map_rules(app->urls, &n);
    for (size_t i = 0; i < n; i++) {
        rt_route_info info = {
            .rule =
                rt_str_concat(walk->arena, prefix, rt_url_rule_text(rules[i])),
            .endpoint = rt_str_from(rt_url_rule_endpoint(rules[i])),
            .methods = rt_url_rule_any_method(rules[i])
                           ? RT_STR("*")
                           : rt_method_set_dump(walk->arena,
                                                rt_url_rule_methods(rules[i])),
            .host = rt_url_rule_host(rules[i]),
            .subdomain = !app->options.urls.host_matching,
            .prefix = prefix,
            .app = app->name,
            .match = match_place(order, rules[i])};
        walk->fn(&info, walk->arg);
    }
}

static void visit_app(const route_walk *walk, const rt_app *app, rt_str prefix)
{
    visit_rules(walk, app, prefix);
    rt_vec_each(rt_mount_point, point, &app->mounts) {
        rt_str below = rt_str_concat(walk->arena, prefix, point->prefix);
        const rt_app *mounted = app_of_gateway(point->gateway);
        if (mounted) {
            visit_app(walk, mounted, below);
        } else {
            rt_route_info info = {.rule = below,
                                  .methods = RT_STR("*"),
                                  .prefix = below};
            walk->fn(&info, walk->arg);
        }
    }
}

void rt_app_each_route(rt_app *app,
                       void (*fn)(const rt_route_info *info, void *arg),
                       void *arg)
{
    rt_arena scratch = {0};
    route_walk walk = {fn, arg, &scratch};
    rt_app_gateway(app); // which puts the rules in order
    visit_app(&walk, app, RT_STR(""));
    rt_arena_deinit(&scratch);
}

// ---- workers ---------------------------------------------------------------

void rt_app_add_worker_start(rt_app *app, rt_worker_fn *fn,
                             const rt_hook_options *options)
{
    rt__app_check_open(app, options->site, "rt_on_worker_start");
    rt__hook_add(&app->scope, &app->worker_start, (rt_any_fn)fn, options,
                 "rt_on_worker_start");
}

void rt_app_add_worker_stop(rt_app *app, rt_worker_fn *fn,
                            const rt_hook_options *options)
{
    rt__app_check_open(app, options->site, "rt_on_worker_stop");
    rt__hook_add(&app->scope, &app->worker_stop, (rt_any_fn)fn, options,
                 "rt_on_worker_stop");
}

void rt_app_add_middleware(rt_app *app, rt_middleware_fn *fn,
                           const rt_hook_options *options)
{
    rt__app_check_open(app, options->site, "rt_use");
    rt__hook_add(&app->scope, &app->middleware, (rt_any_fn)fn, options,
                 "rt_use");
}

void rt_app_add_mount(rt_app *app, const char *prefix, rt_gateway gateway,
                      rt_site site)
{
    rt__app_check_open(app, site, "rt_mount");
    rt_str text = rt_str_from(prefix);
    if (text.len < 2 || text.data[0] != '/' || text.data[text.len - 1] == '/')
        rt_misuse(site,
                  "rt_mount: prefix \"%s\" must begin with a slash and not end "
                  "with one",
                  prefix ? prefix : "");
    rt_vec_each(rt_mount_point, point, &app->mounts)
        if (rt_str_eq(point->prefix, text))
            rt_misuse(site, "rt_mount: \"%s\" is mounted already", prefix);
    if (!gateway.fn)
        rt_misuse(site, "rt_mount: the gateway of \"%s\" has no function",
                  prefix);
    *rt_vec_push(&app->arena, &app->mounts) =
        (rt_mount_point){rt_str_copy(&app->arena, text), gateway};
}
