#include "template/scope.h"

#include <assert.h>

#include "template/compile.h"

void rt__scope_init(rt__scope *scope, rt__scope *parent, rt__unit *unit,
                    rt_arena *arena)
{
    *scope = (rt__scope){.parent = parent, .unit = unit, .arena = arena};
    rt_map_init(&scope->index, arena);
    scope->slots = rt_new(arena, rt_map, 1);
    rt_map_init(scope->slots, arena);
}

// More symbols than this are looked up in the index.
#define FEW 8u

static bool is_name(rt_str a, rt_str b)
{
    return a.data == b.data || rt_str_eq(a, b); // most are interned
}

static rt__symbol *find_own(const rt__scope *scope, rt_str name)
{
    size_t len = scope->symbols.len;
    if (len > FEW) {
        size_t at = (uintptr_t)rt_map_get(&scope->index, name);
        return at ? &scope->symbols.items[at - 1] : NULL;
    }
    for (size_t i = 0; i < len; i++)
        if (is_name(scope->symbols.items[i].name, name))
            return &scope->symbols.items[i];
    return NULL;
}

// What a scope knows, or a branch: that may be what was known before it.
static const rt__symbol *find_here(const rt__scope *scope, rt_str name)
{
    const rt__symbol *s = NULL;
    for (; scope && !s; scope = scope->before)
        s = find_own(scope, name);
    return s;
}

static void put_in_index(rt__scope *scope, size_t at)
{
    rt_map_put(&scope->index, scope->symbols.items[at].name,
               (void *)(uintptr_t)(at + 1));
}

static rt__symbol *add(rt__scope *scope, rt_str name)
{
    rt__symbol *s = rt_vec_push(scope->arena, &scope->symbols);
    size_t len = scope->symbols.len;
    s->name = name;
    if (len == FEW + 1) {
        for (size_t i = 0; i < len; i++)
            put_in_index(scope, i);
    } else if (len > FEW) {
        put_in_index(scope, len - 1);
    }
    return s;
}

// The same to be changed: a branch gets its own.
static rt__symbol *change(rt__scope *scope, rt_str name)
{
    rt__symbol *s = find_own(scope, name);
    const rt__symbol *known = s ? NULL : find_here(scope, name);
    if (known) {
        s = add(scope, name);
        *s = *known;
    }
    return s;
}

bool rt__scope_stores(const rt__scope *scope, rt_str name)
{
    const rt__symbol *s = find_own(scope, name);
    return s && s->stored;
}

const rt__symbol *rt__scope_find(const rt__scope *scope, rt_str name,
                                 rt__unit **unit)
{
    for (; scope; scope = scope->parent) {
        const rt__symbol *s = find_here(scope, name);
        if (s) {
            *unit = scope->unit;
            return s;
        }
    }
    return NULL;
}

static uint32_t slot_for(rt__scope *scope, rt_str name)
{
    uintptr_t known = (uintptr_t)rt_map_get(scope->slots, name);
    if (known)
        return (uint32_t)(known - 1);
    uint32_t slot = rt__unit_slot(scope->unit, name);
    rt_map_put(scope->slots, name, (void *)((uintptr_t)slot + 1));
    return slot;
}

static rt__symbol *define(rt__scope *scope, rt_str name, rt__load load)
{
    rt__symbol *s = change(scope, name);
    if (!s) {
        uint32_t slot = slot_for(scope, name);
        s = add(scope, name);
        s->slot = slot;
    }
    s->load = load;
    s->loaded = true;
    return s;
}

uint32_t rt__scope_parameter(rt__scope *scope, rt_str name)
{
    rt__symbol *s = define(scope, name, RT__LOAD_PARAMETER);
    s->stored = true;
    return s->slot;
}

static void set_alias(rt__symbol *s, const rt__symbol *outer, rt__unit *unit)
{
    s->load = RT__LOAD_ALIAS;
    s->outer_unit = unit;
    s->outer_slot = outer->slot;
}

static void store(rt__scope *scope, rt_str name)
{
    const rt__symbol *known = find_here(scope, name);
    if (known) {
        if (!known->stored)
            change(scope, name)->stored = true;
        return;
    }
    rt__unit *unit = NULL;
    const rt__symbol *outer = rt__scope_find(scope->parent, name, &unit);
    rt__symbol *s = define(scope, name, RT__LOAD_UNSET);
    s->stored = true;
    if (outer)
        set_alias(s, outer, unit);
}

static void load(rt__scope *scope, rt_str name)
{
    rt__unit *unit;
    if (!rt__scope_find(scope, name, &unit))
        define(scope, name, RT__LOAD_RESOLVE);
}

// ---- branches -------------------------------------------------------------------

// What is known in one branch: the symbols are its own, the slots are shared.
static rt__scope branch_of(rt__scope *scope)
{
    rt__scope branch = *scope;
    branch.symbols.items = NULL;
    branch.symbols.len = branch.symbols.cap = 0;
    rt_map_init(&branch.index, scope->arena);
    branch.before = scope;
    return branch;
}

// What a branch was the first to store is unset if the branch is not taken.
static void may_be_unset(rt__scope *scope, rt_str name)
{
    rt__symbol *s = change(scope, name);
    rt__unit *unit = NULL;
    const rt__symbol *outer = rt__scope_find(scope->parent, name, &unit);
    s->loaded = true;
    if (outer)
        set_alias(s, outer, unit);
    else
        s->load = RT__LOAD_RESOLVE;
}

