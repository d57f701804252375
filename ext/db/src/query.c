// Statements: preparing, running, rows as dicts, failures.
#include <retort/base/error.h>
#include <retort/base/format.h>
#include <retort/base/time.h>

#include "pool.h"

// ---- failures ----------------------------------------------------------------

#define KIND_POINTER(name, lower, text) [name] = &rt_db_kind_##lower,
static const rt_error_kind *const kinds[] = {RT_DB_KINDS(KIND_POINTER)};
#undef KIND_POINTER

void rt_db_fail(rt_db *db, const rt_db_error *err)
{
    const rt_error_kind *kind = kinds[err->kind];
    rt_str why = rt_format(db->arena, "{}{}{}",
                           err->message ? err->message : "no reason given",
                           err->sql ? "; in: " : "", err->sql ? err->sql : "");
    if (db->attempt) {
        db->attempt_kind = kind;
        if (rt_db_kind_is_transient(err->kind))
            _longjmp(*db->attempt, 1);
    }
    if (!db->req)
        rt_panic("database: %s: %s", rt_db_kind_text(err->kind), why.data);
    if (err->kind == RT_DB_EXHAUSTED)
        rt_abort(db->req, 503);
    rt_raise(db->req, kind, "{}: {}", rt_db_kind_text(err->kind), why);
}

rt_status rt__db_refuse(rt_db *db, rt_db_error *err, rt_status status,
                        rt_db_kind kind, const char *message)
{
    rt_status of_kind = rt__db_error_set(err, db->arena, kind, 0, "", message);
    return status ? status : of_kind;
}

void rt__db_note_failure(rt_db *db, const rt__stmt *stmt, rt_db_error *err)
{
    if (stmt)
        err->sql = stmt->sql.data;
    if (db->tx && (!db->failed_depth || db->failed_depth > db->depth))
        db->failed_depth = db->depth;
}

rt_status rt__db_prepare(rt_db *db, const char *sql, size_t n,
                         const rt__stmt **out, rt_db_error *err)
{
    const char *why = "";
    *out = NULL;
    rt_status status = rt__db_stmt_for(db->arena, db->database->driver->engine,
                                       sql, out, &why);
    if (RT_UNLIKELY(status)) {
        status = rt__db_refuse(db, err, RT_E_SYNTAX, RT_DB_USAGE, why);
        err->sql = rt_str_cstr(db->arena, rt_str_from(sql));
        return status;
    }
    if (RT_LIKELY((*out)->n_params == n))
        return RT_OK;
    rt_str text = rt_format(db->arena, "the statement has {} `?`, and {} given",
                            (*out)->n_params, n);
    status = rt__db_refuse(db, err, RT_E_SYNTAX, RT_DB_USAGE, text.data);
    err->sql = (*out)->sql.data;
    return status;
}

// ---- running -----------------------------------------------------------------

// True where a statement that has failed may be run on another connection.
static bool may_run_again(const rt_db *db, const rt__hold *hold,
                          const rt_db_error *err)
{
    return err->kind == RT_DB_LOST && !hold->fresh && !db->tx &&
           (hold->query.unsent || hold->query.stmt->is_pure);
}

static rt_status start_once(rt_db *db, rt__hold *hold, bool streams,
                            const rt__stmt *stmt, const rt_value *values,
                            size_t n, rt_db_error *err)
{
    rt__query *q = &hold->query;
    *q = (rt__query){.stmt = stmt,
                     .values = values,
                     .n = n,
                     .streams = streams,
                     .conn = hold->conn};
    hold->started = true;
    return hold->conn->driver->start(hold->conn, q, db->arena, err);
}

