// Statements: what stands between `{%` and `%}`.
//
// The rule of each kind of node is above its fields in ast.h. A rule begins at
// the tag's name and leaves the end of its last tag to parse_tag.
#include "template/chars.h"
#include "template/parser.h"

// ---- tags that do not fit --------------------------------------------------

// "'a', 'b' or 'c'"
static void put_words(rt_buf *buf, rt__words words)
{
    for (unsigned word = 0; words; word++, words >>= 1) {
        if (!(words & 1))
            continue;
        rt_buf_put_char(buf, '\'');
        rt_buf_put_cstr(buf, rt__word_text(word));
        rt_buf_put_char(buf, '\'');
        rt__words rest = words >> 1;
        if (rest)
            rt_buf_put_cstr(buf, rest & (rest - 1) ? ", " : " or ");
    }
}

// What the innermost open tag waits for.
static void put_awaited(const rt__parser *p, rt_buf *buf)
{
    const rt__open_tag *tag = &p->tags[p->tags_len - 1];

    rt_buf_put_cstr(buf, ", expected ");
    put_words(buf, tag->ends);
    rt_buf_put_cstr(buf, " for the '");
    rt_buf_put_cstr(buf, rt__word_text(tag->word));
    rt_buf_put_cstr(buf, "' of line ");
    rt_buf_put_uint(buf, tag->line);
}

// True for a tag that one further out waits for.
static bool is_awaited(const rt__parser *p, rt__word word)
{
    for (uint32_t i = 0; i < p->tags_len; i++) {
        if (word != RT__WORD_OTHER && p->tags[i].ends & RT__WORD_BIT(word))
            return true;
    }
    return false;
}

RT_COLD static void fail_unknown_tag(rt__parser *p, const rt__token *token)
{
    bool misplaced = is_awaited(p, token->word);
    rt_buf buf;

    rt_buf_init(&buf, p->arena);
    rt_buf_put_cstr(&buf, misplaced ? "misplaced tag '" : "unknown tag '");
    rt_buf_put(&buf, token->text);
    rt_buf_put_char(&buf, '\'');
    if (p->tags_len)
        put_awaited(p, &buf);
    rt__parse_fail(p, (rt__place){token->line, token->offset},
                   rt_buf_str(&buf));
}

RT_COLD static void fail_end(rt__parser *p)
{
    rt_buf buf;

    rt_buf_init(&buf, p->arena);
    rt_buf_put_cstr(&buf, "unexpected end of template");
    put_awaited(p, &buf);
    rt__parse_fail(p, rt__tok_place(p), rt_buf_str(&buf));
}

// ---- bodies ----------------------------------------------------------------

rt__nodes rt__parse_body(rt__parser *p, rt__words ends)
{
    rt__tok_accept(p, RT__TOK_COLON); // as in Python
    rt__tok_expect(p, RT__TOK_BLOCK_END);
    p->tags[p->tags_len - 1].ends = ends;
    rt__nodes body = rt__parse_items(p, ends);
    if (rt__tok_is(p, RT__TOK_END))
        fail_end(p);
    return body;
}

// The body up to the one tag that ends it, and that tag's word.
static rt__nodes parse_last_body(rt__parser *p, rt__word end)
{
    rt__nodes body = rt__parse_body(p, RT__WORD_BIT(end));

    rt__tok_step(p);
    return body;
}

// A body that is a function of its own: no loop is around it.
static rt__nodes parse_function_body(rt__parser *p, rt__word end)
{
    uint32_t loops = p->loops;

    p->loops = 0;
    rt__nodes body = parse_last_body(p, end);
    p->loops = loops;
    return body;
}

// ---- control ---------------------------------------------------------------

