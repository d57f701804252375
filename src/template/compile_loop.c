// Compiling loops.
//
//        iterable, ITER, what the body needs of the context
//     next:
//        NEXT end
//        target, scope, body
//        AGAIN next, or JUMP next
//     end:
//        else, unless an iteration came to the end of the body
//
// A recursive loop is a code of its own, which `loop(...)` runs again.
#include "template/compile_stmt.h"

static uint32_t emit(const rt__where *w, const rt__node *place, rt__opcode op,
                     int32_t a, unsigned b, unsigned c, int effect)
{
    return rt__emit(w->unit, place, op, a, b, c, effect);
}

static bool find_scoped(void *arg, rt__node **child)
{
    rt__node *node = *child;
    if (node->kind == RT__NODE_BLOCK && rt__as_block(node)->scoped)
        *(bool *)arg = true;
    return rt__node_each_child(node, find_scoped, arg);
}

// Whether the template can see `loop`.
static bool is_extended(rt__ast_for *n)
{
    bool scoped = false;
    rt__node_each_child(&n->node, find_scoped, &scoped);
    return n->recursive || scoped || rt__mentions(n->body, RT_STR("loop"));
}

static void check_target(rt__compiler *c, rt__node *target)
{
    if (target->kind == RT__NODE_NAME &&
        rt_str_eq(rt__as_name(target)->name, RT_STR("loop")))
        rt__compile_error(
            c, target, RT_TEMPLATE_ASSERTION_ERROR,
            RT_STR("Can't assign to special loop variable in for-loop target"));
    if (target->kind == RT__NODE_TUPLE)
        for (size_t i = 0; i < rt__as_tuple(target)->items.len; i++)
            check_target(c, rt__as_tuple(target)->items.items[i]);
}

// The body of the loop stores to `loop` somewhere.
static bool find_loop_store(void *arg, rt__node **child)
{
    rt__node *node = *child;
    if (node->kind == RT__NODE_NAME && rt__as_name(node)->store &&
        rt_str_eq(rt__as_name(node)->name, RT_STR("loop")))
        *(rt__node **)arg = node;
    return rt__node_each_child(node, find_loop_store, arg);
}

// The condition: a code that gets an item and returns whether it is kept.
static int32_t compile_filter(const rt__where *w, rt__ast_for *n)
{
    rt__compiler *c = w->unit->compiler;
    rt__unit *u =
        rt__unit_new(c, w->unit, RT__CODE_FILTER, RT_STR(""), n->test);
    rt__scope scope;
    rt__where in = *w;
    uint32_t item = rt__unit_slot(u, RT_STR(""));
    rt__scope_init(&scope, w->scope, u, c->scratch);
    in.unit = u;
    in.scope = &scope;
    in.toplevel = in.rootlevel = in.soft = false;
    u->statement = n->test;
    rt__scope_visit_target(&scope, n->target);
    rt__scope_visit(&scope, n->test);
    rt__enter_scope(&in, n->test);
    emit(&in, n->test, RT__OP_LOAD_RAW, (int32_t)item, 0, 0, 1);
    rt__compile_store(&in, n->target);
    rt__compile_expr(&in, n->test);
    emit(&in, n->test, RT__OP_RETURN_VALUE, 0, 0, 0, -1);
    rt__unit_finish(u);
    return u->number;
}

// From the started loop on; `w` is the scope around, `in` that of the body.
static void compile_turns(const rt__where *w, const rt__where *in,
                          rt__ast_for *n, uint32_t slot)
{
    rt__unit *u = in->unit;
    rt__node *node = &n->node;
    rt__loop_labels labels = {.outer = u->loops, .open = u->open};
    uint32_t completed = 0;
    if (n->test) {
        rt__where around = *in;
        around.scope = in->scope->parent;
        emit(in, n->test, RT__OP_LOOP_FILTER, compile_filter(&around, n), 0,
             slot, 0);
    }
    if (n->otherwise.len) {
        completed = rt__unit_slot(u, RT_STR(""));
        emit(in, node, RT__OP_CLEAR, (int32_t)completed, 0, 0, 0);
    }
    rt__at(in, node);
    rt__enter_loop(in, node);
    labels.next = emit(in, node, RT__OP_NEXT, 0, 0, slot, 1);
    rt__compile_store(in, n->target);
    rt__enter_turn(in, node);
    u->loops = &labels;
    rt__compile_body(in, n->body);
    u->loops = labels.outer;
    if (n->otherwise.len) {
        emit(in, node, RT__OP_NONE, 0, 0, 0, 1);
        emit(in, node, RT__OP_STORE, (int32_t)completed, 0, 0, -1);
    }
    bool into_slot = u->ins.items[labels.next].op == RT__OP_NEXT_SLOT;
    emit(in, node, into_slot ? RT__OP_AGAIN : RT__OP_JUMP, (int32_t)labels.next,
         0, 0, 0);
    rt__patch(u, labels.next);
    for (size_t i = 0; i < labels.ends.len; i++)
        rt__patch(u, labels.ends.items[i]);
    if (!n->otherwise.len)
        return;
    uint32_t end = emit(in, node, RT__OP_JUMP_GIVEN, 0, 0, completed, 0);
    rt__scope scope;
    rt__where other = *w;
    rt__scope_init(&scope, in->scope->parent, u, u->compiler->scratch);
    other.unit = u;
    other.scope = &scope;
    other.toplevel = other.rootlevel = other.soft = false;
    rt__scope_visit_all(&scope, n->otherwise);
    rt__enter_scope(&other, node);
    rt__compile_body(&other, n->otherwise);
    rt__patch(u, end);
}

