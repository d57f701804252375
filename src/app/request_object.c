// `request` as templates see it, under Flask's names.
#include <retort/app/form.h>

#include "app/app.h"

// ---- fields: request.args, .form, .values, .cookies ------------------------------

typedef struct fields {
    rt_request *req;
    const rt_params *params;
} fields;

// A method that a template is about to call.
typedef struct method {
    const fields *of;
    rt_status (*call)(const fields *of, const rt_value *args, size_t n,
                      rt_value *out);
} method;

static rt_value first(const fields *f, rt_value key)
{
    rt_str value = rt_value_is_text(key)
                       ? rt_params_get(f->params, rt_value_as_str(key))
                       : (rt_str){0};
    return value.data ? rt_value_str(value) : rt_value_undefined();
}

static rt_status call_get(const fields *f, const rt_value *args, size_t n,
                          rt_value *out)
{
    if (n != 1 && n != 2)
        return RT_E_TYPE;
    *out = first(f, args[0]);
    if (rt_value_is_undefined(*out))
        *out = n == 2 ? args[1] : rt_value_none();
    return RT_OK;
}

static rt_status call_getlist(const fields *f, const rt_value *args, size_t n,
                              rt_value *out)
{
    if (n != 1 || !rt_value_is_text(args[0]))
        return RT_E_TYPE;
    *out = rt_list_new(f->req->arena);
    size_t at = 0;
    const rt_param *p;
    rt_status status = RT_OK;
    while (!status &&
           (p = rt_params_next(f->params, rt_value_as_str(args[0]), &at)))
        status = rt_list_push(*out, rt_value_str(p->value));
    return status;
}

// True for the first field of a name.
static bool is_first(const rt_params *params, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (rt_str_eq(params->items[i].name, params->items[at].name))
            return false;
    return true;
}

static rt_status list_parts(const fields *f, bool names, bool values,
                            rt_value *out)
{
    rt_status status = RT_OK;
    *out = rt_list_new(f->req->arena);
    for (size_t i = 0; i < f->params->len && !status; i++) {
        const rt_param *p = &f->params->items[i];
        rt_value both[] = {rt_value_str(p->name), rt_value_str(p->value)};
        if (is_first(f->params, i))
            status =
                rt_list_push(*out, names && values
                                       ? rt_tuple_of(f->req->arena, both, 2)
                                       : both[!names]);
    }
    return status;
}

static rt_status call_items(const fields *f, const rt_value *args, size_t n,
                            rt_value *out)
{
    (void)args;
    return n ? RT_E_TYPE : list_parts(f, true, true, out);
}

static rt_status call_keys(const fields *f, const rt_value *args, size_t n,
                           rt_value *out)
{
    (void)args;
    return n ? RT_E_TYPE : list_parts(f, true, false, out);
}

static rt_status call_values(const fields *f, const rt_value *args, size_t n,
                             rt_value *out)
{
    (void)args;
    return n ? RT_E_TYPE : list_parts(f, false, true, out);
}

static rt_status call_method(void *self, rt_arena *arena, const rt_value *args,
                             size_t n_args, size_t n_named, rt_value *out)
{
    const method *m = self;
    (void)arena;
    return n_named ? RT_E_TYPE : m->call(m->of, args, n_args, out);
}

static const rt_vtable method_vtable = {.name = "method", .call = call_method};

static rt_value fields_attr(void *self, rt_arena *arena, rt_str name)
{
    static const struct {
        const char *name;
        rt_status (*call)(const fields *of, const rt_value *args, size_t n,
                          rt_value *out);
    } methods[] = {{"get", call_get},
                   {"getlist", call_getlist},
                   {"items", call_items},
                   {"keys", call_keys},
                   {"values", call_values}};

    for (size_t i = 0; i < RT_COUNT(methods); i++) {
        if (!rt_str_eq(name, rt_str_from(methods[i].name)))
            continue;
        method *m = rt_new(arena, method, 1);
        *m = (method){self, methods[i].call};
        return rt_object_new(arena, &method_vtable, m);
    }
    return first(self, rt_value_str(name));
}

static rt_value fields_item(void *self, rt_arena *arena, rt_value key)
{
    (void)arena;
    return first(self, key);
}

// Its elements are the names, each once.
static bool fields_next(void *self, rt_arena *arena, size_t *state,
                        rt_value *out)
{
    const fields *f = self;
    (void)arena;
    while (*state < f->params->len && !is_first(f->params, *state))
        ++*state;
    if (*state == f->params->len)
        return false;
    *out = rt_value_str(f->params->items[(*state)++].name);
    return true;
}

static size_t fields_len(void *self)
{
    const fields *f = self;
    size_t n = 0;
    for (size_t i = 0; i < f->params->len; i++)
        n += is_first(f->params, i);
    return n;
}

static bool fields_is_true(void *self)
{
    return ((const fields *)self)->params->len > 0;
}

static const rt_vtable fields_vtable = {.name = "MultiDict",
                                        .attr = fields_attr,
                                        .item = fields_item,
                                        .next = fields_next,
                                        .len = fields_len,
                                        .is_true = fields_is_true};

