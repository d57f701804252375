// Commands: registering them, reading their options, and running them in a
// context that is no request's.
#include "retort/app/command.h"

#include <stdio.h>

#include <retort/base/buf.h>
#include <retort/base/number.h>
#include <retort/http/code.h>

#include "app/app.h"
#include "app/failure.h"

// A command at work.
typedef struct rt__command_run {
    const rt_command_info *info;
    rt__context *ctx;
    rt_value values;
    int status;
} rt__command_run;

// ---- values of options --------------------------------------------------------

static bool is_on(rt_str text, bool *out)
{
    static const char *const on[] = {"1", "true", "t", "yes", "y", "on"};
    static const char *const off[] = {"0", "false", "f", "no", "n", "off"};
    for (size_t i = 0; i < RT_COUNT(on); i++) {
        *out = rt_str_eq_nocase(text, rt_str_from(on[i]));
        if (*out || rt_str_eq_nocase(text, rt_str_from(off[i])))
            return true;
    }
    return false;
}

static bool is_choice(const rt_option *option, rt_str text)
{
    for (const char *const *c = option->choices; *c; c++)
        if (rt_str_eq(text, rt_str_from(*c)))
            return true;
    return false;
}

static rt_str say_choices(const rt_option *option, rt_arena *arena, rt_str text)
{
    rt_buf out;
    rt_buf_init(&out, arena);
    rt_buf_format(&out, "'{}' is not one of ", text);
    for (const char *const *c = option->choices; *c; c++)
        rt_buf_format(&out, "{}'{}'", c == option->choices ? "" : ", ", *c);
    return rt_buf_str(&out);
}

static rt_status refuse(const rt_option *option, rt_arena *arena, rt_str text,
                        rt_str *why)
{
    if (why && option->type == RT_OPTION_CHOICE)
        *why = say_choices(option, arena, text);
    else if (why)
        *why = rt_format(arena, "'{}' is not a valid {}", text,
                         option->type == RT_OPTION_INT     ? "integer"
                         : option->type == RT_OPTION_FLOAT ? "float"
                                                           : "boolean");
    return RT_E_SYNTAX;
}

rt_status rt_option_parse(const rt_option *option, rt_arena *arena, rt_str text,
                          rt_value *out, rt_str *why)
{
    int64_t number;
    double real;
    bool flag;
    switch (option->type) {
    case RT_OPTION_INT:
        if (!rt_str_parse_int(text, &number))
            return refuse(option, arena, text, why);
        *out = rt_value_int(number);
        return RT_OK;
    case RT_OPTION_FLOAT:
        if (!rt_str_parse_double(text, &real))
            return refuse(option, arena, text, why);
        *out = rt_value_float(real);
        return RT_OK;
    case RT_OPTION_FLAG:
        if (!is_on(text, &flag))
            return refuse(option, arena, text, why);
        *out = rt_value_bool(flag);
        return RT_OK;
    case RT_OPTION_CHOICE:
        if (!is_choice(option, text))
            return refuse(option, arena, text, why);
        break;
    case RT_OPTION_TEXT: break;
    }
    *out = rt_value_str(text);
    return RT_OK;
}

// ---- registration ---------------------------------------------------------------

static bool is_name_char(char c)
{
    return rt_is_alpha(c) || rt_is_digit(c) || c == '-' || c == '_' || c == '.';
}

// Words with single blanks between them, each fit for a command line.
static bool is_name(const char *name)
{
    bool begins = true;
    for (; name && *name; name++) {
        if (begins ? !is_name_char(*name) || *name == '-'
                   : !is_name_char(*name) && *name != ' ')
            return false;
        begins = *name == ' ';
    }
    return !begins;
}

static const char *keep(rt_arena *arena, const char *text)
{
    return text ? rt_str_cstr(arena, rt_str_from(text)) : NULL;
}

static const char *const *keep_choices(rt_arena *arena,
                                       const char *const *choices)
{
    size_t n = 0;
    while (choices && choices[n])
        n++;
    const char **kept = rt_new(arena, const char *, n + 1);
    for (size_t i = 0; i < n; i++)
        kept[i] = keep(arena, choices[i]);
    return kept;
}

// What was given lies in the caller's compound literals.
static const rt_option *keep_options(rt_arena *arena, const rt_option *options)
{
    size_t n = 0;
    while (options && options[n].name)
        n++;
    rt_option *kept = rt_new(arena, rt_option, n + 1);
    for (size_t i = 0; i < n; i++) {
        kept[i] = options[i];
        kept[i].name = keep(arena, options[i].name);
        kept[i].otherwise = keep(arena, options[i].otherwise);
        kept[i].help = keep(arena, options[i].help);
        kept[i].choices = keep_choices(arena, options[i].choices);
    }
    return kept;
}

