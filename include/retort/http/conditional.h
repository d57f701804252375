// Conditional requests: whether the client's copy is still good, and whether a
// change may be made.
//
// The preconditions of a request are tested against the validators of what it
// is about, in the order of RFC 9110:
//
//     If-Match, or without it If-Unmodified-Since    false: 412
//     If-None-Match, or without it If-Modified-Since false: 304 (GET, HEAD), 412
//     Range with If-Range                            true: a part may be sent
//
// Source: RFC 9110, section 13.2.2.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <retort/base/attributes.h>
#include <retort/base/status.h>
#include <retort/http/etag.h>
#include <retort/http/request.h>

RT_C_BEGIN

// The validators of a representation.
typedef struct rt_validators {
    rt_etag etag;        // opaque.data NULL: it has none
    int64_t modified_us; // when it was last modified, whole seconds count
    bool has_modified;   // false: that is not known
} rt_validators;

// What a request is to be answered with.
typedef enum rt_precondition {
    RT_PRECONDITION_PASSED,       // as if it were not conditional
    RT_PRECONDITION_NOT_MODIFIED, // 304: the client's copy is good
    RT_PRECONDITION_FAILED,       // 412
} rt_precondition;

// Test the preconditions of a request.
//
//   current   what is there now; NULL: nothing, as before the first PUT
//   now_us    for dates with two digits for the year
rt_precondition rt_precondition_test(const rt_request *request,
                                     const rt_validators *current,
                                     int64_t now_us);

// What If-Range holds: a tag or a date, or nothing that counts.
typedef struct rt_if_range {
    rt_etag etag; // strong; opaque.data NULL: none
    int64_t date_us;
    bool has_date;
} rt_if_range;

// Read If-Range. A weak tag does not count, as two bodies may not be spliced by
// one.
rt_if_range rt_if_range_parse(rt_str header, int64_t now_us);

// True when a part may be sent where the request asks for one: there is no
// If-Range, or it names exactly what is there.
bool rt_if_range_test(const rt_request *request, const rt_validators *current,
                      int64_t now_us);

RT_C_END
