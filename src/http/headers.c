#include "retort/http/headers.h"

#include <retort/http/field.h>

// Most lines of a message differ in length or first letter from the one that
// is looked for, so the comparison proper is rarely reached.
static inline bool is_named(const rt_header *header, rt_str name)
{
    if (header->name.len != name.len)
        return false;
    if (name.len == 0)
        return true;
    return ((header->name.data[0] ^ name.data[0]) & ~0x20) == 0 &&
           rt_str_eq_nocase(header->name, name);
}

// An absent value has no data (rt_headers_get), so an empty one must have.
static rt_str with_data(rt_str value)
{
    return value.data ? value : RT_STR("");
}

void rt_headers_reserve(rt_headers *headers, rt_arena *arena, size_t n)
{
    if (headers->cap - headers->len >= n)
        return;

    size_t cap = headers->cap ? headers->cap * 2 : 8;
    if (cap < headers->len + n)
        cap = headers->len + n;
    headers->items =
        rt_arena_grow(arena, headers->items, headers->cap * sizeof(rt_header),
                      rt_arena_times(cap, sizeof(rt_header)));
    headers->cap = cap;
}

rt_status rt_headers_add(rt_headers *headers, rt_arena *arena, rt_str name,
                         rt_str value)
{
    if (!rt_is_token(name) || !rt_is_field_value(value))
        return RT_E_SYNTAX;
    rt_headers_push(headers, arena, name, with_data(value));
    return RT_OK;
}

// Remove the lines of that name from index `from` on, keeping the order.
static bool remove_from(rt_headers *headers, rt_str name, size_t from)
{
    size_t kept = from;

    for (size_t i = from; i < headers->len; i++) {
        if (!is_named(&headers->items[i], name))
            headers->items[kept++] = headers->items[i];
    }
    bool removed = kept != headers->len;
    headers->len = kept;
    return removed;
}

rt_status rt_headers_set(rt_headers *headers, rt_arena *arena, rt_str name,
                         rt_str value)
{
    rt_header *first = rt_headers_find(headers, name);

    if (!first)
        return rt_headers_add(headers, arena, name, value);
    if (!rt_is_field_value(value))
        return RT_E_SYNTAX;
    *first = (rt_header){name, with_data(value)};
    remove_from(headers, name, (size_t)(first - headers->items) + 1);
    return RT_OK;
}

rt_status rt_headers_set_default(rt_headers *headers, rt_arena *arena,
                                 rt_str name, rt_str value)
{
    if (rt_headers_has(headers, name))
        return RT_OK;
    return rt_headers_add(headers, arena, name, value);
}

bool rt_headers_del(rt_headers *headers, rt_str name)
{
    return remove_from(headers, name, 0);
}

rt_header *rt_headers_find(const rt_headers *headers, rt_str name)
{
    size_t at = 0;
    return rt_headers_next(headers, name, &at);
}

rt_str rt_headers_get(const rt_headers *headers, rt_str name)
{
    const rt_header *header = rt_headers_find(headers, name);
    return header ? header->value : (rt_str){0};
}

bool rt_headers_has(const rt_headers *headers, rt_str name)
{
    return rt_headers_find(headers, name) != NULL;
}

size_t rt_headers_count(const rt_headers *headers, rt_str name)
{
    size_t count = 0;

    for (size_t i = 0; i < headers->len; i++)
        count += is_named(&headers->items[i], name);
    return count;
}

rt_header *rt_headers_next(const rt_headers *headers, rt_str name, size_t *at)
{
    for (size_t i = *at; i < headers->len; i++) {
        if (is_named(&headers->items[i], name)) {
            *at = i + 1;
            return &headers->items[i];
        }
    }
    *at = headers->len;
    return NULL;
}

rt_str rt_headers_get_joined(const rt_headers *headers, rt_arena *arena,
                             rt_str name)
{
    size_t count = rt_headers_count(headers, name);
    if (count <= 1)
        return rt_headers_get(headers, name);

    rt_str *values = rt_new(arena, rt_str, count);
    size_t at = 0;
    for (size_t i = 0; i < count; i++)
        values[i] = rt_headers_next(headers, name, &at)->value;
    return rt_str_join(arena, RT_STR(", "), values, count);
}

bool rt_headers_has_token(const rt_headers *headers, rt_str name, rt_str token)
{
    size_t at = 0;

    for (rt_header *h; (h = rt_headers_next(headers, name, &at));) {
        if (rt_field_list_has(h->value, token))
            return true;
    }
    return false;
}

rt_headers rt_headers_copy(rt_arena *arena, const rt_headers *headers)
{
    rt_headers copy = {0};

    rt_headers_reserve(&copy, arena, headers->len);
    for (size_t i = 0; i < headers->len; i++) {
        rt_str name = rt_str_copy(arena, headers->items[i].name);
        rt_str value = rt_str_copy(arena, headers->items[i].value);
        rt_headers_push(&copy, arena, name, value);
    }
    return copy;
}
