// The test client itself: requests, replies, cookies, redirects.
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "app_test.h"

// Report what arrived: method, URL, type, length, body.
static rt_response *tell(rt_request *req)
{
    return rt_text(req, "{} {} {} {} {}", rt_method_of(req), rt_url(req),
                   rt_header_get(req, "Content-Type", "-"),
                   rt_header_get(req, "Content-Length", "-"), rt_body(req));
}

static rt_app *telling_app(void)
{
    rt_app *app = rt_app_new("telling");
    rt_route(app, "/", tell, .methods = "*");
    rt_route(app, "/<path:p>", tell, .methods = "*");
    return app;
}

RT_TEST(each_kind_of_request_is_sent_as_it_was_asked_for)
{
    rt_app *app = telling_app();
    rt_client *c = rt_client_new(app);

    const struct {
        rt_reply reply;
        const char *body;
    } rows[] = {
        {rt_client_get(c, "/"), "GET http://localhost/ - - "},
        {rt_client_get(c, "/a?b=c"), "GET http://localhost/a?b=c - - "},
        {rt_client_get(c, "/a#b"), "GET http://localhost/a - - "},
        {rt_client_put(c, "/"), "PUT http://localhost/ - - "},
        {rt_client_patch(c, "/"), "PATCH http://localhost/ - - "},
        {rt_client_delete(c, "/"), "DELETE http://localhost/ - - "},
        {rt_client_post(c, "/"), "POST http://localhost/ - - "},
        {rt_client_request(c, "PURGE", "/x"), "PURGE http://localhost/x - - "},
        {rt_client_post(c, "/", .body = RT_STR("abc")),
         "POST http://localhost/ - 3 abc"},
        {rt_client_post(c, "/", .body = RT_STR("abc"), .type = "text/plain"),
         "POST http://localhost/ text/plain 3 abc"},
        {rt_client_post(c, "/", .type = "text/plain"),
         "POST http://localhost/ text/plain 0 "},
        {rt_client_post(c, "/", .json = RT_JSON(RT_STR("x"))),
         "POST http://localhost/ application/json 3 \"x\""},
        {rt_client_get(c, "/", .host = "example.org", .https = true),
         "GET https://example.org/ - - "},
        {rt_client_get(c, "https://example.org:81/x?y", .host = "not.this"),
         "GET https://example.org:81/x?y - - "},
        {rt_client_get(c, "http://example.org"),
         "GET http://example.org/ - - "},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].body);
        CHECK_EQ(rows[i].reply.status, 200);
        CHECK_EQ(rows[i].reply.body, rows[i].body);
    }
    CHECK_EQ(rows[1].reply.url, "/a?b=c");
    CHECK_EQ(rows[1].reply.redirects, 0);
    CHECK_EQ(rt_client_head(c, "/a").body, "");
    rt_reply head = rt_client_head(c, "/a");
    CHECK_EQ(rt_reply_header(&head, "Content-Length"), "28");
    end(c, app);
}

static rt_response *both(rt_request *req)
{
    return rt_text(req, "{} {} {}", rt_header_get(req, "X-One", "-"),
                   rt_header_get(req, "X-Two", "-"),
                   rt_header_get(req, "Host", "-"));
}

RT_TEST(headers_are_sent_with_any_value)
{
    rt_app *app = rt_app_new("headers");
    rt_get(app, "/", both);
    rt_client *client = rt_client_new(app);

    rt_reply reply =
        rt_client_get(client, "/",
                      .headers = RT_FIELDS("X-One", 7, "x-two", "b"));
    CHECK_EQ(reply.body, "7 b localhost");
    CHECK_ABORTS(rt_client_get(client, "/",
                               .headers = RT_FIELDS("X-One", "a\r\nX-Two: b")),
                 "cannot send header \"X-One\"");
    CHECK_ABORTS(rt_client_get(client, "http://["), "cannot open \"http://[\"");
    end(client, app);
}

