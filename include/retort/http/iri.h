// IRIs: URLs as people read them, `http://☃.net/påth`, and URIs, as they are
// sent: `http://xn--n3h.net/p%C3%A5th`.
//
// Both directions leave the meaning alone: what is reserved in a part of the URL
// stays encoded there, and what is encoded already is not encoded again.
//
// Follows werkzeug.urls, and so Python's urlsplit: the scheme and the host come
// out in lower case, a port of 0, an empty query and an empty fragment are left
// out.
#pragma once

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/status.h>
#include <retort/base/str.h>

RT_C_BEGIN

// Write an IRI as a URI.
//
//   memory   in `arena`, NUL-terminated
//   errors   RT_E_SYNTAX   a port that is no number up to 65535, brackets around
//                          what is no IPv6 address, a host that IDNA refuses,
//                          or in which a character stands for one of /?#@:
rt_status rt_iri_to_uri(rt_arena *arena, rt_str iri, rt_str *out);

// Write a URI as an IRI. Bytes that are not UTF-8 stay encoded, and so do labels
// of the host that cannot be decoded.
//
//   errors   as above, but for the host's labels
rt_status rt_uri_to_iri(rt_arena *arena, rt_str uri, rt_str *out);

RT_C_END
