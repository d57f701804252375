// Printing, where it must be quick.
#pragma once

#include <retort/base/escape.h>

#include "template/vm.h"

// Print a value as OUT does, with all that can be in the way of it.
rt_status rt__print_slow(rt__vm *vm, rt_value v);
// The same in one of the ways of `b` of OUT.
rt_status rt__print_as(rt__vm *vm, rt_value v, unsigned how);

// Look whether the output has become too long, or must be handed on.
rt_status rt__check_output(rt__vm *vm);

static inline rt_status rt__print(rt__vm *vm, rt_value v)
{
    rt_status st;
    if (RT_LIKELY(v.kind == RT_STRING && !vm->env->options.finalize)) {
        if (vm->head.autoescape)
            rt_buf_put_html(vm->out, (rt_str){v.as.text, v.len});
        else
            rt_buf_put_bytes(vm->out, v.as.text, v.len);
    } else if (v.kind == RT_INT && !vm->env->options.finalize) {
        rt_buf_put_int(vm->out, v.as.integer);
    } else if ((st = rt__print_slow(vm, v))) {
        return st;
    }
    if (RT_UNLIKELY(vm->out->status || vm->write))
        return rt__check_output(vm);
    return RT_OK;
}
