// The player and the judge of raw cases; see raw.h.
#include "raw.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <retort/base/buf.h>
#include <retort/base/time.h>
#include <retort/http/field.h>

#define CLIENTS     64    // connections at a time
#define PAUSE_MS    40    // of <<pause>> and <<quiet>>
#define CUT_MS      2     // between the parts of a cut
#define DEADLINE_MS 20000 // for a whole case; ends a test that would hang
#define STOPS       16    // directives in a case
#define NO_CUT      SIZE_MAX
#define EACH_BYTE   (SIZE_MAX - 1)

#define PROBE                                   \
    RT_STR("GET /probe HTTP/1.1\r\nHost: x\r\n" \
           "Connection: close\r\n\r\n")

typedef enum wait_kind {
    WAIT_NOTHING,
    WAIT_CUT, // between the parts of a cut
    WAIT_PAUSE,
    WAIT_QUIET,
    WAIT_ANSWER,
} wait_kind;

typedef struct stop {
    size_t at; // in the bytes: before this one
    wait_kind kind;
} stop;

// A case whose directives have been taken out of its bytes.
typedef struct script {
    rt_buf bytes;
    size_t case_bytes; // without the probe
    stop stops[STOPS];
    size_t stops_len;
    bool half;
} script;

typedef struct client {
    const raw_case *row;
    const script *script;
    size_t cut; // offset, NO_CUT or EACH_BYTE
    int fd;     // -1: not in use
    size_t sent;
    size_t limit; // up to here may be sent before anything else happens
    size_t stops; // passed
    size_t seen;  // answered when the last of them was passed
    wait_kind wait;
    int64_t wait_until_ms;
    bool half_closed;
    bool disturbed; // answered when it should have been quiet
    bool reset;
    int64_t deadline_ms;
    rt_buf received;
} client;

static rt_arena *memory(void)
{
    static rt_arena arena;
    static bool ready;
    if (!ready)
        rt_arena_init(&arena, 0);
    ready = true;
    return &arena;
}

// ---- scripts ----------------------------------------------------------------

static void add_stop(script *s, wait_kind kind)
{
    REQUIRE(s->stops_len < STOPS);
    s->stops[s->stops_len++] = (stop){s->bytes.len, kind};
}

static void repeat(script *s, rt_str directive)
{
    size_t star = rt_str_rfind_char(directive, '*');
    REQUIRE(star != RT_STR_NONE);
    rt_str text = rt_str_slice(directive, 0, star);
    int64_t times = 0;
    REQUIRE(
        rt_str_parse_int(rt_str_slice(directive, star + 1, SIZE_MAX), &times));
    for (int64_t i = 0; i < times; i++)
        rt_buf_put(&s->bytes, text);
}

static script *compile(const raw_case *row)
{
    script *s = rt_new(memory(), script, 1);
    rt_str rest = row->bytes;
    bool probe = true;
    rt_buf_init(&s->bytes, memory());
    for (;;) {
        size_t open = rt_str_find(rest, RT_STR("<<"));
        if (open == RT_STR_NONE)
            break;
        rt_buf_put(&s->bytes, rt_str_take(&rest, open));
        rt_str_take(&rest, 2);
        size_t close_at = rt_str_find(rest, RT_STR(">>"));
        REQUIRE(close_at != RT_STR_NONE);
        rt_str directive = rt_str_take(&rest, close_at);
        rt_str_take(&rest, 2);
        if (rt_str_eq(directive, RT_STR("pause"))) {
            add_stop(s, WAIT_PAUSE);
        } else if (rt_str_eq(directive, RT_STR("quiet"))) {
            add_stop(s, WAIT_QUIET);
        } else if (rt_str_eq(directive, RT_STR("answer"))) {
            add_stop(s, WAIT_ANSWER);
        } else if (rt_str_eq(directive, RT_STR("half"))) {
            s->half = true;
        } else if (rt_str_eq(directive, RT_STR("end"))) {
            probe = false;
        } else {
            repeat(s, directive);
        }
    }
    rt_buf_put(&s->bytes, rest);
    s->case_bytes = s->bytes.len;
    if (probe && !s->half)
        rt_buf_put(&s->bytes, PROBE);
    return s;
}

