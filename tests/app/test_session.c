// Sessions: cookies that Flask made, what is saved and when, and stores.
#include "app_test.h"

#define KEY "parity-secret-key"

// ---- an application ---------------------------------------------------------

static rt_response *untouched(rt_request *req)
{
    return rt_text(req, "untouched");
}

static rt_response *all(rt_request *req)
{
    return rt_json_value(req, rt_session(req));
}

static rt_response *has(rt_request *req, const char *name)
{
    return rt_json(req, "has", rt_session_has(req, name), "new",
                   rt_session_is_new(req), "permanent",
                   rt_session_is_permanent(req));
}

static rt_response *set(rt_request *req)
{
    rt_dict_each(e, rt_json_body(req))
        rt_session_set(req, rt_value_as_str(e->key).data, e->value);
    return rt_text(req, "stored");
}

static rt_response *pop(rt_request *req, const char *name)
{
    return rt_text(req, "{}", rt_session_pop(req, name));
}

static rt_response *clear(rt_request *req)
{
    rt_session_clear(req);
    return rt_text(req, "cleared");
}

static rt_response *permanent(rt_request *req, int64_t flag)
{
    rt_session_set_permanent(req, flag);
    return rt_text(req, "{}", flag);
}

// Change a list inside of the session, behind its back.
static rt_response *append(rt_request *req, const char *item)
{
    rt_value basket = rt_session_get(req, "basket");
    if (rt_list_push(basket, RT(item)))
        rt_abort(req, 409);
    if (rt_query_get(req, "mark", NULL))
        rt_session_set_modified(req);
    return rt_json(req, "basket", basket);
}

static rt_response *direct(rt_request *req)
{
    if (rt_dict_set_str(rt_session(req), RT_STR("direct"), RT(1)))
        rt_abort(req, 409);
    return rt_text(req, "{}", rt_session_is_modified(req));
}

static rt_response *touch(rt_request *req)
{
    rt_session_set_modified(req);
    return rt_text(req, "touched");
}

static rt_response *aborting(rt_request *req)
{
    rt_session_set(req, "before", "the abort");
    rt_abort(req, 418);
}

static rt_response *varying(rt_request *req)
{
    rt_session_get(req, "a");
    return rt_set_header(rt_text(req, ""), "Vary", "Accept, cookie");
}

static rt_response *varying_more(rt_request *req)
{
    rt_session_get(req, "a");
    return rt_set_header(rt_text(req, ""), "Vary", "Accept");
}

static rt_response *object(rt_request *req)
{
    static const rt_vtable vtable = {.name = "Odd"};
    rt_session_set(req, "odd", rt_object_new(rt_arena_of(req), &vtable, NULL));
    return rt_text(req, "");
}

static rt_app *new_app(void)
{
    rt_app *app = rt_app_new("shop");
    rt_get(app, "/untouched", untouched);
    rt_get(app, "/all", all);
    rt_get(app, "/has/<name>", has);
    rt_post(app, "/set", set);
    rt_get(app, "/pop/<name>", pop);
    rt_get(app, "/clear", clear);
    rt_get(app, "/permanent/<int:flag>", permanent);
    rt_get(app, "/append/<item>", append);
    rt_get(app, "/direct", direct);
    rt_get(app, "/touch", touch);
    rt_get(app, "/aborting", aborting);
    rt_get(app, "/varying", varying);
    rt_get(app, "/varying-more", varying_more);
    rt_get(app, "/object", object);
    rt_configure(app, "SECRET_KEY", KEY);
    return app;
}

static rt_reply set_json(rt_client *client, const char *json)
{
    return rt_client_post(client, "/set", .body = rt_str_from(json),
                          .type = "application/json");
}

// The Set-Cookie of a GET, "" when there is none.
static const char *cookie_of(rt_client *client, const char *url)
{
    rt_reply reply = rt_client_get(client, url);
    const char *cookie = rt_reply_header(&reply, "Set-Cookie");
    return cookie ? cookie : "";
}

static const char *vary_of(rt_client *client, const char *url)
{
    rt_reply reply = rt_client_get(client, url);
    const char *vary = rt_reply_header(&reply, "Vary");
    return vary ? vary : "";
}

// ---- Flask's cookies ------------------------------------------------------------

