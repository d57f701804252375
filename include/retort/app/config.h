// Settings of an application.
//
//     rt_configure(app, "SECRET_KEY", "dev", "PAGE_SIZE", 20);
//     rt_config_from_file(app, "config.json", .silent = true);
//     rt_config_from_env(app, "MYAPP");       // MYAPP_PAGE_SIZE=50
//
//     int64_t n = rt_config_int(app, "PAGE_SIZE", 10);
//
// Keys are upper case. What is set later wins. All of it happens before the
// first request; from then on the settings are only read, in views through
// rt_app_of(req), in templates as `config`. docs/configuration.md has the keys
// the framework itself reads.
//
// Follows flask.Config.
#pragma once

#include <stddef.h>

#include <retort/app/app.h>
#include <retort/base/attributes.h>
#include <retort/base/error.h>
#include <retort/base/pairs.h>
#include <retort/base/value.h>

RT_C_BEGIN

// ---- setting --------------------------------------------------------------

// Set one key, or several as keyword arguments. Values are copied.
//
//   errors   end the process: a key that is not upper case, a built-in key with
//            a value it cannot have, an application that has started
#define rt_config_set(app, key, x) \
    rt_app_set_config((app), (key), RT(x), RT_HERE)
#define rt_configure(...) \
    rt_app_configure(RT_ARG1(__VA_ARGS__), RT_PAIRS_FROM2(__VA_ARGS__), RT_HERE)
void rt_app_set_config(rt_app *app, const char *key, rt_value value,
                       rt_site site);
void rt_app_configure(rt_app *app, const rt_pair *pairs, size_t n,
                      rt_site site);

// Options of the functions that read files.
typedef struct rt_config_file_options {
    bool silent;   // a file that is not there is no error
    bool instance; // the path is relative to the instance folder
    rt_site site;  // set by the macro
    int unused;
} rt_config_file_options;

// Read settings from a file: a JSON object, or variables where the name ends in
// .env (docs in env_file.h), whose values are read as rt_config_from_env does.
// A relative path is below the application's root. Keys that are not upper case
// are left out, so that one file may serve several purposes.
//
//     rt_config_from_file(app, "config.json")
//     rt_config_from_envvar(app, "MYAPP_SETTINGS")   // the path is in there
//
//   errors   end the process, with the file's line and column where it has one
#define rt_config_from_file(...)                                        \
    rt_app_config_file(RT_ARG1(__VA_ARGS__), RT_ARG2(__VA_ARGS__),      \
                       &(rt_config_file_options){.site = RT_HERE,       \
                                                 RT__TAIL3(__VA_ARGS__, \
                                                           .unused = 0)})
#define rt_config_from_envvar(...)                                        \
    rt_app_config_envvar(RT_ARG1(__VA_ARGS__), RT_ARG2(__VA_ARGS__),      \
                         &(rt_config_file_options){.site = RT_HERE,       \
                                                   RT__TAIL3(__VA_ARGS__, \
                                                             .unused = 0)})
void rt_app_config_file(rt_app *app, const char *path,
                        const rt_config_file_options *options);
void rt_app_config_envvar(rt_app *app, const char *variable,
                          const rt_config_file_options *options);

// Read all environment variables that begin with the prefix and an underscore:
// with the prefix "MYAPP", MYAPP_PAGE_SIZE=50 sets PAGE_SIZE. A value is read as
// JSON, and is text when it is none. Two underscores go into a dict:
// MYAPP_MAIL__server=localhost sets the key "server" of MAIL.
//
// First .env and .retortenv in the root folder are loaded into the environment
// (once; what is there already stays).
//
//   errors   end the process: a .env file that is malformed, a built-in key with
//            a value it cannot have
#define rt_config_from_env(app, prefix) \
    rt_app_config_env((app), (prefix), RT_HERE)
void rt_app_config_env(rt_app *app, const char *prefix, rt_site site);

// Load .env and .retortenv of the root folder into the environment, once.
// rt_main does it too, before it reads options.
void rt_app_load_env_files(rt_app *app);

// Load another file, which goes before those two, and read again what
// rt_config_from_env has read: what `--env-file` does.
//
//   errors   as rt_env_file_load
rt_status rt_app_load_env_file(rt_app *app, const char *path, rt_error *err);

// ---- reading --------------------------------------------------------------

// The value of a key; undefined when it is not set.
rt_value rt_config_get(const rt_app *app, const char *key);

// The same of one type; `otherwise` when it is not set, none, or of another
// type. A whole float counts as an int, an int as a float.
const char *rt_config_text(const rt_app *app, const char *key,
                           const char *otherwise);
int64_t rt_config_int(const rt_app *app, const char *key, int64_t otherwise);
double rt_config_float(const rt_app *app, const char *key, double otherwise);
bool rt_config_bool(const rt_app *app, const char *key, bool otherwise);

// All settings, a dict; those whose key begins with a prefix, which is cut off,
// in lower case: DB_HOST and DB_PORT as "host" and "port" of "DB_".
rt_value rt_config_all(const rt_app *app);
rt_value rt_config_namespace(const rt_app *app, rt_arena *arena,
                             const char *prefix);

// ---- a structure ----------------------------------------------------------

// A member that is filled from a key: its name in upper case.
typedef enum rt_config_type {
    RT_CONFIG_BOOL,
    RT_CONFIG_INT,
    RT_CONFIG_INT64,
    RT_CONFIG_DOUBLE,
    RT_CONFIG_TEXT,
    RT_CONFIG_VALUE,
} rt_config_type;

typedef struct rt_config_field {
    const char *name;
    size_t offset;
    rt_config_type type;
} rt_config_field;

// Describe a member of type bool, int, int64_t, double, const char * or
// rt_value; another type is a compile error.
#define RT_CONFIG_FIELD(type_, member)                \
    {                                                 \
#member, offsetof(type_, member),                   \
            _Generic(((type_ *)0)->member,                  \
                     bool: RT_CONFIG_BOOL,                  \
                     int: RT_CONFIG_INT,                    \
                     int64_t: RT_CONFIG_INT64,              \
                     double: RT_CONFIG_DOUBLE,              \
                     const char *: RT_CONFIG_TEXT,          \
                     rt_value: RT_CONFIG_VALUE) \
    }

// Keep settings in a structure of the application's own:
//
//     static struct { const char *dsn; int64_t pool; } settings = {"app.db", 5};
//     rt_config_bind(app, &settings, RT_CONFIG_FIELD(typeof(settings), dsn),
//                    RT_CONFIG_FIELD(typeof(settings), pool));
//
// What the members hold are the defaults of DSN and POOL. When the application
// starts they get what was set.
//
//   memory   the structure must live as long as the application
//   errors   at the start, end the process: a value of another type
#define rt_config_bind(app, structure, ...)                             \
    rt_app_bind_config((app), (structure),                              \
                       (const rt_config_field[]){__VA_ARGS__},          \
                       sizeof((const rt_config_field[]){__VA_ARGS__}) / \
                           sizeof(rt_config_field),                     \
                       RT_HERE)
void rt_app_bind_config(rt_app *app, void *structure,
                        const rt_config_field *fields, size_t n, rt_site site);

// ---- folders ----------------------------------------------------------------

// What relative paths are below, and the instance folder: files of this
// installation that are not part of the program. `instance` below the root,
// unless the option .instance_path says otherwise.
const char *rt_root_path(rt_app *app);
const char *rt_instance_path(rt_app *app);

RT_C_END
