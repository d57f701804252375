// The parts of the player of raw cases: scripts and the verdict.
#pragma once

#include <retort/base/buf.h>

#include "raw.h"

#define RAW_STOPS 16 // directives in a case, at most

typedef enum raw_wait {
    WAIT_NOTHING,
    WAIT_CUT, // between the parts of a cut
    WAIT_PAUSE,
    WAIT_QUIET,
    WAIT_ANSWER,
} raw_wait;

// Where in the bytes something is waited for.
typedef struct raw_stop {
    size_t at; // before this byte
    raw_wait wait;
    rt_str text; // that must be answered first
} raw_stop;

// A case whose directives have been taken out of its bytes.
typedef struct raw_script {
    const raw_case *row;
    rt_buf bytes;
    size_t case_bytes; // without the probe
    raw_stop stops[RAW_STOPS];
    size_t stops_len;
    bool half;
} raw_script;

raw_script *raw_compile(const raw_case *row);

// How a connection was seen to end.
typedef struct raw_ending {
    bool reset;
    bool disturbed; // answered when it should have been quiet
    bool open;      // it has not ended
} raw_ending;

// Put what was received into the words of the expectation.
rt_str raw_describe(const raw_script *script, rt_str received, raw_ending end);

// Memory until the test ends.
rt_arena *raw_memory(void);
