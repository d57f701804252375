// Powers of ten to 128 bits, for reading and for writing doubles.
//
// Entry k holds the bits of 10^k scaled to lie in [2^127, 2^128):
//
//     10^k = (hi * 2^64 + lo) * 2^(rt__log2_pow10(k) - 127)
//
// exactly for 0 <= k <= 55, rounded down for greater k and up for negative k,
// which is the rounding both algorithms are proved with. The test recomputes
// every entry by long arithmetic.
#pragma once

#include <stdint.h>

#define RT__POWER_MIN       (-342)
#define RT__POWER_MAX       324
#define RT__POWER_EXACT_MAX 55

typedef struct rt__power {
    uint64_t hi;
    uint64_t lo;
} rt__power;

extern const rt__power rt__powers[RT__POWER_MAX - RT__POWER_MIN + 1];

static inline rt__power rt__power_of_ten(int k)
{
    return rt__powers[k - RT__POWER_MIN];
}

// The floor of log2(10^k) and of log10(2^q), for all exponents of a double.
static inline int rt__log2_pow10(int k)
{
    return (k * 1741647) >> 19;
}

static inline int rt__log10_pow2(int q)
{
    return (q * 1262611) >> 22;
}

// The floor of log10(3/4 * 2^q).
static inline int rt__log10_three_quarters_pow2(int q)
{
    return (q * 1262611 - 524031) >> 22;
}

// The 128-bit product of two words.
static inline rt__power rt__multiply(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;
    return (rt__power){(uint64_t)(product >> 64), (uint64_t)product};
#else
    uint64_t low = (a & UINT32_MAX) * (b & UINT32_MAX);
    uint64_t mid1 = (a >> 32) * (b & UINT32_MAX) + (low >> 32);
    uint64_t mid2 = (a & UINT32_MAX) * (b >> 32) + (mid1 & UINT32_MAX);
    return (rt__power){(a >> 32) * (b >> 32) + (mid1 >> 32) + (mid2 >> 32),
                       (mid2 << 32) | (low & UINT32_MAX)};
#endif
}
