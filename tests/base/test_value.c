// Values: what RT makes of C's types, and how values compare.
#include <limits.h>
#include <math.h>
#include <sys/types.h>
#include <time.h>

#include <retort/base/hash.h>
#include <retort/base/pairs.h>
#include <retort/test.h>

#include "retort/base/value.h"

#define LIST(arena, ...)  rt_list_of((arena), RT_VALUES_FROM2(0, __VA_ARGS__))
#define TUPLE(arena, ...) rt_tuple_of((arena), RT_VALUES_FROM2(0, __VA_ARGS__))

static rt_arena arena;

// ---- making ------------------------------------------------------------------

enum color {
    RED,
    GREEN
};

RT_TEST(rt_takes_every_number_type_of_c)
{
    const int constant = 5;
    enum color color = GREEN;
    char c = 'c';

    const struct {
        const char *type;
        rt_value v;
        rt_kind kind;
        const char *text;
    } rows[] = {
        {"bool", RT((bool)1), RT_BOOL, "True"},
        {"true", RT(true), RT_BOOL, "True"},
        {"false", RT(false), RT_BOOL, "False"},
        {"comparison", RT(1 < 2), RT_INT, "1"}, // an int in C
        {"char", RT(c), RT_INT, "99"},
        {"signed char", RT((signed char)SCHAR_MIN), RT_INT, "-128"},
        {"unsigned char", RT((unsigned char)UCHAR_MAX), RT_INT, "255"},
        {"short", RT((short)SHRT_MIN), RT_INT, "-32768"},
        {"unsigned short", RT((unsigned short)USHRT_MAX), RT_INT, "65535"},
        {"int", RT(INT_MIN), RT_INT, "-2147483648"},
        {"const int", RT(constant), RT_INT, "5"},
        {"enum", RT(color), RT_INT, "1"},
        {"enum constant", RT(GREEN), RT_INT, "1"},
        {"unsigned", RT(UINT_MAX), RT_INT, "4294967295"},
        {"long", RT(LONG_MIN), RT_INT, "-9223372036854775808"},
        {"unsigned long", RT((unsigned long)LONG_MAX), RT_INT,
         "9223372036854775807"},
        {"long long", RT(LLONG_MAX), RT_INT, "9223372036854775807"},
        {"unsigned long long", RT(7ULL), RT_INT, "7"},
        {"int64_t", RT((int64_t)-7), RT_INT, "-7"},
        {"uint64_t", RT((uint64_t)7), RT_INT, "7"},
        {"size_t", RT(sizeof(int32_t)), RT_INT, "4"},
        {"ssize_t", RT((ssize_t)-1), RT_INT, "-1"},
        {"time_t", RT((time_t)7), RT_INT, "7"},
        {"float", RT(0.5f), RT_FLOAT, "0.5"},
        {"double", RT(2.0), RT_FLOAT, "2.0"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].type);
        CHECK_EQ(rt_value_kind(rows[i].v), rows[i].kind);
        CHECK_EQ(rt_value_text(&arena, rows[i].v), rows[i].text);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(rt_takes_text_and_pointers_to_nothing)
{
    char array[10] = "array";
    char *pointer = array;
    const char *constant = "constant", *nothing = NULL;
    const char fixed[] = "fixed";
    rt_str s = rt_guarded("str");
    rt_value value = RT(7);

    const struct {
        const char *type;
        rt_value v;
        rt_kind kind;
        const char *text;
    } rows[] = {
        {"literal", RT("literal"), RT_STRING, "literal"},
        {"char array", RT(array), RT_STRING, "array"},
        {"char *", RT(pointer), RT_STRING, "array"},
        {"const char *", RT(constant), RT_STRING, "constant"},
        {"const char array", RT(fixed), RT_STRING, "fixed"},
        {"rt_str", RT(s), RT_STRING, "str"},
        {"RT_STR", RT(RT_STR("a")), RT_STRING, "a"},
        {"empty rt_str", RT((rt_str){0}), RT_STRING, ""},
        {"rt_value", RT(value), RT_INT, "7"},
        {"conditional", RT(pointer ? "yes" : "no"), RT_STRING, "yes"},
        {"NULL", RT(NULL), RT_NONE, "None"},
        {"NULL as const char *", RT(nothing), RT_NONE, "None"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].type);
        CHECK_EQ(rt_value_kind(rows[i].v), rows[i].kind);
        CHECK_EQ(rt_value_text(&arena, rows[i].v), rows[i].text);
    }
    rt_arena_deinit(&arena);
}

