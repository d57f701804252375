// Other templates: extends, blocks, include, import.
#include "template/vm.h"

static rt_status get(rt__vm *vm, rt_str name, rt_template **out)
{
    rt_render *r = &vm->head;
    rt_template_error error = {0};
    rt_status st = rt_template_get(vm->env, r->arena, name, out, &error);
    if (st) {
        if (!r->error.kind)
            r->error = error;
        if (error.line)
            rt__error_frame(vm, "loading", name);
        return st;
    }
    rt__template_keep(*out, r->arena);
    rt_template_put(*out);
    return RT_OK;
}

// The first of several names that exists.
static rt_status select(rt__vm *vm, rt_value names, rt_template **out)
{
    rt_render *r = &vm->head;
    rt_buf tried;
    rt_buf_init(&tried, r->arena);
    rt__iter it;
    rt_value name;
    rt_status st = rt__iter_init(r, names, &it);
    if (st)
        return st;
    while (rt__iter_next(r, &it, &name)) {
        rt_str text;
        if (name.kind == RT_UNDEFINED)
            continue;
        st = rt__template_name(vm, name, &text);
        if (r->error.kind == RT_TEMPLATE_NOT_FOUND) // the name is no text
            text = r->error.message;
        else if (st)
            return st;
        else if (!(st = get(vm, text, out)))
            return RT_OK;
        // A template that one of them needs and that is missing is an error.
        if (r->error.kind != RT_TEMPLATE_NOT_FOUND ||
            !rt_str_eq(r->error.message, text))
            return st;
        r->error = (rt_template_error){0};
        if (tried.len)
            rt_buf_put_cstr(&tried, ", ");
        rt_buf_put(&tried, text);
    }
    if (r->error.kind)
        return RT_E_TYPE;
    if (!tried.len)
        return rt__raise(r, RT_TEMPLATES_NOT_FOUND,
                         "Tried to select from an empty list of templates");
    return rt__raise(r, RT_TEMPLATES_NOT_FOUND,
                     "none of the templates given were found: {}",
                     rt_buf_str(&tried));
}

rt_status rt__template_name(rt__vm *vm, rt_value name, rt_str *out)
{
    *out = RT_STR(""); // also where there is none
    if (name.kind == RT_UNDEFINED)
        return rt__undefined_fail(&vm->head, name);
    uint64_t hash;
    if (rt_value_is_text(name)) {
        *out = rt_value_as_str(name);
        return RT_OK;
    }
    if (rt_value_hash(name, &hash))
        return rt__raise(&vm->head, RT_TEMPLATE_TYPE_ERROR,
                         "unhashable type: '{}'", rt__type_name(name));
    return rt__raise(&vm->head, RT_TEMPLATE_NOT_FOUND, "{}", name);
}

static rt_status get_or_select(rt__vm *vm, rt_value name, rt_template **out)
{
    rt_str text = {0};
    bool some;
    if (name.kind != RT_UNDEFINED && !rt_value_is_text(name)) {
        rt_status st = rt__truth(&vm->head, name, &some);
        if (st)
            return st;
        return select(vm, some ? name : rt_list_new(vm->head.arena), out);
    }
    rt_status st = rt__template_name(vm, name, &text);
    return st ? st : get(vm, text, out);
}

// ---- blocks ---------------------------------------------------------------------

static rt__block_chain *find_chain(rt__context *ctx, rt_str name)
{
    for (rt__block_chain *c = ctx->blocks; c; c = c->next)
        if (rt_str_eq(c->name, name))
            return c;
    return NULL;
}

// Put the blocks of a template behind those of the templates that extend it.
void rt__context_add_blocks(rt__vm *vm, rt__context *ctx, const rt_template *t)
{
    rt_arena *arena = vm->head.arena;
    for (size_t i = 0; i < t->blocks_len; i++) {
        rt__block_chain *chain = find_chain(ctx, t->blocks[i].name);
        if (!chain) {
            chain = rt_new(arena, rt__block_chain, 1);
            chain->name = t->blocks[i].name;
            chain->next = ctx->blocks;
            ctx->blocks = chain;
        }
        const rt__code **codes =
            rt_new(arena, const rt__code *, chain->len + 1);
        if (chain->len)
            memcpy(codes, chain->codes, chain->len * sizeof *codes);
        codes[chain->len++] = t->blocks[i].code;
        chain->codes = codes;
    }
}

