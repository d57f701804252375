#include "app/cookie_jar.h"

#include <retort/base/buf.h>
#include <retort/base/time.h>
#include <retort/base/vec.h>
#include <retort/http/date.h>

// The directory of a path: the default of a cookie without Path.
static rt_str default_path(rt_str path)
{
    size_t slash = rt_str_rfind_char(path, '/');
    if (slash == RT_STR_NONE || slash == 0)
        return RT_STR("/");
    return rt_str_slice(path, 0, slash);
}

// Apply one attribute; true when it says that the cookie is over.
static bool apply_attribute(rt__stored_cookie *cookie, rt_str attribute)
{
    rt_str rest = attribute;
    rt_str name = rt_str_trim_ows(rt_str_cut(&rest, '='));
    rt_str value = rt_str_trim_ows(rest);
    int64_t n;

    if (rt_str_eq_nocase(name, RT_STR("Max-Age")))
        return rt_str_parse_int(value, &n) && n <= 0;
    if (rt_str_eq_nocase(name, RT_STR("Expires")))
        return rt_http_date_parse(value, rt_time_now(), &n) == RT_OK &&
               n <= rt_time_now();
    if (rt_str_eq_nocase(name, RT_STR("Secure")))
        cookie->secure = true;
    if (rt_str_eq_nocase(name, RT_STR("Path")) && value.len &&
        value.data[0] == '/')
        cookie->path = value;
    if (rt_str_eq_nocase(name, RT_STR("Domain")) && value.len) {
        rt_str_skip(&value, RT_STR("."));
        cookie->domain = value;
        cookie->host_only = false;
    }
    return false;
}

static bool domain_matches(const rt__stored_cookie *cookie, rt_str host)
{
    if (rt_str_eq_nocase(cookie->domain, host))
        return true;
    if (cookie->host_only || host.len <= cookie->domain.len)
        return false;
    size_t at = host.len - cookie->domain.len;
    return host.data[at - 1] == '.' &&
           rt_str_eq_nocase(rt_str_slice(host, at, SIZE_MAX), cookie->domain);
}

static bool path_matches(rt_str cookie, rt_str path)
{
    if (!rt_str_starts_with(path, cookie))
        return false;
    return path.len == cookie.len || cookie.data[cookie.len - 1] == '/' ||
           path.data[cookie.len] == '/';
}

// Remove the cookie that this one replaces.
static void remove_same(rt__cookie_jar *jar, const rt__stored_cookie *cookie)
{
    size_t kept = 0;
    for (size_t i = 0; i < jar->len; i++) {
        const rt__stored_cookie *c = &jar->items[i];
        if (!rt_str_eq(c->name, cookie->name) ||
            !rt_str_eq(c->path, cookie->path) ||
            !rt_str_eq_nocase(c->domain, cookie->domain))
            jar->items[kept++] = *c;
    }
    jar->len = kept;
}

static void store(rt__cookie_jar *jar, const rt__stored_cookie *cookie)
{
    *rt_vec_push(jar->arena, jar) =
        (rt__stored_cookie){.name = rt_str_copy(jar->arena, cookie->name),
                            .value = rt_str_copy(jar->arena, cookie->value),
                            .domain = rt_str_copy(jar->arena, cookie->domain),
                            .path = rt_str_copy(jar->arena, cookie->path),
                            .host_only = cookie->host_only,
                            .secure = cookie->secure};
}

static void take_cookie(rt__cookie_jar *jar, const rt_url_parts *url,
                        rt_str line)
{
    rt__stored_cookie cookie = {.domain = url->host.name,
                                .path = default_path(url->path),
                                .host_only = true};
    rt_str rest = line;
    rt_str pair = rt_str_cut(&rest, ';');
    cookie.name = rt_str_trim_ows(rt_str_cut(&pair, '='));
    cookie.value = rt_str_trim_ows(pair);
    bool over = false;
    while (rest.data)
        over |= apply_attribute(&cookie, rt_str_cut(&rest, ';'));
    if (!cookie.name.len || !domain_matches(&cookie, url->host.name))
        return;
    remove_same(jar, &cookie);
    if (!over)
        store(jar, &cookie);
}

void rt__cookie_jar_update(rt__cookie_jar *jar, const rt_url_parts *url,
                           const rt_headers *headers)
{
    size_t at = 0;
    rt_header *h;
    while ((h = rt_headers_next(headers, RT_STR("Set-Cookie"), &at)))
        take_cookie(jar, url, h->value);
}

rt_str rt__cookie_jar_header(const rt__cookie_jar *jar, rt_arena *arena,
                             const rt_url_parts *url)
{
    bool https = rt_str_eq_nocase(url->scheme, RT_STR("https"));
    rt_str path = url->path.len ? url->path : RT_STR("/");
    rt_buf header;
    rt_buf_init(&header, arena);
    for (size_t i = 0; i < jar->len; i++) {
        const rt__stored_cookie *c = &jar->items[i];
        if ((c->secure && !https) || !domain_matches(c, url->host.name) ||
            !path_matches(c->path, path))
            continue;
        if (header.len)
            rt_buf_put_cstr(&header, "; ");
        rt_buf_put(&header, c->name);
        rt_buf_put_char(&header, '=');
        rt_buf_put(&header, c->value);
    }
    return rt_buf_str(&header);
}

const char *rt__cookie_jar_get(const rt__cookie_jar *jar, rt_str name)
{
    for (size_t i = 0; i < jar->len; i++)
        if (rt_str_eq(jar->items[i].name, name))
            return jar->items[i].value.data;
    return NULL;
}

void rt__cookie_jar_set(rt__cookie_jar *jar, rt_str name, rt_str value)
{
    rt__stored_cookie cookie = {.name = name,
                                .value = value,
                                .domain = RT_STR("localhost"),
                                .path = RT_STR("/"),
                                .host_only = true};
    remove_same(jar, &cookie);
    store(jar, &cookie);
}