// The preprocessor does not know _Bool and takes it for zero, as it should.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wundef"
#if true && !false
#define CHOSEN 1
#else
#define CHOSEN 0
#endif
#pragma GCC diagnostic pop

RT_TEST(true_and_false_still_work_in_if)
{
    CHECK_EQ(CHOSEN, 1);
    CHECK_EQ(true, 1);
    CHECK_EQ(false, 0);
    CHECK_EQ(sizeof(true), sizeof(bool));
}

RT_TEST(what_no_value_can_hold_is_a_programming_error)
{
    int object;
    void *pointer = &object;
    rt_str endless = {"", RT_VALUE_TEXT_MAX + 1};

    CHECK_ABORTS((void)RT(pointer), "a pointer is no value");
    CHECK_ABORTS((void)RT(endless), "too long");
    CHECK_ABORTS((void)rt_value_safe(endless), "too long");
    CHECK_ABORTS((void)rt_value_bytes("", endless.len), "too long");
}

RT_TEST(an_unsigned_number_beyond_an_integer_is_a_float)
{
    static const struct {
        uint64_t number;
        rt_kind kind;
        double nearest;
    } rows[] = {
        {0, RT_INT, 0},
        {INT64_MAX, RT_INT, 9223372036854775807.0},
        {(uint64_t)INT64_MAX + 1, RT_FLOAT, 9223372036854775808.0},
        {UINT64_MAX, RT_FLOAT, 18446744073709551616.0},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_value v = RT(rows[i].number);
        CHECK_EQ(rt_value_kind(v), rows[i].kind);
        CHECK(rt_value_as_float(v, -1) == rows[i].nearest);
    }
}

RT_TEST(kinds_have_names)
{
    CHECK_EQ(rt_kind_name(RT_UNDEFINED), "undefined");
    CHECK_EQ(rt_kind_name(RT_NONE), "none");
    CHECK_EQ(rt_kind_name(RT_SAFE), "safe string");
    CHECK_EQ(rt_kind_name(RT_OBJECT), "object");
    CHECK_EQ(rt_kind_name((rt_kind)99), "?");
    CHECK_EQ(sizeof(rt_value), 16u);
    CHECK_EQ(rt_value_kind((rt_value){0}), RT_UNDEFINED);
}

// ---- asking ------------------------------------------------------------------

static size_t no_items(void *self)
{
    (void)self;
    return 0;
}

static size_t two_items(void *self)
{
    (void)self;
    return 2;
}

static bool never(void *self)
{
    (void)self;
    return false;
}

static const rt_vtable plain = {.name = "plain"};
static const rt_vtable empty = {.len = no_items};
static const rt_vtable pair = {.len = two_items};
static const rt_vtable untrue = {.len = two_items, .is_true = never};