// for = "for" target "in" tuple [ "if" expr ] [ "recursive" ] body
//       [ "else" body ] "endfor"
static rt__node *parse_for(rt__parser *p)
{
    rt__ast_for *n = rt__make(p, for, FOR, rt__tok_place(p));

    rt__tok_step(p);
    n->target = rt__parse_target(p, false);
    rt__word_expect(p, RT__WORD_IN);
    n->iter = rt__parse_tuple(p, false);
    if (rt__word_accept(p, RT__WORD_IF))
        n->test = rt__parse_expr(p);
    n->recursive = rt__word_accept(p, RT__WORD_RECURSIVE);
    p->loops++;
    n->body = rt__parse_body(p, RT__WORD_BIT(RT__WORD_ENDFOR) |
                                    RT__WORD_BIT(RT__WORD_ELSE));
    p->loops--;
    if (rt__word_accept(p, RT__WORD_ELSE)) {
        n->otherwise = parse_last_body(p, RT__WORD_ENDFOR);
    } else {
        rt__tok_step(p);
    }
    return &n->node;
}

// tuple body, behind the "if" or "elif"
static rt__ast_if *parse_branch(rt__parser *p, rt__place place)
{
    rt__ast_if *n = rt__make(p, if, IF, place);

    n->test = rt__parse_tuple(p, false);
    n->body = rt__parse_body(p, RT__WORD_BIT(RT__WORD_ELIF) |
                                    RT__WORD_BIT(RT__WORD_ELSE) |
                                    RT__WORD_BIT(RT__WORD_ENDIF));
    return n;
}

// if = "if" tuple body *( "elif" tuple body ) [ "else" body ] "endif"
static rt__node *parse_if(rt__parser *p)
{
    rt__place place = rt__tok_place(p);
    size_t mark = p->stack_len;

    rt__tok_step(p);
    rt__ast_if *n = parse_branch(p, place);
    while (rt__word_accept(p, RT__WORD_ELIF))
        rt__node_push(p, &parse_branch(p, rt__tok_place(p))->node);
    n->elifs = rt__nodes_take(p, mark);
    if (rt__word_accept(p, RT__WORD_ELSE)) {
        n->otherwise = parse_last_body(p, RT__WORD_ENDIF);
    } else {
        rt__tok_step(p);
    }
    return &n->node;
}

// break = "break"; continue = "continue"
static rt__node *parse_loop_control(rt__parser *p, rt__node_kind kind)
{
    rt__node *n = rt__node_make(p, kind, rt__tok_place(p));

    if (!p->loops) {
        rt__parse_fail_about(p, rt__tok_place(p), "'{}' outside of a loop",
                             p->tok.text);
    }
    rt__tok_step(p);
    return n;
}

// ---- names -----------------------------------------------------------------

// set = "set" target "=" tuple
//     | "set" target *( "|" filter ) body "endset"
static rt__node *parse_set(rt__parser *p)
{
    rt__place place = rt__tok_place(p);

    rt__tok_step(p);
    rt__node *target = rt__parse_target(p, true);
    if (rt__tok_accept(p, RT__TOK_ASSIGN)) {
        rt__ast_assign *n = rt__make(p, assign, ASSIGN, place);
        n->target = target;
        n->value = rt__parse_tuple(p, true);
        return &n->node;
    }
    rt__ast_assign_block *n = rt__make(p, assign_block, ASSIGN_BLOCK, place);
    n->target = target;
    if (rt__tok_accept(p, RT__TOK_PIPE))
        n->filter = rt__parse_filters(p, NULL);
    n->body = parse_last_body(p, RT__WORD_ENDSET);
    return &n->node;
}

