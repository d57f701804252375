#include "retort/base/str.h"

bool rt_str_eq_nocase(rt_str a, rt_str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (rt_to_lower(a.data[i]) != rt_to_lower(b.data[i]))
            return false;
    return true;
}

int rt_str_compare(rt_str a, rt_str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n ? memcmp(a.data, b.data, n) : 0;
    if (order)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

bool rt_str_starts_with(rt_str s, rt_str prefix)
{
    return s.len >= prefix.len &&
           rt_str_eq((rt_str){s.data, prefix.len}, prefix);
}

bool rt_str_ends_with(rt_str s, rt_str suffix)
{
    return s.len >= suffix.len &&
           rt_str_eq(rt_str_slice(s, s.len - suffix.len, suffix.len), suffix);
}

size_t rt_str_find(rt_str s, rt_str needle)
{
    if (needle.len == 0)
        return 0;
    if (s.len < needle.len)
        return RT_STR_NONE;
    const char *at = memmem(s.data, s.len, needle.data, needle.len);
    return at ? (size_t)(at - s.data) : RT_STR_NONE;
}

size_t rt_str_find_char(rt_str s, char c)
{
    const char *at = s.len ? memchr(s.data, c, s.len) : NULL;
    return at ? (size_t)(at - s.data) : RT_STR_NONE;
}

size_t rt_str_rfind_char(rt_str s, char c)
{
    const char *at = s.len ? memrchr(s.data, c, s.len) : NULL;
    return at ? (size_t)(at - s.data) : RT_STR_NONE;
}

rt_str rt_str_slice(rt_str s, size_t start, size_t len)
{
    if (start > s.len)
        start = s.len;
    if (len > s.len - start)
        len = s.len - start;
    return (rt_str){start ? s.data + start : s.data, len};
}

bool rt_str_skip(rt_str *cursor, rt_str prefix)
{
    if (!rt_str_starts_with(*cursor, prefix))
        return false;
    *cursor = rt_str_slice(*cursor, prefix.len, SIZE_MAX);
    return true;
}

rt_str rt_str_take(rt_str *cursor, size_t len)
{
    rt_str front = rt_str_slice(*cursor, 0, len);
    *cursor = rt_str_slice(*cursor, front.len, SIZE_MAX);
    return front;
}

rt_str rt_str_cut(rt_str *rest, char separator)
{
    rt_str all = *rest;
    size_t at = rt_str_find_char(all, separator);
    if (at == RT_STR_NONE) {
        *rest = (rt_str){NULL, 0};
        return all;
    }
    *rest = rt_str_slice(all, at + 1, SIZE_MAX);
    return rt_str_slice(all, 0, at);
}

rt_str rt_str_trim_ows(rt_str s)
{
    while (s.len && (s.data[0] == ' ' || s.data[0] == '\t'))
        s = rt_str_slice(s, 1, SIZE_MAX);
    while (s.len && (s.data[s.len - 1] == ' ' || s.data[s.len - 1] == '\t'))
        s.len--;
    return s;
}

rt_str rt_str_trim(rt_str s)
{
    while (s.len && rt_is_space(s.data[0]))
        s = rt_str_slice(s, 1, SIZE_MAX);
    while (s.len && rt_is_space(s.data[s.len - 1]))
        s.len--;
    return s;
}

char *rt_str_cstr(rt_arena *arena, rt_str s)
{
    char *copy = rt_arena_alloc(arena, s.len + 1);
    if (s.len)
        memcpy(copy, s.data, s.len);
    copy[s.len] = '\0';
    return copy;
}

rt_str rt_str_copy(rt_arena *arena, rt_str s)
{
    return (rt_str){rt_str_cstr(arena, s), s.len};
}

rt_str rt_str_lower(rt_arena *arena, rt_str s)
{
    char *copy = rt_str_cstr(arena, s);
    for (size_t i = 0; i < s.len; i++)
        copy[i] = rt_to_lower(copy[i]);
    return (rt_str){copy, s.len};
}

rt_str rt_str_upper(rt_arena *arena, rt_str s)
{
    char *copy = rt_str_cstr(arena, s);
    for (size_t i = 0; i < s.len; i++)
        copy[i] = rt_to_upper(copy[i]);
    return (rt_str){copy, s.len};
}

static char *append(char *to, rt_str s)
{
    if (s.len)
        memcpy(to, s.data, s.len);
    return to + s.len;
}

rt_str rt_str_join(rt_arena *arena, rt_str separator, const rt_str *parts,
                   size_t n)
{
    size_t len = n ? separator.len * (n - 1) : 0;
    for (size_t i = 0; i < n; i++)
        len += parts[i].len;
    char *joined = rt_arena_alloc(arena, len + 1);
    char *to = joined;
    for (size_t i = 0; i < n; i++) {
        if (i)
            to = append(to, separator);
        to = append(to, parts[i]);
    }
    *to = '\0';
    return (rt_str){joined, len};
}

rt_str rt_str_concat(rt_arena *arena, rt_str a, rt_str b)
{
    return rt_str_join(arena, (rt_str){NULL, 0}, (rt_str[]){a, b}, 2);
}

bool rt_str_parse_int(rt_str s, int64_t *out)
{
    bool negative = rt_str_skip(&s, RT_STR("-"));
    if (s.len == 0)
        return false;
    int64_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (!rt_is_digit(s.data[i]))
            return false;
        // Counted downwards, where there is room for INT64_MIN.
        if (__builtin_mul_overflow(n, 10, &n) ||
            __builtin_sub_overflow(n, s.data[i] - '0', &n))
            return false;
    }
    if (!negative && n == INT64_MIN)
        return false;
    *out = negative ? n : -n;
    return true;
}

int rt_hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}
