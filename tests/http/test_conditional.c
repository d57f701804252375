#include <retort/base/time.h>
#include <retort/test.h>

#include "retort/http/conditional.h"

#define NOW_US (INT64_C(1709209845) * RT_TIME_SECOND) // 2024-02-29 12:30:45
#define BEFORE "Thu, 29 Feb 2024 12:30:44 GMT"
#define SAME   "Thu, 29 Feb 2024 12:30:45 GMT"
#define AFTER  "Thu, 29 Feb 2024 12:30:46 GMT"

#define PASSED       RT_PRECONDITION_PASSED
#define NOT_MODIFIED RT_PRECONDITION_NOT_MODIFIED
#define FAILED       RT_PRECONDITION_FAILED

static rt_arena arena;

// A request with up to two headers, given as "Name", "value", ...
static rt_request request_of(rt_method method, const char *const *headers)
{
    rt_request request = {.arena = &arena, .method = method};

    for (; *headers; headers += 2)
        rt_headers_push(&request.headers, &arena, rt_str_from(headers[0]),
                        rt_guarded(headers[1]));
    return request;
}

static rt_validators current(void)
{
    return (rt_validators){.etag = {RT_STR("a"), false},
                           .modified_us = NOW_US + 999,
                           .has_modified = true};
}

RT_TEST(preconditions_are_tested_in_the_order_of_rfc_9110)
{
    static const struct {
        const char *headers[5];
        rt_precondition get, put;
    } rows[] = {
        {{NULL}, PASSED, PASSED},
        {{"If-Match", "\"a\""}, PASSED, PASSED},
        {{"If-Match", "\"b\", \"a\""}, PASSED, PASSED},
        {{"If-Match", "*"}, PASSED, PASSED},
        {{"If-Match", "W/\"a\""}, FAILED, FAILED},
        {{"If-Match", "\"b\""}, FAILED, FAILED},
        {{"If-Match", ""}, PASSED, PASSED},
        {{"If-Unmodified-Since", SAME}, PASSED, PASSED},
        {{"If-Unmodified-Since", BEFORE}, FAILED, FAILED},
        {{"If-Unmodified-Since", "no date"}, PASSED, PASSED},
        {{"If-Match", "\"a\"", "If-Unmodified-Since", BEFORE}, PASSED, PASSED},
        {{"If-None-Match", "\"a\""}, NOT_MODIFIED, FAILED},
        {{"If-None-Match", "W/\"a\""}, NOT_MODIFIED, FAILED},
        {{"If-None-Match", "*"}, NOT_MODIFIED, FAILED},
        {{"If-None-Match", "\"b\""}, PASSED, PASSED},
        {{"If-None-Match", "\"b\"", "If-None-Match", "\"a\""},
         NOT_MODIFIED,
         FAILED},
        {{"If-Modified-Since", SAME}, NOT_MODIFIED, PASSED},
        {{"If-Modified-Since", AFTER}, NOT_MODIFIED, PASSED},
        {{"If-Modified-Since", BEFORE}, PASSED, PASSED},
        {{"If-Modified-Since", "0"}, PASSED, PASSED},
        {{"If-None-Match", "\"b\"", "If-Modified-Since", AFTER},
         PASSED,
         PASSED},
        {{"If-Match", "\"a\"", "If-None-Match", "\"a\""}, NOT_MODIFIED, FAILED},
        {{"If-Match", "\"b\"", "If-None-Match", "\"a\""}, FAILED, FAILED},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("%zu: %s", i, rows[i].headers[0]);
        rt_validators now = current();
        rt_request get = request_of(RT_METHOD_GET, rows[i].headers);
        rt_request head = request_of(RT_METHOD_HEAD, rows[i].headers);
        rt_request put = request_of(RT_METHOD_PUT, rows[i].headers);
        CHECK_EQ(rt_precondition_test(&get, &now, NOW_US), rows[i].get);
        CHECK_EQ(rt_precondition_test(&head, &now, NOW_US), rows[i].get);
        CHECK_EQ(rt_precondition_test(&put, &now, NOW_US), rows[i].put);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(where_nothing_is_yet_a_star_does_not_match)
{
    static const char *const create[] = {"If-None-Match", "*", NULL};
    static const char *const update[] = {"If-Match", "*", NULL};
    rt_request put = request_of(RT_METHOD_PUT, create);
    CHECK_EQ(rt_precondition_test(&put, NULL, NOW_US), PASSED);
    put = request_of(RT_METHOD_PUT, update);
    CHECK_EQ(rt_precondition_test(&put, NULL, NOW_US), FAILED);
    rt_arena_deinit(&arena);
}

RT_TEST(without_validators_only_a_star_matches)
{
    static const char *const tag[] = {"If-None-Match", "\"a\"", NULL};
    static const char *const date[] = {"If-Modified-Since", AFTER, NULL};
    static const char *const star[] = {"If-None-Match", "*", NULL};
    rt_validators none = {0};
    rt_request get = request_of(RT_METHOD_GET, tag);
    CHECK_EQ(rt_precondition_test(&get, &none, NOW_US), PASSED);
    get = request_of(RT_METHOD_GET, date);
    CHECK_EQ(rt_precondition_test(&get, &none, NOW_US), PASSED);
    get = request_of(RT_METHOD_GET, star);
    CHECK_EQ(rt_precondition_test(&get, &none, NOW_US), NOT_MODIFIED);
    rt_arena_deinit(&arena);
}

RT_TEST(if_range_asks_for_exactly_what_is_there)
{
    static const struct {
        const char *headers[3];
        bool ok;
    } rows[] = {
        {{NULL}, true},
        {{"If-Range", "\"a\""}, true},
        {{"If-Range", "W/\"a\""}, false},
        {{"If-Range", "\"b\""}, false},
        {{"If-Range", SAME}, true},
        {{"If-Range", BEFORE}, false},
        {{"If-Range", AFTER}, false},
        {{"If-Range", ""}, false},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("%s", rows[i].headers[0] ? rows[i].headers[1] : "none");
        rt_validators now = current();
        rt_request get = request_of(RT_METHOD_GET, rows[i].headers);
        CHECK_EQ(rt_if_range_test(&get, &now, NOW_US), rows[i].ok);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(a_weak_representation_is_never_spliced)
{
    static const char *const headers[] = {"If-Range", "\"a\"", NULL};
    rt_validators weak = {.etag = {RT_STR("a"), true}};
    rt_request get = request_of(RT_METHOD_GET, headers);
    CHECK(!rt_if_range_test(&get, &weak, NOW_US));
    rt_arena_deinit(&arena);
}
