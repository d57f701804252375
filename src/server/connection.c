// Connections: reading, cutting what was read into requests, and the end.
//
//            .------------- more requests in the buffer <-----------.
//            v                                                      |
//   open -> read -> head complete -> exchange ---------------> response queued
//            ^  |                       |  (waits: the connection keeps      |
//            |  '- error: refuse        |   reading ahead into its block)    |
//            |                          v                                    v
//          idle <---------- all answers of a read leave in one send <--- flush
//
// An idle connection holds no block. The block with the head of the request in
// progress belongs to that exchange until it ends; bytes behind the head stay
// in the same block while there is room and go to another one afterwards.
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <retort/base/error.h>

#include "server/worker.h"

// How long we throw away what still comes after the last answer.
#define LINGER_MS  5000
// While the worker stops: a client that keeps its connection busy asks again
// within this time and is told in the answer that it was the last; one that has
// just connected has a little longer. So no request meets a closed connection.
#define LAST_MS    500
#define FIRST_MS   2000
// Less room than this is not worth a system call.
#define ROOM_BYTES 2048u

static void on_poll(uv_poll_t *poll, int status, int events);
static void process(rt__conn *conn);
static void rest(rt__conn *conn);
static bool read_some(rt__conn *conn);

// ---- timers ----------------------------------------------------------------

static int64_t timer_ms(const rt__worker *worker, rt__timer_kind kind)
{
    switch (kind) {
    case RT__TIMER_HEAD: return worker->options->head_timeout_ms;
    case RT__TIMER_IDLE: return worker->options->idle_timeout_ms;
    case RT__TIMER_WRITE: return worker->options->write_timeout_ms;
    case RT__TIMER_LINGER: return LINGER_MS;
    case RT__TIMER_LAST: return LAST_MS;
    case RT__TIMER_FIRST: return FIRST_MS;
    default: return 0;
    }
}

static void on_timer(uv_timer_t *uv)
{
    rt__worker_check_timers(uv->data);
}

static void arm(rt__worker *worker, int64_t due_ms, int64_t ms)
{
    worker->timer_due_ms = due_ms;
    uv_timer_start(&worker->timer, on_timer, (uint64_t)ms, 0);
}

void rt__conn_set_timer(rt__conn *conn, rt__timer_kind kind)
{
    rt__worker *worker = conn->worker;
    rt_link_remove(&conn->timer_link);
    conn->timer_kind = (uint8_t)kind;
    if (kind == RT__TIMER_NONE)
        return;
    int64_t ms = timer_ms(worker, kind);
    conn->deadline_ms = rt__worker_now_ms(worker) + ms;
    rt_links_push(&worker->timers[kind], &conn->timer_link);
    if (conn->deadline_ms < worker->timer_due_ms)
        arm(worker, conn->deadline_ms, ms);
}

static void time_out(rt__conn *conn)
{
    rt__timer_kind kind = conn->timer_kind;
    rt__conn_set_timer(conn, RT__TIMER_NONE);
    if (kind == RT__TIMER_HEAD && !rt_http1_is_idle(&conn->reader)) {
        rt__exchange_refuse(conn, 408);
        process(conn);
        return;
    }
    // What has come since this turn began is not seen otherwise.
    if ((kind == RT__TIMER_LAST || kind == RT__TIMER_FIRST) &&
        read_some(conn)) {
        process(conn);
        return;
    }
    rt__conn_close(conn);
}

void rt__worker_check_timers(rt__worker *worker)
{
    int64_t now = rt__worker_now_ms(worker), earliest = INT64_MAX;
    worker->timer_due_ms = INT64_MAX;
    for (int kind = 1; kind < RT__TIMER_COUNT; kind++) {
        rt_link *link;
        while ((link = rt_links_first(&worker->timers[kind]))) {
            rt__conn *conn = RT_CONTAINER(link, rt__conn, timer_link);
            if (conn->deadline_ms > now) {
                if (conn->deadline_ms < earliest)
                    earliest = conn->deadline_ms;
                break;
            }
            time_out(conn);
        }
    }
    if (earliest < worker->timer_due_ms)
        arm(worker, earliest, earliest - now);
}

// ---- opening and closing ---------------------------------------------------

void rt__conn_update_poll(rt__conn *conn)
{
    int events = 0;
    if (!conn->lost) {
        events |= conn->reading && !conn->eof ? UV_READABLE : 0;
        events |= conn->pending || conn->writing ? UV_WRITABLE : 0;
    }
    if (events == conn->events || conn->closed)
        return;
    conn->events = events;
    if (events)
        uv_poll_start(&conn->poll, events, on_poll);
    else
        uv_poll_stop(&conn->poll);
}

void rt__conn_want_read(rt__conn *conn, bool want)
{
    conn->reading = want;
    rt__conn_update_poll(conn);
}

