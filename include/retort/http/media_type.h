// Media types: what Content-Type says about a body.
//
//     text/html; charset=utf-8
//     \__/ \__/  \___________/
//     type subtype  parameters
//
// Source: RFC 9110, section 8.3.1; RFC 6838 for the suffix behind a plus sign.
#pragma once

#include <stdbool.h>

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/str.h>
#include <retort/http/header_value.h>
#include <retort/http/query.h>

RT_C_BEGIN

// One media type, taken apart.
typedef struct rt_media_type {
    rt_str name;      // "text/html", in lower case, without the parameters
    rt_str type;      // "text"; empty when the name is not of the form a/b
    rt_str subtype;   // "html"; the same
    rt_params params; // names in lower case; of repeated ones the last counts
} rt_media_type;

// More parameters than this are not read.
#define RT_MEDIA_TYPE_PARAMS_MAX RT_HEADER_OPTIONS_MAX

// Read the value of a Content-Type header. Whatever it is, there is a result:
// an odd value is its own name, and what is no parameter is left out. Parameters
// are read as rt_header_options_parse does.
//
//   memory   views `text`; lies in `arena` where it had to be changed
rt_media_type rt_media_type_parse(rt_arena *arena, rt_str text);

// True when the name stands for JSON: application/json, application/x+json.
bool rt_media_type_is_json(rt_str name);

// True when bodies of that type are text and should name their charset: text/*,
// *+xml, and a few of application/*.
bool rt_media_type_is_text(rt_str name);

// The value for a Content-Type header: text types get "; charset=utf-8",
// unless `name` has parameters already.
//
//   memory   views `name` or lies in `arena`
rt_str rt_media_type_with_charset(rt_arena *arena, rt_str name);

// Guess the type from the suffix of a file name, in either case. Of a
// compressed file the type is that of the contents and `*encoding` is
// "gzip", "br", "bzip2", "xz" or "compress": `a.tar.gz` is application/x-tar
// with gzip.
//
//   memory   both are constant; `data` is NULL where there is nothing to say.
//            `encoding` may be NULL
rt_str rt_media_type_guess(rt_str file_name, rt_str *encoding);

RT_C_END
