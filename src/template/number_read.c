// Text as numbers: int() and float() of Python, and what else becomes one.
#include <math.h>

#include <retort/base/number.h>

#include "template/arith.h"
#include "template/bigint.h"
#include "template/text_unicode.h"

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

// The text in ASCII, trimmed: decimal digits of any script become 0 to 9, spaces
// beyond ASCII become spaces, and other characters something that no number
// contains.
static rt_str to_ascii(rt_arena *arena, rt_str s)
{
    if (!rt__text_is_ascii(s)) {
        char *text = rt_arena_alloc(arena, s.len);
        size_t len = 0;
        while (s.len) {
            uint32_t rune = rt__rune_next(&s);
            int digit = rt__rune_decimal(rune);
            text[len++] = (char)(rune < 0x80               ? (int)rune
                                 : digit >= 0              ? '0' + digit
                                 : rt__rune_is_space(rune) ? ' '
                                                           : '?');
        }
        s = rt_str_of(text, len);
    }
    while (s.len && is_space(s.data[0]))
        (void)rt_str_take(&s, 1);
    while (s.len && is_space(s.data[s.len - 1]))
        s.len--;
    return s;
}

static bool take_sign(rt_str *s)
{
    if (rt_str_skip(s, RT_STR("-")))
        return true;
    (void)rt_str_skip(s, RT_STR("+"));
    return false;
}

// ---- int ------------------------------------------------------------------------

static int digit_value(char c)
{
    if (rt_is_digit(c))
        return c - '0';
    c = rt_to_lower(c);
    return c >= 'a' && c <= 'z' ? c - 'a' + 10 : 36;
}

// The base that a prefix names, 0 without one.
static int prefix_base(rt_str s)
{
    if (s.len < 2 || s.data[0] != '0')
        return 0;
    switch (rt_to_lower(s.data[1])) {
    case 'b': return 2;
    case 'o': return 8;
    case 'x': return 16;
    default: return 0;
    }
}

// Step over a prefix and decide on the base. False for the forms that look like
// octal numbers of old.
static bool take_prefix(rt_str *s, int *base)
{
    int named = prefix_base(*s);

    if (named && (*base == 0 || *base == named)) {
        (void)rt_str_take(s, 2);
        (void)rt_str_skip(s, RT_STR("_"));
        *base = named;
        return true;
    }
    if (*base != 0)
        return true;
    *base = 10;
    for (size_t i = 0; i < s->len && s->data[0] == '0'; i++) {
        if (s->data[i] != '0' && s->data[i] != '_')
            return false;
    }
    return true;
}

// Count the digits; false if there are none, or anything but digits of the base
// with single underscores between them.
static bool count_digits(rt_str s, int base, size_t *out)
{
    size_t count = 0;
    bool digit = false;

    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] == '_') {
            if (!digit)
                return false;
            digit = false;
        } else {
            digit = digit_value(s.data[i]) < base;
            if (!digit)
                return false;
            count++;
        }
    }
    *out = count;
    return digit;
}

static bool is_power_of_two(int base)
{
    return (base & (base - 1)) == 0;
}

// The value of digits that have been checked.
static rt_status read_digits(rt_render *r, rt_str s, int base, size_t count,
                             bool negative, rt_value *out)
{
    size_t bits_per_digit = 64u - (size_t)__builtin_clzll((unsigned)base - 1);
    uint32_t *limbs;
    size_t len = 0;
    rt_status st = rt__int_room(r, count * bits_per_digit / 32 + 2, &limbs);

    if (!st)
        st = rt__step(r, count * count / 4096);
    if (st)
        return st;
    // As many digits at a time as fit a limb.
    uint32_t piece = 0;
    uint32_t scale = 1;
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] == '_')
            continue;
        piece = piece * (uint32_t)base + (uint32_t)digit_value(s.data[i]);
        scale *= (uint32_t)base;
        if (scale > UINT32_MAX / (uint32_t)base) {
            len = rt__nat_mul_small(limbs, len, scale, piece);
            piece = 0;
            scale = 1;
        }
    }
    len = rt__nat_mul_small(limbs, len, scale, piece);
    *out = rt__int_value(r, negative, limbs, len);
    return RT_OK;
}

// RT_E_SYNTAX: no integer. RT_E_LIMIT: `*digits` are too many.
static rt_status read_int(rt_render *r, rt_str text, int base, rt_value *out,
                          size_t *digits)
{
    rt_str s = to_ascii(r->arena, text);
    bool negative = take_sign(&s);

    if (!take_prefix(&s, &base) || !count_digits(s, base, digits))
        return RT_E_SYNTAX;
    if (is_power_of_two(base) ? *digits > RT__INT_BITS_MAX / 6
                              : *digits > RT__INT_DIGITS_MAX)
        return RT_E_LIMIT;
    return read_digits(r, s, base, *digits, negative, out);
}

