// str(), repr() and escaping: how values become output.
#include <retort/base/escape.h>
#include <retort/base/number.h>

#include "template/bigint.h"
#include "template/format_spec.h"
#include "template/text_unicode.h"

// A buffer that is full, or that something went wrong in, is an error at the
// place that filled it.
static inline rt_status finish(rt_render *r, const rt_buf *buf)
{
    return RT_LIKELY(!buf->status) ? RT_OK : rt__buf_status(r, buf);
}

// Escape what was written from `start` on.
static void escape_tail(rt_render *r, rt_buf *out, size_t start)
{
    rt_str tail = rt_str_of(out->data + start, out->len - start);

    if (out->status || rt_html_escape(r->arena, tail).data == tail.data)
        return;
    tail = rt_str_copy(r->arena, tail);
    out->len = start;
    rt_buf_put_html(out, tail);
}

static rt_status put_undefined(rt_render *r, rt_buf *out, rt_value v,
                               bool escape)
{
    rt_str text;
    rt_status st = rt__undefined_text(r, v, &text);

    if (escape) {
        rt_buf_put_html(out, text);
    } else {
        rt_buf_put(out, text);
    }
    return st ? st : finish(r, out);
}

// On the side, so that one too long for text does not spoil the output.
static rt_status put_bigint(rt_render *r, rt_buf *out, rt_value v)
{
    rt_buf buf;
    rt__int a;
    rt_status st = rt__int_view(v, &a) ? rt__int_step_digits(r, &a) : RT_OK;

    if (st)
        return st;
    rt__buf_init(r, &buf);
    rt_value_put_text(&buf, v);
    rt_buf_put(out, rt_buf_str(&buf));
    return finish(r, buf.status ? &buf : out);
}

static rt_status put_other(rt_render *r, rt_buf *out, rt_value v, bool escape)
{
    size_t start = out->len;

    if (rt__is_bigint(v))
        return put_bigint(r, out, v);
    rt_value_put_text(out, v);
    if (escape && !rt_value_is_markup(v))
        escape_tail(r, out, start);
    return finish(r, out);
}

rt_status rt__put_text(rt_render *r, rt_buf *out, rt_value v, bool escape)
{
    switch (rt_value_kind(v)) {
    case RT_STRING:
        if (escape) {
            rt_buf_put_html(out, (rt_str){v.as.text, v.len});
        } else {
            rt_buf_put_bytes(out, v.as.text, v.len);
        }
        break;
    case RT_SAFE: rt_buf_put_bytes(out, v.as.text, v.len); break;
    case RT_INT: rt_buf_put_int(out, v.as.integer); break;
    case RT_FLOAT: rt_buf_put_double(out, v.as.number); break;
    case RT_BOOL:
        rt_buf_put(out, v.as.boolean ? RT_STR("True") : RT_STR("False"));
        break;
    case RT_NONE: rt_buf_put(out, RT_STR("None")); break;
    case RT_UNDEFINED: return put_undefined(r, out, v, escape);
    default: return put_other(r, out, v, escape);
    }
    return finish(r, out);
}

rt_status rt__to_text(rt_render *r, rt_value v, rt_str *out)
{
    rt_buf buf;

    if (rt_value_is_text(v)) {
        *out = rt_value_as_str(v);
        return RT_OK;
    }
    rt__buf_init(r, &buf);
    rt_status st = rt__put_text(r, &buf, v, false);
    *out = rt_buf_str(&buf);
    return st;
}

rt_status rt__put_repr(rt_render *r, rt_buf *out, rt_value v)
{
    rt_value_put_repr(out, v);
    return finish(r, out);
}

void rt__put_ascii(rt_buf *out, rt_str s)
{
    while (s.len) {
        uint32_t rune = rt__rune_next(&s);
        if (rune < 0x80) {
            rt_buf_put_char(out, (char)rune);
            continue;
        }
        rt_buf_put_cstr(out, rune < 0x100     ? "\\x"
                             : rune < 0x10000 ? "\\u"
                                              : "\\U");
        rt_buf_put_hex(out, rune, rune < 0x100 ? 2 : rune < 0x10000 ? 4 : 8);
    }
}

rt_status rt__put_ascii_repr(rt_render *r, rt_buf *out, rt_value v)
{
    rt_buf buf;

    rt__buf_init(r, &buf);
    rt_status st = rt__put_repr(r, &buf, v);
    rt__put_ascii(out, rt_buf_str(&buf));
    return st ? st : finish(r, out);
}

rt_status rt__escape(rt_render *r, rt_value v, rt_value *out)
{
    rt_str text;

    if (v.kind == RT_SAFE) {
        *out = v;
        return RT_OK;
    }
    rt_status st = rt__to_text(r, v, &text);
    if (st)
        return st;
    if (!rt_value_is_markup(v))
        text = rt_html_escape(r->arena, text);
    *out = rt_value_safe(text);
    return rt__check_text(r, text.len);
}

// An object is text before it is joined, even one that is markup.
static rt_status put_joined(rt_render *r, rt_buf *buf, rt_value v, bool escape)
{
    rt_str text;

    if (!escape || v.kind != RT_OBJECT)
        return rt__put_text(r, buf, v, escape);
    rt_status st = rt__to_text(r, v, &text);
    return st ? st : rt__put_text(r, buf, rt_value_str(text), true);
}

rt_status rt__concat(rt_render *r, const rt_value *parts, size_t n,
                     rt_value *out)
{
    rt_buf buf;
    rt_status st = RT_OK;
    bool safe = false;

    for (size_t i = 0; i < n && r->autoescape; i++)
        safe |= parts[i].kind == RT_SAFE;
    rt__buf_init(r, &buf);
    for (size_t i = 0; i < n && !st; i++)
        st = put_joined(r, &buf, parts[i], safe);
    rt_str text = rt_buf_str(&buf);
    *out = safe ? rt_value_safe(text) : rt_value_str(text);
    return st ? st : rt__step_bytes(r, text.len);
}
