#include "retort/db/error.h"

#include <string.h>

#include "driver.h"

const char *rt_db_kind_name(rt_db_kind kind)
{
    switch (kind) {
#define NAME(constant, lower, text) \
    case constant: return #lower;
        RT_DB_KINDS(NAME)
#undef NAME
    }
    return "unknown";
}

const char *rt_db_kind_text(rt_db_kind kind)
{
    switch (kind) {
#define TEXT(constant, lower, text) \
    case constant: return text;
        RT_DB_KINDS(TEXT)
#undef TEXT
    }
    return "unknown";
}

bool rt_db_kind_is_transient(rt_db_kind kind)
{
    return kind == RT_DB_BUSY || kind == RT_DB_SERIALIZATION;
}

const rt_error_kind rt_db_kind_any = {.name = "DatabaseError",
                                      .parent = RT_ANY_ERROR};
#define KIND(constant, lower, text)                                 \
    const rt_error_kind rt_db_kind_##lower = {.name = "db." #lower, \
                                              .parent = &rt_db_kind_any};
RT_DB_KINDS(KIND)
#undef KIND

rt_status rt__db_kind_status(rt_db_kind kind)
{
    switch (kind) {
    case RT_DB_OK: return RT_OK;
    case RT_DB_UNIQUE: return RT_E_EXISTS;
    case RT_DB_BUSY:
    case RT_DB_SERIALIZATION:
    case RT_DB_EXHAUSTED: return RT_E_BUSY;
    case RT_DB_LOST:
    case RT_DB_CONNECT: return RT_E_CLOSED;
    case RT_DB_TIMEOUT: return RT_E_TIMEOUT;
    case RT_DB_SYNTAX:
    case RT_DB_USAGE: return RT_E_SYNTAX;
    default: return RT_E_SYSTEM;
    }
}

rt_status rt__db_error_set(rt_db_error *err, rt_arena *arena, rt_db_kind kind,
                           int code, const char *sqlstate, const char *message)
{
    if (err) {
        *err = (rt_db_error){.kind = kind,
                             .code = code,
                             .table = "",
                             .column = "",
                             .constraint = "",
                             .sql = ""};
        if (sqlstate)
            memcpy(err->sqlstate, sqlstate, strnlen(sqlstate, 5));
        // What servers say ends in line breaks.
        rt_str text =
            rt_str_trim(rt_str_from(message ? message : rt_db_kind_text(kind)));
        err->message = rt_str_copy(arena, text).data;
    }
    return rt__db_kind_status(kind);
}

rt_db_kind rt__db_kind_of_sqlstate(const char *sqlstate)
{
    static const struct {
        const char *state; // or the first two digits: a class
        rt_db_kind kind;
    } kinds[] = {
        {"23505", RT_DB_UNIQUE},
        {"23503", RT_DB_FOREIGN_KEY},
        {"23001", RT_DB_FOREIGN_KEY},
        {"23502", RT_DB_NOT_NULL},
        {"23514", RT_DB_CHECK},
        {"23P01", RT_DB_UNIQUE},
        {"40001", RT_DB_SERIALIZATION},
        {"40P01", RT_DB_SERIALIZATION},
        {"55P03", RT_DB_BUSY},
        {"57014", RT_DB_TIMEOUT},
        {"25006", RT_DB_READ_ONLY},
        {"57P01", RT_DB_LOST},
        {"57P02", RT_DB_LOST},
        {"57P03", RT_DB_CONNECT},
        {"57P05", RT_DB_LOST},
        {"53300", RT_DB_CONNECT},
        {"08", RT_DB_LOST},
        {"22", RT_DB_DATA},
        {"42501", RT_DB_OTHER}, // not allowed to: the statement is right
        {"42", RT_DB_SYNTAX},
        {"28", RT_DB_CONNECT},
        {"3D", RT_DB_CONNECT},
    };

    for (size_t i = 0; sqlstate && i < RT_COUNT(kinds); i++)
        if (strncmp(sqlstate, kinds[i].state, strlen(kinds[i].state)) == 0)
            return kinds[i].kind;
    return RT_DB_OTHER;
}
