// The VM: one switch over the instructions of a code.
//
// Expressions work on a stack of values, variables are slots of the frame, and
// what is printed goes to one growing buffer: the output, or a capture on top
// of it. Nothing is allocated per printed piece. Steps are counted where work
// can repeat: at each turn of a loop and at each call.
#include <retort/base/error.h>

#include "template/call.h"
#include "template/output.h"

// ---- errors -------------------------------------------------------------------

// The place of an error is the innermost instruction that was at work.
static void place_error(rt__vm *vm, const rt__frame *frame)
{
    rt_template_error *error = &vm->head.error;
    if (error->line || !frame->at)
        return;
    const rt_template *t = frame->code->owner;
    error->template_name = t->name;
    rt__template_place(t, frame->code->places[frame->at - frame->code->ins],
                       error);
}

// ---- names ------------------------------------------------------------------------

static bool find_in(rt_value dict, rt_str name, uint64_t hash, rt_value *out)
{
    if (dict.kind != RT_DICT)
        return false;
    const rt_dict_entry *e = rt_dict_find_hashed(dict, name, hash);
    if (!e || rt__is_absent(e->value)) // an include's locals may be unset
        return false;
    *out = e->value;
    return true;
}

rt_value rt__context_lookup(const rt__vm *vm, const rt__context *ctx,
                            rt_str name, uint64_t hash)
{
    rt_value v;
    for (const rt__context *c = ctx; c; c = c->outer)
        if (find_in(c->vars, name, hash, &v) ||
            find_in(c->hidden, name, hash, &v) ||
            find_in(c->overlay, name, hash, &v))
            return v;
    if (find_in(ctx->base, name, hash, &v) ||
        find_in(vm->globals, name, hash, &v) ||
        find_in(vm->env->globals, name, hash, &v))
        return v;
    const rt__builtin *b = rt__i18n_find(vm->env, name);
    if (!b)
        b = rt__global_find(name);
    if (b)
        return rt__builtin_value((rt_render *)(uintptr_t)&vm->head, b);
    return rt__absent();
}

// A name is either shown or hidden, whatever it was before.
static void export_name(rt__vm *vm, rt__context *ctx, const rt__name *name,
                        rt_value v, bool shown)
{
    rt_value *into = shown ? &ctx->vars : &ctx->hidden;
    rt_value other = shown ? ctx->hidden : ctx->vars;
    if (into->kind != RT_DICT)
        *into = rt_dict_new(vm->head.arena);
    (void)!rt_dict_set_hashed(*into, name->text, name->hash, v);
    if (rt_dict_len(other))
        (void)!rt_dict_remove(other, rt_value_str(name->text));
}

static rt_value load_absent(rt__vm *vm, const rt__frame *frame, int32_t slot)
{
    return rt__undefined_name(&vm->head, frame->code->slot_names[slot]);
}

static inline rt_value load(rt__vm *vm, const rt__frame *frame, int32_t slot)
{
    rt_value v = frame->slots[slot];
    return RT_UNLIKELY(rt__is_absent(v)) ? load_absent(vm, frame, slot) : v;
}

// object.name; what makes up most of it goes without a call.
static inline rt_status get_attr(rt__vm *vm, rt_value object,
                                 const rt__name *name, rt_value *out)
{
    if (RT_LIKELY(object.kind == RT_DICT && name->is_entry)) {
        const rt_dict_entry *e =
            rt_dict_find_hashed(object, name->text, name->hash);
        if (RT_LIKELY(e)) {
            *out = e->value;
            return RT_OK;
        }
    } else if (object.kind == RT_OBJECT && rt__is_loop(object)) {
        *out = rt__loop_attr(vm, object, name->text);
        return RT_OK;
    }
    return rt__get_attr(&vm->head, object, name->text, out);
}

static inline rt_status truth(rt_render *r, rt_value v, bool *out)
{
    if (v.kind != RT_BOOL)
        return rt__truth(r, v, out);
    *out = v.as.boolean;
    return RT_OK;
}