void raw_add(raw_batch *batch, const char *name, const char *before,
             rt_str middle, const char *after, const char *expect)
{
    rt_buf bytes;
    rt_buf_init(&bytes, memory());
    rt_buf_put_cstr(&bytes, before);
    rt_buf_put(&bytes, middle);
    rt_buf_put_cstr(&bytes, after);
    // As often as the length is a power of two, there is twice the room.
    if ((batch->len & (batch->len - 1)) == 0) {
        size_t room = batch->len ? 2 * batch->len : 1;
        raw_case *grown = rt_new(memory(), raw_case, room);
        if (batch->len)
            memcpy(grown, batch->cases, batch->len * sizeof *grown);
        batch->cases = grown;
    }
    batch->cases[batch->len++] =
        (raw_case){rt_str_cstr(memory(), rt_str_from(name)), rt_buf_str(&bytes),
                   expect};
}

// ---- reading responses --------------------------------------------------------

// What a response is made of, and what is wrong with it.
typedef struct response {
    int status;
    rt_str body;
    bool close; // announced
    bool until_close;
    const char *fault; // NULL: none
} response;

typedef struct fields {
    int lengths;
    int codings;
    int dates;
    int64_t length;
} fields;

static const char *note_line(fields *f, response *r, rt_str line)
{
    rt_str value = line;
    rt_str name = rt_str_cut(&value, ':');
    if (!value.data || !rt_is_token(name) ||
        !rt_is_field_value(rt_str_trim_ows(value)))
        return "a malformed line";
    value = rt_str_trim_ows(value);
    if (rt_str_eq_nocase(name, RT_STR("Content-Length"))) {
        f->lengths++;
        if (!rt_str_parse_int(value, &f->length) || f->length < 0)
            return "a malformed length";
    } else if (rt_str_eq_nocase(name, RT_STR("Transfer-Encoding"))) {
        f->codings++;
        if (!rt_str_eq(value, RT_STR("chunked")))
            return "an odd coding";
    } else if (rt_str_eq_nocase(name, RT_STR("Date"))) {
        f->dates++;
        if (value.len != 29 || !rt_str_ends_with(value, RT_STR(" GMT")))
            return "a malformed date";
    } else if (rt_str_eq_nocase(name, RT_STR("Connection"))) {
        r->close = rt_field_list_has(value, RT_STR("close"));
    }
    return NULL;
}

static const char *note_status_line(response *r, rt_str line)
{
    if (!rt_str_skip(&line, RT_STR("HTTP/1.1 ")) || line.len < 4 ||
        line.data[3] != ' ')
        return "a malformed status line";
    for (int i = 0; i < 3; i++) {
        if (!rt_is_digit(line.data[i]))
            return "a malformed status";
        r->status = r->status * 10 + (line.data[i] - '0');
    }
    return NULL;
}

// RFC 9112 6: which of the fields may stand together, and with which status.
static const char *contradiction(const fields *f, const response *r)
{
    if (f->lengths + f->codings > 1)
        return "more than one framing";
    if ((r->status < 200 || r->status == 204) && f->lengths + f->codings)
        return "a framing without a body";
    if (r->status >= 200 && f->dates != 1)
        return "not one Date";
    return NULL;
}

static const char *take_chunks(rt_str *rest, rt_str *body)
{
    rt_buf out;
    rt_buf_init(&out, memory());
    for (;;) {
        size_t size = 0, end = rt_str_find(*rest, RT_STR("\r\n"));
        if (end == RT_STR_NONE || end == 0)
            return "a chunk without size";
        for (size_t i = 0; i < end; i++) {
            if (rt_hex_value(rest->data[i]) < 0)
                return "a malformed size";
            size = size * 16 + (size_t)rt_hex_value(rest->data[i]);
        }
        rt_str_take(rest, end + 2);
        if (rest->len < size + 2)
            return "a cut chunk";
        rt_buf_put(&out, rt_str_take(rest, size));
        if (!rt_str_skip(rest, RT_STR("\r\n")))
            return "a chunk without end";
        if (size == 0)
            break;
    }
    *body = rt_buf_str(&out);
    return NULL;
}

