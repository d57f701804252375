#include "retort/base/log.h"

#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include <retort/base/format.h>
#include <retort/base/json.h>
#include <retort/base/time.h>
#include <retort/base/utf8.h>

// How long a full pipe may hold up the process before the line is given up.
#define WRITE_WAIT_MS 100

static const rt_logger library = {"retort", RT_LOG_UNSET};

static rt_log_options setup = {.level = RT_LOG_INFO, .fd = STDERR_FILENO};
static rt_log_context_fn *context_fn;

void rt_log_set_context(rt_log_context_fn *fn)
{
    context_fn = fn;
}

void rt_log_setup(const rt_log_options *options)
{
    setup = *options;
    if (setup.level == RT_LOG_UNSET)
        setup.level = RT_LOG_INFO;
    if (setup.fd == 0)
        setup.fd = STDERR_FILENO;
}

const char *rt_log_level_name(rt_log_level level)
{
#define LEVEL_CASE(name, number, text) \
    case name: return text;
    switch (level) {
        RT_LOG_LEVELS(LEVEL_CASE)
    case RT_LOG_UNSET: break;
    }
#undef LEVEL_CASE
    return "UNSET";
}

rt_status rt_log_level_parse(rt_str name, rt_log_level *out)
{
#define LEVEL_ROW(level, number, text) {text, level},

    static const struct {
        const char *name;
        rt_log_level level;
    } rows[] = {RT_LOG_LEVELS(LEVEL_ROW){"WARN", RT_LOG_WARNING}};

#undef LEVEL_ROW

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        if (rt_str_eq_nocase(name, rt_str_from(rows[i].name))) {
            *out = rows[i].level;
            return RT_OK;
        }
    }
    return RT_E_NOT_FOUND;
}

bool rt_log_enabled(const rt_logger *logger, rt_log_level level)
{
    rt_log_level least = logger ? logger->level : RT_LOG_UNSET;

    return level >= (least == RT_LOG_UNSET ? setup.level : least);
}

// ---- text ---------------------------------------------------------------

// Put text on one line. Backslashes stay as they are: what is written must be
// safe to look at, not fit to be read back.
static void put_printable(rt_buf *buf, rt_str s)
{
    while (s.len) {
        size_t run = 0;
        while (run < s.len && s.data[run] >= 0x20 && s.data[run] < 0x7f)
            run++;
        rt_buf_put(buf, rt_str_take(&s, run));
        if (s.len == 0)
            return;

        uint32_t rune;
        if (rt_utf8_next(&s, &rune) != RT_OK)
            rune = RT_UTF8_REPLACEMENT;
        if (rune == '\n') {
            rt_buf_put(buf, RT_STR("\\n"));
        } else if (rune == '\r') {
            rt_buf_put(buf, RT_STR("\\r"));
        } else if (rune == '\t') {
            rt_buf_put(buf, RT_STR("\\t"));
        } else if (rt_utf8_is_printable(rune)) {
            rt_buf_put_rune(buf, rune);
        } else {
            rt_buf_put(buf, rune < 0x100 ? RT_STR("\\x") : RT_STR("\\u"));
            rt_buf_put_hex(buf, rune, rune < 0x100 ? 2 : 4);
        }
    }
}

// The part of `s` that is written; `*cut` is the number of bytes that are not.
static rt_str clip(rt_str s, size_t max, size_t *cut)
{
    size_t len = s.len;

    if (len > max) {
        len = max;
        while (len > 0 && (s.data[len] & 0xc0) == 0x80)
            len--;
    }
    *cut = s.len - len;
    return rt_str_slice(s, 0, len);
}

static void put_cut(rt_buf *buf, size_t cut)
{
    if (cut)
        rt_buf_printf(buf, "... (%zu bytes more)", cut);
}

static void put_clipped(rt_buf *buf, rt_str s)
{
    size_t cut;

    put_printable(buf, clip(s, RT_LOG_TEXT_MAX, &cut));
    put_cut(buf, cut);
}

static bool needs_quotes(rt_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] == ' ' || s.data[i] == '"' || s.data[i] == '=')
            return true;
    }
    return s.len == 0;
}

