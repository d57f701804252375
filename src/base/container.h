// What lists and dicts look like inside, for the files of base that walk them.
#pragma once

#include <retort/base/value.h>

struct rt_list {
    rt_arena *arena; // grows here
    rt_value *items;
    size_t len;
    size_t cap;
    bool frozen;
};

struct rt_dict {
    rt_arena *arena;
    rt_dict_entry *entries; // in order; a removed one has kind RT__REMOVED
    uint32_t *slots;        // base/index.h
    uint32_t len;           // entries, removed ones included
    uint32_t live;
    uint32_t cap;
    uint32_t mask;
    bool frozen;
};

// The kind of a removed entry's key.
#define RT__REMOVED 255u

// An empty list or tuple with room for `cap` items.
rt_value rt__list_sized(rt_arena *arena, rt_kind kind, size_t cap);

// Append without asking what kind it is or whether it is frozen.
void rt__list_append(rt_value list, rt_value item);

// An empty dict with room for `cap` entries, at most UINT32_MAX / 4.
rt_value rt__dict_sized(rt_arena *arena, size_t cap);
