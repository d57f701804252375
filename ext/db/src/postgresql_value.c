#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <retort/base/json.h>
#include <retort/base/number.h>
#include <retort/base/time.h>

#include "postgresql.h"

// Types by their fixed numbers. Source: PostgreSQL, catalog/pg_type.dat.
enum {
    T_BOOL = 16,
    T_BYTEA = 17,
    T_CHAR = 18,
    T_NAME = 19,
    T_INT8 = 20,
    T_INT2 = 21,
    T_INT4 = 23,
    T_TEXT = 25,
    T_OID = 26,
    T_JSON = 114,
    T_XML = 142,
    T_FLOAT4 = 700,
    T_FLOAT8 = 701,
    T_UNKNOWN = 705,
    T_BPCHAR = 1042,
    T_VARCHAR = 1043,
    T_DATE = 1082,
    T_TIME = 1083,
    T_TIMESTAMP = 1114,
    T_TIMESTAMPTZ = 1184,
    T_INTERVAL = 1186,
    T_NUMERIC = 1700,
    T_UUID = 2950,
    T_JSONB = 3802,
    T_VOID = 2278,
};

// Arrays and what they are of.
static const struct {
    Oid array, item;
} ARRAYS[] = {
    {1000, T_BOOL},        {1001, T_BYTEA},    {1002, T_CHAR},
    {1003, T_NAME},        {1016, T_INT8},     {1005, T_INT2},
    {1007, T_INT4},        {1009, T_TEXT},     {1028, T_OID},
    {199, T_JSON},         {143, T_XML},       {1021, T_FLOAT4},
    {1022, T_FLOAT8},      {1014, T_BPCHAR},   {1015, T_VARCHAR},
    {1182, T_DATE},        {1183, T_TIME},     {1115, T_TIMESTAMP},
    {1185, T_TIMESTAMPTZ}, {1187, T_INTERVAL}, {1231, T_NUMERIC},
    {2951, T_UUID},        {3807, T_JSONB},
};

// 2000-01-01, where PostgreSQL's time begins.
#define EPOCH_DAYS 10957
#define EPOCH_US   (EPOCH_DAYS * RT_TIME_DAY)

// Arrays have at most so many dimensions.
#define DIMENSIONS_MAX 6

static Oid item_of(Oid array)
{
    for (size_t i = 0; i < sizeof ARRAYS / sizeof ARRAYS[0]; i++)
        if (ARRAYS[i].array == array)
            return ARRAYS[i].item;
    return 0;
}

static bool is_text(Oid type)
{
    return type == T_TEXT || type == T_VARCHAR || type == T_BPCHAR ||
           type == T_NAME || type == T_UNKNOWN || type == T_XML ||
           type == T_CHAR;
}

bool rt__pg_has_binary(Oid type)
{
    switch (type) {
    case T_BOOL:
    case T_BYTEA:
    case T_INT8:
    case T_INT2:
    case T_INT4:
    case T_OID:
    case T_JSON:
    case T_FLOAT4:
    case T_FLOAT8:
    case T_DATE:
    case T_TIME:
    case T_TIMESTAMP:
    case T_TIMESTAMPTZ:
    case T_INTERVAL:
    case T_NUMERIC:
    case T_UUID:
    case T_JSONB:
    case T_VOID: return true;
    default: return is_text(type) || item_of(type);
    }
}

// ---- reading ------------------------------------------------------------------

static uint64_t get_uint(const char *data, size_t bytes)
{
    uint64_t n = 0;
    for (size_t i = 0; i < bytes; i++)
        n = n << 8 | (unsigned char)data[i];
    return n;
}

static int64_t get_int(const char *data, size_t bytes)
{
    uint64_t n = get_uint(data, bytes);
    switch (bytes) {
    case 2: return (int16_t)n;
    case 4: return (int32_t)n;
    default: return (int64_t)n;
    }
}

