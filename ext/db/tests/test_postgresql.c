// The PostgreSQL driver by itself, against a server: RETORT_TEST_POSTGRESQL is
// its URL, as script/lib/databases.py sets it.
#include <stdlib.h>
#include <string.h>

#include <retort/base/json.h>
#include <retort/base/wait.h>
#include <retort/test.h>

#include "driver.h"

#ifndef RT_HAVE_PQ

RT_TEST(postgresql_is_not_built)
{
    RT_SKIP("built without libpq");
}

#else

static rt_db_options options = {.connect_timeout_ms = 10000, .statements = 200};

typedef struct server {
    rt_arena *arena;
    rt__db_url url;
    rt__conn *conn;
    rt_db_error err;
} server;

static const rt__driver *const driver = &rt__postgresql_driver;

static void connect_to(server *s)
{
    const char *url = getenv("RETORT_TEST_POSTGRESQL");
    if (!url || !*url)
        RT_SKIP("RETORT_TEST_POSTGRESQL is not set");
    const char *why = NULL;
    *s = (server){.arena = rt_arena_new()};
    REQUIRE(!rt__db_url_parse(s->arena, url, &s->url, &why));
    s->conn = calloc(1, driver->conn_bytes);
    s->conn->driver = driver;
    s->conn->url = &s->url;
    s->conn->options = &options;
    REQUIRE(!driver->open(s->conn, s->arena, &s->err));
}

static void leave(server *s)
{
    driver->close(s->conn);
    free(s->conn);
    rt_arena_delete(s->arena);
    rt_reactor_free(rt_reactor_current());
}

static const rt__stmt *stmt_of(const char *sql)
{
    const rt__stmt *stmt = NULL;
    const char *why = NULL;
    REQUIRE(!rt__db_stmt_get(RT_DB_POSTGRESQL, sql, &stmt, &why));
    return stmt;
}

static rt_status script(server *s, const char *sql)
{
    return driver->script(s->conn, sql, s->arena, &s->err);
}

static rt_status start(server *s, rt__query *q, const char *sql,
                       const rt_value *values, size_t n)
{
    bool streams = q->streams;
    *q = (rt__query){.stmt = stmt_of(sql), .values = values, .n = n};
    q->streams = streams;
    return driver->start(s->conn, q, s->arena, &s->err);
}

// All rows as JSON: [[1,"a"],...]; the name of the kind after a failure.
static const char *run(server *s, const char *sql, const rt_value *values,
                       size_t n)
{
    rt__query q = {0};
    rt_value rows = rt_list_new(s->arena);
    rt_status status = start(s, &q, sql, values, n);
    while (!status) {
        rt_value *cells = rt_new(s->arena, rt_value, q.n_columns + 1);
        status = driver->next(s->conn, &q, s->arena, cells, &s->err);
        if (!status)
            CHECK(
                !rt_list_push(rows, rt_list_of(s->arena, cells, q.n_columns)));
    }
    driver->finish(s->conn, &q);
    if (status != RT_E_NOT_FOUND)
        return s->err.message;
    return rt_value_repr(s->arena, rows).data;
}

#define RUN(sql, ...)                       \
    run(&s, sql, (rt_value[]){__VA_ARGS__}, \
        sizeof((rt_value[]){__VA_ARGS__}) / sizeof(rt_value))