RT_TEST(truth_is_pythons)
{
    static const uint8_t zero_uuid[16];
    rt_value entry = rt_dict_new(&arena);
    CHECK(rt_dict_set(entry, RT(0), RT(0)) == RT_OK);

    const struct {
        const char *name;
        rt_value v;
        bool is_true;
    } rows[] = {
        {"undefined", rt_value_undefined(), false},
        {"none", rt_value_none(), false},
        {"true", RT(true), true},
        {"false", RT(false), false},
        {"0", RT(0), false},
        {"-1", RT(-1), true},
        {"0.0", RT(0.0), false},
        {"-0.0", RT(-0.0), false},
        {"nan", RT((double)NAN), true},
        {"1e-300", RT(1e-300), true},
        {"''", RT(""), false},
        {"'0'", RT("0"), true},
        {"Markup('')", rt_value_safe(RT_STR("")), false},
        {"Markup('a')", rt_value_safe(RT_STR("a")), true},
        {"b''", rt_value_bytes(NULL, 0), false},
        {"b'\\0'", rt_value_bytes("", 1), true},
        {"[]", rt_list_new(&arena), false},
        {"[0]", LIST(&arena, 0), true},
        {"()", rt_tuple_of(&arena, NULL, 0), false},
        {"(0,)", TUPLE(&arena, 0), true},
        {"{}", rt_dict_new(&arena), false},
        {"{0: 0}", entry, true},
        {"the epoch", rt_value_date(0), true},
        {"a zero uuid", rt_value_uuid(zero_uuid), true},
        {"object", rt_object_new(&arena, &plain, NULL), true},
        {"empty object", rt_object_new(&arena, &empty, NULL), false},
        {"object of two", rt_object_new(&arena, &pair, NULL), true},
        {"untrue object", rt_object_new(&arena, &untrue, NULL), false},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].name);
        CHECK_EQ(rt_value_is_true(rows[i].v), rows[i].is_true);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(numbers_are_read_as_integers_and_floats)
{
    const struct {
        const char *name;
        rt_value v;
        int64_t integer; // -99: none
        double number;   // -99: none
    } rows[] = {
        {"7", RT(7), 7, 7.0},
        {"true", RT(true), 1, 1.0},
        {"false", RT(false), 0, 0.0},
        {"7.0", RT(7.0), 7, 7.0},
        {"7.5", RT(7.5), -99, 7.5},
        {"-0.0", RT(-0.0), 0, 0.0},
        {"2^62", RT(0x1p62), (int64_t)1 << 62, 0x1p62},
        {"2^63", RT(0x1p63), -99, 0x1p63},
        {"-2^63", RT(-0x1p63), INT64_MIN, -0x1p63},
        {"below -2^63", RT(-0x1.0000000000001p63), -99, -0x1.0000000000001p63},
        {"1e300", RT(1e300), -99, 1e300},
        {"inf", RT((double)INFINITY), -99, (double)INFINITY},
        {"'7'", RT("7"), -99, -99},
        {"none", rt_value_none(), -99, -99},
        {"undefined", rt_value_undefined(), -99, -99},
        {"date", rt_value_date(7), -99, -99},
        {"list", rt_list_new(&arena), -99, -99},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].name);
        CHECK_EQ(rt_value_as_int(rows[i].v, -99), rows[i].integer);
        CHECK(rt_value_as_float(rows[i].v, -99) == rows[i].number);
    }
    CHECK_EQ(rt_value_as_int(RT((double)NAN), -99), -99);
    CHECK(isnan(rt_value_as_float(RT((double)NAN), -99)));
    rt_arena_deinit(&arena);
}

RT_TEST(text_is_read_as_bytes_and_as_c_string)
{
    const char *literal = "literal";

    const struct {
        const char *name;
        rt_value v;
        rt_str bytes;
        const char *cstr;
    } rows[] = {
        {"string", RT(rt_guarded("str")), RT_STR("str"), "str"},
        {"safe", rt_value_safe(rt_guarded("<b>")), RT_STR("<b>"), "<b>"},
        {"bytes", rt_value_bytes("a\xff", 2), RT_STR("a\xff"), "b'a\\xff'"},
        {"int", RT(7), RT_STR(""), "7"},
        {"none", rt_value_none(), RT_STR(""), "None"},
        {"undefined", rt_value_undefined(), RT_STR(""), ""},
        {"list", LIST(&arena, 1), RT_STR(""), "[1]"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].name);
        CHECK_EQ(rt_value_as_str(rows[i].v), rows[i].bytes);
        CHECK(rt_value_as_str(rows[i].v).data != NULL);
        CHECK_EQ(rt_value_as_cstr(&arena, rows[i].v), rows[i].cstr);
        // A copy has its NUL already, and says the same.
        rt_value copy = rt_value_copy(&arena, rows[i].v);
        CHECK_EQ(rt_value_as_str(copy), rows[i].bytes);
        CHECK_EQ(rt_value_as_cstr(&arena, copy), rows[i].cstr);
    }
    CHECK(rt_value_as_cstr(&arena, RT(literal)) == literal); // no copy
    CHECK(rt_value_as_str((rt_value){.kind = RT_UNDEFINED}).data != NULL);
    CHECK(rt_value_as_str(RT((rt_str){0})).data != NULL);
    rt_arena_deinit(&arena);
}

