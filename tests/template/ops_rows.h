// How the tests of operators run their rows: operands as Python's literals, and
// Python's answer, which is the repr of the result or "!Kind: message".
#pragma once

#include "literal.h"

static rt_arena arena;

// A render of its own for each row, so that one error does not hide the next.
static inline rt_render *render_new(void)
{
    static const rt_template_policies policies;
    rt_render *r = rt_new(&arena, rt_render, 1);

    *r = (rt_render){.arena = &arena,
                     .policies = &policies,
                     .steps_left = UINT64_MAX};
    return r;
}

static inline rt_str error_text(const rt_render *r)
{
    return rt_format(&arena, "!{}: {}", rt_template_error_name(r->error.kind),
                     r->error.message);
}

// What a row's answer is compared with.
static inline rt_str answer(rt_render *r, rt_status st, rt_value out)
{
    rt_buf buf;

    CHECK((st != RT_OK) == (r->error.kind != RT_TEMPLATE_OK));
    rt__buf_init(r, &buf);
    if (!st)
        st = rt__put_repr(r, &buf, out);
    return st ? error_text(r) : rt_buf_str(&buf);
}

static inline rt_str answer_bool(rt_render *r, rt_status st, bool out)
{
    return answer(r, st, rt_value_bool(out));
}
