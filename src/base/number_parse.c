// Reading doubles, by three ways of growing cost.
//
// 1. Up to 2^53 and with a power of ten up to 22 both factors are doubles and
//    one multiplication or division rounds once (Clinger 1990).
// 2. Nineteen digits times a power of ten to 128 bits: the product's error is
//    bounded, and where rounding could hang on it we notice (Lemire 2021).
// 3. strtod of the C locale, for subnormal results and for long digit strings
//    whose tail matters.
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include <retort/base/number.h>

#include "base/number_powers.h"
// More significant digits than this cannot matter, beyond being zero or not:
// the midpoint between two doubles has at most 767.
#define DIGITS_MAX 780

// What a decimal number consists of.
typedef struct decimal {
    bool negative;
    rt_str whole;      // digits before the point
    rt_str fraction;   // digits behind it
    int64_t exponent;  // the written one, held within +-EXPONENT_LIMIT
    uint64_t mantissa; // the first 19 significant digits
    int64_t scale;     // value = mantissa * 10^scale when not truncated
    bool truncated;    // there are more non-zero digits than in mantissa
} decimal;

#define EXPONENT_LIMIT ((int64_t)1 << 60)

static rt_str take_digits(rt_str *cursor)
{
    size_t len = 0;

    while (len < cursor->len && rt_is_digit(cursor->data[len]))
        len++;
    return rt_str_take(cursor, len);
}

static bool skip_sign(rt_str *cursor)
{
    bool negative = cursor->len && cursor->data[0] == '-';

    if (negative || (cursor->len && cursor->data[0] == '+'))
        rt_str_take(cursor, 1);
    return negative;
}

// exponent = ("e" | "E") [ "+" | "-" ] digit+
static bool parse_exponent(rt_str *cursor, int64_t *out)
{
    rt_str_take(cursor, 1);
    bool negative = skip_sign(cursor);
    rt_str digits = take_digits(cursor);
    int64_t n = 0;

    for (size_t i = 0; i < digits.len; i++) {
        n = n * 10 + (digits.data[i] - '0');
        if (n > EXPONENT_LIMIT / 16)
            n = EXPONENT_LIMIT / 16;
    }
    *out = negative ? -n : n;
    return digits.len > 0;
}

// Add digits to the mantissa while they fit.
static void gather(decimal *d, rt_str digits, int *count, bool behind_point)
{
    for (size_t i = 0; i < digits.len; i++) {
        unsigned digit = (unsigned)(digits.data[i] - '0');

        if (*count < 19) {
            d->mantissa = d->mantissa * 10 + digit;
            *count += d->mantissa != 0; // leading zeros do not count
            d->scale -= behind_point;
        } else {
            d->truncated |= digit != 0;
            d->scale += !behind_point;
        }
    }
}

// number = [ "+" | "-" ] ( digit+ [ "." digit* ] | "." digit+ ) [ exponent ]
static bool parse_decimal(rt_str s, decimal *d)
{
    int count = 0;

    *d = (decimal){.negative = skip_sign(&s)};
    d->whole = take_digits(&s);
    if (s.len && s.data[0] == '.') {
        rt_str_take(&s, 1);
        d->fraction = take_digits(&s);
    }
    if (d->whole.len + d->fraction.len == 0)
        return false;
    if (s.len && (s.data[0] | 0x20) == 'e' && !parse_exponent(&s, &d->exponent))
        return false;
    if (s.len)
        return false;

    gather(d, d->whole, &count, false);
    gather(d, d->fraction, &count, true);
    d->scale += d->exponent;
    return true;
}

static const double small_powers[] = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

// Both factors are exact, so the one operation rounds correctly.
static bool convert_exactly(uint64_t mantissa, int64_t scale, double *out)
{
    if (mantissa > (uint64_t)1 << 53 || scale < -22 || scale > 22)
        return false;
    if (scale < 0) {
        *out = (double)mantissa / small_powers[-scale];
    } else {
        *out = (double)mantissa * small_powers[scale];
    }
    return true;
}