RT_TEST(types_come_out)
{
    server s;
    connect_to(&s);

    static const struct {
        const char *sql, *repr;
    } rows[] = {
        {"SELECT true, false, NULL::int", "[[True, False, None]]"},
        {"SELECT 1::int2, -2::int4, 9223372036854775807::int8",
         "[[1, -2, 9223372036854775807]]"},
        {"SELECT 1.5::float4, 0.1::float8", "[[1.5, 0.1]]"},
        {"SELECT 12345.6700::numeric, -0.0001::numeric, 0::numeric,"
         " 1e10::numeric, 'NaN'::numeric, 10000::numeric, 0.00::numeric",
         "[['12345.6700', '-0.0001', '0', '10000000000', 'NaN', '10000',"
         " '0.00']]"},
        {"SELECT 'a'::text, 'b'::varchar, 'c'::char(3), 'd'::name",
         "[['a', 'b', 'c  ', 'd']]"},
        {"SELECT '2024-02-29'::date, '0999-01-01'::date, '12:34:56.5'::time",
         "[['2024-02-29', '0999-01-01', '12:34:56.500000']]"},
        {"SELECT '1 year 2 mons 3 days 04:05:06'::interval, '0'::interval,"
         " '-01:00'::interval",
         "[['1 year 2 mons 3 days 04:05:06', '00:00:00', '-01:00:00']]"},
        {"SELECT '{\"a\": [1, null]}'::json, '[1.5, \"x\"]'::jsonb",
         "[[{'a': [1, None]}, [1.5, 'x']]]"},
        {"SELECT ARRAY[1, NULL, 3], ARRAY[['a', 'b'], ['c', 'd,\"']], '{}'::int[]",
         "[[[1, None, 3], [['a', 'b'], ['c', 'd,\"']], []]]"},
        // Types that are asked for as text, and what comes with them.
        {"SELECT '127.0.0.1'::inet, 7::int4, 1.5::float8, true, 'x'::text,"
         " '{1,NULL}'::int[], '{\"a\\\"b\",NULL}'::text[], '\\x00ff'::bytea = "
         "'\\x00ff'",
         "[['127.0.0.1', 7, 1.5, True, 'x', [1, None], ['a\"b', None], True]]"},
        {"SELECT 12.5::money::text", "[['$12.50']]"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        RT_CASE(rows[i].sql);
        CHECK_EQ(run(&s, rows[i].sql, NULL, 0), rows[i].repr);
    }
    leave(&s);
}

RT_TEST(values_go_in_and_come_back)
{
    server s;
    connect_to(&s);
    static const uint8_t uuid[16] = {0xc0, 0xff, 0xee};
    rt_value list = rt_list_new(s.arena);
    CHECK(!rt_list_push(list, RT(1)));
    CHECK(!rt_list_push(list, rt_value_none()));
    rt_value words = rt_list_new(s.arena);
    CHECK(!rt_list_push(words, RT("a\"\\,{}")));
    CHECK_EQ(RUN("SELECT ?::int, ?::text, ?::bool, ?::float8", RT(7),
                 RT("x'; DROP TABLE"), RT(true), RT(3)),
             "[[7, \"x'; DROP TABLE\", True, 3.0]]");
    CHECK_EQ(RUN("SELECT ?::numeric, ?::date, ?::text, ?::float4", RT("1.50"),
                 RT("2024-01-02"), RT(5), RT(0.5)),
             "[['1.50', '2024-01-02', '5', 0.5]]");
    CHECK_EQ(RUN("SELECT ?::int[], ?::text[], ?::jsonb, ?::json", list, words,
                 list, list),
             "[[[1, None], ['a\"\\\\,{}'], [1, None], [1, None]]]");
    CHECK_EQ(RUN("SELECT ?::timestamptz = '2024-01-01 00:00:01'::timestamptz,"
                 " ?::uuid = 'c0ffee00-0000-0000-0000-000000000000',"
                 " ?::bytea = '\\x00ff'",
                 rt_value_date(1704067201000000), rt_value_uuid(uuid),
                 rt_value_bytes("\0\xff", 2)),
             "[[True, True, True]]");
    CHECK_EQ(RUN("SELECT ?::int", rt_value_none()), "[[None]]");
    leave(&s);
}

RT_TEST(values_that_do_not_fit_are_refused)
{
    server s;
    connect_to(&s);
    CHECK_EQ(RUN("SELECT ?::int2", RT(40000)),
             "value 1 (int) does not fit its type");
    CHECK_EQ(s.err.kind, RT_DB_DATA);
    CHECK_EQ(RUN("SELECT ?::int", RT(1.5)),
             "value 1 (float) does not fit its type");
    CHECK_EQ(RUN("SELECT ?::int", RT("no")),
             "invalid input syntax for type integer: \"no\"");
    CHECK_EQ(s.err.kind, RT_DB_DATA);
    CHECK_EQ(RUN("SELECT ?::int + 1", RT(1)), "[[2]]");
    leave(&s);
}

RT_TEST(failures_say_what_they_are_about)
{
    server s;
    connect_to(&s);
    REQUIRE(!script(&s, "CREATE TEMP TABLE t (a int NOT NULL, b int,"
                        " CONSTRAINT ab UNIQUE (a, b)); SELECT 1"));
    CHECK_EQ(RUN("INSERT INTO t VALUES (?, ?)", RT(1), RT(2)), "[]");
    (void)RUN("INSERT INTO t VALUES (?, ?)", RT(1), RT(2));
    CHECK_EQ(s.err.kind, RT_DB_UNIQUE);
    CHECK_EQ(s.err.sqlstate, "23505");
    CHECK_EQ(s.err.table, "t");
    CHECK_EQ(s.err.column, "a, b");
    CHECK_EQ(s.err.constraint, "ab");
    (void)RUN("INSERT INTO t (b) VALUES (?)", RT(1));
    CHECK_EQ(s.err.kind, RT_DB_NOT_NULL);
    CHECK_EQ(s.err.column, "a");
    (void)run(&s, "SELEC 1", NULL, 0);
    CHECK_EQ(s.err.kind, RT_DB_SYNTAX);
    CHECK(script(&s, "SELECT 1; SELECT nothing") != RT_OK);
    CHECK_EQ(run(&s, "SELECT count(*) FROM t", NULL, 0), "[[1]]");
    CHECK(!s.conn->broken);
    leave(&s);
}

RT_TEST(transactions_are_noticed)
{
    server s;
    connect_to(&s);
    CHECK(!script(&s, "BEGIN"));
    CHECK(s.conn->in_transaction);
    CHECK_EQ(run(&s, "SELECT 1/0", NULL, 0), "division by zero");
    CHECK(s.conn->in_transaction);
    CHECK(!script(&s, "ROLLBACK"));
    CHECK(!s.conn->in_transaction);
    CHECK(!driver->check(s.conn));
    leave(&s);
}

typedef struct reader {
    server *s;
    const char *sql;
    rt_value value;
    const char *got;
} reader;

static void read_one(void *arg)
{
    reader *r = arg;
    r->got = run(r->s, r->sql, &r->value, 1);
}

RT_TEST(a_failure_takes_no_other_read_with_it)
{
    server s;
    connect_to(&s);
    rt_group group = {0};
    reader readers[40];
    for (int i = 0; i < 40; i++) {
        readers[i] = (reader){.s = &s, .sql = "SELECT 12 / ?::int"};
        readers[i].value = RT(i % 3);
        rt_group_spawn(&group, read_one, &readers[i]);
    }
    CHECK(!rt_group_wait(&group));
    for (int i = 0; i < 40; i++)
        CHECK_EQ(readers[i].got, i % 3 == 0   ? "division by zero"
                                 : i % 3 == 1 ? "[[12]]"
                                              : "[[6]]");
    leave(&s);
}

RT_TEST(a_dropped_coroutine_leaves_the_others_their_answers)
{
    server s;
    connect_to(&s);
    CHECK_EQ(RUN("SELECT pg_sleep(?)", RT(0.0)), "[[None]]");
    rt__query dropped = {.stmt = stmt_of("SELECT pg_sleep(?)"), .n = 1};
    rt_value seconds = RT(0.2);
    dropped.values = &seconds;
    REQUIRE(!driver->send(s.conn, &dropped, s.arena, &s.err));
    driver->finish(s.conn, &dropped);
    CHECK_EQ(RUN("SELECT ?::int", RT(5)), "[[5]]");
    leave(&s);
}

RT_TEST(a_write_behind_a_failing_read_is_done_once)
{
    server s;
    connect_to(&s);
    REQUIRE(!script(&s, "CREATE TEMP TABLE t (a int)"));
    rt_group group = {0};
    reader readers[4] = {
        {.sql = "SELECT 1 / ?::int", .value = RT(0)},
        {.sql = "INSERT INTO t VALUES (?)", .value = RT(1)},
        {.sql = "SELECT 1 / ?::int", .value = RT(0)},
        {.sql = "INSERT INTO t VALUES (?)", .value = RT(2)},
    };
    // Prepared first, so that in the second round they leave in one turn.
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 4; i++) {
            readers[i].s = &s;
            rt_group_spawn(&group, read_one, &readers[i]);
        }
        CHECK(!rt_group_wait(&group));
        for (int i = 0; i < 4; i++)
            CHECK_EQ(readers[i].got, i % 2 ? "[]" : "division by zero");
    }
    CHECK_EQ(run(&s, "SELECT a, count(*) FROM t GROUP BY a ORDER BY a", NULL,
                 0),
             "[[1, 2], [2, 2]]");
    leave(&s);
}

