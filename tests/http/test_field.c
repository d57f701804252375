#include <retort/base/buf.h>
#include <retort/test.h>

#include "retort/http/field.h"

RT_TEST(a_token_has_no_separator_and_is_not_empty)
{
    static const struct {
        const char *text;
        bool ok;
    } rows[] = {
        {"GET", true},
        {"!#$%&'*+-.^_`|~", true},
        {"x", true},
        {"0", true},
        {"", false},
        {"a b", false},
        {"a:", false},
        {"(a)", false},
        {"a/b", false},
        {"\"a\"", false},
        {"caf\xc3\xa9", false},
        {"a\t", false},
        {"a\x7f", false},
        {"{a}", false},
        {"a=b", false},
        {"a;b", false},
        {"a\\", false},
        {"[a]", false},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        CHECK_EQ(rt_is_token(rt_guarded(rows[i].text)), rows[i].ok);
    }
}

RT_TEST(exactly_77_bytes_are_tchars)
{
    size_t count = 0;

    for (int c = 0; c < 256; c++)
        count += rt_is_tchar((char)c);
    CHECK_EQ(count, 77u);
}

RT_TEST(a_field_value_cannot_end_its_line)
{
    CHECK(rt_is_field_value(rt_guarded("")));
    CHECK(rt_is_field_value(rt_guarded("text/html; charset=utf-8\t")));
    CHECK(rt_is_field_value(rt_guarded("caf\xc3\xa9")));
    CHECK(rt_is_field_value(rt_guarded("\x80\xff a\tb~")));
    CHECK(!rt_is_field_value(rt_guarded("a\rb")));
    CHECK(!rt_is_field_value(rt_guarded("a\nSet-Cookie: x=1")));
    CHECK(!rt_is_field_value(rt_guarded_bytes("a\0b", 3)));
    for (char c = 0; c < 0x20; c++)
        CHECK_EQ(rt_is_field_value(rt_guarded_bytes(&c, 1)), c == '\t');
    CHECK(!rt_is_field_value(rt_guarded("a\x7f")));
}

RT_TEST(list_members_are_trimmed_and_empty_ones_skipped)
{
    static const struct {
        const char *list;
        const char *members; // each in angle brackets
    } rows[] = {
        {"", ""},
        {" , ,\t,", ""},
        {"a", "<a>"},
        {" a ,\tb\t, c d ", "<a><b><c d>"},
        {",a,,b,", "<a><b>"},
        {"a=\"x,y\", b", "<a=\"x,y\"><b>"},
        {"\"a\\\",b\",c", "<\"a\\\",b\"><c>"},
        {"\"open, b", "<\"open><b>"},
        {"\"open\\", "<\"open\\>"},
        {"a,\"", "<a><\">"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].list);
        rt_arena arena = {0};
        rt_buf seen;
        rt_buf_init(&seen, &arena);
        rt_str cursor = rt_guarded(rows[i].list);
        rt_str member;
        while (rt_field_list_next(&cursor, &member)) {
            rt_buf_put_char(&seen, '<');
            rt_buf_put(&seen, member);
            rt_buf_put_char(&seen, '>');
        }
        CHECK_EQ(rt_buf_str(&seen), rt_str_from(rows[i].members));
        CHECK_EQ(cursor.len, 0u);
        rt_arena_deinit(&arena);
    }
}

RT_TEST(a_list_is_searched_by_whole_members_in_either_case)
{
    rt_str list = rt_guarded("keep-alive, Upgrade");

    CHECK(rt_field_list_has(list, RT_STR("upgrade")));
    CHECK(rt_field_list_has(list, RT_STR("Keep-Alive")));
    CHECK(!rt_field_list_has(list, RT_STR("keep")));
    CHECK(!rt_field_list_has(list, RT_STR("close")));
    CHECK(!rt_field_list_has(list, RT_STR("")));
}
