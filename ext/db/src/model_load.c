// Loading rows into structures, without dicts between.
#include <string.h>

#include "model.h"
#include "pool.h"

// ---- texts --------------------------------------------------------------------

static bool is_name_char(char c)
{
    return rt_is_alpha(c) || rt_is_digit(c) || c == '_' ||
           (unsigned char)c >= 0x80;
}

static bool starts_with_word(const char *text, const char *word)
{
    size_t len = strlen(word);
    return rt_str_eq_nocase(rt_str_of(text, strnlen(text, len)),
                            rt_str_of(word, len)) &&
           !is_name_char(text[len]);
}

bool rt__sql_is_whole(const char *text)
{
    while (rt_is_space(*text))
        text++;
    return starts_with_word(text, "SELECT") || starts_with_word(text, "WITH");
}

// Past a quoted piece that begins here; the text itself where none does.
static const char *past_quotes(const char *at)
{
    if (*at != '\'' && *at != '"' && *at != '`')
        return at;
    const char *end = strchr(at + 1, *at);
    return end ? end + 1 : at + strlen(at);
}

bool rt__sql_has_word(const char *text, const char *word)
{
    for (const char *at = text; *at;) {
        const char *past = past_quotes(at);
        if (past != at) {
            at = past;
        } else if (is_name_char(*at)) {
            if (starts_with_word(at, word))
                return true;
            while (is_name_char(*at))
                at++;
        } else {
            at++;
        }
    }
    return false;
}

// The model of that name: one that is embedded, itself, or one of the database's.
static const rt_model *model_named(rt_db *db, const rt_model *model,
                                   rt_str name)
{
    if (rt_str_eq(rt_str_from(model->name), name))
        return model;
    for (size_t i = 0; i < model->n_fields; i++) {
        const rt_model *inner = model->fields[i].model;
        if (inner && rt_str_eq(rt_str_from(inner->name), name))
            return inner;
    }
    for (const rt_model *const *m = rt_db_models_of(db); *m; m++)
        if (rt_str_eq(rt_str_from((*m)->name), name))
            return *m;
    return NULL;
}

// {p.post}, or {post} for the table itself. Anything else in braces stays.
static const char *expand_one(rt_db *db, const rt_model *model, rt_buf *buf,
                              const char *at, int *counter)
{
    const char *end = at + 1, *dot = NULL;
    for (; is_name_char(*end) || *end == '.'; end++)
        if (*end == '.')
            dot = end;
    if (*end != '}' || end == at + 1) {
        rt_buf_put_char(buf, '{');
        return at + 1;
    }
    const char *name = dot ? dot + 1 : at + 1;
    rt_str model_name = rt_str_of(name, (size_t)(end - name));
    const rt_model *found = model_named(db, model, model_name);
    if (!found)
        rt__db_wrong(db, "there is no model %.*s, as in {%.*s}",
                     RT_STR_ARG(model_name), (int)(end - at - 1), at + 1);
    rt_db_engine engine = rt_db_engine_of(db);
    rt_buf alias;
    rt_buf_init(&alias, rt_db_arena(db));
    if (dot)
        rt_buf_put_bytes(&alias, at + 1, (size_t)(dot - at - 1));
    else
        rt__put_name(&alias, engine, found->table);
    rt__put_columns(buf, engine, found, rt_buf_str(&alias), counter);
    return end + 1;
}

static void expand(rt_db *db, const rt_model *model, rt_buf *buf,
                   const char *text, int *counter)
{
    for (const char *at = text; *at;) {
        const char *past = past_quotes(at);
        if (past != at) {
            rt_buf_put_bytes(buf, at, (size_t)(past - at));
            at = past;
        } else if (*at == '{') {
            at = expand_one(db, model, buf, at, counter);
        } else {
            rt_buf_put_char(buf, *at++);
        }
    }
}

static const rt__model_sql *texts_of(rt_db *db, const rt_model *model)
{
    return rt__model_sql_of(model, rt_db_engine_of(db));
}

