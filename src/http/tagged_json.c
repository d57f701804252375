#include "retort/http/tagged_json.h"

#include <retort/base/base64.h>
#include <retort/base/time.h>
#include <retort/base/utf8.h>
#include <retort/http/date.h>

// ---- writing ------------------------------------------------------------

static bool is_tag(rt_value key)
{
    static const char *const tags[] = {" di", " t", " b", " m", " u", " d"};

    if (!rt_value_is_text(key))
        return false;
    rt_str name = rt_value_as_str(key);
    if (name.len < 2 || name.data[0] != ' ')
        return false;
    for (size_t i = 0; i < RT_COUNT(tags); i++) {
        if (rt_str_eq(name, rt_str_from(tags[i])))
            return true;
    }
    return false;
}

// The first entry of a dict, NULL when it is empty.
static const rt_dict_entry *first_entry(rt_value dict)
{
    size_t at = 0;
    return rt_dict_next(dict, &at);
}

static bool looks_tagged(rt_value dict)
{
    return rt_dict_len(dict) == 1 && is_tag(first_entry(dict)->key);
}

// True when some part of the value cannot be written as it is. Nesting that never
// ends is left to the writing, which refuses it.
static bool needs_tags(rt_value v, int depth)
{
    if (depth > RT_VALUE_DEPTH_MAX)
        return false;
    switch (rt_value_kind(v)) {
    case RT_SAFE:
    case RT_BYTES:
    case RT_TUPLE:
    case RT_DATE:
    case RT_UUID: return true;
    case RT_LIST:
        rt_list_each(item, v)
            if (needs_tags(*item, depth + 1))
                return true;
        return false;
    case RT_DICT:
        rt_dict_each(e, v)
            if (needs_tags(e->value, depth + 1))
                return true;
        return looks_tagged(v);
    default: return false;
    }
}

static rt_value under(rt_arena *arena, rt_str key, rt_value value)
{
    rt_value dict = rt_dict_new(arena);
    (void)!rt_dict_set_str(dict, key, value);
    return dict;
}

static rt_value tag(rt_arena *arena, rt_value v, int depth);

static rt_value tag_items(rt_arena *arena, rt_value list, int depth)
{
    rt_value out = rt_list_new(arena);
    rt_list_each(item, list)
        (void)!rt_list_push(out, tag(arena, *item, depth + 1));
    return out;
}

static rt_value tag_dict(rt_arena *arena, rt_value dict, int depth)
{
    if (looks_tagged(dict)) {
        const rt_dict_entry *e = first_entry(dict);
        rt_str key =
            rt_str_concat(arena, rt_value_as_str(e->key), RT_STR("__"));
        return under(arena, RT_STR(" di"),
                     under(arena, key, tag(arena, e->value, depth + 1)));
    }
    rt_value out = rt_dict_new(arena);
    rt_dict_each(e, dict)
        (void)!rt_dict_set(out, e->key, tag(arena, e->value, depth + 1));
    return out;
}

static rt_value uuid_text(rt_arena *arena, const uint8_t *uuid)
{
    rt_buf buf;
    rt_buf_init(&buf, arena);
    for (int i = 0; i < 16; i++)
        rt_buf_put_hex(&buf, uuid[i], 2);
    return rt_value_str(rt_buf_str(&buf));
}

// The date itself: JSON has the same text for it, and checks its range.
static rt_value tag(rt_arena *arena, rt_value v, int depth)
{
    if (depth > RT_VALUE_DEPTH_MAX)
        return v;
    switch (rt_value_kind(v)) {
    case RT_DICT: return tag_dict(arena, v, depth);
    case RT_LIST: return tag_items(arena, v, depth);
    case RT_TUPLE:
        return under(arena, RT_STR(" t"), tag_items(arena, v, depth));
    case RT_BYTES:
        return under(arena, RT_STR(" b"),
                     rt_value_str(rt_base64_encode(arena, rt_value_as_str(v))));
    case RT_SAFE:
        return under(arena, RT_STR(" m"), rt_value_str(rt_value_as_str(v)));
    case RT_UUID:
        return under(arena, RT_STR(" u"), uuid_text(arena, v.as.uuid));
    case RT_DATE: return under(arena, RT_STR(" d"), v);
    default: return v;
    }
}

rt_status rt_tagged_json_dump(rt_arena *arena, rt_value value,
                              const rt_json_style *style, rt_str *out,
                              rt_error *err)
{
    if (!needs_tags(value, 0))
        return rt_json_dump(arena, value, style, out, err);
    rt_arena scratch = {0};
    rt_status st =
        rt_json_dump(arena, tag(&scratch, value, 0), style, out, err);
    rt_arena_deinit(&scratch);
    return st;
}

