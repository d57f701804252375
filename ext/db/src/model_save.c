// Saving rows.
//
// What the database fills in - the key, defaults - is left out of the INSERT and
// comes back by RETURNING, which all engines have.
#include <string.h>

#include "model.h"

static const char *texts_kept(rt__model_sql *sql, char kind, uint64_t fields)
{
    for (rt__model_text *t = sql->texts; t; t = t->next)
        if (t->kind == kind && t->fields == fields)
            return t->sql;
    return NULL;
}

static const char *keep(rt__model_sql *sql, char kind, uint64_t fields,
                        rt_buf *buf)
{
    rt__model_text *t = rt_new(sql->arena, rt__model_text, 1);
    *t = (rt__model_text){fields, kind, rt_buf_str(buf).data, sql->texts};
    sql->texts = t;
    return t->sql;
}

static bool has(uint64_t fields, size_t i)
{
    return fields >> i & 1;
}

static uint64_t all_of(const rt_model *model)
{
    return model->n_fields == 64 ? UINT64_MAX
                                 : (UINT64_C(1) << model->n_fields) - 1;
}

static rt__model_sql *table_of(rt_db *db, const rt_model *model)
{
    rt__model_sql *sql = rt__model_sql_of(model, rt_db_engine_of(db));
    if (!sql->select || sql->is_nested ||
        model->n_fields > RT__MODEL_FIELDS_MAX)
        rt__db_wrong(db, "%s is no table", model->name);
    return sql;
}

static void put_fields(rt_buf *buf, const rt__model_sql *sql, uint64_t fields)
{
    const char *before = "";
    for (size_t i = 0; i < sql->model->n_fields; i++) {
        if (!has(fields, i))
            continue;
        rt_buf_put_cstr(buf, before);
        rt__put_name(buf, sql->engine, rt_field_column(&sql->model->fields[i]));
        before = ", ";
    }
}

// INSERT INTO "post" ("title") VALUES (?)
static void put_insert(rt_buf *buf, const rt__model_sql *sql, uint64_t fields)
{
    rt_buf_put_cstr(buf, "INSERT INTO ");
    rt__put_name(buf, sql->engine, sql->model->table);
    if (!fields) {
        rt_buf_put_cstr(buf, sql->engine == RT_DB_MARIADB ? " () VALUES ()"
                                                          : " DEFAULT VALUES");
        return;
    }
    rt_buf_put_cstr(buf, " (");
    put_fields(buf, sql, fields);
    rt_buf_put_cstr(buf, ") VALUES (");
    const char *before = "?";
    for (uint64_t left = fields; left; left &= left - 1, before = ", ?")
        rt_buf_put_cstr(buf, before);
    rt_buf_put_char(buf, ')');
}

static void put_returning(rt_buf *buf, const rt__model_sql *sql,
                          uint64_t fields)
{
    if (!fields)
        return;
    rt_buf_put_cstr(buf, " RETURNING ");
    put_fields(buf, sql, fields);
}

static const char *insert_text(rt__model_sql *sql, uint64_t fields)
{
    const char *kept = texts_kept(sql, 'i', fields);
    if (kept)
        return kept;
    rt_buf buf;
    rt_buf_init(&buf, sql->arena);
    put_insert(&buf, sql, fields);
    put_returning(&buf, sql, all_of(sql->model) & ~fields);
    return keep(sql, 'i', fields, &buf);
}

// The times of a row that is to be inserted, and which fields are written.
static uint64_t fields_to_insert(const rt_model *model, void *row)
{
    uint64_t fields = 0;
    for (size_t i = 0; i < model->n_fields; i++) {
        const rt_field *f = &model->fields[i];
        if (f->touch || (f->now && rt__field_is_zero(f, row)))
            *(rt_time *)((char *)row + f->offset) = rt_db_now();
        bool left_out =
            (f->server_default || rt__field_is_generated(model, f)) &&
            rt__field_is_zero(f, row);
        if (!left_out)
            fields |= UINT64_C(1) << i;
    }
    return fields;
}

static size_t put_values(rt_db *db, const rt_model *model, const void *row,
                         uint64_t fields, rt_value *out)
{
    size_t n = 0;
    for (size_t i = 0; i < model->n_fields; i++)
        if (has(fields, i))
            out[n++] = rt__field_param(rt_db_arena(db), &model->fields[i], row);
    return n;
}

