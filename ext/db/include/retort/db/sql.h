// SQL that is put together at run time.
//
//     rt_sql sql = rt_sql_new(req, "SELECT * FROM post WHERE true");
//     if (author)
//         rt_sql_add(&sql, " AND author = ?", author);
//     rt_sql_order(&sql, &post_model, rt_query_get(req, "sort", "-created"));
//     rt_value rows = rt_sql_all(&sql);
//
// Text and values are added together. The text is a literal, or an identifier that
// is quoted and, where a model is given, one of its columns.
#pragma once

#include <retort/db/query.h>

RT_C_BEGIN

struct rt_model;

// A statement under construction. Keeps its first error, which running it gives.
//
//   memory   in the arena of the handle
typedef struct rt_sql {
    rt_db *db;
    rt_buf text;
    rt_value *values;
    size_t n;
    size_t cap;
    const char *wrong; // what is wrong with it; NULL: nothing
} rt_sql;

#define rt_sql_new(...)                                                 \
    rt_sql_start(RT__DB(RT_ARG1(__VA_ARGS__)), "" RT_ARG2(__VA_ARGS__), \
                 RT_VALUES_FROM3(__VA_ARGS__))
rt_sql rt_sql_start(rt_db *db, const char *text, const rt_value *values,
                    size_t n);

// Add text with its values. The number of `?` must be that of the values.
#define rt_sql_add(...)                                              \
    rt_sql_add_values(RT_ARG1(__VA_ARGS__), "" RT_ARG2(__VA_ARGS__), \
                      RT_VALUES_FROM3(__VA_ARGS__))
void rt_sql_add_values(rt_sql *sql, const char *text, const rt_value *values,
                       size_t n);

// Add "(?, ?, ?)" with the items of a list; "(NULL)" for an empty one, so that
// `x IN` it is never true.
void rt_sql_add_list(rt_sql *sql, rt_value list);

// Add an identifier, quoted. It may be anything but empty; of a model's it must be
// a column.
//
//   errors   RT_DB_USAGE when the statement is run; 400 of rt_sql_order, whose text
//            comes from users
void rt_sql_add_name(rt_sql *sql, const char *name);
void rt_sql_add_column(rt_sql *sql, const struct rt_model *model,
                       const char *column);

// Add " ORDER BY ..." for "title,-created": columns of the model, those with a
// minus descending. A column the model does not have is 400.
void rt_sql_order(rt_sql *sql, const struct rt_model *model, const char *order);

// Run it.
rt_value rt_sql_all(rt_sql *sql);
rt_value rt_sql_one(rt_sql *sql);
rt_value rt_sql_scalar(rt_sql *sql);
int64_t rt_sql_exec(rt_sql *sql);
rt_status rt_sql_try(rt_sql *sql, rt_db_result *out, rt_db_error *err);

// Append text as a quoted identifier, and as a literal, in the engine's way. For
// schemas; values belong into `?`.
void rt_sql_quote_name(rt_db_engine engine, rt_buf *buf, rt_str name);
void rt_sql_quote_text(rt_db_engine engine, rt_buf *buf, rt_str text);

RT_C_END
