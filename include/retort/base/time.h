// Time: clocks, the civil calendar, and the two ways dates are written.
//
// A moment is an int64_t of microseconds since 1970-01-01T00:00:00 UTC, as in
// rt_value_date. The calendar is the proleptic Gregorian one without leap
// seconds; the system's time zone is never asked.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <retort/base/attributes.h>
#include <retort/base/buf.h>
#include <retort/base/status.h>
#include <retort/base/str.h>

RT_C_BEGIN

#define RT_TIME_SECOND ((int64_t)1000000)
#define RT_TIME_MINUTE (60 * RT_TIME_SECOND)
#define RT_TIME_HOUR   (60 * RT_TIME_MINUTE)
#define RT_TIME_DAY    (24 * RT_TIME_HOUR)

// The first and the last moment that four digits of year can write: 0001-01-01
// and the last microsecond of 9999.
#define RT_TIME_MIN (-62135596800 * RT_TIME_SECOND)
#define RT_TIME_MAX (253402300800 * RT_TIME_SECOND - 1)

// A moment as people write it, in UTC.
typedef struct rt_civil_time {
    int64_t year;
    int month;       // 1 to 12
    int day;         // 1 to 31
    int hour;        // 0 to 23
    int minute;      // 0 to 59
    int second;      // 0 to 59
    int microsecond; // 0 to 999999
    int weekday;     // 0 is Monday
} rt_civil_time;

// The wall clock: now, as a moment.
int64_t rt_time_now(void);

// A clock that never goes back, for measuring and for deadlines.
int64_t rt_time_monotonic_ms(void);
int64_t rt_time_monotonic_ns(void);

// The same, up to ten milliseconds late where the system has such a clock, for
// a few nanoseconds.
int64_t rt_time_coarse_ms(void);

// Split a moment. Every int64_t has a civil time.
rt_civil_time rt_time_civil(int64_t us);

// Join a civil time to a moment; `weekday` is not looked at.
//
//   errors   RT_E_RANGE   there is no such day or time, or the moment does not
//                         fit; `*us` is untouched
rt_status rt_time_from_civil(rt_civil_time civil, int64_t *us);

// The three-letter English names HTTP and logs use: "Mon", "Jan".
const char *rt_time_weekday_name(int weekday); // 0 is Monday
const char *rt_time_month_name(int month);     // 1 is January

// Append an IMF-fixdate, whole seconds rounded down:
// "Mon, 01 Jan 2024 00:00:00 GMT".
//
//   limits   years outside 0 to 9999 take more digits, which no parser of HTTP
//            reads; compare with RT_TIME_MIN and RT_TIME_MAX first
//   source   RFC 9110, section 5.6.7
void rt_time_put_imf(rt_buf *buf, int64_t us);

// Append ISO 8601 in UTC: "2024-01-31T12:00:00Z", with six digits of fraction
// when there is one.
void rt_time_put_iso(rt_buf *buf, int64_t us);

// Read ISO 8601 as RFC 3339 narrows it, and somewhat more: a date, or a date
// and "T" or a space and a time. Seconds may be left out, a fraction may have
// any number of digits (those beyond microseconds are dropped), the zone is
// "Z", "+hh:mm", "+hhmm" or "+hh"; without one it is UTC.
//
//   errors   RT_E_SYNTAX   not of that form, all of `s` included
//            RT_E_RANGE    no such day, time or zone
rt_status rt_time_parse_iso(rt_str s, int64_t *us);

RT_C_END
