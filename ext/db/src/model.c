// Models: what is in a row, and what of it is SQL.
#include "model.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <retort/base/error.h>
#include <retort/base/json.h>
#include <retort/base/time.h>

#include "pool.h"

rt_time rt_db_now(void)
{
    return (rt_time){rt_time_now()};
}

// ---- fields -------------------------------------------------------------------

const char *rt_field_column(const rt_field *field)
{
    return field->column ? field->column : field->name;
}

bool rt_field_is_nullable(const rt_field *field)
{
    if (field->primary_key || field->not_null)
        return false;
    switch (field->type) {
    case RT_FIELD_BOOL:
    case RT_FIELD_INT32:
    case RT_FIELD_INT64:
    case RT_FIELD_FLOAT: return false;
    case RT_FIELD_TIME:
    case RT_FIELD_UUID: return field->nullable;
    default: return true;
    }
}

const rt_field *rt__model_field(const rt_model *model, rt_str member)
{
    for (size_t i = 0; i < model->n_fields; i++)
        if (rt_str_eq(rt_str_from(model->fields[i].name), member))
            return &model->fields[i];
    return NULL;
}

const rt_field *rt__model_column(const rt_model *model, rt_str column)
{
    for (size_t i = 0; i < model->n_fields; i++)
        if (model->fields[i].type != RT_FIELD_MODEL &&
            rt_str_eq(rt_str_from(rt_field_column(&model->fields[i])), column))
            return &model->fields[i];
    return NULL;
}

static size_t key_count(const rt_model *model)
{
    size_t n = 0;
    for (size_t i = 0; i < model->n_fields; i++)
        n += model->fields[i].primary_key;
    return n;
}

bool rt__field_is_generated(const rt_model *model, const rt_field *field)
{
    return field->primary_key && !field->references && !field->sql_type &&
           !field->server_default &&
           (field->type == RT_FIELD_INT32 || field->type == RT_FIELD_INT64) &&
           (!model || key_count(model) == 1);
}

// ---- members ------------------------------------------------------------------

#define MEMBER(type, field, row) \
    (*(const type *)((const char *)(row) + (field)->offset))

static rt_value value_of_blob(rt_blob blob)
{
    return blob.data ? rt_value_bytes(blob.data, blob.len) : rt_value_none();
}

static rt_value value_of_json(rt_value value)
{
    return value.kind == RT_UNDEFINED ? rt_value_none() : value;
}

rt_value rt_field_value(rt_arena *arena, const rt_field *field, const void *row)
{
    const char *at = (const char *)row + field->offset;
    switch (field->type) {
    case RT_FIELD_BOOL: return rt_value_bool(*(const bool *)at);
    case RT_FIELD_INT32: return rt_value_int(*(const int32_t *)at);
    case RT_FIELD_INT64: return rt_value_int(*(const int64_t *)at);
    case RT_FIELD_FLOAT: return rt_value_float(*(const double *)at);
    case RT_FIELD_TEXT: return rt_value_cstr(*(const char *const *)at);
    case RT_FIELD_TIME: return rt_value_date(((const rt_time *)at)->us);
    case RT_FIELD_BLOB: return value_of_blob(*(const rt_blob *)at);
    case RT_FIELD_UUID: return rt_value_uuid(((const rt_uuid *)at)->bytes);
    case RT_FIELD_JSON: return value_of_json(*(const rt_value *)at);
    case RT_FIELD_OPT_INT: {
        rt_opt_int some = *(const rt_opt_int *)at;
        return some.has ? rt_value_int(some.value) : rt_value_none();
    }
    case RT_FIELD_OPT_FLOAT: {
        rt_opt_float some = *(const rt_opt_float *)at;
        return some.has ? rt_value_float(some.value) : rt_value_none();
    }
    case RT_FIELD_OPT_BOOL: {
        rt_opt_bool some = *(const rt_opt_bool *)at;
        return some.has ? rt_value_bool(some.value) : rt_value_none();
    }
    case RT_FIELD_OPT_TIME: {
        rt_opt_time some = *(const rt_opt_time *)at;
        return some.has ? rt_value_date(some.value.us) : rt_value_none();
    }
    case RT_FIELD_MODEL: return rt_model_row_value(arena, field->model, at);
    }
    return rt_value_none();
}

