// The pages of the framework itself: errors without handler, and what
// accompanies a redirect for clients that do not follow it.
#include <retort/base/escape.h>
#include <retort/http/code.h>

#include "app/app.h"
#include "app/failure.h"

static rt_response *html_response(rt_request *req, int status, rt_buf *page)
{
    rt_response *response = rt_response_new(req, status);
    rt_headers_push(&response->headers, req->arena, RT_STR("Content-Type"),
                    RT_STR("text/html; charset=utf-8"));
    response->bytes = rt_buf_str(page);
    return response;
}

// Escape a text and keep its line breaks. Indented lines are those of an excerpt
// (rt_error_text), where a caret must stand below its column.
static void put_message(rt_buf *page, rt_str text)
{
    bool in_excerpt = rt_str_starts_with(text, RT_STR("    "));
    rt_buf_put_cstr(page, in_excerpt ? "<pre>" : "<p>");
    while (text.data) {
        rt_buf_put_html(page, rt_str_cut(&text, '\n'));
        if (!text.data)
            break;
        bool is_excerpt = rt_str_starts_with(text, RT_STR("    "));
        if (is_excerpt == in_excerpt)
            rt_buf_put_cstr(page, in_excerpt ? "\n" : "<br>");
        else
            rt_buf_put_cstr(page, in_excerpt ? "</pre>\n<p>" : "</p>\n<pre>");
        in_excerpt = is_excerpt;
    }
    rt_buf_put_cstr(page, in_excerpt ? "</pre>\n" : "</p>\n");
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
    rt_buf_put_cstr(&page, "</h1>\n");
    put_message(&page, rt_str_from(error->message));
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
