#include "retort/routing/rule.h"
#include "routing.h"

RT_TEST(a_malformed_rule_is_refused_with_its_column)
{
    static const struct {
        const char *text;
        rt_status status;
        size_t column;
        const char *message;
    } rows[] = {
        {"", RT_E_SYNTAX, 1, "a rule begins with a slash"},
        {"a/", RT_E_SYNTAX, 1, "a rule begins with a slash"},
        {"<a>", RT_E_SYNTAX, 1, "a rule begins with a slash"},
        {"/\xc3\xa9/\xff", RT_E_UTF8, 4, "this is not UTF-8"},
        {"/<", RT_E_SYNTAX, 3, "a variable's name is expected here"},
        {"/<>", RT_E_SYNTAX, 3, "a variable's name is expected here"},
        {"/<1>", RT_E_SYNTAX, 3, "a variable's name is expected here"},
        {"/\xc3\xa9<a", RT_E_SYNTAX, 3, "the bracket is never closed"},
        {"/<a-b>", RT_E_SYNTAX, 4, "\">\" is expected here"},
        {"/<a/b>", RT_E_SYNTAX, 4, "\">\" is expected here"},
        {"/<int:>", RT_E_SYNTAX, 7, "a variable's name is expected here"},
        {"/<int:a:b>", RT_E_SYNTAX, 8, "\">\" is expected here"},
        {"/<int(:a>", RT_E_SYNTAX, 7, "an argument is expected here"},
        {"/<int(", RT_E_SYNTAX, 7, "the parenthesis is never closed"},
        {"/<int(min=", RT_E_SYNTAX, 11, "the parenthesis is never closed"},
        {"/<int()>", RT_E_SYNTAX, 8,
         "a colon and the variable's name are expected here"},
        {"/<int(1 2):a>", RT_E_SYNTAX, 9,
         "a comma or a closing parenthesis is expected here"},
        {"/<any('a):a>", RT_E_SYNTAX, 7, "the quote is never closed"},
        {"/<any(\"a'):a>", RT_E_SYNTAX, 7, "the quote is never closed"},
        {"/<itn:a>", RT_E_NOT_FOUND, 3, "there is no converter \"itn\""},
        {"/<Int:a>", RT_E_NOT_FOUND, 3, "there is no converter \"Int\""},
        {"/<int(mim=3):a>", RT_E_SYNTAX, 7,
         "converter \"int\" has no argument \"mim\""},
        {"/<int(min=3, min=4):a>", RT_E_SYNTAX, 14,
         "argument \"min\" is given twice"},
        {"/<int(1,fixed_digits=4):a>", RT_E_SYNTAX, 9,
         "argument \"fixed_digits\" is given twice"},
        {"/<int(1,2,3,true,5):a>", RT_E_SYNTAX, 18,
         "converter \"int\" takes no argument here"},
        {"/<uuid(1):a>", RT_E_SYNTAX, 8,
         "converter \"uuid\" takes no argument here"},
        {"/<path(x=1):a>", RT_E_SYNTAX, 8,
         "converter \"path\" has no argument \"x\""},
        {"/<int(min=x):a>", RT_E_SYNTAX, 7, "an integer is expected here"},
        {"/<int(max=1.5):a>", RT_E_SYNTAX, 7, "an integer is expected here"},
        {"/<int(signed=1):a>", RT_E_SYNTAX, 7,
         "true or false is expected here"},
        {"/<int(fixed_digits=-1):a>", RT_E_SYNTAX, 7,
         "an integer of at least 0 is expected here"},
        {"/<float(min=x):a>", RT_E_SYNTAX, 9, "a number is expected here"},
        {"/<float(max=true):a>", RT_E_SYNTAX, 9, "a number is expected here"},
        {"/<float(1,2,3):a>", RT_E_SYNTAX, 13,
         "true or false is expected here"},
        {"/<string(minlength=0):a>", RT_E_SYNTAX, 10,
         "an integer of at least 1 is expected here"},
        {"/<string(length='a'):a>", RT_E_SYNTAX, 10,
         "an integer of at least 1 is expected here"},
        {"/<string(maxlength=x):a>", RT_E_SYNTAX, 10,
         "an integer of at least 1 is expected here"},
        {"/<string(minlength=3,maxlength=2):a>", RT_E_SYNTAX, 22,
         "maxlength is less than minlength"},
        {"/<int(min=5,max=1):a>", RT_E_SYNTAX, 13,
         "max is less than min, so nothing matches"},
        {"/<float(signed=true,min=-0.5,max=-1):a>", RT_E_SYNTAX, 30,
         "max is less than min, so nothing matches"},
        {"/<any():a>", RT_E_SYNTAX, 3,
         "converter \"any\" needs at least one word"},
        {"/<any:a>", RT_E_SYNTAX, 3,
         "converter \"any\" needs at least one word"},
        {"/<any(a=b):a>", RT_E_SYNTAX, 7,
         "converter \"any\" has no argument \"a\""},
        {"/<any(a,'b/c'):a>", RT_E_SYNTAX, 9,
         "a word is part of one segment: not empty, and without a slash"},
        {"/<any(''):a>", RT_E_SYNTAX, 7,
         "a word is part of one segment: not empty, and without a slash"},
        {"/<a>/<int:a>", RT_E_EXISTS, 11, "variable \"a\" comes twice"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        rt_arena arena = {0};
        rt_url_map *map = rt_url_map_new(&arena, NULL);
        rt_error err = {0};
        rule_row row = {.text = rows[i].text, .endpoint = "x"};
        CHECK_EQ(add_rule(map, &row, &err), rows[i].status);
        CHECK_EQ(err.status, rows[i].status);
        CHECK_EQ(err.message, rt_str_from(rows[i].message));
        CHECK_EQ(err.column, rows[i].column);
        CHECK(rt_str_eq(err.excerpt, rt_str_from(rows[i].text)));
        CHECK_EQ(add_rule(map, &row, NULL), rows[i].status);

        size_t n = 1;
        rt_url_map_rules(map, &n);
        CHECK_EQ(n, 0);
        rt_arena_deinit(&arena);
    }
}

// `count` times a piece.
static const char *repeat(rt_arena *arena, const char *piece, int count,
                          bool numbered)
{
    rt_buf buf;
    rt_buf_init(&buf, arena);
    rt_buf_put_char(&buf, '/');
    for (int i = 0; i < count; i++) {
        if (numbered)
            rt_buf_printf(&buf, "<v%d>", i);
        rt_buf_put_cstr(&buf, piece);
    }
    return rt_buf_str(&buf).data;
}

RT_TEST(a_rule_has_limits)
{
    rt_arena arena = {0};

    const struct {
        const char *text;
        const char *message;
    } rows[] = {
        {repeat(&arena, "x", RT_URL_RULE_BYTES_MAX - 1, false), NULL},
        {repeat(&arena, "x", RT_URL_RULE_BYTES_MAX, false),
         "a rule has at most 4096 bytes"},
        {repeat(&arena, "x/", RT_URL_RULE_SEGMENTS_MAX - 1, false), NULL},
        {repeat(&arena, "x/", RT_URL_RULE_SEGMENTS_MAX, false),
         "a rule has at most 128 segments"},
        {repeat(&arena, "/", RT_URL_RULE_VARIABLES_MAX, true), NULL},
        {repeat(&arena, "/", RT_URL_RULE_VARIABLES_MAX + 1, true),
         "a rule has at most 32 variables"},
        {repeat(&arena, "-", RT_URL_PART_VARIABLES_MAX, true), NULL},
        {repeat(&arena, "-", RT_URL_PART_VARIABLES_MAX + 1, true),
         "a segment has at most 16 variables"},
    };

    rt_url_map *map = rt_url_map_new(&arena, NULL);
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("row %zu", i);
        rt_error err = {0};
        rule_row row = {.text = rows[i].text, .endpoint = "x"};
        rt_status expected = rows[i].message ? RT_E_LIMIT : RT_OK;
        CHECK_EQ(add_rule(map, &row, &err), expected);
        CHECK(rt_str_eq(err.message, rt_str_from(rows[i].message)));
    }
    rt_arena_deinit(&arena);
}

