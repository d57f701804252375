// What the files of models share.
//
// The texts of a model's statements are built once per engine and process and kept,
// so that loading or saving a row costs no text. A row is a list of leaves: its
// fields, and those of the models in it, in the order of their columns.
#pragma once

#include <retort/db.h>

#include "driver.h"

typedef struct rt__leaf {
    const rt_field *field;
    size_t offset; // in the outermost structure
} rt__leaf;

// A statement for some of the fields, a bit for each.
typedef struct rt__model_text {
    uint64_t fields;
    char kind; // 'i' INSERT, 'u' UPDATE
    const char *sql;
    struct rt__model_text *next;
} rt__model_text;

typedef struct rt__model_sql {
    const rt_model *model;
    rt_db_engine engine;
    rt_arena *arena; // the process's
    const rt__leaf *leaves;
    size_t n_leaves;
    bool is_nested;                 // has RT_EMBED
    const char *select, *get, *del; // NULL of a join
    rt__model_text *texts;
    struct rt__model_sql *next;
} rt__model_sql;

#define RT__MODEL_FIELDS_MAX 64

rt__model_sql *rt__model_sql_of(const rt_model *model, rt_db_engine engine);

// By member and by column; NULL: none.
const rt_field *rt__model_field(const rt_model *model, rt_str member);
const rt_field *rt__model_column(const rt_model *model, rt_str column);

// Whether the database makes it: the only key, an integer.
bool rt__field_is_generated(const rt_model *model, const rt_field *field);
bool rt__field_is_zero(const rt_field *field, const void *row);

// As a value of a statement: JSON is text, zero is NULL where NULL may be.
rt_value rt__field_param(rt_arena *arena, const rt_field *field,
                         const void *row);
// Set a member from a column; false when it does not fit. What the value refers to
// is copied.
bool rt__field_set(rt_arena *arena, const rt_field *field, void *member,
                   rt_value value);

void rt__put_name(rt_buf *buf, rt_db_engine engine, const char *name);
// "a", "b": names that are separated by commas.
void rt__put_names(rt_buf *buf, rt_db_engine engine, const char *names);
// "post"."id", "post"."title"; `counter`: each under a name of its own.
void rt__put_columns(rt_buf *buf, rt_db_engine engine, const rt_model *model,
                     rt_str alias, int *counter);

// End the request: wrong use.
RT_NORETURN void rt__db_wrong(rt_db *db, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// The whole statement for what rt_db_select takes.
const char *rt__model_statement(rt_db *db, const rt_model *model,
                                const char *rest);
// The one that counts what it gives.
const char *rt__model_count_statement(rt_db *db, const rt_model *model,
                                      const char *rest);
// Whether a text begins with SELECT or WITH, and has a word outside of quotes.
bool rt__sql_is_whole(const char *text);
bool rt__sql_has_word(const char *text, const char *word);
// Run a statement and load its rows, at most `max` (0: all).
size_t rt__model_run(rt_db *db, const rt_model *model, const char *sql,
                     bool by_name, const rt_value *values, size_t n, size_t max,
                     void **out);