static rt_value text_value(rt_arena *arena, const char *data, size_t len)
{
    char *copy = rt_arena_alloc(arena, len + 1);
    memcpy(copy, data, len);
    copy[len] = '\0';
    rt_value v = rt_value_str((rt_str){copy, len});
    v.flags |= RT__VALUE_CSTR;
    return v;
}

static rt_value buf_value(rt_buf *buf)
{
    return rt_value_str(rt_buf_str(buf));
}

static double get_float(const char *data, size_t bytes)
{
    uint64_t bits = get_uint(data, bytes);
    if (bytes == 4) {
        uint32_t half = (uint32_t)bits;
        float x;
        memcpy(&x, &half, sizeof x);
        return (double)x;
    }
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

// Digits are of base 10000; `weight` is the power of the first.
static rt_status read_numeric(rt_arena *arena, const char *data, size_t len,
                              rt_value *out)
{
    if (len < 8)
        return RT_E_SYNTAX;
    int n = (int)get_uint(data, 2);
    int weight = (int)get_int(data + 2, 2);
    unsigned sign = (unsigned)get_uint(data + 4, 2);
    int scale = (int)get_uint(data + 6, 2);
    if (len != 8 + 2 * (size_t)n)
        return RT_E_SYNTAX;
    rt_buf buf;
    rt_buf_init(&buf, arena);
    if (sign == 0xc000)
        rt_buf_put_cstr(&buf, "NaN");
    else if (sign == 0xd000 || sign == 0xf000)
        rt_buf_put_cstr(&buf, sign == 0xd000 ? "Infinity" : "-Infinity");
    else {
        if (sign == 0x4000)
            rt_buf_put_char(&buf, '-');
        for (int i = 0; i <= weight; i++)
            rt_buf_printf(&buf, i == 0 ? "%u" : "%04u",
                          i < n ? (unsigned)get_uint(data + 8 + 2 * i, 2) : 0);
        if (weight < 0)
            rt_buf_put_char(&buf, '0');
        if (scale > 0)
            rt_buf_put_char(&buf, '.');
        for (int i = weight + 1, left = scale; left > 0; i++, left -= 4) {
            char four[12];
            unsigned digit =
                i >= 0 && i < n ? (unsigned)get_uint(data + 8 + 2 * i, 2) : 0;
            snprintf(four, sizeof four, "%04u", digit % 10000);
            rt_buf_put_bytes(&buf, four, left < 4 ? (size_t)left : 4);
        }
    }
    *out = buf_value(&buf);
    return RT_OK;
}

static rt_value read_date(rt_arena *arena, int64_t days)
{
    rt_buf buf;
    rt_buf_init(&buf, arena);
    if (days == INT32_MAX || days == INT32_MIN)
        rt_buf_put_cstr(&buf, days > 0 ? "infinity" : "-infinity");
    else {
        rt_civil_time t = rt_time_civil((days + EPOCH_DAYS) * RT_TIME_DAY);
        rt_buf_printf(&buf, "%04lld-%02d-%02d", (long long)t.year, t.month,
                      t.day);
    }
    return buf_value(&buf);
}

static void put_clock(rt_buf *buf, int64_t us)
{
    rt_buf_printf(buf, "%02lld:%02lld:%02lld", (long long)(us / RT_TIME_HOUR),
                  (long long)(us / RT_TIME_MINUTE % 60),
                  (long long)(us / RT_TIME_SECOND % 60));
    if (us % RT_TIME_SECOND)
        rt_buf_printf(buf, ".%06lld", (long long)(us % RT_TIME_SECOND));
}

static rt_value read_time(rt_arena *arena, int64_t us)
{
    rt_buf buf;
    rt_buf_init(&buf, arena);
    put_clock(&buf, us);
    return buf_value(&buf);
}

// As PostgreSQL writes it: "1 mon 2 days 03:04:05".
static rt_value read_interval(rt_arena *arena, const char *data)
{
    int64_t us = get_int(data, 8);
    int64_t days = get_int(data + 8, 4);
    int64_t months = get_int(data + 12, 4);
    rt_buf buf;
    rt_buf_init(&buf, arena);

    const struct {
        int64_t n;
        const char *unit;
    } parts[] = {{months / 12, "year"}, {months % 12, "mon"}, {days, "day"}};

    for (size_t i = 0; i < 3; i++)
        if (parts[i].n)
            rt_buf_printf(&buf, "%s%lld %s%s", buf.len ? " " : "",
                          (long long)parts[i].n, parts[i].unit,
                          parts[i].n == 1 ? "" : "s");
    if (us || !buf.len) {
        rt_buf_put_cstr(&buf, buf.len ? " " : "");
        if (us < 0)
            rt_buf_put_char(&buf, '-');
        put_clock(&buf, us < 0 ? -us : us);
    }
    return buf_value(&buf);
}

static rt_status read_json(rt_arena *arena, const char *data, size_t len,
                           rt_value *out)
{
    rt_error err;
    // Numbers that no value holds exactly stay what the server sent: text.
    if (rt_json_parse(arena, (rt_str){data, len}, NULL, out, &err))
        *out = text_value(arena, data, len);
    return RT_OK;
}

static rt_status read_timestamp(rt_arena *arena, int64_t us, rt_value *out)
{
    if (us == INT64_MAX || us == INT64_MIN)
        *out = text_value(arena, us > 0 ? "infinity" : "-infinity",
                          us > 0 ? 8 : 9);
    else
        *out = rt_value_date(us + EPOCH_US);
    return RT_OK;
}

typedef struct array_reader {
    rt_arena *arena;
    const char *at, *end;
    Oid item;
    int n_dims;
    int64_t dims[DIMENSIONS_MAX];
} array_reader;

static rt_status read_items(array_reader *r, int dim, rt_value *out)
{
    *out = rt_list_new(r->arena);
    for (int64_t i = 0; i < r->dims[dim]; i++) {
        rt_value item = rt_value_none();
        rt_status status = RT_OK;
        if (dim + 1 < r->n_dims) {
            status = read_items(r, dim + 1, &item);
        } else {
            if (r->end - r->at < 4)
                return RT_E_SYNTAX;
            int64_t len = get_int(r->at, 4);
            r->at += 4;
            if (len > r->end - r->at)
                return RT_E_SYNTAX;
            if (len >= 0) {
                status = rt__pg_decode(r->arena, r->item, true, r->at,
                                       (size_t)len, &item);
                r->at += len;
            }
        }
        if (status || (status = rt_list_push(*out, item)))
            return status;
    }
    return RT_OK;
}

static rt_status read_array(rt_arena *arena, const char *data, size_t len,
                            rt_value *out)
{
    if (len < 12)
        return RT_E_SYNTAX;
    array_reader r = {.arena = arena, .at = data + 12, .end = data + len};
    r.n_dims = (int)get_int(data, 4);
    r.item = (Oid)get_uint(data + 8, 4);
    if (r.n_dims < 0 || r.n_dims > DIMENSIONS_MAX ||
        r.end - r.at < 8 * r.n_dims)
        return RT_E_SYNTAX;
    for (int i = 0; i < r.n_dims; i++, r.at += 8)
        r.dims[i] = get_int(r.at, 4);
    if (r.n_dims == 0) {
        *out = rt_list_new(arena);
        return RT_OK;
    }
    return read_items(&r, 0, out);
}

// The bytes a binary value of the type must have; 0: any number.
static size_t bytes_of(Oid type)
{
    switch (type) {
    case T_BOOL: return 1;
    case T_INT2: return 2;
    case T_INT4:
    case T_OID:
    case T_FLOAT4:
    case T_DATE: return 4;
    case T_INT8:
    case T_FLOAT8:
    case T_TIME:
    case T_TIMESTAMP:
    case T_TIMESTAMPTZ: return 8;
    case T_INTERVAL:
    case T_UUID: return 16;
    default: return 0;
    }
}

static rt_status decode_binary(rt_arena *arena, Oid type, const char *data,
                               size_t len, rt_value *out)
{
    if (bytes_of(type) && len != bytes_of(type))
        return RT_E_SYNTAX;
    switch (type) {
    case T_BOOL: *out = rt_value_bool(data[0] != 0); return RT_OK;
    case T_INT2:
    case T_INT4:
    case T_INT8: *out = rt_value_int(get_int(data, len)); return RT_OK;
    case T_OID: *out = rt_value_int((int64_t)get_uint(data, 4)); return RT_OK;
    case T_FLOAT4:
    case T_FLOAT8: *out = rt_value_float(get_float(data, len)); return RT_OK;
    case T_NUMERIC: return read_numeric(arena, data, len, out);
    case T_BYTEA:
        *out = rt_value_bytes(rt_arena_copy(arena, data, len), len);
        return RT_OK;
    case T_TIMESTAMP:
    case T_TIMESTAMPTZ: return read_timestamp(arena, get_int(data, 8), out);
    case T_DATE: *out = read_date(arena, get_int(data, 4)); return RT_OK;
    case T_TIME: *out = read_time(arena, get_int(data, 8)); return RT_OK;
    case T_INTERVAL: *out = read_interval(arena, data); return RT_OK;
    case T_UUID:
        *out = rt_value_uuid(rt_arena_copy(arena, data, 16));
        return RT_OK;
    case T_JSON: return read_json(arena, data, len, out);
    case T_JSONB:
        if (len < 1 || data[0] != 1)
            return RT_E_SYNTAX;
        return read_json(arena, data + 1, len - 1, out);
    case T_VOID: *out = rt_value_none(); return RT_OK;
    default:
        if (item_of(type))
            return read_array(arena, data, len, out);
        *out = text_value(arena, data, len);
        return RT_OK;
    }
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

static rt_value read_hex(rt_arena *arena, const char *data, size_t len)
{
    if (len < 2 || data[0] != '\\' || data[1] != 'x')
        return rt_value_bytes(rt_arena_copy(arena, data, len), len);
    size_t n = (len - 2) / 2;
    uint8_t *bytes = rt_arena_alloc(arena, n);
    for (size_t i = 0; i < n; i++)
        bytes[i] = (uint8_t)(hex_digit(data[2 + 2 * i]) << 4 |
                             hex_digit(data[3 + 2 * i]));
    return rt_value_bytes(bytes, n);
}

// An array's text: {1,NULL,"a \"quoted\" one",{...}}. `r->at` is behind its brace.
static rt_status read_braces(array_reader *r, int depth, rt_value *out)
{
    *out = rt_list_new(r->arena);
    while (r->at < r->end && *r->at != '}') {
        rt_value item = rt_value_none();
        rt_status status = RT_OK;
        if (*r->at == '{') {
            if (depth + 1 >= DIMENSIONS_MAX)
                return RT_E_SYNTAX;
            r->at++;
            status = read_braces(r, depth + 1, &item);
        } else {
            rt_buf buf;
            rt_buf_init(&buf, r->arena);
            bool quoted = *r->at == '"';
            r->at += quoted;
            while (r->at < r->end &&
                   (quoted ? *r->at != '"' : *r->at != ',' && *r->at != '}')) {
                if (*r->at == '\\' && r->at + 1 < r->end)
                    r->at++;
                rt_buf_put_char(&buf, *r->at++);
            }
            r->at += quoted && r->at < r->end;
            rt_str s = rt_buf_str(&buf);
            if (quoted || s.len != 4 || memcmp(s.data, "NULL", 4) != 0)
                status = rt__pg_decode(r->arena, r->item, false, s.data, s.len,
                                       &item);
        }
        if (status || (status = rt_list_push(*out, item)))
            return status;
        if (r->at < r->end && *r->at == ',')
            r->at++;
    }
    if (r->at == r->end)
        return RT_E_SYNTAX;
    r->at++;
    return RT_OK;
}

static rt_status decode_text(rt_arena *arena, Oid type, const char *data,
                             size_t len, rt_value *out)
{
    rt_str text = {data, len};
    double number;
    int64_t us;
    uint8_t uuid[16];
    switch (type) {
    case T_BOOL: *out = rt_value_bool(len && data[0] == 't'); return RT_OK;
    case T_INT2:
    case T_INT4:
    case T_INT8:
    case T_OID: *out = rt_value_int(strtoll(data, NULL, 10)); return RT_OK;
    case T_FLOAT4:
    case T_FLOAT8:
        if (!rt_str_parse_double(text, &number))
            number = strtod(data, NULL); // Infinity, NaN
        *out = rt_value_float(number);
        return RT_OK;
    case T_BYTEA: *out = read_hex(arena, data, len); return RT_OK;
    case T_TIMESTAMP:
    case T_TIMESTAMPTZ:
        *out = rt__db_parse_time(text, &us) ? rt_value_date(us)
                                            : text_value(arena, data, len);
        return RT_OK;
    case T_UUID:
        if (!rt__db_parse_uuid(text, uuid))
            return RT_E_SYNTAX;
        *out = rt_value_uuid(rt_arena_copy(arena, uuid, 16));
        return RT_OK;
    case T_JSON:
    case T_JSONB: return read_json(arena, data, len, out);
    case T_VOID: *out = rt_value_none(); return RT_OK;
    default: break;
    }
    array_reader r = {.arena = arena, .at = data + 1, .end = data + len};
    r.item = item_of(type);
    if (r.item && len && data[0] == '{')
        return read_braces(&r, 0, out);
    *out = text_value(arena, data, len);
    return RT_OK;
}

rt_status rt__pg_decode(rt_arena *arena, Oid type, bool binary,
                        const char *data, size_t len, rt_value *out)
{
    return binary ? decode_binary(arena, type, data, len, out)
                  : decode_text(arena, type, data, len, out);
}

// ---- writing ------------------------------------------------------------------

static void set_binary(rt__pg_params *p, size_t i, const void *data, size_t len)
{
    p->values[i] = data;
    p->lengths[i] = (int)len;
    p->formats[i] = 1;
}

static void set_uint(rt__pg_params *p, size_t i, uint64_t n, size_t bytes)
{
    char *data = rt_arena_alloc(p->arena, 8);
    for (size_t at = 0; at < bytes; at++)
        data[at] = (char)(n >> 8 * (bytes - 1 - at));
    set_binary(p, i, data, bytes);
}

// The server reads it as it reads literals.
static void set_text(rt__pg_params *p, size_t i, rt_str text)
{
    char *copy = rt_arena_alloc(p->arena, text.len + 1);
    if (text.len)
        memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    p->values[i] = copy;
    p->lengths[i] = (int)text.len;
    p->formats[i] = 0;
}

static rt_status set_integer(rt__pg_params *p, size_t i, Oid type, int64_t n)
{
    if ((type == T_INT2 && n != (int16_t)n) ||
        (type == T_INT4 && n != (int32_t)n) ||
        (type == T_OID && n != (uint32_t)n))
        return RT_E_RANGE;
    set_uint(p, i, (uint64_t)n, bytes_of(type));
    return RT_OK;
}

static void put_scalar(rt_buf *buf, rt_value v)
{
    switch (v.kind) {
    case RT_DATE: rt__db_put_time(buf, v.as.date_us); break;
    case RT_UUID: rt__db_put_uuid(buf, v.as.uuid); break;
    case RT_BOOL: rt_buf_put_cstr(buf, v.as.boolean ? "true" : "false"); break;
    case RT_BYTES:
        rt_buf_put_cstr(buf, "\\x");
        for (size_t i = 0; i < v.len; i++)
            rt_buf_put_hex(buf, (unsigned char)v.as.text[i], 2);
        break;
    default: rt_value_put_text(buf, v);
    }
}

static void put_quoted(rt_buf *buf, rt_arena *arena, Oid item, rt_value v)
{
    rt_buf inner;
    rt_buf_init(&inner, arena);
    if ((item == T_JSON || item == T_JSONB) && !rt_value_is_text(v))
        rt_json_put(&inner, v, NULL);
    else
        put_scalar(&inner, v);
    rt_str s = rt_buf_str(&inner);
    rt_buf_put_char(buf, '"');
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] == '"' || s.data[i] == '\\')
            rt_buf_put_char(buf, '\\');
        rt_buf_put_char(buf, s.data[i]);
    }
    rt_buf_put_char(buf, '"');
}

