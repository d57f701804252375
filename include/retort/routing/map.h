// URL maps: all rules of an application, and which of them has a path.
//
//     rt_url_map *map = rt_url_map_new(arena, NULL);
//     rt_url_map_add(map, "/post/<int:id>",
//                    &(rt_url_rule_options){.endpoint = "show"}, NULL, &err);
//     rt_url_map_compile(map);
//     rt_url_result result;
//     rt_url_match(map, arena, &(rt_url_target){...}, &result);
//
// Rules are added at start-up; from rt_url_map_compile on the map is only read.
// The order of the rules does not matter: at each segment, text goes before
// variables, and variables go by how narrow they are.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/error.h>
#include <retort/base/pairs.h>
#include <retort/base/status.h>
#include <retort/base/str.h>
#include <retort/http/method.h>
#include <retort/routing/converter.h>
#include <retort/routing/rule.h>

RT_C_BEGIN

// A map of rules.
typedef struct rt_url_map rt_url_map;

// Of all rules together. Zero: everything on.
typedef struct rt_url_map_options {
    rt_switch strict_slashes; // for rules that do not say
    // Redirect //a//b to /a/b, where only the latter has a rule.
    rt_switch merge_slashes;
    rt_switch redirect_defaults; // redirect to the rule whose defaults agree
    // Hosts of rules are whole ones, not subdomains. Where an endpoint has
    // several, the one of the request is built.
    bool host_matching;
} rt_url_map_options;

// What a single rule may have; more is refused when it is added.
#define RT_URL_RULE_BYTES_MAX     4096 // of text
#define RT_URL_RULE_SEGMENTS_MAX  128
#define RT_URL_RULE_VARIABLES_MAX 32
#define RT_URL_PART_VARIABLES_MAX 16 // in one segment, or from a <path:> on

// Start an empty map. `options` may be NULL.
//
//   memory   everything of the map lies in `arena`
rt_url_map *rt_url_map_new(rt_arena *arena, const rt_url_map_options *options);

// Make a converter known to the rules added from now on.
//
//   memory   `*converter` is copied, its name is viewed
//   errors   RT_E_SYNTAX   its name is no name
//            RT_E_FROZEN   the map is compiled
rt_status rt_url_map_add_converter(rt_url_map *map,
                                   const rt_url_converter *converter);

// Add a rule. `out` and `err` may be NULL. On errors the map is unchanged, and
// `*err` has the column in the rule and the rule as excerpt.
//
//   memory   texts and defaults are copied; `data` is kept
//   limits   RT_URL_RULE_*
//   errors   RT_E_SYNTAX      malformed, a bad argument, method or endpoint; a
//                             host with a slash
//            RT_E_UTF8        the text is not UTF-8
//            RT_E_NOT_FOUND   no such converter; no such variable to redirect
//                             with
//            RT_E_EXISTS      a variable comes twice, or another rule matches
//                             the same paths and methods
//            RT_E_LIMIT       a limit is exceeded
//            RT_E_FROZEN      the map is compiled
//            what the `setup` or `format` of a converter says
rt_status rt_url_map_add(rt_url_map *map, const char *text,
                         const rt_url_rule_options *options,
                         const rt_url_rule **out, rt_error *err);

// Put the rules in order, for matching and building. Once.
void rt_url_map_compile(rt_url_map *map);

// The rules in the order they were added; `*n` is their number.
const rt_url_rule *const *rt_url_map_rules(const rt_url_map *map, size_t *n);

// The same rules in the order in which a path is tried on them. Those that are
// only built come last.
const rt_url_rule **rt_url_map_match_order(const rt_url_map *map,
                                           rt_arena *arena, size_t *n);

// Describe all rules, one a line, in the order of rt_url_map_match_order.
rt_str rt_url_map_dump(rt_arena *arena, const rt_url_map *map);

// ---- matching -----------------------------------------------------------

// What is looked for.
typedef struct rt_url_target {
    rt_method method;
    rt_str method_text; // looked at when `method` is RT_METHOD_OTHER
    rt_str path;        // decoded, UTF-8, begins with a slash or is empty
    rt_str host;        // the host or subdomain, in lower case; empty: none
    bool websocket;     // a WebSocket handshake
} rt_url_target;

typedef enum rt_url_outcome {
    RT_URL_NOT_FOUND,          // 404
    RT_URL_FOUND,              // a rule, and its arguments
    RT_URL_REDIRECT,           // 308 to another path of this map
    RT_URL_METHOD_NOT_ALLOWED, // 405: rules have the path, with other methods
    RT_URL_NO_HANDSHAKE,       // 400: a WebSocket handshake is all the rules
                               // with the path take, or what they do not
} rt_url_outcome;

// What was found. What does not belong to the outcome is zero.
typedef struct rt_url_result {
    rt_url_outcome outcome;
    const rt_url_rule *rule; // found
    const rt_pair *args;     // found: variables, then further defaults
    size_t args_len;
    // Found, and the method is OPTIONS, which the rule does not name itself:
    // the answer is empty, with `allow`.
    bool automatic_options;
    // Method not allowed and automatic options: methods that have a rule.
    rt_method_set allow;
    // Redirect: a path, percent-encoded, without script root and query; the
    // query of the request belongs behind it as it was sent.
    rt_str location;
    // Redirect: the location is on this host, or subdomain; data NULL: on that
    // of the request.
    rt_str host;
    // Redirect: the location is what a rule redirects to, a reference relative
    // to the root of the application. The query is dropped.
    bool moved;
} rt_url_result;

// Find the rule of a path. Slashes at the front of the path count as one, so
// that a location never names another host.
//
// The work does not depend on rules that cannot match, and a hostile path
// costs at most time in proportion to its length.
//
//   memory   the result lies in `arena`, texts are copied and NUL-terminated
rt_url_outcome rt_url_match(const rt_url_map *map, rt_arena *arena,
                            const rt_url_target *target, rt_url_result *out);

// The methods with which rules have the target's path: the same set as `allow`.
// Rules that take any method add none; the target's own does not matter.
rt_method_set rt_url_allowed_methods(const rt_url_map *map, rt_arena *arena,
                                     const rt_url_target *target);

RT_C_END
