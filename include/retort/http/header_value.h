// Header values: a value with options, lists, dicts, and quoting.
//
//     form-data; name="f"; filename*=utf-8''caf%C3%A9     options
//     gzip, "a, b", deflate                               list
//     realm="a b", stale, nonce=x                         dict
//
// field.h has the grammar all headers share. The functions here read what
// clients really send, as Werkzeug reads it: options in two encodings and in
// continued pieces (RFC 2231), quotes written as `\"` or as `%22`.
//
// Source: RFC 9110, section 5.6; RFC 2231; RFC 8187. Follows werkzeug.http.
#pragma once

#include <stdbool.h>

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/buf.h>
#include <retort/base/str.h>
#include <retort/base/vec.h>
#include <retort/http/query.h>

RT_C_BEGIN

// More different options, or keys of a dict, than this are not read.
#define RT_HEADER_OPTIONS_MAX 32

// A value with its options.
typedef struct rt_header_options {
    rt_str value;     // what stands before the first semicolon, trimmed
    rt_params params; // names in lower case, each once, in order
} rt_header_options;

// Members of a list, in order.
typedef RT_VEC(rt_str) rt_header_list;

// Read `value; name=text; name="text"; name*=utf-8''text; name*0=te; name*1=xt`.
// There is always a result: what is no option is left out, and of a repeated
// one the last counts.
//
// In quotes `\"`, `\\` and `%22` stand for `"`, `\` and `"`; any other backslash
// is itself, so that file names from Windows stay whole. Of a name with a star
// the value is decoded when its charset is UTF-8, ASCII or ISO-8859-1; what
// cannot be decoded becomes U+FFFD.
//
//   text     valid UTF-8
//   memory   views `text`, or lies in `arena`
rt_header_options rt_header_options_parse(rt_arena *arena, rt_str text);

// The value of an option; `data` is NULL when there is none, and not NULL when
// it is empty.
static inline rt_str rt_header_option(const rt_header_options *options,
                                      rt_str name)
{
    return rt_params_get(&options->params, name);
}

// Read a list separated by commas that are not in quotes. A member that is
// quoted as a whole loses its quotes, empty ones are left out. A quote that
// never closes makes the list empty.
//
//   memory   views `text`, or lies in `arena`
rt_header_list rt_header_list_parse(rt_arena *arena, rt_str text);

// Read a list whose members are `key` or `key=value` or `key*=charset''value`.
// A key alone has a value whose data is NULL; of a repeated key the last counts.
//
//   memory   views `text`, or lies in `arena`
rt_params rt_header_dict_parse(rt_arena *arena, rt_str text);

// Append `s` as it is when it is a token, else in quotes with `"` and `\`
// escaped. rt_header_put_string always writes the quotes.
void rt_header_put_value(rt_buf *buf, rt_str s);
void rt_header_put_string(rt_buf *buf, rt_str s);

// Take the quotes and the backslashes off a value that is quoted as a whole.
//
//   memory   views `s`, or lies in `arena`
rt_str rt_header_unquote(rt_arena *arena, rt_str s);

// Append the three forms: the inverses of the parsers. A param whose value has
// data NULL is left out of options and stands alone in a dict; one whose name
// ends with a star is encoded already and is not quoted.
//
//   value    data NULL: options only
void rt_header_put_options(rt_buf *buf, rt_str value, const rt_params *params);
void rt_header_put_list(rt_buf *buf, const rt_str *members, size_t n);
void rt_header_put_dict(rt_buf *buf, const rt_params *params);

RT_C_END
