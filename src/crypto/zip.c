// A deflater is a quarter of a megabyte, which takes longer to be made than a
// session to be compressed; so one of each kind is kept. Whoever comes while it is
// in use, on another thread, makes one and frees it.
#include "crypto/zip.h"

#include <limits.h>
#include <stdlib.h>
#define ZLIB_CONST // input is read and not written
#include <zlib.h>

#include <retort/base/buf.h>
#include <retort/base/error.h>

static z_stream *idle_deflater, *idle_inflater;

static z_stream *take(z_stream **idle)
{
    z_stream *z = __atomic_exchange_n(idle, NULL, __ATOMIC_ACQUIRE);
    if (z)
        return z;
    z = calloc(1, sizeof *z);
    int rc =
        !z ? Z_MEM_ERROR
           : (idle == &idle_deflater ? deflateInit(z, Z_DEFAULT_COMPRESSION)
                                     : inflateInit(z));
    if (rc != Z_OK)
        rt_panic("zlib: cannot begin: %s", zError(rc));
    return z;
}

static void give(z_stream **idle, z_stream *z)
{
    if (idle == &idle_deflater) {
        deflateReset(z);
    } else {
        inflateReset(z);
    }
    z = __atomic_exchange_n(idle, z, __ATOMIC_RELEASE);
    if (!z)
        return;
    if (idle == &idle_deflater) {
        deflateEnd(z);
    } else {
        inflateEnd(z);
    }
    free(z);
}

static void set_input(z_stream *z, rt_str bytes)
{
    z->next_in = (const Bytef *)bytes.data;
    z->avail_in = (uInt)bytes.len;
}

bool rt__zip(rt_arena *arena, rt_str bytes, rt_str *out)
{
    // Two bytes of head, four of checksum, and at least two of blocks.
    if (bytes.len < 10 || bytes.len > INT_MAX)
        return false;
    // With room for one byte less than would be worth it, deflate itself says
    // when it is not.
    size_t room = bytes.len - 2;
    rt_arena_mark mark = rt_arena_save(arena);
    char *data = rt_arena_alloc(arena, room);
    z_stream *z = take(&idle_deflater);
    set_input(z, bytes);
    z->next_out = (Bytef *)data;
    z->avail_out = (uInt)room;
    bool whole = deflate(z, Z_FINISH) == Z_STREAM_END;
    size_t len = room - z->avail_out;
    give(&idle_deflater, z);
    if (!whole) {
        rt_arena_rewind(arena, mark);
        return false;
    }
    *out = rt_str_of(data, len);
    return true;
}

rt_status rt__unzip(rt_arena *arena, rt_str bytes, size_t limit, rt_str *out)
{
    if (bytes.len > limit) // compressing makes nothing longer here
        return RT_E_LIMIT;
    z_stream *z = take(&idle_inflater);
    rt_buf buf;
    int rc = Z_OK;

    rt_buf_init(&buf, arena);
    set_input(z, bytes);
    while (rc == Z_OK && buf.len <= limit) {
        size_t room = buf.len ? buf.len : 4 * bytes.len + 64;
        (void)rt_buf_reserve(&buf, room);
        z->next_out = (Bytef *)rt_buf_end(&buf);
        z->avail_out = (uInt)room;
        rc = inflate(z, Z_NO_FLUSH);
        buf.len += room - z->avail_out;
        if (rc == Z_OK && z->avail_in == 0 && z->avail_out > 0)
            rc = Z_DATA_ERROR; // it wants more than there is
    }
    give(&idle_inflater, z);
    if (buf.len > limit)
        return RT_E_LIMIT;
    if (rc != Z_STREAM_END)
        return RT_E_SYNTAX;
    *out = rt_buf_str(&buf);
    return RT_OK;
}
