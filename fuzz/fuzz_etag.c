// Entity tags: what is read views the input, one tag that is written reads the
// same, and conditions come to an answer.
//
// covers: src/http/etag.c src/http/conditional.c
#include <assert.h>

#include <retort/http/conditional.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static rt_arena arena;

static void check_one(rt_str text)
{
    rt_etag tag = rt_etag_parse(text);
    rt_str dumped;

    if (rt_etag_dump(&arena, tag, &dumped))
        return;
    rt_etag again = rt_etag_parse(dumped);
    assert(again.weak == tag.weak && rt_str_eq(again.opaque, tag.opaque));
}

static void check_list(rt_str text)
{
    rt_etags tags = rt_etags_parse(&arena, text);

    for (size_t i = 0; i < tags.len; i++) {
        assert(tags.items[i].opaque.data);
        assert(rt_etags_have_weak(&tags, tags.items[i]));
        assert(tags.items[i].weak ||
               rt_etags_have_strong(&tags, tags.items[i]));
    }
    rt_etags_dump(&arena, &tags);
}

// The lines are If-Match, If-None-Match, If-Range and two dates.
static void check_conditions(rt_str text)
{
    static const char *const names[] = {"If-Match", "If-None-Match", "If-Range",
                                        "If-Modified-Since",
                                        "If-Unmodified-Since"};
    static const rt_method methods[] = {RT_METHOD_GET, RT_METHOD_PUT};
    rt_request request = {.arena = &arena};
    rt_validators current = {.etag = {RT_STR("a"), text.len % 2 == 1},
                             .modified_us = INT64_C(784111777999999),
                             .has_modified = text.len % 3 > 0};

    for (size_t i = 0; i < RT_COUNT(names) && text.data; i++) {
        rt_str line = rt_str_cut(&text, '\n');
        if (line.len > 0)
            rt_headers_push(&request.headers, &arena, rt_str_from(names[i]),
                            line);
    }
    for (size_t i = 0; i < RT_COUNT(methods); i++) {
        request.method = methods[i];
        rt_precondition_test(&request, &current, 0);
        rt_precondition_test(&request, NULL, 0);
        rt_if_range_test(&request, &current, 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rt_str text = rt_str_of(data, size);

    check_one(text);
    check_list(text);
    check_conditions(text);
    rt_etag_of_bytes(&arena, text);
    rt_arena_reset(&arena);
    return 0;
}
