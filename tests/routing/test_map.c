#include "retort/routing/map.h"
#include "routing.h"

typedef struct match_row {
    const char *method;
    const char *path;
    const char *expected;
} match_row;

static void check_matches(const rt_url_map *map, const match_row *rows,
                          size_t n)
{
    for (size_t i = 0; i < n; i++) {
        rt_arena arena = {0};
        rt_test_case("%s %s", rows[i].method, rows[i].path);
        CHECK_EQ(match(&arena, map, rows[i].method, rows[i].path),
                 rt_str_from(rows[i].expected));
        rt_arena_deinit(&arena);
    }
}

// Check the rows on the rules in their order and in the opposite one: what is
// found does not depend on it.
static void check_both_ways(const rule_row *rules, size_t rules_len,
                            const match_row *rows, size_t rows_len)
{
    rt_arena arena = {0};
    check_matches(new_map(&arena, rules, rules_len), rows, rows_len);

    rule_row *backwards = rt_new(&arena, rule_row, rules_len);
    for (size_t i = 0; i < rules_len; i++)
        backwards[i] = rules[rules_len - 1 - i];
    check_matches(new_map(&arena, backwards, rules_len), rows, rows_len);
    rt_arena_deinit(&arena);
}

#define CHECK_BOTH_WAYS(rules, rows) \
    check_both_ways(rules, RT_COUNT(rules), rows, RT_COUNT(rows))

RT_TEST(text_goes_before_variables_and_narrow_before_wide)
{
    static const rule_row rules[] = {
        {.text = "/w/static", .endpoint = "static"},
        {.text = "/w/<path:p>", .endpoint = "path"},
        {.text = "/w/<s>", .endpoint = "string"},
        {.text = "/w/<int:n>", .endpoint = "int"},
        {.text = "/w/<s>/x", .endpoint = "string_x"},
        {.text = "/w/<int:n>/y", .endpoint = "int_y"},
        {.text = "/file.<ext>", .endpoint = "file_ext"},
        {.text = "/file.txt", .endpoint = "file_txt"},
        {.text = "/<a>-<b>", .endpoint = "two"},
        {.text = "/<a>", .endpoint = "one"},
        {.text = "/v-<a>", .endpoint = "prefix"},
        {.text = "/vv-<a>", .endpoint = "longer_prefix"},
        {.text = "/<path:p>/edit", .endpoint = "edit"},
        {.text = "/<path:p>", .endpoint = "rest"},
    };
    static const match_row rows[] = {
        {"GET", "/w/static", "static"},
        {"GET", "/w/12", "int n=12"},
        {"GET", "/w/word", "string s='word'"},
        {"GET", "/w/word/more", "path p='word/more'"},
        {"GET", "/w/static/x", "string_x s='static'"}, // goes back
        {"GET", "/w/12/x", "string_x s='12'"},         // and again
        {"GET", "/w/12/y", "int_y n=12"},
        {"GET", "/w/12/z", "path p='12/z'"},
        {"GET", "/file.txt", "file_txt"},
        {"GET", "/file.png", "file_ext ext='png'"},
        {"GET", "/x-y", "two a='x' b='y'"},
        {"GET", "/v-y", "prefix a='y'"},
        {"GET", "/vv-y", "longer_prefix a='y'"},
        {"GET", "/xy", "one a='xy'"},
        {"GET", "/x/y/edit", "edit p='x/y'"},
        {"GET", "/x/y/edits", "rest p='x/y/edits'"},
    };
    CHECK_BOTH_WAYS(rules, rows);
}

RT_TEST(the_path_part_decides_before_what_follows_it)
{
    static const rule_row rules[] = {
        {.text = "/<path:p>/c", .endpoint = "simple"},
        {.text = "/<path:p>/<a>/<b>", .endpoint = "complex"},
    };
    static const match_row rows[] = {
        {"GET", "/a/b/c", "simple p='a/b'"},
        {"GET", "/a/b/d", "complex p='a' a='b' b='d'"},
    };
    CHECK_BOTH_WAYS(rules, rows);
}

