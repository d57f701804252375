#include "retort/http/accept.h"

#include <retort/base/buf.h>
#include <retort/base/number.h>
#include <retort/base/utf8.h>
#include <retort/http/header_value.h>

// ---- parts of a value --------------------------------------------------------

// Take the next part of a media type: what stands between slashes and
// semicolons, the latter with the white space around them. False at the end.
static bool next_part(rt_str *rest, rt_str *part)
{
    if (!rest->data)
        return false;
    size_t len = 0;
    while (len < rest->len && rest->data[len] != '/' && rest->data[len] != ';')
        len++;
    bool semicolon = len < rest->len && rest->data[len] == ';';
    bool last = len == rest->len;
    *part = rt_str_take(rest, len);
    rt_str_take(rest, 1);
    while (semicolon && part->len > 0 && rt_is_space(part->data[part->len - 1]))
        part->len--;
    while (semicolon && rest->len > 0 && rt_is_space(rest->data[0]))
        rt_str_take(rest, 1);
    if (last)
        *rest = (rt_str){0};
    return true;
}

static rt_str with_data(rt_str s)
{
    return s.data ? s : RT_STR("");
}

// The first subtag of a language: "de" of "de-AT".
static rt_str primary_of(rt_str tag)
{
    size_t len = 0;

    while (len < tag.len && tag.data[len] != '-' && tag.data[len] != '_')
        len++;
    return rt_str_slice(tag, 0, len);
}

static bool is_star(rt_str s)
{
    return s.len == 1 && s.data[0] == '*';
}

// ---- parsing -----------------------------------------------------------------

static void set_specificity(rt_accept_item *item, rt_accept_kind kind)
{
    rt_str rest = with_data(item->value), part;

    item->specific = 0;
    item->parts = 0;
    if (kind != RT_ACCEPT_MEDIA) {
        item->parts = 1;
        item->specific = (uint64_t)!is_star(item->value) << 63;
        return;
    }
    while (item->parts < 64 && next_part(&rest, &part)) {
        item->specific |= (uint64_t)!is_star(part) << (63 - item->parts);
        item->parts++;
    }
}

static int compare_specificity(const rt_accept_item *a, const rt_accept_item *b)
{
    if (a->specific != b->specific)
        return a->specific < b->specific ? -1 : 1;
    return (a->parts > b->parts) - (a->parts < b->parts);
}

static bool is_before(const rt_accept_item *a, const rt_accept_item *b)
{
    int order = compare_specificity(a, b);
    return order ? order > 0 : a->quality > b->quality;
}

// Put an item behind all that are not after it, so that equal ones stay in the
// order in which they came.
static void insert(rt_accept_item *items, size_t len, rt_accept_item item)
{
    size_t at = len;

    while (at > 0 && is_before(&item, &items[at - 1])) {
        items[at] = items[at - 1];
        at--;
    }
    items[at] = item;
}

// Digits, and more digits behind a point; a minus sign is good for zero only.
static bool read_quality(rt_str text, double *out)
{
    rt_str digits = rt_str_trim(text);
    rt_str_skip(&digits, RT_STR("-"));
    bool point = false;
    for (size_t i = 0; i < digits.len; i++) {
        bool inside = i > 0 && i + 1 < digits.len;
        if (digits.data[i] == '.' && inside && !point) {
            point = true;
        } else if (!rt_is_digit(digits.data[i])) {
            return false;
        }
    }
    double q;
    if (!rt_str_parse_double(rt_str_trim(text), &q) || !(q >= 0 && q <= 1))
        return false;
    *out = q;
    return true;
}

// Read "text/html; level=1; q=0.5"; false when the quality is none.
static bool read_item(rt_arena *arena, rt_str text, rt_accept_item *out)
{
    rt_header_options options = rt_header_options_parse(arena, text);
    rt_params others = {0};
    rt_buf buf;

    out->quality = 1;
    for (size_t i = 0; i < options.params.len; i++) {
        rt_param param = options.params.items[i];
        if (!rt_str_eq(param.name, RT_STR("q"))) {
            rt_params_add(&others, arena, param.name, param.value);
        } else if (!read_quality(param.value, &out->quality)) {
            return false;
        }
    }
    out->value = options.value;
    if (others.len > 0) { // in one spelling, for comparing
        rt_buf_init(&buf, arena);
        rt_header_put_options(&buf, options.value, &others);
        out->value = rt_buf_str(&buf);
    }
    return true;
}