rt_value rt_model_row_value(rt_arena *arena, const rt_model *model,
                            const void *row)
{
    rt_value dict = rt_dict_new(arena);
    for (size_t i = 0; i < model->n_fields; i++) {
        const rt_field *f = &model->fields[i];
        if (!f->secret)
            (void)!rt_dict_set_str(dict, rt_str_from(f->name),
                                   rt_field_value(arena, f, row));
    }
    return dict;
}

rt_value rt_model_rows_value(rt_arena *arena, const rt_model *model,
                             const void *rows, size_t n)
{
    rt_value list = rt_list_new(arena);
    for (size_t i = 0; i < n; i++)
        (void)!rt_list_push(list, rt_model_row_value(arena, model,
                                                     (const char *)rows +
                                                         i * model->size));
    return list;
}

bool rt__field_is_zero(const rt_field *field, const void *row)
{
    static const rt_uuid nil = {{0}};
    switch (field->type) {
    case RT_FIELD_TIME: return MEMBER(rt_time, field, row).us == 0;
    case RT_FIELD_UUID:
        return memcmp(&MEMBER(rt_uuid, field, row), &nil, sizeof(nil)) == 0;
    case RT_FIELD_BOOL:
    case RT_FIELD_INT32:
    case RT_FIELD_INT64:
    case RT_FIELD_FLOAT:
        return !rt_value_is_true(rt_field_value(NULL, field, row));
    case RT_FIELD_MODEL: return false;
    default: return rt_value_is_none(rt_field_value(NULL, field, row));
    }
}

rt_value rt__field_param(rt_arena *arena, const rt_field *field,
                         const void *row)
{
    rt_value value = rt_field_value(arena, field, row);
    bool may_be_null =
        field->type == RT_FIELD_TIME || field->type == RT_FIELD_UUID;
    if (may_be_null && field->nullable && rt__field_is_zero(field, row))
        return rt_value_none();
    rt_str text;
    if (field->type == RT_FIELD_JSON && !rt_value_is_none(value) &&
        rt_json_dump(arena, value, &(rt_json_style){.unicode = true}, &text,
                     NULL) == RT_OK)
        return rt_value_str(text);
    return value;
}

static bool get_int(rt_value v, int64_t *out)
{
    double number;
    if (v.kind == RT_INT || v.kind == RT_BOOL) {
        *out = v.kind == RT_INT ? v.as.integer : v.as.boolean;
        return true;
    }
    if (v.kind == RT_FLOAT) {
        number = v.as.number;
        if (!(number >= -9.2e18 && number <= 9.2e18))
            return false;
        *out = (int64_t)number;
        return (double)*out == number;
    }
    return rt_value_is_text(v) && rt_str_parse_int(rt_value_as_str(v), out);
}

// NUMERIC is text, exactly.
static bool get_float(rt_value v, double *out)
{
    if (rt_value_is_number(v)) {
        *out = rt_value_as_float(v, 0);
        return true;
    }
    rt_str text = rt_value_as_str(v);
    char copy[64], *end;
    if (!rt_value_is_text(v) || text.len == 0 || text.len >= sizeof(copy))
        return false;
    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    *out = strtod(copy, &end);
    return !*end;
}

static bool get_bool(rt_value v, bool *out)
{
    int64_t n;
    if (!get_int(v, &n))
        return false;
    *out = n != 0;
    return true;
}

// A number is the seconds of strftime('%s').
static bool get_time(rt_value v, rt_time *out)
{
    if (v.kind == RT_DATE) {
        out->us = v.as.date_us;
        return true;
    }
    if (v.kind == RT_INT)
        return !__builtin_mul_overflow(v.as.integer, RT_TIME_SECOND, &out->us);
    return rt_value_is_text(v) &&
           rt__db_parse_time(rt_value_as_str(v), &out->us);
}

static bool get_uuid(rt_value v, rt_uuid *out)
{
    if (v.kind == RT_UUID) {
        memcpy(out->bytes, v.as.uuid, sizeof(out->bytes));
        return true;
    }
    rt_str text = rt_value_as_str(v);
    if (v.kind == RT_BYTES && text.len == sizeof(out->bytes)) {
        memcpy(out->bytes, text.data, text.len);
        return true;
    }
    return rt_value_is_text(v) && rt__db_parse_uuid(text, out->bytes);
}

