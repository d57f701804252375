// The command `run`.
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <retort/server/server.h>

#include "cli/commands.h"

#define WORKERS_MAX 1024

enum {
    OPT_HOST = 'h',
    OPT_PORT = 'p',
    OPT_WORKERS = 'w',
    OPT_DEBUG = 1000,
    OPT_NO_DEBUG,
    OPT_ACCESS_LOG,
    OPT_HELP,
};

static const struct option options[] = {
    {"host", required_argument, NULL, OPT_HOST},
    {"port", required_argument, NULL, OPT_PORT},
    {"workers", required_argument, NULL, OPT_WORKERS},
    {"debug", no_argument, NULL, OPT_DEBUG},
    {"no-debug", no_argument, NULL, OPT_NO_DEBUG},
    {"access-log", optional_argument, NULL, OPT_ACCESS_LOG},
    {"help", no_argument, NULL, OPT_HELP},
    {0}};

static void print_help(const rt_app *app)
{
    printf("Usage: %s run [OPTIONS]\n\n"
           "Serve the application.\n\n"
           "Options:\n"
           "  -h, --host HOST       The address to listen on, or the path of a "
           "Unix\n"
           "                        socket.  [127.0.0.1]\n"
           "  -p, --port PORT       The port to listen on; 0 lets the system "
           "choose.\n"
           "                        [5000]\n"
           "  -w, --workers N       The number of processes; 0 serves in this "
           "one.\n"
           "                        [one per processor; 1 in debug mode]\n"
           "  --debug, --no-debug   Tell clients more about errors.\n"
           "  --access-log[=FILE]   Log requests to a file, or to standard "
           "error.\n"
           "  --help                Show this message and exit.\n\n"
           "Environment: RETORT_RUN_HOST, RETORT_RUN_PORT, "
           "RETORT_RUN_WORKERS,\n"
           "RETORT_RUN_ACCESS_LOG, RETORT_DEBUG.\n",
           rt_app_name(app));
}

// Read a number within bounds; false with a message otherwise.
static bool read_number(const char *what, const char *text, int max, int *out)
{
    char *end;
    long n = strtol(text, &end, 10);
    if (end == text || *end || n < 0 || n > max) {
        fprintf(stderr, "run: %s must be a number from 0 to %d, not \"%s\"\n",
                what, max, text);
        return false;
    }
    *out = (int)n;
    return true;
}

typedef struct settings {
    const char *host;
    const char *access_log;
    int port;
    int workers;
    bool debug;
    bool help;
} settings;

static bool is_on(const char *text)
{
    return text && *text && strcmp(text, "0") != 0 &&
           strcasecmp(text, "false") != 0 && strcasecmp(text, "no") != 0;
}

static bool read_environment(settings *s)
{
    const char *text;
    s->host = getenv("RETORT_RUN_HOST");
    s->access_log = getenv("RETORT_RUN_ACCESS_LOG");
    s->debug = is_on(getenv("RETORT_DEBUG"));
    text = getenv("RETORT_RUN_PORT");
    if (text && !read_number("RETORT_RUN_PORT", text, 65535, &s->port))
        return false;
    text = getenv("RETORT_RUN_WORKERS");
    return !text ||
           read_number("RETORT_RUN_WORKERS", text, WORKERS_MAX, &s->workers);
}

static bool read_option(settings *s, int option)
{
    switch (option) {
    case OPT_HOST: s->host = optarg; return true;
    case OPT_PORT: return read_number("--port", optarg, 65535, &s->port);
    case OPT_WORKERS:
        return read_number("--workers", optarg, WORKERS_MAX, &s->workers);
    case OPT_DEBUG: s->debug = true; return true;
    case OPT_NO_DEBUG: s->debug = false; return true;
    case OPT_ACCESS_LOG: s->access_log = optarg ? optarg : "-"; return true;
    case OPT_HELP: s->help = true; return true;
    default: return false; // getopt has said why
    }
}

static bool read_arguments(settings *s, int argc, char **argv)
{
    int option;
    optind = 1;
    while ((option = getopt_long(argc, argv, "h:p:w:", options, NULL)) != -1)
        if (!read_option(s, option))
            return false;
    if (optind < argc) {
        fprintf(stderr, "run: unexpected argument \"%s\"\n", argv[optind]);
        return false;
    }
    return true;
}

int rt__command_run(rt_app *app, int argc, char **argv)
{
    settings s = {.port = 5000, .workers = -1};
    if (!read_environment(&s) || !read_arguments(&s, argc, argv))
        return 2;
    if (s.help) {
        print_help(app);
        return 0;
    }
    rt_app_set_debug(app, s.debug);
    // Zero is a number here, and "not given" there.
    rt_server_options server = {.name = rt_app_name(app),
                                .host = s.host,
                                .port = s.port ? s.port : -1,
                                .workers = s.workers == 0  ? -1
                                           : s.workers > 0 ? s.workers
                                                           : s.debug,
                                .debug = s.debug,
                                .access_log = s.access_log};
    return rt_serve(rt_app_gateway(app), &server);
}
