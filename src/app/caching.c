#include "retort/app/caching.h"

#include <retort/base/time.h>
#include <retort/http/date.h>
#include <retort/http/header_value.h>

#include "app/app.h"
#include "app/failure.h"

static rt_response *set(rt_response *response, const char *name, rt_str value)
{
    return rt_set_header(response, name,
                         rt_str_cstr(response->request->arena, value));
}

// ---- validators --------------------------------------------------------------

rt_response *rt_response_set_etag(rt_response *response, const char *tag,
                                  const rt_etag_options *options)
{
    rt_str text;
    if (rt_etag_dump(response->request->arena,
                     (rt_etag){rt_str_from(tag), options->weak}, &text))
        rt__fail(response->request,
                 "rt_set_etag: {!r} has a quote or a line break in it", tag);
    return set(response, "ETag", text);
}

rt_response *rt_add_etag(rt_response *response)
{
    rt_request *req = response->request;
    if (rt_headers_has(&response->headers, RT_STR("ETag")))
        return response;
    if (response->body_kind != RT_BODY_BYTES)
        rt__fail(req, "rt_add_etag: the body is no bytes; set the tag with "
                      "rt_set_etag");
    rt_str tag = rt_etag_of_bytes(req->arena, response->bytes);
    return rt_set_etag(response, rt_str_cstr(req->arena, tag));
}

static rt_response *set_date(rt_response *response, const char *name,
                             int64_t us)
{
    return set(response, name, rt_http_date_dump(response->request->arena, us));
}

rt_response *rt_set_last_modified(rt_response *response, int64_t us)
{
    return set_date(response, "Last-Modified", us);
}

rt_response *rt_set_expires(rt_response *response, int64_t us)
{
    return set_date(response, "Expires", us);
}

// ---- headers for caches ----------------------------------------------------------

rt_response *rt_response_cache_control(rt_response *response,
                                       const rt_cache_directives *directives)
{
    rt_str text;
    if (rt_cache_control_dump(response->request->arena, directives, &text))
        rt__fail(response->request,
                 "rt_cache_control: a list of headers has a line break in it");
    return set(response, "Cache-Control", text);
}

rt_response *rt_add_item(rt_response *response, const char *header,
                         const char *item)
{
    rt_arena *arena = response->request->arena;
    rt_str old =
        rt_headers_get_joined(&response->headers, arena, rt_str_from(header));
    rt_header_list items = rt_header_list_parse(arena, old);
    rt_buf text;

    rt_vec_each(rt_str, known, &items)
        if (rt_str_eq_nocase(*known, rt_str_from(item)))
            return response;
    *rt_vec_push(arena, &items) = rt_str_copy(arena, rt_str_from(item));
    rt_buf_init(&text, arena);
    rt_header_put_list(&text, items.items, items.len);
    return set(response, header, rt_buf_str(&text));
}

static rt_response *set_number(rt_response *response, const char *name,
                               int64_t n)
{
    if (n < 0)
        rt__fail(response->request, "{}: {} is below zero", name, n);
    return set(response, name, rt_format(response->request->arena, "{}", n));
}

rt_response *rt_set_age(rt_response *response, int64_t seconds)
{
    return set_number(response, "Age", seconds);
}

rt_response *rt_retry_after(rt_response *response, int64_t seconds)
{
    return set_number(response, "Retry-After", seconds);
}

rt_response *rt_retry_after_date(rt_response *response, int64_t us)
{
    return set_date(response, "Retry-After", us);
}

RT_NORETURN static void leave_until(rt_request *req, int status, rt_str when)
{
    rt_http_error error = rt__error_of_status(status, NULL);
    rt_headers_push(&error.headers, req->arena, RT_STR("Retry-After"), when);
    rt__context_leave(rt__context_of(req), error, NULL);
}

void rt_abort_retry_after(rt_request *req, int status, int64_t seconds)
{
    leave_until(req, status,
                rt_format(req->arena, "{}", seconds < 0 ? 0 : seconds));
}

void rt_abort_retry_after_date(rt_request *req, int status, int64_t us)
{
    leave_until(req, status, rt_http_date_dump(req->arena, us));
}

static void put_directive(rt_buf *policy, rt_str name, rt_str value)
{
    if (policy->len > 0)
        rt_buf_put_cstr(policy, "; ");
    rt_buf_put(policy, name);
    rt_buf_put_char(policy, ' ');
    rt_buf_put(policy, value);
}

rt_response *rt_content_security_policy(rt_response *response,
                                        const char *directive,
                                        const char *value)
{
    static const char name[] = "Content-Security-Policy";
    rt_str rest = rt_headers_get(&response->headers, rt_str_from(name));
    rt_str wanted = rt_str_from(directive), wanted_value = rt_str_from(value);
    bool done = wanted_value.len == 0;
    rt_buf policy;

    rt_buf_init(&policy, response->request->arena);
    while (rest.data) {
        rt_str old = rt_str_trim(rt_str_cut(&rest, ';'));
        rt_str old_name = rt_str_cut(&old, ' ');
        if (!rt_str_eq(old_name, wanted)) {
            put_directive(&policy, old_name, rt_str_trim(old));
        } else if (!done) { // in the place it had
            put_directive(&policy, wanted, wanted_value);
            done = true;
        }
    }
    if (!done)
        put_directive(&policy, wanted, wanted_value);
    if (policy.len == 0)
        return rt_remove_header(response, name);
    return set(response, name, rt_buf_str(&policy));
}
