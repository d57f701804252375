// The syntax tree: what the parser makes of a template.
//
// All kinds of nodes are made from the tables below: the enum, a struct per
// kind, the names and the places of the fields, from which trees are dumped,
// visited and copied. A kind's grammar stands above its fields, as
//
//     tag = "word" field [ optional ] *( repeated ) | alternative
//
// where `body` is template data and tags up to the one that is named next, and
// the delimiters of tags are left out.
//
// Nodes lie in the parser's arena and form a tree: none has two parents. The
// nesting of statements and the height of expressions are limited, so that a
// pass may recurse.
#pragma once

// Parameters of a macro, arguments of a call: the compiler refuses more, so
// nothing else needs to look at them.
#define RT__ARGUMENTS_MAX 200u

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include <retort/base/arena.h>
#include <retort/base/buf.h>
#include <retort/base/str.h>
#include <retort/base/value.h>
#include <retort/template/error.h>
#include <retort/template/syntax.h>

#include "template/runtime.h" // rt__op, rt__cmp

// Tags inside of each other; parentheses, brackets, operands and the like
// inside of each other; nodes of an expression above each other, which a long
// chain (`a.b.c`, `a + b + c`) makes without nesting. Jinja gives in at 98, 69
// and 197.
#define RT__BLOCK_DEPTH_MAX 100
#define RT__EXPR_DEPTH_MAX  100
#define RT__EXPR_HEIGHT_MAX 200

// Types of fields.
//
//   NODE    rt__node *, never NULL
//   MAYBE   rt__node *, or NULL
//   LIST    rt__nodes
//   NAME    rt_str; equal names have equal data pointers, and a NUL follows
//   TEXT    rt_str
//   FLAG    bool
//   VALUE   rt_value
//   OP      rt__op
//   CMP     rt__cmp
//
// ---- statements ------------------------------------------------------------

// The whole: body
#define RT__AST_TEMPLATE(F) F(LIST, body)

// Data and expressions in a row: { data | "{{" tuple "}}" }, or
// print = "print" [ expr *( "," expr ) ]
#define RT__AST_OUTPUT(F) F(LIST, items)

// extends = "extends" expr
#define RT__AST_EXTENDS(F) F(NODE, template)

// block = "block" name [ "scoped" ] [ "required" ] body "endblock" [ name ]
#define RT__AST_BLOCK(F) \
    F(NAME, name)        \
    F(FLAG, scoped)      \
    F(FLAG, required)    \
    F(LIST, body)

// for = "for" target "in" tuple [ "if" expr ] [ "recursive" ] body
//       [ "else" body ] "endfor"
#define RT__AST_FOR(F) \
    F(NODE, target)    \
    F(NODE, iter)      \
    F(MAYBE, test)     \
    F(FLAG, recursive) \
    F(LIST, body)      \
    F(LIST, otherwise)

// if = "if" tuple body *( "elif" tuple body ) [ "else" body ] "endif"
//
// Each elif is an IF that has only test and body.
#define RT__AST_IF(F) \
    F(NODE, test)     \
    F(LIST, body)     \
    F(LIST, elifs)    \
    F(LIST, otherwise)

// with = "with" [ target "=" expr *( "," target "=" expr ) ] body "endwith"
//
// As many values as targets; all values are meant outside of the targets.
#define RT__AST_WITH(F) \
    F(LIST, targets)    \
    F(LIST, values)     \
    F(LIST, body)

// set = "set" target "=" tuple
#define RT__AST_ASSIGN(F) \
    F(NODE, target)       \
    F(NODE, value)

// set = "set" target *( "|" filter ) body "endset"
//
// The innermost FILTER has no operand: it is applied to the body's text.
#define RT__AST_ASSIGN_BLOCK(F) \
    F(NODE, target)             \
    F(MAYBE, filter)            \
    F(LIST, body)

// macro = "macro" name params body "endmacro"
// params = "(" [ param *( "," param ) ] ")"
#define RT__AST_MACRO(F) \
    F(NAME, name)        \
    F(LIST, params)      \
    F(LIST, body)

