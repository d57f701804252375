// The instructions that do their work by calls. Those that a page is full of are
// done in vm.c, whose few variables stay in registers.
#include <retort/base/error.h>

#include "template/call.h"
#include "template/output.h"

// ---- names ------------------------------------------------------------------------

// A name is either shown or hidden, whatever it was before.
static void export_name(rt__vm *vm, rt__context *ctx, const rt__name *name,
                        rt_value v, bool shown)
{
    rt_value *into = shown ? &ctx->vars : &ctx->hidden;
    rt_value other = shown ? ctx->hidden : ctx->vars;
    if (into->kind != RT_DICT)
        *into = rt_dict_new(vm->head.arena);
    (void)!rt_dict_set_hashed(*into, name->key.text, name->key.hash, v);
    if (rt_dict_len(other))
        (void)!rt_dict_remove(other, rt_value_str(name->key.text));
}

// ---- texts, unpacking and namespaces ----------------------------------------------

static rt_status join_plain(rt__vm *vm, const rt_value *parts, size_t n,
                            rt_value *out)
{
    rt_buf text;
    rt_buf_init(&text, vm->head.arena);
    for (size_t i = 0; i < n; i++) {
        rt_status st = rt__put_text(&vm->head, &text, parts[i], false);
        if (st)
            return st;
    }
    *out = rt_value_str(rt_buf_str(&text));
    return RT_OK;
}

static rt_status unpack(rt__vm *vm, rt_value v, size_t n, rt_value *to)
{
    rt__iter it;
    size_t count = 0;
    rt_value item;
    if (v.kind == RT_UNDEFINED && !rt__undefined_touch(&vm->head, v))
        return rt__raise(&vm->head, RT_TEMPLATE_VALUE_ERROR,
                         "not enough values to unpack (expected {}, got 0)", n);
    rt_status st = rt__iter_init(&vm->head, v, &it);
    if (st == RT_E_TYPE && v.kind != RT_UNDEFINED) {
        vm->head.error.kind = RT_TEMPLATE_OK;
        return rt__raise(&vm->head, RT_TEMPLATE_TYPE_ERROR,
                         "cannot unpack non-iterable {} object",
                         rt__type_name(v));
    }
    if (st)
        return st;
    while (count < n && rt__iter_next(&vm->head, &it, &item))
        to[n - 1 - count++] = item;
    if (vm->head.error.kind)
        return RT_E_TYPE;
    if (count < n)
        return rt__raise(&vm->head, RT_TEMPLATE_VALUE_ERROR,
                         "not enough values to unpack (expected {}, got {})", n,
                         count);
    if (rt__iter_next(&vm->head, &it, &item))
        return rt__raise(&vm->head, RT_TEMPLATE_VALUE_ERROR,
                         "too many values to unpack (expected {})", n);
    return RT_OK;
}

static rt_status set_in_namespace(rt__vm *vm, rt_value object, rt_str name,
                                  rt_value v)
{
    rt_value dict;
    if (!rt__is_namespace(object, &dict))
        return rt__raise(&vm->head, RT_TEMPLATE_RUNTIME_ERROR,
                         "cannot assign attribute on non-namespace object");
    return rt_dict_set_str(dict, name, v);
}

static rt__frame *frame_up(rt__frame *frame, unsigned n)
{
    while (n--)
        frame = frame->outer;
    return frame;
}

// ---- the instructions ----------------------------------------------------------------

#define NAME(i)       frame->names[i].key.text
// Whether the result of the instruction is printed and nothing else. Then what is
// made of code prints on its own.
#define PRINTS_NEXT() (vm->plain && in[1].op == RT__OP_OUT)
#define TRY(...)                  \
    do {                          \
        if ((st = (__VA_ARGS__))) \
            return st;            \
    } while (0)

