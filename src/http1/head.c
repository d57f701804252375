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

#include "http1/field_line.h"
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

// Everything but the limits.
static void begin(rt_http1_reader *reader)
{
    reader->status = 0;
    reader->reason = NULL;
    reader->trailers = (rt_headers){NULL, 0, 0};
    reader->is_head = false;
    reader->body_limit = reader->limits.body_bytes;
    reader->left = 0;
    reader->body_bytes = 0;
    reader->extension_bytes = 0;
    reader->scanned = 0;
    reader->trailer_bytes = 0;
    reader->line_bytes = 0;
    reader->state = STATE_HEAD;
    reader->progress = PROGRESS_NONE;
}

void rt_http1_reader_init(rt_http1_reader *reader,
                          const rt_http1_limits *limits)
{
    reader->limits = limits_or_defaults(limits);
    begin(reader);
}

void rt_http1_reader_next(rt_http1_reader *reader)
{
    assert(reader->state == STATE_DONE);
    begin(reader);
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

// True when the engine may have to take notice of a field of that name: by its
// first letter and its length, which most of what browsers send does not share
// with ours.
static bool may_concern(rt_str name)
{
    static const uint32_t lengths[32] = {
        ['c' & 31] = 1u << 10 | 1u << 14, // Connection, Content-Length
        ['e' & 31] = 1u << 6,             // Expect
        ['h' & 31] = 1u << 4,             // Host
        ['t' & 31] = 1u << 17,            // Transfer-Encoding
        ['u' & 31] = 1u << 7,             // Upgrade
    };
    return lengths[name.data[0] & 31] >> (name.len & 31) & 1;
}

// The end of the room there is for fields.
static rt_header *room_end_of(const rt_headers *list, size_t limit)
{
    return list->items + (list->cap < limit ? list->cap : limit);
}

static rt__http1_step read_fields(rt_http1_reader *reader, const char **at,
                                  const char *end, rt_arena *arena,
                                  rt_http1_head *head)
{
    rt__http1_fields fields = {0};
    rt_headers *list = &head->headers;
    rt_header *field = rt_arena_alloc(arena, HEADERS_EXPECTED * sizeof *field);
    size_t limit = reader->limits.headers;
    const char *line = *at;
    rt__odd_bytes odd = rt__odd_bytes_of(line, end);
    rt__http1_step step;

    *list = (rt_headers){field, 0, HEADERS_EXPECTED};
    rt_header *room_end = room_end_of(list, limit);
    while (line < end && *line != '\r') {
        if (RT_UNLIKELY(field == room_end)) {
            list->len = (size_t)(field - list->items);
            if (list->len == limit)
                return rt__http1_fail(reader, 431, "too many headers");
            rt_headers_reserve(list, arena, 1);
            field = list->items + list->len;
            room_end = room_end_of(list, limit);
        }
        step = rt__http1_field_line(reader, &line, &odd, field);
        if (RT_UNLIKELY(step == STEP_MORE) &&
            memchr(line, ':', (size_t)(end - line)))
            reader->progress = PROGRESS_VALUE;
        if (!step && may_concern(field->name))
            step = rt__http1_note_field(reader, &fields, head, field, end);
        if (RT_UNLIKELY(step))
            return step;
        field++;
    }
    if (line == end)
        return STEP_MORE;
    list->len = (size_t)(field - list->items);
    step = rt__http1_line_end(reader, &line, end);
    *at = line;
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
    if (reader->progress == PROGRESS_NAME)
        return rt__scan_token(last, end) == end;
    return rt__scan_class(last, end, RT__HTTP1_VALUE) == end;
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
