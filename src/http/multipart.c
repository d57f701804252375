// A body is a text in which delimiters are looked for: a line break, two
// hyphens, the boundary, and then two hyphens or white space up to the end of
// the line. The search is memmem's, over the bytes as they were pushed.
//
// A delimiter may be cut by the end of what was pushed. Such a beginning is
// copied to `held`. The next bytes are then looked at twice: as many of them as
// a delimiter can be long are put behind the held ones, which decides what those
// are, and the search goes on in the pushed bytes themselves.
//
// The line break in front of a delimiter belongs to it, and the one that ends a
// head may be that one. So data begin with the break in front of them, which is
// skipped (`skip`) when it turns out not to be a delimiter's.
#include "retort/http/multipart.h"

#include <assert.h>

#include <retort/base/utf8.h>
#include <retort/http/header_value.h>

#include "http/charset.h"
#include "http/text.h"

enum {
    PREAMBLE,
    HEAD,
    DATA_START, // behind a CR that may be half of a line break
    DATA,
    AFTER_DATA, // PART_END is due
    EPILOGUE,
};

// How heads are collected.
#define HEAD_STEP 256u

// The line breaks around a delimiter, and two hyphens.
#define BREAKS 6u

// How long a delimiter can be.
static size_t delimiter_max(const rt_multipart *m)
{
    return m->needle.len + RT_MULTIPART_PADDING_BYTES + BREAKS;
}

rt_status rt_multipart_init(rt_multipart *m, rt_arena *arena, rt_str boundary,
                            const rt_multipart_limits *limits)
{
    *m = (rt_multipart){.limits = limits ? *limits : (rt_multipart_limits){0},
                        .status = RT_E_SYNTAX};
    if (!m->limits.parts)
        m->limits.parts = RT_MULTIPART_PARTS;
    if (!m->limits.head_bytes)
        m->limits.head_bytes = RT_MULTIPART_HEAD_BYTES;
    if (boundary.len == 0 || boundary.len > RT_MULTIPART_BOUNDARY_BYTES)
        return m->status;
    for (size_t i = 0; i < boundary.len; i++) {
        if (boundary.data[i] & 0x80)
            return m->status;
    }

    m->needle = rt_str_concat(arena, RT_STR("--"), boundary);
    m->held = rt_arena_alloc(arena, 2 * delimiter_max(m));
    rt_buf_init(&m->head, arena);
    m->status = RT_OK;
    return RT_OK;
}

void rt_multipart_push(rt_multipart *m, rt_str bytes)
{
    assert(m->input.len == 0);
    assert(!m->finished);
    m->input = bytes;
}

void rt_multipart_finish(rt_multipart *m)
{
    m->finished = true;
}

// ---- delimiters -------------------------------------------------------------

typedef enum verdict {
    NO_DELIMITER,
    CUT_DELIMITER, // it may be one: more bytes will tell
    PART_DELIMITER,
    LAST_DELIMITER,
} verdict;

typedef struct delimiter {
    verdict verdict;
    size_t start; // where it, or what may become one, begins; else the end
    size_t end;
} delimiter;

static bool is_padding(char c)
{
    return c == ' ' || c == '\t' || c == '\v' || c == '\f';
}

static bool is_break(char c)
{
    return c == '\r' || c == '\n';
}

// What stands behind a needle, at `at`. Sets d->verdict and d->end.
static void read_suffix(rt_str s, size_t at, delimiter *d)
{
    size_t end = at;

    d->verdict = NO_DELIMITER;
    if (at < s.len && s.data[at] == '-') {
        if (at + 1 == s.len) {
            d->verdict = CUT_DELIMITER;
        } else if (s.data[at + 1] == '-') {
            d->verdict = LAST_DELIMITER;
            d->end = at + 2;
        }
        return;
    }
    while (end < s.len && is_padding(s.data[end]))
        end++;
    if (end - at > RT_MULTIPART_PADDING_BYTES)
        return;
    // A CR at the very end may be followed by its LF.
    if (end == s.len || (s.data[end] == '\r' && end + 1 == s.len)) {
        d->verdict = CUT_DELIMITER;
    } else if (is_break(s.data[end])) {
        bool crlf = s.data[end] == '\r' && s.data[end + 1] == '\n';
        d->verdict = PART_DELIMITER;
        d->end = end + (crlf ? 2 : 1);
    }
}

