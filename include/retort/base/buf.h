// Buffers: bytes that grow in an arena.
//
// A buffer keeps its first error and is inert from then on, so that encoders
// write straight on and look once at the end (`buf.status`).
#pragma once

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/status.h>
#include <retort/base/str.h>

RT_C_BEGIN

// A buffer. Initialise with rt_buf_init; read `data`, `len` and `status`.
typedef struct rt_buf {
    char *data;
    size_t len;
    size_t cap;
    rt_arena *arena;
    size_t limit;     // more bytes than this are RT_E_LIMIT; 0: no limit
    rt_status status; // RT_OK, or why the buffer stopped
} rt_buf;

// Start an empty buffer. Memory is taken at the first write.
static inline void rt_buf_init(rt_buf *buf, rt_arena *arena)
{
    *buf = (rt_buf){.arena = arena};
}

// Make room for `bytes` more; false when the buffer is inert or would pass its
// limit. With it, rt_buf_end(buf) may be written and `len` moved by hand.
bool rt_buf_reserve_slow(rt_buf *buf, size_t bytes);

static inline bool rt_buf_reserve(rt_buf *buf, size_t bytes)
{
    if (RT_LIKELY(buf->cap - buf->len >= bytes && !buf->status && !buf->limit))
        return true;
    return rt_buf_reserve_slow(buf, bytes);
}

// Where the next byte goes; valid after rt_buf_reserve.
static inline char *rt_buf_end(rt_buf *buf)
{
    return buf->data + buf->len;
}

// Append bytes.
static inline void rt_buf_put_bytes(rt_buf *buf, const void *data, size_t len)
{
    if (len == 0 || !rt_buf_reserve(buf, len))
        return;
    memcpy(rt_buf_end(buf), data, len);
    buf->len += len;
}

static inline void rt_buf_put(rt_buf *buf, rt_str s)
{
    rt_buf_put_bytes(buf, s.data, s.len);
}

static inline void rt_buf_put_cstr(rt_buf *buf, const char *cstr)
{
    rt_buf_put_bytes(buf, cstr, strlen(cstr));
}

static inline void rt_buf_put_char(rt_buf *buf, char c)
{
    if (rt_buf_reserve(buf, 1))
        buf->data[buf->len++] = c;
}

// Append `count` times the same byte.
void rt_buf_put_repeat(rt_buf *buf, char c, size_t count);

// Append a decimal integer.
void rt_buf_put_int(rt_buf *buf, int64_t n);
void rt_buf_put_uint(rt_buf *buf, uint64_t n);

// Append a lower-case hexadecimal integer, at least `digits` long.
void rt_buf_put_hex(rt_buf *buf, uint64_t n, int digits);

// Append a code point as UTF-8.
void rt_buf_put_rune(rt_buf *buf, uint32_t rune);

// Append as printf does. For messages; hot paths have the functions above.
void rt_buf_printf(rt_buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// View what was written, NUL-terminated behind its length. Valid until the
// next write; an inert buffer gives what it holds.
rt_str rt_buf_str(rt_buf *buf);

RT_C_END
