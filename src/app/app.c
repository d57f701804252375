// Making an application: options, rules, hooks. Everything here happens before
// the first request, and what is wrong ends the process with the caller's place.
#include "app/app.h"

#include <assert.h>
#include <stdlib.h>

#include <retort/http/code.h>

#include "app/config.h"

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
    rt__config_init(app);
    app->next = all_apps;
    all_apps = app;
    rt__app_add_static_default(app);
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

// ---- routes --------------------------------------------------------------

// True when values of a variable can go to a parameter of that digit.
static bool fits(rt_kind kind, int digit)
{
    switch (digit) {
    case 1: return kind == RT_STRING || kind == RT_UUID || kind == RT_UNDEFINED;
    case 2: return kind == RT_INT;
    case 3: return kind == RT_FLOAT || kind == RT_INT;
    default: return true;
    }
}

// One thing a rule gives to its view.
typedef struct given {
    const char *name;
    rt_kind kind;
} given;

static size_t collect_given(const rt_url_rule *rule, given *out, size_t max)
{
    size_t n, count = 0;
    const rt_url_variable *variables = rt_url_rule_variables(rule, &n);
    for (size_t i = 0; i < n && count < max; i++)
        out[count++] = (given){variables[i].name, variables[i].kind};
    rt_url_defaults defaults = rt_url_rule_defaults(rule);
    for (size_t i = 0; i < defaults.len && count < max; i++) {
        bool known = false;
        for (size_t j = 0; j < n; j++)
            known |= strcmp(variables[j].name, defaults.items[i].name) == 0;
        if (!known)
            out[count++] = (given){defaults.items[i].name,
                                   rt_value_kind(defaults.items[i].value)};
    }
    return count;
}

static void check_view(const rt_url_rule *rule, const char *text, rt_view view,
                       rt_site site)
{
    given all[RT_URL_RULE_VARIABLES_MAX * 2];
    size_t n = collect_given(rule, all, RT_COUNT(all));
    int parameters = rt__view_parameters(view.type);
    size_t expected = n < 3 ? n : 3;

    if (parameters == 0)
        return; // reads what it wants with rt_arg
    if ((size_t)parameters != expected)
        rt_misuse(site,
                  "rule \"%s\" gives %zu value%s, but view %s takes %d: give "
                  "it %zu parameter%s, or none and use rt_arg",
                  text, n, n == 1 ? "" : "s", view.name, parameters, expected,
                  expected == 1 ? "" : "s");
    int type = view.type;
    for (int i = 0; i < parameters; i++, type /= 5)
        if (!fits(all[i].kind, type % 5))
            rt_misuse(site,
                      "rule \"%s\" gives \"%s\" as %s, but parameter %d of "
                      "view %s is %s",
                      text, all[i].name,
                      all[i].kind == RT_UNDEFINED ? "a value of any kind"
                                                  : rt_kind_name(all[i].kind),
                      i + 1, view.name, rt__view_parameter_name(type % 5));
}

static rt__route *route_new(rt_app *app, rt_view view,
                            const rt_route_options *options)
{
    rt__route *route = rt_new(&app->arena, rt__route, 1);
    *route = (rt__route){.view = view,
                         .arg = options->arg,
                         .max_body = options->max_body,
                         .site = options->site,
                         .parameters = rt__view_parameters(view.type)};
    if (options->before) {
        size_t n = 0;
        while (options->before[n])
            n++;
        route->before = rt_arena_copy(&app->arena, options->before,
                                      (n + 1) * sizeof *options->before);
    }
    return route;
}

static void check_endpoint(rt_app *app, const char *endpoint, rt__route *route,
                           const char *rule)
{
    const rt__route *first = rt_map_get(&app->endpoints, rt_str_from(endpoint));
    if (first && first->view.fn != route->view.fn)
        rt_misuse(route->site,
                  "rule \"%s\": endpoint \"%s\" belongs to view %s already "
                  "(%s:%d); give one of them an .endpoint of its own",
                  rule, endpoint, first->view.name, first->site.file,
                  first->site.line);
    if (!first)
        rt_map_put(&app->endpoints, rt_str_from(endpoint), route);
}

