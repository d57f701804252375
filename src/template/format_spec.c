// Reading specifications and laying out what they are about.
#include "template/format_spec.h"

#include "template/text_unicode.h"

static bool is_align(char c)
{
    return c == '<' || c == '>' || c == '=' || c == '^';
}

static bool take(rt_str *s, char c)
{
    return rt_str_skip(s, rt_str_of(&c, 1));
}

// Read an integer; -1 when there is none.
static rt_status take_integer(rt_render *r, rt_str *s, int64_t *out)
{
    int64_t n = -1;

    while (s->len && rt_is_digit(s->data[0])) {
        int digit = rt_str_take(s, 1).data[0] - '0';
        n = n < 0 ? 0 : n;
        if (n > (INT64_MAX - digit) / 10) {
            return rt__raise(r, RT_TEMPLATE_VALUE_ERROR,
                             "Too many decimal digits in format string");
        }
        n = n * 10 + digit;
    }
    *out = n;
    return RT_OK;
}

static void take_alignment(rt_str *s, rt__spec *out, bool *fill, bool *align)
{
    rt_str rest = *s;

    if (!s->len)
        return;
    (void)rt__rune_next(&rest);
    if (rest.len && is_align(rest.data[0])) {
        out->fill = rt_str_of(s->data, (size_t)(rest.data - s->data));
        out->align = rest.data[0];
        *fill = *align = true;
        *s = rt_str_slice(rest, 1, SIZE_MAX);
    } else if (is_align(s->data[0])) {
        out->align = rt_str_take(s, 1).data[0];
        *align = true;
    }
}

static rt_status both_separators(rt_render *r)
{
    return rt__raise(r, RT_TEMPLATE_VALUE_ERROR,
                     "Cannot specify both ',' and '_'.");
}

static rt_status take_grouping(rt_render *r, rt_str *s, rt__spec *out)
{
    if (take(s, ','))
        out->grouping = ',';
    if (take(s, '_')) {
        if (out->grouping)
            return both_separators(r);
        out->grouping = '_';
    }
    if (s->len && s->data[0] == ',' && out->grouping == '_')
        return both_separators(r);
    return RT_OK;
}

rt_str rt__spec_type_name(rt_render *r, uint32_t type)
{
    rt_buf buf;

    rt_buf_init(&buf, r->arena);
    if (type > 32 && type < 128) {
        rt_buf_put_char(&buf, (char)type);
    } else {
        rt_buf_put_cstr(&buf, "\\x");
        rt_buf_put_hex(&buf, type, 1);
    }
    return rt_buf_str(&buf);
}

static rt_status check_grouping(rt_render *r, const rt__spec *spec)
{
    char grouping[2] = {spec->grouping, 0};

    if (!spec->grouping)
        return RT_OK;
    switch (spec->type) {
    case 'd':
    case 'e':
    case 'f':
    case 'g':
    case 'E':
    case 'F':
    case 'G':
    case '%':
    case 0: return RT_OK;
    case 'b':
    case 'o':
    case 'x':
    case 'X':
        if (spec->grouping == '_')
            return RT_OK;
        break;
    default: break;
    }
    return rt__raise(r, RT_TEMPLATE_VALUE_ERROR,
                     "Cannot specify {!r} with '{}'.", grouping,
                     rt__spec_type_name(r, spec->type));
}

rt_status rt__spec_parse(rt_render *r, rt_str text, char type, char align,
                         const char *type_name, rt__spec *out)
{
    rt_str s = text;
    bool fill_given = false;
    bool align_given = false;
    rt_status st;

    *out = (rt__spec){.fill = RT_STR(" "), .align = align, .precision = -1};
    out->type = (unsigned char)type;
    take_alignment(&s, out, &fill_given, &align_given);
    if (s.len && (s.data[0] == ' ' || s.data[0] == '+' || s.data[0] == '-'))
        out->sign = rt_str_take(&s, 1).data[0];
    out->no_negative_zero = take(&s, 'z');
    out->alternate = take(&s, '#');
    if (!fill_given && take(&s, '0')) {
        out->fill = RT_STR("0");
        if (!align_given && align == '>')
            out->align = '=';
    }
    st = take_integer(r, &s, &out->width);
    if (!st)
        st = take_grouping(r, &s, out);
    if (!st && take(&s, '.')) {
        st = take_integer(r, &s, &out->precision);
        if (!st && out->precision < 0) {
            st = rt__raise(r, RT_TEMPLATE_VALUE_ERROR,
                           "Format specifier missing precision");
        }
    }
    if (st)
        return st;
    if (s.len)
        out->type = rt__rune_next(&s);
    if (s.len) {
        return rt__raise(
            r, RT_TEMPLATE_VALUE_ERROR,
            "Invalid format specifier '{}' for object of type {!r}", text,
            type_name);
    }
    return check_grouping(r, out);
}

