#include "retort/crypto/random.h"

#include <limits.h>
#include <openssl/rand.h>

#include <retort/base/base64.h>

#include "crypto/evp.h"

void rt_random_fill(void *out, size_t bytes)
{
    unsigned char *at = out;

    while (bytes > 0) {
        int n = bytes > INT_MAX ? INT_MAX : (int)bytes;
        if (RAND_bytes(at, n) != 1)
            rt__evp_failed("the random generator");
        at += n;
        bytes -= (size_t)n;
    }
}

static rt_str random_bytes(rt_arena *arena, size_t bytes)
{
    void *data = rt_arena_alloc(arena, bytes);
    rt_random_fill(data, bytes);
    return rt_str_of(data, bytes);
}

rt_str rt_random_token(rt_arena *arena, size_t bytes)
{
    return rt_base64url_encode(arena, random_bytes(arena, bytes));
}

rt_str rt_random_hex(rt_arena *arena, size_t bytes)
{
    rt_str random = random_bytes(arena, bytes);
    rt_buf buf;
    rt_buf_init(&buf, arena);
    for (size_t i = 0; i < bytes; i++)
        rt_buf_put_hex(&buf, (unsigned char)random.data[i], 2);
    return rt_buf_str(&buf);
}
