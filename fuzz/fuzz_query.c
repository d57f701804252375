// Query strings: every name and value is text that ends with a NUL, and pairs
// survive being written and read again.
//
// covers: src/http/query.c
#include <assert.h>

#include <retort/base/utf8.h>
#include <retort/http/query.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static rt_arena arena;

static void check_text(rt_str s)
{
    assert(s.data);
    assert(rt_utf8_valid(s));
    assert(s.data[s.len] == '\0');
}

static void check_lookup(const rt_params *params, const rt_param *param)
{
    size_t seen = 0;
    size_t at = 0;

    while (rt_params_next(params, param->name, &at))
        seen++;
    assert(seen > 0 && seen == rt_params_count(params, param->name));
    assert(rt_params_has(params, param->name));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rt_params params = {0};
    rt_params again = {0};

    if (rt_query_parse(&params, &arena, rt_str_of(data, size)) == RT_OK) {
        rt_str dumped = rt_query_dump(&arena, &params);
        rt_status st = rt_query_parse(&again, &arena, dumped);
        assert(st == RT_OK && again.len == params.len);
        for (size_t i = 0; i < params.len; i++) {
            check_text(params.items[i].name);
            check_text(params.items[i].value);
            assert(rt_str_eq(params.items[i].name, again.items[i].name));
            assert(rt_str_eq(params.items[i].value, again.items[i].value));
        }
        if (params.len > 0)
            check_lookup(&params, &params.items[params.len - 1]);
    }
    assert(params.len <= RT_PARAMS_MAX);
    rt_arena_reset(&arena);
    return 0;
}
