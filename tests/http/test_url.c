#include <retort/test.h>

#include "retort/http/url.h"

// "-" stands for an absent part.
static rt_str or_dash(rt_str part)
{
    return part.data ? part : RT_STR("-");
}

RT_TEST(a_url_is_taken_apart_and_put_together_again)
{
    static const struct {
        const char *text;
        const char *scheme;
        const char *userinfo;
        const char *host;
        int port;
        const char *path;
        const char *query;
        const char *fragment;
    } rows[] = {
        {"http://a.example/b?c#d", "http", "-", "a.example", -1, "/b", "c",
         "d"},
        {"https://u:p@[::1]:8443", "https", "u:p", "[::1]", 8443, "", "-", "-"},
        {"http://a?#", "http", "-", "a", -1, "", "", ""},
        {"//a:1/b", "-", "-", "a", 1, "/b", "-", "-"},
        {"/a/b?c?d/e#f?g#h", "-", "-", "", -1, "/a/b", "c?d/e", "f?g#h"},
        {"a/b:c", "-", "-", "", -1, "a/b:c", "-", "-"},
        {"./a:b", "-", "-", "", -1, "./a:b", "-", "-"},
        {"1:2", "-", "-", "", -1, "1:2", "-", "-"},
        {":a", "-", "-", "", -1, ":a", "-", "-"},
        {"mailto:a@b.example", "mailto", "-", "", -1, "a@b.example", "-", "-"},
        {"a+b-c.1:x", "a+b-c.1", "-", "", -1, "x", "-", "-"},
        {"file:///etc", "file", "-", "", -1, "/etc", "-", "-"},
        {"?a", "-", "-", "", -1, "", "a", "-"},
        {"#a", "-", "-", "", -1, "", "-", "a"},
        {"", "-", "-", "", -1, "", "-", "-"},
        {"/caf\xc3\xa9?\xe2\x98\x83", "-", "-", "", -1, "/caf\xc3\xa9",
         "\xe2\x98\x83", "-"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        rt_arena arena = {0};
        rt_url_parts url;
        REQUIRE(rt_url_parse(rt_guarded(rows[i].text), &url) == RT_OK);
        CHECK_EQ(or_dash(url.scheme), rt_str_from(rows[i].scheme));
        CHECK_EQ(or_dash(url.userinfo), rt_str_from(rows[i].userinfo));
        CHECK(rt_str_eq(url.host.name, rt_str_from(rows[i].host)));
        CHECK_EQ(url.host.port, rows[i].port);
        CHECK(rt_str_eq(url.path, rt_str_from(rows[i].path)));
        CHECK_EQ(or_dash(url.query), rt_str_from(rows[i].query));
        CHECK_EQ(or_dash(url.fragment), rt_str_from(rows[i].fragment));

        rt_buf buf;
        rt_buf_init(&buf, &arena);
        rt_url_put(&buf, &url);
        CHECK(rt_str_eq(rt_buf_str(&buf), rt_str_from(rows[i].text)));
        rt_arena_deinit(&arena);
    }
}

RT_TEST(a_malformed_url_is_refused)
{
    static const char *const rows[] = {
        "a b",          "http://a b/",     "/a\nb",       "/\x7f",
        "http://a:b/",  "http://a:65536/", "http://:80/", "http://u@/",
        "http://[::1/", "http://u@v@a/",   "//a\\b",      "http://caf\xc3\xa9/",
        "\x01",         "http://a%zz/",
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i]);
        rt_arena arena = {0};
        rt_url_parts url = {.path = RT_STR("untouched")};
        rt_str joined = RT_STR("untouched");
        rt_str text = rt_guarded(rows[i]);
        CHECK(rt_url_parse(text, &url) == RT_E_SYNTAX);
        CHECK_EQ(url.path, "untouched");
        CHECK(rt_url_join(&arena, RT_STR("http://a/"), text, &joined) ==
              RT_E_SYNTAX);
        CHECK(rt_url_join(&arena, text, RT_STR("b"), &joined) == RT_E_SYNTAX);
        CHECK_EQ(joined, "untouched");
        rt_arena_deinit(&arena);
    }
}

RT_TEST(a_base_without_scheme_resolves_nothing)
{
    rt_arena arena = {0};
    rt_str joined;

    CHECK(rt_url_join(&arena, RT_STR("/a"), RT_STR("b"), &joined) ==
          RT_E_SYNTAX);
    CHECK(rt_url_join(&arena, RT_STR("//a/b"), RT_STR("b"), &joined) ==
          RT_E_SYNTAX);
    rt_arena_deinit(&arena);
}

