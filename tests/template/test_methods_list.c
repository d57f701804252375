// Methods of list, tuple and range; the answers are Python's.
#include "methods_rows.h"
#include "template/methods.h"

static const method_row list_rows[] = {
    {"[3, 1, 2]", "append(4)", "None", "[3, 1, 2, 4]"},
    {"[3, 1, 2]", "append([])", "None", "[3, 1, 2, []]"},
    {"[3, 1, 2]", "append()",
     "!TypeError: list.append() takes exactly one argument (0 given)",
     "[3, 1, 2]"},
    {"[3, 1, 2]", "append(1, 2)",
     "!TypeError: list.append() takes exactly one argument (2 given)",
     "[3, 1, 2]"},
    {"[3, 1, 2]", "append(x=1)",
     "!TypeError: list.append() takes no keyword arguments", "[3, 1, 2]"},
    {"[3, 1, 2]", "clear()", "None", "[]"},
    {"[3, 1, 2]", "copy()", "[3, 1, 2]", "[3, 1, 2]"},
    {"[3, 1, 2]", "count(1)", "1", "[3, 1, 2]"},
    {"[3, 1, 2]", "count(1.0)", "1", "[3, 1, 2]"},
    {"[3, 1, 2]", "count('x')", "0", "[3, 1, 2]"},
    {"[3, 1, 2]", "count()",
     "!TypeError: list.count() takes exactly one argument (0 given)",
     "[3, 1, 2]"},
    {"[3, 1, 2]", "extend([7, 8])", "None", "[3, 1, 2, 7, 8]"},
    {"[3, 1, 2]", "extend('ab')", "None", "[3, 1, 2, 'a', 'b']"},
    {"[3, 1, 2]", "extend((1,))", "None", "[3, 1, 2, 1]"},
    {"[3, 1, 2]", "extend({'k': 1})", "None", "[3, 1, 2, 'k']"},
    {"[3, 1, 2]", "extend(range(2))", "None", "[3, 1, 2, 0, 1]"},
    {"[3, 1, 2]", "extend(5)", "!TypeError: 'int' object is not iterable",
     "[3, 1, 2]"},
    {"[3, 1, 2]", "extend(None)",
     "!TypeError: 'NoneType' object is not iterable", "[3, 1, 2]"},
    {"[3, 1, 2]", "extend(undefined)", "None", "[3, 1, 2]"},
    {"[3, 1, 2]", "index(1)", "1", "[3, 1, 2]"},
    {"[3, 1, 2]", "index(9)", "!ValueError: 9 is not in list", "[3, 1, 2]"},
    {"[3, 1, 2]", "index('x')", "!ValueError: 'x' is not in list", "[3, 1, 2]"},
    {"[3, 1, 2]", "index(3, 1)", "!ValueError: 3 is not in list", "[3, 1, 2]"},
    {"[3, 1, 2]", "index(2, -1)", "2", "[3, 1, 2]"},
    {"[3, 1, 2]", "index(1, 0, 1)", "!ValueError: 1 is not in list",
     "[3, 1, 2]"},
    {"[3, 1, 2]", "index(1, 0, -1)", "1", "[3, 1, 2]"},
    {"[3, 1, 2]", "index()",
     "!TypeError: index expected at least 1 argument, got 0", "[3, 1, 2]"},
    {"[3, 1, 2]", "index(1, 'a')",
     "!TypeError: slice indices must be integers or have an __index__ method",
     "[3, 1, 2]"},
    {"[3, 1, 2]", "insert(0, 9)", "None", "[9, 3, 1, 2]"},
    {"[3, 1, 2]", "insert(1, 9)", "None", "[3, 9, 1, 2]"},
    {"[3, 1, 2]", "insert(-1, 9)", "None", "[3, 1, 9, 2]"},
    {"[3, 1, 2]", "insert(99, 9)", "None", "[3, 1, 2, 9]"},
    {"[3, 1, 2]", "insert(-99, 9)", "None", "[9, 3, 1, 2]"},
    {"[3, 1, 2]", "insert('x', 1)",
     "!TypeError: 'str' object cannot be interpreted as an integer",
     "[3, 1, 2]"},
    {"[3, 1, 2]", "insert(1)", "!TypeError: insert expected 2 arguments, got 1",
     "[3, 1, 2]"},
    {"[3, 1, 2]", "insert(99999999999999999999, 1)",
     "!OverflowError: Python int too large to convert to C ssize_t",
     "[3, 1, 2]"},
    {"[3, 1, 2]", "pop()", "2", "[3, 1]"},
    {"[3, 1, 2]", "pop(0)", "3", "[1, 2]"},
    {"[3, 1, 2]", "pop(-1)", "2", "[3, 1]"},
    {"[3, 1, 2]", "pop(-3)", "3", "[1, 2]"},
    {"[3, 1, 2]", "pop(3)", "!IndexError: pop index out of range", "[3, 1, 2]"},
    {"[3, 1, 2]", "pop(-4)", "!IndexError: pop index out of range",
     "[3, 1, 2]"},
    {"[3, 1, 2]", "pop('x')",
     "!TypeError: 'str' object cannot be interpreted as an integer",
     "[3, 1, 2]"},
    {"[3, 1, 2]", "pop(None)",
     "!TypeError: 'NoneType' object cannot be interpreted as an integer",
     "[3, 1, 2]"},
    {"[3, 1, 2]", "pop(1, 2)",
     "!TypeError: pop expected at most 1 argument, got 2", "[3, 1, 2]"},
    {"[3, 1, 2]", "pop(True)", "1", "[3, 2]"},
    {"[3, 1, 2]", "remove(1)", "None", "[3, 2]"},
    {"[3, 1, 2]", "remove(9)", "!ValueError: list.remove(x): x not in list",
     "[3, 1, 2]"},
    {"[3, 1, 2]", "remove(3.0)", "None", "[1, 2]"},
    {"[3, 1, 2]", "remove()",
     "!TypeError: list.remove() takes exactly one argument (0 given)",
     "[3, 1, 2]"},
    {"[3, 1, 2]", "reverse()", "None", "[2, 1, 3]"},
    {"[3, 1, 2]", "reverse(1)",
     "!TypeError: list.reverse() takes no arguments (1 given)", "[3, 1, 2]"},
    {"[3, 1, 2]", "sort()", "None", "[1, 2, 3]"},
    {"[3, 1, 2]", "sort(reverse=True)", "None", "[3, 2, 1]"},
    {"[3, 1, 2]", "sort(reverse=0)", "None", "[1, 2, 3]"},
    {"[3, 1, 2]", "sort(reverse='x')",
     "!TypeError: 'str' object cannot be interpreted as an integer",
     "[3, 1, 2]"},
    {"[3, 1, 2]", "sort(key=None)", "None", "[1, 2, 3]"},
    {"[3, 1, 2]", "sort(1)", "!TypeError: sort() takes no positional arguments",
     "[3, 1, 2]"},
    {"[3, 1, 2]", "sort(x=1)", "!TypeError", "[3, 1, 2]"},
    {"[]", "pop()", "!IndexError: pop from empty list", "[]"},
    {"[]", "pop(0)", "!IndexError: pop from empty list", "[]"},
    {"[]", "reverse()", "None", "[]"},
    {"[]", "sort()", "None", "[]"},
    {"[]", "clear()", "None", "[]"},
    {"[]", "index(1)", "!ValueError: 1 is not in list", "[]"},
    {"[]", "remove(None)", "!ValueError: list.remove(x): x not in list", "[]"},
    {"[True, 1, 1.0, 'a', None, [1]]", "count(1)", "3",
     "[True, 1, 1.0, 'a', None, [1]]"},
    {"[True, 1, 1.0, 'a', None, [1]]", "count(True)", "3",
     "[True, 1, 1.0, 'a', None, [1]]"},
    {"[True, 1, 1.0, 'a', None, [1]]", "count([1])", "1",
     "[True, 1, 1.0, 'a', None, [1]]"},
    {"[True, 1, 1.0, 'a', None, [1]]", "index(None)", "4",
     "[True, 1, 1.0, 'a', None, [1]]"},
    {"[True, 1, 1.0, 'a', None, [1]]", "index([1])", "5",
     "[True, 1, 1.0, 'a', None, [1]]"},
    {"[True, 1, 1.0, 'a', None, [1]]", "remove(1)", "None",
     "[1, 1.0, 'a', None, [1]]"},
    {"[True, 1, 1.0, 'a', None, [1]]", "index(undefined)",
     "!ValueError: Undefined is not in list", "[True, 1, 1.0, 'a', None, [1]]"},
    {"[1, 'two', None, 3.5, True]", "sort()",
     "!TypeError: '<' not supported between instances of 'str' and 'int'",
     "[1, 'two', None, 3.5, True]"},
    {"[2, 'a', 1]", "sort()",
     "!TypeError: '<' not supported between instances of 'str' and 'int'",
     "[2, 'a', 1]"},
    {"['b', 'B', 'a', 'A', 'ä', 'z', '']", "sort()", "None",
     "['', 'A', 'B', 'a', 'b', 'z', 'ä']"},
    {"['b', 'B', 'a', 'A', 'ä', 'z', '']", "sort(reverse=True)", "None",
     "['ä', 'z', 'b', 'a', 'B', 'A', '']"},
    {"[(2, 'x'), (1, 'y'), (1, 'x'), (2, 'a')]", "sort()", "None",
     "[(1, 'x'), (1, 'y'), (2, 'a'), (2, 'x')]"},
    {"[(2, 'x'), (1, 'y'), (1, 'x'), (2, 'a')]", "sort(reverse=True)", "None",
     "[(2, 'x'), (2, 'a'), (1, 'y'), (1, 'x')]"},
    {"[1, True, 1.0, 0, False, 0.0]", "sort()", "None",
     "[0, False, 0.0, 1, True, 1.0]"},
    {"[1, True, 1.0, 0, False, 0.0]", "sort(reverse=True)", "None",
     "[1, True, 1.0, 0, False, 0.0]"},
    {"[3.5, 10, -1, 99999999999999999999, 2.5]", "sort()", "None",
     "[-1, 2.5, 3.5, 10, 99999999999999999999]"},
    {"[2, 1, 3]", "sort()", "None", "[1, 2, 3]"},
    {"[{'a': 1}, {}]", "sort()",
     "!TypeError: '<' not supported between instances of 'dict' and 'dict'",
     "[{'a': 1}, {}]"},
    {"[[2], [1, 2], [1]]", "sort()", "None", "[[1], [1, 2], [2]]"},
    {"[5, 4, 3, 2, 1, 1, 2, 3, 4, 5, 9, 8, 7]", "sort()", "None",
     "[1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 7, 8, 9]"},
    {"[5, 4, 3, 2, 1, 1, 2, 3, 4, 5, 9, 8, 7]", "sort(reverse=True)", "None",
     "[9, 8, 7, 5, 5, 4, 4, 3, 3, 2, 2, 1, 1]"},
};
static const method_row tuple_rows[] = {
    {"(1, 2, 1.0, 'a')", "count(1)", "2", NULL},
    {"(1, 2, 1.0, 'a')", "count()",
     "!TypeError: tuple.count() takes exactly one argument (0 given)", NULL},
    {"(1, 2, 1.0, 'a')", "index('a')", "3", NULL},
    {"(1, 2, 1.0, 'a')", "index(2)", "1", NULL},
    {"(1, 2, 1.0, 'a')", "index(5)",
     "!ValueError: tuple.index(x): x not in tuple", NULL},
    {"(1, 2, 1.0, 'a')", "index(1, 1)", "2", NULL},
    {"(1, 2, 1.0, 'a')", "index(1, 1, 2)",
     "!ValueError: tuple.index(x): x not in tuple", NULL},
    {"(1, 2, 1.0, 'a')", "index(1, 0, 3, 4)",
     "!TypeError: index expected at most 3 arguments, got 4", NULL},
    {"()", "count(1)", "0", NULL},
    {"()", "index(1)", "!ValueError: tuple.index(x): x not in tuple", NULL},
    {"range(1, 20, 3)", "count(4)", "1", NULL},
    {"range(1, 20, 3)", "count(5)", "0", NULL},
    {"range(1, 20, 3)", "count(4.0)", "1", NULL},
    {"range(1, 20, 3)", "count('x')", "0", NULL},
    {"range(1, 20, 3)", "index(1)", "0", NULL},
    {"range(1, 20, 3)", "index(19)", "6", NULL},
    {"range(1, 20, 3)", "index(20)", "!ValueError: 20 is not in range", NULL},
    {"range(1, 20, 3)", "index('x')",
     "!ValueError: sequence.index(x): x not in sequence", NULL},
    {"range(1, 20, 3)", "index(7.0)", "2", NULL},
    {"range(1, 20, 3)", "index()",
     "!TypeError: range.index() takes exactly one argument (0 given)", NULL},
    {"range(10, 0, -3)", "index(4)", "2", NULL},
    {"range(10, 0, -3)", "index(1)", "3", NULL},
    {"range(10, 0, -3)", "index(0)", "!ValueError: 0 is not in range", NULL},
    {"range(10, 0, -3)", "count(10)", "1", NULL},
    {"range(0)", "count(0)", "0", NULL},
    {"range(0)", "index(0)", "!ValueError: 0 is not in range", NULL},
};

