// Adding rules to a map.
#include "retort/routing/map.h"

#include <assert.h>
#include <stdlib.h>

#include <retort/http/field.h>

#include "routing/conv.h"
#include "routing/map.h"
#include "routing/rule_text.h"

static bool is_on(rt_switch value, bool otherwise)
{
    return value == RT_INHERIT ? otherwise : value == RT_ON;
}

rt_url_map *rt_url_map_new(rt_arena *arena, const rt_url_map_options *options)
{
    static const rt_url_map_options none;
    const rt_url_map_options *o = options ? options : &none;

    rt_url_map *map = rt_new(arena, rt_url_map, 1);
    map->arena = arena;
    map->strict_slashes = is_on(o->strict_slashes, true);
    map->merge_slashes = is_on(o->merge_slashes, true);
    map->redirect_defaults = is_on(o->redirect_defaults, true);
    map->host_matching = o->host_matching;
    map->patterns.arena = arena;
    rt_map_init(&map->patterns.parts, arena);
    rt_map_init(&map->endpoints, arena);
    rt__tree_init(map);
    return map;
}

rt_status rt_url_map_add_converter(rt_url_map *map,
                                   const rt_url_converter *converter)
{
    if (map->compiled)
        return RT_E_FROZEN;

    rt__rule_text name = {.text = rt_str_from(converter->name)};
    if (!rt__rule_name(&name).len || name.at != name.text.len)
        return RT_E_SYNTAX;
    *rt_vec_push(map->arena, &map->patterns.customs) =
        rt_arena_copy(map->arena, converter, sizeof *converter);
    // From now on the same source may mean something else.
    rt_map_init(&map->patterns.parts, map->arena);
    return RT_OK;
}

// ---- a new rule ---------------------------------------------------------

// GET brings HEAD. Where OPTIONS is not asked for, it is answered by itself.
static rt_status read_methods(const rt__rule_text *t, const char *text,
                              bool no_options, rt_url_rule *rule)
{
    rt_str names = rt_str_from(text ? text : "GET");
    if (rt_str_eq(names, RT_STR("*"))) {
        rule->any_method = true;
        return RT_OK;
    }
    if (rt_method_set_parse(t->arena, names, &rule->methods) ||
        rt_method_set_is_empty(rule->methods)) {
        return rt__rule_fail(t, 0, RT_E_SYNTAX, "\"%s\" is no list of methods",
                             text);
    }

    rt_method_set *methods = &rule->methods;
    if (methods->known & 1u << RT_METHOD_GET)
        methods->known |= 1u << RT_METHOD_HEAD;
    if (!no_options && !(methods->known & 1u << RT_METHOD_OPTIONS)) {
        methods->known |= 1u << RT_METHOD_OPTIONS;
        rule->automatic_options = true;
    }
    return RT_OK;
}

static void copy_defaults(rt_arena *arena, rt_url_defaults defaults,
                          rt_url_rule *rule)
{
    rt_pair *items = rt_new(arena, rt_pair, defaults.len);
    for (size_t i = 0; i < defaults.len; i++) {
        rt_str name = rt_str_from(defaults.items[i].name);
        items[i].name = rt_str_cstr(arena, name);
        items[i].value = rt_value_copy(arena, defaults.items[i].value);
        rt_value_freeze(items[i].value);
    }
    rule->defaults = (rt_url_defaults){items, defaults.len};
    rule->has_defaults = defaults.len > 0;
}

static bool is_among(const char *name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!strcmp(names[i], name))
            return true;
    }
    return false;
}