static bool get_text(rt_arena *arena, rt_value v, const char **out)
{
    rt_str text = rt_value_is_text(v) || v.kind == RT_BYTES
                      ? rt_value_as_str(v)
                      : rt_value_text(arena, v);
    *out = rt_str_cstr(arena, text);
    return true;
}

static bool get_blob(rt_arena *arena, rt_value v, rt_blob *out)
{
    if (v.kind != RT_BYTES && !rt_value_is_text(v))
        return false;
    rt_str bytes = rt_value_as_str(v);
    out->data = rt_arena_copy(arena, bytes.data, bytes.len);
    out->len = bytes.len;
    return true;
}

static size_t size_of_type(rt_field_type type)
{
    switch (type) {
    case RT_FIELD_BOOL: return sizeof(bool);
    case RT_FIELD_INT32: return sizeof(int32_t);
    case RT_FIELD_INT64: return sizeof(int64_t);
    case RT_FIELD_FLOAT: return sizeof(double);
    case RT_FIELD_TEXT: return sizeof(char *);
    case RT_FIELD_TIME: return sizeof(rt_time);
    case RT_FIELD_BLOB: return sizeof(rt_blob);
    case RT_FIELD_UUID: return sizeof(rt_uuid);
    case RT_FIELD_JSON: return sizeof(rt_value);
    case RT_FIELD_OPT_INT: return sizeof(rt_opt_int);
    case RT_FIELD_OPT_FLOAT: return sizeof(rt_opt_float);
    case RT_FIELD_OPT_BOOL: return sizeof(rt_opt_bool);
    case RT_FIELD_OPT_TIME: return sizeof(rt_opt_time);
    case RT_FIELD_MODEL: break;
    }
    return 0;
}

static bool set_int32(void *member, rt_value v)
{
    int64_t n;
    if (!get_int(v, &n) || n < INT32_MIN || n > INT32_MAX)
        return false;
    *(int32_t *)member = (int32_t)n;
    return true;
}

bool rt__field_set(rt_arena *arena, const rt_field *field, void *member,
                   rt_value v)
{
    memset(member, 0, size_of_type(field->type));
    if (field->type == RT_FIELD_JSON)
        *(rt_value *)member = rt_value_none();
    if (rt_value_is_none(v) || rt_value_is_undefined(v))
        return true;
    switch (field->type) {
    case RT_FIELD_BOOL: return get_bool(v, member);
    case RT_FIELD_INT32: return set_int32(member, v);
    case RT_FIELD_INT64: return get_int(v, member);
    case RT_FIELD_FLOAT: return get_float(v, member);
    case RT_FIELD_TEXT: return get_text(arena, v, member);
    case RT_FIELD_TIME: return get_time(v, member);
    case RT_FIELD_BLOB: return get_blob(arena, v, member);
    case RT_FIELD_UUID: return get_uuid(v, member);
    case RT_FIELD_JSON:
        *(rt_value *)member = rt_value_copy(arena, v);
        return true;
    case RT_FIELD_OPT_INT: {
        rt_opt_int *some = member;
        return some->has = true, get_int(v, &some->value);
    }
    case RT_FIELD_OPT_FLOAT: {
        rt_opt_float *some = member;
        return some->has = true, get_float(v, &some->value);
    }
    case RT_FIELD_OPT_BOOL: {
        rt_opt_bool *some = member;
        return some->has = true, get_bool(v, &some->value);
    }
    case RT_FIELD_OPT_TIME: {
        rt_opt_time *some = member;
        return some->has = true, get_time(v, &some->value);
    }
    case RT_FIELD_MODEL: break;
    }
    return false;
}

// ---- texts --------------------------------------------------------------------

void rt__put_name(rt_buf *buf, rt_db_engine engine, const char *name)
{
    rt_sql_quote_name(engine, buf, rt_str_from(name));
}

void rt__put_names(rt_buf *buf, rt_db_engine engine, const char *names)
{
    rt_str rest = rt_str_from(names);
    while (rest.data) {
        rt_sql_quote_name(engine, buf, rt_str_trim(rt_str_cut(&rest, ',')));
        if (rest.data)
            rt_buf_put_cstr(buf, ", ");
    }
}

