// Finding the end of what a JSON string may hold as it is: nearly all text is
// such runs, so both directions look at 16 bytes at a time.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

// True for the quote, the backslash and control characters.
static inline bool rt__json_is_special(char c)
{
    return c == '"' || c == '\\' || (unsigned char)c < 0x20;
}

// The bytes at the front that are not special; with `ascii`, not beyond 0x7e
// either.
static inline size_t rt__json_plain_run(const char *data, size_t len,
                                        bool ascii)
{
    size_t at = 0;

#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    const __m128i control = _mm_set1_epi8(0x1f);
    const __m128i del = _mm_set1_epi8(0x7f);

    for (; len - at >= 16; at += 16) {
        __m128i block = _mm_loadu_si128((const void *)(data + at));
        __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(block, quote),
                                   _mm_cmpeq_epi8(block, backslash));
        hit = _mm_or_si128(hit,
                           _mm_cmpeq_epi8(_mm_min_epu8(block, control), block));
        if (ascii) {
            hit = _mm_or_si128(hit,
                               _mm_cmpeq_epi8(_mm_max_epu8(block, del), block));
        }
        int mask = _mm_movemask_epi8(hit);
        if (mask)
            return at + (size_t)__builtin_ctz((unsigned)mask);
    }
#endif
    while (at < len && !rt__json_is_special(data[at]) &&
           !(ascii && (unsigned char)data[at] >= 0x7f))
        at++;
    return at;
}