// ---- comparing ---------------------------------------------------------------

RT_TEST(values_are_equal_within_their_group_and_hash_alike)
{
    static const uint8_t uuid[16] = {1}, other_uuid[16] = {2};
    int self, other;
    rt_value one_two = LIST(&arena, 1, 2);
    rt_value ab = rt_dict_new(&arena), ba = rt_dict_new(&arena);
    rt_value a_only = rt_dict_new(&arena), a_none = rt_dict_new(&arena);
    CHECK(!rt_dict_set(ab, RT("a"), RT(1)) && !rt_dict_set(ab, RT("b"), RT(2)));
    CHECK(!rt_dict_set(ba, RT("b"), RT(2.0)) &&
          !rt_dict_set(ba, RT("a"), RT(true)));
    CHECK(!rt_dict_set(a_only, RT("a"), RT(1)));
    CHECK(!rt_dict_set(a_none, RT("x"), rt_value_undefined()));

    const struct {
        int group;
        rt_value v;
    } rows[] = {
        {0, rt_value_undefined()},
        {1, rt_value_none()},
        {2, RT(true)},
        {2, RT(1)},
        {2, RT(1.0)},
        {3, RT(false)},
        {3, RT(0)},
        {3, RT(0.0)},
        {3, RT(-0.0)},
        {4, RT(9007199254740993)}, // 2^53 + 1, which no float is
        {5, RT(9007199254740992.0)},
        {5, RT(9007199254740992)},
        {6, RT(INT64_MAX)},
        {7, RT(9223372036854775808.0)}, // 2^63 is not INT64_MAX
        {8, RT(INT64_MIN)},
        {8, RT(-9223372036854775808.0)},
        {9, RT(0.5)},
        {10, RT((double)INFINITY)},
        {11, RT("1")},
        {11, rt_value_safe(RT_STR("1"))},
        {11, RT(rt_guarded("1"))},
        {12, rt_value_bytes("1", 1)},
        {13, RT("")},
        {14, rt_value_bytes("", 0)},
        {15, RT(RT_STR("1\0"))},
        {16, one_two},
        {16, LIST(&arena, true, 2.0)},
        {17, LIST(&arena, 2, 1)},
        {18, LIST(&arena, 1)},
        {19, TUPLE(&arena, 1, 2)},
        {19, TUPLE(&arena, 1.0, 2)},
        {20, TUPLE(&arena, 2, 1)},
        {21, rt_list_new(&arena)},
        {22, rt_tuple_of(&arena, NULL, 0)},
        {23, TUPLE(&arena, TUPLE(&arena, 1), 2)},
        {23, TUPLE(&arena, TUPLE(&arena, true), 2.0)},
        {24, TUPLE(&arena, 1, TUPLE(&arena, 2))},
        {25, ab},
        {25, ba}, // whatever the order
        {26, a_only},
        {27, a_none},
        {28, rt_dict_new(&arena)},
        {29, rt_value_date(1)},
        {30, rt_value_date(2)},
        {31, rt_value_uuid(uuid)},
        {31, rt_value_uuid(rt_arena_copy(&arena, uuid, 16))},
        {32, rt_value_uuid(other_uuid)},
        {33, rt_object_new(&arena, &plain, &self)},
        {33, rt_object_new(&arena, &plain, &self)},
        {34, rt_object_new(&arena, &plain, &other)},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++)
        for (size_t j = 0; j < RT_COUNT(rows); j++) {
            uint64_t a, b;
            bool same = rows[i].group == rows[j].group;
            rt_test_case("row %zu and row %zu", i, j);
            CHECK_EQ(rt_value_equal(rows[i].v, rows[j].v), same);
            if (same && rt_value_hash(rows[i].v, &a) == RT_OK &&
                rt_value_hash(rows[j].v, &b) == RT_OK)
                CHECK_EQ(a, b);
        }
    rt_arena_deinit(&arena);
}

RT_TEST(nan_is_not_even_itself)
{
    rt_value nan_value = RT((double)NAN);

    CHECK(!rt_value_equal(nan_value, nan_value));
    CHECK(!rt_value_equal(nan_value, RT(0)));
}

