// Converters and their values: the form of a text, its value, and back.
#include <math.h>

#include <retort/base/number.h>
#include <retort/base/utf8.h>
#include <retort/http/percent.h>

#include "routing/conv.h"

static bool has_length(const rt__conv *conv, rt_str text)
{
    if (conv->min_len == 1 && conv->max_len == SIZE_MAX)
        return text.len > 0;
    size_t len = rt_utf8_len(text);
    return len >= conv->min_len && len <= conv->max_len;
}

// A path is of any characters but does not begin with a slash. Only its first
// character may be a newline, because a dot of Werkzeug's pattern matches none.
static bool is_path(rt_str text)
{
    return text.len > 0 && text.data[0] != '/' &&
           !memchr(text.data + 1, '\n', text.len - 1);
}

static bool is_word(const rt__conv *conv, rt_str text)
{
    for (size_t i = 0; i < conv->words_len; i++) {
        if (rt_str_eq(conv->words[i], text))
            return true;
    }
    return false;
}

static bool skip_digits(rt_str *text)
{
    size_t len = 0;
    while (len < text->len && rt_is_digit(text->data[len]))
        len++;
    rt_str_take(text, len);
    return len > 0;
}

static bool is_number(const rt__conv *conv, rt_str text)
{
    if (conv->is_signed)
        rt_str_skip(&text, RT_STR("-"));
    if (!skip_digits(&text))
        return false;
    if (conv->kind == CONV_FLOAT &&
        (!rt_str_skip(&text, RT_STR(".")) || !skip_digits(&text)))
        return false;
    return text.len == 0;
}

// 8-4-4-4-12 hexadecimal digits of either case.
static bool is_uuid(rt_str text)
{
    if (text.len != RT__UUID_LEN)
        return false;
    for (size_t i = 0; i < RT__UUID_LEN; i++) {
        char c = text.data[i];
        bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (is_dash ? c != '-' : rt_hex_value(c) < 0)
            return false;
    }
    return true;
}

bool rt__conv_match(const rt__conv *conv, rt_str text)
{
    if (!conv->crosses_slash && text.len && memchr(text.data, '/', text.len))
        return false;

    switch (conv->kind) {
    case CONV_STRING: return has_length(conv, text);
    case CONV_PATH: return is_path(text);
    case CONV_ANY: return is_word(conv, text);
    case CONV_INT: return is_number(conv, text);
    case CONV_FLOAT: return is_number(conv, text);
    case CONV_UUID: return is_uuid(text);
    case CONV_CUSTOM: break;
    }
    return text.len &&
           (!conv->custom->match || conv->custom->match(conv->self, text));
}

// ---- text to value ------------------------------------------------------

static rt_value copy_text(rt_arena *arena, rt_str text)
{
    rt_value v = rt_value_str(rt_str_copy(arena, text));
    v.flags |= RT__VALUE_CSTR; // a copy has its NUL
    return v;
}

static rt_status parse_int(const rt__conv *conv, rt_str text, rt_value *out)
{
    int64_t n;
    if (conv->fixed_digits && text.len != conv->fixed_digits)
        return RT_E_RANGE;
    if (!rt_str_parse_int(text, &n) || (conv->has_min && n < conv->min) ||
        (conv->has_max && n > conv->max))
        return RT_E_RANGE;
    *out = rt_value_int(n);
    return RT_OK;
}

static rt_status parse_float(const rt__conv *conv, rt_str text, rt_value *out)
{
    double x;
    if (!rt_str_parse_double(text, &x) || isinf(x) ||
        (conv->has_min && x < conv->min_float) ||
        (conv->has_max && x > conv->max_float))
        return RT_E_RANGE;
    *out = rt_value_float(x);
    return RT_OK;
}

static rt_value lower_uuid(rt_arena *arena, rt_str text)
{
    char *lower = rt_str_cstr(arena, text);
    for (size_t i = 0; i < RT__UUID_LEN; i++)
        lower[i] = rt_to_lower(lower[i]);
    return rt_value_cstr(lower);
}

rt_status rt__conv_parse(const rt__conv *conv, rt_arena *arena, rt_str text,
                         rt_value *out)
{
    switch (conv->kind) {
    case CONV_INT: return parse_int(conv, text, out);
    case CONV_FLOAT: return parse_float(conv, text, out);
    case CONV_UUID: *out = lower_uuid(arena, text); return RT_OK;
    case CONV_CUSTOM: break;
    default: *out = copy_text(arena, text); return RT_OK;
    }
    *out = copy_text(arena, text);
    if (!conv->custom->parse)
        return RT_OK;
    return conv->custom->parse(conv->self, arena, rt_value_as_str(*out), out);
}

// ---- value to text ------------------------------------------------------

static rt_status refuse(rt_arena *arena, rt_error *err, rt_status status,
                        rt_value value, const char *what)
{
    if (err) {
        rt_buf message;
        rt_buf_init(&message, arena);
        rt_value_put_repr(&message, value);
        rt_buf_put_cstr(&message, " is ");
        rt_buf_put_cstr(&message, what);
        *err = (rt_error){.status = status, .message = rt_buf_str(&message)};
    }
    return status;
}

