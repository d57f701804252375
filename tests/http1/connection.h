// A connection without a network: collects bytes, drives the reader over them as
// a server would, and writes down what happened.
//
// Every look of the reader at the bytes is a copy that ends at an unreadable
// page, so a read one byte too far is found wherever the bytes were cut.
#pragma once

#include <stdio.h>
#include <stdlib.h>

#include <retort/base/buf.h>
#include <retort/http1/reader.h>
#include <retort/test.h>

typedef struct connection {
    rt_http1_reader reader;
    rt_http1_head head;
    rt_arena arena; // of the request
    rt_arena kept;  // of pending bytes and log
    rt_buf pending; // bytes not consumed
    rt_buf log;     // everything: one line per event
    rt_buf outcome; // as in cases.h
    bool in_body;
    bool closed;
    uint64_t body_limit; // set after each head unless 0
} connection;

static void connection_open(connection *c, const rt_http1_limits *limits)
{
    *c = (connection){0};
    rt_http1_reader_init(&c->reader, limits);
    rt_arena_init(&c->arena, 0);
    rt_arena_init(&c->kept, 4096);
    rt_buf_init(&c->pending, &c->kept);
    rt_buf_init(&c->log, &c->kept);
    rt_buf_init(&c->outcome, &c->kept);
}

static void connection_close(connection *c)
{
    rt_arena_deinit(&c->arena);
    rt_arena_deinit(&c->kept);
}

static void connection_drop(connection *c, size_t n)
{
    REQUIRE(n <= c->pending.len);
    if (n > 0)
        memmove(c->pending.data, c->pending.data + n, c->pending.len - n);
    c->pending.len -= n;
}

static void connection_log_str(connection *c, const char *what, rt_str s)
{
    rt_buf_printf(&c->log, " %s", what);
    if (s.len > 0)
        rt_buf_put(&c->log, s);
}

static void connection_log_headers(connection *c, const rt_headers *headers)
{
    for (size_t i = 0; i < headers->len; i++) {
        connection_log_str(c, "[", headers->items[i].name);
        rt_buf_put_char(&c->log, '=');
        rt_buf_put(&c->log, headers->items[i].value);
        rt_buf_put_char(&c->log, ']');
    }
}

static void connection_log_head(connection *c)
{
    const rt_http1_head *h = &c->head;

    rt_buf_put(&c->log, h->method_name);
    rt_buf_printf(&c->log, "(%d) form=%d 1.%d", (int)h->method, (int)h->form,
                  h->minor);
    connection_log_str(c, "target=", h->target);
    connection_log_str(c, "scheme=", h->scheme);
    connection_log_str(c, h->authority.data ? "authority=" : "no authority",
                       h->authority);
    connection_log_str(c, "path=", h->path);
    connection_log_str(c, h->query.data ? "query=" : "no query", h->query);
    rt_buf_printf(&c->log, " framing=%d length=%llu%s%s%s", (int)h->framing,
                  (unsigned long long)h->content_length,
                  h->keep_alive ? " keep" : "", h->upgrade ? " upgrade" : "",
                  h->expect_continue ? " continue" : "");
    connection_log_headers(c, &h->headers);
    rt_buf_put_cstr(&c->log, "\nbody=");
}

static void connection_note_outcome(connection *c, const char *text)
{
    rt_buf_put_cstr(&c->outcome, c->outcome.len ? " " : "");
    rt_buf_put_cstr(&c->outcome, text);
}

static void connection_note_error(connection *c)
{
    char text[16];

    CHECK(c->reader.reason && *c->reader.reason);
    snprintf(text, sizeof text, "%d", c->reader.status);
    connection_note_outcome(c, text);
    rt_buf_printf(&c->log, "\n%d %s", c->reader.status, c->reader.reason);
    c->closed = true;
}

static void connection_request_is_complete(connection *c)
{
    rt_buf_put_cstr(&c->log, "\ntrailers");
    connection_log_headers(c, &c->reader.trailers);
    rt_buf_put_char(&c->log, '\n');
    connection_note_outcome(c, "ok");
    CHECK(rt_http1_is_complete(&c->reader));
    c->closed = !c->head.keep_alive;
    c->in_body = false;
    rt_http1_reader_next(&c->reader);
    rt_arena_reset(&c->arena);
}

// One call of the reader; false when it needs more.
static bool connection_step(connection *c)
{
    rt_str seen = rt_guarded_bytes(c->pending.data, c->pending.len);
    size_t consumed;
    rt_str piece;

    if (!c->in_body) {
        switch (rt_http1_read_head(&c->reader, seen.data, seen.len, &c->arena,
                                   &c->head)) {
        case RT_HTTP1_NEED_MORE: return false;
        case RT_HTTP1_HEAD:
            connection_log_head(c);
            connection_drop(c, c->head.head_bytes);
            c->in_body = true;
            if (c->body_limit)
                rt_http1_set_body_limit(&c->reader, c->body_limit);
            return true;
        default: connection_note_error(c); return false;
        }
    }

    rt_http1_event event = rt_http1_read_body(&c->reader, &c->arena, seen.data,
                                              seen.len, &consumed, &piece);
    REQUIRE(consumed <= seen.len);
    switch (event) {
    case RT_HTTP1_DATA:
        CHECK(piece.len > 0);
        CHECK(piece.data >= seen.data &&
              piece.data + piece.len <= seen.data + consumed);
        rt_buf_put(&c->log, piece);
        break;
    case RT_HTTP1_NEED_MORE: break;
    case RT_HTTP1_END: connection_request_is_complete(c); break;
    default: connection_note_error(c); return false;
    }
    connection_drop(c, consumed);
    return event != RT_HTTP1_NEED_MORE;
}

static void connection_feed(connection *c, rt_str bytes)
{
    if (c->closed)
        return;
    rt_buf_put(&c->pending, bytes);
    while (!c->closed && connection_step(c))
        continue;
}

// The peer sends nothing more.
static void connection_end(connection *c)
{
    if (!c->closed && (c->in_body || !rt_http1_is_idle(&c->reader)))
        connection_note_outcome(c, "more");
}

// Feed bytes whole, cut in two at each byte and one by one, and require the
// same log and this outcome each time.
typedef struct connection_run {
    const rt_http1_limits *limits;
    uint64_t body_limit;
    const char *outcome;
    char *log; // of the first division; heap
} connection_run;

static void connection_run_pieces(void *arg, const rt_str *pieces, size_t count)
{
    connection_run *run = arg;
    connection c;

    connection_open(&c, run->limits);
    c.body_limit = run->body_limit;
    for (size_t i = 0; i < count; i++)
        connection_feed(&c, pieces[i]);
    connection_end(&c);

    CHECK_EQ(rt_buf_str(&c.outcome), run->outcome);
    if (!run->log) {
        run->log = strndup(rt_buf_str(&c.log).data, c.log.len);
    } else {
        CHECK_EQ(rt_buf_str(&c.log), rt_str_from(run->log));
    }
    connection_close(&c);
}

static inline void check_connection_limited(rt_str bytes, const char *outcome,
                                            const rt_http1_limits *limits,
                                            uint64_t body_limit)
{
    connection_run run = {limits, body_limit, outcome, NULL};

    rt_test_pieces(bytes, connection_run_pieces, &run);
    free(run.log);
}

static inline void check_connection(rt_str bytes, const char *outcome)
{
    check_connection_limited(bytes, outcome, NULL, 0);
}
