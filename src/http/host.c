#include "retort/http/host.h"

#include <arpa/inet.h>

// Whether libc reads `text` as an address of this family. It knows exactly the
// grammar of RFC 3986: no zones, no octal or shortened octets.
static bool is_address(int family, rt_str text)
{
    char cstr[INET6_ADDRSTRLEN];
    struct in6_addr address; // large enough for both families

    if (text.len >= sizeof cstr || rt_str_find_char(text, '\0') != RT_STR_NONE)
        return false;
    if (text.len > 0)
        memcpy(cstr, text.data, text.len);
    cstr[text.len] = '\0';
    return inet_pton(family, cstr, &address) == 1;
}

// reg-name = *( unreserved / pct-encoded / sub-delims )
static bool is_reg_name(rt_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.data[i];
        if (rt_is_alpha(c) || rt_is_digit(c))
            continue;
        if (c == '%') {
            if (s.len - i < 3 || rt_hex_value(s.data[i + 1]) < 0 ||
                rt_hex_value(s.data[i + 2]) < 0)
                return false;
            i += 2;
        } else if (c == '\0' || !strchr("-._~!$&'()*+,;=", c)) {
            return false;
        }
    }
    return s.len > 0;
}

// port = *DIGIT, of which a URL may have none behind the colon.
static bool parse_port(rt_str text, int *out)
{
    int port = text.len > 0 ? 0 : -1;

    for (size_t i = 0; i < text.len; i++) {
        if (!rt_is_digit(text.data[i]))
            return false;
        port = port * 10 + (text.data[i] - '0');
        if (port > 65535)
            return false;
    }
    *out = port;
    return true;
}

// Take the name off the front: up to a colon, or to the closing bracket.
static bool take_name(rt_str *cursor, rt_host_port *host)
{
    if (cursor->len > 0 && cursor->data[0] == '[') {
        size_t end = rt_str_find_char(*cursor, ']');
        if (end == RT_STR_NONE)
            return false;
        host->name = rt_str_take(cursor, end + 1);
        host->kind = RT_HOST_IPV6;
        return is_address(AF_INET6, rt_str_slice(host->name, 1, end - 1));
    }

    size_t end = rt_str_find_char(*cursor, ':');
    host->name = rt_str_take(cursor, end == RT_STR_NONE ? cursor->len : end);
    host->kind = is_address(AF_INET, host->name) ? RT_HOST_IPV4 : RT_HOST_NAME;
    return is_reg_name(host->name);
}

rt_status rt_host_parse(rt_str text, rt_host_port *out)
{
    rt_host_port host = {.port = -1};

    if (!take_name(&text, &host))
        return RT_E_SYNTAX;
    if (text.len > 0) {
        if (!rt_str_skip(&text, RT_STR(":")) || !parse_port(text, &host.port))
            return RT_E_SYNTAX;
    }
    *out = host;
    return RT_OK;
}

int rt_scheme_port(rt_str scheme)
{
    if (rt_str_eq_nocase(scheme, RT_STR("http")) ||
        rt_str_eq_nocase(scheme, RT_STR("ws")))
        return 80;
    if (rt_str_eq_nocase(scheme, RT_STR("https")) ||
        rt_str_eq_nocase(scheme, RT_STR("wss")))
        return 443;
    return -1;
}
