// JSON texts that are read, what becomes of them, limits, and error reports.
// Texts that are refused have a file of their own, test_json_reject.c.
#include <stdint.h>
#include <string.h>

#include <retort/base/json.h>
#include <retort/test.h>

static rt_arena arena;

// Accepted texts with what json.dumps makes of them again. An empty second
// column means the same text.
static const struct {
    const char *text;
    const char *dumped;
} accepted[] = {
    // values alone, and white space around them
    {"null", ""},
    {"true", ""},
    {"false", ""},
    {"0", ""},
    {"42", ""},
    {"\"\"", ""},
    {"\"text\"", ""},
    {"[]", ""},
    {"{}", ""},
    {" null", "null"},
    {"null ", "null"},
    {" \t\r\nnull\t\r\n ", "null"},
    {"\n\n7\n", "7"},
    {"\r[\r]\r", "[]"},
    // arrays
    {"[1]", ""},
    {"[1,2,3]", "[1, 2, 3]"},
    {"[ 1 , 2 ]", "[1, 2]"},
    {"[\n1\n,\n2\n]", "[1, 2]"},
    {"[[]]", ""},
    {"[[],[]]", "[[], []]"},
    {"[[[[[[]]]]]]", ""},
    {"[{}]", ""},
    {"[null,true,false]", "[null, true, false]"},
    {"[null, 1, \"1\", {}]", ""},
    {"[\"\"]", ""},
    {"[\t]", "[]"},
    {"[0,\"a\",[1,[2,[3]]]]", "[0, \"a\", [1, [2, [3]]]]"},
    // objects
    {"{\"a\":1}", "{\"a\": 1}"},
    {"{\"a\":1,\"b\":2}", "{\"a\": 1, \"b\": 2}"},
    {"{ \"a\" : 1 , \"b\" : 2 }", "{\"a\": 1, \"b\": 2}"},
    {"{\n\"a\"\n:\n1\n}", "{\"a\": 1}"},
    {"{\"\":0}", "{\"\": 0}"},
    {"{\"b\":1,\"a\":2}", "{\"b\": 1, \"a\": 2}"},
    {"{\"a\":{\"a\":{\"a\":{}}}}", "{\"a\": {\"a\": {\"a\": {}}}}"},
    {"{\"a\":[{\"b\":[]}]}", "{\"a\": [{\"b\": []}]}"},
    {"{\"a\":1,\"a\":2}", "{\"a\": 2}"},
    {"{\"a\":1,\"b\":2,\"a\":3}", "{\"a\": 3, \"b\": 2}"},
    {"{\"a\":1,\"\\u0061\":2}", "{\"a\": 2}"},
    {"{\"a\":1,\"a\":1,\"a\":1,\"a\":1}", "{\"a\": 1}"},
    {"{\"A\":1,\"a\":2}", "{\"A\": 1, \"a\": 2}"},
    {"{\"a\\u0000\":1,\"a\":2}", "{\"a\\u0000\": 1, \"a\": 2}"},
    {"{\"k\\ney\":\"v\\tal\"}", "{\"k\\ney\": \"v\\tal\"}"},
    {"{\"1\":1,\"true\":2,\"null\":3}", "{\"1\": 1, \"true\": 2, \"null\": 3}"},
    // integers
    {"-1", ""},
    {"-0", "0"},
    {"10", ""},
    {"1234567890", ""},
    {"9007199254740993", ""},
    {"9223372036854775807", ""},
    {"-9223372036854775807", ""},
    {"-9223372036854775808", ""},
    {"[-0,0]", "[0, 0]"},
    // floats
    {"0.0", ""},
    {"-0.0", ""},
    {"-0e0", "-0.0"},
    {"0.5", ""},
    {"-1.25", ""},
    {"1.0", ""},
    {"1.50", "1.5"},
    {"100.000", "100.0"},
    {"1e2", "100.0"},
    {"1E2", "100.0"},
    {"1e+2", "100.0"},
    {"1E-2", "0.01"},
    {"1.5e3", "1500.0"},
    {"0e1", "0.0"},
    {"0E+1", "0.0"},
    {"1e16", "1e+16"},
    {"1e-5", "1e-05"},
    {"123.456e78", "1.23456e+80"},
    {"0.1", ""},
    {"0.30000000000000004", ""},
    {"1e00002", "100.0"},
    {"1e-00002", "0.01"},
    {"9223372036854775808.0", "9.223372036854776e+18"},
    {"100000000000000000000000e0", "1e+23"},
    {"1.7976931348623157e308", "1.7976931348623157e+308"},
    {"5e-324", ""},
    {"1e-400", "0.0"},
    {"-1e-99999999999999999999", "-0.0"},
    {"0e99999999999999999999", "0.0"},
    {"0.000000000000000000000000000000000000001", "1e-39"},
    {"-0.00000000000000000000000000000000000000000000000000000000000000000000"
     "00000000001",
     "-1e-79"},
    // strings: escapes
    {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\\"\\\\/\\b\\f\\n\\r\\t\""},
    {"\"\\u0041\"", "\"A\""},
    {"\"\\u00e9\\u00E9\"", "\"\\u00e9\\u00e9\""},
    {"\"\\u0000\"", ""},
    {"\"a\\u0000b\"", ""},
    {"\"\\u001f\"", ""},
    {"\"\\u007F\"", "\"\\u007f\""},
    {"\"\\u2028\\u2029\"", ""},
    {"\"\\uD834\\uDD1E\"", "\"\\ud834\\udd1e\""},
    {"\"\\ud800\\udc00\\udbff\\udfff\"", ""},
    {"\"\\ud7ff\\ue000\\uffff\"", ""},
    {"\"\\ufdd0\\ufffe\"", ""},
    {"\"\\\\u0041\"", ""},
    {"\"\\\\\"", ""},
    {"\"\\\\\\\"\"", ""},
    {"\"\\u0022\\u005c\"", "\"\\\"\\\\\""},
    {"\"0123456789abcdef\\n\"", ""},
    {"\"0123456789abcde\\n0123456789abcdef0\\n\"", ""},
    {"[\"\\uD83D\\uDE00\",\"\\u20AC\"]", "[\"\\ud83d\\ude00\", \"\\u20ac\"]"},
    // strings: bytes
    {"\" \"", ""},
    {"\"'\"", ""},
    {"\"/\"", ""},
    {"\"/* no comment */ // none\"", ""},
    {"\"\x7f\"", "\"\\u007f\""},
    {"\"caf\xc3\xa9\"", "\"caf\\u00e9\""},
    {"\"\xe2\x82\xac\"", "\"\\u20ac\""},
    {"\"\xf0\x9f\x98\x80\"", "\"\\ud83d\\ude00\""},
    {"\"\xf4\x8f\xbf\xbf\"", "\"\\udbff\\udfff\""},
    {"\"\xef\xbb\xbf\"", "\"\\ufeff\""},
    {"\"\xe2\x80\xa8\"", "\"\\u2028\""},
    {"{\"\xc3\xa9\":1}", "{\"\\u00e9\": 1}"},
    {"\"exactly sixteen.\"", ""},
    {"\"fifteen bytes..\"", ""},
    {"\"a text that is longer than two vectors are\"", ""},
};

