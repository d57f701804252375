// Reading HTTP/1.0 and HTTP/1.1 requests: bytes in, events out.
//
// The reader does no I/O and keeps no bytes. Its owner collects what arrives
// and shows it to the reader, one request after the other:
//
//     read_head ---> NEED_MORE   show it all again when more has arrived
//         |    '---> ERROR       answer reader->status and close
//         v
//        HEAD                    drop head.head_bytes from the front
//         |
//     read_body ---> DATA        use the piece, drop `consumed`
//         |    |---> NEED_MORE   drop `consumed`; show the rest and more
//         |    '---> ERROR       answer reader->status and close
//         v
//        END                     drop `consumed`; then rt_http1_reader_next, and
//                                what is left starts the next request
//
// The verdict depends on the bytes alone, never on how they were cut into
// pieces, and comes with the first byte that decides it.
//
// The reader is strict. What two programs could read differently is an error,
// and after an error nothing more of the connection is read: both lengths at
// once, a repeated or odd Content-Length, a Transfer-Encoding that does not end
// in one `chunked`, a bare CR or LF, a folded line, a space before a colon,
// control bytes. Two rules go beyond the letter of the RFC:
//
//   - An empty Host is an error. With it the target would be `http:///path`,
//     which RFC 9110 4.2.1 tells us to refuse.
//   - A comma in a host is an error, though RFC 3986 allows it in a name: it is
//     what two Host lines look like when somebody joined them.
//
// In return an HTTP/1.x of a later minor version is read as 1.1, empty lines
// before a request are skipped, and in a target whatever is visible ASCII
// passes, as browsers do not escape all that RFC 3986 would have them escape.
//
// Source: RFC 9112; RFC 9110, sections 5, 7.2, 10.1.1 and 6.5.1.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/str.h>
#include <retort/http/headers.h>
#include <retort/http/method.h>
#include <retort/http/target.h>
#include <retort/http1/framing.h>

RT_C_BEGIN

// What a client may size, and the answer when it takes more.
#define RT_HTTP1_HEAD_BYTES       32768u // 431, or 414 within the first line
#define RT_HTTP1_HEADERS          100u   // 431; trailers count for themselves
#define RT_HTTP1_TARGET_BYTES     8192u  // 414
#define RT_HTTP1_BODY_BYTES       16777216u // 413
#define RT_HTTP1_TRAILER_BYTES    8192u     // 431
// These are fixed.
#define RT_HTTP1_METHOD_BYTES     32u   // 501
#define RT_HTTP1_EMPTY_LINES      16u   // 400; before a request
#define RT_HTTP1_CHUNK_LINE_BYTES 1024u // 400; a size with its extensions
// Extensions of all chunks together may exceed the data by this much: 400.
#define RT_HTTP1_EXTENSION_BYTES  16384u

// Limits an application may set. Zero means the default above.
typedef struct rt_http1_limits {
    uint32_t head_bytes;
    uint32_t target_bytes;
    uint32_t headers;
    uint32_t trailer_bytes;
    uint64_t body_bytes; // UINT64_MAX: any length
} rt_http1_limits;

typedef enum rt_http1_event {
    RT_HTTP1_NEED_MORE,
    RT_HTTP1_HEAD,
    RT_HTTP1_DATA,
    RT_HTTP1_END,
    RT_HTTP1_ERROR,
} rt_http1_event;

// One per connection. Call rt_http1_reader_init; afterwards only the first
// four are for reading, the rest belongs to the functions.
typedef struct rt_http1_reader {
    int status;          // after ERROR: 400, 413, 414, 417, 431, 501 or 505
    const char *reason;  // after ERROR: why, for the log; a literal
    rt_headers trailers; // after END: fields behind a chunked body, if any
    bool is_head;        // the method is known to be HEAD: an answer to
                         // whatever becomes of the request has no body

    rt_http1_limits limits; // without zeros
    uint64_t body_limit;    // of this request
    uint64_t left;          // bytes of the body or chunk still to come
    uint64_t body_bytes;    // bytes of the body seen, or announced by chunks
    uint64_t extension_bytes;
    size_t scanned;         // bytes of an incomplete head seen before
    uint32_t trailer_bytes; // consumed
    uint16_t line_bytes;    // of the present chunk-size line
    uint8_t state;
    uint8_t progress; // how far an incomplete head has come
} rt_http1_reader;

// The head of a request. All strings view the bytes that were read, `path` of
// an absolute form without path excepted.
typedef struct rt_http1_head {
    rt_method method;
    rt_target_form form;
    rt_str method_name; // as sent: any token
    rt_str target;      // as sent
    rt_str scheme;      // of an absolute form, as written; else empty
    rt_str authority;   // host, or host:port: of the target where it has one,
                        // else of the Host header; data is NULL without either
    rt_str path;        // not decoded; starts with "/", or is "*"; empty for
                        // CONNECT
    rt_str query;       // not decoded, without "?"; data is NULL without one
    rt_headers headers; // Host is the target's where that has one
    size_t head_bytes;  // up to and with the empty line
    rt_http1_framing framing;
    uint64_t content_length; // with RT_HTTP1_LENGTH, else 0
    uint8_t minor;           // 0 or 1: the version to answer in
    bool keep_alive;         // the client wants the connection to stay
    bool expect_continue;    // it waits for 100 before it sends the body
    bool upgrade;            // it offers another protocol in Upgrade
} rt_http1_head;

// Prepare for a connection's first request. NULL limits are the defaults.
void rt_http1_reader_init(rt_http1_reader *reader,
                          const rt_http1_limits *limits);

// Prepare for the next request of the same connection.
void rt_http1_reader_next(rt_http1_reader *reader);

// Read the head of a request from all bytes that arrived since the request
// before it ended.
//
//   data     may have moved since the last call, but starts with the same bytes
//   memory   the array of headers lies in `arena`, and only after HEAD
//   errors   RT_HTTP1_ERROR   reader->status; `*out` is of no use
//
// After HEAD the fields of `*out` view `data`.
rt_http1_event rt_http1_read_head(rt_http1_reader *reader, const char *data,
                                  size_t len, rt_arena *arena,
                                  rt_http1_head *out);

// True while no byte of the next request has been seen, empty lines not
// counted: the connection idles, and may be closed without an answer.
bool rt_http1_is_idle(const rt_http1_reader *reader);

// Read the next piece of the body. `*consumed` bytes of `data` are done with;
// show the others again, before newer ones.
//
//   DATA        `*piece` views the next bytes of the body, at least one
//   NEED_MORE   `data` holds nothing more; of an incomplete trailer line not a
//               byte is consumed, of anything else all
//   END         the body is complete, reader->trailers are set; what is not
//               consumed belongs to the next request
//   ERROR       reader->status
//
//   limits   a body longer than allowed is an error before its first byte if
//            it has a length, else at the chunk that exceeds it; so with zero
//            bytes of data the call tells whether 100 may be sent
//   memory   trailers are copied into `arena`
rt_http1_event rt_http1_read_body(rt_http1_reader *reader, rt_arena *arena,
                                  const char *data, size_t len,
                                  size_t *consumed, rt_str *piece);

// Change the longest body accepted, for this request alone. What has been read
// already counts.
void rt_http1_set_body_limit(rt_http1_reader *reader, uint64_t bytes);

// True after END, or after HEAD of a request without body.
bool rt_http1_is_complete(const rt_http1_reader *reader);

RT_C_END
