// The master forks one worker per slot and forks again when one dies. It has no
// loop and no threads: it sleeps in ppoll until a signal, a client's socket
// from a dying worker, or the second that is over.
//
//   SIGTERM, SIGINT   stop: workers finish what is in flight; the second one
//   SIGQUIT           stops at once
//   SIGHUP            replace every worker, one after the other
//
// A worker is replaced without a moment in which nobody serves its listener:
//
//     now serves  ->  old serves, now starts  ->  now is ready, old is told
//
// and when its successor does not get ready, the old one goes on.
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

#include "server/rescue.h"

#define TICK_MS        1000
#define SHORT_LIFE_MS  1000
#define BACKOFF_MS_MAX 5000
#define KILL_AFTER_MS  2000 // beyond the grace period
#define CRASH_MS       5000 // to walk the stack and to die
// When so many workers have ended before a first one was ready, none will be.
#define FALSE_STARTS   5

typedef struct process {
    pid_t pid; // 0: none
    rt__crash_slot *shared;
    int socket; // where it sends its client's socket when it crashes
    int64_t started_ms;
    int64_t kill_ms;    // 0: was not told to end
    int64_t crashed_ms; // 0: has not
} process;

typedef struct slot {
    process now;        // serves the listener
    process old;        // its predecessor, while it ends
    int64_t restart_ms; // not before
    int64_t backoff_ms;
    bool replace;      // a successor is wanted
    bool handing_over; // `old` serves until `now` is ready
} slot;

