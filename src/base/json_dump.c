// Writing JSON, byte for byte as Python's json.dumps.
//
// Every open array and object has a `place` on the C stack, linked to the one
// around it: that is the depth, and an error names its way through the value.
// The first error is kept in the buffer, which is inert from then on.
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <retort/base/format.h>
#include <retort/base/json.h>
#include <retort/base/number.h>
#include <retort/base/time.h>
#include <retort/base/utf8.h>

#include "base/json_scan.h"

// Members the stack of sorted ones holds before it takes memory; up to so many
// are sorted by insertion.
#define FIRST_MEMBERS 32
#define FEW_MEMBERS   16

typedef struct place {
    const struct place *up;
    rt_value key; // of the member being written; undefined in an array
    size_t index; // of the element being written
    int depth;
} place;

// One member of an object, on its way through the sorting.
typedef struct member {
    rt_value key;
    const rt_value *value;
} member;

typedef struct dumper {
    rt_buf *buf;
    rt_json_style style;
    rt_arena scratch;
    rt_str message; // what cannot be written, in scratch

    // The members of all open objects, when sorted. They are not on the C
    // stack, which a coroutine has little of.
    member *members;
    size_t members_len;
    size_t members_cap;
    member first[FIRST_MEMBERS];
} dumper;

static void put_value(dumper *d, rt_value v, const place *up);

// ---- errors -------------------------------------------------------------

// .users[2]["odd key"]
static void put_path(rt_buf *buf, const place *at)
{
    static const rt_json_style plain = {.unicode = true};

    if (!at)
        return;
    put_path(buf, at->up);
    if (rt_value_is_undefined(at->key)) {
        rt_buf_put_char(buf, '[');
        rt_buf_put_uint(buf, at->index);
        rt_buf_put_char(buf, ']');
        return;
    }
    rt_str name = rt_value_as_str(at->key);
    bool word = name.len > 0;
    for (size_t i = 0; i < name.len && word; i++) {
        word = rt_is_alpha(name.data[i]) || name.data[i] == '_' ||
               rt_is_digit(name.data[i]);
    }
    if (word) {
        rt_buf_put_char(buf, '.');
        rt_buf_put(buf, name);
    } else {
        rt_buf_put_char(buf, '[');
        if (rt_value_is_text(at->key)) {
            rt_json_put(buf, at->key, &plain);
        } else {
            rt_value_put_repr(buf, at->key);
        }
        rt_buf_put_char(buf, ']');
    }
}

// Keep `message`, whose {} is `of`, and where it happened.
static void fail(dumper *d, rt_status status, const char *message,
                 const char *of, const place *at)
{
    rt_value name = rt_value_cstr(of);
    rt_buf buf;

    if (d->buf->status)
        return;
    d->buf->status = status;
    rt_buf_init(&buf, &d->scratch);
    rt_buf_format_values(&buf, message, &name, 1);
    // Where nesting never ends, the way down says nothing.
    if (at && status != RT_E_LIMIT) {
        rt_buf_put(&buf, RT_STR(", at "));
        put_path(&buf, at);
    }
    d->message = rt_buf_str(&buf);
}

// ---- scalars ------------------------------------------------------------

static void put_unit(rt_buf *buf, uint32_t unit)
{
    static const char hex[] = "0123456789abcdef";
    char escape[6] = {'\\',
                      'u',
                      hex[unit >> 12 & 15],
                      hex[unit >> 8 & 15],
                      hex[unit >> 4 & 15],
                      hex[unit & 15]};

    rt_buf_put_bytes(buf, escape, sizeof escape);
}

static void put_escape(rt_buf *buf, uint32_t rune)
{
    switch (rune) {
    case '"': rt_buf_put(buf, RT_STR("\\\"")); return;
    case '\\': rt_buf_put(buf, RT_STR("\\\\")); return;
    case '\b': rt_buf_put(buf, RT_STR("\\b")); return;
    case '\f': rt_buf_put(buf, RT_STR("\\f")); return;
    case '\n': rt_buf_put(buf, RT_STR("\\n")); return;
    case '\r': rt_buf_put(buf, RT_STR("\\r")); return;
    case '\t': rt_buf_put(buf, RT_STR("\\t")); return;
    default: break;
    }
    if (rune >= 0x10000) {
        put_unit(buf, 0xd800 + ((rune - 0x10000) >> 10));
        rune = 0xdc00 + ((rune - 0x10000) & 0x3ff);
    }
    put_unit(buf, rune);
}

