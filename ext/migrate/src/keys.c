// Indexes and references. They go before the columns they need and come after.
#include <retort/base/format.h>

#include "difference.h"

const rt__db_reference *rt__diff_reference_of(rt__db_table *table,
                                              rt_str column)
{
    rt_vec_each(rt__db_reference, r, &table->references)
        if (rt_str_eq(r->column, column))
            return r;
    return NULL;
}

bool rt__diff_same_reference(const rt_field *field,
                             const rt__db_reference *there)
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

static rt_str key_name(rt__comparison *c, const rt_model *model,
                       const char *given, rt_str columns, bool unique)
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

size_t rt__diff_wanted_keys(rt__comparison *c, const rt_model *model,
                            rt__wanted_key **out)
{
    size_t n = 0;
    rt__wanted_key *keys = rt_new(c->arena, rt__wanted_key,
                                  model->n_fields * 2 + RT_MODEL_KEYS_MAX);
    for (size_t i = 0; i < model->n_fields; i++) {
        const rt_field *f = &model->fields[i];
        rt_str column = rt_str_from(rt_field_column(f));
        if (f->unique) {
            keys[n++] = (rt__wanted_key){key_name(c, model, NULL, column, true),
                                         column, true};
        } else if (f->index) {
            keys[n++] =
                (rt__wanted_key){key_name(c, model, NULL, column, false),
                                 column, false};
        }
    }
    for (const rt_model_key *k = model->keys; k && k->columns; k++) {
        rt_str columns = rt_str_from(k->columns);
        keys[n++] =
            (rt__wanted_key){key_name(c, model, k->name, columns, k->unique),
                             columns, k->unique};
    }
    *out = keys;
    return n;
}

static bool same_columns(rt_str a, rt_str b)
{
    while (a.len || b.len) {
        if (!rt_str_eq(rt_str_trim(rt_str_cut(&a, ',')),
                       rt_str_trim(rt_str_cut(&b, ','))))
            return false;
    }
    return true;
}

rt_str rt__diff_create_index(rt__comparison *c, const rt_model *model,
                             const rt__wanted_key *key)
{
    return rt_format(c->arena, "CREATE {}INDEX {} ON {} ({});\n",
                     key->unique ? "UNIQUE " : "",
                     rt__diff_quoted(c, key->name),
                     rt__diff_quoted(c, rt_str_from(model->table)),
                     rt__diff_quoted_list(c, key->columns));
}

static rt_str drop_index(rt__comparison *c, rt_str table, rt_str name,
                         bool constraint)
{
    if (c->engine == RT_DB_MARIADB) {
        return rt_format(c->arena, "DROP INDEX {} ON {};\n",
                         rt__diff_quoted(c, name), rt__diff_quoted(c, table));
    }
    if (constraint) {
        return rt_format(c->arena, "ALTER TABLE {} DROP CONSTRAINT {};\n",
                         rt__diff_quoted(c, table), rt__diff_quoted(c, name));
    }
    return rt_format(c->arena, "DROP INDEX {};\n", rt__diff_quoted(c, name));
}

// MariaDB makes an index for each reference, which nobody has asked for.
static bool is_for_reference(rt__comparison *c, const rt_model *model,
                             rt__db_table *table, const rt__db_index *index)
{
    rt__db_column *column = rt__diff_column_of(table, index->columns);
    const rt_field *field =
        column ? rt__diff_field_for(model, table, column) : NULL;
    return c->engine == RT_DB_MARIADB && !index->unique && field &&
           field->references && rt__diff_reference_of(table, column->name);
}

bool rt__diff_is_wanted(const rt__wanted_key *keys, size_t n,
                        const rt__db_index *index)
{
    for (size_t i = 0; i < n; i++) {
        if (keys[i].unique == index->unique &&
            same_columns(keys[i].columns, index->columns))
            return true;
    }
    return false;
}

static bool is_there(rt__db_table *table, const rt__wanted_key *key)
{
    rt_vec_each(rt__db_index, index, &table->indexes)
        if (index->unique == key->unique &&
            same_columns(index->columns, key->columns))
            return true;
    return false;
}

