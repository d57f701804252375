// All rules of a map together: their order, for matching and for building.
#include <assert.h>

#include "routing/map.h"

// Whether building prefers `a`: no alias, more values, then more defaults.
static bool goes_before(const rt_url_rule *a, const rt_url_rule *b)
{
    if (a->alias != b->alias)
        return b->alias;
    if (a->names_len != b->names_len)
        return a->names_len > b->names_len;
    return a->defaults.len > b->defaults.len;
}

static void sort_endpoint(rt__endpoint *endpoint)
{
    rt_url_rule **rules = endpoint->rules.items;
    for (size_t i = 1; i < endpoint->rules.len; i++) {
        rt_url_rule *rule = rules[i];
        size_t at = i;
        for (; at > 0 && goes_before(rule, rules[at - 1]); at--)
            rules[at] = rules[at - 1];
        rules[at] = rule;
    }
}

static bool same_names(const rt_url_rule *a, const rt_url_rule *b)
{
    if (a->names_len != b->names_len)
        return false;
    for (size_t i = 0; i < a->names_len; i++) {
        if (!rt__rule_has_name(b, a->names[i]))
            return false;
    }
    return true;
}

// Rules that spell the same path but for their converters do not redirect to
// each other.
static bool same_trace(const rt_url_rule *a, const rt_url_rule *b)
{
    if (a->traces_len != b->traces_len ||
        a->host_traces_len != b->host_traces_len)
        return false;
    for (size_t i = 0; i < a->traces_len; i++) {
        const rt__trace *x = &a->traces[i];
        const rt__trace *y = &b->traces[i];
        if (x->is_variable != y->is_variable ||
            !rt_str_eq(x->literal, y->literal))
            return false;
        if (x->is_variable && strcmp(a->variables[x->variable].name,
                                     b->variables[y->variable].name) != 0)
            return false;
    }
    return true;
}

static void find_rivals(rt_arena *arena, const rt__endpoint *endpoint,
                        size_t index)
{
    rt_url_rule *rule = endpoint->rules.items[index];
    RT_VEC(const rt_url_rule *) rivals = {0};
    for (size_t i = 0; i < index; i++) {
        const rt_url_rule *rival = endpoint->rules.items[i];
        if (!rival->build_only && rival->defaults.len &&
            same_names(rival, rule) && !same_trace(rival, rule))
            *rt_vec_push(arena, &rivals) = rival;
    }
    rule->rivals = rivals.items;
    rule->rivals_len = (uint32_t)rivals.len;
    rule->has_rivals = rivals.len > 0;
}

void rt_url_map_compile(rt_url_map *map)
{
    assert(!map->compiled);
    rt__tree_compile(map);

    rt_map_each(entry, &map->endpoints) {
        rt__endpoint *endpoint = entry->value;
        sort_endpoint(endpoint);
        for (size_t i = 0; map->redirect_defaults && i < endpoint->rules.len;
             i++)
            find_rivals(map->arena, endpoint, i);
    }
    rt_vec_each(rt_url_rule *, rule, &map->rules) {
        (*rule)->is_plain = !(*rule)->has_defaults && !(*rule)->has_rivals &&
                            !(*rule)->alias && !(*rule)->redirect_to.data &&
                            !(*rule)->redirect_fn;
    }
    map->compiled = true;
}

const rt_url_rule *const *rt_url_map_rules(const rt_url_map *map, size_t *n)
{
    *n = map->rules.len;
    return (const rt_url_rule *const *)map->rules.items;
}

static void visit(const rt_url_map *map, uint32_t node,
                  const rt_url_rule **rules, size_t *n)
{
    const rt__node *at = &map->nodes[node];
    for (const rt_url_rule *rule = at->rules; rule; rule = rule->next)
        rules[(*n)++] = rule;
    for (uint32_t c = at->child; c; c = map->nodes[c].sibling)
        visit(map, c, rules, n);
    for (uint32_t i = 0; i < at->edges_len; i++)
        visit(map, at->edges[i].node, rules, n);
}

const rt_url_rule **rt_url_map_match_order(const rt_url_map *map,
                                           rt_arena *arena, size_t *n)
{
    assert(map->compiled);
    const rt_url_rule **rules =
        rt_new(arena, const rt_url_rule *, map->rules.len);
    *n = 0;
    visit(map, RT__NODE_ROOT, rules, n);
    visit(map, RT__NODE_HOSTS, rules, n);
    rt_vec_each(rt_url_rule *, rule, &map->rules) {
        if ((*rule)->build_only)
            rules[(*n)++] = *rule;
    }
    return rules;
}

rt_str rt_url_map_dump(rt_arena *arena, const rt_url_map *map)
{
    rt_buf buf;
    rt_buf_init(&buf, arena);
    size_t n = 0;
    const rt_url_rule **rules = rt_url_map_match_order(map, arena, &n);
    for (size_t i = 0; i < n; i++) {
        rt_buf_put(&buf, rt_url_rule_dump(arena, rules[i]));
        rt_buf_put_char(&buf, '\n');
    }
    return rt_buf_str(&buf);
}
