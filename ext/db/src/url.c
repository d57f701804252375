// Database URLs, as SQLAlchemy reads them:
//
//     engine [ "+" driver ] "://" [ user [ ":" password ] "@" ] [ host ] [ ":" port ]
//         [ "/" database ] [ "?" name "=" value *( "&" name "=" value ) ]
#include <retort/base/vec.h>
#include <retort/http/percent.h>

#include "driver.h"

static const char *decode(rt_arena *arena, rt_str s)
{
    return rt_str_copy(arena, rt_percent_decode(arena, s)).data;
}

static bool engine_of(rt_str name, rt_db_engine *out)
{
    static const struct {
        const char *name;
        rt_db_engine engine;
    } names[] = {{"sqlite", RT_DB_SQLITE},
                 {"postgresql", RT_DB_POSTGRESQL},
                 {"postgres", RT_DB_POSTGRESQL},
                 {"mysql", RT_DB_MARIADB},
                 {"mariadb", RT_DB_MARIADB}};

    for (size_t i = 0; i < RT_COUNT(names); i++)
        if (rt_str_eq(name, rt_str_from(names[i].name))) {
            *out = names[i].engine;
            return true;
        }
    return false;
}

// In a query a plus is a space.
static const char *decode_query(rt_arena *arena, rt_str s)
{
    rt_str copied = rt_str_copy(arena, s);
    char *text = rt_str_cstr(arena, copied);
    for (size_t i = 0; i < s.len; i++)
        if (text[i] == '+')
            text[i] = ' ';
    return decode(arena, rt_str_of(text, s.len));
}

static void read_options(rt_arena *arena, rt_str query, rt__db_url *out)
{
    RT_VEC(rt_pair) options = {0};
    while (query.len) {
        rt_str value = rt_str_cut(&query, '&');
        rt_str name = rt_str_cut(&value, '=');
        if (name.len)
            *(rt_pair *)rt_vec_push(arena, &options) =
                (rt_pair){decode_query(arena, name),
                          rt_value_cstr(decode_query(arena, value))};
    }
    out->options = options.items;
    out->n_options = options.len;
}

// host = "[" IPv6 "]" / name
static bool read_host(rt_arena *arena, rt_str s, rt__db_url *out,
                      const char **why)
{
    rt_str host = s, port = {0};
    if (rt_str_starts_with(s, RT_STR("["))) {
        size_t end = rt_str_find_char(s, ']');
        if (end == RT_STR_NONE) {
            *why = "a bracket is not closed";
            return false;
        }
        host = rt_str_slice(s, 1, end - 1);
        port = rt_str_slice(s, end + 1, s.len);
        if (port.len && !rt_str_skip(&port, RT_STR(":"))) {
            *why = "the port makes no sense";
            return false;
        }
    } else {
        host = rt_str_cut(&s, ':');
        port = s;
    }
    int64_t number = 0;
    if (port.len &&
        (!rt_str_parse_int(port, &number) || number < 1 || number > 65535)) {
        *why = "the port makes no sense";
        return false;
    }
    out->host = decode(arena, host);
    out->port = (int)number;
    return true;
}

static void read_user(rt_arena *arena, rt_str s, rt__db_url *out)
{
    out->user = decode(arena, rt_str_cut(&s, ':'));
    out->password = decode(arena, s);
}

// credentials = user [ ":" password ] "@", where a user has no colon and no slash.
// NULL data where there are none.
static rt_str take_credentials(rt_str *rest)
{
    size_t end = 0;
    while (end < rest->len && rest->data[end] != ':' && rest->data[end] != '/')
        end++;
    size_t at = RT_STR_NONE;
    if (end < rest->len && rest->data[end] == ':') {
        size_t in = rt_str_find_char(rt_str_slice(*rest, end, rest->len), '@');
        at = in == RT_STR_NONE ? RT_STR_NONE : end + in;
    }
    if (at == RT_STR_NONE)
        at = rt_str_rfind_char(rt_str_slice(*rest, 0, end), '@');
    if (at == RT_STR_NONE)
        return (rt_str){0};
    // SQLAlchemy stops at the first @. No host has one, so what follows up to
    // another, before a slash, is of the password too.
    for (size_t i = at + 1; i < rest->len; i++) {
        if (rest->data[i] == '/' || rest->data[i] == '?')
            break;
        if (rest->data[i] == '@')
            at = i;
    }
    rt_str credentials = rt_str_take(rest, at);
    rt_str_take(rest, 1);
    return credentials;
}

