#include <retort/test.h>

#include "retort/base/str.h"

static const rt_str null_str; // data NULL, as a zeroed string has it

RT_TEST(strings_are_compared_by_their_bytes)
{
    static const struct {
        const char *a, *b;
        int order; // of a against b
        bool equal_without_case;
    } rows[] = {
        {"", "", 0, true},
        {"a", "a", 0, true},
        {"a", "b", -1, false},
        {"b", "a", 1, false},
        {"a", "ab", -1, false},
        {"ab", "a", 1, false},
        {"", "a", -1, false},
        {"a", "A", 1, true},
        {"Host", "hOST", -1, true},
        {"[", "{", -1, false},
        {"@", "`", -1, false},
        {"\xc3\xa4", "a", 1, false},
        {"\xc3\x84", "\xc3\xa4", -1, false}, // only ASCII has case
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("%s against %s", rows[i].a, rows[i].b);
        rt_str a = rt_guarded(rows[i].a), b = rt_guarded(rows[i].b);
        int order = rt_str_compare(a, b);
        CHECK_EQ((order > 0) - (order < 0), rows[i].order);
        CHECK_EQ(rt_str_eq(a, b), rows[i].order == 0);
        CHECK_EQ(rt_str_eq_nocase(a, b), rows[i].equal_without_case);
    }
}

RT_TEST(a_string_without_data_is_the_empty_string)
{
    rt_arena arena = {0};
    rt_str empty = rt_guarded("");

    CHECK(rt_str_eq(null_str, empty));
    CHECK(rt_str_eq_nocase(null_str, empty));
    CHECK_EQ(rt_str_compare(null_str, empty), 0);
    CHECK(rt_str_compare(null_str, RT_STR("a")) < 0);
    CHECK(rt_str_starts_with(null_str, null_str));
    CHECK(rt_str_ends_with(empty, null_str));
    CHECK_EQ(rt_str_find(null_str, null_str), 0u);
    CHECK_EQ(rt_str_find(null_str, RT_STR("a")), RT_STR_NONE);
    CHECK_EQ(rt_str_find_char(null_str, 'a'), RT_STR_NONE);
    CHECK_EQ(rt_str_rfind_char(null_str, 'a'), RT_STR_NONE);
    CHECK_EQ(rt_str_slice(null_str, 3, 3).len, 0u);
    CHECK_EQ(rt_str_trim(null_str).len, 0u);
    CHECK_EQ(rt_str_trim_ows(null_str).len, 0u);
    CHECK_EQ(rt_str_copy(&arena, null_str), "");
    CHECK_EQ(rt_str_cstr(&arena, null_str), "");
    CHECK_EQ(rt_str_lower(&arena, null_str), "");
    CHECK_EQ(rt_str_concat(&arena, null_str, null_str), "");
    CHECK_EQ(rt_str_from(NULL).len, 0u);
    CHECK(rt_str_from(NULL).data == NULL);
    rt_arena_deinit(&arena);
}

RT_TEST(finding_looks_at_every_place)
{
    static const struct {
        const char *text, *needle;
        size_t at;
    } rows[] = {
        {"abc", "", 0},   {"", "a", RT_STR_NONE},       {"abc", "abc", 0},
        {"abc", "c", 2},  {"abc", "abcd", RT_STR_NONE}, {"aab", "ab", 1},
        {"abab", "b", 1}, {"abc", "x", RT_STR_NONE},    {"abc", "bc", 1},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("%s in %s", rows[i].needle, rows[i].text);
        rt_str text = rt_guarded(rows[i].text);
        CHECK_EQ(rt_str_find(text, rt_guarded(rows[i].needle)), rows[i].at);
        if (strlen(rows[i].needle) == 1)
            CHECK_EQ(rt_str_find_char(text, rows[i].needle[0]), rows[i].at);
    }
    CHECK_EQ(rt_str_rfind_char(rt_guarded("abab"), 'b'), 3u);
    CHECK_EQ(rt_str_rfind_char(rt_guarded("abab"), 'a'), 2u);
    CHECK_EQ(rt_str_rfind_char(rt_guarded("abab"), 'x'), RT_STR_NONE);
    CHECK_EQ(rt_str_find_char(RT_STR("a\0b"), '\0'), 1u);
    CHECK_EQ(rt_str_find(RT_STR("a\0b"), RT_STR("\0b")), 1u);
}

