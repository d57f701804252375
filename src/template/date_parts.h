// The two parts of a date: what datetime.date() and datetime.time() return.
//
// They are objects without a zone, as in Python; equal ones are one key of a
// dict.
#pragma once

#include <retort/base/value.h>

#include "template/strftime.h"

// The date or the time of day of a moment.
rt_value rt__date_part_new(rt_arena *arena, rt_civil_time civil, bool is_time);

bool rt__is_date_part(rt_value v, bool *is_time);

// What a date, or a part of one, stands for. Of a date part the time is
// midnight, of a time part the date is 1900-01-01, a Monday.
rt__moment rt__moment_in(rt_value v);

// The moment of a civil time that was one before.
int64_t rt__moment_us(const rt_civil_time *t);

// How far isoformat goes into a time; AUTO ends with the seconds, or with the
// microseconds when there are some.
typedef enum rt__time_spec {
    RT__AUTO,
    RT__HOURS,
    RT__MINUTES,
    RT__SECONDS,
    RT__MILLISECONDS,
    RT__MICROSECONDS,
} rt__time_spec;

// Append "2024-01-31", "12:00:00", and a number with leading zeros.
void rt__put_date(rt_buf *out, const rt_civil_time *t);
void rt__put_time(rt_buf *out, const rt_civil_time *t, rt__time_spec spec);
void rt__put_padded(rt_buf *out, int64_t number, int digits);
