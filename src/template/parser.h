// The parts of the parser to each other.
//
// A parser keeps its first error and is inert from then on: its token is ERROR,
// which no rule accepts and which ends every loop, and nodes it still makes are
// thrown away. So rules read straight on, and look at `status` only where they
// would go on for ever.
#pragma once

#include <retort/base/format.h>
#include <retort/base/map.h>

#include "template/ast.h"
#include "template/token.h"

// A set of words, a bit each: the tags that may end a body.
typedef uint64_t rt__words;
#define RT__WORD_BIT(word) (UINT64_C(1) << (word))

// A tag that has been opened.
typedef struct rt__open_tag {
    rt__word word;
    uint32_t line;
    rt__words ends; // what its present body ends with; 0: no body yet
} rt__open_tag;

typedef struct rt__parser {
    rt__token tok;   // the current one
    rt__token ahead; // the one behind it, when it has been looked at
    bool has_ahead;
    rt_status status;
    const rt__source *source;
    rt_arena *arena;
    rt_arena *scratch;
    rt_template_error *error;
    rt_map names; // interned

    // Nodes that wait for the end of the lists they are in; the innermost list
    // is on top.
    rt__node **stack;
    size_t stack_len;
    size_t stack_cap;

    rt__open_tag tags[RT__BLOCK_DEPTH_MAX];
    uint32_t tags_len;
    uint32_t expr_depth;
    uint32_t loops; // around the present place, up to a macro, block or call

    rt__lexer lexer;
} rt__parser;

// Where a node is: the line Jinja gives it, and a byte of that line.
typedef struct rt__place {
    uint32_t line;
    uint32_t offset;
} rt__place;

static inline rt__place rt__tok_place(const rt__parser *p)
{
    return (rt__place){p->tok.line, p->tok.offset};
}

// The byte of `better`, if that is in the line of `place`.
static inline rt__place rt__place_at(rt__place place, rt__place better)
{
    return better.line == place.line ? better : place;
}

// ---- errors ----------------------------------------------------------------

// Note the first error.
void rt__parse_fail(rt__parser *p, rt__place place, rt_str message);
void rt__parse_fail_as(rt__parser *p, rt__place place,
                       rt_template_error_kind kind, rt_str message);

// The same with a name or number for the `{}` of a format. Out of line, for
// what is seldom needed shall not widen the frames of rules that recur.
RT_COLD void rt__parse_fail_about(rt__parser *p, rt__place place,
                                  const char *format, rt_str what);
RT_COLD void rt__parse_fail_limit(rt__parser *p, rt__place place,
                                  const char *format, int limit);

// How messages name the current token: a name by itself, others by kind.
rt_str rt__token_text(const rt__token *token);

// ---- tokens ----------------------------------------------------------------

void rt__tok_step(rt__parser *p);

// The token behind the current one.
const rt__token *rt__tok_ahead(rt__parser *p);

static inline bool rt__tok_is(const rt__parser *p, rt__token_kind kind)
{
    return p->tok.kind == kind;
}

static inline bool rt__word_is(const rt__parser *p, rt__word word)
{
    return p->tok.kind == RT__TOK_NAME && p->tok.word == word;
}

// Step over a token if it is the current one.
bool rt__tok_accept(rt__parser *p, rt__token_kind kind);
bool rt__word_accept(rt__parser *p, rt__word word);

// Step over a token that has to be there.
void rt__tok_expect(rt__parser *p, rt__token_kind kind);
void rt__word_expect(rt__parser *p, rt__word word);

// Step over a name and intern it.
rt_str rt__name_expect(rt__parser *p);
rt_str rt__name_intern(rt__parser *p, rt_str name);

// ---- nodes -----------------------------------------------------------------

// A zeroed node; rt__make(p, for, FOR, place) is an rt__ast_for *.
rt__node *rt__node_make(rt__parser *p, rt__node_kind kind, rt__place place);
#define rt__make(p, type, constant, place) \
    rt__as_##type(rt__node_make((p), RT__NODE_##constant, (place)))

// Put a node on the stack, and take what is on it from `mark` on as a list.
void rt__node_push(rt__parser *p, rt__node *node);
rt__nodes rt__nodes_take(rt__parser *p, size_t mark);

// The node's height from that of its children, once all are in place.
rt__node *rt__node_measure(rt__parser *p, rt__node *node);

// ---- expressions (parser_expr.c, parser_primary.c) -------------------------

rt__node *rt__parse_expr(rt__parser *p);
// Without `if` at the loosest level, where a statement has one of its own.
rt__node *rt__parse_tuple(rt__parser *p, bool with_cond);
// Behind the opening parenthesis.
rt__node *rt__parse_parentheses(rt__parser *p);
rt__node *rt__parse_primary(rt__parser *p, bool with_nsref);
rt__node *rt__parse_postfix(rt__parser *p, rt__node *node);
rt__node *rt__parse_call(rt__parser *p, rt__node *callee);
// Behind the "|".
rt__node *rt__parse_filter(rt__parser *p, rt__node *operand);
// filter *( "|" filter ), behind the first "|".
rt__node *rt__parse_filters(rt__parser *p, rt__node *operand);
rt__node *rt__parse_test(rt__parser *p, rt__node *operand);

// What can be assigned to: in `set` attributes of namespaces, too.
rt__node *rt__parse_target(rt__parser *p, bool with_nsref);
rt_str rt__parse_name_target(rt__parser *p);

// true, none and their like.
bool rt__is_constant(rt__word word);

// ---- statements (parser_stmt.c, parser_import.c, parser_trans.c) -----------

// *( data | tag ), up to one of the tags in `ends`, whose word is the current
// token then, or up to the end of the template.
rt__nodes rt__parse_items(rt__parser *p, rt__words ends);
// [ ":" ] and items; the end of the template is an error.
rt__nodes rt__parse_body(rt__parser *p, rt__words ends);

rt__node *rt__parse_extends(rt__parser *p);
rt__node *rt__parse_block(rt__parser *p);
rt__node *rt__parse_include(rt__parser *p);
rt__node *rt__parse_import(rt__parser *p);
rt__node *rt__parse_from(rt__parser *p);
rt__node *rt__parse_trans(rt__parser *p);
