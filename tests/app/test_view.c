// Typed views: every list of parameters a view may have, and what views return.
#include "app_test.h"

// A rule's variable, the piece of a path, and what a view makes of it, for each
// type of parameter; the numbers are those of view.h.
#define RULE_1(name) "/<" name ">"
#define RULE_2(name) "/<int:" name ">"
#define RULE_3(name) "/<float:" name ">"
#define RULE_4(name) "/<any(x,y):" name ">"
#define PATH_1       "/t%C3%A4xt"
#define PATH_2       "/0042"
#define PATH_3       "/1.50"
#define PATH_4       "/y"
#define TEXT_1       "t\xc3\xa4xt"
#define TEXT_2       "42"
#define TEXT_3       "1.5"
#define TEXT_4       "y"

#define EACH_ONE(X)         X(1) X(2) X(3) X(4)
#define WITH_TWO(X, n)      X(n, 1) X(n, 2) X(n, 3) X(n, 4)
#define EACH_TWO(X)         WITH_TWO(X, 1) WITH_TWO(X, 2) WITH_TWO(X, 3) WITH_TWO(X, 4)
#define WITH_THREE(X, n, m) X(n, m, 1) X(n, m, 2) X(n, m, 3) X(n, m, 4)
#define WITH_THREE_OF(X, n) \
    WITH_THREE(X, n, 1)     \
    WITH_THREE(X, n, 2) WITH_THREE(X, n, 3) WITH_THREE(X, n, 4)
#define EACH_THREE(X)   \
    WITH_THREE_OF(X, 1) \
    WITH_THREE_OF(X, 2) WITH_THREE_OF(X, 3) WITH_THREE_OF(X, 4)

static rt_response *view_0(rt_request *req)
{
    return rt_text(req, "none");
}

#define VIEW_ONE(n)                                           \
    static rt_response *view_##n(rt_request *req, RT__T##n a) \
    {                                                         \
        return rt_text(req, "{}", a);                         \
    }
#define VIEW_TWO(n, m)                                                       \
    static rt_response *view_##n##m(rt_request *req, RT__T##n a, RT__T##m b) \
    {                                                                        \
        return rt_text(req, "{} {}", a, b);                                  \
    }
#define VIEW_THREE(n, m, k)                                         \
    static rt_response *view_##n##m##k(rt_request *req, RT__T##n a, \
                                       RT__T##m b, RT__T##k c)      \
    {                                                               \
        return rt_text(req, "{} {} {}", a, b, c);                   \
    }
EACH_ONE(VIEW_ONE)
EACH_TWO(VIEW_TWO)
EACH_THREE(VIEW_THREE)

RT_TEST(each_of_the_85_types_of_view_is_called_with_its_parameters)
{
    static const struct {
        const char *path, *text;
    } rows[] = {{"/0", "none"},

#define ROW_ONE(n)    {"/" #n PATH_##n, TEXT_##n},
#define ROW_TWO(n, m) {"/" #n #m PATH_##n PATH_##m, TEXT_##n " " TEXT_##m},
#define ROW_THREE(n, m, k)                    \
    {"/" #n #m #k PATH_##n PATH_##m PATH_##k, \
     TEXT_##n " " TEXT_##m " " TEXT_##k},
                EACH_ONE(ROW_ONE) EACH_TWO(ROW_TWO) EACH_THREE(ROW_THREE)};
    rt_app *app = rt_app_new("views");
    rt_get(app, "/0", view_0);
#define ROUTE_ONE(n) rt_get(app, "/" #n RULE_##n("a"), view_##n);
#define ROUTE_TWO(n, m) \
    rt_get(app, "/" #n #m RULE_##n("a") RULE_##m("b"), view_##n##m);
#define ROUTE_THREE(n, m, k)                                            \
    rt_get(app, "/" #n #m #k RULE_##n("a") RULE_##m("b") RULE_##k("c"), \
           view_##n##m##k);
    EACH_ONE(ROUTE_ONE)
    EACH_TWO(ROUTE_TWO)
    EACH_THREE(ROUTE_THREE)
    rt_client *client = rt_client_new(app);

    CHECK_EQ(RT_COUNT(rows), 85u);
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].path);
        CHECK_EQ(get(client, rows[i].path), rows[i].text);
    }
    end(client, app);
}

