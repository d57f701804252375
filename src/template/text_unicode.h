// Text as Python sees it: code points, their classes, and case.
//
// Everything here takes UTF-8 and counts code points. An invalid sequence
// counts as one U+FFFD, and a string that does not change keeps its bytes.
// Classes and simple case mappings are utf8proc's; what Python adds to them
// (mappings to several code points, the value of digits, white space) lies in
// tables made by script/lib/unicode_tables.py.
//
// Source: Python's str; The Unicode Standard, sections 3.13 and 4.2.
#pragma once

#include <retort/base/buf.h>
#include <retort/base/str.h>
#include <retort/base/utf8.h>

// ---- stepping ------------------------------------------------------------------

// Read one code point off the front of `*rest`, which must not be empty.
static inline uint32_t rt__rune_next(rt_str *rest)
{
    unsigned char c = (unsigned char)*rest->data;
    uint32_t rune = c;

    if (c < 0x80) {
        rest->data++;
        rest->len--;
        return rune;
    }
    if (rt_utf8_next(rest, &rune))
        rune = RT_UTF8_REPLACEMENT;
    return rune;
}

// The same off the end.
uint32_t rt__rune_last(rt_str *rest);

// How many code points there are: len(s).
static inline size_t rt__text_len(rt_str s)
{
    return rt_utf8_len(s);
}

// The byte where code point number `index` begins; s.len beyond the end.
size_t rt__text_offset(rt_str s, size_t index);

// Whether all bytes are ASCII: then code points are bytes.
bool rt__text_is_ascii(rt_str s);

// ---- classes of code points ------------------------------------------------------

// A line break in str.splitlines: \n \v \f \r \x1c-\x1e \x85 U+2028 U+2029.
bool rt__rune_is_line_break(uint32_t rune);

bool rt__rune_is_space(uint32_t rune);   // str.isspace
bool rt__rune_is_alpha(uint32_t rune);   // str.isalpha
bool rt__rune_is_alnum(uint32_t rune);   // str.isalnum
bool rt__rune_is_word(uint32_t rune);    // re's \w: alnum and _
bool rt__rune_is_decimal(uint32_t rune); // str.isdecimal, re's \d
bool rt__rune_is_digit(uint32_t rune);   // decimal, and superscripts and so on
bool rt__rune_is_numeric(uint32_t rune); // digit, and fractions, ideographs ..
bool rt__rune_is_lower(uint32_t rune);
bool rt__rune_is_upper(uint32_t rune);
bool rt__rune_is_title(uint32_t rune); // title case letters alone
bool rt__rune_is_cased(uint32_t rune); // one of these three
bool rt__rune_is_id_start(uint32_t rune);
bool rt__rune_is_id_continue(uint32_t rune);

// The value of a decimal digit of any script, 0 to 9; else -1.
int rt__rune_decimal(uint32_t rune);

// ---- case --------------------------------------------------------------------------

typedef enum rt__case {
    RT__LOWER,
    RT__UPPER,
    RT__TITLE,
    RT__FOLD,
} rt__case;

// Map one code point, without looking at what is around it; returns how many
// there are in `out`.
#define RT__CASE_MAX 3
size_t rt__rune_map(uint32_t rune, rt__case mapping,
                    uint32_t out[RT__CASE_MAX]);

// Append text in lower case (a final sigma is one), upper case, or folded:
// str.lower, upper, casefold. RT__TITLE maps each code point.
void rt__put_case(rt_buf *out, rt_str s, rt__case mapping);

// str.capitalize: the first code point in title case, the rest lower.
void rt__put_capitalized(rt_buf *out, rt_str s);

// str.title: each run of cased letters capitalized.
void rt__put_title(rt_buf *out, rt_str s);

void rt__put_swapcase(rt_buf *out, rt_str s);

// str.islower, isupper and istitle: something is cased, and nothing wrongly.
bool rt__text_is_lower(rt_str s);
bool rt__text_is_upper(rt_str s);
bool rt__text_is_title(rt_str s);

// ---- cutting (text_cut.c) -------------------------------------------------------------

// Strip white space, or the code points in `*chars`, off either end.
#define RT__STRIP_LEFT  1u
#define RT__STRIP_RIGHT 2u
#define RT__STRIP_BOTH  3u
rt_str rt__text_strip(rt_str s, const rt_str *chars, unsigned sides);

// Take the next line off `*rest`, as splitlines: `*line` is without its end,
// `*end` is its end ("" at the end of the text). False when nothing is left.
bool rt__text_next_line(rt_str *rest, rt_str *line, rt_str *end);

// Take the next word off `*rest`, as split() does; false when only white space
// is left.
bool rt__text_next_word(rt_str *rest, rt_str *word);
// The same off the end.
bool rt__text_last_word(rt_str *rest, rt_str *word);

// The last occurrence; RT_STR_NONE when there is none. (rt_str_find is the
// first one.)
size_t rt__text_rfind(rt_str s, rt_str needle);