// The length of the line break that ends before `at`.
static size_t break_before(rt_str s, size_t at)
{
    if (at == 0 || !is_break(s.data[at - 1]))
        return 0;
    return at > 1 && s.data[at - 1] == '\n' && s.data[at - 2] == '\r' ? 2 : 1;
}

static bool is_needle_prefix(const rt_multipart *m, rt_str s)
{
    return s.len < m->needle.len && rt_str_starts_with(m->needle, s);
}

// Where a delimiter may begin that the end of `s` cuts within its needle.
static size_t cut_needle(const rt_multipart *m, rt_str s, bool preamble)
{
    size_t reach = m->needle.len + 1; // with a line break of two bytes
    size_t at = s.len > reach ? s.len - reach : 0;

    for (; at < s.len; at++) {
        rt_str rest = rt_str_slice(s, at, SIZE_MAX);
        if (preamble && is_needle_prefix(m, rest))
            break;
        if (!is_break(rest.data[0]))
            continue;
        rt_str_take(&rest, 1);
        if (is_needle_prefix(m, rest) ||
            (s.data[at] == '\r' && rt_str_skip(&rest, RT_STR("\n")) &&
             is_needle_prefix(m, rest)))
            break;
    }
    return at;
}

// Look for the first delimiter in `s`. Before the first part it needs no line
// break in front.
static delimiter find_delimiter(const rt_multipart *m, rt_str s, bool preamble)
{
    size_t from = 0;

    for (;;) {
        const char *hit = NULL;
        if (s.len - from >= m->needle.len)
            hit = memmem(s.data + from, s.len - from, m->needle.data,
                         m->needle.len);
        if (!hit)
            break;
        size_t at = (size_t)(hit - s.data);
        size_t before = break_before(s, at);
        delimiter d = {.start = at - before};
        if (before > 0 || preamble) {
            read_suffix(s, at + m->needle.len, &d);
            if (d.verdict != NO_DELIMITER)
                return d;
        }
        from = at + 1;
    }

    size_t start = cut_needle(m, s, preamble);
    return (delimiter){.verdict = start < s.len ? CUT_DELIMITER : NO_DELIMITER,
                       .start = start};
}

// ---- data ---------------------------------------------------------------------

static rt_str skip_break(rt_multipart *m, rt_str data)
{
    size_t n = data.len < m->skip ? data.len : m->skip;
    m->skip -= n;
    return rt_str_slice(data, n, SIZE_MAX);
}

// What pushed bytes give while none are held.
static rt_str search_input(rt_multipart *m, bool preamble, verdict *found)
{
    delimiter d = find_delimiter(m, m->input, preamble);
    rt_str data = rt_str_take(&m->input, d.start);

    *found = d.verdict;
    if (d.verdict == CUT_DELIMITER) {
        // Padding is limited, so what may become a delimiter is too.
        assert(m->input.len <= delimiter_max(m));
        m->held_len = m->input.len;
        memcpy(m->held, m->input.data, m->held_len);
        m->input = (rt_str){0};
    } else if (d.verdict != NO_DELIMITER) {
        rt_str_take(&m->input, d.end - d.start);
    }
    return data;
}

// What the held bytes turn out to be when others follow.
static rt_str search_held(rt_multipart *m, bool preamble, verdict *found)
{
    size_t old = m->held_len;
    size_t more =
        m->input.len < delimiter_max(m) ? m->input.len : delimiter_max(m);
    if (more > 0)
        memcpy(m->held + old, m->input.data, more);
    rt_str window = rt_str_of(m->held, old + more);
    delimiter d = find_delimiter(m, window, preamble);

    if (d.start >= old) { // all of them are data; go on with the others
        m->held_len = 0;
        *found = NO_DELIMITER;
        return rt_str_slice(window, 0, old);
    }
    *found = d.verdict;
    if (d.verdict == CUT_DELIMITER) {
        assert(more == m->input.len);
        m->held_len = old + more;
        m->held_used = d.start;
        m->input = (rt_str){0};
    } else {
        assert(d.end >= old); // or it had been found before
        m->held_len = 0;
        rt_str_take(&m->input, d.end - old);
    }
    return rt_str_slice(window, 0, d.start);
}

