// Doubles in Python's presentations: 'e', 'f', 'g' with any precision.
//
// A double is m * 2^e. Below one it is m * 5^-e / 10^-e, so it has a decimal
// expansion that ends, of 767 digits at most: we write all of them and round
// that, ties to even, which is exact by construction.
#include <math.h>

#include <retort/base/number.h>

#include "template/nat.h"
#include "template/runtime.h"

#define DIGITS_MAX 800
#define LIMBS_MAX  84 // 53 bits times 5^1074

// 0.d1d2d3... * 10^point; no digits for zero.
typedef struct decimal {
    char digits[DIGITS_MAX];
    size_t len;
    int point;
} decimal;

// The digits of a natural number, which is used up.
static void write_digits(decimal *d, uint32_t *limbs, size_t len)
{
    char text[DIGITS_MAX];
    char *end = text + sizeof text;
    char *at = end;

    while (len > 0) {
        uint32_t piece = rt__nat_div_small(limbs, len, 1000000000);
        len = rt__nat_trim(limbs, len);
        for (int i = 0; i < 9 && (len || piece); i++) {
            *--at = (char)('0' + piece % 10);
            piece /= 10;
        }
    }
    d->len = (size_t)(end - at);
    memcpy(d->digits, at, d->len);
}

static void expand(decimal *d, double x)
{
    uint32_t limbs[LIMBS_MAX];
    int exponent;
    int places = 0; // behind the point
    uint64_t bits = (uint64_t)ldexp(frexp(x, &exponent), 53);

    d->len = 0;
    d->point = 1;
    if (x == 0)
        return;
    exponent -= 53;
    int zeros = __builtin_ctzll(bits);
    bits >>= zeros;
    exponent += zeros;
    limbs[0] = (uint32_t)bits;
    limbs[1] = (uint32_t)(bits >> 32);
    size_t len = rt__nat_trim(limbs, 2);
    if (exponent > 0) {
        len = rt__nat_shift_left(limbs, limbs, len, (size_t)exponent);
    } else {
        places = -exponent;
        int fives = places;
        for (; fives >= 13; fives -= 13)
            len = rt__nat_mul_small(limbs, len, 1220703125, 0); // 5^13
        for (; fives > 0; fives--)
            len = rt__nat_mul_small(limbs, len, 5, 0);
    }
    write_digits(d, limbs, len);
    d->point = (int)d->len - places;
}

// Keep so many digits; negative is none.
static void round_to(decimal *d, int64_t keep)
{
    if (keep >= (int64_t)d->len)
        return;
    if (keep < 0) {
        d->len = 0;
        return;
    }
    size_t n = (size_t)keep;
    bool up = d->digits[n] > '5';
    if (d->digits[n] == '5') {
        up = n > 0 && (d->digits[n - 1] & 1);
        for (size_t i = n + 1; i < d->len && !up; i++)
            up = d->digits[i] != '0';
    }
    d->len = n;
    if (!up)
        return;
    while (n > 0 && d->digits[n - 1] == '9')
        n--;
    if (n > 0) {
        d->digits[n - 1]++;
        d->len = n;
    } else {
        d->digits[0] = '1';
        d->len = 1;
        d->point++;
    }
}

// Digits from position `from` (negative: before the first) on, with zeros where
// there are none.
static void put_digits(rt_buf *out, const decimal *d, int64_t from, size_t n)
{
    size_t before = from < 0 ? (size_t)-from : 0;

    if (before > n)
        before = n;
    rt_buf_put_repeat(out, '0', before);
    n -= before;
    size_t at = from < 0 ? 0 : (size_t)from;
    size_t have = at < d->len ? d->len - at : 0;
    if (have > n)
        have = n;
    rt_buf_put_bytes(out, d->digits + at, have);
    rt_buf_put_repeat(out, '0', n - have);
}

static void put_fixed(rt_buf *out, const decimal *d, size_t places, bool point)
{
    if (d->point > 0) {
        put_digits(out, d, 0, (size_t)d->point);
    } else {
        rt_buf_put_char(out, '0');
    }
    if (places > 0 || point)
        rt_buf_put_char(out, '.');
    put_digits(out, d, d->point, places);
}

static void put_scientific(rt_buf *out, const decimal *d, size_t places,
                           bool point, char e)
{
    int exponent = d->point - 1;
    unsigned size = (unsigned)(exponent < 0 ? -exponent : exponent);

    put_digits(out, d, 0, 1);
    if (places > 0 || point)
        rt_buf_put_char(out, '.');
    put_digits(out, d, 1, places);
    rt_buf_put_char(out, e);
    rt_buf_put_char(out, exponent < 0 ? '-' : '+');
    if (size < 10)
        rt_buf_put_char(out, '0');
    rt_buf_put_uint(out, size);
}

// Significant digits, in whichever form is shorter.
static void put_general(rt_buf *out, decimal *d, int precision, char e,
                        unsigned flags)
{
    bool alt = flags & RT__FLOAT_ALT;
    bool dot = flags & RT__FLOAT_ADD_DOT;

    if (precision == 0)
        precision = 1;
    round_to(d, precision);
    bool scientific = d->point <= -4 || d->point > precision - dot;
    size_t digits = (size_t)precision;
    if (!alt) {
        digits = d->len;
        while (digits > 1 && d->digits[digits - 1] == '0')
            digits--;
    }
    if (digits == 0)
        digits = 1;
    if (scientific) {
        put_scientific(out, d, digits - 1, alt, e);
        return;
    }
    int64_t places = (int64_t)digits - d->point;
    if (places < dot)
        places = dot;
    put_fixed(out, d, (size_t)places, alt);
}

// repr, with a point even where it has none.
static void put_repr(rt_buf *out, double x, unsigned flags)
{
    size_t start = out->len;

    rt_buf_put_double(out, x);
    if (!(flags & RT__FLOAT_ALT) || out->status)
        return;
    rt_str text = rt_str_of(out->data + start, out->len - start);
    size_t e = rt_str_find_char(text, 'e');
    if (e == RT_STR_NONE || rt_str_find_char(text, '.') != RT_STR_NONE ||
        !rt_buf_reserve(out, 1))
        return;
    char *at = out->data + start + e;
    memmove(at + 1, at, text.len - e);
    *at = '.';
    out->len++;
}

void rt__put_float(rt_buf *out, double x, char type, int precision,
                   unsigned flags)
{
    bool upper = type == 'E' || type == 'F' || type == 'G';
    char e = upper ? 'E' : 'e';
    bool alt = flags & RT__FLOAT_ALT;
    decimal d;

    if (!isfinite(x)) {
        if (x < 0)
            rt_buf_put_char(out, '-');
        rt_buf_put_cstr(out, isnan(x) ? (upper ? "NAN" : "nan")
                                      : (upper ? "INF" : "inf"));
        return;
    }
    if (type == 'r') {
        put_repr(out, x, flags);
        return;
    }
    if (signbit(x))
        rt_buf_put_char(out, '-');
    expand(&d, fabs(x));
    switch (type) {
    case 'e':
    case 'E':
        round_to(&d, (int64_t)precision + 1);
        put_scientific(out, &d, (size_t)precision, alt, e);
        return;
    case 'f':
    case 'F':
        round_to(&d, (int64_t)d.point + precision);
        put_fixed(out, &d, (size_t)precision, alt);
        return;
    default: put_general(out, &d, precision, e, flags); return;
    }
}