static const rt__model_sql *table_of(rt_db *db, const rt_model *model)
{
    const rt__model_sql *sql = texts_of(db, model);
    if (!sql->select)
        rt__db_wrong(db, "%s is no table: the statement must be a whole one",
                     model->name);
    return sql;
}

const char *rt__model_statement(rt_db *db, const rt_model *model,
                                const char *rest)
{
    rt_buf buf;
    rt_buf_init(&buf, rt_db_arena(db));
    if (!rt__sql_is_whole(rest)) {
        const rt__model_sql *sql = table_of(db, model);
        if (!*rest)
            return sql->select;
        rt_buf_put_cstr(&buf, sql->select);
        rt_buf_put_char(&buf, ' ');
    }
    expand(db, model, &buf, rest, NULL);
    return rt_buf_str(&buf).data;
}

static void put_from(rt_db *db, const rt_model *model, rt_buf *buf,
                     const char *what, const char *rest)
{
    rt_buf_put_cstr(buf, what);
    (void)table_of(db, model);
    rt__put_name(buf, rt_db_engine_of(db), model->table);
    rt_buf_put_char(buf, ' ');
    expand(db, model, buf, rest, NULL);
}

// PostgreSQL wants no ORDER BY beside count(*), so the rows stand inside; MariaDB
// wants no two columns of one name there.
const char *rt__model_count_statement(rt_db *db, const rt_model *model,
                                      const char *rest)
{
    rt_buf buf;
    int counter = 0;
    rt_buf_init(&buf, rt_db_arena(db));
    if (rt__sql_is_whole(rest)) {
        rt_buf_put_cstr(&buf, "SELECT count(*) FROM (");
        expand(db, model, &buf, rest,
               rt_db_engine_of(db) == RT_DB_MARIADB ? &counter : NULL);
        rt_buf_put_cstr(&buf, ") AS rt_rows");
    } else if (rt__sql_has_word(rest, "ORDER") ||
               rt__sql_has_word(rest, "GROUP") ||
               rt__sql_has_word(rest, "LIMIT") ||
               rt__sql_has_word(rest, "FETCH")) {
        put_from(db, model, &buf, "SELECT count(*) FROM (SELECT 1 FROM ", rest);
        rt_buf_put_cstr(&buf, ") AS rt_rows");
    } else {
        put_from(db, model, &buf, "SELECT count(*) FROM ", rest);
    }
    return rt_buf_str(&buf).data;
}

// ---- rows ---------------------------------------------------------------------

// Which column each leaf is in.
static const size_t *places(rt_db *db, const rt_model *model,
                            const rt__model_sql *sql, rt_db_cursor *cursor,
                            bool by_name)
{
    const char *const *names;
    size_t n = rt_db_cursor_columns(cursor, &names);
    size_t *place = rt_new(rt_db_arena(db), size_t, sql->n_leaves);

    if (sql->is_nested && n != sql->n_leaves)
        rt__db_wrong(db, "%s has %zu columns, the statement gives %zu",
                     model->name, sql->n_leaves, n);
    for (size_t i = 0; i < sql->n_leaves; i++) {
        place[i] = i;
        if (!by_name || sql->is_nested)
            continue;
        const char *column = rt_field_column(sql->leaves[i].field);
        for (place[i] = 0; place[i] < n; place[i]++)
            if (strcmp(names[place[i]], column) == 0)
                break;
        if (place[i] == n)
            rt__db_wrong(db, "the statement gives no column %s, which %s has",
                         column, model->name);
    }
    return place;
}

static void read_row(rt_db *db, const rt_model *model, const rt__model_sql *sql,
                     const size_t *place, const rt_value *cells, char *row)
{
    memset(row, 0, model->size);
    for (size_t i = 0; i < sql->n_leaves; i++) {
        const rt__leaf *leaf = &sql->leaves[i];
        if (!rt__field_set(rt_db_arena(db), leaf->field, row + leaf->offset,
                           cells[place ? place[i] : i]))
            rt__db_wrong(db, "what is in column %s does not fit %s.%s",
                         rt_field_column(leaf->field), model->name,
                         leaf->field->name);
    }
}

