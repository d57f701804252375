// Errors as people see them: kind, template, line, source and the way there.
#include "rendering.h"

static rt_template_env *make_env(void)
{
    return rt_template_env_new(
            .syntax = {.ext_do = true},
            .loader = rt_template_memory(
                &arena, //
                "fields.html",
                "{% macro field(label) %}\n"
                "  <label>{{ label.text.x }}</label>\n"
                "{% endmacro %}",
                "page.html",
                "{% from 'fields.html' import field %}\n\n{{ field('x') }}\n",
                "base.html", "<{% block main %}{% endblock %}>\n", "child.html",
                "{% extends 'base.html' %}\n"
                "{% block main %}\n{{ 1 // 0 }}{% endblock %}",
                "grand.html",
                "{% extends 'child.html' %}\n"
                "{% block main %}{{ super() }}{% endblock %}",
                "includes.html", "a\n{% include 'page.html' %}", "syntax.html",
                "ok\n  {% if x %}\n{{ y }", "imports.html",
                "{% import 'syntax.html' as s %}", "module.html",
                "{% set x = 1 // 0 %}", "imports2.html",
                "\n{% import 'module.html' as m %}", "call.html",
                "{% macro m() %}{{ caller() }}{% endmacro %}\n"
                "{% call m() %}\n{{ nosuch() }}\n{% endcall %}",
                "unicode.html", "\xc3\xa9\xf0\x9f\x98\x80 {{ x.y.z }}",
                "crlf.html", "a\r\nb\rc {{ x.y.z }}\r\nd",
                "include_missing.html", "{% include 'nosuch.html' %}",
                "self.html",
                "{% block a %}{{ self.b() }}{% endblock %}"
                "{% block b %}\n{{ x.y.z }}{% endblock %}"));
}

static rt_str error_text(rt_template_env *env, const char *name)
{
    rt_template *t = NULL;
    rt_template_error error = {0};
    rt_buf out;
    rt_buf_init(&out, &arena);
    rt_status st = rt_template_get(env, &arena, rt_str_from(name), &t, &error);
    if (!st)
        st = rt_template_render(t, &arena, dict_of("x", 1), &out, &error);
    rt_template_put(t);
    CHECK(st != RT_OK);
    return rt_template_error_text(&arena, &error);
}

RT_TEST(an_error_names_its_place_and_the_way_there)
{
    static const char *const names[] = {
        "page.html",    "includes.html", "child.html",           "grand.html",
        "syntax.html",  "imports.html",  "imports2.html",        "call.html",
        "unicode.html", "crlf.html",     "include_missing.html", "self.html"};

    rt_template_env *env = make_env();
    rt_buf all;
    rt_buf_init(&all, &arena);
    for (size_t i = 0; i < RT_COUNT(names); i++) {
        RT_CASE(names[i]);
        rt_buf_format(&all, "{}\n\n", error_text(env, names[i]));
    }
    rt_test_golden("error_texts.txt", rt_buf_str(&all));
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}

RT_TEST(a_chain_of_frames_is_cut)
{
    rt_template_env *env = rt_template_env_new(.loader = {0});
    rt_template *t;
    rt_template_error error = {0};
    rt_buf out;
    rt_buf_init(&out, &arena);
    CHECK(!rt_template_parse(env, &arena,
                             RT_STR("{% macro f(n) %}{{ f(n + 1) }}"
                                    "{% endmacro %}{{ f(0) }}"),
                             &t, NULL));
    CHECK(rt_template_render(t, &arena, dict_of("x", 1), &out, &error) !=
          RT_OK);
    CHECK_EQ(error.frames_len, 32u);
    CHECK_EQ(error.frames[0].what, "macro f");
    CHECK_EQ(error.line, 1u);
    CHECK(!error.template_name.data);
    CHECK(rt_str_starts_with(rt_template_error_text(&arena, &error),
                             RT_STR("<template>:1:")));
    rt_template_put(t);
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}

