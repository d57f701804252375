#include "postgresql.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <retort/base/time.h>
#include <retort/base/wait.h>

// How a connection is shared: libpq's pipeline mode, always. Each thing the server
// will answer is an op in a queue; the answers come in its order and are read by
// one watch on the socket, which hands them to the executions and wakes who waits.
//
//     reads of one turn         P1 P2 P3 Sync          one write() for them all
//     what may change things    P4 W Sync              answered at the Sync
//
// A failure skips what follows up to the Sync: those are sent again, each with a
// Sync of its own.

typedef struct pg_conn pg_conn;

// A statement that the server has prepared.
typedef struct pg_prepared {
    struct pg_prepared *chain; // of its bucket
    rt_link link;              // in the order of use
    uint64_t id;               // of the rt__stmt
    char name[16];

    enum {
        PREPARING,
        READY,
        FAILED
    } state;

    bool forgotten; // in no bucket: goes with its last user
    int users;
    PGresult *described; // or the failure
    const Oid *params;
    size_t n_params;
    rt__column *columns;
    size_t n_columns;
    bool binary;
    rt_wait_queue queue;
    rt_arena *arena;
} pg_prepared;

// One execution. Outlives its query until the server has answered.
typedef struct pg_run {
    struct pg_run *next; // free, or to be sent again
    pg_conn *conn;
    pg_prepared *prepared;
    rt__pg_params params;
    bool pure, streams;
    int inflight;     // ops that point here
    bool abandoned;   // nobody asks any more
    bool aborted;     // skipped by the server
    bool done;        // answered
    bool lost;        // will not be
    PGresult *result; // rows, or the failure
    int row;
    rt_wait_queue queue;
} pg_run;

typedef enum {
    OP_PREPARE,
    OP_DESCRIBE,
    OP_RUN,
    OP_DROP,
    OP_SYNC
} pg_op_kind;

typedef struct pg_op {
    struct pg_op *next;
    pg_op_kind kind;
    bool answered;
    pg_run *run;
    pg_prepared *prepared;
} pg_op;

#define BUCKETS 256

struct pg_conn {
    rt__conn base;
    PGconn *pg;
    rt_watch io;
    rt_watch turn; // sends what was gathered
    pg_op *head, **tail, *free_ops;
    pg_run *free_runs, *again;
    bool gathered; // there are runs without a Sync behind them
    bool lost;
    rt_wait_queue idle;
    pg_prepared *buckets[BUCKETS];
    rt_link used; // the longest unused first
    int n_prepared;
    unsigned names;
    pg_run own;               // of script and check
    struct pg_cancel *cancel; // under way
    char why[256];
};

static void drain(pg_conn *c);
static void pg_finish(rt__conn *conn, rt__query *query);

static pg_conn *conn_of(rt__conn *conn)
{
    return (pg_conn *)(void *)conn;
}

