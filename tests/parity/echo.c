// /echo: what the request says.
#include <retort/base/utf8.h>
#include <retort/http/range.h>

#include "parity.h"

#define ALL "GET POST PUT PATCH DELETE"

static rt_response *echo_request(rt_request *req)
{
    return describe_request(req);
}

static rt_response *echo_args(rt_request *req)
{
    return rt_json(req, "args", pairs_of(req, rt_query_params(req)));
}

// The values of a field that are whole numbers.
static rt_value int_list(rt_request *req, const char *name)
{
    rt_value numbers = rt_list(req);
    rt_list_each(text, rt_query_all(req, name)) {
        rt_str digits = rt_str_trim(rt_value_as_str(*text));
        int64_t n;
        if (!rt_str_starts_with(digits, RT_STR("+-")))
            rt_str_skip(&digits, RT_STR("+"));
        if (rt_str_parse_int(digits, &n))
            (void)rt_list_push(numbers, RT(n));
    }
    return numbers;
}

static rt_response *echo_typed(rt_request *req)
{
    return rt_json(req, "n", rt_query_int(req, "n", -1), "ns",
                   int_list(req, "n"), "f", rt_query_float(req, "f", -1.5), "s",
                   query_value(req, "s", "none"));
}

static rt_response *echo_form(rt_request *req)
{
    return rt_json(req, "form", pairs_of(req, rt_form_params(req)));
}

static rt_response *echo_values(rt_request *req)
{
    return rt_json(req, "values", pairs_of(req, rt_values(req)));
}

static rt_value describe_file(rt_request *req, const rt_upload *file)
{
    rt_arena *arena = rt_arena_of(req);
    rt_header_options type = rt_header_options_parse(arena, file->content_type);
    rt_str data;

    rt_status st = rt_file_read(file, arena, &data);
    if (st)
        rt_abort_status(req, st);
    return rt_dict(req, "content_type", text_or_none(file->content_type),
                   "field", text_or_none(file->field), "filename",
                   file->filename, "mimetype", rt_str_lower(arena, type.value),
                   "safe", rt_secure_filename(arena, file->filename), "sha256",
                   rt_digest_hex(arena, RT_SHA256, data), "size", data.len);
}

static rt_response *echo_files(rt_request *req)
{
    rt_value by_field = rt_dict(req), files = rt_list(req);

    rt_vec_each(const rt_upload, file, rt_files(req)) {
        rt_value field = RT(file->field);
        if (!rt_dict_has(by_field, field))
            (void)rt_dict_set(by_field, field, rt_list(req));
        (void)rt_list_push(rt_dict_get(by_field, field),
                           describe_file(req, file));
    }
    rt_list_each(field, sorted_keys(req, by_field)) {
        rt_list_each(file, rt_dict_get(by_field, *field))
            (void)rt_list_push(files, *file);
    }
    return rt_json(req, "files", files, "form",
                   pairs_of(req, rt_form_params(req)));
}

// ---- JSON and bodies ---------------------------------------------------------------

static rt_response *echo_json(rt_request *req)
{
    rt_value value = rt_json_body_as(req, .force = query_is(req, "force", "1"),
                                     .silent = query_is(req, "silent", "1"));
    return rt_json(req, "is_json", rt_is_json(req), "value", value);
}

static rt_response *echo_json_exact(rt_request *req)
{
    return rt_json_value(req, rt_json_body_as(req, .force = true));
}

static rt_response *echo_data(rt_request *req)
{
    rt_arena *arena = rt_arena_of(req);
    rt_str data = rt_body(req);
    return rt_json(req, "sha256", rt_digest_hex(arena, RT_SHA256, data), "size",
                   data.len, "text",
                   rt_utf8_repair(arena, rt_str_slice(data, 0, 200)));
}

static rt_response *echo_stream(rt_request *req)
{
    rt_digester *digester = rt_digester_new(rt_arena_of(req), RT_SHA256);
    uint8_t sum[RT_DIGEST_BYTES_MAX];
    size_t total = 0;
    rt_buf hex;

    for (rt_str piece; (piece = rt_body_read(req)).len > 0; total += piece.len)
        rt_digester_add(digester, piece);
    rt_buf_init(&hex, rt_arena_of(req));
    for (size_t i = 0, n = rt_digester_end(digester, sum); i < n; i++)
        rt_buf_put_hex(&hex, sum[i], 2);
    return rt_json(req, "sha256", rt_buf_str(&hex), "size", total);
}

