// Exchanges: one request on its coroutine, from its head to the last byte of
// its response.
#include <arpa/inet.h>
#include <assert.h>
#include <poll.h>
#include <unistd.h>

#include <retort/base/error.h>
#include <retort/base/format.h>
#include <retort/base/time.h>
#include <retort/http/code.h>
#include <retort/http/percent.h>

#include "server/worker.h"

#define ARENA_BYTES           (8u * 1024u)
#define PACE_BYTES_PER_SECOND 240u

// ---- pool ------------------------------------------------------------------

// The spare exchange lends its arena to heads that are not complete yet.
rt__exchange *rt__exchange_get(rt__worker *worker)
{
    rt__exchange *x = worker->spare;
    if (x)
        return x;
    x = worker->exchanges;
    if (x) {
        worker->exchanges = x->next;
    } else {
        x = rt_new(&worker->arena, rt__exchange, 1);
#ifdef RT_DEBUG
        rt_arena_init(&x->arena, 0);
#else
        rt_arena_init(&x->arena, ARENA_BYTES);
#endif
    }
    worker->spare = x;
    return x;
}

// ---- the body of the request ------------------------------------------------

// A body that crawls is given up: after the time without progress that anybody
// is allowed, it must have kept up a minimal pace.
static bool is_too_slow(const rt__exchange *x)
{
    int64_t limit = x->conn->worker->options->body_timeout_ms;
    int64_t elapsed = rt_time_monotonic_ms() - x->body_started_ms;
    return elapsed > limit && x->body_bytes < (uint64_t)(elapsed - limit) /
                                                  1000 * PACE_BYTES_PER_SECOND;
}

static rt_status wait_readable(rt__exchange *x)
{
    rt__conn *conn = x->conn;
    if (conn->lost || conn->eof)
        return RT_E_CLOSED;
    if (is_too_slow(x))
        return RT_E_TIMEOUT;
    rt__conn_make_room(conn);
    rt__conn_want_read(conn, true);
    return rt_wait_on(&conn->readable, conn->worker->options->body_timeout_ms);
}

// Send 100 when the client waits for it; once, and only before its body comes.
static rt_status say_continue(rt__exchange *x)
{
    if (!x->head.expect_continue || x->continued || x->head_sent || x->begun ||
        x->conn->start != x->conn->end)
        return RT_OK;
    x->continued = true;
    rt_buf_put(&x->conn->worker->out, RT_HTTP1_CONTINUE);
    return rt__send_wait(x->conn, NULL, 0);
}

// The next piece of the body, or an empty one at its end.
static rt_status next_piece(rt__exchange *x, rt_str *piece)
{
    rt__conn *conn = x->conn;
    for (;;) {
        size_t consumed = 0;
        const char *data = conn->in ? conn->in->data + conn->start : "";
        rt_http1_event event =
            rt_http1_read_body(&conn->reader, &x->arena, data,
                               conn->end - conn->start, &consumed, piece);
        conn->start += consumed;
        x->begun |= consumed > 0;
        if (event == RT_HTTP1_DATA) {
            x->body_bytes += piece->len;
            return RT_OK;
        }
        if (event == RT_HTTP1_END) {
            *piece = (rt_str){"", 0};
            return RT_OK;
        }
        if (event == RT_HTTP1_ERROR) {
            x->broken = true;
            return conn->reader.status == 413 ? RT_E_LIMIT : RT_E_SYNTAX;
        }
        rt_status st = say_continue(x);
        if (!st)
            st = wait_readable(x);
        if (st) {
            x->broken = true;
            return st;
        }
    }
}

// Requests that were let in can together become more than there is memory for.
static rt_status reserve_memory(rt_request *req, size_t bytes)
{
    rt__exchange *x = req->server;
    size_t limit = x->conn->worker->options->memory;
    size_t used = rt_arena_bytes_total();
    if (RT_LIKELY(used <= limit && bytes <= limit - used))
        return RT_OK;
    x->broken = x->starved = true;
    return RT_E_BUSY;
}

static rt_status read_body(rt_request *req, rt_str *piece)
{
    rt__exchange *x = req->server;
    rt_status st = reserve_memory(req, 0);
    if (st)
        return st;
    if (!x->body_started_ms)
        x->body_started_ms = rt_time_monotonic_ms();
    rt_http1_set_body_limit(&x->conn->reader, req->max_body);
    return next_piece(x, piece);
}

static const rt_body_source body_source = {read_body, reserve_memory};