void rt__conn_open(rt__worker *worker, int fd, const char *peer, int port)
{
    rt__conn *conn = calloc(1, sizeof *conn);
    if (!conn)
        rt_panic("out of memory: %zu bytes", sizeof *conn);
    if (uv_poll_init(&worker->loop, &conn->poll, fd)) {
        free(conn);
        close(fd);
        return;
    }
    conn->worker = worker;
    conn->fd = fd;
    conn->poll.data = conn;
    conn->peer_port = (uint16_t)port;
    strncpy(conn->peer, peer, sizeof conn->peer - 1);
    conn->peer_len = (uint8_t)strlen(conn->peer);
    rt_http1_limits limits = {.head_bytes = worker->options->head_bytes,
                              .target_bytes = worker->options->target_bytes,
                              .headers = worker->options->headers,
                              .body_bytes = UINT64_MAX};
    rt_http1_reader_init(&conn->reader, &limits);
    rt_links_push(&worker->conns, &conn->link);
    worker->conns_len++;
    rt__conn_set_timer(conn, RT__TIMER_HEAD);
    rt__conn_want_read(conn, true);
}

static void release_block(rt__conn *conn)
{
    bool held = conn->active && conn->active->block == conn->in;
    if (conn->in && !held)
        rt__block_put(conn->worker, conn->in);
    conn->in = NULL;
    conn->start = conn->end = 0;
}

static void on_closed(uv_handle_t *handle)
{
    rt__conn *conn = handle->data;
    rt__worker *worker = conn->worker;
    free(conn);
    worker->conns_len--;
    rt__worker_check_end(worker);
}

void rt__conn_close(rt__conn *conn)
{
    if (conn->closed)
        return;
    conn->lost = true;
    if (conn->active) { // it learns of it at its next read or write
        rt__conn_update_poll(conn);
        rt_wake_all(&conn->readable);
        rt_wake_all(&conn->writable);
        return;
    }
    conn->closed = true;
    release_block(conn);
    free(conn->pending);
    conn->pending = NULL;
    rt__conn_set_timer(conn, RT__TIMER_NONE);
    rt_link_remove(&conn->link);
    uv_close((uv_handle_t *)&conn->poll, on_closed);
    close(conn->fd);
}

// What a client has sent by now is answered, and nothing that comes later: one
// that always has a request under way would keep the worker for ever.
static void fix_owed(rt__conn *conn)
{
    int unread = 0;
    ioctl(conn->fd, FIONREAD, &unread);
    conn->owed = conn->received + (uint64_t)unread;
    conn->owes = true;
}

bool rt__conn_is_last(const rt__conn *conn, uint64_t body_left)
{
    uint64_t consumed = conn->received - (conn->end - conn->start);
    return conn->worker->stopping && consumed + body_left >= conn->owed;
}

void rt__conn_stop(rt__conn *conn)
{
    if (conn->active || conn->start != conn->end)
        fix_owed(conn);
    if (conn->timer_kind == RT__TIMER_IDLE ||
        conn->timer_kind == RT__TIMER_HEAD)
        rest(conn);
}

// All was said. If the client may still be sending, closing at once would reset
// the connection and could take our last answer with it; so we only close our
// side and read on for a while (RFC 9112 9.6). Many clients do not look for an
// answer before they have sent a body of any size, so only the time is limited.
static void finish(rt__conn *conn)
{
    if (conn->eof || conn->lost) {
        rt__conn_close(conn);
        return;
    }
    shutdown(conn->fd, SHUT_WR);
    conn->lingering = true;
    release_block(conn);
    rt__conn_set_timer(conn, RT__TIMER_LINGER);
    rt__conn_want_read(conn, true);
}

static void discard(rt__conn *conn)
{
    char bytes[64 * 1024];
    ssize_t n = recv(conn->fd, bytes, sizeof bytes, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0)
        rt__conn_close(conn);
}

// ---- room for bytes ----------------------------------------------------------

// The first byte of the block that is not the active request's head.
static size_t floor_of(const rt__conn *conn)
{
    const rt__exchange *x = conn->active;
    return x && x->block == conn->in ? x->head_end : 0;
}

static void move_to(rt__conn *conn, rt__block *block)
{
    size_t len = conn->end - conn->start;
    if (len)
        memcpy(block->data, conn->in->data + conn->start, len);
    bool held = conn->active && conn->active->block == conn->in;
    if (conn->in && !held)
        rt__block_put(conn->worker, conn->in);
    conn->in = block;
    conn->start = 0;
    conn->end = len;
}

void rt__conn_make_room(rt__conn *conn)
{
    if (!conn->in) {
        conn->in = rt__block_get(conn->worker, RT__BLOCK_BYTES);
        conn->start = conn->end = 0;
        return;
    }
    size_t floor = floor_of(conn), len = conn->end - conn->start;
    if (conn->start > floor) {
        memmove(conn->in->data + floor, conn->in->data + conn->start, len);
        conn->start = floor;
        conn->end = floor + len;
    }
    // Little room behind a head or an unfinished one: a larger block. How much
    // a head may take is the reader's to say, so this ends.
    if (conn->in->cap - conn->end < ROOM_BYTES) {
        size_t bytes = RT__BLOCK_BYTES_BIG;
        while (bytes < len + 2 * ROOM_BYTES)
            bytes *= 2;
        move_to(conn, rt__block_get(conn->worker, bytes));
    }
}

