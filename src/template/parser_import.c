// Statements that name other templates.
#include "template/parser.h"

// extends = "extends" expr
rt__node *rt__parse_extends(rt__parser *p)
{
    rt__ast_extends *n = rt__make(p, extends, EXTENDS, rt__tok_place(p));

    rt__tok_step(p);
    n->template = rt__parse_expr(p);
    return &n->node;
}

// context = ( "with" | "without" ) "context"
//
// False when there is none; `*with` keeps its value then.
static bool parse_context(rt__parser *p, bool *with)
{
    bool is_with = rt__word_is(p, RT__WORD_WITH);

    if (!is_with && !rt__word_is(p, RT__WORD_WITHOUT))
        return false;
    if (rt__tok_ahead(p)->kind != RT__TOK_NAME ||
        rt__tok_ahead(p)->word != RT__WORD_CONTEXT)
        return false;
    rt__tok_step(p);
    rt__tok_step(p);
    *with = is_with;
    return true;
}

// include = "include" expr [ "ignore" "missing" ] [ context ]
rt__node *rt__parse_include(rt__parser *p)
{
    rt__ast_include *n = rt__make(p, include, INCLUDE, rt__tok_place(p));

    rt__tok_step(p);
    n->template = rt__parse_expr(p);
    if (rt__word_is(p, RT__WORD_IGNORE) &&
        rt__tok_ahead(p)->kind == RT__TOK_NAME &&
        rt__tok_ahead(p)->word == RT__WORD_MISSING) {
        rt__tok_step(p);
        rt__tok_step(p);
        n->ignore_missing = true;
    }
    n->with_context = true;
    parse_context(p, &n->with_context);
    return &n->node;
}

// import = "import" expr "as" name [ context ]
rt__node *rt__parse_import(rt__parser *p)
{
    rt__ast_import *n = rt__make(p, import, IMPORT, rt__tok_place(p));

    rt__tok_step(p);
    n->template = rt__parse_expr(p);
    rt__word_expect(p, RT__WORD_AS);
    n->target = rt__parse_name_target(p);
    parse_context(p, &n->with_context);
    return &n->node;
}

// imported = name [ "as" name ]
static rt__node *parse_imported(rt__parser *p)
{
    rt__place place = rt__tok_place(p);
    rt__ast_imported *n = rt__make(p, imported, IMPORTED, place);

    n->name = n->alias = rt__parse_name_target(p);
    if (n->name.len && n->name.data[0] == '_') {
        rt__parse_fail_as(
            p, place, RT_TEMPLATE_ASSERTION_ERROR,
            rt_format(p->arena,
                      "'{}' cannot be imported: it begins with an underscore",
                      n->name));
    }
    if (rt__word_accept(p, RT__WORD_AS))
        n->alias = rt__parse_name_target(p);
    return &n->node;
}

// from = "from" expr "import" imported *( "," imported ) [ [ "," ] context ]
rt__node *rt__parse_from(rt__parser *p)
{
    rt__ast_from_import *n =
        rt__make(p, from_import, FROM_IMPORT, rt__tok_place(p));
    size_t mark = p->stack_len;

    rt__tok_step(p);
    n->template = rt__parse_expr(p);
    rt__word_expect(p, RT__WORD_IMPORT);
    while (!parse_context(p, &n->with_context)) {
        rt__node_push(p, parse_imported(p));
        if (parse_context(p, &n->with_context) ||
            !rt__tok_accept(p, RT__TOK_COMMA))
            break;
    }
    n->names = rt__nodes_take(p, mark);
    return &n->node;
}
