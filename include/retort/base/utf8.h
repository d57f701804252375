// UTF-8: checking, reading, writing and repairing.
//
// Valid means the Unicode standard's table 3-7: no surrogates, nothing above
// U+10FFFF, no overlong forms. A NUL is a character like any other.
//
// Source: The Unicode Standard, section 3.9; RFC 3629.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/status.h>
#include <retort/base/str.h>

RT_C_BEGIN

// The character that stands for what could not be read.
#define RT_UTF8_REPLACEMENT 0xfffdu

// The greatest code point.
#define RT_UTF8_MAX 0x10ffffu

// True when all of `s` is valid. Runs of ASCII cost a sixteenth of the rest.
bool rt_utf8_valid(rt_str s);

// The number of bytes at the front of `s` that are valid: where the first
// error is, or s.len.
size_t rt_utf8_valid_prefix(rt_str s);

// Read one code point off the front of `*cursor`, which must not be empty, and
// step past it.
//
//   errors   RT_E_UTF8   an invalid sequence: `*rune` is RT_UTF8_REPLACEMENT,
//                        and the cursor has stepped over the longest valid
//                        beginning of the sequence, one byte at least
rt_status rt_utf8_next(rt_str *cursor, uint32_t *rune);

// Write one code point and return the number of bytes, 1 to 4. Surrogates and
// what is above RT_UTF8_MAX are written as the replacement character.
size_t rt_utf8_encode(uint32_t rune, char out[4]);

// The number of code points; each maximal invalid sequence counts as one.
size_t rt_utf8_len(rt_str s);

// Put U+FFFD for each invalid sequence, as Python's errors="replace" does: one
// for the longest beginning of a character that is there, else one per byte.
//
//   memory   `s` itself when it is valid, else a NUL-terminated copy in `arena`
rt_str rt_utf8_repair(rt_arena *arena, rt_str s);

// True for what Python's str.isspace() accepts.
bool rt_utf8_is_space(uint32_t rune);

// True for what Python's str.isprintable() accepts: no control, format,
// surrogate, private or unassigned code points, and of separators the space
// only.
bool rt_utf8_is_printable(uint32_t rune);

RT_C_END