// Find the next data, which may be empty, and what ends them.
static rt_str next_data(rt_multipart *m, bool preamble, verdict *found)
{
    if (m->held_used > 0) {
        m->held_len -= m->held_used;
        memmove(m->held, m->held + m->held_used, m->held_len);
        m->held_used = 0;
    }
    return m->held_len ? search_held(m, preamble, found)
                       : search_input(m, preamble, found);
}

// ---- heads ----------------------------------------------------------------------

// Where an empty line begins at or behind `from`, and how long the two line
// breaks are that make it; RT_STR_NONE when there is none.
static size_t find_empty_line(rt_str s, size_t from, size_t *len)
{
    static const rt_str breaks[] = {{"\r\n\r\n", 4}, {"\r\r", 2}, {"\n\n", 2}};

    for (size_t at = from; at < s.len; at++) {
        if (!is_break(s.data[at]))
            continue;
        rt_str rest = rt_str_slice(s, at, SIZE_MAX);
        for (size_t i = 0; i < RT_COUNT(breaks); i++) {
            if (rt_str_starts_with(rest, breaks[i])) {
                *len = breaks[i].len;
                return at;
            }
        }
    }
    return RT_STR_NONE;
}

// Copy a head with every line break a LF, and folded lines put together.
static rt_str unfold(rt_arena *arena, rt_str head)
{
    char *text = rt_arena_alloc(arena, head.len);
    size_t n = 0;

    for (size_t i = 0; i < head.len; i++) {
        char c = head.data[i];
        if (is_break(c)) {
            size_t next = i + 1;
            if (c == '\r' && next < head.len && head.data[next] == '\n')
                next++;
            bool folded = next < head.len &&
                          (head.data[next] == ' ' || head.data[next] == '\t');
            i = folded ? next : next - 1;
            c = folded ? ' ' : '\n';
        }
        text[n++] = c;
    }
    return rt_str_of(text, n);
}

static rt_status parse_headers(rt_arena *arena, rt_str head,
                               rt_headers *headers)
{
    rt_str text = unfold(arena, head);

    while (text.len > 0) {
        rt_str value = rt_str_trim(rt_str_cut(&text, '\n'));
        if (value.len == 0)
            continue;
        if (!rt_utf8_valid(value))
            return RT_E_SYNTAX;
        if (headers->len == RT_MULTIPART_HEADERS)
            return RT_E_LIMIT;
        rt_str name = rt__text_trim(rt_str_cut(&value, ':'));
        value = value.data ? rt__text_trim(value) : RT_STR("");
        rt_headers_push(headers, arena, name, value);
    }
    return RT_OK;
}

static rt_status parse_part(rt_arena *arena, rt_str head,
                            rt_multipart_part *part)
{
    *part = (rt_multipart_part){0};
    rt_status st = parse_headers(arena, head, &part->headers);
    if (st)
        return st;
    rt_str text = rt_headers_get(&part->headers, RT_STR("Content-Disposition"));
    if (!text.data)
        return RT_E_SYNTAX;
    rt_header_options disposition = rt_header_options_parse(arena, text);
    part->name = rt_header_option(&disposition, RT_STR("name"));
    part->filename = rt_header_option(&disposition, RT_STR("filename"));

    text = rt_headers_get(&part->headers, RT_STR("Content-Type"));
    part->content_type = text;
    rt_header_options type = rt_header_options_parse(arena, text);
    part->charset =
        (int)rt__charset_find(rt_header_option(&type, RT_STR("charset")));
    return RT_OK;
}

