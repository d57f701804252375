// Methods of list, tuple and range.
#include <retort/base/attributes.h>

#include "template/methods.h"
#include "template/objects.h"

// ---- searching ------------------------------------------------------------------

static rt_status seq_count(RT__METHOD_ARGS)
{
    int64_t count = 0;
    for (size_t i = 0; i < rt_list_len(a[0]); i++) {
        bool same;
        rt_status st = rt__step(r, 1);
        if (!st)
            st = rt__compare(r, RT__EQ, rt_list_items(a[0])[i], a[1], &same);
        if (st)
            return st;
        count += same;
    }
    *out = rt_value_int(count);
    return RT_OK;
}

// The position of `item` from `first` on, before `last`.
static rt_status position_of(rt_render *r, rt_value list, rt_value item,
                             size_t first, size_t last, size_t *out)
{
    *out = RT_STR_NONE;
    for (size_t i = first; i < last && i < rt_list_len(list); i++) {
        bool same;
        rt_status st = rt__step(r, 1);
        if (!st)
            st = rt__compare(r, RT__EQ, rt_list_items(list)[i], item, &same);
        if (st)
            return st;
        if (same) {
            *out = i;
            break;
        }
    }
    return RT_OK;
}

// repr(v), for a message.
static rt_status repr_of(rt_render *r, rt_value v, rt_str *out)
{
    rt_buf buf;
    rt__buf_init(r, &buf);
    rt_status st = rt__put_repr(r, &buf, v);
    *out = rt_buf_str(&buf);
    return st ? st : rt__buf_status(r, &buf);
}

// Unlike those of slices, the bounds of a search are never none.
static rt_status check_bound(rt_render *r, rt_value v)
{
    if (rt__is_absent(v) || rt__is_integer(v))
        return RT_OK;
    return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                     "slice indices must be integers or have an __index__ "
                     "method");
}

static rt_status seq_index(RT__METHOD_ARGS)
{
    size_t first;
    size_t last;
    size_t at;
    rt_status st = check_bound(r, a[2]);
    if (!st)
        st = check_bound(r, a[3]);
    if (!st)
        st = rt__method_bounds(r, rt_list_len(a[0]), a[2], a[3], &first, &last);
    if (!st)
        st = position_of(r, a[0], a[1], first, last, &at);
    if (st)
        return st;
    *out = rt_value_int((int64_t)at);
    if (at != RT_STR_NONE)
        return RT_OK;
    if (a[0].kind == RT_TUPLE)
        return rt__raise(r, RT_TEMPLATE_VALUE_ERROR,
                         "tuple.index(x): x not in tuple");
    rt_str item;
    st = repr_of(r, a[1], &item);
    return st ? st
              : rt__raise(r, RT_TEMPLATE_VALUE_ERROR, "{} is not in list",
                          item);
}

// ---- changing -----------------------------------------------------------------------

static rt_status list_append(RT__METHOD_ARGS)
{
    *out = rt_value_none();
    return rt__method_push(r, a[0], a[1]);
}

static rt_status list_clear(RT__METHOD_ARGS)
{
    rt_status st = RT_OK;
    *out = rt_value_none();
    while (!st && rt_list_len(a[0]))
        st = rt_list_remove(a[0], -1);
    return rt__method_changed(r, a[0], st);
}

static rt_status list_copy(RT__METHOD_ARGS)
{
    size_t len = rt_list_len(a[0]);
    rt_status st = rt__check_items(r, len);
    if (!st)
        *out = rt_list_of(r->arena, rt_list_items(a[0]), len);
    return st;
}

static rt_status list_extend(RT__METHOD_ARGS)
{
    rt__iter it;
    rt_value item;
    *out = rt_value_none();
    rt_status st = rt__iter_init(r, a[1], &it);

    if (!st && rt_value_is_list(a[1])) {
        // As many as there are now: it may be the same list.
        size_t len = rt_list_len(a[1]);
        for (size_t i = 0; i < len && !st; i++)
            st = rt__method_push(r, a[0], rt_list_items(a[1])[i]);
        return st;
    }
    while (!st && rt__iter_next(r, &it, &item))
        st = rt__method_push(r, a[0], item);
    return !st && r->error.kind != RT_TEMPLATE_OK ? RT_E_CANCELLED : st;
}

