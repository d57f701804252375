#include <retort/base/buf.h>
#include <retort/test.h>

#include "retort/http/accept.h"

static rt_arena arena;

#define MEDIA    RT_ACCEPT_MEDIA
#define LANGUAGE RT_ACCEPT_LANGUAGE
#define ENCODING RT_ACCEPT_ENCODING
#define CHARSET  RT_ACCEPT_CHARSET

RT_TEST(items_are_sorted_by_specificity_then_quality_then_order)
{
    static const struct {
        rt_accept_kind kind;
        const char *header, *items;
    } rows[] = {
        {MEDIA, "", ""},
        {MEDIA, " , ", ""},
        {MEDIA, "text/plain;q=0.5, text/*;q=0.9, */*;q=0.1",
         "text/plain;q=0.5,text/*;q=0.9,*/*;q=0.1"},
        {MEDIA, "*/*, text/html;level=1;q=0.2, text/html",
         "text/html; level=1;q=0.2,text/html,*/*"},
        {MEDIA, "a/b;q=0.5, c/d, e/f, g/h;q=0.7",
         "c/d,e/f,g/h;q=0.7,a/b;q=0.5"},
        {MEDIA, "a/b;Q=0.5;X=\"y z\"", "a/b; x=\"y z\";q=0.5"},
        {MEDIA, "a/b;x=1;x=2", "a/b; x=2"},
        {MEDIA, "a/b;q=1.0", "a/b"},
        {MEDIA, ";q=0.5, a/b", "a/b,"},
        {MEDIA, "*/html, text", "text,*/html"},
        {MEDIA, "\"a/b;q=0.5\"", "a/b;q=0.5"},
        {MEDIA, "a/b, \"open", ""},
        {LANGUAGE, "de-DE,de;q=0.9,en;q=0.8", "de-DE,de;q=0.9,en;q=0.8"},
        {ENCODING, "br;q=0, gzip;q=0.2, *;q=0.5",
         "gzip;q=0.2,br;q=0.0,*;q=0.5"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].header);
        rt_accept accept =
            rt_accept_parse(&arena, rows[i].kind, rt_guarded(rows[i].header));
        CHECK_EQ(rt_accept_dump(&arena, &accept), rt_str_from(rows[i].items));
        CHECK_EQ(accept.provided, rows[i].header[0] != '\0');
    }
    rt_arena_deinit(&arena);
}

