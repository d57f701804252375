// Methods of dates and of their parts; the answers are those of Python's
// datetime with a zone of UTC.
#include "methods_rows.h"

typedef struct date_row {
    int64_t us;
    const char *call;
    const char *answer;
} date_row;

static const date_row strftime_rows[] = {
    {INT64_C(1706933106000000), "strftime('%a')", "'Sat'"},
    {INT64_C(1706933106000000), "strftime('%A')", "'Saturday'"},
    {INT64_C(1706933106000000), "strftime('%b')", "'Feb'"},
    {INT64_C(1706933106000000), "strftime('%B')", "'February'"},
    {INT64_C(1706933106000000), "strftime('%c')", "'Sat Feb  3 04:05:06 2024'"},
    {INT64_C(1706933106000000), "strftime('%C')", "'20'"},
    {INT64_C(1706933106000000), "strftime('%d')", "'03'"},
    {INT64_C(1706933106000000), "strftime('%D')", "'02/03/24'"},
    {INT64_C(1706933106000000), "strftime('%e')", "' 3'"},
    {INT64_C(1706933106000000), "strftime('%F')", "'2024-02-03'"},
    {INT64_C(1706933106000000), "strftime('%g')", "'24'"},
    {INT64_C(1706933106000000), "strftime('%G')", "'2024'"},
    {INT64_C(1706933106000000), "strftime('%h')", "'Feb'"},
    {INT64_C(1706933106000000), "strftime('%H')", "'04'"},
    {INT64_C(1706933106000000), "strftime('%I')", "'04'"},
    {INT64_C(1706933106000000), "strftime('%j')", "'034'"},
    {INT64_C(1706933106000000), "strftime('%k')", "' 4'"},
    {INT64_C(1706933106000000), "strftime('%l')", "' 4'"},
    {INT64_C(1706933106000000), "strftime('%m')", "'02'"},
    {INT64_C(1706933106000000), "strftime('%M')", "'05'"},
    {INT64_C(1706933106000000), "strftime('%n')", "'\\n'"},
    {INT64_C(1706933106000000), "strftime('%p')", "'AM'"},
    {INT64_C(1706933106000000), "strftime('%P')", "'am'"},
    {INT64_C(1706933106000000), "strftime('%r')", "'04:05:06 AM'"},
    {INT64_C(1706933106000000), "strftime('%R')", "'04:05'"},
    {INT64_C(1706933106000000), "strftime('%s')", "'1706933106'"},
    {INT64_C(1706933106000000), "strftime('%S')", "'06'"},
    {INT64_C(1706933106000000), "strftime('%t')", "'\\t'"},
    {INT64_C(1706933106000000), "strftime('%T')", "'04:05:06'"},
    {INT64_C(1706933106000000), "strftime('%u')", "'6'"},
    {INT64_C(1706933106000000), "strftime('%U')", "'04'"},
    {INT64_C(1706933106000000), "strftime('%V')", "'05'"},
    {INT64_C(1706933106000000), "strftime('%w')", "'6'"},
    {INT64_C(1706933106000000), "strftime('%W')", "'05'"},
    {INT64_C(1706933106000000), "strftime('%x')", "'02/03/24'"},
    {INT64_C(1706933106000000), "strftime('%X')", "'04:05:06'"},
    {INT64_C(1706933106000000), "strftime('%y')", "'24'"},
    {INT64_C(1706933106000000), "strftime('%Y')", "'2024'"},
    {INT64_C(1706933106000000), "strftime('%z')", "'+0000'"},
    {INT64_C(1706933106000000), "strftime('%Z')", "'UTC'"},
    {INT64_C(1706933106000000), "strftime('%%')", "'%'"},
    {INT64_C(1706933106000000), "strftime('%f')", "'000000'"},
    {INT64_C(1706933106000000), "strftime('%Q')", "'%Q'"},
    {INT64_C(1706933106000000), "strftime('%+')", "'%+'"},
    {INT64_C(1706933106000000), "strftime('%E')", "'%E'"},
    {INT64_C(1706933106000000), "strftime('%Ey')", "'24'"},
    {INT64_C(1706933106000000), "strftime('%Oy')", "'24'"},
    {INT64_C(1706933106000000), "strftime('%-d')", "'3'"},
    {INT64_C(1706933106000000), "strftime('%_d')", "' 3'"},
    {INT64_C(1706933106000000), "strftime('%05d')", "'00003'"},
    {INT64_C(1706933106000000), "strftime('%^a')", "'SAT'"},
    {INT64_C(1706933106000000), "strftime('%#a')", "'SAT'"},
    {INT64_C(1706933106000000), "strftime('%#p')", "'am'"},
    {INT64_C(1706933106000000), "strftime('%^p')", "'AM'"},
    {INT64_C(1706933106000000), "strftime('%10d')", "'0000000003'"},
    {INT64_C(1706933106000000), "strftime('%-10d')", "'         3'"},
    {INT64_C(1706933106000000), "strftime('%10a')", "'       Sat'"},
    {INT64_C(1706933106000000), "strftime('%010a')", "'0000000Sat'"},
    {INT64_C(1706933106000000), "strftime('%20c')",
     "'Sat Feb  3 04:05:06 2024'"},
    {INT64_C(1706933106000000), "strftime('%-j')", "'34'"},
    {INT64_C(1706933106000000), "strftime('%-m')", "'2'"},
    {INT64_C(1706933106000000), "strftime('%_m')", "' 2'"},
    {INT64_C(1706933106000000), "strftime('%-I')", "'4'"},
    {INT64_C(1706933106000000), "strftime('%-y')", "'24'"},
    {INT64_C(1706933106000000), "strftime('%-C')", "'20'"},
    {INT64_C(1706933106000000), "strftime('%6Y')", "'002024'"},
    {INT64_C(1706933106000000), "strftime('%-Y')", "'2024'"},
    {INT64_C(1706933106000000), "strftime('%06Y')", "'002024'"},
    {INT64_C(1706933106000000), "strftime('%_6Y')", "'  2024'"},
    {INT64_C(1706933106000000), "strftime('%010c')",
     "'Sat Feb  3 04:05:06 2024'"},
    {INT64_C(1706933106000000), "strftime('%3n')", "'  \\n'"},
    {INT64_C(1706933106000000), "strftime('%5%')", "'    %'"},
    {INT64_C(1706933106000000), "strftime('%5Q')", "'  %5Q'"},
    {INT64_C(1706933106000000), "strftime('%-f')", "'%-f'"},
    {INT64_C(1706933106000000), "strftime('%8f')", "'     %8f'"},
    {INT64_C(1706933106000000), "strftime('%10B')", "'  February'"},
    {INT64_C(1706933106000000), "strftime('%^10B')", "'  FEBRUARY'"},
    {INT64_C(1706933106000000), "strftime('%#10B')", "'  FEBRUARY'"},
    {INT64_C(1706933106000000), "strftime('%5y')", "'00024'"},
    {INT64_C(1706933106000000), "strftime('%-H')", "'4'"},
    {INT64_C(1706933106000000), "strftime('%:z')", "'%:z'"},
    {INT64_C(1706933106000000), "strftime('%30F')",
     "'                    2024-02-03'"},
    {INT64_C(1706933106000000), "strftime('%^c')",
     "'SAT FEB  3 04:05:06 2024'"},
    {INT64_C(1706933106000000), "strftime('%-p')", "'AM'"},
    {INT64_C(1706933106000000), "strftime('%')", "'%'"},
    {INT64_C(946684799123456), "strftime('%c')", "'Fri Dec 31 23:59:59 1999'"},
    {INT64_C(946684799123456), "strftime('%f')", "'123456'"},
    {INT64_C(946684799123456), "strftime('%j')", "'365'"},
    {INT64_C(946684799123456), "strftime('%U')", "'52'"},
    {INT64_C(946684799123456), "strftime('%W')", "'52'"},
    {INT64_C(946684799123456), "strftime('%V')", "'52'"},
    {INT64_C(946684799123456), "strftime('%G')", "'1999'"},
    {INT64_C(946684799123456), "strftime('%g')", "'99'"},
    {INT64_C(946684799123456), "strftime('%I')", "'11'"},
    {INT64_C(946684799123456), "strftime('%p')", "'PM'"},
    {INT64_C(946684799123456), "strftime('%P')", "'pm'"},
    {INT64_C(946684799123456), "strftime('%l')", "'11'"},
    {INT64_C(946684799123456), "strftime('%y')", "'99'"},
    {INT64_C(946684799123456), "strftime('%s')", "'946684799'"},
    {INT64_C(946684799123456), "strftime('%S')", "'59'"},
    {INT64_C(946684799123456), "strftime('%u')", "'5'"},
    {INT64_C(946684799123456), "strftime('%w')", "'5'"},
    {INT64_C(-59042865600000000), "strftime('%Y')", "'99'"},
    {INT64_C(-59042865600000000), "strftime('%C')", "'0'"},
    {INT64_C(-59042865600000000), "strftime('%F')", "'99-01-02'"},
    {INT64_C(-59042865600000000), "strftime('%G')", "'99'"},
    {INT64_C(-59042865600000000), "strftime('%c')", "'Fri Jan  2 12:00:00 99'"},
    {INT64_C(-59042865600000000), "strftime('%y')", "'99'"},
    {INT64_C(-59042865600000000), "strftime('%j')", "'002'"},
    {INT64_C(-59042865600000000), "strftime('%I')", "'12'"},
    {INT64_C(-59042865600000000), "strftime('%p')", "'PM'"},
    {INT64_C(-59042865600000000), "strftime('%s')", "'-59042865600'"},
    {INT64_C(-59042865600000000), "strftime('')", "''"},
    {INT64_C(-59042865600000000), "strftime('é %d日')", "'é 02日'"},
    {INT64_C(-59042865600000000), "strftime('100%')", "'100%'"},
    {INT64_C(-59042865600000000), "strftime(1)",
     "!TypeError: strftime() argument 1 must be str, not int"},
    {INT64_C(-59042865600000000), "strftime(None)",
     "!TypeError: strftime() argument 1 must be str, not None"},
    {INT64_C(-59042865600000000), "strftime()", "!TypeError"},
    {INT64_C(-59042865600000000), "strftime('%Y-%m-%d %H:%M')",
     "'99-01-02 12:00'"},
};
static const date_row week_rows[] = {
    {INT64_C(1072915200000000), "strftime('%G-%V-%u %U %W %j')",
     "'2004-01-4 00 00 001'"},
    {INT64_C(1073174400000000), "strftime('%G-%V-%u %U %W %j')",
     "'2004-01-7 01 00 004'"},
    {INT64_C(1104192000000000), "strftime('%G-%V-%u %U %W %j')",
     "'2004-53-2 52 52 363'"},
    {INT64_C(1104451200000000), "strftime('%G-%V-%u %U %W %j')",
     "'2004-53-5 52 52 366'"},
    {INT64_C(1104537600000000), "strftime('%G-%V-%u %U %W %j')",
     "'2004-53-6 00 00 001'"},
    {INT64_C(1104796800000000), "strftime('%G-%V-%u %U %W %j')",
     "'2005-01-2 01 01 004'"},
    {INT64_C(1135728000000000), "strftime('%G-%V-%u %U %W %j')",
     "'2005-52-3 52 52 362'"},
    {INT64_C(1135987200000000), "strftime('%G-%V-%u %U %W %j')",
     "'2005-52-6 52 52 365'"},
    {INT64_C(1199145600000000), "strftime('%G-%V-%u %U %W %j')",
     "'2008-01-2 00 00 001'"},
    {INT64_C(1199404800000000), "strftime('%G-%V-%u %U %W %j')",
     "'2008-01-5 00 00 004'"},
    {INT64_C(1230422400000000), "strftime('%G-%V-%u %U %W %j')",
     "'2008-52-7 52 51 363'"},
    {INT64_C(1230681600000000), "strftime('%G-%V-%u %U %W %j')",
     "'2009-01-3 52 52 366'"},
    {INT64_C(1230768000000000), "strftime('%G-%V-%u %U %W %j')",
     "'2009-01-4 00 00 001'"},
    {INT64_C(1231027200000000), "strftime('%G-%V-%u %U %W %j')",
     "'2009-01-7 01 00 004'"},
    {INT64_C(1261958400000000), "strftime('%G-%V-%u %U %W %j')",
     "'2009-53-1 52 52 362'"},
    {INT64_C(1262217600000000), "strftime('%G-%V-%u %U %W %j')",
     "'2009-53-4 52 52 365'"},
    {INT64_C(1262304000000000), "strftime('%G-%V-%u %U %W %j')",
     "'2009-53-5 00 00 001'"},
    {INT64_C(1262563200000000), "strftime('%G-%V-%u %U %W %j')",
     "'2010-01-1 01 01 004'"},
    {INT64_C(1293494400000000), "strftime('%G-%V-%u %U %W %j')",
     "'2010-52-2 52 52 362'"},
    {INT64_C(1293753600000000), "strftime('%G-%V-%u %U %W %j')",
     "'2010-52-5 52 52 365'"},
    {INT64_C(1420070400000000), "strftime('%G-%V-%u %U %W %j')",
     "'2015-01-4 00 00 001'"},
    {INT64_C(1420329600000000), "strftime('%G-%V-%u %U %W %j')",
     "'2015-01-7 01 00 004'"},
    {INT64_C(1451260800000000), "strftime('%G-%V-%u %U %W %j')",
     "'2015-53-1 52 52 362'"},
    {INT64_C(1451520000000000), "strftime('%G-%V-%u %U %W %j')",
     "'2015-53-4 52 52 365'"},
    {INT64_C(1451606400000000), "strftime('%G-%V-%u %U %W %j')",
     "'2015-53-5 00 00 001'"},
    {INT64_C(1451865600000000), "strftime('%G-%V-%u %U %W %j')",
     "'2016-01-1 01 01 004'"},
    {INT64_C(1482883200000000), "strftime('%G-%V-%u %U %W %j')",
     "'2016-52-3 52 52 363'"},
    {INT64_C(1483142400000000), "strftime('%G-%V-%u %U %W %j')",
     "'2016-52-6 52 52 366'"},
    {INT64_C(1577836800000000), "strftime('%G-%V-%u %U %W %j')",
     "'2020-01-3 00 00 001'"},
    {INT64_C(1578096000000000), "strftime('%G-%V-%u %U %W %j')",
     "'2020-01-6 00 00 004'"},
    {INT64_C(1609113600000000), "strftime('%G-%V-%u %U %W %j')",
     "'2020-53-1 52 52 363'"},
    {INT64_C(1609372800000000), "strftime('%G-%V-%u %U %W %j')",
     "'2020-53-4 52 52 366'"},
    {INT64_C(1609459200000000), "strftime('%G-%V-%u %U %W %j')",
     "'2020-53-5 00 00 001'"},
    {INT64_C(1609718400000000), "strftime('%G-%V-%u %U %W %j')",
     "'2021-01-1 01 01 004'"},
    {INT64_C(1640649600000000), "strftime('%G-%V-%u %U %W %j')",
     "'2021-52-2 52 52 362'"},
    {INT64_C(1640908800000000), "strftime('%G-%V-%u %U %W %j')",
     "'2021-52-5 52 52 365'"},
    {INT64_C(1767225600000000), "strftime('%G-%V-%u %U %W %j')",
     "'2026-01-4 00 00 001'"},
    {INT64_C(1767484800000000), "strftime('%G-%V-%u %U %W %j')",
     "'2026-01-7 01 00 004'"},
    {INT64_C(1798416000000000), "strftime('%G-%V-%u %U %W %j')",
     "'2026-53-1 52 52 362'"},
    {INT64_C(1798675200000000), "strftime('%G-%V-%u %U %W %j')",
     "'2026-53-4 52 52 365'"},
};
static const date_row date_rows[] = {
    {INT64_C(1706933106000000), "isoformat()", "'2024-02-03T04:05:06+00:00'"},
    {INT64_C(1706933106000000), "isoformat(' ')",
     "'2024-02-03 04:05:06+00:00'"},
    {INT64_C(1706933106000000), "isoformat(timespec='hours')",
     "'2024-02-03T04+00:00'"},
    {INT64_C(1706933106000000), "isoformat('T', 'minutes')",
     "'2024-02-03T04:05+00:00'"},
    {INT64_C(1706933106000000), "isoformat(timespec='seconds')",
     "'2024-02-03T04:05:06+00:00'"},
    {INT64_C(1706933106000000), "isoformat(timespec='milliseconds')",
     "'2024-02-03T04:05:06.000+00:00'"},
    {INT64_C(1706933106000000), "isoformat(timespec='microseconds')",
     "'2024-02-03T04:05:06.000000+00:00'"},
    {INT64_C(1706933106000000), "isoformat(timespec='auto')",
     "'2024-02-03T04:05:06+00:00'"},
    {INT64_C(1706933106000000), "isoformat(timespec='x')",
     "!ValueError: Unknown timespec value"},
    {INT64_C(1706933106000000), "isoformat(timespec=1)",
     "!TypeError: isoformat() argument 2 must be str, not int"},
    {INT64_C(1706933106000000), "isoformat(1)",
     "!TypeError: isoformat() argument 1 must be a unicode character, not int"},
    {INT64_C(1706933106000000), "isoformat('é')",
     "'2024-02-03é04:05:06+00:00'"},
    {INT64_C(1706933106000000), "weekday()", "5"},
    {INT64_C(1706933106000000), "isoweekday()", "6"},
    {INT64_C(1706933106000000), "toordinal()", "738919"},
    {INT64_C(1706933106000000), "ctime()", "'Sat Feb  3 04:05:06 2024'"},
    {INT64_C(1706933106000000), "timestamp()", "1706933106.0"},
    {INT64_C(1706933106000000), "tzname()", "'UTC'"},
    {INT64_C(1706933106000000), "date()", "datetime.date(2024, 2, 3)"},
    {INT64_C(1706933106000000), "time()", "datetime.time(4, 5, 6)"},
    {INT64_C(1706933106000000), "weekday(1)", "!TypeError"},
    {INT64_C(1706933106000000), "replace()",
     "datetime.datetime(2024, 2, 3, 4, 5, 6, tzinfo=datetime.timezone.utc)"},
    {INT64_C(1706933106000000), "replace(year=2023)",
     "datetime.datetime(2023, 2, 3, 4, 5, 6, tzinfo=datetime.timezone.utc)"},
    {INT64_C(1706933106000000), "replace(2000, 1, 1)",
     "datetime.datetime(2000, 1, 1, 4, 5, 6, tzinfo=datetime.timezone.utc)"},
    {INT64_C(1706933106000000), "replace(hour=0, minute=0, second=0)",
     "datetime.datetime(2024, 2, 3, 0, 0, tzinfo=datetime.timezone.utc)"},
    {INT64_C(1706933106000000), "replace(microsecond=5)",
     "datetime.datetime(2024, 2, 3, 4, 5, 6, 5, tzinfo=datetime.timezone.utc)"},
    {INT64_C(1706933106000000), "replace(year=2023, month=2, day=29)",
     "!ValueError: day is out of range for month"},
    {INT64_C(1706933106000000), "replace(month=13)",
     "!ValueError: month must be in 1..12"},
    {INT64_C(1706933106000000), "replace(month=0)",
     "!ValueError: month must be in 1..12"},
    {INT64_C(1706933106000000), "replace(day=0)",
     "!ValueError: day is out of range for month"},
    {INT64_C(1706933106000000), "replace(day=30)",
     "!ValueError: day is out of range for month"},
    {INT64_C(1706933106000000), "replace(year=0)",
     "!ValueError: year 0 is out of range"},
    {INT64_C(1706933106000000), "replace(year=10000)",
     "!ValueError: year 10000 is out of range"},
    {INT64_C(1706933106000000), "replace(hour=24)",
     "!ValueError: hour must be in 0..23"},
    {INT64_C(1706933106000000), "replace(minute=60)",
     "!ValueError: minute must be in 0..59"},
    {INT64_C(1706933106000000), "replace(second=-1)",
     "!ValueError: second must be in 0..59"},
    {INT64_C(1706933106000000), "replace(microsecond=1000000)",
     "!ValueError: microsecond must be in 0..999999"},
    {INT64_C(1706933106000000), "replace(year='x')",
     "!TypeError: 'str' object cannot be interpreted as an integer"},
    {INT64_C(1706933106000000), "replace(x=1)", "!TypeError"},
    {INT64_C(946684799123456), "isoformat()",
     "'1999-12-31T23:59:59.123456+00:00'"},
    {INT64_C(946684799123456), "isoformat('-', 'milliseconds')",
     "'1999-12-31-23:59:59.123+00:00'"},
    {INT64_C(946684799123456), "isoformat(timespec='seconds')",
     "'1999-12-31T23:59:59+00:00'"},
    {INT64_C(946684799123456), "time()", "datetime.time(23, 59, 59, 123456)"},
    {INT64_C(946684799123456), "date()", "datetime.date(1999, 12, 31)"},
    {INT64_C(946684799123456), "timestamp()", "946684799.123456"},
    {INT64_C(946684799123456), "ctime()", "'Fri Dec 31 23:59:59 1999'"},
    {INT64_C(946684799123456), "toordinal()", "730119"},
    {INT64_C(-62135596800000000), "toordinal()", "1"},
    {INT64_C(-62135596800000000), "isoformat()", "'0001-01-01T00:00:00+00:00'"},
    {INT64_C(-62135596800000000), "weekday()", "0"},
    {INT64_C(-62135596800000000), "ctime()", "'Mon Jan  1 00:00:00 0001'"},
    {INT64_C(253402300799999999), "toordinal()", "3652059"},
    {INT64_C(253402300799999999), "isoformat()",
     "'9999-12-31T23:59:59.999999+00:00'"},
    {INT64_C(253402300799999999), "weekday()", "4"},
    {INT64_C(253402300799999999), "time()",
     "datetime.time(23, 59, 59, 999999)"},
    {INT64_C(-1), "toordinal()", "719162"},
    {INT64_C(-1), "isoformat()", "'1969-12-31T23:59:59.999999+00:00'"},
    {INT64_C(-1), "timestamp()", "-1e-06"},
};

