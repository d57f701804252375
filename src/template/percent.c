// Formatting with %: the printf of Python.
//
//     conversion = "%" [ "(" key ")" ] flags [ width ] [ "." precision ]
//                  [ "h" | "l" | "L" ] type
//
// A tuple on the right gives one argument after another; a mapping is looked up
// by keys; anything else is the only argument. A safe format wraps each
// argument as markupsafe does: what is printed is escaped, and numbers are made
// of text.
#include "template/arith.h"
#include "template/bigint.h"
#include "template/format_spec.h"
#include "template/text_unicode.h"

#define FLAG_LEFT  1u
#define FLAG_PLUS  2u
#define FLAG_SPACE 4u
#define FLAG_ALT   8u
#define FLAG_ZERO  16u

typedef struct printer {
    rt_render *r;
    rt_str all;
    rt_str format; // what is left of it
    rt_buf *out;
    bool safe;
    bool is_mapping;
    rt_value source; // the mapping
    const rt_value *args;
    size_t left; // of the arguments
    rt_value one;
} printer;

typedef struct conversion {
    unsigned flags;
    int64_t width;
    int64_t precision; // below zero: not given
    uint32_t type;
} conversion;

static rt_status type_error(printer *p, const char *message)
{
    return rt__failed(
        rt__raise_text(p->r, RT_TEMPLATE_TYPE_ERROR, rt_str_from(message)));
}

static rt_status value_error(printer *p, const char *message)
{
    return rt__failed(
        rt__raise_text(p->r, RT_TEMPLATE_VALUE_ERROR, rt_str_from(message)));
}

// The type of an argument as messages name it.
static const char *type_of(const printer *p, rt_value v)
{
    return p->safe ? "_MarkupEscapeHelper" : rt__type_name(v);
}

static rt_status next_arg(printer *p, rt_value *out)
{
    if (p->left == 0)
        return type_error(p, "not enough arguments for format string");
    p->left--;
    *out = *p->args++;
    return RT_OK;
}

// ---- parsing ------------------------------------------------------------------

static bool peek(const printer *p, char *c)
{
    if (p->format.len)
        *c = p->format.data[0];
    return p->format.len > 0;
}

// "(key)": the argument is the mapping's.
static rt_status take_key(printer *p)
{
    size_t open = 1;
    size_t len = 0;

    if (!p->is_mapping)
        return type_error(p, "format requires a mapping");
    (void)rt_str_take(&p->format, 1);
    for (; len < p->format.len; len++) {
        char c = p->format.data[len];
        open += c == '(';
        open -= c == ')';
        if (open == 0)
            break;
    }
    if (open > 0)
        return value_error(p, "incomplete format key");
    rt_str key = rt_str_take(&p->format, len);
    (void)rt_str_take(&p->format, 1);
    p->args = &p->one;
    p->left = 1;
    return rt__subscript(p->r, p->source, rt_value_str(key), &p->one);
}

static unsigned flag_of(char c)
{
    switch (c) {
    case '-': return FLAG_LEFT;
    case '+': return FLAG_PLUS;
    case ' ': return FLAG_SPACE;
    case '#': return FLAG_ALT;
    case '0': return FLAG_ZERO;
    default: return 0;
    }
}

// What a number in a format may be, and what is said when it is more.
typedef struct limit {
    int64_t max;
    const char *exceeded;
    const char *type;
} limit;

static const limit width_limit = {INT64_MAX, "width too big", "ssize_t"};
static const limit precision_limit = {INT32_MAX, "precision too big", "int"};

// Digits, or "*" for the next argument; unchanged when there is neither.
static rt_status take_number(printer *p, const limit *l, int64_t *out)
{
    rt_value v;
    char c;

    if (peek(p, &c) && c == '*') {
        (void)rt_str_take(&p->format, 1);
        rt_status st = next_arg(p, &v);
        if (st)
            return st;
        if (p->safe || !rt__is_integer(v))
            return type_error(p, "* wants int");
        *out = rt_value_as_int(v, 0);
        if (rt__is_bigint(v) || *out > l->max || *out < -l->max - 1) {
            st = rt__raise(p->r, RT_TEMPLATE_OVERFLOW_ERROR,
                           "Python int too large to convert to C {}", l->type);
        }
        return st;
    }
    if (!peek(p, &c) || !rt_is_digit(c))
        return RT_OK;
    int64_t n = 0;
    for (; peek(p, &c) && rt_is_digit(c); (void)rt_str_take(&p->format, 1)) {
        if (n > (l->max - (c - '0')) / 10)
            return value_error(p, l->exceeded);
        n = n * 10 + (c - '0');
    }
    *out = n;
    return RT_OK;
}

