// The tool's commands. `argv[0]` is the command's name.
#pragma once

// Wrong arguments.
#define EXIT_USAGE 2

int template_command(int argc, char **argv);
