// Commands: what the program of an application can do beside serving it.
//
//     static int create_user(rt_request *req, void *arg)
//     {
//         const char *name = rt_option_text(req, "name");
//         if (!add_user(name, rt_option_flag(req, "admin")))
//             rt_abort(req, 409, "there is a user {}", name);
//         printf("created %s\n", name);
//         return 0;
//     }
//
//     rt_command(app, "user create", create_user, .help = "Create a user.",
//                .arguments = RT_OPTIONS({.name = "name"}),
//                .options = RT_OPTIONS({.name = "admin", .letter = 'a',
//                                       .type = RT_OPTION_FLAG,
//                                       .help = "May do everything."}));
//
//     $ ./shop user create --admin ada
//
// rt_main (cli/main.h) reads the arguments, and answers those that make no sense
// with what would. Follows flask.cli and click.
#pragma once

#include <retort/app/scope.h>
#include <retort/base/attributes.h>
#include <retort/base/error.h>
#include <retort/base/value.h>

RT_C_BEGIN

// ---- what a command takes ---------------------------------------------------

typedef enum rt_option_type {
    RT_OPTION_TEXT,
    RT_OPTION_INT,
    RT_OPTION_FLOAT,
    RT_OPTION_FLAG,   // true when it is there; takes no value
    RT_OPTION_CHOICE, // one of .choices
} rt_option_type;

// An option, "--name VALUE", or an argument, which is found by its place. Zero
// is the default.
typedef struct rt_option {
    const char
        *name;   // "dry-run": --dry-run; of an argument: for rt_option_text
    char letter; // of an option, 'n': -n
    rt_option_type type;
    const char *const *choices; // RT_CHOICES("red", "blue")
    const char *otherwise;      // where none is given, written as a user would.
                                // "true" of a flag: --no-name switches it off
    bool required; // an option must be given; an argument without .otherwise
    bool optional; // must, unless it says so here
    bool many;     // as often as one likes: a list. Of arguments only the last
    const char *help;
} rt_option;

// A command may have so many options, and so many arguments.
#define RT_OPTIONS_MAX 32

#define RT_OPTIONS(...) ((const rt_option[]){__VA_ARGS__, {.name = NULL}})
#define RT_CHOICES(...) ((const char *const[]){__VA_ARGS__, NULL})

// Read what a user wrote for an option.
//
//   memory   `*out` views `text`; `*why` lies in `arena`
//   errors   RT_E_SYNTAX   `*why`, where given, says "'x' is not a valid integer"
rt_status rt_option_parse(const rt_option *option, rt_arena *arena, rt_str text,
                          rt_value *out, rt_str *why);

// ---- commands ---------------------------------------------------------------

// Does the command's work and returns the exit status of the program.
//
// `req` is nobody's request, but what takes a request works with it: memory,
// rt_defer, settings, rt_render_text, waiting, rt_spawn. rt_url_for builds whole
// URLs, for which SERVER_NAME must be set. rt_abort ends the command: its message
// goes to standard error, the exit status is 1. What workers have, rt_on_worker_start
// has made before, and rt_on_worker_stop closes it.
typedef int rt_command_fn(rt_request *req, void *arg);

// Options of rt_command; zero is the default.
typedef struct rt_command_options {
    const char *help;           // the first sentence is shown in lists
    const rt_option *options;   // RT_OPTIONS({.name = "force", ...}, ...)
    const rt_option *arguments; // the same, in the order of their places
    void *arg;                  // given to the function
    rt_site site;               // set by the macro
    int unused;
} rt_command_options;

// Add a command to an application or a blueprint. Words before the last are
// groups: "user create". Those of a blueprint are in a group of its name, unless
// .cli_group of the blueprint says otherwise.
//
//   errors   end the process: a name that is none or is taken, an option that
//            makes no sense, an application that has started
#define rt_command(...)                                                        \
    rt_scope_add_command(RT_SCOPE(RT_ARG1(__VA_ARGS__)), RT_ARG2(__VA_ARGS__), \
                         RT__FN(rt_command_fn, RT_ARG3(__VA_ARGS__)),          \
                         &(rt_command_options){.site = RT_HERE,                \
                                               RT__TAIL4(__VA_ARGS__,          \
                                                         .unused = 0)})
void rt_scope_add_command(rt_scope *scope, const char *name, rt_command_fn *fn,
                          const rt_command_options *options);

// Say what the commands of a group are for: rt_command_group(app, "user",
// "Who may come in.").
#define rt_command_group(scope, name, help) \
    rt_scope_add_command_group(RT_SCOPE(scope), (name), (help), RT_HERE)
void rt_scope_add_command_group(rt_scope *scope, const char *name,
                                const char *help, rt_site site);

// ---- in a command -------------------------------------------------------------

// What an option or an argument was given, or what it is otherwise: none, NULL,
// 0 or false when that is not said either. The value of one with .many is a list.
//
//   errors   the command ends: it has no option of that name
rt_value rt_option_get(rt_request *req, const char *name);
const char *rt_option_text(rt_request *req, const char *name);
int64_t rt_option_int(rt_request *req, const char *name);
double rt_option_float(rt_request *req, const char *name);
bool rt_option_flag(rt_request *req, const char *name);

// ---- for who runs them ----------------------------------------------------------

// A command as it was added, with the words of its groups.
typedef struct rt_command_info {
    const char *name;
    const char *help;           // NULL: none
    rt_command_fn *fn;          // NULL: a group
    const rt_option *options;   // each of the two ends with one
    const rt_option *arguments; // that has no name
    void *arg;
    rt_site site;
} rt_command_info;

// The commands and groups of an application, in the order of registration.
const rt_command_info *rt_app_commands(const rt_app *app, size_t *n);

// Run a command. `values` is a dict of what its options and arguments are.
// Returns the exit status; when the command was aborted, 1 and in `*failure` why.
//
//   memory   `*failure` lies in `arena`
int rt_app_run_command(rt_app *app, const rt_command_info *command,
                       rt_value values, rt_arena *arena, rt_str *failure);

RT_C_END
