// MariaDB and MySQL, over libmariadb's non-blocking calls.
//
// Each call of the client library is started, and continued whenever the socket is
// ready, until it is done; between the two the coroutine waits. The library keeps a
// stack of its own for what is under way, so a call that was begun cannot be given
// up: a connection whose coroutine was dropped in a call is closed.
//
// Values travel in the binary protocol of prepared statements. A statement that
// cannot be prepared is sent as text.
#include <errmsg.h>
#include <mysql.h>
#include <stdlib.h>
#include <string.h>

#include <retort/base/json.h>
#include <retort/base/time.h>
#include <retort/base/wait.h>

#include "driver.h"

#define INLINE_BYTES 64 // of a text that is fetched with its row

typedef struct cached {
    uint64_t id; // of the statement; 0: free
    uint64_t used;
    MYSQL_STMT *stmt;
} cached;

typedef enum decoding {
    AS_INT,
    AS_BOOL,
    AS_FLOAT,
    AS_TIME,
    AS_TEXT,
    AS_BYTES,
    AS_JSON,
    AS_UUID,
} decoding;

typedef struct cell {
    decoding as;
    char inline_text[INLINE_BYTES];
    MYSQL_TIME time;
    int64_t integer;
    double number;
    unsigned long len;
    my_bool is_null;
    my_bool truncated;
} cell;

typedef struct conn {
    rt__conn head;
    MYSQL mysql;
    bool open;
    bool in_call;       // a call of the library was begun and has not ended
    cached *statements; // options->statements of them
    uint64_t clock;

    // Of the query that is under way: there is one at a time.
    rt_arena arena;
    MYSQL_STMT *stmt;
    MYSQL_BIND *binds;
    cell *cells;
    bool stored; // all rows are here
    bool ended;
} conn;

// ---- waiting --------------------------------------------------------------------

// Wait for what a call waits for. Returns what happened, for the call's `cont`.
static int wait_for(conn *c, int status)
{
    int events = 0;
    if (status & (MYSQL_WAIT_READ | MYSQL_WAIT_EXCEPT))
        events |= RT_WAIT_READ;
    if (status & MYSQL_WAIT_WRITE)
        events |= RT_WAIT_WRITE;
    int64_t timeout = -1;
    if (status & MYSQL_WAIT_TIMEOUT)
        timeout = (int64_t)mysql_get_timeout_value_ms(&c->mysql);
    my_socket fd = mysql_get_socket(&c->mysql);
    rt_status waited = rt_wait_fd(fd, events ? events : RT_WAIT_READ, timeout);
    if (waited == RT_E_TIMEOUT)
        return MYSQL_WAIT_TIMEOUT;
    if (waited == RT_OK)
        return status & (MYSQL_WAIT_READ | MYSQL_WAIT_WRITE);
    // Cancelled: the call cannot be left, so it ends as if time were up.
    c->head.broken = true;
    return MYSQL_WAIT_TIMEOUT;
}

// Run a call to its end: CALL(c, result, mysql_ping, &c->mysql).
#define CALL(c, result, name, ...)                                \
    do {                                                          \
        (c)->in_call = true;                                      \
        int waits_ = name##_start(&(result), __VA_ARGS__);        \
        while (waits_)                                            \
            waits_ = name##_cont(&(result), RT_ARG1(__VA_ARGS__), \
                                 wait_for(c, waits_));            \
        (c)->in_call = false;                                     \
    } while (0)

// ---- errors ---------------------------------------------------------------------

