#include <retort/test.h>

#include "retort/base/format.h"

static rt_arena arena;

RT_TEST(placeholders_take_the_values_in_order)
{
    CHECK_EQ(rt_format(&arena, "{} and {} and {}", 1, "two", 3.0),
             "1 and two and 3.0");
    CHECK_EQ(rt_format(&arena, "{}{}", true, rt_value_none()), "TrueNone");
    CHECK_EQ(rt_format(&arena, "{!r} {}", "it's", "it's"), "\"it's\" it's");
    CHECK_EQ(rt_format(&arena, "plain"), "plain");
    CHECK_EQ(rt_format(&arena, ""), "");
    CHECK_EQ(rt_format(&arena, "{}", RT_STR("a\0b")), RT_STR("a\0b"));
    rt_arena_deinit(&arena);
}

RT_TEST(braces_and_what_is_no_placeholder)
{
    static const struct {
        const char *format, *text;
    } rows[] = {
        {"{{}}", "{}"},
        {"{{{}}}", "{X}"},
        {"{{{{", "{{"},
        {"}}", "}"},
        {"{", "{"},
        {"}", "}"},
        {"a{", "a{"},
        {"a}b", "a}b"},
        {"{ }", "{ }"},
        {"{0}", "{0}"},
        {"{name}", "{name}"},
        {"{!r", "{!r"},
        {"{!", "{!"},
        {"{!s}", "{!s}"},
        {"{!r}", "'X'"},
        {"{!r}}}", "'X'}"},
        {"%s%n", "%s%n"},
        {"{}%", "X%"},
        {"\xc3\xa4{}\xe2\x82\xac", "\xc3\xa4X\xe2\x82\xac"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_value values[] = {RT("X"), RT("Y")};
        RT_CASE(rows[i].format);
        CHECK_EQ(rt_format_values(&arena, rows[i].format, values, 2),
                 rows[i].text);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(a_missing_value_shows_and_one_too_many_does_not)
{
    CHECK_EQ(rt_format(&arena, "{} {} {!r}", 1), "1 {missing} {missing}");
    CHECK_EQ(rt_format(&arena, "{}"), "{missing}");
    CHECK_EQ(rt_format(&arena, "{}", 1, 2), "1");
    CHECK_EQ(rt_format(&arena, "none", 1, 2), "none");
    rt_arena_deinit(&arena);
}

RT_TEST(a_value_with_braces_is_not_looked_at_again)
{
    CHECK_EQ(rt_format(&arena, "{}{}", "{}{{", "{!r}"), "{}{{{!r}");
    rt_arena_deinit(&arena);
}

RT_TEST(formatting_appends_to_a_buffer)
{
    rt_buf buf;
    rt_buf_init(&buf, &arena);

    rt_buf_put_cstr(&buf, "> ");
    rt_buf_format(&buf, "{} of {}", 3, 5);
    rt_buf_format(&buf, "!");
    CHECK_EQ(rt_buf_str(&buf), "> 3 of 5!");
    rt_arena_deinit(&arena);
}

RT_TEST(formatting_stops_at_the_limit_of_its_buffer)
{
    rt_buf buf;
    rt_buf_init(&buf, &arena);
    buf.limit = 4;

    rt_buf_format(&buf, "{}, {}", "ab", "cd");
    CHECK_EQ(buf.status, RT_E_LIMIT);
    CHECK_EQ(rt_buf_str(&buf), "ab, ");
    rt_arena_deinit(&arena);
}

RT_TEST(html_is_escaped_unless_it_is_safe)
{
    rt_value values[] = {RT("<b>"), rt_value_safe(RT_STR("<i>")),
                         rt_value_safe(RT_STR("<u>")), RT("it's"), RT(7)};
    rt_buf buf;
    rt_buf_init(&buf, &arena);

    rt_buf_format_html_values(&buf, "<p>{} {} {!r} {!r} {} {}</p>{{", values,
                              5);
    CHECK_EQ(
        rt_buf_str(&buf),
        "<p>&lt;b&gt; <i> Markup(&#39;&lt;u&gt;&#39;) &#34;it&#39;s&#34; 7 "
        "{missing}</p>{");
    rt_arena_deinit(&arena);
}
