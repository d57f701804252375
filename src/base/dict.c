// Dicts: an array of entries in order of insertion, and an index of it.
#include <assert.h>

#include <retort/base/hash.h>
#include <retort/base/value.h>

#include "base/container.h"
#include "base/index.h"

rt_value rt_dict_new(rt_arena *arena)
{
    rt_dict *dict = rt_new(arena, rt_dict, 1);
    dict->arena = arena;
    return (rt_value){.kind = RT_DICT, .as.dict = dict};
}

size_t rt_dict_len(rt_value dict)
{
    return dict.kind == RT_DICT ? dict.as.dict->live : 0;
}

static rt_dict_entry *find(const rt_dict *dict, rt_value key, uint64_t hash)
{
    if (!dict->live)
        return NULL;
    for (uint32_t at = (uint32_t)hash & dict->mask; dict->slots[at];
         at = (at + 1) & dict->mask) {
        rt_dict_entry *e = &dict->entries[dict->slots[at] - 1];
        if (e->hash == hash && e->key.kind != RT__REMOVED &&
            rt_value_equal(e->key, key))
            return e;
    }
    return NULL;
}

static rt_dict_entry *lookup(rt_value dict, rt_value key)
{
    uint64_t hash;
    if (dict.kind != RT_DICT || rt_value_hash(key, &hash))
        return NULL;
    return find(dict.as.dict, key, hash);
}

rt_value rt_dict_get(rt_value dict, rt_value key)
{
    const rt_dict_entry *e = lookup(dict, key);
    return e ? e->value : rt_value_undefined();
}

rt_value rt_dict_get_str(rt_value dict, rt_str key)
{
    return rt_dict_get(dict, rt_value_str(key));
}

// Compare short texts without a call: words from the front, and one that ends
// where the text does, which may lie upon the one before it.
static RT_ALWAYS_INLINE bool same_bytes(const char *a, const char *b,
                                        size_t len)
{
    uint64_t x, y;
    uint32_t s, t;
    if (len < 4)
        return len == 0 || (a[0] == b[0] && a[len / 2] == b[len / 2] &&
                            a[len - 1] == b[len - 1]);
    if (len < 8) {
        memcpy(&s, a, 4);
        memcpy(&t, b, 4);
        if (s != t)
            return false;
        memcpy(&s, a + len - 4, 4);
        memcpy(&t, b + len - 4, 4);
        return s == t;
    }
    for (size_t at = 0; at + 8 < len; at += 8) {
        memcpy(&x, a + at, 8);
        memcpy(&y, b + at, 8);
        if (x != y)
            return false;
    }
    memcpy(&x, a + len - 8, 8);
    memcpy(&y, b + len - 8, 8);
    return x == y;
}

// A removed entry has no text.
static RT_ALWAYS_INLINE bool has_text(const rt_dict_entry *e, rt_str key,
                                      uint64_t hash)
{
    return e->hash == hash && rt_value_is_text(e->key) &&
           e->key.len == key.len &&
           same_bytes(e->key.as.text, key.data, key.len);
}

static rt_dict_entry *find_text(const rt_dict *d, rt_str key, uint64_t hash)
{
    if (!d->live)
        return NULL;
    for (uint32_t at = (uint32_t)hash & d->mask; d->slots[at];
         at = (at + 1) & d->mask) {
        rt_dict_entry *e = &d->entries[d->slots[at] - 1];
        if (has_text(e, key, hash))
            return e;
    }
    return NULL;
}

const rt_dict_entry *rt_dict_find_hashed(rt_value dict, rt_str key,
                                         uint64_t hash)
{
    return dict.kind == RT_DICT ? find_text(dict.as.dict, key, hash) : NULL;
}

static RT_NOINLINE const rt_dict_entry *find_elsewhere(const rt_dict *d,
                                                       rt_dict_key *key)
{
    const rt_dict_entry *e = find_text(d, key->text, key->hash);
    if (e)
        key->hint = (uint32_t)(e - d->entries);
    return e;
}

const rt_dict_entry *rt_dict_find_key(rt_value dict, rt_dict_key *key)
{
    if (dict.kind != RT_DICT)
        return NULL;
    const rt_dict *d = dict.as.dict;
    if (RT_LIKELY(key->hint < d->len)) {
        const rt_dict_entry *e = &d->entries[key->hint];
        if (RT_LIKELY(has_text(e, key->text, key->hash)))
            return e;
    }
    return find_elsewhere(d, key);
}

