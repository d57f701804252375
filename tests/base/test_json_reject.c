// JSON texts that are refused, and with which status. A row for each way to be
// wrong that came to mind, for leniency in a parser is what nobody notices.
#include <stdint.h>

#include <retort/base/json.h>
#include <retort/test.h>

static rt_arena arena;

static void check_refused(rt_str text, rt_status status)
{
    rt_value v = RT(99);
    rt_error err = {0};

    rt_arena_reset(&arena);
    rt_status st = rt_json_parse(&arena, text, NULL, &v, &err);
    CHECK_EQ(rt_status_name(st), rt_status_name(status));
    CHECK(err.status == st && err.message.len > 0 && err.line > 0 &&
          err.column > 0);
    CHECK_EQ(rt_value_as_int(v, 0), 99);
}

static void check_all_refused(const char *const *rows, size_t n,
                              rt_status status)
{
    for (size_t i = 0; i < n; i++) {
        RT_CASE(rows[i]);
        check_refused(rt_guarded(rows[i]), status);
    }
    rt_arena_deinit(&arena);
}

#define CHECK_ALL_REFUSED(rows, status) \
    check_all_refused(rows, RT_COUNT(rows), status)

RT_TEST(texts_without_a_value_are_refused)
{
    // clang-format off
    static const char *const rows[] = {
        "", " ", "\n", "\t\t", ",", ":", "]", "}", "[", "{", "\"", "\\", "-",
        "+", ".", "e", "'", "`", "#", "//", "/**/", "()", "<>", "&", "@", "*",
        "_", "undefined", "None", "nil", "NULL", "Null", "TRUE", "True",
        "False", "FALSE", "nul", "nulll", "tru", "truee", "fals", "falsee", "t",
        "n", "f", "abc", "yes", "n ull", "true false", "nullnull", "\xc3\xa9",
        "\xe2\x82\xac", "\f1", "\v1", "1\f", "\x7f", "\x01", "\302\2401",
        "1\xc2\xa0", "\342\200\2131", "\343\200\2001", "\xef\xbb\xbf",
        "\357\273\2771", "1\xef\xbb\xbf", "\"a\" \"b\"", "1 2", "[] []",
        "{} {}", "1,", ",1", "1]", "[]]", "{}}", "[1]2", "\"a\"b", "null,",
        "1;", "a:1", "\"a\":1", "1 // one", "1 # one", "/* one */ 1",
        "<!-- --> 1", "callback({})", "{}=", "$", "\\u0031",
    };
    // clang-format on

    CHECK_ALL_REFUSED(rows, RT_E_SYNTAX);
}

RT_TEST(malformed_arrays_are_refused)
{
    // clang-format off
    static const char *const rows[] = {
        "[1", "[1,", "[1,]", "[,]", "[,1]", "[1,,2]", "[1,2,]", "[1 2]",
        "[1;2]", "[1:2]", "[\"a\" \"b\"]", "[\"a\":1]", "[1}", "[}", "[[]",
        "[[1]", "[[],", "[[1,2]", "[]1]", "[ , ]", "[1, , 2]", "[...]",
        "[1, 2, ...]", "[1\n2]", "[a]", "['a']", "[(1)]", "[1,\f2]", "[\v]",
        "[\xc2\xa0]", "[-]", "[+]", "[null true]", "[nul]", "[True]", "[1]]",
        "[[[[[[[[[[", "[{]", "[{}", "[1,{}", "[\"]", "[\"a]", "[\"a\",\n4\n,1,",
        "[1,2}", "[/*x*/1]", "[1//\n]", "[*]", "[\\n]", "[\"a\",\"b\"",
        "[undefined]", "[1 , , ]", "[ 1 , ]",
    };
    // clang-format on

    CHECK_ALL_REFUSED(rows, RT_E_SYNTAX);
}

RT_TEST(malformed_objects_are_refused)
{
    // clang-format off
    static const char *const rows[] = {
        "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{,}",
        "{,\"a\":1}", "{\"a\":1,,\"b\":2}", "{\"a\":1,,}", "{\"a\":1 \"b\":2}",
        "{\"a\":1;\"b\":2}", "{\"a\" 1}", "{\"a\",1}", "{\"a\"::1}",
        "{\"a\"=1}", "{\"a\"=>1}", "{\"a\":}", "{\"a\":,}", "{\"a\"}",
        "{\"a\",\"b\"}", "{:1}", "{a:1}", "{'a':1}", "{1:1}", "{null:1}",
        "{true:1}", "{[]:1}", "{{}:1}", "{-1:1}", "{\"a\":1]", "{]",
        "{\"a\":1:2}", "{\"a\":b}", "{\"a\":'b'}", "{\"a\":\"b}", "{\"a:1}",
        "{\"a\":/**/1}", "{\"a\"/**/:1}", "{\"a\":1/**/}", "{//\n}",
        "{\"a\":1}}", "{{}}", "{{\"a\":1}}", "{[", "{\"a\":{}", "{\"a\":[}",
        "{\"a\":[1}", "{\"a\":1 2}", "{\"a\" \"b\"}", "{...}", "{\"a\":01}",
        "{\"a\": tru}", "{\"\\q\":1}", "{\"a\n\":1}", "{ }x", "{\"a\":\f1}",
    };
    // clang-format on

    CHECK_ALL_REFUSED(rows, RT_E_SYNTAX);
}

