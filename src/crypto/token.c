#include "retort/crypto/token.h"

#include <retort/base/base64.h>
#include <retort/base/json.h>

#include "crypto/zip.h"

rt_str rt_token_pack(rt_arena *arena, rt_str bytes)
{
    rt_str compressed;
    rt_buf buf;

    rt_buf_init(&buf, arena);
    if (rt__zip(arena, bytes, &compressed)) {
        rt_buf_put_char(&buf, '.');
        bytes = compressed;
    }
    rt_base64url_put(&buf, bytes);
    return rt_buf_str(&buf);
}

rt_status rt_token_unpack(rt_arena *arena, rt_str text, rt_str *out)
{
    bool zipped = rt_str_skip(&text, RT_STR("."));
    rt_str bytes;

    rt_status st = rt_base64url_decode_lax(arena, text, &bytes);
    if (!st && zipped)
        return rt__unzip(arena, bytes, RT_TOKEN_BYTES_MAX, out);
    if (!st && bytes.len > RT_TOKEN_BYTES_MAX)
        st = RT_E_LIMIT;
    if (!st)
        *out = bytes;
    return st;
}

rt_status rt_token_dump(rt_signer *signer, rt_arena *arena, rt_value value,
                        int64_t now_us, rt_str *out)
{
    static const rt_json_style compact = {.compact = true, .unicode = true};
    rt_str json;

    rt_status st = rt_json_dump(arena, value, &compact, &json, NULL);
    if (st)
        return st;
    rt_str payload = rt_token_pack(arena, json);
    *out = now_us ? rt_signer_sign_at(signer, arena, payload, now_us)
                  : rt_signer_sign(signer, arena, payload);
    return RT_OK;
}

static rt_status unsign(rt_signer *signer, rt_arena *scratch, rt_str token,
                        rt_age_limit limit, rt_str *payload)
{
    rt_signed stamped = {0};
    if (!limit.now_us)
        return rt_signer_unsign(signer, scratch, token, payload);
    rt_status st = rt_signer_unsign_at(signer, scratch, token, limit, &stamped);
    *payload = stamped.value;
    return st;
}

rt_status rt_token_load(rt_signer *signer, rt_arena *arena, rt_str token,
                        rt_age_limit limit, rt_value *out)
{
    rt_str payload, json;

    rt_status st = unsign(signer, arena, token, limit, &payload);
    if (!st)
        st = rt_token_unpack(arena, payload, &json);
    return st ? st : rt_json_parse(arena, json, NULL, out, NULL);
}
