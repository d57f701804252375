// The verdict: what was received, in the words of the expectation.
#include <retort/http/field.h>

#include "raw_parts.h"

// What a response is made of, and what is wrong with it.
typedef struct response {
    int status;
    rt_str body;
    bool close; // announced
    bool until_close;
    const char *fault; // NULL: none
} response;

typedef struct fields {
    int lengths;
    int codings;
    int dates;
    int64_t length;
} fields;

static const char *note_line(fields *f, response *r, rt_str line)
{
    rt_str value = line;
    rt_str name = rt_str_cut(&value, ':');
    if (!value.data || !rt_is_token(name) ||
        !rt_is_field_value(rt_str_trim_ows(value)))
        return "a malformed line";
    value = rt_str_trim_ows(value);
    if (rt_str_eq_nocase(name, RT_STR("Content-Length"))) {
        f->lengths++;
        if (!rt_str_parse_int(value, &f->length) || f->length < 0)
            return "a malformed length";
    } else if (rt_str_eq_nocase(name, RT_STR("Transfer-Encoding"))) {
        f->codings++;
        if (!rt_str_eq(value, RT_STR("chunked")))
            return "an odd coding";
    } else if (rt_str_eq_nocase(name, RT_STR("Date"))) {
        f->dates++;
        if (value.len != 29 || !rt_str_ends_with(value, RT_STR(" GMT")))
            return "a malformed date";
    } else if (rt_str_eq_nocase(name, RT_STR("Connection"))) {
        r->close = rt_field_list_has(value, RT_STR("close"));
    }
    return NULL;
}

static const char *note_status_line(response *r, rt_str line)
{
    if (!rt_str_skip(&line, RT_STR("HTTP/1.1 ")) || line.len < 4 ||
        line.data[3] != ' ')
        return "a malformed status line";
    for (int i = 0; i < 3; i++) {
        if (!rt_is_digit(line.data[i]))
            return "a malformed status";
        r->status = r->status * 10 + (line.data[i] - '0');
    }
    return NULL;
}

// RFC 9112 6: which of the fields may stand together, and with which status.
static const char *contradiction(const fields *f, const response *r)
{
    if (f->lengths + f->codings > 1)
        return "more than one framing";
    if ((r->status < 200 || r->status == 204) && f->lengths + f->codings)
        return "a framing without a body";
    if (r->status >= 200 && f->dates != 1)
        return "not one Date";
    return NULL;
}

static const char *take_chunks(rt_str *rest, rt_str *body)
{
    rt_buf out;
    rt_buf_init(&out, raw_memory());
    for (;;) {
        size_t size = 0, end = rt_str_find(*rest, RT_STR("\r\n"));
        if (end == RT_STR_NONE || end == 0)
            return "a chunk without size";
        for (size_t i = 0; i < end; i++) {
            if (rt_hex_value(rest->data[i]) < 0)
                return "a malformed size";
            size = size * 16 + (size_t)rt_hex_value(rest->data[i]);
        }
        rt_str_take(rest, end + 2);
        if (rest->len < size + 2)
            return "a cut chunk";
        rt_buf_put(&out, rt_str_take(rest, size));
        if (!rt_str_skip(rest, RT_STR("\r\n")))
            return "a chunk without end";
        if (size == 0)
            break;
    }
    *body = rt_buf_str(&out);
    return NULL;
}

static const char *take_body(rt_str *rest, const fields *f, response *r)
{
    if (f->codings)
        return take_chunks(rest, &r->body);
    if (!f->lengths) {
        r->until_close = true;
        r->body = rt_str_take(rest, rest->len);
        return NULL;
    }
    if (rest->len < (size_t)f->length)
        return "a cut body";
    r->body = rt_str_take(rest, (size_t)f->length);
    return NULL;
}

// Take the next response off the front of what was received.
static response take_response(rt_str *rest, bool bodiless)
{
    response r = {0};
    fields f = {0};
    size_t end = rt_str_find(*rest, RT_STR("\r\n\r\n"));
    if (end == RT_STR_NONE) {
        r.fault = "no head";
        return r;
    }
    rt_str head = rt_str_take(rest, end + 2);
    rt_str_take(rest, 2);
    for (bool first = true; head.len && !r.fault; first = false) {
        rt_str line = rt_str_take(&head, rt_str_find(head, RT_STR("\r\n")));
        rt_str_take(&head, 2);
        r.fault = first ? note_status_line(&r, line) : note_line(&f, &r, line);
    }
    if (!r.fault)
        r.fault = contradiction(&f, &r);
    if (!bodiless && r.status >= 200 && r.status != 204 && r.status != 304 &&
        !r.fault)
        r.fault = take_body(rest, &f, &r);
    return r;
}

// ---- the verdict --------------------------------------------------------------

static void put_body(rt_buf *out, rt_str body)
{
    for (size_t i = 0; i < body.len && i < 200; i++) {
        char c = body.data[i];
        rt_buf_put_char(out, c == ' ' ? '_' : c);
    }
}

// Describe a response in the words of the expectation.
static void put_response(rt_buf *out, const response *r, rt_str expected)
{
    if (out->len)
        rt_buf_put_char(out, ' ');
    rt_buf_put_int(out, r->status);
    if (rt_str_find_char(expected, '=') != RT_STR_NONE) {
        rt_buf_put_char(out, '=');
        put_body(out, r->body);
    } else if (rt_str_find_char(expected, '#') != RT_STR_NONE) {
        rt_buf_put_char(out, '#');
        rt_buf_put_uint(out, r->body.len);
    } else if (rt_str_ends_with(expected, RT_STR("-"))) {
        rt_buf_put_char(out, '-');
    }
    if (r->fault)
        rt_buf_printf(out, "(%s)", r->fault);
}

static rt_str how_it_ended(const raw_script *script, const response *last,
                           raw_ending end)
{
    if (end.open)
        return RT_STR(" open");
    if (end.reset)
        return RT_STR(" reset");
    if (rt_str_eq(last->body, RT_STR("probe")))
        return RT_STR(" keep");
    if (script->half || last->close)
        return RT_STR(" close");
    return RT_STR(" cut");
}

rt_str raw_describe(const raw_script *script, rt_str received, raw_ending end)
{
    rt_str expected = rt_str_from(script->row->expect);
    rt_buf out;
    response last = {0};
    rt_buf_init(&out, raw_memory());
    while (received.len && !last.fault) {
        rt_str word = rt_str_cut(&expected, ' ');
        bool was_last = last.until_close || last.close;
        last = take_response(&received, rt_str_ends_with(word, RT_STR("-")));
        if (was_last && !last.fault)
            last.fault = "a response behind the last one";
        if (!rt_str_eq(last.body, RT_STR("probe")) || received.len ||
            last.fault)
            put_response(&out, &last, word);
    }
    if (end.disturbed)
        rt_buf_put(&out, RT_STR(" (answered too early)"));
    rt_buf_put(&out, how_it_ended(script, &last, end));
    rt_str text = rt_buf_str(&out);
    (void)rt_str_skip(&text, RT_STR(" "));
    return text;
}
