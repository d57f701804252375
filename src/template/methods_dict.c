// Methods of dict.
#include <retort/base/attributes.h>

#include "template/methods.h"

// Change an entry, having looked whether the key can be one.
static rt_status set_entry(rt_render *r, rt_value dict, rt_value key,
                           rt_value value)
{
    rt_status st = rt__check_key(r, key);
    if (!st && rt_dict_len(dict) >= RT__LIST_ITEMS_MAX)
        st = rt__check_items(r, rt_dict_len(dict) + 1);
    if (!st)
        st = rt__step(r, 1);
    return st ? st : rt__method_changed(r, dict, rt_dict_set(dict, key, value));
}

// ---- looking ----------------------------------------------------------------------

static rt_status dict_get(RT__METHOD_ARGS)
{
    rt_status st = rt__check_key(r, a[1]);
    if (st)
        return st;
    *out = rt_dict_get(a[0], a[1]);
    if (out->kind == RT_UNDEFINED && !rt_dict_has(a[0], a[1]))
        *out = rt__is_absent(a[2]) ? rt_value_none() : a[2];
    return RT_OK;
}

static rt_status dict_keys(RT__METHOD_ARGS)
{
    *out = rt__dict_view_new(r, a[0], RT__KEYS);
    return RT_OK;
}

static rt_status dict_values(RT__METHOD_ARGS)
{
    *out = rt__dict_view_new(r, a[0], RT__VALUES);
    return RT_OK;
}

static rt_status dict_items(RT__METHOD_ARGS)
{
    *out = rt__dict_view_new(r, a[0], RT__ITEMS);
    return RT_OK;
}

// ---- removing -----------------------------------------------------------------------

static rt_status dict_clear(RT__METHOD_ARGS)
{
    size_t at = 0;
    const rt_dict_entry *e;
    *out = rt_value_none();
    rt_status st = rt__step(r, rt_dict_len(a[0]));
    rt_status changed = RT_OK;
    while (!st && !changed && (e = rt_dict_next(a[0], &at)))
        changed = rt_dict_remove(a[0], e->key);
    return st ? st : rt__method_changed(r, a[0], changed);
}

static rt_status dict_pop(RT__METHOD_ARGS)
{
    rt_status st = rt__check_key(r, a[1]);
    if (st)
        return st;
    if (!rt_dict_has(a[0], a[1])) {
        *out = a[2];
        if (!rt__is_absent(a[2]))
            return RT_OK;
        rt_buf buf;
        rt__buf_init(r, &buf);
        buf.limit = RT__MESSAGE_BYTES_MAX;
        st = rt__put_repr(r, &buf, a[1]);
        return st ? st
                  : rt__raise_text(r, RT_TEMPLATE_KEY_ERROR, rt_buf_str(&buf));
    }
    *out = rt_dict_get(a[0], a[1]);
    return rt__method_changed(r, a[0], rt_dict_remove(a[0], a[1]));
}

static rt_status dict_popitem(RT__METHOD_ARGS)
{
    const rt_dict_entry *last = NULL;
    rt_status st = rt__step(r, rt_dict_len(a[0]));
    rt_dict_each(e, a[0])
        last = e;
    if (!st && !last)
        return rt__raise(r, RT_TEMPLATE_KEY_ERROR,
                         "'popitem(): dictionary is empty'");
    if (st)
        return st;
    rt_value pair[] = {last->key, last->value};
    *out = rt_tuple_of(r->arena, pair, 2);
    return rt__method_changed(r, a[0], rt_dict_remove(a[0], pair[0]));
}

// ---- adding ---------------------------------------------------------------------------

static rt_status dict_setdefault(RT__METHOD_ARGS)
{
    rt_status st = rt__check_key(r, a[1]);
    if (st)
        return st;
    *out = rt_dict_get(a[0], a[1]);
    if (out->kind != RT_UNDEFINED || rt_dict_has(a[0], a[1]))
        return RT_OK;
    *out = rt__is_absent(a[2]) ? rt_value_none() : a[2];
    return set_entry(r, a[0], a[1], *out);
}

static rt_status dict_copy(RT__METHOD_ARGS)
{
    *out = rt_dict_new(r->arena);
    return rt__dict_update(r, *out, a[0], rt_value_undefined());
}

