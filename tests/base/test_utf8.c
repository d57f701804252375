// UTF-8: the standard's table, and repair as Python does it.
#include <stdint.h>
#include <string.h>

#include <retort/base/buf.h>
#include <retort/base/utf8.h>
#include <retort/test.h>

#define BAD "\xef\xbf\xbd" // U+FFFD

static const struct {
    const char *bytes;
    const char *repaired;
} invalid[] = {
    {"\x80", BAD},
    {"\xbf", BAD},
    {"\xc0\x80", BAD BAD},
    {"\xc1\xbf", BAD BAD},
    {"\xc2", BAD},
    {"\xc2"
     "A",
     BAD "A"},
    {"\xc2\xc2\x80", BAD "\xc2\x80"},
    {"\xdf", BAD},
    {"\xe0", BAD},
    {"\xe0\x80\x80", BAD BAD BAD},
    {"\xe0\x9f\xbf", BAD BAD BAD},
    {"\xe0\xa0", BAD},
    {"\xe0\xa0"
     "A",
     BAD "A"},
    {"\xe2\x82", BAD},
    {"\xe2\x82\xe2\x82\xac", BAD "\xe2\x82\xac"},
    {"\xed\xa0\x80", BAD BAD BAD},
    {"\xed\xbf\xbf", BAD BAD BAD},
    {"\xed\x9f", BAD},
    {"\xef\xbf", BAD},
    {"\xf0", BAD},
    {"\xf0\x8f\xbf\xbf", BAD BAD BAD BAD},
    {"\xf0\x90\x80", BAD},
    {"\xf0\x90\x80"
     "A",
     BAD "A"},
    {"\xf0\x9f\x98", BAD},
    {"\xf4\x90\x80\x80", BAD BAD BAD BAD},
    {"\xf4\x8f\xbf", BAD},
    {"\xf5\x80\x80\x80", BAD BAD BAD BAD},
    {"\xf8\x88\x80\x80\x80", BAD BAD BAD BAD BAD},
    {"\xfe", BAD},
    {"\xff\xff", BAD BAD},
    {"abc\xff"
     "def",
     "abc" BAD "def"},
    {"0123456789abcdef\x80"
     "0123456789abcdef",
     "0123456789abcdef" BAD "0123456789abcdef"},
    {"\xe4\xb8\xad\xff\xe6\x96\x87", "\xe4\xb8\xad" BAD "\xe6\x96\x87"},
};

RT_TEST(invalid_sequences_are_found_and_repaired)
{
    rt_arena arena = {0};

    for (size_t i = 0; i < RT_COUNT(invalid); i++) {
        rt_str s = rt_guarded(invalid[i].bytes);
        rt_test_case("row %zu: %s", i, invalid[i].repaired);
        CHECK(!rt_utf8_valid(s));
        CHECK(rt_utf8_valid_prefix(s) < s.len);
        rt_str repaired = rt_utf8_repair(&arena, s);
        CHECK_EQ(repaired, invalid[i].repaired);
        CHECK_EQ(repaired.data[repaired.len], '\0');
        CHECK_EQ(rt_utf8_len(s), rt_utf8_len(repaired));
    }
    rt_arena_deinit(&arena);
}

// Errors are found wherever they lie between words and vectors.
RT_TEST(an_error_is_found_at_every_offset)
{
    char text[70];

    for (size_t len = 1; len < sizeof text; len++) {
        for (size_t at = 0; at < len; at++) {
            memset(text, 'a', len);
            text[at] = (char)0x80;
            rt_str s = rt_guarded_bytes(text, len);
            if (rt_utf8_valid_prefix(s) != at) {
                rt_test_case("byte %zu of %zu", at, len);
                CHECK_EQ(rt_utf8_valid_prefix(s), at);
            }
        }
        memset(text, 'a', len);
        CHECK(rt_utf8_valid(rt_guarded_bytes(text, len)));
    }
}

RT_TEST(valid_text_is_left_where_it_is)
{
    static const char *const rows[] = {
        "",
        "plain",
        "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
        "\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf",
        "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf",
        "exactly sixteen.",
        "exactly sixteen.and then \xc3\xa9 more",
    };
    rt_arena arena = {0};

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i]);
        rt_str s = rt_guarded(rows[i]);
        CHECK(rt_utf8_valid(s));
        CHECK(rt_utf8_repair(&arena, s).data == s.data);
    }
    CHECK(rt_utf8_valid((rt_str){NULL, 0}));
    CHECK_EQ(rt_utf8_len((rt_str){NULL, 0}), 0u);
    CHECK(rt_utf8_valid(rt_guarded_bytes("a\0b", 3)));
    rt_arena_deinit(&arena);
}

