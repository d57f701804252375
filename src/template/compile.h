// The compiler: from the syntax tree to codes.
#pragma once

#include <retort/base/vec.h>

#include "template/ast.h"
#include "template/code.h"
#include "template/env.h"
#include "template/scope.h"

typedef struct rt__compiler rt__compiler;

// What must be undone when a loop is left from inside: a capture or a mode of
// escaping.
typedef struct rt__open {
    bool capture;
    uint32_t slot; // of the old mode
    struct rt__open *outer;
} rt__open;

// A loop that can be left.
typedef struct rt__loop_labels {
    uint32_t next;         // where it goes on
    RT_VEC(uint32_t) ends; // jumps to be patched to its end
    rt__open *open;        // as it was at its start
    struct rt__loop_labels *outer;
} rt__loop_labels;

// A code being made.
typedef struct rt__unit {
    rt__compiler *compiler;
    struct rt__unit *outer; // the code this one stands in
    rt__code *code;
    int32_t number; // of the code
    RT_VEC(rt__ins) ins;
    RT_VEC(uint32_t) places;
    RT_VEC(rt_str) slot_names;
    uint32_t depth;            // of the stack now
    uint32_t label;            // the last instruction that a jump leads to
    const rt__node *statement; // or the printed expression, being compiled
    rt__loop_labels *loops;
    rt__open *open;
} rt__unit;

// Where a statement stands. Copied and changed on the way down.
typedef struct rt__where {
    rt__unit *unit;
    rt__scope *scope;
    bool toplevel;     // of a template: assignments are exported
    bool rootlevel;    // the same, not in an if
    bool soft;         // in an if: unknown filters fail when they are reached
    bool check_output; // an extends before may have ended the output
    bool escaping;     // as far as it is known: see `unsure`
    bool unsure;       // an autoescape around it has a mode that is not known
    bool folded;       // in an expression that rt__fold has been through
} rt__where;

struct rt__compiler {
    rt_template *t;
    rt_arena *arena;   // of the template
    rt_arena *scratch; // of the compiler
    rt_template_error *error;
    rt_status status; // of the first error
    rt__problems *problems;
    RT_VEC(rt_value) constants;
    RT_VEC(rt__name) names;
    rt_map numbers; // of the names, plus one
    RT_VEC(rt__use) uses;
    RT_VEC(rt__code *) codes;
    RT_VEC(rt__block_entry) blocks;
    const rt__node *said;     // where errors are said to be, as long as nothing
                              // new is said; NULL: in the first line
    int extends;              // so far
    const rt__node *extended; // the last one
    bool known_extends;
    bool has_extends;
};

// Say that errors are at a statement, or printed expression, from here on.
void rt__at(const rt__where *w, const rt__node *node);

// ---- units --------------------------------------------------------------------

rt__unit *rt__unit_new(rt__compiler *c, rt__unit *outer, rt__code_kind kind,
                       rt_str name, const rt__node *place);
void rt__unit_finish(rt__unit *u);
uint32_t rt__unit_slot(rt__unit *u, rt_str name);

// Append an instruction; `effect` is what it does to the depth of the stack. It
// may become one with the instruction before it, unless a jump leads between.
uint32_t rt__emit(rt__unit *u, const rt__node *place, rt__opcode op, int32_t a,
                  unsigned b, unsigned c, int effect);
// Make the jump at `at` lead to the next instruction.
void rt__patch(rt__unit *u, uint32_t at);

int32_t rt__add_constant(rt__compiler *c, rt_value v);
// Text that is printed as it is, RT__TEXT_SLACK behind it.
int32_t rt__add_text(rt__compiler *c, rt_str text);
int32_t rt__add_name(rt__compiler *c, rt_str name);
// The same of an attribute, for one place that asks for it.
int32_t rt__add_attribute(rt__compiler *c, rt_str name);

// Note the first error.
void rt__compile_error(rt__compiler *c, const rt__node *place,
                       rt_template_error_kind kind, rt_str message);

// ---- expressions (compile_expr.c) -------------------------------------------------

// Push the value of an expression.
void rt__compile_expr(const rt__where *w, rt__node *node);
// Push what a name means; `raw` keeps absent what is not set.
void rt__compile_load(const rt__where *w, const rt__node *place, rt_str name,
                      bool raw);
// Call an expression with one more keyword argument, which is on the stack
// below: NULL for none.
void rt__compile_call(const rt__where *w, rt__node *node,
                      void (*extra)(const rt__where *w, void *arg), void *arg);
// Apply filters to what is on the stack; the innermost has no operand.
void rt__compile_filters(const rt__where *w, rt__node *node);
// Push a value that is known: numbers, texts, and lists and dicts of them.
void rt__compile_value(const rt__where *w, rt__node *node, rt_value v);
// The value of a literal beyond 64 bits.
rt_status rt__bigint_value(rt_render *r, rt__node *node, rt_value *out);

// The name of the function a trans block calls.
rt_str rt__trans_function(const rt__ast_trans *n);