static const rt_option *find_option(const rt_option *options, const char *name)
{
    for (; options->name; options++)
        if (strcmp(options->name, name) == 0)
            return options;
    return NULL;
}

static void check_option(const rt_command_info *c, const rt_option *o,
                         rt_arena *arena)
{
    rt_value value;
    rt_str why;
    if (!is_name(o->name) || strchr(o->name, ' '))
        rt_misuse(c->site,
                  "command \"%s\": \"%s\" is no name for an option; it is "
                  "given without dashes",
                  c->name, o->name);
    if (o->type == RT_OPTION_CHOICE && !*o->choices)
        rt_misuse(c->site, "command \"%s\": \"%s\" has no .choices", c->name,
                  o->name);
    if (o->otherwise &&
        rt_option_parse(o, arena, rt_str_from(o->otherwise), &value, &why))
        rt_misuse(c->site, "command \"%s\": .otherwise of \"%s\": %.*s",
                  c->name, o->name, RT_STR_ARG(why));
}

static void check_number(const rt_command_info *c, const rt_option *options)
{
    size_t n = 0;
    while (options[n].name)
        n++;
    if (n > RT_OPTIONS_MAX)
        rt_misuse(c->site, "command \"%s\" has more than %d options", c->name,
                  RT_OPTIONS_MAX);
}

static void check_options(const rt_command_info *c, rt_arena *arena)
{
    check_number(c, c->options);
    for (const rt_option *o = c->options; o->name; o++) {
        check_option(c, o, arena);
        if (strcmp(o->name, "help") == 0 || find_option(o + 1, o->name) ||
            find_option(c->arguments, o->name))
            rt_misuse(c->site, "command \"%s\" has two options \"%s\"", c->name,
                      o->name);
        for (const rt_option *p = o + 1; o->letter && p->name; p++)
            if (p->letter == o->letter)
                rt_misuse(c->site, "command \"%s\" has two options -%c",
                          c->name, o->letter);
    }
}

static void check_arguments(const rt_command_info *c, rt_arena *arena)
{
    bool optional = false;
    check_number(c, c->arguments);
    for (const rt_option *a = c->arguments; a->name; a++) {
        check_option(c, a, arena);
        if (find_option(a + 1, a->name))
            rt_misuse(c->site, "command \"%s\" has two arguments \"%s\"",
                      c->name, a->name);
        if (a->type == RT_OPTION_FLAG || a->letter)
            rt_misuse(c->site,
                      "command \"%s\": \"%s\" is an argument, not an option: "
                      "it is found by its place",
                      c->name, a->name);
        if (a->many && a[1].name)
            rt_misuse(c->site,
                      "command \"%s\": nothing can follow \"%s\", which takes "
                      "many",
                      c->name, a->name);
        bool may_be_left_out = a->optional || a->otherwise;
        if (optional && !may_be_left_out)
            rt_misuse(c->site,
                      "command \"%s\": \"%s\" must be given, but follows an "
                      "argument that may be left out",
                      c->name, a->name);
        optional = may_be_left_out;
    }
}

// True when `name` is `group` or in it.
static bool is_in(const char *name, const char *group)
{
    size_t len = strlen(group);
    return strncmp(name, group, len) == 0 && (!name[len] || name[len] == ' ');
}

// A group may be named twice, as it has no more than help; a command may not,
// nor be a group.
static void add(rt_scope *scope, const rt_command_info *command)
{
    rt_vec_each(rt_command_info, c, &scope->commands)
        if ((c->fn && is_in(command->name, c->name)) ||
            (command->fn && is_in(c->name, command->name)))
            rt_misuse(command->site,
                      "command \"%s\": \"%s\" is a command already (%s:%d)",
                      command->name, c->name, c->site.file, c->site.line);
    *rt_vec_push(scope->arena, &scope->commands) = *command;
}

static void check_command(rt_scope *scope, const char *name, rt_site site)
{
    rt__scope_check_open(scope, site, "rt_command");
    if (!is_name(name))
        rt_misuse(site,
                  "rt_command: \"%s\" is no name for a command: words of "
                  "letters, digits, - and _ with a blank between them",
                  name ? name : "");
}

void rt_scope_add_command(rt_scope *scope, const char *name, rt_command_fn *fn,
                          const rt_command_options *options)
{
    check_command(scope, name, options->site);
    if (!fn)
        rt_misuse(options->site, "command \"%s\": the function is NULL", name);
    rt_command_info c = {
        .name = keep(scope->arena, name),
        .help = keep(scope->arena, options->help),
        .fn = fn,
        .options = keep_options(scope->arena, options->options),
        .arguments = keep_options(scope->arena, options->arguments),
        .arg = options->arg,
        .site = options->site};
    check_options(&c, scope->arena);
    check_arguments(&c, scope->arena);
    add(scope, &c);
}

