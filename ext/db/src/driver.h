// What an engine provides, and what pool and session give it.
//
//     session.c   the API: which connection, transactions, errors of a request
//       pool.c    connections of this process: opening, waiting, checking
//         driver  sqlite.c, postgresql.c, mariadb.c: one connection, one query
//
// A driver never aborts and never logs. Its functions run on the coroutine of
// whoever asked and may wait there (wait.h). A coroutine can be dropped while it
// waits; so nothing a driver still needs afterwards lies on a stack or in an arena
// of the request: it lies in the connection or in the query, which are the pool's
// (malloc'd and kept for reuse). When that has happened, `finish` is called from
// outside any coroutine, or `close`, and neither may wait.
#pragma once

#include <retort/db.h>

typedef struct rt__conn rt__conn;
typedef struct rt__query rt__query;

// A URL taken apart. Decoded; "" where a part is missing.
typedef struct rt__db_url {
    rt_db_engine engine;
    const char *user, *password, *host, *database;
    int port;               // 0: the engine's
    const rt_pair *options; // of the query, text
    size_t n_options;
    const char *masked; // the URL with ***
    bool memory;        // sqlite://
} rt__db_url;

rt_status rt__db_url_parse(rt_arena *arena, const char *url, rt__db_url *out,
                           const char **why);
// The value of an option of the URL; `otherwise` where it is not given.
const char *rt__db_url_option(const rt__db_url *url, const char *name,
                              const char *otherwise);

// A statement: the text as it was written and as the engine takes it. Made once
// per text and process, and kept; its address is its identity.
typedef struct rt__stmt {
    rt_str sql; // as written, with `?`
    rt_str
        native; // for the engine, NUL-terminated: `$1` on PostgreSQL; {a.model}
                // is not known here
    size_t n_params;
    bool is_select; // begins with SELECT, VALUES or WITH, as far as is seen
    bool is_pure; // a SELECT that surely changes nothing (no function but known
                  // ones, no FOR UPDATE): may be run twice
    bool returns; // has RETURNING
    uint64_t id;  // counts from 1
} rt__stmt;

// The statement for a text, from the cache of this process; sql.c. The text may be
// gone afterwards.
//
//   errors   RT_E_SYNTAX, with `*why`; RT_E_LIMIT when so many are kept already
//            that this one is not: they stay for as long as the process
rt_status rt__db_stmt_get(rt_db_engine engine, const char *sql,
                          const rt__stmt **out, const char **why);

// The same in an arena, not kept; `sql` is viewed.
rt_status rt__db_stmt_make(rt_arena *arena, rt_db_engine engine, rt_str sql,
                           rt__stmt *out, const char **why);

// The same from the cache, or else made in an arena.
rt_status rt__db_stmt_for(rt_arena *arena, rt_db_engine engine, const char *sql,
                          const rt__stmt **out, const char **why);

typedef struct rt__column {
    rt_str name;   // NUL-terminated
    uint64_t hash; // of the name, for rt_dict_set_hashed
    uint32_t type; // the driver's own
} rt__column;

// One execution. Zeroed when it is made, and kept by the pool until `finish`.
struct rt__query {
    const rt__stmt *stmt;
    const rt_value *values; // valid until `start` has returned, or was dropped
    size_t n;
    bool streams; // rows are asked for one by one: do not keep all in memory
    // Set by the driver together with RT_DB_LOST: the server cannot have got the
    // statement, so that it may be run on another connection.
    bool unsent;

    // Set by the driver. The columns are known when `start` has returned, and
    // stay valid until `finish`.
    const rt__column *columns;
    size_t n_columns;
    int64_t changed;   // valid at the end of the rows
    int64_t insert_id; // the same

    void *state; // the driver's, of this execution
    rt__query *next;
    rt__conn *conn;
};

// One connection. Drivers put it at the head of a structure of their own.
struct rt__conn {
    const struct rt__driver *driver;
    struct rt__pool *pool;
    const rt__db_url *url;
    const rt_db_options *options; // with the defaults filled in

