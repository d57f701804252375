// SQLite's driver by itself: values, failures, the line of writers, slices.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <retort/base/coroutine.h>
#include <retort/base/wait.h>
#include <retort/test.h>

#include "driver.h"

static char path[] = "/tmp/retort-sqlite-XXXXXX";
static rt_arena arena;
static rt_db_error err;
static rt__db_url url;
static rt_db_options options = {.busy_timeout_ms = 5000, .statements = 4};

static void remove_files(void)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char name[64];

    for (size_t i = 0; i < RT_COUNT(ends); i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
}

static void use_file(void)
{
    close(mkstemp(path));
    atexit(remove_files);
    url = (rt__db_url){.engine = RT_DB_SQLITE, .database = path};
}

static void use_memory(void)
{
    url = (rt__db_url){.engine = RT_DB_SQLITE, .database = "", .memory = true};
}

static rt__conn *open_conn(void)
{
    rt__conn *conn = calloc(1, rt__sqlite_driver.conn_bytes);

    if (!arena.block_bytes)
        rt_arena_init(&arena, 4096);
    conn->driver = &rt__sqlite_driver;
    conn->url = &url;
    conn->options = &options;
    REQUIRE(rt__sqlite_driver.open(conn, &arena, &err) == RT_OK);
    return conn;
}

static void close_conn(rt__conn *conn)
{
    rt__sqlite_driver.close(conn);
    free(conn);
}

static rt__stmt *stmt_of(const char *sql)
{
    static uint64_t ids;
    static rt__stmt kept[64];

    for (uint64_t i = 0; i < ids; i++)
        if (strcmp(kept[i].native.data, sql) == 0)
            return &kept[i];
    REQUIRE(ids < RT_COUNT(kept));
    kept[ids] = (rt__stmt){.sql = rt_str_from(sql),
                           .native = rt_str_from(sql),
                           .id = ids + 1};
    return &kept[ids++];
}

// All rows as lists, in `rows`.
static rt_status run(rt__conn *conn, rt_value *rows, rt__query *query,
                     const char *sql, const rt_value *values, size_t n)
{
    const rt__driver *driver = &rt__sqlite_driver;
    rt_value list = rt_list_new(&arena);

    *query = (rt__query){
        .stmt = stmt_of(sql), .values = values, .n = n, .conn = conn};
    rt_status status = driver->start(conn, query, &arena, &err);
    while (status == RT_OK) {
        rt_value cells[8];
        status = driver->next(conn, query, &arena, cells, &err);
        if (status == RT_OK)
            REQUIRE(!rt_list_push(list,
                                  rt_list_of(&arena, cells, query->n_columns)));
    }
    driver->finish(conn, query);
    if (rows)
        *rows = list;
    return status == RT_E_NOT_FOUND ? RT_OK : status;
}

static rt_status exec(rt__conn *conn, const char *sql)
{
    rt__query query;
    return run(conn, NULL, &query, sql, NULL, 0);
}

static rt_status script(rt__conn *conn, const char *sql)
{
    return rt__sqlite_driver.script(conn, sql, &arena, &err);
}

static int64_t number(rt__conn *conn, const char *sql)
{
    rt__query query;
    rt_value rows;

    REQUIRE(run(conn, &rows, &query, sql, NULL, 0) == RT_OK);
    return rt_value_as_int(rt_list_get(rt_list_get(rows, 0), 0), -1);
}

// ---- values -----------------------------------------------------------------------

