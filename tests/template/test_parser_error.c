// What is no template: where that is seen, and what is said.
#include "syntax_text.h"

static const rt_template_syntax all = {.ext_do = true,
                                       .ext_loopcontrols = true,
                                       .ext_i18n = true,
                                       .ext_debug = true};

struct row {
    const char *text;
    const char *error; // "line:column message"
};

static void check_rows(const struct row *rows, size_t n,
                       rt_template_error_kind kind)
{
    for (size_t i = 0; i < n; i++) {
        rt_template_error error;

        RT_CASE(rows[i].text);
        CHECK(!syntax_parse(&all, rt_guarded(rows[i].text), &error));
        CHECK_EQ(syntax_error_text(&error), rows[i].error);
        CHECK_EQ(error.kind, kind);
    }
}

RT_TEST(expressions_that_end_too_early)
{
    static const struct row rows[] = {
        {"{{ }}", "1:4 expected an expression, got 'end of print statement'"},
        {"{{", "1:3 unexpected 'end of template'"},
        {"{{ a",
         "1:5 unexpected end of template, expected 'end of print statement'"},
        {"a\n{{ 1 +\n}}", "3:1 unexpected 'end of print statement'"},
        {"{{ 1 + }}", "1:8 unexpected 'end of print statement'"},
        {"{{ a in }}", "1:9 unexpected 'end of print statement'"},
        {"{{ a not }}",
         "1:6 expected token 'end of print statement', got 'not'"},
        {"{{ a is }}",
         "1:9 expected token 'name', got 'end of print statement'"},
        {"{{ a is not }}",
         "1:13 expected token 'name', got 'end of print statement'"},
        {"{{ a|}}", "1:6 expected token 'name', got 'end of print statement'"},
        {"{{ a.}}", "1:6 expected a name or a number"},
        {"{{ a if }}", "1:9 unexpected 'end of print statement'"},
        {"{{ a if b else }}", "1:16 unexpected 'end of print statement'"},
        {"{{ not }}{{ - }}", "1:8 unexpected 'end of print statement'"},
        {"{{ (a }}", "1:7 unexpected '}', expected ')'"},
        {"{{ [a", "1:6 unexpected end of template, expected ','"},
        {"{{ {a", "1:6 unexpected end of template, expected ':'"},
        {"{{ f(a", "1:7 unexpected end of template, expected ','"},
        {"{{ a[", "1:6 unexpected 'end of template'"},
        {"{{ a ~ }}", "1:8 unexpected 'end of print statement'"},
        {"{{ a,, }}", "1:6 unexpected ','"},
        {"{{ a and }}", "1:10 unexpected 'end of print statement'"},
    };

    check_rows(rows, RT_COUNT(rows), RT_TEMPLATE_SYNTAX_ERROR);
}

RT_TEST(expressions_that_go_on)
{
    static const struct row rows[] = {
        {"{{ a b }}", "1:6 expected token 'end of print statement', got 'b'"},
        {"{{ 1 2 }}",
         "1:6 expected token 'end of print statement', got 'integer'"},
        {"{{ a \"b\" }}",
         "1:6 expected token 'end of print statement', got 'string'"},
        {"{{ \"a\" b }}",
         "1:8 expected token 'end of print statement', got 'b'"},
        {"{{ a; b }}", "1:5 expected token 'end of print statement', got ';'"},
        {"{{ a = b }}", "1:6 expected token 'end of print statement', got '='"},
        {"{{ a: }}", "1:5 expected token 'end of print statement', got ':'"},
        {"{{ x for x in y }}",
         "1:6 expected token 'end of print statement', got 'for'"},
        {"{{ 012 }}",
         "1:5 expected token 'end of print statement', got 'integer'"},
        {"{{ 1_ }}", "1:5 expected token 'end of print statement', got '_'"},
        {"{{ 1__0 }}",
         "1:5 expected token 'end of print statement', got '__0'"},
        {"{{ 5. }}", "1:7 expected a name or a number"},
        {"{{ .5 }}", "1:4 unexpected '.'"},
        {"{{ a.1b }}", "1:7 expected token 'end of print statement', got 'b'"},
        {"{{ a b c }}", "1:6 expected token 'end of print statement', got 'b'"},
        {"{{ a if b else c d }}",
         "1:18 expected token 'end of print statement', got 'd'"},
    };

    check_rows(rows, RT_COUNT(rows), RT_TEMPLATE_SYNTAX_ERROR);
}

