// SQLite's values and failures as ours.
#include <stdlib.h>
#include <string.h>

#include <retort/base/arena.h>
#include <retort/base/buf.h>
#include <retort/base/json.h>
#include <retort/base/utf8.h>

#include "sqlite.h"

// What a column is declared as, where that says more than the storage class.
enum {
    PLAIN,
    BOOLEAN,
    TIMESTAMP,
    JSON,
    UUID,
    EXACT,
};

static const struct {
    const char *prefix;
    uint32_t type;
} declared[] = {
    {"BOOL", BOOLEAN},  {"DATETIME", TIMESTAMP}, {"TIMESTAMP", TIMESTAMP},
    {"JSON", JSON},     {"UUID", UUID},          {"NUMERIC", EXACT},
    {"DECIMAL", EXACT},
};

static uint32_t type_of(const char *text)
{
    for (size_t i = 0; text && i < sizeof declared / sizeof *declared; i++) {
        const char *prefix = declared[i].prefix;
        if (sqlite3_strnicmp(text, prefix, (int)strlen(prefix)) == 0)
            return declared[i].type;
    }
    return PLAIN;
}

// ---- parameters -------------------------------------------------------------------

// Text is copied: a statement that is given up in the middle is stepped on after
// the request's memory has gone.
static int bind_text(sqlite3_stmt *handle, int at, rt_str text)
{
    return sqlite3_bind_text64(handle, at, text.data ? text.data : "", text.len,
                               SQLITE_TRANSIENT, SQLITE_UTF8);
}

// Times as SQLAlchemy writes them, UUIDs as 32 digits, lists and dicts as JSON.
static int bind_written(sqlite3_stmt *handle, int at, rt_value value)
{
    rt_arena arena;
    rt_buf buf;

    rt_arena_init(&arena, 0);
    rt_buf_init(&buf, &arena);
    if (value.kind == RT_DATE) {
        rt__db_put_time(&buf, value.as.date_us);
    } else if (value.kind == RT_UUID) {
        for (int i = 0; i < 16; i++)
            rt_buf_put_hex(&buf, value.as.uuid[i], 2);
    } else if (value.kind == RT_OBJECT) {
        rt_value_put_text(&buf, value);
    } else {
        rt_json_put(&buf, value, &(rt_json_style){.unicode = true});
    }
    int result =
        buf.status ? SQLITE_MISMATCH : bind_text(handle, at, rt_buf_str(&buf));
    rt_arena_deinit(&arena);
    return result;
}

static int bind_one(sqlite3_stmt *handle, int at, rt_value value)
{
    switch (rt_value_kind(value)) {
    case RT_UNDEFINED: return SQLITE_MISMATCH;
    case RT_NONE: return sqlite3_bind_null(handle, at);
    case RT_BOOL: return sqlite3_bind_int(handle, at, value.as.boolean);
    case RT_INT: return sqlite3_bind_int64(handle, at, value.as.integer);
    case RT_FLOAT: return sqlite3_bind_double(handle, at, value.as.number);
    case RT_STRING:
    case RT_SAFE: return bind_text(handle, at, rt_value_as_str(value));
    case RT_BYTES: {
        rt_str bytes = rt_value_as_str(value);
        return sqlite3_bind_blob64(handle, at, bytes.len ? bytes.data : "",
                                   bytes.len, SQLITE_TRANSIENT);
    }
    default: return bind_written(handle, at, value);
    }
}

int rt__lite_bind(rt__lite_stmt *stmt, const rt_value *values, size_t n)
{
    if ((size_t)sqlite3_bind_parameter_count(stmt->handle) != n)
        return SQLITE_RANGE;
    for (size_t i = 0; i < n; i++) {
        int result = bind_one(stmt->handle, (int)i + 1, values[i]);
        if (result)
            return result;
    }
    return SQLITE_OK;
}

// ---- columns and cells --------------------------------------------------------------

static rt_str put_name(char **at, const char *name)
{
    size_t len = strlen(name);
    rt_str copy = {memcpy(*at, name, len + 1), len};

    *at += len + 1;
    return copy;
}