// ---- replies -----------------------------------------------------------------

static rt_response *custom(rt_request *req)
{
    rt_response *response = rt_json(req, "ok", true);
    response->reason = RT_STR("Very Good");
    return rt_set_status(response, 299);
}

static rt_response *nothing(rt_request *req)
{
    return rt_empty(req, 204);
}

static rt_response *not_modified(rt_request *req)
{
    rt_response *response = rt_text(req, "never seen");
    return rt_set_status(response, 304);
}

RT_TEST(a_reply_outlives_its_request_and_the_next_ones)
{
    rt_app *app = telling_app();
    rt_get(app, "/custom", custom);
    rt_get(app, "/nothing", nothing);
    rt_get(app, "/not-modified", not_modified);
    rt_client *client = rt_client_new(app);
    rt_reply first = rt_client_get(client, "/custom");

    for (int i = 0; i < 50; i++)
        rt_client_get(client, "/something/else");
    CHECK_EQ(first.status, 299);
    CHECK_EQ(first.reason, "Very Good");
    CHECK_EQ(first.url, "/custom");
    CHECK_EQ(rt_reply_header(&first, "content-type"), "application/json");
    CHECK_EQ(rt_reply_header(&first, "Content-Length"), "12");
    CHECK(rt_reply_header(&first, "X-None") == NULL);
    CHECK_EQ(first.body.data[first.body.len], '\0');
    rt_value json = rt_reply_json(client, &first);
    CHECK(rt_value_is_true(rt_dict_get(json, RT("ok"))));

    rt_reply text = rt_client_get(client, "/");
    CHECK(rt_value_is_undefined(rt_reply_json(client, &text)));
    rt_reply empty = rt_client_get(client, "/nothing");
    CHECK_EQ(empty.body, "");
    CHECK(rt_reply_header(&empty, "Content-Length") == NULL);
    rt_reply old = rt_client_get(client, "/not-modified");
    CHECK_EQ(old.body, "");
    CHECK(rt_reply_header(&old, "Content-Length") == NULL);
    end(client, app);
}

// ---- files -------------------------------------------------------------------

// A response with part of a file as its body: bytes 2 to 5 of `arg`.
static rt_response *file(rt_request *req)
{
    rt_response *response = rt_empty(req, 200);
    response->body_kind = RT_BODY_FILE;
    response->fd = open(rt_route_arg(req), O_RDONLY | O_CLOEXEC);
    response->file_offset = 2;
    response->body_length = rt_query_int(req, "length", 4);
    return response;
}

RT_TEST(a_file_is_read_and_closed)
{
    char path[] = "/tmp/retort-client-XXXXXX";
    int fd = mkstemp(path);
    REQUIRE(fd >= 0);
    REQUIRE(write(fd, "0123456789", 10) == 10);
    close(fd);
    rt_app *app = rt_app_new("files");
    rt_get(app, "/", file, .arg = path);
    rt_client *client = rt_client_new(app);
    int next = dup(0);
    close(next);

    rt_reply reply = rt_client_get(client, "/");
    CHECK_EQ(reply.body, "2345");
    CHECK(!reply.incomplete);
    reply = rt_client_get(client, "/?length=9"); // longer than there is
    CHECK_EQ(reply.body, "23456789");
    CHECK(reply.incomplete);
    CHECK_EQ(rt_client_head(client, "/").body, "");
    int after = dup(0);
    CHECK_EQ(after, next); // no descriptor is left open
    close(after);
    unlink(path);
    end(client, app);
}

// ---- redirects ---------------------------------------------------------------

static rt_response *to(rt_request *req)
{
    rt_response *response = rt_text(req, "stopped at {}", rt_url(req));
    rt_set_header(response, "Location", rt_query(req, "to"));
    return rt_set_status(response, (int)rt_query_int(req, "status", 303));
}

