#include <retort/test.h>

#include "retort/http/code.h"

RT_TEST(codes_ascend_so_that_none_is_listed_twice)
{
#define CODE_NUMBER(code, reason, text) code,
    static const int codes[] = {RT_CODES(CODE_NUMBER)};
#undef CODE_NUMBER

    for (size_t i = 1; i < RT_COUNT(codes); i++)
        CHECK(codes[i - 1] < codes[i]);
    CHECK_EQ(RT_COUNT(codes), 64u);
}

RT_TEST(every_error_has_a_text_and_nothing_else_has)
{
    for (int code = 0; code < 1000; code++) {
        bool error = rt_code_is_known(code) && code >= 400;
        rt_test_case("%d", code);
        CHECK_EQ(rt_code_text(code).len > 0, error);
    }
}

RT_TEST(reasons_are_the_titles_flask_gives)
{
    static const struct {
        int code;
        const char *reason;
    } rows[] = {
        {200, "OK"},
        {303, "See Other"},
        {400, "Bad Request"},
        {404, "Not Found"},
        {413, "Request Entity Too Large"},
        {416, "Requested Range Not Satisfiable"},
        {418, "I'm a Teapot"},
        {422, "Unprocessable Entity"},
        {429, "Too Many Requests"},
        {500, "Internal Server Error"},
        {299, "Unknown"},
        {0, "Unknown"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].reason);
        CHECK_EQ(rt_code_reason(rows[i].code), rt_str_from(rows[i].reason));
    }
}

RT_TEST(the_first_digit_is_the_family)
{
    static const struct {
        int code;
        rt_code_family family;
    } rows[] = {
        {-1, RT_CODE_INVALID},        {0, RT_CODE_INVALID},
        {99, RT_CODE_INVALID},        {100, RT_CODE_INFORMATIONAL},
        {199, RT_CODE_INFORMATIONAL}, {200, RT_CODE_SUCCESS},
        {399, RT_CODE_REDIRECTION},   {400, RT_CODE_CLIENT_ERROR},
        {599, RT_CODE_SERVER_ERROR},  {600, RT_CODE_INVALID},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("%d", rows[i].code);
        CHECK_EQ(rt_code_family_of(rows[i].code), rows[i].family);
    }
}

RT_TEST(only_1xx_204_and_304_are_without_body)
{
    for (int code = 0; code < 700; code++) {
        bool bodiless =
            (code >= 100 && code <= 199) || code == 204 || code == 304;
        rt_test_case("%d", code);
        CHECK_EQ(rt_code_is_bodiless(code), bodiless);
    }
}