// param = name [ "=" expr ]
//
// Those with a default come last.
#define RT__AST_PARAM(F) \
    F(NAME, name)        \
    F(MAYBE, otherwise)

// call = "call" [ params ] expr body "endcall"
//
// The expression is a CALL.
#define RT__AST_CALL_BLOCK(F) \
    F(LIST, params)           \
    F(NODE, call)             \
    F(LIST, body)

// filter = "filter" filter *( "|" filter ) body "endfilter"
//
// The innermost FILTER has no operand: it is applied to the body's text.
#define RT__AST_FILTER_BLOCK(F) \
    F(NODE, filter)             \
    F(LIST, body)

// autoescape = "autoescape" expr body "endautoescape"
#define RT__AST_AUTOESCAPE(F) \
    F(NODE, mode)             \
    F(LIST, body)

// include = "include" expr [ "ignore" "missing" ] [ context ]
// context = ( "with" | "without" ) "context"
#define RT__AST_INCLUDE(F)  \
    F(NODE, template)       \
    F(FLAG, ignore_missing) \
    F(FLAG, with_context)

// import = "import" expr "as" name [ context ]
#define RT__AST_IMPORT(F) \
    F(NODE, template)     \
    F(NAME, target)       \
    F(FLAG, with_context)

// from = "from" expr "import" imported *( "," imported ) [ [ "," ] context ]
#define RT__AST_FROM_IMPORT(F) \
    F(NODE, template)          \
    F(LIST, names)             \
    F(FLAG, with_context)

// imported = name [ "as" name ]
//
// Without "as" the alias is the name.
#define RT__AST_IMPORTED(F) \
    F(NAME, name)           \
    F(NAME, alias)

// do = "do" tuple
#define RT__AST_DO(F) F(NODE, value)

// break = "break"
// continue = "continue"
//
// Only inside of a loop, with no macro, block or call between.
#define RT__AST_BREAK(F)
#define RT__AST_CONTINUE(F)

// trans = "trans" [ string ] [ variable *( "," variable ) ] message
//         [ "pluralize" [ name ] message ] "endtrans"
// variable = "trimmed" | "notrimmed" | name [ "=" expr ]
// message = *( data | "{{" name "}}" )
//
// The message is kept in two forms: as a format, "100%% of %(name)s", and
// plain, "100% of %(name)s", which old style gettext gets when no variable is
// referenced. The variables are KEYWORDs: the declared ones in their order,
// then those that only the messages name.
//
// When the first declared variable is a call, an ASSIGN of it to `_trans`
// stands before this node and NAMEs of `_trans` stand in its place.
#define RT__AST_TRANS(F)                                    \
    F(FLAG, has_context)                                    \
    F(TEXT, context)                                        \
    F(TEXT, singular) /* format */                          \
    F(TEXT, singular_plain)                                 \
    F(MAYBE, count) /* chooses the form; NULL: no plural */ \
    F(TEXT, plural) /* format */                            \
    F(TEXT, plural_plain)                                   \
    F(LIST, variables)                                      \
    F(FLAG, referenced)   /* a message names a variable */  \
    F(FLAG, count_is_num) /* there is a plural, counted by `num` */

// debug = "debug"
#define RT__AST_DEBUG(F)

// ---- parts of expressions --------------------------------------------------

// keyword = name "=" expr
#define RT__AST_KEYWORD(F) \
    F(NAME, name)          \
    F(NODE, value)

// pair = expr ":" expr
#define RT__AST_PAIR(F) \
    F(NODE, key)        \
    F(NODE, value)

// operand = ( "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not" "in" ) sum
#define RT__AST_OPERAND(F) \
    F(CMP, cmp)            \
    F(NODE, expr)

// slice = [ expr ] ":" [ expr ] [ ":" [ expr ] ]
//
// Only as the key of a GETITEM, or in a tuple that is one.
#define RT__AST_SLICE(F) \
    F(MAYBE, start)      \
    F(MAYBE, stop)       \
    F(MAYBE, step)

