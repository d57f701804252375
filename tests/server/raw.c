// The player of raw cases; see raw.h.
#include "raw.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <retort/base/time.h>

#include "raw_parts.h"

#define CLIENTS     64    // connections at a time
#define PAUSE_MS    40    // of <<pause>> and <<quiet>>
#define CUT_MS      2     // between the parts of a cut
#define DEADLINE_MS 20000 // for a whole case; ends a test that would hang
#define SHORT_BYTES 200   // may come byte by byte
#define NO_CUT      SIZE_MAX
#define EACH_BYTE   (SIZE_MAX - 1)

typedef struct client {
    const raw_script *script;
    size_t cut; // offset, NO_CUT or EACH_BYTE
    int fd;     // -1: not in use
    size_t sent;
    size_t limit; // up to here may be sent before anything else happens
    size_t stops; // passed
    size_t seen;  // answered when the last of them was passed
    raw_wait wait;
    int64_t wait_until_ms;
    int64_t deadline_ms;
    bool half_closed;
    raw_ending end;
    rt_buf received;
} client;

static void judge(client *c)
{
    const raw_case *row = c->script->row;
    if (c->cut == NO_CUT) {
        rt_test_case("%s", row->name);
    } else if (c->cut == EACH_BYTE) {
        rt_test_case("%s, byte by byte", row->name);
    } else {
        rt_test_case("%s, cut at %zu of %zu", row->name, c->cut,
                     c->script->bytes.len);
    }
    rt_str seen = raw_describe(c->script, rt_buf_str(&c->received), c->end);
    CHECK_EQ(seen, row->expect);
    close(c->fd);
    c->fd = -1;
}

// How far may be sent before something is waited for.
static size_t next_limit(const client *c)
{
    const raw_script *s = c->script;
    size_t limit = s->bytes.len;
    if (c->cut == EACH_BYTE) {
        limit = c->sent + 1 < limit ? c->sent + 1 : limit;
    } else if (c->cut != NO_CUT && c->cut > c->sent) {
        limit = c->cut;
    }
    if (c->stops < s->stops_len && s->stops[c->stops].at < limit)
        limit = s->stops[c->stops].at;
    return limit;
}

static void begin(client *c, live *server, const raw_script *s, size_t cut)
{
    int on = 1;
    *c = (client){.script = s, .cut = cut};
    c->fd = live_connect(server);
    if (c->fd < 0)
        printf("%.*s\n", RT_STR_ARG(live_log(server)));
    REQUIRE(c->fd >= 0);
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    c->deadline_ms = rt_time_monotonic_ms() + DEADLINE_MS;
    c->limit = next_limit(c);
    rt_buf_init(&c->received, raw_memory());
}

static void wait_for(client *c, raw_wait kind, int64_t now)
{
    c->wait = kind;
    c->wait_until_ms = now + (kind == WAIT_CUT ? CUT_MS : PAUSE_MS);
}

// The bytes up to the limit are sent: do what the script says there.
static void pass_limit(client *c, int64_t now)
{
    const raw_script *s = c->script;
    if (c->stops < s->stops_len && s->stops[c->stops].at == c->sent) {
        wait_for(c, s->stops[c->stops++].wait, now);
    } else if (c->sent < s->bytes.len) {
        wait_for(c, WAIT_CUT, now);
    } else if (s->half) {
        shutdown(c->fd, SHUT_WR);
        c->half_closed = true;
    }
}

// Whether the text of the last stop has been answered since the one before.
static bool is_answered(client *c)
{
    rt_str text = c->script->stops[c->stops - 1].text;
    rt_str fresh = rt_str_slice(rt_buf_str(&c->received), c->seen, SIZE_MAX);
    size_t at = rt_str_find(fresh, text);
    if (at == RT_STR_NONE)
        return false;
    c->seen += at + text.len;
    return true;
}

// True when nothing more is waited for.
static bool wait_is_over(client *c, int64_t now)
{
    if (c->wait == WAIT_NOTHING)
        return true;
    if (c->wait == WAIT_ANSWER ? !is_answered(c) : now < c->wait_until_ms)
        return false;
    if (c->wait == WAIT_QUIET && c->received.len != c->seen)
        c->end.disturbed = true;
    if (c->wait == WAIT_QUIET || c->wait == WAIT_PAUSE)
        c->seen = c->received.len;
    c->wait = WAIT_NOTHING;
    return true;
}