// int(shown, base), whose text is `text`.
static rt_status parse(rt_render *r, rt_str text, rt_value shown, int base,
                       rt_value *out)
{
    size_t digits;

    if (base != 0 && (base < 2 || base > 36)) {
        return rt__raise(r, RT_TEMPLATE_VALUE_ERROR,
                         "int() base must be >= 2 and <= 36, or 0");
    }
    rt_status st = read_int(r, text, base, out, &digits);
    if (st == RT_E_SYNTAX) {
        return rt__raise(r, RT_TEMPLATE_VALUE_ERROR,
                         "invalid literal for int() with base {}: {!r}", base,
                         shown);
    }
    if (st == RT_E_LIMIT && r->error.kind == RT_TEMPLATE_OK) {
        return rt__raise(r, RT_TEMPLATE_VALUE_ERROR,
                         "Exceeds the limit ({} digits) for integer string "
                         "conversion: value has {} digits",
                         RT__INT_DIGITS_MAX, digits);
    }
    return st;
}

rt_status rt__int_parse(rt_render *r, rt_str text, int base, rt_value *out)
{
    return parse(r, text, rt_value_str(text), base, out);
}

bool rt__text_is_int(rt_render *r, rt_str text, int base, rt_value *out)
{
    size_t digits;

    return (base == 0 || (base >= 2 && base <= 36)) &&
           read_int(r, text, base, out, &digits) == RT_OK;
}

// ---- float ----------------------------------------------------------------------

static bool named_float(rt_str s, double *out)
{
    bool negative = take_sign(&s);

    if (rt_str_eq_nocase(s, RT_STR("inf")) ||
        rt_str_eq_nocase(s, RT_STR("infinity"))) {
        *out = negative ? -HUGE_VAL : HUGE_VAL;
        return true;
    }
    *out = negative ? -(double)NAN : (double)NAN;
    return rt_str_eq_nocase(s, RT_STR("nan"));
}

// Without underscores, each of which must stand between two digits.
static bool drop_underscores(rt_arena *arena, rt_str *s)
{
    char *text;
    size_t len = 0;

    if (rt_str_find_char(*s, '_') == RT_STR_NONE)
        return true;
    text = rt_arena_alloc(arena, s->len);
    for (size_t i = 0; i < s->len; i++) {
        if (s->data[i] != '_') {
            text[len++] = s->data[i];
        } else if (i == 0 || i + 1 == s->len || !rt_is_digit(s->data[i - 1]) ||
                   !rt_is_digit(s->data[i + 1])) {
            return false;
        }
    }
    *s = rt_str_of(text, len);
    return true;
}

bool rt__text_is_float(rt_render *r, rt_str text, double *out)
{
    rt_str s = to_ascii(r->arena, text);

    if (named_float(s, out))
        return true;
    return drop_underscores(r->arena, &s) && rt_str_parse_double(s, out);
}

// ---- any value -------------------------------------------------------------------

rt_status rt__to_int(rt_render *r, rt_value v, rt_value *out)
{
    switch (rt_value_kind(v)) {
    case RT_BOOL: *out = rt_value_int(v.as.boolean); return RT_OK;
    case RT_INT: *out = v; return RT_OK;
    case RT_FLOAT: return rt__int_from_double(r, v.as.number, out);
    case RT_STRING:
    case RT_SAFE:
    case RT_BYTES: return parse(r, rt_value_as_str(v), v, 10, out);
    case RT_UNDEFINED: return rt__undefined_fail(r, v);
    case RT_OBJECT:
        if (!rt__is_bigint(v))
            break;
        *out = v;
        return RT_OK;
    default: break;
    }
    return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                     "int() argument must be a string, a bytes-like object or "
                     "a real number, not {!r}",
                     rt__type_name(v));
}

rt_status rt__to_float(rt_render *r, rt_value v, double *out)
{
    rt__int a;

    *out = 0;
    if (v.kind == RT_UNDEFINED)
        return rt__undefined_fail(r, v);
    if (rt_value_is_text(v) || v.kind == RT_BYTES) {
        if (rt__text_is_float(r, rt_value_as_str(v), out))
            return RT_OK;
        return rt__raise(r, RT_TEMPLATE_VALUE_ERROR,
                         "could not convert string to float: {!r}", v);
    }
    if (!rt__is_numeric(v)) {
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "float() argument must be a string or a real number, "
                         "not {!r}",
                         rt__type_name(v));
    }
    *out = rt_value_as_float(v, 0);
    if (rt__is_bigint(v) && rt__int_view(v, &a) &&
        !rt__int_to_double(&a, out)) {
        return rt__raise(r, RT_TEMPLATE_OVERFLOW_ERROR,
                         "int too large to convert to float");
    }
    return RT_OK;
}

rt_status rt__index(rt_render *r, rt_value v, int64_t *out)
{
    rt__int a;

    *out = rt_value_as_int(v, 0);
    if (v.kind == RT_INT || v.kind == RT_BOOL)
        return RT_OK;
    if (!rt__int_view(v, &a)) {
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "{!r} object cannot be interpreted as an integer",
                         rt__type_name(v));
    }
    *out = a.negative ? INT64_MIN : INT64_MAX;
    return RT_OK;
}
