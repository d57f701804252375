// Expressions: what operators are applied to, and what is applied behind it.
#include <retort/base/number.h>

#include "template/parser.h"

// Rules that stay out of rt__parse_primary, whose frame is on the stack once
// per parenthesis.
#define OUT_OF_LINE __attribute__((noinline))

// ---- literals --------------------------------------------------------------

bool rt__is_constant(rt__word word)
{
    switch (word) {
    case RT__WORD_TRUE:
    case RT__WORD_TRUE_:
    case RT__WORD_FALSE:
    case RT__WORD_FALSE_:
    case RT__WORD_NONE:
    case RT__WORD_NONE_: return true;
    default: return false;
    }
}

static rt__node *make_const(rt__parser *p, rt_value value, rt__place place)
{
    rt__ast_const *n = rt__make(p, const, CONST, place);

    n->value = value;
    return &n->node;
}

static rt__node *make_constant(rt__parser *p, rt__word word, rt__place place)
{
    switch (word) {
    case RT__WORD_TRUE:
    case RT__WORD_TRUE_: return make_const(p, rt_value_bool(true), place);
    case RT__WORD_FALSE:
    case RT__WORD_FALSE_: return make_const(p, rt_value_bool(false), place);
    default: return make_const(p, rt_value_none(), place);
    }
}

static int base_of(rt_str *digits)
{
    if (digits->len < 2 || digits->data[0] != '0')
        return 10;

    int base;
    switch (rt_to_lower(digits->data[1])) {
    case 'b': base = 2; break;
    case 'o': base = 8; break;
    case 'x': base = 16; break;
    default: return 10;
    }
    *digits = rt_str_slice(*digits, 2, digits->len);
    return base;
}

// False when it takes more than 64 bits.
static bool read_integer(rt_str digits, int64_t *out)
{
    int base = base_of(&digits);
    int64_t n = 0;

    for (size_t i = 0; i < digits.len; i++) {
        if (__builtin_mul_overflow(n, base, &n) ||
            __builtin_add_overflow(n, rt_hex_value(digits.data[i]), &n))
            return false;
    }
    *out = n;
    return true;
}

OUT_OF_LINE static rt__node *make_integer(rt__parser *p, rt_str digits,
                                          rt__place place)
{
    int64_t n;

    if (read_integer(digits, &n))
        return make_const(p, rt_value_int(n), place);
    rt__ast_bigint *big = rt__make(p, bigint, BIGINT, place);
    big->digits = digits;
    return &big->node;
}

// string 1*( string )
OUT_OF_LINE static rt__node *parse_strings(rt__parser *p)
{
    rt__place place = rt__tok_place(p);
    rt_str text = p->tok.text;
    rt_buf buf;

    rt__tok_step(p);
    if (!rt__tok_is(p, RT__TOK_STRING))
        return make_const(p, rt_value_str(text), place);
    rt_buf_init(&buf, p->arena);
    rt_buf_put(&buf, text);
    while (rt__tok_is(p, RT__TOK_STRING)) {
        rt_buf_put(&buf, p->tok.text);
        rt__tok_step(p);
    }
    return make_const(p, rt_value_str(rt_buf_str(&buf)), place);
}

// ---- primaries -------------------------------------------------------------

// name, or with `with_nsref` also name "." name
static rt__node *parse_name(rt__parser *p, bool with_nsref)
{
    rt__place place = rt__tok_place(p);
    rt__word word = p->tok.word;
    rt_str name = p->tok.text;

    rt__tok_step(p);
    if (rt__is_constant(word))
        return make_constant(p, word, place);
    name = rt__name_intern(p, name);
    if (with_nsref && rt__tok_accept(p, RT__TOK_DOT)) {
        rt__ast_nsref *n = rt__make(p, nsref, NSREF, place);
        n->name = name;
        n->attr = rt__name_expect(p);
        return &n->node;
    }
    rt__ast_name *n = rt__make(p, name, NAME, place);
    n->name = name;
    return &n->node;
}

// list = "[" [ expr *( "," expr ) [ "," ] ] "]"
OUT_OF_LINE static rt__node *parse_list(rt__parser *p)
{
    rt__ast_list *n = rt__make(p, list, LIST, rt__tok_place(p));
    size_t mark = p->stack_len;

    rt__tok_step(p);
    while (!p->status && !rt__tok_is(p, RT__TOK_RBRACKET)) {
        rt__node_push(p, rt__parse_expr(p));
        if (!rt__tok_is(p, RT__TOK_RBRACKET))
            rt__tok_expect(p, RT__TOK_COMMA);
    }
    rt__tok_expect(p, RT__TOK_RBRACKET);
    n->items = rt__nodes_take(p, mark);
    return rt__node_measure(p, &n->node);
}

