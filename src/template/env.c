// Environments: options, functions of the host, and the cache of templates.
#include "template/env.h"

#include <assert.h>
#include <stdlib.h>

#include <retort/base/hash.h>
#include <retort/base/time.h>

const char *rt_template_error_name(rt_template_error_kind kind)
{
#define NAME(constant, name) \
    case constant: return name;
    switch (kind) {
        RT_TEMPLATE_ERRORS(NAME)
    }
#undef NAME
    return "?";
}

rt_status rt__error_set(rt_template_error *error, rt_template_error_kind kind,
                        rt_str message, rt_str template_name)
{
    *error = (rt_template_error){.kind = kind,
                                 .message = message,
                                 .template_name = template_name};
    switch (kind) {
    case RT_TEMPLATE_NOT_FOUND:
    case RT_TEMPLATES_NOT_FOUND: return RT_E_NOT_FOUND;
    case RT_TEMPLATE_LIMIT_ERROR: return RT_E_LIMIT;
    default: return RT_E_SYNTAX;
    }
}

rt_template_env *rt_template_env_create(const rt_template_options *options)
{
    const char *problem = rt_template_syntax_problem(&options->syntax);
    if (problem)
        rt_panic("the syntax of a template environment: %s", problem);
    rt_template_env *env = calloc(1, sizeof *env);
    if (!env)
        rt_panic("out of memory: %zu bytes", sizeof *env);
    env->options = *options;
    env->references = 1;
    rt_map_init(&env->filters, &env->arena);
    rt_map_init(&env->tests, &env->arena);
    rt_map_init(&env->cache, &env->cache_names);
    env->globals = rt_dict_new(&env->arena);
    if (!env->options.cache_size)
        env->options.cache_size = RT_TEMPLATE_CACHE_SIZE;
    return env;
}

// ---- functions of the host ---------------------------------------------------

static void check_unused(const rt_template_env *env)
{
    if (env->used)
        rt_panic("an environment is immutable once it has been used");
}

static rt__host_fn *host_fn_new(rt_template_env *env, const char *name,
                                rt_template_fn *fn, void *arg, unsigned flags)
{
    assert(fn);
    check_unused(env);
    rt__host_fn *host = rt_new(&env->arena, rt__host_fn, 1);
    *host = (rt__host_fn){fn, arg, flags,
                          rt_str_cstr(&env->arena, rt_str_from(name))};
    return host;
}

void rt_template_env_filter(rt_template_env *env, const char *name,
                            rt_template_fn *fn, void *arg, unsigned flags)
{
    rt_map_put(&env->filters, rt_str_from(name),
               host_fn_new(env, name, fn, arg, flags));
}

void rt_template_env_test(rt_template_env *env, const char *name,
                          rt_template_fn *fn, void *arg, unsigned flags)
{
    rt_map_put(&env->tests, rt_str_from(name),
               host_fn_new(env, name, fn, arg, flags));
}

static void put_host_fn(void *self, rt_buf *out)
{
    const rt__host_fn *fn = self;
    rt_buf_put_cstr(out, "<function ");
    rt_buf_put_cstr(out, fn->name);
    rt_buf_put_char(out, '>');
}

static const rt_vtable host_vtable = {.name = "function", .text = put_host_fn};

rt_value rt__host_value(rt_arena *arena, const rt__host_fn *fn)
{
    return rt_object_new(arena, &host_vtable, (void *)(uintptr_t)fn);
}

bool rt__is_host_fn(rt_value v, const rt__host_fn **fn)
{
    if (v.kind != RT_OBJECT || v.as.object->vtable != &host_vtable)
        return false;
    *fn = v.as.object->self;
    return true;
}

static void set_global(rt_template_env *env, const char *name, rt_value value)
{
    check_unused(env);
    rt_str key = rt_str_copy(&env->arena, rt_str_from(name));
    if (rt_dict_set_str(env->globals, key, value))
        rt_panic("the globals cannot take \"%s\"", name);
}

