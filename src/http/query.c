#include "retort/http/query.h"

#include <assert.h>

#include <retort/base/utf8.h>
#include <retort/base/vec.h>
#include <retort/http/percent.h>

void rt_params_add(rt_params *params, rt_arena *arena, rt_str name,
                   rt_str value)
{
    if (!value.data)
        value = RT_STR("");
    *rt_vec_push(arena, params) = (rt_param){name, value};
}

const rt_param *rt_params_next(const rt_params *params, rt_str name, size_t *at)
{
    for (size_t i = *at; i < params->len; i++) {
        if (rt_str_eq(params->items[i].name, name)) {
            *at = i + 1;
            return &params->items[i];
        }
    }
    *at = params->len;
    return NULL;
}

rt_str rt_params_get(const rt_params *params, rt_str name)
{
    size_t at = 0;
    const rt_param *first = rt_params_next(params, name, &at);
    return first ? first->value : (rt_str){0};
}

bool rt_params_has(const rt_params *params, rt_str name)
{
    return rt_params_get(params, name).data != NULL;
}

size_t rt_params_count(const rt_params *params, rt_str name)
{
    size_t count = 0;
    size_t at = 0;

    while (rt_params_next(params, name, &at))
        count++;
    return count;
}

// The byte at the front of `s`, an escape decoded, and how long it was; -1 for
// an ASCII byte or a % that stands for itself, which end a sequence.
static int high_byte(rt_str s, size_t *len)
{
    unsigned char c = (unsigned char)s.data[0];

    *len = 1;
    if (c >= 0x80)
        return c;
    if (c != '%' || s.len < 3)
        return -1;
    int high = rt_hex_value(s.data[1]);
    int low = rt_hex_value(s.data[2]);
    if (high < 8 || low < 0)
        return -1;
    *len = 3;
    return high << 4 | low;
}

// Decode one character beyond ASCII from the front of `*cursor`. A byte that is
// not part of one is written as an escape.
static char *put_high(char *out, rt_str *cursor)
{
    static const char digits[] = "0123456789ABCDEF";
    char bytes[4];
    size_t ends[4]; // where in `*cursor` each byte ended
    size_t n = 0;
    size_t at = 0;

    while (n < 4 && at < cursor->len) {
        size_t len;
        int byte = high_byte(rt_str_slice(*cursor, at, 3), &len);
        if (byte < 0)
            break;
        at += len;
        ends[n] = at;
        bytes[n++] = (char)byte;
    }
    assert(n > 0); // the caller has seen such a byte

    rt_str character = rt_str_of(bytes, n);
    uint32_t rune;
    if (rt_utf8_next(&character, &rune) == RT_OK) {
        size_t len = n - character.len;
        memcpy(out, bytes, len);
        rt_str_take(cursor, ends[len - 1]);
        return out + len;
    }
    unsigned char bad = (unsigned char)bytes[0];
    *out++ = '%';
    *out++ = digits[bad >> 4];
    *out++ = digits[bad & 15];
    rt_str_take(cursor, ends[0]);
    return out;
}

// Decode one name or value to `out` and end it with a NUL.
static char *decode(char *out, rt_str s, rt_str *decoded)
{
    char *start = out;

    while (s.len > 0) {
        char c = s.data[0];
        size_t len;
        if (c == '+') {
            c = ' ';
        } else if (high_byte(s, &len) >= 0) {
            out = put_high(out, &s);
            continue;
        } else if (c == '%' && s.len > 2 && rt_hex_value(s.data[1]) >= 0 &&
                   rt_hex_value(s.data[2]) >= 0) {
            c = (char)(rt_hex_value(s.data[1]) << 4 | rt_hex_value(s.data[2]));
            rt_str_take(&s, 2);
        }
        *out++ = c;
        rt_str_take(&s, 1);
    }
    *decoded = rt_str_of(start, (size_t)(out - start));
    *out++ = '\0';
    return out;
}

// Decoding never makes text longer, but for stray bytes, which become escapes.
// Each separator, and the end, leaves its byte to a NUL.
static size_t decoded_bound(rt_str text)
{
    size_t bound = text.len + 1;

    for (size_t i = 0; i < text.len; i++)
        bound += (unsigned char)text.data[i] >= 0x80 ? 2 : 0;
    return bound;
}

static size_t count_fields(rt_str text)
{
    size_t count = 0;

    while (text.data)
        count += rt_str_cut(&text, '&').len > 0;
    return count;
}

rt_status rt_query_parse(rt_params *params, rt_arena *arena, rt_str text)
{
    size_t fields = count_fields(text);
    if (fields == 0)
        return RT_OK;
    if (params->len > RT_PARAMS_MAX || fields > RT_PARAMS_MAX - params->len)
        return RT_E_LIMIT;

    char *out = rt_arena_alloc(arena, decoded_bound(text));
    while (text.data) {
        rt_str field = rt_str_cut(&text, '&');
        if (field.len == 0)
            continue;
        rt_param param = {.value = RT_STR("")};
        rt_str rest = field;
        out = decode(out, rt_str_cut(&rest, '='), &param.name);
        if (rest.data)
            out = decode(out, rest, &param.value);
        rt_params_add(params, arena, param.name, param.value);
    }
    return RT_OK;
}

void rt_query_put_field(rt_buf *buf, rt_str name, rt_str value)
{
    rt_percent_put(buf, name, RT_PERCENT_FIELD);
    rt_buf_put_char(buf, '=');
    rt_percent_put(buf, value, RT_PERCENT_FIELD);
}

void rt_query_put(rt_buf *buf, const rt_params *params)
{
    for (size_t i = 0; i < params->len; i++) {
        if (i > 0)
            rt_buf_put_char(buf, '&');
        rt_query_put_field(buf, params->items[i].name, params->items[i].value);
    }
}

rt_str rt_query_dump(rt_arena *arena, const rt_params *params)
{
    rt_buf buf;

    rt_buf_init(&buf, arena);
    rt_query_put(&buf, params);
    return rt_buf_str(&buf);
}
