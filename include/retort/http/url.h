// URLs: taking them apart and resolving one against another.
//
//     https://user@example.org:8080/a/b?q=1#top
//     \___/   \___________________/\__/ \_/ \_/
//     scheme        authority      path query fragment
//
// Parts are views of the text and keep its encoding; percent.h decodes them. A
// part that is absent has data NULL, one that is there but empty (`/?`) has
// not, for the two differ when URLs are put together again.
//
// Source: RFC 3986.
#pragma once

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/buf.h>
#include <retort/base/status.h>
#include <retort/base/str.h>
#include <retort/http/host.h>
#include <retort/http/percent.h>

RT_C_BEGIN

// One URL or relative reference, taken apart.
typedef struct rt_url_parts {
    rt_str scheme;     // without its colon, as written
    rt_str authority;  // without its slashes
    rt_str userinfo;   // what stands before an @ in the authority
    rt_host_port host; // name is empty when there is no authority
    rt_str path;       // may be empty, never absent
    rt_str query;      // without its question mark
    rt_str fragment;   // without its number sign
} rt_url_parts;

// Take a URL or a relative reference apart. Bytes above 0x7f are let through in
// path, query and fragment, where an IRI has them.
//
//   memory   the parts view `text`
//   errors   RT_E_SYNTAX   control bytes or spaces, a malformed host or port;
//                          `*out` is untouched
rt_status rt_url_parse(rt_str text, rt_url_parts *out);

// Put the parts together again: scheme, authority, path, query, fragment (the
// host and user information are part of the authority).
void rt_url_put(rt_buf *buf, const rt_url_parts *url);

// Resolve a reference against the URL of the page it stands on, and remove the
// dots of its path: what a browser does with a Location.
//
//   errors   RT_E_SYNTAX   as rt_url_parse, for either; or `base` has no scheme
rt_status rt_url_join(rt_arena *arena, rt_str base, rt_str reference,
                      rt_str *out);

// Append a path with "." and ".." resolved (RFC 3986 5.2.4). Never climbs above
// the first slash.
void rt_url_put_path_resolved(rt_buf *buf, rt_str path);

RT_C_END
