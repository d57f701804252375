// Which handler answers an error: by status, kind, blueprint and prefix.
#include <retort/http/code.h>

#include "app_test.h"

static const rt_error_kind wide_kind = {.name = "Wide"};
static const rt_error_kind narrow_kind = {.name = "Narrow",
                                          .parent = &wide_kind};

static rt_response *answer(rt_request *req, const rt_http_error *error,
                           void *arg)
{
    const char *original = error->original ? error->original->message : "-";
    rt_str standard = rt_code_text(error->status);
    bool own = !rt_str_eq(standard, rt_str_from(error->message));
    return rt_set_status(rt_text(req, "{}: {} {} {}", (const char *)arg,
                                 error->status,
                                 own ? error->message : "standard", original),
                         error->status);
}

static rt_response *abort_with(rt_request *req, int64_t status)
{
    rt_abort(req, (int)status, "m");
}

static rt_response *raise_kind(rt_request *req, const char *kind)
{
    if (strcmp(kind, "wide") == 0)
        rt_raise(req, &wide_kind, "{} it is", "wide");
    if (strcmp(kind, "narrow") == 0)
        rt_raise(req, &narrow_kind, "narrow");
    return NULL;
}

static void add_routes(rt_scope *scope)
{
    static const rt_route_options options = {.endpoint = "abort_with"};
    static const rt_route_options more = {.endpoint = "raise_kind"};
    rt_scope_add_route(scope, "/abort/<int:n>", RT_VIEW(abort_with), &options);
    rt_scope_add_route(scope, "/raise/<kind>", RT_VIEW(raise_kind), &more);
}

static void check_answers(rt_app *app, const char *rows[][2], size_t n)
{
    rt_client *client = rt_client_new(app);
    for (size_t i = 0; i < n; i++) {
        RT_CASE(rows[i][0]);
        rt_reply reply = rt_client_get(client, rows[i][0]);
        bool page = rt_str_starts_with(reply.body, RT_STR("<!doctype"));
        CHECK_EQ(page ? RT_STR("page") : reply.body, rt_str_from(rows[i][1]));
    }
    rt_client_free(client);
    rt_app_free(app);
}

RT_TEST(the_nearest_handler_answers)
{
    static const char *rows[][2] = {
        // A status goes before a kind, even an outer one.
        {"/abort/404", "404: 404 m -"},
        {"/bp/abort/404", "404: 404 m -"},
        {"/bp/abort/403", "bp 403: 403 m -"},
        {"/abort/403", "client: 403 m -"},
        {"/bp/abort/409", "bp http: 409 m -"},
        {"/abort/503", "http: 503 m -"},
        {"/bp/abort/503", "bp http: 503 m -"},
        // Routing belongs to no blueprint.
        {"/bp/none", "404: 404 standard -"},
        {"/raise/wide", "wide: 500 wide it is -"},
        {"/raise/narrow", "wide: 500 narrow -"},
        {"/bp/raise/narrow", "bp narrow: 500 narrow -"},
        {"/bp/raise/wide", "wide: 500 wide it is -"},
        // What nobody handles is a 500.
        {"/raise/null", "http: 500 standard view raise_kind returned NULL "
                        "instead of a response"},
    };

    rt_app *app = rt_app_new("shop");
    rt_blueprint *bp = rt_blueprint_new("bp", .url_prefix = "/bp");
    add_routes(RT_SCOPE(app));
    add_routes(RT_SCOPE(bp));
    rt_error_handler(app, 404, answer, .arg = word("404"));
    rt_error_handler(app, RT_HTTP_ERROR, answer, .arg = word("http"));
    rt_error_handler(app, RT_CLIENT_ERROR, answer, .arg = word("client"));
    rt_error_handler(app, &wide_kind, answer, .arg = word("wide"));
    rt_error_handler(bp, 403, answer, .arg = word("bp 403"));
    rt_error_handler(bp, RT_HTTP_ERROR, answer, .arg = word("bp http"));
    rt_error_handler(bp, &narrow_kind, answer, .arg = word("bp narrow"));
    rt_register_blueprint(app, bp);
    check_answers(app, rows, RT_COUNT(rows));
}

RT_TEST(a_handler_for_any_error_takes_failures_too)
{
    static const char *rows[][2] = {
        {"/abort/404", "any: 404 m -"},
        {"/none", "any: 404 standard -"},
        {"/raise/wide", "any: 500 wide it is -"},
        {"/raise/null",
         "any: 500 standard view raise_kind returned NULL instead of a "
         "response"},
    };

    rt_app *app = rt_app_new("shop");
    add_routes(RT_SCOPE(app));
    rt_error_handler(app, RT_ANY_ERROR, answer, .arg = word("any"));
    check_answers(app, rows, RT_COUNT(rows));
}

RT_TEST(a_prefix_has_answers_of_its_own)
{
    static const char *rows[][2] = {
        {"/none", "html: 404 standard -"},
        {"/api", "api: 404 standard -"},
        {"/api/none", "api: 404 standard -"},
        {"/apis", "html: 404 standard -"},
        {"/api/v2/none", "v2: 404 standard -"},
        {"/abort/404", "html: 404 m -"},
        {"/api/v2/../x", "v2: 404 standard -"},
        // A prefix goes before none, whatever the handler is for.
        {"/any/none", "any: 404 standard -"},
    };

    rt_app *app = rt_app_new("shop");
    add_routes(RT_SCOPE(app));
    rt_error_handler(app, 404, answer, .arg = word("v2"), .prefix = "/api/v2");
    rt_error_handler(app, 404, answer, .arg = word("api"), .prefix = "/api/");
    rt_error_handler(app, 404, answer, .arg = word("html"));
    rt_error_handler(app, RT_ANY_ERROR, answer, .arg = word("any"),
                     .prefix = "/any");
    check_answers(app, rows, RT_COUNT(rows));
}

