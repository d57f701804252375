// Calendar arithmetic and the two date formats.
#include <stdint.h>

#include <retort/base/time.h>
#include <retort/test.h>

static rt_arena arena;

static rt_str imf_of(int64_t us)
{
    rt_buf buf;

    rt_arena_reset(&arena);
    rt_buf_init(&buf, &arena);
    rt_time_put_imf(&buf, us);
    return rt_buf_str(&buf);
}

static rt_str iso_of(int64_t us)
{
    rt_buf buf;

    rt_arena_reset(&arena);
    rt_buf_init(&buf, &arena);
    rt_time_put_iso(&buf, us);
    return rt_buf_str(&buf);
}

RT_TEST(a_moment_is_written_in_both_formats)
{
    static const struct {
        int64_t us;
        const char *iso;
        const char *imf;
    } rows[] = {
        {0, "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT"},
        {-1, "1969-12-31T23:59:59.999999Z", "Wed, 31 Dec 1969 23:59:59 GMT"},
        {784111777000000, "1994-11-06T08:49:37Z",
         "Sun, 06 Nov 1994 08:49:37 GMT"},
        {1704067200000000, "2024-01-01T00:00:00Z",
         "Mon, 01 Jan 2024 00:00:00 GMT"},
        {1709164799999999, "2024-02-28T23:59:59.999999Z",
         "Wed, 28 Feb 2024 23:59:59 GMT"},
        {1709164800000000, "2024-02-29T00:00:00Z",
         "Thu, 29 Feb 2024 00:00:00 GMT"},
        {951782400000001, "2000-02-29T00:00:00.000001Z",
         "Tue, 29 Feb 2000 00:00:00 GMT"},
        {4107542400000000, "2100-03-01T00:00:00Z",
         "Mon, 01 Mar 2100 00:00:00 GMT"},
        {RT_TIME_MIN, "0001-01-01T00:00:00Z", "Mon, 01 Jan 0001 00:00:00 GMT"},
        {RT_TIME_MAX, "9999-12-31T23:59:59.999999Z",
         "Fri, 31 Dec 9999 23:59:59 GMT"},
        {RT_TIME_MAX + 1, "10000-01-01T00:00:00Z",
         "Sat, 01 Jan 10000 00:00:00 GMT"},
        {INT64_MAX, "294247-01-10T04:00:54.775807Z",
         "Sun, 10 Jan 294247 04:00:54 GMT"},
        {INT64_MIN, "-290308-12-21T19:59:05.224192Z",
         "Sun, 21 Dec -290308 19:59:05 GMT"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].iso);
        CHECK_EQ(iso_of(rows[i].us), rows[i].iso);
        CHECK_EQ(imf_of(rows[i].us), rows[i].imf);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(a_civil_time_joins_to_the_moment_it_came_from)
{
    static const int64_t edges[] = {INT64_MIN,
                                    INT64_MIN + 1,
                                    INT64_MIN + RT_TIME_DAY,
                                    INT64_MAX,
                                    INT64_MAX - RT_TIME_DAY,
                                    -1,
                                    0,
                                    1};

    for (size_t i = 0; i < RT_COUNT(edges); i++) {
        int64_t us = 0;
        rt_test_case("%lld", (long long)edges[i]);
        CHECK(rt_time_from_civil(rt_time_civil(edges[i]), &us) == RT_OK);
        CHECK_EQ(us, edges[i]);
    }
}

// Walk through 800 years day by day beside a plain counter.
RT_TEST(the_calendar_agrees_with_counting_days)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30,
                                  31, 31, 30, 31, 30, 31};
    int64_t us = RT_TIME_MIN;
    int year = 1;
    int month = 1;
    int day = 1;
    int weekday = 0;
    int wrong = 0;

    for (; year <= 801; us += RT_TIME_DAY) {
        rt_civil_time civil = rt_time_civil(us);
        int64_t back = 0;

        wrong += civil.year != year || civil.month != month ||
                 civil.day != day || civil.weekday != weekday ||
                 rt_time_from_civil(civil, &back) != RT_OK || back != us;
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        weekday = (weekday + 1) % 7;
        if (++day > lengths[month - 1] + (month == 2 && leap)) {
            day = 1;
            month++;
        }
        if (month > 12) {
            month = 1;
            year++;
        }
    }
    CHECK_EQ(wrong, 0);
}

RT_TEST(there_is_no_such_day_or_time)
{
    static const rt_civil_time rows[] = {
        {.year = 2023, .month = 2, .day = 29},
        {.year = 1900, .month = 2, .day = 29},
        {.year = 2024, .month = 4, .day = 31},
        {.year = 2024, .month = 0, .day = 1},
        {.year = 2024, .month = 13, .day = 1},
        {.year = 2024, .month = 1, .day = 0},
        {.year = 2024, .month = 1, .day = 32},
        {.year = 2024, .month = 1, .day = 1, .hour = 24},
        {.year = 2024, .month = 1, .day = 1, .minute = 60},
        {.year = 2024, .month = 1, .day = 1, .second = 60},
        {.year = 2024, .month = 1, .day = 1, .second = -1},
        {.year = 2024, .month = 1, .day = 1, .microsecond = 1000000},
        {.year = 294248, .month = 1, .day = 1},
        {.year = -290309, .month = 1, .day = 1},
        {.year = INT64_MAX, .month = 1, .day = 1},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        int64_t us = 99;
        rt_test_case("row %zu", i);
        CHECK(rt_time_from_civil(rows[i], &us) == RT_E_RANGE);
        CHECK_EQ(us, 99);
    }
}

