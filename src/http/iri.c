#include "retort/http/iri.h"

#include <utf8proc.h>

#include <retort/base/buf.h>
#include <retort/base/utf8.h>
#include <retort/http/host.h>
#include <retort/http/idna.h>
#include <retort/http/percent.h>

// A URL taken apart as Python's urlsplit does it.
typedef struct parts {
    rt_str scheme; // in lower case
    rt_str user;
    rt_str password;
    rt_str host; // in lower case, without brackets
    int port;    // 0: none
    rt_str path;
    rt_str query;
    rt_str fragment;
} parts;

// ---- taking apart ---------------------------------------------------------------

// Without control characters in front, and without line breaks and tabs.
static rt_str clean(rt_arena *arena, rt_str url)
{
    while (url.len > 0 && (unsigned char)url.data[0] <= ' ')
        rt_str_take(&url, 1);
    char *text = rt_arena_alloc(arena, url.len);
    size_t n = 0;
    for (size_t i = 0; i < url.len; i++) {
        char c = url.data[i];
        if (c != '\t' && c != '\r' && c != '\n')
            text[n++] = c;
    }
    return rt_str_of(text, n);
}

static void take_scheme(rt_arena *arena, rt_str *url, rt_str *scheme)
{
    size_t colon = rt_str_find_char(*url, ':');

    if (colon == RT_STR_NONE || colon == 0 || !rt_is_alpha(url->data[0]))
        return;
    for (size_t i = 0; i < colon; i++) {
        char c = url->data[i];
        if (!rt_is_alpha(c) && !rt_is_digit(c) && c != '+' && c != '-' &&
            c != '.')
            return;
    }
    *scheme = rt_str_lower(arena, rt_str_take(url, colon));
    rt_str_take(url, 1);
}

// Split at the first `c`, which goes to neither side; the second one is empty
// without it.
static rt_str cut_at(rt_str s, char c, rt_str *behind)
{
    *behind = s;
    rt_str before = rt_str_cut(behind, c);
    if (!behind->data)
        *behind = RT_STR("");
    return before;
}

// `v1.something`: RFC 3986 leaves room for addresses to come.
static bool is_future_address(rt_str s)
{
    rt_str behind;
    rt_str version = cut_at(s, '.', &behind);
    rt_str_take(&version, 1);
    for (size_t i = 0; i < version.len; i++) {
        if (rt_hex_value(version.data[i]) < 0)
            return false;
    }
    return version.len > 0 && behind.len > 0;
}

// What stands in brackets: an IPv6 address, with a zone perhaps.
static bool is_bracketed_host(rt_arena *arena, rt_str s)
{
    rt_host_port host;
    size_t percent = rt_str_find_char(s, '%');

    if (rt_str_starts_with(s, RT_STR("v")))
        return is_future_address(s);
    if (percent != RT_STR_NONE) {
        rt_str zone = rt_str_slice(s, percent + 1, SIZE_MAX);
        if (zone.len == 0 || rt_str_find_char(zone, '%') != RT_STR_NONE)
            return false;
        s.len = percent;
    }
    rt_str text =
        rt_str_concat(arena, RT_STR("["), rt_str_concat(arena, s, RT_STR("]")));
    return rt_host_parse(text, &host) == RT_OK && host.kind == RT_HOST_IPV6;
}

// True when a character in it is, in a plainer form, one that divides a URL.
static bool has_disguise(rt_str s)
{
    while (s.len > 0) {
        utf8proc_int32_t made_of[32];
        int boundclass = 0;
        uint32_t rune;
        if (rt_utf8_next(&s, &rune) || rune < 0x80)
            continue;
        utf8proc_ssize_t n =
            utf8proc_decompose_char((utf8proc_int32_t)rune, made_of, 32,
                                    UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT,
                                    &boundclass);
        for (utf8proc_ssize_t i = 0; i < n && i < 32; i++) {
            if (made_of[i] && made_of[i] < 0x80 && strchr("/?#@:", made_of[i]))
                return true;
        }
    }
    return false;
}

// As str.lower(): of a zone behind a percent sign nothing changes.
static rt_str lower_host(rt_arena *arena, rt_str host)
{
    rt_buf out;
    rt_buf_init(&out, arena);
    while (host.len > 0 && host.data[0] != '%') {
        uint32_t rune;
        (void)!rt_utf8_next(&host, &rune);
        if (rune == 0x130) { // the one letter that becomes two
            rt_buf_put_cstr(&out, "i\xcc\x87");
        } else {
            rt_buf_put_rune(&out,
                            (uint32_t)utf8proc_tolower((utf8proc_int32_t)rune));
        }
    }
    rt_buf_put(&out, host);
    return rt_buf_str(&out);
}

