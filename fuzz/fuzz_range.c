// Ranges: what is read is written and read the same, and spans lie inside the
// body and apart from each other.
//
// covers: src/http/range.c
#include <assert.h>

#include <retort/http/range.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static rt_arena arena;

static void check_spans(const rt_range *range, int64_t length)
{
    rt_span spans[RT_RANGES_MAX];
    size_t n = 0;

    if (rt_range_resolve(range, length, spans, &n))
        return;
    assert(n > 0 && n <= RT_RANGES_MAX);
    for (size_t i = 0; i < n; i++) {
        assert(spans[i].start >= 0 && spans[i].start < spans[i].end &&
               spans[i].end <= length);
        for (size_t k = 0; k < i; k++)
            assert(spans[k].end <= spans[i].start ||
                   spans[i].end <= spans[k].start);
    }
    rt_byteranges_head(&arena, RT_STR("b"), RT_STR("a/b"), spans[0], length);
    rt_byteranges_tail(&arena, RT_STR("b"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int64_t lengths[] = {0, 1, 10, 1000, INT64_MAX - 1};
    rt_str text = rt_str_of(data, size);
    rt_range range, again;
    rt_content_range part, part_again;

    if (rt_range_parse(&arena, text, &range) == RT_OK) {
        rt_str dumped = rt_range_dump(&arena, &range);
        rt_status st = rt_range_parse(&arena, dumped, &again);
        assert(st == RT_OK && again.len == range.len);
        assert(again.is_ordered == range.is_ordered);
        for (size_t i = 0; i < RT_COUNT(lengths); i++)
            check_spans(&range, lengths[i]);
    }
    if (rt_content_range_parse(text, &part) == RT_OK) {
        rt_str dumped = rt_content_range_dump(&arena, &part);
        rt_status st = rt_content_range_parse(dumped, &part_again);
        assert(st == RT_OK && part_again.length == part.length);
    }
    rt_arena_reset(&arena);
    return 0;
}