// One row, into a place that the caller has.
static bool run_one(rt_db *db, const rt_model *model, const char *text,
                    bool by_name, const rt_value *values, size_t n, void *out)
{
    const rt__model_sql *sql = texts_of(db, model);
    const rt_value *cells;
    if (!by_name) {
        rt_value rows = rt__db_cells(db, text, values, n);
        if (rt_list_len(rows))
            read_row(db, model, sql, NULL, rt_list_items(rt_list_get(rows, 0)),
                     out);
        return rt_list_len(rows) > 0;
    }
    rt_db_cursor *cursor = rt_db_each_values(db, text, values, n);
    const size_t *place = places(db, model, sql, cursor, by_name);
    bool found = rt_db_next_cells(cursor, &cells);
    if (found) {
        read_row(db, model, sql, place, cells, out);
        rt_db_cursor_close(cursor);
    }
    return found;
}

static size_t run_own(rt_db *db, const rt_model *model, const char *text,
                      const rt_value *values, size_t n, void **out)
{
    const rt__model_sql *sql = texts_of(db, model);
    rt_value list = rt__db_cells(db, text, values, n);
    size_t len = rt_list_len(list);
    char *rows =
        rt_arena_alloc(rt_db_arena(db), rt_arena_times(len, model->size));
    for (size_t i = 0; i < len; i++)
        read_row(db, model, sql, NULL, rt_list_items(rt_list_items(list)[i]),
                 rows + i * model->size);
    *out = rows;
    return len;
}

size_t rt__model_run(rt_db *db, const rt_model *model, const char *text,
                     bool by_name, const rt_value *values, size_t n, size_t max,
                     void **out)
{
    if (!by_name && !max)
        return run_own(db, model, text, values, n, out);
    const rt__model_sql *sql = texts_of(db, model);
    rt_db_cursor *cursor = rt_db_each_values(db, text, values, n);
    const size_t *place =
        by_name ? places(db, model, sql, cursor, by_name) : NULL;
    const rt_value *cells;
    size_t len = 0, cap = 8;
    char *rows = rt_arena_alloc(rt_db_arena(db), cap * model->size);

    while ((!max || len < max) && rt_db_next_cells(cursor, &cells)) {
        if (len == cap) {
            rows = rt_arena_grow(rt_db_arena(db), rows, cap * model->size,
                                 2 * cap * model->size);
            cap *= 2;
        }
        read_row(db, model, sql, place, cells, rows + len++ * model->size);
    }
    if (max && len == max)
        rt_db_cursor_close(cursor);
    *out = rows;
    return len;
}

// ---- the functions --------------------------------------------------------------

bool rt_db_load(rt_db *db, const rt_model *model, void *out,
                const rt_value *key, size_t n)
{
    return run_one(db, model, table_of(db, model)->get, false, key, n, out);
}

RT_NORETURN static void not_found(rt_db *db, const rt_model *model)
{
    if (rt_db_request(db))
        rt_abort(rt_db_request(db), 404);
    rt__db_wrong(db, "there is no such %s", model->name);
}

void rt_db_load_or_404(rt_db *db, const rt_model *model, void *out,
                       const rt_value *key, size_t n)
{
    if (!rt_db_load(db, model, out, key, n))
        not_found(db, model);
}

static const char *limited(rt_db *db, const char *text)
{
    if (rt__sql_has_word(text, "LIMIT") || rt__sql_has_word(text, "FETCH") ||
        rt__sql_has_word(text, "FOR"))
        return text;
    return rt_str_concat(rt_db_arena(db), rt_str_from(text), RT_STR(" LIMIT 1"))
        .data;
}

bool rt_db_load_first(rt_db *db, const rt_model *model, void *out,
                      const char *rest, const rt_value *values, size_t n)
{
    const char *text = limited(db, rt__model_statement(db, model, rest));
    return run_one(db, model, text, rt__sql_is_whole(rest), values, n, out);
}

void rt_db_load_first_or_404(rt_db *db, const rt_model *model, void *out,
                             const char *rest, const rt_value *values, size_t n)
{
    if (!rt_db_load_first(db, model, out, rest, values, n))
        not_found(db, model);
}

