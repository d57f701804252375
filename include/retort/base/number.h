// Numbers as text and text as numbers: floating point, independent of any
// locale.
//
// A double is written as Python's repr does: the shortest digits that read
// back as the same double, and of those the closest. Reading rounds correctly
// (to nearest, ties to even). Integers are in str.h and buf.h.
#pragma once

#include <stdbool.h>

#include <retort/base/attributes.h>
#include <retort/base/buf.h>
#include <retort/base/str.h>

RT_C_BEGIN

// Append a double as repr(float): `1.0`, `0.1`, `1e+16`, `1e-05`, `-0.0`,
// `inf`, `-inf`, `nan`.
void rt_buf_put_double(rt_buf *buf, double x);

// Append a double with exactly `digits` digits behind the point, as "%.*f"
// does: the exact binary value is rounded, ties to even. Zero digits write no
// point.
//
//   limits   digits from 0 to RT_NUMBER_FIXED_MAX; others are cut to that
#define RT_NUMBER_FIXED_MAX 100
void rt_buf_put_double_fixed(rt_buf *buf, double x, int digits);

// Read a whole string as a decimal number: an optional sign, digits with an
// optional point among, before or after them, an optional exponent. No white
// space, no underscores, no `inf` or `nan`.
//
// Too large a number is infinity with its sign and too small a one zero, as
// in Python.
//
//   errors   false: not a number; `*out` is untouched
bool rt_str_parse_double(rt_str s, double *out);

RT_C_END