rt_status rt__db_start(rt_db *db, rt__hold **out, bool alone, bool streams,
                       const rt__stmt *stmt, const rt_value *values, size_t n,
                       rt_db_error *err)
{
    db->statements++;
    for (bool again = false;; again = true) {
        rt_status status = rt__db_connect(db, stmt, alone, out, err);
        if (RT_UNLIKELY(status)) {
            rt__db_note_failure(db, stmt, err);
            return status;
        }
        rt__hold *hold = *out;
        hold->pool->statements++;
        status = start_once(db, hold, streams, stmt, values, n, err);
        if (RT_LIKELY(!status)) {
            db->wrote |= !stmt->is_select;
            return RT_OK;
        }
        bool retry = !again && may_run_again(db, hold, err);
        rt__pool *pool = hold->pool;
        rt__hold_end(hold);
        *out = NULL;
        if (!retry) {
            rt__db_note_failure(db, stmt, err);
            return status;
        }
        rt__pool_forget_idle(pool);
        *err = (rt_db_error){0};
    }
}

// What shall become of the rows.
typedef enum rows_wanted {
    WANT_ALL,
    WANT_ONE,
    WANT_SCALAR,
    WANT_SCALARS,
    WANT_NOTHING,
    WANT_CELLS, // of all rows, a list of each
} rows_wanted;

typedef struct run {
    rt_db *db;
    rt__hold *hold;
    rows_wanted want;
    rt_value rows;
    rt_str *names; // copies; NULL: not asked for yet
    size_t n_rows;
} run;

static rt_value make_row(run *r, const rt_value *cells)
{
    const rt__query *q = &r->hold->query;
    rt_arena *arena = r->db->arena;
    if (!r->names) {
        r->names = rt_arena_alloc(arena, q->n_columns * sizeof(rt_str));
        for (size_t i = 0; i < q->n_columns; i++)
            r->names[i] = (rt_str){rt_str_cstr(arena, q->columns[i].name),
                                   q->columns[i].name.len};
    }
    rt_value row = rt_dict_new(arena);
    for (size_t i = 0; i < q->n_columns; i++)
        if (rt_dict_set_hashed(row, r->names[i], q->columns[i].hash, cells[i]))
            rt_panic("a row cannot be changed");
    return row;
}

static void push(rt_value list, rt_value item)
{
    if (rt_list_push(list, item))
        rt_panic("a list of rows cannot be changed");
}

static void take_row(run *r, const rt_value *cells)
{
    if (r->want == WANT_ALL)
        push(r->rows, make_row(r, cells));
    else if (r->want == WANT_SCALARS)
        push(r->rows, cells[0]);
    else if (r->want == WANT_CELLS)
        push(r->rows,
             rt_list_of(r->db->arena, cells, r->hold->query.n_columns));
    else if (r->n_rows == 0 && r->want == WANT_ONE)
        r->rows = make_row(r, cells);
    else if (r->n_rows == 0 && r->want == WANT_SCALAR)
        r->rows = cells[0];
    r->n_rows++;
}

// Where the next row goes: what nobody wants is not kept.
static rt_arena *row_arena(run *r)
{
    if (r->want == WANT_ALL || r->want == WANT_SCALARS ||
        r->want == WANT_CELLS || r->n_rows < 2)
        return r->db->arena;
    if (!r->hold->scratch)
        r->hold->scratch = rt_arena_new();
    rt_arena_reset(r->hold->scratch);
    return r->hold->scratch;
}

static bool has_enough(const run *r)
{
    return r->n_rows && r->hold->query.stmt->is_select &&
           (r->want == WANT_ONE || r->want == WANT_SCALAR) &&
           r->db->database->driver->engine == RT_DB_SQLITE;
}

#define CELLS_HERE 24

static rt_status read_rows(run *r, rt_db_error *err)
{
    rt__query *q = &r->hold->query;
    rt__conn *conn = r->hold->conn;
    rt_value here[CELLS_HERE];
    rt_value *cells = q->n_columns <= CELLS_HERE
                          ? here
                          : rt_new(r->db->arena, rt_value, q->n_columns);
    while (!has_enough(r)) {
        rt_status status =
            conn->driver->next(conn, q, row_arena(r), cells, err);
        if (status)
            return status == RT_E_NOT_FOUND ? RT_OK : status;
        take_row(r, cells);
    }
    return RT_OK;
}

