// Compiling expressions: each leaves one value on the stack.
#include <assert.h>

#include "template/fold.h"

static void emit(const rt__where *w, const rt__node *place, rt__opcode op,
                 int32_t a, unsigned b, unsigned c, int effect)
{
    rt__emit(w->unit, place, op, a, b, c, effect);
}

// How many frames up the slots of another unit are.
static unsigned distance(const rt__unit *from, const rt__unit *to)
{
    unsigned n = 0;
    for (; from != to; from = from->outer)
        n++;
    return n;
}

void rt__compile_load(const rt__where *w, const rt__node *place, rt_str name,
                      bool raw)
{
    rt__unit *unit;
    const rt__symbol *s = rt__scope_find(w->scope, name, &unit);
    assert(s);
    unsigned up = distance(w->unit, unit);
    if (up)
        emit(w, place, RT__OP_LOAD_OUTER, (int32_t)s->slot, up, raw, 1);
    else
        emit(w, place, raw ? RT__OP_LOAD_RAW : RT__OP_LOAD, (int32_t)s->slot, 0,
             0, 1);
}

// ---- constants --------------------------------------------------------------------

static void push_constant(const rt__where *w, const rt__node *place, rt_value v)
{
    emit(w, place, RT__OP_CONST, rt__add_constant(w->unit->compiler, v), 0, 0,
         1);
}

rt_status rt__bigint_value(rt_render *r, rt__node *node, rt_value *out)
{
    rt_str digits = rt__as_bigint(node)->digits;
    int base = 10;
    if (digits.len > 2 && digits.data[0] == '0') {
        char kind = rt_to_lower(digits.data[1]);
        base = kind == 'x' ? 16 : kind == 'o' ? 8 : kind == 'b' ? 2 : 10;
    }
    if (base != 10)
        digits = rt_str_slice(digits, 2, SIZE_MAX);
    return rt__int_parse(r, digits, base, out);
}

static void push_bigint(const rt__where *w, rt__node *node)
{
    rt__compiler *c = w->unit->compiler;
    rt_render r = {.arena = c->arena,
                   .env = c->t->env,
                   .steps_left = UINT64_MAX};
    rt_value v;
    if (rt__bigint_value(&r, node, &v)) {
        rt__compile_error(c, node, r.error.kind, r.error.message);
        return;
    }
    push_constant(w, node, v);
}

// Lists and dicts are made anew each time, for templates may change them.
void rt__compile_value(const rt__where *w, rt__node *node, rt_value v)
{
    if (rt_value_is_list(v)) {
        rt_list_each(item, v)
            rt__compile_value(w, node, *item);
        int32_t n = (int32_t)rt_list_len(v);
        emit(w, node, v.kind == RT_LIST ? RT__OP_LIST : RT__OP_TUPLE, n, 0, 0,
             1 - n);
    } else if (v.kind == RT_DICT) {
        rt_dict_each(e, v) {
            rt__compile_value(w, node, e->key);
            rt__compile_value(w, node, e->value);
        }
        int32_t n = (int32_t)rt_dict_len(v);
        emit(w, node, RT__OP_DICT, n, 0, 0, 1 - 2 * n);
    } else {
        push_constant(w, node, v);
    }
}

// ---- several values --------------------------------------------------------------------

static void compile_all(const rt__where *w, rt__nodes nodes)
{
    for (size_t i = 0; i < nodes.len; i++)
        rt__compile_expr(w, nodes.items[i]);
}

static void compile_sequence(const rt__where *w, rt__node *node,
                             rt__nodes items, rt__opcode op)
{
    compile_all(w, items);
    emit(w, node, op, (int32_t)items.len, 0, 0, 1 - (int)items.len);
}

// Where the mode of escaping is not known, Jinja joins as plain text.
static void compile_concat(const rt__where *w, rt__node *node)
{
    rt__nodes items = rt__as_concat(node)->items;
    compile_all(w, items);
    emit(w, node, RT__OP_CONCAT, (int32_t)items.len, w->unsure, 0,
         1 - (int)items.len);
}

static void compile_dict(const rt__where *w, rt__node *node)
{
    rt__nodes items = rt__as_dict(node)->items;
    for (size_t i = 0; i < items.len; i++) {
        rt__compile_expr(w, rt__as_pair(items.items[i])->key);
        rt__compile_expr(w, rt__as_pair(items.items[i])->value);
    }
    emit(w, node, RT__OP_DICT, (int32_t)items.len, 0, 0,
         1 - 2 * (int)items.len);
}