// pair = expr ":" expr
static rt__node *parse_pair(rt__parser *p)
{
    rt__node *key = rt__parse_expr(p);
    rt__ast_pair *n = rt__as_pair(rt__node_new(p->arena, RT__NODE_PAIR, key));

    n->key = key;
    rt__tok_expect(p, RT__TOK_COLON);
    n->value = rt__parse_expr(p);
    return rt__node_measure(p, &n->node);
}

// dict = "{" [ pair *( "," pair ) [ "," ] ] "}"
OUT_OF_LINE static rt__node *parse_dict(rt__parser *p)
{
    rt__ast_dict *n = rt__make(p, dict, DICT, rt__tok_place(p));
    size_t mark = p->stack_len;

    rt__tok_step(p);
    while (!p->status && !rt__tok_is(p, RT__TOK_RBRACE)) {
        rt__node_push(p, parse_pair(p));
        if (!rt__tok_is(p, RT__TOK_RBRACE))
            rt__tok_expect(p, RT__TOK_COMMA);
    }
    rt__tok_expect(p, RT__TOK_RBRACE);
    n->items = rt__nodes_take(p, mark);
    return rt__node_measure(p, &n->node);
}

// primary = name | string 1*( string ) | number | "(" [ tuple ] ")" | list
//         | dict
//
// Any name will do, for none is reserved.
rt__node *rt__parse_primary(rt__parser *p, bool with_nsref)
{
    rt__place place = rt__tok_place(p);
    rt_str text = p->tok.text;
    double number = 0;

    switch (p->tok.kind) {
    case RT__TOK_NAME: return parse_name(p, with_nsref);
    case RT__TOK_STRING: return parse_strings(p);
    case RT__TOK_INTEGER: rt__tok_step(p); return make_integer(p, text, place);
    case RT__TOK_FLOAT:
        rt__tok_step(p);
        if (!rt_str_parse_double(text, &number))
            rt__parse_fail(p, place, RT_STR("malformed number"));
        return make_const(p, rt_value_float(number), place);
    case RT__TOK_LPAREN: rt__tok_step(p); return rt__parse_parentheses(p);
    case RT__TOK_LBRACKET: return parse_list(p);
    case RT__TOK_LBRACE: return parse_dict(p);
    default:
        rt__parse_fail_about(p, place, "unexpected '{}'",
                             rt__token_text(&p->tok));
        return make_const(p, rt_value_none(), place);
    }
}

// ---- arguments -------------------------------------------------------------

// The arguments of a call, a filter or a test.
typedef struct arguments {
    rt__nodes args;
    rt__nodes kwargs;
    rt__node *dyn_args;
    rt__node *dyn_kwargs;
} arguments;

// keyword = name "=" expr
//
// Jinja gives it the line of its value.
static rt__node *parse_keyword(rt__parser *p, size_t others)
{
    rt__place place = rt__tok_place(p);
    rt_str name = rt__name_expect(p);

    for (size_t i = others; i < p->stack_len && i - others < RT__ARGUMENTS_MAX;
         i++) {
        if (rt__as_keyword(p->stack[i])->name.data == name.data) {
            rt__parse_fail_about(p, place, "argument '{}' is given twice",
                                 name);
        }
    }
    rt__tok_expect(p, RT__TOK_ASSIGN);
    rt__node *value = rt__parse_expr(p);
    rt__place at = {value->line, value->offset};
    rt__ast_keyword *n = rt__make(p, keyword, KEYWORD, rt__place_at(at, place));
    n->name = name;
    n->value = value;
    return rt__node_measure(p, &n->node);
}

static bool at_keyword(rt__parser *p)
{
    return rt__tok_is(p, RT__TOK_NAME) &&
           rt__tok_ahead(p)->kind == RT__TOK_ASSIGN;
}

// argument = expr | keyword | "*" expr | "**" expr
//
// The positional ones come first, and nothing but keywords follows the starred
// ones. False when the order is wrong. `keywords` is where the keywords
// begin on the stack.
static bool parse_argument(rt__parser *p, arguments *a, size_t *keywords)
{
    if (rt__tok_is(p, RT__TOK_MUL)) {
        if (a->dyn_args || a->dyn_kwargs)
            return false;
        rt__tok_step(p);
        a->dyn_args = rt__parse_expr(p);
    } else if (rt__tok_is(p, RT__TOK_POW)) {
        if (a->dyn_kwargs)
            return false;
        rt__tok_step(p);
        a->dyn_kwargs = rt__parse_expr(p);
    } else if (at_keyword(p)) {
        if (a->dyn_kwargs)
            return false;
        rt__node_push(p, parse_keyword(p, *keywords));
    } else {
        if (a->dyn_args || a->dyn_kwargs || p->stack_len > *keywords)
            return false;
        rt__node_push(p, rt__parse_expr(p));
        *keywords = p->stack_len;
    }
    return true;
}