static bool is_html(char c)
{
    return c == '<' || c == '>' || c == '&' || c == '\'';
}

static size_t plain_run(const dumper *d, rt_str s)
{
    bool ascii = !d->style.unicode;
    size_t run = 0;

    if (!d->style.html_safe)
        return rt__json_plain_run(s.data, s.len, ascii);
    while (run < s.len && !is_html(s.data[run]) &&
           !rt__json_is_special(s.data[run]) &&
           !(ascii && (unsigned char)s.data[run] >= 0x7f))
        run++;
    return run;
}

// Text that is not UTF-8 must not make JSON that is not: U+FFFD stands in.
static void put_string(dumper *d, rt_str s)
{
    if (d->style.unicode && !rt_utf8_valid(s))
        s = rt_utf8_repair(&d->scratch, s);
    rt_buf_put_char(d->buf, '"');
    while (s.len) {
        size_t run = plain_run(d, s);
        rt_buf_put_bytes(d->buf, s.data, run);
        s = rt_str_of(s.data + run, s.len - run);
        if (s.len) {
            uint32_t rune;
            if (rt_utf8_next(&s, &rune) != RT_OK)
                rune = RT_UTF8_REPLACEMENT;
            put_escape(d->buf, rune);
        }
    }
    rt_buf_put_char(d->buf, '"');
}

static void put_float(dumper *d, double x, const place *at)
{
    if (isfinite(x)) {
        rt_buf_put_double(d->buf, x);
    } else if (!d->style.allow_nan) {
        fail(d, RT_E_RANGE, "JSON has no {}",
             isnan(x) ? "NaN" : "infinite numbers", at);
    } else {
        rt_buf_put_cstr(d->buf, isnan(x)  ? "NaN"
                                : x < 0.0 ? "-Infinity"
                                          : "Infinity");
    }
}

static void put_date(dumper *d, int64_t us, const place *at)
{
    if (us < RT_TIME_MIN || us > RT_TIME_MAX) {
        fail(d, RT_E_RANGE, "a date outside the years 1 to 9999", NULL, at);
        return;
    }
    rt_buf_put_char(d->buf, '"');
    rt_time_put_imf(d->buf, us);
    rt_buf_put_char(d->buf, '"');
}

// 8-4-4-4-12 hexadecimal digits.
static void put_uuid(rt_buf *buf, const uint8_t *uuid)
{
    rt_buf_put_char(buf, '"');
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            rt_buf_put_char(buf, '-');
        rt_buf_put_hex(buf, uuid[i], 2);
    }
    rt_buf_put_char(buf, '"');
}

// ---- arrays and objects ---------------------------------------------------

static void put_newline(dumper *d, int depth)
{
    if (d->style.indent <= 0)
        return;
    rt_buf_put_char(d->buf, '\n');
    rt_buf_put_repeat(d->buf, ' ', (size_t)d->style.indent * (size_t)depth);
}

// What stands before an element: a comma, a line break, a space.
static void put_separator(dumper *d, const place *here)
{
    if (here->index > 0) {
        rt_buf_put_char(d->buf, ',');
        if (d->style.indent <= 0 && !d->style.compact)
            rt_buf_put_char(d->buf, ' ');
    }
    put_newline(d, here->depth);
}

// False when that is too deep.
static bool enter(dumper *d, const place *up, place *here)
{
    *here = (place){.up = up, .depth = up ? up->depth + 1 : 1};
    if (here->depth <= RT_VALUE_DEPTH_MAX)
        return true;
    fail(d, RT_E_LIMIT, "a value nested too deeply, or holding itself", NULL,
         up);
    return false;
}

static void put_list(dumper *d, rt_value list, const place *up)
{
    place here;

    if (!enter(d, up, &here))
        return;
    rt_buf_put_char(d->buf, '[');
    rt_list_each(item, list) {
        put_separator(d, &here);
        put_value(d, *item, &here);
        if (d->buf->status)
            return;
        here.index++;
    }
    if (here.index > 0)
        put_newline(d, here.depth - 1);
    rt_buf_put_char(d->buf, ']');
}

