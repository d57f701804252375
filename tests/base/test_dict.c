// Values that are dicts.
#include <retort/base/format.h>
#include <retort/base/pairs.h>
#include <retort/base/value.h>
#include <retort/test.h>

#define TUPLE(arena, ...) rt_tuple_of((arena), RT_VALUES_FROM2(0, __VA_ARGS__))

static rt_arena arena;

static rt_str repr(rt_value v)
{
    return rt_value_repr(&arena, v);
}

static void set(rt_value dict, rt_value key, rt_value value)
{
    CHECK(rt_dict_set(dict, key, value) == RT_OK);
}

RT_TEST(entries_keep_the_order_of_insertion)
{
    rt_value dict = rt_dict_new(&arena);

    CHECK_EQ(rt_dict_len(dict), 0u);
    set(dict, RT("b"), RT(1));
    set(dict, RT("a"), RT(2));
    set(dict, RT(3), RT(3));
    set(dict, RT("b"), RT(4)); // replaced in its place
    CHECK_EQ(repr(dict), "{'b': 4, 'a': 2, 3: 3}");
    CHECK_EQ(rt_dict_len(dict), 3u);

    CHECK(rt_dict_remove(dict, RT("b")) == RT_OK);
    CHECK(rt_dict_remove(dict, RT("b")) == RT_E_NOT_FOUND);
    CHECK_EQ(repr(dict), "{'a': 2, 3: 3}");
    set(dict, RT("b"), RT(5)); // removed and added: at the end
    CHECK_EQ(repr(dict), "{'a': 2, 3: 3, 'b': 5}");
    rt_arena_deinit(&arena);
}

RT_TEST(one_and_one_point_zero_and_true_are_one_key)
{
    rt_value dict = rt_dict_new(&arena);

    set(dict, RT(1), RT("int"));
    set(dict, RT(1.0), RT("float"));
    set(dict, RT(true), RT("bool"));
    CHECK_EQ(repr(dict), "{1: 'bool'}"); // the first key, the last value
    set(dict, RT(false), RT("no"));
    set(dict, RT(-0.0), RT("zero"));
    CHECK_EQ(repr(dict), "{1: 'bool', False: 'zero'}");
    CHECK(rt_dict_remove(dict, RT(1.0)) == RT_OK);
    CHECK_EQ(rt_dict_len(dict), 1u);
    rt_arena_deinit(&arena);
}

RT_TEST(every_kind_that_does_not_change_can_be_a_key)
{
    static const uint8_t uuid[16] = {1};
    static const rt_vtable thing = {.name = "thing"};
    int self;

    const struct {
        const char *name;
        rt_value key, same; // `same` is equal and lies elsewhere
    } rows[] = {
        {"undefined", rt_value_undefined(), rt_value_undefined()},
        {"none", rt_value_none(), rt_value_none()},
        {"int", RT(7), RT(7.0)},
        {"beyond 2^53", RT(9007199254740993), RT(9007199254740993)},
        {"float", RT(0.5), RT(0.5f)},
        {"huge float", RT(1e300), RT(1e300)},
        {"string", RT("7"), RT(rt_guarded("7"))},
        {"bytes", rt_value_bytes("7", 1), rt_value_bytes("7\0", 1)},
        {"date", rt_value_date(7), rt_value_date(7)},
        {"uuid", rt_value_uuid(uuid),
         rt_value_uuid(rt_arena_copy(&arena, uuid, 16))},
        {"object", rt_object_new(&arena, &thing, &self),
         rt_object_new(&arena, &thing, &self)},
        {"empty tuple", rt_tuple_of(&arena, NULL, 0),
         rt_tuple_of(&arena, NULL, 0)},
        {"tuple", TUPLE(&arena, 7), TUPLE(&arena, 7.0)},
        {"tuples in a tuple", TUPLE(&arena, TUPLE(&arena, 1, "a"), 2),
         TUPLE(&arena, TUPLE(&arena, true, "a"), 2.0)},
    };

    rt_value dict = rt_dict_new(&arena);

    for (size_t i = 0; i < RT_COUNT(rows); i++)
        set(dict, rows[i].key, RT((int)i));
    CHECK_EQ(rt_dict_len(dict), RT_COUNT(rows));
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].name);
        CHECK(rt_dict_has(dict, rows[i].same));
        CHECK_EQ(rt_value_as_int(rt_dict_get(dict, rows[i].same), -1),
                 (int64_t)i);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(a_safe_string_and_a_string_are_one_key)
{
    rt_value dict = rt_dict_new(&arena);

    set(dict, RT("a"), RT(1));
    CHECK(rt_dict_has(dict, rt_value_safe(RT_STR("a"))));
    CHECK(!rt_dict_has(dict, rt_value_bytes("a", 1)));
    rt_arena_deinit(&arena);
}

