#include <retort/base/time.h>
#include <retort/test.h>

#include "retort/http/cookie.h"

#define NOW (INT64_C(1700000000) * RT_TIME_SECOND)

// The pairs as text: "<name=value>".
static rt_str spell(rt_arena *arena, const rt_params *params)
{
    rt_buf buf;

    rt_buf_init(&buf, arena);
    for (size_t i = 0; i < params->len; i++) {
        rt_buf_put_char(&buf, '<');
        rt_buf_put(&buf, params->items[i].name);
        rt_buf_put_char(&buf, '=');
        rt_buf_put(&buf, params->items[i].value);
        rt_buf_put_char(&buf, '>');
    }
    return rt_buf_str(&buf);
}

RT_TEST(pairs_are_read_as_flask_reads_them)
{
    static const struct {
        const char *header;
        const char *pairs;
    } rows[] = {
        {"", ""},
        {";", ""},
        {" ; ;", ""},
        {"a=1; b=two; c=\"quoted value\"", "<a=1><b=two><c=quoted value>"},
        {"a=1; a=2; =x; lone; d=", "<a=1><a=2><lone=><d=>"},
        {"a=1;b=2", "<a=1><b=2>"},
        {" a = 1 ;\tb\t=\t2\t", "<a=1><b=2>"},
        {"a=b=c", "<a=b=c>"},
        {"a==", "<a==>"},
        {"a=1, b=2", "<a=1, b=2>"},
        {"a b=c d", "<a b=c d>"},
        {"$Version=1; a=1", "<$Version=1><a=1>"},

        {"a=\"\"", "<a=>"},
        {"a=\"", "<a=\">"},
        {"a=\"x;y\"; b=2", "<a=x;y><b=2>"},
        {"a=\"x;y\" ; b=2", "<a=x;y><b=2>"},
        {"a=\"x;y\"z; b=2", "<a=\"x><y\"z=><b=2>"},
        {"a=\"x; b=2", "<a=\"x><b=2>"},
        {"a=\"x\"y\"", "<a=x\"y>"},
        {"a=x\"y\"", "<a=x\"y\">"},
        {"a=\"x; b=\"y\"", "<a=\"x><b=y>"},
        {"a= \"x;y\"", "<a=x;y>"},
        {"a=\"x\\\"; b\"; c=d", "<a=x\"; b><c=d>"},
        {"a=\"x\\\"; b", "<a=x\\><b=>"},
        {"a=\"\\\\\"", "<a=\\>"},
        {"a=\"\\", "<a=\"\\>"},

        {"q=\"sp ace\\073semi\\054comma\\\"quote\\\\slash\"",
         "<q=sp ace;semi,comma\"quote\\slash>"},
        {"u=\"\\303\\251\\342\\230\\203\"", "<u=\xc3\xa9\xe2\x98\x83>"},
        {"a=\"\\400\\08\\7\\x\\12\"", "<a=400087x12>"},
        {"a=\"\\1012\"", "<a=A2>"},
        {"a=\\101", "<a=\\101>"},
        {"a=\"\\377\"", "<a=\xef\xbf\xbd>"},
        {"a=\xff; \xfe=1", "<a=\xef\xbf\xbd><\xef\xbf\xbd=1>"},
        {"caf\xc3\xa9=\xe2\x98\x83", "<caf\xc3\xa9=\xe2\x98\x83>"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].header);
        rt_arena arena = {0};
        rt_params params = {0};
        CHECK(rt_cookie_parse(&params, &arena, rt_guarded(rows[i].header)) ==
              RT_OK);
        CHECK_EQ(spell(&arena, &params), rt_str_from(rows[i].pairs));
        for (size_t n = 0; n < params.len; n++) {
            const rt_param *p = &params.items[n];
            CHECK_EQ(p->name.data[p->name.len], '\0');
            CHECK_EQ(p->value.data[p->value.len], '\0');
        }
        rt_arena_deinit(&arena);
    }
}

RT_TEST(several_headers_are_one_list_in_which_the_first_wins)
{
    rt_arena arena = {0};
    rt_params params = {0};

    CHECK(rt_cookie_parse(&params, &arena, rt_guarded("a=1; b=2")) == RT_OK);
    CHECK(rt_cookie_parse(&params, &arena, rt_guarded("a=3")) == RT_OK);
    CHECK_EQ(spell(&arena, &params), "<a=1><b=2><a=3>");
    CHECK_EQ(rt_params_get(&params, RT_STR("a")), "1");
    rt_arena_deinit(&arena);
}

