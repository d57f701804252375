// The head of a request, read in one pass from its first byte.
//
// Nearly every head arrives whole, so nothing is kept between calls: a head
// that was incomplete is read again from its start when more has arrived. To
// keep a client that sends byte by byte from costing the square of its head,
// new bytes behind the request line are looked at first: as long as they only
// lengthen a name or a value, the answer is the same as before. So a head is
// read again some three times per line.
//
// The limit of the whole head works by shortening the input: when so many
// bytes hold no complete head, the head is too large.
#include <assert.h>

#include "http1/parse.h"
#include "http1/scan.h"
#include "retort/http1/reader.h"

#define HEADERS_EXPECTED 16u // room at first; a browser sends about 14

static rt_http1_limits limits_or_defaults(const rt_http1_limits *given)
{
    rt_http1_limits limits = given ? *given : (rt_http1_limits){0};

    if (!limits.head_bytes)
        limits.head_bytes = RT_HTTP1_HEAD_BYTES;
    if (!limits.target_bytes)
        limits.target_bytes = RT_HTTP1_TARGET_BYTES;
    if (!limits.headers)
        limits.headers = RT_HTTP1_HEADERS;
    if (!limits.trailer_bytes)
        limits.trailer_bytes = RT_HTTP1_TRAILER_BYTES;
    if (!limits.body_bytes)
        limits.body_bytes = RT_HTTP1_BODY_BYTES;
    return limits;
}

void rt_http1_reader_init(rt_http1_reader *reader,
                          const rt_http1_limits *limits)
{
    *reader = (rt_http1_reader){.limits = limits_or_defaults(limits)};
    reader->body_limit = reader->limits.body_bytes;
}

void rt_http1_reader_next(rt_http1_reader *reader)
{
    assert(reader->state == STATE_DONE);

    *reader = (rt_http1_reader){.limits = reader->limits};
    reader->body_limit = reader->limits.body_bytes;
}

bool rt_http1_is_idle(const rt_http1_reader *reader)
{
    return reader->state == STATE_HEAD && reader->progress == PROGRESS_NONE;
}

// RFC 9112 2.2: empty lines before a request are skipped, as some clients send
// one behind a body.
static rt__http1_step skip_empty_lines(rt_http1_reader *reader, const char **at,
                                       const char *end)
{
    for (unsigned lines = 0; *at < end && **at == '\r'; lines++) {
        rt__http1_step step = rt__http1_line_end(reader, at, end);
        if (step)
            return step;
        if (lines == RT_HTTP1_EMPTY_LINES)
            return rt__http1_fail(reader, 400, "too many empty lines");
    }
    return *at == end ? STEP_MORE : STEP_OK;
}

static rt__http1_step read_field(rt_http1_reader *reader, const char **at,
                                 const char *end, rt__http1_fields *fields,
                                 rt_header *out, size_t index)
{
    if (index == reader->limits.headers)
        return rt__http1_fail(reader, 431, "too many headers");

    rt__http1_step step = rt__http1_field_line(reader, at, end, out);
    if (RT_LIKELY(step == STEP_OK))
        return rt__http1_note_field(reader, fields, out, index);
    if (step == STEP_MORE && memchr(*at, ':', (size_t)(end - *at)))
        reader->progress = PROGRESS_VALUE;
    return step;
}

static rt__http1_step read_fields(rt_http1_reader *reader, const char **at,
                                  const char *end, rt_arena *arena,
                                  rt_http1_head *head)
{
    rt__http1_fields fields = {0};
    rt__http1_step step = STEP_OK;

    while (*at < end && **at != '\r') {
        rt_header field;

        step = read_field(reader, at, end, &fields, &field, head->headers.len);
        if (step)
            return step;
        rt_headers_push(&head->headers, arena, field.name, field.value);
    }
    if (*at == end)
        return STEP_MORE;
    step = rt__http1_line_end(reader, at, end);
    return step ? step : rt__http1_conclude(reader, &fields, head);
}

static rt__http1_step read_head(rt_http1_reader *reader, const char **at,
                                const char *end, rt_arena *arena,
                                rt_http1_head *head)
{
    rt__http1_step step = skip_empty_lines(reader, at, end);
    if (step)
        return step;

    reader->progress = PROGRESS_LINE;
    step = rt__http1_request_line(reader, at, end, head);
    if (step)
        return step;

    reader->progress = PROGRESS_NAME;
    head->headers = (rt_headers){
        .items = rt_arena_alloc(arena, HEADERS_EXPECTED * sizeof(rt_header)),
        .cap = HEADERS_EXPECTED,
    };
    return read_fields(reader, at, end, arena, head);
}

// True when the bytes since the last call cannot change its answer. The last
// byte seen then is looked at again, as it may be the CR of a CR LF.
static bool nothing_new(const rt_http1_reader *reader, const char *data,
                        size_t len)
{
    if (reader->progress < PROGRESS_NAME || len >= reader->limits.head_bytes)
        return false;
    assert(reader->scanned > 0 && reader->scanned <= len);

    const char *last = data + reader->scanned - 1;
    const char *end = data + len;
    return reader->progress == PROGRESS_NAME ? rt__scan_token(last, end) == end
                                             : rt__scan_value(last, end) == end;
}

static rt_http1_event head_is_complete(rt_http1_reader *reader,
                                       const rt_http1_head *head)
{
    switch (head->framing) {
    case RT_HTTP1_CHUNKED: reader->state = STATE_CHUNK_FIRST; break;
    case RT_HTTP1_LENGTH:
        reader->state = STATE_LENGTH;
        reader->left = reader->body_bytes = head->content_length;
        break;
    default: reader->state = STATE_DONE; break;
    }
    return RT_HTTP1_HEAD;
}

rt_http1_event rt_http1_read_head(rt_http1_reader *reader, const char *data,
                                  size_t len, rt_arena *arena,
                                  rt_http1_head *out)
{
    if (reader->state == STATE_ERROR)
        return RT_HTTP1_ERROR;
    assert(reader->state == STATE_HEAD);
    if (nothing_new(reader, data, len)) {
        reader->scanned = len;
        return RT_HTTP1_NEED_MORE;
    }

    size_t limit = reader->limits.head_bytes;
    rt_arena_mark mark = rt_arena_save(arena);
    const char *at = data;
    rt__http1_step step =
        read_head(reader, &at, data + (len < limit ? len : limit), arena, out);
    if (RT_LIKELY(step == STEP_OK)) {
        out->head_bytes = (size_t)(at - data);
        return head_is_complete(reader, out);
    }

    rt_arena_rewind(arena, mark);
    if (step == STEP_MORE && len < limit) {
        reader->scanned = len;
        return RT_HTTP1_NEED_MORE;
    }
    if (step == STEP_MORE) {
        int status = reader->progress >= PROGRESS_NAME ? 431 : 414;
        (void)rt__http1_fail(reader, status, "the head is too large");
    }
    return RT_HTTP1_ERROR;
}
