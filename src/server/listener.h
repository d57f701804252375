// Listening sockets: one per worker slot, opened by the master and never closed
// by it, so that what is queued on one outlives the worker that served it.
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
void rt__listeners_close(rt__listeners *listeners,
                         const rt_server_options *options);
