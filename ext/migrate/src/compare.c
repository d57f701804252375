// Each difference writes a statement forward and one backward; those backward are
// put together in the opposite order.
#include <retort/base/format.h>

#include "difference.h"

static const rt_model *model_of(rt__comparison *c, rt_str table)
{
    for (const rt_model *const *m = c->models; *m; m++) {
        if ((*m)->table &&
            (rt_str_eq(rt_str_from((*m)->table), table) ||
             ((*m)->was && rt_str_eq(rt_str_from((*m)->was), table))))
            return *m;
    }
    return NULL;
}

// The engines let references follow a table that is renamed.
static void rename_references(rt__comparison *c, rt_str from, rt_str to)
{
    rt_vec_each(rt__db_table, table, &c->schema.tables)
        rt_vec_each(rt__db_reference, r, &table->references)
            if (rt_str_eq(r->table, from))
                r->table = to;
}

static rt__db_table *find_table(rt__comparison *c, const rt_model *model)
{
    rt_str name = rt_str_from(model->table);
    rt__db_table *table = rt__schema_find(&c->schema, name);
    if (table || !model->was)
        return table;
    table = rt__schema_find(&c->schema, rt_str_from(model->was));
    if (table) {
        static const char sql[] = "ALTER TABLE {} RENAME TO {};\n";
        rt_value from = rt_value_str(rt__diff_quoted(c, table->name));
        rt_value to = rt_value_str(rt__diff_quoted(c, name));
        rt__diff_add(
            c, rt_format(c->arena, "~ table {}, was {}", name, table->name),
            rt_format_values(c->arena, sql, (rt_value[]){from, to}, 2),
            rt_format_values(c->arena, sql, (rt_value[]){to, from}, 2));
        rename_references(c, table->name, name);
        table->was = table->name;
        table->name = name;
    }
    return table;
}

// The table of a model is made after those it refers to.
static void create_table(rt__comparison *c, const rt_model *model,
                         const rt_model **made, size_t *n_made)
{
    for (size_t i = 0; i < *n_made; i++) {
        if (made[i] == model)
            return;
    }
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
    rt__diff_add(c, rt_format(c->arena, "+ table {}", model->table),
                 rt__diff_create_sql(c, model),
                 rt_format(c->arena, "DROP TABLE {};\n",
                           rt__diff_quoted(c, rt_str_from(model->table))));
}

static rt_str show_create(rt__comparison *c, rt_str table)
{
    rt_sql sql = rt_sql_new(c->db, "SHOW CREATE TABLE ");
    rt_sql_add_name(&sql, rt_str_copy(c->arena, table).data);
    rt_value row = rt_sql_one(&sql);
    return rt_format(c->arena, "{};\n",
                     rt_dict_get_str(row, RT_STR("Create Table")));
}

static void put_parts(rt__comparison *c, rt_buf *buf, rt__db_table *table)
{
    rt_buf keys;
    rt_buf_init(&keys, c->arena);
    rt_vec_each(rt__db_column, column, &table->columns) {
        rt_buf_put(buf, rt_format(c->arena, "    {},\n",
                                  rt__diff_old_column_sql(c, column)));
        if (!column->is_key)
            continue;
        rt_buf_put_cstr(&keys, keys.len ? ", " : "");
        rt_buf_put(&keys, rt__diff_quoted(c, column->name));
    }
    rt_vec_each(rt__db_reference, r, &table->references)
        rt_buf_put(buf,
                   rt_format(c->arena,
                             "    CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {}"
                             " ({}) ON DELETE {},\n",
                             rt__diff_quoted(c, r->name),
                             rt__diff_quoted(c, r->column),
                             rt__diff_quoted(c, r->table),
                             rt__diff_quoted(c, r->to), r->on_delete));
    if (keys.len) {
        rt_buf_put(buf, rt_format(c->arena, "    PRIMARY KEY ({}),\n",
                                  rt_buf_str(&keys)));
    }
}