// with = "with" [ target "=" expr *( "," target "=" expr ) ] body "endwith"
//
// The targets and their values take turns on the stack.
static rt__node *parse_with(rt__parser *p)
{
    rt__ast_with *n = rt__make(p, with, WITH, rt__tok_place(p));
    size_t mark = p->stack_len;

    rt__tok_step(p);
    while (!p->status && !rt__tok_is(p, RT__TOK_BLOCK_END)) {
        if (p->stack_len > mark)
            rt__tok_expect(p, RT__TOK_COMMA);
        rt__node_push(p, rt__parse_target(p, false));
        rt__tok_expect(p, RT__TOK_ASSIGN);
        rt__node_push(p, rt__parse_expr(p));
    }
    size_t len = (p->stack_len - mark) / 2;
    n->targets.items = rt_new(p->arena, rt__node *, len);
    n->values.items = rt_new(p->arena, rt__node *, len);
    n->targets.len = n->values.len = len;
    for (size_t i = 0; i < len; i++) {
        n->targets.items[i] = p->stack[mark + 2 * i];
        n->values.items[i] = p->stack[mark + 2 * i + 1];
    }
    p->stack_len = mark;
    n->body = parse_last_body(p, RT__WORD_ENDWITH);
    return &n->node;
}

// ---- macros ----------------------------------------------------------------

// param = name [ "=" expr ]
static rt__node *parse_param(rt__parser *p, size_t others)
{
    rt__place place = rt__tok_place(p);
    rt__ast_param *n = rt__make(p, param, PARAM, place);

    n->name = rt__parse_name_target(p);
    for (size_t i = others; i < p->stack_len && i - others < RT__ARGUMENTS_MAX;
         i++) {
        if (rt__as_param(p->stack[i])->name.data == n->name.data) {
            rt__parse_fail_about(p, place, "parameter '{}' appears twice",
                                 n->name);
        }
    }
    if (rt__tok_accept(p, RT__TOK_ASSIGN)) {
        n->otherwise = rt__parse_expr(p);
    } else if (p->stack_len > others &&
               rt__as_param(p->stack[p->stack_len - 1])->otherwise) {
        rt__parse_fail_about(
            p, rt__tok_place(p),
            "parameter '{}' without default follows one with default", n->name);
    }
    return &n->node;
}

// params = "(" [ param *( "," param ) ] ")"
static rt__nodes parse_params(rt__parser *p)
{
    size_t mark = p->stack_len;

    rt__tok_expect(p, RT__TOK_LPAREN);
    while (!p->status && !rt__tok_is(p, RT__TOK_RPAREN)) {
        if (p->stack_len > mark)
            rt__tok_expect(p, RT__TOK_COMMA);
        rt__node_push(p, parse_param(p, mark));
    }
    rt__tok_expect(p, RT__TOK_RPAREN);
    return rt__nodes_take(p, mark);
}

// macro = "macro" name params body "endmacro"
static rt__node *parse_macro(rt__parser *p)
{
    rt__ast_macro *n = rt__make(p, macro, MACRO, rt__tok_place(p));

    rt__tok_step(p);
    n->name = rt__parse_name_target(p);
    n->params = parse_params(p);
    n->body = parse_function_body(p, RT__WORD_ENDMACRO);
    return &n->node;
}

// call = "call" [ params ] expr body "endcall"
static rt__node *parse_call_block(rt__parser *p)
{
    rt__place place = rt__tok_place(p);
    rt__ast_call_block *n = rt__make(p, call_block, CALL_BLOCK, place);

    rt__tok_step(p);
    if (rt__tok_is(p, RT__TOK_LPAREN))
        n->params = parse_params(p);
    n->call = rt__parse_expr(p);
    if (n->call->kind != RT__NODE_CALL)
        rt__parse_fail(p, place, RT_STR("expected a call in 'call'"));
    n->body = parse_function_body(p, RT__WORD_ENDCALL);
    return &n->node;
}

// ---- blocks ----------------------------------------------------------------

static bool is_space(rt_str text)
{
    const char *end = text.data + text.len;

    return rt__skip_space(text.data, end) == end;
}

// A required block holds white space and comments alone.
static bool is_blank(const rt__nodes *body)
{
    for (size_t i = 0; i < body->len; i++) {
        if (body->items[i]->kind != RT__NODE_OUTPUT)
            return false;
        const rt__nodes *items = &rt__as_output(body->items[i])->items;
        for (size_t k = 0; k < items->len; k++) {
            if (items->items[k]->kind != RT__NODE_DATA ||
                !is_space(rt__as_data(items->items[k])->text))
                return false;
        }
    }
    return true;
}

