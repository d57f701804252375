// Base64: bytes as text, in the alphabet of mail and in that of URLs.
//
//     rt_base64_encode      "+" and "/", padded with "="
//     rt_base64url_encode   "-" and "_", without padding
//
// Each has two readers. The strict one takes exactly what the encoder writes, so
// that a byte string has one spelling. The lax one takes what Python's reader of
// the same alphabet takes; with it, the same bytes have many spellings.
//
// Source: RFC 4648, sections 4 and 5.
#pragma once

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/buf.h>
#include <retort/base/status.h>
#include <retort/base/str.h>

RT_C_BEGIN

// Append bytes as Base64.
void rt_base64_put(rt_buf *buf, rt_str bytes);
void rt_base64url_put(rt_buf *buf, rt_str bytes);

// The same as a string, NUL-terminated.
rt_str rt_base64_encode(rt_arena *arena, rt_str bytes);
rt_str rt_base64url_encode(rt_arena *arena, rt_str bytes);

// Read what the encoder of the same name writes, and nothing else: foreign bytes,
// missing (rt_base64url: any) padding, and bits that are left over are errors.
//
//   memory   `*out` in `arena`, NUL-terminated
//   errors   RT_E_SYNTAX   `*out` is untouched
rt_status rt_base64_decode(rt_arena *arena, rt_str text, rt_str *out);
rt_status rt_base64url_decode(rt_arena *arena, rt_str text, rt_str *out);

// Read as base64.b64decode does: bytes outside the alphabet are skipped, and
// what follows complete padding is not read. The URL reader takes either
// alphabet, and padding may be missing, as with itsdangerous.
//
//   errors   RT_E_SYNTAX   the number of digits makes no bytes, or padding is
//                          missing; `*out` is untouched
rt_status rt_base64_decode_lax(rt_arena *arena, rt_str text, rt_str *out);
rt_status rt_base64url_decode_lax(rt_arena *arena, rt_str text, rt_str *out);

RT_C_END
