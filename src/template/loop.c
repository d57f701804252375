// Loops: stepping through an iterable, and the template's `loop`.
//
// A plain loop only steps. One whose body says `loop` is extended: it keeps the
// items before and after the present one, which costs reading one ahead.
#include "template/vm.h"

typedef struct state {
    rt__loop head; // first: the loop as a value
    rt__vm *vm;
    bool extended;
    bool direct; // nothing but a list is stepped through
    bool ended;
    bool has_next; // `next` was read ahead
    bool has_previous;
    rt_value previous;
    rt_value current;
    rt_value next;
    int64_t index0; // -1 before the first item
    rt_value iterable;
    rt_value kept;    // all items, read ahead for the length of a lazy one
    int64_t length;   // -1: not known
    rt_value changed; // the arguments of changed() last time
    const rt__code *filter;
    rt__frame *filter_frame; // where the condition stands
    rt__frame *frame;        // where a recursive body stands
    const rt__code *body;    // of a recursive loop
    int depth;
} state;

static void put_loop(void *self, rt_buf *out);
static rt_value loop_attr(void *self, rt_arena *arena, rt_str name);
static size_t loop_len(void *self);

static const rt_vtable loop_vtable = {.name = "LoopContext",
                                      .attr = loop_attr,
                                      .text = put_loop,
                                      .len = loop_len};

bool rt__is_loop(rt_value v)
{
    return v.kind == RT_OBJECT && v.as.object->vtable == &loop_vtable;
}

static state *loop_of(rt_value v)
{
    return (state *)v.as.object;
}

rt_status rt__loop_start(rt__vm *vm, rt_value *slot, rt_value iterable,
                         bool extended)
{
    // Nobody else can see a plain loop, so its memory serves the next one.
    state *loop = !extended && rt__is_loop(*slot) && !loop_of(*slot)->extended
                      ? loop_of(*slot)
                      : rt_arena_alloc(vm->head.arena, sizeof *loop);
    rt__iter iter;
    rt_status st = rt__iter_init(&vm->head, iterable, &iter);
    if (st)
        return st;
    loop->head.object = (rt_object){&loop_vtable, loop};
    loop->vm = vm;
    loop->head.iter = iter;
    loop->direct = !vm->metered && rt_value_is_list(iterable);
    loop->head.quick = loop->direct && !extended;
    loop->extended = extended;
    loop->filter = NULL;
    if (extended) {
        loop->ended = loop->has_next = loop->has_previous = false;
        loop->previous = loop->current = loop->next = rt__absent();
        loop->kept = rt_value_undefined();
        loop->index0 = -1;
        loop->iterable = iterable;
        loop->length = -1;
        loop->changed = rt__absent();
        loop->body = NULL;
        loop->frame = NULL;
        loop->depth = 0;
    }
    *slot = (rt_value){.kind = RT_OBJECT, .as.object = &loop->head.object};
    return RT_OK;
}

void rt__loop_set_filter(rt_value slot, const rt__code *filter,
                         rt__frame *frame)
{
    state *loop = loop_of(slot);
    loop->head.quick = loop->direct = false;
    loop->filter = filter;
    loop->filter_frame = frame;
}

void rt__loop_set_recursive(rt_value slot, const rt__code *body,
                            rt__frame *frame, int depth)
{
    state *loop = loop_of(slot);
    loop->body = body;
    loop->frame = frame;
    loop->depth = depth;
}

static RT_NOINLINE bool step_filtered(state *loop, rt_value *item)
{
    rt__vm *vm = loop->vm;
    while (rt__iter_next(&vm->head, &loop->head.iter, item)) {
        if (!loop->filter)
            return true;
        rt__frame *frame = rt__frame_new(vm, loop->filter, loop->filter_frame,
                                         loop->filter_frame->ctx);
        rt_value verdict = rt_value_none();
        bool kept;
        frame->slots[0] = *item;
        if (rt__vm_run(vm, frame, &verdict) ||
            rt__truth(&vm->head, verdict, &kept) || rt__step(&vm->head, 1))
            return false;
        if (kept)
            return true;
    }
    return false;
}

// The next item that the condition of the loop lets through.
static inline bool step(state *loop, rt_value *item)
{
    return loop->direct
               ? rt_list_next(loop->head.iter.source, &loop->head.iter.at, item)
               : step_filtered(loop, item);
}

// Read one ahead; false at the end.
static bool peek(state *loop)
{
    if (loop->has_next)
        return true;
    if (loop->ended)
        return false;
    if (loop->kept.kind == RT_LIST) { // was read to the end for its length
        if (rt_list_len(loop->kept) == 0) {
            loop->ended = true;
            return false;
        }
        loop->next = rt_list_get(loop->kept, 0);
        (void)!rt_list_remove(loop->kept, 0);
        loop->has_next = true;
        return true;
    }
    loop->has_next = step(loop, &loop->next);
    loop->ended = !loop->has_next;
    return loop->has_next;
}

bool rt__loop_next(rt__vm *vm, rt__loop *head, rt_value *item)
{
    state *loop = (state *)head;
    if (!loop->extended) {
        if (!loop->filter)
            return rt__iter_next(&vm->head, &loop->head.iter, item);
        return step(loop, item);
    }
    // What a template asks of the next item is read ahead; else nothing is.
    if (loop->has_next || loop->kept.kind == RT_LIST) {
        if (!peek(loop))
            return false;
        *item = loop->next;
        loop->has_next = false;
    } else if (loop->ended || !step(loop, item)) {
        loop->ended = true;
        return false;
    }
    loop->has_previous = loop->index0 >= 0;
    loop->previous = loop->current;
    loop->current = *item;
    loop->index0++;
    return true;
}

// ---- what a template can ask ----------------------------------------------------

