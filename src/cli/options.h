// Options and arguments of a command line, by the table that describes them.
//
// Messages and order are click's: a word that is no option is refused where it
// stands, then help is given to who asked for it, then values are read.
#pragma once

#include <stdio.h>

#include <retort/app/command.h>
#include <retort/base/arena.h>

typedef struct rt__usage {
    const char *program;
    const char *command;        // "user create"; "": the program's own options
    const char *help;           // or NULL
    const rt_option *options;   // each of the two
    const rt_option *arguments; // may be NULL
    bool group;                 // the words that follow are a command
} rt__usage;

// Read `argv` from 1 on. The words of a group that are no options are left:
// `*rest` is the place of the first. `*values` becomes a dict of everything;
// none where --help was asked for.
//
// False with a message on standard error when the arguments make no sense.
bool rt__options_read(const rt__usage *usage, rt_arena *arena, int argc,
                      char **argv, rt_value *values, int *rest);

// Report arguments that make no sense on standard error.
void rt__usage_fail(const rt__usage *usage, rt_str message);

// ---- help ----------------------------------------------------------------------

// Write the head of a help page: usage, help, arguments and options.
void rt__help_put(FILE *to, const rt__usage *usage);

// One line of a list.
typedef struct rt__help_row {
    rt_str name;
    rt_str text;
} rt__help_row;

// Write a list with a title, its texts below each other, in lines of 78.
void rt__help_put_rows(FILE *to, const char *title, const rt__help_row *rows,
                       size_t n);
