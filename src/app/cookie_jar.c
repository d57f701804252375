#include "app/cookie_jar.h"

#include <retort/base/buf.h>
#include <retort/base/time.h>
#include <retort/base/vec.h>
#include <retort/http/cookie.h>
#include <retort/http/date.h>

// The directory of a path: the default of a cookie without Path.
static rt_str default_path(rt_str path)
{
    size_t slash = rt_str_rfind_char(path, '/');
    if (slash == RT_STR_NONE || slash == 0)
        return RT_STR("/");
    return rt_str_slice(path, 0, slash);
}

// What the attributes say of a cookie's end. Of the two, Max-Age counts.
typedef struct lifetime {
    bool has_max_age;
    bool over_by_age;
    bool over_by_date;
} lifetime;

static void apply_attribute(rt__stored_cookie *cookie, lifetime *life,
                            rt_str attribute)
{
    rt_str rest = attribute;
    rt_str name = rt_str_trim_ows(rt_str_cut(&rest, '='));
    rt_str value = rt_str_trim_ows(rest);
    int64_t n;

    if (rt_str_eq_nocase(name, RT_STR("Max-Age")) &&
        rt_str_parse_int(value, &n)) {
        life->has_max_age = true;
        life->over_by_age = n <= 0;
    }
    if (rt_str_eq_nocase(name, RT_STR("Expires")) &&
        rt_http_date_parse(value, rt_time_now(), &n) == RT_OK)
        life->over_by_date = n <= rt_time_now();
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

// The value without its quotes and escapes.
static rt_str decode(rt_arena *arena, const rt__stored_cookie *cookie)
{
    rt_params params = {0};
    rt_str pair[] = {cookie->name, cookie->value};
    rt_str header = rt_str_join(arena, RT_STR("="), pair, 2);
    if (rt_cookie_parse(&params, arena, header) || !params.len)
        return cookie->value;
    return params.items[0].value;
}

// Put it behind those whose path is as long or longer.
static void store(rt__cookie_jar *jar, const rt__stored_cookie *cookie)
{
    rt__stored_cookie kept = {.name = rt_str_copy(jar->arena, cookie->name),
                              .value = rt_str_copy(jar->arena, cookie->value),
                              .text = decode(jar->arena, cookie),
                              .domain = rt_str_copy(jar->arena, cookie->domain),
                              .path = rt_str_copy(jar->arena, cookie->path),
                              .host_only = cookie->host_only,
                              .secure = cookie->secure};
    rt_vec_push(jar->arena, jar);
    size_t at = jar->len - 1;
    for (; at > 0 && jar->items[at - 1].path.len < kept.path.len; at--)
        jar->items[at] = jar->items[at - 1];
    jar->items[at] = kept;
}

static void take_cookie(rt__cookie_jar *jar, rt_str host, rt_str path,
                        rt_str line)
{
    rt__stored_cookie cookie = {.domain = host,
                                .path = default_path(path),
                                .host_only = true};
    rt_str rest = line;
    rt_str pair = rt_str_cut(&rest, ';');
    cookie.name = rt_str_trim_ows(rt_str_cut(&pair, '='));
    cookie.value = rt_str_trim_ows(pair);
    lifetime life = {0};
    while (rest.data)
        apply_attribute(&cookie, &life, rt_str_cut(&rest, ';'));
    if (!cookie.name.len || !domain_matches(&cookie, host))
        return;
    remove_same(jar, &cookie);
    if (!(life.has_max_age ? life.over_by_age : life.over_by_date))
        store(jar, &cookie);
}

void rt__cookie_jar_update(rt__cookie_jar *jar, const rt_url_parts *url,
                           const rt_headers *headers)
{
    size_t at = 0;
    rt_header *h;
    while ((h = rt_headers_next(headers, RT_STR("Set-Cookie"), &at)))
        take_cookie(jar, url->host.name, url->path, h->value);
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
            return jar->items[i].text.data;
    return NULL;
}

rt_status rt__cookie_jar_set(rt__cookie_jar *jar, rt_str name, rt_str value)
{
    rt_str line;
    rt_status st = rt_cookie_dump(jar->arena, name, value, NULL, 0, &line);
    if (!st)
        take_cookie(jar, RT_STR("localhost"), RT_STR("/"), line);
    return st;
}
