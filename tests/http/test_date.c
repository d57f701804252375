#include <retort/base/time.h>
#include <retort/test.h>

#include "retort/http/date.h"

#define SECOND RT_TIME_SECOND
#define NOW    (INT64_C(1700000000) * SECOND) // in November 2023

RT_TEST(the_three_forms_of_rfc_9110_are_read)
{
    static const struct {
        const char *text;
        int64_t s;
    } rows[] = {
        {"Sun, 06 Nov 1994 08:49:37 GMT", 784111777},
        {"Sunday, 06-Nov-94 08:49:37 GMT", 784111777},
        {"Sun Nov  6 08:49:37 1994", 784111777},
        {"Sun Nov 16 08:49:37 1994", 784975777},
        {"Thu, 01 Jan 1970 00:00:00 GMT", 0},
        {"Wed, 31 Dec 1969 23:59:59 GMT", -1},
        {"Thu, 29 Feb 2024 12:30:45 GMT", 1709209845},
        {"Fri, 31 Dec 9999 23:59:59 GMT", 253402300799},
        {"Mon, 01 Jan 0001 00:00:00 GMT", -62135596800},
        {"Sat, 31 Dec 2016 23:59:60 GMT", 1483228800}, // a leap second

        // What clients write besides.
        {"sun, 06 nov 1994 08:49:37 gmt", 784111777},
        {"SUN, 06 NOV 1994 08:49:37 UTC", 784111777},
        {"Sun, 6 Nov 1994 08:49:37 GMT", 784111777},
        {"Sun, 06-Nov-1994 08:49:37 GMT", 784111777},
        {"Sun, 06 Nov 94 08:49:37 GMT", 784111777},
        {"Sun Nov 6 08:49:37 1994", 784111777},
        {"Monday, 06 Nov 1994 08:49:37 GMT", 784111777},
        {"  Sun, 06 Nov 1994 08:49:37 GMT\t", 784111777},
        {"Sun, 06 Nov 1994 08:49:37", 784111777},
        {"Sun, 06 Nov 1994 08:49:37 +0000", 784111777},
        {"Sun, 06 November 1994 08:49:37 GMT", 784111777},
        {"Sun, 06  Nov 1994 08:49:37 GMT", 784111777},
        {"Sun,06 Nov 1994 08:49:37 GMT", 784111777},
        {"Sun 06 Nov 1994 08:49:37 GMT", 784111777},
        {"06 Nov 1994 08:49:37 GMT", 784111777},
        {"Sun Nov  6 08:49:37 94", 784111777},
        {"Sun Nov  6 08:49:37 1994 GMT", 784111777},
        {"Sun Nov   6 08:49:37 1994", 784111777},
        {"Sun, 06 Nov 1994 8:49:37 GMT", 784111777},
        {"Sun, 06 Nov 1994 08:49:37 ", 784111777},
        {"Sun, 06 Nov 1994 08:49", 784111740},
        {"Sun, 06 Nov 1994 08:49:7 GMT", 784111747},
        {"Sun, 06 Nov 1994 09:49:37 +0100", 784111777},
        {"Sun, 06 Nov 1994 03:19:37 -0530", 784111777},
        {"Sun, 06 Nov 1994 03:49:37 EST", 784111777},
        {"Sun, Nov 06 1994 08:49:37 GMT", 784111777},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        int64_t us = -7;
        CHECK(rt_http_date_parse(rt_guarded(rows[i].text), NOW, &us) == RT_OK);
        CHECK_EQ(us, rows[i].s * SECOND);
    }
}

RT_TEST(two_digits_of_a_year_are_at_most_fifty_years_ahead)
{
    static const struct {
        int64_t now_s;
        const char *year;
        int64_t s;
    } rows[] = {
        {1700000000, "23", 1672531200}, // 2023, now
        {1700000000, "73", 3250454400}, // 2073, fifty years ahead
        {1700000000, "74", 126230400},  // 1974, else it were fifty-one
        {1700000000, "99", 915148800},  // 1999
        {1700000000, "00", 946684800},  // 2000
        {784111777, "44", -820540800},  // 1944, seen from 1994
        {784111777, "45", -788918400},  // 1945
        {3000000000, "99", 4070908800}, // 2099, seen from 2065
        {3000000000, "10", 1262304000}, // 2010, seen from 2065
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_arena arena = {0};
        rt_buf text;
        int64_t us = 0;
        rt_buf_init(&text, &arena);
        rt_buf_printf(&text, "Monday, 01-Jan-%s 00:00:00 GMT", rows[i].year);
        rt_test_case("%s seen from %lld", rows[i].year,
                     (long long)rows[i].now_s);
        CHECK(rt_http_date_parse(rt_buf_str(&text), rows[i].now_s * SECOND,
                                 &us) == RT_OK);
        CHECK_EQ(us / SECOND, rows[i].s);
        rt_arena_deinit(&arena);
    }
}

