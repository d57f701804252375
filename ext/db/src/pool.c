// Connections of this process: opening, waiting, checking.
#include "pool.h"

#include <pthread.h>
#include <stdlib.h>

#include <retort/base/error.h>
#include <retort/base/time.h>

// ---- pools and processes -----------------------------------------------------

static unsigned generation = 1;

// Connections of a parent are the parent's: they are neither used nor closed. The
// list is for leak checkers.
static rt__pool *abandoned;

static void count_generation(void)
{
    generation++;
}

static void register_fork_handler(void)
{
    pthread_atfork(NULL, NULL, count_generation);
}

static void watch_forks(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, register_fork_handler);
}

static void *zalloc(size_t bytes)
{
    void *memory = calloc(1, bytes);
    if (!memory)
        rt_panic("out of memory: %zu bytes", bytes);
    return memory;
}

static rt__pool *pool_new(const rt__database *database, const rt__db_url *url)
{
    const rt_db_options *o = &database->options;
    rt__pool *pool = zalloc(sizeof *pool);
    pool->driver = database->driver;
    pool->url = url;
    pool->options = o;
    pool->generation = generation;
    pool->single = url->memory;
    pool->shares = pool->driver->shares > 1 ? pool->driver->shares : 1;
    pool->limit = o->pool_size + (o->pool_overflow > 0 ? o->pool_overflow : 0);
    if (pool->single)
        pool->limit = 1;
    pool->all = zalloc((size_t)pool->limit * sizeof(rt__conn *));
    return pool;
}

rt__pool *rt__db_pool(rt__database *database, bool replica)
{
    rt__pool **at = replica ? &database->replica : &database->pool;
    if (RT_LIKELY(*at && (*at)->generation == generation))
        return *at;
    watch_forks();
    if (*at) {
        (*at)->abandoned = abandoned;
        abandoned = *at;
    }
    *at = pool_new(database, replica ? &database->replica_url : &database->url);
    return *at;
}

static void close_conn(rt__conn *conn)
{
    rt__pool *pool = conn->pool;
    int at = 0;
    while (pool->all[at] != conn)
        at++;
    for (pool->n--; at < pool->n; at++)
        pool->all[at] = pool->all[at + 1];
    conn->driver->close(conn);
    free(conn);
}

static void pool_free(rt__pool *pool)
{
    while (pool->n)
        close_conn(pool->all[pool->n - 1]);
    for (rt__hold *h = pool->free; h;) {
        rt__hold *next = h->free;
        free(h);
        h = next;
    }
    free((void *)pool->all);
    free(pool);
}

void rt__db_pool_close(rt__database *database)
{
    rt__pool *pools[] = {database->pool, database->replica};
    for (size_t i = 0; i < 2; i++)
        if (pools[i] && pools[i]->generation == generation)
            pool_free(pools[i]);
    database->pool = database->replica = NULL;
}

void rt__pool_forget_idle(rt__pool *pool)
{
    for (int i = pool->n; i-- > 0;)
        if (pool->all[i]->users == 0)
            close_conn(pool->all[i]);
}

// ---- holds -------------------------------------------------------------------

rt__hold *rt__hold_new(rt_db *db, rt__pool *pool)
{
    rt__hold *hold = pool->free;
    if (hold)
        pool->free = hold->free;
    else
        hold = zalloc(sizeof *hold);
    *hold = (rt__hold){.pool = pool, .db = db};
    rt_links_push(&db->holds, &hold->link);
    rt__db_guard(db);
    return hold;
}

// Somebody may have what is free now: who wants a connection alone has waited for
// what is rarer.
static void wake_one(rt__pool *pool, bool unused)
{
    if (unused && rt_wake(&pool->alone))
        return;
    rt_wake(&pool->shared);
}

static bool has_surplus(const rt__pool *pool)
{
    return pool->n > pool->options->pool_size && !pool->single &&
           rt_wait_queue_is_empty(&pool->alone) &&
           rt_wait_queue_is_empty(&pool->shared);
}

static void give_back(rt__hold *hold)
{
    rt__conn *conn = hold->conn;
    rt__pool *pool = hold->pool;
    hold->conn = NULL;
    conn->users--;
    if (hold->alone)
        conn->exclusive = false;
    if (hold->stage == RT__HOLD_OPENING)
        conn->broken = true;
    bool unused = conn->users == 0;
    if (unused) {
        conn->used_ms = rt_time_coarse_ms();
        if (conn->broken || has_surplus(pool))
            close_conn(conn);
    }
    if (RT_UNLIKELY(pool->waiting))
        wake_one(pool, unused);
}

