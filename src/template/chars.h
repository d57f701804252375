// Classes of characters as Python's re and str see them: white space, what may
// be in a name, what is a name.
//
// All functions take text that is valid UTF-8.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <retort/base/str.h>

// Bytes of the white space character at `at`, or before `at`; 0 when there is
// none. White space is what str.isspace() says.
size_t rt__space_len(const char *at, const char *end);
size_t rt__space_len_before(const char *begin, const char *at);

// Step over white space.
const char *rt__skip_space(const char *at, const char *end);

// Bytes of the line break at `at`, or 0: "\r\n", "\r", "\n".
static inline size_t rt__break_len(const char *at, const char *end)
{
    if (at == end || (*at != '\n' && *at != '\r'))
        return 0;
    return *at == '\r' && end - at > 1 && at[1] == '\n' ? 2 : 1;
}

static inline bool rt__is_break(char c)
{
    return c == '\n' || c == '\r';
}

// The number of line breaks.
size_t rt__count_breaks(const char *begin, const char *end);

// Where the word that begins at `at` ends: letters, digits, marks and the
// underscore. `*ascii` is cleared when there is more than ASCII in it.
const char *rt__word_end(const char *at, const char *end, bool *ascii);

// True for what str.isidentifier() accepts (Unicode's XID).
bool rt__is_identifier(rt_str word);
