// Statements: what each tag is read as.
#include "syntax_text.h"

static const rt_template_syntax all = {.ext_do = true,
                                       .ext_loopcontrols = true,
                                       .ext_i18n = true,
                                       .ext_debug = true};

struct row {
    const char *text;
    const char *tree;
};

static void check_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        RT_CASE(rows[i].text);
        CHECK_EQ(syntax_tree(&all, rt_guarded(rows[i].text)), rows[i].tree);
    }
}

RT_TEST(data_and_expressions_in_a_row_are_one_output)
{
    static const struct row rows[] = {
        {"", ""},
        {"a", "(output items=[~\"a\"])"},
        {"a{{ b }}c", "(output items=[~\"a\" b ~\"c\"])"},
        {"{{ a }}{{ b }}", "(output items=[a b])"},
        {"{{ a, b }}", "(output items=[(tuple items=[a b])])"},
        {"{{ a, }}", "(output items=[(tuple items=[a])])"},
        {"{{ a if b else c, d }}",
         "(output items=[(tuple items=[(condexpr b a otherwise=c) d])])"},
        {"a{# b #}c", "(output items=[~\"a\" ~\"c\"])"},
        {"{% raw %}{{ a }}{% endraw %}", "(output items=[~\"{{ a }}\"])"},
        {"a{% if b %}{% endif %}c",
         "(output items=[~\"a\"]) (if b) (output items=[~\"c\"])"},
        {"{% print a %}", "(output items=[a])"},
        {"{% print a, b if c %}", "(output items=[a (condexpr c b)])"},
        {"{% print %}", "(output)"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(for_has_a_target_an_iterable_and_options)
{
    static const struct row rows[] = {
        {"{% for a in b %}{{ a }}{% endfor %}",
         "(for a! b body=[(output items=[a])])"},
        {"{% for a in b %}1{% else %}2{% endfor %}",
         "(for a! b body=[(output items=[~\"1\"])] otherwise=[(output "
         "items=[~\"2\"])])"},
        {"{% for a in b if c %}{% endfor %}", "(for a! b test=c)"},
        {"{% for a in b if c if d else e %}{% endfor %}",
         "(for a! b test=(condexpr d c otherwise=e))"},
        {"{% for a in b recursive %}{{ loop(a) }}{% endfor %}",
         "(for a! b recursive body=[(output items=[(call loop args=[a])])])"},
        {"{% for a in b if c recursive %}{% endfor %}",
         "(for a! b test=c recursive)"},
        {"{% for a in b, c %}{% endfor %}", "(for a! (tuple items=[b c]))"},
        {"{% for a in b: %}{% else: %}{% endfor %}", "(for a! b)"},
        {"{% for a, b in c %}{% endfor %}", "(for (tuple items=[a! b!]) c)"},
        {"{% for (a, (b, c)), d in e %}{% endfor %}",
         "(for (tuple items=[(tuple items=[a! (tuple items=[b! c!])]) d!]) e)"},
        {"{% for a, in in b %}{% endfor %}", "(for (tuple items=[a! in!]) b)"},
        {"{% for in in in %}{% endfor %}", "(for in! in)"},
        {"{% for a in b or c|d %}{% endfor %}",
         "(for a! (or b (filter operand=c d)))"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(if_has_branches)
{
    static const struct row rows[] = {
        {"{% if a %}1{% endif %}", "(if a body=[(output items=[~\"1\"])])"},
        {"{% if a %}1{% else %}2{% endif %}",
         "(if a body=[(output items=[~\"1\"])] otherwise=[(output "
         "items=[~\"2\"])])"},
        {"{% if a %}1{% elif b %}2{% elif c %}3{% else %}4{% endif %}",
         "(if a body=[(output items=[~\"1\"])] elifs=[(if b body=[(output "
         "items=[~\"2\"])]) (if c body=[(output items=[~\"3\"])])] "
         "otherwise=[(output items=[~\"4\"])])"},
        {"{% if a, b %}{% endif %}", "(if (tuple items=[a b]))"},
        {"{% if a: %}{% elif b: %}{% else: %}{% endif %}",
         "(if a elifs=[(if b)])"},
        {"{% if a %}{% if b %}{% endif %}{% endif %}", "(if a body=[(if b)])"},
        {"{% if not a %}{% endif %}", "(if (not a))"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(set_assigns_a_value_or_a_body)
{
    static const struct row rows[] = {
        {"{% set a = 1 %}", "(assign a! 1)"},
        {"{% set a = 1, 2 %}", "(assign a! (tuple items=[1 2]))"},
        {"{% set a, b = c %}", "(assign (tuple items=[a! b!]) c)"},
        {"{% set a, (b, c) = d %}",
         "(assign (tuple items=[a! (tuple items=[b! c!])]) d)"},
        {"{% set a = b if c %}", "(assign a! (condexpr c b))"},
        {"{% set a.b = c %}", "(assign (nsref a b) c)"},
        {"{% set a.b, c = d %}", "(assign (tuple items=[(nsref a b) c!]) d)"},
        {"{% set (a) = b %}", "(assign a! b)"},
        {"{% set () = b %}", "(assign (tuple) b)"},
        {"{% set a %}1{% endset %}",
         "(assignblock a! body=[(output items=[~\"1\"])])"},
        {"{% set a|b %}1{% endset %}",
         "(assignblock a! filter=(filter b) body=[(output items=[~\"1\"])])"},
        {"{% set a|b(1)|c %}1{% endset %}",
         "(assignblock a! filter=(filter operand=(filter b args=[1]) c) "
         "body=[(output items=[~\"1\"])])"},
        {"{% set a, b %}1{% endset %}",
         "(assignblock (tuple items=[a! b!]) body=[(output items=[~\"1\"])])"},
        {"{% set a.b %}1{% endset %}",
         "(assignblock (nsref a b) body=[(output items=[~\"1\"])])"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(with_has_as_many_values_as_targets)
{
    static const struct row rows[] = {
        {"{% with %}{% endwith %}", "(with)"},
        {"{% with a = 1 %}{{ a }}{% endwith %}",
         "(with targets=[a!] values=[1] body=[(output items=[a])])"},
        {"{% with a = 1, b = a %}{% endwith %}",
         "(with targets=[a! b!] values=[1 a])"},
        {"{% with (a, b) = c %}{% endwith %}",
         "(with targets=[(tuple items=[a! b!])] values=[c])"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(macros_and_calls_have_parameters)
{
    static const struct row rows[] = {
        {"{% macro a() %}1{% endmacro %}",
         "(macro a body=[(output items=[~\"1\"])])"},
        {"{% macro a(b, c=1, d=b.e) %}{{ b }}{% endmacro %}",
         "(macro a params=[(param b) (param c otherwise=1) (param d "
         "otherwise=(getattr b e))] body=[(output items=[b])])"},
        {"{% call a() %}1{% endcall %}",
         "(callblock (call a) body=[(output items=[~\"1\"])])"},
        {"{% call(b, c=1) a(d) %}{{ b }}{% endcall %}",
         "(callblock params=[(param b) (param c otherwise=1)] (call a "
         "args=[d]) body=[(output items=[b])])"},
        {"{% call() a() %}{% endcall %}", "(callblock (call a))"},
        {"{% call a.b(1)(2) %}{% endcall %}",
         "(callblock (call (call (getattr a b) args=[1]) args=[2]))"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(blocks_have_a_name_and_marks)
{
    static const struct row rows[] = {
        {"{% block a %}1{% endblock %}",
         "(block a body=[(output items=[~\"1\"])])"},
        {"{% block a scoped %}{% endblock a %}", "(block a scoped)"},
        {"{% block a required %} {# b #}\n{% endblock %}",
         "(block a required body=[(output items=[~\" \" ~\"\\n\"])])"},
        {"{% block a scoped required %}{% endblock %}",
         "(block a scoped required)"},
        {"{% block a %}{% block b %}{% endblock b %}{% endblock a %}",
         "(block a body=[(block b)])"},
        {"{% block scoped scoped %}{% endblock scoped %}",
         "(block scoped scoped)"},
        {"{% extends \"a\" %}", "(extends \"a\")"},
        {"{% extends a if b else c %}", "(extends (condexpr b a otherwise=c))"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(filters_and_escaping_have_bodies)
{
    static const struct row rows[] = {
        {"{% filter a %}1{% endfilter %}",
         "(filterblock (filter a) body=[(output items=[~\"1\"])])"},
        {"{% filter a|b(1)|c.d %}1{% endfilter %}",
         "(filterblock (filter operand=(filter operand=(filter a) b "
         "args=[1]) c.d) body=[(output items=[~\"1\"])])"},
        {"{% autoescape true %}1{% endautoescape %}",
         "(autoescape True body=[(output items=[~\"1\"])])"},
        {"{% autoescape a if b %}{% endautoescape %}",
         "(autoescape (condexpr b a))"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(templates_are_included_and_imported)
{
    static const struct row rows[] = {
        {"{% include \"a\" %}", "(include \"a\" with_context)"},
        {"{% include [\"a\", b] %}",
         "(include (list items=[\"a\" b]) with_context)"},
        {"{% include a ignore missing %}",
         "(include a ignore_missing with_context)"},
        {"{% include a with context %}", "(include a with_context)"},
        {"{% include a without context %}", "(include a)"},
        {"{% include a ignore missing without context %}",
         "(include a ignore_missing)"},
        {"{% import \"a\" as b %}", "(import \"a\" b)"},
        {"{% import a as b with context %}", "(import a b with_context)"},
        {"{% import a as b without context %}", "(import a b)"},
        {"{% from \"a\" import b %}",
         "(fromimport \"a\" names=[(imported b b)])"},
        {"{% from a import b, c as d, e %}",
         "(fromimport a names=[(imported b b) (imported c d) (imported e e)])"},
        {"{% from a import b with context %}",
         "(fromimport a names=[(imported b b)] with_context)"},
        {"{% from a import b, with context %}",
         "(fromimport a names=[(imported b b)] with_context)"},
        {"{% from a import with, without as b without context %}",
         "(fromimport a names=[(imported with with) (imported without b)])"},
        {"{% from a import with context %}", "(fromimport a with_context)"},
        {"{% from a import context %}",
         "(fromimport a names=[(imported context context)])"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(extensions_have_tags)
{
    static const struct row rows[] = {
        {"{% do a.b(1) %}", "(do (call (getattr a b) args=[1]))"},
        {"{% do a, b %}", "(do (tuple items=[a b]))"},
        {"{% debug %}", "(debug)"},
        {"{% for a in b %}{% break %}{% continue %}{% endfor %}",
         "(for a! b body=[(break) (continue)])"},
        {"{% for a in b %}{% if c %}{% break %}{% endif %}{% endfor %}",
         "(for a! b body=[(if c body=[(break)])])"},
        {"{% for a in b %}{% for c in d %}{% else %}{% break %}{% endfor "
         "%}{% endfor %}",
         "(for a! b body=[(for c! d otherwise=[(break)])])"},
        {"{% for a in b %}{% set c %}{% continue %}{% endset %}{% endfor %}",
         "(for a! b body=[(assignblock c! body=[(continue)])])"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(trans_keeps_messages_as_format_and_plain)
{
    static const struct row rows[] = {
        {"{% trans %}a{% endtrans %}", "(trans \"\" \"a\" \"a\" \"\" \"\")"},
        {"{% trans %}100%{% endtrans %}",
         "(trans \"\" \"100%%\" \"100%\" \"\" \"\")"},
        {"{% trans %}100% {{ a }}{% endtrans %}",
         "(trans \"\" \"100%% %(a)s\" \"100% \" \"\" \"\" "
         "variables=[(keyword a a)] referenced)"},
        {"{% trans a %}1{% endtrans %}",
         "(trans \"\" \"1\" \"1\" \"\" \"\" variables=[(keyword a a)])"},
        {"{% trans a=b.c, d %}{{ a }}{{ e }}{% endtrans %}",
         "(trans \"\" \"%(a)s%(e)s\" \"\" \"\" \"\" variables=[(keyword a "
         "(getattr b c)) (keyword d d) (keyword e e)] referenced)"},
        {"{% trans \"ctx\" %}a{% endtrans %}",
         "(trans has_context \"ctx\" \"a\" \"a\" \"\" \"\")"},
        {"{% trans \"\" a=1 %}{{ a }}{% endtrans %}",
         "(trans has_context \"\" \"%(a)s\" \"\" \"\" \"\" "
         "variables=[(keyword a 1)] referenced)"},
        {"{% trans: %}a{% endtrans %}", "(trans \"\" \"a\" \"a\" \"\" \"\")"},
        {"{% trans a, b: %}{% endtrans %}", "1:14 expected token ',', got ':'"},
        {"{% trans %}{% endtrans %}", "(trans \"\" \"\" \"\" \"\" \"\")"},
        {"{% trans %}a{# b #}{% raw %}{{ c }}{% endraw %}{% endtrans %}",
         "(trans \"\" \"a{{ c }}\" \"a{{ c }}\" \"\" \"\")"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(pluralize_counts_by_a_variable)
{
    static const struct row rows[] = {
        {"{% trans n %}one{% pluralize %}{{ n }}{% endtrans %}",
         "(trans \"\" \"one\" \"one\" count=n \"%(n)s\" \"\" "
         "variables=[(keyword n n)] referenced)"},
        {"{% trans a, n %}{% pluralize n %}{% endtrans %}",
         "(trans \"\" \"\" \"\" count=n \"\" \"\" variables=[(keyword a "
         "a) (keyword n n)])"},
        {"{% trans %}{{ n }}{% pluralize %}{{ m }}{% endtrans %}",
         "(trans \"\" \"%(n)s\" \"\" count=n \"%(m)s\" \"\" "
         "variables=[(keyword n n) (keyword m m)] referenced)"},
        {"{% trans num=a|length %}{{ num }}{% pluralize %}{{ num }} "
         "many{% endtrans %}",
         "(trans \"\" \"%(num)s\" \"\" count=(filter operand=a length) "
         "\"%(num)s many\" \" many\" variables=[(keyword num (filter "
         "operand=a length))] referenced count_is_num)"},
        {"{% trans n=a() %}1{% pluralize %}{{ n }}{% endtrans %}",
         "(assign _trans! (call a)) (trans \"\" \"1\" \"1\" count=_trans "
         "\"%(n)s\" \"\" variables=[(keyword n _trans)] referenced)"},
        {"{% trans a=1, n=b() %}{% pluralize n %}{% endtrans %}",
         "(trans \"\" \"\" \"\" count=(call b) \"\" \"\" "
         "variables=[(keyword a 1) (keyword n (call b))])"},
        {"{% trans n=a() %}{{ n }}{% endtrans %}",
         "(assign _trans! (call a)) (trans \"\" \"%(n)s\" \"\" \"\" \"\" "
         "variables=[(keyword n _trans)] referenced)"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(trans_may_be_trimmed)
{
    static const struct row rows[] = {
        {"{% trans trimmed %} a\n b {{ c }}  \n d\t\n{% endtrans %}",
         "(trans \"\" \"a b %(c)s d\" \"a b d\" \"\" \"\" "
         "variables=[(keyword c c)] referenced)"},
        {"{% trans trimmed a %}\n {{ a }}\n%\n{% pluralize %}\nb  c\n{% "
         "endtrans %}",
         "(trans \"\" \"%(a)s %%\" \"%\" count=a \"b  c\" \"b  c\" "
         "variables=[(keyword a a)] referenced)"},
        {"{% trans notrimmed %} a\n{% endtrans %}",
         "(trans \"\" \" a\\n\" \" a\\n\" \"\" \"\")"},
        {"{% trans a, trimmed %}\n{{ a }}{% endtrans %}",
         "(trans \"\" \"%(a)s\" \"\" \"\" \"\" variables=[(keyword a a)] "
         "referenced)"},
        {"{% trans trimmed=1 %} {{ trimmed }}{% endtrans %}",
         "(trans \"\" \" %(trimmed)s\" \" \" \"\" \"\" "
         "variables=[(keyword trimmed 1)] referenced)"},
        {"{% trans trimmed notrimmed %} {{ notrimmed }}{% endtrans %}",
         "(trans \"\" \"%(notrimmed)s\" \"\" \"\" \"\" "
         "variables=[(keyword notrimmed notrimmed)] referenced)"},
        {"{% trans trimmed %} \n {% endtrans %}",
         "(trans \"\" \"\" \"\" \"\" \"\")"},
    };

    check_rows(rows, RT_COUNT(rows));
}