RT_TEST(only_what_does_not_change_can_be_hashed)
{
    uint64_t hash = 42;

    CHECK_EQ(rt_value_hash(rt_list_new(&arena), &hash), RT_E_TYPE);
    CHECK_EQ(rt_value_hash(rt_dict_new(&arena), &hash), RT_E_TYPE);
    CHECK_EQ(rt_value_hash(TUPLE(&arena, rt_dict_new(&arena)), &hash),
             RT_E_TYPE);
    CHECK_EQ(rt_value_hash(TUPLE(&arena, 1, "a"), &hash), RT_OK);
    rt_arena_deinit(&arena);
}

RT_TEST(the_order_in_a_tuple_counts_for_its_hash)
{
    uint64_t ab = 0, ba = 0, nested = 0, flat = 0;

    CHECK(!rt_value_hash(TUPLE(&arena, "a", "b"), &ab));
    CHECK(!rt_value_hash(TUPLE(&arena, "b", "a"), &ba));
    CHECK(ab != ba);
    CHECK(!rt_value_hash(TUPLE(&arena, TUPLE(&arena, "a"), "b"), &nested));
    CHECK(!rt_value_hash(TUPLE(&arena, "a", TUPLE(&arena, "b")), &flat));
    CHECK(nested != flat);
    rt_arena_deinit(&arena);
}

// ---- depth -------------------------------------------------------------------

// A tuple (list) in a tuple in a tuple, `depth` of them around `core`.
static rt_value nest(rt_value core, int depth, bool tuple)
{
    for (int i = 0; i < depth; i++)
        core = tuple ? rt_tuple_of(&arena, &core, 1)
                     : rt_list_of(&arena, &core, 1);
    return core;
}

// A tuple of twice the same tuple of twice the same ...
static rt_value doubled(rt_value v, int times)
{
    for (; times > 0; times--)
        v = rt_tuple_of(&arena, (const rt_value[]){v, v}, 2);
    return v;
}

RT_TEST(nesting_is_followed_to_its_limit)
{
    rt_value deep = nest(RT(1), RT_VALUE_DEPTH_MAX, true);
    rt_value same = nest(RT(1.0), RT_VALUE_DEPTH_MAX, true);
    rt_value other = nest(RT(2), RT_VALUE_DEPTH_MAX, true);
    rt_value deeper = nest(RT(1), RT_VALUE_DEPTH_MAX + 1, true);
    uint64_t hash, same_hash;

    CHECK(rt_value_equal(deep, same));
    CHECK(!rt_value_equal(deep, other));
    CHECK(!rt_value_equal(deeper, deeper));
    CHECK_EQ(rt_value_hash(deep, &hash), RT_OK);
    CHECK_EQ(rt_value_hash(same, &same_hash), RT_OK);
    CHECK_EQ(hash, same_hash);
    CHECK_EQ(rt_value_hash(nest(RT(1), RT_VALUE_DEPTH_MAX + 2, true), &hash),
             RT_E_LIMIT);
    rt_value_freeze(nest(RT(1), 5000, false)); // has no limit to watch
    CHECK_EQ(rt_value_hash(doubled(RT(1), 16), &hash), RT_OK);
    CHECK_EQ(rt_value_hash(doubled(RT(1), 100), &hash), RT_E_LIMIT);

    rt_value copy = rt_value_copy(&arena, deep);
    CHECK(rt_value_equal(copy, deep));
    CHECK_ABORTS((void)rt_value_copy(&arena, deeper), "nested deeper");
    rt_arena_deinit(&arena);
}

RT_TEST(a_list_that_contains_itself_ends_everywhere)
{
    rt_value list = rt_list_new(&arena);
    CHECK(rt_list_push(list, list) == RT_OK);
    CHECK(rt_list_push(list, RT("end")) == RT_OK);

    CHECK_EQ(rt_value_repr(&arena, list), "[[...], 'end']");
    CHECK(!rt_value_equal(list, list));
    rt_value_freeze(list);
    CHECK_EQ(rt_list_push(list, RT(1)), RT_E_FROZEN);
    rt_arena_deinit(&arena);
}

// An object that is as good as the text it holds.
static bool alias_equal(void *self, rt_value other)
{
    return rt_value_is_text(other) &&
           rt_str_eq(rt_value_as_str(other), rt_str_from(self));
}

