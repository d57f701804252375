// The filter tojson: JSON that may stand in a page.
//
// Follows Python's json.dumps with the errors it has; numbers, text and what
// else has a JSON of its own are written by base.
#include <retort/base/json.h>

#include "template/filters.h"
#include "template/methods.h"

// Where JSON is written, and how.
typedef struct writer {
    rt_render *r;
    rt_buf *out;
    rt_str item_separator;
    rt_str key_separator;
    rt_str indent; // of one level
    bool lines;    // each value on a line of its own
    bool sort_keys;
    bool unicode;
} writer;

// What is being written, innermost first.
typedef struct inside {
    rt_value v;
    const struct inside *outer;
    int depth;
} inside;

static rt_status put_value(const writer *w, rt_value v, const inside *outer);

static rt_status cannot(const writer *w, rt_value v)
{
    return rt__raise(w->r, RT_TEMPLATE_TYPE_ERROR,
                     "Object of type {} is not JSON serializable",
                     rt__type_name(v));
}

// ---- containers ------------------------------------------------------------------

static rt_status enter(const writer *w, const inside *here)
{
    for (const inside *i = here->outer; i; i = i->outer)
        if (rt__is_same(i->v, here->v))
            return rt__raise(w->r, RT_TEMPLATE_VALUE_ERROR,
                             "Circular reference detected");
    if (here->depth > RT_VALUE_DEPTH_MAX)
        return rt__raise(w->r, RT_TEMPLATE_LIMIT_ERROR,
                         "a value is nested deeper than {}",
                         RT_VALUE_DEPTH_MAX);
    return rt__step(w->r, 1);
}

static void put_line_break(const writer *w, int depth)
{
    if (!w->lines)
        return;
    rt_buf_put_char(w->out, '\n');
    for (int i = 0; i < depth; i++)
        rt_buf_put(w->out, w->indent);
}

static rt_status put_array(const writer *w, rt_value list, const inside *outer)
{
    inside here = {list, outer, outer ? outer->depth + 1 : 1};
    rt_status st = enter(w, &here);

    rt_buf_put_char(w->out, '[');
    for (size_t i = 0; i < rt_list_len(list) && !st; i++) {
        if (i)
            rt_buf_put(w->out, w->item_separator);
        put_line_break(w, here.depth);
        st = put_value(w, rt_list_items(list)[i], &here);
    }
    if (rt_list_len(list))
        put_line_break(w, here.depth - 1);
    rt_buf_put_char(w->out, ']');
    return st;
}

// Keys become text.
static rt_status put_key(const writer *w, rt_value key)
{
    rt_status st = RT_OK;

    if (rt_value_is_text(key))
        return put_value(w, key, NULL);
    if (!rt_value_is_none(key) && key.kind != RT_FLOAT && !rt__is_integer(key))
        return rt__raise(w->r, RT_TEMPLATE_TYPE_ERROR,
                         "keys must be str, int, float, bool or None, not {}",
                         rt__type_name(key));
    rt_buf_put_char(w->out, '"');
    st = put_value(w, key, NULL);
    rt_buf_put_char(w->out, '"');
    return st;
}

static rt_status sorted_keys(const writer *w, rt_value dict, rt_value **out)
{
    rt_value list;
    rt_status st = rt__to_list(w->r, dict, &list);
    size_t len = rt_list_len(list);

    *out = rt_new(w->r->arena, rt_value, len);
    for (size_t i = 0; i < len; i++)
        (*out)[i] = rt_list_items(list)[i];
    if (!st && w->sort_keys)
        st = rt__sort(w->r, *out, *out, len, false);
    return st;
}

