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

static void read_options(rt_arena *arena, rt_str query, rt__db_url *out)
{
    RT_VEC(rt_pair) options = {0};
    while (query.len) {
        rt_str value = rt_str_cut(&query, '&');
        rt_str name = rt_str_cut(&value, '=');
        if (name.len)
            *(rt_pair *)rt_vec_push(arena, &options) =
                (rt_pair){decode(arena, name),
                          rt_value_cstr(decode(arena, value))};
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

// The URL as it is, but for the password.
static void mask(rt_arena *arena, rt_str url, rt_str credentials,
                 rt__db_url *out)
{
    rt_buf buf;
    rt_buf_init(&buf, arena);
    size_t colon = rt_str_find_char(credentials, ':');
    if (!credentials.data || colon == RT_STR_NONE) {
        rt_buf_put(&buf, url);
    } else {
        const char *secret = credentials.data + colon + 1;
        rt_buf_put_bytes(&buf, url.data, (size_t)(secret - url.data));
        rt_buf_put_cstr(&buf, "***");
        const char *rest = credentials.data + credentials.len;
        rt_buf_put_bytes(&buf, rest, (size_t)(url.data + url.len - rest));
    }
    out->masked = rt_buf_str(&buf).data;
}

rt_status rt__db_url_parse(rt_arena *arena, const char *url, rt__db_url *out,
                           const char **why)
{
    rt_str whole = rt_str_copy(arena, rt_str_from(url)), rest = whole;
    rt__db_url found = {
        .user = "", .password = "", .host = "", .database = "", .masked = ""};
    size_t scheme = rt_str_find(rest, RT_STR("://"));
    if (scheme >= rest.len) {
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
    rt_str before = rt_str_cut(&rest, '?');
    read_options(arena, rest, &found);
    rt_str path = before, authority = rt_str_cut(&path, '/');
    // A password may have a slash in it that was not encoded: the last @ counts.
    size_t at = rt_str_rfind_char(authority, '@');
    rt_str credentials = {0};
    if (at < authority.len) {
        credentials = rt_str_take(&authority, at);
        rt_str_take(&authority, 1);
        read_user(arena, credentials, &found);
    }
    if (!read_host(arena, authority, &found, why))
        return RT_E_SYNTAX;
    found.database = decode(arena, path);
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
    mask(arena, whole, credentials, &found);
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
