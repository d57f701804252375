// Vectors: arrays that grow in an arena, of any type.
//
//     RT_VEC(rt_str) names = {0};
//     *rt_vec_push(arena, &names) = RT_STR("a");
//     rt_vec_each(rt_str, name, &names)
//         use(*name);
#pragma once

#include <retort/base/arena.h>
#include <retort/base/attributes.h>

RT_C_BEGIN

// The type of a vector. Zero-initialise it.
#define RT_VEC(type) \
    struct {         \
        type *items; \
        size_t len;  \
        size_t cap;  \
    }

// Add a zeroed element and return a pointer to it, valid until the next push.
#define rt_vec_push(arena, vec)                                            \
    ((vec)->len == (vec)->cap                                              \
         ? ((vec)->items = rt_vec_grow((arena), (vec)->items, &(vec)->cap, \
                                       sizeof(*(vec)->items)))             \
         : (void *)0,                                                      \
     memset(&(vec)->items[(vec)->len], 0, sizeof(*(vec)->items)),          \
     &(vec)->items[(vec)->len++])

// Visit each element by pointer. The vector may not grow meanwhile.
#define rt_vec_each(type, var, vec)                                         \
    for (type *var = (vec)->items; var && var != (vec)->items + (vec)->len; \
         var++)

// Double the capacity of an array of `bytes`-sized elements (8 at first).
void *rt_vec_grow(rt_arena *arena, void *items, size_t *cap, size_t bytes);

RT_C_END