static const char *take_body(rt_str *rest, const fields *f, response *r)
{
    if (f->codings)
        return take_chunks(rest, &r->body);
    if (!f->lengths) {
        r->until_close = true;
        r->body = rt_str_take(rest, rest->len);
        return NULL;
    }
    if (rest->len < (size_t)f->length)
        return "a cut body";
    r->body = rt_str_take(rest, (size_t)f->length);
    return NULL;
}

// Take the next response off the front of what was received.
static response take_response(rt_str *rest, bool bodiless)
{
    response r = {0};
    fields f = {0};
    size_t end = rt_str_find(*rest, RT_STR("\r\n\r\n"));
    if (end == RT_STR_NONE) {
        r.fault = "no head";
        return r;
    }
    rt_str head = rt_str_take(rest, end + 2);
    rt_str_take(rest, 2);
    for (bool first = true; head.len && !r.fault; first = false) {
        rt_str line = rt_str_take(&head, rt_str_find(head, RT_STR("\r\n")));
        rt_str_take(&head, 2);
        r.fault = first ? note_status_line(&r, line) : note_line(&f, &r, line);
    }
    if (!r.fault)
        r.fault = contradiction(&f, &r);
    if (!bodiless && r.status >= 200 && r.status != 204 && r.status != 304 &&
        !r.fault)
        r.fault = take_body(rest, &f, &r);
    return r;
}

// ---- the verdict --------------------------------------------------------------

static void put_body(rt_buf *out, rt_str body)
{
    for (size_t i = 0; i < body.len && i < 200; i++) {
        char c = body.data[i];
        rt_buf_put_char(out, c == ' ' ? '_' : c);
    }
}

// Describe a response in the words of the expectation.
static void put_response(rt_buf *out, const response *r, rt_str expected)
{
    if (out->len)
        rt_buf_put_char(out, ' ');
    rt_buf_put_int(out, r->status);
    if (rt_str_find_char(expected, '=') != RT_STR_NONE) {
        rt_buf_put_char(out, '=');
        put_body(out, r->body);
    } else if (rt_str_find_char(expected, '#') != RT_STR_NONE) {
        rt_buf_put_char(out, '#');
        rt_buf_put_uint(out, r->body.len);
    } else if (rt_str_ends_with(expected, RT_STR("-"))) {
        rt_buf_put_char(out, '-');
    }
    if (r->fault)
        rt_buf_printf(out, "(%s)", r->fault);
}

static rt_str how_it_ended(const client *c, const response *last)
{
    if (c->reset)
        return RT_STR(" reset");
    if (rt_str_eq(last->body, RT_STR("probe")))
        return RT_STR(" keep");
    if (c->script->half || last->close)
        return RT_STR(" close");
    return RT_STR(" cut");
}

// What was received, in the words of the expectation.
static rt_str describe(client *c)
{
    rt_str rest = rt_buf_str(&c->received);
    rt_str expected = rt_str_from(c->row->expect);
    rt_buf out;
    response last = {0};
    rt_buf_init(&out, memory());
    while (rest.len && !last.fault) {
        rt_str word = rt_str_cut(&expected, ' ');
        bool until_close = last.until_close || (last.close && last.status);
        last = take_response(&rest, rt_str_ends_with(word, RT_STR("-")));
        if (until_close && !last.fault)
            last.fault = "a response behind the last one";
        if (!rt_str_eq(last.body, RT_STR("probe")) || rest.len || last.fault)
            put_response(&out, &last, word);
    }
    if (c->disturbed)
        rt_buf_put(&out, RT_STR(" (answered too early)"));
    rt_buf_put(&out, how_it_ended(c, &last));
    rt_str text = rt_buf_str(&out);
    return rt_str_starts_with(text, RT_STR(" "))
               ? rt_str_slice(text, 1, SIZE_MAX)
               : text;
}

