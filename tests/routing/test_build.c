#include <math.h>

#include <retort/http/percent.h>

#include "retort/routing/build.h"
#include "routing.h"

typedef struct build_row {
    const char *method; // "": any
    const char *endpoint;
    rt_url_defaults args; // pairs, as the defaults of a rule
    const char *expected; // the URL, or the message
} build_row;

#define ARGS RT_DEFAULTS
#define NO_ARGS       \
    (rt_url_defaults) \
    {                 \
        0             \
    }

static void check_builds(const rt_url_map *map, const build_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        rt_arena arena = {0};
        rt_test_case("%zu: %s to %s", i, rows[i].endpoint, rows[i].expected);
        rt_url_build_options options = {
            .method = rt_str_from(rows[i].method),
            .try_method = RT_STR("GET"),
        };
        rt_str url = {0};
        rt_error err = {0};
        rt_status status =
            rt_url_build(map, &arena, rows[i].endpoint, rows[i].args.items,
                         rows[i].args.len, &options, &url, &err);
        CHECK_EQ(status, err.status);
        CHECK_EQ(status ? err.message : url, rt_str_from(rows[i].expected));
        rt_arena_deinit(&arena);
    }
}

static rt_url_map *example(rt_arena *arena)
{
    const rule_row rules[] = {
        {.text = "/leaf", .endpoint = "leaf"},
        {.text = "/string/<s>", .endpoint = "string"},
        {.text = "/int/<int:n>", .endpoint = "int"},
        {.text = "/int-signed/<int(signed=True):n>", .endpoint = "int_signed"},
        {.text = "/int-fixed/<int(fixed_digits=4):n>", .endpoint = "int_fixed"},
        {.text = "/float/<float:x>", .endpoint = "float"},
        {.text = "/path/<path:p>", .endpoint = "path"},
        {.text = "/any/<any(red, \"light blue\"):c>", .endpoint = "any"},
        {.text = "/uuid/<uuid:u>", .endpoint = "uuid"},
        {.text = "/multi/<int:a>-<b>.<string(length=3):ext>",
         .endpoint = "multi"},
        {.text = "/pages",
         .endpoint = "pages",
         .defaults = RT_DEFAULTS("page", 1)},
        {.text = "/pages/<int:page>", .endpoint = "pages"},
        {.text = "/p\xc3\xa4ge//<name>/", .endpoint = "unicode"},
        {.text = "/items/", .endpoint = "items", .methods = "GET POST"},
        {.text = "/items/<int:item>",
         .endpoint = "items",
         .methods = "GET PUT DELETE"},
        {.text = "/search-get", .endpoint = "search"},
        {.text = "/search-post", .endpoint = "search", .methods = "POST"},
        {.text = "/<path:p>", .endpoint = "root_path"},
        {.text = "/built/<a>", .endpoint = "built", .build_only = true},
        {.text = "/fix/<int:n>/x",
         .endpoint = "fix",
         .defaults = RT_DEFAULTS("n", 5)},
    };
    return new_map(arena, rules, RT_COUNT(rules));
}