static int64_t length_of(state *loop)
{
    size_t n;
    if (loop->length >= 0)
        return loop->length;
    if (!loop->filter && rt__has_length(loop->iterable) &&
        !rt__length(&loop->vm->head, loop->iterable, &n)) {
        loop->length = (int64_t)n;
        return loop->length;
    }
    // Read ahead to the end, and keep what was read.
    rt_value rest = rt_list_new(loop->vm->head.arena), item;
    if (loop->has_next)
        (void)!rt_list_push(rest, loop->next);
    while (!loop->ended && step(loop, &item))
        (void)!rt_list_push(rest, item);
    loop->has_next = false;
    loop->ended = false;
    loop->kept = rest;
    loop->length = loop->index0 + 1 + (int64_t)rt_list_len(rest);
    return loop->length;
}

static void put_loop(void *self, rt_buf *out)
{
    state *loop = self;
    rt_buf_put_cstr(out, "<LoopContext ");
    rt_buf_put_int(out, loop->index0 + 1);
    rt_buf_put_char(out, '/');
    rt_buf_put_int(out, length_of(loop));
    rt_buf_put_char(out, '>');
}

static rt_status cycle(rt_render *r, const rt_value *a, size_t n,
                       rt_value named, rt_value *out)
{
    state *loop = loop_of(a[0]);
    (void)named;
    if (n < 2)
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "no items for cycling given");
    *out = a[1 + loop->index0 % (int64_t)(n - 1)];
    return RT_OK;
}

static rt_status changed(rt_render *r, const rt_value *a, size_t n,
                         rt_value named, rt_value *out)
{
    state *loop = loop_of(a[0]);
    rt_value now = rt_tuple_of(r->arena, a + 1, n - 1);
    (void)named;
    bool same = false;
    rt_status st = RT_OK;
    if (!rt__is_absent(loop->changed))
        st = rt__compare(r, RT__EQ, loop->changed, now, &same);
    loop->changed = now;
    *out = rt_value_bool(!same);
    return st;
}

static const rt__builtin cycle_method = {"cycle", cycle, "", 0, RT__VARARGS};
static const rt__builtin changed_method = {"changed", changed, "", 0,
                                           RT__VARARGS};

rt__loop_member rt__loop_member_find(rt_str name)
{
#define IS(member)                        \
    if (rt_str_eq(name, RT_STR(#member))) \
        return RT__LOOP_##member;
    RT__LOOP_MEMBERS(IS)
#undef IS
    return RT__LOOP_NONE;
}

const rt__builtin *rt__loop_method(rt_str name)
{
    if (rt_str_eq(name, RT_STR("cycle")))
        return &cycle_method;
    return rt_str_eq(name, RT_STR("changed")) ? &changed_method : NULL;
}

rt_value rt__loop_attr(rt__vm *vm, rt_value v, rt__loop_member member,
                       rt_str name)
{
    state *loop = loop_of(v);
    switch (member) {
    case RT__LOOP_index: return rt_value_int(loop->index0 + 1);
    case RT__LOOP_index0: return rt_value_int(loop->index0);
    case RT__LOOP_first: return rt_value_bool(loop->index0 == 0);
    case RT__LOOP_last: return rt_value_bool(!peek(loop));
    case RT__LOOP_length: return rt_value_int(length_of(loop));
    case RT__LOOP_revindex: return rt_value_int(length_of(loop) - loop->index0);
    case RT__LOOP_revindex0:
        return rt_value_int(length_of(loop) - loop->index0 - 1);
    case RT__LOOP_depth: return rt_value_int(loop->depth + 1);
    case RT__LOOP_depth0: return rt_value_int(loop->depth);
    case RT__LOOP_previtem:
        return loop->has_previous
                   ? loop->previous
                   : rt__undefined_hint(&vm->head,
                                        RT_STR("there is no previous item"));
    case RT__LOOP_nextitem:
        return peek(loop) ? loop->next
                          : rt__undefined_hint(&vm->head,
                                               RT_STR("there is no next item"));
    case RT__LOOP_cycle: return rt__bound_method(&vm->head, v, &cycle_method);
    case RT__LOOP_changed:
        return rt__bound_method(&vm->head, v, &changed_method);
    case RT__LOOP_NONE: break;
    }
    return rt__undefined_attr(&vm->head, v, rt_value_str(name));
}

static rt_value loop_attr(void *self, rt_arena *arena, rt_str name)
{
    state *loop = self;
    (void)arena;
    return rt__loop_attr(loop->vm,
                         (rt_value){.kind = RT_OBJECT,
                                    .as.object = &loop->head.object},
                         rt__loop_member_find(name), name);
}

static size_t loop_len(void *self)
{
    return (size_t)length_of(self);
}

// ---- recursion -------------------------------------------------------------------

rt_status rt__loop_run(rt__vm *vm, const rt__code *body, rt__frame *outer,
                       rt_value iterable, int depth, rt_value *out)
{
    rt__frame *frame = rt__frame_new(vm, body, outer, outer->ctx);
    // Slot 0 is the loop, slot 1 its iterable, slot 2 its depth.
    frame->slots[1] = iterable;
    frame->slots[2] = rt_value_int(depth);
    rt_status st = rt__step(&vm->head, 1);
    return st ? st : rt__run_captured(vm, frame, out);
}

rt_status rt__loop_call(rt__vm *vm, rt_value v, rt_value iterable,
                        rt_value *out)
{
    state *loop = loop_of(v);
    if (!loop->body)
        return rt__raise(&vm->head, RT_TEMPLATE_TYPE_ERROR,
                         "the loop must have the 'recursive' marker to be "
                         "called recursively");
    return rt__loop_run(vm, loop->body, loop->frame, iterable, loop->depth + 1,
                        out);
}
