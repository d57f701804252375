// Expressions: operators, from the loosest to the tightest.
//
// A node is at the line Jinja gives it: an operator's is where its left operand
// begins or, for a further one in a row, where the operator itself is. The
// caret goes to the operator where that is in the same line.
#include "template/parser.h"

// Parentheses, operands and the like inside of each other.
static bool enter(rt__parser *p)
{
    if (p->expr_depth < RT__EXPR_DEPTH_MAX) {
        p->expr_depth++;
        return true;
    }
    rt__parse_fail_as(p, rt__tok_place(p), RT_TEMPLATE_LIMIT_ERROR,
                      rt_format(p->arena,
                                "expressions nested deeper than {} levels",
                                RT__EXPR_DEPTH_MAX));
    return false;
}

static void leave(rt__parser *p)
{
    p->expr_depth--;
}

// What stands for an expression after an error.
static rt__node *nothing(rt__parser *p)
{
    return rt__node_make(p, RT__NODE_CONST, rt__tok_place(p));
}

// ---- operators --------------------------------------------------------------

static rt__node *make_binary(rt__parser *p, rt__op op, rt__node *left,
                             rt__node *right, rt__place place)
{
    rt__ast_binary *n = rt__make(p, binary, BINARY, place);

    n->op = op;
    n->left = left;
    n->right = right;
    return rt__node_measure(p, &n->node);
}

// NOT, NEGATE or POSITIVE.
static rt__node *make_unary(rt__parser *p, rt__node_kind kind,
                            rt__node *operand, rt__place place)
{
    rt__node *n = rt__node_make(p, kind, place);

    switch (kind) {
    case RT__NODE_NOT: rt__as_not(n)->operand = operand; break;
    case RT__NODE_NEGATE: rt__as_negate(n)->operand = operand; break;
    default: rt__as_positive(n)->operand = operand; break;
    }
    return rt__node_measure(p, n);
}

// signed = ( "+" | "-" ) signed | primary postfix
static rt__node *parse_signed(rt__parser *p)
{
    rt__place place = rt__tok_place(p);
    rt__node_kind kind = RT__NODE_NEGATE;

    if (rt__tok_is(p, RT__TOK_ADD))
        kind = RT__NODE_POSITIVE;
    else if (!rt__tok_is(p, RT__TOK_SUB))
        return rt__parse_postfix(p, rt__parse_primary(p, false));

    if (!enter(p))
        return nothing(p);
    rt__tok_step(p);
    rt__node *n = make_unary(p, kind, parse_signed(p), place);
    leave(p);
    return n;
}

// unary = signed *( "|" filter | "is" test | arguments )
static rt__node *parse_unary(rt__parser *p)
{
    rt__node *n = parse_signed(p);

    for (;;) {
        if (rt__tok_accept(p, RT__TOK_PIPE))
            n = rt__parse_filter(p, n);
        else if (rt__word_is(p, RT__WORD_IS))
            n = rt__parse_test(p, n);
        else if (rt__tok_is(p, RT__TOK_LPAREN))
            n = rt__parse_call(p, n);
        else
            return n;
    }
}

// power = unary *( "**" unary )
static rt__node *parse_power(rt__parser *p)
{
    rt__place place = rt__tok_place(p);
    rt__node *left = parse_unary(p);

    while (rt__tok_is(p, RT__TOK_POW)) {
        rt__place at = rt__place_at(place, rt__tok_place(p));
        rt__tok_step(p);
        left = make_binary(p, RT__POW, left, parse_unary(p), at);
        place = rt__tok_place(p);
    }
    return left;
}

static bool at_term_operator(const rt__parser *p, rt__op *op)
{
    switch (p->tok.kind) {
    case RT__TOK_MUL: *op = RT__MUL; return true;
    case RT__TOK_DIV: *op = RT__DIV; return true;
    case RT__TOK_FLOORDIV: *op = RT__FLOORDIV; return true;
    case RT__TOK_MOD: *op = RT__MOD; return true;
    default: return false;
    }
}

// term = power *( ( "*" | "/" | "//" | "%" ) power )
static rt__node *parse_term(rt__parser *p)
{
    rt__place place = rt__tok_place(p);
    rt__node *left = parse_power(p);

    for (rt__op op; at_term_operator(p, &op);) {
        rt__place at = rt__place_at(place, rt__tok_place(p));
        rt__tok_step(p);
        left = make_binary(p, op, left, parse_power(p), at);
        place = rt__tok_place(p);
    }
    return left;
}

// concat = term *( "~" term )
static rt__node *parse_concat(rt__parser *p)
{
    rt__place place = rt__tok_place(p);
    rt__node *first = parse_term(p);

    if (!rt__tok_is(p, RT__TOK_TILDE))
        return first;

    size_t mark = p->stack_len;
    rt__ast_concat *n =
        rt__make(p, concat, CONCAT, rt__place_at(place, rt__tok_place(p)));
    rt__node_push(p, first);
    while (rt__tok_accept(p, RT__TOK_TILDE))
        rt__node_push(p, parse_term(p));
    n->items = rt__nodes_take(p, mark);
    return rt__node_measure(p, &n->node);
}

