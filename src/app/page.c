// The pages of the framework itself: errors without handler, and what
// accompanies a redirect for clients that do not follow it.
#include <retort/base/escape.h>
#include <retort/http/code.h>

#include "app/app.h"

static rt_response *html_response(rt_request *req, int status, rt_buf *page)
{
    rt_response *response = rt_response_new(req, status);
    rt_headers_push(&response->headers, req->arena, RT_STR("Content-Type"),
                    RT_STR("text/html; charset=utf-8"));
    response->bytes = rt_buf_str(page);
    return response;
}

// Escape a text and keep its line breaks.
static void put_lines(rt_buf *page, rt_str text)
{
    while (text.data) {
        rt_str line = rt_str_cut(&text, '\n');
        rt_buf_put_html(page, line);
        if (text.data)
            rt_buf_put_cstr(page, "<br>");
    }
}

static void put_title(rt_buf *page, int status)
{
    rt_buf_put_int(page, status);
    rt_buf_put_char(page, ' ');
    rt_buf_put_html(page, rt_code_reason(status));
}

rt_response *rt__error_page(rt_request *req, const rt_http_error *error)
{
    rt_buf page;
    rt_buf_init(&page, req->arena);
    rt_buf_put_cstr(&page, "<!doctype html>\n<html lang=en>\n<title>");
    put_title(&page, error->status);
    rt_buf_put_cstr(&page, "</title>\n<h1>");
    rt_buf_put_html(&page, rt_code_reason(error->status));
    rt_buf_put_cstr(&page, "</h1>\n<p>");
    put_lines(&page, rt_str_from(error->message));
    rt_buf_put_cstr(&page, "</p>\n");
    return html_response(req, error->status, &page);
}

rt_response *rt__redirect_page(rt_request *req, int status, rt_str location)
{
    rt_buf page;
    rt_buf_init(&page, req->arena);
    rt_buf_put_cstr(&page, "<!doctype html>\n<html lang=en>\n<title>");
    put_title(&page, status);
    rt_buf_put_cstr(&page, "</title>\n<h1>Redirecting</h1>\n<p>This has moved "
                           "to <a href=\"");
    rt_buf_put_html(&page, location);
    rt_buf_put_cstr(&page, "\">");
    rt_buf_put_html(&page, location);
    rt_buf_put_cstr(&page, "</a>.</p>\n");
    rt_response *response = html_response(req, status, &page);
    if (rt_headers_add(&response->headers, req->arena, RT_STR("Location"),
                       location))
        rt__fail(req, "a redirect's location contains a control character");
    return response;
}
