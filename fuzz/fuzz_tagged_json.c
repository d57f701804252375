// Tagged JSON: what is read is written, and then read and written the same.
//
// covers: src/http/tagged_json.c
#include <assert.h>

#include <retort/http/tagged_json.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static rt_arena arena;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rt_json_style style = {.compact = true, .sort_keys = size % 2};
    rt_value value;
    rt_str once, twice;

    if (!rt_tagged_json_parse(&arena, rt_str_of(data, size), NULL, &value,
                              NULL) &&
        !rt_tagged_json_dump(&arena, value, &style, &once, NULL)) {
        rt_status st = rt_tagged_json_parse(&arena, once, NULL, &value, NULL);
        if (!st)
            st = rt_tagged_json_dump(&arena, value, &style, &twice, NULL);
        // Tags take levels, so that the deepest text can become too deep.
        assert(st == RT_E_LIMIT || (!st && rt_str_eq(once, twice)));
    }
    rt_arena_reset(&arena);
    return 0;
}
