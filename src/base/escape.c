#include "retort/base/escape.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

// The reference for a byte; a length of zero where it stands for itself. Eight
// bytes are copied, whatever the length.
typedef struct reference {
    char text[7];
    uint8_t len;
} reference;

#define FIRST 0x22 // all five lie from here ...
#define LAST  0x3e // ... to here

static const reference references[LAST - FIRST + 1] = {
    ['&' - FIRST] = {"&amp;", 5},  ['<' - FIRST] = {"&lt;", 4},
    ['>' - FIRST] = {"&gt;", 4},   ['"' - FIRST] = {"&#34;", 5},
    ['\'' - FIRST] = {"&#39;", 5},
};

static bool is_special(char c)
{
    unsigned at = (unsigned)(unsigned char)c - FIRST;
    return at <= LAST - FIRST && references[at].len;
}

#ifdef __SSE2__
static __m128i load_block(const char *at)
{
    // NOLINTNEXTLINE(bugprone-casting-through-void): loadu takes any
    return _mm_loadu_si128((const void *)at);
}

// A bit for each of sixteen bytes that needs a reference. & and ', and < and >,
// differ in one bit, which is set before comparing.
static unsigned special_bits(__m128i block)
{
    __m128i quote = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
    __m128i and = _mm_cmpeq_epi8(_mm_or_si128(block, _mm_set1_epi8(1)),
                                 _mm_set1_epi8('\''));
    __m128i angle = _mm_cmpeq_epi8(_mm_or_si128(block, _mm_set1_epi8(2)),
                                   _mm_set1_epi8('>'));

    return (unsigned)_mm_movemask_epi8(
        _mm_or_si128(quote, _mm_or_si128(and, angle)));
}

static uint64_t load_word(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

static uint64_t load_half(const char *at)
{
    uint32_t half;
    memcpy(&half, at, sizeof half);
    return half;
}

static uint64_t load_byte(const char *at)
{
    return (unsigned char)*at;
}

// From 1 to 15 bytes and zeros behind them. Nothing beyond them is read: what
// is read twice lies upon itself.
static __m128i load_part(const char *at, size_t n)
{
    uint64_t low, high = 0;
    if (n >= 8) {
        low = load_word(at);
        high = load_word(at + n - 8) >> 8 >> (8 * (15 - n));
    } else if (n >= 4) {
        low = load_half(at) | load_half(at + n - 4) << (8 * (n - 4));
    } else {
        low = load_byte(at) | load_byte(at + n / 2) << (8 * (n / 2)) |
              load_byte(at + n - 1) << (8 * (n - 1));
    }
    return _mm_set_epi64x((int64_t)high, (int64_t)low);
}

// What a block or a reference may write beyond what is left.
#define SLACK 24u

// Escape into a buffer without limit: each block is written as it is, and what
// follows is written over it from its first special byte on.
static void put_blocks(rt_buf *buf, rt_str s)
{
    const char *from = s.data;
    size_t left = s.len;

    if (!rt_buf_reserve(buf, left + SLACK))
        return;
    char *to = rt_buf_end(buf);
    const char *end = buf->data + buf->cap;
    while (left) {
        size_t n = left < 16 ? left : 16;
        __m128i block = left < 16 ? load_part(from, left) : load_block(from);
        // NOLINTNEXTLINE(bugprone-casting-through-void): storeu takes any
        _mm_storeu_si128((void *)to, block);
        unsigned bits = special_bits(block);
        if (RT_LIKELY(!bits)) {
            to += n;
            from += n;
            left -= n;
            continue;
        }
        n = (size_t)__builtin_ctz(bits);
        const reference *r = &references[from[n] - FIRST];
        memcpy(to + n, r, sizeof *r);
        to += n + r->len;
        from += n + 1;
        left -= n + 1;
        if ((size_t)(end - to) < left + SLACK) {
            buf->len = (size_t)(to - buf->data);
            if (!rt_buf_reserve(buf, left + SLACK))
                return;
            to = rt_buf_end(buf);
            end = buf->data + buf->cap;
        }
    }
    buf->len = (size_t)(to - buf->data);
}
#endif

// The number of bytes at the front that stand for themselves.
static size_t plain_prefix(rt_str s)
{
    size_t i = 0;

#ifdef __SSE2__
    for (; s.len - i >= 16; i += 16) {
        unsigned bits = special_bits(load_block(s.data + i));
        if (bits)
            return i + (size_t)__builtin_ctz(bits);
    }
#endif
    while (i < s.len && !is_special(s.data[i]))
        i++;
    return i;
}

void rt_buf_put_html(rt_buf *buf, rt_str s)
{
#ifdef __SSE2__
    if (RT_LIKELY(!buf->limit)) {
        put_blocks(buf, s);
        return;
    }
#endif
    while (s.len) {
        rt_buf_put(buf, rt_str_take(&s, plain_prefix(s)));
        if (s.len) {
            const reference *r =
                &references[rt_str_take(&s, 1).data[0] - FIRST];
            rt_buf_put_bytes(buf, r->text, r->len);
        }
    }
}

rt_str rt_html_escape(rt_arena *arena, rt_str s)
{
    if (plain_prefix(s) == s.len)
        return s;
    rt_buf buf;
    rt_buf_init(&buf, arena);
    rt_buf_put_html(&buf, s);
    return rt_buf_str(&buf);
}
