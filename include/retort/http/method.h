// Methods: GET, POST and whatever else a client may ask for.
//
// The usual methods have a number, by which dispatch is quick. Any other token
// is a method too and is told apart by its text: such a method is the number
// RT_METHOD_OTHER together with its name. Methods differ in case: `get` is not
// GET.
//
// Source: RFC 9110, section 9; RFC 5789 for PATCH.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/status.h>
#include <retort/base/str.h>

RT_C_BEGIN

// X(constant, name)
#define RT_METHODS(X)               \
    X(RT_METHOD_GET, "GET")         \
    X(RT_METHOD_HEAD, "HEAD")       \
    X(RT_METHOD_POST, "POST")       \
    X(RT_METHOD_PUT, "PUT")         \
    X(RT_METHOD_PATCH, "PATCH")     \
    X(RT_METHOD_DELETE, "DELETE")   \
    X(RT_METHOD_OPTIONS, "OPTIONS") \
    X(RT_METHOD_TRACE, "TRACE")     \
    X(RT_METHOD_CONNECT, "CONNECT")

#define RT__METHOD_ENUM(constant, name) constant,

typedef enum rt_method {
    RT_METHOD_OTHER, // known by its text alone
    RT_METHODS(RT__METHOD_ENUM) RT_METHOD_COUNT
} rt_method;

#undef RT__METHOD_ENUM

// Number a method's name; RT_METHOD_OTHER for any other text.
rt_method rt_method_parse(rt_str name);

// The name of a numbered method; empty for RT_METHOD_OTHER.
rt_str rt_method_name(rt_method method);

// True where the client asks for no change: GET, HEAD, OPTIONS, TRACE.
bool rt_method_is_safe(rt_method method);

// True where asking twice is as good as asking once: the safe ones, PUT and
// DELETE.
bool rt_method_is_idempotent(rt_method method);

// A set of methods. Zero is the empty set. Copy it freely: sets share what
// they view.
typedef struct rt_method_set {
    uint32_t known;       // bit 1u << method for numbered methods
    const rt_str *others; // names of the others, in order of insertion
    size_t others_len;
} rt_method_set;

// Add a method by name.
//
//   memory   a name without number is viewed, its list grows in `arena`
//   errors   RT_E_SYNTAX   not a token
rt_status rt_method_set_add(rt_method_set *set, rt_arena *arena, rt_str name);

// Add every method of `more`.
void rt_method_set_join(rt_method_set *set, rt_arena *arena,
                        rt_method_set more);

// True when the set has the method; `name` decides for RT_METHOD_OTHER.
bool rt_method_set_has(rt_method_set set, rt_method method, rt_str name);

static inline bool rt_method_set_is_empty(rt_method_set set)
{
    return set.known == 0 && set.others_len == 0;
}

// Read a set from names separated by spaces or commas, in any case, as a
// program writes it: "GET POST", "get, post".
//
//   memory   names without number are copied into `arena`
//   errors   RT_E_SYNTAX   a name is no token; `*out` is untouched
rt_status rt_method_set_parse(rt_arena *arena, rt_str text, rt_method_set *out);

// The names joined with ", ", for an Allow header: numbered ones in the order
// of the table above, then the others.
rt_str rt_method_set_dump(rt_arena *arena, rt_method_set set);

RT_C_END
