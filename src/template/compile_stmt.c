// Compiling statements, loops and macros excepted.
#include "template/compile_stmt.h"

#include <assert.h>

#include <retort/base/error.h>

#include "template/fold.h"
#include "template/vm.h" // the flags of instructions

static uint32_t emit(const rt__where *w, const rt__node *place, rt__opcode op,
                     int32_t a, unsigned b, unsigned c, int effect)
{
    return rt__emit(w->unit, place, op, a, b, c, effect);
}

// A scope inside the present one. What holds for the top level ends here.
static rt__where inner(const rt__where *w, rt__scope *scope)
{
    rt__where in = *w;
    rt__scope_init(scope, w->scope, w->unit, w->unit->compiler->scratch);
    in.scope = scope;
    in.toplevel = in.rootlevel = in.soft = false;
    return in;
}

// ---- scopes ----------------------------------------------------------------------

static void fill(const rt__where *w, const rt__node *place, const rt__symbol *s)
{
    rt__compiler *c = w->unit->compiler;
    int32_t slot = (int32_t)s->slot;
    switch (s->load) {
    case RT__LOAD_PARAMETER: return;
    case RT__LOAD_UNSET: emit(w, place, RT__OP_CLEAR, slot, 0, 0, 0); return;
    case RT__LOAD_RESOLVE:
        emit(w, place, RT__OP_RESOLVE, slot, 0,
             (unsigned)rt__add_name(c, s->name), 0);
        return;
    case RT__LOAD_ALIAS: break;
    }
    unsigned up = 0;
    for (const rt__unit *u = w->unit; u != s->outer_unit; u = u->outer)
        up++;
    if (up)
        emit(w, place, RT__OP_COPY_OUTER, slot, up, s->outer_slot, 0);
    else
        emit(w, place, RT__OP_COPY, slot, 0, s->outer_slot, 0);
}

// Only the top level of a template changes what the context says of a name, and
// no loop has it inside.
static bool is_steady(const rt__symbol *s)
{
    return s->load == RT__LOAD_RESOLVE && !s->stored;
}

void rt__enter_loop(const rt__where *w, const rt__node *place)
{
    rt_vec_each(rt__symbol, s, &w->scope->symbols)
        if (s->loaded && is_steady(s))
            fill(w, place, s);
}

void rt__enter_turn(const rt__where *w, const rt__node *place)
{
    rt_vec_each(rt__symbol, s, &w->scope->symbols)
        if (s->loaded && !is_steady(s))
            fill(w, place, s);
}

void rt__enter_scope(const rt__where *w, const rt__node *place)
{
    rt__enter_loop(w, place);
    rt__enter_turn(w, place);
}

static void declare(const rt__where *w, const rt__node *place, rt_str name,
                    rt__opcode op, int32_t a)
{
    uint32_t slot = rt__scope_parameter(w->scope, name);
    emit(w, place, op, a, 0, 0, 1);
    emit(w, place, RT__OP_STORE, (int32_t)slot, 0, 0, -1);
}

void rt__declare_self(const rt__where *w, const rt__node *place, rt__nodes body)
{
    if (rt__mentions(body, RT_STR("self")))
        declare(w, place, RT_STR("self"), RT__OP_SELF, 0);
}

void rt__declare_super(const rt__where *w, const rt__node *place, rt_str block,
                       rt__nodes body)
{
    if (rt__mentions(body, RT_STR("super")))
        declare(w, place, RT_STR("super"), RT__OP_SUPER,
                rt__add_name(w->unit->compiler, block));
}

// True when an inner scope has a variable of that name.
static bool is_shadowed(const rt__scope *from, const rt__scope *until,
                        rt_str name)
{
    for (; from != until; from = from->parent)
        if (rt__scope_stores(from, name))
            return true;
    return false;
}

void rt__compile_locals(const rt__where *w, const rt__node *place)
{
    rt__compiler *c = w->unit->compiler;
    int32_t n = 0;
    for (const rt__scope *scope = w->scope; scope; scope = scope->parent)
        rt_vec_each(rt__symbol, s, &scope->symbols) {
            if (!s->stored || is_shadowed(w->scope, scope, s->name))
                continue;
            emit(w, place, RT__OP_CONST,
                 rt__add_constant(c, rt_value_str(s->name)), 0, 0, 1);
            rt__compile_load(w, place, s->name, true);
            n++;
        }
    if (n)
        emit(w, place, RT__OP_DICT, n, 0, 0, 1 - 2 * n);
    else
        emit(w, place, RT__OP_NONE, 0, 0, 0, 1);
}

