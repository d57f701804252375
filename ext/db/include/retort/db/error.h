// What a database says when it refuses.
//
// Each failure has a kind that is the same on all engines, the engine's own code,
// and, where the engine tells, the table, column and constraint.
//
// A view that does not ask gets rid of a failure as of every other: the request
// ends, the log says why. The kinds are those of error handlers as well:
//
//     rt_error_handler(app, RT_DB_ERROR, database_failed);
//     rt_error_handler(app, &rt_db_kind_unique, taken_already);
//
// Follows sqlalchemy.exc.
#pragma once

#include <retort/app/scope.h>
#include <retort/base/attributes.h>
#include <retort/base/status.h>
#include <retort/base/str.h>

RT_C_BEGIN

// X(constant, name, text)
#define RT_DB_KINDS(X)                                                 \
    X(RT_DB_OK, ok, "no error")                                        \
    X(RT_DB_OTHER, other, "the database refused")                      \
    X(RT_DB_SYNTAX, syntax, "the statement makes no sense")            \
    X(RT_DB_UNIQUE, unique, "exists already")                          \
    X(RT_DB_FOREIGN_KEY, foreign_key, "refers to what is not there")   \
    X(RT_DB_NOT_NULL, not_null, "may not be null")                     \
    X(RT_DB_CHECK, check, "a check failed")                            \
    X(RT_DB_DATA, data, "a value does not fit its column")             \
    X(RT_DB_BUSY, busy, "another transaction is in the way")           \
    X(RT_DB_SERIALIZATION, serialization, "try the transaction again") \
    X(RT_DB_READ_ONLY, read_only, "the database may not be changed")   \
    X(RT_DB_LOST, lost, "the connection was lost")                     \
    X(RT_DB_CONNECT, connect, "cannot connect")                        \
    X(RT_DB_EXHAUSTED, exhausted, "all connections are in use")        \
    X(RT_DB_TIMEOUT, timeout, "it took too long")                      \
    X(RT_DB_USAGE, usage, "wrong use")

#define RT__DB_KIND_ENUM(name, lower, text) name,

typedef enum rt_db_kind {
    RT_DB_KINDS(RT__DB_KIND_ENUM)
} rt_db_kind;

#undef RT__DB_KIND_ENUM

// One failure. Zero-initialise it; the texts are never NULL after a failure,
// empty where nothing is known.
//
//   memory   the texts lie in the arena of the database handle: the request's
typedef struct rt_db_error {
    rt_db_kind kind;
    int code;         // the engine's: SQLite's extended code, MariaDB's number
    char sqlstate[6]; // "23505"; "" on SQLite
    const char *message; // the engine's
    const char *table;
    const char *column; // of several: "a, b"
    const char *constraint;
    const char *sql; // the statement, without values
} rt_db_error;

// "unique", and "exists already".
const char *rt_db_kind_name(rt_db_kind kind);
const char *rt_db_kind_text(rt_db_kind kind);

// True of what may succeed when the transaction is tried again: busy and
// serialization.
bool rt_db_kind_is_transient(rt_db_kind kind);

// For error handlers: any failure of a database, and those of one kind, whose
// parent it is (rt_db_kind_unique, rt_db_kind_foreign_key, ...).
#define RT_DB_ERROR (&rt_db_kind_any)
extern const rt_error_kind rt_db_kind_any;
#define RT__DB_KIND_EXTERN(name, lower, text) \
    extern const rt_error_kind rt_db_kind_##lower;
RT_DB_KINDS(RT__DB_KIND_EXTERN)
#undef RT__DB_KIND_EXTERN

RT_C_END