void rt__put_columns(rt_buf *buf, rt_db_engine engine, const rt_model *model,
                     rt_str alias, int *counter)
{
    for (size_t i = 0; i < model->n_fields; i++) {
        if (i)
            rt_buf_put_cstr(buf, ", ");
        rt_buf_put(buf, alias);
        rt_buf_put_char(buf, '.');
        rt__put_name(buf, engine, rt_field_column(&model->fields[i]));
        if (counter)
            rt_buf_printf(buf, " AS rt_%d", (*counter)++);
    }
}

static size_t count_leaves(const rt_model *model)
{
    size_t n = 0;
    for (size_t i = 0; i < model->n_fields; i++)
        n += model->fields[i].model ? count_leaves(model->fields[i].model) : 1;
    return n;
}

static rt__leaf *put_leaves(rt__leaf *out, const rt_model *model, size_t offset)
{
    for (size_t i = 0; i < model->n_fields; i++) {
        const rt_field *f = &model->fields[i];
        if (f->model)
            out = put_leaves(out, f->model, offset + f->offset);
        else
            *out++ = (rt__leaf){f, offset + f->offset};
    }
    return out;
}

// " WHERE "id" = ?"
static void put_key(rt_buf *buf, const rt_model *model, rt_db_engine engine)
{
    const char *before = " WHERE ";
    for (size_t i = 0; i < model->n_fields; i++) {
        if (!model->fields[i].primary_key)
            continue;
        rt_buf_put_cstr(buf, before);
        rt__put_name(buf, engine, rt_field_column(&model->fields[i]));
        rt_buf_put_cstr(buf, " = ?");
        before = " AND ";
    }
}

static const char *buf_cstr(rt_buf *buf)
{
    return rt_buf_str(buf).data;
}

static void build_texts(rt__model_sql *sql)
{
    const rt_model *model = sql->model;
    rt_buf table, buf;
    rt_buf_init(&table, sql->arena);
    rt__put_name(&table, sql->engine, model->table);
    rt_buf_init(&buf, sql->arena);
    rt_buf_put_cstr(&buf, "SELECT ");
    rt__put_columns(&buf, sql->engine, model, rt_buf_str(&table), NULL);
    rt_buf_put_cstr(&buf, " FROM ");
    rt_buf_put(&buf, rt_buf_str(&table));
    sql->select = rt_str_cstr(sql->arena, rt_buf_str(&buf));
    put_key(&buf, model, sql->engine);
    sql->get = buf_cstr(&buf);

    rt_buf_init(&buf, sql->arena);
    rt_buf_put_cstr(&buf, "DELETE FROM ");
    rt_buf_put(&buf, rt_buf_str(&table));
    put_key(&buf, model, sql->engine);
    sql->del = buf_cstr(&buf);
}

static rt__model_sql *build(const rt_model *model, rt_db_engine engine)
{
    static rt_arena *arena;
    if (!arena)
        arena = rt_arena_new();
    rt__model_sql *sql = rt_new(arena, rt__model_sql, 1);
    sql->model = model;
    sql->engine = engine;
    sql->arena = arena;
    sql->n_leaves = count_leaves(model);
    rt__leaf *leaves = rt_new(arena, rt__leaf, sql->n_leaves);
    put_leaves(leaves, model, 0);
    sql->leaves = leaves;
    for (size_t i = 0; i < model->n_fields; i++)
        sql->is_nested |= model->fields[i].model != NULL;
    if (model->table)
        build_texts(sql);
    return sql;
}

rt__model_sql *rt__model_sql_of(const rt_model *model, rt_db_engine engine)
{
    static rt__model_sql *table[256];
    size_t slot = (((uintptr_t)model >> 4) * 31 + (uintptr_t)engine) % 256;
    for (rt__model_sql *at = table[slot]; at; at = at->next)
        if (at->model == model && at->engine == engine)
            return at;
    rt__model_sql *sql = build(model, engine);
    sql->next = table[slot];
    return table[slot] = sql;
}

void rt__db_wrong(rt_db *db, const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    rt_db_error err = {0};
    (void)!rt__db_error_set(&err, rt_db_arena(db), RT_DB_USAGE, 0, "", text);
    rt_db_fail(db, &err);
}

// ---- the models of an application -----------------------------------------------

typedef struct told {
    const rt_app *app;
    const char *name;
    const rt_model *const *models;
    struct told *next;
} told;

static told *all_told;

static told *find_told(const rt_app *app, const char *name)
{
    for (told *t = all_told; t; t = t->next)
        if (t->app == app &&
            (name ? t->name && strcmp(t->name, name) == 0 : !t->name))
            return t;
    return NULL;
}