RT_TEST(a_value_out_of_bounds_ends_the_search)
{
    static const rule_row rules[] = {
        {.text = "/<int(max=9):n>", .endpoint = "digit"},
        {.text = "/<s>", .endpoint = "string"},
        {.text = "/x/<int:n>", .endpoint = "big"},
        {.text = "/x/<s>", .endpoint = "post", .methods = "POST"},
    };
    static const match_row rows[] = {
        {"GET", "/9", "digit n=9"},
        {"GET", "/10", "404"},
        {"GET", "/x10", "string s='x10'"},
        {"GET", "/x/99999999999999999999", "404"},
        // The rule with POST comes after the one whose value is out of bounds.
        {"GET", "/x/y", "405 POST, OPTIONS"},
    };
    CHECK_BOTH_WAYS(rules, rows);
}

RT_TEST(methods_choose_among_rules_of_one_path)
{
    static const rule_row rules[] = {
        {.text = "/verbs", .endpoint = "get"},
        {.text = "/verbs", .endpoint = "post", .methods = "POST"},
        {.text = "/<x>", .endpoint = "purge", .methods = "purge DELETE"},
        {.text = "/<path:x>", .endpoint = "lock", .methods = "LOCK"},
        {.text = "/none", .endpoint = "none", .no_options = true},
        {.text = "/own", .endpoint = "own", .methods = "GET OPTIONS"},
        {.text = "/any", .endpoint = "any", .methods = "*"},
    };
    static const match_row rows[] = {
        {"GET", "/verbs", "get"},
        {"HEAD", "/verbs", "get"},
        {"POST", "/verbs", "post"},
        {"DELETE", "/verbs", "purge x='verbs'"},
        {"PURGE", "/verbs", "purge x='verbs'"},
        {"LOCK", "/verbs", "lock x='verbs'"},
        {"PUT", "/verbs", "405 GET, HEAD, POST, DELETE, OPTIONS, PURGE, LOCK"},
        {"get", "/verbs", "405 GET, HEAD, POST, DELETE, OPTIONS, PURGE, LOCK"},
        {"OPTIONS", "/x", "purge x='x' OPTIONS DELETE, OPTIONS, PURGE, LOCK"},
        {"PURGE", "/x", "purge x='x'"},
        {"GET", "/x", "405 DELETE, OPTIONS, PURGE, LOCK"},
        {"GET", "/x/y", "405 OPTIONS, LOCK"},
        {"GET", "/none", "none"},
        {"OPTIONS", "/own", "own"},
        {"OPTIONS", "/any", "any"},
        {"FROB", "/any", "any"},
        {"GET", "/", "404"},
    };
    CHECK_BOTH_WAYS(rules, rows);
}

RT_TEST(allowed_methods_are_those_of_all_rules_with_the_path)
{
    static const rule_row rules[] = {
        {.text = "/<x>"},
        {.text = "/a", .methods = "POST", .no_options = true},
        {.text = "/b/", .methods = "PUT"},
        {.text = "/<x>/", .methods = "*"},
    };

    static const struct {
        const char *path;
        const char *expected;
    } rows[] = {
        {"/a", "GET, HEAD, POST, OPTIONS"},
        {"/x", "GET, HEAD, OPTIONS"},
        {"/b/", "PUT, OPTIONS"}, // and any other
        {"/b/c/d", ""},
    };

    rt_arena arena = {0};
    rt_url_map *map = new_map(&arena, rules, RT_COUNT(rules));
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].path);
        rt_method_set methods = rt_url_allowed_methods(
            map, &arena, &(rt_url_target){.path = rt_guarded(rows[i].path)});
        CHECK(rt_str_eq(rt_method_set_dump(&arena, methods),
                        rt_str_from(rows[i].expected)));
    }
    rt_arena_deinit(&arena);
}

RT_TEST(a_rule_can_leave_options_alone)
{
    static const rule_row rules[] = {{.text = "/x", .no_options = true}};
    static const match_row rows[] = {
        {"GET", "/x", "/x"},
        {"OPTIONS", "/x", "405 GET, HEAD"},
    };
    CHECK_BOTH_WAYS(rules, rows);
}