static void *need(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

// ---- failures -------------------------------------------------------------------

static const char *field(const PGresult *result, int code)
{
    const char *text = PQresultErrorField(result, code);
    return text ? text : "";
}

static char *copy(rt_arena *arena, const char *text, size_t len)
{
    char *out = rt_arena_alloc(arena, len + 1);
    memcpy(out, text, len);
    out[len] = '\0';
    return out;
}

// The columns of "Key (a, b)=(1, 2) already exists.".
static const char *key_columns(rt_arena *arena, const char *detail)
{
    const char *from = strchr(detail, '(');
    const char *to = from ? strstr(from, ")=(") : NULL;
    return to ? copy(arena, from + 1, (size_t)(to - from - 1)) : "";
}

static rt_status lost(pg_conn *c, rt_arena *arena, rt_db_error *err)
{
    return rt__db_error_set(err, arena, RT_DB_LOST, 0, "08006",
                            c->why[0] ? c->why : "the server has gone");
}

static rt_status failed(pg_conn *c, const PGresult *result, rt_arena *arena,
                        rt_db_error *err)
{
    const char *state = field(result, PG_DIAG_SQLSTATE);
    const char *message = field(result, PG_DIAG_MESSAGE_PRIMARY);
    rt_db_kind kind = rt__db_kind_of_sqlstate(state);
    if (strncmp(state, "08", 2) == 0 || strncmp(state, "57P0", 4) == 0) {
        c->base.broken = true;
        kind = RT_DB_LOST;
    }
    rt_status status =
        rt__db_error_set(err, arena, kind, 0, state,
                         *message ? message : PQresultErrorMessage(result));
    if (!err)
        return status;
    const char *table = field(result, PG_DIAG_TABLE_NAME);
    const char *column = field(result, PG_DIAG_COLUMN_NAME);
    const char *constraint = field(result, PG_DIAG_CONSTRAINT_NAME);
    err->table = copy(arena, table, strlen(table));
    err->constraint = copy(arena, constraint, strlen(constraint));
    err->column =
        *column ? copy(arena, column, strlen(column))
                : key_columns(arena, field(result, PG_DIAG_MESSAGE_DETAIL));
    return status;
}

static rt_status stopped(rt_status status, rt_arena *arena, rt_db_error *err)
{
    (void)rt__db_error_set(err, arena, RT_DB_TIMEOUT, 0, "",
                           rt_status_text(status));
    return status;
}

// ---- the queue --------------------------------------------------------------------

static void push(pg_conn *c, pg_op_kind kind, pg_run *run,
                 pg_prepared *prepared)
{
    pg_op *op = c->free_ops;
    if (op)
        c->free_ops = op->next;
    else
        op = need(malloc(sizeof *op));
    *op = (pg_op){.kind = kind, .run = run, .prepared = prepared};
    if (run)
        run->inflight++;
    if (prepared)
        prepared->users++;
    *c->tail = op;
    c->tail = &op->next;
}

static void forget(pg_conn *c, pg_prepared *p);

static void prepared_free(pg_prepared *p)
{
    PQclear(p->described);
    rt_arena_delete(p->arena);
    free(p);
}

static void prepared_leave(pg_prepared *p)
{
    if (p && --p->users == 0 && p->forgotten)
        prepared_free(p);
}

// Put a run away when neither a query nor the server has it.
static void run_settle(pg_run *run)
{
    if (!run->abandoned || run->inflight || run == &run->conn->own)
        return;
    prepared_leave(run->prepared);
    PQclear(run->result);
    rt__pg_params params = run->params;
    pg_conn *c = run->conn;
    *run = (pg_run){.next = c->free_runs, .params = params, .conn = c};
    c->free_runs = run;
}

static void run_done(pg_run *run)
{
    run->done = true;
    (void)rt_wake(&run->queue);
}

static void pop(pg_conn *c)
{
    pg_op *op = c->head;
    c->head = op->next;
    if (!c->head)
        c->tail = &c->head;
    prepared_leave(op->prepared);
    if (op->run) {
        op->run->inflight--;
        run_settle(op->run);
    }
    op->next = c->free_ops;
    c->free_ops = op;
}

// ---- the socket --------------------------------------------------------------------

static void fail_op(pg_op *op)
{
    if (op->prepared && op->kind != OP_RUN) {
        op->prepared->state = FAILED;
        rt_wake_all(&op->prepared->queue);
    }
    if (op->run) {
        op->run->lost = true;
        run_done(op->run);
    }
}

static void lose(pg_conn *c)
{
    if (c->lost)
        return;
    c->lost = c->base.broken = true;
    snprintf(c->why, sizeof c->why, "%s", PQerrorMessage(c->pg));
    c->why[strcspn(c->why, "\n")] = '\0';
    rt_watch_stop(&c->io);
    rt_watch_stop(&c->turn);
    for (pg_run *run = c->again, *next; run; run = next) {
        next = run->next;
        run->next = NULL;
        run->lost = true;
        run_done(run);
        run->inflight--;
        run_settle(run);
    }
    c->again = NULL;
    while (c->head) {
        fail_op(c->head);
        pop(c);
    }
    rt_wake_all(&c->idle);
}

static void watch(pg_conn *c, bool writes)
{
    int events = RT_WAIT_READ | (writes ? RT_WAIT_WRITE : 0);
    if (c->lost || (c->io.reactor && c->io.events == events))
        return;
    rt_watch_stop(&c->io);
    c->io.fd = PQsocket(c->pg);
    c->io.events = events;
    c->io.timeout_ms = -1;
    if (rt_watch_start(rt_reactor_current(), &c->io))
        lose(c);
}

static bool flush(pg_conn *c)
{
    int left = PQflush(c->pg);
    if (left < 0) {
        lose(c);
        return false;
    }
    if (left || !c->io.reactor)
        watch(c, left != 0);
    return !c->lost;
}

// The rows of a cursor wait in libpq until they are asked for.
static bool is_held(const pg_conn *c)
{
    return c->head && c->head->kind == OP_RUN && c->head->run->streams &&
           c->head->run->result && !c->head->run->abandoned;
}

static void on_io(rt_watch *io, rt_status status)
{
    pg_conn *c = RT_CONTAINER(io, pg_conn, io);
    if (status || !PQconsumeInput(c->pg)) {
        // What the server said before it left is there to be read.
        drain(c);
        lose(c);
        return;
    }
    drain(c);
    if (c->lost || is_held(c))
        return;
    int left = PQflush(c->pg);
    if (left < 0)
        lose(c);
    else
        watch(c, left != 0);
}

// ---- sending ------------------------------------------------------------------------

// End what was gathered, with the run that is answered then.
static bool sync_for(pg_conn *c, pg_run *run)
{
    c->gathered = false;
    if (c->lost || !PQpipelineSync(c->pg)) {
        lose(c);
        return false;
    }
    push(c, OP_SYNC, run, NULL);
    return flush(c);
}

static void on_turn(rt_watch *turn, rt_status status)
{
    (void)status;
    pg_conn *c = RT_CONTAINER(turn, pg_conn, turn);
    if (c->gathered)
        (void)sync_for(c, NULL);
}

static void gather(pg_conn *c)
{
    c->gathered = true;
    if (c->turn.reactor)
        return;
    c->turn.fd = -1;
    c->turn.timeout_ms = 0;
    if (rt_watch_start(rt_reactor_current(), &c->turn))
        (void)sync_for(c, NULL);
}

static bool send_run(pg_run *run, bool alone)
{
    pg_conn *c = run->conn;
    pg_prepared *p = run->prepared;
    rt__pg_params *v = &run->params;
    run->aborted = false;
    if (c->lost || !PQsendQueryPrepared(c->pg, p->name, (int)v->n, v->values,
                                        v->lengths, v->formats, p->binary)) {
        lose(c);
        return false;
    }
    push(c, OP_RUN, run, NULL);
    if (run->streams && !PQsetSingleRowMode(c->pg))
        run->streams = false;
    if (run->pure && !alone)
        gather(c);
    else
        return sync_for(c, run->pure ? NULL : run);
    return true;
}

static void send_again(pg_conn *c)
{
    pg_run *run = c->again;
    c->again = NULL;
    for (pg_run *next; run; run = next) {
        next = run->next;
        run->next = NULL;
        run->inflight--;
        if (c->lost) {
            run->lost = true;
            run_done(run);
        } else if (!run->abandoned) {
            (void)send_run(run, true);
            if (c->lost && !run->done) {
                run->lost = true;
                run_done(run);
            }
        }
        run_settle(run);
    }
}

// ---- answers ------------------------------------------------------------------------

static bool is_failure(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE ||
           status == PGRES_NONFATAL_ERROR;
}

static void described(pg_prepared *p, PGresult *result)
{
    PQclear(p->described);
    p->described = result;
    p->state = READY;
    p->arena = p->arena ? p->arena : rt_arena_new();
    p->n_params = (size_t)PQnparams(result);
    Oid *types = rt_new(p->arena, Oid, p->n_params);
    for (size_t i = 0; i < p->n_params; i++)
        types[i] = PQparamtype(result, (int)i);
    p->params = types;
    p->n_columns = (size_t)PQnfields(result);
    p->columns = rt_new(p->arena, rt__column, p->n_columns);
    p->binary = true;
    for (size_t i = 0; i < p->n_columns; i++) {
        const char *name = PQfname(result, (int)i);
        rt__column *column = &p->columns[i];
        column->name = (rt_str){name, strlen(name)};
        if (rt_value_hash(rt_value_str(column->name), &column->hash))
            column->hash = 0;
        column->type = PQftype(result, (int)i);
        p->binary = p->binary && rt__pg_has_binary(column->type);
    }
    rt_wake_all(&p->queue);
}

static void take_prepared(pg_op *op, PGresult *result)
{
    pg_prepared *p = op->prepared;
    if (is_failure(result)) {
        PQclear(p->described);
        p->described = result;
        p->state = FAILED;
        rt_wake_all(&p->queue);
    } else if (op->kind == OP_DESCRIBE &&
               PQresultStatus(result) == PGRES_COMMAND_OK) {
        described(p, result);
    } else {
        PQclear(result);
    }
}

static void keep(pg_run *run, PGresult *result)
{
    if (run->abandoned || (run->result && is_failure(run->result))) {
        PQclear(result);
        return;
    }
    PQclear(run->result);
    run->result = result;
    run->row = 0;
}

static void take(pg_conn *c, PGresult *result)
{
    pg_op *op = c->head;
    ExecStatusType status = PQresultStatus(result);
    op->answered = true;
    switch (op->kind) {
    case OP_PREPARE:
    case OP_DESCRIBE: take_prepared(op, result); return;
    case OP_DROP: PQclear(result); return;
    case OP_RUN:
        if (status == PGRES_PIPELINE_ABORTED) {
            op->run->aborted = true;
            PQclear(result);
            return;
        }
        keep(op->run, result);
        if (op->run->streams)
            (void)rt_wake(&op->run->queue);
        return;
    case OP_SYNC: break;
    }
    if (status != PGRES_PIPELINE_SYNC) {
        // A constraint that is looked at only now.
        if (op->run)
            keep(op->run, result);
        else
            PQclear(result);
        return;
    }
    PQclear(result);
    if (op->run && !op->run->aborted)
        run_done(op->run);
    pop(c);
    send_again(c);
}

static void ended(pg_conn *c)
{
    pg_run *run = c->head->run;
    if (c->head->kind == OP_RUN) {
        if (run->aborted) {
            run->inflight++; // of the list
            run->next = c->again;
            c->again = run;
        } else if (run->pure) {
            run_done(run);
        }
    }
    pop(c);
}

static void drain(pg_conn *c)
{
    int nothing = 0;
    while (!c->lost && c->head && !is_held(c) && !PQisBusy(c->pg) &&
           nothing < 3) {
        PGresult *result = PQgetResult(c->pg);
        nothing = result ? 0 : nothing + 1;
        if (result)
            take(c, result);
        else if (c->head->answered && c->head->kind != OP_SYNC)
            ended(c);
    }
    if (PQstatus(c->pg) == CONNECTION_BAD) {
        lose(c);
        return;
    }
    if (c->head || c->lost)
        return;
    // Takes libpq from the end of a pipeline to idle, where it knows the state.
    PQclear(PQgetResult(c->pg));
    PGTransactionStatusType state = PQtransactionStatus(c->pg);
    c->base.in_transaction =
        state == PQTRANS_INTRANS || state == PQTRANS_INERROR;
    rt_wake_all(&c->idle);
}

// ---- prepared statements ----------------------------------------------------------

static pg_prepared **bucket_of(pg_conn *c, uint64_t id)
{
    return &c->buckets[id % BUCKETS];
}

static void forget(pg_conn *c, pg_prepared *p)
{
    if (p->forgotten)
        return;
    for (pg_prepared **at = bucket_of(c, p->id); *at; at = &(*at)->chain)
        if (*at == p) {
            *at = p->chain;
            break;
        }
    rt_link_remove(&p->link);
    c->n_prepared--;
    p->forgotten = true;
    if (p->users == 0)
        prepared_free(p);
}

static void drop(pg_conn *c, pg_prepared *p)
{
    char sql[40];
    snprintf(sql, sizeof sql, "DEALLOCATE %s", p->name);
    if (PQsendQueryParams(c->pg, sql, 0, NULL, NULL, NULL, NULL, 0))
        push(c, OP_DROP, NULL, NULL);
    // By itself: where it fails nothing else is skipped.
    (void)sync_for(c, NULL);
    forget(c, p);
}

static void drop_oldest(pg_conn *c)
{
    int most = c->base.options ? c->base.options->statements : 200;
    if (most <= 0 || c->n_prepared < most)
        return;
    for (rt_link *at = c->used.next; at && at != &c->used; at = at->next) {
        pg_prepared *p = RT_CONTAINER(at, pg_prepared, link);
        if (p->users == 0 && p->state == READY) {
            drop(c, p);
            return;
        }
    }
}

static pg_prepared *prepare(pg_conn *c, const rt__stmt *stmt)
{
    if (c->gathered && !sync_for(c, NULL))
        return NULL;
    drop_oldest(c);
    pg_prepared *p = need(calloc(1, sizeof *p));
    p->id = stmt->id;
    p->arena = rt_arena_new();
    snprintf(p->name, sizeof p->name, "r%u", ++c->names);
    p->chain = *bucket_of(c, p->id);
    *bucket_of(c, p->id) = p;
    rt_links_push(&c->used, &p->link);
    c->n_prepared++;
    p->users++; // while it is sent
    if (PQsendPrepare(c->pg, p->name, stmt->native.data, 0, NULL))
        push(c, OP_PREPARE, NULL, p);
    if (PQsendDescribePrepared(c->pg, p->name))
        push(c, OP_DESCRIBE, NULL, p);
    if (!sync_for(c, NULL))
        p->state = FAILED;
    p->users--;
    return p;
}

static pg_prepared *find(pg_conn *c, const rt__stmt *stmt)
{
    for (pg_prepared *p = *bucket_of(c, stmt->id); p; p = p->chain)
        if (p->id == stmt->id && p->state != FAILED) {
            rt_link_remove(&p->link);
            rt_links_push(&c->used, &p->link);
            return p;
        }
    return prepare(c, stmt);
}

// The run has the statement as its user from here on.
static rt_status run_prepare(pg_run *run, const rt__stmt *stmt, rt_arena *arena,
                             rt_db_error *err)
{
    pg_conn *c = run->conn;
    pg_prepared *p = find(c, stmt);
    if (!p)
        return lost(c, arena, err);
    p->users++;
    run->prepared = p;
    while (p->state == PREPARING) {
        rt_status status = rt_wait_on(&p->queue, -1);
        if (status)
            return stopped(status, arena, err);
    }
    if (p->state == READY)
        return RT_OK;
    forget(c, p);
    return c->lost || !p->described || !is_failure(p->described)
               ? lost(c, arena, err)
               : failed(c, p->described, arena, err);
}

// ---- cancelling ------------------------------------------------------------------

// A cancellation is a connection of its own, which libpq waits for: a thread does.
// It outlives a connection that is closed meanwhile.
typedef struct pg_cancel {
    rt_work work;
    PGcancel *cancel;
    pg_conn *conn;
} pg_cancel;

static void cancel_run(rt_work *work)
{
    char why[256];
    pg_cancel *cancel = RT_CONTAINER(work, pg_cancel, work);
    (void)PQcancel(cancel->cancel, why, sizeof why);
}

static void cancel_done(rt_work *work)
{
    pg_cancel *cancel = RT_CONTAINER(work, pg_cancel, work);
    if (cancel->conn) {
        cancel->conn->cancel = NULL;
        rt_wake_all(&cancel->conn->idle);
    }
    PQfreeCancel(cancel->cancel);
    free(cancel);
}

static void cancel_start(pg_conn *c)
{
    PGcancel *handle = c->cancel ? NULL : PQgetCancel(c->pg);
    if (!handle)
        return;
    pg_cancel *cancel = need(calloc(1, sizeof *cancel));
    cancel->work.run = cancel_run;
    cancel->work.done = cancel_done;
    cancel->cancel = handle;
    cancel->conn = c;
    c->cancel = cancel;
    rt_reactor_offload(rt_reactor_current(), &cancel->work);
}

// ---- executions --------------------------------------------------------------------

static pg_run *run_new(pg_conn *c)
{
    pg_run *run = c->free_runs;
    if (run)
        c->free_runs = run->next;
    else
        run = need(calloc(1, sizeof *run));
    run->next = NULL;
    run->conn = c;
    return run;
}

static rt_status wait_idle(pg_conn *c, rt_arena *arena, rt_db_error *err)
{
    while ((c->head || c->cancel) && !c->lost) {
        rt_status status = rt_wait_on(&c->idle, -1);
        if (status)
            return stopped(status, arena, err);
    }
    return c->lost ? lost(c, arena, err) : RT_OK;
}

static rt_status run_wait(pg_run *run, rt_arena *arena, rt_db_error *err)
{
    while (!run->done && !(run->streams && run->result)) {
        rt_status status = rt_wait_on(&run->queue, -1);
        if (status)
            return stopped(status, arena, err);
    }
    if (run->result && is_failure(run->result))
        return failed(run->conn, run->result, arena, err);
    return run->lost ? lost(run->conn, arena, err) : RT_OK;
}

static rt_status encode(pg_run *run, const rt__query *query, rt_arena *arena,
                        rt_db_error *err)
{
    pg_prepared *p = run->prepared;
    assert(p);
    size_t at = 0;
    if (query->n != p->n_params) {
        char text[80];
        snprintf(text, sizeof text, "%zu values for %zu parameters", query->n,
                 p->n_params);
        return rt__db_error_set(err, arena, RT_DB_USAGE, 0, "", text);
    }
    if (!rt__pg_encode(&run->params, p->params, query->values, query->n, &at))
        return RT_OK;
    char text[80];
    snprintf(text, sizeof text, "value %zu (%s) does not fit its type", at + 1,
             rt_kind_name(rt_value_kind(query->values[at])));
    return rt__db_error_set(err, arena, RT_DB_DATA, 0, "22000", text);
}

static rt_status pg_send(rt__conn *conn, rt__query *query, rt_arena *arena,
                         rt_db_error *err)
{
    pg_conn *c = conn_of(conn);
    if (c->lost) {
        query->unsent = true;
        return lost(c, arena, err);
    }
    pg_run *run = run_new(c);
    query->state = run;
    run->streams = query->streams;
    // In a transaction nothing is kept before its COMMIT has been answered, so its
    // statements may share a Sync as reads do.
    run->pure = query->stmt->is_pure || conn->in_transaction;
    rt_status status = c->cancel ? wait_idle(c, arena, err) : RT_OK;
    if (!status)
        status = run_prepare(run, query->stmt, arena, err);
    if (!status && run->streams)
        status = wait_idle(c, arena, err);
    if (!status)
        status = encode(run, query, arena, err);
    if (status) {
        query->unsent = c->lost;
        return status;
    }
    query->columns = run->prepared->columns;
    query->n_columns = run->prepared->n_columns;
    return send_run(run, false) ? RT_OK : lost(c, arena, err);
}

static void count_changes(rt__query *query, PGresult *result)
{
    const char *what = PQcmdStatus(result);
    query->changed = strncmp(what, "SELECT", 6) == 0
                         ? 0
                         : strtoll(PQcmdTuples(result), NULL, 10);
}

static rt_status answer(rt__conn *conn, rt__query *query, rt_arena *arena,
                        rt_db_error *err)
{
    pg_run *run = query->state;
    assert(run);
    rt_status status = run_wait(run, arena, err);
    // A read that is run twice does no harm, outside a transaction.
    query->unsent = run->lost && query->stmt->is_pure && !conn->in_transaction;
    if (!status && run->result)
        count_changes(query, run->result);
    return status;
}

// Whether a statement has to be prepared again: a table has changed since, or
// somebody has sent DISCARD.
static bool is_stale(const pg_run *run)
{
    if (!run->result || !run->prepared || !is_failure(run->result))
        return false;
    const char *state = field(run->result, PG_DIAG_SQLSTATE);
    return strcmp(state, "26000") == 0 ||
           (strcmp(state, "0A000") == 0 &&
            strncmp(field(run->result, PG_DIAG_MESSAGE_PRIMARY), "cached plan",
                    11) == 0);
}

static rt_status pg_start(rt__conn *conn, rt__query *query, rt_arena *arena,
                          rt_db_error *err)
{
    pg_conn *c = conn_of(conn);
    for (bool again = false;; again = true) {
        rt_status status = pg_send(conn, query, arena, err);
        if (!status)
            status = answer(conn, query, arena, err);
        if (!status || again || c->lost || conn->in_transaction ||
            !is_stale(query->state))
            return status;
        pg_run *run = query->state;
        drop(c, run->prepared);
        pg_finish(conn, query);
    }
}

static rt_status read_row(pg_run *run, rt_arena *arena, rt_value *cells,
                          rt_db_error *err)
{
    const PGresult *r = run->result;
    int n = PQnfields(r);
    for (int i = 0; i < n; i++) {
        if (PQgetisnull(r, run->row, i)) {
            cells[i] = rt_value_none();
            continue;
        }
        if (rt__pg_decode(arena, PQftype(r, i), PQfformat(r, i) == 1,
                          PQgetvalue(r, run->row, i),
                          (size_t)PQgetlength(r, run->row, i), &cells[i]))
            return rt__db_error_set(err, arena, RT_DB_DATA, 0, "",
                                    "a value of a form that is not known");
    }
    run->row++;
    return RT_OK;
}

// Let the next row of a cursor come.
static void next_result(pg_run *run)
{
    pg_conn *c = run->conn;
    PQclear(run->result);
    run->result = NULL;
    drain(c);
    if (!c->lost && !is_held(c))
        watch(c, false);
}

static rt_status pg_next(rt__conn *conn, rt__query *query, rt_arena *arena,
                         rt_value *cells, rt_db_error *err)
{
    pg_run *run = query->state;
    assert(run);
    for (;;) {
        rt_status status = answer(conn, query, arena, err);
        if (status)
            return status;
        if (run->result && run->row < PQntuples(run->result))
            return read_row(run, arena, cells, err);
        if (!run->streams || run->done || !run->result)
            return RT_E_NOT_FOUND;
        next_result(run);
    }
}

static void pg_finish(rt__conn *conn, rt__query *query)
{
    (void)conn;
    pg_run *run = query->state;
    query->state = NULL;
    if (!run)
        return;
    bool has_more = run->streams && run->inflight;
    run->abandoned = true;
    // The rest of a cursor may be of any length. What comes of it is dropped, and
    // the next statement must not be what is cancelled.
    if (has_more && !(run->result && is_failure(run->result)))
        cancel_start(run->conn);
    PQclear(run->result);
    run->result = NULL;
    run->inflight += has_more;
    if (has_more) {
        drain(run->conn);
        watch(run->conn, false);
        run->inflight--;
    }
    run_settle(run);
}

// ---- scripts --------------------------------------------------------------------------

static bool is_single(const char *sql)
{
    const char *end = strchr(sql, ';');
    return !end || end[1 + strspn(end + 1, " \t\r\n")] == '\0';
}

// The connection's own run: nobody else may be under way.
static rt_status own_run(pg_conn *c, rt_arena *arena, rt_db_error *err)
{
    rt_status status = wait_idle(c, arena, err);
    if (status)
        return status;
    PQclear(c->own.result);
    c->own = (pg_run){.conn = c};
    return RT_OK;
}

static rt_status run_single(pg_conn *c, const char *sql, rt_arena *arena,
                            rt_db_error *err)
{
    if (!PQsendQueryParams(c->pg, sql, 0, NULL, NULL, NULL, NULL, 1)) {
        lose(c);
        return lost(c, arena, err);
    }
    push(c, OP_RUN, &c->own, NULL);
    if (!sync_for(c, &c->own))
        return lost(c, arena, err);
    return run_wait(&c->own, arena, err);
}

// Read what a simple query gives; the first failure is kept.
static rt_status read_all(pg_conn *c)
{
    for (;;) {
        int left = PQflush(c->pg);
        while (PQisBusy(c->pg)) {
            rt_status status =
                rt_wait_fd(PQsocket(c->pg),
                           RT_WAIT_READ | (left > 0 ? RT_WAIT_WRITE : 0), -1);
            if (status)
                return status;
            if (!PQconsumeInput(c->pg) || (left = PQflush(c->pg)) < 0)
                return RT_E_CLOSED;
        }
        PGresult *result = PQgetResult(c->pg);
        if (!result)
            return RT_OK;
        keep(&c->own, result);
    }
}

static rt_status run_many(pg_conn *c, const char *sql, rt_arena *arena,
                          rt_db_error *err)
{
    rt_watch_stop(&c->io);
    // Who drops this coroutine leaves the connection in the middle of it.
    c->base.broken = true;
    if (!PQexitPipelineMode(c->pg) || !PQsendQuery(c->pg, sql)) {
        lose(c);
        return lost(c, arena, err);
    }
    rt_status status = read_all(c);
    if (status == RT_E_CANCELLED || status == RT_E_TIMEOUT)
        return stopped(status, arena, err);
    if (status || PQstatus(c->pg) == CONNECTION_BAD ||
        !PQenterPipelineMode(c->pg)) {
        lose(c);
        return c->own.result && is_failure(c->own.result)
                   ? failed(c, c->own.result, arena, err)
                   : lost(c, arena, err);
    }
    c->base.broken = false;
    drain(c);
    watch(c, false);
    return c->own.result && is_failure(c->own.result)
               ? failed(c, c->own.result, arena, err)
               : RT_OK;
}

static rt_status pg_script(rt__conn *conn, const char *sql, rt_arena *arena,
                           rt_db_error *err)
{
    pg_conn *c = conn_of(conn);
    rt_status status = own_run(c, arena, err);
    if (status)
        return status;
    return is_single(sql) ? run_single(c, sql, arena, err)
                          : run_many(c, sql, arena, err);
}

static rt_status pg_check(rt__conn *conn)
{
    pg_conn *c = conn_of(conn);
    rt_arena *arena = rt_arena_new();
    rt_db_error err = {0};
    rt_status status = own_run(c, arena, &err);
    if (!status)
        status =
            sync_for(c, &c->own) ? run_wait(&c->own, arena, &err) : RT_E_CLOSED;
    rt_arena_delete(arena);
    return status;
}

// ---- opening and closing --------------------------------------------------------------

#define OPTIONS_MAX 64

typedef struct conninfo {
    const char *keys[OPTIONS_MAX + 1], *values[OPTIONS_MAX + 1];
    size_t n;
} conninfo;

static void add(conninfo *info, const char *key, const char *value)
{
    if (!value || !*value || info->n == OPTIONS_MAX)
        return;
    info->keys[info->n] = key;
    info->values[info->n++] = value;
}

static void add_options(conninfo *info, const rt__db_url *url, rt_arena *arena)
{
    rt_buf options;
    rt_buf_init(&options, arena);
    rt_buf_put_cstr(&options, "-c timezone=UTC -c datestyle=ISO");
    add(info, "application_name", "retort");
    for (size_t i = 0; i < url->n_options; i++) {
        const char *name = url->options[i].name;
        const char *value = rt_value_as_cstr(arena, url->options[i].value);
        if (strcmp(name, "options") == 0)
            rt_buf_printf(&options, " %s", value);
        else
            add(info, name, value);
    }
    add(info, "options", rt_buf_str(&options).data);
    add(info, "client_encoding", "UTF8");
}

static conninfo info_of(const rt__db_url *url, rt_arena *arena)
{
    conninfo info = {.n = 0};
    char port[16];
    snprintf(port, sizeof port, "%d", url->port);
    add(&info, "host", url->host);
    add(&info, "port", url->port ? copy(arena, port, strlen(port)) : NULL);
    add(&info, "user", url->user);
    add(&info, "password", url->password);
    add(&info, "dbname", url->database);
    add_options(&info, url, arena);
    return info;
}

static rt_status cannot(pg_conn *c, rt_arena *arena, rt_db_error *err)
{
    c->base.broken = true;
    const char *why = c->pg ? PQerrorMessage(c->pg) : "out of memory";
    return rt__db_error_set(err, arena, RT_DB_CONNECT, 0, "08001",
                            copy(arena, why, strcspn(why, "\n")));
}

static rt_status poll_connect(pg_conn *c, rt_arena *arena, rt_db_error *err)
{
    int64_t limit = c->base.options ? c->base.options->connect_timeout_ms : 0;
    int64_t end = rt_time_monotonic_ms() + (limit > 0 ? limit : 10000);
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;
    while (state != PGRES_POLLING_OK) {
        if (state == PGRES_POLLING_FAILED)
            return cannot(c, arena, err);
        int64_t left = end - rt_time_monotonic_ms();
        rt_status status =
            rt_wait_fd(PQsocket(c->pg),
                       state == PGRES_POLLING_READING ? RT_WAIT_READ
                                                      : RT_WAIT_WRITE,
                       left > 0 ? left : 0);
        if (status) {
            c->base.broken = true;
            (void)rt__db_error_set(err, arena, RT_DB_CONNECT, 0, "08001",
                                   rt_status_text(status));
            return status;
        }
        state = PQconnectPoll(c->pg);
    }
    return RT_OK;
}

static void ignore_notice(void *arg, const PGresult *result)
{
    (void)arg;
    (void)result;
}

static rt_status pg_open(rt__conn *conn, rt_arena *arena, rt_db_error *err)
{
    pg_conn *c = conn_of(conn);
    c->tail = &c->head;
    c->own.conn = c;
    c->io.fn = on_io;
    c->turn.fn = on_turn;
    conninfo info = info_of(conn->url, arena);
    c->pg = PQconnectStartParams(info.keys, info.values, 0);
    if (!c->pg || PQstatus(c->pg) == CONNECTION_BAD)
        return cannot(c, arena, err);
    PQsetNoticeReceiver(c->pg, ignore_notice, NULL);
    rt_status status = poll_connect(c, arena, err);
    if (status)
        return status;
    if (PQsetnonblocking(c->pg, 1) || !PQenterPipelineMode(c->pg))
        return cannot(c, arena, err);
    // Always watched, so that a server that leaves is noticed.
    watch(c, false);
    return c->lost ? lost(c, arena, err) : RT_OK;
}

static void free_ops(pg_conn *c)
{
    while (c->head)
        pop(c);
    for (pg_op *op = c->free_ops, *next; op; op = next) {
        next = op->next;
        free(op);
    }
}

static void pg_close(rt__conn *conn)
{
    pg_conn *c = conn_of(conn);
    rt_watch_stop(&c->io);
    rt_watch_stop(&c->turn);
    if (c->cancel)
        c->cancel->conn = NULL;
    for (pg_run *run; (run = c->again);) {
        c->again = run->next;
        run->inflight--;
        run_settle(run);
    }
    free_ops(c);
    for (pg_run *run = c->free_runs, *next; run; run = next) {
        next = run->next;
        rt__pg_params_free(&run->params);
        free(run);
    }
    PQclear(c->own.result);
    for (rt_link *link; (link = rt_links_first(&c->used));)
        forget(c, RT_CONTAINER(link, pg_prepared, link));
    if (c->pg)
        PQfinish(c->pg);
    c->pg = NULL;
}

const rt__driver rt__postgresql_driver = {
    .engine = RT_DB_POSTGRESQL,
    .conn_bytes = sizeof(pg_conn),
    .shares = 64,
    .open = pg_open,
    .close = pg_close,
    .check = pg_check,
    .start = pg_start,
    .next = pg_next,
    .finish = pg_finish,
    .script = pg_script,
    .send = pg_send,
};
