// Compiling macros and call blocks.
#include "template/compile_stmt.h"

static bool has_parameter(rt__nodes params, const char *name)
{
    for (size_t i = 0; i < params.len; i++)
        if (rt_str_eq(rt__as_param(params.items[i])->name, rt_str_from(name)))
            return true;
    return false;
}

// `caller` may be a parameter only with a default.
static void check_caller(rt__compiler *c, rt__node *node, rt__nodes params)
{
    for (size_t i = 0; i < params.len; i++) {
        rt__ast_param *p = rt__as_param(params.items[i]);
        if (rt_str_eq(p->name, RT_STR("caller")) && !p->otherwise)
            rt__compile_error(
                c, node, RT_TEMPLATE_ASSERTION_ERROR,
                RT_STR("When defining macros or call blocks the special "
                       "\"caller\" argument must be omitted or be given a "
                       "default."));
    }
}

// The special variables a body may name, in slots behind the parameters.
static void declare_specials(const rt__where *w, rt__node *node,
                             rt__nodes params, rt__nodes body)
{
    rt__code *code = w->unit->code;
    if (rt__mentions(body, RT_STR("caller"))) {
        code->caller_explicit = has_parameter(params, "caller");
        if (code->caller_explicit)
            check_caller(w->unit->compiler, node, params);
        code->caller_slot =
            (int16_t)rt__scope_parameter(w->scope, RT_STR("caller"));
    }
    if (rt__mentions(body, RT_STR("kwargs")) &&
        !has_parameter(params, "kwargs"))
        code->kwargs_slot =
            (int16_t)rt__scope_parameter(w->scope, RT_STR("kwargs"));
    if (rt__mentions(body, RT_STR("varargs")) &&
        !has_parameter(params, "varargs"))
        code->varargs_slot =
            (int16_t)rt__scope_parameter(w->scope, RT_STR("varargs"));
}

// What an argument that was not given is: its default, or undefined.
static void fill_parameter(const rt__where *w, rt__ast_param *p, uint32_t slot)
{
    rt__unit *u = w->unit;
    uint32_t given = rt__emit(u, &p->node, RT__OP_JUMP_GIVEN, 0, 0, slot, 0);
    if (p->otherwise) {
        rt__compile_expr(w, p->otherwise);
    } else {
        rt_str hint = rt_format(u->compiler->arena,
                                "parameter {!r} was not provided", p->name);
        rt__emit(u, &p->node, RT__OP_UNDEFINED,
                 rt__add_constant(u->compiler, rt_value_str(hint)), 1, 0, 1);
    }
    rt__emit(u, &p->node, RT__OP_STORE, (int32_t)slot, 0, 0, -1);
    rt__patch(u, given);
}

void rt__compile_macro(const rt__where *w, rt__node *node, rt_str name,
                       rt__nodes params, rt__nodes body)
{
    rt__compiler *c = w->unit->compiler;
    rt__unit *u = rt__unit_new(c, w->unit, RT__CODE_MACRO, name, node);
    rt__scope scope;
    rt__where in = *w;
    rt__scope_init(&scope, w->scope, u, c->scratch);
    in.unit = u;
    in.scope = &scope;
    in.toplevel = in.rootlevel = in.soft = in.check_output = false;

    if (params.len > RT__ARGUMENTS_MAX)
        rt__compile_error(c, node, RT_TEMPLATE_LIMIT_ERROR,
                          RT_STR("a macro has more than 200 parameters"));
    for (size_t i = 0; i < params.len; i++)
        rt__scope_parameter(&scope, rt__as_param(params.items[i])->name);
    u->code->params = (uint16_t)params.len;
    rt__at(&in, node);
    declare_specials(&in, node, params, body);
    for (size_t i = 0; i < params.len; i++)
        if (rt__as_param(params.items[i])->otherwise)
            rt__scope_visit(&scope, rt__as_param(params.items[i])->otherwise);
    rt__scope_visit_all(&scope, body);
    rt__enter_scope(&in, node);
    for (size_t i = 0; i < params.len; i++)
        fill_parameter(&in, rt__as_param(params.items[i]), (uint32_t)i);
    rt__compile_body(&in, body);
    rt__unit_finish(u);
    rt__emit(w->unit, node, RT__OP_MACRO, u->number, 0, 0, 1);
}

void rt__compile_macro_stmt(const rt__where *w, rt__node *node)
{
    rt__ast_macro *n = rt__as_macro(node);
    rt__ast_name target = {.node = *node, .name = n->name, .store = true};
    target.node.kind = RT__NODE_NAME;
    rt__compile_macro(w, node, n->name, n->params, n->body);
    rt__compile_store(w, &target.node);
}

static void push_caller(const rt__where *w, void *arg)
{
    rt__node *node = arg;
    rt__ast_call_block *n = rt__as_call_block(node);
    rt__emit(w->unit, node, RT__OP_CONST,
             rt__add_constant(w->unit->compiler,
                              rt_value_str(RT_STR("caller"))),
             0, 0, 1);
    rt__compile_macro(w, node, RT_STR(""), n->params, n->body);
}

void rt__compile_call_block(const rt__where *w, rt__node *node)
{
    rt__compile_call(w, rt__as_call_block(node)->call, push_caller, node);
    rt__at(w, node);
    rt__emit(w->unit, node, RT__OP_OUT, 0, RT__OUT_RAW, 0, -1);
}
