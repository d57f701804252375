#include "retort/base/utf8.h"

#include <assert.h>
#include <string.h>
#include <utf8proc.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <retort/base/buf.h>

// The bytes of ASCII at the front.
static size_t ascii_prefix(const char *data, size_t len)
{
    size_t at = 0;

#ifdef __SSE2__
    for (; len - at >= 16; at += 16) {
        // NOLINTNEXTLINE(bugprone-casting-through-void): loadu takes any
        __m128i block = _mm_loadu_si128((const void *)(data + at));
        int high = _mm_movemask_epi8(block);
        if (high)
            return at + (size_t)__builtin_ctz((unsigned)high);
    }
#endif
    for (; len - at >= 8; at += 8) {
        uint64_t block;
        memcpy(&block, data + at, 8);
        if (block & 0x8080808080808080u)
            break;
    }
    while (at < len && !(data[at] & 0x80))
        at++;
    return at;
}

// One row of the standard's table 3-7: how a lead byte's sequence goes on. All
// bytes behind the second are 80 to BF.
typedef struct lead {
    uint8_t length; // 0: no sequence begins so
    uint8_t second_min;
    uint8_t second_max;
} lead;

static lead lead_of(uint8_t byte)
{
    if (byte < 0xc2)
        return (lead){0};
    if (byte < 0xe0)
        return (lead){2, 0x80, 0xbf};
    switch (byte) {
    case 0xe0: return (lead){3, 0xa0, 0xbf};
    case 0xed: return (lead){3, 0x80, 0x9f};
    case 0xf0: return (lead){4, 0x90, 0xbf};
    case 0xf4: return (lead){4, 0x80, 0x8f};
    default: break;
    }
    if (byte < 0xf0)
        return (lead){3, 0x80, 0xbf};
    if (byte < 0xf4)
        return (lead){4, 0x80, 0xbf};
    return (lead){0};
}

// Read one sequence that does not begin with ASCII. Returns its length when it
// is valid; else 0, with `*bad` the length of its longest valid beginning.
static size_t read_sequence(const uint8_t *at, size_t len, uint32_t *rune,
                            size_t *bad)
{
    lead l = lead_of(at[0]);
    uint32_t value = at[0] & (0x7fu >> l.length);

    *bad = 1;
    if (l.length == 0)
        return 0;
    for (size_t i = 1; i < l.length; i++) {
        uint8_t min = i == 1 ? l.second_min : 0x80;
        uint8_t max = i == 1 ? l.second_max : 0xbf;
        if (i >= len || at[i] < min || at[i] > max) {
            *bad = i;
            return 0;
        }
        value = value << 6 | (at[i] & 0x3fu);
    }
    *rune = value;
    return l.length;
}

size_t rt_utf8_valid_prefix(rt_str s)
{
    size_t at = ascii_prefix(s.data, s.len);

    while (at < s.len) {
        uint32_t rune;
        size_t bad;
        size_t len = read_sequence((const uint8_t *)s.data + at, s.len - at,
                                   &rune, &bad);
        if (len == 0)
            return at;
        at += len;
        if (at < s.len && !(s.data[at] & 0x80))
            at += ascii_prefix(s.data + at, s.len - at);
    }
    return at;
}

bool rt_utf8_valid(rt_str s)
{
    return rt_utf8_valid_prefix(s) == s.len;
}

rt_status rt_utf8_next(rt_str *cursor, uint32_t *rune)
{
    assert(cursor->len > 0);

    const uint8_t *at = (const uint8_t *)cursor->data;
    size_t len = 1;
    rt_status status = RT_OK;
    if (at[0] < 0x80) {
        *rune = at[0];
    } else {
        size_t bad;
        len = read_sequence(at, cursor->len, rune, &bad);
        if (len == 0) {
            *rune = RT_UTF8_REPLACEMENT;
            len = bad;
            status = RT_E_UTF8;
        }
    }
    cursor->data += len;
    cursor->len -= len;
    return status;
}

size_t rt_utf8_encode(uint32_t rune, char out[4])
{
    if (rune > RT_UTF8_MAX || (rune >= 0xd800 && rune <= 0xdfff))
        rune = RT_UTF8_REPLACEMENT;
    if (rune < 0x80) {
        out[0] = (char)rune;
        return 1;
    }
    if (rune < 0x800) {
        out[0] = (char)(0xc0 | (rune >> 6));
        out[1] = (char)(0x80 | (rune & 0x3f));
        return 2;
    }
    if (rune < 0x10000) {
        out[0] = (char)(0xe0 | (rune >> 12));
        out[1] = (char)(0x80 | (rune >> 6 & 0x3f));
        out[2] = (char)(0x80 | (rune & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | (rune >> 18));
    out[1] = (char)(0x80 | (rune >> 12 & 0x3f));
    out[2] = (char)(0x80 | (rune >> 6 & 0x3f));
    out[3] = (char)(0x80 | (rune & 0x3f));
    return 4;
}

size_t rt_utf8_len(rt_str s)
{
    size_t count = 0;
    uint32_t rune;

    while (s.len) {
        size_t ascii = ascii_prefix(s.data, s.len);
        count += ascii;
        s = rt_str_of(s.data + ascii, s.len - ascii);
        if (s.len) {
            (void)rt_utf8_next(&s, &rune);
            count++;
        }
    }
    return count;
}

rt_str rt_utf8_repair(rt_arena *arena, rt_str s)
{
    size_t valid = rt_utf8_valid_prefix(s);
    rt_buf buf;

    if (valid == s.len)
        return s;
    rt_buf_init(&buf, arena);
    while (s.len) {
        uint32_t rune;

        rt_buf_put_bytes(&buf, s.data, valid);
        s = rt_str_of(s.data + valid, s.len - valid);
        if (s.len && rt_utf8_next(&s, &rune) != RT_OK)
            rt_buf_put(&buf, RT_STR("\xef\xbf\xbd"));
        valid = rt_utf8_valid_prefix(s);
    }
    return rt_buf_str(&buf);
}

bool rt_utf8_is_printable(uint32_t rune)
{
    if (rune < 0x80)
        return rune >= 0x20 && rune < 0x7f;
    if (rune > RT_UTF8_MAX)
        return false;
    switch (utf8proc_category((utf8proc_int32_t)rune)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP: return false;
    default: return true;
    }
}

bool rt_utf8_is_space(uint32_t rune)
{
    if (rune < 0x80)
        return rune == ' ' || (rune >= 0x09 && rune <= 0x0d) ||
               (rune >= 0x1c && rune <= 0x1f);
    switch (rune) {
    case 0x85:
    case 0xa0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202f:
    case 0x205f:
    case 0x3000: return true;
    default: return rune >= 0x2000 && rune <= 0x200a;
    }
}