RT_TEST(expressions_with_something_wrong_inside)
{
    static const struct row rows[] = {
        {"{{ * a }}", "1:4 unexpected '*'"},
        {"{{ a + * b }}", "1:8 unexpected '*'"},
        {"{{ a.(b) }}", "1:6 expected a name or a number"},
        {"{{ a.. }}", "1:6 expected a name or a number"},
        {"{{ a.\"b\" }}", "1:6 expected a name or a number"},
        {"{{ [,] }}", "1:5 unexpected ','"},
        {"{{ [a,, b] }}", "1:7 unexpected ','"},
        {"{{ [x for x in y] }}", "1:7 expected token ',', got 'for'"},
        {"{{ {a} }}", "1:6 expected token ':', got '}'"},
        {"{{ {a: } }}", "1:8 unexpected '}'"},
        {"{{ {a: 1 b: 2} }}", "1:10 expected token ',', got 'b'"},
        {"{{ a[1,] }}", "1:8 unexpected ']'"},
        {"{{ a[1:2:3:4] }}", "1:11 expected token ',', got ':'"},
        {"{{ a[::b:] }}", "1:9 expected token ',', got ':'"},
        {"{{ a||b }}", "1:6 expected token 'name', got '|'"},
        {"{{ |a }}", "1:4 unexpected '|'"},
        {"{{ a|1 }}", "1:6 expected token 'name', got 'integer'"},
        {"{{ a|b.1 }}", "1:8 expected token 'name', got 'integer'"},
        {"{{ a is 1 }}", "1:9 expected token 'name', got 'integer'"},
        {"{{ a is == b }}", "1:9 expected token 'name', got '=='"},
        {"{{ a is b is c }}", "1:11 tests cannot be chained with 'is'"},
        {"{{ a == not b }}",
         "1:13 expected token 'end of print statement', got 'b'"},
        {"{{ {{ a }} }}", "1:9 expected token ':', got '}'"},
    };

    check_rows(rows, RT_COUNT(rows), RT_TEMPLATE_SYNTAX_ERROR);
}

RT_TEST(arguments_in_a_wrong_order)
{
    static const struct row rows[] = {
        {"{{ f(a=1, b) }}", "1:5 arguments of a call in a wrong order"},
        {"{{ f(*a, b) }}", "1:5 arguments of a call in a wrong order"},
        {"{{ f(**a, b) }}", "1:5 arguments of a call in a wrong order"},
        {"{{ f(**a, *b) }}", "1:5 arguments of a call in a wrong order"},
        {"{{ f(**a, b=1) }}", "1:5 arguments of a call in a wrong order"},
        {"{{ f(*a, *b) }}", "1:5 arguments of a call in a wrong order"},
        {"{{ f(**a, **b) }}", "1:5 arguments of a call in a wrong order"},
        {"{{ f(1=2) }}", "1:7 expected token ',', got '='"},
        {"{{ f(a b) }}", "1:8 expected token ',', got 'b'"},
        {"{{ f(,) }}", "1:6 unexpected ','"},
        {"{{ f(a,,) }}", "1:8 unexpected ','"},
        {"{{ f(a=) }}", "1:8 unexpected ')'"},
        {"{{ f(a=1, a=2) }}", "1:11 argument 'a' is given twice"},
        {"{{ b|f(a=1, c=2, a=3) }}", "1:18 argument 'a' is given twice"},
    };

    check_rows(rows, RT_COUNT(rows), RT_TEMPLATE_SYNTAX_ERROR);
}

