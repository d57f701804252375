// Lists and tuples: one array; a tuple is a list that nothing changes.
#include <assert.h>

#include <retort/base/value.h>

#include "base/container.h"

rt_value rt__list_sized(rt_arena *arena, rt_kind kind, size_t cap)
{
    rt_list *list = rt_new(arena, rt_list, 1);
    list->arena = arena;
    list->cap = cap;
    list->items =
        cap ? rt_arena_alloc(arena, rt_arena_times(cap, sizeof(rt_value)))
            : NULL;
    return (rt_value){.kind = (uint8_t)kind, .as.list = list};
}

void rt__list_append(rt_value v, rt_value item)
{
    rt_list *list = v.as.list;
    if (list->len == list->cap) {
        size_t cap = list->cap ? list->cap * 2 : 4;
        list->items = rt_arena_grow(list->arena, list->items,
                                    list->cap * sizeof(rt_value),
                                    rt_arena_times(cap, sizeof(rt_value)));
        list->cap = cap;
    }
    list->items[list->len++] = item;
}

rt_value rt_list_new(rt_arena *arena)
{
    return rt__list_sized(arena, RT_LIST, 0);
}

static rt_value filled(rt_arena *arena, rt_kind kind, const rt_value *items,
                       size_t n)
{
    rt_value v = rt__list_sized(arena, kind, n);
    for (size_t i = 0; i < n; i++)
        rt__list_append(v, items[i]);
    return v;
}

rt_value rt_list_of(rt_arena *arena, const rt_value *items, size_t n)
{
    return filled(arena, RT_LIST, items, n);
}

rt_value rt_tuple_of(rt_arena *arena, const rt_value *items, size_t n)
{
    return filled(arena, RT_TUPLE, items, n);
}

size_t rt_list_len(rt_value list)
{
    return rt_value_is_list(list) ? list.as.list->len : 0;
}

const rt_value *rt_list_items(rt_value list)
{
    static const rt_value nothing;
    if (!rt_value_is_list(list) || !list.as.list->items)
        return &nothing;
    return list.as.list->items;
}

// The position `index` means, or false beyond the ends.
static bool locate(rt_value list, int64_t index, size_t *out)
{
    int64_t len = (int64_t)rt_list_len(list);
    if (index < 0)
        index += len;
    if (index < 0 || index >= len)
        return false;
    *out = (size_t)index;
    return true;
}

rt_value rt_list_get(rt_value list, int64_t index)
{
    size_t at;
    if (!locate(list, index, &at))
        return rt_value_undefined();
    return list.as.list->items[at];
}

bool rt_list_next(rt_value v, size_t *at, rt_value *out)
{
    if (!rt_value_is_list(v) || *at >= v.as.list->len)
        return false;
    *out = v.as.list->items[(*at)++];
    return true;
}

static rt_status changeable(rt_value list)
{
    if (list.kind != RT_LIST)
        return RT_E_TYPE;
    return list.as.list->frozen ? RT_E_FROZEN : RT_OK;
}

rt_status rt_list_push(rt_value list, rt_value item)
{
    rt_status st = changeable(list);
    if (st)
        return st;
    rt__list_append(list, item);
    return RT_OK;
}

rt_status rt_list_set(rt_value list, int64_t index, rt_value item)
{
    rt_status st = changeable(list);
    if (st)
        return st;
    size_t at;
    if (!locate(list, index, &at))
        return RT_E_RANGE;
    list.as.list->items[at] = item;
    return RT_OK;
}

rt_status rt_list_insert(rt_value list, int64_t index, rt_value item)
{
    rt_status st = changeable(list);
    if (st)
        return st;
    rt_list *l = list.as.list;
    int64_t len = (int64_t)l->len;
    if (index < 0)
        index += len;
    size_t at = (size_t)(index < 0 ? 0 : index > len ? len : index);

    rt__list_append(list, item);
    memmove(l->items + at + 1, l->items + at,
            (l->len - 1 - at) * sizeof(rt_value));
    l->items[at] = item;
    return RT_OK;
}

rt_status rt_list_remove(rt_value list, int64_t index)
{
    rt_status st = changeable(list);
    if (st)
        return st;
    size_t at;
    if (!locate(list, index, &at))
        return RT_E_RANGE;
    rt_list *l = list.as.list;
    memmove(l->items + at, l->items + at + 1,
            (l->len - at - 1) * sizeof(rt_value));
    l->len--;
    return RT_OK;
}
