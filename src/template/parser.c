// The parser's ground: tokens, errors, nodes, and where it starts.
#include "template/parser.h"

#include <string.h>

// Nodes the stack holds at first.
#define FIRST_NODES 64

// ---- errors ----------------------------------------------------------------

void rt__parse_fail_as(rt__parser *p, rt__place place,
                       rt_template_error_kind kind, rt_str message)
{
    if (p->status)
        return;
    p->status = kind == RT_TEMPLATE_LIMIT_ERROR ? RT_E_LIMIT : RT_E_SYNTAX;
    p->tok.kind = RT__TOK_ERROR;
    p->error->kind = kind;
    p->error->message = message;
    rt__source_place(p->arena, p->source->text, place.offset, p->error);
    assert(p->error->line == place.line);
}

void rt__parse_fail(rt__parser *p, rt__place place, rt_str message)
{
    rt__parse_fail_as(p, place, RT_TEMPLATE_SYNTAX_ERROR, message);
}

void rt__parse_fail_about(rt__parser *p, rt__place place, const char *format,
                          rt_str what)
{
    rt_value value = rt_value_str(what);

    rt__parse_fail(p, place, rt_format_values(p->arena, format, &value, 1));
}

void rt__parse_fail_limit(rt__parser *p, rt__place place, const char *format,
                          int limit)
{
    rt_value value = rt_value_int(limit);

    rt__parse_fail_as(p, place, RT_TEMPLATE_LIMIT_ERROR,
                      rt_format_values(p->arena, format, &value, 1));
}

rt_str rt__token_text(const rt__token *token)
{
    if (token->kind == RT__TOK_NAME)
        return token->text;
    return rt_str_from(rt__token_kind_text(token->kind));
}

RT_COLD static void fail_expected(rt__parser *p, const char *expected)
{
    if (rt__tok_is(p, RT__TOK_END)) {
        rt__parse_fail(p, rt__tok_place(p),
                       rt_format(p->arena,
                                 "unexpected end of template, expected '{}'",
                                 expected));
    } else {
        rt__parse_fail(p, rt__tok_place(p),
                       rt_format(p->arena, "expected token '{}', got '{}'",
                                 expected, rt__token_text(&p->tok)));
    }
}

// ---- tokens ----------------------------------------------------------------

// The lexer has filled in the error.
static void fail_lexer(rt__parser *p)
{
    p->status =
        p->error->kind == RT_TEMPLATE_LIMIT_ERROR ? RT_E_LIMIT : RT_E_SYNTAX;
    p->tok.kind = RT__TOK_ERROR;
}

void rt__tok_step(rt__parser *p)
{
    if (p->status)
        return;
    if (p->has_ahead) {
        p->tok = p->ahead;
        p->has_ahead = false;
        return;
    }
    rt__lexer_next(&p->lexer, &p->tok);
    if (p->tok.kind == RT__TOK_ERROR)
        fail_lexer(p);
}

const rt__token *rt__tok_ahead(rt__parser *p)
{
    if (!p->has_ahead && !p->status) {
        rt__lexer_next(&p->lexer, &p->ahead);
        if (p->ahead.kind == RT__TOK_ERROR) {
            fail_lexer(p);
        } else {
            p->has_ahead = true;
        }
    }
    return p->status ? &p->tok : &p->ahead;
}

bool rt__tok_accept(rt__parser *p, rt__token_kind kind)
{
    if (!rt__tok_is(p, kind))
        return false;
    rt__tok_step(p);
    return true;
}

bool rt__word_accept(rt__parser *p, rt__word word)
{
    if (!rt__word_is(p, word))
        return false;
    rt__tok_step(p);
    return true;
}

void rt__tok_expect(rt__parser *p, rt__token_kind kind)
{
    if (!rt__tok_accept(p, kind))
        fail_expected(p, rt__token_kind_text(kind));
}

void rt__word_expect(rt__parser *p, rt__word word)
{
    if (!rt__word_accept(p, word))
        fail_expected(p, rt__word_text(word));
}

rt_str rt__name_intern(rt__parser *p, rt_str name)
{
    return rt_map_put(&p->names, name, NULL)->key;
}

