// A few threads for work that blocks, for the reactor on poll(2).
#pragma once

#include <retort/base/reactor.h>

typedef struct rt__threads rt__threads;

// Prepare the threads; each is started when there is work and nobody idle.
rt__threads *rt__threads_new(void);

// Run the work on a thread, in the order of submission, then post its `done`
// to `work->reactor`.
void rt__threads_submit(rt__threads *threads, rt_work *work);

// The number of works submitted whose `done` has not been called.
size_t rt__threads_busy(const rt__threads *threads);

// End the threads, after the work they have.
void rt__threads_free(rt__threads *threads);

// Free the memory in a process that has inherited it by fork, where the threads
// do not exist.
void rt__threads_forget(rt__threads *threads);