void rt_template_env_function(rt_template_env *env, const char *name,
                              rt_template_fn *fn, void *arg, unsigned flags)
{
    rt__host_fn *host = host_fn_new(env, name, fn, arg, flags);
    set_global(env, name, rt__host_value(&env->arena, host));
}

void rt_template_env_global(rt_template_env *env, const char *name,
                            rt_value value)
{
    rt_value copy = rt_value_copy(&env->arena, value);
    rt_value_freeze(copy);
    set_global(env, name, copy);
}

bool rt__env_filter(const rt_template_env *env, rt_str name, rt__use *out)
{
    *out = (rt__use){.name = name, .host = rt_map_get(&env->filters, name)};
    if (!out->host)
        out->builtin = rt__filter_find(name);
    return out->host || out->builtin;
}

bool rt__env_test(const rt_template_env *env, rt_str name, rt__use *out)
{
    *out = (rt__use){.name = name, .host = rt_map_get(&env->tests, name)};
    if (!out->host)
        out->builtin = rt__test_find(name);
    return out->host || out->builtin;
}

rt_value rt_template_named(const rt_template_call *call, const char *name,
                           rt_value otherwise)
{
    for (size_t i = 0; i < call->named_len; i++)
        if (strcmp(call->named[i].name, name) == 0)
            return call->named[i].value;
    return otherwise;
}

rt_value rt_template_arg(const rt_template_call *call, size_t index,
                         rt_value otherwise)
{
    return index < call->args_len ? call->args[index] : otherwise;
}

rt_status rt_template_fail_values(rt_template_call *call,
                                  rt_template_error_kind kind,
                                  const char *format, const rt_value *values,
                                  size_t n)
{
    return rt__raise_values(call->render, kind, format, values, n);
}

// ---- options -----------------------------------------------------------------

// True when `name` ends in a dot and the suffix, in either case.
static bool has_suffix(rt_str name, const char *suffix)
{
    rt_str s = rt_str_from(suffix);
    if (name.len <= s.len || name.data[name.len - s.len - 1] != '.')
        return false;
    return rt_str_eq_nocase(rt_str_slice(name, name.len - s.len, s.len), s);
}

static bool has_any_suffix(rt_str name, const char *const *suffixes)
{
    for (; suffixes && *suffixes; suffixes++)
        if (has_suffix(name, *suffixes))
            return true;
    return false;
}

bool rt__env_autoescape(const rt_template_env *env, rt_str name)
{
    static const char *const html[] = {"html",  "htm", "xml",
                                       "xhtml", "svg", NULL};
    const rt_template_suffixes *s = &env->options.suffixes;
    if (env->options.autoescape != RT_AUTOESCAPE_BY_NAME)
        return env->options.autoescape == RT_AUTOESCAPE_ON;
    if (!name.data)
        return !s->plain_strings;
    if (has_any_suffix(name, s->enabled ? s->enabled : html))
        return true;
    if (has_any_suffix(name, s->disabled))
        return false;
    return s->otherwise;
}

int64_t rt__policy_leeway(const rt_template_policies *policies)
{
    return policies->truncate_leeway ? *policies->truncate_leeway : 5;
}

// ---- the cache -----------------------------------------------------------------

// Entries are in a list by use, the newest first; a full cache drops the oldest.
typedef struct rt__cached {
    rt_template *t;
    int64_t look_ms; // when to look at its source again
    struct rt__cached *newer;
    struct rt__cached *older;
} cached;

static void unlink_cached(rt_template_env *env, cached *c)
{
    *(c->newer ? &c->newer->older : &env->newest) = c->older;
    *(c->older ? &c->older->newer : &env->oldest) = c->newer;
    c->newer = c->older = NULL;
}

static void link_newest(rt_template_env *env, cached *c)
{
    c->older = env->newest;
    if (env->newest)
        env->newest->newer = c;
    env->newest = c;
    if (!env->oldest)
        env->oldest = c;
}

static void drop(rt_template_env *env, cached *c)
{
    rt_map_del(&env->cache, c->t->name);
    env->dropped++;
    unlink_cached(env, c);
    rt_template_put(c->t);
    free(c);
}

