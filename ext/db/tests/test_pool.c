// The pool by a driver of ours: which connection, waiting, dead ones, fork.
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <retort/base/coroutine.h>
#include <retort/test.h>

#include "pool.h"

// ---- a driver that does nothing ------------------------------------------------

static int opened, closed, finished, checked;
static bool refuses_to_open, is_dead, loses_one, unsent;
static int shares = 1;
static int nap_ms;

static rt_status fake_open(rt__conn *conn, rt_arena *arena, rt_db_error *err)
{
    (void)conn;
    if (refuses_to_open)
        return rt__db_error_set(err, arena, RT_DB_CONNECT, 0, "", "refused");
    opened++;
    return RT_OK;
}

static void fake_close(rt__conn *conn)
{
    (void)conn;
    closed++;
}

static rt_status fake_check(rt__conn *conn)
{
    (void)conn;
    checked++;
    return is_dead ? RT_E_CLOSED : RT_OK;
}

// "sleep" waits; where one is lost, the first statement on a connection is.
static rt_status fake_start(rt__conn *conn, rt__query *query, rt_arena *arena,
                            rt_db_error *err)
{
    static const rt__column column = {.name = {"n", 1}};
    query->columns = &column;
    query->n_columns = 1;
    if (loses_one) {
        loses_one = false;
        conn->broken = true;
        query->unsent = unsent;
        return rt__db_error_set(err, arena, RT_DB_LOST, 0, "", "gone");
    }
    if (strstr(query->stmt->sql.data, "sleep"))
        rt_sleep(nap_ms);
    return RT_OK;
}

static rt_status fake_next(rt__conn *conn, rt__query *query, rt_arena *arena,
                           rt_value *cells, rt_db_error *err)
{
    (void)conn, (void)arena, (void)err;
    if (query->state)
        return RT_E_NOT_FOUND;
    query->state = query;
    cells[0] = rt_value_int(1);
    query->changed = 1;
    return RT_OK;
}

static void fake_finish(rt__conn *conn, rt__query *query)
{
    (void)conn, (void)query;
    finished++;
}

static rt_status fake_script(rt__conn *conn, const char *sql, rt_arena *arena,
                             rt_db_error *err)
{
    (void)conn, (void)sql, (void)arena, (void)err;
    return RT_OK;
}

static rt__driver fake = {
    .engine = RT_DB_POSTGRESQL,
    .conn_bytes = sizeof(rt__conn),
    .open = fake_open,
    .close = fake_close,
    .check = fake_check,
    .start = fake_start,
    .next = fake_next,
    .finish = fake_finish,
    .script = fake_script,
};

static rt_arena arena;

static rt_db *open_fake(const rt_db_options *options)
{
    rt_db *db;
    rt_db_error err;
    opened = closed = finished = checked = 0;
    nap_ms = 20;
    refuses_to_open = is_dead = loses_one = unsent = false;
    REQUIRE(rt_db_open(&arena, "sqlite:////nowhere/at/all.db", options, &db,
                       &err) == RT_OK);
    fake.shares = shares;
    db->database->driver = &fake;
    return db;
}

static void close_fake(rt_db *db)
{
    rt_db_close(db);
    CHECK_EQ(opened, closed);
    rt_arena_deinit(&arena);
}

// ---- several at once -----------------------------------------------------------

typedef struct client {
    rt_db *db;
    const char *sql;
    rt_status status;
    rt_db_error err;
    rt_arena arena;
    bool transaction;
} client;

static void run_client(void *arg)
{
    client *c = arg;
    rt_db *db = rt_new(&c->arena, rt_db, 1);
    db->database = c->db->database;
    db->arena = &c->arena;
    db->coro = rt_coro_current();
    if (c->transaction)
        c->status = rt_db_try_begin(db, &(rt_db_tx_options){0}, &c->err);
    if (!c->status)
        c->status = rt_db_try(db, NULL, &c->err, "SELECT sleep");
    if (c->transaction && !c->status)
        c->status = rt_db_try_commit(db, &c->err);
}

static void run_clients(rt_db *db, client *clients, int n)
{
    rt_group group = {0};
    for (int i = 0; i < n; i++) {
        clients[i].db = db;
        rt_group_spawn(&group, run_client, &clients[i]);
    }
    CHECK_EQ((int)rt_group_wait(&group), RT_OK);
}

static void free_clients(client *clients, int n)
{
    for (int i = 0; i < n; i++)
        rt_arena_deinit(&clients[i].arena);
}

RT_TEST(one_after_the_other_use_one_connection)
{
    rt_db *db = open_fake(NULL);
    for (int i = 0; i < 10; i++)
        CHECK_EQ(rt_db_scalar_int(db, "SELECT 1"), 1);
    rt_db_stats stats = rt_db_stats_of(db);
    CHECK_EQ(stats.open, 1);
    CHECK_EQ(stats.in_use, 0);
    CHECK_EQ(stats.statements, 10);
    CHECK_EQ(rt_db_statement_count(db), 10);
    CHECK_EQ(finished, 10);
    close_fake(db);
}

