// Rendering in tests: a source in, the text out, or "!Kind: message".
#pragma once

#include <retort/base/pairs.h>
#include <retort/template.h>
#include <retort/test.h>

static rt_arena arena; // of the test

// A context: dict_of("name", value, ...).
#define dict_of(...) dict_of_pairs(RT_PAIRS_FROM2(0, __VA_ARGS__))

__attribute__((unused)) static rt_value dict_of_pairs(const rt_pair *pairs,
                                                      size_t n)
{
    rt_value dict = rt_dict_new(&arena);
    for (size_t i = 0; i < n; i++)
        CHECK(
            !rt_dict_set_str(dict, rt_str_from(pairs[i].name), pairs[i].value));
    return dict;
}

__attribute__((unused)) static rt_str outcome(rt_status st, rt_str text,
                                              const rt_template_error *error)
{
    if (!st)
        return text;
    if (error->kind == RT_TEMPLATE_OK)
        return rt_format(&arena, "!{}", rt_status_text(st));
    return rt_format(&arena, "!{}: {}", rt_template_error_name(error->kind),
                     error->message);
}

__attribute__((unused)) static rt_str render_in(rt_template_env *env,
                                                const char *source,
                                                rt_value context)
{
    rt_template *t = NULL;
    rt_template_error error = {0};
    rt_buf out;
    rt_buf_init(&out, &arena);
    rt_status st =
        rt_template_parse(env, &arena, rt_str_from(source), &t, &error);
    if (!st)
        st = rt_template_render(t, &arena, context, &out, &error);
    rt_template_put(t);
    return outcome(st, rt_buf_str(&out), &error);
}

// The same for a template of the environment's loader.
__attribute__((unused)) static rt_str render_named(rt_template_env *env,
                                                   const char *name,
                                                   rt_value context)
{
    rt_template *t = NULL;
    rt_template_error error = {0};
    rt_buf out;
    rt_buf_init(&out, &arena);
    rt_status st = rt_template_get(env, &arena, rt_str_from(name), &t, &error);
    if (!st)
        st = rt_template_render(t, &arena, context, &out, &error);
    rt_template_put(t);
    return outcome(st, rt_buf_str(&out), &error);
}

typedef struct render_row {
    const char *source;
    const char *text;
} render_row;

// Render each row in an environment, which is freed.
__attribute__((unused)) static void check_rows(rt_template_env *env,
                                               const render_row *rows, size_t n,
                                               rt_value context)
{
    for (size_t i = 0; i < n; i++) {
        RT_CASE(rows[i].source);
        CHECK_EQ(render_in(env, rows[i].source, context), rows[i].text);
    }
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}

#define CHECK_ROWS(env, rows, context) \
    check_rows(env, rows, RT_COUNT(rows), context)
