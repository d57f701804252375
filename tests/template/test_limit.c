// Limits of a render and the sandbox: each ends with an error of its own, and
// the environment is as good as new.
#include "rendering.h"

typedef struct limit_row {
    const char *source;
    const char *text;
    rt_template_limits limits;
} limit_row;

static void check_limits(const limit_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        rt_template_env *env =
            rt_template_env_new(.limits = rows[i].limits,
                                .syntax = {.ext_do = true},
                                .loader = rt_template_memory(
                                    &arena, "self", "{% include 'self' %}",
                                    "import", "{% import 'import' as m %}",
                                    "extends", "{% extends 'extends' %}",
                                    "long", "{{ 'x' * 50 }}"));
        RT_CASE(rows[i].source);
        CHECK_EQ(render_in(env, rows[i].source, rt_dict_new(&arena)),
                 rows[i].text);
        // The next render has the whole of its limits again.
        CHECK_EQ(render_in(env, "{{ 1 }}", rt_dict_new(&arena)), "1");
        rt_template_env_free(env);
        rt_arena_reset(&arena);
    }
    rt_arena_deinit(&arena);
}

#define OUTPUT "!LimitError: the output is longer than 100 bytes"
#define TEXT   "!LimitError: text longer than 100 bytes"
#define STEPS  "!LimitError: too many steps"
#define DEPTH \
    "!RuntimeError: calls, includes and loops are nested deeper than 5"
#define MEMORY "!LimitError: the render uses more than 100000 bytes of memory"

RT_TEST(output_is_limited)
{
    static const rt_template_limits at_most = {.output_bytes = 100};
    const limit_row rows[] = {
        {"{% for i in range(25) %}abcd{% endfor %}{{ '' }}", "", at_most},
        {"{% for i in range(26) %}abcd{% endfor %}", OUTPUT, at_most},
        {"{{ 'x' * 101 }}", OUTPUT, at_most},
        {"{% set x %}{{ 'x' * 100 }}{% endset %}", "", at_most},
        {"{% set x %}{% for i in range(99) %}{{ i }}{% endfor %}{% endset %}",
         TEXT, at_most},
        {"{% macro f() %}{% for i in range(99) %}{{ i }}{% endfor %}"
         "{% endmacro %}{% set x = f() %}",
         TEXT, at_most},
        {"{% include 'long' %}{% include 'long' %}{% include 'long' %}", OUTPUT,
         at_most},
        {"{% macro f() %}{{ 'x' * 60 }}{% endmacro %}{{ f() }}{{ f() }}", TEXT,
         at_most},
    };

    limit_row copy[RT_COUNT(rows)];
    memcpy(copy, rows, sizeof rows);
    rt_str all = rt_str_from("abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd"
                             "abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd"
                             "abcd");
    copy[0].text = all.data;
    check_limits(copy, RT_COUNT(copy));
}

RT_TEST(steps_are_limited)
{
    static const rt_template_limits at_most = {.steps = 1000};
    const limit_row rows[] = {
        {"{% for i in range(100) %}{% endfor %}", "", at_most},
        {"{% for i in range(1001) %}{% endfor %}", STEPS, at_most},
        {"{% for i in range(100) %}{% for j in range(100) %}{% endfor %}"
         "{% endfor %}",
         STEPS, at_most},
        {"{{ range(100000)|list|length }}", STEPS, at_most},
        {"{{ range(100000)|sum }}", STEPS, at_most},
        {"{{ range(100000)|map('string')|join }}", STEPS, at_most},
        {"{% set n = 100000 %}{{ ('x' * n)|upper|length }}", STEPS, at_most},
        {"{{ 'x' * 100000000 }}",
         "!LimitError: text longer than 67108864 bytes", at_most},
        {"{{ [1] * 1000000 }}", STEPS, at_most},
        {"{{ 10 ** (10 ** 10) }}",
         "!LimitError: an integer of more than 262144 bits", at_most},
        {"{{ range(10 ** 9)|random is odd or true }}", "True", at_most},
        {"{{ 5 in range(10 ** 9) }}", "True", at_most},
        {"{{ '%99999999999d'|format(1) }}",
         "!LimitError: text longer than 67108864 bytes", at_most},
        {"{{ '%999999999d'|format(1) }}",
         "!LimitError: text longer than 67108864 bytes", at_most},
        {"{% set l = [1] %}{% for i in l %}{% do l.append(1) %}{% endfor %}",
         STEPS, at_most},
        {"{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
         "!RuntimeError: calls, includes and loops are nested deeper than 200",
         at_most},
    };

    check_limits(rows, RT_COUNT(rows));
}

