// Equality, order and containment. The rows were printed by Python 3.11.
#include "ops_rows.h"

RT_TEST(values_are_equal_as_in_python)
{
    static const struct {
        const char *a, *b;
        bool equal;
    } rows[] = {
        {"1", "1", true},
        {"1", "1.0", true},
        {"1", "True", true},
        {"0", "False", true},
        {"2", "True", false},
        {"1", "'1'", false},
        {"9007199254740993", "9007199254740992.0", false},
        {"9007199254740992", "9007199254740992.0", true},
        {"18446744073709551616", "18446744073709551616", true},
        {"18446744073709551616", "18446744073709551616.0", true},
        {"18446744073709551617", "18446744073709551616.0", false},
        {"18446744073709551616", "-18446744073709551616", false},
        {"-18446744073709551616", "-18446744073709551616.0", true},
        {"nan", "nan", false},
        {"0.0", "-0.0", true},
        {"'a'", "'a'", true},
        {"'a'", "'b'", false},
        {"'<'", "Markup('<')", true},
        {"'a'", "b'a'", false},
        {"b'a'", "b'a'", true},
        {"[1, 2]", "[1.0, True]", false},
        {"[1, [2]]", "[1, [2]]", true},
        {"[1]", "(1,)", false},
        {"(1, 2)", "(1, 2)", true},
        {"(1, 2)", "(1,)", false},
        {"{'a': 1}", "{'a': 1.0}", true},
        {"{'a': 1, 'b': 2}", "{'b': 2, 'a': 1}", true},
        {"{'a': 1}", "{'a': 2}", false},
        {"{'a': 1}", "{'b': 1}", false},
        {"{}", "[]", false},
        {"None", "None", true},
        {"None", "0", false},
        {"None", "False", false},
        {"undefined", "undefined", true},
        {"undefined", "None", false},
        {"undefined", "''", false},
        {"[undefined]", "[undefined]", true},
        {"range(3)", "range(0, 3)", true},
        {"range(0)", "range(5, 2)", true},
        {"range(0, 10, 3)", "range(0, 12, 3)", true},
        {"range(3)", "range(4)", false},
        {"range(3)", "[0, 1, 2]", false},
        {"range(1, 2, 5)", "range(1, 2, 7)", true},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_render *r = render_new();
        rt_value a = literal(r, rows[i].a);
        rt_value b = literal(r, rows[i].b);
        bool out;
        rt_test_case("%s == %s", rows[i].a, rows[i].b);
        CHECK(rt__compare(r, RT__EQ, a, b, &out) == RT_OK);
        CHECK_EQ(out, rows[i].equal);
        CHECK(rt__compare(r, RT__EQ, b, a, &out) == RT_OK);
        CHECK_EQ(out, rows[i].equal);
        CHECK(rt__compare(r, RT__NE, a, b, &out) == RT_OK);
        CHECK_EQ(out, !rows[i].equal);
        rt_arena_reset(&arena);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(values_are_ordered_as_in_python)
{
    // < <= > >=, or the error of the first.
    static const struct {
        const char *a, *b, *answers;
    } rows[] = {
        {"1", "2", "True True False False"},
        {"2", "1", "False False True True"},
        {"1", "1", "False True False True"},
        {"1", "1.5", "True True False False"},
        {"1.5", "1", "False False True True"},
        {"True", "2", "True True False False"},
        {"nan", "1", "False False False False"},
        {"1", "nan", "False False False False"},
        {"9007199254740993", "9007199254740992.0", "False False True True"},
        {"9007199254740992.0", "9007199254740993", "True True False False"},
        {"9223372036854775807", "9223372036854775808.0",
         "True True False False"},
        {"9223372036854775808.0", "9223372036854775807",
         "False False True True"},
        {"-9223372036854775808", "-9223372036854775808.0",
         "False True False True"},
        {"18446744073709551616", "1", "False False True True"},
        {"1", "18446744073709551616", "True True False False"},
        {"-18446744073709551616", "1", "True True False False"},
        {"18446744073709551616", "inf", "True True False False"},
        {"18446744073709551616", "-inf", "False False True True"},
        {"18446744073709551616", "nan", "False False False False"},
        {"18446744073709551616", "18446744073709551615.0",
         "False True False True"},
        {"18446744073709551616", "1e300", "True True False False"},
        {"-18446744073709551616", "-1e300", "False False True True"},
        {"18446744073709551616", "36893488147419103232",
         "True True False False"},
        {"-36893488147419103232", "-18446744073709551616",
         "True True False False"},
        {"18446744073709551616", "0.5", "False False True True"},
        {"'a'", "'b'", "True True False False"},
        {"'a'", "'B'", "False False True True"},
        {"'a'", "'ab'", "True True False False"},
        {"''", "'a'", "True True False False"},
        {"'\\xe9'", "'z'", "False False True True"},
        {"'\\uffff'", "'\\U00010000'", "True True False False"},
        {"'a'", "Markup('b')", "True True False False"},
        {"b'a'", "b'b'", "True True False False"},
        {"[1, 2]", "[1, 3]", "True True False False"},
        {"[1, 2]", "[1]", "False False True True"},
        {"[]", "[1]", "True True False False"},
        {"[1, 'a']", "[2, 1]", "True True False False"},
        {"[[1], 2]", "[[1], 3]", "True True False False"},
        {"[nan]", "[1]", "False False False False"},
        {"(1, 2)", "(1, 3)", "True True False False"},
        {"1", "'a'",
         "!TypeError: '<' not supported between instances of 'int' and 'str'"},
        {"'a'", "1",
         "!TypeError: '<' not supported between instances of 'str' and 'int'"},
        {"None", "None",
         "!TypeError: '<' not supported between instances of 'NoneType' and 'NoneType'"},
        {"None", "1",
         "!TypeError: '<' not supported between instances of 'NoneType' and 'int'"},
        {"[1]", "['a']",
         "!TypeError: '<' not supported between instances of 'int' and 'str'"},
        {"(1,)", "[1]",
         "!TypeError: '<' not supported between instances of 'tuple' and 'list'"},
        {"{}", "{}",
         "!TypeError: '<' not supported between instances of 'dict' and 'dict'"},
        {"{'a': 1}", "{'b': 2}",
         "!TypeError: '<' not supported between instances of 'dict' and 'dict'"},
        {"'a'", "b'a'",
         "!TypeError: '<' not supported between instances of 'str' and 'bytes'"},
        {"undefined", "1", "!UndefinedError: 'x' is undefined"},
        {"1", "undefined", "!UndefinedError: 'x' is undefined"},
        {"[undefined]", "[1]", "!UndefinedError: 'x' is undefined"},
        {"range(3)", "range(4)",
         "!TypeError: '<' not supported between instances of 'range' and 'range'"},
    };

    static const rt__cmp cmps[] = {RT__LT, RT__LE, RT__GT, RT__GE};

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_buf all;
        rt_test_case("%s < %s", rows[i].a, rows[i].b);
        rt_buf_init(&all, &arena);
        for (size_t j = 0; j < RT_COUNT(cmps); j++) {
            rt_render *r = render_new();
            bool out;
            rt_status st = rt__compare(r, cmps[j], literal(r, rows[i].a),
                                       literal(r, rows[i].b), &out);
            rt_str text = answer_bool(r, st, out);
            if (rows[i].answers[0] == '!' && j > 0)
                break;
            if (j > 0)
                rt_buf_put_char(&all, ' ');
            rt_buf_put(&all, text);
        }
        CHECK_EQ(rt_buf_str(&all), rows[i].answers);
        rt_arena_reset(&arena);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(errors_of_order_name_the_operator)
{
    static const struct {
        rt__cmp cmp;
        const char *message;
    } rows[] = {
        {RT__LT, "'<' not supported between instances of 'int' and 'str'"},
        {RT__LE, "'<=' not supported between instances of 'int' and 'str'"},
        {RT__GT, "'>' not supported between instances of 'int' and 'str'"},
        {RT__GE, "'>=' not supported between instances of 'int' and 'str'"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_render *r = render_new();
        bool out;
        RT_CASE(rows[i].message);
        CHECK(rt__compare(r, rows[i].cmp, RT(1), RT("a"), &out) != RT_OK);
        CHECK_EQ(r->error.message, rows[i].message);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(containment_is_as_in_python)
{
    static const struct {
        const char *item, *container, *answer;
    } rows[] = {
        {"1", "[1, 2]", "True"},
        {"3", "[1, 2]", "False"},
        {"1.0", "[True]", "True"},
        {"'a'", "['a']", "True"},
        {"[1]", "[[1]]", "True"},
        {"1", "(1, 2)", "True"},
        {"undefined", "[undefined]", "True"},
        {"undefined", "[1]", "False"},
        {"'b'", "'abc'", "True"},
        {"''", "'abc'", "True"},
        {"'bd'", "'abc'", "False"},
        {"''", "''", "True"},
        {"Markup('b')", "'abc'", "True"},
        {"'b'", "Markup('abc')", "True"},
        {"'\\u20ac'", "'a\\u20acb'", "True"},
        {"1", "'abc'",
         "!TypeError: 'in <string>' requires string as left operand, not int"},
        {"None", "'abc'",
         "!TypeError: 'in <string>' requires string as left operand, not NoneType"},
        {"undefined", "'abc'",
         "!TypeError: 'in <string>' requires string as left operand, not Undefined"},
        {"[1]", "'abc'",
         "!TypeError: 'in <string>' requires string as left operand, not list"},
        {"'a'", "{'a': 1}", "True"},
        {"1", "{'a': 1}", "False"},
        {"1.0", "{1: 2}", "True"},
        {"True", "{1: 2}", "True"},
        {"18446744073709551616", "{18446744073709551616.0: 1}", "True"},
        {"18446744073709551616.0", "{18446744073709551616: 1}", "True"},
        {"[]", "{'a': 1}", "!TypeError: unhashable type: 'list'"},
        {"(1, [2])", "{'a': 1}", "!TypeError: unhashable type: 'list'"},
        {"{}", "{'a': 1}", "!TypeError: unhashable type: 'dict'"},
        {"undefined", "{'a': 1}", "False"},
        {"1", "range(3)", "True"},
        {"3", "range(3)", "False"},
        {"1.0", "range(3)", "True"},
        {"1.5", "range(3)", "False"},
        {"True", "range(3)", "True"},
        {"'a'", "range(3)", "False"},
        {"4", "range(0, 10, 2)", "True"},
        {"5", "range(0, 10, 2)", "False"},
        {"6", "range(9, 0, -3)", "True"},
        {"9", "range(9, 0, -3)", "True"},
        {"0", "range(9, 0, -3)", "False"},
        {"-1", "range(3)", "False"},
        {"18446744073709551616", "range(3)", "False"},
        {"inf", "range(3)", "False"},
        {"nan", "range(3)", "False"},
        {"97", "b'abc'", "True"},
        {"b'bc'", "b'abc'", "True"},
        {"b''", "b''", "True"},
        {"'a'", "b'abc'",
         "!TypeError: a bytes-like object is required, not 'str'"},
        {"300", "b'abc'", "!ValueError: byte must be in range(0, 256)"},
        {"18446744073709551616", "b'a'",
         "!ValueError: byte must be in range(0, 256)"},
        {"1", "5", "!TypeError: argument of type 'int' is not iterable"},
        {"1", "None",
         "!TypeError: argument of type 'NoneType' is not iterable"},
        {"1", "2.5", "!TypeError: argument of type 'float' is not iterable"},
        {"1", "undefined", "False"},
        {"'a'", "undefined", "False"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_render *r = render_new();
        bool out;
        rt_test_case("%s in %s", rows[i].item, rows[i].container);
        rt_status st = rt__compare(r, RT__IN, literal(r, rows[i].item),
                                   literal(r, rows[i].container), &out);
        CHECK_EQ(answer_bool(r, st, out), rows[i].answer);
        if (st == RT_OK) {
            bool not_in;
            CHECK(rt__compare(r, RT__NOT_IN, literal(r, rows[i].item),
                              literal(r, rows[i].container), &not_in) == RT_OK);
            CHECK_EQ(not_in, !out);
        }
        rt_arena_reset(&arena);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(sorting_orders_what_python_sorts)
{
    static const struct {
        const char *a, *b;
        int order;
    } rows[] = {
        {"1", "2", -1},
        {"2", "1", 1},
        {"1", "1.0", 0},
        {"'a'", "'b'", -1},
        {"'b'", "'a'", 1},
        {"'abc'", "'abd'", -1},
        {"nan", "1", 0},
        {"1", "nan", 0},
        {"[1, 2]", "[1, 3]", -1},
        {"[1, 2]", "[1]", 1},
        {"(1,)", "(1,)", 0},
        {"[nan]", "[nan]", 0},
        {"18446744073709551616", "1e300", -1},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_render *r = render_new();
        int order = 7;
        rt_test_case("%s, %s", rows[i].a, rows[i].b);
        CHECK(rt__order(r, literal(r, rows[i].a), literal(r, rows[i].b),
                        &order) == RT_OK);
        CHECK_EQ(order, rows[i].order);
    }
    rt_render *r = render_new();
    int order;
    CHECK(rt__order(r, RT(1), rt_value_none(), &order) != RT_OK);
    CHECK_EQ(error_text(r),
             "!TypeError: '<' not supported between instances of "
             "'int' and 'NoneType'");
    rt_arena_deinit(&arena);
}

// Keys and items of dicts are like sets, values are not.
RT_TEST(views_of_dicts_compare_like_sets)
{
    rt_render *r = render_new();
    rt_value small = literal(r, "{'a': 1}");
    rt_value large = literal(r, "{'b': 2, 'a': 1}");
    rt_value other = literal(r, "{'b': 2, 'a': 3}");
    bool out;

    const struct {
        const char *name;
        rt__view_kind kind;
        rt_value a, b;
        rt__cmp cmp;
        bool answer;
    } rows[] = {
        {"keys < keys", RT__KEYS, small, large, RT__LT, true},
        {"keys <= same", RT__KEYS, small, small, RT__LE, true},
        {"keys < same", RT__KEYS, small, small, RT__LT, false},
        {"keys > keys", RT__KEYS, large, small, RT__GT, true},
        {"keys >= larger", RT__KEYS, small, large, RT__GE, false},
        {"keys == keys", RT__KEYS, large, other, RT__EQ, true},
        {"keys == fewer", RT__KEYS, large, small, RT__EQ, false},
        {"items == items", RT__ITEMS, large, other, RT__EQ, false},
        {"items < items", RT__ITEMS, small, large, RT__LT, true},
        {"items < others", RT__ITEMS, small, other, RT__LT, false},
        {"values == values", RT__VALUES, small, small, RT__EQ, false},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_value a = rt__dict_view_new(r, rows[i].a, rows[i].kind);
        rt_value b = rt__dict_view_new(r, rows[i].b, rows[i].kind);
        RT_CASE(rows[i].name);
        CHECK(rt__compare(r, rows[i].cmp, a, b, &out) == RT_OK);
        CHECK_EQ(out, rows[i].answer);
    }

    const struct {
        const char *item;
        rt__view_kind kind;
        const char *answer;
    } in[] = {
        {"'a'", RT__KEYS, "True"},
        {"'z'", RT__KEYS, "False"},
        {"[]", RT__KEYS, "!TypeError: unhashable type: 'list'"},
        {"2", RT__VALUES, "True"},
        {"'a'", RT__VALUES, "False"},
        {"('a', 1.0)", RT__ITEMS, "True"},
        {"('a', 2)", RT__ITEMS, "False"},
        {"('z', 2)", RT__ITEMS, "False"},
        {"'a'", RT__ITEMS, "False"},
        {"('a', 1, 2)", RT__ITEMS, "False"},
        {"([], 1)", RT__ITEMS, "!TypeError: unhashable type: 'list'"},
    };

    for (size_t i = 0; i < RT_COUNT(in); i++) {
        rt_render *fresh = render_new();
        rt_value view = rt__dict_view_new(fresh, large, in[i].kind);
        RT_CASE(in[i].item);
        rt_status st =
            rt__compare(fresh, RT__IN, literal(fresh, in[i].item), view, &out);
        CHECK_EQ(answer_bool(fresh, st, out), in[i].answer);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(the_undefined_of_an_inline_if_equals_its_own_kind)
{
    for (int mode = RT_UNDEFINED_DEFAULT; mode <= RT_UNDEFINED_DEBUG; mode++) {
        rt_render *r = render_new();
        rt_value plain = rt__undefined_name(r, RT_STR("x"));
        rt_value lenient = plain;
        bool equal;
        lenient.flags |= RT__VALUE_LENIENT;
        r->undefined = (rt_undefined_mode)mode;
        rt_test_case("mode %d", mode);
        CHECK(rt__compare(r, RT__EQ, lenient, lenient, &equal) == RT_OK);
        CHECK(equal);
        if (mode == RT_UNDEFINED_STRICT)
            continue;
        CHECK(rt__compare(r, RT__EQ, lenient, plain, &equal) == RT_OK);
        CHECK_EQ(equal, mode == RT_UNDEFINED_DEFAULT);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(strict_undefined_compares_with_nothing)
{
    static const struct {
        const char *a, *b;
        rt__cmp cmp;
    } rows[] = {
        {"undefined", "1", RT__EQ},         {"1", "undefined", RT__NE},
        {"undefined", "[1]", RT__IN},       {"1", "undefined", RT__IN},
        {"[undefined]", "[1]", RT__EQ},     {"undefined", "{1: 2}", RT__IN},
        {"undefined", "undefined", RT__LT}, {"undefined", "range(3)", RT__IN},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_render *r = render_new();
        bool out;
        r->undefined = RT_UNDEFINED_STRICT;
        rt_test_case("%s, %s", rows[i].a, rows[i].b);
        CHECK(rt__compare(r, rows[i].cmp, literal(r, rows[i].a),
                          literal(r, rows[i].b), &out) != RT_OK);
        CHECK_EQ(error_text(r), "!UndefinedError: 'x' is undefined");
    }
    rt_arena_deinit(&arena);
}

static rt_value nest(rt_value v, int times, int copies)
{
    for (; times > 0; times--)
        v = rt_list_of(&arena, (const rt_value[]){v, v}, (size_t)copies);
    return v;
}

RT_TEST(comparing_what_is_nested_ends)
{
    rt_render *r = render_new();
    bool out;

    CHECK(rt__compare(r, RT__EQ, nest(RT(1), 200, 1), nest(RT(1), 200, 1),
                      &out) == RT_OK);
    CHECK(out);
    CHECK(rt__compare(r, RT__EQ, nest(RT(1), 201, 1), nest(RT(1), 201, 1),
                      &out) != RT_OK);
    CHECK_EQ(error_text(r), "!RuntimeError: maximum recursion depth exceeded "
                            "in comparison");
    r = render_new();
    CHECK(rt__compare(r, RT__LT, nest(RT(1), 500, 1), nest(RT(2), 500, 1),
                      &out) != RT_OK);

    // 2^60 elements, all of them equal: steps end it.
    r = render_new();
    r->steps_left = 10000;
    CHECK(rt__compare(r, RT__EQ, nest(RT(1), 60, 2), nest(RT(1), 60, 2),
                      &out) != RT_OK);
    CHECK_EQ(error_text(r), "!LimitError: too many steps");

    // A list is equal to itself, whatever it holds.
    r = render_new();
    rt_value cycle = rt_list_new(&arena);
    CHECK(rt_list_push(cycle, cycle) == RT_OK);
    CHECK(rt__compare(r, RT__EQ, cycle, cycle, &out) == RT_OK);
    CHECK(out);
    rt_arena_deinit(&arena);
}