// arguments = "(" [ argument *( "," argument ) [ "," ] ] ")"
static arguments parse_arguments(rt__parser *p)
{
    rt__place place = rt__tok_place(p);
    size_t mark = p->stack_len;
    size_t keywords = mark;
    arguments a = {0};

    rt__tok_expect(p, RT__TOK_LPAREN);
    while (!p->status && !rt__tok_is(p, RT__TOK_RPAREN)) {
        if (!parse_argument(p, &a, &keywords)) {
            rt__parse_fail(p, place,
                           RT_STR("arguments of a call in a wrong order"));
        }
        if (!rt__tok_is(p, RT__TOK_RPAREN))
            rt__tok_expect(p, RT__TOK_COMMA);
    }
    rt__tok_expect(p, RT__TOK_RPAREN);
    a.kwargs = rt__nodes_take(p, keywords);
    a.args = rt__nodes_take(p, mark);
    return a;
}

rt__node *rt__parse_call(rt__parser *p, rt__node *callee)
{
    rt__ast_call *n = rt__make(p, call, CALL, rt__tok_place(p));
    arguments a = parse_arguments(p);

    n->callee = callee;
    n->args = a.args;
    n->kwargs = a.kwargs;
    n->dyn_args = a.dyn_args;
    n->dyn_kwargs = a.dyn_kwargs;
    return rt__node_measure(p, &n->node);
}

// ---- postfixes -------------------------------------------------------------

// slice = [ expr ] ":" [ expr ] [ ":" [ expr ] ]
static rt__node *parse_slice_part(rt__parser *p)
{
    if (rt__tok_is(p, RT__TOK_COLON) || rt__tok_is(p, RT__TOK_RBRACKET) ||
        rt__tok_is(p, RT__TOK_COMMA))
        return NULL;
    return rt__parse_expr(p);
}

// item = expr | slice
static rt__node *parse_item(rt__parser *p)
{
    rt__place place = rt__tok_place(p);
    rt__node *start = NULL;

    if (!rt__tok_is(p, RT__TOK_COLON)) {
        start = rt__parse_expr(p);
        if (!rt__tok_is(p, RT__TOK_COLON))
            return start;
    }
    rt__ast_slice *n = rt__make(p, slice, SLICE, place);
    rt__tok_step(p);
    n->start = start;
    n->stop = parse_slice_part(p);
    if (rt__tok_accept(p, RT__TOK_COLON))
        n->step = parse_slice_part(p);
    return rt__node_measure(p, &n->node);
}

// "[" [ item *( "," item ) ] "]"
static rt__node *parse_subscript(rt__parser *p, rt__node *object)
{
    rt__place place = rt__tok_place(p);
    rt__ast_getitem *n = rt__make(p, getitem, GETITEM, place);
    size_t mark = p->stack_len;

    rt__tok_step(p);
    while (!p->status && !rt__tok_is(p, RT__TOK_RBRACKET)) {
        if (p->stack_len > mark)
            rt__tok_expect(p, RT__TOK_COMMA);
        rt__node_push(p, parse_item(p));
    }
    rt__tok_expect(p, RT__TOK_RBRACKET);
    n->object = object;
    rt__nodes items = rt__nodes_take(p, mark);
    if (items.len == 1) {
        n->key = items.items[0];
    } else {
        rt__ast_tuple *key = rt__make(p, tuple, TUPLE, place);
        key->items = items;
        n->key = rt__node_measure(p, &key->node);
    }
    return rt__node_measure(p, &n->node);
}

// "." name | "." integer
static rt__node *parse_attribute(rt__parser *p, rt__node *object)
{
    rt__place place = rt__tok_place(p);

    rt__tok_step(p);
    rt__token token = p->tok;
    rt__place at = rt__tok_place(p);
    rt__tok_step(p);
    if (token.kind == RT__TOK_INTEGER) {
        rt__ast_getitem *n = rt__make(p, getitem, GETITEM, place);
        n->object = object;
        n->key = make_integer(p, token.text, at);
        return rt__node_measure(p, &n->node);
    }
    if (token.kind != RT__TOK_NAME)
        rt__parse_fail(p, at, RT_STR("expected a name or a number"));

    rt__ast_getattr *n = rt__make(p, getattr, GETATTR, rt__place_at(place, at));
    n->object = object;
    n->name = rt__name_intern(p, token.text);
    return rt__node_measure(p, &n->node);
}

