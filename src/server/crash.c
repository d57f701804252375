// The dying side of crashes; the master's side is crash_report.c.
#include "server/crash.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "server/worker.h"

#define STACK_BYTES (64u * 1024u)
// Even the smallest frames fill a coroutine's stack with fewer.
#define DEPTH_MAX   16384

static rt__worker *the_worker;
static pid_t the_process; // children that a view has forked are not the worker
static pthread_t the_thread;
static volatile pthread_t the_crashed; // once the slot's state says so
static volatile bool loop_stands;

// Everything below runs in a signal handler: no locks, no allocation.

static void copy_text(char *to, size_t bytes, rt_str from)
{
    size_t len = from.len < bytes ? from.len : bytes - 1;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)from.data[i];
        to[i] = (char)(c < 0x20 || c == 0x7f ? '?' : c);
    }
    to[len] = '\0';
}

// The request that this thread works for: in its own coroutine, in one that was
// made there, or in a function it has offloaded. By number, because a coroutine
// of the application's may have outlived its request.
static const rt__exchange *current_exchange(const rt__worker *worker)
{
    uint64_t serial = rt_coro_tag();
    if (!serial || rt_links_is_empty(&worker->conns))
        return NULL;
    for (rt_link *l = worker->conns.next; l != &worker->conns; l = l->next) {
        const rt__exchange *x = RT_CONTAINER(l, rt__conn, link)->active;
        if (x && x->serial == serial)
            return x;
    }
    return NULL;
}

// Answers before the request that wait to be sent. What has waited, or runs on
// another thread, has none there; then the buffer may be somebody else's.
static bool send_finished(const rt__exchange *x)
{
    const rt_buf *out = &x->conn->worker->out;
    if (!out->len || x->async || !pthread_equal(pthread_self(), the_thread))
        return true;
    return send(x->conn->fd, out->data, out->len, MSG_NOSIGNAL) ==
           (ssize_t)out->len;
}

static void record_request(rt__crash_slot *slot, const rt__exchange *x)
{
    copy_text(slot->method, sizeof slot->method, x->req.method_text);
    copy_text(slot->path, sizeof slot->path, x->req.target);
    copy_text(slot->peer, sizeof slot->peer, x->req.peer_address);
    slot->version = x->req.version;
    slot->status = x->head_sent ? x->status : 500;
    slot->sent_bytes = x->sent_bytes;
    slot->started_us = x->started_us;
    slot->logged = x->logged;
}

static void record_headers(rt__crash_slot *slot, const rt__exchange *x)
{
    copy_text(slot->referer, sizeof slot->referer,
              rt_request_header(&x->req, RT_STR("Referer")));
    copy_text(slot->user_agent, sizeof slot->user_agent,
              rt_request_header(&x->req, RT_STR("User-Agent")));
}

// The master answers a client that has received nothing of its response yet.
static void hand_over(rt__crash_slot *slot, const rt__exchange *x)
{
    if (!x || x->head_sent || slot->socket < 0 || x->conn->pending ||
        x->conn->lost || !send_finished(x))
        return;

    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;

    memset(&control, 0, sizeof control);
    struct iovec iov = {(char[]){'x'}, 1};
    struct msghdr message = {.msg_iov = &iov,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    struct cmsghdr *cmsg = CMSG_FIRSTHDR(&message);
    cmsg->cmsg_level = SOL_SOCKET;
    cmsg->cmsg_type = SCM_RIGHTS;
    cmsg->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(cmsg), &x->conn->fd, sizeof(int));
    slot->handed_over =
        sendmsg(slot->socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) > 0;
}

static void *program_counter(const void *context)
{
    const ucontext_t *uc = context;
    if (!uc)
        return NULL;
#if defined(__x86_64__)
    return (void *)uc->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
    return (void *)uc->uc_mcontext.pc;
#else
    return NULL;
#endif
}

