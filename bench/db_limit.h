// The HTTP of bench/db_limit_sqlite.c and bench/db_limit_pq.c: one process, one
// level-triggered epoll, and as little as TechEmpower's database tests get by
// with. A connection has one request under way at a time, which arrives in one
// read; nothing that measures us behaves otherwise.
//
// The program defines `start_job`, which finishes with `answer_job`, now or after
// one of its own descriptors was readable.
#pragma once

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENTS_MAX   256
#define WORLDS       10000
#define QUERIES_MAX  500
#define FORTUNES_MAX 64
#define BODY_MAX     (64 * 1024)

typedef enum endpoint {
    DB,
    QUERIES,
    FORTUNES,
    UPDATES,
    CACHED,
} endpoint;

typedef struct world {
    int id;
    int number;
} world;

typedef struct fortune {
    int id;
    char message[256];
} fortune;

// What one connection has asked for.
typedef struct job {
    int fd;
    endpoint what;
    int count;   // of rows that are wanted
    int pending; // statements that wait for their result
    world worlds[QUERIES_MAX];
    fortune *fortunes;
    int fortune_count;
    struct job *next; // of a list of the program's own
} job;

static int poll_fd;
static job **jobs; // by descriptor
static int world_cache[WORLDS + 1];

static void start_job(job *j);
static void on_own_readable(void *own);
static void end_turn(void);

_Noreturn static void die(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}

static int random_world(void)
{
    static uint64_t state = 0x9e3779b97f4a7c15;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (int)(state % WORLDS) + 1;
}

// ---- answers ----------------------------------------------------------------

static char *put_text(char *at, const char *text)
{
    size_t len = strlen(text);
    memcpy(at, text, len);
    return at + len;
}

