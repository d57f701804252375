// Expressions: operators, conditions, tuples and targets.
//
// Binary operators are read by their levels ("precedence climbing"): one
// function reads an operand and all operators behind it that bind as tightly
// as its caller asks for, so that the stack does not grow by a frame for each
// level of the grammar.
//
// A node is at the line Jinja gives it: an operator's is where its left operand
// begins or, for a further one of its level, where the operator itself is. The
// caret goes to the operator where that is in the same line.
#include "template/parser.h"

// From the loosest to the tightest. All bind to the left, `**` too.
//
//     or      = and *( "or" and )
//     and     = not *( "and" not )
//     not     = "not" not | compare
//     compare = sum *( operand )
//     operand = ( "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not" "in" )
//               sum
//     sum     = concat *( ( "+" | "-" ) concat )
//     concat  = term *( "~" term )
//     term    = power *( ( "*" | "/" | "//" | "%" ) power )
//     power   = unary *( "**" unary )
typedef enum precedence {
    NO_OPERATOR,
    OR,
    AND,
    NOT,
    COMPARE,
    SUM,
    CONCAT,
    TERM,
    POWER,
    UNARY,
} precedence;

static rt__node *parse_level(rt__parser *p, precedence least);

// Parentheses, operands and the like inside of each other.
static bool enter(rt__parser *p)
{
    if (p->expr_depth < RT__EXPR_DEPTH_MAX) {
        p->expr_depth++;
        return true;
    }
    rt__parse_fail_limit(p, rt__tok_place(p),
                         "expressions nested deeper than {} levels",
                         RT__EXPR_DEPTH_MAX);
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

// ---- one operand -----------------------------------------------------------

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

    if (rt__tok_is(p, RT__TOK_ADD)) {
        kind = RT__NODE_POSITIVE;
    } else if (!rt__tok_is(p, RT__TOK_SUB)) {
        return rt__parse_postfix(p, rt__parse_primary(p, false));
    }

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
        if (rt__tok_accept(p, RT__TOK_PIPE)) {
            n = rt__parse_filter(p, n);
        } else if (rt__word_is(p, RT__WORD_IS)) {
            n = rt__parse_test(p, n);
        } else if (rt__tok_is(p, RT__TOK_LPAREN)) {
            n = rt__parse_call(p, n);
        } else {
            return n;
        }
    }
}

// not = "not" not, the current token being "not"
static rt__node *parse_not(rt__parser *p)
{
    rt__place place = rt__tok_place(p);

    rt__tok_step(p);
    return make_unary(p, RT__NODE_NOT, parse_level(p, NOT), place);
}

// ---- operators -------------------------------------------------------------

static bool at_not_in(rt__parser *p)
{
    return rt__word_is(p, RT__WORD_NOT) &&
           rt__tok_ahead(p)->kind == RT__TOK_NAME &&
           rt__tok_ahead(p)->word == RT__WORD_IN;
}

// The level of the operator at hand.
static precedence operator_level(rt__parser *p)
{
    switch (p->tok.kind) {
    case RT__TOK_EQ:
    case RT__TOK_NE:
    case RT__TOK_LT:
    case RT__TOK_LE:
    case RT__TOK_GT:
    case RT__TOK_GE: return COMPARE;
    case RT__TOK_ADD:
    case RT__TOK_SUB: return SUM;
    case RT__TOK_TILDE: return CONCAT;
    case RT__TOK_MUL:
    case RT__TOK_DIV:
    case RT__TOK_FLOORDIV:
    case RT__TOK_MOD: return TERM;
    case RT__TOK_POW: return POWER;
    case RT__TOK_NAME: break;
    default: return NO_OPERATOR;
    }
    switch (p->tok.word) {
    case RT__WORD_OR: return OR;
    case RT__WORD_AND: return AND;
    case RT__WORD_IN: return COMPARE;
    case RT__WORD_NOT: return at_not_in(p) ? COMPARE : NO_OPERATOR;
    default: return NO_OPERATOR;
    }
}