RT_TEST(tags_that_are_unknown_or_do_not_fit)
{
    static const struct row rows[] = {
        {"{% nosuch %}", "1:4 unknown tag 'nosuch'"},
        {"a\n{% nosuch x %}", "2:4 unknown tag 'nosuch'"},
        {"{% %}",
         "1:4 expected the name of a tag, got 'end of statement block'"},
        {"{% 1 %}", "1:4 expected the name of a tag, got 'integer'"},
        {"{% \"if\" %}", "1:4 expected the name of a tag, got 'string'"},
        {"{% (a) %}", "1:4 expected the name of a tag, got '('"},
        {"{% endif %}", "1:4 unknown tag 'endif'"},
        {"{% else %}", "1:4 unknown tag 'else'"},
        {"{%- endfor -%}", "1:5 unknown tag 'endfor'"},
        {"{% endraw %}", "1:4 unknown tag 'endraw'"},
        {"{% pluralize %}", "1:4 unknown tag 'pluralize'"},
        {"{% if a %}{% endfor %}",
         "1:14 unknown tag 'endfor', expected 'elif', 'else' or 'endif' "
         "for the 'if' of line 1"},
        {"{% if a %}\n{% else %}{% elif b %}{% endif %}",
         "2:14 unknown tag 'elif', expected 'endif' for the 'if' of line 1"},
        {"{% for a in b %}\n{% if c %}\n{% endfor %}",
         "3:4 misplaced tag 'endfor', expected 'elif', 'else' or 'endif' "
         "for the 'if' of line 2"},
        {"{% if a %}\n\n{% for b in c %}\n{% endif %}{% endfor %}",
         "4:4 misplaced tag 'endif', expected 'else' or 'endfor' for the "
         "'for' of line 3"},
        {"{% block a %}{% macro b() %}{% endblock %}",
         "1:32 misplaced tag 'endblock', expected 'endmacro' for the "
         "'macro' of line 1"},
        {"{% for a in b %}{% else %}{% else %}{% endfor %}",
         "1:30 unknown tag 'else', expected 'endfor' for the 'for' of line 1"},
        {"{% If a %}{% endif %}", "1:4 unknown tag 'If'"},
        {"{% endif a %}", "1:4 unknown tag 'endif'"},
    };

    check_rows(rows, RT_COUNT(rows), RT_TEMPLATE_SYNTAX_ERROR);
}

RT_TEST(tags_that_are_not_closed)
{
    static const struct row rows[] = {
        {"{% if a %}",
         "1:11 unexpected end of template, expected 'elif', 'else' or "
         "'endif' for the 'if' of line 1"},
        {"{% if a %}\nb\n",
         "1:11 unexpected end of template, expected 'elif', 'else' or "
         "'endif' for the 'if' of line 1"},
        {"{% if a",
         "1:8 unexpected end of template, expected 'end of statement block'"},
        {"a\n{% if a",
         "2:8 unexpected end of template, expected 'end of statement block'"},
        {"{% if a %}{% else %}",
         "1:21 unexpected end of template, expected 'endif' for the 'if' "
         "of line 1"},
        {"{% for a in b %}x",
         "1:18 unexpected end of template, expected 'else' or 'endfor' "
         "for the 'for' of line 1"},
        {"{% for a in b %}{% if c %}{% endif %}",
         "1:38 unexpected end of template, expected 'else' or 'endfor' "
         "for the 'for' of line 1"},
        {"{% set a %}\nb",
         "1:12 unexpected end of template, expected 'endset' for the "
         "'set' of line 1"},
        {"{% with %}",
         "1:11 unexpected end of template, expected 'endwith' for the "
         "'with' of line 1"},
        {"{% filter a %}",
         "1:15 unexpected end of template, expected 'endfilter' for the "
         "'filter' of line 1"},
        {"{% macro a() %}",
         "1:16 unexpected end of template, expected 'endmacro' for the "
         "'macro' of line 1"},
        {"{% call a() %}",
         "1:15 unexpected end of template, expected 'endcall' for the "
         "'call' of line 1"},
        {"{% autoescape a %}",
         "1:19 unexpected end of template, expected 'endautoescape' for "
         "the 'autoescape' of line 1"},
        {"{% block a %}\n{% block b %}\n{% endblock %}",
         "3:15 unexpected end of template, expected 'endblock' for the "
         "'block' of line 1"},
        {"{% trans %}a", "1:13 unclosed trans block, expected 'endtrans'"},
        {"{% trans %}a\n{% pluralize %}b",
         "2:17 unclosed trans block, expected 'endtrans'"},
        {"{%", "1:3 expected the name of a tag, got 'end of template'"},
        {"{% set", "1:7 unexpected 'end of template'"},
        {"{% set a",
         "1:9 unexpected end of template, expected 'end of statement block'"},
    };

    check_rows(rows, RT_COUNT(rows), RT_TEMPLATE_SYNTAX_ERROR);
}

