// Tokens and trees on one line, for rows of tests.
//
// Tokens: data in quotes, strings with an s before, tags by their signs,
// everything else as it is written; `@2` where the second line begins.
//
//     "a " <v x | upper v> "b" @2 <b endif b>
//
// Trees: a node in parentheses, its kind, its fields; a list in brackets. The
// most usual expressions are shorter.
//
//     (output ["a " (filter upper x)])
#pragma once

#include <retort/test.h>

#include "template/ast.h"
#include "template/token.h"

static rt_arena syntax_arena;
static rt_arena syntax_scratch;

static const char *syntax_token(rt__token_kind kind)
{
    switch (kind) {
    case RT__TOK_VARIABLE_BEGIN: return "<v";
    case RT__TOK_VARIABLE_END: return "v>";
    case RT__TOK_BLOCK_BEGIN: return "<b";
    case RT__TOK_BLOCK_END: return "b>";
    default: return rt__token_kind_text(kind);
    }
}

static void syntax_put_token(rt_buf *out, const rt__token *token)
{
    switch (token->kind) {
    case RT__TOK_DATA: rt__put_quoted(out, token->text); break;
    case RT__TOK_STRING:
        rt_buf_put_char(out, 's');
        rt__put_quoted(out, token->text);
        break;
    case RT__TOK_FLOAT:
        rt_buf_put_char(out, 'f');
        rt_buf_put(out, token->text);
        break;
    case RT__TOK_NAME:
    case RT__TOK_INTEGER: rt_buf_put(out, token->text); break;
    default: rt_buf_put_cstr(out, syntax_token(token->kind)); break;
    }
}

// "3:7 message", as of an error.
static rt_str syntax_error_text(const rt_template_error *error)
{
    return rt_format(&syntax_arena, "{}:{} {}", (int64_t)error->line,
                     (int64_t)error->column, error->message);
}

// The tokens of a source without the last one, or its error.
__attribute__((unused)) static rt_str syntax_tokens(
    const rt_template_syntax *syntax, rt_str source)
{
    rt_template_error error = {0};
    rt__lexer lexer;
    rt__token token;
    uint32_t line = 1;
    rt_buf out;

    rt_buf_init(&out, &syntax_arena);
    if (rt__lexer_init(&lexer, &syntax_arena, syntax, source, false, &error))
        return syntax_error_text(&error);
    for (;;) {
        rt__lexer_next(&lexer, &token);
        if (token.kind == RT__TOK_ERROR)
            return syntax_error_text(&error);
        if (token.kind == RT__TOK_END)
            return rt_buf_str(&out);
        if (out.len)
            rt_buf_put_char(&out, ' ');
        if (token.line != line)
            rt_buf_format(&out, "@{} ", (int64_t)token.line);
        line = token.line;
        syntax_put_token(&out, &token);
    }
}

static void syntax_put_node(rt_buf *out, rt__node *node);

static void syntax_put_field(rt_buf *out, const rt__field *field, void *at)
{
    switch (field->type) {
    case RT__FIELD_NODE:
    case RT__FIELD_MAYBE:
        if (!*(rt__node **)at)
            return;
        rt_buf_put_char(out, ' ');
        if (field->type == RT__FIELD_MAYBE)
            rt_buf_format(out, "{}=", field->name);
        syntax_put_node(out, *(rt__node **)at);
        break;
    case RT__FIELD_LIST: {
        rt__nodes *list = at;
        if (!list->len)
            return;
        rt_buf_format(out, " {}=[", field->name);
        for (size_t i = 0; i < list->len; i++) {
            if (i)
                rt_buf_put_char(out, ' ');
            syntax_put_node(out, list->items[i]);
        }
        rt_buf_put_char(out, ']');
        break;
    }
    case RT__FIELD_NAME: rt_buf_format(out, " {}", *(rt_str *)at); break;
    case RT__FIELD_TEXT:
        rt_buf_put_char(out, ' ');
        rt__put_quoted(out, *(rt_str *)at);
        break;
    case RT__FIELD_FLAG:
        if (*(bool *)at)
            rt_buf_format(out, " {}", field->name);
        break;
    default: rt_buf_format(out, " ?"); break;
    }
}

