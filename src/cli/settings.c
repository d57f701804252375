// One table says everything about a setting: its name, how its value is read,
// and its help. What the server takes when nothing is given is its own; the help
// repeats it for people.
#include "cli/settings.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <retort/base/log.h>
#include <retort/base/number.h>

typedef enum kind {
    FLAG, // --name and --no-name
    TEXT,
    COUNT,
    BYTES,   // 65536, 64K, 1M
    SECONDS, // 30, 0.5
    LEVEL,
    FORMAT,
} kind;

typedef struct setting {
    const char *name;
    kind kind;
    char letter;
    bool value_optional;
    int64_t least, most;
    const char *help; // with the default in brackets
} setting;

static const char *const kind_words[] = {
    [FLAG] = "",         [TEXT] = "TEXT",    [COUNT] = "N",
    [BYTES] = "SIZE",    [SECONDS] = "SECS", [LEVEL] = "LEVEL",
    [FORMAT] = "FORMAT",
};

#define DAY_MS       ((int64_t)24 * 3600 * 1000)
#define SECONDS_TEXT "0.001 to 86400"

// A day is more than anybody waits; it keeps the arithmetic of the server safe.
#define WAIT(name_, help_)                                          \
    {                                                               \
        .name = name_, .kind = SECONDS, .least = 1, .most = DAY_MS, \
        .help = help_                                               \
    }
#define SIZE(name_, most_, help_)                                              \
    {                                                                          \
        .name = name_, .kind = BYTES, .least = 1, .most = most_, .help = help_ \
    }

static const setting settings[RT__SETTINGS] = {
    [RT__SET_HOST] = {"host", TEXT, 'h',
                      .help =
                          "Address, or path of a Unix socket.  [127.0.0.1]"},
    [RT__SET_PORT] = {"port", COUNT, 'p', .most = 65535,
                      .help =
                          "Port to listen on; 0: any that is free.  [5000]"},
    [RT__SET_WORKERS] = {"workers", COUNT, 'w', .most = 1024,
                         .help = "Processes; 0 serves in this one.\n"
                                 "[one per processor; 1 in debug mode]"},
    [RT__SET_DEBUG] =
        {"debug", FLAG,
         .help = "Tell clients more about errors; twice where others\n"
                 "than this machine are served."},
    [RT__SET_ACCESS_LOG] = {"access-log", TEXT, .value_optional = true,
                            .help = "Log requests; to standard error without a "
                                    "FILE."},
    [RT__SET_LOG_LEVEL] = {"log-level", LEVEL,
                           .help = "debug, info, warning, error or critical.  "
                                   "[info]"},
    [RT__SET_LOG_FORMAT] = {"log-format", FORMAT,
                            .help = "text; plain: without what was at work;\n"
                                    "or json: an object per line.  [text]"},

    [RT__SET_MAX_BODY] = SIZE("max-body", INT64_MAX,
                              "Body, where the route does not say.  [16M]"),
    [RT__SET_MAX_HEAD] =
        SIZE("max-head", 1 << 24, "Request line and headers.  [32K]"),
    [RT__SET_MAX_TARGET] = SIZE("max-target", 1 << 24, "Request target.  [8K]"),
    [RT__SET_MAX_HEADERS] = {"max-headers", COUNT, .least = 1, .most = 65535,
                             .help = "Number of headers.  [100]"},
    [RT__SET_MAX_CONCURRENCY] = {"max-concurrency", COUNT, .least = 1,
                                 .most = 1000000,
                                 .help = "Requests in progress, per worker.  "
                                         "[1000]"},
    [RT__SET_MAX_MEMORY] = SIZE("max-memory", INT64_MAX,
                                "Memory of requests, per worker.  [256M]"),
    [RT__SET_BACKLOG] = {"backlog", COUNT, .least = 1, .most = 65535,
                         .help = "Connections that wait for a worker.  [1024]"},

    [RT__SET_HEAD_TIMEOUT] =
        WAIT("head-timeout", "For a whole head to arrive.  [10]"),
    [RT__SET_IDLE_TIMEOUT] =
        WAIT("idle-timeout", "Between requests of a connection.  [75]"),
    [RT__SET_BODY_TIMEOUT] =
        WAIT("body-timeout", "For more of a body to arrive.  [30]"),
    [RT__SET_WRITE_TIMEOUT] =
        WAIT("write-timeout", "For a client to read more.  [30]"),
    [RT__SET_GRACE] =
        WAIT("grace", "For requests in progress when the server stops.  "
                      "[30]"),
    [RT__SET_WORKER_TIMEOUT] =
        WAIT("worker-timeout", "For a worker that blocks; it is replaced.  "
                               "[30]"),
};

// ---- values ----------------------------------------------------------------

// `name` is how the user wrote it: an option or a variable.
static bool refuse(const char *name, const char *wanted, const char *text)
{
    fprintf(stderr, "run: %s must be %s, not \"%s\"\n", name, wanted, text);
    return false;
}

