// /l: limits, and /x: pure functions of the HTTP toolbox.
#include <string.h>

#include <retort/crypto/password.h>
#include <retort/http/header_value.h>
#include <retort/http/iri.h>

#include "parity.h"

// ---- limits --------------------------------------------------------------------

static rt_response *limit_content(rt_request *req, int64_t n)
{
    rt_set_max_body(req, (uint64_t)n);
    return rt_json(req, "size", rt_body(req).len);
}

static rt_response *form_and_files(rt_request *req)
{
    return rt_json(req, "form", pairs_of(req, rt_form_params(req)), "files",
                   rt_files(req)->len);
}

static rt_response *limit_content_form(rt_request *req, int64_t n)
{
    rt_set_max_body(req, (uint64_t)n);
    return form_and_files(req);
}

static rt_response *limit_memory(rt_request *req, int64_t n)
{
    rt_set_max_form_memory(req, (uint64_t)n);
    return form_and_files(req);
}

static rt_response *limit_parts(rt_request *req, int64_t n)
{
    rt_set_max_form_parts(req, (uint64_t)n);
    return form_and_files(req);
}

rt_blueprint *limits_blueprint(void)
{
    rt_blueprint *bp = rt_blueprint_new("l", .url_prefix = "/l");

    rt_post(bp, "/content/<int:n>", limit_content);
    rt_post(bp, "/content-form/<int:n>", limit_content_form);
    rt_post(bp, "/memory/<int:n>", limit_memory);
    rt_post(bp, "/parts/<int:n>", limit_parts);
    return bp;
}

// ---- functions -----------------------------------------------------------------

// A call with a value of another type than the function takes is a failure.
static rt_str text_of(rt_request *req, rt_value value)
{
    if (!rt_value_is_text(value))
        rt_raise(req, &unhandled_error, "not a text");
    return rt_value_as_str(value);
}

// Some functions take none, too.
static rt_str text_or_nothing(rt_request *req, rt_value value)
{
    return rt_value_is_none(value) ? RT_STR("") : text_of(req, value);
}

static rt_value sorted_params(rt_request *req, const rt_params *params)
{
    rt_value dict = rt_dict(req), pairs = rt_list(req);
    for (size_t i = 0; i < params->len; i++)
        (void)rt_dict_set_str(dict, params->items[i].name,
                              text_or_none(params->items[i].value));
    rt_list_each(key, sorted_keys(req, dict))
        (void)rt_list_push(pairs, rt_list(req, *key, rt_dict_get(dict, *key)));
    return pairs;
}

static rt_value call_options(rt_request *req, rt_value v)
{
    rt_header_options options =
        rt_header_options_parse(rt_arena_of(req), text_or_nothing(req, v));
    return rt_list(req, options.value, sorted_params(req, &options.params));
}

static rt_value call_list(rt_request *req, rt_value v)
{
    rt_value items = rt_list(req);
    rt_header_list list =
        rt_header_list_parse(rt_arena_of(req), text_of(req, v));
    rt_vec_each(rt_str, item, &list)
        (void)rt_list_push(items, RT(*item));
    return items;
}

static rt_value call_dict(rt_request *req, rt_value v)
{
    rt_params params = rt_header_dict_parse(rt_arena_of(req), text_of(req, v));
    return sorted_params(req, &params);
}

static rt_value call_date(rt_request *req, rt_value v)
{
    int64_t us = 0;
    rt_status st =
        rt_http_date_parse(text_or_nothing(req, v), rt_time_now(), &us);
    return date_or_none(req, st, us);
}

static rt_value call_timestamp(rt_request *req, rt_value v)
{
    int64_t us = (int64_t)(rt_value_as_float(v, 0) * RT_TIME_SECOND);
    return RT(rt_http_date_dump(rt_arena_of(req), us));
}

static rt_value call_unquote_etag(rt_request *req, rt_value v)
{
    rt_etag tag = rt_etag_parse(text_or_nothing(req, v));
    return rt_list(req, text_or_none(tag.opaque),
                   tag.opaque.data ? RT(tag.weak) : rt_value_none());
}

static rt_value call_quote_etag(rt_request *req, rt_value v)
{
    rt_str out;
    rt_status st =
        rt_etag_dump(rt_arena_of(req), (rt_etag){text_of(req, v), false}, &out);
    if (st)
        rt_abort_status(req, st);
    return RT(out);
}

static rt_value call_iri_to_uri(rt_request *req, rt_value v)
{
    rt_str out;
    rt_status st = rt_iri_to_uri(rt_arena_of(req), text_of(req, v), &out);
    if (st)
        rt_abort_status(req, st);
    return RT(out);
}

static rt_value call_uri_to_iri(rt_request *req, rt_value v)
{
    rt_str out;
    rt_status st = rt_uri_to_iri(rt_arena_of(req), text_of(req, v), &out);
    if (st)
        rt_abort_status(req, st);
    return RT(out);
}

static rt_value call_secure_filename(rt_request *req, rt_value v)
{
    return RT(rt_secure_filename(rt_arena_of(req), text_of(req, v)));
}

static rt_value call_safe_join(rt_request *req, rt_value v)
{
    size_t n = rt_list_len(v);
    if (!rt_value_is_list(v))
        rt_raise(req, &unhandled_error, "not a list");
    rt_str *parts = rt_new(rt_arena_of(req), rt_str, n + 1);
    for (size_t i = 0; i < n; i++)
        parts[i] = text_of(req, rt_list_get(v, (int64_t)i));
    return text_or_none(
        rt_safe_join_parts(rt_arena_of(req), RT_STR("base"), parts, n));
}

static rt_value call_check_password(rt_request *req, rt_value v)
{
    bool match = false;
    rt_status st = rt_password_match(text_of(req, rt_list_get(v, 0)),
                                     text_of(req, rt_list_get(v, 1)), &match);
    return st ? rt_value_none() : RT(match);
}

static const struct {
    const char *name;
    rt_value (*call)(rt_request *req, rt_value v);
} functions[] = {
    {"options", call_options},
    {"list", call_list},
    {"dict", call_dict},
    {"date", call_date},
    {"timestamp", call_timestamp},
    {"unquote-etag", call_unquote_etag},
    {"quote-etag", call_quote_etag},
    {"iri-to-uri", call_iri_to_uri},
    {"uri-to-iri", call_uri_to_iri},
    {"secure-filename", call_secure_filename},
    {"safe-join", call_safe_join},
    {"check-password", call_check_password},
};

static rt_response *util_call(rt_request *req, rt_value name)
{
    size_t i = 0;
    while (i < RT_COUNT(functions) &&
           !rt_str_eq(rt_value_as_str(name), rt_str_from(functions[i].name)))
        i++;
    if (i == RT_COUNT(functions))
        rt_abort(req, 404);

    rt_value values = rt_dict_get_str(rt_json_body(req), RT_STR("v"));
    rt_value results = rt_list(req);
    if (!rt_value_is_list(values))
        rt_raise(req, &unhandled_error, "no list of values");
    rt_list_each(v, values)
        (void)rt_list_push(results, functions[i].call(req, *v));
    return rt_json_value(req, results);
}

rt_blueprint *utilities_blueprint(void)
{
    rt_blueprint *bp = rt_blueprint_new("x", .url_prefix = "/x");
    rt_post(bp, "/<name>", util_call);
    return bp;
}
