// Errors of a request: finding their handlers, leaving a view with one, and failures
// that are the application's.
#pragma once

#include "app/app.h"

// End the request because its body could not be read.
RT_NORETURN void rt__body_failed(rt_request *req, rt_status st);

// The page for an error without handler.
rt_response *rt__error_page(rt_request *req, const rt_http_error *error);

// An error with a status; `message` may be NULL. And the same as the error of the
// request.
rt_http_error rt__error_of_status(int status, const char *message);
void rt__set_error(rt__context *ctx, int status, const char *message);

// True for errors with a status, false for failures, which become a 500 when no
// handler is for them.
bool rt__error_is_http(const rt_http_error *error);

// The handler for an error, with the path it happened at; NULL: none.
const rt__hook *rt__error_handler_find(const rt__context *ctx,
                                       const rt_http_error *error);

// End the request with 500 for a failure that is ours: the log gets the message,
// the client only in debug mode. Does not return.
#define rt__fail(...)                                           \
    rt__fail_values(RT_ARG1(__VA_ARGS__), RT_ARG2(__VA_ARGS__), \
                    RT_VALUES_FROM3(__VA_ARGS__))
RT_NORETURN void rt__fail_values(rt_request *req, const char *format,
                                 const rt_value *values, size_t n);

// "file:line: " of a call, where it is known, for the front of such a message.
const char *rt__place(rt_request *req, rt_site site);

// Log a failure that is ours, or the application's.
void rt__log_failure(const rt__context *ctx, rt_str why);

// Report a format with another number of placeholders than values; in debug mode
// it does not return.
void rt__format_check(rt_request *req, const char *format, size_t placeholders,
                      size_t n, rt_site site);

// Go back to the frame of the current coroutine with an error, or with a
// response.
RT_NORETURN void rt__context_leave(rt__context *ctx, rt_http_error error,
                                   rt_response *response);