RT_TEST(redirects_are_followed_as_browsers_do)
{
    static const struct {
        const char *method;
        int status;
        const char *told; // by /end, or stopped at the first
    } rows[] = {
        {"GET", 301, "GET http://localhost/end - - "},
        {"GET", 302, "GET http://localhost/end - - "},
        {"GET", 303, "GET http://localhost/end - - "},
        {"GET", 307, "GET http://localhost/end - - "},
        {"GET", 308, "GET http://localhost/end - - "},
        {"POST", 301, "GET http://localhost/end - - "},
        {"POST", 302, "GET http://localhost/end - - "},
        {"POST", 303, "GET http://localhost/end - - "},
        {"POST", 307, "POST http://localhost/end text/plain 3 abc"},
        {"POST", 308, "POST http://localhost/end text/plain 3 abc"},
        {"PUT", 301, "PUT http://localhost/end text/plain 3 abc"},
        {"PUT", 302, "PUT http://localhost/end text/plain 3 abc"},
        {"PUT", 303, "GET http://localhost/end - - "},
        {"PUT", 307, "PUT http://localhost/end text/plain 3 abc"},
        {"GET", 300, "stopped"},
        {"GET", 304, ""},
        {"GET", 305, "stopped"},
        {"GET", 306, "stopped"},
        {"GET", 201, "stopped"},
        {"GET", 404, "stopped"},
    };

    rt_app *app = telling_app();
    rt_route(app, "/to", to, .methods = "GET POST PUT");
    rt_client *client = rt_client_new(app);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        char url[64];
        bool body = strcmp(rows[i].method, "GET") != 0;
        rt_test_case("%s %d", rows[i].method, rows[i].status);
        snprintf(url, sizeof url, "/to?to=/end&status=%d", rows[i].status);
        rt_reply reply =
            rt_client_request(client, rows[i].method, url,
                              .follow_redirects = true,
                              .body = body ? RT_STR("abc") : (rt_str){0},
                              .type = body ? "text/plain" : NULL);
        bool stopped = rt_str_find(rt_str_from(rows[i].told), RT_STR("/end")) ==
                       RT_STR_NONE;
        CHECK(rt_str_starts_with(reply.body, rt_str_from(rows[i].told)));
        CHECK_EQ(reply.redirects, stopped ? 0 : 1);
        CHECK_EQ(reply.url, stopped ? url : "/end");

        reply = rt_client_request(client, rows[i].method, url);
        CHECK_EQ(reply.status, rows[i].status); // when nobody asked for it
    }
    CHECK_EQ(rt_client_head(client, "/to?to=/end", .follow_redirects = true)
                 .redirects,
             1);
    end(client, app);
}

RT_TEST(a_location_is_read_relative_to_the_url)
{
    static const struct {
        const char *url, *told;
    } rows[] = {
        {"/a/to?to=b", "GET http://localhost/a/b"},
        {"/a/to?to=../b", "GET http://localhost/b"},
        {"/a/to?to=/b%23fragment", "GET http://localhost/b"},
        {"/a/to?to=//example.org/b", "GET http://example.org/b"},
        {"/a/to?to=https://example.org:81/b?c",
         "GET https://example.org:81/b?c"},
        {"https://example.org/a/to?to=/b", "GET https://example.org/b"},
        {"/a/to?to=/a/to%3Fto%3D/a/to%253Fto%253D/c",
         "GET http://localhost/c"}, // three times
    };

    rt_app *app = telling_app();
    rt_get(app, "/a/to", to);
    rt_client *client = rt_client_new(app);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].url);
        rt_reply reply =
            rt_client_get(client, rows[i].url, .follow_redirects = true);
        CHECK(rt_str_starts_with(reply.body, rt_str_from(rows[i].told)));
    }
    end(client, app);
}

static rt_response *circle(rt_request *req)
{
    return rt_redirect(req, "/circle");
}

