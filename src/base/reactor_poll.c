// The reactor on poll(2).
//
//     started:  fds[], watches[]   what poll is asked for, side by side
//               heap[]             those with a timeout, soonest first
//                   |
//                   | found ready or late, after poll has returned
//                   v
//     due:      a list, emptied one callback at a time
//
// A watch leaves the arrays before anybody is called. So the arrays never
// change while they are walked; a callback may stop any watch, due ones too,
// and may even enter another turn, which goes on with the same list.
//
// Slot 0 is a pipe by which other threads interrupt poll.
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <retort/base/error.h>

#include "base/reactor_impl.h"
#include "base/threads.h"

#define NOWHERE   SIZE_MAX
#define NEVER     INT64_MAX
#define NS_PER_MS INT64_C(1000000)

typedef struct poll_reactor {
    rt_reactor base;

    struct pollfd *fds;
    rt_watch **watches;
    size_t fd_count;
    size_t fd_cap;

    rt_watch **heap;
    size_t heap_count;
    size_t heap_cap;
    uint64_t started; // orders equal deadlines

    rt_link due;
    rt_post *due_posts;

    rt__threads *threads; // NULL until there is work
    int wake_read;
    int wake_write;
    pthread_mutex_t lock;

    // Under the lock, for other threads. The pipe holds a byte when there are.
    rt_post *posts;
    rt_post *last_post;
} poll_reactor;

static int64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 * NS_PER_MS + t.tv_nsec;
}

static int64_t deadline_after(int64_t timeout_ms)
{
    int64_t now = now_ns();

    if (timeout_ms > (NEVER - now) / NS_PER_MS)
        return NEVER;
    return now + timeout_ms * NS_PER_MS;
}

static void *grow(void *items, size_t cap, size_t item_bytes)
{
    void *grown = reallocarray(items, cap, item_bytes);
    if (!grown)
        rt_panic("out of memory for %zu watches", cap);
    return grown;
}

// The heap: each watch is due no later than the two at twice its index.

static bool is_sooner(const rt_watch *a, const rt_watch *b)
{
    if (a->deadline_ns != b->deadline_ns)
        return a->deadline_ns < b->deadline_ns;
    return a->order < b->order;
}

static void heap_set(poll_reactor *r, size_t at, rt_watch *watch)
{
    r->heap[at] = watch;
    watch->heap_at = at;
}

