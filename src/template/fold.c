// Constant folding: expressions whose value is known are computed once, when
// they are compiled.
//
// That shows, for Jinja folds, too: what is folded escapes by the mode known
// then, a slice of what has none is undefined, joined constants are plain text,
// and operands that are not reached are not compiled. So this follows as_const of
// jinja2.nodes closely. What fails, or takes more than a little work, is left to
// the render, where it has a place and limits.
#include "template/fold.h"

#include "template/call.h"

// Steps of one expression: of 64 bytes, or one element.
#define STEPS_MAX 10000u
// Longer lists, and deeper ones, are not worth their instructions.
#define ITEMS_MAX 100u
#define DEPTH_MAX 20

typedef struct folder {
    rt__vm vm;
    bool unsure; // the mode of escaping is not known
} folder;

static void folder_init(folder *f, const rt__where *w)
{
    rt_template_env *env = w->unit->compiler->t->env;
    *f = (folder){.vm = {.head = {.arena = w->unit->compiler->scratch,
                                  .env = env,
                                  .undefined = env->options.undefined,
                                  .sandbox = env->options.sandbox,
                                  .policies = &env->options.policies,
                                  .autoescape = w->escaping,
                                  .steps_left = STEPS_MAX,
                                  .range_max = RT_TEMPLATE_RANGE_ITEMS},
                         .env = env},
                  .unsure = w->unsure};
}

// ---- values ------------------------------------------------------------------

static bool eval(folder *f, rt__node *node, rt_value *out);

static bool eval_all(folder *f, rt__nodes nodes, rt_value *out)
{
    for (size_t i = 0; i < nodes.len; i++)
        if (!eval(f, nodes.items[i], &out[i]))
            return false;
    return true;
}

static bool eval_sequence(folder *f, rt__nodes items, bool list, rt_value *out)
{
    rt_arena *arena = f->vm.head.arena;
    rt_value *values = rt_new(arena, rt_value, items.len);
    if (!eval_all(f, items, values))
        return false;
    *out = list ? rt_list_of(arena, values, items.len)
                : rt_tuple_of(arena, values, items.len);
    return true;
}

static bool eval_dict(folder *f, rt__nodes items, rt_value *out)
{
    *out = rt_dict_new(f->vm.head.arena);
    for (size_t i = 0; i < items.len; i++) {
        rt__ast_pair *pair = rt__as_pair(items.items[i]);
        rt_value key, value;
        if (!eval(f, pair->key, &key) || !eval(f, pair->value, &value) ||
            key.kind == RT_UNDEFINED || rt_dict_set(*out, key, value))
            return false;
    }
    return true;
}

static bool eval_truth(folder *f, rt__node *node, rt_value *out, bool *is_true)
{
    return eval(f, node, out) && !rt__truth(&f->vm.head, *out, is_true);
}

static bool eval_cond(folder *f, rt__ast_cond *n, rt_value *out)
{
    bool test;
    if (!eval_truth(f, n->test, out, &test))
        return false;
    if (test)
        return eval(f, n->then, out);
    return n->otherwise && eval(f, n->otherwise, out);
}

static bool eval_logic(folder *f, rt__node *left, rt__node *right, bool enough,
                       rt_value *out)
{
    bool test;
    if (!eval_truth(f, left, out, &test))
        return false;
    return test == enough || eval(f, right, out);
}

static bool eval_compare(folder *f, rt__ast_compare *n, rt_value *out)
{
    rt_value a, b;
    bool result = true;
    if (!eval(f, n->first, &a))
        return false;
    for (size_t i = 0; i < n->operands.len && result; i++, a = b) {
        rt__ast_operand *o = rt__as_operand(n->operands.items[i]);
        if (!eval(f, o->expr, &b) ||
            rt__compare(&f->vm.head, o->cmp, a, b, &result))
            return false;
    }
    *out = rt_value_bool(result);
    return true;
}

static bool eval_concat(folder *f, rt__nodes items, rt_value *out)
{
    rt_buf text;
    rt__buf_init(&f->vm.head, &text);
    for (size_t i = 0; i < items.len; i++) {
        rt_value v;
        if (!eval(f, items.items[i], &v) ||
            rt__put_text(&f->vm.head, &text, v, false))
            return false;
    }
    *out = rt_value_str(rt_buf_str(&text));
    return !text.status;
}

static bool eval_bound(folder *f, rt__node *bound, rt_value *out)
{
    *out = rt_value_none();
    return !bound || eval(f, bound, out);
}

