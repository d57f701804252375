// part of: http
//
// The load that `script/bench` puts on servers: a fixed number of
// requests over some connections, each of which has `depth` of them under way
// at any time. Every byte that comes back is compared with the first answer,
// save the date in it.
//
// It speaks with whoever started it, so that the server's clocks can be read
// around the requests and nothing else:
//
//     load:    ready              connected and warm
//     starter: (a line)
//     load:    <requests> <seconds>
//
// With --varying answers differ, as those of a database do: of each only the
// status and the length are looked at.
//
// With --idle each connection asks once and then rests; when the line comes, all
// of them must still be open.
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define EVENTS_MAX   256
#define ANSWER_MAX   (64 * 1024)
#define REQUESTS_MAX (64 * 1024) // bytes of all that are under way at once
#define READ_BYTES   (64 * 1024)
#define DATE_BYTES   29

// What a browser sends along, about 700 bytes of it.
#define BROWSER_HEADERS                                                       \
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 "   \
    "Firefox/128.0\r\n"                                                       \
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,"          \
    "image/avif,image/webp,image/png,image/svg+xml,*/*;q=0.8\r\n"             \
    "Accept-Language: en-US,en;q=0.7,de-DE;q=0.3\r\n"                         \
    "Accept-Encoding: gzip, deflate, br, zstd\r\n"                            \
    "Referer: https://www.example.org/articles/2024/introduction?page=2\r\n"  \
    "Connection: keep-alive\r\n"                                              \
    "Cookie: session=eyJ1c2VyX2lkIjo0MiwibGFuZyI6ImVuIn0.Zr3k2A.q1w2e3r4t5y6" \
    "u7i8o9p0a1s2d3f4; theme=dark\r\n"                                        \
    "Upgrade-Insecure-Requests: 1\r\n"                                        \
    "Sec-Fetch-Dest: document\r\n"                                            \
    "Sec-Fetch-Site: same-origin\r\n"                                         \
    "Priority: u=0, i\r\n"

typedef struct settings {
    int port;
    const char *path;
    const char *body; // every answer must have
    int connections;
    int depth;
    long requests;
    bool browser;
    bool idle;
    bool varying;
} settings;

typedef struct connection {
    int fd;
    size_t at;     // bytes of the present answer that have come
    int under_way; // requests that wait for their answer
    char *answer;  // as much of it as has come, when answers vary
} connection;

typedef struct load {
    settings s;
    int poll;
    connection *connections;
    char requests[REQUESTS_MAX]; // `depth` of them
    size_t request_bytes;        // of one
    char answer[ANSWER_MAX];
    size_t answer_bytes;
    size_t date_at; // beyond the end when there is no date
    long to_send;
    long to_come;
} load;

static load the;

_Noreturn static void fail(const char *what, const char *why)
{
    fprintf(stderr, "load: %s: %s\n", what, why);
    exit(1);
}

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

// Sockets block when we send, because servers here always read, and are asked
// with MSG_DONTWAIT when we read.
static int open_socket(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)the.s.port),
                             .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int on = 1;

    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) ||
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on))
        fail("cannot connect", strerror(errno));
    return fd;
}

static void send_all(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = send(fd, data, len, MSG_NOSIGNAL);
        if (n < 0)
            fail("cannot send", strerror(errno));
        data += n;
        len -= (size_t)n;
    }
}

// ---- what an answer must look like ------------------------------------------

static void make_requests(void)
{
    char *at = the.requests;
    size_t room = sizeof the.requests;

    for (int i = 0; i < the.s.depth; i++) {
        int n = snprintf(at, room, "GET %s HTTP/1.1\r\nHost: x\r\n%s\r\n",
                         the.s.path, the.s.browser ? BROWSER_HEADERS : "");
        if (n < 0 || (size_t)n >= room)
            fail("cannot make requests", "they are too many");
        at += n;
        room -= (size_t)n;
        the.request_bytes = (size_t)n;
    }
}

