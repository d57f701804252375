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

// One byte after the other, as the functions must not.
static rt_str escape_slowly(rt_str s)
{
    rt_buf buf;
    rt_buf_init(&buf, &arena);
    for (size_t i = 0; i < s.len; i++) {
        switch (s.data[i]) {
        case '&': rt_buf_put_cstr(&buf, "&amp;"); break;
        case '<': rt_buf_put_cstr(&buf, "&lt;"); break;
        case '>': rt_buf_put_cstr(&buf, "&gt;"); break;
        case '"': rt_buf_put_cstr(&buf, "&#34;"); break;
        case '\'': rt_buf_put_cstr(&buf, "&#39;"); break;
        default: rt_buf_put_char(&buf, s.data[i]);
        }
    }
    return rt_buf_str(&buf);
}

// Every length of text, plain and with special bytes in several patterns, behind
// what a buffer holds already, which moves where its memory ends.
RT_TEST(every_length_is_escaped_into_every_buffer)
{
    static const char bytes[] = "ab&cdefgh<ij\"klmnopq>rs'&&tuvwxyz";
    char text[70];

    for (size_t len = 0; len <= sizeof text; len++) {
        for (size_t step = 0; step < 6; step++) {
            for (size_t i = 0; i < len; i++)
                text[i] = step ? bytes[i * step % (sizeof bytes - 1)] : 'a';
            rt_str s = rt_guarded_bytes(text, len);
            rt_str expected = escape_slowly(s);
            rt_test_case("%zu bytes, pattern %zu", len, step);
            for (size_t limit = 0; limit <= 1000; limit += 1000) {
                for (size_t before = 0; before < 64; before += 9) {
                    rt_buf buf;
                    rt_buf_init(&buf, &arena);
                    buf.limit = limit;
                    rt_buf_put_repeat(&buf, '-', before);
                    rt_buf_put_html(&buf, s);
                    CHECK_EQ(buf.status, RT_OK);
                    CHECK_EQ(rt_str_slice(rt_buf_str(&buf), before, SIZE_MAX),
                             expected);
                }
            }
        }
        rt_arena_deinit(&arena);
    }
}

RT_TEST(escaped_text_that_passes_the_limit_is_refused)
{
    for (size_t limit = 1; limit < 12; limit++) {
        rt_buf buf;
        rt_test_case("limit %zu", limit);
        rt_buf_init(&buf, &arena);
        buf.limit = limit;
        rt_buf_put_html(&buf, RT_STR("ab<cd&"));
        CHECK_EQ(buf.status, RT_E_LIMIT);
        CHECK(buf.len <= limit);
        rt_buf_init(&buf, &arena);
        buf.limit = 13;
        rt_buf_put_html(&buf, RT_STR("ab<cd&"));
        CHECK_EQ(rt_buf_str(&buf), "ab&lt;cd&amp;");
    }
    rt_arena_deinit(&arena);
}
