// Arithmetic on numbers.
#pragma once

#include "template/runtime.h"

// Bool, int of any size, or float.
static inline bool rt__is_numeric(rt_value v)
{
    return rt_value_is_number(v) || rt__is_bigint(v);
}

// a op b, for two numbers.
rt_status rt__arith(rt_render *r, rt__op op, rt_value a, rt_value b,
                    rt_value *out);

rt_status rt__arith_negate(rt_render *r, rt_value v, rt_value *out);
