// The commands every application has. `argv[0]` is the command's name.
#pragma once

#include <retort/app/app.h>

int rt__command_run(rt_app *app, int argc, char **argv);
int rt__command_routes(rt_app *app, int argc, char **argv);
