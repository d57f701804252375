// Tokens: what is no token is refused, what is signed comes back, and the payload
// of one, which its signature says nothing of here, is unpacked within limits.
//
// covers: src/crypto/sign.c
// covers: src/crypto/token.c
// covers: src/crypto/zip.c
#include <assert.h>

#include <retort/base/time.h>
#include <retort/crypto/token.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static rt_arena arena;

static void read_as_signed(rt_signer *signer, rt_str text)
{
    rt_age_limit none = {0}, limit = {1700000000 * RT_TIME_SECOND, 5};
    rt_signed stamped;
    rt_str out = RT_STR("untouched");
    rt_value value;

    rt_status st = rt_signer_unsign(signer, &arena, text, &out);
    assert(st == RT_OK || rt_str_eq(out, RT_STR("untouched")));
    (void)!rt_signer_unsign_at(signer, &arena, text, limit, &stamped);
    (void)!rt_token_load(signer, &arena, text, none, &value);
    (void)!rt_token_load(signer, &arena, text, limit, &value);
}

// A payload gets a signature, so that what is behind the check is reached.
static void read_as_payload(rt_signer *signer, rt_str text)
{
    rt_age_limit none = {0}, now = {.now_us = 1};
    rt_str signed_text = rt_signer_sign(signer, &arena, text), out;
    rt_signed stamped;
    rt_value value;

    rt_status st = rt_signer_unsign(signer, &arena, signed_text, &out);
    assert(!st && rt_str_eq(out, text));
    (void)!rt_signer_unsign_at(signer, &arena, signed_text, none, &stamped);
    if (!rt_token_load(signer, &arena, signed_text, none, &value)) {
        rt_str token;
        st = rt_token_dump(signer, &arena, value, 1, &token);
        assert(!st);
        st = rt_token_load(signer, &arena, token, now, &value);
        assert(!st);
    }
}

static void round_trip(rt_str bytes)
{
    rt_str out;
    rt_status st = rt_token_unpack(&arena, rt_token_pack(&arena, bytes), &out);
    assert(!st && rt_str_eq(out, bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rt_str text = rt_str_of(data, size), key = RT_STR("secret-key");
    rt_signer_options options = {
        .salt = "itsdangerous",
        .digest = (rt_digest)(size % 6),
        .derivation = (rt_key_derivation)(size / 2 % 4),
    };
    rt_signer *plain = rt_signer_new(&arena, &key, 1, NULL);
    rt_signer *signer = rt_signer_new(&arena, &key, 1, &options);

    read_as_signed(plain, text);
    read_as_payload(signer, text);
    round_trip(text);
    rt_arena_reset(&arena);
    return 0;
}