static uint64_t alias_hash(void *self)
{
    return rt_hash_bytes(self, strlen(self));
}

RT_TEST(objects_can_be_equal_to_other_values)
{
    static const rt_vtable alias = {.equal = alias_equal, .hash = alias_hash};
    char text[] = "key";
    rt_value object = rt_object_new(&arena, &alias, text);
    rt_value dict = rt_dict_new(&arena);

    CHECK(rt_value_equal(object, RT("key")));
    CHECK(rt_value_equal(RT("key"), object));
    CHECK(!rt_value_equal(object, RT("other")));
    CHECK(!rt_value_equal(RT(1), object));
    CHECK(rt_dict_set(dict, RT("key"), RT(1)) == RT_OK);
    CHECK(rt_dict_set(dict, object, RT(2)) == RT_OK);
    CHECK_EQ(rt_dict_len(dict), 1u);
    CHECK_EQ(rt_value_as_int(rt_dict_get(dict, object), 0), 2);
    rt_arena_deinit(&arena);
}

// ---- copies and frozen values ------------------------------------------------

RT_TEST(a_copy_shares_nothing_but_objects)
{
    char text[] = "text", raw[] = "raw", key[] = "key";
    uint8_t uuid[16] = {0xab};
    rt_value dict = rt_dict_new(&arena);
    rt_value list =
        LIST(&arena, text, rt_value_bytes(raw, 3), rt_value_uuid(uuid),
             rt_value_safe(rt_str_from(text)), dict, TUPLE(&arena, text),
             rt_value_date(0), 2.5, rt_object_new(&arena, &plain, &arena));
    CHECK(rt_dict_set(dict, RT(key), LIST(&arena, text)) == RT_OK);
    rt_str before = rt_value_repr(&arena, list);
    rt_arena longer = {0};
    rt_value copy = rt_value_copy(&longer, list);

    text[0] = raw[0] = key[0] = 'X';
    uuid[0] = 0;
    CHECK(rt_dict_set(dict, RT("new"), RT(1)) == RT_OK);
    CHECK(rt_list_push(list, RT("new")) == RT_OK);
    CHECK_EQ(rt_value_repr(&longer, copy), before);

    rt_arena_deinit(&arena);
    CHECK(rt_str_starts_with(rt_value_repr(&longer, copy),
                             RT_STR("['text', b'raw', UUID('ab000000-0000-")));
    CHECK(rt_list_push(copy, RT(1)) == RT_OK);
    rt_arena_deinit(&longer);
}

RT_TEST(freezing_reaches_everything_and_a_copy_is_free_again)
{
    rt_value inner = LIST(&arena, 1), innermost = rt_list_new(&arena);
    rt_value dict = rt_dict_new(&arena);
    rt_value list = LIST(&arena, inner, dict, TUPLE(&arena, innermost));
    CHECK(rt_dict_set(dict, RT("list"), LIST(&arena, 2)) == RT_OK);
    rt_value in_dict = rt_dict_get(dict, RT("list"));

    rt_value_freeze(list);
    CHECK_EQ(rt_list_push(list, RT(1)), RT_E_FROZEN);
    CHECK_EQ(rt_list_push(inner, RT(1)), RT_E_FROZEN);
    CHECK_EQ(rt_list_push(innermost, RT(1)), RT_E_FROZEN);
    CHECK_EQ(rt_list_push(in_dict, RT(1)), RT_E_FROZEN);
    CHECK_EQ(rt_dict_set(dict, RT("a"), RT(1)), RT_E_FROZEN);
    rt_value_freeze(list); // again changes nothing
    rt_value_freeze(RT("text"));

    rt_value copy = rt_value_copy(&arena, list);
    CHECK_EQ(rt_list_push(copy, RT(1)), RT_OK);
    CHECK_EQ(rt_list_push(rt_list_get(copy, 0), RT(1)), RT_OK);
    CHECK_EQ(rt_dict_set(rt_list_get(copy, 1), RT("a"), RT(1)), RT_OK);
    CHECK_EQ(rt_value_repr(&arena, list), "[[1], {'list': [2]}, ([],)]");
    rt_arena_deinit(&arena);
}
