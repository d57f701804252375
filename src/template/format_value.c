// format(value, spec): what each type makes of a specification.
#include <math.h>

#include <retort/base/utf8.h>

#include "template/bigint.h"
#include "template/format_spec.h"
#include "template/text_unicode.h"

static rt_status unknown_type(rt_render *r, const rt__spec *spec, rt_value v)
{
    return rt__raise(r, RT_TEMPLATE_VALUE_ERROR,
                     "Unknown format code '{}' for object of type {!r}",
                     rt__spec_type_name(r, spec->type), rt__type_name(v));
}

static rt_status not_allowed(rt_render *r, const char *what, const char *where)
{
    return rt__raise(r, RT_TEMPLATE_VALUE_ERROR, "{} not allowed {}", what,
                     where);
}

// ---- text ---------------------------------------------------------------------

static rt_status put_text(rt_render *r, rt_buf *out, rt_value v, rt_str text)
{
    static const char where[] = "in string format specifier";
    rt_str s = rt_value_as_str(v);
    rt__spec spec;
    rt_status st = rt__spec_parse(r, text, 's', '<', rt__type_name(v), &spec);

    if (st)
        return st;
    if (spec.type != 's')
        return unknown_type(r, &spec, v);
    if (spec.sign)
        return not_allowed(r, spec.sign == ' ' ? "Space" : "Sign", where);
    if (spec.no_negative_zero)
        return not_allowed(r, "Negative zero coercion (z)", where);
    if (spec.alternate)
        return not_allowed(r, "Alternate form (#)", where);
    if (spec.align == '=')
        return not_allowed(r, "'=' alignment", where);
    if (spec.precision >= 0)
        s = rt_str_slice(s, 0, rt__text_offset(s, (size_t)spec.precision));
    return rt__spec_pad(r, out, s, &spec);
}

// ---- numbers ------------------------------------------------------------------

static rt_str sign_of(const rt__spec *spec, bool negative)
{
    if (negative)
        return RT_STR("-");
    if (spec->sign == '+')
        return RT_STR("+");
    return spec->sign == ' ' ? RT_STR(" ") : RT_STR("");
}

static rt_status put_character(rt_render *r, rt_buf *out, rt_value v,
                               const rt__spec *spec)
{
    static const char where[] = "with integer format specifier 'c'";
    rt__number_parts parts = {0};
    char utf8[4];
    int64_t n = rt_value_as_int(v, 0);

    if (spec->sign)
        return not_allowed(r, "Sign", where);
    if (spec->alternate)
        return not_allowed(r, "Alternate form (#)", where);
    if (rt__is_bigint(v)) {
        return rt__raise(r, RT_TEMPLATE_OVERFLOW_ERROR,
                         "Python int too large to convert to C long");
    }
    if (n < 0 || n > RT_UTF8_MAX) {
        return rt__raise(r, RT_TEMPLATE_OVERFLOW_ERROR,
                         "%c arg not in range(0x110000)");
    }
    rt__spec padded = *spec;
    size_t len = rt_utf8_encode((uint32_t)n, utf8);
    if (padded.width > 0)
        padded.width += (int64_t)len - 1; // it is counted in bytes there
    parts.rest = rt_str_of(utf8, len);
    return rt__spec_put_number(r, out, &parts, &padded);
}

static rt_status put_integer(rt_render *r, rt_buf *out, rt_value v,
                             const rt__spec *spec)
{
    static const char where[] = "in integer format specifier";
    rt__number_parts parts = {0};
    unsigned base = 10;
    rt__int a;
    rt_buf digits;

    if (spec->precision >= 0)
        return not_allowed(r, "Precision", where);
    if (spec->no_negative_zero)
        return not_allowed(r, "Negative zero coercion (z)", where);
    if (spec->type == 'c')
        return put_character(r, out, v, spec);
    switch (spec->type) {
    case 'b':
        base = 2;
        parts.prefix = RT_STR("0b");
        break;
    case 'o':
        base = 8;
        parts.prefix = RT_STR("0o");
        break;
    case 'x':
        base = 16;
        parts.prefix = RT_STR("0x");
        break;
    case 'X':
        base = 16;
        parts.prefix = RT_STR("0X");
        break;
    default: break;
    }
    if (!spec->alternate)
        parts.prefix = RT_STR("");
    if (!rt__int_view(v, &a))
        return RT_E_TYPE;
    rt_status st = rt__int_step_digits(r, &a);
    if (st)
        return st;
    rt__buf_init(r, &digits);
    rt__int_put_digits(&digits, &a, base);
    parts.sign = sign_of(spec, a.negative);
    parts.digits = rt_buf_str(&digits);
    if (spec->type == 'X')
        parts.digits = rt_str_upper(r->arena, parts.digits);
    st = rt__buf_status(r, &digits);
    return st ? st : rt__spec_put_number(r, out, &parts, spec);
}

