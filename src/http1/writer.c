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

// Two words that overlap are any number of bytes from one word to two.
#define PUT_WORDS(bytes)                                                 \
    do {                                                                 \
        memcpy(at, s.data, (bytes));                                     \
        memcpy(at + s.len - (bytes), s.data + s.len - (bytes), (bytes)); \
    } while (0)

// Names and values are short, and to call memcpy for them would cost more than
// to copy them.
static RT_ALWAYS_INLINE char *put(char *at, rt_str s)
{
    if (RT_UNLIKELY(s.len > 32)) {
        memcpy(at, s.data, s.len);
    } else if (s.len >= 16) {
        PUT_WORDS(16);
    } else if (s.len >= 8) {
        PUT_WORDS(8);
    } else if (s.len >= 4) {
        PUT_WORDS(4);
    } else {
        for (size_t i = 0; i < s.len; i++)
            at[i] = s.data[i];
    }
    return at + s.len;
}

#define PUT(at, literal) \
    ((char *)memcpy(at, "" literal, sizeof(literal) - 1) + sizeof(literal) - 1)

static inline char *put_line(char *at, rt_str name, rt_str value)
{
    at = put(at, name);
    at = PUT(at, ": ");
    at = put(at, value);
    return PUT(at, "\r\n");
}

static char *put_decimal(char *at, uint64_t n)
{
    size_t len = 1;

    for (uint64_t limit = 10; n >= limit && len < 20; limit *= 10)
        len++;
    for (size_t i = len; i-- > 0; n /= 10)
        at[i] = (char)('0' + n % 10);
    return at + len;
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

// True when the engine may have a word about a header of that name; by its first
// letter and its length.
static bool may_concern(rt_str name)
{
    static const uint32_t lengths[32] = {
        ['c' & 31] = 1u << 10 | 1u << 14, // Connection, Content-Length
        ['d' & 31] = 1u << 4,             // Date
        ['k' & 31] = 1u << 10,            // Keep-Alive
        ['p' & 31] = 1u << 16,            // Proxy-Connection
        ['s' & 31] = 1u << 6,             // Server
        // TE, Trailer, Transfer-Encoding
        ['t' & 31] = 1u << 2 | 1u << 7 | 1u << 17,
        ['u' & 31] = 1u << 7, // Upgrade
    };
    return name.len > 0 && lengths[name.data[0] & 31] >> (name.len & 31) & 1;
}

// True when a header is the application's to send. Notes what it asks for.
static bool take_header(wishes *w, const rt_http1_reply *reply,
                        const rt_header *h)
{
    rt_str name = h->name;

    if (RT__HTTP1_NAME_IS(name, "server")) {
        w->has_server = true;
    } else if (RT__HTTP1_NAME_IS(name, "date")) {
        w->has_date = true;
    } else if (RT__HTTP1_NAME_IS(name, "content-length")) {
        w->length = h->value;
        return false;
    } else if (RT__HTTP1_NAME_IS(name, "connection")) {
        w->close |= rt_field_list_has(h->value, RT_STR("close"));
        return false;
    } else if (RT__HTTP1_NAME_IS(name, "upgrade")) {
        return may_upgrade(reply->status);
    } else {
        return !RT__HTTP1_NAME_IS(name, "transfer-encoding") &&
               !RT__HTTP1_NAME_IS(name, "keep-alive") &&
               !RT__HTTP1_NAME_IS(name, "proxy-connection") &&
               !RT__HTTP1_NAME_IS(name, "te") &&
               !RT__HTTP1_NAME_IS(name, "trailer");
    }
    return true;
}

static char *put_headers(char *at, const rt_http1_reply *reply, wishes *w)
{
    rt_headers list = reply->headers ? *reply->headers : (rt_headers){0};

    for (size_t i = 0; i < list.len; i++) {
        const rt_header *h = &list.items[i];
        if (!may_concern(h->name) || take_header(w, reply, h))
            at = put_line(at, h->name, h->value);
    }
    if (reply->date.len > 0 && !w->has_date && reply->status >= 200) {
        at = put(PUT(at, "Date: "), reply->date);
        at = PUT(at, "\r\n");
    }
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
