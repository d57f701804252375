// The compiler's units: codes, constants, names; and a template as a whole.
#include "template/compile.h"

#include <assert.h>

#include <retort/base/hash.h>

#include "template/compile_stmt.h"
#include "template/token.h"
#include "template/vm.h" // what `loop` has

#define CODE_LEN_MAX (1u << 24) // instructions of one code
#define SLOTS_MAX    65535u     // variables of one code

void rt__compile_error(rt__compiler *c, const rt__node *place,
                       rt_template_error_kind kind, rt_str message)
{
    if (c->status && !c->problems)
        return;
    rt_template_error error;
    rt_status st = rt__error_set(&error, kind, message, c->t->name);
    if (place) {
        rt__source_place(c->arena, c->t->source, place->offset, &error);
        error.line = place->line;
    }
    if (!c->status) {
        c->status = st;
        *c->error = error;
    }
    if (c->problems) {
        c->problems->tell(c->problems->arg, &error);
        c->problems->told++;
    }
    // Only an unknown name leaves the code behind it as it would be.
    if (kind != RT_TEMPLATE_ASSERTION_ERROR)
        c->problems = NULL;
}

// ---- tables ------------------------------------------------------------------

int32_t rt__add_constant(rt__compiler *c, rt_value v)
{
    *rt_vec_push(c->scratch, &c->constants) = rt_value_copy(c->arena, v);
    return (int32_t)c->constants.len - 1;
}

int32_t rt__add_text(rt__compiler *c, rt_str text)
{
    char *copy = rt_arena_zalloc(c->arena, text.len + RT__TEXT_SLACK);
    if (text.len)
        memcpy(copy, text.data, text.len);
    *rt_vec_push(c->scratch, &c->constants) =
        rt_value_str((rt_str){copy, text.len});
    return (int32_t)c->constants.len - 1;
}

// Methods of dicts come before their entries, and names with an underscore are
// looked at by the sandbox.
static bool is_entry(rt_str name)
{
    rt_value dict = {.kind = RT_DICT};
    return name.len && name.data[0] != '_' && !rt__method_find(dict, name);
}

int32_t rt__add_name(rt__compiler *c, rt_str name)
{
    rt_map_entry *entry = rt_map_find(&c->numbers, name);
    if (entry)
        return (int32_t)((uintptr_t)entry->value - 1);
    uint64_t hash = rt_hash_bytes(name.data, name.len);
    *rt_vec_push(c->scratch, &c->names) =
        (rt__name){{rt_str_copy(c->arena, name), hash, 0},
                   is_entry(name),
                   (uint8_t)rt__loop_member_find(name)};
    rt_map_put(&c->numbers, name, (void *)(uintptr_t)c->names.len);
    return (int32_t)c->names.len - 1;
}

int32_t rt__add_attribute(rt__compiler *c, rt_str name)
{
    size_t before = c->names.len;
    int32_t at = rt__add_name(c, name);
    if (c->names.len > before)
        return at;
    rt__name again = c->names.items[at];
    *rt_vec_push(c->scratch, &c->names) = again;
    return (int32_t)c->names.len - 1;
}

// ---- units ---------------------------------------------------------------------

rt__unit *rt__unit_new(rt__compiler *c, rt__unit *outer, rt__code_kind kind,
                       rt_str name, const rt__node *place)
{
    rt__unit *u = rt_new(c->scratch, rt__unit, 1);
    u->compiler = c;
    u->outer = outer;
    u->code = rt_new(c->arena, rt__code, 1);
    *u->code = (rt__code){.kind = kind,
                          .name = rt_str_copy(c->arena, name),
                          .owner = c->t,
                          .place = place ? place->offset : 0,
                          .kwargs_slot = -1,
                          .varargs_slot = -1,
                          .caller_slot = -1};
    u->number = (int32_t)c->codes.len;
    *rt_vec_push(c->scratch, &c->codes) = u->code;
    return u;
}

