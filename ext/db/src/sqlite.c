// SQLite: statements, scripts, connections.
#include "sqlite.h"

#include <stdlib.h>
#include <string.h>

#include <retort/base/time.h>

// ---- prepared statements --------------------------------------------------------------

static void free_stmt(rt__lite_stmt *stmt)
{
    sqlite3_finalize(stmt->handle);
    free(stmt->columns);
    free(stmt);
}

static rt__lite_stmt **bucket(rt__lite *lite, uint64_t id)
{
    return &lite->buckets[id & (lite->n_buckets - 1)];
}

// Keep at most options->statements; those in use stay.
static void forget_oldest(rt__lite *lite)
{
    rt_link *at = lite->recent.next;

    while (at != &lite->recent &&
           lite->n_kept > (size_t)lite->conn.options->statements) {
        rt__lite_stmt *stmt = RT_CONTAINER(at, rt__lite_stmt, recent);
        at = at->next;
        if (stmt->used)
            continue;
        rt__lite_stmt **where = bucket(lite, stmt->id);
        while (*where != stmt)
            where = &(*where)->next;
        *where = stmt->next;
        rt_link_remove(&stmt->recent);
        lite->n_kept--;
        free_stmt(stmt);
    }
}

static void keep(rt__lite *lite, rt__lite_stmt *stmt, uint64_t id)
{
    rt__lite_stmt **where = bucket(lite, id);

    stmt->id = id;
    stmt->next = *where;
    *where = stmt;
    rt_links_push(&lite->recent, &stmt->recent);
    lite->n_kept++;
    forget_oldest(lite);
}

// The handle of what is empty, a comment alone, is NULL.
static int prepare(rt__lite *lite, const char *sql, size_t len, bool kept,
                   const char **rest, sqlite3_stmt **out)
{
    unsigned flags = kept ? SQLITE_PREPARE_PERSISTENT : 0;
    int64_t since_ms = rt_time_monotonic_ms();
    int pauses = 0;
    int code;

    do {
        if (rt__lite_wait_idle(lite))
            return SQLITE_INTERRUPT;
        code = sqlite3_prepare_v3(lite->db, sql, (int)len, flags, out, rest);
    } while (code && rt__lite_pause(lite, code, since_ms, &pauses));
    return code;
}

static rt__lite_stmt *find_stmt(rt__lite *lite, uint64_t id)
{
    rt__lite_stmt *stmt = id ? *bucket(lite, id) : NULL;

    while (stmt && stmt->id != id)
        stmt = stmt->next;
    return stmt;
}

static rt__lite_stmt *new_stmt(sqlite3_stmt *handle)
{
    rt__lite_stmt *stmt = calloc(1, sizeof *stmt);
    if (!stmt)
        abort();
    stmt->handle = handle;
    stmt->used = true;
    return stmt;
}

static int take_stmt(rt__lite *lite, const rt__stmt *asked, rt__lite_stmt **out)
{
    rt__lite_stmt *stmt = find_stmt(lite, asked->id);

    if (stmt && !stmt->used) {
        stmt->used = true;
        rt_link_remove(&stmt->recent);
        rt_links_push(&lite->recent, &stmt->recent);
        *out = stmt;
        return SQLITE_OK;
    }

    sqlite3_stmt *handle = NULL;
    bool kept = asked->id && !stmt;
    int code = prepare(lite, asked->native.data, asked->native.len + 1, kept,
                       NULL, &handle);
    if (code || !handle)
        return code;
    *out = new_stmt(handle);
    if (kept)
        keep(lite, *out, asked->id);
    return SQLITE_OK;
}

static void give_back_stmt(rt__lite *lite, rt__lite_stmt *stmt)
{
    if (lite->stepping == stmt)
        rt__lite_stop(lite);
    sqlite3_reset(stmt->handle);
    sqlite3_clear_bindings(stmt->handle);
    stmt->used = stmt->row = stmt->done = false;
    if (!stmt->id)
        free_stmt(stmt);
    else
        forget_oldest(lite);
}

// ---- running ------------------------------------------------------------------------------

// What holds after each statement: who is outside transactions does not write. A
// failure may have ended the transaction; what follows in it may then not run as
// if each were its own.
static void settle(rt__lite *lite, bool failed)
{
    bool was_inside = lite->conn.in_transaction;

    lite->conn.in_transaction = !sqlite3_get_autocommit(lite->db);
    if (failed && was_inside && !lite->conn.in_transaction)
        lite->undone = true;
    if (!lite->conn.in_transaction)
        rt__lite_line_leave(lite);
}

