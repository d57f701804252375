#include "retort/cli/main.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <retort/app/config.h>
#include <retort/base/format.h>
#include <retort/base/vec.h>

#include "cli/commands.h"
#include "cli/options.h"

#define EXIT_USAGE 2

const char *rt_version(void)
{
    return RT_VERSION;
}

static int run_eval(rt_app *app, int argc, char **argv)
{
    return rt__command_call(app, &rt__command_eval, argc, argv);
}

typedef struct command {
    const char *name;
    const char *help;
    int (*run)(rt_app *app, int argc, char **argv);
} command;

static const command commands[] = {
    {"eval", "Print what a template's expression is.", run_eval},
    {"routes", "List the rules of the application.", rt__command_routes},
    {"run", "Serve the application.", rt__command_run},
};

static const command *find_command(const char *name)
{
    for (size_t i = 0; i < RT_COUNT(commands); i++)
        if (strcmp(name, commands[i].name) == 0)
            return &commands[i];
    return NULL;
}

static const rt_option options[] = {
    {.name = "env-file",
     .letter = 'e',
     .help = "Take variables from this file, too, before .env and .retortenv."},
    {.name = "version",
     .type = RT_OPTION_FLAG,
     .help = "Show the version and exit."},
    {.name = NULL}};

// ---- help -----------------------------------------------------------------------

static int compare_rows(const void *a, const void *b)
{
    const rt__help_row *x = a, *y = b;
    return rt_str_compare(x->name, y->name);
}

static void print_help(FILE *to, const rt_app *app, const rt__usage *usage)
{
    rt_arena arena = {0};
    RT_VEC(rt__help_row) rows = {0};
    size_t n;
    const rt_command_info *own = rt_app_commands(app, &n);
    for (size_t i = 0; i < RT_COUNT(commands); i++)
        *rt_vec_push(&arena, &rows) =
            (rt__help_row){rt_str_from(commands[i].name),
                           rt_str_from(commands[i].help)};
    for (size_t i = 0; i < n; i++)
        if (own[i].fn)
            *rt_vec_push(&arena, &rows) =
                (rt__help_row){rt_str_from(own[i].name),
                               rt__command_summary(own[i].help)};
    qsort(rows.items, rows.len, sizeof *rows.items, compare_rows);
    rt__help_put(to, usage);
    rt__help_put_rows(to, "Commands", rows.items, rows.len);
    rt_arena_deinit(&arena);
}

// ---- the environment ----------------------------------------------------------------

// What was named on the command line goes before .env. False with a message when
// it cannot be read.
static bool load_environment(rt_app *app, const rt__usage *usage,
                             rt_arena *arena, rt_value file)
{
    rt_error err = {0};
    const char *path = rt_value_is_text(file) ? rt_value_as_str(file).data : "";
    rt_status status = *path ? rt_app_load_env_file(app, path, &err) : RT_OK;
    if (status == RT_E_NOT_FOUND)
        rt__usage_fail(usage,
                       rt_format(arena,
                                 "Invalid value for '-e' / '--env-file': File "
                                 "'{}' does not exist.",
                                 path));
    else if (status)
        fprintf(stderr, "%.*s\n", RT_STR_ARG(rt_error_text(arena, &err)));
    else
        rt_app_load_env_files(app);
    return !status;
}

// ---- the command ----------------------------------------------------------------------

// A command of the application's own may not hide one that each has.
static void check_names(const rt_app *app)
{
    size_t n;
    const rt_command_info *own = rt_app_commands(app, &n);
    for (size_t i = 0; i < n; i++) {
        size_t len = strcspn(own[i].name, " ");
        for (size_t j = 0; j < RT_COUNT(commands); j++)
            if (len == strlen(commands[j].name) &&
                memcmp(own[i].name, commands[j].name, len) == 0)
                rt_misuse(own[i].site,
                          "command \"%s\": every application has a command "
                          "\"%s\" already",
                          own[i].name, commands[j].name);
    }
}

static int run_command(rt_app *app, const rt__usage *usage, rt_arena *arena,
                       int argc, char **argv)
{
    const command *found = find_command(argv[0]);
    if (found)
        return found->run(app, argc, argv);
    if (rt__command_is_own(app, argv[0]))
        return rt__command_own(app, argc, argv);
    rt__usage_fail(usage, rt_format(arena, "No such command '{}'.", argv[0]));
    return EXIT_USAGE;
}

static int begin(rt_app *app, rt_arena *arena, int argc, char **argv)
{
    rt__usage usage = {.program = rt_app_name(app),
                       .command = "",
                       .options = options,
                       .group = true};
    rt_value values;
    int rest;
    check_names(app);
    if (!rt__options_read(&usage, arena, argc, argv, &values, &rest))
        return EXIT_USAGE;
    if (rt_value_is_none(values)) {
        print_help(stdout, app, &usage);
        return 0;
    }
    if (rt_value_is_true(rt_dict_get_str(values, RT_STR("version")))) {
        printf("%s (Retort %s)\n", rt_app_name(app), rt_version());
        return 0;
    }
    if (rest >= argc) {
        print_help(stderr, app, &usage);
        return EXIT_USAGE;
    }
    if (!load_environment(app, &usage, arena,
                          rt_dict_get_str(values, RT_STR("env-file"))))
        return EXIT_USAGE;
    return run_command(app, &usage, arena, argc - rest, argv + rest);
}

int rt_main(rt_app *app, int argc, char **argv)
{
    rt_arena arena = {0};
    int status = begin(app, &arena, argc, argv);
    rt_arena_deinit(&arena);
    return status;
}
