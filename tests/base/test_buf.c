#include <inttypes.h>
#include <stdio.h>

#include <retort/test.h>

#include "retort/base/buf.h"

RT_TEST(a_new_buffer_is_the_empty_string)
{
    rt_arena arena = {0};
    rt_buf buf;
    rt_buf_init(&buf, &arena);

    CHECK_EQ(buf.len, 0u);
    CHECK_EQ(rt_arena_bytes(&arena), 0u); // nothing is taken before a write
    rt_str text = rt_buf_str(&buf);
    CHECK_EQ(text, "");
    CHECK_EQ(text.data[0], '\0');
    rt_arena_deinit(&arena);
}

RT_TEST(what_is_put_comes_out_in_order)
{
    rt_arena arena = {0};
    rt_buf buf;
    rt_buf_init(&buf, &arena);

    rt_buf_put(&buf, rt_guarded("str "));
    rt_buf_put_cstr(&buf, "cstr ");
    rt_buf_put_bytes(&buf, "a\0b", 3);
    rt_buf_put_char(&buf, ' ');
    rt_buf_put_repeat(&buf, '-', 3);
    rt_buf_put_repeat(&buf, '-', 0);
    rt_buf_put(&buf, (rt_str){NULL, 0});
    rt_buf_put_bytes(&buf, NULL, 0);
    CHECK_EQ(rt_buf_str(&buf), RT_STR("str cstr a\0b ---"));
    CHECK_EQ(buf.status, RT_OK);
    rt_arena_deinit(&arena);
}

RT_TEST(every_length_is_kept_and_ends_in_nul)
{
    char expected[300];

    for (size_t len = 0; len < sizeof expected; len++) {
        rt_arena arena = {0};
        rt_buf buf;
        rt_buf_init(&buf, &arena);
        rt_test_case("%zu bytes", len);
        for (size_t i = 0; i < len; i++) {
            expected[i] = (char)('a' + i % 26);
            rt_buf_put_char(&buf, expected[i]);
        }
        rt_str text = rt_buf_str(&buf);
        CHECK_EQ(text, rt_str_of(expected, len));
        CHECK_EQ(text.data[len], '\0');

        // Writing goes on behind what was viewed.
        rt_buf_put_char(&buf, '!');
        CHECK_EQ(buf.len, len + 1);
        CHECK_EQ(rt_buf_str(&buf).data[len], '!');
        rt_arena_deinit(&arena);
    }
}

RT_TEST(a_buffer_survives_other_allocations_of_its_arena)
{
    rt_arena arena = {0};
    rt_buf buf;
    rt_buf_init(&buf, &arena);

    for (int i = 0; i < 500; i++) {
        rt_buf_put_char(&buf, (char)('0' + i % 10));
        memset(rt_arena_alloc(&arena, 24), 0xff, 24);
    }
    rt_str text = rt_buf_str(&buf);
    CHECK_EQ(text.len, 500u);
    for (size_t i = 0; i < text.len; i++)
        CHECK_EQ(text.data[i], (char)('0' + i % 10));
    rt_arena_deinit(&arena);
}

RT_TEST(reserved_room_may_be_written_by_hand)
{
    rt_arena arena = {0};
    rt_buf buf;
    rt_buf_init(&buf, &arena);

    rt_buf_put_cstr(&buf, "a");
    CHECK(rt_buf_reserve(&buf, 1000));
    memset(rt_buf_end(&buf), 'b', 1000);
    buf.len += 1000;
    rt_buf_put_cstr(&buf, "c");
    CHECK_EQ(rt_buf_str(&buf).len, 1002u);
    CHECK_EQ(rt_buf_str(&buf).data[1000], 'b');
    CHECK_EQ(rt_buf_str(&buf).data[1001], 'c');
    rt_arena_deinit(&arena);
}

