// SQLite's connection, shared by its sources.
#pragma once

#include <sqlite3.h>

#include <retort/base/coroutine.h>
#include <retort/base/list.h>
#include <retort/base/wait.h>

#include "driver.h"

// One database file as this process uses it: who may write. SQLite has one writer
// at a time; those of one process stand in line instead of asking again and again.
typedef struct rt__lite_file rt__lite_file;

// A prepared statement. One query at a time has it.
typedef struct rt__lite_stmt {
    uint64_t id; // of the rt__stmt; 0: not kept
    sqlite3_stmt *handle;
    struct rt__lite_stmt *next; // in its bucket
    rt_link recent;             // in the order of use
    bool used;
    bool row;             // there is one that `next` has not given yet
    bool done;            // stepped to its end
    int64_t total_before; // changes of the connection before it ran
    rt__column *columns;
    size_t n_columns;
    int reprepared; // when the columns were looked at
} rt__lite_stmt;

typedef struct rt__lite {
    rt__conn conn;
    sqlite3 *db;

    rt_link opened; // in the list of all
    rt__lite_file *file;
    rt_link place; // in the line of writers; the first one writes
    rt_wait_queue turn;

    // The coroutine that steps, so that a long statement can stop in the middle.
    rt_coro *stepper;
    rt__lite_stmt *stepping;
    bool running;       // sqlite3_step has not returned
    bool stop;          // it shall return
    int result;         // of it
    int64_t began_ns;   // of the slice, once it is long enough to be looked at
    rt_wait_queue idle; // those who want to step

    rt__lite_stmt **buckets;
    size_t n_buckets; // a power of two
    size_t n_kept;
    rt_link recent;

    bool undone; // a failure has rolled back, and nobody has asked for that yet
    rt__lite_stmt *script; // the statement of a script
} rt__lite;

// sqlite_file.c: join and leave the users of a file; `path` NULL for memory.
rt__lite_file *rt__lite_file_join(const char *path);
void rt__lite_file_leave(rt__lite_file *file);

// Have a connection closed before the process forks, unless it is in use.
void rt__lite_note_opened(rt__lite *lite);

// Wait for the place at the head of the line, at most busy_timeout_ms; and give
// it up. Both may be called again.
rt_status rt__lite_line_enter(rt__lite *lite);
void rt__lite_line_leave(rt__lite *lite);

// After each commit: so many pages are in the log. Above a thousand they are moved
// into the database on another thread.
int rt__lite_wal_hook(void *arg, sqlite3 *db, const char *name, int pages);

// sqlite_step.c: step as sqlite3_step does, in slices; SQLITE_INTERRUPT when the
// caller was cancelled. The first step of a statement waits for other processes.
int rt__lite_step(rt__lite *lite, rt__lite_stmt *stmt);
int rt__lite_step_first(rt__lite *lite, rt__lite_stmt *stmt);

// End a step in the middle, without waiting.
void rt__lite_stop(rt__lite *lite);

// Wait until nobody steps, as it must be when SQLite is called.
rt_status rt__lite_wait_idle(rt__lite *lite);

// Where `code` says that another process is in the way, pause and say true, until
// busy_timeout_ms have passed. `pauses` starts with zero.
bool rt__lite_pause(rt__lite *lite, int code, int64_t since_ms, int *pauses);

// Have the statements of a connection stop after each slice.
void rt__lite_slice(rt__lite *lite);

// sqlite_value.c
int rt__lite_bind(rt__lite_stmt *stmt, const rt_value *values, size_t n);
void rt__lite_columns(rt__lite_stmt *stmt);
void rt__lite_cells(rt__lite_stmt *stmt, rt_arena *arena, rt_value *cells);

// `code` is SQLite's, or RT__LITE_RUN_ERROR for its SQLITE_ERROR in a statement
// that could be prepared, so that it makes sense.
#define RT__LITE_RUN_ERROR (-1)
rt_status rt__lite_fail(rt__lite *lite, int code, rt_arena *arena,
                        rt_db_error *err);