RT_TEST(redirects_without_end_are_a_failure)
{
    rt_app *app = rt_app_new("circle");
    rt_get(app, "/circle", circle);
    rt_client *client = rt_client_new(app);

    CHECK_ABORTS(rt_client_get(client, "/circle", .follow_redirects = true),
                 "redirected more than 20 times");
    end(client, app);
}

// ---- cookies -----------------------------------------------------------------

static rt_response *set_line(rt_request *req)
{
    return rt_add_header(rt_text(req, "set"), "Set-Cookie",
                         rt_query(req, "line"));
}

static rt_response *cookies_seen(rt_request *req)
{
    return rt_text(req, "{}", rt_header_get(req, "Cookie", "none"));
}

static rt_app *cookie_app(void)
{
    rt_app *app = rt_app_new("cookies");
    rt_get(app, "/set", set_line);
    rt_get(app, "/deep/er/set", set_line);
    rt_get(app, "/<path:p>", cookies_seen);
    rt_get(app, "/", cookies_seen);
    return app;
}

RT_TEST(cookies_go_where_they_belong)
{
    static const struct {
        const char *line; // percent-encoded where a query needs it
        const char *set_at, *url, *seen;
    } rows[] = {
        {"a=1", "/set", "/", "a=1"},
        {"a=1", "/deep/er/set", "/", "none"}, // for its directory only
        {"a=1", "/deep/er/set", "/deep/er", "a=1"},
        {"a=1", "/deep/er/set", "/deep/er/x/y", "a=1"},
        {"a=1", "/deep/er/set", "/deep/errand", "none"},
        {"a=1;+Path=/", "/deep/er/set", "/", "a=1"},
        {"a=1;+Path=/x", "/set", "/", "none"},
        {"a=1;+Path=/x", "/set", "/x", "a=1"},
        {"a=1;+Path=/x", "/set", "/x/y?z", "a=1"},
        {"a=1;+Path=/x", "/set", "/xy", "none"},
        {"a=1;+Path=/x/", "/set", "/x", "none"},
        {"a=1;+Path=/x/", "/set", "/x/y", "a=1"},
        {"a=1;+Path=x", "/set", "/", "a=1"}, // not a path
        {"a=1;+Path=", "/set", "/", "a=1"},
        {"a=1;+Secure", "/set", "/", "none"},
        {"a=1;+Secure", "/set", "https://localhost/", "a=1"},
        {"a=1;+HttpOnly;+SameSite=Lax", "/set", "/", "a=1"},
        {"a=1", "/set", "http://other.org/", "none"},
        {"a=1;+Domain=localhost", "/set", "/", "a=1"},
        {"a=1;+Domain=localhost", "/set", "http://www.localhost/", "a=1"},
        {"a=1;+Domain=.localhost", "/set", "http://www.localhost/", "a=1"},
        {"a=1;+Domain=localhost", "/set", "http://notlocalhost/", "none"},
        {"a=1;+Domain=other.org", "/set", "http://other.org/", "none"},
        {"a=1", "/set", "http://www.localhost/", "none"},
        {"a=1;+Domain=EXAMPLE.org", "http://www.example.org/set",
         "http://example.ORG/", "a=1"},
        {"a=1;+Max-Age=3600", "/set", "/", "a=1"},
        {"a=1;+Max-Age=0", "/set", "/", "none"},
        {"a=1;+Max-Age=-5", "/set", "/", "none"},
        {"a=1;+Max-Age=soon", "/set", "/", "a=1"},
        {"a=1;+Expires=Thu,+01+Jan+1970+00:00:00+GMT", "/set", "/", "none"},
        {"a=1;+Expires=Thu,+01+Jan+2099+00:00:00+GMT", "/set", "/", "a=1"},
        {"a=1;+Expires=whenever", "/set", "/", "a=1"},
        // Max-Age counts, wherever it stands.
        {"a=1;+Max-Age=60;+Expires=Thu,+01+Jan+1970+00:00:00+GMT", "/set", "/",
         "a=1"},
        {"a=1;+Expires=Thu,+01+Jan+2099+00:00:00+GMT;+Max-Age=0", "/set", "/",
         "none"},
        {"a=", "/set", "/", "a="},
        {"=1", "/set", "/", "none"},
        {"a", "/set", "/", "a="},
        {"+a+=+1+;", "/set", "/", "a=1"},
        {"a=b=c", "/set", "/", "a=b=c"},
        {"a=%22q+r%22", "/set", "/", "a=\"q r\""},
    };

    rt_app *app = cookie_app();

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        char url[200];
        rt_test_case("%s at %s, seen by %s", rows[i].line, rows[i].set_at,
                     rows[i].url);
        rt_client *client = rt_client_new(app);
        snprintf(url, sizeof url, "%s?line=%s", rows[i].set_at, rows[i].line);
        get(client, url);
        CHECK_EQ(get(client, rows[i].url), rows[i].seen);
        rt_client_free(client);
    }
    rt_app_free(app);
}

