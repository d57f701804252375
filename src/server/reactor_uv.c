// The reactor interface on libuv.
//
// Descriptors: libuv wants one uv_poll_t per descriptor, the reactor allows any
// number of watches. So there is one entry per descriptor number, kept for
// good, with the list of its watches; it polls for what they want together.
//
// Time: each watch with a limit borrows a uv_timer_t from a pool. A limit of
// zero does not use a timer, because libuv runs a timer that is started in a
// timer's callback at once, and a coroutine that sleeps for zero in a loop would
// starve everything else. Such watches wait in `due` for the next turn, which
// an idle handle makes come at once. libuv's clock counts coarse milliseconds
// and may be early by two of them; a timer that is goes back to sleep.
#include "server/reactor_uv.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <retort/base/error.h>

typedef struct fd_entry {
    uv_poll_t poll;
    rt_link watches;
    int events; // polled for at present
} fd_entry;

// A timer from the pool, and the watch it is lent to.
typedef struct timer {
    uv_timer_t uv;
    rt_watch *watch;
    rt_link link; // among those lent, or in the pool
} timer;

typedef struct reactor {
    rt_reactor head;
    uv_loop_t *loop;
    uv_async_t async;
    uv_idle_t idle;
    uv_check_t check;
    uv_timer_t turn_timer;
    fd_entry **fds; // by descriptor
    size_t fds_len;
    rt_link timers; // pool
    rt_link lent;   // timers at work
    rt_link due;    // watches for the next turn
    uv_mutex_t lock;
    rt_post *posts; // newest first
    size_t offloaded;
    int open_handles; // of those above, while it is freed
} reactor;

static void *allocate(size_t bytes)
{
    void *memory = calloc(1, bytes);
    if (!memory)
        rt_panic("out of memory: %zu bytes", bytes);
    return memory;
}

static void must(int result, const char *what)
{
    if (result)
        rt_panic("%s: %s", what, uv_strerror(result));
}

// ---- time --------------------------------------------------------------

static void on_turn_timer(uv_timer_t *uv)
{
    (void)uv; // only ends a turn
}

static void on_idle(uv_idle_t *idle)
{
    (void)idle; // only keeps the loop from sleeping
}

static void release_timer(reactor *r, rt_watch *watch)
{
    timer *t = watch->handle;
    if (!t)
        return;
    watch->handle = NULL;
    t->watch = NULL;
    uv_timer_stop(&t->uv);
    rt_link_remove(&t->link);
    rt_links_push(&r->timers, &t->link);
}

static void detach(reactor *r, rt_watch *watch);

static void on_timer(uv_timer_t *uv)
{
    timer *t = uv->data;
    rt_watch *watch = t->watch;
    assert(watch);
    if ((int64_t)uv_hrtime() < watch->deadline_ns) {
        must(uv_timer_start(uv, on_timer, 1, 0), "uv_timer_start");
        return;
    }
    detach((reactor *)watch->reactor, watch);
    rt_watch_fire(watch, RT_E_TIMEOUT);
}

static int64_t deadline_after(int64_t timeout_ms)
{
    int64_t now = (int64_t)uv_hrtime();
    return timeout_ms < (INT64_MAX - now) / 1000000 ? now + timeout_ms * 1000000
                                                    : INT64_MAX;
}

static void start_timer(reactor *r, rt_watch *watch)
{
    rt_link *link = rt_links_take(&r->timers);
    timer *t = link ? RT_CONTAINER(link, timer, link) : NULL;
    if (!t) {
        t = allocate(sizeof *t);
        must(uv_timer_init(r->loop, &t->uv), "uv_timer_init");
        t->uv.data = t;
    }
    t->watch = watch;
    watch->handle = t;
    rt_links_push(&r->lent, &t->link);
    watch->deadline_ns = deadline_after(watch->timeout_ms);
    // The loop's clock stands since the turn began; a wait counts from now.
    uv_update_time(r->loop);
    must(uv_timer_start(&t->uv, on_timer, (uint64_t)watch->timeout_ms, 0),
         "uv_timer_start");
}

static void make_due(reactor *r, rt_watch *watch, rt_status status)
{
    watch->status = status;
    rt_links_push(&r->due, &watch->link);
    uv_idle_start(&r->idle, on_idle);
}

// Fire what was due before this turn; what is started meanwhile waits for the
// next one.
static void on_check(uv_check_t *check)
{
    reactor *r = check->data;
    // Also when nothing is due any more: what was may have been stopped, and an
    // idle handle left running would spin the loop for ever.
    uv_idle_stop(&r->idle);
    rt_link now = {0};
    rt_link *link;
    while ((link = rt_links_take(&r->due)))
        rt_links_push(&now, link);
    while ((link = rt_links_take(&now))) {
        rt_watch *watch = RT_CONTAINER(link, rt_watch, link);
        rt_watch_fire(watch, watch->status);
    }
}

// ---- descriptors ---------------------------------------------------------

static void on_poll(uv_poll_t *poll, int status, int events);

