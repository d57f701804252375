// Byte ranges: parts of a body, as a client asks for them and a server sends
// them.
//
//     Range: bytes=0-99, 200-, -50
//     Content-Range: bytes 0-99/1234
//
// What a client asks for is resolved against the length of the body into spans,
// which lie inside it and do not overlap. One span is sent as it is, several as
// multipart/byteranges.
//
// Source: RFC 9110, section 14; follows werkzeug.datastructures.Range.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/buf.h>
#include <retort/base/status.h>
#include <retort/base/str.h>

RT_C_BEGIN

// One range as it was asked for, the end exclusive as everywhere in C.
typedef struct rt_range_item {
    int64_t start; // negative or `is_suffix`: that many bytes before the end
    int64_t end;   // one past the last byte; -1: to the end
    bool is_suffix;
} rt_range_item;

// A Range header.
typedef struct rt_range {
    rt_str unit; // in lower case: "bytes"
    rt_range_item *items;
    size_t len;
    bool is_ordered; // ascending without overlap; Werkzeug reads only these
} rt_range;

// More ranges than this are not served: asking for a thousand parts of one
// byte costs the client nothing and the server much.
#define RT_RANGES_MAX 32

// Read a Range header. Numbers beyond 64 bits are as large as those get.
//
//   memory   views `header`; the list lies in `arena`
//   errors   RT_E_SYNTAX   not of the form `unit=ranges`
//            RT_E_LIMIT    more than RT_RANGES_MAX; `*out` is untouched
rt_status rt_range_parse(rt_arena *arena, rt_str header, rt_range *out);

// Write one: the inverse.
rt_str rt_range_dump(rt_arena *arena, const rt_range *range);

// A part of a body: from `start` up to but not including `end`.
typedef struct rt_span {
    int64_t start;
    int64_t end;
} rt_span;

// Resolve ranges against a body of `length` bytes. Ranges beyond the end are
// left out; when any two overlap, all of them are sorted and joined.
//
//   spans    room for RT_RANGES_MAX
//   errors   RT_E_UNSUPPORTED   another unit than bytes
//            RT_E_RANGE         not one of them lies in the body (416)
rt_status rt_range_resolve(const rt_range *range, int64_t length,
                           rt_span spans[RT_RANGES_MAX], size_t *n);

// A Content-Range header.
typedef struct rt_content_range {
    rt_str unit;
    rt_span span;   // start -1: none, as with 416
    int64_t length; // of the whole; -1: not known
} rt_content_range;

// Read one.
//
//   memory   views `header`
//   errors   RT_E_SYNTAX   malformed, or a span outside the length
rt_status rt_content_range_parse(rt_str header, rt_content_range *out);

// Write one: "bytes 0-9/100", "bytes */100".
rt_str rt_content_range_dump(rt_arena *arena, const rt_content_range *range);

// ---- multipart/byteranges ----------------------------------------------------

// The head that stands before a part of a multipart/byteranges body.
rt_str rt_byteranges_head(rt_arena *arena, rt_str boundary, rt_str type,
                          rt_span span, int64_t length);

// What stands behind the last part.
rt_str rt_byteranges_tail(rt_arena *arena, rt_str boundary);

RT_C_END
