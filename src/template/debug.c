// The debug tag: what a template can see, as a dict that is printed over several
// lines.
#include "template/filters.h"
#include "template/vm.h"

static void merge(rt_value into, rt_value from)
{
    rt_dict_each(e, from)
        if (!rt__is_absent(e->value))
            (void)!rt_dict_set(into, e->key, e->value);
}

static rt_value names_of_filters(rt_arena *arena)
{
    rt_value list = rt_list_new(arena);
#define ADD(name, fn, params, required, flags) \
    (void)!rt_list_push(list, rt_value_cstr(name));
    RT__FILTERS(ADD)
#undef ADD
    return list;
}

static rt_value names_of_tests(rt_arena *arena)
{
    rt_value list = rt_list_new(arena);
    size_t n;
    const rt__builtin *tests = rt__tests(&n);
    for (size_t i = 0; i < n; i++)
        (void)!rt_list_push(list, rt_value_cstr(tests[i].name));
    return list;
}

rt_status rt__debug_text(rt__vm *vm, const rt__context *ctx, rt_value *out)
{
    rt_arena *arena = vm->head.arena;
    rt_value all = rt_dict_new(arena), context = rt_dict_new(arena);
    merge(context, vm->env->globals);
    merge(context, vm->globals);
    merge(context, ctx->base);
    rt__context_collect(ctx, context);
    (void)!rt_dict_set_str(all, RT_STR("context"), context);
    (void)!rt_dict_set_str(all, RT_STR("filters"), names_of_filters(arena));
    (void)!rt_dict_set_str(all, RT_STR("tests"), names_of_tests(arena));
    return rt__filter_apply(&vm->head, RT_STR("pprint"), &all, 1, NULL, 0, out);
}