typedef struct row {
    const char *json, *cookie;
} row;

// Made by Flask in 2023 with KEY.
static const row rows[] = {
    {"{\"n\":3,\"user\":\"ann\"}",
     "eyJuIjozLCJ1c2VyIjoiYW5uIn0.ZVPxAA.slKQ386EuaXKjMy0i1nk0PRjg-8"},
    {"{\"a\":1.5,\"b\":[1,true,null,\"\\u00e9\"]}",
     "eyJhIjoxLjUsImIiOlsxLHRydWUsbnVsbCwiXHUwMGU5Il19.ZVPxAA.V1O46iiD3SkM3u1mxgtewSPKVh8"},
    {"{\"_permanent\":true}",
     "eyJfcGVybWFuZW50Ijp0cnVlfQ.ZVPxAA.BxMExBgTw903MjxPgHqNuQjBJpw"},
    {"{\"b\":{\" b\":\"AAH+\"},\"d\":{\" d\":\"Thu, 29 Feb 2024 12:30:45 GMT\"},\"m\":{\" m\":\"<i>x</i>\"},\"t\":{\" t\":[1,\"two\",{\" t\":[3.5,null]}]},\"u\":{\" u\":\"12345678123456781234567812345678\"},\"x\":{\" di\":{\" t__\":\"no\"}}}",
     ".eJyrVkpSsqpWUgCSSo6OHtpKtTpKKWARIKkUklGqo2BkqeCWmqRgZGBkomBoZGVsYGViquDuGwJSmgtWCiSVbDLtKmz0M-1AoiVgUSAZbQjklOcr6UC5xnqmOnmlOTmxtbFAZaVgZUBSydDI2MTUzNwCFw0ytALiqkyI2fHxQG15-Uq1tbUAoDMxmw.ZVPxAA.MAUAEUQFVJ6cEebQZYY275_PQos"},
    {"{\"_flashes\":[{\" t\":[\"message\",\"one\"]},{\" t\":[\"error\",\"two\"]}]}",
     ".eJyrVopPy0kszkgtVrKKrlZSKAFSSrmpxcWJ6alKOkr5ealKsbU6MInUoqL8IqBwSXk-UDi2FgB8lRQ3.ZVPxAA.PxmKE435yZQwKoPDd2otGJZc_7w"},
    {"{\"text\":\"abcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabc\"}",
     ".eJyrVipJrShRslJKTEoeEKRUCwCnkTFw.ZVPxAA.jbzYtGD_s4R2CKwQF3yVUro7HJY"},
};

// An application that has patience with old cookies.
static rt_app *patient_app(void)
{
    rt_app *app = new_app();
    rt_configure(app, "PERMANENT_SESSION_LIFETIME", INT64_C(4000000000),
                 "SECRET_KEY_FALLBACKS", RT(rt_value_none()));
    return app;
}

// Both cookies up to the time: {payload}.
static rt_str payload_of(const char *cookie)
{
    rt_str text = rt_str_from(cookie);
    text = rt_str_slice(text, 0, rt_str_rfind_char(text, '.'));
    return rt_str_slice(text, 0, rt_str_rfind_char(text, '.'));
}

RT_TEST(cookies_of_flask_are_read_and_written_alike)
{
    rt_app *app = patient_app();
    rt_client *client = rt_client_new(app);
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].json);
        rt_client_set_cookie(client, "session", rows[i].cookie);
        get(client, "/touch");
        const char *ours = rt_client_cookie(client, "session");
        CHECK(strcmp(ours, rows[i].cookie) != 0); // signed anew
        CHECK_EQ(payload_of(ours), payload_of(rows[i].cookie));
    }
    rt_client_set_cookie(client, "session", rows[0].cookie);
    CHECK_EQ(rt_str_from(get(client, "/all")), "{\"n\":3,\"user\":\"ann\"}\n");
    end(client, app);
}

