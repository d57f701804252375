// Conditional answers: 304, 412, and parts of a body.
#include "app/conditional.h"

#include <unistd.h>

#include <retort/app/caching.h>
#include <retort/base/time.h>
#include <retort/crypto/random.h>
#include <retort/http/date.h>
#include <retort/http/range.h>

#include "app/app.h"
#include "app/failure.h"

static rt_validators validators_of(const rt_response *response, int64_t now_us)
{
    const rt_headers *headers = &response->headers;
    rt_str modified = rt_headers_get(headers, RT_STR("Last-Modified"));
    rt_validators out = {
        .etag = rt_etag_parse(rt_headers_get(headers, RT_STR("ETag")))};
    out.has_modified =
        modified.data &&
        rt_http_date_parse(modified, now_us, &out.modified_us) == RT_OK;
    return out;
}

// RFC 9110 15.4.5: what describes a body does not go with a 304. Expires and
// Content-Location do.
void rt__make_not_modified(rt_response *response)
{
    static const char *const entity[] = {
        "Allow",       "Content-Encoding", "Content-Language", "Content-Length",
        "Content-MD5", "Content-Range",    "Content-Type",     "Last-Modified",
    };

    response->status = 304;
    for (size_t i = 0; i < RT_COUNT(entity); i++)
        rt_headers_del(&response->headers, rt_str_from(entity[i]));
    if (response->body_kind == RT_BODY_PRODUCER) {
        response->body_kind = RT_BODY_BYTES;
        response->bytes = RT_STR("");
    }
}

// ---- parts -------------------------------------------------------------------

static int64_t length_of(const rt_response *response)
{
    switch (response->body_kind) {
    case RT_BODY_BYTES: return (int64_t)response->bytes.len;
    case RT_BODY_FILE: return response->body_length;
    default: return 0;
    }
}

static void set_header(rt_response *response, const char *name, rt_str value)
{
    (void)!rt_headers_set(&response->headers, response->request->arena,
                          rt_str_from(name), value);
}

// A part was asked for that is not there.
RT_NORETURN static void refuse_range(rt_response *response, int64_t length)
{
    rt_request *req = response->request;
    rt_content_range none = {RT_STR("bytes"), {-1, -1}, length};
    rt_http_error error = {.status = 416};

    if (response->fd >= 0)
        close(response->fd); // nobody will send it
    response->fd = -1;
    rt_headers_push(&error.headers, req->arena, RT_STR("Content-Range"),
                    rt_content_range_dump(req->arena, &none));
    rt__context_leave(rt__context_of(req), error, NULL);
}

static void make_part(rt_response *response, rt_span span, int64_t length)
{
    rt_content_range range = {RT_STR("bytes"), span, length};

    set_header(response, "Content-Range",
               rt_content_range_dump(response->request->arena, &range));
    if (response->body_kind == RT_BODY_BYTES) {
        response->bytes = rt_str_slice(response->bytes, (size_t)span.start,
                                       (size_t)(span.end - span.start));
    } else {
        response->file_offset += span.start;
        response->body_length = span.end - span.start;
    }
}

// Several parts of one body, written one after the other.
typedef struct parts {
    rt_response body; // what it was: bytes or a file
    rt_span *spans;
    rt_str *heads;
    size_t len;
    rt_str tail;
    char *piece; // room to read a file into
} parts;

#define PIECE_BYTES 32768u

static rt_status write_file_part(rt_writer *out, const parts *p, rt_span span)
{
    rt_status st = RT_OK;

    while (!st && span.start < span.end) {
        int64_t left = span.end - span.start;
        size_t want = left < (int64_t)PIECE_BYTES ? (size_t)left : PIECE_BYTES;
        ssize_t got =
            pread(p->body.fd, p->piece, want, p->body.file_offset + span.start);
        if (got <= 0) {
            st = RT_E_IO; // the file has become shorter
        } else {
            st = out->write(out, rt_str_of(p->piece, (size_t)got));
            span.start += got;
        }
    }
    return st;
}

static rt_status write_parts(rt_writer *out, void *arg)
{
    const parts *p = arg;
    rt_status st = RT_OK;

    for (size_t i = 0; i < p->len && !st; i++) {
        rt_span span = p->spans[i];
        st = out->write(out, p->heads[i]);
        if (st)
            break;
        if (p->body.body_kind == RT_BODY_FILE) {
            st = write_file_part(out, p, span);
        } else {
            st = out->write(out, rt_str_slice(p->body.bytes, (size_t)span.start,
                                              (size_t)(span.end - span.start)));
        }
    }
    return st ? st : out->write(out, p->tail);
}

// The descriptor stays with the response, so that the server closes it.
static void make_parts(rt_response *response, const rt_span *spans, size_t n,
                       int64_t length)
{
    rt_arena *arena = response->request->arena;
    rt_str boundary = rt_random_hex(arena, 12);
    rt_str type = rt_headers_get(&response->headers, RT_STR("Content-Type"));
    parts *p = rt_new(arena, parts, 1);

    p->body = *response;
    p->len = n;
    p->spans = rt_arena_copy(arena, spans, n * sizeof *spans);
    p->heads = rt_new(arena, rt_str, n);
    p->tail = rt_byteranges_tail(arena, boundary);
    if (response->body_kind == RT_BODY_FILE)
        p->piece = rt_arena_alloc(arena, PIECE_BYTES);
    response->body_length = (int64_t)p->tail.len;
    for (size_t i = 0; i < n; i++) {
        p->heads[i] =
            rt_byteranges_head(arena, boundary, type, spans[i], length);
        response->body_length +=
            (int64_t)p->heads[i].len + spans[i].end - spans[i].start;
    }
    response->body_kind = RT_BODY_PRODUCER;
    response->produce = write_parts;
    response->produce_arg = p;
    set_header(response, "Content-Type",
               rt_str_concat(arena, RT_STR("multipart/byteranges; boundary="),
                             boundary));
}