typedef struct master {
    rt__listeners *listeners;
    rt_gateway gateway;
    const rt_server_options *options;
    rt__crash_slot *shared; // all of them
    slot *slots;
    int len;
    bool stopping;
    bool ready_once; // at least one worker was
    int false_starts;
    rt__rescued rescued;
    int access_fd;    // for requests that have crashed
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

// What a worker has inherited and is not its own. Another one's listener that
// stayed open here would go on taking connections after its end.
static void close_others(const master *m, int number)
{
    const rt__listeners *l = m->listeners;
    if (m->access_fd > STDERR_FILENO)
        close(m->access_fd);
    for (int i = 0; i < m->rescued.len; i++)
        close(m->rescued.fds[i]);
    for (int i = 0; i < l->len; i++)
        if (l->fds[i] != l->fds[number])
            close(l->fds[i]);
    for (int i = 0; i < m->len; i++) {
        const process *both[] = {&m->slots[i].now, &m->slots[i].old};
        for (int j = 0; j < 2; j++) {
            if (both[j]->socket >= 0)
                close(both[j]->socket);
            if (both[j] != &m->slots[number].now &&
                both[j]->shared->socket >= 0)
                close(both[j]->shared->socket);
        }
    }
}

RT_NORETURN static void become_worker(master *m, int number)
{
    pid_t parent = getppid();
    give_signals_back(m);
    // A terminal's ^C reaches all processes; the master decides what it means.
    signal(SIGINT, SIG_IGN);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(0); // the master has died in between
    close_others(m, number);
    rt_reactor_reset();
    rt__worker *worker = calloc(1, sizeof *worker);
    if (!worker)
        rt_panic("out of memory: %zu bytes", sizeof *worker);
    rt__worker_init(worker, number + 1, m->listeners->fds[number], m->gateway,
                    m->options);
    worker->slot = m->slots[number].now.shared;
    int status = rt__worker_run(worker);
    free(worker);
    exit(status);
}

static void forget_past(rt__crash_slot *shared)
{
    int fd = shared->socket;
    memset(shared, 0, sizeof *shared);
    shared->socket = fd;
}

static bool start_worker(master *m, int number)
{
    slot *s = &m->slots[number];
    process *p = &s->now;
    forget_past(p->shared);
    p->kill_ms = p->crashed_ms = 0;
    p->started_ms = rt_time_monotonic_ms();
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        become_worker(m, number);
    if (pid < 0) {
        rt_log(&rt__server_log, RT_LOG_ERROR, "cannot start worker {}: {}",
               number + 1, strerror(errno));
        s->restart_ms = p->started_ms + BACKOFF_MS_MAX;
        return false;
    }
    p->pid = pid;
    return true;
}

static void tell(const master *m, process *p, int number)
{
    if (!p->pid)
        return;
    if (!p->kill_ms)
        p->kill_ms =
            rt_time_monotonic_ms() + m->options->grace_ms + KILL_AFTER_MS;
    kill(p->pid, number);
}

static void tell_all(const master *m, int number)
{
    for (int i = 0; i < m->len; i++) {
        tell(m, &m->slots[i].now, number);
        tell(m, &m->slots[i].old, number);
    }
}

static void begin_stop(master *m, int number)
{
    if (!m->stopping)
        rt__listeners_shut(m->listeners, m->options);
    m->stopping = true;
    tell_all(m, number);
}

// ---- replacing ------------------------------------------------------------------

static void swap_processes(slot *s)
{
    process now = s->now;
    s->now = s->old;
    s->old = now;
}

static void begin_replacing(master *m, int number)
{
    slot *s = &m->slots[number];
    s->replace = false;
    swap_processes(s);
    s->handing_over = start_worker(m, number);
    if (!s->handing_over)
        swap_processes(s);
}

static void end_handing_over(master *m, slot *s)
{
    if (!s->now.shared->ready)
        return;
    s->handing_over = false;
    tell(m, &s->old, SIGTERM);
}

// The successor has ended before it was ready, and all others would.
static void take_back(master *m, int number)
{
    slot *s = &m->slots[number];
    s->handing_over = false;
    swap_processes(s);
    for (int i = 0; i < m->len; i++)
        m->slots[i].replace = false;
    if (m->stopping)
        return;
    rt_log(&rt__server_log, RT_LOG_ERROR,
           "worker {} goes on, as its successor ended before it was ready",
           number + 1);
}

// One at a time, so that all the others serve meanwhile.
static void replace_next(master *m)
{
    for (int i = 0; i < m->len; i++) {
        slot *s = &m->slots[i];
        if (s->handing_over)
            end_handing_over(m, s);
        if (s->handing_over)
            return;
    }
    for (int i = 0; i < m->len && !m->stopping; i++) {
        slot *s = &m->slots[i];
        // It ends by itself, or somebody has told it so.
        bool ends = s->now.pid && s->now.shared->stopping;
        if (!s->now.pid)
            s->replace = false; // the next one is new
        if ((!s->replace && !ends) || s->old.pid)
            continue;
        if (ends)
            rt_log(&rt__server_log, RT_LOG_INFO,
                   "worker {} (pid {}) was told to end and is replaced", i + 1,
                   (int64_t)s->now.pid);
        begin_replacing(m, i);
        return;
    }
}

// ---- deaths -------------------------------------------------------------------

static void report_death(const process *p, int number, int status)
{
    rt_arena arena = {0};
    rt_buf what, frames;
    rt_buf_init(&what, &arena);
    rt_buf_init(&frames, &arena);
    bool ordered = status == 0 && p->shared->stopping && !p->shared->state;
    rt_buf_format(&what, "worker {} (pid {}) ", number + 1, (int64_t)p->pid);
    rt__crash_describe(p->shared, status, &what, &frames);
    rt_log_record record = {.level = ordered ? RT_LOG_INFO : RT_LOG_ERROR,
                            .logger = rt__server_log.name,
                            .message = rt_buf_str(&what),
                            .detail = rt_buf_str(&frames)};
    rt_log_emit(&record);
    rt_arena_deinit(&arena);
}

// Whoever dies young again and again is restarted ever more slowly.
static void plan_restart(slot *s)
{
    int64_t now = rt_time_monotonic_ms();
    if (now - s->now.started_ms >= SHORT_LIFE_MS)
        s->backoff_ms = 0;
    else
        s->backoff_ms = s->backoff_ms ? s->backoff_ms * 2 : 50;
    if (s->backoff_ms > BACKOFF_MS_MAX)
        s->backoff_ms = BACKOFF_MS_MAX;
    s->restart_ms = now + s->backoff_ms;
}

static void count_false_start(master *m)
{
    if (m->ready_once || ++m->false_starts < FALSE_STARTS || m->stopping)
        return;
    rt_log(&rt__server_log, RT_LOG_CRITICAL,
           "the workers end before they are ready; giving up");
    begin_stop(m, SIGTERM);
}

// One that is told to end before it can hear of it dies of the signal.
static bool is_in_order(const master *m, const process *p, int status)
{
    bool told = m->stopping || p->kill_ms, young = !p->shared->ready;
    return told && !p->shared->state &&
           (status == 0 ||
            (young && WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM));
}

static void bury(master *m, int number, process *p, int status)
{
    slot *s = &m->slots[number];
    if (!is_in_order(m, p, status))
        report_death(p, number, status);
    if (m->access_fd >= 0 && p->shared->method[0] && !p->shared->logged)
        rt__access_log_write_crashed(m->access_fd, p->shared);
    p->pid = 0;
    if (p == &s->old) {
        s->handing_over = false;
    } else if (s->handing_over) {
        take_back(m, number);
    } else {
        plan_restart(s);
        if (!p->shared->ready)
            count_false_start(m);
    }
}

static void reap(master *m)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        for (int i = 0; i < m->len; i++) {
            slot *s = &m->slots[i];
            if (s->now.pid == pid)
                bury(m, i, &s->now, status);
            else if (s->old.pid == pid)
                bury(m, i, &s->old, status);
        }
}