// ---- targets -----------------------------------------------------------------------

static bool is_public(rt_str name)
{
    return !name.len || name.data[0] != '_';
}

static void store_name(const rt__where *w, const rt__node *place, rt_str name)
{
    rt__unit *unit;
    const rt__symbol *s = rt__scope_find(w->scope, name, &unit);
    assert(s);
    if (w->toplevel)
        emit(w, place, RT__OP_EXPORT, rt__add_name(w->unit->compiler, name),
             is_public(name), 0, 0);
    unsigned up = 0;
    for (const rt__unit *u = w->unit; u != unit; u = u->outer)
        up++;
    emit(w, place, up ? RT__OP_STORE_OUTER : RT__OP_STORE, (int32_t)s->slot, up,
         0, -1);
}

void rt__compile_store(const rt__where *w, rt__node *target)
{
    switch (target->kind) {
    case RT__NODE_NAME:
        store_name(w, target, rt__as_name(target)->name);
        return;
    case RT__NODE_NSREF: {
        rt__ast_nsref *n = rt__as_nsref(target);
        rt__compile_load(w, target, n->name, false);
        emit(w, target, RT__OP_NAMESPACE_SET,
             rt__add_name(w->unit->compiler, n->attr), 0, 0, -2);
        return;
    }
    default: {
        rt__nodes items = rt__as_tuple(target)->items;
        emit(w, target, RT__OP_UNPACK, (int32_t)items.len, 0, 0,
             (int)items.len - 1);
        for (size_t i = 0; i < items.len; i++)
            rt__compile_store(w, items.items[i]);
    }
    }
}

// What is no namespace is found out before the value is computed.
static void check_namespaces(const rt__where *w, rt__node *target)
{
    if (target->kind == RT__NODE_NSREF) {
        rt__compile_load(w, target, rt__as_nsref(target)->name, false);
        emit(w, target, RT__OP_CHECK_NAMESPACE, 0, 0, 0, -1);
    } else if (target->kind == RT__NODE_TUPLE) {
        rt__nodes items = rt__as_tuple(target)->items;
        for (size_t i = 0; i < items.len; i++)
            check_namespaces(w, items.items[i]);
    }
}

static void compile_assign(const rt__where *w, rt__node *node)
{
    rt__ast_assign *n = rt__as_assign(node);
    check_namespaces(w, n->target);
    rt__at(w, node);
    rt__compile_expr(w, n->value);
    rt__compile_store(w, n->target);
}

// ---- output ----------------------------------------------------------------------------

// Output at the top level of a template that extends another one is dropped.
static bool begin_output(const rt__where *w, const rt__node *node,
                         uint32_t *guard)
{
    *guard = UINT32_MAX;
    if (!w->check_output)
        return true;
    if (w->unit->compiler->known_extends)
        return false;
    *guard = emit(w, node, RT__OP_JUMP_PARENT, 0, 0, 0, 0);
    return true;
}

static void end_output(const rt__where *w, uint32_t guard)
{
    if (guard != UINT32_MAX)
        rt__patch(w->unit, guard);
}

static void print_text(const rt__where *w, rt__node *place, rt_str text)
{
    emit(w, place, RT__OP_TEXT, rt__add_text(w->unit->compiler, text), 0, 0, 0);
}

static void print_item(const rt__where *w, rt__node *item)
{
    if (item->kind == RT__NODE_DATA) {
        if (w->unsure)
            rt__at(w, item);
        print_text(w, item, rt__as_data(item)->text);
        return;
    }
    bool finalize = w->unit->compiler->t->env->options.finalize;
    unsigned how = 0;
    rt_str text;
    rt_value v;
    if (!finalize && rt__fold_text(w, item, &text)) {
        print_text(w, item, text);
        return;
    }
    rt__at(w, item);
    if (finalize && rt__fold_known(w, item, &v)) {
        rt__compile_value(w, item, v);
        how = w->escaping ? RT__OUT_ESCAPED : RT__OUT_PLAIN;
    } else {
        rt__compile_expr(w, item);
    }
    emit(w, item, RT__OP_OUT, 0, how, 0, -1);
}