static void update_poll(fd_entry *entry)
{
    int events = 0;
    if (!rt_links_is_empty(&entry->watches))
        for (rt_link *l = entry->watches.next; l != &entry->watches;
             l = l->next) {
            int wanted = RT_CONTAINER(l, rt_watch, link)->events;
            events |= (wanted & RT_WAIT_READ ? UV_READABLE : 0) |
                      (wanted & RT_WAIT_WRITE ? UV_WRITABLE : 0);
        }
    if (events == entry->events)
        return;
    entry->events = events;
    if (events)
        must(uv_poll_start(&entry->poll, events, on_poll), "uv_poll_start");
    else
        uv_poll_stop(&entry->poll);
}

static bool is_ready(const rt_watch *watch, int status, int events)
{
    if (status)
        return true; // the next read or write tells what is wrong
    return (watch->events & RT_WAIT_READ && events & UV_READABLE) ||
           (watch->events & RT_WAIT_WRITE && events & UV_WRITABLE);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    fd_entry *entry = poll->data;
    rt_link ready = {0};
    for (rt_link *l = entry->watches.next, *next;
         !rt_links_is_empty(&entry->watches) && l != &entry->watches;
         l = next) {
        next = l->next;
        rt_watch *watch = RT_CONTAINER(l, rt_watch, link);
        if (!is_ready(watch, status, events))
            continue;
        rt_link_remove(l);
        rt_links_push(&ready, l);
    }
    if (status) // libuv has stopped polling
        entry->events = 0;
    update_poll(entry);
    rt_link *link;
    while ((link = rt_links_take(&ready))) {
        rt_watch *watch = RT_CONTAINER(link, rt_watch, link);
        release_timer((reactor *)watch->reactor, watch);
        rt_watch_fire(watch, RT_OK);
    }
}

static fd_entry *find_entry(reactor *r, int fd)
{
    return (size_t)fd < r->fds_len ? r->fds[fd] : NULL;
}

static void grow_entries(reactor *r, int fd)
{
    size_t len = r->fds_len ? r->fds_len : 64;
    while (len <= (size_t)fd)
        len *= 2;
    if (len == r->fds_len)
        return;
    fd_entry **fds = allocate(len * sizeof *fds);
    if (r->fds_len)
        memcpy(fds, r->fds, r->fds_len * sizeof *fds);
    free(r->fds);
    r->fds = fds;
    r->fds_len = len;
}

// The entry of a descriptor, made at its first wait. NULL for what cannot be
// polled; `*error` is libuv's reason.
static fd_entry *open_entry(reactor *r, int fd, int *error)
{
    fd_entry *entry = find_entry(r, fd);
    if (entry)
        return entry;
    entry = allocate(sizeof *entry);
    *error = uv_poll_init(r->loop, &entry->poll, fd);
    if (*error) {
        free(entry);
        return NULL;
    }
    entry->poll.data = entry;
    grow_entries(r, fd);
    r->fds[fd] = entry;
    return entry;
}

// Whether a descriptor can still be polled. Its number may have been used for a
// socket before, whose entry is kept, and libuv aborts on what epoll refuses.
static int check_fd(int fd)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return UV_EBADF;
    return S_ISREG(st.st_mode) || S_ISDIR(st.st_mode) ? UV_EPERM : 0;
}

static rt_status start(rt_reactor *self, rt_watch *watch)
{
    reactor *r = (reactor *)self;
    watch->handle = NULL;
    if (watch->fd < 0 && watch->timeout_ms == 0) {
        make_due(r, watch, RT_E_TIMEOUT);
        return RT_OK;
    }
    if (watch->fd >= 0) {
        int error = 0;
        fd_entry *entry = open_entry(r, watch->fd, &error);
        if (entry && !entry->events && (error = check_fd(watch->fd)))
            entry = NULL;
        if (!entry && error == UV_EPERM) { // a regular file: always ready
            make_due(r, watch, RT_OK);
            return RT_OK;
        }
        if (!entry)
            return RT_E_IO;
        rt_links_push(&entry->watches, &watch->link);
        update_poll(entry);
    }
    if (watch->timeout_ms >= 0)
        start_timer(r, watch);
    return RT_OK;
}

// Take a watch out of every list; nothing points at it afterwards.
static void detach(reactor *r, rt_watch *watch)
{
    release_timer(r, watch);
    rt_link_remove(&watch->link);
    fd_entry *entry = watch->fd >= 0 ? find_entry(r, watch->fd) : NULL;
    if (entry)
        update_poll(entry);
}

static void stop(rt_reactor *self, rt_watch *watch)
{
    detach((reactor *)self, watch);
}

// ---- messages and work -----------------------------------------------------

static void post(rt_reactor *self, rt_post *message)
{
    reactor *r = (reactor *)self;
    uv_mutex_lock(&r->lock);
    message->next = r->posts;
    r->posts = message;
    uv_mutex_unlock(&r->lock);
    must(uv_async_send(&r->async), "uv_async_send");
}

