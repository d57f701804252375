// What is made of code and can be called: macros, super() and self.block().
#include <retort/base/escape.h>

#include "template/token.h"
#include "template/vm.h"

// ---- macros ------------------------------------------------------------------

typedef struct macro {
    const rt__code *code;
    rt__frame *outer; // of the definition
    bool escaping;    // at the definition: how its body escapes
} macro;

static rt_value macro_attr(void *self, rt_arena *arena, rt_str name);
static void put_macro(void *self, rt_buf *out);

static const rt_vtable macro_vtable = {.name = "Macro",
                                       .attr = macro_attr,
                                       .text = put_macro};

static const char *macro_name(const macro *m)
{
    return m->code->name.len ? m->code->name.data : "anonymous";
}

static void put_macro(void *self, rt_buf *out)
{
    const macro *m = self;
    rt_buf_put_cstr(out, "<Macro ");
    if (m->code->name.len)
        rt_value_put_repr(out, rt_value_str(m->code->name));
    else
        rt_buf_put_cstr(out, "anonymous");
    rt_buf_put_char(out, '>');
}

static rt_value macro_attr(void *self, rt_arena *arena, rt_str name)
{
    const macro *m = self;
    const rt__code *code = m->code;
    if (rt_str_eq(name, RT_STR("name")))
        return code->name.len ? rt_value_str(code->name) : rt_value_none();
    if (rt_str_eq(name, RT_STR("catch_kwargs")))
        return rt_value_bool(code->kwargs_slot >= 0);
    if (rt_str_eq(name, RT_STR("catch_varargs")))
        return rt_value_bool(code->varargs_slot >= 0);
    if (rt_str_eq(name, RT_STR("caller")))
        return rt_value_bool(code->caller_slot >= 0);
    if (rt_str_eq(name, RT_STR("arguments"))) {
        rt_value *names = rt_new(arena, rt_value, code->params);
        for (size_t i = 0; i < code->params; i++)
            names[i] = rt_value_str(code->slot_names[i]);
        return rt_tuple_of(arena, names, code->params);
    }
    return rt_value_undefined();
}

rt_value rt__macro_new(rt__vm *vm, const rt__code *code)
{
    macro *m = rt_new(vm->head.arena, macro, 1);
    *m = (macro){code, vm->frame, vm->head.autoescape};
    return rt_object_new(vm->head.arena, &macro_vtable, m);
}

// The slot of a named argument, or -1.
static int find_parameter(const rt__code *code, rt_str name)
{
    for (int i = 0; i < code->params; i++)
        if (rt_str_eq(code->slot_names[i], name))
            return i;
    return -1;
}

// Named arguments that no parameter takes.
static rt_status refuse_named(rt__vm *vm, const macro *m, rt_value rest)
{
    size_t at = 0;
    if (rt_dict_has(rest, rt_value_str(RT_STR("caller"))))
        return rt__raise(&vm->head, RT_TEMPLATE_TYPE_ERROR,
                         "macro {!r} was invoked with two values for the "
                         "special caller argument. This is most likely a "
                         "bug.",
                         macro_name(m));
    return rt__raise(&vm->head, RT_TEMPLATE_TYPE_ERROR,
                     "macro {!r} takes no keyword argument {!r}", macro_name(m),
                     rt_dict_next(rest, &at)->key);
}

static void keep_named(rt__vm *vm, rt_value *rest, rt_value name, rt_value v)
{
    if (rest->kind != RT_DICT)
        *rest = rt_dict_new(vm->head.arena);
    (void)!rt_dict_set(*rest, name, v);
}

static rt_status take_named(rt__vm *vm, const macro *m, rt__frame *frame,
                            const rt_value *named, size_t n_named)
{
    const rt__code *code = m->code;
    rt_value rest = rt_value_undefined();
    if (code->kwargs_slot >= 0)
        rest = rt_dict_new(vm->head.arena);
    for (size_t i = 0; i < n_named; i++) {
        rt_str name = rt_value_as_str(named[2 * i]);
        rt_value v = named[2 * i + 1];
        int slot = find_parameter(code, name);
        if (slot >= 0 && rt__is_absent(frame->slots[slot]))
            frame->slots[slot] = v;
        else if (rt_str_eq(name, RT_STR("caller")) && code->caller_slot >= 0 &&
                 !code->caller_explicit)
            frame->slots[code->caller_slot] = v;
        else
            keep_named(vm, &rest, named[2 * i], v);
    }
    if (code->kwargs_slot >= 0)
        frame->slots[code->kwargs_slot] = rest;
    else if (rt_dict_len(rest))
        return refuse_named(vm, m, rest);
    return RT_OK;
}

