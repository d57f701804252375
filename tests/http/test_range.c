#include <retort/base/buf.h>
#include <retort/test.h>

#include "retort/http/range.h"

static rt_arena arena;

RT_TEST(ranges_are_read_and_written)
{
    static const struct {
        const char *header;
        const char *dumped; // NULL: malformed
        bool is_ordered;
    } rows[] = {
        {"bytes=0-99", "bytes=0-99", true},
        {" Bytes = 0 - 99 ", "bytes=0-99", true},
        {"bytes=500-", "bytes=500-", true},
        {"bytes=-20", "bytes=-20", true},
        {"bytes=-0", "bytes=-0", true},
        {"bytes=0-1, 4-5,-2", "bytes=0-1,4-5,-2", true},
        {"bytes=0-1,2-3", "bytes=0-1,2-3", true},
        {"bytes=0-2,2-3", "bytes=0-2,2-3", false},
        {"bytes=4-5,0-1", "bytes=4-5,0-1", false},
        {"bytes=-2,0-1", "bytes=-2,0-1", false},
        {"bytes=5-,7-8", "bytes=5-,7-8", false},
        {"bytes=-2,-3", "bytes=-2,-3", false},
        {"items=0-1", "items=0-1", true},
        {"=0-1", "=0-1", true},
        {"bytes=0-99999999999999999999", "bytes=0-9223372036854775806", true},
        {"bytes=-99999999999999999999", "bytes=-9223372036854775806", true},
        {"", NULL, false},
        {"bytes", NULL, false},
        {"bytes=", NULL, false},
        {"bytes=5", NULL, false},
        {"bytes=-", NULL, false},
        {"bytes=--5", NULL, false},
        {"bytes=5-4", NULL, false},
        {"bytes=1--5", NULL, false},
        {"bytes=a-b", NULL, false},
        {"bytes=0-1,", NULL, false},
        {"bytes=0-1,,2-3", NULL, false},
        {"bytes=- 5", NULL, false},
        {"bytes=+1-2", NULL, false},
        {"bytes=0-1;2-3", NULL, false},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].header);
        rt_range range = {0};
        rt_status st =
            rt_range_parse(&arena, rt_guarded(rows[i].header), &range);
        CHECK_EQ(st, rows[i].dumped ? RT_OK : RT_E_SYNTAX);
        if (st || !rows[i].dumped)
            continue;
        CHECK_EQ(rt_range_dump(&arena, &range), rt_str_from(rows[i].dumped));
        CHECK_EQ(range.is_ordered, rows[i].is_ordered);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(a_header_may_ask_for_32_ranges)
{
    rt_buf header;
    rt_range range = {0};

    rt_buf_init(&header, &arena);
    rt_buf_put_cstr(&header, "bytes=0-0");
    for (int i = 1; i < 32; i++)
        rt_buf_printf(&header, ",%d-%d", 2 * i, 2 * i);
    CHECK_EQ(rt_range_parse(&arena, rt_buf_str(&header), &range), RT_OK);
    CHECK_EQ(range.len, 32u);
    rt_buf_put_cstr(&header, ",900-");
    CHECK_EQ(rt_range_parse(&arena, rt_buf_str(&header), &range), RT_E_LIMIT);
    CHECK_EQ(range.len, 32u);
    rt_arena_deinit(&arena);
}

