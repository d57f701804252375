#include "retort/routing/converter.h"
#include "routing.h"

// One rule, one path, and the arguments or "404".
typedef struct conv_row {
    const char *rule;
    const char *path;
    const char *expected;
} conv_row;

static void check_rows(const conv_row *rows, size_t n,
                       const rt_url_converter *converter)
{
    for (size_t i = 0; i < n; i++) {
        rt_arena arena = {0};
        rt_url_map *map = rt_url_map_new(&arena, NULL);
        if (converter)
            CHECK_EQ(rt_url_map_add_converter(map, converter), RT_OK);
        add_rules(map, &(rule_row){rows[i].rule, .endpoint = "x"}, 1);
        rt_url_map_compile(map);

        rt_test_case("%s on %s", rows[i].path, rows[i].rule);
        CHECK_EQ(match(&arena, map, "GET", rows[i].path),
                 rt_str_from(rows[i].expected));
        rt_arena_deinit(&arena);
    }
}

RT_TEST(strings_take_one_segment_and_count_code_points)
{
    static const conv_row rows[] = {
        {"/<s>", "/abc", "x s='abc'"},
        {"/<s>", "/a b", "x s='a b'"},
        {"/<s>", "/\n", "x s='\\n'"},
        {"/<default:s>", "/a", "x s='a'"},
        {"/<string:s>", "/a/b", "404"},
        {"/<s>", "/", "404"},
        {"/<string(length=3):s>", "/abc", "x s='abc'"},
        {"/<string(length=3):s>", "/abcd", "404"},
        {"/<string(length=3):s>", "/ab", "404"},
        {"/<string(length=3):s>", "/a\xc3\xa9\xe2\x98\x83",
         "x s='a\xc3\xa9\xe2\x98\x83'"},
        {"/<string(length=3):s>", "/\xc3\xa9\xc3\xa9", "404"},
        {"/<string(minlength=2,maxlength=4):s>", "/a", "404"},
        {"/<string(minlength=2,maxlength=4):s>", "/ab", "x s='ab'"},
        {"/<string(minlength=2,maxlength=4):s>", "/abcd", "x s='abcd'"},
        {"/<string(minlength=2,maxlength=4):s>", "/abcde", "404"},
        {"/<string( 2 , maxlength = 4 ):s>", "/abcde", "404"},
        {"/<string(2, None, length=none):s>", "/abcde", "x s='abcde'"},
    };
    check_rows(rows, RT_COUNT(rows), NULL);
}

// Some 320 digits: more than a double can hold.
#define TEN_DIGITS "9999999999"
#define HUNDRED_DIGITS                                                \
    TEN_DIGITS TEN_DIGITS TEN_DIGITS TEN_DIGITS TEN_DIGITS TEN_DIGITS \
        TEN_DIGITS TEN_DIGITS TEN_DIGITS TEN_DIGITS
#define HUGE_FLOAT \
    "/" HUNDRED_DIGITS HUNDRED_DIGITS HUNDRED_DIGITS TEN_DIGITS TEN_DIGITS ".0"

RT_TEST(numbers_are_digits_within_their_bounds)
{
    static const conv_row rows[] = {
        {"/<int:n>", "/42", "x n=42"},
        {"/<int:n>", "/007", "x n=7"},
        {"/<int:n>", "/4x", "404"},
        {"/<int:n>", "/-4", "404"},
        {"/<int:n>", "/+4", "404"},
        {"/<int:n>", "/\xd9\xa3", "404"}, // ARABIC-INDIC DIGIT THREE
        {"/<int:n>", "/9223372036854775807", "x n=9223372036854775807"},
        {"/<int:n>", "/9223372036854775808", "404"},
        {"/<int(signed=true):n>", "/-9223372036854775808",
         "x n=-9223372036854775808"},
        {"/<int(signed=True):n>", "/-4", "x n=-4"},
        {"/<int(signed=True):n>", "/--4", "404"},
        {"/<int(signed=True):n>", "/-", "404"},
        {"/<int(signed=False):n>", "/-4", "404"},
        {"/<int(min=5,max=10):n>", "/4", "404"},
        {"/<int(min=5,max=10):n>", "/5", "x n=5"},
        {"/<int(min=5,max=10):n>", "/10", "x n=10"},
        {"/<int(min=5,max=10):n>", "/11", "404"},
        {"/<int(signed=true,min=-5):n>", "/-5", "x n=-5"},
        {"/<int(signed=true,min=-5):n>", "/-6", "404"},
        {"/<int(fixed_digits=4):n>", "/0042", "x n=42"},
        {"/<int(fixed_digits=4):n>", "/42", "404"},
        {"/<int(4):n>", "/00042", "404"},
        {"/<float:x>", "/1.5", "x x=1.5"},
        {"/<float:x>", "/01.50", "x x=1.5"},
        {"/<float:x>", "/1", "404"},
        {"/<float:x>", "/1.", "404"},
        {"/<float:x>", "/.5", "404"},
        {"/<float:x>", "/1.5.2", "404"},
        {"/<float:x>", "/-1.5", "404"},
        {"/<float:x>", "/1e5", "404"},
        {"/<float:x>", "/1e999", "404"},
        {"/<float:x>", "/inf", "404"},
        {"/<float:x>", "/nan", "404"},
        {"/<float:x>", HUGE_FLOAT, "404"},
        {"/<float(signed=True):x>", "/-1.25", "x x=-1.25"},
        {"/<float(min=0.5,max=2):x>", "/0.49", "404"},
        {"/<float(min=0.5,max=2):x>", "/0.5", "x x=0.5"},
        {"/<float(min=0.5,max=2):x>", "/2.01", "404"},
    };
    check_rows(rows, RT_COUNT(rows), NULL);
}

