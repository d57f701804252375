// Statements: SQL with `?` for its values.
//
//     rt_value posts = rt_db_all(req, "SELECT id, title FROM post"
//                                     " WHERE author = ? LIMIT ?", me, 20);
//     rt_value post = rt_db_one_or_404(req, "SELECT * FROM post WHERE id = ?", id);
//     int64_t n = rt_db_scalar_int(req, "SELECT count(*) FROM post");
//     rt_db_exec(req, "DELETE FROM post WHERE id = ?", id);
//
// Values are bound, never put into the text, and the text is a literal: what a
// user sends cannot become SQL. `?` works on every engine; `??` is a question
// mark that stands for itself (PostgreSQL's operators). Text that is put together
// is made with rt_sql.
//
// Rows are dicts in the order of their columns, for templates and JSON as they
// are. NULL is none; booleans, integers, floats and text are themselves; blobs are
// bytes; timestamps are dates, in UTC; DATE and TIME are text as ISO 8601 writes
// it; NUMERIC is text, exactly; UUIDs are uuids; JSON is what it says; PostgreSQL's
// arrays are lists. SQLite goes by the declared type of the column.
//
// In parameters also lists and dicts: JSON, or an array where PostgreSQL wants
// one.
//
// Each of these ends the request when the database refuses; rt_db_try returns the
// failure instead.
#pragma once

#include <retort/base/pairs.h>
#include <retort/db/database.h>

RT_C_BEGIN

#define RT__DB_SQL(fn, ...)                                   \
    fn(RT__DB(RT_ARG1(__VA_ARGS__)), "" RT_ARG2(__VA_ARGS__), \
       RT_VALUES_FROM3(__VA_ARGS__))

// All rows, a list of dicts.
#define rt_db_all(...) RT__DB_SQL(rt_db_all_values, __VA_ARGS__)
rt_value rt_db_all_values(rt_db *db, const char *sql, const rt_value *values,
                          size_t n);

// The first row, a dict; none where there is no row.
#define rt_db_one(...) RT__DB_SQL(rt_db_one_values, __VA_ARGS__)
rt_value rt_db_one_values(rt_db *db, const char *sql, const rt_value *values,
                          size_t n);

// The same, or 404.
#define rt_db_one_or_404(...) RT__DB_SQL(rt_db_one_or_404_values, __VA_ARGS__)
rt_value rt_db_one_or_404_values(rt_db *db, const char *sql,
                                 const rt_value *values, size_t n);

// The first column of the first row; none where there is no row. Of all rows: a
// list.
#define rt_db_scalar(...)  RT__DB_SQL(rt_db_scalar_values, __VA_ARGS__)
#define rt_db_scalars(...) RT__DB_SQL(rt_db_scalars_values, __VA_ARGS__)
rt_value rt_db_scalar_values(rt_db *db, const char *sql, const rt_value *values,
                             size_t n);
rt_value rt_db_scalars_values(rt_db *db, const char *sql,
                              const rt_value *values, size_t n);

// The same as a number; 0 where it is none.
#define rt_db_scalar_int(...) RT__DB_SQL(rt_db_scalar_int_values, __VA_ARGS__)
int64_t rt_db_scalar_int_values(rt_db *db, const char *sql,
                                const rt_value *values, size_t n);

// Run a statement; the number of rows it has changed.
#define rt_db_exec(...) RT__DB_SQL(rt_db_exec_values, __VA_ARGS__)
int64_t rt_db_exec_values(rt_db *db, const char *sql, const rt_value *values,
                          size_t n);

// Run an INSERT; the key that was made for the row. On PostgreSQL the statement
// is given " RETURNING id" where it has no RETURNING.
#define rt_db_insert_id(...) RT__DB_SQL(rt_db_insert_id_values, __VA_ARGS__)
int64_t rt_db_insert_id_values(rt_db *db, const char *sql,
                               const rt_value *values, size_t n);

// Run several statements, separated by semicolons, without values: a schema.
#define rt_db_script(db, sql) rt_db_script_text(RT__DB(db), (sql))
void rt_db_script_text(rt_db *db, const char *sql);
rt_status rt_db_try_script(rt_db *db, const char *sql, rt_db_error *err);

// ---- failures as values -----------------------------------------------------

// What a statement did.
typedef struct rt_db_result {
    rt_value rows;     // list of dicts; empty for what gives none
    int64_t changed;   // rows, of INSERT, UPDATE, DELETE
    int64_t insert_id; // SQLite, MariaDB: the last key made; 0 on PostgreSQL
} rt_db_result;

// Run a statement and say how it went:
//
//     rt_db_error err;
//     if (rt_db_try(req, NULL, &err, "INSERT INTO user (name) VALUES (?)", name))
//         if (err.kind == RT_DB_UNIQUE)
//             return rt_render(req, "register.html", "taken", true);
//
// `out` and `err` may be NULL.
//
//   errors   RT_E_EXISTS (unique), RT_E_BUSY (busy, serialization, exhausted),
//            RT_E_CLOSED (lost, connect), RT_E_TIMEOUT, RT_E_SYNTAX,
//            RT_E_CANCELLED, RT_E_SYSTEM for the rest; `err` says it exactly
#define rt_db_try(db, out, err, ...)                      \
    rt_db_try_values(RT__DB(db), "" RT_ARG1(__VA_ARGS__), \
                     RT_VALUES_FROM2(__VA_ARGS__), (out), (err))
rt_status rt_db_try_values(rt_db *db, const char *sql, const rt_value *values,
                           size_t n, rt_db_result *out, rt_db_error *err);

// End the request with a failure that was returned; what the functions without
// `try` do. The status is 503 when all connections are in use, else 500.
RT_NORETURN void rt_db_fail(rt_db *db, const rt_db_error *err);

// ---- cursors ------------------------------------------------------------------

// Rows one by one, in constant memory however many there are:
//
//     rt_db_cursor *rows = rt_db_each(req, "SELECT * FROM event");
//     for (rt_value row; rt_db_next(rows, &row);)
//         rt_write_format(out, "{}\n", rt_dict_get(row, RT("id")));
//
// A cursor holds a connection until its last row was read, rt_db_cursor_close or
// the end of the request.
//
//   memory   a row is valid until the next one is asked for
typedef struct rt_db_cursor rt_db_cursor;

#define rt_db_each(...) RT__DB_SQL(rt_db_each_values, __VA_ARGS__)
rt_db_cursor *rt_db_each_values(rt_db *db, const char *sql,
                                const rt_value *values, size_t n);
bool rt_db_next(rt_db_cursor *cursor, rt_value *row);
void rt_db_cursor_close(rt_db_cursor *cursor);

// The same without dicts: the values of the columns in order.
bool rt_db_next_cells(rt_db_cursor *cursor, const rt_value **cells);
size_t rt_db_cursor_columns(rt_db_cursor *cursor, const char *const **names);

// ---- several at once ----------------------------------------------------------

// Run one statement for each of `n_sets` sets of values (`n` values each), at once
// where the engine can: on PostgreSQL they travel together. Each is a statement of
// its own. `out`, where given, has room for `n_sets` results.
//
//   errors   end the request: the first that failed; all have ended by then
void rt_db_many(rt_db *db, const char *sql, const rt_value *values, size_t n,
                size_t n_sets, rt_db_result *out);
rt_status rt_db_try_many(rt_db *db, const char *sql, const rt_value *values,
                         size_t n, size_t n_sets, rt_db_result *out,
                         rt_db_error *err);

RT_C_END
