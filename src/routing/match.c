// Matching: walking down the tree of rules, segment by segment.
//
// At each node text goes before edges, and the edges go in their order. What
// does not lead to a rule is given up, and the next way is tried. The tree has
// one way only to each of its nodes and a node one place in the path, so no
// node is entered twice and no path, however it is made, costs more than the
// nodes whose texts and converters it matches.
#include <assert.h>

#include <retort/base/vec.h>
#include <retort/http/percent.h>

#include "routing/conv.h"
#include "routing/map.h"

// A search. Positions in the path are where segments begin; the one after the
// last segment is path.len + 1.
typedef struct walk {
    const rt_url_map *map;
    rt_arena *arena;
    const rt_url_target *target;
    rt_str path;
    rt_method_set allow; // of the rules that have the path, but not the method
    const rt_url_rule *rule; // found
    bool slash_missing;      // found, if the path had a slash at its end
    bool handshake_differs;  // a rule has the path, for other handshakes
    rt_str values[RT_URL_RULE_VARIABLES_MAX];
    size_t values_len;
} walk;

static bool allows(const walk *w, const rt_url_rule *rule)
{
    return rt__rule_allows(rule, w->target->method, w->target->method_text);
}

// The first of a node's rules that has the method. With `loose_only`, the path
// has a slash too many, and strict rules do not count.
static bool take_rule(walk *w, const rt__node *node, bool loose_only)
{
    for (const rt_url_rule *rule = node->rules; rule; rule = rule->next) {
        if (loose_only && rule->strict_slashes)
            continue;
        if (!allows(w, rule)) {
            rt_method_set_join(&w->allow, w->arena, rule->methods);
        } else if (rule->websocket != w->target->websocket) {
            w->handshake_differs = true;
        } else {
            w->rule = rule;
            return true;
        }
    }
    return false;
}

// The path ends at a node: its rules, or those a slash away.
static bool end_walk(walk *w, const rt__node *node)
{
    if (take_rule(w, node, false))
        return true;
    if (!node->slash)
        return false;

    const rt_url_rule *rule = w->map->nodes[node->slash].rules;
    for (; rule; rule = rule->next) {
        if (allows(w, rule) && rule->websocket == w->target->websocket) {
            w->rule = rule;
            w->slash_missing = rule->strict_slashes;
            return true;
        }
    }
    return false;
}

// The edges of a node that may fit, in order: all, or the chains of the affixes
// that the path has.
typedef struct edges {
    const rt__edge *items;
    uint32_t len;
    uint32_t at; // without chains: the next edge
    uint32_t chains_len;
    uint32_t *chains; // the next edge of each, plus 1; 0 at its end
} edges;

static rt_str text_at(const walk *w, rt__affix_place place, size_t at,
                      rt_str segment)
{
    rt_str rest = rt_str_of(segment.data, w->path.len - at);
    if (place == AFFIX_FRONT || place == AFFIX_END)
        return segment;
    if (place == AFFIX_SLASHED_END && rest.len &&
        rest.data[rest.len - 1] == '/')
        rest.len--;
    return rest;
}

// Collect the chains of one place, for each length an affix has there.
static void find_chains(const walk *w, uint32_t node, rt__affix_place place,
                        rt_str text, edges *out)
{
    uint32_t lens = w->map->nodes[node].affix_lens[place];
    uint32_t key = rt__affix_key(node, place);
    for (; lens; lens &= lens - 1) {
        size_t len = (size_t)__builtin_ctz(lens);
        if (len > text.len)
            return;
        size_t start = place == AFFIX_FRONT ? 0 : text.len - len;
        uint32_t first = rt__table_get(&w->map->table, key,
                                       rt_str_of(text.data + start, len));
        if (first)
            out->chains[out->chains_len++] = first;
    }
}

