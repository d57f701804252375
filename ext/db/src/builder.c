// SQL that is put together: text and values grow side by side, and names are
// quoted.
#include <retort/base/format.h>
#include <retort/db/model.h>

#include "driver.h"
#include "retort/db/sql.h"

// ---- quoting ------------------------------------------------------------------

// A quote that is doubled stands for itself.
static void put_quoted(rt_buf *buf, rt_str s, char quote, bool escapes)
{
    rt_buf_put_char(buf, quote);
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] == quote || (escapes && s.data[i] == '\\'))
            rt_buf_put_char(buf, s.data[i]);
        rt_buf_put_char(buf, s.data[i]);
    }
    rt_buf_put_char(buf, quote);
}

void rt_sql_quote_name(rt_db_engine engine, rt_buf *buf, rt_str name)
{
    put_quoted(buf, name, engine == RT_DB_MARIADB ? '`' : '"', false);
}

void rt_sql_quote_text(rt_db_engine engine, rt_buf *buf, rt_str text)
{
    put_quoted(buf, text, '\'', engine == RT_DB_MARIADB);
}

// ---- putting together -----------------------------------------------------------

// The first error stays; what is added after it does not matter.
static void refuse(rt_sql *sql, const char *why)
{
    if (!sql->wrong)
        sql->wrong = why;
}

static void push(rt_sql *sql, rt_value value)
{
    if (sql->n == sql->cap) {
        size_t cap = sql->cap ? sql->cap * 2 : 8;
        rt_value *values = rt_new(rt_db_arena(sql->db), rt_value, cap);
        for (size_t i = 0; i < sql->n; i++)
            values[i] = sql->values[i];
        sql->values = values;
        sql->cap = cap;
    }
    sql->values[sql->n++] = value;
}

rt_sql rt_sql_start(rt_db *db, const char *text, const rt_value *values,
                    size_t n)
{
    rt_sql sql = {.db = db};
    rt_buf_init(&sql.text, rt_db_arena(db));
    rt_sql_add_values(&sql, text, values, n);
    return sql;
}

void rt_sql_add_values(rt_sql *sql, const char *text, const rt_value *values,
                       size_t n)
{
    const rt__stmt *stmt = NULL;
    const char *why = NULL;
    if (rt__db_stmt_for(rt_db_arena(sql->db), rt_db_engine_of(sql->db), text,
                        &stmt, &why)) {
        refuse(sql, why);
        return;
    }
    if (stmt->n_params != n) {
        refuse(sql, rt_format(rt_db_arena(sql->db),
                              "\"{}\" has {} `?`, and {} given", text,
                              stmt->n_params, n)
                        .data);
        return;
    }
    rt_buf_put_cstr(&sql->text, text);
    for (size_t i = 0; i < n; i++)
        push(sql, values[i]);
}

void rt_sql_add_list(rt_sql *sql, rt_value list)
{
    if (!rt_value_is_list(list)) {
        refuse(sql, "rt_sql_add_list wants a list");
        return;
    }
    size_t n = rt_list_len(list);
    rt_buf_put_cstr(&sql->text, n ? "(" : "(NULL)");
    for (size_t i = 0; i < n; i++) {
        rt_buf_put_cstr(&sql->text, i ? ", ?" : "?");
        push(sql, rt_list_items(list)[i]);
    }
    if (n)
        rt_buf_put_char(&sql->text, ')');
}

void rt_sql_add_name(rt_sql *sql, const char *name)
{
    if (!name || !*name) {
        refuse(sql, "a name is empty");
        return;
    }
    rt_sql_quote_name(rt_db_engine_of(sql->db), &sql->text, rt_str_from(name));
}

static const rt_field *find_column(const rt_model *model, rt_str column)
{
    for (size_t i = 0; i < model->n_fields; i++) {
        const rt_field *f = &model->fields[i];
        const char *name = f->column ? f->column : f->name;
        if (f->type != RT_FIELD_MODEL && rt_str_eq(column, rt_str_from(name)))
            return f;
    }
    return NULL;
}

void rt_sql_add_column(rt_sql *sql, const rt_model *model, const char *column)
{
    if (find_column(model, rt_str_from(column))) {
        rt_sql_add_name(sql, column);
        return;
    }
    refuse(sql, rt_format(rt_db_arena(sql->db), "{} has no column \"{}\"",
                          model->name, column)
                    .data);
}

// The text comes from users: what is wrong with it is theirs.
static void refuse_order(rt_sql *sql, rt_str column)
{
    rt_request *req = rt_db_request(sql->db);
    if (req)
        rt_abort(req, 400, "cannot order by \"{}\"", column);
    refuse(
        sql,
        rt_format(rt_db_arena(sql->db), "cannot order by \"{}\"", column).data);
}

void rt_sql_order(rt_sql *sql, const rt_model *model, const char *order)
{
    rt_str rest = rt_str_from(order);
    for (size_t n = 0; rest.len; n++) {
        rt_str column = rt_str_trim(rt_str_cut(&rest, ','));
        bool descending = rt_str_skip(&column, RT_STR("-"));
        const rt_field *f = find_column(model, column);
        // What is secret would show itself by the order of the rows.
        if (!f || f->secret || n == model->n_fields) {
            refuse_order(sql, column);
            return;
        }
        rt_buf_put_cstr(&sql->text, n ? ", " : " ORDER BY ");
        rt_sql_quote_name(rt_db_engine_of(sql->db), &sql->text, column);
        if (descending)
            rt_buf_put_cstr(&sql->text, " DESC");
    }
}

// ---- running --------------------------------------------------------------------

static rt_status say_wrong(rt_sql *sql, rt_db_error *err)
{
    rt_status status = rt__db_error_set(err, rt_db_arena(sql->db), RT_DB_USAGE,
                                        0, "", sql->wrong);
    if (err)
        err->sql = rt_buf_str(&sql->text).data;
    return status;
}

// The text, where nothing is wrong; does not return otherwise.
static const char *text_of(rt_sql *sql)
{
    if (sql->wrong) {
        rt_db_error err;
        (void)!say_wrong(sql, &err);
        rt_db_fail(sql->db, &err);
    }
    return rt_buf_str(&sql->text).data;
}

rt_value rt_sql_all(rt_sql *sql)
{
    return rt_db_all_values(sql->db, text_of(sql), sql->values, sql->n);
}

rt_value rt_sql_one(rt_sql *sql)
{
    return rt_db_one_values(sql->db, text_of(sql), sql->values, sql->n);
}

rt_value rt_sql_scalar(rt_sql *sql)
{
    return rt_db_scalar_values(sql->db, text_of(sql), sql->values, sql->n);
}

int64_t rt_sql_exec(rt_sql *sql)
{
    return rt_db_exec_values(sql->db, text_of(sql), sql->values, sql->n);
}

rt_status rt_sql_try(rt_sql *sql, rt_db_result *out, rt_db_error *err)
{
    if (sql->wrong)
        return say_wrong(sql, err);
    return rt_db_try_values(sql->db, rt_buf_str(&sql->text).data, sql->values,
                            sql->n, out, err);
}
