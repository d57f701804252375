// Header lists: what a message carries between its first line and its body.
//
// Headers keep the order in which they came, and a name may occur more than
// once. Names compare in either case and keep the spelling they were given.
// What is added here is checked, so that no value can smuggle in a line.
//
// Source: RFC 9110, section 5.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/status.h>
#include <retort/base/str.h>

RT_C_BEGIN

// One header line.
typedef struct rt_header {
    rt_str name;
    rt_str value; // without white space around it; data is never NULL
} rt_header;

// A list of headers. Zero-initialise it; read `items` and `len` to see all.
typedef struct rt_headers {
    rt_header *items; // in order
    size_t len;
    size_t cap;
} rt_headers;

// Add a line behind the others.
//
//   memory   name and value are viewed; the list grows in `arena`
//   errors   RT_E_SYNTAX   the name is no token, or the value has control
//                          characters (rt_is_field_value); nothing is added
rt_status rt_headers_add(rt_headers *headers, rt_arena *arena, rt_str name,
                         rt_str value);

// Give a header one value: the first line of that name is replaced in its
// place and further ones vanish; without any, a line is added.
//
//   memory, errors   as rt_headers_add
rt_status rt_headers_set(rt_headers *headers, rt_arena *arena, rt_str name,
                         rt_str value);

// The same, unless a line of that name is there already.
rt_status rt_headers_set_default(rt_headers *headers, rt_arena *arena,
                                 rt_str name, rt_str value);

// Make room for `n` more lines, so that adding them takes no memory.
void rt_headers_reserve(rt_headers *headers, rt_arena *arena, size_t n);

// Add a line whose parts are known to be well-formed: literals, and what a
// protocol engine has checked already.
static inline void rt_headers_push(rt_headers *headers, rt_arena *arena,
                                   rt_str name, rt_str value)
{
    if (RT_UNLIKELY(headers->len == headers->cap))
        rt_headers_reserve(headers, arena, 1);
    headers->items[headers->len++] = (rt_header){name, value};
}

// Remove all lines of that name; true when there was one.
bool rt_headers_del(rt_headers *headers, rt_str name);

// Find the first line of that name, or NULL.
rt_header *rt_headers_find(const rt_headers *headers, rt_str name);

// The first value of that name. `data` is NULL when there is none, and not
// NULL when the value is empty.
rt_str rt_headers_get(const rt_headers *headers, rt_str name);

bool rt_headers_has(const rt_headers *headers, rt_str name);

// How many lines have that name.
size_t rt_headers_count(const rt_headers *headers, rt_str name);

// Step through the lines of that name: start with `*at` zero; NULL at the end.
//
//     size_t at = 0;
//     for (rt_header *h; (h = rt_headers_next(headers, name, &at));)
//         use(h->value);
rt_header *rt_headers_next(const rt_headers *headers, rt_str name, size_t *at);

// All values of that name as one list, joined with ", ". Not for Set-Cookie,
// whose values contain commas. `data` is NULL when there is none.
//
//   memory   a single value is viewed, several are joined in `arena`
rt_str rt_headers_get_joined(const rt_headers *headers, rt_arena *arena,
                             rt_str name);

// True when one of the lists of that name has the member `token`, in either
// case: rt_headers_has_token(h, RT_STR("Connection"), RT_STR("close")).
bool rt_headers_has_token(const rt_headers *headers, rt_str name, rt_str token);

// Copy a list with all names and values into `arena`.
rt_headers rt_headers_copy(rt_arena *arena, const rt_headers *headers);

RT_C_END