static void find_edges(const walk *w, uint32_t node, size_t at, rt_str segment,
                       edges *out)
{
    const rt__node *n = &w->map->nodes[node];
    *out = (edges){.items = n->edges, .len = n->edges_len};
    if (!n->has_affixes)
        return;

    size_t most = 0;
    for (int place = 0; place < RT__AFFIX_PLACES; place++)
        most += (size_t)__builtin_popcount(n->affix_lens[place]);
    out->len = 0;
    out->chains = rt_arena_alloc(w->arena, most * sizeof *out->chains);
    for (int place = 0; place < RT__AFFIX_PLACES; place++) {
        rt__affix_place p = (rt__affix_place)place;
        find_chains(w, node, p, text_at(w, p, at, segment), out);
    }
}

static const rt__edge *next_edge(edges *e)
{
    if (e->at < e->len)
        return &e->items[e->at++];

    uint32_t *least = NULL;
    for (uint32_t i = 0; i < e->chains_len; i++) {
        if (e->chains[i] && (!least || e->chains[i] < *least))
            least = &e->chains[i];
    }
    if (!least)
        return NULL;
    const rt__edge *edge = &e->items[*least - 1];
    *least = edge->next;
    return edge;
}

static bool take_node(walk *w, uint32_t node, size_t at);

static bool take_edges(walk *w, uint32_t node, size_t at, rt_str segment)
{
    edges e;
    find_edges(w, node, at, segment, &e);
    size_t values_len = w->values_len;

    for (const rt__edge *edge; (edge = next_edge(&e));) {
        const rt__part *part = edge->part;
        bool slash = false;
        rt_str text = segment;
        if (part->final)
            text.len = w->path.len - at;
        if (!rt__part_match(part, w->arena, text, w->values + values_len,
                            &slash))
            continue;

        size_t next = at + text.len + 1;
        if (slash) // the slash that was left over, and nothing behind it
            next = w->path.len;
        w->values_len = values_len + part->convs_len;
        if (take_node(w, edge->node, next))
            return true;
        w->values_len = values_len;
    }
    return false;
}

static bool take_node(walk *w, uint32_t node, size_t at)
{
    const rt__node *n = &w->map->nodes[node];
    if (at > w->path.len)
        return end_walk(w, n);

    const char *start = w->path.data + at;
    const char *end = memchr(start, '/', w->path.len - at);
    rt_str segment = {start, end ? (size_t)(end - start) : w->path.len - at};

    if (n->has_steps) {
        uint32_t next = rt__table_get(&w->map->table, node, segment);
        if (next && take_node(w, next, at + segment.len + 1))
            return true;
    }
    if (n->edges_len && take_edges(w, node, at, segment))
        return true;
    return at == w->path.len && take_rule(w, n, true);
}

// As take_edges, for the step from a host to the root of its paths.
static bool take_host(walk *w, rt_str host)
{
    uint32_t root = rt__table_get(&w->map->table, RT__NODE_HOSTS, host);
    if (root && take_node(w, root, 1))
        return true;

    edges e;
    find_edges(w, RT__NODE_HOSTS, w->path.len, host, &e);
    for (const rt__edge *edge; (edge = next_edge(&e));) {
        bool slash = false;
        if (!rt__part_match(edge->part, w->arena, host, w->values, &slash))
            continue;
        w->values_len = edge->part->convs_len;
        if (take_node(w, edge->node, 1))
            return true;
        w->values_len = 0;
    }
    return false;
}

static bool take_path(walk *w, rt_str path)
{
    w->path = path;
    w->values_len = 0;
    return w->target->host.len ? take_host(w, w->target->host)
                               : take_node(w, RT__NODE_ROOT, 1);
}

// A path without variables that has a rule of the method is what a search would
// find first, so there need be none. NULL when there is no such rule.
static const rt_url_rule *find_whole(const rt_url_map *map,
                                     const rt_url_target *target, rt_str path)
{
    if (!(map->static_lens >> (path.len & 63) & 1) || target->host.len)
        return NULL;
    uint32_t node = rt__table_get(&map->table, RT__NODE_NONE, path);
    const rt_url_rule *rule = map->nodes[node].rules;
    while (rule &&
           (!rt__rule_allows(rule, target->method, target->method_text) ||
            rule->websocket != target->websocket))
        rule = rule->next;
    return rule;
}

