// Transactions: one connection, savepoints inside, and what becomes of those that
// nobody ends.
#include <stdio.h>

#include <retort/base/error.h>
#include <retort/crypto/random.h>

#include "pool.h"

#define TEXT_BYTES 128

static rt_status run_script(rt_db *db, const char *sql, rt_db_error *err)
{
    rt__conn *conn = db->tx->conn;
    db->statements++;
    return conn->driver->script(conn, sql, db->arena, err);
}

// Run one statement of the transaction itself, when it is our turn.
static rt_status run_in_turn(rt_db *db, const char *sql, rt_db_error *err)
{
    rt__hold *hold;
    rt_status status = rt__db_connect(db, NULL, true, &hold, err);
    if (status)
        return status;
    status = run_script(db, sql, err);
    rt__hold_end(hold);
    return status;
}

// ---- beginning -----------------------------------------------------------------

static const char *isolation_text(rt_db_isolation isolation)
{
    switch (isolation) {
    case RT_DB_READ_COMMITTED: return " ISOLATION LEVEL READ COMMITTED";
    case RT_DB_REPEATABLE_READ: return " ISOLATION LEVEL REPEATABLE READ";
    case RT_DB_SERIALIZABLE: return " ISOLATION LEVEL SERIALIZABLE";
    default: return "";
    }
}

static void put_begin(char text[TEXT_BYTES], rt_db_engine engine,
                      const rt_db_tx_options *options)
{
    const char *isolation = isolation_text(options->isolation);
    const char *mode = options->read_only ? " READ ONLY" : "";
    if (engine == RT_DB_SQLITE)
        snprintf(text, TEXT_BYTES, "BEGIN %s",
                 options->read_only ? "DEFERRED" : "IMMEDIATE");
    else if (engine == RT_DB_POSTGRESQL)
        snprintf(text, TEXT_BYTES, "BEGIN%s%s", isolation, mode);
    else
        snprintf(text, TEXT_BYTES, "%s%s%sSTART TRANSACTION%s",
                 *isolation ? "SET TRANSACTION" : "", isolation,
                 *isolation ? "; " : "", mode);
}

static rt_status send_begin(rt_db *db, const rt_db_tx_options *options,
                            rt_db_error *err)
{
    char text[TEXT_BYTES];
    rt_db_engine engine = db->database->driver->engine;
    if (options->foreign_keys_off && engine == RT_DB_SQLITE) {
        rt_status status = run_script(db, "PRAGMA foreign_keys = OFF", err);
        if (status)
            return status;
        db->foreign_keys = true;
    }
    put_begin(text, engine, options);
    return run_script(db, text, err);
}

static void give_up_connection(rt_db *db)
{
    rt__hold *hold = db->tx;
    db->tx = NULL;
    db->depth = db->failed_depth = 0;
    db->tx_scoped = false;
    rt__hold_end(hold);
}

static void switch_foreign_keys_on(rt_db *db)
{
    rt_db_error err = {0};
    if (db->foreign_keys && !db->tx->conn->broken &&
        run_script(db, "PRAGMA foreign_keys = ON", &err))
        db->tx->conn->broken = true;
    db->foreign_keys = false;
}

// A connection that was kept may be dead, which shows here and costs nothing.
static rt_status begin_outer(rt_db *db, const rt_db_tx_options *options,
                             rt_db_error *err)
{
    for (bool again = false;; again = true) {
        rt__pool *pool = rt__db_pool(db->database, false);
        rt__hold *hold = rt__hold_new(db, pool);
        rt_status status = rt__hold_connect(hold, true, err);
        if (status) {
            rt__hold_end(hold);
            return status;
        }
        db->tx = hold;
        bool retry = !again && !hold->fresh;
        status = send_begin(db, options, err);
        if (!status) {
            db->depth = 1;
            db->tx_serial++;
            db->wrote |= !options->read_only;
            return RT_OK;
        }
        switch_foreign_keys_on(db);
        give_up_connection(db);
        if (!retry || err->kind != RT_DB_LOST)
            return status;
        rt__pool_forget_idle(pool);
        *err = (rt_db_error){0};
    }
}

static rt_status begin_inner(rt_db *db, rt_db_error *err)
{
    char text[TEXT_BYTES];
    snprintf(text, sizeof text, "SAVEPOINT s%d", db->depth);
    rt_status status = run_in_turn(db, text, err);
    if (!status)
        db->depth++;
    return status;
}