RT_TEST(values_are_written_as_their_converters_say)
{
    rt_arena arena = {0};
    rt_url_map *map = example(&arena);
    uint8_t bytes[16] = {0x12, 0x34, 0x56, 0x78, 0x12, 0x34, 0x56, 0x78,
                         0x12, 0x34, 0x56, 0x78, 0x12, 0x34, 0x56, 0x78};
    const build_row rows[] = {
        {"", "leaf", NO_ARGS, "/leaf"},
        {"", "string", ARGS("s", "a b/c?d#e%f"), "/string/a%20b/c%3Fd%23e%25f"},
        {"", "string", ARGS("s", "caf\xc3\xa9 \xe2\x98\x83"),
         "/string/caf%C3%A9%20%E2%98%83"},
        {"", "string", ARGS("s", "!$&'()*+,/:;=@-._~"),
         "/string/!$&'()*+,/:;=@-._~"},
        {"", "string", ARGS("s", "\"<>[\\]^`{|}"),
         "/string/%22%3C%3E%5B%5C%5D%5E%60%7B%7C%7D"},
        {"", "string", ARGS("s", 42), "/string/42"},
        {"", "string", ARGS("s", true), "/string/True"},
        {"", "int", ARGS("n", 42), "/int/42"},
        {"", "int", ARGS("n", "042"), "/int/42"},
        {"", "int", ARGS("n", 1.9), "/int/1"},
        {"", "int", ARGS("n", true), "/int/1"},
        {"", "int", ARGS("n", INT64_MAX), "/int/9223372036854775807"},
        {"", "int_signed", ARGS("n", -7), "/int-signed/-7"},
        {"", "int_signed", ARGS("n", INT64_MIN),
         "/int-signed/-9223372036854775808"},
        {"", "int_fixed", ARGS("n", 7), "/int-fixed/0007"},
        {"", "int_fixed", ARGS("n", -7), "/int-fixed/-007"},
        {"", "int_fixed", ARGS("n", 12345), "/int-fixed/12345"},
        {"", "float", ARGS("x", 1.5), "/float/1.5"},
        {"", "float", ARGS("x", 3), "/float/3.0"},
        {"", "float", ARGS("x", "2.50"), "/float/2.5"},
        {"", "float", ARGS("x", 0.000001), "/float/0.000001"},
        {"", "float", ARGS("x", 1.25e-9), "/float/0.00000000125"},
        {"", "float", ARGS("x", 1e20), "/float/100000000000000000000.0"},
        {"", "float", ARGS("x", 1.2345e20), "/float/123450000000000000000.0"},
        {"", "float", ARGS("x", 123456789.125), "/float/123456789.125"},
        {"", "float", ARGS("x", -0.5), "/float/-0.5"},
        {"", "path", ARGS("p", "a/b c/d"), "/path/a/b%20c/d"},
        {"", "any", ARGS("c", "red"), "/any/red"},
        {"", "any", ARGS("c", "light blue"), "/any/light blue"},
        {"", "uuid", ARGS("u", "12345678-1234-5678-1234-567812345678"),
         "/uuid/12345678-1234-5678-1234-567812345678"},
        {"", "uuid", ARGS("u", rt_value_uuid(bytes)),
         "/uuid/12345678-1234-5678-1234-567812345678"},
        {"", "multi", ARGS("ext", "txt", "a", 3, "b", "x-y"),
         "/multi/3-x-y.txt"},
        {"", "unicode", ARGS("name", "x"), "/p%C3%A4ge/x/"},
        {"", "built", ARGS("a", "x"), "/built/x"},
        {"", "fix", NO_ARGS, "/fix/5/x"},
        {"", "fix", ARGS("n", 5), "/fix/5/x"},
    };
    check_builds(map, rows, RT_COUNT(rows));
    rt_arena_deinit(&arena);
}

RT_TEST(values_a_converter_cannot_write_are_named)
{
    rt_arena arena = {0};
    rt_url_map *map = example(&arena);
    const build_row rows[] = {
        {"", "int", ARGS("n", "abc"),
         "cannot build endpoint \"int\": \"n\": 'abc' is no integer"},
        {"", "int", ARGS("n", 1e300),
         "cannot build endpoint \"int\": \"n\": 1e+300 is no integer"},
        {"", "int", ARGS("n", rt_list_new(&arena)),
         "cannot build endpoint \"int\": \"n\": [] is no integer"},
        {"", "float", ARGS("x", "x"),
         "cannot build endpoint \"float\": \"x\": 'x' is no number for a path"},
        {"", "float", ARGS("x", HUGE_VAL),
         "cannot build endpoint \"float\": \"x\": inf is no number for a path"},
        {"", "any", ARGS("c", "black"),
         "cannot build endpoint \"any\": \"c\": 'black' is not one of 'red', "
         "'light blue'"},
        {"", "uuid", ARGS("u", "1234"),
         "cannot build endpoint \"uuid\": \"u\": '1234' is no UUID"},
    };
    check_builds(map, rows, RT_COUNT(rows));
    rt_arena_deinit(&arena);
}

