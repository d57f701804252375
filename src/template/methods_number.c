// Methods of int, float and bytes.
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include <retort/base/attributes.h>

#include "template/bigint.h"
#include "template/methods.h"

// ---- int ------------------------------------------------------------------------

// A bool is 0 or 1 here.
static rt_value plain_int(rt_value v)
{
    return v.kind == RT_BOOL ? rt_value_int(v.as.boolean) : v;
}

static rt_status int_bit_length(RT__METHOD_ARGS)
{
    *out = rt_value_int((int64_t)rt__int_bit_length(a[0]));
    return RT_OK;
}

static rt_status int_bit_count(RT__METHOD_ARGS)
{
    rt__int view;
    int64_t count = 0;
    (void)rt__int_view(a[0], &view);
    for (size_t i = 0; i < view.len; i++)
        count += __builtin_popcount(view.limbs[i]);
    *out = rt_value_int(count);
    return rt__step(r, view.len);
}

static rt_status int_conjugate(RT__METHOD_ARGS)
{
    *out = plain_int(a[0]);
    return RT_OK;
}

static rt_status int_as_integer_ratio(RT__METHOD_ARGS)
{
    rt_value ratio[] = {plain_int(a[0]), rt_value_int(1)};
    *out = rt_tuple_of(r->arena, ratio, 2);
    return RT_OK;
}

// ---- float ----------------------------------------------------------------------

static rt_status float_conjugate(RT__METHOD_ARGS)
{
    *out = a[0];
    return RT_OK;
}

static rt_status float_is_integer(RT__METHOD_ARGS)
{
    double x = a[0].as.number;
    *out = rt_value_bool(isfinite(x) && floor(x) == x);
    return RT_OK;
}

static rt_status float_as_integer_ratio(RT__METHOD_ARGS)
{
    double x = a[0].as.number;
    if (!isfinite(x))
        return rt__raise(r,
                         isnan(x) ? RT_TEMPLATE_VALUE_ERROR
                                  : RT_TEMPLATE_OVERFLOW_ERROR,
                         "cannot convert {} to integer ratio",
                         isnan(x) ? "NaN" : "Infinity");

    // x is m times a power of two; make m whole.
    int power;
    double m = frexp(x, &power);
    for (; m != floor(m); power--)
        m *= 2;

    rt_value ratio[] = {rt_value_int(0), rt_value_int(1)};
    rt_value scale = rt_value_int(1);
    rt_status st = rt__int_from_double(r, m, &ratio[0]);
    if (!st)
        st = rt__binary(r, RT__POW, rt_value_int(2), rt_value_int(abs(power)),
                        &scale);
    if (!st && power > 0) {
        st = rt__binary(r, RT__MUL, ratio[0], scale, &ratio[0]);
    } else {
        ratio[1] = scale;
    }
    *out = rt_tuple_of(r->arena, ratio, 2);
    return st;
}

// 0x1.8000000000000p+1: one digit, thirteen of fraction, the power of two.
static void put_hex_float(rt_buf *out, double x)
{
    int power = 0;
    double m = fabs(x);
    if (m > 0) {
        m = frexp(m, &power) * 2;
        power--;
    }
    int below = DBL_MIN_EXP - 1 - power; // a subnormal is 0x0.xxx
    if (m > 0 && below > 0) {
        m = ldexp(m, -below);
        power += below;
    }
    rt_buf_put_cstr(out, signbit(x) ? "-0x" : "0x");
    rt_buf_put_int(out, (int64_t)m);
    rt_buf_put_char(out, '.');
    rt_buf_put_hex(out, (uint64_t)ldexp(m - floor(m), 52), m > 0 ? 13 : 1);
    rt_buf_put_cstr(out, power < 0 ? "p" : "p+");
    rt_buf_put_int(out, power);
}

static rt_status float_hex(RT__METHOD_ARGS)
{
    double x = a[0].as.number;
    rt_buf buf;
    rt__buf_init(r, &buf);
    if (isfinite(x)) {
        put_hex_float(&buf, x);
    } else {
        rt_buf_put_cstr(&buf, isnan(x) ? "nan" : x < 0 ? "-inf" : "inf");
    }
    *out = rt_value_str(rt_buf_str(&buf));
    return rt__buf_status(r, &buf);
}

// ---- bytes --------------------------------------------------------------------------

typedef enum encoding {
    UTF_8,
    ASCII,
    LATIN_1,
    UNKNOWN,
} encoding;

// Names are compared without case; "-", "_" and spaces are alike.
static encoding encoding_of(rt_str name)
{
    static const struct {
        const char *name;
        encoding encoding;
    } names[] = {
        {"utf-8", UTF_8},        {"utf8", UTF_8},        {"u8", UTF_8},
        {"utf", UTF_8},          {"cp65001", UTF_8},     {"ascii", ASCII},
        {"us-ascii", ASCII},     {"646", ASCII},         {"latin-1", LATIN_1},
        {"latin1", LATIN_1},     {"latin", LATIN_1},     {"l1", LATIN_1},
        {"iso-8859-1", LATIN_1}, {"iso8859-1", LATIN_1}, {"8859", LATIN_1},
        {"cp819", LATIN_1},
    };

    for (size_t i = 0; i < RT_COUNT(names); i++) {
        size_t at = 0;
        rt_str known = rt_str_from(names[i].name);
        if (known.len != name.len)
            continue;
        while (at < name.len) {
            char c = rt_to_lower(name.data[at]);
            if ((c == '_' || c == ' ' ? '-' : c) != known.data[at])
                break;
            at++;
        }
        if (at == name.len)
            return names[i].encoding;
    }
    return UNKNOWN;
}