RT_TEST(a_json_text_is_read_and_written_again)
{
    for (size_t i = 0; i < RT_COUNT(accepted); i++) {
        rt_str text = rt_guarded(accepted[i].text);
        rt_value v = rt_value_undefined();
        rt_str dumped = {0};
        rt_error err = {0};

        RT_CASE(accepted[i].text);
        rt_arena_reset(&arena);
        if (CHECK(rt_json_parse(&arena, text, NULL, &v, &err) == RT_OK)) {
            CHECK(rt_json_dump(&arena, v, NULL, &dumped, &err) == RT_OK);
            CHECK_EQ(dumped, *accepted[i].dumped ? accepted[i].dumped
                                                 : accepted[i].text);
        }
        CHECK_EQ(err.message.len, 0u);
    }
    CHECK(RT_COUNT(accepted) >= 90);
    rt_arena_deinit(&arena);
}

static rt_value parse(const char *text)
{
    rt_value v = rt_value_undefined();

    CHECK(rt_json_parse(&arena, rt_guarded(text), NULL, &v, NULL) == RT_OK);
    return v;
}

RT_TEST(kinds_follow_the_way_a_number_is_written)
{
    static const struct {
        const char *text;
        rt_kind kind;
    } rows[] = {
        {"7", RT_INT},          {"-0", RT_INT},       {"7.0", RT_FLOAT},
        {"7e0", RT_FLOAT},      {"-0.0", RT_FLOAT},   {"true", RT_BOOL},
        {"null", RT_NONE},      {"\"7\"", RT_STRING}, {"[7]", RT_LIST},
        {"{\"7\":7}", RT_DICT},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        CHECK_EQ(rt_value_kind(parse(rows[i].text)), rows[i].kind);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(strings_are_copied_and_end_in_nul)
{
    char text[] = "{\"key\": \"plain\", \"k\\u00e9y\": \"esc\\naped\\u0000!\"}";
    rt_value v = rt_value_undefined();

    REQUIRE(rt_json_parse(&arena, rt_str_from(text), NULL, &v, NULL) == RT_OK);
    memset(text, '#', sizeof text);
    rt_value plain = rt_dict_get_str(v, RT_STR("key"));
    rt_value escaped = rt_dict_get_str(v, RT_STR("k\xc3\xa9y"));
    CHECK_EQ(rt_value_as_str(plain), "plain");
    CHECK_EQ(rt_value_as_str(escaped), RT_STR("esc\naped\0!"));
    // The value's own bytes, not a copy, for they have the NUL already.
    CHECK(rt_value_as_cstr(&arena, plain) == plain.as.text);
    CHECK(rt_value_as_cstr(&arena, escaped) == escaped.as.text);
    CHECK_EQ(escaped.as.text[escaped.len], '\0');
    rt_arena_deinit(&arena);
}

RT_TEST(what_was_read_can_be_changed)
{
    rt_value v = parse("{\"list\":[1],\"empty\":[],\"dict\":{}}");
    rt_value list = rt_dict_get_str(v, RT_STR("list"));
    rt_value empty = rt_dict_get_str(v, RT_STR("empty"));
    rt_value dict = rt_dict_get_str(v, RT_STR("dict"));
    rt_str dumped = {0};

    CHECK(rt_list_push(list, RT(2)) == RT_OK);
    CHECK(rt_list_push(empty, RT("x")) == RT_OK);
    for (int i = 0; i < 5; i++)
        CHECK(rt_dict_set(dict, RT(i), RT(i)) == RT_OK);
    CHECK(rt_dict_set_str(v, RT_STR("new"), RT(true)) == RT_OK);
    CHECK(rt_json_dump(&arena, v, NULL, &dumped, NULL) == RT_OK);
    CHECK_EQ(dumped, "{\"list\": [1, 2], \"empty\": [\"x\"], \"dict\": "
                     "{\"0\": 0, \"1\": 1, \"2\": 2, \"3\": 3, \"4\": 4}, "
                     "\"new\": true}");
    rt_arena_deinit(&arena);
}

RT_TEST(a_string_is_whole_whatever_lies_where_vectors_meet)
{
    static const char *const middles[] = {"x", "\\n", "\\u00e9", "\xc3\xa9",
                                          "\\ud83d\\ude00"};
    static const char *const decoded[] = {"x", "\n", "\xc3\xa9", "\xc3\xa9",
                                          "\xf0\x9f\x98\x80"};
    char text[128];
    char expected[128];

    for (size_t before = 0; before < 40; before++) {
        for (size_t m = 0; m < RT_COUNT(middles); m++) {
            int len = snprintf(text, sizeof text, "\"%.*s%s%s\"", (int)before,
                               "0123456789abcdefghijklmnopqrstuvwxyzABCDEF",
                               middles[m], "tail");
            snprintf(expected, sizeof expected, "%.*s%s%s", (int)before,
                     "0123456789abcdefghijklmnopqrstuvwxyzABCDEF", decoded[m],
                     "tail");
            rt_value v = rt_value_undefined();
            rt_arena_reset(&arena);
            CHECK(rt_json_parse(&arena, rt_guarded_bytes(text, (size_t)len),
                                NULL, &v, NULL) == RT_OK);
            CHECK_EQ(rt_value_as_str(v), expected);
        }
    }
    rt_arena_deinit(&arena);
}

// Many elements leave the stack's first room and outgrow it again.
RT_TEST(large_arrays_and_objects_are_read_in_order)
{
    rt_buf buf;
    rt_value v = rt_value_undefined();

    rt_buf_init(&buf, &arena);
    rt_buf_put_cstr(&buf, "[[{\"a\":[");
    for (int i = 0; i < 5000; i++)
        rt_buf_printf(&buf, "%s%d", i ? "," : "", i);
    rt_buf_put_cstr(&buf, "]}],{");
    for (int i = 0; i < 5000; i++)
        rt_buf_printf(&buf, "%s\"k%d\":%d", i ? "," : "", i, i);
    rt_buf_put_cstr(&buf, "}]");
    REQUIRE(rt_json_parse(&arena, rt_buf_str(&buf), NULL, &v, NULL) == RT_OK);

    rt_value outer = rt_list_get(rt_list_get(v, 0), 0);
    rt_value list = rt_dict_get_str(outer, RT_STR("a"));
    rt_value dict = rt_list_get(v, 1);
    int wrong = 0;
    int i = 0;
    CHECK_EQ(rt_list_len(list), 5000u);
    CHECK_EQ(rt_dict_len(dict), 5000u);
    rt_dict_each(entry, dict) {
        wrong += rt_value_as_int(rt_list_get(list, i), -1) != i;
        wrong += rt_value_as_int(entry->value, -1) != i;
        i++;
    }
    CHECK_EQ(wrong, 0);
    rt_arena_deinit(&arena);
}

RT_TEST(limits_hold_at_their_edge)
{
    static const struct {
        const char *text;
        rt_json_limits limits;
        const char *message; // NULL: accepted
    } rows[] = {
        {"[1,2,3]", {.bytes = 7}, NULL},
        {"[1,2,3]", {.bytes = 6}, "more than 6 bytes"},
        {"[1,2,3]", {.values = 3}, NULL},
        {"[1,2,3]", {.values = 2}, "more than 2 values"},
        {"{\"a\":1}", {.values = 2}, NULL},
        {"{\"a\":1}", {.values = 1}, "more than 1 values"},
        {"[[],[],[[]]]", {.values = 3}, "more than 3 values"},
        {"1", {.depth = 1}, NULL},
        {"[]", {.depth = 1}, NULL},
        {"[[],[]]", {.depth = 2}, NULL},
        {"[{}]", {.depth = 1}, "nested deeper than 1 levels"},
        {"{\"a\":[]}", {.depth = 1}, "nested deeper than 1 levels"},
        {"[[],[[]]]", {.depth = 2}, "nested deeper than 2 levels"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_value v = rt_value_undefined();
        rt_error err = {0};
        rt_test_case("row %zu: %s", i, rows[i].text);
        rt_status st = rt_json_parse(&arena, rt_guarded(rows[i].text),
                                     &rows[i].limits, &v, &err);
        CHECK(st == (rows[i].message ? RT_E_LIMIT : RT_OK));
        if (rows[i].message)
            CHECK_EQ(err.message, rows[i].message);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(nesting_stops_at_the_depth_values_have)
{
    char text[2 * RT_VALUE_DEPTH_MAX + 2];
    size_t max = RT_VALUE_DEPTH_MAX;
    rt_json_limits greedy = {.depth = 1000000};
    rt_value v;

    memset(text, '[', max + 1);
    memset(text + max + 1, ']', max + 1);
    rt_str deepest = rt_guarded_bytes(text + 1, 2 * max);
    rt_str deeper = rt_guarded_bytes(text, 2 * max + 2);
    CHECK(rt_json_parse(&arena, deepest, NULL, &v, NULL) == RT_OK);
    CHECK(rt_json_parse(&arena, deeper, NULL, &v, NULL) == RT_E_LIMIT);
    CHECK(rt_json_parse(&arena, deeper, &greedy, &v, NULL) == RT_E_LIMIT);
    rt_arena_deinit(&arena);
}

RT_TEST(the_default_limits_are_those_of_the_header)
{
    rt_buf buf;
    rt_error err = {0};
    rt_value v;

    rt_buf_init(&buf, &arena);
    rt_buf_put_repeat(&buf, ' ', RT_JSON_BYTES - 1);
    rt_buf_put_char(&buf, '1');
    CHECK(rt_json_parse(&arena, rt_buf_str(&buf), NULL, &v, &err) == RT_OK);
    rt_buf_put_char(&buf, ' ');
    CHECK(rt_json_parse(&arena, rt_buf_str(&buf), NULL, &v, &err) ==
          RT_E_LIMIT);
    CHECK_EQ(err.message, "more than 16777216 bytes");

    buf.len = 0;
    rt_buf_put_char(&buf, '[');
    for (size_t i = 0; i < RT_JSON_VALUES; i++)
        rt_buf_put_cstr(&buf, "0,");
    buf.len--;
    rt_buf_put_cstr(&buf, "]");
    CHECK(rt_json_parse(&arena, rt_buf_str(&buf), NULL, &v, NULL) == RT_OK);
    buf.len--;
    rt_buf_put_cstr(&buf, ",0]");
    CHECK(rt_json_parse(&arena, rt_buf_str(&buf), NULL, &v, &err) ==
          RT_E_LIMIT);
    rt_arena_deinit(&arena);
}

RT_TEST(a_hostile_text_leaves_nothing_in_the_arena)
{
    rt_buf buf;
    rt_arena input = {0};
    rt_value v = RT(99);

    rt_buf_init(&buf, &input);
    for (int i = 0; i < 20000; i++)
        rt_buf_put_cstr(&buf, i ? ",[\"some text\"]" : "[[]");
    rt_arena_alloc(&arena, 100);
    size_t before = rt_arena_bytes(&arena);
    CHECK(rt_json_parse(&arena, rt_buf_str(&buf), NULL, &v, NULL) ==
          RT_E_SYNTAX);
    CHECK(rt_arena_bytes(&arena) <= before + 65536);
    CHECK_EQ(rt_value_as_int(v, 0), 99);
    rt_arena_deinit(&input);
    rt_arena_deinit(&arena);
}

RT_TEST(an_error_says_what_and_where)
{
    static const struct {
        const char *text;
        const char *report;
    } rows[] = {
        {"", "line 1:1: expected a value, found the end"},
        {"   ", "line 1:4: expected a value, found the end\n"
                "       \n"
                "       ^"},
        {"{\"a\": [1,\n  2,, 3]}", "line 2:5: expected a value, found \",\"\n"
                                   "      2,, 3]}\n"
                                   "        ^"},
        {"[\"\xc3\xa9\xe2\x82\xac\" x]",
         "line 1:7: expected \",\" or \"]\", found \"x\"\n"
         "    [\"\xc3\xa9\xe2\x82\xac\" x]\n"
         "          ^"},
        {"{'a': 1}", "line 1:2: expected a key in double quotes, found \"'\"\n"
                     "    {'a': 1}\n"
                     "     ^"},
        {"{\"a\" \"b\"}", "line 1:6: expected \":\", found a quote\n"
                          "    {\"a\" \"b\"}\n"
                          "         ^"},
        {"{\"a\": True}", "line 1:7: expected a value, found \"True\"\n"
                          "    {\"a\": True}\n"
                          "          ^"},
        {"{\"a\": 1 \xe2\x80\x8b}",
         "line 1:9: expected \",\" or \"}\", found U+200b\n"
         "    {\"a\": 1 \xef\xbf\xbd}\n"
         "            ^"},
        {"[NaN]", "line 1:2: expected a value, found \"NaN\"\n"
                  "    [NaN]\n"
                  "     ^"},
        {"[1.]", "line 1:4: expected a digit, found \"]\"\n"
                 "    [1.]\n"
                 "       ^"},
        {"[-]", "line 1:3: expected a digit, found \"]\"\n"
                "    [-]\n"
                "      ^"},
        {"[012]", "line 1:2: number with a leading zero\n"
                  "    [012]\n"
                  "     ^"},
        {"[1, 9223372036854775808]", "line 1:5: integer beyond 64 bits\n"
                                     "    [1, 9223372036854775808]\n"
                                     "        ^"},
        {"[1e400]", "line 1:2: number beyond 1.8e308\n"
                    "    [1e400]\n"
                    "     ^"},
        {"[\"a\\qb\"]", "line 1:4: unknown escape in a string\n"
                        "    [\"a\\qb\"]\n"
                        "       ^"},
        {"[\"\\u12g4\"]", "line 1:7: expected a hexadecimal digit, found "
                          "\"g4\"\n"
                          "    [\"\\u12g4\"]\n"
                          "          ^"},
        {"[\"a\\ud800b\"]", "line 1:4: half a surrogate pair\n"
                            "    [\"a\\ud800b\"]\n"
                            "       ^"},
        {"[\"ab", "line 1:2: string without closing quote\n"
                  "    [\"ab\n"
                  "     ^"},
        {"[\"a\tb\"]", "line 1:4: control character in a string\n"
                       "    [\"a\tb\"]\n"
                       "       ^"},
        {"[\"a\x1b\"]", "line 1:4: control character in a string\n"
                        "    [\"a\xef\xbf\xbd\"]\n"
                        "       ^"},
        {"[1]\r\n[2]", "line 2:1: expected the end, found \"[\"\n"
                       "    [2]\n"
                       "    ^"},
        {"[\"a\xff\"]", "line 1:4: invalid UTF-8\n"
                        "    [\"a\xef\xbf\xbd\"]\n"
                        "       ^"},
        {"\xef\xbb\xbf[]", "line 1:1: byte order mark\n"
                           "    \xef\xbf\xbd[]\n"
                           "    ^"},
        // A long line is shown up to the error; the caret is behind it.
        {"[\"0123456789\",\"0123456789\",\"0123456789\",\"0123456789\","
         "\"0123456789\",\"\xc3\xa9\xc3\xa9 last\" # \"more\"]",
         "line 1:77: expected \",\" or \"]\", found \"#\"\n"
         "    ...123456789\",\"0123456789\",\"0123456789\",\"0123456789\","
         "\"\xc3\xa9\xc3\xa9 last\" \n"
         "                                                              "
         "     ^"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_value v = rt_value_undefined();
        rt_error err = {0};
        RT_CASE(rows[i].text);
        rt_arena_reset(&arena);
        rt_status st =
            rt_json_parse(&arena, rt_guarded(rows[i].text), NULL, &v, &err);
        CHECK(st != RT_OK && err.status == st);
        CHECK_EQ(rt_error_text(&arena, &err), rows[i].report);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(an_empty_view_is_no_json)
{
    rt_value v = RT(99);

    CHECK(rt_json_parse(&arena, (rt_str){0}, NULL, &v, NULL) == RT_E_SYNTAX);
    CHECK_EQ(rt_value_as_int(v, 0), 99);
    rt_arena_deinit(&arena);
}
