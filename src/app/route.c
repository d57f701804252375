// Rules of an application and their views.
#include "app/app.h"
#include "app/hooks.h"

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

    if (!view.fn || parameters == 0)
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

// True when somebody may take values of the rule away before the view is called.
static bool is_preprocessed(const rt_app *app, const rt__unit *unit)
{
    bool any = app->scope.url_preprocessors.len > 0;
    for (; unit; unit = unit->outer)
        any |= unit->blueprint->scope.url_preprocessors.len > 0;
    return any;
}

#define METHODS(X) \
    X(GET, get)    \
    X(HEAD, head)  \
    X(POST, post)  \
    X(PUT, put) X(PATCH, patch) X(DELETE, delete_) X(OPTIONS, options)

static void check_views(const rt__route *route, const rt_url_rule *rule,
                        const char *text)
{
    const rt_method_views *v = route->views;
    if (!v) {
        check_view(rule, text, route->view, route->site);
        return;
    }
#define CHECK_VIEW(method, member) \
    check_view(rule, text, v->member, route->site);
    METHODS(CHECK_VIEW)
#undef CHECK_VIEW
}

static rt__route *route_new(rt_app *app, const rt__unit *unit, rt_view view,
                            const rt_method_views *views,
                            const rt_route_options *options)
{
    rt__route *route = rt_new(&app->arena, rt__route, 1);
    *route = (rt__route){.view = view,
                         .views = views,
                         .unit = unit,
                         .before = options->before,
                         .after = options->after,
                         .arg = options->arg,
                         .max_body = options->max_body,
                         .site = options->site};
    RT__KEEP_LIST(&app->arena, route->before);
    RT__KEEP_LIST(&app->arena, route->after);
    return route;
}

static bool same_views(const rt__route *a, const rt__route *b)
{
    return a->view.fn == b->view.fn && a->views == b->views;
}

static void check_endpoint(rt_app *app, const char *endpoint, rt__route *route,
                           const char *rule)
{
    const rt__route *first = rt_map_get(&app->endpoints, rt_str_from(endpoint));
    if (first && !same_views(first, route))
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

// A host goes into the map only where the application looks at hosts.
static const char *host_of(const rt_app *app, const rt_route_options *options)
{
    return app->options.urls.host_matching ? options->host : options->subdomain;
}

void rt__app_add_rule(rt_app *app, const rt__unit *unit, const char *rule,
                      const char *endpoint, rt_view view,
                      const rt_method_views *views,
                      const rt_route_options *options)
{
    rt__route *route = route_new(app, unit, view, views, options);
    rt_url_rule_options url = {
        .endpoint = endpoint,
        .host = host_of(app, options),
        .methods = options->methods,
        .defaults = options->defaults,
        .strict_slashes = options->strict_slashes,
        .merge_slashes = options->merge_slashes,
        .build_only = options->build_only,
        .no_options = options->no_options ||
                      !rt_config_bool(app, "PROVIDE_AUTOMATIC_OPTIONS", true),
        .websocket = options->websocket,
        .alias = options->alias,
        .redirect_to = options->redirect_to,
        .data = route};
    const rt_url_rule *added = NULL;
    rt_error err = {0};

    check_endpoint(app, endpoint, route, rule);
    if (rt_url_map_add(app->urls, rule, &url, &added, &err))
        misuse_of_rule(rule, &err, options->site);
    if (!is_preprocessed(app, unit))
        check_views(route, added, rule);
}

// The methods that have a view: "GET POST".
static const char *methods_of(rt_arena *arena, const rt_method_views *v)
{
    rt_buf names;
    rt_buf_init(&names, arena);
#define PUT_METHOD(method, member) \
    if (v->member.fn)              \
        rt_buf_put_cstr(&names, #method " ");
    METHODS(PUT_METHOD)
#undef PUT_METHOD
    return rt_buf_str(&names).data;
}

static void add(rt_scope *scope, const char *rule, rt_view view,
                const rt_method_views *views, const rt_route_options *options)
{
    if (!rule)
        rt_misuse(options->site, "rt_route: the rule is NULL");
    if (!view.fn && !views)
        rt_misuse(options->site, "rule \"%s\": the view is NULL", rule);
    rt_route_options o = *options;
    o.endpoint = o.endpoint ? o.endpoint : view.name;
    if (scope->app)
        rt__app_add_rule(scope->app, NULL, rule, o.endpoint, view, views, &o);
    else
        rt__blueprint_record(scope->blueprint, rule, view, views, &o);
}

void rt_scope_add_route(rt_scope *scope, const char *rule, rt_view view,
                        const rt_route_options *options)
{
    rt__scope_check_open(scope, options->site, "rt_route");
    add(scope, rule, view, NULL, options);
}

void rt_scope_add_method_views(rt_scope *scope, const char *rule,
                               const rt_method_views *views,
                               const rt_route_options *options)
{
    rt__scope_check_open(scope, options->site, "rt_route_methods");
    if (!views)
        rt_misuse(options->site, "rt_route_methods: the views are NULL");
    rt_route_options o = *options;
    if (!o.endpoint)
        rt_misuse(o.site, "rt_route_methods: views by method have no name; "
                          "give them an .endpoint");
    if (!o.methods)
        o.methods = methods_of(scope->arena, views);
    if (!*o.methods)
        rt_misuse(o.site, "rt_route_methods: no method has a view");
    rt_view none = {.name = o.endpoint};
    add(scope, rule, none, views, &o);
}

const rt_view *rt__route_view(const rt__route *route, rt_method method)
{
    const rt_method_views *v = route->views;
    if (!v)
        return &route->view;
    const rt_view *view = NULL;
    switch (method) {
    case RT_METHOD_GET: view = &v->get; break;
    case RT_METHOD_HEAD: view = v->head.fn ? &v->head : &v->get; break;
    case RT_METHOD_POST: view = &v->post; break;
    case RT_METHOD_PUT: view = &v->put; break;
    case RT_METHOD_PATCH: view = &v->patch; break;
    case RT_METHOD_DELETE: view = &v->delete_; break;
    case RT_METHOD_OPTIONS: view = &v->options; break;
    default: break;
    }
    return view && view->fn ? view : NULL;
}