static bool has_said_all(const client *c)
{
    const raw_script *s = c->script;
    return c->sent == s->bytes.len && c->stops == s->stops_len &&
           s->half == c->half_closed;
}

static void send_some(client *c, int64_t now)
{
    while (wait_is_over(c, now) && !has_said_all(c)) {
        c->limit = next_limit(c);
        if (c->sent < c->limit) {
            ssize_t n = send(c->fd, c->script->bytes.data + c->sent,
                             c->limit - c->sent, MSG_NOSIGNAL);
            if (n < 0) // full, or closed by the server: that is received
                return;
            c->sent += (size_t)n;
        }
        if (c->sent == c->limit)
            pass_limit(c, now);
    }
}

// Receive what there is; false at the end.
static bool receive_some(client *c)
{
    for (;;) {
        if (!rt_buf_reserve(&c->received, 4096))
            return false;
        ssize_t n = recv(c->fd, rt_buf_end(&c->received), 4096, 0);
        if (n < 0 && errno == EAGAIN)
            return true;
        c->end.reset = n < 0;
        if (n <= 0)
            return false;
        c->received.len += (size_t)n;
    }
}

static int poll_timeout(const client *c, int64_t now)
{
    bool timed = c->wait != WAIT_NOTHING && c->wait != WAIT_ANSWER;
    int64_t left = c->wait_until_ms - now;
    if (!timed || left > 100)
        return 100;
    return left > 0 ? (int)left : 0;
}

// Let all connections get on; those that end are judged.
static void turn(client *clients)
{
    struct pollfd fds[CLIENTS];
    int64_t now = rt_time_monotonic_ms();
    int timeout = 100;
    for (size_t i = 0; i < CLIENTS; i++) {
        client *c = &clients[i];
        fds[i] = (struct pollfd){.fd = c->fd, .events = POLLIN};
        if (c->fd < 0)
            continue;
        if (c->wait == WAIT_NOTHING && c->sent < c->limit)
            fds[i].events |= POLLOUT;
        int own = poll_timeout(c, now);
        timeout = own < timeout ? own : timeout;
    }
    poll(fds, CLIENTS, timeout);
    now = rt_time_monotonic_ms();
    for (size_t i = 0; i < CLIENTS; i++) {
        client *c = &clients[i];
        if (c->fd < 0)
            continue;
        bool ended = !receive_some(c);
        if (!ended)
            send_some(c, now);
        c->end.open = !ended;
        if (ended || now > c->deadline_ms)
            judge(c);
    }
}

static client *find_free(client *clients)
{
    for (size_t i = 0; i < CLIENTS; i++) {
        if (clients[i].fd < 0)
            return &clients[i];
    }
    return NULL;
}

static void play(client *clients, live *server, const raw_script *s, size_t cut)
{
    client *c;
    while (!(c = find_free(clients)))
        turn(clients);
    begin(c, server, s, cut);
    send_some(c, rt_time_monotonic_ms());
}

static void play_cuts(client *clients, live *server, const raw_script *s,
                      raw_cut cut)
{
    size_t len = s->case_bytes;
    play(clients, server, s, NO_CUT);
    if (cut == RAW_SOME) {
        size_t places[] = {len / 3, len * 2 / 3, len - 1, len};
        for (size_t i = 0; i < RT_COUNT(places); i++) {
            if (places[i] && places[i] < s->bytes.len)
                play(clients, server, s, places[i]);
        }
        if (len <= SHORT_BYTES)
            play(clients, server, s, EACH_BYTE);
    } else if (cut == RAW_EVERY) {
        play(clients, server, s, EACH_BYTE);
        for (size_t at = 1; at < s->bytes.len && at <= len; at++)
            play(clients, server, s, at);
    }
}

void raw_play(live *server, const raw_case *cases, size_t n, raw_cut cut)
{
    client clients[CLIENTS];
    for (size_t i = 0; i < CLIENTS; i++)
        clients[i] = (client){.fd = -1};
    for (size_t i = 0; i < n; i++)
        play_cuts(clients, server, raw_compile(&cases[i]), cut);
    for (bool busy = true; busy;) {
        busy = false;
        for (size_t i = 0; i < CLIENTS; i++)
            busy |= clients[i].fd >= 0;
        if (busy)
            turn(clients);
    }
}