static rt_status put_array(rt_buf *buf, rt_arena *arena, Oid item,
                           rt_value list, int depth)
{
    if (depth >= DIMENSIONS_MAX)
        return RT_E_TYPE;
    rt_buf_put_char(buf, '{');
    bool first = true;
    rt_list_each(v, list) {
        if (!first)
            rt_buf_put_char(buf, ',');
        first = false;
        rt_status status = RT_OK;
        if (v->kind == RT_NONE || v->kind == RT_UNDEFINED)
            rt_buf_put_cstr(buf, "NULL");
        else if (rt_value_is_list(*v) && item != T_JSON && item != T_JSONB)
            status = put_array(buf, arena, item, *v, depth + 1);
        else
            put_quoted(buf, arena, item, *v);
        if (status)
            return status;
    }
    rt_buf_put_char(buf, '}');
    return buf->status;
}

static rt_status set_json(rt__pg_params *p, size_t i, Oid type, rt_value v)
{
    rt_buf buf;
    rt_buf_init(&buf, p->arena);
    if (type == T_JSONB)
        rt_buf_put_char(&buf, 1);
    // Text is JSON already, as it is in a column of text.
    if (rt_value_is_text(v))
        rt_buf_put(&buf, rt_value_as_str(v));
    else
        rt_json_put(&buf, v, NULL);
    if (buf.status)
        return buf.status;
    rt_str text = rt_buf_str(&buf);
    set_binary(p, i, text.data, text.len);
    return RT_OK;
}

