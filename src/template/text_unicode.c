// Code points, their classes and their case.
//
// ASCII takes the short way everywhere: most text of most pages is nothing
// else. What is not goes through utf8proc, and through the tables for the few
// hundred code points of which Python says something else or more.
#include "template/text_unicode.h"

#include <utf8proc.h>

#include <retort/base/attributes.h>

#include "template/text_tables.h"

// ---- stepping ------------------------------------------------------------------

uint32_t rt__rune_last(rt_str *rest)
{
    size_t start = rest->len - 1;
    // A sequence has four bytes at most; what is no sequence is one byte.
    while (start > 0 && rest->len - start < 4 &&
           ((unsigned char)rest->data[start] & 0xc0) == 0x80)
        start--;

    rt_str last = {rest->data + start, rest->len - start};
    uint32_t rune = rt__rune_next(&last);
    if (last.len) { // the sequence ends before: the last byte is a stray one
        rune = RT_UTF8_REPLACEMENT;
        start = rest->len - 1;
    }
    rest->len = start;
    return rune;
}

// The number of ASCII bytes at the front.
static size_t ascii_run(rt_str s)
{
    size_t at = 0;
    for (; s.len - at >= 8; at += 8) {
        uint64_t block;
        memcpy(&block, s.data + at, 8);
        if (block & 0x8080808080808080u)
            break;
    }
    while (at < s.len && !(s.data[at] & 0x80))
        at++;
    return at;
}

bool rt__text_is_ascii(rt_str s)
{
    return ascii_run(s) == s.len;
}

size_t rt__text_offset(rt_str s, size_t index)
{
    size_t ascii = ascii_run(s);
    if (index <= ascii)
        return index;

    rt_str rest = {s.data + ascii, s.len - ascii};
    for (index -= ascii; index && rest.len; index--)
        rt__rune_next(&rest);
    return s.len - rest.len;
}

// ---- tables ----------------------------------------------------------------------

static bool in_ranges(const rune_range *ranges, size_t n, uint32_t rune)
{
    size_t low = 0;
    while (low < n) {
        size_t middle = (low + n) / 2;
        if (rune > ranges[middle].last) {
            low = middle + 1;
        } else if (rune < ranges[middle].first) {
            n = middle;
        } else {
            return true;
        }
    }
    return false;
}

#define IN(table, rune) in_ranges(table, RT_COUNT(table), rune)

static utf8proc_category_t category(uint32_t rune)
{
    return utf8proc_category((utf8proc_int32_t)rune);
}

// ---- classes -----------------------------------------------------------------------

bool rt__rune_is_line_break(uint32_t rune)
{
    return (rune >= 0x0a && rune <= 0x0d) || (rune >= 0x1c && rune <= 0x1e) ||
           rune == 0x85 || rune == 0x2028 || rune == 0x2029;
}

bool rt__rune_is_space(uint32_t rune)
{
    if (rune < 0x80)
        return (rune >= 0x09 && rune <= 0x0d) || (rune >= 0x1c && rune <= 0x20);
    return IN(spaces, rune);
}

bool rt__rune_is_alpha(uint32_t rune)
{
    if (rune < 0x80)
        return rt_is_alpha((char)rune);
    utf8proc_category_t c = category(rune);
    return c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_LO;
}

bool rt__rune_is_decimal(uint32_t rune)
{
    if (rune < 0x80)
        return rt_is_digit((char)rune);
    return category(rune) == UTF8PROC_CATEGORY_ND;
}

bool rt__rune_is_digit(uint32_t rune)
{
    return rt__rune_is_decimal(rune) || IN(digits, rune);
}

bool rt__rune_is_numeric(uint32_t rune)
{
    if (rune < 0x80)
        return rt_is_digit((char)rune);
    utf8proc_category_t c = category(rune);
    return (c >= UTF8PROC_CATEGORY_ND && c <= UTF8PROC_CATEGORY_NO) ||
           IN(numerals, rune);
}

bool rt__rune_is_alnum(uint32_t rune)
{
    return rt__rune_is_alpha(rune) || rt__rune_is_numeric(rune);
}

bool rt__rune_is_word(uint32_t rune)
{
    return rune == '_' || rt__rune_is_alnum(rune);
}

bool rt__rune_is_lower(uint32_t rune)
{
    if (rune < 0x80)
        return rune >= 'a' && rune <= 'z';
    return category(rune) == UTF8PROC_CATEGORY_LL || IN(lowers, rune);
}

