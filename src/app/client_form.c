#include "app/client_form.h"

#include <retort/base/error.h>
#include <retort/base/format.h>
#include <retort/http/query.h>

static rt_str urlencoded(rt_arena *arena, const rt_pair *fields)
{
    rt_params params = {0};
    for (const rt_pair *f = fields; f && f->name; f++)
        rt_params_add(&params, arena, rt_str_from(f->name),
                      rt_value_text(arena, f->value));
    return rt_query_dump(arena, &params);
}

// As browsers write names: what would end them is percent-encoded.
static void put_name(rt_buf *body, const char *key, const char *name)
{
    rt_buf_printf(body, "; %s=\"", key);
    for (const char *c = name; *c; c++) {
        switch (*c) {
        case '"': rt_buf_put_cstr(body, "%22"); break;
        case '\r': rt_buf_put_cstr(body, "%0D"); break;
        case '\n': rt_buf_put_cstr(body, "%0A"); break;
        default: rt_buf_put_char(body, *c);
        }
    }
    rt_buf_put_char(body, '"');
}

static void begin_part(rt_buf *body, rt_str boundary, const char *name)
{
    rt_buf_put_cstr(body, "--");
    rt_buf_put(body, boundary);
    rt_buf_put_cstr(body, "\r\nContent-Disposition: form-data");
    put_name(body, "name", name);
}

static void put_data(rt_buf *body, rt_str data)
{
    rt_buf_put_cstr(body, "\r\n\r\n");
    rt_buf_put(body, data);
    rt_buf_put_cstr(body, "\r\n");
}

static void put_file(rt_buf *body, rt_str boundary, const rt_client_file *file)
{
    begin_part(body, boundary, file->field);
    put_name(body, "filename", file->filename ? file->filename : "");
    if (file->type)
        rt_buf_printf(body, "\r\nContent-Type: %s", file->type);
    put_data(body, file->data);
}

static rt_str multipart(rt_arena *arena, rt_str boundary,
                        const rt_client_options *options)
{
    rt_buf body;
    rt_buf_init(&body, arena);
    for (const rt_pair *f = options->form; f && f->name; f++) {
        begin_part(&body, boundary, f->name);
        put_data(&body, rt_value_text(arena, f->value));
    }
    for (const rt_client_file *f = options->files; f->field; f++)
        put_file(&body, boundary, f);
    rt_buf_printf(&body, "--%.*s--\r\n", RT_STR_ARG(boundary));
    return rt_buf_str(&body);
}

// A boundary that stands nowhere in what is sent.
static rt_str find_boundary(rt_arena *arena, const rt_client_options *options)
{
    for (int64_t n = 0;; n++) {
        rt_str boundary = rt_format(arena, "----retort-client-{}", n);
        bool taken = false;
        for (const rt_client_file *f = options->files; f->field; f++)
            taken |= rt_str_find(f->data, boundary) != RT_STR_NONE;
        for (const rt_pair *f = options->form; f && f->name; f++)
            taken |= rt_str_find(rt_value_text(arena, f->value), boundary) !=
                     RT_STR_NONE;
        if (!taken)
            return boundary;
    }
}

rt_str rt__client_form(rt_arena *arena, const rt_client_options *options,
                       rt_str *type)
{
    if (!options->files) {
        *type = RT_STR("application/x-www-form-urlencoded");
        return urlencoded(arena, options->form);
    }
    rt_str boundary = find_boundary(arena, options);
    *type = rt_format(arena, "multipart/form-data; boundary={}", boundary);
    return multipart(arena, boundary, options);
}
