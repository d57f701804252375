// The body of a request: counted, or in chunks (RFC 9112, section 7.1).
//
//     chunked-body = *chunk last-chunk *( field-line CRLF ) CRLF
//     chunk        = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
//     last-chunk   = 1*"0" [ chunk-ext ] CRLF
//
// Framing between the data is read byte by byte through the states of parse.h,
// so any cut is as good as another. Trailers alone are read by the line.
#include <assert.h>

#include <retort/http/field.h>
#include <retort/http1/reader.h>

#include "http1/field_line.h"
#include "http1/parse.h"

void rt_http1_set_body_limit(rt_http1_reader *reader, uint64_t bytes)
{
    reader->body_limit = bytes;
}

bool rt_http1_is_complete(const rt_http1_reader *reader)
{
    return reader->state == STATE_DONE;
}

static rt__http1_step malformed_size(rt_http1_reader *reader)
{
    return rt__http1_fail(reader, 400, "a malformed chunk size");
}

static rt__http1_step malformed_extension(rt_http1_reader *reader)
{
    return rt__http1_fail(reader, 400, "a malformed chunk extension");
}

static rt__http1_step become(rt_http1_reader *reader, uint8_t state)
{
    reader->state = state;
    return STEP_OK;
}

static bool is_white(char c)
{
    return c == ' ' || c == '\t';
}

static rt__http1_step size_digit(rt_http1_reader *reader, char c)
{
    int digit = rt_hex_value(c);

    if (digit < 0)
        return malformed_size(reader);
    // One bit is kept free, as in Content-Length.
    if (reader->left >> 59)
        return rt__http1_fail(reader, 400, "a chunk size beyond all numbers");
    reader->left = reader->left << 4 | (unsigned)digit;
    return become(reader, STATE_CHUNK_SIZE);
}

// Where both the line and a next extension may follow. White space is allowed
// before a ";" alone, so a line does not end in it.
static rt__http1_step extension_or_end(rt_http1_reader *reader, char c)
{
    if (c == '\r' && reader->state != STATE_EXT_SPACE &&
        reader->state != STATE_EXT_EQUALS)
        return become(reader, STATE_CHUNK_LF);
    if (c == ';')
        return become(reader, STATE_EXT_BEGIN);
    if (is_white(c))
        return become(reader, STATE_EXT_SPACE);
    return malformed_extension(reader);
}

// quoted-string = DQUOTE *( qdtext / "\" any of them ) DQUOTE
static rt__http1_step quoted_byte(rt_http1_reader *reader, char c)
{
    if (((unsigned char)c < 0x20 && c != '\t') || c == 0x7f)
        return malformed_extension(reader);
    if (reader->state == STATE_EXT_ESCAPE || (c != '"' && c != '\\'))
        return become(reader, STATE_EXT_QUOTED);
    return become(reader, c == '"' ? STATE_EXT_END : STATE_EXT_ESCAPE);
}

// chunk-ext = *( BWS ";" BWS token [ BWS "=" BWS ( token / quoted-string ) ] )
static rt__http1_step extension_byte(rt_http1_reader *reader, char c)
{
    bool tchar = rt_is_tchar(c);

    switch (reader->state) {
    case STATE_EXT_SPACE: return extension_or_end(reader, c);
    case STATE_EXT_BEGIN:
        if (is_white(c))
            return STEP_OK;
        return tchar ? become(reader, STATE_EXT_NAME)
                     : malformed_extension(reader);
    case STATE_EXT_NAME:
        if (tchar)
            return STEP_OK;
        if (is_white(c))
            return become(reader, STATE_EXT_EQUALS);
        return c == '=' ? become(reader, STATE_EXT_VALUE)
                        : extension_or_end(reader, c);
    case STATE_EXT_EQUALS:
        if (is_white(c))
            return STEP_OK;
        return c == '=' ? become(reader, STATE_EXT_VALUE)
                        : extension_or_end(reader, c);
    case STATE_EXT_VALUE:
        if (is_white(c))
            return STEP_OK;
        if (c == '"')
            return become(reader, STATE_EXT_QUOTED);
        return tchar ? become(reader, STATE_EXT_TOKEN)
                     : malformed_extension(reader);
    case STATE_EXT_TOKEN: return tchar ? STEP_OK : extension_or_end(reader, c);
    case STATE_EXT_END: return extension_or_end(reader, c);
    case STATE_EXT_ESCAPE:
    case STATE_EXT_QUOTED: return quoted_byte(reader, c);
    default: return malformed_extension(reader);
    }
}

