// The parser as a whole: places, limits, and what holds of every tree.
#include <stdio.h>
#include <string.h>

#include "syntax_text.h"

static const rt_template_syntax all = {.ext_do = true,
                                       .ext_loopcontrols = true,
                                       .ext_i18n = true,
                                       .ext_debug = true};

// Every kind of node, over lines.
static const char everything[] =
    "{% extends base\n"
    "   if base else \"layout.html\" %}\n"
    "{% from \"forms.html\" import field, input as text with context %}\n"
    "{% import \"tools.html\" as tools without context %}\n"
    "{% set a, (b, c) = 1.5, (2, none) %}{% set ns.x = -a ** +b %}\n"
    "{% set text|trim|indent(2) %}\n  body\n{% endset %}\n"
    "{% macro link(url, title=url,\n"
    "              rel=none) %}<a href=\"{{ url }}\">{{\n"
    "  title }}</a>{% endmacro %}\n"
    "{% call(item) link(\"/\", rel='x', *args, **kwargs) %}{{ item.0 }}"
    "{% endcall %}\n"
    "{% block main scoped %}\n"
    "{% for key, value in items|dictsort if value is string and key recursive %}\n"
    "  {{ key ~ \": \" ~ value\n"
    "     ~ loop.index }}{% if loop.first %}{% continue %}{% elif key in\n"
    "  skipped %}{% break %}{% else %}{{ loop(value[1:, ::2][\"k\"]) }}"
    "{% endif %}\n"
    "{% else %}{# nothing #}none\n"
    "{% endfor %}{% endblock main %}\n"
    "{% block footer required %}\n"
    "{% endblock %}\n"
    "{% filter upper|replace(\"A\", \"B\") %}x{% endfilter %}\n"
    "{% with x = [1, 2], y = {\"k\": v, 1: 2} %}{{ x is divisibleby 3 }}"
    "{{ y.k\n"
    "  (1)(2).three\n"
    "  |f }}{% endwith %}\n"
    "{% autoescape false %}{{ 1 < 2 <= three not in 4 }}{% endautoescape %}\n"
    "{% include [\"a\", \"b\"] ignore missing without context %}\n"
    "{% do list.append(99999999999999999999) %}{% print a, b or c and d %}\n"
    "{% trans \"menu\" trimmed n=count(), user %}\n"
    "  One of {{ user }}, 100%\n"
    "{% pluralize n %}{{ n }} of {{ user }} {{ other }}{% endtrans %}\n"
    "{% debug %}{% raw %}{{ raw }}{% endraw %}\n"
    "{{ (), (1,), not a, a if b }}\n";

static rt__node *parse_everything(void)
{
    rt_template_error error;
    rt__node *node = syntax_parse(&all, rt_guarded(everything), &error);

    if (!node)
        CHECK_EQ(syntax_error_text(&error), "");
    REQUIRE(node != NULL);
    return node;
}

static rt_str dump(const rt__node *node)
{
    rt_buf out;

    rt_buf_init(&out, &syntax_arena);
    rt__ast_dump(node, &out);
    return rt_buf_str(&out);
}

RT_TEST(every_kind_of_node_is_dumped_with_its_line)
{
    rt_test_golden("syntax_everything.ast.txt", dump(parse_everything()));
}

RT_TEST(every_token_is_dumped_with_its_line)
{
    rt_template_error error = {0};
    rt_buf out;

    rt_buf_init(&out, &syntax_arena);
    REQUIRE(rt__tokens_dump(&all, rt_guarded(everything), &syntax_arena, &out,
                            &error) == RT_OK);
    rt_test_golden("syntax_everything.tokens.txt", rt_buf_str(&out));
}

// ---- what holds of every tree -----------------------------------------------

static bool seen[RT__NODE_COUNT];

static bool check_node(void *arg, rt__node **child)
{
    rt_template_error error = {0};
    const rt__node *node = *child;
    uint32_t *height = arg;

    seen[node->kind] = true;
    rt__source_place(&syntax_arena, rt_str_from(everything), node->offset,
                     &error);
    CHECK_EQ(error.line, node->line);

    uint32_t below = 0;
    rt__node_each_child(*child, check_node, &below);
    if (node->kind >= RT__NODE_KEYWORD)
        CHECK_EQ(node->height, below + 1);
    if (*height < node->height)
        *height = node->height;
    return true;
}

RT_TEST(every_node_is_where_its_line_is_and_above_its_children)
{
    rt__node *root = parse_everything();
    uint32_t height = 0;

    CHECK(rt__node_each_child(root, check_node, &height));
    for (size_t i = RT__NODE_TEMPLATE + 1; i < RT__NODE_COUNT; i++) {
        RT_CASE(rt__kind_info_of((rt__node_kind)i)->name);
        CHECK(seen[i]);
    }
}

