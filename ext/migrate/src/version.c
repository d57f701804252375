// Each revision is one transaction, which also holds the lock and the version, so
// that of several who start at once each finds what the others have done: on
// PostgreSQL an advisory lock, on SQLite BEGIN IMMEDIATE, on MariaDB GET_LOCK. On
// MariaDB a statement that changes a table commits by itself; a revision that fails
// there leaves what came before the failure, and the message says so.
#include "version.h"

#include <stdio.h>

#include <retort/app/request.h>

// Any number will do that is always the same.
#define LOCK_KEY INT64_C(0x7265746f7274)

static bool has_table(rt_db *db, const char *name)
{
    if (rt_db_engine_of(db) == RT_DB_SQLITE) {
        return rt_db_scalar_int(db,
                                "SELECT count(*) FROM sqlite_master"
                                " WHERE type = 'table' AND name = ?",
                                name);
    }
    if (rt_db_engine_of(db) == RT_DB_POSTGRESQL) {
        return rt_db_scalar_int(db,
                                "SELECT count(*) FROM information_schema.tables"
                                " WHERE table_schema = current_schema()"
                                " AND table_name = ?",
                                name);
    }
    return rt_db_scalar_int(db,
                            "SELECT count(*) FROM information_schema.tables"
                            " WHERE table_schema = database()"
                            " AND table_name = ?",
                            name);
}

static size_t read_ids(rt_arena *arena, rt_value rows, rt_str **out)
{
    size_t n = 0;
    rt_str *ids = rt_new(arena, rt_str, rt_list_len(rows) + 1);
    rt_list_each(id, rows)
        ids[n++] = rt_value_as_str(*id);
    *out = ids;
    return n;
}

size_t rt__version_read(rt_db *db, rt_str **out)
{
    rt_arena *arena = rt_db_arena(db);
    if (has_table(db, RT__VERSION_TABLE)) {
        return read_ids(
            arena,
            rt_db_scalars(db, "SELECT version_num FROM " RT__VERSION_TABLE
                              " ORDER BY version_num"),
            out);
    }
    if (has_table(db, "alembic_version")) {
        return read_ids(arena,
                        rt_db_scalars(db,
                                      "SELECT version_num FROM alembic_version"
                                      " ORDER BY version_num"),
                        out);
    }
    *out = NULL;
    return 0;
}

#define CREATE_TABLE                                \
    "CREATE TABLE IF NOT EXISTS " RT__VERSION_TABLE \
    " (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"

void rt__version_write(rt_db *db, const rt_str *at, size_t n)
{
    if (!has_table(db, RT__VERSION_TABLE))
        rt_db_exec(db, CREATE_TABLE);
    // A statement that changed a table has ended the transaction, and the rows
    // are to change together.
    if (rt_db_engine_of(db) == RT_DB_MARIADB &&
        !rt_db_scalar_int(db, "SELECT @@in_transaction"))
        rt_db_script(db, "START TRANSACTION");
    rt_db_exec(db, "DELETE FROM " RT__VERSION_TABLE);
    for (size_t i = 0; i < n; i++) {
        rt_db_exec(db,
                   "INSERT INTO " RT__VERSION_TABLE " (version_num) VALUES (?)",
                   at[i]);
    }
}

static bool is_in(const rt_str *ids, size_t n, rt_str id)
{
    for (size_t i = 0; i < n; i++) {
        if (rt_str_eq(ids[i], id))
            return true;
    }
    return false;
}

// Whether one of the ids is, or stands on, `id`.
static bool is_had(const rt__history *history, const rt_str *ids, size_t n,
                   rt_str id)
{
    for (size_t i = 0; i < n; i++) {
        if (rt__history_stands_on(history, ids[i], id))
            return true;
    }
    return false;
}

size_t rt__version_after(rt_arena *arena, const rt__history *history,
                         const rt_str *at, size_t n, const rt__revision *step,
                         bool up, rt_str **out)
{
    rt_str *ids = rt_new(arena, rt_str, n + RT__DOWN_MAX + 1);
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        bool goes = up ? is_in(step->down, step->n_down, at[i])
                       : rt_str_eq(at[i], step->id);
        if (!goes)
            ids[count++] = at[i];
    }
    if (up)
        ids[count++] = step->id;
    for (size_t i = 0; !up && i < step->n_down; i++) {
        if (!is_had(history, ids, count, step->down[i]))
            ids[count++] = step->down[i];
    }
    *out = ids;
    return count;
}

// ---- running --------------------------------------------------------------------

static void lock(rt_db *db)
{
    if (rt_db_engine_of(db) == RT_DB_POSTGRESQL) {
        rt_db_exec(db, "SELECT pg_advisory_xact_lock(?)", LOCK_KEY);
    } else if (rt_db_engine_of(db) == RT_DB_MARIADB &&
               rt_db_scalar_int(
                   db, "SELECT GET_LOCK('retort_migrate', 3600)") != 1) {
        rt_abort(rt_db_request(db), 500, "another migration is running");
    }
}

