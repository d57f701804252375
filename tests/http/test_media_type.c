#include <retort/base/buf.h>
#include <retort/test.h>

#include "retort/http/media_type.h"

RT_TEST(a_content_type_is_taken_apart)
{
    static const struct {
        const char *text;
        const char *name;
        const char *type;
        const char *subtype;
        const char *params; // <name=value>
    } rows[] = {
        {"text/html", "text/html", "text", "html", ""},
        {" Text/HTML ; Charset=UTF-8", "text/html", "text", "html",
         "<charset=UTF-8>"},
        {"multipart/form-data; boundary=\"a;b\"; x", "multipart/form-data",
         "multipart", "form-data", "<boundary=a;b>"},
        {"a/b;c=1;C=2;d=3", "a/b", "a", "b", "<c=2><d=3>"},
        {"application/vnd.api+json", "application/vnd.api+json", "application",
         "vnd.api+json", ""},
        {"*/*", "*/*", "*", "*", ""},
        {"", "", "", "", ""},
        {";a=b", "", "", "", ""},
        {"json", "json", "", "", ""},
        {"json; a=b", "json", "", "", "<a=b>"},
        {"a/", "a/", "", "", ""},
        {"/b", "/b", "", "", ""},
        {"a/b/c", "a/b/c", "", "", ""},
        {"a b/c", "a b/c", "", "", ""},
        {"a /b", "a /b", "", "", ""},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        rt_arena arena = {0};
        rt_media_type type =
            rt_media_type_parse(&arena, rt_guarded(rows[i].text));
        rt_buf params;
        rt_buf_init(&params, &arena);
        for (size_t n = 0; n < type.params.len; n++) {
            rt_buf_put_char(&params, '<');
            rt_buf_put(&params, type.params.items[n].name);
            rt_buf_put_char(&params, '=');
            rt_buf_put(&params, type.params.items[n].value);
            rt_buf_put_char(&params, '>');
        }
        CHECK(rt_str_eq(type.name, rt_str_from(rows[i].name)));
        CHECK(rt_str_eq(type.type, rt_str_from(rows[i].type)));
        CHECK(rt_str_eq(type.subtype, rt_str_from(rows[i].subtype)));
        CHECK_EQ(rt_buf_str(&params), rt_str_from(rows[i].params));
        rt_arena_deinit(&arena);
    }
}

RT_TEST(parameters_beyond_the_limit_are_left_out)
{
    rt_arena arena = {0};
    rt_buf text;

    rt_buf_init(&text, &arena);
    rt_buf_put_cstr(&text, "a/b");
    for (int i = 0; i < 100; i++)
        rt_buf_printf(&text, ";p%d=%d", i, i);
    rt_buf_put_cstr(&text, ";p0=x");

    rt_media_type type = rt_media_type_parse(&arena, rt_buf_str(&text));
    CHECK_EQ(type.params.len, (size_t)RT_MEDIA_TYPE_PARAMS_MAX);
    CHECK_EQ(rt_params_get(&type.params, RT_STR("p0")), "x");
    CHECK_EQ(rt_params_get(&type.params, RT_STR("p31")), "31");
    rt_arena_deinit(&arena);
}

RT_TEST(json_and_text_are_told_by_name)
{
    static const struct {
        const char *name;
        bool json;
        bool text;
    } rows[] = {
        {"application/json", true, false},
        {"application/problem+json", true, false},
        {"application/+json", true, false},
        {"text/json", false, true},
        {"model/gltf+json", false, false},
        {"application/jsonp", false, false},
        {"", false, false},
        {"text/html", false, true},
        {"text", false, false},
        {"image/svg+xml", false, true},
        {"application/xml", false, true},
        {"application/javascript", false, true},
        {"application/octet-stream", false, false},
        {"image/png", false, false},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].name);
        rt_str name = rt_guarded(rows[i].name);
        CHECK_EQ(rt_media_type_is_json(name), rows[i].json);
        CHECK_EQ(rt_media_type_is_text(name), rows[i].text);
    }
}

RT_TEST(text_types_name_their_charset)
{
    rt_arena arena = {0};

    CHECK_EQ(rt_media_type_with_charset(&arena, rt_guarded("text/html")),
             "text/html; charset=utf-8");
    CHECK_EQ(rt_media_type_with_charset(&arena, rt_guarded("text/css")),
             "text/css; charset=utf-8");
    CHECK_EQ(rt_media_type_with_charset(&arena, rt_guarded("image/svg+xml")),
             "image/svg+xml; charset=utf-8");
    CHECK_EQ(rt_media_type_with_charset(&arena, rt_guarded("image/png")),
             "image/png");
    CHECK_EQ(rt_media_type_with_charset(&arena,
                                        rt_guarded("text/css; charset=l1")),
             "text/css; charset=l1");
    rt_arena_deinit(&arena);
}

RT_TEST(types_are_guessed_by_the_suffix)
{
    static const struct {
        const char *name;
        const char *type; // "-": none
        const char *encoding;
    } rows[] = {
        {"a.html", "text/html", "-"},
        {"A.HTML", "text/html", "-"},
        {"site.css", "text/css", "-"},
        {"code.js", "text/javascript", "-"},
        {"data.json", "application/json", "-"},
        {"pic.svg", "image/svg+xml", "-"},
        {"table.csv", "text/csv", "-"},
        {"x.woff2", "font/woff2", "-"},
        {"x.7z", "application/x-7z-compressed", "-"},
        {"x.zip", "application/zip", "-"},
        {"x.3gp", "video/3gpp", "-"},
        {"app.webmanifest", "application/manifest+json", "-"},
        {"a.b.txt", "text/plain", "-"},
        {"dir.html/file", "-", "-"},
        {"dir.html/a.txt", "text/plain", "-"},
        {"bundle.tar.gz", "application/x-tar", "gzip"},
        {"bundle.tgz", "application/x-tar", "gzip"},
        {"bundle.TGZ", "application/x-tar", "gzip"},
        {"bundle.tbz2", "application/x-tar", "bzip2"},
        {"a.svgz", "image/svg+xml", "gzip"},
        {"a.css.br", "text/css", "br"},
        {"a.gz", "-", "gzip"},
        {"a.txt.GZ", "-", "-"},
        {"a.tar.Z", "application/x-tar", "compress"},
        {"README", "-", "-"},
        {"", "-", "-"},
        {".", "-", "-"},
        {"a.", "-", "-"},
        {".bashrc", "-", "-"},
        {".html", "-", "-"},
        {"..html", "-", "-"},
        {".a.html", "text/html", "-"},
        {"a.gz.", "-", "-"},
        {".gz", "-", "-"},
        {"a.unknown", "-", "-"},
        {"a.averyveryverylongsuffix", "-", "-"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].name);
        rt_str encoding;
        rt_str type = rt_media_type_guess(rt_guarded(rows[i].name), &encoding);
        CHECK_EQ(type.data ? type : RT_STR("-"), rt_str_from(rows[i].type));
        CHECK_EQ(encoding.data ? encoding : RT_STR("-"),
                 rt_str_from(rows[i].encoding));
        CHECK_EQ(rt_media_type_guess(rt_guarded(rows[i].name), NULL).data,
                 type.data);
    }
}
