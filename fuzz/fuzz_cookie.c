// Cookies: what is read is text, a value that is set comes back as it was, and no
// input makes a header of its own.
//
// covers: src/http/cookie.c
#include <assert.h>

#include <retort/base/utf8.h>
#include <retort/http/cookie.h>
#include <retort/http/field.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static rt_arena arena;

static void check_text(rt_str s)
{
    assert(s.data);
    assert(rt_utf8_valid(s));
    assert(s.data[s.len] == '\0');
}

// Set a cookie to `value` and read it from the header a client makes of it.
static void round_trip(rt_str value)
{
    rt_cookie_options bare = {.path = ""};
    rt_params params = {0};
    rt_str header;

    rt_status st =
        rt_cookie_dump(&arena, RT_STR("a"), value, &bare, 0, &header);
    assert(st == RT_OK && rt_is_field_value(header));
    st = rt_cookie_parse(&params, &arena, header);
    assert(st == RT_OK && params.len == 1);
    assert(rt_str_eq(params.items[0].value, value));
}

// Use the input as every part of a Set-Cookie header.
static void set(rt_str text)
{
    const char *cstr = rt_str_cstr(&arena, text);
    int64_t number = (int64_t)text.len * INT64_C(123456789012345);
    rt_cookie_options options = {
        .max_age_s = number,
        .expires_us = text.len % 2 ? number : 0,
        .expired = text.len % 8 == 0,
        .path = text.len % 3 ? cstr : NULL,
        .domain = text.len % 5 ? cstr : NULL,
        .secure = true,
        .httponly = true,
        .partitioned = text.len % 7 == 0,
    };
    rt_str header;

    if (rt_samesite_parse(text, &options.samesite) != RT_OK)
        options.samesite = RT_SAMESITE_LAX;
    if (rt_cookie_dump(&arena, text, text, &options, 1, &header) == RT_OK)
        assert(rt_is_field_value(header));
    if (rt_cookie_dump(&arena, RT_STR("a"), text, &options, 1, &header) ==
        RT_OK)
        assert(rt_is_field_value(header));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rt_str text = rt_str_of(data, size);
    rt_params params = {0};

    if (rt_cookie_parse(&params, &arena, text) == RT_OK) {
        for (size_t i = 0; i < params.len; i++) {
            check_text(params.items[i].name);
            check_text(params.items[i].value);
            assert(params.items[i].name.len > 0);
        }
    }
    if (rt_utf8_valid(text))
        round_trip(text);
    set(text);
    rt_arena_reset(&arena);
    return 0;
}
