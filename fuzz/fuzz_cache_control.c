// Cache-Control: what is read is written, and reads the same again.
//
// covers: src/http/cache_control.c
#include <assert.h>

#include <retort/http/cache_control.h>
#include <retort/http/field.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static rt_arena arena;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rt_cache_directives directives =
        rt_cache_control_parse(&arena, rt_str_of(data, size));
    rt_str dumped, again;

    if (rt_cache_control_dump(&arena, &directives, &dumped) == RT_OK) {
        assert(rt_is_field_value(dumped));
        rt_cache_directives read = rt_cache_control_parse(&arena, dumped);
        assert(read.no_store == directives.no_store);
        assert(read.max_age.is_set == directives.max_age.is_set);
        assert(read.max_age.count == directives.max_age.count);
        rt_status st = rt_cache_control_dump(&arena, &read, &again);
        assert(st == RT_OK);
    }
    rt_arena_reset(&arena);
    return 0;
}