static void unlock(rt_db *db)
{
    if (rt_db_engine_of(db) == RT_DB_MARIADB)
        rt_db_scalar_int(db, "SELECT RELEASE_LOCK('retort_migrate')");
}

// Where the failing statement is, and what is left of those before it.
RT_NORETURN static void fail_at(rt_db *db, const rt__revision *revision,
                                size_t line, const rt_db_error *err)
{
    bool half = rt_db_engine_of(db) == RT_DB_MARIADB;
    unlock(db);
    rt_db_rollback(db);
    rt_abort(rt_db_request(db), 500, "{}:{}: {}{}", revision->path,
             (int64_t)line, err->message,
             half ? "; MariaDB keeps what the statements before it did, the "
                    "version is as it was"
                  : "; database and version are as they were");
}

static void run_statements(rt_db *db, const rt__revision *revision,
                           rt__section section)
{
    rt_str rest = section.sql, statement;
    size_t line = section.line;
    while (rt__sql_next_statement(&rest, &statement, &line)) {
        rt_db_error err = {0};
        const char *sql = rt_str_copy(rt_db_arena(db), statement).data;
        if (rt_db_try_script(db, sql, &err))
            fail_at(db, revision, line, &err);
        for (size_t i = 0; i < statement.len; i++)
            line += statement.data[i] == '\n';
    }
}

// SQLite: rows that refer to nothing. A database may have some from before.
static int64_t count_broken(rt_db *db)
{
    if (rt_db_engine_of(db) != RT_DB_SQLITE)
        return 0;
    return rt_db_scalar_int(db,
                            "SELECT count(*) FROM pragma_foreign_key_check");
}

static void check_references(rt_db *db, const rt__revision *revision,
                             int64_t before)
{
    int64_t broken = count_broken(db) - before;
    if (broken <= 0)
        return;
    rt_db_rollback(db);
    rt_abort(rt_db_request(db), 500,
             "{}: it leaves rows that refer to nothing: {}; database and "
             "version are as they were",
             revision->path, broken);
}

bool rt__revision_run(rt_db *db, const rt__history *history,
                      const rt__revision *revision, bool up)
{
    rt_str *at, *then;
    rt__section section =
        rt__revision_section(revision, up ? "upgrade" : "downgrade",
                             rt_db_engine_of(db));
    rt_db_begin(db, .foreign_keys_off = true);
    lock(db);
    size_t n = rt__version_read(db, &at);
    if (is_had(history, at, n, revision->id) == up) { // another was faster
        unlock(db);
        rt_db_rollback(db);
        return false;
    }
    int64_t broken = count_broken(db);
    run_statements(db, revision, section);
    check_references(db, revision, broken);
    n = rt__version_after(rt_db_arena(db), history, at, n, revision, up, &then);
    rt__version_write(db, then, n);
    // Who gets the lock next must see it, and rt_db_commit gives the connection
    // back, which has the lock.
    if (rt_db_engine_of(db) == RT_DB_MARIADB)
        rt_db_script(db, "COMMIT");
    unlock(db);
    rt_db_commit(db);
    return true;
}

// ---- printing -------------------------------------------------------------------

static void put_line(rt_buf *out, const char *before, rt_str id,
                     const char *after)
{
    rt_buf_put_cstr(out, before);
    rt_buf_put(out, id);
    rt_buf_put_cstr(out, after);
}

static void print_version(rt_buf *out, const rt_str *from, size_t n_from,
                          const rt_str *to, size_t n_to)
{
    for (size_t i = 0; i < n_from; i++) {
        if (!is_in(to, n_to, from[i])) {
            put_line(out,
                     "DELETE FROM " RT__VERSION_TABLE " WHERE version_num = '",
                     from[i], "';\n");
        }
    }
    for (size_t i = 0; i < n_to; i++) {
        if (!is_in(from, n_from, to[i])) {
            put_line(out,
                     "INSERT INTO " RT__VERSION_TABLE
                     " (version_num) VALUES ('",
                     to[i], "');\n");
        }
    }
}

void rt__revision_print(rt_db_engine engine, const rt__history *history,
                        const rt__revision *revision, bool up, rt_str **at,
                        size_t *n, rt_buf *out)
{
    bool transacts = engine != RT_DB_MARIADB;
    rt__section section =
        rt__revision_section(revision, up ? "upgrade" : "downgrade", engine);
    rt_str *then;
    size_t n_then = rt__version_after(history->arena, history, *at, *n,
                                      revision, up, &then);
    put_line(out, up ? "-- upgrade: " : "-- downgrade: ", revision->id, ", ");
    put_line(out, "", revision->message, "\n");
    rt_buf_put_cstr(out, transacts ? "BEGIN;\n\n" : "\n");
    rt_buf_put_cstr(out, *n ? "" : CREATE_TABLE ";\n\n");
    put_line(out, "", rt_str_trim(section.sql), "\n\n");
    print_version(out, *at, *n, then, n_then);
    rt_buf_put_cstr(out, transacts ? "\nCOMMIT;\n\n" : "\n");
    *at = then;
    *n = n_then;
}
