// Strings: views of bytes that somebody else keeps.
//
// An rt_str is a pointer and a length, passed by value. It owns nothing and is
// not NUL-terminated; where a C string is needed, copy it with rt_str_cstr.
// A zeroed rt_str is the empty string. Functions that look like cursors
// (`skip`, `take`, `cut`) move the front of the view they are given.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <retort/base/arena.h>
#include <retort/base/attributes.h>

RT_C_BEGIN

typedef struct rt_str {
    const char *data; // may be NULL when len is 0
    size_t len;       // in bytes
} rt_str;

// A view of a string literal; anything but a literal does not compile.
#define RT_STR(literal) ((rt_str){"" literal, sizeof(literal) - 1})

// For printf: printf("%.*s", RT_STR_ARG(s)).
#define RT_STR_ARG(s) (int)(s).len, (s).data ? (s).data : ""

// View a C string; NULL is the empty string.
static inline rt_str rt_str_from(const char *cstr)
{
    rt_str s = {cstr, cstr ? strlen(cstr) : 0};
    return s;
}

// View `len` bytes.
static inline rt_str rt_str_of(const void *data, size_t len)
{
    rt_str s = {(const char *)data, len};
    return s;
}

// Compare bytes.
static inline bool rt_str_eq(rt_str a, rt_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

// Compare with ASCII letters of either case being equal, as HTTP's tokens are.
bool rt_str_eq_nocase(rt_str a, rt_str b);

// Order by bytes, a prefix first: negative, zero, positive.
int rt_str_compare(rt_str a, rt_str b);

bool rt_str_starts_with(rt_str s, rt_str prefix);
bool rt_str_ends_with(rt_str s, rt_str suffix);

// Find the first (last) occurrence; RT_STR_NONE when there is none.
#define RT_STR_NONE SIZE_MAX
size_t rt_str_find(rt_str s, rt_str needle);
size_t rt_str_find_char(rt_str s, char c);
size_t rt_str_rfind_char(rt_str s, char c);

// The part from `start`, at most `len` bytes; bounds beyond the end are cut.
rt_str rt_str_slice(rt_str s, size_t start, size_t len);

// Step over `prefix` when `*cursor` starts with it.
bool rt_str_skip(rt_str *cursor, rt_str prefix);

// Take the first `len` bytes (at most all) off the front.
rt_str rt_str_take(rt_str *cursor, size_t len);

// Split at the first `separator`: returns what is before it and leaves what is
// after it in `*rest`. Without one, returns all of it and leaves `*rest` with
// len 0 and data NULL, so a loop `while (rest.data)` sees every part.
rt_str rt_str_cut(rt_str *rest, char separator);

// Without spaces and tabs (HTTP's OWS) at both ends; without any ASCII white
// space at both ends.
rt_str rt_str_trim_ows(rt_str s);
rt_str rt_str_trim(rt_str s);

// Copy into the arena. Both results are NUL-terminated behind their length.
rt_str rt_str_copy(rt_arena *arena, rt_str s);
char *rt_str_cstr(rt_arena *arena, rt_str s);

// ASCII lower and upper case, copied.
rt_str rt_str_lower(rt_arena *arena, rt_str s);
rt_str rt_str_upper(rt_arena *arena, rt_str s);

// Join `n` parts with a separator between them.
rt_str rt_str_join(rt_arena *arena, rt_str separator, const rt_str *parts,
                   size_t n);

// Put two strings together.
rt_str rt_str_concat(rt_arena *arena, rt_str a, rt_str b);

// Read a whole string as a decimal integer: an optional minus sign and digits,
// nothing else.
//
//   errors   false: not a number, or beyond 64 bits; `*out` is untouched
bool rt_str_parse_int(rt_str s, int64_t *out);

// Classes and conversion of ASCII bytes, independent of any locale.
static inline bool rt_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool rt_is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool rt_is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline char rt_to_lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static inline char rt_to_upper(char c)
{
    return (char)(c >= 'a' && c <= 'z' ? c - 32 : c);
}

// The value of a hexadecimal digit, or -1.
int rt_hex_value(char c);

RT_C_END
