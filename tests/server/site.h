// A gateway with a path for everything a test of the server needs.
#pragma once

#include <retort/http/gateway.h>

// Shared with the processes of the server, for tests to look at.
typedef struct site_counters {
    volatile long requests;   // answered by /
    volatile long slow;       // begun by /slow
    volatile long produced;   // bytes written by /flood
    volatile long gone;       // what /gone has seen
    volatile int last_status; // of the body that /read has read
    volatile long body_bytes; // of it
    volatile long starting;   // workers
    volatile long started;
    volatile long stopped;
    volatile long start_ms;    // set by a test: how long that takes
    volatile int cannot_start; // set by a test: workers exit instead
} site_counters;

extern site_counters *site;

// Make the gateway; `site` is allocated anew.
rt_gateway site_gateway(void);