uint32_t rt__unit_slot(rt__unit *u, rt_str name)
{
    if (u->slot_names.len >= SLOTS_MAX) {
        rt__compile_error(u->compiler, NULL, RT_TEMPLATE_LIMIT_ERROR,
                          RT_STR("a template has too many variables"));
        return 0;
    }
    *rt_vec_push(u->compiler->scratch, &u->slot_names) = name;
    return (uint32_t)u->slot_names.len - 1;
}

// Errors of an expression are reported at the line of the whole of it, as in
// Jinja; within that line the caret shows the part.
static uint32_t place_of(const rt__unit *u, const rt__node *place)
{
    const rt__node *whole = u->statement;
    if (!place || !whole)
        return whole ? whole->offset : 0;
    return whole->line != place->line ? whole->offset : place->offset;
}

// Make `*ins` one instruction with the one before it, where there is such a one.
static bool join(const rt__ins *before, rt__ins *ins)
{
    switch (ins->op) {
    case RT__OP_ATTR:
        if (before->op != RT__OP_LOAD)
            return false;
        *ins = (rt__ins){RT__OP_LOAD_ATTR, 0, (uint16_t)before->a, ins->a};
        return true;
    case RT__OP_OUT:
        if (ins->b)
            return false;
        if (before->op == RT__OP_LOAD)
            *ins = (rt__ins){RT__OP_OUT_SLOT, 0, 0, before->a};
        else if (before->op == RT__OP_LOAD_ATTR)
            *ins = (rt__ins){RT__OP_OUT_ATTR, 0, before->c, before->a};
        else
            return false;
        return true;
    case RT__OP_OUT_SLOT:
        if (before->op != RT__OP_TEXT)
            return false;
        *ins = (rt__ins){RT__OP_TEXT_SLOT, 0, (uint16_t)ins->a, before->a};
        return true;
    case RT__OP_OUT_ATTR:
        if (before->op != RT__OP_TEXT || ins->c > UINT8_MAX ||
            ins->a > UINT16_MAX)
            return false;
        *ins = (rt__ins){RT__OP_TEXT_ATTR, (uint8_t)ins->c, (uint16_t)ins->a,
                         before->a};
        return true;
    case RT__OP_JUMP_FALSE:
        if (before->op == RT__OP_NOT)
            *ins = (rt__ins){RT__OP_JUMP_TRUE, 0, 0, ins->a};
        else if (before->op == RT__OP_COMPARE)
            *ins = (rt__ins){RT__OP_JUMP_UNLESS, before->b, 0, ins->a};
        else
            return false;
        return true;
    case RT__OP_STORE:
        if (before->op != RT__OP_NEXT || ins->a > UINT8_MAX)
            return false;
        *ins =
            (rt__ins){RT__OP_NEXT_SLOT, (uint8_t)ins->a, before->c, before->a};
        return true;
    default: return false;
    }
}

// Of two instructions made one, whether it is the first that can fail.
static bool fails_first(uint8_t op)
{
    return op == RT__OP_NEXT_SLOT || op == RT__OP_JUMP_TRUE ||
           op == RT__OP_JUMP_UNLESS;
}

uint32_t rt__emit(rt__unit *u, const rt__node *place, rt__opcode op, int32_t a,
                  unsigned b, unsigned c, int effect)
{
    rt_arena *scratch = u->compiler->scratch;
    if (u->ins.len >= CODE_LEN_MAX)
        rt__compile_error(u->compiler, place, RT_TEMPLATE_LIMIT_ERROR,
                          RT_STR("a template is too long"));
    if (c > UINT16_MAX || b > UINT8_MAX)
        rt__compile_error(u->compiler, place, RT_TEMPLATE_LIMIT_ERROR,
                          RT_STR("a template has too many names, or functions "
                                 "inside of each other"));
    rt__ins ins = {(uint8_t)op, (uint8_t)b, (uint16_t)c, a};
    uint32_t offset = place_of(u, place);
    while (u->ins.len > u->label && join(&u->ins.items[u->ins.len - 1], &ins)) {
        u->ins.len--;
        u->places.len--;
        if (fails_first(ins.op))
            offset = u->places.items[u->places.len];
    }
    *rt_vec_push(scratch, &u->ins) = ins;
    *rt_vec_push(scratch, &u->places) = offset;
    // Room for what an instruction pushes before it takes its operands off.
    u->depth = (uint32_t)((int)u->depth + effect);
    if (u->depth + 2 > u->code->stack)
        u->code->stack = u->depth + 2;
    return (uint32_t)u->ins.len - 1;
}

