#include "retort/base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/digits.h"

#define FIRST_BYTES 64u

bool rt_buf_reserve_slow(rt_buf *buf, size_t bytes)
{
    if (buf->status)
        return false;
    if (bytes >= SIZE_MAX / 4 - buf->len ||
        (buf->limit && buf->len + bytes > buf->limit)) {
        buf->status = RT_E_LIMIT;
        return false;
    }
    size_t need = buf->len + bytes + 1; // for the NUL of rt_buf_str
    if (need <= buf->cap)
        return true;
    size_t cap = buf->cap ? buf->cap * 2 : FIRST_BYTES;
    if (cap < need)
        cap = need;
    buf->data = rt_arena_grow(buf->arena, buf->data, buf->cap, cap);
    buf->cap = cap;
    return true;
}

void rt_buf_put_repeat(rt_buf *buf, char c, size_t count)
{
    if (count == 0 || !rt_buf_reserve(buf, count))
        return;
    memset(rt_buf_end(buf), c, count);
    buf->len += count;
}

// log10(2) is about 1233 / 4096, so this is the number of digits or one more.
static size_t count_digits(uint64_t n)
{
    static const uint64_t powers[] = {
        0,
        10,
        100,
        1000,
        10000,
        100000,
        1000000,
        10000000,
        100000000,
        1000000000,
        10000000000,
        100000000000,
        1000000000000,
        10000000000000,
        100000000000000,
        1000000000000000,
        10000000000000000,
        100000000000000000,
        1000000000000000000,
        10000000000000000000u,
    };
    size_t digits = (size_t)(64 - __builtin_clzll(n | 1)) * 1233 / 4096;
    return digits + (n >= powers[digits]);
}

void rt_buf_put_uint(rt_buf *buf, uint64_t n)
{
    size_t count = n < 10 ? 1 : count_digits(n);
    if (!rt_buf_reserve(buf, count))
        return;
    buf->len += count;
    char *at = rt_buf_end(buf);
    for (; n >= 100; n /= 100) {
        at -= 2;
        memcpy(at, rt__digit_pairs + 2 * (n % 100), 2);
    }
    if (n >= 10) {
        memcpy(at - 2, rt__digit_pairs + 2 * n, 2);
    } else {
        at[-1] = (char)('0' + n);
    }
}

void rt_buf_put_int(rt_buf *buf, int64_t n)
{
    if (n >= 0) {
        rt_buf_put_uint(buf, (uint64_t)n);
        return;
    }
    rt_buf_put_char(buf, '-');
    rt_buf_put_uint(buf, 0 - (uint64_t)n);
}

void rt_buf_put_hex(rt_buf *buf, uint64_t n, int digits)
{
    char text[16];
    int at = 16;
    do {
        text[--at] = "0123456789abcdef"[n & 15];
        n >>= 4;
    } while (at > 0 && (n || 16 - at < digits));
    rt_buf_put_bytes(buf, text + at, (size_t)(16 - at));
}

void rt_buf_put_rune(rt_buf *buf, uint32_t rune)
{
    assert(rune <= 0x10ffff);
    char utf8[4];
    size_t len = 0;
    if (rune < 0x80) {
        utf8[len++] = (char)rune;
    } else if (rune < 0x800) {
        utf8[len++] = (char)(0xc0 | (rune >> 6));
        utf8[len++] = (char)(0x80 | (rune & 0x3f));
    } else if (rune < 0x10000) {
        utf8[len++] = (char)(0xe0 | (rune >> 12));
        utf8[len++] = (char)(0x80 | ((rune >> 6) & 0x3f));
        utf8[len++] = (char)(0x80 | (rune & 0x3f));
    } else {
        utf8[len++] = (char)(0xf0 | (rune >> 18));
        utf8[len++] = (char)(0x80 | ((rune >> 12) & 0x3f));
        utf8[len++] = (char)(0x80 | ((rune >> 6) & 0x3f));
        utf8[len++] = (char)(0x80 | (rune & 0x3f));
    }
    rt_buf_put_bytes(buf, utf8, len);
}

void rt_buf_printf(rt_buf *buf, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    // The slow path leaves room for a NUL, and does not count it as text.
    if (len > 0 && rt_buf_reserve_slow(buf, (size_t)len)) {
        vsnprintf(rt_buf_end(buf), (size_t)len + 1, format, again);
        buf->len += (size_t)len;
    }
    va_end(again);
}

rt_str rt_buf_str(rt_buf *buf)
{
    if (!buf->data) {
        buf->data = rt_arena_alloc(buf->arena, FIRST_BYTES);
        buf->cap = FIRST_BYTES;
    }
    if (buf->len == buf->cap) {
        buf->data = rt_arena_grow(buf->arena, buf->data, buf->cap,
                                  buf->cap + FIRST_BYTES);
        buf->cap += FIRST_BYTES;
    }
    buf->data[buf->len] = '\0';
    return (rt_str){buf->data, buf->len};
}
