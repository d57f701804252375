// JSON, both ways: values from text and text from values.
//
// In, the grammar is RFC 8259 to the letter: UTF-8 without byte order mark, no
// comments, no trailing commas, no NaN. What it leaves open is decided so:
//
//     "a":1,"a":2   the last value counts, at the place of the first
//     7, -7, -0     int; beyond 64 bits RT_E_RANGE (docs/adr/0005)
//     7.0, 7e0      float, correctly rounded; beyond 1.8e308 RT_E_RANGE, as no
//                   infinity could be written back
//     "\u0000"      a NUL inside the text, whose length counts it
//     "\ud800"      RT_E_SYNTAX: half a surrogate pair is no character
//
// Out, the bytes are those of Python's json.dumps with the same options.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/buf.h>
#include <retort/base/error.h>
#include <retort/base/pairs.h>
#include <retort/base/status.h>
#include <retort/base/str.h>
#include <retort/base/value.h>

RT_C_BEGIN

// What a text may cost. A zero field means the default.
typedef struct rt_json_limits {
    size_t bytes;  // of the text; RT_JSON_BYTES
    size_t depth;  // of arrays and objects; RT_VALUE_DEPTH_MAX, and no more
    size_t values; // with keys counted; RT_JSON_VALUES
} rt_json_limits;

// The default limits. A value or key takes some 70 bytes of memory at worst,
// beside its text.
#define RT_JSON_BYTES  ((size_t)16 << 20)
#define RT_JSON_VALUES ((size_t)1000000)

// Read one JSON text, white space around it included.
//
//   limits   NULL means the defaults
//   memory   `*out` lies in `arena` and views nothing of `text`; its strings
//            are NUL-terminated. After an error what was read is given back
//   errors   RT_E_SYNTAX   not JSON
//            RT_E_UTF8     not UTF-8
//            RT_E_RANGE    a number that no value can hold
//            RT_E_LIMIT    longer, deeper or more than `limits` allow
//            `*out` is untouched; `*err`, when given, says what and where
rt_status rt_json_parse(rt_arena *arena, rt_str text,
                        const rt_json_limits *limits, rt_value *out,
                        rt_error *err);

// How JSON is laid out. All zero, it is what json.dumps writes by default: one
// line, ", " and ": ", characters beyond ASCII as \u escapes.
typedef struct rt_json_style {
    int indent;     // spaces per level, each value on its own line; 0: one line
    bool compact;   // "," and ":" without the spaces
    bool sort_keys; // by code point, numbers by size; RT_E_TYPE when mixed
    bool unicode;   // characters beyond ASCII as they are
    bool allow_nan; // write NaN, Infinity and -Infinity, which is not JSON
    bool html_safe; // < > & ' as \u escapes, to stand inside a page
} rt_json_style;

// Append a value as JSON.
//
// A tuple is an array, a safe string a string, a date its HTTP date, a UUID
// its canonical text. Keys that are int, float, bool or none become strings,
// as in Python. Bytes, undefined and objects have no JSON.
//
//   style    NULL means all zero
//   errors   in buf->status, after a part of the text:
//            RT_E_TYPE    a value or key without JSON, or keys not sortable
//            RT_E_RANGE   NaN, an infinity, a date outside the years 1 to 9999
//            RT_E_LIMIT   nested deeper than RT_VALUE_DEPTH_MAX, as a list is
//                         that holds itself; or the buffer's own limit
void rt_json_put(rt_buf *buf, rt_value value, const rt_json_style *style);

// Append keyword arguments as one object, without making a dict of them.
void rt_json_put_pairs(rt_buf *buf, const rt_pair *pairs, size_t n,
                       const rt_json_style *style);

// Write a value as JSON.
//
//   memory   `*out` is NUL-terminated, in `arena`
//   errors   as rt_json_put; `*out` is untouched, and `*err`, when given, says
//            where in the value: `cannot write bytes as JSON, at .users[2].key`
rt_status rt_json_dump(rt_arena *arena, rt_value value,
                       const rt_json_style *style, rt_str *out, rt_error *err);

RT_C_END