static rt_status list_insert(RT__METHOD_ARGS)
{
    int64_t at;
    size_t len = rt_list_len(a[0]);
    *out = rt_value_none();
    rt_status st = rt__method_count(r, a[1], 0, &at);
    if (!st)
        st = len < RT__LIST_ITEMS_MAX
                 ? rt__step(r, 1 + len / 64)
                 : rt__check_items(r, RT__LIST_ITEMS_MAX + 1);
    return st ? st
              : rt__method_changed(r, a[0], rt_list_insert(a[0], at, a[2]));
}

static rt_status list_pop(RT__METHOD_ARGS)
{
    int64_t at;
    size_t len = rt_list_len(a[0]);
    rt_status st = rt__method_count(r, a[1], -1, &at);
    if (!st && len == 0)
        return rt__raise(r, RT_TEMPLATE_INDEX_ERROR, "pop from empty list");
    if (!st && (at >= (int64_t)len || at < -(int64_t)len))
        return rt__raise(r, RT_TEMPLATE_INDEX_ERROR, "pop index out of range");
    if (!st)
        st = rt__step(r, 1 + len / 64);
    if (st)
        return st;
    *out = rt_list_get(a[0], at);
    return rt__method_changed(r, a[0], rt_list_remove(a[0], at));
}

static rt_status list_remove(RT__METHOD_ARGS)
{
    size_t at;
    *out = rt_value_none();
    rt_status st = position_of(r, a[0], a[1], 0, SIZE_MAX, &at);
    if (!st && at == RT_STR_NONE)
        return rt__raise(r, RT_TEMPLATE_VALUE_ERROR,
                         "list.remove(x): x not in list");
    return st ? st
              : rt__method_changed(r, a[0], rt_list_remove(a[0], (int64_t)at));
}

static rt_status list_reverse(RT__METHOD_ARGS)
{
    size_t len = rt_list_len(a[0]);
    rt_status changed = RT_OK;
    *out = rt_value_none();
    rt_status st = rt__step(r, len);
    for (size_t i = 0; i < len / 2 && !st && !changed; i++) {
        rt_value front = rt_list_items(a[0])[i];
        rt_value back = rt_list_items(a[0])[len - 1 - i];
        changed = rt_list_set(a[0], (int64_t)i, back);
        if (!changed)
            changed = rt_list_set(a[0], (int64_t)(len - 1 - i), front);
    }
    return st ? st : rt__method_changed(r, a[0], changed);
}

// ---- sorting ----------------------------------------------------------------------------

// key(item) of all items; the items themselves without a key.
static rt_status keys_of(rt_render *r, rt_value *items, size_t len,
                         rt_value key, rt_value **keys)
{
    rt_status st = RT_OK;
    *keys = items;
    if (rt__is_absent(key) || key.kind == RT_NONE)
        return RT_OK;
    *keys = rt_new(r->arena, rt_value, len);
    for (size_t i = 0; i < len && !st; i++) {
        st = rt__step(r, 1);
        if (!st)
            st = rt__call(r, key, &items[i], 1, NULL, 0, &(*keys)[i]);
    }
    return st;
}

static rt_status sort_list(rt_render *r, rt_value list, rt_value key,
                           bool reverse)
{
    size_t len = rt_list_len(list);
    rt_value *items =
        rt_arena_copy(r->arena, rt_list_items(list), len * sizeof(rt_value));
    rt_value *keys;
    rt_status st = keys_of(r, items, len, key, &keys);
    if (!st)
        st = rt__sort(r, keys, items, len, reverse);
    if (!st && rt_list_len(list) != len)
        return rt__raise(r, RT_TEMPLATE_VALUE_ERROR,
                         "list modified during sort");

    rt_status changed = RT_OK;
    for (size_t i = 0; i < len && !st && !changed; i++)
        changed = rt_list_set(list, (int64_t)i, items[i]);
    return st ? st : rt__method_changed(r, list, changed);
}

