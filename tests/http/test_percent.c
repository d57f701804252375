#include <retort/base/utf8.h>
#include <retort/test.h>

#include "retort/http/percent.h"

RT_TEST(each_set_leaves_its_own_marks_bare)
{
    static const struct {
        const char *name;
        rt_percent_set set;
        const char *encoded;
    } rows[] = {
        {"component", RT_PERCENT_COMPONENT,
         "azAZ09-._~%20%21%22%23%24%25%26%27%28%29%2A%2B%2C%2F%3A%3B%3C%3D%3E"
         "%3F%40%5B%5C%5D%5E%60%7B%7C%7D"},
        {"path", RT_PERCENT_PATH,
         "azAZ09-._~%20!%22%23$%25&'()*+,/:;%3C=%3E%3F@%5B%5C%5D%5E%60%7B%7C"
         "%7D"},
        {"path, quoted", RT_PERCENT_PATH_QUOTED,
         "azAZ09-._~%20!%22%23$%&'()*+,/:;%3C=%3E%3F@%5B%5C%5D%5E%60%7B%7C"
         "%7D"},
        {"field", RT_PERCENT_FIELD,
         "azAZ09-._~+!%22%23$%25%26'()*%2B,/:;%3C%3D%3E?@%5B%5C%5D%5E%60%7B"
         "%7C%7D"},
        {"query", RT_PERCENT_QUERY,
         "azAZ09-._~%20!%22%23$%&'()*+,/:;%3C=%3E?@%5B%5C%5D%5E%60%7B%7C%7D"},
        {"fragment", RT_PERCENT_FRAGMENT,
         "azAZ09-._~%20!%22#$%&'()*+,/:;%3C=%3E?@%5B%5C%5D%5E%60%7B%7C%7D"},
        {"cookie path", RT_PERCENT_COOKIE_PATH,
         "azAZ09-._~%20!%22%23$%&'()*+,/:%3B%3C=%3E%3F@%5B%5C%5D%5E%60%7B%7C"
         "%7D"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].name);
        rt_arena arena = {0};
        rt_str text = rt_guarded("azAZ09-._~ !\"#$%&'()*+,/:;<=>?@[\\]^`{|}");
        CHECK_EQ(rt_percent_encode(&arena, text, rows[i].set),
                 rt_str_from(rows[i].encoded));
        rt_arena_deinit(&arena);
    }
}

RT_TEST(every_byte_survives_both_ways_in_every_set)
{
    rt_arena arena = {0};
    char all[256];
    for (int i = 0; i < 256; i++)
        all[i] = (char)i;
    rt_str text = rt_guarded_bytes(all, sizeof all);

    // Sets that leave % bare are for text that is encoded already, and a field
    // writes a space as +.
    static const rt_percent_set sets[] = {RT_PERCENT_COMPONENT,
                                          RT_PERCENT_PATH};
    for (size_t i = 0; i < RT_COUNT(sets); i++) {
        rt_str encoded = rt_percent_encode(&arena, text, sets[i]);
        CHECK_EQ(rt_percent_decode(&arena, encoded), text);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(what_needs_no_change_is_not_copied)
{
    rt_arena arena = {0};
    rt_str text = rt_guarded("/a/b-c");

    CHECK(rt_percent_encode(&arena, text, RT_PERCENT_PATH).data == text.data);
    CHECK(rt_percent_decode(&arena, text).data == text.data);
    CHECK(rt_percent_decode_path(&arena, text).data == text.data);
    CHECK_EQ(rt_arena_bytes(&arena), 0u);
    rt_arena_deinit(&arena);
}

RT_TEST(only_a_whole_escape_is_decoded)
{
    static const struct {
        const char *text;
        const char *decoded;
    } rows[] = {
        {"", ""},           {"%41%62%7e", "Ab~"}, {"%c3%A9", "\xc3\xa9"},
        {"%", "%"},         {"%4", "%4"},         {"a%4", "a%4"},
        {"%zz%41", "%zzA"}, {"%4g", "%4g"},       {"%%41", "%A"},
        {"%2541", "%41"},   {"+", "+"},           {"%ff%FE", "\xff\xfe"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        rt_arena arena = {0};
        CHECK_EQ(rt_percent_decode(&arena, rt_guarded(rows[i].text)),
                 rt_str_from(rows[i].decoded));
        rt_arena_deinit(&arena);
    }
}

RT_TEST(a_path_is_always_text)
{
    static const struct {
        const char *text;
        const char *decoded;
    } rows[] = {
        {"/caf%C3%A9", "/caf\xc3\xa9"},
        {"/a%2Fb", "/a/b"},
        {"/%ff", "/\xef\xbf\xbd"},
        {"/%e2%98", "/\xef\xbf\xbd"},   // one, for a beginning
        {"/%e2%98x", "/\xef\xbf\xbdx"}, //
        {"/%ed%a0%80", "/\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, // surrogate
        {"/\xff", "/\xef\xbf\xbd"},
        {"/%zz", "/%zz"},
        {"/a+b", "/a+b"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        rt_arena arena = {0};
        CHECK_EQ(rt_percent_decode_path(&arena, rt_guarded(rows[i].text)),
                 rt_str_from(rows[i].decoded));
        rt_arena_deinit(&arena);
    }
}

RT_TEST(a_nul_in_a_path_is_kept)
{
    rt_arena arena = {0};

    CHECK_EQ(rt_percent_decode_path(&arena, rt_guarded("/a%00b")),
             rt_str_of("/a\0b", 4));
    rt_arena_deinit(&arena);
}
