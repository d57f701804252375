// The master forks one worker per slot and forks again when one dies. It has no
// loop and no threads: it sleeps in ppoll until a signal, a client's socket
// from a dying worker, or the second that is over.
//
//   SIGTERM, SIGINT   stop: workers finish what is in flight; the second one
//   SIGQUIT           stops at once
//   SIGHUP            replace every worker, each when it has finished
#include "server/master.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <retort/base/error.h>
#include <retort/base/hash.h>
#include <retort/base/time.h>

#define TICK_MS        1000
#define SHORT_LIFE_MS  1000
#define BACKOFF_MS_MAX 5000
#define KILL_AFTER_MS  2000 // beyond the grace period
#define RESCUED_MAX    64

typedef struct slot {
    pid_t pid; // 0: none
    rt__crash_slot *shared;
    int socket; // where dying workers send their client's socket
    int64_t started_ms;
    int64_t restart_ms; // not before
    int64_t backoff_ms;
    bool replacing; // was told to end
} slot;

typedef struct master {
    const rt__listeners *listeners;
    rt_gateway gateway;
    const rt_server_options *options;
    slot *slots;
    int len;
    bool stopping;
    int64_t kill_ms;
    int rescued[RESCUED_MAX]; // sockets answered, to be closed a tick later
    int rescued_len;
    sigset_t outside; // the mask before
    struct sigaction outside_pipe;
} master;

static volatile sig_atomic_t got_stop, got_quit, got_reload, got_child;

static void on_signal(int number)
{
    switch (number) {
    case SIGCHLD: got_child = 1; break;
    case SIGHUP: got_reload = 1; break;
    case SIGQUIT: got_quit = 1; break;
    default: got_stop = got_stop + 1;
    }
}

static const int signals[] = {SIGCHLD, SIGHUP, SIGQUIT, SIGTERM, SIGINT};

// Signals are let in only while ppoll sleeps. A log whose reader has gone may
// lose lines but ends nobody: SIGPIPE is ignored here and in the workers.
static void take_signals(master *m)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigset_t mask;
    sigemptyset(&mask);
    got_stop = got_quit = got_reload = got_child = 0;
    for (size_t i = 0; i < RT_COUNT(signals); i++) {
        sigaction(signals[i], &action, NULL);
        sigaddset(&mask, signals[i]);
    }
    sigprocmask(SIG_BLOCK, &mask, &m->outside);
    sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN},
              &m->outside_pipe);
}

static void give_signals_back(const master *m)
{
    for (size_t i = 0; i < RT_COUNT(signals); i++)
        signal(signals[i], SIG_DFL);
    sigprocmask(SIG_SETMASK, &m->outside, NULL);
}

// ---- workers -----------------------------------------------------------------

RT_NORETURN static void become_worker(master *m, int number)
{
    pid_t parent = getppid();
    give_signals_back(m);
    // A terminal's ^C reaches all processes; the master decides what it means.
    signal(SIGINT, SIG_IGN);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(0); // the master has died in between
    for (int i = 0; i < m->rescued_len; i++)
        close(m->rescued[i]);
    rt_reactor_reset();
    rt__worker *worker = calloc(1, sizeof *worker);
    if (!worker)
        rt_panic("out of memory: %zu bytes", sizeof *worker);
    rt__worker_init(worker, number + 1, m->listeners->fds[number], m->gateway,
                    m->options);
    worker->slot = m->slots[number].shared;
    int status = rt__worker_run(worker);
    free(worker);
    exit(status);
}

static void start_worker(master *m, int number)
{
    slot *s = &m->slots[number];
    s->shared->state = RT__CRASH_NONE;
    s->shared->method[0] = s->shared->path[0] = '\0';
    s->shared->busy_since_ms = 0;
    s->replacing = false;
    s->started_ms = rt_time_monotonic_ms();
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        become_worker(m, number);
    if (pid < 0) {
        rt_log(&rt__server_log, RT_LOG_ERROR, "cannot start worker {}: {}",
               number + 1, strerror(errno));
        s->restart_ms = s->started_ms + BACKOFF_MS_MAX;
        return;
    }
    s->pid = pid;
}

