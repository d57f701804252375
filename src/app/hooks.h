// Hooks: registering them, and running those a request is for.
#pragma once

#include "app/app.h"

// Add a function with its `.arg` to a list.
void rt__hook_add(rt_scope *scope, rt__hooks *hooks, rt_any_fn fn,
                  const rt_hook_options *options, const char *what);

// Copy a list of functions that ends with NULL, where there is one: it lies in
// the caller's compound literals.
#define RT__KEEP_LIST(arena, list)                                             \
    do {                                                                       \
        size_t n = 0;                                                          \
        while ((list) && (list)[n])                                            \
            n++;                                                               \
        if (list)                                                              \
            (list) = rt_arena_copy((arena), (list), (n + 1) * sizeof *(list)); \
    } while (0)

// Which lists a hook goes to: those of the scope, or of the whole application.
rt_scope *rt__scope_for(rt_scope *scope, const rt_hook_options *options);

// Call the before-hooks of the application and of the route's blueprints, until
// one answers.
rt_response *rt__hooks_run_before(rt__context *ctx);

// Give each after-hook ctx->response, which it may replace.
void rt__hooks_run_after(rt__context *ctx);

// Call the teardowns.
void rt__hooks_run_teardown(rt__context *ctx);

// Let the context processors add to a context; false when there are none.
bool rt__hooks_run_context(rt__context *ctx, rt_value context);

// Show the values of the rule to those who may change them.
void rt__hooks_run_url_values(rt__context *ctx);

// Let the hooks of an endpoint add values to a URL of it.
void rt__hooks_run_url_defaults(rt__context *ctx, const char *endpoint,
                                rt_value values);