// The examples of RFC 3986 5.4, and what they leave out.
RT_TEST(references_resolve_as_rfc_3986_lists_them)
{
    static const struct {
        const char *base;
        const char *reference;
        const char *joined;
    } rows[] = {
        {"", "g:h", "g:h"},
        {"", "g", "http://a/b/c/g"},
        {"", "./g", "http://a/b/c/g"},
        {"", "g/", "http://a/b/c/g/"},
        {"", "/g", "http://a/g"},
        {"", "//g", "http://g"},
        {"", "?y", "http://a/b/c/d;p?y"},
        {"", "g?y", "http://a/b/c/g?y"},
        {"", "#s", "http://a/b/c/d;p?q#s"},
        {"", "g#s", "http://a/b/c/g#s"},
        {"", "g?y#s", "http://a/b/c/g?y#s"},
        {"", ";x", "http://a/b/c/;x"},
        {"", "g;x", "http://a/b/c/g;x"},
        {"", "g;x?y#s", "http://a/b/c/g;x?y#s"},
        {"", "", "http://a/b/c/d;p?q"},
        {"", ".", "http://a/b/c/"},
        {"", "./", "http://a/b/c/"},
        {"", "..", "http://a/b/"},
        {"", "../", "http://a/b/"},
        {"", "../g", "http://a/b/g"},
        {"", "../..", "http://a/"},
        {"", "../../", "http://a/"},
        {"", "../../g", "http://a/g"},
        {"", "../../../g", "http://a/g"},
        {"", "../../../../g", "http://a/g"},
        {"", "/./g", "http://a/g"},
        {"", "/../g", "http://a/g"},
        {"", "g.", "http://a/b/c/g."},
        {"", ".g", "http://a/b/c/.g"},
        {"", "g..", "http://a/b/c/g.."},
        {"", "..g", "http://a/b/c/..g"},
        {"", "./../g", "http://a/b/g"},
        {"", "./g/.", "http://a/b/c/g/"},
        {"", "g/./h", "http://a/b/c/g/h"},
        {"", "g/../h", "http://a/b/c/h"},
        {"", "g;x=1/./y", "http://a/b/c/g;x=1/y"},
        {"", "g;x=1/../y", "http://a/b/c/y"},
        {"", "g?y/./x", "http://a/b/c/g?y/./x"},
        {"", "g?y/../x", "http://a/b/c/g?y/../x"},
        {"", "g#s/./x", "http://a/b/c/g#s/./x"},
        {"", "g#s/../x", "http://a/b/c/g#s/../x"},
        {"", "http:g", "http:g"},

        {"http://a", "b", "http://a/b"},
        {"http://a", "?b", "http://a?b"},
        {"http://a:8080/x", "/y", "http://a:8080/y"},
        {"http://u@a/x", "y", "http://u@a/y"},
        {"http://a/b/", "c//d", "http://a/b/c//d"},
        {"http://a/b/", "//c/../d", "http://c/d"},
        {"http://a/b#c", "", "http://a/b"},
        {"http://a/b", "HTTPS://C/./D", "HTTPS://C/D"},
        {"mailto:a", "b", "mailto:b"},
        {"x:a/b", "../../c", "x:/c"},
        {"x:/a", "/.//b", "x:/.//b"}, // not x://b, where b would be a host
        {"x:a", "../b", "x:b"},
        {"x:a", "..", "x:"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_arena arena = {0};
        const char *base = *rows[i].base ? rows[i].base : "http://a/b/c/d;p?q";
        rt_str joined = {0};
        rt_test_case("%s + %s", base, rows[i].reference);
        REQUIRE(rt_url_join(&arena, rt_guarded(base),
                            rt_guarded(rows[i].reference), &joined) == RT_OK);
        CHECK_EQ(joined, rt_str_from(rows[i].joined));
        rt_arena_deinit(&arena);
    }
}

RT_TEST(a_resolved_path_leaves_what_is_in_the_buffer_alone)
{
    rt_arena arena = {0};
    rt_buf buf;

    rt_buf_init(&buf, &arena);
    rt_buf_put_cstr(&buf, "http://a/b");
    rt_url_put_path_resolved(&buf, rt_guarded("/../../x/../y"));
    CHECK_EQ(rt_buf_str(&buf), "http://a/b/y");
    rt_arena_deinit(&arena);
}
