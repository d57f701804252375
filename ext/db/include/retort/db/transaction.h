// Transactions. Without one each statement is its own (autocommit).
//
//     RT_TX (req) {
//         rt_db_exec(req, "UPDATE account SET n = n - ? WHERE id = ?", sum, a);
//         rt_db_exec(req, "UPDATE account SET n = n + ? WHERE id = ?", sum, b);
//     }
//
// The block's end commits. Leaving it otherwise - return, break, an abort - rolls
// back. A transaction inside another is a savepoint. One that is open when the
// request ends is rolled back, and the log says so.
//
// A transaction belongs to the request and holds one connection. Coroutines of
// rt_spawn share it, but the statements of one connection run one after the other.
#pragma once

#include <retort/db/database.h>

RT_C_BEGIN

typedef enum rt_db_isolation {
    RT_DB_ISOLATION_DEFAULT, // the engine's: SQLite serializable, PostgreSQL
                             // read committed, MariaDB repeatable read
    RT_DB_READ_COMMITTED,
    RT_DB_REPEATABLE_READ,
    RT_DB_SERIALIZABLE,
} rt_db_isolation;

// Options of rt_db_begin; zero is the default. An inner transaction has none.
typedef struct rt_db_tx_options {
    rt_db_isolation isolation; // SQLite is always serializable
    bool read_only; // SQLite: takes no place among the writers, BEGIN DEFERRED
                    // instead of BEGIN IMMEDIATE
    // SQLite: references are not looked after until its end, so that tables can be
    // rebuilt; PRAGMA foreign_key_check says what is left. Of the outermost alone.
    bool foreign_keys_off;
    int unused;
} rt_db_tx_options;

// Begin, commit, roll back. Commit and rollback end the innermost one.
//
//   errors   end the request; rt_db_try_commit returns the failure, after which
//            the transaction is rolled back
#define rt_db_begin(...)                           \
    rt_db_begin_with(RT__DB(RT_ARG1(__VA_ARGS__)), \
                     &(rt_db_tx_options){RT__TAIL2(__VA_ARGS__, .unused = 0)})
#define rt_db_commit(db)   rt_db_commit_tx(RT__DB(db))
#define rt_db_rollback(db) rt_db_rollback_tx(RT__DB(db))
void rt_db_begin_with(rt_db *db, const rt_db_tx_options *options);
void rt_db_commit_tx(rt_db *db);
void rt_db_rollback_tx(rt_db *db);
rt_status rt_db_try_begin(rt_db *db, const rt_db_tx_options *options,
                          rt_db_error *err);
rt_status rt_db_try_commit(rt_db *db, rt_db_error *err);

// How many are open, one inside the other.
int rt_db_tx_depth(const rt_db *db);

// The block.
#define RT_TX(...) RT__TX(RT__CAT(rt__tx_, __COUNTER__), __VA_ARGS__)
#define RT__TX(tx, ...)                                                \
    for (rt_db_tx tx __attribute__((cleanup(rt_db_tx_leave))) =        \
             rt_db_tx_enter(RT__DB(RT_ARG1(__VA_ARGS__)),              \
                            &(rt_db_tx_options){                       \
                                RT__TAIL2(__VA_ARGS__, .unused = 0)}); \
         tx.depth; rt_db_tx_done(&tx))

typedef struct rt_db_tx {
    rt_db *db;
    int depth; // 0: committed
} rt_db_tx;

rt_db_tx rt_db_tx_enter(rt_db *db, const rt_db_tx_options *options);
void rt_db_tx_done(rt_db_tx *tx);
void rt_db_tx_leave(rt_db_tx *tx);

// Run fn(db, arg) in a transaction and commit; try the whole of it again, up to
// `tries` times (0: 3) with growing pauses, when it failed for a reason that may
// pass: serialization, deadlock, busy. Other failures end the request as always.
// fn may be called several times, so it may change nothing but the database.
void rt_db_transaction(rt_db *db, void (*fn)(rt_db *db, void *arg), void *arg,
                       const rt_db_tx_options *options, int tries);

RT_C_END
