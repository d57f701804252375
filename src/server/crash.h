// Crashes: what a dying worker leaves behind for its master.
//
// The signal handler may hardly do anything, so it only writes into memory that
// both processes share, hands the client's socket over, and lets the worker
// die. The master does the rest: it symbolises, logs, answers the client.
//
// A program that calls exit in the middle of a request ends in the same way.
//
// Memory may be in any state, so the handler itself may crash. What is least
// likely to do so comes first - the signal, the request, the client - and the
// slot says how far it came.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <retort/base/buf.h>
#include <retort/base/str.h>

#define RT__CRASH_FRAMES 64
#define RT__CRASH_TEXT   256

typedef enum rt__crash_state {
    RT__CRASH_NONE,
    RT__CRASH_BEGUN,   // the signal is known
    RT__CRASH_REQUEST, // and the request, unless there was none
    RT__CRASH_FRAMES_TOO,
} rt__crash_state;

// A function on the stack. The innermost is the first.
typedef struct rt__crash_frame {
    void *address;
    int number; // in the whole stack
    // The last `period` frames, of which this is the outermost, are there so
    // many times more; the next frame's number takes account of it.
    int repeats;
    int period;
} rt__crash_frame;

// One per worker slot, in memory shared with the master.
typedef struct rt__crash_slot {
    volatile int64_t busy_since_ms; // the loop is at work; 0: it waits
    volatile bool ready;            // it accepts connections
    volatile bool stopping;         // it was told to end
    volatile int state;             // an rt__crash_state
    volatile int signal;            // 0: it called exit
    void *address;                  // that could not be used
    bool overflow;                  // of the coroutine's stack
    char method[16];
    char path[RT__CRASH_TEXT];
    // For the access log.
    char peer[46];
    int version;
    int status;
    uint64_t sent_bytes;
    int64_t started_us;
    char referer[RT__CRASH_TEXT];
    char user_agent[RT__CRASH_TEXT];
    bool logged;      // by the worker, before it has crashed
    bool handed_over; // its client is the master's to answer
    int frames_len;
    rt__crash_frame frames[RT__CRASH_FRAMES];
    int socket; // where the client's socket is sent to; -1: none
} rt__crash_slot;

// In a worker: install the handlers, which is not done without a master, when
// the debugger or the core has it all. After `uninstall` the process may exit.
struct rt__worker;
void rt__crash_install(struct rt__worker *worker);
void rt__crash_uninstall(void);

// Put a whole stack into the slot: repeated frames once, and where there are
// still too many, the innermost and the outermost of them.
void rt__crash_put_frames(rt__crash_slot *slot, void *const *frames, int n);

// In the master: say how a worker died, and list the functions it was in with
// file and line where they are known. `status` is from waitpid.
void rt__crash_describe(const rt__crash_slot *slot, int status, rt_buf *what,
                        rt_buf *frames);
