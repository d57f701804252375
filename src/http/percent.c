#include "retort/http/percent.h"

#include <stdint.h>

#include <retort/base/utf8.h>

#define BIT(set) (1u << (unsigned)(set))

// Groups of sets, so that the table below reads as the comments in the header.
#define ANY   0xffu
#define PART  (ANY & ~BIT(RT_PERCENT_COMPONENT)) // whatever has a structure
#define QUERY (BIT(RT_PERCENT_QUERY) | BIT(RT_PERCENT_FRAGMENT))
#define QUOTED \
    (QUERY | BIT(RT_PERCENT_PATH_QUOTED) | BIT(RT_PERCENT_COOKIE_PATH))

// In which sets a punctuation mark stands bare.
static const uint8_t bare[128] = {
    ['-'] = ANY,
    ['.'] = ANY,
    ['_'] = ANY,
    ['~'] = ANY,
    ['!'] = PART,
    ['$'] = PART,
    ['\''] = PART,
    ['('] = PART,
    [')'] = PART,
    ['*'] = PART,
    [','] = PART,
    ['/'] = PART,
    [':'] = PART,
    ['@'] = PART,
    [';'] = PART & ~BIT(RT_PERCENT_COOKIE_PATH),
    ['&'] = PART & ~BIT(RT_PERCENT_FIELD),
    ['+'] = PART & ~BIT(RT_PERCENT_FIELD),
    ['='] = PART & ~BIT(RT_PERCENT_FIELD),
    ['?'] = QUERY | BIT(RT_PERCENT_FIELD),
    ['%'] = QUOTED,
    ['#'] = BIT(RT_PERCENT_FRAGMENT),
};

static bool is_bare(char c, rt_percent_set set)
{
    if (rt_is_alpha(c) || rt_is_digit(c))
        return true;
    return (unsigned char)c < 128 && (bare[(unsigned char)c] & BIT(set)) != 0;
}

static size_t bare_prefix(rt_str s, rt_percent_set set)
{
    size_t n = 0;

    while (n < s.len && is_bare(s.data[n], set))
        n++;
    return n;
}

void rt_percent_put(rt_buf *buf, rt_str s, rt_percent_set set)
{
    static const char digits[] = "0123456789ABCDEF";

    for (;;) {
        rt_buf_put(buf, rt_str_take(&s, bare_prefix(s, set)));
        if (s.len == 0)
            return;

        unsigned char c = (unsigned char)rt_str_take(&s, 1).data[0];
        if (c == ' ' && set == RT_PERCENT_FIELD) {
            rt_buf_put_char(buf, '+');
            continue;
        }
        char escape[3] = {'%', digits[c >> 4], digits[c & 15]};
        rt_buf_put_bytes(buf, escape, sizeof escape);
    }
}

rt_str rt_percent_encode(rt_arena *arena, rt_str s, rt_percent_set set)
{
    if (bare_prefix(s, set) == s.len)
        return s;

    rt_buf buf;
    rt_buf_init(&buf, arena);
    rt_percent_put(&buf, s, set);
    return rt_buf_str(&buf);
}

rt_str rt_percent_decode(rt_arena *arena, rt_str s)
{
    size_t first = rt_str_find_char(s, '%');
    if (first == RT_STR_NONE)
        return s;

    char *text = rt_arena_alloc(arena, s.len);
    memcpy(text, s.data, first);
    size_t n = first;
    for (size_t i = first; i < s.len; i++) {
        int high = -1;
        int low = -1;
        if (s.data[i] == '%' && s.len - i > 2) {
            high = rt_hex_value(s.data[i + 1]);
            low = rt_hex_value(s.data[i + 2]);
        }
        if (high < 0 || low < 0) {
            text[n++] = s.data[i];
            continue;
        }
        text[n++] = (char)(high << 4 | low);
        i += 2;
    }
    return rt_str_of(text, n);
}

rt_str rt_percent_decode_path(rt_arena *arena, rt_str s)
{
    return rt_utf8_repair(arena, rt_percent_decode(arena, s));
}
