// Filters, tests, globals and functions of the host.
#include "rendering.h"

// What a function was called with: "a b|x=1|escape".
static rt_status describe(rt_template_call *call, rt_value *out)
{
    rt_buf text;
    rt_buf_init(&text, call->arena);
    for (size_t i = 0; i < call->args_len; i++)
        rt_buf_format(&text, "{}{!r}", i ? " " : "", call->args[i]);
    for (size_t i = 0; i < call->named_len; i++)
        rt_buf_format(&text, "|{}={!r}", call->named[i].name,
                      call->named[i].value);
    if (call->autoescape)
        rt_buf_put_cstr(&text, "|escape");
    if (call->arg)
        rt_buf_format(&text, "|{}", (const char *)call->arg);
    if (call->data)
        rt_buf_format(&text, "|{}", (const char *)call->data);
    *out = rt_value_safe(rt_buf_str(&text));
    return RT_OK;
}

static rt_status repeat(rt_template_call *call, rt_value *out)
{
    rt_value times =
        rt_template_named(call, "times", rt_template_arg(call, 1, RT(2)));
    int64_t n = rt_value_as_int(times, -1);
    if (call->args_len != 1 && call->args_len != 2)
        return rt_template_fail(call, RT_TEMPLATE_TYPE_ERROR,
                                "repeat() takes 1 or 2 arguments, not {}",
                                call->args_len);
    if (n < 0)
        return rt_template_fail(call, RT_TEMPLATE_VALUE_ERROR,
                                "{!r} is no number of times", times);
    rt_buf text;
    rt_buf_init(&text, call->arena);
    while (n--)
        rt_value_put_text(&text, call->args[0]);
    *out = RT(rt_buf_str(&text));
    return RT_OK;
}

static rt_status is_long(rt_template_call *call, rt_value *out)
{
    rt_value than = rt_template_arg(call, 1, RT(3));
    *out = RT(rt_value_as_str(call->args[0]).len >
              (size_t)rt_value_as_int(than, 0));
    return RT_OK;
}

static rt_status look_up(rt_template_call *call, rt_value *out)
{
    *out =
        rt_template_lookup(call, rt_value_as_cstr(call->arena, call->args[0]));
    return RT_OK;
}

static rt_status broken(rt_template_call *call, rt_value *out)
{
    (void)call;
    (void)out;
    return RT_E_IO;
}

static rt_template_env *make_env(void)
{
    static char arg[] = "arg";
    rt_template_env *env = rt_template_env_new(.loader = {0});
    rt_template_env_filter(env, "describe", describe, arg, 0);
    rt_template_env_function(env, "describe", describe, NULL, 0);
    rt_template_env_filter(env, "repeat", repeat, NULL, RT_TEMPLATE_PURE);
    rt_template_env_filter(env, "upper", repeat, NULL, 0);
    rt_template_env_test(env, "long", is_long, NULL, 0);
    rt_template_env_function(env, "look_up", look_up, NULL, 0);
    rt_template_env_filter(env, "look_up", look_up, NULL, RT_TEMPLATE_PURE);
    rt_template_env_function(env, "broken", broken, NULL, 0);
    rt_template_env_global(env, "site", dict_of("n", 7));
    return env;
}

RT_TEST(functions_get_their_arguments)
{
    static const render_row rows[] = {
        {"{{ 1|describe }}", "1|arg"},
        {"{{ 1|describe(2, x='y') }}", "1 2|x='y'|arg"},
        {"{{ 1|describe(*[2, 3], **{'x': 4}) }}", "1 2 3|x=4|arg"},
        {"{{ describe() }}", ""},
        {"{{ describe(1, none, a=[2], b=3) }}", "1 None|a=[2]|b=3"},
        {"{% autoescape true %}{{ '<'|describe }}{% endautoescape %}",
         "'<'|escape|arg"},
        {"{{ nosuch|describe }}", "Undefined|arg"},
        {"{{ [1, 2]|map('describe', 3)|list }}",
         "[Markup('1 3|arg'), Markup('2 3|arg')]"},
        {"{% filter describe(2) %}x{% endfilter %}", "'x' 2|arg"},
        {"{% call describe(1) %}x{% endcall %}", "1|caller=<Macro anonymous>"},
        {"{{ describe }}", "<function describe>"},
        {"{{ describe is callable }} {{ 'repeat' is filter }} "
         "{{ 'long' is test }}",
         "True True True"},
    };

    CHECK_ROWS(make_env(), rows, rt_dict_new(&arena));
}

