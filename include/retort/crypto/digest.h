// Digests and HMAC: the fingerprint of bytes, without and with a key.
//
//     uint8_t sum[RT_DIGEST_BYTES_MAX];
//     size_t len = rt_digest_sum(RT_SHA256, text, sum);
//
// SHA-1 is here for the signatures that Flask's cookies have, where HMAC makes up
// for its weakness, and MD5 for file formats that ask for it. For anything new
// take SHA-256.
//
// Source: FIPS 180-4, RFC 1321, RFC 2104; OpenSSL does the work.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/status.h>
#include <retort/base/str.h>

RT_C_BEGIN

// X(constant, OpenSSL's name, hashlib's name)
#define RT_DIGESTS(X)                  \
    X(RT_SHA1, "SHA1", "sha1")         \
    X(RT_SHA224, "SHA2-224", "sha224") \
    X(RT_SHA256, "SHA2-256", "sha256") \
    X(RT_SHA384, "SHA2-384", "sha384") \
    X(RT_SHA512, "SHA2-512", "sha512") \
    X(RT_MD5, "MD5", "md5")

#define RT__DIGEST_ENUM(name, openssl, hashlib) name,

typedef enum rt_digest {
    RT_DIGESTS(RT__DIGEST_ENUM)
} rt_digest;

#undef RT__DIGEST_ENUM

// Room for the longest of them.
#define RT_DIGEST_BYTES_MAX 64

// The length of a digest: 20 for SHA-1.
size_t rt_digest_bytes(rt_digest digest);

// The name as Python's hashlib has it, "sha256", and back from it.
//
//   errors   RT_E_UNSUPPORTED   no such digest here; `*out` is untouched
const char *rt_digest_name(rt_digest digest);
rt_status rt_digest_parse(rt_str name, rt_digest *out);

// Digest all of `data`; returns the number of bytes written to `out`.
size_t rt_digest_sum(rt_digest digest, rt_str data,
                     uint8_t out[RT_DIGEST_BYTES_MAX]);

// The same as lower-case hexadecimal text.
rt_str rt_digest_hex(rt_arena *arena, rt_digest digest, rt_str data);

// Digest what comes in pieces.
//
//   memory   lives in `arena` and may end there unfinished
typedef struct rt_digester rt_digester;
rt_digester *rt_digester_new(rt_arena *arena, rt_digest digest);
void rt_digester_add(rt_digester *digester, rt_str piece);
size_t rt_digester_end(rt_digester *digester, uint8_t out[RT_DIGEST_BYTES_MAX]);

// HMAC of `data` under `key`, once.
size_t rt_hmac_sum(rt_digest digest, rt_str key, rt_str data,
                   uint8_t out[RT_DIGEST_BYTES_MAX]);

// A key that is used again and again: it is scheduled once, and an HMAC under it
// takes half the time.
//
//   memory   lives in `arena`; the key is not kept as it was given
//   threads  one at a time
typedef struct rt_hmac_key rt_hmac_key;
rt_hmac_key *rt_hmac_key_new(rt_arena *arena, rt_digest digest, rt_str key);
size_t rt_hmac_key_sum(rt_hmac_key *key, rt_str data,
                       uint8_t out[RT_DIGEST_BYTES_MAX]);

// Compare secrets: how long it takes does not tell where they differ, only
// whether their lengths do.
bool rt_secret_eq(rt_str a, rt_str b);

RT_C_END