static bool read_count(const setting *s, const char *name, const char *text,
                       int64_t *out)
{
    char wanted[64];
    if (rt_str_parse_int(rt_str_from(text), out) && *out >= s->least &&
        *out <= s->most)
        return true;
    snprintf(wanted, sizeof wanted, "a number from %lld to %lld",
             (long long)s->least, (long long)s->most);
    return refuse(name, wanted, text);
}

static int shift_of(char unit)
{
    switch (unit) {
    case 'k':
    case 'K': return 10;
    case 'm':
    case 'M': return 20;
    case 'g':
    case 'G': return 30;
    default: return 0;
    }
}

static bool read_bytes(const setting *s, const char *name, const char *text,
                       int64_t *out)
{
    rt_str digits = rt_str_from(text);
    int shift = digits.len ? shift_of(digits.data[digits.len - 1]) : 0;
    if (shift)
        digits.len--;
    if (rt_str_parse_int(digits, out) && *out >= s->least &&
        *out <= s->most >> shift) {
        *out <<= shift;
        return true;
    }
    if (s->most == INT64_MAX)
        return refuse(name, "a size such as 65536, 64K or 16M", text);
    return refuse(name, "a size such as 65536 or 64K, at most 16M", text);
}

static bool read_seconds(const setting *s, const char *name, const char *text,
                         int64_t *out)
{
    double seconds;
    if (rt_str_parse_double(rt_str_from(text), &seconds) &&
        seconds * 1000 >= (double)s->least &&
        seconds * 1000 <= (double)s->most) {
        *out = (int64_t)(seconds * 1000);
        return true;
    }
    return refuse(name, "a number of seconds from " SECONDS_TEXT, text);
}

static bool read_level(const char *name, const char *text, int64_t *out)
{
    rt_log_level level;
    if (rt_log_level_parse(rt_str_from(text), &level))
        return refuse(name, "debug, info, warning, error or critical", text);
    *out = level;
    return true;
}

static bool read_format(const char *name, const char *text, int64_t *out)
{
    static const char *const formats[] = {"text", "json", "plain"};
    for (size_t i = 0; i < RT_COUNT(formats); i++) {
        *out = (int64_t)i;
        if (strcasecmp(text, formats[i]) == 0)
            return true;
    }
    return refuse(name, "text, plain or json", text);
}

static bool is_on(const char *text)
{
    return strcmp(text, "0") != 0 && strcasecmp(text, "false") != 0 &&
           strcasecmp(text, "no") != 0 && strcasecmp(text, "off") != 0;
}

static bool read_value(rt__settings *to, rt__setting which, const char *name,
                       const char *text)
{
    const setting *s = &settings[which];
    int64_t *number = &to->number[which];
    switch (s->kind) {
    case FLAG: to->debug = is_on(text); return true;
    case TEXT:
        to->text[which] = text;
        return *text || refuse(name, "given", text);
    case COUNT: return read_count(s, name, text, number);
    case BYTES: return read_bytes(s, name, text, number);
    case SECONDS: return read_seconds(s, name, text, number);
    case LEVEL: return read_level(name, text, number);
    case FORMAT: return read_format(name, text, number);
    }
    return false;
}

// ---- the environment -------------------------------------------------------

// --max-body is RETORT_RUN_MAX_BODY. Debug mode and the log are the process's,
// whichever command it runs, so theirs go without the RUN.
static bool is_of_process(rt__setting which)
{
    return which == RT__SET_DEBUG || which == RT__SET_LOG_LEVEL ||
           which == RT__SET_LOG_FORMAT;
}

static void name_variable(rt__setting which, char *out, size_t bytes)
{
    snprintf(out, bytes, "RETORT_%s%s", is_of_process(which) ? "" : "RUN_",
             settings[which].name);
    for (char *c = out; *c; c++)
        *c = *c == '-' ? '_' : (char)(*c >= 'a' && *c <= 'z' ? *c - 32 : *c);
}

// A variable that is empty counts as one that is not there: that is how files
// that list variables leave one out.
static bool read_environment(rt__settings *to, bool of_process_only)
{
    for (rt__setting which = 0; which < RT__SETTINGS; which++) {
        char name[64];
        if (of_process_only && !is_of_process(which))
            continue;
        name_variable(which, name, sizeof name);
        const char *text = getenv(name);
        if (text && *text && !read_value(to, which, name, text))
            return false;
    }
    return true;
}

// ---- the command line --------------------------------------------------------

enum {
    FIRST_LONG = 1000, // + rt__setting
    OPT_NO_DEBUG = 2000,
    OPT_HELP,
};

#define LONG_OPTIONS (RT__SETTINGS + 3)

static void list_options(struct option *out)
{
    for (rt__setting which = 0; which < RT__SETTINGS; which++) {
        const setting *s = &settings[which];
        *out++ = (struct option){s->name,
                                 s->kind == FLAG     ? no_argument
                                 : s->value_optional ? optional_argument
                                                     : required_argument,
                                 NULL, FIRST_LONG + (int)which};
    }
    *out++ = (struct option){"no-debug", no_argument, NULL, OPT_NO_DEBUG};
    *out++ = (struct option){"help", no_argument, NULL, OPT_HELP};
    *out = (struct option){0};
}