// ---- logic -------------------------------------------------------------------------------

static void compile_cond(const rt__where *w, rt__node *node)
{
    rt__ast_cond *n = rt__as_cond(node);
    rt__unit *u = w->unit;
    rt__where soft = *w;
    soft.soft = true;
    rt__compile_expr(&soft, n->test);
    uint32_t otherwise = rt__emit(u, node, RT__OP_JUMP_FALSE, 0, 0, 0, -1);
    rt__compile_expr(&soft, n->then);
    uint32_t end = rt__emit(u, node, RT__OP_JUMP, 0, 0, 0, -1);
    rt__patch(u, otherwise);
    if (n->otherwise) {
        rt__compile_expr(&soft, n->otherwise);
    } else {
        rt_arena *arena = u->compiler->arena;
        rt_str name = u->compiler->t->name;
        rt_str in = name.data ? rt_format(arena, " in {!r}", name) : RT_STR("");
        rt_str hint = rt_format(
            arena,
            "the inline if-expression on line {}{} evaluated to false and no "
            "else section was defined.",
            node->line, in);
        emit(w, node, RT__OP_UNDEFINED,
             rt__add_constant(u->compiler, rt_value_str(hint)), 0, 0, 1);
    }
    rt__patch(u, end);
}

static void compile_logic(const rt__where *w, rt__node *node, rt__node *left,
                          rt__node *right, rt__opcode op)
{
    rt__compile_expr(w, left);
    uint32_t end = rt__emit(w->unit, node, op, 0, 0, 0, -1);
    rt__compile_expr(w, right);
    rt__patch(w->unit, end);
}

// a < b < c: each operand but the last one is kept for the next comparison.
static void compile_compare(const rt__where *w, rt__node *node)
{
    rt__ast_compare *n = rt__as_compare(node);
    rt__unit *u = w->unit;
    RT_VEC(uint32_t) failed = {0};
    rt__compile_expr(w, n->first);
    for (size_t i = 0; i < n->operands.len; i++) {
        rt__ast_operand *o = rt__as_operand(n->operands.items[i]);
        rt__compile_expr(w, o->expr);
        if (i + 1 < n->operands.len) {
            emit(w, node, RT__OP_DUP, 0, 0, 0, 1);
            emit(w, node, RT__OP_ROT3, 0, 0, 0, 0);
        }
        emit(w, node, RT__OP_COMPARE, 0, (unsigned)o->cmp, 0, -1);
        if (i + 1 < n->operands.len)
            *rt_vec_push(u->compiler->scratch, &failed) =
                rt__emit(u, node, RT__OP_JUMP_FALSE, 0, 0, 0, -1);
    }
    if (!failed.len)
        return;
    uint32_t end = rt__emit(u, node, RT__OP_JUMP, 0, 0, 0, 0);
    for (size_t i = 0; i < failed.len; i++)
        rt__patch(u, failed.items[i]);
    // The kept operand lies where the result belongs.
    emit(w, node, RT__OP_POP, 0, 0, 0, -1);
    push_constant(w, node, rt_value_bool(false));
    rt__patch(u, end);
}

// ---- subscripts ------------------------------------------------------------------------------

static void compile_bound(const rt__where *w, rt__node *place, rt__node *bound)
{
    if (bound)
        rt__compile_expr(w, bound);
    else
        emit(w, place, RT__OP_NONE, 0, 0, 0, 1);
}

static void compile_getitem(const rt__where *w, rt__node *node)
{
    rt__ast_getitem *n = rt__as_getitem(node);
    rt__compile_expr(w, n->object);
    if (n->key->kind != RT__NODE_SLICE) {
        rt__compile_expr(w, n->key);
        emit(w, node, RT__OP_ITEM, 0, 0, 0, -1);
        return;
    }
    rt__ast_slice *s = rt__as_slice(n->key);
    compile_bound(w, node, s->start);
    compile_bound(w, node, s->stop);
    compile_bound(w, node, s->step);
    emit(w, node, RT__OP_SLICE, 0, 0, 0, -3);
}