static void on_async(uv_async_t *async)
{
    reactor *r = async->data;
    uv_mutex_lock(&r->lock);
    rt_post *newest = r->posts;
    r->posts = NULL;
    uv_mutex_unlock(&r->lock);

    rt_post *oldest = NULL;
    while (newest) {
        rt_post *next = newest->next;
        newest->next = oldest;
        oldest = newest;
        newest = next;
    }
    while (oldest) {
        rt_post *next = oldest->next;
        oldest->fn(oldest);
        oldest = next;
    }
}

static void run_work(uv_work_t *uv)
{
    rt_work *work = uv->data;
    work->run(work);
}

static void finish_work(uv_work_t *uv, int status)
{
    rt_work *work = uv->data;
    (void)status; // never cancelled
    ((reactor *)work->reactor)->offloaded--;
    free(uv);
    work->done(work);
}

static void offload(rt_reactor *self, rt_work *work)
{
    reactor *r = (reactor *)self;
    uv_work_t *uv = allocate(sizeof *uv);
    uv->data = work;
    work->reactor = self;
    r->offloaded++;
    must(uv_queue_work(r->loop, uv, run_work, finish_work), "uv_queue_work");
}

// ---- turning and ending ------------------------------------------------------

static void turn(rt_reactor *self, int64_t timeout_ms)
{
    reactor *r = (reactor *)self;
    if (timeout_ms > 0)
        must(uv_timer_start(&r->turn_timer, on_turn_timer, (uint64_t)timeout_ms,
                            0),
             "uv_timer_start");
    // A message of another thread may be all there is to wait for.
    uv_ref((uv_handle_t *)&r->async);
    uv_run(r->loop, timeout_ms == 0 ? UV_RUN_NOWAIT : UV_RUN_ONCE);
    uv_unref((uv_handle_t *)&r->async);
    uv_timer_stop(&r->turn_timer);
}

static void free_entry(uv_handle_t *handle)
{
    free(handle->data);
}

// The loop calls this for each handle in an order of its own, and looks at a
// handle until then: the last one frees them all.
static void free_reactor(uv_handle_t *handle)
{
    reactor *r = handle->data;
    if (--r->open_handles > 0)
        return;
    uv_mutex_destroy(&r->lock);
    free(r->fds);
    free(r);
}

static void forget(rt_link *links)
{
    rt_link *link;
    while ((link = rt_links_take(links))) {
        rt_watch *watch = RT_CONTAINER(link, rt_watch, link);
        watch->reactor = NULL;
    }
}

static void close_own(reactor *r, uv_handle_t *handle)
{
    handle->data = r;
    r->open_handles++;
    uv_close(handle, free_reactor);
}

static void free_self(rt_reactor *self)
{
    reactor *r = (reactor *)self;
    while (r->offloaded)
        uv_run(r->loop, UV_RUN_ONCE);
    rt_reactor_deinit(self);
    forget(&r->due);
    for (size_t i = 0; i < r->fds_len; i++) {
        if (!r->fds[i])
            continue;
        forget(&r->fds[i]->watches);
        uv_close((uv_handle_t *)&r->fds[i]->poll, free_entry);
    }
    rt_link *link;
    while ((link = rt_links_first(&r->lent))) {
        rt_watch *watch = RT_CONTAINER(link, timer, link)->watch;
        release_timer(r, watch);
        watch->reactor = NULL;
    }
    while ((link = rt_links_take(&r->timers))) {
        timer *t = RT_CONTAINER(link, timer, link);
        uv_close((uv_handle_t *)&t->uv, free_entry);
    }
    close_own(r, (uv_handle_t *)&r->idle);
    close_own(r, (uv_handle_t *)&r->check);
    close_own(r, (uv_handle_t *)&r->turn_timer);
    close_own(r, (uv_handle_t *)&r->async);
    uv_run(r->loop, UV_RUN_NOWAIT);
}

static const rt_reactor_ops ops = {
    .start = start,
    .stop = stop,
    .post = post,
    .offload = offload,
    .turn = turn,
    .free = free_self,
};

rt_reactor *rt__reactor_uv_new(uv_loop_t *loop)
{
    reactor *r = allocate(sizeof *r);
    rt_reactor_init(&r->head, &ops);
    r->loop = loop;
    must(uv_mutex_init(&r->lock), "uv_mutex_init");
    must(uv_async_init(loop, &r->async, on_async), "uv_async_init");
    must(uv_idle_init(loop, &r->idle), "uv_idle_init");
    must(uv_check_init(loop, &r->check), "uv_check_init");
    must(uv_timer_init(loop, &r->turn_timer), "uv_timer_init");
    r->async.data = r;
    r->check.data = r;
    must(uv_check_start(&r->check, on_check), "uv_check_start");
    // These wait for others and must not keep the loop alive by themselves.
    uv_unref((uv_handle_t *)&r->async);
    uv_unref((uv_handle_t *)&r->check);
    return &r->head;
}