RT_TEST(loops_with_something_wrong)
{
    static const struct row rows[] = {
        {"{% for %}{% endfor %}",
         "1:8 expected an expression, got 'end of statement block'"},
        {"{% for in xs %}{% endfor %}", "1:11 expected token 'in', got 'xs'"},
        {"{% for a of b %}{% endfor %}", "1:10 expected token 'in', got 'of'"},
        {"{% for a in %}{% endfor %}",
         "1:13 expected an expression, got 'end of statement block'"},
        {"{% for a, b, in c %}{% endfor %}",
         "1:17 expected token 'in', got 'c'"},
        {"{% for a.b in c %}{% endfor %}", "1:9 expected token 'in', got '.'"},
        {"{% for true in a %}{% endfor %}", "1:8 can't assign to 'const'"},
        {"{% for 1 in a %}{% endfor %}", "1:8 can't assign to 'const'"},
        {"{% for (a, 1) in b %}{% endfor %}", "1:12 can't assign to 'const'"},
        {"{% for a\n,\n\"b\" in c %}{% endfor %}",
         "2:1 can't assign to 'const'"},
        {"{% for a in b if c else d %}{% endfor %}",
         "1:20 expected token 'end of statement block', got 'else'"},
        {"{% for a in b if %}{% endfor %}",
         "1:18 unexpected 'end of statement block'"},
        {"{% for a in b recursive if c %}{% endfor %}",
         "1:25 expected token 'end of statement block', got 'if'"},
        {"{% for a in b if c else %}{% endfor %}",
         "1:20 expected token 'end of statement block', got 'else'"},
        {"{% for a in b c %}{% endfor %}",
         "1:15 expected token 'end of statement block', got 'c'"},
        {"{% break %}", "1:4 'break' outside of a loop"},
        {"{% for a in b %}{% else %}{% continue %}{% endfor %}",
         "1:30 'continue' outside of a loop"},
        {"{% for a in b %}{% macro c() %}{% break %}{% endmacro %}{% endfor %}",
         "1:35 'break' outside of a loop"},
        {"{% for a in b %}{% call c() %}{% break %}{% endcall %}{% endfor %}",
         "1:34 'break' outside of a loop"},
        {"{% for a in b %}{% block c %}{% break %}{% endblock %}{% endfor %}",
         "1:33 'break' outside of a loop"},
        {"{% if %}{% endif %}",
         "1:7 expected an expression, got 'end of statement block'"},
        {"{% if a %}{% elif %}{% endif %}",
         "1:19 expected an expression, got 'end of statement block'"},
        {"{% if a b %}{% endif %}",
         "1:9 expected token 'end of statement block', got 'b'"},
        {"{% if a %}{% else b %}{% endif %}",
         "1:19 expected token 'end of statement block', got 'b'"},
    };

    check_rows(rows, RT_COUNT(rows), RT_TEMPLATE_SYNTAX_ERROR);
}

