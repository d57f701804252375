// Output piece by piece, finalize, expressions, and looking at templates.
#include <retort/base/coroutine.h>

#include "rendering.h"

typedef struct sink {
    rt_buf text;
    size_t pieces;
    size_t longest;
    size_t fails_at; // piece; 0: never
    bool waits;
} sink;

static rt_status take(void *arg, rt_str piece)
{
    sink *s = arg;
    if (++s->pieces == s->fails_at)
        return RT_E_CLOSED;
    if (s->waits)
        rt_coro_yield();
    if (piece.len > s->longest)
        s->longest = piece.len;
    rt_buf_put(&s->text, piece);
    return RT_OK;
}

static const char many[] =
    "{% macro m(i) %}{{ 'macro' }}{{ i }}{% endmacro %}"
    "{% for i in range(3000) %}line {{ i }} {{ m(i) }}\n{% endfor %}"
    "{% set x %}{{ 'y' * 20000 }}{% endset %}{{ x }}";

static rt_str whole(rt_template_env *env)
{
    return render_in(env, many, rt_dict_new(&arena));
}

static void put_template(void *t)
{
    rt_template_put(t);
}

static rt_status stream(rt_template_env *env, sink *s, rt_template_error *error)
{
    rt_template *t;
    rt_buf_init(&s->text, &arena);
    rt_status st = rt_template_parse(env, &arena, rt_str_from(many), &t, error);
    if (st)
        return st;
    rt_arena_defer(&arena, put_template, t); // it may not come back here
    return rt_template_stream(t, &arena, rt_dict_new(&arena), take, s, error);
}

RT_TEST(a_stream_is_the_output_in_pieces)
{
    rt_template_env *env = rt_template_env_new(.loader = {0});
    sink s = {0};
    CHECK_EQ(stream(env, &s, NULL), RT_OK);
    CHECK_EQ(rt_buf_str(&s.text), whole(env));
    CHECK(s.pieces > 5 && s.longest < 40000);
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}

RT_TEST(a_writer_that_fails_ends_the_render)
{
    rt_template_env *env = rt_template_env_new(.loader = {0});
    for (size_t at = 1; at < 8; at++) {
        rt_template_error error = {0};
        sink s = {.fails_at = at};
        rt_test_case("at piece %zu", at);
        CHECK_EQ(stream(env, &s, &error), RT_E_CLOSED);
        CHECK_EQ(error.kind, RT_TEMPLATE_OK);
        CHECK_EQ(s.pieces, at);
        CHECK(rt_str_starts_with(whole(env), rt_buf_str(&s.text)));
    }
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}

typedef struct streaming {
    rt_template_env *env;
    sink sink;
    rt_status st;
} streaming;

static void run_stream(void *arg)
{
    streaming *s = arg;
    s->st = stream(s->env, &s->sink, NULL);
}

RT_TEST(a_writer_may_wait)
{
    streaming s = {.env = rt_template_env_new(.loader = {0}),
                   .sink = {.waits = true}};
    rt_coro *co = rt_coro_new(run_stream, &s);
    size_t resumed = 0;
    for (; !rt_coro_is_done(co); resumed++)
        rt_coro_resume(co);
    CHECK_EQ(s.st, RT_OK);
    CHECK_EQ(resumed, s.sink.pieces + 1);
    CHECK_EQ(rt_buf_str(&s.sink.text), whole(s.env));
    rt_coro_drop(co);
    rt_template_env_free(s.env);
    rt_arena_deinit(&arena);
}

RT_TEST(a_stream_that_is_left_leaks_nothing)
{
    streaming s = {.env = rt_template_env_new(.loader = {0}),
                   .sink = {.waits = true}};
    rt_coro *co = rt_coro_new(run_stream, &s);
    rt_coro_resume(co);
    CHECK_EQ(s.sink.pieces, 1u);
    rt_coro_drop(co);
    rt_template_env_free(s.env);
    rt_arena_deinit(&arena);
}

RT_TEST(the_limit_of_output_counts_all_pieces)
{
    rt_template_env *env =
        rt_template_env_new(.limits = {.output_bytes = 20000});
    rt_template_error error = {0};
    sink s = {0};
    CHECK_EQ(stream(env, &s, &error), RT_E_LIMIT);
    CHECK_EQ(error.message, "the output is longer than 20000 bytes");
    CHECK(s.text.len <= 20000);
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}