RT_TEST(values_come_back_as_their_columns_are_declared)
{
    static const uint8_t uuid[16] = {0xc0, 0xff, 0xee};
    use_memory();
    rt__conn *conn = open_conn();
    rt_value json = rt_list_of(&arena, (rt_value[]){RT(1), RT("\xc3\xa4")}, 2);

    const struct {
        const char *type;
        rt_value in, out;
    } rows[] = {
        {"INTEGER", RT(7), RT(7)},
        {"REAL", RT(2.5), RT(2.5)},
        {"TEXT", RT("\xc3\xa4"), RT("\xc3\xa4")},
        {"TEXT", RT(""), RT("")},
        {"TEXT", rt_value_none(), rt_value_none()},
        {"BLOB", rt_value_bytes("a\0b", 3), rt_value_bytes("a\0b", 3)},
        {"BLOB", rt_value_bytes("", 0), rt_value_bytes("", 0)},
        {"BOOLEAN", RT(true), RT(true)},
        {"bool", RT(false), RT(false)},
        {"DATETIME", rt_value_date(1764057600000001),
         rt_value_date(1764057600000001)},
        {"DATETIME", RT(60), rt_value_date(60000000)},
        {"TIMESTAMP", RT("2025-11-25 08:00:00"),
         rt_value_date(1764057600000000)},
        {"TEXT", rt_value_date(1764057600000001),
         RT("2025-11-25 08:00:00.000001")},
        {"DATE", RT("2025-11-25"), RT("2025-11-25")},
        {"JSON", json, json},
        {"JSON", RT("{no"), RT("{no")},
        {"UUID", rt_value_uuid(uuid), rt_value_uuid(uuid)},
        {"TEXT", rt_value_uuid(uuid), RT("c0ffee00000000000000000000000000")},
        {"NUMERIC(10,2)", RT("12.50"), RT("12.5")},
        {"DECIMAL", RT(12), RT("12")},
        {"TEXT", RT(rt_str_of("\xff", 1)), rt_value_bytes("\xff", 1)},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        char sql[64];
        rt__query query;
        rt_value got;

        rt_test_case("%s, row %zu", rows[i].type, i);
        snprintf(sql, sizeof sql,
                 "DROP TABLE IF EXISTS t;CREATE TABLE t (x %s)", rows[i].type);
        REQUIRE(script(conn, sql) == RT_OK);
        REQUIRE(run(conn, NULL, &query, "INSERT INTO t VALUES (?)", &rows[i].in,
                    1) == RT_OK);
        REQUIRE(run(conn, &got, &query, "SELECT * FROM t", NULL, 0) == RT_OK);
        got = rt_list_get(rt_list_get(got, 0), 0);
        CHECK_EQ(rt_kind_name(rt_value_kind(got)),
                 rt_kind_name(rt_value_kind(rows[i].out)));
        CHECK(rt_value_equal(got, rows[i].out));
    }
    close_conn(conn);
}

RT_TEST(columns_have_names_and_hashes_also_after_the_table_has_changed)
{
    use_memory();
    rt__conn *conn = open_conn();
    rt__query query = {.stmt = stmt_of("SELECT * FROM t"), .conn = conn};
    uint64_t hash;

    REQUIRE(script(conn, "CREATE TABLE t (a, b)") == RT_OK);
    for (size_t n = 2; n < 4; n++) {
        REQUIRE(rt__sqlite_driver.start(conn, &query, &arena, &err) == RT_OK);
        CHECK_EQ(query.n_columns, n);
        rt__column last = query.columns[n - 1];
        CHECK_EQ(last.name, n == 2 ? RT_STR("b") : RT_STR("c"));
        CHECK(rt_value_hash(RT(last.name), &hash) == RT_OK &&
              hash == last.hash);
        rt__sqlite_driver.finish(conn, &query);
        if (n == 2)
            REQUIRE(script(conn, "ALTER TABLE t ADD c") == RT_OK);
    }
    close_conn(conn);
}

