// Tokens: signed values that stand in a URL or a cookie.
//
//     eyJpZCI6N30.ZoE1eA.k3Wn...     {"id":7}, when, and the signature
//     .eJyrVkrOz0t...                the same, compressed as that is shorter
//
//     rt_signer *signer = rt_signer_new(arena, &key, 1, &(rt_signer_options){
//         .salt = "confirm-address"});
//     rt_token_dump(signer, arena, RT(7), rt_time_now(), &token);
//
// Source: itsdangerous (URLSafeSerializer and URLSafeTimedSerializer). Those sign
// with the salt "itsdangerous" unless told otherwise.
#pragma once

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/status.h>
#include <retort/base/str.h>
#include <retort/base/value.h>
#include <retort/crypto/sign.h>

RT_C_BEGIN

// What a token may unpack to.
#define RT_TOKEN_BYTES_MAX ((size_t)1 << 20)

// Text for URLs from bytes: Base64, of the bytes compressed when that is shorter.
rt_str rt_token_pack(rt_arena *arena, rt_str bytes);

// And back.
//
//   errors   RT_E_SYNTAX   not packed
//            RT_E_LIMIT    more than RT_TOKEN_BYTES_MAX; `*out` is untouched
rt_status rt_token_unpack(rt_arena *arena, rt_str text, rt_str *out);

// Make a token of a value that has JSON, with the time or, where `now_us` is 0,
// without.
//
//   errors   those of rt_json_dump; `*out` is untouched
rt_status rt_token_dump(rt_signer *signer, rt_arena *arena, rt_value value,
                        int64_t now_us, rt_str *out);

// Read a token: one with a time, or where the limit's `now_us` is 0 one without.
//
//   errors   those of rt_signer_unsign_at, rt_token_unpack, rt_json_parse; `*out`
//            is untouched
rt_status rt_token_load(rt_signer *signer, rt_arena *arena, rt_str token,
                        rt_age_limit limit, rt_value *out);

RT_C_END