static rt_status parse_port(rt_str text, int *port)
{
    int64_t n = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (!rt_is_digit(text.data[i]))
            return RT_E_SYNTAX;
        n = n * 10 + (text.data[i] - '0');
        if (n > 65535)
            return RT_E_SYNTAX;
    }
    *port = (int)n;
    return RT_OK;
}

static bool brackets_fit(rt_arena *arena, rt_str netloc)
{
    bool open = rt_str_find_char(netloc, '[') != RT_STR_NONE;
    bool close = rt_str_find_char(netloc, ']') != RT_STR_NONE;
    rt_str inside, rest;

    if (!open || !close)
        return open == close;
    (void)cut_at(netloc, '[', &inside);
    inside = cut_at(inside, ']', &rest);
    return is_bracketed_host(arena, inside);
}

static rt_status parse_netloc(rt_arena *arena, rt_str netloc, parts *p)
{
    if (!brackets_fit(arena, netloc) || has_disguise(netloc))
        return RT_E_SYNTAX;

    size_t at = rt_str_rfind_char(netloc, '@');
    if (at != RT_STR_NONE) {
        p->user = cut_at(rt_str_take(&netloc, at), ':', &p->password);
        rt_str_take(&netloc, 1);
    }
    rt_str inside, port;
    rt_str host = cut_at(netloc, '[', &inside);
    if (host.len < netloc.len) {
        host = cut_at(inside, ']', &port);
        (void)cut_at(port, ':', &port);
    } else {
        host = cut_at(netloc, ':', &port);
    }
    p->host = lower_host(arena, host);
    return parse_port(port, &p->port);
}

static rt_status split(rt_arena *arena, rt_str url, parts *p)
{
    *p = (parts){0};
    rt_str rest = clean(arena, url);
    take_scheme(arena, &rest, &p->scheme);
    if (rt_str_skip(&rest, RT_STR("//"))) {
        size_t n = 0;
        while (n < rest.len && !strchr("/?#", rest.data[n]))
            n++;
        rt_status st = parse_netloc(arena, rt_str_take(&rest, n), p);
        if (st)
            return st;
    }
    rest = cut_at(rest, '#', &p->fragment);
    p->path = cut_at(rest, '?', &p->query);
    return RT_OK;
}

// ---- putting together -----------------------------------------------------------

// The schemes whose URLs have an authority, if an empty one.
static bool has_authority(rt_str scheme)
{
    static const char *const schemes[] = {
        "ftp",      "http",          "gopher", "nntp",    "telnet", "imap",
        "wais",     "file",          "mms",    "https",   "shttp",  "snews",
        "rtsp",     "rtsps",         "rtspu",  "rsync",   "svn",    "svn+ssh",
        "sftp",     "nfs",           "git",    "git+ssh", "ws",     "wss",
        "prospero", "itms-services",
    };

    for (size_t i = 0; i < RT_COUNT(schemes); i++) {
        if (rt_str_eq(scheme, rt_str_from(schemes[i])))
            return true;
    }
    return false;
}

static rt_str netloc_of(rt_arena *arena, const parts *p)
{
    rt_buf out;
    rt_buf_init(&out, arena);
    if (p->user.len > 0) {
        rt_buf_put(&out, p->user);
        if (p->password.len > 0) {
            rt_buf_put_char(&out, ':');
            rt_buf_put(&out, p->password);
        }
        rt_buf_put_char(&out, '@');
    }
    bool brackets = rt_str_find_char(p->host, ':') != RT_STR_NONE;
    if (brackets)
        rt_buf_put_char(&out, '[');
    rt_buf_put(&out, p->host);
    if (brackets)
        rt_buf_put_char(&out, ']');
    if (p->port > 0) {
        rt_buf_put_char(&out, ':');
        rt_buf_put_int(&out, p->port);
    }
    return rt_buf_str(&out);
}