static rt__op binary_op(rt__token_kind kind)
{
    switch (kind) {
    case RT__TOK_ADD: return RT__ADD;
    case RT__TOK_SUB: return RT__SUB;
    case RT__TOK_MUL: return RT__MUL;
    case RT__TOK_DIV: return RT__DIV;
    case RT__TOK_FLOORDIV: return RT__FLOORDIV;
    case RT__TOK_MOD: return RT__MOD;
    default: return RT__POW;
    }
}

static rt__cmp comparison(rt__token_kind kind)
{
    switch (kind) {
    case RT__TOK_EQ: return RT__EQ;
    case RT__TOK_NE: return RT__NE;
    case RT__TOK_LT: return RT__LT;
    case RT__TOK_LE: return RT__LE;
    case RT__TOK_GT: return RT__GT;
    case RT__TOK_GE: return RT__GE;
    default: return RT__IN;
    }
}

// operand = ( "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not" "in" ) sum
static rt__node *parse_operand(rt__parser *p)
{
    rt__ast_operand *n = rt__make(p, operand, OPERAND, rt__tok_place(p));

    if (rt__word_accept(p, RT__WORD_NOT)) {
        n->cmp = RT__NOT_IN;
    } else {
        n->cmp = comparison(p->tok.kind);
    }
    rt__tok_step(p);
    n->expr = parse_level(p, SUM);
    return rt__node_measure(p, &n->node);
}

// The rest of a comparison. Jinja gives it the line of what follows it.
static rt__node *parse_operands(rt__parser *p, rt__node *first)
{
    rt__place place = rt__tok_place(p);
    size_t mark = p->stack_len;

    do {
        rt__node_push(p, parse_operand(p));
    } while (operator_level(p) == COMPARE);

    rt__ast_compare *n =
        rt__make(p, compare, COMPARE, rt__place_at(rt__tok_place(p), place));
    n->first = first;
    n->operands = rt__nodes_take(p, mark);
    return rt__node_measure(p, &n->node);
}

// The rest of a ~ b ~ c.
static rt__node *parse_concat(rt__parser *p, rt__node *first, rt__place place)
{
    rt__ast_concat *n = rt__make(p, concat, CONCAT, place);
    size_t mark = p->stack_len;

    rt__node_push(p, first);
    while (rt__tok_accept(p, RT__TOK_TILDE))
        rt__node_push(p, parse_level(p, TERM));
    n->items = rt__nodes_take(p, mark);
    return rt__node_measure(p, &n->node);
}

static rt__node *parse_binary(rt__parser *p, precedence level, rt__node *left,
                              rt__place place)
{
    rt__op op = binary_op(p->tok.kind);

    rt__tok_step(p);
    rt__node *right = parse_level(p, level + 1);
    rt__ast_binary *n = rt__make(p, binary, BINARY, place);
    n->op = op;
    n->left = left;
    n->right = right;
    return rt__node_measure(p, &n->node);
}

static rt__node *parse_and(rt__parser *p, rt__node *left, rt__place place)
{
    rt__ast_and *n = rt__make(p, and, AND, place);

    rt__tok_step(p);
    n->left = left;
    n->right = parse_level(p, NOT);
    return rt__node_measure(p, &n->node);
}

static rt__node *parse_or(rt__parser *p, rt__node *left, rt__place place)
{
    rt__ast_or *n = rt__make(p, or, OR, place);

    rt__tok_step(p);
    n->left = left;
    n->right = parse_level(p, AND);
    return rt__node_measure(p, &n->node);
}

// The operator at hand, applied to what is left of it.
static rt__node *parse_operator(rt__parser *p, precedence level, rt__node *left,
                                rt__place place)
{
    rt__place at = rt__place_at(place, rt__tok_place(p));

    switch (level) {
    case OR: return parse_or(p, left, at);
    case AND: return parse_and(p, left, at);
    case COMPARE: return parse_operands(p, left);
    case CONCAT: return parse_concat(p, left, at);
    default: return parse_binary(p, level, left, at);
    }
}

