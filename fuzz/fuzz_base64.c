// Base64: what the strict readers take is what the encoders write, the lax ones
// take that as well, and any bytes come back.
//
// covers: src/base/base64.c
#include <assert.h>

#include <retort/base/base64.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static rt_arena arena;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rt_str text = rt_str_of(data, size), out;

    if (!rt_base64_decode(&arena, text, &out))
        assert(rt_str_eq(rt_base64_encode(&arena, out), text));
    if (!rt_base64url_decode(&arena, text, &out))
        assert(rt_str_eq(rt_base64url_encode(&arena, out), text));
    if (!rt_base64_decode_lax(&arena, text, &out))
        assert(out.len <= size);
    if (!rt_base64url_decode_lax(&arena, text, &out))
        assert(out.len <= size);

    rt_str encoded = rt_base64_encode(&arena, text);
    rt_status st = rt_base64_decode_lax(&arena, encoded, &out);
    assert(!st && rt_str_eq(out, text));
    encoded = rt_base64url_encode(&arena, text);
    st = rt_base64url_decode_lax(&arena, encoded, &out);
    assert(!st && rt_str_eq(out, text));
    rt_arena_reset(&arena);
    return 0;
}
