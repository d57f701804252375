// Builtins: how arguments find their parameters, and builtins as values.
#include "filters_rows.h"

// A builtin that returns what it was given.
static RT__BUILTIN(give_back)
{
    rt_value args = rt_list_of(r->arena, NULL, 0);

    for (size_t i = 0; i < 4; i++)
        (void)rt_list_push(args, rt__is_absent(a[i]) ? RT("-") : a[i]);
    *out = args;
    return RT_OK;
}

static RT__BUILTIN(give_back_all)
{
    rt_value pair[] = {rt_list_of(r->arena, a, n),
                       named.kind == RT_DICT ? named : rt_value_none()};

    *out = rt_tuple_of(r->arena, pair, 2);
    return RT_OK;
}

static const rt__builtin *find_example(rt_str name)
{
    static const rt__builtin examples[] = {
        {"f0", give_back, "", 0, 0},
        {"f1", give_back, "a", 1, 0},
        {"f2", give_back, "a b", 2, 0},
        {"f24", give_back, "a b c d", 2, 0},
        {"f34", give_back, "a b c d", 3, 0},
        {"m0", give_back, "self", 1, 0},
        {"m1", give_back, "self a", 2, 0},
        {"m12", give_back, "self a b", 2, 0},
        {"p1", give_back, "a", 1, RT__POSITIONAL},
        {"p2", give_back, "self a", 2, RT__POSITIONAL},
        {"v0", give_back_all, "", 0, RT__VARARGS},
        {"v1", give_back_all, "a", 1, RT__VARARGS},
        {"vp", give_back_all, "a", 1, RT__VARARGS | RT__POSITIONAL},
    };

    return rt__builtin_find(examples, RT_COUNT(examples), name);
}

RT_TEST(arguments_are_bound_as_python_does)
{
    static const filter_row rows[] = {
        {NULL, "f0()", "['-', '-', '-', '-']"},
        {NULL, "f0(1)",
         "!TypeError: f0() takes 0 positional arguments but 1 was given"},
        {NULL, "f1(1)", "[1, '-', '-', '-']"},
        {NULL, "f1(a=1)", "[1, '-', '-', '-']"},
        {NULL, "f1()",
         "!TypeError: f1() missing 1 required positional argument: 'a'"},
        {NULL, "f1(1, 2)",
         "!TypeError: f1() takes 1 positional argument but 2 were given"},
        {NULL, "f1(1, a=2)",
         "!TypeError: f1() got multiple values for argument 'a'"},
        {NULL, "f1(1, b=2)",
         "!TypeError: f1() got an unexpected keyword argument 'b'"},
        {NULL, "f2()",
         "!TypeError: f2() missing 2 required positional arguments: 'a' and "
         "'b'"},
        {NULL, "f2(b=1)",
         "!TypeError: f2() missing 1 required positional argument: 'a'"},
        {NULL, "f2(b=1, a=2)", "[2, 1, '-', '-']"},
        {NULL, "f24(1, 2)", "[1, 2, '-', '-']"},
        {NULL, "f24(1, 2, d=4)", "[1, 2, '-', 4]"},
        {NULL, "f24(1, 2, 3, 4)", "[1, 2, 3, 4]"},
        {NULL, "f24(1, 2, 3, 4, 5)",
         "!TypeError: f24() takes from 2 to 4 positional arguments but 5 were "
         "given"},
        {NULL, "f34()",
         "!TypeError: f34() missing 3 required positional arguments: 'a', 'b', "
         "and 'c'"},
        {NULL, "f34(a=1, a=2)",
         "!TypeError: f34() got multiple values for argument 'a'"},
        {"7", "m0", "[7, '-', '-', '-']"},
        {"7", "m0(1)",
         "!TypeError: m0() takes 0 positional arguments but 1 was given"},
        {"7", "m0(self=1)",
         "!TypeError: m0() got an unexpected keyword argument 'self'"},
        {"7", "m1(a=1)", "[7, 1, '-', '-']"},
        {"7", "m1",
         "!TypeError: m1() missing 1 required positional argument: 'a'"},
        {"7", "m12(1, 2, 3)",
         "!TypeError: m12() takes from 1 to 2 positional arguments but 3 were "
         "given"},
        {NULL, "p1(1)", "[1, '-', '-', '-']"},
        {NULL, "p1(a=1)", "!TypeError: p1() takes no keyword arguments"},
        {"7", "p2(1)", "[7, 1, '-', '-']"},
        {"7", "p2(a=1)", "!TypeError: int.p2() takes no keyword arguments"},
        {NULL, "v0()", "([], None)"},
        {NULL, "v0(1, 2, b=3)", "([1, 2], {'b': 3})"},
        {NULL, "v1()",
         "!TypeError: v1() missing 1 required positional argument: 'a'"},
        {NULL, "v1(1, 2, 3)", "([1, 2, 3], None)"},
        {NULL, "vp(1, b=3)", "!TypeError: vp() takes no keyword arguments"},
    };

    check_builtin_rows(find_example, false, rows, RT_COUNT(rows));
}