// mantissa * 10^scale, where 64 bits of mantissa times 128 bits of the power
// decide it. False when they do not, or when the result is no normal number.
static bool convert_wide(uint64_t mantissa, int scale, double *out)
{
    if (scale < RT__POWER_MIN || scale > 308)
        return false;
    int zeros = __builtin_clzll(mantissa);
    rt__power g = rt__power_of_ten(scale);
    mantissa <<= zeros;
    rt__power product = rt__multiply(mantissa, g.hi);
    // Nine bits below the 55 we keep tell whether the power's lower half can
    // still change them.
    if ((product.hi & 0x1ff) == 0x1ff) {
        rt__power low = rt__multiply(mantissa, g.lo);
        product.lo += low.hi;
        product.hi += product.lo < low.hi;
        if (product.lo == UINT64_MAX)
            return false;
    }

    int upper = (int)(product.hi >> 63);
    uint64_t bits = product.hi >> (upper + 9); // 53 bits and one to round by
    int exponent = rt__log2_pow10(scale) + 63 + upper - zeros + 1023;
    if (exponent <= 0)
        return false;
    // Exactly between two doubles, which only small powers can bring about:
    // to even.
    if (product.lo <= 1 && scale >= -4 && scale <= 23 && (bits & 3) == 1 &&
        bits << (upper + 9) == product.hi)
        bits &= ~(uint64_t)1;
    bits = (bits + (bits & 1)) >> 1;
    if (bits >> 53) {
        bits >>= 1;
        exponent++;
    }
    if (exponent >= 0x7ff)
        return false;
    bits = (bits & (((uint64_t)1 << 52) - 1)) | (uint64_t)exponent << 52;
    memcpy(out, &bits, sizeof bits);
    return true;
}

// Significant digits copied for strtod, and what was not copied.
typedef struct digit_run {
    char *text;
    size_t count;   // at most DIGITS_MAX
    size_t left;    // digits behind those
    bool left_over; // one of them is not zero
} digit_run;

static void copy_digits(digit_run *run, rt_str digits)
{
    for (size_t i = 0; i < digits.len; i++) {
        if (run->count == 0 && digits.data[i] == '0')
            continue;
        if (run->count < DIGITS_MAX) {
            run->text[run->count++] = digits.data[i];
        } else {
            run->left++;
            run->left_over |= digits.data[i] != '0';
        }
    }
}

// The number again as digits and exponent, short enough for the stack; digits
// beyond the last that matters are stood for by a final 1.
static double convert_slowly(const decimal *d)
{
    char text[DIGITS_MAX + 64];
    digit_run run = {.text = text};
    copy_digits(&run, d->whole);
    copy_digits(&run, d->fraction);
    int64_t exponent =
        d->exponent - (int64_t)d->fraction.len + (int64_t)run.left;

    if (run.left_over) {
        text[run.count++] = '1';
        exponent--;
    }
    if (exponent > 100000)
        exponent = 100000;
    if (exponent < -100000)
        exponent = -100000;

    int64_t size = exponent < 0 ? -exponent : exponent;
    char *at = text + run.count;
    *at++ = 'e';
    *at++ = exponent < 0 ? '-' : '+';
    for (int64_t unit = 100000; unit > 0; unit /= 10)
        *at++ = (char)('0' + size / unit % 10);
    *at = '\0';

    // In glibc the C locale is a constant: nothing is allocated.
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    double x = strtod_l(text, NULL, c_locale);
    freelocale(c_locale);
    return x;
}

static double convert(const decimal *d)
{
    double x;
    double next;

    if (d->mantissa == 0 || d->scale < -400)
        return 0.0;
    if (d->scale > 400)
        return HUGE_VAL;
    if (!d->truncated && convert_exactly(d->mantissa, d->scale, &x))
        return x;
    // With digits cut off the number lies between two mantissas; where both
    // give one double, so does it.
    if (convert_wide(d->mantissa, (int)d->scale, &x) &&
        (!d->truncated ||
         (convert_wide(d->mantissa + 1, (int)d->scale, &next) && x == next)))
        return x;
    return convert_slowly(d);
}

bool rt_str_parse_double(rt_str s, double *out)
{
    decimal d;

    if (!parse_decimal(s, &d))
        return false;
    double x = convert(&d);
    *out = d.negative ? -x : x;
    return true;
}