RT_TEST(malformed_numbers_are_refused)
{
    // clang-format off
    static const char *const rows[] = {
        "01", "00", "-01", "-00", "007", "0123", "01.5", "00.5", "-00.5", "+1",
        "+0", "++1", "--1", "-+1", "+-1", "- 1", "-a", "-.5", ".5", ".0", "1.",
        "0.", "-1.", "1.e5", "1.5.", "1.5.5", "1..5", ".", "-.", "1e", "1E",
        "1e+", "1e-", "1e++1", "1e+-1", "1ee1", "1e1e1", "e1", "-e1", ".e1",
        "0e", "0e+", "1e1.5", "1e.5", "1 e1", "1e 1", "1 .5", "1. 5", "1_000",
        "1,000", "1'000", "1 000", "0x1", "0X1", "0xff", "0b1", "0o7", "1f",
        "1.0f", "1L", "1u", "1n", "1a", "1.5a", "1e5a", "1-", "1+1", "1-1",
        "1/2", "NaN", "nan", "-NaN", "Infinity", "-Infinity", "+Infinity",
        "inf", "-inf", "Inf", "1.#INF", "#1", "$1", "1%", "\xef\xbc\x91",
        "\xd9\xa1", "1\xcc\x81", ("\xe2\x88\x92" "1"), "1e\xef\xbc\x91",
        "1.\xd9\xa1", "1\xc2\xb2", "\xc2\xbd",
    };
    // clang-format on

    CHECK_ALL_REFUSED(rows, RT_E_SYNTAX);
}

RT_TEST(malformed_strings_are_refused)
{
    // clang-format off
    static const char *const rows[] = {
        "\"", "\"a", "\"\\", "\"\\\"", "\"a\\\"", "\"\\\\\\\"", "'a'", "`a`",
        "\"a'", "'a\"", "a\"", "\"a\"\"", "\"\"\"", "\"\"a\"\"",
        ("\xe2\x80\x9c" "a\xe2\x80\x9d"),
        // control characters
        "\"\n\"", "\"\t\"", "\"\r\"", "\"\b\"", "\"\f\"", "\"\x01\"",
        "\"\x1f\"", "\"a\nb\"", "\"a\r\nb\"", "\"0123456789abcdef\n\"",
        "\"\\n\n\"", "\"\\\n\"", "\"\x1b[0m\"",
        // escapes
        "\"\\a\"", "\"\\v\"", "\"\\0\"", "\"\\1\"", "\"\\x41\"", "\"\\'\"",
        "\"\\ \"", "\"\\N\"", "\"\\T\"", "\"\\U0041\"", "\"\\e\"", "\"\\_\"",
        "\"\\\xc3\xa9\"", "\"\\\t\"",
        // \u
        "\"\\u\"", "\"\\u0\"", "\"\\u00\"", "\"\\u004\"", "\"\\u004", "\"\\u",
        "\"\\u004g\"", "\"\\ug041\"", "\"\\u 041\"", "\"\\u+041\"",
        "\"\\u-041\"", "\"\\u00 41\"", "\"\\u{41}\"", "\"\\u00\\u41\"",
        "\"\\u0x41\"", "\"\\u00\n41\"",
        // surrogates
        "\"\\ud800\"", "\"\\udbff\"", "\"\\udc00\"", "\"\\udfff\"",
        "\"\\ud800a\"", "\"\\ud800\\n\"", "\"\\ud800\\\\\"",
        "\"\\ud800\\u0041\"", "\"\\ud800\\ud800\"", "\"\\ud800\\udbff\"",
        "\"\\ud800\\ue000\"", "\"\\udc00\\ud800\"", "\"\\udc00\\udc00\"",
        "\"\\ud800\\u\"", "\"\\ud800\\udc0\"", "\"\\ud800\\udc0", "\"\\ud800",
        "\"\\ud800\\", "\"\\ud800\\u", "\"\\ud800\\udc00\\ud800\"",
        "{\"\\ud800\":1}", "\"\\ud83d \\ude00\"", "\"\\uD834\\xDD1E\"",
    };
    // clang-format on

    CHECK_ALL_REFUSED(rows, RT_E_SYNTAX);
}