// What Python's int() takes: a number, whose fraction is cut, or its text.
static bool to_int(rt_value value, int64_t *out)
{
    if (rt_value_is_text(value))
        return rt_str_parse_int(rt_value_as_str(value), out);
    if (value.kind == RT_FLOAT) {
        double x = trunc(value.as.number);
        if (!(x >= -0x1p63 && x < 0x1p63)) // not a number, too
            return false;
        *out = (int64_t)x;
        return true;
    }
    if (!rt_value_is_number(value))
        return false;
    *out = rt_value_as_int(value, 0);
    return true;
}

static rt_status format_int(const rt__conv *conv, rt_value value, rt_buf *out,
                            rt_error *err)
{
    int64_t n;
    if (!to_int(value, &n))
        return refuse(out->arena, err, RT_E_TYPE, value, "no integer");

    uint64_t magnitude = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    size_t len = n < 0 ? 2 : 1;
    for (uint64_t rest = magnitude; rest >= 10; rest /= 10)
        len++;
    if (n < 0)
        rt_buf_put_char(out, '-');
    if (len < conv->fixed_digits)
        rt_buf_put_repeat(out, '0', conv->fixed_digits - len);
    rt_buf_put_uint(out, magnitude);
    return RT_OK;
}

// Put the point of "d.ddde+xx" where it belongs. The shortest digits that read
// back as the same number are kept, and one digit at least on either side of
// the point, as matching wants it.
static void put_positional(rt_buf *out, double x)
{
    rt_buf repr;
    rt_buf_init(&repr, out->arena);
    rt_buf_put_double(&repr, fabs(x));
    rt_str exponent = rt_buf_str(&repr);
    rt_str mantissa = rt_str_cut(&exponent, 'e');
    rt_str fraction = mantissa;
    rt_str whole = rt_str_cut(&fraction, '.');

    int64_t shift = 0;
    rt_str_skip(&exponent, RT_STR("+"));
    if (exponent.len && !rt_str_parse_int(exponent, &shift))
        shift = 0;
    int64_t point = (int64_t)whole.len + shift;
    rt_str digits = rt_str_concat(out->arena, whole, fraction);
    int64_t len = (int64_t)digits.len;

    if (signbit(x))
        rt_buf_put_char(out, '-');
    if (point <= 0) {
        rt_buf_put_cstr(out, "0.");
        rt_buf_put_repeat(out, '0', (size_t)-point);
        rt_buf_put(out, digits);
    } else if (point >= len) {
        rt_buf_put(out, digits);
        rt_buf_put_repeat(out, '0', (size_t)(point - len));
        rt_buf_put_cstr(out, ".0");
    } else {
        rt_buf_put(out, rt_str_take(&digits, (size_t)point));
        rt_buf_put_char(out, '.');
        rt_buf_put(out, digits);
    }
}

static rt_status format_float(rt_value value, rt_buf *out, rt_error *err)
{
    double x = 0;
    bool ok = rt_value_is_text(value)
                  ? rt_str_parse_double(rt_value_as_str(value), &x)
                  : rt_value_is_number(value);
    if (rt_value_is_number(value))
        x = rt_value_as_float(value, 0);
    if (!ok || !isfinite(x)) {
        return refuse(out->arena, err, RT_E_TYPE, value,
                      "no number for a path");
    }

    put_positional(out, x);
    return RT_OK;
}

// A word is written as the rule spells it, with nothing encoded (Werkzeug).
static rt_status format_any(const rt__conv *conv, rt_value value, rt_buf *out,
                            rt_error *err)
{
    rt_str text = rt_value_text(out->arena, value);
    if (is_word(conv, text)) {
        rt_buf_put(out, text);
        return RT_OK;
    }
    rt_buf what;
    rt_buf_init(&what, out->arena);
    rt_buf_put_cstr(&what, "not one of ");
    for (size_t i = 0; i < conv->words_len; i++) {
        rt_buf_put_cstr(&what, i ? ", " : "");
        rt_value_put_repr(&what, rt_value_str(conv->words[i]));
    }
    return refuse(out->arena, err, RT_E_TYPE, value, rt_buf_str(&what).data);
}

static rt_status format_uuid(rt_value value, rt_buf *out, rt_error *err)
{
    rt_str text = rt_value_text(out->arena, value);
    if (!is_uuid(text))
        return refuse(out->arena, err, RT_E_TYPE, value, "no UUID");
    rt_buf_put(out, text);
    return RT_OK;
}

static rt_status format_custom(const rt__conv *conv, rt_value value,
                               rt_buf *out, rt_error *err)
{
    rt_buf text;
    rt_buf_init(&text, out->arena);
    rt_status status = conv->custom->format(conv->self, value, &text);
    if (!status)
        status = text.status;
    if (status) {
        return refuse(out->arena, err, status, value,
                      "refused by its converter");
    }
    rt_percent_put(out, rt_buf_str(&text), RT_PERCENT_PATH);
    return RT_OK;
}

rt_status rt__conv_format(const rt__conv *conv, rt_value value, rt_buf *out,
                          rt_error *err)
{
    switch (conv->kind) {
    case CONV_INT: return format_int(conv, value, out, err);
    case CONV_FLOAT: return format_float(value, out, err);
    case CONV_ANY: return format_any(conv, value, out, err);
    case CONV_UUID: return format_uuid(value, out, err);
    case CONV_CUSTOM:
        if (conv->custom->format)
            return format_custom(conv, value, out, err);
        break;
    default: break;
    }
    rt_percent_put(out, rt_value_text(out->arena, value), RT_PERCENT_PATH);
    return RT_OK;
}