// Everything that can fail for want of steps fails there once.
RT_TEST(steps_may_end_anywhere)
{
    static const char *const sources[] = {
        "{% set b = 2 ** 2000 %}{% set c = 3 ** 900 %}"
        "{% set x = [b % 7, b // 7, -b % c, -b // c, c % b, c // b, -c % b,"
        " b * c, b - c, b + c, -b, b / c, c / b, b == c, b < c,"
        " 1e300|int * 3, '9' * 300, ('9' * 300)|int, ('f' * 300)|int(base=16),"
        " b // (10 ** 590), (b // (10 ** 590))|string, '%x' % b, '%d' % c,"
        " 1e200|round|int, b|abs, [b, c, b]|sort, [b, c]|sum,"
        " 2.5.as_integer_ratio(), 1e300.as_integer_ratio(), b.bit_length()] %}",
        "{{ [3, 1, 2]|sort }}{{ 'abc'|upper }}{{ {'a': 1}|tojson }}"
        "{{ [1, [2]]|pprint }}{{ 'a b'|title|wordcount }}{{ (1, 2) * 3 }}"
        "{{ [1, 2]|map('string')|join(',') }}{{ [1, 1]|unique|list }}"
        "{{ 'a,b'.split(',') }}{{ 'x'.center(9) }}{{ '{:>9}'.format(2 ** 70) }}"
        "{{ [1, 2, 3]|batch(2)|list }}{{ range(9)|slice(2)|list }}"
        "{{ 'http://a.b c'|urlize }}{{ '<b>'|striptags }}{{ 5 in range(9) }}",
    };

    for (size_t i = 0; i < RT_COUNT(sources); i++) {
        rt_str text = RT_STR("!LimitError");
        RT_CASE(sources[i]);
        for (uint64_t steps = 1; steps < 9999; steps++) {
            rt_template_env *env = rt_template_env_new(.limits.steps = steps);
            text = rt_str_copy(&arena,
                               render_in(env, sources[i], rt_dict_new(&arena)));
            rt_template_env_free(env);
            if (!rt_str_starts_with(text, RT_STR(STEPS)))
                break;
            rt_arena_reset(&arena);
        }
        CHECK(!rt_str_starts_with(text, RT_STR("!")));
    }
    rt_arena_deinit(&arena);
}

// One turn with a long text costs about as much as many with a short one.
RT_TEST(work_on_long_texts_counts_as_steps)
{
    static const char *const bodies[] = {
        "q[999]",
        "q[-1]",
        "q[5:1:-1]",
        "q|length",
        "q|last",
        "q|random",
        "q == p",
        "q != p",
        "q < p",
        "q is eq p",
        "q is lt p",
        "q in [p]",
        "q is in [p]",
        "[q] == [p]",
        "[q] < [p]",
        "loop.changed(q)",
        "{'a': 1}.get(q)",
        "{'a': 1}[q]",
        "{'a': 1}[(q,)]",
        "q in {'a': 1}",
        "{q: 1}",
        "{(q,): 1}",
        "{q: 1} == {p: 1}",
        "{q: 1}.keys() <= {p: 1}.keys()",
        "dict(**{q: 1})",
        "q is filter",
        "q is test",
        "q.rjust(2)",
        "'%2s' % q",
        "'{:2}'.format(q)",
        "q ~ p",
        "'%d' % big",
        "'{:d}'.format(big)",
        "big|string",
        "big ~ ''",
        "big == same",
        "{big: 1}",
    };

    for (size_t i = 0; i < RT_COUNT(bodies); i++) {
        rt_str source = rt_format(
            &arena,
            "{{% set q = '\u00e9' * 9999 ~ 1 %}}{{% set p = q ~ '' %}}"
            "{{% set big = 7 ** 4999 %}}{{% set same = 7 ** 4999 %}}"
            "{{% for i in range(100) %}}{{% set x = {} %}}{{% endfor %}}",
            bodies[i]);
        rt_template_env *env = rt_template_env_new(.limits.steps = 4000);
        RT_CASE(bodies[i]);
        CHECK_EQ(render_in(env, source.data, rt_dict_new(&arena)), STEPS);
        rt_template_env_free(env);
    }
    rt_arena_deinit(&arena);
}