// The line of a size is complete.
static rt__http1_step begin_chunk(rt_http1_reader *reader)
{
    reader->line_bytes = 0;
    if (reader->left == 0)
        return become(reader, STATE_TRAILER);
    if (reader->body_bytes > reader->body_limit ||
        reader->left > reader->body_limit - reader->body_bytes)
        return rt__http1_fail(reader, 413, "the body is too long");
    reader->body_bytes += reader->left;
    return become(reader, STATE_CHUNK_DATA);
}

static rt__http1_step expect_byte(rt_http1_reader *reader, char c,
                                  char expected, uint8_t next)
{
    if (c != expected)
        return rt__http1_fail(reader, 400, "a chunk without its end of line");
    return become(reader, next);
}

// One more byte of a line that announces a chunk. Sixteen are granted; what
// goes beyond is read and dropped, so it is limited, in each line and in all
// of them together by the data they come with.
static rt__http1_step count_line_byte(rt_http1_reader *reader)
{
    if (++reader->line_bytes <= 16)
        return STEP_OK;
    reader->extension_bytes++;
    if (reader->line_bytes > RT_HTTP1_CHUNK_LINE_BYTES ||
        reader->extension_bytes > reader->body_bytes + RT_HTTP1_EXTENSION_BYTES)
        return rt__http1_fail(reader, 400, "too long chunk extensions");
    return STEP_OK;
}

// One byte of a line that announces a chunk.
static rt__http1_step chunk_line_byte(rt_http1_reader *reader, char c)
{
    rt__http1_step step = count_line_byte(reader);
    if (step)
        return step;

    switch (reader->state) {
    case STATE_CHUNK_FIRST: reader->left = 0; return size_digit(reader, c);
    case STATE_CHUNK_SIZE:
        if (c == '\r' || c == ';' || is_white(c))
            return extension_or_end(reader, c);
        return size_digit(reader, c);
    case STATE_CHUNK_LF:
        return c == '\n' ? begin_chunk(reader) : malformed_size(reader);
    default: return extension_byte(reader, c);
    }
}

// One byte outside of data and trailers.
static rt__http1_step framing_byte(rt_http1_reader *reader, char c)
{
    switch (reader->state) {
    case STATE_DATA_CR: return expect_byte(reader, c, '\r', STATE_DATA_LF);
    case STATE_DATA_LF: return expect_byte(reader, c, '\n', STATE_CHUNK_FIRST);
    default: return chunk_line_byte(reader, c);
    }
}

// RFC 9110 6.5.1: what has acted before the body came, or frames, routes,
// authenticates or describes it, has no place behind it.
static bool is_forbidden_trailer(rt_str name)
{
    static const char *const names[] = {
        "accept",           "authorization",
        "cache-control",    "connection",
        "content-encoding", "content-length",
        "content-range",    "content-type",
        "cookie",           "expect",
        "forwarded",        "host",
        "keep-alive",       "max-forwards",
        "pragma",           "proxy-authorization",
        "proxy-connection", "range",
        "set-cookie",       "te",
        "trailer",          "transfer-encoding",
        "upgrade",
    };
    static const rt_str prefixes[] = {
        {"if-", 3},
        {"x-forwarded-", 12},
    };

    for (size_t i = 0; i < RT_COUNT(names); i++) {
        if (rt_str_eq_nocase(name, rt_str_from(names[i])))
            return true;
    }
    for (size_t i = 0; i < RT_COUNT(prefixes); i++) {
        if (rt_str_eq_nocase(rt_str_slice(name, 0, prefixes[i].len),
                             prefixes[i]))
            return true;
    }
    return false;
}

