// Transactions on SQLite: blocks, savepoints, what is left open, trying again.
#include <stdlib.h>

#include <retort.h>
#include <retort/db.h>
#include <retort/test.h>

static rt_arena arena;

static rt_db *open_memory(void)
{
    rt_db *db;
    REQUIRE(rt_db_open(&arena, "sqlite://", NULL, &db, NULL) == RT_OK);
    rt_db_script(db, "CREATE TABLE t (n INTEGER UNIQUE)");
    return db;
}

static void close_memory(rt_db *db)
{
    rt_db_close(db);
    rt_arena_deinit(&arena);
}

static int64_t count(rt_db *db)
{
    return rt_db_scalar_int(db, "SELECT count(*) FROM t");
}

static void insert(rt_db *db, int n)
{
    rt_db_exec(db, "INSERT INTO t VALUES (?)", n);
}

static void leave_by_return(rt_db *db)
{
    RT_TX(db)
    {
        insert(db, 3);
        return;
    }
}

RT_TEST(a_block_commits_at_its_end_and_rolls_back_otherwise)
{
    rt_db *db = open_memory();
    RT_TX(db)
    {
        insert(db, 1);
        CHECK_EQ(rt_db_tx_depth(db), 1);
    }
    CHECK_EQ(count(db), 1);
    RT_TX(db)
    {
        insert(db, 2);
        break;
    }
    leave_by_return(db);
    CHECK_EQ(count(db), 1);
    CHECK_EQ(rt_db_tx_depth(db), 0);
    CHECK_EQ(rt_db_stats_of(db).in_use, 0);
    close_memory(db);
}

RT_TEST(one_inside_another_is_a_savepoint)
{
    rt_db *db = open_memory();
    RT_TX(db)
    {
        insert(db, 1);
        RT_TX(db)
        {
            insert(db, 2);
            CHECK_EQ(rt_db_tx_depth(db), 2);
            break;
        }
        RT_TX(db)
        insert(db, 3);
    }
    CHECK_EQ(rt_db_scalar_int(db, "SELECT sum(n) FROM t"), 4);
    close_memory(db);
}

RT_TEST(begin_commit_and_rollback_by_hand)
{
    rt_db *db = open_memory();
    rt_db_begin(db);
    insert(db, 1);
    rt_db_rollback(db);
    rt_db_begin(db, .read_only = true);
    CHECK_EQ(count(db), 0);
    rt_db_commit(db);
    rt_db_begin(db);
    insert(db, 1);
    rt_db_error err;
    CHECK_EQ((int)rt_db_try_commit(db, &err), RT_OK);
    CHECK_EQ(count(db), 1);
    CHECK(rt_db_try_commit(db, &err) != RT_OK);
    CHECK_EQ((int)err.kind, RT_DB_USAGE);
    close_memory(db);
}

RT_TEST(a_failure_inside_leaves_the_rest_of_the_transaction)
{
    rt_db *db = open_memory();
    RT_TX(db)
    {
        insert(db, 1);
        CHECK_EQ((int)rt_db_try(db, NULL, NULL, "INSERT INTO t VALUES (1)"),
                 RT_E_EXISTS);
        insert(db, 2);
    }
    CHECK_EQ(count(db), 2);
    close_memory(db);
}

RT_TEST(a_cursor_ends_with_its_transaction)
{
    rt_db *db = open_memory();
    insert(db, 1);
    insert(db, 2);
    rt_db_begin(db);
    rt_db_cursor *rows = rt_db_each(db, "SELECT n FROM t ORDER BY n");
    rt_value row;
    CHECK(rt_db_next(rows, &row));
    insert(db, 3);
    rt_db_commit(db);
    CHECK(!rt_db_next(rows, &row));
    CHECK_EQ(count(db), 3);
    close_memory(db);
}

RT_TEST(references_can_be_left_alone_until_the_end)
{
    rt_db *db = open_memory();
    rt_db_script(db, "CREATE TABLE a (id INTEGER PRIMARY KEY);"
                     "CREATE TABLE b (a INTEGER REFERENCES a (id))");
    RT_TX(db, .foreign_keys_off = true)
    rt_db_exec(db, "INSERT INTO b VALUES (1)");
    CHECK_EQ(rt_db_scalar_int(db, "SELECT count(*) FROM b"), 1);
    rt_db_error err;
    CHECK(rt_db_try(db, NULL, &err, "INSERT INTO b VALUES (2)") != RT_OK);
    CHECK_EQ((int)err.kind, RT_DB_FOREIGN_KEY);
    close_memory(db);
}