static rt_db_kind kind_of(unsigned code, const char *sqlstate)
{
    switch (code) {
    case 1062:
    case 1169:
    case 1586: return RT_DB_UNIQUE;
    case 1216:
    case 1217:
    case 1451:
    case 1452: return RT_DB_FOREIGN_KEY;
    case 1048:
    case 1364: return RT_DB_NOT_NULL;
    case 3819:
    case 4025: return RT_DB_CHECK;
    case 1205: return RT_DB_BUSY;
    case 1020:
    case 1213: return RT_DB_SERIALIZATION;
    case 1054:
    case 1064:
    case 1146: return RT_DB_SYNTAX;
    case 1264:
    case 1265:
    case 1292:
    case 1366:
    case 1406: return RT_DB_DATA;
    case 1290:
    case 1792: return RT_DB_READ_ONLY;
    case 1317:
    case 1969: return RT_DB_TIMEOUT;
    case 1053:
    case 1077:
    case 1152:
    case 1158:
    case 1159:
    case 1160:
    case 1161:
    case 1927:
    case CR_SERVER_GONE_ERROR:
    case CR_SERVER_LOST: return RT_DB_LOST;
    default: return rt__db_kind_of_sqlstate(sqlstate);
    }
}

// The piece of a message between two quotes, counted from the first (0) or last.
static const char *quoted(rt_arena *arena, const char *message, bool last)
{
    const char *from = last ? NULL : strchr(message, '\'');
    const char *to = strrchr(message, '\'');
    if (last && to) {
        for (from = to - 1; from > message && *from != '\''; from--)
            ;
    } else if (from) {
        to = strchr(from + 1, '\'');
    }
    if (!from || !to || to <= from)
        return "";
    return rt_str_copy(arena, rt_str_of(from + 1, (size_t)(to - from - 1)))
        .data;
}

static rt_status refuse(conn *c, rt_arena *arena, rt_db_error *err,
                        unsigned code, const char *sqlstate,
                        const char *message)
{
    rt_db_kind kind = kind_of(code, sqlstate);
    if (kind == RT_DB_LOST)
        c->head.broken = true;
    rt_status status =
        rt__db_error_set(err, arena, kind, (int)code, sqlstate, message);
    if (!err)
        return status;
    if (kind == RT_DB_UNIQUE)
        err->constraint = quoted(arena, message, true);
    else if (kind == RT_DB_NOT_NULL)
        err->column = quoted(arena, message, false);
    return status;
}

static rt_status refuse_stmt(conn *c, rt_arena *arena, rt_db_error *err)
{
    return refuse(c, arena, err, mysql_stmt_errno(c->stmt),
                  mysql_stmt_sqlstate(c->stmt), mysql_stmt_error(c->stmt));
}

static rt_status refuse_conn(conn *c, rt_arena *arena, rt_db_error *err)
{
    return refuse(c, arena, err, mysql_errno(&c->mysql),
                  mysql_sqlstate(&c->mysql), mysql_error(&c->mysql));
}

// ---- opening and closing --------------------------------------------------------