RT_TEST(a_cookie_replaces_the_one_of_its_name_path_and_domain)
{
    rt_app *app = cookie_app();
    rt_client *client = rt_client_new(app);

    get(client, "/set?line=a=1");
    get(client, "/set?line=b=2");
    get(client, "/set?line=a=3");
    CHECK_EQ(get(client, "/"), "b=2; a=3");
    get(client, "/set?line=a=gone;+Max-Age=0;+Path=/other");
    CHECK_EQ(get(client, "/"), "b=2; a=3");
    get(client, "/set?line=a=gone;+Max-Age=0");
    CHECK_EQ(get(client, "/"), "b=2");

    // The longest path first, as browsers do, so that a view sees that one.
    get(client, "/set?line=c=all;+Path=/");
    get(client, "/set?line=c=some;+Path=/some");
    get(client, "/set?line=c=part;+Path=/some/part");
    CHECK_EQ(get(client, "/some/part"), "c=part; c=some; b=2; c=all");
    end(client, app);
}

static rt_response *set_several(rt_request *req)
{
    rt_response *response = rt_text(req, "set");
    rt_set_cookie(response, "plain", "1");
    rt_set_cookie(response, "quoted", "a b;\xc3\xa4");
    return response;
}

static rt_response *read_several(rt_request *req)
{
    return rt_text(req, "{!r} {!r}", rt_cookie_get(req, "plain", "none"),
                   rt_cookie_get(req, "quoted", "none"));
}

RT_TEST(a_test_reads_and_sets_cookies)
{
    rt_app *app = rt_app_new("cookies");
    rt_get(app, "/set", set_several);
    rt_get(app, "/read", read_several);
    rt_client *client = rt_client_new(app);

    CHECK(rt_client_cookie(client, "plain") == NULL);
    get(client, "/set");
    CHECK_EQ(rt_client_cookie(client, "plain"), "1");
    CHECK_EQ(rt_client_cookie(client, "quoted"), "a b;\xc3\xa4");
    CHECK_EQ(get(client, "/read"), "'1' 'a b;\xc3\xa4'");

    rt_client_set_cookie(client, "plain", "x y");
    CHECK_EQ(rt_client_cookie(client, "plain"), "x y");
    CHECK_EQ(get(client, "/read"), "'x y' 'a b;\xc3\xa4'");
    rt_client_clear_cookies(client);
    CHECK(rt_client_cookie(client, "plain") == NULL);
    CHECK_EQ(get(client, "/read"), "'none' 'none'");

    rt_client_set_cookie(client, "plain", "2");
    rt_reply reply = rt_client_get(client, "/read", .no_cookies = true);
    CHECK_EQ(reply.body, "'none' 'none'");
    rt_client_get(client, "/set", .no_cookies = true);
    CHECK_EQ(rt_client_cookie(client, "plain"), "2");
    CHECK_ABORTS(rt_client_set_cookie(client, "no name", "1"),
                 "cannot set cookie \"no name\"");
    end(client, app);
}