// ---- expressions, from the loosest to the tightest -------------------------
//
//     tuple  = expr *( "," expr ) [ "," ]     one without comma is itself
//     expr   = or *( "if" or [ "else" expr ] )
//     or     = and *( "or" and )
//     and    = not *( "and" not )
//     not    = "not" not | compare
//     compare = sum *( operand )
//     sum    = concat *( ( "+" | "-" ) concat )
//     concat = term *( "~" term )
//     term   = power *( ( "*" | "/" | "//" | "%" ) power )
//     power  = unary *( "**" unary )            to the left, unlike Python's
//     unary  = signed *( "|" filter | "is" test | arguments )
//     signed = ( "+" | "-" ) signed | primary postfix
//     primary = name | string 1*( string ) | number | "(" [ tuple ] ")"
//             | list | dict
//     postfix = *( "." name | "." integer | "[" subscript "]" | arguments )
//
// The names true, True, false, False, none and None are constants.

// Template data, in OUTPUT alone. Never empty.
#define RT__AST_DATA(F) F(TEXT, text)

// A literal: none, a bool, an integer, a float or a string.
#define RT__AST_CONST(F) F(VALUE, value)

// An integer that 64 bits do not hold: its digits, without underscores, with
// 0x, 0o or 0b as written.
#define RT__AST_BIGINT(F) F(TEXT, digits)

// name; with `store` it is a target.
//
// target = name | tuple of targets; in `set` also NSREF
#define RT__AST_NAME(F) \
    F(NAME, name)       \
    F(FLAG, store)

// nsref = name "." name, as a target of `set`
#define RT__AST_NSREF(F) \
    F(NAME, name)        \
    F(NAME, attr)

// As expression, and as target of targets.
#define RT__AST_TUPLE(F) F(LIST, items)

// list = "[" [ expr *( "," expr ) [ "," ] ] "]"
#define RT__AST_LIST(F) F(LIST, items)

// dict = "{" [ pair *( "," pair ) [ "," ] ] "}"
#define RT__AST_DICT(F) F(LIST, items)

// then "if" test [ "else" otherwise ]
#define RT__AST_COND(F) \
    F(NODE, test)       \
    F(NODE, then)       \
    F(MAYBE, otherwise)

#define RT__AST_OR(F) \
    F(NODE, left)     \
    F(NODE, right)

#define RT__AST_AND(F) \
    F(NODE, left)      \
    F(NODE, right)

#define RT__AST_NOT(F) F(NODE, operand)

// a < b <= c: a, then the OPERANDs; at least one.
#define RT__AST_COMPARE(F) \
    F(NODE, first)         \
    F(LIST, operands)

// + - * / // % **
#define RT__AST_BINARY(F) \
    F(OP, op)             \
    F(NODE, left)         \
    F(NODE, right)

// a ~ b ~ c; at least two.
#define RT__AST_CONCAT(F) F(LIST, items)

#define RT__AST_NEGATE(F)   F(NODE, operand)
#define RT__AST_POSITIVE(F) F(NODE, operand)

// arguments = "(" [ argument *( "," argument ) [ "," ] ] ")"
// argument = expr | keyword | "*" expr | "**" expr
//
// Positional ones come first. `kwargs` are KEYWORDs.
#define RT__AST_CALL(F) \
    F(NODE, callee)     \
    F(LIST, args)       \
    F(LIST, kwargs)     \
    F(MAYBE, dyn_args)  \
    F(MAYBE, dyn_kwargs)

// filter = name *( "." name ) [ arguments ]
//
// The name has its dots. No operand: see FILTER_BLOCK.
#define RT__AST_FILTER(F) \
    F(MAYBE, operand)     \
    F(NAME, name)         \
    F(LIST, args)         \
    F(LIST, kwargs)       \
    F(MAYBE, dyn_args)    \
    F(MAYBE, dyn_kwargs)