// sum = concat *( ( "+" | "-" ) concat )
static rt__node *parse_sum(rt__parser *p)
{
    rt__place place = rt__tok_place(p);
    rt__node *left = parse_concat(p);

    while (rt__tok_is(p, RT__TOK_ADD) || rt__tok_is(p, RT__TOK_SUB)) {
        rt__op op = rt__tok_is(p, RT__TOK_ADD) ? RT__ADD : RT__SUB;
        rt__place at = rt__place_at(place, rt__tok_place(p));
        rt__tok_step(p);
        left = make_binary(p, op, left, parse_concat(p), at);
        place = rt__tok_place(p);
    }
    return left;
}

// Step over a comparison operator.
static bool accept_comparison(rt__parser *p, rt__cmp *cmp)
{
    switch (p->tok.kind) {
    case RT__TOK_EQ: *cmp = RT__EQ; break;
    case RT__TOK_NE: *cmp = RT__NE; break;
    case RT__TOK_LT: *cmp = RT__LT; break;
    case RT__TOK_LE: *cmp = RT__LE; break;
    case RT__TOK_GT: *cmp = RT__GT; break;
    case RT__TOK_GE: *cmp = RT__GE; break;
    case RT__TOK_NAME:
        if (p->tok.word == RT__WORD_IN) {
            *cmp = RT__IN;
            break;
        }
        if (p->tok.word != RT__WORD_NOT ||
            rt__tok_ahead(p)->kind != RT__TOK_NAME ||
            rt__tok_ahead(p)->word != RT__WORD_IN)
            return false;
        rt__tok_step(p);
        *cmp = RT__NOT_IN;
        break;
    default: return false;
    }
    rt__tok_step(p);
    return !p->status;
}

// compare = sum *( operand )
// operand = ( "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not" "in" ) sum
//
// Jinja gives it the line of what follows it.
static rt__node *parse_compare(rt__parser *p)
{
    rt__node *first = parse_sum(p);
    rt__place operator= rt__tok_place(p);
    size_t mark = p->stack_len;

    for (rt__cmp cmp;;) {
        rt__place place = rt__tok_place(p);
        if (!accept_comparison(p, &cmp))
            break;
        rt__ast_operand *n = rt__make(p, operand, OPERAND, place);
        n->cmp = cmp;
        n->expr = parse_sum(p);
        rt__node_push(p, rt__node_measure(p, &n->node));
    }
    if (p->stack_len == mark)
        return first;

    rt__ast_compare *n =
        rt__make(p, compare, COMPARE, rt__place_at(rt__tok_place(p), operator));
    n->first = first;
    n->operands = rt__nodes_take(p, mark);
    return rt__node_measure(p, &n->node);
}

// not = "not" not | compare
static rt__node *parse_not(rt__parser *p)
{
    rt__place place = rt__tok_place(p);

    if (!rt__word_is(p, RT__WORD_NOT))
        return parse_compare(p);
    if (!enter(p))
        return nothing(p);
    rt__tok_step(p);
    rt__node *n = make_unary(p, RT__NODE_NOT, parse_not(p), place);
    leave(p);
    return n;
}

// and = not *( "and" not )
static rt__node *parse_and(rt__parser *p)
{
    rt__place place = rt__tok_place(p);
    rt__node *left = parse_not(p);

    while (rt__word_is(p, RT__WORD_AND)) {
        rt__ast_and *n =
            rt__make(p, and, AND, rt__place_at(place, rt__tok_place(p)));
        rt__tok_step(p);
        n->left = left;
        n->right = parse_not(p);
        left = rt__node_measure(p, &n->node);
        place = rt__tok_place(p);
    }
    return left;
}

// or = and *( "or" and )
static rt__node *parse_or(rt__parser *p)
{
    rt__place place = rt__tok_place(p);
    rt__node *left = parse_and(p);

    while (rt__word_is(p, RT__WORD_OR)) {
        rt__ast_or *n =
            rt__make(p, or, OR, rt__place_at(place, rt__tok_place(p)));
        rt__tok_step(p);
        n->left = left;
        n->right = parse_and(p);
        left = rt__node_measure(p, &n->node);
        place = rt__tok_place(p);
    }
    return left;
}