RT_TEST(what_is_no_session_of_ours_is_an_empty_one)
{
    static const char *const cookies[] = {
        "",
        "x",
        "...",
        "eyJuIjozLCJ1c2VyIjoiYW5uIn0",
        "eyJuIjozLCJ1c2VyIjoiYW5uIn0.ZVPxAA.slKQ386EuaXKjMy0i1nk0PRjg-9X",
        "eyJuIjozLCJ1c2VyIjoiYW5uIn1.ZVPxAA.slKQ386EuaXKjMy0i1nk0PRjg-8",
        "eyJ1c2VyIjoiZXZlIn0.ZVPxAA.9Z7Aa5vYzajpzkamwoDcfVV3Fhg", // another key
        "WzFd.ZVPxAA.66BYixr-EYT6QJbyH1QB2YohAxY",                // a list
        "bm90.ZVPxAA.6FaLMXKF6i9xUO07F3pkvFnZY8s",                // no JSON
    };
    rt_app *app = patient_app();
    rt_client *client = rt_client_new(app);
    for (size_t i = 0; i < RT_COUNT(cookies); i++) {
        RT_CASE(cookies[i]);
        rt_client_set_cookie(client, "session", cookies[i]);
        rt_reply reply = rt_client_get(client, "/all");
        CHECK_EQ(reply.body, "{}\n");
        CHECK(!rt_reply_header(&reply, "Set-Cookie"));
    }
    end(client, app);
}

RT_TEST(a_cookie_older_than_the_lifetime_is_an_empty_session)
{
    rt_app *app = new_app();
    rt_client *client = rt_client_new(app);
    rt_client_set_cookie(client, "session", rows[0].cookie);
    CHECK_EQ(rt_str_from(get(client, "/all")), "{}\n");
    end(client, app);
}

RT_TEST(old_keys_verify_and_the_new_one_signs)
{
    rt_app *app = patient_app();
    rt_value old[] = {RT("older"), RT("old")};
    rt_arena arena = {0};
    rt_configure(app, "SECRET_KEY_FALLBACKS", rt_list_of(&arena, old, 2));
    rt_client *client = rt_client_new(app);
    rt_client_set_cookie(
        client, "session",
        "eyJ1c2VyIjoib2xkIn0.ZVPxAA.A5kucX0qR88ZVPTnZ-ejI58XDVs");
    CHECK_EQ(rt_str_from(get(client, "/all")), "{\"user\":\"old\"}\n");
    get(client, "/touch");
    const char *renewed = rt_client_cookie(client, "session");
    rt_app *next = patient_app();
    rt_client *other = rt_client_new(next);
    rt_client_set_cookie(other, "session", renewed);
    CHECK_EQ(rt_str_from(get(other, "/all")), "{\"user\":\"old\"}\n");
    end(other, next);
    end(client, app);
    rt_arena_deinit(&arena);
}

RT_TEST(another_spelling_of_the_same_is_no_change)
{
    rt_app *app = patient_app();
    rt_client *client = rt_client_new(app);
    rt_client_set_cookie(
        client, "session",
        "eyJ1c2VyIjogImFubiIsICJuIjogM30.ZVPxAA.V_5LaUaPKNfBlofdrtpPRV5oXgc");
    rt_reply reply = rt_client_get(client, "/all");
    CHECK_EQ(reply.body, "{\"n\":3,\"user\":\"ann\"}\n");
    CHECK(!rt_reply_header(&reply, "Set-Cookie"));
    end(client, app);
}

// ---- what is saved, and when ------------------------------------------------------

RT_TEST(values_come_back_and_can_be_taken_out)
{
    rt_app *app = new_app();
    rt_client *client = rt_client_new(app);
    set_json(client, "{\"user\":\"ann\",\"n\":3}");
    CHECK_EQ(rt_str_from(get(client, "/all")), "{\"n\":3,\"user\":\"ann\"}\n");
    CHECK_EQ(rt_str_from(get(client, "/pop/user")), "ann");
    CHECK_EQ(rt_str_from(get(client, "/all")), "{\"n\":3}\n");
    CHECK_EQ(rt_str_from(get(client, "/has/n")),
             "{\"has\":true,\"new\":false,\"permanent\":false}\n");
    CHECK_EQ(rt_str_from(cookie_of(client, "/pop/user")), ""); // not there
    get(client, "/pop/n");
    CHECK(!rt_client_cookie(client, "session"));
    end(client, app);
}