// ---- paths --------------------------------------------------------------

// Slashes at the front are one.
static rt_str trim_front(rt_str path)
{
    while (path.len > 1 && path.data[0] == '/' && path.data[1] == '/') {
        path.data++;
        path.len--;
    }
    return path;
}

static bool has_slashes(rt_str path)
{
    return rt_str_find(path, RT_STR("//")) != RT_STR_NONE;
}

static rt_str merge_slashes(rt_arena *arena, rt_str path)
{
    char *merged = rt_arena_alloc(arena, path.len);
    size_t len = 0;
    for (size_t i = 0; i < path.len; i++) {
        if (path.data[i] != '/' || !len || merged[len - 1] != '/')
            merged[len++] = path.data[i];
    }
    return rt_str_of(merged, len);
}

static rt_str locate(rt_arena *arena, rt_str path, bool add_slash)
{
    rt_buf buf;
    rt_buf_init(&buf, arena);
    rt_percent_put(&buf, path, RT_PERCENT_PATH);
    if (add_slash && !rt_str_eq(path, RT_STR("/")))
        rt_buf_put_char(&buf, '/');
    return rt_buf_str(&buf);
}

// ---- results ------------------------------------------------------------

static rt_url_outcome redirect(rt_url_result *out, rt_str location)
{
    *out = (rt_url_result){
        .outcome = RT_URL_REDIRECT,
        .location = location,
    };
    return out->outcome;
}

static rt_url_outcome refuse(const walk *w, rt_url_result *out)
{
    *out = (rt_url_result){.outcome = RT_URL_NOT_FOUND};
    if (!rt_method_set_is_empty(w->allow)) {
        out->outcome = RT_URL_METHOD_NOT_ALLOWED;
        out->allow = w->allow;
    } else if (w->handshake_differs) {
        out->outcome = RT_URL_NO_HANDSHAKE;
    }
    return out->outcome;
}

// The values of the variables, in their order, then the defaults; one of the
// same name as a variable takes its place.
static rt_status parse_args(const walk *w, rt_url_result *out)
{
    const rt_url_rule *rule = w->rule;
    rt_pair *args = rt_arena_alloc(w->arena, rule->names_len * sizeof *args);

    assert(w->values_len == rule->variables_len);
    for (size_t i = 0; i < rule->variables_len; i++) {
        args[i].name = rule->names[i];
        rt_status status = rt__conv_parse(rule->convs[i], w->arena,
                                          w->values[i], &args[i].value);
        if (status)
            return status;
    }
    for (size_t i = 0; rule->has_defaults && i < rule->names_len; i++) {
        const rt_value *value =
            rt__args_get(rule->defaults.items, rule->defaults.len,
                         rule->names[i]);
        args[i].name = rule->names[i];
        if (value)
            args[i].value = *value;
    }
    out->args = args;
    out->args_len = rule->names_len;
    return RT_OK;
}

// Redirect to another rule of the endpoint, with the same values.
static bool redirect_to_rule(const walk *w, const rt_url_rule *rule,
                             rt_url_result *out)
{
    rt_buf path, host;
    rt_buf_init(&path, w->arena);
    rt_buf_init(&host, w->arena);
    if (rt__rule_put_path(rule, out->args, out->args_len, &path, NULL) ||
        rt__rule_put_host(rule, out->args, out->args_len, &host, NULL))
        return false;
    redirect(out, rt_buf_str(&path));
    out->host = rt_buf_str(&host);
    return true;
}

// Redirect to the rule whose defaults are the values of this one.
static bool redirect_to_default(const walk *w, rt_url_result *out)
{
    for (size_t i = 0; i < w->rule->rivals_len; i++) {
        const rt_url_rule *rival = w->rule->rivals[i];
        if (allows(w, rival) &&
            rt__rule_suits(rival, out->args, out->args_len) &&
            redirect_to_rule(w, rival, out))
            return true;
    }
    return false;
}