    // Set by the driver: it is of no use any more and must be closed.
    bool broken;
    // In the middle of a transaction, as the driver knows it (libpq's state).
    bool in_transaction;

    // The pool's.
    rt_link link;
    int users;      // queries under way; a transaction or cursor counts as one
    bool exclusive; // a transaction or a cursor has it
    int64_t opened_ms;
    int64_t used_ms; // when it was last given back
};

typedef struct rt__driver {
    rt_db_engine engine;
    size_t conn_bytes; // of the driver's structure
    // How many queries of different requests may be under way on one connection
    // outside transactions: 1, or more where the protocol has pipelines.
    int shares;

    // Open. `conn` is zeroed but for its first group. Waits.
    rt_status (*open)(rt__conn *conn, rt_arena *arena, rt_db_error *err);

    // Close at once; nothing is said to a server that would have to be waited
    // for. Queries that are under way have been given to `finish` before.
    void (*close)(rt__conn *conn);

    // Ask for a sign of life. Waits.
    rt_status (*check)(rt__conn *conn);

    // Begin to run a statement: send it and wait for its columns. RT_OK also when
    // it gives no rows. Texts of errors go to `arena`. After a failure `finish` is
    // called all the same.
    rt_status (*start)(rt__conn *conn, rt__query *query, rt_arena *arena,
                       rt_db_error *err);

    // The next row: n_columns values into `cells`, what they refer to into
    // `arena`. RT_E_NOT_FOUND at the end. Waits.
    rt_status (*next)(rt__conn *conn, rt__query *query, rt_arena *arena,
                      rt_value *cells, rt_db_error *err);

    // The query is over: at its end, after an error, or given up in the middle.
    // May not wait; where the connection cannot be used after that without
    // waiting, it is marked broken (or settled by the next `start`).
    void (*finish)(rt__conn *conn, rt__query *query);

    // Several statements at once, without values. Waits. Transactions come this
    // way too, on a connection that nobody else has meanwhile: "BEGIN ...",
    // "SAVEPOINT s1", "RELEASE s1", "ROLLBACK TO s1", "COMMIT", "ROLLBACK"; on
    // SQLite "BEGIN IMMEDIATE" or, for reading, "BEGIN DEFERRED".
    rt_status (*script)(rt__conn *conn, const char *sql, rt_arena *arena,
                        rt_db_error *err);

    // Send without waiting, for rt_db_many; NULL: they run one after the other.
    // What `start` does comes with the first `next`.
    rt_status (*send)(rt__conn *conn, rt__query *query, rt_arena *arena,
                      rt_db_error *err);
} rt__driver;

extern const rt__driver rt__sqlite_driver;
#ifdef RT_HAVE_PQ
extern const rt__driver rt__postgresql_driver;
#endif
#ifdef RT_HAVE_MARIADB
extern const rt__driver rt__mariadb_driver;
#endif

// Fill in a failure and return the status for its kind. Texts are copied.
rt_status rt__db_error_set(rt_db_error *err, rt_arena *arena, rt_db_kind kind,
                           int code, const char *sqlstate, const char *message);
rt_status rt__db_kind_status(rt_db_kind kind);
// The kind for an SQLSTATE ("23505": unique); RT_DB_OTHER when it is not known.
rt_db_kind rt__db_kind_of_sqlstate(const char *sqlstate);

// Times and JSON as text, for drivers: "2026-11-25 08:00:00.000001" to and from
// microseconds. Reading takes "T" and " ", a fraction, "Z", "+01", "+01:00", and
// dates alone.
void rt__db_put_time(rt_buf *buf, int64_t us);
bool rt__db_parse_time(rt_str text, int64_t *us);
// "c0ffee..." with or without dashes.
bool rt__db_parse_uuid(rt_str text, uint8_t out[16]);
void rt__db_put_uuid(rt_buf *buf, const uint8_t bytes[16]);
