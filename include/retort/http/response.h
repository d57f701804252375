// A response: status, headers and one body, which is bytes, a file or a
// producer that writes it piece by piece.
//
// The structure is open for servers and middleware. What is hop-by-hop
// (Connection, Transfer-Encoding) and the length of a known body belong to the
// protocol engine that writes the response, not to these headers.
#pragma once

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/status.h>
#include <retort/base/str.h>
#include <retort/http/headers.h>
#include <retort/http/request.h>

RT_C_BEGIN

typedef struct rt_response rt_response;

// Where a producer writes. `write` sends or queues a piece and waits while the
// peer is slow; the piece may be reused when it returns.
typedef struct rt_writer {
    // One call at a time; rt_stream sees to that.
    //
    // errors   RT_E_CLOSED (the client has left), RT_E_TIMEOUT (it does not
    //          read)
    rt_status (*write)(struct rt_writer *writer, rt_str piece);
    rt_request *request;
} rt_writer;

// Write the body. A failing status cuts the response: the client sees that it
// is incomplete.
typedef rt_status rt_body_producer(rt_writer *out, void *arg);

typedef enum rt_body_kind {
    RT_BODY_BYTES,
    RT_BODY_FILE,
    RT_BODY_PRODUCER,
} rt_body_kind;

struct rt_response {
    rt_request *request; // whose arena it lies in
    int status;
    rt_str reason; // empty: the standard phrase of the status
    rt_headers headers;

    rt_body_kind body_kind;
    rt_str bytes; // RT_BODY_BYTES: valid until the request's arena is reset

    int fd; // RT_BODY_FILE: closed by the server afterwards
    int64_t file_offset;
    int64_t body_length; // of a file; of a producer or -1: not known before

    rt_body_producer *produce; // RT_BODY_PRODUCER
    void *produce_arg;

    bool close; // end the connection after this response
    bool used;  // it has been returned once; again is wrong use
};

// Make an empty response in the request's arena.
rt_response *rt_response_new(rt_request *request, int status);

// Make a plain text response with the standard reason as its body: what a
// server answers where no application can.
rt_response *rt_response_plain(rt_request *request, int status);

RT_C_END