RT_TEST(a_branch_redirects_to_its_slash)
{
    static const rule_row rules[] = {
        {.text = "/", .endpoint = "root"},
        {.text = "/leaf", .endpoint = "leaf"},
        {.text = "/branch/", .endpoint = "branch", .methods = "GET POST"},
        {.text = "/loose", .endpoint = "loose", .strict_slashes = RT_OFF},
        {.text = "/loose-branch/",
         .endpoint = "loose_branch",
         .strict_slashes = RT_OFF},
        {.text = "/\xc3\xb6 \xc3\xbc/", .endpoint = "umlauts"},
        {.text = "/x/<a>/", .endpoint = "x"},
        {.text = "/y/<path:p>", .endpoint = "y", .strict_slashes = RT_OFF},
        {.text = "/z/<path:p>/", .endpoint = "z", .strict_slashes = RT_OFF},
    };
    static const match_row rows[] = {
        {"GET", "/", "root"},
        {"GET", "", "308 /"},
        {"GET", "/leaf", "leaf"},
        {"GET", "/leaf/", "404"},
        {"GET", "/branch/", "branch"},
        {"GET", "/branch", "308 /branch/"},
        {"POST", "/branch", "308 /branch/"},
        {"OPTIONS", "/branch", "308 /branch/"},
        {"PUT", "/branch", "404"},
        {"PUT", "/branch/", "405 GET, HEAD, POST, OPTIONS"},
        {"GET", "/loose", "loose"},
        {"GET", "/loose/", "loose"},
        {"PUT", "/loose/", "405 GET, HEAD, OPTIONS"},
        {"GET", "/loose//", "308 /loose/"},
        {"GET", "/loose-branch", "loose_branch"},
        {"GET", "/loose-branch/", "loose_branch"},
        {"GET", "/\xc3\xb6 \xc3\xbc", "308 /%C3%B6%20%C3%BC/"},
        {"GET", "/x/a b", "308 /x/a%20b/"},
        {"GET", "/x/?", "308 /x/%3F/"},
        {"GET", "/y/a/", "y p='a/'"},
        {"GET", "/z/a/b", "z p='a/b'"},
        {"GET", "/z/a/b/", "z p='a/b'"},
    };
    CHECK_BOTH_WAYS(rules, rows);
}

RT_TEST(a_leaf_that_is_loose_leaves_the_slash_to_a_branch)
{
    static const rule_row rules[] = {
        {.text = "/a", .endpoint = "leaf", .strict_slashes = RT_OFF},
        {.text = "/a/", .endpoint = "branch", .strict_slashes = RT_OFF},
        {.text = "/b", .endpoint = "post", .methods = "POST"},
        {.text = "/b/", .endpoint = "get"},
    };
    static const match_row rows[] = {
        {"GET", "/a", "leaf"},
        {"GET", "/a/", "branch"},
        {"POST", "/b", "post"},
        {"GET", "/b", "308 /b/"},
        {"POST", "/b/", "405 GET, HEAD, OPTIONS"},
    };
    CHECK_BOTH_WAYS(rules, rows);
}

RT_TEST(slashes_merge_where_the_path_has_no_rule_as_it_is)
{
    static const rule_row rules[] = {
        {.text = "/a/b/c", .endpoint = "abc"},
        {.text = "/yes/tail/", .endpoint = "tail"},
        {.text = "/with/<path:p>", .endpoint = "with"},
        {.text = "/no//merge", .endpoint = "no_merge", .merge_slashes = RT_OFF},
        {.text = "/no/merging",
         .endpoint = "no_merging",
         .merge_slashes = RT_OFF},
        {.text = "/in//rule", .endpoint = "in_rule"},
        {.text = "/<some>/path", .endpoint = "some"},
        {.text = "/post", .endpoint = "post", .methods = "POST"},
    };
    static const match_row rows[] = {
        {"GET", "/a//b///c", "308 /a/b/c"},
        {"GET", "//a/b/c", "abc"},
        {"GET", "////a/b//c", "308 /a/b/c"},
        {"GET", "/yes//tail", "308 /yes/tail/"},
        {"GET", "/yes/tail//", "308 /yes/tail/"},
        {"GET", "/with/http://x//y", "with p='http://x//y'"},
        {"GET", "/no//merge", "no_merge"},
        {"GET", "/no/merge", "404"},
        {"GET", "/no/merging", "no_merging"},
        {"GET", "/no//merging", "404"},
        {"GET", "/in/rule", "in_rule"},
        {"GET", "/in//rule", "308 /in/rule"},
        {"GET", "/%//path", "308 /%25/path"},
        {"GET", "//post//x", "404"},
        {"GET", "//x//post", "404"},
        {"GET", "//post", "405 POST, OPTIONS"},
    };
    CHECK_BOTH_WAYS(rules, rows);
}

