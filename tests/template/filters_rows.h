// How the tests of filters, tests and globals run their rows.
//
// A row is a value, a filter with its arguments, and the answer: the repr of the
// result (of a list of it, where it is lazy), or "!Kind: message". The answers
// are those of Jinja2 3.2.0.dev on Python 3.11; where it fails the words are
// ours.
#pragma once

#include <retort/template.h>

#include "literal.h"
#include "template/filters.h"
#include "template/vm.h"

typedef struct filter_row {
    const char *value;  // "'text'"; NULL: no value, a global is called
    const char *filter; // "center(20)", "center"
    const char *answer;
} filter_row;

static rt_arena arena;

// The VM is there for filters that call others by name.
static inline rt_render *render_new(bool autoescape)
{
    static rt_template_env *env;
    rt__vm *vm = rt_new(&arena, rt__vm, 1);

    if (!env)
        env = rt_template_env_new(.autoescape = RT_AUTOESCAPE_OFF);
    vm->env = env;
    vm->head = (rt_render){.arena = &arena,
                           .env = env,
                           .policies = &env->options.policies,
                           .autoescape = autoescape,
                           .steps_left = UINT64_MAX};
    return &vm->head;
}

// The repr of a result, or the error there is. Errors of lazy sequences come
// when these are walked.
static inline rt_str answer_of(rt_render *r, rt_status st, rt_value out)
{
    rt_buf buf;
    bool lazy = !st && !strcmp(rt__type_name(out), "generator");

    CHECK((st != RT_OK) == (r->error.kind != RT_TEMPLATE_OK));
    if (lazy)
        st = rt__to_list(r, out, &out);
    rt__buf_init(r, &buf);
    if (!st)
        st = rt__put_repr(r, &buf, out);
    return st ? rt_format(&arena, "!{}: {}",
                          rt_template_error_name(r->error.kind),
                          r->error.message)
              : rt_buf_str(&buf);
}

typedef const rt__builtin *find_fn(rt_str name);

// Call what `find` finds for the name in the row.
static inline rt_str answer_to(rt_render *r, find_fn *find,
                               const filter_row *row)
{
    size_t name = strcspn(row->filter, "(");
    literal_reader l = {r, row->filter + name};
    literal_args a = {.n = 0};
    rt_value all[9];
    size_t n = row->value ? 1 : 0;
    rt_value out = rt_value_undefined();
    const rt__builtin *b = find(rt_str_of(row->filter, name));

    REQUIRE(b);
    if (row->value)
        all[0] = literal(r, row->value);
    if (literal_skip(&l, "("))
        literal_call_args(&l, &a);
    memcpy(all + n, a.args, a.n * sizeof(rt_value));
    rt_status st =
        rt__builtin_call(r, b, all, n + a.n, a.named, a.n_named, &out);
    return answer_of(r, st, out);
}

static inline void check_builtin_rows(find_fn *find, bool autoescape,
                                      const filter_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        rt_render *r = render_new(autoescape);
        rt_test_case("%s | %s", rows[i].value ? rows[i].value : "",
                     rows[i].filter);
        CHECK_EQ(answer_to(r, find, &rows[i]), rows[i].answer);
        rt_arena_reset(&arena);
    }
    rt_arena_deinit(&arena);
}

#define CHECK_FILTERS(rows) \
    check_builtin_rows(rt__filter_find, false, rows, RT_COUNT(rows))
#define CHECK_FILTERS_ESCAPING(rows) \
    check_builtin_rows(rt__filter_find, true, rows, RT_COUNT(rows))
#define CHECK_TESTS(rows) \
    check_builtin_rows(rt__test_find, false, rows, RT_COUNT(rows))
#define CHECK_GLOBALS(rows) \
    check_builtin_rows(rt__global_find, false, rows, RT_COUNT(rows))
