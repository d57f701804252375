#include <retort/test.h>

#include "retort/http/target.h"

// "-" stands for an absent query.
RT_TEST(the_four_forms_are_taken_apart)
{
    static const struct {
        rt_method method;
        rt_target_form form;
        const char *text;
        const char *path;
        const char *query;
        const char *authority;
        int port;
    } rows[] = {
        {RT_METHOD_GET, RT_TARGET_ORIGIN, "/", "/", "-", "", -1},
        {RT_METHOD_GET, RT_TARGET_ORIGIN, "/a/b?c=d?e", "/a/b", "c=d?e", "",
         -1},
        {RT_METHOD_GET, RT_TARGET_ORIGIN, "/a?", "/a", "", "", -1},
        {RT_METHOD_GET, RT_TARGET_ORIGIN, "/?/", "/", "/", "", -1},
        {RT_METHOD_GET, RT_TARGET_ORIGIN, "//evil.example/x",
         "//evil.example/x", "-", "", -1},
        {RT_METHOD_GET, RT_TARGET_ORIGIN, "/a%20b/%zz", "/a%20b/%zz", "-", "",
         -1},
        {RT_METHOD_GET, RT_TARGET_ORIGIN, "/a|[x]{y}^`\\\"<>",
         "/a|[x]{y}^`\\\"<>", "-", "", -1},
        {RT_METHOD_OTHER, RT_TARGET_ORIGIN, "/*", "/*", "-", "", -1},
        {RT_METHOD_OPTIONS, RT_TARGET_ASTERISK, "*", "*", "-", "", -1},
        {RT_METHOD_OPTIONS, RT_TARGET_ORIGIN, "/", "/", "-", "", -1},
        {RT_METHOD_GET, RT_TARGET_ABSOLUTE, "http://a.example/x?y", "/x", "y",
         "a.example", -1},
        {RT_METHOD_POST, RT_TARGET_ABSOLUTE, "HTTPS://a:8443", "/", "-",
         "a:8443", 8443},
        {RT_METHOD_GET, RT_TARGET_ABSOLUTE, "http://a?q", "/", "q", "a", -1},
        {RT_METHOD_GET, RT_TARGET_ABSOLUTE, "http://[::1]:80/", "/", "-",
         "[::1]:80", 80},
        {RT_METHOD_OPTIONS, RT_TARGET_ABSOLUTE, "http://a", "/", "-", "a", -1},
        {RT_METHOD_CONNECT, RT_TARGET_AUTHORITY, "a.example:443", "", "-",
         "a.example:443", 443},
        {RT_METHOD_CONNECT, RT_TARGET_AUTHORITY, "[::1]:443", "", "-",
         "[::1]:443", 443},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        rt_target target;
        REQUIRE(rt_target_parse(rows[i].method, rt_guarded(rows[i].text),
                                &target) == RT_OK);
        rt_str query = target.query.data ? target.query : RT_STR("-");
        CHECK_EQ(target.form, rows[i].form);
        CHECK_EQ(target.path, rt_str_from(rows[i].path));
        CHECK_EQ(query, rt_str_from(rows[i].query));
        CHECK_EQ(rt_str_eq(target.authority, rt_str_from(rows[i].authority)),
                 true);
        CHECK_EQ(target.host.port, rows[i].port);
    }
}

RT_TEST(other_targets_are_refused)
{
    static const struct {
        rt_method method;
        const char *text;
    } rows[] = {
        {RT_METHOD_GET, ""},
        {RT_METHOD_GET, "*"},
        {RT_METHOD_POST, "*"},
        {RT_METHOD_OPTIONS, "**"},
        {RT_METHOD_OPTIONS, "*?a"},
        {RT_METHOD_GET, "a"},
        {RT_METHOD_GET, "?a"},
        {RT_METHOD_GET, "a/b"},
        {RT_METHOD_GET, "a.example:80"},
        {RT_METHOD_GET, "/a b"},
        {RT_METHOD_GET, "/a#b"},
        {RT_METHOD_GET, "/#"},
        {RT_METHOD_GET, "/\t"},
        {RT_METHOD_GET, "/a\rb"},
        {RT_METHOD_GET, "/\x01"},
        {RT_METHOD_GET, "/\x7f"},
        {RT_METHOD_GET, "/caf\xc3\xa9"},
        {RT_METHOD_GET, "/12345678\x80"},
        {RT_METHOD_GET, "/1234567\x1f"
                        "890abcdef"},
        {RT_METHOD_GET, "/123456# 890abcdef"},
        {RT_METHOD_GET, "http:/a"},
        {RT_METHOD_GET, "http:a"},
        {RT_METHOD_GET, "http"},
        {RT_METHOD_GET, "http://"},
        {RT_METHOD_GET, "http:///a"},
        {RT_METHOD_GET, "http://?a"},
        {RT_METHOD_GET, "http://:80/"},
        {RT_METHOD_GET, "http://u@a/"},
        {RT_METHOD_GET, "http://u:p@a/"},
        {RT_METHOD_GET, "http://a:x/"},
        {RT_METHOD_GET, "http://a:65536/"},
        {RT_METHOD_GET, "http://[::1/"},
        {RT_METHOD_GET, "http://a/#b"},
        {RT_METHOD_GET, "ftp://a/"},
        {RT_METHOD_GET, "file:///etc/passwd"},
        {RT_METHOD_GET, "://a/"},
        {RT_METHOD_CONNECT, "/"},
        {RT_METHOD_CONNECT, "*"},
        {RT_METHOD_CONNECT, "a"},
        {RT_METHOD_CONNECT, "a:"},
        {RT_METHOD_CONNECT, ":80"},
        {RT_METHOD_CONNECT, "a:80/"},
        {RT_METHOD_CONNECT, "u@a:80"},
        {RT_METHOD_CONNECT, "http://a:80"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        rt_target target = {.path = RT_STR("untouched")};
        CHECK(rt_target_parse(rows[i].method, rt_guarded(rows[i].text),
                              &target) == RT_E_SYNTAX);
        CHECK_EQ(target.path, "untouched");
    }
}

RT_TEST(each_byte_counts_wherever_it_stands)
{
    // Eight bytes are looked at together; every byte value in every place.
    for (int byte = 0; byte < 256; byte++) {
        bool ok = byte > ' ' && byte < 0x7f && byte != '#';
        for (size_t at = 1; at < 20; at++) {
            char text[20];
            memset(text, 'a', sizeof text);
            text[0] = '/';
            text[at] = (char)byte;
            rt_test_case("byte %02x at %zu", (unsigned)byte, at);
            rt_target target;
            rt_status st =
                rt_target_parse(RT_METHOD_GET, rt_str_of(text, sizeof text),
                                &target);
            CHECK_EQ(st == RT_OK, ok);
        }
    }
}