RT_TEST(a_session_is_saved_when_it_changed)
{
    rt_app *app = new_app();
    rt_client *client = rt_client_new(app);
    rt_reply reply = set_json(client, "{\"a\":1}");
    const char *cookie = rt_reply_header(&reply, "Set-Cookie");
    CHECK(contains(cookie, "; HttpOnly; Path=/; SameSite=Lax"));
    CHECK(!contains(cookie, "Expires") && !contains(cookie, "Secure"));
    CHECK_EQ(rt_str_from(rt_reply_header(&reply, "Vary")), "Cookie");
    CHECK_EQ(rt_str_from(cookie_of(client, "/untouched")), "");
    CHECK_EQ(rt_str_from(cookie_of(client, "/all")), "");
    CHECK(*cookie_of(client, "/touch"));
    // Set to what it was: that counts, as in Flask.
    reply = set_json(client, "{\"a\":1}");
    CHECK(rt_reply_header(&reply, "Set-Cookie"));
    end(client, app);
}

RT_TEST(an_emptied_session_deletes_its_cookie)
{
    rt_app *app = new_app();
    rt_client *client = rt_client_new(app);
    set_json(client, "{\"a\":1}");
    rt_reply reply = rt_client_get(client, "/clear");
    CHECK_EQ(rt_str_from(rt_reply_header(&reply, "Set-Cookie")),
             "session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; "
             "HttpOnly; Path=/; SameSite=Lax");
    CHECK_EQ(rt_str_from(rt_reply_header(&reply, "Vary")), "Cookie");
    CHECK_EQ(rt_str_from(get(client, "/all")), "{}\n");
    end(client, app);
}

RT_TEST(answers_that_looked_at_the_session_vary)
{
    rt_app *app = new_app();
    rt_client *client = rt_client_new(app);
    CHECK_EQ(rt_str_from(vary_of(client, "/untouched")), "");
    CHECK_EQ(rt_str_from(vary_of(client, "/has/a")), "Cookie");
    CHECK_EQ(rt_str_from(vary_of(client, "/varying")), "Accept, cookie");
    CHECK_EQ(rt_str_from(vary_of(client, "/varying-more")), "Accept, Cookie");
    set_json(client, "{\"a\":1}");
    CHECK_EQ(rt_str_from(vary_of(client, "/untouched")), "");
    end(client, app);
}

RT_TEST(changes_inside_are_noticed)
{
    rt_app *app = new_app();
    rt_client *client = rt_client_new(app);
    set_json(client, "{\"basket\":[]}");
    CHECK(*cookie_of(client, "/append/x"));
    get(client, "/append/y");
    CHECK_EQ(rt_str_from(get(client, "/all")), "{\"basket\":[\"x\",\"y\"]}\n");
    CHECK_EQ(rt_str_from(get(client, "/direct")), "False");
    CHECK_EQ(rt_str_from(get(client, "/all")),
             "{\"basket\":[\"x\",\"y\"],\"direct\":1}\n");
    end(client, app);
}

RT_TEST(changes_inside_are_not_looked_for_when_a_setting_says_so)
{
    rt_app *app = new_app();
    rt_configure(app, "SESSION_NESTED_CHANGES", false);
    rt_client *client = rt_client_new(app);
    set_json(client, "{\"basket\":[]}");
    CHECK_EQ(rt_str_from(cookie_of(client, "/append/x")), "");
    CHECK(*cookie_of(client, "/append/y?mark=1"));
    CHECK_EQ(rt_str_from(get(client, "/all")), "{\"basket\":[\"y\"]}\n");
    end(client, app);
}

RT_TEST(a_permanent_session_has_an_expiry_that_moves_on)
{
    rt_app *app = new_app();
    rt_client *client = rt_client_new(app);
    CHECK(contains(cookie_of(client, "/permanent/1"), "; Expires="));
    rt_reply reply = rt_client_get(client, "/untouched");
    CHECK(contains(rt_reply_header(&reply, "Set-Cookie"), "; Expires="));
    CHECK_EQ(rt_str_from(rt_reply_header(&reply, "Vary")), "Cookie");
    CHECK(!contains(cookie_of(client, "/permanent/0"), "; Expires="));
    CHECK_EQ(rt_str_from(cookie_of(client, "/untouched")), "");
    end(client, app);

    app = new_app();
    rt_configure(app, "SESSION_REFRESH_EACH_REQUEST", false);
    client = rt_client_new(app);
    CHECK(contains(cookie_of(client, "/permanent/1"), "; Expires="));
    CHECK_EQ(rt_str_from(cookie_of(client, "/untouched")), "");
    CHECK_EQ(rt_str_from(cookie_of(client, "/all")), "");
    end(client, app);
}

