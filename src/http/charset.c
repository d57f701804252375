#include "http/charset.h"

#include <retort/base/buf.h>
#include <retort/base/utf8.h>
#include <retort/http/percent.h>

rt_charset rt__charset_find(rt_str name)
{
    static const struct {
        rt_str name;
        rt_charset charset;
    } rows[] = {
        {{"utf-8", 5}, RT_CHARSET_UTF8},
        {{"iso-8859-1", 10}, RT_CHARSET_LATIN1},
        {{"ascii", 5}, RT_CHARSET_ASCII},
        {{"us-ascii", 8}, RT_CHARSET_ASCII},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        if (rt_str_eq_nocase(name, rows[i].name))
            return rows[i].charset;
    }
    return RT_CHARSET_UNKNOWN;
}

static size_t ascii_len(rt_str s)
{
    size_t n = 0;

    while (n < s.len && !(s.data[n] & 0x80))
        n++;
    return n;
}

rt_str rt__charset_decode(rt_arena *arena, rt_charset charset, rt_str bytes)
{
    if (charset != RT_CHARSET_ASCII && charset != RT_CHARSET_LATIN1)
        return rt_utf8_repair(arena, bytes);
    if (ascii_len(bytes) == bytes.len)
        return bytes;

    rt_buf text;
    rt_buf_init(&text, arena);
    while (bytes.len > 0) {
        rt_buf_put(&text, rt_str_take(&bytes, ascii_len(bytes)));
        if (bytes.len == 0)
            break;
        unsigned char high = (unsigned char)rt_str_take(&bytes, 1).data[0];
        rt_buf_put_rune(&text, charset == RT_CHARSET_LATIN1
                                   ? high
                                   : RT_UTF8_REPLACEMENT);
    }
    return rt_buf_str(&text);
}

rt_str rt__charset_unquote(rt_arena *arena, rt_charset charset, rt_str text)
{
    if (rt_str_find_char(text, '%') == RT_STR_NONE)
        return text;

    rt_buf out;
    rt_buf_init(&out, arena);
    while (text.len > 0) {
        rt_str run = rt_str_take(&text, ascii_len(text));
        rt_buf_put(&out, rt__charset_decode(arena, charset,
                                            rt_percent_decode(arena, run)));
        while (text.len > 0 && text.data[0] & 0x80)
            rt_buf_put(&out, rt_str_take(&text, 1));
    }
    return rt_buf_str(&out);
}