static char *put_number(char *at, int number)
{
    char digits[12];
    int n = 0;

    do {
        digits[n++] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    while (n > 0)
        *at++ = digits[--n];
    return at;
}

static char *put_world(char *at, world w)
{
    at = put_text(at, "{\"id\":");
    at = put_number(at, w.id);
    at = put_text(at, ",\"randomNumber\":");
    at = put_number(at, w.number);
    *at++ = '}';
    return at;
}

static char *put_worlds(char *at, const job *j)
{
    *at++ = '[';
    for (int i = 0; i < j->count; i++) {
        if (i > 0)
            *at++ = ',';
        at = put_world(at, j->worlds[i]);
    }
    *at++ = ']';
    return at;
}

static char *put_escaped(char *at, const char *text)
{
    for (; *text; text++)
        switch (*text) {
        case '<': at = put_text(at, "&lt;"); break;
        case '>': at = put_text(at, "&gt;"); break;
        case '&': at = put_text(at, "&amp;"); break;
        case '"': at = put_text(at, "&#34;"); break;
        case '\'': at = put_text(at, "&#39;"); break;
        default: *at++ = *text;
        }
    return at;
}

static int by_message(const void *a, const void *b)
{
    return strcmp(((const fortune *)a)->message, ((const fortune *)b)->message);
}

static char *put_fortunes(char *at, job *j)
{
    fortune *added = &j->fortunes[j->fortune_count++];

    added->id = 0;
    strcpy(added->message, "Additional fortune added at request time.");
    qsort(j->fortunes, (size_t)j->fortune_count, sizeof *added, by_message);
    at =
        put_text(at, "<!DOCTYPE html><html><head><title>Fortunes</title></head>"
                     "<body><table><tr><th>id</th><th>message</th></tr>");
    for (int i = 0; i < j->fortune_count; i++) {
        at = put_text(at, "<tr><td>");
        at = put_number(at, j->fortunes[i].id);
        at = put_text(at, "</td><td>");
        at = put_escaped(at, j->fortunes[i].message);
        at = put_text(at, "</td></tr>");
    }
    return put_text(at, "</table></body></html>");
}

// Head and body leave in one send. The head is as long as one of examples/bench.
static void answer_job(job *j)
{
    static char body[BODY_MAX], whole[BODY_MAX + 512];
    bool html = j->what == FORTUNES;
    char *end = html            ? put_fortunes(body, j)
                : j->what == DB ? put_world(body, j->worlds[0])
                                : put_worlds(body, j);
    size_t len = (size_t)(end - body);

    char *at = put_text(whole, "HTTP/1.1 200 OK\r\nContent-Type: ");
    at = put_text(at, html ? "text/html; charset=utf-8" : "application/json");
    at = put_text(at, "\r\nServer: Retort\r\n"
                      "Date: Mon, 01 Jan 2024 00:00:00 GMT\r\n"
                      "Content-Length: ");
    at = put_number(at, (int)len);
    at = put_text(at, "\r\n\r\n");
    memcpy(at, body, len);
    len += (size_t)(at - whole);
    if (send(j->fd, whole, len, MSG_NOSIGNAL) != (ssize_t)len)
        shutdown(j->fd, SHUT_RDWR);
}

// ---- requests ---------------------------------------------------------------

static bool read_target(job *j, const char *data)
{
    static const struct {
        const char *path;
        endpoint what;
    } rows[] = {{"GET /db ", DB},
                {"GET /fortunes ", FORTUNES},
                {"GET /queries?queries=", QUERIES},
                {"GET /updates?queries=", UPDATES},
                {"GET /cached-queries?count=", CACHED}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t len = strlen(rows[i].path);
        if (strncmp(data, rows[i].path, len) != 0)
            continue;
        j->what = rows[i].what;
        j->count = j->what == DB ? 1 : (int)strtol(data + len, NULL, 10);
        if (j->count < 1)
            j->count = 1;
        if (j->count > QUERIES_MAX)
            j->count = QUERIES_MAX;
        return true;
    }
    return false;
}

static void choose_worlds(job *j)
{
    for (int i = 0; i < j->count; i++)
        j->worlds[i].id = random_world();
}

static void serve_cached(job *j)
{
    choose_worlds(j);
    for (int i = 0; i < j->count; i++)
        j->worlds[i].number = world_cache[j->worlds[i].id];
    answer_job(j);
}

static void serve(job *j)
{
    char data[2048];
    ssize_t n = recv(j->fd, data, sizeof data - 1, 0);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    data[n > 0 ? n : 0] = 0;
    if (n <= 0 || !read_target(j, data)) {
        close(j->fd);
        return;
    }
    if (j->what == CACHED) {
        serve_cached(j);
    } else {
        choose_worlds(j);
        start_job(j);
    }
}

static void watch(int fd, void *what)
{
    struct epoll_event event = {.events = EPOLLIN, .data = {.ptr = what}};
    if (epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &event))
        die("cannot poll");
}

static void accept_all(int listener)
{
    int fd;

    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        if (!jobs[fd]) {
            jobs[fd] = calloc(1, sizeof(job));
            jobs[fd]->fortunes = calloc(FORTUNES_MAX, sizeof(fortune));
            jobs[fd]->fd = fd;
        }
        watch(fd, jobs[fd]);
    }
}

static int listen_on(const char *port)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port =
                                 htons((uint16_t)strtoul(port, NULL, 10)),
                             .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    int on = 1;

    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) ||
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) ||
        bind(fd, (struct sockaddr *)&at, sizeof at) || listen(fd, 4096))
        die("cannot listen");
    return fd;
}

static void begin(void)
{
    struct rlimit files;

    if (getrlimit(RLIMIT_NOFILE, &files))
        die("cannot read the limit of descriptors");
    jobs = calloc(files.rlim_cur, sizeof *jobs);
    poll_fd = epoll_create1(0);
    if (!jobs || poll_fd < 0)
        die("cannot poll");
}

// A turn: whatever was readable at once. `owns` are the program's descriptors.
_Noreturn static void serve_for_ever(const char *port, char *owns,
                                     size_t owns_bytes)
{
    struct epoll_event events[EVENTS_MAX];
    int listener = listen_on(port);

    watch(listener, &listener);
    for (;;) {
        int n = epoll_wait(poll_fd, events, EVENTS_MAX, -1);
        for (int i = 0; i < n; i++) {
            char *what = events[i].data.ptr;
            if (what == (char *)&listener)
                accept_all(listener);
            else if (what >= owns && what < owns + owns_bytes)
                on_own_readable(what);
            else
                serve(events[i].data.ptr);
        }
        end_turn();
    }
}
