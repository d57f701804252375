// The reactor on libuv does what every reactor does.
#define REACTOR_CLOCK_MS 3 // libuv counts coarse milliseconds
#include "../base/reactor_cases.h"
#include "server/reactor_uv.h"

static rt_reactor *make_reactor(void)
{
    static uv_loop_t loop;

    REQUIRE(uv_loop_init(&loop) == 0);
    return rt__reactor_uv_new(&loop);
}
