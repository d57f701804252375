// Filters of numbers: abs, int, float, round, filesizeformat, sum.
#include <math.h>

#include <retort/base/number.h>

#include "template/filters.h"

FILTER(abs)
{
    bool negative = false;
    rt_value zero = rt_value_int(0);
    rt_status st = RT_OK;

    if (a[0].kind == RT_FLOAT) {
        *out = rt_value_float(fabs(a[0].as.number));
        return RT_OK;
    }
    if (!rt__is_integer(a[0]))
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "bad operand type for abs(): {!r}",
                         rt__type_name(a[0]));
    st = rt__compare(r, RT__LT, a[0], zero, &negative);
    if (st)
        return st;
    return negative ? rt__negate(r, a[0], out) : rt__positive(r, a[0], out);
}

// ---- conversion --------------------------------------------------------------------

// int(float(v)), for what int(v) refused; false when that fails, too.
static bool int_by_float(rt_render *r, rt_value v, rt_value *out)
{
    double x = v.as.number;

    if (v.kind != RT_FLOAT && !rt__text_is_float(r, rt_value_as_str(v), &x))
        return false;
    if (!isfinite(x))
        return false;
    return rt__int_from_double(r, x, out) == RT_OK;
}

static bool is_base(rt_render *r, rt_value v, int64_t *base)
{
    *base = 10;
    if (rt__is_absent(v))
        return true;
    if (!rt__is_integer(v) || rt__index(r, v, base))
        return false;
    return *base == 0 || (*base >= 2 && *base <= 36);
}

FILTER(int)
{
    int64_t base;
    bool is_text = rt_value_is_text(a[0]) || a[0].kind == RT_BYTES;
    rt_status st = rt__check_text(r, is_text ? a[0].len : 0);

    if (st)
        return st;
    if (a[0].kind == RT_UNDEFINED)
        return rt__undefined_fail(r, a[0]);
    // An infinity is the one number that has no default.
    if (rt__is_integer(a[0]) ||
        (a[0].kind == RT_FLOAT && !isnan(a[0].as.number)))
        return rt__to_int(r, a[0], out);
    if (is_text && is_base(r, a[2], &base) &&
        rt__text_is_int(r, rt_value_as_str(a[0]), (int)base, out))
        return RT_OK;
    if (!is_text || !int_by_float(r, a[0], out))
        *out = rt__or(a[1], rt_value_int(0));
    return RT_OK;
}

FILTER(float)
{
    double x;
    bool is_text = rt_value_is_text(a[0]) || a[0].kind == RT_BYTES;
    rt_status st = rt__check_text(r, is_text ? a[0].len : 0);

    if (st)
        return st;
    *out = rt__or(a[1], rt_value_float(0));
    if (is_text) {
        if (rt__text_is_float(r, rt_value_as_str(a[0]), &x))
            *out = rt_value_float(x);
        return RT_OK;
    }
    if (a[0].kind == RT_UNDEFINED || a[0].kind == RT_FLOAT ||
        rt__is_integer(a[0])) {
        st = rt__to_float(r, a[0], &x);
        *out = rt_value_float(x);
    }
    return st;
}

// ---- round -------------------------------------------------------------------------

static rt_status parse_rounded(rt_render *r, rt_buf *digits, rt_value *out)
{
    double x;

    if (digits->status || !rt_str_parse_double(rt_buf_str(digits), &x))
        return rt__buf_status(r, digits);
    if (isinf(x))
        return rt__raise(r, RT_TEMPLATE_OVERFLOW_ERROR,
                         "rounded value too large to represent");
    *out = rt_value_float(x);
    return RT_OK;
}

