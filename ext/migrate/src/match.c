// What of a model is what of the database, and whether the two are the same; the
// pieces of SQL that steps are made of.
#include <assert.h>
#include <string.h>

#include <retort/base/format.h>

#include "difference.h"

// ---- small pieces of SQL ----------------------------------------------------------

rt_str rt__diff_quoted(rt__comparison *c, rt_str name)
{
    rt_buf buf;
    rt_buf_init(&buf, c->arena);
    rt_sql_quote_name(c->engine, &buf, name);
    return rt_buf_str(&buf);
}

rt_str rt__diff_quoted_list(rt__comparison *c, rt_str names)
{
    rt_buf buf;
    rt_buf_init(&buf, c->arena);
    while (names.len) {
        rt_sql_quote_name(c->engine, &buf,
                          rt_str_trim(rt_str_cut(&names, ',')));
        rt_buf_put_cstr(&buf, names.len ? ", " : "");
    }
    return rt_buf_str(&buf);
}

rt_str rt__diff_column_sql(rt__comparison *c, const rt_field *field,
                           bool inline_keys)
{
    rt_buf buf;
    rt_buf_init(&buf, c->arena);
    rt_field_column_sql(field, c->engine, inline_keys, &buf);
    return rt_buf_str(&buf);
}

rt_str rt__diff_type_sql(rt__comparison *c, const rt_field *field)
{
    rt_buf buf;
    rt_buf_init(&buf, c->arena);
    rt_field_sql_type(field, c->engine, &buf);
    return rt_buf_str(&buf);
}

rt_str rt__diff_create_sql(rt__comparison *c, const rt_model *model)
{
    rt_buf buf;
    rt_buf_init(&buf, c->arena);
    rt_model_create_sql(model, c->engine, &buf);
    rt_model_index_sql(model, c->engine, &buf);
    return rt_buf_str(&buf);
}

void rt__diff_add(rt__comparison *c, rt_str note, rt_str up, rt_str down)
{
    *(rt__step *)rt_vec_push(c->arena, &c->steps) = (rt__step){up, down, note};
}

// ---- names ----------------------------------------------------------------------

static const rt_field *field_of(const rt_model *model, rt_str column)
{
    for (size_t i = 0; i < model->n_fields; i++) {
        if (rt_str_eq(rt_str_from(rt_field_column(&model->fields[i])), column))
            return &model->fields[i];
    }
    return NULL;
}

rt__db_column *rt__diff_column_of(rt__db_table *table, rt_str name)
{
    rt_vec_each(rt__db_column, column, &table->columns)
        if (rt_str_eq(column->name, name))
            return column;
    return NULL;
}

// The column a field had before, where it is still there.
static rt__db_column *renamed_from(rt__db_table *table, const rt_field *field)
{
    assert(field);
    if (!field->was ||
        rt__diff_column_of(table, rt_str_from(rt_field_column(field))))
        return NULL;
    return rt__diff_column_of(table, rt_str_from(field->was));
}

const rt_field *rt__diff_field_for(const rt_model *model, rt__db_table *table,
                                   const rt__db_column *column)
{
    const rt_field *found = field_of(model, column->name);
    for (size_t i = 0; !found && i < model->n_fields; i++) {
        if (renamed_from(table, &model->fields[i]) == column)
            found = &model->fields[i];
    }
    return found;
}

rt__db_column *rt__diff_column_for(rt__db_table *table, const rt_field *field)
{
    rt__db_column *column =
        rt__diff_column_of(table, rt_str_from(rt_field_column(field)));
    return column ? column : renamed_from(table, field);
}

// ---- types and defaults -------------------------------------------------------------

// One spelling for what the engines and people call one type.
static rt_str plain_type(rt_arena *arena, rt_str type)
{
    static const char *const same[][2] = {
        {"character varying", "varchar"},
        {"timestamp with time zone", "timestamptz"},
        {"timestamp without time zone", "timestamp"},
        {"double precision", "double"},
        {"float8", "double"},
        {"bigserial", "bigint"},
        {"int8", "bigint"},
        {"serial", "integer"},
        {"int4", "integer"},
        {"bool", "boolean"},
        {"tinyint(1)", "boolean"},
        {"bigint(20)", "bigint"},
        {"int(11)", "integer"},
        {"int", "integer"},
        {"json", "longtext"},
        {"decimal", "numeric"},
    };
    rt_str lower = rt_str_lower(arena, rt_str_trim(type));
    for (size_t i = 0; i < RT_COUNT(same); i++) {
        rt_str from = rt_str_from(same[i][0]);
        if (!rt_str_starts_with(lower, from) ||
            (lower.len > from.len && rt_is_alpha(lower.data[from.len])))
            continue;
        if (lower.len > from.len && lower.data[from.len] == '(' &&
            strcmp(same[i][0], "int") == 0)
            continue;
        return rt_str_concat(arena, rt_str_from(same[i][1]),
                             rt_str_slice(lower, from.len, lower.len));
    }
    return lower;
}

bool rt__diff_same_type(rt__comparison *c, const rt_field *field,
                        const rt__db_column *column)
{
    rt_str wanted = plain_type(c->arena, rt__diff_type_sql(c, field));
    rt_str there = plain_type(c->arena, column->type);
    rt_buf a, b; // without blanks: NUMERIC(10, 2) is numeric(10,2)
    rt_buf_init(&a, c->arena);
    rt_buf_init(&b, c->arena);
    for (size_t i = 0; i < wanted.len; i++) {
        if (wanted.data[i] != ' ')
            rt_buf_put_char(&a, wanted.data[i]);
    }
    for (size_t i = 0; i < there.len; i++) {
        if (there.data[i] != ' ')
            rt_buf_put_char(&b, there.data[i]);
    }
    return rt_str_eq(rt_buf_str(&a), rt_buf_str(&b));
}

