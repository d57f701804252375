// Caching: validators, conditional answers, and what caches may do.
//
//     rt_response *response = rt_render(req, "post.html", "post", post);
//     rt_set_last_modified(response, post_changed_us);
//     rt_cache_control(response, .max_age = RT_SECONDS(60), .public_ = true);
//     return rt_conditional(req, response);
//
// Follows flask.Response: set_etag, add_etag, make_conditional, cache_control.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <retort/app/app.h>
#include <retort/base/attributes.h>
#include <retort/http/cache_control.h>
#include <retort/http/conditional.h>

RT_C_BEGIN

// ---- validators --------------------------------------------------------------

// Set the ETag: rt_set_etag(response, "v7") or, when two answers with it may
// differ in their bytes, rt_set_etag(response, "v7", .weak = true).
typedef struct rt_etag_options {
    bool weak;
    int unused; // ends the list a macro makes
} rt_etag_options;

#define rt_set_etag(...)                                             \
    rt_response_set_etag(RT_ARG1(__VA_ARGS__), RT_ARG2(__VA_ARGS__), \
                         &(rt_etag_options){                         \
                             RT__TAIL3(__VA_ARGS__, .unused = 0)})
rt_response *rt_response_set_etag(rt_response *response, const char *tag,
                                  const rt_etag_options *options);

// Set the ETag to a digest of the body, unless there is one. A stream or a file
// has no body to digest: that is a programming error and 500.
rt_response *rt_add_etag(rt_response *response);

// Set Last-Modified, and Expires, to a moment in microseconds since 1970.
rt_response *rt_set_last_modified(rt_response *response, int64_t us);
rt_response *rt_set_expires(rt_response *response, int64_t us);

// ---- conditional answers -------------------------------------------------------

// Options of rt_conditional; zero is the default.
typedef struct rt_conditional_options {
    bool accept_ranges; // parts of the body may be asked for
    int unused;
} rt_conditional_options;

// Make a response conditional, after its validators are set: to GET and HEAD it
// becomes 304 where the client's copy is good and 412 where the client's
// condition does not hold, in the order of RFC 9110. Other statuses than 2xx are
// left alone.
//
// With ranges, the part that was asked for is sent as 206, several as
// multipart/byteranges; a part beyond the end ends the request with 416. Only
// bodies whose length is known have parts: bytes and files.
#define rt_conditional(...)                                      \
    rt_response_conditional(                                     \
        RT__REQUEST(RT_ARG1(__VA_ARGS__)), RT_ARG2(__VA_ARGS__), \
        &(rt_conditional_options){RT__TAIL3(__VA_ARGS__, .unused = 0)})
rt_response *rt_response_conditional(rt_request *req, rt_response *response,
                                     const rt_conditional_options *options);

// End the request with 412 when its conditions do not hold for what is there;
// before a PUT or DELETE changes it. With NULL there is nothing yet.
//
//     rt_check_preconditions(req, &(rt_validators){.etag = {tag, false}});
void rt_check_preconditions(rt_request *req, const rt_validators *current);

// ---- headers for caches ----------------------------------------------------------

// Set Cache-Control, in place of what it was:
//
//     rt_cache_control(response, .no_store = true);
//     rt_cache_control(response, .max_age = RT_SECONDS(0), .private_ = true);
#define rt_cache_control(...)                         \
    rt_response_cache_control(RT_ARG1(__VA_ARGS__),   \
                              &(rt_cache_directives){ \
                                  RT__TAIL2(__VA_ARGS__, .unused = 0)})
rt_response *rt_response_cache_control(rt_response *response,
                                       const rt_cache_directives *directives);

// Add an item to a header that is a set, unless it is there in either case.
rt_response *rt_add_item(rt_response *response, const char *header,
                         const char *item);
#define rt_vary(response, header)  rt_add_item((response), "Vary", (header))
#define rt_allow(response, method) rt_add_item((response), "Allow", (method))
#define rt_content_language(response, tag) \
    rt_add_item((response), "Content-Language", (tag))

// How long a copy has been in a cache, and when to try again. A negative number
// is a programming error and 500.
rt_response *rt_set_age(rt_response *response, int64_t seconds);
rt_response *rt_retry_after(rt_response *response, int64_t seconds);
rt_response *rt_retry_after_date(rt_response *response, int64_t us);

// End the request with an error that says when to try again, 429 or 503.
RT_NORETURN void rt_abort_retry_after(rt_request *req, int status,
                                      int64_t seconds);
RT_NORETURN void rt_abort_retry_after_date(rt_request *req, int status,
                                           int64_t us);

// Set one directive of Content-Security-Policy, and keep the others; an empty
// value takes it out.
//
//     rt_content_security_policy(response, "default-src", "'self'");
rt_response *rt_content_security_policy(rt_response *response,
                                        const char *directive,
                                        const char *value);

RT_C_END
