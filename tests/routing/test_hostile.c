// Paths that are made to cost much. Where matching would try every way to share
// out such a path among the converters, these tests would not end in this
// world's time.
#include "routing.h"

#define PATH_BYTES 8192

// A path of the same piece again and again, with an end.
static rt_str repeat(rt_arena *arena, const char *start, const char *piece,
                     const char *end)
{
    rt_buf buf;
    rt_buf_init(&buf, arena);
    rt_buf_put_cstr(&buf, start);
    while (buf.len + strlen(piece) + strlen(end) <= PATH_BYTES)
        rt_buf_put_cstr(&buf, piece);
    rt_buf_put_cstr(&buf, end);
    return rt_buf_str(&buf);
}

static const char *status(rt_arena *arena, const rt_url_map *map, rt_str path)
{
    rt_url_target target = {.method = RT_METHOD_GET, .path = path};
    rt_url_result result;
    switch (rt_url_match(map, arena, &target, &result)) {
    case RT_URL_NOT_FOUND: return "404";
    case RT_URL_FOUND: return "200";
    case RT_URL_REDIRECT: return "308";
    case RT_URL_METHOD_NOT_ALLOWED: return "405";
    case RT_URL_NO_HANDSHAKE: return "400";
    }
    return "?";
}

RT_TEST(converters_in_a_row_share_a_long_path_out)
{
    static const struct {
        const char *rule;
        const char *piece;
        const char *end;
        const char *expected;
    } rows[] = {
        {"/<path:a>/<path:b>/<path:c>/<path:d>/x", "a/", "y", "404"},
        {"/<path:a>/<path:b>/<path:c>/<path:d>/x", "a/", "x", "200"},
        {"/<path:a>/<path:b>/<path:c>/<path:d>/", "a/", "a", "308"},
        {"/<path:a><path:b><path:c><path:d>x", "a", "y", "404"},
        {"/<a>-<b>-<c>-<d>-<e>-<f>-<g>-<h>x", "-", "y", "404"},
        {"/<a>-<b>-<c>-<d>-<e>-<f>-<g>-<h>x", "-", "x", "200"},
        {"/<a><b><c><d><e><int:f>", "1", "x", "404"},
        {"/<a><b><c><d><e><int:f>", "x", "1", "200"},
        {"/<int:a><int:b><int:c><int:d><e>x", "1", "y", "404"},
        {"/<float:a><float:b><float:c>x", "1.1", "y", "404"},
        {"/<float(signed=true):a><float(signed=true):b>x", "-1.1", "y", "404"},
        {"/<string(minlength=9,maxlength=99):a><string(minlength=9):b>x",
         "\xc3\xa9", "y", "404"},
        {"/<any(a,aa,aaa):a><any(a,aa):b><c>x", "a", "y", "404"},
        {"/<path:a>/<any(a,b):b>/<path:c>/<uuid:d>/x", "a/", "y", "404"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_arena arena = {0};
        rt_test_case("%s on %s", rows[i].piece, rows[i].rule);
        rt_url_map *map = new_map(&arena, &(rule_row){.text = rows[i].rule}, 1);
        rt_str path = repeat(&arena, "/", rows[i].piece, rows[i].end);
        CHECK_EQ(status(&arena, map, path), rows[i].expected);
        rt_arena_deinit(&arena);
    }
}

static size_t calls;

static bool has_no_b(void *self, rt_str text)
{
    (void)self;
    calls++;
    return rt_str_find_char(text, 'b') == RT_STR_NONE;
}

RT_TEST(a_custom_converter_is_asked_a_limited_number_of_times)
{
    static const rt_url_converter custom = {.name = "custom",
                                            .match = has_no_b,
                                            .crosses_slash = true};
    rt_arena arena = {0};
    rt_url_map *map = rt_url_map_new(&arena, NULL);
    CHECK_EQ(rt_url_map_add_converter(map, &custom), RT_OK);
    add_rules(map, &(rule_row){.text = "/<custom:a>a<custom:b>a<custom:c>ac"},
              1);
    rt_url_map_compile(map);

    CHECK_EQ(status(&arena, map, repeat(&arena, "/b", "a", "bac")), "404");
    CHECK(calls > 0);
    CHECK(calls <= 70000);
    // What is not made to be hard is matched all the same.
    CHECK_EQ(status(&arena, map, RT_STR("/xaxaxxxac")), "200");
    CHECK_EQ(status(&arena, map, RT_STR("/xaxxxxac")), "404");
    rt_arena_deinit(&arena);
}

RT_TEST(a_tree_of_variables_is_walked_once)
{
    // Two ways at each of sixteen segments, and only the last one fails.
    enum {
        DEPTH = 16
    };

    rt_arena arena = {0};
    rt_url_map *map = rt_url_map_new(&arena, NULL);
    for (unsigned bits = 0; bits < 64; bits++) {
        rt_buf text;
        rt_buf_init(&text, &arena);
        for (unsigned i = 0; i < DEPTH; i++) {
            rt_buf_printf(&text, bits >> i % 6 & 1 ? "/<a%u>" : "/<int:a%u>",
                          i);
        }
        rt_buf_put_cstr(&text, "/end");
        add_rules(map, &(rule_row){.text = rt_buf_str(&text).data}, 1);
    }
    rt_url_map_compile(map);

    rt_str path = RT_STR("/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/end");
    CHECK_EQ(status(&arena, map, path), "200");
    path.len--;
    CHECK_EQ(status(&arena, map, path), "404");
    rt_arena_deinit(&arena);
}

RT_TEST(a_long_path_of_slashes_is_merged)
{
    rt_arena arena = {0};
    const rule_row rules[] = {
        {.text = "/a/b", .endpoint = "x"},
        {.text = "/c/<path:p>/d", .endpoint = "y"},
    };
    rt_url_map *map = new_map(&arena, rules, RT_COUNT(rules));
    CHECK_EQ(match_bytes(&arena, map, "GET", repeat(&arena, "/a", "/", "/b")),
             RT_STR("308 /a/b"));
    CHECK_EQ(match_bytes(&arena, map, "GET", repeat(&arena, "", "/", "a/b")),
             RT_STR("x"));
    CHECK_EQ(match_bytes(&arena, map, "GET", repeat(&arena, "/c", "/", "/d")),
             RT_STR("404"));
    rt_arena_deinit(&arena);
}

// A rule as deep as they may be does not need more stack than there is.
RT_TEST(the_deepest_rule_is_matched)
{
    rt_arena arena = {0};
    rt_buf text;
    rt_buf_init(&text, &arena);
    for (int i = 0; i < RT_URL_RULE_SEGMENTS_MAX; i++) {
        if (i < RT_URL_RULE_VARIABLES_MAX) {
            rt_buf_printf(&text, "/<a%d>", i);
        } else {
            rt_buf_put_cstr(&text, "/x");
        }
    }
    const char *rule = rt_buf_str(&text).data;
    rt_url_map *map = new_map(&arena, &(rule_row){.text = rule}, 1);

    rt_buf path;
    rt_buf_init(&path, &arena);
    for (int i = 0; i < RT_URL_RULE_SEGMENTS_MAX; i++)
        rt_buf_put_cstr(&path, "/x");
    CHECK_EQ(status(&arena, map, rt_buf_str(&path)), "200");
    rt_buf_put_cstr(&path, "/x");
    CHECK_EQ(status(&arena, map, rt_buf_str(&path)), "404");
    rt_arena_deinit(&arena);
}
