#include "site.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <retort/base/format.h>
#include <retort/base/wait.h>

site_counters *site;

static rt_response *text(rt_request *req, rt_str body)
{
    rt_response *r = rt_response_new(req, 200);
    rt_headers_push(&r->headers, req->arena, RT_STR("Content-Type"),
                    RT_STR("text/plain"));
    r->bytes = body;
    return r;
}

// The number behind `name=` in the query, or 0.
static long number(const rt_request *req)
{
    size_t at = rt_str_find_char(req->query, '=');
    return at == RT_STR_NONE ? 0 : strtol(req->query.data + at + 1, NULL, 10);
}

static rt_response *home(rt_request *req)
{
    __atomic_add_fetch(&site->requests, 1, __ATOMIC_RELAXED);
    return text(req, RT_STR("home"));
}

static rt_response *pid(rt_request *req)
{
    char *digits = rt_arena_alloc(req->arena, 16);
    snprintf(digits, 16, "%d", (int)getpid());
    return text(req, rt_str_from(digits));
}

static rt_response *slow(rt_request *req)
{
    __atomic_add_fetch(&site->slow, 1, __ATOMIC_RELAXED);
    rt_sleep(number(req));
    return text(req, RT_STR("slow"));
}

static rt_response *large(rt_request *req)
{
    size_t len = (size_t)number(req);
    char *body = rt_arena_alloc(req->arena, len);
    memset(body, 'x', len);
    return text(req, rt_str_of(body, len));
}

// Read the whole body, and say how it went.
static rt_response *read_body(rt_request *req)
{
    rt_str all = {"", 0};
    if (number(req))
        req->max_body = (uint64_t)number(req);
    rt_status st = rt_request_read_all(req, &all);
    site->last_status = st;
    site->body_bytes = (long)all.len;
    if (st == RT_E_LIMIT)
        return rt_response_plain(req, 413);
    if (st == RT_E_TIMEOUT)
        return rt_response_plain(req, 408);
    if (st == RT_E_BUSY)
        return rt_response_plain(req, 503);
    if (st)
        return rt_response_plain(req, 400);
    return text(req, all);
}

// Send the body back as it comes.
static rt_status produce_echo(rt_writer *out, void *arg)
{
    rt_request *req = arg;
    for (;;) {
        rt_str piece;
        rt_status st = rt_request_read_body(req, &piece);
        if (st || !piece.len)
            return st;
        st = out->write(out, piece);
        if (st)
            return st;
    }
}

// A number in the query is the length the application says it will have.
static rt_response *producer(rt_request *req, rt_body_producer *produce)
{
    rt_response *r = text(req, RT_STR(""));
    r->body_kind = RT_BODY_PRODUCER;
    r->produce = produce;
    r->produce_arg = req;
    if (number(req))
        (void)rt_headers_set(&r->headers, req->arena, RT_STR("Content-Length"),
                             rt_format(req->arena, "{}", number(req)));
    return r;
}

static rt_status produce_words(rt_writer *out, void *arg)
{
    (void)arg;
    static const char *const words[] = {"one ", "two ", "three"};
    for (size_t i = 0; i < 3; i++) {
        rt_status st = out->write(out, rt_str_from(words[i]));
        if (st)
            return st;
        rt_sleep(5);
    }
    return RT_OK;
}

// Write without end until the client has gone.
static rt_status produce_flood(rt_writer *out, void *arg)
{
    (void)arg;
    static char block[32 * 1024];
    memset(block, 'f', sizeof block);
    for (;;) {
        rt_status st = out->write(out, rt_str_of(block, sizeof block));
        if (st) {
            site->gone = st;
            return st;
        }
        site->produced += (long)sizeof block;
    }
}

// The same in small pieces.
static rt_status produce_drops(rt_writer *out, void *arg)
{
    (void)arg;
    static const char drop[512];
    rt_status st;
    while (!(st = out->write(out, rt_str_of(drop, sizeof drop))))
        continue;
    site->gone = st;
    return st;
}