// A key is a string, or what Python makes one of.
static void put_key(dumper *d, rt_value key, const place *at)
{
    bool quoted = !rt_value_is_text(key);

    if (quoted)
        rt_buf_put_char(d->buf, '"');
    switch (rt_value_kind(key)) {
    case RT_STRING:
    case RT_SAFE: put_string(d, rt_value_as_str(key)); break;
    case RT_NONE:
    case RT_BOOL:
    case RT_INT:
    case RT_FLOAT: put_value(d, key, at); break;
    default:
        fail(d, RT_E_TYPE, "a JSON key cannot be {}",
             rt_kind_name(rt_value_kind(key)), at->up);
        return;
    }
    if (quoted)
        rt_buf_put_char(d->buf, '"');
}

static void put_member(dumper *d, rt_value key, const rt_value *value,
                       place *here)
{
    put_separator(d, here);
    here->key = key;
    put_key(d, key, here);
    rt_buf_put_char(d->buf, ':');
    if (!d->style.compact)
        rt_buf_put_char(d->buf, ' ');
    put_value(d, *value, here);
    here->index++;
}

// Order an int against a float without rounding the int.
static int compare_int_float(int64_t n, double x)
{
    if (x >= 9223372036854775808.0)
        return -1;
    if (x < -9223372036854775808.0)
        return 1;
    int64_t whole = (int64_t)x; // towards zero
    if (n != whole)
        return n < whole ? -1 : 1;
    double rest = x - (double)whole;
    return rest > 0 ? -1 : rest < 0;
}

static int compare_numbers(rt_value a, rt_value b)
{
    if (a.kind == RT_FLOAT && b.kind == RT_FLOAT)
        return (a.as.number > b.as.number) - (a.as.number < b.as.number);
    if (a.kind == RT_FLOAT)
        return -compare_int_float(rt_value_as_int(b, 0), a.as.number);
    if (b.kind == RT_FLOAT)
        return compare_int_float(rt_value_as_int(a, 0), b.as.number);
    int64_t m = rt_value_as_int(a, 0);
    int64_t n = rt_value_as_int(b, 0);
    return (m > n) - (m < n);
}

// UTF-8 sorts by bytes as its code points do.
static int compare_members(const void *a, const void *b)
{
    rt_value x = ((const member *)a)->key;
    rt_value y = ((const member *)b)->key;

    if (rt_value_is_text(x))
        return rt_str_compare(rt_value_as_str(x), rt_value_as_str(y));
    return compare_numbers(x, y);
}

// Text sorts with text and numbers with numbers; a single key needs no order.
static bool are_sortable(const member *members, size_t n)
{
    for (size_t i = 0; i < n && n > 1; i++) {
        rt_value key = members[i].key;
        if (rt_value_is_text(members[0].key) ? !rt_value_is_text(key)
                                             : !rt_value_is_number(key))
            return false;
    }
    return true;
}

static void sort_members(member *members, size_t n)
{
    if (n > FEW_MEMBERS) {
        qsort(members, n, sizeof *members, compare_members);
        return;
    }
    for (size_t i = 1; i < n; i++) {
        member m = members[i];
        size_t at = i;
        for (; at > 0 && compare_members(&members[at - 1], &m) > 0; at--)
            members[at] = members[at - 1];
        members[at] = m;
    }
}

// Make room for `n` members more.
static void reserve_members(dumper *d, size_t n)
{
    size_t cap = d->members_cap;

    if (n <= cap - d->members_len)
        return;
    while (n > cap - d->members_len)
        cap *= 2;
    member *grown =
        rt_arena_alloc(&d->scratch, rt_arena_times(cap, sizeof(member)));
    memcpy(grown, d->members, d->members_len * sizeof(member));
    d->members = grown;
    d->members_cap = cap;
}

// Write the members from `base` on in order, and take them off the stack. It
// may move while one is written.
static void put_sorted(dumper *d, size_t base, place *here)
{
    size_t n = d->members_len - base;

    if (!are_sortable(d->members + base, n)) {
        fail(d, RT_E_TYPE, "keys of different kinds have no order", NULL,
             here->up);
        return;
    }
    sort_members(d->members + base, n);
    for (size_t i = 0; i < n && !d->buf->status; i++) {
        member m = d->members[base + i];
        put_member(d, m.key, m.value, here);
    }
    d->members_len = base;
}

static void put_sorted_dict(dumper *d, rt_value dict, place *here)
{
    size_t base = d->members_len;

    reserve_members(d, rt_dict_len(dict));
    rt_dict_each(entry, dict) {
        d->members[d->members_len++] = (member){entry->key, &entry->value};
    }
    put_sorted(d, base, here);
}

