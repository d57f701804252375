// The reactor of a worker, on a libuv loop.
#pragma once

#include <uv.h>

#include <retort/base/reactor.h>

// Make a reactor on a loop the caller runs; `rt_reactor_free` leaves the loop
// open, with no handle of the reactor in it once uv_run has returned.
rt_reactor *rt__reactor_uv_new(uv_loop_t *loop);
