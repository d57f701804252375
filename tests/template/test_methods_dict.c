// Methods of dict; the answers are Python's.
#include "methods_rows.h"

static const method_row dict_rows[] = {
    {"{'b': 2, 'a': 1, 'C': 3}", "get('a')", "1", "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "get('x')", "None",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "get('x', 'd')", "'d'",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "get('x', None)", "None",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "get()",
     "!TypeError: get expected at least 1 argument, got 0",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "get('a', 1, 2)",
     "!TypeError: get expected at most 2 arguments, got 3",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "get([])",
     "!TypeError: unhashable type: 'list'", "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "get({})",
     "!TypeError: unhashable type: 'dict'", "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "get('x', default=1)",
     "!TypeError: dict.get() takes no keyword arguments",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "get(([],))",
     "!TypeError: unhashable type: 'list'", "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "keys()", "dict_keys(['b', 'a', 'C'])",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "values()", "dict_values([2, 1, 3])",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "items()",
     "dict_items([('b', 2), ('a', 1), ('C', 3)])", "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "keys(1)",
     "!TypeError: dict.keys() takes no arguments (1 given)",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "copy()", "{'b': 2, 'a': 1, 'C': 3}",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "clear()", "None", "{}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "clear(1)",
     "!TypeError: dict.clear() takes no arguments (1 given)",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "pop('a')", "1", "{'b': 2, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "pop('x')", "!KeyError: 'x'",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "pop('x', 5)", "5",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "pop('x', None)", "None",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "pop(1.5)", "!KeyError: 1.5",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "pop(None)", "!KeyError: None",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "pop((1, 'a'))", "!KeyError: (1, 'a')",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "pop(\"it's\")", "!KeyError: \"it's\"",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "pop([])",
     "!TypeError: unhashable type: 'list'", "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "pop()",
     "!TypeError: pop expected at least 1 argument, got 0",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "pop('a', 1, 2)",
     "!TypeError: pop expected at most 2 arguments, got 3",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "popitem()", "('C', 3)", "{'b': 2, 'a': 1}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "popitem(1)",
     "!TypeError: dict.popitem() takes no arguments (1 given)",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "setdefault('a')", "1",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "setdefault('x')", "None",
     "{'b': 2, 'a': 1, 'C': 3, 'x': None}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "setdefault('x', 5)", "5",
     "{'b': 2, 'a': 1, 'C': 3, 'x': 5}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "setdefault('a', 9)", "1",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "setdefault([])",
     "!TypeError: unhashable type: 'list'", "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "setdefault()",
     "!TypeError: setdefault expected at least 1 argument, got 0",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "update({'a': 9})", "None",
     "{'b': 2, 'a': 9, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "update({'x': 1}, y=2)", "None",
     "{'b': 2, 'a': 1, 'C': 3, 'x': 1, 'y': 2}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "update(x=1, a=0)", "None",
     "{'b': 2, 'a': 0, 'C': 3, 'x': 1}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "update([('p', 1), ['q', 2]])", "None",
     "{'b': 2, 'a': 1, 'C': 3, 'p': 1, 'q': 2}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "update(['ab', ('c', 1)])", "None",
     "{'b': 2, 'a': 'b', 'C': 3, 'c': 1}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "update()", "None",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "update(5)",
     "!TypeError: 'int' object is not iterable", "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "update([1])",
     "!TypeError: cannot convert dictionary update sequence element #0 to a sequence",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "update([(1,)])",
     "!ValueError: dictionary update sequence element #0 has length 1; 2 is required",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "update([('a', 1), (1, 2, 3)])",
     "!ValueError: dictionary update sequence element #1 has length 3; 2 is required",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "update(['abc'])",
     "!ValueError: dictionary update sequence element #0 has length 3; 2 is required",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "update(None)",
     "!TypeError: 'NoneType' object is not iterable",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "update('xy')",
     "!ValueError: dictionary update sequence element #0 has length 1; 2 is required",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "update(undefined)",
     "!UndefinedError: 'x' is undefined", "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "update([([], 1)])",
     "!TypeError: unhashable type: 'list'", "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "update({}, {})",
     "!TypeError: update expected at most 1 argument, got 2",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "fromkeys(['x', 'y'])",
     "{'x': None, 'y': None}", "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "fromkeys('ab', 0)", "{'a': 0, 'b': 0}",
     "{'b': 2, 'a': 1, 'C': 3}"},
    {"{'b': 2, 'a': 1, 'C': 3}", "fromkeys(5)",
     "!TypeError: 'int' object is not iterable", "{'b': 2, 'a': 1, 'C': 3}"},
    {"{}", "popitem()", "!KeyError: 'popitem(): dictionary is empty'", "{}"},
    {"{}", "items()", "dict_items([])", "{}"},
    {"{}", "pop(1)", "!KeyError: 1", "{}"},
    {"{}", "get(None)", "None", "{}"},
    {"{1: 'a', 2.5: 'b', None: 'c', (1, 2): 'd'}", "get(1.0)", "'a'",
     "{1: 'a', 2.5: 'b', None: 'c', (1, 2): 'd'}"},
    {"{1: 'a', 2.5: 'b', None: 'c', (1, 2): 'd'}", "get(True)", "'a'",
     "{1: 'a', 2.5: 'b', None: 'c', (1, 2): 'd'}"},
    {"{1: 'a', 2.5: 'b', None: 'c', (1, 2): 'd'}", "get(2.5)", "'b'",
     "{1: 'a', 2.5: 'b', None: 'c', (1, 2): 'd'}"},
    {"{1: 'a', 2.5: 'b', None: 'c', (1, 2): 'd'}", "get(None)", "'c'",
     "{1: 'a', 2.5: 'b', None: 'c', (1, 2): 'd'}"},
    {"{1: 'a', 2.5: 'b', None: 'c', (1, 2): 'd'}", "get((1, 2))", "'d'",
     "{1: 'a', 2.5: 'b', None: 'c', (1, 2): 'd'}"},
    {"{1: 'a', 2.5: 'b', None: 'c', (1, 2): 'd'}", "get((1.0, 2))", "'d'",
     "{1: 'a', 2.5: 'b', None: 'c', (1, 2): 'd'}"},
    {"{1: 'a', 2.5: 'b', None: 'c', (1, 2): 'd'}", "pop(True)", "'a'",
     "{2.5: 'b', None: 'c', (1, 2): 'd'}"},
    {"{1: 'a', 2.5: 'b', None: 'c', (1, 2): 'd'}", "setdefault(1.0, 'z')",
     "'a'", "{1: 'a', 2.5: 'b', None: 'c', (1, 2): 'd'}"},
};

RT_TEST(dicts_change_as_in_python)
{
    RUN_METHOD_ROWS(dict_rows);
}

RT_TEST(views_are_live)
{
    rt_arena arena = {0};
    rt_render r = render_for_test(&arena);
    rt_value dict = literal(&r, "{'a': 1}");
    const rt__builtin *items = rt__method_find(dict, RT_STR("items"));
    rt_value view;

    CHECK(rt__builtin_call(&r, items, &dict, 1, NULL, 0, &view) == RT_OK);
    CHECK_EQ(call_for_test(&r, dict, "update(b=2)"), "None");
    CHECK_EQ(repr_for_test(&r, view), "dict_items([('a', 1), ('b', 2)])");
    rt_arena_deinit(&arena);
}

RT_TEST(a_copy_is_another_dict)
{
    rt_arena arena = {0};
    rt_render r = render_for_test(&arena);
    rt_value dict = literal(&r, "{'a': [1]}");
    const rt__builtin *copy = rt__method_find(dict, RT_STR("copy"));
    rt_value other;

    CHECK(rt__builtin_call(&r, copy, &dict, 1, NULL, 0, &other) == RT_OK);
    CHECK_EQ(call_for_test(&r, other, "pop('a')"), "[1]");
    CHECK_EQ(repr_for_test(&r, dict), "{'a': [1]}");
    rt_arena_deinit(&arena);
}

// What is undefined can be an entry's value and is not taken for a missing one.
RT_TEST(undefined_values_are_entries)
{
    static const method_row rows[] = {
        {"{'a': undefined}", "get('a', 5)", "Undefined", NULL},
        {"{'a': undefined}", "pop('a', 5)", "Undefined", "{}"},
        {"{'a': undefined}", "setdefault('a', 5)", "Undefined",
         "{'a': Undefined}"},
        {"{}", "get('a', undefined)", "Undefined", NULL},
    };
    RUN_METHOD_ROWS(rows);
}