// Redirect from an alias to the rule that is none.
static bool redirect_to_canonical(const walk *w, rt_url_result *out)
{
    const rt__endpoint *endpoint =
        rt_map_get(&w->map->endpoints, rt_str_from(w->rule->endpoint));
    rt_vec_each(rt_url_rule *, rule, &endpoint->rules) {
        if (!(*rule)->alias && allows(w, *rule) &&
            rt__rule_suits(*rule, out->args, out->args_len) &&
            redirect_to_rule(w, *rule, out))
            return true;
    }
    return false;
}

// Redirect to where the rule's paths have moved.
static rt_url_outcome redirect_away(const walk *w, rt_url_result *out)
{
    rt_buf buf;
    rt_buf_init(&buf, w->arena);
    rt_str location;
    rt_status status;
    if (w->rule->redirect_fn) {
        status = w->rule->redirect_fn(w->rule->redirect_arg, w->arena,
                                      out->args, out->args_len, &location);
    } else {
        status = rt__rule_put_redirect(w->rule, out->args, out->args_len, &buf);
        location = rt_buf_str(&buf);
    }
    if (status)
        return refuse(w, out);
    redirect(out, location);
    out->moved = true;
    return out->outcome;
}

static rt_url_outcome accept(const walk *w, rt_url_result *out)
{
    *out = (rt_url_result){.outcome = RT_URL_FOUND, .rule = w->rule};
    if ((w->rule->variables_len || w->rule->has_defaults) && parse_args(w, out))
        return refuse(w, out);

    if (!w->rule->is_plain) {
        if (w->rule->alias && w->map->redirect_defaults &&
            redirect_to_canonical(w, out))
            return out->outcome;
        if (w->rule->has_rivals && redirect_to_default(w, out))
            return out->outcome;
        if (w->rule->redirect_to.data || w->rule->redirect_fn)
            return redirect_away(w, out);
    }
    if (w->rule->automatic_options && w->target->method == RT_METHOD_OPTIONS) {
        out->automatic_options = true;
        out->allow = rt_url_allowed_methods(w->map, w->arena, w->target);
    }
    return out->outcome;
}

static RT_NOINLINE rt_url_outcome search(const rt_url_map *map, rt_arena *arena,
                                         const rt_url_target *target,
                                         rt_str path, rt_url_result *out)
{
    walk w;
    w.map = map;
    w.arena = arena;
    w.target = target;
    w.allow = (rt_method_set){0};
    w.rule = NULL;
    w.slash_missing = false;
    w.handshake_differs = false;
    w.values_len = 0;

    if (path.len && path.data[0] != '/')
        return refuse(&w, out);
    bool found = take_path(&w, path);
    if (found && w.slash_missing)
        return redirect(out, locate(arena, path, true));
    if (found)
        return accept(&w, out);
    if (!map->merge_slashes || !has_slashes(path))
        return refuse(&w, out);

    path = merge_slashes(arena, path);
    found = take_path(&w, path);
    if (found && w.slash_missing)
        return redirect(out, locate(arena, path, true));
    if (found && w.rule->merge_slashes)
        return redirect(out, locate(arena, path, false));
    return refuse(&w, out);
}

rt_url_outcome rt_url_match(const rt_url_map *map, rt_arena *arena,
                            const rt_url_target *target, rt_url_result *out)
{
    assert(map->compiled);
    rt_str path = trim_front(target->path);
    const rt_url_rule *rule = find_whole(map, target, path);
    if (!rule || !rule->is_plain || target->method == RT_METHOD_OPTIONS)
        return search(map, arena, target, path, out);

    *out = (rt_url_result){.outcome = RT_URL_FOUND, .rule = rule};
    return out->outcome;
}

rt_method_set rt_url_allowed_methods(const rt_url_map *map, rt_arena *arena,
                                     const rt_url_target *target)
{
    // No rule has the empty method, so all rules with the path are seen.
    rt_url_target any = *target;
    any.method = RT_METHOD_OTHER;
    any.method_text = (rt_str){0};
    rt_url_result result;
    rt_url_match(map, arena, &any, &result);
    return result.allow;
}
