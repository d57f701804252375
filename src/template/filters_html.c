// Filters for HTML and URLs: striptags, xmlattr, urlencode.
#include <retort/base/escape.h>

#include "template/filters.h"
#include "template/html.h"

FILTER(striptags)
{
    rt_str text;
    rt_buf buf;
    rt_status st = rt__to_text(r, a[0], &text);

    if (st || (st = rt__check_text(r, text.len)))
        return st;
    rt__buf_init(r, &buf);
    rt__put_without_tags(&buf, text);
    return rt__give_text(r, &buf, rt_value_none(), out);
}

// ---- xmlattr ----------------------------------------------------------------------

// Characters that would end the name of an attribute.
static bool is_attr_name(rt_str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (rt_is_space(name.data[i]) || name.data[i] == '/' ||
            name.data[i] == '>' || name.data[i] == '=')
            return false;
    return true;
}

static rt_status put_attr(rt_render *r, rt_buf *buf, rt_value key,
                          rt_value value)
{
    rt_status st;

    if (!rt_value_is_text(key))
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "expected string or bytes-like object, got {!r}",
                         rt__type_name(key));
    if (!is_attr_name(rt_value_as_str(key)))
        return rt__raise(r, RT_TEMPLATE_VALUE_ERROR,
                         "Invalid character in attribute name: {!r}",
                         rt_value_as_str(key));
    if ((st = rt__put_text(r, buf, key, true)))
        return st;
    rt_buf_put_cstr(buf, "=\"");
    st = rt__put_text(r, buf, value, true);
    rt_buf_put_char(buf, '"');
    return st;
}

FILTER(xmlattr)
{
    bool autospace;
    rt_buf buf;
    rt_status st;

    if (a[0].kind == RT_UNDEFINED)
        return rt__undefined_fail(r, a[0]);
    if (a[0].kind != RT_DICT)
        return rt__raise(r, RT_TEMPLATE_ATTRIBUTE_ERROR,
                         "{!r} object has no attribute 'items'",
                         rt__type_name(a[0]));
    if ((st = rt__arg_bool(r, a[1], true, &autospace)) ||
        (st = rt__step(r, rt_dict_len(a[0]))))
        return st;
    rt__buf_init(r, &buf);
    rt_dict_each(e, a[0]) {
        if (e->value.kind == RT_NONE || e->value.kind == RT_UNDEFINED)
            continue;
        if (autospace || buf.len)
            rt_buf_put_char(&buf, ' ');
        if ((st = put_attr(r, &buf, e->key, e->value)))
            return st;
    }
    return rt__give_text(r, &buf,
                         r->autoescape ? rt_value_safe(RT_STR(""))
                                       : rt_value_none(),
                         out);
}

// ---- urlencode --------------------------------------------------------------------

static bool is_unreserved(char c)
{
    switch (c) {
    case '_':
    case '.':
    case '-':
    case '~': return true;
    default: return rt_is_alpha(c) || rt_is_digit(c);
    }
}

// In a query a space is a plus, and a slash is encoded, too.
static void put_quoted(rt_buf *buf, rt_str s, bool in_query)
{
    static const char hex[] = "0123456789ABCDEF";

    for (size_t i = 0; i < s.len && !buf->status; i++) {
        char c = s.data[i];
        if (is_unreserved(c) || (c == '/' && !in_query)) {
            rt_buf_put_char(buf, c);
        } else if (c == ' ' && in_query) {
            rt_buf_put_char(buf, '+');
        } else {
            rt_buf_put_char(buf, '%');
            rt_buf_put_char(buf, hex[(unsigned char)c >> 4]);
            rt_buf_put_char(buf, hex[c & 15]);
        }
    }
}

static rt_status put_quoted_value(rt_render *r, rt_buf *buf, rt_value v,
                                  bool in_query)
{
    rt_str text = rt_value_as_str(v);
    rt_status st = v.kind == RT_BYTES ? RT_OK : rt__to_text(r, v, &text);

    if (st || (st = rt__check_text(r, text.len)))
        return st;
    put_quoted(buf, text, in_query);
    return rt__buf_status(r, buf);
}

// Take a pair apart.
static rt_status unpack_pair(rt_render *r, rt_value pair, rt_value out[2])
{
    rt__iter it;
    rt_value more;
    int got = 0;
    rt_status st = rt__iter_init(r, pair, &it);

    if (st && rt__caught(r, RT_TEMPLATE_TYPE_ERROR, RT_TEMPLATE_TYPE_ERROR))
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "cannot unpack non-iterable {} object",
                         rt__type_name(pair));
    if (st)
        return st;
    while (got < 2 && rt__iter_next(r, &it, &out[got]))
        got++;
    if (r->error.kind)
        return RT_E_CANCELLED;
    if (got < 2)
        return rt__raise(r, RT_TEMPLATE_VALUE_ERROR,
                         "not enough values to unpack (expected 2, got {})",
                         got);
    if (rt__iter_next(r, &it, &more))
        return rt__raise(r, RT_TEMPLATE_VALUE_ERROR,
                         "too many values to unpack (expected 2)");
    return r->error.kind ? RT_E_CANCELLED : RT_OK;
}

static rt_status put_query_pair(rt_render *r, rt_buf *buf, rt_value key,
                                rt_value value)
{
    if (buf->len)
        rt_buf_put_char(buf, '&');
    rt_status st = put_quoted_value(r, buf, key, true);
    rt_buf_put_char(buf, '=');
    return st ? st : put_quoted_value(r, buf, value, true);
}

static rt_status put_query(rt_render *r, rt_buf *buf, rt_value source)
{
    rt__iter it;
    rt_value item, pair[2];
    rt_status st = rt__iter_init(r, source, &it);

    while (!st && rt__iter_next(r, &it, &item)) {
        if (source.kind == RT_DICT) {
            pair[0] = item;
            pair[1] = rt_dict_get(source, item);
        } else {
            st = unpack_pair(r, item, pair);
        }
        if (!st)
            st = put_query_pair(r, buf, pair[0], pair[1]);
    }
    return st || !r->error.kind ? st : RT_E_CANCELLED;
}

static bool is_iterable(rt_value v)
{
    switch (rt_value_kind(v)) {
    case RT_UNDEFINED:
    case RT_BYTES:
    case RT_LIST:
    case RT_TUPLE:
    case RT_DICT: return true;
    case RT_OBJECT: return v.as.object->vtable->next != NULL;
    default: return false;
    }
}

FILTER(urlencode)
{
    rt_buf buf;
    rt_status st;

    rt__buf_init(r, &buf);
    st = is_iterable(a[0]) ? put_query(r, &buf, a[0])
                           : put_quoted_value(r, &buf, a[0], false);
    return st ? st : rt__give_text(r, &buf, rt_value_none(), out);
}