// Round away `zeros` digits of decimal digits with a point: 1250.3 and 2 are
// 12 with a rest of 50.3, which is more than half of a hundred.
static rt_status round_digits(rt_render *r, rt_str text, size_t zeros,
                              bool negative, rt_value *out)
{
    rt_buf buf;
    size_t whole = rt_str_find_char(text, '.');
    if (whole == RT_STR_NONE)
        whole = text.len;
    // Less than half of the unit is nothing; so much stands before the point
    // at least.
    size_t kept = whole > zeros ? whole - zeros : 0;
    rt_str rest = rt_str_of(text.data + kept, text.len - kept);
    bool half = whole >= zeros && rest.len && rest.data[0] == '5';
    bool more = whole >= zeros && rest.len && rest.data[0] > '5';
    for (size_t i = 1; i < rest.len && half && !more; i++)
        more = rest.data[i] > '0';
    bool odd = kept && (text.data[kept - 1] & 1);

    rt_buf_init(&buf, r->arena);
    if (negative)
        rt_buf_put_char(&buf, '-');
    size_t start = buf.len;
    rt_buf_put_char(&buf, '0');
    rt_buf_put(&buf, rt_str_slice(text, 0, kept));
    if (more || (half && odd)) {
        size_t at = buf.len - 1;
        for (; at > start && buf.data[at] == '9'; at--)
            buf.data[at] = '0';
        buf.data[at]++;
    }
    rt_buf_put_char(&buf, 'e');
    rt_buf_put_uint(&buf, zeros);
    return parse_rounded(r, &buf, out);
}

// round(x, digits): the exact binary value, ties to even.
static rt_status round_float(rt_render *r, double x, int64_t digits,
                             rt_value *out)
{
    // Beyond these nothing changes and nothing is left.
    enum {
        MOST = 323,
        LEAST = -308
    };

    rt_buf buf;

    *out = rt_value_float(x);
    if (!isfinite(x) || digits > MOST)
        return RT_OK;
    if (digits < LEAST) {
        *out = rt_value_float(0.0 * x);
        return RT_OK;
    }
    rt_buf_init(&buf, r->arena);
    if (digits >= 0) {
        rt__put_float(&buf, x, 'f', (int)digits, 0);
        return parse_rounded(r, &buf, out);
    }
    // A double of one or more has 52 digits behind the point at most.
    rt__put_float(&buf, fabs(x), 'f', 52, 0);
    return round_digits(r, rt_buf_str(&buf), (size_t)-digits, signbit(x), out);
}

// round(n, -digits) of an integer, ties to even.
static rt_status round_int(rt_render *r, rt_value v, int64_t digits,
                           rt_value *out)
{
    rt_value unit, rest, low, twice, quotient;
    bool less, odd;
    rt_status st;

    // A unit of more than twice the number's digits leaves nothing of it.
    if ((size_t)digits > rt__int_bit_length(v) / 3 + 2) {
        *out = rt_value_int(0);
        return RT_OK;
    }
    if ((st = rt__binary(r, RT__POW, rt_value_int(10), rt_value_int(digits),
                         &unit)) ||
        (st = rt__binary(r, RT__MOD, v, unit, &rest)) ||
        (st = rt__binary(r, RT__SUB, v, rest, &low)) ||
        (st = rt__binary(r, RT__ADD, rest, rest, &twice)) ||
        (st = rt__compare(r, RT__LT, twice, unit, &less)) ||
        (st = rt__binary(r, RT__FLOORDIV, low, unit, &quotient)) ||
        (st = rt__binary(r, RT__MOD, quotient, rt_value_int(2), &quotient)))
        return st;
    odd = rt_value_is_true(quotient);
    *out = low;
    if (less || (rt_value_equal(twice, unit) && !odd))
        return RT_OK;
    return rt__binary(r, RT__ADD, low, unit, out);
}

static rt_status round_common(rt_render *r, rt_value v, rt_value precision,
                              rt_value *out)
{
    int64_t digits = 0;
    rt_status st;

    if (v.kind != RT_FLOAT && !rt__is_integer(v))
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "type {} doesn't define __round__ method",
                         rt__type_name(v));
    if (rt_value_is_none(precision)) // to an integer
        return v.kind == RT_FLOAT
                   ? rt__int_from_double(r, nearbyint(v.as.number), out)
                   : rt__positive(r, v, out);
    if ((st = rt__arg_int(r, precision, 0, &digits)))
        return st;
    if (v.kind == RT_FLOAT)
        return round_float(r, v.as.number, digits, out);
    if (digits >= 0)
        return rt__positive(r, v, out);
    return round_int(r, v, digits == INT64_MIN ? INT64_MAX : -digits, out);
}