RT_TEST(a_statement_tells_what_it_has_changed)
{
    static const struct {
        const char *sql;
        int64_t changed, insert_id;
    } rows[] = {
        {"INSERT INTO t VALUES (7, 'a')", 1, 7},
        {"INSERT INTO t (name) VALUES ('b'), ('c')", 2, 9},
        {"SELECT * FROM t", 0, 0},
        {"UPDATE t SET name = 'd' WHERE id > 7", 2, 9},
        {"UPDATE t SET name = 'd' WHERE id > 99", 0, 0},
        {"CREATE TABLE u (x)", 0, 0},
        {"INSERT INTO t (name) VALUES ('e') RETURNING id", 1, 10},
        {"INSERT OR IGNORE INTO t VALUES (7, 'a')", 0, 0},
        {"-- nothing", 0, 0},
        {"DELETE FROM t", 4, 10},
    };

    use_memory();
    rt__conn *conn = open_conn();

    REQUIRE(script(conn, "CREATE TABLE t (id INTEGER PRIMARY KEY, name)") ==
            RT_OK);
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt__query query;
        RT_CASE(rows[i].sql);
        CHECK(run(conn, NULL, &query, rows[i].sql, NULL, 0) == RT_OK);
        CHECK_EQ(query.changed, rows[i].changed);
        CHECK_EQ(query.insert_id, rows[i].insert_id);
    }
    close_conn(conn);
}

// ---- failures ------------------------------------------------------------------------

RT_TEST(failures_have_kinds_and_names)
{
    static const struct {
        const char *sql;
        rt_db_kind kind;
        const char *table, *column, *constraint;
    } rows[] = {
        {"INSERT INTO t VALUES (1, 'a', 1, NULL)", RT_DB_UNIQUE, "t", "id", ""},
        {"INSERT INTO t VALUES (2, 'a', 1, NULL)", RT_DB_UNIQUE, "t", "name, n",
         ""},
        {"INSERT INTO t VALUES (2, 'A', 2, NULL)", RT_DB_UNIQUE, "", "",
         "lower_name"},
        {"INSERT INTO t VALUES (2, NULL, 1, NULL)", RT_DB_NOT_NULL, "t", "name",
         ""},
        {"INSERT INTO t VALUES (2, 'b', -1, NULL)", RT_DB_CHECK, "", "",
         "positive"},
        {"INSERT INTO t VALUES (2, 'b', 1, 99)", RT_DB_FOREIGN_KEY, "", "", ""},
        {"INSERT INTO t VALUES ('x', 'b', 1, NULL)", RT_DB_DATA, "", "", ""},
        {"SELEC 1", RT_DB_SYNTAX, "", "", ""},
        {"SELECT * FROM missing", RT_DB_SYNTAX, "", "", ""},
        {"SELECT ?", RT_DB_USAGE, "", "", ""},
        {"SELECT json('{')", RT_DB_OTHER, "", "", ""},
    };

    use_memory();
    rt__conn *conn = open_conn();

    REQUIRE(
        script(conn,
               "CREATE TABLE t (id INTEGER PRIMARY KEY, name NOT NULL,"
               " n, up REFERENCES t, UNIQUE (name, n),"
               " CONSTRAINT positive CHECK (n >= 0));"
               "CREATE UNIQUE INDEX lower_name ON t (lower(name)) WHERE n = 2;"
               "INSERT INTO t VALUES (1, 'a', 1, NULL), (9, 'a', 2, 1)") ==
        RT_OK);
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].sql);
        err = (rt_db_error){0};
        CHECK(exec(conn, rows[i].sql) != RT_OK);
        CHECK_EQ(rt_db_kind_name(err.kind), rt_db_kind_name(rows[i].kind));
        CHECK_EQ(err.table, rows[i].table);
        CHECK_EQ(err.column, rows[i].column);
        CHECK_EQ(err.constraint, rows[i].constraint);
    }
    CHECK_EQ(number(conn, "SELECT count(*) FROM t"), 2);
    close_conn(conn);
}

RT_TEST(what_cannot_be_opened_is_a_failure_to_connect)
{
    rt__conn *conn = calloc(1, rt__sqlite_driver.conn_bytes);
    url = (rt__db_url){.database = "/nonexistent/a.db"};
    conn->url = &url;
    conn->options = &options;
    rt_arena_init(&arena, 4096);
    CHECK(rt__sqlite_driver.open(conn, &arena, &err) == RT_E_CLOSED);
    CHECK(err.kind == RT_DB_CONNECT);
    close_conn(conn);
}