static bool stop_at_second(void *arg, rt__node **child)
{
    int *left = arg;

    CHECK(*child != NULL);
    return --*left > 0;
}

RT_TEST(a_visit_ends_where_the_visitor_says)
{
    rt__node *root = parse_everything();
    int left = 2;

    CHECK(!rt__node_each_child(root, stop_at_second, &left));
    CHECK_EQ(left, 0);
}

static bool replace_all(void *arg, rt__node **child)
{
    *child = arg;
    return true;
}

RT_TEST(a_copy_is_equal_and_its_own)
{
    rt__node *root = parse_everything();
    rt_str before = dump(root);
    rt__node *copy = rt__node_copy(&syntax_arena, root);

    CHECK_EQ(dump(copy), before);
    rt__node_each_child(copy, replace_all, copy);
    CHECK_EQ(dump(root), before);
}

RT_TEST(equal_names_have_one_address)
{
    rt_template_error error;
    rt__node *root =
        syntax_parse(&all, RT_STR("{{ name }}{{ other.name }}{{ name|name }}"),
                     &error);
    REQUIRE(root != NULL);
    rt__nodes *items =
        &rt__as_output(rt__as_template(root)->body.items[0])->items;
    const char *name = rt__as_name(items->items[0])->name.data;

    CHECK(rt__as_getattr(items->items[1])->name.data == name);
    CHECK(rt__as_filter(items->items[2])->name.data == name);
    CHECK(rt__as_name(rt__as_filter(items->items[2])->operand)->name.data ==
          name);
    CHECK_EQ(strlen(name), 4);
}

RT_TEST(every_beginning_of_a_template_is_a_template_or_an_error_in_it)
{
    for (size_t len = 0; len < sizeof everything - 1; len++) {
        rt_str source = rt_guarded_bytes(everything, len);
        rt_template_error error;

        rt_test_case("the first %zu bytes", len);
        if (syntax_parse(&all, source, &error))
            continue;
        CHECK(error.line >= 1);
        CHECK(error.line <= 40);
        CHECK(error.column >= 1);
        CHECK(error.message.len > 0);
        rt_arena_reset(&syntax_arena);
    }
}

// ---- places -----------------------------------------------------------------

// The line of an operation, by which a run-time error is reported, is the one
// of the outermost operation.
RT_TEST(an_operation_has_the_line_that_jinja_gives_it)
{
    static const struct {
        const char *text;
        uint32_t line;
    } rows[] = {
        {"\na", 2},           {"a\n+ b", 1},
        {"a\n+ b\n+ c", 3},   {"a\n* b\n+ c\n- d", 4},
        {"a +\n(b\n)", 1},    {"a\n~ b\n~ c", 1},
        {"a\n** b\n** c", 3}, {"-\na", 1},
        {"not\na", 1},        {"a\nand b\nand c", 3},
        {"a\nor b", 1},       {"a\n< b\n", 3}, // of what follows
        {"a\n< b\nand c", 1}, {"a if b\nelse c", 1},
        {"a\n.b", 2},         {"a.\nb", 1},
        {"a\n.b\n.c", 3},     {"a\n[b\n]", 2},
        {"a\n(b\n)", 2},      {"a\n(b\n)(\nc)", 3},
        {"a\n|b", 2},         {"a|\nb", 2},
        {"a|b\n|c(\n1)", 2},  {"a\nis b", 2},
        {"a is\nb", 1},       {"a\nis not b", 2},
        {"(\na,\nb\n)", 2}, // of the last comma
        {"(\na\n,)", 3},      {"[\na]", 1},
        {"{\n1: 2}", 1},      {"\"a\"\n\"b\"", 1},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        char text[64];
        rt_template_error error;

        RT_CASE(rows[i].text);
        snprintf(text, sizeof text, "{{ %s}}", rows[i].text);
        rt__node *root = syntax_parse(&all, rt_guarded(text), &error);
        REQUIRE(root != NULL);
        rt__node *output = rt__as_template(root)->body.items[0];
        CHECK_EQ(rt__as_output(output)->items.items[0]->line, rows[i].line);
    }
}

RT_TEST(the_caret_points_at_the_operator_where_it_is_in_the_line)
{
    static const struct {
        const char *text;
        uint32_t offset; // in the text
    } rows[] = {
        {"a + b", 2},      {"a\n+ b", 0}, {"a + b + c", 6},  {"a ~ b", 2},
        {"a and b", 2},    {"a if b", 2}, {"a < b < c", 2},  {"a.b", 2},
        {"a.b.c", 4},      {"a.\nb", 1},  {"a[b]", 1},       {"a(b)", 1},
        {"a|b", 2},        {"a is b", 5}, {"a is not b", 2}, {"-a", 0},
        {"f(a)(b, c)", 4}, {"a, b", 0},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        char text[64];
        rt_template_error error;

        RT_CASE(rows[i].text);
        snprintf(text, sizeof text, "{{ %s}}", rows[i].text);
        rt__node *root = syntax_parse(&all, rt_guarded(text), &error);
        REQUIRE(root != NULL);
        rt__node *output = rt__as_template(root)->body.items[0];
        CHECK_EQ(rt__as_output(output)->items.items[0]->offset,
                 rows[i].offset + 3);
    }
}