RT_TEST(a_redirect_never_leaves_the_host)
{
    static const rule_row rules[] = {
        {.text = "/<path:p>/", .endpoint = "branch"},
        {.text = "/to/<path:p>", .endpoint = "to"},
        {.text = "/", .endpoint = "root", .merge_slashes = RT_OFF},
        {.text = "//", .endpoint = "two", .merge_slashes = RT_OFF},
    };
    static const match_row rows[] = {
        {"GET", "//evil.example", "308 /evil.example/"},
        {"GET", "///evil.example/a", "308 /evil.example/a/"},
        {"GET", "/\\evil.example", "308 /%5Cevil.example/"},
        {"GET", "//", "root"},
    };
    CHECK_BOTH_WAYS(rules, rows);
}

RT_TEST(map_options_hold_for_rules_that_do_not_say)
{
    const rule_row rules[] = {
        {.text = "/leaf", .endpoint = "leaf"},
        {.text = "/branch/", .endpoint = "branch"},
        {.text = "/strict/", .endpoint = "strict", .strict_slashes = RT_ON},
        {.text = "/a//b", .endpoint = "a"},
        {.text = "/pages",
         .endpoint = "pages",
         .defaults = RT_DEFAULTS("page", 1)},
        {.text = "/pages/<int:page>", .endpoint = "pages"},
    };
    static const match_row rows[] = {
        {"GET", "/leaf/", "leaf"},
        {"GET", "/branch", "branch"},
        {"GET", "/strict", "308 /strict/"},
        {"GET", "/a//b", "a"},
        {"GET", "/a/b", "404"},
        {"GET", "/leaf//", "404"},
        {"GET", "/pages/1", "pages page=1"},
    };
    rt_arena arena = {0};
    rt_url_map_options options = {
        .strict_slashes = RT_OFF,
        .merge_slashes = RT_OFF,
        .redirect_defaults = RT_OFF,
    };
    rt_url_map *map = rt_url_map_new(&arena, &options);
    add_rules(map, rules, RT_COUNT(rules));
    rt_url_map_compile(map);
    check_matches(map, rows, RT_COUNT(rows));
    rt_arena_deinit(&arena);
}

RT_TEST(defaults_are_arguments_and_redirect_what_they_stand_for)
{
    const rule_row rules[] = {
        {.text = "/pages",
         .endpoint = "pages",
         .defaults = RT_DEFAULTS("page", 1)},
        {.text = "/pages/<int:page>", .endpoint = "pages"},
        {.text = "/c/<cat>/",
         .endpoint = "cat",
         .defaults = RT_DEFAULTS("page", 1, "size", "all")},
        {.text = "/c/<cat>/p/<int:page>/<size>", .endpoint = "cat"},
        {.text = "/users",
         .endpoint = "users",
         .defaults = RT_DEFAULTS("id", NULL)},
        {.text = "/users/<int:id>", .endpoint = "users"},
        {.text = "/k/<int:n>/x",
         .endpoint = "k",
         .defaults = RT_DEFAULTS("n", 5, "m", 6)},
        {.text = "/post",
         .endpoint = "p",
         .methods = "POST",
         .defaults = RT_DEFAULTS("n", 1)},
        {.text = "/post/<int:n>", .endpoint = "p", .methods = "GET POST"},
        {.text = "/built",
         .endpoint = "b",
         .build_only = true,
         .defaults = RT_DEFAULTS("n", 1)},
        {.text = "/b/<int:n>", .endpoint = "b"},
    };
    static const match_row rows[] = {
        {"GET", "/pages", "pages page=1"},
        {"GET", "/pages/2", "pages page=2"},
        {"GET", "/pages/1", "308 /pages"},
        {"GET", "/pages/001", "308 /pages"},
        {"GET", "/c/a b/p/1/all", "308 /c/a%20b/"},
        {"GET", "/c/a b/p/1/one", "cat cat='a b' page=1 size='one'"},
        {"GET", "/c/a b/", "cat cat='a b' page=1 size='all'"},
        {"GET", "/users", "users id=None"},
        {"GET", "/users/3", "users id=3"},
        {"GET", "/k/9/x", "k n=5 m=6"},
        {"POST", "/post/1", "308 /post"},
        {"GET", "/post/1", "p n=1"},
        {"GET", "/b/1", "b n=1"},
        {"GET", "/built", "404"},
    };
    CHECK_BOTH_WAYS(rules, rows);
}

