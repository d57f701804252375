// Filters of text: case, padding, trimming, indenting, cutting, counting.
#include <retort/base/escape.h>

#include "template/env.h"
#include "template/filters.h"
#include "template/text_unicode.h"

// ---- case ------------------------------------------------------------------------

static rt_status change_case(rt_render *r, rt_value v, rt__case mapping,
                             rt_value *out)
{
    rt_value text;
    rt_buf buf;
    rt_status st = rt__soft_text(r, v, &text);

    if (st || (st = rt__check_text(r, text.len)))
        return st;
    rt__buf_init(r, &buf);
    rt__put_case(&buf, rt_value_as_str(text), mapping);
    return rt__give_text(r, &buf, text, out);
}

FILTER(upper)
{
    return change_case(r, a[0], RT__UPPER, out);
}

FILTER(lower)
{
    return change_case(r, a[0], RT__LOWER, out);
}

FILTER(capitalize)
{
    rt_value text;
    rt_buf buf;
    rt_status st = rt__soft_text(r, a[0], &text);

    if (st || (st = rt__check_text(r, text.len)))
        return st;
    rt__buf_init(r, &buf);
    rt__put_capitalized(&buf, rt_value_as_str(text));
    return rt__give_text(r, &buf, text, out);
}

// What comes before a word of the title filter: [-\s({\[<]
static bool is_before_word(uint32_t rune)
{
    switch (rune) {
    case '-':
    case '(':
    case '{':
    case '[':
    case '<': return true;
    default: return rt__rune_is_space(rune);
    }
}

// Every word with its first character in upper case and the rest in lower; not
// str.title, for which "o'clock" is two words. The result is plain text.
FILTER(title)
{
    rt_str rest;
    rt_buf buf;
    rt_status st = rt__to_text(r, a[0], &rest);

    if (st || (st = rt__check_text(r, rest.len)))
        return st;
    rt__buf_init(r, &buf);
    while (rest.len) {
        rt_str first = rest;
        bool between = is_before_word(rt__rune_next(&rest));
        first.len -= rest.len;
        rt_str tail = {rest.data, 0};
        while (rest.len && !between) {
            rt_str next = rest;
            if (is_before_word(rt__rune_next(&next)))
                break;
            tail.len += rest.len - next.len;
            rest = next;
        }
        rt__put_case(&buf, first, RT__UPPER);
        rt__put_case(&buf, tail, RT__LOWER);
    }
    return rt__give_text(r, &buf, rt_value_none(), out);
}

// ---- ends ------------------------------------------------------------------------

FILTER(center)
{
    rt_value v;
    int64_t width;
    rt_buf buf;
    rt_status st = rt__soft_text(r, a[0], &v);

    if (st || (st = rt__arg_int(r, a[1], 80, &width)))
        return st;
    rt_str text = rt_value_as_str(v);
    int64_t len = (int64_t)rt__text_len(text);
    int64_t pad = width > len ? width - len : 0;
    if ((st = rt__check_text(r, text.len + (size_t)pad)))
        return st;
    // An odd blank goes to the left where the width is odd, as in Python.
    int64_t left = pad / 2 + (pad & width & 1);
    rt__buf_init(r, &buf);
    rt_buf_put_repeat(&buf, ' ', (size_t)left);
    rt_buf_put(&buf, text);
    rt_buf_put_repeat(&buf, ' ', (size_t)(pad - left));
    return rt__give_text(r, &buf, v, out);
}

FILTER(trim)
{
    rt_value v;
    rt_str chars = rt_value_as_str(a[1]);
    rt_status st = rt__soft_text(r, a[0], &v);

    if (st)
        return st;
    if (!rt__is_none(a[1]) && !rt_value_is_text(a[1]))
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "strip arg must be None or str");
    // Every character looks at every one of `chars`.
    if ((st = rt__check_text(r, v.len)) ||
        (st = rt__step(r, (v.len / 64 + 1) * (chars.len / 64 + 1))))
        return st;
    *out = rt__text_like(v, rt__text_strip(rt_value_as_str(v),
                                           rt__is_none(a[1]) ? NULL : &chars,
                                           RT__STRIP_BOTH));
    return RT_OK;
}

// ---- replace ---------------------------------------------------------------------

