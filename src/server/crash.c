// The dying side of crashes; the master's side is crash_report.c.
#include "server/crash.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <ucontext.h>
#include <unistd.h>

#include "server/worker.h"

#define STACK_BYTES (64u * 1024u)

static rt__crash_slot *the_slot;

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

static const rt__exchange *current_exchange(void)
{
    rt_coro *co = rt_coro_current();
    return co ? rt_coro_data(co) : NULL;
}

// The master answers a client that has received nothing of its response yet.
// Answers before it that wait to be sent are sent from here.
static void hand_over(const rt__crash_slot *slot, const rt__exchange *x)
{
    if (!x || x->head_sent || slot->socket < 0 || x->conn->pending ||
        x->conn->lost)
        return;
    const rt_buf *out = &x->conn->worker->out;
    if (out->len && send(x->conn->fd, out->data, out->len, MSG_NOSIGNAL) !=
                        (ssize_t)out->len)
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
    (void)!sendmsg(slot->socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
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

// The frames from where it happened on: those of the handler are left out.
static void record_frames(rt__crash_slot *slot, const void *context)
{
    void *frames[RT__CRASH_FRAMES];
    const void *pc = program_counter(context);
    int n = backtrace(frames, RT__CRASH_FRAMES), first = 0;
    for (int i = 0; i < n; i++)
        if (frames[i] == pc)
            first = i;
    slot->frames_len = 0;
    for (int i = first; i < n; i++)
        slot->frames[slot->frames_len++] = frames[i];
}

static void record(int number, void *address, const void *context)
{
    rt__crash_slot *slot = the_slot;
    if (!slot || slot->signal)
        return;
    const rt__exchange *x = current_exchange();
    slot->address = address;
    slot->overflow = number == SIGSEGV && rt_coro_is_overflow(address);
    slot->method[0] = slot->path[0] = '\0';
    if (x) {
        copy_text(slot->method, sizeof slot->method, x->req.method_text);
        copy_text(slot->path, sizeof slot->path, x->req.target);
    }
    record_frames(slot, context);
    slot->signal = number; // last: the report is complete
    hand_over(slot, x);
}

static void on_signal(int number, siginfo_t *info, void *context)
{
    record(number, info->si_addr, context);
    // The default action, with a core dump where one is wanted: delivered when
    // this handler returns, or by the fault itself happening again.
    signal(number, SIG_DFL);
    raise(number);
}

static void on_sanitizer_death(void)
{
    record(SIGABRT, NULL, NULL);
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

void rt__crash_install(rt__crash_slot *slot)
{
    static const int numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    static _Alignas(16) char stack[STACK_BYTES];
    stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    struct sigaction action = {.sa_sigaction = on_signal,
                               .sa_flags = SA_SIGINFO | SA_ONSTACK};
    if (!slot)
        return; // without a master the debugger or the core has it all
    the_slot = slot;
    // The first call loads the unwinder, which a handler may not do.
    void *frame;
    backtrace(&frame, 1);
    sigaltstack(&alternate, NULL);
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < RT_COUNT(numbers); i++)
        sigaction(numbers[i], &action, NULL);
    watch_sanitizers();
}
