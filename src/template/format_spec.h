// The format mini language: [[fill]align][sign][z][#][0][width][,_][.precision]
// [type].
#pragma once

#include "template/runtime.h"

// A specification, read. Widths and precisions below zero were not given.
typedef struct rt__spec {
    rt_str fill; // one code point
    char align;  // one of < > = ^
    char sign;   // + - or space; 0: not given
    bool no_negative_zero;
    bool alternate;
    int64_t width;
    char grouping; // , or _; 0: none
    int64_t precision;
    uint32_t type; // a code point
} rt__spec;

// Read a specification. `type` and `align` are those of values of that kind
// when it names none; `type_name` is for messages.
//
//   errors   ValueError
rt_status rt__spec_parse(rt_render *r, rt_str text, char type, char align,
                         const char *type_name, rt__spec *out);

// A type as messages show it: `d`, or `\xe9`.
rt_str rt__spec_type_name(rt_render *r, uint32_t type);

// A number in pieces, to be laid out: sign, prefix, digits that may be grouped,
// and what follows them.
typedef struct rt__number_parts {
    rt_str sign;
    rt_str prefix;
    rt_str digits;
    rt_str rest;
} rt__number_parts;

// Append `text` padded to the width, counted in code points.
rt_status rt__spec_pad(rt_render *r, rt_buf *out, rt_str text,
                       const rt__spec *spec);
rt_status rt__spec_put_number(rt_render *r, rt_buf *out,
                              const rt__number_parts *parts,
                              const rt__spec *spec);

// Append text with escapes for all that is not ASCII.
void rt__put_ascii(rt_buf *out, rt_str s);