bool rt__rune_is_upper(uint32_t rune)
{
    if (rune < 0x80)
        return rune >= 'A' && rune <= 'Z';
    return category(rune) == UTF8PROC_CATEGORY_LU || IN(uppers, rune);
}

bool rt__rune_is_title(uint32_t rune)
{
    return rune >= 0x80 && category(rune) == UTF8PROC_CATEGORY_LT;
}

bool rt__rune_is_cased(uint32_t rune)
{
    if (rune < 0x80)
        return rt_is_alpha((char)rune);
    return rt__rune_is_lower(rune) || rt__rune_is_upper(rune) ||
           rt__rune_is_title(rune);
}

bool rt__rune_is_id_start(uint32_t rune)
{
    if (rune < 0x80)
        return rune == '_' || rt_is_alpha((char)rune);
    bool letter =
        rt__rune_is_alpha(rune) || category(rune) == UTF8PROC_CATEGORY_NL;
    return letter != IN(id_starts, rune);
}

bool rt__rune_is_id_continue(uint32_t rune)
{
    if (rune < 0x80)
        return rune == '_' || rt_is_alpha((char)rune) ||
               rt_is_digit((char)rune);
    switch (category(rune)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_PC: return !IN(id_continues, rune);
    default: return IN(id_continues, rune);
    }
}

int rt__rune_decimal(uint32_t rune)
{
    if (rune < 0x80)
        return rt_is_digit((char)rune) ? (int)(rune - '0') : -1;
    if (category(rune) != UTF8PROC_CATEGORY_ND)
        return -1;
    for (size_t i = 0; i < RT_COUNT(zeros); i++)
        if (rune >= zeros[i] && rune - zeros[i] < 10)
            return (int)(rune - zeros[i]);
    return -1;
}

// ---- case --------------------------------------------------------------------------

static const rune_mapping *mapping_of(const rune_mapping *rows, size_t n,
                                      uint32_t rune)
{
    size_t low = 0;
    while (low < n) {
        size_t middle = (low + n) / 2;
        if (rune > rows[middle].from) {
            low = middle + 1;
        } else if (rune < rows[middle].from) {
            n = middle;
        } else {
            return &rows[middle];
        }
    }
    return NULL;
}

// The mapping to several code points, or NULL.
static const rune_mapping *special(uint32_t rune, rt__case mapping)
{
    switch (mapping) {
    case RT__LOWER: return mapping_of(to_lower, RT_COUNT(to_lower), rune);
    case RT__UPPER: return mapping_of(to_upper, RT_COUNT(to_upper), rune);
    case RT__TITLE: return mapping_of(to_title, RT_COUNT(to_title), rune);
    case RT__FOLD: break;
    }
    return mapping_of(to_folded, RT_COUNT(to_folded), rune);
}

static uint32_t folded(uint32_t rune)
{
    utf8proc_int32_t to[4];
    int boundary = 0;
    utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)rune, to, 4,
                                                 UTF8PROC_CASEFOLD, &boundary);
    return n == 1 ? (uint32_t)to[0] : rune;
}

static uint32_t mapped(uint32_t rune, rt__case mapping)
{
    switch (mapping) {
    case RT__LOWER: return (uint32_t)utf8proc_tolower((utf8proc_int32_t)rune);
    case RT__UPPER: return (uint32_t)utf8proc_toupper((utf8proc_int32_t)rune);
    case RT__TITLE: return (uint32_t)utf8proc_totitle((utf8proc_int32_t)rune);
    case RT__FOLD: break;
    }
    return folded(rune);
}

static char ascii_mapped(char c, rt__case mapping)
{
    return mapping == RT__LOWER || mapping == RT__FOLD ? rt_to_lower(c)
                                                       : rt_to_upper(c);
}

size_t rt__rune_map(uint32_t rune, rt__case mapping, uint32_t out[RT__CASE_MAX])
{
    if (rune < 0x80) {
        out[0] = (unsigned char)ascii_mapped((char)rune, mapping);
        return 1;
    }
    const rune_mapping *row = special(rune, mapping);
    if (!row) {
        out[0] = mapped(rune, mapping);
        return 1;
    }
    size_t n = 0;
    while (n < RT__CASE_MAX && row->to[n]) {
        out[n] = row->to[n];
        n++;
    }
    return n;
}

static void put_mapped(rt_buf *out, uint32_t rune, rt__case mapping)
{
    uint32_t runes[RT__CASE_MAX];
    size_t n = rt__rune_map(rune, mapping, runes);
    for (size_t i = 0; i < n; i++)
        rt_buf_put_rune(out, runes[i]);
}