// postfix = *( "." name | "." integer | "[" subscript "]" | arguments )
rt__node *rt__parse_postfix(rt__parser *p, rt__node *n)
{
    for (;;) {
        switch (p->tok.kind) {
        case RT__TOK_DOT: n = parse_attribute(p, n); break;
        case RT__TOK_LBRACKET: n = parse_subscript(p, n); break;
        case RT__TOK_LPAREN: n = rt__parse_call(p, n); break;
        default: return n;
        }
    }
}

// ---- filters and tests -----------------------------------------------------

// name *( "." name )
static rt_str parse_dotted_name(rt__parser *p)
{
    rt_str name = rt__name_expect(p);
    rt_buf buf;

    if (!rt__tok_is(p, RT__TOK_DOT))
        return name;
    rt_buf_init(&buf, p->arena);
    rt_buf_put(&buf, name);
    while (rt__tok_accept(p, RT__TOK_DOT)) {
        rt_buf_put_char(&buf, '.');
        rt_buf_put(&buf, rt__name_expect(p));
    }
    return rt__name_intern(p, rt_buf_str(&buf));
}

// filter = name *( "." name ) [ arguments ]
rt__node *rt__parse_filter(rt__parser *p, rt__node *operand)
{
    rt__ast_filter *n = rt__make(p, filter, FILTER, rt__tok_place(p));
    arguments a = {0};

    n->operand = operand;
    n->name = parse_dotted_name(p);
    if (rt__tok_is(p, RT__TOK_LPAREN))
        a = parse_arguments(p);
    n->args = a.args;
    n->kwargs = a.kwargs;
    n->dyn_args = a.dyn_args;
    n->dyn_kwargs = a.dyn_kwargs;
    return rt__node_measure(p, &n->node);
}

rt__node *rt__parse_filters(rt__parser *p, rt__node *operand)
{
    do {
        operand = rt__parse_filter(p, operand);
    } while (rt__tok_accept(p, RT__TOK_PIPE));
    return operand;
}

// True when an argument without parentheses can begin here. It can with any
// name but these, so that `x is odd if y` takes `if` for one.
static bool at_bare_argument(const rt__parser *p)
{
    switch (p->tok.kind) {
    case RT__TOK_NAME:
        return p->tok.word != RT__WORD_ELSE && p->tok.word != RT__WORD_OR &&
               p->tok.word != RT__WORD_AND;
    case RT__TOK_STRING:
    case RT__TOK_INTEGER:
    case RT__TOK_FLOAT:
    case RT__TOK_LBRACKET:
    case RT__TOK_LBRACE: return true;
    default: return false;
    }
}

static arguments parse_bare_argument(rt__parser *p)
{
    size_t mark = p->stack_len;

    if (rt__word_is(p, RT__WORD_IS)) {
        rt__parse_fail(p, rt__tok_place(p),
                       RT_STR("tests cannot be chained with 'is'"));
    }
    rt__node_push(p, rt__parse_postfix(p, rt__parse_primary(p, false)));
    return (arguments){.args = rt__nodes_take(p, mark)};
}

// test = [ "not" ] name *( "." name ) [ arguments | primary postfix ]
//
// The current token is "is".
rt__node *rt__parse_test(rt__parser *p, rt__node *operand)
{
    rt__place place = rt__tok_place(p);

    rt__tok_step(p);
    bool negated = rt__word_accept(p, RT__WORD_NOT);
    rt__ast_test *n =
        rt__make(p, test, TEST, rt__place_at(place, rt__tok_place(p)));
    arguments a = {0};
    n->operand = operand;
    n->name = parse_dotted_name(p);
    if (rt__tok_is(p, RT__TOK_LPAREN)) {
        a = parse_arguments(p);
    } else if (at_bare_argument(p)) {
        a = parse_bare_argument(p);
    }
    n->args = a.args;
    n->kwargs = a.kwargs;
    n->dyn_args = a.dyn_args;
    n->dyn_kwargs = a.dyn_kwargs;
    rt__node_measure(p, &n->node);
    if (!negated)
        return &n->node;

    rt__ast_not *not = rt__make(p, not, NOT, place);
    not ->operand = &n->node;
    return rt__node_measure(p, &not ->node);
}
