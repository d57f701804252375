// Statements on SQLite, in requests and without.
#include <stdlib.h>

#include <retort.h>
#include <retort/db.h>
#include <retort/test.h>

static rt_arena arena;

static rt_db *open_memory(void)
{
    rt_db *db;
    REQUIRE(rt_db_open(&arena, "sqlite://", NULL, &db, NULL) == RT_OK);
    rt_db_script(db,
                 "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE);"
                 "INSERT INTO t (name) VALUES ('a'), ('b'), ('c')");
    return db;
}

static void close_memory(rt_db *db)
{
    rt_db_close(db);
    rt_arena_deinit(&arena);
}

static const char *repr(rt_value v)
{
    return rt_value_repr(&arena, v).data;
}

RT_TEST(rows_are_dicts_scalars_and_lists)
{
    rt_db *db = open_memory();
    CHECK_EQ(repr(rt_db_all(db, "SELECT * FROM t WHERE id < ?", 3)),
             "[{'id': 1, 'name': 'a'}, {'id': 2, 'name': 'b'}]");
    CHECK_EQ(repr(rt_db_one(db, "SELECT name FROM t ORDER BY id")),
             "{'name': 'a'}");
    CHECK_EQ(repr(rt_db_one(db, "SELECT name FROM t WHERE id = 9")), "None");
    CHECK_EQ(repr(rt_db_scalars(db, "SELECT name FROM t ORDER BY id DESC")),
             "['c', 'b', 'a']");
    CHECK_EQ(repr(rt_db_scalar(db, "SELECT name FROM t WHERE id = ?", 2)),
             "'b'");
    CHECK_EQ(rt_db_scalar_int(db, "SELECT count(*) FROM t"), 3);
    CHECK_EQ(repr(rt_db_all(db, "SELECT 1 WHERE false")), "[]");
    close_memory(db);
}

RT_TEST(changes_are_counted_and_keys_returned)
{
    rt_db *db = open_memory();
    CHECK_EQ(rt_db_insert_id(db, "INSERT INTO t (name) VALUES (?)", "d"), 4);
    CHECK_EQ(rt_db_exec(db, "UPDATE t SET name = name || '!'"), 4);
    CHECK_EQ(rt_db_exec(db, "DELETE FROM t WHERE id > ?", 2), 2);
    rt_db_result result;
    CHECK_EQ((int)rt_db_try(db, &result, NULL,
                            "INSERT INTO t (name) VALUES (?), (?)"
                            " RETURNING id",
                            "x", "y"),
             RT_OK);
    CHECK_EQ(rt_list_len(result.rows), 2);
    CHECK_EQ(result.changed, 2);
    close_memory(db);
}

RT_TEST(a_failure_is_returned_with_its_kind)
{
    rt_db *db = open_memory();
    rt_db_error err;
    CHECK_EQ((int)rt_db_try(db, NULL, &err, "INSERT INTO t (name) VALUES (?)",
                            "a"),
             RT_E_EXISTS);
    CHECK_EQ((int)err.kind, RT_DB_UNIQUE);
    CHECK_EQ(err.sql, "INSERT INTO t (name) VALUES (?)");
    CHECK_EQ((int)rt_db_try(db, NULL, &err, "SELEC"), RT_E_SYNTAX);
    CHECK_EQ((int)rt_db_try_script(db, "SELECT 1; nonsense", &err),
             RT_E_SYNTAX);
    close_memory(db);
}

RT_TEST(a_cursor_reads_row_by_row_and_others_run_meanwhile)
{
    rt_db *db = open_memory();
    rt_db_cursor *rows = rt_db_each(db, "SELECT id, name FROM t ORDER BY id");
    const char *const *names;
    CHECK_EQ(rt_db_cursor_columns(rows, &names), 2);
    CHECK_EQ(names[1], "name");
    int64_t n = 0;
    for (rt_value row; rt_db_next(rows, &row);)
        n = n * 10 + rt_value_as_int(rt_dict_get(row, RT("id")), 0) +
            rt_db_scalar_int(db, "SELECT 1");
    CHECK_EQ(n, 234);

    rows = rt_db_each(db, "SELECT id FROM t ORDER BY id");
    const rt_value *cells;
    CHECK(rt_db_next_cells(rows, &cells));
    CHECK_EQ(rt_value_as_int(cells[0], 0), 1);
    rt_db_cursor_close(rows);
    CHECK(!rt_db_next_cells(rows, &cells));
    CHECK_EQ(rt_db_stats_of(db).in_use, 0);
    close_memory(db);
}