// Copy what a rule keeps of its pattern. The first two arrays have been made
// room for behind the rule.
static void keep_pattern(rt_arena *arena, const rt__pattern *pattern,
                         rt_url_rule *rule)
{
    size_t n = pattern->variables_len;
    const rt__conv **convs = (const rt__conv **)(void *)(rule + 1);
    const char **names = (const char **)(void *)(convs + n);
    for (size_t i = 0; i < n; i++) {
        convs[i] = pattern->convs[i];
        names[i] = pattern->variables[i].name;
    }
    size_t names_len = n;
    for (size_t i = 0; i < rule->defaults.len; i++) {
        if (!is_among(rule->defaults.items[i].name, names, names_len))
            names[names_len++] = rule->defaults.items[i].name;
    }

    rule->convs = convs;
    rule->names = names;
    rule->names_len = (uint32_t)names_len;
    rule->variables_len = (uint8_t)n;
    rule->variables = rt_arena_copy(arena, pattern->variables,
                                    n * sizeof *pattern->variables);
    rule->traces = rt_arena_copy(arena, pattern->traces,
                                 pattern->traces_len * sizeof *rule->traces);
    rule->traces_len = pattern->traces_len;
    rule->host_traces_len = pattern->host_traces_len;
}

// A default for a variable of the path must be a value the path can have.
static rt_status check_defaults(const rt__rule_text *t, const rt_url_rule *rule)
{
    for (size_t i = 0; i < rule->variables_len; i++) {
        const char *name = rule->names[i];
        const rt_value *value =
            rt__args_get(rule->defaults.items, rule->defaults.len, name);
        rt_error reason = {0};
        rt_buf text;
        rt_buf_init(&text, t->scratch);
        rt_status status =
            value ? rt__conv_format(rule->convs[i], *value, &text, &reason)
                  : RT_OK;
        if (status) {
            return rt__rule_fail(t, 0, status, "the default of \"%s\": %.*s",
                                 name, RT_STR_ARG(reason.message));
        }
    }
    return RT_OK;
}

// Every rule takes OPTIONS and most take HEAD: these two are no overlap, unless
// the methods are the same altogether.
static bool methods_overlap(const rt_url_rule *a, const rt_url_rule *b)
{
    if (a->websocket != b->websocket)
        return false;
    if (a->any_method || b->any_method)
        return true;

    uint32_t ignored = 1u << RT_METHOD_HEAD | 1u << RT_METHOD_OPTIONS;
    if (a->methods.known & b->methods.known & ~ignored)
        return true;
    for (size_t i = 0; i < a->methods.others_len; i++) {
        if (rt_method_set_has(b->methods, RT_METHOD_OTHER,
                              a->methods.others[i]))
            return true;
    }
    return a->methods.known == b->methods.known && !a->methods.others_len &&
           !b->methods.others_len;
}

static rt_status check_unique(const rt_url_map *map, const rt__rule_text *t,
                              const rt__pattern *pattern,
                              const rt_url_rule *rule)
{
    uint32_t node = rt__tree_find(map, pattern);
    const rt_url_rule *other = map->nodes[node].rules;
    for (; other; other = other->next) {
        if (methods_overlap(rule, other)) {
            return rt__rule_fail(t, 0, RT_E_EXISTS,
                                 "rule \"%.*s\" of endpoint \"%s\" has the "
                                 "same paths and methods",
                                 RT_STR_ARG(other->text), other->endpoint);
        }
    }
    return RT_OK;
}

// What goes beyond the path: handshakes and redirects.
static rt_status set_options(const rt__rule_text *t,
                             const rt_url_rule_options *o, rt_url_rule *rule)
{
    rule->websocket = o->websocket;
    rule->alias = o->alias;
    if (o->redirect_to)
        rule->redirect_to = rt_str_copy(t->arena, rt_str_from(o->redirect_to));
    rule->redirect_fn = o->redirect_fn;
    rule->redirect_arg = o->redirect_arg;

    uint32_t handshake =
        1u << RT_METHOD_GET | 1u << RT_METHOD_HEAD | 1u << RT_METHOD_OPTIONS;
    if (rule->websocket &&
        (rule->methods.known & ~handshake || rule->methods.others_len)) {
        return rt__rule_fail(t, 0, RT_E_SYNTAX,
                             "a WebSocket handshake is a GET, and no other "
                             "method");
    }
    rt_str unknown;
    if (!rt__rule_knows_redirect(rule, &unknown)) {
        return rt__rule_fail(t, 0, RT_E_NOT_FOUND,
                             "redirect_to has \"<%.*s>\", which is no variable "
                             "of the rule",
                             RT_STR_ARG(unknown));
    }
    return RT_OK;
}

