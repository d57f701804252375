// Maps from strings to pointers that keep the order of insertion.
//
// For the library's own tables; dynamic data uses a dict (value.h). Keys are
// copied into the map's arena.
#pragma once

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/str.h>

RT_C_BEGIN

// A map. Initialise with rt_map_init; the fields belong to the functions.
typedef struct rt_map {
    rt_arena *arena;
    struct rt_map_entry *entries;
    uint32_t *slots; // open addressing: entry number + 1, 0 is free
    uint32_t len;    // entries, removed ones included
    uint32_t live;
    uint32_t cap;  // of entries
    uint32_t mask; // slots - 1
} rt_map;

// One entry; `value` may be changed in place.
typedef struct rt_map_entry {
    rt_str key; // NUL-terminated behind its length; data is NULL when removed
    void *value;
    uint64_t hash;
} rt_map_entry;

void rt_map_init(rt_map *map, rt_arena *arena);

// The value, or NULL. `find` gives the entry, to tell a stored NULL from none.
void *rt_map_get(const rt_map *map, rt_str key);
rt_map_entry *rt_map_find(const rt_map *map, rt_str key);

// Insert or replace; returns the entry.
rt_map_entry *rt_map_put(rt_map *map, rt_str key, void *value);

// Remove; returns false when there was no such key.
bool rt_map_del(rt_map *map, rt_str key);

static inline size_t rt_map_len(const rt_map *map)
{
    return map->live;
}

// The first entry at or after position `*at`, which steps on; NULL at the end.
rt_map_entry *rt_map_next(const rt_map *map, size_t *at);

// Visit the entries in order: rt_map_each(entry, &map) use(entry->key);
#define rt_map_each(var, map)                                          \
    for (size_t rt__at_##var = 0, rt__go_##var = 1; rt__go_##var;      \
         rt__go_##var = 0)                                             \
        for (rt_map_entry *var = rt_map_next(map, &rt__at_##var); var; \
             var = rt_map_next(map, &rt__at_##var))

RT_C_END
