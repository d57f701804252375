// Text of values: str() and repr() as Python spells them.
#include <retort/base/number.h>
#include <retort/base/time.h>
#include <retort/base/utf8.h>
#include <retort/base/value.h>

// A code point that repr() shows as it is. Python escapes what Unicode calls
// not printable; of those the control, separator and surrogate ranges count.
static bool is_printable(uint32_t rune)
{
    if (rune < 0x20 || (rune >= 0x7f && rune <= 0xa0) || rune == 0xad)
        return false;
    return rt_utf8_is_printable(rune);
}

static void put_escape(rt_buf *buf, uint32_t rune)
{
    switch (rune) {
    case '\n': rt_buf_put_cstr(buf, "\\n"); return;
    case '\r': rt_buf_put_cstr(buf, "\\r"); return;
    case '\t': rt_buf_put_cstr(buf, "\\t"); return;
    default: break;
    }
    rt_buf_put_cstr(buf, rune < 0x100 ? "\\x" : rune < 0x10000 ? "\\u" : "\\U");
    rt_buf_put_hex(buf, rune, rune < 0x100 ? 2 : rune < 0x10000 ? 4 : 8);
}

// Single quotes, unless only single quotes occur inside.
static char quote_for(rt_str s)
{
    bool single = rt_str_find_char(s, '\'') != RT_STR_NONE;
    bool twice = rt_str_find_char(s, '"') != RT_STR_NONE;
    return single && !twice ? '"' : '\'';
}

static void put_quoted(rt_buf *buf, rt_str s)
{
    char quote = quote_for(s);
    rt_buf_put_char(buf, quote);
    uint32_t rune;
    while (s.len) {
        rt_str before = s;
        if (rt_utf8_next(&s, &rune)) {
            rune = (unsigned char)before.data[0];
            s = rt_str_slice(before, 1, SIZE_MAX);
            put_escape(buf, rune);
        } else if (rune == (uint32_t)quote || rune == '\\') {
            rt_buf_put_char(buf, '\\');
            rt_buf_put_char(buf, (char)rune);
        } else if (is_printable(rune)) {
            rt_buf_put_rune(buf, rune);
        } else {
            put_escape(buf, rune);
        }
    }
    rt_buf_put_char(buf, quote);
}

static void put_bytes_repr(rt_buf *buf, rt_str s)
{
    char quote = quote_for(s);
    rt_buf_put_char(buf, 'b');
    rt_buf_put_char(buf, quote);
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.data[i];
        if (c == (unsigned char)quote || c == '\\') {
            rt_buf_put_char(buf, '\\');
            rt_buf_put_char(buf, (char)c);
        } else if (c >= 0x20 && c < 0x7f) {
            rt_buf_put_char(buf, (char)c);
        } else {
            put_escape(buf, c);
        }
    }
    rt_buf_put_char(buf, quote);
}

// A container or object that is being written, and what it is in.
typedef struct rt_repr_place {
    const void *what;
    const struct rt_repr_place *up;
} rt_repr_place;

// Enter a container. False when it is being written already, or too deep: the
// caller writes dots in its place.
static bool enter(rt_repr *to, rt_repr_place *here, const void *what)
{
    if (to->depth >= RT_VALUE_DEPTH_MAX)
        return false;
    for (const rt_repr_place *p = to->inside; p; p = p->up)
        if (p->what == what)
            return false;
    *here = (rt_repr_place){what, to->inside};
    to->inside = here;
    to->depth++;
    return true;
}

static void leave(rt_repr *to, const rt_repr_place *here)
{
    to->inside = here->up;
    to->depth--;
}

static void put_list(rt_repr *to, rt_value v)
{
    rt_repr_place here;
    bool tuple = v.kind == RT_TUPLE;

    rt_buf_put_char(to->buf, tuple ? '(' : '[');
    if (!enter(to, &here, v.as.list)) {
        rt_buf_put_cstr(to->buf, tuple ? "...)" : "...]");
        return;
    }
    // A full buffer ends it: shared lists can be longer than any memory.
    size_t i = 0;
    for (; i < rt_list_len(v) && !to->buf->status; i++) {
        if (i)
            rt_buf_put_cstr(to->buf, ", ");
        rt_repr_put(to, rt_list_items(v)[i]);
    }
    if (tuple && i == 1)
        rt_buf_put_char(to->buf, ',');
    rt_buf_put_char(to->buf, tuple ? ')' : ']');
    leave(to, &here);
}

static void put_dict(rt_repr *to, rt_value v)
{
    rt_repr_place here;
    bool first = true;

    if (!enter(to, &here, v.as.dict)) {
        rt_buf_put_cstr(to->buf, "{...}");
        return;
    }
    rt_buf_put_char(to->buf, '{');
    rt_dict_each(e, v) {
        if (to->buf->status)
            break;
        if (!first)
            rt_buf_put_cstr(to->buf, ", ");
        first = false;
        rt_repr_put(to, e->key);
        rt_buf_put_cstr(to->buf, ": ");
        rt_repr_put(to, e->value);
    }
    rt_buf_put_char(to->buf, '}');
    leave(to, &here);
}

static void put_uuid(rt_buf *buf, const uint8_t *uuid)
{
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            rt_buf_put_char(buf, '-');
        rt_buf_put_hex(buf, uuid[i], 2);
    }
}