static void stop_waiting(rt__hold *hold)
{
    hold->pool->waiting--;
    if (hold->alone)
        hold->pool->waiting_alone--;
    hold->stage = RT__HOLD_EMPTY;
}

static void end_query(rt__hold *hold)
{
    if (!hold->started)
        return;
    hold->started = false;
    hold->conn->driver->finish(hold->conn, &hold->query);
}

void rt__hold_end(rt__hold *hold)
{
    end_query(hold);
    if (hold->has_turn)
        rt__db_turn_give(hold);
    if (hold->stage == RT__HOLD_WAITING)
        stop_waiting(hold);
    if (hold->conn && !hold->borrowed)
        give_back(hold);
    if (hold->scratch)
        rt_arena_delete(hold->scratch);
    if (hold->owner)
        *hold->owner = NULL;
    rt_link_remove(&hold->link);
    hold->stage = RT__HOLD_EMPTY;
    hold->free = hold->pool->free;
    hold->pool->free = hold;
}

// ---- choosing ----------------------------------------------------------------

static bool is_worn_out(const rt__conn *conn, int64_t now)
{
    int recycle_s = conn->options->pool_recycle_s;
    return conn->broken ||
           (recycle_s > 0 && now - conn->opened_ms > recycle_s * 1000LL);
}

static rt__conn *find_unused(rt__pool *pool)
{
    for (int i = 0; i < pool->n; i++)
        if (pool->all[i]->users == 0)
            return pool->all[i];
    return NULL;
}

// The one with the fewest users. Where somebody waits for one without any, those
// are left to him.
static rt__conn *find_least_used(const rt__pool *pool)
{
    rt__conn *best = NULL;
    int least = pool->single ? 1 << 30 : pool->shares;
    for (int i = 0; i < pool->n; i++) {
        rt__conn *conn = pool->all[i];
        int users = conn->users;
        if (conn->exclusive || conn->broken || users >= least ||
            (users == 0 && pool->waiting_alone && pool->n == pool->limit &&
             pool->shares > 1))
            continue;
        best = conn;
        least = users;
        if (users == 0)
            break;
    }
    return best;
}

// What there is for the hold; NULL: open another one, or wait.
static rt__conn *choose(rt__pool *pool, bool alone)
{
    if (alone || (pool->shares == 1 && !pool->single))
        return find_unused(pool);
    rt__conn *conn = find_least_used(pool);
    // A few clients keep one or two connections: another is opened when all have
    // several users.
    if (conn && conn->users >= 2 && pool->n < pool->options->pool_size &&
        !pool->single)
        return NULL;
    return conn;
}

static void hold_conn(rt__hold *hold, rt__conn *conn, rt__hold_stage stage)
{
    hold->conn = conn;
    hold->stage = stage;
    conn->users++;
    if (hold->alone || stage == RT__HOLD_OPENING)
        conn->exclusive = true;
}

static rt_status open_conn(rt__hold *hold, rt_db_error *err)
{
    rt__pool *pool = hold->pool;
    rt__conn *conn = zalloc(pool->driver->conn_bytes);
    *conn = (rt__conn){.driver = pool->driver,
                       .pool = pool,
                       .url = pool->url,
                       .options = pool->options};
    pool->all[pool->n++] = conn;
    hold_conn(hold, conn, RT__HOLD_OPENING);
    rt_status status = conn->driver->open(conn, hold->db->arena, err);
    if (status) {
        give_back(hold);
        return status;
    }
    conn->opened_ms = conn->used_ms = rt_time_coarse_ms();
    conn->exclusive = hold->alone;
    hold->stage = RT__HOLD_HELD;
    hold->fresh = true;
    pool->opened++;
    return RT_OK;
}

// Take a connection that was kept. RT_E_AGAIN: it was of no use.
static rt_status use_kept(rt__hold *hold, rt__conn *conn)
{
    if (conn->users > 0) {
        hold_conn(hold, conn, RT__HOLD_HELD);
        return RT_OK;
    }
    int64_t now = rt_time_coarse_ms();
    if (is_worn_out(conn, now)) {
        close_conn(conn);
        return RT_E_AGAIN;
    }
    if (RT_LIKELY(now - conn->used_ms <
                  conn->options->pool_check_s * INT64_C(1000))) {
        hold_conn(hold, conn, RT__HOLD_HELD);
        return RT_OK;
    }
    hold_conn(hold, conn, RT__HOLD_OPENING);
    rt_status status = conn->driver->check(conn);
    if (status) {
        give_back(hold);
        return status == RT_E_CANCELLED ? status : RT_E_AGAIN;
    }
    conn->exclusive = hold->alone;
    hold->stage = RT__HOLD_HELD;
    return RT_OK;
}

