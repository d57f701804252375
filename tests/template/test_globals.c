// Globals.
#include "filters_rows.h"

RT_TEST(range_counts)
{
    static const filter_row rows[] = {
        {NULL, "range(5)", "range(0, 5)"},
        {NULL, "range(2, 5)", "range(2, 5)"},
        {NULL, "range(10, 0, -3)", "range(10, 0, -3)"},
        {NULL, "range(0)", "range(0, 0)"},
        {NULL, "range(5, 2)", "range(5, 2)"},
        {NULL, "range(True)", "range(0, 1)"},
        {NULL, "range(1, 10, 2)", "range(1, 10, 2)"},
        {NULL, "range()",
         "!TypeError: range expected at least 1 argument, got 0"},
        {NULL, "range(1, 2, 3, 4)",
         "!TypeError: range expected at most 3 arguments, got 4"},
        {NULL, "range(1, 2, 0)", "!ValueError: range() arg 3 must not be zero"},
        {NULL, "range('x')",
         "!TypeError: 'str' object cannot be interpreted as an integer"},
        {NULL, "range(1.0)",
         "!TypeError: 'float' object cannot be interpreted as an integer"},
        {NULL, "range(None)",
         "!TypeError: 'NoneType' object cannot be interpreted as an integer"},
        {NULL, "range(undefined)",
         "!TypeError: 'Undefined' object cannot be interpreted as an integer"},
        {NULL, "range(stop=3)",
         "!TypeError: range() takes no keyword arguments"},
    };

    CHECK_GLOBALS(rows);
}

RT_TEST(dict_takes_mappings_and_pairs)
{
    static const filter_row rows[] = {
        {NULL, "dict()", "{}"},
        {NULL, "dict(a=1, b='x')", "{'a': 1, 'b': 'x'}"},
        {NULL, "dict({'a': 1, 2: 3})", "{'a': 1, 2: 3}"},
        {NULL, "dict([['a', 1], ('b', 2), 'cd'])",
         "{'a': 1, 'b': 2, 'c': 'd'}"},
        {NULL, "dict({'b': 2, 'a': 1}, a=100)", "{'b': 2, 'a': 100}"},
        {NULL, "dict([])", "{}"},
        {NULL, "dict(5)", "!TypeError: 'int' object is not iterable"},
        {NULL, "dict([1])",
         "!TypeError: cannot convert dictionary update sequence element #0 to a sequence"},
        {NULL, "dict([[1]])",
         "!ValueError: dictionary update sequence element #0 has length 1; 2 is required"},
        {NULL, "dict([[1, 2, 3]])",
         "!ValueError: dictionary update sequence element #0 has length 3; 2 is required"},
        {NULL, "dict([[[], 1]])", "!TypeError: unhashable type: 'list'"},
        {NULL, "dict(1, 2)",
         "!TypeError: dict expected at most 1 argument, got 2"},
        {NULL, "dict(undefined)", "!UndefinedError: 'x' is undefined"},
        {NULL, "dict('')", "{}"},
    };

    CHECK_GLOBALS(rows);
}

RT_TEST(namespace_takes_what_dict_takes)
{
    static const filter_row rows[] = {
        {NULL, "namespace(5)", "!TypeError: 'int' object is not iterable"},
        {NULL, "namespace([1])",
         "!TypeError: cannot convert dictionary update sequence element #0 to a sequence"},
    };

    CHECK_GLOBALS(rows);
}

RT_TEST(cycler_and_joiner_refuse)
{
    static const filter_row rows[] = {
        {NULL, "cycler()",
         "!RuntimeError: at least one item has to be provided"},
        {NULL, "cycler(1, a=2)",
         "!TypeError: cycler() got an unexpected keyword argument 'a'"},
        {NULL, "joiner(1, 2)",
         "!TypeError: joiner() takes from 0 to 1 positional arguments but 2 were given"},
        {NULL, "joiner(x=1)",
         "!TypeError: joiner() got an unexpected keyword argument 'x'"},
    };

    CHECK_GLOBALS(rows);
}

RT_TEST(lipsum_refuses)
{
    static const filter_row rows[] = {
        {NULL, "lipsum(0)", "Markup('')"},
        {NULL, "lipsum(0, False)", "''"},
        {NULL, "lipsum(-1)", "Markup('')"},
        {NULL, "lipsum(1, True, 20, 20)",
         "!ValueError: empty range for randrange() (20, 20)"},
        {NULL, "lipsum('x')",
         "!TypeError: 'str' object cannot be interpreted as an integer"},
        {NULL, "lipsum(0, min=5, max=1)", "Markup('')"},
    };

    CHECK_GLOBALS(rows);
}

static rt_value call_global(rt_render *r, const char *name,
                            const rt_value *args, size_t n)
{
    rt_value out = rt_value_undefined();
    const rt__builtin *b = rt__global_find(rt_str_from(name));

    REQUIRE(b);
    CHECK(rt__builtin_call(r, b, args, n, NULL, 0, &out) == RT_OK);
    return out;
}

static rt_str attr_of(rt_render *r, rt_value object, const char *name)
{
    rt_value v;

    CHECK(rt__get_attr(r, object, rt_str_from(name), &v) == RT_OK);
    return answer_of(r, RT_OK, v);
}

static rt_str call_attr(rt_render *r, rt_value object, const char *name)
{
    rt_value method, out = rt_value_undefined();

    CHECK(rt__get_attr(r, object, rt_str_from(name), &method) == RT_OK);
    rt_status st = rt__call(r, method, NULL, 0, NULL, 0, &out);
    return answer_of(r, st, out);
}