RT_TEST(the_rule_is_chosen_by_values_defaults_and_method)
{
    rt_arena arena = {0};
    rt_url_map *map = example(&arena);
    const build_row rows[] = {
        {"", "pages", NO_ARGS, "/pages"},
        {"", "pages", ARGS("page", 1), "/pages"},
        {"", "pages", ARGS("page", 1.0), "/pages"},
        {"", "pages", ARGS("page", 2), "/pages/2"},
        {"", "pages", ARGS("page", "1"), "/pages/1"},
        {"", "items", NO_ARGS, "/items/"},
        {"", "items", ARGS("item", 4), "/items/4"},
        {"", "items", ARGS("item", NULL), "/items/"},
        {"PUT", "items", ARGS("item", 9), "/items/9"},
        {"POST", "items", ARGS("item", 9), "/items/?item=9"},
        {"", "search", NO_ARGS, "/search-get"},
        {"HEAD", "search", NO_ARGS, "/search-get"},
        {"POST", "search", NO_ARGS, "/search-post"},
    };
    check_builds(map, rows, RT_COUNT(rows));

    rt_str url;
    rt_url_build_options options = {.try_method = RT_STR("POST")};
    CHECK_EQ(rt_url_build(map, &arena, "search", NULL, 0, &options, &url, NULL),
             RT_OK);
    CHECK_EQ(url, RT_STR("/search-post"));
    CHECK_EQ(rt_url_build(map, &arena, "leaf", NULL, 0, &options, &url, NULL),
             RT_OK);
    CHECK_EQ(url, RT_STR("/leaf")); // none has POST, so any will do
    rt_arena_deinit(&arena);
}

RT_TEST(values_without_variable_become_the_query)
{
    rt_arena arena = {0};
    rt_url_map *map = example(&arena);
    const rt_value list[] = {RT("x"), RT(NULL), RT(2), RT("")};
    const build_row rows[] = {
        {"", "leaf", ARGS("b", "2", "a", "1 2", "c", "\xc3\xa9&="),
         "/leaf?b=2&a=1+2&c=%C3%A9%26%3D"},
        {"", "leaf", ARGS("k", rt_list_of(&arena, list, 4)),
         "/leaf?k=x&k=2&k="},
        {"", "leaf", ARGS("k", rt_tuple_of(&arena, list, 1)), "/leaf?k=x"},
        {"", "leaf", ARGS("k", rt_list_new(&arena)), "/leaf"},
        {"", "leaf", ARGS("k", NULL, "j", "v", "u", rt_value_undefined()),
         "/leaf?j=v"},
        {"", "leaf", ARGS("k", true, "f", 1.5, "i", 3),
         "/leaf?k=True&f=1.5&i=3"},
        {"", "leaf", ARGS("k", "1+2"), "/leaf?k=1%2B2"},
        {"", "leaf", ARGS("k", 1, "k", 2), "/leaf?k=1&k=2"},
        {"", "int", ARGS("n", 1, "n", 2, "q", "x"), "/int/2?q=x"},
        {"", "fix", ARGS("n", 5, "q", ""), "/fix/5/x?q="},
    };
    check_builds(map, rows, RT_COUNT(rows));
    rt_arena_deinit(&arena);
}

RT_TEST(root_anchor_and_query_are_options)
{
    static const struct {
        rt_url_build_options options;
        const char *expected;
    } rows[] = {
        {{.drop_unknown = false}, "/leaf?q=1"},
        {{.drop_unknown = true}, "/leaf"},
        {{.root = {"/mnt/s p", 8}}, "/mnt/s%20p/leaf?q=1"},
        {{.root = {"/mnt/", 5}}, "/mnt/leaf?q=1"},
        {{.root = {"/", 1}}, "/leaf?q=1"},
        {{.anchor = {"top of page\xc3\xa9", 13}},
         "/leaf?q=1#top%20of%20page%C3%A9"},
        {{.anchor = {"x?y#z", 5}}, "/leaf?q=1#x?y#z"},
        {{.anchor = {"", 0}}, "/leaf?q=1#"},
    };

    rt_arena arena = {0};
    rt_url_map *map = example(&arena);
    rt_pair args[] = {{"q", RT(1)}};
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].expected);
        rt_str url;
        CHECK_EQ(rt_url_build(map, &arena, "leaf", args, 1, &rows[i].options,
                              &url, NULL),
                 RT_OK);
        CHECK_EQ(url, rt_str_from(rows[i].expected));
        CHECK_EQ(url.data[url.len], '\0');
    }
    rt_arena_deinit(&arena);
}

