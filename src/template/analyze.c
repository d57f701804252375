// Looking at templates without rendering them: what they read, what they refer
// to, and what the stages of the compiler make of them.
#include "template/compile.h"
#include "template/token.h"

// ---- code --------------------------------------------------------------------

static const char *opcode_name(uint8_t op)
{
#define NAME(name) \
    case RT__OP_##name: return #name;
    switch ((rt__opcode)op) {
        RT__OPCODES(NAME)
    case RT__OP_COUNT: break;
    }
#undef NAME
    return "?";
}

static void put_code(const rt_template *t, const rt__code *code, size_t number,
                     rt_buf *out)
{
    static const char *const kinds[] = {"root", "block", "macro", "loop",
                                        "condition"};
    rt_buf_format(out, "code {}: {} {} slots {} stack {}\n", number,
                  kinds[code->kind], code->name, code->slots, code->stack);
    for (uint32_t i = 0; i < code->len; i++) {
        const rt__ins *in = &code->ins[i];
        size_t line = rt__source_line(t->source, code->places[i]);
        rt_buf_printf(out, "%6u  line %-4zu %-16s %6d %3u %5u", i, line,
                      opcode_name(in->op), in->a, in->b, in->c);
        if (in->op == RT__OP_TEXT || in->op == RT__OP_CONST)
            rt_buf_format(out, "  {!r}", t->constants[in->a]);
        if (in->op == RT__OP_ATTR || in->op == RT__OP_EXPORT ||
            in->op == RT__OP_BLOCK || in->op == RT__OP_MEMBER)
            rt_buf_format(out, "  {}", t->names[in->a].key.text);
        if (in->op == RT__OP_RESOLVE)
            rt_buf_format(out, "  {}", t->names[in->c].key.text);
        if (in->op == RT__OP_LOAD || in->op == RT__OP_STORE ||
            in->op == RT__OP_OUT_SLOT)
            rt_buf_format(out, "  {}", code->slot_names[in->a]);
        if (in->op == RT__OP_FILTER || in->op == RT__OP_TEST)
            rt_buf_format(out, "  {}", t->uses[in->a].name);
        rt_buf_put_char(out, '\n');
    }
}

void rt__template_dump_code(const rt_template *t, rt_buf *out)
{
    for (size_t i = 0; i < t->codes_len; i++)
        put_code(t, t->codes[i], i, out);
}

static rt_status parse(rt_template_env *env, rt_arena *arena, rt_str text,
                       rt__node **tree, rt_template_error *error)
{
    rt__source source = {.text = text,
                         .syntax = &env->options.syntax,
                         .i18n_trimmed = env->options.policies.i18n_trimmed};
    rt_arena scratch = {0};
    rt_template_error unused = {0};
    rt_status st =
        rt__ast_parse(&source, arena, &scratch, tree, error ? error : &unused);
    rt_arena_deinit(&scratch);
    return st;
}

rt_status rt_template_dump(rt_template_env *env, rt_arena *arena, rt_str source,
                           rt_template_stage stage, rt_buf *out,
                           rt_template_error *error)
{
    rt_template_error unused = {0};
    rt__node *tree;
    rt_template *t;
    rt_status st = RT_OK;
    error = error ? error : &unused;
    switch (stage) {
    case RT_TEMPLATE_TOKENS:
        return rt__tokens_dump(&env->options.syntax, source, arena, out, error);
    case RT_TEMPLATE_AST:
        if (!(st = parse(env, arena, source, &tree, error)))
            rt__ast_dump(tree, out);
        return st;
    case RT_TEMPLATE_CODE:
        if ((st = rt_template_parse(env, arena, source, &t, error)))
            return st;
        rt__template_dump_code(t, out);
        rt_template_put(t);
        return RT_OK;
    }
    return st;
}

// ---- names and references ---------------------------------------------------------

static void add_once(rt_value list, rt_value v)
{
    rt_list_each(item, list)
        if (rt_value_equal(*item, v))
            return;
    (void)!rt_list_push(list, v);
}

// What a template resolves from the context in any of its codes.
rt_status rt_template_undeclared(rt_template_env *env, rt_arena *arena,
                                 rt_str source, rt_value *out,
                                 rt_template_error *error)
{
    rt_template *t;
    rt_status st = rt_template_parse(env, arena, source, &t, error);
    if (st)
        return st;
    *out = rt_list_new(arena);
    for (size_t i = 0; i < t->codes_len; i++) {
        const rt__code *code = t->codes[i];
        for (uint32_t j = 0; j < code->len; j++) {
            if (code->ins[j].op != RT__OP_RESOLVE)
                continue;
            rt_str name = t->names[code->ins[j].c].key.text;
            if (!rt_dict_has(env->globals, rt_value_str(name)) &&
                !rt__global_find(name))
                add_once(*out, rt_value_str(rt_str_copy(arena, name)));
        }
    }
    rt_template_put(t);
    return RT_OK;
}

static void add_reference(rt_arena *arena, rt_value list, rt__node *node)
{
    rt__nodes items = {0};
    if (node->kind == RT__NODE_CONST &&
        rt_value_is_text(rt__as_const(node)->value)) {
        add_once(list, rt_value_copy(arena, rt__as_const(node)->value));
        return;
    }
    if (node->kind == RT__NODE_LIST)
        items = rt__as_list(node)->items;
    else if (node->kind == RT__NODE_TUPLE)
        items = rt__as_tuple(node)->items;
    else
        add_once(list, rt_value_none());
    for (size_t i = 0; i < items.len; i++)
        add_reference(arena, list, items.items[i]);
}

typedef struct reference_search {
    rt_arena *arena;
    rt_value list;
} reference_search;

static bool find_references(void *arg, rt__node **child)
{
    reference_search *s = arg;
    rt__node *node = *child, *template = NULL;
    switch (node->kind) {
    case RT__NODE_EXTENDS: template = rt__as_extends(node)->template; break;
    case RT__NODE_INCLUDE: template = rt__as_include(node)->template; break;
    case RT__NODE_IMPORT: template = rt__as_import(node)->template; break;
    case RT__NODE_FROM_IMPORT:
        template = rt__as_from_import(node)->template;
        break;
    default: break;
    }
    if (template)
        add_reference(s->arena, s->list, template);
    return rt__node_each_child(node, find_references, arg);
}

rt_status rt_template_references(rt_template_env *env, rt_arena *arena,
                                 rt_str source, rt_value *out,
                                 rt_template_error *error)
{
    rt__node *tree;
    rt_status st = parse(env, arena, source, &tree, error);
    if (st)
        return st;
    reference_search s = {arena, rt_list_new(arena)};
    rt__node_each_child(tree, find_references, &s);
    *out = s.list;
    return RT_OK;
}
