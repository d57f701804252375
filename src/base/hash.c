#include "retort/base/hash.h"

#include <stdlib.h>
#include <sys/random.h>

static uint64_t seed[2];
static bool seeded;

typedef struct sip {
    uint64_t v0, v1, v2, v3;
} sip;

static inline uint64_t rotate(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

static inline void mix(sip *s)
{
    s->v0 += s->v1;
    s->v1 = rotate(s->v1, 13) ^ s->v0;
    s->v0 = rotate(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = rotate(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = rotate(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = rotate(s->v1, 17) ^ s->v2;
    s->v2 = rotate(s->v2, 32);
}

static inline void absorb(sip *s, uint64_t word)
{
    s->v3 ^= word;
    mix(s);
    s->v0 ^= word;
}

// At most 8 bytes as a little-endian word.
static inline uint64_t load(const unsigned char *p, size_t len)
{
    uint64_t word = 0;
    if (len == 8) {
        memcpy(&word, p, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        word = __builtin_bswap64(word);
#endif
        return word;
    }
    for (size_t i = 0; i < len; i++)
        word |= (uint64_t)p[i] << (8 * i);
    return word;
}

void rt_hash_seed(void)
{
    if (seeded)
        return;
    // Without entropy this early the address of a variable must do.
    if (getrandom(seed, sizeof seed, 0) != (ssize_t)sizeof seed)
        seed[0] = (uint64_t)(uintptr_t)&seed * 0x9e3779b97f4a7c15u;
    seeded = true;
}

uint64_t rt_hash_bytes(const void *data, size_t len)
{
    if (RT_UNLIKELY(!seeded))
        rt_hash_seed();
    sip s = {seed[0] ^ 0x736f6d6570736575u, seed[1] ^ 0x646f72616e646f6du,
             seed[0] ^ 0x6c7967656e657261u, seed[1] ^ 0x7465646279746573u};
    const unsigned char *p = data;
    size_t rest = len;
    for (; rest >= 8; rest -= 8, p += 8)
        absorb(&s, load(p, 8));
    absorb(&s, load(p, rest) | (uint64_t)(len & 0xff) << 56);
    s.v2 ^= 0xff;
    mix(&s);
    mix(&s);
    mix(&s);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

uint64_t rt_hash_int(uint64_t n)
{
    return rt_hash_bytes(&n, sizeof n);
}
