// Helpers of several parts.
#include "parity.h"

const rt_error_kind parity_error = {"ParityError", NULL};
const rt_error_kind narrow_parity_error = {"NarrowParityError", &parity_error};
const rt_error_kind unhandled_error = {"UnhandledError", NULL};

void sort_texts(rt_value list)
{
    for (size_t i = 1; i < rt_list_len(list); i++) {
        rt_value item = rt_list_get(list, (int64_t)i);
        int64_t at = (int64_t)i;
        for (; at > 0; at--) {
            rt_value before = rt_list_get(list, at - 1);
            if (rt_str_compare(rt_value_as_str(before),
                               rt_value_as_str(item)) <= 0)
                break;
            (void)rt_list_set(list, at, before);
        }
        (void)rt_list_set(list, at, item);
    }
}

rt_value sorted_keys(rt_request *req, rt_value dict)
{
    rt_value keys = rt_list(req);
    rt_dict_each(entry, dict)
        (void)rt_list_push(keys, entry->key);
    sort_texts(keys);
    return keys;
}

rt_value pairs_of(rt_request *req, const rt_params *params)
{
    rt_value all = rt_dict(req), pairs = rt_list(req);

    for (size_t i = 0; i < params->len; i++) {
        rt_value name = RT(params->items[i].name);
        if (!rt_dict_has(all, name))
            (void)rt_dict_set(all, name, rt_list(req));
        (void)rt_list_push(rt_dict_get(all, name), RT(params->items[i].value));
    }
    rt_list_each(key, sorted_keys(req, all))
        (void)rt_list_push(pairs, rt_list(req, *key, rt_dict_get(all, *key)));
    return pairs;
}

rt_value query_value(rt_request *req, const char *name, const char *otherwise)
{
    rt_str value = rt_params_get(rt_query_params(req), rt_str_from(name));
    return value.data ? RT(value) : RT(otherwise);
}

bool query_is(rt_request *req, const char *name, const char *text)
{
    rt_str value = rt_params_get(rt_query_params(req), rt_str_from(name));
    return value.data && rt_str_eq(value, rt_str_from(text));
}

rt_value text_or_none(rt_str text)
{
    return text.data ? RT(text) : rt_value_none();
}

rt_value date_or_none(rt_request *req, rt_status found, int64_t us)
{
    return found ? rt_value_none()
                 : RT(rt_http_date_dump(rt_arena_of(req), us));
}

// ---- the request ----------------------------------------------------------------

// Bytes as they would be text in ISO-8859-1.
static rt_str latin1(rt_request *req, rt_str bytes)
{
    rt_buf text;
    rt_buf_init(&text, rt_arena_of(req));
    for (size_t i = 0; i < bytes.len; i++)
        rt_buf_put_rune(&text, (unsigned char)bytes.data[i]);
    return rt_buf_str(&text);
}

static rt_value length_or_none(rt_request *req)
{
    int64_t length = rt_content_length(req);
    return length < 0 ? rt_value_none() : RT(length);
}

rt_response *describe_request(rt_request *req)
{
    rt_str type = rt_request_header(req, RT_STR("Content-Type"));
    return rt_json(req, "base_url", rt_base_url(req), "blueprint",
                   rt_blueprint_of(req), "content_length", length_or_none(req),
                   "content_type", text_or_none(type), "endpoint",
                   rt_endpoint(req), "full_path", rt_full_path(req), "host",
                   rt_host(req), "host_url", rt_host_url(req), "is_json",
                   rt_is_json(req), "is_secure", rt_is_secure(req), "method",
                   rt_method_of(req), "mimetype", rt_mimetype(req),
                   "mimetype_params", rt_mimetype_params(req), "path",
                   rt_path(req), "query_string", latin1(req, req->query),
                   "remote_addr", rt_remote_addr(req), "root_path",
                   rt_script_root(req), "root_url", rt_root_url(req), "rule",
                   rt_rule(req), "scheme", rt_scheme(req), "url", rt_url(req),
                   "view_args", rt_view_args(req));
}
