// Crashes: what a dying worker leaves behind for its master.
//
// The signal handler may hardly do anything, so it only writes into memory that
// both processes share, hands the client's socket over, and lets the worker
// die. The master does the rest: it symbolises, logs, answers the client.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <retort/base/buf.h>
#include <retort/base/str.h>

#define RT__CRASH_FRAMES 64
#define RT__CRASH_TEXT   256

// One per worker slot, in memory shared with the master.
typedef struct rt__crash_slot {
    volatile int64_t busy_since_ms; // the loop is at work; 0: it waits
    volatile int signal;            // 0: no crash
    void *address;                  // that could not be used
    bool overflow;                  // of the coroutine's stack
    char method[16];
    char path[RT__CRASH_TEXT];
    int frames_len;
    void *frames[RT__CRASH_FRAMES];
    int socket; // where the client's socket is sent to; -1: none
} rt__crash_slot;

// In a worker: install the handlers. `slot` may be NULL: then the report goes
// to standard error from the handler itself, as well as it can.
void rt__crash_install(rt__crash_slot *slot);

// In the master: say how a worker died, and list the functions it was in with
// file and line where they are known. `status` is from waitpid.
void rt__crash_describe(const rt__crash_slot *slot, int status, rt_buf *what,
                        rt_buf *frames);