// Whoever rolls back what is over already has what was wanted.
static bool is_over_already(rt__lite *lite, rt__lite_stmt *stmt)
{
    return sqlite3_get_autocommit(lite->db) &&
           sqlite3_stricmp(sqlite3_sql(stmt->handle), "ROLLBACK") == 0;
}

static int begin(rt__lite *lite, rt__lite_stmt *stmt)
{
    if (is_over_already(lite, stmt)) {
        lite->undone = false;
        return SQLITE_DONE;
    }
    if (lite->undone)
        return SQLITE_ABORT_ROLLBACK;
    if (!sqlite3_stmt_readonly(stmt->handle)) {
        rt_status status = rt__lite_line_enter(lite);
        if (status)
            return status == RT_E_TIMEOUT ? SQLITE_BUSY : SQLITE_INTERRUPT;
    }
    return rt__lite_step_first(lite, stmt);
}

// The locks go at once, not when somebody has seen the end.
static void complete(rt__lite *lite, rt__lite_stmt *stmt, rt__query *query)
{
    stmt->done = true;
    if (sqlite3_total_changes(lite->db) != stmt->total_before)
        query->changed = sqlite3_changes(lite->db);
    if (query->changed)
        query->insert_id = sqlite3_last_insert_rowid(lite->db);
    sqlite3_reset(stmt->handle);
    settle(lite, false);
}

// Take in what a step has said; RT_OK for a row and for the end.
static rt_status take_step(rt__lite *lite, rt__query *query, int code,
                           rt_arena *arena, rt_db_error *err)
{
    rt__lite_stmt *stmt = query->state;

    stmt->row = code == SQLITE_ROW;
    if (!stmt->row && code != SQLITE_DONE)
        return rt__lite_fail(lite,
                             code == SQLITE_ERROR ? RT__LITE_RUN_ERROR : code,
                             arena, err);
    rt__lite_columns(stmt);
    query->columns = stmt->columns;
    query->n_columns = stmt->n_columns;
    if (code == SQLITE_DONE)
        complete(lite, stmt, query);
    return RT_OK;
}

static rt_status lite_start(rt__conn *conn, rt__query *query, rt_arena *arena,
                            rt_db_error *err)
{
    rt__lite *lite = (rt__lite *)conn;
    rt__lite_stmt *stmt = NULL;

    int code = take_stmt(lite, query->stmt, &stmt);
    query->state = stmt;
    if (code || !stmt)
        return code ? rt__lite_fail(lite, code, arena, err) : RT_OK;
    code = rt__lite_bind(stmt, query->values, query->n);
    if (code)
        return rt__lite_fail(lite, code, arena, err);
    return take_step(lite, query, begin(lite, stmt), arena, err);
}

static rt_status lite_next(rt__conn *conn, rt__query *query, rt_arena *arena,
                           rt_value *cells, rt_db_error *err)
{
    rt__lite *lite = (rt__lite *)conn;
    rt__lite_stmt *stmt = query->state;

    if (!stmt || stmt->done)
        return RT_E_NOT_FOUND;
    if (!stmt->row) {
        rt_status status =
            take_step(lite, query, rt__lite_step(lite, stmt), arena, err);
        if (status)
            return status;
        if (stmt->done)
            return RT_E_NOT_FOUND;
    }
    rt__lite_cells(stmt, arena, cells);
    stmt->row = false;
    return RT_OK;
}

static void lite_finish(rt__conn *conn, rt__query *query)
{
    rt__lite *lite = (rt__lite *)conn;

    if (query->state)
        give_back_stmt(lite, query->state);
    query->state = NULL;
    settle(lite, true); // what ended well was settled then
}

// ---- scripts --------------------------------------------------------------------------------

