// Logging: one line per event, as text or as JSON.
//
//     static const rt_logger shop = {.name = "shop"};
//     rt_log(&shop, RT_LOG_WARNING, "order {} has no items", id);
//     rt_log_with(&shop, RT_LOG_INFO, "order placed", "id", id, "total", 9.5);
//
//     [2026-11-24 21:55:10,123] WARNING in shop: order 7 has no items
//     [2026-11-24 21:55:10,124] INFO in shop: order placed id=7 total=9.5
//
// Libraries return an rt_status and do not log; applications, the server and
// the command line do. A line leaves in one write(2), so that lines of several
// processes do not mix. What is not printable is escaped: a client's text can
// neither begin a line of its own nor reach a terminal's control sequences.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/buf.h>
#include <retort/base/pairs.h>
#include <retort/base/str.h>

RT_C_BEGIN

// X(constant, number, name), by rising weight. The numbers are Python's.
#define RT_LOG_LEVELS(X)             \
    X(RT_LOG_DEBUG, 10, "DEBUG")     \
    X(RT_LOG_INFO, 20, "INFO")       \
    X(RT_LOG_WARNING, 30, "WARNING") \
    X(RT_LOG_ERROR, 40, "ERROR")     \
    X(RT_LOG_CRITICAL, 50, "CRITICAL")

#define RT__LOG_LEVEL_ENUM(name, number, text) name = number,

typedef enum rt_log_level {
    RT_LOG_UNSET = 0, // ask the next in charge
    RT_LOG_LEVELS(RT__LOG_LEVEL_ENUM)
} rt_log_level;

#undef RT__LOG_LEVEL_ENUM

// Who logs. A value: make it static or keep it beside what it logs for. NULL
// stands for the name "retort".
typedef struct rt_logger {
    const char *name;
    rt_log_level level; // the least that is written; unset: the process's
} rt_logger;

// One event, as a sink gets it.
typedef struct rt_log_record {
    int64_t time; // in microseconds (time.h); 0: now
    rt_log_level level;
    const char *logger; // its name
    rt_str message;
    const rt_pair *fields;
    size_t n_fields;
    rt_str detail;          // further lines, a backtrace say; empty: none
    const rt_pair *context; // more fields: what was at work
    size_t n_context;
} rt_log_record;

// Takes the records instead of the descriptor. What `record` refers to is gone
// when the call returns.
typedef void rt_log_sink(void *arg, const rt_log_record *record);

// How this process logs. A zero field means the default.
typedef struct rt_log_options {
    rt_log_level level; // the least that is written; RT_LOG_INFO
    bool json;          // an object per line instead of text
    bool no_context;    // leave out what was at work
    int fd;             // where lines go; standard error
    rt_log_sink *sink;  // gets the records instead; NULL: they go to fd
    void *arg;          // for the sink
} rt_log_options;

// Set how this process logs: at start-up, while there is one thread.
void rt_log_setup(const rt_log_options *options);

// Says what the thread works at, the request that is answered for example, as
// fields of each record that is written meanwhile. Returns their number. What
// they refer to may lie in `arena`, which lives until the record is written.
#define RT_LOG_CONTEXT_MAX 8
typedef size_t rt_log_context_fn(rt_arena *arena,
                                 rt_pair fields[RT_LOG_CONTEXT_MAX]);
void rt_log_set_context(rt_log_context_fn *fn);

// Longer messages, fields and details are cut to so many bytes and say so.
#define RT_LOG_TEXT_MAX   ((size_t)8192)
#define RT_LOG_DETAIL_MAX ((size_t)65536)

// Log a message: rt_log(logger, level, "format {}", values...). The format is a
// literal (format.h); up to 32 values.
#define rt_log(...)                                           \
    rt_log_values(RT_ARG1(__VA_ARGS__), RT_ARG2(__VA_ARGS__), \
                  "" RT_ARG3(__VA_ARGS__), RT_VALUES_FROM4(__VA_ARGS__))

void rt_log_values(const rt_logger *logger, rt_log_level level,
                   const char *format, const rt_value *values, size_t n);

// Log a message with named fields: rt_log_with(logger, level, "message", "name",
// value, ...). The message is a literal.
#define rt_log_with(...)                                     \
    rt_log_pairs(RT_ARG1(__VA_ARGS__), RT_ARG2(__VA_ARGS__), \
                 "" RT_ARG3(__VA_ARGS__), RT_PAIRS_FROM4(__VA_ARGS__))

void rt_log_pairs(const rt_logger *logger, rt_log_level level,
                  const char *message, const rt_pair *fields, size_t n);

// Log a whole record: what the functions above end in. The level is looked at
// again, against the process's.
void rt_log_emit(const rt_log_record *record);

// True when a message of this level would be written; ask before work that is
// done for a message only.
bool rt_log_enabled(const rt_logger *logger, rt_log_level level);

// Append a record as the line of text, or of JSON, that would be written, its
// line feed included.
//
// As text, the time is local, fields follow the message as name=value, those of
// the context behind the record's own, and each line of the detail is indented. As JSON, the time is UTC; a field named like
// one of the record's own (time, level, logger, pid, message, detail) gets an
// underscore before its name.
void rt_log_put_text(rt_buf *buf, const rt_log_record *record);
void rt_log_put_json(rt_buf *buf, const rt_log_record *record);

// The name of a level, "WARNING", and the level of a name in any case ("warn"
// too).
//
//   errors   RT_E_NOT_FOUND   no such level; `*out` is untouched
const char *rt_log_level_name(rt_log_level level);
rt_status rt_log_level_parse(rt_str name, rt_log_level *out);

RT_C_END
