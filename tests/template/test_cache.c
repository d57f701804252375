// The cache of templates: what is kept, dropped and compiled anew.
#include "rendering.h"

// A loader whose sources change.
typedef struct shelf {
    const char *text;
    uint64_t stamp;
    int loads;
} shelf;

static rt_status load_shelf(void *self, rt_arena *a, rt_str name,
                            rt_template_source *out)
{
    shelf *s = self;
    if (!s->text)
        return RT_E_NOT_FOUND;
    s->loads++;
    *out = (rt_template_source){.text = rt_format(a, "{}{}", name, s->text),
                                .stamp = s->stamp};
    return RT_OK;
}

static uint64_t stamp_shelf(void *self, rt_str name)
{
    (void)name;
    return ((shelf *)self)->stamp;
}

static rt_template_loader loader_of(shelf *s)
{
    return (rt_template_loader){.load = load_shelf,
                                .stamp = stamp_shelf,
                                .self = s};
}

static rt_str show(rt_template_env *env, const char *name)
{
    return render_named(env, name, rt_dict_new(&arena));
}

RT_TEST(a_template_is_loaded_again_when_it_has_changed)
{
    shelf s = {"1", 1, 0};
    rt_template_env *env = rt_template_env_new(.loader = loader_of(&s));
    CHECK_EQ(show(env, "a"), "a1");
    CHECK_EQ(show(env, "a"), "a1");
    CHECK_EQ(s.loads, 1);
    s.text = "2"; // unseen, for the stamp is the same
    CHECK_EQ(show(env, "a"), "a1");
    s.stamp = 2;
    CHECK_EQ(show(env, "a"), "a2");
    CHECK_EQ(s.loads, 2);
    s = (shelf){NULL, 0, 0};
    CHECK_EQ(show(env, "a"), "!TemplateNotFound: a");
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}

RT_TEST(without_reload_nobody_looks)
{
    shelf s = {"1", 1, 0};
    rt_template_env *env =
        rt_template_env_new(.loader = loader_of(&s), .no_reload = true);
    CHECK_EQ(show(env, "a"), "a1");
    s = (shelf){"2", 2, 0};
    CHECK_EQ(show(env, "a"), "a1");
    CHECK_EQ(s.loads, 0);
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}

RT_TEST(the_template_unused_for_longest_is_dropped)
{
    shelf s = {"", 1, 0};
    rt_template_env *env =
        rt_template_env_new(.loader = loader_of(&s), .cache_size = 2);
    show(env, "a");
    show(env, "b");
    show(env, "a");
    CHECK_EQ(s.loads, 2);
    show(env, "c"); // b goes
    show(env, "a");
    CHECK_EQ(s.loads, 3);
    show(env, "b"); // c goes
    show(env, "a");
    CHECK_EQ(s.loads, 4);
    show(env, "c");
    CHECK_EQ(s.loads, 5);
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}

RT_TEST(what_was_dropped_takes_no_memory)
{
    shelf s = {"", 1, 0};
    char name[64];
    size_t before = 0;
    rt_template_env *env =
        rt_template_env_new(.loader = loader_of(&s), .cache_size = 3);
    for (int i = 0; i < 4000; i++) {
        snprintf(name, sizeof name, "a template with a long name, %d", i % 20);
        show(env, name);
        rt_arena_deinit(&arena);
        if (i == 100)
            before = rt_arena_bytes_total();
    }
    CHECK_EQ(s.loads, 4000);
    CHECK_EQ(rt_arena_bytes_total(), before);
    rt_template_env_free(env);
}

RT_TEST(an_error_is_not_kept)
{
    shelf s = {"{% if %}", 1, 0};
    rt_template_env *env = rt_template_env_new(.loader = loader_of(&s));
    CHECK_EQ(show(env, "a"),
             "!TemplateSyntaxError: expected an expression, got 'end of "
             "statement block'");
    s.text = "x";
    CHECK_EQ(show(env, "a"), "ax");
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}

// ---- while a template renders ----------------------------------------------------

static shelf shared = {"{{ change() }} {{ n }} {% include 'b' %}", 1, 0};
static rt_template_env *shared_env;

// Replace the source of the template that is rendering, and drop it.
static rt_status change(rt_template_call *call, rt_value *out)
{
    rt_template *t;
    shared.text = " new {{ n }}";
    shared.stamp = 2;
    *out = RT("");
    rt_status st =
        rt_template_get(shared_env, call->arena, RT_STR("a"), &t, NULL);
    if (!st)
        rt_template_put(t);
    return st;
}

RT_TEST(a_template_that_renders_outlives_its_reload)
{
    shared_env =
        rt_template_env_new(.loader = loader_of(&shared), .cache_size = 1);
    rt_template_env_function(shared_env, "change", change, NULL, 0);
    CHECK_EQ(render_named(shared_env, "a", dict_of("n", 5)), "a 5 b new 5");
    CHECK_EQ(render_named(shared_env, "a", dict_of("n", 5)), "a new 5");
    rt_template_env_free(shared_env);
    rt_arena_deinit(&arena);
}

RT_TEST(a_template_that_is_held_outlives_its_environment)
{
    rt_template *t;
    rt_buf out;
    shelf s = {"{{ [1, 2]|join }}{% include 'b' %}", 1, 0};
    rt_template_env *env = rt_template_env_new(.loader = loader_of(&s));
    rt_buf_init(&out, &arena);
    CHECK(!rt_template_get(env, &arena, RT_STR("a"), &t, NULL));
    rt_template_env_free(env);
    s.text = "!"; // of what is included
    CHECK(!rt_template_render(t, &arena, rt_dict_new(&arena), &out, NULL));
    CHECK_EQ(rt_buf_str(&out), "a12b!");
    rt_template_put(t);
    rt_arena_deinit(&arena); // and with it the last of the environment
}

RT_TEST(a_template_outlives_the_cache_while_it_is_held)
{
    rt_template *t;
    rt_buf out;
    shelf s = {"{{ 1 + 1 }}", 1, 0};
    rt_template_env *env =
        rt_template_env_new(.loader = loader_of(&s), .cache_size = 1);
    rt_buf_init(&out, &arena);
    CHECK(!rt_template_get(env, &arena, RT_STR("a"), &t, NULL));
    show(env, "b");
    s.stamp = 2;
    show(env, "a");
    CHECK(!rt_template_render(t, &arena, rt_dict_new(&arena), &out, NULL));
    CHECK_EQ(rt_buf_str(&out), "a2");
    rt_template_put(t);
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}