// test = [ "not" ] name *( "." name ) [ arguments | primary postfix ]
//
// With "not" it is a NOT of a TEST.
#define RT__AST_TEST(F) \
    F(NODE, operand)    \
    F(NAME, name)       \
    F(LIST, args)       \
    F(LIST, kwargs)     \
    F(MAYBE, dyn_args)  \
    F(MAYBE, dyn_kwargs)

#define RT__AST_GETATTR(F) \
    F(NODE, object)        \
    F(NAME, name)

// subscript = [ item *( "," item ) ]; item = expr | slice
//
// One item is the key, else it is a TUPLE. `a.0` is one, too.
#define RT__AST_GETITEM(F) \
    F(NODE, object)        \
    F(NODE, key)

// X(constant, type, name in dumps and messages)
#define RT__NODES(X)                             \
    X(TEMPLATE, template, "template")            \
    X(OUTPUT, output, "output")                  \
    X(EXTENDS, extends, "extends")               \
    X(BLOCK, block, "block")                     \
    X(FOR, for, "for")                           \
    X(IF, if, "if")                              \
    X(WITH, with, "with")                        \
    X(ASSIGN, assign, "assign")                  \
    X(ASSIGN_BLOCK, assign_block, "assignblock") \
    X(MACRO, macro, "macro")                     \
    X(PARAM, param, "param")                     \
    X(CALL_BLOCK, call_block, "callblock")       \
    X(FILTER_BLOCK, filter_block, "filterblock") \
    X(AUTOESCAPE, autoescape, "autoescape")      \
    X(INCLUDE, include, "include")               \
    X(IMPORT, import, "import")                  \
    X(FROM_IMPORT, from_import, "fromimport")    \
    X(IMPORTED, imported, "imported")            \
    X(DO, do, "do")                              \
    X(BREAK, break, "break")                     \
    X(CONTINUE, continue, "continue")            \
    X(TRANS, trans, "trans")                     \
    X(DEBUG, debug, "debug")                     \
    X(KEYWORD, keyword, "keyword")               \
    X(PAIR, pair, "pair")                        \
    X(OPERAND, operand, "operand")               \
    X(SLICE, slice, "slice")                     \
    X(DATA, data, "data")                        \
    X(CONST, const, "const")                     \
    X(BIGINT, bigint, "bigint")                  \
    X(NAME, name, "name")                        \
    X(NSREF, nsref, "nsref")                     \
    X(TUPLE, tuple, "tuple")                     \
    X(LIST, list, "list")                        \
    X(DICT, dict, "dict")                        \
    X(COND, cond, "condexpr")                    \
    X(OR, or, "or")                              \
    X(AND, and, "and")                           \
    X(NOT, not, "not")                           \
    X(COMPARE, compare, "compare")               \
    X(BINARY, binary, "binary")                  \
    X(CONCAT, concat, "concat")                  \
    X(NEGATE, negate, "neg")                     \
    X(POSITIVE, positive, "pos")                 \
    X(CALL, call, "call")                        \
    X(FILTER, filter, "filter")                  \
    X(TEST, test, "test")                        \
    X(GETATTR, getattr, "getattr")               \
    X(GETITEM, getitem, "getitem")

typedef enum rt__node_kind {
#define RT__NODE_ENUM(constant, type, name) RT__NODE_##constant,
    RT__NODES(RT__NODE_ENUM)
#undef RT__NODE_ENUM
    RT__NODE_COUNT
} rt__node_kind;

// What every node begins with.
typedef struct rt__node {
    rt__node_kind kind;
    uint32_t line;   // where Jinja reports errors of it
    uint32_t offset; // a byte of that line, for the caret
    uint32_t height; // of an expression: 1 above its highest child
} rt__node;

typedef struct rt__nodes {
    rt__node **items;
    size_t len;
} rt__nodes;

