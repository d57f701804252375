#include "server/listener.h"

#include <errno.h>
#include <linux/filter.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <retort/base/error.h>

static bool is_path(const char *host)
{
    return strchr(host, '/') != NULL;
}

static int fail(int fd, char *error, size_t bytes, const char *what,
                const char *name)
{
    int code = errno;
    snprintf(error, bytes, "cannot %s %s: %s%s", what, name, strerror(code),
             code == EADDRINUSE
                 ? is_path(name)
                       ? "; another program uses it (choose one with --host)"
                       : "; another program uses it (choose one with --port)"
                 : "");
    if (fd >= 0)
        close(fd);
    return -1;
}

static int open_unix(const rt_server_options *options, char *error,
                     size_t bytes)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t len = strlen(options->host);
    if (len >= sizeof address.sun_path) {
        snprintf(error, bytes, "the path of the socket is too long");
        return -1;
    }
    struct stat st;
    bool exists = lstat(options->host, &st) == 0;
    if (exists && !S_ISSOCK(st.st_mode)) {
        snprintf(error, bytes, "cannot listen on %s: %s of that name exists",
                 options->host, S_ISDIR(st.st_mode) ? "a folder" : "a file");
        return -1;
    }
    memcpy(address.sun_path, options->host, len + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return fail(fd, error, bytes, "open", options->host);
    // A socket nobody listens on is what an earlier run left behind.
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0) {
        errno = EADDRINUSE;
        return fail(fd, error, bytes, "listen on", options->host);
    }
    if (exists)
        unlink(options->host);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) ||
        listen(fd, options->backlog))
        return fail(fd, error, bytes, "listen on", options->host);
    return fd;
}

typedef struct tcp_address {
    struct sockaddr_storage storage;
    socklen_t len;
} tcp_address;

// A host as people type it: an IPv6 address may have the brackets of a URL.
static void strip_brackets(const char *host, char *out, size_t bytes)
{
    size_t len = strlen(host);
    bool both = len > 2 && host[0] == '[' && host[len - 1] == ']';
    snprintf(out, bytes, "%.*s", (int)(both ? len - 2 : len), host + both);
}

static bool resolve(const rt_server_options *options, tcp_address *out,
                    char *error, size_t bytes)
{
    char port[16];
    snprintf(port, sizeof port, "%d", options->port > 0 ? options->port : 0);
    struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV,
                             .ai_socktype = SOCK_STREAM};
    struct addrinfo *found;
    char host[NI_MAXHOST];
    strip_brackets(options->host, host, sizeof host);
    int code = getaddrinfo(host, port, &hints, &found);
    if (code) {
        snprintf(error, bytes, "cannot listen on %s: %s", options->host,
                 gai_strerror(code));
        return false;
    }
    memcpy(&out->storage, found->ai_addr, found->ai_addrlen);
    out->len = found->ai_addrlen;
    freeaddrinfo(found);
    return true;
}