// What a message calls the missing element.
static void put_slice(void *self, rt_buf *out)
{
    rt_buf_put(out, *(rt_str *)self);
}

static const rt_vtable slice_vtable = {.name = "slice", .text = put_slice};

static bool eval_slice(folder *f, rt_value object, rt__ast_slice *s,
                       rt_value *out)
{
    rt_value bounds[3];
    if (object.kind == RT_UNDEFINED || !eval_bound(f, s->start, &bounds[0]) ||
        !eval_bound(f, s->stop, &bounds[1]) ||
        !eval_bound(f, s->step, &bounds[2]))
        return false;
    if (!rt__slice(&f->vm.head, object, bounds[0], bounds[1], bounds[2], out))
        return true;
    if (f->vm.head.error.kind != RT_TEMPLATE_TYPE_ERROR)
        return false;
    f->vm.head.error = (rt_template_error){0};
    rt_arena *arena = f->vm.head.arena;
    rt_str *name = rt_new(arena, rt_str, 1);
    *name = rt_format(arena, "slice({!r}, {!r}, {!r})", bounds[0], bounds[1],
                      bounds[2]);
    *out = rt__undefined_attr(&f->vm.head, object,
                              rt_object_new(arena, &slice_vtable, name));
    return true;
}

static bool eval_item(folder *f, rt__ast_getitem *n, rt_value *out)
{
    rt_value object, key;
    if (!eval(f, n->object, &object))
        return false;
    if (n->key->kind == RT__NODE_SLICE)
        return eval_slice(f, object, rt__as_slice(n->key), out);
    return eval(f, n->key, &key) &&
           !rt__get_item(&f->vm.head, object, key, out);
}

// ---- filters and tests -----------------------------------------------------------

// *args: a list of more values, whose items go behind the `n` others.
static bool eval_extra(folder *f, rt__node *node, rt_value all)
{
    rt_value more, list;
    if (!node)
        return true;
    if (!eval(f, node, &more) || rt__to_list(&f->vm.head, more, &list))
        return false;
    rt_list_each(v, list)
        if (rt_list_push(all, *v))
            return false;
    return true;
}

static bool eval_use(folder *f, rt__ast_filter *n, bool filter, rt_value *out)
{
    rt_arena *arena = f->vm.head.arena;
    rt__use use;
    rt_value self, args, *named = rt_new(arena, rt_value, 2 * n->kwargs.len);
    bool known = filter ? rt__env_filter(f->vm.env, n->name, &use)
                        : rt__env_test(f->vm.env, n->name, &use);
    if (!known || f->unsure || !n->operand || n->dyn_kwargs ||
        (use.host ? !(use.host->flags & RT_TEMPLATE_PURE)
                  : use.builtin->flags & RT__CONTEXT))
        return false;
    if (!eval(f, n->operand, &self) ||
        !eval_sequence(f, n->args, true, &args) ||
        rt_list_insert(args, 0, self) || !eval_extra(f, n->dyn_args, args))
        return false;
    for (size_t i = 0; i < n->kwargs.len; i++) {
        rt__ast_keyword *k = rt__as_keyword(n->kwargs.items[i]);
        named[2 * i] = rt_value_str(k->name);
        if (!eval(f, k->value, &named[2 * i + 1]))
            return false;
    }
    return !rt__apply_use(&f->vm, &use, "", rt_list_items(args),
                          rt_list_len(args), named, n->kwargs.len, out);
}

// ---- all kinds -----------------------------------------------------------------------

