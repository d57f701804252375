// part of: http
//
// The limit: what HTTP over sockets costs when nothing is done for it.
//
// One process, one level-triggered epoll. Whatever it reads, it counts the
// blank lines in it and sends as many copies of a fixed answer, in one send. It
// understands nothing and checks nothing; no server on these system calls can
// answer for less. `script/bench http` measures the others against it.
//
//     bench_limit_epoll <port> [json]
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENTS_MAX  256
#define ANSWERS_MAX 512 // sent at once
#define READ_BYTES  (16 * 1024)

// As many bytes as /plaintext and /json of examples/bench answer with.
static const char plaintext[] = "HTTP/1.1 200 OK\r\n"
                                "Content-Type: text/plain; charset=utf-8\r\n"
                                "Server: Retort\r\n"
                                "Date: Mon, 01 Jan 2024 00:00:00 GMT\r\n"
                                "Content-Length: 13\r\n"
                                "\r\n"
                                "Hello, World!";
static const char json[] = "HTTP/1.1 200 OK\r\n"
                           "Content-Type: application/json\r\n"
                           "Server: Retort\r\n"
                           "Date: Mon, 01 Jan 2024 00:00:00 GMT\r\n"
                           "Content-Length: 28\r\n"
                           "\r\n"
                           "{\"message\":\"Hello, World!\"}\n";

static size_t answer_bytes;
static char answers[ANSWERS_MAX * sizeof json];
_Static_assert(sizeof json >= sizeof plaintext, "the longer one must fit");

// How many bytes of a blank line each connection ended with at its last read,
// by descriptor.
static unsigned char *matched;

_Noreturn static void die(const char *what)
{
    perror(what);
    exit(1);
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

// Step through the first bytes of a read, which may end a blank line that
// began in the one before. Returns how many bytes were looked at.
static size_t finish_match(int fd, const char *data, size_t len, size_t *lines)
{
    static const char blank[] = "\r\n\r\n";
    size_t at = 0;

    while (matched[fd] && at < len) {
        if (data[at] == blank[matched[fd]])
            matched[fd]++, at++;
        else
            matched[fd] = 0;
        if (matched[fd] == 4) {
            matched[fd] = 0;
            ++*lines;
        }
    }
    return at;
}

static unsigned char tail_match(const char *data, size_t len)
{
    for (unsigned char n = 3; n > 0; n--)
        if (len >= n && memcmp(data + len - n, "\r\n\r\n", n) == 0)
            return n;
    return 0;
}

// By memchr, which looks at 32 bytes at a time, from one line end to the next:
// several times as fast as memmem.
static size_t count_blank_lines(int fd, const char *data, size_t len)
{
    const char *end = data + len;
    size_t lines = 0;
    const char *at = data + finish_match(fd, data, len, &lines);
    const char *from = at;

    while ((at = memchr(at, '\r', (size_t)(end - at)))) {
        bool blank = end - at >= 4 && memcmp(at, "\r\n\r\n", 4) == 0;
        lines += blank;
        at += blank ? 4 : 1;
        if (blank)
            from = at;
    }
    if (from < end)
        matched[fd] = tail_match(from, (size_t)(end - from));
    return lines;
}

// A client that does not take its answers is not waited for: nothing that
// measures us behaves so.
static void serve(int fd)
{
    char data[READ_BYTES];
    ssize_t n = recv(fd, data, sizeof data, 0);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        close(fd);
        return;
    }
    size_t lines = count_blank_lines(fd, data, (size_t)n);
    while (lines > 0) {
        size_t some = lines < ANSWERS_MAX ? lines : ANSWERS_MAX;
        if (send(fd, answers, some * answer_bytes, MSG_NOSIGNAL) < 0)
            return;
        lines -= some;
    }
}

static void accept_all(int poll, int listener)
{
    int fd;

    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        struct epoll_event event = {.events = EPOLLIN, .data = {.fd = fd}};
        matched[fd] = 0;
        if (epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event))
            die("cannot poll a connection");
    }
}

int main(int argc, char **argv)
{
    struct epoll_event events[EVENTS_MAX];
    struct rlimit files;

    if (argc < 2 || argc > 3 || (argc == 3 && strcmp(argv[2], "json") != 0)) {
        fprintf(stderr, "usage: %s <port> [json]\n", argv[0]);
        return 2;
    }
    const char *answer = argc == 3 ? json : plaintext;
    answer_bytes = strlen(answer);
    if (getrlimit(RLIMIT_NOFILE, &files))
        die("cannot read the limit of descriptors");
    matched = calloc(files.rlim_cur, 1);
    int poll = epoll_create1(0);
    int listener = listen_on(argv[1]);
    struct epoll_event event = {.events = EPOLLIN, .data = {.fd = listener}};
    if (!matched || poll < 0 ||
        epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event))
        die("cannot poll");
    for (size_t i = 0; i < ANSWERS_MAX; i++)
        memcpy(answers + i * answer_bytes, answer, answer_bytes);

    for (;;) {
        int n = epoll_wait(poll, events, EVENTS_MAX, -1);
        for (int i = 0; i < n; i++) {
            if (events[i].data.fd == listener)
                accept_all(poll, listener);
            else
                serve(events[i].data.fd);
        }
    }
}
