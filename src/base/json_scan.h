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

#ifdef __SSE2__
// A bit for each byte of the block that is special.
static inline unsigned rt__json_specials(__m128i block, bool ascii)
{
    const __m128i control = _mm_set1_epi8(0x1f);
    const __m128i del = _mm_set1_epi8(0x7f);
    __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8('"')),
                               _mm_cmpeq_epi8(block, _mm_set1_epi8('\\')));
    hit =
        _mm_or_si128(hit, _mm_cmpeq_epi8(_mm_min_epu8(block, control), block));
    if (ascii)
        hit =
            _mm_or_si128(hit, _mm_cmpeq_epi8(_mm_max_epu8(block, del), block));
    return (unsigned)_mm_movemask_epi8(hit);
}

// The plain bytes of 8 to 15. Both ends are loaded; the second one begins in
// the first, so what is found twice is found there.
static inline size_t rt__json_plain_run_of_8(const char *data, size_t len,
                                             bool ascii)
{
    __m128i front = _mm_loadl_epi64((const void *)data);
    __m128i back = _mm_loadl_epi64((const void *)(data + len - 8));
    unsigned mask = rt__json_specials(_mm_unpacklo_epi64(front, back), ascii);
    size_t at = mask ? (size_t)__builtin_ctz(mask) : 16;
    return at < 8 ? at : at + len - 16;
}

// The same of 4 to 7, in the lower half of a block.
static inline size_t rt__json_plain_run_of_4(const char *data, size_t len,
                                             bool ascii)
{
    int front, back;
    memcpy(&front, data, 4);
    memcpy(&back, data + len - 4, 4);
    __m128i block =
        _mm_unpacklo_epi32(_mm_cvtsi32_si128(front), _mm_cvtsi32_si128(back));
    unsigned mask = rt__json_specials(block, ascii) & 0xff;
    size_t at = mask ? (size_t)__builtin_ctz(mask) : 8;
    return at < 4 ? at : at + len - 8;
}
#endif

// The bytes at the front that are not special; with `ascii`, not beyond 0x7e
// either.
static inline size_t rt__json_plain_run(const char *data, size_t len,
                                        bool ascii)
{
    size_t at = 0;

#ifdef __SSE2__
    for (; len - at >= 16; at += 16) {
        __m128i block = _mm_loadu_si128((const void *)(data + at));
        unsigned mask = rt__json_specials(block, ascii);
        if (mask)
            return at + (size_t)__builtin_ctz(mask);
    }
    if (len - at >= 8)
        return at + rt__json_plain_run_of_8(data + at, len - at, ascii);
    if (len - at >= 4)
        return at + rt__json_plain_run_of_4(data + at, len - at, ascii);
#endif
    while (at < len && !rt__json_is_special(data[at]) &&
           !(ascii && (unsigned char)data[at] >= 0x7f))
        at++;
    return at;
}