RT_TEST(an_escaped_nul_is_part_of_the_value)
{
    rt_arena arena = {0};
    rt_params params = {0};

    CHECK(rt_cookie_parse(&params, &arena, rt_guarded("a=\"x\\000y\"")) ==
          RT_OK);
    CHECK_EQ(rt_params_get(&params, RT_STR("a")), rt_str_of("x\0y", 3));
    rt_arena_deinit(&arena);
}

RT_TEST(too_many_cookies_leave_the_list_as_it_was)
{
    rt_arena arena = {0};
    rt_params params = {0};
    rt_buf header;

    rt_buf_init(&header, &arena);
    for (int i = 0; i < RT_PARAMS_MAX; i++)
        rt_buf_put_cstr(&header, "a;");
    CHECK(rt_cookie_parse(&params, &arena, rt_buf_str(&header)) == RT_OK);
    CHECK_EQ(params.len, (size_t)RT_PARAMS_MAX);
    CHECK(rt_cookie_parse(&params, &arena, RT_STR("b")) == RT_E_LIMIT);
    CHECK_EQ(params.len, (size_t)RT_PARAMS_MAX);

    rt_params fresh = {0};
    rt_params_add(&fresh, &arena, RT_STR("z"), RT_STR("z"));
    CHECK(rt_cookie_parse(&fresh, &arena, rt_buf_str(&header)) == RT_E_LIMIT);
    CHECK_EQ(fresh.len, 1u);
    rt_arena_deinit(&arena);
}

RT_TEST(values_are_quoted_as_werkzeug_quotes_them)
{
    static const struct {
        const char *value;
        const char *header;
    } rows[] = {
        {"", "a=; Path=/"},
        {"1", "a=1; Path=/"},
        {"azAZ09!#$%&'()*+-./:<=>?@[]^_`{|}~",
         "a=azAZ09!#$%&'()*+-./:<=>?@[]^_`{|}~; Path=/"},
        {" ", "a=\" \"; Path=/"},
        {"sp ace;semi,comma\"quote\\slash",
         "a=\"sp ace\\073semi\\054comma\\\"quote\\\\slash\"; Path=/"},
        {"\xc3\xa9\xe2\x98\x83", "a=\"\\303\\251\\342\\230\\203\"; Path=/"},
        {"\r\n\x01\x1f\x7f", "a=\"\\015\\012\\001\\037\\177\"; Path=/"},
        {"\xff", "a=\"\\377\"; Path=/"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].header);
        rt_arena arena = {0};
        rt_str header;
        REQUIRE(rt_cookie_dump(&arena, RT_STR("a"), rt_guarded(rows[i].value),
                               NULL, NOW, &header) == RT_OK);
        CHECK_EQ(header, rt_str_from(rows[i].header));
        rt_arena_deinit(&arena);
    }
}

RT_TEST(every_byte_comes_back_from_a_quoted_value)
{
    rt_arena arena = {0};

    for (int byte = 0; byte < 0x80; byte++) {
        char value[2] = {'x', (char)byte};
        rt_params params = {0};
        rt_str header;
        rt_test_case("byte %02x", (unsigned)byte);
        rt_cookie_options bare = {.path = ""};
        REQUIRE(rt_cookie_dump(&arena, RT_STR("a"), rt_str_of(value, 2), &bare,
                               NOW, &header) == RT_OK);
        CHECK(rt_cookie_parse(&params, &arena, header) == RT_OK);
        CHECK_EQ(rt_params_get(&params, RT_STR("a")), rt_str_of(value, 2));
    }
    rt_arena_deinit(&arena);
}