RT_TEST(a_constraint_that_is_deferred_fails_the_statement)
{
    server s;
    connect_to(&s);
    REQUIRE(!script(&s, "CREATE TEMP TABLE t (a int UNIQUE"
                        " DEFERRABLE INITIALLY DEFERRED)"));
    CHECK_EQ(RUN("INSERT INTO t VALUES (?)", RT(1)), "[]");
    (void)RUN("INSERT INTO t VALUES (?)", RT(1));
    CHECK_EQ(s.err.kind, RT_DB_UNIQUE);
    CHECK_EQ(run(&s, "SELECT a FROM t", NULL, 0), "[[1]]");
    leave(&s);
}

static rt__query interrupted;

static void sleep_long(void *arg)
{
    server *s = arg;
    static rt_value seconds;
    seconds = RT(0.3);
    (void)start(s, &interrupted, "SELECT pg_sleep(?), 1", &seconds, 1);
}

RT_TEST(a_coroutine_may_be_dropped_at_any_turn)
{
    server s;
    connect_to(&s);
    for (int turns = 0; turns < 6; turns++) {
        interrupted = (rt__query){0};
        rt_group group = {0};
        rt_group_spawn(&group, sleep_long, &s);
        for (int i = 0; i < turns; i++)
            rt_reactor_turn(rt_reactor_current(), 10);
        rt_group_drop(&group);
        driver->finish(s.conn, &interrupted);
        CHECK_EQ(RUN("SELECT ?::int = 5", RT(5)), "[[True]]");
    }
    leave(&s);
}

