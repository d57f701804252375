// Blueprints: recording, and doing what was recorded.
#include "retort/app/blueprint.h"

#include <stdlib.h>

#include "app/app.h"
#include "app/hooks.h"

// As applications, they are often known to a local of main() alone.
static rt_blueprint *all_blueprints;

static bool is_name(const char *name)
{
    return name && *name && !strchr(name, '.');
}

// Where a blueprint's static files are, below its own prefix.
static const char *static_prefix(rt_blueprint *bp)
{
    if (bp->options.static_url_path)
        return bp->options.static_url_path;
    rt_str folder = rt_str_from(bp->options.static_folder);
    size_t slash = rt_str_rfind_char(folder, '/');
    if (slash != RT_STR_NONE)
        folder = rt_str_slice(folder, slash + 1, folder.len);
    return rt_format(&bp->arena, "/{}", folder).data;
}

rt_blueprint *rt_blueprint_create(const char *name,
                                  const rt_blueprint_options *options)
{
    if (!is_name(name))
        rt_misuse(options->site,
                  "rt_blueprint_new: \"%s\" is no name for a blueprint: it "
                  "may not be empty or have a dot",
                  name ? name : "");
    rt_blueprint *bp = calloc(1, sizeof *bp);
    if (!bp)
        rt_panic("out of memory: %zu bytes", sizeof *bp);
    rt_arena_init(&bp->arena, 0);
    bp->name = rt_str_cstr(&bp->arena, rt_str_from(name));
    bp->options = *options;
    bp->scope = (rt_scope){.arena = &bp->arena, .blueprint = bp};
    bp->wide = bp->scope;
    bp->next = all_blueprints;
    all_blueprints = bp;
    if (options->static_folder)
        rt__scope_add_static(&bp->scope, static_prefix(bp), "static",
                             options->static_folder,
                             &(rt_file_options){.unused = 0}, options->site);
    return bp;
}

rt_scope *rt_blueprint_scope(rt_blueprint *blueprint)
{
    return blueprint ? &blueprint->scope : NULL;
}

void rt__blueprint_record(rt_blueprint *blueprint, const char *rule,
                          rt_view view, const rt_method_views *views,
                          const rt_route_options *options)
{
    if (strchr(options->endpoint, '.'))
        rt_misuse(options->site,
                  "rule \"%s\": the endpoint \"%s\" of a blueprint has a dot",
                  rule, options->endpoint);
    rt_arena *arena = &blueprint->arena;
    rt__record *record = rt_vec_push(arena, &blueprint->records);
    *record = (rt__record){.rule = rt_str_cstr(arena, rt_str_from(rule)),
                           .view = view,
                           .views = views,
                           .options = *options};
    rt_route_options *o = &record->options;
    o->endpoint = rt_str_cstr(arena, rt_str_from(o->endpoint));
    if (o->methods)
        o->methods = rt_str_cstr(arena, rt_str_from(o->methods));
    // What follows lies in the caller's compound literals.
    rt_pair *defaults = rt_arena_copy(arena, o->defaults.items,
                                      o->defaults.len * sizeof *defaults);
    for (size_t i = 0; i < o->defaults.len; i++)
        defaults[i].value = rt_value_copy(arena, defaults[i].value);
    o->defaults.items = defaults;
    RT__KEEP_LIST(arena, o->before);
    RT__KEEP_LIST(arena, o->after);
}

// ---- registering ------------------------------------------------------------------

// Where a blueprint is registered: what goes before its rules and names.
typedef struct place {
    rt_app *app;
    const rt__unit *unit; // NULL: the application itself
    const char *url_prefix;
    const char *subdomain;
} place;

static const char *join_prefixes(rt_arena *arena, const char *a, const char *b)
{
    if (!a || !b)
        return a ? a : b;
    rt_str front = rt_str_from(a), back = rt_str_from(b);
    while (front.len && front.data[front.len - 1] == '/')
        front.len--;
    while (back.len && back.data[0] == '/')
        rt_str_take(&back, 1);
    return rt_format(arena, "{}/{}", front, back).data;
}

static const char *join_subdomains(rt_arena *arena, const char *outer,
                                   const char *inner)
{
    if (!outer || !inner)
        return outer ? outer : inner;
    return rt_format(arena, "{}.{}", inner, outer).data;
}

static int depth_of(const rt__unit *unit)
{
    int depth = 0;
    for (; unit; unit = unit->outer)
        depth++;
    return depth;
}

static rt__unit *new_unit(const place *at, const rt_blueprint *bp,
                          const rt_register_options *options)
{
    rt_arena *arena = &at->app->arena;
    const char *name = options->name ? options->name : bp->name;
    if (!is_name(name))
        rt_misuse(options->site,
                  "rt_register_blueprint: \"%s\" is no name for a blueprint: "
                  "it may not be empty or have a dot",
                  name);
    if (depth_of(at->unit) == RT__UNITS_MAX)
        rt_misuse(options->site,
                  "rt_register_blueprint: at most %d blueprints can be in each "
                  "other",
                  RT__UNITS_MAX);
    rt__unit *unit = rt_new(arena, rt__unit, 1);
    *unit = (rt__unit){
        .name = at->unit ? rt_format(arena, "{}.{}", at->unit->name, name).data
                         : rt_str_cstr(arena, rt_str_from(name)),
        .blueprint = bp,
        .outer = at->unit};
    if (rt_map_get(&at->app->units, rt_str_from(unit->name)))
        rt_misuse(options->site,
                  "rt_register_blueprint: the name \"%s\" is taken already; "
                  "give this one another .name",
                  unit->name);
    rt_map_put(&at->app->units, rt_str_from(unit->name), unit);
    return unit;
}

