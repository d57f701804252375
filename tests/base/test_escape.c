#include <retort/test.h>

#include "retort/base/escape.h"

static rt_arena arena;

RT_TEST(the_five_special_characters_become_references)
{
    static const struct {
        const char *text, *html;
    } rows[] = {
        {"", ""},
        {"plain", "plain"},
        {"&", "&amp;"},
        {"<", "&lt;"},
        {">", "&gt;"},
        {"\"", "&#34;"},
        {"'", "&#39;"},
        {"&&&", "&amp;&amp;&amp;"},
        {"a<b>c", "a&lt;b&gt;c"},
        {"<script>alert('x')</script>",
         "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"},
        {"&amp;", "&amp;amp;"},
        {"end&", "end&amp;"},
        {"\xc3\xa4<\xe2\x82\xac", "\xc3\xa4&lt;\xe2\x82\xac"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_buf buf;
        RT_CASE(rows[i].text);
        CHECK_EQ(rt_html_escape(&arena, rt_guarded(rows[i].text)),
                 rows[i].html);
        rt_buf_init(&buf, &arena);
        rt_buf_put_cstr(&buf, ">");
        rt_buf_put_html(&buf, rt_guarded(rows[i].text));
        CHECK_EQ(rt_str_slice(rt_buf_str(&buf), 1, SIZE_MAX), rows[i].html);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(every_other_byte_stands_for_itself)
{
    for (int byte = 0; byte < 256; byte++) {
        char c = (char)byte;
        rt_str s = rt_guarded_bytes(&c, 1);
        rt_str escaped = rt_html_escape(&arena, s);
        bool special = byte && strchr("&<>\"'", byte);
        rt_test_case("byte %d", byte);
        CHECK_EQ(escaped.len > 1, special);
        if (!special) {
            CHECK_EQ(escaped, s);
            CHECK(escaped.data == s.data); // and is not copied
        }
    }
    CHECK_EQ(rt_html_escape(&arena, (rt_str){0}).len, 0u);
    rt_arena_deinit(&arena);
}

RT_TEST(every_byte_is_told_apart_in_a_block_of_them)
{
    for (int byte = 0; byte < 256; byte++) {
        char block[40];
        bool special = byte && strchr("&<>\"'", byte);
        memset(block, 'x', sizeof block);
        block[byte % 16 + 5] = (char)byte;
        rt_str s = rt_guarded_bytes(block, sizeof block);
        rt_test_case("byte %d", byte);
        CHECK_EQ(rt_html_escape(&arena, s).len > s.len, special);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(a_special_character_is_found_at_every_place)
{
    char text[40];

    for (size_t at = 0; at < sizeof text; at++) {
        memset(text, 'a', sizeof text);
        text[at] = '<';
        rt_str escaped =
            rt_html_escape(&arena, rt_guarded_bytes(text, sizeof text));
        rt_test_case("at %zu", at);
        CHECK_EQ(escaped.len, sizeof text + 3);
        CHECK_EQ(rt_str_find(escaped, RT_STR("&lt;")), at);
    }
    rt_arena_deinit(&arena);
}
