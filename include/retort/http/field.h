// Field values: the small grammar all headers share.
//
// Tokens, quoted strings and comma-separated lists look the same in every
// header; the parsers of single headers stand on the functions here, and on
// header_value.h, which reads parameters.
//
// Source: RFC 9110, sections 5.5 and 5.6.
#pragma once

#include <stdbool.h>

#include <retort/base/attributes.h>
#include <retort/base/str.h>

RT_C_BEGIN

// One entry per byte: 1 where it may stand in a token.
extern const unsigned char rt_tchar_table[256];

// True for the bytes of a token: letters, digits and !#$%&'*+-.^_`|~
static inline bool rt_is_tchar(char c)
{
    return rt_tchar_table[(unsigned char)c] != 0;
}

// True when `s` is a token: at least one byte, all of them tchar.
bool rt_is_token(rt_str s);

// True when `s` may be the value of a header: no control character but the tab.
// CR, LF and NUL would end the line and let a value become a header of its own;
// the others are read differently by everyone. Bytes above 0x7f may stand there.
//
// Source: RFC 9110, section 5.5.
bool rt_is_field_value(rt_str s);

// Take the next member of a comma-separated list, trimmed. Commas in quoted
// strings do not separate and empty members are skipped, as RFC 9110 5.6.1.2
// asks of a recipient. False at the end.
//
//   memory   `*member` views `*cursor`
bool rt_field_list_next(rt_str *cursor, rt_str *member);

// True when a list has `token` among its members, in either case.
bool rt_field_list_has(rt_str list, rt_str token);

RT_C_END
