// Models: plain structures that are rows.
//
//     typedef struct post {
//         int64_t id;
//         char *title;
//         char *body;
//         int64_t author_id;
//         rt_time created;
//     } post;
//
//     RT_MODEL(post, "post",
//         RT_FIELD(post, id, .primary_key = true),
//         RT_FIELD(post, title, .max = 140, .not_null = true),
//         RT_FIELD(post, body, .not_null = true),
//         RT_FIELD(post, author_id, .references = "user.id", .index = true),
//         RT_FIELD(post, created, .server_default = "CURRENT_TIMESTAMP"));
//
//     post p = {.title = "Hello", .body = "...", .author_id = me};
//     rt_db_insert(req, post, &p);                       // p.id is set
//     rt_db_get_or_404(req, post, &p, id);
//     p.title = "Hello again";
//     rt_db_update(req, post, &p, title);                // that column alone
//
//     post *posts;
//     size_t n = rt_db_select(req, post, &posts,
//                             "WHERE author_id = ? ORDER BY id DESC", me);
//
// A field's type is that of the member: bool, int32_t, int64_t, double, char * or
// const char * (NULL is NULL), rt_time, rt_blob, rt_uuid, rt_value (JSON), and
// rt_opt_int, rt_opt_float, rt_opt_bool, rt_opt_time, which may be NULL. Another
// type does not compile. A name is written once; a wrong one does not compile.
//
// What is loaded lies in the arena of the handle.
#pragma once

#include <stddef.h>

#include <retort/db/query.h>

RT_C_BEGIN

struct rt_sql;

// ---- types of members -------------------------------------------------------

// A time: microseconds since 1970-01-01 UTC.
typedef struct rt_time {
    int64_t us;
} rt_time;

typedef struct rt_blob {
    const void *data; // NULL: NULL
    size_t len;
} rt_blob;

typedef struct rt_uuid {
    uint8_t bytes[16];
} rt_uuid;

typedef struct rt_opt_int {
    bool has;
    int64_t value;
} rt_opt_int;

typedef struct rt_opt_float {
    bool has;
    double value;
} rt_opt_float;

typedef struct rt_opt_bool {
    bool has;
    bool value;
} rt_opt_bool;

typedef struct rt_opt_time {
    bool has;
    rt_time value;
} rt_opt_time;

static inline rt_opt_int rt_some_int(int64_t value)
{
    rt_opt_int some = {true, value};
    return some;
}

// The time now, for a member.
rt_time rt_db_now(void);

typedef enum rt_field_type {
    RT_FIELD_BOOL,
    RT_FIELD_INT32,
    RT_FIELD_INT64,
    RT_FIELD_FLOAT,
    RT_FIELD_TEXT,
    RT_FIELD_TIME,
    RT_FIELD_BLOB,
    RT_FIELD_UUID,
    RT_FIELD_JSON, // rt_value
    RT_FIELD_OPT_INT,
    RT_FIELD_OPT_FLOAT,
    RT_FIELD_OPT_BOOL,
    RT_FIELD_OPT_TIME,
    RT_FIELD_MODEL, // RT_EMBED
} rt_field_type;

// ---- describing ---------------------------------------------------------------

typedef struct rt_model rt_model;

// A field. The macros set the first group, options the rest; zero is the default.
typedef struct rt_field {
    const char *name; // of the member
    rt_field_type type;
    size_t offset;
    const rt_model *model; // of RT_EMBED

    const char *column;   // NULL: the name
    bool primary_key;     // an integer one is made by the database; several
                          // fields together are one key
    bool not_null;        // numbers are it always, but for rt_opt_*
    bool nullable;        // text: the default
    bool unique;          // uq_<table>_<column>
    bool index;           // ix_<table>_<column>
    unsigned max;         // characters of text: VARCHAR(max)
    const char *sql_type; // the column's type, where another is wanted than the
                          // member's: "NUMERIC(10, 2)", "DATE"
    const char *references; // "user.id"
    const char *on_delete;  // "CASCADE", "SET NULL", "RESTRICT"
    const char *on_update;
    const char
        *server_default; // SQL: "CURRENT_TIMESTAMP", "0", "'new'". Left out
                         // of an INSERT when the member is zero
    const char *check;   // SQL: "price > 0"; ck_<table>_<column>
    const char *was;     // the column's name before, for migrations
    bool
        version; // counted up by each update, which fails when another was first
    bool secret; // never in JSON, templates, logs
    bool now;    // rt_time: set to the time of an insert when it is zero
    bool touch;  // rt_time: set to the time of each update and insert
    const char *label;
    const char *help;
    char end_; // set by the macro
} rt_field;