// Reading the raw body keeps a copy, the form is parsed from the copy.
static rt_response *echo_data_then_form(rt_request *req)
{
    size_t size = rt_body(req).len;
    return rt_json(req, "size", size, "form",
                   pairs_of(req, rt_form_params(req)));
}

// Parsing the form first consumes the body.
static rt_response *echo_form_then_data(rt_request *req)
{
    rt_value form = pairs_of(req, rt_form_params(req));
    return rt_json(req, "size", rt_body(req).len, "form", form);
}

// ---- headers -----------------------------------------------------------------------

static rt_value header(rt_request *req, const char *name)
{
    return RT(rt_header_get(req, name, NULL));
}

static rt_response *echo_header(rt_request *req)
{
    rt_value names = rt_query_all(req, "name"), headers = rt_list(req);

    sort_texts(names);
    rt_list_each(name, names) {
        rt_str value = rt_request_header(req, rt_value_as_str(*name));
        (void)rt_list_push(headers, rt_list(req, *name, text_or_none(value)));
    }
    return rt_json(req, "headers", headers);
}

// Repeated headers as one trimmed list, however the server joins them.
static rt_response *echo_header_list(rt_request *req)
{
    rt_value items = rt_list(req);
    rt_str rest = rt_headers_get_joined(&req->headers, rt_arena_of(req),
                                        RT_STR("X-Many"));

    while (rest.data && (rest.len > 0 || rt_list_len(items) > 0)) {
        bool more = rt_str_find_char(rest, ',') != RT_STR_NONE;
        (void)rt_list_push(items, RT(rt_str_trim(rt_str_cut(&rest, ','))));
        if (!more)
            break;
    }
    return rt_json(req, "items", items);
}

static rt_response *echo_cookies(rt_request *req)
{
    rt_value cookies = rt_cookie_dict(req), pairs = rt_list(req);
    rt_list_each(name, sorted_keys(req, cookies))
        (void)rt_list_push(pairs,
                           rt_list(req, *name, rt_dict_get(cookies, *name)));
    return rt_json(req, "cookies", pairs);
}

static int64_t thousandths(double quality)
{
    int64_t n = (int64_t)(quality * 1000);
    double rest = quality * 1000 - (double)n; // halves go to the even one
    return rest > 0.5 || (rest >= 0.5 && n % 2 == 1) ? n + 1 : n;
}

static rt_value accept_items(rt_request *req, const rt_accept *accept)
{
    rt_value items = rt_list(req);
    for (size_t i = 0; i < accept->len; i++)
        (void)rt_list_push(items,
                           rt_list(req, accept->items[i].value,
                                   thousandths(accept->items[i].quality)));
    return items;
}

static rt_response *echo_accept(rt_request *req)
{
    rt_accept mimes = rt_accept_of(req, RT_ACCEPT_MEDIA);
    rt_accept langs = rt_accept_of(req, RT_ACCEPT_LANGUAGE);
    rt_accept encs = rt_accept_of(req, RT_ACCEPT_ENCODING);

    return rt_json(
        req, "best_mime",
        rt_accept_best(req, "application/json", "text/html", "text/plain"),
        "best_lang",
        rt_accept_best_language(req, "en", "de", "fr-CA", "zh-Hans"),
        "best_enc", rt_accept_best_encoding(req, "gzip", "br", "identity"),
        "html", rt_accept_html(&mimes), "json", rt_accept_json(&mimes), "xhtml",
        rt_accept_xhtml(&mimes), "mimes", accept_items(req, &mimes), "langs",
        accept_items(req, &langs), "encs", accept_items(req, &encs), "q_plain",
        thousandths(rt_accept_quality(&mimes, RT_STR("text/plain"))));
}

