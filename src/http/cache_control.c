#include "retort/http/cache_control.h"

#include <stddef.h>

#include <retort/base/buf.h>
#include <retort/base/utf8.h>
#include <retort/http/field.h>
#include <retort/http/header_value.h>

// The directives as rows, so that reading and writing are loops.
typedef enum directive_type {
    FLAG,
    NUMBER,
    LIST
} directive_type;

typedef struct directive {
    const char *name;
    directive_type type;
    size_t offset;
    size_t headers_offset; // LIST
} directive;

#define HEADERS_FLAG(field)   0
#define HEADERS_NUMBER(field) 0
#define HEADERS_LIST(field)   offsetof(rt_cache_directives, field##_headers)
#define ROW(type, field, name) \
    {name, type, offsetof(rt_cache_directives, field), HEADERS_##type(field)},

static const directive rows[] = {RT_CACHE_DIRECTIVES(ROW)};

static void *field_at(rt_cache_directives *out, size_t offset)
{
    return (char *)out + offset;
}

static const void *const_field_at(const rt_cache_directives *in, size_t offset)
{
    return (const char *)in + offset;
}

// ---- reading -----------------------------------------------------------------

// Too large a number is as large as any cache can count.
static rt_seconds read_seconds(rt_str text)
{
    rt_str s = rt_str_trim(text);
    rt_seconds out = {0};

    if (!text.data)
        return out;
    out.is_set = rt_str_parse_int(s, &out.count);
    bool digits = s.len > 0;
    for (size_t i = 0; i < s.len; i++)
        digits = digits && rt_is_digit(s.data[i]);
    if (!out.is_set && digits)
        out = RT_SECONDS(INT64_MAX);
    return out;
}

static void read_directive(const directive *row, rt_str value,
                           rt_cache_directives *out)
{
    switch (row->type) {
    case FLAG: *(bool *)field_at(out, row->offset) = true; break;
    case LIST:
        *(bool *)field_at(out, row->offset) = true;
        *(rt_str *)field_at(out, row->headers_offset) = value;
        break;
    case NUMBER:
        *(rt_seconds *)field_at(out, row->offset) = read_seconds(value);
        break;
    }
}

static const directive *find_row(rt_str name)
{
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        if (rt_str_eq_nocase(rt_str_from(rows[i].name), name))
            return &rows[i];
    }
    return NULL;
}

rt_cache_directives rt_cache_control_parse(rt_arena *arena, rt_str header)
{
    rt_params dict = rt_header_dict_parse(arena, rt_utf8_repair(arena, header));
    rt_cache_directives out = {0};

    for (size_t i = 0; i < dict.len; i++) {
        const directive *row = find_row(dict.items[i].name);
        if (row) {
            read_directive(row, dict.items[i].value, &out);
            if (row->offset == offsetof(rt_cache_directives, max_stale) &&
                !dict.items[i].value.data)
                out.max_stale = RT_SECONDS(RT_SECONDS_ANY);
        } else {
            rt_params_add(&out.others, arena, dict.items[i].name, RT_STR(""));
            out.others.items[out.others.len - 1].value = dict.items[i].value;
        }
    }
    return out;
}

// ---- writing -----------------------------------------------------------------

static bool is_there(const directive *row, const rt_cache_directives *in)
{
    if (row->type == NUMBER)
        return ((const rt_seconds *)const_field_at(in, row->offset))->is_set;
    return *(const bool *)const_field_at(in, row->offset);
}

static void put_value(rt_buf *buf, const directive *row,
                      const rt_cache_directives *in)
{
    if (row->type == NUMBER) {
        int64_t count =
            ((const rt_seconds *)const_field_at(in, row->offset))->count;
        if (count == RT_SECONDS_ANY &&
            row->offset == offsetof(rt_cache_directives, max_stale))
            return;
        rt_buf_put_char(buf, '=');
        rt_buf_put_int(buf, count);
    } else if (row->type == LIST) {
        const rt_str *headers = const_field_at(in, row->headers_offset);
        if (!headers->data)
            return;
        rt_buf_put_char(buf, '=');
        rt_header_put_value(buf, *headers);
    }
}

rt_status rt_cache_control_dump(rt_arena *arena,
                                const rt_cache_directives *directives,
                                rt_str *out)
{
    rt_buf buf;

    rt_buf_init(&buf, arena);
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        if (!is_there(&rows[i], directives))
            continue;
        rt_buf_put_cstr(&buf, buf.len > 0 ? ", " : "");
        rt_buf_put_cstr(&buf, rows[i].name);
        put_value(&buf, &rows[i], directives);
    }
    if (directives->others.len > 0 && buf.len > 0)
        rt_buf_put_cstr(&buf, ", ");
    rt_header_put_dict(&buf, &directives->others);
    rt_str text = rt_buf_str(&buf);
    if (!rt_is_field_value(text))
        return RT_E_SYNTAX;
    *out = text.data ? text : RT_STR("");
    return RT_OK;
}
