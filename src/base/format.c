#include "retort/base/format.h"

#include <string.h>

#include <retort/base/escape.h>

static void put_escaped(rt_buf *buf, rt_value value, bool repr)
{
    if (rt_value_is_markup(value) && !repr)
        rt_value_put_text(buf, value);
    else
        rt_buf_put_html(buf, repr ? rt_value_repr(buf->arena, value)
                                  : rt_value_text(buf->arena, value));
}

// Write the value a placeholder asks for and step behind the placeholder.
static const char *put_placeholder(rt_buf *buf, const char *at,
                                   const rt_value *value, bool html)
{
    bool repr = strncmp(at, "{!r}", 4) == 0;
    if (!value)
        rt_buf_put_cstr(buf, "{missing}");
    else if (html)
        put_escaped(buf, *value, repr);
    else if (repr)
        rt_value_put_repr(buf, *value);
    else
        rt_value_put_text(buf, *value);
    return at + (repr ? 4 : 2);
}

static size_t put_format(rt_buf *buf, const char *format,
                         const rt_value *values, size_t n, bool html)
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
            at =
                put_placeholder(buf, at, used < n ? &values[used] : NULL, html);
            used++;
        } else if (*at) {
            rt_buf_put_char(buf, *at++);
        }
    }
    return used;
}

size_t rt_buf_format_values(rt_buf *buf, const char *format,
                            const rt_value *values, size_t n)
{
    return put_format(buf, format, values, n, false);
}

size_t rt_buf_format_html_values(rt_buf *buf, const char *format,
                                 const rt_value *values, size_t n)
{
    return put_format(buf, format, values, n, true);
}

rt_str rt_format_values(rt_arena *arena, const char *format,
                        const rt_value *values, size_t n)
{
    rt_buf buf;
    rt_buf_init(&buf, arena);
    rt_buf_format_values(&buf, format, values, n);
    return rt_buf_str(&buf);
}
