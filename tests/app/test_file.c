#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <retort/base/time.h>

#include "app/beneath.h"
#include "app_test.h"

// A folder with what the tests send: made anew for each test process.
static char root[] = "/tmp/retort-files-XXXXXX";

static void write_file(const char *name, const char *text)
{
    char path[256];
    struct timespec times[2] = {{1709209845, 500000000},
                                {1709209845, 500000000}};
    snprintf(path, sizeof path, "%s/%s", root, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    REQUIRE(fd >= 0);
    CHECK_EQ(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    CHECK_EQ(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void make_folder(const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", root, name);
    CHECK_EQ(mkdir(path, 0700), 0);
}

static void make_link(const char *name, const char *target)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", root, name);
    CHECK_EQ(symlink(target, path), 0);
}

static void remove_root(void)
{
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", root);
    CHECK_EQ(system(command), 0); // NOLINT(cert-env33-c)
}

static void make_root(void)
{
    REQUIRE(mkdtemp(root) != NULL);
    write_file("secret.txt", "secret");
    make_folder("static");
    make_folder("static/sub");
    write_file("static/hello.txt", "Hello, static world!");
    write_file("static/empty.txt", "");
    write_file("static/site.css", "body {}");
    write_file("static/site.css.br", "BR");
    write_file("static/site.css.gz", "GZIP");
    write_file("static/bundle.tar.gz", "tar");
    write_file("static/caf\xc3\xa9 \xe2\x82\xac.txt", "x");
    write_file("static/a b\".txt", "x");
    write_file("static/sub/nested.txt", "nested");
    make_link("static/inside", "sub/nested.txt");
    make_link("static/outside", "../secret.txt");
    make_link("static/up", "..");
}

// ---- folders -------------------------------------------------------------------

RT_TEST(the_static_folder_is_served_by_itself)
{
    static const struct {
        const char *path;
        int status;
        const char *body, *type;
    } rows[] = {
        {"/static/hello.txt", 200, "Hello, static world!",
         "text/plain; charset=utf-8"},
        {"/static/sub/nested.txt", 200, "nested", NULL},
        {"/static/sub/../hello.txt", 200, "Hello, static world!", NULL},
        {"/static/hello.txt/", 200, "Hello, static world!", NULL},
        {"/static/empty.txt", 200, "", NULL},
        {"/static/site.css", 200, "body {}", "text/css; charset=utf-8"},
        {"/static/inside", 200, "nested", "application/octet-stream"},
        {"/static/outside", 404, NULL, NULL},
        {"/static/up/secret.txt", 404, NULL, NULL},
        {"/static/none.txt", 404, NULL, NULL},
        {"/static/sub", 404, NULL, NULL},
        {"/static/sub/", 404, NULL, NULL},
        {"/static/", 404, NULL, NULL},
        {"/static/..%2fsecret.txt", 404, NULL, NULL},
        {"/static/%2e%2e/secret.txt", 404, NULL, NULL},
        {"/static/sub/../../secret.txt", 404, NULL, NULL},
        {"/static//etc/passwd", 404, NULL, NULL},
        {"/static/hello.txt%00", 404, NULL, NULL},
    };

    make_root();
    rt_app *app = rt_app_new("files", .root_path = root);
    rt_client *client = rt_client_new(app);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].path);
        rt_reply reply =
            rt_client_get(client, rows[i].path, .follow_redirects = true);
        CHECK_EQ(reply.status, rows[i].status);
        if (rows[i].body)
            CHECK_EQ(reply.body, rt_str_from(rows[i].body));
        if (rows[i].type)
            CHECK_EQ(rt_reply_header(&reply, "Content-Type"), rows[i].type);
    }
    end(client, app);
    remove_root();
}

static rt_response *static_hello(rt_request *req)
{
    return rt_text(req, "{}",
                   rt_url_for(req, "static", "filename", "hello.txt"));
}