static rt_value fields_object(rt_request *req, const rt_params *params)
{
    fields *f = rt_new(req->arena, fields, 1);
    *f = (fields){req, params};
    return rt_object_new(req->arena, &fields_vtable, f);
}

// ---- request.headers --------------------------------------------------------------

// The fields of headers are found in either case, so a name is looked up as it is
// asked for.
static rt_value headers_item(void *self, rt_arena *arena, rt_value key)
{
    (void)arena;
    rt_request *req = self;
    if (!rt_value_is_text(key))
        return rt_value_undefined();
    const char *value =
        rt_header_get(req, rt_value_as_cstr(req->arena, key), NULL);
    return value ? RT(value) : rt_value_undefined();
}

static rt_status headers_get(const fields *f, const rt_value *args, size_t n,
                             rt_value *out)
{
    if (n != 1 && n != 2)
        return RT_E_TYPE;
    *out = headers_item(f->req, f->req->arena, args[0]);
    if (rt_value_is_undefined(*out))
        *out = n == 2 ? args[1] : rt_value_none();
    return RT_OK;
}

static rt_value headers_attr(void *self, rt_arena *arena, rt_str name)
{
    rt_request *req = self;
    if (!rt_str_eq(name, RT_STR("get")))
        return headers_item(self, arena, rt_value_str(name));
    fields *f = rt_new(arena, fields, 1);
    *f = (fields){req, NULL};
    method *m = rt_new(arena, method, 1);
    *m = (method){f, headers_get};
    return rt_object_new(arena, &method_vtable, m);
}

static const rt_vtable headers_vtable = {.name = "Headers",
                                         .attr = headers_attr,
                                         .item = headers_item};

// ---- request ------------------------------------------------------------------------

static rt_value body_attr(rt_request *req, rt_str name)
{
#define IS(text) rt_str_eq(name, RT_STR(text))
    if (IS("json"))
        return rt_json_body_as(req, .silent = true);
    if (IS("is_json"))
        return RT(rt_is_json(req));
    if (IS("data"))
        return rt_value_str(rt_body(req));
    if (IS("mimetype"))
        return RT(rt_mimetype(req));
    if (IS("content_type"))
        return RT(rt_header_get(req, "Content-Type", NULL));
    if (IS("content_length"))
        return rt_content_length(req) < 0 ? rt_value_none()
                                          : RT(rt_content_length(req));
    if (IS("user_agent"))
        return RT(rt_header_get(req, "User-Agent", ""));
    if (IS("referrer"))
        return RT(rt_header_get(req, "Referer", NULL));
    if (IS("origin"))
        return RT(rt_header_get(req, "Origin", NULL));
    return rt_value_undefined();
}

static rt_value fields_of(rt_request *req, rt_str name)
{
    if (IS("args"))
        return fields_object(req, rt_query_params(req));
    if (IS("form"))
        return fields_object(req, rt_form_params(req));
    if (IS("values"))
        return fields_object(req, rt_values(req));
    if (IS("cookies"))
        return fields_object(req, rt__cookie_params(req));
    if (IS("headers"))
        return rt_object_new(req->arena, &headers_vtable, req);
    return body_attr(req, name);
}

static rt_value request_attr(void *self, rt_arena *arena, rt_str name)
{
    rt_request *req = self;
    (void)arena;
    if (IS("path"))
        return RT(rt_path(req));
    if (IS("method"))
        return RT(rt_method_of(req));
    if (IS("blueprint"))
        return RT(rt_blueprint_of(req));
    if (IS("endpoint"))
        return RT(rt_endpoint(req));
    if (IS("url"))
        return RT(rt_url(req));
    if (IS("base_url"))
        return RT(rt_base_url(req));
    if (IS("url_root") || IS("root_url"))
        return RT(rt_root_url(req));
    if (IS("script_root"))
        return RT(rt_script_root(req));
    if (IS("query_string"))
        return RT(rt_query_string(req));
    if (IS("host"))
        return RT(rt_host(req));
    if (IS("host_url"))
        return RT(rt_host_url(req));
    if (IS("full_path"))
        return RT(rt_full_path(req));
    if (IS("is_secure"))
        return RT(rt_is_secure(req));
    if (IS("view_args"))
        return rt_view_args(req);
    if (IS("scheme"))
        return RT(rt_scheme(req));
    if (IS("remote_addr"))
        return RT(rt_remote_addr(req));
    if (IS("url_rule"))
        return RT(rt_rule(req));
    if (IS("blueprints"))
        return rt_blueprints_of(req);
    if (IS("root_path"))
        return RT(rt_script_root(req));
    if (IS("access_route"))
        return rt_access_route(req);
    return fields_of(req, name);
#undef IS
}

static const rt_vtable request_vtable = {.name = "Request",
                                         .attr = request_attr};

rt_value rt__request_object(rt_request *req)
{
    return rt_object_new(req->arena, &request_vtable, req);
}
