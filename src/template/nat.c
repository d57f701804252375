#include "template/nat.h"

#include <assert.h>
#include <string.h>

size_t rt__nat_trim(const uint32_t *a, size_t an)
{
    while (an > 0 && a[an - 1] == 0)
        an--;
    return an;
}

int rt__nat_compare(const uint32_t *a, size_t an, const uint32_t *b, size_t bn)
{
    if (an != bn)
        return an < bn ? -1 : 1;
    for (size_t i = an; i-- > 0;) {
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    }
    return 0;
}

size_t rt__nat_bits(const uint32_t *a, size_t an)
{
    if (an == 0)
        return 0;
    return 32 * an - (size_t)__builtin_clz(a[an - 1]);
}

size_t rt__nat_add(uint32_t *out, const uint32_t *a, size_t an,
                   const uint32_t *b, size_t bn)
{
    uint64_t carry = 0;
    size_t len = an > bn ? an : bn;

    for (size_t i = 0; i < len; i++) {
        carry += (uint64_t)(i < an ? a[i] : 0) + (i < bn ? b[i] : 0);
        out[i] = (uint32_t)carry;
        carry >>= 32;
    }
    out[len] = (uint32_t)carry;
    return len + (carry != 0);
}

size_t rt__nat_sub(uint32_t *out, const uint32_t *a, size_t an,
                   const uint32_t *b, size_t bn)
{
    uint64_t borrow = 0;

    for (size_t i = 0; i < an; i++) {
        uint64_t rest = (uint64_t)a[i] - (i < bn ? b[i] : 0) - borrow;
        out[i] = (uint32_t)rest;
        borrow = rest >> 63;
    }
    assert(borrow == 0);
    return rt__nat_trim(out, an);
}

size_t rt__nat_mul(uint32_t *out, const uint32_t *a, size_t an,
                   const uint32_t *b, size_t bn)
{
    memset(out, 0, (an + bn) * sizeof *out);
    for (size_t i = 0; i < an; i++) {
        uint64_t carry = 0;
        for (size_t j = 0; j < bn; j++) {
            carry += (uint64_t)a[i] * b[j] + out[i + j];
            out[i + j] = (uint32_t)carry;
            carry >>= 32;
        }
        out[i + bn] = (uint32_t)carry;
    }
    return rt__nat_trim(out, an + bn);
}

size_t rt__nat_mul_small(uint32_t *a, size_t an, uint32_t factor, uint32_t add)
{
    uint64_t carry = add;

    for (size_t i = 0; i < an; i++) {
        carry += (uint64_t)a[i] * factor;
        a[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry)
        a[an++] = (uint32_t)carry;
    return an;
}

uint32_t rt__nat_div_small(uint32_t *a, size_t an, uint32_t divisor)
{
    uint64_t rest = 0;

    for (size_t i = an; i-- > 0;) {
        rest = rest << 32 | a[i];
        a[i] = (uint32_t)(rest / divisor);
        rest %= divisor;
    }
    return (uint32_t)rest;
}

size_t rt__nat_shift_left(uint32_t *out, const uint32_t *a, size_t an,
                          size_t bits)
{
    size_t limbs = bits / 32;
    unsigned rest = (unsigned)(bits % 32);

    if (an == 0)
        return 0;
    out[an + limbs] = rest ? a[an - 1] >> (32 - rest) : 0;
    for (size_t i = an; i-- > 0;) {
        uint32_t below = rest && i > 0 ? a[i - 1] >> (32 - rest) : 0;
        out[i + limbs] = a[i] << rest | below;
    }
    memset(out, 0, limbs * sizeof *out);
    return rt__nat_trim(out, an + limbs + 1);
}

// a * 2^bits for fewer than 32 bits, in place; what leaves at the top is lost.
static void shift_left(uint32_t *a, size_t an, unsigned bits)
{
    if (bits == 0)
        return;
    for (size_t i = an; i-- > 0;) {
        uint32_t below = i > 0 ? a[i - 1] >> (32 - bits) : 0;
        a[i] = a[i] << bits | below;
    }
}

// a / 2^bits for fewer than 32 bits, in place.
static void shift_right(uint32_t *a, size_t an, unsigned bits)
{
    if (bits == 0)
        return;
    for (size_t i = 0; i < an; i++) {
        uint32_t above = i + 1 < an ? a[i + 1] << (32 - bits) : 0;
        a[i] = a[i] >> bits | above;
    }
}

// One digit of the quotient from the divisor and as many limbs of the dividend
// and one more. The estimate by two limbs is at most one too large afterwards.
static uint32_t estimate(const uint32_t *a, const uint32_t *b, size_t bn)
{
    uint64_t top = (uint64_t)a[bn] << 32 | a[bn - 1];
    uint64_t digit = top / b[bn - 1];
    uint64_t rest = top % b[bn - 1];

    while (digit >> 32 ||
           digit * b[bn - 2] > (rest << 32 | (uint64_t)a[bn - 2])) {
        digit--;
        rest += b[bn - 1];
        if (rest >> 32)
            break;
    }
    return (uint32_t)digit;
}

// a -= b * digit, over bn + 1 limbs. Returns what could not be borrowed.
static uint32_t subtract_times(uint32_t *a, const uint32_t *b, size_t bn,
                               uint32_t digit)
{
    uint64_t carry = 0;
    uint64_t borrow = 0;

    for (size_t i = 0; i < bn; i++) {
        carry += (uint64_t)b[i] * digit;
        uint64_t rest = (uint64_t)a[i] - (uint32_t)carry - borrow;
        a[i] = (uint32_t)rest;
        borrow = rest >> 63;
        carry >>= 32;
    }
    uint64_t rest = (uint64_t)a[bn] - carry - borrow;
    a[bn] = (uint32_t)rest;
    return (uint32_t)(rest >> 63);
}

static void add_back(uint32_t *a, const uint32_t *b, size_t bn)
{
    uint64_t carry = 0;

    for (size_t i = 0; i < bn; i++) {
        carry += (uint64_t)a[i] + b[i];
        a[i] = (uint32_t)carry;
        carry >>= 32;
    }
    a[bn] += (uint32_t)carry;
}

size_t rt__nat_divmod(uint32_t *q, uint32_t *a, size_t an, uint32_t *b,
                      size_t bn)
{
    assert(bn > 0 && b[bn - 1] != 0 && an >= bn);

    if (bn == 1) {
        memcpy(q, a, an * sizeof *q);
        a[0] = rt__nat_div_small(q, an, b[0]);
        return rt__nat_trim(q, an);
    }
    // Algorithm D: with the divisor's highest bit set the estimate is good.
    unsigned shift = (unsigned)__builtin_clz(b[bn - 1]);
    a[an] = 0;
    shift_left(a, an + 1, shift);
    shift_left(b, bn, shift);
    for (size_t i = an - bn + 1; i-- > 0;) {
        q[i] = estimate(a + i, b, bn);
        if (subtract_times(a + i, b, bn, q[i])) {
            q[i]--;
            add_back(a + i, b, bn);
        }
    }
    shift_right(a, bn, shift);
    return rt__nat_trim(q, an - bn + 1);
}
