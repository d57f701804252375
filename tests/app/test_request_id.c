// The names of requests, and what the log says of the one that is answered.
#include "app_test.h"

// The context of each record, "GET /path id|".
static char seen[2048];

static void keep_context(void *arg, const rt_log_record *record)
{
    (void)arg;
    for (size_t i = 0; i < record->n_context; i++) {
        rt_str text = rt_value_as_str(record->context[i].value);
        size_t len = strlen(seen);
        snprintf(seen + len, sizeof seen - len, "%.*s%s", RT_STR_ARG(text),
                 i + 1 == record->n_context ? "|" : " ");
    }
    if (!record->n_context)
        snprintf(seen + strlen(seen), 6, "none|");
}

static const rt_logger shop = {.name = "shop"};

static void say_late(void *arg)
{
    (void)arg;
    rt_log(&shop, RT_LOG_INFO, "late");
}

static void child(rt_request *req, void *arg)
{
    (void)req, (void)arg;
    rt_log(&shop, RT_LOG_INFO, "child");
}

static rt_response *name(rt_request *req)
{
    rt_log(&shop, RT_LOG_INFO, "view");
    rt_spawn(req, child, NULL);
    rt_spawn_wait(req);
    rt_defer(req, say_late, NULL);
    return rt_text(req, "{}", rt_request_id(req));
}

static rt_response *fail(rt_request *req)
{
    static const rt_error_kind sold_out = {.name = "SoldOut"};
    rt_raise(req, &sold_out, "no {} left", "tea");
}

static rt_app *make_app(rt_trust_proxy trust)
{
    rt_app *app = rt_app_new("shop", .trust_proxy = trust);
    rt_get(app, "/name", name);
    rt_get(app, "/fail", fail);
    return app;
}

RT_TEST(each_record_says_which_request_was_answered_meanwhile)
{
    rt_app *app = make_app((rt_trust_proxy){.x_for = 1});
    rt_app *outer = rt_app_new("outer");
    rt_mount(outer, "/in", rt_app_gateway(app));
    rt_client *client = rt_client_new(outer);
    rt_log_setup(&(rt_log_options){.sink = keep_context});
    rt_client_get(client, "/in/name?x=1",
                  .headers = RT_FIELDS("X-Request-Id", "r-1"));
    CHECK_EQ(seen, "GET /in/name r-1|GET /in/name r-1|GET /in/name r-1|");
    seen[0] = 0;
    rt_log(&shop, RT_LOG_INFO, "outside");
    CHECK_EQ(seen, "none|");
    rt_client_free(client);
    rt_app_free(outer);
    rt_app_free(app);
}

RT_TEST(a_name_is_taken_from_proxies_that_are_trusted_and_made_otherwise)
{
    static const struct {
        const char *id;
        bool trusted, taken;
    } rows[] = {
        {"5f3a-1", true, true}, {"5f3a-1", false, false}, {"a b", true, false},
        {"", true, false},      {"a\"b", true, false},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].id);
        rt_app *app = make_app((rt_trust_proxy){.x_for = rows[i].trusted});
        rt_client *client = rt_client_new(app);
        rt_reply a =
            rt_client_get(client, "/name",
                          .headers = RT_FIELDS("X-Request-Id", rows[i].id));
        rt_reply b = rt_client_get(client, "/name");
        CHECK(rt_str_eq(a.body, rt_str_from(rows[i].id)) == rows[i].taken);
        CHECK(rows[i].taken || a.body.len == 15);
        CHECK_EQ(b.body.len, 15);
        CHECK(!rt_str_eq(a.body, b.body));
        rt_client_free(client);
        rt_app_free(app);
    }
}

RT_TEST(a_failure_nobody_handles_is_in_the_log)
{
    rt_app *app = make_app((rt_trust_proxy){0});
    rt_client *client = rt_client_new(app);
    get_status(client, "/fail", 500);
    CHECK_EQ(logged,
             "ERROR in shop: Exception on /fail [GET]: SoldOut: no tea left\n");
    rt_client_free(client);
    rt_app_free(app);
}
