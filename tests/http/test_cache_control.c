#include <retort/test.h>

#include "retort/http/cache_control.h"

static rt_arena arena;

RT_TEST(a_header_is_read_and_written)
{
    static const struct {
        const char *header, *dumped;
    } rows[] = {
        {"", ""},
        {"no-cache", "no-cache"},
        {"max-age=60, public, must-revalidate",
         "public, max-age=60, must-revalidate"},
        {"No-Store, MAX-AGE=0", "no-store, max-age=0"},
        {"private=\"Set-Cookie, X\", no-cache=Y",
         "no-cache=Y, private=\"Set-Cookie, X\""},
        {"max-age=1, max-age=2", "max-age=2"},
        {"max-age", ""},
        {"max-age=x, s-maxage=\"5\"", "s-maxage=5"},
        {"max-age=-1", "max-age=-1"},
        {"max-age=99999999999999999999", "max-age=9223372036854775807"},
        {"max-stale, min-fresh=5", "max-stale, min-fresh=5"},
        {"max-stale=5", "max-stale=5"},
        {"only-if-cached, no-transform", "only-if-cached, no-transform"},
        {"community=\"UCI\", x, immutable", "immutable, community=UCI, x"},
        {"proxy-revalidate, must-understand",
         "proxy-revalidate, must-understand"},
        {"stale-while-revalidate=30, stale-if-error=9",
         "stale-while-revalidate=30, stale-if-error=9"},
        {"public=1", "public"},
        {"public, \"open", ""},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].header);
        rt_cache_directives directives =
            rt_cache_control_parse(&arena, rt_guarded(rows[i].header));
        rt_str dumped = {0};
        CHECK_EQ(rt_cache_control_dump(&arena, &directives, &dumped), RT_OK);
        CHECK_EQ(dumped, rt_str_from(rows[i].dumped));
    }
    rt_arena_deinit(&arena);
}

RT_TEST(zero_seconds_are_not_none)
{
    rt_cache_directives directives =
        rt_cache_control_parse(&arena, rt_guarded("max-age=0, max-stale"));

    CHECK(directives.max_age.is_set);
    CHECK_EQ(directives.max_age.count, 0);
    CHECK(!directives.min_fresh.is_set);
    CHECK(directives.max_stale.is_set);
    CHECK_EQ(directives.max_stale.count, RT_SECONDS_ANY);
    rt_arena_deinit(&arena);
}

RT_TEST(a_list_of_headers_cannot_end_its_line)
{
    rt_cache_directives directives = {
        .private_ = true, .private__headers = RT_STR("a\r\nSet-Cookie: b=c")};
    rt_str dumped = {0};

    CHECK_EQ(rt_cache_control_dump(&arena, &directives, &dumped), RT_E_SYNTAX);
    CHECK(dumped.data == NULL);
    rt_arena_deinit(&arena);
}