RT_TEST(every_code_point_is_written_and_read_back)
{
    int wrong = 0;

    for (uint32_t rune = 0; rune <= RT_UTF8_MAX; rune++) {
        char bytes[4];
        rt_str s = rt_str_of(bytes, rt_utf8_encode(rune, bytes));
        uint32_t back;
        uint32_t expected =
            rune >= 0xd800 && rune <= 0xdfff ? RT_UTF8_REPLACEMENT : rune;

        wrong += !rt_utf8_valid(s) || rt_utf8_len(s) != 1;
        wrong += rt_utf8_next(&s, &back) != RT_OK || s.len != 0;
        wrong += back != expected;
    }
    CHECK_EQ(wrong, 0);

    char bytes[4];
    CHECK_EQ(rt_utf8_encode(0x110000, bytes), 3u);
    CHECK_EQ(rt_str_of(bytes, 3), BAD);
}

// All strings of up to three bytes from the edges of the standard's table,
// against a second reading of that table.
static bool valid_by_the_book(const unsigned char *s, size_t len)
{
    while (len) {
        size_t n = s[0] < 0x80 ? 1 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
        uint32_t rune = n == 1 ? s[0] : s[0] & (0x7fu >> n);
        static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};

        if (n > len || (s[0] >= 0x80 && s[0] < 0xc0) || s[0] >= 0xf8)
            return false;
        for (size_t i = 1; i < n; i++) {
            if ((s[i] & 0xc0) != 0x80)
                return false;
            rune = rune << 6 | (s[i] & 0x3fu);
        }
        if (rune < least[n] || rune > 0x10ffff ||
            (rune >= 0xd800 && rune < 0xe000))
            return false;
        s += n;
        len -= n;
    }
    return true;
}

RT_TEST(validity_agrees_with_the_definition)
{
    static const unsigned char edges[] = {0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90,
                                          0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2,
                                          0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee,
                                          0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5,
                                          0xf7, 0xf8, 0xff};
    size_t n = sizeof edges;
    int wrong = 0;

    for (size_t i = 0; i < n * n * n * n; i++) {
        unsigned char s[4] = {edges[i % n], edges[i / n % n],
                              edges[i / n / n % n], edges[i / n / n / n]};
        for (size_t len = 1; len <= sizeof s; len++) {
            wrong +=
                rt_utf8_valid(rt_str_of(s, len)) != valid_by_the_book(s, len);
        }
    }
    CHECK_EQ(wrong, 0);
}

RT_TEST(printable_is_what_python_calls_so)
{
    static const struct {
        uint32_t rune;
        bool printable;
    } rows[] = {{0x00, false},    {0x1f, false},   {' ', true},
                {'~', true},      {0x7f, false},   {0x85, false},
                {0xa0, false},    {0xa1, true},    {0xad, false},
                {0xe9, true},     {0x378, false},  {0x200b, false},
                {0x2028, false},  {0x2029, false}, {0x202e, false},
                {0x3000, false},  {0x4e2d, true},  {0xd800, false},
                {0xe000, false},  {0xfeff, false}, {0xfffd, true},
                {0xffff, false},  {0x1f600, true}, {0x10ffff, false},
                {0x110000, false}};

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("U+%04X", rows[i].rune);
        CHECK_EQ(rt_utf8_is_printable(rows[i].rune), rows[i].printable);
    }
}

RT_TEST(space_is_what_pythons_isspace_accepts)
{
    static const uint32_t spaces[] = {0x09,   0x0d,   0x1c,   0x1f,   0x20,
                                      0x85,   0xa0,   0x1680, 0x2000, 0x200a,
                                      0x2028, 0x2029, 0x202f, 0x205f, 0x3000};
    static const uint32_t others[] = {0,      0x08,   0x0e,    0x1b,   0x21,
                                      0x84,   0x180e, 0x200b,  0x2060, 0x2800,
                                      0x3001, 0xfeff, 0x10ffff};

    for (size_t i = 0; i < RT_COUNT(spaces); i++)
        CHECK(rt_utf8_is_space(spaces[i]));
    for (size_t i = 0; i < RT_COUNT(others); i++)
        CHECK(!rt_utf8_is_space(others[i]));
}
