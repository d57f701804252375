// Credentials and challenges: what is read has a scheme, user names are text, and
// what is written is a header value that reads the same.
//
// covers: src/http/auth.c
#include <assert.h>

#include <retort/base/utf8.h>
#include <retort/http/auth.h>
#include <retort/http/field.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static rt_arena arena;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rt_str text = rt_str_of(data, size);
    rt_auth auth, again;
    rt_str dumped;

    if (rt_auth_parse(&arena, text, &auth) == RT_OK) {
        assert(rt_utf8_valid(auth.username) && rt_utf8_valid(auth.password));
        if (rt_auth_dump(&arena, &auth, &dumped) == RT_OK) {
            assert(rt_is_field_value(dumped));
            rt_status st = rt_auth_parse(&arena, dumped, &again);
            assert(st == RT_OK && rt_str_eq(again.scheme, auth.scheme));
            assert(rt_str_eq(again.username, auth.username));
        }
    }
    if (rt_challenge_parse(&arena, text, &auth) == RT_OK &&
        rt_challenge_dump(&arena, &auth, &dumped) == RT_OK)
        assert(rt_is_field_value(dumped));
    rt_arena_reset(&arena);
    return 0;
}