// str.replace; a negative count is no limit.
static void put_replaced(rt_buf *out, rt_str s, rt_str old, rt_str new,
                         int64_t count)
{
    while (count != 0 && !out->status) {
        size_t at = rt_str_find(s, old);
        if (at == RT_STR_NONE)
            break;
        rt_buf_put(out, rt_str_take(&s, at));
        rt_buf_put(out, new);
        count -= count > 0;
        if (old.len) {
            rt_str_take(&s, old.len);
        } else { // before each character and at the end
            if (!s.len)
                return;
            rt_str here = s;
            (void)rt__rune_next(&s);
            rt_buf_put_bytes(out, here.data, here.len - s.len);
        }
    }
    rt_buf_put(out, s);
}

FILTER(replace)
{
    rt_value s = a[0];
    rt_str old, new;
    int64_t count;
    rt_buf buf;
    rt_status st;

    if ((st = rt__arg_int(r, rt__is_none(a[3]) ? rt__absent() : a[3], -1,
                          &count)))
        return st;
    // Where escaping is on, text becomes safe once something safe is looked
    // for in it or put into it.
    if (r->autoescape &&
        (a[1].kind == RT_SAFE || (a[2].kind == RT_SAFE && s.kind != RT_SAFE))) {
        st = rt__escape(r, s, &s);
    } else {
        st = rt__soft_text(r, s, &s);
    }
    if (st || (st = rt__to_text(r, a[1], &old)) ||
        (st = rt__to_text(r, a[2], &new)))
        return st;
    if (!r->autoescape)
        s = rt_value_str(rt_value_as_str(s));
    if (s.kind == RT_SAFE && a[2].kind != RT_SAFE)
        new = rt_html_escape(r->arena, new);
    if ((st = rt__check_text(r, s.len)))
        return st;
    rt__buf_init(r, &buf);
    put_replaced(&buf, rt_value_as_str(s), old, new, count);
    return rt__give_text(r, &buf, s, out);
}

// ---- indent ----------------------------------------------------------------------

// What goes before a line.
typedef struct margin {
    rt_str text; // or
    size_t width;
    bool escapes; // a safe margin escapes what it is put before
} margin;

static void put_margin(rt_buf *buf, const margin *m)
{
    rt_buf_put(buf, m->text);
    rt_buf_put_repeat(buf, ' ', m->width);
}

static void put_line(rt_buf *buf, rt_str line, bool escape)
{
    if (escape) {
        rt_buf_put_html(buf, line);
    } else {
        rt_buf_put(buf, line);
    }
}

static rt_status margin_of(rt_render *r, rt_value width, rt_value s, margin *m)
{
    int64_t n = 4;

    *m = (margin){.text = rt_value_as_str(width),
                  .escapes = width.kind == RT_SAFE && s.kind != RT_SAFE};
    if (rt_value_is_text(width))
        return RT_OK;
    if (!rt__is_absent(width) && !rt__is_integer(width))
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "can't multiply sequence by non-int of type {!r}",
                         rt__type_name(width));
    rt_status st = rt__arg_int(r, width, 4, &n);
    m->width = n > 0 ? (size_t)n : 0;
    return st ? st : rt__check_text(r, m->width);
}

// Indent the lines of `s`, of which there is one more when it ends with a line
// break (Jinja appends "\n" before it splits; behind a "\r" that is no break of
// its own).
static rt_status put_indented(rt_render *r, rt_buf *buf, rt_str s,
                              const margin *m, bool blank)
{
    rt_str line;
    rt_str end = RT_STR("\n");
    bool first = true;

    for (;;) {
        if (!rt__text_next_line(&s, &line, &end)) {
            if (!end.len || end.data[end.len - 1] == '\r')
                return RT_OK;
            line = end = (rt_str){0};
        }
        bool indented = !first && (blank || line.len > 0);
        if (!first)
            rt_buf_put_char(buf, '\n');
        if (indented)
            put_margin(buf, m);
        put_line(buf, line, m->escapes && (indented || blank));
        first = false;
        rt_status st = rt__step(r, 1 + line.len / 64);
        if (st || buf->status)
            return st;
        if (!end.len)
            return RT_OK;
    }
}

