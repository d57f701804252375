// What `run` can be told: by the command line, which wins, or the environment.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

// The settings, in the order of the help.
typedef enum rt__setting {
    RT__SET_HOST,
    RT__SET_PORT,
    RT__SET_WORKERS,
    RT__SET_DEBUG,
    RT__SET_ACCESS_LOG,
    RT__SET_LOG_LEVEL,
    RT__SET_LOG_FORMAT,
    RT__SET_MAX_BODY,
    RT__SET_MAX_HEAD,
    RT__SET_MAX_TARGET,
    RT__SET_MAX_HEADERS,
    RT__SET_MAX_CONCURRENCY,
    RT__SET_MAX_MEMORY,
    RT__SET_BACKLOG,
    RT__SET_HEAD_TIMEOUT,
    RT__SET_IDLE_TIMEOUT,
    RT__SET_BODY_TIMEOUT,
    RT__SET_WRITE_TIMEOUT,
    RT__SET_GRACE,
    RT__SET_WORKER_TIMEOUT,
    RT__SETTINGS
} rt__setting;

// What was given. A text is NULL and a number -1 where nothing was.
typedef struct rt__settings {
    const char *text[RT__SETTINGS];
    int64_t
        number[RT__SETTINGS]; // a count, bytes, milliseconds, an rt_log_level;
                              // text, json, plain
    int debug;                // how many times debug mode was asked for
    bool help;
} rt__settings;

// Read the environment and then the arguments. False with a message on standard
// error when they make no sense.
//
// `debug` is what the application's configuration says of it.
bool rt__settings_read(rt__settings *settings, bool debug, int argc,
                       char **argv);

// Read what the environment says of the process, whichever command it runs: debug
// mode and the log.
bool rt__settings_read_process(rt__settings *settings);

// Set up the log of the process.
void rt__settings_set_up_log(const rt__settings *settings);

// Write what there is, with the defaults.
void rt__settings_help(FILE *to);