// The end of what the client sends says nothing: it may have closed one side
// only. That nothing can be sent any more is what the system says, also where
// nobody is reading.
static bool is_gone(rt_request *req)
{
    const rt__conn *conn = ((const rt__exchange *)req->server)->conn;
    struct pollfd p = {.fd = conn->fd};
    return conn->lost ||
           (poll(&p, 1, 0) > 0 && p.revents & (POLLERR | POLLHUP));
}

static const rt_request_peer peer_of_socket = {is_gone};

// ---- the response ------------------------------------------------------------

// Look at what has come of chunks that nobody has read. Nothing is waited for,
// and a stream may still want to read them.
static void look_at_chunks(rt__exchange *x, const rt_response *r)
{
    rt__conn *conn = x->conn;
    rt_http1_event event = RT_HTTP1_DATA;
    if (x->head.framing != RT_HTTP1_CHUNKED || x->broken || !conn->in ||
        r->body_kind == RT_BODY_PRODUCER)
        return;
    rt_http1_set_body_limit(&conn->reader, UINT64_MAX);
    while (event == RT_HTTP1_DATA) {
        size_t consumed = 0;
        rt_str piece;
        event = rt_http1_read_body(&conn->reader, &x->arena,
                                   conn->in->data + conn->start,
                                   conn->end - conn->start, &consumed, &piece);
        conn->start += consumed;
        x->begun |= consumed > 0;
        x->body_bytes += piece.len;
    }
    x->broken = event == RT_HTTP1_ERROR;
}

// RFC 9112 6.3 and 7.1: a request whose body is malformed is refused, whether
// the application has looked at the body or not, and whatever it says. A body
// that was only too long is its own business.
static rt_response *judge_body(rt__exchange *x, rt_response *r)
{
    if (RT_LIKELY(rt_http1_is_complete(&x->conn->reader)))
        return r;
    look_at_chunks(x, r);
    int status = x->conn->reader.status;
    if (status == 0 || status == 413)
        return r;
    if (r->fd >= 0)
        close(r->fd);
    return rt_response_plain(&x->req, status);
}

// What is known to be left of the request's body.
static uint64_t body_left(const rt__exchange *x)
{
    return x->head.framing == RT_HTTP1_LENGTH
               ? x->head.content_length - x->body_bytes
               : 0;
}

// Whether what is left of the request's body is worth reading for the sake of
// keeping the connection.
static bool can_drain(const rt__exchange *x)
{
    const rt__conn *conn = x->conn;
    if (rt_http1_is_complete(&conn->reader))
        return true;
    if (x->broken || (x->head.expect_continue && !x->continued && !x->begun))
        return false;
    return x->head.framing != RT_HTTP1_LENGTH ||
           body_left(x) <= conn->worker->options->drain_bytes;
}

// The length of a stream may be known to the application alone, which says so in a
// header; -1: to nobody.
static int64_t length_of(const rt_response *r)
{
    if (r->body_kind == RT_BODY_BYTES)
        return (int64_t)r->bytes.len;
    if (r->body_kind == RT_BODY_FILE || r->body_length >= 0)
        return r->body_length;
    int64_t length = -1;
    rt_str_parse_int(rt_headers_get(&r->headers, RT_STR("Content-Length")),
                     &length);
    return length;
}

static void write_head(rt__exchange *x, const rt_response *r)
{
    rt__worker *worker = x->conn->worker;
    int64_t length = length_of(r);
    rt_http1_reply reply = {
        .status = r->status,
        .reason = r->reason,
        .headers = &r->headers,
        .length = length < 0 ? RT_HTTP1_LENGTH_UNKNOWN : length,
        .method = x->head.method,
        .minor = x->head.minor,
        .keep_alive = x->head.keep_alive && !r->close && can_drain(x) &&
                      !rt__conn_is_last(x->conn, body_left(x)),
        .date = rt__worker_date(worker),
        .server = {NULL, 0}};
    x->status = r->status;
    x->promise = rt_http1_write_head(&worker->out, &reply);
    x->head_sent = true;
}

typedef struct producer {
    rt_writer writer;
    rt__exchange *x;
    uint64_t left; // of a known length
} producer;

