// Methods of values: what the files of methods share.
//
// Each type has a table of its methods, ordered by the length of the name and
// then by its letters, so that a lookup compares one length after another and
// hardly ever text: `user.name` asks this table before it asks the dict.
#pragma once

#include "template/runtime.h"
#include "template/text_unicode.h"

// The parameters of a method's function, an rt__builtin_fn; few look at all.
#define RT__METHOD_ARGS                            \
    __attribute__((unused)) rt_render *r,          \
        __attribute__((unused)) const rt_value *a, \
        __attribute__((unused)) size_t n,          \
        __attribute__((unused)) rt_value named,    \
        __attribute__((unused)) rt_value *out

typedef struct rt__method {
    uint8_t len; // of the name
    rt__builtin builtin;
} rt__method;

// A row of a table. `params` includes "self", `required` counts it.
#define RT__METHOD_ROW(name, fn, params, required, flags) \
    {                                                     \
        sizeof(name) - 1,                                 \
        {                                                 \
            name, fn, params, required, flags             \
        }                                                 \
    }

typedef struct rt__methods {
    const rt__method *rows;
    size_t n;
} rt__methods;

extern const rt__methods rt__str_methods;
extern const rt__methods rt__safe_methods; // those str does not have
extern const rt__methods rt__bytes_methods;
extern const rt__methods rt__list_methods;
extern const rt__methods rt__tuple_methods;
extern const rt__methods rt__range_methods;
extern const rt__methods rt__dict_methods;
extern const rt__methods rt__int_methods;
extern const rt__methods rt__float_methods;
extern const rt__methods rt__datetime_methods;

// Methods of str that search and cut (methods_cut.c).
rt__builtin_fn rt__str_count, rt__str_find, rt__str_index, rt__str_rfind,
    rt__str_rindex, rt__str_startswith, rt__str_endswith, rt__str_partition,
    rt__str_rpartition, rt__str_replace, rt__str_split, rt__str_rsplit,
    rt__str_splitlines, rt__str_join;

// Check the arguments of a builtin with RT__POSITIONAL, of which args[0] is the
// object.
//
//   errors   TypeError, as Python words it for methods written in C
rt_status rt__method_check(rt_render *r, const rt__builtin *b,
                           const rt_value *args, size_t n, size_t n_named);

// A type in messages on arguments: none is "None".
static inline const char *rt__method_type(rt_value v)
{
    return v.kind == RT_NONE ? "None" : rt__type_name(v);
}

// An integer that counts or is a position: absent is `otherwise`.
//
//   errors   TypeError, OverflowError beyond 64 bits
rt_status rt__method_count(rt_render *r, rt_value v, int64_t otherwise,
                           int64_t *out);

// A flag that Python takes as integer: absent is false.
rt_status rt__method_flag(rt_render *r, rt_value v, bool *out);

// Append to a list that a method makes or changes.
//
//   errors   LimitError beyond RT__LIST_ITEMS_MAX; TypeError if it is frozen
rt_status rt__method_push(rt_render *r, rt_value list, rt_value item);

// Turn the status of a change to a list or dict into an error.
rt_status rt__method_changed(rt_render *r, rt_value self, rt_status st);

// The positions that `start` and `stop` mean in a sequence of `len` elements:
// absent and none are its ends. `*first` may lie behind `*last`: then nothing is
// to be found there, not even an empty text.
//
//   errors   TypeError: not integers
rt_status rt__method_bounds(rt_render *r, size_t len, rt_value start,
                            rt_value stop, size_t *first, size_t *last);

// dict.update(other, **named): `other` is a mapping, an iterable of pairs, or
// absent; `named` a dict or undefined.
//
//   errors   TypeError, ValueError: what is no pair
rt_status rt__dict_update(rt_render *r, rt_value dict, rt_value other,
                          rt_value named);

// Sort in place as list.sort does: stable, by `<` of the keys alone. `keys` and
// `items` may be the same.
//
//   errors   TypeError: '<' not supported between instances of 'str' and 'int'
rt_status rt__sort(rt_render *r, rt_value *keys, rt_value *items, size_t n,
                   bool reverse);

// Whether a value is what datetime.date() or .time() returned, and its methods.
const rt__methods *rt__date_part_methods(rt_value v);