rt_str rt__name_expect(rt__parser *p)
{
    rt_str name = p->tok.text;

    if (!rt__tok_is(p, RT__TOK_NAME)) {
        fail_expected(p, rt__token_kind_text(RT__TOK_NAME));
        return (rt_str){0};
    }
    rt__tok_step(p);
    return rt__name_intern(p, name);
}

// ---- nodes -----------------------------------------------------------------

rt__node *rt__node_make(rt__parser *p, rt__node_kind kind, rt__place place)
{
    const rt__node at = {.line = place.line, .offset = place.offset};

    return rt__node_new(p->arena, kind, &at);
}

void rt__node_push(rt__parser *p, rt__node *node)
{
    if (p->stack_len == p->stack_cap) {
        size_t bytes = p->stack_cap * sizeof(rt__node *);
        p->stack = rt_arena_grow(p->scratch, p->stack, bytes, 2 * bytes);
        p->stack_cap *= 2;
    }
    p->stack[p->stack_len++] = node;
}

rt__nodes rt__nodes_take(rt__parser *p, size_t mark)
{
    size_t len = p->stack_len - mark;

    p->stack_len = mark;
    if (!len)
        return (rt__nodes){0};
    return (rt__nodes){rt_arena_copy(p->arena, p->stack + mark,
                                     len * sizeof(rt__node *)),
                       len};
}

static bool raise_above(void *arg, rt__node **child)
{
    rt__node *node = arg;

    if (node->height <= (*child)->height)
        node->height = (*child)->height + 1;
    return true;
}

rt__node *rt__node_measure(rt__parser *p, rt__node *node)
{
    rt__node_each_child(node, raise_above, node);
    if (node->height > RT__EXPR_HEIGHT_MAX) {
        rt__parse_fail_limit(p, (rt__place){node->line, node->offset},
                             "an expression of more than {} levels",
                             RT__EXPR_HEIGHT_MAX);
    }
    return node;
}

// ---- starting --------------------------------------------------------------

static rt_status start(rt__parser *p, const rt__source *source, rt_arena *arena,
                       rt_arena *scratch, bool expression,
                       rt_template_error *error)
{
    p->source = source;
    p->arena = arena;
    p->scratch = scratch;
    p->error = error;
    rt_map_init(&p->names, arena);
    p->stack = rt_arena_alloc(scratch, FIRST_NODES * sizeof(rt__node *));
    p->stack_cap = FIRST_NODES;
    p->status = rt__lexer_init(&p->lexer, arena, source->syntax, source->text,
                               expression, error);
    rt__tok_step(p);
    return p->status;
}

// template = *( data | tag )
static rt__node *parse_template(rt__parser *p)
{
    rt__ast_template *n = rt__make(p, template, TEMPLATE, ((rt__place){1, 0}));

    n->body = rt__parse_items(p, 0);
    return &n->node;
}

static rt__node *parse_expression(rt__parser *p)
{
    rt__node *n = rt__parse_expr(p);

    if (!p->status && !rt__tok_is(p, RT__TOK_END)) {
        rt__parse_fail_about(p, rt__tok_place(p),
                             "expected the end of the expression, got '{}'",
                             rt__token_text(&p->tok));
    }
    return n;
}

static rt_status parse(const rt__source *source, rt_arena *arena,
                       rt_arena *scratch, bool expression, rt__node **out,
                       rt_template_error *error)
{
    assert(arena != scratch); // the tree would be rewound with the rest

    rt_arena_mark mark = rt_arena_save(scratch);
    rt__parser *p = rt_new(scratch, rt__parser, 1);

    if (start(p, source, arena, scratch, expression, error) == RT_OK) {
        rt__node *n = expression ? parse_expression(p) : parse_template(p);
        if (!p->status)
            *out = n;
    }
    rt_status st = p->status;
    if (st)
        error->template_name = source->name;
    rt_arena_rewind(scratch, mark);
    return st;
}

rt_status rt__ast_parse(const rt__source *source, rt_arena *arena,
                        rt_arena *scratch, rt__node **out,
                        rt_template_error *error)
{
    return parse(source, arena, scratch, false, out, error);
}

rt_status rt__ast_parse_expression(const rt__source *source, rt_arena *arena,
                                   rt_arena *scratch, rt__node **out,
                                   rt_template_error *error)
{
    return parse(source, arena, scratch, true, out, error);
}
