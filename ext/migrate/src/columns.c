#include <string.h>

#include <retort/base/format.h>

#include "difference.h"

// Rows that are there need a value, which is no default of the column.
static rt_str add_filled(rt__comparison *c, rt_str table, rt_str name,
                         rt_str sql, rt_str value)
{
    return rt_format(c->arena,
                     "ALTER TABLE {} ADD COLUMN {} DEFAULT {};\n"
                     "ALTER TABLE {} ALTER COLUMN {} DROP DEFAULT;\n",
                     table, sql, value, table, name);
}

static rt_str add_plain(rt__comparison *c, rt_str table, rt_str sql)
{
    return rt_format(c->arena, "ALTER TABLE {} ADD COLUMN {};\n", table, sql);
}

static void add_column(rt__comparison *c, const rt_model *model,
                       const rt_field *field)
{
    rt_str table = rt__diff_quoted(c, rt_str_from(model->table));
    rt_str name = rt__diff_quoted(c, rt_str_from(rt_field_column(field)));
    bool lite = c->engine == RT_DB_SQLITE;
    rt_str sql = rt__diff_column_sql(c, field, lite);
    if (field->check && !lite)
        sql = rt_format(c->arena, "{} CHECK ({})", sql, field->check);
    bool fill = !lite && !rt_field_is_nullable(field) && !field->server_default;
    rt__diff_add(c,
                 rt_format(c->arena, "+ column {}.{}", model->table,
                           rt_field_column(field)),
                 fill ? add_filled(c, table, name, sql,
                                   rt_str_from(rt__diff_filler(c, field)))
                      : add_plain(c, table, sql),
                 rt_format(c->arena, "ALTER TABLE {} DROP COLUMN {};\n", table,
                           name));
}

static void drop_column(rt__comparison *c, const rt_model *model,
                        rt__db_column *column)
{
    rt_str table = rt__diff_quoted(c, rt_str_from(model->table));
    rt_str name = rt__diff_quoted(c, column->name);
    rt_str sql = rt__diff_old_column_sql(c, column);
    bool fill =
        column->not_null && !column->otherwise.data && !column->is_counted;
    rt__diff_add(
        c, rt_format(c->arena, "- column {}.{}", model->table, column->name),
        rt_format(c->arena, "ALTER TABLE {} DROP COLUMN {};\n", table, name),
        fill ? add_filled(c, table, name, sql, rt__diff_old_filler(c, column))
             : add_plain(c, table, sql));
}

static void rename_column(rt__comparison *c, const rt_model *model, rt_str from,
                          rt_str to)
{
    rt_str table = rt__diff_quoted(c, rt_str_from(model->table));
    static const char sql[] = "ALTER TABLE {} RENAME COLUMN {} TO {};\n";
    rt_value a = rt_value_str(rt__diff_quoted(c, from)),
             b = rt_value_str(rt__diff_quoted(c, to));
    rt__diff_add(c,
                 rt_format(c->arena, "~ column {}.{}, was {}", model->table, to,
                           from),
                 rt_format_values(c->arena, sql,
                                  (rt_value[]){rt_value_str(table), a, b}, 3),
                 rt_format_values(c->arena, sql,
                                  (rt_value[]){rt_value_str(table), b, a}, 3));
}

// Before a column may no longer be NULL.
static rt_str fill_sql(rt__comparison *c, rt_str table, rt_str name,
                       rt_str value)
{
    return rt_format(c->arena, "UPDATE {} SET {} = {} WHERE {} IS NULL;\n",
                     table, name, value, name);
}

