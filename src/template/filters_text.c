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

    // Where escaping is on, text becomes safe once something safe is looked
    // for in it or put into it.
    if (r->autoescape &&
        (rt_value_is_markup(a[1]) ||
         (rt_value_is_markup(a[2]) && !rt_value_is_markup(s)))) {
        st = rt__escape(r, s, &s);
    } else {
        st = rt__soft_text(r, s, &s);
    }
    if (st || (st = rt__to_text(r, a[1], &old)) ||
        (st = rt__to_text(r, a[2], &new)) ||
        (st = rt__arg_int(r, rt__is_none(a[3]) ? rt__absent() : a[3], -1,
                          &count)))
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
    if (width.kind == RT_UNDEFINED && !rt__is_absent(width))
        return rt__undefined_fail(r, width);
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

// What "\n" can be added to and what has lines.
static rt_status check_indentable(rt_render *r, rt_value v)
{
    if (rt_value_is_text(v))
        return RT_OK;
    if (v.kind == RT_UNDEFINED)
        return rt__undefined_fail(r, v);
    if (v.kind == RT_LIST)
        return rt__raise(r, RT_TEMPLATE_ATTRIBUTE_ERROR,
                         "'list' object has no attribute 'splitlines'");
    return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                     "unsupported operand type(s) for +=: {!r} and 'str'",
                     rt__type_name(v));
}

FILTER(indent)
{
    margin m;
    bool first, blank;
    rt_buf buf;
    rt_status st;

    if ((st = margin_of(r, a[1], a[0], &m)) ||
        (st = check_indentable(r, a[0])) ||
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

// Sizes are any numbers, and compared and computed with as such.
static rt_status check_sizes(rt_render *r, rt_value length, rt_value end,
                             rt_value leeway)
{
    bool fits, positive;
    rt_status st = rt__compare(r, RT__GE, length, end, &fits);

    if (!st && !fits)
        return rt__raise(r, RT_TEMPLATE_ASSERTION_FAILED,
                         "expected length >= {}, got {}", end, length);
    if (st || (st = rt__compare(r, RT__GE, leeway, rt_value_int(0), &positive)))
        return st;
    if (!positive)
        return rt__raise(r, RT_TEMPLATE_ASSERTION_FAILED,
                         "expected leeway >= 0, got {}", leeway);
    return RT_OK;
}

static rt_status is_short(rt_render *r, rt_value v, rt_value length,
                          rt_value leeway, bool *out)
{
    size_t len;
    rt_value most;
    rt_status st = rt__length(r, v, &len);

    if (st || (st = rt__binary(r, RT__ADD, length, leeway, &most)))
        return st;
    return rt__compare(r, RT__LE, rt_value_int((int64_t)len), most, out);
}

// Cut a text at its last space.
static rt_status drop_last_word(rt_render *r, rt_value *v)
{
    rt_str text = rt_value_as_str(*v);
    size_t space = rt_str_rfind_char(text, ' ');

    if (!rt_value_is_text(*v))
        return rt__raise(r, RT_TEMPLATE_ATTRIBUTE_ERROR,
                         "{!r} object has no attribute 'rsplit'",
                         rt__type_name(*v));
    if (space != RT_STR_NONE)
        *v = rt__text_like(*v, rt_str_slice(text, 0, space));
    return RT_OK;
}

FILTER(truncate)
{
    rt_value length = rt__or(a[1], rt_value_int(255));
    rt_value end = rt__or(a[3], rt_value_str(RT_STR("...")));
    rt_value leeway =
        rt__is_none(a[4]) ? rt_value_int(rt__policy_leeway(r->policies)) : a[4];
    rt_value cut;
    size_t len;
    bool killwords, done;
    rt_status st = rt__length(r, end, &len);
    rt_value end_len = rt_value_int((int64_t)len);

    if (st || (st = check_sizes(r, length, end_len, leeway)) ||
        (st = is_short(r, a[0], length, leeway, &done)))
        return st;
    *out = a[0];
    if (done)
        return RT_OK;
    if ((st = rt__binary(r, RT__SUB, length, end_len, &length)) ||
        (st = rt__slice(r, a[0], rt__absent(), length, rt__absent(), &cut)) ||
        (st = rt__arg_bool(r, a[2], false, &killwords)) ||
        (!killwords && (st = drop_last_word(r, &cut))))
        return st;
    return rt__binary(r, RT__ADD, cut, end, out);
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