static rt_status wait_for_one(rt__hold *hold, int64_t deadline,
                              rt_db_error *err)
{
    rt__pool *pool = hold->pool;
    bool alone = hold->alone || pool->shares == 1;
    int64_t left = deadline - rt_time_monotonic_ms();
    hold->stage = RT__HOLD_WAITING;
    pool->waiting++;
    if (hold->alone)
        pool->waiting_alone++;
    rt_status status =
        left > 0 ? rt_wait_on(alone ? &pool->alone : &pool->shared, left)
                 : RT_E_TIMEOUT;
    stop_waiting(hold);
    if (status == RT_E_TIMEOUT)
        return rt__db_error_set(err, hold->db->arena, RT_DB_EXHAUSTED, 0, "",
                                "all connections of the pool are in use");
    if (status)
        return rt__db_refuse(hold->db, err, status, RT_DB_OTHER,
                             "cancelled while it waited for a connection");
    return RT_OK;
}

// In memory there is one connection: whoever has it through a cursor shares it
// with himself.
static rt__conn *own_of_single(const rt__hold *hold)
{
    const rt__pool *pool = hold->pool;
    if (!pool->single || pool->n == 0 || pool->all[0]->exclusive)
        return NULL;
    for (rt_link *l = hold->db->holds.next; l && l != &hold->db->holds;
         l = l->next) {
        const rt__hold *other = RT_CONTAINER(l, rt__hold, link);
        if (other != hold && other->conn == pool->all[0])
            return other->conn;
    }
    return NULL;
}

rt_status rt__hold_connect(rt__hold *hold, bool alone, rt_db_error *err)
{
    rt__pool *pool = hold->pool;
    int64_t deadline = 0;
    rt__conn *own = own_of_single(hold);
    if (own)
        alone = false;
    hold->alone = alone || (pool->shares == 1 && !pool->single);
    for (;;) {
        rt__conn *conn = own ? own : choose(pool, alone);
        rt_status status = RT_E_AGAIN;
        if (RT_LIKELY(conn != NULL))
            status = use_kept(hold, conn);
        else if (pool->n < pool->limit)
            return open_conn(hold, err);
        if (status != RT_E_AGAIN)
            return status;
        if (conn)
            continue;
        if (!deadline)
            deadline = rt_time_monotonic_ms() + pool->options->pool_timeout_ms;
        status = wait_for_one(hold, deadline, err);
        if (status)
            return status;
    }
}

// ---- for a handle --------------------------------------------------------------

rt_status rt__db_turn_take(rt_db *db, rt__hold *hold)
{
    while (db->tx_busy) {
        rt_status status = rt_wait_on(&db->turns, -1);
        if (status)
            return status;
    }
    db->tx_busy = true;
    hold->has_turn = true;
    return RT_OK;
}

void rt__db_turn_give(rt__hold *hold)
{
    hold->has_turn = false;
    hold->db->tx_busy = false;
    rt_wake(&hold->db->turns);
}

static rt_status borrow(rt_db *db, rt__hold *hold, rt_db_error *err)
{
    rt_status status = rt__db_turn_take(db, hold);
    if (status)
        return rt__db_refuse(db, err, status, RT_DB_OTHER, "cancelled");
    if (!db->tx) // it ended meanwhile
        return rt__db_error_set(err, db->arena, RT_DB_USAGE, 0, "",
                                "the transaction has ended");
    hold->conn = db->tx->conn;
    hold->borrowed = true;
    hold->stage = RT__HOLD_HELD;
    if (hold->conn->broken)
        return rt__db_error_set(err, db->arena, RT_DB_LOST, 0, "",
                                "the transaction's connection was lost");
    return RT_OK;
}

rt_status rt__db_connect(rt_db *db, const rt__stmt *stmt, bool alone,
                         rt__hold **out, rt_db_error *err)
{
    rt__database *database = db->database;
    bool replica = !db->tx && database->options.replica && !db->wrote && stmt &&
                   stmt->is_pure;
    rt__hold *hold = rt__hold_new(db, db->tx ? db->tx->pool
                                             : rt__db_pool(database, replica));
    rt_status status =
        db->tx ? borrow(db, hold, err) : rt__hold_connect(hold, alone, err);
    if (status) {
        rt__hold_end(hold);
        hold = NULL;
    }
    *out = hold;
    return status;
}
