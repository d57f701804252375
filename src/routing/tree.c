// Growing the tree of rules and putting it in order.
#include <assert.h>
#include <stdlib.h>

#include "routing/map.h"

// With fewer edges, looking at each costs less than looking them up.
#define EDGES_TO_INDEX 6

#define NODES_AT_FIRST 8

static rt__node *node_at(const rt_url_map *map, uint32_t node)
{
    assert(node < map->nodes_len);
    return &map->nodes[node];
}

static uint32_t new_node(rt_url_map *map)
{
    if (map->nodes_len == map->nodes_cap) {
        uint32_t cap = map->nodes_cap ? 2 * map->nodes_cap : NODES_AT_FIRST;
        rt__node *nodes = rt__table_lines(map->arena, cap * sizeof *nodes);
        if (map->nodes_len)
            memcpy(nodes, map->nodes, map->nodes_len * sizeof *nodes);
        map->nodes = nodes;
        map->nodes_cap = cap;
    }
    return map->nodes_len++;
}

void rt__tree_init(rt_url_map *map)
{
    rt__table_init(&map->table, map->arena);
    rt__table_init(&map->edges, map->arena);
    new_node(map); // RT__NODE_NONE
    new_node(map); // RT__NODE_ROOT
    new_node(map); // RT__NODE_HOSTS
}

typedef struct affix {
    rt__affix_place place;
    rt_str text;
} affix;

static affix affix_of(const rt__part *part)
{
    affix a = {AFFIX_FRONT, rt_str_slice(part->prefix, 0, RT__AFFIX_MAX)};
    if (part->prefix.len || !part->suffix.len)
        return a;

    a.place = part->slashed ? AFFIX_SLASHED_END
              : part->final ? AFFIX_PATH_END
                            : AFFIX_END;
    size_t len = part->suffix.len;
    size_t cut = len > RT__AFFIX_MAX ? len - RT__AFFIX_MAX : 0;
    a.text = rt_str_slice(part->suffix, cut, len);
    return a;
}

static uint32_t get_edge(const rt__table *table, uint32_t node, affix a)
{
    return rt__table_get(table, rt__affix_key(node, a.place), a.text);
}

static void put_edge(rt__table *table, uint32_t node, affix a, uint32_t edge)
{
    rt__table_put(table, rt__affix_key(node, a.place), a.text, edge);
}

static uint32_t find_edge(const rt_url_map *map, uint32_t node,
                          const rt__part *part)
{
    const rt__edge *edges = node_at(map, node)->edges;
    uint32_t at = get_edge(&map->edges, node, affix_of(part));
    for (; at; at = edges[at - 1].next) {
        const rt__edge *edge = &edges[at - 1];
        if (edge->part == part || rt__part_equal(edge->part, part))
            return edge->node;
    }
    return RT__NODE_NONE;
}

static uint32_t find_step(const rt_url_map *map, uint32_t node,
                          const rt__part *part)
{
    return part->convs_len ? find_edge(map, node, part)
                           : rt__table_get(&map->table, node, part->text);
}

uint32_t rt__tree_find(const rt_url_map *map, const rt__pattern *pattern)
{
    uint32_t node = RT__NODE_ROOT;
    if (pattern->host)
        node = find_step(map, RT__NODE_HOSTS, pattern->host);
    for (size_t i = 0; i < pattern->parts_len && node; i++)
        node = find_step(map, node, pattern->parts[i]);
    return node;
}

static void add_edge(rt_url_map *map, uint32_t node, const rt__part *part,
                     uint32_t to)
{
    rt__node *n = node_at(map, node);
    size_t len = n->edges_len;
    if ((len & (len - 1)) == 0) { // full at each power of two
        n->edges = rt_arena_grow(map->arena, n->edges, len * sizeof *n->edges,
                                 (len ? 2 * len : 1) * sizeof *n->edges);
    }
    affix a = affix_of(part);
    n->edges[n->edges_len++] = (rt__edge){
        .part = part,
        .node = to,
        .next = get_edge(&map->edges, node, a),
    };
    put_edge(&map->edges, node, a, n->edges_len);
}

static void add_text(rt_url_map *map, uint32_t node, rt_str text, uint32_t to)
{
    rt__node *n = node_at(map, node);
    rt__table_put(&map->table, node, text, to);
    n->has_steps = true;
    if (!text.len)
        n->slash = to;

    if (n->child) {
        node_at(map, n->last_child)->sibling = to;
    } else {
        n->child = to;
    }
    n->last_child = to;
}

static uint32_t add_step(rt_url_map *map, uint32_t node, const rt__part *part)
{
    uint32_t to = new_node(map);
    if (part->convs_len) {
        add_edge(map, node, part, to);
    } else {
        add_text(map, node, part->text, to);
    }
    return to;
}

static uint32_t enter(rt_url_map *map, uint32_t node, const rt__part *part)
{
    uint32_t next = find_step(map, node, part);
    return next ? next : add_step(map, node, part);
}

// A path without variables needs no walk.
static void add_path(rt_url_map *map, const rt__pattern *pattern, uint32_t node)
{
    rt_buf path;
    rt_buf_init(&path, map->arena);
    for (size_t i = 0; i < pattern->parts_len; i++) {
        rt_buf_put_char(&path, '/');
        rt_buf_put(&path, pattern->parts[i]->text);
    }
    rt__table_put(&map->table, RT__NODE_NONE, rt_buf_str(&path), node);
    map->static_lens |= 1ull << (path.len & 63);
}

void rt__tree_insert(rt_url_map *map, const rt__pattern *pattern,
                     rt_url_rule *rule)
{
    uint32_t node = RT__NODE_ROOT;
    if (pattern->host)
        node = enter(map, RT__NODE_HOSTS, pattern->host);
    for (size_t i = 0; i < pattern->parts_len; i++)
        node = enter(map, node, pattern->parts[i]);

    rt_url_rule **link = &node_at(map, node)->rules;
    while (*link)
        link = &(*link)->next;
    *link = rule;
    if (!pattern->variables_len && !pattern->host)
        add_path(map, pattern, node);
}

// ---- order --------------------------------------------------------------

// Nodes are numbered as they are added, which decides between equals.
static int compare_edges(const void *a, const void *b)
{
    const rt__edge *x = a;
    const rt__edge *y = b;
    int order = rt__part_compare(x->part, y->part);
    return order ? order : (x->node > y->node) - (x->node < y->node);
}

// Chain the edges by affix, from the last to the first, so that each chain is
// in order.
static void index_edges(rt_url_map *map, uint32_t node)
{
    rt__node *n = node_at(map, node);
    n->has_affixes = true;
    for (uint32_t i = n->edges_len; i-- > 0;) {
        affix a = affix_of(n->edges[i].part);
        n->edges[i].next = get_edge(&map->table, node, a);
        put_edge(&map->table, node, a, i + 1);
        n->affix_lens[a.place] |= 1u << a.text.len;
    }
}

void rt__tree_compile(rt_url_map *map)
{
    for (uint32_t i = 0; i < map->nodes_len; i++) {
        rt__node *n = node_at(map, i);
        if (n->edges_len > 1)
            qsort(n->edges, n->edges_len, sizeof *n->edges, compare_edges);
        if (n->edges_len > EDGES_TO_INDEX)
            index_edges(map, i);
        if (n->edges_len == 1) {
            n->only = n->edges[0];
            n->edges = &n->only;
        }
    }
}
