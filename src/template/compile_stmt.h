// Compiling statements.
#pragma once

#include "template/compile.h"

void rt__compile_body(const rt__where *w, rt__nodes body);

// Fill the slots of a scope as it is entered.
void rt__enter_scope(const rt__where *w, const rt__node *place);

// The same for the body of a loop in two parts: before the first turn, and at
// the beginning of each.
void rt__enter_loop(const rt__where *w, const rt__node *place);
void rt__enter_turn(const rt__where *w, const rt__node *place);

// Where a body says `self` (`super`), give it a variable of that name.
void rt__declare_self(const rt__where *w, const rt__node *place,
                      rt__nodes body);
void rt__declare_super(const rt__where *w, const rt__node *place, rt_str block,
                       rt__nodes body);

// Store what is on the stack in a target, and export it at the top level.
void rt__compile_store(const rt__where *w, rt__node *target);

// Push a dict of all variables that are set here, or none.
void rt__compile_locals(const rt__where *w, const rt__node *place);

// ---- compile_macro.c ----------------------------------------------------------

// Push a macro of parameters and a body.
void rt__compile_macro(const rt__where *w, rt__node *node, rt_str name,
                       rt__nodes params, rt__nodes body);
void rt__compile_macro_stmt(const rt__where *w, rt__node *node);
void rt__compile_call_block(const rt__where *w, rt__node *node);

// ---- compile_loop.c -------------------------------------------------------------

void rt__compile_for(const rt__where *w, rt__node *node);
void rt__compile_break(const rt__where *w, rt__node *node);
void rt__compile_continue(const rt__where *w, rt__node *node);

// ---- compile_trans.c ---------------------------------------------------------------

void rt__compile_trans(const rt__where *w, rt__node *node);