RT_TEST(a_kind_has_a_name)
{
    CHECK_EQ(rt_template_error_name(RT_TEMPLATE_OK), "");
    CHECK_EQ(rt_template_error_name(RT_TEMPLATE_LIMIT_ERROR), "LimitError");
    CHECK_EQ(rt_template_error_name(RT_TEMPLATE_RUNTIME_FAILURE),
             "RuntimeError");
}

RT_TEST(an_error_says_which_status)
{
    static const struct {
        const char *source;
        rt_status st;
    } rows[] = {
        {"{{ 1 // 0 }}", RT_E_TYPE}, // all that values do
        {"{% include 'nosuch' %}", RT_E_NOT_FOUND},
        {"{% include ['nosuch', 'nor this'] %}", RT_E_NOT_FOUND},
        {"{% include 'syntax.html' %}", RT_E_SYNTAX},
        {"{{ 'x' * 100000000 }}", RT_E_LIMIT},
    };

    rt_template_env *env = make_env();
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_template *t;
        rt_buf out;
        RT_CASE(rows[i].source);
        rt_buf_init(&out, &arena);
        CHECK(!rt_template_parse(env, &arena, rt_str_from(rows[i].source), &t,
                                 NULL));
        CHECK_EQ(rt_template_render(t, &arena, dict_of("x", 1), &out, NULL),
                 rows[i].st);
        rt_template_put(t);
    }
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}

// ---- what is left behind -----------------------------------------------------------

RT_TEST(a_context_that_is_no_dict_is_an_error)
{
    const rt_value contexts[] = {rt_value_none(), rt_list_new(&arena),
                                 RT("text"), RT(1)};
    static const char *const names[] = {"NoneType", "list", "str", "int"};
    rt_template_env *env = rt_template_env_new(.loader = {0});

    for (size_t i = 0; i < RT_COUNT(contexts); i++) {
        rt_value v = RT(1);
        rt_template_error error = {0};
        RT_CASE(names[i]);
        CHECK_EQ(render_in(env, "x", contexts[i]),
                 rt_format(&arena,
                           "!TypeError: the context must be a dict, not {}",
                           names[i]));
        CHECK_EQ(rt_template_eval(env, &arena, RT_STR("1"), contexts[i], &v,
                                  &error),
                 RT_E_TYPE);
        CHECK_EQ(rt_value_kind(v), RT_UNDEFINED);
    }
    CHECK_EQ(render_in(env, "x{{ y }}", rt_value_undefined()), "x");
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}

RT_TEST(globals_that_are_no_dict_are_an_error)
{
    rt_template_run run = {.globals = RT("text")};
    rt_value v = RT(1);
    rt_template_env *env = rt_template_env_new(.loader = {0});

    CHECK_EQ(rt_template_evaluate(env, &arena, RT_STR("1"), &run, &v, NULL),
             RT_E_TYPE);
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}

RT_TEST(what_failed_leaves_nothing_in_its_result)
{
    rt_template_env *env = rt_template_env_new(.loader = {0});
    rt_value v = RT(1);
    rt_template *t = (rt_template *)&v;

    CHECK(rt_template_parse(env, &arena, RT_STR("{% if %}"), &t, NULL));
    CHECK(t == NULL);
    t = (rt_template *)&v;
    CHECK(rt_template_get(env, &arena, RT_STR("a"), &t, NULL));
    CHECK(t == NULL);
    CHECK(rt_template_eval(env, &arena, RT_STR("1 +"), RT(NULL), &v, NULL));
    CHECK_EQ(rt_value_kind(v), RT_UNDEFINED);
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}

RT_TEST(a_mode_of_escaping_that_is_undefined_fails_at_its_tag)
{
    rt_template *t;
    rt_template_error error = {0};
    rt_buf out;
    rt_template_env *env =
        rt_template_env_new(.undefined = RT_UNDEFINED_STRICT);

    rt_buf_init(&out, &arena);
    REQUIRE(!rt_template_parse(
        env, &arena,
        RT_STR("a\n{{ 1 }}\n{% autoescape x %}\n{{ 1 }}{% endautoescape %}"),
        &t, NULL));
    CHECK(rt_template_render(t, &arena, rt_dict_new(&arena), &out, &error));
    CHECK_EQ(error.line, 3);
    rt_template_put(t);
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}
