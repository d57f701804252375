#include <retort/test.h>

#include "retort/http/method.h"

RT_TEST(every_numbered_method_is_read_back_from_its_name)
{
    for (unsigned i = RT_METHOD_OTHER + 1; i < RT_METHOD_COUNT; i++) {
        rt_str name = rt_method_name((rt_method)i);
        CHECK(name.len > 0);
        CHECK_EQ(rt_method_parse(rt_guarded_bytes(name.data, name.len)), i);
    }
    CHECK_EQ(rt_method_name(RT_METHOD_OTHER).len, 0u);
    CHECK_EQ(rt_method_name((rt_method)99).len, 0u);
}

RT_TEST(other_text_has_no_number)
{
    static const char *const rows[] = {"",      "get",  "GETS",    "GE",
                                       "PURGE", "Post", "OPTIONSX"};

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i]);
        CHECK_EQ(rt_method_parse(rt_guarded(rows[i])), RT_METHOD_OTHER);
    }
}

RT_TEST(safe_and_idempotent_are_as_rfc_9110_says)
{
    static const struct {
        rt_method method;
        bool safe;
        bool idempotent;
    } rows[] = {
        {RT_METHOD_OTHER, false, false}, {RT_METHOD_GET, true, true},
        {RT_METHOD_HEAD, true, true},    {RT_METHOD_POST, false, false},
        {RT_METHOD_PUT, false, true},    {RT_METHOD_PATCH, false, false},
        {RT_METHOD_DELETE, false, true}, {RT_METHOD_OPTIONS, true, true},
        {RT_METHOD_TRACE, true, true},   {RT_METHOD_CONNECT, false, false},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rt_method_name(rows[i].method).data);
        CHECK_EQ(rt_method_is_safe(rows[i].method), rows[i].safe);
        CHECK_EQ(rt_method_is_idempotent(rows[i].method), rows[i].idempotent);
    }
}

RT_TEST(sets_are_written_in_the_order_of_the_table)
{
    static const struct {
        const char *text;
        const char *dumped;
    } rows[] = {
        {"", ""},
        {" , ", ""},
        {"POST GET", "GET, POST"},
        {"get, post,head", "GET, HEAD, POST"},
        {"GET GET", "GET"},
        {"purge GET Report purge", "GET, PURGE, REPORT"},
        {"GET HEAD POST PUT PATCH DELETE OPTIONS TRACE CONNECT",
         "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE, CONNECT"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        rt_arena arena = {0};
        rt_method_set set;
        REQUIRE(rt_method_set_parse(&arena, rt_guarded(rows[i].text), &set) ==
                RT_OK);
        CHECK_EQ(rt_method_set_dump(&arena, set), rt_str_from(rows[i].dumped));
        CHECK_EQ(rt_method_set_is_empty(set), rows[i].dumped[0] == '\0');
        rt_arena_deinit(&arena);
    }
}

RT_TEST(a_name_that_is_no_token_leaves_the_set_alone)
{
    static const char *const rows[] = {"GET P(", "\"GET\"", "GET;POST", "\xff"};

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i]);
        rt_arena arena = {0};
        rt_method_set set = {.known = 7};
        CHECK(rt_method_set_parse(&arena, rt_guarded(rows[i]), &set) ==
              RT_E_SYNTAX);
        CHECK_EQ(set.known, 7u);
        CHECK(rt_method_set_add(&set, &arena, rt_guarded("A B")) ==
              RT_E_SYNTAX);
        CHECK_EQ(set.others_len, 0u);
        rt_arena_deinit(&arena);
    }
}

RT_TEST(a_set_tells_other_methods_by_their_text)
{
    rt_arena arena = {0};
    rt_method_set set = {0};

    CHECK(rt_method_set_add(&set, &arena, RT_STR("PURGE")) == RT_OK);
    CHECK(rt_method_set_has(set, RT_METHOD_OTHER, rt_guarded("PURGE")));
    CHECK(!rt_method_set_has(set, RT_METHOD_OTHER, rt_guarded("purge")));
    CHECK(!rt_method_set_has(set, RT_METHOD_OTHER, rt_guarded("REPORT")));
    CHECK(!rt_method_set_has(set, RT_METHOD_GET, RT_STR("GET")));
    rt_arena_deinit(&arena);
}

RT_TEST(changing_a_copy_leaves_the_first_set_alone)
{
    rt_arena arena = {0};
    rt_method_set first;
    rt_method_set more;

    REQUIRE(rt_method_set_parse(&arena, RT_STR("GET A"), &first) == RT_OK);
    REQUIRE(rt_method_set_parse(&arena, RT_STR("POST B A"), &more) == RT_OK);
    rt_method_set copy = first;
    rt_method_set_join(&copy, &arena, more);

    CHECK_EQ(rt_method_set_dump(&arena, first), "GET, A");
    CHECK_EQ(rt_method_set_dump(&arena, copy), "GET, POST, A, B");
    rt_arena_deinit(&arena);
}
