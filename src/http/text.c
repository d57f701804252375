#include "http/text.h"

#include <retort/base/utf8.h>

// The white space of str.isspace().
static bool is_white(uint32_t rune)
{
    if (rune < 0x80)
        return rune == ' ' || (rune >= 0x09 && rune <= 0x0d) ||
               (rune >= 0x1c && rune <= 0x1f);
    switch (rune) {
    case 0x85:
    case 0xa0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202f:
    case 0x205f:
    case 0x3000: return true;
    default: return rune >= 0x2000 && rune <= 0x200a;
    }
}

rt_str rt__text_trim_left(rt_str s)
{
    while (s.len > 0) {
        rt_str rest = s;
        uint32_t rune;
        if (rt_utf8_next(&rest, &rune) != RT_OK || !is_white(rune))
            break;
        s = rest;
    }
    return s;
}

rt_str rt__text_trim(rt_str s)
{
    s = rt__text_trim_left(s);
    while (s.len > 0) {
        size_t at = s.len - 1;
        while (at > 0 && s.len - at < 3 && (s.data[at] & 0xc0) == 0x80)
            at--;
        rt_str last = rt_str_slice(s, at, SIZE_MAX);
        uint32_t rune;
        if (rt_utf8_next(&last, &rune) != RT_OK || last.len > 0 ||
            !is_white(rune))
            break;
        s.len = at;
    }
    return s;
}

rt_str rt__text_lower_ascii(rt_arena *arena, rt_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (rt_to_lower(s.data[i]) != s.data[i])
            return rt_str_lower(arena, s);
    }
    return s;
}
