// Each difference writes a statement forward and one backward; those backward are
// put together in the opposite order. SQLite, whose ALTER TABLE can do little, gets
// the whole table made anew when more is asked for: the old one is put aside under
// another name, the new one is made and filled from it. The revision runs without
// references being looked after, and is checked at its end (version.c).
#include "compare.h"

#include <string.h>

#include <retort/base/format.h>

#include "schema.h"

typedef struct step {
    rt_str up, down, note;
} step;

typedef struct comparison {
    rt_db *db;
    rt_arena *arena;
    rt_db_engine engine;
    const rt_model *const *models;
    rt__db_schema schema;
    RT_VEC(step) steps;
} comparison;

// ---- small pieces of SQL ----------------------------------------------------------

static rt_str quoted(comparison *c, rt_str name)
{
    rt_buf buf;
    rt_buf_init(&buf, c->arena);
    rt_sql_quote_name(c->engine, &buf, name);
    return rt_buf_str(&buf);
}

// "a, b" with each name quoted.
static rt_str quoted_list(comparison *c, rt_str names)
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

static rt_str column_sql(comparison *c, const rt_field *field, bool inline_keys)
{
    rt_buf buf;
    rt_buf_init(&buf, c->arena);
    rt_field_column_sql(field, c->engine, inline_keys, &buf);
    return rt_buf_str(&buf);
}

static rt_str type_sql(comparison *c, const rt_field *field)
{
    rt_buf buf;
    rt_buf_init(&buf, c->arena);
    rt_field_sql_type(field, c->engine, &buf);
    return rt_buf_str(&buf);
}

static rt_str create_sql(comparison *c, const rt_model *model)
{
    rt_buf buf;
    rt_buf_init(&buf, c->arena);
    rt_model_create_sql(model, c->engine, &buf);
    rt_model_index_sql(model, c->engine, &buf);
    return rt_buf_str(&buf);
}

static void add(comparison *c, rt_str note, rt_str up, rt_str down)
{
    *(step *)rt_vec_push(c->arena, &c->steps) = (step){up, down, note};
}

// ---- names ----------------------------------------------------------------------

static const rt_field *field_of(const rt_model *model, rt_str column)
{
    for (size_t i = 0; i < model->n_fields; i++)
        if (rt_str_eq(rt_str_from(rt_field_column(&model->fields[i])), column))
            return &model->fields[i];
    return NULL;
}

static rt__db_column *column_of(rt__db_table *table, rt_str name)
{
    rt_vec_each(rt__db_column, column, &table->columns)
        if (rt_str_eq(column->name, name))
            return column;
    return NULL;
}

// The column a field had before, where it is still there.
static rt__db_column *renamed_from(rt__db_table *table, const rt_field *field)
{
    if (!field->was || column_of(table, rt_str_from(rt_field_column(field))))
        return NULL;
    return column_of(table, rt_str_from(field->was));
}

// The field that a column of the database is, or becomes.
static const rt_field *field_for(const rt_model *model, rt__db_table *table,
                                 const rt__db_column *column)
{
    const rt_field *found = field_of(model, column->name);
    for (size_t i = 0; !found && i < model->n_fields; i++)
        if (renamed_from(table, &model->fields[i]) == column)
            found = &model->fields[i];
    return found;
}