// ---- reading ------------------------------------------------------------

// The parsed value is nobody else's yet and is changed in place.
static rt_status untag(rt_arena *arena, rt_value *v);

static rt_status untag_items(rt_arena *arena, rt_value list)
{
    for (size_t i = 0; i < rt_list_len(list); i++) {
        rt_value item = rt_list_items(list)[i];
        if (item.kind != RT_DICT && item.kind != RT_LIST)
            continue;
        rt_status st = untag(arena, &item);
        if (!st)
            st = rt_list_set(list, (int64_t)i, item);
        if (st)
            return st;
    }
    return RT_OK;
}

static rt_status untag_entries(rt_arena *arena, rt_value dict)
{
    rt_dict_each(e, dict) {
        rt_value value = e->value;
        if (value.kind != RT_DICT && value.kind != RT_LIST)
            continue;
        rt_status st = untag(arena, &value);
        if (!st)
            st = rt_dict_set(dict, e->key, value);
        if (st)
            return st;
    }
    return RT_OK;
}

// {" t__": value} was {" t": value}.
static rt_status read_dict(rt_arena *arena, rt_value v, rt_value *out)
{
    const rt_dict_entry *e = v.kind == RT_DICT ? first_entry(v) : NULL;
    if (!e)
        return RT_E_SYNTAX;
    rt_str key = rt_value_as_str(e->key);
    *out = under(arena, rt_str_slice(key, 0, key.len < 2 ? 0 : key.len - 2),
                 e->value);
    return RT_OK;
}

static rt_status read_bytes(rt_arena *arena, rt_value v, rt_value *out)
{
    rt_str bytes;
    if (!rt_value_is_text(v))
        return RT_E_SYNTAX;
    rt_status st = rt_base64_decode_lax(arena, rt_value_as_str(v), &bytes);
    if (!st)
        *out = rt_value_bytes(bytes.data, bytes.len);
    return st;
}

static rt_status read_uuid(rt_arena *arena, rt_value v, rt_value *out)
{
    uint8_t *uuid = rt_arena_zalloc(arena, 16);
    rt_str text = rt_value_as_str(v);
    size_t digits = 0;

    for (size_t i = 0; i < text.len; i++) {
        int value = rt_hex_value(text.data[i]);
        if (text.data[i] == '-')
            continue;
        if (value < 0 || digits == 32)
            return RT_E_SYNTAX;
        uuid[digits / 2] = (uint8_t)(uuid[digits / 2] << 4 | value);
        digits++;
    }
    if (digits != 32)
        return RT_E_SYNTAX;
    *out = rt_value_uuid(uuid);
    return RT_OK;
}

// What is no date is none, as parse_date has it.
static rt_status read_date(rt_value v, rt_value *out)
{
    int64_t us;
    if (!rt_value_is_text(v))
        return RT_E_SYNTAX;
    rt_status st = rt_http_date_parse(rt_value_as_str(v), rt_time_now(), &us);
    *out = st ? rt_value_none() : rt_value_date(us);
    return RT_OK;
}

// `v` is what stands under the tag, its own tags already read.
static rt_status read_tagged(rt_arena *arena, rt_str name, rt_value v,
                             rt_value *out)
{
    switch (name.data[1]) {
    case 't':
        if (!rt_value_is_list(v))
            return RT_E_SYNTAX;
        *out = rt_tuple_of(arena, rt_list_items(v), rt_list_len(v));
        return RT_OK;
    case 'b': return read_bytes(arena, v, out);
    case 'u': return read_uuid(arena, v, out);
    case 'm': *out = rt_value_safe(rt_value_text(arena, v)); return RT_OK;
    default:
        return name.len == 3 ? read_dict(arena, v, out) : read_date(v, out);
    }
}

static rt_status untag(rt_arena *arena, rt_value *v)
{
    if (v->kind == RT_LIST)
        return untag_items(arena, *v);
    if (v->kind != RT_DICT)
        return RT_OK;
    rt_status st = untag_entries(arena, *v);
    if (st || !looks_tagged(*v))
        return st;
    const rt_dict_entry *e = first_entry(*v);
    return read_tagged(arena, rt_value_as_str(e->key), e->value, v);
}

rt_status rt_tagged_json_parse(rt_arena *arena, rt_str text,
                               const rt_json_limits *limits, rt_value *out,
                               rt_error *err)
{
    rt_value value;

    rt_status st = rt_json_parse(arena, text, limits, &value, err);
    if (st)
        return st;
    st = untag(arena, &value);
    if (st) {
        if (err) {
            *err = (rt_error){.status = st,
                              .message = RT_STR("a tag with what it cannot "
                                                "stand for")};
        }
        return st;
    }
    *out = value;
    return RT_OK;
}
