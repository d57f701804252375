// What an environment looks like inside.
#pragma once

#include <retort/base/map.h>
#include <retort/template.h>

#include "template/code.h"

// A function the host has registered.
typedef struct rt__host_fn {
    rt_template_fn *fn;
    void *arg;
    unsigned flags;
    const char *name;
} rt__host_fn;

struct rt_template_env {
    rt_arena arena;
    rt_template_options options;
    size_t references; // of the host, and of each template
    bool freed;        // by the host: nothing is cached any more
    bool used;         // immutable from here on
    rt_map filters;    // name -> rt__host_fn
    rt_map tests;
    rt_value globals; // dict; functions are objects

    rt_map cache; // name -> cached; lies in `cache_names`
    rt_arena cache_names;
    size_t dropped;            // from `cache` since it was made
    struct rt__cached *newest; // doubly linked, by use
    struct rt__cached *oldest;
};

// The filter or test of a name: the host's own, or a builtin one.
bool rt__env_filter(const rt_template_env *env, rt_str name, rt__use *out);
bool rt__env_test(const rt_template_env *env, rt_str name, rt__use *out);

// A host function as a value that can be called.
rt_value rt__host_value(rt_arena *arena, const rt__host_fn *fn);
bool rt__is_host_fn(rt_value v, const rt__host_fn **fn);

// Whether a template of that name escapes what it prints.
bool rt__env_autoescape(const rt_template_env *env, rt_str name);

// The policies with Jinja's defaults filled in.
int64_t rt__policy_leeway(const rt_template_policies *policies);

// Count a template as long as an arena lasts: renders may end in the middle of a
// callback of the host, with nobody to give it back.
void rt__template_keep(rt_template *t, rt_arena *arena);

// Note an error that has no render yet.
rt_status rt__error_set(rt_template_error *error, rt_template_error_kind kind,
                        rt_str message, rt_str template_name);

// Compile an expression: the root of the template returns its value.
rt_status rt__template_parse_expression(rt_template_env *env, rt_arena *arena,
                                        rt_str source, rt_template **out,
                                        rt_template_error *error);
