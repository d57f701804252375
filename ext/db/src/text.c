// Times and UUIDs as databases write them.
#include <retort/base/time.h>

#include "driver.h"

#define DAY_US INT64_C(86400000000)

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
    rt_civil_time t = rt_time_civil(us);
    put_year(buf, t.year);
    rt_buf_put_char(buf, '-');
    put_padded(buf, t.month, 2);
    rt_buf_put_char(buf, '-');
    put_padded(buf, t.day, 2);
    rt_buf_put_char(buf, ' ');
    put_padded(buf, t.hour, 2);
    rt_buf_put_char(buf, ':');
    put_padded(buf, t.minute, 2);
    rt_buf_put_char(buf, ':');
    put_padded(buf, t.second, 2);
    rt_buf_put_char(buf, '.');
    put_padded(buf, t.microsecond, 6);
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
    int64_t year, month, day, us;
    if (!take_number(s, 4, &year) || !rt_str_skip(s, RT_STR("-")) ||
        !take_number(s, 2, &month) || !rt_str_skip(s, RT_STR("-")) ||
        !take_number(s, 2, &day))
        return false;
    rt_civil_time civil = {.year = year, .month = (int)month, .day = (int)day};
    if (rt_time_from_civil(civil, &us))
        return false;
    *days = us / DAY_US;
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