// " name=value", the value in quotes where it could be mistaken.
static void put_field(rt_buf *buf, const rt_pair *field)
{
    rt_arena arena = {0};
    size_t cut;
    rt_str text =
        clip(rt_value_text(&arena, field->value), RT_LOG_TEXT_MAX, &cut);
    bool quoted = needs_quotes(text);

    rt_buf_put_char(buf, ' ');
    put_printable(buf, rt_str_from(field->name));
    rt_buf_put(buf, quoted ? RT_STR("=\"") : RT_STR("="));
    for (rt_str rest = text; rest.data;) {
        put_printable(buf, rt_str_cut(&rest, '"'));
        if (rest.data)
            rt_buf_put(buf, RT_STR("\\\""));
    }
    put_cut(buf, cut);
    if (quoted)
        rt_buf_put_char(buf, '"');
    rt_arena_deinit(&arena);
}

// Lines of a detail cannot be taken for records: they are indented.
static void put_detail(rt_buf *buf, rt_str detail)
{
    size_t cut;
    rt_str rest = clip(detail, RT_LOG_DETAIL_MAX, &cut);

    if (rest.len && rest.data[rest.len - 1] == '\n')
        rest.len--;
    while (rest.len) {
        rt_buf_put(buf, RT_STR("    "));
        put_printable(buf, rt_str_cut(&rest, '\n'));
        if (rest.len == 0)
            put_cut(buf, cut);
        rt_buf_put_char(buf, '\n');
    }
}

// [2026-11-24 21:55:10,123]
static void put_local_time(rt_buf *buf, int64_t us)
{
    rt_civil_time split = rt_time_civil(us);
    time_t seconds = (time_t)((us - split.microsecond) / RT_TIME_SECOND);
    struct tm local;
    char text[32];

    if (!localtime_r(&seconds, &local) ||
        strftime(text, sizeof text, "[%Y-%m-%d %H:%M:%S", &local) == 0)
        text[0] = '\0';
    rt_buf_printf(buf, "%s,%03d]", text, split.microsecond / 1000);
}

static int64_t time_of(const rt_log_record *record)
{
    return record->time ? record->time : rt_time_now();
}

static const char *name_of(const rt_log_record *record)
{
    return record->logger ? record->logger : library.name;
}

void rt_log_put_text(rt_buf *buf, const rt_log_record *record)
{
    put_local_time(buf, time_of(record));
    rt_buf_put_char(buf, ' ');
    rt_buf_put_cstr(buf, rt_log_level_name(record->level));
    rt_buf_put(buf, RT_STR(" in "));
    put_printable(buf, rt_str_from(name_of(record)));
    rt_buf_put(buf, RT_STR(": "));
    put_clipped(buf, record->message);
    for (size_t i = 0; i < record->n_fields; i++)
        put_field(buf, &record->fields[i]);
    for (size_t i = 0; i < record->n_context; i++)
        put_field(buf, &record->context[i]);
    rt_buf_put_char(buf, '\n');
    put_detail(buf, record->detail);
}

// ---- JSON ---------------------------------------------------------------

static const rt_json_style json_style = {.compact = true};

static void put_json_string(rt_buf *buf, rt_str s, size_t max)
{
    size_t cut;
    rt_str text = clip(s, max, &cut);

    rt_json_put(buf, rt_value_str(text), &json_style);
    if (cut && buf->status == RT_OK) {
        buf->len--; // back over the quote
        put_cut(buf, cut);
        rt_buf_put_char(buf, '"');
    }
}

// What has no JSON is shown as repr() shows it.
static void put_json_value(rt_buf *buf, rt_value v)
{
    rt_arena arena = {0};
    rt_str text;

    if (rt_value_is_text(v)) {
        put_json_string(buf, rt_value_as_str(v), RT_LOG_TEXT_MAX);
    } else if (rt_json_dump(&arena, v, &json_style, &text, NULL) == RT_OK &&
               text.len <= RT_LOG_TEXT_MAX) {
        rt_buf_put(buf, text);
    } else {
        put_json_string(buf, rt_value_repr(&arena, v), RT_LOG_TEXT_MAX);
    }
    rt_arena_deinit(&arena);
}

static bool is_reserved(const char *name)
{
    static const char *const names[] = {"time", "level",   "logger",
                                        "pid",  "message", "detail"};

    for (size_t i = 0; i < RT_COUNT(names); i++) {
        if (strcmp(name, names[i]) == 0)
            return true;
    }
    return false;
}

static void put_json_field(rt_buf *buf, const rt_pair *field)
{
    rt_arena arena = {0};
    rt_str name = rt_str_from(field->name);

    if (is_reserved(field->name))
        name = rt_str_concat(&arena, RT_STR("_"), name);
    rt_buf_put_char(buf, ',');
    put_json_string(buf, name, RT_LOG_TEXT_MAX);
    rt_buf_put_char(buf, ':');
    put_json_value(buf, field->value);
    rt_arena_deinit(&arena);
}

