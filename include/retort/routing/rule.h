// Rules: which path leads to which endpoint.
//
//     /post/<int:id>          a leaf: only without a slash at the end
//     /posts/                 a branch: without the slash it redirects there
//     /v<int:a>.<int:b>       several variables in one segment
//     /wiki/<path:page>/edit  a variable that takes slashes
//
// The text between the variables is compared with the decoded path, so it may
// be any UTF-8. converter.h lists what may stand between the brackets.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/pairs.h>
#include <retort/base/status.h>
#include <retort/base/str.h>
#include <retort/base/value.h>
#include <retort/http/method.h>

RT_C_BEGIN

// A switch that may be left as it is elsewhere.
typedef enum rt_switch {
    RT_INHERIT, // as the map says; of a map: on
    RT_ON,
    RT_OFF,
} rt_switch;

// Values for variables that are not in the rule's path.
typedef struct rt_url_defaults {
    const rt_pair *items;
    size_t len;
} rt_url_defaults;

// Write defaults as pairs: .defaults = RT_DEFAULTS("page", 1).
#define RT_DEFAULTS(...) ((rt_url_defaults){RT_PAIRS_FROM2(0, __VA_ARGS__)})

// Where a rule's path has moved to: a reference, relative to the root of the
// application, made of the rule's values.
//
//   memory   `*out` lies in `arena`
//   errors   any status: there is no such path
typedef rt_status rt_url_redirect_fn(void *arg, rt_arena *arena,
                                     const rt_pair *args, size_t args_len,
                                     rt_str *out);

// What a rule is besides its text. Only `endpoint` is required.
typedef struct rt_url_rule_options {
    const char *endpoint; // what it leads to, and its name when building
    // The host, or the subdomain, that has the rule; variables are written as
    // in a path: "<tenant>.shops". NULL: the one without a name.
    const char *host;
    // Methods separated by spaces or commas; NULL: GET; "*": any. GET brings
    // HEAD, and OPTIONS comes with all.
    const char *methods;
    // Values the endpoint gets with this rule. Of the rules of one endpoint
    // with the same variables, the one whose defaults agree is built, and the
    // others redirect to it.
    rt_url_defaults defaults;
    // A branch is reached only with its slash (on), or without it too (off;
    // a leaf then with a slash too).
    rt_switch strict_slashes;
    rt_switch merge_slashes; // several slashes in the text stand for one
    bool build_only;         // only URLs are built with it
    bool no_options;         // OPTIONS is not answered for it
    bool websocket; // for WebSocket handshakes only; its methods are GET's
    // Redirects to the rule of the same endpoint that is no alias.
    bool alias;
    // Redirects to this reference, in which `<name>` stands for the text of a
    // variable; or to what the function makes of the values.
    const char *redirect_to;
    rt_url_redirect_fn *redirect_fn;
    void *redirect_arg;
    void *data; // the application's own
} rt_url_rule_options;

// A rule of a map.
typedef struct rt_url_rule rt_url_rule;

// A variable of a rule, in the order of the path.
typedef struct rt_url_variable {
    const char *name;
    const char *converter; // "default" where the rule names none
    rt_kind kind;          // of its values; RT_UNDEFINED: any
} rt_url_variable;

// The rule as it was written, and what it was added with.
rt_str rt_url_rule_text(const rt_url_rule *rule);
rt_str rt_url_rule_host(const rt_url_rule *rule); // empty: none
bool rt_url_rule_is_websocket(const rt_url_rule *rule);
const char *rt_url_rule_endpoint(const rt_url_rule *rule);
void *rt_url_rule_data(const rt_url_rule *rule);
rt_url_defaults rt_url_rule_defaults(const rt_url_rule *rule);
bool rt_url_rule_is_build_only(const rt_url_rule *rule);

// The variables in the order of the path; `*n` is their number.
const rt_url_variable *rt_url_rule_variables(const rt_url_rule *rule,
                                             size_t *n);

// The methods, those that were added by themselves included; empty when
// rt_url_rule_any_method is true.
rt_method_set rt_url_rule_methods(const rt_url_rule *rule);
bool rt_url_rule_any_method(const rt_url_rule *rule);

// Describe a rule in one line: `/post/<int:id> (GET, HEAD, OPTIONS) -> show`.
rt_str rt_url_rule_dump(rt_arena *arena, const rt_url_rule *rule);

RT_C_END
