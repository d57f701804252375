// The objects of the runtime: ranges, namespaces, views of dicts.
#include "template/objects.h"

#include <assert.h>

#include <retort/base/hash.h>

// ---- range ------------------------------------------------------------------------

typedef struct range {
    int64_t start;
    int64_t stop;
    int64_t step;
} range;

static const rt_vtable range_vtable;

static size_t range_len(void *self)
{
    const range *g = self;
    assert(g->step != 0);
    uint64_t step = g->step < 0 ? 0 - (uint64_t)g->step : (uint64_t)g->step;
    uint64_t distance = 0;

    if (g->step > 0 && g->start < g->stop)
        distance = (uint64_t)g->stop - (uint64_t)g->start;
    if (g->step < 0 && g->start > g->stop)
        distance = (uint64_t)g->start - (uint64_t)g->stop;
    return distance / step + (distance % step != 0);
}

static int64_t range_at(const range *g, size_t index)
{
    return (int64_t)((uint64_t)g->start + index * (uint64_t)g->step);
}

static bool range_next(void *self, rt_arena *arena, size_t *state,
                       rt_value *out)
{
    (void)arena;
    if (*state >= range_len(self))
        return false;
    *out = rt_value_int(range_at(self, (*state)++));
    return true;
}

static rt_value range_attr(void *self, rt_arena *arena, rt_str name)
{
    const range *g = self;
    (void)arena;

    if (rt_str_eq(name, RT_STR("start")))
        return rt_value_int(g->start);
    if (rt_str_eq(name, RT_STR("stop")))
        return rt_value_int(g->stop);
    if (rt_str_eq(name, RT_STR("step")))
        return rt_value_int(g->step);
    return rt_value_undefined();
}

static rt_value range_item(void *self, rt_arena *arena, rt_value key)
{
    size_t len = range_len(self);
    (void)arena;

    if (key.kind != RT_INT && key.kind != RT_BOOL)
        return rt_value_undefined();
    int64_t index = rt_value_as_int(key, 0);
    size_t at = index < 0 ? len - (0 - (uint64_t)index) : (uint64_t)index;
    if (index < 0 && 0 - (uint64_t)index > len)
        return rt_value_undefined();
    return at < len ? rt_value_int(range_at(self, at)) : rt_value_undefined();
}

static void range_text(void *self, rt_buf *out)
{
    const range *g = self;

    rt_buf_put_cstr(out, "range(");
    rt_buf_put_int(out, g->start);
    rt_buf_put_cstr(out, ", ");
    rt_buf_put_int(out, g->stop);
    if (g->step != 1) {
        rt_buf_put_cstr(out, ", ");
        rt_buf_put_int(out, g->step);
    }
    rt_buf_put_char(out, ')');
}

// Ranges of the same numbers are equal, however they were written.
static bool range_equal(void *self, rt_value other)
{
    if (other.kind != RT_OBJECT || other.as.object->vtable != &range_vtable)
        return false;
    const range *a = self;
    const range *b = other.as.object->self;
    size_t len = range_len(self);

    if (len != range_len(other.as.object->self))
        return false;
    return len == 0 ||
           (a->start == b->start && (len == 1 || a->step == b->step));
}

static uint64_t range_hash(void *self)
{
    const range *g = self;
    size_t len = range_len(self);
    int64_t parts[3] = {(int64_t)len, len > 0 ? g->start : 0,
                        len > 1 ? g->step : 0};

    return rt_hash_bytes(parts, sizeof parts);
}

static const rt_vtable range_vtable = {
    .name = "range",
    .attr = range_attr,
    .item = range_item,
    .next = range_next,
    .text = range_text,
    .len = range_len,
    .equal = range_equal,
    .hash = range_hash,
};

rt_value rt__range_new(rt_render *r, int64_t start, int64_t stop, int64_t step)
{
    range *g = rt_new(r->arena, range, 1);

    *g = (range){start, stop, step};
    return rt_object_new(r->arena, &range_vtable, g);
}

bool rt__is_range(rt_value v, int64_t *start, int64_t *stop, int64_t *step)
{
    if (v.kind != RT_OBJECT || v.as.object->vtable != &range_vtable)
        return false;
    const range *g = v.as.object->self;
    if (start)
        *start = g->start;
    if (stop)
        *stop = g->stop;
    if (step)
        *step = g->step;
    return true;
}

