// How the tests of methods run their rows.
//
// A row is a value, a call of a method of it, and what Python answers: the repr
// of the result, or "!Kind: message", or "!Kind" where Python's words are not
// ours. For what changes the value, `after` is its repr then.
#pragma once

#include "literal.h"

typedef struct method_row {
    const char *self;
    const char *call; // "find('a', 1)"
    const char *answer;
    const char *after; // NULL: not looked at
} method_row;

static inline rt_render render_for_test(rt_arena *arena)
{
    static const rt_template_policies policies;
    return (rt_render){.arena = arena,
                       .policies = &policies,
                       .steps_left = UINT64_MAX};
}

static inline rt_str repr_for_test(rt_render *r, rt_value v)
{
    rt_buf buf;
    rt_buf_init(&buf, r->arena);
    CHECK(rt__put_repr(r, &buf, v) == RT_OK);
    return rt_buf_str(&buf);
}

// The error there is: "!KeyError: 'x'".
static inline rt_str error_for_test(rt_render *r)
{
    return rt_format(r->arena, "!{}: {}", rt_template_error_name(r->error.kind),
                     r->error.message);
}

// Call a method of `self` as `call` says and return what the row's answer is.
static inline rt_str call_for_test(rt_render *r, rt_value self,
                                   const char *call)
{
    const char *open = strchr(call, '(');
    literal_reader l = {r, open + 1};
    literal_args a;
    rt_value all[9];
    rt_value out = rt_value_undefined();

    literal_call_args(&l, &a);
    const rt__builtin *method =
        rt__method_find(self, rt_str_of(call, (size_t)(open - call)));
    REQUIRE(method);
    all[0] = self;
    memcpy(all + 1, a.args, a.n * sizeof(rt_value));
    rt_status st =
        rt__builtin_call(r, method, all, a.n + 1, a.named, a.n_named, &out);
    CHECK((st != RT_OK) == (r->error.kind != RT_TEMPLATE_OK));
    if (st)
        return error_for_test(r);
    return repr_for_test(r, out);
}

static inline void check_answer(rt_str actual, const char *answer)
{
    if (answer[0] == '!' && !strchr(answer, ':'))
        actual = rt_str_cut(&actual, ':');
    CHECK_EQ(actual, answer);
}

static inline void run_method_row_on(const method_row *row, bool frozen)
{
    rt_arena arena = {0};
    rt_render r = render_for_test(&arena);

    rt_test_case("%s.%s", row->self, row->call);
    rt_value self = literal(&r, row->self);
    if (frozen)
        rt_value_freeze(self);
    rt_str answer = call_for_test(&r, self, row->call);
    check_answer(answer, row->answer);
    r.error = (rt_template_error){.kind = RT_TEMPLATE_OK};
    if (row->after)
        CHECK_EQ(repr_for_test(&r, self), row->after);
    rt_arena_deinit(&arena);
}

static inline void run_method_row(const method_row *row)
{
    run_method_row_on(row, false);
}

#define RUN_METHOD_ROWS(rows)                   \
    for (size_t i = 0; i < RT_COUNT(rows); i++) \
    run_method_row(&(rows)[i])
