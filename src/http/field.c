#include "retort/http/field.h"

// RFC 9110 5.6.2. Bytes above 0x7f are never part of a token.
// clang-format off
const unsigned char rt_tchar_table[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, // 0x00
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, // 0x10
    0, 1, 0, 1, 1, 1, 1, 1, 0, 0, 1, 1, 0, 1, 1, 0, // 0x20
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, // 0x30
    0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, // 0x40
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, // 0x50
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, // 0x60
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 0, 1, 0, // 0x70
};

// clang-format on

bool rt_is_token(rt_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (!rt_is_tchar(s.data[i]))
            return false;
    }
    return s.len > 0;
}

bool rt_is_field_value(rt_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.data[i];
        if (RT_UNLIKELY((c < 0x20 && c != '\t') || c == 0x7f))
            return false;
    }
    return true;
}

// The length of the quoted string at the front of `s`, both quotes included; 0
// when it does not end.
static size_t quoted_len(rt_str s)
{
    for (size_t i = 1; i < s.len; i++) {
        if (s.data[i] == '"')
            return i + 1;
        if (s.data[i] == '\\')
            i++;
    }
    return 0;
}

// The length of the list member at the front of `s`: up to a comma that is not
// quoted. A quote that never closes is an ordinary byte.
static size_t member_len(rt_str s)
{
    size_t i = 0;

    while (i < s.len && s.data[i] != ',') {
        size_t quoted = 0;
        if (s.data[i] == '"')
            quoted = quoted_len(rt_str_slice(s, i, s.len));
        i += quoted ? quoted : 1;
    }
    return i;
}

bool rt_field_list_next(rt_str *cursor, rt_str *member)
{
    while (cursor->len > 0) {
        rt_str found =
            rt_str_trim_ows(rt_str_take(cursor, member_len(*cursor)));
        rt_str_take(cursor, 1); // the comma, if this was not the last member
        if (found.len > 0) {
            *member = found;
            return true;
        }
    }
    return false;
}

bool rt_field_list_has(rt_str list, rt_str token)
{
    rt_str member;

    while (rt_field_list_next(&list, &member)) {
        if (rt_str_eq_nocase(member, token))
            return true;
    }
    return false;
}