// The column that is, or becomes, that of a field.
static rt__db_column *column_for(rt__db_table *table, const rt_field *field)
{
    rt__db_column *column =
        column_of(table, rt_str_from(rt_field_column(field)));
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

static bool same_type(comparison *c, const rt_field *field,
                      const rt__db_column *column)
{
    rt_str wanted = plain_type(c->arena, type_sql(c, field));
    rt_str there = plain_type(c->arena, column->type);
    rt_buf a, b; // without blanks: NUMERIC(10, 2) is numeric(10,2)
    rt_buf_init(&a, c->arena);
    rt_buf_init(&b, c->arena);
    for (size_t i = 0; i < wanted.len; i++)
        if (wanted.data[i] != ' ')
            rt_buf_put_char(&a, wanted.data[i]);
    for (size_t i = 0; i < there.len; i++)
        if (there.data[i] != ' ')
            rt_buf_put_char(&b, there.data[i]);
    return rt_str_eq(rt_buf_str(&a), rt_buf_str(&b));
}

// A default without what engines add: casts, parentheses, the case of keywords.
static rt_str plain_default(rt_arena *arena, rt_str sql)
{
    sql = rt_str_trim(sql);
    size_t cast = rt_str_find(sql, RT_STR("::"));
    if (cast < sql.len)
        sql = rt_str_slice(sql, 0, cast);
    while (sql.len > 1 && sql.data[0] == '(' && sql.data[sql.len - 1] == ')')
        sql = rt_str_trim(rt_str_slice(sql, 1, sql.len - 2));
    if (sql.len && sql.data[0] == '\'')
        return sql;
    rt_str lower = rt_str_lower(arena, sql);
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

static bool same_default(comparison *c, const rt_field *field,
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
    return rt_str_eq(plain_default(c->arena, there),
                     plain_default(c->arena,
                                   rt_str_from(field->server_default)));
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
    for (size_t i = 0; i < RT_COUNT(values); i++)
        if (rt_str_starts_with(plain, rt_str_from(values[i][0])))
            return values[i][1];
    return "0";
}

static const char *filler(comparison *c, const rt_field *field)
{
    if (field->server_default)
        return field->server_default;
    if (rt_field_is_nullable(field))
        return "NULL";
    if (field->type == RT_FIELD_JSON)
        return "'null'";
    return empty_value(c->arena, type_sql(c, field));
}

static rt_str old_filler(comparison *c, const rt__db_column *column)
{
    if (column->otherwise.data)
        return column->otherwise;
    return rt_str_from(column->not_null ? empty_value(c->arena, column->type)
                                        : "NULL");
}

// A column of the database as ALTER TABLE ADD COLUMN takes it.
static rt_str old_column_sql(comparison *c, const rt__db_column *column)
{
    rt_str otherwise = RT_STR("");
    if (column->is_counted)
        otherwise = RT_STR(" GENERATED BY DEFAULT AS IDENTITY");
    else if (column->otherwise.data)
        otherwise = rt_format(c->arena, " DEFAULT {}", column->otherwise);
    return rt_format(c->arena, "{} {}{}{}", quoted(c, column->name),
                     column->type, otherwise,
                     column->not_null ? " NOT NULL" : "");
}

// ---- references and indexes ---------------------------------------------------------

static const rt__db_reference *reference_of(rt__db_table *table, rt_str column)
{
    rt_vec_each(rt__db_reference, r, &table->references)
        if (rt_str_eq(r->column, column))
            return r;
    return NULL;
}

static bool same_reference(const rt_field *field, const rt__db_reference *there)
{
    if (!field->references || !there)
        return !field->references == !there;
    rt_str target = rt_str_from(field->references);
    rt_str table = rt_str_cut(&target, '.');
    rt_str rule =
        rt_str_from(field->on_delete ? field->on_delete : "NO ACTION");
    bool same_rule =
        rt_str_eq_nocase(rule, there->on_delete) ||
        // MariaDB says the one for the other.
        (!field->on_delete && rt_str_eq(there->on_delete, RT_STR("RESTRICT")));
    return rt_str_eq(table, there->table) &&
           (!there->to.len || rt_str_eq(target, there->to)) && same_rule;
}

typedef struct wanted_key {
    rt_str name, columns;
    bool unique;
} wanted_key;

static rt_str key_name(comparison *c, const rt_model *model, const char *given,
                       rt_str columns, bool unique)
{
    if (given)
        return rt_str_from(given);
    rt_buf buf;
    rt_buf_init(&buf, c->arena);
    rt_buf_put_cstr(&buf, unique ? "uq_" : "ix_");
    rt_buf_put_cstr(&buf, model->table);
    while (columns.len) {
        rt_buf_put_char(&buf, '_');
        rt_buf_put(&buf, rt_str_trim(rt_str_cut(&columns, ',')));
    }
    return rt_buf_str(&buf);
}

static size_t wanted_keys(comparison *c, const rt_model *model,
                          wanted_key **out)
{
    size_t n = 0;
    wanted_key *keys =
        rt_new(c->arena, wanted_key, model->n_fields * 2 + RT_MODEL_KEYS_MAX);
    for (size_t i = 0; i < model->n_fields; i++) {
        const rt_field *f = &model->fields[i];
        rt_str column = rt_str_from(rt_field_column(f));
        if (f->unique)
            keys[n++] = (wanted_key){key_name(c, model, NULL, column, true),
                                     column, true};
        else if (f->index)
            keys[n++] = (wanted_key){key_name(c, model, NULL, column, false),
                                     column, false};
    }
    for (const rt_model_key *k = model->keys; k && k->columns; k++) {
        rt_str columns = rt_str_from(k->columns);
        keys[n++] =
            (wanted_key){key_name(c, model, k->name, columns, k->unique),
                         columns, k->unique};
    }
    *out = keys;
    return n;
}

static bool same_columns(rt_str a, rt_str b)
{
    while (a.len || b.len)
        if (!rt_str_eq(rt_str_trim(rt_str_cut(&a, ',')),
                       rt_str_trim(rt_str_cut(&b, ','))))
            return false;
    return true;
}

static rt_str create_index(comparison *c, const rt_model *model,
                           const wanted_key *key)
{
    return rt_format(c->arena, "CREATE {}INDEX {} ON {} ({});\n",
                     key->unique ? "UNIQUE " : "", quoted(c, key->name),
                     quoted(c, rt_str_from(model->table)),
                     quoted_list(c, key->columns));
}

static rt_str drop_index(comparison *c, rt_str table, rt_str name,
                         bool constraint)
{
    if (c->engine == RT_DB_MARIADB)
        return rt_format(c->arena, "DROP INDEX {} ON {};\n", quoted(c, name),
                         quoted(c, table));
    if (constraint)
        return rt_format(c->arena, "ALTER TABLE {} DROP CONSTRAINT {};\n",
                         quoted(c, table), quoted(c, name));
    return rt_format(c->arena, "DROP INDEX {};\n", quoted(c, name));
}

// MariaDB makes an index for each reference, which nobody has asked for.
static bool is_for_reference(comparison *c, const rt_model *model,
                             rt__db_table *table, const rt__db_index *index)
{
    rt__db_column *column = column_of(table, index->columns);
    const rt_field *field = column ? field_for(model, table, column) : NULL;
    return c->engine == RT_DB_MARIADB && !index->unique && field &&
           field->references && reference_of(table, column->name);
}

static bool is_wanted(const wanted_key *keys, size_t n,
                      const rt__db_index *index)
{
    for (size_t i = 0; i < n; i++)
        if (keys[i].unique == index->unique &&
            same_columns(keys[i].columns, index->columns))
            return true;
    return false;
}

static bool is_there(rt__db_table *table, const wanted_key *key)
{
    rt_vec_each(rt__db_index, index, &table->indexes)
        if (index->unique == key->unique &&
            same_columns(index->columns, key->columns))
            return true;
    return false;
}

static void drop_indexes(comparison *c, const rt_model *model,
                         rt__db_table *table)
{
    wanted_key *keys;
    size_t n = wanted_keys(c, model, &keys);
    rt_vec_each(rt__db_index, index, &table->indexes) {
        if (is_wanted(keys, n, index) ||
            is_for_reference(c, model, table, index))
            continue;
        wanted_key was = {index->name, index->columns, index->unique};
        add(c, rt_format(c->arena, "- index {}", index->name),
            drop_index(c, table->name, index->name, index->constraint),
            create_index(c, model, &was));
    }
}

static void create_indexes(comparison *c, const rt_model *model,
                           rt__db_table *table)
{
    wanted_key *keys;
    size_t n = wanted_keys(c, model, &keys);
    for (size_t i = 0; i < n; i++)
        if (!is_there(table, &keys[i]))
            add(c, rt_format(c->arena, "+ index {}", keys[i].name),
                create_index(c, model, &keys[i]),
                drop_index(c, table->name, keys[i].name, false));
}

// ---- tables made anew (SQLite) --------------------------------------------------------

#define ASIDE "_rt_aside"

static rt_str copy_up(comparison *c, const rt_model *model, rt__db_table *table)
{
    rt_buf to, from;
    rt_buf_init(&to, c->arena);
    rt_buf_init(&from, c->arena);
    for (size_t i = 0; i < model->n_fields; i++) {
        const rt_field *f = &model->fields[i];
        rt_str name = rt_str_from(rt_field_column(f));
        rt__db_column *old = column_for(table, f);
        rt_buf_put_cstr(&to, i ? ", " : "");
        rt_buf_put(&to, quoted(c, name));
        rt_buf_put_cstr(&from, i ? ", " : "");
        if (!old)
            rt_buf_put_cstr(&from, filler(c, f));
        else if (!old->not_null && !rt_field_is_nullable(f) && !old->is_key)
            rt_buf_put(&from, rt_format(c->arena, "coalesce({}, {})",
                                        quoted(c, old->name), filler(c, f)));
        else
            rt_buf_put(&from, quoted(c, old->name));
    }
    return rt_format(c->arena,
                     "INSERT INTO {} ({})\nSELECT {} FROM " ASIDE ";\n",
                     quoted(c, table->name), rt_buf_str(&to),
                     rt_buf_str(&from));
}

static rt_str copy_down(comparison *c, const rt_model *model,
                        rt__db_table *table, rt_str name)
{
    rt_buf to, from;
    rt_buf_init(&to, c->arena);
    rt_buf_init(&from, c->arena);
    rt_vec_each(rt__db_column, column, &table->columns) {
        const rt_field *f = field_for(model, table, column);
        rt_buf_put_cstr(&to, to.len ? ", " : "");
        rt_buf_put_cstr(&from, from.len ? ", " : "");
        rt_buf_put(&to, quoted(c, column->name));
        if (!f)
            rt_buf_put(&from, old_filler(c, column));
        else if (column->not_null && rt_field_is_nullable(f))
            rt_buf_put(&from,
                       rt_format(c->arena, "coalesce({}, {})",
                                 quoted(c, rt_str_from(rt_field_column(f))),
                                 old_filler(c, column)));
        else
            rt_buf_put(&from, quoted(c, rt_str_from(rt_field_column(f))));
    }
    return rt_format(c->arena,
                     "INSERT INTO {} ({})\nSELECT {} FROM " ASIDE ";\n",
                     quoted(c, name), rt_buf_str(&to), rt_buf_str(&from));
}

static bool is_compared(rt__db_table *table, rt_str index)
{
    rt_vec_each(rt__db_index, i, &table->indexes)
        if (rt_str_eq(i->name, index))
            return true;
    return false;
}

// SQLite: what goes with a table that is dropped, as it was written. With `all`
// its indexes and triggers, without those that models say nothing about.
static rt_str kept_sql(comparison *c, rt__db_table *table, bool all)
{
    rt_buf buf;
    rt_buf_init(&buf, c->arena);
    rt_value name = rt_value_str(table->was.len ? table->was : table->name);
    rt_value rows = rt_db_all_values(
        c->db,
        "SELECT name, sql FROM sqlite_master WHERE tbl_name = ?"
        " AND type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY rowid",
        &name, 1);
    rt_list_each(row, rows) {
        rt_str its = rt_value_as_str(rt_dict_get_str(*row, RT_STR("name")));
        if (!all && (is_compared(table, its) || table->was.len))
            continue;
        rt_buf_put(&buf, rt_value_as_str(rt_dict_get_str(*row, RT_STR("sql"))));
        rt_buf_put_cstr(&buf, ";\n");
    }
    return rt_buf_str(&buf);
}

// Put a table aside, make it, fill it, and give it what belongs to it.
static rt_str rebuild_sql(comparison *c, rt_str from, rt_str create,
                          rt_str copy, rt_str then)
{
    return rt_format(c->arena,
                     "PRAGMA legacy_alter_table = ON;\n"
                     "ALTER TABLE {} RENAME TO " ASIDE ";\n"
                     "PRAGMA legacy_alter_table = OFF;\n"
                     "{}{}DROP TABLE " ASIDE ";\n{}",
                     quoted(c, from), create, copy, then);
}

static void rebuild(comparison *c, const rt_model *model, rt__db_table *table)
{
    rt_str old_name = table->was.len ? table->was : table->name;
    rt_buf create, indexes;
    rt_buf_init(&create, c->arena);
    rt_buf_init(&indexes, c->arena);
    rt_model_create_sql(model, c->engine, &create);
    rt_model_index_sql(model, c->engine, &indexes);
    rt_buf_put(&indexes, kept_sql(c, table, false));
    rt_str back = kept_sql(c, table, true);
    // The step that renames it is taken back after this one.
    if (table->was.len)
        back = rt_format(c->arena, "{}ALTER TABLE {} RENAME TO {};\n", back,
                         quoted(c, table->was), quoted(c, table->name));
    add(c, rt_format(c->arena, "~ table {}, made anew", table->name),
        rebuild_sql(c, table->name, rt_buf_str(&create),
                    copy_up(c, model, table), rt_buf_str(&indexes)),
        rebuild_sql(c, table->name, rt_format(c->arena, "{};\n", table->sql),
                    copy_down(c, model, table, old_name), back));
}

// ---- columns --------------------------------------------------------------------

// Rows that are there need a value, which is no default of the column.
static rt_str add_filled(comparison *c, rt_str table, rt_str name, rt_str sql,
                         rt_str value)
{
    return rt_format(c->arena,
                     "ALTER TABLE {} ADD COLUMN {} DEFAULT {};\n"
                     "ALTER TABLE {} ALTER COLUMN {} DROP DEFAULT;\n",
                     table, sql, value, table, name);
}

static rt_str add_plain(comparison *c, rt_str table, rt_str sql)
{
    return rt_format(c->arena, "ALTER TABLE {} ADD COLUMN {};\n", table, sql);
}

static void add_column(comparison *c, const rt_model *model,
                       const rt_field *field)
{
    rt_str table = quoted(c, rt_str_from(model->table));
    rt_str name = quoted(c, rt_str_from(rt_field_column(field)));
    bool lite = c->engine == RT_DB_SQLITE;
    rt_str sql = column_sql(c, field, lite);
    if (field->check && !lite)
        sql = rt_format(c->arena, "{} CHECK ({})", sql, field->check);
    bool fill = !lite && !rt_field_is_nullable(field) && !field->server_default;
    add(c,
        rt_format(c->arena, "+ column {}.{}", model->table,
                  rt_field_column(field)),
        fill ? add_filled(c, table, name, sql, rt_str_from(filler(c, field)))
             : add_plain(c, table, sql),
        rt_format(c->arena, "ALTER TABLE {} DROP COLUMN {};\n", table, name));
}

static void drop_column(comparison *c, const rt_model *model,
                        rt__db_column *column)
{
    rt_str table = quoted(c, rt_str_from(model->table));
    rt_str name = quoted(c, column->name);
    rt_str sql = old_column_sql(c, column);
    bool fill =
        column->not_null && !column->otherwise.data && !column->is_counted;
    add(c, rt_format(c->arena, "- column {}.{}", model->table, column->name),
        rt_format(c->arena, "ALTER TABLE {} DROP COLUMN {};\n", table, name),
        fill ? add_filled(c, table, name, sql, old_filler(c, column))
             : add_plain(c, table, sql));
}

static void rename_column(comparison *c, const rt_model *model, rt_str from,
                          rt_str to)
{
    rt_str table = quoted(c, rt_str_from(model->table));
    static const char sql[] = "ALTER TABLE {} RENAME COLUMN {} TO {};\n";
    rt_value a = rt_value_str(quoted(c, from)), b = rt_value_str(quoted(c, to));
    add(c,
        rt_format(c->arena, "~ column {}.{}, was {}", model->table, to, from),
        rt_format_values(c->arena, sql, (rt_value[]){rt_value_str(table), a, b},
                         3),
        rt_format_values(c->arena, sql, (rt_value[]){rt_value_str(table), b, a},
                         3));
}

// Before a column may no longer be NULL.
static rt_str fill_sql(comparison *c, rt_str table, rt_str name, rt_str value)
{
    return rt_format(c->arena, "UPDATE {} SET {} = {} WHERE {} IS NULL;\n",
                     table, name, value, name);
}

// PostgreSQL changes one property at a time, MariaDB a whole column.
static void change_column(comparison *c, const rt_model *model,
                          const rt_field *field, rt__db_column *column,
                          bool type, bool null, bool otherwise)
{
    rt_str table = quoted(c, rt_str_from(model->table));
    rt_str name = quoted(c, rt_str_from(rt_field_column(field)));
    rt_str note =
        rt_format(c->arena, "~ column {}.{}:{}{}{}", model->table,
                  rt_field_column(field), type ? " type" : "",
                  null ? " nullable" : "", otherwise ? " default" : "");
    rt_str fill_up = RT_STR(""), fill_down = RT_STR("");
    if (null && !rt_field_is_nullable(field))
        fill_up = fill_sql(c, table, name, rt_str_from(filler(c, field)));
    else if (null)
        fill_down = fill_sql(c, table, name, old_filler(c, column));
    if (c->engine == RT_DB_MARIADB) {
        rt__db_column old = *column;
        old.name = rt_str_from(rt_field_column(field));
        add(c, note,
            rt_format(c->arena, "{}ALTER TABLE {} MODIFY COLUMN {};\n", fill_up,
                      table, column_sql(c, field, false)),
            rt_format(c->arena, "{}ALTER TABLE {} MODIFY COLUMN {};\n",
                      fill_down, table, old_column_sql(c, &old)));
        return;
    }
    rt_str alter =
        rt_format(c->arena, "ALTER TABLE {} ALTER COLUMN {} ", table, name);
    if (type)
        add(c, note,
            rt_format(c->arena, "{}TYPE {} USING {}::{};\n", alter,
                      type_sql(c, field), name, type_sql(c, field)),
            rt_format(c->arena, "{}TYPE {} USING {}::{};\n", alter,
                      column->type, name, column->type));
    rt_str set =
        rt_format(c->arena, "{}{}{}SET NOT NULL;\n", fill_up, fill_down, alter);
    rt_str unset = rt_format(c->arena, "{}DROP NOT NULL;\n", alter);
    if (null && !rt_field_is_nullable(field))
        add(c, note, set, unset);
    else if (null)
        add(c, note, unset, set);
    if (otherwise) {
        rt_str drop = rt_format(c->arena, "{}DROP DEFAULT;\n", alter);
        add(c, note,
            field->server_default ? rt_format(c->arena, "{}SET DEFAULT {};\n",
                                              alter, field->server_default)
                                  : drop,
            column->otherwise.data ? rt_format(c->arena, "{}SET DEFAULT {};\n",
                                               alter, column->otherwise)
                                   : drop);
    }
}

static rt_str reference_sql(comparison *c, rt_str table, rt_str name,
                            rt_str column, rt_str to_table, rt_str to,
                            rt_str rule)
{
    return rt_format(c->arena,
                     "ALTER TABLE {} ADD CONSTRAINT {} FOREIGN KEY ({})"
                     " REFERENCES {} ({}) ON DELETE {};\n",
                     quoted(c, table), quoted(c, name), quoted(c, column),
                     quoted(c, to_table), quoted(c, to), rule);
}

static rt_str drop_reference(comparison *c, rt_str table, rt_str name)
{
    return rt_format(c->arena, "ALTER TABLE {} DROP {} {};\n", quoted(c, table),
                     c->engine == RT_DB_MARIADB ? "FOREIGN KEY" : "CONSTRAINT",
                     quoted(c, name));
}

static void drop_references(comparison *c, const rt_model *model,
                            rt__db_table *table)
{
    rt_vec_each(rt__db_reference, r, &table->references) {
        rt__db_column *column = column_of(table, r->column);
        const rt_field *f = column ? field_for(model, table, column) : NULL;
        if (f && same_reference(f, r))
            continue;
        add(c, rt_format(c->arena, "- reference {}.{}", table->name, r->column),
            drop_reference(c, table->name, r->name),
            reference_sql(c, table->name, r->name, r->column, r->table, r->to,
                          r->on_delete));
    }
}

static void add_reference(comparison *c, rt_str table, const rt_field *field)
{
    rt_str column = rt_str_from(rt_field_column(field));
    rt_str to = rt_str_from(field->references);
    rt_str to_table = rt_str_cut(&to, '.');
    rt_str name = rt_format(c->arena, "fk_{}_{}_{}", table, column, to_table);
    rt_str rule =
        rt_str_from(field->on_delete ? field->on_delete : "NO ACTION");
    if (field->on_update)
        rule = rt_format(c->arena, "{} ON UPDATE {}", rule, field->on_update);
    add(c, rt_format(c->arena, "+ reference {}.{}", table, column),
        reference_sql(c, table, name, column, to_table, to, rule),
        drop_reference(c, table, name));
}

static void add_references(comparison *c, const rt_model *model,
                           rt__db_table *table)
{
    for (size_t i = 0; i < model->n_fields; i++) {
        const rt_field *f = &model->fields[i];
        rt__db_column *column = column_for(table, f);
        if (f->references &&
            !(column && same_reference(f, reference_of(table, column->name))))
            add_reference(c, table->name, f);
    }
}

typedef struct column_change {
    bool type, null, otherwise, reference;
} column_change;

static column_change change_of(comparison *c, const rt_field *field,
                               rt__db_table *table, rt__db_column *column)
{
    return (column_change){
        .type = !same_type(c, field, column),
        .null = !field->primary_key &&
                column->not_null == rt_field_is_nullable(field),
        .otherwise = !same_default(c, field, column),
        .reference = !same_reference(field, reference_of(table, column->name))};
}

// Whether SQLite can do it without making the table anew: what is added may be
// NULL or has a constant default, and nothing is dropped or changed.
static bool must_rebuild(comparison *c, const rt_model *model,
                         rt__db_table *table)
{
    if (c->engine != RT_DB_SQLITE)
        return false;
    for (size_t i = 0; i < model->n_fields; i++) {
        const rt_field *f = &model->fields[i];
        rt__db_column *column = column_for(table, f);
        if (!column) {
            bool constant = f->server_default && !f->references &&
                            f->server_default[0] != '(' &&
                            !strstr(f->server_default, "CURRENT");
            if (f->primary_key || f->check ||
                !(rt_field_is_nullable(f) ? !f->server_default || constant
                                          : constant))
                return true;
            continue;
        }
        column_change change = change_of(c, f, table, column);
        if (change.type || change.null || change.otherwise || change.reference)
            return true;
    }
    rt_vec_each(rt__db_column, column, &table->columns)
        if (!field_for(model, table, column))
            return true;
    wanted_key *keys;
    size_t n = wanted_keys(c, model, &keys);
    rt_vec_each(rt__db_index, index, &table->indexes)
        if (index->constraint && !is_wanted(keys, n, index))
            return true;
    return false;
}

static void compare_columns(comparison *c, const rt_model *model,
                            rt__db_table *table)
{
    for (size_t i = 0; i < model->n_fields; i++) {
        const rt_field *f = &model->fields[i];
        rt_str name = rt_str_from(rt_field_column(f));
        rt__db_column *column = column_for(table, f);
        if (!column) {
            add_column(c, model, f);
            continue;
        }
        if (!rt_str_eq(column->name, name))
            rename_column(c, model, column->name, name);
        column_change change = change_of(c, f, table, column);
        if (change.type || change.null || change.otherwise)
            change_column(c, model, f, column, change.type, change.null,
                          change.otherwise);
    }
    rt_vec_each(rt__db_column, column, &table->columns)
        if (!field_for(model, table, column))
            drop_column(c, model, column);
}

// ---- tables ---------------------------------------------------------------------

static const rt_model *model_of(comparison *c, rt_str table)
{
    for (const rt_model *const *m = c->models; *m; m++)
        if ((*m)->table &&
            (rt_str_eq(rt_str_from((*m)->table), table) ||
             ((*m)->was && rt_str_eq(rt_str_from((*m)->was), table))))
            return *m;
    return NULL;
}

// The engines let references follow a table that is renamed.
static void rename_references(comparison *c, rt_str from, rt_str to)
{
    rt_vec_each(rt__db_table, table, &c->schema.tables)
        rt_vec_each(rt__db_reference, r, &table->references)
            if (rt_str_eq(r->table, from))
                r->table = to;
}

static rt__db_table *find_table(comparison *c, const rt_model *model)
{
    rt_str name = rt_str_from(model->table);
    rt__db_table *table = rt__schema_find(&c->schema, name);
    if (table || !model->was)
        return table;
    table = rt__schema_find(&c->schema, rt_str_from(model->was));
    if (table) {
        static const char sql[] = "ALTER TABLE {} RENAME TO {};\n";
        rt_value from = rt_value_str(quoted(c, table->name));
        rt_value to = rt_value_str(quoted(c, name));
        add(c, rt_format(c->arena, "~ table {}, was {}", name, table->name),
            rt_format_values(c->arena, sql, (rt_value[]){from, to}, 2),
            rt_format_values(c->arena, sql, (rt_value[]){to, from}, 2));
        rename_references(c, table->name, name);
        table->was = table->name;
        table->name = name;
    }
    return table;
}

// The table of a model is made after those it refers to.
static void create_table(comparison *c, const rt_model *model,
                         const rt_model **made, size_t *n_made)
{
    for (size_t i = 0; i < *n_made; i++)
        if (made[i] == model)
            return;
    made[(*n_made)++] = model;
    for (size_t i = 0; i < model->n_fields; i++) {
        if (!model->fields[i].references)
            continue;
        rt_str to = rt_str_from(model->fields[i].references);
        rt_str table = rt_str_cut(&to, '.');
        const rt_model *other = model_of(c, table);
        if (other && !find_table(c, other))
            create_table(c, other, made, n_made);
    }
    add(c, rt_format(c->arena, "+ table {}", model->table),
        create_sql(c, model),
        rt_format(c->arena, "DROP TABLE {};\n",
                  quoted(c, rt_str_from(model->table))));
}

static rt_str show_create(comparison *c, rt_str table)
{
    rt_sql sql = rt_sql_new(c->db, "SHOW CREATE TABLE ");
    rt_sql_add_name(&sql, rt_str_copy(c->arena, table).data);
    rt_value row = rt_sql_one(&sql);
    return rt_format(c->arena, "{};\n",
                     rt_dict_get_str(row, RT_STR("Create Table")));
}

static void put_parts(comparison *c, rt_buf *buf, rt__db_table *table)
{
    rt_buf keys;
    rt_buf_init(&keys, c->arena);
    rt_vec_each(rt__db_column, column, &table->columns) {
        rt_buf_put(buf,
                   rt_format(c->arena, "    {},\n", old_column_sql(c, column)));
        if (!column->is_key)
            continue;
        rt_buf_put_cstr(&keys, keys.len ? ", " : "");
        rt_buf_put(&keys, quoted(c, column->name));
    }
    rt_vec_each(rt__db_reference, r, &table->references)
        rt_buf_put(buf,
                   rt_format(c->arena,
                             "    CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {}"
                             " ({}) ON DELETE {},\n",
                             quoted(c, r->name), quoted(c, r->column),
                             quoted(c, r->table), quoted(c, r->to),
                             r->on_delete));
    if (keys.len)
        rt_buf_put(buf, rt_format(c->arena, "    PRIMARY KEY ({}),\n",
                                  rt_buf_str(&keys)));
}

// The table as it is, for the way back.
static rt_str recreate_sql(comparison *c, rt__db_table *table)
{
    if (c->engine == RT_DB_MARIADB)
        return show_create(c, table->name);
    if (c->engine == RT_DB_SQLITE)
        return rt_format(c->arena, "{};\n{}", table->sql,
                         kept_sql(c, table, true));
    rt_model bare = {.table = rt_str_copy(c->arena, table->name).data};
    rt_buf buf;
    rt_buf_init(&buf, c->arena);
    rt_buf_put(&buf, rt_format(c->arena, "CREATE TABLE {} (\n",
                               quoted(c, table->name)));
    put_parts(c, &buf, table);
    buf.len -= 2; // the last comma
    rt_buf_put_cstr(&buf, "\n);\n");
    rt_vec_each(rt__db_index, index, &table->indexes) {
        wanted_key key = {index->name, index->columns, index->unique};
        rt_buf_put(&buf, create_index(c, &bare, &key));
    }
    return rt_buf_str(&buf);
}

static bool refers_to(const rt__db_table *table, rt_str to)
{
    rt_vec_each(rt__db_reference, r, &table->references)
        if (rt_str_eq(r->table, to))
            return true;
    return false;
}

static bool is_referred_to(comparison *c, const bool *goes, size_t table)
{
    for (size_t i = 0; i < c->schema.tables.len; i++)
        if (goes[i] && i != table &&
            refers_to(&c->schema.tables.items[i],
                      c->schema.tables.items[table].name))
            return true;
    return false;
}

static void drop_table(comparison *c, rt__db_table *table)
{
    add(c, rt_format(c->arena, "- table {}", table->name),
        rt_format(c->arena, "DROP TABLE {};\n", quoted(c, table->name)),
        recreate_sql(c, table));
}

// Those that refer to others go before them.
static void drop_tables(comparison *c)
{
    size_t n = c->schema.tables.len, left = 0;
    rt__db_table *tables = c->schema.tables.items;
    bool *goes = rt_new(c->arena, bool, n + 1);
    for (size_t i = 0; i < n; i++)
        left += goes[i] = !model_of(c, tables[i].name);
    for (bool ring = false; left;) {
        size_t before = left;
        for (size_t i = 0; i < n; i++) {
            if (!goes[i] || (!ring && is_referred_to(c, goes, i)))
                continue;
            goes[i] = false;
            left--;
            drop_table(c, &tables[i]);
        }
        ring = left == before;
    }
}

// A column that went and one of the same type that came may be one that was
// renamed, which nobody can know.
static void hint_renames(comparison *c, const rt_model *model,
                         rt__db_table *table, rt_buf *notes)
{
    rt_vec_each(rt__db_column, column, &table->columns) {
        if (field_for(model, table, column))
            continue;
        for (size_t i = 0; i < model->n_fields; i++) {
            const rt_field *f = &model->fields[i];
            if (!column_for(table, f) && same_type(c, f, column))
                rt_buf_put(notes,
                           rt_format(c->arena,
                                     "  {}.{} goes and {} comes: if it was "
                                     "renamed, say .was = \"{}\"\n",
                                     table->name, column->name,
                                     rt_field_column(f), column->name));
        }
    }
}

static void compare_model(comparison *c, const rt_model *model,
                          rt__db_table *table, rt_buf *notes)
{
    hint_renames(c, model, table, notes);
    if (must_rebuild(c, model, table)) {
        rebuild(c, model, table);
        return;
    }
    bool lite = c->engine == RT_DB_SQLITE; // else the table were made anew
    if (!lite)
        drop_references(c, model, table);
    drop_indexes(c, model, table);
    compare_columns(c, model, table);
    create_indexes(c, model, table);
    if (!lite)
        add_references(c, model, table);
}

void rt__models_compare(rt_db *db, const rt_model *const *models, bool drop,
                        rt__difference *out)
{
    comparison c = {.db = db,
                    .arena = rt_db_arena(db),
                    .engine = rt_db_engine_of(db),
                    .models = models};
    rt__schema_read(db, &c.schema);
    size_t n_models = 0, n_made = 0;
    while (models[n_models])
        n_models++;
    const rt_model **made = rt_new(c.arena, const rt_model *, n_models + 1);
    // New tables first, as columns of others may refer to them.
    for (const rt_model *const *m = models; *m; m++)
        if ((*m)->table && !find_table(&c, *m))
            create_table(&c, *m, made, &n_made);
    for (const rt_model *const *m = models; *m; m++) {
        rt__db_table *table = (*m)->table ? find_table(&c, *m) : NULL;
        if (table)
            compare_model(&c, *m, table, &out->notes);
    }
    if (drop)
        drop_tables(&c);
    for (size_t i = 0; i < c.steps.len; i++) {
        if (c.steps.items[i].note.len)
            rt_buf_put(&out->notes,
                       rt_format(c.arena, "{}\n", c.steps.items[i].note));
        rt_buf_put(&out->up, c.steps.items[i].up);
        rt_buf_put(&out->down, c.steps.items[c.steps.len - 1 - i].down);
    }
    out->count = c.steps.len;
}
