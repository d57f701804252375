// The filters that write data: tojson and pprint.
#include "filters_rows.h"

RT_TEST(tojson_writes_what_python_writes)
{
    static const filter_row rows[] = {
        {"{'b': 1, 'a': [1, 2.5, None, True]}", "tojson",
         "Markup('{\"a\": [1, 2.5, null, true], \"b\": 1}')"},
        {"'quote\" back\\\\ slash/ \\x00\\x7f\\u2028é🎉'", "tojson",
         "Markup('\"quote\\\\\" back\\\\\\\\ slash/ \\\\u0000\\\\u007f\\\\u2028\\\\u00e9\\\\ud83c\\\\udf89\"')"},
        {"\"<a href='x'>&\"", "tojson",
         "Markup('\"\\\\u003ca href=\\\\u0027x\\\\u0027\\\\u003e\\\\u0026\"')"},
        {"Markup('<')", "tojson", "Markup('\"\\\\u003c\"')"},
        {"(1, (2,))", "tojson", "Markup('[1, [2]]')"},
        {"{}", "tojson", "Markup('{}')"},
        {"[]", "tojson", "Markup('[]')"},
        {"1e-7", "tojson", "Markup('1e-07')"},
        {"1e16", "tojson", "Markup('1e+16')"},
        {"-0.0", "tojson", "Markup('-0.0')"},
        {"inf", "tojson", "Markup('Infinity')"},
        {"nan", "tojson", "Markup('NaN')"},
        {"-123456789012345678901234567890", "tojson",
         "Markup('-123456789012345678901234567890')"},
        {"{1: 'a', 2.5: 'b', True: 'c'}", "tojson",
         "Markup('{\"1\": \"c\", \"2.5\": \"b\"}')"},
        {"{None: 1}", "tojson", "Markup('{\"null\": 1}')"},
        {"{10: 1, 9: 2}", "tojson", "Markup('{\"9\": 2, \"10\": 1}')"},
        {"{'<': '&'}", "tojson", "Markup('{\"\\\\u003c\": \"\\\\u0026\"}')"},
        {"{1: 'a', None: 'b'}", "tojson",
         "!TypeError: '<' not supported between instances of 'NoneType' and 'int'"},
        {"{'b': 1, 2: 2}", "tojson",
         "!TypeError: '<' not supported between instances of 'int' and 'str'"},
        {"{(1,): 2}", "tojson",
         "!TypeError: keys must be str, int, float, bool or None, not tuple"},
        {"undefined", "tojson",
         "!TypeError: Object of type Undefined is not JSON serializable"},
        {"[undefined]", "tojson",
         "!TypeError: Object of type Undefined is not JSON serializable"},
        {"b'x'", "tojson",
         "!TypeError: Object of type bytes is not JSON serializable"},
        {"range(3)", "tojson",
         "!TypeError: Object of type range is not JSON serializable"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(tojson_indents)
{
    static const filter_row rows[] = {
        {"{'b': [1, {'c': []}], 'a': {}}", "tojson(2)",
         "Markup('{\\n  \"a\": {},\\n  \"b\": [\\n    1,\\n    {\\n      \"c\": []\\n    }\\n  ]\\n}')"},
        {"[3, [1]]", "tojson(0)", "Markup('[\\n3,\\n[\\n1\\n]\\n]')"},
        {"[3, [1]]", "tojson(-2)", "Markup('[\\n3,\\n[\\n1\\n]\\n]')"},
        {"[3, [1]]", "tojson('-<')",
         "Markup('[\\n-\\\\u003c3,\\n-\\\\u003c[\\n-\\\\u003c-\\\\u003c1\\n-\\\\u003c]\\n]')"},
        {"[3]", "tojson(True)", "Markup('[\\n 3\\n]')"},
        {"[3]", "tojson(indent=None)", "Markup('[3]')"},
        {"[]", "tojson(2)", "Markup('[]')"},
        {"[3]", "tojson(1.5)",
         "!TypeError: 'float' object cannot be interpreted as an integer"},
        {"'x'", "tojson(1.5)", "Markup('\"x\"')"},
        {"[3]", "tojson(undefined)", "!UndefinedError: 'x' is undefined"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(pprint_fits_values_into_eighty_columns)
{
    static const filter_row rows[] = {
        {"'x'", "pprint", "\"'x'\""},
        {"2.5", "pprint", "'2.5'"},
        {"{}", "pprint", "'{}'"},
        {"[]", "pprint", "'[]'"},
        {"()", "pprint", "'()'"},
        {"''", "pprint", "\"''\""},
        {"{'b': 1, 'a': 2}", "pprint", "\"{'a': 2, 'b': 1}\""},
        {"{'z': 1, 'a': {'nested': [1, 2, 3], 'other': 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', 'third': 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyy'}}",
         "pprint",
         "\"{'a': {'nested': [1, 2, 3],\\n       'other': 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',\\n       'third': 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyy'},\\n 'z': 1}\""},
        {"[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39]",
         "pprint",
         "'[0,\\n 1,\\n 2,\\n 3,\\n 4,\\n 5,\\n 6,\\n 7,\\n 8,\\n 9,\\n 10,\\n 11,\\n 12,\\n 13,\\n 14,\\n 15,\\n 16,\\n 17,\\n 18,\\n 19,\\n 20,\\n 21,\\n 22,\\n 23,\\n 24,\\n 25,\\n 26,\\n 27,\\n 28,\\n 29,\\n 30,\\n 31,\\n 32,\\n 33,\\n 34,\\n 35,\\n 36,\\n 37,\\n 38,\\n 39]'"},
        {"('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy')",
         "pprint",
         "\"('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',\\n 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy')\""},
        {"('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',)",
         "pprint",
         "\"('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',)\""},
        {"['xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', 1, [1, 2, 3]]",
         "pprint",
         "\"['xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',\\n 1,\\n [1, 2, 3]]\""},
        {"['éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé', 1]",
         "pprint",
         "\"['éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé',\\n 1]\""},
        {"Markup('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx')",
         "pprint",
         "\"Markup('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx')\""},
        {"undefined", "pprint", "'Undefined'"},
        {"range(3)", "pprint", "'range(0, 3)'"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(pprint_orders_keys_of_all_types)
{
    static const filter_row rows[] = {
        {"{2: 1, 'a': 2, None: 3, (1, 2): 4, 1.5: 5, 'Z': 6}", "pprint",
         "\"{None: 3, 1.5: 5, 2: 1, 'Z': 6, 'a': 2, (1, 2): 4}\""},
        {"{(2, 1): 1, (1, 'x'): 2, (1, 2): 3}", "pprint",
         "\"{(1, 'x'): 2, (1, 2): 3, (2, 1): 1}\""},
        {"[{'b': {'d': 1, 'c': 2}, 'a': 0}]", "pprint",
         "\"[{'a': 0, 'b': {'c': 2, 'd': 1}}]\""},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(pprint_breaks_long_text_between_words)
{
    static const filter_row rows[] = {
        {"'word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word '",
         "pprint",
         "\"('word word word word word word word word word word word word word word word '\\n 'word word word word word word word word word word word word word word word ')\""},
        {"{'k': 'word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word '}",
         "pprint",
         "\"{'k': 'word word word word word word word word word word word word word word '\\n      'word word word word word word word word word word word word word word '\\n      'word word '}\""},
        {"['word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word ', 1]",
         "pprint",
         "\"['word word word word word word word word word word word word word word word '\\n 'word word word word word word word word word word word word word word word ',\\n 1]\""},
        {"'line one\\nline two\\n'", "pprint",
         "\"'line one\\\\nline two\\\\n'\""},
        {"'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\\nbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb'",
         "pprint",
         "\"('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\\\\n'\\n 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb')\""},
        {"'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbb'",
         "pprint",
         "\"('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa '\\n 'bbbbbbbbbbbbbbbbbbbb')\""},
        {"'   lead lead lead lead lead lead lead lead lead lead lead lead lead lead lead lead lead lead lead lead '",
         "pprint",
         "\"('   lead lead lead lead lead lead lead lead lead lead lead lead lead lead '\\n 'lead lead lead lead lead lead ')\""},
        {"'it\\'s it\\'s it\\'s it\\'s it\\'s it\\'s it\\'s it\\'s it\\'s it\\'s it\\'s it\\'s it\\'s it\\'s it\\'s it\\'s it\\'s it\\'s it\\'s it\\'s '",
         "pprint",
         "'(\"it\\'s it\\'s it\\'s it\\'s it\\'s it\\'s it\\'s it\\'s it\\'s it\\'s it\\'s it\\'s it\\'s it\\'s it\\'s \"\\n \"it\\'s it\\'s it\\'s it\\'s it\\'s \")'"},
        {"b'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'",
         "pprint",
         "\"(b'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'\\n b'xxxxxxxxxxxxxxxxxxxxxxxx')\""},
        {"[b'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx']",
         "pprint",
         "\"[b'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'\\n b'xxxxxxxxx']\""},
        {"b'\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff'",
         "pprint",
         "\"(b'\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff'\\n b'\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff')\""},
    };

    CHECK_FILTERS(rows);
}