// expr = or *( "if" or [ "else" expr ] )
//
// What follows an else is read in the same loop, not by recursion, so that a
// chain may be as long as one of operators. The conditions that wait for it are
// on the stack.
static rt__node *parse_cond(rt__parser *p)
{
    size_t mark = p->stack_len;
    rt__node *value;
    bool otherwise;

    do {
        rt__place place = rt__tok_place(p);
        value = parse_or(p);
        otherwise = false;
        while (!otherwise && rt__word_is(p, RT__WORD_IF)) {
            rt__ast_cond *n =
                rt__make(p, cond, COND, rt__place_at(place, rt__tok_place(p)));
            rt__tok_step(p);
            n->then = value;
            n->test = parse_or(p);
            otherwise = rt__word_accept(p, RT__WORD_ELSE);
            if (otherwise)
                rt__node_push(p, &n->node);
            else
                value = rt__node_measure(p, &n->node);
            place = rt__tok_place(p);
        }
    } while (otherwise);

    while (p->stack_len > mark) {
        rt__ast_cond *n = rt__as_cond(p->stack[--p->stack_len]);
        n->otherwise = value;
        value = rt__node_measure(p, &n->node);
    }
    return value;
}

static rt__node *parse_nested(rt__parser *p, bool with_cond)
{
    if (!enter(p))
        return nothing(p);
    rt__node *n = with_cond ? parse_cond(p) : parse_or(p);
    leave(p);
    return n;
}

rt__node *rt__parse_expr(rt__parser *p)
{
    return parse_nested(p, true);
}

// ---- tuples and targets -------------------------------------------------------

static bool at_tuple_end(const rt__parser *p)
{
    return rt__tok_is(p, RT__TOK_VARIABLE_END) ||
           rt__tok_is(p, RT__TOK_BLOCK_END) || rt__tok_is(p, RT__TOK_RPAREN);
}

// What the elements of a tuple are.
typedef enum element {
    ANY,       // expr
    NO_COND,   // or
    PRIMARY,   // a target
    NAMESPACE, // a target of `set`
} element;

static rt__node *parse_element(rt__parser *p, element kind)
{
    switch (kind) {
    case ANY: return parse_nested(p, true);
    case NO_COND: return parse_nested(p, false);
    case PRIMARY: return rt__parse_primary(p, false);
    default: return rt__parse_primary(p, true);
    }
}

// tuple = expr *( "," expr ) [ "," ]
//
// Jinja gives a tuple the line of its last comma. There is no end but the
// tag's and a parenthesis: in `for a, in b` the name `in` is an element.
static rt__node *parse_elements(rt__parser *p, element kind, bool may_be_empty)
{
    rt__place place = rt__tok_place(p);
    rt__place begin = place;
    size_t mark = p->stack_len;
    bool is_tuple = false;

    while (!p->status && !at_tuple_end(p)) {
        rt__node_push(p, parse_element(p, kind));
        if (!rt__tok_is(p, RT__TOK_COMMA))
            break;
        place = rt__tok_place(p);
        is_tuple = true;
        rt__tok_step(p);
    }
    if (!is_tuple && p->stack_len > mark)
        return p->stack[--p->stack_len];
    if (!is_tuple && !may_be_empty)
        rt__parse_fail(p, rt__tok_place(p),
                       rt_format(p->arena, "expected an expression, got '{}'",
                                 rt__token_text(&p->tok)));

    rt__ast_tuple *n = rt__make(p, tuple, TUPLE, rt__place_at(place, begin));
    n->items = rt__nodes_take(p, mark);
    return rt__node_measure(p, &n->node);
}

rt__node *rt__parse_tuple(rt__parser *p, bool with_cond)
{
    return parse_elements(p, with_cond ? ANY : NO_COND, false);
}

// "(" [ tuple ] ")", behind the parenthesis.
rt__node *rt__parse_parentheses(rt__parser *p)
{
    rt__node *n = parse_elements(p, ANY, true);

    rt__tok_expect(p, RT__TOK_RPAREN);
    return n;
}

// Make an expression a target; false when it cannot be one.
static bool make_target(rt__node *n)
{
    switch (n->kind) {
    case RT__NODE_NSREF: return true;
    case RT__NODE_NAME: rt__as_name(n)->store = true; return true;
    case RT__NODE_TUPLE:
        for (size_t i = 0; i < rt__as_tuple(n)->items.len; i++)
            if (!make_target(rt__as_tuple(n)->items.items[i]))
                return false;
        return true;
    default: return false;
    }
}

// target = name | tuple of targets; in `set` also nsref
rt__node *rt__parse_target(rt__parser *p, bool with_nsref)
{
    rt__node *n = parse_elements(p, with_nsref ? NAMESPACE : PRIMARY, false);

    if (!p->status && !make_target(n))
        rt__parse_fail(p, (rt__place){n->line, n->offset},
                       rt_format(p->arena, "can't assign to '{}'",
                                 rt__kind_info_of(n->kind)->name));
    return n;
}

rt_str rt__parse_name_target(rt__parser *p)
{
    rt__token token = p->tok;

    rt_str name = rt__name_expect(p);
    if (!p->status && rt__is_constant(token.word))
        rt__parse_fail(p, (rt__place){token.line, token.offset},
                       rt_format(p->arena, "can't assign to '{}'", name));
    return name;
}