bool rt__range_has(rt_value v, rt_value item)
{
    const range *g = v.as.object->self;
    double x = item.kind == RT_FLOAT ? item.as.number : 0;
    int64_t n = rt_value_as_int(item, 0);

    if (!rt_value_is_number(item) || (item.kind == RT_FLOAT && (double)n != x))
        return false;
    if (g->step > 0 ? n < g->start || n >= g->stop
                    : n > g->start || n <= g->stop)
        return false;
    // Distances are below 2^64 and computed without sign.
    if (g->step > 0)
        return ((uint64_t)n - (uint64_t)g->start) % (uint64_t)g->step == 0;
    return ((uint64_t)g->start - (uint64_t)n) % (0 - (uint64_t)g->step) == 0;
}

// ---- namespace ----------------------------------------------------------------------

static rt_value namespace_attr(void *self, rt_arena *arena, rt_str name)
{
    (void)arena;
    return rt_dict_get_str(*(rt_value *)self, name);
}

static void namespace_repr(void *self, rt_repr *to)
{
    rt_buf_put_cstr(to->buf, "<Namespace ");
    rt_repr_put(to, *(rt_value *)self);
    rt_buf_put_char(to->buf, '>');
}

static const rt_vtable namespace_vtable = {
    .name = "Namespace",
    .attr = namespace_attr,
    .repr = namespace_repr,
};

rt_value rt__namespace_new(rt_render *r)
{
    rt_value *dict = rt_new(r->arena, rt_value, 1);

    *dict = rt_dict_new(r->arena);
    return rt_object_new(r->arena, &namespace_vtable, dict);
}

bool rt__is_namespace(rt_value v, rt_value *dict)
{
    if (v.kind != RT_OBJECT || v.as.object->vtable != &namespace_vtable)
        return false;
    if (dict)
        *dict = *(rt_value *)v.as.object->self;
    return true;
}

// ---- views of dicts -------------------------------------------------------------------

typedef struct view {
    rt_value dict;
    rt__view_kind kind;
    const char *name;
} view;

static size_t view_len(void *self)
{
    return rt_dict_len(((const view *)self)->dict);
}

static rt_value entry_part(const view *w, rt_arena *arena,
                           const rt_dict_entry *e)
{
    switch (w->kind) {
    case RT__KEYS: return e->key;
    case RT__VALUES: return e->value;
    case RT__ITEMS: break;
    }
    return rt_tuple_of(arena, (const rt_value[]){e->key, e->value}, 2);
}

static bool view_next(void *self, rt_arena *arena, size_t *state, rt_value *out)
{
    const view *w = self;
    const rt_dict_entry *e = rt_dict_next(w->dict, state);

    if (!e)
        return false;
    *out = entry_part(w, arena, e);
    return true;
}

static void view_repr(void *self, rt_repr *to)
{
    const view *w = self;
    bool first = true;

    rt_buf_put_cstr(to->buf, w->name);
    rt_buf_put_cstr(to->buf, "([");
    rt_dict_each(e, w->dict) {
        if (to->buf->status)
            break;
        if (!first)
            rt_buf_put_cstr(to->buf, ", ");
        first = false;
        rt_repr_put(to, entry_part(w, to->buf->arena, e));
    }
    rt_buf_put_cstr(to->buf, "])");
}

// A vtable per kind, for the name.
#define VIEW_VTABLE(type)                                                   \
    {                                                                       \
        .name = type, .next = view_next, .repr = view_repr, .len = view_len \
    }

static const rt_vtable view_vtables[] = {
    [RT__KEYS] = VIEW_VTABLE("dict_keys"),
    [RT__VALUES] = VIEW_VTABLE("dict_values"),
    [RT__ITEMS] = VIEW_VTABLE("dict_items"),
};

rt_value rt__dict_view_new(rt_render *r, rt_value dict, rt__view_kind kind)
{
    view *w = rt_new(r->arena, view, 1);

    *w = (view){dict, kind, view_vtables[kind].name};
    return rt_object_new(r->arena, &view_vtables[kind], w);
}

bool rt__is_dict_view(rt_value v, rt_value *dict, rt__view_kind *kind)
{
    if (v.kind != RT_OBJECT)
        return false;
    for (size_t i = 0; i < RT_COUNT(view_vtables); i++) {
        if (v.as.object->vtable != &view_vtables[i])
            continue;
        const view *w = v.as.object->self;
        *dict = w->dict;
        *kind = w->kind;
        return true;
    }
    return false;
}
