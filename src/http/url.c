#include "retort/http/url.h"

static bool is_scheme(rt_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.data[i];
        bool later = rt_is_digit(c) || c == '+' || c == '-' || c == '.';
        if (!rt_is_alpha(c) && !(i > 0 && later))
            return false;
    }
    return s.len > 0;
}

// How many bytes stand before the first of `stops`.
static size_t span_until(rt_str s, const char *stops)
{
    size_t n = 0;

    while (n < s.len && !strchr(stops, s.data[n]))
        n++;
    return n;
}

static rt_status parse_authority(rt_str text, rt_url_parts *url)
{
    url->authority = text;
    size_t at = rt_str_find_char(text, '@');
    if (at != RT_STR_NONE) {
        url->userinfo = rt_str_take(&text, at);
        rt_str_take(&text, 1);
    }
    // `file:///etc` names no host, which is not a malformed one.
    if (url->authority.len == 0)
        return RT_OK;
    return rt_host_parse(text, &url->host);
}

rt_status rt_url_parse(rt_str text, rt_url_parts *out)
{
    rt_url_parts url = {.host = {.port = -1}};
    rt_str rest = text;

    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.data[i] <= ' ' || text.data[i] == 0x7f)
            return RT_E_SYNTAX;
    }

    // RFC 3986 appendix B, from left to right.
    size_t end = span_until(rest, ":/?#");
    if (end < rest.len && rest.data[end] == ':' &&
        is_scheme(rt_str_slice(rest, 0, end))) {
        url.scheme = rt_str_take(&rest, end);
        rt_str_take(&rest, 1);
    }
    if (rt_str_skip(&rest, RT_STR("//"))) {
        rt_str authority = rt_str_take(&rest, span_until(rest, "/?#"));
        rt_status st = parse_authority(authority, &url);
        if (st)
            return st;
    }
    url.path = rt_str_take(&rest, span_until(rest, "?#"));
    if (rt_str_skip(&rest, RT_STR("?")))
        url.query = rt_str_take(&rest, span_until(rest, "#"));
    if (rt_str_skip(&rest, RT_STR("#")))
        url.fragment = rest;

    *out = url;
    return RT_OK;
}

void rt_url_put(rt_buf *buf, const rt_url_parts *url)
{
    if (url->scheme.data) {
        rt_buf_put(buf, url->scheme);
        rt_buf_put_char(buf, ':');
    }
    if (url->authority.data) {
        rt_buf_put_cstr(buf, "//");
        rt_buf_put(buf, url->authority);
    } else if (rt_str_starts_with(url->path, RT_STR("//"))) {
        // Without this the path would be read as an authority.
        rt_buf_put_cstr(buf, "/.");
    }
    rt_buf_put(buf, url->path);
    if (url->query.data) {
        rt_buf_put_char(buf, '?');
        rt_buf_put(buf, url->query);
    }
    if (url->fragment.data) {
        rt_buf_put_char(buf, '#');
        rt_buf_put(buf, url->fragment);
    }
}

// Take back the last segment and its slash, but nothing before `start`.
static void drop_segment(rt_buf *buf, size_t start)
{
    while (buf->len > start) {
        buf->len--;
        if (buf->data[buf->len] == '/')
            return;
    }
}

void rt_url_put_path_resolved(rt_buf *buf, rt_str path)
{
    size_t start = buf->len;

    // Dots before the first slash belong to a path that is not absolute.
    while (rt_str_skip(&path, RT_STR("../")) ||
           rt_str_skip(&path, RT_STR("./"))) {
    }
    if (rt_str_eq(path, RT_STR(".")) || rt_str_eq(path, RT_STR("..")))
        return;

    while (path.len > 0) {
        size_t slash = path.data[0] == '/';
        size_t len = slash;
        while (len < path.len && path.data[len] != '/')
            len++;
        rt_str segment = rt_str_take(&path, len);
        rt_str name = rt_str_slice(segment, slash, len);

        bool up = slash && rt_str_eq(name, RT_STR(".."));
        if (!up && !(slash && rt_str_eq(name, RT_STR(".")))) {
            rt_buf_put(buf, segment);
            continue;
        }
        if (up)
            drop_segment(buf, start);
        if (path.len == 0)
            rt_buf_put_char(buf, '/'); // `a/..` names the folder, `a/../` too
    }
}

// RFC 3986 5.2.3: the reference takes the place of the last segment.
static rt_str merge_paths(rt_arena *arena, const rt_url_parts *base,
                          rt_str path)
{
    size_t slash = rt_str_rfind_char(base->path, '/');

    if (base->authority.data && base->path.len == 0)
        return rt_str_concat(arena, RT_STR("/"), path);
    if (slash == RT_STR_NONE)
        return path;
    return rt_str_concat(arena, rt_str_slice(base->path, 0, slash + 1), path);
}

// RFC 3986 5.2.2. `out->path` may still contain dots.
static rt_url_parts resolve(rt_arena *arena, const rt_url_parts *base,
                            const rt_url_parts *ref)
{
    rt_url_parts url = *ref;

    if (ref->scheme.data)
        return url;
    url.scheme = base->scheme;
    if (ref->authority.data)
        return url;
    url.authority = base->authority;
    if (ref->path.len == 0) {
        url.path = base->path;
        if (!ref->query.data)
            url.query = base->query;
    } else if (ref->path.data[0] != '/') {
        url.path = merge_paths(arena, base, ref->path);
    }
    return url;
}

rt_status rt_url_join(rt_arena *arena, rt_str base, rt_str reference,
                      rt_str *out)
{
    rt_url_parts from;
    rt_url_parts ref;

    if (rt_url_parse(base, &from) != RT_OK || !from.scheme.data ||
        rt_url_parse(reference, &ref) != RT_OK)
        return RT_E_SYNTAX;

    rt_url_parts url = resolve(arena, &from, &ref);
    rt_buf path;
    rt_buf_init(&path, arena);
    rt_url_put_path_resolved(&path, url.path);
    url.path = rt_buf_str(&path);

    rt_buf buf;
    rt_buf_init(&buf, arena);
    rt_url_put(&buf, &url);
    *out = rt_buf_str(&buf);
    return RT_OK;
}
