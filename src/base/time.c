#include "retort/base/time.h"

#include <assert.h>
#include <time.h>

#define DAYS_400_YEARS 146097
#define DAYS_100_YEARS 36524
#define DAYS_4_YEARS   1461

static const char *const weekday_names[] = {"Mon", "Tue", "Wed", "Thu",
                                            "Fri", "Sat", "Sun"};
static const char *const month_names[] = {"Jan", "Feb", "Mar", "Apr",
                                          "May", "Jun", "Jul", "Aug",
                                          "Sep", "Oct", "Nov", "Dec"};

static int64_t read_clock_ns(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t rt_time_now(void)
{
    return read_clock_ns(CLOCK_REALTIME) / 1000;
}

int64_t rt_time_monotonic_ms(void)
{
    return read_clock_ns(CLOCK_MONOTONIC) / 1000000;
}

int64_t rt_time_monotonic_ns(void)
{
    return read_clock_ns(CLOCK_MONOTONIC);
}

int64_t rt_time_coarse_ms(void)
{
#ifdef CLOCK_MONOTONIC_COARSE
    return read_clock_ns(CLOCK_MONOTONIC_COARSE) / 1000000;
#else
    return rt_time_monotonic_ms();
#endif
}

static int64_t floor_divide(int64_t n, int64_t by)
{
    return n / by - (n % by < 0);
}

// Years begin in March here, so that the leap day is the last of its year and
// the lengths of the months follow a line: month m (March is 0) begins on day
// (153 m + 2) / 5. Days are counted from 0000-03-01, 719468 days before 1970.
#define DAYS_TO_1970 719468

static int64_t days_from_civil(int64_t year, int month, int day)
{
    int64_t y = year - (month <= 2);
    int64_t era = floor_divide(y, 400);
    int64_t of_era = y - era * 400;
    int64_t m = month > 2 ? month - 3 : month + 9;
    int64_t of_year = (153 * m + 2) / 5 + day - 1;

    return era * DAYS_400_YEARS + of_era * 365 + of_era / 4 - of_era / 100 +
           of_year - DAYS_TO_1970;
}

static void civil_from_days(int64_t days, rt_civil_time *civil)
{
    int64_t shifted = days + DAYS_TO_1970;
    int64_t era = floor_divide(shifted, DAYS_400_YEARS);
    int64_t d = shifted - era * DAYS_400_YEARS;
    // The last day of a period is its leap day: it must not count as a year.
    int64_t of_era = (d - d / (DAYS_4_YEARS - 1) + d / DAYS_100_YEARS -
                      d / (DAYS_400_YEARS - 1)) /
                     365;
    int64_t of_year = d - (of_era * 365 + of_era / 4 - of_era / 100);
    int64_t m = (5 * of_year + 2) / 153;

    civil->day = (int)(of_year - (153 * m + 2) / 5 + 1);
    civil->month = (int)(m < 10 ? m + 3 : m - 9);
    civil->year = era * 400 + of_era + (civil->month <= 2);
}

rt_civil_time rt_time_civil(int64_t us)
{
    rt_civil_time civil;
    int64_t days = floor_divide(us, RT_TIME_DAY);
    // Not us - days * RT_TIME_DAY: the first day of all begins below INT64_MIN.
    int64_t rest = us % RT_TIME_DAY + (us % RT_TIME_DAY < 0) * RT_TIME_DAY;

    civil_from_days(days, &civil);
    civil.hour = (int)(rest / RT_TIME_HOUR);
    civil.minute = (int)(rest / RT_TIME_MINUTE % 60);
    civil.second = (int)(rest / RT_TIME_SECOND % 60);
    civil.microsecond = (int)(rest % RT_TIME_SECOND);
    // 1970-01-01 was a Thursday.
    civil.weekday = (int)(days + 3 - floor_divide(days + 3, 7) * 7);
    return civil;
}

static int days_in_month(int64_t year, int month)
{
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    if (month == 2)
        return 28 + leap;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

rt_status rt_time_from_civil(rt_civil_time civil, int64_t *us)
{
    int64_t moment;

    // A million years either way lie beyond 64 bits of microseconds, and days
    // cannot overflow within them.
    if (civil.year < -1000000 || civil.year > 1000000 || civil.month < 1 ||
        civil.month > 12 || civil.day < 1 ||
        civil.day > days_in_month(civil.year, civil.month))
        return RT_E_RANGE;
    if (civil.hour < 0 || civil.hour > 23 || civil.minute < 0 ||
        civil.minute > 59 || civil.second < 0 || civil.second > 59 ||
        civil.microsecond < 0 || civil.microsecond > 999999)
        return RT_E_RANGE;
    int64_t days = days_from_civil(civil.year, civil.month, civil.day);
    int64_t rest = civil.hour * RT_TIME_HOUR + civil.minute * RT_TIME_MINUTE +
                   civil.second * RT_TIME_SECOND + civil.microsecond;
    // The day that holds INT64_MIN begins below it: go there from its end.
    if (days < 0) {
        days++;
        rest -= RT_TIME_DAY;
    }
    if (__builtin_mul_overflow(days, RT_TIME_DAY, &moment) ||
        __builtin_add_overflow(moment, rest, &moment))
        return RT_E_RANGE;
    *us = moment;
    return RT_OK;
}

const char *rt_time_weekday_name(int weekday)
{
    assert(weekday >= 0 && weekday < 7);
    return weekday_names[weekday];
}

const char *rt_time_month_name(int month)
{
    assert(month >= 1 && month <= 12);
    return month_names[month - 1];
}

static void put_padded(rt_buf *buf, int n, int digits)
{
    char text[8];

    assert(digits <= (int)sizeof text);
    for (int i = digits; i-- > 0; n /= 10)
        text[i] = (char)('0' + n % 10);
    rt_buf_put_bytes(buf, text, (size_t)digits);
}

static void put_year(rt_buf *buf, int64_t year)
{
    if (year >= 0 && year <= 9999) {
        put_padded(buf, (int)year, 4);
    } else {
        rt_buf_put_int(buf, year);
    }
}

static void put_clock(rt_buf *buf, const rt_civil_time *civil)
{
    put_padded(buf, civil->hour, 2);
    rt_buf_put_char(buf, ':');
    put_padded(buf, civil->minute, 2);
    rt_buf_put_char(buf, ':');
    put_padded(buf, civil->second, 2);
}

void rt_time_put_imf(rt_buf *buf, int64_t us)
{
    rt_civil_time civil = rt_time_civil(us);

    rt_buf_put_cstr(buf, rt_time_weekday_name(civil.weekday));
    rt_buf_put(buf, RT_STR(", "));
    put_padded(buf, civil.day, 2);
    rt_buf_put_char(buf, ' ');
    rt_buf_put_cstr(buf, rt_time_month_name(civil.month));
    rt_buf_put_char(buf, ' ');
    put_year(buf, civil.year);
    rt_buf_put_char(buf, ' ');
    put_clock(buf, &civil);
    rt_buf_put(buf, RT_STR(" GMT"));
}

void rt_time_put_iso(rt_buf *buf, int64_t us)
{
    rt_civil_time civil = rt_time_civil(us);

    put_year(buf, civil.year);
    rt_buf_put_char(buf, '-');
    put_padded(buf, civil.month, 2);
    rt_buf_put_char(buf, '-');
    put_padded(buf, civil.day, 2);
    rt_buf_put_char(buf, 'T');
    put_clock(buf, &civil);
    if (civil.microsecond) {
        rt_buf_put_char(buf, '.');
        put_padded(buf, civil.microsecond, 6);
    }
    rt_buf_put_char(buf, 'Z');
}

// Take exactly `count` digits.
static bool take_number(rt_str *cursor, int count, int *out)
{
    int n = 0;

    if (cursor->len < (size_t)count)
        return false;
    for (int i = 0; i < count; i++) {
        if (!rt_is_digit(cursor->data[i]))
            return false;
        n = n * 10 + (cursor->data[i] - '0');
    }
    rt_str_take(cursor, (size_t)count);
    *out = n;
    return true;
}

// date = 4digit "-" 2digit "-" 2digit
static bool parse_date(rt_str *cursor, rt_civil_time *civil)
{
    int year;

    if (!take_number(cursor, 4, &year) || !rt_str_skip(cursor, RT_STR("-")) ||
        !take_number(cursor, 2, &civil->month) ||
        !rt_str_skip(cursor, RT_STR("-")) ||
        !take_number(cursor, 2, &civil->day))
        return false;
    civil->year = year;
    return true;
}

// fraction = ( "." | "," ) digit+
static bool parse_fraction(rt_str *cursor, int *microsecond)
{
    int unit = 100000;
    size_t len = 1;

    for (; len < cursor->len && rt_is_digit(cursor->data[len]); len++) {
        *microsecond += unit * (cursor->data[len] - '0');
        unit /= 10;
    }
    rt_str_take(cursor, len);
    return len > 1;
}

// clock = 2digit ":" 2digit [ ":" 2digit [ fraction ] ]
static bool parse_clock(rt_str *cursor, rt_civil_time *civil)
{
    if (!take_number(cursor, 2, &civil->hour) ||
        !rt_str_skip(cursor, RT_STR(":")) ||
        !take_number(cursor, 2, &civil->minute))
        return false;
    if (!rt_str_skip(cursor, RT_STR(":")))
        return true;
    if (!take_number(cursor, 2, &civil->second))
        return false;
    if (cursor->len && (cursor->data[0] == '.' || cursor->data[0] == ','))
        return parse_fraction(cursor, &civil->microsecond);
    return true;
}

// zone = "Z" | ( "+" | "-" ) 2digit [ [ ":" ] 2digit ]
static bool parse_zone(rt_str *cursor, int *minutes)
{
    int hour;
    int minute = 0;

    if (rt_str_skip(cursor, RT_STR("Z")) || rt_str_skip(cursor, RT_STR("z")))
        return true;
    bool west = cursor->data[0] == '-';
    if (!west && cursor->data[0] != '+')
        return false;
    rt_str_take(cursor, 1);
    if (!take_number(cursor, 2, &hour))
        return false;
    bool colon = rt_str_skip(cursor, RT_STR(":"));
    if ((colon || cursor->len) && !take_number(cursor, 2, &minute))
        return false;
    // Out of range on purpose, for the caller to see.
    *minutes = hour > 23 || minute > 59 ? INT32_MAX : hour * 60 + minute;
    if (west)
        *minutes = -*minutes;
    return true;
}

rt_status rt_time_parse_iso(rt_str s, int64_t *us)
{
    rt_civil_time civil = {0};
    int zone = 0;
    int64_t moment;

    if (!parse_date(&s, &civil))
        return RT_E_SYNTAX;
    if (s.len) {
        char separator = rt_str_take(&s, 1).data[0];
        if (separator != 'T' && separator != 't' && separator != ' ')
            return RT_E_SYNTAX;
        if (!parse_clock(&s, &civil))
            return RT_E_SYNTAX;
    }
    if (s.len && (!parse_zone(&s, &zone) || s.len))
        return RT_E_SYNTAX;
    if (zone >= 24 * 60 || zone <= -24 * 60)
        return RT_E_RANGE;
    rt_status status = rt_time_from_civil(civil, &moment);
    if (status == RT_OK)
        *us = moment - zone * RT_TIME_MINUTE;
    return status;
}