// The columns stay until SQLite has compiled the statement anew, which it does when
// the schema has changed.
void rt__lite_columns(rt__lite_stmt *stmt)
{
    sqlite3_stmt *handle = stmt->handle;
    int now = sqlite3_stmt_status(handle, SQLITE_STMTSTATUS_REPREPARE, 0);
    size_t n = (size_t)sqlite3_column_count(handle);
    size_t bytes = n * sizeof(rt__column);

    if ((stmt->columns && stmt->reprepared == now) || n == 0)
        return;
    for (size_t i = 0; i < n; i++)
        bytes += strlen(sqlite3_column_name(handle, (int)i)) + 1;
    free(stmt->columns);
    stmt->columns = malloc(bytes);
    if (!stmt->columns)
        abort();
    stmt->n_columns = n;
    stmt->reprepared = now;

    char *names = (char *)(stmt->columns + n);
    for (size_t i = 0; i < n; i++) {
        rt__column *column = &stmt->columns[i];
        column->name = put_name(&names, sqlite3_column_name(handle, (int)i));
        column->type = type_of(sqlite3_column_decltype(handle, (int)i));
        rt_status status =
            rt_value_hash(rt_value_str(column->name), &column->hash);
        (void)status; // text can be hashed
    }
}

// What is no valid UTF-8 is not text.
static rt_value text_cell(rt_arena *arena, rt_str text)
{
    if (!rt_utf8_valid(text))
        return rt_value_bytes(rt_arena_copy(arena, text.data, text.len),
                              text.len);
    rt_value value =
        rt_value_str(rt_str_of(rt_str_cstr(arena, text), text.len));
    value.flags |= RT__VALUE_CSTR;
    return value;
}

static rt_value uuid_cell(rt_arena *arena, rt_str bytes, bool blob,
                          rt_value otherwise)
{
    uint8_t *uuid = rt_arena_alloc(arena, 16);

    if (blob && bytes.len == 16)
        memcpy(uuid, bytes.data, 16);
    else if (blob || !rt__db_parse_uuid(bytes, uuid))
        return otherwise;
    return rt_value_uuid(uuid);
}

static rt_value text_as(uint32_t type, rt_arena *arena, rt_str text)
{
    int64_t us;
    rt_value value;

    if (type == TIMESTAMP && rt__db_parse_time(text, &us))
        return rt_value_date(us);
    if (type == JSON && rt_json_parse(arena, text, NULL, &value, NULL) == RT_OK)
        return value;
    value = text_cell(arena, text);
    if (type == UUID)
        return uuid_cell(arena, text, false, value);
    return value;
}

// A number in a column of times counts seconds, as unixepoch() does.
static rt_value int_as(uint32_t type, int64_t n)
{
    int64_t us;

    if (type == BOOLEAN)
        return rt_value_bool(n != 0);
    if (type == TIMESTAMP && !__builtin_mul_overflow(n, INT64_C(1000000), &us))
        return rt_value_date(us);
    return rt_value_int(n);
}

static rt_str cell_text(sqlite3_stmt *handle, int at)
{
    const void *text = sqlite3_column_text(handle, at); // before its length
    return rt_str_of(text, (size_t)sqlite3_column_bytes(handle, at));
}

static rt_value cell(sqlite3_stmt *handle, int at, uint32_t type,
                     rt_arena *arena)
{
    int class = sqlite3_column_type(handle, at);

    if (type == EXACT && (class == SQLITE_INTEGER || class == SQLITE_FLOAT))
        return text_cell(arena, cell_text(handle, at));
    switch (class) {
    case SQLITE_NULL: return rt_value_none();
    case SQLITE_INTEGER: return int_as(type, sqlite3_column_int64(handle, at));
    case SQLITE_FLOAT: return rt_value_float(sqlite3_column_double(handle, at));
    case SQLITE_TEXT: return text_as(type, arena, cell_text(handle, at));
    default: {
        const void *data = sqlite3_column_blob(handle, at);
        size_t len = (size_t)sqlite3_column_bytes(handle, at);
        rt_value bytes = rt_value_bytes(rt_arena_copy(arena, data, len), len);
        if (type == UUID)
            return uuid_cell(arena, rt_str_of(data, len), true, bytes);
        return bytes;
    }
    }
}

