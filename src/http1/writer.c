// Writing a head: the room it needs at most is reserved once, then its parts
// are copied one behind the other. Lines the engine adds come last, when it is
// known which of them the application has brought along.
#include "retort/http1/writer.h"

#include <assert.h>

#include <retort/http/code.h>
#include <retort/http/field.h>

#include "http1/parse.h"

#define CODE_FIRST 100
#define CODE_LAST  599

// Status lines of all registered codes. An answer to HTTP/1.0 says 1.1 too: it
// is the version of the server (RFC 9110 2.5).
#define STATUS_LINE(code, reason, text)                         \
    [code - CODE_FIRST] = {"HTTP/1.1 " #code " " reason "\r\n", \
                           sizeof("HTTP/1.1 " #code " " reason "\r\n") - 1},
static const rt_str status_lines[CODE_LAST - CODE_FIRST + 1] = {
    RT_CODES(STATUS_LINE)};
#undef STATUS_LINE

// The most the engine adds besides reason, date, server and headers.
#define OWN_BYTES 256u

// What the application's headers ask of the engine.
typedef struct wishes {
    rt_str length; // its Content-Length; data is NULL without one
    bool close;
    bool has_date;
    bool has_server;
} wishes;

static char *put(char *at, rt_str s)
{
    if (s.len > 0)
        memcpy(at, s.data, s.len);
    return at + s.len;
}

#define PUT(at, literal) \
    ((char *)memcpy(at, "" literal, sizeof(literal) - 1) + sizeof(literal) - 1)

static char *put_line(char *at, rt_str name, rt_str value)
{
    at = put(at, name);
    at = PUT(at, ": ");
    at = put(at, value);
    return PUT(at, "\r\n");
}

static char *put_decimal(char *at, uint64_t n)
{
    char digits[20];
    size_t first = sizeof digits;

    do {
        digits[--first] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    return put(at, (rt_str){digits + first, sizeof digits - first});
}

static char *put_status_line(char *at, const rt_http1_reply *reply)
{
    bool own_reason = reply->reason.len > 0 && rt_is_field_value(reply->reason);
    rt_str line = status_lines[reply->status - CODE_FIRST];

    if (RT_LIKELY(line.len > 0 && !own_reason))
        return put(at, line);
    at = PUT(at, "HTTP/1.1 ");
    at = put_decimal(at, (unsigned)reply->status);
    at = PUT(at, " ");
    at = put(at, own_reason ? reply->reason : rt_code_reason(reply->status));
    return PUT(at, "\r\n");
}

static bool may_upgrade(int status)
{
    return status == 101 || status == 426;
}

// True when a header is the application's to send. Notes what it asks for.
static bool take_header(wishes *w, const rt_http1_reply *reply,
                        const rt_header *h)
{
    rt_str name = h->name;

    switch (name.len) {
    case 2: return !RT__HTTP1_NAME_IS(name, "te");
    case 4: w->has_date |= RT__HTTP1_NAME_IS(name, "date"); return true;
    case 6: w->has_server |= RT__HTTP1_NAME_IS(name, "server"); return true;
    case 7:
        if (RT__HTTP1_NAME_IS(name, "upgrade"))
            return may_upgrade(reply->status);
        return !RT__HTTP1_NAME_IS(name, "trailer");
    case 10:
        if (!RT__HTTP1_NAME_IS(name, "connection"))
            return !RT__HTTP1_NAME_IS(name, "keep-alive");
        w->close |= rt_field_list_has(h->value, RT_STR("close"));
        return false;
    case 14:
        if (!RT__HTTP1_NAME_IS(name, "content-length"))
            return true;
        w->length = h->value;
        return false;
    case 16: return !RT__HTTP1_NAME_IS(name, "proxy-connection");
    case 17: return !RT__HTTP1_NAME_IS(name, "transfer-encoding");
    default: return true;
    }
}

static char *put_headers(char *at, const rt_http1_reply *reply, wishes *w)
{
    for (size_t i = 0; reply->headers && i < reply->headers->len; i++) {
        const rt_header *h = &reply->headers->items[i];
        if (take_header(w, reply, h))
            at = put_line(at, h->name, h->value);
    }
    if (reply->date.len > 0 && !w->has_date && reply->status >= 200)
        at = put_line(at, RT_STR("Date"), reply->date);
    if (reply->server.len > 0 && !w->has_server && reply->status >= 200)
        at = put_line(at, RT_STR("Server"), reply->server);
    return at;
}

static char *put_length(char *at, uint64_t length)
{
    at = PUT(at, "Content-Length: ");
    at = put_decimal(at, length);
    return PUT(at, "\r\n");
}

static bool is_number(rt_str s)
{
    int64_t n;
    return rt_str_parse_int(s, &n) && n >= 0;
}

// A response without the body its headers may speak of. RFC 9110 8.6: a length
// there is the length a GET would have had, or it is left out.
static char *put_described_length(char *at, const rt_http1_reply *reply,
                                  const wishes *w)
{
    bool by_us = reply->status != 304;

    if (by_us && reply->length > 0)
        return put_length(at, (uint64_t)reply->length);
    if (w->length.data && is_number(w->length))
        return put_line(at, RT_STR("Content-Length"), w->length);
    return by_us && reply->length == 0 ? put_length(at, 0) : at;
}

static char *put_framing(char *at, const rt_http1_reply *reply, const wishes *w,
                         rt_http1_promise *promise)
{
    int status = reply->status;

    promise->framing = RT_HTTP1_NO_BODY;
    if (status < 200 || status == 204)
        return at;
    if (reply->method == RT_METHOD_CONNECT && status < 300)
        return at;
    if (status == 205)
        return put_length(at, 0);
    if (reply->method == RT_METHOD_HEAD || status == 304)
        return put_described_length(at, reply, w);

    if (RT_LIKELY(reply->length >= 0)) {
        if (reply->length > 0)
            promise->framing = RT_HTTP1_LENGTH;
        return put_length(at, (uint64_t)reply->length);
    }
    if (reply->minor > 0) {
        promise->framing = RT_HTTP1_CHUNKED;
        return PUT(at, "Transfer-Encoding: chunked\r\n");
    }
    promise->framing = RT_HTTP1_CLOSE;
    promise->keep_alive = false;
    return at;
}

// RFC 9112 9.3: HTTP/1.1 stays unless it is told, HTTP/1.0 closes.
static char *put_connection(char *at, const rt_http1_reply *reply,
                            bool keep_alive)
{
    if (RT_UNLIKELY(may_upgrade(reply->status))) {
        return keep_alive || reply->status == 101
                   ? PUT(at, "Connection: upgrade\r\n")
                   : PUT(at, "Connection: upgrade, close\r\n");
    }
    if (reply->status < 200)
        return at;
    if (!keep_alive)
        return PUT(at, "Connection: close\r\n");
    return reply->minor == 0 ? PUT(at, "Connection: keep-alive\r\n") : at;
}

static size_t bytes_at_most(const rt_http1_reply *reply)
{
    size_t bytes =
        OWN_BYTES + reply->reason.len + reply->date.len + reply->server.len;

    for (size_t i = 0; reply->headers && i < reply->headers->len; i++) {
        const rt_header *h = &reply->headers->items[i];
        bytes += h->name.len + h->value.len + sizeof(": \r\n") - 1;
    }
    return bytes;
}

rt_http1_promise rt_http1_write_head(rt_buf *out, const rt_http1_reply *reply)
{
    assert(reply->status >= CODE_FIRST && reply->status <= CODE_LAST);

    rt_http1_promise promise = {.keep_alive = reply->keep_alive};
    wishes w = {0};
    size_t room = bytes_at_most(reply);
    if (!rt_buf_reserve(out, room))
        return promise;

    char *start = rt_buf_end(out);
    char *at = put_status_line(start, reply);
    at = put_headers(at, reply, &w);
    if (w.close)
        promise.keep_alive = false;
    at = put_framing(at, reply, &w, &promise);
    at = put_connection(at, reply, promise.keep_alive);
    at = PUT(at, "\r\n");

    assert((size_t)(at - start) <= room);
    out->len += (size_t)(at - start);
    return promise;
}

void rt_http1_write_chunk_head(rt_buf *out, uint64_t bytes)
{
    assert(bytes > 0);

    rt_buf_put_hex(out, bytes, 1);
    rt_buf_put(out, RT_STR("\r\n"));
}

void rt_http1_write_chunk(rt_buf *out, rt_str piece)
{
    if (piece.len == 0)
        return;
    rt_http1_write_chunk_head(out, piece.len);
    rt_buf_put(out, piece);
    rt_buf_put(out, RT_HTTP1_CHUNK_TAIL);
}
