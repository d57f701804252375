// Signed values and passwords in views.
#include "app_test.h"

static rt_response *sign(rt_request *req)
{
    return rt_text(req, "{}",
                   rt_sign(req, rt_query(req, "v"), .salt = "reset"));
}

static rt_response *unsign(rt_request *req)
{
    rt_value value = RT("untouched");
    rt_status st = rt_unsign(req, rt_query(req, "t"), &value, .salt = "reset",
                             .max_age_s = rt_query_int(req, "age", 0));
    return rt_text(req, "{} {}", rt_status_text(st), value);
}

static rt_response *unsign_plain(rt_request *req)
{
    rt_value value = RT("untouched");
    rt_status st = rt_unsign(req, rt_query(req, "t"), &value);
    return rt_text(req, "{} {}", rt_status_text(st), value);
}

static rt_response *sign_none(rt_request *req)
{
    return rt_text(req, "{}", rt_sign(req, rt_value_undefined()));
}

static rt_response *password(rt_request *req)
{
    const char *hash = rt_password_hash(req, "secret");
    return rt_json(req, "hash", hash, "right",
                   rt_password_check(req, hash, "secret"), "wrong",
                   rt_password_check(req, hash, "Secret"), "nobody",
                   rt_password_check(req, NULL, "secret"), "damaged",
                   rt_password_check(req, "scrypt:16", "secret"));
}

static rt_response *unknown_method(rt_request *req)
{
    return rt_text(req, "{}", rt_password_check(req, "md5$salt$00", "secret"));
}

static rt_app *new_app(void)
{
    static const char *const old[] = {"older", "old"};
    rt_app *app = rt_app_new("shop");
    rt_arena arena = {0};
    rt_value keys[] = {RT(old[0]), RT(old[1])};
    rt_get(app, "/sign", sign);
    rt_get(app, "/sign-none", sign_none);
    rt_get(app, "/unsign", unsign);
    rt_get(app, "/unsign-plain", unsign_plain);
    rt_get(app, "/password", password);
    rt_get(app, "/unknown-method", unknown_method);
    rt_configure(app, "SECRET_KEY", "key", "SECRET_KEY_FALLBACKS",
                 rt_list_of(&arena, keys, 2));
    rt_arena_deinit(&arena);
    return app;
}

static const char *unsigned_text(rt_client *client, const char *path,
                                 const char *token, const char *more)
{
    char url[512];
    snprintf(url, sizeof url, "%s?t=%s%s", path, token, more);
    return get(client, url);
}

RT_TEST(a_signed_value_comes_back)
{
    rt_app *app = new_app();
    rt_client *client = rt_client_new(app);
    const char *token = get(client, "/sign?v=ann");
    CHECK_EQ(rt_str_from(unsigned_text(client, "/unsign", token, "&age=60")),
             "ok ann");
    CHECK_EQ(rt_str_from(unsigned_text(client, "/unsign", token, "x")),
             "bad signature untouched");
    CHECK_EQ(rt_str_from(unsigned_text(client, "/unsign-plain", token, "")),
             "bad signature untouched"); // another salt
    get_status(client, "/sign-none", 500);
    end(client, app);
}

// Made by URLSafeTimedSerializer in 2023.
RT_TEST(tokens_of_itsdangerous_are_read_and_expire)
{
    static const char *const tokens[] = {
        "eyJpZCI6N30.ZVPxAA.hm11z09_alJPLw7snemrfVK8d14",
        "Ingi.ZVPxAA.J_Jay3SRFp-H0jWIEkRxdmUPth0",
        "OA.ZVPxAA.s7xFceB8IHpPJdjYxFk8J9ucFG4",
    };
    rt_app *app = new_app();
    rt_client *client = rt_client_new(app);
    CHECK_EQ(rt_str_from(unsigned_text(client, "/unsign", tokens[0], "")),
             "ok {'id': 7}");
    CHECK_EQ(rt_str_from(unsigned_text(client, "/unsign-plain", tokens[1], "")),
             "ok x");
    CHECK_EQ(rt_str_from(unsigned_text(client, "/unsign", tokens[2], "")),
             "ok 8"); // by an old key
    CHECK_EQ(rt_str_from(
                 unsigned_text(client, "/unsign", tokens[0], "&age=60")),
             "expired untouched");
    end(client, app);
}

RT_TEST(without_a_key_nothing_is_signed)
{
    rt_app *app = new_app();
    rt_configure(app, "SECRET_KEY", RT(rt_value_none()));
    rt_client *client = rt_client_new(app);
    get_status(client, "/sign?v=ann", 500);
    CHECK(contains(logged, "nothing can be signed, as there is no SECRET_KEY"));
    end(client, app);
}

RT_TEST(passwords_are_hashed_and_checked)
{
    rt_app *app = new_app();
    rt_client *client = rt_client_new(app);
    const char *json = get(client, "/password");
    CHECK(contains(json, "\"hash\":\"scrypt:32768:8:1$"));
    CHECK(contains(json, "\"right\":true,\"wrong\":false"));
    CHECK(contains(json, "\"nobody\":false"));
    CHECK(contains(json, "\"damaged\":false"));
    get_status(client, "/unknown-method", 500);
    CHECK(contains(logged, "its hash has a method that is not supported"));
    end(client, app);
}