RT_TEST(cycler_goes_round_and_back_to_the_start)
{
    rt_render *r = render_new(false);
    rt_value items[] = {RT("odd"), RT("even")};
    rt_value c = call_global(r, "cycler", items, 2);

    CHECK_EQ(attr_of(r, c, "current"), "'odd'");
    CHECK_EQ(call_attr(r, c, "next"), "'odd'");
    CHECK_EQ(attr_of(r, c, "pos"), "1");
    CHECK_EQ(call_attr(r, c, "next"), "'even'");
    CHECK_EQ(call_attr(r, c, "next"), "'odd'");
    CHECK_EQ(call_attr(r, c, "reset"), "None");
    CHECK_EQ(attr_of(r, c, "current"), "'odd'");
    CHECK_EQ(attr_of(r, c, "items"), "('odd', 'even')");
    CHECK_EQ(attr_of(r, c, "other"), "Undefined");
    rt_arena_deinit(&arena);
}

RT_TEST(joiner_is_empty_once)
{
    rt_render *r = render_new(false);
    rt_value j = call_global(r, "joiner", NULL, 0);
    rt_value out, one = rt_value_int(1);

    CHECK_EQ(attr_of(r, j, "sep"), "', '");
    CHECK_EQ(attr_of(r, j, "used"), "False");
    CHECK(rt__is_callable(j));
    for (int i = 0; i < 3; i++) {
        CHECK(rt__call(r, j, NULL, 0, NULL, 0, &out) == RT_OK);
        CHECK_EQ(rt_value_as_str(out), i ? ", " : "");
    }
    CHECK(rt__call(r, j, &one, 1, NULL, 0, &out) == RT_E_TYPE);
    CHECK_EQ(r->error.message, "a joiner takes no arguments");
    rt_arena_deinit(&arena);
}

RT_TEST(namespace_holds_what_it_was_given)
{
    rt_render *r = render_new(false);
    rt_value out = rt_value_undefined();
    rt_value named[] = {RT("a"), RT(1)};
    rt_value dict;

    CHECK(rt__builtin_call(r, rt__global_find(RT_STR("namespace")), NULL, 0,
                           named, 1, &out) == RT_OK);
    REQUIRE(rt__is_namespace(out, &dict));
    CHECK_EQ(answer_of(r, RT_OK, dict), "{'a': 1}");
    CHECK_EQ(attr_of(r, out, "a"), "1");
    rt_arena_deinit(&arena);
}

RT_TEST(range_is_limited_in_the_sandbox)
{
    rt_render *r = render_new(false);
    rt_value args[] = {RT(0), RT(10), RT(1)};
    rt_value out;
    const rt__builtin *range = rt__global_find(RT_STR("range"));

    r->range_max = 9;
    CHECK(rt__builtin_call(r, range, args, 2, NULL, 0, &out) != RT_OK);
    CHECK_EQ(r->error.kind, RT_TEMPLATE_OVERFLOW_ERROR);
    r->error = (rt_template_error){0};
    r->range_max = 10;
    CHECK(rt__builtin_call(r, range, args, 2, NULL, 0, &out) == RT_OK);
    // The longest range there is must not be taken for a short one.
    args[0] = rt_value_int(INT64_MIN);
    args[1] = rt_value_int(INT64_MAX);
    CHECK(rt__builtin_call(r, range, args, 3, NULL, 0, &out) != RT_OK);
    rt_arena_deinit(&arena);
}

static size_t count_of(rt_str s, const char *part)
{
    size_t n = 0;

    for (size_t at; (at = rt_str_find(s, rt_str_from(part))) != RT_STR_NONE;
         n++)
        rt_str_take(&s, at + strlen(part));
    return n;
}

RT_TEST(lipsum_makes_paragraphs_of_sentences)
{
    for (int i = 0; i < 50; i++) {
        rt_render *r = render_new(false);
        rt_value args[] = {RT(3), RT(i % 2 == 0), RT(5 + i), RT(8 + i)};
        rt_value out = call_global(r, "lipsum", args, 4);
        rt_str text = rt_value_as_str(out);
        bool html = args[1].as.boolean;

        rt_test_case("%.*s", RT_STR_ARG(text));
        CHECK_EQ(out.kind, html ? RT_SAFE : RT_STRING);
        CHECK_EQ(count_of(text, "<p>"), html ? 3 : 0);
        CHECK_EQ(count_of(text, html ? ".</p>" : ".\n\n"), html ? 3 : 2);
        CHECK_EQ(count_of(text, ",,") + count_of(text, ",.") +
                     count_of(text, ".,") + count_of(text, "  "),
                 0);
        size_t words = 3 + count_of(text, " ");
        CHECK(words >= 3 * (size_t)(5 + i) && words <= 3 * (size_t)(7 + i));
        rt_arena_reset(&arena);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(lipsum_is_limited)
{
    static const struct {
        int64_t n, min, max;
    } rows[] = {{INT64_MAX, 20, 100},
                {1, 20, INT64_MAX},
                {2000000, 0, 1},
                {1, INT64_MIN, INT64_MAX}};

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_render *r = render_new(false);
        rt_value args[] = {RT(rows[i].n), RT(true), RT(rows[i].min),
                           RT(rows[i].max)};
        rt_value out;
        CHECK(rt__builtin_call(r, rt__global_find(RT_STR("lipsum")), args, 4,
                               NULL, 0, &out) == RT_E_LIMIT);
        rt_arena_reset(&arena);
    }
    rt_arena_deinit(&arena);
}
