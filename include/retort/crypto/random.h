// Random bytes and tokens that nobody can guess.
//
//     rt_random_token(arena, 32)   "Drmhze6EPcv0fN_81Bj-nAZ..." for a URL
//
// Follows Python's secrets module.
#pragma once

#include <stddef.h>

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/str.h>

RT_C_BEGIN

// Fill memory with bytes of OpenSSL's generator, which is seeded by the system
// and anew in each process after a fork. If it fails the process ends: there is
// nothing to go on with.
void rt_random_fill(void *out, size_t bytes);

// `bytes` random bytes as text: URL-safe Base64 without padding, or lower-case
// hexadecimal. 16 bytes are hard to guess, 32 beyond doubt.
rt_str rt_random_token(rt_arena *arena, size_t bytes);
rt_str rt_random_hex(rt_arena *arena, size_t bytes);

RT_C_END