RT_TEST(every_name_is_found)
{
    static const char *const filters =
        "abs attr batch capitalize center count d default dictsort e escape "
        "filesizeformat first float forceescape format groupby indent int "
        "items join last length list lower map max min pprint random reject "
        "rejectattr replace reverse round safe select selectattr slice sort "
        "string striptags sum title tojson trim truncate unique upper "
        "urlencode urlize wordcount wordwrap xmlattr";
    static const char *const tests =
        "!= < <= == > >= boolean callable defined divisibleby eq equalto "
        "escaped even false filter float ge greaterthan gt in integer "
        "iterable le lessthan lower lt mapping ne none number odd sameas "
        "sequence string test true undefined upper";
    static const char *const globals =
        "cycler dict joiner lipsum namespace range";

    static const struct {
        const char *names;
        find_fn *find;
        int count;
    } rows[] = {{filters, rt__filter_find, 54},
                {tests, rt__test_find, 39},
                {globals, rt__global_find, 6}};

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_str rest = rt_str_from(rows[i].names);
        int count = 0;
        for (; rest.data; count++) {
            rt_str name = rt_str_cut(&rest, ' ');
            rt_test_case("%.*s", RT_STR_ARG(name));
            const rt__builtin *b = rows[i].find(name);
            REQUIRE(b);
            CHECK_EQ(b->name, name);
            // Neither less nor more of a name is one.
            CHECK(!rows[i].find(rt_str_concat(&arena, name, RT_STR("x"))));
        }
        CHECK_EQ(count, rows[i].count);
        CHECK(!rows[i].find(RT_STR("")));
        CHECK(!rows[i].find(RT_STR("zzz")));
    }
    rt_arena_deinit(&arena);
}

static rt_value method(rt_render *r, rt_value self, const char *name)
{
    const rt__builtin *b = rt__method_find(self, rt_str_from(name));

    REQUIRE(b);
    return rt__bound_method(r, self, b);
}

RT_TEST(builtins_are_values)
{
    rt_render *r = render_new(false);
    const rt__builtin *range = rt__global_find(RT_STR("range"));
    rt_value f = rt__builtin_value(r, range);
    rt_value list = rt_list_new(&arena);
    rt_value append = method(r, list, "append");
    rt_value other = method(r, rt_list_new(&arena), "append");
    rt_value dict = rt_dict_new(&arena);
    rt_value out, one = rt_value_int(1);

    CHECK(rt__is_builtin(f) && rt__is_builtin(append));
    CHECK(!rt__is_builtin(one) && !rt__is_builtin(list));
    CHECK(rt_value_equal(f, rt__builtin_value(r, range)));
    CHECK(rt__is_same(f, rt__builtin_value(r, range)));
    CHECK(!rt_value_equal(f, append) && !rt_value_equal(append, other));
    CHECK(rt_value_equal(append, method(r, list, "append")));
    // Equal ones are one key.
    CHECK(rt_dict_set(dict, append, one) == RT_OK);
    CHECK(rt_dict_has(dict, method(r, list, "append")));
    CHECK(!rt_dict_has(dict, other));

    CHECK(rt__builtin_value_call(r, f, &one, 1, NULL, 0, &out) == RT_OK);
    CHECK_EQ(answer_of(r, RT_OK, out), "range(0, 1)");
    CHECK(rt__builtin_value_call(r, append, &one, 1, NULL, 0, &out) == RT_OK);
    CHECK_EQ(answer_of(r, RT_OK, list), "[1]");
    CHECK_EQ(answer_of(r, RT_OK, f), "<class 'range'>");
    CHECK_EQ(answer_of(r, RT_OK, append),
             "<built-in method append of list object>");
    CHECK_EQ(answer_of(r, RT_OK,
                       rt__builtin_value(r, rt__filter_find(RT_STR("upper")))),
             "<built-in function upper>");
    rt_arena_deinit(&arena);
}

RT_TEST(a_bound_method_takes_any_number_of_arguments)
{
    rt_render *r = render_new(false);
    rt_value args[RT__PARAMS_MAX + 8];
    rt_value out = rt_value_undefined();
    rt_value bound =
        rt__bound_method(r, RT("self"), find_example(RT_STR("v0")));

    for (size_t i = 0; i < RT_COUNT(args); i++)
        args[i] = rt_value_int((int64_t)i);
    CHECK(rt__builtin_value_call(r, bound, args, RT_COUNT(args), NULL, 0,
                                 &out) == RT_OK);
    rt_value all = rt_list_get(out, 0);
    CHECK_EQ(rt_list_len(all), RT_COUNT(args) + 1);
    CHECK_EQ(rt_value_as_str(rt_list_get(all, 0)), "self");
    CHECK_EQ(rt_value_as_int(rt_list_get(all, -1), 0),
             (int64_t)RT_COUNT(args) - 1);
    rt_arena_deinit(&arena);
}