static void merge(rt_value into, rt_value from)
{
    rt_dict_each(e, from)
        if (!rt__is_absent(e->value))
            (void)!rt_dict_set(into, e->key, e->value);
}

void rt__context_collect(const rt__context *ctx, rt_value into)
{
    if (ctx->outer)
        rt__context_collect(ctx->outer, into);
    merge(into, ctx->overlay);
    merge(into, ctx->hidden);
    merge(into, ctx->vars);
}

// A context of its own that sees all that this one sees, and the locals. While
// it is in use this one does not change.
static rt__context *derive(rt__vm *vm, const rt__context *ctx, rt_value locals)
{
    rt__context *derived = rt_arena_copy(vm->head.arena, ctx, sizeof *derived);
    derived->vars = derived->hidden = rt_value_undefined();
    derived->overlay = locals;
    derived->outer = ctx;
    return derived;
}

// The same for a module, whose macros may be called when this one has changed.
static rt__context *snapshot(rt__vm *vm, const rt__context *ctx,
                             rt_value locals)
{
    rt__context *derived = derive(vm, ctx, rt_value_undefined());
    derived->overlay = rt_dict_new(vm->head.arena);
    derived->outer = NULL;
    rt__context_collect(ctx, derived->overlay);
    merge(derived->overlay, locals);
    return derived;
}

rt_status rt__run_block(rt__vm *vm, rt__context *ctx, rt_str name,
                        const rt__code *asked, rt_value locals, unsigned flags)
{
    rt_render *r = &vm->head;
    rt__block_chain *chain = find_chain(ctx, name);
    (void)asked;
    if (!chain)
        return rt__raise(r, RT_TEMPLATE_RUNTIME_ERROR, "no block {!r}", name);
    if (flags & RT__BLOCK_REQUIRED && chain->len <= 1)
        return rt__raise(r, RT_TEMPLATE_RUNTIME_ERROR,
                         "Required block {!r} not found", name);
    if (flags & RT__BLOCK_SCOPED)
        ctx = derive(vm, ctx, locals);
    const rt__code *code = chain->codes[0];
    rt_status st = rt__enter(vm);
    if (st)
        return st;
    bool escaping = r->autoescape;
    r->autoescape = code->owner->autoescape;
    st = rt__vm_run(vm, rt__frame_new(vm, code, NULL, ctx), NULL);
    r->autoescape = escaping;
    r->depth--;
    if (st)
        rt__error_frame(vm, "block", name);
    return st;
}

rt_status rt__extends(rt__vm *vm, rt__context *ctx, rt_value name)
{
    rt_template *parent;
    if (ctx->parent)
        return rt__raise(&vm->head, RT_TEMPLATE_RUNTIME_ERROR,
                         "extended multiple times");
    rt_str text;
    rt_status st = rt__template_name(vm, name, &text);
    if (!st)
        st = get(vm, text, &parent);
    if (st)
        return st;
    ctx->parent = parent;
    rt__context_add_blocks(vm, ctx, parent);
    return RT_OK;
}

rt_status rt__run_parent(rt__vm *vm, rt__context *ctx)
{
    rt_render *r = &vm->head;
    rt_template *parent = ctx->parent;
    if (!parent)
        return RT_OK;
    rt_status st = rt__enter(vm);
    if (st)
        return st;
    // The parent runs in the same context, and may extend another one.
    ctx->parent = NULL;
    bool escaping = r->autoescape;
    r->autoescape = parent->autoescape;
    st = rt__vm_run(vm, rt__frame_new(vm, parent->root, NULL, ctx), NULL);
    r->autoescape = escaping;
    r->depth--;
    if (st)
        rt__error_frame(vm, "extends", parent->name);
    return st;
}

// ---- include and import ------------------------------------------------------------

static rt_status run_root(rt__vm *vm, rt__context *ctx, const rt_template *t)
{
    rt_render *r = &vm->head;
    rt_status st = rt__enter(vm);
    if (st)
        return st;
    bool escaping = r->autoescape;
    r->autoescape = t->autoescape;
    st = rt__vm_run(vm, rt__frame_new(vm, t->root, NULL, ctx), NULL);
    r->autoescape = escaping;
    r->depth--;
    return st;
}

