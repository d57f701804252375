// Cookies: what a client sends back, and how a server asks for it.
//
//     Cookie: theme=dark; name="J\303\266rg"
//     Set-Cookie: theme=dark; Expires=...; Max-Age=3600; HttpOnly; Path=/
//
// Values with bytes a cookie has no room for are written in quotes with octal
// escapes, as Python does it, so that both sides of a site moving from Flask
// read each other's.
//
// Source: RFC 6265, section 4; Werkzeug for the quoting and the order of the
// attributes.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/status.h>
#include <retort/base/str.h>
#include <retort/http/query.h>

RT_C_BEGIN

// Longer Set-Cookie values are dropped by browsers without a word. Nothing here
// refuses them; whoever sets one should warn.
#define RT_COOKIE_BYTES_MAX 4093

// Read the value of a Cookie header and add its pairs, duplicates included:
// rt_params_get gives the first. A name without value has the empty one, a
// value without name is skipped, quoted values are decoded, and bytes that are
// not UTF-8 become U+FFFD. Of several headers, read one after the other.
//
//   memory   copied into `arena`, each name and value NUL-terminated
//   limits   RT_PARAMS_MAX pairs in `*params`
//   errors   RT_E_LIMIT   more pairs; `*params` is unchanged
rt_status rt_cookie_parse(rt_params *params, rt_arena *arena, rt_str header);

// When a browser sends a cookie along with a request from another site.
typedef enum rt_samesite {
    RT_SAMESITE_UNSET, // no attribute: the browser decides
    RT_SAMESITE_STRICT,
    RT_SAMESITE_LAX,
    RT_SAMESITE_NONE,
} rt_samesite;

// Read "Strict", "Lax" or "None" in any case, as a configuration has it.
//
//   errors   RT_E_SYNTAX   another word; `*out` is untouched
rt_status rt_samesite_parse(rt_str text, rt_samesite *out);

// The attributes of a cookie to be set. Zero is a cookie for the whole site
// that ends with the browser's session, without Secure, HttpOnly and SameSite.
// These are off as in Werkzeug: a cookie that is set for a script, or for a page
// inside another site's, would vanish without a word where they were on. Set
// `.httponly` and `.samesite` for whatever identifies somebody.
typedef struct rt_cookie_options {
    int64_t max_age_s;  // seconds to live, also written as Expires; 0: none
    int64_t expires_us; // a moment to end at; 0: none, or as max_age_s says
    bool expired;       // end it now: Max-Age=0, and Expires in 1970 or at
                        // `expires_us`
    const char *path;   // NULL: "/"; "": no Path, the folder of the request
    const char *domain; // NULL or "": this host alone. A leading dot and a
                        // port are left out
    bool secure;        // over TLS alone
    bool httponly;      // hidden from scripts
    bool partitioned;   // one jar per embedding site; implies secure
    rt_samesite samesite;
    int unused; // ends the list a macro makes
} rt_cookie_options;

// Make the value of a Set-Cookie header. The attributes come in the order
// Domain, Expires, Max-Age, Secure, HttpOnly, Path, SameSite, Partitioned.
//
//   options  NULL: the default of each
//   now_us   what max_age_s counts from, for Expires
//   errors   RT_E_SYNTAX   the name is no token, or the domain has bytes that a
//                          host has not; `*out` is untouched
rt_status rt_cookie_dump(rt_arena *arena, rt_str name, rt_str value,
                         const rt_cookie_options *options, int64_t now_us,
                         rt_str *out);

RT_C_END
