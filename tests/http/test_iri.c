#include <retort/test.h>

#include "retort/http/idna.h"
#include "retort/http/iri.h"

typedef rt_status convert(rt_arena *arena, rt_str in, rt_str *out);

// NULL: refused.
typedef struct row {
    const char *in;
    const char *out;
} row;

static void check_rows(convert *fn, const row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        RT_CASE(rows[i].in);
        rt_arena arena = {0};
        rt_str out = {0};
        rt_status st = fn(&arena, rt_guarded(rows[i].in), &out);
        CHECK_EQ((int)st, rows[i].out ? RT_OK : RT_E_SYNTAX);
        if (rows[i].out)
            CHECK_EQ(out, rt_str_from(rows[i].out));
        rt_arena_deinit(&arena);
    }
}

RT_TEST(iris_become_uris)
{
    static const row rows[] = {
        {"http://\xe2\x98\x83.net/p\xc3\xa5th?q=\xc3\xa8ry%DF",
         "http://xn--n3h.net/p%C3%A5th?q=%C3%A8ry%DF"},
        {"HTTP://EXAMPLE.org/A", "http://example.org/A"},
        {"/caf\xc3\xa9 x?a=b c#d \"", "/caf%C3%A9%20x?a=b%20c#d%20%22"},
        {"http://x/%20%zz", "http://x/%20%zz"},
        {"http://\xc3\xa9:p\xc3\xa9:q@x:080/",
         "http://%C3%A9:p%C3%A9%3Aq@x:80/"},
        {"http://:p@x:0/?#", "http://x/"},
        {"http://a@b@x/", "http://a%40b@x/"},
        {"http:foo", "http:///foo"},
        {"mailto:a@b", "mailto:a@b"},
        {"file:/a", "file:///a"},
        {"////a", "//a"},
        {"1a:b", "1a:b"},
        {" \x01"
         "ht\ttp://x\n/y",
         "http://x/y"},
        {"http://[::1]:80/", "http://[::1]:80/"},
        {"http://[FE80::1%Eth]/", "http://[fe80::1%Eth]/"},
        {"http://[v1.A]/", "http://v1.a/"},
        {"http://[::1", NULL},
        {"http://::1]", NULL},
        {"http://[1.2.3.4]/", NULL},
        {"http://[::1%]/", NULL},
        {"http://[v.a]/", NULL},
        {"http://x:65536/", NULL},
        {"http://x:8a/", NULL},
        {"http://x\xe2\x84\x80y/", NULL}, // one character that is a/c
        {"http://a..b/", NULL},
        {"", ""},
    };

    check_rows(rt_iri_to_uri, rows, RT_COUNT(rows));
}

RT_TEST(uris_become_iris)
{
    static const row rows[] = {
        {"http://xn--n3h.net/p%C3%A5th?q=%C3%A8ry%DF",
         "http://\xe2\x98\x83.net/p\xc3\xa5th?q=\xc3\xa8ry%DF"},
        {"/%2F%3f%23%25%20%7f%00%41", "/%2F%3f%23%25%20%7f%00A"},
        {"/?a%26=%3D%2b%23%2F%3F", "/?a%26=%3D%2b%23/?"},
        {"/#%23%26%20", "/##&%20"},
        {"http://%C3%A9%40:%3a%2f@x/", "http://\xc3\xa9%40:%3a%2f@x/"},
        {"/%E2%98%zz%E2%98%83", "/%E2%98%zz\xe2\x98\x83"},
        {"/\xc3\xa9%A9%c3", "/\xc3\xa9%A9%C3"},
        {"http://\xc3\x9c.de/", "http://\xc3\xbc.de/"},
        {"http://XN--N3H.net", "http://\xe2\x98\x83.net"},
        {"http://xn--zz--/", "http://xn--zz--/"},
        {"http://x:99999", NULL},
    };

    check_rows(rt_uri_to_iri, rows, RT_COUNT(rows));
}

RT_TEST(host_names_are_prepared_and_encoded)
{
    static const row rows[] = {
        {"", ""},
        {"Example.ORG", "Example.ORG"},
        {"b\xc3\xbc"
         "cher.example",
         "xn--bcher-kva.example"},
        {"B\xc3\x9c"
         "CHER.example",
         "xn--bcher-kva.example"},
        {"fa\xc3\x9f.de", "fass.de"},
        {"\xe6\x97\xa5\xe6\x9c\xac\xe3\x80\x82jp", "xn--wgv71a.jp"},
        {"\xc3\xbc.", "xn--tda."},
        {"\xc2\xad"
         "a\xc2\xad",
         "a"},
        {"\xef\xac\x81.de", "fi.de"},
        {"e\xcc\x81", "xn--9ca"},
        {"u\xcc\xa7\xcc\x88", "xn--tda42i"},
        {"\xd7\x90\xd7\x91", "xn--4dbc"},
        {"\xe1\x8e\xa0", "xn--kz9a"},
        {"\xd7\x90"
         "a",
         NULL}, // directions mixed
        {"\xd7\x90"
         "1",
         NULL},                         // does not end as it began
        {"\xee\x80\x80", NULL},         // private
        {"\xe1\x9a\x80\xc3\xbc", NULL}, // a space
        {"\xef\xbb\xbf", NULL},         // nothing is left
        {"xn--\xc3\xbc", NULL},
        {".a", NULL},
        {"\xc3\xbc..a", NULL},
        {"\xff", NULL},
    };

    check_rows(rt_idna_encode, rows, RT_COUNT(rows));
}

RT_TEST(labels_have_at_most_63_bytes)
{
    char text[65] = {0};
    rt_arena arena = {0};
    rt_str out;

    memset(text, 'a', 64);
    CHECK(rt_idna_encode(&arena, rt_str_of(text, 63), &out) == RT_OK);
    CHECK(rt_idna_encode(&arena, rt_str_of(text, 64), &out) == RT_E_SYNTAX);
    memcpy(text + 60, "\xc3\xbc", 2);
    CHECK(rt_idna_encode(&arena, rt_str_of(text, 62), &out) == RT_E_SYNTAX);
    rt_arena_deinit(&arena);
}

RT_TEST(names_are_decoded_label_by_label)
{
    static const row rows[] = {
        {"xn--bcher-kva.example", "b\xc3\xbc"
                                  "cher.example"},
        {"xn--n3h.xn--.xn--n3h.", "\xe2\x98\x83.xn--.\xe2\x98\x83."},
        {"xn--a-", "xn--a-"}, // ASCII encodes as itself
        {"xn--bcher-KVA", "b\xc3\xbc"
                          "cher"},
        {"xn--Bcher-kva", "B\xc3\xbc"
                          "cher"},
        {"xn--99999999", "xn--99999999"},
        {"xn--!", "xn--!"},
        {"a.b", "a.b"},
        {"\xc3\xbc.xn--n3h", "\xc3\xbc.xn--n3h"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].in);
        rt_arena arena = {0};
        CHECK_EQ(rt_idna_decode(&arena, rt_guarded(rows[i].in)),
                 rt_str_from(rows[i].out));
        rt_arena_deinit(&arena);
    }
}
