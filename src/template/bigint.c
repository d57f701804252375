// Integers beyond 64 bits: the object, and the arithmetic of signed numbers on
// that of natural ones (nat.c).
#include "template/bigint.h"

#include <assert.h>
#include <math.h>

#include <retort/base/hash.h>

typedef struct big {
    bool negative;
    size_t len;
    const uint32_t *limbs; // no leading zeros, beyond 64 bits with sign
} big;

static const rt_vtable big_vtable;

// What RT__INT_DIGITS_MAX decimal digits need: log2(10) is 3.32.
#define MOST_LIMBS ((size_t)RT__INT_DIGITS_MAX * 333 / 100 / 32 + 2)

bool rt__is_bigint(rt_value v)
{
    return v.kind == RT_OBJECT && v.as.object->vtable == &big_vtable;
}

bool rt__is_integer(rt_value v)
{
    return v.kind == RT_INT || v.kind == RT_BOOL || rt__is_bigint(v);
}

static void view_big(const big *b, rt__int *out)
{
    *out = (rt__int){b->limbs, b->len, b->negative, {0, 0}};
}

static void view_int(int64_t n, rt__int *out)
{
    uint64_t size = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

    out->small[0] = (uint32_t)size;
    out->small[1] = (uint32_t)(size >> 32);
    out->limbs = out->small;
    out->len = rt__nat_trim(out->small, 2);
    out->negative = n < 0;
}

bool rt__int_view(rt_value v, rt__int *out)
{
    if (v.kind == RT_INT) {
        view_int(v.as.integer, out);
    } else if (v.kind == RT_BOOL) {
        view_int(v.as.boolean, out);
    } else if (rt__is_bigint(v)) {
        view_big(v.as.object->self, out);
    } else {
        return false;
    }
    return true;
}

// The integer as int64_t, when it is one.
static bool fits(bool negative, const uint32_t *limbs, size_t len, int64_t *out)
{
    if (len > 2)
        return false;
    uint64_t size =
        (len > 0 ? limbs[0] : 0) | (uint64_t)(len > 1 ? limbs[1] : 0) << 32;
    if (size > (uint64_t)INT64_MAX + negative)
        return false;
    *out = (int64_t)(negative ? 0 - size : size);
    return true;
}

rt_value rt__int_value(rt_render *r, bool negative, uint32_t *limbs, size_t len)
{
    int64_t n;

    len = rt__nat_trim(limbs, len);
    if (fits(negative, limbs, len, &n))
        return rt_value_int(n);
    big *b = rt_new(r->arena, big, 1);
    *b = (big){negative, len, limbs};
    return rt_object_new(r->arena, &big_vtable, b);
}

rt_status rt__int_room(rt_render *r, size_t limbs, uint32_t **out)
{
    // A limb more than the limit's bits is for results that do not use it.
    if (limbs > RT__INT_BITS_MAX / 32 + 2) {
        return rt__raise(r, RT_TEMPLATE_LIMIT_ERROR,
                         "an integer of more than {} bits", RT__INT_BITS_MAX);
    }
    *out = rt_arena_alloc(r->arena, limbs * sizeof **out);
    return rt__step(r, limbs / 16 + 1);
}

rt_status rt__int_step(rt_render *r, const rt__int *a)
{
    return rt__step(r, a->len / 16);
}

// A division by a small number for each nine of them.
rt_status rt__int_step_digits(rt_render *r, const rt__int *a)
{
    size_t len = a->len < MOST_LIMBS ? a->len : MOST_LIMBS;

    return rt__step(r, len * len / 16);
}

size_t rt__int_bit_length(rt_value v)
{
    rt__int a;

    return rt__int_view(v, &a) ? rt__nat_bits(a.limbs, a.len) : 0;
}

// ---- arithmetic ---------------------------------------------------------

