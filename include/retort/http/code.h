// Status codes: their reason phrases and what they mean to a person.
//
// A code is a plain int between 100 and 599, as everybody knows it. The phrases
// are Flask's where RFC 9110 has renamed one since (413, 414, 416, 422), because
// they are the titles of its error pages.
//
// Source: the registry of HTTP status codes at IANA; RFC 9110, section 15.
#pragma once

#include <stdbool.h>

#include <retort/base/attributes.h>
#include <retort/base/str.h>

RT_C_BEGIN

// X(code, reason, text): the text tells a visitor what happened and, where
// there is something, what to do. Empty for codes that are no errors.
// clang-format off
#define RT_CODES(X)                                                          \
    X(100, "Continue", "")                                                   \
    X(101, "Switching Protocols", "")                                        \
    X(102, "Processing", "")                                                 \
    X(103, "Early Hints", "")                                                \
    X(104, "Upload Resumption Supported", "")                                \
    X(200, "OK", "")                                                         \
    X(201, "Created", "")                                                    \
    X(202, "Accepted", "")                                                   \
    X(203, "Non-Authoritative Information", "")                              \
    X(204, "No Content", "")                                                 \
    X(205, "Reset Content", "")                                              \
    X(206, "Partial Content", "")                                            \
    X(207, "Multi-Status", "")                                               \
    X(208, "Already Reported", "")                                           \
    X(226, "IM Used", "")                                                    \
    X(300, "Multiple Choices", "")                                           \
    X(301, "Moved Permanently", "")                                          \
    X(302, "Found", "")                                                      \
    X(303, "See Other", "")                                                  \
    X(304, "Not Modified", "")                                               \
    X(305, "Use Proxy", "")                                                  \
    X(306, "Switch Proxy", "")                                               \
    X(307, "Temporary Redirect", "")                                         \
    X(308, "Permanent Redirect", "")                                         \
    X(400, "Bad Request",                                                    \
      "The request cannot be understood.")                                   \
    X(401, "Unauthorized",                                                   \
      "You have to say who you are before you may see this. If you did, the " \
      "name or the password was wrong.")                                     \
    X(402, "Payment Required",                                               \
      "This has to be paid for first.")                                      \
    X(403, "Forbidden",                                                      \
      "You may not see or change this.")                                     \
    X(404, "Not Found",                                                      \
      "There is nothing at this address. If you typed it, look for a "       \
      "spelling mistake.")                                                   \
    X(405, "Method Not Allowed",                                             \
      "What is at this address cannot be asked for in this way.")            \
    X(406, "Not Acceptable",                                                 \
      "This is not available in any form that your program accepts.")        \
    X(407, "Proxy Authentication Required",                                  \
      "You have to say who you are to the proxy first.")                     \
    X(408, "Request Timeout",                                                \
      "The request did not arrive completely in time. Please try again.")    \
    X(409, "Conflict",                                                       \
      "The request does not fit what is here now. Perhaps somebody else has " \
      "changed it in the meantime.")                                         \
    X(410, "Gone",                                                           \
      "What was at this address has been removed for good.")                 \
    X(411, "Length Required",                                                \
      "The request has to say how long its body is.")                        \
    X(412, "Precondition Failed",                                            \
      "A condition that the request made does not hold.")                    \
    X(413, "Request Entity Too Large",                                       \
      "The request carries more data than is taken here.")                   \
    X(414, "Request-URI Too Long",                                           \
      "The address is longer than is taken here.")                           \
    X(415, "Unsupported Media Type",                                         \
      "The request carries data of a type that is not taken here.")          \
    X(416, "Requested Range Not Satisfiable",                                \
      "The part that was asked for does not exist.")                         \
    X(417, "Expectation Failed",                                             \
      "An expectation that the request made cannot be met.")                 \
    X(418, "I'm a Teapot",                                                   \
      "This is a teapot. It does not brew coffee.")                          \
    X(421, "Misdirected Request",                                            \
      "This server does not answer for the host that was asked.")            \
    X(422, "Unprocessable Entity",                                           \
      "The request is well formed, but what it says makes no sense here.")   \
    X(423, "Locked",                                                         \
      "This is locked at the moment.")                                       \
    X(424, "Failed Dependency",                                              \
      "Something that this depends on failed first.")                        \
    X(425, "Too Early",                                                      \
      "The request came before the connection was safe from replays. "       \
      "Please try again.")                                                   \
    X(426, "Upgrade Required",                                               \
      "This is only available over another protocol.")                       \
    X(428, "Precondition Required",                                          \
      "The request has to say which state it expects, so that no change is " \
      "lost.")                                                               \
    X(429, "Too Many Requests",                                              \
      "There were too many requests in a short time. Please wait a little.") \
    X(431, "Request Header Fields Too Large",                                \
      "The headers of the request are larger than is taken here.")           \
    X(451, "Unavailable For Legal Reasons",                                  \
      "This may not be shown for legal reasons.")                            \
    X(500, "Internal Server Error",                                          \
      "Something went wrong on this side. The fault is not yours.")          \
    X(501, "Not Implemented",                                                \
      "This server does not know how to do that.")                           \
    X(502, "Bad Gateway",                                                    \
      "A server behind this one gave an answer that makes no sense.")        \
    X(503, "Service Unavailable",                                            \
      "This is not available at the moment. Please try again later.")        \
    X(504, "Gateway Timeout",                                                \
      "A server behind this one did not answer in time.")                    \
    X(505, "HTTP Version Not Supported",                                     \
      "This server does not speak that version of HTTP.")                    \
    X(506, "Variant Also Negotiates",                                        \
      "This server is set up in a circle.")                                  \
    X(507, "Insufficient Storage",                                           \
      "There is no room left to store this.")                                \
    X(508, "Loop Detected",                                                  \
      "Doing this would never end.")                                         \
    X(510, "Not Extended",                                                   \
      "The request needs an extension that it does not name.")               \
    X(511, "Network Authentication Required",                                \
      "You have to sign in to the network first.")

// clang-format on

// The first digit: what kind of answer a code is.
typedef enum rt_code_family {
    RT_CODE_INVALID, // below 100 or above 599
    RT_CODE_INFORMATIONAL,
    RT_CODE_SUCCESS,
    RT_CODE_REDIRECTION,
    RT_CODE_CLIENT_ERROR,
    RT_CODE_SERVER_ERROR,
} rt_code_family;

// The kind of answer, also for codes that have no entry above.
rt_code_family rt_code_family_of(int code);

// True for the codes above.
bool rt_code_is_known(int code);

// The reason phrase; "Unknown", as Flask says it, for a code without entry.
rt_str rt_code_reason(int code);

// What to tell a visitor; empty where there is nothing to tell.
rt_str rt_code_text(int code);

// True when a response with this code never has a body: 1xx, 204 and 304 (RFC
// 9112 6.3). A response to HEAD has none either, whatever its code.
bool rt_code_is_bodiless(int code);

RT_C_END