RT_TEST(a_script_stops_at_its_first_failure)
{
    use_memory();
    rt__conn *conn = open_conn();

    CHECK(script(conn, "CREATE TABLE t (x); ; INSERT INTO t VALUES (1);\n"
                       "SELECT * FROM t; INSERT INTO none VALUES (2);"
                       "INSERT INTO t VALUES (3) -- end") != RT_OK);
    CHECK(!conn->broken);
    CHECK_EQ(number(conn, "SELECT max(x) FROM t"), 1);
    close_conn(conn);
}

RT_TEST(statements_are_kept_and_the_oldest_forgotten)
{
    use_memory();
    rt__conn *conn = open_conn();

    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 9; i++) {
            static char sql[9][24];
            snprintf(sql[i], sizeof sql[i], "SELECT %d", i);
            CHECK_EQ(number(conn, sql[i]), i);
        }
    }
    close_conn(conn);
}

RT_TEST(a_statement_can_run_twice_at_once)
{
    use_memory();
    rt__conn *conn = open_conn();
    rt__query query = {.stmt = stmt_of("VALUES (1), (2)"), .conn = conn};
    rt_value cell;

    REQUIRE(rt__sqlite_driver.start(conn, &query, &arena, &err) == RT_OK);
    CHECK_EQ(number(conn, "VALUES (1), (2)"), 1);
    for (int i = 1; i < 3; i++) {
        CHECK(rt__sqlite_driver.next(conn, &query, &arena, &cell, &err) ==
              RT_OK);
        CHECK_EQ(rt_value_as_int(cell, 0), i);
    }
    rt__sqlite_driver.finish(conn, &query);
    close_conn(conn);
}

RT_TEST(rolling_back_what_is_over_succeeds)
{
    use_memory();
    rt__conn *conn = open_conn();

    CHECK(script(conn, "BEGIN IMMEDIATE") == RT_OK && conn->in_transaction);
    CHECK(script(conn, "ROLLBACK") == RT_OK && !conn->in_transaction);
    CHECK(script(conn, "ROLLBACK") == RT_OK);
    CHECK(script(conn, "COMMIT") != RT_OK);
    close_conn(conn);
}

RT_TEST(
    what_follows_a_transaction_that_a_failure_has_ended_fails_until_rollback)
{
    use_memory();
    rt__conn *conn = open_conn();

    REQUIRE(script(conn, "CREATE TABLE t (x UNIQUE); INSERT INTO t VALUES (1);"
                         "BEGIN IMMEDIATE; INSERT INTO t VALUES (2)") == RT_OK);
    CHECK(exec(conn, "INSERT OR ROLLBACK INTO t VALUES (1)") == RT_E_EXISTS);
    CHECK(!conn->in_transaction);
    CHECK(exec(conn, "INSERT INTO t VALUES (3)") != RT_OK);
    CHECK_EQ(err.message, "abort due to ROLLBACK");
    CHECK(script(conn, "COMMIT") != RT_OK);
    CHECK(script(conn, "ROLLBACK") == RT_OK);
    CHECK(exec(conn, "INSERT INTO t VALUES (3)") == RT_OK);
    CHECK_EQ(number(conn, "SELECT sum(x) FROM t"), 4);
    close_conn(conn);
}

// ---- the line of writers ----------------------------------------------------------------

typedef struct writer {
    rt__conn *conn;
    rt__query query;
    rt_coro *co;
    int n;
    rt_status status;
} writer;

static char order[64];

static void write_one(void *arg)
{
    writer *w = arg;
    rt_value n = RT(w->n);

    w->status =
        run(w->conn, NULL, &w->query, "INSERT INTO t VALUES (?)", &n, 1);
    order[strlen(order)] = (char)('a' + w->n);
}

static void spawn(writer *w, void (*fn)(void *))
{
    w->co = rt_coro_new(fn, w);
    rt_coro_resume(w->co);
}

