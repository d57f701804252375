// The `retort` tool.
#include <stdio.h>
#include <string.h>

#include <retort/cli/main.h>

#include "command.h"

static void print_help(FILE *to)
{
    fputs("Usage: retort COMMAND [ARGS]...\n\n"
          "Commands:\n"
          "  template render FILE   Render a template.\n"
          "  template check DIR     Compile all templates, report all errors.\n"
          "  template dump FILE     Show tokens, syntax tree or bytecode.\n"
          "  template bundle DIR    Write all templates as a C file.\n"
          "  --version, --help\n\n"
          "Each command has a --help of its own.\n",
          to);
}

int main(int argc, char **argv)
{
    if (argc >= 2 && strcmp(argv[1], "--version") == 0) {
        printf("Retort %s\n", rt_version());
        return 0;
    }
    if (argc >= 2 && strcmp(argv[1], "--help") == 0) {
        print_help(stdout);
        return 0;
    }
    if (argc >= 3 && strcmp(argv[1], "template") == 0)
        return template_command(argc - 2, argv + 2);
    print_help(stderr);
    return EXIT_USAGE;
}