RT_TEST(a_float_beyond_all_numbers_is_not_found)
{
    rt_arena arena = {0};
    rt_url_map *map =
        new_map(&arena, &(rule_row){"/<float:x>", .endpoint = "x"}, 1);
    char path[402] = "/";
    memset(path + 1, '9', 400);
    memcpy(path + 350, ".0", 3);
    CHECK_EQ(match(&arena, map, "GET", path), RT_STR("404"));
    rt_arena_deinit(&arena);
}

RT_TEST(paths_take_slashes_but_not_the_first)
{
    static const conv_row rows[] = {
        {"/<path:p>", "/a", "x p='a'"},
        {"/<path:p>", "/a/b/c", "x p='a/b/c'"},
        {"/<path:p>", "/a/", "x p='a/'"},
        {"/<path:p>", "/a//b", "x p='a//b'"},
        {"/p/<path:p>", "/p//a", "308 /p/a"},
        {"/<path:p>", "/", "404"},
        {"/<path:p>", "/a\nb", "404"},
        {"/<path:p>", "/\nb", "x p='\\nb'"},
        {"/<path:p>/edit", "/a/b/edit", "x p='a/b'"},
        {"/<path:p>/edit", "/edit/edit/edit", "x p='edit/edit'"},
        {"/<path:p>/edit", "/edit", "404"},
        {"/<path:p>/", "/a/b/", "x p='a/b'"},
        {"/<path:p>/", "/a/b", "308 /a/b/"},
        {"/<path:p>/", "/a/b//", "308 /a/b/"},
        {"/-<path:p>:x", "/-a/b:x", "x p='a/b'"},
        {"/<path:a>/<path:b>", "/1/2/3", "x a='1' b='2/3'"},
        {"/<path:a>/x/<path:b>/", "/1/x/2/x/3/", "x a='1' b='2/x/3'"},
        {"/<path:a>/<int:b>/<c>", "/1/2/3/4", "x a='1/2' b=3 c='4'"},
        {"/<path:a>/<b>", "/1/2/", "404"},
        // The integer leaves the path something to begin with.
        {"/<int:a><path:b>", "/12/3", "x a=1 b='2/3'"},
    };
    check_rows(rows, RT_COUNT(rows), NULL);
}

RT_TEST(words_and_uuids_match_as_a_whole)
{
    static const conv_row rows[] = {
        {"/<any(red, green, \"light blue\", \"a.b\"):c>", "/red", "x c='red'"},
        {"/<any(red, 'light blue'):c>", "/light blue", "x c='light blue'"},
        {"/<any(\"a.b\"):c>", "/axb", "404"},
        {"/<any(red,green,):c>", "/reddish", "404"},
        {"/<any(1, 2.0, true):c>", "/2.0", "x c='2.0'"},
        {"/<any(1, 2.0, true):c>", "/true", "x c='true'"},
        {"/<any(\"a)b\", 'c>d'):c>", "/a)b", "x c='a)b'"},
        {"/<uuid:u>", "/12345678-1234-5678-1234-567812345678",
         "x u='12345678-1234-5678-1234-567812345678'"},
        {"/<uuid:u>", "/ABCDEF12-1234-5678-1234-567812345678",
         "x u='abcdef12-1234-5678-1234-567812345678'"},
        {"/<uuid:u>", "/1234", "404"},
        {"/<uuid:u>", "/ABCDEF1--1234-5678-1234-567812345678", "404"},
        {"/<uuid:u>", "/ABCDEF12-1234-5678-1234-5678123456789", "404"},
    };
    check_rows(rows, RT_COUNT(rows), NULL);
}