static rt_status take_conversion(printer *p, conversion *c)
{
    char byte = 0;
    rt_status st = RT_OK;

    *c = (conversion){.precision = -1};
    if (peek(p, &byte) && byte == '(')
        st = take_key(p);
    for (; !st && peek(p, &byte) && flag_of(byte); c->flags |= flag_of(byte))
        (void)rt_str_take(&p->format, 1);
    if (!st)
        st = take_number(p, &width_limit, &c->width);
    if (c->width < 0) {
        c->flags |= FLAG_LEFT;
        c->width = c->width == INT64_MIN ? INT64_MAX : -c->width;
    }
    if (!st && peek(p, &byte) && byte == '.') {
        (void)rt_str_take(&p->format, 1);
        c->precision = 0;
        st = take_number(p, &precision_limit, &c->precision);
        if (c->precision < 0)
            c->precision = 0;
    }
    if (st)
        return st;
    if (peek(p, &byte) && (byte == 'h' || byte == 'l' || byte == 'L'))
        (void)rt_str_take(&p->format, 1);
    if (!p->format.len)
        return value_error(p, "incomplete format");
    c->type = rt__rune_next(&p->format);
    return RT_OK;
}

// ---- writing ------------------------------------------------------------------

static rt__spec layout(const conversion *c, bool number)
{
    rt__spec spec = {
        .fill = RT_STR(" "), .align = '>', .width = c->width, .type = 's'};

    if (c->flags & FLAG_LEFT) {
        spec.align = '<';
    } else if (number && c->flags & FLAG_ZERO) {
        spec.fill = RT_STR("0");
        spec.align = '=';
    }
    return spec;
}

static rt_str sign_of(const conversion *c, bool negative)
{
    if (negative)
        return RT_STR("-");
    if (c->flags & FLAG_PLUS)
        return RT_STR("+");
    return c->flags & FLAG_SPACE ? RT_STR(" ") : RT_STR("");
}

static rt_status put_text(printer *p, const conversion *c, rt_value v)
{
    rt_render *r = p->r;
    rt_buf buf;
    rt_status st;

    rt__buf_init(r, &buf);
    if (c->type == 's') {
        st = rt__put_text(r, &buf, v, p->safe);
    } else {
        st = c->type == 'a' && !p->safe ? rt__put_ascii_repr(r, &buf, v)
                                        : rt__put_repr(r, &buf, v);
    }
    rt_str text = rt_buf_str(&buf);
    if (!st && c->type != 's' && p->safe) {
        rt_value escaped;
        st = rt__escape(r, rt_value_str(text), &escaped);
        text = rt_value_as_str(escaped);
        if (c->type == 'a' && !rt__text_is_ascii(text)) {
            rt__buf_init(r, &buf);
            rt__put_ascii(&buf, text);
            text = rt_buf_str(&buf);
        }
    }
    if (st)
        return st;
    if (c->precision >= 0) {
        text =
            rt_str_slice(text, 0, rt__text_offset(text, (size_t)c->precision));
    }
    rt__spec spec = layout(c, false);
    return rt__spec_pad(r, p->out, text, &spec);
}

static rt_status put_character(printer *p, const conversion *c, rt_value v)
{
    char utf8[4];
    rt_str text = rt_value_as_str(v);
    rt__spec spec = layout(c, false);

    if (p->safe || !(rt__is_integer(v) || (rt_value_is_text(v) && text.len &&
                                           rt__text_len(text) == 1)))
        return type_error(p, "%c requires int or char");
    if (!rt_value_is_text(v)) {
        int64_t n = rt_value_as_int(v, -1);
        if (n < 0 || n > RT_UTF8_MAX) {
            return rt__raise(p->r, RT_TEMPLATE_OVERFLOW_ERROR,
                             "%c arg not in range(0x110000)");
        }
        text = rt_str_of(utf8, rt_utf8_encode((uint32_t)n, utf8));
    }
    return rt__spec_pad(p->r, p->out, text, &spec);
}

// The integer that an argument is for %d (%x).
static rt_status to_integer(printer *p, const conversion *c, rt_value *v)
{
    bool decimal = c->type == 'd' || c->type == 'i' || c->type == 'u';
    bool text = rt_value_is_text(*v) || v->kind == RT_BYTES;
    char name[2] = {(char)c->type, 0};

    if (decimal &&
        (rt__is_numeric(*v) || v->kind == RT_UNDEFINED || (p->safe && text)))
        return rt__to_int(p->r, *v, v);
    if (!decimal && !p->safe && rt__is_integer(*v))
        return rt__to_int(p->r, *v, v);
    return rt__raise(p->r, RT_TEMPLATE_TYPE_ERROR,
                     "%{} format: {} is required, not {}", name,
                     decimal ? "a real number" : "an integer", type_of(p, *v));
}

