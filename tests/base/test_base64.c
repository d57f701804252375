// Base64: the vectors of RFC 4648, what the strict readers refuse, and what the
// lax ones take as Python does.
#include <retort/base/base64.h>
#include <retort/test.h>

typedef struct row {
    const char *bytes, *standard, *url;
} row;

static const row rows[] = {
    {"", "", ""},
    {"f", "Zg==", "Zg"},
    {"fo", "Zm8=", "Zm8"},
    {"foo", "Zm9v", "Zm9v"},
    {"foob", "Zm9vYg==", "Zm9vYg"},
    {"fooba", "Zm9vYmE=", "Zm9vYmE"},
    {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
    {"\xfb\xff\xfe", "+//+", "-__-"},
    {"\xff\xee", "/+4=", "_-4"},
};

RT_TEST(bytes_go_out_and_come_back)
{
    rt_arena arena = {0};
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].standard);
        rt_str bytes = rt_str_from(rows[i].bytes), out;
        CHECK_EQ(rt_base64_encode(&arena, bytes), rows[i].standard);
        CHECK_EQ(rt_base64url_encode(&arena, bytes), rows[i].url);
        CHECK_EQ(rt_base64_decode(&arena, rt_guarded(rows[i].standard), &out),
                 RT_OK);
        CHECK_EQ(out, rows[i].bytes);
        CHECK_EQ(rt_base64url_decode(&arena, rt_guarded(rows[i].url), &out),
                 RT_OK);
        CHECK_EQ(out, rows[i].bytes);
        CHECK_EQ(rt_base64_decode_lax(&arena, rt_guarded(rows[i].standard),
                                      &out),
                 RT_OK);
        CHECK_EQ(out, rows[i].bytes);
        CHECK_EQ(rt_base64url_decode_lax(&arena, rt_guarded(rows[i].url), &out),
                 RT_OK);
        CHECK_EQ(out, rows[i].bytes);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(every_length_comes_back)
{
    rt_arena arena = {0};
    char bytes[64];
    for (size_t n = 0; n <= sizeof bytes; n++) {
        rt_str text, out;
        for (size_t i = 0; i < n; i++)
            bytes[i] = (char)(i * 37 + n * 11);
        text = rt_base64url_encode(&arena, rt_str_of(bytes, n));
        CHECK_EQ(rt_base64url_decode(&arena, text, &out), RT_OK);
        CHECK(rt_str_eq(out, rt_str_of(bytes, n)));
        text = rt_base64_encode(&arena, rt_str_of(bytes, n));
        CHECK_EQ(rt_base64_decode(&arena, text, &out), RT_OK);
        CHECK(rt_str_eq(out, rt_str_of(bytes, n)));
    }
    rt_arena_deinit(&arena);
}

RT_TEST(strict_readers_take_one_spelling_only)
{
    static const char *const bad[] = {
        "Z",     "Zg",   "Zg=", "Zg===", "Zh==",   "Zm9=",  "Zg==Zg==",
        "Z g==", "-__-", "=",   "====",  "Zm9v\n", "Zg==\n"};
    static const char *const bad_url[] = {"Z",    "Zg==", "Zh",   "Zm9",
                                          "+//+", "Z g",  "Zm9vY"};
    rt_arena arena = {0};
    rt_str out = RT_STR("untouched");
    for (size_t i = 0; i < RT_COUNT(bad); i++) {
        RT_CASE(bad[i]);
        CHECK_EQ(rt_base64_decode(&arena, rt_guarded(bad[i]), &out),
                 RT_E_SYNTAX);
    }
    for (size_t i = 0; i < RT_COUNT(bad_url); i++) {
        RT_CASE(bad_url[i]);
        CHECK_EQ(rt_base64url_decode(&arena, rt_guarded(bad_url[i]), &out),
                 RT_E_SYNTAX);
    }
    CHECK_EQ(out, "untouched");
    rt_arena_deinit(&arena);
}

// NULL: Python refuses it too.
typedef struct lax_row {
    const char *text, *out;
} lax_row;

RT_TEST(lax_reader_is_that_of_python)
{
    static const lax_row lax[] = {
        {"Zg", NULL},      {"Zg=", NULL},     {"Zg==Zg==", "f"},
        {"Z\ng=\n=", "f"}, {"Zh==", "f"},     {"=Zm9v", "foo"},
        {"Zm9vY", NULL},   {"Z-g_==", "f"},   {"Zm=9v", "foo"},
        {"Zm8===", "fo"},  {"\xff", ""},      {"Zm9v====", "foo"},
        {"Z=m=9v", "foo"}, {"Zg=m==", "f\t"},
    };
    static const lax_row lax_url[] = {
        {"Zg", "f"},
        {"Zg=", "f"},
        {"Zg==", "f"},
        {"Z\ng", NULL},
        {"Zm9vY", NULL},
        {"-__-", "\xfb\xff\xfe"},
        {"+//+", "\xfb\xff\xfe"},
        {"Z", NULL},
        {"Zg!!", NULL},
        {"Zg!", NULL},
        {"", ""},
    };
    rt_arena arena = {0};
    rt_str out;
    for (size_t i = 0; i < RT_COUNT(lax); i++) {
        RT_CASE(lax[i].text);
        rt_status st =
            rt_base64_decode_lax(&arena, rt_guarded(lax[i].text), &out);
        CHECK_EQ(st, lax[i].out ? RT_OK : RT_E_SYNTAX);
        if (!st)
            CHECK_EQ(out, lax[i].out);
    }
    for (size_t i = 0; i < RT_COUNT(lax_url); i++) {
        RT_CASE(lax_url[i].text);
        rt_status st =
            rt_base64url_decode_lax(&arena, rt_guarded(lax_url[i].text), &out);
        CHECK_EQ(st, lax_url[i].out ? RT_OK : RT_E_SYNTAX);
        if (!st)
            CHECK_EQ(out, lax_url[i].out);
    }
    rt_arena_deinit(&arena);
}
