// Iterating over any value, and lazy sequences.
#include <retort/base/utf8.h>

#include "template/env.h"
#include "template/objects.h"

// ---- generators -----------------------------------------------------------------

typedef struct generator {
    rt_render *r;
    rt__generator_fn *next;
    void *self;
    bool running;
    bool ended;
} generator;

// Walking a generator may walk another one, and so on; that counts as calls do.
static bool is_too_deep(rt_render *r)
{
    int limit = r->env ? r->env->options.limits.depth : 0;

    limit = limit ? limit : RT_TEMPLATE_DEPTH;
    if (r->depth < limit)
        return false;
    (void)rt__raise(r, RT_TEMPLATE_RUNTIME_FAILURE,
                    "lazy sequences are nested deeper than {}", limit);
    return true;
}

static bool generator_next(void *self, rt_arena *arena, size_t *state,
                           rt_value *out)
{
    generator *g = self;
    (void)arena;
    (void)state;

    if (g->ended)
        return false;
    if (g->running) { // it walks itself
        (void)rt__raise(g->r, RT_TEMPLATE_VALUE_ERROR,
                        "generator already executing");
        return false;
    }
    if (is_too_deep(g->r))
        return false;
    g->running = true;
    g->r->depth++;
    bool more = g->next(g->r, g->self, out);
    g->r->depth--;
    g->running = false;
    g->ended = !more;
    return more;
}

static void generator_text(void *self, rt_buf *out)
{
    (void)self;
    rt_buf_put_cstr(out, "<generator object>");
}

static const rt_vtable generator_vtable = {
    .name = "generator",
    .next = generator_next,
    .text = generator_text,
};

rt_value rt__generator_new(rt_render *r, rt__generator_fn *next, void *self)
{
    generator *g = rt_new(r->arena, generator, 1);

    *g = (generator){.r = r, .next = next, .self = self};
    return rt_object_new(r->arena, &generator_vtable, g);
}

// ---- iterating -------------------------------------------------------------------

rt_status rt__iter_init(rt_render *r, rt_value v, rt__iter *it)
{
    rt_value dict;
    rt__view_kind kind;

    *it = (rt__iter){.source = v};
    switch (rt_value_kind(v)) {
    case RT_UNDEFINED: return rt__undefined_touch(r, v);
    case RT_STRING:
    case RT_SAFE:
    case RT_BYTES:
    case RT_LIST:
    case RT_TUPLE: return RT_OK;
    case RT_DICT: it->len = rt_dict_len(v); return RT_OK;
    case RT_OBJECT:
        if (!v.as.object->vtable->next)
            break;
        if (rt__is_dict_view(v, &dict, &kind))
            it->len = rt_dict_len(dict) + 1; // so that it is not zero
        return RT_OK;
    default: break;
    }
    return rt__raise(r, RT_TEMPLATE_TYPE_ERROR, "{!r} object is not iterable",
                     rt__type_name(v));
}

// The characters of safe text are plain text, as in Python.
static bool next_rune(rt__iter *it, rt_value *out)
{
    if (it->at >= it->source.len)
        return false;
    const char *start = it->source.as.text + it->at;
    rt_str rest = {start, it->source.len - it->at};
    uint32_t rune;
    (void)rt_utf8_next(&rest, &rune);
    *out = rt_value_str((rt_str){start, (size_t)(rest.data - start)});
    it->at += out->len;
    return true;
}

static bool next_byte(rt__iter *it, rt_value *out)
{
    if (it->at >= it->source.len)
        return false;
    *out = rt_value_int((unsigned char)it->source.as.text[it->at++]);
    return true;
}

static bool has_changed(rt_render *r, bool changed)
{
    if (changed)
        (void)rt__raise(r, RT_TEMPLATE_RUNTIME_FAILURE,
                        "dictionary changed size during iteration");
    return changed;
}

static bool next_key(rt_render *r, rt__iter *it, rt_value *out)
{
    if (has_changed(r, rt_dict_len(it->source) != it->len))
        return false;
    const rt_dict_entry *e = rt_dict_next(it->source, &it->at);
    if (!e)
        return false;
    *out = e->key;
    return true;
}

static bool next_of_object(rt_render *r, rt__iter *it, rt_value *out)
{
    const rt_object *object = it->source.as.object;

    if (it->len &&
        has_changed(r, object->vtable->len(object->self) + 1 != it->len))
        return false;
    return object->vtable->next(object->self, r->arena, &it->at, out) &&
           r->error.kind == RT_TEMPLATE_OK;
}

bool rt__iter_next(rt_render *r, rt__iter *it, rt_value *out)
{
    if (rt__step(r, 1))
        return false;
    switch (rt_value_kind(it->source)) {
    case RT_LIST:
    case RT_TUPLE: return rt_list_next(it->source, &it->at, out);
    case RT_DICT: return next_key(r, it, out);
    case RT_STRING:
    case RT_SAFE: return next_rune(it, out);
    case RT_BYTES: return next_byte(it, out);
    case RT_OBJECT: return next_of_object(r, it, out);
    default: return false;
    }
}

rt_status rt__to_list(rt_render *r, rt_value v, rt_value *out)
{
    rt__iter it;
    rt_value item;
    rt_status st = rt__iter_init(r, v, &it);

    *out = rt_list_new(r->arena);
    if (st)
        return st;
    while (rt__iter_next(r, &it, &item)) {
        if (rt_list_len(*out) >= RT__LIST_ITEMS_MAX)
            return rt__check_items(r, RT__LIST_ITEMS_MAX + 1);
        st = rt_list_push(*out, item);
        if (st)
            return st;
    }
    return r->error.kind == RT_TEMPLATE_OK ? RT_OK : RT_E_CANCELLED;
}