static rt_str join(rt_arena *arena, const parts *p)
{
    rt_str netloc = netloc_of(arena, p);
    rt_buf out;

    rt_buf_init(&out, arena);
    if (p->scheme.len > 0) {
        rt_buf_put(&out, p->scheme);
        rt_buf_put_char(&out, ':');
    }
    if (netloc.len > 0 || (has_authority(p->scheme) &&
                           !rt_str_starts_with(p->path, RT_STR("//")))) {
        rt_buf_put_cstr(&out, "//");
        rt_buf_put(&out, netloc);
        if (p->path.len > 0 && p->path.data[0] != '/')
            rt_buf_put_char(&out, '/');
    }
    rt_buf_put(&out, p->path);
    if (p->query.len > 0) {
        rt_buf_put_char(&out, '?');
        rt_buf_put(&out, p->query);
    }
    if (p->fragment.len > 0) {
        rt_buf_put_char(&out, '#');
        rt_buf_put(&out, p->fragment);
    }
    return rt_buf_str(&out);
}

// ---- IRI to URI -----------------------------------------------------------------

// In user information a few marks more are encoded than in a path.
static rt_str encode_user(rt_arena *arena, rt_str s)
{
    rt_buf out;
    rt_buf_init(&out, arena);
    while (s.len > 0) {
        size_t n = 0;
        while (n < s.len && !strchr("/:@", s.data[n]))
            n++;
        rt_percent_put(&out, rt_str_take(&s, n), RT_PERCENT_PATH_QUOTED);
        if (s.len > 0)
            rt_percent_put(&out, rt_str_take(&s, 1), RT_PERCENT_COMPONENT);
    }
    return rt_buf_str(&out);
}

rt_status rt_iri_to_uri(rt_arena *arena, rt_str iri, rt_str *out)
{
    parts p;
    rt_status st = split(arena, iri, &p);
    if (!st)
        st = rt_idna_encode(arena, p.host, &p.host);
    if (st)
        return st;
    p.user = encode_user(arena, p.user);
    p.password = encode_user(arena, p.password);
    p.path = rt_percent_encode(arena, p.path, RT_PERCENT_PATH_QUOTED);
    p.query = rt_percent_encode(arena, p.query, RT_PERCENT_QUERY);
    p.fragment = rt_percent_encode(arena, p.fragment, RT_PERCENT_FRAGMENT);
    *out = join(arena, &p);
    return RT_OK;
}

// ---- URI to IRI -----------------------------------------------------------------

// Append bytes as text; what is none is encoded again. Empties the buffer.
static void flush(rt_buf *out, rt_buf *bytes)
{
    rt_str rest = rt_buf_str(bytes);

    while (rest.len > 0) {
        size_t valid = rt_utf8_valid_prefix(rest);
        rt_buf_put(out, rt_str_take(&rest, valid));
        if (rest.len > 0)
            rt_percent_put(out, rt_str_take(&rest, 1), RT_PERCENT_COMPONENT);
    }
    bytes->len = 0;
}

// True for what stays encoded everywhere, or in this part.
static bool stays_encoded(int byte, const char *reserved)
{
    return byte <= ' ' || byte == '%' || byte == 0x7f ||
           (byte < 0x80 && strchr(reserved, byte));
}

static rt_str decode_part(rt_arena *arena, rt_str s, const char *reserved)
{
    rt_buf out, bytes;

    if (rt_str_find_char(s, '%') == RT_STR_NONE)
        return s;
    rt_buf_init(&out, arena);
    rt_buf_init(&bytes, arena);
    while (s.len > 0) {
        int byte = -1;
        if (s.data[0] == '%' && s.len > 2 && rt_hex_value(s.data[1]) >= 0 &&
            rt_hex_value(s.data[2]) >= 0)
            byte = rt_hex_value(s.data[1]) << 4 | rt_hex_value(s.data[2]);
        if (byte >= 0 && !stays_encoded(byte, reserved)) {
            rt_buf_put_char(&bytes, (char)byte);
            rt_str_take(&s, 3);
            continue;
        }
        flush(&out, &bytes);
        rt_buf_put(&out, rt_str_take(&s, byte >= 0 ? 3 : 1));
    }
    flush(&out, &bytes);
    return rt_buf_str(&out);
}

rt_status rt_uri_to_iri(rt_arena *arena, rt_str uri, rt_str *out)
{
    parts p;
    rt_status st = split(arena, uri, &p);
    if (st)
        return st;
    p.host = rt_idna_decode(arena, p.host);
    p.user = decode_part(arena, p.user, ":@/?#");
    p.password = decode_part(arena, p.password, ":@/?#");
    p.path = decode_part(arena, p.path, "/?#");
    p.query = decode_part(arena, p.query, "&=+#");
    p.fragment = decode_part(arena, p.fragment, "");
    *out = join(arena, &p);
    return RT_OK;
}
