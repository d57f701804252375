// Calls: of macros, functions of the host, methods, filters and tests.
#include "template/call.h"

#include <assert.h>

static rt_status add_extra_args(rt__vm *vm, rt__arguments *a, rt_value extra)
{
    rt_value all = rt_list_of(vm->head.arena, a->args, a->n);
    rt__iter it;
    rt_value v;
    rt_status st = rt__iter_init(&vm->head, extra, &it);
    if (st)
        return st;
    while (rt__iter_next(&vm->head, &it, &v))
        (void)!rt_list_push(all, v);
    if (vm->head.error.kind)
        return RT_E_TYPE;
    a->args = rt_list_items(all);
    a->n = rt_list_len(all);
    return RT_OK;
}

static rt_status add_extra_named(rt__vm *vm, rt__arguments *a, rt_value extra)
{
    if (extra.kind != RT_DICT)
        return rt__raise(&vm->head, RT_TEMPLATE_TYPE_ERROR,
                         "argument after ** must be a mapping, not {}",
                         rt__type_name(extra));
    rt_value all = rt_list_of(vm->head.arena, a->named, 2 * a->n_named);
    rt_dict_each(e, extra) {
        if (!rt_value_is_text(e->key))
            return rt__raise(&vm->head, RT_TEMPLATE_TYPE_ERROR,
                             "keywords must be strings");
        rt_status st = rt__step(&vm->head, 1 + a->n_named);
        if (!st)
            st = rt__step_key(&vm->head, e->key);
        if (st)
            return st;
        for (size_t i = 0; i < a->n_named; i++)
            if (rt_value_equal(a->named[2 * i], e->key))
                return rt__raise(&vm->head, RT_TEMPLATE_TYPE_ERROR,
                                 "got multiple values for keyword argument "
                                 "{!r}",
                                 e->key);
        (void)!rt_list_push(all, e->key);
        (void)!rt_list_push(all, e->value);
    }
    a->named = rt_list_items(all);
    a->n_named = rt_list_len(all) / 2;
    return RT_OK;
}

rt_status rt__take_extra(rt__vm *vm, const rt_value *top, unsigned flags,
                         rt__arguments *a)
{
    rt_value named = flags & RT__EXTRA_NAMED ? *--top : rt_value_none();
    rt_status st = RT_OK;
    if (flags & RT__EXTRA_ARGS)
        st = add_extra_args(vm, a, *--top);
    if (!st && flags & RT__EXTRA_NAMED)
        st = add_extra_named(vm, a, named);
    return st;
}

rt_status rt__enter(rt__vm *vm)
{
    rt_render *r = &vm->head;
    const rt_template_limits *limits = &vm->env->options.limits;
    int depth = limits->depth ? limits->depth : RT_TEMPLATE_DEPTH;
    if (r->depth >= depth)
        return rt__raise(r, RT_TEMPLATE_RUNTIME_FAILURE,
                         "calls, includes and loops are nested deeper than {}",
                         depth);
    rt_status st = rt__check_memory(r, 0);
    if (st)
        return st;
    r->depth++;
    return rt__step(r, 1);
}

static rt_status call_host(rt__vm *vm, const rt__host_fn *fn,
                           const rt_value *args, size_t n,
                           const rt_value *named, size_t n_named, rt_value *out)
{
    rt_pair *pairs = rt_new(vm->head.arena, rt_pair, n_named);
    for (size_t i = 0; i < n_named; i++)
        pairs[i] = (rt_pair){rt_value_as_cstr(vm->head.arena, named[2 * i]),
                             named[2 * i + 1]};
    rt_template_call call = {.arena = vm->head.arena,
                             .args = args,
                             .args_len = n,
                             .named = pairs,
                             .named_len = n_named,
                             .autoescape = vm->head.autoescape,
                             .arg = fn->arg,
                             .data = vm->data,
                             .render = &vm->head};
    // Not *out: the caller may have it where the arguments lie.
    rt_value result = rt_value_none();
    rt_status st = fn->fn(&call, &result);
    assert(out); // only what prints itself is called without
    *out = result;
    if (st && !vm->head.error.kind)
        return rt__raise(&vm->head, RT_TEMPLATE_RUNTIME_ERROR, "{} failed: {}",
                         fn->name, rt_status_text(st));
    return st;
}

static rt_status call_object(rt__vm *vm, rt_value callee, const rt_value *args,
                             size_t n, const rt_value *named, size_t n_named,
                             rt_value *out)
{
    rt_object *object = callee.as.object;
    rt_value all = rt_list_of(vm->head.arena, args, n);
    for (size_t i = 0; i < 2 * n_named; i++)
        (void)!rt_list_push(all, named[i]);
    rt_status st = object->vtable->call(object->self, vm->head.arena,
                                        rt_list_items(all), n, n_named, out);
    if (st && !vm->head.error.kind)
        return rt__raise(&vm->head, RT_TEMPLATE_RUNTIME_ERROR, "{} failed: {}",
                         rt__type_name(callee), rt_status_text(st));
    return st;
}

