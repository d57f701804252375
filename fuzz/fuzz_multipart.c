// Multipart bodies: the events depend on the bytes alone, however they are cut,
// and what is held back never exceeds a delimiter.
//
// covers: src/http/multipart.c
#include <assert.h>

#include <retort/base/utf8.h>
#include <retort/http/multipart.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static rt_arena arena;

static const rt_multipart_limits limits = {.parts = 20, .head_bytes = 1024};

static void put_text(rt_buf *out, rt_str s)
{
    assert(rt_utf8_valid(s));
    rt_buf_put_int(out, s.data ? (int64_t)s.len : -1);
    rt_buf_put_char(out, ':');
    if (s.data)
        rt_buf_put(out, s);
}

static void put_event(rt_buf *out, rt_buf *data, rt_multipart_part *part,
                      const rt_multipart_event *event)
{
    switch (event->kind) {
    case RT_MULTIPART_PART:
        *part = event->part;
        put_text(out, part->name);
        put_text(out, part->filename);
        put_text(out, part->content_type);
        assert(part->headers.len <= RT_MULTIPART_HEADERS);
        break;
    case RT_MULTIPART_DATA:
        assert(event->data.len > 0);
        rt_buf_put(data, event->data);
        rt_buf_put(out, event->data);
        break;
    case RT_MULTIPART_PART_END:
        assert(
            rt_utf8_valid(rt_multipart_text(&arena, part, rt_buf_str(data))));
        data->len = 0;
        rt_buf_put_cstr(out, "<end of part>");
        break;
    case RT_MULTIPART_NEED_MORE: break;
    case RT_MULTIPART_END: rt_buf_put_cstr(out, "<end>"); break;
    }
}

// Decode in pieces of `step` bytes. Each is a copy that is gone afterwards.
static rt_str decode(rt_str boundary, rt_str body, size_t step)
{
    rt_buf out, data;
    rt_multipart m;
    rt_multipart_part part = {0};
    rt_multipart_event event = {0};
    rt_buf_init(&out, &arena);
    rt_buf_init(&data, &arena);
    rt_status st = rt_multipart_init(&m, &arena, boundary, &limits);

    while (!st && event.kind != RT_MULTIPART_END) {
        st = rt_multipart_next(&m, &arena, &event);
        if (!st)
            put_event(&out, &data, &part, &event);
        if (st || event.kind != RT_MULTIPART_NEED_MORE)
            continue;
        if (body.len > 0) {
            rt_multipart_push(&m,
                              rt_str_copy(&arena, rt_str_take(&body, step)));
        } else {
            rt_multipart_finish(&m);
        }
    }
    rt_buf_put_cstr(&out, rt_status_name(st));
    return rt_buf_str(&out);
}

// The first line is the boundary, the rest the body.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 8192)
        return 0;
    rt_str body = rt_str_of(data, size);
    rt_str boundary = rt_str_cut(&body, '\n');
    if (!body.data)
        return 0;

    rt_str whole = decode(boundary, body, SIZE_MAX);
    for (size_t step = 1; step < 8; step += 2)
        assert(rt_str_eq(decode(boundary, body, step), whole));
    assert(rt_str_eq(decode(boundary, body, 1 + body.len / 2), whole));
    rt_arena_reset(&arena);
    return 0;
}
