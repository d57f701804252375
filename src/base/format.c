#include "retort/base/format.h"

#include <string.h>

// Write the value a placeholder asks for and step behind the placeholder.
static const char *put_placeholder(rt_buf *buf, const char *at,
                                   const rt_value *value)
{
    bool repr = strncmp(at, "{!r}", 4) == 0;
    if (!value)
        rt_buf_put_cstr(buf, "{missing}");
    else if (repr)
        rt_value_put_repr(buf, *value);
    else
        rt_value_put_text(buf, *value);
    return at + (repr ? 4 : 2);
}

void rt_buf_format_values(rt_buf *buf, const char *format,
                          const rt_value *values, size_t n)
{
    size_t used = 0;
    const char *at = format;
    while (*at) {
        size_t plain = strcspn(at, "{}");
        rt_buf_put_bytes(buf, at, plain);
        at += plain;
        if (at[0] && at[0] == at[1]) { // {{ or }}
            rt_buf_put_char(buf, *at);
            at += 2;
        } else if (strncmp(at, "{}", 2) == 0 || strncmp(at, "{!r}", 4) == 0) {
            at = put_placeholder(buf, at, used < n ? &values[used] : NULL);
            used++;
        } else if (*at) {
            rt_buf_put_char(buf, *at++);
        }
    }
}

rt_str rt_format_values(rt_arena *arena, const char *format,
                        const rt_value *values, size_t n)
{
    rt_buf buf;
    rt_buf_init(&buf, arena);
    rt_buf_format_values(&buf, format, values, n);
    return rt_buf_str(&buf);
}