void rt__diff_drop_indexes(rt__comparison *c, const rt_model *model,
                           rt__db_table *table)
{
    rt__wanted_key *keys;
    size_t n = rt__diff_wanted_keys(c, model, &keys);
    rt_vec_each(rt__db_index, index, &table->indexes) {
        if (rt__diff_is_wanted(keys, n, index) ||
            is_for_reference(c, model, table, index))
            continue;
        rt__wanted_key was = {index->name, index->columns, index->unique};
        rt__diff_add(c, rt_format(c->arena, "- index {}", index->name),
                     drop_index(c, table->name, index->name, index->constraint),
                     rt__diff_create_index(c, model, &was));
    }
}

void rt__diff_create_indexes(rt__comparison *c, const rt_model *model,
                             rt__db_table *table)
{
    rt__wanted_key *keys;
    size_t n = rt__diff_wanted_keys(c, model, &keys);
    for (size_t i = 0; i < n; i++) {
        if (!is_there(table, &keys[i])) {
            rt__diff_add(c, rt_format(c->arena, "+ index {}", keys[i].name),
                         rt__diff_create_index(c, model, &keys[i]),
                         drop_index(c, table->name, keys[i].name, false));
        }
    }
}

// ---- references ----------------------------------------------------------------------

static rt_str reference_sql(rt__comparison *c, rt_str table, rt_str name,
                            rt_str column, rt_str to_table, rt_str to,
                            rt_str rule)
{
    return rt_format(c->arena,
                     "ALTER TABLE {} ADD CONSTRAINT {} FOREIGN KEY ({})"
                     " REFERENCES {} ({}) ON DELETE {};\n",
                     rt__diff_quoted(c, table), rt__diff_quoted(c, name),
                     rt__diff_quoted(c, column), rt__diff_quoted(c, to_table),
                     rt__diff_quoted(c, to), rule);
}

static rt_str drop_reference(rt__comparison *c, rt_str table, rt_str name)
{
    return rt_format(c->arena, "ALTER TABLE {} DROP {} {};\n",
                     rt__diff_quoted(c, table),
                     c->engine == RT_DB_MARIADB ? "FOREIGN KEY" : "CONSTRAINT",
                     rt__diff_quoted(c, name));
}

void rt__diff_drop_references(rt__comparison *c, const rt_model *model,
                              rt__db_table *table)
{
    rt_vec_each(rt__db_reference, r, &table->references) {
        rt__db_column *column = rt__diff_column_of(table, r->column);
        const rt_field *f =
            column ? rt__diff_field_for(model, table, column) : NULL;
        if (f && rt__diff_same_reference(f, r))
            continue;
        rt__diff_add(
            c, rt_format(c->arena, "- reference {}.{}", table->name, r->column),
            drop_reference(c, table->name, r->name),
            reference_sql(c, table->name, r->name, r->column, r->table, r->to,
                          r->on_delete));
    }
}

static void add_reference(rt__comparison *c, rt_str table,
                          const rt_field *field)
{
    rt_str column = rt_str_from(rt_field_column(field));
    rt_str to = rt_str_from(field->references);
    rt_str to_table = rt_str_cut(&to, '.');
    rt_str name = rt_format(c->arena, "fk_{}_{}_{}", table, column, to_table);
    rt_str rule =
        rt_str_from(field->on_delete ? field->on_delete : "NO ACTION");
    if (field->on_update)
        rule = rt_format(c->arena, "{} ON UPDATE {}", rule, field->on_update);
    rt__diff_add(c, rt_format(c->arena, "+ reference {}.{}", table, column),
                 reference_sql(c, table, name, column, to_table, to, rule),
                 drop_reference(c, table, name));
}

void rt__diff_add_references(rt__comparison *c, const rt_model *model,
                             rt__db_table *table)
{
    for (size_t i = 0; i < model->n_fields; i++) {
        const rt_field *f = &model->fields[i];
        rt__db_column *column = rt__diff_column_for(table, f);
        if (f->references &&
            !(column && rt__diff_same_reference(
                            f, rt__diff_reference_of(table, column->name))))
            add_reference(c, table->name, f);
    }
}