static void run_date_rows(const date_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        rt_arena arena = {0};
        rt_render r = render_for_test(&arena);

        rt_test_case("%lld.%s", (long long)rows[i].us, rows[i].call);
        check_answer(call_for_test(&r, rt_value_date(rows[i].us), rows[i].call),
                     rows[i].answer);
        rt_arena_deinit(&arena);
    }
}

RT_TEST(strftime_writes_what_c_writes)
{
    run_date_rows(strftime_rows, RT_COUNT(strftime_rows));
}

RT_TEST(weeks_are_those_of_iso_8601)
{
    run_date_rows(week_rows, RT_COUNT(week_rows));
}

RT_TEST(dates_have_methods)
{
    run_date_rows(date_rows, RT_COUNT(date_rows));
}

// 2024-02-03 04:05:06.000007
#define MOMENT (INT64_C(1706933106) * 1000000 + 7)

RT_TEST(a_date_has_two_parts)
{
    static const struct {
        const char *part;
        const char *call; // or the name of an attribute
        const char *answer;
    } rows[] = {
        {"date", "isoformat()", "'2024-02-03'"},
        {"date", "strftime('%c|%Z%z')", "'Sat Feb  3 00:00:00 2024|'"},
        {"date", "replace(day=9)", "datetime.date(2024, 2, 9)"},
        {"date", "replace(9)", "datetime.date(9, 2, 3)"},
        {"date", "replace(year=0)", "!ValueError: year 0 is out of range"},
        {"date", "weekday()", "5"},
        {"date", "isoweekday()", "6"},
        {"date", "ctime()", "'Sat Feb  3 00:00:00 2024'"},
        {"date", "toordinal()", "738919"},
        {"date", "isocalendar()", "(2024, 5, 6)"},
        {"date", "year", "2024"},
        {"date", "month", "2"},
        {"date", "day", "3"},
        {"date", "hour", NULL},
        {"time", "isoformat()", "'04:05:06.000007'"},
        {"time", "isoformat('minutes')", "'04:05'"},
        {"time", "isoformat(5)",
         "!TypeError: isoformat() argument 1 must be str, not int"},
        {"time", "strftime('%c|%j')", "'Mon Jan  1 04:05:06 1900|001'"},
        {"time", "replace(hour=1)", "datetime.time(1, 5, 6, 7)"},
        {"time", "replace(microsecond=0)", "datetime.time(4, 5, 6)"},
        {"time", "replace(0, 0, 0, 0)", "datetime.time(0, 0)"},
        {"time", "replace(hour=25)", "!ValueError: hour must be in 0..23"},
        {"time", "hour", "4"},
        {"time", "minute", "5"},
        {"time", "second", "6"},
        {"time", "microsecond", "7"},
        {"time", "tzinfo", "None"},
        {"time", "year", NULL},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_arena arena = {0};
        rt_render r = render_for_test(&arena);
        rt_value moment = rt_value_date(MOMENT);
        const rt__builtin *method =
            rt__method_find(moment, rt_str_from(rows[i].part));
        rt_value part;
        rt_value attr;

        rt_test_case("%s.%s", rows[i].part, rows[i].call);
        REQUIRE(rt__builtin_call(&r, method, &moment, 1, NULL, 0, &part) ==
                RT_OK);
        if (strchr(rows[i].call, '(')) {
            check_answer(call_for_test(&r, part, rows[i].call), rows[i].answer);
        } else if (rt__find_attr(&r, part, rt_str_from(rows[i].call), &attr)) {
            CHECK_EQ(repr_for_test(&r, attr), rows[i].answer);
        } else {
            CHECK(rows[i].answer == NULL);
        }
        rt_arena_deinit(&arena);
    }
}

