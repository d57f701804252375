// zlib's format, as Python's zlib.compress writes it.
#pragma once

#include <stdbool.h>

#include <retort/base/arena.h>
#include <retort/base/status.h>
#include <retort/base/str.h>

// Compress; false, and nothing in `*out`, unless it saves at least two bytes.
bool rt__zip(rt_arena *arena, rt_str bytes, rt_str *out);

// Undo it. What follows the end of the compressed bytes is not looked at.
//
//   errors   RT_E_SYNTAX   not compressed bytes, or not all of them
//            RT_E_LIMIT    more than `limit`; `*out` is untouched
rt_status rt__unzip(rt_arena *arena, rt_str bytes, size_t limit, rt_str *out);