void rt__patch(rt__unit *u, uint32_t at)
{
    u->ins.items[at].a = (int32_t)u->ins.len;
    u->label = (uint32_t)u->ins.len;
}

// Whether what a code makes may look at its frame when it has ended: functions,
// and loops that call what stands in it.
static bool keeps_frame(const rt__unit *u)
{
    for (size_t i = 0; i < u->ins.len; i++) {
        switch (u->ins.items[i].op) {
        case RT__OP_MACRO:
        case RT__OP_RECURSE:
        case RT__OP_LOOP_FILTER: return true;
        default: break;
        }
    }
    return false;
}

void rt__unit_finish(rt__unit *u)
{
    rt__compiler *c = u->compiler;
    rt__code *code = u->code;
    rt__emit(u, NULL, RT__OP_RETURN, 0, 0, 0, 0);
    code->len = (uint32_t)u->ins.len;
    code->slots = (uint32_t)u->slot_names.len;
    code->keeps_frame = keeps_frame(u);
    code->ins = rt_arena_copy(c->arena, u->ins.items,
                              u->ins.len * sizeof *u->ins.items);
    code->places = rt_arena_copy(c->arena, u->places.items,
                                 u->places.len * sizeof *u->places.items);
    code->slot_names = rt_new(c->arena, rt_str, code->slots);
    for (uint32_t i = 0; i < code->slots; i++)
        code->slot_names[i] = rt_str_copy(c->arena, u->slot_names.items[i]);
}

// ---- the template ------------------------------------------------------------------

typedef struct block_search {
    rt__compiler *c;
    RT_VEC(rt__node *) blocks;
    rt_map names;
    bool extends;
} block_search;

// All blocks, also those inside of others, and whether there is an extends.
static bool find_blocks(void *arg, rt__node **child)
{
    block_search *s = arg;
    rt__node *node = *child;
    if (node->kind == RT__NODE_EXTENDS)
        s->extends = true;
    if (node->kind == RT__NODE_BLOCK) {
        rt_str name = rt__as_block(node)->name;
        if (rt_map_find(&s->names, name))
            rt__compile_error(s->c, node, RT_TEMPLATE_ASSERTION_ERROR,
                              rt_format(s->c->arena, "block {!r} defined twice",
                                        name));
        rt_map_put(&s->names, name, node);
        rt__node **slot = rt_vec_push(s->c->scratch, &s->blocks);
        *slot = node;
    }
    return rt__node_each_child(node, find_blocks, arg);
}

static rt__where where_of(rt__unit *u, rt__scope *scope)
{
    return (rt__where){.unit = u,
                       .scope = scope,
                       .escaping = u->compiler->t->autoescape};
}

static void compile_root(rt__compiler *c, rt__node *tree)
{
    rt__nodes body = rt__as_template(tree)->body;
    rt__unit *u = rt__unit_new(c, NULL, RT__CODE_ROOT, RT_STR(""), tree);
    rt__scope scope;
    rt__scope_init(&scope, NULL, u, c->scratch);
    rt__where w = where_of(u, &scope);
    w.toplevel = w.rootlevel = true;
    w.check_output = c->has_extends;
    rt__declare_self(&w, tree, body);
    rt__scope_visit_all(&scope, body);
    rt__enter_scope(&w, tree);
    rt__compile_body(&w, body);
    if (c->extended)
        rt__at(&w, c->extended);
    if (c->has_extends)
        rt__emit(u, tree, RT__OP_PARENT, 0, 0, 0, 0);
    rt__unit_finish(u);
    c->t->root = u->code;
}