static bool eval_node(folder *f, rt__node *node, rt_value *out)
{
    rt_render *r = &f->vm.head;
    rt_value a, b;
    bool test;
    switch (node->kind) {
    case RT__NODE_CONST: *out = rt__as_const(node)->value; return true;
    case RT__NODE_BIGINT: return !rt__bigint_value(r, node, out);
    case RT__NODE_TUPLE:
        return eval_sequence(f, rt__as_tuple(node)->items, false, out);
    case RT__NODE_LIST:
        return eval_sequence(f, rt__as_list(node)->items, true, out);
    case RT__NODE_DICT: return eval_dict(f, rt__as_dict(node)->items, out);
    case RT__NODE_COND: return eval_cond(f, rt__as_cond(node), out);
    case RT__NODE_OR:
        return eval_logic(f, rt__as_or(node)->left, rt__as_or(node)->right,
                          true, out);
    case RT__NODE_AND:
        return eval_logic(f, rt__as_and(node)->left, rt__as_and(node)->right,
                          false, out);
    case RT__NODE_NOT:
        if (!eval_truth(f, rt__as_not(node)->operand, out, &test))
            return false;
        *out = rt_value_bool(!test);
        return true;
    case RT__NODE_COMPARE: return eval_compare(f, rt__as_compare(node), out);
    case RT__NODE_BINARY: {
        rt__ast_binary *n = rt__as_binary(node);
        return eval(f, n->left, &a) && eval(f, n->right, &b) &&
               !rt__binary(r, n->op, a, b, out);
    }
    case RT__NODE_CONCAT:
        return eval_concat(f, rt__as_concat(node)->items, out);
    case RT__NODE_NEGATE:
        return eval(f, rt__as_negate(node)->operand, &a) &&
               !rt__negate(r, a, out);
    case RT__NODE_POSITIVE:
        return eval(f, rt__as_positive(node)->operand, &a) &&
               !rt__positive(r, a, out);
    case RT__NODE_FILTER: return eval_use(f, rt__as_filter(node), true, out);
    case RT__NODE_TEST: {
        rt__ast_test *n = rt__as_test(node);
        rt__ast_filter same = {n->node,   n->operand,  n->name,      n->args,
                               n->kwargs, n->dyn_args, n->dyn_kwargs};
        if (!eval_use(f, &same, false, out) || rt__truth(r, *out, &test))
            return false;
        *out = rt_value_bool(test);
        return true;
    }
    case RT__NODE_GETATTR: {
        rt__ast_getattr *n = rt__as_getattr(node);
        return eval(f, n->object, &a) && !rt__get_attr(r, a, n->name, out);
    }
    case RT__NODE_GETITEM: return eval_item(f, rt__as_getitem(node), out);
    default: return false; // names, calls
    }
}

// False when the value is not known; whatever failed is forgotten.
static bool eval(folder *f, rt__node *node, rt_value *out)
{
    rt_value v;
    if (f->vm.head.error.kind || !eval_node(f, node, &v) ||
        f->vm.head.error.kind)
        return false;
    *out = v;
    return true;
}

// Values that can lie in a template: none is an object, or undefined.
static bool is_plain(rt_value v, int depth)
{
    if (depth > DEPTH_MAX || rt_list_len(v) + rt_dict_len(v) > ITEMS_MAX)
        return false;
    switch (v.kind) {
    case RT_NONE:
    case RT_BOOL:
    case RT_INT:
    case RT_FLOAT:
    case RT_STRING:
    case RT_SAFE: return true;
    case RT_LIST:
    case RT_TUPLE:
        rt_list_each(item, v)
            if (!is_plain(*item, depth + 1))
                return false;
        return true;
    case RT_DICT:
        rt_dict_each(e, v)
            if (!is_plain(e->key, depth + 1) || !is_plain(e->value, depth + 1))
                return false;
        return true;
    default: return false;
    }
}

// ---- trees -----------------------------------------------------------------------------

static bool is_computed(rt__node_kind kind)
{
    return kind >= RT__NODE_COND && kind <= RT__NODE_GETITEM &&
           kind != RT__NODE_CALL;
}

// Bottom up, so that nothing is computed once for each level above it.
static bool fold_tree(void *arg, rt__node **place)
{
    folder *f = arg;
    rt_value v;
    rt__node_each_child(*place, fold_tree, f);
    if (!is_computed((*place)->kind))
        return true;
    if (eval(f, *place, &v) && is_plain(v, 0)) {
        rt__node *node = rt__node_new(f->vm.head.arena, RT__NODE_CONST, *place);
        rt__as_const(node)->value = v;
        *place = node;
    }
    f->vm.head.error = (rt_template_error){0};
    return true;
}

rt__node *rt__fold(const rt__where *w, rt__node *node)
{
    folder f;
    if (w->unsure || node->kind == RT__NODE_NAME ||
        node->kind == RT__NODE_CONST)
        return node;
    folder_init(&f, w);
    fold_tree(&f, &node);
    return node;
}

bool rt__fold_known(const rt__where *w, rt__node *node, rt_value *out)
{
    folder f;
    folder_init(&f, w);
    return eval(&f, node, out) && is_plain(*out, 0);
}

bool rt__fold_text(const rt__where *w, rt__node *node, rt_str *out)
{
    folder f;
    rt_buf text;
    rt_value v;
    if (node->kind == RT__NODE_NAME)
        return false;
    folder_init(&f, w);
    if (!eval(&f, node, &v))
        return false;
    rt__buf_init(&f.vm.head, &text);
    if (rt__put_text(&f.vm.head, &text, v, w->escaping) || text.status)
        return false;
    *out = rt_buf_str(&text);
    return true;
}