static rt_status write_piece(rt_writer *writer, rt_str piece)
{
    producer *p = (producer *)writer;
    rt__conn *conn = p->x->conn;
    rt_buf *out = &conn->worker->out;
    bool chunked = p->x->promise.framing == RT_HTTP1_CHUNKED;
    if (!piece.len)
        return RT_OK;
    if (p->x->promise.framing == RT_HTTP1_LENGTH) {
        if (piece.len > p->left)
            return RT_E_LIMIT;
        p->left -= piece.len;
    }
    p->x->sent_bytes += piece.len;
    if (chunked)
        rt_http1_write_chunk_head(out, piece.len);
    rt_str pieces[] = {piece, chunked ? RT_HTTP1_CHUNK_TAIL : (rt_str){"", 0}};
    return rt__send_wait(conn, pieces, 2);
}

static rt_status run_producer(rt__exchange *x, const rt_response *r)
{
    int64_t length = length_of(r);
    producer p = {.writer = {write_piece, &x->req},
                  .x = x,
                  .left = length > 0 ? (uint64_t)length : 0};
    // The producer may wait before it writes; see drain.
    rt__send_flush(x->conn);
    rt_status st = r->produce(&p.writer, r->produce_arg);
    if (st)
        return st;
    if (x->promise.framing == RT_HTTP1_LENGTH && p.left)
        return RT_E_CLOSED; // shorter than promised
    if (x->promise.framing == RT_HTTP1_CHUNKED)
        rt_buf_put(&x->conn->worker->out, RT_HTTP1_CHUNKS_END);
    return RT_OK;
}

static rt_status write_body(rt__exchange *x, const rt_response *r)
{
    rt__conn *conn = x->conn;
    if (x->promise.framing == RT_HTTP1_NO_BODY)
        return RT_OK;
    switch (r->body_kind) {
    case RT_BODY_BYTES:
        x->sent_bytes = r->bytes.len;
        if (r->bytes.len > RT__COPY_BYTES)
            return rt__send_wait(conn, &r->bytes, 1);
        rt_buf_put(&conn->worker->out, r->bytes);
        return RT_OK;
    case RT_BODY_FILE:
        x->sent_bytes = (uint64_t)r->body_length;
        return rt__send_file(conn, r->fd, r->file_offset, r->body_length);
    case RT_BODY_PRODUCER: return run_producer(x, r);
    }
    return RT_OK;
}

// Read what the view has left of the body, so that the next request can begin.
static void drain(rt__exchange *x)
{
    rt__conn *conn = x->conn;
    uint64_t before = x->body_bytes;
    // Reading may wait, and nothing may wait with answers in the shared buffer.
    rt__send_flush(conn);
    if (!x->body_started_ms)
        x->body_started_ms = rt_time_monotonic_ms();
    rt_http1_set_body_limit(&conn->reader, UINT64_MAX);
    while (!rt_http1_is_complete(&conn->reader)) {
        rt_str piece;
        if (next_piece(x, &piece) ||
            x->body_bytes - before > conn->worker->options->drain_bytes) {
            conn->closing = true;
            return;
        }
    }
}

static void respond(rt__exchange *x, rt_response *r)
{
    rt__conn *conn = x->conn;
    r = judge_body(x, r);
    write_head(x, r);
    rt_status st = write_body(x, r);
    if (r->fd >= 0)
        close(r->fd);
    if (st || !x->promise.keep_alive)
        conn->closing = true;
    if (st && !conn->lost) {
        // Cut: only the end of the connection tells the client that this was
        // not the whole of it.
        rt__send_flush(conn);
        rt_log(&rt__server_log, RT_LOG_WARNING,
               "{} {}: the response was cut: {}", x->req.method_text,
               x->req.path, rt_status_text(st));
    }
    if (!conn->closing && !rt_http1_is_complete(&conn->reader))
        drain(x);
}

// ---- the coroutine -----------------------------------------------------------

RT_COLD static rt_response *say_busy(rt__exchange *x, rt_response *r)
{
    if (!r)
        r = rt_response_plain(&x->req, 503);
    if (r->status == 503 && !rt_headers_has(&r->headers, RT_STR("Retry-After")))
        rt_headers_push(&r->headers, &x->arena, RT_STR("Retry-After"),
                        RT_STR("1"));
    return r;
}

static rt_response *answer(rt__exchange *x)
{
    const rt__worker *worker = x->conn->worker;
    if (RT_UNLIKELY(worker->in_progress > worker->options->requests ||
                    rt_arena_bytes_total() > worker->options->memory))
        return say_busy(x, NULL);
    rt_response *r = rt_gateway_call(&worker->gateway, &x->req);
    return RT_UNLIKELY(x->starved) ? say_busy(x, r) : r;
}