// The table as it is, for the way back.
static rt_str recreate_sql(rt__comparison *c, rt__db_table *table)
{
    if (c->engine == RT_DB_MARIADB)
        return show_create(c, table->name);
    if (c->engine == RT_DB_SQLITE) {
        return rt_format(c->arena, "{};\n{}", table->sql,
                         rt__diff_kept_sql(c, table, true));
    }
    rt_model bare = {.table = rt_str_copy(c->arena, table->name).data};
    rt_buf buf;
    rt_buf_init(&buf, c->arena);
    rt_buf_put(&buf, rt_format(c->arena, "CREATE TABLE {} (\n",
                               rt__diff_quoted(c, table->name)));
    put_parts(c, &buf, table);
    buf.len -= 2; // the last comma
    rt_buf_put_cstr(&buf, "\n);\n");
    rt_vec_each(rt__db_index, index, &table->indexes) {
        rt__wanted_key key = {index->name, index->columns, index->unique};
        rt_buf_put(&buf, rt__diff_create_index(c, &bare, &key));
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

static bool is_referred_to(rt__comparison *c, const bool *goes, size_t table)
{
    for (size_t i = 0; i < c->schema.tables.len; i++) {
        if (goes[i] && i != table &&
            refers_to(&c->schema.tables.items[i],
                      c->schema.tables.items[table].name))
            return true;
    }
    return false;
}

static void drop_table(rt__comparison *c, rt__db_table *table)
{
    rt__diff_add(c, rt_format(c->arena, "- table {}", table->name),
                 rt_format(c->arena, "DROP TABLE {};\n",
                           rt__diff_quoted(c, table->name)),
                 recreate_sql(c, table));
}

// Those that refer to others go before them.
static void drop_tables(rt__comparison *c)
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
static void hint_renames(rt__comparison *c, const rt_model *model,
                         rt__db_table *table, rt_buf *notes)
{
    rt_vec_each(rt__db_column, column, &table->columns) {
        if (rt__diff_field_for(model, table, column))
            continue;
        for (size_t i = 0; i < model->n_fields; i++) {
            const rt_field *f = &model->fields[i];
            if (!rt__diff_column_for(table, f) &&
                rt__diff_same_type(c, f, column)) {
                rt_buf_put(notes,
                           rt_format(c->arena,
                                     "  {}.{} goes and {} comes: if it was "
                                     "renamed, say .was = \"{}\"\n",
                                     table->name, column->name,
                                     rt_field_column(f), column->name));
            }
        }
    }
}

static void compare_model(rt__comparison *c, const rt_model *model,
                          rt__db_table *table, rt_buf *notes)
{
    hint_renames(c, model, table, notes);
    if (rt__diff_must_rebuild(c, model, table)) {
        rt__diff_rebuild(c, model, table);
        return;
    }
    bool lite = c->engine == RT_DB_SQLITE; // else the table were made anew
    if (!lite)
        rt__diff_drop_references(c, model, table);
    rt__diff_drop_indexes(c, model, table);
    rt__diff_compare_columns(c, model, table);
    rt__diff_create_indexes(c, model, table);
    if (!lite)
        rt__diff_add_references(c, model, table);
}

void rt__models_compare(rt_db *db, const rt_model *const *models, bool drop,
                        rt__difference *out)
{
    rt__comparison c = {.db = db,
                        .arena = rt_db_arena(db),
                        .engine = rt_db_engine_of(db),
                        .models = models};
    rt__schema_read(db, &c.schema);
    size_t n_models = 0, n_made = 0;
    while (models[n_models])
        n_models++;
    const rt_model **made = rt_new(c.arena, const rt_model *, n_models + 1);
    // New tables first, as columns of others may refer to them.
    for (const rt_model *const *m = models; *m; m++) {
        if ((*m)->table && !find_table(&c, *m))
            create_table(&c, *m, made, &n_made);
    }
    for (const rt_model *const *m = models; *m; m++) {
        rt__db_table *table = (*m)->table ? find_table(&c, *m) : NULL;
        if (table)
            compare_model(&c, *m, table, &out->notes);
    }
    if (drop)
        drop_tables(&c);
    for (size_t i = 0; i < c.steps.len; i++) {
        if (c.steps.items[i].note.len) {
            rt_buf_put(&out->notes,
                       rt_format(c.arena, "{}\n", c.steps.items[i].note));
        }
        rt_buf_put(&out->up, c.steps.items[i].up);
        rt_buf_put(&out->down, c.steps.items[c.steps.len - 1 - i].down);
    }
    out->count = c.steps.len;
}