static void compile_output(const rt__where *w, rt__node *node)
{
    rt__nodes items = rt__as_output(node)->items;
    uint32_t guard;
    if (!begin_output(w, node, &guard))
        return;
    for (size_t i = 0; i < items.len; i++)
        print_item(w, items.items[i]);
    end_output(w, guard);
}

// ---- captures ------------------------------------------------------------------------------

static void begin_capture(const rt__where *w, const rt__node *place,
                          rt__open *open)
{
    emit(w, place, RT__OP_CAPTURE, 0, 0, 0, 0);
    *open = (rt__open){.capture = true, .outer = w->unit->open};
    w->unit->open = open;
}

static void end_capture(const rt__where *w, const rt__node *place, bool markup)
{
    w->unit->open = w->unit->open->outer;
    emit(w, place, RT__OP_CAPTURED, 0, markup, 0, 1);
}

static void compile_assign_block(const rt__where *w, rt__node *node)
{
    rt__ast_assign_block *n = rt__as_assign_block(node);
    rt__scope scope;
    rt__where in = inner(w, &scope);
    rt__open open;
    in.check_output = false;
    rt__scope_visit_all(&scope, n->body);
    if (n->filter)
        rt__scope_visit(&scope, n->filter);
    rt__enter_scope(&in, node);
    begin_capture(&in, node, &open);
    rt__compile_body(&in, n->body);
    rt__at(w, node);
    end_capture(&in, node, n->filter != NULL);
    if (n->filter)
        rt__compile_filters(&in, n->filter);
    emit(w, node, RT__OP_MARKUP, 0, 0, 0, 0);
    rt__compile_store(w, n->target);
}

static void compile_filter_block(const rt__where *w, rt__node *node)
{
    rt__ast_filter_block *n = rt__as_filter_block(node);
    rt__scope scope;
    rt__where in = inner(w, &scope);
    rt__open open;
    rt__scope_visit_all(&scope, n->body);
    rt__scope_visit(&scope, n->filter);
    rt__enter_scope(&in, node);
    begin_capture(&in, node, &open);
    rt__compile_body(&in, n->body);
    rt__at(w, node);
    end_capture(&in, node, true);
    rt__compile_filters(&in, n->filter);
    emit(w, node, RT__OP_OUT, 0, RT__OUT_RAW, 0, -1);
}

// ---- scopes and modes ----------------------------------------------------------------------

static void compile_with(const rt__where *w, rt__node *node)
{
    rt__ast_with *n = rt__as_with(node);
    rt__scope scope;
    rt__where in = inner(w, &scope);
    rt__scope_visit_all(&scope, n->targets);
    rt__scope_visit_all(&scope, n->body);
    rt__enter_scope(&in, node);
    for (size_t i = 0; i < n->targets.len; i++) {
        rt__compile_expr(w, n->values.items[i]);
        rt__compile_store(&in, n->targets.items[i]);
    }
    rt__compile_body(&in, n->body);
}

static void compile_autoescape(const rt__where *w, rt__node *node)
{
    rt__ast_autoescape *n = rt__as_autoescape(node);
    rt__scope scope;
    rt__where in = inner(w, &scope);
    uint32_t slot = rt__unit_slot(w->unit, RT_STR(""));
    rt__open open = {.slot = slot, .outer = w->unit->open};
    rt_value mode;
    rt__scope_visit(&scope, n->mode);
    rt__scope_visit_all(&scope, n->body);
    rt__enter_scope(&in, node);
    rt__compile_expr(&in, n->mode);
    const rt__node *said = w->unit->compiler->said;
    rt__at(w, node); // what is strictly undefined fails here
    emit(w, node, RT__OP_ESCAPING, (int32_t)slot, 0, 0, -1);
    rt__at(w, said);
    if (rt__fold_known(w, n->mode, &mode))
        in.escaping = rt_value_is_true(mode);
    else
        in.unsure = true;
    w->unit->open = &open;
    rt__compile_body(&in, n->body);
    w->unit->open = open.outer;
    emit(w, node, RT__OP_ESCAPING_BACK, (int32_t)slot, 0, 0, 0);
}

