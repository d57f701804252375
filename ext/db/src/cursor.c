// Cursors: rows one by one. Where one connection has but one query under way,
// those of a transaction are read into memory first.
#include <retort/base/error.h>

#include "pool.h"

struct rt_db_cursor {
    rt_db *db;
    rt__hold *hold; // NULL: at its end
    rt_value *cells;
    const char **names;
    size_t n_columns;

    rt_value *kept; // rows read before, n_columns each; or NULL
    size_t n_kept, at;
};

static rt_status next_row(rt_db_cursor *c, rt_arena *arena, rt_value *cells,
                          rt_db_error *err)
{
    rt__hold *hold = c->hold;
    rt__conn *conn = hold->conn;
    return conn->driver->next(conn, &hold->query, arena, cells, err);
}

// End the request with what went wrong between two rows.
static void fail_cursor(rt_db_cursor *c, rt_db_error *err)
{
    rt__db_note_failure(c->db, c->hold->query.stmt, err);
    rt_db_cursor_close(c);
    rt_db_fail(c->db, err);
}

static void keep_all(rt_db_cursor *c)
{
    rt_db_error err = {0};
    rt_arena *arena = c->db->arena;
    size_t bytes = c->n_columns * sizeof(rt_value), cap = 0;
    for (;;) {
        if (c->n_kept == cap) {
            c->kept = rt_arena_grow(arena, c->kept, cap * bytes,
                                    (cap ? cap * 2 : 16) * bytes);
            cap = cap ? cap * 2 : 16;
        }
        rt_status status =
            next_row(c, arena, c->kept + c->n_kept * c->n_columns, &err);
        if (status == RT_E_NOT_FOUND)
            break;
        if (status)
            fail_cursor(c, &err);
        c->n_kept++;
    }
    rt_db_cursor_close(c);
}

static void copy_names(rt_db_cursor *c)
{
    const rt__query *q = &c->hold->query;
    c->n_columns = q->n_columns;
    c->names = rt_new(c->db->arena, const char *, c->n_columns + 1);
    for (size_t i = 0; i < c->n_columns; i++)
        c->names[i] = rt_str_cstr(c->db->arena, q->columns[i].name);
    c->cells = rt_new(c->db->arena, rt_value, c->n_columns + 1);
}

rt_db_cursor *rt_db_each_values(rt_db *db, const char *sql,
                                const rt_value *values, size_t n)
{
    const rt__stmt *stmt;
    rt_db_error err = {0};
    rt_db_cursor *c = rt_new(db->arena, rt_db_cursor, 1);
    c->db = db;
    // The one connection of a database in memory has room for others.
    bool alone = !db->database->url.memory;
    bool keeps = db->tx && db->database->driver->engine != RT_DB_SQLITE;
    if (rt__db_prepare(db, sql, n, &stmt, &err) ||
        rt__db_start(db, &c->hold, alone, !keeps, stmt, values, n, &err))
        rt_db_fail(db, &err);
    c->hold->owner = &c->hold;
    copy_names(c);
    if (keeps)
        keep_all(c);
    else if (c->hold->has_turn) // others may run between two rows
        rt__db_turn_give(c->hold);
    return c;
}

static bool next_kept(rt_db_cursor *c, const rt_value **cells)
{
    if (c->at == c->n_kept)
        return false;
    *cells = c->kept + c->at++ * c->n_columns;
    return true;
}

bool rt_db_next_cells(rt_db_cursor *c, const rt_value **cells)
{
    if (!c->hold)
        return next_kept(c, cells);
    rt__hold *hold = c->hold;
    if (!hold->scratch)
        hold->scratch = rt_arena_new();
    rt_arena_reset(hold->scratch);
    rt_db_error err = {0};
    rt_status status = next_row(c, hold->scratch, c->cells, &err);
    if (status == RT_E_NOT_FOUND) {
        rt_db_cursor_close(c);
        return false;
    }
    if (status) {
        // Its texts may lie in the arena of the row.
        err.message = rt_str_cstr(c->db->arena, rt_str_from(err.message));
        fail_cursor(c, &err);
    }
    *cells = c->cells;
    return true;
}

bool rt_db_next(rt_db_cursor *c, rt_value *row)
{
    const rt_value *cells;
    if (!rt_db_next_cells(c, &cells))
        return false;
    *row = rt_dict_new(c->hold ? c->hold->scratch : c->db->arena);
    for (size_t i = 0; i < c->n_columns; i++)
        if (rt_dict_set_str(*row, rt_str_from(c->names[i]), cells[i]))
            rt_panic("a row cannot be changed");
    return true;
}

void rt_db_cursor_close(rt_db_cursor *c)
{
    if (c->hold)
        rt__hold_end(c->hold);
}

size_t rt_db_cursor_columns(rt_db_cursor *c, const char *const **names)
{
    *names = c->names;
    return c->n_columns;
}
