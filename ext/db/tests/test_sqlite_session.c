// SQLite by the functions that applications use.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <retort/base/wait.h>
#include <retort/test.h>

#include "pool.h"

static char path[] = "/tmp/retort-sqlite-XXXXXX";
static rt_arena arena;

static void remove_files(void)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char name[64];

    for (size_t i = 0; i < RT_COUNT(ends); i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
}

static rt_db *open_file(const rt_db_options *options)
{
    char url[64];
    rt_db *db;

    close(mkstemp(path));
    atexit(remove_files);
    snprintf(url, sizeof url, "sqlite:///%s", path);
    REQUIRE(rt_db_open(&arena, url, options, &db, NULL) == RT_OK);
    rt_db_script(db, "CREATE TABLE t (x INTEGER)");
    return db;
}

static void close_file(rt_db *db)
{
    rt_db_close(db);
    rt_arena_deinit(&arena);
}

// A request's handle for the same database.
typedef struct client {
    rt_db *shared;
    rt_db db;
    rt_arena arena;
    rt_coro *co;
    rt_status status;
} client;

static rt_db *handle_of(client *c)
{
    rt_arena_init(&c->arena, 0);
    c->db = (rt_db){.database = c->shared->database,
                    .arena = &c->arena,
                    .coro = rt_coro_current()};
    return &c->db;
}

static void hold_a_transaction(void *arg)
{
    client *c = arg;
    rt_db *db = handle_of(c);

    RT_TX(db)
    {
        rt_db_exec(db, "INSERT INTO t VALUES (?)", 100);
        rt_sleep(30);
        rt_db_exec(db, "INSERT INTO t SELECT count(*) FROM t");
    }
}

static void write_one(void *arg)
{
    client *c = arg;
    rt_db *db = handle_of(c);

    c->status = rt_db_try(db, NULL, NULL, "INSERT INTO t VALUES (?)", 7);
}

static void start(client *c, rt_db *db, rt_coro_fn *fn)
{
    c->shared = db;
    c->co = rt_coro_new(fn, c);
    rt_coro_resume(c->co);
}

static void end(client *c)
{
    while (!rt_coro_is_done(c->co))
        rt_sleep(1);
    rt_coro_drop(c->co);
    rt_arena_deinit(&c->arena);
}

RT_TEST(a_view_that_sleeps_in_a_transaction_lets_twenty_others_write_afterwards)
{
    client holder = {0}, others[20] = {0};
    rt_db *db = open_file(&(rt_db_options){.pool_overflow = 20});

    start(&holder, db, hold_a_transaction);
    for (size_t i = 0; i < RT_COUNT(others); i++)
        start(&others[i], db, write_one);
    CHECK_EQ(rt_db_scalar_int(db, "SELECT count(*) FROM t"), 0);
    end(&holder);
    for (size_t i = 0; i < RT_COUNT(others); i++) {
        end(&others[i]);
        CHECK(others[i].status == RT_OK);
    }
    // The transaction saw its own row alone.
    CHECK_EQ(rt_db_scalar_int(db, "SELECT sum(x) FROM t"), 100 + 1 + 20 * 7);
    close_file(db);
}

// As a request ends whose client has gone: the coroutine first, then its memory.
RT_TEST(a_transaction_that_is_dropped_is_rolled_back_and_others_write)
{
    client holder = {0}, waiting = {0}, other = {0};
    rt_db *db = open_file(NULL);

    start(&holder, db, hold_a_transaction);
    start(&waiting, db, write_one);
    start(&other, db, write_one);
    rt_coro_drop(waiting.co);
    rt_arena_deinit(&waiting.arena);
    rt_coro_drop(holder.co);
    rt_arena_deinit(&holder.arena);
    end(&other);
    CHECK(other.status == RT_OK);
    CHECK_EQ(rt_db_scalar_int(db, "SELECT sum(x) FROM t"), 7);
    CHECK_EQ(rt_db_stats_of(db).in_use, 0);
    close_file(db);
}

RT_TEST(a_reader_in_a_transaction_keeps_nobody_from_writing)
{
    rt_db *db = open_file(NULL);
    client other = {0};

    rt_db_begin(db, .read_only = true);
    CHECK_EQ(rt_db_scalar_int(db, "SELECT count(*) FROM t"), 0);
    start(&other, db, write_one);
    end(&other);
    CHECK(other.status == RT_OK);
    CHECK_EQ(rt_db_scalar_int(db, "SELECT count(*) FROM t"), 0);
    rt_db_commit(db);
    CHECK_EQ(rt_db_scalar_int(db, "SELECT count(*) FROM t"), 1);
    close_file(db);
}

RT_TEST(a_cursor_that_is_left_early_keeps_nothing)
{
    rt_db *db = open_file(NULL);
    rt_value row;

    rt_db_exec(db, "INSERT INTO t VALUES (1), (2), (3)");
    rt_db_cursor *cursor = rt_db_each(db, "SELECT x FROM t ORDER BY x");
    CHECK(rt_db_next(cursor, &row));
    CHECK_EQ(rt_value_as_int(rt_dict_get(row, RT("x")), 0), 1);
    rt_db_exec(db, "DELETE FROM t");
    CHECK(rt_db_next(cursor, &row));
    rt_db_cursor_close(cursor);
    CHECK_EQ(rt_db_stats_of(db).in_use, 0);
    rt_db_script(db, "DROP TABLE t");
    close_file(db);
}

RT_TEST(savepoints_inside_a_transaction)
{
    rt_db *db = open_file(NULL);

    rt_db_begin(db);
    rt_db_exec(db, "INSERT INTO t VALUES (1)");
    rt_db_begin(db);
    rt_db_exec(db, "INSERT INTO t VALUES (2)");
    rt_db_rollback(db);
    rt_db_begin(db);
    rt_db_exec(db, "INSERT INTO t VALUES (4)");
    rt_db_commit(db);
    rt_db_commit(db);
    CHECK_EQ(rt_db_scalar_int(db, "SELECT sum(x) FROM t"), 5);
    close_file(db);
}
