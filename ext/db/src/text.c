// Times and UUIDs as databases write them.
#include <stdio.h>

#include "driver.h"

#define DAY_US INT64_C(86400000000)

// Days since 1970-01-01 of a date of the Gregorian calendar, and back. Years begin
// in March, so that the leap day is the last of them.
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t in_era = year - era * 400;
    int64_t in_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year -
           719468;
}

static void date_of(int64_t days, int64_t *year, int64_t *month, int64_t *day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t in_era = days - era * 146097;
    int64_t y =
        (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t in_year = in_era - (365 * y + y / 4 - y / 100);
    int64_t m = (5 * in_year + 2) / 153;
    *day = in_year - (153 * m + 2) / 5 + 1;
    *month = m < 10 ? m + 3 : m - 9;
    *year = y + era * 400 + (*month <= 2);
}

static void put_padded(rt_buf *buf, int64_t n, int digits)
{
    char text[20];
    for (int i = digits; i--; n /= 10)
        text[i] = (char)('0' + n % 10);
    rt_buf_put_bytes(buf, text, (size_t)digits);
}

// A year that has no four digits is written all the same, so that an engine that
// cannot keep it says so.
static void put_year(rt_buf *buf, int64_t year)
{
    if (year < 0)
        rt_buf_put_char(buf, '-');
    year = year < 0 ? -year : year;
    if (year > 9999)
        rt_buf_put_int(buf, year);
    else
        put_padded(buf, year, 4);
}

void rt__db_put_time(rt_buf *buf, int64_t us)
{
    int64_t days = us / DAY_US, rest = us % DAY_US;
    if (rest < 0) {
        rest += DAY_US;
        days--;
    }
    int64_t year, month, day;
    date_of(days, &year, &month, &day);
    put_year(buf, year);
    rt_buf_put_char(buf, '-');
    put_padded(buf, month, 2);
    rt_buf_put_char(buf, '-');
    put_padded(buf, day, 2);
    rt_buf_put_char(buf, ' ');
    put_padded(buf, rest / INT64_C(3600000000), 2);
    rt_buf_put_char(buf, ':');
    put_padded(buf, rest / 60000000 % 60, 2);
    rt_buf_put_char(buf, ':');
    put_padded(buf, rest / 1000000 % 60, 2);
    rt_buf_put_char(buf, '.');
    put_padded(buf, rest % 1000000, 6);
}

// So many digits, no more.
static bool take_number(rt_str *s, size_t digits, int64_t *out)
{
    if (s->len < digits)
        return false;
    int64_t n = 0;
    for (size_t i = 0; i < digits; i++) {
        if (!rt_is_digit(s->data[i]))
            return false;
        n = n * 10 + (s->data[i] - '0');
    }
    rt_str_take(s, digits);
    *out = n;
    return true;
}

static bool take_date(rt_str *s, int64_t *days)
{
    static const int lengths[] = {31, 29, 31, 30, 31, 30,
                                  31, 31, 30, 31, 30, 31};
    int64_t year, month, day;
    if (!take_number(s, 4, &year) || !rt_str_skip(s, RT_STR("-")) ||
        !take_number(s, 2, &month) || !rt_str_skip(s, RT_STR("-")) ||
        !take_number(s, 2, &day))
        return false;
    if (month < 1 || month > 12 || day < 1 || day > lengths[month - 1])
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (month == 2 && day == 29 && !leap)
        return false;
    *days = days_of(year, month, day);
    return true;
}

// fraction = "." 1*DIGIT, of which six count
static bool take_fraction(rt_str *s, int64_t *us)
{
    *us = 0;
    if (!rt_str_skip(s, RT_STR(".")))
        return true;
    int64_t unit = 100000;
    size_t digits = 0;
    for (; s->len && rt_is_digit(s->data[0]); digits++, unit /= 10)
        *us += (rt_str_take(s, 1).data[0] - '0') * unit;
    return digits > 0;
}

// zone = "Z" / ( "+" / "-" ) hh [ [ ":" ] mm ]
static bool take_zone(rt_str *s, int64_t *us)
{
    *us = 0;
    if (!s->len || rt_str_skip(s, RT_STR("Z")))
        return true;
    bool west = s->data[0] == '-';
    int64_t hours, minutes = 0;
    if (!west && s->data[0] != '+')
        return false;
    rt_str_take(s, 1);
    if (!take_number(s, 2, &hours))
        return false;
    bool colon = rt_str_skip(s, RT_STR(":"));
    if ((colon || s->len) && !take_number(s, 2, &minutes))
        return false;
    if (hours > 23 || minutes > 59)
        return false;
    *us = (hours * 60 + minutes) * INT64_C(60000000) * (west ? -1 : 1);
    return true;
}

bool rt__db_parse_time(rt_str text, int64_t *us)
{
    int64_t days, hour = 0, minute = 0, second = 0, fraction = 0, zone = 0;
    if (!take_date(&text, &days))
        return false;
    if (text.len) {
        if (!rt_str_skip(&text, RT_STR(" ")) &&
            !rt_str_skip(&text, RT_STR("T")))
            return false;
        if (!take_number(&text, 2, &hour) || !rt_str_skip(&text, RT_STR(":")) ||
            !take_number(&text, 2, &minute))
            return false;
        if (rt_str_skip(&text, RT_STR(":")) &&
            (!take_number(&text, 2, &second) ||
             !take_fraction(&text, &fraction)))
            return false;
        if (!take_zone(&text, &zone) || text.len)
            return false;
    }
    if (hour > 23 || minute > 59 || second > 60)
        return false;
    *us = days * DAY_US + ((hour * 60 + minute) * 60 + second) * 1000000 +
          fraction - zone;
    return true;
}

static int hex_of(char c)
{
    if (rt_is_digit(c))
        return c - '0';
    c = rt_to_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool rt__db_parse_uuid(rt_str text, uint8_t out[16])
{
    uint8_t bytes[16] = {0};
    size_t digits = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '-')
            continue;
        int digit = hex_of(text.data[i]);
        if (digit < 0 || digits == 32)
            return false;
        bytes[digits / 2] = (uint8_t)(bytes[digits / 2] << 4 | digit);
        digits++;
    }
    if (digits != 32)
        return false;
    for (size_t i = 0; i < 16; i++)
        out[i] = bytes[i];
    return true;
}

void rt__db_put_uuid(rt_buf *buf, const uint8_t bytes[16])
{
    for (size_t i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            rt_buf_put_char(buf, '-');
        rt_buf_put_hex(buf, bytes[i], 2);
    }
}