RT_TEST(a_built_path_never_names_another_host)
{
    rt_arena arena = {0};
    rt_url_map *map = example(&arena);
    const build_row rows[] = {
        {"", "root_path", ARGS("p", "/evil.example/x"), "/evil.example/x"},
        {"", "root_path", ARGS("p", "///evil.example"), "/evil.example"},
        {"", "root_path", ARGS("p", ""), "/"},
        {"", "root_path", ARGS("p", "\\evil"), "/%5Cevil"},
    };
    check_builds(map, rows, RT_COUNT(rows));

    rt_pair args[] = {{"p", RT("//evil")}};
    rt_url_build_options options = {.root = RT_STR("/mnt")};
    rt_str url;
    CHECK_EQ(rt_url_build(map, &arena, "root_path", args, 1, &options, &url,
                          NULL),
             RT_OK);
    CHECK_EQ(url, RT_STR("/mnt/evil"));
    rt_arena_deinit(&arena);
}

RT_TEST(an_error_says_what_would_have_been_right)
{
    rt_arena arena = {0};
    rt_url_map *map = example(&arena);
    const build_row rows[] = {
        {"", "int", NO_ARGS,
         "cannot build a URL for endpoint \"int\"; the value \"n\" is missing"},
        {"", "int", ARGS("n", NULL),
         "cannot build a URL for endpoint \"int\"; the value \"n\" is missing"},
        {"", "multi", ARGS("b", "x", "c", "y"),
         "cannot build a URL for endpoint \"multi\" with \"b\", \"c\"; the "
         "values \"a\", \"ext\" are missing"},
        {"", "leef", NO_ARGS,
         "cannot build a URL for endpoint \"leef\"; did you mean \"leaf\"?"},
        {"", "nosuch", NO_ARGS, "cannot build a URL for endpoint \"nosuch\""},
        {"", "strin", ARGS("s", 1),
         "cannot build a URL for endpoint \"strin\" with \"s\"; did you mean "
         "\"string\"?"},
        {"POST", "leaf", NO_ARGS,
         "cannot build a URL for endpoint \"leaf\" and method POST; its "
         "methods are GET, HEAD, OPTIONS"},
        {"POST", "int", NO_ARGS,
         "cannot build a URL for endpoint \"int\" and method POST; its "
         "methods are GET, HEAD, OPTIONS; the value \"n\" is missing"},
        {"", "fix", ARGS("n", 6),
         "cannot build a URL for endpoint \"fix\" with \"n\""},
    };
    check_builds(map, rows, RT_COUNT(rows));

    rt_str url;
    CHECK_EQ(rt_url_build(map, &arena, "int", NULL, 0, NULL, &url, NULL),
             RT_E_NOT_FOUND);

    rt_url_map *empty = new_map(&arena, NULL, 0);
    rt_error err = {0};
    CHECK_EQ(rt_url_build(empty, &arena, "x", NULL, 0, NULL, &url, &err),
             RT_E_NOT_FOUND);
    CHECK_EQ(err.message, RT_STR("cannot build a URL for endpoint \"x\""));
    rt_arena_deinit(&arena);
}