RT_TEST(other_text_is_no_date)
{
    static const char *const rows[] = {
        "",
        "0",
        "784111777",
        "yesterday",
        "Sun",
        "Sun,",
        "Sun, ",
        "Sun, 06",
        "Sun, 06 Nov",
        "Sun, 06 Nov 1994",
        "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 06 Nov 1994 08:49:37 +01",
        "Sun, 06 Nov 1994 08:49:37+0100",
        "Sun, 06 Nov 1994 08:49: GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT+1",
        "Sun, 06 Nov 1994 08:49:37 GMT x",
        "Sun, 06 Nov 1994 08:49:377 GMT",
        "Sun, 06 Nov 1994 08.49.37 GMT",
        "Sun, 06 Nov 1994T08:49:37 GMT",
        "Sun, 06 Nov 199 08:49:37 GMT",
        "Sun, 06 Nov 19940 08:49:37 GMT",
        "Sun, 006 Nov 1994 08:49:37 GMT",
        "Sun, 06 Foo 1994 08:49:37 GMT",
        "Sun, 06-Nov 1994 08:49:37 GMT",
        "Sun, -6 Nov 1994 08:49:37 GMT",
        "Son, 06 Nov 1994 08:49:37 GMT",
        "Su, 06 Nov 1994 08:49:37 GMT",
        "Sun Nov  6 08:49:37 ",
        "Sun Nov",
        "Sun Nov ",
        "1994-11-06T08:49:37Z",
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i]);
        int64_t us = -7;
        CHECK(rt_http_date_parse(rt_guarded(rows[i]), NOW, &us) == RT_E_SYNTAX);
        CHECK_EQ(us, -7);
    }
}

RT_TEST(a_day_or_time_that_is_not_is_out_of_range)
{
    static const char *const rows[] = {
        "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 31 Nov 1994 08:49:37 GMT",
        "Sun, 29 Feb 2023 08:49:37 GMT", "Sun, 99 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:37 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT", "Sun, 06 Nov 0000 08:49:37 GMT",
        "Thu Feb 30 08:49:37 2023",
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i]);
        int64_t us = -7;
        CHECK(rt_http_date_parse(rt_guarded(rows[i]), NOW, &us) == RT_E_RANGE);
        CHECK_EQ(us, -7);
    }
}

RT_TEST(dates_are_written_with_29_bytes_and_read_back)
{
    static const struct {
        int64_t us;
        const char *text;
    } rows[] = {
        {0, "Thu, 01 Jan 1970 00:00:00 GMT"},
        {-1, "Wed, 31 Dec 1969 23:59:59 GMT"},
        {784111777 * SECOND + 999999, "Sun, 06 Nov 1994 08:49:37 GMT"},
        {1709209845 * SECOND, "Thu, 29 Feb 2024 12:30:45 GMT"},
        {RT_TIME_MAX, "Fri, 31 Dec 9999 23:59:59 GMT"},
        {RT_TIME_MIN, "Mon, 01 Jan 0001 00:00:00 GMT"},
        {INT64_MAX, "Fri, 31 Dec 9999 23:59:59 GMT"},
        {INT64_MIN, "Mon, 01 Jan 0001 00:00:00 GMT"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        rt_arena arena = {0};
        rt_str text = rt_http_date_dump(&arena, rows[i].us);
        int64_t us = -7;
        CHECK_EQ(text, rt_str_from(rows[i].text));
        CHECK_EQ(text.len, (size_t)RT_HTTP_DATE_BYTES);
        CHECK(rt_http_date_parse(text, NOW, &us) == RT_OK);
        CHECK_EQ(us % SECOND, 0);
        CHECK_EQ(rt_http_date_dump(&arena, us), text);
        rt_arena_deinit(&arena);
    }
}