// What a literal says, after a quote; MariaDB writes \' for '' in it.
static rt_str plain_text(rt__comparison *c, rt_str sql)
{
    rt_buf text;
    rt_buf_init(&text, c->arena);
    rt_buf_put_char(&text, '\'');
    for (size_t i = 1; i < sql.len; i++) {
        bool escapes = sql.data[i] == '\'' ||
                       (sql.data[i] == '\\' && c->engine == RT_DB_MARIADB);
        bool more = i + 1 < sql.len &&
                    (sql.data[i + 1] == '\'' || sql.data[i + 1] == '\\');
        if (escapes && more)
            i++;
        else if (sql.data[i] == '\'')
            break; // a cast may follow
        rt_buf_put_char(&text, sql.data[i]);
    }
    return rt_buf_str(&text);
}

// A default without what engines add: casts, parentheses, the case of keywords.
static rt_str plain_default(rt__comparison *c, rt_str sql)
{
    sql = rt_str_trim(sql);
    if (sql.len && sql.data[0] == '\'')
        return plain_text(c, sql);
    size_t cast = rt_str_find(sql, RT_STR("::"));
    if (cast < sql.len)
        sql = rt_str_slice(sql, 0, cast);
    while (sql.len > 1 && sql.data[0] == '(' && sql.data[sql.len - 1] == ')')
        sql = rt_str_trim(rt_str_slice(sql, 1, sql.len - 2));
    if (sql.len && sql.data[0] == '\'')
        return plain_text(c, sql);
    rt_str lower = rt_str_lower(c->arena, sql);
    if (rt_str_ends_with(lower, RT_STR("()")))
        lower.len -= 2;
    if (rt_str_starts_with(lower, RT_STR("current_timestamp")) ||
        rt_str_eq(lower, RT_STR("now")))
        return RT_STR("current_timestamp");
    if (rt_str_eq(lower, RT_STR("true")))
        return RT_STR("1");
    if (rt_str_eq(lower, RT_STR("false")))
        return RT_STR("0");
    return lower;
}

bool rt__diff_same_default(rt__comparison *c, const rt_field *field,
                           const rt__db_column *column)
{
    rt_str there = column->otherwise;
    // What makes keys is no default of the model's; MariaDB writes NULL.
    if (field->primary_key || rt_str_starts_with(there, RT_STR("nextval(")))
        return true;
    if (rt_str_eq_nocase(there, RT_STR("NULL")))
        there = (rt_str){0};
    if (!field->server_default || !there.data)
        return !field->server_default == !there.data;
    return rt_str_eq(plain_default(c, there),
                     plain_default(c, rt_str_from(field->server_default)));
}

// What a column holds in rows that had none, in a way all engines read.
static const char *empty_value(rt_arena *arena, rt_str type)
{
    static const char *const values[][2] = {
        {"json", "'null'"},
        {"varchar", "''"},
        {"char", "''"},
        {"text", "''"},
        {"longtext", "''"},
        {"mediumtext", "''"},
        {"tinytext", "''"},
        {"bool", "false"},
        {"timestamp", "CURRENT_TIMESTAMP"},
        {"datetime", "CURRENT_TIMESTAMP"},
        {"date", "CURRENT_DATE"},
        {"time", "'00:00:00'"},
        {"bytea", "''"},
        {"binary", "''"},
        {"varbinary", "''"},
        {"blob", "x''"},
        {"longblob", "x''"},
        {"uuid", "'00000000-0000-0000-0000-000000000000'"},
    };
    if (rt_str_starts_with(rt_str_lower(arena, type), RT_STR("json")))
        return values[0][1];
    rt_str plain = plain_type(arena, type);
    for (size_t i = 0; i < RT_COUNT(values); i++) {
        if (rt_str_starts_with(plain, rt_str_from(values[i][0])))
            return values[i][1];
    }
    return "0";
}

const char *rt__diff_filler(rt__comparison *c, const rt_field *field)
{
    if (field->server_default)
        return field->server_default;
    if (rt_field_is_nullable(field))
        return "NULL";
    if (field->type == RT_FIELD_JSON)
        return "'null'";
    return empty_value(c->arena, rt__diff_type_sql(c, field));
}

rt_str rt__diff_old_filler(rt__comparison *c, const rt__db_column *column)
{
    if (column->otherwise.data)
        return column->otherwise;
    return rt_str_from(column->not_null ? empty_value(c->arena, column->type)
                                        : "NULL");
}

rt_str rt__diff_old_column_sql(rt__comparison *c, const rt__db_column *column)
{
    rt_str otherwise = RT_STR("");
    if (column->is_counted) {
        otherwise = RT_STR(" GENERATED BY DEFAULT AS IDENTITY");
    } else if (column->otherwise.data) {
        otherwise = rt_format(c->arena, " DEFAULT {}", column->otherwise);
    }
    return rt_format(c->arena, "{} {}{}{}", rt__diff_quoted(c, column->name),
                     column->type, otherwise,
                     column->not_null ? " NOT NULL" : "");
}
