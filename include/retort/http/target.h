// Request targets: the second word of a request line.
//
//     GET /path?query HTTP/1.1                    origin-form
//     GET http://example.org/path HTTP/1.1        absolute-form, to proxies
//     CONNECT example.org:443 HTTP/1.1            authority-form
//     OPTIONS * HTTP/1.1                          asterisk-form
//
// Source: RFC 9112, section 3.2.
#pragma once

#include <retort/base/attributes.h>
#include <retort/base/status.h>
#include <retort/base/str.h>
#include <retort/http/host.h>
#include <retort/http/method.h>

RT_C_BEGIN

typedef enum rt_target_form {
    RT_TARGET_ORIGIN,
    RT_TARGET_ABSOLUTE,
    RT_TARGET_AUTHORITY,
    RT_TARGET_ASTERISK,
} rt_target_form;

// One target. All strings view the text that was parsed.
typedef struct rt_target {
    rt_target_form form;
    rt_str path;      // starts with a slash, still encoded; "*" of an asterisk,
                      // empty in authority-form
    rt_str query;     // without its question mark; data is NULL: there is none
    rt_str scheme;    // absolute-form: http or https, as written; else empty
    rt_str authority; // absolute- and authority-form: host and port as written
    rt_host_port host; // the same, taken apart
} rt_target;

// Read the target of a request with this method. An absolute-form without path
// has the path "/".
//
//   limits   none; the caller bounds the line
//   errors   RT_E_SYNTAX   none of the four forms, or not the one the method
//                          asks for; control bytes, spaces, `#`, bytes above
//                          0x7e; user information; a scheme besides http and
//                          https. `*out` is untouched
rt_status rt_target_parse(rt_method method, rt_str text, rt_target *out);

RT_C_END