static rt_status produce_cut(rt_writer *out, void *arg)
{
    (void)arg;
    rt_status st = out->write(out, RT_STR("half"));
    return st ? st : RT_E_IO;
}

static rt_response *file(rt_request *req)
{
    char name[] = "/tmp/retort-test-XXXXXX";
    int fd = mkstemp(name);
    unlink(name);
    for (int i = 0; i < 100000; i++)
        (void)!write(fd, "0123456789", 10);
    rt_response *r = text(req, RT_STR(""));
    r->body_kind = RT_BODY_FILE;
    r->fd = fd;
    r->file_offset = 3;
    r->body_length = number(req) ? number(req) : 999990;
    return r;
}

static rt_response *gone(rt_request *req)
{
    long turns = number(req) ? number(req) : 500;
    for (long i = 0; i < turns && !req->peer->is_gone(req); i++)
        rt_sleep(10);
    site->gone = req->peer->is_gone(req) ? 1 : 2;
    return text(req, RT_STR("gone"));
}

static volatile uintptr_t nowhere = 16;

// Not the null pointer, which UBSan would find before the hardware does.
__attribute__((noinline)) static void crash_here(void)
{
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the point of this page
    *(volatile int *)nowhere = 1;
}

__attribute__((noinline)) static int null_here(volatile int *pointer)
{
    return *pointer;
}

static rt_response *null_pointer(rt_request *req)
{
    return null_here((volatile int *)req->app) ? text(req, RT_STR("?")) : NULL;
}

static rt_response *crash(rt_request *req)
{
    crash_here();
    return text(req, RT_STR("?"));
}

static rt_response *abort_here(rt_request *req)
{
    if (req)
        abort();
    return NULL;
}

__attribute__((noinline)) static int overflow_here(int n)
{
    volatile char frame[1024];
    frame[0] = (char)n;
    return n == -1 ? 0 : overflow_here(n + 1) + frame[0];
}

static rt_response *overflow(rt_request *req)
{
    return overflow_here(0) ? text(req, RT_STR("?")) : NULL;
}

__attribute__((noinline)) static int touch_here(volatile char *array)
{
    array[0] = 1;
    return array[0];
}

// More than the stack and its guard in one step.
static rt_response *big_frame(rt_request *req)
{
    volatile char array[9 << 20];
    return touch_here(array) ? text(req, RT_STR("?")) : NULL;
}

static void crash_coroutine(void *arg)
{
    (void)arg;
    crash_here();
}

static rt_response *child_crash(rt_request *req)
{
    rt_group_spawn(&req->children, crash_coroutine, NULL);
    (void)!rt_group_wait(&req->children);
    return text(req, RT_STR("?"));
}

static rt_response *offload_crash(rt_request *req)
{
    (void)!rt_offload_run(crash_coroutine, NULL);
    return text(req, RT_STR("?"));
}

// The application may keep with its own coroutines what it likes.
static rt_response *coroutine_crash(rt_request *req)
{
    rt_coro *co = rt_coro_new(crash_coroutine, NULL);
    rt_coro_set_data(co, req->arena);
    rt_coro_resume(co);
    return text(req, RT_STR("?"));
}

static void crash_later(void *arg)
{
    (void)arg;
    rt_sleep(50);
    crash_here();
}

static rt_response *defer_crash(rt_request *req)
{
    rt_arena_defer(req->arena, crash_coroutine, NULL);
    return text(req, RT_STR("deferred"));
}

// Makes a coroutine that outlives the request.
static rt_response *survivor_crash(rt_request *req)
{
    rt_coro_schedule(rt_coro_new(crash_later, NULL));
    return text(req, RT_STR("made"));
}

static rt_response *exit_here(rt_request *req)
{
    if (req)
        exit((int)number(req));
    return NULL;
}