static rt_status to_whole(rt_render *r, rt_value v, bool up, rt_value *out)
{
    if (v.kind == RT_FLOAT)
        return rt__int_from_double(r,
                                   up ? ceil(v.as.number) : floor(v.as.number),
                                   out);
    if (rt__is_integer(v))
        return rt__positive(r, v, out);
    return rt__raise(r, RT_TEMPLATE_TYPE_ERROR, "must be real number, not {}",
                     rt__type_name(v));
}

FILTER(round)
{
    rt_str method =
        rt__is_absent(a[2]) ? RT_STR("common") : rt_value_as_str(a[2]);
    bool up = rt_str_eq(method, RT_STR("ceil"));
    rt_value unit, v;
    rt_status st = rt__is_absent(a[2]) ? RT_OK : rt__check_key(r, a[2]);

    if (st)
        return st;
    if (!up && !rt_str_eq(method, RT_STR("common")) &&
        !rt_str_eq(method, RT_STR("floor")))
        return rt__raise(r, RT_TEMPLATE_FILTER_ARGUMENT_ERROR,
                         "method must be common, ceil or floor");
    if (rt_str_eq(method, RT_STR("common")))
        return round_common(r, a[0], a[1], out);
    if ((st = rt__binary(r, RT__POW, rt_value_int(10),
                         rt__or(a[1], rt_value_int(0)), &unit)) ||
        (st = rt__binary(r, RT__MUL, a[0], unit, &v)) ||
        (st = to_whole(r, v, up, &v)))
        return st;
    return rt__binary(r, RT__DIV, v, unit, out);
}

// ---- filesizeformat ------------------------------------------------------------------

// The unit is an integer in Python, and the double nearest to 10 ** 24 is below
// that.
static bool is_below(double bytes, double unit)
{
    return bytes < unit || (bytes == 1e24 && unit == 1e24);
}

FILTER(filesizeformat)
{
    static const char prefixes[] = "kMGTPEZY";
    double bytes;
    bool binary;
    rt_buf buf;
    rt_status st;

    if ((st = rt__to_float(r, a[0], &bytes)) ||
        (st = rt__arg_bool(r, a[1], false, &binary)))
        return st;
    double base = binary ? 1024 : 1000;
    rt__buf_init(r, &buf);
    if (bytes == 1) {
        rt_buf_put_cstr(&buf, "1 Byte");
    } else if (bytes < base) {
        rt_value whole;
        if ((st = rt__int_from_double(r, bytes, &whole)) ||
            (st = rt__put_text(r, &buf, whole, false)))
            return st;
        rt_buf_put_cstr(&buf, " Bytes");
    } else {
        double unit = base * base;
        const char *prefix = prefixes;
        while (!is_below(bytes, unit) && prefix[1]) {
            unit *= base;
            prefix++;
        }
        rt__put_float(&buf, base * bytes / unit, 'f', 1, 0);
        rt_buf_put_char(&buf, ' ');
        rt_buf_put_char(&buf, binary && *prefix == 'k' ? 'K' : *prefix);
        rt_buf_put_cstr(&buf, binary ? "iB" : "B");
    }
    return rt__give_text(r, &buf, rt_value_none(), out);
}

// ---- sum -----------------------------------------------------------------------------

FILTER(sum)
{
    rt__getter g;
    rt__iter it;
    rt_value sum = rt__or(a[2], rt_value_int(0));
    rt_value item;
    rt_status st;

    if ((st = rt__getter_init(r, &g, a[1], false, rt__absent())) ||
        (st = rt__iter_init(r, a[0], &it)))
        return st;
    if (rt_value_is_text(sum))
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "sum() can't sum strings [use ''.join(seq) instead]");
    if (sum.kind == RT_BYTES)
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "sum() can't sum bytes [use b''.join(seq) instead]");
    while (rt__iter_next(r, &it, &item)) {
        if ((st = rt__getter_get(r, &g, item, &item)) ||
            (st = rt__binary(r, RT__ADD, sum, item, &sum)))
            return st;
    }
    *out = sum;
    return r->error.kind ? RT_E_CANCELLED : RT_OK;
}