static rt_response *log_in(rt_request *req)
{
    return rt_set_cookie(rt_redirect(req, "/read"), "plain", "fresh");
}

RT_TEST(a_cookie_set_by_a_redirect_is_sent_to_where_it_leads)
{
    rt_app *app = rt_app_new("login");
    rt_get(app, "/login", log_in);
    rt_get(app, "/read", read_several);
    rt_client *client = rt_client_new(app);

    CHECK_EQ(rt_client_get(client, "/login", .follow_redirects = true).body,
             "'fresh' 'none'");
    end(client, app);
}

// ---- several clients ---------------------------------------------------------

RT_TEST(clients_of_one_app_share_nothing)
{
    rt_app *app = cookie_app();
    rt_client *one = rt_client_new(app), *two = rt_client_new(app);

    get(one, "/set?line=a=1");
    CHECK_EQ(get(one, "/"), "a=1");
    CHECK_EQ(get(two, "/"), "none");
    rt_client_free(one);
    CHECK_EQ(get(two, "/"), "none");
    end(two, app);
    rt_client_free(NULL);
}

static rt_response *constant(void *self, rt_request *req)
{
    (void)self;
    return rt_response_plain(req, 404);
}

RT_TEST(any_gateway_has_a_client)
{
    rt_client *client =
        rt_client_of_gateway((rt_gateway){constant, NULL, NULL, NULL});

    rt_reply reply = rt_client_get(client, "/x");
    CHECK_EQ(reply.status, 404);
    CHECK_EQ(reply.body, "Not Found\n");
    rt_client_free(client);
}

// ---- templates and flashes ------------------------------------------------------

static rt_response *rendering(rt_request *req)
{
    rt_flash(req, "one", .category = "info");
    rt_flash(req, "two");
    rt_render_string(req, "{{ n }}", "n", 1);
    return rt_render(req, "page.html", "title", "Tea", "tags",
                     rt_list(req, "a", 2), "odd", rt_value_undefined());
}

static rt_response *onwards(rt_request *req)
{
    rt_flash(req, "zero");
    return rt_redirect(req, "/rendering");
}

