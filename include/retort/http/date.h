// HTTP dates: the moments in Date, Last-Modified, Expires and their like.
//
//     Sun, 06 Nov 1994 08:49:37 GMT     IMF-fixdate, the one to write
//     Sunday, 06-Nov-94 08:49:37 GMT    RFC 850, to be read
//     Sun Nov  6 08:49:37 1994          asctime, to be read
//
// A moment is microseconds since 1970 in UTC, as everywhere in Retort.
//
// Source: RFC 9110, section 5.6.7.
#pragma once

#include <stdint.h>

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/buf.h>
#include <retort/base/status.h>
#include <retort/base/str.h>

RT_C_BEGIN

// The length of an IMF-fixdate.
#define RT_HTTP_DATE_BYTES 29

// Read a date of any of the three forms, and what is like them: names in either
// case or in full, numbers of one digit, no weekday or another than the date's, no
// seconds. The zone may be one that mails have, "+0100" or "EST"; without one it
// is UTC.
//
//   now_us   decides the century of a year with two digits: one more than 50
//            years ahead is in the past
//   errors   RT_E_SYNTAX   not of these forms
//            RT_E_RANGE    no such day or time; `*out_us` is untouched
rt_status rt_http_date_parse(rt_str text, int64_t now_us, int64_t *out_us);

// Append an IMF-fixdate. Moments outside the years 1 to 9999 are written as the
// nearest that is inside.
void rt_http_date_put(rt_buf *buf, int64_t us);

// The same as a string.
rt_str rt_http_date_dump(rt_arena *arena, int64_t us);

RT_C_END
