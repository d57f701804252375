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

static size_t token_len(rt_str s)
{
    size_t n = 0;

    while (n < s.len && rt_is_tchar(s.data[n]))
        n++;
    return n;
}

static rt_str lower(rt_arena *arena, rt_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (rt_to_lower(s.data[i]) != s.data[i])
            return rt_str_lower(arena, s);
    }
    return s;
}

// Undo the escapes between two quotes.
static rt_str unescape(rt_arena *arena, rt_str s)
{
    static const rt_str escapes[] = {
        {"\\\\", 2},
        {"\\\"", 2},
        {"%22", 3},
    };
    static const char stands_for[] = {'\\', '"', '"'};

    if (rt_str_find_char(s, '\\') == RT_STR_NONE &&
        rt_str_find_char(s, '%') == RT_STR_NONE)
        return s;

    char *text = rt_arena_alloc(arena, s.len);
    size_t n = 0;
    while (s.len > 0) {
        size_t i = 0;
        while (i < RT_COUNT(escapes) && !rt_str_skip(&s, escapes[i]))
            i++;
        if (i < RT_COUNT(escapes)) {
            text[n++] = stands_for[i];
        } else {
            text[n++] = rt_str_take(&s, 1).data[0];
        }
    }
    return rt_str_of(text, n);
}

// Take `name=value` off the front; false when something else stands there.
static bool take_param(rt_str *cursor, rt_arena *arena, rt_field_param *out)
{
    size_t name_len = token_len(*cursor);
    if (name_len == 0 || name_len == cursor->len ||
        cursor->data[name_len] != '=')
        return false;
    rt_str name = rt_str_take(cursor, name_len);
    rt_str_take(cursor, 1);

    size_t len = token_len(*cursor);
    if (len > 0) {
        out->value = rt_str_take(cursor, len);
    } else {
        len =
            cursor->len > 0 && cursor->data[0] == '"' ? quoted_len(*cursor) : 0;
        if (len == 0)
            return false;
        rt_str inside = rt_str_slice(rt_str_take(cursor, len), 1, len - 2);
        out->value = unescape(arena, inside);
    }
    out->name = lower(arena, name);
    return true;
}

bool rt_field_param_next(rt_str *cursor, rt_arena *arena, rt_field_param *out)
{
    bool found = false;

    while (!found && cursor->len > 0) {
        *cursor = rt_str_trim(*cursor);
        found = take_param(cursor, arena, out);
        size_t semicolon = rt_str_find_char(*cursor, ';');
        rt_str_take(cursor,
                    semicolon == RT_STR_NONE ? cursor->len : semicolon + 1);
    }
    return found;
}
