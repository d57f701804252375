#include "retort/http/path.h"

#include <utf8proc.h>

#include <retort/base/buf.h>
#include <retort/base/utf8.h>

// ---- file names -----------------------------------------------------------------

// No character decomposes into more than 18.
#define DECOMPOSED_MAX 32

// Append the ASCII characters of what a character is made of: its letter without
// accents, the digits of a fraction. The order among the others does not matter.
static void put_ascii(rt_buf *out, uint32_t rune)
{
    utf8proc_int32_t parts[DECOMPOSED_MAX];
    int boundclass = 0;

    if (rune < 0x80) {
        rt_buf_put_char(out, (char)rune);
        return;
    }
    utf8proc_ssize_t n =
        utf8proc_decompose_char((utf8proc_int32_t)rune, parts, DECOMPOSED_MAX,
                                UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT,
                                &boundclass);
    for (utf8proc_ssize_t i = 0; i < n && i < DECOMPOSED_MAX; i++) {
        if (parts[i] < 0x80)
            rt_buf_put_char(out, (char)parts[i]);
    }
}

rt_str rt_ascii_fold(rt_arena *arena, rt_str text)
{
    rt_buf out;
    rt_buf_init(&out, arena);
    while (text.len > 0) {
        uint32_t rune;
        if (rt_utf8_next(&text, &rune) == RT_OK)
            put_ascii(&out, rune);
    }
    return rt_buf_str(&out);
}

// What separates words of a name: white space, as str.split() has it, and
// slashes.
static bool is_gap(char c)
{
    return rt_is_space(c) || (c >= 0x1c && c <= 0x1f) || c == '/';
}

static bool is_kept(char c)
{
    return rt_is_alpha(c) || rt_is_digit(c) || c == '.' || c == '_' || c == '-';
}

static bool is_edge(char c)
{
    return c == '.' || c == '_';
}

rt_str rt_secure_filename(rt_arena *arena, rt_str filename)
{
    rt_str text = rt_ascii_fold(arena, filename);
    rt_buf out;
    bool gap = false;

    rt_buf_init(&out, arena);
    for (size_t i = 0; i < text.len; i++) {
        // One underscore for each run; those at the ends go below.
        if (is_gap(text.data[i])) {
            gap = true;
            continue;
        }
        if (gap)
            rt_buf_put_char(&out, '_');
        gap = false;
        if (is_kept(text.data[i]))
            rt_buf_put_char(&out, text.data[i]);
    }

    rt_str name = rt_buf_str(&out);
    while (name.len > 0 && is_edge(name.data[0]))
        rt_str_take(&name, 1);
    while (name.len > 0 && is_edge(name.data[name.len - 1]))
        name.len--;
    return rt_str_copy(arena, name);
}

// ---- joining --------------------------------------------------------------------

// Go back one segment in what was written behind `start`.
static void drop_segment(rt_buf *buf, size_t start)
{
    while (buf->len > start && buf->data[buf->len - 1] != '/')
        buf->len--;
    if (buf->len > start)
        buf->len--; // the slash
}

// Append a relative path without empty segments, dots and the dots that lead up.
// False when it climbs above its beginning.
static bool put_normal(rt_buf *buf, rt_str path)
{
    size_t start = buf->len;

    while (path.data) {
        rt_str segment = rt_str_cut(&path, '/');
        if (segment.len == 0 || rt_str_eq(segment, RT_STR(".")))
            continue;
        if (rt_str_eq(segment, RT_STR(".."))) {
            if (buf->len == start)
                return false;
            drop_segment(buf, start);
            continue;
        }
        if (buf->len > start)
            rt_buf_put_char(buf, '/');
        rt_buf_put(buf, segment);
    }
    if (buf->len == start)
        rt_buf_put_char(buf, '.');
    return true;
}

static bool is_unusable(rt_str path)
{
    return path.data[0] == '/' || rt_str_find_char(path, '\0') != RT_STR_NONE;
}

rt_str rt_safe_join_parts(rt_arena *arena, rt_str folder,
                          const rt_str *untrusted, size_t n)
{
    rt_buf out;
    rt_buf_init(&out, arena);
    // Without a folder the first part would become one.
    rt_buf_put(&out, folder.len ? folder : RT_STR("."));

    for (size_t i = 0; i < n; i++) {
        if (untrusted[i].len == 0)
            continue;
        if (is_unusable(untrusted[i]))
            return (rt_str){0};
        if (out.data[out.len - 1] != '/')
            rt_buf_put_char(&out, '/');
        if (!put_normal(&out, untrusted[i]))
            return (rt_str){0};
    }
    return rt_buf_str(&out);
}

rt_str rt_safe_join(rt_arena *arena, rt_str folder, rt_str untrusted)
{
    return rt_safe_join_parts(arena, folder, &untrusted, 1);
}