static const char *syntax_op(rt__op op)
{
    static const char *const texts[] = {"+", "-", "*", "/", "//", "%", "**"};
    return texts[op];
}

static const char *syntax_cmp(rt__cmp cmp)
{
    static const char *const texts[] = {"==", "!=", "<",  "<=",
                                        ">",  ">=", "in", "not-in"};
    return texts[cmp];
}

// (+ a b) for a binary operator, (< b) for an operand.
static void syntax_put_applied(rt_buf *out, const char *op, rt__node *left,
                               rt__node *right)
{
    rt_buf_format(out, "({}", op);
    if (left) {
        rt_buf_put_char(out, ' ');
        syntax_put_node(out, left);
    }
    rt_buf_put_char(out, ' ');
    syntax_put_node(out, right);
    rt_buf_put_char(out, ')');
}

static void syntax_put_const(rt_buf *out, rt_value value)
{
    if (rt_value_is_text(value)) {
        rt__put_quoted(out, rt_value_as_str(value));
    } else {
        rt_value_put_repr(out, value);
    }
}

static void syntax_put_node(rt_buf *out, rt__node *node)
{
    const rt__kind_info *info = rt__kind_info_of(node->kind);

    switch (node->kind) {
    case RT__NODE_NAME:
        rt_buf_put(out, rt__as_name(node)->name);
        if (rt__as_name(node)->store)
            rt_buf_put_char(out, '!');
        return;
    case RT__NODE_CONST:
        syntax_put_const(out, rt__as_const(node)->value);
        return;
    case RT__NODE_DATA:
        rt_buf_put_char(out, '~');
        rt__put_quoted(out, rt__as_data(node)->text);
        return;
    case RT__NODE_BINARY: {
        rt__ast_binary *n = rt__as_binary(node);
        syntax_put_applied(out, syntax_op(n->op), n->left, n->right);
        return;
    }
    case RT__NODE_OPERAND: {
        rt__ast_operand *n = rt__as_operand(node);
        syntax_put_applied(out, syntax_cmp(n->cmp), NULL, n->expr);
        return;
    }
    default: break;
    }
    rt_buf_format(out, "({}", info->name);
    for (size_t i = 0; i < info->fields_len; i++) {
        syntax_put_field(out, &info->fields[i],
                         (char *)node + info->fields[i].offset);
    }
    rt_buf_put_char(out, ')');
}

// Parse; NULL and the error when that fails.
static rt__node *syntax_parse(const rt_template_syntax *syntax, rt_str source,
                              rt_template_error *error)
{
    rt__source s = {.text = source, .syntax = syntax};
    rt__node *node = NULL;

    *error = (rt_template_error){0};
    rt_status st =
        rt__ast_parse(&s, &syntax_arena, &syntax_scratch, &node, error);
    CHECK_EQ(st == RT_OK, error->kind == RT_TEMPLATE_OK);
    CHECK_EQ(st == RT_OK, node != NULL);
    return node;
}

// The statements of a template, or its error.
__attribute__((unused)) static rt_str syntax_tree(
    const rt_template_syntax *syntax, rt_str source)
{
    rt_template_error error;
    rt__node *node = syntax_parse(syntax, source, &error);
    rt_buf out;

    if (!node)
        return syntax_error_text(&error);
    rt_buf_init(&out, &syntax_arena);
    rt__nodes *body = &rt__as_template(node)->body;
    for (size_t i = 0; i < body->len; i++) {
        if (i)
            rt_buf_put_char(&out, ' ');
        syntax_put_node(&out, body->items[i]);
    }
    return rt_buf_str(&out);
}

// One expression, or its error.
__attribute__((unused)) static rt_str syntax_expression(rt_str source)
{
    static const rt_template_syntax syntax;
    rt__source s = {.text = source, .syntax = &syntax};
    rt_template_error error = {0};
    rt__node *node = NULL;
    rt_buf out;

    if (rt__ast_parse_expression(&s, &syntax_arena, &syntax_scratch, &node,
                                 &error))
        return syntax_error_text(&error);
    rt_buf_init(&out, &syntax_arena);
    syntax_put_node(&out, node);
    return rt_buf_str(&out);
}