static void report_death(const slot *s, int number, int status)
{
    rt_arena arena = {0};
    rt_buf what, frames;
    rt_buf_init(&what, &arena);
    rt_buf_init(&frames, &arena);
    rt_buf_format(&what, "worker {} (pid {}) ", number + 1, (int64_t)s->pid);
    rt__crash_describe(s->shared, status, &what, &frames);
    rt_log_record record = {.level = RT_LOG_ERROR,
                            .logger = rt__server_log.name,
                            .message = rt_buf_str(&what),
                            .detail = rt_buf_str(&frames)};
    rt_log_emit(&record);
    rt_arena_deinit(&arena);
}

static void bury(master *m, int number, int status)
{
    slot *s = &m->slots[number];
    bool expected = m->stopping || s->replacing;
    int64_t now = rt_time_monotonic_ms();
    if (status != 0 || s->shared->state || !expected)
        report_death(s, number, status);
    s->pid = 0;
    // Whoever dies young again and again is restarted ever more slowly.
    bool young = now - s->started_ms < SHORT_LIFE_MS && !expected;
    if (!young)
        s->backoff_ms = 0;
    else
        s->backoff_ms = s->backoff_ms ? s->backoff_ms * 2 : 50;
    if (s->backoff_ms > BACKOFF_MS_MAX)
        s->backoff_ms = BACKOFF_MS_MAX;
    s->restart_ms = now + s->backoff_ms;
}

static void reap(master *m)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        for (int i = 0; i < m->len; i++)
            if (m->slots[i].pid == pid)
                bury(m, i, status);
}

static int living(const master *m)
{
    int n = 0;
    for (int i = 0; i < m->len; i++)
        n += m->slots[i].pid != 0;
    return n;
}

static void signal_all(const master *m, int number)
{
    for (int i = 0; i < m->len; i++)
        if (m->slots[i].pid)
            kill(m->slots[i].pid, number);
}

static void restart_due(master *m)
{
    int64_t now = rt_time_monotonic_ms();
    for (int i = 0; i < m->len && !m->stopping; i++)
        if (!m->slots[i].pid && m->slots[i].restart_ms <= now)
            start_worker(m, i);
}

// A loop that has not turned for so long never will.
static void abort_stuck(master *m)
{
    int64_t limit = m->options->worker_timeout_ms;
    int64_t now = rt_time_monotonic_ms();
    for (int i = 0; i < m->len; i++) {
        int64_t since = m->slots[i].shared->busy_since_ms;
        if (!m->slots[i].pid || !since || now - since < limit)
            continue;
        rt_log(&rt__server_log, RT_LOG_ERROR,
               "worker {} (pid {}) has not turned its loop for {} ms", i + 1,
               (int64_t)m->slots[i].pid, now - since);
        m->slots[i].shared->busy_since_ms = 0;
        kill(m->slots[i].pid, SIGABRT);
    }
}

// ---- clients of dead workers ------------------------------------------------

static void answer_client(master *m, int fd)
{
    static const char page[] =
        "HTTP/1.1 500 Internal Server Error\r\n"
        "Content-Type: text/html; charset=utf-8\r\n"
        "Connection: close\r\n"
        "Content-Length: 154\r\n"
        "\r\n"
        "<!doctype html>\n<html lang=en>\n"
        "<title>500 Internal Server Error</title>\n"
        "<h1>Internal Server Error</h1>\n"
        "<p>The program that should answer has crashed.</p>\n";
    (void)!send(fd, page, sizeof page - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    shutdown(fd, SHUT_WR);
    // Unread bytes would turn closing into a reset that overtakes the page.
    char rest[4096];
    while (recv(fd, rest, sizeof rest, MSG_DONTWAIT) > 0)
        continue;
    if (m->rescued_len < RESCUED_MAX)
        m->rescued[m->rescued_len++] = fd;
    else
        close(fd);
}

static void take_socket(master *m, int from)
{
    char byte;

    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec iov = {&byte, 1};
    struct msghdr message = {.msg_iov = &iov,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    if (recvmsg(from, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) <= 0)
        return;
    struct cmsghdr *cmsg = CMSG_FIRSTHDR(&message);
    if (!cmsg || cmsg->cmsg_type != SCM_RIGHTS)
        return;
    int fd;
    memcpy(&fd, CMSG_DATA(cmsg), sizeof fd);
    answer_client(m, fd);
}

static void close_rescued(master *m)
{
    for (int i = 0; i < m->rescued_len; i++)
        close(m->rescued[i]);
    m->rescued_len = 0;
}

// ---- the life of a master -------------------------------------------------------

static void open_slots(master *m, int n)
{
    size_t bytes = (size_t)n * sizeof(rt__crash_slot);
    rt__crash_slot *shared = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    m->slots = calloc((size_t)n, sizeof *m->slots);
    if (shared == MAP_FAILED || !m->slots)
        rt_panic("out of memory: %zu bytes", bytes);
    m->len = n;
    for (int i = 0; i < n; i++) {
        int pair[2];
        m->slots[i].shared = &shared[i];
        m->slots[i].socket = shared[i].socket = -1;
        if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
                       pair))
            continue; // clients of crashed workers get no page, that is all
        m->slots[i].socket = pair[0];
        shared[i].socket = pair[1];
    }
}