static rt_status make_rule(rt_url_map *map, const rt__rule_text *t,
                           const rt_url_rule_options *o, rt__pattern *pattern,
                           rt_url_rule **out)
{
    if (!o->endpoint || !*o->endpoint)
        return rt__rule_fail(t, 0, RT_E_SYNTAX, "a rule needs an endpoint");
    bool merge = is_on(o->merge_slashes, map->merge_slashes);
    rt_str host = rt_str_copy(t->arena, rt_str_from(o->host ? o->host : ""));
    rt_status status = rt__pattern_parse(&map->patterns, t->scratch, t->text,
                                         host, merge, pattern, t->err);
    if (status)
        return status;

    size_t n = pattern->variables_len;
    rt_url_rule *rule =
        rt__table_lines(map->arena, sizeof *rule + n * sizeof(rt__conv *) +
                                        (n + o->defaults.len) * sizeof(char *));
    rule->text = t->text;
    rule->host = host;
    rule->endpoint = rt_str_cstr(t->arena, rt_str_from(o->endpoint));
    rule->data = o->data;
    rule->strict_slashes = is_on(o->strict_slashes, map->strict_slashes);
    rule->merge_slashes = merge;
    rule->build_only = o->build_only;
    copy_defaults(t->arena, o->defaults, rule);
    keep_pattern(t->arena, pattern, rule);

    status = read_methods(t, o->methods, o->no_options, rule);
    if (!status)
        status = set_options(t, o, rule);
    if (!status)
        status = check_defaults(t, rule);
    if (!status && !rule->build_only)
        status = check_unique(map, t, pattern, rule);
    *out = rule;
    return status;
}

static rt__endpoint *endpoint_of(rt_url_map *map, const char *name)
{
    rt_str key = rt_str_from(name);
    rt__endpoint *endpoint = rt_map_get(&map->endpoints, key);
    if (!endpoint) {
        endpoint = rt_new(map->arena, rt__endpoint, 1);
        rt_map_put(&map->endpoints, key, endpoint);
    }
    return endpoint;
}

static rt_status add_rule(rt_url_map *map, const rt__rule_text *t,
                          const rt_url_rule_options *options,
                          const rt_url_rule **out)
{
    if (map->compiled) {
        return rt__rule_fail(t, 0, RT_E_FROZEN,
                             "rules are added before the map is compiled");
    }

    rt__pattern pattern = {0};
    rt_url_rule *rule = NULL;
    rt_status status = make_rule(map, t, options, &pattern, &rule);
    if (status)
        return status;
    assert(rule);

    if (!rule->build_only)
        rt__tree_insert(map, &pattern, rule);
    *rt_vec_push(map->arena, &map->rules) = rule;
    rt__endpoint *endpoint = endpoint_of(map, rule->endpoint);
    *rt_vec_push(map->arena, &endpoint->rules) = rule;
    if (out)
        *out = rule;
    return RT_OK;
}

rt_status rt_url_map_add(rt_url_map *map, const char *text,
                         const rt_url_rule_options *options,
                         const rt_url_rule **out, rt_error *err)
{
    assert(text && options);
    rt_arena scratch = {0};
    rt__rule_text t = {
        .arena = map->arena,
        .scratch = &scratch,
        .text = rt_str_copy(map->arena, rt_str_from(text)),
        .err = err,
    };
    rt_status status = add_rule(map, &t, options, out);
    rt_arena_deinit(&scratch);
    return status;
}
