// CPU and memory for a multipart body of 1 GB that arrives over a socket,
// against a program that receives the same bytes and searches the boundary with
// memmem. Each runs in a process of its own; a third one sends.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <retort/http/multipart.h>

#define BYTES  ((size_t)1 << 30)
#define BLOCK  65536u
#define ROUNDS 3

static const char boundary[] = "----WebKitFormBoundary7MA4YWxkTrZu0gW";
static const char head[] =
    "------WebKitFormBoundary7MA4YWxkTrZu0gW\r\n"
    "Content-Disposition: form-data; name=\"f\"; filename=\"large.bin\"\r\n"
    "Content-Type: application/octet-stream\r\n"
    "\r\n";
static const char tail[] = "\r\n------WebKitFormBoundary7MA4YWxkTrZu0gW--\r\n";

static void check(bool ok, const char *what)
{
    if (!ok) {
        fprintf(stderr, "flask_multipart: %s\n", what);
        exit(1);
    }
}

static void send_all(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = send(fd, data, len, MSG_NOSIGNAL);
        check(n > 0, "cannot send");
        data += n;
        len -= (size_t)n;
    }
}

// What a file may look like: bytes of every value, or lines of text.
static void fill(char *block, bool text)
{
    uint32_t x = 1;

    for (size_t i = 0; i < BLOCK; i++) {
        x = x * 1664525 + 1013904223;
        block[i] = (char)(x >> 24);
        if (text)
            block[i] = x >> 26 == 0 ? '\n' : (char)('a' + (x >> 24) % 26);
    }
}

static void send_body(int fd, bool text)
{
    static char block[BLOCK];

    fill(block, text);
    send_all(fd, head, sizeof head - 1);
    for (size_t sent = 0; sent < BYTES; sent += BLOCK)
        send_all(fd, block, BLOCK);
    send_all(fd, tail, sizeof tail - 1);
}

// Receive and look for the boundary, also where two blocks meet.
static size_t search(int fd)
{
    static char buffer[BLOCK + 256];
    size_t needle = sizeof boundary - 1;
    size_t kept = 0, found = 0;
    ssize_t n;

    while ((n = recv(fd, buffer + kept, BLOCK, 0)) > 0) {
        size_t len = kept + (size_t)n;
        const char *at = buffer;
        while (
            (at = memmem(at, (size_t)(buffer + len - at), boundary, needle))) {
            found++;
            at += needle;
        }
        kept = len < needle - 1 ? len : needle - 1;
        memmove(buffer, buffer + len - kept, kept);
    }
    return found;
}

static size_t decode(int fd)
{
    static char buffer[BLOCK];
    rt_arena arena = {0};
    rt_multipart m;
    rt_multipart_event event = {0};
    size_t bytes = 0;
    ssize_t n;

    check(!rt_multipart_init(&m, &arena, rt_str_from(boundary), NULL),
          "no boundary");
    while ((n = recv(fd, buffer, BLOCK, 0)) > 0) {
        rt_multipart_push(&m, rt_str_of(buffer, (size_t)n));
        do {
            check(!rt_multipart_next(&m, &arena, &event), "damaged");
            bytes += event.data.len;
        } while (event.kind != RT_MULTIPART_NEED_MORE);
    }
    rt_multipart_finish(&m);
    check(!rt_multipart_next(&m, &arena, &event), "incomplete");
    check(bytes == BYTES, "wrong size");
    rt_arena_deinit(&arena);
    return bytes;
}

typedef struct cost {
    double seconds; // of the processor
    long peak_kb;
} cost;

static pid_t start_sender(int ends[2], bool text)
{
    check(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0, "no sockets");
    pid_t sender = fork();
    check(sender >= 0, "cannot fork");
    if (sender == 0) {
        close(ends[0]);
        send_body(ends[1], text);
        _exit(0);
    }
    close(ends[1]);
    return sender;
}

// Run `receive` in a process of its own and take what it used.
static cost measure(size_t (*receive)(int fd), bool text)
{
    int ends[2], status;
    struct rusage use;
    pid_t sender = start_sender(ends, text);
    pid_t receiver = fork();
    check(receiver >= 0, "cannot fork");
    if (receiver == 0)
        _exit(receive(ends[0]) > 0 ? 0 : 1);
    close(ends[0]);
    check(wait4(receiver, &status, 0, &use) > 0 && status == 0, "failed");
    waitpid(sender, &status, 0);
    return (cost){(double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
                      (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) /
                          1e6,
                  use.ru_maxrss};
}

static cost best(size_t (*receive)(int fd), bool text)
{
    cost least = {1e9, 0};

    for (int i = 0; i < ROUNDS; i++) {
        cost c = measure(receive, text);
        if (c.seconds < least.seconds)
            least = c;
    }
    return least;
}

int main(void)
{
    static const char *const names[] = {"random bytes", "lines of text"};

    for (int text = 0; text < 2; text++) {
        cost limit = best(search, text);
        cost ours = best(decode, text);
        printf("%-14s recv and memmem %.3f s, %ld KB; decoded %.3f s, %ld KB: "
               "%.2f times\n",
               names[text], limit.seconds, limit.peak_kb, ours.seconds,
               ours.peak_kb, ours.seconds / limit.seconds);
    }
    return 0;
}