static void see_failure(rt_request *req, const rt_http_error *error, void *arg)
{
    (void)req, (void)arg;
    trace(error ? error->original->kind->name : "fine");
}

RT_TEST(a_teardown_hears_of_what_nobody_handled)
{
    rt_app *app = rt_app_new("shop");
    add_routes(RT_SCOPE(app));
    rt_error_handler(app, &narrow_kind, answer, .arg = word("narrow"));
    rt_teardown_request(app, see_failure);
    rt_client *client = rt_client_new(app);
    get_status(client, "/abort/500", 500);
    get_status(client, "/raise/narrow", 500);
    get_status(client, "/raise/wide", 500);
    get_status(client, "/none", 404);
    CHECK_EQ(traced, "fine fine Wide fine");
    rt_client_free(client);
    rt_app_free(app);
}

// ---- failures of tests, and trapped errors --------------------------------------

static rt_response *want_key(rt_request *req)
{
    return rt_text(req, "{}", rt_query(req, "color"));
}

static rt_client *client_with(const char *key, bool value)
{
    rt_app *app = rt_app_new("shop");
    add_routes(RT_SCOPE(app));
    rt_get(app, "/key", want_key);
    if (key)
        rt_config_set(app, key, value);
    rt_error_handler(app, 500, answer, .arg = word("500"));
    logged[0] = '\0';
    return rt_client_new(app);
}

RT_TEST(a_client_tells_what_a_request_failed_with)
{
    rt_client *client = client_with(NULL, false);
    CHECK(rt_client_failure(client) == NULL);
    CHECK_EQ(rt_client_get(client, "/raise/narrow").body,
             "500: 500 standard narrow");
    const rt_http_error *failure = rt_client_failure(client);
    REQUIRE(failure != NULL);
    CHECK_EQ(failure->message, "narrow");
    CHECK(failure->kind == &narrow_kind);
    // What is answered with a status is no failure.
    get_status(client, "/abort/404", 404);
    CHECK(rt_client_failure(client) == NULL);
    rt_client_free(client);
}

RT_TEST(in_tests_failures_go_past_the_handlers_of_500)
{
    static const struct {
        const char *key;
        bool value, propagates;
    } rows[] = {
        {"TESTING", true, true},
        {"PROPAGATE_EXCEPTIONS", true, true},
        {"PROPAGATE_EXCEPTIONS", false, false},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].key);
        rt_client *client = client_with(rows[i].key, rows[i].value);
        const char *page = get_status(client, "/raise/narrow", 500);
        CHECK_EQ(contains(page, "<p>narrow</p>"), rows[i].propagates);
        CHECK_EQ(contains(page, "500: 500"), !rows[i].propagates);
        CHECK(rt_client_failure(client) != NULL);
        // An abort is answered as ever.
        CHECK(contains(get_status(client, "/abort/500", 500), "500: 500 m"));
        rt_client_free(client);
    }
}

RT_TEST(trapped_errors_are_failures)
{
    static const struct {
        const char *key, *path, *answer, *logged;
    } rows[] = {
        {"TRAP_HTTP_EXCEPTIONS", "/abort/404", "500: 500 standard m",
         "Exception on /abort/404 [GET]: 404 Not Found: m"},
        {"TRAP_HTTP_EXCEPTIONS", "/none", "500: 500 standard The",
         "Exception on /none [GET]: 404 Not Found: The"},
        {"TRAP_BAD_REQUEST_ERRORS", "/key",
         "500: 500 standard The query field 'color' is missing.",
         "400 Bad Request: The query field 'color' is missing."},
        {"TRAP_BAD_REQUEST_ERRORS", "/abort/404", "<!doctype", NULL},
        {NULL, "/key", "<!doctype", NULL},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].path);
        rt_client *client = client_with(rows[i].key, true);
        rt_reply reply = rt_client_get(client, rows[i].path);
        CHECK(rt_str_starts_with(reply.body, rt_str_from(rows[i].answer)));
        CHECK_EQ(reply.status == 500, rows[i].logged != NULL);
        CHECK_EQ(rt_client_failure(client) != NULL, rows[i].logged != NULL);
        CHECK(contains(logged, rows[i].logged ? rows[i].logged : ""));
        CHECK(rows[i].logged || !logged[0]);
        rt_client_free(client);
    }
}

RT_TEST(a_trapped_error_with_a_handler_is_answered_by_it)
{
    rt_app *app = rt_app_new("shop");
    add_routes(RT_SCOPE(app));
    rt_config_set(app, "TRAP_HTTP_EXCEPTIONS", true);
    rt_error_handler(app, 404, answer, .arg = word("404"));
    rt_client *client = rt_client_new(app);
    CHECK(contains(get_status(client, "/abort/404", 404), "404: 404 m"));
    end(client, app);
}