RT_TEST(what_changes_cannot_be_a_key)
{
    rt_value list = rt_list_new(&arena), dict = rt_dict_new(&arena);

    const struct {
        const char *name;
        rt_value key;
    } rows[] = {
        {"list", list},
        {"dict", dict},
        {"list in a tuple", TUPLE(&arena, 1, list)},
        {"dict in a tuple in a tuple", TUPLE(&arena, TUPLE(&arena, dict))},
    };

    rt_value target = rt_dict_new(&arena);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].name);
        CHECK_EQ(rt_dict_set(target, rows[i].key, RT(1)), RT_E_TYPE);
        CHECK(!rt_dict_has(target, rows[i].key));
        CHECK(rt_value_is_undefined(rt_dict_get(target, rows[i].key)));
        CHECK(rt_dict_remove(target, rows[i].key) != RT_OK);
    }
    CHECK_EQ(rt_dict_len(target), 0u);
    rt_arena_deinit(&arena);
}

RT_TEST(an_entry_whose_value_is_undefined_is_there)
{
    rt_value dict = rt_dict_new(&arena);

    set(dict, RT("a"), rt_value_undefined());
    CHECK(rt_value_is_undefined(rt_dict_get(dict, RT("a"))));
    CHECK(rt_dict_has(dict, RT("a")));
    CHECK(!rt_dict_has(dict, RT("b")));
    CHECK_EQ(rt_dict_len(dict), 1u);
    rt_arena_deinit(&arena);
}

RT_TEST(text_keys_have_short_forms)
{
    rt_value dict = rt_dict_new(&arena);

    CHECK(rt_dict_set_str(dict, RT_STR("a"), RT(1)) == RT_OK);
    CHECK_EQ(rt_value_as_int(rt_dict_get_str(dict, rt_guarded("a")), 0), 1);
    CHECK_EQ(rt_value_as_int(rt_dict_get(dict, RT("a")), 0), 1);
    CHECK(rt_value_is_undefined(rt_dict_get_str(dict, RT_STR("aa"))));
    rt_arena_deinit(&arena);
}

RT_TEST(only_dicts_that_are_not_frozen_change)
{
    rt_value frozen = rt_dict_new(&arena);
    set(frozen, RT("a"), RT(1));
    rt_value_freeze(frozen);

    const struct {
        const char *name;
        rt_value v;
        rt_status status;
    } rows[] = {
        {"frozen", frozen, RT_E_FROZEN},
        {"list", rt_list_new(&arena), RT_E_TYPE},
        {"string", RT("a"), RT_E_TYPE},
        {"undefined", rt_value_undefined(), RT_E_TYPE},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].name);
        CHECK_EQ(rt_dict_set(rows[i].v, RT("a"), RT(2)), rows[i].status);
        CHECK_EQ(rt_dict_remove(rows[i].v, RT("a")), rows[i].status);
        CHECK_EQ(rt_dict_has(rows[i].v, RT("a")), i == 0);
        CHECK_EQ(rt_dict_len(rows[i].v), i == 0 ? 1u : 0u);
        rt_dict_each(e, rows[i].v)
            CHECK(i == 0);
    }
    CHECK_EQ(repr(frozen), "{'a': 1}");
    rt_arena_deinit(&arena);
}

RT_TEST(many_keys_are_found_while_others_come_and_go)
{
    enum {
        KEYS = 3000
    };

    rt_value dict = rt_dict_new(&arena);

    for (int i = 0; i < KEYS; i++) {
        set(dict, RT(i), RT((int64_t)i * 2));
        if (i % 3 == 2)
            CHECK(rt_dict_remove(dict, RT(i - 1)) == RT_OK);
    }
    CHECK_EQ(rt_dict_len(dict), (size_t)KEYS * 2 / 3);
    for (int i = 0; i < KEYS; i++)
        CHECK_EQ(rt_value_as_int(rt_dict_get(dict, RT(i)), -1),
                 i % 3 == 1 ? -1 : (int64_t)i * 2);

    int next = 0;
    rt_dict_each(e, dict) {
        CHECK_EQ(rt_value_as_int(e->key, -1), next);
        next += next % 3 == 0 ? 2 : 1;
    }
    CHECK_EQ(next, KEYS);
    rt_arena_deinit(&arena);
}

RT_TEST(the_entry_just_visited_may_be_removed)
{
    rt_value dict = rt_dict_new(&arena);
    int visits = 0;

    for (int i = 0; i < 100; i++)
        set(dict, RT(i), RT(i));
    rt_dict_each(e, dict) {
        CHECK_EQ(rt_value_as_int(e->value, -1), visits);
        visits++;
        CHECK(rt_dict_remove(dict, e->key) == RT_OK);
    }
    CHECK_EQ(visits, 100);
    CHECK_EQ(repr(dict), "{}");
    rt_arena_deinit(&arena);
}

RT_TEST(entries_that_come_and_go_take_no_more_and_more_memory)
{
    rt_value dict = rt_dict_new(&arena);

    set(dict, RT("stays"), RT(1));
    for (int i = 0; i < 10000; i++) {
        set(dict, RT(i), RT(i));
        CHECK(rt_dict_remove(dict, RT(i)) == RT_OK);
    }
    CHECK(rt_arena_bytes(&arena) < 8192);
    CHECK_EQ(repr(dict), "{'stays': 1}");
    rt_arena_deinit(&arena);
}

