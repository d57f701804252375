#include "retort/crypto/digest.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>
#include <stdio.h>

#include "crypto/evp.h"

#define HASHLIB_NAME(name, openssl, hashlib) [name] = hashlib,

static const char *const names[] = {RT_DIGESTS(HASHLIB_NAME)};

size_t rt_digest_bytes(rt_digest digest)
{
    switch (digest) {
    case RT_SHA1: return 20;
    case RT_SHA224: return 28;
    case RT_SHA256: return 32;
    case RT_SHA384: return 48;
    case RT_SHA512: return 64;
    case RT_MD5: return 16;
    }
    return 0;
}

const char *rt_digest_name(rt_digest digest)
{
    return names[digest];
}

rt_status rt_digest_parse(rt_str name, rt_digest *out)
{
    for (unsigned i = 0; i < RT_COUNT(names); i++) {
        if (rt_str_eq(name, rt_str_from(names[i]))) {
            *out = (rt_digest)i;
            return RT_OK;
        }
    }
    return RT_E_UNSUPPORTED;
}

size_t rt_digest_sum(rt_digest digest, rt_str data,
                     uint8_t out[RT_DIGEST_BYTES_MAX])
{
    unsigned len = 0;
    if (!EVP_Digest(data.data ? data.data : "", data.len, out, &len,
                    rt__evp_digest(digest), NULL))
        rt__evp_failed(names[digest]);
    return len;
}

rt_str rt_digest_hex(rt_arena *arena, rt_digest digest, rt_str data)
{
    static const char digits[] = "0123456789abcdef";
    uint8_t sum[RT_DIGEST_BYTES_MAX];
    size_t len = rt_digest_sum(digest, data, sum);
    char *text = rt_arena_alloc(arena, 2 * len + 1);

    for (size_t i = 0; i < len; i++) {
        text[2 * i] = digits[sum[i] >> 4];
        text[2 * i + 1] = digits[sum[i] & 15];
    }
    text[2 * len] = '\0';
    return rt_str_of(text, 2 * len);
}

// ---- in pieces ------------------------------------------------------------

struct rt_digester {
    EVP_MD_CTX *ctx;
};

static void free_digester(void *ctx)
{
    EVP_MD_CTX_free(ctx);
}

rt_digester *rt_digester_new(rt_arena *arena, rt_digest digest)
{
    rt_digester *d = rt_new(arena, rt_digester, 1);
    d->ctx = EVP_MD_CTX_new();
    if (!d->ctx || !EVP_DigestInit_ex2(d->ctx, rt__evp_digest(digest), NULL))
        rt__evp_failed(names[digest]);
    rt_arena_defer(arena, free_digester, d->ctx);
    return d;
}

void rt_digester_add(rt_digester *digester, rt_str piece)
{
    if (piece.len && !EVP_DigestUpdate(digester->ctx, piece.data, piece.len))
        rt__evp_failed("a digest");
}

size_t rt_digester_end(rt_digester *digester, uint8_t out[RT_DIGEST_BYTES_MAX])
{
    unsigned len = 0;
    if (!EVP_DigestFinal_ex(digester->ctx, out, &len))
        rt__evp_failed("a digest");
    return len;
}

// ---- with a key -----------------------------------------------------------

struct rt_hmac_key {
    EVP_MAC_CTX *ctx;
};

static EVP_MAC_CTX *new_mac(rt_digest digest, rt_str key)
{
    char name[16]; // not const, for OpenSSL's sake
    snprintf(name, sizeof name, "%s", rt__evp_name(digest));
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
        OSSL_PARAM_construct_end(),
    };
    EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(rt__evp_hmac());
    // An empty key needs an address, as NULL stands for the last one.
    const void *data = key.len ? key.data : "";
    if (!ctx || !EVP_MAC_init(ctx, data, key.len, params))
        rt__evp_failed("HMAC");
    return ctx;
}

static size_t end_mac(EVP_MAC_CTX *ctx, rt_str data,
                      uint8_t out[RT_DIGEST_BYTES_MAX])
{
    size_t len = 0;
    if ((data.len &&
         !EVP_MAC_update(ctx, (const unsigned char *)data.data, data.len)) ||
        !EVP_MAC_final(ctx, out, &len, RT_DIGEST_BYTES_MAX))
        rt__evp_failed("HMAC");
    return len;
}

size_t rt_hmac_sum(rt_digest digest, rt_str key, rt_str data,
                   uint8_t out[RT_DIGEST_BYTES_MAX])
{
    EVP_MAC_CTX *ctx = new_mac(digest, key);
    size_t len = end_mac(ctx, data, out);
    EVP_MAC_CTX_free(ctx);
    return len;
}

static void free_mac(void *ctx)
{
    EVP_MAC_CTX_free(ctx);
}

rt_hmac_key *rt_hmac_key_new(rt_arena *arena, rt_digest digest, rt_str key)
{
    rt_hmac_key *k = rt_new(arena, rt_hmac_key, 1);
    k->ctx = new_mac(digest, key);
    rt_arena_defer(arena, free_mac, k->ctx);
    return k;
}

size_t rt_hmac_key_sum(rt_hmac_key *key, rt_str data,
                       uint8_t out[RT_DIGEST_BYTES_MAX])
{
    // Without a key: begin again with the last one, as it has been scheduled.
    if (!EVP_MAC_init(key->ctx, NULL, 0, NULL))
        rt__evp_failed("HMAC");
    return end_mac(key->ctx, data, out);
}

bool rt_secret_eq(rt_str a, rt_str b)
{
    return a.len == b.len &&
           (a.len == 0 || CRYPTO_memcmp(a.data, b.data, a.len) == 0);
}