static int run_to_the_end(rt__lite *lite, rt__lite_stmt *stmt)
{
    int code = begin(lite, stmt);

    while (code == SQLITE_ROW)
        code = rt__lite_step(lite, stmt);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

static int run_script(rt__lite *lite, const char *sql, rt_arena *arena,
                      rt_db_error *err, rt_status *status)
{
    while (*sql) {
        sqlite3_stmt *handle = NULL;
        int code = prepare(lite, sql, strlen(sql) + 1, false, &sql, &handle);

        if (!code && handle) {
            lite->script = new_stmt(handle);
            code = run_to_the_end(lite, lite->script);
        }
        if (code) // now, before giving back changes what SQLite says
            *status = rt__lite_fail(lite, code, arena, err);
        if (lite->script)
            give_back_stmt(lite, lite->script);
        lite->script = NULL;
        settle(lite, code != SQLITE_OK);
        if (code)
            return code;
    }
    return SQLITE_OK;
}

// A script that is dropped has no query by which it could be finished, so until it
// is over the connection is one that must be closed.
static rt_status lite_script(rt__conn *conn, const char *sql, rt_arena *arena,
                             rt_db_error *err)
{
    rt_status status = RT_OK;
    bool broken = conn->broken;

    conn->broken = true;
    run_script((rt__lite *)conn, sql, arena, err, &status);
    conn->broken = broken;
    return status;
}

// ---- opening and closing -----------------------------------------------------------------------

static void lite_close(rt__conn *conn)
{
    rt__lite *lite = (rt__lite *)conn;

    rt_link_remove(&lite->opened);
    rt__lite_stop(lite);
    if (lite->file)
        rt__lite_line_leave(lite);
    if (lite->script)
        free_stmt(lite->script);
    for (rt_link *at = lite->recent.next; at && at != &lite->recent;) {
        rt__lite_stmt *stmt = RT_CONTAINER(at, rt__lite_stmt, recent);
        at = at->next;
        free_stmt(stmt);
    }
    lite->recent = (rt_link){0};
    free(lite->buckets);
    sqlite3_close_v2(lite->db);
    if (lite->file)
        rt__lite_file_leave(lite->file);
    rt_coro_drop(lite->stepper);
    lite->db = NULL;
    lite->buckets = NULL;
    lite->file = NULL;
    lite->script = NULL;
    lite->stepper = NULL;
}

// SQLite recurses, and a coroutine's stack is 256 KiB: a pattern of 50,000 bytes, as
// it would take, which may well be a user's, needs 3 MiB. These need 100 at most.
static void set_limits(sqlite3 *db)
{
    sqlite3_limit(db, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000);
    sqlite3_limit(db, SQLITE_LIMIT_EXPR_DEPTH, 250);
    sqlite3_limit(db, SQLITE_LIMIT_COMPOUND_SELECT, 200);
}

// "ro", "rw" and "rwc", as in SQLite's own URLs.
static int open_flags(const rt__db_url *url)
{
    const char *mode = rt__db_url_option(url, "mode", "rwc");

    if (strcmp(mode, "ro") == 0)
        return SQLITE_OPEN_READONLY;
    if (strcmp(mode, "rw") == 0)
        return SQLITE_OPEN_READWRITE;
    return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
}

// Workers that start at once are in each other's way when the log is set up.
static int set_up(rt__lite *lite)
{
    const char *sql = "PRAGMA foreign_keys=ON; PRAGMA synchronous=NORMAL;"
                      "PRAGMA journal_mode=WAL";
    int64_t since_ms = rt_time_monotonic_ms();
    int pauses = 0;
    int code;

    if (lite->conn.url->memory || sqlite3_db_readonly(lite->db, "main") == 1)
        sql = "PRAGMA foreign_keys=ON";
    do {
        code = sqlite3_exec(lite->db, sql, NULL, NULL, NULL);
    } while (code && rt__lite_pause(lite, code, since_ms, &pauses));
    return code;
}

static void make_cache(rt__lite *lite)
{
    size_t n = 16;

    while (n < (size_t)lite->conn.options->statements)
        n *= 2;
    lite->n_buckets = n;
    lite->buckets = calloc(n, sizeof *lite->buckets);
    if (!lite->buckets)
        abort();
    lite->recent = (rt_link){&lite->recent, &lite->recent};
}

static rt_status lite_open(rt__conn *conn, rt_arena *arena, rt_db_error *err)
{
    rt__lite *lite = (rt__lite *)conn;
    const rt__db_url *url = conn->url;
    const char *path = url->memory ? ":memory:" : url->database;

    make_cache(lite);
    int code = sqlite3_open_v2(path, &lite->db,
                               open_flags(url) | SQLITE_OPEN_NOMUTEX, NULL);
    if (code == SQLITE_OK) {
        sqlite3_extended_result_codes(lite->db, 1);
        set_limits(lite->db);
        code = set_up(lite);
    }
    if (code) {
        rt_status status = rt__lite_fail(lite, code, arena, err);
        lite_close(conn);
        return status;
    }
    lite->file = rt__lite_file_join(url->memory ? NULL : path);
    sqlite3_wal_hook(lite->db, rt__lite_wal_hook, lite->file);
    rt__lite_slice(lite);
    rt__lite_note_opened(lite);
    return RT_OK;
}

// There is no other end that could have gone.
static rt_status lite_check(rt__conn *conn)
{
    (void)conn;
    return RT_OK;
}

const rt__driver rt__sqlite_driver = {
    .engine = RT_DB_SQLITE,
    .conn_bytes = sizeof(rt__lite),
    .shares = 1,
    .open = lite_open,
    .close = lite_close,
    .check = lite_check,
    .start = lite_start,
    .next = lite_next,
    .finish = lite_finish,
    .script = lite_script,
};
