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

// 1 to 12, by the name or its first three letters; 0 for other words.
static int month_of(rt_str word)
{
    static const char *const months[] = {
        "January", "February", "March",     "April",   "May",      "June",
        "July",    "August",   "September", "October", "November", "December",
    };
    for (int i = 0; i < 12; i++) {
        rt_str name = rt_str_from(months[i]);
        if (rt_str_eq_nocase(word, name) ||
            rt_str_eq_nocase(word, rt_str_slice(name, 0, 3)))
            return i + 1;
    }
    return 0;
}

// One space or more.
static bool skip_spaces(rt_str *cursor)
{
    bool any = false;

    while (skip_char(cursor, ' '))
        any = true;
    return any;
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

// hour ":" minute [ ":" second ]
static bool take_time(rt_str *cursor, rt_civil_time *civil)
{
    if (!take_number(cursor, 1, 2, &civil->hour) || !skip_char(cursor, ':') ||
        !take_number(cursor, 1, 2, &civil->minute))
        return false;
    return !skip_char(cursor, ':') || take_number(cursor, 1, 2, &civil->second);
}

static int64_t full_year(int two_digits, int64_t now_us)
{
    int64_t now = rt_time_civil(now_us).year;
    int64_t year = now - now % 100 + two_digits;

    return year > now + 50 ? year - 100 : year;
}

static bool take_year(rt_str *cursor, int64_t now_us, rt_civil_time *civil)
{
    int year = 0;
    size_t digits = take_number(cursor, 2, 4, &year);

    civil->year = digits == 2 ? full_year(year, now_us) : year;
    return digits == 2 || digits == 4;
}

// Hours from UTC of the zones that mails and old clients name.
static bool named_zone(rt_str name, int *hours)
{
    static const struct {
        const char *name;
        int hours;
    } zones[] = {
        {"GMT", 0},  {"UTC", 0},  {"UT", 0},   {"Z", 0},    {"AST", -4},
        {"ADT", -3}, {"EST", -5}, {"EDT", -4}, {"CST", -6}, {"CDT", -5},
        {"MST", -7}, {"MDT", -6}, {"PST", -8}, {"PDT", -7},
    };

    for (size_t i = 0; i < RT_COUNT(zones); i++) {
        *hours = zones[i].hours;
        if (rt_str_eq_nocase(name, rt_str_from(zones[i].name)))
            return true;
    }
    return false;
}

// "GMT", "EST", "+0100" or nothing, which is UTC.
static bool take_zone(rt_str *cursor, int *minutes)
{
    int number = 0, hours = 0;

    *minutes = 0;
    if (cursor->len == 0)
        return true;
    if (!skip_spaces(cursor))
        return false;
    if (cursor->len > 0 && (cursor->data[0] == '+' || cursor->data[0] == '-')) {
        int sign = rt_str_take(cursor, 1).data[0] == '-' ? -1 : 1;
        if (take_number(cursor, 4, 4, &number) != 4)
            return false;
        *minutes = sign * (number / 100 * 60 + number % 100);
        return true;
    }
    if (!named_zone(take_word(cursor), &hours))
        return false;
    *minutes = 60 * hours;
    return true;
}

// day ( " " / "-" ) month ( " " / "-" ) year " " time, which is both IMF-fixdate
// and RFC 850 behind the comma.
static bool take_dated(rt_str *cursor, int64_t now_us, rt_civil_time *civil)
{
    if (!take_number(cursor, 1, 2, &civil->day))
        return false;
    bool dashes = skip_char(cursor, '-');
    if (!dashes && !skip_spaces(cursor))
        return false;
    civil->month = month_of(take_word(cursor));
    if (civil->month == 0 ||
        !(dashes ? skip_char(cursor, '-') : skip_spaces(cursor)))
        return false;
    return take_year(cursor, now_us, civil) && skip_spaces(cursor) &&
           take_time(cursor, civil);
}

// month " " day " " time " " year: what asctime prints behind the weekday. Some
// put the year before the time.
static bool take_asctime(rt_str *cursor, int64_t now_us, rt_civil_time *civil)
{
    civil->month = month_of(take_word(cursor));
    if (civil->month == 0 || !skip_spaces(cursor) ||
        !take_number(cursor, 1, 2, &civil->day) || !skip_spaces(cursor))
        return false;
    rt_str rest = *cursor;
    if (take_time(&rest, civil)) {
        *cursor = rest;
        return skip_spaces(cursor) && take_year(cursor, now_us, civil);
    }
    return take_year(cursor, now_us, civil) && skip_spaces(cursor) &&
           take_time(cursor, civil);
}

// Step past "Sun, ", if it is there.
static void skip_weekday(rt_str *cursor)
{
    rt_str rest = *cursor;

    if (!is_weekday(take_word(&rest)))
        return;
    skip_char(&rest, ',');
    skip_spaces(&rest);
    *cursor = rest;
}

rt_status rt_http_date_parse(rt_str text, int64_t now_us, int64_t *out_us)
{
    rt_str rest = rt_str_trim_ows(text);
    rt_civil_time civil = {0};
    int zone = 0;

    skip_weekday(&rest);
    bool ok = rest.len > 0 && rt_is_alpha(rest.data[0])
                  ? take_asctime(&rest, now_us, &civil)
                  : take_dated(&rest, now_us, &civil);
    if (!ok || !take_zone(&rest, &zone) || rest.len > 0)
        return RT_E_SYNTAX;

    // The grammar has a second 60, for leap seconds, which no clock here has.
    bool leap = civil.second == 60;
    int64_t us = 0;
    civil.second -= leap;
    if (rt_time_from_civil(civil, &us) != RT_OK)
        return RT_E_RANGE;
    us -= 60 * zone * RT_TIME_SECOND;
    if (us < RT_TIME_MIN || us > RT_TIME_MAX)
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