static void compile_if(const rt__where *w, rt__node *node)
{
    rt__ast_if *n = rt__as_if(node);
    rt__unit *u = w->unit;
    RT_VEC(uint32_t) ends = {0};
    rt__where soft = *w;
    soft.rootlevel = false;
    soft.soft = true;
    rt__compile_expr(&soft, n->test);
    uint32_t next = emit(w, node, RT__OP_JUMP_FALSE, 0, 0, 0, -1);
    rt__compile_body(&soft, n->body);
    for (size_t i = 0; i < n->elifs.len; i++) {
        rt__ast_if *elif = rt__as_if(n->elifs.items[i]);
        *rt_vec_push(u->compiler->scratch, &ends) =
            emit(w, node, RT__OP_JUMP, 0, 0, 0, 0);
        rt__patch(u, next);
        rt__at(w, &elif->node);
        rt__compile_expr(&soft, elif->test);
        next = emit(w, &elif->node, RT__OP_JUMP_FALSE, 0, 0, 0, -1);
        rt__compile_body(&soft, elif->body);
    }
    if (n->otherwise.len) {
        *rt_vec_push(u->compiler->scratch, &ends) =
            emit(w, node, RT__OP_JUMP, 0, 0, 0, 0);
        rt__patch(u, next);
        rt__compile_body(&soft, n->otherwise);
    } else {
        rt__patch(u, next);
    }
    for (size_t i = 0; i < ends.len; i++)
        rt__patch(u, ends.items[i]);
}

// ---- other templates -------------------------------------------------------------------------

// True when what follows is never reached: another extends is certain.
static bool fail_extended(const rt__where *w, rt__node *node)
{
    rt__compiler *c = w->unit->compiler;
    uint32_t extended = UINT32_MAX, not_yet = UINT32_MAX;
    if (!c->extends++)
        return false;
    if (!c->known_extends) {
        extended = emit(w, node, RT__OP_JUMP_PARENT, 0, 0, 0, 0);
        not_yet = emit(w, node, RT__OP_JUMP, 0, 0, 0, 0);
        rt__patch(w->unit, extended);
    }
    rt_value message = rt_value_cstr("extended multiple times");
    emit(w, node, RT__OP_FAIL, rt__add_constant(c, message),
         RT_TEMPLATE_RUNTIME_ERROR, 0, 0);
    end_output(w, not_yet);
    return c->known_extends;
}

// False when nothing behind it is reached, or compiled.
static bool compile_extends(const rt__where *w, rt__node *node)
{
    rt__compiler *c = w->unit->compiler;
    if (!w->toplevel) {
        rt__compile_error(c, node, RT_TEMPLATE_ASSERTION_ERROR,
                          RT_STR(
                              "cannot use extend from a non top-level scope"));
        return true;
    }
    if (fail_extended(w, node))
        return false;
    rt__at(w, node);
    c->extended = node;
    rt__compile_expr(w, rt__as_extends(node)->template);
    emit(w, node, RT__OP_EXTENDS, 0, 0, 0, -1);
    if (w->rootlevel)
        c->known_extends = true;
    return true;
}

static void compile_block(const rt__where *w, rt__node *node)
{
    rt__ast_block *n = rt__as_block(node);
    rt__compiler *c = w->unit->compiler;
    uint32_t guard = UINT32_MAX;
    unsigned flags = (n->scoped ? RT__BLOCK_SCOPED : 0) |
                     (n->required ? RT__BLOCK_REQUIRED : 0);
    if (w->toplevel) {
        if (c->known_extends)
            return;
        if (c->has_extends)
            guard = emit(w, node, RT__OP_JUMP_PARENT, 0, 0, 0, 0);
    }
    rt__at(w, node);
    if (n->scoped)
        rt__compile_locals(w, node);
    emit(w, node, RT__OP_BLOCK, rt__add_name(c, n->name), flags, 0,
         n->scoped ? -1 : 0);
    end_output(w, guard);
}

static void compile_include(const rt__where *w, rt__node *node)
{
    rt__ast_include *n = rt__as_include(node);
    unsigned flags = (n->ignore_missing ? RT__INCLUDE_IGNORE_MISSING : 0) |
                     (n->with_context ? 0 : RT__INCLUDE_WITHOUT_CONTEXT);
    rt__compile_expr(w, n->template);
    if (n->with_context)
        rt__compile_locals(w, node);
    emit(w, node, RT__OP_INCLUDE, 0, flags, 0, n->with_context ? -2 : -1);
}

static void push_module(const rt__where *w, rt__node *node, rt__node *template,
                        bool with_context)
{
    rt__compile_expr(w, template);
    if (with_context)
        rt__compile_locals(w, node);
    emit(w, node, RT__OP_IMPORT, 0, with_context, 0, with_context ? -1 : 0);
}

