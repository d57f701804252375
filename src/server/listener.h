// Listening sockets: one per worker slot, opened by the master and not closed by
// it before it stops, so that what is queued on one outlives the worker that
// served it.
#pragma once

#include <retort/server/server.h>

typedef struct rt__listeners {
    int *fds; // one per slot; all the same for a Unix socket
    int len;
    char url[256]; // as people type it
} rt__listeners;

// Open `n` listeners; false with the reason in `error` when that fails.
bool rt__listeners_open(rt__listeners *listeners, int n,
                        const rt_server_options *options, char *error,
                        size_t error_bytes);

// Let nobody connect any more. Who has, or is about to, is still to be accepted;
// for that a worker keeps its listener open a little longer.
void rt__listener_refuse(int fd);

// Whether clients have begun to connect and the system still waits for their
// second segment; true also when that cannot be told. For any listener of the
// port.
bool rt__listener_is_connecting(int fd);

// Do that, close all, and remove the path: the place is free for others. Those
// that workers have keep what is queued.
void rt__listeners_shut(rt__listeners *listeners,
                        const rt_server_options *options);

void rt__listeners_close(rt__listeners *listeners,
                         const rt_server_options *options);