static void judge(client *c)
{
    size_t len = c->script->bytes.len;
    if (c->cut == NO_CUT) {
        rt_test_case("%s", c->row->name);
    } else if (c->cut == EACH_BYTE) {
        rt_test_case("%s, byte by byte", c->row->name);
    } else {
        rt_test_case("%s, cut at %zu of %zu", c->row->name, c->cut, len);
    }
    CHECK_EQ(describe(c), c->row->expect);
    close(c->fd);
    c->fd = -1;
}

// ---- playing --------------------------------------------------------------------

// How far may be sent before something is waited for.
static size_t next_limit(const client *c)
{
    const script *s = c->script;
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

static void begin(client *c, live *server, const raw_case *row, const script *s,
                  size_t cut)
{
    int on = 1;
    *c = (client){.row = row, .script = s, .cut = cut};
    c->fd = live_connect(server);
    if (c->fd < 0)
        printf("%.*s\n", RT_STR_ARG(live_log(server)));
    REQUIRE(c->fd >= 0);
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    c->deadline_ms = rt_time_monotonic_ms() + DEADLINE_MS;
    c->limit = next_limit(c);
    rt_buf_init(&c->received, memory());
}

static void wait_for(client *c, wait_kind kind, int64_t now)
{
    c->wait = kind;
    c->wait_until_ms = now + (kind == WAIT_CUT ? CUT_MS : PAUSE_MS);
}

// The bytes up to the limit are sent: do what the script says there.
static void pass_limit(client *c, int64_t now)
{
    const script *s = c->script;
    if (c->stops < s->stops_len && s->stops[c->stops].at == c->sent) {
        wait_for(c, s->stops[c->stops++].kind, now);
    } else if (c->sent < s->bytes.len) {
        wait_for(c, WAIT_CUT, now);
    } else if (s->half) {
        shutdown(c->fd, SHUT_WR);
        c->half_closed = true;
    }
}

// True when nothing more is waited for.
static bool wait_is_over(client *c, int64_t now)
{
    if (c->wait == WAIT_NOTHING)
        return true;
    if (c->wait == WAIT_ANSWER ? c->received.len <= c->seen
                               : now < c->wait_until_ms)
        return false;
    if (c->wait == WAIT_QUIET && c->received.len != c->seen)
        c->disturbed = true;
    if (c->wait != WAIT_CUT)
        c->seen = c->received.len;
    c->wait = WAIT_NOTHING;
    return true;
}

static bool has_said_all(const client *c)
{
    const script *s = c->script;
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
        c->reset = n < 0;
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
        if (ended || now > c->deadline_ms)
            judge(c);
    }
}

static client *find_free(client *clients)
{
    for (size_t i = 0; i < CLIENTS; i++)
        if (clients[i].fd < 0)
            return &clients[i];
    return NULL;
}

static void play(client *clients, live *server, const raw_case *row,
                 const script *s, size_t cut)
{
    client *c;
    while (!(c = find_free(clients)))
        turn(clients);
    begin(c, server, row, s, cut);
    send_some(c, rt_time_monotonic_ms());
}

static void play_cuts(client *clients, live *server, const raw_case *row,
                      const script *s, raw_cut cut)
{
    size_t len = s->case_bytes;
    play(clients, server, row, s, NO_CUT);
    if (cut == RAW_SOME) {
        size_t places[] = {len / 3, len * 2 / 3, len - 1, len};
        for (size_t i = 0; i < RT_COUNT(places); i++)
            if (places[i] && places[i] < s->bytes.len)
                play(clients, server, row, s, places[i]);
    } else if (cut == RAW_EVERY) {
        play(clients, server, row, s, EACH_BYTE);
        for (size_t at = 1; at < s->bytes.len && at <= len; at++)
            play(clients, server, row, s, at);
    }
}

void raw_play(live *server, const raw_case *cases, size_t n, raw_cut cut)
{
    client clients[CLIENTS];
    for (size_t i = 0; i < CLIENTS; i++)
        clients[i] = (client){.fd = -1};
    for (size_t i = 0; i < n; i++)
        play_cuts(clients, server, &cases[i], compile(&cases[i]), cut);
    for (bool busy = true; busy;) {
        busy = false;
        for (size_t i = 0; i < CLIENTS; i++)
            busy |= clients[i].fd >= 0;
        if (busy)
            turn(clients);
    }
}
