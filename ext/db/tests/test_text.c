#include <retort/test.h>

#include "driver.h"

static rt_arena arena;

static rt_str time_text(int64_t us)
{
    rt_buf buf;
    rt_buf_init(&buf, &arena);
    rt__db_put_time(&buf, us);
    return rt_buf_str(&buf);
}

RT_TEST(times_are_written_as_databases_do)
{
    CHECK_EQ(time_text(0), "1970-01-01 00:00:00.000000");
    CHECK_EQ(time_text(-1), "1969-12-31 23:59:59.999999");
    CHECK_EQ(time_text(INT64_C(951782399000001)), "2000-02-28 23:59:59.000001");
    CHECK_EQ(time_text(INT64_C(951868800000000)), "2000-03-01 00:00:00.000000");
    CHECK_EQ(time_text(INT64_C(-62135596800000000)),
             "0001-01-01 00:00:00.000000");
}

RT_TEST(times_are_read_in_each_spelling)
{
    static const struct {
        const char *text;
        int64_t us;
    } rows[] = {
        {"1970-01-01", 0},
        {"1970-01-01 00:00", 0},
        {"1970-01-01T00:00:01Z", 1000000},
        {"1970-01-01 00:00:00.5", 500000},
        {"1970-01-01 00:00:00.1234567", 123456},
        {"1970-01-01 01:00:00+01", 0},
        {"1970-01-01 01:30:00+01:30", 0},
        {"1969-12-31 19:00:00-0500", 0},
        {"2000-02-29 00:00:00", INT64_C(951782400000000)},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        int64_t us = -1;
        CHECK(rt__db_parse_time(rt_guarded(rows[i].text), &us));
        CHECK_EQ(us, rows[i].us);
    }
}

RT_TEST(what_is_no_time_is_left_alone)
{
    static const char *const rows[] = {"",
                                       "1970",
                                       "1970-13-01",
                                       "1970-01-32",
                                       "1970-01-01x",
                                       "1970-01-01 24:00",
                                       "1970-01-01 00:60",
                                       "1970-01-01 00:00:00.",
                                       "1970-01-01 00:00:00 ",
                                       "1970-01-01 00:00+1"};
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i]);
        int64_t us = 42;
        CHECK(!rt__db_parse_time(rt_guarded(rows[i]), &us));
        CHECK_EQ(us, (int64_t)42);
    }
}

RT_TEST(each_time_survives_being_written_and_read)
{
    for (int64_t us = INT64_C(-62135596800000000);
         us < INT64_C(253402300800000000); us += INT64_C(86399999999999)) {
        int64_t again = 0;
        CHECK(rt__db_parse_time(time_text(us), &again));
        if (!CHECK_EQ(again, us))
            return;
    }
}

RT_TEST(uuids_are_read_with_and_without_dashes)
{
    uint8_t bytes[16];
    CHECK(rt__db_parse_uuid(RT_STR("00112233-4455-6677-8899-aabbccddeeFF"),
                            bytes));
    rt_buf buf;
    rt_buf_init(&buf, &arena);
    rt__db_put_uuid(&buf, bytes);
    CHECK_EQ(rt_buf_str(&buf), "00112233-4455-6677-8899-aabbccddeeff");
    CHECK(rt__db_parse_uuid(RT_STR("00112233445566778899aabbccddeeff"), bytes));
    CHECK(!rt__db_parse_uuid(RT_STR("00112233445566778899aabbccddee"), bytes));
    CHECK(
        !rt__db_parse_uuid(RT_STR("00112233445566778899aabbccddeeg0"), bytes));
}

// Lives as long as the process of its test.