// An index or a constraint over several columns.
typedef struct rt_model_key {
    const char *columns; // "author_id, created"
    bool unique;
    const char *name; // NULL: ix_<table>_<columns> or uq_...
} rt_model_key;

#define RT_MODEL_KEYS_MAX 16

struct rt_model {
    const char *name;  // of the structure
    const char *table; // NULL: the result of a join, which is no table
    size_t size;
    const rt_field *fields;
    size_t n_fields;
    const rt_model_key *keys; // ends with one without columns; NULL: none
    const char *was;          // the table's name before, for migrations
};

// By the address of the member, so that an array is no text.
// clang-format off
#define RT_FIELD_TYPE(type_, member)                 \
    _Generic(&((type_ *)0)->member,                  \
             bool *: RT_FIELD_BOOL,                  \
             int *: RT_FIELD_INT32,                  \
             long *: RT_FIELD_INT64,                 \
             long long *: RT_FIELD_INT64,            \
             double *: RT_FIELD_FLOAT,               \
             char **: RT_FIELD_TEXT,                 \
             const char **: RT_FIELD_TEXT,           \
             rt_time *: RT_FIELD_TIME,               \
             rt_blob *: RT_FIELD_BLOB,               \
             rt_uuid *: RT_FIELD_UUID,               \
             rt_value *: RT_FIELD_JSON,              \
             rt_opt_int *: RT_FIELD_OPT_INT,         \
             rt_opt_float *: RT_FIELD_OPT_FLOAT,     \
             rt_opt_bool *: RT_FIELD_OPT_BOOL,       \
             rt_opt_time *: RT_FIELD_OPT_TIME)
// clang-format on

