// The master: supervises workers, serves nobody.
#pragma once

#include "server/listener.h"
#include "server/worker.h"

// Prepare a worker for a listener; the caller runs it.
void rt__worker_init(rt__worker *worker, int number, int listen_fd,
                     rt_gateway gateway, const rt_server_options *options);

// Say that it serves.
typedef void rt__announce_fn(const rt_server_options *options, const char *url);

// Run workers, one per listener, until told to stop; announce it once signals are
// heeded. The exit status: 1 when none ever got ready.
int rt__master_run(rt__listeners *listeners, rt_gateway gateway,
                   const rt_server_options *options, rt__announce_fn *announce);
