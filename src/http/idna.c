#include "retort/http/idna.h"

#include <utf8proc.h>

#include <retort/base/buf.h>
#include <retort/base/utf8.h>

#include "http/punycode.h"

// More code points than this are no label: most of them would have to vanish.
#define LABEL_RUNES 256

// No character is made of more.
#define CHARACTER_RUNES 32

// A label while it is prepared. utf8proc puts a last element behind the others.
typedef struct label {
    utf8proc_int32_t runes[LABEL_RUNES + 1];
    size_t len;
} label;

// ---- nameprep -----------------------------------------------------------------

typedef struct range {
    uint32_t first;
    uint32_t last;
} range;

static bool is_in(const range *ranges, size_t n, uint32_t rune)
{
    for (size_t i = 0; i < n; i++) {
        if (rune >= ranges[i].first && rune <= ranges[i].last)
            return true;
    }
    return false;
}

// RFC 3454, table B.1: what is mapped to nothing.
static bool is_dropped(uint32_t rune)
{
    static const range ranges[] = {
        {0xad, 0xad},     {0x34f, 0x34f},   {0x1806, 0x1806}, {0x180b, 0x180d},
        {0x200b, 0x200d}, {0x2060, 0x2060}, {0xfe00, 0xfe0f}, {0xfeff, 0xfeff},
    };
    return is_in(ranges, RT_COUNT(ranges), rune);
}

// Tables C.1.2, C.2.2 and C.3 to C.9: what no label may contain.
static bool is_prohibited(uint32_t rune)
{
    static const range ranges[] = {
        {0x80, 0xa0},       {0x340, 0x341},      {0x6dd, 0x6dd},
        {0x70f, 0x70f},     {0x1680, 0x1680},    {0x180e, 0x180e},
        {0x2000, 0x200f},   {0x2028, 0x202f},    {0x205f, 0x2063},
        {0x206a, 0x206f},   {0x2ff0, 0x2ffb},    {0x3000, 0x3000},
        {0xd800, 0xf8ff},   {0xfdd0, 0xfdef},    {0xfeff, 0xfeff},
        {0xfff9, 0xffff},   {0x1d173, 0x1d17a},  {0xe0001, 0xe0001},
        {0xe0020, 0xe007f}, {0xf0000, 0x10ffff},
    };
    return (rune & 0xfffe) == 0xfffe || is_in(ranges, RT_COUNT(ranges), rune);
}

// Fold and decompose one character into the label.
static rt_status add_rune(label *l, uint32_t rune)
{
    utf8proc_int32_t parts[CHARACTER_RUNES];
    utf8proc_int32_t letter = (utf8proc_int32_t)rune;
    int boundclass = 0;
    int how = UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE;

    // Cherokee folds to capitals, unlike all other scripts; Python does not know.
    if (rune >= 0x13a0 && rune <= 0x13f5) {
        letter = utf8proc_tolower(letter);
    } else {
        how |= UTF8PROC_CASEFOLD;
    }
    utf8proc_ssize_t n =
        utf8proc_decompose_char(letter, parts, CHARACTER_RUNES,
                                (utf8proc_option_t)how, &boundclass);
    if (n < 0 || n > CHARACTER_RUNES || l->len + (size_t)n > LABEL_RUNES)
        return RT_E_SYNTAX;
    memcpy(l->runes + l->len, parts, (size_t)n * sizeof *parts);
    l->len += (size_t)n;
    return RT_OK;
}

// Put marks into their canonical order, as composing needs it.
static void order_marks(label *l)
{
    for (size_t i = 1; i < l->len;) {
        int before = utf8proc_get_property(l->runes[i - 1])->combining_class;
        int here = utf8proc_get_property(l->runes[i])->combining_class;
        if (here == 0 || before <= here) {
            i++;
            continue;
        }
        utf8proc_int32_t swapped = l->runes[i - 1];
        l->runes[i - 1] = l->runes[i];
        l->runes[i] = swapped;
        i = i > 1 ? i - 1 : i + 1;
    }
}

static bool has_direction(utf8proc_int32_t rune, bool right_to_left)
{
    utf8proc_propval_t class = utf8proc_get_property(rune)->bidi_class;
    if (!right_to_left)
        return class == UTF8PROC_BIDI_CLASS_L;
    return class == UTF8PROC_BIDI_CLASS_R || class == UTF8PROC_BIDI_CLASS_AL;
}

// RFC 3454, section 6: a label that is read from the right is so from end to end.
static bool is_of_one_direction(const label *l)
{
    bool right = false;
    bool left = false;

    for (size_t i = 0; i < l->len; i++) {
        right |= has_direction(l->runes[i], true);
        left |= has_direction(l->runes[i], false);
    }
    return !right || (!left && has_direction(l->runes[0], true) &&
                      has_direction(l->runes[l->len - 1], true));
}

