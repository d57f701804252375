// The index of an insertion-ordered hash table: open addressing from hashes to
// entry numbers. Maps and dicts keep their entries in arrays of their own and
// share this.
//
// A slot holds an entry number + 1; 0 is free. Removed entries leave their
// slot in place (the entry itself says that it is gone), so probing never
// breaks; the index is rebuilt when the entries are compacted or grow.
#pragma once

#include <stdint.h>

#include <retort/base/arena.h>

// Slots for `cap` entries: a power of two, at most two thirds full.
static inline uint32_t rt__index_slots(uint32_t cap)
{
    uint32_t slots = 8;
    while (slots < cap + cap / 2 + 1)
        slots *= 2;
    return slots;
}

// Enter a number whose hash is known not to be looked for again.
static inline void rt__index_add(uint32_t *slots, uint32_t mask, uint64_t hash,
                                 uint32_t number)
{
    uint32_t at = (uint32_t)hash & mask;
    while (slots[at])
        at = (at + 1) & mask;
    slots[at] = number + 1;
}