// The process of a view's own is not the worker.
static rt_response *forked(rt_request *req)
{
    pid_t child = fork();
    if (child == 0)
        exit(1);
    waitpid(child, NULL, 0);
    return text(req, RT_STR("forked"));
}

__attribute__((noinline)) static int ping_here(int n);

__attribute__((noinline)) static int pong_here(int n)
{
    volatile char frame[512];
    frame[0] = (char)n;
    return ping_here(n + 1) + frame[0];
}

static int ping_here(int n)
{
    volatile char frame[512];
    frame[0] = (char)n;
    return n == -1 ? 0 : pong_here(n + 1) + frame[0];
}

static rt_response *mutual(rt_request *req)
{
    return ping_here(0) ? text(req, RT_STR("?")) : NULL;
}

static rt_response *spin(rt_request *req)
{
    while (req)
        nowhere = 16;
    return NULL;
}

static rt_response *empty(rt_request *req)
{
    rt_response *r = text(req, RT_STR("not sent"));
    r->status = 204;
    return r;
}

static rt_response *nothing(rt_request *req)
{
    (void)req;
    return NULL;
}

static rt_response *children(rt_request *req);

static const struct page {
    const char *path;
    rt_response *(*fn)(rt_request *req);
} pages[] = {
    {"/", home},
    {"/pid", pid},
    {"/slow", slow},
    {"/large", large},
    {"/read", read_body},
    {"/file", file},
    {"/gone", gone},
    {"/crash", crash},
    {"/abort", abort_here},
    {"/overflow", overflow},
    {"/big-frame", big_frame},
    {"/mutual", mutual},
    {"/child-crash", child_crash},
    {"/offload-crash", offload_crash},
    {"/coroutine-crash", coroutine_crash},
    {"/defer-crash", defer_crash},
    {"/survivor-crash", survivor_crash},
    {"/exit", exit_here},
    {"/forked", forked},
    {"/spin", spin},
    {"/empty", empty},
    {"/null", nothing},
    {"/null-pointer", null_pointer},
    {"/children", children},
};

static const struct stream {
    const char *path;
    rt_body_producer *produce;
} streams[] = {{"/echo", produce_echo},
               {"/words", produce_words},
               {"/flood", produce_flood},
               {"/drops", produce_drops},
               {"/cut", produce_cut}};

static void child(void *arg)
{
    (void)arg;
    rt_sleep(60000);
}

// Leaves coroutines behind that must end with the request.
static rt_response *children(rt_request *req)
{
    for (int i = 0; i < 3; i++)
        rt_group_spawn(&req->children, child, NULL);
    rt_sleep(1);
    return text(req, RT_STR("children"));
}

static rt_response *answer(void *self, rt_request *req)
{
    (void)self;
    for (size_t i = 0; i < RT_COUNT(pages); i++)
        if (rt_str_eq(req->path, rt_str_from(pages[i].path)))
            return pages[i].fn(req);
    for (size_t i = 0; i < RT_COUNT(streams); i++)
        if (rt_str_eq(req->path, rt_str_from(streams[i].path)))
            return producer(req, streams[i].produce);
    return rt_response_plain(req, 404);
}

static void worker_start(void *self)
{
    (void)self;
    __atomic_add_fetch(&site->starting, 1, __ATOMIC_RELAXED);
    rt_sleep(1 + site->start_ms); // it may wait
    if (site->cannot_start)
        _exit(1);
    __atomic_add_fetch(&site->started, 1, __ATOMIC_RELAXED);
}

static void worker_stop(void *self)
{
    (void)self;
    rt_sleep(1);
    __atomic_add_fetch(&site->stopped, 1, __ATOMIC_RELAXED);
}

rt_gateway site_gateway(void)
{
    site = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                -1, 0);
    return (rt_gateway){answer, NULL, worker_start, worker_stop};
}
