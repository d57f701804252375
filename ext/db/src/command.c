// `db shell`: the engine's own client on the application's database.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <retort/app/command.h>
#include <retort/base/format.h>

#include "pool.h"

static char *text(rt_request *req, const char *option, const char *value)
{
    return (char *)(uintptr_t)rt_format(rt_arena_of(req), "{}{}", option, value)
        .data;
}

// Passwords go by the environment: command lines are seen by everybody.
static void run_psql(rt_request *req, const rt__db_url *url)
{
    char *argv[8] = {text(req, "", "psql")};
    size_t n = 1;
    const char *host = rt__db_url_option(url, "host", url->host);
    if (host[0])
        argv[n++] = text(req, "--host=", host);
    if (url->port)
        argv[n++] =
            text(req,
                 "--port=", rt_format(rt_arena_of(req), "{}", url->port).data);
    if (url->user[0])
        argv[n++] = text(req, "--username=", url->user);
    argv[n++] = text(req, "--dbname=", url->database);
    if (url->password[0])
        setenv("PGPASSWORD", url->password, 1);
    execvp(argv[0], argv);
}

static void run_mariadb(rt_request *req, const rt__db_url *url)
{
    char *argv[8] = {text(req, "", "mariadb")};
    size_t n = 1;
    const char *socket = rt__db_url_option(url, "unix_socket", NULL);
    if (socket)
        argv[n++] = text(req, "--socket=", socket);
    else if (url->host[0])
        argv[n++] = text(req, "--host=", url->host);
    if (url->port)
        argv[n++] =
            text(req,
                 "--port=", rt_format(rt_arena_of(req), "{}", url->port).data);
    if (url->user[0])
        argv[n++] = text(req, "--user=", url->user);
    argv[n++] = text(req, "", url->database);
    if (url->password[0])
        setenv("MYSQL_PWD", url->password, 1);
    execvp(argv[0], argv);
    argv[0] = text(req, "", "mysql");
    execvp(argv[0], argv);
}

static int shell(rt_request *req, void *arg)
{
    const rt__database *database = arg;
    const rt__db_url *url = &database->url;
    switch (url->engine) {
    case RT_DB_POSTGRESQL: run_psql(req, url); break;
    case RT_DB_MARIADB: run_mariadb(req, url); break;
    case RT_DB_SQLITE:
        execlp("sqlite3", "sqlite3", url->memory ? ":memory:" : url->database,
               (char *)NULL);
        break;
    }
    rt_abort(req, 500, "cannot start the client of {}: {}",
             rt_db_engine_name(url->engine), strerror(errno));
}

void rt__db_add_commands(rt_app *app, rt__database *database, rt_site site)
{
    rt_arena *arena = &database->arena;
    const char *name =
        database->name ? rt_format(arena, "db shell-{}", database->name).data
                       : "db shell";
    rt_scope_add_command(
        RT_SCOPE(app), name, shell,
        &(rt_command_options){.help = "Open the database's own client.",
                              .arg = database,
                              .site = site});
}