// Say what ran, and how long, where somebody wants to know.
static void report(const rt_db *db, const rt__stmt *stmt, int64_t began_ms)
{
    const rt_db_options *o = &db->database->options;
    int64_t took = rt_time_coarse_ms() - began_ms;
    if (RT_UNLIKELY(o->slow_ms >= 0 && took >= o->slow_ms))
        rt_log(&rt__db_log, RT_LOG_WARNING, "slow, {} ms: {}", took, stmt->sql);
    else if (RT_UNLIKELY(o->echo))
        rt_log(&rt__db_log, RT_LOG_INFO, "{} ms: {}", took, stmt->sql);
}

static rt_value nothing_of(const rt_db *db, rows_wanted want)
{
    return want == WANT_ALL || want == WANT_SCALARS || want == WANT_CELLS
               ? rt_list_new(db->arena)
               : rt_value_none();
}

static rt_status run_stmt(rt_db *db, const rt__stmt *stmt,
                          const rt_value *values, size_t n, rows_wanted want,
                          rt_db_result *out, rt_db_error *err)
{
    run r = {.db = db, .want = want, .rows = nothing_of(db, want)};
    int64_t began = rt_time_coarse_ms();
    rt_status status =
        rt__db_start(db, &r.hold, false, false, stmt, values, n, err);
    if (RT_UNLIKELY(status))
        return status;
    // Also where no columns are: what was changed is known at the end.
    status = read_rows(&r, err);
    if (RT_UNLIKELY(status))
        rt__db_note_failure(db, stmt, err);
    *out =
        (rt_db_result){r.rows, r.hold->query.changed, r.hold->query.insert_id};
    rt__hold_end(r.hold);
    report(db, stmt, began);
    return status;
}

static rt_status run_text(rt_db *db, const char *sql, const rt_value *values,
                          size_t n, rows_wanted want, rt_db_result *out,
                          rt_db_error *err)
{
    const rt__stmt *stmt;
    *err = (rt_db_error){0};
    *out = (rt_db_result){0};
    rt_status status = rt__db_prepare(db, sql, n, &stmt, err);
    return RT_UNLIKELY(status) ? status
                               : run_stmt(db, stmt, values, n, want, out, err);
}

static rt_db_result must_run(rt_db *db, const char *sql, const rt_value *values,
                             size_t n, rows_wanted want)
{
    rt_db_result result;
    rt_db_error err;
    if (RT_UNLIKELY(run_text(db, sql, values, n, want, &result, &err)))
        rt_db_fail(db, &err);
    return result;
}

// ---- the functions -------------------------------------------------------------

rt_value rt_db_all_values(rt_db *db, const char *sql, const rt_value *values,
                          size_t n)
{
    return must_run(db, sql, values, n, WANT_ALL).rows;
}

rt_value rt__db_cells(rt_db *db, const char *sql, const rt_value *values,
                      size_t n)
{
    return must_run(db, sql, values, n, WANT_CELLS).rows;
}

rt_value rt_db_one_values(rt_db *db, const char *sql, const rt_value *values,
                          size_t n)
{
    return must_run(db, sql, values, n, WANT_ONE).rows;
}

rt_value rt_db_one_or_404_values(rt_db *db, const char *sql,
                                 const rt_value *values, size_t n)
{
    rt_value row = must_run(db, sql, values, n, WANT_ONE).rows;
    if (rt_value_is_none(row)) {
        if (!db->req)
            rt_panic("database: there is no such row; in: %s", sql);
        rt_abort(db->req, 404);
    }
    return row;
}

rt_value rt_db_scalar_values(rt_db *db, const char *sql, const rt_value *values,
                             size_t n)
{
    return must_run(db, sql, values, n, WANT_SCALAR).rows;
}