static void join(rt__scope *scope, rt__scope *branches, size_t n)
{
    RT_VEC(rt_str) stored = {0}; // by branches first
    for (size_t b = 0; b < n; b++)
        rt_vec_each(rt__symbol, from, &branches[b].symbols) {
            const rt__symbol *known = find_here(scope, from->name);
            if (from->stored && !(known && known->stored))
                *rt_vec_push(scope->arena, &stored) = from->name;
        }
    for (size_t b = 0; b < n; b++)
        rt_vec_each(rt__symbol, from, &branches[b].symbols) {
            rt__symbol *s = change(scope, from->name);
            bool either = from->stored || (s && s->stored);
            if (!s)
                s = add(scope, from->name);
            *s = *from;
            s->stored = either;
        }
    rt_vec_each(rt_str, name, &stored)
        may_be_unset(scope, *name);
}

static void visit_if(rt__scope *scope, rt__ast_if *n)
{
    rt__scope branches[3];
    rt__scope_visit(scope, n->test);
    branches[0] = branch_of(scope);
    rt__scope_visit_all(&branches[0], n->body);
    branches[1] = branch_of(scope);
    rt__scope_visit_all(&branches[1], n->elifs);
    branches[2] = branch_of(scope);
    rt__scope_visit_all(&branches[2], n->otherwise);
    join(scope, branches, 3);
}

// ---- nodes ------------------------------------------------------------------------

static bool visit_child(void *arg, rt__node **child)
{
    rt__scope_visit(arg, *child);
    return true;
}

void rt__scope_visit_all(rt__scope *scope, rt__nodes nodes)
{
    for (size_t i = 0; i < nodes.len; i++)
        rt__scope_visit(scope, nodes.items[i]);
}

static void visit_imported(rt__scope *scope, rt__ast_from_import *n)
{
    rt__scope_visit(scope, n->template);
    for (size_t i = 0; i < n->names.len; i++)
        store(scope, rt__as_imported(n->names.items[i])->alias);
}

static void visit_trans(rt__scope *scope, rt__node *node)
{
    rt__ast_trans *n = rt__as_trans(node);
    load(scope, rt__trans_function(n));
    rt__node_each_child(node, visit_child, scope);
}

void rt__scope_visit(rt__scope *scope, rt__node *node)
{
    switch (node->kind) {
    case RT__NODE_NAME: {
        rt__ast_name *n = rt__as_name(node);
        if (n->store)
            store(scope, n->name);
        else
            load(scope, n->name);
        return;
    }
    case RT__NODE_NSREF: load(scope, rt__as_nsref(node)->name); return;
    case RT__NODE_IF: visit_if(scope, rt__as_if(node)); return;
    case RT__NODE_MACRO: store(scope, rt__as_macro(node)->name); return;
    case RT__NODE_IMPORT:
        rt__scope_visit(scope, rt__as_import(node)->template);
        store(scope, rt__as_import(node)->target);
        return;
    case RT__NODE_FROM_IMPORT:
        visit_imported(scope, rt__as_from_import(node));
        return;
    case RT__NODE_ASSIGN:
        rt__scope_visit(scope, rt__as_assign(node)->value);
        rt__scope_visit(scope, rt__as_assign(node)->target);
        return;
    case RT__NODE_FOR: rt__scope_visit(scope, rt__as_for(node)->iter); return;
    case RT__NODE_CALL_BLOCK:
        rt__scope_visit(scope, rt__as_call_block(node)->call);
        return;
    case RT__NODE_FILTER_BLOCK:
        rt__scope_visit(scope, rt__as_filter_block(node)->filter);
        return;
    case RT__NODE_WITH:
        rt__scope_visit_all(scope, rt__as_with(node)->values);
        return;
    case RT__NODE_ASSIGN_BLOCK:
        rt__scope_visit(scope, rt__as_assign_block(node)->target);
        return;
    case RT__NODE_AUTOESCAPE:
    case RT__NODE_BLOCK: return; // scopes of their own
    case RT__NODE_TRANS: visit_trans(scope, node); return;
    default: rt__node_each_child(node, visit_child, scope);
    }
}

void rt__scope_visit_target(rt__scope *scope, rt__node *target)
{
    if (target->kind == RT__NODE_NAME) {
        rt__scope_parameter(scope, rt__as_name(target)->name);
        return;
    }
    rt__ast_tuple *n = rt__as_tuple(target);
    for (size_t i = 0; i < n->items.len; i++)
        rt__scope_visit_target(scope, n->items.items[i]);
}

// ---- mentions ------------------------------------------------------------------------

typedef struct search {
    rt_str name;
    bool stored;
    bool found;
} search;

static bool look_at(void *arg, rt__node **child)
{
    search *s = arg;
    rt__node *node = *child;
    if (s->found || s->stored)
        return false;
    if (node->kind == RT__NODE_BLOCK)
        return true;
    if (node->kind == RT__NODE_PARAM &&
        rt_str_eq(rt__as_param(node)->name, s->name)) {
        s->stored = true;
        return false;
    }
    if (node->kind == RT__NODE_NAME &&
        rt_str_eq(rt__as_name(node)->name, s->name)) {
        if (rt__as_name(node)->store)
            s->stored = true;
        else
            s->found = true;
        return false;
    }
    return rt__node_each_child(node, look_at, arg);
}

bool rt__mentions(rt__nodes nodes, rt_str name)
{
    search s = {.name = name};
    for (size_t i = 0; i < nodes.len && !s.found && !s.stored; i++)
        look_at(&s, &nodes.items[i]);
    return s.found;
}