RT_TEST(an_error_leaves_what_was_printed)
{
    rt_template_env *env = rt_template_env_new(.loader = {0});
    rt_template *t;
    rt_buf out;
    rt_buf_init(&out, &arena);
    rt_buf_put_cstr(&out, "before ");
    CHECK(!rt_template_parse(env, &arena, RT_STR("a{{ x.y.z }}b"), &t, NULL));
    CHECK(rt_template_render(t, &arena, dict_of("x", 1), &out, NULL) != RT_OK);
    CHECK_EQ(rt_buf_str(&out), "before a");
    rt_template_put(t);
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}

// ---- finalize and policies ---------------------------------------------------------

static rt_status mark(void *arg, rt_arena *a, rt_value v, rt_value *out)
{
    if (rt_value_is_none(v))
        return RT_E_RANGE;
    *out =
        v.kind == RT_INT ? RT(rt_format(a, "{}{}", (const char *)arg, v)) : v;
    return RT_OK;
}

RT_TEST(finalize_sees_each_printed_value)
{
    static char arg[] = "<n>";
    static const render_row rows[] = {
        {"{{ 1 }} {{ x }} {{ 'x' }} {% set y %}{{ 2 }}{% endset %}{{ y }}",
         "<n>1 <n>7 x <n>2"},
        {"{% autoescape true %}{{ x }} {{ 1 }}{% endautoescape %}",
         "&lt;n&gt;7 1"}, // constants are escaped first, as text
        {"{{ none }}", "!TemplateRuntimeError: finalize failed: number out of "
                       "range"},
        {"{{ [none] }}", "[None]"},
        {"<{% if true %}{% endif %}{# #}>", "<>"},
    };

    CHECK_ROWS(rt_template_env_new(.finalize = mark, .finalize_arg = arg), rows,
               dict_of("x", 7));
}

// ---- expressions -------------------------------------------------------------------

RT_TEST(an_expression_has_a_value)
{
    static const struct {
        const char *expression;
        const char *repr;
    } rows[] = {
        {"1 + n", "8"},
        {"['a', n]|map('string')|list", "['a', '7']"},
        {"{'a': n}", "{'a': 7}"},
        {"nosuch", "Undefined"},
        {"'x'|safe", "Markup('x')"},
        {"n if n > 3 else 0", "7"},
        {"2 ** 70", "1180591620717411303424"},
        {"1, 2", "!TemplateSyntaxError: expected the end of the expression, "
                 "got ','"},
        {"n.", "!TemplateSyntaxError: expected a name or a number"},
        {"", "!TemplateSyntaxError: unexpected 'end of template'"},
        {"n.a.b", "!UndefinedError: 'int object' has no attribute 'a'"},
    };

    rt_template_env *env = rt_template_env_new(.loader = {0});
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_value v;
        rt_template_error error = {0};
        RT_CASE(rows[i].expression);
        rt_status st =
            rt_template_eval(env, &arena, rt_str_from(rows[i].expression),
                             dict_of("n", 7), &v, &error);
        rt_str repr = st ? RT_STR("") : rt_value_repr(&arena, v);
        CHECK_EQ(outcome(st, repr, &error), rows[i].repr);
    }
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}

// ---- looking at templates -----------------------------------------------------------

RT_TEST(what_a_template_reads_and_names_is_listed)
{
    static const struct {
        const char *source;
        const char *reads;
        const char *names;
    } rows[] = {
        {"{{ a.b }}{% set c = d %}{{ c }}", "['a', 'd']", "[]"},
        {"{% for x in xs %}{{ x }}{{ loop.index }}{% endfor %}{{ x }}",
         "['xs', 'x']", "[]"},
        {"{% macro f(p, q=r) %}{{ p }}{{ s }}{% endmacro %}{{ f() }}",
         "['r', 's']", "[]"},
        {"{% extends 'base' %}{% block a %}{{ b }}{{ super() }}{% endblock %}",
         "['b']", "['base']"},
        {"{% include ['x', 'y'] %}{% import 'z' as z %}{% from w import v %}",
         "['w']", "['x', 'y', 'z', None]"},
        {"{{ range(3) }}{{ x is defined }}", "['x']", "[]"},
        {"{% with a = b %}{{ a }}{% endwith %}", "['b']", "[]"},
    };

    rt_template_env *env = rt_template_env_new(.loader = {0});
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_value v;
        rt_str source = rt_str_from(rows[i].source);
        RT_CASE(rows[i].source);
        CHECK(!rt_template_undeclared(env, &arena, source, &v, NULL));
        CHECK_EQ(rt_value_repr(&arena, v), rows[i].reads);
        CHECK(!rt_template_references(env, &arena, source, &v, NULL));
        CHECK_EQ(rt_value_repr(&arena, v), rows[i].names);
    }
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}
