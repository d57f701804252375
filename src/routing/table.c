#include "routing/table.h"

#include <string.h>

#define SLOTS_AT_FIRST 64
#define CACHE_LINE     64

static uint64_t load(const char *data, size_t len)
{
    uint64_t word = 0;
    memcpy(&word, data, len);
    return word;
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u; // 2^64 over the golden ratio
    return hash ^ (hash >> 32);
}

// Eight bytes at a time; words of the last few overlap.
static uint32_t hash_key(uint32_t node, rt_str text)
{
    uint64_t hash = mix(node, text.len);
    const char *at = text.data;
    size_t left = text.len;

    while (left > 8) {
        hash = mix(hash, load(at, 8));
        at += 8;
        left -= 8;
    }
    if (left == 8) {
        hash = mix(hash, load(at, 8));
    } else if (left >= 4) {
        hash = mix(hash, load(at, 4) << 32 | load(at + left - 4, 4));
    } else if (left) {
        hash = mix(hash, load(at, 1) << 16 | load(at + left / 2, 1) << 8 |
                             load(at + left - 1, 1));
    }
    return (uint32_t)mix(hash, 0);
}

static const char *text_of(const rt__table_slot *slot)
{
    return slot->len <= RT__TABLE_INLINE ? slot->text.bytes : slot->text.data;
}

static bool is_key(const rt__table_slot *slot, uint32_t hash, uint32_t node,
                   rt_str text)
{
    return slot->hash == hash && slot->node == node && slot->len == text.len &&
           (!text.len || !memcmp(text_of(slot), text.data, text.len));
}

// The slot of the key, or the free one where it belongs.
static rt__table_slot *find(const rt__table *table, uint32_t hash,
                            uint32_t node, rt_str text)
{
    uint32_t at = hash & table->mask;
    while (table->slots[at].value &&
           !is_key(&table->slots[at], hash, node, text))
        at = (at + 1) & table->mask;
    return &table->slots[at];
}

void *rt__table_lines(rt_arena *arena, size_t bytes)
{
    char *memory = rt_arena_zalloc(arena, bytes + CACHE_LINE);
    size_t beyond = (uintptr_t)memory % CACHE_LINE;
    return memory + (beyond ? CACHE_LINE - beyond : 0);
}

void rt__table_init(rt__table *table, rt_arena *arena)
{
    *table = (rt__table){
        .arena = arena,
        .slots =
            rt__table_lines(arena, SLOTS_AT_FIRST * sizeof(rt__table_slot)),
        .mask = SLOTS_AT_FIRST - 1,
    };
}

static void grow(rt__table *table)
{
    size_t slots = 2 * ((size_t)table->mask + 1);
    rt__table larger = {
        .arena = table->arena,
        .slots = rt__table_lines(table->arena, slots * sizeof *table->slots),
        .len = table->len,
        .mask = (uint32_t)slots - 1,
    };
    for (size_t i = 0; i <= table->mask; i++) {
        const rt__table_slot *slot = &table->slots[i];
        if (slot->value) {
            *find(&larger, slot->hash, slot->node,
                  rt_str_of(text_of(slot), slot->len)) = *slot;
        }
    }
    *table = larger;
}

void rt__table_put(rt__table *table, uint32_t node, rt_str text, uint32_t value)
{
    if (table->len > table->mask / 2)
        grow(table);

    uint32_t hash = hash_key(node, text);
    rt__table_slot *slot = find(table, hash, node, text);
    if (!slot->value)
        table->len++;
    *slot = (rt__table_slot){
        .hash = hash,
        .node = node,
        .value = value,
        .len = (uint32_t)text.len,
    };
    if (text.len > RT__TABLE_INLINE) {
        slot->text.data = text.data;
    } else if (text.len) {
        memcpy(slot->text.bytes, text.data, text.len);
    }
}

uint32_t rt__table_get(const rt__table *table, uint32_t node, rt_str text)
{
    return find(table, hash_key(node, text), node, text)->value;
}