static inline rt_status compare(rt_render *r, rt__cmp cmp, rt_value a,
                                rt_value b, bool *out)
{
    if (cmp > RT__NE || a.kind != b.kind)
        return rt__compare(r, cmp, a, b, out);
    bool equal;
    if (a.kind == RT_INT)
        equal = a.as.integer == b.as.integer;
    else if (a.kind == RT_STRING)
        equal = a.len == b.len && !memcmp(a.as.text, b.as.text, a.len);
    else
        return rt__compare(r, cmp, a, b, out);
    *out = equal == (cmp == RT__EQ);
    return RT_OK;
}

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

// ---- unpacking and namespaces --------------------------------------------------

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

// ---- the loop --------------------------------------------------------------------

#define FRAME_VALUES 16u // the room of a frame is a multiple of it

rt__frame *rt__frame_new(rt__vm *vm, const rt__code *code, rt__frame *outer,
                         rt__context *ctx)
{
    uint32_t values = code->slots + code->stack + 1;
    rt__frame *frame = vm->spare;
    if (frame && frame->room >= values) {
        vm->spare = frame->outer;
    } else {
        uint32_t room =
            (values + FRAME_VALUES - 1) / FRAME_VALUES * FRAME_VALUES;
        frame = rt_arena_alloc(vm->head.arena,
                               sizeof *frame + room * sizeof(rt_value));
        frame->room = room;
        frame->slots = (rt_value *)(frame + 1);
    }
    frame->outer = outer;
    frame->code = code;
    frame->ctx = ctx;
    frame->at = NULL;
    frame->stack = frame->slots + code->slots;
    for (uint32_t i = 0; i < code->slots; i++)
        frame->slots[i] = rt__absent();
    return frame;
}

static rt__frame *frame_up(rt__frame *frame, unsigned n)
{
    while (n--)
        frame = frame->outer;
    return frame;
}

// Where the memory of a render is limited, look at it now and then.
static rt_status check_memory(rt__vm *vm)
{
    size_t limit = vm->env->options.limits.memory_bytes;
    if (limit && rt_arena_bytes(vm->head.arena) - vm->memory_start > limit)
        return rt__raise(&vm->head, RT_TEMPLATE_LIMIT_ERROR,
                         "the render uses more than {} bytes of memory",
                         (uint64_t)limit);
    return RT_OK;
}

static rt_status next_turn(rt__vm *vm)
{
    if (!vm->metered)
        return RT_OK;
    rt_status st = rt__step(&vm->head, 1);
    return st ? st : check_memory(vm);
}

#define NAME(i)       t->names[i].text
// Whether the result of the instruction at work is printed and nothing else. Then
// what is made of code prints on its own.
#define PRINTS_NEXT() (vm->plain && ip->op == RT__OP_OUT)
#define TRY(...)                  \
    do {                          \
        if ((st = (__VA_ARGS__))) \
            goto failed;          \
    } while (0)

