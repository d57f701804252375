// A worker: its loop from the first accept to the last answer.
#include "server/worker.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <retort/base/error.h>
#include <retort/base/time.h>

#include "server/listener.h"
#include "server/reactor_uv.h"

// Connections taken in one turn, so that accepting cannot starve answering.
#define ACCEPTS_PER_TURN 64
#define ACCEPT_PAUSE_MS  200
#define ACCEPT_LOG_MS    5000
// For handshakes to come to their end, where they cannot be counted, and how
// often they are.
#define LAST_ACCEPT_MS   100
#define HANDSHAKE_MS     5

// An IMF-fixdate.
#define DATE_BYTES 29u

int64_t rt__worker_now_ms(const rt__worker *worker)
{
    return (int64_t)uv_now(&worker->loop);
}

// The date changes once a second, so it is formatted about as often.
RT_COLD static void format_date(rt__worker *worker)
{
    int64_t now = rt_time_now();
    rt_arena scratch = {0};
    rt_buf date;
    rt_buf_init(&date, &scratch);
    rt_time_put_imf(&date, now);
    memcpy(worker->date, rt_buf_str(&date).data, DATE_BYTES);
    rt_arena_deinit(&scratch);
    worker->date_until_ms =
        rt__worker_now_ms(worker) + 1000 - now % RT_TIME_SECOND / 1000;
}

rt_str rt__worker_date(rt__worker *worker)
{
    if (RT_UNLIKELY(rt__worker_now_ms(worker) >= worker->date_until_ms))
        format_date(worker);
    return (rt_str){worker->date, DATE_BYTES};
}

// ---- blocks ------------------------------------------------------------------

rt__block *rt__block_get(rt__worker *worker, size_t bytes)
{
    rt__block *block = worker->blocks;
    if (block && bytes <= RT__BLOCK_BYTES) {
        worker->blocks = block->next;
        worker->blocks_len--;
        return block;
    }
    block = malloc(sizeof *block + bytes);
    if (!block)
        rt_panic("out of memory: %zu bytes", bytes);
    block->cap = bytes;
    return block;
}

void rt__block_put(rt__worker *worker, rt__block *block)
{
    if (!block)
        return;
    if (block->cap != RT__BLOCK_BYTES ||
        worker->blocks_len == RT__BLOCKS_POOLED) {
        free(block);
        return;
    }
    block->next = worker->blocks;
    worker->blocks = block;
    worker->blocks_len++;
}

// ---- accepting ---------------------------------------------------------------

static void on_acceptable(uv_poll_t *poll, int status, int events);

static void set_accepting(rt__worker *worker, bool on)
{
    if (on == worker->accepting)
        return;
    worker->accepting = on;
    if (on)
        uv_poll_start(&worker->listener, UV_READABLE, on_acceptable);
    else
        uv_poll_stop(&worker->listener);
}

static void on_accept_pause(uv_timer_t *timer)
{
    rt__worker *worker = timer->data;
    if (worker->listen_fd >= 0)
        set_accepting(worker, true);
}

// The log would only grow by what is known.
static void log_failure(rt__worker *worker, int error)
{
    int64_t now = rt__worker_now_ms(worker);
    worker->accept_failures++;
    if (worker->accept_logged_ms &&
        now - worker->accept_logged_ms < ACCEPT_LOG_MS)
        return;
    rt_log(&rt__server_log, RT_LOG_WARNING,
           "worker {}: cannot accept: {} ({} times, {} connections)",
           worker->number, strerror(error), worker->accept_failures,
           worker->conns_len);
    worker->accept_logged_ms = now;
    worker->accept_failures = 0;
}

// Without a descriptor left, accepting again at once would only spin.
static void pause_accepting(rt__worker *worker)
{
    log_failure(worker, errno);
    set_accepting(worker, false);
    uv_timer_start(&worker->accept_pause, on_accept_pause, ACCEPT_PAUSE_MS, 0);
}

static void open_connection(rt__worker *worker, int fd,
                            const struct sockaddr_storage *address)
{
    char peer[INET6_ADDRSTRLEN] = "";
    int port = 0;
    const void *part = address;
    if (address->ss_family == AF_INET) {
        const struct sockaddr_in *v4 = part;
        inet_ntop(AF_INET, &v4->sin_addr, peer, sizeof peer);
        port = ntohs(v4->sin_port);
    } else if (address->ss_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = part;
        inet_ntop(AF_INET6, &v6->sin6_addr, peer, sizeof peer);
        port = ntohs(v6->sin6_port);
    }
    rt__conn_open(worker, fd, peer, port);
}