RT_TEST(the_nearest_rule_is_that_of_name_then_values_then_method)
{
    const rule_row rules[] = {
        {.text = "/a", .endpoint = "users.here"},
        {.text = "/b", .endpoint = "admin.users"},
        {.text = "/c", .endpoint = "foo.users"},
        {.text = "/id/<id>", .endpoint = "same"},
        {.text = "/slug/<slug>", .endpoint = "same"},
        {.text = "/post", .endpoint = "verb", .methods = "POST"},
        {.text = "/get", .endpoint = "verb"},
        {.text = "/put", .endpoint = "verb", .methods = "PUT"},
    };
    rt_arena arena = {0};
    rt_url_map *map = new_map(&arena, rules, RT_COUNT(rules));

    const struct {
        const char *endpoint;
        rt_url_defaults args;
        const char *method;
        const char *expected;
    } rows[] = {
        {"admin.user", NO_ARGS, NULL, "/b"},
        {"users.her", NO_ARGS, NULL, "/a"},
        {"fo.users", NO_ARGS, NULL, "/c"},
        {"sam", NO_ARGS, NULL, "/id/<id>"},
        {"sam", ARGS("slug", 1), NULL, "/slug/<slug>"},
        {"sam", ARGS("other", 1), NULL, "/id/<id>"},
        {"verbs", NO_ARGS, "PUT", "/put"},
        {"verbs", NO_ARGS, "GET", "/get"},
        {"verbs", NO_ARGS, "POST", "/post"},
        {"", NO_ARGS, NULL, "/a"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("%zu: %s", i, rows[i].endpoint);
        const rt_url_rule *rule =
            rt_url_nearest(map, rows[i].endpoint, rows[i].args.items,
                           rows[i].args.len, rt_str_from(rows[i].method));
        CHECK_EQ(rt_url_rule_text(rule), rt_str_from(rows[i].expected));
    }

    char name[1000];
    memset(name, 'v', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    CHECK(rt_url_nearest(map, name, NULL, 0, (rt_str){0}) != NULL);
    rt_arena_deinit(&arena);
}

// ---- match(build(x)) == x -----------------------------------------------

static uint64_t dice = 1;

static uint64_t roll(uint64_t sides)
{
    dice ^= dice << 13;
    dice ^= dice >> 7;
    dice ^= dice << 17;
    return dice % sides;
}

static rt_value roll_text(rt_arena *arena, bool slashes)
{
    static const char *const pieces[] = {
        "a", "b", "7", "-",  " ",  "%", "\xc3\xa9", "\xf0\x9f\x8d\xb0",
        "?", "#", "+", "&=", "\"", "/", "//"};
    size_t n = RT_COUNT(pieces) - (slashes ? 0 : 2);
    rt_buf buf;
    rt_buf_init(&buf, arena);
    rt_buf_put_char(&buf, 'x');
    for (uint64_t i = roll(6); i > 0; i--)
        rt_buf_put_cstr(&buf, pieces[roll(n)]);
    rt_buf_put_char(&buf, 'y');
    return rt_value_str(rt_buf_str(&buf));
}

static double roll_double(void)
{
    double x = (double)roll(1u << 20) / 7;
    for (uint64_t i = roll(60); i > 0; i--)
        x *= roll(2) ? 10 : 0.1;
    return x;
}

static rt_value roll_value(rt_arena *arena, const char *name)
{
    switch (name[0]) {
    case 'n': return RT((int64_t)(roll(UINT64_MAX) >> (1 + roll(60))));
    case 'm': return RT(-(int64_t)roll(1000));
    case 'f': return RT(roll_double());
    case 'g': return RT(-roll_double());
    case 'p': return roll_text(arena, true);
    case 'w': return roll(2) ? RT("red") : RT("a.b");
    case 'u': return RT("00112233-4455-6677-8899-aabbccddeeff");
    default: return roll_text(arena, false);
    }
}

RT_TEST(what_is_built_is_matched_again)
{
    static const rule_row rules[] = {
        {.text = "/1/<s>"},
        {.text = "/2/<int:n>/<s>/"},
        {.text = "/3/<float:f>"},
        {.text = "/4/<int(signed=true):m>,<float(signed=true):g>"},
        {.text = "/5/<path:p>"},
        {.text = "/6/<path:p>/edit/<int:n>"},
        {.text = "/7/<any(red,\"a.b\"):w>.<s>"},
        {.text = "/8/<uuid:u>-<int:n>"},
        {.text = "/\xc3\xbc<int:n>/<s>%<float:f>"},
    };
    rt_arena arena = {0};
    rt_url_map *map = new_map(&arena, rules, RT_COUNT(rules));
    for (int round = 0; round < 2000; round++) {
        rt_arena_mark mark = rt_arena_save(&arena);
        size_t n = 0;
        const rt_url_rule *rule =
            rt_url_map_rules(map, &n)[roll(RT_COUNT(rules))];
        const rt_url_variable *variables = rt_url_rule_variables(rule, &n);
        rt_pair args[RT_URL_RULE_VARIABLES_MAX];
        for (size_t i = 0; i < n; i++) {
            args[i].name = variables[i].name;
            args[i].value = roll_value(&arena, variables[i].name);
        }

        rt_str url = {0};
        REQUIRE(rt_url_build(map, &arena, rt_url_rule_endpoint(rule), args, n,
                             NULL, &url, NULL) == RT_OK);
        RT_CASE(url.data);
        rt_url_target target = {
            .method = RT_METHOD_GET,
            .path = rt_percent_decode_path(&arena, url),
        };
        rt_url_result result;
        REQUIRE(rt_url_match(map, &arena, &target, &result) == RT_URL_FOUND);
        CHECK_EQ((const void *)result.rule, (const void *)rule);
        REQUIRE(result.args_len == n);
        for (size_t i = 0; i < n; i++) {
            CHECK_EQ(rt_value_repr(&arena, result.args[i].value),
                     rt_value_repr(&arena, args[i].value));
        }
        rt_arena_rewind(&arena, mark);
    }
    rt_arena_deinit(&arena);
}
