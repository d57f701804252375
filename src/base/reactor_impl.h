// Between reactor.c and reactor_poll.c.
#pragma once

#include <retort/base/reactor.h>

// Free what a fork has inherited of a reactor on poll(2), whose threads do not
// exist in this process.
void rt__reactor_poll_forget(rt_reactor *self);
