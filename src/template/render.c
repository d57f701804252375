// Rendering: from a template and a context to text.
#include <retort/base/hash.h>

#include "template/vm.h"

rt_str rt_template_error_text(rt_arena *arena, const rt_template_error *error)
{
    rt_error plain = {.message = rt_format(arena, "{}: {}",
                                           rt_template_error_name(error->kind),
                                           error->message),
                      .file = error->template_name.data ? error->template_name
                                                        : RT_STR("<template>"),
                      .line = error->line,
                      .column = error->column,
                      .excerpt = error->excerpt};
    rt_buf text;
    rt_buf_init(&text, arena);
    rt_buf_put(&text, rt_error_text(arena, &plain));
    for (size_t i = 0; i < error->frames_len; i++) {
        const rt_template_frame *f = &error->frames[i];
        rt_buf_format(&text, "\n  in {}, from {} line {}", f->what,
                      f->template_name.data ? f->template_name
                                            : RT_STR("<template>"),
                      f->line);
    }
    return rt_buf_str(&text);
}

// ---- a render ------------------------------------------------------------------------

static void start(rt__vm *vm, rt_template_env *env, rt_arena *arena,
                  rt_buf *out)
{
    const rt_template_limits *limits = &env->options.limits;
    *vm = (rt__vm){.head = {.arena = arena,
                            .env = env,
                            .undefined = env->options.undefined,
                            .sandbox = env->options.sandbox,
                            .policies = &env->options.policies,
                            .steps_left =
                                limits->steps ? limits->steps : UINT64_MAX,
                            .range_max = env->options.sandbox
                                             ? limits->range_items
                                                   ? limits->range_items
                                                   : RT_TEMPLATE_RANGE_ITEMS
                                             : 0},
                   .plain = !env->options.finalize && !out->limit &&
                            !out->status && !limits->output_bytes,
                   .metered = limits->steps || limits->memory_bytes,
                   .out = out,
                   .top = out,
                   .env = env};
    if (limits->memory_bytes)
        vm->head.memory_max = rt_arena_bytes(arena) + limits->memory_bytes;
}

static rt_status report(const rt__vm *vm, rt_status st,
                        rt_template_error *error)
{
    if (!st)
        return RT_OK;
    if (error)
        *error = vm->head.error;
    switch (vm->head.error.kind) {
    case RT_TEMPLATE_OK: return st; // the writer's own
    case RT_TEMPLATE_NOT_FOUND:
    case RT_TEMPLATES_NOT_FOUND: return RT_E_NOT_FOUND;
    case RT_TEMPLATE_LIMIT_ERROR: return RT_E_LIMIT;
    case RT_TEMPLATE_SYNTAX_ERROR:
    case RT_TEMPLATE_ASSERTION_ERROR: return RT_E_SYNTAX;
    default: return RT_E_TYPE;
    }
}

// Zero is no variables; anything else than a dict would be none silently.
static rt_status check_variables(rt__vm *vm, const char *what, rt_value v)
{
    if (v.kind == RT_UNDEFINED || v.kind == RT_DICT)
        return RT_OK;
    return rt__raise(&vm->head, RT_TEMPLATE_TYPE_ERROR,
                     "{} must be a dict, not {}", what, rt__type_name(v));
}

static rt_status check_run(rt__vm *vm, const rt_template_run *run)
{
    rt_status st = check_variables(vm, "the context", run->context);
    return st ? st : check_variables(vm, "the globals", run->globals);
}

static rt_status run_template(rt__vm *vm, rt_template *t, rt_value context)
{
    rt_arena *arena = vm->head.arena;
    rt__context *ctx = rt_new(arena, rt__context, 1);
    *ctx = (rt__context){.vars = rt_value_undefined(),
                         .hidden = rt_value_undefined(),
                         .overlay = rt_value_undefined(),
                         .base = context,
                         .t = t};
    rt__context_add_blocks(vm, ctx, t);
    vm->head.autoescape = t->autoescape;
    return rt__vm_run(vm, rt__frame_new(vm, t->root, NULL, ctx), NULL);
}

rt_status rt_template_execute(rt_template *t, rt_arena *arena,
                              const rt_template_run *run, rt_buf *out,
                              rt_template_error *error)
{
    rt__vm vm;
    rt_buf own;
    rt_buf_init(&own, arena);
    if (!out)
        out = &own;
    size_t limit = out->limit, output = t->env->options.limits.output_bytes;
    if (output)
        out->limit = out->len + output;
    start(&vm, t->env, arena, out);
    vm.write = run->write;
    vm.plain = vm.plain && !run->write;
    vm.write_arg = run->write_arg;
    vm.globals = run->globals;
    vm.data = run->data;
    rt__template_keep(t, arena);
    rt_status st = check_run(&vm, run);
    if (!st)
        st = run_template(&vm, t, run->context);
    if (!st && run->write && out->len)
        st = run->write(run->write_arg, rt_buf_str(out));
    out->limit = limit;
    return report(&vm, st, error);
}

rt_status rt_template_render(rt_template *t, rt_arena *arena, rt_value context,
                             rt_buf *out, rt_template_error *error)
{
    rt_template_run run = {.context = context};
    return rt_template_execute(t, arena, &run, out, error);
}

rt_status rt_template_stream(rt_template *t, rt_arena *arena, rt_value context,
                             rt_template_writer *write, void *arg,
                             rt_template_error *error)
{
    rt_template_run run = {.context = context,
                           .write = write,
                           .write_arg = arg};
    return rt_template_execute(t, arena, &run, NULL, error);
}

// ---- expressions -----------------------------------------------------------------------

rt_status rt_template_eval(rt_template_env *env, rt_arena *arena,
                           rt_str expression, rt_value context, rt_value *out,
                           rt_template_error *error)
{
    rt_template_run run = {.context = context};
    return rt_template_evaluate(env, arena, expression, &run, out, error);
}

rt_status rt_template_evaluate(rt_template_env *env, rt_arena *arena,
                               rt_str expression, const rt_template_run *run,
                               rt_value *out, rt_template_error *error)
{
    rt_template *t;
    *out = rt_value_undefined();
    rt_status st =
        rt__template_parse_expression(env, arena, expression, &t, error);
    if (st)
        return st;
    rt__template_keep(t, arena);
    rt_template_put(t);
    rt__vm vm;
    rt_buf unused;
    rt_buf_init(&unused, arena);
    start(&vm, env, arena, &unused);
    vm.globals = run->globals;
    vm.data = run->data;
    rt__context ctx = {.vars = rt_value_undefined(),
                       .hidden = rt_value_undefined(),
                       .overlay = rt_value_undefined(),
                       .base = run->context,
                       .t = t};
    rt_value v = rt_value_none();
    st = check_run(&vm, run);
    if (!st)
        st = rt__vm_run(&vm, rt__frame_new(&vm, t->root, NULL, &ctx), &v);
    if (!st)
        *out = rt_value_copy(arena, v);
    return report(&vm, st, error);
}

rt_value rt_template_lookup(const rt_template_call *call, const char *name)
{
    rt__vm *vm = rt__vm_of(call->render);
    rt_str text = rt_str_from(name);
    if (!vm->frame) // a constant is being folded
        return rt_value_undefined();
    rt_value v = rt__context_lookup(vm, vm->frame->ctx, text,
                                    rt_hash_bytes(text.data, text.len));
    return rt__is_absent(v) ? rt_value_undefined() : v;
}
