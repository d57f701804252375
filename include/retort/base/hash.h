// Hashing with a seed of this process, so that a client cannot choose keys
// that collide.
//
// Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012),
// with one compression and three finalisation rounds.
#pragma once

#include <retort/base/attributes.h>
#include <retort/base/str.h>

RT_C_BEGIN

// Hash bytes. The same bytes hash alike only within one process and its
// children.
uint64_t rt_hash_bytes(const void *data, size_t len);

// Hash an integer.
uint64_t rt_hash_int(uint64_t n);

// Draw the seed; done at the first hash. The master calls it before it forks,
// so that its workers agree.
void rt_hash_seed(void);

RT_C_END