rt_value rt_db_scalars_values(rt_db *db, const char *sql,
                              const rt_value *values, size_t n)
{
    return must_run(db, sql, values, n, WANT_SCALARS).rows;
}

int64_t rt_db_scalar_int_values(rt_db *db, const char *sql,
                                const rt_value *values, size_t n)
{
    return rt_value_as_int(rt_db_scalar_values(db, sql, values, n), 0);
}

int64_t rt_db_exec_values(rt_db *db, const char *sql, const rt_value *values,
                          size_t n)
{
    return must_run(db, sql, values, n, WANT_NOTHING).changed;
}

int64_t rt_db_insert_id_values(rt_db *db, const char *sql,
                               const rt_value *values, size_t n)
{
    if (db->database->driver->engine != RT_DB_POSTGRESQL)
        return must_run(db, sql, values, n, WANT_NOTHING).insert_id;
    const rt__stmt *stmt;
    rt_db_error err = {0};
    if (rt__db_prepare(db, sql, n, &stmt, &err))
        rt_db_fail(db, &err);
    if (!stmt->returns)
        sql = rt_format(db->arena, "{} RETURNING id", sql).data;
    return rt_value_as_int(must_run(db, sql, values, n, WANT_SCALAR).rows, 0);
}

rt_status rt_db_try_values(rt_db *db, const char *sql, const rt_value *values,
                           size_t n, rt_db_result *out, rt_db_error *err)
{
    rt_db_result unwanted;
    rt_db_error ignored;
    return run_text(db, sql, values, n, out ? WANT_ALL : WANT_NOTHING,
                    out ? out : &unwanted, err ? err : &ignored);
}

// ---- scripts -------------------------------------------------------------------

rt_status rt_db_try_script(rt_db *db, const char *sql, rt_db_error *err)
{
    rt_db_error ignored;
    if (!err)
        err = &ignored;
    *err = (rt_db_error){0};
    rt__hold *hold;
    rt_status status = rt__db_connect(db, NULL, true, &hold, err);
    if (!status) {
        db->wrote = true;
        db->statements++;
        hold->pool->statements++;
        status = hold->conn->driver->script(hold->conn, sql, db->arena, err);
        rt__hold_end(hold);
    }
    if (status) {
        rt__db_note_failure(db, NULL, err);
        err->sql = rt_str_cstr(db->arena, rt_str_from(sql));
    }
    return status;
}

void rt_db_script_text(rt_db *db, const char *sql)
{
    rt_db_error err;
    if (rt_db_try_script(db, sql, &err))
        rt_db_fail(db, &err);
}

// ---- several -------------------------------------------------------------------

// So many travel together.
#define TOGETHER 64

typedef struct many {
    rt_db *db;
    const rt__stmt *stmt;
    const rt_value *values;
    size_t n;
    rt_db_result *out;
    rt_status first; // failure
    rt_db_error *err;
} many;

static void note_first(many *m, rt_status status, rt_db_error *err)
{
    if (!status)
        return;
    rt__db_note_failure(m->db, m->stmt, err);
    if (m->first)
        return;
    m->first = status;
    *m->err = *err;
}

static rows_wanted wanted_by(const many *m)
{
    return m->out ? WANT_ALL : WANT_NOTHING;
}

static void run_one_by_one(many *m, size_t n_sets)
{
    for (size_t i = 0; i < n_sets; i++) {
        rt_db_result result = {0};
        rt_db_error err = {0};
        note_first(m,
                   run_stmt(m->db, m->stmt, m->values + i * m->n, m->n,
                            wanted_by(m), &result, &err),
                   &err);
        if (m->out)
            m->out[i] = result;
    }
}