RT_TEST(assignments_with_something_wrong)
{
    static const struct row rows[] = {
        {"{% set %}",
         "1:8 expected an expression, got 'end of statement block'"},
        {"{% set 1 = 2 %}", "1:8 can't assign to 'const'"},
        {"{% set none = 2 %}", "1:8 can't assign to 'const'"},
        {"{% set \"a\" = 2 %}", "1:8 can't assign to 'const'"},
        {"{% set [a] = 2 %}", "1:8 can't assign to 'list'"},
        {"{% set {} = 2 %}", "1:8 can't assign to 'dict'"},
        {"{% set a[0] = 1 %}",
         "1:9 expected token 'end of statement block', got '['"},
        {"{% set a.b.c = 1 %}",
         "1:11 expected token 'end of statement block', got '.'"},
        {"{% set a. = 1 %}", "1:11 expected token 'name', got '='"},
        {"{% set f() = 1 %}",
         "1:9 expected token 'end of statement block', got '('"},
        {"{% set a|b = 1 %}",
         "1:12 expected token 'end of statement block', got '='"},
        {"{% set a =%}",
         "1:11 expected an expression, got 'end of statement block'"},
        {"{% set a = = 1 %}", "1:12 unexpected '='"},
        {"{% set a, = 1 %}", "1:11 unexpected '='"},
        {"{% set a b = 1 %}",
         "1:10 expected token 'end of statement block', got 'b'"},
        {"{% set (a.b, c) = 1 %}", "1:11 can't assign to 'getattr'"},
        {"{% set (a + b) = 1 %}", "1:11 can't assign to 'binary'"},
        {"{% with a %}{% endwith %}",
         "1:11 expected token '=', got 'end of statement block'"},
        {"{% with a = 1, %}{% endwith %}",
         "1:16 expected an expression, got 'end of statement block'"},
        {"{% with a = 1 b = 2 %}{% endwith %}",
         "1:15 expected token ',', got 'b'"},
        {"{% with a.b = 1 %}{% endwith %}", "1:10 expected token '=', got '.'"},
        {"{% with 1 = a %}{% endwith %}", "1:9 can't assign to 'const'"},
        {"{% with a = 1: %}{% endwith %}", "1:14 expected token ',', got ':'"},
        {"{% do %}",
         "1:7 expected an expression, got 'end of statement block'"},
        {"{% print 1 2 %}", "1:12 expected token ',', got 'integer'"},
        {"{% print 1, %}", "1:13 unexpected 'end of statement block'"},
        {"{% autoescape %}{% endautoescape %}",
         "1:15 unexpected 'end of statement block'"},
    };

    check_rows(rows, RT_COUNT(rows), RT_TEMPLATE_SYNTAX_ERROR);
}

RT_TEST(macros_and_calls_with_something_wrong)
{
    static const struct row rows[] = {
        {"{% macro %}{% endmacro %}",
         "1:10 expected token 'name', got 'end of statement block'"},
        {"{% macro (a) %}{% endmacro %}",
         "1:10 expected token 'name', got '('"},
        {"{% macro m %}{% endmacro %}",
         "1:12 expected token '(', got 'end of statement block'"},
        {"{% macro true() %}{% endmacro %}", "1:10 can't assign to 'true'"},
        {"{% macro m(a, b %}{% endmacro %}",
         "1:17 expected token ',', got '%'"},
        {"{% macro m(a,) %}{% endmacro %}",
         "1:14 expected token 'name', got ')'"},
        {"{% macro m(1) %}{% endmacro %}",
         "1:12 expected token 'name', got 'integer'"},
        {"{% macro m(none) %}{% endmacro %}", "1:12 can't assign to 'none'"},
        {"{% macro m(a=1, b) %}{% endmacro %}",
         "1:18 parameter 'b' without default follows one with default"},
        {"{% macro m(a, b, a) %}{% endmacro %}",
         "1:18 parameter 'a' appears twice"},
        {"{% macro m(*a) %}{% endmacro %}",
         "1:12 expected token 'name', got '*'"},
        {"{% macro m(a=) %}{% endmacro %}", "1:14 unexpected ')'"},
        {"{% call %}{% endcall %}", "1:9 unexpected 'end of statement block'"},
        {"{% call a %}{% endcall %}", "1:4 expected a call in 'call'"},
        {"{% call a()|b %}{% endcall %}", "1:4 expected a call in 'call'"},
        {"{% call (a) b %}{% endcall %}", "1:4 expected a call in 'call'"},
        {"{% call(a=1, b) c() %}{% endcall %}",
         "1:15 parameter 'b' without default follows one with default"},
        {"{% filter %}{% endfilter %}",
         "1:11 expected token 'name', got 'end of statement block'"},
        {"{% filter a b %}{% endfilter %}",
         "1:13 expected token 'end of statement block', got 'b'"},
        {"{% filter a| %}{% endfilter %}",
         "1:14 expected token 'name', got 'end of statement block'"},
    };

    check_rows(rows, RT_COUNT(rows), RT_TEMPLATE_SYNTAX_ERROR);
}