void rt__lite_cells(rt__lite_stmt *stmt, rt_arena *arena, rt_value *cells)
{
    for (size_t i = 0; i < stmt->n_columns; i++)
        cells[i] = cell(stmt->handle, (int)i, stmt->columns[i].type, arena);
}

// ---- failures -------------------------------------------------------------------------

static rt_db_kind kind_of_constraint(int code)
{
    switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID: return RT_DB_UNIQUE;
    case SQLITE_CONSTRAINT_FOREIGNKEY: return RT_DB_FOREIGN_KEY;
    case SQLITE_CONSTRAINT_NOTNULL: return RT_DB_NOT_NULL;
    case SQLITE_CONSTRAINT_CHECK: return RT_DB_CHECK;
    case 3091: // SQLITE_CONSTRAINT_DATATYPE, of SQLite 3.37
        return RT_DB_DATA;
    default: return RT_DB_OTHER;
    }
}

static rt_db_kind kind_of(int code)
{
    if (code == SQLITE_BUSY_SNAPSHOT)
        return RT_DB_SERIALIZATION;

    switch (code & 0xff) {
    case SQLITE_CONSTRAINT: return kind_of_constraint(code);
    case SQLITE_ERROR: return RT_DB_SYNTAX;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return RT_DB_BUSY;
    case SQLITE_READONLY: return RT_DB_READ_ONLY;
    case SQLITE_CANTOPEN:
    case SQLITE_NOTADB:
    case SQLITE_PERM: return RT_DB_CONNECT;
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG: return RT_DB_DATA;
    case SQLITE_RANGE:
    case SQLITE_MISUSE: return RT_DB_USAGE;
    default: return RT_DB_OTHER;
    }
}

// "UNIQUE constraint failed: user.name, user.mail" and "NOT NULL constraint
// failed: user.name" name columns, "CHECK constraint failed: positive" and
// "UNIQUE constraint failed: index 'lower_name'" a constraint.
static void read_names(rt_db_error *err, rt_arena *arena, rt_str message)
{
    rt_str mark = RT_STR("constraint failed: ");
    size_t at = rt_str_find(message, mark);
    if (at == RT_STR_NONE)
        return;

    rt_str rest = rt_str_slice(message, at + mark.len, message.len);
    if (rt_str_skip(&rest, RT_STR("index '"))) {
        err->constraint = rt_str_cstr(arena, rt_str_cut(&rest, '\''));
        return;
    }
    if (err->kind == RT_DB_CHECK) {
        err->constraint = rt_str_cstr(arena, rest);
        return;
    }

    rt_buf columns;
    rt_buf_init(&columns, arena);
    while (rest.data) {
        rt_str column = rt_str_trim(rt_str_cut(&rest, ','));
        rt_str table = rt_str_cut(&column, '.');
        if (columns.len)
            rt_buf_put(&columns, RT_STR(", "));
        else
            err->table = rt_str_cstr(arena, table);
        rt_buf_put(&columns, column);
    }
    err->column = rt_str_cstr(arena, rt_buf_str(&columns));
}

rt_status rt__lite_fail(rt__lite *lite, int code, rt_arena *arena,
                        rt_db_error *err)
{
    rt_db_error unwanted = {0};
    rt_db_kind kind = code == RT__LITE_RUN_ERROR ? RT_DB_OTHER : kind_of(code);
    code = code == RT__LITE_RUN_ERROR ? SQLITE_ERROR : code;
    const char *message = sqlite3_errstr(code);

    // SQLite knows better what was wrong, unless it was us who found it.
    if (lite->db && sqlite3_extended_errcode(lite->db) == code)
        message = sqlite3_errmsg(lite->db);
    if (!err)
        err = &unwanted;
    rt_status status = rt__db_error_set(err, arena, kind, code, "", message);
    if ((code & 0xff) == SQLITE_CONSTRAINT)
        read_names(err, arena, rt_str_from(message));
    return code == SQLITE_INTERRUPT ? RT_E_CANCELLED : status;
}