// The length of the answer that `data` begins with, or 0 while that is open.
static size_t length_of(const char *data, size_t len)
{
    static const char name[] = "\r\ncontent-length:";
    const char *end = memmem(data, len, "\r\n\r\n", 4);

    if (!end)
        return 0;
    for (const char *p = data; p < end; p++)
        if (strncasecmp(p, name, sizeof name - 1) == 0)
            return (size_t)(end + 4 - data) +
                   strtoul(p + sizeof name - 1, NULL, 10);
    fail("cannot use the answer", "it has no Content-Length");
}

static void check_first_answer(void)
{
    static const char status[] = "HTTP/1.1 200 ";
    const char *body = memmem(the.answer, the.answer_bytes, "\r\n\r\n", 4);

    if (strncmp(the.answer, status, sizeof status - 1) != 0)
        fail("wrong answer", the.answer);
    if (the.s.body && strcmp(body + 4, the.s.body) != 0)
        fail("wrong body", body + 4);
    the.date_at = ANSWER_MAX;
    for (const char *p = the.answer; p < body; p++)
        if (strncasecmp(p, "\r\ndate: ", 8) == 0)
            the.date_at = (size_t)(p + 8 - the.answer);
}

static void learn_answer(void)
{
    int fd = open_socket();
    size_t len = 0;

    send_all(fd, the.requests, the.request_bytes);
    while (!the.answer_bytes || len < the.answer_bytes) {
        ssize_t n = recv(fd, the.answer + len, ANSWER_MAX - 1 - len, 0);
        if (n <= 0)
            fail("no answer", n < 0 ? strerror(errno) : "closed");
        len += (size_t)n;
        the.answer_bytes = length_of(the.answer, len);
        if (the.answer_bytes >= ANSWER_MAX)
            fail("cannot use the answer", "it is too long");
    }
    if (len != the.answer_bytes)
        fail("wrong answer", "more came than its length says");
    check_first_answer();
    close(fd);
}

// Compare a part of the answer that begins at `from`, leaving out the date.
static bool is_as_before(const char *data, size_t from, size_t to)
{
    size_t date_end = the.date_at + DATE_BYTES;
    size_t before = to < the.date_at ? to : the.date_at;
    size_t after = from > date_end ? from : date_end;

    if (from < before && memcmp(data, the.answer + from, before - from) != 0)
        return false;
    return after >= to ||
           memcmp(data + (after - from), the.answer + after, to - after) == 0;
}

// ---- the load -------------------------------------------------------------

static void send_batch(connection *c)
{
    int n = the.to_send < the.s.depth ? (int)the.to_send : the.s.depth;

    the.to_send -= n;
    c->under_way = n;
    if (n > 0)
        send_all(c->fd, the.requests, (size_t)n * the.request_bytes);
}

static void take(connection *c, const char *data, size_t len)
{
    while (len > 0) {
        size_t left = the.answer_bytes - c->at;
        size_t part = len < left ? len : left;
        if (c->under_way == 0)
            fail("wrong answer", "more came than was asked for");
        if (!is_as_before(data, c->at, c->at + part))
            fail("wrong answer", "it differs from the first one");
        c->at += part;
        data += part;
        len -= part;
        if (c->at == the.answer_bytes) {
            c->at = 0;
            c->under_way--;
            the.to_come--;
        }
    }
}

// One request is under way: what has come is the beginning of its answer.
static void take_varying(connection *c, const char *data, size_t len)
{
    static const char status[] = "HTTP/1.1 200 ";

    if (c->at + len >= ANSWER_MAX)
        fail("cannot use the answer", "it is too long");
    memcpy(c->answer + c->at, data, len);
    c->at += len;
    size_t whole = length_of(c->answer, c->at);
    if (!whole || c->at < whole)
        return;
    if (c->at > whole)
        fail("wrong answer", "more came than its length says");
    if (strncmp(c->answer, status, sizeof status - 1) != 0)
        fail("wrong answer", c->answer);
    c->at = 0;
    c->under_way--;
    the.to_come--;
}

static void on_readable(connection *c)
{
    static char data[READ_BYTES];
    ssize_t n = recv(c->fd, data, sizeof data, MSG_DONTWAIT);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0)
        fail("connection lost", n < 0 ? strerror(errno) : "closed");
    if (the.s.varying)
        take_varying(c, data, (size_t)n);
    else
        take(c, data, (size_t)n);
    if (c->under_way == 0)
        send_batch(c);
}