// block = "block" name [ "scoped" ] [ "required" ] body "endblock" [ name ]
static rt__node *parse_block(rt__parser *p)
{
    rt__ast_block *n = rt__make(p, block, BLOCK, rt__tok_place(p));

    rt__tok_step(p);
    n->name = rt__name_expect(p);
    n->scoped = rt__word_accept(p, RT__WORD_SCOPED);
    n->required = rt__word_accept(p, RT__WORD_REQUIRED);
    if (rt__tok_is(p, RT__TOK_SUB)) {
        rt__parse_fail(p, rt__tok_place(p),
                       RT_STR("block names are identifiers: no hyphens, use "
                              "an underscore instead"));
    }
    n->body = parse_function_body(p, RT__WORD_ENDBLOCK);
    if (n->required && !is_blank(&n->body)) {
        rt__parse_fail(p, rt__tok_place(p),
                       RT_STR("a required block may only contain comments and "
                              "white space"));
    }
    if (rt__tok_is(p, RT__TOK_NAME) && rt_str_eq(p->tok.text, n->name))
        rt__tok_step(p);
    return &n->node;
}

// filter = "filter" filter *( "|" filter ) body "endfilter"
static rt__node *parse_filter_block(rt__parser *p)
{
    rt__ast_filter_block *n =
        rt__make(p, filter_block, FILTER_BLOCK, rt__tok_place(p));

    rt__tok_step(p);
    n->filter = rt__parse_filters(p, NULL);
    n->body = parse_last_body(p, RT__WORD_ENDFILTER);
    return &n->node;
}

// autoescape = "autoescape" expr body "endautoescape"
static rt__node *parse_autoescape(rt__parser *p)
{
    rt__ast_autoescape *n =
        rt__make(p, autoescape, AUTOESCAPE, rt__tok_place(p));

    rt__tok_step(p);
    n->mode = rt__parse_expr(p);
    n->body = parse_last_body(p, RT__WORD_ENDAUTOESCAPE);
    return &n->node;
}

// ---- output ----------------------------------------------------------------

// print = "print" [ expr *( "," expr ) ]
static rt__node *parse_print(rt__parser *p)
{
    rt__ast_output *n = rt__make(p, output, OUTPUT, rt__tok_place(p));
    size_t mark = p->stack_len;

    rt__tok_step(p);
    while (!p->status && !rt__tok_is(p, RT__TOK_BLOCK_END)) {
        if (p->stack_len > mark)
            rt__tok_expect(p, RT__TOK_COMMA);
        rt__node_push(p, rt__parse_expr(p));
    }
    n->items = rt__nodes_take(p, mark);
    return &n->node;
}

// do = "do" tuple
static rt__node *parse_do(rt__parser *p)
{
    rt__ast_do *n = rt__make(p, do, DO, rt__tok_place(p));

    rt__tok_step(p);
    n->value = rt__parse_tuple(p, true);
    return &n->node;
}

// debug = "debug"
static rt__node *parse_debug(rt__parser *p)
{
    rt__node *n = rt__node_make(p, RT__NODE_DEBUG, rt__tok_place(p));

    rt__tok_step(p);
    return n;
}

// ---- tags ------------------------------------------------------------------