RT_TEST(integers_are_written_to_both_ends_of_their_range)
{
    static const struct {
        int64_t n;
        const char *text;
    } ints[] = {
        {0, "0"},
        {9, "9"},
        {10, "10"},
        {-1, "-1"},
        {-10, "-10"},
        {INT64_MAX, "9223372036854775807"},
        {INT64_MIN, "-9223372036854775808"},
    };

    rt_arena arena = {0};
    rt_buf buf;

    for (size_t i = 0; i < RT_COUNT(ints); i++) {
        rt_buf_init(&buf, &arena);
        rt_buf_put_int(&buf, ints[i].n);
        CHECK_EQ(rt_buf_str(&buf), ints[i].text);
    }
    rt_buf_init(&buf, &arena);
    rt_buf_put_uint(&buf, UINT64_MAX);
    rt_buf_put_char(&buf, ' ');
    rt_buf_put_uint(&buf, 0);
    CHECK_EQ(rt_buf_str(&buf), "18446744073709551615 0");
    rt_arena_deinit(&arena);
}

RT_TEST(hexadecimal_has_at_least_the_digits_asked_for)
{
    static const struct {
        uint64_t n;
        int digits;
        const char *text;
    } rows[] = {
        {0, 0, "0"},
        {0, 1, "0"},
        {0, 4, "0000"},
        {0xff, 0, "ff"},
        {0xff, 2, "ff"},
        {0xff, 4, "00ff"},
        {0xabc, 2, "abc"},
        {UINT64_MAX, 1, "ffffffffffffffff"},
        {1, 16, "0000000000000001"},
        {1, 99, "0000000000000001"},
    };

    rt_arena arena = {0};

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_buf buf;
        rt_buf_init(&buf, &arena);
        RT_CASE(rows[i].text);
        rt_buf_put_hex(&buf, rows[i].n, rows[i].digits);
        CHECK_EQ(rt_buf_str(&buf), rows[i].text);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(code_points_are_written_as_utf8_of_every_length)
{
    static const struct {
        uint32_t rune;
        const char *bytes;
    } rows[] = {
        {0x41, "A"},
        {0x7f, "\x7f"},
        {0x80, "\xc2\x80"},
        {0x7ff, "\xdf\xbf"},
        {0x800, "\xe0\xa0\x80"},
        {0x20ac, "\xe2\x82\xac"},
        {0xffff, "\xef\xbf\xbf"},
        {0x10000, "\xf0\x90\x80\x80"},
        {0x10ffff, "\xf4\x8f\xbf\xbf"},
    };

    rt_arena arena = {0};

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_buf buf;
        rt_buf_init(&buf, &arena);
        rt_test_case("U+%04X", (unsigned)rows[i].rune);
        rt_buf_put_rune(&buf, rows[i].rune);
        CHECK_EQ(rt_buf_str(&buf), rows[i].bytes);
    }
    rt_buf buf;
    rt_buf_init(&buf, &arena);
    rt_buf_put_rune(&buf, 0);
    CHECK_EQ(rt_buf_str(&buf), RT_STR("\0"));
    rt_arena_deinit(&arena);
}

RT_TEST(printf_writes_at_the_end)
{
    char wide[200];
    rt_arena arena = {0};
    rt_buf buf;
    rt_buf_init(&buf, &arena);

    rt_buf_put_cstr(&buf, "a");
    rt_buf_printf(&buf, "%d-%s", 7, "x");
    rt_buf_printf(&buf, "%s", "");
    CHECK_EQ(rt_buf_str(&buf), "a7-x");

    memset(wide, ' ', sizeof wide);
    wide[199] = '1';
    rt_buf_init(&buf, &arena);
    rt_buf_printf(&buf, "%200d", 1);
    CHECK_EQ(rt_buf_str(&buf), rt_str_of(wide, 200));
    rt_arena_deinit(&arena);
}

// ---- limits ------------------------------------------------------------------

// Each puts exactly five bytes.
static void put_five_bytes(rt_buf *buf)
{
    rt_buf_put_bytes(buf, "12345", 5);
}

static void put_five_chars(rt_buf *buf)
{
    for (int i = 0; i < 5; i++)
        rt_buf_put_char(buf, 'x');
}

static void put_five_times(rt_buf *buf)
{
    rt_buf_put_repeat(buf, 'x', 5);
}

static void put_five_digits(rt_buf *buf)
{
    rt_buf_put_int(buf, -1234);
}

static void put_five_hex(rt_buf *buf)
{
    rt_buf_put_hex(buf, 1, 5);
}