void rt_scope_add_command_group(rt_scope *scope, const char *name,
                                const char *help, rt_site site)
{
    check_command(scope, name, site);
    const rt_option *none = keep_options(scope->arena, NULL);
    rt_command_info c = {.name = keep(scope->arena, name),
                         .help = keep(scope->arena, help),
                         .options = none,
                         .arguments = none,
                         .site = site};
    add(scope, &c);
}

void rt__commands_join(rt_app *app, const rt_blueprint *blueprint,
                       const char *group)
{
    rt_vec_each(rt_command_info, c, &blueprint->scope.commands) {
        rt_command_info joined = *c;
        if (*group)
            joined.name = rt_format(&app->arena, "{} {}", group, c->name).data;
        add(&app->scope, &joined);
    }
}

const rt_command_info *rt_app_commands(const rt_app *app, size_t *n)
{
    *n = app->scope.commands.len;
    return app->scope.commands.items;
}

// ---- running ------------------------------------------------------------------------

// A request that nobody has sent.
static rt_request make_request(rt_app *app, rt_arena *arena)
{
    const char *root = rt_config_text(app, "APPLICATION_ROOT", "/");
    rt_request req = {
        .arena = arena,
        .method = RT_METHOD_GET,
        .method_text = RT_STR("GET"),
        .script_root = rt_str_from(root[0] == '/' && !root[1] ? "" : root),
        .scheme =
            rt_str_from(rt_config_text(app, "PREFERRED_URL_SCHEME", "http")),
        .host = rt_str_from(rt_config_text(app, "SERVER_NAME", "localhost")),
        .version = 11,
        .peer_address = RT_STR("127.0.0.1"),
        .max_body = RT_BODY_UNLIMITED};
    rt_request_set_target(&req, RT_STR("/"));
    return req;
}

static void call(void *arg)
{
    rt__command_run *run = arg;
    run->status = run->info->fn(run->ctx->req, run->info->arg);
}

// Why a command was aborted, as a sentence.
static rt_str say_failure(rt_arena *arena, const rt__context *ctx)
{
    const rt_http_error *e =
        ctx->error.original ? ctx->error.original : &ctx->error;
    if (ctx->response)
        return rt_format(arena, "the command ended with a response, {}",
                         ctx->response->status);
    rt_str message =
        e->message ? rt_str_from(e->message) : rt_code_text(e->status);
    if (e->kind && !rt__error_is_http(e) && e->kind != RT_ANY_ERROR)
        return rt_format(arena, "{}: {}", e->kind->name, message);
    return rt_str_copy(arena, message);
}

int rt_app_run_command(rt_app *app, const rt_command_info *command,
                       rt_value values, rt_arena *arena, rt_str *failure)
{
    rt_gateway gateway = rt_app_gateway(app);
    rt_arena memory = {0};
    if (gateway.worker_start)
        gateway.worker_start(gateway.self);
    rt_request req = make_request(app, &memory);
    rt__command_run run = {.info = command,
                           .ctx = rt__context_begin(app, &req),
                           .values = values};
    run.ctx->command = &run;
    *failure = (rt_str){0};
    if (!rt__context_try(run.ctx, call, &run)) {
        *failure = say_failure(arena, run.ctx);
        run.status = 1;
    }
    rt_group_drop(&req.children);
    rt_arena_deinit(&memory);
    if (gateway.worker_stop)
        gateway.worker_stop(gateway.self);
    return run.status;
}

// ---- in a command ---------------------------------------------------------------------

rt_value rt_option_get(rt_request *req, const char *name)
{
    const rt__command_run *run = rt__context_of(req)->command;
    rt_str key = rt_str_from(name);
    if (!run)
        rt__fail(req, "option {!r} outside of commands", name);
    rt_value value = rt_dict_get_str(run->values, key);
    if (rt_value_is_undefined(value))
        rt__fail(req, "the command \"{}\" has no option {!r}", run->info->name,
                 name);
    return value;
}

const char *rt_option_text(rt_request *req, const char *name)
{
    rt_value value = rt_option_get(req, name);
    return rt_value_is_none(value) ? NULL : rt_value_as_cstr(req->arena, value);
}

int64_t rt_option_int(rt_request *req, const char *name)
{
    return rt_value_as_int(rt_option_get(req, name), 0);
}

double rt_option_float(rt_request *req, const char *name)
{
    return rt_value_as_float(rt_option_get(req, name), 0);
}

bool rt_option_flag(rt_request *req, const char *name)
{
    return rt_value_is_true(rt_option_get(req, name));
}
