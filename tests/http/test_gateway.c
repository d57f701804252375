#include <stdio.h>

#include <retort/base/buf.h>
#include <retort/test.h>

#include "retort/http/gateway.h"

static rt_arena arena;
static char called[128];

static void note(const char *name)
{
    size_t len = strlen(called);
    snprintf(called + len, sizeof called - len, "%s%s", len ? " " : "", name);
}

// Answer with who was called, and with where it was mounted.
static rt_response *answer(void *self, rt_request *req)
{
    rt_buf body;
    rt_buf_init(&body, req->arena);
    rt_buf_printf(&body, "%s [%.*s] [%.*s]", (const char *)self,
                  RT_STR_ARG(req->script_root), RT_STR_ARG(req->path));
    rt_response *response = rt_response_new(req, 200);
    response->bytes = rt_buf_str(&body);
    return response;
}

static rt_response *forget(void *self, rt_request *req)
{
    (void)self, (void)req;
    return NULL;
}

static void start(void *self)
{
    note("start");
    note(self);
}

static void stop(void *self)
{
    note("stop");
    note(self);
}

static rt_gateway gateway(const char *name)
{
    return (rt_gateway){answer, (void *)(uintptr_t)name, start, stop};
}

static rt_request request(const char *path, const char *root)
{
    return (rt_request){.arena = &arena,
                        .path = rt_str_from(path),
                        .script_root = rt_str_from(root)};
}

RT_TEST(the_response_of_a_gateway_is_never_null)
{
    rt_gateway forgetful = {forget, NULL, NULL, NULL};
    rt_request req = request("/", "");

    rt_response *response = rt_gateway_call(&forgetful, &req);
    REQUIRE(response != NULL);
    CHECK_EQ(response->status, 500);
    CHECK_EQ(response->bytes, "Internal Server Error\n");
    rt_arena_deinit(&arena);
}

RT_TEST(the_longest_prefix_is_called_with_the_rest_of_the_path)
{
    static const struct {
        const char *path, *root, *answer;
    } rows[] = {
        {"/", "", "all [] [/]"},
        {"", "", "all [] []"},
        {"/a", "", "a [/a] []"},
        {"/a/", "", "a [/a] [/]"},
        {"/a/x", "", "a [/a] [/x]"},
        {"/ab", "", "all [] [/ab]"},
        {"/a//b", "", "a [/a] [//b]"},
        {"/a/b", "", "a/b [/a/b] []"},
        {"/a/b/c", "", "a/b [/a/b] [/c]"},
        {"/a/bc", "", "a [/a] [/bc]"},
        {"//a", "", "all [] [//a]"},
        {"/A", "", "all [] [/A]"},
        {"/a/x", "/root", "a [/root/a] [/x]"},
        {"/none", "/root", "all [/root] [/none]"},
    };

    // Whatever the order in which they are given.
    rt_mount_point points[2][2] = {
        {{RT_STR("/a"), gateway("a")}, {RT_STR("/a/b"), gateway("a/b")}},
        {{RT_STR("/a/b"), gateway("a/b")}, {RT_STR("/a"), gateway("a")}},
    };

    for (size_t order = 0; order < 2; order++) {
        rt_gateway all =
            rt_gateway_dispatch(&arena, gateway("all"), points[order], 2);
        for (size_t i = 0; i < RT_COUNT(rows); i++) {
            rt_request req = request(rows[i].path, rows[i].root);
            RT_CASE(rows[i].path);
            CHECK_EQ(rt_gateway_call(&all, &req)->bytes, rows[i].answer);
            // The request is as it was.
            CHECK_EQ(req.path, rows[i].path);
            CHECK_EQ(req.script_root, rows[i].root);
        }
    }
    rt_arena_deinit(&arena);
}

RT_TEST(prefixes_are_copied)
{
    char prefix[] = "/a";
    rt_mount_point points[] = {{rt_str_from(prefix), gateway("a")}};
    rt_gateway all = rt_gateway_dispatch(&arena, gateway("all"), points, 1);
    rt_request req = request("/a/x", "");

    prefix[1] = 'b';
    points[0].gateway = gateway("other");
    CHECK_EQ(rt_gateway_call(&all, &req)->bytes, "a [/a] [/x]");
    rt_arena_deinit(&arena);
}

RT_TEST(without_prefixes_the_fallback_has_all)
{
    rt_gateway all = rt_gateway_dispatch(&arena, gateway("all"), NULL, 0);
    rt_request req = request("/a", "");

    CHECK_EQ(rt_gateway_call(&all, &req)->bytes, "all [] [/a]");
    rt_arena_deinit(&arena);
}

RT_TEST(workers_start_in_order_and_stop_backwards)
{
    rt_gateway bare = {answer, NULL, NULL, NULL};
    rt_mount_point points[] = {{RT_STR("/a"), gateway("a")},
                               {RT_STR("/bare"), bare},
                               {RT_STR("/b"), gateway("b")}};
    rt_gateway all = rt_gateway_dispatch(&arena, gateway("all"), points, 3);

    all.worker_start(all.self);
    CHECK_EQ(called, "start all start a start b");
    called[0] = '\0';
    all.worker_stop(all.self);
    CHECK_EQ(called, "stop b stop a stop all");

    rt_gateway quiet = rt_gateway_dispatch(&arena, bare, points + 1, 1);
    called[0] = '\0';
    quiet.worker_start(quiet.self);
    quiet.worker_stop(quiet.self);
    CHECK_EQ(called, "");
    rt_arena_deinit(&arena);
}
