#include "http/text.h"

#include <retort/base/utf8.h>

rt_str rt__text_trim_left(rt_str s)
{
    while (s.len > 0) {
        rt_str rest = s;
        uint32_t rune;
        if (rt_utf8_next(&rest, &rune) != RT_OK || !rt_utf8_is_space(rune))
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
            !rt_utf8_is_space(rune))
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