// What RETURNING gave.
static void take_returned(rt_db *db, const rt_model *model, void *row,
                          const rt_db_result *result, uint64_t fields)
{
    rt_value first = rt_list_get(result->rows, 0);
    for (size_t i = 0; i < model->n_fields && fields; i++) {
        const rt_field *f = &model->fields[i];
        if (!has(fields, i))
            continue;
        rt_value v = rt_dict_get_str(first, rt_str_from(rt_field_column(f)));
        if (rt_value_is_undefined(v) && rt__field_is_generated(model, f))
            v = rt_value_int(result->insert_id);
        if (!rt__field_set(rt_db_arena(db), f, (char *)row + f->offset, v))
            rt__db_wrong(db, "what is in column %s does not fit %s.%s",
                         rt_field_column(f), model->name, f->name);
    }
}

static rt_status run_insert(rt_db *db, const rt_model *model, void *row,
                            const char *text, uint64_t fields, uint64_t back,
                            rt_db_error *err)
{
    rt_value *values = rt_new(rt_db_arena(db), rt_value, model->n_fields + 1);
    size_t n = put_values(db, model, row, fields, values);
    rt_db_result result = {0};
    rt_status status = rt_db_try_values(db, text, values, n, &result, err);
    if (status == RT_OK)
        take_returned(db, model, row, &result, back);
    return status;
}

rt_status rt_db_try_insert_row(rt_db *db, const rt_model *model, void *row,
                               rt_db_error *err)
{
    rt__model_sql *sql = table_of(db, model);
    uint64_t fields = fields_to_insert(model, row);
    return run_insert(db, model, row, insert_text(sql, fields), fields,
                      all_of(model) & ~fields, err);
}

void rt_db_insert_row(rt_db *db, const rt_model *model, void *row)
{
    rt_db_error err = {0};
    if (rt_db_try_insert_row(db, model, row, &err))
        rt_db_fail(db, &err);
}

// ---- many -----------------------------------------------------------------------

// How many from here on are written alike, and so by one statement.
static size_t alike(const rt_model *model, char *rows, size_t n,
                    uint64_t *fields)
{
    *fields = fields_to_insert(model, rows);
    size_t len = 1;
    while (len < n && len < 500 &&
           fields_to_insert(model, rows + len * model->size) == *fields)
        len++;
    return len;
}

static rt_status insert_alike(rt_db *db, const rt_model *model, char *rows,
                              size_t n, uint64_t fields, rt_db_error *err)
{
    rt_arena *arena = rt_db_arena(db);
    size_t width = (size_t)__builtin_popcountll(fields);
    rt_value *values = rt_new(arena, rt_value, n * width + 1);
    rt_db_result *results = rt_new(arena, rt_db_result, n);
    for (size_t i = 0; i < n; i++)
        put_values(db, model, rows + i * model->size, fields,
                   values + i * width);
    rt_status status =
        rt_db_try_many(db, insert_text(table_of(db, model), fields), values,
                       width, n, results, err);
    for (size_t i = 0; i < n && status == RT_OK; i++)
        take_returned(db, model, rows + i * model->size, &results[i],
                      all_of(model) & ~fields);
    return status;
}

void rt_db_insert_rows(rt_db *db, const rt_model *model, void *rows, size_t n)
{
    rt_db_error err = {0};
    if (n == 0)
        return;
    rt_db_begin_with(db, &(rt_db_tx_options){0});
    for (size_t at = 0, len; at < n; at += len) {
        char *from = (char *)rows + at * model->size;
        uint64_t fields;
        len = alike(model, from, n - at, &fields);
        if (insert_alike(db, model, from, len, fields, &err)) {
            rt_db_rollback_tx(db);
            rt_db_fail(db, &err);
        }
    }
    rt_db_commit_tx(db);
}

// ---- update ---------------------------------------------------------------------

static const rt_field *version_of(const rt_model *model)
{
    for (size_t i = 0; i < model->n_fields; i++)
        if (model->fields[i].version)
            return &model->fields[i];
    return NULL;
}

static uint64_t fields_named(rt_db *db, const rt_model *model,
                             const char *const *members)
{
    uint64_t fields = 0;
    for (; *members; members++) {
        const rt_field *f = rt__model_field(model, rt_str_from(*members));
        if (!f || f->primary_key)
            rt__db_wrong(db, "%s has no field %s that can be updated",
                         model->name, *members);
        fields |= UINT64_C(1) << (f - model->fields);
    }
    return fields;
}

