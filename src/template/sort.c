// Sorting as Python does it.
//
// Stable, and asking nothing but `<`. Runs are found and grown to RUN elements
// by binary insertion, in the order of comparisons of Python's own sort, so that
// short lists come out alike even when their order is none (NaN), and then
// merged.
#include "template/methods.h"

typedef struct sorter {
    rt_render *r;
    rt_value *keys;
    rt_value *items; // moved with the keys; NULL when the keys are sorted alone
    rt_value *spare_keys;
    rt_value *spare_items;
    rt_status status;
} sorter;

#define RUN 64

// a < b; false from the first error on.
static bool less(sorter *s, rt_value a, rt_value b)
{
    bool yes = false;
    if (!s->status)
        s->status = rt__step(s->r, 1);
    if (!s->status)
        s->status = rt__compare(s->r, RT__LT, a, b, &yes);
    return yes && !s->status;
}

static void turn(rt_value *values, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        rt_value v = values[i];
        values[i] = values[n - 1 - i];
        values[n - 1 - i] = v;
    }
}

static void turn_both(const sorter *s, size_t from, size_t n)
{
    turn(s->keys + from, n);
    if (s->items)
        turn(s->items + from, n);
}

// The length of the run at the front, which is turned when it descends.
static size_t first_run(sorter *s, size_t from, size_t n)
{
    const rt_value *k = s->keys + from;
    size_t len = 2;
    if (n < 2)
        return n;
    if (less(s, k[1], k[0])) {
        while (len < n && less(s, k[len], k[len - 1]))
            len++;
        turn_both(s, from, len);
        return len;
    }
    while (len < n && !less(s, k[len], k[len - 1]))
        len++;
    return len;
}

static void insert(rt_value *values, size_t at, size_t from)
{
    rt_value v = values[from];
    memmove(values + at + 1, values + at, (from - at) * sizeof(rt_value));
    values[at] = v;
}

// The place of element `at` among those before it, behind its equals.
static size_t place_of(sorter *s, size_t from, size_t at)
{
    size_t low = 0;
    size_t high = at;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (less(s, s->keys[from + at], s->keys[from + middle])) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

// Sort `n` elements of which the first `sorted` are in order already.
static void insert_rest(sorter *s, size_t from, size_t sorted, size_t n)
{
    for (size_t i = sorted; i < n && !s->status; i++) {
        size_t place = place_of(s, from, i);
        insert(s->keys + from, place, i);
        if (s->items)
            insert(s->items + from, place, i);
    }
}

// Merge two neighbouring runs; the first one is set aside.
static void merge(sorter *s, size_t from, size_t middle, size_t end)
{
    size_t left_len = middle - from;
    memcpy(s->spare_keys, s->keys + from, left_len * sizeof(rt_value));
    if (s->items)
        memcpy(s->spare_items, s->items + from, left_len * sizeof(rt_value));

    size_t left = 0;
    size_t right = middle;
    for (size_t to = from; left < left_len; to++) {
        bool take_right =
            right < end && less(s, s->keys[right], s->spare_keys[left]);
        s->keys[to] = take_right ? s->keys[right] : s->spare_keys[left];
        if (s->items)
            s->items[to] = take_right ? s->items[right] : s->spare_items[left];
        if (take_right) {
            right++;
        } else {
            left++;
        }
    }
}

static void sort_ascending(sorter *s, size_t n)
{
    size_t run_max = n < RUN ? n : RUN / 2;
    for (size_t from = 0; from < n && !s->status; from += run_max) {
        size_t len = n - from < run_max ? n - from : run_max;
        insert_rest(s, from, first_run(s, from, len), len);
    }
    for (size_t run = run_max; run < n && !s->status; run *= 2) {
        for (size_t from = 0; n - from > run && !s->status;) {
            size_t end = n - from > 2 * run ? from + 2 * run : n;
            if (less(s, s->keys[from + run], s->keys[from + run - 1]))
                merge(s, from, from + run, end);
            from = end;
        }
    }
}

rt_status rt__sort(rt_render *r, rt_value *keys, rt_value *items, size_t n,
                   bool reverse)
{
    sorter s = {.r = r, .keys = keys, .items = items == keys ? NULL : items};
    if (n < 2)
        return RT_OK;
    if (n >= RUN) {
        s.spare_keys = rt_new(r->arena, rt_value, n);
        s.spare_items = s.items ? rt_new(r->arena, rt_value, n) : NULL;
    }
    // Turned before and after, equal elements keep their order.
    if (reverse)
        turn_both(&s, 0, n);
    sort_ascending(&s, n);
    if (reverse)
        turn_both(&s, 0, n);
    return s.status;
}
