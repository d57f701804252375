// Text as Python sees it: classes and case of code points, and cutting.
#include <retort/test.h>

#include "template/text_unicode.h"

// Latin, Greek, Cyrillic and their extended blocks, which no new version of
// Unicode changes; what Python 3.11 says of them.
static uint32_t next_old_rune(uint32_t rune)
{
    return rune == 0x52f ? 0x1e00 : rune + 1;
}

#define OLD_RUNES_END 0x2000

RT_TEST(classes_have_the_members_python_gives_them)
{
    static const struct {
        const char *name;
        bool (*is_of)(uint32_t rune);
        uint32_t count;
        uint32_t sum;
    } rows[] = {
        {"space", rt__rune_is_space, 12, 498},
        {"alpha", rt__rune_is_alpha, 1485, 4475851},
        {"alnum", rt__rune_is_alnum, 1501, 4477485},
        {"word", rt__rune_is_word, 1502, 4477580},
        {"decimal", rt__rune_is_decimal, 10, 525},
        {"digit", rt__rune_is_digit, 13, 1067},
        {"numeric", rt__rune_is_numeric, 16, 1634},
        {"lower", rt__rune_is_lower, 804, 2406560},
        {"upper", rt__rune_is_upper, 623, 1830845},
        {"title", rt__rune_is_title, 31, 220514},
        {"id_start", rt__rune_is_id_start, 1485, 4475056},
        {"id_continue", rt__rune_is_id_continue, 1614, 4574684},
        {"line_break", rt__rune_is_line_break, 8, 266},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        uint32_t count = 0;
        uint32_t sum = 0;
        for (uint32_t c = 0; c < OLD_RUNES_END; c = next_old_rune(c)) {
            if (rows[i].is_of(c)) {
                count++;
                sum += c;
            }
        }
        RT_CASE(rows[i].name);
        CHECK_EQ(count, rows[i].count);
        CHECK_EQ(sum, rows[i].sum);
    }
}

RT_TEST(mappings_are_those_of_python)
{
    static const struct {
        const char *name;
        rt__case mapping;
        uint32_t hash;
    } rows[] = {
        {"lower", RT__LOWER, 779398444},
        {"upper", RT__UPPER, 2168590478},
        {"title", RT__TITLE, 1117342318},
        {"fold", RT__FOLD, 4111772053},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        uint32_t hash = 0;
        for (uint32_t c = 0; c < OLD_RUNES_END; c = next_old_rune(c)) {
            uint32_t to[RT__CASE_MAX];
            size_t n = rt__rune_map(c, rows[i].mapping, to);
            for (size_t k = 0; k < n; k++)
                hash = hash * 31 + to[k];
        }
        RT_CASE(rows[i].name);
        CHECK_EQ(hash, rows[i].hash);
    }
}

RT_TEST(mappings_may_be_longer)
{
    static const struct {
        uint32_t rune;
        rt__case mapping;
        uint32_t to[RT__CASE_MAX];
    } rows[] = {
        {0xdf, RT__UPPER, {'S', 'S'}},
        {0xdf, RT__TITLE, {'S', 's'}},
        {0xdf, RT__FOLD, {'s', 's'}},
        {0x130, RT__LOWER, {'i', 0x307}},
        {0x390, RT__UPPER, {0x399, 0x308, 0x301}},
        {0xfb03, RT__FOLD, {'f', 'f', 'i'}},
        {0x13a0, RT__FOLD, {0x13a0}},
        {0xab70, RT__FOLD, {0x13a0}},
        {0x10ffff, RT__UPPER, {0x10ffff}},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        uint32_t to[RT__CASE_MAX] = {0};
        rt_test_case("U+%04X %d", rows[i].rune, rows[i].mapping);
        size_t n = rt__rune_map(rows[i].rune, rows[i].mapping, to);
        for (size_t k = 0; k < RT__CASE_MAX; k++)
            CHECK_EQ(k < n ? to[k] : 0, rows[i].to[k]);
    }
}

RT_TEST(digits_of_all_scripts_have_values)
{
    static const struct {
        uint32_t rune;
        int value;
    } rows[] = {
        {'0', 0},     {'9', 9},     {'a', -1},    {0x663, 3},
        {0x96f, 9},   {0xff10, 0},  {0xff19, 9},  {0x1d7ce, 0},
        {0x1d7d7, 9}, {0x1d7d8, 0}, {0x1d7ff, 9}, {0xb2, -1},
        {0x2460, -1}, {0x4e00, -1}, {0x1fbf9, 9}, {0x110000, -1},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("U+%04X", rows[i].rune);
        CHECK_EQ(rt__rune_decimal(rows[i].rune), rows[i].value);
    }
}

// Beyond U+10FFFF there is nothing, and nothing is read.
RT_TEST(no_code_point_is_of_no_class)
{
    static const uint32_t runes[] = {0x110000, 0x7fffffff, 0xffffffff};
    for (size_t i = 0; i < RT_COUNT(runes); i++) {
        CHECK(!rt__rune_is_alnum(runes[i]));
        CHECK(!rt__rune_is_cased(runes[i]));
        CHECK(!rt__rune_is_space(runes[i]));
        CHECK(!rt__rune_is_id_continue(runes[i]));
    }
}

