// Any text as a template: lexed, parsed, compiled and rendered with a context of
// values of all kinds and tight limits. The outcome is valid text or an error
// that has a kind, and a render that is repeated gives the same.
//
// The first byte chooses the options. The whole is the template "main"; what
// follows a byte 0x1e is "a", and what follows the next one "b", so that they
// can include, import and extend each other.
//
// covers: src/template/analyze.c
// covers: src/template/call.c
// covers: src/template/closures.c
// covers: src/template/compile.c
// covers: src/template/compile_expr.c
// covers: src/template/compile_loop.c
// covers: src/template/compile_macro.c
// covers: src/template/compile_stmt.c
// covers: src/template/compile_trans.c
// covers: src/template/fold.c
// covers: src/template/inherit.c
// covers: src/template/loop.c
// covers: src/template/scope.c
// covers: src/template/vm.c
#include <assert.h>

#include <retort/base/utf8.h>
#include <retort/template.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define OUTPUT_MAX 20000
#define STEPS_MAX  20000
#define DEPTH_MAX  20
#define MEMORY_MAX ((size_t)4 << 20)

static const char context_json[] =
    "{\"n\": 7, \"z\": 0, \"f\": 2.5, \"t\": true, \"no\": null, \"s\": \"Hello "
    "<b>\", \"u\": \"\xc3\xa9\xe6\x97\xa5\", \"l\": [3, 1, 2], \"nest\": [[1, 2], "
    "[3]], \"d\": {\"a\": 1, \"b\": \"x\"}, \"users\": [{\"name\": \"Bob\", "
    "\"age\": 3}, {\"name\": \"al\", \"age\": 2, \"tags\": [\"x\"]}]}";

static rt_str translate(void *arg, rt_arena *arena, rt_str context,
                        rt_str message, rt_str plural, int64_t n)
{
    (void)arg;
    (void)arena;
    (void)context;
    return plural.data && n != 1 ? plural : message;
}

// A function of the host: its last argument, or an error without any.
static rt_status last_of(rt_template_call *call, rt_value *out)
{
    if (call->named_len)
        *out = call->named[call->named_len - 1].value;
    else if (call->args_len)
        *out = call->args[call->args_len - 1];
    else
        return rt_template_fail(call, RT_TEMPLATE_VALUE_ERROR, "no arguments");
    return call->args_len > 3 ? RT_E_RANGE : RT_OK;
}

static rt_status call_thing(void *self, rt_arena *arena, const rt_value *args,
                            size_t n, size_t n_named, rt_value *out)
{
    (void)self;
    *out = rt_list_of(arena, args, n + 2 * n_named);
    return n > 3 ? RT_E_RANGE : RT_OK;
}

static bool next_thing(void *self, rt_arena *arena, size_t *state,
                       rt_value *out)
{
    (void)self;
    (void)arena;
    *out = RT((int64_t)*state);
    return ++*state < 5;
}

static const rt_vtable thing_vtable = {.name = "thing",
                                       .next = next_thing,
                                       .call = call_thing};

static rt_template_env *make_env(rt_arena *arena, unsigned options, rt_str text)
{
    rt_str main = rt_str_cut(&text, '\x1e');
    rt_str a = text.data ? rt_str_cut(&text, '\x1e') : RT_STR("{{ n }}");
    rt_str b =
        text.data ? text : RT_STR("{% macro f(x) %}{{ x }}{% endmacro %}");

    rt_template_env *env = rt_template_env_new(
            .loader = rt_template_memory(arena, "main", main, "a", a, "b", b),
            .autoescape = options & 1 ? RT_AUTOESCAPE_ON : RT_AUTOESCAPE_OFF,
            .undefined = (rt_undefined_mode)(options >> 1 & 3),
            .sandbox = (rt_sandbox_mode)((options >> 3 & 3) % 3),
            .syntax = {.ext_do = true,
                       .ext_loopcontrols = true,
                       .ext_i18n = true,
                       .ext_debug = options & 64,
                       .trim_blocks = options & 32,
                       .lstrip_blocks = options & 32},
            .translator = {.translate = translate, .newstyle = options & 128},
            .limits = {.output_bytes = OUTPUT_MAX,
                       .steps = STEPS_MAX,
                       .depth = DEPTH_MAX,
                       .memory_bytes = MEMORY_MAX});
    rt_template_env_filter(env, "last_of", last_of, NULL, RT_TEMPLATE_PURE);
    rt_template_env_test(env, "last_of", last_of, NULL, 0);
    rt_template_env_function(env, "last_of", last_of, NULL, 0);
    rt_template_env_global(env, "thing",
                           rt_object_new(arena, &thing_vtable, NULL));
    return env;
}

static rt_str render(rt_template_env *env, rt_arena *arena)
{
    rt_template *t = NULL;
    rt_template_error error = {0};
    rt_buf out;
    rt_value context;

    rt_buf_init(&out, arena);
    assert(
        !rt_json_parse(arena, rt_str_from(context_json), NULL, &context, NULL));
    rt_status st = rt_template_get(env, arena, RT_STR("main"), &t, &error);
    if (!st)
        st = rt_template_render(t, arena, context, &out, &error);
    rt_template_put(t);
    assert((st != RT_OK) == (error.kind != RT_TEMPLATE_OK));
    if (st) {
        rt_str text = rt_template_error_text(arena, &error);
        assert(rt_utf8_valid(text));
    }
    assert(out.len <= OUTPUT_MAX);
    assert(rt_utf8_valid(rt_buf_str(&out)));
    return rt_buf_str(&out);
}

// What is random, or goes by addresses, is not the same twice.
static bool is_repeatable(rt_str text)
{
    return rt_str_find(text, RT_STR("random")) == RT_STR_NONE &&
           rt_str_find(text, RT_STR("lipsum")) == RT_STR_NONE &&
           rt_str_find(text, RT_STR("debug")) == RT_STR_NONE;
}

static void look_at(rt_template_env *env, rt_arena *arena, rt_str source)
{
    rt_value names;
    rt_buf code;

    if (!rt_template_undeclared(env, arena, source, &names, NULL))
        assert(names.kind == RT_LIST);
    if (!rt_template_references(env, arena, source, &names, NULL))
        assert(names.kind == RT_LIST);
    rt_buf_init(&code, arena);
    (void)!rt_template_dump(env, arena, source, RT_TEMPLATE_CODE, &code, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static rt_arena arena;
    rt_str text = rt_str_of(data, size);
    rt_str first = rt_str_take(&text, 1);
    unsigned options = first.len ? (unsigned char)first.data[0] : 0;

    rt_template_env *env = make_env(&arena, options, text);
    rt_str once = render(env, &arena);
    rt_str again = render(env, &arena);
    if (is_repeatable(text))
        assert(rt_str_eq(once, again));
    look_at(env, &arena, rt_str_cut(&text, '\x1e'));
    rt_template_env_free(env);
    rt_arena_reset(&arena);
    return 0;
}