static uint64_t fields_to_update(rt_db *db, const rt_model *model, void *row,
                                 const char *const *members)
{
    uint64_t fields = 0;
    if (members && *members)
        fields = fields_named(db, model, members);
    else
        for (size_t i = 0; i < model->n_fields; i++)
            if (!model->fields[i].primary_key)
                fields |= UINT64_C(1) << i;
    for (size_t i = 0; i < model->n_fields; i++) {
        const rt_field *f = &model->fields[i];
        if (f->touch)
            *(rt_time *)((char *)row + f->offset) = rt_db_now();
        if (f->touch)
            fields |= UINT64_C(1) << i;
        if (f->version)
            fields &= ~(UINT64_C(1) << i);
    }
    return fields;
}

static void put_equal(rt_buf *buf, const rt__model_sql *sql,
                      const rt_field *field, const char *before)
{
    rt_buf_put_cstr(buf, before);
    rt__put_name(buf, sql->engine, rt_field_column(field));
    rt_buf_put_cstr(buf, " = ?");
}

static void put_keys(rt_buf *buf, const rt__model_sql *sql, const char *before,
                     const char *between)
{
    const rt_model *model = sql->model;
    for (size_t i = 0; i < model->n_fields; i++) {
        if (!model->fields[i].primary_key)
            continue;
        put_equal(buf, sql, &model->fields[i], before);
        before = between;
    }
}

static const char *update_text(rt__model_sql *sql, uint64_t fields)
{
    const char *kept = texts_kept(sql, 'u', fields);
    if (kept)
        return kept;
    const rt_model *model = sql->model;
    const rt_field *version = version_of(model);
    const char *before = " SET ";
    rt_buf buf;
    rt_buf_init(&buf, sql->arena);
    rt_buf_put_cstr(&buf, "UPDATE ");
    rt__put_name(&buf, sql->engine, model->table);
    for (size_t i = 0; i < model->n_fields; i++) {
        if (!has(fields, i))
            continue;
        put_equal(&buf, sql, &model->fields[i], before);
        before = ", ";
    }
    if (version)
        put_equal(&buf, sql, version, before);
    else if (!fields)
        put_keys(&buf, sql, before, ", ");
    put_keys(&buf, sql, " WHERE ", " AND ");
    if (version)
        put_equal(&buf, sql, version, " AND ");
    return keep(sql, 'u', fields, &buf);
}

static uint64_t key_fields(const rt_model *model)
{
    uint64_t fields = 0;
    for (size_t i = 0; i < model->n_fields; i++)
        if (model->fields[i].primary_key)
            fields |= UINT64_C(1) << i;
    return fields;
}

static int64_t get_version(const rt_field *f, const void *row)
{
    return rt_value_as_int(rt_field_value(NULL, f, row), 0);
}

static void set_version(const rt_field *f, void *row, int64_t n)
{
    (void)!rt__field_set(NULL, f, (char *)row + f->offset, rt_value_int(n));
}

// Nothing was changed: the row is gone, or has another version.
static rt_status why_unchanged(rt_db *db, const rt__model_sql *sql,
                               const void *row, rt_db_error *err)
{
    rt_value *key = rt_new(rt_db_arena(db), rt_value, sql->model->n_fields);
    size_t n = put_values(db, sql->model, row, key_fields(sql->model), key);
    if (!version_of(sql->model) ||
        rt_value_is_none(rt_db_one_values(db, sql->get, key, n)))
        return RT_E_NOT_FOUND;
    rt_db_error here;
    return rt__db_error_set(err ? err : &here, rt_db_arena(db),
                            RT_DB_SERIALIZATION, 0, "",
                            "the row was changed by another");
}

// `*conflict`: the version has changed, nothing has failed.
static rt_status update(rt_db *db, const rt_model *model, void *row,
                        const char *const *members, bool *conflict,
                        rt_db_error *err)
{
    rt__model_sql *sql = table_of(db, model);
    const rt_field *version = version_of(model);
    uint64_t fields = fields_to_update(db, model, row, members);
    rt_value *values =
        rt_new(rt_db_arena(db), rt_value, 3 * model->n_fields + 2);
    size_t n = put_values(db, model, row, fields, values);
    int64_t old = version ? get_version(version, row) : 0;

    if (version)
        values[n++] = rt_value_int(old + 1);
    else if (!fields)
        n += put_values(db, model, row, key_fields(model), values + n);
    n += put_values(db, model, row, key_fields(model), values + n);
    if (version)
        values[n++] = rt_value_int(old);

    rt_db_result result = {0};
    rt_status status =
        rt_db_try_values(db, update_text(sql, fields), values, n, &result, err);
    if (status)
        return status;
    if (result.changed == 0) {
        status = why_unchanged(db, sql, row, err);
        *conflict = status != RT_E_NOT_FOUND;
        return status;
    }
    if (version)
        set_version(version, row, old + 1);
    return RT_OK;
}