RT_TEST(another_folder_or_none_is_served)
{
    make_root();
    rt_app *none = rt_app_new("none", .root_path = root, .static_folder = "");
    rt_client *client = rt_client_new(none);
    get_status(client, "/static/hello.txt", 404);
    end(client, none);

    static const struct {
        const char *path, *url;
    } rows[] = {
        {"/assets/", "/assets/hello.txt"},
        {"/a/b", "/a/b/hello.txt"},
        {"", "/hello.txt"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].path);
        rt_app *moved = rt_app_new("moved", .root_path = root,
                                   .static_url_path = rows[i].path);
        rt_get(moved, "/url", static_hello);
        client = rt_client_new(moved);
        CHECK_EQ(get(client, rows[i].url), "Hello, static world!");
        CHECK_EQ(get(client, "/url"), rows[i].url);
        get_status(client, "/static/hello.txt", 404);
        end(client, moved);
    }

    rt_app *app =
        rt_app_new("sub", .root_path = root, .static_folder = "static/sub");
    rt_static(app, "/assets", "static", .max_age = RT_SECONDS(60));
    client = rt_client_new(app);
    CHECK_EQ(get(client, "/static/nested.txt"), "nested");
    rt_reply reply = rt_client_get(client, "/assets/hello.txt");
    CHECK_EQ(reply.status, 200);
    CHECK_EQ(rt_reply_header(&reply, "Cache-Control"), "public, max-age=60");
    CHECK(rt_reply_header(&reply, "Expires") != NULL);
    end(client, app);
    remove_root();
}

static rt_response *pinned(rt_request *req, const char *name)
{
    return rt_text(req, "{}", rt_static_url(req, "static", name));
}

static rt_response *pinned_nowhere(rt_request *req)
{
    return rt_text(req, "{}", rt_static_url(req, "pinned", "x"));
}

RT_TEST(a_url_with_a_fingerprint_may_be_kept_until_the_file_changes)
{
    make_root();
    rt_app *app = rt_app_new("pinned", .root_path = root);
    rt_get(app, "/pinned/<path:name>", pinned);
    rt_get(app, "/nowhere", pinned_nowhere);
    rt_client *client = rt_client_new(app);
    const char *forever = "public, max-age=31536000, immutable";

    const char *url = get(client, "/pinned/site.css");
    CHECK(strncmp(url, "/static/site.css?v=", 19) == 0);
    CHECK_EQ(strlen(url), 29u);
    rt_reply reply = rt_client_get(client, url);
    CHECK_EQ(reply.body, RT_STR("body {}"));
    CHECK_EQ(rt_reply_header(&reply, "Cache-Control"), forever);
    reply = rt_client_get(client, "/static/site.css?v=other");
    CHECK_EQ(rt_reply_header(&reply, "Cache-Control"), "no-cache");

    write_file("static/site.css", "body { color: red }");
    reply = rt_client_get(client, url);
    CHECK_EQ(rt_reply_header(&reply, "Cache-Control"), "no-cache");
    CHECK_EQ(get(client, "/pinned/none.css"), "/static/none.css");
    get_status(client, "/nowhere", 500);
    end(client, app);
    remove_root();
}

RT_TEST(a_name_cannot_leave_the_folder_without_help_of_the_kernel)
{
    char folder[64];
    make_root();
    snprintf(folder, sizeof folder, "%s/static", root);
    int fd = rt__open_beneath(folder, "sub/nested.txt");
    CHECK(fd >= 0);
    close(fd);
    CHECK_EQ(rt__open_beneath(folder, "outside"), -1);
    CHECK_EQ(rt__open_beneath(folder, "up/secret.txt"), -1);
    CHECK_EQ(rt__open_beneath(folder, "none"), -1);
    CHECK_EQ(rt__open_beneath("/nowhere", "x"), -1);

    fd = rt__open_beneath_walking(folder, "sub/nested.txt");
    CHECK(fd >= 0);
    close(fd);
    CHECK_EQ(rt__open_beneath_walking(folder, "inside"), -1); // no links here
    CHECK_EQ(rt__open_beneath_walking(folder, "up/secret.txt"), -1);
    CHECK_EQ(rt__open_beneath_walking(folder, "sub//nested.txt"), -1);
    CHECK_EQ(rt__open_beneath_walking(folder, "hello.txt/x"), -1);
    remove_root();
}

