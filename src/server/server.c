// Serving: options with their defaults, the listeners, and who runs.
#include "retort/server/server.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <retort/base/error.h>
#include <retort/base/hash.h>

#include "server/master.h"

const rt_logger rt__server_log = {"server", RT_LOG_UNSET};

// The processors this process may use, which in a container are fewer than the
// machine has.
static int processors(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set))
        return 1;
    int n = CPU_COUNT(&set);
    return n > 0 ? n : 1;
}

#define DEFAULT(field, value) \
    if (!o.field)             \
    o.field = (value)

static rt_server_options with_defaults(const rt_server_options *options)
{
    rt_server_options o = *options;
    DEFAULT(name, "retort");
    DEFAULT(host, "127.0.0.1");
    DEFAULT(port, 5000);
    DEFAULT(workers, processors());
    DEFAULT(head_timeout_ms, 10 * 1000);
    DEFAULT(idle_timeout_ms, 75 * 1000);
    DEFAULT(body_timeout_ms, 30 * 1000);
    DEFAULT(write_timeout_ms, 30 * 1000);
    DEFAULT(grace_ms, 30 * 1000);
    DEFAULT(worker_timeout_ms, 30 * 1000);
    DEFAULT(drain_bytes, 64 * 1024);
    DEFAULT(requests, 1000);
    DEFAULT(memory, (size_t)256 << 20);
    DEFAULT(backlog, 1024);
    return o;
}

void rt__worker_init(rt__worker *worker, int number, int listen_fd,
                     rt_gateway gateway, const rt_server_options *options)
{
    worker->number = number;
    worker->listen_fd = listen_fd;
    worker->gateway = gateway;
    worker->options = options;
    worker->access_fd = -1;
}

static void print_banner(const rt_server_options *o, const char *url)
{
    if (o->quiet)
        return;
    if (o->workers < 0)
        fprintf(stderr, " * Serving \"%s\" in this process", o->name);
    else
        fprintf(stderr, " * Serving \"%s\" with %d worker%s", o->name,
                o->workers, o->workers == 1 ? "" : "s");
    fprintf(stderr, "%s (pid %d)\n", o->debug ? ", debug mode" : "",
            (int)getpid());
    fprintf(stderr, " * Running on %s (press CTRL+C to quit)\n", url);
    fflush(stderr);
}

// Say that it serves, to people and to whoever started it.
static void announce(const rt_server_options *o, const char *url)
{
    print_banner(o, url);
    if (o->ready)
        o->ready(url, o->ready_arg);
}

static int serve_here(rt__listeners *listeners, rt_gateway gateway,
                      const rt_server_options *options)
{
    rt__worker *worker = calloc(1, sizeof *worker);
    if (!worker)
        rt_panic("out of memory: %zu bytes", sizeof *worker);
    rt_hash_seed();
    rt__worker_init(worker, 0, listeners->fds[0], gateway, options);
    announce(options, listeners->url);
    int status = rt__worker_run(worker);
    listeners->fds[0] = -1; // the worker has closed it
    free(worker);
    return status;
}

int rt_serve(rt_gateway gateway, const rt_server_options *options)
{
    rt_server_options o = with_defaults(options);
    rt__listeners listeners;
    char error[512];
    int n = o.workers < 0 ? 1 : o.workers;
    if (!rt__access_log_can_open(&o, error, sizeof error)) {
        fprintf(stderr, "%s\n", error);
        return 1;
    }
    if (!rt__listeners_open(&listeners, n, &o, error, sizeof error)) {
        fprintf(stderr, "%s\n", error);
        rt__listeners_close(&listeners, &o);
        return 1;
    }
    int status = o.workers < 0
                     ? serve_here(&listeners, gateway, &o)
                     : rt__master_run(&listeners, gateway, &o, announce);
    rt__listeners_close(&listeners, &o);
    return status;
}
