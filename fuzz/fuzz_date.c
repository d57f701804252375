// HTTP dates: what is read is written as an IMF-fixdate that reads as the same
// moment.
//
// covers: src/http/date.c
#include <assert.h>

#include <retort/base/time.h>
#include <retort/http/date.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static rt_arena arena;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const int64_t now_us = INT64_C(1700000000) * RT_TIME_SECOND;
    int64_t us;

    if (rt_http_date_parse(rt_str_of(data, size), now_us, &us) == RT_OK) {
        int64_t again = 0;
        rt_str text = rt_http_date_dump(&arena, us);
        assert(text.len == RT_HTTP_DATE_BYTES);
        // A leap second at the end of time is cut to what can be written.
        if (us > RT_TIME_MAX)
            us = RT_TIME_MAX - RT_TIME_MAX % RT_TIME_SECOND;
        rt_status st = rt_http_date_parse(text, now_us, &again);
        assert(st == RT_OK && again == us);
    }

    // Any moment can be written, whatever its bytes.
    if (size == sizeof us) {
        memcpy(&us, data, sizeof us);
        assert(rt_http_date_dump(&arena, us).len == RT_HTTP_DATE_BYTES);
    }
    rt_arena_reset(&arena);
    return 0;
}
