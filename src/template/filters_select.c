// Filters that apply a filter or a test to each element: map, select, reject,
// selectattr, rejectattr.
//
// All are lazy: nothing is looked at, not even the arguments, before the first
// element is asked for.
#include "template/env.h"
#include "template/filters.h"

typedef enum select_kind {
    MAP,
    SELECT,
    REJECT,
} select_kind;

// A walk over a sequence with what is applied to its elements.
typedef struct walk {
    select_kind kind;
    bool by_attribute; // the test looks at an attribute
    bool started;
    rt_value source;
    rt__iter it;
    rt_value *args; // from the second one on; the first is the element
    size_t n;
    rt_value named;  // dict or undefined
    rt_value *pairs; // what is named, as calls take it
    size_t n_pairs;

    rt__getter getter;
    rt_value name;              // of the filter or test; absent: none
    bool found;                 // what it means has been looked up
    const rt__builtin *builtin; // it is; NULL: the environment knows
} walk;

// ---- beginning --------------------------------------------------------------------

// The arguments lie on the caller's stack and are copied.
static rt_status walk_new(rt_render *r, select_kind kind, bool by_attribute,
                          const rt_value *a, size_t n, rt_value named,
                          rt__generator_fn *next, rt_value *out)
{
    walk *w = rt_new(r->arena, walk, 1);

    w->kind = kind;
    w->by_attribute = by_attribute;
    w->source = a[0];
    w->named = named;
    w->name = rt__absent();
    w->n = n - 1;
    w->args = rt_arena_copy(r->arena, a + 1, w->n * sizeof *a);
    *out = rt__generator_new(r, next, w);
    return RT_OK;
}

// Take the first argument; the element will stand in the next one's place.
static rt_value take_arg(walk *w)
{
    w->n--;
    return *w->args++;
}

static void prepare_named(rt_render *r, walk *w)
{
    w->name = take_arg(w);
    w->pairs = rt_new(r->arena, rt_value, 2 * rt_dict_len(w->named));
    rt_dict_each(e, w->named) {
        w->pairs[2 * w->n_pairs] = e->key;
        w->pairs[2 * w->n_pairs++ + 1] = e->value;
    }
}

static rt_status prepare_map(rt_render *r, walk *w)
{
    rt_value attribute = rt_dict_get_str(w->named, RT_STR("attribute"));
    bool has = rt_dict_has(w->named, rt_value_str(RT_STR("attribute")));

    if (w->n) {
        prepare_named(r, w);
        return RT_OK;
    }
    if (!has)
        return rt__raise(r, RT_TEMPLATE_FILTER_ARGUMENT_ERROR,
                         "map requires a filter argument");
    rt_dict_each(e, w->named) {
        rt_str key = rt_value_as_str(e->key);
        if (!rt_str_eq(key, RT_STR("attribute")) &&
            !rt_str_eq(key, RT_STR("default")))
            return rt__raise(r, RT_TEMPLATE_FILTER_ARGUMENT_ERROR,
                             "Unexpected keyword argument {!r}", key);
    }
    rt_value otherwise = rt_dict_has(w->named, rt_value_str(RT_STR("default")))
                             ? rt_dict_get_str(w->named, RT_STR("default"))
                             : rt__absent();
    return rt__getter_init(r, &w->getter, attribute, false, otherwise);
}

static rt_status prepare_select(rt_render *r, walk *w)
{
    if (w->by_attribute) {
        if (!w->n)
            return rt__raise(r, RT_TEMPLATE_FILTER_ARGUMENT_ERROR,
                             "Missing parameter for attribute name");
        rt_status st =
            rt__getter_init(r, &w->getter, take_arg(w), false, rt__absent());
        if (st)
            return st;
    }
    if (w->n)
        prepare_named(r, w);
    return RT_OK;
}

// Ready for the first element; false when there is none, or an error.
static bool start(rt_render *r, walk *w)
{
    bool truth;

    w->started = true;
    if (rt__truth(r, w->source, &truth))
        return false;
    if (!truth) { // also none and 0, which cannot be iterated
        w->source = rt_value_undefined();
        return !rt__iter_init(r, rt_tuple_of(r->arena, NULL, 0), &w->it);
    }
    if (w->kind == MAP ? prepare_map(r, w) : prepare_select(r, w))
        return false;
    return !rt__iter_init(r, w->source, &w->it);
}

// ---- walking ----------------------------------------------------------------------

// What the name of a filter (test) means; looked up at the first element.
static rt_status find_named(rt_render *r, walk *w)
{
    rt_str name = rt_value_as_str(w->name);
    bool is_filter = w->kind == MAP;
    rt__use use = {0};
    rt_status st = rt__check_key(r, w->name);

    w->found = true;
    if (st)
        return st;
    if (!r->env) {
        use.builtin = is_filter ? rt__filter_find(name) : rt__test_find(name);
    } else if (is_filter) {
        rt__env_filter(r->env, name, &use);
    } else {
        rt__env_test(r->env, name, &use);
    }
    w->builtin = use.builtin;
    if (!rt_value_is_text(w->name) || (!use.builtin && !use.host))
        return rt__raise(r, RT_TEMPLATE_RUNTIME_ERROR, "No {} named {!r}.",
                         is_filter ? "filter" : "test", w->name);
    return RT_OK;
}

static rt_status apply(rt_render *r, walk *w, rt_value item, rt_value *out)
{
    // The place before the arguments left is free: it held the name.
    rt_value *args = w->args - 1;
    rt_str name = rt_value_as_str(w->name);
    bool truth;
    rt_status st;

    if (!w->found && (st = find_named(r, w)))
        return st;
    args[0] = item;
    if (w->builtin)
        return rt__builtin_call(r, w->builtin, args, w->n + 1, w->pairs,
                                w->n_pairs, out);
    if (w->kind == MAP)
        return rt__filter_apply(r, name, args, w->n + 1, w->pairs, w->n_pairs,
                                out);
    st = rt__test_apply(r, name, args, w->n + 1, w->pairs, w->n_pairs, &truth);
    *out = rt_value_bool(truth);
    return st;
}

static bool next_mapped(rt_render *r, void *self, rt_value *out)
{
    walk *w = self;
    rt_value item;

    if (!w->started && !start(r, w))
        return false;
    if (!rt__iter_next(r, &w->it, &item))
        return false;
    if (rt__is_absent(w->name))
        return !rt__getter_get(r, &w->getter, item, out);
    return !apply(r, w, item, out);
}

static bool next_selected(rt_render *r, void *self, rt_value *out)
{
    walk *w = self;
    rt_value v;
    bool truth;

    if (!w->started && !start(r, w))
        return false;
    while (rt__iter_next(r, &w->it, out)) {
        if (rt__getter_get(r, &w->getter, *out, &v))
            return false;
        if (!rt__is_absent(w->name) && apply(r, w, v, &v))
            return false;
        if (rt__truth(r, v, &truth))
            return false;
        if (truth == (w->kind == SELECT))
            return true;
    }
    return false;
}

FILTER(map)
{
    return walk_new(r, MAP, false, a, n, named, next_mapped, out);
}

FILTER(select)
{
    return walk_new(r, SELECT, false, a, n, named, next_selected, out);
}

FILTER(reject)
{
    return walk_new(r, REJECT, false, a, n, named, next_selected, out);
}

FILTER(selectattr)
{
    return walk_new(r, SELECT, true, a, n, named, next_selected, out);
}

FILTER(rejectattr)
{
    return walk_new(r, REJECT, true, a, n, named, next_selected, out);
}