static bool is_of_bytes(rt_str header)
{
    rt_str unit = rt_str_trim(rt_str_cut(&header, '='));
    return rt_str_eq_nocase(unit, RT_STR("bytes"));
}

// Send the parts that were asked for. A Range header of another unit, or that
// asks for too much, is as if it were not there; a malformed one may be refused,
// and is, so that the client learns of it (RFC 9110 14.2).
static void answer_range(rt_request *req, rt_response *response,
                         const rt_validators *current, int64_t now_us)
{
    rt_str header = rt_request_header(req, RT_STR("Range"));
    int64_t length = length_of(response);
    rt_span spans[RT_RANGES_MAX];
    rt_range range;
    size_t n;

    if (!header.data || length == 0 || response->status != 200 ||
        !rt_if_range_test(req, current, now_us))
        return;
    rt_status st = rt_range_parse(req->arena, header, &range);
    if (!st)
        st = rt_range_resolve(&range, length, spans, &n);
    if (st == RT_E_RANGE || (st == RT_E_SYNTAX && is_of_bytes(header)))
        refuse_range(response, length);
    if (st)
        return;
    response->status = 206;
    if (n == 1) {
        make_part(response, spans[0], length);
    } else {
        make_parts(response, spans, n, length);
    }
}

// ---- as Werkzeug ---------------------------------------------------------------

// The part Werkzeug would send: of one range alone, which must lie inside.
static bool werkzeug_span(const rt_range *range, int64_t length, rt_span *out)
{
    const rt_range_item *item = range->items;
    if (range->len != 1 || !rt_str_eq(range->unit, RT_STR("bytes")))
        return false;
    out->start = item->start < 0 ? item->start + length : item->start;
    out->end = item->end < 0 || item->end > length ? length : item->end;
    return out->start >= 0 && out->start < out->end;
}

static bool answer_werkzeug_range(rt_request *req, rt_response *response,
                                  const rt_validators *current, int64_t now_us)
{
    rt_str header = rt_request_header(req, RT_STR("Range"));
    int64_t length = length_of(response);
    rt_range range = {0};
    rt_span span;

    if (!header.data || length == 0 ||
        (rt_request_header(req, RT_STR("If-Range")).data &&
         !rt__werkzeug_is_unmodified(req, current, true, now_us)))
        return false;
    if (rt_range_parse(req->arena, header, &range) || !range.is_ordered ||
        !werkzeug_span(&range, length, &span))
        refuse_range(response, length);
    response->status = 206;
    make_part(response, span, length);
    return true;
}

static rt_response *answer_as_werkzeug(rt_request *req, rt_response *response,
                                       bool ranges, int64_t now_us)
{
    rt_validators current = validators_of(response, now_us);
    if (ranges && answer_werkzeug_range(req, response, &current, now_us))
        return response;
    if (!rt__werkzeug_is_unmodified(req, &current, false, now_us))
        return response;
    if (rt__werkzeug_has_if_match(req))
        response->status = 412;
    else
        rt__make_not_modified(response);
    return response;
}

// True when the request has a condition, or asks for parts. Most have neither, and
// then the validators need not be read back from the headers.
static bool has_conditions(const rt_request *req)
{
    for (size_t i = 0; i < req->headers.len; i++) {
        rt_str name = req->headers.items[i].name;
        if (rt_str_eq_nocase(rt_str_slice(name, 0, 3), RT_STR("If-")) ||
            rt_str_eq_nocase(name, RT_STR("Range")))
            return true;
    }
    return false;
}

// ---- the answer ----------------------------------------------------------------

rt_response *rt_response_conditional(rt_request *req, rt_response *response,
                                     const rt_conditional_options *options)
{
    if (req->method != RT_METHOD_GET && req->method != RT_METHOD_HEAD)
        return response;
    if (response->status < 200 || response->status > 299)
        return response;
    if (options->accept_ranges && response->body_kind != RT_BODY_PRODUCER)
        set_header(response, "Accept-Ranges", RT_STR("bytes"));
    if (RT_LIKELY(!has_conditions(req)))
        return response;
    int64_t now_us = rt_time_now();
    if (rt_config_bool(rt_app_of(req), "WERKZEUG_CONDITIONS", false))
        return answer_as_werkzeug(req, response, options->accept_ranges,
                                  now_us);
    rt_validators current = validators_of(response, now_us);
    switch (rt_precondition_test(req, &current, now_us)) {
    case RT_PRECONDITION_NOT_MODIFIED: rt__make_not_modified(response); break;
    case RT_PRECONDITION_FAILED: response->status = 412; break;
    case RT_PRECONDITION_PASSED:
        if (options->accept_ranges)
            answer_range(req, response, &current, now_us);
    }
    return response;
}

void rt_check_preconditions(rt_request *req, const rt_validators *current)
{
    if (rt_precondition_test(req, current, rt_time_now()) ==
        RT_PRECONDITION_FAILED)
        rt_abort(req, 412);
}