static void close_slots(master *m)
{
    for (int i = 0; i < m->len; i++) {
        if (m->slots[i].socket < 0)
            continue;
        close(m->slots[i].socket);
        close(m->slots[i].shared->socket);
    }
    munmap(m->slots[0].shared, (size_t)m->len * sizeof(rt__crash_slot));
    free(m->slots);
}

static void begin_stop(master *m, int number)
{
    if (!m->stopping)
        m->kill_ms =
            rt_time_monotonic_ms() + m->options->grace_ms + KILL_AFTER_MS;
    m->stopping = true;
    signal_all(m, number);
}

static void handle_signals(master *m)
{
    if (got_child) {
        got_child = 0;
        reap(m);
    }
    if (got_reload) {
        got_reload = 0;
        for (int i = 0; i < m->len; i++)
            m->slots[i].replacing = true;
        signal_all(m, SIGTERM);
    }
    if (got_quit || got_stop > 1) {
        got_quit = 0;
        got_stop = 0;
        begin_stop(m, SIGQUIT);
    } else if (got_stop == 1 && !m->stopping) {
        begin_stop(m, SIGTERM);
    }
}

static void wait_for_news(master *m, struct pollfd *fds)
{
    // A restart that is due soon must not wait for the tick.
    int64_t now = rt_time_monotonic_ms(), ms = TICK_MS;
    for (int i = 0; i < m->len; i++) {
        fds[i] = (struct pollfd){.fd = m->slots[i].socket, .events = POLLIN};
        int64_t due = m->slots[i].restart_ms - now;
        if (!m->slots[i].pid && due < ms)
            ms = due < 1 ? 1 : due;
    }
    struct timespec timeout = {ms / 1000, ms % 1000 * 1000000};
    if (ppoll(fds, (nfds_t)m->len, &timeout, &m->outside) < 0)
        return; // a signal
    for (int i = 0; i < m->len; i++)
        if (fds[i].revents & POLLIN)
            take_socket(m, m->slots[i].socket);
}

int rt__master_run(const rt__listeners *listeners, rt_gateway gateway,
                   const rt_server_options *options)
{
    master m = {.listeners = listeners, .gateway = gateway, .options = options};
    struct pollfd *fds = calloc((size_t)listeners->len, sizeof *fds);
    int64_t ticked_ms = 0;
    if (!fds)
        rt_panic("out of memory: %d slots", listeners->len);
    rt_hash_seed();
    open_slots(&m, listeners->len);
    take_signals(&m);

    while (!m.stopping || living(&m)) {
        restart_due(&m);
        wait_for_news(&m, fds);
        handle_signals(&m);
        int64_t now = rt_time_monotonic_ms();
        if (now - ticked_ms < TICK_MS)
            continue;
        ticked_ms = now;
        close_rescued(&m);
        abort_stuck(&m);
        if (m.stopping && now > m.kill_ms)
            signal_all(&m, SIGKILL);
    }
    close_rescued(&m);
    give_signals_back(&m);
    sigaction(SIGPIPE, &m.outside_pipe, NULL);
    close_slots(&m);
    free(fds);
    return 0;
}
