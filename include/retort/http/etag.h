// Entity tags: the validators behind ETag, If-Match and If-None-Match.
//
// An entity tag is an opaque quoted string, marked weak by a leading W/. There
// are two ways to compare tags, and taking the wrong one is the classic caching
// bug; so each has its own function and there is no plain "equal".
//
// Source: RFC 9110, section 8.8.3; Werkzeug for tags without quotes.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/status.h>
#include <retort/base/str.h>

RT_C_BEGIN

// One entity tag. A value: copy it freely.
typedef struct rt_etag {
    rt_str opaque; // between the quotes, never decoded; data NULL: no tag
    bool weak;     // written with a leading W/
} rt_etag;

// Read the value of an ETag header: `"abc"`, `W/"abc"`, and `abc` as well.
//
//   memory   views `text`
rt_etag rt_etag_parse(rt_str text);

// Write one.
//
//   errors   RT_E_SYNTAX   a quote, or a byte no header may have, is in it
rt_status rt_etag_dump(rt_arena *arena, rt_etag tag, rt_str *out);

// Make a tag of a body: 22 letters and digits of its SHA-256.
rt_str rt_etag_of_bytes(rt_arena *arena, rt_str body);

// The same bytes, and both tags strong. For If-Match and If-Range, where a
// client splices two bodies together.
bool rt_etag_match_strong(rt_etag a, rt_etag b);

// The same bytes, weak or not. For If-None-Match.
bool rt_etag_match_weak(rt_etag a, rt_etag b);

// What If-Match and If-None-Match hold.
typedef struct rt_etags {
    rt_etag *items; // in order
    size_t len;
    bool star; // any tag that exists
} rt_etags;

// More tags than this are not read from one header.
#define RT_ETAGS_MAX 256

// Read a list of tags. Tags without quotes count as well; a star among them
// stands for all of it.
//
//   memory   views `header`; the list lies in `arena`
//   limits   RT_ETAGS_MAX tags
rt_etags rt_etags_parse(rt_arena *arena, rt_str header);

// Write a list, the strong tags first.
rt_str rt_etags_dump(rt_arena *arena, const rt_etags *tags);

// True when a tag of the list matches. A star matches every tag.
bool rt_etags_have_strong(const rt_etags *tags, rt_etag tag);
bool rt_etags_have_weak(const rt_etags *tags, rt_etag tag);

RT_C_END
