// Query strings and what they carry: ordered names with values.
//
// A query string, a form and a Cookie header all give an rt_params: pairs in
// the order in which they came, in which a name may occur more than once.
//
// Source: the URL standard of the WHATWG, application/x-www-form-urlencoded.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/buf.h>
#include <retort/base/status.h>
#include <retort/base/str.h>

RT_C_BEGIN

// One name with its value.
typedef struct rt_param {
    rt_str name;
    rt_str value; // data is never NULL
} rt_param;

// Pairs in order. Zero-initialise it; read `items` and `len` to see all.
typedef struct rt_params {
    rt_param *items;
    size_t len;
    size_t cap;
} rt_params;

// More pairs than this are not read from one message. Four thousand fit into a
// request line of the default limit.
#define RT_PARAMS_MAX 4096

// Add a pair behind the others.
//
//   memory   name and value are viewed; the list grows in `arena`
void rt_params_add(rt_params *params, rt_arena *arena, rt_str name,
                   rt_str value);

// The first value of that name. `data` is NULL when there is none, and not
// NULL when the value is empty.
rt_str rt_params_get(const rt_params *params, rt_str name);

bool rt_params_has(const rt_params *params, rt_str name);

// How many values that name has.
size_t rt_params_count(const rt_params *params, rt_str name);

// Step through the pairs of that name: start with `*at` zero; NULL at the end.
//
//     size_t at = 0;
//     for (const rt_param *p; (p = rt_params_next(params, name, &at));)
//         use(p->value);
const rt_param *rt_params_next(const rt_params *params, rt_str name,
                               size_t *at);

// Read `a=1&b=2` and add its pairs. A + is a space, `a` and `a=` both have the
// empty value, empty fields (`&&`) are skipped, and a % that is not followed by
// two hexadecimal digits stands for itself. Bytes that are not UTF-8 stay as
// percent escapes, so that every value is text and none is lost.
//
//   memory   copied into `arena`, each name and value NUL-terminated
//   limits   RT_PARAMS_MAX pairs in `*params`
//   errors   RT_E_LIMIT   more pairs; `*params` is unchanged
rt_status rt_query_parse(rt_params *params, rt_arena *arena, rt_str text);

// Append `name=value`, encoded as a field; what separates it from others is the
// caller's.
void rt_query_put_field(rt_buf *buf, rt_str name, rt_str value);

// Append all pairs, joined with &: the inverse of rt_query_parse.
void rt_query_put(rt_buf *buf, const rt_params *params);

// The same as a string.
rt_str rt_query_dump(rt_arena *arena, const rt_params *params);

RT_C_END
