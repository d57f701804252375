// A worker: one loop, its connections, and the requests in progress.
//
//     bytes --> connection.c --> exchange.c (a coroutine) --> gateway
//                   ^                  |
//                   '---- send.c <-----'
#pragma once

#include <signal.h>
#include <uv.h>

#include <retort/base/coroutine.h>
#include <retort/base/format.h>
#include <retort/base/log.h>
#include <retort/base/wait.h>
#include <retort/http1/reader.h>
#include <retort/http1/writer.h>
#include <retort/server/server.h>

#include "server/crash.h"

typedef struct rt__worker rt__worker;
typedef struct rt__conn rt__conn;
typedef struct rt__exchange rt__exchange;
typedef struct rt__runner rt__runner;

// Bytes read from a socket. Small blocks are pooled; a connection that idles
// has none.
typedef struct rt__block {
    struct rt__block *next; // in the pool
    size_t cap;
    char data[];
} rt__block;

#define RT__BLOCK_BYTES     (16u * 1024u - 64u)
#define RT__BLOCK_BYTES_BIG (64u * 1024u)
#define RT__BLOCKS_POOLED   64u

// Answers wait in one buffer of the worker until they are sent together. More
// than this is sent at once.
#define RT__OUT_BYTES  (64u * 1024u)
// Bodies up to this size are copied behind their head.
#define RT__COPY_BYTES (16u * 1024u)

// What a connection is waiting for, each with a time limit of its own. Limits
// are constant per kind, so each list is in order of its deadlines.
typedef enum rt__timer_kind {
    RT__TIMER_NONE,
    RT__TIMER_HEAD,   // the rest of a head, or a new connection's first byte
    RT__TIMER_IDLE,   // the next request
    RT__TIMER_WRITE,  // the client to read what is queued
    RT__TIMER_LINGER, // the client to see our last answer
    // While the worker stops:
    RT__TIMER_LAST,  // a request that crosses with our closing
    RT__TIMER_FIRST, // the request of a new connection
    RT__TIMER_COUNT,
} rt__timer_kind;

struct rt__conn {
    uv_poll_t poll;
    rt__worker *worker;
    int fd;
    int events; // polled for

    rt_link link;       // worker->conns
    rt_link timer_link; // worker->timers[timer_kind]
    int64_t deadline_ms;
    uint8_t timer_kind;

    bool eof;       // the client has sent all it will send
    bool lost;      // the socket is broken; nothing can be sent
    bool closing;   // close when everything is sent
    bool lingering; // answered for the last time, discarding what comes
    bool served;    // at least one request was begun
    bool answered;  // some since the connection was looked at last
    bool reading;   // more bytes are wanted
    bool writing;   // the active exchange waits for room
    bool owes;      // `owed` is known: the worker stops
    bool closed;

    rt__block *in;
    size_t start; // first byte not yet consumed
    size_t end;   // one past the last byte read
    uint64_t received;
    uint64_t owed; // so many bytes of them hold requests that will be answered
    rt_http1_reader reader;
    rt__exchange *active; // the request in progress

    char *pending; // queued output the socket did not take
    size_t pending_len;
    size_t pending_sent;
    uint64_t sent;     // bytes the socket has taken
    int64_t acked_was; // of them, when the response first had to wait
    int64_t waited_ms; // since then; -1: not yet

    rt_wait_queue readable; // the active exchange waits here
    rt_wait_queue writable;

    uint16_t peer_port;
    uint8_t peer_len;
    char peer[46]; // INET6_ADDRSTRLEN
};

// One request from its head to the end of its response.
struct rt__exchange {
    rt_request req;
    rt_arena arena;
    rt_http1_head head;
    rt__conn *conn;
    rt__runner *runner;
    rt__block *block; // holds the head; stays until the end
    size_t head_end;  // in `block`
    uint64_t serial;  // of the request: the tag of coroutines that work for it
    int64_t started_us;
    int64_t body_started_ms;
    uint64_t body_bytes;
    uint64_t sent_bytes; // of the response's body
    int status;
    rt_http1_promise promise;
    bool head_sent;
    bool continued;     // 100 was sent
    bool begun;         // some of the request's body has come
    bool broken;        // the rest of the input cannot be read
    bool starved;       // there was no memory for its body
    bool async;         // has waited at least once
    bool logged;        // in the access log
    rt__exchange *next; // in the pool
};

struct rt__worker {
    uv_loop_t loop;
    const rt_server_options *options;
    rt_gateway gateway;
    rt_reactor *reactor;
    rt__crash_slot *slot; // shared with the master; NULL without one
    int number;

    rt_link conns;
    size_t conns_len;
    rt_link timers[RT__TIMER_COUNT];
    uv_timer_t timer;     // for the earliest of them
    int64_t timer_due_ms; // INT64_MAX: not armed
    uv_timer_t grace;
    uv_prepare_t prepare;
    uv_check_t check;
    uv_signal_t signals[3];

