// Arithmetic on numbers as Python does it: integers of any size, division that
// rounds towards minus infinity, and true division that rounds once.
#include "template/arith.h"

#include <math.h>

#include "template/bigint.h"

static rt_status zero_division(rt_render *r, const char *text)
{
    return rt__raise_text(r, RT_TEMPLATE_ZERO_DIVISION_ERROR,
                          rt_str_from(text));
}

// ---- floats ---------------------------------------------------------------------

// The remainder has the divisor's sign.
static double float_mod(double a, double b)
{
    double rest = fmod(a, b);

    if (rest == 0)
        return copysign(0.0, b);
    return (b < 0) != (rest < 0) ? rest + b : rest;
}

// floor(a / b), computed from the remainder, which is exact.
static double float_floor_div(double a, double b)
{
    double rest = fmod(a, b);
    double quotient = (a - rest) / b;

    if (rest != 0 && (b < 0) != (rest < 0))
        quotient -= 1;
    if (quotient == 0)
        return copysign(0.0, a / b);
    double whole = floor(quotient);
    return quotient - whole > 0.5 ? whole + 1 : whole;
}

static rt_status float_pow(rt_render *r, double a, double b, double *out)
{
    if (a == 0 && b < 0 && !isnan(b))
        return zero_division(r, "0.0 cannot be raised to a negative power");
    if (a < 0 && isfinite(a) && isfinite(b) && floor(b) != b) {
        return rt__raise(r, RT_TEMPLATE_VALUE_ERROR,
                         "a negative number to a fractional power is complex");
    }
    *out = pow(a, b);
    if (isinf(*out) && isfinite(a) && isfinite(b)) {
        return rt__raise(r, RT_TEMPLATE_OVERFLOW_ERROR,
                         "(34, 'Numerical result out of range')");
    }
    return RT_OK;
}

static rt_status float_arith(rt_render *r, rt__op op, double a, double b,
                             rt_value *out)
{
    double x = 0;
    rt_status st = RT_OK;

    switch (op) {
    case RT__ADD: x = a + b; break;
    case RT__SUB: x = a - b; break;
    case RT__MUL: x = a * b; break;
    case RT__DIV:
        if (b == 0)
            return zero_division(r, "float division by zero");
        x = a / b;
        break;
    case RT__FLOORDIV:
        if (b == 0)
            return zero_division(r, "float floor division by zero");
        x = float_floor_div(a, b);
        break;
    case RT__MOD:
        if (b == 0)
            return zero_division(r, "float modulo");
        x = float_mod(a, b);
        break;
    case RT__POW: st = float_pow(r, a, b, &x); break;
    }
    *out = rt_value_float(x);
    return st;
}

static rt_status to_double(rt_render *r, rt_value v, double *out)
{
    rt__int big;

    if (!rt__is_bigint(v)) {
        *out = rt_value_as_float(v, 0);
        return RT_OK;
    }
    if (!rt__int_view(v, &big) || !rt__int_to_double(&big, out)) {
        return rt__raise(r, RT_TEMPLATE_OVERFLOW_ERROR,
                         "int too large to convert to float");
    }
    return RT_OK;
}

static rt_status as_floats(rt_render *r, rt__op op, rt_value a, rt_value b,
                           rt_value *out)
{
    double x, y;
    rt_status st = to_double(r, a, &x);

    if (!st)
        st = to_double(r, b, &y);
    return st ? st : float_arith(r, op, x, y, out);
}

// ---- integers of 64 bits -------------------------------------------------------------

// a to the power of b, which is not negative; false when it does not fit.
static bool small_pow(int64_t a, int64_t b, int64_t *out)
{
    int64_t result = 1;

    for (;; b >>= 1) {
        if (b & 1 && __builtin_mul_overflow(result, a, &result))
            return false;
        if (b <= 1)
            break;
        if (__builtin_mul_overflow(a, a, &a))
            return false;
    }
    *out = result;
    return true;
}