// a + b, with b's sign as given.
static rt_status add_signed(rt_render *r, const rt__int *a, const rt__int *b,
                            bool b_negative, rt_value *out)
{
    uint32_t *limbs;
    size_t len = (a->len > b->len ? a->len : b->len) + 1;
    rt_status st = rt__int_room(r, len, &limbs);

    if (st)
        return st;
    if (a->negative == b_negative) {
        len = rt__nat_add(limbs, a->limbs, a->len, b->limbs, b->len);
        *out = rt__int_value(r, b_negative, limbs, len);
    } else if (rt__nat_compare(a->limbs, a->len, b->limbs, b->len) >= 0) {
        len = rt__nat_sub(limbs, a->limbs, a->len, b->limbs, b->len);
        *out = rt__int_value(r, a->negative, limbs, len);
    } else {
        len = rt__nat_sub(limbs, b->limbs, b->len, a->limbs, a->len);
        *out = rt__int_value(r, b_negative, limbs, len);
    }
    return RT_OK;
}

rt_status rt__int_add(rt_render *r, const rt__int *a, const rt__int *b,
                      rt_value *out)
{
    return add_signed(r, a, b, b->negative, out);
}

rt_status rt__int_sub(rt_render *r, const rt__int *a, const rt__int *b,
                      rt_value *out)
{
    return add_signed(r, a, b, !b->negative, out);
}

rt_status rt__int_negate(rt_render *r, const rt__int *a, rt_value *out)
{
    uint32_t *limbs;
    rt_status st = rt__int_room(r, a->len, &limbs);

    if (st)
        return st;
    memcpy(limbs, a->limbs, a->len * sizeof *limbs);
    *out = rt__int_value(r, !a->negative, limbs, a->len);
    return RT_OK;
}

rt_status rt__int_mul(rt_render *r, const rt__int *a, const rt__int *b,
                      rt_value *out)
{
    uint32_t *limbs = NULL;
    rt_status st = rt__int_room(r, a->len + b->len, &limbs);

    if (!st)
        st = rt__step(r, a->len * b->len / 64);
    if (st)
        return st;
    size_t len = rt__nat_mul(limbs, a->limbs, a->len, b->limbs, b->len);
    *out = rt__int_value(r, a->negative != b->negative, limbs, len);
    return RT_OK;
}

// A copy that division may change, with room for a limb more.
static rt_status copy_limbs(rt_render *r, const rt__int *a, uint32_t **out)
{
    rt_status st = rt__int_room(r, a->len + 1, out);

    if (!st)
        memcpy(*out, a->limbs, a->len * sizeof **out);
    return st;
}

// |a| / |b|, where |a| is not the smaller one.
static rt_status divide(rt_render *r, const rt__int *a, const rt__int *b,
                        uint32_t **q, size_t *qn, uint32_t **rest)
{
    uint32_t *divisor;
    rt_status st = rt__int_room(r, a->len - b->len + 2, q);

    if (!st)
        st = copy_limbs(r, a, rest);
    if (!st)
        st = copy_limbs(r, b, &divisor);
    if (!st)
        st = rt__step(r, (a->len - b->len + 1) * b->len / 64);
    if (!st)
        *qn = rt__nat_divmod(*q, *rest, a->len, divisor, b->len);
    return st;
}

rt_status rt__int_divmod(rt_render *r, const rt__int *a, const rt__int *b,
                         rt_value *quotient, rt_value *remainder)
{
    uint32_t *q = NULL;
    uint32_t *rest = NULL;
    size_t qn = 0;
    size_t rn = a->len;
    rt_status st;

    if (rt__nat_compare(a->limbs, a->len, b->limbs, b->len) < 0) {
        st = rt__int_room(r, 2, &q);
        if (!st)
            st = rt__int_room(r, b->len, &rest);
        if (!st)
            memcpy(rest, a->limbs, a->len * sizeof *rest);
    } else {
        st = divide(r, a, b, &q, &qn, &rest);
        rn = st ? 0 : rt__nat_trim(rest, b->len);
    }
    if (st)
        return st;

    // Towards minus infinity: the remainder has the divisor's sign.
    if (a->negative != b->negative && rn > 0) {
        static const uint32_t one = 1;
        qn = rt__nat_add(q, q, qn, &one, 1);
        rn = rt__nat_sub(rest, b->limbs, b->len, rest, rn);
    }
    if (quotient)
        *quotient = rt__int_value(r, a->negative != b->negative, q, qn);
    if (remainder)
        *remainder = rt__int_value(r, b->negative, rest, rn);
    return RT_OK;
}

