// Header values: whatever is read is text, and what is written reads the same.
//
// covers: src/http/header_value.c src/http/charset.c
#include <assert.h>

#include <retort/base/utf8.h>
#include <retort/http/header_value.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static rt_arena arena;

static void check_params(const rt_params *params)
{
    assert(params->len <= RT_HEADER_OPTIONS_MAX);
    for (size_t i = 0; i < params->len; i++) {
        assert(rt_utf8_valid(params->items[i].name));
        assert(rt_utf8_valid(params->items[i].value));
        for (size_t j = 0; j < i; j++)
            assert(!rt_str_eq(params->items[i].name, params->items[j].name));
    }
}

// Write a list and read it again.
static void round_trip(const rt_header_list *list)
{
    rt_buf buf;
    rt_buf_init(&buf, &arena);
    rt_header_put_list(&buf, list->items, list->len);
    rt_header_list again = rt_header_list_parse(&arena, rt_buf_str(&buf));
    assert(again.len == list->len);
    for (size_t i = 0; i < list->len; i++)
        assert(rt_str_eq(again.items[i], list->items[i]));
}

static bool has_line_feed(rt_str text)
{
    return rt_str_find_char(text, '\n') != RT_STR_NONE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rt_str text = rt_utf8_repair(&arena, rt_str_of(data, size));

    rt_header_options options = rt_header_options_parse(&arena, text);
    assert(rt_utf8_valid(options.value));
    check_params(&options.params);

    rt_params dict = rt_header_dict_parse(&arena, text);
    check_params(&dict);

    rt_header_list list = rt_header_list_parse(&arena, text);
    if (!has_line_feed(text)) // a backslash before one is not an escape
        round_trip(&list);

    rt_buf buf;
    rt_buf_init(&buf, &arena);
    rt_header_put_options(&buf, options.value, &options.params);
    rt_header_put_dict(&buf, &dict);
    rt_arena_reset(&arena);
    return 0;
}
