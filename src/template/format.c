// str.format: fields in braces, and the look-ups inside them.
//
//     text      = ( literal | "{{" | "}}" | field )*
//     field     = "{" [ name ] [ "!" conversion ] [ ":" spec ] "}"
//     name      = [ number | key ] ( "." attribute | "[" index "]" )*
//     spec      = text, once more
//
// A safe format goes by the rules of markupsafe.EscapeFormatter: each field is
// escaped, and fields that are numbered by themselves cannot have attributes.
// In the sandbox attributes and items are found as in templates.
#include "template/format_spec.h"
#include "template/text_unicode.h"

// A spec may hold fields, whose specs may not; string.Formatter notices where it
// reads the spec of such a field.
#define DEPTH_MAX 2

typedef struct formatter {
    rt_render *r;
    const rt_value *args; // NULL: format_map
    size_t args_len;
    rt_value named; // a dict, any mapping, or undefined
    bool safe;
    bool plain; // str's own rules, not those of string.Formatter
    bool by_number;
    int64_t automatic; // fields that numbered themselves so far
} formatter;

typedef struct field {
    rt_str name;
    uint32_t conversion; // 0: none
    rt_str spec;
    bool spec_has_fields;
} field;

static rt_status syntax(formatter *f, const char *message)
{
    return rt__raise_text(f->r, RT_TEMPLATE_VALUE_ERROR, rt_str_from(message));
}

// ---- parsing ------------------------------------------------------------------

// The bytes before the next brace.
static rt_str take_literal(rt_str *s)
{
    size_t len = 0;

    while (len < s->len && s->data[len] != '{' && s->data[len] != '}')
        len++;
    return rt_str_take(s, len);
}

// The name of a field, up to what ends it: `*end` is that byte, or 0.
static rt_status take_name(formatter *f, rt_str *s, rt_str *out, char *end)
{
    size_t len = 0;

    *end = 0;
    while (len < s->len && !*end) {
        char c = s->data[len];
        if (c == '{')
            return syntax(f, "unexpected '{' in field name");
        if (c == '[') {
            while (len < s->len && s->data[len] != ']')
                len++;
        } else if (c == '}' || c == ':' || c == '!') {
            *end = c;
        } else {
            len++;
        }
    }
    *out = rt_str_take(s, len);
    if (*end)
        (void)rt_str_take(s, 1);
    return RT_OK;
}

// A spec up to the brace that ends its field.
static rt_status take_spec(formatter *f, rt_str *s, field *out)
{
    size_t open = 1;

    for (size_t i = 0; i < s->len; i++) {
        if (s->data[i] == '{') {
            out->spec_has_fields = true;
            open++;
        } else if (s->data[i] == '}' && --open == 0) {
            out->spec = rt_str_take(s, i);
            (void)rt_str_take(s, 1);
            return RT_OK;
        }
    }
    return syntax(f, "unmatched '{' in format spec");
}

// A field, whose opening brace has been read.
static rt_status take_field(formatter *f, rt_str *s, field *out)
{
    char end;
    rt_status st = take_name(f, s, &out->name, &end);

    if (st || end == '}')
        return st;
    if (!end)
        return syntax(f, "expected '}' before end of string");
    if (end == '!') {
        if (!s->len) {
            return syntax(f, "end of string while looking for conversion "
                             "specifier");
        }
        out->conversion = rt__rune_next(s);
        if (s->len) {
            char next = rt_str_take(s, 1).data[0];
            if (next == '}')
                return RT_OK;
            if (next != ':')
                return syntax(f, "expected ':' after conversion specifier");
        }
    }
    return take_spec(f, s, out);
}

// ---- finding the value ----------------------------------------------------------

// A number that is all of `s`; false otherwise.
static bool is_number(formatter *f, rt_str s, int64_t *out)
{
    int64_t n = 0;

    if (!s.len)
        return false;
    while (s.len) {
        int digit = rt__rune_decimal(rt__rune_next(&s));
        if (digit < 0)
            return false;
        if (n > (INT64_MAX - digit) / 10) {
            (void)syntax(f, "Too many decimal digits in format string");
            return false;
        }
        n = n * 10 + digit;
    }
    *out = n;
    return true;
}