static int living(const master *m)
{
    int n = 0;
    for (int i = 0; i < m->len; i++)
        n += (m->slots[i].now.pid != 0) + (m->slots[i].old.pid != 0);
    return n;
}

static void restart_due(master *m)
{
    int64_t now = rt_time_monotonic_ms();
    for (int i = 0; i < m->len && !m->stopping; i++)
        if (!m->slots[i].now.pid && m->slots[i].restart_ms <= now)
            start_worker(m, i);
}

// A loop that has not turned for so long never will.
static void abort_stuck(const master *m, int number, const process *p)
{
    int64_t now = rt_time_monotonic_ms(), since = p->shared->busy_since_ms;
    if (!since || now - since < m->options->worker_timeout_ms)
        return;
    rt_log(&rt__server_log, RT_LOG_ERROR,
           "worker {} (pid {}) has not turned its loop for {} ms", number + 1,
           (int64_t)p->pid, now - since);
    p->shared->busy_since_ms = 0;
    kill(p->pid, SIGABRT);
}

static void look_after(const master *m, int number, process *p)
{
    int64_t now = rt_time_monotonic_ms();
    if (!p->pid)
        return;
    abort_stuck(m, number, p);
    if (p->shared->state && !p->crashed_ms)
        p->crashed_ms = now;
    // In a ruined process even the end may not come by itself.
    if ((p->kill_ms && now > p->kill_ms) ||
        (p->crashed_ms && now - p->crashed_ms > CRASH_MS))
        kill(p->pid, SIGKILL);
}

// ---- the life of a master -------------------------------------------------------

// Without the sockets clients of crashed workers get no page, that is all.
static void open_process(process *p, rt__crash_slot *shared)
{
    int pair[2];
    p->shared = shared;
    p->socket = shared->socket = -1;
    if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair))
        return;
    p->socket = pair[0];
    shared->socket = pair[1];
}

static void close_process(const process *p)
{
    if (p->socket < 0)
        return;
    close(p->socket);
    close(p->shared->socket);
}

static void open_slots(master *m, int n)
{
    size_t bytes = 2 * (size_t)n * sizeof(rt__crash_slot);
    rt__crash_slot *shared = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    m->slots = calloc((size_t)n, sizeof *m->slots);
    if (shared == MAP_FAILED || !m->slots)
        rt_panic("out of memory: %zu bytes", bytes);
    m->len = n;
    m->shared = shared;
    for (int i = 0; i < n; i++) {
        open_process(&m->slots[i].now, &shared[2 * i]);
        open_process(&m->slots[i].old, &shared[2 * i + 1]);
    }
}

static void close_slots(master *m)
{
    for (int i = 0; i < m->len; i++) {
        close_process(&m->slots[i].now);
        close_process(&m->slots[i].old);
    }
    munmap(m->shared, 2 * (size_t)m->len * sizeof(rt__crash_slot));
    free(m->slots);
}