// Credentials of Basic are parameters here, as they are in Flask.
static rt_response *echo_auth(rt_request *req)
{
    const rt_auth *auth = rt_authorization(req);
    rt_value params = rt_dict(req), pairs = rt_list(req);

    if (!auth)
        return rt_json(req, "auth", rt_value_none());
    if (rt_str_eq(auth->scheme, RT_STR("basic")))
        params = rt_dict(req, "username", auth->username, "password",
                         auth->password);
    for (size_t i = 0; i < auth->params.len; i++)
        (void)rt_dict_set_str(params, auth->params.items[i].name,
                              text_or_none(auth->params.items[i].value));
    rt_list_each(key, sorted_keys(req, params))
        (void)rt_list_push(pairs,
                           rt_list(req, *key, rt_dict_get(params, *key)));
    return rt_json(req, "auth",
                   rt_dict(req, "type", auth->scheme, "token",
                           text_or_none(auth->token), "parameters", pairs));
}

static rt_value range_items(rt_request *req, const rt_range *range)
{
    rt_value items = rt_list(req);
    for (size_t i = 0; i < range->len; i++) {
        const rt_range_item *r = &range->items[i];
        (void)rt_list_push(items,
                           rt_list(req, r->start,
                                   r->end < 0 ? rt_value_none() : RT(r->end)));
    }
    return items;
}

// What a single range is of a thousand bytes, where it lies inside of them.
static rt_value range_of_1000(rt_request *req, const rt_range *range)
{
    int64_t start = range->items[0].start, end = range->items[0].end;

    if (range->len != 1 || !rt_str_eq(range->unit, RT_STR("bytes")))
        return rt_value_none();
    start = start < 0 ? start + 1000 : start;
    end = end < 0 || end > 1000 ? 1000 : end;
    return start >= 0 && start < end ? rt_list(req, start, end)
                                     : rt_value_none();
}

static rt_value if_range(rt_request *req)
{
    rt_str header = rt_request_header(req, RT_STR("If-Range"));
    int64_t us = rt_header_date(req, "If-Range");
    rt_etag tag = rt_etag_parse(header);
    rt_value none = rt_value_none();

    if (us != INT64_MIN)
        return rt_dict(req, "etag", none, "date", date_or_none(req, RT_OK, us));
    return rt_dict(req, "etag", tag.weak ? none : text_or_none(tag.opaque),
                   "date", none);
}

static rt_response *echo_range(rt_request *req)
{
    rt_range range;
    rt_str header = rt_request_header(req, RT_STR("Range"));
    bool none =
        rt_range_parse(rt_arena_of(req), header, &range) || !range.is_ordered;

    return rt_json(req, "range",
                   none ? rt_value_none()
                        : rt_dict(req, "units", range.unit, "ranges",
                                  range_items(req, &range)),
                   "for_1000",
                   none ? rt_value_none() : range_of_1000(req, &range),
                   "if_range", if_range(req));
}

static rt_value tags(rt_request *req, const char *name)
{
    rt_etags etags =
        rt_etags_parse(rt_arena_of(req),
                       rt_headers_get_joined(&req->headers, rt_arena_of(req),
                                             rt_str_from(name)));
    rt_value strong = rt_dict(req), weak = rt_dict(req);

    for (size_t i = 0; i < etags.len; i++)
        if (!etags.items[i].weak)
            (void)rt_dict_set_str(strong, etags.items[i].opaque, RT(true));
    for (size_t i = 0; i < etags.len; i++)
        if (etags.items[i].weak &&
            !rt_dict_has(strong, RT(etags.items[i].opaque)))
            (void)rt_dict_set_str(weak, etags.items[i].opaque, RT(true));
    return rt_dict(req, "strong", sorted_keys(req, strong), "weak",
                   sorted_keys(req, weak), "star", etags.star);
}

static rt_value date_header(rt_request *req, const char *name)
{
    int64_t us = rt_header_date(req, name);
    return date_or_none(req, us == INT64_MIN ? RT_E_SYNTAX : RT_OK, us);
}

static rt_response *echo_conditions(rt_request *req)
{
    return rt_json(req, "if_match", tags(req, "If-Match"), "if_none_match",
                   tags(req, "If-None-Match"), "if_modified_since",
                   date_header(req, "If-Modified-Since"), "if_unmodified_since",
                   date_header(req, "If-Unmodified-Since"));
}