RT_TEST(the_number_of_a_view_is_read_in_base_five)
{
    CHECK_EQ(RT_VIEW_TYPE(view_0), 0);
    CHECK_EQ(RT_VIEW_TYPE(view_1), 1);
    CHECK_EQ(RT_VIEW_TYPE(view_4), 4);
    CHECK_EQ(RT_VIEW_TYPE(view_12), 1 + 2 * 5);
    CHECK_EQ(RT_VIEW_TYPE(view_123), 1 + 2 * 5 + 3 * 25);
    CHECK_EQ(RT_VIEW_TYPE(view_444), 124);
    CHECK_EQ(RT_VIEW(view_12).name, "view_12");
}

// ---- which converter fits which parameter ------------------------------------

static rt_response *text_view(rt_request *req, const char *a)
{
    return rt_text(req, "{!r}", a);
}

static rt_response *int_view(rt_request *req, int64_t a)
{
    return rt_text(req, "{!r}", a);
}

static rt_response *float_view(rt_request *req, double a)
{
    return rt_text(req, "{!r}", a);
}

static rt_response *value_view(rt_request *req, rt_value a)
{
    return rt_text(req, "{!r} {}", a, rt_kind_name(rt_value_kind(a)));
}

// A converter whose values are pairs: "1-2" is (1, 2).
static bool is_pair(void *self, rt_str text)
{
    (void)self;
    return text.len == 3 && text.data[1] == '-';
}

static rt_status parse_pair(void *self, rt_arena *arena, rt_str text,
                            rt_value *out)
{
    (void)self;
    if (!rt_is_digit(text.data[0]) || !rt_is_digit(text.data[2]))
        return RT_E_SYNTAX;
    rt_value items[] = {RT(text.data[0] - '0'), RT(text.data[2] - '0')};
    *out = rt_tuple_of(arena, items, 2);
    return RT_OK;
}

static const rt_url_converter pair = {.name = "pair",
                                      .match = is_pair,
                                      .parse = parse_pair};

RT_TEST(values_arrive_as_their_converter_made_them)
{
    static const struct {
        const char *path;
        int status;
        const char *body;
    } rows[] = {
        {"/text/a%20b", 200, "'a b'"},
        {"/uuid/12345678-90AB-CDEF-0123-456789ABCDEF", 200,
         "'12345678-90ab-cdef-0123-456789abcdef'"},
        {"/any/red", 200, "'red'"},
        {"/any/green", 404, NULL},
        {"/path/a/b//c", 200, "'a/b//c'"},
        {"/int/7", 200, "7"},
        {"/int/9223372036854775807", 200, "9223372036854775807"},
        {"/int/9223372036854775808", 404, NULL},
        {"/int/-7", 404, NULL},
        {"/signed/-7", 200, "-7"},
        {"/float/7.25", 200, "7.25"},
        {"/float/7", 404, NULL},
        {"/int-as-float/7", 200, "7.0"},
        {"/value/x", 200, "'x' string"},
        {"/value/int/7", 200, "7 int"},
        {"/value/float/7.5", 200, "7.5 float"},
        {"/value/pair/1-2", 200, "(1, 2) tuple"},
        {"/value/pair/1-x", 404, NULL},
        {"/default", 200, "'given'"},
        {"/default/int", 200, "3"},
        {"/default/int-as-float", 200, "3.0"},
        {"/default/none", 200, "None none"},
    };

    rt_app *app = rt_app_new("converters");
    rt_url_converter_add(app, &pair);
    rt_get(app, "/text/<a>", text_view, .endpoint = "1");
    rt_get(app, "/uuid/<uuid:a>", text_view, .endpoint = "2");
    rt_get(app, "/any/<any(red, blue):a>", text_view, .endpoint = "3");
    rt_get(app, "/path/<path:a>", text_view, .endpoint = "4",
           .merge_slashes = RT_OFF);
    rt_get(app, "/int/<int:a>", int_view, .endpoint = "5");
    rt_get(app, "/signed/<int(signed=true):a>", int_view, .endpoint = "6");
    rt_get(app, "/float/<float:a>", float_view, .endpoint = "7");
    rt_get(app, "/int-as-float/<int:a>", float_view, .endpoint = "8");
    rt_get(app, "/value/<a>", value_view, .endpoint = "9");
    rt_get(app, "/value/int/<int:a>", value_view, .endpoint = "10");
    rt_get(app, "/value/float/<float:a>", value_view, .endpoint = "11");
    rt_get(app, "/value/pair/<pair:a>", value_view, .endpoint = "12");
    rt_get(app, "/default", text_view, .endpoint = "13",
           .defaults = RT_DEFAULTS("a", "given"));
    rt_get(app, "/default/int", int_view, .endpoint = "14",
           .defaults = RT_DEFAULTS("a", 3));
    rt_get(app, "/default/int-as-float", float_view, .endpoint = "15",
           .defaults = RT_DEFAULTS("a", 3));
    rt_get(app, "/default/none", value_view, .endpoint = "16",
           .defaults = RT_DEFAULTS("a", NULL));
    rt_client *client = rt_client_new(app);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].path);
        const char *body = get_status(client, rows[i].path, rows[i].status);
        if (rows[i].body)
            CHECK_EQ(body, rows[i].body);
    }
    end(client, app);
}

