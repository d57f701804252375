#include <retort/test.h>

#include "retort/http/response.h"

static rt_arena arena;

RT_TEST(a_new_response_is_empty)
{
    rt_request req = {.arena = &arena};
    rt_response *response = rt_response_new(&req, 201);

    CHECK(response->request == &req);
    CHECK_EQ(response->status, 201);
    CHECK_EQ(response->reason.len, 0u);
    CHECK_EQ(response->headers.len, 0u);
    CHECK_EQ(response->body_kind, RT_BODY_BYTES);
    CHECK_EQ(response->bytes.len, 0u);
    CHECK_EQ(response->fd, -1); // zero would be a descriptor
    CHECK_EQ(response->body_length, -1);
    CHECK(!response->close);
    CHECK(!response->used);
    rt_arena_deinit(&arena);
}

RT_TEST(a_plain_response_says_its_reason)
{
    static const struct {
        int status;
        const char *body;
    } rows[] = {
        {200, "OK\n"},
        {404, "Not Found\n"},
        {503, "Service Unavailable\n"},
        {599, "Unknown\n"},
    };

    rt_request req = {.arena = &arena};

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_response *response = rt_response_plain(&req, rows[i].status);
        CHECK_EQ(response->status, rows[i].status);
        CHECK_EQ(response->bytes, rows[i].body);
        CHECK_EQ(rt_headers_get(&response->headers, RT_STR("Content-Type")),
                 "text/plain; charset=utf-8");
    }
    rt_arena_deinit(&arena);
}
