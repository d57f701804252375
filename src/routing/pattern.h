// What a rule's text is parsed into.
//
//     /w/<int:a>-<b>.txt          three parts:  "w"   <int> "-" <string> ".txt"
//     /wiki/<path:p>/edit         two parts:    "wiki"   <path> "/edit"
//     /wiki/<path:p>/             three parts:  "wiki"   <path> slash   ""
//
// A part is what one step in the tree of rules compares with one segment of the
// path, or, from a converter on that crosses slashes, with all that is left of
// it: such a part is `final`. A final part that ends in a slash leaves the
// slash to an empty part behind it, so that the redirect to the branch with
// its slash works as for any other rule; it is `slashed`.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <retort/base/map.h>
#include <retort/base/vec.h>
#include <retort/routing/converter.h>
#include <retort/routing/map.h>

typedef enum rt__conv_kind {
    CONV_STRING,
    CONV_PATH,
    CONV_ANY,
    CONV_INT,
    CONV_FLOAT,
    CONV_UUID,
    CONV_CUSTOM,
} rt__conv_kind;

// A converter with the arguments one variable gave it.
typedef struct rt__conv {
    rt__conv_kind kind;
    int weight;
    bool crosses_slash;
    bool is_signed;                 // int, float
    bool has_min, has_max;          // int, float
    size_t fixed_digits;            // int; 0: any number of digits
    int64_t min, max;               // int
    double min_float, max_float;    // float
    size_t min_len, max_len;        // string, in code points
    const rt_str *words;            // any, in the order written
    size_t words_len;               // any
    const rt_url_converter *custom; // custom, and what its `setup`
    void *self;                     // made of these arguments
    rt_value args, named;           // custom
} rt__conv;

// An element of a part: a literal, or a converter where that is not NULL.
typedef struct rt__element {
    rt_str literal;
    const rt__conv *conv;
} rt__element;

typedef struct rt__part {
    rt_str text; // of a static part, which has no elements
    const rt__element *elements;
    uint32_t elements_len;
    uint32_t convs_len; // 0: the part is static
    bool final;
    bool slashed;
    rt_str prefix, suffix; // what stands before and behind the converters
    // The weight: what is compared in this order to see which part is tried
    // first. Lengths are in code points, slashes do not count.
    const uint32_t *static_lens;
    uint32_t statics_len;
} rt__part;

// A piece of the text a URL is built from: a literal that is percent-encoded
// already, or the variable with that number.
typedef struct rt__trace {
    rt_str literal;
    uint32_t variable;
    bool is_variable;
} rt__trace;

// A parsed text.
typedef struct rt__pattern {
    const rt__part *const *parts;
    size_t parts_len;
    const rt_url_variable *variables;
    const rt__conv *const *convs; // of each variable
    size_t variables_len;
    const rt__trace *traces;
    size_t traces_len;
    // What a host is compared with, NULL without one. Its variables and traces
    // come before those of the path.
    const rt__part *host;
    size_t host_variables_len, host_traces_len;
} rt__pattern;

// What the rules of a map share when they are parsed.
typedef struct rt__patterns {
    rt_arena *arena;                          // lives as long as the map
    RT_VEC(const rt_url_converter *) customs; // the newest of a name wins
    // Parts with converters by their source: rules that write `<int:id>` have
    // one part in common, which is then in the processor's cache.
    rt_map parts;
} rt__patterns;

// Parse a rule's text, and its host where that is not empty. With `merge`,
// several slashes stand for one.
//
//   memory   the arrays of the pattern lie in `scratch`, what they refer to in
//            the arena of `shared`, which `text` is viewed as part of
//   errors   as rt_url_map_add
rt_status rt__pattern_parse(rt__patterns *shared, rt_arena *scratch,
                            rt_str text, rt_str host, bool merge,
                            rt__pattern *out, rt_error *err);

// Order the parts of one step: negative when `a` is tried first.
int rt__part_compare(const rt__part *a, const rt__part *b);

// True when two parts match the same texts, so that rules share the step.
bool rt__part_equal(const rt__part *a, const rt__part *b);

// Match a part on a text: a segment, or what is left of the path for a final
// part. Writes the text of each converter to `values`. `*slash` is set when a
// slashed part left a slash at the end.
//
//   memory   `arena` is used and given back
bool rt__part_match(const rt__part *part, rt_arena *arena, rt_str text,
                    rt_str *values, bool *slash);