RT_TEST(what_a_request_rendered_and_flashed_is_kept)
{
    char folder[] = "/tmp/retort-client-XXXXXX", path[64];
    REQUIRE(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/page.html", folder);
    FILE *f = fopen(path, "w");
    REQUIRE(f != NULL);
    fputs("{{ title }}", f);
    fclose(f);

    rt_app *app = rt_app_new("shop", .templates = folder);
    rt_config_set(app, "SECRET_KEY", "dev");
    rt_get(app, "/rendering", rendering);
    rt_get(app, "/onwards", onwards);
    rt_client *first = rt_client_new(app), *client = rt_client_new(app);
    rt_arena arena = {0};
    CHECK_EQ(rt_list_len(rt_client_rendered(client)), 0);

    rt_client_get(client, "/onwards", .follow_redirects = true);
    CHECK_EQ(rt_value_repr(&arena, rt_client_flashed(client)),
             "[('message', 'zero'), ('info', 'one'), ('message', 'two')]");
    rt_client_get(client, "/rendering");
    CHECK_EQ(rt_value_repr(&arena, rt_client_rendered(client)),
             "[(None, {'n': 1}), ('page.html', {'title': 'Tea', 'tags': ['a', "
             "2], 'odd': Undefined})]");
    rt_value context = rt_client_context(client, "page.html");
    CHECK_EQ(rt_value_as_str(rt_dict_get_str(context, RT_STR("title"))), "Tea");
    CHECK(rt_value_is_undefined(rt_client_context(client, "other.html")));
    CHECK_EQ(rt_list_len(rt_client_flashed(client)), 2);
    rt_client_get(client, "/nowhere");
    CHECK_EQ(rt_list_len(rt_client_rendered(client)), 0);
    CHECK_EQ(rt_list_len(rt_client_flashed(client)), 0);
    CHECK_EQ(rt_list_len(rt_client_rendered(first)), 0);

    rt_arena_deinit(&arena);
    rt_client_free(client);
    rt_client_free(first);
    rt_app_free(app);
    unlink(path);
    rmdir(folder);
}

static rt_response *typed(rt_request *req)
{
    return rt_text(req, "{} {}", rt_path(req), rt_query(req, "q"));
}

RT_TEST(a_url_is_encoded_as_a_browser_does_it)
{
    rt_app *app = rt_app_new("shop");
    rt_get(app, "/a b\xc3\xa9", typed);
    rt_client *client = rt_client_new(app);
    CHECK_EQ(get(client, "/a b\xc3\xa9?q=x y&z=%41"), "/a b\xc3\xa9 x y");
    end(client, app);
}

// ---- a request for a function ------------------------------------------------------

static void look_around(rt_request *req, void *arg)
{
    rt_app *app = arg;
    CHECK(rt_app_of(req) == app);
    CHECK_EQ(rt_endpoint(req), "typed");
    CHECK_EQ(rt_query(req, "q"), "1");
    CHECK_EQ(rt_header_get(req, "X-Mode", ""), "on");
    CHECK_EQ(rt_url_for(req, "typed", "n", 2), "/a/b%20c?n=2");
}

static void abort_call(rt_request *req, void *arg)
{
    rt_abort(req, 409, "{}", (const char *)arg);
}

static void respond(rt_request *req, void *arg)
{
    (void)arg;
    rt_abort_response(req, rt_empty(req, 204));
}

static rt_response *no_hook(rt_request *req, void *arg)
{
    (void)req;
    trace(arg);
    return NULL;
}

static void on_end(rt_request *req, const rt_http_error *error, void *arg)
{
    (void)req;
    (void)error;
    trace(arg);
}

RT_TEST(a_function_is_called_with_a_request)
{
    rt_app *app = rt_app_new("shop");
    rt_get(app, "/a/b c", typed);
    rt_before_request(app, no_hook, .arg = word("before"));
    rt_teardown_request(app, on_end, .arg = word("end"));
    rt_client *client = rt_client_new(app);
    CHECK_EQ(rt_client_call(client, "GET", "/a/b c?q=1", look_around, app,
                            .headers = RT_FIELDS("X-Mode", "on")),
             0);
    CHECK_EQ(traced, "end");
    CHECK_EQ(rt_client_call(client, "GET", "/nowhere", abort_call, word("no")),
             409);
    CHECK_EQ(rt_client_call(client, "POST", "/a/b c", respond, NULL), 204);
    CHECK_EQ(traced, "end end end");
    end(client, app);
}

static rt_response *count_fields(rt_request *req)
{
    return rt_text(req, "{} {}", rt_form_params(req)->len, rt_form(req, "p32"));
}

RT_TEST(up_to_32_fields_are_sent)
{
    rt_app *app = rt_app_new("shop");
    rt_post(app, "/", count_fields);
    rt_client *client = rt_client_new(app);
    rt_reply reply = rt_client_post(
        client, "/",
        .form =
            RT_FIELDS("p1", 1, "p2", 2, "p3", 3, "p4", 4, "p5", 5, "p6", 6,
                      "p7", 7, "p8", 8, "p9", 9, "p10", 10, "p11", 11, "p12",
                      12, "p13", 13, "p14", 14, "p15", 15, "p16", 16, "p17", 17,
                      "p18", 18, "p19", 19, "p20", 20, "p21", 21, "p22", 22,
                      "p23", 23, "p24", 24, "p25", 25, "p26", 26, "p27", 27,
                      "p28", 28, "p29", 29, "p30", 30, "p31", 31, "p32", 32));
    CHECK_EQ(reply.body, "32 32");
    end(client, app);
}
