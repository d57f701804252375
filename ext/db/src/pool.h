// Connections of this process, and what a request holds of them.
//
//     rt__database   what rt_db_init was told; lives as long as the process
//       rt__pool     its connections, made when first asked for, again after fork
//     rt_db          a database as one request uses it
//       rt__hold     one query, cursor or transaction of it, with its connection
//
// A coroutine can be dropped wherever it waits. What it has of a pool is
// therefore a hold in the list of its handle, and a cleanup of the handle's arena
// gives back what is still in there.
#pragma once

#include <setjmp.h>

#include <retort/base/log.h>
#include <retort/base/wait.h>

#include "driver.h"

typedef struct rt__pool rt__pool;
typedef struct rt__database rt__database;
typedef struct rt__hold rt__hold;

struct rt__pool {
    const rt__driver *driver;
    const rt__db_url *url;
    const rt_db_options *options;
    unsigned generation; // of processes

    rt__conn **all; // also those that are being opened; the first are used most
    int n;
    int limit;
    int shares;
    bool single; // in memory: there is one connection, for everybody

    rt_wait_queue alone;  // for a connection without users
    rt_wait_queue shared; // for a place on one
    int waiting;
    int waiting_alone;

    rt__hold *free;
    uint64_t opened;
    uint64_t statements;
    rt__pool *abandoned; // the next of those another process has opened
};

struct rt__database {
    const char *name;
    rt_arena arena;
    rt_db_options options;
    rt__db_url url, replica_url;
    const rt__driver *driver;
    rt__pool *pool, *replica;
    rt_app *app;
    rt__database *next; // all of the process
};

typedef enum rt__hold_stage {
    RT__HOLD_EMPTY,
    RT__HOLD_WAITING,
    RT__HOLD_OPENING, // or checking: a connection that is dropped is closed
    RT__HOLD_HELD,
} rt__hold_stage;

struct rt__hold {
    rt__query query;
    rt__pool *pool;
    rt_db *db;
    rt__conn *conn;
    rt__hold_stage stage;
    bool alone;
    bool borrowed; // the connection is the transaction's
    bool started;  // the driver knows the query
    bool has_turn; // of the transaction
    bool fresh;    // the connection was opened for it
    rt_arena *scratch;
    rt__hold **owner; // where it is NULL after its end; or NULL
    rt_link link;
    rt__hold *free;
};

struct rt_db {
    rt__database *database;
    rt_request *req;
    rt_arena *arena;
    const rt_coro *coro; // that made it
    bool guarded;        // a cleanup is registered
    bool opened;         // by rt_db_open
    bool wrote;          // reads no longer go to the replica
    rt_link holds;
    size_t statements;

    // The transaction. Its statements take turns.
    rt__hold *tx;
    int depth;
    int failed_depth;   // PostgreSQL: it can only be rolled back; 0: it has not
    uint64_t tx_serial; // counts the outermost ones
    bool tx_scoped;     // by a block: an abort leaves it
    bool watched;       // the answer will be looked at
    bool gave_error;    // that is what the answer is
    bool foreign_keys;  // to be switched on again
    bool tx_busy;
    rt_wait_queue turns;

    jmp_buf *attempt; // without a request: where a failure goes
    const rt_error_kind *attempt_kind;
    rt_db *next; // of the same request
};

// The pool of this process, which is made where there is none.
rt__pool *rt__db_pool(rt__database *database, bool replica);
void rt__db_pool_close(rt__database *database);

// A hold without a connection, in the list of the handle; and its end, which gives
// everything back and does not wait.
rt__hold *rt__hold_new(rt_db *db, rt__pool *pool);
void rt__hold_end(rt__hold *hold);

// Get a connection: one without users, or a place on one. Waits.
rt_status rt__hold_connect(rt__hold *hold, bool alone, rt_db_error *err);

// The connection was lost: the others that were kept are, too.
void rt__pool_forget_idle(rt__pool *pool);

// Get a connection as the handle has it at the moment: its transaction's, when it
// is our turn, or one of the pool.
rt_status rt__db_connect(rt_db *db, const rt__stmt *stmt, bool alone,
                         rt__hold **out, rt_db_error *err);

// Take and give the turn in a transaction.
rt_status rt__db_turn_take(rt_db *db, rt__hold *hold);
void rt__db_turn_give(rt__hold *hold);

// Make sure that what the handle holds is given back.
void rt__db_guard(rt_db *db);

// End the transaction without a word to anybody but the server.
void rt__db_tx_abandon(rt_db *db, bool may_wait);

// Get the statement of a text for so many values.
rt_status rt__db_prepare(rt_db *db, const char *sql, size_t n,
                         const rt__stmt **out, rt_db_error *err);

// Run a query on the hold's connection, up to its columns; once more where that
// does no harm and the connection was found dead.
rt_status rt__db_start(rt_db *db, rt__hold **hold, bool alone, bool streams,
                       const rt__stmt *stmt, const rt_value *values, size_t n,
                       rt_db_error *err);

// Fill in a failure that has another status than its kind.
rt_status rt__db_refuse(rt_db *db, rt_db_error *err, rt_status status,
                        rt_db_kind kind, const char *message);

// Note that a statement failed.
void rt__db_note_failure(rt_db *db, const rt__stmt *stmt, rt_db_error *err);

// The command `db shell`.
void rt__db_add_commands(rt_app *app, rt__database *database, rt_site site);

extern const rt_logger rt__db_log;

// All rows without their names, each a list. Unlike a cursor it has a connection
// together with others.
rt_value rt__db_cells(rt_db *db, const char *sql, const rt_value *values,
                      size_t n);
