// The settings of an application: where they come from.
#include "app/config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <retort/app/config.h>
#include <retort/app/env_file.h>
#include <retort/base/json.h>

extern char **environ;

// ---- keys -------------------------------------------------------------------

// What a built-in key may be, beside none.
enum {
    BOOL = 1 << RT_BOOL,
    INT = 1 << RT_INT,
    TEXT = 1 << RT_STRING,
    LIST = 1 << RT_LIST,
};

typedef struct builtin {
    const char *key;
    int kinds;
    rt_kind kind; // of the default, with the value below
    int64_t number;
    const char *text;
} builtin;

#define DAYS(n) ((int64_t)(n)*24 * 3600)

// Flask's, with its defaults, but for SESSION_COOKIE_SECURE (none: as the request
// came) and SESSION_NESTED_CHANGES, which are ours.
static const builtin builtins[] = {
    {"DEBUG", BOOL, RT_BOOL, 0, NULL},
    {"TESTING", BOOL, RT_BOOL, 0, NULL},
    {"PROPAGATE_EXCEPTIONS", BOOL, RT_NONE, 0, NULL},
    {"TRAP_HTTP_EXCEPTIONS", BOOL, RT_BOOL, 0, NULL},
    {"TRAP_BAD_REQUEST_ERRORS", BOOL, RT_NONE, 0, NULL},
    {"SECRET_KEY", TEXT | 1 << RT_BYTES, RT_NONE, 0, NULL},
    {"SECRET_KEY_FALLBACKS", LIST | 1 << RT_TUPLE, RT_NONE, 0, NULL},
    {"SESSION_COOKIE_NAME", TEXT, RT_STRING, 0, "session"},
    {"SESSION_COOKIE_DOMAIN", TEXT, RT_NONE, 0, NULL},
    {"SESSION_COOKIE_PATH", TEXT, RT_NONE, 0, NULL},
    {"SESSION_COOKIE_HTTPONLY", BOOL, RT_BOOL, 1, NULL},
    {"SESSION_COOKIE_SECURE", BOOL, RT_NONE, 0, NULL},
    {"SESSION_COOKIE_PARTITIONED", BOOL, RT_BOOL, 0, NULL},
    {"SESSION_COOKIE_SAMESITE", TEXT, RT_NONE, 0, NULL},
    {"PERMANENT_SESSION_LIFETIME", INT, RT_INT, DAYS(31), NULL},
    {"SESSION_REFRESH_EACH_REQUEST", BOOL, RT_BOOL, 1, NULL},
    {"SESSION_NESTED_CHANGES", BOOL, RT_BOOL, 1, NULL},
    {"WERKZEUG_CONDITIONS", BOOL, RT_BOOL, 0, NULL},
    {"USE_X_SENDFILE", BOOL, RT_BOOL, 0, NULL},
    {"SEND_FILE_MAX_AGE_DEFAULT", INT, RT_NONE, 0, NULL},
    {"TRUSTED_HOSTS", LIST | 1 << RT_TUPLE, RT_NONE, 0, NULL},
    {"SERVER_NAME", TEXT, RT_NONE, 0, NULL},
    {"APPLICATION_ROOT", TEXT, RT_STRING, 0, "/"},
    {"PREFERRED_URL_SCHEME", TEXT, RT_STRING, 0, "http"},
    {"MAX_CONTENT_LENGTH", INT, RT_NONE, 0, NULL},
    {"MAX_FORM_MEMORY_SIZE", INT, RT_INT, 500000, NULL},
    {"MAX_FORM_PARTS", INT, RT_INT, 1000, NULL},
    {"TEMPLATES_AUTO_RELOAD", BOOL, RT_NONE, 0, NULL},
    {"EXPLAIN_TEMPLATE_LOADING", BOOL, RT_BOOL, 0, NULL},
    {"MAX_COOKIE_SIZE", INT, RT_INT, 4093, NULL},
    {"PROVIDE_AUTOMATIC_OPTIONS", BOOL, RT_BOOL, 1, NULL},
};

static const builtin *find_builtin(rt_str key)
{
    for (size_t i = 0; i < RT_COUNT(builtins); i++)
        if (rt_str_eq(key, rt_str_from(builtins[i].key)))
            return &builtins[i];
    return NULL;
}

static rt_value default_of(const builtin *b)
{
    switch (b->kind) {
    case RT_BOOL: return rt_value_bool(b->number);
    case RT_INT: return rt_value_int(b->number);
    case RT_STRING: return rt_value_cstr(b->text);
    default: return rt_value_none();
    }
}