static rt_status list_sort(RT__METHOD_ARGS)
{
    rt_value key = rt__absent();
    rt_value reverse = rt__absent();
    bool down;
    *out = rt_value_none();
    if (n > 1)
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "sort() takes no positional arguments");
    rt_dict_each(e, named) {
        rt_str name = rt_value_as_str(e->key);
        if (rt_str_eq(name, RT_STR("key"))) {
            key = e->value;
        } else if (rt_str_eq(name, RT_STR("reverse"))) {
            reverse = e->value;
        } else {
            return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                             "{!r} is an invalid keyword argument for sort()",
                             name);
        }
    }
    rt_status st = rt__method_flag(r, reverse, &down);
    return st ? st : sort_list(r, a[0], key, down);
}

// ---- ranges -----------------------------------------------------------------------------

static rt_status range_count(RT__METHOD_ARGS)
{
    *out = rt_value_int(rt__range_has(a[0], a[1]));
    return RT_OK;
}

static rt_status range_index(RT__METHOD_ARGS)
{
    int64_t start;
    int64_t step;
    if (!rt__range_has(a[0], a[1])) {
        if (!rt__is_integer(a[1]))
            return rt__raise(r, RT_TEMPLATE_VALUE_ERROR,
                             "sequence.index(x): x not in sequence");
        rt_str item;
        rt_status st = repr_of(r, a[1], &item);
        return st ? st
                  : rt__raise(r, RT_TEMPLATE_VALUE_ERROR, "{} is not in range",
                              item);
    }
    (void)rt__is_range(a[0], &start, NULL, &step);
    int64_t at = rt_value_as_int(a[1], 0);
    // Distances are below 2^64 and computed without sign.
    uint64_t index =
        step > 0 ? ((uint64_t)at - (uint64_t)start) / (uint64_t)step
                 : ((uint64_t)start - (uint64_t)at) / (0 - (uint64_t)step);
    *out = rt_value_int((int64_t)index);
    return RT_OK;
}

// ---- the tables --------------------------------------------------------------------------

#define ROW      RT__METHOD_ROW
#define POSITION RT__POSITIONAL
#define MUTATES  (RT__POSITIONAL | RT__MUTATES)

static const rt__method list_rows[] = {
    ROW("pop", list_pop, "self index", 1, MUTATES),
    ROW("copy", list_copy, "self", 1, POSITION),
    ROW("sort", list_sort, "self", 1, RT__VARARGS | RT__MUTATES),
    ROW("clear", list_clear, "self", 1, MUTATES),
    ROW("count", seq_count, "self value", 2, POSITION),
    ROW("index", seq_index, "self value start stop", 2, POSITION),
    ROW("append", list_append, "self object", 2, MUTATES),
    ROW("extend", list_extend, "self iterable", 2, MUTATES),
    ROW("insert", list_insert, "self index object", 3, MUTATES),
    ROW("remove", list_remove, "self value", 2, MUTATES),
    ROW("reverse", list_reverse, "self", 1, MUTATES),
};

static const rt__method tuple_rows[] = {
    ROW("count", seq_count, "self value", 2, POSITION),
    ROW("index", seq_index, "self value start stop", 2, POSITION),
};

static const rt__method range_rows[] = {
    ROW("count", range_count, "self value", 2, POSITION),
    ROW("index", range_index, "self value", 2, POSITION),
};

const rt__methods rt__list_methods = {list_rows, RT_COUNT(list_rows)};
const rt__methods rt__tuple_methods = {tuple_rows, RT_COUNT(tuple_rows)};
const rt__methods rt__range_methods = {range_rows, RT_COUNT(range_rows)};