RT_TEST(the_session_is_saved_with_error_responses_too)
{
    rt_app *app = new_app();
    rt_client *client = rt_client_new(app);
    get_status(client, "/aborting", 418);
    CHECK_EQ(rt_str_from(get(client, "/all")), "{\"before\":\"the abort\"}\n");
    end(client, app);
}

static rt_response *set_after(rt_request *req, rt_response *response, void *arg)
{
    (void)arg;
    rt_session_set(req, "after", true);
    return response;
}

RT_TEST(after_hooks_may_change_the_session)
{
    rt_app *app = new_app();
    rt_after_request(app, set_after);
    rt_client *client = rt_client_new(app);
    get_status(client, "/nowhere", 404);
    CHECK_EQ(rt_str_from(get(client, "/all")), "{\"after\":true}\n");
    end(client, app);
}

static void produce(rt_writer *out, void *arg)
{
    rt_session_set((rt_request *)arg, "late", true);
    rt_write(out, RT_STR("written"));
}

static rt_response *streaming(rt_request *req)
{
    return rt_stream(req, "text/plain", produce, req);
}

RT_TEST(a_change_after_the_head_is_lost_and_the_log_says_where)
{
    rt_app *app = new_app();
    rt_get(app, "/streaming", streaming);
    rt_client *client = rt_client_new(app);
    CHECK_EQ(rt_str_from(get(client, "/streaming")), "written");
    CHECK(contains(logged, "test_session.c:"));
    CHECK(contains(logged, "the session was changed after the response was "
                           "begun; the change is lost"));
    CHECK_EQ(rt_str_from(get(client, "/all")), "{}\n");
    end(client, app);
}

// ---- settings ---------------------------------------------------------------------

RT_TEST(the_cookie_is_what_the_settings_say)
{
    rt_app *app = new_app();
    rt_configure(app, "SESSION_COOKIE_NAME", "sid", "SESSION_COOKIE_SECURE",
                 true, "SESSION_COOKIE_HTTPONLY", false,
                 "SESSION_COOKIE_SAMESITE", "Strict",
                 "SESSION_COOKIE_PARTITIONED", true, "SESSION_COOKIE_DOMAIN",
                 "shop.test", "SESSION_COOKIE_PATH", "/shop");
    rt_client *client = rt_client_new(app);
    rt_reply reply = rt_client_get(client, "/permanent/0");
    const char *cookie = rt_reply_header(&reply, "Set-Cookie");
    CHECK(strncmp(cookie, "sid=", 4) == 0);
    CHECK(contains(cookie, "; Domain=shop.test; Secure; Path=/shop; "
                           "SameSite=Strict; Partitioned"));
    CHECK(contains(cookie_of(client, "/clear"),
                   "; Domain=shop.test; Expires=Thu, 01 Jan 1970 00:00:00 GMT; "
                   "Max-Age=0; Secure; Path=/shop; SameSite=Strict; "
                   "Partitioned"));
    end(client, app);
}

RT_TEST(a_cookie_is_secure_under_tls_unless_told_otherwise)
{
    rt_app *app = new_app();
    rt_client *client = rt_client_new(app);
    rt_reply reply = rt_client_get(client, "/touch", .https = true);
    CHECK(!rt_reply_header(&reply, "Set-Cookie") ||
          contains(rt_reply_header(&reply, "Set-Cookie"), "; Secure"));
    reply = rt_client_get(client, "/permanent/0", .https = true);
    CHECK(contains(rt_reply_header(&reply, "Set-Cookie"), "; Secure"));
    end(client, app);

    app = new_app();
    rt_configure(app, "SESSION_COOKIE_SECURE", false, "SESSION_COOKIE_SAMESITE",
                 "");
    client = rt_client_new(app);
    reply = rt_client_get(client, "/permanent/0", .https = true);
    CHECK(!contains(rt_reply_header(&reply, "Set-Cookie"), "; Secure"));
    CHECK(!contains(rt_reply_header(&reply, "Set-Cookie"), "SameSite"));
    end(client, app);
}

