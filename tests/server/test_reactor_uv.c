// The reactor on libuv does what every reactor does.
#define REACTOR_CLOCK_MS 3 // libuv counts coarse milliseconds
#include "../base/reactor_cases.h"
#include "server/reactor_uv.h"

static void never(rt_watch *watch, rt_status status)
{
    (void)watch;
    (void)status;
    CHECK(!"a stopped watch is not called");
}

// libuv is not built with sanitizers, so what it reads of memory that was freed is
// made useless: it stops at its own assertions then.
// NOLINTBEGIN(bugprone-reserved-identifier): the sanitizer's name
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
    return "max_free_fill_size=65536:free_fill_byte=221";
}

// NOLINTEND(bugprone-reserved-identifier)

RT_TEST(a_reactor_is_freed_when_the_loop_has_done_with_it)
{
    uv_loop_t loop;
    REQUIRE(uv_loop_init(&loop) == 0);
    rt_reactor *reactor = rt__reactor_uv_new(&loop);
    rt_watch watch = {.fd = -1, .timeout_ms = 0, .fn = never};
    CHECK_EQ(rt_watch_start(reactor, &watch), RT_OK);
    rt_reactor_free(reactor);
    CHECK_EQ(uv_loop_close(&loop), 0);
}

static rt_reactor *make_reactor(void)
{
    static uv_loop_t loop;

    REQUIRE(uv_loop_init(&loop) == 0);
    return rt__reactor_uv_new(&loop);
}

static void far_away(uv_timer_t *timer)
{
    (void)timer;
}

RT_TEST(a_loop_sleeps_again_when_what_was_due_is_stopped)
{
    uv_loop_t loop;
    REQUIRE(uv_loop_init(&loop) == 0);
    rt_reactor *reactor = rt__reactor_uv_new(&loop);
    rt_watch watch = {.fd = -1, .timeout_ms = 0, .fn = never};
    uv_timer_t timer;
    uv_timer_init(&loop, &timer);
    uv_timer_start(&timer, far_away, 60000, 0);

    CHECK_EQ(rt_watch_start(reactor, &watch), RT_OK);
    CHECK_EQ(uv_backend_timeout(&loop), 0); // its turn comes at once
    rt_watch_stop(&watch);
    rt_reactor_turn(reactor, 0);
    CHECK(uv_backend_timeout(&loop) > 1000);

    uv_close((uv_handle_t *)&timer, NULL);
    rt_reactor_free(reactor);
    CHECK_EQ(uv_loop_close(&loop), 0);
}
