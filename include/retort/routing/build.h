// Building: the URL of an endpoint.
//
// The inverse of matching. Of the rules of an endpoint, the one is taken that
// allows the method, whose variables all have a value, and whose defaults agree
// with the values; where several fit, the one with the most variables, then the
// most defaults. What the rule has no variable for becomes the query.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/error.h>
#include <retort/base/pairs.h>
#include <retort/base/status.h>
#include <retort/base/str.h>
#include <retort/routing/map.h>

RT_C_BEGIN

// How to build. Zero-initialise it and set what is wanted; NULL is the same as
// zero.
typedef struct rt_url_build_options {
    rt_str method;     // only rules with this method; empty: any
    rt_str try_method; // when `method` is empty: rules with this one first
    rt_str root;       // put before the path: the script root, decoded
    rt_str anchor;     // behind a #; data NULL: none
    rt_str host;       // with host_matching: that of the request, preferred
    bool drop_unknown; // values without variable are left out, not the query
} rt_url_build_options;

// Build the URL of an endpoint: a path, with query and anchor, without the host
// its rule may have. A value of none
// or undefined counts as absent; of two values of one name a variable takes the
// last, a query has both. In the query, a list repeats its name.
//
//   memory   the URL lies in `arena`, NUL-terminated
//   errors   RT_E_NOT_FOUND   no rule fits; the message names the endpoint,
//                             the values that are missing, the methods that
//                             would do, or the nearest endpoint
//            RT_E_TYPE        a value is none the variable could have
//            what the `format` of a converter says
rt_status rt_url_build(const rt_url_map *map, rt_arena *arena,
                       const char *endpoint, const rt_pair *args,
                       size_t args_len, const rt_url_build_options *options,
                       rt_str *out, rt_error *err);

// A URL in its parts.
typedef struct rt_url_built {
    rt_str path;             // with root, query and anchor
    rt_str host;             // the host or subdomain of the rule; empty: none
    const rt_url_rule *rule; // what was built
} rt_url_built;

// The same for maps whose rules have hosts.
rt_status rt_url_build_parts(const rt_url_map *map, rt_arena *arena,
                             const char *endpoint, const rt_pair *args,
                             size_t args_len,
                             const rt_url_build_options *options,
                             rt_url_built *out, rt_error *err);

// The rule whose endpoint, values and method are the nearest to these: what a
// message suggests. NULL when the map is empty.
//
// Source: Ratcliff and Metzener, "Pattern Matching: The Gestalt Approach", Dr.
// Dobb's Journal, July 1988, for the likeness of names.
const rt_url_rule *rt_url_nearest(const rt_url_map *map, const char *endpoint,
                                  const rt_pair *args, size_t args_len,
                                  rt_str method);

RT_C_END
