// Templates are compiled anew when their source has changed.
#include <retort/template.h>
#include <retort/test.h>

static rt_arena arena;
static const char *source;
static uint64_t stamp;
static int looked; // at the stamp

static rt_status load(void *self, rt_arena *to, rt_str name,
                      rt_template_source *out)
{
    (void)self;
    (void)to;
    (void)name;
    *out = (rt_template_source){.text = rt_str_from(source), .stamp = stamp};
    return RT_OK;
}

static uint64_t look(void *self, rt_str name)
{
    (void)self;
    (void)name;
    looked++;
    return stamp;
}

static rt_template *get(rt_template_env *env)
{
    rt_template *t;
    REQUIRE(!rt_template_get(env, &arena, RT_STR("t"), &t, NULL));
    return t;
}

static rt_str render(rt_template *t)
{
    rt_buf out;
    rt_buf_init(&out, &arena);
    CHECK_EQ(rt_template_render(t, &arena, rt_dict_new(&arena), &out, NULL),
             RT_OK);
    return rt_buf_str(&out);
}

static rt_str render_now(rt_template_env *env)
{
    rt_template *t = get(env);
    rt_str text = render(t);
    rt_template_put(t);
    return text;
}

static void change(const char *text)
{
    source = text;
    stamp++;
}

static rt_template_env *new_env(int reload_ms)
{
    looked = 0;
    change("one");
    return rt_template_env_new(.loader = {.load = load, .stamp = look},
                               .reload_ms = reload_ms);
}

RT_TEST(a_change_is_seen_when_the_template_is_got)
{
    rt_template_env *env = new_env(0);
    rt_template *old = get(env);
    change("two");
    CHECK_EQ(render_now(env), "two");
    CHECK_EQ(render_now(env), "two");
    CHECK_EQ(render(old), "one"); // it is used, so it stays
    rt_template_put(old);
    CHECK_EQ(looked, 2);
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}

RT_TEST(with_an_interval_the_source_is_not_looked_at_each_time)
{
    rt_template_env *env = new_env(1000 * 60 * 60);
    CHECK_EQ(render_now(env), "one");
    change("two");
    for (int i = 0; i < 100; i++)
        CHECK_EQ(render_now(env), "one");
    CHECK_EQ(looked, 0);
    rt_template_env_set_reload(env, 1000 * 60 * 60); // begins anew
    CHECK_EQ(render_now(env), "two");
    change("three");
    CHECK_EQ(render_now(env), "two");
    CHECK_EQ(looked, 1);
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}

RT_TEST(a_change_is_seen_when_the_interval_is_over)
{
    rt_template_env *env = new_env(1);
    CHECK_EQ(render_now(env), "one");
    change("two");
    while (rt_str_eq(render_now(env), RT_STR("one")))
        rt_arena_reset(&arena);
    CHECK_EQ(render_now(env), "two");
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}

RT_TEST(how_often_can_be_changed_while_an_environment_is_used)
{
    rt_template_env *env = new_env(0);
    CHECK_EQ(render_now(env), "one");
    rt_template_env_set_reload(env, -1);
    change("two");
    CHECK_EQ(render_now(env), "one");
    rt_template_env_set_reload(env, 0);
    CHECK_EQ(render_now(env), "two");
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}