static rt_value part_of(rt_render *r, int64_t us, const char *name)
{
    rt_value moment = rt_value_date(us);
    rt_value part = rt_value_undefined();
    CHECK(rt__builtin_call(r, rt__method_find(moment, rt_str_from(name)),
                           &moment, 1, NULL, 0, &part) == RT_OK);
    return part;
}

RT_TEST(equal_parts_are_one_key)
{
    rt_arena arena = {0};
    rt_render r = render_for_test(&arena);
    rt_value dict = rt_dict_new(&arena);
    int64_t hour = INT64_C(3600000000);
    int64_t day = 24 * hour;

    CHECK(rt_dict_set(dict, part_of(&r, MOMENT, "date"), RT("date")) == RT_OK);
    CHECK(rt_dict_set(dict, part_of(&r, MOMENT, "time"), RT("time")) == RT_OK);
    CHECK(rt_dict_has(dict, part_of(&r, MOMENT + hour, "date")));
    CHECK(!rt_dict_has(dict, part_of(&r, MOMENT + hour, "time")));
    CHECK(!rt_dict_has(dict, part_of(&r, MOMENT + day, "date")));
    CHECK(rt_dict_has(dict, part_of(&r, MOMENT + day, "time")));
    CHECK(!rt_dict_has(dict, rt_value_date(MOMENT)));
    CHECK(!rt_value_equal(part_of(&r, MOMENT, "date"),
                          part_of(&r, MOMENT, "time")));
    CHECK_EQ(rt_value_text(&arena, part_of(&r, MOMENT, "date")), "2024-02-03");
    CHECK_EQ(rt_value_text(&arena, part_of(&r, MOMENT, "time")),
             "04:05:06.000007");
    rt_arena_deinit(&arena);
}

// Moments of which Python has no datetime.
RT_TEST(dates_far_away_have_text)
{
    static const date_row rows[] = {
        {INT64_MIN, "strftime('%Y|%j|%V|%s')",
         "'-290308|356|51|-9223372036855'"},
        {INT64_MAX, "isoformat()", "'294247-01-10T04:00:54.775807+00:00'"},
        {INT64_MAX, "toordinal()", "107471154"},
        {INT64_MIN, "isoformat()", "'-290308-12-21T19:59:05.224192+00:00'"},
        {INT64_MAX, "replace()", "!ValueError"},
    };
    run_date_rows(rows, RT_COUNT(rows));
}

RT_TEST(widths_of_strftime_are_limited)
{
    static const date_row rows[] = {
        {0, "strftime('%99999999d')", "!LimitError"},
        {0, "strftime('%99999999999999999999999999A')", "!LimitError"},
        {0, "strftime('%60000000d%60000000d')", "!LimitError"},
    };
    run_date_rows(rows, RT_COUNT(rows));
}
