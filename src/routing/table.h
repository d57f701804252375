// The one hash table of a map: what a node leads to by text.
//
// All nodes of the tree of rules share it, so a key is a node's number with a
// text. It is filled at start-up with texts of the program's; clients only look
// up. That is why a quick hash without a seed will do: no client can make two
// keys of the table collide.
#pragma once

#include <stdint.h>

#include <retort/base/arena.h>
#include <retort/base/str.h>

// Texts up to this length are in the slot itself, as two words.
#define RT__TABLE_INLINE 16u

typedef struct rt__table_slot {
    uint32_t hash;
    uint32_t node;
    uint32_t value; // 0: the slot is free
    uint32_t len;

    union {
        uint64_t words[2];
        const char *data;
    } text;
} rt__table_slot;

typedef struct rt__table {
    rt_arena *arena;
    rt__table_slot *slots;
    uint32_t len;
    uint32_t mask;  // slots - 1
    uint32_t shift; // a hash without the bits that are too many
} rt__table;

// Allocate zeroed memory that begins where a line of the processor's cache does.
void *rt__table_lines(rt_arena *arena, size_t bytes);

void rt__table_init(rt__table *table, rt_arena *arena);

// Insert or replace; `value` is not 0. A long text is viewed.
void rt__table_put(rt__table *table, uint32_t node, rt_str text,
                   uint32_t value);

// The value, or 0.
uint32_t rt__table_get(const rt__table *table, uint32_t node, rt_str text);