// Where the file was moved away there is a new one from now on.
static void reopen_access_log(master *m)
{
    int fd = rt__access_log_open(m->options);
    if (m->access_fd > STDERR_FILENO)
        close(m->access_fd);
    m->access_fd = fd;
}

// ppoll prefers news to signals. A signal for the whole group, which the workers
// have told of by ending, must not come behind what they say.
static void let_signals_in(const master *m)
{
    struct timespec now = {0, 0};
    ppoll(NULL, 0, &now, &m->outside);
}

static void handle_signals(master *m)
{
    let_signals_in(m);
    if (got_reload) {
        got_reload = 0;
        reopen_access_log(m);
        for (int i = 0; i < m->len; i++)
            m->slots[i].replace = true;
    }
    if (got_quit || got_stop > 1) {
        got_quit = 0;
        got_stop = 0;
        begin_stop(m, SIGQUIT);
    } else if (got_stop == 1 && !m->stopping) {
        begin_stop(m, SIGTERM);
    }
    if (got_child) {
        got_child = 0;
        reap(m);
    }
}

// A restart that is due soon must not wait for the tick.
static int64_t time_to_wait(const master *m)
{
    int64_t now = rt_time_monotonic_ms(), ms = TICK_MS;
    for (int i = 0; i < m->len; i++) {
        int64_t due = m->slots[i].restart_ms - now;
        if (!m->slots[i].now.pid && due < ms)
            ms = due < 1 ? 1 : due;
    }
    return ms;
}

static void wait_for_news(master *m, struct pollfd *fds)
{
    nfds_t n = 0;
    for (int i = 0; i < m->len; i++) {
        const slot *s = &m->slots[i];
        fds[n++] = (struct pollfd){.fd = s->now.socket, .events = POLLIN};
        fds[n++] = (struct pollfd){.fd = s->old.socket, .events = POLLIN};
    }
    int64_t ms = time_to_wait(m);
    struct timespec timeout = {ms / 1000, ms % 1000 * 1000000};
    if (ppoll(fds, n, &timeout, &m->outside) < 0)
        return; // a signal
    for (nfds_t i = 0; i < n; i++)
        if (fds[i].revents & POLLIN)
            rt__rescue_take(&m->rescued, fds[i].fd);
}

static void look_for_ready(master *m)
{
    for (int i = 0; i < m->len && !m->ready_once; i++)
        m->ready_once = m->slots[i].now.shared->ready;
}

static void tick(master *m)
{
    rt__rescue_close(&m->rescued);
    for (int i = 0; i < m->len; i++) {
        look_after(m, i, &m->slots[i].now);
        look_after(m, i, &m->slots[i].old);
    }
}

int rt__master_run(rt__listeners *listeners, rt_gateway gateway,
                   const rt_server_options *options, rt__announce_fn *announce)
{
    master m = {.listeners = listeners, .gateway = gateway, .options = options};
    struct pollfd *fds = calloc(2 * (size_t)listeners->len, sizeof *fds);
    int64_t ticked_ms = 0;
    if (!fds)
        rt_panic("out of memory: %d slots", listeners->len);
    rt_hash_seed();
    open_slots(&m, listeners->len);
    take_signals(&m);
    m.access_fd = rt__access_log_open(options);
    // Who is told may send a signal at once.
    announce(options, listeners->url);

    while (!m.stopping || living(&m)) {
        restart_due(&m);
        wait_for_news(&m, fds);
        look_for_ready(&m);
        handle_signals(&m);
        replace_next(&m);
        int64_t now = rt_time_monotonic_ms();
        if (now - ticked_ms < TICK_MS)
            continue;
        ticked_ms = now;
        tick(&m);
    }
    rt__rescue_close(&m.rescued);
    give_signals_back(&m);
    sigaction(SIGPIPE, &m.outside_pipe, NULL);
    close_slots(&m);
    if (m.access_fd > STDERR_FILENO)
        close(m.access_fd);
    free(fds);
    return m.ready_once || m.false_starts < FALSE_STARTS ? 0 : 1;
}