// U+03A3 in lower case is a final sigma when a cased letter stands before it
// and none behind it, looking through what is case-ignorable.
static bool is_final_sigma(rt_str before, rt_str after)
{
    uint32_t rune = 0;
    while (before.len) {
        rune = rt__rune_last(&before);
        if (!IN(ignorables, rune))
            break;
        rune = 0;
    }
    if (!rt__rune_is_cased(rune))
        return false;

    while (after.len) {
        rune = rt__rune_next(&after);
        if (!IN(ignorables, rune))
            return !rt__rune_is_cased(rune);
    }
    return true;
}

#define CAPITAL_SIGMA 0x3a3u
#define SMALL_SIGMA   0x3c3u
#define FINAL_SIGMA   0x3c2u

// Append in lower case the code point of `s` that ends where `rest` begins.
static void put_lower(rt_buf *out, uint32_t rune, rt_str s, rt_str rest)
{
    if (rune != CAPITAL_SIGMA) {
        put_mapped(out, rune, RT__LOWER);
        return;
    }
    rt_str before = {s.data, s.len - rest.len - 2}; // it has two bytes
    rt_buf_put_rune(out,
                    is_final_sigma(before, rest) ? FINAL_SIGMA : SMALL_SIGMA);
}

// Append the ASCII at the front of `*rest` and step over it.
static void put_ascii_run(rt_buf *out, rt_str *rest, rt__case mapping)
{
    size_t run = ascii_run(*rest);
    if (!run || !rt_buf_reserve(out, run))
        return;
    char *to = rt_buf_end(out);
    for (size_t i = 0; i < run; i++)
        to[i] = ascii_mapped(rest->data[i], mapping);
    out->len += run;
    rest->data += run;
    rest->len -= run;
}

void rt__put_case(rt_buf *out, rt_str s, rt__case mapping)
{
    rt_str rest = s;
    while (rest.len && !out->status) {
        put_ascii_run(out, &rest, mapping);
        if (!rest.len || out->status)
            break;
        uint32_t rune = rt__rune_next(&rest);
        if (mapping == RT__LOWER) {
            put_lower(out, rune, s, rest);
        } else {
            put_mapped(out, rune, mapping);
        }
    }
}

void rt__put_capitalized(rt_buf *out, rt_str s)
{
    rt_str rest = s;
    if (rest.len)
        put_mapped(out, rt__rune_next(&rest), RT__TITLE);
    while (rest.len && !out->status) {
        put_ascii_run(out, &rest, RT__LOWER);
        if (!rest.len || out->status)
            break;
        uint32_t rune = rt__rune_next(&rest);
        put_lower(out, rune, s, rest);
    }
}

void rt__put_title(rt_buf *out, rt_str s)
{
    bool inside = false; // a run of cased letters
    rt_str rest = s;
    while (rest.len && !out->status) {
        uint32_t rune = rt__rune_next(&rest);
        if (inside) {
            put_lower(out, rune, s, rest);
        } else {
            put_mapped(out, rune, RT__TITLE);
        }
        inside = rt__rune_is_cased(rune);
    }
}

void rt__put_swapcase(rt_buf *out, rt_str s)
{
    rt_str rest = s;
    while (rest.len && !out->status) {
        uint32_t rune = rt__rune_next(&rest);
        if (rt__rune_is_upper(rune)) {
            put_lower(out, rune, s, rest);
        } else if (rt__rune_is_lower(rune)) {
            put_mapped(out, rune, RT__UPPER);
        } else {
            rt_buf_put_rune(out, rune);
        }
    }
}

bool rt__text_is_lower(rt_str s)
{
    bool cased = false;
    while (s.len) {
        uint32_t rune = rt__rune_next(&s);
        if (rt__rune_is_upper(rune) || rt__rune_is_title(rune))
            return false;
        cased = cased || rt__rune_is_lower(rune);
    }
    return cased;
}

bool rt__text_is_upper(rt_str s)
{
    bool cased = false;
    while (s.len) {
        uint32_t rune = rt__rune_next(&s);
        if (rt__rune_is_lower(rune) || rt__rune_is_title(rune))
            return false;
        cased = cased || rt__rune_is_upper(rune);
    }
    return cased;
}

bool rt__text_is_title(rt_str s)
{
    bool cased = false;
    bool inside = false;
    while (s.len) {
        uint32_t rune = rt__rune_next(&s);
        bool first = rt__rune_is_upper(rune) || rt__rune_is_title(rune);
        bool later = rt__rune_is_lower(rune);
        if ((first && inside) || (later && !inside))
            return false;
        inside = first || later;
        cased = cased || inside;
    }
    return cased;
}
