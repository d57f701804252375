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

// Append text that has RT__TEXT_SLACK bytes behind it.
static inline rt_status rt__print_text(rt__vm *vm, rt_value text)
{
    rt_buf *out = vm->out;
    size_t len = text.len;
    if (RT_LIKELY(vm->plain && len <= 8 * RT__TEXT_SLACK &&
                  out->cap - out->len >= len + RT__TEXT_SLACK)) {
        char *to = rt_buf_end(out);
        for (size_t at = 0; at < len; at += RT__TEXT_SLACK)
            memcpy(to + at, text.as.text + at, RT__TEXT_SLACK);
        out->len += len;
        return RT_OK;
    }
    rt_buf_put_bytes(out, text.as.text, len);
    return vm->plain ? RT_OK : rt__check_output(vm);
}

static inline rt_status rt__print(rt__vm *vm, rt_value v)
{
    if (RT_LIKELY(vm->plain)) {
        if (RT_LIKELY(v.kind == RT_STRING)) {
            if (RT_LIKELY(vm->head.autoescape))
                rt_buf_put_html(vm->out, (rt_str){v.as.text, v.len});
            else
                rt_buf_put_bytes(vm->out, v.as.text, v.len);
            return RT_OK;
        }
        if (v.kind == RT_INT) {
            rt_buf_put_int(vm->out, v.as.integer);
            return RT_OK;
        }
    }
    return rt__print_slow(vm, v);
}