RT_TEST(as_many_are_opened_as_the_limits_say_and_the_surplus_is_closed)
{
    rt_db *db = open_fake(&(rt_db_options){.pool_size = 2, .pool_overflow = 2});
    client clients[9] = {0};
    run_clients(db, clients, 9);
    for (int i = 0; i < 9; i++)
        CHECK_EQ((int)clients[i].status, RT_OK);
    CHECK_EQ(opened, 4);
    CHECK_EQ(rt_db_stats_of(db).open, 2);
    CHECK_EQ(rt_db_stats_of(db).waiting, 0);
    free_clients(clients, 9);
    close_fake(db);
}

RT_TEST(who_waits_too_long_is_told)
{
    rt_db *db = open_fake(&(rt_db_options){
        .pool_size = 1, .pool_overflow = -1, .pool_timeout_ms = 1});
    client clients[2] = {0};
    run_clients(db, clients, 2);
    CHECK_EQ((int)clients[0].status, RT_OK);
    CHECK_EQ((int)clients[1].status, RT_E_BUSY);
    CHECK_EQ((int)clients[1].err.kind, RT_DB_EXHAUSTED);
    CHECK_EQ(rt_db_stats_of(db).waiting, 0);
    free_clients(clients, 2);
    close_fake(db);
}

RT_TEST(connections_are_shared_where_the_driver_can)
{
    shares = 8;
    rt_db *db =
        open_fake(&(rt_db_options){.pool_size = 2, .pool_overflow = -1});
    client clients[8] = {0};
    run_clients(db, clients, 8);
    for (int i = 0; i < 8; i++)
        CHECK_EQ((int)clients[i].status, RT_OK);
    CHECK_EQ(opened, 2);
    shares = 1;
    free_clients(clients, 8);
    close_fake(db);
}

RT_TEST(a_transaction_has_its_connection_alone)
{
    shares = 8;
    rt_db *db = open_fake(&(rt_db_options){.pool_size = 1, .pool_overflow = 3});
    client clients[6] = {{.transaction = true}, {0}, {0},
                         {.transaction = true}, {0}, {0}};
    run_clients(db, clients, 6);
    for (int i = 0; i < 6; i++)
        CHECK_EQ((int)clients[i].status, RT_OK);
    CHECK(opened >= 3);
    CHECK_EQ(rt_db_stats_of(db).in_use, 0);
    shares = 1;
    free_clients(clients, 6);
    close_fake(db);
}

// ---- what goes wrong -----------------------------------------------------------

RT_TEST(who_is_dropped_gives_back_what_he_had)
{
    rt_db *db =
        open_fake(&(rt_db_options){.pool_size = 1, .pool_overflow = -1});
    client clients[3] = {{.db = db},
                         {.db = db},
                         {.db = db, .transaction = true}};
    nap_ms = 600000;
    rt_group group = {0};
    for (int i = 0; i < 3; i++)
        rt_group_spawn(&group, run_client, &clients[i]);
    rt_sleep(1);
    CHECK_EQ(rt_db_stats_of(db).in_use, 1);
    CHECK_EQ(rt_db_stats_of(db).waiting, 2);
    rt_group_drop(&group);
    free_clients(clients, 3);
    CHECK_EQ(rt_db_stats_of(db).in_use, 0);
    CHECK_EQ(rt_db_stats_of(db).waiting, 0);
    CHECK_EQ(finished, 1);
    CHECK_EQ(rt_db_scalar_int(db, "SELECT 1"), 1);
    close_fake(db);
}

RT_TEST(who_is_dropped_in_a_transaction_closes_its_connection)
{
    rt_db *db = open_fake(NULL);
    client c = {.db = db, .transaction = true};
    nap_ms = 600000;
    rt_group group = {0};
    rt_group_spawn(&group, run_client, &c);
    rt_sleep(1);
    rt_group_drop(&group);
    rt_arena_deinit(&c.arena);
    CHECK_EQ(closed, 1);
    CHECK_EQ(rt_db_stats_of(db).open, 0);
    close_fake(db);
}

RT_TEST(a_statement_that_was_never_sent_is_sent_again)
{
    rt_db *db = open_fake(NULL);
    CHECK_EQ(rt_db_exec(db, "DELETE FROM t"), 1);
    loses_one = unsent = true;
    CHECK_EQ(rt_db_exec(db, "DELETE FROM t"), 1);
    CHECK_EQ(opened, 2);

    loses_one = true;
    unsent = false;
    rt_db_error err;
    CHECK_EQ((int)rt_db_try(db, NULL, &err, "DELETE FROM t"), RT_E_CLOSED);
    CHECK_EQ((int)err.kind, RT_DB_LOST);
    CHECK_EQ(err.sql, "DELETE FROM t");
    CHECK_EQ(closed, 2);
    close_fake(db);
}

