#include "retort/http/range.h"

#include <stdlib.h>

#include <retort/base/vec.h>

// ---- numbers -----------------------------------------------------------------

// Read an integer with white space around it and a minus sign before it, as
// Werkzeug does. What is beyond 64 bits is as large as that gets.
static bool read_int(rt_str text, int64_t *out)
{
    rt_str s = rt_str_trim(text), digits = s;
    bool negative = rt_str_skip(&digits, RT_STR("-"));

    if (digits.len == 0)
        return false;
    for (size_t i = 0; i < digits.len; i++) {
        if (!rt_is_digit(digits.data[i]))
            return false;
    }
    if (!rt_str_parse_int(s, out) || *out == INT64_MIN || *out == INT64_MAX)
        *out = negative ? -(INT64_MAX - 1) : INT64_MAX - 1;
    return true;
}

// ---- Range -------------------------------------------------------------------

// Read "0-99", "200-" or "-50".
static bool read_item(rt_str text, rt_range_item *out)
{
    rt_str rest = rt_str_trim(text);

    out->end = -1;
    out->is_suffix = rt_str_starts_with(rest, RT_STR("-"));
    if (out->is_suffix)
        return read_int(rest, &out->start);
    rt_str first = rt_str_cut(&rest, '-');
    if (!rest.data || !read_int(first, &out->start))
        return false;
    rest = rt_str_trim(rest);
    if (rest.len == 0)
        return true;
    if (!read_int(rest, &out->end))
        return false;
    out->end++;
    return out->start < out->end;
}

rt_status rt_range_parse(rt_arena *arena, rt_str header, rt_range *out)
{
    RT_VEC(rt_range_item) items = {0};
    rt_str rest = header;
    rt_str unit = rt_str_cut(&rest, '=');
    int64_t last_end = 0; // -1: nothing may follow in order
    bool ordered = true;

    if (!rest.data)
        return RT_E_SYNTAX;
    while (rest.data) {
        rt_range_item item;
        if (items.len == RT_RANGES_MAX)
            return RT_E_LIMIT;
        if (!read_item(rt_str_cut(&rest, ','), &item))
            return RT_E_SYNTAX;
        ordered = ordered && last_end >= 0 &&
                  (item.is_suffix || item.start >= last_end);
        last_end = item.end;
        *rt_vec_push(arena, &items) = item;
    }
    *out = (rt_range){.unit = rt_str_lower(arena, rt_str_trim(unit)),
                      .items = items.items,
                      .len = items.len,
                      .is_ordered = ordered};
    return RT_OK;
}

rt_str rt_range_dump(rt_arena *arena, const rt_range *range)
{
    rt_buf buf;

    rt_buf_init(&buf, arena);
    rt_buf_put(&buf, range->unit);
    rt_buf_put_char(&buf, '=');
    for (size_t i = 0; i < range->len; i++) {
        const rt_range_item *item = &range->items[i];
        if (i > 0)
            rt_buf_put_char(&buf, ',');
        if (item->is_suffix && item->start == 0)
            rt_buf_put_char(&buf, '-');
        rt_buf_put_int(&buf, item->start);
        if (!item->is_suffix)
            rt_buf_put_char(&buf, '-');
        if (item->end >= 0)
            rt_buf_put_int(&buf, item->end - 1);
    }
    return rt_buf_str(&buf);
}

// ---- spans -------------------------------------------------------------------

// The part of the body an item means; false when it is outside.
static bool resolve_item(const rt_range_item *item, int64_t length,
                         rt_span *out)
{
    out->start = item->start;
    out->end = item->end >= 0 && item->end < length ? item->end : length;
    if (item->is_suffix) // RFC 9110 14.1.2: longer than the body is all of it
        out->start = item->start < -length ? 0 : item->start + length;
    return out->start < out->end;
}

static int compare_spans(const void *a, const void *b)
{
    int64_t x = ((const rt_span *)a)->start, y = ((const rt_span *)b)->start;
    return (x > y) - (x < y);
}

static bool any_overlap(const rt_span *spans, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = i + 1; k < n; k++) {
            if (spans[i].start < spans[k].end && spans[k].start < spans[i].end)
                return true;
        }
    }
    return false;
}