static void run(long requests)
{
    struct epoll_event events[EVENTS_MAX];

    the.to_send = the.to_come = requests;
    for (int i = 0; i < the.s.connections; i++)
        send_batch(&the.connections[i]);
    while (the.to_come > 0) {
        int n = epoll_wait(the.poll, events, EVENTS_MAX, -1);
        for (int i = 0; i < n; i++)
            on_readable(events[i].data.ptr);
    }
}

// One request on one connection. When all of many connect, few are under way at
// a time, or the backlog would overflow.
static void ask_once(connection *c)
{
    struct epoll_event event;

    the.to_send = the.to_come = 1;
    send_batch(c);
    while (the.to_come > 0) {
        epoll_wait(the.poll, &event, 1, -1);
        on_readable(c);
    }
}

static void connect_all(void)
{
    size_t n = (size_t)the.s.connections;

    the.poll = epoll_create1(0);
    the.connections = calloc(n, sizeof *the.connections);
    if (the.poll < 0 || !the.connections)
        fail("cannot begin", strerror(errno));
    for (size_t i = 0; i < n; i++) {
        connection *c = &the.connections[i];
        struct epoll_event event = {.events = EPOLLIN, .data = {.ptr = c}};
        c->fd = open_socket();
        c->answer = calloc(the.s.varying ? ANSWER_MAX : 1, 1);
        if (epoll_ctl(the.poll, EPOLL_CTL_ADD, c->fd, &event))
            fail("cannot poll", strerror(errno));
        if (the.s.idle)
            ask_once(c);
    }
}

static void check_all_rest(void)
{
    char byte;

    for (int i = 0; i < the.s.connections; i++)
        if (recv(the.connections[i].fd, &byte, 1, MSG_DONTWAIT) >= 0 ||
            errno != EAGAIN)
            fail("connection lost", "it should have been idle");
}

static void say(const char *line)
{
    puts(line);
    fflush(stdout);
}

static void wait_for_line(void)
{
    char byte;
    while (read(STDIN_FILENO, &byte, 1) == 1 && byte != '\n')
        continue;
}

// ---- the command line --------------------------------------------------------

static const struct option options[] = {
    {"port", required_argument, NULL, 'p'},
    {"path", required_argument, NULL, 'u'},
    {"body", required_argument, NULL, 'b'},
    {"connections", required_argument, NULL, 'c'},
    {"depth", required_argument, NULL, 'd'},
    {"requests", required_argument, NULL, 'n'},
    {"browser", no_argument, NULL, 'B'},
    {"idle", no_argument, NULL, 'i'},
    {"varying", no_argument, NULL, 'v'},
    {0}};

static int number(const char *text)
{
    return (int)strtol(text, NULL, 10);
}

static void read_option(settings *s, int option)
{
    switch (option) {
    case 'p': s->port = number(optarg); break;
    case 'u': s->path = optarg; break;
    case 'b': s->body = optarg; break;
    case 'c': s->connections = number(optarg); break;
    case 'd': s->depth = number(optarg); break;
    case 'n': s->requests = number(optarg); break;
    case 'B': s->browser = true; break;
    case 'i': s->idle = true; break;
    case 'v': s->varying = true; break;
    default: exit(2); // getopt has said why
    }
}

int main(int argc, char **argv)
{
    char line[64];
    int option;

    the.s = (settings){
        .path = "/plaintext", .connections = 64, .depth = 1, .requests = 10000};
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
        read_option(&the.s, option);
    if (the.s.varying && the.s.depth > 1)
        fail("cannot begin", "answers that vary come one at a time");
    make_requests();
    learn_answer();
    connect_all();
    if (!the.s.idle)
        run(the.s.requests / 10);
    say("ready");
    wait_for_line();
    if (the.s.idle) {
        check_all_rest();
        return 0;
    }

    double start = now_s();
    run(the.s.requests);
    snprintf(line, sizeof line, "%ld %.6f", the.s.requests, now_s() - start);
    say(line);
    return 0;
}
