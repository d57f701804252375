// Writing HTTP/1 responses: the head with the framing the body needs.
//
// What belongs to the connection belongs to this engine: the application's
// Connection, Keep-Alive, Proxy-Connection, TE, Trailer, Transfer-Encoding and
// Upgrade are not sent, though `Connection: close` is obeyed, and Upgrade passes
// with a status of 101 or 426. So does its Content-Length give way to the real
// length, save where a response only speaks of a body it does not carry: to
// HEAD, and with 304.
//
// Headers are taken to be well-formed, as rt_headers_add sees to it.
//
// Source: RFC 9112, sections 4, 6 and 9; RFC 9110, sections 8.6 and 15.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <retort/base/attributes.h>
#include <retort/base/buf.h>
#include <retort/base/str.h>
#include <retort/http/headers.h>
#include <retort/http/method.h>
#include <retort/http1/framing.h>

RT_C_BEGIN

// A length that is not known before the end of the body.
#define RT_HTTP1_LENGTH_UNKNOWN (-1)

// What a head is written from. Zero-initialise it and set what applies.
typedef struct rt_http1_reply {
    int status;                // 100 to 599
    rt_str reason;             // empty, or with a line end in it: the usual one
    const rt_headers *headers; // NULL: none
    int64_t length;            // of the body, or RT_HTTP1_LENGTH_UNKNOWN
    rt_method method;          // of the request
    int minor;                 // of the request: 0 for HTTP/1.0, 1
    bool keep_alive; // the connection may stay, if the response lets it
    rt_str date;     // for Date, unless the headers have one; or empty
    rt_str server;   // for Server, likewise
} rt_http1_reply;

// What the head promises.
typedef struct rt_http1_promise {
    rt_http1_framing framing; // how the body must follow; RT_HTTP1_NO_BODY: not
    bool keep_alive;          // false: close the connection behind the body
} rt_http1_promise;

// Append the head of a response.
//
// The body follows by the framing returned: so many bytes, chunks, or bytes up
// to the end of the connection (of unknown length, to HTTP/1.0). There is none
// to HEAD and with 1xx, 204, 205 and 304, whatever `length` says. After a 1xx
// another head follows, unless it is 101.
//
//   errors   out->status
rt_http1_promise rt_http1_write_head(rt_buf *out, const rt_http1_reply *reply);

// Tell a client that waits for it to send its body.
#define RT_HTTP1_CONTINUE RT_STR("HTTP/1.1 100 Continue\r\n\r\n")

// A chunk is its head, `bytes` bytes and its tail; behind the last one comes
// the end. A chunk of no bytes would be the end and is not written.
#define RT_HTTP1_CHUNK_TAIL RT_STR("\r\n")
#define RT_HTTP1_CHUNKS_END RT_STR("0\r\n\r\n")
void rt_http1_write_chunk_head(rt_buf *out, uint64_t bytes);

// Append a whole chunk; nothing when the piece is empty.
void rt_http1_write_chunk(rt_buf *out, rt_str piece);

RT_C_END