static void set_options(conn *c)
{
    const rt__db_url *url = c->head.url;
    unsigned seconds =
        (unsigned)((c->head.options->connect_timeout_ms + 999) / 1000);
    mysql_options(&c->mysql, MYSQL_OPT_NONBLOCK, 0);
    mysql_options(&c->mysql, MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
    mysql_options(&c->mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    mysql_options(&c->mysql, MYSQL_INIT_COMMAND,
                  "SET time_zone = '+00:00', sql_mode = "
                  "'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,"
                  "NO_ENGINE_SUBSTITUTION'");
    const char *ca = rt__db_url_option(url, "ssl_ca", NULL);
    if (ca)
        mysql_options(&c->mysql, MYSQL_OPT_SSL_CA, ca);
}

static rt_status open_conn(rt__conn *head, rt_arena *arena, rt_db_error *err)
{
    conn *c = (conn *)head;
    const rt__db_url *url = head->url;
    mysql_init(&c->mysql);
    c->open = true;
    set_options(c);
    c->statements = calloc((size_t)head->options->statements, sizeof(cached));
    const char *socket = rt__db_url_option(url, "unix_socket", NULL);
    MYSQL *done = NULL;
    CALL(c, done, mysql_real_connect, &c->mysql,
         socket || !url->host[0] ? NULL : url->host,
         url->user[0] ? url->user : NULL, url->password, url->database,
         (unsigned)url->port, socket, CLIENT_FOUND_ROWS);
    if (done && !head->broken)
        return RT_OK;
    head->broken = true;
    return rt__db_error_set(err, arena, RT_DB_CONNECT,
                            (int)mysql_errno(&c->mysql),
                            mysql_sqlstate(&c->mysql), mysql_error(&c->mysql));
}

static void close_conn(rt__conn *head)
{
    conn *c = (conn *)head;
    if (c->open) {
        // A server that is told nothing of the end finds the socket closed.
        if (c->in_call || head->broken)
            mysql_get_socket(&c->mysql) >= 0 ? (void)mariadb_cancel(&c->mysql)
                                             : (void)0;
        for (int i = 0; i < head->options->statements; i++)
            if (c->statements && c->statements[i].stmt && !c->in_call)
                mysql_stmt_close(c->statements[i].stmt);
        mysql_close(&c->mysql);
        c->open = false;
    }
    free(c->statements);
    c->statements = NULL;
    rt_arena_deinit(&c->arena);
}

static rt_status check(rt__conn *head)
{
    conn *c = (conn *)head;
    int failed = 1;
    CALL(c, failed, mysql_ping, &c->mysql);
    if (failed)
        head->broken = true;
    return failed ? RT_E_CLOSED : RT_OK;
}

// ---- statements -----------------------------------------------------------------

static cached *cache_slot(conn *c, uint64_t id)
{
    cached *oldest = &c->statements[0];
    for (int i = 0; i < c->head.options->statements; i++) {
        cached *at = &c->statements[i];
        if (at->id == id)
            return at;
        if (at->used < oldest->used)
            oldest = at;
    }
    return oldest;
}

// RT_E_UNSUPPORTED: it can only be sent as text.
static rt_status prepare(conn *c, const rt__stmt *stmt, rt_arena *arena,
                         rt_db_error *err)
{
    cached *slot = cache_slot(c, stmt->id);
    slot->used = ++c->clock;
    if (slot->id == stmt->id) {
        c->stmt = slot->stmt;
        return RT_OK;
    }
    if (slot->stmt) {
        my_bool failed;
        slot->id = 0;
        CALL(c, failed, mysql_stmt_close, slot->stmt);
        slot->stmt = NULL;
    }
    c->stmt = mysql_stmt_init(&c->mysql);
    int failed = 1;
    CALL(c, failed, mysql_stmt_prepare, c->stmt, stmt->native.data,
         (unsigned long)stmt->native.len);
    slot->stmt = c->stmt;
    if (!failed) {
        slot->id = stmt->id;
        return RT_OK;
    }
    if (mysql_stmt_errno(c->stmt) == 1295)
        return RT_E_UNSUPPORTED;
    return refuse_stmt(c, arena, err);
}

static MYSQL_TIME time_of(int64_t us)
{
    rt_civil_time civil = rt_time_civil(us);
    return (MYSQL_TIME){.time_type = MYSQL_TIMESTAMP_DATETIME,
                        .year = (unsigned)civil.year,
                        .month = (unsigned)civil.month,
                        .day = (unsigned)civil.day,
                        .hour = (unsigned)civil.hour,
                        .minute = (unsigned)civil.minute,
                        .second = (unsigned)civil.second,
                        .second_part = (unsigned long)civil.microsecond};
}

// The date of zeros, which is none, is NULL, as for others who read it.
static rt_value date_of(const MYSQL_TIME *t)
{
    rt_civil_time civil = {.year = (int64_t)t->year,
                           .month = (int)t->month,
                           .day = (int)t->day,
                           .hour = (int)t->hour,
                           .minute = (int)t->minute,
                           .second = (int)t->second,
                           .microsecond = (int)t->second_part};
    int64_t us;
    return rt_time_from_civil(civil, &us) ? rt_value_none() : rt_value_date(us);
}

static void bind_text(MYSQL_BIND *bind, enum enum_field_types type, rt_str s)
{
    bind->buffer_type = type;
    bind->buffer = (void *)(uintptr_t)s.data;
    bind->buffer_length = (unsigned long)s.len;
}

static void bind_value(conn *c, MYSQL_BIND *bind, const rt_value *v)
{
    rt_buf text;
    switch (rt_value_kind(*v)) {
    case RT_UNDEFINED:
    case RT_NONE: bind->buffer_type = MYSQL_TYPE_NULL; break;
    case RT_BOOL: {
        signed char *b = rt_new(&c->arena, signed char, 1);
        *b = v->as.boolean;
        bind->buffer_type = MYSQL_TYPE_TINY;
        bind->buffer = b;
        break;
    }
    case RT_INT:
        bind->buffer_type = MYSQL_TYPE_LONGLONG;
        bind->buffer = rt_arena_copy(&c->arena, &v->as.integer, 8);
        break;
    case RT_FLOAT:
        bind->buffer_type = MYSQL_TYPE_DOUBLE;
        bind->buffer = rt_arena_copy(&c->arena, &v->as.number, 8);
        break;
    case RT_DATE: {
        MYSQL_TIME t = time_of(v->as.date_us);
        bind->buffer_type = MYSQL_TYPE_DATETIME;
        bind->buffer = rt_arena_copy(&c->arena, &t, sizeof(t));
        break;
    }
    case RT_BYTES: bind_text(bind, MYSQL_TYPE_BLOB, rt_value_as_str(*v)); break;
    case RT_STRING:
    case RT_SAFE:
        bind_text(bind, MYSQL_TYPE_STRING, rt_value_as_str(*v));
        break;
    case RT_UUID:
        rt_buf_init(&text, &c->arena);
        rt__db_put_uuid(&text, v->as.uuid);
        bind_text(bind, MYSQL_TYPE_STRING, rt_buf_str(&text));
        break;
    default:
        rt_buf_init(&text, &c->arena);
        rt_json_put(&text, *v, &(rt_json_style){.unicode = true});
        bind_text(bind, MYSQL_TYPE_STRING, rt_buf_str(&text));
    }
}

static decoding decoding_of(MYSQL_FIELD *field)
{
    MARIADB_CONST_STRING attr;
    switch (field->type) {
    case MYSQL_TYPE_TINY: return field->length == 1 ? AS_BOOL : AS_INT;
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_LONGLONG:
    case MYSQL_TYPE_YEAR: return AS_INT;
    case MYSQL_TYPE_FLOAT:
    case MYSQL_TYPE_DOUBLE: return AS_FLOAT;
    case MYSQL_TYPE_DATETIME:
    case MYSQL_TYPE_TIMESTAMP: return AS_TIME;
    case MYSQL_TYPE_DATE:
    case MYSQL_TYPE_TIME:
    case MYSQL_TYPE_DECIMAL:
    case MYSQL_TYPE_NEWDECIMAL: return AS_TEXT;
    default: break;
    }
    if (!mariadb_field_attr(&attr, field, MARIADB_FIELD_ATTR_FORMAT_NAME) &&
        rt_str_eq(rt_str_of(attr.str, attr.length), RT_STR("json")))
        return AS_JSON;
    if (!mariadb_field_attr(&attr, field, MARIADB_FIELD_ATTR_DATA_TYPE_NAME) &&
        rt_str_eq(rt_str_of(attr.str, attr.length), RT_STR("uuid")))
        return AS_UUID;
    return field->charsetnr == 63 ? AS_BYTES : AS_TEXT;
}

static void bind_cell(MYSQL_BIND *bind, cell *to)
{
    bind->is_null = &to->is_null;
    bind->error = &to->truncated;
    bind->length = &to->len;
    switch (to->as) {
    case AS_INT:
    case AS_BOOL:
        bind->buffer_type = MYSQL_TYPE_LONGLONG;
        bind->buffer = &to->integer;
        break;
    case AS_FLOAT:
        bind->buffer_type = MYSQL_TYPE_DOUBLE;
        bind->buffer = &to->number;
        break;
    case AS_TIME:
        bind->buffer_type = MYSQL_TYPE_DATETIME;
        bind->buffer = &to->time;
        break;
    default:
        bind->buffer_type =
            to->as == AS_BYTES ? MYSQL_TYPE_BLOB : MYSQL_TYPE_STRING;
        bind->buffer = to->inline_text;
        bind->buffer_length = INLINE_BYTES;
    }
}

static void describe(conn *c, rt__query *query, MYSQL_RES *meta)
{
    unsigned n = mysql_num_fields(meta);
    MYSQL_FIELD *fields = mysql_fetch_fields(meta);
    rt__column *columns = rt_new(&c->arena, rt__column, n);
    c->cells = rt_new(&c->arena, cell, n);
    c->binds = rt_new(&c->arena, MYSQL_BIND, n);
    for (unsigned i = 0; i < n; i++) {
        columns[i].name =
            rt_str_copy(&c->arena,
                        rt_str_of(fields[i].name, fields[i].name_length));
        if (rt_value_hash(rt_value_str(columns[i].name), &columns[i].hash))
            columns[i].hash = 0;
        c->cells[i].as = decoding_of(&fields[i]);
        bind_cell(&c->binds[i], &c->cells[i]);
    }
    query->columns = columns;
    query->n_columns = n;
}

static rt_status open_result(conn *c, rt__query *query, rt_arena *arena,
                             rt_db_error *err)
{
    MYSQL_RES *meta = mysql_stmt_result_metadata(c->stmt);
    if (!meta) {
        c->ended = true;
        return RT_OK;
    }
    describe(c, query, meta);
    mysql_free_result(meta);
    if (mysql_stmt_bind_result(c->stmt, c->binds))
        return refuse_stmt(c, arena, err);
    if (query->streams)
        return RT_OK;
    int failed = 1;
    CALL(c, failed, mysql_stmt_store_result, c->stmt);
    c->stored = !failed;
    return failed ? refuse_stmt(c, arena, err) : RT_OK;
}

static rt_status run_text(conn *c, const char *sql, size_t len,
                          rt__query *query, rt_arena *arena, rt_db_error *err)
{
    int failed = 1;
    CALL(c, failed, mysql_real_query, &c->mysql, sql, (unsigned long)len);
    if (failed)
        return refuse_conn(c, arena, err);
    MYSQL_RES *result = NULL;
    CALL(c, result, mysql_store_result, &c->mysql);
    if (result)
        mysql_free_result(result);
    if (query)
        query->changed = (int64_t)mysql_affected_rows(&c->mysql);
    c->stmt = NULL;
    c->ended = true;
    return RT_OK;
}

static rt_status start(rt__conn *head, rt__query *query, rt_arena *arena,
                       rt_db_error *err)
{
    conn *c = (conn *)head;
    rt_arena_reset(&c->arena);
    c->stmt = NULL;
    c->stored = c->ended = false;
    rt_status status = prepare(c, query->stmt, arena, err);
    if (status == RT_E_UNSUPPORTED)
        return run_text(c, query->stmt->native.data, query->stmt->native.len,
                        query, arena, err);
    if (status)
        return status;
    MYSQL_BIND *binds = rt_new(&c->arena, MYSQL_BIND, query->n + 1);
    for (size_t i = 0; i < query->n; i++)
        bind_value(c, &binds[i], &query->values[i]);
    int failed = mysql_stmt_bind_param(c->stmt, binds);
    if (!failed) {
        failed = 1;
        CALL(c, failed, mysql_stmt_execute, c->stmt);
    }
    if (failed)
        return refuse_stmt(c, arena, err);
    query->changed = (int64_t)mysql_stmt_affected_rows(c->stmt);
    query->insert_id = (int64_t)mysql_stmt_insert_id(c->stmt);
    head->in_transaction = (c->mysql.server_status & SERVER_STATUS_IN_TRANS);
    return open_result(c, query, arena, err);
}

// ---- rows -----------------------------------------------------------------------

static rt_str text_of(conn *c, rt_arena *arena, unsigned i)
{
    cell *from = &c->cells[i];
    if (from->len <= INLINE_BYTES)
        return rt_str_copy(arena, rt_str_of(from->inline_text, from->len));
    char *text = rt_arena_alloc(arena, from->len + 1);
    MYSQL_BIND bind = {.buffer_type = from->as == AS_BYTES ? MYSQL_TYPE_BLOB
                                                           : MYSQL_TYPE_STRING,
                       .buffer = text,
                       .buffer_length = from->len,
                       .length = &from->len,
                       .is_null = &from->is_null,
                       .error = &from->truncated};
    mysql_stmt_fetch_column(c->stmt, &bind, i, 0);
    text[from->len] = '\0';
    return rt_str_of(text, from->len);
}

static rt_value value_of(conn *c, rt_arena *arena, unsigned i)
{
    cell *from = &c->cells[i];
    if (from->is_null)
        return rt_value_none();
    switch (from->as) {
    case AS_INT: return rt_value_int(from->integer);
    case AS_BOOL: return rt_value_bool(from->integer != 0);
    case AS_FLOAT: return rt_value_float(from->number);
    case AS_TIME: return date_of(&from->time);
    default: break;
    }
    rt_str text = text_of(c, arena, i);
    rt_value value;
    uint8_t *uuid;
    switch (from->as) {
    case AS_BYTES: return rt_value_bytes(text.data, text.len);
    case AS_JSON:
        return rt_json_parse(arena, text, NULL, &value, NULL)
                   ? rt_value_str(text)
                   : value;
    case AS_UUID:
        uuid = rt_arena_alloc(arena, 16);
        return rt__db_parse_uuid(text, uuid) ? rt_value_uuid(uuid)
                                             : rt_value_str(text);
    default: return rt_value_str(text);
    }
}

static rt_status next(rt__conn *head, rt__query *query, rt_arena *arena,
                      rt_value *cells, rt_db_error *err)
{
    conn *c = (conn *)head;
    if (c->ended)
        return RT_E_NOT_FOUND;
    int fetched = 1;
    if (c->stored)
        fetched = mysql_stmt_fetch(c->stmt);
    else
        CALL(c, fetched, mysql_stmt_fetch, c->stmt);
    if (fetched == MYSQL_NO_DATA) {
        c->ended = true;
        return RT_E_NOT_FOUND;
    }
    if (fetched != 0 && fetched != MYSQL_DATA_TRUNCATED)
        return refuse_stmt(c, arena, err);
    for (unsigned i = 0; i < query->n_columns; i++)
        cells[i] = value_of(c, arena, i);
    return RT_OK;
}

static void finish(rt__conn *head, rt__query *query)
{
    conn *c = (conn *)head;
    (void)query;
    // Rows that were not read are on their way and would have to be waited for.
    if (c->in_call || (c->stmt && !c->ended && !c->stored && c->cells))
        head->broken = true;
    if (c->stmt && c->stored && !c->in_call)
        mysql_stmt_free_result(c->stmt);
    c->stmt = NULL;
    c->cells = NULL;
    c->stored = false;
}

static rt_status script(rt__conn *head, const char *sql, rt_arena *arena,
                        rt_db_error *err)
{
    conn *c = (conn *)head;
    mysql_set_server_option(&c->mysql, MYSQL_OPTION_MULTI_STATEMENTS_ON);
    rt_status status = run_text(c, sql, strlen(sql), NULL, arena, err);
    while (!status && mysql_more_results(&c->mysql)) {
        int more = 1;
        CALL(c, more, mysql_next_result, &c->mysql);
        if (more > 0)
            status = refuse_conn(c, arena, err);
        MYSQL_RES *result = NULL;
        if (!more)
            CALL(c, result, mysql_store_result, &c->mysql);
        if (result)
            mysql_free_result(result);
    }
    if (!head->broken)
        mysql_set_server_option(&c->mysql, MYSQL_OPTION_MULTI_STATEMENTS_OFF);
    head->in_transaction = (c->mysql.server_status & SERVER_STATUS_IN_TRANS);
    return status;
}

const rt__driver rt__mariadb_driver = {
    .engine = RT_DB_MARIADB,
    .conn_bytes = sizeof(conn),
    .shares = 1,
    .open = open_conn,
    .close = close_conn,
    .check = check,
    .start = start,
    .next = next,
    .finish = finish,
    .script = script,
};
