// Cutting text as Python does: at white space, at line breaks, at the ends.
#include <retort/base/attributes.h>

#include "template/text_unicode.h"

// ---- strip ---------------------------------------------------------------------

// The code points to strip: a bit for each in ASCII, which is nearly always all
// of them; the others are searched for.
typedef struct rune_set {
    uint64_t ascii[2];
    rt_str others; // from the first one beyond ASCII on
} rune_set;

static rune_set set_of(rt_str chars)
{
    rune_set set = {0};
    while (chars.len) {
        rt_str here = chars;
        uint32_t rune = rt__rune_next(&chars);
        if (rune < 0x80) {
            set.ascii[rune >> 6] |= (uint64_t)1 << (rune & 63);
        } else if (!set.others.len) {
            set.others = here;
        }
    }
    return set;
}

static bool set_has(const rune_set *set, uint32_t rune)
{
    if (rune < 0x80)
        return set->ascii[rune >> 6] >> (rune & 63) & 1;
    for (rt_str rest = set->others; rest.len;)
        if (rt__rune_next(&rest) == rune)
            return true;
    return false;
}

rt_str rt__text_strip(rt_str s, const rt_str *chars, unsigned sides)
{
    rune_set set = set_of(chars ? *chars : (rt_str){0});

    while (s.len && (sides & RT__STRIP_LEFT)) {
        rt_str rest = s;
        uint32_t rune = rt__rune_next(&rest);
        if (chars ? !set_has(&set, rune) : !rt__rune_is_space(rune))
            break;
        s = rest;
    }
    while (s.len && (sides & RT__STRIP_RIGHT)) {
        rt_str rest = s;
        uint32_t rune = rt__rune_last(&rest);
        if (chars ? !set_has(&set, rune) : !rt__rune_is_space(rune))
            break;
        s = rest;
    }
    return s;
}

// ---- lines and words ---------------------------------------------------------------

bool rt__text_next_line(rt_str *rest, rt_str *line, rt_str *end)
{
    if (!rest->len)
        return false;

    rt_str at = *rest;
    size_t len = rest->len;
    *end = (rt_str){rest->data + len, 0};
    while (at.len) {
        size_t before = rest->len - at.len;
        uint32_t rune = rt__rune_next(&at);
        if (!rt__rune_is_line_break(rune))
            continue;
        if (rune == '\r')
            rt_str_skip(&at, RT_STR("\n"));
        len = before;
        *end = (rt_str){rest->data + len, rest->len - at.len - len};
        break;
    }
    *line = (rt_str){rest->data, len};
    *rest = at;
    return true;
}

bool rt__text_next_word(rt_str *rest, rt_str *word)
{
    *rest = rt__text_strip(*rest, NULL, RT__STRIP_LEFT);
    if (!rest->len)
        return false;

    const char *start = rest->data;
    while (rest->len) {
        rt_str next = *rest;
        if (rt__rune_is_space(rt__rune_next(&next)))
            break;
        *rest = next;
    }
    *word = (rt_str){start, (size_t)(rest->data - start)};
    return true;
}

bool rt__text_last_word(rt_str *rest, rt_str *word)
{
    *rest = rt__text_strip(*rest, NULL, RT__STRIP_RIGHT);
    if (!rest->len)
        return false;

    const char *end = rest->data + rest->len;
    while (rest->len) {
        rt_str next = *rest;
        if (rt__rune_is_space(rt__rune_last(&next)))
            break;
        *rest = next;
    }
    *word = rt_str_of(rest->data + rest->len,
                      (size_t)(end - rest->data) - rest->len);
    return true;
}

// ---- search ---------------------------------------------------------------------------

// A rolling hash (Karp and Rabin 1987) from the end: linear, however often the
// needle nearly occurs.
#define HASH_BASE UINT64_C(0x100000001b3)

size_t rt__text_rfind(rt_str s, rt_str needle)
{
    if (needle.len > s.len)
        return RT_STR_NONE;
    if (needle.len == 0)
        return s.len;
    if (needle.len == 1)
        return rt_str_rfind_char(s, needle.data[0]);

    uint64_t wanted = 0;
    uint64_t hash = 0;
    uint64_t top = 1; // HASH_BASE to the power of needle.len - 1
    size_t at = s.len - needle.len;
    for (size_t i = needle.len; i-- > 0;) {
        wanted = wanted * HASH_BASE + (unsigned char)needle.data[i];
        hash = hash * HASH_BASE + (unsigned char)s.data[at + i];
        if (i)
            top *= HASH_BASE;
    }
    while (hash != wanted ||
           memcmp(s.data + at, needle.data, needle.len) != 0) {
        if (at == 0)
            return RT_STR_NONE;
        at--;
        hash -= top * (unsigned char)s.data[at + needle.len];
        hash = hash * HASH_BASE + (unsigned char)s.data[at];
    }
    return at;
}
