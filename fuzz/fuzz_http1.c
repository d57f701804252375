// Fuzzing the HTTP/1 engine: any bytes, whole and in pieces, must give the same
// events, and what is accepted must be sound.
//
// The first byte is the number of cuts, followed by one byte for each: the
// length of the piece before it. The rest is a connection.
//
// covers: src/http1/head.c
// covers: src/http1/request_line.c
// covers: src/http1/field_line.h
// covers: src/http1/field_line.c
// covers: src/http1/scan.h
// covers: src/http1/scan.c
// covers: src/http1/fields.c
// covers: src/http1/body.c
// covers: src/http1/writer.c
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include <retort/base/buf.h>
#include <retort/http/field.h>
#include <retort/http1/reader.h>
#include <retort/http1/writer.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct connection {
    rt_http1_reader reader;
    rt_http1_head head;
    rt_arena arena; // of the request
    rt_arena kept;  // of pending and log
    rt_buf pending;
    rt_buf log;
    bool in_body;
    bool closed;
} connection;

static void log_str(connection *c, rt_str s)
{
    rt_buf_printf(&c->log, "%zu:", s.len);
    rt_buf_put(&c->log, s);
    rt_buf_put_char(&c->log, '\n');
}

static void check_headers(connection *c, const rt_headers *headers)
{
    for (size_t i = 0; i < headers->len; i++) {
        assert(rt_is_token(headers->items[i].name));
        assert(rt_is_field_value(headers->items[i].value));
        log_str(c, headers->items[i].name);
        log_str(c, headers->items[i].value);
    }
}

// What the application may rely on.
static void check_head(connection *c)
{
    const rt_http1_head *h = &c->head;

    assert(rt_is_token(h->method_name));
    assert(h->minor <= 1);
    assert(h->authority.data || h->minor == 0);
    assert(h->framing != RT_HTTP1_CLOSE);
    assert((h->framing == RT_HTTP1_LENGTH) == (h->content_length > 0));
    assert(h->minor == 1 || h->framing != RT_HTTP1_CHUNKED);
    assert(rt_headers_count(&h->headers, RT_STR("host")) <= 1);
    assert(rt_headers_count(&h->headers, RT_STR("content-length")) <= 1);
    switch (h->form) {
    case RT_TARGET_AUTHORITY: assert(h->path.len == 0); break;
    case RT_TARGET_ASTERISK: assert(rt_str_eq(h->path, RT_STR("*"))); break;
    case RT_TARGET_ORIGIN: assert(h->path.data[0] == '/'); break;
    default: assert(h->path.len > 0); break;
    }
    for (size_t i = 0; i < h->target.len; i++)
        assert(h->target.data[i] > ' ' && h->target.data[i] < 0x7f);

    log_str(c, h->method_name);
    log_str(c, h->target);
    log_str(c, h->authority);
    log_str(c, h->path);
    log_str(c, h->query);
    check_headers(c, &h->headers);
    rt_buf_printf(&c->log, "%d %llu %d%d%d\n", (int)h->framing,
                  (unsigned long long)h->content_length, h->keep_alive,
                  h->expect_continue, h->upgrade);
}

// Answer with the headers that were sent, as an echo would: whatever they are,
// the head must have one end and be sized right.
static void check_writer(connection *c)
{
    static const int codes[] = {200, 204, 304, 299, 426, 101, 103, 205};
    const rt_http1_head *h = &c->head;
    rt_buf out;
    rt_http1_reply reply = {
        .status = codes[h->head_bytes % RT_COUNT(codes)],
        .reason = h->query,
        .headers = &h->headers,
        .length = h->content_length == 7 ? RT_HTTP1_LENGTH_UNKNOWN
                                         : (int64_t)h->content_length,
        .method = h->method,
        .minor = h->minor,
        .keep_alive = h->keep_alive,
        .date = RT_STR("Sun, 06 Nov 1994 08:49:37 GMT"),
        .server = h->path,
    };

    rt_buf_init(&out, &c->arena);
    rt_http1_promise promise = rt_http1_write_head(&out, &reply);
    assert(out.status == RT_OK);
    assert(rt_str_find(rt_buf_str(&out), RT_STR("\r\n\r\n")) == out.len - 4);
    assert(!promise.keep_alive || h->keep_alive);
    rt_http1_write_chunk(&out, h->target);
}