RT_TEST(lists_change_as_in_python)
{
    RUN_METHOD_ROWS(list_rows);
}

RT_TEST(tuples_and_ranges_are_searched)
{
    RUN_METHOD_ROWS(tuple_rows);
}

RT_TEST(a_list_may_be_extended_by_itself)
{
    rt_arena arena = {0};
    rt_render r = render_for_test(&arena);
    rt_value list = literal(&r, "[1, 2]");
    const rt__builtin *extend = rt__method_find(list, RT_STR("extend"));
    rt_value args[] = {list, list};
    rt_value out;

    CHECK(rt__builtin_call(&r, extend, args, 2, NULL, 0, &out) == RT_OK);
    CHECK_EQ(repr_for_test(&r, list), "[1, 2, 1, 2]");
    rt_arena_deinit(&arena);
}

RT_TEST(what_is_frozen_does_not_change)
{
    static const method_row rows[] = {
        {"[1, 2]", "append(1)", "!TypeError", "[1, 2]"},
        {"[1, 2]", "clear()", "!TypeError", "[1, 2]"},
        {"[1, 2]", "extend([1])", "!TypeError", "[1, 2]"},
        {"[1, 2]", "insert(0, 1)", "!TypeError", "[1, 2]"},
        {"[1, 2]", "pop()", "!TypeError", "[1, 2]"},
        {"[1, 2]", "remove(1)", "!TypeError", "[1, 2]"},
        {"[1, 2]", "reverse()", "!TypeError", "[1, 2]"},
        {"[1, 2]", "sort()", "!TypeError", "[1, 2]"},
        {"[1, 2]", "copy()", "[1, 2]", "[1, 2]"},
        {"{'a': 1}", "clear()", "!TypeError", "{'a': 1}"},
        {"{'a': 1}", "pop('a')", "!TypeError", "{'a': 1}"},
        {"{'a': 1}", "pop('x', 2)", "2", "{'a': 1}"},
        {"{'a': 1}", "popitem()", "!TypeError", "{'a': 1}"},
        {"{'a': 1}", "setdefault('a')", "1", "{'a': 1}"},
        {"{'a': 1}", "setdefault('b')", "!TypeError", "{'a': 1}"},
        {"{'a': 1}", "update(b=1)", "!TypeError", "{'a': 1}"},
    };
    for (size_t i = 0; i < RT_COUNT(rows); i++)
        run_method_row_on(&rows[i], true);
}