// ---- calls, filters, tests ---------------------------------------------------------------------

typedef struct arguments {
    rt__nodes args;
    rt__nodes kwargs;
    rt__node *dyn_args;
    rt__node *dyn_kwargs;
} arguments;

static void compile_keyword(const rt__where *w, rt__node *node)
{
    rt__ast_keyword *k = rt__as_keyword(node);
    push_constant(w, node, rt_value_str(k->name));
    rt__compile_expr(w, k->value);
}

// Push the named arguments and the extra ones; returns the flags.
static unsigned compile_named(const rt__where *w, const arguments *a)
{
    for (size_t i = 0; i < a->kwargs.len; i++)
        compile_keyword(w, a->kwargs.items[i]);
    return (a->dyn_args ? RT__EXTRA_ARGS : 0) |
           (a->dyn_kwargs ? RT__EXTRA_NAMED : 0);
}

static void compile_extra(const rt__where *w, const arguments *a)
{
    if (a->dyn_args)
        rt__compile_expr(w, a->dyn_args);
    if (a->dyn_kwargs)
        rt__compile_expr(w, a->dyn_kwargs);
}

// What the arguments take off the stack.
static int arguments_depth(const arguments *a, size_t more_named)
{
    return (int)(a->args.len + 2 * (a->kwargs.len + more_named)) +
           (a->dyn_args != NULL) + (a->dyn_kwargs != NULL);
}

static bool too_many(const rt__where *w, rt__node *node, const arguments *a)
{
    if (a->args.len < RT__ARGUMENTS_MAX && a->kwargs.len < RT__ARGUMENTS_MAX)
        return false;
    rt__compile_error(w->unit->compiler, node, RT_TEMPLATE_LIMIT_ERROR,
                      RT_STR("a call has more than 200 arguments"));
    return true;
}

void rt__compile_call(const rt__where *w, rt__node *node,
                      void (*extra)(const rt__where *w, void *arg), void *arg)
{
    rt__ast_call *n = rt__as_call(node);
    arguments a = {n->args, n->kwargs, n->dyn_args, n->dyn_kwargs};
    bool method = n->callee->kind == RT__NODE_GETATTR;
    if (too_many(w, node, &a))
        return;
    if (method) {
        rt__compile_expr(w, rt__as_getattr(n->callee)->object);
        push_constant(w, node, rt_value_str(rt__as_getattr(n->callee)->name));
    } else {
        rt__compile_expr(w, n->callee);
    }
    compile_all(w, a.args);
    unsigned flags = compile_named(w, &a);
    if (extra)
        extra(w, arg);
    compile_extra(w, &a);
    emit(w, node, method ? RT__OP_CALL_METHOD : RT__OP_CALL,
         (int32_t)a.args.len, flags, (unsigned)(a.kwargs.len + (extra != NULL)),
         -arguments_depth(&a, extra != NULL) - method);
}

static int32_t add_use(const rt__where *w, rt__node *node, rt_str name,
                       bool filter)
{
    rt__compiler *c = w->unit->compiler;
    rt__use use;
    bool known = filter ? rt__env_filter(c->t->env, name, &use)
                        : rt__env_test(c->t->env, name, &use);
    if (!known && !w->soft)
        rt__compile_error(c, node, RT_TEMPLATE_ASSERTION_ERROR,
                          rt_format(c->arena, "No {} named {!r}.",
                                    filter ? "filter" : "test", name));
    use.name = name;
    *rt_vec_push(c->scratch, &c->uses) = use;
    return (int32_t)c->uses.len - 1;
}

static void compile_use(const rt__where *w, rt__node *node, rt_str name,
                        const arguments *a, bool filter)
{
    if (too_many(w, node, a))
        return;
    compile_all(w, a->args);
    unsigned flags = compile_named(w, a);
    compile_extra(w, a);
    emit(w, node, filter ? RT__OP_FILTER : RT__OP_TEST,
         add_use(w, node, name, filter), flags,
         (unsigned)(a->args.len + 1) | (unsigned)a->kwargs.len << 8,
         -arguments_depth(a, 0));
}

static void compile_filter(const rt__where *w, rt__node *node)
{
    rt__ast_filter *n = rt__as_filter(node);
    arguments a = {n->args, n->kwargs, n->dyn_args, n->dyn_kwargs};
    rt__compile_expr(w, n->operand);
    compile_use(w, node, n->name, &a, true);
}

