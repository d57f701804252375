// Scopes: which slot a name means where.
//
// The rules are Jinja's. A scope knows the names it loads and those it stores,
// in the order of the source. A name that is loaded before the scope has stored
// it means the outer scope's variable, or else what the context says when the
// scope is entered. One that is stored first begins with the outer value, or
// unset. Branches of an `if` are no scopes: what only some of them store may
// be unset afterwards, and then is the outer or the context's again.
#pragma once

#include <retort/base/map.h>
#include <retort/base/vec.h>

#include "template/ast.h"
#include "template/code.h"

// How a slot is filled when its scope is entered.
typedef enum rt__load {
    RT__LOAD_PARAMETER, // by whoever enters
    RT__LOAD_RESOLVE,   // from the context
    RT__LOAD_ALIAS,     // from an outer scope's slot
    RT__LOAD_UNSET,
} rt__load;

typedef struct rt__symbol {
    rt_str name; // interned
    uint32_t slot;
    rt__load load;
    bool stored;
    bool loaded; // has an entry in the loads of its scope
    // RT__LOAD_ALIAS: the outer slot.
    struct rt__unit *outer_unit;
    uint32_t outer_slot;
} rt__symbol;

typedef struct rt__scope {
    struct rt__scope *parent;
    struct rt__unit *unit; // the code it belongs to
    rt_arena *arena;
    RT_VEC(rt__symbol) symbols;
    rt_map index; // of the symbols, by name, when there are many
    // In a branch: what was known before it. `symbols` are what it changes.
    struct rt__scope *before;
    // Slots once given to a name of this scope, also in another branch; plus one.
    rt_map *slots;
} rt__scope;

// Start a scope inside another one (NULL: none) for a code being compiled.
void rt__scope_init(rt__scope *scope, rt__scope *parent, struct rt__unit *unit,
                    rt_arena *arena);

// Give a name a slot that is filled from outside.
uint32_t rt__scope_parameter(rt__scope *scope, rt_str name);

// Note the names of a node, or of several, as they are seen from a scope.
void rt__scope_visit(rt__scope *scope, rt__node *node);
void rt__scope_visit_all(rt__scope *scope, rt__nodes nodes);
// Those of a target that is filled from outside.
void rt__scope_visit_target(rt__scope *scope, rt__node *target);

// Find the slot of a name and the code whose frame has it.
const rt__symbol *rt__scope_find(const rt__scope *scope, rt_str name,
                                 struct rt__unit **unit);

// Whether a scope itself has a variable of that name.
bool rt__scope_stores(const rt__scope *scope, rt_str name);

// Find out whether nodes load a name of the outside; blocks are not entered.
bool rt__mentions(rt__nodes nodes, rt_str name);