RT_TEST(iso_dates_are_read)
{
    static const struct {
        const char *text;
        const char *iso;
    } rows[] = {
        {"2024-01-31", "2024-01-31T00:00:00Z"},
        {"2024-01-31T12:30", "2024-01-31T12:30:00Z"},
        {"2024-01-31 12:30:15", "2024-01-31T12:30:15Z"},
        {"2024-01-31t12:30:15z", "2024-01-31T12:30:15Z"},
        {"2024-01-31T12:30:15Z", "2024-01-31T12:30:15Z"},
        {"2024-01-31T12:30Z", "2024-01-31T12:30:00Z"},
        {"2024-01-31T12:30:15.5Z", "2024-01-31T12:30:15.500000Z"},
        {"2024-01-31T12:30:15,25", "2024-01-31T12:30:15.250000Z"},
        {"2024-01-31T12:30:15.123456789", "2024-01-31T12:30:15.123456Z"},
        {"2024-01-31T12:30:15+02:00", "2024-01-31T10:30:15Z"},
        {"2024-01-31T12:30:15-0530", "2024-01-31T18:00:15Z"},
        {"2024-01-31T00:30:00+01", "2024-01-30T23:30:00Z"},
        {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
        {"9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        int64_t us = 99;
        RT_CASE(rows[i].text);
        CHECK(rt_time_parse_iso(rt_guarded(rows[i].text), &us) == RT_OK);
        CHECK_EQ(iso_of(us), rows[i].iso);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(what_is_no_iso_date_is_refused)
{
    static const struct {
        const char *text;
        rt_status status;
    } rows[] = {
        {"", RT_E_SYNTAX},
        {"2024", RT_E_SYNTAX},
        {"2024-1-31", RT_E_SYNTAX},
        {"2024-01-3", RT_E_SYNTAX},
        {"20240131", RT_E_SYNTAX},
        {"2024-01-31T", RT_E_SYNTAX},
        {"2024-01-31x12:30", RT_E_SYNTAX},
        {"2024-01-31T12", RT_E_SYNTAX},
        {"2024-01-31T12:3", RT_E_SYNTAX},
        {"2024-01-31T12:30:", RT_E_SYNTAX},
        {"2024-01-31T12:30:1", RT_E_SYNTAX},
        {"2024-01-31T12:30:15.", RT_E_SYNTAX},
        {"2024-01-31T12:30:15.Z", RT_E_SYNTAX},
        {"2024-01-31T12:30:15+", RT_E_SYNTAX},
        {"2024-01-31T12:30:15+2", RT_E_SYNTAX},
        {"2024-01-31T12:30:15+02:", RT_E_SYNTAX},
        {"2024-01-31T12:30:15+02:0", RT_E_SYNTAX},
        {"2024-01-31T12:30:15Zz", RT_E_SYNTAX},
        {"2024-01-31Z", RT_E_SYNTAX},
        {" 2024-01-31", RT_E_SYNTAX},
        {"2024-01-31 ", RT_E_SYNTAX},
        {"-024-01-31", RT_E_SYNTAX},
        {"2023-02-29", RT_E_RANGE},
        {"2024-13-01", RT_E_RANGE},
        {"2024-01-31T24:00", RT_E_RANGE},
        {"2024-01-31T12:30:60Z", RT_E_RANGE},
        {"2024-01-31T12:30:15+24:00", RT_E_RANGE},
        {"2024-01-31T12:30:15-10:60", RT_E_RANGE},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        int64_t us = 99;
        RT_CASE(rows[i].text);
        CHECK(rt_time_parse_iso(rt_guarded(rows[i].text), &us) ==
              rows[i].status);
        CHECK_EQ(us, 99);
    }
}

RT_TEST(clocks_move_forward)
{
    int64_t ns = rt_time_monotonic_ns();
    int64_t ms = rt_time_monotonic_ms();

    CHECK(ns > 0);
    CHECK(ms >= ns / 1000000);
    CHECK(rt_time_monotonic_ns() >= ns);
    int64_t coarse = rt_time_coarse_ms();
    CHECK(coarse <= rt_time_monotonic_ms());
    CHECK(rt_time_coarse_ms() >= coarse);
    // Not before this was written, and within what four digits can say.
    CHECK(rt_time_now() > 1700000000 * RT_TIME_SECOND);
    CHECK(rt_time_now() < RT_TIME_MAX);
}

RT_TEST(names_are_of_days_and_months)
{
    CHECK_EQ(rt_time_weekday_name(0), "Mon");
    CHECK_EQ(rt_time_weekday_name(6), "Sun");
    CHECK_EQ(rt_time_month_name(1), "Jan");
    CHECK_EQ(rt_time_month_name(12), "Dec");
}