// Collect a head. False when it is not complete; then more is needed, or
// m->status says why not.
static bool read_head(rt_multipart *m, rt_str *head)
{
    size_t max = m->limits.head_bytes;

    for (;;) {
        size_t old = m->head.len;
        size_t step = m->input.len < HEAD_STEP ? m->input.len : HEAD_STEP;
        rt_buf_put(&m->head, rt_str_slice(m->input, 0, step));
        rt_str all = rt_buf_str(&m->head);
        size_t len;
        size_t at = find_empty_line(all, old > 3 ? old - 3 : 0, &len);

        if (at == RT_STR_NONE)
            rt_str_take(&m->input, step);
        // Three bytes more may be the beginning of the empty line.
        if (at == RT_STR_NONE ? all.len > max && all.len - max > 3 : at > max)
            m->status = RT_E_LIMIT;
        if (m->status)
            return false;
        if (at != RT_STR_NONE) {
            rt_str_take(&m->input, at + len - old);
            *head = rt_str_slice(all, 0, at);
            // The second break may belong to a delimiter.
            m->skip = len / 2;
            m->held_len = len / 2;
            memcpy(m->held, all.data + at + len / 2, len / 2);
            m->head.len = 0;
            return true;
        }
        if (m->input.len == 0)
            return false;
    }
}

// ---- events -----------------------------------------------------------------------

// Decide whether the CR that ended a head has its LF. False when more is needed.
static bool start_data(rt_multipart *m)
{
    if (m->skip == 1 && m->held[0] == '\r') {
        if (m->input.len == 0)
            return false;
        m->skip = m->input.data[0] == '\n' ? 2 : 1;
    }
    m->state = DATA;
    return true;
}

static bool pass_preamble(rt_multipart *m)
{
    verdict found;

    do {
        (void)next_data(m, true, &found);
    } while (found == NO_DELIMITER && m->input.len > 0);
    if (found == PART_DELIMITER)
        m->state = HEAD;
    if (found == LAST_DELIMITER)
        m->state = EPILOGUE;
    return m->state != PREAMBLE;
}

static bool read_data(rt_multipart *m, rt_multipart_event *event)
{
    verdict found;

    do {
        event->data = skip_break(m, next_data(m, false, &found));
        if (found == PART_DELIMITER || found == LAST_DELIMITER) {
            m->state = AFTER_DATA;
            m->last = found == LAST_DELIMITER;
            m->skip = 0;
        }
    } while (event->data.len == 0 && m->state == DATA && m->input.len > 0);
    if (event->data.len > 0)
        event->kind = RT_MULTIPART_DATA;
    return event->data.len > 0;
}

// Take one step; true when it gave an event or may be followed by another.
static bool step(rt_multipart *m, rt_arena *arena, rt_multipart_event *event)
{
    rt_str head;

    switch (m->state) {
    case PREAMBLE: return pass_preamble(m);
    case HEAD:
        if (!read_head(m, &head))
            return false;
        m->status = parse_part(arena, head, &event->part);
        if (!m->status && m->parts++ == m->limits.parts)
            m->status = RT_E_LIMIT;
        event->kind = RT_MULTIPART_PART;
        m->state = DATA_START;
        return m->status == RT_OK;
    case DATA_START: return start_data(m);
    case DATA: return read_data(m, event) || m->state != DATA;
    case AFTER_DATA:
        event->kind = RT_MULTIPART_PART_END;
        m->state = m->last ? EPILOGUE : HEAD;
        return true;
    default:
        m->input = (rt_str){0};
        if (m->finished)
            event->kind = RT_MULTIPART_END;
        return false;
    }
}

rt_status rt_multipart_next(rt_multipart *m, rt_arena *arena,
                            rt_multipart_event *event)
{
    *event = (rt_multipart_event){.kind = RT_MULTIPART_NEED_MORE};
    if (m->status)
        return m->status;
    while (event->kind == RT_MULTIPART_NEED_MORE && step(m, arena, event)) {
    }
    // What ends before its last boundary is damaged.
    if (!m->status && m->finished && event->kind == RT_MULTIPART_NEED_MORE)
        m->status = RT_E_SYNTAX;
    return m->status;
}

rt_str rt_multipart_text(rt_arena *arena, const rt_multipart_part *part,
                         rt_str data)
{
    return rt__charset_decode(arena, (rt_charset)part->charset, data);
}