// NOLINTNEXTLINE(readability-function-size): one case per opcode
static rt_status run(rt__vm *vm, rt__frame *frame, rt_value *out)
{
    const rt__code *code = frame->code;
    const rt_template *t = code->owner;
    const rt__ins *ip = code->ins;
    rt_value *sp = frame->stack;
    rt_render *r = &vm->head;
    rt_status st;

    for (;;) {
        const rt__ins *in = ip++;
        frame->at = in;
        switch ((rt__opcode)in->op) {
        case RT__OP_TEXT: TRY(rt__print_text(vm, t->constants[in->a])); break;
        case RT__OP_OUT:
            sp--;
            TRY(in->b ? rt__print_as(vm, *sp, in->b) : rt__print(vm, *sp));
            break;
        case RT__OP_OUT_SLOT: TRY(rt__print(vm, load(vm, frame, in->a))); break;
        case RT__OP_OUT_ATTR:
            TRY(get_attr(vm, load(vm, frame, in->c), &t->names[in->a], sp));
            TRY(rt__print(vm, *sp));
            break;
        case RT__OP_TEXT_SLOT:
            TRY(rt__print_text(vm, t->constants[in->a]));
            TRY(rt__print(vm, load(vm, frame, in->c)));
            break;
        case RT__OP_TEXT_ATTR:
            TRY(rt__print_text(vm, t->constants[in->a]));
            TRY(get_attr(vm, load(vm, frame, in->c), &t->names[in->b], sp));
            TRY(rt__print(vm, *sp));
            break;
        case RT__OP_CONST: *sp++ = t->constants[in->a]; break;
        case RT__OP_NONE: *sp++ = rt_value_none(); break;
        case RT__OP_LOAD: *sp++ = load(vm, frame, in->a); break;
        case RT__OP_LOAD_RAW: *sp++ = frame->slots[in->a]; break;
        case RT__OP_LOAD_OUTER:
            *sp++ = in->c ? frame_up(frame, in->b)->slots[in->a]
                          : load(vm, frame_up(frame, in->b), in->a);
            break;
        case RT__OP_STORE: frame->slots[in->a] = *--sp; break;
        case RT__OP_STORE_OUTER:
            frame_up(frame, in->b)->slots[in->a] = *--sp;
            break;
        case RT__OP_CLEAR: frame->slots[in->a] = rt__absent(); break;
        case RT__OP_COPY: frame->slots[in->a] = frame->slots[in->c]; break;
        case RT__OP_COPY_OUTER:
            frame->slots[in->a] = frame_up(frame, in->b)->slots[in->c];
            break;
        case RT__OP_RESOLVE:
            frame->slots[in->a] =
                rt__context_lookup(vm, frame->ctx, NAME(in->c),
                                   t->names[in->c].hash);
            break;
        case RT__OP_EXPORT:
            export_name(vm, frame->ctx, &t->names[in->a], sp[-1], in->b);
            break;
        case RT__OP_POP: sp--; break;
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
        case RT__OP_ATTR:
            TRY(get_attr(vm, sp[-1], &t->names[in->a], &sp[-1]));
            break;
        case RT__OP_LOAD_ATTR:
            TRY(get_attr(vm, load(vm, frame, in->c), &t->names[in->a], sp));
            sp++;
            break;
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
        case RT__OP_NOT: {
            bool b;
            TRY(rt__truth(r, sp[-1], &b));
            sp[-1] = rt_value_bool(!b);
            break;
        }
        case RT__OP_COMPARE: {
            bool b;
            sp--;
            TRY(compare(r, (rt__cmp)in->b, sp[-1], sp[0], &b));
            sp[-1] = rt_value_bool(b);
            break;
        }
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
                if (sp[2 * i].kind != RT_STRING)
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
        case RT__OP_JUMP: ip = code->ins + in->a; break;
        case RT__OP_JUMP_FALSE: {
            bool b;
            TRY(truth(r, *--sp, &b));
            if (!b)
                ip = code->ins + in->a;
            break;
        }
        case RT__OP_JUMP_TRUE: {
            bool b;
            TRY(truth(r, *--sp, &b));
            if (b)
                ip = code->ins + in->a;
            break;
        }
        case RT__OP_AND: {
            bool b;
            TRY(truth(r, sp[-1], &b));
            if (b)
                sp--;
            else
                ip = code->ins + in->a;
            break;
        }
        case RT__OP_OR: {
            bool b;
            TRY(truth(r, sp[-1], &b));
            if (b)
                ip = code->ins + in->a;
            else
                sp--;
            break;
        }
        case RT__OP_JUMP_ABSENT:
            if (rt__is_absent(frame->slots[in->c]))
                ip = code->ins + in->a;
            break;
        case RT__OP_JUMP_GIVEN:
            if (!rt__is_absent(frame->slots[in->c]))
                ip = code->ins + in->a;
            break;
        case RT__OP_JUMP_PARENT:
            if (frame->ctx->parent)
                ip = code->ins + in->a;
            break;
        case RT__OP_CALL: {
            rt__arguments a;
            rt_value *bottom;
            bool printed = PRINTS_NEXT();
            TRY(rt__take_arguments(vm, sp, (size_t)in->a, in->c, in->b, &a,
                                   &bottom));
            TRY(rt__call_function(vm, bottom[-1], &a, &printed, &bottom[-1]));
            sp = bottom - printed;
            ip += printed;
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
            ip += printed;
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
            TRY(rt__apply_use(vm, &t->uses[in->a],
                              in->op == RT__OP_FILTER ? "filter" : "test",
                              a.args, a.n, a.named, a.n_named, bottom));
            if (in->op == RT__OP_TEST) {
                bool b;
                TRY(rt__truth(r, *bottom, &b));
                *bottom = rt_value_bool(b);
            }
            sp = bottom + 1;
            break;
        }
        case RT__OP_ITER:
            sp--;
            TRY(rt__loop_start(vm, &frame->slots[in->a], *sp, in->b));
            break;
        case RT__OP_RECURSIVE_ITER:
            TRY(rt__loop_start(vm, &frame->slots[in->a], frame->slots[1],
                               true));
            rt__loop_set_recursive(frame->slots[in->a], code, frame->outer,
                                   (int)frame->slots[2].as.integer);
            break;
        case RT__OP_LOOP_FILTER:
            rt__loop_set_filter(frame->slots[in->c], t->codes[in->a], frame);
            break;
        case RT__OP_AGAIN:
            in = code->ins + in->a;
            ip = in + 1;
            frame->at = in;
            goto next;
        case RT__OP_NEXT:
next : {
    rt__loop *loop = (rt__loop *)frame->slots[in->c].as.object;
    rt_value *item = in->b ? &frame->slots[in->b - 1] : sp;
    if (!loop->quick)
        TRY(next_turn(vm));
    if (RT_LIKELY(loop->quick
                      ? rt_list_next(loop->iter.source, &loop->iter.at, item)
                      : rt__loop_next(vm, loop, item))) {
        sp += !in->b;
        break;
    }
    if (r->error.kind)
        TRY(RT_E_TYPE);
    ip = code->ins + in->a;
    break;
}
        case RT__OP_RECURSE: {
            bool printed = PRINTS_NEXT();
            sp--;
            TRY(rt__loop_run(vm, t->codes[in->a], frame, *sp, 0,
                             printed ? NULL : sp));
            sp += !printed;
            ip += printed;
            break;
        }
        case RT__OP_MACRO:
            vm->frame = frame;
            *sp++ = rt__macro_new(vm, t->codes[in->a]);
            break;
        case RT__OP_CAPTURE: rt__capture_begin(vm); break;
        case RT__OP_CAPTURED: {
            rt_str text = rt__capture_end(vm);
            *sp++ = in->b && r->autoescape ? rt_value_safe(text)
                                           : rt_value_str(text);
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
            TRY(rt__run_block(vm, frame->ctx, NAME(in->a), code, locals,
                              in->b));
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
            TRY(rt__module_member(vm, sp[-1], &t->names[in->a], sp));
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
            *sp = rt__undefined_hint(r, rt_value_as_str(t->constants[in->a]));
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
                          t->constants[in->a]));
            break;
        case RT__OP_RETURN: return RT_OK;
        case RT__OP_RETURN_VALUE: *out = *--sp; return RT_OK;
        case RT__OP_COUNT:
        default: __builtin_unreachable();
        }
    }

failed:
    place_error(vm, frame);
    return st;
}

rt_status rt__vm_run(rt__vm *vm, rt__frame *frame, rt_value *out)
{
    rt__frame *before = vm->frame;
    vm->frame = frame;
    rt_status st = run(vm, frame, out);
    vm->frame = before;
    if (!frame->code->keeps_frame) {
        frame->outer = vm->spare;
        vm->spare = frame;
    }
    return st;
}
