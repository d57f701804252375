// Framing: how a message says where its body ends.
//
// Everything dangerous in HTTP/1 hangs on both sides agreeing about this.
//
// Source: RFC 9112, section 6.
#pragma once

#include <retort/base/attributes.h>

RT_C_BEGIN

typedef enum rt_http1_framing {
    RT_HTTP1_NO_BODY, // ends with its head
    RT_HTTP1_LENGTH,  // Content-Length says how many bytes follow
    RT_HTTP1_CHUNKED, // chunks follow, the last one is empty
    RT_HTTP1_CLOSE,   // ends with the connection; responses only
} rt_http1_framing;

RT_C_END
