// Scanning: how far the bytes are all of one class.
//
// Names and values are most of a request, so they are looked at 16 bytes at a
// time where the processor has SSE2, which every x86-64 has. What stops such a
// step need not be an end: the steps know only the bytes that are common in
// their place, and whatever else comes is looked up in a table. No function
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
#define RT__HTTP1_PRINTABLE  8u // space to "~"
extern const unsigned char rt__http1_classes[256];

static inline bool rt__is_class(char c, unsigned class)
{
    return (rt__http1_classes[(unsigned char)c] & class) != 0;
}

static inline const char *rt__scan_class(const char *at, const char *end,
                                         unsigned class)
{
    while (at < end && rt__is_class(*at, class))
        at++;
    return at;
}

#ifdef __SSE2__

static inline __m128i rt__load16(const char *at)
{
    return _mm_loadu_si128((const __m128i *)(const void *)at);
}

// One bit for each byte: whether it passed the test before.
static inline uint64_t rt__bits(__m128i v)
{
    return (uint64_t)_mm_movemask_epi8(v);
}

// The number of bytes, from the first on, that passed.
static inline size_t rt__count_passed(__m128i v)
{
    return (size_t)__builtin_ctzll(~rt__bits(v));
}

// Letters. Seen as signed, they are the largest numbers once they are put
// there, and everything above them has become negative.
static inline __m128i rt__letters(__m128i v)
{
    __m128i lower = _mm_or_si128(v, _mm_set1_epi8(0x20));
    return _mm_cmpgt_epi8(_mm_add_epi8(lower, _mm_set1_epi8(0x7f - 'z')),
                          _mm_set1_epi8(0x7f - 26));
}

// Letters and hyphens.
static inline __m128i rt__name_bytes(__m128i v)
{
    return _mm_or_si128(rt__letters(v), _mm_cmpeq_epi8(v, _mm_set1_epi8('-')));
}

// Letters, digits, hyphens and dots.
static inline __m128i rt__host_bytes(__m128i v)
{
    __m128i digits = _mm_cmpgt_epi8(_mm_add_epi8(v, _mm_set1_epi8(0x7f - '9')),
                                    _mm_set1_epi8(0x7f - 10));
    __m128i dots = _mm_cmpeq_epi8(v, _mm_set1_epi8('.'));
    return _mm_or_si128(rt__name_bytes(v), _mm_or_si128(digits, dots));
}

// Bytes from `first`, which is above zero, to 0x7e. Adding one makes those
// above 0x7e negative, and 0xff zero.
static inline __m128i rt__ascii_from(__m128i v, char first)
{
    return _mm_cmpgt_epi8(_mm_add_epi8(v, _mm_set1_epi8(1)),
                          _mm_set1_epi8(first));
}

static inline __m128i rt__printable(__m128i v)
{
    return rt__ascii_from(v, ' ');
}

// Visible ASCII but "#" and "?".
static inline __m128i rt__target_bytes(__m128i v)
{
    __m128i ends = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('#')),
                                _mm_cmpeq_epi8(v, _mm_set1_epi8('?')));
    return _mm_andnot_si128(ends, rt__ascii_from(v, '!'));
}

#endif

// The first byte that may not stand in a token.
static inline const char *rt__scan_token(const char *at, const char *end)
{
#ifdef __SSE2__
    for (size_t n = 16; n == 16 && end - at >= 16; at += n)
        n = rt__count_passed(rt__name_bytes(rt__load16(at)));
    if (RT_LIKELY(at < end && *at == ':'))
        return at;
#endif
    while (at < end && rt_tchar_table[(unsigned char)*at])
        at++;
    return at;
}

// Odd bytes are those that are not printable ASCII. In a head they are hardly
// anything but the ends of lines, and it is they that are looked for: in blocks
// of 64 bytes, whose odd ones become the bits of a word. So where a line begins
// is known before the line in front of it has been read.
typedef struct rt__odd_bytes {
    const char *block; // at most 64 bytes
    const char *end;
    uint64_t mask; // bit i: block[i] is odd, and was not returned yet
} rt__odd_bytes;

// The bits of a block that is shorter than 64 bytes.
uint64_t rt__odd_mask_of_rest(const char *at, const char *end);

static inline uint64_t rt__odd_mask(const char *at, const char *end)
{
#ifdef __SSE2__
    if (RT_LIKELY(end - at >= 64)) {
        uint64_t even = rt__bits(rt__printable(rt__load16(at)));
        even |= rt__bits(rt__printable(rt__load16(at + 16))) << 16;
        even |= rt__bits(rt__printable(rt__load16(at + 32))) << 32;
        even |= rt__bits(rt__printable(rt__load16(at + 48))) << 48;
        return ~even;
    }
#endif
    return rt__odd_mask_of_rest(at, end);
}

static inline rt__odd_bytes rt__odd_bytes_of(const char *at, const char *end)
{
    return (rt__odd_bytes){at, end, rt__odd_mask(at, end)};
}

// The next odd byte, or `end`.
static inline const char *rt__odd_next(rt__odd_bytes *odd)
{
    while (odd->mask == 0) {
        if (odd->end - odd->block <= 64)
            return odd->end;
        odd->block += 64;
        odd->mask = rt__odd_mask(odd->block, odd->end);
    }
    const char *at = odd->block + __builtin_ctzll(odd->mask);
    odd->mask &= odd->mask - 1;
    return at;
}

// Step over an odd byte that is known to be there.
static inline void rt__odd_skip(rt__odd_bytes *odd)
{
    if (RT_LIKELY(odd->mask))
        odd->mask &= odd->mask - 1;
    else
        (void)rt__odd_next(odd);
}

// The first byte that ends a target or splits it: not visible ASCII, "#" or,
// as long as no query has begun, "?".
static inline const char *rt__scan_target(const char *at, const char *end)
{
#ifdef __SSE2__
    while (end - at >= 16) {
        size_t n = rt__count_passed(rt__target_bytes(rt__load16(at)));
        at += n;
        if (n < 16)
            return at;
    }
#endif
    return rt__scan_class(at, end, RT__HTTP1_TARGET);
}

// True when the bytes up to `stop`, which may be followed by others up to
// `end`, are a host of the plainest kind.
static inline bool rt__is_plain_host(const char *at, const char *stop,
                                     const char *end)
{
    if (at == stop)
        return false;
#ifdef __SSE2__
    if (stop - at <= 16 && end - at >= 16) {
        return rt__count_passed(rt__host_bytes(rt__load16(at))) >=
               (size_t)(stop - at);
    }
#endif
    (void)end;
    return rt__scan_class(at, stop, RT__HTTP1_PLAIN_HOST) == stop;
}
