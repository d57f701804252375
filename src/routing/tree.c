// Growing the tree of rules and putting it in order.
#include <assert.h>
#include <stdlib.h>

#include "routing/map.h"

// With fewer edges, looking at each costs less than looking them up.
#define EDGES_TO_INDEX 6

static rt__node *node_at(const rt_url_map *map, uint32_t node)
{
    assert(node < map->nodes.len);
    return &map->nodes.items[node];
}

static uint32_t find_edge(const rt_url_map *map, uint32_t node,
                          const rt__part *part)
{
    const rt__node *n = node_at(map, node);
    for (uint32_t i = 0; i < n->edges_len; i++) {
        if (rt__part_equal(n->edges[i].part, part))
            return n->edges[i].node;
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
    for (size_t i = 0; i < pattern->parts_len && node; i++)
        node = find_step(map, node, &pattern->parts[i]);
    return node;
}

static void add_edge(rt_url_map *map, uint32_t node, const rt__part *part,
                     uint32_t to)
{
    rt__node *n = node_at(map, node);
    size_t len = n->edges_len;
    if ((len & (len - 1)) == 0) // full at each power of two
        n->edges = rt_arena_grow(map->arena, n->edges, len * sizeof *n->edges,
                                 (len ? 2 * len : 1) * sizeof *n->edges);
    n->edges[n->edges_len++] = (rt__edge){.part = part, .node = to};
}

static void add_text(rt_url_map *map, uint32_t node, rt_str text, uint32_t to)
{
    rt__node *n = node_at(map, node);
    rt__table_put(&map->table, node, text, to);
    n->has_steps = true;
    if (!text.len)
        n->slash = to;

    if (n->child)
        node_at(map, n->last_child)->sibling = to;
    else
        n->child = to;
    n->last_child = to;
}

static uint32_t add_step(rt_url_map *map, uint32_t node, const rt__part *part)
{
    uint32_t to = (uint32_t)map->nodes.len;
    rt_vec_push(map->arena, &map->nodes);
    if (part->convs_len)
        add_edge(map, node, part, to);
    else
        add_text(map, node, part->text, to);
    return to;
}

static bool is_static(const rt__pattern *pattern)
{
    return pattern->variables_len == 0;
}

void rt__tree_insert(rt_url_map *map, rt_url_rule *rule)
{
    const rt__pattern *pattern = &rule->pattern;
    uint32_t node = RT__NODE_ROOT;
    for (size_t i = 0; i < pattern->parts_len; i++) {
        uint32_t next = find_step(map, node, &pattern->parts[i]);
        node = next ? next : add_step(map, node, &pattern->parts[i]);
    }

    rt_url_rule **link = &node_at(map, node)->rules;
    while (*link)
        link = &(*link)->next;
    *link = rule;

    // A path without variables needs no walk.
    if (is_static(pattern)) {
        rt_buf path;
        rt_buf_init(&path, map->arena);
        for (size_t i = 0; i < pattern->parts_len; i++) {
            rt_buf_put_char(&path, '/');
            rt_buf_put(&path, pattern->parts[i].text);
        }
        rt__table_put(&map->table, RT__NODE_NONE, rt_buf_str(&path), node);
    }
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

// Chain the edges by prefix, from the last to the first, so that each chain is
// in order.
static void index_edges(rt_url_map *map, uint32_t node)
{
    rt__node *n = node_at(map, node);
    for (uint32_t i = n->edges_len; i-- > 0;) {
        rt__edge *edge = &n->edges[i];
        rt_str prefix = rt_str_slice(edge->part->prefix, 0, RT__PREFIX_MAX);
        uint32_t key = node | RT__NODE_EDGES;
        edge->next = rt__table_get(&map->table, key, prefix);
        rt__table_put(&map->table, key, prefix, i + 1);
        n->prefix_lens |= 1u << prefix.len;
    }
}

void rt__tree_compile(rt_url_map *map)
{
    for (uint32_t i = 0; i < map->nodes.len; i++) {
        rt__node *n = node_at(map, i);
        if (n->edges_len > 1)
            qsort(n->edges, n->edges_len, sizeof *n->edges, compare_edges);
        if (n->edges_len > EDGES_TO_INDEX)
            index_edges(map, i);
    }
}