RT_TEST(several_converters_share_a_segment_like_a_regular_expression)
{
    static const conv_row rows[] = {
        {"/<int:a>-<b>.<string(length=3):c>", "/3-x-y.txt",
         "x a=3 b='x-y' c='txt'"},
        {"/<int:a>-<b>.<string(length=3):c>", "/3-x.y.txt",
         "x a=3 b='x.y' c='txt'"},
        {"/<int:a>-<b>.<string(length=3):c>", "/3-x.text", "404"},
        {"/v<int:a>.<int:b>", "/v1.2", "x a=1 b=2"},
        {"/v<int:a>.<int:b>", "/v1.2.3", "404"},
        {"/v<int:a>.<int:b>", "/w1.2", "404"},
        {"/v<int:a>.<int:b>x", "/v1.2y", "404"},
        {"/<a>-<b>", "/1-2-3", "x a='1-2' b='3'"},
        {"/<a>-<b>", "/--", "404"},
        {"/<a>-<b>", "/---", "x a='-' b='-'"},
        {"/<a><b>", "/\xc3\xa9\xc3\xa9", "x a='\xc3\xa9' b='\xc3\xa9'"},
        {"/<string(length=2):a><b>", "/\xe2\x98\x83xy",
         "x a='\xe2\x98\x83x' b='y'"},
        {"/<string(maxlength=2):a><int:b>", "/1234", "x a='12' b=34"},
        {"/<string(minlength=3):a><int:b>", "/1234", "x a='123' b=4"},
        {"/<string(minlength=3):a><int:b>", "/123", "404"},
        {"/<int:a><int:b>", "/123", "x a=12 b=3"},
        {"/<int(signed=True):a><int(signed=True):b>", "/-1-2", "x a=-1 b=-2"},
        {"/<int(signed=True):a><int(signed=True):b>", "/--2", "404"},
        {"/<float:a><int:b>", "/1.25", "x a=1.2 b=5"},
        {"/<float:a><int:b>", "/1.2", "404"},
        {"/<float:a>.<int:b>", "/1.2.5", "x a=1.2 b=5"},
        {"/<float(signed=true):a><float(signed=true):b>", "/-1.5-2.25",
         "x a=-1.5 b=-2.25"},
        {"/<any(a,ab):a><b>", "/abc", "x a='a' b='bc'"},
        {"/<any(ab,a):a><b>", "/abc", "x a='ab' b='c'"},
        {"/<any(ab,a):a><b>", "/ab", "x a='a' b='b'"},
        {"/<any(ab,a):a><b>", "/b", "404"},
        {"/<uuid:u>.<s>", "/ABCDEF12-1234-5678-1234-567812345678.js",
         "x u='abcdef12-1234-5678-1234-567812345678' s='js'"},
        {"/<s><uuid:u>", "/xABCDEF12-1234-5678-1234-567812345678",
         "x s='x' u='abcdef12-1234-5678-1234-567812345678'"},
        {"/<a>.<b>", "/\n.\n", "x a='\\n' b='\\n'"},
    };
    check_rows(rows, RT_COUNT(rows), NULL);
}

// ---- converters of an application ---------------------------------------

static bool is_hex(void *self, rt_str text)
{
    (void)self;
    for (size_t i = 0; i < text.len; i++) {
        if (rt_hex_value(text.data[i]) < 0)
            return false;
    }
    return true;
}

static rt_status parse_hex(void *self, rt_arena *arena, rt_str text,
                           rt_value *out)
{
    (void)self;
    (void)arena;
    int64_t n = 0;
    for (size_t i = 0; i < text.len; i++)
        n = 16 * n + rt_hex_value(text.data[i]);
    if (n > 0xffff)
        return RT_E_RANGE;
    *out = rt_value_int(n);
    return RT_OK;
}

static rt_status format_hex(void *self, rt_value value, rt_buf *out)
{
    (void)self;
    if (value.kind != RT_INT)
        return RT_E_TYPE;
    rt_buf_put_hex(out, (uint64_t)value.as.integer, 1);
    return RT_OK;
}

static const rt_url_converter hex = {
    .name = "hex",
    .weight = 60,
    .kind = RT_INT,
    .match = is_hex,
    .parse = parse_hex,
    .format = format_hex,
};

