// Formatting with `{}`: typed, and safe with any value.
//
//     rt_format(arena, "there is no post {} by {!r}", id, name);
//
// `{}` is the text of the next value, `{!r}` its repr, `{{` and `}}` are
// braces. The format is a literal, so a user's string cannot become one.
#pragma once

#include <retort/base/attributes.h>
#include <retort/base/pairs.h>

RT_C_BEGIN

// Append to a buffer: rt_buf_format(&buf, "{} of {}", 3, 5). Up to 32 values.
//
// Returns the number of placeholders, for callers that can report it.
//
//   errors   a `{}` without value prints `{missing}`; values left over are
//            ignored
#define rt_buf_format(...)                                              \
    rt_buf_format_values(RT_ARG1(__VA_ARGS__), "" RT_ARG2(__VA_ARGS__), \
                         RT_VALUES_FROM3(__VA_ARGS__))

size_t rt_buf_format_values(rt_buf *buf, const char *format,
                            const rt_value *values, size_t n);

// Append with the text of each value escaped for HTML, unless the value is a
// safe string. The format is markup.
size_t rt_buf_format_html_values(rt_buf *buf, const char *format,
                                 const rt_value *values, size_t n);

// Format to a string in an arena.
#define rt_format(...)                                              \
    rt_format_values(RT_ARG1(__VA_ARGS__), "" RT_ARG2(__VA_ARGS__), \
                     RT_VALUES_FROM3(__VA_ARGS__))

rt_str rt_format_values(rt_arena *arena, const char *format,
                        const rt_value *values, size_t n);

RT_C_END