RT_TEST(attributes_are_written_in_werkzeugs_order)
{
    static const struct {
        rt_cookie_options options;
        const char *header;
    } rows[] = {
        {{0}, "full=v; Path=/"},
        {{.path = ""}, "full=v"},
        {{.path = "/p"}, "full=v; Path=/p"},
        {{.path = "/a b;c%20\xc3\xa9\r\n"},
         "full=v; Path=/a%20b%3Bc%20%C3%A9%0D%0A"},
        {{.domain = ""}, "full=v; Path=/"},
        {{.domain = "example.org"}, "full=v; Domain=example.org; Path=/"},
        {{.domain = "..example.org:80"}, "full=v; Domain=example.org; Path=/"},
        {{.domain = "localhost"}, "full=v; Domain=localhost; Path=/"},
        {{.max_age_s = 300},
         "full=v; Expires=Tue, 14 Nov 2023 22:18:20 GMT; Max-Age=300; Path=/"},
        {{.max_age_s = -1},
         "full=v; Expires=Tue, 14 Nov 2023 22:13:19 GMT; Max-Age=-1; Path=/"},
        {{.max_age_s = INT64_MAX},
         "full=v; Expires=Fri, 31 Dec 9999 23:59:59 GMT; "
         "Max-Age=9223372036854775807; Path=/"},
        {{.max_age_s = INT64_MIN},
         "full=v; Expires=Mon, 01 Jan 0001 00:00:00 GMT; "
         "Max-Age=-9223372036854775808; Path=/"},
        {{.expires_us = INT64_C(1709209845) * RT_TIME_SECOND},
         "full=v; Expires=Thu, 29 Feb 2024 12:30:45 GMT; Path=/"},
        {{.expired = true},
         "full=v; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/"},
        {{.expired = true, .max_age_s = 5, .expires_us = 7},
         "full=v; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/"},
        {{.expired = true, .expires_us = INT64_C(1709209845) * RT_TIME_SECOND},
         "full=v; Expires=Thu, 29 Feb 2024 12:30:45 GMT; Max-Age=0; Path=/"},
        {{.samesite = RT_SAMESITE_STRICT}, "full=v; Path=/; SameSite=Strict"},
        {{.samesite = RT_SAMESITE_NONE, .secure = true},
         "full=v; Secure; Path=/; SameSite=None"},
        {{.partitioned = true}, "full=v; Secure; Path=/; Partitioned"},
        {{.max_age_s = 3600,
          .expires_us = INT64_C(1709209845) * RT_TIME_SECOND,
          .path = "/p",
          .domain = "parity.test",
          .secure = true,
          .httponly = true,
          .partitioned = true,
          .samesite = RT_SAMESITE_LAX},
         "full=v; Domain=parity.test; Expires=Thu, 29 Feb 2024 12:30:45 GMT; "
         "Max-Age=3600; Secure; HttpOnly; Path=/p; SameSite=Lax; Partitioned"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].header);
        rt_arena arena = {0};
        rt_str header;
        REQUIRE(rt_cookie_dump(&arena, rt_guarded("full"), rt_guarded("v"),
                               &rows[i].options, NOW, &header) == RT_OK);
        CHECK_EQ(header, rt_str_from(rows[i].header));
        rt_arena_deinit(&arena);
    }
}

RT_TEST(what_could_add_an_attribute_is_refused)
{
    static const struct {
        const char *name;
        const char *domain;
    } rows[] = {
        {"", NULL},         {"a b", NULL},
        {"a=b", NULL},      {"a;b", NULL},
        {"a\r\nb", NULL},   {"\xc3\xa9", NULL},
        {"a", "b; c=d"},    {"a", "b\r\nSet-Cookie"},
        {"a", "b c"},       {"a", "b,c"},
        {"a", "b\xc3\xa9"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].name);
        rt_arena arena = {0};
        rt_str header = RT_STR("untouched");
        rt_cookie_options options = {.domain = rows[i].domain};
        CHECK(rt_cookie_dump(&arena, rt_guarded(rows[i].name), RT_STR("v"),
                             &options, NOW, &header) == RT_E_SYNTAX);
        CHECK_EQ(header, "untouched");
        rt_arena_deinit(&arena);
    }
}

RT_TEST(a_samesite_that_is_none_is_refused)
{
    rt_arena arena = {0};
    rt_str header = RT_STR("untouched");
    rt_cookie_options options = {.samesite = (rt_samesite)99};

    CHECK(rt_cookie_dump(&arena, RT_STR("a"), RT_STR("v"), &options, NOW,
                         &header) == RT_E_SYNTAX);
    CHECK_EQ(header, "untouched");
    rt_arena_deinit(&arena);
}

RT_TEST(samesite_is_one_of_three_words)
{
    static const struct {
        const char *text;
        rt_samesite samesite;
    } rows[] = {
        {"Strict", RT_SAMESITE_STRICT},
        {"lax", RT_SAMESITE_LAX},
        {"NONE", RT_SAMESITE_NONE},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        rt_samesite samesite = RT_SAMESITE_UNSET;
        CHECK(rt_samesite_parse(rt_guarded(rows[i].text), &samesite) == RT_OK);
        CHECK_EQ(samesite, rows[i].samesite);
    }

    static const char *const others[] = {"", "yes", "Laxx", "Stric"};
    for (size_t i = 0; i < RT_COUNT(others); i++) {
        RT_CASE(others[i]);
        rt_samesite samesite = RT_SAMESITE_LAX;
        CHECK(rt_samesite_parse(rt_guarded(others[i]), &samesite) ==
              RT_E_SYNTAX);
        CHECK_EQ(samesite, RT_SAMESITE_LAX);
    }
}
