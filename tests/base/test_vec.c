#include <retort/base/str.h>
#include <retort/test.h>

#include "retort/base/vec.h"

typedef RT_VEC(int64_t) numbers;

RT_TEST(pushed_elements_keep_their_order_and_value)
{
    rt_arena arena = {0};
    numbers vec = {0};

    for (int64_t i = 0; i < 1000; i++) {
        *rt_vec_push(&arena, &vec) = i * i;
        rt_arena_alloc(&arena, 8); // so that growing has to move
    }
    CHECK_EQ(vec.len, 1000u);
    int64_t expected = 0, seen = 0;
    rt_vec_each(int64_t, n, &vec) {
        CHECK_EQ(*n, expected * expected);
        expected++;
        seen++;
    }
    CHECK_EQ(seen, 1000);
    rt_arena_deinit(&arena);
}

RT_TEST(a_pushed_element_is_zeroed_also_where_one_was_before)
{
    rt_arena arena = {0};
    RT_VEC(rt_str) names = {0};

    for (int i = 0; i < 3; i++)
        *rt_vec_push(&arena, &names) = RT_STR("x");
    names.len = 0;
    for (int i = 0; i < 20; i++) {
        const rt_str *name = rt_vec_push(&arena, &names);
        CHECK(name->data == NULL);
        CHECK_EQ(name->len, 0u);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(an_empty_vector_has_nothing_to_visit)
{
    numbers vec = {0};
    int visits = 0;

    rt_vec_each(int64_t, n, &vec)
        visits++;
    CHECK_EQ(visits, 0);
}

RT_TEST(capacity_doubles_from_eight)
{
    rt_arena arena = {0};
    size_t cap = 0;
    void *items = rt_vec_grow(&arena, NULL, &cap, 3);

    CHECK_EQ(cap, 8u);
    memset(items, 1, 8 * (size_t)3);
    rt_vec_grow(&arena, items, &cap, 3);
    CHECK_EQ(cap, 16u);
    rt_arena_deinit(&arena);
}