RT_TEST(cursors_read_row_by_row)
{
    server s;
    connect_to(&s);
    rt__query q = {.streams = true};
    rt_value n = RT(100000);
    REQUIRE(
        !start(&s, &q, "SELECT g, 'row' FROM generate_series(1, ?) g", &n, 1));
    CHECK_EQ(q.n_columns, 2);
    int64_t sum = 0;
    rt_value cells[2];
    rt_arena *arena = rt_arena_new();
    while (!driver->next(s.conn, &q, arena, cells, &s.err)) {
        sum += cells[0].as.integer;
        rt_arena_reset(arena);
    }
    rt_arena_delete(arena);
    CHECK_EQ(sum, 5000050000);
    driver->finish(s.conn, &q);
    CHECK(!s.conn->broken);
    CHECK_EQ(run(&s, "SELECT 1", NULL, 0), "[[1]]");
    leave(&s);
}

RT_TEST(a_cursor_that_is_given_up_is_cancelled)
{
    server s;
    connect_to(&s);
    rt__query q = {.streams = true};
    rt_value n = RT(1000000000);
    REQUIRE(!start(&s, &q, "SELECT generate_series(1, ?::int)", &n, 1));
    rt_value cell;
    REQUIRE(!driver->next(s.conn, &q, s.arena, &cell, &s.err));
    CHECK_EQ(cell.as.integer, 1);
    driver->finish(s.conn, &q);
    CHECK_EQ(run(&s, "SELECT 1", NULL, 0), "[[1]]");
    // One that fails in the middle leaves the connection as it was.
    q = (rt__query){.streams = true};
    n = RT(3);
    REQUIRE(!start(&s, &q, "SELECT 6 / (? - g) FROM generate_series(1, 5) g",
                   &n, 1));
    while (!driver->next(s.conn, &q, s.arena, &cell, &s.err)) {
    }
    CHECK_EQ(s.err.message, "division by zero");
    driver->finish(s.conn, &q);
    CHECK_EQ(run(&s, "SELECT 1", NULL, 0), "[[1]]");
    CHECK(!s.conn->broken);
    leave(&s);
}

RT_TEST(a_cursor_may_be_given_up_before_the_connection_is_closed)
{
    server s;
    connect_to(&s);
    rt__query q = {.streams = true};
    rt_value n = RT(1000000000);
    REQUIRE(!start(&s, &q, "SELECT generate_series(1, ?::int)", &n, 1));
    driver->finish(s.conn, &q);
    CHECK(!q.state);
    leave(&s);
}

RT_TEST(a_statement_is_prepared_again_when_its_table_has_changed)
{
    server s;
    connect_to(&s);
    REQUIRE(
        !script(&s, "CREATE TEMP TABLE t (a int); INSERT INTO t VALUES (1)"));
    CHECK_EQ(run(&s, "SELECT * FROM t", NULL, 0), "[[1]]");
    REQUIRE(!script(&s, "ALTER TABLE t ADD b text DEFAULT 'x'"));
    CHECK_EQ(run(&s, "SELECT * FROM t", NULL, 0), "[[1, 'x']]");
    REQUIRE(!script(&s, "DEALLOCATE ALL"));
    CHECK_EQ(run(&s, "SELECT * FROM t", NULL, 0), "[[1, 'x']]");
    leave(&s);
}

RT_TEST(no_more_statements_are_kept_than_asked)
{
    server s;
    connect_to(&s);
    options.statements = 3;
    for (int i = 0; i < 20; i++) {
        rt_buf sql;
        rt_buf_init(&sql, s.arena);
        rt_buf_printf(&sql, "SELECT %d", i);
        rt_buf want;
        rt_buf_init(&want, s.arena);
        rt_buf_printf(&want, "[[%d]]", i);
        CHECK_EQ(run(&s, rt_buf_str(&sql).data, NULL, 0), rt_buf_str(&want));
    }
    CHECK_EQ(run(&s, "SELECT count(*) FROM pg_prepared_statements", NULL, 0),
             "[[3]]");
    leave(&s);
}

RT_TEST(a_server_that_goes_is_a_lost_connection)
{
    server s;
    connect_to(&s);
    (void)run(&s, "SELECT pg_terminate_backend(pg_backend_pid())", NULL, 0);
    CHECK_EQ(s.err.kind, RT_DB_LOST);
    CHECK(s.conn->broken);
    rt__query q = {0};
    CHECK(start(&s, &q, "SELECT 1", NULL, 0) != RT_OK);
    CHECK_EQ(s.err.kind, RT_DB_LOST);
    CHECK(q.unsent);
    driver->finish(s.conn, &q);
    leave(&s);
}

#endif