RT_TEST(a_nul_outside_an_escape_is_refused)
{
    static const rt_str rows[] = {{"\0", 1},
                                  {"1\0", 2},
                                  {"\0"
                                   "1",
                                   2},
                                  {"[\0]", 3},
                                  {"\"\0\"", 3},
                                  {"\"a\0b\"", 5},
                                  {"[1,\0]", 5},
                                  {"nul\0", 4},
                                  {"-\0", 2},
                                  {"\"\\\0\"", 4},
                                  {"1.\0", 3},
                                  {"{\"a\"\0:1}", 8},
                                  {"tru\0", 4},
                                  {"\"\\u00\0\"", 7}};

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("row %zu", i);
        check_refused(rt_guarded_bytes(rows[i].data, rows[i].len), RT_E_SYNTAX);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(what_is_not_utf_8_is_refused)
{
    // clang-format off
    static const char *const rows[] = {
        "\"\x80\"", "\"\xbf\"", "\"\xc0\x80\"", "\"\xc1\xbf\"", "\"\xc3\"",
        "\"\xc3(\"", "\"\xe0\x80\xaf\"", "\"\xe2\x82\"", "\"\xe2\x28\xa1\"",
        "\"\xed\xa0\x80\"", "\"\xed\xbf\xbf\"", "\"\xf0\x80\x80\x80\"",
        "\"\xf0\x9f\x98\"", "\"\xf4\x90\x80\x80\"", "\"\xf5\x80\x80\x80\"",
        "\"\xf8\x88\x80\x80\x80\"", "\"\xfe\"", "\"\xff\"", "\xff", "\x80",
        "1\xff", "[\xe9]", "[1\xe5]", "[1e\xe5]", "{\"\xb9\":0}", "\"\\\xe5\"",
        "\"\\u\xe5\"", "\"caf\xe9\"", "\xfe\xff[]",
        "\"\xed\xa0\xbd\xed\xb8\x80\"", ("\xef\xbb" "1"),
        // an earlier mistake of another kind does not hide it
        "[,\"\xff\"]", "nonsense \xff",
    };
    // clang-format on
    static const rt_str utf_16[] = {{"\xff\xfe[\0]\0", 6},
                                    {"\xfe\xff\0[\0]", 6},
                                    {"[\0\"\0\xe9\0\"\0]\0", 10}};

    CHECK_ALL_REFUSED(rows, RT_E_UTF8);
    for (size_t i = 0; i < RT_COUNT(utf_16); i++) {
        check_refused(rt_guarded_bytes(utf_16[i].data, utf_16[i].len),
                      RT_E_UTF8);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(numbers_no_value_can_hold_are_refused)
{
    // clang-format off
    static const char *const rows[] = {
        "9223372036854775808", "-9223372036854775809", "18446744073709551615",
        "18446744073709551616", "9999999999999999999", "10000000000000000000",
        "-10000000000000000000", "99999999999999999999999999999999999999",
        "[9223372036854775808]", "{\"id\":123456789012345678901}",
        "100000000000000000000000000000000000000000000000000000000000000000000",
        "1e309", "-1e309", "1.8e308", "1e999999999999999999999", "1E+400",
        "123123e100000", "0.4e006699999999999999999999999999999999999999999",
        "[1.7976931348623159e308]", "17976931348623159e292",
    };
    // clang-format on

    CHECK_ALL_REFUSED(rows, RT_E_RANGE);
}

// Whatever is cut off a text that ends in a bracket or quote leaves none.
RT_TEST(no_beginning_of_a_text_is_a_text)
{
    // clang-format off
    static const char *const rows[] = {
        "{\"a\": [1, 2.5e+3, \"\\u00e9\\ud83d\\ude00\"], \"b\": {\"c\": -0.1}}",
        "[[[[\"deep\"]]], {\"k\": \"\\\\\\\"\"}, \"0123456789abcdef01234567\"]",
        "\"caf\\u00e9 \\n\\t \\\" end\"",
    };
    // clang-format on

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_str text = rt_guarded(rows[i]);
        rt_value v;
        CHECK(rt_json_parse(&arena, text, NULL, &v, NULL) == RT_OK);
        for (size_t len = 0; len < text.len; len++) {
            rt_test_case("the first %zu bytes of %s", len, rows[i]);
            check_refused(rt_guarded_bytes(rows[i], len), RT_E_SYNTAX);
        }
    }
    rt_arena_deinit(&arena);
}
