// The server: a gateway, served over HTTP.
//
// A master process opens the listeners and supervises workers; each worker is
// one thread with one event loop, in which every request runs on a coroutine.
// With zero workers the calling process serves by itself, for debuggers.
//
// Every limit is a named option; what a client exceeds gets the right status
// and, where its message is not understood to the end, a closed connection.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <retort/base/attributes.h>
#include <retort/http/gateway.h>

RT_C_BEGIN

// Options; zero means the default. A negative number where zero would be
// meaningful means "none".
typedef struct rt_server_options {
    const char *name; // of the application, for the banner and the log
    const char *host; // "127.0.0.1"; a path with a slash is a Unix socket
    int port;         // 5000; -1 lets the system choose one
    int workers;      // processes; 0: one per processor; -1: none, serve here
    bool debug;       // say so in the banner
    bool quiet;       // no banner
    bool log_start;   // a record of the log instead of the banner
    const char *access_log; // a file, "-" for standard error, NULL for none

    // Called once when the listeners are open, before the first worker starts,
    // with the address as people type it.
    void (*ready)(const char *url, void *arg);
    void *ready_arg;

    // Times, in milliseconds.
    int64_t head_timeout_ms;   // 10,000: from the first byte to the whole head
    int64_t idle_timeout_ms;   // 75,000: between requests
    int64_t body_timeout_ms;   // 30,000: without progress, then 240 bytes/s
    int64_t write_timeout_ms;  // 30,000: the same for what is sent
    int64_t grace_ms;          // 30,000: for requests in flight at the end
    int64_t worker_timeout_ms; // 30,000: a loop that does not turn is aborted

    // Sizes; see also RT_HTTP1_*.
    uint32_t head_bytes;   // 32 KiB
    uint32_t target_bytes; // 8 KiB
    uint32_t headers;      // 100
    uint32_t drain_bytes;  // 64 KiB of an unread body are read to keep a
                           // connection
    // Per worker; beyond them the answer is 503 with Retry-After.
    uint32_t requests; // 1,000 in progress
    size_t memory;     // 256 MiB of arenas
    int backlog;       // 1,024
} rt_server_options;

// Serve until SIGTERM or SIGINT, which let requests in flight finish.
//
//   errors   the exit status: 0 after an ordered end, 1 when the listeners
//            cannot be opened (the reason is on standard error)
int rt_serve(rt_gateway gateway, const rt_server_options *options);

RT_C_END
