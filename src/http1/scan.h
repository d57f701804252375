// Scanning: how far the bytes are all of one class.
//
// Values and targets are most of a request, so they are looked at 16 bytes at
// a time where the processor has SSE2, which every x86-64 has. No function
// reads at or behind `end`.
#pragma once

#include <stdint.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <retort/http/field.h>

// Classes of bytes, besides rt_tchar_table.
#define RT__HTTP1_VALUE      1u // may stand in a field value
#define RT__HTTP1_TARGET     2u // may stand in a target, and is no "?"
#define RT__HTTP1_PLAIN_HOST 4u // letters, digits, "-", "." and "_"
extern const unsigned char rt__http1_classes[256];

static inline const char *rt__scan_class(const char *at, const char *end,
                                         unsigned class)
{
    while (at < end && rt__http1_classes[(unsigned char)*at] & class)
        at++;
    return at;
}

#ifdef __SSE2__

// Bit i is set when byte i of `v` is at most `max`, both unsigned.
static inline __m128i rt__scan_at_most(__m128i v, char max)
{
    return _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(max)), v);
}

// How many of 16 bytes, from the first on, are letters, digits or hyphens.
static inline unsigned rt__scan_common(const char *at)
{
    __m128i v = _mm_loadu_si128((const __m128i *)(const void *)at);
    __m128i lower = _mm_or_si128(v, _mm_set1_epi8(0x20));
    __m128i letter =
        rt__scan_at_most(_mm_sub_epi8(lower, _mm_set1_epi8('a')), 'z' - 'a');
    __m128i digit =
        rt__scan_at_most(_mm_sub_epi8(v, _mm_set1_epi8('0')), '9' - '0');
    __m128i hyphen = _mm_cmpeq_epi8(v, _mm_set1_epi8('-'));
    unsigned mask = (unsigned)_mm_movemask_epi8(
        _mm_or_si128(_mm_or_si128(letter, digit), hyphen));
    return (unsigned)__builtin_ctz(~mask);
}

#endif

// The first byte that may not stand in a token.
static inline const char *rt__scan_token(const char *at, const char *end)
{
#ifdef __SSE2__
    // Names are made of common bytes; whatever stops here is looked up below.
    for (unsigned n = 16; n == 16 && end - at >= 16; at += n)
        n = rt__scan_common(at);
#endif
    while (at < end && rt_tchar_table[(unsigned char)*at])
        at++;
    return at;
}

// The first byte that may not stand in a field value: a control character
// other than a tab.
static inline const char *rt__scan_value(const char *at, const char *end)
{
#ifdef __SSE2__
    while (end - at >= 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)at);
        __m128i tab = _mm_cmpeq_epi8(v, _mm_set1_epi8('\t'));
        __m128i del = _mm_cmpeq_epi8(v, _mm_set1_epi8(0x7f));
        __m128i bad =
            _mm_or_si128(_mm_andnot_si128(tab, rt__scan_at_most(v, 0x1f)), del);
        unsigned mask = (unsigned)_mm_movemask_epi8(bad);
        if (mask)
            return at + __builtin_ctz(mask);
        at += 16;
    }
#endif
    return rt__scan_class(at, end, RT__HTTP1_VALUE);
}

// The first byte that ends a target or splits it: not visible ASCII, "#" or,
// as long as no query has begun, "?".
static inline const char *rt__scan_target(const char *at, const char *end)
{
#ifdef __SSE2__
    while (end - at >= 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)at);
        // Seen as signed, bytes above 0x7f are below the space as well.
        __m128i bad = _mm_cmplt_epi8(v, _mm_set1_epi8(0x21));
        bad = _mm_or_si128(bad, _mm_cmpeq_epi8(v, _mm_set1_epi8(0x7f)));
        bad = _mm_or_si128(bad, _mm_cmpeq_epi8(v, _mm_set1_epi8('#')));
        bad = _mm_or_si128(bad, _mm_cmpeq_epi8(v, _mm_set1_epi8('?')));
        unsigned mask = (unsigned)_mm_movemask_epi8(bad);
        if (mask)
            return at + __builtin_ctz(mask);
        at += 16;
    }
#endif
    return rt__scan_class(at, end, RT__HTTP1_TARGET);
}