// ---- reading -----------------------------------------------------------------

// Read once; false when there is nothing new to look at.
static bool read_some(rt__conn *conn)
{
    if (!conn->active)
        rt__conn_make_room(conn);
    if (!conn->in)
        rt__conn_make_room(conn);
    size_t room = conn->in->cap - conn->end;
    if (room == 0) { // a view that waits while its client sends on
        rt__conn_want_read(conn, false);
        return false;
    }
    ssize_t n = recv(conn->fd, conn->in->data + conn->end, room, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (n < 0) {
        conn->lost = true;
        return true;
    }
    if (n == 0)
        conn->eof = true;
    conn->end += (size_t)n;
    conn->received += (size_t)n;
    if (conn->worker->stopping && !conn->owes)
        fix_owed(conn);
    return true;
}

static void on_readable(rt__conn *conn)
{
    if (conn->lingering) {
        discard(conn);
        return;
    }
    if (!read_some(conn))
        return;
    if (conn->active) {
        if (conn->eof || conn->lost)
            rt__conn_update_poll(conn);
        rt_wake_all(&conn->readable);
        return;
    }
    process(conn);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    rt__conn *conn = poll->data;
    rt__worker_mark_busy(conn->worker);
    if (status) {
        conn->events = 0; // libuv has stopped polling
        rt__conn_close(conn);
        return;
    }
    if (events & UV_WRITABLE) {
        bool sent = rt__send_pending(conn);
        rt_wake_all(&conn->writable);
        if (sent && !conn->active) {
            process(conn);
            return; // may be closed
        }
        rt__conn_update_poll(conn);
    }
    if (events & UV_READABLE && !conn->closed)
        on_readable(conn);
}

// ---- requests ----------------------------------------------------------------

rt__exchange *rt__conn_next(rt__conn *conn)
{
    rt__worker *worker = conn->worker;
    if (conn->closing || conn->lost || conn->start == conn->end)
        return NULL;
    // A client that does not read its answers gets no more of them made.
    if (conn->pending || worker->out.len > RT__OUT_BYTES) {
        rt__send_flush(conn);
        if (conn->pending)
            return NULL;
    }
    rt__exchange *x = rt__exchange_get(worker);
    rt_http1_event event =
        rt_http1_read_head(&conn->reader, conn->in->data + conn->start,
                           conn->end - conn->start, &x->arena, &x->head);
    if (event == RT_HTTP1_NEED_MORE)
        return NULL;
    if (event == RT_HTTP1_ERROR) {
        rt__exchange_refuse(conn, conn->reader.status);
        return NULL;
    }
    worker->spare = NULL;
    x->conn = conn;
    x->block = conn->in;
    conn->start += x->head.head_bytes;
    x->head_end = conn->start;
    conn->active = x;
    conn->served = true;
    return x;
}

static rt__timer_kind what_comes(const rt__conn *conn)
{
    bool stopping = conn->worker->stopping;
    if (conn->start != conn->end || !rt_http1_is_idle(&conn->reader))
        return RT__TIMER_HEAD;
    if (conn->served)
        return stopping ? RT__TIMER_LAST : RT__TIMER_IDLE;
    return stopping ? RT__TIMER_FIRST : RT__TIMER_HEAD;
}

// The connection rests: choose what it waits for.
static void rest(rt__conn *conn)
{
    bool empty = conn->start == conn->end;
    if (conn->active) {
        rt__conn_set_timer(conn, RT__TIMER_NONE);
        return;
    }
    if (empty)
        release_block(conn);
    if (conn->pending) {
        rt__conn_set_timer(conn, RT__TIMER_WRITE);
        rt__conn_want_read(conn, false);
        return;
    }
    if (conn->closing || conn->eof || conn->lost) {
        // After the client's end of file nothing unread can be left.
        finish(conn);
        return;
    }
    rt__timer_kind kind = what_comes(conn);
    // The time for a head is not prolonged by the bytes that trickle in.
    if (conn->answered || kind != conn->timer_kind)
        rt__conn_set_timer(conn, kind);
    rt__conn_want_read(conn, true);
}

// True when a head will not come to its end, as the client has closed its side.
static bool is_cut(const rt__conn *conn)
{
    return conn->eof && !conn->active && !conn->closing && !conn->lost &&
           !conn->pending && !rt_http1_is_idle(&conn->reader);
}

static void process(rt__conn *conn)
{
    rt__exchange *x = conn->active ? NULL : rt__conn_next(conn);
    conn->answered = false;
    if (x)
        rt__exchange_start(x);
    // RFC 9112 8: who can still read is told.
    if (is_cut(conn))
        rt__exchange_refuse(conn, 400);
    rt__send_flush(conn);
    rest(conn);
    if (!conn->closed)
        rt__conn_update_poll(conn);
}

void rt__conn_continue(rt__conn *conn)
{
    if (conn->lost) {
        conn->worker->out.len = 0;
        rt__conn_close(conn);
        return;
    }
    process(conn);
}