RT_TEST(an_options_mistake_is_refused)
{
    rt_arena arena = {0};
    rt_url_map *map = rt_url_map_new(&arena, NULL);

    static const struct {
        rule_row row;
        rt_status status;
        const char *message;
    } rows[] = {
        {{.text = "/a", .endpoint = ""},
         RT_E_SYNTAX,
         "a rule needs an endpoint"},
        {{.text = "/a", .methods = "GET;POST"},
         RT_E_SYNTAX,
         "\"GET;POST\" is no list of methods"},
        {{.text = "/a", .methods = ""},
         RT_E_SYNTAX,
         "\"\" is no list of methods"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].message);
        rt_error err = {0};
        CHECK_EQ(add_rule(map, &rows[i].row, &err), rows[i].status);
        CHECK_EQ(err.message, rt_str_from(rows[i].message));
    }

    rt_error err = {0};
    rule_row row = {.text = "/<int:n>",
                    .defaults = RT_DEFAULTS("a", 1, "n", "one")};
    CHECK_EQ(add_rule(map, &row, &err), RT_E_TYPE);
    CHECK_EQ(err.message, RT_STR("the default of \"n\": 'one' is no integer"));
    rt_arena_deinit(&arena);
}

RT_TEST(a_rule_tells_what_it_was_added_with)
{
    rt_arena arena = {0};
    rt_url_map *map = rt_url_map_new(&arena, NULL);
    int data = 0;
    char text[] = "/a/<x>/<int(min=3):y>-<float:z><path:rest>";
    char endpoint[] = "show";
    const rt_url_rule *rule = NULL;
    rt_url_rule_options options = {
        .endpoint = endpoint,
        .methods = "post, purge",
        .defaults = RT_DEFAULTS("page", 1, "x", "a"),
        .data = &data,
    };
    CHECK_EQ(rt_url_map_add(map, text, &options, &rule, NULL), RT_OK);
    text[1] = 'b'; // the map has copies
    endpoint[0] = 'S';

    CHECK_EQ(rt_url_rule_text(rule),
             RT_STR("/a/<x>/<int(min=3):y>-<float:z><path:rest>"));
    CHECK_EQ(rt_url_rule_endpoint(rule), "show");
    CHECK_EQ(rt_url_rule_data(rule), &data);
    CHECK(!rt_url_rule_is_build_only(rule));
    CHECK(!rt_url_rule_any_method(rule));
    CHECK_EQ(rt_method_set_dump(&arena, rt_url_rule_methods(rule)),
             RT_STR("POST, OPTIONS, PURGE"));

    rt_url_defaults defaults = rt_url_rule_defaults(rule);
    CHECK_EQ(defaults.len, 2);
    CHECK_EQ(defaults.items[0].name, "page");
    CHECK_EQ(rt_value_as_int(defaults.items[0].value, 0), 1);

    static const struct {
        const char *name;
        const char *converter;
        rt_kind kind;
    } expected[] = {
        {"x", "default", RT_STRING},
        {"y", "int", RT_INT},
        {"z", "float", RT_FLOAT},
        {"rest", "path", RT_STRING},
    };

    size_t n = 0;
    const rt_url_variable *variables = rt_url_rule_variables(rule, &n);
    REQUIRE(n == RT_COUNT(expected));
    for (size_t i = 0; i < n; i++) {
        CHECK_EQ(variables[i].name, expected[i].name);
        CHECK_EQ(variables[i].converter, expected[i].converter);
        CHECK_EQ(variables[i].kind, expected[i].kind);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(a_rule_dumps_in_one_line)
{
    static const struct {
        rule_row row;
        const char *text;
    } rows[] = {
        {{.text = "/<a>", .endpoint = "x"}, "/<a> (GET, HEAD, OPTIONS) -> x"},
        {{.text = "/b", .endpoint = "x", .methods = "PUT GET"},
         "/b (GET, HEAD, PUT, OPTIONS) -> x"},
        {{.text = "/c", .endpoint = "x", .no_options = true},
         "/c (GET, HEAD) -> x"},
        {{.text = "/d", .endpoint = "x", .methods = "*"},
         "/d (any method) -> x"},
    };

    rt_arena arena = {0};
    rt_url_map *map = rt_url_map_new(&arena, NULL);
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        CHECK_EQ(add_rule(map, &rows[i].row, NULL), RT_OK);
        size_t n = 0;
        const rt_url_rule *const *rules = rt_url_map_rules(map, &n);
        REQUIRE(n == i + 1);
        CHECK_EQ(rt_url_rule_dump(&arena, rules[i]), rt_str_from(rows[i].text));
    }
    rt_arena_deinit(&arena);
}