void rt_template_env_set_reload(rt_template_env *env, int ms)
{
    env->options.no_reload = ms < 0;
    env->options.reload_ms = ms > 0 ? ms : 0;
    for (cached *c = env->newest; c; c = c->older)
        c->look_ms = 0;
}

// Whether it is time to look at the source.
static bool is_due(const rt_template_env *env, cached *c)
{
    const rt_template_options *o = &env->options;
    if (o->no_reload || !c->t->stamp || !o->loader.stamp)
        return false;
    if (!o->reload_ms)
        return true;
    int64_t now = rt_time_coarse_ms();
    if (now < c->look_ms)
        return false;
    c->look_ms = now + o->reload_ms;
    return true;
}

static rt_template *find_cached(rt_template_env *env, rt_str name)
{
    const rt_template_loader *loader = &env->options.loader;
    cached *c = rt_map_get(&env->cache, name);
    if (!c)
        return NULL;
    rt_template *t = c->t;
    t->references++;
    if (is_due(env, c)) {
        bool current = loader->stamp(loader->self, t->name) == t->stamp;
        // Loaders may wait: what was in the cache may be gone now.
        c = rt_map_get(&env->cache, name);
        if (c && c->t != t)
            c = NULL;
        if (!current) {
            if (c)
                drop(env, c);
            rt_template_put(t);
            return NULL;
        }
    }
    if (c && env->newest != c) {
        unlink_cached(env, c);
        link_newest(env, c);
    }
    return t;
}

// A map keeps the memory of what was removed from it. So it is made anew now
// and then: when more has been dropped than there is room for.
static void renew_cache_names(rt_template_env *env)
{
    if (env->dropped <= env->options.cache_size)
        return;
    rt_arena_reset(&env->cache_names);
    rt_map_init(&env->cache, &env->cache_names);
    env->dropped = 0;
    for (cached *c = env->newest; c; c = c->older)
        rt_map_put(&env->cache, c->t->name, c);
}

static void add_cached(rt_template_env *env, rt_template *t)
{
    if (env->freed)
        return;
    cached *c = rt_map_get(&env->cache, t->name);
    if (c) // another coroutine has loaded it, too
        drop(env, c);
    c = calloc(1, sizeof *c);
    if (!c)
        rt_panic("out of memory: %zu bytes", sizeof *c);
    c->t = t;
    if (env->options.reload_ms)
        c->look_ms = rt_time_coarse_ms() + env->options.reload_ms;
    t->references++;
    while (rt_map_len(&env->cache) >= env->options.cache_size && env->oldest)
        drop(env, env->oldest);
    renew_cache_names(env);
    rt_map_put(&env->cache, t->name, c);
    link_newest(env, c);
}

static void env_put(rt_template_env *env)
{
    if (--env->references > 0)
        return;
    rt_arena_deinit(&env->cache_names);
    rt_arena_deinit(&env->arena);
    free(env);
}

void rt_template_env_free(rt_template_env *env)
{
    if (!env)
        return;
    assert(!env->freed);
    env->freed = true;
    while (env->newest)
        drop(env, env->newest);
    env_put(env);
}

// ---- templates -------------------------------------------------------------------

static rt_template *template_new(rt_template_env *env, rt_str name)
{
    rt_template *t = calloc(1, sizeof *t);
    if (!t)
        rt_panic("out of memory: %zu bytes", sizeof *t);
    env->used = true;
    env->references++;
    t->env = env;
    t->references = 1;
    if (name.data)
        t->name = rt_str_copy(&t->arena, name);
    t->autoescape = rt__env_autoescape(env, t->name);
    return t;
}

void rt_template_put(rt_template *t)
{
    if (!t || --t->references > 0)
        return;
    rt_template_env *env = t->env;
    rt_arena_deinit(&t->arena);
    free(t);
    env_put(env);
}

static void put_kept(void *t)
{
    rt_template_put(t);
}

