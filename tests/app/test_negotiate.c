#include "app_test.h"

static rt_response *best(rt_request *req)
{
    const char *type = rt_accept_best(req, "application/json", "text/html");
    const char *language = rt_accept_best_language(req, "en", "de");
    const char *encoding = rt_accept_best_encoding(req, "gzip", "identity");
    return rt_text(req, "{} {} {} {}", type ? type : "-",
                   language ? language : "-", encoding ? encoding : "-",
                   rt_accepts(req, "text/html"));
}

static rt_response *odd(rt_request *req)
{
    return rt_text(req, "{}", rt_accept_best(req, "json") ? "y" : "n");
}

RT_TEST(a_view_chooses_what_the_client_likes_best)
{
    rt_app *app = rt_app_new("negotiate");
    rt_get(app, "/", best);
    rt_get(app, "/odd", odd);
    rt_client *client = rt_client_new(app);

    CHECK_EQ(get(client, "/"), "- - - False");
    rt_reply reply =
        rt_client_get(client, "/",
                      .headers =
                          RT_FIELDS("Accept", "text/html;q=0.5", "Accept",
                                    "application/json;q=0.6", "Accept-Language",
                                    "de-AT, en;q=0.1", "Accept-Encoding", "*"));
    CHECK_EQ(reply.body, RT_STR("application/json en gzip True"));
    reply = rt_client_get(client, "/",
                          .headers = RT_FIELDS("Accept", "text/html;q=0"));
    CHECK_EQ(reply.body, RT_STR("- - - False"));
    get_status(client, "/odd", 500);
    CHECK(contains(logged, "no media type"));
    end(client, app);
}

static rt_response *secret(rt_request *req)
{
    const rt_auth *auth = rt_authorization(req);
    if (!auth)
        rt_unauthorized(req, "basic", "realm", "the staff");
    if (auth->token.data)
        return rt_text(req, "{} {}", auth->scheme, auth->token);
    return rt_text(req, "{} {} {}", auth->scheme, auth->username,
                   auth->password);
}

static rt_response *digest(rt_request *req)
{
    rt_unauthorized(req, "digest", "realm", "r", "nonce", "n", "qop", "auth");
}

RT_TEST(credentials_are_read_and_asked_for)
{
    rt_app *app = rt_app_new("auth");
    rt_get(app, "/", secret);
    rt_get(app, "/digest", digest);
    rt_client *client = rt_client_new(app);

    rt_reply reply = rt_client_get(client, "/");
    CHECK_EQ(reply.status, 401);
    CHECK_EQ(rt_reply_header(&reply, "WWW-Authenticate"),
             "Basic realm=\"the staff\"");
    reply = rt_client_get(client, "/digest");
    CHECK_EQ(rt_reply_header(&reply, "WWW-Authenticate"),
             "Digest realm=\"r\", nonce=\"n\", qop=\"auth\"");
    reply = rt_client_get(client, "/",
                          .headers =
                              RT_FIELDS("Authorization", "Basic dXNlcjpwYXNz"));
    CHECK_EQ(reply.body, RT_STR("basic user pass"));
    reply = rt_client_get(client, "/",
                          .headers = RT_FIELDS("Authorization", "Bearer t"));
    CHECK_EQ(reply.body, RT_STR("bearer t"));
    reply = rt_client_get(client, "/",
                          .headers = RT_FIELDS("Authorization", "Basic !"));
    CHECK_EQ(reply.status, 200); // no digits: the empty name, as in Python
    end(client, app);
}