void rt__config_init(rt_app *app)
{
    app->config = rt_dict_new(&app->arena);
    for (size_t i = 0; i < RT_COUNT(builtins); i++)
        (void)!rt_dict_set_str(app->config, rt_str_from(builtins[i].key),
                               default_of(&builtins[i]));
}

// As Python's str.isupper: some letter, and none in lower case.
static bool is_upper(rt_str key)
{
    bool letter = false;
    for (size_t i = 0; i < key.len; i++) {
        if (key.data[i] >= 'a' && key.data[i] <= 'z')
            return false;
        letter |= rt_is_alpha(key.data[i]);
    }
    return letter;
}

// ---- setting ------------------------------------------------------------------

// What the kinds of a built-in key are, for people.
static const char *kinds_text(int kinds)
{
    if (kinds & BOOL)
        return "true or false";
    if (kinds & INT)
        return "a whole number";
    return kinds & TEXT ? "text" : "a list";
}

// Set a key from `source`, "MYAPP_DEBUG" or a file, for messages.
static void set(rt_app *app, rt_str key, rt_value value, const char *source,
                rt_site site)
{
    const builtin *b = find_builtin(key);
    int kind = 1 << rt_value_kind(value);
    if (b && !rt_value_is_none(value) && !(kind & b->kinds))
        rt_misuse(site, "%s%s%.*s must be %s, not %.*s", source,
                  *source ? ": " : "", RT_STR_ARG(key), kinds_text(b->kinds),
                  RT_STR_ARG(rt_value_repr(&app->arena, value)));
    (void)!rt_dict_set_str(app->config, rt_str_copy(&app->arena, key),
                           rt_value_copy(&app->arena, value));
}

void rt_app_set_config(rt_app *app, const char *key, rt_value value,
                       rt_site site)
{
    rt__app_check_open(app, site, "rt_config_set");
    if (!key || !is_upper(rt_str_from(key)))
        rt_misuse(site, "\"%s\" is no key: keys are upper case",
                  key ? key : "");
    set(app, rt_str_from(key), value, "", site);
}

void rt_app_configure(rt_app *app, const rt_pair *pairs, size_t n, rt_site site)
{
    for (size_t i = 0; i < n; i++)
        rt_app_set_config(app, pairs[i].name, pairs[i].value, site);
}

// ---- files ------------------------------------------------------------------------

static rt_status read_all(int fd, rt_arena *arena, size_t limit, rt_str *out)
{
    rt_buf buf;
    rt_buf_init(&buf, arena);
    for (;;) {
        if (!rt_buf_reserve(&buf, 4096))
            return buf.status;
        ssize_t n = read(fd, rt_buf_end(&buf), 4096);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return rt_status_from_errno(errno);
        if (n == 0)
            break;
        buf.len += (size_t)n;
        if (buf.len > limit)
            return RT_E_LIMIT;
    }
    *out = rt_buf_str(&buf);
    return RT_OK;
}

rt_status rt__file_read(rt_arena *arena, const char *path, size_t limit,
                        rt_str *out, rt_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    rt_status status =
        fd < 0 ? rt_status_from_errno(errno) : read_all(fd, arena, limit, out);
    if (fd >= 0)
        close(fd);
    if (status && err)
        *err = (rt_error){.status = status,
                          .message = rt_str_from(rt_status_text(status))};
    return status;
}

RT_NORETURN static void misuse_of_file(rt_app *app, const char *path,
                                       rt_error *err, rt_site site)
{
    err->file = rt_str_from(path);
    rt_misuse(site, "%.*s", RT_STR_ARG(rt_error_text(&app->arena, err)));
}

// A value of the environment: JSON, or else text.
static rt_value read_value(rt_app *app, rt_str text)
{
    rt_value value;
    if (rt_json_parse(&app->arena, text, NULL, &value, NULL))
        return rt_value_str(rt_str_copy(&app->arena, text));
    return value;
}

static void set_json(rt_app *app, rt_str text, const char *path, rt_site site)
{
    rt_value object;
    rt_error err = {0};
    if (rt_json_parse(&app->arena, text, NULL, &object, &err))
        misuse_of_file(app, path, &err, site);
    if (rt_value_kind(object) != RT_DICT) {
        err.message = RT_STR("settings are a JSON object");
        misuse_of_file(app, path, &err, site);
    }
    size_t at = 0;
    for (const rt_dict_entry *e; (e = rt_dict_next(object, &at));)
        if (is_upper(rt_value_as_str(e->key)))
            set(app, rt_value_as_str(e->key), e->value, path, site);
}