RT_TEST(a_prefix_and_a_suffix_fit_into_the_string)
{
    static const struct {
        const char *text, *part;
        bool starts, ends;
    } rows[] = {
        {"abc", "", true, true},       {"abc", "a", true, false},
        {"abc", "c", false, true},     {"abc", "abc", true, true},
        {"abc", "abcd", false, false}, {"abc", "xabc", false, false},
        {"", "", true, true},          {"", "a", false, false},
        {"abc", "A", false, false},    {"abc", "C", false, false},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("%s and %s", rows[i].text, rows[i].part);
        rt_str text = rt_guarded(rows[i].text);
        rt_str part = rt_guarded(rows[i].part);
        CHECK_EQ(rt_str_starts_with(text, part), rows[i].starts);
        CHECK_EQ(rt_str_ends_with(text, part), rows[i].ends);
        rt_str cursor = text;
        CHECK_EQ(rt_str_skip(&cursor, part), rows[i].starts);
        CHECK_EQ(cursor.len, rows[i].starts ? text.len - part.len : text.len);
        CHECK(cursor.len == 0 ||
              cursor.data + cursor.len == text.data + text.len);
    }
}

RT_TEST(a_slice_is_cut_to_the_string)
{
    static const struct {
        size_t start, len;
        const char *slice;
    } rows[] = {
        {0, 0, ""},           {0, 3, "abc"}, {1, 1, "b"},
        {1, 2, "bc"},         {1, 3, "bc"},  {2, SIZE_MAX, "c"},
        {3, 1, ""},           {4, 1, ""},    {SIZE_MAX, SIZE_MAX, ""},
        {0, SIZE_MAX, "abc"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("from %zu, %zu bytes", rows[i].start, rows[i].len);
        rt_str s = rt_guarded("abc");
        CHECK_EQ(rt_str_slice(s, rows[i].start, rows[i].len), rows[i].slice);
    }
}

RT_TEST(taking_moves_the_front)
{
    rt_str rest = rt_guarded("abcde");

    CHECK_EQ(rt_str_take(&rest, 2), "ab");
    CHECK_EQ(rest, "cde");
    CHECK_EQ(rt_str_take(&rest, 0), "");
    CHECK_EQ(rest, "cde");
    CHECK_EQ(rt_str_take(&rest, 9), "cde");
    CHECK_EQ(rest, "");
    CHECK_EQ(rt_str_take(&rest, 1), "");
}

RT_TEST(cutting_sees_every_part_and_ends)
{
    static const struct {
        const char *text;
        const char *parts; // joined with |
    } rows[] = {
        {"", ""},     {"a", "a"},   {"a,b", "a|b"},   {",", "|"},
        {"a,", "a|"}, {",a", "|a"}, {"a,,b", "a||b"}, {"ab,cd,ef", "ab|cd|ef"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        char seen[32] = "";
        rt_str rest = rt_guarded(rows[i].text);
        RT_CASE(rows[i].text);
        for (int n = 0; rest.data; n++) {
            rt_str part = rt_str_cut(&rest, ',');
            if (n)
                strcat(seen, "|");
            strncat(seen, part.data, part.len);
        }
        CHECK_EQ(seen, rows[i].parts);
        CHECK_EQ(rest.len, 0u);
    }
}

RT_TEST(white_space_at_both_ends_is_left_out)
{
    static const struct {
        const char *text, *trimmed, *without_ows;
    } rows[] = {
        {"", "", ""},
        {"a", "a", "a"},
        {" \t", "", ""},
        {" a b\t", "a b", "a b"},
        {"\r\n a\v\f", "a", "\r\n a\v\f"},
        {"\t\n a", "a", "\n a"},
        {"\xc2\xa0", "\xc2\xa0", "\xc2\xa0"}, // only ASCII's counts
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("row %zu", i);
        CHECK_EQ(rt_str_trim(rt_guarded(rows[i].text)), rows[i].trimmed);
        CHECK_EQ(rt_str_trim_ows(rt_guarded(rows[i].text)),
                 rows[i].without_ows);
    }
}

RT_TEST(copies_are_their_own_and_end_in_nul)
{
    rt_arena arena = {0};
    rt_str source = rt_guarded("aBc-\xc3\x84Z@[`{");
    rt_str copy = rt_str_copy(&arena, source);
    rt_str lower = rt_str_lower(&arena, source);
    rt_str upper = rt_str_upper(&arena, source);

    CHECK(copy.data != source.data);
    CHECK_EQ(copy, source);
    CHECK_EQ(copy.data[copy.len], '\0');
    CHECK_EQ(lower, "abc-\xc3\x84z@[`{");
    CHECK_EQ(lower.data[lower.len], '\0');
    CHECK_EQ(upper, "ABC-\xc3\x84Z@[`{");
    CHECK_EQ(upper.data[upper.len], '\0');
    CHECK_EQ(rt_str_cstr(&arena, source), "aBc-\xc3\x84Z@[`{");
    CHECK_EQ(rt_str_copy(&arena, RT_STR("a\0b")).len, 3u);
    rt_arena_deinit(&arena);
}

RT_TEST(joining_puts_the_separator_between)
{
    rt_arena arena = {0};
    rt_str parts[] = {rt_guarded("a"), null_str, rt_guarded("bc")};

    static const struct {
        size_t n;
        const char *joined;
    } rows[] = {{0, ""}, {1, "a"}, {2, "a, "}, {3, "a, , bc"}};

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_str joined = rt_str_join(&arena, RT_STR(", "), parts, rows[i].n);
        CHECK_EQ(joined, rows[i].joined);
        CHECK_EQ(joined.data[joined.len], '\0');
    }
    CHECK_EQ(rt_str_join(&arena, null_str, parts, 3), "abc");
    CHECK_EQ(rt_str_concat(&arena, rt_guarded("x"), rt_guarded("y")), "xy");
    CHECK_EQ(rt_str_concat(&arena, null_str, rt_guarded("y")), "y");
    rt_arena_deinit(&arena);
}

RT_TEST(integers_are_read_whole_or_not_at_all)
{
    static const struct {
        const char *text;
        int64_t value;
    } good[] = {
        {"0", 0},
        {"7", 7},
        {"-7", -7},
        {"007", 7},
        {"-0", 0},
        {"9223372036854775807", INT64_MAX},
        {"-9223372036854775808", INT64_MIN},
        {"-9223372036854775807", -INT64_MAX},
        {"00000000000000000000000000000001", 1},
    };

    static const char *const bad[] = {
        "",
        "-",
        "+7",
        " 7",
        "7 ",
        "--7",
        "7a",
        "a",
        "0x7",
        "7.0",
        "1e3",
        "9223372036854775808",
        "-9223372036854775809",
        "18446744073709551616",
        "99999999999999999999999",
        "\xd9\xa7",
    };

    for (size_t i = 0; i < RT_COUNT(good); i++) {
        int64_t n = 42;
        RT_CASE(good[i].text);
        CHECK(rt_str_parse_int(rt_guarded(good[i].text), &n));
        CHECK_EQ(n, good[i].value);
    }
    for (size_t i = 0; i < RT_COUNT(bad); i++) {
        int64_t n = 42;
        RT_CASE(bad[i]);
        CHECK(!rt_str_parse_int(rt_guarded(bad[i]), &n));
        CHECK_EQ(n, 42);
    }
}

RT_TEST(the_classes_of_all_bytes)
{
    for (int byte = 0; byte < 256; byte++) {
        char c = (char)byte;
        bool digit = byte >= '0' && byte <= '9';
        bool upper = byte >= 'A' && byte <= 'Z';
        bool lower = byte >= 'a' && byte <= 'z';
        int hex = digit                        ? byte - '0'
                  : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10
                  : byte >= 'A' && byte <= 'F' ? byte - 'A' + 10
                                               : -1;
        rt_test_case("byte %d", byte);
        CHECK_EQ(rt_is_digit(c), digit);
        CHECK_EQ(rt_is_alpha(c), upper || lower);
        CHECK_EQ(rt_is_space(c), byte && strchr(" \t\n\v\f\r", byte) != NULL);
        CHECK_EQ(rt_to_lower(c), upper ? (char)(byte + 32) : c);
        CHECK_EQ(rt_to_upper(c), lower ? (char)(byte - 32) : c);
        CHECK_EQ(rt_hex_value(c), hex);
    }
}