RT_TEST(blocks_and_imports_with_something_wrong)
{
    static const struct row rows[] = {
        {"{% block %}{% endblock %}",
         "1:10 expected token 'name', got 'end of statement block'"},
        {"{% block \"a\" %}{% endblock %}",
         "1:10 expected token 'name', got 'string'"},
        {"{% block a-b %}{% endblock %}",
         "1:11 block names are identifiers: no hyphens, use an underscore "
         "instead"},
        {"{% block a b %}{% endblock %}",
         "1:12 expected token 'end of statement block', got 'b'"},
        {"{% block a %}{% endblock b %}",
         "1:26 expected token 'end of statement block', got 'b'"},
        {"{% block a required scoped %}{% endblock %}",
         "1:21 expected token 'end of statement block', got 'scoped'"},
        {"{% block a scoped scoped %}{% endblock %}",
         "1:19 expected token 'end of statement block', got 'scoped'"},
        {"{% block a required %}b{% endblock %}",
         "1:36 a required block may only contain comments and white space"},
        {"{% block a required %}\n{{ b }}{% endblock %}",
         "2:20 a required block may only contain comments and white space"},
        {"{% block a required %}{% if b %}{% endif %}{% endblock %}",
         "1:56 a required block may only contain comments and white space"},
        {"{% extends %}", "1:12 unexpected 'end of statement block'"},
        {"{% extends a b %}",
         "1:14 expected token 'end of statement block', got 'b'"},
        {"{% include %}", "1:12 unexpected 'end of statement block'"},
        {"{% include a ignore %}",
         "1:14 expected token 'end of statement block', got 'ignore'"},
        {"{% include a with %}",
         "1:14 expected token 'end of statement block', got 'with'"},
        {"{% include a without context with context %}",
         "1:30 expected token 'end of statement block', got 'with'"},
        {"{% include a with context ignore missing %}",
         "1:27 expected token 'end of statement block', got 'ignore'"},
        {"{% import a %}",
         "1:13 expected token 'as', got 'end of statement block'"},
        {"{% import a as %}",
         "1:16 expected token 'name', got 'end of statement block'"},
        {"{% import a as b.c %}",
         "1:17 expected token 'end of statement block', got '.'"},
        {"{% import a as \"b\" %}", "1:16 expected token 'name', got 'string'"},
        {"{% import a as true %}", "1:16 can't assign to 'true'"},
        {"{% from a %}",
         "1:11 expected token 'import', got 'end of statement block'"},
        {"{% from a import %}",
         "1:18 expected token 'name', got 'end of statement block'"},
        {"{% from a import b, %}",
         "1:21 expected token 'name', got 'end of statement block'"},
        {"{% from a import b c %}",
         "1:20 expected token 'end of statement block', got 'c'"},
        {"{% from a import b as %}",
         "1:23 expected token 'name', got 'end of statement block'"},
        {"{% from a import \"b\" %}",
         "1:18 expected token 'name', got 'string'"},
        {"{% from a import none %}", "1:18 can't assign to 'none'"},
        {"{% from a import b as True %}", "1:23 can't assign to 'True'"},
        {"{% from a import b with %}",
         "1:20 expected token 'end of statement block', got 'with'"},
        {"{% from a import b without contexts %}",
         "1:20 expected token 'end of statement block', got 'without'"},
    };

    check_rows(rows, RT_COUNT(rows), RT_TEMPLATE_SYNTAX_ERROR);
}