static void heap_up(poll_reactor *r, size_t at, rt_watch *watch)
{
    while (at > 0 && is_sooner(watch, r->heap[(at - 1) / 2])) {
        heap_set(r, at, r->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    heap_set(r, at, watch);
}

static void heap_down(poll_reactor *r, size_t at, rt_watch *watch)
{
    for (size_t child; (child = 2 * at + 1) < r->heap_count; at = child) {
        if (child + 1 < r->heap_count &&
            is_sooner(r->heap[child + 1], r->heap[child]))
            child++;
        if (!is_sooner(r->heap[child], watch))
            break;
        heap_set(r, at, r->heap[child]);
    }
    heap_set(r, at, watch);
}

static void heap_add(poll_reactor *r, rt_watch *watch)
{
    if (r->heap_count == r->heap_cap) {
        r->heap_cap = r->heap_cap ? 2 * r->heap_cap : 16;
        r->heap = grow(r->heap, r->heap_cap, sizeof(rt_watch *));
    }
    heap_up(r, r->heap_count++, watch);
}

static void heap_remove(poll_reactor *r, rt_watch *watch)
{
    size_t at = watch->heap_at;
    rt_watch *last = r->heap[--r->heap_count];

    watch->heap_at = NOWHERE;
    if (last == watch)
        return;
    if (at > 0 && is_sooner(last, r->heap[(at - 1) / 2])) {
        heap_up(r, at, last);
    } else {
        heap_down(r, at, last);
    }
}

// The descriptors.

static short poll_events(int events)
{
    return (short)((events & RT_WAIT_READ ? POLLIN : 0) |
                   (events & RT_WAIT_WRITE ? POLLOUT : 0));
}

static void fds_add(poll_reactor *r, int fd, short events, rt_watch *watch)
{
    if (r->fd_count == r->fd_cap) {
        r->fd_cap = r->fd_cap ? 2 * r->fd_cap : 16;
        r->fds = grow(r->fds, r->fd_cap, sizeof(struct pollfd));
        r->watches = grow(r->watches, r->fd_cap, sizeof(rt_watch *));
    }
    r->fds[r->fd_count] = (struct pollfd){.fd = fd, .events = events};
    r->watches[r->fd_count] = watch;
    r->fd_count++;
}

// Fill the hole with the last one.
static void fds_remove(poll_reactor *r, rt_watch *watch)
{
    size_t at = watch->fd_at;
    size_t last = --r->fd_count;

    watch->fd_at = NOWHERE;
    if (at == last)
        return;
    r->fds[at] = r->fds[last];
    r->watches[at] = r->watches[last];
    r->watches[at]->fd_at = at;
}

static void take_out(poll_reactor *r, rt_watch *watch)
{
    if (watch->fd_at != NOWHERE)
        fds_remove(r, watch);
    if (watch->heap_at != NOWHERE)
        heap_remove(r, watch);
}

static void make_due(poll_reactor *r, rt_watch *watch, rt_status status)
{
    take_out(r, watch);
    watch->status = status;
    rt_links_push(&r->due, &watch->link);
}

static rt_status poll_start(rt_reactor *self, rt_watch *watch)
{
    poll_reactor *r = (poll_reactor *)self;

    watch->link = (rt_link){NULL, NULL};
    watch->fd_at = NOWHERE;
    watch->heap_at = NOWHERE;
    watch->order = r->started++;
    if (watch->fd >= 0) {
        watch->fd_at = r->fd_count;
        fds_add(r, watch->fd, poll_events(watch->events), watch);
    }
    if (watch->timeout_ms >= 0) {
        watch->deadline_ns = deadline_after(watch->timeout_ms);
        heap_add(r, watch);
    }
    return RT_OK;
}

static void poll_stop(rt_reactor *self, rt_watch *watch)
{
    take_out((poll_reactor *)self, watch);
    rt_link_remove(&watch->link);
}

// Messages. One byte in the pipe stands for any number of them.

static void poll_post(rt_reactor *self, rt_post *post)
{
    poll_reactor *r = (poll_reactor *)self;

    post->next = NULL;
    pthread_mutex_lock(&r->lock);
    bool first = !r->posts;
    if (first) {
        r->posts = post;
    } else {
        r->last_post->next = post;
    }
    r->last_post = post;
    // Under the lock, because afterwards the reactor may be gone.
    while (first && write(r->wake_write, "", 1) < 0 && errno == EINTR) {
    }
    pthread_mutex_unlock(&r->lock);
}

// Move new messages behind those that a turn around this one has not called.
static void take_posts(poll_reactor *r)
{
    rt_post **end = &r->due_posts;
    char byte;

    while (*end)
        end = &(*end)->next;
    pthread_mutex_lock(&r->lock);
    while (read(r->wake_read, &byte, 1) < 0 && errno == EINTR) {
    }
    *end = r->posts;
    r->posts = NULL;
    pthread_mutex_unlock(&r->lock);
}

static void call_posts(poll_reactor *r)
{
    for (rt_post *post; (post = r->due_posts);) {
        r->due_posts = post->next;
        post->fn(post); // the record is the caller's again
    }
}

static void poll_offload(rt_reactor *self, rt_work *work)
{
    poll_reactor *r = (poll_reactor *)self;

    if (!r->threads)
        r->threads = rt__threads_new();
    rt__threads_submit(r->threads, work);
}

// The turn.

// The time poll may take, rounded up: a timer never fires early.
static int poll_timeout(const poll_reactor *r, int64_t timeout_ms)
{
    if (!rt_links_is_empty(&r->due) || r->due_posts)
        return 0;
    if (r->heap_count > 0 && r->heap[0]->deadline_ns != NEVER) {
        int64_t left = r->heap[0]->deadline_ns - now_ns();
        int64_t left_ms = left <= 0 ? 0 : (left - 1) / NS_PER_MS + 1;
        if (timeout_ms < 0 || left_ms < timeout_ms)
            timeout_ms = left_ms;
    }
    if (timeout_ms < 0)
        return -1;
    return timeout_ms < INT_MAX ? (int)timeout_ms : INT_MAX;
}

// Backwards, because the last one takes the place of one that is removed.
static void find_ready(poll_reactor *r)
{
    for (size_t i = r->fd_count - 1; i > 0; i--) {
        short found = r->fds[i].revents;
        if (found)
            make_due(r, r->watches[i], found & POLLNVAL ? RT_E_IO : RT_OK);
    }
}

static void find_late(poll_reactor *r)
{
    if (r->heap_count == 0)
        return;
    for (int64_t now = now_ns();
         r->heap_count > 0 && r->heap[0]->deadline_ns <= now;)
        make_due(r, r->heap[0], RT_E_TIMEOUT);
}

static void poll_turn(rt_reactor *self, int64_t timeout_ms)
{
    poll_reactor *r = (poll_reactor *)self;

    int found = poll(r->fds, r->fd_count, poll_timeout(r, timeout_ms));
    if (found > 0) {
        if (r->fds[0].revents)
            take_posts(r);
        find_ready(r);
    }
    find_late(r);

    for (rt_link *link; (link = rt_links_take(&r->due));) {
        rt_watch *watch = RT_CONTAINER(link, rt_watch, link);
        rt_watch_fire(watch, watch->status);
    }
    call_posts(r);
}

// The end.

// Nobody but the messages of ended work is called any more.
static void finish_work(poll_reactor *r)
{
    while (r->threads && rt__threads_busy(r->threads) > 0) {
        poll(r->fds, 1, r->due_posts ? 0 : -1);
        if (r->fds[0].revents)
            take_posts(r);
        call_posts(r);
    }
}

static void forget_watches(poll_reactor *r)
{
    for (size_t i = 1; i < r->fd_count; i++)
        r->watches[i]->reactor = NULL;
    for (size_t i = 0; i < r->heap_count; i++)
        r->heap[i]->reactor = NULL;
    for (rt_link *link; (link = rt_links_take(&r->due));)
        RT_CONTAINER(link, rt_watch, link)->reactor = NULL;
}

static void release(poll_reactor *r)
{
    rt_reactor_deinit(&r->base);
    forget_watches(r);
    close(r->wake_read);
    close(r->wake_write);
    free(r->fds);
    free(r->watches);
    free(r->heap);
    free(r);
}

static void poll_free(rt_reactor *self)
{
    poll_reactor *r = (poll_reactor *)self;

    finish_work(r);
    if (r->threads)
        rt__threads_free(r->threads);
    pthread_mutex_destroy(&r->lock);
    release(r);
}

void rt__reactor_poll_forget(rt_reactor *self)
{
    poll_reactor *r = (poll_reactor *)self;

    if (r->threads)
        rt__threads_forget(r->threads);
    release(r);
}

rt_reactor *rt_reactor_poll_new(void)
{
    static const rt_reactor_ops ops = {
        .start = poll_start,
        .stop = poll_stop,
        .post = poll_post,
        .offload = poll_offload,
        .turn = poll_turn,
        .free = poll_free,
    };
    int wake[2];

    if (pipe2(wake, O_CLOEXEC | O_NONBLOCK) != 0)
        return NULL;

    poll_reactor *r = calloc(1, sizeof(*r));
    if (!r)
        rt_panic("out of memory for a reactor");
    rt_reactor_init(&r->base, &ops);
    pthread_mutex_init(&r->lock, NULL);
    r->wake_read = wake[0];
    r->wake_write = wake[1];
    fds_add(r, r->wake_read, POLLIN, NULL);
    return &r->base;
}
