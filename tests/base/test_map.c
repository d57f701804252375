#include <stdio.h>

#include <retort/base/buf.h>
#include <retort/test.h>

#include "retort/base/map.h"

// The keys in order: "a b c".
static rt_str keys_of(rt_arena *arena, const rt_map *map)
{
    rt_buf buf;

    rt_buf_init(&buf, arena);
    rt_map_each(entry, map) {
        if (buf.len)
            rt_buf_put_char(&buf, ' ');
        rt_buf_put(&buf, entry->key);
    }
    return rt_buf_str(&buf);
}

RT_TEST(an_empty_map_has_nothing)
{
    rt_arena arena = {0};
    rt_map map;
    rt_map_init(&map, &arena);

    CHECK_EQ(rt_map_len(&map), 0u);
    CHECK(rt_map_get(&map, RT_STR("a")) == NULL);
    CHECK(rt_map_find(&map, RT_STR("a")) == NULL);
    CHECK(!rt_map_del(&map, RT_STR("a")));
    CHECK_EQ(keys_of(&arena, &map), "");
    rt_arena_deinit(&arena);
}

RT_TEST(entries_keep_the_order_of_insertion)
{
    rt_arena arena = {0};
    rt_map map;
    int one = 1, two = 2;
    rt_map_init(&map, &arena);

    rt_map_put(&map, RT_STR("b"), &one);
    rt_map_put(&map, RT_STR("a"), &one);
    rt_map_put(&map, RT_STR("c"), &one);
    rt_map_put(&map, RT_STR("a"), &two); // replaced in its place
    CHECK_EQ(keys_of(&arena, &map), "b a c");
    CHECK_EQ(rt_map_len(&map), 3u);
    CHECK(rt_map_get(&map, RT_STR("a")) == &two);

    CHECK(rt_map_del(&map, RT_STR("b")));
    CHECK(!rt_map_del(&map, RT_STR("b")));
    CHECK(rt_map_get(&map, RT_STR("b")) == NULL);
    CHECK_EQ(keys_of(&arena, &map), "a c");
    rt_map_put(&map, RT_STR("b"), &two); // removed and added: at the end
    CHECK_EQ(keys_of(&arena, &map), "a c b");
    CHECK_EQ(rt_map_len(&map), 3u);
    rt_arena_deinit(&arena);
}

RT_TEST(keys_are_copied_and_may_be_any_bytes)
{
    rt_arena arena = {0};
    rt_map map;
    char key[] = "key";
    int empty, nul, plain;
    rt_map_init(&map, &arena);

    rt_map_put(&map, rt_str_from(key), &plain);
    rt_map_put(&map, RT_STR(""), &empty);
    rt_map_put(&map, RT_STR("a\0b"), &nul);
    key[0] = 'x';
    CHECK(rt_map_get(&map, RT_STR("key")) == &plain);
    CHECK(rt_map_get(&map, (rt_str){NULL, 0}) == &empty);
    CHECK(rt_map_get(&map, RT_STR("a\0b")) == &nul);
    CHECK(rt_map_get(&map, RT_STR("a")) == NULL);
    CHECK_EQ(rt_map_find(&map, RT_STR("key"))->key.data, "key");
    CHECK(rt_map_del(&map, RT_STR("")));
    CHECK(rt_map_get(&map, RT_STR("")) == NULL);
    CHECK_EQ(rt_map_len(&map), 2u);
    rt_arena_deinit(&arena);
}

RT_TEST(a_stored_null_is_not_an_absent_entry)
{
    rt_arena arena = {0};
    rt_map map;
    int one;
    rt_map_init(&map, &arena);

    rt_map_put(&map, RT_STR("a"), NULL);
    CHECK(rt_map_get(&map, RT_STR("a")) == NULL);
    REQUIRE(rt_map_find(&map, RT_STR("a")) != NULL);
    rt_map_find(&map, RT_STR("a"))->value = &one;
    CHECK(rt_map_get(&map, RT_STR("a")) == &one);
    rt_arena_deinit(&arena);
}

static rt_str number_key(char *space, int n)
{
    return rt_str_of(space, (size_t)sprintf(space, "key-%d", n));
}

RT_TEST(many_keys_are_found_while_others_come_and_go)
{
    enum {
        KEYS = 3000
    };

    static int values[KEYS];
    rt_arena arena = {0};
    rt_map map;
    char space[32];
    rt_map_init(&map, &arena);

    for (int i = 0; i < KEYS; i++) {
        rt_map_put(&map, number_key(space, i), &values[i]);
        if (i % 3 == 2)
            CHECK(rt_map_del(&map, number_key(space, i - 1)));
    }
    CHECK_EQ(rt_map_len(&map), (size_t)KEYS * 2 / 3);
    for (int i = 0; i < KEYS; i++)
        CHECK(rt_map_get(&map, number_key(space, i)) ==
              (i % 3 == 1 ? NULL : &values[i]));

    int next = 0;
    rt_map_each(entry, &map) {
        CHECK(entry->value == &values[next]);
        next += next % 3 == 0 ? 2 : 1;
    }
    CHECK_EQ(next, KEYS);
    rt_arena_deinit(&arena);
}

RT_TEST(the_entry_just_visited_may_be_removed)
{
    rt_arena arena = {0};
    rt_map map;
    char space[32];
    int visits = 0;
    rt_map_init(&map, &arena);

    for (int i = 0; i < 100; i++)
        rt_map_put(&map, number_key(space, i), NULL);
    rt_map_each(entry, &map) {
        visits++;
        CHECK(rt_map_del(&map, entry->key));
    }
    CHECK_EQ(visits, 100);
    CHECK_EQ(rt_map_len(&map), 0u);
    rt_arena_deinit(&arena);
}
