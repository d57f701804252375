// Finding methods, and what they share: checks of arguments and positions.
#include "template/methods.h"

static const rt__builtin *find_in(const rt__methods *methods, rt_str name)
{
    size_t low = 0;
    size_t high = methods->n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const rt__method *m = &methods->rows[middle];
        int order = m->len != name.len
                        ? (m->len < name.len ? -1 : 1)
                        : memcmp(m->builtin.name, name.data, name.len);
        if (order == 0)
            return &m->builtin;
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

static const rt__methods *methods_of(rt_value self)
{
    switch (rt_value_kind(self)) {
    case RT_BOOL:
    case RT_INT: return &rt__int_methods;
    case RT_FLOAT: return &rt__float_methods;
    case RT_STRING:
    case RT_SAFE: return &rt__str_methods;
    case RT_BYTES: return &rt__bytes_methods;
    case RT_LIST: return &rt__list_methods;
    case RT_TUPLE: return &rt__tuple_methods;
    case RT_DICT: return &rt__dict_methods;
    case RT_DATE: return &rt__datetime_methods;
    case RT_OBJECT: break;
    case RT_UNDEFINED:
    case RT_NONE:
    case RT_UUID: return NULL;
    }
    if (rt__is_range(self, NULL, NULL, NULL))
        return &rt__range_methods;
    if (rt__is_bigint(self))
        return &rt__int_methods;
    return rt__date_part_methods(self);
}

const rt__builtin *rt__method_find(rt_value self, rt_str name)
{
    const rt__methods *methods = methods_of(self);
    const rt__builtin *found = methods ? find_in(methods, name) : NULL;
    if (!found && self.kind == RT_SAFE)
        found = find_in(&rt__safe_methods, name);
    return found;
}

// ---- arguments -------------------------------------------------------------------

static size_t count_words(const char *params)
{
    size_t words = 1; // "self", always
    for (const char *at = params; *at; at++)
        words += *at == ' ';
    return words;
}

rt_status rt__method_check(rt_render *r, const rt__builtin *b,
                           const rt_value *args, size_t n, size_t n_named)
{
    const char *type = rt__type_name(args[0]);
    size_t most = count_words(b->params) - 1;
    size_t least = b->required - 1;
    size_t given = n - 1;

    if (n_named)
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "{}.{}() takes no keyword arguments", type, b->name);
    if (given >= least && given <= most)
        return RT_OK;
    if (most == 0)
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "{}.{}() takes no arguments ({} given)", type, b->name,
                         given);
    if (most == 1 && least == 1)
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "{}.{}() takes exactly one argument ({} given)", type,
                         b->name, given);
    if (most == least)
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "{} expected {} arguments, got {}", b->name, most,
                         given);
    const char *bound = given < least ? "least" : "most";
    size_t wanted = given < least ? least : most;
    return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                     "{} expected at {} {} argument{}, got {}", b->name, bound,
                     wanted, wanted == 1 ? "" : "s", given);
}

rt_status rt__method_count(rt_render *r, rt_value v, int64_t otherwise,
                           int64_t *out)
{
    *out = otherwise;
    if (rt__is_absent(v))
        return RT_OK;
    if (rt__is_bigint(v))
        return rt__raise(r, RT_TEMPLATE_OVERFLOW_ERROR,
                         "Python int too large to convert to C ssize_t");
    return rt__index(r, v, out);
}

rt_status rt__method_flag(rt_render *r, rt_value v, bool *out)
{
    int64_t n;
    rt_status st = rt__method_count(r, v, 0, &n);
    *out = n != 0;
    return st;
}

static rt_status slice_bound(rt_render *r, rt_value v, int64_t otherwise,
                             int64_t *out)
{
    *out = otherwise;
    if (rt__is_absent(v) || v.kind == RT_NONE)
        return RT_OK;
    if (!rt__is_integer(v))
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "slice indices must be integers or None or have an "
                         "__index__ method");
    return rt__index(r, v, out);
}

rt_status rt__method_bounds(rt_render *r, size_t len, rt_value start,
                            rt_value stop, size_t *first, size_t *last)
{
    int64_t from;
    int64_t to;
    rt_status st = slice_bound(r, start, 0, &from);
    if (!st)
        st = slice_bound(r, stop, INT64_MAX, &to);
    if (st)
        return st;

    int64_t size = (int64_t)len;
    if (to > size)
        to = size;
    if (to < 0)
        to = to + size < 0 ? 0 : to + size;
    if (from < 0)
        from = from + size < 0 ? 0 : from + size;
    *first = (size_t)from;
    *last = (size_t)to;
    return RT_OK;
}

// ---- results ------------------------------------------------------------------------

rt_status rt__method_changed(rt_render *r, rt_value self, rt_status st)
{
    if (st == RT_E_FROZEN)
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "a {} that is shared cannot be changed",
                         rt__type_name(self));
    if (st)
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "a {} cannot be changed: {}", rt__type_name(self),
                         rt_status_text(st));
    return RT_OK;
}

rt_status rt__method_push(rt_render *r, rt_value list, rt_value item)
{
    rt_status st = rt_list_len(list) < RT__LIST_ITEMS_MAX
                       ? rt__step(r, 1)
                       : rt__check_items(r, RT__LIST_ITEMS_MAX + 1);
    return st ? st : rt__method_changed(r, list, rt_list_push(list, item));
}
