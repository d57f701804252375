// What the parts of the harness share: one record per running test, in memory
// that the test's process and the runner both see, so that a crash still tells
// how far the test had come.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <retort/test.h>

typedef struct rt__test_state {
    unsigned checks;   // made so far
    unsigned failures; // noted so far
    bool finished;     // the test function returned
    bool skipped;      // it called RT_SKIP
    bool ended;        // a REQUIRE failed
    char row[256];     // the text of the last RT_CASE
    char division[64]; // how rt_test_pieces cuts now, or ""
    char why[256];     // the reason of RT_SKIP
} rt__test_state;

// The state of the running test; never NULL.
rt__test_state *rt__test_current(void);

// Use `state` from here on; NULL goes back to a private one.
void rt__test_use(rt__test_state *state);

// Leave the running test: the process in which it runs alone, or, without a
// fork, back to the runner.
RT_NORETURN void rt__test_leave(void);

// Note a failed check: `file:line: message`, then the row.
void rt__test_fail(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// Give back what rt_guarded handed out.
void rt__test_release_guarded(void);
