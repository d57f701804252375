#include <stdio.h>
#include <stdlib.h>

#include <retort/base/wait.h>

#include "raw.h"

// More is 413 from /echo.
#define BODY_BYTES 300000

static rt_response *text(rt_request *req, rt_str body)
{
    rt_response *r = rt_response_new(req, 200);
    rt_headers_push(&r->headers, req->arena, RT_STR("Content-Type"),
                    RT_STR("text/plain"));
    r->bytes = body;
    return r;
}

static rt_response *home(rt_request *req)
{
    return text(req, RT_STR("home"));
}

static rt_response *probe(rt_request *req)
{
    return text(req, RT_STR("probe"));
}

static rt_response *lazy(rt_request *req)
{
    return text(req, RT_STR("lazy"));
}

static rt_response *slow(rt_request *req)
{
    rt_sleep(50);
    return text(req, RT_STR("slow"));
}

static rt_response *show(rt_request *req)
{
    rt_str version = req->version == 10 ? RT_STR("1.0") : RT_STR("1.1");
    // The server's own address, whose port is another one each time.
    bool own = rt_str_starts_with(req->host, RT_STR("127.0.0.1:"));
    rt_str parts[] = {req->method_text, req->path, req->query,
                      own ? RT_STR("own") : req->host, version};
    return text(req,
                rt_str_join(req->arena, RT_STR("|"), parts, RT_COUNT(parts)));
}

static rt_response *value(rt_request *req)
{
    rt_buf out;
    size_t at = 0;
    rt_buf_init(&out, req->arena);
    for (rt_header *h;
         (h = rt_headers_next(&req->headers, RT_STR("X"), &at));) {
        rt_buf_put_char(&out, '[');
        rt_buf_put(&out, h->value);
        rt_buf_put_char(&out, ']');
    }
    return text(req, rt_buf_str(&out));
}

static rt_response *echo(rt_request *req)
{
    rt_str all;
    req->max_body = BODY_BYTES;
    switch (rt_request_read_all(req, &all)) {
    case RT_OK: return text(req, all);
    case RT_E_LIMIT: return rt_response_plain(req, 413);
    case RT_E_TIMEOUT: return rt_response_plain(req, 408);
    default: return rt_response_plain(req, 400);
    }
}

static rt_status produce_echo(rt_writer *out, void *arg)
{
    (void)arg;
    for (;;) {
        rt_str piece;
        rt_status st = rt_request_read_body(out->request, &piece);
        if (!st && piece.len)
            st = out->write(out, piece);
        if (st || !piece.len)
            return st;
    }
}

static rt_status produce_words(rt_writer *out, void *arg)
{
    (void)arg;
    static const char *const words[] = {"one", "two", "three"};
    for (size_t i = 0; i < RT_COUNT(words); i++) {
        rt_status st = out->write(out, rt_str_from(words[i]));
        if (st)
            return st;
    }
    return RT_OK;
}

static rt_response *producer(rt_request *req, rt_body_producer *produce)
{
    rt_response *r = text(req, RT_STR(""));
    r->body_kind = RT_BODY_PRODUCER;
    r->produce = produce;
    r->body_length = -1;
    return r;
}

static rt_response *stream(rt_request *req)
{
    return producer(req, produce_echo);
}

static rt_response *words(rt_request *req)
{
    return producer(req, produce_words);
}

static rt_response *status(rt_request *req)
{
    rt_response *r = text(req, RT_STR("hidden"));
    r->status = atoi(req->query.data + 2);
    return r;
}

static const struct page {
    const char *path;
    rt_response *(*fn)(rt_request *req);
} pages[] = {
    {"/", home},         {"/probe", probe},   {"/lazy", lazy},
    {"/show", show},     {"*", show},         {"/value", value},
    {"/echo", echo},     {"/stream", stream}, {"/words", words},
    {"/status", status}, {"/slow", slow},
};

static rt_response *answer(void *self, rt_request *req)
{
    (void)self;
    for (size_t i = 0; i < RT_COUNT(pages); i++)
        if (rt_str_eq(req->path, rt_str_from(pages[i].path)))
            return pages[i].fn(req);
    if (req->method == RT_METHOD_CONNECT)
        return show(req);
    return rt_response_plain(req, 404);
}

rt_gateway raw_gateway(void)
{
    return (rt_gateway){.fn = answer};
}
