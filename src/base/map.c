#include "retort/base/map.h"

#include <assert.h>

#include <retort/base/hash.h>

#include "base/index.h"

void rt_map_init(rt_map *map, rt_arena *arena)
{
    *map = (rt_map){.arena = arena};
}

static rt_map_entry *find(const rt_map *map, rt_str key, uint64_t hash)
{
    if (!map->slots)
        return NULL;
    for (uint32_t at = (uint32_t)hash & map->mask; map->slots[at];
         at = (at + 1) & map->mask) {
        rt_map_entry *e = &map->entries[map->slots[at] - 1];
        if (e->hash == hash && e->key.data && rt_str_eq(e->key, key))
            return e;
    }
    return NULL;
}

rt_map_entry *rt_map_find(const rt_map *map, rt_str key)
{
    return map->live ? find(map, key, rt_hash_bytes(key.data, key.len)) : NULL;
}

void *rt_map_get(const rt_map *map, rt_str key)
{
    rt_map_entry *e = rt_map_find(map, key);
    return e ? e->value : NULL;
}

// Move the living entries into an array with room for as many again.
static void rebuild(rt_map *map)
{
    uint32_t cap = map->live < 4 ? 8 : map->live * 2;
    rt_map_entry *entries = rt_new(map->arena, rt_map_entry, cap);
    uint32_t slots = rt__index_slots(cap);
    uint32_t live = 0;

    map->slots = rt_new(map->arena, uint32_t, slots);
    map->mask = slots - 1;
    for (uint32_t i = 0; i < map->len; i++) {
        if (!map->entries[i].key.data)
            continue;
        entries[live] = map->entries[i];
        rt__index_add(map->slots, map->mask, entries[live].hash, live);
        live++;
    }
    assert(live == map->live);
    map->entries = entries;
    map->len = live;
    map->cap = cap;
}

rt_map_entry *rt_map_put(rt_map *map, rt_str key, void *value)
{
    uint64_t hash = rt_hash_bytes(key.data, key.len);
    rt_map_entry *e = find(map, key, hash);
    if (e) {
        e->value = value;
        return e;
    }
    if (map->len == map->cap)
        rebuild(map);
    e = &map->entries[map->len];
    *e = (rt_map_entry){rt_str_copy(map->arena, key), value, hash};
    rt__index_add(map->slots, map->mask, hash, map->len);
    map->len++;
    map->live++;
    return e;
}

bool rt_map_del(rt_map *map, rt_str key)
{
    rt_map_entry *e = rt_map_find(map, key);
    if (!e)
        return false;
    e->key = (rt_str){NULL, 0};
    e->value = NULL;
    map->live--;
    return true;
}

rt_map_entry *rt_map_next(const rt_map *map, size_t *at)
{
    while (*at < map->len) {
        rt_map_entry *e = &map->entries[(*at)++];
        if (e->key.data)
            return e;
    }
    return NULL;
}