static rt_status set_collection(rt__pg_params *p, size_t i, Oid type,
                                rt_value v)
{
    rt_buf buf;
    rt_buf_init(&buf, p->arena);
    Oid item = item_of(type);
    if (!rt_value_is_list(v) || is_text(type))
        rt_json_put(&buf, v, NULL);
    else if (put_array(&buf, p->arena, item, v, 0))
        return RT_E_TYPE;
    if (buf.status)
        return buf.status;
    set_text(p, i, rt_buf_str(&buf));
    return RT_OK;
}

static rt_status set_float(rt__pg_params *p, size_t i, Oid type, double x)
{
    uint64_t bits;
    if (type == T_INT2 || type == T_INT4 || type == T_INT8) {
        if (x != trunc(x))
            return RT_E_TYPE;
        if (fabs(x) >= 9223372036854775808.0)
            return RT_E_RANGE;
        return set_integer(p, i, type, (int64_t)x);
    }
    if (type == T_FLOAT8) {
        memcpy(&bits, &x, sizeof bits);
        set_uint(p, i, bits, 8);
        return RT_OK;
    }
    rt_buf buf;
    rt_buf_init(&buf, p->arena);
    rt_buf_put_double(&buf, x);
    set_text(p, i, rt_buf_str(&buf));
    return RT_OK;
}