static void put_dict(dumper *d, rt_value dict, const place *up)
{
    place here;

    if (!enter(d, up, &here))
        return;
    rt_buf_put_char(d->buf, '{');
    if (d->style.sort_keys) {
        put_sorted_dict(d, dict, &here);
    } else {
        rt_dict_each(entry, dict) {
            if (!d->buf->status)
                put_member(d, entry->key, &entry->value, &here);
        }
    }
    if (here.index > 0)
        put_newline(d, here.depth - 1);
    rt_buf_put_char(d->buf, '}');
}

static void put_object(dumper *d, const rt_object *object, const place *up)
{
    if (object->vtable->json) {
        object->vtable->json(object->self, d->buf);
        return;
    }
    fail(d, RT_E_TYPE, "cannot write {} as JSON", rt_kind_name(RT_OBJECT), up);
}

static void put_value(dumper *d, rt_value v, const place *up)
{
    switch (rt_value_kind(v)) {
    case RT_NONE: rt_buf_put(d->buf, RT_STR("null")); return;
    case RT_BOOL:
        rt_buf_put_cstr(d->buf, v.as.boolean ? "true" : "false");
        return;
    case RT_INT: rt_buf_put_int(d->buf, v.as.integer); return;
    case RT_FLOAT: put_float(d, v.as.number, up); return;
    case RT_STRING:
    case RT_SAFE: put_string(d, rt_value_as_str(v)); return;
    case RT_LIST:
    case RT_TUPLE: put_list(d, v, up); return;
    case RT_DICT: put_dict(d, v, up); return;
    case RT_DATE: put_date(d, v.as.date_us, up); return;
    case RT_UUID: put_uuid(d->buf, v.as.uuid); return;
    case RT_OBJECT: put_object(d, v.as.object, up); return;
    case RT_UNDEFINED:
    case RT_BYTES:
        fail(d, RT_E_TYPE, "cannot write {} as JSON",
             rt_kind_name(rt_value_kind(v)), up);
        return;
    }
    rt_panic("a value of kind %d", v.kind);
}

// ---- the public functions -------------------------------------------------

// `first` is left as it is: it is large, and written before it is read.
static void dumper_init(dumper *d, rt_buf *buf, const rt_json_style *style)
{
    d->buf = buf;
    d->style = style ? *style : (rt_json_style){0};
    rt_arena_init(&d->scratch, 0);
    d->message = (rt_str){NULL, 0};
    d->members = d->first;
    d->members_len = 0;
    d->members_cap = FIRST_MEMBERS;
}

void rt_json_put(rt_buf *buf, rt_value value, const rt_json_style *style)
{
    dumper d;

    dumper_init(&d, buf, style);
    put_value(&d, value, NULL);
    rt_arena_deinit(&d.scratch);
}

void rt_json_put_pairs(rt_buf *buf, const rt_pair *pairs, size_t n,
                       const rt_json_style *style)
{
    place here = {.depth = 1};
    dumper d;

    dumper_init(&d, buf, style);
    rt_buf_put_char(buf, '{');
    if (d.style.sort_keys) {
        reserve_members(&d, n);
        for (size_t i = 0; i < n; i++) {
            d.members[d.members_len++] =
                (member){rt_value_cstr(pairs[i].name), &pairs[i].value};
        }
        put_sorted(&d, 0, &here);
    } else {
        for (size_t i = 0; i < n && !buf->status; i++) {
            put_member(&d, rt_value_cstr(pairs[i].name), &pairs[i].value,
                       &here);
        }
    }
    if (n > 0)
        put_newline(&d, 0);
    rt_buf_put_char(buf, '}');
    rt_arena_deinit(&d.scratch);
}

rt_status rt_json_dump(rt_arena *arena, rt_value value,
                       const rt_json_style *style, rt_str *out, rt_error *err)
{
    rt_buf buf;
    dumper d;

    rt_buf_init(&buf, arena);
    dumper_init(&d, &buf, style);
    put_value(&d, value, NULL);
    rt_status status = buf.status;
    if (status == RT_OK) {
        *out = rt_buf_str(&buf);
    } else if (err) {
        *err = (rt_error){.status = status,
                          .message = rt_str_copy(arena, d.message)};
    }
    rt_arena_deinit(&d.scratch);
    return status;
}