// The number with leading zeros.
static void put_digits(rt_buf *buf, int n, int digits)
{
    int scale = 1;
    for (int i = 1; i < digits; i++)
        scale *= 10;
    for (; scale; scale /= 10)
        rt_buf_put_char(buf, (char)('0' + n / scale % 10));
}

// str(datetime): 2024-01-31 12:00:00.250000+00:00.
static void put_date(rt_buf *buf, int64_t us)
{
    rt_civil_time t = rt_time_civil(us);
    if (t.year >= 0 && t.year <= 9999)
        put_digits(buf, (int)t.year, 4);
    else
        rt_buf_put_int(buf, t.year);
    rt_buf_put_char(buf, '-');
    put_digits(buf, t.month, 2);
    rt_buf_put_char(buf, '-');
    put_digits(buf, t.day, 2);
    rt_buf_put_char(buf, ' ');
    put_digits(buf, t.hour, 2);
    rt_buf_put_char(buf, ':');
    put_digits(buf, t.minute, 2);
    rt_buf_put_char(buf, ':');
    put_digits(buf, t.second, 2);
    if (t.microsecond) {
        rt_buf_put_char(buf, '.');
        put_digits(buf, t.microsecond, 6);
    }
    rt_buf_put_cstr(buf, "+00:00");
}

// repr(datetime), which leaves out seconds and microseconds that are zero.
static void put_date_repr(rt_buf *buf, int64_t us)
{
    rt_civil_time t = rt_time_civil(us);
    int rest[] = {t.month, t.day, t.hour, t.minute, t.second, t.microsecond};
    size_t n = t.microsecond ? 6 : t.second ? 5 : 4;

    rt_buf_put_cstr(buf, "datetime.datetime(");
    rt_buf_put_int(buf, t.year);
    for (size_t i = 0; i < n; i++) {
        rt_buf_put_cstr(buf, ", ");
        rt_buf_put_int(buf, rest[i]);
    }
    rt_buf_put_cstr(buf, ", tzinfo=datetime.timezone.utc)");
}

static void put_object(rt_buf *buf, const rt_object *object)
{
    if (object->vtable->text) {
        object->vtable->text(object->self, buf);
        return;
    }
    rt_buf_put_char(buf, '<');
    rt_buf_put_cstr(buf,
                    object->vtable->name ? object->vtable->name : "object");
    rt_buf_put_char(buf, '>');
}

static void put_object_repr(rt_repr *to, const rt_object *object)
{
    rt_repr_place here;

    if (!object->vtable->repr) {
        put_object(to->buf, object);
    } else if (enter(to, &here, object)) {
        object->vtable->repr(object->self, to);
        leave(to, &here);
    } else {
        rt_buf_put_cstr(to->buf, "...");
    }
}

void rt_repr_put(rt_repr *to, rt_value v)
{
    rt_buf *buf = to->buf;

    switch (rt_value_kind(v)) {
    case RT_UNDEFINED: rt_buf_put_cstr(buf, "Undefined"); return;
    case RT_NONE: rt_buf_put_cstr(buf, "None"); return;
    case RT_BOOL: rt_buf_put_cstr(buf, v.as.boolean ? "True" : "False"); return;
    case RT_INT: rt_buf_put_int(buf, v.as.integer); return;
    case RT_FLOAT: rt_buf_put_double(buf, v.as.number); return;
    case RT_STRING: put_quoted(buf, rt_value_as_str(v)); return;
    case RT_SAFE:
        rt_buf_put_cstr(buf, "Markup(");
        put_quoted(buf, rt_value_as_str(v));
        rt_buf_put_char(buf, ')');
        return;
    case RT_BYTES: put_bytes_repr(buf, rt_value_as_str(v)); return;
    case RT_LIST:
    case RT_TUPLE: put_list(to, v); return;
    case RT_DICT: put_dict(to, v); return;
    case RT_DATE: put_date_repr(buf, v.as.date_us); return;
    case RT_UUID:
        rt_buf_put_cstr(buf, "UUID('");
        put_uuid(buf, v.as.uuid);
        rt_buf_put_cstr(buf, "')");
        return;
    case RT_OBJECT: put_object_repr(to, v.as.object); return;
    }
}

void rt_value_put_repr(rt_buf *buf, rt_value v)
{
    rt_repr_put(&(rt_repr){.buf = buf}, v);
}

void rt_value_put_text(rt_buf *buf, rt_value v)
{
    switch (rt_value_kind(v)) {
    case RT_UNDEFINED: return;
    case RT_STRING:
    case RT_SAFE: rt_buf_put_bytes(buf, v.as.text, v.len); return;
    case RT_DATE: put_date(buf, v.as.date_us); return;
    case RT_UUID: put_uuid(buf, v.as.uuid); return;
    case RT_OBJECT:
        if (!v.as.object->vtable->text && v.as.object->vtable->repr) {
            rt_value_put_repr(buf, v);
        } else {
            put_object(buf, v.as.object);
        }
        return;
    default: rt_value_put_repr(buf, v);
    }
}

rt_str rt_value_text(rt_arena *arena, rt_value v)
{
    if (rt_value_is_text(v))
        return rt_value_as_str(v);
    rt_buf buf;
    rt_buf_init(&buf, arena);
    rt_value_put_text(&buf, v);
    return rt_buf_str(&buf);
}

rt_str rt_value_repr(rt_arena *arena, rt_value v)
{
    rt_buf buf;
    rt_buf_init(&buf, arena);
    rt_value_put_repr(&buf, v);
    return rt_buf_str(&buf);
}