// NOLINTNEXTLINE(readability-function-size): one case per opcode
rt_status rt__vm_do(rt__vm *vm, rt__frame *frame)
{
    const rt__code *code = frame->code;
    const rt__ins *in = frame->at;
    rt_value *sp = frame->sp;
    rt_render *r = &vm->head;
    rt_status st;

    switch ((rt__opcode)in->op) {
    case RT__OP_LOAD_OUTER: {
        const rt__frame *up = frame_up(frame, in->b);
        *sp = up->slots[in->a];
        if (rt__is_absent(*sp) && !in->c)
            *sp = rt__undefined_name(r, up->code->slot_names[in->a]);
        sp++;
        break;
    }
    case RT__OP_STORE_OUTER:
        frame_up(frame, in->b)->slots[in->a] = *--sp;
        break;
    case RT__OP_COPY_OUTER:
        frame->slots[in->a] = frame_up(frame, in->b)->slots[in->c];
        break;
    case RT__OP_EXPORT:
        export_name(vm, frame->ctx, &frame->names[in->a], sp[-1], in->b);
        break;
    case RT__OP_DUP:
        sp[0] = sp[-1];
        sp++;
        break;
    case RT__OP_SWAP: {
        rt_value v = sp[-1];
        sp[-1] = sp[-2];
        sp[-2] = v;
        break;
    }
    case RT__OP_ROT3: { // x y z -- z x y
        rt_value z = sp[-1];
        sp[-1] = sp[-2];
        sp[-2] = sp[-3];
        sp[-3] = z;
        break;
    }
    case RT__OP_ITEM:
        sp--;
        TRY(rt__get_item(r, sp[-1], sp[0], &sp[-1]));
        break;
    case RT__OP_SLICE:
        sp -= 3;
        TRY(rt__slice(r, sp[-1], sp[0], sp[1], sp[2], &sp[-1]));
        break;
    case RT__OP_BINARY:
        sp--;
        TRY(rt__binary(r, (rt__op)in->b, sp[-1], sp[0], &sp[-1]));
        break;
    case RT__OP_NEGATE: TRY(rt__negate(r, sp[-1], &sp[-1])); break;
    case RT__OP_POSITIVE: TRY(rt__positive(r, sp[-1], &sp[-1])); break;
    case RT__OP_CONCAT:
        sp -= in->a;
        TRY(in->b ? join_plain(vm, sp, (size_t)in->a, sp)
                  : rt__concat(r, sp, (size_t)in->a, sp));
        sp++;
        break;
    case RT__OP_LIST:
        sp -= in->a;
        *sp = rt_list_of(r->arena, sp, (size_t)in->a);
        sp++;
        break;
    case RT__OP_TUPLE:
        sp -= in->a;
        *sp = rt_tuple_of(r->arena, sp, (size_t)in->a);
        sp++;
        break;
    case RT__OP_DICT: {
        rt_value dict = rt_dict_new(r->arena);
        sp -= 2 * in->a;
        for (int32_t i = 0; i < in->a; i++) {
            if (sp[2 * i].kind != RT_STRING ||
                sp[2 * i].len >= RT__BYTES_PER_STEP)
                TRY(rt__check_key(r, sp[2 * i]));
            (void)!rt_dict_set(dict, sp[2 * i], sp[2 * i + 1]);
        }
        *sp++ = dict;
        break;
    }
    case RT__OP_UNPACK: {
        rt_value v = *--sp;
        TRY(unpack(vm, v, (size_t)in->a, sp));
        sp += in->a;
        break;
    }
    case RT__OP_CALL: {
        rt__arguments a;
        rt_value *bottom;
        bool printed = PRINTS_NEXT();
        TRY(rt__take_arguments(vm, sp, (size_t)in->a, in->c, in->b, &a,
                               &bottom));
        TRY(rt__call_function(vm, bottom[-1], &a, &printed, &bottom[-1]));
        sp = bottom - printed;
        frame->at += printed;
        break;
    }
    case RT__OP_CALL_METHOD: {
        rt__arguments a;
        rt_value *bottom;
        bool printed = PRINTS_NEXT();
        TRY(rt__take_arguments(vm, sp, (size_t)in->a, in->c, in->b, &a,
                               &bottom));
        TRY(rt__call_method(vm, bottom[-2], rt_value_as_str(bottom[-1]), &a,
                            &printed, &bottom[-2]));
        sp = bottom - 1 - printed;
        frame->at += printed;
        break;
    }
    case RT__OP_FILTER:
    case RT__OP_TEST: {
        // The number of arguments and of named ones share one operand.
        rt__arguments a;
        rt_value *bottom;
        TRY(rt__take_arguments(vm, sp, in->c & 0xff, in->c >> 8, in->b, &a,
                               &bottom));
        TRY(rt__step(r, 1));
        TRY(rt__apply_use(vm, &code->owner->uses[in->a],
                          in->op == RT__OP_FILTER ? "filter" : "test", a.args,
                          a.n, a.named, a.n_named, bottom));
        if (in->op == RT__OP_TEST) {
            bool b;
            TRY(rt__truth(r, *bottom, &b));
            *bottom = rt_value_bool(b);
        }
        sp = bottom + 1;
        break;
    }
    case RT__OP_RECURSIVE_ITER:
        TRY(rt__loop_start(vm, &frame->slots[in->a], frame->slots[1], true));
        rt__loop_set_recursive(frame->slots[in->a], code, frame->outer,
                               (int)frame->slots[2].as.integer);
        break;
    case RT__OP_LOOP_FILTER:
        rt__loop_set_filter(frame->slots[in->c], code->owner->codes[in->a],
                            frame);
        break;
    case RT__OP_RECURSE: {
        bool printed = PRINTS_NEXT();
        sp--;
        TRY(rt__loop_run(vm, code->owner->codes[in->a], frame, *sp, 0,
                         printed ? NULL : sp));
        sp += !printed;
        frame->at += printed;
        break;
    }
    case RT__OP_MACRO:
        vm->frame = frame;
        *sp++ = rt__macro_new(vm, code->owner->codes[in->a]);
        break;
    case RT__OP_CAPTURE: rt__capture_begin(vm); break;
    case RT__OP_CAPTURED: {
        rt_str text = rt__capture_end(vm);
        *sp++ =
            in->b && r->autoescape ? rt_value_safe(text) : rt_value_str(text);
        break;
    }
    case RT__OP_MARKUP:
        if (r->autoescape) {
            rt_str text;
            TRY(rt__to_text(r, sp[-1], &text));
            sp[-1] = rt_value_safe(text);
        }
        break;
    case RT__OP_ESCAPING: {
        bool b;
        frame->slots[in->a] = rt_value_bool(r->autoescape);
        TRY(rt__truth(r, *--sp, &b));
        r->autoescape = b;
        break;
    }
    case RT__OP_ESCAPING_BACK:
        r->autoescape = frame->slots[in->a].as.boolean;
        break;
    case RT__OP_BLOCK: {
        rt_value locals = rt_value_undefined();
        if (in->b & RT__BLOCK_SCOPED)
            locals = *--sp;
        TRY(rt__run_block(vm, frame->ctx, NAME(in->a), code, locals, in->b));
        break;
    }
    case RT__OP_EXTENDS: TRY(rt__extends(vm, frame->ctx, *--sp)); break;
    case RT__OP_PARENT: TRY(rt__run_parent(vm, frame->ctx)); break;
    case RT__OP_INCLUDE: {
        rt_value locals = rt_value_undefined();
        if (!(in->b & RT__INCLUDE_WITHOUT_CONTEXT))
            locals = *--sp;
        sp--;
        TRY(rt__include(vm, frame->ctx, *sp, locals, in->b));
        break;
    }
    case RT__OP_IMPORT: {
        rt_value locals = rt_value_undefined();
        if (in->b)
            locals = *--sp;
        TRY(rt__import(vm, frame->ctx, sp[-1], locals, in->b, &sp[-1]));
        break;
    }
    case RT__OP_MEMBER:
        TRY(rt__module_member(vm, sp[-1], &frame->names[in->a], sp));
        sp++;
        break;
    case RT__OP_SELF: *sp++ = rt__self_new(vm, frame->ctx); break;
    case RT__OP_SUPER:
        *sp++ = rt__super_new(vm, frame->ctx, NAME(in->a), code);
        break;
    case RT__OP_NAMESPACE_SET:
        sp -= 2;
        TRY(set_in_namespace(vm, sp[1], NAME(in->a), sp[0]));
        break;
    case RT__OP_CHECK_NAMESPACE: {
        rt_value dict;
        if (!rt__is_namespace(*--sp, &dict))
            TRY(rt__raise(r, RT_TEMPLATE_RUNTIME_ERROR,
                          "cannot assign attribute on non-namespace "
                          "object"));
        break;
    }
    case RT__OP_UNDEFINED:
        *sp = rt__undefined_hint(r, rt_value_as_str(frame->constants[in->a]));
        // An inline if without else is lenient in every mode.
        if (!in->b)
            sp->flags |= RT__VALUE_LENIENT;
        sp++;
        break;
    case RT__OP_DEBUG:
        TRY(rt__debug_text(vm, frame->ctx, sp));
        sp++;
        break;
    case RT__OP_FAIL:
        TRY(rt__raise(r, (rt_template_error_kind)in->b, "{}",
                      frame->constants[in->a]));
        break;
    default: __builtin_unreachable(); // vm.c does the others
    }
    frame->sp = sp;
    return RT_OK;
}