static void compile_block(rt__compiler *c, rt__node *node)
{
    rt__ast_block *n = rt__as_block(node);
    rt__unit *u = rt__unit_new(c, NULL, RT__CODE_BLOCK, n->name, node);
    rt__scope scope;
    rt__scope_init(&scope, NULL, u, c->scratch);
    rt__where w = where_of(u, &scope);
    rt__at(&w, node);
    rt__declare_self(&w, node, n->body);
    rt__declare_super(&w, node, n->name, n->body);
    rt__scope_visit_all(&scope, n->body);
    rt__enter_scope(&w, node);
    rt__compile_body(&w, n->body);
    rt__unit_finish(u);
    *rt_vec_push(c->scratch, &c->blocks) =
        (rt__block_entry){u->code->name, u->code};
}

static void *keep(rt_arena *arena, const void *items, size_t len, size_t bytes)
{
    return rt_arena_copy(arena, items, len * bytes);
}

static void finish(rt__compiler *c)
{
    rt_template *t = c->t;
#define KEEP(field)                                                           \
    t->field =                                                                \
        keep(c->arena, c->field.items, c->field.len, sizeof *c->field.items), \
    t->field##_len = c->field.len
    KEEP(constants);
    KEEP(names);
    KEEP(uses);
    KEEP(codes);
    KEEP(blocks);
#undef KEEP
    for (size_t i = 0; i < t->uses_len; i++)
        t->uses[i].name = rt_str_copy(c->arena, t->uses[i].name);
    t->has_extends = c->has_extends;
}

static void compile_expression(rt__compiler *c, rt__node *tree)
{
    rt__unit *u = rt__unit_new(c, NULL, RT__CODE_ROOT, RT_STR(""), tree);
    rt__scope scope;
    rt__scope_init(&scope, NULL, u, c->scratch);
    rt__where w = where_of(u, &scope);
    rt__at(&w, tree);
    rt__scope_visit(&scope, tree);
    rt__enter_scope(&w, tree);
    rt__compile_expr(&w, tree);
    rt__emit(u, tree, RT__OP_RETURN_VALUE, 0, 0, 0, -1);
    rt__unit_finish(u);
    c->t->root = u->code;
}

rt_status rt__template_compile(rt_template *t, rt_arena *scratch,
                               bool expression, rt__problems *problems,
                               rt_template_error *error)
{
    const rt_template_options *o = &t->env->options;
    rt__source source = {t->source, t->name, &o->syntax,
                         o->policies.i18n_trimmed};
    rt__node *tree;
    rt_arena parsing = {0};
    rt_status st =
        expression
            ? rt__ast_parse_expression(&source, scratch, &parsing, &tree, error)
            : rt__ast_parse(&source, scratch, &parsing, &tree, error);
    rt_arena_deinit(&parsing);
    if (st)
        return st;
    rt__compiler c = {.t = t,
                      .arena = &t->arena,
                      .scratch = scratch,
                      .error = error,
                      .problems = problems};
    block_search found = {.c = &c};
    rt_map_init(&c.numbers, scratch);
    rt_map_init(&found.names, scratch);
    if (expression) {
        compile_expression(&c, tree);
    } else {
        rt__node_each_child(tree, find_blocks, &found);
        c.has_extends = found.extends;
        compile_root(&c, tree);
    }
    for (size_t i = 0; i < found.blocks.len && (!c.status || c.problems); i++)
        compile_block(&c, found.blocks.items[i]);
    if (!c.status)
        finish(&c);
    return c.status;
}
