// The charsets a client may name for a value or a part: UTF-8, and two old ones.
// Werkzeug knows no others, and what browsers send is UTF-8.
#pragma once

#include <retort/base/arena.h>
#include <retort/base/str.h>

typedef enum rt_charset {
    RT_CHARSET_NONE,    // none was named
    RT_CHARSET_UNKNOWN, // one that is not read
    RT_CHARSET_ASCII,
    RT_CHARSET_UTF8,
    RT_CHARSET_LATIN1,
} rt_charset;

// The charset of that name, in either case.
rt_charset rt__charset_find(rt_str name);

// Read bytes of a charset as text; what is none becomes U+FFFD, in ASCII each
// byte. NONE and UNKNOWN are read as UTF-8.
//
//   memory   `bytes` itself when nothing changes, else a copy in `arena`
rt_str rt__charset_decode(rt_arena *arena, rt_charset charset, rt_str bytes);

// Decode the percent escapes of a text, whose bytes are of that charset. What
// is not ASCII in it is text already.
rt_str rt__charset_unquote(rt_arena *arena, rt_charset charset, rt_str text);
