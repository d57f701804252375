// Errors a person must read: a status with a message, a place, an excerpt.
#pragma once

#include <stdio.h>

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/status.h>
#include <retort/base/str.h>

RT_C_BEGIN

// A place in a source file.
typedef struct rt_site {
    const char *file;
    int line;
} rt_site;

// The place of the call; registration macros pass it on, so that wrong use is
// reported where it was written.
#define RT_HERE ((rt_site){__FILE__, __LINE__})

// An error report. Zero-initialise it; a function that takes an `rt_error *`
// accepts NULL from callers that only want the status.
typedef struct rt_error {
    rt_status status;
    rt_str message;               // lower case, no full stop, what failed first
    rt_str file;                  // what was read; empty when it has no name
    size_t line;                  // 1-based; 0: no position
    size_t column;                // 1-based, in code points
    rt_str excerpt;               // the source line, empty when there is none
    const struct rt_error *cause; // the error behind this one, or NULL
} rt_error;

// Write "file:line:column: message", the excerpt with a caret below it, and
// the causes, each on lines of its own.
rt_str rt_error_text(rt_arena *arena, const rt_error *error);

// Report wrong use of the API and end the process with RT_EXIT_MISUSE:
// "file:line: message". For mistakes that no user's input can cause.
#define RT_EXIT_MISUSE 70
RT_NORETURN RT_COLD void rt_misuse(rt_site site, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// Report a broken promise inside the library and abort: the worker dies, its
// master reports it and starts another.
RT_NORETURN RT_COLD void rt_panic(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

RT_C_END