RT_TEST(a_converter_of_the_applications_matches_and_parses)
{
    static const conv_row rows[] = {
        {"/<hex:n>", "/ff", "x n=255"},
        {"/<hex:n>", "/fg", "404"},
        {"/<hex:n>", "/10000", "404"},
        {"/<hex:n>-<hex:m>", "/a-b", "x n=10 m=11"},
        {"/<hex:n><hex:m>", "/abc", "x n=171 m=12"},
        {"/<hex:n><hex:m>", "/a", "404"},
        {"/<hex:n><s>", "/abxy", "x n=171 s='xy'"},
        {"/x<hex:n>\xc3\xa9<s>", "/xa\xc3\xa9y", "x n=10 s='y'"},
    };
    check_rows(rows, RT_COUNT(rows), &hex);
}

RT_TEST(a_converter_without_functions_is_a_string)
{
    static const rt_url_converter plain = {.name = "plain"};
    static const conv_row rows[] = {
        {"/<plain:s>", "/a b", "x s='a b'"},
        {"/<plain:s>", "/a/b", "404"},
    };
    check_rows(rows, RT_COUNT(rows), &plain);

    static const rt_url_converter tail = {.name = "tail",
                                          .crosses_slash = true};
    static const conv_row slashes[] = {
        {"/<tail:s>", "/a/b", "x s='a/b'"},
        {"/<tail:s>/end", "/a/b/end", "x s='a/b'"},
        {"/<tail:s>/", "/a/b", "308 /a/b/"},
    };
    check_rows(slashes, RT_COUNT(slashes), &tail);
}

RT_TEST(an_application_may_replace_the_default_converter)
{
    rt_url_converter mine = hex;
    mine.name = "default";
    static const conv_row rows[] = {
        {"/<n>", "/ff", "x n=255"},
        {"/<n>", "/xy", "404"},
        {"/<string:n>", "/xy", "x n='xy'"},
    };
    check_rows(rows, RT_COUNT(rows), &mine);
}

// A converter with arguments: texts of at least `self` bytes.
static rt_status setup_longer(void *arg, rt_arena *arena, rt_value args,
                              rt_value named, void **self, rt_error *err)
{
    (void)arg;
    rt_value least = rt_dict_get_str(named, RT_STR("least"));
    if (rt_list_len(args) == 1)
        least = rt_list_get(args, 0);
    if (least.kind != RT_INT) {
        err->message = RT_STR("\"least\" is missing");
        return RT_E_TYPE;
    }
    *self = rt_arena_copy(arena, &least.as.integer, sizeof(int64_t));
    return RT_OK;
}

static bool is_longer(void *self, rt_str text)
{
    return (int64_t)text.len >= *(const int64_t *)self;
}

static const rt_url_converter longer = {.name = "longer",
                                        .setup = setup_longer,
                                        .match = is_longer};

RT_TEST(a_converter_gets_the_arguments_of_the_rule)
{
    static const conv_row rows[] = {
        {"/<longer(least=3):s>", "/abc", "x s='abc'"},
        {"/<longer(least=3):s>", "/ab", "404"},
        {"/<longer(2):s>-<longer(3):t>", "/ab-abc", "x s='ab' t='abc'"},
        {"/<longer(2):s>-<longer(3):t>", "/a-abc", "404"},
    };
    check_rows(rows, RT_COUNT(rows), &longer);
}

RT_TEST(a_refused_argument_names_the_converter)
{
    rt_arena arena = {0};
    rt_url_map *map = rt_url_map_new(&arena, NULL);
    CHECK_EQ(rt_url_map_add_converter(map, &longer), RT_OK);
    CHECK_EQ(rt_url_map_add_converter(map, &hex), RT_OK);

    rt_error err = {0};
    rule_row row = {.text = "/a/<longer():s>"};
    CHECK_EQ(add_rule(map, &row, &err), RT_E_TYPE);
    CHECK_EQ(err.message, RT_STR("converter \"longer\": \"least\" is missing"));
    CHECK_EQ(err.column, 5);

    row.text = "/a/<hex(1):s>";
    CHECK_EQ(add_rule(map, &row, &err), RT_E_SYNTAX);
    CHECK_EQ(err.message, RT_STR("converter \"hex\" takes no arguments"));
    CHECK_EQ(err.column, 9);
    rt_arena_deinit(&arena);
}

RT_TEST(a_converter_needs_a_name_that_rules_can_use)
{
    static const char *const names[] = {"", "1a", "a-b", "a b", "\xc3\xa9"};
    rt_arena arena = {0};
    rt_url_map *map = rt_url_map_new(&arena, NULL);
    for (size_t i = 0; i < RT_COUNT(names); i++) {
        RT_CASE(names[i]);
        rt_url_converter c = {.name = names[i]};
        CHECK_EQ(rt_url_map_add_converter(map, &c), RT_E_SYNTAX);
    }
    rt_url_map_compile(map);
    CHECK_EQ(rt_url_map_add_converter(map, &hex), RT_E_FROZEN);
    rt_arena_deinit(&arena);
}
