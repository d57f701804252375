// Builtin globals: range, dict, cycler, joiner, namespace, lipsum.
//
// Follows jinja2.defaults and jinja2.utils.
#include "template/filters.h"
#include "template/lipsum.h"
#include "template/methods.h"

#define GLOBAL(name) static RT__BUILTIN(name)

// ---- range -------------------------------------------------------------------------

// How many numbers a range has. Bounds and step fit 64 bits, so this does.
static uint64_t range_len(int64_t start, int64_t stop, int64_t step)
{
    uint64_t distance = step > 0 ? (uint64_t)stop - (uint64_t)start
                                 : (uint64_t)start - (uint64_t)stop;
    uint64_t width = step > 0 ? (uint64_t)step : 0 - (uint64_t)step;

    if (step > 0 ? start >= stop : start <= stop)
        return 0;
    return (distance - 1) / width + 1;
}

GLOBAL(make_range)
{
    int64_t start = 0, stop, step = 1;
    rt_status st;

    if (n < 1 || n > 3)
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "range expected at {}, got {}",
                         n < 1 ? "least 1 argument" : "most 3 arguments", n);
    if ((n > 1 && (st = rt__index(r, a[0], &start))) ||
        (st = rt__index(r, a[n > 1], &stop)) ||
        (n > 2 && (st = rt__index(r, a[2], &step))))
        return st;
    if (step == 0)
        return rt__raise(r, RT_TEMPLATE_VALUE_ERROR,
                         "range() arg 3 must not be zero");
    if (r->range_max && range_len(start, stop, step) > r->range_max)
        return rt__raise(r, RT_TEMPLATE_OVERFLOW_ERROR,
                         "Range too big. The sandbox blocks ranges larger "
                         "than MAX_RANGE ({}).",
                         r->range_max);
    *out = rt__range_new(r, start, stop, step);
    return RT_OK;
}

// ---- dict and namespace --------------------------------------------------------------

// Put what dict() takes into a dict: a mapping or pairs, and named values.
static rt_status fill_dict(rt_render *r, rt_value dict, const rt_value *a,
                           size_t n, rt_value named)
{
    if (n > 1)
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "dict expected at most 1 argument, got {}", n);
    if (n && a[0].kind == RT_UNDEFINED)
        return rt__undefined_fail(r, a[0]);
    return rt__dict_update(r, dict, n ? a[0] : rt__absent(), named);
}

GLOBAL(make_dict)
{
    *out = rt_dict_new(r->arena);
    return fill_dict(r, *out, a, n, named);
}

GLOBAL(make_namespace)
{
    rt_value dict;

    *out = rt__namespace_new(r);
    rt__is_namespace(*out, &dict);
    return fill_dict(r, dict, a, n, named);
}

// ---- cycler --------------------------------------------------------------------------

typedef struct cycler {
    rt_render *r;
    rt_value items; // a tuple
    int64_t at;
    rt_value self;
} cycler;

static rt_value cycler_attr(void *self, rt_arena *arena, rt_str name);

static const rt_vtable cycler_vtable = {.name = "Cycler", .attr = cycler_attr};

static rt_value current_of(const cycler *c)
{
    return rt_list_get(c->items, c->at);
}

GLOBAL(cycler_next)
{
    cycler *c = a[0].as.object->self;

    *out = current_of(c);
    c->at = (c->at + 1) % (int64_t)rt_list_len(c->items);
    return RT_OK;
}

GLOBAL(cycler_reset)
{
    cycler *c = a[0].as.object->self;

    c->at = 0;
    *out = rt_value_none();
    return RT_OK;
}

static rt_value cycler_attr(void *self, rt_arena *arena, rt_str name)
{
    static const rt__builtin next = {"next", cycler_next, "self", 1, 0};
    static const rt__builtin reset = {"reset", cycler_reset, "self", 1, 0};
    const cycler *c = self;
    (void)arena;

    if (rt_str_eq(name, RT_STR("next")))
        return rt__bound_method(c->r, c->self, &next);
    if (rt_str_eq(name, RT_STR("reset")))
        return rt__bound_method(c->r, c->self, &reset);
    if (rt_str_eq(name, RT_STR("current")))
        return current_of(c);
    if (rt_str_eq(name, RT_STR("items")))
        return c->items;
    if (rt_str_eq(name, RT_STR("pos")))
        return rt_value_int(c->at);
    return rt_value_undefined();
}

static rt_status no_keyword(rt_render *r, const char *type, rt_value named)
{
    rt_dict_each(e, named)
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "{}() got an unexpected keyword argument {!r}", type,
                         e->key);
    return RT_OK;
}

GLOBAL(make_cycler)
{
    cycler *c = rt_new(r->arena, cycler, 1);

    if (rt_dict_len(named))
        return no_keyword(r, "cycler", named);
    if (n == 0)
        return rt__raise(r, RT_TEMPLATE_RUNTIME_FAILURE,
                         "at least one item has to be provided");
    *c = (cycler){.r = r, .items = rt_tuple_of(r->arena, a, n)};
    c->self = rt_object_new(r->arena, &cycler_vtable, c);
    *out = c->self;
    return RT_OK;
}

// ---- joiner --------------------------------------------------------------------------

typedef struct joiner {
    rt_render *r;
    rt_value separator;
    bool used;
} joiner;

static rt_value joiner_attr(void *self, rt_arena *arena, rt_str name)
{
    const joiner *j = self;
    (void)arena;

    if (rt_str_eq(name, RT_STR("sep")))
        return j->separator;
    if (rt_str_eq(name, RT_STR("used")))
        return rt_value_bool(j->used);
    return rt_value_undefined();
}

static rt_status joiner_call(void *self, rt_arena *arena, const rt_value *args,
                             size_t n_args, size_t n_named, rt_value *out)
{
    joiner *j = self;
    (void)arena;
    (void)args;

    if (n_args || n_named)
        return rt__raise(j->r, RT_TEMPLATE_TYPE_ERROR,
                         "a joiner takes no arguments");
    *out = j->used ? j->separator : rt_value_str(RT_STR(""));
    j->used = true;
    return RT_OK;
}

static const rt_vtable joiner_vtable = {.name = "Joiner",
                                        .attr = joiner_attr,
                                        .call = joiner_call};

GLOBAL(make_joiner)
{
    joiner *j = rt_new(r->arena, joiner, 1);

    *j =
        (joiner){.r = r, .separator = rt__or(a[0], rt_value_str(RT_STR(", ")))};
    *out = rt_object_new(r->arena, &joiner_vtable, j);
    return RT_OK;
}

// ---- the table -----------------------------------------------------------------------

const rt__builtin *rt__global_find(rt_str name)
{
    // Ordered by name.
    static const rt__builtin globals[] = {
        {"cycler", make_cycler, "", 0, RT__VARARGS | RT__CONTEXT},
        {"dict", make_dict, "", 0, RT__VARARGS | RT__CONTEXT},
        {"joiner", make_joiner, "sep", 0, RT__CONTEXT},
        {"lipsum", rt__lipsum, "n html min max", 0, RT__CONTEXT},
        {"namespace", make_namespace, "", 0, RT__VARARGS | RT__CONTEXT},
        {"range", make_range, "", 0,
         RT__VARARGS | RT__POSITIONAL | RT__CONTEXT},
    };

    return rt__builtin_find(globals, RT_COUNT(globals), name);
}
