// Playing raw bytes against a live server, many connections at a time.
//
// A case is what a client sends and what it must see. The bytes may contain
// directives:
//
//     <<pause>>      let the server look at what has been sent so far
//     <<quiet>>      the same, and nothing may have been answered since the
//                    last directive
//     <<answer x>>   wait until the text x has been answered since the last
//                    directive
//     <<half>>       close this side; at the end
//     <<end>>        at the end: send no probe
//     <<text*90>>    the text 90 times
//
// Behind the bytes, in the same send, follows a probe: a request for /probe
// that asks to close. So a case tells whether the connection was in a state to
// be used again, and never waits for time to pass.
//
// The expectation lists the statuses in order, and how it ends:
//
//     200            a response, framed as its head says
//     200=home       with this body (a space is written as _)
//     200#90         with a body of 90 bytes
//     200-           without a body, whatever its head says
//     keep           the probe was answered
//     close          it was not, the connection was closed, and the last
//                    response announced it (nobody expects that behind <<half>>)
//     cut            closed without announcement
//
// Every response is examined besides: its grammar, Date, and that its fields
// agree with each other about its end.
#pragma once

#include <retort/http/gateway.h>
#include <retort/test.h>

#include "live.h"

typedef struct raw_case {
    const char *name;
    rt_str bytes;
    const char *expect;
} raw_case;

// A row of a table; the bytes are a literal and may contain zeros.
#define RAW(name, bytes, expect)                 \
    {                                            \
        name, {bytes, sizeof(bytes) - 1}, expect \
    }

// How the bytes are divided into sends.
typedef enum raw_cut {
    RAW_WHOLE, // as the directives say
    RAW_SOME,  // and cut in two at four places and, if short, byte by byte
    RAW_EVERY, // and cut in two at each byte, and byte by byte
} raw_cut;

// Play all cases and check what they expect, 64 connections at a time.
void raw_play(live *server, const raw_case *cases, size_t n, raw_cut cut);

// Play a case made at run time: see rt_test_case for the name.
typedef struct raw_batch {
    raw_case *cases;
    size_t len;
} raw_batch;

// Add a case to a batch: text of three parts, of which the second may contain
// any byte. Everything lives until the test ends.
void raw_add(raw_batch *batch, const char *name, const char *before,
             rt_str middle, const char *after, const char *expect);

// A gateway for these tests.
//
//     /            "home"
//     /probe       "probe"
//     /show        "METHOD|path|query|host|version", as are * and CONNECT
//     /value       the values of X, each in brackets
//     /echo        the body; 400, 408 or 413 when it cannot be read
//     /stream      the body in pieces as they come
//     /lazy        "lazy", and the body is not read
//     /slow        "slow", after 50 ms
//     /words       chunks of an unknown length, not reading the body
//     /status?n=   that status with a body of 6 bytes
rt_gateway raw_gateway(void);