// ---- laying out ---------------------------------------------------------------------

static void put_fill(rt_buf *out, const rt__spec *spec, size_t n)
{
    if (spec->fill.len == 1) {
        rt_buf_put_repeat(out, spec->fill.data[0], n);
        return;
    }
    for (; n > 0; n--)
        rt_buf_put(out, spec->fill);
}

// How much is missing to the width, checked.
static rt_status missing(rt_render *r, const rt__spec *spec, size_t len,
                         size_t *out)
{
    size_t width = spec->width > 0 ? (size_t)spec->width : 0;

    *out = width > len ? width - len : 0;
    if (*out > RT__TEXT_BYTES_MAX)
        return rt__check_text(r, *out);
    return rt__check_text(r, *out * spec->fill.len);
}

rt_status rt__spec_pad(rt_render *r, rt_buf *out, rt_str text,
                       const rt__spec *spec)
{
    size_t pad;
    size_t len = spec->width > 0 ? rt__text_len(text) : 0;
    rt_status st = rt__step_bytes(r, text.len);
    if (!st)
        st = missing(r, spec, len, &pad);
    if (st)
        return st;
    size_t left = spec->align == '>' ? pad : spec->align == '^' ? pad / 2 : 0;

    put_fill(out, spec, left);
    rt_buf_put(out, text);
    put_fill(out, spec, pad - left);
    return rt__buf_status(r, out);
}

// Digits in groups from the right, with zeros in front until they are `width`
// long, as text.
static rt_str group_digits(rt_render *r, rt_str digits, size_t width,
                           const rt__spec *spec)
{
    size_t size = spec->type == 'b' || spec->type == 'o' || spec->type == 'x' ||
                          spec->type == 'X'
                      ? 4
                      : 3;
    size_t cap = (digits.len > width ? digits.len : width) * 2 + 2;
    char *text = rt_arena_alloc(r->arena, cap);
    char *at = text + cap;
    size_t left = digits.len;

    for (size_t in_group = 0;; in_group++) {
        size_t len = (size_t)(text + cap - at);
        if (left == 0 && len >= width)
            break;
        if (in_group == size) {
            *--at = spec->grouping;
            in_group = 0;
        }
        *--at = left > 0 ? digits.data[--left] : '0';
    }
    return rt_str_of(at, (size_t)(text + cap - at));
}

rt_status rt__spec_put_number(rt_render *r, rt_buf *out,
                              const rt__number_parts *parts,
                              const rt__spec *spec)
{
    size_t others = parts->sign.len + parts->prefix.len + parts->rest.len;
    rt_str digits = parts->digits;
    size_t pad;
    rt_status st = missing(r, spec, others + digits.len, &pad);

    if (st)
        return st;
    if (spec->grouping && digits.len) {
        bool zeros = spec->align == '=' && rt_str_eq(spec->fill, RT_STR("0"));
        digits = group_digits(r, digits, zeros ? pad + digits.len : 0, spec);
        st = missing(r, spec, others + digits.len, &pad);
        if (st)
            return st;
    }
    size_t left = spec->align == '>' ? pad : spec->align == '^' ? pad / 2 : 0;
    put_fill(out, spec, left);
    rt_buf_put(out, parts->sign);
    rt_buf_put(out, parts->prefix);
    put_fill(out, spec, spec->align == '=' ? pad : 0);
    rt_buf_put(out, digits);
    rt_buf_put(out, parts->rest);
    put_fill(out, spec, spec->align == '=' ? 0 : pad - left);
    return rt__buf_status(r, out);
}