static rt_status put_object(const writer *w, rt_value dict, const inside *outer)
{
    inside here = {dict, outer, outer ? outer->depth + 1 : 1};
    rt_value *keys = NULL;
    size_t len = rt_dict_len(dict);
    rt_status st = enter(w, &here);

    st = st ? st : sorted_keys(w, dict, &keys);
    rt_buf_put_char(w->out, '{');
    for (size_t i = 0; i < len && !st; i++) {
        if (i)
            rt_buf_put(w->out, w->item_separator);
        put_line_break(w, here.depth);
        st = put_key(w, keys[i]);
        rt_buf_put(w->out, w->key_separator);
        st = st ? st : put_value(w, rt_dict_get(dict, keys[i]), &here);
    }
    if (len)
        put_line_break(w, here.depth - 1);
    rt_buf_put_char(w->out, '}');
    return st;
}

// ---- values ----------------------------------------------------------------------

static rt_status put_value(const writer *w, rt_value v, const inside *outer)
{
    rt_json_style style = {.unicode = w->unicode, .allow_nan = true};
    rt_status st = RT_OK;

    switch (rt_value_kind(v)) {
    case RT_LIST:
    case RT_TUPLE: return put_array(w, v, outer);
    case RT_DICT: return put_object(w, v, outer);
    case RT_UNDEFINED:
    case RT_BYTES: return cannot(w, v);
    case RT_OBJECT:
        if (rt__is_bigint(v))
            return rt__put_text(w->r, w->out, v, false);
        if (!v.as.object->vtable->json)
            return cannot(w, v);
        break;
    case RT_STRING:
    case RT_SAFE: st = rt__step(w->r, v.len / 64); break;
    default: break;
    }
    if (st)
        return st;
    rt_json_put(w->out, v, &style);
    return rt__buf_status(w->r, w->out);
}

// ---- the filter -------------------------------------------------------------------

// What could end a script or an attribute is written as an escape; it stands in
// strings only.
static void put_for_html(rt_buf *out, rt_str json)
{
    size_t from = 0;

    for (size_t i = 0; i < json.len; i++) {
        char c = json.data[i];
        if (c != '<' && c != '>' && c != '&' && c != '\'')
            continue;
        rt_buf_put_bytes(out, json.data + from, i - from);
        rt_buf_put_cstr(out, "\\u00");
        rt_buf_put_hex(out, (unsigned char)c, 2);
        from = i + 1;
    }
    rt_buf_put_bytes(out, json.data + from, json.len - from);
}

static rt_status take_indent(rt_render *r, rt_value indent, writer *w)
{
    int64_t width;
    rt_buf buf;
    rt_status st;

    if (rt__is_none(indent))
        return RT_OK;
    w->lines = true;
    w->item_separator = RT_STR(",");
    w->indent = rt_value_as_str(indent);
    if (rt_value_is_text(indent))
        return RT_OK;
    if (indent.kind == RT_UNDEFINED)
        return rt__undefined_fail(r, indent);
    if ((st = rt__index(r, indent, &width)))
        return st;
    rt__buf_init(r, &buf);
    rt_buf_put_repeat(&buf, ' ', width > 0 ? (size_t)width : 0);
    w->indent = rt_buf_str(&buf);
    return rt__buf_status(r, &buf);
}

FILTER(tojson)
{
    const rt_template_policies *policies = r->policies;
    rt_buf json, safe;
    writer w = {.r = r,
                .out = &json,
                .item_separator = RT_STR(", "),
                .key_separator = RT_STR(": "),
                .sort_keys = !policies->json_keep_order,
                .unicode = policies->json_unicode};
    rt_status st = RT_OK;

    // Text is written without a look at the indent.
    if (!rt_value_is_text(a[0]) && (st = take_indent(r, a[1], &w)))
        return st;
    if (policies->json_item_separator.data)
        w.item_separator = policies->json_item_separator;
    if (policies->json_key_separator.data)
        w.key_separator = policies->json_key_separator;
    rt__buf_init(r, &json);
    rt__buf_init(r, &safe);
    if ((st = put_value(&w, a[0], NULL)) || (st = rt__buf_status(r, &json)))
        return st;
    put_for_html(&safe, rt_buf_str(&json));
    return rt__give_text(r, &safe, rt_value_safe(RT_STR("")), out);
}
