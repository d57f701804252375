// Times and UUIDs of databases: what is read must be written so that it is read
// as the same.
//
// covers: ext/db/src/text.c
#include <assert.h>
#include <string.h>

#include "driver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static rt_arena arena;

static void try_time(rt_str text)
{
    int64_t us, again;
    rt_buf buf;
    if (!rt__db_parse_time(text, &us))
        return;
    rt_buf_init(&buf, &arena);
    rt__db_put_time(&buf, us);
    // A zone may lead to a year that has no four digits.
    if (rt_buf_str(&buf).len != 26)
        return;
    bool read = rt__db_parse_time(rt_buf_str(&buf), &again);
    assert(read && again == us);
}

static void try_uuid(rt_str text)
{
    uint8_t bytes[16], again[16];
    rt_buf buf;
    if (!rt__db_parse_uuid(text, bytes))
        return;
    rt_buf_init(&buf, &arena);
    rt__db_put_uuid(&buf, bytes);
    bool read = rt__db_parse_uuid(rt_buf_str(&buf), again);
    assert(read && memcmp(bytes, again, sizeof bytes) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rt_str text = rt_str_of(data, size);
    try_time(text);
    try_uuid(text);
    if (size >= sizeof(int64_t)) {
        int64_t us;
        rt_buf buf;
        memcpy(&us, data, sizeof us);
        rt_buf_init(&buf, &arena);
        rt__db_put_time(&buf, us);
        assert(rt_buf_str(&buf).len >= 26);
    }
    rt_arena_reset(&arena);
    return 0;
}
