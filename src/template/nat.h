// Natural numbers of any size: arrays of 32-bit limbs, the least first.
//
// The functions write where their caller made room and return how many limbs
// the result has, none of them a leading zero. Schoolbook methods: numbers are
// held below RT__INT_BITS_MAX, where they are fast enough.
//
// Source: Knuth, The Art of Computer Programming 2, section 4.3.1.
#pragma once

#include <stddef.h>
#include <stdint.h>

// The length without leading zeros.
size_t rt__nat_trim(const uint32_t *a, size_t an);

// Negative, zero, positive. Both without leading zeros.
int rt__nat_compare(const uint32_t *a, size_t an, const uint32_t *b, size_t bn);

// The number of bits; 0 for zero.
size_t rt__nat_bits(const uint32_t *a, size_t an);

// a + b: room for the longer one and one limb. `out` may be `a` or `b`.
size_t rt__nat_add(uint32_t *out, const uint32_t *a, size_t an,
                   const uint32_t *b, size_t bn);

// a - b, where a is not less: room for `an`. `out` may be `a` or `b`.
size_t rt__nat_sub(uint32_t *out, const uint32_t *a, size_t an,
                   const uint32_t *b, size_t bn);

// a * b: room for an + bn; `out` is neither.
size_t rt__nat_mul(uint32_t *out, const uint32_t *a, size_t an,
                   const uint32_t *b, size_t bn);

// a = a * factor + add: room for an + 1.
size_t rt__nat_mul_small(uint32_t *a, size_t an, uint32_t factor, uint32_t add);

// a = a / divisor; returns the remainder. The length is found by trimming.
uint32_t rt__nat_div_small(uint32_t *a, size_t an, uint32_t divisor);

// Divide: quotient to `q` (room for an - bn + 1), remainder in the first limbs
// of `a` (room for an + 1, the last of which need not be set). `b` is changed
// and has no leading zeros; neither `a` nor `q` may be it. an >= bn.
//
// Returns the quotient's length; the remainder's is found by trimming `bn`
// limbs of `a`.
size_t rt__nat_divmod(uint32_t *q, uint32_t *a, size_t an, uint32_t *b,
                      size_t bn);

// a * 2^bits: room for an + bits / 32 + 1; `out` may be `a`.
size_t rt__nat_shift_left(uint32_t *out, const uint32_t *a, size_t an,
                          size_t bits);