// Reads of one snapshot, so that SQLite takes the locks of its file once.
static void run_in_snapshot(many *m, size_t n_sets)
{
    static const rt_db_tx_options reading = {.read_only = true};
    rt_db_error err = {0};
    rt_status status = rt_db_try_begin(m->db, &reading, &err);
    note_first(m, status, &err);
    if (status)
        return;
    run_one_by_one(m, n_sets);
    note_first(m, rt_db_try_commit(m->db, &err), &err);
}

// A query beside another one, on its connection.
static rt__hold *ride_along(rt_db *db, const rt__hold *first)
{
    rt__hold *hold = rt__hold_new(db, first->pool);
    hold->conn = first->conn;
    hold->borrowed = first->borrowed;
    hold->alone = first->alone;
    hold->stage = RT__HOLD_HELD;
    if (!hold->borrowed)
        hold->conn->users++;
    return hold;
}

static void send_one(many *m, rt__hold *hold, size_t i)
{
    rt_db_error err = {0};
    hold->query = (rt__query){.stmt = m->stmt,
                              .values = m->values + i * m->n,
                              .n = m->n,
                              .conn = hold->conn};
    hold->started = true;
    m->db->statements++;
    hold->pool->statements++;
    rt_status status =
        hold->conn->driver->send(hold->conn, &hold->query, m->db->arena, &err);
    note_first(m, status, &err);
    if (status)
        rt__hold_end(hold);
}

static void receive_one(many *m, rt__hold *hold, size_t i)
{
    rows_wanted want = wanted_by(m);
    run r = {.db = m->db,
             .hold = hold,
             .want = want,
             .rows = nothing_of(m->db, want)};
    rt_db_error err = {0};
    note_first(m, read_rows(&r, &err), &err);
    if (m->out)
        m->out[i] =
            (rt_db_result){r.rows, hold->query.changed, hold->query.insert_id};
    rt__hold_end(hold);
}

// What is not received any more is NULL by its owner.
static void run_together(many *m, size_t from, size_t n_sets)
{
    rt__hold **holds = rt_new(m->db->arena, rt__hold *, n_sets);
    rt__hold *first;
    rt_db_error err = {0};
    rt_status status = rt__db_connect(m->db, m->stmt, false, &first, &err);
    note_first(m, status, &err);
    if (status)
        return;
    for (size_t i = 0; i < n_sets; i++) {
        holds[i] = ride_along(m->db, first);
        holds[i]->owner = &holds[i];
        send_one(m, holds[i], from + i);
    }
    for (size_t i = 0; i < n_sets; i++)
        if (holds[i])
            receive_one(m, holds[i], from + i);
    rt__hold_end(first);
}

rt_status rt_db_try_many(rt_db *db, const char *sql, const rt_value *values,
                         size_t n, size_t n_sets, rt_db_result *out,
                         rt_db_error *err)
{
    many m = {.db = db, .values = values, .n = n, .out = out};
    rt_db_error ignored;
    m.err = err ? err : &ignored;
    *m.err = (rt_db_error){0};
    if (out)
        memset(out, 0, n_sets * sizeof *out);
    rt_status status = rt__db_prepare(db, sql, n, &m.stmt, m.err);
    if (status)
        return status;
    db->wrote |= !m.stmt->is_select;
    bool snapshot = db->database->driver->engine == RT_DB_SQLITE &&
                    m.stmt->is_select && n_sets > 1 && !db->depth;
    if (snapshot)
        run_in_snapshot(&m, n_sets);
    else if (!db->database->driver->send)
        run_one_by_one(&m, n_sets);
    else
        for (size_t at = 0; at < n_sets; at += TOGETHER)
            run_together(&m, at,
                         n_sets - at < TOGETHER ? n_sets - at : TOGETHER);
    return m.first;
}

void rt_db_many(rt_db *db, const char *sql, const rt_value *values, size_t n,
                size_t n_sets, rt_db_result *out)
{
    rt_db_error err;
    if (rt_db_try_many(db, sql, values, n, n_sets, out, &err))
        rt_db_fail(db, &err);
}