// out = out * b, by value.
static rt_status multiply_by(rt_render *r, rt_value *out, rt_value b)
{
    rt__int x, y;

    if (!rt__int_view(*out, &x) || !rt__int_view(b, &y))
        return RT_E_TYPE;
    return rt__int_mul(r, &x, &y, out);
}

// By squaring, for an exponent that the result's size has been checked with.
static rt_status pow_by_squaring(rt_render *r, rt_value base, uint32_t n,
                                 rt_value *out)
{
    rt_status st = RT_OK;

    *out = rt_value_int(1);
    for (; !st && n > 0; n >>= 1) {
        if (n & 1)
            st = multiply_by(r, out, base);
        if (!st && n > 1)
            st = multiply_by(r, &base, base);
    }
    return st;
}

rt_status rt__int_pow(rt_render *r, const rt__int *a, const rt__int *b,
                      rt_value *out)
{
    size_t bits = rt__nat_bits(a->limbs, a->len);
    uint32_t *limbs;

    assert(!b->negative);
    if (b->len == 0 || bits <= 1) { // x ** 0, and powers of 0, 1, -1
        bool odd = b->len > 0 && b->limbs[0] & 1;
        *out = rt_value_int(b->len > 0 && bits == 0 ? 0
                            : odd && a->negative    ? -1
                                                    : 1);
        return RT_OK;
    }
    // The result has (bits - 1) * n bits at least.
    if (b->len > 1 || b->limbs[0] > RT__INT_BITS_MAX / (bits - 1)) {
        return rt__raise(r, RT_TEMPLATE_LIMIT_ERROR,
                         "an integer of more than {} bits", RT__INT_BITS_MAX);
    }
    rt_status st = copy_limbs(r, a, &limbs);
    if (st)
        return st;
    return pow_by_squaring(r, rt__int_value(r, a->negative, limbs, a->len),
                           b->limbs[0], out);
}

// ---- doubles ----------------------------------------------------------------

// A number of at most 64 bits times 2^exponent, where bit 0 also stands for
// everything below it, to the nearest double, ties to even. False when that is
// infinite.
static bool round_to_double(uint64_t bits, int64_t exponent, double *out)
{
    if (bits == 0 || exponent < -1200) {
        *out = 0;
        return true;
    }
    int width = 64 - __builtin_clzll(bits);
    // The last bit a double of this size has.
    int64_t last = exponent + width - 53;
    if (last < -1074)
        last = -1074;
    int64_t extra = last - exponent; // bits to drop
    if (extra >= 64) {
        bits = 0; // less than half of the smallest double
        extra = 0;
    }
    if (extra > 0) {
        uint64_t half = (uint64_t)1 << (extra - 1);
        uint64_t rest = bits & (2 * half - 1);
        bits >>= extra - 1;
        bits >>= 1;
        if (rest > half || (rest == half && bits & 1))
            bits++;
        exponent = last;
    }
    if (exponent > 1100)
        return false;
    *out = ldexp((double)bits, (int)exponent);
    return isfinite(*out);
}

// The highest 64 bits of a natural number, and whether others are set, in
// bit 0.
static uint64_t top_bits(const uint32_t *limbs, size_t len, int64_t *exponent)
{
    uint64_t top = 0;
    size_t bits = rt__nat_bits(limbs, len);
    size_t drop = bits > 64 ? bits - 64 : 0;

    *exponent = (int64_t)drop;
    for (size_t i = 0; i < 3; i++) {
        size_t at = drop / 32 + i;
        uint64_t limb = at < len ? limbs[at] : 0;
        int shift = (int)(32 * i) - (int)(drop % 32);
        if (shift < 0) {
            top |= limb >> -shift;
        } else if (shift < 64) {
            top |= limb << shift;
        }
    }
    bool below = drop % 32 && limbs[drop / 32] << (32 - drop % 32);
    for (size_t i = 0; i < drop / 32 && !below; i++)
        below = limbs[i] != 0;
    return top | below;
}

