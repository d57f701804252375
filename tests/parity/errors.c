// /e and /k: errors and their handlers.
#include <retort/http/code.h>

#include "parity.h"

static rt_response *err_abort(rt_request *req, int64_t code)
{
    rt_abort(req, (int)code);
}

static rt_response *err_abort_description(rt_request *req, int64_t code)
{
    rt_abort(req, (int)code, "{}", query_value(req, "d", "described"));
}

static rt_response *err_abort_response(rt_request *req)
{
    rt_response *response = rt_html(req, "aborted with a response");
    rt_set_header(response, "X-Aborted", "1");
    rt_abort_response(req, rt_set_status(response, 403));
}

static rt_response *err_raise_404(rt_request *req)
{
    rt_abort(req, 404, "raised by hand");
}

static rt_response *err_return_404(rt_request *req)
{
    rt_abort(req, 404, "returned, not raised");
}

static rt_response *err_crash(rt_request *req)
{
    rt_raise(req, &unhandled_error, "boom");
}

static rt_response *err_custom(rt_request *req)
{
    rt_raise(req, &parity_error, "custom text");
}

static rt_response *err_narrow(rt_request *req)
{
    rt_raise(req, &narrow_parity_error, "narrow text");
}

static rt_response *err_missing_arg(rt_request *req)
{
    (void)rt_query(req, "needed");
    return rt_html_as_is(req,
                         rt_params_get(rt_query_params(req), RT_STR("needed")));
}

static rt_response *err_missing_form(rt_request *req)
{
    (void)rt_form(req, "needed");
    return rt_html_as_is(req,
                         rt_params_get(rt_form_params(req), RT_STR("needed")));
}

static rt_response *err_missing_header(rt_request *req)
{
    return rt_html_as_is(req, rt_str_from(rt_header_required(req, "X-Needed")));
}

static rt_response *err_unauthorized(rt_request *req)
{
    rt_unauthorized(req, "basic", "realm", "parity test");
}

static rt_response *err_unauthorized_digest(rt_request *req)
{
    rt_unauthorized(req, "digest", "realm", "r", "nonce", "n", "qop", "auth");
}

static rt_response *err_retry_seconds(rt_request *req)
{
    rt_abort_retry_after(req, 429, 30);
}

static rt_response *err_retry_date(rt_request *req)
{
    rt_abort_retry_after_date(req, 503, FIXED_TIME);
}

static rt_response *err_teapot(rt_request *req)
{
    rt_abort(req, 418);
}

static rt_response *err_handler_crash(rt_request *req)
{
    rt_abort(req, 409);
}

static rt_response *err_gone(rt_request *req)
{
    rt_abort(req, 410);
}

static rt_response *fail(rt_request *req, rt_response *response, void *arg)
{
    (void)response, (void)arg;
    rt_raise(req, &unhandled_error, "in after_request");
}

static rt_response *err_after_crash(rt_request *req)
{
    rt_after_this_request(req, fail, NULL);
    return rt_html(req, "never seen");
}

static rt_response *on_418(rt_request *req, const rt_http_error *error,
                           void *arg)
{
    (void)arg;
    return rt_set_status(rt_html(req, "blueprint teapot {}", error->status),
                         418);
}

static rt_response *on_409(rt_request *req, const rt_http_error *error,
                           void *arg)
{
    (void)error, (void)arg;
    rt_raise(req, &unhandled_error, "inside the handler");
}

static rt_response *on_410(rt_request *req, const rt_http_error *error,
                           void *arg)
{
    (void)arg;
    rt_response *response =
        rt_json(req, "gone", true, "name", rt_code_reason(error->status));
    rt_set_header(response, "X-Handled", "blueprint");
    return rt_set_status(response, 410);
}

rt_blueprint *errors_blueprint(void)
{
    rt_blueprint *bp = rt_blueprint_new("e", .url_prefix = "/e");

    rt_get(bp, "/abort/<int:code>", err_abort);
    rt_get(bp, "/abort-description/<int:code>", err_abort_description);
    rt_get(bp, "/abort-response", err_abort_response);
    rt_get(bp, "/raise-404", err_raise_404);
    rt_get(bp, "/return-404", err_return_404);
    rt_get(bp, "/crash", err_crash);
    rt_get(bp, "/custom", err_custom);
    rt_get(bp, "/narrow", err_narrow);
    rt_get(bp, "/missing-arg", err_missing_arg);
    rt_post(bp, "/missing-form", err_missing_form);
    rt_get(bp, "/missing-header", err_missing_header);
    rt_get(bp, "/unauthorized", err_unauthorized);
    rt_get(bp, "/unauthorized-digest", err_unauthorized_digest);
    rt_get(bp, "/retry-seconds", err_retry_seconds);
    rt_get(bp, "/retry-date", err_retry_date);
    rt_get(bp, "/teapot", err_teapot);
    rt_get(bp, "/handler-crash", err_handler_crash);
    rt_get(bp, "/gone", err_gone);
    rt_get(bp, "/after-crash", err_after_crash);
    rt_error_handler(bp, 418, on_418);
    rt_error_handler(bp, 409, on_409);
    rt_error_handler(bp, 410, on_410);
    return bp;
}

// ---- /k ------------------------------------------------------------------------

static rt_response *abort_500(rt_request *req)
{
    rt_abort(req, 500);
}

static rt_response *abort_503(rt_request *req)
{
    rt_abort(req, 503);
}

static rt_response *crash_500(rt_request *req, const rt_http_error *error,
                              void *arg)
{
    (void)arg;
    return rt_set_status(rt_json(req, "handled", 500, "original",
                                 error->original ? error->original->message
                                                 : NULL),
                         500);
}

static rt_response *crash_http(rt_request *req, const rt_http_error *error,
                               void *arg)
{
    (void)arg;
    return rt_set_status(rt_json(req, "code", error->status, "name",
                                 rt_code_reason(error->status)),
                         error->status);
}

rt_blueprint *crash_blueprint(void)
{
    rt_blueprint *bp = rt_blueprint_new("k", .url_prefix = "/k");

    rt_get(bp, "/crash", err_crash, .endpoint = "crash");
    rt_get(bp, "/abort-500", abort_500);
    rt_get(bp, "/abort-503", abort_503);
    rt_error_handler(bp, 500, crash_500);
    rt_error_handler(bp, RT_HTTP_ERROR, crash_http);
    return bp;
}
