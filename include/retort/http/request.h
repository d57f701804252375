// A request as a server hands it to a gateway: the message's head, where its
// body comes from, and the arena that lives as long as it.
//
// The structure is open, because servers and middleware fill it in. Views
// read it through the functions of <retort/app/request.h>.
#pragma once

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/buf.h>
#include <retort/base/status.h>
#include <retort/base/str.h>
#include <retort/base/wait.h>
#include <retort/http/headers.h>
#include <retort/http/method.h>

RT_C_BEGIN

typedef struct rt_request rt_request;

// Where the body of a request comes from. It is pulled: nobody reads ahead of
// whoever asks.
typedef struct rt_body_source {
    // Read the next piece. An empty piece is the end. The caller's coroutine
    // waits where it must.
    //
    //   memory   the piece is valid until the next read
    //   errors   RT_E_SYNTAX (malformed framing), RT_E_LIMIT (beyond
    //            request->max_body), RT_E_CLOSED, RT_E_TIMEOUT, RT_E_BUSY (the
    //            server has no more memory for requests)
    rt_status (*read)(rt_request *request, rt_str *piece);

    // Ask whether so many bytes of the request's arena may be used to keep the
    // body. NULL: always.
    //
    //   errors   RT_E_BUSY
    rt_status (*reserve)(rt_request *request, size_t bytes);
} rt_body_source;

// What a server can tell about the client later on. Every entry may be NULL.
typedef struct rt_request_peer {
    // True when nothing can be sent to the client any more. False for one that
    // has only closed its side, which may wait for the answer.
    bool (*is_gone)(rt_request *request);
} rt_request_peer;

// No limit, as a value of `max_body`.
#define RT_BODY_UNLIMITED UINT64_MAX

// Zero-initialise it and set what is known.
struct rt_request {
    rt_arena *arena; // everything of this request; reset when it has ended

    rt_method method; // RT_METHOD_OTHER: look at the text
    rt_str method_text;
    rt_str target;      // the request target as it was sent
    rt_str script_root; // decoded prefix at which the application is mounted
    rt_str path;        // decoded rest, valid UTF-8, begins with "/"
    rt_str raw_path;    // percent-encoded path of the target, prefix included
    rt_str query;       // without "?", as it was sent
    bool has_query;     // a "?" was there

    rt_str scheme; // "http" or "https"
    rt_str host;   // the authority: name, and port where one was given; of a
                   // client that gave none the address it has reached
    int version;   // 10 for HTTP/1.0, 11, 20
    rt_headers headers;

    rt_str peer_address; // of the client, as text
    int peer_port;       // 0: not known, as with Unix sockets

    const rt_body_source *body; // NULL: there is none
    int64_t content_length;     // -1: not known before its end
    uint64_t max_body;          // bytes; more are RT_E_LIMIT
    bool body_started;          // somebody has read of it
    bool body_ended;

    const rt_request_peer *peer; // NULL: no client but a program
    rt_group children;           // coroutines that end with the request
    void *server;                // the server's own
    void *app;                   // of the application that is at work
    rt_str id;                   // what it is called in logs; empty: not yet
};

// Read the next piece of the body; an empty piece is its end, also where there
// is no body.
//
//   errors   as rt_body_source.read
rt_status rt_request_read_body(rt_request *request, rt_str *piece);

// Read all that is left of the body.
//
//   memory   the result lies in the request's arena; room for a length that was
//            announced is made when an eighth of it has come
//   limits   request->max_body
//   errors   as rt_body_source.read
rt_status rt_request_read_all(rt_request *request, rt_str *out);

// Take the path and the query from a request target in origin form: decode the
// path and repair what is not UTF-8 in it (invalid sequences become U+FFFD).
void rt_request_set_target(rt_request *request, rt_str target);

// The request this thread works for, or NULL: for logs, which have no other way
// to it. Views get theirs as a parameter.
rt_request *rt_request_current(void);

// Who calls gateways says how that request is found. Returns who did before.
typedef rt_request *rt_request_finder(void);
rt_request_finder *rt_request_set_finder(rt_request_finder *finder);

// A header's value, or an empty string whose data is NULL.
rt_str rt_request_header(const rt_request *request, rt_str name);

RT_C_END