static void take_positional(const rt__code *code, rt__frame *frame,
                            const rt_value *args, size_t n)
{
    for (size_t i = 0; i < n && i < code->params; i++)
        frame->slots[i] = args[i];
}

static rt_status take_more(rt__vm *vm, const macro *m, rt__frame *frame,
                           const rt_value *args, size_t n)
{
    const rt__code *code = m->code;
    size_t taken = n < code->params ? n : code->params;
    if (code->varargs_slot >= 0)
        frame->slots[code->varargs_slot] =
            rt_tuple_of(vm->head.arena, args + taken, n - taken);
    else if (n > taken)
        return rt__raise(&vm->head, RT_TEMPLATE_TYPE_ERROR,
                         "macro {!r} takes not more than {} argument(s)",
                         macro_name(m), (int64_t)code->params);
    return RT_OK;
}

static rt_status call_macro(rt__vm *vm, const macro *m, const rt_value *args,
                            size_t n, const rt_value *named, size_t n_named,
                            rt_value *out)
{
    const rt__code *code = m->code;
    rt__frame *frame = rt__frame_new(vm, code, m->outer, m->outer->ctx);
    take_positional(code, frame, args, n);
    rt_status st = take_named(vm, m, frame, named, n_named);
    if (!st)
        st = take_more(vm, m, frame, args, n);
    if (st)
        return st;
    if (code->caller_slot >= 0 && !code->caller_explicit &&
        (rt__is_absent(frame->slots[code->caller_slot]) ||
         rt_value_is_none(frame->slots[code->caller_slot])))
        frame->slots[code->caller_slot] =
            rt__undefined_hint(&vm->head, RT_STR("No caller defined"));
    // The body escapes as its definition says; whether the result is safe is
    // the caller's mode.
    bool escaping = vm->head.autoescape;
    vm->head.autoescape = m->escaping;
    rt_value text;
    st = rt__run_captured(vm, frame, out ? &text : NULL);
    vm->head.autoescape = escaping;
    if (!st && out)
        *out = escaping ? rt_value_safe(rt_value_as_str(text))
                        : rt_value_str(rt_value_as_str(text));
    return st;
}

// ---- super and self -----------------------------------------------------------

typedef struct block_reference {
    rt__vm *vm;
    rt__context *ctx;
    const rt__block_chain *chain;
    size_t depth; // in the chain
} block_reference;

static rt_value reference_attr(void *self, rt_arena *arena, rt_str name);

static const rt_vtable reference_vtable = {.name = "BlockReference",
                                           .attr = reference_attr};

static const rt__block_chain *find_chain(const rt__context *ctx, rt_str name)
{
    for (const rt__block_chain *c = ctx->blocks; c; c = c->next)
        if (rt_str_eq(c->name, name))
            return c;
    return NULL;
}

static rt_value reference_new(rt__vm *vm, rt__context *ctx,
                              const rt__block_chain *chain, size_t depth)
{
    if (!chain || depth >= chain->len)
        return rt__undefined_hint(
            &vm->head,
            rt_format(vm->head.arena, "there is no parent block called {!r}.",
                      chain ? chain->name : RT_STR("")));
    block_reference *ref = rt_new(vm->head.arena, block_reference, 1);
    *ref = (block_reference){vm, ctx, chain, depth};
    return rt_object_new(vm->head.arena, &reference_vtable, ref);
}

static rt_value reference_attr(void *self, rt_arena *arena, rt_str name)
{
    const block_reference *ref = self;
    (void)arena;
    if (!rt_str_eq(name, RT_STR("super")))
        return rt_value_undefined();
    return reference_new(ref->vm, ref->ctx, ref->chain, ref->depth + 1);
}

rt_value rt__super_new(rt__vm *vm, rt__context *ctx, rt_str block,
                       const rt__code *code)
{
    const rt__block_chain *chain = find_chain(ctx, block);
    size_t at = 0;
    while (chain && at < chain->len && chain->codes[at] != code)
        at++;
    return reference_new(vm, ctx, chain, at + 1);
}