// The name of a member, checked.
#define RT__MEMBER(type_, member) \
    (&#member[0 * sizeof(char[offsetof(type_, member) + 1])])

// RT_FIELD(post, title, .max = 140)
#define RT_FIELD(type_, ...) RT__FIELD(type_, __VA_ARGS__, .end_ = 0)
#define RT__FIELD(type_, member, ...)                          \
    {                                                          \
        .name = #member, .type = RT_FIELD_TYPE(type_, member), \
        .offset = offsetof(type_, member), __VA_ARGS__         \
    }

// A member that is itself a model, in the result of a join.
#define RT_EMBED(type_, member, model_)                \
    {                                                  \
        .name = #member, .type = RT_FIELD_MODEL,       \
        .offset = offsetof(type_, member),             \
        .model = _Generic(((type_ *)0)->member, model_ \
                          : &model_##_model)           \
    }

// RT_MODEL(post, "post", RT_FIELD(...), ...) defines `const rt_model post_model`.
// In a header: RT_MODEL_DECLARE(post).
#define RT_MODEL(type_, table_, ...) \
    RT_MODEL_WITH(type_, table_, (NULL), __VA_ARGS__)

// The same with keys of several columns:
// RT_MODEL_WITH(tag, "post_tag", RT_KEYS({"post_id, tag_id", .unique = true}), ...)
#define RT_MODEL_WITH(type_, table_, keys_, ...)                   \
    static const rt_field type_##_fields[] = {__VA_ARGS__};        \
    const rt_model type_##_model = {#type_,                        \
                                    table_,                        \
                                    sizeof(type_),                 \
                                    type_##_fields,                \
                                    sizeof(type_##_fields) /       \
                                        sizeof(type_##_fields[0]), \
                                    keys_,                         \
                                    NULL}
#define RT_KEYS(...)            ((const rt_model_key[]){__VA_ARGS__, {.columns = NULL}})
#define RT_MODEL_DECLARE(type_) extern const rt_model type_##_model

// A list of models, ended by NULL.
#define RT_MODELS(...) ((const rt_model *const[]){__VA_ARGS__, NULL})

// Tell an application's database its models, for migrations and create_all:
// rt_db_models(app, NULL, RT_MODELS(&user_model, &post_model)). A model that makes
// no sense - no key, a reference to nowhere - ends the process.
#define rt_db_models(app, name, models) \
    rt_db_set_models((app), (name), (models), RT_HERE)
void rt_db_set_models(rt_app *app, const char *name,
                      const rt_model *const *models, rt_site site);
// Those it was told; NULL-ended.
const rt_model *const *rt_db_models_of(const rt_db *db);

// CREATE TABLE and CREATE INDEX for those that are not there; DROP them. For tests
// and prototypes: what is there is not changed, which is what migrations are for.
// NULL: the models of rt_db_models.
#define rt_db_create_all(db, models) rt_db_create_models(RT__DB(db), (models))
#define rt_db_drop_all(db, models)   rt_db_drop_models(RT__DB(db), (models))
void rt_db_create_models(rt_db *db, const rt_model *const *models);
void rt_db_drop_models(rt_db *db, const rt_model *const *models);

// The column of a field, and the SQL type it has on an engine: "VARCHAR(140)".
const char *rt_field_column(const rt_field *field);
void rt_field_sql_type(const rt_field *field, rt_db_engine engine, rt_buf *out);
bool rt_field_is_nullable(const rt_field *field);

// A column as CREATE TABLE has it, without what is the table's: "title" VARCHAR(140)
// NOT NULL DEFAULT 'x'. With `inline_keys` also REFERENCES and CHECK, as ALTER TABLE
// ADD COLUMN needs them.
void rt_field_column_sql(const rt_field *field, rt_db_engine engine,
                         bool inline_keys, rt_buf *out);

// The statement that creates the table of a model, without its indexes, and those
// for the indexes, each ending in ";\n".
void rt_model_create_sql(const rt_model *model, rt_db_engine engine,
                         rt_buf *out);
void rt_model_index_sql(const rt_model *model, rt_db_engine engine,
                        rt_buf *out);

// ---- loading --------------------------------------------------------------------

#define RT__MODEL_OUT(type_, out)  _Generic((out), type_ * : (out))
#define RT__MODEL_LIST(type_, out) _Generic((out), type_ * * : (out))

// One by its key; false when there is none, or 404. A key of several columns takes
// its values in the order of the fields.
#define rt_db_get(db, type_, out, ...)                                \
    rt_db_load(RT__DB(db), &type_##_model, RT__MODEL_OUT(type_, out), \
               RT__DB_LIST(__VA_ARGS__))
#define rt_db_get_or_404(db, type_, out, ...)                                \
    rt_db_load_or_404(RT__DB(db), &type_##_model, RT__MODEL_OUT(type_, out), \
                      RT__DB_LIST(__VA_ARGS__))
#define RT__DB_LIST(...) RT_VALUES_FROM2(0, __VA_ARGS__)
bool rt_db_load(rt_db *db, const rt_model *model, void *out,
                const rt_value *key, size_t n);
void rt_db_load_or_404(rt_db *db, const rt_model *model, void *out,
                       const rt_value *key, size_t n);

// The first of those a text selects. The text is what follows the table:
// "WHERE slug = ?", "JOIN ... ORDER BY ...", "" for all. One that begins with
// SELECT or WITH is the whole statement, in which {p.post} stands for the columns
// of a model under an alias:
//
//     "SELECT {p.post}, {u.user} FROM post p JOIN user u ON u.id = p.author_id"
#define rt_db_first(db, type_, out, ...)                                    \
    rt_db_load_first(RT__DB(db), &type_##_model, RT__MODEL_OUT(type_, out), \
                     "" RT_ARG1(__VA_ARGS__), RT_VALUES_FROM2(__VA_ARGS__))
#define rt_db_first_or_404(db, type_, out, ...)         \
    rt_db_load_first_or_404(RT__DB(db), &type_##_model, \
                            RT__MODEL_OUT(type_, out),  \
                            "" RT_ARG1(__VA_ARGS__),    \
                            RT_VALUES_FROM2(__VA_ARGS__))
bool rt_db_load_first(rt_db *db, const rt_model *model, void *out,
                      const char *rest, const rt_value *values, size_t n);
void rt_db_load_first_or_404(rt_db *db, const rt_model *model, void *out,
                             const char *rest, const rt_value *values,
                             size_t n);

// All of them: an array in `*out`, its length returned.
#define rt_db_select(db, type_, out, ...)               \
    rt_db_load_all(RT__DB(db), &type_##_model,          \
                   (void **)RT__MODEL_LIST(type_, out), \
                   "" RT_ARG1(__VA_ARGS__), RT_VALUES_FROM2(__VA_ARGS__))
size_t rt_db_load_all(rt_db *db, const rt_model *model, void **out,
                      const char *rest, const rt_value *values, size_t n);

// How many there are, and whether there is one: "WHERE author_id = ?".
#define rt_db_count(db, type_, ...)                                         \
    rt_db_count_models(RT__DB(db), &type_##_model, "" RT_ARG1(__VA_ARGS__), \
                       RT_VALUES_FROM2(__VA_ARGS__))
#define rt_db_exists(db, type_, ...)                                      \
    rt_db_has_models(RT__DB(db), &type_##_model, "" RT_ARG1(__VA_ARGS__), \
                     RT_VALUES_FROM2(__VA_ARGS__))
int64_t rt_db_count_models(rt_db *db, const rt_model *model, const char *rest,
                           const rt_value *values, size_t n);
bool rt_db_has_models(rt_db *db, const rt_model *model, const char *rest,
                      const rt_value *values, size_t n);

// By a statement of rt_sql: the text after the table, or a whole one.
size_t rt_db_load_sql(const rt_model *model, struct rt_sql *sql, void **out);

// For many rows of one model those of another that they refer to, by one
// statement: `*out` becomes an array of them, each once;
// rt_db_preload(req, post, posts, n, author_id, user, &users).
#define rt_db_preload(db, type_, rows, n, member, other_, out) \
    rt_db_load_related(RT__DB(db), &type_##_model,                          \
                       _Generic((rows), type_ *: (rows),                    \
                                const type_ *: (rows)),                     \
                       (n), RT__MEMBER(type_, member),                       \
                       &other_##_model, (void **)RT__MODEL_LIST(other_, out))
size_t rt_db_load_related(rt_db *db, const rt_model *model, const void *rows,
                          size_t n, const char *member, const rt_model *other,
                          void **out);

// ---- changing -------------------------------------------------------------------

// Insert; the key the database made and what it filled in by default are set in
// the row.
#define rt_db_insert(db, type_, row) \
    rt_db_insert_row(RT__DB(db), &type_##_model, RT__MODEL_OUT(type_, row))
void rt_db_insert_row(rt_db *db, const rt_model *model, void *row);
rt_status rt_db_try_insert_row(rt_db *db, const rt_model *model, void *row,
                               rt_db_error *err);

// Insert many, in one transaction.
#define rt_db_insert_many(db, type_, rows, n)                                 \
    rt_db_insert_rows(RT__DB(db), &type_##_model, RT__MODEL_OUT(type_, rows), \
                      (n))
void rt_db_insert_rows(rt_db *db, const rt_model *model, void *rows, size_t n);

// Update the columns of the members named, up to 16; of all but the key when none
// is. Returns false when there is no such row any more. With a .version field a
// row that another has changed meanwhile is 409, and false from `try`.
#define rt_db_update(db, type_, ...)                             \
    rt_db_update_row(RT__DB(db), &type_##_model,                 \
                     RT__MODEL_OUT(type_, RT_ARG1(__VA_ARGS__)), \
                     RT__MEMBERS(type_, __VA_ARGS__))
bool rt_db_update_row(rt_db *db, const rt_model *model, void *row,
                      const char *const *members);
rt_status rt_db_try_update_row(rt_db *db, const rt_model *model, void *row,
                               const char *const *members, rt_db_error *err);

#define RT__MEMBERS(type_, ...)                                             \
    ((const char *const[]){RT__CAT(RT__MEMBERS, RT_ARG_COUNT(__VA_ARGS__))( \
        type_, __VA_ARGS__) NULL})
#define RT__MEMBERS1(t, r)
#define RT__MEMBERS2(t, r, m) RT__MEMBER(t, m),
#define RT__MEMBERS3(t, r, m, ...) \
    RT__MEMBER(t, m), RT__MEMBERS2(t, r, __VA_ARGS__)
#define RT__MEMBERS4(t, r, m, ...) \
    RT__MEMBER(t, m), RT__MEMBERS3(t, r, __VA_ARGS__)
#define RT__MEMBERS5(t, r, m, ...) \
    RT__MEMBER(t, m), RT__MEMBERS4(t, r, __VA_ARGS__)
#define RT__MEMBERS6(t, r, m, ...) \
    RT__MEMBER(t, m), RT__MEMBERS5(t, r, __VA_ARGS__)
#define RT__MEMBERS7(t, r, m, ...) \
    RT__MEMBER(t, m), RT__MEMBERS6(t, r, __VA_ARGS__)
#define RT__MEMBERS8(t, r, m, ...) \
    RT__MEMBER(t, m), RT__MEMBERS7(t, r, __VA_ARGS__)
#define RT__MEMBERS9(t, r, m, ...) \
    RT__MEMBER(t, m), RT__MEMBERS8(t, r, __VA_ARGS__)
#define RT__MEMBERS10(t, r, m, ...) \
    RT__MEMBER(t, m), RT__MEMBERS9(t, r, __VA_ARGS__)
#define RT__MEMBERS11(t, r, m, ...) \
    RT__MEMBER(t, m), RT__MEMBERS10(t, r, __VA_ARGS__)
#define RT__MEMBERS12(t, r, m, ...) \
    RT__MEMBER(t, m), RT__MEMBERS11(t, r, __VA_ARGS__)
#define RT__MEMBERS13(t, r, m, ...) \
    RT__MEMBER(t, m), RT__MEMBERS12(t, r, __VA_ARGS__)
#define RT__MEMBERS14(t, r, m, ...) \
    RT__MEMBER(t, m), RT__MEMBERS13(t, r, __VA_ARGS__)
#define RT__MEMBERS15(t, r, m, ...) \
    RT__MEMBER(t, m), RT__MEMBERS14(t, r, __VA_ARGS__)
#define RT__MEMBERS16(t, r, m, ...) \
    RT__MEMBER(t, m), RT__MEMBERS15(t, r, __VA_ARGS__)
#define RT__MEMBERS17(t, r, m, ...) \
    RT__MEMBER(t, m), RT__MEMBERS16(t, r, __VA_ARGS__)

// Insert, or update the row that has the same values in `conflict` ("slug", or
// "post_id, tag_id"): a unique key.
#define rt_db_upsert(db, type_, row, conflict)                              \
    rt_db_upsert_row(RT__DB(db), &type_##_model, RT__MODEL_OUT(type_, row), \
                     (conflict))
void rt_db_upsert_row(rt_db *db, const rt_model *model, void *row,
                      const char *conflict);

// Delete by key; false when there is no such row.
#define rt_db_delete(db, type_, row) \
    rt_db_delete_row(RT__DB(db), &type_##_model, RT__MODEL_OUT(type_, row))
bool rt_db_delete_row(rt_db *db, const rt_model *model, const void *row);

// ---- values -------------------------------------------------------------------

// A row as a dict, and rows as a list, for templates and JSON; without .secret
// fields. Text is viewed.
#define rt_model_dict(db, type_, row) \
    rt_model_row_value(rt_db_arena(RT__DB(db)), &type_##_model, \
                       _Generic((row), type_ *: (row), const type_ *: (row)))
#define rt_model_list(db, type_, rows, n) \
    rt_model_rows_value(rt_db_arena(RT__DB(db)), &type_##_model, \
                        _Generic((rows), type_ *: (rows), const type_ *: (rows)), (n))
rt_value rt_model_row_value(rt_arena *arena, const rt_model *model,
                            const void *row);
rt_value rt_model_rows_value(rt_arena *arena, const rt_model *model,
                             const void *rows, size_t n);

// One member as a value.
rt_value rt_field_value(rt_arena *arena, const rt_field *field,
                        const void *row);

RT_C_END