// A text with a number for each "@".
static void put_numbered(rt_buf *out, const char *text, int n)
{
    for (; *text; text++) {
        if (*text == '@')
            rt_buf_put_int(out, n);
        else
            rt_buf_put_char(out, *text);
    }
}

// Names are found by hash: with a search through all of them for each, these
// templates take minutes to compile.
RT_TEST(a_template_may_have_many_names)
{
    static const struct {
        const char *before, *each, *after, *text;
    } rows[] = {
        {"{% set n7 = 7 %}", "{{ n@ }}", "", "57"},
        {"", "{% set n@ = @ %}", "{{ n7 }}{{ n29999 }}", "729999"},
        {"", "{% if y %}{% set n@ = @ %}{% endif %}", "{{ n7 }}{{ n29999 }}",
         "729999"},
        {"", "{% if not y %}{% set n@ = @ %}{% endif %}", "{{ n7 }}{{ n5 }}",
         "5"},
        {"{% if not y %}", "{% elif y == @ %}{% set n@ = @ %}",
         "{% endif %}{{ n7 }}{{ n1 }}{{ n5 }}", "15"},
        {"{% macro f() %}", "{% set n@ = @ %}",
         "{{ n7 }}{% endmacro %}{{ f() }}", "7"},
        {"", "{% macro n@() %}@{% endmacro %}", "{{ n7() }}{{ n29999() }}",
         "729999"},
        {"", "{% block n@ %}{% endblock %}", "{{ n5 }}", "5"},
        {"{% with z = 1", ", n@ = @", " %}{{ n7 }}{% endwith %}{{ n7 }}", "7"},
        {"{% for z", ", n@", " in [] %}{{ n7 }}{% endfor %}{{ n5 }}", "5"},
        {"{% trans z = 1", ", n@ = @", " %}{{ n7 }}{% endtrans %}",
         "!UndefinedError: 'gettext' is undefined"},
        {"{{ f(z = 1", ", n@ = @", ") }}",
         "!LimitError: a call has more than 200 arguments"},
    };

    rt_template_env *env = rt_template_env_new(.syntax.ext_i18n = true);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_buf source;
        rt_buf_init(&source, &arena);
        rt_buf_put_cstr(&source, rows[i].before);
        for (int n = 0; n < 30000; n++)
            put_numbered(&source, rows[i].each, n);
        rt_buf_put_cstr(&source, rows[i].after);
        RT_CASE(rows[i].each);
        CHECK_EQ(render_in(env, rt_buf_str(&source).data,
                           dict_of("n5", 5, "y", 1)),
                 rows[i].text);
        rt_arena_reset(&arena);
    }
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}

RT_TEST(depth_is_limited)
{
    static const rt_template_limits at_most = {.depth = 5};
    const limit_row rows[] = {
        {"{% macro f(n) %}{{ n }}{{ f(n - 1) if n }}{% endmacro %}{{ f(3) }}",
         "3210", at_most},
        {"{% macro f(n) %}{{ n }}{{ f(n - 1) if n }}{% endmacro %}{{ f(9) }}",
         DEPTH, at_most},
        {"{% include 'self' %}", DEPTH, at_most},
        {"{% import 'import' as m %}", DEPTH, at_most},
        {"{% extends 'extends' %}", DEPTH, at_most},
        {"{% block a %}{{ self.a() }}{% endblock %}", DEPTH, at_most},
        {"{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}", DEPTH,
         at_most},
        {"{% macro f() %}{{ caller }}{% call f() %}{% endcall %}{% endmacro %}{{ f() }}",
         DEPTH, at_most},
    };

    check_limits(rows, RT_COUNT(rows));
}

RT_TEST(memory_is_limited)
{
    static const rt_template_limits at_most = {.memory_bytes = 100000};
    const limit_row rows[] = {
        {"{% for i in range(100) %}{% set x = [i] %}{% endfor %}", "", at_most},
        {"{% for i in range(10000) %}{% set x = [i] * 100 %}{% endfor %}",
         MEMORY, at_most},
        {"{% set l = [] %}{% for i in range(100000) %}{% do l.append(i) %}"
         "{% endfor %}",
         MEMORY, at_most},
        {"{% set ns = namespace(s='x') %}{% for i in range(24) %}"
         "{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
         MEMORY, at_most},
        {"{% macro f(n) %}{{ 'x' * 1000 }}{{ f(n - 1) if n }}{% endmacro %}"
         "{% set x = f(190) %}",
         MEMORY, at_most},
        {"{{ ('x' * 90000)|length }}{{ ('x' * 90000)|length }}", "9000090000",
         at_most},
        {"{% set n = 90000 %}{{ ('x' * n)|length }}{{ ('x' * n)|length }}",
         MEMORY, at_most},
        {"{% set n = 90000 %}{{ [1] * n }}", MEMORY, at_most},
        {"{% set s = 'x' * 50000 %}{{ s|replace('x', 'xxxxxxxx')|length }}",
         MEMORY, at_most},
    };

    check_limits(rows, RT_COUNT(rows));
}