size_t rt_db_load_all(rt_db *db, const rt_model *model, void **out,
                      const char *rest, const rt_value *values, size_t n)
{
    return rt__model_run(db, model, rt__model_statement(db, model, rest),
                         rt__sql_is_whole(rest), values, n, 0, out);
}

size_t rt_db_load_sql(const rt_model *model, rt_sql *sql, void **out)
{
    if (sql->wrong)
        rt__db_wrong(sql->db, "%s", sql->wrong);
    return rt_db_load_all(sql->db, model, out, rt_buf_str(&sql->text).data,
                          sql->values, sql->n);
}

int64_t rt_db_count_models(rt_db *db, const rt_model *model, const char *rest,
                           const rt_value *values, size_t n)
{
    return rt_db_scalar_int_values(db,
                                   rt__model_count_statement(db, model, rest),
                                   values, n);
}

bool rt_db_has_models(rt_db *db, const rt_model *model, const char *rest,
                      const rt_value *values, size_t n)
{
    rt_buf buf;
    rt_buf_init(&buf, rt_db_arena(db));
    rt_buf_put_cstr(&buf, "SELECT EXISTS (");
    if (rt__sql_is_whole(rest))
        expand(db, model, &buf, rest, NULL);
    else
        put_from(db, model, &buf, "SELECT 1 FROM ", rest);
    rt_buf_put_char(&buf, ')');
    return rt_value_is_true(
        rt_db_scalar_values(db, rt_buf_str(&buf).data, values, n));
}

// ---- what rows refer to -----------------------------------------------------------

static const rt_field *referred(rt_db *db, const rt_field *field,
                                const rt_model *other)
{
    rt_str column = rt_str_from(field->references);
    if (field->references)
        rt_str_cut(&column, '.');
    const rt_field *found =
        field->references ? rt__model_column(other, column) : NULL;
    for (size_t i = 0; !found && i < other->n_fields; i++)
        if (other->fields[i].primary_key)
            found = &other->fields[i];
    if (!found)
        rt__db_wrong(db, "%s refers to nothing of %s", field->name,
                     other->name);
    return found;
}

// The distinct values, padded to a power of two by the last of them, so that there
// are few different statements.
static size_t distinct(rt_db *db, const rt_model *model, const rt_field *field,
                       const void *rows, size_t n, const rt_value **out)
{
    rt_arena *arena = rt_db_arena(db);
    rt_value seen = rt_dict_new(arena);
    size_t len = 0;
    rt_value *values = rt_new(arena, rt_value, 2 * n + 1);
    for (size_t i = 0; i < n; i++) {
        rt_value v =
            rt__field_param(arena, field, (const char *)rows + i * model->size);
        if (rt_value_is_none(v) || rt_dict_has(seen, v))
            continue;
        if (rt_dict_set(seen, v, RT(true)))
            rt__db_wrong(db, "%s cannot be a reference", field->name);
        values[len++] = v;
    }
    for (; len & (len - 1); len++)
        values[len] = values[len - 1];
    *out = values;
    return len;
}

size_t rt_db_load_related(rt_db *db, const rt_model *model, const void *rows,
                          size_t n, const char *member, const rt_model *other,
                          void **out)
{
    const rt_field *field = rt__model_field(model, rt_str_from(member));
    if (!field)
        rt__db_wrong(db, "%s has no field %s", model->name, member);
    const rt_value *values;
    size_t count = distinct(db, model, field, rows, n, &values);
    *out = NULL;
    if (count == 0)
        return 0;

    rt_db_engine engine = rt_db_engine_of(db);
    rt_buf buf;
    rt_buf_init(&buf, rt_db_arena(db));
    rt_buf_put_cstr(&buf, table_of(db, other)->select);
    rt_buf_put_cstr(&buf, " WHERE ");
    rt__put_name(&buf, engine, rt_field_column(referred(db, field, other)));
    rt_buf_put_cstr(&buf, " IN (");
    for (size_t i = 0; i < count; i++)
        rt_buf_put_cstr(&buf, i ? ", ?" : "?");
    rt_buf_put_char(&buf, ')');
    return rt__model_run(db, other, rt_buf_str(&buf).data, false, values, count,
                         0, out);
}