// An operand and the operators behind it, from the level `least` on. The levels
// of the operators this loop sees never rise: what is tighter than an operator
// behind it belongs to its right operand.
static rt__node *parse_operators(rt__parser *p, precedence least)
{
    rt__place begin = rt__tok_place(p);
    rt__node *left = least <= NOT && rt__word_is(p, RT__WORD_NOT)
                         ? parse_not(p)
                         : parse_unary(p);
    precedence last = NO_OPERATOR;

    for (;;) {
        precedence level = operator_level(p);
        if (level < least || level == NO_OPERATOR)
            return left;
        left = parse_operator(p, level, left,
                              level == last ? rt__tok_place(p) : begin);
        last = level;
    }
}

static rt__node *parse_level(rt__parser *p, precedence least)
{
    if (!enter(p))
        return nothing(p);
    rt__node *n = parse_operators(p, least);
    leave(p);
    return n;
}

// ---- conditions ------------------------------------------------------------

// or *( "if" or ), up to an "else": true then, with the condition that waits for
// what follows it on the stack.
static bool parse_conditions(rt__parser *p, rt__node **value)
{
    rt__place place = rt__tok_place(p);

    *value = parse_level(p, OR);
    while (rt__word_is(p, RT__WORD_IF)) {
        rt__ast_cond *n =
            rt__make(p, cond, COND, rt__place_at(place, rt__tok_place(p)));
        rt__tok_step(p);
        n->then = *value;
        n->test = parse_level(p, OR);
        if (rt__word_accept(p, RT__WORD_ELSE)) {
            rt__node_push(p, &n->node);
            return true;
        }
        *value = rt__node_measure(p, &n->node);
        place = rt__tok_place(p);
    }
    return false;
}

// expr = or *( "if" or [ "else" expr ] )
//
// What follows an else is read in the same loop, not by recursion, so that a
// chain may be as long as one of operators.
rt__node *rt__parse_expr(rt__parser *p)
{
    size_t mark = p->stack_len;
    rt__node *value;

    while (parse_conditions(p, &value)) {
    }
    while (p->stack_len > mark) {
        rt__ast_cond *n = rt__as_cond(p->stack[--p->stack_len]);
        n->otherwise = value;
        value = rt__node_measure(p, &n->node);
    }
    return value;
}

// ---- tuples and targets ----------------------------------------------------

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
    case ANY: return rt__parse_expr(p);
    case NO_COND: return parse_level(p, OR);
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
    if (!is_tuple && !may_be_empty) {
        rt__parse_fail_about(p, rt__tok_place(p),
                             "expected an expression, got '{}'",
                             rt__token_text(&p->tok));
    }

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

// Make an expression a target; what of it cannot be one, or NULL.
static const rt__node *make_target(rt__node *n)
{
    switch (n->kind) {
    case RT__NODE_NSREF: return NULL;
    case RT__NODE_NAME: rt__as_name(n)->store = true; return NULL;
    case RT__NODE_TUPLE: break;
    default: return n;
    }
    const rt__nodes *items = &rt__as_tuple(n)->items;
    for (size_t i = 0; i < items->len; i++) {
        const rt__node *wrong = make_target(items->items[i]);
        if (wrong)
            return wrong;
    }
    return NULL;
}

// target = name | tuple of targets; in `set` also nsref
rt__node *rt__parse_target(rt__parser *p, bool with_nsref)
{
    rt__node *n = parse_elements(p, with_nsref ? NAMESPACE : PRIMARY, false);
    const rt__node *wrong = p->status ? NULL : make_target(n);

    if (wrong) {
        rt__place place = {n->line, n->offset};
        rt__place better = {wrong->line, wrong->offset};
        rt__parse_fail_about(p, rt__place_at(place, better),
                             "can't assign to '{}'",
                             rt_str_from(rt__kind_info_of(wrong->kind)->name));
    }
    return n;
}

rt_str rt__parse_name_target(rt__parser *p)
{
    rt__token token = p->tok;

    rt_str name = rt__name_expect(p);
    if (!p->status && rt__is_constant(token.word)) {
        rt__parse_fail_about(p, (rt__place){token.line, token.offset},
                             "can't assign to '{}'", name);
    }
    return name;
}