static rt__http1_step trailer_line(rt_http1_reader *reader, rt_arena *arena,
                                   const char **at, const char *end)
{
    rt_header field = {0};
    const char *start = *at;

    if (start == end)
        return STEP_MORE;

    rt__http1_step step;
    if (*start == '\r') {
        step = rt__http1_line_end(reader, at, end);
        return step ? step : become(reader, STATE_DONE);
    }
    rt__odd_bytes odd = rt__odd_bytes_of(start, end);
    step = rt__http1_field_line(reader, at, &odd, &field);
    if (step)
        return step;
    reader->trailer_bytes += (uint32_t)(*at - start);
    if (is_forbidden_trailer(field.name))
        return STEP_OK;
    if (reader->trailers.len == reader->limits.headers)
        return rt__http1_fail(reader, 431, "too many trailers");
    rt_headers_push(&reader->trailers, arena, rt_str_copy(arena, field.name),
                    rt_str_copy(arena, field.value));
    return STEP_OK;
}

// Trailers, until they end or the bytes do. The limit shortens the input, as
// with the head.
static rt_http1_event read_trailers(rt_http1_reader *reader, rt_arena *arena,
                                    const char **at, const char *end)
{
    rt__http1_step step = STEP_OK;

    while (step == STEP_OK && reader->state == STATE_TRAILER) {
        size_t limit = reader->limits.trailer_bytes - reader->trailer_bytes;
        bool cut = (size_t)(end - *at) >= limit;

        step = trailer_line(reader, arena, at, cut ? *at + limit : end);
        if (step == STEP_MORE && cut)
            step = rt__http1_fail(reader, 431, "the trailers are too large");
    }
    if (step == STEP_MORE)
        return RT_HTTP1_NEED_MORE;
    return step == STEP_OK ? RT_HTTP1_END : RT_HTTP1_ERROR;
}

// Take what there is of the present chunk, or of the counted body.
static rt_http1_event take_data(rt_http1_reader *reader, const char **at,
                                const char *end, rt_str *piece)
{
    size_t len = (size_t)(end - *at);

    if (len == 0)
        return RT_HTTP1_NEED_MORE;
    if (len > reader->left)
        len = (size_t)reader->left;
    *piece = (rt_str){*at, len};
    *at += len;
    reader->left -= len;
    if (reader->left == 0) {
        reader->state =
            reader->state == STATE_LENGTH ? STATE_DONE : STATE_DATA_CR;
    }
    return RT_HTTP1_DATA;
}

static rt_http1_event read_chunked(rt_http1_reader *reader, rt_arena *arena,
                                   const char **at, const char *end,
                                   rt_str *piece)
{
    while (reader->state != STATE_CHUNK_DATA &&
           reader->state != STATE_TRAILER) {
        if (*at == end)
            return RT_HTTP1_NEED_MORE;
        if (framing_byte(reader, *(*at)++))
            return RT_HTTP1_ERROR;
    }
    if (reader->state == STATE_TRAILER)
        return read_trailers(reader, arena, at, end);
    return take_data(reader, at, end, piece);
}

rt_http1_event rt_http1_read_body(rt_http1_reader *reader, rt_arena *arena,
                                  const char *data, size_t len,
                                  size_t *consumed, rt_str *piece)
{
    const char *at = data;
    rt_http1_event event;

    *piece = (rt_str){0};
    switch (reader->state) {
    case STATE_ERROR: event = RT_HTTP1_ERROR; break;
    case STATE_DONE: event = RT_HTTP1_END; break;
    case STATE_LENGTH:
        if (reader->body_bytes > reader->body_limit) {
            (void)rt__http1_fail(reader, 413, "the body is too long");
            event = RT_HTTP1_ERROR;
        } else {
            event = take_data(reader, &at, data + len, piece);
        }
        break;
    default:
        assert(reader->state != STATE_HEAD);
        event = read_chunked(reader, arena, &at, data + len, piece);
        break;
    }
    *consumed = (size_t)(at - data);
    return event;
}
