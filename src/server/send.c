// Sending: everything that is ready in one system call.
#include <errno.h>
#include <linux/sockios.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <retort/base/error.h>
#include <retort/base/time.h>

#include "server/worker.h"

#define PIECES_MAX 3

static bool is_again(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

// Send up to `n` buffers; the number of bytes taken, or -1 when the client is
// lost.
static ssize_t send_iov(rt__conn *conn, struct iovec *iov, size_t n, int flags)
{
    struct msghdr message = {.msg_iov = iov, .msg_iovlen = n};
    flags |= MSG_NOSIGNAL;
    ssize_t sent = n == 1 ? send(conn->fd, iov->iov_base, iov->iov_len, flags)
                          : sendmsg(conn->fd, &message, flags);
    if (sent >= 0) {
        conn->sent += (uint64_t)sent;
        return sent;
    }
    if (is_again(errno))
        return 0;
    conn->lost = true;
    return -1;
}

// Queue bytes behind what is queued already.
static void queue(rt__conn *conn, const char *data, size_t len)
{
    size_t left = conn->pending_len - conn->pending_sent;
    char *grown = malloc(left + len);
    if (!grown)
        rt_panic("out of memory: %zu bytes", left + len);
    if (conn->pending)
        memcpy(grown, conn->pending + conn->pending_sent, left);
    memcpy(grown + left, data, len);
    free(conn->pending);
    conn->pending = grown;
    conn->pending_len = left + len;
    conn->pending_sent = 0;
}

static void forget_pending(rt__conn *conn)
{
    free(conn->pending);
    conn->pending = NULL;
    conn->pending_len = conn->pending_sent = 0;
}

bool rt__send_pending(rt__conn *conn)
{
    while (conn->pending && !conn->lost) {
        struct iovec iov = {conn->pending + conn->pending_sent,
                            conn->pending_len - conn->pending_sent};
        ssize_t sent = send_iov(conn, &iov, 1, 0);
        if (sent == 0)
            return false;
        if (sent < 0)
            break;
        conn->pending_sent += (size_t)sent;
        if (conn->pending_sent == conn->pending_len)
            forget_pending(conn);
    }
    if (conn->lost)
        forget_pending(conn);
    return true;
}

void rt__send_flush(rt__conn *conn)
{
    rt_buf *out = &conn->worker->out;
    size_t sent = 0;
    if (!out->len)
        return;
    if (!conn->pending && !conn->lost) {
        struct iovec iov = {out->data, out->len};
        ssize_t n = send_iov(conn, &iov, 1, 0);
        sent = n > 0 ? (size_t)n : 0;
    }
    if (sent < out->len && !conn->lost)
        queue(conn, out->data + sent, out->len - sent);
    out->len = 0;
}

// ---- waiting for the client ---------------------------------------------------

#define PACE_BYTES_PER_SECOND 240

// What has arrived. What the system has taken may wait there for long. Of a Unix
// socket it counts its own overhead, too, so only differences say something.
static int64_t acked(const rt__conn *conn)
{
    int waiting = 0;
    ioctl(conn->fd, SIOCOUTQ, &waiting);
    return (int64_t)conn->sent - waiting;
}

// A client that has let the response wait for longer than the limit must have
// kept up a minimal pace meanwhile. The time in which there is nothing to send is
// not the client's.
static bool is_too_slow(const rt__conn *conn)
{
    int64_t late = conn->waited_ms - conn->worker->options->write_timeout_ms;
    return late > 0 &&
           acked(conn) - conn->acked_was < late * PACE_BYTES_PER_SECOND / 1000;
}

// Wait for room. The client must make progress within the limit, too.
static rt_status wait_writable(rt__conn *conn)
{
    if (conn->waited_ms < 0) {
        conn->waited_ms = 0;
        conn->acked_was = acked(conn);
    }
    if (is_too_slow(conn))
        return RT_E_TIMEOUT;
    int64_t started = rt_time_monotonic_ms();
    conn->writing = true;
    rt__conn_update_poll(conn);
    rt_status st =
        rt_wait_on(&conn->writable, conn->worker->options->write_timeout_ms);
    conn->writing = false;
    conn->waited_ms += rt_time_monotonic_ms() - started;
    if (st == RT_E_TIMEOUT)
        conn->lost = true;
    return conn->lost && !st ? RT_E_CLOSED : st;
}

// Step over `sent` bytes at the front of the pieces.
static void advance(struct iovec **iov, size_t *n, size_t sent)
{
    while (*n && sent >= (*iov)->iov_len) {
        sent -= (*iov)->iov_len;
        (*iov)++;
        (*n)--;
    }
    if (*n) {
        (*iov)->iov_base = (char *)(*iov)->iov_base + sent;
        (*iov)->iov_len -= sent;
    }
}

static rt_status send_rest(rt__conn *conn, struct iovec *iov, size_t n)
{
    while (conn->pending || n) {
        if (conn->lost)
            return RT_E_CLOSED;
        if (!rt__send_pending(conn)) {
            rt_status st = wait_writable(conn);
            if (st)
                return st;
            continue;
        }
        if (!n || conn->lost)
            continue;
        ssize_t sent = send_iov(conn, iov, n, 0);
        if (sent < 0)
            return RT_E_CLOSED;
        advance(&iov, &n, (size_t)sent);
        if (n) {
            rt_status st = wait_writable(conn);
            if (st)
                return st;
        }
    }
    return conn->lost ? RT_E_CLOSED : RT_OK;
}

static rt_status send_wait(rt__conn *conn, const rt_str *pieces, size_t n,
                           int flags)
{
    rt_buf *out = &conn->worker->out;
    struct iovec all[PIECES_MAX + 1], *iov = all;
    size_t len = 0;

    if (out->len)
        all[len++] = (struct iovec){out->data, out->len};
    for (size_t i = 0; i < n && i < PIECES_MAX; i++)
        if (pieces[i].len)
            all[len++] = (struct iovec){(char *)(uintptr_t)pieces[i].data,
                                        pieces[i].len};

    if (!conn->pending && !conn->lost && len) {
        ssize_t sent = send_iov(conn, all, len, flags);
        if (sent > 0)
            advance(&iov, &len, (size_t)sent);
    }
    // The worker's buffer is shared: what is left of it must be queued before
    // anybody else runs. It is the first of the vector if it is there still.
    if (len && (char *)iov->iov_base >= out->data &&
        (char *)iov->iov_base < out->data + out->len) {
        if (!conn->lost)
            queue(conn, iov->iov_base, iov->iov_len);
        iov++;
        len--;
    }
    out->len = 0;
    return send_rest(conn, iov, len);
}

rt_status rt__send_wait(rt__conn *conn, const rt_str *pieces, size_t n)
{
    return send_wait(conn, pieces, n, 0);
}

rt_status rt__send_file(rt__conn *conn, int fd, int64_t offset, int64_t len)
{
    // The head waits for the file's first bytes: they share a packet.
    rt_status st = send_wait(conn, NULL, 0, len > 0 ? MSG_MORE : 0);
    off_t at = offset;
    while (!st && len > 0) {
        size_t want = len > (1 << 20) ? 1 << 20 : (size_t)len;
        ssize_t sent = sendfile(conn->fd, fd, &at, want);
        if (sent == 0)
            return RT_E_IO; // the file has become shorter
        if (sent < 0 && !is_again(errno)) {
            conn->lost = errno == EPIPE || errno == ECONNRESET;
            return conn->lost ? RT_E_CLOSED : RT_E_IO;
        }
        if (sent < 0) {
            st = wait_writable(conn);
            continue;
        }
        conn->sent += (uint64_t)sent;
        len -= sent;
    }
    return st;
}
