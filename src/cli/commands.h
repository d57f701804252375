// The commands every application has, and those it brings.
#pragma once

#include <retort/app/app.h>
#include <retort/app/command.h>

// `argv[0]` is the command's name.
int rt__command_run(rt_app *app, int argc, char **argv);
int rt__command_routes(rt_app *app, int argc, char **argv);

// `eval`, which is a command like those of applications.
extern const rt_command_info rt__command_eval;

// The words of `argv` are a command of the application's own.
bool rt__command_is_own(const rt_app *app, const char *word);

// Find it, read its options and run it. The exit status.
int rt__command_own(rt_app *app, int argc, char **argv);

// Read the options of a command and run it.
int rt__command_call(rt_app *app, const rt_command_info *command, int argc,
                     char **argv);

// One line for a list: the first sentence.
rt_str rt__command_summary(const char *help);
