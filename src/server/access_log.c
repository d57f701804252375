// The access log: one line per request in the combined format, written once per
// turn of the loop.
//
//     127.0.0.1 - - [24/Nov/2026:21:55:10 +0000] "GET / HTTP/1.1" 200 13 "-" "-" 412
//
// The last field is the time in microseconds. What a client sent is escaped, so
// that it cannot forge lines.
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <retort/base/time.h>

#include "server/worker.h"

void rt__access_log_open(rt__worker *worker)
{
    const char *path = worker->options->access_log;
    worker->access_fd = -1;
    if (!path)
        return;
    if (strcmp(path, "-") == 0) {
        worker->access_fd = STDERR_FILENO;
        return;
    }
    worker->access_fd =
        open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    if (worker->access_fd < 0)
        rt_log(&rt__server_log, RT_LOG_ERROR,
               "cannot open the access log {!r}: {}", path, strerror(errno));
}

static void put_escaped(rt_buf *line, rt_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.data[i];
        if (c < 0x20 || c == 0x7f || c == '"' || c == '\\') {
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

static void put_header(rt_buf *line, const rt__exchange *x, rt_str name)
{
    rt_str value = rt_request_header(&x->req, name);
    rt_buf_put_cstr(line, " \"");
    put_escaped(line, value.data ? value : RT_STR("-"));
    rt_buf_put_char(line, '"');
}

void rt__access_log_add(rt__worker *worker, const rt__exchange *x)
{
    rt_buf *line = &worker->access;
    rt_str peer = x->req.peer_address;
    rt_buf_put(line, peer.len ? peer : RT_STR("-"));
    rt_buf_put_cstr(line, " - - [");
    put_time(line);
    rt_buf_put_cstr(line, "] \"");
    put_escaped(line, x->req.method_text);
    rt_buf_put_char(line, ' ');
    put_escaped(line, x->req.target);
    rt_buf_put_cstr(line,
                    x->req.version == 10 ? " HTTP/1.0\" " : " HTTP/1.1\" ");
    rt_buf_put_int(line, x->status);
    rt_buf_put_char(line, ' ');
    rt_buf_put_uint(line, x->sent_bytes);
    put_header(line, x, RT_STR("Referer"));
    put_header(line, x, RT_STR("User-Agent"));
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
