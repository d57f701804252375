// The reader against a corpus of texts that are JSON and texts that are not.
#include <retort/base/buf.h>
#include <retort/base/json.h>
#include <retort/test.h>

#include "json_corpus.h"

static rt_arena arena;

// The row in a form that can be printed.
static void name_case(rt_str text)
{
    rt_test_case(
        "%s", rt_value_repr(&arena, rt_value_bytes(text.data, text.len)).data);
}

static rt_status parse(rt_str text, rt_value *out)
{
    return rt_json_parse(&arena, rt_guarded_bytes(text.data, text.len), NULL,
                         out, NULL);
}

// Cut anywhere, a text that begins and ends with a bracket or a quote has no end.
static void check_cuts(rt_str text)
{
    rt_value v;
    if (!strchr("[{\"", text.data[0]) ||
        !strchr("]}\"", text.data[text.len - 1]))
        return;
    for (size_t len = 0; len < text.len; len++)
        CHECK(parse(rt_str_of(text.data, len), &v) != RT_OK);
}

RT_TEST(every_text_that_is_json_is_read_and_means_the_same_when_written)
{
    for (size_t i = 0; i < RT_COUNT(accepted); i++) {
        rt_arena_reset(&arena);
        name_case(accepted[i]);
        rt_value v, again;
        rt_str text;
        REQUIRE(parse(accepted[i], &v) == RT_OK);
        REQUIRE(rt_json_dump(&arena, v, NULL, &text, NULL) == RT_OK);
        REQUIRE(parse(text, &again) == RT_OK);
        CHECK(rt_value_equal(v, again));
        check_cuts(accepted[i]);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(no_text_that_is_not_json_is_read)
{
    for (size_t i = 0; i < RT_COUNT(refused); i++) {
        rt_arena_reset(&arena);
        name_case(refused[i]);
        rt_value v = RT(99);
        CHECK(parse(refused[i], &v) != RT_OK);
        CHECK_EQ(rt_value_as_int(v, 0), 99);
    }
    rt_arena_deinit(&arena);
}

// What RFC 8259 leaves to the reader, as docs/json.md has it.
RT_TEST(what_the_standard_leaves_open_is_decided)
{
    static const struct {
        const char *text;
        rt_status status;
        const char *written;
    } rows[] = {
        {"1e-400", RT_OK, "0.0"},
        {"-1e-400", RT_OK, "-0.0"},
        {"1e400", RT_E_RANGE, NULL},
        {"[-1e9999]", RT_E_RANGE, NULL},
        {"1.8e308", RT_E_RANGE, NULL},
        {"9223372036854775808", RT_E_RANGE, NULL},
        {"-9223372036854775809", RT_E_RANGE, NULL},
        {"[123456789012345678901234567890]", RT_E_RANGE, NULL},
        {"1e+00000000000000000000000000001", RT_OK, "10.0"},
        {"0.1000000000000000055511151231257827", RT_OK, "0.1"},
        {"1.0", RT_OK, "1.0"},
        {"-0", RT_OK, "0"},
        {"{\"a\":1,\"b\":2,\"a\":3}", RT_OK, "{\"a\": 3, \"b\": 2}"},
        {"\"\\ud800\"", RT_E_SYNTAX, NULL},
        {"\xef\xbb\xbf[]", RT_E_SYNTAX, NULL},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_value v;
        rt_str text;
        RT_CASE(rows[i].text);
        REQUIRE(parse(rt_str_from(rows[i].text), &v) == rows[i].status);
        if (!rows[i].written)
            continue;
        REQUIRE(rt_json_dump(&arena, v, NULL, &text, NULL) == RT_OK);
        CHECK_EQ(text, rows[i].written);
    }
    rt_arena_deinit(&arena);
}

// `open` so many times, then `close` as often.
static rt_str nested(const char *open, const char *close, int depth)
{
    rt_buf text;
    rt_buf_init(&text, &arena);
    for (int i = 0; i < depth; i++)
        rt_buf_put_cstr(&text, open);
    rt_buf_put_cstr(&text, "0");
    for (int i = 0; i < depth; i++)
        rt_buf_put_cstr(&text, close);
    return rt_buf_str(&text);
}

RT_TEST(nesting_has_a_limit_and_no_cost_in_stack)
{
    static const struct {
        const char *open, *close;
    } kinds[] = {
        {"[", "]"},     {"{\"a\":", "}"}, {"[{\"a\":[1,", "]}]"},
        {" [ ", " ] "}, {"[", ""},        {"{\"a\":[", ""},
    };

    static const int depths[] = {1, 2, 50, 66, 67, 100, 199, 200, 201, 100000};

    for (size_t k = 0; k < RT_COUNT(kinds); k++) {
        int levels = 0;
        for (const char *c = kinds[k].open; *c; c++)
            levels += *c == '[' || *c == '{';
        for (size_t d = 0; d < RT_COUNT(depths); d++) {
            rt_value v;
            rt_test_case("%s x %d", kinds[k].open, depths[d]);
            bool deep = levels * depths[d] > (int)RT_VALUE_DEPTH_MAX;
            rt_status st =
                parse(nested(kinds[k].open, kinds[k].close, depths[d]), &v);
            if (deep)
                CHECK_EQ(rt_status_name(st), "RT_E_LIMIT");
            else
                CHECK_EQ(st == RT_OK, kinds[k].close[0] != '\0');
        }
    }
    rt_arena_deinit(&arena);
}