// What is imported is no export of the module that imports it.
static void store_imported(const rt__where *w, rt__node *node, rt_str name)
{
    rt__where quiet = *w;
    if (w->toplevel)
        emit(w, node, RT__OP_EXPORT, rt__add_name(w->unit->compiler, name), 0,
             0, 0);
    quiet.toplevel = false;
    store_name(&quiet, node, name);
}

static void compile_import(const rt__where *w, rt__node *node)
{
    rt__ast_import *n = rt__as_import(node);
    push_module(w, node, n->template, n->with_context);
    store_imported(w, node, n->target);
}

static void compile_from_import(const rt__where *w, rt__node *node)
{
    rt__ast_from_import *n = rt__as_from_import(node);
    push_module(w, node, n->template, n->with_context);
    for (size_t i = 0; i < n->names.len; i++) {
        rt__ast_imported *name = rt__as_imported(n->names.items[i]);
        emit(w, node, RT__OP_MEMBER,
             rt__add_name(w->unit->compiler, name->name), 0, 0, 1);
        store_imported(w, node, name->alias);
    }
    emit(w, node, RT__OP_POP, 0, 0, 0, -1);
}

static void compile_debug(const rt__where *w, rt__node *node)
{
    uint32_t guard;
    if (!begin_output(w, node, &guard))
        return;
    emit(w, node, RT__OP_DEBUG, 0, 0, 0, 1);
    emit(w, node, RT__OP_OUT, 0, 0, 0, -1);
    end_output(w, guard);
}

// Kinds that have no line of their own for errors, or not at once.
static bool is_quiet(rt__node_kind kind)
{
    return kind == RT__NODE_OUTPUT || kind == RT__NODE_WITH ||
           kind == RT__NODE_AUTOESCAPE || kind == RT__NODE_ASSIGN ||
           kind == RT__NODE_ASSIGN_BLOCK || kind == RT__NODE_FILTER_BLOCK ||
           kind == RT__NODE_EXTENDS || kind == RT__NODE_BLOCK;
}

void rt__at(const rt__where *w, const rt__node *node)
{
    w->unit->statement = w->unit->compiler->said = node;
}

// False when nothing behind it is reached.
static bool compile_statement(const rt__where *w, rt__node *node)
{
    rt__at(w, is_quiet(node->kind) ? w->unit->compiler->said : node);
    switch (node->kind) {
    case RT__NODE_OUTPUT: compile_output(w, node); return true;
    case RT__NODE_EXTENDS: return compile_extends(w, node);
    case RT__NODE_BLOCK: compile_block(w, node); return true;
    case RT__NODE_FOR: rt__compile_for(w, node); return true;
    case RT__NODE_IF: compile_if(w, node); return true;
    case RT__NODE_WITH: compile_with(w, node); return true;
    case RT__NODE_ASSIGN: compile_assign(w, node); return true;
    case RT__NODE_ASSIGN_BLOCK: compile_assign_block(w, node); return true;
    case RT__NODE_MACRO: rt__compile_macro_stmt(w, node); return true;
    case RT__NODE_CALL_BLOCK: rt__compile_call_block(w, node); return true;
    case RT__NODE_FILTER_BLOCK: compile_filter_block(w, node); return true;
    case RT__NODE_AUTOESCAPE: compile_autoescape(w, node); return true;
    case RT__NODE_INCLUDE: compile_include(w, node); return true;
    case RT__NODE_IMPORT: compile_import(w, node); return true;
    case RT__NODE_FROM_IMPORT: compile_from_import(w, node); return true;
    case RT__NODE_DO:
        rt__compile_expr(w, rt__as_do(node)->value);
        emit(w, node, RT__OP_POP, 0, 0, 0, -1);
        return true;
    case RT__NODE_BREAK: rt__compile_break(w, node); return true;
    case RT__NODE_CONTINUE: rt__compile_continue(w, node); return true;
    case RT__NODE_TRANS: rt__compile_trans(w, node); return true;
    case RT__NODE_DEBUG: compile_debug(w, node); return true;
    default: rt_panic("no statement: %d", (int)node->kind);
    }
}

void rt__compile_body(const rt__where *w, rt__nodes body)
{
    const rt__compiler *c = w->unit->compiler;
    for (size_t i = 0; i < body.len && (!c->status || c->problems); i++)
        if (!compile_statement(w, body.items[i]))
            return;
}