static void misuse_of_rule(const char *rule, const rt_error *err, rt_site site)
{
    rt_str message = err->message.len
                         ? err->message
                         : rt_str_from(rt_status_text(err->status));
    if (err->column > 1) // the first one says no more than the rule does
        rt_misuse(site, "rule \"%s\", column %zu: %.*s", rule, err->column,
                  RT_STR_ARG(message));
    rt_misuse(site, "rule \"%s\": %.*s", rule, RT_STR_ARG(message));
}

void rt_app_add_route(rt_app *app, const char *rule, rt_view view,
                      const rt_route_options *options)
{
    rt__app_check_open(app, options->site, "rt_route");
    if (!rule)
        rt_misuse(options->site, "rt_route: the rule is NULL");
    if (!view.fn)
        rt_misuse(options->site, "rule \"%s\": the view is NULL", rule);
    const char *endpoint = options->endpoint ? options->endpoint : view.name;
    rt__route *route = route_new(app, view, options);
    rt_url_rule_options url = {.endpoint = endpoint,
                               .methods = options->methods,
                               .defaults = options->defaults,
                               .strict_slashes = options->strict_slashes,
                               .merge_slashes = options->merge_slashes,
                               .build_only = options->build_only,
                               .no_options = options->no_options,
                               .data = route};
    const rt_url_rule *added = NULL;
    rt_error err = {0};

    check_endpoint(app, endpoint, route, rule);
    if (rt_url_map_add(app->urls, rule, &url, &added, &err))
        misuse_of_rule(rule, &err, options->site);
    check_view(added, rule, view, options->site);
}

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

// ---- hooks ---------------------------------------------------------------

static void add_hook(rt_app *app, rt__hooks *hooks, rt_any_fn fn,
                     const rt_hook_options *options, const char *what)
{
    rt__app_check_open(app, options->site, what);
    if (!fn)
        rt_misuse(options->site, "%s: the function is NULL", what);
    *rt_vec_push(&app->arena, hooks) =
        (rt__hook){.fn = fn, .arg = options->arg};
}

void rt_app_add_before(rt_app *app, rt_before_fn *fn,
                       const rt_hook_options *options)
{
    add_hook(app, &app->before, (rt_any_fn)fn, options, "rt_before_request");
}

void rt_app_add_after(rt_app *app, rt_after_fn *fn,
                      const rt_hook_options *options)
{
    add_hook(app, &app->after, (rt_any_fn)fn, options, "rt_after_request");
}

void rt_app_add_teardown(rt_app *app, rt_teardown_fn *fn,
                         const rt_hook_options *options)
{
    add_hook(app, &app->teardown, (rt_any_fn)fn, options,
             "rt_teardown_request");
}

void rt_app_add_error_handler(rt_app *app, int status, rt_error_fn *fn,
                              const rt_hook_options *options)
{
    rt__app_check_open(app, options->site, "rt_error_handler");
    bool all = status == 0;
    if (!all && (status < 400 || status > 599 || !rt_code_is_known(status)))
        rt_misuse(options->site,
                  "rt_error_handler: %d is not the status of an error", status);
    rt_vec_each(rt__hook, hook, &app->errors)
        if (hook->status == status)
            rt_misuse(options->site,
                      "rt_error_handler: status %d has a handler already%s",
                      status, all ? " (that of all errors)" : "");
    add_hook(app, &app->errors, (rt_any_fn)fn, options, "rt_error_handler");
    app->errors.items[app->errors.len - 1].status = status;
}

void rt_app_add_worker_start(rt_app *app, rt_worker_fn *fn,
                             const rt_hook_options *options)
{
    add_hook(app, &app->worker_start, (rt_any_fn)fn, options,
             "rt_on_worker_start");
}

void rt_app_add_worker_stop(rt_app *app, rt_worker_fn *fn,
                            const rt_hook_options *options)
{
    add_hook(app, &app->worker_stop, (rt_any_fn)fn, options,
             "rt_on_worker_stop");
}

void rt_app_add_middleware(rt_app *app, rt_middleware_fn *fn,
                           const rt_hook_options *options)
{
    add_hook(app, &app->middleware, (rt_any_fn)fn, options, "rt_use");
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
