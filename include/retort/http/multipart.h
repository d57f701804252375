// Multipart: the bodies in which forms carry files. Bytes in, events out.
//
//     --boundary CRLF  head CRLF CRLF  data  CRLF --boundary CRLF ... --boundary--
//     preamble         PART            DATA  PART_END                 END
//
// The decoder does no I/O and keeps no data: pieces of a file are views of the
// bytes it was given, and what it holds back is no longer than a boundary.
//
//     rt_multipart_push(&m, bytes);
//     while (!(st = rt_multipart_next(&m, arena, &event)) &&
//            event.kind != RT_MULTIPART_NEED_MORE)
//         use(&event);
//
// The events depend on the bytes alone, never on how they were cut; only the
// pieces of DATA do. It is as tolerant as Werkzeug's: lines may end in CR LF, LF
// or CR, heads may be folded, what stands before the first boundary and behind
// the last is ignored.
//
// Source: RFC 7578; RFC 2046, section 5.1.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/buf.h>
#include <retort/base/status.h>
#include <retort/base/str.h>
#include <retort/http/headers.h>

RT_C_BEGIN

// What a client may size.
#define RT_MULTIPART_PARTS          1000u
#define RT_MULTIPART_HEAD_BYTES     16384u // of one part
// These are fixed.
#define RT_MULTIPART_HEADERS        64u  // of one part
#define RT_MULTIPART_BOUNDARY_BYTES 256u // RFC 2046 allows 70
// White space between a boundary and the end of its line; with more it is none.
#define RT_MULTIPART_PADDING_BYTES  256u

// Limits an application may set. Zero means the default above.
typedef struct rt_multipart_limits {
    size_t parts; // SIZE_MAX: any number
    size_t head_bytes;
} rt_multipart_limits;

typedef enum rt_multipart_kind {
    RT_MULTIPART_NEED_MORE, // push, or finish
    RT_MULTIPART_PART,      // `part`: its data follow
    RT_MULTIPART_DATA,      // `data`, at least one byte
    RT_MULTIPART_PART_END,
    RT_MULTIPART_END, // the body is complete
} rt_multipart_kind;

// The head of a part.
typedef struct rt_multipart_part {
    rt_str name;         // of the field; data is NULL when it has none
    rt_str filename;     // data is NULL: not a file; empty: none was chosen
    rt_str content_type; // as sent; data is NULL without one
    rt_headers headers;
    int charset; // for rt_multipart_text
} rt_multipart_part;

typedef struct rt_multipart_event {
    rt_multipart_kind kind;
    rt_multipart_part part;
    rt_str data; // valid until the next call
} rt_multipart_event;

// A decoder. Call rt_multipart_init; the fields belong to the functions.
typedef struct rt_multipart {
    rt_multipart_limits limits; // without zeros
    rt_str needle;              // two hyphens and the boundary
    rt_str input;               // pushed, and not looked at
    char *held;                 // bytes that may be the start of a delimiter
    size_t held_len;
    size_t held_used; // of these, to be dropped by the next call
    size_t skip;      // bytes of a line break in front of the data
    rt_buf head;
    size_t parts;
    rt_status status;
    bool finished;
    bool last; // the part at hand ends at the last boundary
    unsigned char state;
} rt_multipart;

// Begin to decode a body with that boundary, the parameter of its content type.
//
//   memory   the boundary is copied into `arena`, and heads are collected there
//   limits   NULL are the defaults
//   errors   RT_E_SYNTAX   no boundary: empty, too long, or not ASCII
rt_status rt_multipart_init(rt_multipart *m, rt_arena *arena, rt_str boundary,
                            const rt_multipart_limits *limits);

// Give the next bytes, once the last ones are used up (NEED_MORE).
//
//   memory   viewed until they are used up
void rt_multipart_push(rt_multipart *m, rt_str bytes);

// Say that there are no more.
void rt_multipart_finish(rt_multipart *m);

// Find the next event.
//
//   memory   the strings of a part lie in `arena`
//   errors   RT_E_SYNTAX   the body is damaged: it ends before its last
//                          boundary, or a part has no Content-Disposition, or
//                          its head is not UTF-8
//            RT_E_LIMIT    too many parts, or too long a head
// After an error all calls return it.
rt_status rt_multipart_next(rt_multipart *m, rt_arena *arena,
                            rt_multipart_event *event);

// Read the data of a field as text: in the charset that the part names (UTF-8,
// ASCII, ISO-8859-1), else as UTF-8; what is none becomes U+FFFD.
//
//   memory   `data` itself where nothing changes, else a copy in `arena`
rt_str rt_multipart_text(rt_arena *arena, const rt_multipart_part *part,
                         rt_str data);

RT_C_END