// The frames from `pc` on, where it happened: those of the handler are left out.
static void record_frames(rt__crash_slot *slot, const void *pc)
{
    static void *frames[DEPTH_MAX]; // one crash per process
    int n = backtrace(frames, DEPTH_MAX), first = 0;
    while (first < n && frames[first] != pc)
        first++;
    if (first == n)
        first = 0;
    rt__crash_put_frames(slot, frames + first, n - first);
    slot->state = RT__CRASH_FRAMES_TOO;
}

// While a function that was offloaded crashes, the loop would take more requests
// that are going to be cut. It may be slow to notice, for a while.
static void stop_loop(void)
{
    if (pthread_equal(pthread_self(), the_thread))
        return;
    pthread_kill(the_thread, SIGABRT);
    for (int i = 0; i < 100 && !loop_stands; i++)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

// Wait for the end of the process, which another thread brings.
static void stand(void)
{
    loop_stands = true;
    for (;;)
        pause();
}

static bool another_crashed(void)
{
    return the_worker && the_worker->slot && the_worker->slot->state &&
           !pthread_equal(the_crashed, pthread_self());
}

static void record(int number, void *address, const void *pc)
{
    rt__crash_slot *slot = the_worker ? the_worker->slot : NULL;
    if (!slot || slot->state || getpid() != the_process)
        return;
    slot->signal = number;
    slot->address = address;
    slot->overflow = number == SIGSEGV && rt_coro_is_overflow(address);
    the_crashed = pthread_self();
    slot->state = RT__CRASH_BEGUN;
    stop_loop();
    const rt__exchange *x = current_exchange(the_worker);
    if (x)
        record_request(slot, x);
    slot->state = RT__CRASH_REQUEST;
    hand_over(slot, x);
    if (x)
        record_headers(slot, x);
    if (the_worker->access_fd >= 0)
        rt__access_log_flush(the_worker);
    record_frames(slot, pc);
}

static void on_signal(int number, siginfo_t *info, void *context)
{
    if (another_crashed())
        stand();
    record(number, info->si_addr, program_counter(context));
    // The default action, with a core dump where one is wanted: delivered when
    // this handler returns, or by the fault itself happening again.
    signal(number, SIG_DFL);
    raise(number);
}

static void on_sanitizer_death(void)
{
    record(SIGABRT, NULL, __builtin_return_address(0));
}

// A view, or a library it uses, ends the program.
static void on_exit_call(void)
{
    record(0, NULL, __builtin_return_address(0));
}

typedef void set_death_callback(void (*callback)(void));

// Sanitizers report by themselves and then end the process, each with a hook of
// its own: gcc links two runtimes that both have it under the same name.
static void watch_sanitizers(void)
{
    static const char *const runtimes[] = {NULL, "libubsan.so.1"};
    for (size_t i = 0; i < RT_COUNT(runtimes); i++) {
        void *handle = dlopen(runtimes[i], RTLD_NOW | RTLD_NOLOAD);
        void *symbol =
            handle ? dlsym(handle, "__sanitizer_set_death_callback") : NULL;
        set_death_callback *set;
        memcpy(&set, &symbol, sizeof set);
        if (set)
            set(on_sanitizer_death);
    }
}

void rt__crash_install(rt__worker *worker)
{
    static const int numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    static _Alignas(16) char stack[STACK_BYTES];
    stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    struct sigaction action = {.sa_sigaction = on_signal,
                               .sa_flags = SA_SIGINFO | SA_ONSTACK};
    if (!worker->slot)
        return;
    the_worker = worker;
    the_process = getpid();
    the_thread = pthread_self();
    // The first call loads the unwinder, which a handler may not do.
    void *frame;
    backtrace(&frame, 1);
    sigaltstack(&alternate, NULL);
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < RT_COUNT(numbers); i++)
        sigaction(numbers[i], &action, NULL);
    watch_sanitizers();
    atexit(on_exit_call);
}

void rt__crash_uninstall(void)
{
    the_worker = NULL;
}