static void accept_some(rt__worker *worker, int max)
{
    for (int i = 0; i < max; i++) {
        struct sockaddr_storage address = {.ss_family = AF_UNSPEC};
        socklen_t len = sizeof address;
        int fd = accept4(worker->listen_fd, (struct sockaddr *)&address, &len,
                         SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            open_connection(worker, fd, &address);
            continue;
        }
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
            errno == ENOMEM)
            pause_accepting(worker);
        if (errno != ECONNABORTED && errno != EINTR)
            return;
    }
}

static void on_acceptable(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    accept_some(poll->data, ACCEPTS_PER_TURN);
}

// ---- the loop ------------------------------------------------------------------

// Before the loop waits: what was logged goes out, and the master may see that
// this worker is not stuck.
static void on_prepare(uv_prepare_t *prepare)
{
    rt__worker *worker = prepare->data;
    if (worker->access_fd >= 0)
        rt__access_log_flush(worker);
    if (worker->slot)
        worker->slot->busy_since_ms = 0;
}

void rt__worker_mark_busy(rt__worker *worker)
{
    if (worker->slot)
        worker->slot->busy_since_ms = rt__worker_now_ms(worker);
}

// After the loop has waited: for the coroutines that resume now and the timers
// of the next turn. Connections, which libuv calls before this, mark themselves.
static void on_check(uv_check_t *check)
{
    rt__worker_mark_busy(check->data);
}

