// The command line of an application, called in a child process.
#pragma once

#include <sys/types.h>

#include <retort.h>
#include <retort/test.h>

// What a command has written to both outputs, and its exit status.
typedef struct outcome {
    int status;
    const char *text; // until the next one
} outcome;

// Call rt_main with these words after the program's name; they end with NULL.
outcome cli_call(rt_app *app, const char *const *words);
#define cli(app, ...) cli_call((app), (const char *const[]){__VA_ARGS__, NULL})

// An application that is served until cli_stop.
typedef struct served {
    pid_t pid;
    int port;
    int output;
    char banner[512]; // what it said first
} served;

served cli_serve_with(rt_app *app, const char *const *words);
#define cli_serve(app, ...) \
    cli_serve_with((app), (const char *const[]){__VA_ARGS__, NULL})

// Send a request and return what comes back until the connection is closed.
const char *cli_ask(const served *server, const char *request);

// Stop it; what it has written.
outcome cli_stop(served *server);

// Note a failure when `text` does not have `part` in it.
#define CHECK_HAS(text, part) cli_check_has(__FILE__, __LINE__, (text), (part))
void cli_check_has(const char *file, int line, const char *text,
                   const char *part);
