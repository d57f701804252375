// The access log: one line per request in the combined format, written once per
// turn of the loop.
//
//     127.0.0.1 - - [24/Nov/2026:21:55:10 +0000] "GET / HTTP/1.1" 200 13 "-" "-" 412
//
// The last field is the time in microseconds. What a client sent is escaped, so
// that it cannot forge lines. What is not known is "-": a request that was
// refused has no time, and as much of its first line as had come.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <retort/base/time.h>

#include "server/rescue.h"
#include "server/worker.h"

// Of the first line of a request that is refused.
#define LINE_BYTES_MAX 2048u

bool rt__access_log_can_open(const rt_server_options *options, char *error,
                             size_t bytes)
{
    const char *path = options->access_log;
    if (!path || strcmp(path, "-") == 0)
        return true;
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0) {
        snprintf(error, bytes, "cannot open the access log %s: %s", path,
                 strerror(errno));
        return false;
    }
    close(fd);
    return true;
}

int rt__access_log_open(const rt_server_options *options)
{
    const char *path = options->access_log;
    if (!path)
        return -1;
    if (strcmp(path, "-") == 0)
        return STDERR_FILENO;
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0) // it could when the server was started
        rt_log(&rt__server_log, RT_LOG_ERROR,
               "cannot open the access log {!r}: {}", path, strerror(errno));
    return fd;
}

static void put_escaped(rt_buf *line, rt_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.data[i];
        // Beyond ASCII, too: there are control characters among it.
        if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\') {
            rt_buf_put_cstr(line, "\\x");
            rt_buf_put_hex(line, c, 2);
        } else {
            rt_buf_put_char(line, (char)c);
        }
    }
}

static void put_two(rt_buf *line, int n)
{
    rt_buf_put_char(line, (char)('0' + n / 10));
    rt_buf_put_char(line, (char)('0' + n % 10));
}

static void put_time(rt_buf *line)
{
    rt_civil_time t = rt_time_civil(rt_time_now());
    put_two(line, t.day);
    rt_buf_put_char(line, '/');
    rt_buf_put_cstr(line, rt_time_month_name(t.month));
    rt_buf_put_char(line, '/');
    rt_buf_put_int(line, t.year);
    rt_buf_put_char(line, ':');
    put_two(line, t.hour);
    rt_buf_put_char(line, ':');
    put_two(line, t.minute);
    rt_buf_put_char(line, ':');
    put_two(line, t.second);
    rt_buf_put_cstr(line, " +0000");
}

static void put_quoted(rt_buf *line, rt_str value)
{
    rt_buf_put_cstr(line, " \"");
    put_escaped(line, value.len ? value : RT_STR("-"));
    rt_buf_put_char(line, '"');
}

static void put_start(rt_buf *line, rt_str peer)
{
    rt_buf_put(line, peer.len ? peer : RT_STR("-"));
    rt_buf_put_cstr(line, " - - [");
    put_time(line);
    rt_buf_put_cstr(line, "] \"");
}

static void put_request(rt_buf *line, rt_str method, rt_str target, int version)
{
    put_escaped(line, method);
    rt_buf_put_char(line, ' ');
    put_escaped(line, target);
    rt_buf_put_cstr(line, version == 10 ? " HTTP/1.0" : " HTTP/1.1");
}

static void put_answer(rt_buf *line, int status, uint64_t bytes)
{
    rt_buf_put_cstr(line, "\" ");
    rt_buf_put_int(line, status);
    rt_buf_put_char(line, ' ');
    rt_buf_put_uint(line, bytes);
}

// The first line that came of a request, as far as it came.
static void put_first_line(rt_buf *line, rt_str bytes)
{
    while (bytes.len && (bytes.data[0] == '\r' || bytes.data[0] == '\n'))
        rt_str_take(&bytes, 1);
    size_t len = 0;
    while (len < bytes.len && bytes.data[len] != '\r' &&
           bytes.data[len] != '\n' && len < LINE_BYTES_MAX)
        len++;
    if (len == 0)
        rt_buf_put_char(line, '-');
    put_escaped(line, rt_str_slice(bytes, 0, len));
    if (len == LINE_BYTES_MAX)
        rt_buf_put_cstr(line, "...");
}

void rt__access_log_add_refused(const rt__conn *conn, int status,
                                uint64_t bytes)
{
    rt_buf *line = &conn->worker->access;
    const char *data = conn->in ? conn->in->data + conn->start : "";
    put_start(line, (rt_str){conn->peer, conn->peer_len});
    put_first_line(line, rt_str_of(data, conn->end - conn->start));
    put_answer(line, status, bytes);
    rt_buf_put_cstr(line, " \"-\" \"-\" -\n");
}

void rt__access_log_write_crashed(int fd, const rt__crash_slot *slot)
{
    rt_arena arena = {0};
    rt_buf line;
    rt_buf_init(&line, &arena);
    put_start(&line, rt_str_from(slot->peer));
    put_request(&line, rt_str_from(slot->method), rt_str_from(slot->path),
                slot->version);
    put_answer(&line, slot->status,
               slot->handed_over ? RT__RESCUE_BYTES : slot->sent_bytes);
    put_quoted(&line, rt_str_from(slot->referer));
    put_quoted(&line, rt_str_from(slot->user_agent));
    rt_buf_put_char(&line, ' ');
    rt_buf_put_int(&line, rt_time_monotonic_ns() / 1000 - slot->started_us);
    rt_buf_put_char(&line, '\n');
    (void)!write(fd, line.data, line.len);
    rt_arena_deinit(&arena);
}

void rt__access_log_add(rt__worker *worker, const rt__exchange *x)
{
    rt_buf *line = &worker->access;
    put_start(line, x->req.peer_address);
    put_request(line, x->req.method_text, x->req.target, x->req.version);
    put_answer(line, x->status, x->sent_bytes);
    put_quoted(line, rt_request_header(&x->req, RT_STR("Referer")));
    put_quoted(line, rt_request_header(&x->req, RT_STR("User-Agent")));
    rt_buf_put_char(line, ' ');
    rt_buf_put_int(line, rt_time_monotonic_ns() / 1000 - x->started_us);
    rt_buf_put_char(line, '\n');
    if (line->len > 32 * 1024)
        rt__access_log_flush(worker);
}

void rt__access_log_flush(rt__worker *worker)
{
    rt_buf *lines = &worker->access;
    size_t at = 0;
    while (at < lines->len) {
        ssize_t n = write(worker->access_fd, lines->data + at, lines->len - at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break; // a log nobody reads stops no request
        at += (size_t)n;
    }
    lines->len = 0;
}