static rt_status positional(formatter *f, int64_t index, rt_value *out)
{
    if (!f->args && f->plain)
        return syntax(f, "Format string contains positional fields");
    if (!f->args || index >= (int64_t)f->args_len) {
        return f->plain ? rt__raise(f->r, RT_TEMPLATE_INDEX_ERROR,
                                    "Replacement index {} out of range for "
                                    "positional args tuple",
                                    index)
                        : rt__raise(f->r, RT_TEMPLATE_INDEX_ERROR,
                                    "tuple index out of range");
    }
    *out = f->args[index];
    return RT_OK;
}

static rt_status attribute(formatter *f, rt_value object, rt_str name,
                           rt_value *out)
{
    if (object.kind == RT_UNDEFINED)
        return rt__get_attr(f->r, object, name, out);
    if (rt__find_attr(f->r, object, name, out))
        return RT_OK;
    return rt__raise(f->r, RT_TEMPLATE_ATTRIBUTE_ERROR,
                     "{!r} object has no attribute {!r}", rt__type_name(object),
                     name);
}

// The value of the first part of a name.
static rt_status first_value(formatter *f, rt_str first, bool alone,
                             rt_value *out)
{
    static const char switching[] =
        "cannot switch from manual field specification to automatic field "
        "numbering";
    static const char back[] =
        "cannot switch from automatic field numbering to manual field "
        "specification";
    int64_t index = 0;

    // string.Formatter numbers only fields that have no name at all.
    bool automatic = first.len == 0 && (f->plain || alone);
    bool numbered = automatic || is_number(f, first, &index);
    if (f->r->error.kind != RT_TEMPLATE_OK)
        return RT_E_SYNTAX;
    if (automatic) {
        if (f->by_number)
            return syntax(f, switching);
        index = f->automatic++;
    } else if (numbered && (f->plain || alone)) {
        if (f->automatic > 0)
            return syntax(f, f->plain ? back : switching);
        f->by_number = true;
    }
    if (numbered)
        return positional(f, index, out);

    rt_value key = rt_value_str(first);
    if (f->named.kind == RT_UNDEFINED && !f->named.as.undefined)
        return rt__raise(f->r, RT_TEMPLATE_KEY_ERROR, "{!r}", key);
    return rt__subscript(f->r, f->named, key, out);
}

static size_t next_separator(rt_str s)
{
    size_t len = 0;

    while (len < s.len && s.data[len] != '.' && s.data[len] != '[')
        len++;
    return len;
}

// One `.name` or `[index]` off the front of a name.
static rt_status step_into(formatter *f, rt_str *rest, rt_value *value)
{
    bool dot = rest->data[0] == '.';
    rt_value key;
    int64_t index;
    rt_str name;

    (void)rt_str_take(rest, 1);
    if (dot) {
        name = rt_str_take(rest, next_separator(*rest));
    } else {
        size_t end = rt_str_find_char(*rest, ']');
        if (end == RT_STR_NONE)
            return syntax(f, "Missing ']' in format string");
        name = rt_str_take(rest, end);
        (void)rt_str_take(rest, 1);
    }
    if (!name.len)
        return syntax(f, "Empty attribute in format string");
    key = rt_value_str(name);
    if (!dot && is_number(f, name, &index))
        key = rt_value_int(index);
    if (f->r->error.kind != RT_TEMPLATE_OK)
        return RT_E_SYNTAX;
    if (f->r->sandbox != RT_SANDBOX_OFF) {
        return dot ? rt__get_attr(f->r, *value, name, value)
                   : rt__get_item(f->r, *value, key, value);
    }
    return dot ? attribute(f, *value, name, value)
               : rt__subscript(f->r, *value, key, value);
}

static rt_status field_value(formatter *f, rt_str name, rt_value *out)
{
    rt_str rest = name;
    rt_str first = rt_str_take(&rest, next_separator(rest));
    rt_status st = first_value(f, first, rest.len == 0, out);
    bool after_bracket = false;

    while (!st && rest.len) {
        if (after_bracket && rest.data[0] != '.' && rest.data[0] != '[') {
            return syntax(f, "Only '.' or '[' may follow ']' in format field "
                             "specifier");
        }
        after_bracket = rest.data[0] == '[';
        st = step_into(f, &rest, out);
    }
    return st;
}

// ---- writing --------------------------------------------------------------------

static rt_status put_text(formatter *f, rt_buf *out, rt_str s, int depth);

