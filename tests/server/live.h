// A live server in a child process, and the client's end of its sockets.
#pragma once

#include <stdio.h>
#include <sys/types.h>

#include <retort/base/str.h>
#include <retort/server/server.h>
#include <retort/test.h>

typedef struct live {
    pid_t pid;
    int port;        // 0: a Unix socket
    char path[64];   // of the Unix socket
    FILE *log;       // what the server wrote to standard error
    int stop_status; // set by live_stop
} live;

// Start a server; the test ends when it does not come up. A zero port is
// chosen by the system. The child is killed with the test.
live live_start(rt_gateway gateway, rt_server_options options);

// The same with a standard error of the test's choice.
live live_start_logging(rt_gateway gateway, rt_server_options options,
                        FILE *log);

// Send SIGTERM and wait for the end; the exit status, or 1000 + signal.
int live_stop(live *server);

// Wait for the end without asking for it.
int live_wait(live *server);

// Everything the server has logged so far.
rt_str live_log(live *server);

// True once the log contains `text`, within a few seconds.
bool live_logged(live *server, const char *text);

// The process id of a worker of the server (the n-th child), 0 if none.
pid_t live_worker(const live *server);

// Connect; a receive waits at most ten seconds.
int live_connect(const live *server);

// The same with a small buffer for what is received.
int live_connect_with_room(const live *server, int bytes);

// Send all bytes.
void live_send(int fd, rt_str bytes);

// Receive until the server closes. The text lives until the test ends.
rt_str live_receive_all(int fd);

// Receive exactly `len` bytes (fewer when the server closes).
rt_str live_receive(int fd, size_t len);

// Receive one response with a Content-Length, head and body.
rt_str live_response(int fd);

// Connect, send, receive until the close.
rt_str live_ask(const live *server, const char *request);

// The parts of a response.
int live_status(rt_str response);
rt_str live_body(rt_str response);
bool live_has(rt_str response, const char *text);