static void set_variables(rt_app *app, rt_str text, const char *path,
                          rt_site site)
{
    rt_params variables = {0};
    rt_error err = {0};
    if (rt_env_file_parse(&app->arena, text, &variables, &err))
        misuse_of_file(app, path, &err, site);
    for (size_t i = 0; i < variables.len; i++)
        if (is_upper(variables.items[i].name))
            set(app, variables.items[i].name,
                read_value(app, variables.items[i].value), path, site);
}

void rt_app_config_file(rt_app *app, const char *path,
                        const rt_config_file_options *options)
{
    rt__app_check_open(app, options->site, "rt_config_from_file");
    if (!path)
        rt_misuse(options->site, "rt_config_from_file: the path is NULL");
    const char *folder =
        options->instance ? rt_instance_path(app) : rt_root_path(app);
    if (path[0] != '/')
        path = rt_format(&app->arena, "{}/{}", folder, path).data;

    rt_str text = {0};
    rt_error err = {0};
    rt_status status =
        rt__file_read(&app->arena, path, RT_CONFIG_FILE_BYTES, &text, &err);
    if (status == RT_E_NOT_FOUND && options->silent)
        return;
    if (status)
        misuse_of_file(app, path, &err, options->site);
    if (rt_str_ends_with(rt_str_from(path), RT_STR(".env")))
        set_variables(app, text, path, options->site);
    else
        set_json(app, text, path, options->site);
}

void rt_app_config_envvar(rt_app *app, const char *variable,
                          const rt_config_file_options *options)
{
    const char *path = getenv(variable);
    if (path && *path)
        rt_app_config_file(app, path, options);
    else if (!options->silent)
        rt_misuse(options->site,
                  "the environment variable %s is not set; it should name a "
                  "file of settings",
                  variable);
}

// ---- the environment ---------------------------------------------------------------

// Set the variables of a file that the environment of the process does not have,
// and remember which those are.
static rt_status load_variables(rt_app *app, const char *path, bool again,
                                rt_error *err)
{
    rt_str text = {0};
    rt_params variables = {0};
    rt_arena *arena = &app->arena;
    rt_status status =
        rt__file_read(arena, path, RT_ENV_FILE_BYTES, &text, err);
    if (!status)
        status = rt_env_file_parse(arena, text, &variables, err);
    for (size_t i = 0; !status && i < variables.len; i++) {
        const rt_param *v = &variables.items[i];
        bool ours = rt_map_get(&app->env_variables, v->name) != NULL;
        if ((getenv(v->name.data) && !(ours && again)) ||
            memchr(v->value.data, '\0', v->value.len))
            continue;
        setenv(v->name.data, v->value.data, 1);
        rt_map_put(&app->env_variables, v->name, app);
    }
    if (status)
        err->file = rt_str_from(path);
    return status;
}

void rt_app_load_env_files(rt_app *app)
{
    static const char *const names[] = {".env", ".retortenv"};
    if (app->env_files_loaded)
        return;
    app->env_files_loaded = true;
    for (size_t i = 0; i < RT_COUNT(names); i++) {
        rt_error err = {0};
        const char *path =
            rt_format(&app->arena, "{}/{}", rt_root_path(app), names[i]).data;
        rt_status status = load_variables(app, path, false, &err);
        if (!status || status == RT_E_NOT_FOUND)
            continue;
        fprintf(stderr, "%.*s\n", RT_STR_ARG(rt_error_text(&app->arena, &err)));
        exit(RT_EXIT_MISUSE);
    }
}

// The dict in which a key with `__` is set; NULL where something that is no dict
// is in the way. `*key` becomes the last piece.
static bool find_nested(rt_app *app, rt_str *key, rt_value *dict)
{
    *dict = app->config;
    for (;;) {
        size_t at = rt_str_find(*key, RT_STR("__"));
        if (at == RT_STR_NONE || at == 0 || at + 2 == key->len)
            return true;
        rt_str piece = rt_str_copy(&app->arena, rt_str_slice(*key, 0, at));
        rt_str_take(key, at + 2);
        rt_value inner = rt_dict_get_str(*dict, piece);
        if (rt_value_is_undefined(inner) || rt_value_is_none(inner)) {
            inner = rt_dict_new(&app->arena);
            (void)!rt_dict_set_str(*dict, piece, inner);
        }
        if (rt_value_kind(inner) != RT_DICT)
            return false;
        *dict = inner;
    }
}