// ---- headers --------------------------------------------------------------------

static rt_response *send_named(rt_request *req, const char *name)
{
    return rt_send_from_directory(req, "static", name);
}

static rt_response *download(rt_request *req, const char *name)
{
    return rt_send_from_directory(req, "static", name, .as_attachment = true,
                                  .no_etag = true);
}

static rt_response *compressed(rt_request *req, const char *name)
{
    return rt_send_from_directory(req, "static", name, .precompressed = true);
}

static rt_response *chosen(rt_request *req)
{
    return rt_send_file(req, "static/hello.txt", .type = "text/csv",
                        .download_name = "table.csv", .etag = "file-1",
                        .max_age = RT_SECONDS(0),
                        .last_modified_us = 1000 * RT_TIME_SECOND);
}

static rt_response *memory(rt_request *req)
{
    return rt_send_bytes(req, RT_STR("a,b\n"), .download_name = "t.csv",
                         .etag = "memory");
}

static rt_response *unconditional(rt_request *req)
{
    return rt_send_bytes(req, RT_STR("x"), .type = "text/csv",
                         .conditional = RT_OFF);
}

static rt_response *gone(rt_request *req)
{
    return rt_send_file(req, "static/none.txt");
}

static rt_response *nameless(rt_request *req)
{
    return rt_send_bytes(req, RT_STR("x"));
}

static rt_response *bad_tag(rt_request *req)
{
    return rt_send_file(req, "static/hello.txt", .etag = "a\"b");
}

static rt_client *client_of(rt_app **app)
{
    make_root();
    *app = rt_app_new("files", .root_path = root);
    rt_get(*app, "/f/<path:name>", send_named);
    rt_get(*app, "/d/<path:name>", download);
    rt_get(*app, "/c/<path:name>", compressed);
    rt_get(*app, "/chosen", chosen);
    rt_get(*app, "/memory", memory);
    rt_get(*app, "/unconditional", unconditional);
    rt_get(*app, "/gone", gone);
    rt_get(*app, "/nameless", nameless);
    rt_get(*app, "/bad-tag", bad_tag);
    return rt_client_new(*app);
}

RT_TEST(a_file_says_what_it_is_and_how_long_it_may_be_kept)
{
    rt_app *app;
    rt_client *client = client_of(&app);
    rt_reply reply = rt_client_get(client, "/f/hello.txt");
    const char *etag = rt_reply_header(&reply, "ETag");

    CHECK_EQ(rt_reply_header(&reply, "Content-Disposition"),
             "inline; filename=hello.txt");
    CHECK_EQ(rt_reply_header(&reply, "Last-Modified"),
             "Thu, 29 Feb 2024 12:30:45 GMT");
    CHECK_EQ(rt_reply_header(&reply, "Cache-Control"), "no-cache");
    CHECK_EQ(rt_reply_header(&reply, "Accept-Ranges"), "bytes");
    CHECK_EQ(rt_reply_header(&reply, "Content-Length"), "20");
    REQUIRE(etag);
    CHECK(strncmp(etag, "\"1709209845.5-20-", 17) == 0);
    rt_reply again = rt_client_get(client, "/f/hello.txt",
                                   .headers = RT_FIELDS("If-None-Match", etag));
    CHECK_EQ(again.status, 304);

    reply = rt_client_get(client, "/chosen");
    CHECK_EQ(rt_reply_header(&reply, "Content-Type"),
             "text/csv; charset=utf-8");
    CHECK_EQ(rt_reply_header(&reply, "ETag"), "\"file-1\"");
    CHECK_EQ(rt_reply_header(&reply, "Cache-Control"), "no-cache, max-age=0");
    CHECK_EQ(rt_reply_header(&reply, "Last-Modified"),
             "Thu, 01 Jan 1970 00:16:40 GMT");

    reply = rt_client_get(client, "/memory",
                          .headers = RT_FIELDS("Range", "bytes=2-"));
    CHECK_EQ(reply.status, 206);
    CHECK_EQ(reply.body, RT_STR("b\n"));
    CHECK(!rt_reply_header(&reply, "Last-Modified"));

    reply = rt_client_get(client, "/unconditional",
                          .headers = RT_FIELDS("Range", "bytes=0-0"));
    CHECK_EQ(reply.status, 200);
    CHECK(!rt_reply_header(&reply, "Accept-Ranges"));
    CHECK(!rt_reply_header(&reply, "Content-Disposition"));
    end(client, app);
    remove_root();
}