static rt_status prepare(label *l, rt_str text)
{
    l->len = 0;
    while (text.len > 0) {
        uint32_t rune;
        rt_status st = rt_utf8_next(&text, &rune);
        if (!st && !is_dropped(rune))
            st = add_rune(l, rune);
        if (st)
            return RT_E_SYNTAX;
    }
    order_marks(l);
    utf8proc_ssize_t n =
        utf8proc_normalize_utf32(l->runes, (utf8proc_ssize_t)l->len,
                                 UTF8PROC_COMPOSE | UTF8PROC_STABLE);
    if (n < 0)
        return RT_E_SYNTAX;
    l->len = (size_t)n;
    for (size_t i = 0; i < l->len; i++) {
        if (is_prohibited((uint32_t)l->runes[i]))
            return RT_E_SYNTAX;
    }
    return is_of_one_direction(l) ? RT_OK : RT_E_SYNTAX;
}

// ---- labels -------------------------------------------------------------------

static bool is_ascii(rt_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] & 0x80)
            return false;
    }
    return true;
}

static rt_str ascii_of(rt_arena *arena, const label *l)
{
    char *text = rt_arena_alloc(arena, l->len);
    for (size_t i = 0; i < l->len; i++) {
        if (l->runes[i] >= 0x80)
            return (rt_str){0};
        text[i] = (char)l->runes[i];
    }
    return rt_str_of(text, l->len);
}

static bool has_prefix(const label *l)
{
    return l->len >= 4 && l->runes[0] == 'x' && l->runes[1] == 'n' &&
           l->runes[2] == '-' && l->runes[3] == '-';
}

static rt_status encode_label(rt_arena *arena, rt_str text, rt_str *out)
{
    label l;
    rt_status st = prepare(&l, text);
    if (st)
        return st;
    *out = ascii_of(arena, &l);
    if (out->data)
        return RT_OK;
    if (has_prefix(&l) || l.len > RT_PUNYCODE_MAX)
        return RT_E_SYNTAX;
    rt_buf buf;
    rt_buf_init(&buf, arena);
    rt_buf_put_cstr(&buf, "xn--");
    rt__punycode_put(&buf, (const uint32_t *)l.runes, l.len);
    *out = rt_buf_str(&buf);
    return RT_OK;
}

// RFC 3490, section 4.1: ToASCII.
static rt_status to_ascii(rt_arena *arena, rt_str text, rt_str *out)
{
    rt_status st = RT_OK;

    *out = text;
    if (!is_ascii(text))
        st = encode_label(arena, text, out);
    if (!st && (out->len == 0 || out->len > RT_PUNYCODE_MAX))
        st = RT_E_SYNTAX;
    return st;
}

// RFC 3490, section 4.2: ToUnicode. `text` itself where it does not apply.
static rt_str to_unicode(rt_arena *arena, rt_str text)
{
    uint32_t runes[RT_PUNYCODE_MAX];
    size_t n;
    rt_str rest = text;

    if (!rt_str_skip(&rest, RT_STR("xn--")) || text.len > RT_PUNYCODE_MAX ||
        rt__punycode_decode(rest, runes, &n))
        return text;
    rt_buf buf;
    rt_buf_init(&buf, arena);
    for (size_t i = 0; i < n; i++)
        rt_buf_put_rune(&buf, runes[i]);
    rt_str decoded = rt_buf_str(&buf);
    rt_str again;
    if (to_ascii(arena, decoded, &again) || !rt_str_eq_nocase(again, text))
        return text;
    return decoded;
}

// ---- names --------------------------------------------------------------------

// The length of a label at the front, and of the dot behind it: a full stop, or
// one of three that look like it.
static size_t label_len(rt_str s, size_t *dot)
{
    static const rt_str dots[] = {{".", 1},
                                  {"\xe3\x80\x82", 3},
                                  {"\xef\xbc\x8e", 3},
                                  {"\xef\xbd\xa1", 3}};

    for (size_t at = 0; at < s.len; at++) {
        rt_str rest = rt_str_slice(s, at, SIZE_MAX);
        for (size_t i = 0; i < RT_COUNT(dots); i++) {
            if (rt_str_starts_with(rest, dots[i])) {
                *dot = dots[i].len;
                return at;
            }
        }
    }
    *dot = 0;
    return s.len;
}

rt_status rt_idna_encode(rt_arena *arena, rt_str name, rt_str *out)
{
    rt_str rest = name;
    rt_buf buf;

    rt_buf_init(&buf, arena);
    while (rest.len > 0) {
        size_t dot;
        rt_str text = rt_str_take(&rest, label_len(rest, &dot));
        rt_str encoded;
        rt_str_take(&rest, dot);
        if (to_ascii(arena, text, &encoded))
            return RT_E_SYNTAX;
        rt_buf_put(&buf, encoded);
        if (dot > 0)
            rt_buf_put_char(&buf, '.');
    }
    *out = is_ascii(name) ? name : rt_buf_str(&buf);
    return RT_OK;
}

rt_str rt_idna_decode(rt_arena *arena, rt_str name)
{
    rt_buf buf;

    if (!is_ascii(name) || rt_str_find(name, RT_STR("xn--")) == RT_STR_NONE)
        return name;
    rt_buf_init(&buf, arena);
    rt_str rest = name;
    while (rest.data) {
        rt_buf_put(&buf, to_unicode(arena, rt_str_cut(&rest, '.')));
        if (rest.data)
            rt_buf_put_char(&buf, '.');
    }
    return rt_buf_str(&buf);
}