bool rt_dict_has(rt_value dict, rt_value key)
{
    return lookup(dict, key) != NULL;
}

// Give an empty or outgrown dict new arrays.
static void allocate(rt_dict *dict, uint32_t cap)
{
    uint32_t slots = rt__index_slots(cap);

    dict->entries = rt_new(dict->arena, rt_dict_entry, cap);
    dict->slots = rt_new(dict->arena, uint32_t, slots);
    dict->mask = slots - 1;
    dict->cap = cap;
}

rt_value rt__dict_sized(rt_arena *arena, size_t cap)
{
    assert(cap <= UINT32_MAX / 4);
    rt_value dict = rt_dict_new(arena);
    if (cap)
        allocate(dict.as.dict, (uint32_t)cap);
    return dict;
}

// Move the living entries together: in place where that frees half of it, so
// that a dict of few entries that come and go does not fill its arena; else
// into an array with room for as many again.
static void rebuild(rt_dict *dict)
{
    const rt_dict_entry *old = dict->entries;
    uint32_t live = 0;

    if (dict->live < dict->cap / 2)
        memset(dict->slots, 0, ((size_t)dict->mask + 1) * sizeof *dict->slots);
    else
        allocate(dict, dict->live < 4 ? 8 : dict->live * 2);
    for (uint32_t i = 0; i < dict->len; i++) {
        if (old[i].key.kind == RT__REMOVED)
            continue;
        dict->entries[live] = old[i];
        rt__index_add(dict->slots, dict->mask, old[i].hash, live);
        live++;
    }
    assert(live == dict->live);
    dict->len = live;
}

static void append(rt_dict *d, rt_value key, uint64_t hash, rt_value value)
{
    if (d->len == d->cap)
        rebuild(d);
    d->entries[d->len] = (rt_dict_entry){key, value, hash};
    rt__index_add(d->slots, d->mask, hash, d->len);
    d->len++;
    d->live++;
}

rt_status rt_dict_set(rt_value dict, rt_value key, rt_value value)
{
    uint64_t hash;
    if (dict.kind != RT_DICT)
        return RT_E_TYPE;
    rt_dict *d = dict.as.dict;
    if (d->frozen)
        return RT_E_FROZEN;
    rt_status st = rt_value_hash(key, &hash);
    if (st)
        return st;

    rt_dict_entry *e = find(d, key, hash);
    if (e) {
        e->value = value;
    } else {
        append(d, key, hash, value);
    }
    return RT_OK;
}

rt_status rt_dict_set_hashed(rt_value dict, rt_str key, uint64_t hash,
                             rt_value value)
{
    if (dict.kind != RT_DICT)
        return RT_E_TYPE;
    if (dict.as.dict->frozen)
        return RT_E_FROZEN;
    rt_dict_entry *e = find_text(dict.as.dict, key, hash);
    if (e) {
        e->value = value;
    } else {
        append(dict.as.dict, rt_value_str(key), hash, value);
    }
    return RT_OK;
}

rt_status rt_dict_set_str(rt_value dict, rt_str key, rt_value value)
{
    return rt_dict_set(dict, rt_value_str(key), value);
}

rt_status rt_dict_remove(rt_value dict, rt_value key)
{
    if (dict.kind != RT_DICT)
        return RT_E_TYPE;
    if (dict.as.dict->frozen)
        return RT_E_FROZEN;
    rt_dict_entry *e = lookup(dict, key);
    if (!e)
        return RT_E_NOT_FOUND;
    e->key = (rt_value){.kind = RT__REMOVED};
    e->value = rt_value_undefined();
    dict.as.dict->live--;
    return RT_OK;
}

const rt_dict_entry *rt_dict_next(rt_value dict, size_t *at)
{
    if (dict.kind != RT_DICT)
        return NULL;
    const rt_dict *d = dict.as.dict;
    while (*at < d->len) {
        const rt_dict_entry *e = &d->entries[(*at)++];
        if (e->key.kind != RT__REMOVED)
            return e;
    }
    return NULL;
}