rt_status rt_db_try_begin(rt_db *db, const rt_db_tx_options *options,
                          rt_db_error *err)
{
    rt_db_error ignored;
    if (!err)
        err = &ignored;
    *err = (rt_db_error){0};
    return db->tx ? begin_inner(db, err) : begin_outer(db, options, err);
}

// Who answers with an error, by rt_abort say, need not have rolled back.
static rt_response *look_at_answer(rt_request *req, rt_response *response,
                                   void *arg)
{
    (void)req;
    rt_db *db = arg;
    db->gave_error = response->status >= 400;
    return response;
}

static void watch_answer(rt_db *db)
{
    if (!db->req || db->watched)
        return;
    db->watched = true;
    rt_after_this_request(db->req, look_at_answer, db);
}

void rt_db_begin_with(rt_db *db, const rt_db_tx_options *options)
{
    watch_answer(db);
    rt_db_error err;
    if (rt_db_try_begin(db, options, &err))
        rt_db_fail(db, &err);
}

// ---- ending --------------------------------------------------------------------

// Cursors of the transaction end with it.
static void end_borrowed(rt_db *db)
{
    rt_link *link = db->holds.next;
    while (link && link != &db->holds) {
        rt__hold *hold = RT_CONTAINER(link, rt__hold, link);
        link = link->next;
        if (hold->borrowed)
            rt__hold_end(hold);
    }
}

static void end_outer(rt_db *db)
{
    end_borrowed(db);
    switch_foreign_keys_on(db);
    give_up_connection(db);
}

static bool can_talk(const rt_db *db)
{
    return !db->tx->conn->broken;
}

// After it the transaction is over, whatever the server says. SQLite may have
// rolled back by itself, and says then that there is none.
static void roll_back_outer(rt_db *db)
{
    rt_db_error err = {0};
    end_borrowed(db);
    rt__conn *conn = db->tx->conn;
    if (can_talk(db) && run_script(db, "ROLLBACK", &err) &&
        (conn->driver->engine != RT_DB_SQLITE || conn->in_transaction))
        conn->broken = true;
    end_outer(db);
}

static void roll_back_inner(rt_db *db)
{
    char text[TEXT_BYTES];
    rt_db_error err = {0};
    int name = --db->depth;
    snprintf(text, sizeof text,
             "ROLLBACK TO SAVEPOINT s%d; RELEASE SAVEPOINT s%d", name, name);
    if (db->failed_depth > db->depth)
        db->failed_depth = 0;
    if (can_talk(db) && run_in_turn(db, text, &err) &&
        db->database->driver->engine != RT_DB_SQLITE)
        db->tx->conn->broken = true;
}

static void roll_back(rt_db *db)
{
    if (db->depth > 1)
        roll_back_inner(db);
    else
        roll_back_outer(db);
}

static void roll_back_to(rt_db *db, int depth)
{
    while (db->tx && db->depth > depth)
        roll_back(db);
}

static rt_status set_usage(rt_db *db, rt_db_error *err, const char *what)
{
    return rt__db_error_set(err, db->arena, RT_DB_USAGE, 0, "", what);
}

void rt_db_rollback_tx(rt_db *db)
{
    if (!db->tx) {
        rt_db_error err = {0};
        if (set_usage(db, &err, "rollback: no transaction is open"))
            rt_db_fail(db, &err);
    }
    roll_back(db);
}

static rt_status commit_inner(rt_db *db, rt_db_error *err)
{
    char text[TEXT_BYTES];
    snprintf(text, sizeof text, "RELEASE SAVEPOINT s%d", db->depth - 1);
    rt_status status = run_in_turn(db, text, err);
    if (status)
        roll_back_inner(db);
    else
        db->depth--;
    return status;
}

// PostgreSQL answers COMMIT with a rollback, and no error, when a statement has
// failed before.
static rt_status commit_outer(rt_db *db, rt_db_error *err)
{
    bool failed =
        db->failed_depth && db->database->driver->engine == RT_DB_POSTGRESQL;
    rt_status status;
    if (failed)
        status = set_usage(db, err,
                           "commit: a statement of the transaction had failed; "
                           "it is rolled back");
    else
        status = run_in_turn(db, "COMMIT", err);
    if (status)
        roll_back_outer(db);
    else
        end_outer(db);
    return status;
}

rt_status rt_db_try_commit(rt_db *db, rt_db_error *err)
{
    rt_db_error ignored;
    if (!err)
        err = &ignored;
    *err = (rt_db_error){0};
    if (!db->tx)
        return set_usage(db, err, "commit: no transaction is open");
    return db->depth > 1 ? commit_inner(db, err) : commit_outer(db, err);
}