    uv_poll_t listener;
    int listen_fd; // -1: closed
    bool accepting;
    bool ready;    // the application has been started
    bool stopping; // was told to end
    bool cut;      // at once
    uv_timer_t accept_pause;
    int64_t accept_logged_ms; // that it failed; 0: never
    int64_t accept_failures;  // since then
    uv_timer_t last_accept;   // when the listener is closed
    int64_t last_accept_ms;   // at the latest

    rt_arena arena; // of the buffers below
    rt_buf out;     // answers of the connection at work
    rt__block *blocks;
    size_t blocks_len;
    rt__exchange *exchanges;  // pool
    rt__exchange *spare;      // for the next head
    rt__runner *runners;      // coroutines that wait for a request
    rt__runner *free_runners; // without a coroutine
    uint32_t in_progress;
    uint64_t serial; // of the newest request

    int64_t date_until_ms;
    char date[32];
    rt_buf access; // lines to be written at the end of the turn
    int access_fd;
};

// The server's part of the log.
extern const rt_logger rt__server_log;

// ---- worker.c -----------------------------------------------------------

// Serve on a listening socket until told to stop.
int rt__worker_run(rt__worker *worker);

// Tell the master that the loop is at work; until it waits again.
void rt__worker_mark_busy(rt__worker *worker);

// The loop's time in milliseconds; the Date header of now.
int64_t rt__worker_now_ms(const rt__worker *worker);
rt_str rt__worker_date(rt__worker *worker);

rt__block *rt__block_get(rt__worker *worker, size_t bytes);
void rt__block_put(rt__worker *worker, rt__block *block);

// Stop when the last connection has gone.
void rt__worker_check_end(rt__worker *worker);

// ---- connection.c ---------------------------------------------------------

// Take over an accepted socket.
void rt__conn_open(rt__worker *worker, int fd, const char *peer, int port);

// Read the head of the next request in the buffer, which becomes the active
// one. NULL when there is none to start.
rt__exchange *rt__conn_next(rt__conn *conn);

// Go on after the active exchange has ended.
void rt__conn_continue(rt__conn *conn);

// Close now, whatever is under way. An active exchange goes on without client.
void rt__conn_close(rt__conn *conn);

// The worker stops: a connection that is between requests is closed soon, the
// others end after the request in progress.
void rt__conn_stop(rt__conn *conn);

// Whether the worker has stopped and this request is the last to be answered.
bool rt__conn_is_last(const rt__conn *conn, uint64_t body_left);

// Ask for more bytes of a body, or for room to write.
void rt__conn_want_read(rt__conn *conn, bool want);
void rt__conn_update_poll(rt__conn *conn);

// Make room behind the bytes of a body that were read already.
void rt__conn_make_room(rt__conn *conn);

// Close the connections whose time is over.
void rt__conn_set_timer(rt__conn *conn, rt__timer_kind kind);
void rt__worker_check_timers(rt__worker *worker);

// ---- send.c ---------------------------------------------------------------

// Send worker->out as far as the socket takes it; the rest is queued with the
// connection. Never waits.
void rt__send_flush(rt__conn *conn);

// Send what is queued; false when some of it is left.
bool rt__send_pending(rt__conn *conn);

// Send worker->out and then the pieces, waiting while the client is slow. In a
// coroutine.
//
//   errors   RT_E_CLOSED, RT_E_TIMEOUT
rt_status rt__send_wait(rt__conn *conn, const rt_str *pieces, size_t n);

// Send part of a file behind worker->out.
rt_status rt__send_file(rt__conn *conn, int fd, int64_t offset, int64_t len);

// ---- exchange.c -------------------------------------------------------------

rt__exchange *rt__exchange_get(rt__worker *worker);

// Let the log find the requests of a worker; NULL: of none.
void rt__exchange_be_found(rt__worker *worker);

// Answer the request whose head was read and those behind it. When this returns,
// the connection has no active exchange, or one that waits and will call
// rt__conn_continue.
void rt__exchange_start(rt__exchange *x);

// Give up the coroutine of a request, or all that wait for one.
void rt__runner_drop(rt__worker *worker, rt__runner *runner);
void rt__runners_drop(rt__worker *worker);

// Answer an error of the protocol without asking the gateway.
void rt__exchange_refuse(rt__conn *conn, int status);

// ---- access_log.c -----------------------------------------------------------

// Before the start: whether there can be such a log; the reason is in `error`.
bool rt__access_log_can_open(const rt_server_options *options, char *error,
                             size_t bytes);

// A descriptor, -1 for none.
int rt__access_log_open(const rt_server_options *options);

void rt__access_log_add(rt__worker *worker, const rt__exchange *x);
// A request that was refused before it was one, with so many bytes of a body.
void rt__access_log_add_refused(const rt__conn *conn, int status,
                                uint64_t bytes);

// In the master: the request in which a worker has crashed.
void rt__access_log_write_crashed(int fd, const rt__crash_slot *slot);

// Safe in a signal handler.
void rt__access_log_flush(rt__worker *worker);