// The cases where both fit and so does the result. False for the others.
static bool small_arith(rt__op op, int64_t a, int64_t b, int64_t *out)
{
    switch (op) {
    case RT__ADD: return !__builtin_add_overflow(a, b, out);
    case RT__SUB: return !__builtin_sub_overflow(a, b, out);
    case RT__MUL: return !__builtin_mul_overflow(a, b, out);
    case RT__FLOORDIV:
        if (b == 0 || b == -1)
            return false;
        *out = a / b - (a % b != 0 && (a < 0) != (b < 0));
        return true;
    case RT__MOD:
        if (b == 0 || b == -1)
            return false;
        *out = a % b;
        if (*out != 0 && (*out < 0) != (b < 0))
            *out += b;
        return true;
    case RT__POW: return b >= 0 && small_pow(a, b, out);
    default: return false;
    }
}

// ---- integers of any size --------------------------------------------------------------

// Whether a double holds the integer exactly.
static bool is_exact(rt_value v)
{
    int64_t n = rt_value_as_int(v, INT64_MAX);

    return v.kind != RT_OBJECT && n <= 1LL << 53 && n >= -(1LL << 53);
}

static rt_status int_div(rt_render *r, rt_value a, rt_value b, rt_value *out)
{
    rt__int x, y;
    double quotient = 0;
    rt_status st = RT_OK;

    if (!rt__int_view(a, &x) || !rt__int_view(b, &y))
        return RT_E_TYPE;
    if (y.len == 0)
        return zero_division(r, "division by zero");
    if (is_exact(a) && is_exact(b)) {
        quotient = rt_value_as_float(a, 0) / rt_value_as_float(b, 0);
    } else {
        st = rt__int_true_div(r, &x, &y, &quotient);
    }
    *out = rt_value_float(quotient);
    return st;
}

static rt_status int_arith(rt_render *r, rt__op op, rt_value a, rt_value b,
                           rt_value *out)
{
    rt__int x, y;

    if (!rt__int_view(a, &x) || !rt__int_view(b, &y))
        return RT_E_TYPE;
    switch (op) {
    case RT__ADD: return rt__int_add(r, &x, &y, out);
    case RT__SUB: return rt__int_sub(r, &x, &y, out);
    case RT__MUL: return rt__int_mul(r, &x, &y, out);
    case RT__DIV: return int_div(r, a, b, out);
    case RT__FLOORDIV:
        if (y.len == 0)
            return zero_division(r, "integer division or modulo by zero");
        return rt__int_divmod(r, &x, &y, out, NULL);
    case RT__MOD:
        if (y.len == 0)
            return zero_division(r, "integer modulo by zero");
        return rt__int_divmod(r, &x, &y, NULL, out);
    case RT__POW:
        if (y.negative)
            return as_floats(r, op, a, b, out);
        return rt__int_pow(r, &x, &y, out);
    }
    return RT_E_TYPE;
}

static inline bool is_small(rt_value v)
{
    return v.kind == RT_INT || v.kind == RT_BOOL;
}

rt_status rt__arith(rt_render *r, rt__op op, rt_value a, rt_value b,
                    rt_value *out)
{
    int64_t n;

    if (a.kind == RT_FLOAT && b.kind == RT_FLOAT)
        return float_arith(r, op, a.as.number, b.as.number, out);
    if (a.kind == RT_FLOAT || b.kind == RT_FLOAT)
        return as_floats(r, op, a, b, out);
    if (is_small(a) && is_small(b) &&
        small_arith(op, rt_value_as_int(a, 0), rt_value_as_int(b, 0), &n)) {
        *out = rt_value_int(n);
        return RT_OK;
    }
    return int_arith(r, op, a, b, out);
}

rt_status rt__arith_negate(rt_render *r, rt_value v, rt_value *out)
{
    rt__int a;

    if (v.kind == RT_FLOAT) {
        *out = rt_value_float(-v.as.number);
        return RT_OK;
    }
    return rt__int_view(v, &a) ? rt__int_negate(r, &a, out) : RT_E_TYPE;
}