RT_TEST(writers_wait_for_a_transaction_and_write_in_order)
{
    enum {
        N = 20
    };

    writer writers[N] = {0};

    use_file();
    rt__conn *holder = open_conn();
    REQUIRE(script(holder, "CREATE TABLE t (x)") == RT_OK);
    REQUIRE(script(holder, "BEGIN IMMEDIATE") == RT_OK);
    for (int i = 0; i < N; i++) {
        writers[i] = (writer){.conn = open_conn(), .n = i};
        spawn(&writers[i], write_one);
    }
    rt_sleep(1);
    CHECK_EQ(order, "");
    CHECK_EQ(number(holder, "SELECT count(*) FROM t"), 0);

    // One who is dropped leaves the line, be it the next or another.
    for (int i = 0; i < 6; i += 5) {
        rt_coro_drop(writers[i].co);
        rt__sqlite_driver.finish(writers[i].conn, &writers[i].query);
        writers[i].co = NULL;
    }
    REQUIRE(script(holder, "COMMIT") == RT_OK);
    while (strlen(order) < N - 2)
        rt_sleep(0);
    CHECK_EQ(order, "bcdeghijklmnopqrst");
    CHECK_EQ(number(holder, "SELECT count(*) FROM t"), N - 2);
    for (int i = 0; i < N; i++) {
        CHECK(writers[i].status == RT_OK);
        rt_coro_drop(writers[i].co);
        close_conn(writers[i].conn);
    }
    close_conn(holder);
}

RT_TEST(a_connection_that_is_closed_in_a_transaction_lets_others_write)
{
    use_file();
    rt__conn *one = open_conn(), *other = open_conn();
    writer w = {.conn = other};

    REQUIRE(script(one, "CREATE TABLE t (x); BEGIN IMMEDIATE") == RT_OK);
    spawn(&w, write_one);
    close_conn(one);
    while (!rt_coro_is_done(w.co))
        rt_sleep(0);
    CHECK(w.status == RT_OK);
    rt_coro_drop(w.co);
    close_conn(other);
}

RT_TEST(who_has_waited_too_long_is_told_busy)
{
    use_file();
    rt__conn *one = open_conn(), *other = open_conn();

    options.busy_timeout_ms = 5;
    REQUIRE(script(one, "CREATE TABLE t (x); BEGIN IMMEDIATE") == RT_OK);
    CHECK(exec(other, "INSERT INTO t VALUES (1)") == RT_E_BUSY);
    CHECK(err.kind == RT_DB_BUSY);
    CHECK_EQ(number(other, "SELECT count(*) FROM t"), 0);
    REQUIRE(script(one, "COMMIT") == RT_OK);
    CHECK(exec(other, "INSERT INTO t VALUES (1)") == RT_OK);
    close_conn(one);
    close_conn(other);
}

RT_TEST(a_writer_of_another_process_is_waited_for)
{
    int told[2], go[2];
    char c = 0;

    use_file();
    rt__conn *conn = open_conn();
    REQUIRE(script(conn, "CREATE TABLE t (x)") == RT_OK);
    close_conn(conn);
    REQUIRE(pipe(told) == 0 && pipe(go) == 0);
    pid_t child = fork();
    if (child == 0) {
        conn = open_conn();
        REQUIRE(!script(conn, "BEGIN IMMEDIATE; INSERT INTO t VALUES (1)"));
        c = (char)write(told[1], "", 1);
        c = (char)read(go[0], &c, 1);
        _exit(script(conn, "COMMIT") != RT_OK);
    }
    REQUIRE(read(told[0], &c, 1) == 1);

    conn = open_conn();
    writer w = {.conn = conn, .n = 2};
    spawn(&w, write_one);
    CHECK(!rt_coro_is_done(w.co));
    REQUIRE(write(go[1], "", 1) == 1);
    while (!rt_coro_is_done(w.co))
        rt_sleep(1);
    CHECK(w.status == RT_OK);
    CHECK_EQ(number(conn, "SELECT sum(x) FROM t"), 3);
    waitpid(child, NULL, 0);
    rt_coro_drop(w.co);
    close_conn(conn);
}

