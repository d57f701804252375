// Printing, where it must be quick.
#pragma once

#include <retort/base/escape.h>

#include "template/vm.h"

// Print a value as OUT does, with all that can be in the way of it.
rt_status rt__print_slow(rt__vm *vm, rt_value v);
rt_status rt__print_text_slow(rt__vm *vm, rt_value text);
// The same in one of the ways of `b` of OUT.
rt_status rt__print_as(rt__vm *vm, rt_value v, unsigned how);

// Look whether the output has become too long, or must be handed on.
rt_status rt__check_output(rt__vm *vm);

// Append text that has RT__TEXT_SLACK bytes behind it.
static inline rt_status rt__print_text(rt__vm *vm, const rt_value *text)
{
    rt_buf *out = vm->out;
    size_t len = text->len, room = out->cap - out->len;
    if (RT_LIKELY(vm->plain && room >= len + RT__TEXT_SLACK &&
                  len <= 8 * RT__TEXT_SLACK)) {
        char *to = rt_buf_end(out);
        const char *from = text->as.text;
        out->len += len;
        memcpy(to, from, RT__TEXT_SLACK);
        for (size_t at = RT__TEXT_SLACK; at < len; at += RT__TEXT_SLACK)
            memcpy(to + at, from + at, RT__TEXT_SLACK);
        return RT_OK;
    }
    return rt__print_text_slow(vm, *text);
}

static inline rt_status rt__print(rt__vm *vm, const rt_value *v)
{
    if (RT_LIKELY(v->kind == RT_STRING && vm->plain && vm->head.autoescape)) {
        rt_buf_put_html(vm->out, (rt_str){v->as.text, v->len});
        return RT_OK;
    }
    return rt__print_slow(vm, *v);
}