RT_TEST(names_that_are_not_ascii_have_a_fallback)
{
    rt_app *app;
    rt_client *client = client_of(&app);

    rt_reply reply = rt_client_get(client, "/d/caf%C3%A9%20%E2%82%AC.txt");
    CHECK_EQ(rt_reply_header(&reply, "Content-Disposition"),
             "attachment; filename=\"cafe .txt\"; "
             "filename*=UTF-8''caf%C3%A9%20%E2%82%AC.txt");
    CHECK(!rt_reply_header(&reply, "ETag"));
    reply = rt_client_get(client, "/f/a%20b%22.txt");
    CHECK_EQ(rt_reply_header(&reply, "Content-Disposition"),
             "inline; filename=\"a b\\\".txt\"");
    end(client, app);
    remove_root();
}

RT_TEST(a_compressed_file_is_decoded_unless_it_is_saved)
{
    rt_app *app;
    rt_client *client = client_of(&app);

    rt_reply reply = rt_client_get(client, "/f/bundle.tar.gz");
    CHECK_EQ(rt_reply_header(&reply, "Content-Encoding"), "gzip");
    CHECK_EQ(rt_reply_header(&reply, "Content-Type"), "application/x-tar");
    reply = rt_client_get(client, "/d/bundle.tar.gz");
    CHECK(!rt_reply_header(&reply, "Content-Encoding"));
    end(client, app);
    remove_root();
}

RT_TEST(a_compressed_variant_is_sent_to_who_accepts_it)
{
    static const struct {
        const char *accept, *body, *encoding;
    } rows[] = {
        {"br, gzip", "BR", "br"},
        {"gzip", "GZIP", "gzip"},
        {"gzip, br;q=0", "GZIP", "gzip"},
        {"identity", "body {}", NULL},
    };

    rt_app *app;
    rt_client *client = client_of(&app);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].accept);
        rt_reply reply = rt_client_get(client, "/c/site.css",
                                       .headers = RT_FIELDS("Accept-Encoding",
                                                            rows[i].accept));
        CHECK_EQ(reply.body, rt_str_from(rows[i].body));
        CHECK_EQ(rt_reply_header(&reply, "Content-Encoding"), rows[i].encoding);
        CHECK_EQ(rt_reply_header(&reply, "Vary"), "Accept-Encoding");
        CHECK_EQ(rt_reply_header(&reply, "Content-Type"),
                 "text/css; charset=utf-8");
    }
    CHECK_EQ(get(client, "/c/hello.txt"), "Hello, static world!");
    end(client, app);
    remove_root();
}

