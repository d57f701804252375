// Compiling trans blocks: a call of gettext or one of its kind.
//
// Old style calls the function with the message and fills in the variables with
// `%`; new style gives them to the function as keyword arguments.
#include "template/compile_stmt.h"

rt_str rt__trans_function(const rt__ast_trans *n)
{
    if (n->count)
        return n->has_context ? RT_STR("npgettext") : RT_STR("ngettext");
    return n->has_context ? RT_STR("pgettext") : RT_STR("gettext");
}

static void push_text(const rt__where *w, const rt__node *place, rt_str text)
{
    rt__emit(w->unit, place, RT__OP_CONST,
             rt__add_constant(w->unit->compiler, rt_value_str(text)), 0, 0, 1);
}

static void push_variables(const rt__where *w, rt__ast_trans *n, bool skip_num,
                           int *count)
{
    for (size_t i = 0; i < n->variables.len; i++) {
        rt__ast_keyword *k = rt__as_keyword(n->variables.items[i]);
        if (skip_num && rt_str_eq(k->name, RT_STR("num")))
            continue;
        push_text(w, &n->node, k->name);
        rt__compile_expr(w, k->value);
        ++*count;
    }
}

void rt__compile_trans(const rt__where *w, rt__node *node)
{
    rt__ast_trans *n = rt__as_trans(node);
    rt__unit *u = w->unit;
    bool newstyle = u->compiler->t->env->options.translator.newstyle;
    bool plain = !newstyle && !n->referenced;
    int args = 0, named = 0;
    uint32_t guard = UINT32_MAX;
    if (w->check_output) {
        if (u->compiler->known_extends)
            return;
        guard = rt__emit(u, node, RT__OP_JUMP_PARENT, 0, 0, 0, 0);
    }

    rt__compile_load(w, node, rt__trans_function(n), false);
    if (n->has_context) {
        push_text(w, node, n->context);
        args++;
    }
    push_text(w, node, plain ? n->singular_plain : n->singular);
    args++;
    if (n->count) {
        push_text(w, node, plain ? n->plural_plain : n->plural);
        rt__compile_expr(w, n->count);
        args += 2;
    }
    if (newstyle)
        push_variables(w, n, n->count_is_num, &named);
    rt__emit(u, node, RT__OP_CALL, args, 0, (unsigned)named, -args - 2 * named);
    if (!newstyle) {
        rt__emit(u, node, RT__OP_MARKUP, 0, 0, 0, 0);
        if (n->variables.len) {
            push_variables(w, n, false, &named);
            rt__emit(u, node, RT__OP_DICT, named, 0, 0, 1 - 2 * named);
            rt__emit(u, node, RT__OP_BINARY, 0, RT__MOD, 0, -1);
        }
    }
    rt__emit(u, node, RT__OP_OUT, 0, 0, 0, -1);
    if (guard != UINT32_MAX)
        rt__patch(u, guard);
}
