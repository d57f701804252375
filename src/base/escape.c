#include "retort/base/escape.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

// The reference for a byte, or NULL where it stands for itself.
static const char *reference(char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&#34;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

#ifdef __SSE2__
// A bit for each of sixteen bytes that needs a reference. & and ', and < and >,
// differ in one bit, which is set before comparing.
static unsigned special_bits(const char *at)
{
    // NOLINTNEXTLINE(bugprone-casting-through-void): loadu takes any
    __m128i block = _mm_loadu_si128((const void *)at);
    __m128i quote = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
    __m128i and = _mm_cmpeq_epi8(_mm_or_si128(block, _mm_set1_epi8(1)),
                                 _mm_set1_epi8('\''));
    __m128i angle = _mm_cmpeq_epi8(_mm_or_si128(block, _mm_set1_epi8(2)),
                                   _mm_set1_epi8('>'));

    return (unsigned)_mm_movemask_epi8(
        _mm_or_si128(quote, _mm_or_si128(and, angle)));
}
#endif

// The number of bytes at the front that stand for themselves. All five special
// bytes lie in 0x22 to 0x3e, so most text is passed by one comparison.
static size_t plain_prefix(rt_str s)
{
    size_t i = 0;

#ifdef __SSE2__
    for (; s.len - i >= 16; i += 16) {
        unsigned bits = special_bits(s.data + i);
        if (bits)
            return i + (size_t)__builtin_ctz(bits);
    }
#endif
    while (i < s.len) {
        unsigned char c = (unsigned char)s.data[i];
        if (c - 0x22u <= 0x3eu - 0x22u && reference((char)c))
            break;
        i++;
    }
    return i;
}

void rt_buf_put_html(rt_buf *buf, rt_str s)
{
    while (s.len) {
        rt_buf_put(buf, rt_str_take(&s, plain_prefix(s)));
        if (s.len)
            rt_buf_put_cstr(buf, reference(rt_str_take(&s, 1).data[0]));
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
