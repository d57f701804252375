#include "retort/http/target.h"

#include <stdint.h>

#define EACH(byte)     (UINT64_C(0x0101010101010101) * (byte))
#define HAS_ZERO(x)    (((x)-EACH(1)) & ~(x)&EACH(0x80))
#define HAS_LESS(x, n) (((x)-EACH(n)) & ~(x)&EACH(0x80))
#define HAS_BYTE(x, c) HAS_ZERO((x) ^ EACH(c))

static bool is_target_byte(char c)
{
    return c > ' ' && c < 0x7f && c != '#';
}

// Visible ASCII but the number sign, eight bytes at a time: every request goes
// through here. Browsers send some bytes bare that RFC 3986 wants encoded, such
// as | and [, so those are let through.
static bool is_target_text(rt_str s)
{
    size_t i = 0;

    for (; s.len - i >= 8; i += 8) {
        uint64_t x;
        memcpy(&x, s.data + i, sizeof x);
        if ((x & EACH(0x80)) | HAS_LESS(x, 0x21) | HAS_BYTE(x, 0x7f) |
            HAS_BYTE(x, '#'))
            return false;
    }
    for (; i < s.len; i++) {
        if (!is_target_byte(s.data[i]))
            return false;
    }
    return s.len > 0;
}

static void split_query(rt_str text, rt_target *target)
{
    size_t mark = rt_str_find_char(text, '?');

    target->path = rt_str_slice(text, 0, mark);
    if (mark != RT_STR_NONE)
        target->query = rt_str_slice(text, mark + 1, text.len);
}

// absolute-form = scheme "://" host [ ":" port ] path-abempty [ "?" query ]
static rt_status parse_absolute(rt_str text, rt_target *target)
{
    size_t colon = rt_str_find_char(text, ':');
    if (colon == RT_STR_NONE)
        return RT_E_SYNTAX;
    target->scheme = rt_str_take(&text, colon);
    if (!rt_str_eq_nocase(target->scheme, RT_STR("http")) &&
        !rt_str_eq_nocase(target->scheme, RT_STR("https")))
        return RT_E_SYNTAX;
    if (!rt_str_skip(&text, RT_STR("://")))
        return RT_E_SYNTAX;

    size_t end = 0;
    while (end < text.len && text.data[end] != '/' && text.data[end] != '?')
        end++;
    target->form = RT_TARGET_ABSOLUTE;
    target->authority = rt_str_take(&text, end);
    split_query(text, target);
    if (target->path.len == 0)
        target->path = RT_STR("/");
    return rt_host_parse(target->authority, &target->host);
}

// authority-form = host ":" port, of which neither may be missing.
static rt_status parse_authority(rt_str text, rt_target *target)
{
    target->form = RT_TARGET_AUTHORITY;
    target->authority = text;
    if (rt_host_parse(text, &target->host) != RT_OK || target->host.port < 0)
        return RT_E_SYNTAX;
    return RT_OK;
}

rt_status rt_target_parse(rt_method method, rt_str text, rt_target *out)
{
    rt_target target = {.host = {.port = -1}};
    rt_status st = RT_OK;

    if (!is_target_text(text))
        return RT_E_SYNTAX;

    if (method == RT_METHOD_CONNECT) {
        st = parse_authority(text, &target);
    } else if (text.data[0] == '/') {
        target.form = RT_TARGET_ORIGIN;
        split_query(text, &target);
    } else if (rt_str_eq(text, RT_STR("*"))) {
        if (method != RT_METHOD_OPTIONS)
            return RT_E_SYNTAX;
        target.form = RT_TARGET_ASTERISK;
        target.path = text;
    } else {
        st = parse_absolute(text, &target);
    }
    if (st == RT_OK)
        *out = target;
    return st;
}