// The items by their first subtag, for clients that accept "en-GB" only.
static rt_accept_item *by_primary(rt_arena *arena, const rt_accept *accept)
{
    rt_accept_item *items = rt_new(arena, rt_accept_item, accept->len);

    for (size_t i = 0; i < accept->len; i++) {
        rt_accept_item item = accept->items[i];
        item.value = primary_of(item.value);
        set_specificity(&item, accept->kind);
        insert(items, i, item);
    }
    return items;
}

rt_accept rt_accept_parse(rt_arena *arena, rt_accept_kind kind, rt_str header)
{
    rt_accept accept = {.kind = kind, .provided = header.len > 0};
    rt_header_list texts =
        rt_header_list_parse(arena, rt_utf8_repair(arena, header));
    size_t n =
        texts.len < RT_ACCEPT_ITEMS_MAX ? texts.len : RT_ACCEPT_ITEMS_MAX;
    rt_accept_item item;

    if (n == 0)
        return accept;
    accept.items = rt_new(arena, rt_accept_item, n);
    for (size_t i = 0; i < n; i++) {
        if (!read_item(arena, texts.items[i], &item))
            continue;
        set_specificity(&item, kind);
        insert(accept.items, accept.len++, item);
    }
    if (kind == RT_ACCEPT_LANGUAGE)
        accept.primary = by_primary(arena, &accept);
    return accept;
}

// ---- matching ----------------------------------------------------------------

static size_t count_parts(rt_str s)
{
    rt_str part;
    size_t n = 0;

    while (next_part(&s, &part))
        n++;
    return n;
}

// How often `wanted` is among the parts.
static size_t count_part(rt_str parts, rt_str wanted)
{
    rt_str part;
    size_t n = 0;

    while (next_part(&parts, &part))
        n += rt_str_eq_nocase(part, wanted);
    return n;
}

// True when both have the same parameters, in any order. The number is compared
// first, so that the work is bounded by the server's value, not the client's.
static bool params_match(rt_str value, rt_str item)
{
    if (count_parts(value) != count_parts(item))
        return false;
    rt_str rest = value, part;
    while (next_part(&rest, &part)) {
        if (count_part(value, part) != count_part(item, part))
            return false;
    }
    return true;
}

// Media types: "*/*" matches all, "text/*" all of text, and a full name the same
// with the same parameters. Wildcards may be on either side.
static bool media_matches(rt_str value, rt_str item)
{
    rt_str value_type, value_subtype, item_type, item_subtype;

    if (rt_str_find_char(item, '/') == RT_STR_NONE ||
        rt_str_find_char(value, '/') == RT_STR_NONE)
        return false;
    next_part(&value, &value_type);
    next_part(&value, &value_subtype);
    next_part(&item, &item_type);
    next_part(&item, &item_subtype);
    if (is_star(value_type) || is_star(item_type)) {
        bool value_odd = is_star(value_type) && !is_star(value_subtype);
        bool item_odd = is_star(item_type) && !is_star(item_subtype);
        return !value_odd && !item_odd;
    }
    if (!rt_str_eq_nocase(value_type, item_type))
        return false;
    if (is_star(value_subtype) || is_star(item_subtype))
        return true;
    return rt_str_eq_nocase(value_subtype, item_subtype) &&
           params_match(value, item);
}

static bool language_matches(rt_str a, rt_str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++) {
        char x = rt_to_lower(a.data[i]), y = rt_to_lower(b.data[i]);
        if ((x == '_' ? '-' : x) != (y == '_' ? '-' : y))
            return false;
    }
    return true;
}

// Charsets have more names than one; these are the ones that are met.
static rt_str charset_name(rt_str name)
{
    static const struct {
        const char *alias, *name;
    } aliases[] = {
        {"utf8", "utf-8"},
        {"utf_8", "utf-8"},
        {"u8", "utf-8"},
        {"latin1", "iso-8859-1"},
        {"latin-1", "iso-8859-1"},
        {"latin_1", "iso-8859-1"},
        {"iso8859-1", "iso-8859-1"},
        {"iso_8859-1", "iso-8859-1"},
        {"l1", "iso-8859-1"},
        {"us-ascii", "ascii"},
        {"cp1252", "windows-1252"},
    };

    for (size_t i = 0; i < RT_COUNT(aliases); i++) {
        if (rt_str_eq_nocase(rt_str_from(aliases[i].alias), name))
            return rt_str_from(aliases[i].name);
    }
    return name;
}

