#include "schema.h"

#include <retort/app/request.h>

static rt_str text(rt_value row, const char *name)
{
    rt_value v = rt_dict_get_str(row, rt_str_from(name));
    return rt_value_is_text(v) ? rt_value_as_str(v) : (rt_str){0};
}

static bool flag(rt_value row, const char *name)
{
    return rt_value_is_true(rt_dict_get_str(row, rt_str_from(name)));
}

rt__db_table *rt__schema_find(rt__db_schema *schema, rt_str name)
{
    rt_vec_each(rt__db_table, t, &schema->tables)
        if (rt_str_eq(t->name, name))
            return t;
    return NULL;
}

// Each engine answers the same four questions in rows of the same names, so that
// they are read alike. The parameter is a table's name.
typedef struct catalogue {
    const char *tables;  // name, sql
    const char *columns; // name, type, otherwise, not_null, is_key, is_counted
    const char *indexes; // name, columns, is_unique, is_constraint
    const char *references; // name, col, tab, target, on_delete
} catalogue;

static const catalogue sqlite = {
    .tables = "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
              " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    .columns =
        "SELECT name, type, dflt_value AS otherwise, \"notnull\" AS not_null,"
        " pk > 0 AS is_key FROM pragma_table_info(?) ORDER BY cid",
    .indexes =
        "SELECT l.name AS name, l.\"unique\" AS is_unique,"
        " l.origin = 'u' AS is_constraint,"
        " (SELECT group_concat(i.name, ', ') FROM pragma_index_info(l.name) i)"
        " AS columns"
        " FROM pragma_index_list(?) l WHERE l.origin <> 'pk' AND l.partial = 0"
        " AND NOT EXISTS (SELECT 1 FROM pragma_index_info(l.name)"
        " WHERE name IS NULL) ORDER BY l.name",
    .references = "SELECT '' AS name, \"from\" AS col, \"table\" AS tab,"
                  " coalesce(\"to\", '') AS target, on_delete"
                  " FROM pragma_foreign_key_list(?) ORDER BY id, seq",
};

static const catalogue postgresql = {
    .tables = "SELECT table_name::text AS name, ''::text AS sql"
              " FROM information_schema.tables"
              " WHERE table_schema = current_schema()"
              " AND table_type = 'BASE TABLE' ORDER BY 1",
    .columns =
        "SELECT a.attname::text AS name,"
        " format_type(a.atttypid, a.atttypmod)::text AS type,"
        " pg_get_expr(d.adbin, d.adrelid)::text AS otherwise,"
        " a.attidentity <> '' OR coalesce(pg_get_expr(d.adbin, d.adrelid)"
        "  LIKE 'nextval(%', false) AS is_counted,"
        " a.attnotnull AS not_null, coalesce(a.attnum = ANY (k.conkey), false)"
        " AS is_key"
        " FROM pg_attribute a"
        " LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum ="
        " a.attnum"
        " LEFT JOIN pg_constraint k ON k.conrelid = a.attrelid AND k.contype ="
        " 'p'"
        " WHERE a.attrelid = to_regclass(quote_ident(?::text))"
        " AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
    .indexes =
        "SELECT c.relname::text AS name, i.indisunique AS is_unique,"
        " k.oid IS NOT NULL AS is_constraint,"
        " (SELECT string_agg(a.attname::text, ', ' ORDER BY u.place)"
        "    FROM unnest(i.indkey) WITH ORDINALITY u (num, place)"
        "    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum ="
        "    u.num)"
        " AS columns"
        " FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
        " LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND"
        " k.contype = 'u'"
        " WHERE i.indrelid = to_regclass(quote_ident(?::text))"
        " AND NOT i.indisprimary AND i.indpred IS NULL"
        " AND i.indexprs IS NULL ORDER BY 1",
    .references =
        "SELECT k.conname::text AS name, a.attname::text AS col,"
        " r.relname::text AS tab, b.attname::text AS target,"
        " (CASE k.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL'"
        "  WHEN 'r' THEN 'RESTRICT' WHEN 'd' THEN 'SET DEFAULT'"
        "  ELSE 'NO ACTION' END)::text AS on_delete"
        " FROM pg_constraint k JOIN pg_class r ON r.oid = k.confrelid"
        " JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum ="
        " k.conkey[1]"
        " JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum ="
        " k.confkey[1]"
        " WHERE k.contype = 'f'"
        " AND k.conrelid = to_regclass(quote_ident(?::text)) ORDER BY 1",
};