RT_TEST(a_new_connection_that_is_lost_is_an_error)
{
    rt_db *db = open_fake(NULL);
    rt_db_error err;
    loses_one = unsent = true;
    CHECK_EQ((int)rt_db_try(db, NULL, &err, "SELECT 1"), RT_E_CLOSED);
    CHECK_EQ(opened, 1);
    close_fake(db);
}

RT_TEST(a_refusal_to_connect_is_told_and_tried_again)
{
    rt_db *db = open_fake(NULL);
    rt_db_error err;
    refuses_to_open = true;
    CHECK_EQ((int)rt_db_try(db, NULL, &err, "SELECT 1"), RT_E_CLOSED);
    CHECK_EQ((int)err.kind, RT_DB_CONNECT);
    CHECK_EQ(err.message, "refused");
    closed = 0;
    refuses_to_open = false;
    CHECK_EQ((int)rt_db_try(db, NULL, &err, "SELECT 1"), RT_OK);
    close_fake(db);
}

RT_TEST(a_connection_that_was_idle_for_long_is_asked_for_a_sign_of_life)
{
    rt_db *db = open_fake(NULL);
    CHECK_EQ(rt_db_scalar_int(db, "SELECT 1"), 1);
    rt__conn *conn = db->database->pool->all[0];
    conn->used_ms -= 31000;
    CHECK_EQ(rt_db_scalar_int(db, "SELECT 1"), 1);
    CHECK_EQ(checked, 1);
    CHECK_EQ(opened, 1);

    conn->used_ms -= 31000;
    is_dead = true;
    CHECK_EQ(rt_db_scalar_int(db, "SELECT 1"), 1);
    CHECK_EQ(opened, 2);
    close_fake(db);
}

RT_TEST(an_old_connection_is_replaced)
{
    rt_db *db = open_fake(&(rt_db_options){.pool_recycle_s = 60});
    CHECK_EQ(rt_db_scalar_int(db, "SELECT 1"), 1);
    db->database->pool->all[0]->opened_ms -= 61000;
    CHECK_EQ(rt_db_scalar_int(db, "SELECT 1"), 1);
    CHECK_EQ(opened, 2);
    CHECK_EQ(closed, 1);
    close_fake(db);
}

RT_TEST(a_child_process_opens_connections_of_its_own)
{
    rt_db *db = open_fake(NULL);
    CHECK_EQ(rt_db_scalar_int(db, "SELECT 1"), 1);
    pid_t child = fork();
    if (child == 0) {
        rt_db_scalar_int(db, "SELECT 1");
        _exit(opened == 2 && closed == 0 ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    CHECK_EQ(status, 0);
    close_fake(db);
}

static int under_way, most_under_way;

static rt_status fake_send(rt__conn *conn, rt__query *query, rt_arena *to,
                           rt_db_error *err)
{
    under_way++;
    if (under_way > most_under_way)
        most_under_way = under_way;
    return fake_start(conn, query, to, err);
}

static void fake_finish_sent(rt__conn *conn, rt__query *query)
{
    under_way--;
    fake_finish(conn, query);
}

RT_TEST(many_travel_together_where_the_driver_can)
{
    shares = 100;
    fake.send = fake_send;
    fake.finish = fake_finish_sent;
    rt_db *db = open_fake(NULL);
    static rt_value values[150];
    static rt_db_result results[150];
    rt_db_error err;
    for (size_t i = 0; i < 150; i++)
        values[i] = RT(1);
    CHECK_EQ((int)rt_db_try_many(db, "UPDATE t SET n = ?", values, 1, 150,
                                 results, &err),
             RT_OK);
    CHECK_EQ(most_under_way, 64);
    CHECK_EQ(under_way, 0);
    CHECK_EQ(results[149].changed, 1);
    CHECK_EQ(opened, 1);
    CHECK_EQ(rt_db_stats_of(db).in_use, 0);

    loses_one = true;
    CHECK_EQ((int)rt_db_try_many(db, "UPDATE t SET n = ?", values, 1, 3, NULL,
                                 &err),
             RT_E_CLOSED);
    CHECK_EQ(under_way, 0);
    CHECK_EQ(rt_db_stats_of(db).in_use, 0);
    fake.send = NULL;
    fake.finish = fake_finish;
    shares = 1;
    close_fake(db);
}

RT_TEST(a_wrong_number_of_values_is_sent_nowhere)
{
    rt_db *db = open_fake(NULL);
    rt_db_error err;
    CHECK_EQ((int)rt_db_try(db, NULL, &err, "SELECT ?", 1, 2), RT_E_SYNTAX);
    CHECK_EQ((int)err.kind, RT_DB_USAGE);
    CHECK_EQ(err.message, "the statement has 1 `?`, and 2 given");
    CHECK_EQ(opened, 0);
    close_fake(db);
}