static rt_value seconds(rt_seconds s)
{
    if (!s.is_set)
        return rt_value_none();
    return RT(s.count);
}

static rt_response *echo_cache_control(rt_request *req)
{
    rt_cache_directives c = rt_cache_control_parse(
        rt_arena_of(req), rt_headers_get_joined(&req->headers, rt_arena_of(req),
                                                RT_STR("Cache-Control")));
    return rt_json(req, "max_age", seconds(c.max_age), "max_stale",
                   c.max_stale.count == RT_SECONDS_ANY ? RT(true)
                                                       : seconds(c.max_stale),
                   "min_fresh", seconds(c.min_fresh), "no_cache", c.no_cache,
                   "no_store", c.no_store, "no_transform", c.no_transform,
                   "only_if_cached", c.only_if_cached);
}

static rt_value header_set(rt_request *req, const char *name)
{
    rt_str value = rt_request_header(req, rt_str_from(name));
    rt_value set = rt_dict(req);
    if (!value.data)
        return rt_value_none();
    rt_header_list members = rt_header_list_parse(rt_arena_of(req), value);
    rt_vec_each(rt_str, member, &members)
        (void)rt_dict_set_str(set, rt_str_lower(rt_arena_of(req), *member),
                              RT(true));
    return sorted_keys(req, set);
}

static rt_response *echo_agent(rt_request *req)
{
    int64_t forwards = rt_header_int(req, "Max-Forwards", INT64_MIN);

    return rt_json(req, "agent", rt_header_get(req, "User-Agent", ""),
                   "cors_headers",
                   header_set(req, "Access-Control-Request-Headers"),
                   "cors_method", header(req, "Access-Control-Request-Method"),
                   "date", date_header(req, "Date"), "max_forwards",
                   forwards == INT64_MIN ? rt_value_none() : RT(forwards),
                   "origin", header(req, "Origin"), "referrer",
                   header(req, "Referer"));
}

static rt_response *echo_route(rt_request *req)
{
    return rt_json(req, "access_route", rt_access_route(req), "host",
                   rt_host(req), "remote_addr", rt_remote_addr(req),
                   "root_path", rt_script_root(req), "scheme", rt_scheme(req),
                   "url", rt_url(req));
}

static rt_response *echo_method(rt_request *req)
{
    return rt_html_as_is(req, rt_str_from(rt_method_of(req)));
}

rt_blueprint *echo_blueprint(void)
{
    rt_blueprint *bp = rt_blueprint_new("echo", .url_prefix = "/echo");

    rt_route(bp, "/request", echo_request, .methods = ALL);
    rt_route(bp, "/request/<path:rest>", echo_request, .methods = ALL);
    rt_get(bp, "/args", echo_args);
    rt_get(bp, "/typed", echo_typed);
    rt_route(bp, "/form", echo_form, .methods = "POST PUT PATCH");
    rt_route(bp, "/values", echo_values, .methods = "GET POST");
    rt_route(bp, "/files", echo_files, .methods = "POST PUT");
    rt_route(bp, "/json", echo_json, .methods = "GET POST");
    rt_post(bp, "/json-exact", echo_json_exact);
    rt_route(bp, "/data", echo_data, .methods = ALL);
    rt_post(bp, "/stream", echo_stream);
    rt_post(bp, "/data-then-form", echo_data_then_form);
    rt_post(bp, "/form-then-data", echo_form_then_data);
    rt_get(bp, "/header", echo_header);
    rt_get(bp, "/header-list", echo_header_list);
    rt_get(bp, "/cookies", echo_cookies);
    rt_get(bp, "/accept", echo_accept);
    rt_get(bp, "/auth", echo_auth);
    rt_get(bp, "/range", echo_range);
    rt_get(bp, "/conditions", echo_conditions);
    rt_get(bp, "/cache-control", echo_cache_control);
    rt_get(bp, "/agent", echo_agent);
    rt_get(bp, "/route", echo_route);
    rt_route(bp, "/method", echo_method,
             .methods = "GET POST PUT PATCH DELETE PURGE");
    return bp;
}
