// The VM: one switch over the instructions of a code.
//
// Expressions work on a stack of values, variables are slots of the frame, and
// what is printed goes to one growing buffer: the output, or a capture on top
// of it. Nothing is allocated per printed piece. Steps are counted where work
// can repeat: at each turn of a loop and at each call.
#include <assert.h>

#include <retort/base/error.h>

#include "template/output.h"
#include "template/token.h"

// ---- errors -------------------------------------------------------------------

// The place of an error is the innermost instruction that was at work.
static void place_error(rt__vm *vm, const rt__frame *frame)
{
    rt_template_error *error = &vm->head.error;
    if (error->line || !frame->at)
        return;
    const rt_template *t = frame->code->owner;
    error->template_name = t->name;
    rt__source_place(vm->head.arena, t->source,
                     frame->code->places[frame->at - frame->code->ins], error);
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
    assert(ctx);
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

static rt_value load_absent(rt__vm *vm, const rt__frame *frame, int32_t slot)
{
    return rt__undefined_name(&vm->head, frame->code->slot_names[slot]);
}

static inline rt_value load(rt__vm *vm, const rt__frame *frame, int32_t slot)
{
    rt_value v = frame->slots[slot];
    return RT_UNLIKELY(rt__is_absent(v)) ? load_absent(vm, frame, slot) : v;
}

// ---- what a page is full of, mostly without a call -----------------------------------

static inline rt_status print_slot(rt__vm *vm, const rt__frame *frame,
                                   int32_t slot)
{
    const rt_value *v = &frame->slots[slot];
    if (RT_UNLIKELY(rt__is_absent(*v)))
        return rt__print_slow(vm, load_absent(vm, frame, slot));
    return rt__print(vm, v);
}

// The entry that object.name mostly is; NULL: it must be looked for.
static inline const rt_value *find_entry(const rt_value *object, rt__name *name)
{
    if (object->kind != RT_DICT || !name->is_entry)
        return NULL;
    const rt_dict_entry *e = rt_dict_find_key(*object, &name->key);
    return RT_LIKELY(e) ? &e->value : NULL;
}

static RT_NOINLINE rt_status find_attr(rt__vm *vm, rt_value object,
                                       const rt__name *name, rt_value *out)
{
    if (!rt__is_loop(object))
        return rt__get_attr(&vm->head, object, name->key.text, out);
    *out = rt__loop_attr(vm, object, (rt__loop_member)name->member,
                         name->key.text);
    return RT_OK;
}

// object.name, which may replace the object.
static inline rt_status get_attr(rt__vm *vm, const rt_value *object,
                                 rt__name *name, rt_value *out)
{
    const rt_value *entry = find_entry(object, name);
    if (!entry)
        return find_attr(vm, *object, name, out);
    *out = *entry;
    return RT_OK;
}

static inline rt_status get_slot_attr(rt__vm *vm, const rt__frame *frame,
                                      int32_t slot, rt__name *name,
                                      rt_value *out)
{
    const rt_value *entry = find_entry(&frame->slots[slot], name);
    if (!entry)
        return find_attr(vm, load(vm, frame, slot), name, out);
    *out = *entry;
    return RT_OK;
}

static RT_NOINLINE rt_status print_found(rt__vm *vm, const rt__frame *frame,
                                         int32_t slot, const rt__name *name)
{
    rt_value v;
    rt_status st = find_attr(vm, load(vm, frame, slot), name, &v);
    return st ? st : rt__print(vm, &v);
}

static inline rt_status print_attr(rt__vm *vm, const rt__frame *frame,
                                   int32_t slot, rt__name *name)
{
    const rt_value *entry = find_entry(&frame->slots[slot], name);
    return entry ? rt__print(vm, entry) : print_found(vm, frame, slot, name);
}

static inline rt_status truth(rt__vm *vm, rt_value v, bool *out)
{
    if (v.kind != RT_BOOL)
        return rt__truth(&vm->head, v, out);
    *out = v.as.boolean;
    return RT_OK;
}

static rt_status compare(rt__vm *vm, rt__cmp cmp, rt_value a, rt_value b,
                         bool *out)
{
    bool equal;
    if (cmp > RT__NE || a.kind != b.kind ||
        (a.kind != RT_INT &&
         (a.kind != RT_STRING || a.len >= RT__BYTES_PER_STEP)))
        return rt__compare(&vm->head, cmp, a, b, out);
    if (a.kind == RT_INT)
        equal = a.as.integer == b.as.integer;
    else
        equal = a.len == b.len && !memcmp(a.as.text, b.as.text, a.len);
    *out = equal == (cmp == RT__EQ);
    return RT_OK;
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
    frame->constants = code->owner->constants;
    frame->names = code->owner->names;
    for (uint32_t i = 0; i < code->slots; i++)
        frame->slots[i] = rt__absent();
    return frame;
}

static rt__loop *loop_in(const rt__frame *frame, unsigned slot)
{
    return (rt__loop *)frame->slots[slot].as.object;
}

static RT_NOINLINE rt_status next_turn(rt__vm *vm, rt__loop *loop,
                                       rt_value *item, bool *more)
{
    rt_status st = RT_OK;
    if (vm->metered) {
        st = rt__step(&vm->head, 1);
        if (!st)
            st = rt__check_memory(&vm->head, 0);
    }
    *more = !st && rt__loop_next(vm, loop, item);
    return !st && !*more && vm->head.error.kind ? RT_E_TYPE : st;
}

// The next item of a loop, unless it has ended.
static inline rt_status next_item(rt__vm *vm, rt__loop *loop, rt_value *item,
                                  bool *more)
{
    if (RT_UNLIKELY(!loop->quick))
        return next_turn(vm, loop, item, more);
    *more = rt_list_next(loop->iter.source, &loop->iter.at, item);
    return RT_OK;
}

// Each instruction ends with a jump of its own to the next one, for which one
// it is depends much on which one it follows; so the processor guesses it well.
// Labels in a table are an extension of gcc and clang.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#define GO_ON                       \
    do {                            \
        frame->at = ++in;           \
        goto *instructions[in->op]; \
    } while (0)
// A jump's operand is where to go on.
#define JUMP(to) (in = frame->code->ins + (to)-1)
#define TRY(...)                  \
    do {                          \
        if ((st = (__VA_ARGS__))) \
            goto failed;          \
    } while (0)

// NOLINTNEXTLINE(readability-function-size): one label per opcode
static rt_status run(rt__vm *vm, rt__frame *frame, rt_value *out)
{
    static const void *const instructions[RT__OP_COUNT] = {
#define COMMON(name) &&op_##name,
#define OTHER(name)  &&others,
        RT__COMMON_OPCODES(COMMON) RT__OTHER_OPCODES(OTHER)
#undef COMMON
#undef OTHER
    };
    const rt__ins *in = frame->code->ins - 1;
    rt_value *sp = frame->stack;
    rt_status st;
    bool b;
    GO_ON;

op_TEXT:
    TRY(rt__print_text(vm, &frame->constants[in->a]));
    GO_ON;
op_OUT:
    sp--;
    TRY(in->b ? rt__print_as(vm, *sp, in->b) : rt__print(vm, sp));
    GO_ON;
op_OUT_SLOT:
    TRY(print_slot(vm, frame, in->a));
    GO_ON;
op_OUT_ATTR:
    TRY(print_attr(vm, frame, in->c, &frame->names[in->a]));
    GO_ON;
op_TEXT_SLOT:
    TRY(rt__print_text(vm, &frame->constants[in->a]));
    TRY(print_slot(vm, frame, in->c));
    GO_ON;
op_TEXT_ATTR:
    TRY(rt__print_text(vm, &frame->constants[in->a]));
    TRY(print_attr(vm, frame, in->b, &frame->names[in->c]));
    GO_ON;
op_CONST:
    *sp++ = frame->constants[in->a];
    GO_ON;
op_NONE:
    *sp++ = rt_value_none();
    GO_ON;
op_LOAD:
    *sp++ = load(vm, frame, in->a);
    GO_ON;
op_LOAD_RAW:
    *sp++ = frame->slots[in->a];
    GO_ON;
op_STORE:
    frame->slots[in->a] = *--sp;
    GO_ON;
op_CLEAR:
    frame->slots[in->a] = rt__absent();
    GO_ON;
op_COPY:
    frame->slots[in->a] = frame->slots[in->c];
    GO_ON;
op_RESOLVE:
    frame->slots[in->a] =
        rt__context_lookup(vm, frame->ctx, frame->names[in->c].key.text,
                           frame->names[in->c].key.hash);
    GO_ON;
op_POP:
    sp--;
    GO_ON;
op_ATTR:
    TRY(get_attr(vm, &sp[-1], &frame->names[in->a], &sp[-1]));
    GO_ON;
op_LOAD_ATTR:
    TRY(get_slot_attr(vm, frame, in->c, &frame->names[in->a], sp));
    sp++;
    GO_ON;
op_NOT:
    TRY(truth(vm, sp[-1], &b));
    sp[-1] = rt_value_bool(!b);
    GO_ON;
op_COMPARE:
    sp--;
    TRY(compare(vm, (rt__cmp)in->b, sp[-1], sp[0], &b));
    sp[-1] = rt_value_bool(b);
    GO_ON;
op_JUMP:
    JUMP(in->a);
    GO_ON;
op_JUMP_UNLESS:
    sp -= 2;
    TRY(compare(vm, (rt__cmp)in->b, sp[0], sp[1], &b));
    if (!b)
        JUMP(in->a);
    GO_ON;
op_JUMP_FALSE:
    TRY(truth(vm, *--sp, &b));
    if (!b)
        JUMP(in->a);
    GO_ON;
op_JUMP_TRUE:
    TRY(truth(vm, *--sp, &b));
    if (b)
        JUMP(in->a);
    GO_ON;
op_AND:
    TRY(truth(vm, sp[-1], &b));
    if (b)
        sp--;
    else
        JUMP(in->a);
    GO_ON;
op_OR:
    TRY(truth(vm, sp[-1], &b));
    if (b)
        JUMP(in->a);
    else
        sp--;
    GO_ON;
op_JUMP_ABSENT:
    if (rt__is_absent(frame->slots[in->c]))
        JUMP(in->a);
    GO_ON;
op_JUMP_GIVEN:
    if (!rt__is_absent(frame->slots[in->c]))
        JUMP(in->a);
    GO_ON;
op_JUMP_PARENT:
    if (frame->ctx->parent)
        JUMP(in->a);
    GO_ON;
op_AGAIN:
    in = frame->code->ins + in->a;
    frame->at = in;
op_NEXT_SLOT:
    TRY(next_item(vm, loop_in(frame, in->c), &frame->slots[in->b], &b));
    if (!b)
        JUMP(in->a);
    GO_ON;
op_ITER:
    sp--;
    TRY(rt__loop_start(vm, &frame->slots[in->a], *sp, in->b));
    GO_ON;
op_NEXT:
    TRY(next_item(vm, loop_in(frame, in->c), sp, &b));
    if (b)
        sp++;
    else
        JUMP(in->a);
    GO_ON;
op_RETURN:
    return RT_OK;
op_RETURN_VALUE:
    *out = *--sp;
    return RT_OK;
others:
    frame->sp = sp;
    TRY(rt__vm_do(vm, frame));
    sp = frame->sp;
    in = frame->at;
    GO_ON;

failed:
    place_error(vm, frame);
    return st;
}

#pragma GCC diagnostic pop

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
