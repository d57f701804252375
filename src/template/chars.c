#include "template/chars.h"

#include <string.h>
#include <utf8proc.h>

#include <retort/base/utf8.h>

static uint32_t rune_at(const char *at, const char *end, size_t *len)
{
    rt_str rest = rt_str_of(at, (size_t)(end - at));
    uint32_t rune = RT_UTF8_REPLACEMENT;

    (void)!rt_utf8_next(&rest, &rune);
    *len = (size_t)(rest.data - at);
    return rune;
}

size_t rt__space_len(const char *at, const char *end)
{
    size_t len;

    if (at == end)
        return 0;
    if ((unsigned char)*at < 0x80)
        return rt_utf8_is_space((unsigned char)*at);
    return rt_utf8_is_space(rune_at(at, end, &len)) ? len : 0;
}

size_t rt__space_len_before(const char *begin, const char *at)
{
    const char *first = at;

    if (at == begin)
        return 0;
    do {
        first--;
    } while (first > begin && ((unsigned char)*first & 0xc0) == 0x80);
    return rt__space_len(first, at);
}

const char *rt__skip_space(const char *at, const char *end)
{
    for (size_t len; (len = rt__space_len(at, end)) != 0;)
        at += len;
    return at;
}

size_t rt__count_breaks(const char *begin, const char *end)
{
    size_t count = 0;

    for (const char *at = begin; at < end; at++) {
        count +=
            *at == '\n' || (*at == '\r' && (at + 1 == end || at[1] != '\n'));
    }
    return count;
}

static bool is_ascii_word(char c)
{
    return rt_is_alpha(c) || rt_is_digit(c) || c == '_';
}

// What re's \w matches, and the characters that continue an identifier.
static bool is_wide_word(uint32_t rune)
{
    switch (utf8proc_category((utf8proc_int32_t)rune)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_PC: return true;
    default:
        return rune == 0xb7 || rune == 0x387 || rune == 0x2118 ||
               rune == 0x212e;
    }
}

const char *rt__word_end(const char *at, const char *end, bool *ascii)
{
    while (at < end) {
        size_t len;

        if ((unsigned char)*at < 0x80) {
            if (!is_ascii_word(*at))
                break;
            at++;
        } else {
            if (!is_wide_word(rune_at(at, end, &len)))
                break;
            at += len;
            *ascii = false;
        }
    }
    return at;
}

// Letters whose compatibility form begins with a character that begins no
// identifier, or, with `inside`, holds one that continues none: what UAX #31,
// section 5.1, takes from ID to make XID.
static bool is_unstable(uint32_t rune, bool inside)
{
    switch (rune) {
    case 0x37a:
    case 0x309b:
    case 0x309c:
    case 0xfdfa:
    case 0xfdfb:
    case 0xfe70:
    case 0xfe72:
    case 0xfe74:
    case 0xfe76:
    case 0xfe78:
    case 0xfe7a:
    case 0xfe7c:
    case 0xfe7e:
    case 0x2e2f: return true; // the last one is syntax
    case 0xe33:
    case 0xeb3:
    case 0xff9e:
    case 0xff9f: return !inside;
    default: return rune >= 0xfc5e && rune <= 0xfc63;
    }
}

static bool is_xid_start(uint32_t rune)
{
    switch (utf8proc_category((utf8proc_int32_t)rune)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL: return !is_unstable(rune, false);
    default:
        return rune == '_' || rune == 0x1885 || rune == 0x1886 ||
               rune == 0x2118 || rune == 0x212e;
    }
}

static bool is_xid_continue(uint32_t rune)
{
    switch (utf8proc_category((utf8proc_int32_t)rune)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_PC: return !is_unstable(rune, true);
    default:
        return rune == 0xb7 || rune == 0x387 || rune == 0x2118 ||
               rune == 0x212e || (rune >= 0x1369 && rune <= 0x1371) ||
               rune == 0x19da;
    }
}

bool rt__is_identifier(rt_str word)
{
    rt_str rest = word;
    uint32_t rune;

    if (!word.len || rt_utf8_next(&rest, &rune) != RT_OK || !is_xid_start(rune))
        return false;
    while (rest.len) {
        if (rt_utf8_next(&rest, &rune) != RT_OK || !is_xid_continue(rune))
            return false;
    }
    return true;
}
