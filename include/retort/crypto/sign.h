// Signatures: text that leaves the server and comes back unchanged, or not at all.
//
//     value.SIGNATURE              rt_signer_sign
//     value.TIMESTAMP.SIGNATURE    rt_signer_sign_at
//
// Anybody can read a signed text; nobody without the key can make one. The salt
// says what the signature is for: text signed for one purpose is not valid for
// another, though the key is the same. Of several keys the first signs and all of
// them verify, so that a key can be replaced while what it signed is still about.
//
// What is signed here, a program using itsdangerous verifies, and the reverse.
//
// Source: itsdangerous (Signer and TimestampSigner).
#pragma once

#include <stdint.h>

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/status.h>
#include <retort/base/str.h>
#include <retort/crypto/digest.h>

RT_C_BEGIN

// How the key that signs is made of the secret key and the salt.
typedef enum rt_key_derivation {
    RT_DERIVE_DJANGO, // digest(salt "signer" key): itsdangerous' default
    RT_DERIVE_CONCAT, // digest(salt key)
    RT_DERIVE_HMAC,   // hmac(key, salt): what Flask's sessions use
    RT_DERIVE_NONE,   // the key itself; the salt is not used
} rt_key_derivation;

// Options of a signer; zero is itsdangerous' default.
typedef struct rt_signer_options {
    const char *salt; // NULL: "itsdangerous.Signer"
    rt_digest digest; // zero: SHA-1
    rt_key_derivation derivation;
    char separator; // zero: '.'; not a character of Base64
} rt_signer_options;

// Make a signer of one or more keys, the one that signs first. (itsdangerous has
// it last.)
//
//   options  NULL: the default of each
//   memory   lives in `arena`; keys and salt are not needed any more
//   threads  one at a time
typedef struct rt_signer rt_signer;
rt_signer *rt_signer_new(rt_arena *arena, const rt_str *keys, size_t n,
                         const rt_signer_options *options);

// Sign a value.
rt_str rt_signer_sign(rt_signer *signer, rt_arena *arena, rt_str value);

// Verify a signed text and give its value.
//
//   memory   `*out` views `text`; `scratch` is used and given back
//   errors   RT_E_SIGNATURE   none, or not of one of the keys with this salt;
//            `*out` is untouched
rt_status rt_signer_unsign(rt_signer *signer, rt_arena *scratch, rt_str text,
                           rt_str *out);

// How old a signature may be.
typedef struct rt_age_limit {
    int64_t now_us;    // the time it is, as rt_time_now gives it
    int64_t max_age_s; // older ones, and those of the future, have expired;
                       // zero: any age will do
} rt_age_limit;

// What was signed, and when.
typedef struct rt_signed {
    rt_str value;
    int64_t time_us; // a whole second
} rt_signed;

// The same with the time of signing.
//
//   errors   RT_E_SIGNATURE   as above
//            RT_E_SYNTAX      the signature is right, but there is no time
//            RT_E_EXPIRED     the time is not within the limit
rt_str rt_signer_sign_at(rt_signer *signer, rt_arena *arena, rt_str value,
                         int64_t now_us);
rt_status rt_signer_unsign_at(rt_signer *signer, rt_arena *scratch, rt_str text,
                              rt_age_limit limit, rt_signed *out);

RT_C_END