// A runner is a coroutine that answers the requests of a connection one after
// the other, as long as they are there and are answered without waiting. One
// that has waited ends with its request, because then it was resumed by the
// reactor and not by its connection.
struct rt__runner {
    rt_coro *coro;
    rt__exchange *x;  // at work; NULL when all have been answered
    rt__runner *next; // in the worker's pool
};

// What the request leaves behind ends on its coroutine, where teardowns and
// defers may wait.
static void close_request(rt__exchange *x)
{
    if (x->conn->worker->access_fd >= 0)
        rt__access_log_add(x->conn->worker, x);
    x->logged = true;
    if (!rt_group_is_empty(&x->req.children))
        rt_group_drop(&x->req.children);
    if (x->arena.cleanups)
        rt__send_flush(x->conn); // the client need not wait for them
    rt_arena_reset(&x->arena);
    x->serial = 0; // nobody's any more
}

static void begin(rt__exchange *x, rt__runner *runner);
static void end(rt__exchange *x);

static void run(void *arg)
{
    rt__runner *runner = arg;
    for (;;) {
        while (runner->x) {
            rt__exchange *x = runner->x;
            rt__conn *conn = x->conn;
            respond(x, answer(x));
            close_request(x);
            if (x->async)
                return;
            end(x);
            runner->x = rt__conn_next(conn);
            if (runner->x)
                begin(runner->x, runner);
        }
        rt_coro_yield();
    }
}

static void on_done(rt_coro *co, void *arg);

static rt__runner *runner_get(rt__worker *worker)
{
    rt__runner *runner = worker->runners;
    if (runner) {
        worker->runners = runner->next;
        return runner;
    }
    runner = worker->free_runners;
    if (runner)
        worker->free_runners = runner->next;
    else
        runner = rt_new(&worker->arena, rt__runner, 1);
    runner->coro = rt_coro_new(run, runner);
    rt_coro_on_done(runner->coro, on_done, runner);
    return runner;
}

static void runner_put(rt__worker *worker, rt__runner *runner)
{
    runner->next = worker->runners;
    worker->runners = runner;
}

// Give up a runner, wherever its coroutine stands.
void rt__runner_drop(rt__worker *worker, rt__runner *runner)
{
    rt_coro_drop(runner->coro);
    runner->coro = NULL;
    runner->next = worker->free_runners;
    worker->free_runners = runner;
}

void rt__runners_drop(rt__worker *worker)
{
    while (worker->runners) {
        rt__runner *runner = worker->runners;
        worker->runners = runner->next;
        rt__runner_drop(worker, runner);
    }
}

static void end(rt__exchange *x)
{
    rt__conn *conn = x->conn;
    rt__worker *worker = conn->worker;
    conn->active = NULL;
    conn->answered = true;
    if (x->block != conn->in)
        rt__block_put(worker, x->block);
    if (!conn->closing) // else nothing more is read from it
        rt_http1_reader_next(&conn->reader);
    worker->in_progress--;
    x->next = worker->exchanges;
    worker->exchanges = x;
}

static void on_done(rt_coro *co, void *arg)
{
    rt__runner *runner = arg;
    rt__exchange *x = runner->x;
    rt__conn *conn = x->conn;
    (void)co;
    end(x);
    rt__runner_drop(conn->worker, runner);
    rt__conn_continue(conn);
}

// Targets the reader lets through are ASCII, so a path without escapes is its
// own text.
static rt_str decode_path(rt__exchange *x, rt_str path)
{
    if (!path.len || !memchr(path.data, '%', path.len))
        return path;
    return rt_percent_decode_path(&x->arena, path);
}

// The address the client has reached, for one that does not say which host it
// means, as HTTP/1.0 allows; empty on a Unix socket.
RT_COLD static rt_str own_address(rt__exchange *x)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } address = {0};

    socklen_t len = sizeof address;
    char text[INET6_ADDRSTRLEN];

    if (getsockname(x->conn->fd, &address.any, &len))
        return RT_STR("");
    if (address.any.sa_family == AF_INET &&
        inet_ntop(AF_INET, &address.v4.sin_addr, text, sizeof text))
        return rt_format(&x->arena, "{}:{}", text, ntohs(address.v4.sin_port));
    if (address.any.sa_family == AF_INET6 &&
        inet_ntop(AF_INET6, &address.v6.sin6_addr, text, sizeof text))
        return rt_format(&x->arena, "[{}]:{}", text,
                         ntohs(address.v6.sin6_port));
    return RT_STR("");
}