bool rt__int_to_double(const rt__int *a, double *out)
{
    int64_t exponent;
    uint64_t top = top_bits(a->limbs, a->len, &exponent);

    if (!round_to_double(top, exponent, out))
        return false;
    if (a->negative)
        *out = -*out;
    return true;
}

rt_status rt__int_true_div(rt_render *r, const rt__int *a, const rt__int *b,
                           double *out)
{
    // Shift one of them so that the quotient has 62 to 64 bits: enough to round
    // by, with what remains in its last bit.
    int64_t shift = 63 - (int64_t)rt__nat_bits(a->limbs, a->len) +
                    (int64_t)rt__nat_bits(b->limbs, b->len);
    size_t up = shift > 0 ? (size_t)shift : 0;
    size_t down = shift < 0 ? (size_t)-shift : 0;
    uint32_t *x, *y, *q;
    size_t xn = a->len + up / 32 + 1;
    size_t yn = b->len + down / 32 + 1;
    rt_status st;

    if (a->len == 0) {
        *out = a->negative != b->negative ? -0.0 : 0.0;
        return RT_OK;
    }
    st = rt__step(r, 1);
    if (st)
        return st;
    // Scratch, not results: twice the longest integer is no matter.
    x = rt_arena_alloc(r->arena, (xn + 1) * sizeof *x);
    y = rt_arena_alloc(r->arena, yn * sizeof *y);
    xn = rt__nat_shift_left(x, a->limbs, a->len, up);
    yn = rt__nat_shift_left(y, b->limbs, b->len, down);
    assert(xn >= yn);
    q = rt_arena_alloc(r->arena, (xn - yn + 1) * sizeof *q);
    size_t qn = rt__nat_divmod(q, x, xn, y, yn);
    assert(qn <= 2);
    uint64_t bits = q[0] | (uint64_t)(qn > 1 ? q[1] : 0) << 32;
    bits |= rt__nat_trim(x, yn) > 0;

    if (!round_to_double(bits, -shift, out)) {
        return rt__raise(r, RT_TEMPLATE_OVERFLOW_ERROR,
                         "integer division result too large for a float");
    }
    if (a->negative != b->negative)
        *out = -*out;
    return RT_OK;
}

// The limbs of a double that is a natural number below 2^1024.
static size_t double_limbs(double x, uint32_t limbs[34])
{
    int exponent;
    double fraction = frexp(x, &exponent); // in [0.5, 1)
    uint64_t bits = (uint64_t)ldexp(fraction, 53);
    uint32_t small[2] = {(uint32_t)bits, (uint32_t)(bits >> 32)};

    assert(exponent >= 53 && exponent <= 1024);
    return rt__nat_shift_left(limbs, small, 2, (size_t)exponent - 53);
}

int rt__int_compare(const rt__int *a, const rt__int *b)
{
    if (a->negative != b->negative)
        return a->negative ? -1 : 1;
    int order = rt__nat_compare(a->limbs, a->len, b->limbs, b->len);
    return a->negative ? -order : order;
}

int rt__int_compare_double(const rt__int *a, double x)
{
    uint32_t limbs[34];
    int64_t n;

    assert(!isnan(x));
    if (fits(a->negative, a->limbs, a->len, &n)) {
        if (x >= 0x1p63)
            return -1;
        if (x < -0x1p63)
            return 1;
        int64_t whole = (int64_t)x;
        double rest = x - (double)whole;
        if (n != whole)
            return n < whole ? -1 : 1;
        return rest > 0 ? -1 : rest < 0;
    }
    if (isinf(x))
        return x > 0 ? -1 : 1;
    // Beyond 64 bits: what is smaller than 2^63 is so by its sign.
    if (fabs(x) < 0x1p63 || a->negative != (x < 0))
        return a->negative ? -1 : 1;
    size_t len = double_limbs(fabs(x), limbs);
    int order = rt__nat_compare(a->limbs, a->len, limbs, len);
    return a->negative ? -order : order;
}