typedef enum on_error {
    STRICT,
    REPLACE,
    IGNORE,
} on_error;

static rt_status decode_arg(rt_render *r, rt_value v, const char *name,
                            const char *otherwise, rt_str *out)
{
    *out = rt_str_from(otherwise);
    if (rt__is_absent(v))
        return RT_OK;
    if (!rt_value_is_text(v))
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "decode() argument {!r} must be str, not {}", name,
                         rt__method_type(v));
    *out = rt_value_as_str(v);
    return RT_OK;
}

// Append one character of `*rest`; false when the bytes are none.
static bool put_decoded(rt_buf *out, rt_str *rest, encoding from, bool replace)
{
    const char *at = rest->data;
    uint32_t rune = (unsigned char)*at;
    bool valid = true;
    if (from == UTF_8) {
        valid = !rt_utf8_next(rest, &rune);
    } else {
        (void)rt_str_take(rest, 1);
        valid = from == LATIN_1 || rune < 0x80;
    }
    if (valid) {
        rt_buf_put_rune(out, rune);
    } else if (replace) {
        rt_buf_put_rune(out, RT_UTF8_REPLACEMENT);
    }
    return valid;
}

static rt_status decode(rt_render *r, rt_str s, encoding from, on_error how,
                        rt_value *out)
{
    static const char *const codecs[] = {"utf-8", "ascii", "latin-1"};
    rt_buf buf;
    rt_str rest = s;
    rt__buf_init(r, &buf);
    while (rest.len && !buf.status) {
        size_t at = s.len - rest.len;
        if (!put_decoded(&buf, &rest, from, how == REPLACE) && how == STRICT)
            return rt__raise(r, RT_TEMPLATE_VALUE_ERROR,
                             "{!r} codec can't decode byte {} in position {}",
                             codecs[from], (unsigned char)s.data[at], at);
    }
    *out = rt_value_str(rt_buf_str(&buf));
    return rt__buf_status(r, &buf);
}

static rt_status bytes_decode(RT__METHOD_ARGS)
{
    rt_str name;
    rt_str errors;
    rt_str s = rt_value_as_str(a[0]);
    rt_status st = decode_arg(r, a[1], "encoding", "utf-8", &name);
    if (!st)
        st = decode_arg(r, a[2], "errors", "strict", &errors);
    if (!st)
        st = rt__check_text(r, s.len);
    if (st)
        return st;

    // Python's LookupError, which is what stands above KeyError there.
    encoding from = encoding_of(name);
    if (from == UNKNOWN)
        return rt__raise(r, RT_TEMPLATE_KEY_ERROR, "unknown encoding: {}",
                         name);
    on_error how = STRICT;
    if (rt_str_eq(errors, RT_STR("replace"))) {
        how = REPLACE;
    } else if (rt_str_eq(errors, RT_STR("ignore"))) {
        how = IGNORE;
    } else if (!rt_str_eq(errors, RT_STR("strict"))) {
        return rt__raise(r, RT_TEMPLATE_KEY_ERROR,
                         "unknown error handler name {!r}", errors);
    }
    return decode(r, s, from, how, out);
}

static rt_status bytes_hex(RT__METHOD_ARGS)
{
    rt_str s = rt_value_as_str(a[0]);
    rt_buf buf;
    rt_status st = rt__check_text(r, s.len);
    rt__buf_init(r, &buf);
    for (size_t i = 0; i < s.len && !st && !buf.status; i++)
        rt_buf_put_hex(&buf, (unsigned char)s.data[i], 2);
    *out = rt_value_str(rt_buf_str(&buf));
    return st ? st : rt__buf_status(r, &buf);
}

// ---- the tables --------------------------------------------------------------------------

#define ROW      RT__METHOD_ROW
#define POSITION RT__POSITIONAL

static const rt__method int_rows[] = {
    ROW("bit_count", int_bit_count, "self", 1, POSITION),
    ROW("conjugate", int_conjugate, "self", 1, POSITION),
    ROW("bit_length", int_bit_length, "self", 1, POSITION),
    ROW("as_integer_ratio", int_as_integer_ratio, "self", 1, POSITION),
};

static const rt__method float_rows[] = {
    ROW("hex", float_hex, "self", 1, POSITION),
    ROW("conjugate", float_conjugate, "self", 1, POSITION),
    ROW("is_integer", float_is_integer, "self", 1, POSITION),
    ROW("as_integer_ratio", float_as_integer_ratio, "self", 1, POSITION),
};

static const rt__method bytes_rows[] = {
    ROW("hex", bytes_hex, "self", 1, POSITION),
    ROW("decode", bytes_decode, "self encoding errors", 1, 0),
};

const rt__methods rt__int_methods = {int_rows, RT_COUNT(int_rows)};
const rt__methods rt__float_methods = {float_rows, RT_COUNT(float_rows)};
const rt__methods rt__bytes_methods = {bytes_rows, RT_COUNT(bytes_rows)};
