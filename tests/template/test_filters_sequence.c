// Filters of sequences and of any value.
#include "filters_rows.h"

RT_TEST(ends_of_sequences)
{
    static const filter_row rows[] = {
        {"[3, 1]", "first", "3"},
        {"'ab'", "first", "'a'"},
        {"{'b': 1, 'a': 2}", "first", "'b'"},
        {"range(3, 9)", "first", "3"},
        {"[]", "first", "Undefined"},
        {"''", "first", "Undefined"},
        {"undefined", "first", "Undefined"},
        {"5", "first", "!TypeError: 'int' object is not iterable"},
        {"None", "first", "!TypeError: 'NoneType' object is not iterable"},
        {"[3, 1]", "last", "1"},
        {"'aé'", "last", "'é'"},
        {"{'b': 1, 'a': 2}", "last", "'a'"},
        {"range(0, 10, 3)", "last", "9"},
        {"(1, 2)", "last", "2"},
        {"b'ab'", "last", "98"},
        {"[]", "last", "Undefined"},
        {"''", "last", "Undefined"},
        {"undefined", "last", "Undefined"},
        {"5", "last", "!TypeError: 'int' object is not reversible"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(length_counts_code_points_and_elements)
{
    static const filter_row rows[] = {
        {"'aé漢🎉'", "length", "4"},
        {"[1, 2]", "count", "2"},
        {"{'a': 1}", "length", "1"},
        {"range(1, 10, 2)", "length", "5"},
        {"()", "length", "0"},
        {"b'\\xff\\x00'", "length", "2"},
        {"undefined", "length", "0"},
        {"5", "length", "!TypeError: object of type 'int' has no len()"},
        {"None", "count", "!TypeError: object of type 'NoneType' has no len()"},
        {"''", "length(1)",
         "!TypeError: length() takes 1 positional argument but 2 were given"},
        {"''", "length(obj=1)",
         "!TypeError: length() takes no keyword arguments"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(list_takes_anything_iterable)
{
    static const filter_row rows[] = {
        {"'aé'", "list", "['a', 'é']"},
        {"Markup('<b>')", "list", "['<', 'b', '>']"},
        {"(1, 2)", "list", "[1, 2]"},
        {"{'a': 1}", "list", "['a']"},
        {"range(3)", "list", "[0, 1, 2]"},
        {"undefined", "list", "[]"},
        {"5", "list", "!TypeError: 'int' object is not iterable"},
        {"None", "list", "!TypeError: 'NoneType' object is not iterable"},
        {"b'ab'", "list", "[97, 98]"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(reverse_goes_backwards)
{
    static const filter_row rows[] = {
        {"'aé漢🎉'", "reverse", "'🎉漢éa'"},
        {"[3, 1, 2]", "reverse", "[2, 1, 3]"},
        {"(1, 2)", "reverse", "[2, 1]"},
        {"{'a': 1, 'b': 2}", "reverse", "['b', 'a']"},
        {"range(4)", "reverse", "[3, 2, 1, 0]"},
        {"b'ab'", "reverse", "[98, 97]"},
        {"undefined", "reverse", "[]"},
        {"[]", "reverse", "[]"},
        {"5", "reverse", "!FilterArgumentError: argument must be iterable"},
        {"None", "reverse", "!FilterArgumentError: argument must be iterable"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(batch_fills_rows)
{
    static const filter_row rows[] = {
        {"range(7)", "batch(3)", "[[0, 1, 2], [3, 4, 5], [6]]"},
        {"range(7)", "batch(3, '-')", "[[0, 1, 2], [3, 4, 5], [6, '-', '-']]"},
        {"range(6)", "batch(3, '-')", "[[0, 1, 2], [3, 4, 5]]"},
        {"[]", "batch(3)", "[]"},
        {"'abc'", "batch(2)", "[['a', 'b'], ['c']]"},
        {"range(3)", "batch(0)", "[[], [0, 1, 2]]"},
        {"range(3)", "batch(-1)", "[[0, 1, 2]]"},
        {"range(3)", "batch(2.0)", "[[0, 1], [2]]"},
        {"range(3)", "batch('x')", "[[0, 1, 2]]"},
        {"range(3)", "batch('x', 1)",
         "!TypeError: '<' not supported between instances of 'int' and 'str'"},
        {"range(3)", "batch(5.5, 1)",
         "!TypeError: 'float' object cannot be interpreted as an integer"},
        {"range(3)", "batch(linecount=2, fill_with=None)", "[[0, 1], [2]]"},
        {"5", "batch(2)", "!TypeError: 'int' object is not iterable"},
        {"undefined", "batch(2)", "[]"},
        {"[1]", "batch",
         "!TypeError: batch() missing 1 required positional argument: 'linecount'"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(slice_makes_columns)
{
    static const filter_row rows[] = {
        {"range(7)", "slice(3)", "[[0, 1, 2], [3, 4], [5, 6]]"},
        {"range(2)", "slice(3)", "[[0], [1], []]"},
        {"range(2)", "slice(3, '-')", "[[0], [1], ['-']]"},
        {"range(6)", "slice(3, '-')",
         "[[0, 1, '-'], [2, 3, '-'], [4, 5, '-']]"},
        {"[]", "slice(2)", "[[], []]"},
        {"'abcdef'", "slice(4)", "[['a', 'b'], ['c', 'd'], ['e'], ['f']]"},
        {"range(3)", "slice(-2)", "[]"},
        {"range(3)", "slice(0)",
         "!ZeroDivisionError: integer division or modulo by zero"},
        {"range(3)", "slice('x')",
         "!TypeError: 'str' object cannot be interpreted as an integer"},
        {"range(3)", "slice(undefined)", "!UndefinedError: 'x' is undefined"},
        {"range(3)", "slice(True)", "[[0, 1, 2]]"},
        {"5", "slice(2)", "!TypeError: 'int' object is not iterable"},
        {"[1]", "slice",
         "!TypeError: slice() missing 1 required positional argument: 'slices'"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(items_are_pairs)
{
    static const filter_row rows[] = {
        {"{'a': 1, 2: 'b'}", "items", "[('a', 1), (2, 'b')]"},
        {"{}", "items", "[]"},
        {"undefined", "items", "[]"},
        {"[1]", "items", "!TypeError: Can only get item pairs from a mapping."},
        {"None", "items",
         "!TypeError: Can only get item pairs from a mapping."},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(join_writes_elements_as_text)
{
    static const filter_row rows[] = {
        {"[3, 'a', None, True, 1.0]", "join(',')", "'3,a,None,True,1.0'"},
        {"[1, 2]", "join", "'12'"},
        {"'abc'", "join('-')", "'a-b-c'"},
        {"[]", "join(',')", "''"},
        {"[1, 2, 3]", "join(0)", "'10203'"},
        {"[[1], {'a': 2}]", "join(' ')", "\"[1] {'a': 2}\""},
        {"[undefined, 1]", "join(',')", "',1'"},
        {"{'a': 1, 'b': 2}", "join(d='/')", "'a/b'"},
        {"[{'n': 'Ada', 'c': 'London', 'a': 36, 't': ['x']}, {'n': 'bob', 'c': 'paris', 'a': 25, 't': []}, {'n': 'Cyd', 'c': 'Paris', 'a': 36, 't': ['y']}]",
         "join(', ', 'n')", "'Ada, bob, Cyd'"},
        {"[{'n': 'Ada', 'c': 'London', 'a': 36, 't': ['x']}, {'n': 'bob', 'c': 'paris', 'a': 25, 't': []}, {'n': 'Cyd', 'c': 'Paris', 'a': 36, 't': ['y']}]",
         "join(attribute='t.0')", "'xy'"},
        {"[Markup('<'), '>']", "join('&')", "'<&>'"},
        {"['<']", "join(Markup('&'))", "'<'"},
        {"5", "join", "!TypeError: 'int' object is not iterable"},
        {"[1]", "join(None)", "'1'"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(join_escapes_beside_what_is_safe)
{
    static const filter_row rows[] = {
        {"['<', '>']", "join('&')", "'<&>'"},
        {"[Markup('<'), '>']", "join('&')", "Markup('<&amp;&gt;')"},
        {"['<', '>']", "join(Markup('&'))", "Markup('&lt;&&gt;')"},
        {"[Markup('<')]", "join", "Markup('<')"},
        {"[1, Markup('<')]", "join(3)", "Markup('13<')"},
        {"[]", "join(Markup('&'))", "Markup('')"},
        {"['<']", "join", "'<'"},
    };

    CHECK_FILTERS_ESCAPING(rows);
}

RT_TEST(sort_is_stable_and_ignores_case)
{
    static const filter_row rows[] = {
        {"[3, 1, 2]", "sort", "[1, 2, 3]"},
        {"[3, 1, 2]", "sort(True)", "[3, 2, 1]"},
        {"['b', 'B', 'a', 'A']", "sort", "['a', 'A', 'b', 'B']"},
        {"['b', 'B', 'a', 'A']", "sort(reverse=True)", "['b', 'B', 'a', 'A']"},
        {"['b', 'B', 'a', 'A']", "sort(case_sensitive=True)",
         "['A', 'B', 'a', 'b']"},
        {"['É', 'e', 'Z', 'ä']", "sort", "['e', 'Z', 'ä', 'É']"},
        {"'hello'", "sort", "['e', 'h', 'l', 'l', 'o']"},
        {"[2, 1.5, True]", "sort", "[True, 1.5, 2]"},
        {"{'b': 1, 'A': 2}", "sort", "['A', 'b']"},
        {"[(2, 'a'), (1, 'b')]", "sort", "[(1, 'b'), (2, 'a')]"},
        {"[]", "sort", "[]"},
        {"[None, 1]", "sort",
         "!TypeError: '<' not supported between instances of 'int' and 'NoneType'"},
        {"[1, 'a']", "sort",
         "!TypeError: '<' not supported between instances of 'str' and 'int'"},
        {"[{'a': 1}, {'a': 1}]", "sort", "[{'a': 1}, {'a': 1}]"},
        {"[{'a': 1}, {'a': 2}]", "sort",
         "!TypeError: '<' not supported between instances of 'dict' and 'dict'"},
        {"[None, None]", "sort", "[None, None]"},
        {"[undefined, undefined]", "sort", "[Undefined, Undefined]"},
        {"5", "sort", "!TypeError: 'int' object is not iterable"},
        {"[1]", "sort('x')",
         "!TypeError: 'str' object cannot be interpreted as an integer"},
        {"[2, 1]", "sort(1)", "[2, 1]"},
        {"[2, 1]", "sort(None)",
         "!TypeError: 'NoneType' object cannot be interpreted as an integer"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(sort_takes_attributes)
{
    static const filter_row rows[] = {
        {"[{'n': 'Ada', 'c': 'London', 'a': 36, 't': ['x']}, {'n': 'bob', 'c': 'paris', 'a': 25, 't': []}, {'n': 'Cyd', 'c': 'Paris', 'a': 36, 't': ['y']}]",
         "sort(attribute='a,n')",
         "[{'n': 'bob', 'c': 'paris', 'a': 25, 't': []}, {'n': 'Ada', 'c': 'London', 'a': 36, 't': ['x']}, {'n': 'Cyd', 'c': 'Paris', 'a': 36, 't': ['y']}]"},
        {"[{'n': 'Ada', 'c': 'London', 'a': 36, 't': ['x']}, {'n': 'bob', 'c': 'paris', 'a': 25, 't': []}, {'n': 'Cyd', 'c': 'Paris', 'a': 36, 't': ['y']}]",
         "sort(attribute='c')",
         "[{'n': 'Ada', 'c': 'London', 'a': 36, 't': ['x']}, {'n': 'bob', 'c': 'paris', 'a': 25, 't': []}, {'n': 'Cyd', 'c': 'Paris', 'a': 36, 't': ['y']}]"},
        {"[{'n': 'Ada', 'c': 'London', 'a': 36, 't': ['x']}, {'n': 'bob', 'c': 'paris', 'a': 25, 't': []}, {'n': 'Cyd', 'c': 'Paris', 'a': 36, 't': ['y']}]",
         "sort(attribute='n', reverse=True)",
         "[{'n': 'Cyd', 'c': 'Paris', 'a': 36, 't': ['y']}, {'n': 'bob', 'c': 'paris', 'a': 25, 't': []}, {'n': 'Ada', 'c': 'London', 'a': 36, 't': ['x']}]"},
        {"[[2, 'a'], [1, 'b']]", "sort(attribute='0')", "[[1, 'b'], [2, 'a']]"},
        {"[[2, 'a'], [1, 'b']]", "sort(attribute=1)", "[[2, 'a'], [1, 'b']]"},
        {"[{'x': 1}, {}]", "sort(attribute='y')", "[{'x': 1}, {}]"},
        {"[{'x': 1}, {}]", "sort(attribute='x')",
         "!UndefinedError: 'dict object' has no attribute 'x'"},
        {"[{'a': {'b': 2}}, {'a': {'b': 1}}]", "sort(attribute='a.b')",
         "[{'a': {'b': 1}}, {'a': {'b': 2}}]"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(dictsort_sorts_by_key_or_value)
{
    static const filter_row rows[] = {
        {"{'b': 2, 'a': 1, 'C': 3}", "dictsort",
         "[('a', 1), ('b', 2), ('C', 3)]"},
        {"{'b': 2, 'a': 1, 'C': 3}", "dictsort(True)",
         "[('C', 3), ('a', 1), ('b', 2)]"},
        {"{'b': 2, 'a': 1, 'C': 0}", "dictsort(by='value')",
         "[('C', 0), ('a', 1), ('b', 2)]"},
        {"{'b': 2, 'a': 1, 'C': 3}", "dictsort(False, 'key', True)",
         "[('C', 3), ('b', 2), ('a', 1)]"},
        {"{'b': 'x', 'A': 'Y', 'a': 'y'}", "dictsort(by='value')",
         "[('b', 'x'), ('A', 'Y'), ('a', 'y')]"},
        {"{2: 'x', 10: 'y', 1: 'z'}", "dictsort",
         "[(1, 'z'), (2, 'x'), (10, 'y')]"},
        {"{}", "dictsort", "[]"},
        {"{'a': 1, 2: 'x'}", "dictsort",
         "!TypeError: '<' not supported between instances of 'int' and 'str'"},
        {"{}", "dictsort(by='x')",
         "!FilterArgumentError: You can only sort by either \"key\" or \"value\""},
        {"[1]", "dictsort",
         "!AttributeError: 'list' object has no attribute 'items'"},
        {"undefined", "dictsort", "!UndefinedError: 'x' is undefined"},
        {"{'a': 1}", "dictsort(reverse='x')",
         "!TypeError: 'str' object cannot be interpreted as an integer"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(groupby_keeps_the_first_case)
{
    static const filter_row rows[] = {
        {"[{'k': 'b'}, {'k': 'A'}, {'k': 'a'}, {'k': 'B'}]", "groupby('k')",
         "[('A', [{'k': 'A'}, {'k': 'a'}]), ('b', [{'k': 'b'}, {'k': 'B'}])]"},
        {"[{'k': 'b'}, {'k': 'A'}, {'k': 'a'}]",
         "groupby('k', case_sensitive=True)",
         "[('A', [{'k': 'A'}]), ('a', [{'k': 'a'}]), ('b', [{'k': 'b'}])]"},
        {"[{'k': 'b'}, {}]", "groupby('k', default='zz')",
         "[('b', [{'k': 'b'}]), ('zz', [{}])]"},
        {"[['a', 1], ['b', 1]]", "groupby(1)", "[(1, [['a', 1], ['b', 1]])]"},
        {"[{'a': {'b': 2}}]", "groupby('a.b')", "[(2, [{'a': {'b': 2}}])]"},
        {"[]", "groupby('k')", "[]"},
        {"[{}]", "groupby('k')", "[(Undefined, [{}])]"},
        {"[{}, {}]", "groupby('k')",
         "!UndefinedError: 'dict object' has no attribute 'k'"},
        {"[{'k': 1}, {'k': 'a'}]", "groupby('k')",
         "!TypeError: '<' not supported between instances of 'str' and 'int'"},
        {"[{'k': 1}, {'k': True}, {'k': 1.0}]", "groupby('k')",
         "[(1, [{'k': 1}, {'k': True}, {'k': 1.0}])]"},
        {"[1]", "groupby",
         "!TypeError: groupby() missing 1 required positional argument: 'attribute'"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(unique_keeps_the_first)
{
    static const filter_row rows[] = {
        {"['b', 'A', 'a', 'B']", "unique", "['b', 'A']"},
        {"['b', 'A', 'a', 'B']", "unique(True)", "['b', 'A', 'a', 'B']"},
        {"[1, 1.0, True, '1', 2]", "unique", "[1, '1', 2]"},
        {"[None, None, undefined, undefined]", "unique", "[None, Undefined]"},
        {"[{'n': 'Ada', 'c': 'London', 'a': 36, 't': ['x']}, {'n': 'bob', 'c': 'paris', 'a': 25, 't': []}, {'n': 'Cyd', 'c': 'Paris', 'a': 36, 't': ['y']}]",
         "unique(attribute='c')",
         "[{'n': 'Ada', 'c': 'London', 'a': 36, 't': ['x']}, {'n': 'bob', 'c': 'paris', 'a': 25, 't': []}]"},
        {"[[1], [1]]", "unique", "!TypeError: unhashable type: 'list'"},
        {"[(1, [2])]", "unique", "!TypeError: unhashable type: 'list'"},
        {"5", "unique", "!TypeError: 'int' object is not iterable"},
        {"undefined", "unique", "[]"},
        {"'aAbB'", "unique", "['a', 'b']"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(min_and_max_compare_like_sort)
{
    static const filter_row rows[] = {
        {"[3, 1, 2]", "min", "1"},
        {"[3, 1, 2]", "max", "3"},
        {"['b', 'A', 'a', 'B']", "min", "'A'"},
        {"['b', 'A', 'a', 'B']", "max", "'b'"},
        {"['b', 'A', 'a', 'B']", "min(True)", "'A'"},
        {"['b', 'A', 'a', 'B']", "max(case_sensitive=True)", "'b'"},
        {"[{'k': 2}, {'k': 1}]", "min(attribute='k')", "{'k': 1}"},
        {"[{'k': 2}, {'k': 3}]", "max(attribute='k')", "{'k': 3}"},
        {"[]", "min", "Undefined"},
        {"undefined", "max", "Undefined"},
        {"[1, 'a']", "min",
         "!TypeError: '<' not supported between instances of 'str' and 'int'"},
        {"[1, 'a']", "max",
         "!TypeError: '>' not supported between instances of 'str' and 'int'"},
        {"5", "min", "!TypeError: 'int' object is not iterable"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(map_applies_filters_and_takes_attributes)
{
    static const filter_row rows[] = {
        {"['a', 'b']", "map('upper')", "['A', 'B']"},
        {"[{'n': 'Ada', 'c': 'London', 'a': 36, 't': ['x']}, {'n': 'bob', 'c': 'paris', 'a': 25, 't': []}, {'n': 'Cyd', 'c': 'Paris', 'a': 36, 't': ['y']}]",
         "map(attribute='n')", "['Ada', 'bob', 'Cyd']"},
        {"[{'n': 'Ada', 'c': 'London', 'a': 36, 't': ['x']}, {'n': 'bob', 'c': 'paris', 'a': 25, 't': []}, {'n': 'Cyd', 'c': 'Paris', 'a': 36, 't': ['y']}]",
         "map(attribute='t.0', default='-')", "['x', '-', 'y']"},
        {"[{'n': 'Ada', 'c': 'London', 'a': 36, 't': ['x']}, {'n': 'bob', 'c': 'paris', 'a': 25, 't': []}, {'n': 'Cyd', 'c': 'Paris', 'a': 36, 't': ['y']}]",
         "map(attribute='zz')", "[Undefined, Undefined, Undefined]"},
        {"[['a', 1]]", "map(attribute=0)", "['a']"},
        {"[['a', 1]]", "map(attribute='1')", "[1]"},
        {"[1, 2]", "map('center', 3)", "[' 1 ', ' 2 ']"},
        {"['abc']", "map('truncate', length=2, end='', leeway=0)", "['ab']"},
        {"[1]", "map", "!FilterArgumentError: map requires a filter argument"},
        {"[1]", "map(attribute='a', foo=1)",
         "!FilterArgumentError: Unexpected keyword argument 'foo'"},
        {"[]", "map", "[]"},
        {"None", "map('upper')", "[]"},
        {"5", "map('upper')", "!TypeError: 'int' object is not iterable"},
        {"0", "map('upper')", "[]"},
        {"[1]", "map('nosuch')",
         "!TemplateRuntimeError: No filter named 'nosuch'."},
        {"[1]", "map(3)", "!TemplateRuntimeError: No filter named 3."},
        {"[1]", "map([])", "!TypeError: unhashable type: 'list'"},
        {"[1]", "map('attr')",
         "!TypeError: attr() missing 1 required positional argument: 'name'"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(select_and_reject_apply_tests)
{
    static const filter_row rows[] = {
        {"range(6)", "select('odd')", "[1, 3, 5]"},
        {"range(6)", "reject('odd')", "[0, 2, 4]"},
        {"[0, 1, '', 'a', None, [], [0]]", "select", "[1, 'a', [0]]"},
        {"[0, 1, '', 'a', None, [], [0]]", "reject", "[0, '', None, []]"},
        {"range(10)", "select('divisibleby', 3)", "[0, 3, 6, 9]"},
        {"[3, 1, 2]", "select('>=', 2)", "[3, 2]"},
        {"[1]", "select('nosuch')",
         "!TemplateRuntimeError: No test named 'nosuch'."},
        {"[1]", "select('odd', 1)",
         "!TypeError: odd() takes 1 positional argument but 2 were given"},
        {"[]", "select('nosuch')", "[]"},
        {"None", "select('odd')", "[]"},
        {"5", "select('nosuch')", "!TypeError: 'int' object is not iterable"},
        {"range(4)", "select('divisibleby', num=2)", "[0, 2]"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(selectattr_looks_at_attributes)
{
    static const filter_row rows[] = {
        {"[{'a': 1}, {'a': 0}, {}]", "selectattr('a')", "[{'a': 1}]"},
        {"[{'a': 1}, {'a': 0}, {}]", "rejectattr('a')", "[{'a': 0}, {}]"},
        {"[{'a': 1}, {'a': 2}]", "selectattr('a', 'gt', 1)", "[{'a': 2}]"},
        {"[{'a': {'b': 1}}, {'a': {'b': 2}}]", "rejectattr('a.b', 'eq', 1)",
         "[{'a': {'b': 2}}]"},
        {"[['x', 1], ['y', 2]]", "selectattr(1, 'odd')", "[['x', 1]]"},
        {"[{'a': 1}, {}]", "selectattr('a', 'defined')", "[{'a': 1}]"},
        {"[1]", "selectattr",
         "!FilterArgumentError: Missing parameter for attribute name"},
        {"[]", "selectattr", "[]"},
        {"[1]", "selectattr('a', 'nosuch')",
         "!TemplateRuntimeError: No test named 'nosuch'."},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(default_replaces_what_is_undefined)
{
    static const filter_row rows[] = {
        {"undefined", "default('x')", "'x'"},
        {"undefined", "default", "''"},
        {"None", "default('x')", "None"},
        {"''", "d('x')", "''"},
        {"''", "d('x', True)", "'x'"},
        {"0", "default(5, boolean=True)", "5"},
        {"1", "default(5, True)", "1"},
        {"undefined", "default(default_value='kw')", "'kw'"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(attr_finds_no_items)
{
    static const filter_row rows[] = {
        {"7", "attr('real')", "7"},
        {"{'name': 1}", "attr('name')", "Undefined"},
        {"7", "attr(3)",
         "!TypeError: attribute name must be string, not 'int'"},
        {"undefined", "attr('x')", "!UndefinedError: 'x' is undefined"},
        {"'x'", "attr('nosuch')", "Undefined"},
    };

    CHECK_FILTERS(rows);
}