static rt__setting setting_of(int option)
{
    switch (option) {
    case 'h': return RT__SET_HOST;
    case 'p': return RT__SET_PORT;
    case 'w': return RT__SET_WORKERS;
    default: return (rt__setting)(option - FIRST_LONG);
    }
}

static bool read_option(rt__settings *to, int option)
{
    char name[64];
    if (option == '?')
        return false; // getopt has said why
    if (option == OPT_NO_DEBUG || option == OPT_HELP) {
        to->help |= option == OPT_HELP;
        to->debug *= option != OPT_NO_DEBUG;
        return true;
    }
    rt__setting which = setting_of(option);
    if (which == RT__SET_DEBUG) {
        to->debug++;
        return true;
    }
    snprintf(name, sizeof name, "--%s", settings[which].name);
    return read_value(to, which, name, optarg ? optarg : "-");
}

static bool read_arguments(rt__settings *to, int argc, char **argv)
{
    struct option options[LONG_OPTIONS];
    int option, last = 0;
    list_options(options);
    optind = 1;
    while ((option = getopt_long(argc, argv, "h:p:w:", options, NULL)) != -1) {
        if (!read_option(to, option))
            return false;
        last = option;
    }
    if (optind == argc)
        return true;
    fprintf(stderr, "run: unexpected argument \"%s\"", argv[optind]);
    if (last == FIRST_LONG + RT__SET_ACCESS_LOG)
        fprintf(stderr, "; a file is given as --access-log=%s", argv[optind]);
    fputc('\n', stderr);
    return false;
}

static void clear(rt__settings *to, bool debug)
{
    *to = (rt__settings){.debug = debug};
    for (size_t i = 0; i < RT__SETTINGS; i++)
        to->number[i] = -1;
}

bool rt__settings_read(rt__settings *to, bool debug, int argc, char **argv)
{
    clear(to, debug);
    return read_environment(to, false) && read_arguments(to, argc, argv);
}

bool rt__settings_read_process(rt__settings *to)
{
    clear(to, false);
    return read_environment(to, true);
}

// Only what was given: the program may have set up its log itself.
void rt__settings_set_up_log(const rt__settings *s)
{
    int64_t level = s->number[RT__SET_LOG_LEVEL];
    int64_t format = s->number[RT__SET_LOG_FORMAT];
    if (level < 0 && format < 0)
        return;
    rt_log_setup(&(rt_log_options){.level = level < 0 ? RT_LOG_UNSET
                                                      : (rt_log_level)level,
                                   .json = format == 1,
                                   .no_context = format == 2});
}

// ---- the help ----------------------------------------------------------------

#define HELP_COLUMN 26

static void print_entry(FILE *to, const char *left, const char *help)
{
    fprintf(to, "  %-*s", HELP_COLUMN - 2, left);
    for (const char *c = help; *c; c++) {
        fputc(*c, to);
        if (*c == '\n')
            fprintf(to, "%*s", HELP_COLUMN, "");
    }
    fputc('\n', to);
}

static void print_setting(FILE *to, rt__setting which)
{
    const setting *s = &settings[which];
    char letter[8] = "", left[64];
    const char *word = which == RT__SET_HOST         ? "HOST"
                       : which == RT__SET_PORT       ? "PORT"
                       : which == RT__SET_ACCESS_LOG ? "FILE"
                                                     : kind_words[s->kind];
    if (s->letter)
        snprintf(letter, sizeof letter, "-%c, ", s->letter);
    snprintf(left, sizeof left, "%s--%s%s%s%s", letter, s->name,
             s->value_optional ? "[="
             : s->kind == FLAG ? ", --no-"
                               : " ",
             s->kind == FLAG ? s->name : word, s->value_optional ? "]" : "");
    print_entry(to, left, s->help);
}

void rt__settings_help(FILE *to)
{
    fputs("Options:\n", to);
    for (rt__setting which = 0; which < RT__SETTINGS; which++) {
        if (which == RT__SET_MAX_BODY)
            fputs("\nLimits:\n", to);
        if (which == RT__SET_HEAD_TIMEOUT)
            fputs("\nTimes, in seconds:\n", to);
        print_setting(to, which);
        if (which == RT__SET_LOG_FORMAT)
            print_entry(to, "--help", "Show this message and exit.");
    }
    fputs(
        "\nA SIZE is a number of bytes, or of kilobytes with K: 64K, 16M, 1G.\n"
        "In the environment, --max-body is RETORT_RUN_MAX_BODY, and so on; but "
        "debug mode\n"
        "is RETORT_DEBUG, and the log has RETORT_LOG_LEVEL and "
        "RETORT_LOG_FORMAT.\n",
        to);
}
