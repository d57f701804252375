#include "retort/app/form.h"

#include <retort/app/config.h>
#include <retort/base/utf8.h>

#include "app/app.h"
#include "app/failure.h"
#include "app/params.h"

typedef struct rt__form {
    rt_form_options options;
    bool is_read;
    rt_form_data data;
    bool has_values;
    rt_params values;
} rt__form;

// A limit as rt_form_options has it.
static uint64_t limit(uint64_t n)
{
    return n ? n : RT_FORM_NOTHING;
}

// A limit that is configured; none is no limit, as in Flask.
static uint64_t configured(const rt_app *app, const char *key)
{
    int64_t n = rt_config_int(app, key, -1);
    return n < 0 ? RT_FORM_UNLIMITED : limit((uint64_t)n);
}

static rt__form *form_of(rt_request *req)
{
    rt__context *ctx = rt__context_of(req);
    if (!ctx->form) {
        ctx->form = rt_new(req->arena, rt__form, 1);
        ctx->form->options = (rt_form_options){
            .max_memory = configured(ctx->app, "MAX_FORM_MEMORY_SIZE"),
            .max_parts = configured(ctx->app, "MAX_FORM_PARTS")};
    }
    return ctx->form;
}

void rt_set_max_form_memory(rt_request *req, uint64_t bytes)
{
    form_of(req)->options.max_memory = limit(bytes);
}

void rt_set_max_form_parts(rt_request *req, uint64_t parts)
{
    form_of(req)->options.max_parts = limit(parts);
}

// ---- reading ------------------------------------------------------------------

// A body, as it arrives or as rt_body has kept it.
typedef struct body {
    rt_request *req;
    rt_str kept;
    bool is_kept;
    rt_status failed;
} body;

static rt_status read_piece(void *arg, rt_str *piece)
{
    body *b = arg;
    if (b->is_kept) {
        *piece = b->kept;
        b->kept = (rt_str){"", 0};
        return RT_OK;
    }
    b->failed = rt_request_read_body(b->req, piece);
    return b->failed;
}

static void read_form(rt_request *req, rt__form *form)
{
    rt__context *ctx = rt__context_of(req);
    body b = {.req = req, .kept = ctx->body, .is_kept = ctx->body_read};
    rt_form_source source = {read_piece, &b, req->content_length};
    rt_str type = rt_request_header(req, RT_STR("Content-Type"));

    form->is_read = true;
    if (type.len == 0)
        return;
    if (!b.is_kept && req->content_length > 0 &&
        (uint64_t)req->content_length > req->max_body)
        rt__body_failed(req, RT_E_LIMIT);
    rt_status st =
        rt_form_read(&form->data, req->arena, rt_utf8_repair(req->arena, type),
                     &source, &form->options);
    if (b.failed || st == RT_E_LIMIT)
        rt__body_failed(req, st);
    if (st) // the temporary file
        rt_abort_status(req, st);
}

static const rt_form_data *data_of(rt_request *req)
{
    rt__form *form = form_of(req);
    if (!form->is_read)
        read_form(req, form);
    return &form->data;
}

// ---- fields -------------------------------------------------------------------

const rt_params *rt_form_params(rt_request *req)
{
    return &data_of(req)->fields;
}

const char *rt_form_get(rt_request *req, const char *name,
                        const char *otherwise)
{
    return rt__param_text(req, rt_form_params(req), name, otherwise);
}

const char *rt_form(rt_request *req, const char *name)
{
    return rt__param_required(req, rt_form_params(req), "form field", name);
}

int64_t rt_form_int(rt_request *req, const char *name, int64_t otherwise)
{
    return rt__param_int(rt_form_params(req), name, otherwise);
}

double rt_form_float(rt_request *req, const char *name, double otherwise)
{
    return rt__param_float(rt_form_params(req), name, otherwise);
}

bool rt_form_bool(rt_request *req, const char *name, bool otherwise)
{
    return rt__param_bool(rt_form_params(req), name, otherwise);
}

rt_value rt_form_all(rt_request *req, const char *name)
{
    return rt__param_list(req, rt_form_params(req), name);
}

rt_value rt_form_dict(rt_request *req)
{
    return rt__param_dict(req, rt_form_params(req));
}

bool rt_form_is_damaged(rt_request *req)
{
    return data_of(req)->damaged;
}

static void add_all(rt_params *to, rt_arena *arena, const rt_params *from)
{
    for (size_t i = 0; i < from->len; i++)
        rt_params_add(to, arena, from->items[i].name, from->items[i].value);
}

const rt_params *rt_values(rt_request *req)
{
    rt__form *form = form_of(req);
    if (form->has_values)
        return &form->values;
    add_all(&form->values, req->arena, rt_query_params(req));
    // A cache in between may not look at the body of a GET.
    if (req->method != RT_METHOD_GET)
        add_all(&form->values, req->arena, rt_form_params(req));
    form->has_values = true;
    return &form->values;
}

// ---- files --------------------------------------------------------------------

const rt_uploads *rt_files(rt_request *req)
{
    return &data_of(req)->files;
}

const rt_upload *rt_file_get(rt_request *req, const char *name)
{
    return rt_form_file(data_of(req), rt_str_from(name));
}

const rt_upload *rt_file(rt_request *req, const char *name)
{
    const rt_upload *file = rt_file_get(req, name);
    // The usual mistake: a form without enctype sends the name alone.
    if (!file && rt_app_is_debug(rt_app_of(req)) &&
        rt_params_has(rt_form_params(req), rt_str_from(name)))
        rt_abort(req, 400,
                 "The field {!r} is there, but has no file: the form needs "
                 "enctype=\"multipart/form-data\".",
                 name);
    if (!file)
        rt__param_missing(req, "file", name);
    return file;
}
