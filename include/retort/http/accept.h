// Negotiation: what a client would like best of what a server has.
//
//     Accept: text/html, application/json;q=0.8, */*;q=0.1
//     Accept-Language: de-AT, en;q=0.5
//
// A header is parsed into items with a quality, the most specific and liked
// first. A server asks for the quality of one value or for the best of several.
// Whatever a client sends gives a result: an item with an odd quality is left
// out, and what nobody can match matches nothing.
//
// Source: RFC 9110, section 12; follows werkzeug.datastructures.Accept.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/str.h>

RT_C_BEGIN

// How values and items are compared.
typedef enum rt_accept_kind {
    RT_ACCEPT_MEDIA,    // with type/*, */* and parameters in any order
    RT_ACCEPT_LANGUAGE, // "-" and "_" are the same
    RT_ACCEPT_ENCODING,
    RT_ACCEPT_CHARSET, // utf8 is utf-8, latin1 is iso-8859-1
} rt_accept_kind;

// More items than this are not read from one header.
#define RT_ACCEPT_ITEMS_MAX 256

// One item: "text/html; level=1" with 0.8.
typedef struct rt_accept_item {
    rt_str value;   // without the quality, as the client spelled it
    double quality; // 0 to 1

    // Which of its parts are no wildcard, the first one in the highest bit, and
    // how many there are: the more specific item has the larger of both.
    uint64_t specific;
    unsigned parts;
} rt_accept_item;

// A parsed header. Read `items` and `len` to see all.
typedef struct rt_accept {
    rt_accept_kind kind;
    bool provided;         // there was such a header, and not an empty one
    rt_accept_item *items; // the more specific first, of these the more liked
    size_t len;
    rt_accept_item *primary; // of languages: the same by their first subtag
} rt_accept;

// Parse the value of Accept, Accept-Language, Accept-Encoding or Accept-Charset.
//
//   header   several headers of the name are joined with ", " before; empty:
//            the client did not say
//   memory   views `header`; lies in `arena` where it had to be changed
//   limits   RT_ACCEPT_ITEMS_MAX items
rt_accept rt_accept_parse(rt_arena *arena, rt_accept_kind kind, rt_str header);

// The index of the first item that matches, or RT_STR_NONE.
size_t rt_accept_find(const rt_accept *accept, rt_str value);

// The quality of a value; zero when no item matches.
double rt_accept_quality(const rt_accept *accept, rt_str value);

// True when an item matches, even with a quality of zero.
bool rt_accept_has(const rt_accept *accept, rt_str value);

// The index of the best of `n` values, or RT_STR_NONE when none will do. The
// higher quality wins, then the more specific item, then the earlier value.
// Where nothing was accepted at all there is no best value either: the choice
// is the server's.
//
// A language without a match is tried by its first subtag, of the client's
// languages first and of the server's then: "en" serves a client that accepts
// "en-GB", and the other way round.
size_t rt_accept_choose(const rt_accept *accept, const rt_str *values,
                        size_t n);

// For media types: would text/html do (application/xhtml+xml counts too),
// would application/json?
bool rt_accept_html(const rt_accept *accept);
bool rt_accept_xhtml(const rt_accept *accept);
bool rt_accept_json(const rt_accept *accept);

// Write a header: the inverse of rt_accept_parse, in the order of the items.
rt_str rt_accept_dump(rt_arena *arena, const rt_accept *accept);

RT_C_END