static bool matches(rt_accept_kind kind, rt_str value, rt_str item)
{
    if (kind == RT_ACCEPT_MEDIA)
        return media_matches(value, item);
    if (is_star(item))
        return true;
    switch (kind) {
    case RT_ACCEPT_LANGUAGE: return language_matches(value, item);
    case RT_ACCEPT_CHARSET:
        return rt_str_eq_nocase(charset_name(value), charset_name(item));
    default: return rt_str_eq_nocase(value, item);
    }
}

static const rt_accept_item *find(const rt_accept *accept, rt_str value)
{
    for (size_t i = 0; i < accept->len; i++) {
        if (matches(accept->kind, value, accept->items[i].value))
            return &accept->items[i];
    }
    return NULL;
}

size_t rt_accept_find(const rt_accept *accept, rt_str value)
{
    const rt_accept_item *item = find(accept, value);
    return item ? (size_t)(item - accept->items) : RT_STR_NONE;
}

double rt_accept_quality(const rt_accept *accept, rt_str value)
{
    const rt_accept_item *item = find(accept, value);
    return item ? item->quality : 0;
}

bool rt_accept_has(const rt_accept *accept, rt_str value)
{
    return find(accept, value) != NULL;
}

// ---- the best ----------------------------------------------------------------

static size_t best_of(const rt_accept *accept, const rt_str *values, size_t n,
                      rt_str (*view)(rt_str value))
{
    const rt_accept_item *best = NULL;
    size_t result = RT_STR_NONE;

    for (size_t i = 0; i < n; i++) {
        rt_str value = view ? view(values[i]) : values[i];
        const rt_accept_item *item = find(accept, value);
        if (!item || item->quality <= 0)
            continue;
        if (!best || item->quality > best->quality ||
            (item->quality == best->quality &&
             compare_specificity(item, best) > 0)) {
            best = item;
            result = i;
        }
    }
    return result;
}

size_t rt_accept_choose(const rt_accept *accept, const rt_str *values, size_t n)
{
    size_t best = best_of(accept, values, n, NULL);
    if (best != RT_STR_NONE || accept->kind != RT_ACCEPT_LANGUAGE)
        return best;

    // A client that accepts "en-GB" gets "en"; compared as plain words are.
    rt_accept primary = *accept;
    primary.items = accept->primary;
    primary.kind = RT_ACCEPT_ENCODING;
    best = best_of(&primary, values, n, NULL);
    if (best != RT_STR_NONE)
        return best;

    // One that accepts "en" gets "en-GB", or whatever begins with "en" before.
    best = best_of(accept, values, n, primary_of);
    for (size_t i = 0; best != RT_STR_NONE && i < best; i++) {
        if (rt_str_starts_with(values[i], primary_of(values[best])))
            return i;
    }
    return best;
}

bool rt_accept_html(const rt_accept *accept)
{
    return rt_accept_has(accept, RT_STR("text/html")) ||
           rt_accept_xhtml(accept);
}

bool rt_accept_xhtml(const rt_accept *accept)
{
    return rt_accept_has(accept, RT_STR("application/xhtml+xml")) ||
           rt_accept_has(accept, RT_STR("application/xml"));
}

bool rt_accept_json(const rt_accept *accept)
{
    return rt_accept_has(accept, RT_STR("application/json"));
}

rt_str rt_accept_dump(rt_arena *arena, const rt_accept *accept)
{
    rt_buf buf;

    rt_buf_init(&buf, arena);
    for (size_t i = 0; i < accept->len; i++) {
        if (i > 0)
            rt_buf_put_char(&buf, ',');
        rt_buf_put(&buf, accept->items[i].value);
        if (accept->items[i].quality != 1) {
            rt_buf_put_cstr(&buf, ";q=");
            rt_buf_put_double(&buf, accept->items[i].quality);
        }
    }
    return rt_buf_str(&buf);
}