static rt_response *many(rt_request *req)
{
    return rt_text(req, "{} {!r} {} {} {!r}", rt_arg(req, "a"),
                   rt_arg(req, "b"), rt_arg(req, "c"), rt_arg(req, "d"),
                   rt_arg(req, "e"));
}

static rt_response *first_three(rt_request *req, int64_t a, const char *b,
                                double c)
{
    return rt_text(req, "{} {} {} {}", a, b, c, rt_arg(req, "d"));
}

RT_TEST(more_than_three_variables_are_read_by_name)
{
    rt_app *app = rt_app_new("many");
    rt_get(app, "/many/<int:a>/<b>/<float:c>/<d>", many);
    rt_get(app, "/three/<int:a>/<b>/<float:c>/<d>", first_three);
    rt_client *client = rt_client_new(app);

    CHECK_EQ(get(client, "/many/1/two/3.0/four"), "1 'two' 3.0 four Undefined");
    CHECK_EQ(get(client, "/three/1/two/3.0/four"), "1 two 3.0 four");
    end(client, app);
}

// ---- a NUL in the path -------------------------------------------------------

static rt_response *length(rt_request *req, rt_value a)
{
    return rt_text(req, "{}", rt_value_as_str(a).len);
}

RT_TEST(a_nul_in_the_path_is_404_for_text_and_whole_for_values)
{
    rt_app *app = rt_app_new("nul");
    rt_get(app, "/text/<a>", text_view);
    rt_get(app, "/value/<a>", length);
    rt_get(app, "/arg/<a>/<b>/<c>/<d>", many);
    rt_client *client = rt_client_new(app);

    get_status(client, "/text/%00", 404);
    get_status(client, "/text/a%00", 404);
    get_status(client, "/text/a%00b", 404);
    CHECK_EQ(get(client, "/value/a%00b"), "3");
    CHECK_EQ(get(client, "/arg/a%00b/2/3/4"),
             "a"); // the rest of the body lies behind the NUL
    CHECK_EQ(logged, "");
    end(client, app);
}

RT_TEST(a_path_that_is_no_utf8_is_repaired)
{
    rt_app *app = rt_app_new("repair");
    rt_get(app, "/<a>", text_view);
    rt_client *client = rt_client_new(app);

    CHECK_EQ(get(client, "/a%FFb"), "'a\xef\xbf\xbd"
                                    "b'");
    end(client, app);
}

// ---- what views return -------------------------------------------------------

static rt_response *forgetful(rt_request *req)
{
    (void)req;
    return NULL;
}

RT_TEST(a_view_that_returns_null_is_500_that_says_so)
{
    static const char says[] =
        "view forgetful returned NULL instead of a response";
    rt_app *app = rt_app_new("shop");
    rt_get(app, "/", forgetful);
    rt_client *client = rt_client_new(app);

    CHECK(!contains(get_status(client, "/", 500), "forgetful"));
    CHECK(contains(logged, "ERROR in shop: Exception on / [GET]: "));
    CHECK(contains(logged, says));

    rt_app_set_debug(app, true);
    CHECK(rt_app_is_debug(app));
    CHECK(contains(get_status(client, "/", 500), says));
    end(client, app);
}

static rt_response kept; // a response that outlives its request, wrongly

static rt_response *repeats(rt_request *req)
{
    if (!kept.request)
        kept = *rt_text(req, "once");
    kept.request = req;
    kept.headers = (rt_headers){0};
    return &kept;
}

RT_TEST(a_response_is_returned_once)
{
    rt_app *app = rt_app_new("shop");
    rt_get(app, "/", repeats);
    rt_client *client = rt_client_new(app);

    CHECK_EQ(get(client, "/"), "once");
    get_status(client, "/", 500);
    CHECK(contains(logged, "view repeats returned a response that was "
                           "returned before"));
    end(client, app);
}
