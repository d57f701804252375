// Internationalised host names: `bücher.example` is sent as
// `xn--bcher-kva.example`.
//
// Names are prepared as IDNA 2003 asks, which is what Python's "idna" codec does,
// with one difference: characters newer than Unicode 3.2 are folded and composed
// by today's tables.
//
// Source: RFC 3490, 3491 (nameprep), 3492 (Punycode).
#pragma once

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/status.h>
#include <retort/base/str.h>

RT_C_BEGIN

// Write a name in ASCII. What is ASCII already is only checked.
//
//   memory   `name` itself, or in `arena`
//   errors   RT_E_SYNTAX   a label that is empty or longer than 63 bytes, a
//                          character that no name may have, directions mixed
rt_status rt_idna_encode(rt_arena *arena, rt_str name, rt_str *out);

// Write a name as people read it. A label that does not come out the same when
// it is encoded again stays as it is.
//
//   memory   `name` itself, or in `arena`
rt_str rt_idna_decode(rt_arena *arena, rt_str name);

RT_C_END