// Short values that hold each other twice are endless as text: what is written
// of them counts together with what the render has already.
RT_TEST(memory_is_limited_in_descriptions)
{
    static const char *const sources[] = {"n.v|pprint", "n.v|string",
                                          "n.v ~ ''", "'%r' % (n.v,)"};

    enum {
        MOST = 8 << 20
    };

    for (size_t i = 0; i < RT_COUNT(sources); i++) {
        rt_template_env *env = rt_template_env_new(.limits.memory_bytes = MOST);
        rt_str source = rt_format(
            &arena,
            "{{% set n = namespace(v=[]) %}}{{% for i in range(60) %}}"
            "{{% set n.v = [n.v, n.v] %}}{{% endfor %}}"
            "{{% set s = 'x' * 4000000 %}}{{% set s = s ~ 'y' %}}"
            "{{% set x = ({})|length %}}",
            sources[i]);
        RT_CASE(sources[i]);
        size_t before = rt_arena_bytes(&arena);
        rt_str text = render_in(env, source.data, rt_dict_new(&arena));
        CHECK(rt_str_starts_with(text, RT_STR("!LimitError")));
        CHECK(rt_arena_bytes(&arena) - before <= (size_t)MOST * 5 / 4);
        rt_template_env_free(env);
        rt_arena_reset(&arena);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(limits_hold_for_expressions)
{
    rt_template_env *env =
        rt_template_env_new(.limits = {.steps = 100, .depth = 5},
                            .sandbox = RT_SANDBOX_ON);
    rt_value v;
    rt_template_error error = {0};
    CHECK_EQ(rt_template_eval(env, &arena, RT_STR("range(1000)|sum"),
                              rt_dict_new(&arena), &v, &error),
             RT_E_LIMIT);
    CHECK_EQ(error.kind, RT_TEMPLATE_LIMIT_ERROR);
    CHECK(!rt_template_eval(env, &arena, RT_STR("range(10)|sum"),
                            rt_dict_new(&arena), &v, &error));
    CHECK_EQ(rt_value_as_int(v, 0), 45);
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}

// ---- the sandbox ----------------------------------------------------------------

RT_TEST(the_sandbox_limits_ranges)
{
    static const render_row rows[] = {
        {"{{ range(10)|length }} {{ range(0, 100, 10)|length }}", "10 10"},
        {"{{ range(11) }}",
         "!OverflowError: Range too big. The sandbox blocks ranges larger than "
         "MAX_RANGE (10)."},
        {"{{ range(0, 1000, 10) }}",
         "!OverflowError: Range too big. The sandbox blocks ranges larger than "
         "MAX_RANGE (10)."},
    };

    CHECK_ROWS(rt_template_env_new(.sandbox = RT_SANDBOX_ON,
                                   .limits = {.range_items = 10}),
               rows, rt_dict_new(&arena));
}

RT_TEST(the_immutable_sandbox_lets_nothing_be_changed)
{
    static const render_row rows[] = {
        {"{{ l.append(1) }}",
         "!SecurityError: access to attribute 'append' of 'list' object is "
         "unsafe."},
        {"{{ d.clear() }}",
         "!SecurityError: access to attribute 'clear' of 'dict' object is "
         "unsafe."},
        {"{{ d['update']({}) }}",
         "!SecurityError: access to attribute 'update' of 'dict' object is "
         "unsafe."},
        {"{{ d|attr('pop') }}{{ (d|attr('pop'))('x') }}",
         "!SecurityError: access to attribute 'pop' of 'dict' object is "
         "unsafe."},
        {"{{ l.index(1) }}{{ d.get('a') }}", "02"},
        {"{{ l._x }}", ""},
    };
    rt_value list[] = {RT(1)};

    CHECK_ROWS(rt_template_env_new(.sandbox = RT_SANDBOX_IMMUTABLE), rows,
               dict_of("l", rt_list_of(&arena, list, 1), "d", dict_of("a", 2)));
}
