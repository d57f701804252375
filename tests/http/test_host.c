#include <retort/test.h>

#include "retort/http/host.h"

RT_TEST(hosts_are_read_by_the_grammar_of_rfc_3986)
{
    static const struct {
        const char *text;
        const char *name;
        int port;
        rt_host_kind kind;
    } rows[] = {
        {"example.org", "example.org", -1, RT_HOST_NAME},
        {"Example.ORG:80", "Example.ORG", 80, RT_HOST_NAME},
        {"localhost:5000", "localhost", 5000, RT_HOST_NAME},
        {"a", "a", -1, RT_HOST_NAME},
        {"my_app", "my_app", -1, RT_HOST_NAME},
        {"example.org.", "example.org.", -1, RT_HOST_NAME},
        {"a-b~c!$&'()*+,;=", "a-b~c!$&'()*+,;=", -1, RT_HOST_NAME},
        {"%41b", "%41b", -1, RT_HOST_NAME},
        {"a:", "a", -1, RT_HOST_NAME},
        {"a:0", "a", 0, RT_HOST_NAME},
        {"a:65535", "a", 65535, RT_HOST_NAME},
        {"a:000080", "a", 80, RT_HOST_NAME},
        {"127.0.0.1", "127.0.0.1", -1, RT_HOST_IPV4},
        {"1.2.3.4:8080", "1.2.3.4", 8080, RT_HOST_IPV4},
        {"1.2.3.256", "1.2.3.256", -1, RT_HOST_NAME},
        {"01.2.3.4", "01.2.3.4", -1, RT_HOST_NAME},
        {"1.2.3", "1.2.3", -1, RT_HOST_NAME},
        {"[::1]", "[::1]", -1, RT_HOST_IPV6},
        {"[::]:443", "[::]", 443, RT_HOST_IPV6},
        {"[2001:DB8::ff00:42:8329]", "[2001:DB8::ff00:42:8329]", -1,
         RT_HOST_IPV6},
        {"[::ffff:1.2.3.4]:1", "[::ffff:1.2.3.4]", 1, RT_HOST_IPV6},
        {"[1:2:3:4:5:6:7:8]", "[1:2:3:4:5:6:7:8]", -1, RT_HOST_IPV6},
        {"[::1]:", "[::1]", -1, RT_HOST_IPV6},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        rt_host_port host = {0};
        REQUIRE(rt_host_parse(rt_guarded(rows[i].text), &host) == RT_OK);
        CHECK_EQ(host.name, rt_str_from(rows[i].name));
        CHECK_EQ(host.port, rows[i].port);
        CHECK_EQ(host.kind, rows[i].kind);
    }
}

RT_TEST(a_malformed_host_is_refused)
{
    static const char *const rows[] = {
        "",
        ":80",
        " ",
        "a b",
        " a",
        "a ",
        "a\tb",
        "a/b",
        "a?b",
        "a#b",
        "a\\b",
        "a@b",
        "user:pass@host",
        "http://a",
        "a:b",
        "a:8o",
        "a:-1",
        "a:+80",
        "a: 80",
        "a:80:80",
        "a::80",
        "a:65536",
        "a:99999999999999999999",
        "a<b",
        "a>b",
        "a\"b",
        "a^b",
        "a`b",
        "a{b}",
        "a|b",
        "a%",
        "a%4",
        "a%4g",
        "caf\xc3\xa9",
        "a\x7f",
        "a\x01",
        "[",
        "]",
        "[]",
        "[]:80",
        "[::1",
        "::1",
        "::1]",
        "[::1]80",
        "[::1]x",
        "[::1]:x",
        "[[::1]]",
        "[:::1]",
        "[::1::2]",
        "[1:2:3:4:5:6:7]",
        "[1:2:3:4:5:6:7:8:9]",
        "[12345::]",
        "[g::1]",
        "[::1%25eth0]",
        "[::1%eth0]",
        "[1.2.3.4]",
        "[::1.2.3.256]",
        "[v1.x]",
        "[example.org]",
        "[0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000]",
        "x[::1]",
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i]);
        rt_host_port host = {.port = 7};
        CHECK(rt_host_parse(rt_guarded(rows[i]), &host) == RT_E_SYNTAX);
        CHECK_EQ(host.port, 7);
    }
}

RT_TEST(a_nul_is_no_part_of_a_host)
{
    rt_host_port host;

    CHECK(rt_host_parse(rt_guarded_bytes("a\0b", 3), &host) == RT_E_SYNTAX);
    CHECK(rt_host_parse(rt_guarded_bytes("[::1\0]", 6), &host) == RT_E_SYNTAX);
    CHECK(rt_host_parse(rt_guarded_bytes("a:8\0", 4), &host) == RT_E_SYNTAX);
}

RT_TEST(schemes_have_their_ports)
{
    CHECK_EQ(rt_scheme_port(rt_guarded("http")), 80);
    CHECK_EQ(rt_scheme_port(rt_guarded("HTTPS")), 443);
    CHECK_EQ(rt_scheme_port(rt_guarded("ws")), 80);
    CHECK_EQ(rt_scheme_port(rt_guarded("wss")), 443);
    CHECK_EQ(rt_scheme_port(rt_guarded("ftp")), -1);
    CHECK_EQ(rt_scheme_port(rt_guarded("")), -1);
}