static void check_field(const rt_model *model, const rt_field *f, rt_site site)
{
    const char *m = model->name, *name = f->name;
    bool is_int = f->type == RT_FIELD_INT32 || f->type == RT_FIELD_INT64;

    if (f->model)
        rt_misuse(site,
                  "model %s: %s is a model, which a table has no column "
                  "for",
                  m, name);
    if (!*rt_field_column(f))
        rt_misuse(site, "model %s: the column of %s has no name", m, name);
    if (rt__model_column(model, rt_str_from(rt_field_column(f))) != f)
        rt_misuse(site, "model %s: two columns are called %s", m,
                  rt_field_column(f));
    if (f->version && !is_int)
        rt_misuse(site, "model %s: %s is .version but no integer", m, name);
    if ((f->now || f->touch) && f->type != RT_FIELD_TIME)
        rt_misuse(site, "model %s: %s is .now or .touch but no rt_time", m,
                  name);
    if (f->max && f->type != RT_FIELD_TEXT)
        rt_misuse(site, "model %s: %s has .max but is no text", m, name);
    if (f->not_null && f->nullable)
        rt_misuse(site, "model %s: %s is .not_null and .nullable", m, name);
}

static void check_reference(const rt_model *const *models,
                            const rt_model *model, const rt_field *f,
                            rt_site site)
{
    rt_str column = rt_str_from(f->references);
    rt_str table = rt_str_cut(&column, '.');
    for (const rt_model *const *m = models; *m; m++)
        if (rt_str_eq(rt_str_from((*m)->table), table) &&
            rt__model_column(*m, column))
            return;
    rt_misuse(site,
              "model %s: %s refers to \"%s\", which no model of the list has",
              model->name, f->name, f->references);
}

static void check_key(const rt_model *model, const rt_model_key *key,
                      rt_site site)
{
    rt_str rest = rt_str_from(key->columns);
    while (rest.data) {
        rt_str column = rt_str_trim(rt_str_cut(&rest, ','));
        if (!rt__model_column(model, column))
            rt_misuse(site,
                      "model %s: the key \"%s\" has a column that is none",
                      model->name, key->columns);
    }
}

static void check_model(const rt_model *const *models, const rt_model *model,
                        rt_site site)
{
    if (!model->table || !*model->table)
        rt_misuse(site, "model %s: it has no table", model->name);
    if (key_count(model) == 0)
        rt_misuse(site, "model %s: no field is .primary_key", model->name);
    if (model->n_fields > RT__MODEL_FIELDS_MAX)
        rt_misuse(site, "model %s: more than %d fields", model->name,
                  RT__MODEL_FIELDS_MAX);
    for (const rt_model *const *m = models; *m != model; m++)
        if (strcmp((*m)->table, model->table) == 0)
            rt_misuse(site, "models %s and %s have the same table \"%s\"",
                      (*m)->name, model->name, model->table);
    for (size_t i = 0; i < model->n_fields; i++) {
        check_field(model, &model->fields[i], site);
        if (model->fields[i].references)
            check_reference(models, model, &model->fields[i], site);
    }
    for (const rt_model_key *k = model->keys; k && k->columns; k++)
        check_key(model, k, site);
}

void rt_db_set_models(rt_app *app, const char *name,
                      const rt_model *const *models, rt_site site)
{
    static rt_arena *arena;
    if (!arena)
        arena = rt_arena_new();

    size_t n = 0;
    for (; models[n]; n++)
        if (!models[n]->table)
            rt_misuse(site, "model %s: it has no table", models[n]->name);
    for (size_t i = 0; i < n; i++)
        check_model(models, models[i], site);

    told *t = find_told(app, name);
    if (!t) {
        t = rt_new(arena, told, 1);
        t->app = app;
        t->name = name ? rt_str_cstr(arena, rt_str_from(name)) : NULL;
        t->next = all_told;
        all_told = t;
    }
    t->models = rt_arena_copy(arena, models, (n + 1) * sizeof(*models));
}

const rt_model *const *rt_db_models_of(const rt_db *db)
{
    static const rt_model *const none[] = {NULL};
    const rt__database *database = db->database;
    told *t = database->app ? find_told(database->app, database->name) : NULL;
    return t ? t->models : none;
}
