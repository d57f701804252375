// What a template prints: into the output, or into a capture on top of it.
#include "template/output.h"

#include <retort/base/error.h>

#define STREAM_BYTES (8u * 1024u)

static rt_status flush(rt__vm *vm)
{
    rt_status st = vm->write(vm->write_arg, rt_buf_str(vm->top));
    vm->flushed += vm->top->len;
    vm->top->len = 0;
    return st;
}

rt_status rt__check_output(rt__vm *vm)
{
    size_t most = vm->env->options.limits.output_bytes;
    bool streams = vm->write && vm->out == vm->top;
    if (vm->out->status ||
        (most && streams && vm->flushed + vm->top->len > most))
        return rt__raise(&vm->head, RT_TEMPLATE_LIMIT_ERROR,
                         "the output is longer than {} bytes",
                         (uint64_t)vm->env->options.limits.output_bytes);
    if (streams && vm->top->len >= STREAM_BYTES)
        return flush(vm);
    return RT_OK;
}

static rt_status finalize(rt__vm *vm, rt_value v, rt_value *out)
{
    const rt_template_options *o = &vm->env->options;
    *out = v;
    rt_status st = o->finalize
                       ? o->finalize(o->finalize_arg, vm->head.arena, v, out)
                       : RT_OK;
    if (!st)
        return RT_OK;
    return rt__raise(&vm->head, RT_TEMPLATE_RUNTIME_ERROR,
                     "finalize failed: {}", rt_status_text(st));
}

rt_status rt__print_as(rt__vm *vm, rt_value v, unsigned how)
{
    rt_status st = RT_OK;
    if (how == RT__OUT_RAW && !rt_value_is_text(v))
        return rt__raise(&vm->head, RT_TEMPLATE_TYPE_ERROR,
                         "expected str instance, {} found", rt__type_name(v));
    if (how == RT__OUT_ESCAPED)
        st = rt__escape(&vm->head, v, &v);
    if (!st && how != RT__OUT_RAW)
        st = finalize(vm, v, &v);
    if (!st)
        st = rt__put_text(&vm->head, vm->out, v, false);
    return st ? st : rt__check_output(vm);
}

rt_status rt__print_text_slow(rt__vm *vm, rt_value text)
{
    rt_buf_put_bytes(vm->out, text.as.text, text.len);
    return vm->plain ? RT_OK : rt__check_output(vm);
}

rt_status rt__print_slow(rt__vm *vm, rt_value v)
{
    if (RT_LIKELY(vm->plain)) {
        if (v.kind != RT_INT)
            return rt__put_text(&vm->head, vm->out, v, vm->head.autoescape);
        rt_buf_put_int(vm->out, v.as.integer);
        return RT_OK;
    }
    rt_status st = finalize(vm, v, &v);
    if (!st)
        st = rt__put_text(&vm->head, vm->out, v, vm->head.autoescape);
    return st ? st : rt__check_output(vm);
}

void rt__capture_begin(rt__vm *vm)
{
    rt__capture *c = rt_new(vm->head.arena, rt__capture, 1);
    rt_buf_init(&c->buf, vm->head.arena);
    c->buf.limit = vm->env->options.limits.output_bytes;
    c->outer = vm->captures;
    vm->captures = c;
    vm->out = &c->buf;
}

rt_str rt__capture_end(rt__vm *vm)
{
    rt__capture *c = vm->captures;
    vm->captures = c->outer;
    vm->out = vm->captures ? &vm->captures->buf : vm->top;
    return rt_buf_str(&c->buf);
}

rt_status rt__run_captured(rt__vm *vm, rt__frame *frame, rt_value *out)
{
    if (!out)
        return rt__vm_run(vm, frame, NULL);
    // Also after an error the buffers must be those of before.
    rt__capture_begin(vm);
    bool escaping = vm->head.autoescape;
    rt_status st = rt__vm_run(vm, frame, NULL);
    rt_str text = rt__capture_end(vm);
    vm->head.autoescape = escaping;
    if (!st)
        *out = escaping ? rt_value_safe(text) : rt_value_str(text);
    return st;
}
