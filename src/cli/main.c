#include "retort/cli/main.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"

#define EXIT_USAGE 2

const char *rt_version(void)
{
    return RT_VERSION;
}

typedef struct command {
    const char *name;
    const char *help;
    int (*run)(rt_app *app, int argc, char **argv);
} command;

static const command commands[] = {
    {"run", "Serve the application.", rt__command_run},
    {"routes", "List the rules of the application.", rt__command_routes},
};

static void print_help(FILE *to, const rt_app *app)
{
    fprintf(to,
            "Usage: %s [OPTIONS] COMMAND [ARGS]...\n\n"
            "Options:\n"
            "  --version  Show the version and exit.\n"
            "  --help     Show this message and exit.\n\n"
            "Commands:\n",
            rt_app_name(app));
    for (size_t i = 0; i < RT_COUNT(commands); i++)
        fprintf(to, "  %-8s  %s\n", commands[i].name, commands[i].help);
}

int rt_main(rt_app *app, int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr, app);
        return EXIT_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        print_help(stdout, app);
        return 0;
    }
    if (strcmp(name, "--version") == 0) {
        printf("%s (Retort %s)\n", rt_app_name(app), rt_version());
        return 0;
    }
    for (size_t i = 0; i < RT_COUNT(commands); i++)
        if (strcmp(name, commands[i].name) == 0)
            return commands[i].run(app, argc - 1, argv + 1);
    fprintf(stderr, "%s: no such command \"%s\"; try --help\n",
            rt_app_name(app), name);
    return EXIT_USAGE;
}
