// How a comparison goes about it. Each difference is a step.
//
//     compare.c       tables: which are new, renamed, gone
//       columns.c     those of a table that is there
//       keys.c        its indexes and references
//       rebuild.c     all of it at once, on SQLite
//         match.c     what is what, and whether it is the same
#pragma once

#include "compare.h"
#include "schema.h"

typedef struct rt__step {
    rt_str up, down; // SQL
    rt_str note;     // for people; empty: none
} rt__step;

typedef struct rt__comparison {
    rt_db *db;
    rt_arena *arena;
    rt_db_engine engine;
    const rt_model *const *models;
    rt__db_schema schema;
    RT_VEC(rt__step) steps;
} rt__comparison;

// An index that a model asks for.
typedef struct rt__wanted_key {
    rt_str name, columns;
    bool unique;
} rt__wanted_key;

// ---- match.c ----

rt_str rt__diff_quoted(rt__comparison *c, rt_str name);
// "a, b" with each name quoted.
rt_str rt__diff_quoted_list(rt__comparison *c, rt_str names);
rt_str rt__diff_column_sql(rt__comparison *c, const rt_field *field,
                           bool inline_keys);
rt_str rt__diff_type_sql(rt__comparison *c, const rt_field *field);
// CREATE TABLE with its indexes.
rt_str rt__diff_create_sql(rt__comparison *c, const rt_model *model);
// Add a step.
void rt__diff_add(rt__comparison *c, rt_str note, rt_str up, rt_str down);
rt__db_column *rt__diff_column_of(rt__db_table *table, rt_str name);
// The field that a column of the database is, or becomes.
const rt_field *rt__diff_field_for(const rt_model *model, rt__db_table *table,
                                   const rt__db_column *column);
// The column that is, or becomes, that of a field.
rt__db_column *rt__diff_column_for(rt__db_table *table, const rt_field *field);
bool rt__diff_same_type(rt__comparison *c, const rt_field *field,
                        const rt__db_column *column);
bool rt__diff_same_default(rt__comparison *c, const rt_field *field,
                           const rt__db_column *column);
// What a column that is new, or may no longer be NULL, holds in rows that are
// there; the same of a column of the database that comes back.
const char *rt__diff_filler(rt__comparison *c, const rt_field *field);
rt_str rt__diff_old_filler(rt__comparison *c, const rt__db_column *column);
// A column of the database as ALTER TABLE ADD COLUMN takes it.
rt_str rt__diff_old_column_sql(rt__comparison *c, const rt__db_column *column);

// ---- keys.c ----

const rt__db_reference *rt__diff_reference_of(rt__db_table *table,
                                              rt_str column);
bool rt__diff_same_reference(const rt_field *field,
                             const rt__db_reference *there);
size_t rt__diff_wanted_keys(rt__comparison *c, const rt_model *model,
                            rt__wanted_key **out);
rt_str rt__diff_create_index(rt__comparison *c, const rt_model *model,
                             const rt__wanted_key *key);
bool rt__diff_is_wanted(const rt__wanted_key *keys, size_t n,
                        const rt__db_index *index);
void rt__diff_drop_indexes(rt__comparison *c, const rt_model *model,
                           rt__db_table *table);
void rt__diff_create_indexes(rt__comparison *c, const rt_model *model,
                             rt__db_table *table);
void rt__diff_drop_references(rt__comparison *c, const rt_model *model,
                              rt__db_table *table);
void rt__diff_add_references(rt__comparison *c, const rt_model *model,
                             rt__db_table *table);

// ---- rebuild.c ----

// SQLite: what goes with a table that is dropped, as it was written. With `all`
// its indexes and triggers, without those that models say nothing about.
rt_str rt__diff_kept_sql(rt__comparison *c, rt__db_table *table, bool all);
void rt__diff_rebuild(rt__comparison *c, const rt_model *model,
                      rt__db_table *table);

// ---- columns.c ----

// Whether SQLite can do it without making the table anew: what is added may be
// NULL or has a constant default, and nothing is dropped or changed.
bool rt__diff_must_rebuild(rt__comparison *c, const rt_model *model,
                           rt__db_table *table);
void rt__diff_compare_columns(rt__comparison *c, const rt_model *model,
                              rt__db_table *table);