static void put_five_of_runes(rt_buf *buf)
{
    rt_buf_put_rune(buf, 0x20ac);
    rt_buf_put_rune(buf, 0xe4);
}

static void put_five_printed(rt_buf *buf)
{
    rt_buf_printf(buf, "%d", 12345);
}

RT_TEST(a_limit_lets_its_last_byte_through_and_no_further_one)
{
    static const struct {
        const char *name;
        void (*put)(rt_buf *buf);
    } rows[] = {
        {"bytes", put_five_bytes},    {"chars", put_five_chars},
        {"repeat", put_five_times},   {"int", put_five_digits},
        {"hex", put_five_hex},        {"rune", put_five_of_runes},
        {"printf", put_five_printed},
    };

    rt_arena arena = {0};

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        for (size_t before = 0; before < 100; before += 33) {
            rt_test_case("%s behind %zu bytes", rows[i].name, before);
            rt_buf buf;
            rt_buf_init(&buf, &arena);
            buf.limit = before + 5;
            rt_buf_put_repeat(&buf, '.', before);
            rows[i].put(&buf);
            CHECK_EQ(buf.status, RT_OK);
            CHECK_EQ(buf.len, before + 5);
            rt_buf_put_char(&buf, '!');
            CHECK_EQ(buf.status, RT_E_LIMIT);
            CHECK_EQ(rt_buf_str(&buf).len, before + 5);

            rt_buf_init(&buf, &arena);
            buf.limit = before + 4;
            rt_buf_put_repeat(&buf, '.', before);
            rows[i].put(&buf);
            CHECK_EQ(buf.status, RT_E_LIMIT);
            CHECK(buf.len <= before + 4);
        }
    }
    rt_arena_deinit(&arena);
}

RT_TEST(the_first_error_stays_and_nothing_more_is_written)
{
    rt_arena arena = {0};
    rt_buf buf;
    rt_buf_init(&buf, &arena);

    rt_buf_put_cstr(&buf, "kept");
    buf.status = RT_E_RANGE;
    rt_buf_put_cstr(&buf, "x");
    rt_buf_put_char(&buf, 'x');
    rt_buf_put_repeat(&buf, 'x', 3);
    rt_buf_put_int(&buf, 1);
    rt_buf_put_rune(&buf, 'x');
    rt_buf_printf(&buf, "%d", 1);
    CHECK(!rt_buf_reserve(&buf, 1));
    CHECK_EQ(buf.status, RT_E_RANGE);
    CHECK_EQ(rt_buf_str(&buf), "kept");
    rt_arena_deinit(&arena);
}

RT_TEST(more_than_there_can_be_is_an_error_and_not_an_overflow)
{
    static const size_t rows[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX / 2,
                                  SIZE_MAX / 4};
    rt_arena arena = {0};

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_buf buf;
        rt_buf_init(&buf, &arena);
        rt_buf_put_cstr(&buf, "a");
        CHECK(!rt_buf_reserve(&buf, rows[i]));
        CHECK_EQ(buf.status, RT_E_LIMIT);
        CHECK_EQ(rt_buf_str(&buf), "a");
    }
    rt_arena_deinit(&arena);
}

RT_TEST(integers_have_their_digits_on_both_sides_of_every_power_of_ten)
{
    rt_arena arena = {0};
    uint64_t power = 1;

    for (int digits = 1; digits <= 20; digits++) {
        for (uint64_t n = power - 1; n <= power + 1; n++) {
            char expected[24];
            rt_buf buf;
            snprintf(expected, sizeof expected, "%" PRIu64, n);
            rt_test_case("%s", expected);
            rt_buf_init(&buf, &arena);
            rt_buf_put_uint(&buf, n);
            CHECK_EQ(rt_buf_str(&buf), expected);
        }
        power *= 10;
    }
    for (int bit = 0; bit < 64; bit++) {
        char expected[24];
        rt_buf buf;
        snprintf(expected, sizeof expected, "%" PRIu64, UINT64_MAX >> bit);
        rt_buf_init(&buf, &arena);
        rt_buf_put_uint(&buf, UINT64_MAX >> bit);
        CHECK_EQ(rt_buf_str(&buf), expected);
    }
    rt_arena_deinit(&arena);
}
