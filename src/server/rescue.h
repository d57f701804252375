// The clients of crashed workers: their sockets come to the master, which tells
// them what has happened.
#pragma once

#define RT__RESCUED_MAX 64

// Of the page that says so.
#define RT__RESCUE_BYTES 154

typedef struct rt__rescued {
    int fds[RT__RESCUED_MAX]; // answered, to be closed a little later
    int len;
} rt__rescued;

// Take one message of a worker: a client's socket, which is answered, or nothing
// but a reason to wake up.
void rt__rescue_take(rt__rescued *rescued, int from);

// Close those that have had the time to read their answer.
void rt__rescue_close(rt__rescued *rescued);