// Something in the shared slot has changed.
static void wake_master(const rt__worker *worker)
{
    if (worker->slot && worker->slot->socket >= 0)
        (void)!send(worker->slot->socket, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void rt__worker_check_end(rt__worker *worker)
{
    if (worker->stopping && worker->conns_len == 0 && worker->listen_fd < 0)
        uv_stop(&worker->loop);
}

static void on_grace_over(uv_timer_t *timer)
{
    rt__worker *worker = timer->data;
    rt_log(&rt__server_log, RT_LOG_WARNING,
           "worker {}: {} requests did not end in time", worker->number,
           worker->in_progress);
    worker->cut = true;
    uv_stop(&worker->loop);
}

// Visit every connection; the callback may close the one it is given.
static void each_connection(rt__worker *worker, void (*fn)(rt__conn *conn))
{
    rt_link *next;
    if (rt_links_is_empty(&worker->conns))
        return;
    for (rt_link *l = worker->conns.next; l != &worker->conns; l = next) {
        next = l->next;
        fn(RT_CONTAINER(l, rt__conn, link));
    }
}

static void close_listener(rt__worker *worker)
{
    set_accepting(worker, false);
    if (worker->listen_fd >= 0)
        close(worker->listen_fd);
    worker->listen_fd = -1;
}

static void on_last_accept(uv_timer_t *timer)
{
    rt__worker *worker = timer->data;
    if (rt__worker_now_ms(worker) < worker->last_accept_ms &&
        rt__listener_is_connecting(worker->listen_fd)) {
        uv_timer_start(timer, on_last_accept, HANDSHAKE_MS, 0);
        return;
    }
    accept_some(worker, INT_MAX);
    close_listener(worker);
    rt__worker_check_end(worker);
}

// Whoever has connected is served. The listener stays open for a moment in which
// handshakes come to their end; then what is queued is accepted and it closes.
// The moment is short, as who comes meanwhile must try again a second later.
static void begin_end(rt__worker *worker)
{
    if (worker->slot)
        worker->slot->stopping = true;
    else
        rt__listener_refuse(worker->listen_fd);
    wake_master(worker);
    each_connection(worker, rt__conn_stop);
    worker->last_accept_ms = rt__worker_now_ms(worker) + LAST_ACCEPT_MS;
    uv_timer_start(&worker->last_accept, on_last_accept, HANDSHAKE_MS, 0);
}

// Requests in flight end within the grace period. What cuts them is the end of
// the period, SIGQUIT, and without a master also the second signal.
static void on_stop_signal(uv_signal_t *signal, int number)
{
    rt__worker *worker = signal->data;
    if (number == SIGQUIT || (worker->stopping && !worker->slot)) {
        worker->stopping = worker->cut = true;
        uv_stop(&worker->loop);
        return;
    }
    if (worker->stopping)
        return;
    worker->stopping = true;
    uv_timer_start(&worker->grace, on_grace_over,
                   (uint64_t)worker->options->grace_ms, 0);
    if (worker->ready)
        begin_end(worker);
}

static void init_handles(rt__worker *worker)
{
    uv_loop_t *loop = &worker->loop;
    if (uv_loop_init(loop))
        rt_panic("cannot make an event loop: %s", strerror(errno));
    uv_timer_init(loop, &worker->timer);
    worker->timer_due_ms = INT64_MAX;
    uv_timer_init(loop, &worker->grace);
    uv_timer_init(loop, &worker->accept_pause);
    uv_timer_init(loop, &worker->last_accept);
    uv_prepare_init(loop, &worker->prepare);
    uv_check_init(loop, &worker->check);
    worker->timer.data = worker->grace.data = worker->accept_pause.data =
        worker->last_accept.data = worker->prepare.data = worker->check.data =
            worker;
    uv_prepare_start(&worker->prepare, on_prepare);

    // Below a master ^C is the master's business.
    static const int numbers[] = {SIGTERM, SIGQUIT, SIGINT};
    size_t n = worker->slot ? RT_COUNT(numbers) - 1 : RT_COUNT(numbers);
    for (size_t i = 0; i < n; i++) {
        uv_signal_init(loop, &worker->signals[i]);
        worker->signals[i].data = worker;
        uv_signal_start(&worker->signals[i], on_stop_signal, numbers[i]);
    }
    worker->listener.data = worker;
    if (uv_poll_init(loop, &worker->listener, worker->listen_fd))
        rt_panic("cannot poll the listening socket");
    worker->listener.data = worker;
}

static void call_start(void *arg)
{
    rt__worker *worker = arg;
    if (worker->gateway.worker_start)
        worker->gateway.worker_start(worker->gateway.self);
}

static void call_stop(void *arg)
{
    rt__worker *worker = arg;
    if (worker->gateway.worker_stop)
        worker->gateway.worker_stop(worker->gateway.self);
}

// Run a function on a coroutine to its end.
static void run_to_end(rt__worker *worker, rt_coro_fn *fn)
{
    rt_coro *co = rt_coro_new(fn, worker);
    rt_coro_resume(co);
    while (!rt_coro_is_done(co))
        rt_reactor_turn(worker->reactor, -1);
    rt_coro_drop(co);
}

// ---- the end ---------------------------------------------------------------------

// Requests that did not end in time: drop their coroutines where they stand.
static void abandon(rt__conn *conn)
{
    rt__exchange *x = conn->active;
    if (x) {
        rt_group_drop(&x->req.children);
        rt__runner_drop(conn->worker, x->runner);
        rt_arena_deinit(&x->arena);
        if (x->block != conn->in)
            rt__block_put(conn->worker, x->block);
        conn->active = NULL;
    }
    rt__conn_close(conn);
}

static void close_handle(uv_handle_t *handle, void *arg)
{
    (void)arg;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

static void free_exchange(rt__exchange *x)
{
    if (x)
        rt_arena_deinit(&x->arena);
}

// While handlers are taken down a signal would have its default effect.
static void block_signals(void)
{
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGTERM);
    sigaddset(&mask, SIGINT);
    sigaddset(&mask, SIGQUIT);
    sigprocmask(SIG_BLOCK, &mask, NULL);
}

static void close_worker(rt__worker *worker)
{
    block_signals();
    each_connection(worker, abandon);
    rt__runners_drop(worker);
    close_listener(worker);
    uv_run(&worker->loop, UV_RUN_NOWAIT); // frees the connections
    run_to_end(worker, call_stop);
    rt__access_log_flush(worker);
    rt_reactor_free(worker->reactor);
    uv_walk(&worker->loop, close_handle, NULL);
    uv_run(&worker->loop, UV_RUN_DEFAULT);
    uv_loop_close(&worker->loop);

    free_exchange(worker->spare);
    for (rt__exchange *x = worker->exchanges; x; x = x->next)
        free_exchange(x);
    while (worker->blocks) {
        rt__block *next = worker->blocks->next;
        free(worker->blocks);
        worker->blocks = next;
    }
    rt_coro_trim();
    rt_arena_deinit(&worker->arena);
    if (worker->access_fd > 2)
        close(worker->access_fd);
}

int rt__worker_run(rt__worker *worker)
{
    signal(SIGPIPE, SIG_IGN);
    rt__crash_install(worker);
    init_handles(worker);
    rt_buf_init(&worker->out, &worker->arena);
    rt_buf_reserve(&worker->out, 2 * RT__OUT_BYTES);
    rt_buf_init(&worker->access, &worker->arena);
    worker->access_fd = rt__access_log_open(worker->options);
    worker->reactor = rt__reactor_uv_new(&worker->loop);
    rt_reactor_install(worker->reactor);
    rt__exchange_be_found(worker);
    // The check that is started last runs first, so this one comes before the
    // reactor's, which resumes coroutines.
    uv_check_start(&worker->check, on_check);

    run_to_end(worker, call_start);
    worker->ready = true;
    set_accepting(worker, true);
    if (worker->slot)
        worker->slot->ready = true;
    wake_master(worker);
    if (worker->stopping) // told so while it was starting
        begin_end(worker);
    if (!worker->cut)
        uv_run(&worker->loop, UV_RUN_DEFAULT);
    rt__exchange_be_found(NULL);
    close_worker(worker);
    rt__crash_uninstall();
    return 0;
}
