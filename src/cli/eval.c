// The command `eval`: what an expression of the templates is.
#include <stdio.h>

#include <retort/app/request.h>
#include <retort/app/template.h>

#include "cli/commands.h"

static int eval(rt_request *req, void *arg)
{
    (void)arg;
    rt_value value = rt_evaluate(req, rt_option_text(req, "expression"));
    rt_str text = rt_value_repr(rt_arena_of(req), value);
    printf("%.*s\n", RT_STR_ARG(text));
    return 0;
}

static const rt_option options[] = {{.name = NULL}};
static const rt_option arguments[] = {{.name = "expression"}, {.name = NULL}};

const rt_command_info rt__command_eval = {
    .name = "eval",
    .help = "Print what a template's expression is. It sees what templates see "
            "outside of requests: config, url_for where SERVER_NAME is set, "
            "and the globals, filters and tests of the application.",
    .fn = eval,
    .options = options,
    .arguments = arguments};