RT_TEST(stepping_back_sees_what_stepping_on_sees)
{
    static const char *const rows[] = {
        "",
        "abc",
        "a\xc3\xa9\xe6\x97\xa5\xf0\x9f\x98\x80",
        "\x80",
        "\xc3",
        "a\xe6\x97",
        "\xe6\x97\xa5\x80",
        "\xf0\x9f\x98\x80\x80\x80",
        "\xff\xfe",
    };
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        uint32_t runes[16];
        size_t n = 0;
        rt_test_case("row %zu", i);
        for (rt_str rest = rt_guarded(rows[i]); rest.len;)
            runes[n++] = rt__rune_next(&rest);
        CHECK_EQ(rt__text_len(rt_guarded(rows[i])), n);
        for (rt_str rest = rt_guarded(rows[i]); rest.len;) {
            REQUIRE(n > 0);
            CHECK_EQ(rt__rune_last(&rest), runes[--n]);
        }
        CHECK_EQ(n, 0);
    }
}

RT_TEST(offsets_are_found)
{
    static const struct {
        const char *text;
        size_t index;
        size_t offset;
    } rows[] = {
        {"", 0, 0},
        {"", 3, 0},
        {"abc", 0, 0},
        {"abc", 2, 2},
        {"abc", 3, 3},
        {"abc", 9, 3},
        {"aé日", 1, 1},
        {"aé日", 2, 3},
        {"aé日", 3, 6},
        {"aé日", 4, 6},
        {"0123456789é", 10, 10},
        {"0123456789é", 11, 12},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("%s %zu", rows[i].text, rows[i].index);
        CHECK_EQ(rt__text_offset(rt_guarded(rows[i].text), rows[i].index),
                 rows[i].offset);
    }
}

RT_TEST(lines_end_where_python_ends_them)
{
    static const struct {
        const char *text;
        const char *parts[8]; // line, end, line, end
    } rows[] = {
        {"", {NULL}},
        {"a", {"a", ""}},
        {"a\n", {"a", "\n"}},
        {"a\r\nb", {"a", "\r\n", "b", ""}},
        {"a\n\rb", {"a", "\n", "", "\r", "b", ""}},
        {"\r", {"", "\r"}},
        {"a\xe2\x80\xa8"
         "b\xc2\x85",
         {"a", "\xe2\x80\xa8", "b", "\xc2\x85"}},
        {"a\x0b\x0c\x1c", {"a", "\x0b", "", "\x0c", "", "\x1c"}},
        {"a\x1f"
         "b",
         {"a\x1f"
          "b",
          ""}},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_str rest = rt_guarded(rows[i].text);
        rt_str line;
        rt_str end;
        size_t n = 0;
        rt_test_case("row %zu", i);
        while (rt__text_next_line(&rest, &line, &end)) {
            REQUIRE(rows[i].parts[n]);
            CHECK_EQ(line, rows[i].parts[n]);
            CHECK_EQ(end, rows[i].parts[n + 1]);
            n += 2;
        }
        CHECK(rows[i].parts[n] == NULL);
    }
}

RT_TEST(words_are_the_same_from_both_ends)
{
    static const struct {
        const char *text;
        const char *words[5];
    } rows[] = {
        {"", {NULL}},
        {"  \t ", {NULL}},
        {"a", {"a"}},
        {" a  bc\n", {"a", "bc"}},
        {"\xe3\x80\x80é\xc2\xa0日", {"é", "日"}},
        {"a\x1f"
         "b",
         {"a", "b"}},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_str rest = rt_guarded(rows[i].text);
        rt_str word;
        size_t n = 0;
        rt_test_case("row %zu", i);
        while (rt__text_next_word(&rest, &word))
            CHECK_EQ(word, rows[i].words[n++]);
        CHECK(rows[i].words[n] == NULL);
        rest = rt_guarded(rows[i].text);
        while (rt__text_last_word(&rest, &word))
            CHECK_EQ(word, rows[i].words[--n]);
        CHECK_EQ(n, 0);
    }
}

RT_TEST(the_last_occurrence_is_found)
{
    static const struct {
        const char *text;
        const char *needle;
        size_t at;
    } rows[] = {
        {"", "", 0},          {"", "a", RT_STR_NONE},
        {"abc", "", 3},       {"abc", "a", 0},
        {"abc", "c", 2},      {"abc", "d", RT_STR_NONE},
        {"abcabc", "abc", 3}, {"abcabd", "abc", 0},
        {"aaaa", "aa", 2},    {"ab", "abc", RT_STR_NONE},
        {"abab", "ba", 1},    {"xabab", "xa", 0},
        {"xyz", "xyz", 0},    {"xyz", "xyy", RT_STR_NONE},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("%s in %s", rows[i].needle, rows[i].text);
        CHECK_EQ(rt__text_rfind(rt_guarded(rows[i].text),
                                rt_guarded(rows[i].needle)),
                 rows[i].at);
    }
}

// A buffer that is full stays as it is; the text is not gone through for it.
RT_TEST(a_full_buffer_ends_the_mapping)
{
    static const char *const rows[] = {"abcdefgh", "éàüéàüéà", "ßßßßßßßß",
                                       "ΑΣ ΑΣ ΑΣ"};
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_arena arena = {0};
        rt_buf buf;
        void (*const put[])(rt_buf * out, rt_str s) = {rt__put_capitalized,
                                                       rt__put_title,
                                                       rt__put_swapcase};
        for (size_t k = 0; k < RT_COUNT(put) + 1; k++) {
            rt_buf_init(&buf, &arena);
            buf.limit = 5;
            if (k < RT_COUNT(put)) {
                put[k](&buf, rt_guarded(rows[i]));
            } else {
                rt__put_case(&buf, rt_guarded(rows[i]), RT__UPPER);
            }
            rt_test_case("%s %zu", rows[i], k);
            CHECK(buf.status == RT_E_LIMIT);
            CHECK(buf.len <= 5);
        }
        rt_arena_deinit(&arena);
    }
}
