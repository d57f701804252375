// What calling instructions do.
#pragma once

#include "template/vm.h"

// The arguments of a call instruction, taken from the stack.
typedef struct rt__arguments {
    const rt_value *args;
    size_t n;
    const rt_value *named; // name, value, name, value ...
    size_t n_named;
} rt__arguments;

// Add those that lie on top as *args and **kwargs.
rt_status rt__take_extra(rt__vm *vm, const rt_value *top, unsigned flags,
                         rt__arguments *a);

// Find the arguments below `top`. `*bottom` is the first one.
static inline rt_status rt__take_arguments(rt__vm *vm, rt_value *top, size_t n,
                                           size_t n_named, unsigned flags,
                                           rt__arguments *out,
                                           rt_value **bottom)
{
    rt_value *named = top - !!(flags & RT__EXTRA_NAMED) -
                      !!(flags & RT__EXTRA_ARGS) - 2 * n_named;
    *bottom = named - n;
    *out = (rt__arguments){*bottom, n, named, n_named};
    return RT_LIKELY(!flags) ? RT_OK : rt__take_extra(vm, top, flags, out);
}

// Apply a filter or test.
rt_status rt__apply_use(rt__vm *vm, const rt__use *use, const char *what,
                        const rt_value *args, size_t n, const rt_value *named,
                        size_t n_named, rt_value *out);

// Call any value. Where `*print` is true, and the callee is made of code, it
// prints; else `*out` has the result and `*print` becomes false.
rt_status rt__call_function(rt__vm *vm, rt_value callee, const rt__arguments *a,
                            bool *print, rt_value *out);

// object.name(...), the same way: methods of builtin types are called without making a value
// of them first.
rt_status rt__call_method(rt__vm *vm, rt_value object, rt_str name,
                          const rt__arguments *a, bool *print, rt_value *out);