// A record's own field goes before one of the context of the same name.
static bool has_field(const rt_log_record *record, const char *name)
{
    for (size_t i = 0; i < record->n_fields; i++) {
        if (strcmp(record->fields[i].name, name) == 0)
            return true;
    }
    return false;
}

void rt_log_put_json(rt_buf *buf, const rt_log_record *record)
{
    rt_buf_put(buf, RT_STR("{\"time\":\""));
    rt_time_put_iso(buf, time_of(record));
    rt_buf_put(buf, RT_STR("\",\"level\":\""));
    rt_buf_put_cstr(buf, rt_log_level_name(record->level));
    rt_buf_put(buf, RT_STR("\",\"logger\":"));
    put_json_string(buf, rt_str_from(name_of(record)), RT_LOG_TEXT_MAX);
    rt_buf_put(buf, RT_STR(",\"pid\":"));
    rt_buf_put_int(buf, getpid());
    rt_buf_put(buf, RT_STR(",\"message\":"));
    put_json_string(buf, record->message, RT_LOG_TEXT_MAX);
    for (size_t i = 0; i < record->n_fields; i++)
        put_json_field(buf, &record->fields[i]);
    for (size_t i = 0; i < record->n_context; i++) {
        if (!has_field(record, record->context[i].name))
            put_json_field(buf, &record->context[i]);
    }
    if (record->detail.len) {
        rt_buf_put(buf, RT_STR(",\"detail\":"));
        put_json_string(buf, record->detail, RT_LOG_DETAIL_MAX);
    }
    rt_buf_put(buf, RT_STR("}\n"));
}

// ---- writing ------------------------------------------------------------

// All of the line at once where the system takes it. A log that cannot be
// written is lost: there is nobody left to tell.
static void write_line(int fd, rt_str line)
{
    while (line.len) {
        ssize_t n = write(fd, line.data, line.len);
        if (n >= 0) {
            rt_str_take(&line, (size_t)n);
            continue;
        }
        struct pollfd full = {.fd = fd, .events = POLLOUT};
        bool wait = errno == EAGAIN;
        if (errno != EINTR && !(wait && poll(&full, 1, WRITE_WAIT_MS) > 0))
            return;
    }
}

static void deliver(const rt_log_record *record)
{
    rt_arena arena = {0};
    rt_buf line;

    if (setup.sink) {
        setup.sink(setup.arg, record);
        return;
    }
    rt_buf_init(&line, &arena);
    if (setup.json) {
        rt_log_put_json(&line, record);
    } else {
        rt_log_put_text(&line, record);
    }
    write_line(setup.fd, rt_str_of(line.data, line.len));
    rt_arena_deinit(&arena);
}

// A caller that reports a failure of the system may still want its errno.
static void deliver_quietly(const rt_log_record *record)
{
    int saved = errno;
    rt_log_record timed = *record;
    rt_arena arena = {0};
    rt_pair context[RT_LOG_CONTEXT_MAX];

    timed.time = time_of(record);
    timed.logger = name_of(record);
    if (context_fn && !setup.no_context && !record->context) {
        timed.context = context;
        timed.n_context = context_fn(&arena, context);
    }
    deliver(&timed);
    rt_arena_deinit(&arena);
    errno = saved;
}

void rt_log_emit(const rt_log_record *record)
{
    if (record->level >= setup.level)
        deliver_quietly(record);
}

void rt_log_values(const rt_logger *logger, rt_log_level level,
                   const char *format, const rt_value *values, size_t n)
{
    rt_arena arena = {0};

    if (!rt_log_enabled(logger, level))
        return;
    rt_log_record record = {.level = level,
                            .logger = (logger ? logger : &library)->name,
                            .message =
                                rt_format_values(&arena, format, values, n)};
    deliver_quietly(&record);
    rt_arena_deinit(&arena);
}

void rt_log_pairs(const rt_logger *logger, rt_log_level level,
                  const char *message, const rt_pair *fields, size_t n)
{
    if (!rt_log_enabled(logger, level))
        return;
    deliver_quietly(
        &(rt_log_record){.level = level,
                         .logger = (logger ? logger : &library)->name,
                         .message = rt_str_from(message),
                         .fields = fields,
                         .n_fields = n});
}