void rt__compile_filters(const rt__where *w, rt__node *node)
{
    rt__ast_filter *n = rt__as_filter(node);
    arguments a = {n->args, n->kwargs, n->dyn_args, n->dyn_kwargs};
    if (n->operand)
        rt__compile_filters(w, n->operand);
    compile_use(w, node, n->name, &a, true);
}

static void compile_test(const rt__where *w, rt__node *node)
{
    rt__ast_test *n = rt__as_test(node);
    arguments a = {n->args, n->kwargs, n->dyn_args, n->dyn_kwargs};
    rt__compile_expr(w, n->operand);
    compile_use(w, node, n->name, &a, false);
}

static void compile_unary(const rt__where *w, rt__node *node, rt__node *operand,
                          rt__opcode op)
{
    rt__compile_expr(w, operand);
    emit(w, node, op, 0, 0, 0, 0);
}

static void compile_binary(const rt__where *w, rt__node *node)
{
    rt__ast_binary *n = rt__as_binary(node);
    rt__compile_expr(w, n->left);
    rt__compile_expr(w, n->right);
    emit(w, node, RT__OP_BINARY, 0, (unsigned)n->op, 0, -1);
}

static void compile_getattr(const rt__where *w, rt__node *node)
{
    rt__ast_getattr *n = rt__as_getattr(node);
    rt__compile_expr(w, n->object);
    emit(w, node, RT__OP_ATTR, rt__add_attribute(w->unit->compiler, n->name), 0,
         0, 0);
}

static void compile_node(const rt__where *w, rt__node *node)
{
    switch (node->kind) {
    case RT__NODE_CONST:
        rt__compile_value(w, node, rt__as_const(node)->value);
        return;
    case RT__NODE_BIGINT: push_bigint(w, node); return;
    case RT__NODE_NAME:
        rt__compile_load(w, node, rt__as_name(node)->name, false);
        return;
    case RT__NODE_TUPLE:
        compile_sequence(w, node, rt__as_tuple(node)->items, RT__OP_TUPLE);
        return;
    case RT__NODE_LIST:
        compile_sequence(w, node, rt__as_list(node)->items, RT__OP_LIST);
        return;
    case RT__NODE_DICT: compile_dict(w, node); return;
    case RT__NODE_COND: compile_cond(w, node); return;
    case RT__NODE_OR:
        compile_logic(w, node, rt__as_or(node)->left, rt__as_or(node)->right,
                      RT__OP_OR);
        return;
    case RT__NODE_AND:
        compile_logic(w, node, rt__as_and(node)->left, rt__as_and(node)->right,
                      RT__OP_AND);
        return;
    case RT__NODE_NOT:
        compile_unary(w, node, rt__as_not(node)->operand, RT__OP_NOT);
        return;
    case RT__NODE_COMPARE: compile_compare(w, node); return;
    case RT__NODE_BINARY: compile_binary(w, node); return;
    case RT__NODE_CONCAT: compile_concat(w, node); return;
    case RT__NODE_NEGATE:
        compile_unary(w, node, rt__as_negate(node)->operand, RT__OP_NEGATE);
        return;
    case RT__NODE_POSITIVE:
        compile_unary(w, node, rt__as_positive(node)->operand, RT__OP_POSITIVE);
        return;
    case RT__NODE_CALL: rt__compile_call(w, node, NULL, NULL); return;
    case RT__NODE_FILTER: compile_filter(w, node); return;
    case RT__NODE_TEST: compile_test(w, node); return;
    case RT__NODE_GETATTR: compile_getattr(w, node); return;
    case RT__NODE_GETITEM: compile_getitem(w, node); return;
    default:
        // The parser puts slices only into subscripts; in a tuple they have no
        // value here.
        rt__compile_error(w->unit->compiler, node, RT_TEMPLATE_SYNTAX_ERROR,
                          RT_STR("a slice may not stand here"));
    }
}

void rt__compile_expr(const rt__where *w, rt__node *node)
{
    if (w->unit->compiler->status && !w->unit->compiler->problems)
        return;
    if (w->folded) {
        compile_node(w, node);
        return;
    }
    rt__where in = *w;
    in.folded = true;
    compile_node(&in, rt__fold(w, node));
}