static rt_status call_reference(rt__vm *vm, const block_reference *ref,
                                rt_value *out)
{
    const rt__code *code = ref->chain->codes[ref->depth];
    rt__frame *frame = rt__frame_new(vm, code, NULL, ref->ctx);
    bool escaping = vm->head.autoescape;
    vm->head.autoescape = code->owner->autoescape;
    rt_value text;
    rt_status st = rt__run_captured(vm, frame, out ? &text : NULL);
    vm->head.autoescape = escaping;
    if (!st && out)
        *out = escaping ? rt_value_safe(rt_value_as_str(text))
                        : rt_value_str(rt_value_as_str(text));
    return st;
}

typedef struct self_reference {
    rt__vm *vm;
    rt__context *ctx;
} self_reference;

static rt_value self_attr(void *self, rt_arena *arena, rt_str name)
{
    const self_reference *s = self;
    (void)arena;
    const rt__block_chain *chain = find_chain(s->ctx, name);
    return chain ? reference_new(s->vm, s->ctx, chain, 0)
                 : rt_value_undefined();
}

static rt_value self_item(void *self, rt_arena *arena, rt_value key)
{
    return self_attr(self, arena, rt_value_as_str(key));
}

static void put_self(void *self, rt_buf *out)
{
    const self_reference *s = self;
    rt_buf_put_cstr(out, "<TemplateReference ");
    rt_value_put_repr(out, s->ctx->t->name.data ? rt_value_str(s->ctx->t->name)
                                                : rt_value_none());
    rt_buf_put_char(out, '>');
}

static const rt_vtable self_vtable = {.name = "TemplateReference",
                                      .attr = self_attr,
                                      .item = self_item,
                                      .text = put_self};

rt_value rt__self_new(rt__vm *vm, rt__context *ctx)
{
    self_reference *s = rt_new(vm->head.arena, self_reference, 1);
    *s = (self_reference){vm, ctx};
    return rt_object_new(vm->head.arena, &self_vtable, s);
}

// ---- calling -------------------------------------------------------------------

bool rt__is_closure(rt_value v)
{
    return v.kind == RT_OBJECT && (v.as.object->vtable == &macro_vtable ||
                                   v.as.object->vtable == &reference_vtable);
}

static void add_frame(rt__vm *vm, rt_str what)
{
    rt_template_error *error = &vm->head.error;
    if (!error->kind || error->frames_len >= RT__ERROR_FRAMES_MAX)
        return;
    rt_template_frame *frames =
        rt_new(vm->head.arena, rt_template_frame, error->frames_len + 1);
    if (error->frames_len)
        memcpy(frames, error->frames, error->frames_len * sizeof *frames);
    const rt__frame *caller = vm->frame;
    size_t line = 0;
    if (caller && caller->at)
        line = rt__source_line(
            caller->code->owner->source,
            caller->code->places[caller->at - caller->code->ins]);
    frames[error->frames_len] = (rt_template_frame){
        what, caller ? caller->code->owner->name : RT_STR(""), line};
    error->frames = frames;
    error->frames_len++;
}

rt_status rt__closure_call(rt__vm *vm, rt_value callee, const rt_value *args,
                           size_t n, const rt_value *named, size_t n_named,
                           rt_value *out)
{
    void *self = callee.as.object->self;
    if (callee.as.object->vtable == &macro_vtable) {
        const macro *m = self;
        rt_status st = call_macro(vm, m, args, n, named, n_named, out);
        if (st)
            add_frame(vm,
                      m->code->name.len
                          ? rt_format(vm->head.arena, "macro {}", m->code->name)
                          : RT_STR("call block"));
        return st;
    }
    const block_reference *ref = self;
    if (n || n_named)
        return rt__raise(&vm->head, RT_TEMPLATE_TYPE_ERROR,
                         "a block takes no arguments");
    rt_status st = call_reference(vm, ref, out);
    if (st)
        add_frame(vm, rt_format(vm->head.arena, "block {}", ref->chain->name));
    return st;
}

void rt__error_frame(rt__vm *vm, const char *what, rt_str name)
{
    add_frame(vm, rt_format(vm->head.arena, "{} {}", what, name));
}