static rt__where body_of(const rt__where *w, rt__scope *scope, rt__unit *u)
{
    rt__where in = *w;
    rt__scope_init(scope, w->scope, u, u->compiler->scratch);
    in.unit = u;
    in.scope = scope;
    in.toplevel = in.rootlevel = in.soft = false;
    return in;
}

static void compile_recursive(const rt__where *w, rt__ast_for *n)
{
    rt__node *node = &n->node;
    rt__unit *u = rt__unit_new(w->unit->compiler, w->unit, RT__CODE_LOOP,
                               RT_STR("loop"), node);
    rt__scope scope;
    rt__where in = body_of(w, &scope, u);
    // Slot 0 is the loop, 1 what it goes through, 2 how deep it is: loop.c.
    uint32_t slot = rt__scope_parameter(&scope, RT_STR("loop"));
    rt__unit_slot(u, RT_STR(""));
    rt__unit_slot(u, RT_STR(""));
    rt__scope_visit_target(&scope, n->target);
    rt__scope_visit_all(&scope, n->body);
    rt__at(&in, node);
    emit(&in, node, RT__OP_RECURSIVE_ITER, (int32_t)slot, 0, 0, 0);
    compile_turns(w, &in, n, slot);
    rt__unit_finish(u);

    rt__at(w, node);
    rt__compile_expr(w, n->iter);
    emit(w, node, RT__OP_RECURSE, u->number, 0, 0, 0);
    emit(w, node, RT__OP_OUT, 0, RT__OUT_RAW, 0, -1);
}

void rt__compile_for(const rt__where *w, rt__node *node)
{
    rt__ast_for *n = rt__as_for(node);
    bool extended = is_extended(n);
    rt__node *bad = NULL;
    check_target(w->unit->compiler, n->target);
    rt__node_each_child(node, find_loop_store, &bad);
    if (bad)
        rt__compile_error(
            w->unit->compiler, bad, RT_TEMPLATE_ASSERTION_ERROR,
            RT_STR("Can't assign to special loop variable in for-loop target"));
    if (n->recursive) {
        compile_recursive(w, n);
        return;
    }
    rt__scope scope;
    rt__where in = body_of(w, &scope, w->unit);
    uint32_t slot = extended ? rt__scope_parameter(&scope, RT_STR("loop"))
                             : rt__unit_slot(w->unit, RT_STR(""));
    rt__scope_visit_target(&scope, n->target);
    rt__scope_visit_all(&scope, n->body);
    rt__compile_expr(w, n->iter);
    if (n->test) // which is what goes through it
        rt__at(w, n->test);
    emit(w, node, RT__OP_ITER, (int32_t)slot, extended, 0, -1);
    compile_turns(w, &in, n, slot);
}

// ---- leaving -----------------------------------------------------------------------

// Undo what was begun inside the loop: captured text is dropped, a mode of
// escaping goes back.
static void close_opened(const rt__where *w, const rt__node *node)
{
    const rt__open *until = w->unit->loops->open;
    for (const rt__open *o = w->unit->open; o != until; o = o->outer) {
        if (o->capture) {
            emit(w, node, RT__OP_CAPTURED, 0, 0, 0, 1);
            emit(w, node, RT__OP_POP, 0, 0, 0, -1);
        } else {
            emit(w, node, RT__OP_ESCAPING_BACK, (int32_t)o->slot, 0, 0, 0);
        }
    }
}

void rt__compile_break(const rt__where *w, rt__node *node)
{
    rt__unit *u = w->unit;
    if (!u->loops) {
        rt__compile_error(u->compiler, node, RT_TEMPLATE_SYNTAX_ERROR,
                          RT_STR("'break' outside loop"));
        return;
    }
    close_opened(w, node);
    uint32_t at = emit(w, node, RT__OP_JUMP, 0, 0, 0, 0);
    *rt_vec_push(u->compiler->scratch, &u->loops->ends) = at;
}

void rt__compile_continue(const rt__where *w, rt__node *node)
{
    if (!w->unit->loops) {
        rt__compile_error(w->unit->compiler, node, RT_TEMPLATE_SYNTAX_ERROR,
                          RT_STR("'continue' not properly in loop"));
        return;
    }
    close_opened(w, node);
    emit(w, node, RT__OP_JUMP, (int32_t)w->unit->loops->next, 0, 0, 0);
}