rt_status rt_db_try_update_row(rt_db *db, const rt_model *model, void *row,
                               const char *const *members, rt_db_error *err)
{
    bool conflict = false;
    return update(db, model, row, members, &conflict, err);
}

bool rt_db_update_row(rt_db *db, const rt_model *model, void *row,
                      const char *const *members)
{
    rt_db_error err = {0};
    bool conflict = false;
    rt_status status = update(db, model, row, members, &conflict, &err);
    if (conflict && rt_db_request(db))
        rt_abort(rt_db_request(db), 409,
                 "somebody else has changed it meanwhile");
    if (status && status != RT_E_NOT_FOUND)
        rt_db_fail(db, &err);
    return status == RT_OK;
}

// ---- upsert, delete -----------------------------------------------------------------

static bool is_named(const char *names, const char *name)
{
    for (rt_str rest = rt_str_from(names); rest.data;)
        if (rt_str_eq(rt_str_trim(rt_str_cut(&rest, ',')), rt_str_from(name)))
            return true;
    return false;
}

// "title" = excluded."title", and on MariaDB `title` = VALUES(`title`).
static void put_taken_over(rt_buf *buf, const rt__model_sql *sql,
                           const char *column)
{
    bool mariadb = sql->engine == RT_DB_MARIADB;
    rt__put_name(buf, sql->engine, column);
    rt_buf_put_cstr(buf, mariadb ? " = VALUES(" : " = excluded.");
    rt__put_name(buf, sql->engine, column);
    if (mariadb)
        rt_buf_put_char(buf, ')');
}

static void put_counted(rt_buf *buf, const rt__model_sql *sql,
                        const char *column)
{
    rt__put_name(buf, sql->engine, column);
    rt_buf_put_cstr(buf, " = ");
    rt__put_name(buf, sql->engine, sql->model->table);
    rt_buf_put_char(buf, '.');
    rt__put_name(buf, sql->engine, column);
    rt_buf_put_cstr(buf, " + 1");
}

static void put_changes(rt_buf *buf, const rt__model_sql *sql, uint64_t fields,
                        const char *conflict)
{
    const rt_model *model = sql->model;
    size_t n = 0;
    for (size_t i = 0; i < model->n_fields; i++) {
        const rt_field *f = &model->fields[i];
        const char *column = rt_field_column(f);
        if (!has(fields, i) || f->primary_key || f->now ||
            is_named(conflict, column))
            continue;
        if (n++)
            rt_buf_put_cstr(buf, ", ");
        if (f->version)
            put_counted(buf, sql, column);
        else
            put_taken_over(buf, sql, column);
    }
    if (n)
        return;
    // Nothing else: it is changed to itself, so that RETURNING gives the row.
    rt_str rest = rt_str_from(conflict);
    rt_str first = rt_str_trim(rt_str_cut(&rest, ','));
    put_taken_over(buf, sql, rt_str_cstr(buf->arena, first));
}

void rt_db_upsert_row(rt_db *db, const rt_model *model, void *row,
                      const char *conflict)
{
    rt__model_sql *sql = table_of(db, model);
    uint64_t fields = fields_to_insert(model, row);
    const rt_field *version = version_of(model);
    uint64_t back = all_of(model) & ~fields;
    if (version)
        back |= UINT64_C(1) << (version - model->fields);
    for (size_t i = 0; i < model->n_fields; i++)
        if (model->fields[i].now)
            back |= UINT64_C(1) << i;

    rt_buf buf;
    rt_buf_init(&buf, rt_db_arena(db));
    put_insert(&buf, sql, fields);
    if (sql->engine == RT_DB_MARIADB) {
        rt_buf_put_cstr(&buf, " ON DUPLICATE KEY UPDATE ");
    } else {
        rt_buf_put_cstr(&buf, " ON CONFLICT (");
        rt__put_names(&buf, sql->engine, conflict);
        rt_buf_put_cstr(&buf, ") DO UPDATE SET ");
    }
    put_changes(&buf, sql, fields, conflict);
    put_returning(&buf, sql, back);

    rt_db_error err = {0};
    if (run_insert(db, model, row, rt_buf_str(&buf).data, fields, back, &err))
        rt_db_fail(db, &err);
}

bool rt_db_delete_row(rt_db *db, const rt_model *model, const void *row)
{
    const rt__model_sql *sql = table_of(db, model);
    rt_value *key = rt_new(rt_db_arena(db), rt_value, model->n_fields);
    size_t n = put_values(db, model, row, key_fields(model), key);
    return rt_db_exec_values(db, sql->del, key, n) > 0;
}
