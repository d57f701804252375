#include "retort/http/method.h"

#include <retort/base/vec.h>
#include <retort/http/field.h>

#define METHOD_NAME(constant, name) [constant] = {name, sizeof(name) - 1},
static const rt_str names[RT_METHOD_COUNT] = {RT_METHODS(METHOD_NAME)};
#undef METHOD_NAME

#define BIT(method) (1u << (unsigned)(method))

rt_method rt_method_parse(rt_str name)
{
    // The two that make up nearly all requests, without the loop.
    if (name.len == 3 && memcmp(name.data, "GET", 3) == 0)
        return RT_METHOD_GET;
    if (name.len == 4 && memcmp(name.data, "POST", 4) == 0)
        return RT_METHOD_POST;

    for (unsigned i = RT_METHOD_OTHER + 1; i < RT_METHOD_COUNT; i++) {
        if (rt_str_eq(names[i], name))
            return (rt_method)i;
    }
    return RT_METHOD_OTHER;
}

rt_str rt_method_name(rt_method method)
{
    return (unsigned)method < RT_METHOD_COUNT ? names[method] : (rt_str){0};
}

// RFC 9110 9.2.1.
bool rt_method_is_safe(rt_method method)
{
    switch (method) {
    case RT_METHOD_GET:
    case RT_METHOD_HEAD:
    case RT_METHOD_OPTIONS:
    case RT_METHOD_TRACE: return true;
    default: return false;
    }
}

// RFC 9110 9.2.2.
bool rt_method_is_idempotent(rt_method method)
{
    return rt_method_is_safe(method) || method == RT_METHOD_PUT ||
           method == RT_METHOD_DELETE;
}

// Sets are copied by value and may share `others`, so the list is replaced by
// a longer copy instead of being changed.
static void add_other(rt_method_set *set, rt_arena *arena, rt_str name)
{
    rt_str *others = rt_new(arena, rt_str, set->others_len + 1);

    for (size_t i = 0; i < set->others_len; i++)
        others[i] = set->others[i];
    others[set->others_len++] = name;
    set->others = others;
}

rt_status rt_method_set_add(rt_method_set *set, rt_arena *arena, rt_str name)
{
    rt_method method = rt_method_parse(name);

    if (method != RT_METHOD_OTHER) {
        set->known |= BIT(method);
        return RT_OK;
    }
    if (!rt_is_token(name))
        return RT_E_SYNTAX;
    if (!rt_method_set_has(*set, RT_METHOD_OTHER, name))
        add_other(set, arena, name);
    return RT_OK;
}

void rt_method_set_join(rt_method_set *set, rt_arena *arena, rt_method_set more)
{
    set->known |= more.known;
    for (size_t i = 0; i < more.others_len; i++) {
        if (!rt_method_set_has(*set, RT_METHOD_OTHER, more.others[i]))
            add_other(set, arena, more.others[i]);
    }
}

bool rt_method_set_has(rt_method_set set, rt_method method, rt_str name)
{
    if (method != RT_METHOD_OTHER)
        return (set.known & BIT(method)) != 0;
    for (size_t i = 0; i < set.others_len; i++) {
        if (rt_str_eq(set.others[i], name))
            return true;
    }
    return false;
}

static bool is_separator(char c)
{
    return c == ' ' || c == ',';
}

rt_status rt_method_set_parse(rt_arena *arena, rt_str text, rt_method_set *out)
{
    rt_method_set set = {0};

    for (size_t at = 0; at < text.len;) {
        size_t end = at;
        while (end < text.len && !is_separator(text.data[end]))
            end++;
        if (end > at) {
            rt_str name = rt_str_slice(text, at, end - at);
            rt_status st =
                rt_method_set_add(&set, arena, rt_str_upper(arena, name));
            if (st)
                return st;
        }
        at = end + 1;
    }
    *out = set;
    return RT_OK;
}

rt_str rt_method_set_dump(rt_arena *arena, rt_method_set set)
{
    RT_VEC(rt_str) list = {0};

    for (unsigned i = 0; i < RT_METHOD_COUNT; i++) {
        if (set.known & BIT(i))
            *rt_vec_push(arena, &list) = names[i];
    }
    for (size_t i = 0; i < set.others_len; i++)
        *rt_vec_push(arena, &list) = set.others[i];
    return rt_str_join(arena, RT_STR(", "), list.items, list.len);
}