rt_status rt__int_from_double(rt_render *r, double x, rt_value *out)
{
    uint32_t *limbs;
    rt_status st;

    if (isnan(x)) {
        return rt__raise(r, RT_TEMPLATE_VALUE_ERROR,
                         "cannot convert float NaN to integer");
    }
    if (isinf(x)) {
        return rt__raise(r, RT_TEMPLATE_OVERFLOW_ERROR,
                         "cannot convert float infinity to integer");
    }
    if (x >= -0x1p63 && x < 0x1p63) {
        *out = rt_value_int((int64_t)x);
        return RT_OK;
    }
    st = rt__int_room(r, 34, &limbs);
    if (!st)
        *out = rt__int_value(r, x < 0, limbs, double_limbs(fabs(x), limbs));
    return st;
}

// ---- text ---------------------------------------------------------------------

// Nine decimal digits at a time, written from the end.
static void put_decimal(rt_buf *out, const rt__int *a)
{
    uint32_t limbs[MOST_LIMBS];
    char text[RT__INT_DIGITS_MAX + 40]; // a few too many for the first piece
    char *end = text + sizeof text;
    char *at = end;
    size_t len = a->len;

    if (len > RT_COUNT(limbs)) {
        out->status = out->status ? out->status : RT_E_RANGE;
        return;
    }
    memcpy(limbs, a->limbs, len * sizeof *limbs);
    do {
        uint32_t piece = rt__nat_div_small(limbs, len, 1000000000);
        len = rt__nat_trim(limbs, len);
        for (int i = 0; i < 9 && (len || piece || (i == 0 && at == end)); i++) {
            *--at = (char)('0' + piece % 10);
            piece /= 10;
        }
    } while (len > 0);
    if (end - at > RT__INT_DIGITS_MAX) {
        out->status = out->status ? out->status : RT_E_RANGE;
    } else {
        rt_buf_put_bytes(out, at, (size_t)(end - at));
    }
}

static void put_binary(rt_buf *out, const rt__int *a, unsigned bits)
{
    size_t digits = (rt__nat_bits(a->limbs, a->len) + bits - 1) / bits;

    if (digits == 0)
        rt_buf_put_char(out, '0');
    while (digits-- > 0) {
        size_t at = digits * bits;
        uint64_t limb = a->limbs[at / 32];
        if (at / 32 + 1 < a->len)
            limb |= (uint64_t)a->limbs[at / 32 + 1] << 32;
        unsigned digit = (unsigned)(limb >> at % 32) & ((1u << bits) - 1);
        rt_buf_put_char(out, "0123456789abcdef"[digit]);
    }
}

void rt__int_put_digits(rt_buf *out, const rt__int *a, unsigned base)
{
    switch (base) {
    case 2: put_binary(out, a, 1); return;
    case 8: put_binary(out, a, 3); return;
    case 16: put_binary(out, a, 4); return;
    default: put_decimal(out, a); return;
    }
}

// ---- the object --------------------------------------------------------------

static void big_text(void *self, rt_buf *out)
{
    rt__int a;

    view_big(self, &a);
    if (a.negative)
        rt_buf_put_char(out, '-');
    rt__int_put_digits(out, &a, 10);
}

static bool big_is_true(void *self)
{
    (void)self;
    return true;
}

static bool big_equal(void *self, rt_value other)
{
    rt__int a, b;

    view_big(self, &a);
    if (rt__is_bigint(other) && rt__int_view(other, &b))
        return rt__int_compare(&a, &b) == 0;
    return other.kind == RT_FLOAT && !isnan(other.as.number) &&
           rt__int_compare_double(&a, other.as.number) == 0;
}

// As the float of the same value hashes, where there is one.
static uint64_t big_hash(void *self)
{
    rt__int a;
    double x;
    uint64_t hash;

    view_big(self, &a);
    if (rt__int_to_double(&a, &x) && rt__int_compare_double(&a, x) == 0 &&
        rt_value_hash(rt_value_float(x), &hash) == RT_OK)
        return hash;
    return rt_hash_bytes(a.limbs, a.len * sizeof *a.limbs) + a.negative;
}

static const rt_vtable big_vtable = {
    .name = "int",
    .text = big_text,
    .json = big_text,
    .is_true = big_is_true,
    .equal = big_equal,
    .hash = big_hash,
};
