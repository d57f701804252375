// Writing doubles: Schubfach.
//
// A double is c * 2^q. Every real number between the midpoints to its two
// neighbours reads back as it, and some of those have few digits. With k such
// that 10^k is the largest power of ten not wider than that interval, the
// interval holds at most one multiple of 10^(k+1) and at least one of 10^k:
//
//        vbl = lower midpoint     vb = the double     vbr = upper midpoint
//     ----(------------|-----------------*-----------------|--------)----
//                      s                                  s+1       in 10^k
//
// So four candidates suffice: the multiples of 10^(k+1) and of 10^k below and
// above. The three numbers are computed in units of 10^k / 4, by one 64 x 128
// bit multiplication each, rounded to odd: the last bit also says whether
// anything was cut off, which keeps every comparison exact.
//
// Source: R. Giulietti, "The Schubfach way to render doubles" (2020).
#include <stdint.h>
#include <string.h>

#include <retort/base/number.h>

#include "base/digits.h"
#include "base/number_powers.h"

#define MANTISSA_BITS 52
#define EXPONENT_BIAS 1075 // of the double's value as an integer times 2^q

// digits * 10^exponent.
typedef struct decimal {
    uint64_t digits;
    int exponent;
} decimal;

static uint64_t multiply_round_to_odd(rt__power g, uint64_t c)
{
    rt__power low = rt__multiply(g.lo, c);
    rt__power high = rt__multiply(g.hi, c);
    uint64_t middle = high.lo + low.hi;

    high.hi += middle < low.hi;
    return high.hi | (middle > 1);
}

static rt__power power_rounded_up(int k)
{
    rt__power g = rt__power_of_ten(k);

    // No low word of the table is all ones, so nothing carries.
    if (k > RT__POWER_EXACT_MAX)
        g.lo++;
    return g;
}

// The shortest decimal of c * 2^q. `irregular` marks a power of two, whose
// lower neighbour is half as far away as the upper one.
static decimal shortest(uint64_t c, int q, bool irregular)
{
    uint64_t odd = c & 1; // then the midpoints round away from this double
    int k = irregular ? rt__log10_three_quarters_pow2(q) : rt__log10_pow2(q);
    int h = q + rt__log2_pow10(-k) + 1;
    rt__power g = power_rounded_up(-k);
    uint64_t vbl = multiply_round_to_odd(g, (4 * c - 2 + irregular) << h) + odd;
    uint64_t vb = multiply_round_to_odd(g, (4 * c) << h);
    uint64_t vbr = multiply_round_to_odd(g, (4 * c + 2) << h) - odd;
    uint64_t s = vb / 4;

    if (s >= 10) {
        uint64_t tens = s / 10;
        bool below = vbl <= 40 * tens;
        bool above = 40 * tens + 40 <= vbr;
        if (below != above)
            return (decimal){tens + above, k + 1};
    }
    bool below = vbl <= 4 * s;
    bool above = 4 * s + 4 <= vbr;
    if (below != above)
        return (decimal){s + above, k};
    uint64_t middle = 4 * s + 2;
    bool up = vb > middle || (vb == middle && (s & 1));
    return (decimal){s + up, k};
}

static decimal without_trailing_zeros(decimal d)
{
    while (d.digits % 100000000 == 0) {
        d.digits /= 100000000;
        d.exponent += 8;
    }
    while (d.digits % 10 == 0) {
        d.digits /= 10;
        d.exponent++;
    }
    return d;
}

// Write digits so that they end before `end`; returns where they begin.
static char *write_digits(char *end, uint64_t n)
{
    while (n >= 100) {
        end -= 2;
        memcpy(end, rt__digit_pairs + 2 * (n % 100), 2);
        n /= 100;
    }
    if (n >= 10) {
        end -= 2;
        memcpy(end, rt__digit_pairs + 2 * n, 2);
    } else {
        *--end = (char)('0' + n);
    }
    return end;
}

// d.ddde+XX, with at least two digits of exponent.
static char *write_scientific(char *at, const char *digits, int count,
                              int exponent)
{
    *at++ = digits[0];
    if (count > 1) {
        *at++ = '.';
        memcpy(at, digits + 1, (size_t)count - 1);
        at += count - 1;
    }
    *at++ = 'e';
    *at++ = exponent < 0 ? '-' : '+';
    unsigned size = (unsigned)(exponent < 0 ? -exponent : exponent);
    if (size >= 100)
        *at++ = (char)('0' + size / 100);
    memcpy(at, rt__digit_pairs + (size_t)2 * (size % 100), 2);
    return at + 2;
}

// The digits with a point behind `point` of them, and zeros where there are
// none.
static char *write_positional(char *at, const char *digits, int count,
                              int point)
{
    if (point <= 0) {
        memcpy(at, "0.0000", 6);
        at += 2 - point;
        memcpy(at, digits, (size_t)count);
        return at + count;
    }
    if (point >= count) {
        memcpy(at, digits, (size_t)count);
        memset(at + count, '0', (size_t)(point - count));
        at += point;
        memcpy(at, ".0", 2);
        return at + 2;
    }
    memcpy(at, digits, (size_t)point);
    at[point] = '.';
    memcpy(at + point + 1, digits + point, (size_t)(count - point));
    return at + count + 1;
}

static char *write_decimal(char *at, decimal d)
{
    char scratch[20];
    char *end = scratch + sizeof scratch;
    char *digits = write_digits(end, d.digits);
    int count = (int)(end - digits);
    int point = count + d.exponent;

    // Python's choice: an exponent below 1e-4 and from 1e16 on.
    if (point <= -4 || point > 16)
        return write_scientific(at, digits, count, point - 1);
    return write_positional(at, digits, count, point);
}

static char *write_finite(char *at, uint64_t fraction, int exponent)
{
    uint64_t c = fraction;
    int q = 1 - EXPONENT_BIAS;

    if (exponent != 0) {
        c |= (uint64_t)1 << MANTISSA_BITS;
        q = exponent - EXPONENT_BIAS;
    }
    // Below 2^53 no other decimal within half a unit is shorter than an
    // integer itself.
    if (q <= 0 && q >= -MANTISSA_BITS && (c & (((uint64_t)1 << -q) - 1)) == 0) {
        char scratch[20];
        char *end = scratch + sizeof scratch;
        char *digits = write_digits(end, c >> -q);
        memcpy(at, digits, (size_t)(end - digits));
        at += end - digits;
        memcpy(at, ".0", 2);
        return at + 2;
    }
    bool irregular = fraction == 0 && exponent > 1;
    return write_decimal(at, without_trailing_zeros(shortest(c, q, irregular)));
}

void rt_buf_put_double(rt_buf *buf, double x)
{
    char text[32]; // the longest is -2.2250738585072014e-308
    char *at = text;
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    uint64_t fraction = bits & (((uint64_t)1 << MANTISSA_BITS) - 1);
    int exponent = (int)(bits >> MANTISSA_BITS) & 0x7ff;
    if (exponent == 0x7ff && fraction != 0) {
        rt_buf_put(buf, RT_STR("nan"));
        return;
    }
    if (bits >> 63)
        *at++ = '-';
    if (exponent == 0x7ff) {
        memcpy(at, "inf", 3);
        at += 3;
    } else if (exponent == 0 && fraction == 0) {
        memcpy(at, "0.0", 3);
        at += 3;
    } else {
        at = write_finite(at, fraction, exponent);
    }
    rt_buf_put_bytes(buf, text, (size_t)(at - text));
}