RT_TEST(rules_are_any_utf8_and_paths_may_have_nuls)
{
    static const rule_row rules[] = {
        {.text = "/p\xc3\xa4ge/<name>", .endpoint = "page"},
        {.text = "/\xd0\xb2\xd0\xbe\xd0\xb9\xd1\x82\xd0\xb8/",
         .endpoint = "enter"},
        {.text = "/a>b/%20", .endpoint = "odd"},
    };
    static const match_row rows[] = {
        {"GET", "/p\xc3\xa4ge/x", "page name='x'"},
        {"GET", "/\xd0\xb2\xd0\xbe\xd0\xb9\xd1\x82\xd0\xb8",
         "308 /%D0%B2%D0%BE%D0%B9%D1%82%D0%B8/"},
        {"GET", "/a>b/%20", "odd"},
        {"GET", "/a>b/ ", "404"},
        {"GET", "*", "404"},
        {"GET", "no-slash", "404"},
    };
    CHECK_BOTH_WAYS(rules, rows);

    rt_arena arena = {0};
    rt_url_map *map = new_map(&arena, rules, RT_COUNT(rules));
    rt_str path = rt_guarded_bytes("/p\xc3\xa4ge/a\0b", 10);
    CHECK_EQ(match_bytes(&arena, map, "GET", path),
             RT_STR("page name='a\\x00b'"));
    rt_arena_deinit(&arena);
}

