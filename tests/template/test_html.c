// Character references, tags and links, as text that ends at an unreadable page.
#include <stdlib.h>

#include <retort/base/format.h>
#include <retort/test.h>

#include "template/entities.h"
#include "template/html.h"
#include "template/link.h"

static rt_arena arena;

static rt_str unescape(rt_str s)
{
    rt_buf buf;

    rt_buf_init(&buf, &arena);
    rt__put_unescaped(&buf, s);
    return rt_buf_str(&buf);
}

// The code points of a record: "Aacute!c1" or "acE=223e,333".
static rt_str text_of(rt_str record)
{
    rt_buf buf;

    rt_buf_init(&buf, &arena);
    while (record.data)
        rt_buf_put_rune(&buf, (uint32_t)strtoul(
                                  rt_str_cstr(&arena, rt_str_cut(&record, ',')),
                                  NULL, 16));
    return rt_buf_str(&buf);
}

RT_TEST(every_named_reference_is_found)
{
    int count = 0;
    int legacy = 0;

    for (size_t i = 0; i < RT_COUNT(entity_rows); i++) {
        rt_str rest = rt_str_from(entity_rows[i]);
        while (rest.data) {
            rt_str record = rt_str_cut(&rest, ' ');
            bool bare = rt_str_find_char(record, '!') != RT_STR_NONE;
            rt_str name = rt_str_cut(&record, bare ? '!' : '=');
            rt_str reference = rt_format(&arena, "&{};", name);
            rt_test_case("%.*s", RT_STR_ARG(reference));
            CHECK_EQ(unescape(reference), text_of(record));
            reference.len--; // without the semicolon
            if (bare)
                CHECK_EQ(unescape(reference), text_of(record));
            count++;
            legacy += bare;
        }
        rt_arena_reset(&arena);
    }
    // As many as HTML has.
    CHECK_EQ(count, 2125);
    CHECK_EQ(legacy, 106);
    rt_arena_deinit(&arena);
}

RT_TEST(text_may_end_anywhere)
{
    static const char *const rows[] = {
        "&amp;",        "&notit;",
        "&#65;",        "&#x41;",
        "&#x110000;",   "&CounterClockwiseContourIntegral;",
        "<!-- a --> b", "<!--->",
        "<a b>",        "&é\xf0\x9f\x8e\x89;",
        "\xc3\x28&\xff"};

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_SPLITS(at, strlen(rows[i]))
        {
            rt_test_case("%.*s", (int)at, rows[i]);
            rt_str s = rt_guarded_bytes(rows[i], at);
            rt_buf buf;
            rt_buf_init(&buf, &arena);
            rt__put_without_tags(&buf, s);
            CHECK(buf.len <= s.len && unescape(s).len <= s.len);
        }
    }
    rt_arena_deinit(&arena);
}

RT_TEST(links_end_where_the_word_ends)
{
    static const struct {
        const char *word;
        bool url, email, scheme;
    } rows[] = {
        {"", false, false, false},
        {"http://a.com", true, false, false},
        {"https://a.com:80/x?y#z", true, false, false},
        {"http://a.com:", false, false, false},
        {"http://a.com:123456", false, false, false},
        {"http://a.com!", false, false, false},
        {"http://", false, false, true},
        {"www.a.de", true, false, false},
        {"www.a", false, false, false},
        {"www..de", false, false, false},
        {"ab.com", true, false, false},
        {"a.com", false, false, false},
        {"ab.de", false, false, false},
        {"com", false, false, false},
        {"http://1.2.3.4", true, false, false},
        {"http://1.2.3.4.5", false, false, false},
        {"http://1234.2.3.4", false, false, false},
        {"http://[::]", true, false, false},
        {"http://[12345::]", false, false, false},
        {"http://[::1", false, false, false},
        {"http://xn--p1ai", true, false, false},
        {"http://xn--a", false, false, false},
        {"http://xn--a-b", false, false, false},
        {"a@b.c", false, true, false},
        {"a@b@c.d", false, true, false},
        {"@b.c", false, false, false},
        {"a@.c", false, false, false},
        {"a@b.", false, false, false},
        {"a@b", false, false, false},
        {"a@-b.c", false, false, false},
        {"a@b.c-d", false, false, false},
        {"a@b-.c", false, true, false},
        {"ftp:", false, false, true},
        {"ftp:/", false, false, true},
        {"ftp://", false, false, true},
        {"ftp:///", false, false, false},
        {"f:", false, false, false},
        {"a.b+c-d:", false, false, true},
        {"a b:", false, false, false},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].word);
        rt_str word = rt_guarded(rows[i].word);
        CHECK_EQ(rt__is_url(word), rows[i].url);
        CHECK_EQ(rt__is_email(word), rows[i].email);
        CHECK_EQ(rt__is_scheme(word), rows[i].scheme);
    }
}