static rt_status put_integer(printer *p, const conversion *c, rt_value v)
{
    rt_render *r = p->r;
    rt__number_parts parts = {0};
    rt__int a;
    rt_buf digits;
    unsigned base = 10;
    rt__spec spec = layout(c, true);
    rt_status st = to_integer(p, c, &v);

    if (!st)
        st = rt__check_text(r, c->precision < 0 ? 0 : (size_t)c->precision);
    if (st || !rt__int_view(v, &a))
        return st;
    st = rt__int_step_digits(r, &a);
    if (st)
        return st;
    if (c->type == 'o') {
        base = 8;
        parts.prefix = RT_STR("0o");
    } else if (c->type == 'x' || c->type == 'X') {
        base = 16;
        parts.prefix = c->type == 'x' ? RT_STR("0x") : RT_STR("0X");
    }
    if (!(c->flags & FLAG_ALT))
        parts.prefix = RT_STR("");
    rt__buf_init(r, &digits);
    rt__int_put_digits(&digits, &a, base);
    st = rt__buf_status(r, &digits);
    if (st)
        return st;
    parts.sign = sign_of(c, a.negative);
    parts.digits = rt_buf_str(&digits);
    if (c->type == 'X')
        parts.digits = rt_str_upper(r->arena, parts.digits);
    if (c->precision > (int64_t)parts.digits.len) {
        rt_buf zeros;
        rt__buf_init(r, &zeros);
        rt_buf_put_repeat(&zeros, '0', (size_t)c->precision - parts.digits.len);
        rt_buf_put(&zeros, parts.digits);
        parts.digits = rt_buf_str(&zeros);
    }
    return rt__spec_put_number(r, p->out, &parts, &spec);
}

static rt_status put_float(printer *p, const conversion *c, rt_value v)
{
    rt__number_parts parts = {0};
    rt__spec spec = layout(c, true);
    int precision = c->precision < 0 ? 6 : (int)c->precision;
    double x;
    rt_buf text;

    if (!p->safe && !rt__is_numeric(v) && v.kind != RT_UNDEFINED) {
        return rt__raise(p->r, RT_TEMPLATE_TYPE_ERROR,
                         "must be real number, not {}", rt__type_name(v));
    }
    rt_status st = rt__to_float(p->r, v, &x);
    if (!st)
        st = rt__check_text(p->r, (size_t)precision);
    if (st)
        return st;
    rt__buf_init(p->r, &text);
    rt__put_float(&text, x, (char)c->type, precision,
                  c->flags & FLAG_ALT ? RT__FLOAT_ALT : 0);
    parts.digits = rt_buf_str(&text);
    parts.sign = sign_of(c, rt_str_skip(&parts.digits, RT_STR("-")));
    return rt__spec_put_number(p->r, p->out, &parts, &spec);
}

static rt_status unsupported(printer *p, uint32_t type)
{
    size_t behind = (size_t)(p->format.data - p->all.data);
    char name[2] = {type > 31 && type < 127 ? (char)type : '?', 0};
    rt_buf hex;

    rt_buf_init(&hex, p->r->arena);
    rt_buf_put_hex(&hex, type, 1);
    return rt__raise(p->r, RT_TEMPLATE_VALUE_ERROR,
                     "unsupported format character '{}' (0x{}) at index {}",
                     name, rt_buf_str(&hex),
                     rt__text_len(rt_str_slice(p->all, 0, behind)) - 1);
}

static rt_status put_conversion(printer *p, const conversion *c)
{
    rt_value v;
    rt_status st = next_arg(p, &v);

    if (st)
        return st;
    switch (c->type) {
    case 's':
    case 'r':
    case 'a': return put_text(p, c, v);
    case 'c': return put_character(p, c, v);
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X': return put_integer(p, c, v);
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G': return put_float(p, c, v);
    default: return unsupported(p, c->type);
    }
}

// ---- the arguments ----------------------------------------------------------------

// What % takes for a mapping: whatever can be subscripted, but text and tuples.
static bool is_mapping(rt_value v)
{
    switch (rt_value_kind(v)) {
    case RT_UNDEFINED:
    case RT_LIST:
    case RT_DICT:
    case RT_BYTES: return true;
    case RT_OBJECT: return v.as.object->vtable->item != NULL;
    default: return false;
    }
}

rt_status rt__percent_format(rt_render *r, rt_value format, rt_value args,
                             rt_value *out)
{
    rt_buf buf;
    printer p = {.r = r,
                 .all = rt_value_as_str(format),
                 .format = rt_value_as_str(format),
                 .out = &buf,
                 .safe = format.kind == RT_SAFE,
                 .is_mapping = is_mapping(args),
                 .source = args,
                 .one = args,
                 .left = 1};
    rt_status st = RT_OK;

    rt__buf_init(r, &buf);
    p.args = &p.one;
    if (args.kind == RT_TUPLE) {
        p.args = rt_list_items(args);
        p.left = rt_list_len(args);
    }
    while (!st && p.format.len) {
        conversion c;
        size_t percent = rt_str_find_char(p.format, '%');
        rt_buf_put(&buf, rt_str_take(&p.format, percent));
        if (!rt_str_skip(&p.format, RT_STR("%")))
            break;
        if (rt_str_skip(&p.format, RT_STR("%"))) {
            rt_buf_put_char(&buf, '%');
            continue;
        }
        st = take_conversion(&p, &c);
        if (!st)
            st = put_conversion(&p, &c);
        if (!st)
            st = rt__step(r, 1);
    }
    if (!st && p.left > 0 && !p.is_mapping) {
        st = type_error(&p,
                        "not all arguments converted during string formatting");
    }
    *out = rt__text_like(format, rt_buf_str(&buf));
    return st ? st : rt__buf_status(r, &buf);
}