RT_TEST(an_old_snapshot_cannot_write_and_the_transaction_is_to_be_tried_again)
{
    use_file();
    rt__conn *one = open_conn(), *other = open_conn();

    REQUIRE(script(one, "CREATE TABLE t (x); BEGIN DEFERRED;"
                        "SELECT * FROM t") == RT_OK);
    REQUIRE(exec(other, "INSERT INTO t VALUES (1)") == RT_OK);
    CHECK(exec(one, "INSERT INTO t VALUES (2)") == RT_E_BUSY);
    CHECK(err.kind == RT_DB_SERIALIZATION);
    CHECK(script(one, "ROLLBACK") == RT_OK);
    CHECK(exec(one, "INSERT INTO t VALUES (2)") == RT_OK);
    close_conn(one);
    close_conn(other);
}

// SQLite's lock of who has the file open is one byte of those from 0x40000002 on.
RT_TEST(a_child_has_locks_of_its_own)
{
    int told[2], go[2];
    char c = 0;

    use_file();
    rt__conn *conn = open_conn();
    REQUIRE(script(conn, "CREATE TABLE t (x)") == RT_OK);
    REQUIRE(pipe(told) == 0 && pipe(go) == 0);
    pid_t child = fork();
    if (child == 0) {
        rt__conn *own = open_conn();
        c = (char)number(own, "SELECT count(*) FROM t");
        c = (char)write(told[1], "", 1);
        c = (char)read(go[0], &c, 1);
        _exit(0);
    }
    REQUIRE(read(told[0], &c, 1) == 1);
    CHECK(conn->broken);

    struct flock lock = {.l_type = F_WRLCK,
                         .l_start = 0x40000002,
                         .l_len = 510};
    int fd = open(path, O_RDWR);
    REQUIRE(fcntl(fd, F_GETLK, &lock) == 0);
    CHECK_EQ(lock.l_type, F_RDLCK);
    CHECK_EQ(lock.l_pid, child);
    close(fd);
    REQUIRE(write(go[1], "", 1) == 1);
    waitpid(child, NULL, 0);
    close_conn(conn);
}

// ---- slices ---------------------------------------------------------------------------------

static void match_long(void *arg)
{
    static char text[40001], pattern[40001];
    writer *w = arg;

    memset(text, 'a', sizeof text - 1);
    for (size_t i = 0; i < sizeof pattern - 1; i++)
        pattern[i] = i % 2 ? 'a' : '%';
    rt_value values[] = {RT(text), RT(pattern)};
    w->status = run(w->conn, NULL, &w->query, "SELECT ? LIKE ?", values, 2);
}

RT_TEST(a_pattern_that_needs_a_deep_stack_is_refused)
{
    use_memory();
    writer w = {.conn = open_conn()};

    spawn(&w, match_long);
    REQUIRE(rt_coro_is_done(w.co));
    CHECK(w.status != RT_OK);
    CHECK_EQ(err.message, "LIKE or GLOB pattern too complex");
    rt_coro_drop(w.co);
    close_conn(w.conn);
}

#define COUNT_UP(n)                                              \
    "WITH RECURSIVE c(x) AS (VALUES (1) UNION ALL SELECT x + 1 " \
    "FROM c LIMIT " #n ") SELECT count(*) FROM c"

static void count_up(void *arg)
{
    writer *w = arg;
    rt_value rows;

    w->status = run(w->conn, &rows, &w->query, COUNT_UP(1000000), NULL, 0);
    w->n = (int)rt_value_as_int(rt_list_get(rt_list_get(rows, 0), 0), 0);
}

