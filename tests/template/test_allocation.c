// What is printed is written where it belongs: however much that is, a render
// takes no more memory beside its output.
#include "rendering.h"

#define BLOCK_BYTES ((size_t)1 << 20) // of which no render here takes all

static rt_value rows_of(int n)
{
    rt_value rows = rt_list_new(&arena);
    for (int i = 0; i < n; i++)
        (void)!rt_list_push(
            rows, dict_of("id", i, "name", "Ann & <Bob>", "price", i * 1.25,
                          "sold", i % 2 == 0, "tags",
                          rt_list_of(&arena, (rt_value[]){RT("x")}, 1)));
    return rows;
}

// The bytes that a render takes from its arena; the output has one of its own.
static size_t bytes_of(rt_template *t, int rows)
{
    rt_arena work = {0}, printed = {0};
    rt_buf out;
    rt_arena_init(&work, BLOCK_BYTES);
    rt_buf_init(&out, &printed);
    rt_value context = dict_of("rows", rows_of(rows));
    (void)rt_arena_alloc(&work, 1); // so that there is a block
    rt_arena_mark before = rt_arena_save(&work);
    CHECK_EQ(rt_template_render(t, &work, context, &out, NULL), RT_OK);
    rt_arena_mark after = rt_arena_save(&work);
    CHECK(out.len >= (size_t)rows);
    CHECK(before.block == after.block);
    rt_arena_deinit(&work);
    rt_arena_deinit(&printed);
    return (size_t)(after.next - before.next);
}

RT_TEST(what_is_printed_takes_no_memory_but_the_output)
{
    static const char *const sources[] = {
        "{% for r in rows %}some text{% endfor %}",
        "{% for r in rows %}<p>{{ r.id }} {{ r.name }} {{ r.price }} "
        "{{ r.sold }}</p>{% endfor %}",
        "{% for r in rows %}{{ r.name|safe }}{{ r.id|default(1) }}{% endfor %}",
        "{% for r in rows %}{% if r.id == 7 or not r.sold %}a{% else %}b"
        "{% endif %}{% endfor %}",
        "{% for r in rows %}{% set n = r.id + 1 %}{{ n }}{% endfor %}",
        "{% for r in rows %}{{ loop.index }}{{ loop.cycle('a', 'b') }}"
        "{% if not loop.last %}, {% endif %}{% endfor %}",
        "{% for r in rows %}{% for t in r.tags %}{{ t }}{% endfor %}"
        "{% endfor %}",
        "{% macro link(to, text='t') %}<a href=\"{{ to }}\">{{ text }}</a>"
        "{% endmacro %}{% for r in rows %}{{ link(r.id) }}"
        "{{ link(r.id, text=r.name) }}{% endfor %}",
    };

    rt_template_env *env = rt_template_env_new(.autoescape = RT_AUTOESCAPE_ON);
    for (size_t i = 0; i < RT_COUNT(sources); i++) {
        rt_template *t;
        RT_CASE(sources[i]);
        REQUIRE(
            !rt_template_parse(env, &arena, rt_str_from(sources[i]), &t, NULL));
        CHECK_EQ(bytes_of(t, 1000), bytes_of(t, 10));
        rt_template_put(t);
    }
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}