static void set_from_env(rt_app *app, rt_str name, rt_str key, rt_str text,
                         rt_site site)
{
    rt_value value = read_value(app, text), dict;
    rt_str last = key;
    if (!find_nested(app, &last, &dict))
        rt_misuse(site, "%.*s: a part of %.*s is set already, and is no dict",
                  RT_STR_ARG(name), RT_STR_ARG(key));
    if (last.len == key.len)
        set(app, key, value, rt_str_cstr(&app->arena, name), site);
    else
        (void)!rt_dict_set_str(dict, rt_str_copy(&app->arena, last), value);
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void read_environment(rt_app *app, const rt__env_prefix *p)
{
    rt_str start = rt_format(&app->arena, "{}_", p->prefix);
    RT_VEC(char *) found = {0};
    for (char **v = environ; *v; v++)
        if (rt_str_starts_with(rt_str_from(*v), start) && strchr(*v, '='))
            *rt_vec_push(&app->arena, &found) = *v;
    // In order, so that what A sets is there before A__B goes into it.
    if (found.len)
        qsort(found.items, found.len, sizeof *found.items, compare_texts);
    rt_vec_each(char *, variable, &found) {
        rt_str text = rt_str_from(*variable);
        rt_str name = rt_str_cut(&text, '=');
        rt_str key = rt_str_slice(name, start.len, name.len);
        if (key.len)
            set_from_env(app, name, key, text, p->site);
    }
}

void rt_app_config_env(rt_app *app, const char *prefix, rt_site site)
{
    rt__app_check_open(app, site, "rt_config_from_env");
    rt_app_load_env_files(app);
    rt__env_prefix *p = rt_vec_push(&app->arena, &app->env_prefixes);
    *p = (rt__env_prefix){rt_str_cstr(&app->arena, rt_str_from(prefix)), site};
    read_environment(app, p);
}

rt_status rt_app_load_env_file(rt_app *app, const char *path, rt_error *err)
{
    rt_error own = {0};
    rt_status status = load_variables(app, path, true, &own);
    if (err)
        *err = own;
    rt_vec_each(rt__env_prefix, p, &app->env_prefixes)
        if (!status && !app->started)
            read_environment(app, p);
    return status;
}

// ---- reading --------------------------------------------------------------------------

rt_value rt_config_get(const rt_app *app, const char *key)
{
    return rt_dict_get_str(app->config, rt_str_from(key));
}

const char *rt_config_text(const rt_app *app, const char *key,
                           const char *otherwise)
{
    rt_value value = rt_config_get(app, key);
    // What is set is copied with a NUL behind it.
    return rt_value_is_text(value) ? rt_value_as_str(value).data : otherwise;
}

int64_t rt_config_int(const rt_app *app, const char *key, int64_t otherwise)
{
    return rt_value_as_int(rt_config_get(app, key), otherwise);
}

double rt_config_float(const rt_app *app, const char *key, double otherwise)
{
    return rt_value_as_float(rt_config_get(app, key), otherwise);
}

bool rt_config_bool(const rt_app *app, const char *key, bool otherwise)
{
    rt_value value = rt_config_get(app, key);
    return rt_value_kind(value) == RT_BOOL ? rt_value_is_true(value)
                                           : otherwise;
}

rt_value rt_config_all(const rt_app *app)
{
    return app->config;
}

rt_value rt_config_namespace(const rt_app *app, rt_arena *arena,
                             const char *prefix)
{
    rt_value out = rt_dict_new(arena);
    rt_str start = rt_str_from(prefix);
    size_t at = 0;
    for (const rt_dict_entry *e; (e = rt_dict_next(app->config, &at));) {
        rt_str key = rt_value_as_str(e->key);
        if (rt_str_starts_with(key, start))
            (void)!rt_dict_set_str(
                out, rt_str_lower(arena, rt_str_slice(key, start.len, key.len)),
                e->value);
    }
    return out;
}

// ---- structures -------------------------------------------------------------------------

static rt_value read_field(const void *structure, const rt_config_field *field)
{
    const char *at = (const char *)structure + field->offset;
    switch (field->type) {
    case RT_CONFIG_BOOL: return rt_value_bool(*(const bool *)at);
    case RT_CONFIG_INT: return rt_value_int(*(const int *)(const void *)at);
    case RT_CONFIG_INT64:
        return rt_value_int(*(const int64_t *)(const void *)at);
    case RT_CONFIG_DOUBLE:
        return rt_value_float(*(const double *)(const void *)at);
    case RT_CONFIG_TEXT: return RT(*(const char *const *)(const void *)at);
    default: return *(const rt_value *)(const void *)at;
    }
}

void rt_app_bind_config(rt_app *app, void *structure,
                        const rt_config_field *fields, size_t n, rt_site site)
{
    rt__app_check_open(app, site, "rt_config_bind");
    for (size_t i = 0; i < n; i++) {
        rt_str key = rt_str_upper(&app->arena, rt_str_from(fields[i].name));
        if (rt_value_is_undefined(rt_dict_get_str(app->config, key)))
            set(app, key, read_field(structure, &fields[i]), "", site);
        *rt_vec_push(&app->arena, &app->bindings) =
            (rt__binding){.key = rt_str_cstr(&app->arena, key),
                          .structure = structure,
                          .field = fields[i],
                          .site = site};
    }
}

static bool is_number_of(rt_value value, int64_t min, int64_t max)
{
    return rt_value_kind(value) == RT_INT && rt_value_as_int(value, 0) >= min &&
           rt_value_as_int(value, 0) <= max;
}

// False when the member cannot hold the value.
static bool write_field(const rt__binding *b, rt_value value)
{
    void *at = (char *)b->structure + b->field.offset;
    rt_kind kind = rt_value_kind(value);
    switch (b->field.type) {
    case RT_CONFIG_BOOL:
        if (kind != RT_BOOL)
            return false;
        *(bool *)at = rt_value_is_true(value);
        return true;
    case RT_CONFIG_INT:
        if (!is_number_of(value, INT32_MIN, INT32_MAX))
            return false;
        *(int *)at = (int)rt_value_as_int(value, 0);
        return true;
    case RT_CONFIG_INT64:
        if (!is_number_of(value, INT64_MIN, INT64_MAX))
            return false;
        *(int64_t *)at = rt_value_as_int(value, 0);
        return true;
    case RT_CONFIG_DOUBLE:
        if (kind != RT_FLOAT && kind != RT_INT)
            return false;
        *(double *)at = rt_value_as_float(value, 0);
        return true;
    case RT_CONFIG_TEXT:
        if (kind != RT_STRING && kind != RT_NONE)
            return false;
        *(const char **)at =
            kind == RT_NONE ? NULL : rt_value_as_str(value).data;
        return true;
    default: *(rt_value *)at = value; return true;
    }
}

static const char *type_text(rt_config_type type)
{
    switch (type) {
    case RT_CONFIG_BOOL: return "bool";
    case RT_CONFIG_INT: return "int";
    case RT_CONFIG_INT64: return "int64_t";
    case RT_CONFIG_DOUBLE: return "double";
    default: return "const char *";
    }
}

static void fill(rt_app *app, const rt__binding *b)
{
    rt_value value = rt_config_get(app, b->key);
    if (!write_field(b, value))
        rt_misuse(b->site, "%s is %.*s, but member %s is %s", b->key,
                  RT_STR_ARG(rt_value_repr(&app->arena, value)), b->field.name,
                  type_text(b->field.type));
}

void rt__config_apply(rt_app *app)
{
    rt_vec_each(rt__binding, b, &app->bindings)
        fill(app, b);
    // Debug mode is what the program or its command line says, or else the key.
    if (!app->debug_set)
        app->debug = rt_config_bool(app, "DEBUG", false);
    (void)!rt_dict_set_str(app->config, RT_STR("DEBUG"), RT(app->debug));
    rt_value_freeze(app->config);
    rt__session_apply(app);
    rt__template_apply(app);
    app->server_name = rt_str_from(rt_config_text(app, "SERVER_NAME", ""));
    app->trusted_hosts = rt_config_get(app, "TRUSTED_HOSTS");
    int64_t bytes = rt_config_int(app, "MAX_CONTENT_LENGTH", -1);
    if (bytes >= 0) {
        app->options.max_body = (uint64_t)bytes;
        app->own_max_body = true;
    }
}

// ---- folders ----------------------------------------------------------------------------

const char *rt_root_path(rt_app *app)
{
    if (app->root_path)
        return app->root_path;
    const char *root =
        app->options.root_path ? app->options.root_path : getenv("RETORT_ROOT");
    char buffer[PATH_MAX];
    if (!root) {
        ssize_t len = readlink("/proc/self/exe", buffer, sizeof buffer - 1);
        char *slash = len > 0 ? memrchr(buffer, '/', (size_t)len) : NULL;
        if (slash)
            *slash = '\0';
        root = slash ? buffer : ".";
    }
    app->root_path = rt_str_cstr(&app->arena, rt_str_from(root));
    return app->root_path;
}

const char *rt_instance_path(rt_app *app)
{
    const char *path = app->options.instance_path;
    if (path)
        return path;
    return rt_format(&app->arena, "{}/instance", rt_root_path(app)).data;
}
