// The command `run`.
#include <stdio.h>
#include <string.h>

#include <retort/app/config.h>
#include <retort/server/server.h>

#include "cli/commands.h"
#include "cli/settings.h"

static void print_help(const rt_app *app)
{
    printf("Usage: %s run [OPTIONS]\n\nServe the application.\n\n",
           rt_app_name(app));
    rt__settings_help(stdout);
}

// True when only this machine can connect.
static bool is_local(const char *host)
{
    return !host || strchr(host, '/') || strcmp(host, "localhost") == 0 ||
           strncmp(host, "127.", 4) == 0 || strcmp(host, "::1") == 0 ||
           strcmp(host, "[::1]") == 0;
}

// Debug mode shows its visitors the inside of the application, so where
// everybody can visit it must be said twice.
static bool debug_is_meant(const rt__settings *s)
{
    const char *host = s->text[RT__SET_HOST];
    if (s->debug != 1 || is_local(host))
        return true;
    fprintf(stderr,
            "run: debug mode shows visitors the inside of the application, and "
            "%s is open\n"
            "to other machines. If that is what you want, say --debug twice.\n",
            host);
    return false;
}

// What was not given is zero there.
static int64_t given(const rt__settings *s, rt__setting which)
{
    return s->number[which] < 0 ? 0 : s->number[which];
}

static rt_server_options server_options(const rt__settings *s)
{
    int64_t port = s->number[RT__SET_PORT];
    int64_t workers = s->number[RT__SET_WORKERS];
    return (rt_server_options){
        .host = s->text[RT__SET_HOST],
        // Zero is a number here, and "not given" there.
        .port = port == 0 ? -1 : (int)given(s, RT__SET_PORT),
        .workers = workers == 0  ? -1
                   : workers > 0 ? (int)workers
                                 : s->debug > 0,
        .debug = s->debug > 0,
        // Whoever reads objects can read nothing else.
        .log_start = s->number[RT__SET_LOG_FORMAT] == 1,
        .access_log = s->text[RT__SET_ACCESS_LOG],
        .head_timeout_ms = given(s, RT__SET_HEAD_TIMEOUT),
        .idle_timeout_ms = given(s, RT__SET_IDLE_TIMEOUT),
        .body_timeout_ms = given(s, RT__SET_BODY_TIMEOUT),
        .write_timeout_ms = given(s, RT__SET_WRITE_TIMEOUT),
        .grace_ms = given(s, RT__SET_GRACE),
        .worker_timeout_ms = given(s, RT__SET_WORKER_TIMEOUT),
        .head_bytes = (uint32_t)given(s, RT__SET_MAX_HEAD),
        .target_bytes = (uint32_t)given(s, RT__SET_MAX_TARGET),
        .headers = (uint32_t)given(s, RT__SET_MAX_HEADERS),
        .requests = (uint32_t)given(s, RT__SET_MAX_CONCURRENCY),
        .memory = (size_t)given(s, RT__SET_MAX_MEMORY),
        .backlog = (int)given(s, RT__SET_BACKLOG)};
}

int rt__command_run(rt_app *app, int argc, char **argv)
{
    rt__settings s;
    if (!rt__settings_read(&s, rt_config_bool(app, "DEBUG", false), argc, argv))
        return 2;
    if (s.help) {
        print_help(app);
        return 0;
    }
    if (!debug_is_meant(&s))
        return 2;
    rt__settings_set_up_log(&s);
    rt_app_set_debug(app, s.debug > 0);
    if (s.number[RT__SET_MAX_BODY] > 0)
        rt_config_set(app, "MAX_CONTENT_LENGTH", s.number[RT__SET_MAX_BODY]);
    rt_server_options server = server_options(&s);
    server.name = rt_app_name(app);
    return rt_serve(rt_app_gateway(app), &server);
}