RT_TEST(a_name_is_found_by_its_hash)
{
    rt_value dict = rt_dict_new(&arena);
    rt_str names[] = {RT_STR("name"), RT_STR(""), RT_STR("gone")};
    uint64_t hash[RT_COUNT(names)];

    for (size_t i = 0; i < RT_COUNT(names); i++) {
        CHECK(rt_value_hash(RT(names[i]), &hash[i]) == RT_OK);
        CHECK(!rt_dict_find_hashed(dict, names[i], hash[i]));
        set(dict, i ? RT(names[i]) : rt_value_safe(names[i]), RT((int)i));
    }
    CHECK(rt_dict_remove(dict, RT("gone")) == RT_OK);
    for (size_t i = 0; i < 2; i++) {
        const rt_dict_entry *e =
            rt_dict_find_hashed(dict, rt_guarded(names[i].data), hash[i]);
        if (CHECK(e != NULL))
            CHECK_EQ(rt_value_as_int(e->value, -1), (int)i);
    }
    CHECK(!rt_dict_find_hashed(dict, names[2], hash[2]));
    CHECK(!rt_dict_find_hashed(RT(1), names[0], hash[0]));
    rt_arena_deinit(&arena);
}

RT_TEST(a_hint_is_where_an_entry_was_and_never_wrong)
{
    rt_value dicts[] = {rt_dict_new(&arena), rt_dict_new(&arena),
                        rt_dict_new(&arena), rt_dict_new(&arena), RT(1)};
    rt_dict_key key = {.text = RT_STR("b")};

    CHECK_EQ(rt_value_hash(RT("b"), &key.hash), RT_OK);
    for (int i = 0; i < 2; i++) { // two alike, one shorter, one without it
        set(dicts[i], RT("a"), RT(0));
        set(dicts[i], RT("b"), RT(i));
    }
    set(dicts[2], RT("b"), RT(2));
    set(dicts[3], RT("a"), RT(0));
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < RT_COUNT(dicts); i++) {
            const rt_dict_entry *e = rt_dict_find_key(dicts[i], &key);
            rt_test_case("round %d, dict %zu", round, i);
            CHECK_EQ(e != NULL, i < 3);
            CHECK(!e || (e->value.as.integer == (int64_t)i &&
                         rt_str_eq(rt_value_as_str(e->key), RT_STR("b"))));
            CHECK(i > 1 || key.hint == 1);
        }
    CHECK(rt_dict_find_key(dicts[0], &key) != NULL);
    CHECK_EQ(rt_dict_remove(dicts[0], RT("b")), RT_OK);
    CHECK(!rt_dict_find_key(dicts[0], &key));
    rt_arena_deinit(&arena);
}

// The hash is the same for all, so that nothing but the text tells them apart.
RT_TEST(texts_of_one_hash_differ_wherever_they_differ)
{
    char text[20], other[20];

    memset(text, 'a', sizeof text);
    for (size_t len = 0; len <= sizeof text; len++) {
        rt_value dict = rt_dict_new(&arena);
        rt_str key = rt_str_copy(&arena, rt_str_of(text, len));
        rt_test_case("%zu bytes", len);
        CHECK_EQ(rt_dict_set_hashed(dict, key, 7, RT(1)), RT_OK);
        CHECK_EQ(rt_dict_set_hashed(dict, key, 7, RT(2)), RT_OK);
        CHECK_EQ(rt_dict_len(dict), 1u);
        const rt_dict_entry *e =
            rt_dict_find_hashed(dict, rt_guarded_bytes(text, len), 7);
        if (CHECK(e != NULL))
            CHECK_EQ(rt_value_as_int(e->value, 0), 2);
        for (size_t at = 0; at < len; at++) {
            memcpy(other, text, len);
            other[at] = 'b';
            CHECK(!rt_dict_find_hashed(dict, rt_guarded_bytes(other, len), 7));
        }
        CHECK(!rt_dict_find_hashed(
            dict, rt_str_of("aaaaaaaaaaaaaaaaaaaaa", len + 1), 7));
    }
    rt_arena_deinit(&arena);
}

RT_TEST(what_is_set_by_hash_is_found_by_key)
{
    rt_value dict = rt_dict_new(&arena);
    uint64_t hash;

    for (int i = 0; i < 100; i++) {
        rt_str key = rt_format(&arena, "key {}", i);
        CHECK_EQ(rt_value_hash(rt_value_str(key), &hash), RT_OK);
        CHECK_EQ(rt_dict_set_hashed(dict, key, hash, RT(i)), RT_OK);
        CHECK_EQ(rt_value_as_int(rt_dict_get_str(dict, key), -1), i);
    }
    CHECK_EQ(rt_dict_len(dict), 100u);
    CHECK_EQ(rt_dict_set_hashed(RT(1), RT_STR("x"), 1, RT(1)), RT_E_TYPE);
    rt_value_freeze(dict);
    CHECK_EQ(rt_dict_set_hashed(dict, RT_STR("x"), 1, RT(1)), RT_E_FROZEN);
    rt_arena_deinit(&arena);
}