// Make a context that of a template.
static rt__context *context_for(rt__vm *vm, rt__context *ctx, rt_template *t)
{
    ctx->t = t;
    ctx->parent = NULL;
    ctx->blocks = NULL;
    rt__context_add_blocks(vm, ctx, t);
    return ctx;
}

// A module: the context a template's root has left behind, and what it printed.
typedef struct rt__module {
    rt__context *ctx;
    rt_str text;
    struct rt__module *next; // of those without context
} module;

static void put_module(void *self, rt_buf *out)
{
    rt_buf_put(out, ((const module *)self)->text);
}

static rt_value module_attr(void *self, rt_arena *arena, rt_str name)
{
    const module *m = self;
    (void)arena;
    return rt_dict_get_str(m->ctx->vars, name);
}

static const rt_vtable module_vtable = {.name = "TemplateModule",
                                        .attr = module_attr,
                                        .text = put_module,
                                        .markup = true};

static rt_status run_module(rt__vm *vm, rt__context *ctx, module **out)
{
    rt__capture_begin(vm);
    rt_status st = run_root(vm, ctx, ctx->t);
    rt_str text = rt__capture_end(vm);
    *out = rt_new(vm->head.arena, module, 1);
    **out = (module){ctx, text, NULL};
    return st;
}

// Without context a module is made once per render; it sees only globals, so
// it is the same wherever it is imported.
static rt_status shared_module(rt__vm *vm, rt_template *t, module **out)
{
    for (module *m = vm->modules; m; m = m->next)
        if (m->ctx->t == t) {
            *out = m;
            return RT_OK;
        }
    rt__context *ctx = rt_new(vm->head.arena, rt__context, 1);
    ctx->vars = ctx->hidden = ctx->overlay = ctx->base = rt_value_undefined();
    rt_status st = run_module(vm, context_for(vm, ctx, t), out);
    if (st)
        return st;
    (*out)->next = vm->modules;
    vm->modules = *out;
    return RT_OK;
}

rt_status rt__include(rt__vm *vm, rt__context *ctx, rt_value name,
                      rt_value locals, unsigned flags)
{
    rt_render *r = &vm->head;
    rt_template *t;
    rt_status st = get_or_select(vm, name, &t);
    bool missing = r->error.kind == RT_TEMPLATES_NOT_FOUND ||
                   (r->error.kind == RT_TEMPLATE_NOT_FOUND && !r->error.line);
    if (st && missing && flags & RT__INCLUDE_IGNORE_MISSING) {
        r->error = (rt_template_error){0};
        return RT_OK;
    }
    if (st)
        return st;
    if (flags & RT__INCLUDE_WITHOUT_CONTEXT) {
        module *m;
        st = shared_module(vm, t, &m);
        if (!st)
            rt_buf_put(vm->out, m->text);
    } else {
        st = run_root(vm, context_for(vm, derive(vm, ctx, locals), t), t);
    }
    if (st)
        rt__error_frame(vm, "include", t->name);
    return st;
}

rt_status rt__import(rt__vm *vm, rt__context *ctx, rt_value name,
                     rt_value locals, bool with_context, rt_value *out)
{
    rt_template *t;
    rt_str text = {0};
    module *m;
    rt_status st = rt__template_name(vm, name, &text);
    if (!st)
        st = get(vm, text, &t);
    if (st)
        return st;
    st = with_context
             ? run_module(vm, context_for(vm, snapshot(vm, ctx, locals), t), &m)
             : shared_module(vm, t, &m);
    if (st)
        rt__error_frame(vm, "import", t->name);
    else
        *out = rt_object_new(vm->head.arena, &module_vtable, m);
    return st;
}

rt_status rt__module_member(rt__vm *vm, rt_value v, rt__name *name,
                            rt_value *out)
{
    const module *m = v.as.object->self;
    const rt_dict_entry *e = rt_dict_find_key(m->ctx->vars, &name->key);
    if (e) {
        *out = e->value;
        return RT_OK;
    }
    *out = rt__undefined_hint(
        &vm->head,
        rt_format(vm->head.arena,
                  "the template {!r} does not export the requested name {!r}",
                  m->ctx->t->name, name->key.text));
    return RT_OK;
}