// Options that are named after a password: "password", "sslpassword", "passwd".
static bool is_secret(rt_arena *arena, rt_str name)
{
    rt_str plain = rt_str_from(decode_query(arena, name));
    return rt_str_find(rt_str_lower(arena, plain), RT_STR("pass")) !=
           RT_STR_NONE;
}

static void mask_options(rt_arena *arena, rt_str query, rt_buf *buf)
{
    while (query.data) {
        rt_str value = rt_str_cut(&query, '&');
        rt_str name = rt_str_cut(&value, '=');
        rt_buf_put(buf, name);
        if (value.data) {
            rt_buf_put_char(buf, '=');
            rt_buf_put(buf, is_secret(arena, name) ? RT_STR("***") : value);
        }
        if (query.data)
            rt_buf_put_char(buf, '&');
    }
}

// The URL as it is, but for passwords.
static const char *mask(rt_arena *arena, rt_str url, rt_str credentials,
                        rt_str query)
{
    rt_buf buf;
    rt_buf_init(&buf, arena);
    rt_str head = query.data ? rt_str_of(url.data, url.len - query.len) : url;
    size_t colon = rt_str_find_char(credentials, ':');
    if (credentials.data && colon != RT_STR_NONE) {
        const char *secret = credentials.data + colon + 1;
        size_t known = (size_t)(secret - url.data);
        rt_buf_put_bytes(&buf, url.data, known);
        rt_buf_put_cstr(&buf, "***");
        rt_str_take(&head, known + credentials.len - colon - 1);
    }
    rt_buf_put(&buf, head);
    mask_options(arena, query, &buf);
    return rt_buf_str(&buf).data;
}

rt_status rt__db_url_parse(rt_arena *arena, const char *url, rt__db_url *out,
                           const char **why)
{
    rt_str whole = rt_str_copy(arena, rt_str_from(url)), rest = whole;
    rt__db_url found = {
        .user = "", .password = "", .host = "", .database = "", .masked = ""};
    size_t scheme = rt_str_find(rest, RT_STR("://"));
    if (scheme == RT_STR_NONE) {
        *why = "Could not parse: no \"://\"";
        return RT_E_SYNTAX;
    }
    rt_str driver = rt_str_take(&rest, scheme);
    rt_str_take(&rest, 3);
    if (!engine_of(rt_str_cut(&driver, '+'), &found.engine)) {
        *why = "it is not of sqlite, postgresql or mysql";
        return RT_E_UNSUPPORTED;
    }
    if (!rt_db_engine_is_built(found.engine)) {
        *why = "this library was built without that engine";
        return RT_E_UNSUPPORTED;
    }
    rt_str credentials = take_credentials(&rest);
    if (credentials.data)
        read_user(arena, credentials, &found);
    rt_str path = rt_str_cut(&rest, '?'), query = rest;
    rt_str authority = rt_str_cut(&path, '/');
    read_options(arena, query, &found);
    if (!read_host(arena, authority, &found, why))
        return RT_E_SYNTAX;
    found.database = rt_str_copy(arena, path).data; // not decoded: "a%20b.db"
    if (found.engine == RT_DB_SQLITE) {
        if (found.host[0]) {
            *why =
                "a file has no host: three slashes, or four for a whole path";
            return RT_E_SYNTAX;
        }
        found.memory =
            !found.database[0] ||
            rt_str_eq(rt_str_from(found.database), RT_STR(":memory:"));
    }
    found.masked = mask(arena, whole, credentials, query);
    *out = found;
    return RT_OK;
}

const char *rt__db_url_option(const rt__db_url *url, const char *name,
                              const char *otherwise)
{
    for (size_t i = 0; i < url->n_options; i++)
        if (rt_str_eq(rt_str_from(url->options[i].name), rt_str_from(name)))
            return url->options[i].value.as.text;
    return otherwise;
}

const char *rt_db_engine_name(rt_db_engine engine)
{
    switch (engine) {
    case RT_DB_SQLITE: return "sqlite";
    case RT_DB_POSTGRESQL: return "postgresql";
    case RT_DB_MARIADB: return "mariadb";
    }
    return "unknown";
}

bool rt_db_engine_is_built(rt_db_engine engine)
{
    switch (engine) {
    case RT_DB_SQLITE: return true;
    case RT_DB_POSTGRESQL:
#ifdef RT_HAVE_PQ
        return true;
#else
        return false;
#endif
    case RT_DB_MARIADB:
#ifdef RT_HAVE_MARIADB
        return true;
#else
        return false;
#endif
    }
    return false;
}
