// What the tests of applications share: a log that is kept instead of written,
// a trace of what ran, and short forms.
#pragma once

#include <stdio.h>

#include <retort.h>
#include <retort/test.h>

// Everything that was logged, a line per record: "ERROR in shop: message".
static char logged[16384];

static void keep_record(void *arg, const rt_log_record *record)
{
    size_t len = strlen(logged);
    (void)arg;
    snprintf(logged + len, sizeof logged - len, "%s in %s: %.*s\n",
             rt_log_level_name(record->level), record->logger,
             RT_STR_ARG(record->message));
}

__attribute__((constructor)) static void keep_log(void)
{
    rt_log_setup(&(rt_log_options){.sink = keep_record});
}

// What ran, in order, separated by spaces.
static char traced[1024];

static inline void trace(const char *word)
{
    size_t len = strlen(traced);
    snprintf(traced + len, sizeof traced - len, "%s%s", len ? " " : "", word);
}

// A literal as the `.arg` of a registration.
static inline void *word(const char *literal)
{
    return (void *)(uintptr_t)literal;
}

static inline bool contains(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

// The body of a GET, which must be answered with `status`.
static inline const char *get_status(rt_client *client, const char *url,
                                     int status)
{
    rt_reply reply = rt_client_get(client, url);
    CHECK_EQ(reply.status, status);
    return reply.body.data;
}

static inline const char *get(rt_client *client, const char *url)
{
    return get_status(client, url, 200);
}

static inline void end(rt_client *client, rt_app *app)
{
    rt_client_free(client);
    rt_app_free(app);
}