RT_TEST(an_item_with_an_odd_quality_is_left_out)
{
    static const struct {
        const char *q;
        bool ok;
    } rows[] = {
        {"0", true},    {"1", true},    {"0.5", true},     {"0.1234", true},
        {"00.5", true}, {"-0", true},   {"\" 1 \"", true}, {"", true},
        {"1.1", false}, {"2", false},   {"-0.1", false},   {".5", false},
        {"1.", false},  {"x", false},   {"0x1", false},    {"1e-1", false},
        {"+1", false},  {"nan", false}, {"0.5.5", false},  {"\"\"", false},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("%s", rows[i].q);
        rt_buf header;
        rt_buf_init(&header, &arena);
        rt_buf_printf(&header, "gzip;q=%s", rows[i].q);
        rt_str text = rt_guarded(rt_buf_str(&header).data);
        CHECK_EQ(rt_accept_parse(&arena, ENCODING, text).len,
                 rows[i].ok ? 1u : 0u);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(a_value_has_the_quality_of_the_first_item_that_matches)
{
    static const struct {
        rt_accept_kind kind;
        const char *header, *value;
        double quality;
        bool has;
    } rows[] = {
        {MEDIA, "text/html", "text/html", 1, true},
        {MEDIA, "text/html", "TEXT/HTML", 1, true},
        {MEDIA, "text/html", "text/plain", 0, false},
        {MEDIA, "text/html", "html", 0, false},
        {MEDIA, "html", "text/html", 0, false},
        {MEDIA, "text/*;q=0.5", "text/html;x=1", 0.5, true},
        {MEDIA, "*/*;q=0.5", "text/html", 0.5, true},
        {MEDIA, "text/html;q=0.5", "*/*", 0.5, true},
        {MEDIA, "text/html;q=0.5", "text/*", 0.5, true},
        {MEDIA, "*/html", "text/html", 0, false},
        {MEDIA, "*/*", "*/html", 0, false},
        {MEDIA, "text/html", "*/html", 0, false},
        {MEDIA, "a/b;x=1;y=2", "a/b;y=2;x=1", 1, true},
        {MEDIA, "a/b;x=1;y=2", "a/b; x=1 ; y=2", 1, true},
        {MEDIA, "a/b;x=1", "a/b", 0, false},
        {MEDIA, "a/b;x=1;y=1", "a/b;x=1;x=1", 0, false},
        {MEDIA, "a/b", "a/b;x=1", 0, false},
        {MEDIA, "a/b/", "a/b", 0, false},
        {MEDIA, "a/b;q=0", "a/b", 0, true},
        {LANGUAGE, "de_AT", "DE-at", 1, true},
        {LANGUAGE, "de", "de-AT", 0, false},
        {LANGUAGE, "*;q=0.1", "de-AT", 0.1, true},
        {ENCODING, "gzip;q=0.2, *;q=0.5", "GZIP", 0.2, true},
        {ENCODING, "gzip;q=0.2, *;q=0.5", "br", 0.5, true},
        {CHARSET, "UTF8;q=0.7", "utf-8", 0.7, true},
        {CHARSET, "latin-1", "ISO-8859-1", 1, true},
        {CHARSET, "koi8-r", "KOI8-R", 1, true},
        {CHARSET, "koi8-r", "utf-8", 0, false},
        {CHARSET, "*", "utf-8", 1, true},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("%s for %s", rows[i].value, rows[i].header);
        rt_accept accept =
            rt_accept_parse(&arena, rows[i].kind, rt_guarded(rows[i].header));
        rt_str value = rt_guarded(rows[i].value);
        CHECK_EQ(rt_accept_quality(&accept, value), rows[i].quality);
        CHECK_EQ(rt_accept_has(&accept, value), rows[i].has);
        CHECK_EQ(rt_accept_find(&accept, value) != RT_STR_NONE, rows[i].has);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(the_best_is_the_most_liked_then_the_most_specific_then_the_first)
{
    static const struct {
        rt_accept_kind kind;
        const char *header;
        const char *values[4];
        const char *best; // NULL: none
    } rows[] = {
        {MEDIA, "", {"text/html"}, NULL},
        {MEDIA, "*/*", {"text/html", "text/plain"}, "text/html"},
        {MEDIA,
         "text/html, */*",
         {"application/json", "text/html"},
         "text/html"},
        {MEDIA,
         "text/html;q=0.5, */*;q=0.8",
         {"text/html", "application/json"},
         "application/json"},
        {MEDIA, "text/html;q=0, */*", {"text/html", "text/css"}, "text/css"},
        {MEDIA, "text/html;q=0", {"text/html"}, NULL},
        {MEDIA, "image/*", {"text/html"}, NULL},
        {ENCODING, "gzip, br", {"identity", "br", "gzip"}, "br"},
        {LANGUAGE, "en-US", {"de", "en-us"}, "en-us"},
        {LANGUAGE, "en-US", {"de", "en"}, "en"},
        {LANGUAGE, "en", {"de", "en-GB", "en-US"}, "en-GB"},
        {LANGUAGE, "en", {"enm", "en-GB"}, "enm"}, // as Werkzeug does it
        {LANGUAGE, "de-AT;q=0.5, fr-CA", {"de", "fr"}, "fr"},
        {LANGUAGE, "*-x, de-AT;q=0.5", {"fr", "de"}, "fr"},
        {LANGUAGE, "en-US", {"en_GB", "de"}, NULL},
        {LANGUAGE, "zh-Hans;q=0", {"zh"}, NULL},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("%zu: %s", i, rows[i].header);
        rt_accept accept =
            rt_accept_parse(&arena, rows[i].kind, rt_guarded(rows[i].header));
        rt_str values[4];
        size_t n = 0;
        for (; n < 4 && rows[i].values[n]; n++)
            values[n] = rt_guarded(rows[i].values[n]);
        size_t best = rt_accept_choose(&accept, values, n);
        if (rows[i].best) {
            REQUIRE(best < n);
            CHECK_EQ(values[best], rt_str_from(rows[i].best));
        } else {
            CHECK_EQ(best, RT_STR_NONE);
        }
    }
    rt_arena_deinit(&arena);
}

RT_TEST(html_and_json_have_questions_of_their_own)
{
    rt_accept accept =
        rt_accept_parse(&arena, MEDIA, rt_guarded("application/xml;q=0.9"));
    CHECK(rt_accept_html(&accept));
    CHECK(rt_accept_xhtml(&accept));
    CHECK(!rt_accept_json(&accept));

    accept = rt_accept_parse(&arena, MEDIA, rt_guarded("text/html"));
    CHECK(rt_accept_html(&accept));
    CHECK(!rt_accept_xhtml(&accept));

    accept = rt_accept_parse(&arena, MEDIA, rt_guarded("application/*"));
    CHECK(rt_accept_json(&accept));
    rt_arena_deinit(&arena);
}

RT_TEST(a_header_of_thousands_of_items_is_cut)
{
    rt_buf header;

    rt_buf_init(&header, &arena);
    for (int i = 0; i < 5000; i++)
        rt_buf_printf(&header, "a/b%d;q=0.%d,", i, i);
    rt_accept accept = rt_accept_parse(&arena, MEDIA, rt_buf_str(&header));
    CHECK_EQ(accept.len, 256u);
    rt_arena_deinit(&arena);
}
