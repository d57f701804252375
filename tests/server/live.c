#include "live.h"

#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <retort/base/time.h>

#define WAIT_MS 10000

static void tell_url(const char *url, void *arg)
{
    int fd = *(int *)arg;
    (void)!write(fd, url, strlen(url));
    close(fd);
}

// In the child: everything of the server, and its end.
static void serve(rt_gateway gateway, rt_server_options *options, FILE *log,
                  int ready)
{
    dup2(fileno(log), STDERR_FILENO);
    options->ready = tell_url;
    options->ready_arg = &ready;
    exit(rt_serve(gateway, options));
}

live live_start(rt_gateway gateway, rt_server_options options)
{
    return live_start_logging(gateway, options, tmpfile());
}

live live_start_logging(rt_gateway gateway, rt_server_options options,
                        FILE *log)
{
    live server = {.log = log};
    int pair[2];
    REQUIRE(server.log != NULL);
    REQUIRE(pipe(pair) == 0);
    if (!options.port)
        options.port = -1;
    fflush(NULL);
    server.pid = fork();
    REQUIRE(server.pid >= 0);
    if (server.pid == 0) {
        close(pair[0]);
        serve(gateway, &options, server.log, pair[1]);
    }
    close(pair[1]);
    char url[128] = "";
    ssize_t n = read(pair[0], url, sizeof url - 1);
    close(pair[0]);
    if (n <= 0) {
        printf("%.*s\n", RT_STR_ARG(live_log(&server)));
        REQUIRE(!"the server started");
    }
    if (strncmp(url, "unix:", 5) == 0)
        snprintf(server.path, sizeof server.path, "%.60s", url + 5);
    else
        server.port = atoi(strrchr(url, ':') + 1);
    return server;
}

int live_wait(live *server)
{
    int status;
    int64_t deadline = rt_time_monotonic_ms() + 2 * WAIT_MS;
    while (waitpid(server->pid, &status, WNOHANG) == 0) {
        if (rt_time_monotonic_ms() > deadline) {
            printf("%.*s\n", RT_STR_ARG(live_log(server)));
            REQUIRE(!"the server ended");
        }
        usleep(5000);
    }
    server->pid = 0;
    if (status)
        printf("%.*s\n", RT_STR_ARG(live_log(server)));
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

int live_stop(live *server)
{
    kill(server->pid, SIGTERM);
    return live_wait(server);
}

rt_str live_log(live *server)
{
    static char text[1 << 16];
    ssize_t n = pread(fileno(server->log), text, sizeof text - 1, 0);
    return rt_str_of(text, n > 0 ? (size_t)n : 0);
}

bool live_logged(live *server, const char *text)
{
    int64_t deadline = rt_time_monotonic_ms() + WAIT_MS;
    while (rt_str_find(live_log(server), rt_str_from(text)) == RT_STR_NONE) {
        if (rt_time_monotonic_ms() > deadline) {
            printf("%.*s\n", RT_STR_ARG(live_log(server)));
            return false;
        }
        usleep(10000);
    }
    return true;
}

pid_t live_worker(const live *server)
{
    char command[64];
    int pid = 0;
    snprintf(command, sizeof command, "/proc/%d/task/%d/children",
             (int)server->pid, (int)server->pid);
    FILE *children = fopen(command, "r");
    if (!children)
        return 0;
    if (fscanf(children, "%d", &pid) != 1)
        pid = 0;
    fclose(children);
    return pid;
}

// ---- the client ------------------------------------------------------------

int live_connect(const live *server)
{
    return live_connect_with_room(server, 0);
}

int live_connect_with_room(const live *server, int bytes)
{
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    struct sockaddr_in tcp = {.sin_family = AF_INET,
                              .sin_port = htons((uint16_t)server->port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval limit = {.tv_sec = WAIT_MS / 1000};
    bool is_unix = !server->port;
    memcpy(local.sun_path, server->path, sizeof server->path);
    int fd = socket(is_unix ? AF_UNIX : AF_INET, SOCK_STREAM, 0);
    REQUIRE(fd >= 0);
    if (bytes)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    int failed = is_unix ? connect(fd, (struct sockaddr *)&local, sizeof local)
                         : connect(fd, (struct sockaddr *)&tcp, sizeof tcp);
    if (failed) {
        close(fd);
        return -1;
    }
    return fd;
}

void live_send(int fd, rt_str bytes)
{
    while (bytes.len) {
        ssize_t n = send(fd, bytes.data, bytes.len, MSG_NOSIGNAL);
        if (n <= 0)
            return; // the server has closed: the answer tells
        rt_str_take(&bytes, (size_t)n);
    }
}

typedef struct received {
    char *data;
    size_t len;
    size_t cap;
} received;

// Receive some more; false at the end.
static bool receive_some(int fd, received *r, size_t max)
{
    if (r->cap - r->len < max + 1) {
        r->cap = r->len + max + 4096;
        r->data = realloc(r->data, r->cap);
        REQUIRE(r->data != NULL);
    }
    ssize_t n = recv(fd, r->data + r->len, max, 0);
    if (n < 0 && errno != ECONNRESET && errno != EPIPE)
        CHECK_EQ(strerror(errno), "a received byte");
    r->len += n > 0 ? (size_t)n : 0;
    r->data[r->len] = '\0';
    return n > 0;
}

// The process of the test frees it by ending; keep it reachable until then.
static rt_str keep(received r)
{
    static char *kept[4096];
    static size_t n;
    free(kept[n % RT_COUNT(kept)]);
    kept[n++ % RT_COUNT(kept)] = r.data;
    return rt_str_of(r.data, r.len);
}

rt_str live_receive_all(int fd)
{
    received r = {0};
    while (receive_some(fd, &r, 65536))
        continue;
    return keep(r);
}

rt_str live_receive(int fd, size_t len)
{
    received r = {0};
    while (r.len < len && receive_some(fd, &r, len - r.len))
        continue;
    return keep(r);
}

rt_str live_response(int fd)
{
    received r = {0};
    size_t head = RT_STR_NONE;
    while (head == RT_STR_NONE && receive_some(fd, &r, 1))
        head = rt_str_find(rt_str_of(r.data, r.len), RT_STR("\r\n\r\n"));
    if (head == RT_STR_NONE)
        return keep(r);
    const char *length = strcasestr(r.data, "\r\ncontent-length:");
    size_t want = r.len + (length ? strtoul(length + 17, NULL, 10) : 0);
    while (r.len < want && receive_some(fd, &r, want - r.len))
        continue;
    return keep(r);
}

rt_str live_ask(const live *server, const char *request)
{
    int fd = live_connect(server);
    REQUIRE(fd >= 0);
    live_send(fd, rt_str_from(request));
    rt_str response = live_receive_all(fd);
    close(fd);
    return response;
}

int live_status(rt_str response)
{
    return rt_str_starts_with(response, RT_STR("HTTP/1.1 ")) &&
                   response.len > 12
               ? atoi(response.data + 9)
               : 0;
}

rt_str live_body(rt_str response)
{
    size_t at = rt_str_find(response, RT_STR("\r\n\r\n"));
    return at == RT_STR_NONE ? RT_STR("")
                             : rt_str_slice(response, at + 4, SIZE_MAX);
}

bool live_has(rt_str response, const char *text)
{
    return rt_str_find(response, rt_str_from(text)) != RT_STR_NONE;
}
