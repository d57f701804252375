// Cache-Control: what caches may do with a message.
//
// The directives of requests and responses are fields of one structure, read
// from a header and written to one. Names are read in any case; what has no
// field here is kept and written again.
//
// Source: RFC 9111, section 5.2; RFC 5861 and RFC 8246 for the extensions.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/status.h>
#include <retort/base/str.h>
#include <retort/http/query.h>

RT_C_BEGIN

// A number of seconds that may be missing: zero seconds are not none.
typedef struct rt_seconds {
    int64_t count;
    bool is_set;
} rt_seconds;

#define RT_SECONDS(n) ((rt_seconds){(n), true})

// max-stale without a number: however stale.
#define RT_SECONDS_ANY INT64_MAX

// X(type, field, directive), in the order in which they are written. A FLAG is
// there or not, a NUMBER has seconds; a LIST is a flag that may name headers,
// `private="Set-Cookie"`, and then stands for these alone.
#define RT_CACHE_DIRECTIVES(X)                                  \
    X(FLAG, no_store, "no-store")                               \
    X(LIST, no_cache, "no-cache")                               \
    X(FLAG, public_, "public")                                  \
    X(LIST, private_, "private")                                \
    X(NUMBER, max_age, "max-age")                               \
    X(NUMBER, s_maxage, "s-maxage")                             \
    X(NUMBER, max_stale, "max-stale")                           \
    X(NUMBER, min_fresh, "min-fresh")                           \
    X(FLAG, only_if_cached, "only-if-cached")                   \
    X(FLAG, must_revalidate, "must-revalidate")                 \
    X(FLAG, proxy_revalidate, "proxy-revalidate")               \
    X(FLAG, must_understand, "must-understand")                 \
    X(FLAG, no_transform, "no-transform")                       \
    X(FLAG, immutable, "immutable")                             \
    X(NUMBER, stale_while_revalidate, "stale-while-revalidate") \
    X(NUMBER, stale_if_error, "stale-if-error")

#define RT__CACHE_FIELD_FLAG(field)   bool field;
#define RT__CACHE_FIELD_NUMBER(field) rt_seconds field;
#define RT__CACHE_FIELD_LIST(field) \
    bool field;                     \
    rt_str field##_headers;
#define RT__CACHE_FIELD(type, field, name) RT__CACHE_FIELD_##type(field)

// The directives; zero is none.
typedef struct rt_cache_directives {
    RT_CACHE_DIRECTIVES(RT__CACHE_FIELD)
    rt_params others; // what has no field here, in order
    int unused;       // ends the list a macro makes
} rt_cache_directives;

#undef RT__CACHE_FIELD
#undef RT__CACHE_FIELD_FLAG
#undef RT__CACHE_FIELD_NUMBER
#undef RT__CACHE_FIELD_LIST

// Read a header; whatever it is, there is a result. A number that is none
// leaves its directive out.
//
//   memory   views `header`; lies in `arena` where it had to be changed
rt_cache_directives rt_cache_control_parse(rt_arena *arena, rt_str header);

// Write a header: the inverse.
//
//   errors   RT_E_SYNTAX   a list of headers has a byte no header may have
rt_status rt_cache_control_dump(rt_arena *arena,
                                const rt_cache_directives *directives,
                                rt_str *out);

RT_C_END