RT_TEST(many_run_one_statement_for_each_set_of_values)
{
    rt_db *db = open_memory();
    rt_value values[] = {RT("x"), RT(10), RT("a"), RT(11), RT("z"), RT(12)};
    rt_db_error err;
    rt_db_result results[3];
    CHECK_EQ((int)rt_db_try_many(db, "INSERT INTO t (name, id) VALUES (?, ?)",
                                 values, 2, 3, results, &err),
             RT_E_EXISTS);
    CHECK_EQ((int)err.kind, RT_DB_UNIQUE);
    CHECK_EQ(rt_db_scalar_int(db, "SELECT count(*) FROM t WHERE id >= 10"), 2);
    close_memory(db);
}

// ---- in requests ---------------------------------------------------------------

static char logged[4096];

static void keep_record(void *arg, const rt_log_record *record)
{
    (void)arg;
    size_t len = strlen(logged);
    snprintf(logged + len, sizeof logged - len, "%s in %s: %.*s\n",
             rt_log_level_name(record->level), record->logger,
             RT_STR_ARG(record->message));
}

static rt_response *show(rt_request *req)
{
    rt_value row = rt_db_one_or_404(req, "SELECT name FROM t WHERE id = ?",
                                    rt_query_int(req, "id", 0));
    return rt_text(req, "{} {}", rt_dict_get(row, RT("name")),
                   rt_db_statement_count(rt_db_of(req)));
}

static rt_response *add(rt_request *req)
{
    rt_db_exec(req, "INSERT INTO t (name) VALUES (?)", rt_query(req, "name"));
    return rt_text(req, "added");
}

static rt_response *taken(rt_request *req, const rt_http_error *error,
                          void *arg)
{
    (void)arg;
    return rt_set_status(rt_text(req, "{}", error->kind->name), 409);
}

static rt_response *nowhere(rt_request *req)
{
    rt_db_exec(rt_db_named(req, "nowhere"), "SELECT 1");
    return rt_text(req, "?");
}

static rt_app *make_app(void)
{
    rt_log_setup(&(rt_log_options){.sink = keep_record});
    logged[0] = 0;
    rt_app *app = rt_app_new("shop");
    rt_configure(app, "DATABASE_URL", "sqlite://", "OTHER_DATABASE_ECHO", true);
    rt_db_init(app, .url = "mysql://nobody@nowhere/none");
    rt_db_init(app, .name = "other", .url = "sqlite://");
    rt_get(app, "/", show);
    rt_get(app, "/add", add);
    rt_get(app, "/nowhere", nowhere);
    return app;
}

static void make_table(rt_request *req, void *arg)
{
    (void)arg;
    rt_db_script(req, "CREATE TABLE t (id INTEGER PRIMARY KEY,"
                      " name TEXT UNIQUE);"
                      "INSERT INTO t (name) VALUES ('a')");
}

RT_TEST(views_use_the_database_of_their_application)
{
    rt_app *app = make_app();
    rt_error_handler(app, &rt_db_kind_unique, taken);
    rt_client *client = rt_client_new(app);
    CHECK_EQ(rt_client_call(client, "GET", "/", make_table, NULL), 0);

    CHECK_EQ(rt_client_get(client, "/?id=1").body.data, "a 1");
    CHECK_EQ(rt_client_get(client, "/?id=7").status, 404);
    CHECK_EQ(rt_client_get(client, "/add?name=b").body.data, "added");
    CHECK_EQ(rt_client_get(client, "/add?name=b").status, 409);
    CHECK_EQ(logged, "");
    CHECK_EQ(rt_client_get(client, "/nowhere").status, 500);
    CHECK(strstr(logged, "no database \"nowhere\"") != NULL);
    rt_client_free(client);
    rt_app_free(app);
}

RT_TEST(a_failure_nobody_handles_is_500_and_logged)
{
    rt_app *app = make_app();
    rt_client *client = rt_client_new(app);
    CHECK_EQ(rt_client_get(client, "/add?name=b").status, 500);
    CHECK(strstr(logged, "no such table: t; in: INSERT INTO t") != NULL);
    rt_client_free(client);
    rt_app_free(app);
}