static void note_error(connection *c)
{
    assert(c->reader.status >= 400 && c->reader.reason);
    rt_buf_printf(&c->log, "%d %s", c->reader.status, c->reader.reason);
    c->closed = true;
}

static void drop(connection *c, size_t n)
{
    assert(n <= c->pending.len);
    if (n > 0)
        memmove(c->pending.data, c->pending.data + n, c->pending.len - n);
    c->pending.len -= n;
}

static bool step_head(connection *c, const char *seen)
{
    switch (rt_http1_read_head(&c->reader, seen, c->pending.len, &c->arena,
                               &c->head)) {
    case RT_HTTP1_NEED_MORE: return false;
    case RT_HTTP1_HEAD:
        check_head(c);
        check_writer(c);
        drop(c, c->head.head_bytes);
        c->in_body = true;
        return true;
    default: note_error(c); return false;
    }
}

static bool step_body(connection *c, const char *seen)
{
    size_t consumed;
    rt_str piece;
    rt_http1_event event =
        rt_http1_read_body(&c->reader, &c->arena, seen, c->pending.len,
                           &consumed, &piece);

    assert((event == RT_HTTP1_DATA) == (piece.len > 0));
    switch (event) {
    case RT_HTTP1_DATA: rt_buf_put(&c->log, piece); break;
    case RT_HTTP1_NEED_MORE: break;
    case RT_HTTP1_END:
        check_headers(c, &c->reader.trailers);
        rt_buf_put_cstr(&c->log, "\nend\n");
        c->in_body = false;
        c->closed = !c->head.keep_alive;
        rt_http1_reader_next(&c->reader);
        rt_arena_reset(&c->arena);
        break;
    default: note_error(c); return false;
    }
    drop(c, consumed);
    return event != RT_HTTP1_NEED_MORE;
}

// The reader sees a copy of its own each time, so that a view kept for too
// long, or a byte read too far, is found.
static bool step(connection *c)
{
    char *seen = malloc(c->pending.len + (c->pending.len == 0));
    assert(seen);
    if (c->pending.len > 0)
        memcpy(seen, c->pending.data, c->pending.len);
    bool more = c->in_body ? step_body(c, seen) : step_head(c, seen);
    free(seen);
    return more;
}

static void feed(connection *c, rt_str bytes)
{
    if (c->closed)
        return;
    rt_buf_put(&c->pending, bytes);
    while (!c->closed && step(c))
        continue;
}

static void connection_open(connection *c)
{
    static const rt_http1_limits limits = {
        .head_bytes = 512,
        .target_bytes = 128,
        .headers = 12,
        .trailer_bytes = 64,
        .body_bytes = 1000,
    };

    *c = (connection){0};
    rt_http1_reader_init(&c->reader, &limits);
    rt_arena_init(&c->kept, 4096);
    rt_buf_init(&c->pending, &c->kept);
    rt_buf_init(&c->log, &c->kept);
}

static void connection_close(connection *c)
{
    rt_arena_deinit(&c->arena);
    rt_arena_deinit(&c->kept);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || data[0] >= size)
        return 0;

    size_t cuts = data[0];
    rt_str bytes = rt_str_of(data + 1 + cuts, size - 1 - cuts);
    rt_str rest = bytes;
    connection whole;
    connection cut;

    connection_open(&whole);
    connection_open(&cut);
    feed(&whole, bytes);
    for (size_t i = 0; i < cuts; i++)
        feed(&cut, rt_str_take(&rest, data[1 + i]));
    feed(&cut, rest);

    assert(rt_str_eq(rt_buf_str(&whole.log), rt_buf_str(&cut.log)));
    connection_close(&whole);
    connection_close(&cut);
    return 0;
}
