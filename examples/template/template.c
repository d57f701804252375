// Templates without a web server, from a JSON file: a mail, a page, a
// configuration, a prompt.
//
//     template templates letter.txt < context.json
#include <stdio.h>

#include <retort/template.h>

// A filter of our own: {{ 1250|money }} is 12.50.
static rt_status money(rt_template_call *call, rt_value *out)
{
    int64_t cents = rt_value_as_int(call->args[0], -1);
    if (cents < 0)
        return rt_template_fail(call, RT_TEMPLATE_VALUE_ERROR,
                                "{!r} is no amount", call->args[0]);
    *out = RT(rt_format(call->arena, "{}.{}{}", cents / 100, cents / 10 % 10,
                        cents % 10));
    return RT_OK;
}

static int render(rt_arena *arena, const char *folder, const char *name,
                  rt_value context)
{
    rt_template_env *env =
        rt_template_env_new(.loader = rt_template_folder(arena, folder),
                            .autoescape = RT_AUTOESCAPE_BY_NAME,
                            .undefined = RT_UNDEFINED_STRICT,
                            .syntax = {.trim_blocks = true,
                                       .keep_trailing_newline = true});
    rt_template_env_filter(env, "money", money, NULL, RT_TEMPLATE_PURE);

    rt_template *letter = NULL;
    rt_template_error error = {0};
    rt_buf out;
    rt_buf_init(&out, arena);
    rt_status st =
        rt_template_get(env, arena, rt_str_from(name), &letter, &error);
    if (!st)
        st = rt_template_render(letter, arena, context, &out, &error);
    if (st)
        fprintf(stderr, "%s\n", rt_template_error_text(arena, &error).data);
    else
        fwrite(rt_buf_str(&out).data, 1, out.len, stdout);
    rt_template_put(letter);
    rt_template_env_free(env);
    return st ? 1 : 0;
}

int main(int argc, char **argv)
{
    static char json[65536];
    rt_arena arena = {0};
    rt_value context;
    rt_error error = {0};
    if (argc != 3) {
        fprintf(stderr, "usage: %s FOLDER TEMPLATE < context.json\n", argv[0]);
        return 2;
    }
    size_t len = fread(json, 1, sizeof json, stdin);
    if (rt_json_parse(&arena, rt_str_of(json, len), NULL, &context, &error)) {
        fprintf(stderr, "%s\n", rt_error_text(&arena, &error).data);
        return 1;
    }
    int status = render(&arena, argv[1], argv[2], context);
    rt_arena_deinit(&arena);
    return status;
}
