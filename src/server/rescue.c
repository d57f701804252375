#include "server/rescue.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define NUMBER_OF(n) #n
#define NUMBER(n)    NUMBER_OF(n)

static void answer(rt__rescued *rescued, int fd)
{
    static const char page[] =
        "HTTP/1.1 500 Internal Server Error\r\n"
        "Content-Type: text/html; charset=utf-8\r\n"
        "Connection: close\r\n"
        "Content-Length: " NUMBER(
            RT__RESCUE_BYTES) "\r\n"
                              "\r\n"
                              "<!doctype html>\n<html lang=en>\n"
                              "<title>500 Internal Server Error</title>\n"
                              "<h1>Internal Server Error</h1>\n"
                              "<p>The program that should answer has crashed.</p>\n";
    (void)!send(fd, page, sizeof page - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    shutdown(fd, SHUT_WR);
    // Unread bytes would turn closing into a reset that overtakes the page.
    char rest[4096];
    while (recv(fd, rest, sizeof rest, MSG_DONTWAIT) > 0)
        continue;
    if (rescued->len < RT__RESCUED_MAX)
        rescued->fds[rescued->len++] = fd;
    else
        close(fd);
}

void rt__rescue_take(rt__rescued *rescued, int from)
{
    char byte;

    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec iov = {&byte, 1};
    struct msghdr message = {.msg_iov = &iov,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    if (recvmsg(from, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) <= 0)
        return;
    struct cmsghdr *cmsg = CMSG_FIRSTHDR(&message);
    if (!cmsg || cmsg->cmsg_type != SCM_RIGHTS)
        return;
    int fd;
    memcpy(&fd, CMSG_DATA(cmsg), sizeof fd);
    answer(rescued, fd);
}

void rt__rescue_close(rt__rescued *rescued)
{
    for (int i = 0; i < rescued->len; i++)
        close(rescued->fds[i]);
    rescued->len = 0;
}