// PostgreSQL changes one property at a time, MariaDB a whole column.
static void change_column(rt__comparison *c, const rt_model *model,
                          const rt_field *field, rt__db_column *column,
                          bool type, bool null, bool otherwise)
{
    rt_str table = rt__diff_quoted(c, rt_str_from(model->table));
    rt_str name = rt__diff_quoted(c, rt_str_from(rt_field_column(field)));
    rt_str note =
        rt_format(c->arena, "~ column {}.{}:{}{}{}", model->table,
                  rt_field_column(field), type ? " type" : "",
                  null ? " nullable" : "", otherwise ? " default" : "");
    rt_str fill_up = RT_STR(""), fill_down = RT_STR("");
    if (null && !rt_field_is_nullable(field)) {
        fill_up =
            fill_sql(c, table, name, rt_str_from(rt__diff_filler(c, field)));
    } else if (null) {
        fill_down = fill_sql(c, table, name, rt__diff_old_filler(c, column));
    }
    if (c->engine == RT_DB_MARIADB) {
        rt__db_column old = *column;
        old.name = rt_str_from(rt_field_column(field));
        rt__diff_add(
            c, note,
            rt_format(c->arena, "{}ALTER TABLE {} MODIFY COLUMN {};\n", fill_up,
                      table, rt__diff_column_sql(c, field, false)),
            rt_format(c->arena, "{}ALTER TABLE {} MODIFY COLUMN {};\n",
                      fill_down, table, rt__diff_old_column_sql(c, &old)));
        return;
    }
    rt_str alter =
        rt_format(c->arena, "ALTER TABLE {} ALTER COLUMN {} ", table, name);
    if (type) {
        rt__diff_add(c, note,
                     rt_format(c->arena, "{}TYPE {} USING {}::{};\n", alter,
                               rt__diff_type_sql(c, field), name,
                               rt__diff_type_sql(c, field)),
                     rt_format(c->arena, "{}TYPE {} USING {}::{};\n", alter,
                               column->type, name, column->type));
    }
    rt_str set =
        rt_format(c->arena, "{}{}{}SET NOT NULL;\n", fill_up, fill_down, alter);
    rt_str unset = rt_format(c->arena, "{}DROP NOT NULL;\n", alter);
    if (null && !rt_field_is_nullable(field)) {
        rt__diff_add(c, note, set, unset);
    } else if (null) {
        rt__diff_add(c, note, unset, set);
    }
    if (otherwise) {
        rt_str drop = rt_format(c->arena, "{}DROP DEFAULT;\n", alter);
        rt__diff_add(c, note,
                     field->server_default
                         ? rt_format(c->arena, "{}SET DEFAULT {};\n", alter,
                                     field->server_default)
                         : drop,
                     column->otherwise.data
                         ? rt_format(c->arena, "{}SET DEFAULT {};\n", alter,
                                     column->otherwise)
                         : drop);
    }
}

typedef struct column_change {
    bool type, null, otherwise, reference;
} column_change;

static column_change change_of(rt__comparison *c, const rt_field *field,
                               rt__db_table *table, rt__db_column *column)
{
    return (
        column_change){.type = !rt__diff_same_type(c, field, column),
                       .null = !field->primary_key &&
                               column->not_null == rt_field_is_nullable(field),
                       .otherwise = !rt__diff_same_default(c, field, column),
                       .reference = !rt__diff_same_reference(
                           field, rt__diff_reference_of(table, column->name))};
}

bool rt__diff_must_rebuild(rt__comparison *c, const rt_model *model,
                           rt__db_table *table)
{
    if (c->engine != RT_DB_SQLITE)
        return false;
    for (size_t i = 0; i < model->n_fields; i++) {
        const rt_field *f = &model->fields[i];
        rt__db_column *column = rt__diff_column_for(table, f);
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
        if (!rt__diff_field_for(model, table, column))
            return true;
    rt__wanted_key *keys;
    size_t n = rt__diff_wanted_keys(c, model, &keys);
    rt_vec_each(rt__db_index, index, &table->indexes)
        if (index->constraint && !rt__diff_is_wanted(keys, n, index))
            return true;
    return false;
}

void rt__diff_compare_columns(rt__comparison *c, const rt_model *model,
                              rt__db_table *table)
{
    for (size_t i = 0; i < model->n_fields; i++) {
        const rt_field *f = &model->fields[i];
        rt_str name = rt_str_from(rt_field_column(f));
        rt__db_column *column = rt__diff_column_for(table, f);
        if (!column) {
            add_column(c, model, f);
            continue;
        }
        if (!rt_str_eq(column->name, name))
            rename_column(c, model, column->name, name);
        column_change change = change_of(c, f, table, column);
        if (change.type || change.null || change.otherwise) {
            change_column(c, model, f, column, change.type, change.null,
                          change.otherwise);
        }
    }
    rt_vec_each(rt__db_column, column, &table->columns)
        if (!rt__diff_field_for(model, table, column))
            drop_column(c, model, column);
}
