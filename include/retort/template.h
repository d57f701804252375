// Templates in Jinja2's language, for any C program.
//
//     rt_template_env *env = rt_template_env_new(
//         .loader = rt_template_folder(arena, "templates"));
//     rt_template *page;
//     rt_template_error error = {0};
//     if (rt_template_get(env, arena, RT_STR("page.html"), &page, &error))
//         return complain(rt_template_error_text(arena, &error));
//     rt_buf out;
//     rt_buf_init(&out, arena);
//     rt_template_render(page, arena, context, &out, &error);
//     rt_template_put(page);
//
// `libretort-template` needs nothing else of Retort.
#pragma once

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/buf.h>
#include <retort/base/format.h>
#include <retort/base/json.h>
#include <retort/base/value.h>
#include <retort/template/environment.h>
#include <retort/template/error.h>
#include <retort/template/loader.h>

RT_C_BEGIN

// A compiled template. Counted: one that is rendering outlives its reload.
typedef struct rt_template rt_template;

// Get a template by name, from the cache where its source has not changed.
// Give it back with rt_template_put. After an error `*out` is NULL, which may be
// given back, too.
//
//   memory   errors lie in `arena`
//   errors   RT_E_NOT_FOUND, RT_E_SYNTAX, what the loader says; `*error` tells
rt_status rt_template_get(rt_template_env *env, rt_arena *arena, rt_str name,
                          rt_template **out, rt_template_error *error);

// Compile a template from a string; it has no name. Otherwise the same.
rt_status rt_template_parse(rt_template_env *env, rt_arena *arena,
                            rt_str source, rt_template **out,
                            rt_template_error *error);
void rt_template_put(rt_template *t);

// Render with a dict as context; anything else is a TypeError, but for undefined,
// which is no variables.
//
//   memory   everything of the render lies in `arena`, the output in out's
//   errors   any status; `*error` tells which error of which template; `out`
//            has what was printed before it
rt_status rt_template_render(rt_template *t, rt_arena *arena, rt_value context,
                             rt_buf *out, rt_template_error *error);

// Render piece by piece: `write` is called with some KiB at a time and may wait.
// What it returns ends the render unless it is RT_OK.
typedef rt_status rt_template_writer(void *arg, rt_str piece);
rt_status rt_template_stream(rt_template *t, rt_arena *arena, rt_value context,
                             rt_template_writer *write, void *arg,
                             rt_template_error *error);

// A render in all its parts; zero is nothing.
typedef struct rt_template_run {
    rt_value context; // dict of the template's variables; not none
    rt_value globals; // dict that imported templates see, too; before the
                      // environment's
    void *data;       // for functions of the host: call->data
    rt_template_writer *write; // NULL: everything goes to the buffer
    void *write_arg;
} rt_template_run;

// Render with all of this; `out` may be NULL when there is a writer.
rt_status rt_template_execute(rt_template *t, rt_arena *arena,
                              const rt_template_run *run, rt_buf *out,
                              rt_template_error *error);

// Evaluate one expression, "user.name|upper". After an error `*out` is undefined.
rt_status rt_template_eval(rt_template_env *env, rt_arena *arena,
                           rt_str expression, rt_value context, rt_value *out,
                           rt_template_error *error);

// The same with globals and with data for functions of the host; nothing is
// written.
rt_status rt_template_evaluate(rt_template_env *env, rt_arena *arena,
                               rt_str expression, const rt_template_run *run,
                               rt_value *out, rt_template_error *error);

// Load and compile a template of that name only to find its errors: `tell` is
// called with each filter and test that is unknown; of other errors with the
// first, behind which nothing is read.
//
//   memory   the errors are gone when `tell` returns
//   errors   those of rt_template_get
typedef void rt_template_problem(void *arg, const rt_template_error *error);
rt_status rt_template_check(rt_template_env *env, rt_arena *arena, rt_str name,
                            rt_template_problem *tell, void *arg);

// What the stages of the compiler make of a source, as text for people.
typedef enum rt_template_stage {
    RT_TEMPLATE_TOKENS,
    RT_TEMPLATE_AST,
    RT_TEMPLATE_CODE,
} rt_template_stage;

rt_status rt_template_dump(rt_template_env *env, rt_arena *arena, rt_str source,
                           rt_template_stage stage, rt_buf *out,
                           rt_template_error *error);

// Names a template reads but does not set, as a list of texts; and the templates
// it includes, imports and extends, none for those named by expressions.
rt_status rt_template_undeclared(rt_template_env *env, rt_arena *arena,
                                 rt_str source, rt_value *out,
                                 rt_template_error *error);
rt_status rt_template_references(rt_template_env *env, rt_arena *arena,
                                 rt_str source, rt_value *out,
                                 rt_template_error *error);

RT_C_END