// A stable order, whatever the length; 1000 elements are many runs.
RT_TEST(sort_is_stable)
{
    rt_arena arena = {0};
    rt_render r = render_for_test(&arena);
    static const size_t lengths[] = {2, 31, 32, 33, 63, 64, 65, 200, 1000};

    for (size_t i = 0; i < RT_COUNT(lengths); i++) {
        for (int reverse = 0; reverse < 2; reverse++) {
            size_t n = lengths[i];
            rt_value *keys = rt_new(&arena, rt_value, n);
            rt_value *items = rt_new(&arena, rt_value, n);
            uint32_t random = 7;

            rt_test_case("%zu %d", n, reverse);
            for (size_t k = 0; k < n; k++) {
                random = random * 1664525u + 1013904223u;
                keys[k] = rt_value_int(random >> 28);
                items[k] = rt_value_int((int64_t)(k | (random >> 28) << 16));
            }
            CHECK(rt__sort(&r, keys, items, n, reverse) == RT_OK);
            for (size_t k = 1; k < n; k++) {
                int64_t a = items[k - 1].as.integer;
                int64_t b = items[k].as.integer;
                bool ordered = a >> 16 == b >> 16
                                   ? (a & 0xffff) < (b & 0xffff)
                                   : (a >> 16 < b >> 16) != reverse;
                CHECK(ordered);
                CHECK(keys[k].as.integer == b >> 16);
            }
        }
    }
    rt_arena_deinit(&arena);
}

// NaN has no order; the result is that of Python's comparisons.
RT_TEST(sort_of_nan_is_that_of_python)
{
    rt_arena arena = {0};
    rt_render r = render_for_test(&arena);
    rt_value list = literal(&r, "[3, nan, 1, 2, nan, 0]");

    CHECK_EQ(call_for_test(&r, list, "sort()"), "None");
    CHECK_EQ(repr_for_test(&r, list), "[3, nan, 1, 2, nan, 0]");
    rt_arena_deinit(&arena);
}

RT_TEST(sort_ends_with_its_steps)
{
    rt_arena arena = {0};
    rt_render r = render_for_test(&arena);
    rt_value list = literal(&r, "[3, 1, 2, 9, 8, 7, 6, 5]");

    r.steps_left = 4;
    CHECK_EQ(call_for_test(&r, list, "sort()"), "!LimitError: too many steps");
    rt_arena_deinit(&arena);
}
