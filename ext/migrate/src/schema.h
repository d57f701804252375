// What is in a database: tables as its catalogue describes them.
#pragma once

#include <retort/base/vec.h>
#include <retort/db.h>

typedef struct rt__db_column {
    rt_str name;
    rt_str type;      // as the catalogue writes it
    rt_str otherwise; // the default's SQL; data NULL: none
    bool not_null;
    bool is_key;
    bool is_counted; // the database makes its values
} rt__db_column;

typedef struct rt__db_index {
    rt_str name;
    rt_str columns; // "a, b"
    bool unique;
    bool constraint; // PostgreSQL: made by a UNIQUE of the table
} rt__db_index;

typedef struct rt__db_reference {
    rt_str name; // of the constraint; empty on SQLite
    rt_str column;
    rt_str table, to;
    rt_str on_delete; // "NO ACTION" where nothing was said
} rt__db_reference;

typedef struct rt__db_table {
    rt_str name;
    rt_str was; // its name before a rename that is planned; else empty
    rt_str sql; // SQLite: its CREATE TABLE
    RT_VEC(rt__db_column) columns;
    RT_VEC(rt__db_index) indexes; // of columns, all rows; not the primary key's
    RT_VEC(rt__db_reference) references;
} rt__db_table;

typedef struct rt__db_schema {
    RT_VEC(rt__db_table) tables;
} rt__db_schema;

// Read the tables of a database, in order of their names; those of the version
// tables are left out.
void rt__schema_read(rt_db *db, rt__db_schema *out);
rt__db_table *rt__schema_find(rt__db_schema *schema, rt_str name);
