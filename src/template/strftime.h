// Writing moments by a format, as strftime does in the C locale.
//
// Source: POSIX strftime; glibc for the flags _ - 0 ^ # and widths; Python for
// %f and for %z and %Z of what has no zone.
#pragma once

#include <retort/base/buf.h>
#include <retort/base/time.h>

// What is written: a moment in UTC, or a date or a time without any zone.
typedef struct rt__moment {
    rt_civil_time civil;
    bool utc;
} rt__moment;

// Append by the format. Directives that do not exist are written as they are.
void rt__put_strftime(rt_buf *out, const rt__moment *moment, rt_str format);

// The day of the year, from 0 on.
int rt__day_of_year(const rt_civil_time *t);

// The ISO 8601 week and the year it belongs to.
int rt__iso_week(const rt_civil_time *t, int64_t *year);

// "Monday", "January"; 0 is Monday, 1 is January.
const char *rt__weekday_full(int weekday);
const char *rt__month_full(int month);