// Sort the spans and join those that touch.
static size_t join_spans(rt_span *spans, size_t n)
{
    size_t kept = 0;

    qsort(spans, n, sizeof *spans, compare_spans);
    for (size_t i = 1; i < n; i++) {
        if (spans[i].start > spans[kept].end) {
            spans[++kept] = spans[i];
        } else if (spans[i].end > spans[kept].end) {
            spans[kept].end = spans[i].end;
        }
    }
    return kept + 1;
}

rt_status rt_range_resolve(const rt_range *range, int64_t length,
                           rt_span spans[RT_RANGES_MAX], size_t *n)
{
    size_t count = 0;

    if (!rt_str_eq(range->unit, RT_STR("bytes")))
        return RT_E_UNSUPPORTED;
    for (size_t i = 0; i < range->len && count < RT_RANGES_MAX; i++)
        count += resolve_item(&range->items[i], length, &spans[count]);
    if (count == 0)
        return RT_E_RANGE;
    *n = any_overlap(spans, count) ? join_spans(spans, count) : count;
    return RT_OK;
}

// ---- Content-Range -----------------------------------------------------------

static bool is_valid(const rt_content_range *range)
{
    if (range->length < -1)
        return false;
    if (range->span.start < 0)
        return true;
    return range->span.start < range->span.end &&
           (range->length == -1 || range->span.start < range->length);
}

rt_status rt_content_range_parse(rt_str header, rt_content_range *out)
{
    rt_str rest = rt_str_trim(header);
    rt_content_range range = {.unit = rt_str_cut(&rest, ' '),
                              .span = {-1, -1},
                              .length = -1};
    rt_str span = rt_str_cut(&rest, '/');

    if (!rest.data)
        return RT_E_SYNTAX;
    if (!rt_str_eq(rest, RT_STR("*")) &&
        (!read_int(rest, &range.length) || range.length < 0))
        return RT_E_SYNTAX;
    if (!rt_str_eq(span, RT_STR("*"))) {
        rt_str first = rt_str_cut(&span, '-');
        if (!span.data || !read_int(first, &range.span.start) ||
            !read_int(span, &range.span.end) || range.span.start < 0)
            return RT_E_SYNTAX;
        range.span.end++;
    }
    if (!is_valid(&range))
        return RT_E_SYNTAX;
    *out = range;
    return RT_OK;
}

rt_str rt_content_range_dump(rt_arena *arena, const rt_content_range *range)
{
    rt_buf buf;

    rt_buf_init(&buf, arena);
    rt_buf_put(&buf, range->unit);
    rt_buf_put_char(&buf, ' ');
    if (range->span.start < 0) {
        rt_buf_put_char(&buf, '*');
    } else {
        rt_buf_put_int(&buf, range->span.start);
        rt_buf_put_char(&buf, '-');
        rt_buf_put_int(&buf, range->span.end - 1);
    }
    rt_buf_put_char(&buf, '/');
    if (range->length < 0) {
        rt_buf_put_char(&buf, '*');
    } else {
        rt_buf_put_int(&buf, range->length);
    }
    return rt_buf_str(&buf);
}

// ---- multipart/byteranges ----------------------------------------------------

rt_str rt_byteranges_head(rt_arena *arena, rt_str boundary, rt_str type,
                          rt_span span, int64_t length)
{
    rt_content_range range = {RT_STR("bytes"), span, length};
    rt_buf buf;

    rt_buf_init(&buf, arena);
    rt_buf_put_cstr(&buf, "\r\n--");
    rt_buf_put(&buf, boundary);
    if (type.len > 0) {
        rt_buf_put_cstr(&buf, "\r\nContent-Type: ");
        rt_buf_put(&buf, type);
    }
    rt_buf_put_cstr(&buf, "\r\nContent-Range: ");
    rt_buf_put(&buf, rt_content_range_dump(arena, &range));
    rt_buf_put_cstr(&buf, "\r\n\r\n");
    return rt_buf_str(&buf);
}

rt_str rt_byteranges_tail(rt_arena *arena, rt_str boundary)
{
    rt_buf buf;

    rt_buf_init(&buf, arena);
    rt_buf_put_cstr(&buf, "\r\n--");
    rt_buf_put(&buf, boundary);
    rt_buf_put_cstr(&buf, "--\r\n");
    return rt_buf_str(&buf);
}
