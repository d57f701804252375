// Values that are lists and tuples.
#include <retort/base/pairs.h>
#include <retort/base/value.h>
#include <retort/test.h>

#define LIST(arena, ...)  rt_list_of((arena), RT_VALUES_FROM2(0, __VA_ARGS__))
#define TUPLE(arena, ...) rt_tuple_of((arena), RT_VALUES_FROM2(0, __VA_ARGS__))

static rt_arena arena;

static rt_str repr(rt_value v)
{
    return rt_value_repr(&arena, v);
}

RT_TEST(a_list_grows_at_its_end)
{
    rt_value list = rt_list_new(&arena);

    CHECK_EQ(rt_list_len(list), 0u);
    for (int64_t i = 0; i < 1000; i++) {
        CHECK(rt_list_push(list, RT(i)) == RT_OK);
        rt_arena_alloc(&arena, 8); // so that growing has to move
    }
    CHECK_EQ(rt_list_len(list), 1000u);
    int64_t expected = 0;
    rt_list_each(item, list)
        CHECK_EQ(rt_value_as_int(*item, -1), expected++);
    CHECK_EQ(expected, 1000);
    rt_arena_deinit(&arena);
}

RT_TEST(a_list_of_values_is_a_copy_of_the_array)
{
    rt_value items[] = {RT(1), RT("a")};
    rt_value list = rt_list_of(&arena, items, 2);
    rt_value tuple = rt_tuple_of(&arena, items, 2);

    items[0] = RT(9);
    CHECK_EQ(repr(list), "[1, 'a']");
    CHECK_EQ(repr(tuple), "(1, 'a')");
    CHECK_EQ(repr(rt_list_of(&arena, NULL, 0)), "[]");
    CHECK_EQ(repr(rt_tuple_of(&arena, NULL, 0)), "()");
    rt_arena_deinit(&arena);
}

RT_TEST(a_list_is_referred_to_and_not_copied)
{
    rt_value list = LIST(&arena, 1);
    rt_value outer = LIST(&arena, list, list);

    CHECK(rt_list_push(list, RT(2)) == RT_OK);
    CHECK_EQ(repr(outer), "[[1, 2], [1, 2]]");
    rt_arena_deinit(&arena);
}

RT_TEST(indices_count_from_either_end)
{
    static const struct {
        int64_t index;
        const char *item;                     // "Undefined" beyond the ends
        const char *set, *inserted, *removed; // NULL: RT_E_RANGE
    } rows[] = {
        {0, "'a'", "[0, 'b', 'c']", "[0, 'a', 'b', 'c']", "['b', 'c']"},
        {1, "'b'", "['a', 0, 'c']", "['a', 0, 'b', 'c']", "['a', 'c']"},
        {2, "'c'", "['a', 'b', 0]", "['a', 'b', 0, 'c']", "['a', 'b']"},
        {3, "Undefined", NULL, "['a', 'b', 'c', 0]", NULL},
        {4, "Undefined", NULL, "['a', 'b', 'c', 0]", NULL},
        {-1, "'c'", "['a', 'b', 0]", "['a', 'b', 0, 'c']", "['a', 'b']"},
        {-3, "'a'", "[0, 'b', 'c']", "[0, 'a', 'b', 'c']", "['b', 'c']"},
        {-4, "Undefined", NULL, "[0, 'a', 'b', 'c']", NULL},
        {INT64_MAX, "Undefined", NULL, "['a', 'b', 'c', 0]", NULL},
        {INT64_MIN, "Undefined", NULL, "[0, 'a', 'b', 'c']", NULL},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        int64_t at = rows[i].index;
        rt_test_case("index %lld", (long long)at);
        rt_value list = LIST(&arena, "a", "b", "c");
        CHECK_EQ(repr(rt_list_get(list, at)), rows[i].item);
        CHECK(rt_list_insert(list, at, RT(0)) == RT_OK);
        CHECK_EQ(repr(list), rows[i].inserted);

        list = LIST(&arena, "a", "b", "c");
        rt_status st = rt_list_set(list, at, RT(0));
        CHECK_EQ(st, rows[i].set ? RT_OK : RT_E_RANGE);
        CHECK_EQ(repr(list), rows[i].set ? rows[i].set : "['a', 'b', 'c']");

        list = LIST(&arena, "a", "b", "c");
        st = rt_list_remove(list, at);
        CHECK_EQ(st, rows[i].removed ? RT_OK : RT_E_RANGE);
        CHECK_EQ(repr(list),
                 rows[i].removed ? rows[i].removed : "['a', 'b', 'c']");
    }
    rt_arena_deinit(&arena);
}

RT_TEST(an_emptied_list_takes_items_again)
{
    rt_value list = LIST(&arena, 1);

    CHECK(rt_list_remove(list, 0) == RT_OK);
    CHECK_EQ(repr(list), "[]");
    CHECK(rt_list_remove(list, 0) == RT_E_RANGE);
    CHECK(rt_list_insert(list, 0, RT(2)) == RT_OK);
    CHECK_EQ(repr(list), "[2]");
    rt_arena_deinit(&arena);
}

RT_TEST(only_lists_that_are_not_frozen_change)
{
    rt_value frozen = LIST(&arena, 1);
    rt_value_freeze(frozen);

    const struct {
        const char *name;
        rt_value v;
        rt_status status;
        size_t len;
    } rows[] = {
        {"tuple", TUPLE(&arena, 1), RT_E_TYPE, 1},
        {"frozen list", frozen, RT_E_FROZEN, 1},
        {"dict", rt_dict_new(&arena), RT_E_TYPE, 0},
        {"string", RT("a"), RT_E_TYPE, 0},
        {"undefined", rt_value_undefined(), RT_E_TYPE, 0},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_value v = rows[i].v;
        RT_CASE(rows[i].name);
        CHECK_EQ(rt_list_push(v, RT(2)), rows[i].status);
        CHECK_EQ(rt_list_insert(v, 0, RT(2)), rows[i].status);
        CHECK_EQ(rt_list_set(v, 0, RT(2)), rows[i].status);
        CHECK_EQ(rt_list_remove(v, 0), rows[i].status);
        CHECK_EQ(rt_list_len(v), rows[i].len);
        CHECK_EQ(rt_value_as_int(rt_list_get(v, 0), 0), (int64_t)rows[i].len);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(what_is_no_list_has_no_items_to_visit)
{
    rt_value rows[] = {rt_value_undefined(), RT(3), RT("abc"),
                       rt_dict_new(&arena), rt_list_new(&arena)};
    int visits = 0;

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        CHECK(rt_list_items(rows[i]) != NULL);
        rt_list_each(item, rows[i])
            visits++;
    }
    CHECK_EQ(visits, 0);
    rt_arena_deinit(&arena);
}

RT_TEST(stepping_follows_a_list_that_grows)
{
    rt_value list = rt_list_of(&arena, (const rt_value[]){RT(1), RT(2)}, 2);
    rt_value item;
    size_t at = 0;
    int64_t sum = 0;

    while (rt_list_next(list, &at, &item)) {
        sum += rt_value_as_int(item, 0);
        if (rt_list_len(list) < 4)
            CHECK(rt_list_push(list, RT(10)) == RT_OK);
    }
    CHECK_EQ(sum, 23);
    CHECK_EQ(at, 4u);
    at = 0;
    CHECK(!rt_list_next(RT("text"), &at, &item));
    rt_arena_deinit(&arena);
}