void rt__template_keep(rt_template *t, rt_arena *arena)
{
    t->references++;
    rt_arena_defer(arena, put_kept, t);
}

// Errors speak of texts that go with the template; they must outlive it.
static void keep_error(rt_arena *arena, rt_template_error *error)
{
    error->message = rt_str_copy(arena, error->message);
    if (error->template_name.data)
        error->template_name = rt_str_copy(arena, error->template_name);
    error->excerpt = rt_str_copy(arena, error->excerpt);
}

static rt_status compile(rt_template *t, rt_arena *arena, bool expression,
                         rt_template_error *error)
{
    rt_arena scratch = {0};
    rt_template_error found = {0};
    rt_status st = rt__template_compile(t, &scratch, expression, NULL, &found);
    if (st && error) {
        keep_error(arena, &found);
        *error = found;
    }
    rt_arena_deinit(&scratch);
    return st;
}

// Let the loader find the source of a new template.
static rt_status load(rt_template *t, rt_arena *arena, rt_str name,
                      rt_template_error *error)
{
    const rt_template_loader *loader = &t->env->options.loader;
    rt_template_source source = {0};
    rt_status st = loader->load
                       ? loader->load(loader->self, &t->arena, name, &source)
                       : RT_E_NOT_FOUND;
    if (st == RT_E_NOT_FOUND) {
        st = rt__error_set(error, RT_TEMPLATE_NOT_FOUND,
                           rt_str_copy(arena, name), (rt_str){NULL, 0});
    } else if (st) {
        (void)!rt__error_set(error, RT_TEMPLATE_RUNTIME_ERROR,
                             rt_format(arena, "cannot load template {!r}: {}",
                                       name, rt_status_text(st)),
                             (rt_str){NULL, 0});
    } else {
        t->source = rt_str_copy(&t->arena, source.text);
        t->file = source.file;
        t->stamp = source.stamp;
    }
    return st;
}

rt_status rt_template_check(rt_template_env *env, rt_arena *arena, rt_str name,
                            rt_template_problem *tell, void *arg)
{
    rt_arena scratch = {0};
    rt_template_error error = {0};
    rt__problems problems = {.tell = tell, .arg = arg};
    rt_template *t = template_new(env, name);
    rt_status st = load(t, arena, name, &error);
    if (!st)
        st = rt__template_compile(t, &scratch, false, &problems, &error);
    if (st && !problems.told)
        tell(arg, &error);
    rt_arena_deinit(&scratch);
    rt_template_put(t);
    return st;
}

rt_status rt_template_get(rt_template_env *env, rt_arena *arena, rt_str name,
                          rt_template **out, rt_template_error *error)
{
    rt_template_error unused;
    error = error ? error : &unused;
    *out = NULL;
    rt_template *t = find_cached(env, name);
    if (t) {
        *out = t;
        return RT_OK;
    }
    t = template_new(env, name);
    rt_status st = load(t, arena, name, error);
    if (!st)
        st = compile(t, arena, false, error);
    if (st) {
        rt_template_put(t);
        return st;
    }
    add_cached(env, t);
    *out = t;
    return RT_OK;
}

static rt_status parse(rt_template_env *env, rt_arena *arena, rt_str source,
                       bool expression, rt_template **out,
                       rt_template_error *error)
{
    *out = NULL;
    rt_template *t = template_new(env, (rt_str){NULL, 0});
    t->source = rt_str_copy(&t->arena, source);
    rt_status st = compile(t, arena, expression, error);
    if (st) {
        rt_template_put(t);
        return st;
    }
    *out = t;
    return RT_OK;
}

rt_status rt_template_parse(rt_template_env *env, rt_arena *arena,
                            rt_str source, rt_template **out,
                            rt_template_error *error)
{
    return parse(env, arena, source, false, out, error);
}

rt_status rt__template_parse_expression(rt_template_env *env, rt_arena *arena,
                                        rt_str source, rt_template **out,
                                        rt_template_error *error)
{
    return parse(env, arena, source, true, out, error);
}
