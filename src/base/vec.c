#include "retort/base/vec.h"

void *rt_vec_grow(rt_arena *arena, void *items, size_t *cap, size_t bytes)
{
    size_t grown = *cap ? *cap * 2 : 8;
    void *fresh =
        rt_arena_grow(arena, items, *cap * bytes, rt_arena_times(grown, bytes));
    *cap = grown;
    return fresh;
}
