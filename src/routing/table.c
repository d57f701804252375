#include "routing/table.h"

#include <string.h>

#define SHIFT_AT_FIRST 26u // 64 slots
#define CACHE_LINE     64

// A text as two words: of up to 16 bytes these are all there are, of longer
// ones the last. Words of less than 16 bytes overlap or are padded.
typedef struct key {
    uint64_t words[2];
    rt_str text;
    uint32_t node;
    uint32_t hash;
} key;

static uint64_t load(const char *data, size_t len)
{
    uint64_t word = 0;
    memcpy(&word, data, len);
    return word;
}

// Odd and without a pattern: the fractions of the golden ratio and of the roots
// of 2 and 3.
#define GOLDEN 0x9e3779b97f4a7c15u
#define ROOT_2 0x6a09e667f3bcc909u
#define ROOT_3 0xbb67ae8584caa73bu

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * GOLDEN;
    return hash ^ (hash >> 32);
}

static uint64_t mix_front(uint64_t hash, rt_str text)
{
    for (size_t i = 0; i + 16 < text.len; i += 8)
        hash = mix(hash, load(text.data + i, 8));
    return hash;
}

static inline key key_of(uint32_t node, rt_str text)
{
    key k = {.text = text, .node = node};
    const char *at = text.data;
    size_t len = text.len;
    uint64_t hash = mix(node, len);

    if (RT_UNLIKELY(len > 16))
        hash = mix_front(hash, text);
    if (len >= 8) {
        k.words[0] = load(at + (len > 16 ? len - 16 : 0), 8);
        k.words[1] = load(at + len - 8, 8);
    } else if (len >= 4) {
        k.words[0] = load(at, 4);
        k.words[1] = load(at + len - 4, 4);
    } else if (len) {
        k.words[0] = load(at, 1) << 16 | load(at + len / 2, 1) << 8 |
                     load(at + len - 1, 1);
    }
    // The upper bits of a product depend on all bits of its factors.
    hash = (hash ^ k.words[0]) * ROOT_2 + (hash ^ k.words[1]) * ROOT_3;
    k.hash = (uint32_t)(hash >> 32);
    return k;
}

static inline bool is_key(const rt__table_slot *slot, const key *k)
{
    if (slot->hash != k->hash || slot->node != k->node ||
        slot->len != k->text.len)
        return false;
    if (RT_UNLIKELY(slot->len > RT__TABLE_INLINE))
        return memcmp(slot->text.data, k->text.data, slot->len) == 0;
    return slot->text.words[0] == k->words[0] &&
           slot->text.words[1] == k->words[1];
}

// The slot of the key, or the free one where it belongs.
static inline rt__table_slot *find(const rt__table *table, const key *k)
{
    uint32_t at = k->hash >> table->shift;
    while (table->slots[at].value && !is_key(&table->slots[at], k))
        at = (at + 1) & table->mask;
    return &table->slots[at];
}

void *rt__table_lines(rt_arena *arena, size_t bytes)
{
    char *memory = rt_arena_zalloc(arena, bytes + CACHE_LINE);
    size_t beyond = (uintptr_t)memory % CACHE_LINE;
    return memory + (beyond ? CACHE_LINE - beyond : 0);
}

static rt__table make(rt_arena *arena, uint32_t shift)
{
    uint32_t slots = 1u << (32 - shift);
    return (rt__table){
        .arena = arena,
        .slots = rt__table_lines(arena, slots * sizeof(rt__table_slot)),
        .mask = slots - 1,
        .shift = shift,
    };
}

void rt__table_init(rt__table *table, rt_arena *arena)
{
    *table = make(arena, SHIFT_AT_FIRST);
}

// No two slots have the same key, so each goes to the first free place from
// where it belongs.
static void grow(rt__table *table)
{
    rt__table larger = make(table->arena, table->shift - 1);
    larger.len = table->len;
    for (size_t i = 0; i <= table->mask; i++) {
        const rt__table_slot *slot = &table->slots[i];
        uint32_t at = slot->hash >> larger.shift;
        if (!slot->value)
            continue;
        while (larger.slots[at].value)
            at = (at + 1) & larger.mask;
        larger.slots[at] = *slot;
    }
    *table = larger;
}

void rt__table_put(rt__table *table, uint32_t node, rt_str text, uint32_t value)
{
    if (table->len > table->mask / 2)
        grow(table);

    key k = key_of(node, text);
    rt__table_slot *slot = find(table, &k);
    if (!slot->value)
        table->len++;
    *slot = (rt__table_slot){
        .hash = k.hash,
        .node = node,
        .value = value,
        .len = (uint32_t)text.len,
        .text.words = {k.words[0], k.words[1]},
    };
    if (text.len > RT__TABLE_INLINE)
        slot->text.data = text.data;
}

uint32_t rt__table_get(const rt__table *table, uint32_t node, rt_str text)
{
    key k = key_of(node, text);
    return find(table, &k)->value;
}