// ---- in requests ---------------------------------------------------------------

static char logged[4096];

static void keep_record(void *arg, const rt_log_record *record)
{
    (void)arg;
    size_t len = strlen(logged);
    snprintf(logged + len, sizeof logged - len, "%.*s\n",
             RT_STR_ARG(record->message));
}

static rt_response *abort_in_block(rt_request *req)
{
    RT_TX(req)
    {
        insert(rt_db_of(req), 1);
        rt_abort(req, 409);
    }
    return rt_text(req, "?");
}

static rt_response *count_after(rt_request *req, const rt_http_error *error,
                                void *arg)
{
    (void)error, (void)arg;
    return rt_set_status(rt_text(req, "{} {}", count(rt_db_of(req)),
                                 rt_db_tx_depth(rt_db_of(req))),
                         409);
}

static rt_response *leave_open(rt_request *req)
{
    rt_db_begin(req);
    insert(rt_db_of(req), 1);
    return rt_text(req, "open");
}

static rt_response *abort_after_begin(rt_request *req)
{
    rt_db_begin(req);
    rt_abort(req, 409);
}

static int calls;

static void fail_twice(rt_db *db, void *arg)
{
    insert(db, 10);
    if (++calls < 3) {
        rt_db_error busy = {.kind = RT_DB_BUSY, .message = "busy"};
        rt_db_fail(db, &busy);
    }
    (void)arg;
}

static rt_response *again(rt_request *req)
{
    rt_db_transaction(rt_db_of(req), fail_twice, NULL, NULL, 0);
    return rt_text(req, "{}", count(rt_db_of(req)));
}

static void fail_always(rt_db *db, void *arg)
{
    (void)arg;
    insert(db, 20);
    insert(db, 20);
}

static rt_response *fail(rt_request *req)
{
    rt_db_transaction(rt_db_of(req), fail_always, NULL, NULL, 0);
    return rt_text(req, "?");
}

static rt_response *show_count(rt_request *req)
{
    return rt_text(req, "{}", count(rt_db_of(req)));
}

static void make_table(rt_request *req, void *arg)
{
    (void)arg;
    rt_db_script(req, "CREATE TABLE t (n INTEGER UNIQUE)");
}

RT_TEST(what_a_request_leaves_open_is_rolled_back)
{
    rt_log_setup(&(rt_log_options){.sink = keep_record});
    rt_app *app = rt_app_new("shop");
    rt_db_init(app, .url = "sqlite://");
    rt_get(app, "/", show_count);
    rt_get(app, "/block", abort_in_block);
    rt_get(app, "/open", leave_open);
    rt_get(app, "/begin", abort_after_begin);
    rt_get(app, "/again", again);
    rt_get(app, "/fail", fail);
    rt_error_handler(app, 409, count_after);
    rt_client *client = rt_client_new(app);
    CHECK_EQ(rt_client_call(client, "GET", "/", make_table, NULL), 0);

    CHECK_EQ(rt_client_get(client, "/block").body.data, "0 0");
    CHECK_EQ(rt_client_get(client, "/begin").status, 409);
    CHECK_EQ(logged, "");
    CHECK_EQ(rt_client_get(client, "/").body.data, "0");
    CHECK_EQ(rt_client_get(client, "/open").body.data, "open");
    CHECK(strstr(logged, "still open at the end of its request") != NULL);
    CHECK_EQ(rt_client_get(client, "/").body.data, "0");

    CHECK_EQ(rt_client_get(client, "/again").body.data, "1");
    CHECK_EQ(calls, 3);
    CHECK_EQ(rt_client_get(client, "/fail").status, 500);
    CHECK_EQ(rt_client_get(client, "/").body.data, "1");
    rt_client_free(client);
    rt_app_free(app);
}

static void fail_once(rt_db *db, void *arg)
{
    int *n = arg;
    insert(db, 1);
    if ((*n)++ == 0) {
        rt_db_error busy = {.kind = RT_DB_SERIALIZATION, .message = "again"};
        rt_db_fail(db, &busy);
    }
}

RT_TEST(without_a_request_it_is_tried_again_too)
{
    rt_db *db = open_memory();
    int n = 0;
    rt_db_transaction(db, fail_once, &n, NULL, 0);
    CHECK_EQ(n, 2);
    CHECK_EQ(count(db), 1);
    close_memory(db);
}