RT_TEST(without_a_key_a_session_can_be_read_but_not_written)
{
    rt_app *app = new_app();
    rt_configure(app, "SECRET_KEY", "");
    rt_client *client = rt_client_new(app);
    rt_client_set_cookie(client, "session", rows[0].cookie);
    rt_reply reply = rt_client_get(client, "/all");
    CHECK_EQ(reply.body, "{}\n");
    CHECK(!rt_reply_header(&reply, "Vary"));
    CHECK_EQ(set_json(client, "{\"a\":1}").status, 500);
    CHECK(contains(logged, "the session cannot be written, as there is no "
                           "SECRET_KEY"));
    get_status(client, "/direct", 409); // frozen
    get_status(client, "/clear", 500);
    end(client, app);
}

static int lines(const char *text)
{
    int n = 0;
    while ((text = strchr(text, '\n')))
        n++, text++;
    return n;
}

RT_TEST(more_than_a_cookie_holds_is_an_error)
{
    rt_app *app = new_app();
    rt_client *client = rt_client_new(app);
    char json[8192] = "{\"a\":\"";
    unsigned x = 1;
    size_t n = strlen(json);
    for (; n < 5000; n++) { // what does not compress
        x = x * 1103515245 + 12345;
        json[n] = (char)('A' + (x >> 16) % 26);
    }
    strcpy(json + n, "\"}");
    CHECK_EQ(set_json(client, json).status, 500);
    CHECK(contains(logged, "browsers drop what has more than 4093"));
    CHECK_EQ(lines(logged), 1);
    REQUIRE(rt_client_failure(client) != NULL);
    CHECK(contains(rt_client_failure(client)->message, "browsers drop"));
    CHECK_EQ(rt_str_from(get(client, "/all")), "{}\n");
    rt_app_set_debug(app, true);
    CHECK(contains(set_json(client, json).body.data, "browsers drop"));
    end(client, app);

    app = new_app();
    rt_configure(app, "MAX_COOKIE_SIZE", 0);
    client = rt_client_new(app);
    CHECK_EQ(set_json(client, json).status, 200);
    end(client, app);
}

RT_TEST(what_cannot_be_written_is_an_error_that_says_where)
{
    rt_app *app = new_app();
    rt_client *client = rt_client_new(app);
    get_status(client, "/object", 500);
    CHECK(contains(logged, "the session cannot be saved: "));
    CHECK(contains(logged, ".odd"));
    end(client, app);
}

RT_TEST(too_many_cookies_are_no_trouble_for_who_does_not_ask)
{
    rt_app *app = new_app();
    rt_client *client = rt_client_new(app);
    char many[8192] = "a=1";
    while (strlen(many) < 8000)
        strcat(many, ";a=1");
    rt_reply reply = rt_client_get(client, "/untouched",
                                   .headers = RT_FIELDS("Cookie", many));
    CHECK_EQ(reply.status, 200);
    end(client, app);
}

// ---- templates ----------------------------------------------------------------------

static rt_response *page(rt_request *req)
{
    return rt_render_string(
        req,
        "{{ session.user }} {{ session['n'] }} {{ session.get('x', 'no') }} "
        "{{ 'n' in session }} {{ session|length }} {{ session.permanent }}"
        "{% for k in session|sort %} {{ k }}{% endfor %}"
        "{% for k, v in session.items()|sort %} {{ k }}={{ v }}{% endfor %}"
        "{{ session.missing }}{% if not session %}empty{% endif %}");
}

static rt_response *quiet_page(rt_request *req)
{
    return rt_render_string(req, "nothing of it");
}

RT_TEST(templates_see_the_session)
{
    rt_app *app = new_app();
    rt_get(app, "/page", page);
    rt_get(app, "/quiet", quiet_page);
    rt_client *client = rt_client_new(app);
    set_json(client, "{\"user\":\"<ann>\",\"n\":3}");
    CHECK_EQ(rt_str_from(get(client, "/page")),
             "&lt;ann&gt; 3 no True 2 False n user n=3 user=&lt;ann&gt;");
    CHECK_EQ(rt_str_from(vary_of(client, "/page")), "Cookie");
    CHECK_EQ(rt_str_from(vary_of(client, "/quiet")), "");
    end(client, app);
}

