// `session` as templates see it: a dict that is opened when it is first looked
// at, so that a page which does not is the same for everybody.
#include "app/app.h"

// A method of the session that a template is about to call.
typedef struct method {
    rt_request *req;
    rt_status (*call)(rt_request *req, rt_arena *arena, const rt_value *args,
                      size_t n, rt_value *out);
} method;

static rt_status call_get(rt_request *req, rt_arena *arena,
                          const rt_value *args, size_t n, rt_value *out)
{
    (void)arena;
    if (n != 1 && n != 2)
        return RT_E_TYPE;
    *out = rt_dict_get(rt_session(req), args[0]);
    if (rt_value_is_undefined(*out))
        *out = n == 2 ? args[1] : rt_value_none();
    return RT_OK;
}

static rt_status call_pop(rt_request *req, rt_arena *arena,
                          const rt_value *args, size_t n, rt_value *out)
{
    rt_status st = call_get(req, arena, args, n, out);
    if (!st && rt_dict_has(rt_session(req), args[0]))
        rt_session_pop(req, rt_value_as_cstr(arena, args[0]));
    return st;
}

static rt_status list_parts(rt_request *req, rt_arena *arena, bool keys,
                            bool values, rt_value *out)
{
    *out = rt_list_new(arena);
    rt_dict_each(e, rt_session(req)) {
        rt_value both[] = {e->key, e->value};
        rt_value part = keys && values ? rt_tuple_of(arena, both, 2)
                        : keys         ? e->key
                                       : e->value;
        rt_status st = rt_list_push(*out, part);
        if (st)
            return st;
    }
    return RT_OK;
}

static rt_status call_items(rt_request *req, rt_arena *arena,
                            const rt_value *args, size_t n, rt_value *out)
{
    (void)args;
    return n ? RT_E_TYPE : list_parts(req, arena, true, true, out);
}

static rt_status call_keys(rt_request *req, rt_arena *arena,
                           const rt_value *args, size_t n, rt_value *out)
{
    (void)args;
    return n ? RT_E_TYPE : list_parts(req, arena, true, false, out);
}

static rt_status call_values(rt_request *req, rt_arena *arena,
                             const rt_value *args, size_t n, rt_value *out)
{
    (void)args;
    return n ? RT_E_TYPE : list_parts(req, arena, false, true, out);
}

static rt_status call_method(void *self, rt_arena *arena, const rt_value *args,
                             size_t n_args, size_t n_named, rt_value *out)
{
    const method *m = self;
    return n_named ? RT_E_TYPE : m->call(m->req, arena, args, n_args, out);
}

static const rt_vtable method_vtable = {.name = "method", .call = call_method};

static rt_value attr(void *self, rt_arena *arena, rt_str name)
{
    static const struct {
        const char *name;
        rt_status (*call)(rt_request *req, rt_arena *arena,
                          const rt_value *args, size_t n, rt_value *out);
    } methods[] = {{"get", call_get},
                   {"pop", call_pop},
                   {"items", call_items},
                   {"keys", call_keys},
                   {"values", call_values}};

    rt_request *req = self;

    for (size_t i = 0; i < RT_COUNT(methods); i++) {
        if (!rt_str_eq(name, rt_str_from(methods[i].name)))
            continue;
        method *m = rt_new(arena, method, 1);
        *m = (method){req, methods[i].call};
        return rt_object_new(arena, &method_vtable, m);
    }
    if (rt_str_eq(name, RT_STR("permanent")))
        return RT(rt_session_is_permanent(req));
    if (rt_str_eq(name, RT_STR("new")))
        return RT(rt_session_is_new(req));
    if (rt_str_eq(name, RT_STR("modified")))
        return RT(rt_session_is_modified(req));
    return rt_value_undefined();
}

static rt_value item(void *self, rt_arena *arena, rt_value key)
{
    (void)arena;
    return rt_dict_get(rt_session(self), key);
}

// Iterating gives the keys.
static bool next(void *self, rt_arena *arena, size_t *state, rt_value *out)
{
    (void)arena;
    const rt_dict_entry *e = rt_dict_next(rt_session(self), state);
    if (e)
        *out = e->key;
    return e;
}

static size_t len(void *self)
{
    return rt_dict_len(rt_session(self));
}

static bool is_true(void *self)
{
    return len(self) > 0;
}

static void put_text(void *self, rt_buf *out)
{
    rt_value_put_repr(out, rt_session(self));
}

static const rt_vtable vtable = {.name = "Session",
                                 .attr = attr,
                                 .item = item,
                                 .next = next,
                                 .text = put_text,
                                 .len = len,
                                 .is_true = is_true};

rt_value rt__session_object(rt_request *req)
{
    return rt_object_new(req->arena, &vtable, req);
}