// !r, !s and !a make text of a value.
static rt_status convert(formatter *f, uint32_t conversion, rt_value *value)
{
    rt_buf buf;
    rt_status st = RT_OK;

    rt__buf_init(f->r, &buf);
    switch (conversion) {
    case 0: return RT_OK;
    case 's': st = rt__put_text(f->r, &buf, *value, false); break;
    case 'r': st = rt__put_repr(f->r, &buf, *value); break;
    case 'a': st = rt__put_ascii_repr(f->r, &buf, *value); break;
    default:
        return rt__raise(f->r, RT_TEMPLATE_VALUE_ERROR,
                         "Unknown conversion specifier {}",
                         rt__spec_type_name(f->r, conversion));
    }
    *value = rt_value_str(rt_buf_str(&buf));
    return st;
}

// Has __html__, and no __html_format__.
static bool is_html(rt_render *r, rt_value v)
{
    if (v.kind == RT_UNDEFINED)
        return rt__undefined_mode_of(r, v) == RT_UNDEFINED_CHAINABLE;
    return rt_value_is_markup(v);
}

static rt_status put_value(formatter *f, rt_buf *out, rt_value v, rt_str spec)
{
    rt_buf text;

    if (!f->safe)
        return rt__put_formatted(f->r, out, v, spec);
    if (v.kind == RT_SAFE) {
        if (spec.len)
            return syntax(f, "Unsupported format specification for Markup.");
        rt_buf_put(out, rt_value_as_str(v));
        return rt__buf_status(f->r, out);
    }
    if (is_html(f->r, v) && spec.len) {
        return rt__raise(f->r, RT_TEMPLATE_VALUE_ERROR,
                         "Format specifier {} given, but {} does not define "
                         "__html_format__",
                         spec, rt__type_name(v));
    }
    if (rt_value_is_markup(v))
        return rt__put_text(f->r, out, v, true);
    rt__buf_init(f->r, &text);
    rt_status st = rt__put_formatted(f->r, &text, v, spec);
    if (st)
        return st;
    return rt__put_text(f->r, out, rt_value_str(rt_buf_str(&text)), true);
}

static rt_status put_field(formatter *f, rt_buf *out, const field *found,
                           int depth)
{
    rt_value value;
    rt_str spec = found->spec;
    rt_buf expanded;
    rt_status st = field_value(f, found->name, &value);

    if (!st)
        st = convert(f, found->conversion, &value);
    // string.Formatter reads every spec, in which braces may be doubled.
    if (!st && (found->spec_has_fields || !f->plain)) {
        rt__buf_init(f->r, &expanded);
        st = put_text(f, &expanded, spec, depth + 1);
        spec = rt_buf_str(&expanded);
    }
    return st ? st : put_value(f, out, value, spec);
}

// A brace has been read: another of its kind is text.
static rt_status put_brace(formatter *f, rt_buf *out, char brace, rt_str *s,
                           int depth)
{
    field found = {0};

    if (s->len && s->data[0] == brace) {
        rt_buf_put(out, rt_str_take(s, 1));
        return RT_OK;
    }
    if (brace == '}')
        return syntax(f, "Single '}' encountered in format string");
    if (!s->len)
        return syntax(f, "Single '{' encountered in format string");
    rt_status st = take_field(f, s, &found);
    return st ? st : put_field(f, out, &found, depth);
}

static rt_status put_text(formatter *f, rt_buf *out, rt_str s, int depth)
{
    rt_status st = RT_OK;

    if (depth >= DEPTH_MAX + !f->plain)
        return syntax(f, "Max string recursion exceeded");
    while (!st && s.len) {
        rt_buf_put(out, take_literal(&s));
        if (!s.len)
            break;
        char brace = rt_str_take(&s, 1).data[0];
        st = put_brace(f, out, brace, &s, depth);
        if (!st)
            st = rt__step(f->r, 1);
    }
    return st ? st : rt__buf_status(f->r, out);
}

rt_status rt__str_format(rt_render *r, rt_value format, const rt_value *args,
                         size_t n, rt_value named, rt_value *out)
{
    formatter f = {
        .r = r,
        .args = args,
        .args_len = args ? n : 0,
        .named = named,
        .safe = format.kind == RT_SAFE,
        .plain = format.kind == RT_STRING && r->sandbox == RT_SANDBOX_OFF,
    };
    rt_buf buf;

    rt__buf_init(r, &buf);
    rt_status st = put_text(&f, &buf, rt_value_as_str(format), 0);
    *out = rt__text_like(format, rt_buf_str(&buf));
    return st;
}