RT_TEST(functions_fail_with_errors_of_a_kind)
{
    static const render_row rows[] = {
        {"{{ 'ab'|repeat }} {{ 'ab'|repeat(3) }} {{ 'ab'|repeat(times=0) }}",
         "abab ababab "},
        {"{{ 'ab'|repeat(-1) }}", "!ValueError: -1 is no number of times"},
        {"{{ s|repeat('x') }}", "!ValueError: 'x' is no number of times"},
        {"{{ s|repeat(1, 2) }}",
         "!TypeError: repeat() takes 1 or 2 arguments, not 3"},
        {"{{ broken() }}",
         "!TemplateRuntimeError: broken failed: input or output failed"},
        {"{% if false %}{{ 'a'|repeat(-1) }}{% endif %}", ""},
        {"{{ 'a'|upper }}", "aa"}, // the host's own comes first
    };

    CHECK_ROWS(make_env(), rows, dict_of("s", "s"));
}

RT_TEST(tests_and_globals_of_the_host_are_used)
{
    static const render_row rows[] = {
        {"{{ 'abcd' is long }} {{ 'abc' is long }} {{ 'abc' is long(2) }} "
         "{{ 'abc' is not long 2 }}",
         "True False True False"},
        {"{{ ['a', 'abcd']|select('long')|list }}", "['abcd']"},
        {"{{ site.n }}", "7"},
        {"{{ site.update(n=8) }}",
         "!TypeError: a dict that is shared cannot be changed"},
        {"{% set x = 1 %}{{ look_up('x') }}{{ look_up('site').n }}"
         "{{ look_up('nosuch') }}",
         "17"},
        {"{{ 'c'|look_up }}{% set n = 'c' %}{{ n|look_up }}", "3"},
    };

    CHECK_ROWS(make_env(), rows, dict_of("c", 3));
}

static int calls;

static rt_status count_calls(rt_template_call *call, rt_value *out)
{
    calls++;
    *out = call->args[0];
    return RT_OK;
}

RT_TEST(pure_functions_are_called_when_compiled)
{
    rt_template_env *env = rt_template_env_new(.loader = {0});
    rt_template_env_filter(env, "pure", count_calls, NULL, RT_TEMPLATE_PURE);
    rt_template_env_filter(env, "other", count_calls, NULL, 0);
    rt_template *t;

    CHECK(!rt_template_parse(env, &arena, RT_STR("{{ 1|other }}{{ x|pure }}"),
                             &t, NULL));
    CHECK_EQ(calls, 0);
    rt_template_put(t);
    CHECK(!rt_template_parse(env, &arena, RT_STR("{{ 1|pure }}"), &t, NULL));
    CHECK_EQ(calls, 1);
    for (int i = 0; i < 3; i++) {
        rt_buf out;
        rt_buf_init(&out, &arena);
        CHECK(!rt_template_render(t, &arena, rt_dict_new(&arena), &out, NULL));
        CHECK_EQ(rt_buf_str(&out), "1");
    }
    CHECK_EQ(calls, 1);
    rt_template_put(t);
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}

RT_TEST(a_render_hands_its_data_and_globals_on)
{
    static char data[] = "data";
    rt_template_env *env = make_env();
    rt_template *t;
    rt_buf out;
    rt_buf_init(&out, &arena);
    rt_template_run run = {.context = dict_of("a", 1),
                           .globals = dict_of("a", 2, "site", 3),
                           .data = data};

    CHECK(!rt_template_parse(env, &arena, RT_STR("{{ describe(a, site) }}"), &t,
                             NULL));
    CHECK(!rt_template_execute(t, &arena, &run, &out, NULL));
    CHECK_EQ(rt_buf_str(&out), "1 3|data");
    rt_template_put(t);
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}

RT_TEST(an_environment_in_use_takes_no_more_functions)
{
    rt_template_env *env = make_env();
    CHECK_EQ(render_in(env, "x", rt_dict_new(&arena)), "x");
    CHECK_ABORTS(rt_template_env_filter(env, "x", repeat, NULL, 0),
                 "an environment is immutable once it has been used");
    CHECK_ABORTS(rt_template_env_global(env, "x", RT(1)),
                 "an environment is immutable once it has been used");
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}
