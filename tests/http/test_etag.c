#include <retort/base/buf.h>
#include <retort/test.h>

#include "retort/http/etag.h"

static rt_arena arena;

RT_TEST(a_tag_is_read_with_or_without_quotes)
{
    static const struct {
        const char *text, *opaque;
        bool weak;
    } rows[] = {
        {"\"a\"", "a", false},   {"W/\"a\"", "a", true},
        {"w/\"a\"", "a", true},  {"a", "a", false},
        {" \"a\" ", "a", false}, {"W/a", "a", true},
        {"\"\"", "", false},     {"\"", "", false},
        {"\"a", "\"a", false},   {"\"a\"b\"", "a\"b", false},
        {" ", "", false},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        rt_etag tag = rt_etag_parse(rt_guarded(rows[i].text));
        CHECK(tag.opaque.data != NULL);
        CHECK_EQ(tag.opaque, rt_str_from(rows[i].opaque));
        CHECK_EQ(tag.weak, rows[i].weak);
    }
    CHECK(rt_etag_parse((rt_str){0}).opaque.data == NULL);
}

RT_TEST(a_tag_is_written_unless_it_could_not_be_read)
{
    rt_str out = {0};

    CHECK(rt_etag_dump(&arena, (rt_etag){RT_STR("a b"), false}, &out) == RT_OK);
    CHECK_EQ(out, RT_STR("\"a b\""));
    CHECK(rt_etag_dump(&arena, (rt_etag){RT_STR("a"), true}, &out) == RT_OK);
    CHECK_EQ(out, RT_STR("W/\"a\""));
    CHECK(rt_etag_dump(&arena, (rt_etag){RT_STR("a\"b"), false}, &out) ==
          RT_E_SYNTAX);
    CHECK(rt_etag_dump(&arena, (rt_etag){RT_STR("a\nb"), false}, &out) ==
          RT_E_SYNTAX);
    CHECK_EQ(out, RT_STR("W/\"a\""));
    rt_arena_deinit(&arena);
}

RT_TEST(weak_tags_match_in_the_weak_comparison_alone)
{
    rt_etag strong = {RT_STR("a"), false}, weak = {RT_STR("a"), true};
    rt_etag other = {RT_STR("b"), false}, none = {0};

    CHECK(rt_etag_match_strong(strong, strong));
    CHECK(!rt_etag_match_strong(strong, weak));
    CHECK(!rt_etag_match_strong(weak, weak));
    CHECK(rt_etag_match_weak(strong, weak));
    CHECK(!rt_etag_match_weak(strong, other));
    CHECK(!rt_etag_match_weak(none, none));
}

RT_TEST(a_list_of_tags_is_read_as_werkzeug_does)
{
    static const struct {
        const char *header;
        const char *dumped; // strong ones first
    } rows[] = {
        {"", ""},
        {"\"a\", W/\"b\", \"c\"", "\"a\", \"c\", W/\"b\""},
        {"a ,b", "\"a\", \"b\""},
        {"*", "*"},
        {"\"a\", *", "*"},
        {"W/*", "*"},
        {"\"*\"", "\"*\""},
        {"\"a,b\" , \"c\"", "\"a,b\", \"c\""},
        {"\"a\"b\", c", "\"a\"b\", \"c\""},
        {"\"a, b", "\"\"a\", \"b\""},
        {"\"a\" ", "\"\"a\" \""},
        {"a,", "\"a\""},
        {"W/", "W/\"\""},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].header);
        rt_etags tags = rt_etags_parse(&arena, rt_guarded(rows[i].header));
        CHECK_EQ(rt_etags_dump(&arena, &tags), rt_str_from(rows[i].dumped));
    }
    rt_arena_deinit(&arena);
}

RT_TEST(a_list_has_a_tag_weakly_or_strongly)
{
    rt_etags tags = rt_etags_parse(&arena, rt_guarded("\"a\", W/\"b\""));
    rt_etags star = {.star = true};
    rt_etag a = {RT_STR("a"), false}, b = {RT_STR("b"), false}, none = {0};

    CHECK(rt_etags_have_strong(&tags, a));
    CHECK(!rt_etags_have_strong(&tags, b));
    CHECK(rt_etags_have_weak(&tags, b));
    CHECK(!rt_etags_have_weak(&tags, none));
    CHECK(rt_etags_have_strong(&star, a));
    CHECK(!rt_etags_have_weak(&star, none));
    rt_arena_deinit(&arena);
}

RT_TEST(a_list_of_quotes_that_never_close_is_read_in_one_pass)
{
    rt_buf header;

    rt_buf_init(&header, &arena);
    for (int i = 0; i < 20000; i++)
        rt_buf_put_cstr(&header, "\"a,");
    rt_etags tags = rt_etags_parse(&arena, rt_buf_str(&header));
    CHECK_EQ(tags.len, 256u);
    rt_arena_deinit(&arena);
}

RT_TEST(a_tag_of_bytes_depends_on_all_of_them)
{
    rt_str a = rt_etag_of_bytes(&arena, rt_guarded("body"));

    CHECK_EQ(a.len, 22u);
    CHECK(rt_str_eq(a, rt_etag_of_bytes(&arena, RT_STR("body"))));
    CHECK(!rt_str_eq(a, rt_etag_of_bytes(&arena, RT_STR("bodz"))));
    rt_arena_deinit(&arena);
}
