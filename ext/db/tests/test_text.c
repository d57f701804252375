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

static const char *put_time(int64_t us)
{
    rt_buf buf;
    rt_buf_init(&buf, &arena);
    rt__db_put_time(&buf, us);
    return rt_buf_str(&buf).data;
}

RT_TEST(times_are_read_and_written_back)
{
    static const struct {
        const char *text;
        int64_t us;
        const char *written;
    } rows[] = {
        {"1970-01-01", 0, "1970-01-01 00:00:00.000000"},
        {"1970-01-01 00:00", 0, "1970-01-01 00:00:00.000000"},
        {"1969-12-31T23:59:59.999999", -1, "1969-12-31 23:59:59.999999"},
        {"2000-02-29 12:00:00Z", INT64_C(951825600000000),
         "2000-02-29 12:00:00.000000"},
        {"1970-01-01 01:00:00+01", 0, "1970-01-01 00:00:00.000000"},
        {"1970-01-01 01:30:00.5+01:30", 500000, "1970-01-01 00:00:00.500000"},
        {"1969-12-31 23:00:00-0100", 0, "1970-01-01 00:00:00.000000"},
        {"1970-01-01 00:00:00.1234567", 123456, "1970-01-01 00:00:00.123456"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        int64_t us = 42;
        CHECK(rt__db_parse_time(rt_guarded(rows[i].text), &us));
        CHECK_EQ(us, rows[i].us);
        CHECK_EQ(put_time(us), rows[i].written);
    }
}

RT_TEST(what_is_no_time_is_refused)
{
    static const char *const rows[] = {
        "",
        "1970",
        "1970-13-01",
        "1970-00-01",
        "1970-01-32",
        "2023-02-29",
        "1900-02-29",
        "1970-04-31",
        "1970-1-1",
        "1970-01-01 ",
        "1970-01-01 24:00",
        "1970-01-01 00:60",
        "1970-01-01 00:00:61",
        "1970-01-01 00:00:00.",
        "1970-01-01 00:00:00x",
        "1970-01-01 00:00:00+",
        "1970-01-01 00:00:00+1",
        "1970-01-01 00:00:00+24",
        "1970-01-01 00:00:00+01:60",
        "1970-01-01x00:00",
        "1970-01-01 00:00:00ZZ",
    };
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i]);
        int64_t us = 42;
        CHECK(!rt__db_parse_time(rt_guarded(rows[i]), &us));
        CHECK(us == 42);
    }
}

RT_TEST(years_without_four_digits_are_not_cut)
{
    CHECK(rt_str_starts_with(rt_str_from(put_time(INT64_MAX)),
                             RT_STR("294247-01-10 ")));
    CHECK(rt_str_starts_with(rt_str_from(put_time(INT64_MIN)),
                             RT_STR("-290308-12-21 ")));
}

RT_TEST(uuids_are_read_with_and_without_dashes_and_written_back)
{
    static const char *const rows[] = {"c0ffee00-1234-5678-9abc-def012345678",
                                       "C0FFEE00123456789ABCDEF012345678"};
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i]);
        uint8_t bytes[16];
        CHECK(rt__db_parse_uuid(rt_guarded(rows[i]), bytes));
        rt_buf buf;
        rt_buf_init(&buf, &arena);
        rt__db_put_uuid(&buf, bytes);
        CHECK_EQ(rt_buf_str(&buf).data, rows[0]);
    }
    uint8_t bytes[16] = {7};
    CHECK(!rt__db_parse_uuid(RT_STR("c0ffee"), bytes));
    CHECK(
        !rt__db_parse_uuid(RT_STR("C0FFEE00123456789ABCDEF0123456789"), bytes));
    CHECK(
        !rt__db_parse_uuid(RT_STR("G0FFEE00123456789ABCDEF012345678"), bytes));
    CHECK(bytes[0] == 7);
}

RT_TEST(states_have_kinds_and_kinds_have_statuses)
{
    static const struct {
        const char *state;
        rt_db_kind kind;
    } rows[] = {
        {"23505", RT_DB_UNIQUE}, {"40P01", RT_DB_SERIALIZATION},
        {"42601", RT_DB_SYNTAX}, {"42501", RT_DB_OTHER},
        {"08006", RT_DB_LOST},   {"53300", RT_DB_CONNECT},
        {"99999", RT_DB_OTHER},  {"", RT_DB_OTHER},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].state);
        CHECK_EQ(rt__db_kind_of_sqlstate(rows[i].state), rows[i].kind);
    }
    CHECK(rt__db_kind_of_sqlstate(NULL) == RT_DB_OTHER);
    CHECK(rt__db_kind_status(RT_DB_UNIQUE) == RT_E_EXISTS);
    CHECK(rt_db_kind_is_transient(RT_DB_BUSY));
    CHECK(rt_db_kind_unique.parent == &rt_db_kind_any);
    CHECK_EQ(rt_db_kind_name(RT_DB_FOREIGN_KEY), "foreign_key");
}

RT_TEST(a_failure_has_all_its_texts)
{
    rt_db_error err;
    CHECK(rt__db_error_set(&err, &arena, RT_DB_UNIQUE, 5, "23505", "no\n") ==
          RT_E_EXISTS);
    CHECK_EQ(err.message, "no");
    CHECK_EQ(err.sqlstate, "23505");
    CHECK(err.table && err.column && err.constraint && err.sql);
    (void)!rt__db_error_set(&err, &arena, RT_DB_LOST, 0, NULL, NULL);
    CHECK_EQ(err.message, "the connection was lost");
    CHECK(rt__db_error_set(NULL, &arena, RT_DB_BUSY, 0, NULL, NULL) ==
          RT_E_BUSY);
}