static rt_status set_other(rt__pg_params *p, size_t i, rt_value v)
{
    rt_buf buf;
    rt_buf_init(&buf, p->arena);
    put_scalar(&buf, v);
    set_text(p, i, rt_buf_str(&buf));
    return RT_OK;
}

static rt_status set_string(rt__pg_params *p, size_t i, Oid type, rt_str text)
{
    // A binary text has its length, so that a NUL is refused and not an end.
    if (is_text(type) && type != T_CHAR) {
        set_text(p, i, text);
        p->formats[i] = 1;
        return RT_OK;
    }
    if (text.len && memchr(text.data, 0, text.len))
        return RT_E_TYPE;
    set_text(p, i, text);
    return RT_OK;
}

static rt_status set_value(rt__pg_params *p, size_t i, Oid type, rt_value v)
{
    if ((type == T_JSON || type == T_JSONB) && v.kind != RT_NONE &&
        v.kind != RT_UNDEFINED)
        return set_json(p, i, type, v);
    switch (v.kind) {
    case RT_NONE:
    case RT_UNDEFINED:
        p->values[i] = NULL;
        p->lengths[i] = 0;
        p->formats[i] = 1;
        return RT_OK;
    case RT_BOOL:
        if (type != T_BOOL)
            return bytes_of(type) && type != T_FLOAT4 && type != T_FLOAT8
                       ? set_integer(p, i, type, v.as.boolean)
                       : set_other(p, i, v);
        set_uint(p, i, v.as.boolean, 1);
        return RT_OK;
    case RT_INT:
        if (type == T_FLOAT8)
            return set_float(p, i, type, (double)v.as.integer);
        if (type == T_INT2 || type == T_INT4 || type == T_INT8 || type == T_OID)
            return set_integer(p, i, type, v.as.integer);
        return set_other(p, i, v);
    case RT_FLOAT: return set_float(p, i, type, v.as.number);
    case RT_STRING:
    case RT_SAFE: return set_string(p, i, type, rt_value_as_str(v));
    case RT_BYTES:
        if (type != T_BYTEA)
            return set_string(p, i, type, rt_value_as_str(v));
        set_text(p, i, rt_value_as_str(v));
        p->formats[i] = 1;
        return RT_OK;
    case RT_DATE:
        if (type != T_TIMESTAMP && type != T_TIMESTAMPTZ)
            return set_other(p, i, v);
        set_uint(p, i, (uint64_t)v.as.date_us - (uint64_t)EPOCH_US, 8);
        return RT_OK;
    case RT_UUID:
        if (type != T_UUID)
            return set_other(p, i, v);
        set_text(p, i, (rt_str){(const char *)v.as.uuid, 16});
        p->formats[i] = 1;
        return RT_OK;
    case RT_LIST:
    case RT_TUPLE:
    case RT_DICT: return set_collection(p, i, type, v);
    default: return set_other(p, i, v);
    }
}

static void make_room(rt__pg_params *p, size_t n)
{
    if (p->arena)
        rt_arena_reset(p->arena);
    else
        p->arena = rt_arena_new();
    p->n = n;
    if (n <= p->cap)
        return;
    p->cap = n < 8 ? 8 : n;
    p->values = realloc(p->values, p->cap * sizeof *p->values);
    p->lengths = realloc(p->lengths, p->cap * sizeof *p->lengths);
    p->formats = realloc(p->formats, p->cap * sizeof *p->formats);
    if (!p->values || !p->lengths || !p->formats)
        abort();
}

rt_status rt__pg_encode(rt__pg_params *params, const Oid *types,
                        const rt_value *values, size_t n, size_t *at)
{
    make_room(params, n);
    for (*at = 0; *at < n; ++*at) {
        rt_status status = set_value(params, *at, types[*at], values[*at]);
        if (status)
            return status;
    }
    return RT_OK;
}

void rt__pg_params_free(rt__pg_params *params)
{
    free(params->values);
    free(params->lengths);
    free(params->formats);
    if (params->arena)
        rt_arena_delete(params->arena);
    *params = (rt__pg_params){0};
}