RT_TEST(texts_of_arguments_are_copies_with_a_nul)
{
    rt_arena arena = {0};
    rt_url_map *map =
        new_map(&arena, &(rule_row){.text = "/<a>/<path:b>/<uuid:c>"}, 1);
    char path[] = "/x/y/z/12345678-1234-5678-1234-567812345678";
    rt_url_target target = {
        .method = RT_METHOD_GET,
        .path = rt_str_of(path, sizeof path - 1),
    };
    rt_url_result result;
    REQUIRE(rt_url_match(map, &arena, &target, &result) == RT_URL_FOUND);
    memset(path, '#', sizeof path);

    static const char *const expected[] = {
        "x", "y/z", "12345678-1234-5678-1234-567812345678"};
    REQUIRE(result.args_len == RT_COUNT(expected));
    for (size_t i = 0; i < result.args_len; i++) {
        rt_value value = result.args[i].value;
        const char *text = rt_value_as_cstr(&arena, value);
        CHECK_EQ(text, expected[i]);
        CHECK_EQ((const void *)text, (const void *)rt_value_as_str(value).data);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(a_rule_that_is_there_already_is_refused)
{
    static const struct {
        rule_row first;
        rule_row second;
        rt_status status;
    } rows[] = {
        {{.text = "/"}, {.text = "/"}, RT_E_EXISTS},
        {{.text = "/<a>"}, {.text = "/<b>"}, RT_E_EXISTS},
        {{.text = "/<a>"}, {.text = "/<string(minlength=1):b>"}, RT_E_EXISTS},
        {{.text = "/<a>"}, {.text = "/<int:a>"}, RT_OK},
        {{.text = "/<int(min=1):a>"}, {.text = "/<int(max=0):a>"}, RT_E_EXISTS},
        {{.text = "/<int(signed=true):a>"}, {.text = "/<int:a>"}, RT_OK},
        {{.text = "/<any(a,b):a>"}, {.text = "/<any(a,c):a>"}, RT_OK},
        {{.text = "/<any(a,b):a>"}, {.text = "/<any(a,b):b>"}, RT_E_EXISTS},
        {{.text = "/a"}, {.text = "/a/"}, RT_OK},
        {{.text = "/<path:a>"}, {.text = "/<path:a>/"}, RT_OK},
        {{.text = "/<path:a>/"}, {.text = "/<path:b>/"}, RT_E_EXISTS},
        {{.text = "/a//b"}, {.text = "/a/b"}, RT_E_EXISTS},
        {{.text = "/a"}, {.text = "/a", .methods = "POST"}, RT_OK},
        {{.text = "/a", .methods = "GET PUT"},
         {.text = "/a", .methods = "POST PUT"},
         RT_E_EXISTS},
        {{.text = "/a", .methods = "GET OPTIONS"},
         {.text = "/a", .methods = "POST OPTIONS HEAD"},
         RT_OK},
        {{.text = "/a", .methods = "OPTIONS HEAD"},
         {.text = "/a", .methods = "HEAD OPTIONS"},
         RT_E_EXISTS},
        {{.text = "/a", .methods = "FROB"},
         {.text = "/a", .methods = "FROB GET"},
         RT_E_EXISTS},
        {{.text = "/a", .methods = "FROB"},
         {.text = "/a", .methods = "BLUB"},
         RT_OK},
        {{.text = "/a", .methods = "*"}, {.text = "/a"}, RT_E_EXISTS},
        {{.text = "/a", .build_only = true}, {.text = "/a"}, RT_OK},
        {{.text = "/a"}, {.text = "/a", .build_only = true}, RT_OK},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("%s %s and %s %s", rows[i].first.text,
                     rows[i].first.methods, rows[i].second.text,
                     rows[i].second.methods);
        rt_arena arena = {0};
        rt_url_map *map = rt_url_map_new(&arena, NULL);
        rt_error err = {0};
        CHECK_EQ(add_rule(map, &rows[i].first, NULL), RT_OK);
        CHECK_EQ(add_rule(map, &rows[i].second, &err), rows[i].status);
        if (rows[i].status) {
            rt_str message =
                rt_str_concat(&arena,
                              rt_str_concat(&arena, RT_STR("rule \""),
                                            rt_str_from(rows[i].first.text)),
                              RT_STR("\" of endpoint"));
            CHECK(rt_str_starts_with(err.message, message));
        }
        rt_arena_deinit(&arena);
    }
}

RT_TEST(a_compiled_map_takes_no_rules)
{
    rt_arena arena = {0};
    rt_url_map *map = new_map(&arena, &(rule_row){.text = "/a"}, 1);
    rt_error err = {0};
    rule_row row = {.text = "/b"};
    CHECK_EQ(add_rule(map, &row, &err), RT_E_FROZEN);
    CHECK_EQ(err.message, RT_STR("rules are added before the map is compiled"));
    CHECK_EQ(match(&arena, map, "GET", "/b"), RT_STR("404"));
    rt_arena_deinit(&arena);
}

RT_TEST(rules_are_listed_as_added_and_as_matched)
{
    static const rule_row rules[] = {
        {.text = "/<path:p>"},
        {.text = "/b", .build_only = true},
        {.text = "/<int:n>"},
        {.text = "/a/<x>"},
        {.text = "/a"},
        {.text = "/a", .methods = "POST", .endpoint = "post"},
        {.text = "/"},
    };
    rt_arena arena = {0};
    rt_url_map *map = new_map(&arena, rules, RT_COUNT(rules));

    size_t n = 0;
    const rt_url_rule *const *added = rt_url_map_rules(map, &n);
    REQUIRE(n == RT_COUNT(rules));
    for (size_t i = 0; i < n; i++)
        CHECK_EQ(rt_url_rule_text(added[i]), rt_str_from(rules[i].text));

    CHECK_EQ(rt_url_map_dump(&arena, map),
             RT_STR("/a (GET, HEAD, OPTIONS) -> /a\n"
                    "/a (POST, OPTIONS) -> post\n"
                    "/a/<x> (GET, HEAD, OPTIONS) -> /a/<x>\n"
                    "/ (GET, HEAD, OPTIONS) -> /\n"
                    "/<int:n> (GET, HEAD, OPTIONS) -> /<int:n>\n"
                    "/<path:p> (GET, HEAD, OPTIONS) -> /<path:p>\n"
                    "/b (GET, HEAD, OPTIONS) -> /b\n"));
    rt_arena_deinit(&arena);
}

RT_TEST(many_rules_of_one_kind_are_told_apart)
{
    enum {
        COUNT = 500
    };

    rt_arena arena = {0};
    rt_url_map *map = rt_url_map_new(&arena, NULL);
    for (int i = 0; i < COUNT; i++) {
        static const char *const forms[][2] = {
            {"/text", ""},        {"/p", "-<x>"},       {"/p", "-<int:x>.txt"},
            {"/<x>.e", ""},       {"/<int:x>.e", ""},   {"/<path:x>/end", ""},
            {"/<path:x>/q", "/"}, {"/sub", "/<a>-<b>/"}};
        for (size_t k = 0; k < RT_COUNT(forms); k++) {
            rt_buf text;
            rt_buf_init(&text, &arena);
            rt_buf_printf(&text, "%s%d%s", forms[k][0], i, forms[k][1]);
            rule_row row = {.text = rt_buf_str(&text).data};
            CHECK_EQ(add_rule(map, &row, NULL), RT_OK);
        }
    }
    add_rules(map,
              (const rule_row[]){
                  {.text = "/<int:n>", .endpoint = "int"},
                  {.text = "/<a>-<b>", .endpoint = "two"},
                  {.text = "/a-prefix-of-twenty-bytes-<x>", .endpoint = "long"},
                  {.text = "/a-prefix-of-twenty-other-<x>",
                   .endpoint = "other"},
                  {.text = "/a-prefix-of-more-bytes-than-count-1-<x>",
                   .endpoint = "longer-1"},
                  {.text = "/a-prefix-of-more-bytes-than-count-2-<x>",
                   .endpoint = "longer-2"},
                  {.text = "/<int:x>.a-suffix-of-more-bytes-than-count",
                   .endpoint = "suffix"},
              },
              7);
    rt_url_map_compile(map);

    static const match_row rows[] = {
        {"GET", "/text0", "/text0"},
        {"GET", "/text499", "/text499"},
        {"GET", "/text500", "404"},
        {"GET", "/p0-a", "/p0-<x> x='a'"},
        {"GET", "/p499-12", "/p499-<x> x='12'"},
        {"GET", "/p499-12.txt", "/p499-<int:x>.txt x=12"},
        {"GET", "/p499-a.txt", "/p499-<x> x='a.txt'"},
        {"GET", "/p500-a", "two a='p500' b='a'"},
        {"GET", "/a.e7", "/<x>.e7 x='a'"},
        {"GET", "/a.e499", "/<x>.e499 x='a'"},
        {"GET", "/7.e499", "/<int:x>.e499 x=7"},
        {"GET", "/a.e500", "404"},
        {"GET", "/a/b/end0", "/<path:x>/end0 x='a/b'"},
        {"GET", "/a/b/end499", "/<path:x>/end499 x='a/b'"},
        {"GET", "/a/b/end500", "404"},
        {"GET", "/a/b/q499/", "/<path:x>/q499/ x='a/b'"},
        {"GET", "/a/b/q499", "308 /a/b/q499/"},
        {"GET", "/a/b/q499//", "308 /a/b/q499/"},
        {"GET", "/text7/end8", "/<path:x>/end8 x='text7'"},
        {"GET", "/sub7/x-y", "308 /sub7/x-y/"},
        {"GET", "/sub7/x-y/", "/sub7/<a>-<b>/ a='x' b='y'"},
        {"GET", "/7", "int n=7"},
        {"GET", "/a-prefix-of-twenty-bytes-7", "long x='7'"},
        {"GET", "/a-prefix-of-twenty-other-7", "other x='7'"},
        {"GET", "/a-prefix-of-more-bytes-than-count-1-x", "longer-1 x='x'"},
        {"GET", "/a-prefix-of-more-bytes-than-count-2-x", "longer-2 x='x'"},
        {"GET", "/7.a-suffix-of-more-bytes-than-count", "suffix x=7"},
        {"GET", "/7.b-suffix-of-more-bytes-than-count",
         "two a='7.b-suffix-of-more-bytes-than' b='count'"},
        {"GET", "/a-prefix-of-twenty-otter-7",
         "two a='a-prefix-of-twenty-otter' b='7'"},
    };
    check_matches(map, rows, RT_COUNT(rows));
    rt_arena_deinit(&arena);
}
