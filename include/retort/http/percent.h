// Percent coding: how a URL carries bytes its grammar has no room for.
//
// Which bytes may stand bare differs from part to part of a URL; an rt_percent_set
// names the part. Letters, digits and -._~ stand bare everywhere; all other
// bytes become %XX with upper-case digits.
//
// Source: RFC 3986, section 2.1; the sets follow the URL standard of the WHATWG
// as Werkzeug uses it.
#pragma once

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/buf.h>
#include <retort/base/str.h>

RT_C_BEGIN

// What stands bare besides letters, digits and -._~
typedef enum rt_percent_set {
    RT_PERCENT_COMPONENT,   // nothing: one segment, or any text in any place
    RT_PERCENT_PATH,        // !$&'()*+,/:;=@
    RT_PERCENT_PATH_QUOTED, // the same and %: a path that is partly encoded
    RT_PERCENT_FIELD,       // !$'()*,/:;?@ and a space becomes + (query, form)
    RT_PERCENT_QUERY,       // %!$&'()*+,/:;=?@: a whole query, partly encoded
    RT_PERCENT_FRAGMENT,    // the same and #
    RT_PERCENT_COOKIE_PATH, // %!$&'()*+,/:=@: a cookie's Path has no semicolon
} rt_percent_set;

// Append `s` with all bytes encoded that may not stand bare.
void rt_percent_put(rt_buf *buf, rt_str s, rt_percent_set set);

// The same as a string.
//
//   memory   views `s` where nothing had to be encoded, else lies in `arena`
rt_str rt_percent_encode(rt_arena *arena, rt_str s, rt_percent_set set);

// Decode every %XX to its byte. A % that two hexadecimal digits do not follow
// stands for itself. The result may be any bytes.
//
//   memory   views `s` where nothing was encoded, else lies in `arena`
rt_str rt_percent_decode(rt_arena *arena, rt_str s);

// Decode the path of a request to the text that is routed: %2F is a slash like
// any other, and what is not UTF-8 becomes U+FFFD.
//
//   memory   views `s` where nothing changed, else lies in `arena`
rt_str rt_percent_decode_path(rt_arena *arena, rt_str s);

RT_C_END