// ---- the test client ----------------------------------------------------------------

RT_TEST(a_client_reads_and_edits_the_session_between_requests)
{
    rt_app *app = new_app();
    rt_client *client = rt_client_new(app);
    CHECK_EQ(rt_dict_len(rt_client_session(client)), 0);
    rt_client_session_set(client, "user", "ann");
    rt_client_session_set(client, "n", 3);
    CHECK_EQ(rt_str_from(get(client, "/all")), "{\"n\":3,\"user\":\"ann\"}\n");
    get(client, "/pop/user");
    rt_value session = rt_client_session(client);
    CHECK_EQ(rt_dict_len(session), 1);
    CHECK_EQ(rt_dict_remove(session, RT("n")), RT_OK);
    rt_client_session_save(client, session);
    CHECK(!rt_client_cookie(client, "session"));
    end(client, app);
}

RT_TEST(a_client_edits_sessions_whose_cookie_is_not_for_all)
{
    rt_app *app = new_app();
    rt_configure(app, "SESSION_COOKIE_DOMAIN", ".shop.test",
                 "SESSION_COOKIE_PATH", "/all", "SESSION_COOKIE_SECURE", true);
    rt_client *client = rt_client_new(app);
    rt_client_session_set(client, "n", 3);
    rt_reply reply =
        rt_client_get(client, "/all", .https = true, .host = "www.shop.test");
    CHECK_EQ(reply.body, "{\"n\":3}\n");
    end(client, app);
}

RT_TEST(a_client_without_a_key_cannot_save_a_session)
{
    rt_app *app = new_app();
    rt_configure(app, "SECRET_KEY", "");
    rt_client *client = rt_client_new(app);
    CHECK_EQ(rt_dict_len(rt_client_session(client)), 0);
    CHECK_ABORTS(rt_client_session_save(client, rt_client_session(client)),
                 "is there a SECRET_KEY?");
    CHECK_ABORTS(rt_client_session(rt_client_of_gateway(rt_app_gateway(app))),
                 "a client of a gateway has no session");
    end(client, app);
}

// ---- stores -------------------------------------------------------------------------

// One session, in memory, by the name "7".
typedef struct memory {
    rt_arena arena;
    rt_value data;
    int opened, saved;
} memory;

static rt_value open_memory(rt_request *req, const char *cookie, void *arg)
{
    memory *m = arg;
    m->opened++;
    if (!cookie || strcmp(cookie, "7") != 0)
        return rt_value_undefined();
    return rt_value_copy(rt_arena_of(req), m->data);
}

static const char *save_memory(rt_request *req, rt_value session,
                               const char *cookie, void *arg)
{
    memory *m = arg;
    (void)req, (void)cookie;
    m->saved++;
    m->data = rt_value_copy(&m->arena, session);
    return "7";
}

RT_TEST(a_store_keeps_sessions_elsewhere)
{
    memory m = {.data = rt_value_undefined()};
    rt_app *app = new_app();
    rt_configure(app, "SECRET_KEY", RT(rt_value_none()));
    rt_session_store_use(app,
                         &((rt_session_store){open_memory, save_memory, &m}));
    rt_client *client = rt_client_new(app);
    CHECK_EQ(rt_str_from(get(client, "/has/a")),
             "{\"has\":false,\"new\":true,\"permanent\":false}\n");
    CHECK_EQ(m.saved, 0);
    set_json(client, "{\"basket\":[]}");
    CHECK_EQ(rt_str_from(rt_client_cookie(client, "session")), "7");
    CHECK_EQ(rt_str_from(get(client, "/has/basket")),
             "{\"has\":true,\"new\":false,\"permanent\":false}\n");
    CHECK_EQ(m.saved, 1);
    get(client, "/append/x");
    CHECK_EQ(m.saved, 2);
    CHECK_EQ(rt_str_from(get(client, "/all")), "{\"basket\":[\"x\"]}\n");
    get(client, "/clear");
    CHECK_EQ(rt_dict_len(m.data), 0);
    CHECK(!rt_client_cookie(client, "session"));
    end(client, app);
    rt_arena_deinit(&m.arena);
}
