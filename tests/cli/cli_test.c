#include "cli_test.h"

#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORDS_MAX 16

// Whether the whole URL has come, in a banner or in a record of the log.
static bool has_url(const char *text)
{
    const char *at = strstr(text, "://");
    return at && strpbrk(at, " \"");
}

// Read until the end, or until the URL has come.
static void read_text(int fd, char *text, size_t bytes, bool until_url)
{
    size_t len = 0;
    ssize_t n;
    text[0] = '\0';
    while (!(until_url && has_url(text)) && len < bytes - 1 &&
           (n = read(fd, text + len, bytes - 1 - len)) > 0) {
        len += (size_t)n;
        text[len] = '\0';
    }
}

static served start(rt_app *app, const char *const *words)
{
    char *argv[WORDS_MAX + 2] = {(char[]){"program"}};
    int argc = 1, pair[2];
    for (; words[argc - 1]; argc++) {
        REQUIRE(argc <= WORDS_MAX);
        argv[argc] = strdup(words[argc - 1]);
    }
    REQUIRE(pipe(pair) == 0);
    fflush(NULL);
    pid_t pid = fork();
    REQUIRE(pid >= 0);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(pair[0]);
        dup2(pair[1], STDOUT_FILENO);
        dup2(pair[1], STDERR_FILENO);
        close(pair[1]);
        int status = rt_main(app, argc, argv);
        fflush(NULL);
        _exit(status);
    }
    close(pair[1]);
    while (argc > 1)
        free(argv[--argc]);
    return (served){.pid = pid, .output = pair[0]};
}

static outcome finish(served *server)
{
    static char text[1 << 16];
    int status;
    read_text(server->output, text, sizeof text, false);
    close(server->output);
    REQUIRE(waitpid(server->pid, &status, 0) == server->pid);
    return (outcome){WIFEXITED(status) ? WEXITSTATUS(status)
                                       : 1000 + WTERMSIG(status),
                     text};
}

outcome cli_call(rt_app *app, const char *const *words)
{
    served child = start(app, words);
    return finish(&child);
}

served cli_serve_with(rt_app *app, const char *const *words)
{
    served server = start(app, words);
    read_text(server.output, server.banner, sizeof server.banner, true);
    const char *at = strstr(server.banner, "://");
    const char *port = at ? strchr(at + 3, ':') : NULL;
    if (!port) {
        printf("%s\n", server.banner);
        REQUIRE(!"the server started");
        return server;
    }
    server.port = atoi(port + 1);
    return server;
}

const char *cli_ask(const served *server, const char *request)
{
    static char answer[1 << 16];
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)server->port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = 10};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(fd >= 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    REQUIRE(connect(fd, (struct sockaddr *)&address, sizeof address) == 0);
    size_t len = strlen(request);
    REQUIRE(send(fd, request, len, MSG_NOSIGNAL) == (ssize_t)len);
    read_text(fd, answer, sizeof answer, false);
    close(fd);
    return answer;
}

outcome cli_stop(served *server)
{
    kill(server->pid, SIGTERM);
    return finish(server);
}

void cli_check_has(const char *file, int line, const char *text,
                   const char *part)
{
    bool has = strstr(text, part) != NULL;
    if (!has)
        printf("no \"%s\" in:\n%s\n", part, text);
    rt_test_check(file, line, part, has);
}