// The text of a float by its type and precision, without sign.
static rt_status float_text(rt_render *r, const rt__spec *spec, double x,
                            rt_str *out, bool *negative)
{
    char type = (char)spec->type;
    int64_t precision = spec->precision;
    unsigned flags = spec->alternate ? RT__FLOAT_ALT : 0;
    rt_buf buf;

    if (precision > INT32_MAX)
        return rt__raise(r, RT_TEMPLATE_VALUE_ERROR, "precision too big");
    if (type == 0) {
        type = precision < 0 ? 'r' : 'g';
        flags |= RT__FLOAT_ADD_DOT;
    }
    if (type == 'n')
        type = 'g';
    if (type == '%') {
        type = 'f';
        x *= 100;
    }
    if (precision < 0)
        precision = 6;
    rt_status st = rt__check_text(r, (size_t)precision);
    if (st)
        return st;
    rt__buf_init(r, &buf);
    rt__put_float(&buf, x, type, (int)precision, flags);
    if (spec->type == '%')
        rt_buf_put_char(&buf, '%');
    *out = rt_buf_str(&buf);
    *negative = rt_str_skip(out, RT_STR("-"));
    return rt__buf_status(r, &buf);
}

// Digits in front of the point, and the rest.
static void split(rt_str text, rt__number_parts *parts)
{
    size_t digits = 0;

    while (digits < text.len && rt_is_digit(text.data[digits]))
        digits++;
    parts->digits = rt_str_take(&text, digits);
    parts->rest = text;
}

// Whether the digits shown are all zero, up to an exponent.
static bool shows_zero(rt_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (c == 'e' || c == 'E' || c == '%')
            break;
        if (c != '0' && c != '.')
            return false;
    }
    return true;
}

static rt_status put_float(rt_render *r, rt_buf *out, double x,
                           const rt__spec *spec)
{
    rt__number_parts parts = {0};
    rt_str text;
    bool negative = false;
    rt_status st = float_text(r, spec, x, &text, &negative);

    if (st)
        return st;
    if (negative && spec->no_negative_zero && shows_zero(text))
        negative = false;
    parts.sign = sign_of(spec, negative);
    split(text, &parts);
    return rt__spec_put_number(r, out, &parts, spec);
}

static rt_status put_number(rt_render *r, rt_buf *out, rt_value v, rt_str text)
{
    rt__spec spec;
    double x;
    bool is_float = v.kind == RT_FLOAT;
    rt_status st = rt__spec_parse(r, text, is_float ? 0 : 'd', '>',
                                  rt__type_name(v), &spec);

    if (st)
        return st;
    switch (spec.type) {
    case 'b':
    case 'c':
    case 'd':
    case 'o':
    case 'x':
    case 'X':
        return is_float ? unknown_type(r, &spec, v)
                        : put_integer(r, out, v, &spec);
    case 'n':
        if (!is_float)
            return put_integer(r, out, v, &spec);
        break;
    case 0:
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case '%': break;
    default: return unknown_type(r, &spec, v);
    }
    st = rt__to_float(r, v, &x);
    return st ? st : put_float(r, out, x, &spec);
}

// ---- others -------------------------------------------------------------------

static rt_status put_date(rt_render *r, rt_buf *out, rt_value v, rt_str spec)
{
    const rt__builtin *b = rt__method_find(v, RT_STR("strftime"));
    const rt_value args[] = {v, rt_value_str(spec)};
    rt_value text;
    rt_status st = rt__builtin_call(r, b, args, 2, NULL, 0, &text);

    return st ? st : rt__put_text(r, out, text, false);
}

rt_status rt__put_formatted(rt_render *r, rt_buf *out, rt_value v, rt_str spec)
{
    if (spec.len == 0)
        return rt__put_text(r, out, v, false);
    if (rt_value_is_text(v))
        return put_text(r, out, v, spec);
    if (rt_value_is_number(v) || rt__is_bigint(v))
        return put_number(r, out, v, spec);
    if (v.kind == RT_DATE)
        return put_date(r, out, v, spec);
    return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                     "unsupported format string passed to {}.__format__",
                     rt__type_name(v));
}