bool rt__is_callable(rt_value v)
{
    const rt__host_fn *fn;
    return rt__is_closure(v) || rt__is_loop(v) || rt__is_host_fn(v, &fn) ||
           rt__is_builtin(v) ||
           (v.kind == RT_OBJECT && v.as.object->vtable->call);
}

static rt_status call_any(rt__vm *vm, rt_value callee, const rt_value *args,
                          size_t n, const rt_value *named, size_t n_named,
                          rt_value *out)
{
    const rt__host_fn *fn;
    if (callee.kind == RT_UNDEFINED)
        return rt__undefined_fail(&vm->head, callee);
    if (rt__is_closure(callee))
        return rt__closure_call(vm, callee, args, n, named, n_named, out);
    if (rt__is_builtin(callee))
        return rt__builtin_value_call(&vm->head, callee, args, n, named,
                                      n_named, out);
    if (rt__is_host_fn(callee, &fn))
        return call_host(vm, fn, args, n, named, n_named, out);
    if (rt__is_loop(callee)) {
        if (n != 1 || n_named)
            return rt__raise(&vm->head, RT_TEMPLATE_TYPE_ERROR,
                             "loop() takes one iterable");
        return rt__loop_call(vm, callee, args[0], out);
    }
    if (callee.kind == RT_OBJECT && callee.as.object->vtable->call)
        return call_object(vm, callee, args, n, named, n_named, out);
    return rt__raise(&vm->head, RT_TEMPLATE_TYPE_ERROR,
                     "'{}' object is not callable", rt__type_name(callee));
}

rt_status rt__call(rt_render *r, rt_value callee, const rt_value *args,
                   size_t n, const rt_value *named, size_t n_named,
                   rt_value *out)
{
    rt__vm *vm = rt__vm_of(r);
    bool escaping = r->autoescape;
    rt_status st = rt__enter(vm);
    if (st)
        return st;
    st = call_any(vm, callee, args, n, named, n_named, out);
    r->depth--;
    r->autoescape = escaping;
    return st;
}

rt_status rt__call_function(rt__vm *vm, rt_value callee, const rt__arguments *a,
                            bool *print, rt_value *out)
{
    *print = *print && (rt__is_closure(callee) || rt__is_loop(callee));
    return rt__call(&vm->head, callee, a->args, a->n, a->named, a->n_named,
                    *print ? NULL : out);
}

rt_status rt__apply_use(rt__vm *vm, const rt__use *use, const char *what,
                        const rt_value *args, size_t n, const rt_value *named,
                        size_t n_named, rt_value *out)
{
    rt_status st = rt__check_memory(&vm->head, 0);
    if (st)
        return st;
    if (use->builtin)
        return rt__builtin_call(&vm->head, use->builtin, args, n, named,
                                n_named, out);
    if (use->host)
        return call_host(vm, use->host, args, n, named, n_named, out);
    return rt__raise(&vm->head, RT_TEMPLATE_RUNTIME_ERROR,
                     "no {} named {!r} found", what, use->name);
}

rt_status rt__filter_apply(rt_render *r, rt_str name, const rt_value *args,
                           size_t n, const rt_value *named, size_t n_named,
                           rt_value *out)
{
    rt__use use;
    if (!rt__env_filter(r->env, name, &use))
        return rt__raise(r, RT_TEMPLATE_RUNTIME_ERROR, "no filter named {!r}",
                         name);
    return rt__apply_use(rt__vm_of(r), &use, "filter", args, n, named, n_named,
                         out);
}

rt_status rt__test_apply(rt_render *r, rt_str name, const rt_value *args,
                         size_t n, const rt_value *named, size_t n_named,
                         bool *out)
{
    rt__use use;
    rt_value v;
    if (!rt__env_test(r->env, name, &use))
        return rt__raise(r, RT_TEMPLATE_RUNTIME_ERROR, "no test named {!r}",
                         name);
    rt_status st =
        rt__apply_use(rt__vm_of(r), &use, "test", args, n, named, n_named, &v);
    return st ? st : rt__truth(r, v, out);
}

static const rt__builtin *find_method(const rt__vm *vm, rt_value object,
                                      rt_str name)
{
    if (object.kind == RT_OBJECT)
        return rt__is_loop(object) ? rt__loop_method(name) : NULL;
    return object.kind == RT_UNDEFINED || vm->head.sandbox
               ? NULL
               : rt__method_find(object, name);
}

// obj.name(...): methods of builtin types are called without making a value of
// them first.
rt_status rt__call_method(rt__vm *vm, rt_value object, rt_str name,
                          const rt__arguments *a, bool *print, rt_value *out)
{
    rt_value callee;
    const rt__builtin *method = find_method(vm, object, name);
    if (method) {
        rt_value self_and_args[RT__PARAMS_MAX + 1];
        if (a->n < RT__PARAMS_MAX) {
            self_and_args[0] = object;
            if (a->n)
                memcpy(self_and_args + 1, a->args, a->n * sizeof(rt_value));
            *print = false;
            return rt__builtin_call(&vm->head, method, self_and_args, a->n + 1,
                                    a->named, a->n_named, out);
        }
    }
    rt_status st = rt__get_attr(&vm->head, object, name, &callee);
    if (st)
        return st;
    return rt__call_function(vm, callee, a, print, out);
}