// A tag by its name; NULL when there is no such tag.
static rt__node *parse_named(rt__parser *p, rt__word word)
{
    const rt_template_syntax *syntax = p->source->syntax;

    switch (word) {
    case RT__WORD_FOR: return parse_for(p);
    case RT__WORD_IF: return parse_if(p);
    case RT__WORD_SET: return parse_set(p);
    case RT__WORD_WITH: return parse_with(p);
    case RT__WORD_MACRO: return parse_macro(p);
    case RT__WORD_CALL: return parse_call_block(p);
    case RT__WORD_BLOCK: return parse_block(p);
    case RT__WORD_FILTER: return parse_filter_block(p);
    case RT__WORD_AUTOESCAPE: return parse_autoescape(p);
    case RT__WORD_PRINT: return parse_print(p);
    case RT__WORD_EXTENDS: return rt__parse_extends(p);
    case RT__WORD_INCLUDE: return rt__parse_include(p);
    case RT__WORD_IMPORT: return rt__parse_import(p);
    case RT__WORD_FROM: return rt__parse_from(p);
    case RT__WORD_DO: return syntax->ext_do ? parse_do(p) : NULL;
    case RT__WORD_DEBUG: return syntax->ext_debug ? parse_debug(p) : NULL;
    case RT__WORD_TRANS: return syntax->ext_i18n ? rt__parse_trans(p) : NULL;
    case RT__WORD_BREAK:
        return syntax->ext_loopcontrols ? parse_loop_control(p, RT__NODE_BREAK)
                                        : NULL;
    case RT__WORD_CONTINUE:
        return syntax->ext_loopcontrols
                   ? parse_loop_control(p, RT__NODE_CONTINUE)
                   : NULL;
    default: return NULL;
    }
}

// Put the nodes of a tag on the stack.
static void parse_tag(rt__parser *p)
{
    rt__token token = p->tok;

    if (!rt__tok_is(p, RT__TOK_NAME)) {
        rt__parse_fail_about(p, rt__tok_place(p),
                             "expected the name of a tag, got '{}'",
                             rt__token_text(&p->tok));
        return;
    }
    if (p->tags_len == RT__BLOCK_DEPTH_MAX) {
        rt__parse_fail_limit(p, rt__tok_place(p),
                             "tags nested deeper than {} levels",
                             RT__BLOCK_DEPTH_MAX);
        return;
    }
    p->tags[p->tags_len++] =
        (rt__open_tag){.word = token.word, .line = token.line};
    rt__node *n = parse_named(p, token.word);
    p->tags_len--;
    if (n) {
        rt__node_push(p, n);
    } else {
        fail_unknown_tag(p, &token);
    }
    rt__tok_expect(p, RT__TOK_BLOCK_END);
}

static void push_data(rt__parser *p)
{
    rt__ast_data *n = rt__make(p, data, DATA, rt__tok_place(p));

    n->text = p->tok.text;
    rt__node_push(p, &n->node);
    rt__tok_step(p);
}

// Data and expressions in a row are one OUTPUT; they are on the stack from
// `mark` on.
static void flush_output(rt__parser *p, size_t mark)
{
    if (p->stack_len == mark)
        return;

    const rt__node *first = p->stack[mark];
    rt__ast_output *n =
        rt__make(p, output, OUTPUT, ((rt__place){first->line, first->offset}));
    n->items = rt__nodes_take(p, mark);
    rt__node_push(p, &n->node);
}

rt__nodes rt__parse_items(rt__parser *p, rt__words ends)
{
    size_t mark = p->stack_len;
    size_t output = mark;

    for (;;) {
        switch (p->tok.kind) {
        case RT__TOK_DATA: push_data(p); continue;
        case RT__TOK_VARIABLE_BEGIN:
            rt__tok_step(p);
            rt__node_push(p, rt__parse_tuple(p, true));
            rt__tok_expect(p, RT__TOK_VARIABLE_END);
            continue;
        case RT__TOK_BLOCK_BEGIN:
            flush_output(p, output);
            rt__tok_step(p);
            if (rt__tok_is(p, RT__TOK_NAME) && p->tok.word != RT__WORD_OTHER &&
                ends & RT__WORD_BIT(p->tok.word))
                break;
            parse_tag(p);
            output = p->stack_len;
            continue;
        default: flush_output(p, output); break;
        }
        return rt__nodes_take(p, mark);
    }
}