static const catalogue mariadb = {
    .tables = "SELECT table_name AS name, '' AS `sql`"
              " FROM information_schema.tables"
              " WHERE table_schema = database() AND table_type = 'BASE TABLE'"
              " ORDER BY 1",
    .columns = "SELECT column_name AS name, column_type AS type,"
               " column_default AS otherwise,"
               " is_nullable = 'NO' AS not_null, column_key = 'PRI' AS is_key"
               " FROM information_schema.columns"
               " WHERE table_schema = database() AND table_name = ?"
               " ORDER BY ordinal_position",
    .indexes = "SELECT index_name AS name, non_unique = 0 AS is_unique,"
               " 0 AS is_constraint,"
               " group_concat(column_name ORDER BY seq_in_index"
               " SEPARATOR ', ') AS columns"
               " FROM information_schema.statistics"
               " WHERE table_schema = database() AND table_name = ?"
               " AND index_name <> 'PRIMARY'"
               " GROUP BY index_name, non_unique ORDER BY 1",
    .references =
        "SELECT k.constraint_name AS name, k.column_name AS col,"
        " k.referenced_table_name AS tab, k.referenced_column_name AS target,"
        " r.delete_rule AS on_delete"
        " FROM information_schema.key_column_usage k"
        " JOIN information_schema.referential_constraints r"
        "   ON r.constraint_schema = k.constraint_schema"
        "  AND r.constraint_name = k.constraint_name"
        "  AND r.table_name = k.table_name"
        " WHERE k.table_schema = database() AND k.table_name = ?"
        " AND k.referenced_table_name IS NOT NULL ORDER BY 1",
};

static const catalogue *catalogue_of(rt_db *db)
{
    switch (rt_db_engine_of(db)) {
    case RT_DB_POSTGRESQL: return &postgresql;
    case RT_DB_MARIADB: return &mariadb;
    default: return &sqlite;
    }
}

static rt_value ask(rt_db *db, const char *sql, rt_str table)
{
    rt_value name = rt_value_str(table);
    return rt_db_all_values(db, sql, &name, 1);
}

static void read_table(rt_db *db, const catalogue *from, rt__db_table *t)
{
    rt_arena *arena = rt_db_arena(db);
    rt_value columns = ask(db, from->columns, t->name);
    rt_list_each(row, columns)
        *(rt__db_column *)rt_vec_push(arena, &t->columns) =
            (rt__db_column){.name = text(*row, "name"),
                            .type = text(*row, "type"),
                            .otherwise = text(*row, "otherwise"),
                            .not_null = flag(*row, "not_null"),
                            .is_key = flag(*row, "is_key"),
                            .is_counted = flag(*row, "is_counted")};
    rt_value indexes = ask(db, from->indexes, t->name);
    rt_list_each(row, indexes)
        *(rt__db_index *)rt_vec_push(arena, &t->indexes) =
            (rt__db_index){.name = text(*row, "name"),
                           .columns = text(*row, "columns"),
                           .unique = flag(*row, "is_unique"),
                           .constraint = flag(*row, "is_constraint")};
    rt_value references = ask(db, from->references, t->name);
    rt_list_each(row, references)
        *(rt__db_reference *)rt_vec_push(arena, &t->references) =
            (rt__db_reference){.name = text(*row, "name"),
                               .column = text(*row, "col"),
                               .table = text(*row, "tab"),
                               .to = text(*row, "target"),
                               .on_delete = text(*row, "on_delete")};
}

void rt__schema_read(rt_db *db, rt__db_schema *out)
{
    const catalogue *from = catalogue_of(db);
    rt_value tables = rt_db_all_values(db, from->tables, NULL, 0);
    *out = (rt__db_schema){0};
    rt_list_each(row, tables) {
        rt_str name = text(*row, "name");
        if (rt_str_eq(name, RT_STR("rt_version")) ||
            rt_str_eq(name, RT_STR("alembic_version")))
            continue;
        rt__db_table *t = rt_vec_push(rt_db_arena(db), &out->tables);
        t->name = name;
        t->sql = text(*row, "sql");
        read_table(db, from, t);
    }
}