static int open_tcp(const tcp_address *address, bool shared,
                    const rt_server_options *options, char *error, size_t bytes)
{
    char name[300];
    snprintf(name, sizeof name, "%s port %d", options->host, options->port);
    int fd = socket(address->storage.ss_family,
                    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1;
    if (fd < 0)
        return fail(fd, error, bytes, "open", name);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (shared)
        setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    if (bind(fd, (const struct sockaddr *)&address->storage, address->len))
        return fail(fd, error, bytes, "listen on", name);
    if (listen(fd, options->backlog))
        return fail(fd, error, bytes, "listen on", name);
    // Accepted sockets inherit it: a response is one send, never to be delayed.
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

static int port_of(int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } address = {0};

    socklen_t len = sizeof address;
    if (getsockname(fd, &address.any, &len))
        return 0;
    bool is_v6 = address.any.sa_family == AF_INET6;
    return ntohs(is_v6 ? address.v6.sin6_port : address.v4.sin_port);
}

static void set_port(tcp_address *address, int port)
{
    if (address->storage.ss_family == AF_INET6)
        ((struct sockaddr_in6 *)&address->storage)->sin6_port =
            htons((uint16_t)port);
    else
        ((struct sockaddr_in *)&address->storage)->sin_port =
            htons((uint16_t)port);
}

static bool open_all_tcp(rt__listeners *l, int n,
                         const rt_server_options *options, char *error,
                         size_t bytes)
{
    tcp_address address;
    if (!resolve(options, &address, error, bytes))
        return false;
    // SO_REUSEPORT would let us share the port with a stranger's program of the
    // same user; binding once without it finds out.
    int probe = open_tcp(&address, false, options, error, bytes);
    if (probe < 0)
        return false;
    set_port(&address, port_of(probe));
    close(probe);
    for (l->len = 0; l->len < n; l->len++) {
        l->fds[l->len] = open_tcp(&address, true, options, error, bytes);
        if (l->fds[l->len] < 0)
            return false;
    }
    bool v6 = address.storage.ss_family == AF_INET6;
    bool bare = v6 && options->host[0] != '[';
    snprintf(l->url, sizeof l->url, "http://%s%.240s%s:%d", bare ? "[" : "",
             options->host, bare ? "]" : "", port_of(l->fds[0]));
    return true;
}

bool rt__listeners_open(rt__listeners *l, int n,
                        const rt_server_options *options, char *error,
                        size_t bytes)
{
    *l = (rt__listeners){.fds = calloc((size_t)n, sizeof *l->fds)};
    if (!l->fds)
        rt_panic("out of memory: %d listeners", n);
    if (!is_path(options->host))
        return open_all_tcp(l, n, options, error, bytes);
    int fd = open_unix(options, error, bytes);
    if (fd < 0)
        return false;
    for (l->len = 0; l->len < n; l->len++)
        l->fds[l->len] = fd;
    snprintf(l->url, sizeof l->url, "unix:%.240s", options->host);
    return true;
}

// Drop the first segment of each handshake and nothing else, so those that are
// under way come to their end. A client tries again a second later and then
// learns that nobody listens, where a connection that came in the last moment
// before closing would be reset; so this should last for a short time. Where the filter is not allowed it is left out.
void rt__listener_refuse(int fd)
{
    struct sock_filter code[] = {
        {BPF_LD | BPF_B | BPF_ABS, 0, 0, 13},     // the flags of TCP
        {BPF_JMP | BPF_JSET | BPF_K, 0, 1, 0x02}, // SYN
        {BPF_RET | BPF_K, 0, 0, 0},
        {BPF_RET | BPF_K, 0, 0, UINT32_MAX},
    };
    struct sock_fprog program = {RT_COUNT(code), code};
    int domain = 0;
    socklen_t len = sizeof domain;
    getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len);
    if (domain == AF_INET || domain == AF_INET6)
        setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

// Of many connections the list takes too long to read.
#define LIST_LINES_MAX 4096

bool rt__listener_is_connecting(int fd)
{
    enum {
        SYN_RECEIVED = 3
    };

    union {
        struct sockaddr any;
        struct sockaddr_in6 v6;
    } address = {0};

    socklen_t len = sizeof address;
    if (getsockname(fd, &address.any, &len))
        return true;
    if (address.any.sa_family == AF_UNIX)
        return false; // connecting is one step
    bool v6 = address.any.sa_family == AF_INET6;
    FILE *list = fopen(v6 ? "/proc/net/tcp6" : "/proc/net/tcp", "re");
    if (!list)
        return true;
    unsigned int own = (unsigned int)port_of(fd), port, state;
    char line[512];
    bool found = false;
    int n = 0;
    while (!found && n++ < LIST_LINES_MAX && fgets(line, sizeof line, list))
        found =
            // NOLINTNEXTLINE(cert-err34-c): numbers that the kernel wrote
            sscanf(line, " %*d: %*[^:]:%x %*[^:]:%*x %x", &port, &state) == 2 &&
            port == own && state == SYN_RECEIVED;
    fclose(list);
    return found || n > LIST_LINES_MAX;
}

void rt__listeners_shut(rt__listeners *l, const rt_server_options *options)
{
    if (l->len && is_path(options->host))
        unlink(options->host);
    for (int i = 0; i < l->len; i++) {
        if (l->fds[i] < 0 || (i > 0 && l->fds[i] == l->fds[0]))
            continue;
        rt__listener_refuse(l->fds[i]);
        close(l->fds[i]);
    }
    l->len = 0;
}

void rt__listeners_close(rt__listeners *l, const rt_server_options *options)
{
    rt__listeners_shut(l, options);
    free(l->fds);
    *l = (rt__listeners){0};
}