// ---- expressions by themselves --------------------------------------------------

RT_TEST(an_expression_by_itself_ends_with_its_text)
{
    static const struct {
        const char *text;
        const char *result;
    } rows[] = {
        {"a + 1", "(+ a 1)"},
        {" a\n", "a"},
        {"a if b else c", "(condexpr b a otherwise=c)"},
        {"", "1:1 unexpected 'end of template'"},
        {"a b", "1:3 expected the end of the expression, got 'b'"},
        {"a, b", "1:2 expected the end of the expression, got ','"},
        {"a }}", "1:3 expected the end of the expression, got 'end of print "
                 "statement'"},
        {"a }", "1:3 unexpected '}'"},
        {"\n(a", "2:3 unexpected end of template, expected ')'"},
        {"{{ a }}", "1:6 expected token ':', got '}'"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        CHECK_EQ(syntax_expression(rt_guarded(rows[i].text)), rows[i].result);
    }
}

// ---- errors -----------------------------------------------------------------------

RT_TEST(the_first_error_is_reported_whichever_half_finds_it)
{
    static const struct {
        const char *text;
        const char *error;
    } rows[] = {
        {"{{ a b ? }}", "1:6 expected token 'end of print statement', got 'b'"},
        {"{{ a ? b c }}", "1:6 unexpected character '?'"},
        {"{{ 1 + }} {{ ? }}", "1:8 unexpected 'end of print statement'"},
        {"{{ f(a ?", "1:8 unexpected character '?'"},
        {"{% nosuch ?", "1:4 unknown tag 'nosuch'"},
        {"{% include a ignore ?", "1:21 unexpected character '?'"},
        {"{{ a not ?", "1:10 unexpected character '?'"},
        {"{{ a[b c] }}{% raw %}x", "1:8 expected token ',', got 'c'"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        CHECK_EQ(syntax_tree(&all, rt_guarded(rows[i].text)), rows[i].error);
    }
}

RT_TEST(an_error_names_its_template_and_shows_its_line)
{
    rt__source source = {.text = RT_STR("one\n\ttwo {{ \xc3\xa9 + }}\nthree"),
                         .name = RT_STR("page.html"),
                         .syntax = &all};
    rt_template_error error = {0};
    rt__node *node = NULL;

    CHECK_EQ(rt__ast_parse(&source, &syntax_arena, &syntax_scratch, &node,
                           &error),
             RT_E_SYNTAX);
    CHECK(node == NULL);
    CHECK_EQ(error.template_name, "page.html");
    CHECK_EQ(error.line, 2);
    CHECK_EQ(error.column, 13);
    CHECK_EQ(error.excerpt, "\ttwo {{ \xc3\xa9 + }}");
}

RT_TEST(tags_of_extensions_are_unknown_without_them)
{
    static const rt_template_syntax none;
    static const char *const rows[] = {
        "{% do a %}",
        "{% debug %}",
        "{% trans %}{% endtrans %}",
        "{% for a in b %}{% break %}{% endfor %}",
        "{% for a in b %}{% continue %}{% endfor %}",
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_template_error error;

        RT_CASE(rows[i]);
        CHECK(syntax_parse(&all, rt_guarded(rows[i]), &error));
        CHECK(!syntax_parse(&none, rt_guarded(rows[i]), &error));
        CHECK_EQ(error.kind, RT_TEMPLATE_SYNTAX_ERROR);
        CHECK(rt_str_starts_with(error.message, RT_STR("unknown tag '")));
    }
}

RT_TEST(trans_is_trimmed_when_the_environment_says_so)
{
    rt__source source = {.text = RT_STR(
                             "{% trans %} a\n b {% endtrans %}"
                             "{% trans notrimmed %} a\n b {% endtrans %}"),
                         .syntax = &all,
                         .i18n_trimmed = true};
    rt_template_error error = {0};
    rt__node *node = NULL;

    REQUIRE(rt__ast_parse(&source, &syntax_arena, &syntax_scratch, &node,
                          &error) == RT_OK);
    rt__nodes body = rt__as_template(node)->body;
    CHECK_EQ(rt__as_trans(body.items[0])->singular, "a b");
    CHECK_EQ(rt__as_trans(body.items[1])->singular, " a\n b ");
}

// ---- limits -----------------------------------------------------------------------

// begin, n times `open`, middle, n times `close`, end
typedef struct nest {
    const char *begin;
    const char *open;
    const char *middle;
    const char *close;
    const char *end;
    int limit; // the greatest n that is read
} nest;

static rt_str nested(const nest *row, int n)
{
    rt_buf buf;

    rt_buf_init(&buf, &syntax_arena);
    rt_buf_put_cstr(&buf, row->begin);
    for (int i = 0; i < n; i++)
        rt_buf_put_cstr(&buf, row->open);
    rt_buf_put_cstr(&buf, row->middle);
    for (int i = 0; i < n; i++)
        rt_buf_put_cstr(&buf, row->close);
    rt_buf_put_cstr(&buf, row->end);
    return rt_buf_str(&buf);
}

RT_TEST(what_is_nested_too_deep_is_a_limit_error)
{
    enum {
        DEPTH = RT__EXPR_DEPTH_MAX,
        HEIGHT = RT__EXPR_HEIGHT_MAX,
        TAGS = RT__BLOCK_DEPTH_MAX
    };

    static const nest rows[] = {
        {"{{ ", "(", "a", ")", " }}", DEPTH - 1},
        {"{{ ", "[", "a", "]", " }}", DEPTH - 1},
        {"{{ ", "{1:", "a", "}", " }}", HEIGHT / 2 - 1},
        {"{{ ", "f(", "a", ")", " }}", DEPTH - 1},
        {"{{ ", "a[", "b", "]", " }}", DEPTH - 1},
        {"{{ ", "- ", "a", "", " }}", DEPTH - 1},
        {"{{ ", "not ", "a", "", " }}", DEPTH - 1},
        {"{{ a", " + a", "", "", " }}", HEIGHT - 1},
        {"{{ a", " and a", "", "", " }}", HEIGHT - 1},
        {"{{ a", " or a", "", "", " }}", HEIGHT - 1},
        {"{{ a", ".b", "", "", " }}", HEIGHT - 1},
        {"{{ a", "|b", "", "", " }}", HEIGHT - 1},
        {"{{ a", "()", "", "", " }}", HEIGHT - 1},
        {"{{ a", " if b else a", "", "", " }}", HEIGHT - 1},
        {"", "{% if a %}", "", "{% endif %}", "", TAGS},
        {"", "{% for a in b %}", "", "{% endfor %}", "", TAGS},
        {"", "{% with %}", "", "{% endwith %}", "", TAGS},
        {"", "{% macro a() %}", "", "{% endmacro %}", "", TAGS},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        const nest *row = &rows[i];
        rt_template_error error;

        RT_CASE(row->open);
        CHECK(syntax_parse(&all, nested(row, row->limit), &error));
        CHECK(!syntax_parse(&all, nested(row, row->limit + 1), &error));
        CHECK_EQ(error.kind, RT_TEMPLATE_LIMIT_ERROR);
        CHECK(!syntax_parse(&all, nested(row, 20000), &error));
        CHECK_EQ(error.kind, RT_TEMPLATE_LIMIT_ERROR);
    }
}

RT_TEST(what_is_long_without_being_deep_has_no_limit)
{
    static const nest rows[] = {
        {"{{ a", "~ a", "", "", " }}", 20000},
        {"{{ a", "< a", "", "", " }}", 20000},
        {"{{ [", "a,", "", "", "] }}", 20000},
        {"{{ f(", "a,", "", "", ") }}", 20000},
        {"{{ {", "a:b,", "", "", "} }}", 20000},
        {"{{ ", "a,", "", "", " }}", 20000},
        {"{{ ", "'a'", "", "", " }}", 20000},
        {"{% if a %}", "{% elif b %}", "", "", "{% endif %}", 20000},
        {"", "{{ a }}{% if b %}{% endif %}", "", "", "", 20000},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_template_error error;

        RT_CASE(rows[i].open);
        CHECK(syntax_parse(&all, nested(&rows[i], rows[i].limit), &error));
    }
}

RT_TEST(limits_name_what_is_too_deep)
{
    static const nest rows[] = {
        {"{{ ", "(", "a", ")", " }}", 0},
        {"{{ a", ".b", "", "", " }}", 0},
        {"", "{% if a %}", "", "{% endif %}", "", 0},
    };
    static const char *const messages[] = {
        "expressions nested deeper than 100 levels",
        "an expression of more than 200 levels",
        "tags nested deeper than 100 levels",
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_template_error error;

        RT_CASE(messages[i]);
        CHECK(!syntax_parse(&all, nested(&rows[i], 250), &error));
        CHECK_EQ(error.message, messages[i]);
    }
}