#define RT__FIELD_TYPE_NODE  rt__node *
#define RT__FIELD_TYPE_MAYBE rt__node *
#define RT__FIELD_TYPE_LIST  rt__nodes
#define RT__FIELD_TYPE_NAME  rt_str
#define RT__FIELD_TYPE_TEXT  rt_str
#define RT__FIELD_TYPE_FLAG  bool
#define RT__FIELD_TYPE_VALUE rt_value
#define RT__FIELD_TYPE_OP    rt__op
#define RT__FIELD_TYPE_CMP   rt__cmp

// The structs: rt__ast_for has the fields of RT__AST_FOR behind `node`; and the
// views of a node as one: rt__as_for(node).
#define RT__AST_FIELD(type, name) RT__FIELD_TYPE_##type name;
#define RT__AST_STRUCT(constant, type, text)                             \
    typedef struct rt__ast_##type {                                      \
        rt__node node;                                                   \
        RT__AST_##constant(RT__AST_FIELD)                                \
    } rt__ast_##type;                                                    \
    __attribute__((unused)) static inline rt__ast_##type *rt__as_##type( \
        rt__node *node)                                                  \
    {                                                                    \
        assert(node->kind == RT__NODE_##constant);                       \
        return (rt__ast_##type *)node;                                   \
    }
RT__NODES(RT__AST_STRUCT)
#undef RT__AST_STRUCT
#undef RT__AST_FIELD

// ---- what is known of kinds ------------------------------------------------

typedef enum rt__field_type {
    RT__FIELD_NODE,
    RT__FIELD_MAYBE,
    RT__FIELD_LIST,
    RT__FIELD_NAME,
    RT__FIELD_TEXT,
    RT__FIELD_FLAG,
    RT__FIELD_VALUE,
    RT__FIELD_OP,
    RT__FIELD_CMP,
} rt__field_type;

typedef struct rt__field {
    const char *name;
    rt__field_type type;
    uint32_t offset; // in the struct
} rt__field;

typedef struct rt__kind_info {
    const char *name;
    size_t bytes; // of the struct
    const rt__field *fields;
    size_t fields_len;
} rt__kind_info;

const rt__kind_info *rt__kind_info_of(rt__node_kind kind);

// Visit the place of each child, in the order of the fields; a visitor may put
// another node there. It ends the visit by returning false, which is returned.
typedef bool rt__visit_fn(void *arg, rt__node **child);
bool rt__node_each_child(rt__node *node, rt__visit_fn *visit, void *arg);

// A zeroed node of a kind at the place of another.
rt__node *rt__node_new(rt_arena *arena, rt__node_kind kind,
                       const rt__node *place);

// Copy a node with all its children. Text is shared.
rt__node *rt__node_copy(rt_arena *arena, const rt__node *node);

// ---- parsing ---------------------------------------------------------------

// What is parsed, and how.
typedef struct rt__source {
    rt_str text;
    rt_str name; // for errors; data is NULL without a name
    const rt_template_syntax *syntax;
    bool i18n_trimmed; // trans blocks are trimmed unless they say `notrimmed`
} rt__source;

// Parse a template to an RT__NODE_TEMPLATE, or an expression by itself.
//
//   memory   the tree and the error lie in `arena` and view the source's text;
//            `scratch` is used and given back
//   errors   RT_E_SYNTAX, RT_E_LIMIT (something nested too deep, or too long),
//            RT_E_UTF8. The kind of `*error` is RT_TEMPLATE_SYNTAX_ERROR,
//            RT_TEMPLATE_ASSERTION_ERROR (an import of a private name, a
//            variable of trans twice or unknown to pluralize) or
//            RT_TEMPLATE_LIMIT_ERROR
rt_status rt__ast_parse(const rt__source *source, rt_arena *arena,
                        rt_arena *scratch, rt__node **out,
                        rt_template_error *error);
rt_status rt__ast_parse_expression(const rt__source *source, rt_arena *arena,
                                   rt_arena *scratch, rt__node **out,
                                   rt_template_error *error);

// Write a tree as text: a node a line, indented, with its line in the source.
void rt__ast_dump(const rt__node *node, rt_buf *out);