RT_TEST(ranges_are_resolved_to_spans_inside_the_body)
{
    static const struct {
        const char *header;
        const char *spans; // of 100 bytes, start-end; NULL: unsatisfiable
    } rows[] = {
        {"bytes=0-9", "0-10"},
        {"bytes=90-", "90-100"},
        {"bytes=90-200", "90-100"},
        {"bytes=-10", "90-100"},
        {"bytes=-100", "0-100"},
        {"bytes=-101", "0-100"},
        {"bytes=-99999999999999999999", "0-100"},
        {"bytes=-0", NULL},
        {"bytes=100-", NULL},
        {"bytes=200-300", NULL},
        {"bytes=200-300, 0-0", "0-1"},
        {"bytes=50-59, 0-9", "50-60 0-10"},
        {"bytes=0-9, 10-19", "0-10 10-20"},
        {"bytes=50-59, 0-9, 5-20", "0-21 50-60"},
        {"bytes=0-0, 0-, -1", "0-100"},
        {"bytes=0-50, 10-20", "0-51"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].header);
        rt_range range;
        rt_span spans[RT_RANGES_MAX];
        size_t n = 0;
        REQUIRE(rt_range_parse(&arena, rt_guarded(rows[i].header), &range) ==
                RT_OK);
        rt_status st = rt_range_resolve(&range, 100, spans, &n);
        CHECK_EQ(st, rows[i].spans ? RT_OK : RT_E_RANGE);
        if (st || !rows[i].spans)
            continue;
        rt_buf seen;
        rt_buf_init(&seen, &arena);
        for (size_t k = 0; k < n; k++)
            rt_buf_printf(&seen, "%s%d-%d", k ? " " : "", (int)spans[k].start,
                          (int)spans[k].end);
        CHECK_EQ(rt_buf_str(&seen), rt_str_from(rows[i].spans));
    }
    rt_arena_deinit(&arena);
}

RT_TEST(other_units_and_empty_bodies_have_no_spans)
{
    rt_range range;
    rt_span spans[RT_RANGES_MAX];
    size_t n = 7;

    REQUIRE(rt_range_parse(&arena, RT_STR("items=0-1"), &range) == RT_OK);
    CHECK_EQ(rt_range_resolve(&range, 100, spans, &n), RT_E_UNSUPPORTED);
    REQUIRE(rt_range_parse(&arena, RT_STR("bytes=0-1"), &range) == RT_OK);
    CHECK_EQ(rt_range_resolve(&range, 0, spans, &n), RT_E_RANGE);
    CHECK_EQ(n, 7u);
    rt_arena_deinit(&arena);
}

RT_TEST(a_content_range_is_read_and_written)
{
    static const struct {
        const char *header;
        const char *dumped; // NULL: malformed
    } rows[] = {
        {"bytes 0-9/100", "bytes 0-9/100"},
        {" bytes 0-9/* ", "bytes 0-9/*"},
        {"bytes */100", "bytes */100"},
        {"bytes */*", "bytes */*"},
        {"items 5 - 9/ 10", "items 5-9/10"},
        {"bytes 0-200/100", "bytes 0-200/100"},
        {"", NULL},
        {"bytes", NULL},
        {"bytes 0-9", NULL},
        {"bytes 9-0/100", NULL},
        {"bytes 100-101/100", NULL},
        {"bytes 0/100", NULL},
        {"bytes -1-5/100", NULL},
        {"bytes 0-9/-100", NULL},
        {"bytes */-1", NULL},
        {"bytes 0-x/100", NULL},
        {"bytes 0-9/x", NULL},
        {"bytes 0-9/1/2", NULL},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].header);
        rt_content_range range = {0};
        rt_status st =
            rt_content_range_parse(rt_guarded(rows[i].header), &range);
        CHECK_EQ(st, rows[i].dumped ? RT_OK : RT_E_SYNTAX);
        if (!st && rows[i].dumped)
            CHECK_EQ(rt_content_range_dump(&arena, &range),
                     rt_str_from(rows[i].dumped));
    }
    rt_arena_deinit(&arena);
}

RT_TEST(parts_of_a_multipart_body_have_a_head_each)
{
    rt_span span = {5, 10};

    CHECK_EQ(rt_byteranges_head(&arena, RT_STR("xyz"), RT_STR("text/css"), span,
                                100),
             RT_STR("\r\n--xyz\r\nContent-Type: text/css\r\n"
                    "Content-Range: bytes 5-9/100\r\n\r\n"));
    CHECK_EQ(rt_byteranges_tail(&arena, RT_STR("xyz")),
             RT_STR("\r\n--xyz--\r\n"));
    rt_arena_deinit(&arena);
}