RT_TEST(a_file_is_left_to_the_server_in_front)
{
    make_root();
    rt_app *app = rt_app_new("files", .root_path = root);
    rt_get(app, "/f/<path:name>", send_named);
    rt_config_set(app, "USE_X_SENDFILE", true);
    rt_client *client = rt_client_new(app);
    rt_reply reply = rt_client_get(client, "/f/hello.txt");
    const char *path = rt_reply_header(&reply, "X-Sendfile");
    CHECK(path && path[0] == '/');
    CHECK(rt_str_ends_with(rt_str_from(path), RT_STR("/hello.txt")));
    CHECK_EQ(reply.status, 200);
    CHECK_EQ(reply.body, RT_STR(""));
    CHECK(rt_reply_header(&reply, "ETag") != NULL);
    end(client, app);
    remove_root();
}

RT_TEST(parts_of_a_file_are_sent)
{
    rt_app *app;
    rt_client *client = client_of(&app);

    rt_reply reply = rt_client_get(client, "/f/hello.txt",
                                   .headers = RT_FIELDS("Range", "bytes=7-12"));
    CHECK_EQ(reply.status, 206);
    CHECK_EQ(reply.body, RT_STR("static"));
    CHECK_EQ(rt_reply_header(&reply, "Content-Range"), "bytes 7-12/20");
    reply = rt_client_get(client, "/f/hello.txt",
                          .headers = RT_FIELDS("Range", "bytes=0-4,7-12"));
    CHECK_EQ(reply.status, 206);
    CHECK(!reply.incomplete);
    CHECK(contains(reply.body.data, "bytes 0-4/20\r\n\r\nHello\r\n--"));
    CHECK(contains(reply.body.data, "bytes 7-12/20\r\n\r\nstatic\r\n--"));
    reply = rt_client_get(client, "/f/hello.txt",
                          .headers = RT_FIELDS("Range", "bytes=50-"));
    CHECK_EQ(reply.status, 416);
    CHECK_EQ(rt_reply_header(&reply, "Content-Range"), "bytes */20");
    reply = rt_client_get(client, "/f/empty.txt",
                          .headers = RT_FIELDS("Range", "bytes=0-"));
    CHECK_EQ(reply.status, 200);
    reply = rt_client_head(client, "/f/hello.txt");
    CHECK_EQ(rt_reply_header(&reply, "Content-Length"), "20");
    CHECK_EQ(reply.body.len, 0u);
    end(client, app);
    remove_root();
}

RT_TEST(no_file_stays_open_however_a_request_ends)
{
    static const struct {
        const char *path, *name, *value;
        int status;
    } rows[] = {
        {"/static/hello.txt?v=%00", "X", "y", 400},
        {"/static/hello.txt", "Range", "bytes=50-", 416},
        {"/static/hello.txt", "Range", "bytes=0-1,4-5", 206},
        {"/static/hello.txt", "If-None-Match", "*", 304},
        {"/static/hello.txt", "If-Match", "\"no\"", 412},
        {"/static/sub", "X", "y", 404},
    };

    rt_app *app;
    rt_client *client = client_of(&app);
    int before = open("/dev/null", O_RDONLY | O_CLOEXEC);
    close(before);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("%s %s", rows[i].path, rows[i].value);
        rt_reply reply =
            rt_client_get(client, rows[i].path,
                          .headers = RT_FIELDS(rows[i].name, rows[i].value));
        CHECK_EQ(reply.status, rows[i].status);
        int after = open("/dev/null", O_RDONLY | O_CLOEXEC);
        CHECK_EQ(after, before); // the lowest number that is free
        close(after);
    }
    end(client, app);
    remove_root();
}

RT_TEST(wrong_use_is_500_and_the_log_says_why)
{
    static const struct {
        const char *path, *why;
    } rows[] = {
        {"/gone", "none.txt"},
        {"/nameless", "download_name"},
        {"/bad-tag", "quote"},
    };

    rt_app *app;
    rt_client *client = client_of(&app);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].path);
        logged[0] = '\0';
        get_status(client, rows[i].path, 500);
        CHECK(contains(logged, rows[i].why));
    }
    end(client, app);
    remove_root();
}