RT_TEST(a_long_statement_lets_others_run)
{
    use_memory();
    writer w = {.conn = open_conn()};
    int turns = 0;

    for (spawn(&w, count_up); !rt_coro_is_done(w.co); turns++)
        rt_sleep(0);
    CHECK(turns > 1);
    CHECK(w.status == RT_OK);
    CHECK_EQ(w.n, 1000000);
    rt_coro_drop(w.co);
    close_conn(w.conn);
}

static void count_long(void *arg)
{
    writer *w = arg;
    w->status = run(w->conn, NULL, &w->query,
                    "INSERT INTO t " COUNT_UP(100000000), NULL, 0);
}

RT_TEST(
    a_long_statement_that_is_dropped_is_stopped_and_the_connection_stays_good)
{
    use_file();
    writer w = {.conn = open_conn()};

    REQUIRE(script(w.conn, "CREATE TABLE t (x)") == RT_OK);
    for (int i = 0; i < 2; i++) {
        spawn(&w, count_long);
        rt_sleep(0);
        REQUIRE(!rt_coro_is_done(w.co));
        rt_coro_drop(w.co);
        rt__sqlite_driver.finish(w.conn, &w.query);
        CHECK_EQ(number(w.conn, "SELECT count(*) FROM t"), 0);
        CHECK(exec(w.conn, "DELETE FROM t") == RT_OK);
    }
    close_conn(w.conn);
}

RT_TEST(a_long_statement_that_is_cancelled_ends)
{
    use_file();
    writer w = {.conn = open_conn()};

    REQUIRE(script(w.conn, "CREATE TABLE t (x)") == RT_OK);
    spawn(&w, count_long);
    rt_coro_cancel(w.co);
    while (!rt_coro_is_done(w.co))
        rt_sleep(0);
    CHECK(w.status == RT_E_CANCELLED);
    CHECK_EQ(number(w.conn, "SELECT count(*) FROM t"), 0);
    rt_coro_drop(w.co);
    close_conn(w.conn);
}

static void script_long(void *arg)
{
    writer *w = arg;
    w->status =
        script(w->conn, "BEGIN IMMEDIATE; INSERT INTO t " COUNT_UP(100000000));
}

RT_TEST(a_script_that_is_dropped_leaves_a_connection_to_be_closed)
{
    use_file();
    writer w = {.conn = open_conn()};
    rt__conn *other = open_conn();

    REQUIRE(script(w.conn, "CREATE TABLE t (x)") == RT_OK);
    spawn(&w, script_long);
    rt_coro_drop(w.co);
    CHECK(w.conn->broken);
    close_conn(w.conn);
    CHECK(exec(other, "INSERT INTO t VALUES (1)") == RT_OK);
    close_conn(other);
}

// ---- the log ------------------------------------------------------------------------------------

RT_TEST(the_log_is_moved_into_the_database_on_another_thread)
{
    use_file();
    rt__conn *conn = open_conn();
    struct stat file;

    REQUIRE(script(conn, "CREATE TABLE t (x)") == RT_OK);
    REQUIRE(exec(conn, "INSERT INTO t VALUES (zeroblob(5000000))") == RT_OK);
    CHECK(stat(path, &file) == 0 && file.st_size < 100000);
    while (stat(path, &file) == 0 && file.st_size < 5000000)
        rt_sleep(1);
    CHECK_EQ(number(conn, "SELECT length(x) FROM t"), 5000000);
    close_conn(conn);
}

RT_TEST(the_log_does_not_grow_while_there_is_no_end_of_writing)
{
    char log[64];
    struct stat file;

    use_file();
    rt__conn *conn = open_conn();
    REQUIRE(script(conn, "CREATE TABLE t (x)") == RT_OK);
    for (int i = 0; i < 40; i++)
        REQUIRE(exec(conn, "INSERT INTO t VALUES (zeroblob(2000000))") ==
                RT_OK);
    snprintf(log, sizeof log, "%s-wal", path);
    CHECK(stat(log, &file) == 0 && file.st_size < 60000000);
    close_conn(conn);
}
