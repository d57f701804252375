// The cookies a test client holds.
//
// Source: RFC 6265, section 5, as far as one program talking to itself needs it:
// host-only and domain cookies, paths, expiry and Secure.
#pragma once

#include <retort/base/arena.h>
#include <retort/http/headers.h>
#include <retort/http/url.h>

typedef struct rt__stored_cookie {
    rt_str name;
    rt_str value; // as sent, quoted or not
    rt_str text;  // what it stands for
    rt_str domain;
    rt_str path;
    bool host_only;
    bool secure;
} rt__stored_cookie;

typedef struct rt__cookie_jar {
    rt_arena *arena;
    rt__stored_cookie *items; // the longest path first
    size_t len;
    size_t cap;
} rt__cookie_jar;

// Take over the Set-Cookie lines of a response to `url`.
void rt__cookie_jar_update(rt__cookie_jar *jar, const rt_url_parts *url,
                           const rt_headers *headers);

// The Cookie header of a request to `url`; empty when no cookie applies.
rt_str rt__cookie_jar_header(const rt__cookie_jar *jar, rt_arena *arena,
                             const rt_url_parts *url);

// What a cookie stands for, whatever its domain and path, or NULL.
const char *rt__cookie_jar_get(const rt__cookie_jar *jar, rt_str name);

// Set a cookie for localhost, for all paths.
//
//   errors   RT_E_SYNTAX   the name is no token
rt_status rt__cookie_jar_set(rt__cookie_jar *jar, rt_str name, rt_str value);
