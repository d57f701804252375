// SQLite, whose ALTER TABLE can do little, gets the whole table made anew when more
// is asked for: the old one is put aside under another name, the new one is made and
// filled from it. The revision runs without references being looked after, and is
// checked at its end (version.c).
#include <retort/base/format.h>

#include "difference.h"

#define ASIDE "_rt_aside"

static rt_str copy_up(rt__comparison *c, const rt_model *model,
                      rt__db_table *table)
{
    rt_buf to, from;
    rt_buf_init(&to, c->arena);
    rt_buf_init(&from, c->arena);
    for (size_t i = 0; i < model->n_fields; i++) {
        const rt_field *f = &model->fields[i];
        rt_str name = rt_str_from(rt_field_column(f));
        rt__db_column *old = rt__diff_column_for(table, f);
        rt_buf_put_cstr(&to, i ? ", " : "");
        rt_buf_put(&to, rt__diff_quoted(c, name));
        rt_buf_put_cstr(&from, i ? ", " : "");
        if (!old) {
            rt_buf_put_cstr(&from, rt__diff_filler(c, f));
        } else if (!old->not_null && !rt_field_is_nullable(f) && !old->is_key) {
            rt_buf_put(&from, rt_format(c->arena, "coalesce({}, {})",
                                        rt__diff_quoted(c, old->name),
                                        rt__diff_filler(c, f)));
        } else {
            rt_buf_put(&from, rt__diff_quoted(c, old->name));
        }
    }
    return rt_format(c->arena,
                     "INSERT INTO {} ({})\nSELECT {} FROM " ASIDE ";\n",
                     rt__diff_quoted(c, table->name), rt_buf_str(&to),
                     rt_buf_str(&from));
}

static rt_str copy_down(rt__comparison *c, const rt_model *model,
                        rt__db_table *table, rt_str name)
{
    rt_buf to, from;
    rt_buf_init(&to, c->arena);
    rt_buf_init(&from, c->arena);
    rt_vec_each(rt__db_column, column, &table->columns) {
        const rt_field *f = rt__diff_field_for(model, table, column);
        rt_buf_put_cstr(&to, to.len ? ", " : "");
        rt_buf_put_cstr(&from, from.len ? ", " : "");
        rt_buf_put(&to, rt__diff_quoted(c, column->name));
        if (!f) {
            rt_buf_put(&from, rt__diff_old_filler(c, column));
        } else if (column->not_null && rt_field_is_nullable(f)) {
            rt_buf_put(&from, rt_format(c->arena, "coalesce({}, {})",
                                        rt__diff_quoted(
                                            c, rt_str_from(rt_field_column(f))),
                                        rt__diff_old_filler(c, column)));
        } else {
            rt_buf_put(&from,
                       rt__diff_quoted(c, rt_str_from(rt_field_column(f))));
        }
    }
    return rt_format(c->arena,
                     "INSERT INTO {} ({})\nSELECT {} FROM " ASIDE ";\n",
                     rt__diff_quoted(c, name), rt_buf_str(&to),
                     rt_buf_str(&from));
}

static bool is_compared(rt__db_table *table, rt_str index)
{
    rt_vec_each(rt__db_index, i, &table->indexes)
        if (rt_str_eq(i->name, index))
            return true;
    return false;
}

rt_str rt__diff_kept_sql(rt__comparison *c, rt__db_table *table, bool all)
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
static rt_str rebuild_sql(rt__comparison *c, rt_str from, rt_str create,
                          rt_str copy, rt_str then)
{
    return rt_format(c->arena,
                     "PRAGMA legacy_alter_table = ON;\n"
                     "ALTER TABLE {} RENAME TO " ASIDE ";\n"
                     "PRAGMA legacy_alter_table = OFF;\n"
                     "{}{}DROP TABLE " ASIDE ";\n{}",
                     rt__diff_quoted(c, from), create, copy, then);
}

void rt__diff_rebuild(rt__comparison *c, const rt_model *model,
                      rt__db_table *table)
{
    rt_str old_name = table->was.len ? table->was : table->name;
    rt_buf create, indexes;
    rt_buf_init(&create, c->arena);
    rt_buf_init(&indexes, c->arena);
    rt_model_create_sql(model, c->engine, &create);
    rt_model_index_sql(model, c->engine, &indexes);
    rt_buf_put(&indexes, rt__diff_kept_sql(c, table, false));
    rt_str back = rt__diff_kept_sql(c, table, true);
    // The step that renames it is taken back after this one.
    if (table->was.len) {
        back = rt_format(c->arena, "{}ALTER TABLE {} RENAME TO {};\n", back,
                         rt__diff_quoted(c, table->was),
                         rt__diff_quoted(c, table->name));
    }
    rt__diff_add(c, rt_format(c->arena, "~ table {}, made anew", table->name),
                 rebuild_sql(c, table->name, rt_buf_str(&create),
                             copy_up(c, model, table), rt_buf_str(&indexes)),
                 rebuild_sql(c, table->name,
                             rt_format(c->arena, "{};\n", table->sql),
                             copy_down(c, model, table, old_name), back));
}
