// A multipart body is read through the decoder of multipart.h. The part at hand
// is collected in memory that all parts use in turn. At its end a field, or a
// file that is small enough, is copied into the request's arena; a file that
// grows too large goes to the end of the temporary file.
#include "retort/http/form.h"

#include <retort/base/utf8.h>
#include <retort/http/media_type.h>

#include "http/upload.h"

// A form that is being read.
typedef struct reader {
    rt_form_data *form;
    rt_arena *arena;
    const rt_form_source *source;
    rt_form_options options; // without zeros
    rt_arena scratch;        // of this reader
    rt_arena heads;          // of the part at hand
    rt_multipart_part part;
    rt_buf data;  // of the part at hand, unless it is spooled
    bool spooled; // the part is
    uint64_t parts;
    uint64_t part_bytes;  // so far
    uint64_t field_bytes; // of all fields
    uint64_t files_bytes; // of all files in memory
    int fd;               // the temporary file, or -1
    int64_t fd_bytes;     // written to it
} reader;

// ---- parts ----------------------------------------------------------------------

static bool is_file(const reader *r)
{
    return r->part.filename.data != NULL;
}

static void begin_part(reader *r, const rt_multipart_part *part)
{
    r->part = *part;
    r->data.len = 0;
    r->part_bytes = 0;
    r->spooled = false;
}

// Move what was collected of a file to the temporary one.
static rt_status spool(reader *r)
{
    rt_status st = RT_OK;
    if (r->fd < 0)
        st = rt__upload_open(r->arena, r->options.temporary_dir, &r->fd);
    if (!st)
        st = rt__upload_write(r->fd, rt_buf_str(&r->data));
    r->spooled = true;
    return st;
}

static rt_status add_data(reader *r, rt_str data)
{
    r->part_bytes += data.len;
    if (!is_file(r)) {
        r->field_bytes += data.len;
        if (r->field_bytes > r->options.max_memory)
            return RT_E_LIMIT;
    } else if (!r->spooled &&
               (r->part_bytes > RT_FORM_FILE_MEMORY ||
                r->files_bytes + r->part_bytes > RT_FORM_FILES_MEMORY)) {
        rt_status st = spool(r);
        if (st)
            return st;
    }
    if (r->spooled)
        return rt__upload_write(r->fd, data);
    rt_buf_put(&r->data, data);
    return RT_OK;
}

// NULL stays NULL: a part without a name differs from one with an empty one.
static rt_str copy(rt_arena *arena, rt_str s)
{
    return s.data ? rt_str_copy(arena, s) : s;
}

static void end_field(reader *r)
{
    rt_str text = rt_multipart_text(&r->heads, &r->part, rt_buf_str(&r->data));
    rt_params_add(&r->form->fields, r->arena, copy(r->arena, r->part.name),
                  rt_str_copy(r->arena, text));
}

static void end_file(reader *r)
{
    rt_upload *file = rt_vec_push(r->arena, &r->form->files);

    file->field = copy(r->arena, r->part.name);
    file->filename = copy(r->arena, r->part.filename);
    file->headers = rt_headers_copy(r->arena, &r->part.headers);
    file->content_type = rt_headers_get(&file->headers, RT_STR("Content-Type"));
    file->size = r->part_bytes;
    file->fd = -1;
    if (r->spooled) {
        file->fd = r->fd;
        file->offset = r->fd_bytes;
        r->fd_bytes += (int64_t)r->part_bytes;
    } else {
        file->data = rt_str_copy(r->arena, rt_buf_str(&r->data));
        r->files_bytes += r->part_bytes;
    }
}

static rt_status take_event(reader *r, const rt_multipart_event *event)
{
    switch (event->kind) {
    case RT_MULTIPART_PART:
        if (r->parts++ == r->options.max_parts)
            return RT_E_LIMIT;
        begin_part(r, &event->part);
        break;
    case RT_MULTIPART_DATA: return add_data(r, event->data);
    case RT_MULTIPART_PART_END:
        if (is_file(r)) {
            end_file(r);
        } else {
            end_field(r);
        }
        rt_arena_reset(&r->heads);
        break;
    case RT_MULTIPART_NEED_MORE:
    case RT_MULTIPART_END: break;
    }
    return RT_OK;
}

// ---- bodies ---------------------------------------------------------------------