void rt_db_commit_tx(rt_db *db)
{
    rt_db_error err;
    if (rt_db_try_commit(db, &err))
        rt_db_fail(db, &err);
}

int rt_db_tx_depth(const rt_db *db)
{
    return db->depth;
}

// ---- the request's end -----------------------------------------------------------

void rt__db_tx_abandon(rt_db *db, bool may_wait)
{
    if (!db->tx)
        return;
    // Who drops a coroutine cannot wait for a server.
    if (!may_wait)
        db->tx->conn->broken = true;
    db->depth = 1;
    if (!db->tx_scoped && !db->gave_error)
        rt_log(&rt__db_log, RT_LOG_ERROR,
               "a transaction was still open at the end of its request, and is "
               "rolled back");
    roll_back_outer(db);
}

// ---- the block -------------------------------------------------------------------

// A block that an abort has left: over before the error handlers ask for rows.
typedef struct block {
    rt_db *db;
    uint64_t serial;
    int depth;
} block;

static void undo_block(void *ptr)
{
    const block *b = ptr;
    if (b->db->tx && b->db->tx_serial == b->serial)
        roll_back_to(b->db, b->depth - 1);
}

static void undo_on_abort(rt_db *db)
{
    if (!db->req)
        return;
    block *b = rt_new(db->arena, block, 1);
    *b = (block){db, db->tx_serial, db->depth};
    rt_on_abort(db->req, undo_block, b);
}

rt_db_tx rt_db_tx_enter(rt_db *db, const rt_db_tx_options *options)
{
    bool outermost = !db->tx;
    rt_db_error err;
    if (rt_db_try_begin(db, options, &err))
        rt_db_fail(db, &err);
    if (outermost)
        db->tx_scoped = true;
    undo_on_abort(db);
    return (rt_db_tx){db, db->depth};
}

void rt_db_tx_done(rt_db_tx *tx)
{
    int depth = tx->depth;
    tx->depth = 0;
    roll_back_to(tx->db, depth);
    rt_db_commit_tx(tx->db);
}

void rt_db_tx_leave(rt_db_tx *tx)
{
    if (tx->depth)
        roll_back_to(tx->db, tx->depth - 1);
    tx->depth = 0;
}

// ---- again -----------------------------------------------------------------------

typedef struct attempt {
    rt_db *db;
    void (*fn)(rt_db *db, void *arg);
    void *arg;
    const rt_db_tx_options *options;
} attempt;

static void run_attempt(void *arg)
{
    const attempt *a = arg;
    rt_db_tx tx = rt_db_tx_enter(a->db, a->options);
    a->fn(a->db, a->arg);
    rt_db_tx_done(&tx);
}

static bool is_transient(const rt_error_kind *kind)
{
    return kind == &rt_db_kind_busy || kind == &rt_db_kind_serialization;
}

// Without a request there is nothing to abort, so failures jump here.
static bool try_alone(rt_db *db, attempt *a)
{
    jmp_buf place;
    db->attempt = &place;
    if (_setjmp(place) == 0) {
        run_attempt(a);
        db->attempt = NULL;
        return true;
    }
    db->attempt = NULL;
    return false;
}

static void pause_before(int try_no)
{
    rt_sleep((5 << (try_no < 6 ? try_no : 6)) + try_no);
}

static void transact_alone(rt_db *db, attempt *a, int tries)
{
    for (int i = 1; i < tries; i++) {
        if (try_alone(db, a))
            return;
        roll_back_to(db, 0);
        pause_before(i);
    }
    run_attempt(a);
}

void rt_db_transaction(rt_db *db, void (*fn)(rt_db *db, void *arg), void *arg,
                       const rt_db_tx_options *options, int tries)
{
    static const rt_db_tx_options none;
    attempt a = {db, fn, arg, options ? options : &none};
    int depth = db->depth;
    // Within another one it is that which would have to be tried again.
    tries = depth ? 1 : tries ? tries : 3;
    if (!db->req) {
        transact_alone(db, &a, tries);
        return;
    }
    for (int i = 1;; i++) {
        rt_http_error error;
        if (rt_try(db->req, run_attempt, &a, &error))
            return;
        roll_back_to(db, depth);
        if (i >= tries || !is_transient(error.kind))
            rt_rethrow(db->req, &error);
        pause_before(i);
    }
}
