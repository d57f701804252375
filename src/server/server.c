// Serving: options with their defaults, the listeners, and who runs.
#include "retort/server/server.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
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

static void log_start(const rt_server_options *o, const char *url)
{
    rt_log_with(&rt__server_log, RT_LOG_INFO, "serving", "name", o->name, "url",
                url, "workers", o->workers < 0 ? 0 : o->workers, "debug",
                o->debug);
}

// Say that it serves, to people and to whoever started it.
static void announce(const rt_server_options *o, const char *url)
{
    if (o->log_start)
        log_start(o, url);
    else
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

// ---- descriptors --------------------------------------------------------------

// What a worker has beside its listener: the loop's, the log, its master.
#define FILES_OF_LOOP     10
// Fewer connections at a time are no service.
#define FILES_CONNECTIONS 8
// What the master has for each worker and its successor.
#define FILES_PER_SLOT    4
// Limits beyond this are enough without counting.
#define FILES_PLENTY      65536

static int open_files(int limit)
{
    int n = 0;
    for (int fd = 0; fd < limit; fd++)
        n += fcntl(fd, F_GETFD) >= 0;
    return n;
}

// A worker that can take no connection would look as if it served.
static bool has_files(const rt_server_options *o, char *error, size_t bytes)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= FILES_PLENTY)
        return true;
    int max = (int)limit.rlim_cur, open = open_files(max);
    bool shared = strchr(o->host, '/') != NULL;
    int listeners = shared || o->workers < 0 ? 1 : o->workers;
    int worker = open + 1 + FILES_OF_LOOP + FILES_CONNECTIONS;
    int master =
        o->workers < 0 ? 0 : open + 2 + listeners + FILES_PER_SLOT * o->workers;
    int need = worker > master ? worker : master;
    if (need <= max)
        return true;
    snprintf(
        error, bytes,
        "cannot serve: %d files may be open (ulimit -n), and %d are needed",
        max, need);
    return false;
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
    if (!has_files(&o, error, sizeof error)) {
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
