// Tagged JSON, against what Flask writes and reads.
#include <retort/http/tagged_json.h>
#include <retort/test.h>

static rt_arena arena;

static const rt_json_style style = {.compact = true, .sort_keys = true};

static rt_value parse(rt_str text)
{
    rt_value value = rt_value_undefined();
    CHECK_EQ(rt_tagged_json_parse(&arena, text, NULL, &value, NULL), RT_OK);
    return value;
}

static rt_str dump(rt_value value)
{
    rt_str text = RT_STR("");
    CHECK_EQ(rt_tagged_json_dump(&arena, value, &style, &text, NULL), RT_OK);
    return text;
}

RT_TEST(values_without_json_are_tagged)
{
    static const uint8_t uuid[16] = {0x12, 0x34, 0x56, 0x78, 0x12, 0x34,
                                     0x56, 0x78, 0x12, 0x34, 0x56, 0x78,
                                     0x12, 0x34, 0x56, 0x78};
    rt_value inner[] = {RT(3.5), rt_value_none()};
    rt_value items[] = {RT(1), RT("two"), rt_tuple_of(&arena, inner, 2)};

    const struct {
        rt_value value;
        const char *text;
    } rows[] = {
        {rt_tuple_of(&arena, items, 3),
         "{\" t\":[1,\"two\",{\" t\":[3.5,null]}]}"},
        {rt_tuple_of(&arena, NULL, 0), "{\" t\":[]}"},
        {rt_value_bytes("\0\1\xfe", 3), "{\" b\":\"AAH+\"}"},
        {rt_value_date(1709209845000000),
         "{\" d\":\"Thu, 29 Feb 2024 12:30:45 GMT\"}"},
        {rt_value_uuid(uuid), "{\" u\":\"12345678123456781234567812345678\"}"},
        {rt_value_safe(RT_STR("<i>x</i>")), "{\" m\":\"<i>x</i>\"}"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        CHECK_EQ(dump(rows[i].value), rows[i].text);
        rt_value back = parse(rt_guarded(rows[i].text));
        CHECK_EQ(back.kind, rows[i].value.kind);
        CHECK(rt_value_equal(back, rows[i].value));
    }
    rt_arena_deinit(&arena);
}

// Each is read, and written as it was.
RT_TEST(texts_of_flask_come_back)
{
    static const char *const texts[] = {
        "{\" di\":{\" t__\":\"x\"}}",
        "{\" di\":{\" di__\":1}}",
        "{\" b\":2,\" t\":1}",
        "{\" x\":1}",
        "{\"a\":{\" t\":[1]},\"z\":1}",
        "[{\" t\":[]},[{\" b\":\"\"}]]",
        "{\" di\":{\" t__\":{\" di\":{\" u__\":{\" t\":[{\" b\":\"eA==\"}]}}}}}",
        "{\" t__\":1}",
        "\"\\u00e9\\u2028\"",
        "{\"1\":2,\"3\":{\" t\":[4]}}",
        "{\"a\":{\"b\":{\"c\":{\" t\":[1]}}}}",
        "[{\" t\":[{\" t\":[]}]}]",
        "{}",
        "[]",
        "null",
    };
    for (size_t i = 0; i < RT_COUNT(texts); i++) {
        RT_CASE(texts[i]);
        CHECK_EQ(dump(parse(rt_guarded(texts[i]))), texts[i]);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(other_spellings_are_read_as_flask_reads_them)
{
    static const struct {
        const char *text, *as;
    } rows[] = {
        {"{\" u\":\"12345678-1234-5678-1234-567812345678\"}",
         "{\" u\":\"12345678123456781234567812345678\"}"},
        {"{\" b\":\"Zg==\"}", "{\" b\":\"Zg==\"}"},
        {"{\" b\":\"Z g==\"}", "{\" b\":\"Zg==\"}"},
        {"{\" d\":\"Thursday, 29-Feb-24 12:30:45 GMT\"}",
         "{\" d\":\"Thu, 29 Feb 2024 12:30:45 GMT\"}"},
        {"{\" d\":\"junk\"}", "null"},
        {"{\" m\":5}", "{\" m\":\"5\"}"},
        {"{\" m\":null}", "{\" m\":\"None\"}"},
        {"{\" di\":{\"x\":1}}", "{\"\":1}"},
        {"{\" di\":{\" t__\":1,\"b\":2}}", "{\" di\":{\" t__\":1}}"},
        {"{\" t\":{\" t\":[1]}}", "{\" t\":[1]}"},
        {"{\"\\u0020t\":[1]}", "{\" t\":[1]}"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        CHECK_EQ(dump(parse(rt_guarded(rows[i].text))), rows[i].as);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(a_tag_with_what_it_cannot_stand_for_is_refused)
{
    static const char *const texts[] = {
        "{\" t\":5}",
        "{\" b\":\"Z\"}",
        "{\" b\":5}",
        "{\" u\":\"12\"}",
        "{\" u\":5}",
        "{\" d\":5}",
        "{\" di\":{}}",
        "{\" di\":5}",
        "{\"a\":[{\" t\":5}]}",
        "{\" u\":\"123456781234567812345678123456789\"}",
        "{\" u\":\"g2345678123456781234567812345678\"}"};
    for (size_t i = 0; i < RT_COUNT(texts); i++) {
        rt_value value = RT(7);
        rt_error error = {0};
        RT_CASE(texts[i]);
        CHECK_EQ(rt_tagged_json_parse(&arena, rt_guarded(texts[i]), NULL,
                                      &value, &error),
                 RT_E_SYNTAX);
        CHECK(error.message.len > 0);
        CHECK_EQ(rt_value_as_int(value, 0), 7);
    }
    rt_value value;
    CHECK_EQ(rt_tagged_json_parse(&arena, RT_STR("{"), NULL, &value, NULL),
             RT_E_SYNTAX);
    rt_arena_deinit(&arena);
}

RT_TEST(what_has_no_json_or_no_end_is_refused)
{
    rt_str text = RT_STR("untouched");
    rt_value list = rt_list_new(&arena);
    CHECK_EQ(rt_list_push(list, rt_tuple_of(&arena, &list, 1)), RT_OK);
    CHECK_EQ(rt_tagged_json_dump(&arena, list, &style, &text, NULL),
             RT_E_LIMIT);
    CHECK_EQ(rt_tagged_json_dump(&arena, rt_value_date(RT_VALUE_DEPTH_MAX),
                                 NULL, &text, NULL),
             RT_OK);
    rt_value none[] = {rt_value_undefined()};
    text = RT_STR("untouched");
    CHECK_EQ(rt_tagged_json_dump(&arena, rt_tuple_of(&arena, none, 1), &style,
                                 &text, NULL),
             RT_E_TYPE);
    CHECK_EQ(rt_tagged_json_dump(&arena, rt_value_date(INT64_MAX), &style,
                                 &text, NULL),
             RT_E_RANGE);
    CHECK_EQ(text, "untouched");
    rt_arena_deinit(&arena);
}
