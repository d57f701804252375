// Filters by themselves: policies, limits, laziness, and what no row can say.
#include "filters_rows.h"

static rt_str apply(rt_render *r, rt_value v, const char *filter)
{
    size_t name = strcspn(filter, "(");
    literal_reader l = {r, filter + name};
    literal_args a = {.n = 0};
    rt_value all[9] = {v};
    rt_value out = rt_value_undefined();

    if (literal_skip(&l, "("))
        literal_call_args(&l, &a);
    memcpy(all + 1, a.args, a.n * sizeof(rt_value));
    rt_status st = rt__builtin_call(r, rt__filter_find(rt_str_of(filter, name)),
                                    all, a.n + 1, a.named, a.n_named, &out);
    return answer_of(r, st, out);
}

RT_TEST(policies_are_followed)
{
    static const int64_t leeway = 0;
    const rt_template_policies policies = {
        .truncate_leeway = &leeway,
        .urlize_rel = RT_STR("b a"),
        .urlize_target = RT_STR("_top"),
        .urlize_extra_schemes = rt_list_of(&arena, (rt_value[]){RT("xx:")}, 1),
        .json_keep_order = true,
        .json_unicode = true,
        .json_item_separator = RT_STR(",<"),
        .json_key_separator = RT_STR(":"),
    };
    static const filter_row rows[] = {
        {"'abcdef gh'", "truncate(8)", "'abcde...'"},
        {"'abcdef gh'", "truncate(8, leeway=1)", "'abcdef gh'"},
        {"'http://a.com x:1'", "urlize(rel='z')",
         "'<a href=\"http://a.com\" rel=\"a b z\" target=\"_top\">"
         "http://a.com</a> x:1'"},
        {"'xx:1'", "urlize(target='t')",
         "'<a href=\"xx:1\" rel=\"a b\" target=\"t\">xx:1</a>'"},
        {"{'b': ['é', 1], 'a': 2}", "tojson",
         "Markup('{\"b\":[\"é\",\\\\u003c1],\\\\u003c\"a\":2}')"},
        {"[1, 2]", "tojson(1)", "Markup('[\\n 1,\\\\u003c\\n 2\\n]')"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_render *r = render_new(false);
        rt_test_case("%s | %s", rows[i].value, rows[i].filter);
        r->policies = &policies;
        CHECK_EQ(answer_to(r, rt__filter_find, &rows[i]), rows[i].answer);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(no_relation_is_asked_for_by_an_empty_policy)
{
    rt_render *r = render_new(false);
    const rt_template_policies policies = {.urlize_rel = RT_STR("")};

    r->policies = &policies;
    CHECK_EQ(apply(r, RT("http://a.com"), "urlize"),
             "'<a href=\"http://a.com\">http://a.com</a>'");
    rt_arena_deinit(&arena);
}

// What would be too large is refused before memory is spent.
RT_TEST(sizes_are_limited)
{
    static const filter_row rows[] = {
        {"'x'", "center(9223372036854775807)", NULL},
        {"'x\\ny'", "indent(9223372036854775807)", NULL},
        {"'x\\ny\\nz'", "indent(60000000)", NULL},
        {"[[1]]", "tojson(9223372036854775807)", NULL},
        {"[[1]]", "tojson(60000000)", NULL},
        {"[1]", "batch(9223372036854775807, 1)", NULL},
        {"[1]", "slice(9223372036854775807)", NULL},
        {"range(9223372036854775807)", "list", NULL},
        {"range(9223372036854775807)", "sort", NULL},
        {"range(9223372036854775807)", "batch(1)", NULL},
        {"range(9223372036854775807)", "join", NULL},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_render *r = render_new(false);
        rt_test_case("%s | %s", rows[i].value, rows[i].filter);
        rt_str answer = answer_to(r, rt__filter_find, &rows[i]);
        CHECK(rt_str_starts_with(answer, RT_STR("!LimitError: ")));
        rt_arena_deinit(&arena);
    }
}

// Huge numbers that are no sizes are no limit's business.
RT_TEST(large_arguments_are_harmless)
{
    static const filter_row rows[] = {
        {"'a b'", "wordwrap(9223372036854775807)", "'a b'"},
        {"'a b'", "truncate(9223372036854775807)", "'a b'"},
        {"'a b'", "truncate(3, leeway=9223372036854775807)", "'a b'"},
        {"'aa'", "replace('a', 'b', 9223372036854775807)", "'bb'"},
        {"'http://a.com'", "urlize(9223372036854775807)",
         "'<a href=\"http://a.com\" rel=\"noopener\">http://a.com</a>'"},
        {"7", "round(-9223372036854775807)", "0"},
        {"7.5", "round(9223372036854775807)", "7.5"},
        {"[1]", "slice(-9223372036854775807)", "[]"},
        {"range(9223372036854775807)", "last", "9223372036854775806"},
        {"range(9223372036854775807)", "first", "0"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(every_loop_counts_its_steps)
{
    static const filter_row rows[] = {
        {"range(1000000)", "sum", NULL},
        {"range(1000000)", "list", NULL},
        {"range(1000000)", "map('string')", NULL},
        {"range(1000000)", "select('lt', 0)", NULL},
        {"range(1000000)", "reject('ge', 0)", NULL},
        {"range(1000000)", "map(attribute='real')", NULL},
        {"range(1000000)", "join(',')", NULL},
        {"range(1000000)", "sort", NULL},
        {"range(1000000)", "unique", NULL},
        {"range(1000000)", "groupby('real')", NULL},
        {"range(1000000)", "min", NULL},
        {"range(1000000)", "max", NULL},
        {"range(1000000)", "batch(3)", NULL},
        {"range(1000000)", "slice(3)", NULL},
        {"range(1000000)", "reverse", NULL},
        {"[1]", "slice(1000000)", NULL},
        {"[1]", "batch(1000000, 2)", NULL},
        {"'x'", "center(50000000)", NULL},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_render *r = render_new(false);
        rt_test_case("%s | %s", rows[i].value, rows[i].filter);
        r->steps_left = 1000;
        CHECK_EQ(answer_to(r, rt__filter_find, &rows[i]),
                 "!LimitError: too many steps");
        CHECK(rt_arena_bytes(&arena) < (4u << 20));
        rt_arena_deinit(&arena);
    }
}

RT_TEST(long_text_counts_its_steps)
{
    static const char *const filters[] = {
        "upper",
        "lower",
        "capitalize",
        "title",
        "trim",
        "wordcount",
        "replace('x', 'y')",
        "indent",
        "wordwrap(5)",
        "striptags",
        "urlencode",
        "reverse",
        "int",
        "float",
        "tojson",
        "pprint",
        "escape",
        "urlize",
        "list",
        "sort",
    };
    rt_buf text;

    rt_buf_init(&text, &arena);
    for (int i = 0; i < 100000; i++)
        rt_buf_put_cstr(&text, "ab <");
    rt_value v = rt_value_str(rt_buf_str(&text));
    for (size_t i = 0; i < RT_COUNT(filters); i++) {
        rt_render *r = render_new(false);
        RT_CASE(filters[i]);
        r->steps_left = 1000;
        CHECK_EQ(apply(r, v, filters[i]), "!LimitError: too many steps");
    }
    rt_arena_deinit(&arena);
}

RT_TEST(lazy_filters_ask_for_one_element_at_a_time)
{
    static const char *const filters[] = {
        "map('string')", "select('ge', 0)", "reject('lt', 0)",      "unique",
        "batch(1)",      "reverse",         "map(attribute='real')"};

    for (size_t i = 0; i < RT_COUNT(filters); i++) {
        rt_render *r = render_new(false);
        rt_value out, first;
        literal_reader l = {r, strchr(filters[i], '(')};
        literal_args a = {.n = 0};
        rt_value all[4] = {rt__range_new(r, 0, INT64_MAX, 1)};
        RT_CASE(filters[i]);
        if (l.at && literal_skip(&l, "("))
            literal_call_args(&l, &a);
        memcpy(all + 1, a.args, a.n * sizeof(rt_value));
        r->steps_left = 100;
        rt_str name = rt_str_of(filters[i], strcspn(filters[i], "("));
        REQUIRE(rt__builtin_call(r, rt__filter_find(name), all, a.n + 1,
                                 a.named, a.n_named, &out) == RT_OK);
        CHECK_EQ(rt__type_name(out), "generator");
        CHECK(rt__builtin_call(r, rt__filter_find(RT_STR("first")), &out, 1,
                               NULL, 0, &first) == RT_OK);
        CHECK(first.kind != RT_UNDEFINED);
        rt_arena_reset(&arena);
    }
    rt_arena_deinit(&arena);
}

// A generator over a generator over ... walks as deep as calls go.
RT_TEST(lazy_sequences_nest_as_deep_as_calls)
{
    rt_render *r = render_new(false);
    rt_value v = rt_list_of(&arena, (rt_value[]){RT(1)}, 1);
    rt_value args[] = {v, RT("string")};
    const rt__builtin *map = rt__filter_find(RT_STR("map"));

    for (int i = 0; i < 100000; i++)
        REQUIRE(rt__builtin_call(r, map, args, 2, NULL, 0, &args[0]) == RT_OK);
    CHECK_EQ(answer_of(r, RT_OK, args[0]),
             "!RuntimeError: lazy sequences are nested deeper than 200");
    CHECK_EQ(r->depth, 0);
    rt_arena_deinit(&arena);
}

RT_TEST(what_holds_itself_is_found_out)
{
    rt_render *r = render_new(false);
    rt_value list = rt_list_new(&arena);
    rt_value dict = rt_dict_new(&arena);

    REQUIRE(rt_list_push(list, dict) == RT_OK);
    REQUIRE(rt_dict_set_str(dict, RT_STR("l"), list) == RT_OK);
    CHECK_EQ(apply(r, list, "pprint"), "\"[{'l': <Recursion on list>}]\"");
    CHECK_EQ(apply(r, list, "tojson"), "!ValueError: Circular reference "
                                       "detected");
    rt_arena_deinit(&arena);
}

RT_TEST(nesting_is_limited)
{
    rt_render *r = render_new(false);
    rt_value v = rt_list_new(&arena);

    for (int i = 0; i < 100000; i++)
        v = rt_list_of(&arena, &v, 1);
    CHECK(rt_str_find(apply(r, v, "pprint"), RT_STR("<Recursion on list>")) !=
          RT_STR_NONE);
    CHECK_EQ(apply(r, v, "tojson"),
             "!LimitError: a value is nested deeper than 200");
    rt_arena_deinit(&arena);
}

RT_TEST(groups_are_tuples_with_names)
{
    rt_render *r = render_new(false);
    rt_value group = rt__group_new(r, RT("g"), RT(2));
    rt_value v;

    CHECK(rt__group_attr(group, RT_STR("grouper"), &v));
    CHECK_EQ(rt_value_as_str(v), "g");
    CHECK(rt__get_attr(r, group, RT_STR("list"), &v) == RT_OK);
    CHECK_EQ(rt_value_as_int(v, 0), 2);
    CHECK(!rt__group_attr(group, RT_STR("other"), &v));
    // Other tuples have no such names.
    rt_value tuple = rt_tuple_of(&arena, rt_list_items(group), 2);
    CHECK(!rt__group_attr(tuple, RT_STR("grouper"), &v));
    CHECK(!rt__group_attr(RT("x"), RT_STR("grouper"), &v));
    CHECK(rt_value_equal(tuple, group));
    CHECK_EQ(answer_of(r, RT_OK, group), "('g', 2)");
    rt_arena_deinit(&arena);
}

RT_TEST(random_takes_any_element)
{
    static const filter_row rows[] = {
        {"[5]", "random", "5"},
        {"'é'", "random", "'é'"},
        {"(7,)", "random", "7"},
        {"range(3, 4)", "random", "3"},
        {"{0: 'x'}", "random", "'x'"},
        {"{1: 'x'}", "random", "!KeyError: 0"},
        {"[]", "random", "Undefined"},
        {"undefined", "random", "Undefined"},
        {"5", "random", "!TypeError: object of type 'int' has no len()"},
    };
    bool seen[3] = {false};

    CHECK_FILTERS(rows);
    for (int i = 0; i < 10000 && !(seen[0] && seen[1] && seen[2]); i++) {
        rt_render *r = render_new(false);
        rt_str answer = apply(r, rt__range_new(r, 0, 3, 1), "random");
        REQUIRE(answer.len == 1 && *answer.data >= '0' && *answer.data <= '2');
        seen[*answer.data - '0'] = true;
        rt_arena_reset(&arena);
    }
    CHECK(seen[0] && seen[1] && seen[2]);
    rt_arena_deinit(&arena);
}

// "nosuch"|attr finds nothing in the sandbox that could be used.
RT_TEST(attr_keeps_to_the_rules_of_the_sandbox)
{
    rt_render *r = render_new(false);
    rt_value args[] = {RT("text"), RT("__class__")};
    rt_value out;
    const rt__builtin *attr = rt__filter_find(RT_STR("attr"));

    r->sandbox = RT_SANDBOX_ON;
    CHECK(rt__builtin_call(r, attr, args, 2, NULL, 0, &out) == RT_OK);
    REQUIRE(out.kind == RT_UNDEFINED);
    CHECK(rt__undefined_fail(r, out) != RT_OK);
    CHECK_EQ(r->error.kind, RT_TEMPLATE_SECURITY_ERROR);
    r->error = (rt_template_error){0};
    args[1] = RT("upper");
    CHECK(rt__builtin_call(r, attr, args, 2, NULL, 0, &out) == RT_OK);
    CHECK(rt__is_builtin(out));
    r->sandbox = RT_SANDBOX_IMMUTABLE;
    args[0] = rt_list_new(&arena);
    args[1] = RT("append");
    CHECK(rt__builtin_call(r, attr, args, 2, NULL, 0, &out) == RT_OK);
    CHECK(out.kind == RT_UNDEFINED);
    rt_arena_deinit(&arena);
}

RT_TEST(undefined_values_that_are_strict_fail_when_looked_at)
{
    static const filter_row rows[] = {
        {"undefined", "default('x')", "'x'"},
        {"undefined", "default('x', True)", "'x'"},
        {"undefined", "upper", "!"},
        {"undefined", "list", "!"},
        {"undefined", "first", "!"},
        {"undefined", "length", "!"},
        {"undefined", "join", "!"},
        {"undefined", "map('upper')", "!"},
        {"undefined", "select", "!"},
        {"undefined", "reverse", "!"},
        {"undefined", "escape", "!"},
        {"undefined", "items", "[]"},
        {"[undefined]", "join", "!"},
        {"[undefined]", "unique", "!"},
        {"[undefined]", "select", "!"},
        {"[undefined]", "list", "[Undefined]"},
        {"[undefined]", "pprint", "'[Undefined]'"},
        {"[1, undefined]", "sort", "!"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_render *r = render_new(false);
        rt_test_case("%s | %s", rows[i].value, rows[i].filter);
        r->undefined = RT_UNDEFINED_STRICT;
        CHECK_EQ(answer_to(r, rt__filter_find, &rows[i]),
                 *rows[i].answer == '!' ? "!UndefinedError: 'x' is undefined"
                                        : rows[i].answer);
        rt_arena_reset(&arena);
    }
    rt_arena_deinit(&arena);
}
