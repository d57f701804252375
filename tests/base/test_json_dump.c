// JSON that is written: the rows are what Python's json.dumps gives.
#include <math.h>
#include <stdint.h>
#include <string.h>

#include <retort/base/json.h>
#include <retort/base/time.h>
#include <retort/test.h>

static rt_arena arena;

static const rt_json_style plain = {0};
static const rt_json_style compact = {.compact = true};
static const rt_json_style sorted = {.sort_keys = true};
static const rt_json_style with_unicode = {.unicode = true};

static rt_value parse(const char *text)
{
    rt_value v = rt_value_undefined();

    REQUIRE(rt_json_parse(&arena, rt_str_from(text), NULL, &v, NULL) == RT_OK);
    return v;
}

// The text, or the error's message.
static rt_str dump(rt_value v, const rt_json_style *style)
{
    rt_str out = RT_STR("untouched");
    rt_error err = {0};
    rt_status st = rt_json_dump(&arena, v, style, &out, &err);

    CHECK(err.status == st);
    if (st == RT_OK) {
        CHECK_EQ(out.data[out.len], '\0');
        return out;
    }
    CHECK_EQ(out, "untouched");
    CHECK(err.message.len > 0);
    return err.message;
}

RT_TEST(every_kind_has_its_json)
{
    static const uint8_t uuid[16] = {0x12, 0x3e, 0x45, 0x67, 0xe8, 0x9b,
                                     0x12, 0xd3, 0xa4, 0x56, 0x42, 0x66,
                                     0x14, 0x17, 0x40, 0x00};
    const rt_value pair[] = {RT(1), RT("b")};

    const struct {
        rt_value v;
        const char *text;
    } rows[] = {
        {rt_value_none(), "null"},
        {RT(true), "true"},
        {RT(false), "false"},
        {RT(0), "0"},
        {RT(-7), "-7"},
        {RT(INT64_MAX), "9223372036854775807"},
        {RT(INT64_MIN), "-9223372036854775808"},
        {RT(0.1), "0.1"},
        {RT(1.0), "1.0"},
        {RT(-0.0), "-0.0"},
        {RT(1e16), "1e+16"},
        {RT(1e-7), "1e-07"},
        {RT(""), "\"\""},
        {RT("text"), "\"text\""},
        {RT((const char *)NULL), "null"},
        {rt_value_safe(RT_STR("<b>\"</b>")), "\"<b>\\\"</b>\""},
        {rt_list_of(&arena, pair, 2), "[1, \"b\"]"},
        {rt_tuple_of(&arena, pair, 2), "[1, \"b\"]"},
        {rt_tuple_of(&arena, pair, 0), "[]"},
        {rt_list_new(&arena), "[]"},
        {rt_dict_new(&arena), "{}"},
        {rt_value_date(1704067200 * RT_TIME_SECOND),
         "\"Mon, 01 Jan 2024 00:00:00 GMT\""},
        {rt_value_date(RT_TIME_MAX), "\"Fri, 31 Dec 9999 23:59:59 GMT\""},
        {rt_value_uuid(uuid), "\"123e4567-e89b-12d3-a456-426614174000\""},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        CHECK_EQ(dump(rows[i].v, NULL), rows[i].text);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(strings_are_escaped_as_python_escapes_them)
{
    static const struct {
        rt_str text;
        const char *ascii;
        const char *unicode; // NULL: the same
    } rows[] = {
        {{"\"\\/", 3}, "\"\\\"\\\\/\"", NULL},
        {{"\b\f\n\r\t", 5}, "\"\\b\\f\\n\\r\\t\"", NULL},
        {{"\0\x01\x1f", 3}, "\"\\u0000\\u0001\\u001f\"", NULL},
        {{"\x7f", 1}, "\"\\u007f\"", "\"\x7f\""},
        {{"\xc2\x80", 2}, "\"\\u0080\"", "\"\xc2\x80\""},
        {{"\xc3\xa9", 2}, "\"\\u00e9\"", "\"\xc3\xa9\""},
        {{"\xe2\x82\xac", 3}, "\"\\u20ac\"", "\"\xe2\x82\xac\""},
        {{"\xef\xbf\xbf", 3}, "\"\\uffff\"", "\"\xef\xbf\xbf\""},
        {{"\xe2\x80\xa8", 3}, "\"\\u2028\"", "\"\xe2\x80\xa8\""},
        {{"\xf0\x9f\x98\x80", 4}, "\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\""},
        {{"\xf4\x8f\xbf\xbf", 4}, "\"\\udbff\\udfff\"", "\"\xf4\x8f\xbf\xbf\""},
        {{"<>&'", 4}, "\"<>&'\"", NULL},
        {{"0123456789abcdef\"0123456789abcdef", 33},
         "\"0123456789abcdef\\\"0123456789abcdef\"",
         NULL},
        // Text that is no UTF-8 gives JSON that is.
        {{"a\xff"
          "b",
          3},
         "\"a\\ufffdb\"",
         "\"a\xef\xbf\xbd"
         "b\""},
        {{"\xe2\x82", 2}, "\"\\ufffd\"", "\"\xef\xbf\xbd\""},
        {{"\xed\xa0\x80", 3},
         "\"\\ufffd\\ufffd\\ufffd\"",
         "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_value v =
            rt_value_str(rt_guarded_bytes(rows[i].text.data, rows[i].text.len));
        RT_CASE(rows[i].ascii);
        CHECK_EQ(dump(v, &plain), rows[i].ascii);
        CHECK_EQ(dump(v, &with_unicode),
                 rows[i].unicode ? rows[i].unicode : rows[i].ascii);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(escapes_are_found_wherever_vectors_meet)
{
    char text[64];
    char expected[80];

    for (size_t len = 1; len < 60; len++) {
        for (size_t at = 0; at < len; at++) {
            memset(text, 'a', len);
            text[at] = '"';
            memset(expected, 'a', sizeof expected);
            expected[0] = '"';
            memcpy(expected + 1 + at, "\\\"", 2);
            expected[len + 2] = '"';
            rt_arena_reset(&arena);
            rt_str out = dump(rt_value_str(rt_guarded_bytes(text, len)), NULL);
            if (!rt_str_eq(out, rt_str_of(expected, len + 3)))
                CHECK_EQ(out, rt_str_of(expected, len + 3));
        }
    }
    CHECK_EQ(dump(RT("a"), NULL), "\"a\"");
    rt_arena_deinit(&arena);
}

RT_TEST(styles_lay_out_as_python_does)
{
    static const char text[] =
        "{\"b\": [1, [2, {}], []], \"a\": {\"d\": \"\\u00e9<&'>\", \"c\": "
        "null}}";

    static const struct {
        rt_json_style style;
        const char *text;
    } rows[] = {
        {{0}, text},
        {{.compact = true},
         "{\"b\":[1,[2,{}],[]],\"a\":{\"d\":\"\\u00e9<&'>\",\"c\":null}}"},
        {{.sort_keys = true},
         "{\"a\": {\"c\": null, \"d\": \"\\u00e9<&'>\"}, \"b\": [1, [2, {}], "
         "[]]}"},
        {{.unicode = true},
         "{\"b\": [1, [2, {}], []], \"a\": {\"d\": \"\xc3\xa9<&'>\", \"c\": "
         "null}}"},
        {{.html_safe = true},
         "{\"b\": [1, [2, {}], []], \"a\": {\"d\": "
         "\"\\u00e9\\u003c\\u0026\\u0027\\u003e\", \"c\": null}}"},
        {{.indent = 2},
         "{\n"
         "  \"b\": [\n"
         "    1,\n"
         "    [\n"
         "      2,\n"
         "      {}\n"
         "    ],\n"
         "    []\n"
         "  ],\n"
         "  \"a\": {\n"
         "    \"d\": \"\\u00e9<&'>\",\n"
         "    \"c\": null\n"
         "  }\n"
         "}"},
        {{.indent = 1, .compact = true, .sort_keys = true, .unicode = true},
         "{\n"
         " \"a\":{\n"
         "  \"c\":null,\n"
         "  \"d\":\"\xc3\xa9<&'>\"\n"
         " },\n"
         " \"b\":[\n"
         "  1,\n"
         "  [\n"
         "   2,\n"
         "   {}\n"
         "  ],\n"
         "  []\n"
         " ]\n"
         "}"},
    };

    rt_value v = parse(text);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        CHECK_EQ(dump(v, &rows[i].style), rows[i].text);
    }
    rt_arena_deinit(&arena);
}

// A dict with each value as key and its position as value.
static rt_value dict_of(const rt_value *keys, size_t n)
{
    rt_value dict = rt_dict_new(&arena);

    for (size_t i = 0; i < n; i++)
        CHECK(rt_dict_set(dict, keys[i], RT(i)) == RT_OK);
    return dict;
}

RT_TEST(keys_become_strings)
{
    const rt_value keys[] = {RT("s"),  RT(7),
                             RT(2.50), rt_value_none(),
                             RT(true), rt_value_safe(RT_STR("<k>"))};

    CHECK_EQ(dump(dict_of(keys, RT_COUNT(keys)), &compact),
             "{\"s\":0,\"7\":1,\"2.5\":2,\"null\":3,\"true\":4,\"<k>\":5}");
    rt_arena_deinit(&arena);
}

RT_TEST(sorting_follows_code_points_and_numbers)
{
    const rt_value text[] = {RT("b"),
                             RT("\xef\xbf\xbd"),
                             RT("\xf0\x9f\x98\x80"),
                             RT("B"),
                             RT(""),
                             RT("\xc3\xa9"),
                             RT("ba"),
                             rt_value_safe(RT_STR("a"))};
    const rt_value numbers[] = {RT(10),
                                RT(2),
                                RT(-1.5),
                                RT(true),
                                RT(2.5),
                                RT(INT64_MAX),
                                RT(1e300),
                                RT(-1e300),
                                RT(INT64_MIN),
                                RT(false),
                                RT(9007199254740993),
                                RT(9007199254740992.0)};
    const rt_value none[] = {rt_value_none()};

    CHECK_EQ(dump(dict_of(text, RT_COUNT(text)), &sorted),
             "{\"\": 4, \"B\": 3, \"a\": 7, \"b\": 0, \"ba\": 6, "
             "\"\\u00e9\": 5, \"\\ufffd\": 1, \"\\ud83d\\ude00\": 2}");
    CHECK_EQ(dump(dict_of(numbers, RT_COUNT(numbers)), &sorted),
             "{\"-1e+300\": 7, \"-9223372036854775808\": 8, \"-1.5\": 2, "
             "\"false\": 9, \"true\": 3, \"2\": 1, \"2.5\": 4, \"10\": 0, "
             "\"9007199254740992.0\": 11, \"9007199254740993\": 10, "
             "\"9223372036854775807\": 5, \"1e+300\": 6}");
    CHECK_EQ(dump(dict_of(none, 1), &sorted), "{\"null\": 0}");
    rt_arena_deinit(&arena);
}

RT_TEST(many_keys_are_sorted_too)
{
    rt_value dict = rt_dict_new(&arena);
    rt_buf expected;

    for (int i = 0; i < 500; i++) {
        int k = i * 337 % 500;
        CHECK(rt_dict_set(dict, RT(k), RT(k)) == RT_OK);
    }
    rt_buf_init(&expected, &arena);
    for (int i = 0; i < 500; i++)
        rt_buf_printf(&expected, "%s\"%d\": %d", i ? ", " : "{", i, i);
    rt_buf_put_char(&expected, '}');
    CHECK_EQ(dump(dict, &sorted), rt_buf_str(&expected));
    rt_arena_deinit(&arena);
}

// Inner objects take room while the outer one's members wait in order.
RT_TEST(objects_within_sorted_objects_are_sorted)
{
    rt_value outer = rt_dict_new(&arena);
    rt_buf expected;

    for (int i = 0; i < 40; i++) {
        rt_value inner = rt_dict_new(&arena);
        for (int k = 0; k < 40; k++)
            CHECK(rt_dict_set(inner, RT(k * 7 % 40), RT(i)) == RT_OK);
        CHECK(rt_dict_set(outer, RT(i * 11 % 40), inner) == RT_OK);
    }
    rt_buf_init(&expected, &arena);
    for (int i = 0; i < 40; i++) {
        rt_buf_printf(&expected, "%s\"%d\": ", i ? ", " : "{", i);
        // 11 * 11 = 121 is 1 modulo 40.
        for (int k = 0; k < 40; k++) {
            rt_buf_printf(&expected, "%s\"%d\": %d", k ? ", " : "{", k,
                          i * 11 % 40);
        }
        rt_buf_put_char(&expected, '}');
    }
    rt_buf_put_char(&expected, '}');
    CHECK_EQ(dump(outer, &sorted), rt_buf_str(&expected));
    rt_arena_deinit(&arena);
}

RT_TEST(removed_entries_are_not_written)
{
    rt_value dict = parse("{\"a\":1,\"b\":2,\"c\":3}");

    CHECK(rt_dict_remove(dict, RT("a")) == RT_OK);
    CHECK_EQ(dump(dict, &compact), "{\"b\":2,\"c\":3}");
    CHECK_EQ(dump(dict, &sorted), "{\"b\": 2, \"c\": 3}");
    rt_arena_deinit(&arena);
}

static void put_answer(void *self, rt_buf *out)
{
    (void)self;
    rt_buf_put_cstr(out, "42");
}

RT_TEST(an_object_writes_its_own_json)
{
    static const rt_vtable answer = {.json = put_answer};
    rt_value dict = rt_dict_new(&arena);

    CHECK(rt_dict_set_str(dict, RT_STR("a"),
                          rt_object_new(&arena, &answer, NULL)) == RT_OK);
    CHECK_EQ(dump(dict, NULL), "{\"a\": 42}");
    rt_arena_deinit(&arena);
}

RT_TEST(what_has_no_json_is_refused_with_its_place)
{
    static const rt_vtable thing = {.name = "thing"};
    rt_value object = rt_object_new(&arena, &thing, NULL);
    rt_value nested = parse("{\"users\":[{\"id\":1},{\"odd key\":[0]}]}");
    rt_value users = rt_dict_get_str(nested, RT_STR("users"));
    rt_value list = rt_dict_get_str(rt_list_get(users, 1), RT_STR("odd key"));
    const rt_value mixed[] = {RT("a"), RT(1)};
    const rt_value none[] = {rt_value_none(), RT("a")};
    const rt_value tuple[] = {rt_tuple_of(&arena, mixed, 2)};
    const rt_value date[] = {rt_value_date(0)};
    const rt_value nan_key[] = {RT((double)NAN)};

    const struct {
        rt_value v;
        const rt_json_style *style;
        rt_status status;
        const char *message;
    } rows[] = {
        {rt_value_undefined(), NULL, RT_E_TYPE,
         "cannot write undefined as JSON"},
        {rt_value_bytes("ab", 2), NULL, RT_E_TYPE,
         "cannot write bytes as JSON"},
        {object, NULL, RT_E_TYPE, "cannot write object as JSON"},
        {RT((double)NAN), NULL, RT_E_RANGE, "JSON has no NaN"},
        {RT(-(double)INFINITY), NULL, RT_E_RANGE,
         "JSON has no infinite numbers"},
        {rt_value_date(RT_TIME_MIN - 1), NULL, RT_E_RANGE,
         "a date outside the years 1 to 9999"},
        {rt_value_date(RT_TIME_MAX + 1), NULL, RT_E_RANGE,
         "a date outside the years 1 to 9999"},
        {nested, NULL, RT_E_TYPE,
         "cannot write bytes as JSON, at .users[1][\"odd key\"][1]"},
        {nested, &sorted, RT_E_TYPE,
         "cannot write bytes as JSON, at .users[1][\"odd key\"][1]"},
        {dict_of(tuple, 1), NULL, RT_E_TYPE, "a JSON key cannot be tuple"},
        {dict_of(date, 1), NULL, RT_E_TYPE, "a JSON key cannot be date"},
        {dict_of(nan_key, 1), NULL, RT_E_RANGE, "JSON has no NaN, at [nan]"},
        {dict_of(mixed, 2), &sorted, RT_E_TYPE,
         "keys of different kinds have no order"},
        {dict_of(none, 2), &sorted, RT_E_TYPE,
         "keys of different kinds have no order"},
    };

    CHECK(rt_list_push(list, rt_value_bytes("x", 1)) == RT_OK);
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_buf buf;
        rt_test_case("row %zu: %s", i, rows[i].message);
        CHECK_EQ(dump(rows[i].v, rows[i].style), rows[i].message);
        rt_buf_init(&buf, &arena);
        rt_json_put(&buf, rows[i].v, rows[i].style);
        CHECK(buf.status == rows[i].status);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(nan_is_written_when_allowed)
{
    static const rt_json_style lenient = {.allow_nan = true};
    const rt_value items[] = {RT((double)NAN), RT((double)INFINITY),
                              RT(-(double)INFINITY)};

    CHECK_EQ(dump(rt_list_of(&arena, items, 3), &lenient),
             "[NaN, Infinity, -Infinity]");
    rt_arena_deinit(&arena);
}

RT_TEST(a_value_that_holds_itself_is_refused)
{
    rt_value list = rt_list_new(&arena);
    rt_value dict = rt_dict_new(&arena);
    rt_buf buf;

    CHECK(rt_list_push(list, list) == RT_OK);
    CHECK(rt_dict_set_str(dict, RT_STR("self"), dict) == RT_OK);
    CHECK_EQ(dump(list, NULL), "a value nested too deeply, or holding itself");
    CHECK_EQ(dump(dict, &sorted),
             "a value nested too deeply, or holding itself");
    rt_buf_init(&buf, &arena);
    rt_json_put(&buf, dict, NULL);
    CHECK(buf.status == RT_E_LIMIT);
    rt_arena_deinit(&arena);
}

RT_TEST(what_can_be_read_can_be_written)
{
    rt_value deepest = RT(1);
    rt_value deeper;

    for (int i = 0; i < RT_VALUE_DEPTH_MAX; i++)
        deepest = rt_list_of(&arena, &deepest, 1);
    deeper = rt_list_of(&arena, &deepest, 1);
    CHECK_EQ(dump(deepest, NULL).len, (size_t)2 * RT_VALUE_DEPTH_MAX + 1);
    CHECK_EQ(dump(deeper, NULL),
             "a value nested too deeply, or holding itself");
    rt_arena_deinit(&arena);
}

RT_TEST(an_inert_buffer_stays_as_it_is)
{
    rt_buf buf;
    rt_value v = parse("[1, 2, 3, \"a longer text than the limit allows\"]");

    rt_buf_init(&buf, &arena);
    buf.limit = 8;
    rt_json_put(&buf, v, NULL);
    CHECK(buf.status == RT_E_LIMIT);
    CHECK(buf.len <= 8);
    size_t len = buf.len;
    rt_json_put(&buf, rt_value_bytes("", 0), NULL);
    CHECK(buf.status == RT_E_LIMIT); // the first error is kept
    CHECK_EQ(buf.len, len);
    rt_arena_deinit(&arena);
}

static rt_str dump_pairs(const rt_json_style *style, const rt_pair *pairs,
                         size_t n)
{
    rt_buf buf;

    rt_buf_init(&buf, &arena);
    rt_json_put_pairs(&buf, pairs, n, style);
    CHECK(buf.status == RT_OK);
    return rt_buf_str(&buf);
}

RT_TEST(keyword_arguments_are_an_object)
{
    static const rt_json_style pretty = {.indent = 2, .sort_keys = true};
    const rt_pair pairs[] = {{"ok", RT(true)},
                             {"message", RT("Hello, World!")},
                             {"count", RT(3)}};
    rt_pair many[20];
    rt_buf buf;

    CHECK_EQ(dump_pairs(NULL, NULL, 0), "{}");
    CHECK_EQ(dump_pairs(&pretty, NULL, 0), "{}");
    CHECK_EQ(dump_pairs(NULL, pairs, 3),
             "{\"ok\": true, \"message\": \"Hello, World!\", \"count\": 3}");
    CHECK_EQ(dump_pairs(&pretty, pairs, 3),
             "{\n  \"count\": 3,\n  \"message\": \"Hello, World!\",\n"
             "  \"ok\": true\n}");
    for (size_t i = 0; i < RT_COUNT(many); i++)
        many[i] = (rt_pair){i % 2 ? "b" : "a", RT(i)};
    CHECK(rt_str_starts_with(dump_pairs(&sorted, many, RT_COUNT(many)),
                             RT_STR("{\"a\": ")));

    many[3].value = rt_value_undefined();
    rt_buf_init(&buf, &arena);
    rt_json_put_pairs(&buf, many, RT_COUNT(many), NULL);
    CHECK(buf.status == RT_E_TYPE);
    rt_arena_deinit(&arena);
}