// Every field is named: what is left to be zero is cleared first, all of it, and
// that would take longer than the rest.
static void fill_in(rt__exchange *x)
{
    rt__conn *conn = x->conn;
    const rt_http1_head *head = &x->head;
    x->req = (rt_request){
        .arena = &x->arena,
        .method = head->method,
        .method_text = head->method_name,
        .target = head->target,
        .script_root = RT_STR(""),
        .path = decode_path(x, head->path),
        .raw_path = head->path,
        .query = head->query.data ? head->query : RT_STR(""),
        .has_query = head->query.data != NULL,
        .scheme = RT_STR("http"),
        .host = RT_LIKELY(head->authority.len > 0) ? head->authority
                                                   : own_address(x),
        .version = head->minor ? 11 : 10,
        .headers = head->headers,
        .peer_address = {conn->peer, conn->peer_len},
        .peer_port = conn->peer_port,
        .body = head->framing == RT_HTTP1_NO_BODY ? NULL : &body_source,
        .content_length = head->framing == RT_HTTP1_CHUNKED
                              ? -1
                              : (int64_t)head->content_length,
        .max_body = RT_BODY_UNLIMITED,
        .body_started = false,
        .body_ended = false,
        .peer = &peer_of_socket,
        .children = {{NULL, NULL}, {{NULL, NULL}}},
        .server = x,
        .app = NULL};
}

// What the exchange before has left behind.
static void clear(rt__exchange *x)
{
    x->conn->waited_ms = -1;
    x->body_started_ms = 0;
    x->body_bytes = 0;
    x->sent_bytes = 0;
    x->head_sent = x->continued = x->begun = false;
    x->broken = x->starved = x->async = x->logged = false;
}

static void begin(rt__exchange *x, rt__runner *runner)
{
    rt__worker *worker = x->conn->worker;
    clear(x);
    fill_in(x);
    worker->in_progress++;
    if (worker->access_fd >= 0)
        x->started_us = rt_time_monotonic_ns() / 1000;
    x->runner = runner;
    x->serial = ++worker->serial;
    rt_coro_set_tag(runner->coro, x->serial);
}

// The request that the coroutine at work serves, or a child of it. The loop, and
// threads that work for it, have none.
static rt__worker *finder_worker;

static rt_request *find_request(void)
{
    uint64_t serial = rt_coro_current() ? rt_coro_tag() : 0;
    const rt__worker *worker = finder_worker;
    if (!serial)
        return NULL;
    for (rt_link *l = worker->conns.next; l != &worker->conns; l = l->next) {
        rt__exchange *x = RT_CONTAINER(l, rt__conn, link)->active;
        if (x && x->serial == serial)
            return &x->req;
    }
    return NULL;
}

void rt__exchange_be_found(rt__worker *worker)
{
    finder_worker = worker;
    rt_request_set_finder(worker ? find_request : NULL);
}

void rt__exchange_start(rt__exchange *x)
{
    rt__worker *worker = x->conn->worker;
    rt__runner *runner = runner_get(worker);
    runner->x = x;
    begin(x, runner);
    rt_coro_resume(runner->coro);
    if (runner->x) {
        runner->x->async = true;
    } else {
        runner_put(worker, runner);
    }
}

void rt__exchange_refuse(rt__conn *conn, int status)
{
    rt__worker *worker = conn->worker;
    static const rt_header type = {{"Content-Type", 12},
                                   {"text/plain; charset=utf-8", 25}};
    rt_headers headers = {(rt_header *)(uintptr_t)&type, 1, 1};
    rt_str reason = rt_code_reason(status);
    rt_http1_reply reply = {.status = status,
                            .headers = &headers,
                            .length = (int64_t)reason.len + 1,
                            .method = conn->reader.is_head ? RT_METHOD_HEAD
                                                           : RT_METHOD_GET,
                            .minor = 1,
                            .date = rt__worker_date(worker)};
    rt_http1_promise promise = rt_http1_write_head(&worker->out, &reply);
    if (promise.framing == RT_HTTP1_LENGTH) {
        rt_buf_put(&worker->out, reason);
        rt_buf_put_char(&worker->out, '\n');
    }
    if (worker->access_fd >= 0)
        rt__access_log_add_refused(conn, status,
                                   promise.framing == RT_HTTP1_LENGTH
                                       ? reason.len + 1
                                       : 0);
    conn->closing = true;
}