static void append_hooks(rt_arena *arena, rt__hooks *to, const rt__hooks *from)
{
    rt_vec_each(rt__hook, hook, from)
        *rt_vec_push(arena, to) = *hook;
}

// What is there for all requests, once, under however many names it is registered.
static void add_wide(rt_app *app, const rt_blueprint *bp)
{
    rt_map_each(entry, &app->units) {
        const rt__unit *unit = entry->value;
        if (unit->blueprint == bp)
            return;
    }
    rt_scope *to = &app->scope;
    append_hooks(&app->arena, &to->before, &bp->wide.before);
    append_hooks(&app->arena, &to->after, &bp->wide.after);
    append_hooks(&app->arena, &to->teardown, &bp->wide.teardown);
    append_hooks(&app->arena, &to->errors, &bp->wide.errors);
    append_hooks(&app->arena, &to->context_processors,
                 &bp->wide.context_processors);
    append_hooks(&app->arena, &to->url_preprocessors,
                 &bp->wide.url_preprocessors);
    append_hooks(&app->arena, &to->url_defaults, &bp->wide.url_defaults);
    rt__app_add_template_names(app, bp);
}

// The values for variables a rule's path does not have: the blueprint's, then
// those of the registration, then the rule's own.
static rt_url_defaults join_defaults(rt_arena *arena, rt_url_defaults a,
                                     rt_url_defaults b, rt_url_defaults c)
{
    rt_url_defaults all[] = {a, b, c};
    rt_pair *items = rt_new(arena, rt_pair, a.len + b.len + c.len);
    size_t len = 0;
    for (size_t i = 0; i < RT_COUNT(all); i++) {
        for (size_t j = 0; j < all[i].len; j++) {
            size_t at = 0;
            while (at < len &&
                   strcmp(items[at].name, all[i].items[j].name) != 0)
                at++;
            items[at] = all[i].items[j];
            len += at == len;
        }
    }
    return (rt_url_defaults){items, len};
}

static void add_rule(const place *at, const rt__record *record,
                     const rt_register_options *options)
{
    rt_app *app = at->app;
    const char *prefix = at->url_prefix;
    const char *rule = *record->rule || !prefix
                           ? join_prefixes(&app->arena, prefix, record->rule)
                           : prefix;
    rt_route_options o = record->options;
    if (!o.subdomain)
        o.subdomain = at->subdomain;
    o.defaults =
        join_defaults(&app->arena, at->unit->blueprint->options.url_defaults,
                      options->url_defaults, o.defaults);
    const char *endpoint =
        rt_format(&app->arena, "{}.{}", at->unit->name, o.endpoint).data;
    rt__app_add_rule(app, at->unit, rule, endpoint, record->view, record->views,
                     &o);
}

static void register_at(const place *outer, rt_blueprint *bp,
                        const rt_register_options *options)
{
    rt_app *app = outer->app;
    bp->registered = true;
    app->has_url_defaults |= bp->scope.url_defaults.len > 0;
    add_wide(app, bp);
    const char *prefix =
        options->url_prefix ? options->url_prefix : bp->options.url_prefix;
    const char *subdomain =
        options->subdomain ? options->subdomain : bp->options.subdomain;
    place at = {
        .app = app,
        .unit = new_unit(outer, bp, options),
        .url_prefix = join_prefixes(&app->arena, outer->url_prefix, prefix),
        .subdomain = join_subdomains(&app->arena, outer->subdomain, subdomain)};
    if (bp->options.templates)
        rt__app_add_templates(app, bp->options.templates, at.unit->name);
    const char *group =
        options->cli_group ? options->cli_group : bp->options.cli_group;
    rt__commands_join(app, bp, group ? group : at.unit->name);
    rt_vec_each(rt__record, record, &bp->records)
        if (!record->child)
            add_rule(&at, record, options);
    rt_vec_each(rt__record, record, &bp->records)
        if (record->child)
            register_at(&at, record->child, &record->child_options);
}

void rt_scope_register(rt_scope *scope, rt_blueprint *blueprint,
                       const rt_register_options *options)
{
    rt__scope_check_open(scope, options->site, "rt_register_blueprint");
    if (!blueprint)
        rt_misuse(options->site,
                  "rt_register_blueprint: the blueprint is NULL");
    if (scope->app) {
        place at = {.app = scope->app};
        register_at(&at, blueprint, options);
        return;
    }
    if (scope->blueprint == blueprint)
        rt_misuse(options->site,
                  "rt_register_blueprint: a blueprint cannot be in itself");
    *rt_vec_push(scope->arena, &scope->blueprint->records) =
        (rt__record){.child = blueprint, .child_options = *options};
}

// ---- in a request ---------------------------------------------------------------

const char *rt_blueprint_of(rt_request *req)
{
    const rt__unit *unit = rt__context_of(req)->unit;
    return unit ? unit->name : NULL;
}

rt_value rt_blueprints_of(rt_request *req)
{
    rt_value names = rt_list_new(req->arena);
    for (const rt__unit *u = rt__context_of(req)->unit; u; u = u->outer)
        (void)!rt_list_push(names, RT(u->name)); // a list of its own
    return names;
}