FILTER(indent)
{
    margin m;
    bool first, blank;
    rt_buf buf;
    rt_status st;

    if (a[0].kind == RT_UNDEFINED)
        return rt__undefined_fail(r, a[0]);
    if (!rt_value_is_text(a[0]))
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "unsupported operand type(s) for +=: {!r} and 'str'",
                         rt__type_name(a[0]));
    if ((st = margin_of(r, a[1], a[0], &m)) ||
        (st = rt__arg_bool(r, a[2], false, &first)) ||
        (st = rt__arg_bool(r, a[3], false, &blank)))
        return st;
    rt_value model = m.escapes && (first || blank) ? a[1] : a[0];
    bool again = first && m.escapes && !blank; // what was escaped, is again
    rt__buf_init(r, &buf);
    if (first && !again)
        put_margin(&buf, &m);
    st = put_indented(r, &buf, rt_value_as_str(a[0]), &m, blank);
    if (st || !again)
        return st ? st : rt__give_text(r, &buf, model, out);
    rt_buf whole;
    rt__buf_init(r, &whole);
    put_margin(&whole, &m);
    rt_buf_put_html(&whole, rt_buf_str(&buf));
    return rt__give_text(r, &whole, model, out);
}

// ---- truncate --------------------------------------------------------------------

// The ends of other things than text cannot be cut off.
static rt_status cannot_truncate(rt_render *r, rt_value v, bool killwords)
{
    if (killwords || v.kind == RT_DICT)
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "can only concatenate {} to {}", rt__type_name(v),
                         rt__type_name(v));
    return rt__raise(r, RT_TEMPLATE_ATTRIBUTE_ERROR,
                     "{!r} object has no attribute 'rsplit'", rt__type_name(v));
}

static rt_status check_length(rt_render *r, int64_t length, size_t end,
                              int64_t leeway)
{
    if (length < (int64_t)end)
        return rt__raise(r, RT_TEMPLATE_ASSERTION_FAILED,
                         "expected length >= {}, got {}", end, length);
    if (leeway < 0)
        return rt__raise(r, RT_TEMPLATE_ASSERTION_FAILED,
                         "expected leeway >= 0, got {}", leeway);
    return RT_OK;
}

FILTER(truncate)
{
    int64_t length, leeway;
    size_t len, end_len;
    bool killwords;
    rt_value end = rt__or(a[3], rt_value_str(RT_STR("...")));
    rt_value leeway_given = rt__is_none(a[4]) ? rt__absent() : a[4];
    rt_status st;

    if ((st = rt__arg_int(r, a[1], 255, &length)) ||
        (st = rt__arg_bool(r, a[2], false, &killwords)) ||
        (st = rt__arg_int(r, leeway_given, rt__policy_leeway(r->policies),
                          &leeway)) ||
        (st = rt__length(r, end, &end_len)) ||
        (st = check_length(r, length, end_len, leeway)) ||
        (st = rt__length(r, a[0], &len)) ||
        (st = rt__check_text(r, a[0].kind == RT_STRING ? a[0].len : 0)))
        return st;
    if ((int64_t)len <= length || (int64_t)len - length <= leeway) {
        *out = a[0];
        return RT_OK;
    }
    if (!rt_value_is_text(a[0]))
        return cannot_truncate(r, a[0], killwords);
    rt_str text = rt_value_as_str(a[0]);
    text.len = rt__text_offset(text, (size_t)length - end_len);
    size_t space = killwords ? RT_STR_NONE : rt_str_rfind_char(text, ' ');
    if (space != RT_STR_NONE)
        text.len = space;
    return rt__binary(r, RT__ADD, rt__text_like(a[0], text), end, out);
}

// ---- counting and formatting --------------------------------------------------------

FILTER(wordcount)
{
    rt_str rest;
    int64_t words = 0;
    bool inside = false;
    rt_status st = rt__to_text(r, a[0], &rest);

    if (st || (st = rt__check_text(r, rest.len)))
        return st;
    while (rest.len) {
        bool is_word = rt__rune_is_word(rt__rune_next(&rest));
        words += is_word && !inside;
        inside = is_word;
    }
    *out = rt_value_int(words);
    return RT_OK;
}

FILTER(format)
{
    rt_value format;
    rt_status st;

    if (n > 1 && rt_dict_len(named))
        return rt__raise(r, RT_TEMPLATE_FILTER_ARGUMENT_ERROR,
                         "can't handle positional and keyword arguments at "
                         "the same time");
    if ((st = rt__soft_text(r, a[0], &format)))
        return st;
    rt_value args =
        rt_dict_len(named) ? named : rt_tuple_of(r->arena, a + 1, n - 1);
    return rt__percent_format(r, format, args, out);
}
