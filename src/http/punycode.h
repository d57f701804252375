// Punycode: how a label of a host name carries characters beyond ASCII.
//
// Source: RFC 3492.
#pragma once

#include <retort/base/buf.h>
#include <retort/base/status.h>
#include <retort/base/str.h>

// The longest label, encoded and with its prefix, and so the most characters.
#define RT_PUNYCODE_MAX 63

// Append the encoded form of `n` code points, without the prefix "xn--".
void rt__punycode_put(rt_buf *out, const uint32_t *runes, size_t n);

// Decode a label without its prefix.
//
//   errors   RT_E_SYNTAX   no such label, or more than RT_PUNYCODE_MAX characters
rt_status rt__punycode_decode(rt_str text, uint32_t runes[RT_PUNYCODE_MAX],
                              size_t *n);
