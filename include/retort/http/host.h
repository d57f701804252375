// Hosts: the `name:port` of a Host header and of a URL's authority.
//
// The grammar is followed to the letter, because a front end and a server that
// read a host differently disagree about whose request it is. Whether this
// server wants to answer for the name is not decided here.
//
// Source: RFC 3986, section 3.2; RFC 9110, section 4.2.3 (no user information).
#pragma once

#include <retort/base/attributes.h>
#include <retort/base/status.h>
#include <retort/base/str.h>

RT_C_BEGIN

typedef enum rt_host_kind {
    RT_HOST_NAME, // a registered name, in practice a DNS name
    RT_HOST_IPV4, // four decimal octets
    RT_HOST_IPV6, // an address in square brackets
} rt_host_kind;

// One host with its port. A value: copy it freely.
typedef struct rt_host_port {
    rt_str name; // as written; an IPv6 address with its brackets
    rt_host_kind kind;
    int port; // 0-65535; -1: none was given, or nothing stands behind the colon
} rt_host_port;

// Read `name`, `name:port`, `1.2.3.4:port` or `[::1]:port`.
//
//   memory   out->name views `text`
//   errors   RT_E_SYNTAX   not that: also an empty name, user@host, a port
//                          above 65535, an IPv6 zone; `*out` is untouched
rt_status rt_host_parse(rt_str text, rt_host_port *out);

// The port a scheme has by itself, in either case of letters: 80 for http and
// ws, 443 for https and wss, -1 for others.
int rt_scheme_port(rt_str scheme);

RT_C_END
