// The inside of a map: rules, and the tree that finds them.
//
//     /post/<int:id>    /post/new    /wiki/<path:p>
//
//     root -- "post" --> ( ) -- "new" ---> (rule)
//       |                 +---- <int> ---> (rule)
//       +---- "wiki" --> ( ) --- <path> --> (rule)
//
// A node has steps by text, which are in the map's hash table, and edges with
// converters, in the order in which they are tried. At the end stand the rules,
// which differ in methods. The root is behind the slash all paths begin with;
// each host that rules name has another, to which the node of hosts leads.
#pragma once

#include <retort/base/map.h>
#include <retort/base/vec.h>

#include "routing/pattern.h"
#include "routing/table.h"

struct rt_url_rule {
    // First what matching reads, in one line of the processor's cache; the
    // arrays of converters and names are right behind the structure.
    rt_method_set methods;
    struct rt_url_rule *next;     // at the same node
    const rt__conv *const *convs; // of the variables
    // Names that have a value with this rule: variables, then further defaults.
    const char *const *names;
    uint8_t variables_len;
    bool any_method;
    bool automatic_options;
    bool strict_slashes;
    bool merge_slashes;
    bool build_only;
    bool has_rivals;
    bool has_defaults;
    bool websocket;
    bool is_plain; // found means found: no defaults, rivals or redirects

    uint32_t names_len;
    // Rules of the same endpoint and variables that redirect this one's paths
    // where their defaults agree.
    uint32_t rivals_len;
    const struct rt_url_rule *const *rivals;
    rt_url_defaults defaults;
    rt_str text;
    const char *endpoint;
    void *data;
    const rt_url_variable *variables;
    const rt__trace *traces; // of the host first
    size_t traces_len, host_traces_len;
    rt_str host;
    bool alias;
    // A rule that redirects has one of the two.
    rt_str redirect_to;
    rt_url_redirect_fn *redirect_fn;
    void *redirect_arg;
};

typedef struct rt__edge {
    const rt__part *part;
    uint32_t node;
    uint32_t next; // the next edge with the same affix, plus 1; 0: none
} rt__edge;

// An affix is a text that a path must have for an edge to be worth a look: what
// its part begins with or, when that is a converter, what it ends in.
typedef enum rt__affix_place {
    AFFIX_FRONT,      // of the segment
    AFFIX_END,        // of the segment
    AFFIX_PATH_END,   // of what is left of the path, for a final part
    AFFIX_SLASHED_END // the same without one slash at its end
} rt__affix_place;

#define RT__AFFIX_PLACES 4

// An affix counts with as many bytes as the bits below can tell.
#define RT__AFFIX_MAX 31u

// One line of the processor's cache.
typedef struct rt__node {
    rt_url_rule *rules;
    rt__edge *edges;
    uint32_t edges_len;
    uint32_t slash; // the node behind an empty text; 0: none
    bool has_steps; // by text
    // When compiled, a node with many edges finds them by affix: bit n of
    // affix_lens is set where there is an affix of n bytes in that place, and
    // the table leads from it to the first edge that has it. `edges` of a node
    // with a single edge is in the node itself.
    bool has_affixes;

    union {
        rt__edge only;
        uint32_t affix_lens[RT__AFFIX_PLACES];
    };

    // Nodes reached by text, in the order of addition.
    uint32_t child, last_child, sibling;
} rt__node;

// The nodes are numbered; these are keys of the table, too.
#define RT__NODE_NONE  0u // also: the node of whole paths without variables
#define RT__NODE_ROOT  1u
#define RT__NODE_HOSTS 2u // leads to the roots of hosts

// The key of a node's affixes in the table.
static inline uint32_t rt__affix_key(uint32_t node, rt__affix_place place)
{
    return node | (uint32_t)(place + 1) << 29;
}

// The rules of one endpoint, in the order in which building tries them.
typedef struct rt__endpoint {
    RT_VEC(rt_url_rule *) rules;
} rt__endpoint;

struct rt_url_map {
    rt_arena *arena;
    bool strict_slashes;
    bool merge_slashes;
    bool redirect_defaults;
    bool host_matching;
    bool compiled;
    rt__table table;
    rt__node *nodes;
    uint32_t nodes_len;
    uint64_t static_lens; // bit n: a path without variables has n bytes, mod 64
    RT_VEC(rt_url_rule *) rules;
    rt_map endpoints; // name to rt__endpoint, in the order of addition

    // While rules are added.
    rt__patterns patterns;
    rt__table edges; // by affix: the edge added last, whose `next` leads on
    uint32_t nodes_cap;
};

// Make the nodes every tree has.
void rt__tree_init(rt_url_map *map);

// Find the node where a pattern ends, or RT__NODE_NONE.
uint32_t rt__tree_find(const rt_url_map *map, const rt__pattern *pattern);

// Put a rule with that pattern into the tree.
void rt__tree_insert(rt_url_map *map, const rt__pattern *pattern,
                     rt_url_rule *rule);

// Put the edges of all nodes in order.
void rt__tree_compile(rt_url_map *map);

// True when a rule allows a method. The empty text is none that any rule has.
static inline bool rt__rule_allows(const rt_url_rule *rule, rt_method method,
                                   rt_str text)
{
    if (method != RT_METHOD_OTHER)
        return rule->any_method || rule->methods.known >> method & 1;
    return text.len &&
           (rule->any_method || rt_method_set_has(rule->methods, method, text));
}

// Whether one name may have been meant by the other.
bool rt__names_alike(const char *name, const char *other);

// True when a name has a value with a rule.
bool rt__rule_has_name(const rt_url_rule *rule, const char *name);

// The value `args` have for a name, the last of several; NULL when there is
// none.
const rt_value *rt__args_get(const rt_pair *args, size_t args_len,
                             const char *name);

// True when building can take a rule with these values.
bool rt__rule_suits(const rt_url_rule *rule, const rt_pair *args,
                    size_t args_len);

// Append the host of a rule.
rt_status rt__rule_put_host(const rt_url_rule *rule, const rt_pair *args,
                            size_t args_len, rt_buf *out, rt_error *err);

// Append what a rule redirects to, with the texts of its variables.
rt_status rt__rule_put_redirect(const rt_url_rule *rule, const rt_pair *args,
                                size_t args_len, rt_buf *out);

// True when all `<name>` of what a rule redirects to are its variables;
// otherwise `*unknown` is one that is not.
bool rt__rule_knows_redirect(const rt_url_rule *rule, rt_str *unknown);

// Append the path of a rule; slashes at its front are one.
rt_status rt__rule_put_path(const rt_url_rule *rule, const rt_pair *args,
                            size_t args_len, rt_buf *out, rt_error *err);