// Decode what the pushed bytes hold. A damaged body is not an error of ours.
static rt_status take_events(reader *r, rt_multipart *m, bool *ended)
{
    rt_multipart_event event;

    do {
        rt_status st = rt_multipart_next(m, &r->heads, &event);
        r->form->damaged = st == RT_E_SYNTAX;
        if (!st)
            st = take_event(r, &event);
        if (st) {
            *ended = true;
            return r->form->damaged ? RT_OK : st;
        }
    } while (event.kind != RT_MULTIPART_NEED_MORE &&
             event.kind != RT_MULTIPART_END);
    *ended = event.kind == RT_MULTIPART_END;
    return RT_OK;
}

static rt_status read_multipart(reader *r, rt_str boundary)
{
    rt_multipart_limits limits = {.parts = SIZE_MAX}; // counted here
    rt_multipart m;
    bool ended = false;

    r->form->damaged =
        rt_multipart_init(&m, &r->scratch, boundary, &limits) != RT_OK;
    while (!ended && !r->form->damaged) {
        rt_str piece;
        rt_status st = r->source->read(r->source->arg, &piece);
        if (st)
            return st;
        if (piece.len > 0) {
            rt_multipart_push(&m, piece);
        } else {
            rt_multipart_finish(&m);
        }
        st = take_events(r, &m, &ended);
        if (st)
            return st;
    }
    return RT_OK;
}

static rt_status read_urlencoded(reader *r)
{
    const rt_form_source *source = r->source;
    uint64_t max = r->options.max_memory;
    if (source->content_length > 0 && (uint64_t)source->content_length > max)
        return RT_E_LIMIT;
    for (;;) {
        rt_str piece;
        rt_status st = source->read(source->arg, &piece);
        if (st)
            return st;
        if (piece.len == 0)
            break;
        if (piece.len > max - r->data.len)
            return RT_E_LIMIT;
        rt_buf_put(&r->data, piece);
    }
    rt_str text = rt_buf_str(&r->data);
    r->form->damaged = !rt_utf8_valid(text);
    return r->form->damaged ? RT_OK
                            : rt_query_parse(&r->form->fields, r->arena, text);
}

static uint64_t limit_of(uint64_t set, uint64_t otherwise)
{
    if (set == RT_FORM_NOTHING)
        return 0;
    return set ? set : otherwise;
}

static rt_form_options without_zeros(const rt_form_options *options)
{
    rt_form_options out = options ? *options : (rt_form_options){0};
    out.max_memory = limit_of(out.max_memory, RT_FORM_MEMORY);
    out.max_parts = limit_of(out.max_parts, RT_FORM_PARTS);
    return out;
}

static bool is_multipart(const rt_media_type *type)
{
    return rt_str_eq(type->name, RT_STR("multipart/form-data"));
}

static bool is_urlencoded(const rt_media_type *type)
{
    return rt_str_eq(type->name, RT_STR("application/x-www-form-urlencoded"));
}

bool rt_form_is_type(rt_arena *arena, rt_str content_type)
{
    rt_media_type type = rt_media_type_parse(arena, content_type);
    return is_multipart(&type) || is_urlencoded(&type);
}

static void release(void *ptr)
{
    reader *r = ptr;
    rt_arena_deinit(&r->heads);
    rt_arena_deinit(&r->scratch);
}

static rt_status read_form(reader *r, const rt_media_type *type)
{
    if (is_multipart(type))
        return read_multipart(r,
                              rt_params_get(&type->params, RT_STR("boundary")));
    return is_urlencoded(type) ? read_urlencoded(r) : RT_OK;
}

rt_status rt_form_read(rt_form_data *form, rt_arena *arena, rt_str content_type,
                       const rt_form_source *source,
                       const rt_form_options *options)
{
    // Where reading waits, the coroutine may be dropped: then it is the request
    // that releases the memory.
    reader *r = rt_new(arena, reader, 1);
    rt_arena_defer(arena, release, r);
    *r = (reader){.form = form,
                  .arena = arena,
                  .source = source,
                  .options = without_zeros(options),
                  .fd = -1};
    rt_buf_init(&r->data, &r->scratch);
    *form = (rt_form_data){0};

    rt_media_type type = rt_media_type_parse(arena, content_type);
    rt_status st = read_form(r, &type);
    if (st || form->damaged)
        *form = (rt_form_data){.damaged = form->damaged};
    release(r);
    return st;
}

const rt_upload *rt_form_file(const rt_form_data *form, rt_str field)
{
    rt_vec_each(rt_upload, file, &form->files) {
        if (rt_str_eq(file->field, field))
            return file;
    }
    return NULL;
}
