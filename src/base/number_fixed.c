// Doubles with a fixed number of digits behind the point.
//
// A double is an integer times a power of two, so x * 10^digits is an integer,
// of some 1,400 bits at most, over a power of two: it is computed exactly,
// shifted, and rounded by the bits that fall off.
#include <stdint.h>
#include <string.h>

#include <retort/base/number.h>

// 1024 bits for the largest double, 333 for 10^RT_NUMBER_FIXED_MAX.
#define WORDS 44

// A natural number, least word first.
typedef struct big {
    uint32_t words[WORDS];
    int len;
} big;

static void big_multiply(big *b, uint32_t factor)
{
    uint64_t carry = 0;

    for (int i = 0; i < b->len; i++) {
        carry += (uint64_t)b->words[i] * factor;
        b->words[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry)
        b->words[b->len++] = (uint32_t)carry;
}

static uint32_t big_divide(big *b, uint32_t divisor)
{
    uint64_t rest = 0;

    for (int i = b->len; i-- > 0;) {
        rest = rest << 32 | b->words[i];
        b->words[i] = (uint32_t)(rest / divisor);
        rest %= divisor;
    }
    while (b->len > 0 && b->words[b->len - 1] == 0)
        b->len--;
    return (uint32_t)rest;
}

static bool big_bit(const big *b, int at)
{
    return at < 32 * b->len && (b->words[at / 32] >> (at % 32) & 1);
}

static void big_shift_left(big *b, int bits)
{
    while (bits > 0) {
        int step = bits < 31 ? bits : 31;
        big_multiply(b, (uint32_t)1 << step);
        bits -= step;
    }
}

// Divide by 2^bits, to nearest, ties to even.
static void big_shift_right_rounded(big *b, int bits)
{
    bool half = big_bit(b, bits - 1);
    bool odd = big_bit(b, bits);
    bool beyond = false;

    for (int i = 0; i < bits - 1 && !beyond && i < 32 * b->len; i++)
        beyond = big_bit(b, i);
    for (int step; bits > 0; bits -= step) {
        step = bits < 31 ? bits : 31;
        big_divide(b, (uint32_t)1 << step);
    }
    if (!half || !(beyond || odd))
        return;
    for (int i = 0; i < b->len; i++) {
        if (++b->words[i] != 0)
            return;
    }
    b->words[b->len++] = 1;
}

// Put the integer's decimal digits with `digits` of them behind a point.
static void put_digits(rt_buf *buf, big *b, int digits)
{
    char text[WORDS * 10 + RT_NUMBER_FIXED_MAX + 2];
    char *end = text + sizeof text;
    char *at = end;

    for (int count = 0; b->len > 0 || count <= digits; count++) {
        if (count == digits && digits > 0)
            *--at = '.';
        *--at = (char)('0' + big_divide(b, 10));
    }
    rt_buf_put_bytes(buf, at, (size_t)(end - at));
}

void rt_buf_put_double_fixed(rt_buf *buf, double x, int digits)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    int exponent = (int)(bits >> 52) & 0x7ff;
    if (exponent == 0x7ff) {
        rt_buf_put_double(buf, x);
        return;
    }
    if (digits < 0)
        digits = 0;
    if (digits > RT_NUMBER_FIXED_MAX)
        digits = RT_NUMBER_FIXED_MAX;

    uint64_t c = bits & (((uint64_t)1 << 52) - 1);
    if (exponent > 0) {
        c |= (uint64_t)1 << 52;
    } else {
        exponent = 1;
    }
    int q = exponent - 1075;
    big b = {.words = {(uint32_t)c, (uint32_t)(c >> 32)}, .len = 2};
    big_shift_left(&b, q > 0 ? q : 0);
    for (int i = 0; i < digits; i++)
        big_multiply(&b, 10);
    if (q < 0)
        big_shift_right_rounded(&b, -q);
    if (bits >> 63)
        rt_buf_put_char(buf, '-');
    put_digits(buf, &b, digits);
}
