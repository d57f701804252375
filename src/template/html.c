// Character references and tags.
#include "template/html.h"

#include "template/entities.h"
#include "template/text_unicode.h"

// ---- named references ---------------------------------------------------------------

#define NAME_MAX_BYTES   32 // of a name with its semicolon; more are not read
#define LEGACY_MAX_BYTES 6  // of a name that does without

// The name at the front of a record.
static rt_str name_of(const char *record)
{
    return rt_str_of(record, strcspn(record, "!="));
}

// The record of a name, or NULL.
static const char *find_record(rt_str name)
{
    size_t low = 0;
    size_t high = RT_COUNT(entity_rows);

    if (!name.len)
        return NULL;
    while (high - low > 1) { // the row that begins at or before the name
        size_t middle = low + (high - low) / 2;
        if (rt_str_compare(name_of(entity_rows[middle]), name) <= 0) {
            low = middle;
        } else {
            high = middle;
        }
    }
    for (const char *at = entity_rows[low]; *at;) {
        if (rt_str_eq(name_of(at), name))
            return at;
        at += strcspn(at, " ");
        at += *at == ' ';
    }
    return NULL;
}

static void put_record(rt_buf *out, const char *record)
{
    uint32_t rune = 0;
    const char *at = record + name_of(record).len + 1;

    for (; *at && *at != ' '; at++) {
        if (*at == ',') {
            rt_buf_put_rune(out, rune);
            rune = 0;
        } else {
            rune = rune << 4 | (uint32_t)rt_hex_value(*at);
        }
    }
    rt_buf_put_rune(out, rune);
}

static bool is_name_char(uint32_t rune)
{
    switch (rune) {
    case '\t':
    case '\n':
    case '\f':
    case ' ':
    case '<':
    case '&':
    case '#':
    case ';': return false;
    default: return true;
    }
}

// `*rest` is behind an ampersand.
static void put_named(rt_buf *out, rt_str *rest)
{
    rt_str name = *rest;
    rt_str after = *rest;

    for (int i = 0; i < NAME_MAX_BYTES && after.len; i++) {
        rt_str next = after;
        if (!is_name_char(rt__rune_next(&next)))
            break;
        after = next;
    }
    name.len -= after.len;
    bool ends = rt_str_skip(&after, RT_STR(";"));
    const char *record = find_record(name);
    if (record && (ends || record[name.len] == '!')) {
        put_record(out, record);
        *rest = after;
        return;
    }
    // The longest beginning that is a name by itself, two letters at least.
    size_t most = name.len - (ends ? 0 : 1);
    for (size_t n = most < LEGACY_MAX_BYTES ? most : LEGACY_MAX_BYTES;
         name.len && n > 1; n--) {
        record = find_record(rt_str_slice(name, 0, n));
        if (record && record[n] == '!') {
            put_record(out, record);
            rt_str_take(rest, n);
            return;
        }
    }
    rt_buf_put_char(out, '&');
}

// ---- numeric references ---------------------------------------------------------------

// What 0x80 to 0x9f mean: Windows-1252, as in the pages of old.
static const uint16_t windows_1252[] = {
    0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
    0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008d, 0x017d, 0x008f,
    0x0090, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
    0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x009d, 0x017e, 0x0178,
};

static void put_number(rt_buf *out, uint32_t n)
{
    if (n == 0 || n > RT_UTF8_MAX || (n >= 0xd800 && n <= 0xdfff)) {
        rt_buf_put_rune(out, RT_UTF8_REPLACEMENT);
    } else if (n >= 0x80 && n <= 0x9f) {
        rt_buf_put_rune(out, windows_1252[n - 0x80]);
    } else if ((n < 0x20 && n != '\t' && n != '\n' && n != '\f' && n != '\r') ||
               n == 0x7f || (n >= 0xfdd0 && n <= 0xfdef) ||
               (n & 0xfffe) == 0xfffe) {
        return; // no character
    } else {
        rt_buf_put_rune(out, n);
    }
}

// `*rest` is behind "&#"; false when no number follows.
static bool put_numeric(rt_buf *out, rt_str *rest)
{
    rt_str s = *rest;
    uint32_t n = 0;
    uint32_t base =
        rt_str_skip(&s, RT_STR("x")) || rt_str_skip(&s, RT_STR("X")) ? 16 : 10;
    size_t digits = 0;

    for (; digits < s.len; digits++) {
        int value = rt_hex_value(s.data[digits]);
        if (value < 0 || (uint32_t)value >= base)
            break;
        n = n > RT_UTF8_MAX ? n : n * base + (uint32_t)value;
    }
    if (!digits)
        return false;
    rt_str_take(&s, digits);
    (void)rt_str_skip(&s, RT_STR(";"));
    put_number(out, n);
    *rest = s;
    return true;
}

void rt__put_unescaped(rt_buf *out, rt_str s)
{
    while (s.len && !out->status) {
        size_t at = rt_str_find_char(s, '&');
        if (at == RT_STR_NONE)
            break;
        rt_buf_put(out, rt_str_take(&s, at));
        rt_str_take(&s, 1);
        rt_str rest = s;
        if (!rt_str_skip(&rest, RT_STR("#"))) {
            put_named(out, &s);
        } else if (put_numeric(out, &rest)) {
            s = rest;
        } else {
            rt_buf_put_char(out, '&');
        }
    }
    rt_buf_put(out, s);
}

// ---- tags --------------------------------------------------------------------------

// Without a comment what is around it may make up the beginning of another one;
// so that is looked for in what has been written.
static void put_without_comments(rt_buf *out, rt_str s)
{
    rt_str begin = RT_STR("<!--");

    while (s.len && !out->status) {
        rt_buf_put_bytes(out, rt_str_take(&s, 1).data, 1);
        if (out->status || out->data[out->len - 1] != '-' ||
            !rt_str_ends_with(rt_str_of(out->data, out->len), begin))
            continue;
        // The two hyphens of the beginning may be those of the end.
        rt_str rest = s;
        if (!rt_str_skip(&rest, RT_STR(">")) &&
            !rt_str_skip(&rest, RT_STR("->"))) {
            size_t end = rt_str_find(s, RT_STR("-->"));
            if (end == RT_STR_NONE)
                break;
            rt_str_take(&rest, end + 3);
        }
        out->len -= begin.len;
        s = rest;
    }
    rt_buf_put(out, s);
}

static void put_without_elements(rt_buf *out, rt_str s)
{
    while (s.len) {
        size_t start = rt_str_find_char(s, '<');
        if (start == RT_STR_NONE)
            break;
        rt_buf_put(out, rt_str_take(&s, start));
        size_t end = rt_str_find_char(s, '>');
        if (end == RT_STR_NONE)
            break;
        rt_str_take(&s, end + 1);
    }
    rt_buf_put(out, s);
}

void rt__put_without_tags(rt_buf *out, rt_str s)
{
    rt_buf buf, tagless, words;
    rt_str rest, word;

    rt_buf_init(&buf, out->arena);
    rt_buf_init(&tagless, out->arena);
    rt_buf_init(&words, out->arena);
    put_without_comments(&buf, s);
    put_without_elements(&tagless, rt_buf_str(&buf));
    rest = rt_buf_str(&tagless);
    while (rt__text_next_word(&rest, &word)) {
        if (words.len)
            rt_buf_put_char(&words, ' ');
        rt_buf_put(&words, word);
    }
    rt__put_unescaped(out, rt_buf_str(&words));
}