static rt_status dict_fromkeys(RT__METHOD_ARGS)
{
    rt__iter it;
    rt_value key;
    rt_value value = rt__is_absent(a[2]) ? rt_value_none() : a[2];
    *out = rt_dict_new(r->arena);
    rt_status st = rt__iter_init(r, a[1], &it);
    while (!st && rt__iter_next(r, &it, &key))
        st = set_entry(r, *out, key, value);
    return !st && r->error.kind != RT_TEMPLATE_OK ? RT_E_CANCELLED : st;
}

static rt_status add_entries(rt_render *r, rt_value dict, rt_value other)
{
    rt_status st = RT_OK;
    size_t at = 0;
    const rt_dict_entry *e;
    // A dict updated from itself gets no new entries, so this ends.
    while (!st && (e = rt_dict_next(other, &at)))
        st = set_entry(r, dict, e->key, e->value);
    return st;
}

// dict[pair[0]] = pair[1], of any iterable of two.
static rt_status add_pair(rt_render *r, rt_value dict, rt_value pair,
                          size_t index)
{
    rt_value list = pair;
    if (!rt_value_is_list(pair)) {
        rt_status st = rt__to_list(r, pair, &list);
        if (st == RT_E_TYPE) {
            r->error.kind = RT_TEMPLATE_OK; // Python says something else here
            return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                             "cannot convert dictionary update sequence "
                             "element #{} to a sequence",
                             index);
        }
        if (st)
            return st;
    }
    if (rt_list_len(list) != 2)
        return rt__raise(r, RT_TEMPLATE_VALUE_ERROR,
                         "dictionary update sequence element #{} has length "
                         "{}; 2 is required",
                         index, rt_list_len(list));
    return set_entry(r, dict, rt_list_items(list)[0], rt_list_items(list)[1]);
}

static rt_status add_pairs(rt_render *r, rt_value dict, rt_value pairs)
{
    rt__iter it;
    rt_value pair;
    size_t index = 0;
    rt_status st = rt__iter_init(r, pairs, &it);
    while (!st && rt__iter_next(r, &it, &pair))
        st = add_pair(r, dict, pair, index++);
    return !st && r->error.kind != RT_TEMPLATE_OK ? RT_E_CANCELLED : st;
}

// A namespace's attributes are no entries; it is no mapping in Python either.
rt_status rt__dict_update(rt_render *r, rt_value dict, rt_value other,
                          rt_value named)
{
    rt_status st = RT_OK;
    if (other.kind == RT_UNDEFINED && !rt__is_absent(other))
        return rt__undefined_fail(r, other); // Python asks it for `keys`
    if (other.kind == RT_DICT) {
        st = add_entries(r, dict, other);
    } else if (!rt__is_absent(other)) {
        st = add_pairs(r, dict, other);
    }
    return st ? st : add_entries(r, dict, named);
}

static rt_status dict_update(RT__METHOD_ARGS)
{
    *out = rt_value_none();
    if (n > 2)
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "update expected at most 1 argument, got {}", n - 1);
    return rt__dict_update(r, a[0], n > 1 ? a[1] : rt__absent(), named);
}

// ---- the table --------------------------------------------------------------------------

#define ROW      RT__METHOD_ROW
#define POSITION RT__POSITIONAL
#define MUTATES  (RT__POSITIONAL | RT__MUTATES)

static const rt__method rows[] = {
    ROW("get", dict_get, "self key default", 2, POSITION),
    ROW("pop", dict_pop, "self key default", 2, MUTATES),
    ROW("copy", dict_copy, "self", 1, POSITION),
    ROW("keys", dict_keys, "self", 1, POSITION),
    ROW("clear", dict_clear, "self", 1, MUTATES),
    ROW("items", dict_items, "self", 1, POSITION),
    ROW("update", dict_update, "self", 1, RT__VARARGS | RT__MUTATES),
    ROW("values", dict_values, "self", 1, POSITION),
    ROW("popitem", dict_popitem, "self", 1, MUTATES),
    ROW("fromkeys", dict_fromkeys, "self iterable value", 2, POSITION),
    ROW("setdefault", dict_setdefault, "self key default", 2, MUTATES),
};

const rt__methods rt__dict_methods = {rows, RT_COUNT(rows)};
