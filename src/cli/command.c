// Commands of the application's own: found word by word, as each may be a group.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <retort/base/format.h>
#include <retort/base/vec.h>

#include "cli/commands.h"
#include "cli/options.h"
#include "cli/settings.h"

rt_str rt__command_summary(const char *help)
{
    rt_str text = rt_str_from(help ? help : "");
    size_t end = rt_str_find(text, RT_STR(". "));
    return end == RT_STR_NONE ? text : rt_str_slice(text, 0, end + 1);
}

// True when a command is in a group, which may be "": in any.
static bool is_in(const char *name, const char *group)
{
    size_t len = strlen(group);
    return len == 0 || (strncmp(name, group, len) == 0 && name[len] == ' ');
}

static const rt_command_info *find(const rt_app *app, const char *name)
{
    size_t n;
    const rt_command_info *all = rt_app_commands(app, &n);
    for (size_t i = 0; i < n; i++)
        if (strcmp(all[i].name, name) == 0)
            return &all[i];
    return NULL;
}

static bool is_group(const rt_app *app, const char *name)
{
    size_t n;
    const rt_command_info *all = rt_app_commands(app, &n);
    for (size_t i = 0; i < n; i++)
        if (is_in(all[i].name, name))
            return true;
    return false;
}

bool rt__command_is_own(const rt_app *app, const char *word)
{
    const rt_command_info *found = find(app, word);
    return (found && found->fn) || is_group(app, word);
}

static int compare_rows(const void *a, const void *b)
{
    const rt__help_row *x = a, *y = b;
    return rt_str_compare(x->name, y->name);
}

// The commands below a group, with the words that lead to them from there.
static void put_group_help(const rt_app *app, const rt__usage *usage)
{
    rt_arena arena = {0};
    RT_VEC(rt__help_row) rows = {0};
    size_t n, skip = strlen(usage->command) + 1;
    const rt_command_info *all = rt_app_commands(app, &n);
    rt__help_put(stdout, usage);
    for (size_t i = 0; i < n; i++)
        if (all[i].fn && is_in(all[i].name, usage->command))
            *rt_vec_push(&arena, &rows) =
                (rt__help_row){rt_str_from(all[i].name + skip),
                               rt__command_summary(all[i].help)};
    if (rows.len)
        qsort(rows.items, rows.len, sizeof *rows.items, compare_rows);
    rt__help_put_rows(stdout, "Commands", rows.items, rows.len);
    rt_arena_deinit(&arena);
}

static int run(rt_app *app, const rt_command_info *command, rt_arena *arena,
               rt_value values)
{
    rt__settings settings;
    rt_str failure;
    if (!rt__settings_read_process(&settings))
        return 2;
    rt__settings_set_up_log(&settings);
    if (settings.debug)
        rt_app_set_debug(app, true);
    int status = rt_app_run_command(app, command, values, arena, &failure);
    fflush(stdout);
    if (failure.len)
        fprintf(stderr, "Error: %.*s\n", RT_STR_ARG(failure));
    return status;
}

int rt__command_call(rt_app *app, const rt_command_info *command, int argc,
                     char **argv)
{
    rt__usage usage = {.program = rt_app_name(app),
                       .command = command->name,
                       .help = command->help,
                       .options = command->options,
                       .arguments = command->arguments};
    rt_arena arena = {0};
    rt_value values;
    int rest, status = 2;
    if (rt__options_read(&usage, &arena, argc, argv, &values, &rest)) {
        if (rt_value_is_none(values)) {
            rt__help_put(stdout, &usage);
            status = 0;
        } else {
            status = run(app, command, &arena, values);
        }
    }
    rt_arena_deinit(&arena);
    return status;
}

// Go on into a group. `*status` is the exit status where that ends it.
static bool enter(const rt_app *app, rt_arena *arena, const char *group,
                  int argc, char **argv, int *rest, int *status)
{
    const rt_command_info *info = find(app, group);
    rt__usage usage = {.program = rt_app_name(app),
                       .command = group,
                       .help = info ? info->help : NULL,
                       .group = true};
    rt_value values;
    *status = 2;
    if (!rt__options_read(&usage, arena, argc, argv, &values, rest))
        return false;
    bool help = rt_value_is_none(values);
    if (help || *rest == argc) {
        put_group_help(app, &usage);
        *status = help ? 0 : 2;
        return false;
    }
    const char *name = rt_format(arena, "{} {}", group, argv[*rest]).data;
    if (rt__command_is_own(app, name))
        return true;
    rt__usage_fail(&usage,
                   rt_format(arena, "No such command '{}'.", argv[*rest]));
    return false;
}

int rt__command_own(rt_app *app, int argc, char **argv)
{
    rt_arena arena = {0};
    const char *name = argv[0];
    const rt_command_info *found;
    int status, rest;
    while (!(found = find(app, name)) || !found->fn) {
        if (!enter(app, &arena, name, argc, argv, &rest, &status)) {
            rt_arena_deinit(&arena);
            return status;
        }
        argc -= rest;
        argv += rest;
        name = rt_format(&arena, "{} {}", name, argv[0]).data;
    }
    status = rt__command_call(app, found, argc, argv);
    rt_arena_deinit(&arena);
    return status;
}