RT_TEST(trans_with_something_wrong)
{
    static const struct row rows[] = {
        {"{% trans a b %}{% endtrans %}", "1:12 expected token ',', got 'b'"},
        {"{% trans 1 %}{% endtrans %}",
         "1:10 expected token 'name', got 'integer'"},
        {"{% trans \"a\" \"b\" %}{% endtrans %}",
         "1:14 expected token 'name', got 'string'"},
        {"{% trans \"a\", b %}{% endtrans %}",
         "1:13 expected token 'name', got ','"},
        {"{% trans a= %}{% endtrans %}",
         "1:13 unexpected 'end of statement block'"},
        {"{% trans a: %}{% endtrans %}", "1:11 expected token ',', got ':'"},
        {"{% trans trimmed, a %}{% endtrans %}",
         "1:17 expected token 'name', got ','"},
        {"{% trans %}{{ a.b }}{% endtrans %}",
         "1:16 expected token 'end of print statement', got '.'"},
        {"{% trans %}{{ 1 }}{% endtrans %}",
         "1:15 expected token 'name', got 'integer'"},
        {"{% trans %}{{ }}{% endtrans %}",
         "1:15 expected token 'name', got 'end of print statement'"},
        {"{% trans %}{% if a %}{% endif %}{% endtrans %}",
         "1:15 tags in a trans block are not allowed: 'if'"},
        {"{% trans %}a\n{% trans %}b{% endtrans %}",
         "2:4 trans blocks cannot be nested; did you mean 'endtrans'?"},
        {"{% trans a %}{% pluralize %}\n{% pluralize %}{% endtrans %}",
         "2:4 a trans block has only one 'pluralize'"},
        {"a\n{% trans %}b\n{% pluralize %}c{% endtrans %}",
         "2:4 'pluralize' without variables"},
        {"{% trans a %}{% pluralize 1 %}{% endtrans %}",
         "1:27 expected token 'name', got 'integer'"},
        {"{% trans a %}{% pluralize a b %}{% endtrans %}",
         "1:29 expected token 'end of statement block', got 'b'"},
        {"{% trans %}{% 1 %}{% endtrans %}",
         "1:15 tags in a trans block are not allowed: 'integer'"},
        {"{% trans %}{% endtrans a %}",
         "1:24 expected token 'end of statement block', got 'a'"},
        {"{% trans %}a{# b", "1:15 missing end of comment"},
    };

    check_rows(rows, RT_COUNT(rows), RT_TEMPLATE_SYNTAX_ERROR);
}

RT_TEST(impossible_names_are_assertions)
{
    static const struct row rows[] = {
        {"{% from a import _b %}",
         "1:18 '_b' cannot be imported: it begins with an underscore"},
        {"\n{% from a import b,\n _c as d %}",
         "3:2 '_c' cannot be imported: it begins with an underscore"},
        {"{% from a import __ %}",
         "1:18 '__' cannot be imported: it begins with an underscore"},
        {"{% trans a, a %}{% endtrans %}",
         "1:13 translatable variable 'a' is defined twice"},
        {"{% trans a=1,\n b=2, a=3 %}{% endtrans %}",
         "2:7 translatable variable 'a' is defined twice"},
        {"{% trans %}{% pluralize n %}{% endtrans %}",
         "1:25 unknown variable 'n' for pluralize"},
        {"{% trans a %}{{ n }}\n{% pluralize n %}{% endtrans %}",
         "2:14 unknown variable 'n' for pluralize"},
    };

    check_rows(rows, RT_COUNT(rows), RT_TEMPLATE_ASSERTION_ERROR);
}
