// The command line of an application: the program is its own server.
//
//     ./hello run --port 8000 --workers 4
//     ./hello routes
//     ./hello user create ada
//
// Follows the `flask` command.
#pragma once

#include <retort/app/app.h>
#include <retort/base/attributes.h>

RT_C_BEGIN

// Do what the arguments say and return the exit status:
//
//     run      serve; --host, --port, --workers, --debug, logs, limits, times
//     routes   list the rules, those of mounted applications too
//     eval     print what a template's expression is
//     ...      commands of the application's own (app/command.h)
//     --env-file FILE, --version, --help
//
// Variables of .env and .retortenv are loaded first. Options may come from the
// environment: RETORT_RUN_PORT=8000 is --port 8000, RETORT_DEBUG=1 is --debug.
// The command line wins. docs/command-line.md and docs/server.md have them all.
//
//   errors   2 for arguments that make no sense, with the reason
int rt_main(rt_app *app, int argc, char **argv);

// The version of the library: "0.1.0".
const char *rt_version(void);

RT_C_END
