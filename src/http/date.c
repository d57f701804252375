#include "retort/http/date.h"

#include <stdbool.h>

#include <retort/base/time.h>

// Long names of the weekdays, which only RFC 850 has; 0 is Monday.
static const char *const weekdays[] = {
    "Monday", "Tuesday",  "Wednesday", "Thursday",
    "Friday", "Saturday", "Sunday",
};

static bool skip_char(rt_str *cursor, char c)
{
    return rt_str_skip(cursor, rt_str_of(&c, 1));
}

static rt_str take_word(rt_str *cursor)
{
    size_t len = 0;

    while (len < cursor->len && rt_is_alpha(cursor->data[len]))
        len++;
    return rt_str_take(cursor, len);
}

static bool is_weekday(rt_str word)
{
    for (int i = 0; i < 7; i++) {
        if (rt_str_eq_nocase(word, rt_str_from(rt_time_weekday_name(i))) ||
            rt_str_eq_nocase(word, rt_str_from(weekdays[i])))
            return true;
    }
    return false;
}

// 1 to 12; 0 for other words.
static int month_of(rt_str word)
{
    for (int i = 1; i <= 12; i++) {
        if (rt_str_eq_nocase(word, rt_str_from(rt_time_month_name(i))))
            return i;
    }
    return 0;
}

// Read all digits at the front, `least` to `most` of them; the number of digits
// or 0.
static size_t take_number(rt_str *cursor, size_t least, size_t most, int *out)
{
    size_t len = 0;
    int n = 0;

    while (len < cursor->len && rt_is_digit(cursor->data[len])) {
        if (len == most)
            return 0;
        n = n * 10 + (cursor->data[len++] - '0');
    }
    if (len < least)
        return 0;
    rt_str_take(cursor, len);
    *out = n;
    return len;
}

// hour ":" minute ":" second
static bool take_time(rt_str *cursor, rt_civil_time *civil)
{
    return take_number(cursor, 2, 2, &civil->hour) && skip_char(cursor, ':') &&
           take_number(cursor, 2, 2, &civil->minute) &&
           skip_char(cursor, ':') && take_number(cursor, 2, 2, &civil->second);
}

static int64_t full_year(int two_digits, int64_t now_us)
{
    int64_t now = rt_time_civil(now_us).year;
    int64_t year = now - now % 100 + two_digits;

    return year > now + 50 ? year - 100 : year;
}

// day ( " " / "-" ) month ( " " / "-" ) year " " time " GMT", which is both
// IMF-fixdate and RFC 850 behind the comma.
static bool take_dated(rt_str *cursor, int64_t now_us, rt_civil_time *civil)
{
    int year = 0;

    if (!take_number(cursor, 1, 2, &civil->day))
        return false;
    char separator = cursor->len > 0 && cursor->data[0] == '-' ? '-' : ' ';
    if (!skip_char(cursor, separator))
        return false;
    civil->month = month_of(take_word(cursor));
    if (civil->month == 0 || !skip_char(cursor, separator))
        return false;

    size_t digits = take_number(cursor, 2, 4, &year);
    if (digits != 2 && digits != 4)
        return false;
    civil->year = digits == 2 ? full_year(year, now_us) : year;
    if (!skip_char(cursor, ' ') || !take_time(cursor, civil) ||
        !skip_char(cursor, ' '))
        return false;

    rt_str zone = take_word(cursor);
    return rt_str_eq_nocase(zone, RT_STR("GMT")) ||
           rt_str_eq_nocase(zone, RT_STR("UTC"));
}

// month " " day " " time " " year: what asctime prints behind the weekday.
static bool take_asctime(rt_str *cursor, rt_civil_time *civil)
{
    int year = 0;

    civil->month = month_of(take_word(cursor));
    if (civil->month == 0 || !skip_char(cursor, ' '))
        return false;
    skip_char(cursor, ' '); // a day of one digit is padded
    if (!take_number(cursor, 1, 2, &civil->day) || !skip_char(cursor, ' ') ||
        !take_time(cursor, civil) || !skip_char(cursor, ' ') ||
        take_number(cursor, 4, 4, &year) != 4)
        return false;
    civil->year = year;
    return true;
}

rt_status rt_http_date_parse(rt_str text, int64_t now_us, int64_t *out_us)
{
    rt_str rest = rt_str_trim_ows(text);
    rt_civil_time civil = {0};

    if (!is_weekday(take_word(&rest)))
        return RT_E_SYNTAX;
    bool comma = skip_char(&rest, ',');
    if (!skip_char(&rest, ' '))
        return RT_E_SYNTAX;
    bool ok =
        comma ? take_dated(&rest, now_us, &civil) : take_asctime(&rest, &civil);
    if (!ok || rest.len > 0)
        return RT_E_SYNTAX;

    // The grammar has a second 60, for leap seconds, which no clock here has.
    bool leap = civil.second == 60;
    int64_t us = 0;
    civil.second -= leap;
    if (rt_time_from_civil(civil, &us) != RT_OK || us < RT_TIME_MIN)
        return RT_E_RANGE;
    *out_us = us + (leap ? RT_TIME_SECOND : 0);
    return RT_OK;
}

void rt_http_date_put(rt_buf *buf, int64_t us)
{
    if (us < RT_TIME_MIN)
        us = RT_TIME_MIN;
    if (us > RT_TIME_MAX)
        us = RT_TIME_MAX;
    rt_time_put_imf(buf, us);
}

rt_str rt_http_date_dump(rt_arena *arena, int64_t us)
{
    rt_buf buf;

    rt_buf_init(&buf, arena);
    rt_http_date_put(&buf, us);
    return rt_buf_str(&buf);
}
