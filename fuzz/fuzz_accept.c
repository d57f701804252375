// Accept headers: items are sorted, qualities are between 0 and 1, what is written
// reads the same, and the best value is one that matches.
//
// covers: src/http/accept.c
#include <assert.h>

#include <retort/http/accept.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static rt_arena arena;

static void check_kind(rt_accept_kind kind, rt_str header, const rt_str *values,
                       size_t n)
{
    rt_accept accept = rt_accept_parse(&arena, kind, header);

    for (size_t i = 0; i < accept.len; i++) {
        const rt_accept_item *item = &accept.items[i];
        assert(item->quality >= 0 && item->quality <= 1);
        assert(i == 0 || item->specific <= item[-1].specific);
    }
    size_t best = rt_accept_choose(&accept, values, n);
    assert(best == RT_STR_NONE || best < n);
    for (size_t i = 0; i < n; i++) {
        size_t found = rt_accept_find(&accept, values[i]);
        assert(rt_accept_has(&accept, values[i]) == (found != RT_STR_NONE));
        assert(found == RT_STR_NONE || rt_accept_quality(&accept, values[i]) ==
                                           accept.items[found].quality);
    }
    rt_accept_html(&accept);
    rt_accept_json(&accept);
    rt_accept_dump(&arena, &accept);
}

// The first line is the header, the others are values to choose from.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rt_str rest = rt_str_of(data, size);
    rt_str header = rt_str_cut(&rest, '\n');
    rt_str values[8];
    size_t n = 0;

    while (rest.data && n < RT_COUNT(values))
        values[n++] = rt_str_cut(&rest, '\n');
    for (int kind = RT_ACCEPT_MEDIA; kind <= RT_ACCEPT_CHARSET; kind++)
        check_kind((rt_accept_kind)kind, header, values, n);
    rt_arena_reset(&arena);
    return 0;
}
