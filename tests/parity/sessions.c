// /s: sessions and flashed messages.
#include <string.h>

#include "parity.h"

static rt_response *sess_untouched(rt_request *req)
{
    return rt_html(req, "untouched");
}

static rt_response *sess_get(rt_request *req)
{
    rt_value session = rt_session(req), shown = rt_dict(req);
    rt_list_each(key, sorted_keys(req, session)) {
        if (!rt_str_starts_with(rt_value_as_str(*key), RT_STR("_")))
            (void)rt_dict_set(shown, *key, rt_dict_get(session, *key));
    }
    return rt_json_value(req, shown);
}

static rt_response *sess_has(rt_request *req)
{
    return rt_json(req, "has", rt_session_has(req, rt_query_get(req, "k", "")));
}

static rt_response *sess_state(rt_request *req)
{
    return rt_json(req, "new", rt_session_is_new(req), "permanent",
                   rt_session_is_permanent(req), "empty",
                   (bool)!rt_value_is_true(rt_session(req)));
}

static rt_response *sess_set(rt_request *req)
{
    rt_value body = rt_json_body(req);
    if (rt_value_kind(body) != RT_DICT)
        rt_raise(req, &unhandled_error, "no object");
    rt_list_each(key, sorted_keys(req, body))
        rt_session_set(req, rt_value_as_cstr(rt_arena_of(req), *key),
                       rt_dict_get(body, *key));
    return rt_html(req, "stored");
}

static rt_response *sess_pop(rt_request *req, const char *key)
{
    rt_value popped = rt_session_pop(req, key);
    return rt_json(req, "popped",
                   rt_value_is_undefined(popped) ? rt_value_none() : popped);
}

static rt_response *sess_clear(rt_request *req)
{
    rt_session_clear(req);
    return rt_html(req, "cleared");
}

static rt_response *sess_permanent(rt_request *req, int64_t flag)
{
    rt_session_set_permanent(req, flag != 0);
    return rt_html_as_is(req, flag ? RT_STR("permanent") : RT_STR("transient"));
}

// Changes a nested list; stored only when ?mark=1 says so.
static rt_response *sess_append(rt_request *req, const char *item)
{
    if (!rt_session_has(req, "basket"))
        rt_session_set(req, "basket", rt_list(req));
    rt_value basket = rt_session_get(req, "basket");
    if (rt_list_push(basket, RT(item)))
        rt_raise(req, &unhandled_error, "the basket is no list");
    if (query_is(req, "mark", "1"))
        rt_session_set_modified(req);
    return rt_json(req, "basket", basket);
}

static rt_response *sess_quiet_append(rt_request *req, const char *item)
{
    rt_value basket = rt_session_get(req, "basket");
    if (rt_value_is_undefined(basket))
        basket = rt_value_none();
    else if (rt_list_push(basket, RT(item)))
        rt_raise(req, &unhandled_error, "the basket is no list");
    if (query_is(req, "mark", "1"))
        rt_session_set_modified(req);
    return rt_json(req, "basket", basket);
}

// ---- types ---------------------------------------------------------------------

static rt_value tuple(rt_request *req, rt_value items)
{
    return rt_tuple_of(rt_arena_of(req), rt_list_items(items),
                       rt_list_len(items));
}

static rt_response *sess_types(rt_request *req)
{
    static const uint8_t uuid[16] = {0x12, 0x34, 0x56, 0x78, 0x12, 0x34,
                                     0x56, 0x78, 0x12, 0x34, 0x56, 0x78,
                                     0x12, 0x34, 0x56, 0x78};
    rt_value inner = tuple(req, rt_list(req, 3.5, rt_value_none()));

    rt_session_set(req, "tuple", tuple(req, rt_list(req, 1, "two", inner)));
    rt_session_set(req, "bytes", rt_value_bytes("\x00\x01\xfe", 3));
    rt_session_set(req, "moment", rt_value_date(FIXED_TIME));
    rt_session_set(req, "id", rt_value_uuid(uuid));
    rt_session_set(req, "html", rt_value_safe(RT_STR("<i>x</i>")));
    rt_session_set(req, "tagged", rt_dict(req, " t", "not a tuple"));
    rt_session_set(req, "plain",
                   rt_dict(req, "a",
                           rt_list(req, 1, true, rt_value_none(), "\u00e9")));
    return rt_html(req, "stored");
}

static rt_value kind_of(rt_request *req, rt_value value);

static rt_value kinds_of_items(rt_request *req, rt_value list)
{
    rt_value kinds = rt_list(req);
    rt_list_each(item, list)
        (void)rt_list_push(kinds, kind_of(req, *item));
    return kinds;
}

static rt_value kinds_of_entries(rt_request *req, rt_value dict)
{
    rt_value kinds = rt_list(req);
    rt_list_each(key, sorted_keys(req, dict))
        (void)rt_list_push(
            kinds, rt_list(req, *key, kind_of(req, rt_dict_get(dict, *key))));
    return kinds;
}

static rt_str hex_of(rt_request *req, rt_str bytes)
{
    rt_buf hex;
    rt_buf_init(&hex, rt_arena_of(req));
    for (size_t i = 0; i < bytes.len; i++)
        rt_buf_put_hex(&hex, (unsigned char)bytes.data[i], 2);
    return rt_buf_str(&hex);
}

static rt_value kind_of(rt_request *req, rt_value value)
{
    switch (rt_value_kind(value)) {
    case RT_TUPLE: return rt_list(req, "tuple", kinds_of_items(req, value));
    case RT_LIST: return rt_list(req, "list", kinds_of_items(req, value));
    case RT_DICT: return rt_list(req, "dict", kinds_of_entries(req, value));
    case RT_SAFE: return rt_list(req, "markup", rt_value_as_str(value));
    case RT_BYTES:
        return rt_list(req, "bytes", hex_of(req, rt_value_as_str(value)));
    case RT_UUID:
        return rt_list(req, "uuid", rt_value_text(rt_arena_of(req), value));
    case RT_DATE:
        return rt_list(req, "datetime",
                       rt_http_date_dump(rt_arena_of(req), value.as.date_us));
    case RT_NONE: return rt_list(req, "null");
    default: return rt_list(req, rt_kind_name(rt_value_kind(value)), value);
    }
}

static rt_response *sess_kinds(rt_request *req)
{
    return rt_json_value(req, kinds_of_entries(req, rt_session(req)));
}

// ---- flashes -------------------------------------------------------------------

static const char *values_get(rt_request *req, const char *name,
                              const char *otherwise)
{
    rt_str value = rt_params_get(rt_values(req), rt_str_from(name));
    return value.data ? rt_str_cstr(rt_arena_of(req), value) : otherwise;
}

static rt_response *sess_flash(rt_request *req)
{
    const char *category = values_get(req, "c", "message");
    size_t at = 0;
    for (const rt_param *p;
         (p = rt_params_next(rt_values(req), RT_STR("m"), &at));)
        rt_flash(req, p->value, .category = category);
    return rt_redirect(req, rt_url_for(req, ".sess_flashes"));
}

static rt_response *sess_flashes(rt_request *req)
{
    rt_value only = rt_query_all(req, "only");
    size_t n = rt_list_len(only);
    const char **categories = rt_new(rt_arena_of(req), const char *, n + 1);
    for (size_t i = 0; i < n; i++)
        categories[i] =
            rt_value_as_cstr(rt_arena_of(req), rt_list_get(only, (int64_t)i));

    rt_value first = rt_flashed(req, .with_categories = true,
                                .categories = n > 0 ? categories : NULL);
    return rt_json(req, "first", first, "again", rt_flashed(req));
}

static rt_response *sess_login(rt_request *req)
{
    if (!rt_is_post(req))
        return rt_render(req, "login.html");
    const char *user = rt_form(req, "user");
    rt_session_set(req, "user", user);
    rt_flash(req, rt_format(rt_arena_of(req), "Welcome {}", user),
             .category = "info");
    return rt_redirect(req, rt_url_for(req, "t.page", "name", user));
}

rt_blueprint *sessions_blueprint(void)
{
    rt_blueprint *bp = rt_blueprint_new("s", .url_prefix = "/s");

    rt_get(bp, "/untouched", sess_untouched);
    rt_get(bp, "/get", sess_get);
    rt_get(bp, "/has", sess_has);
    rt_get(bp, "/state", sess_state);
    rt_post(bp, "/set", sess_set);
    rt_get(bp, "/pop/<key>", sess_pop);
    rt_get(bp, "/clear", sess_clear);
    rt_get(bp, "/permanent/<int:flag>", sess_permanent);
    rt_get(bp, "/append/<item>", sess_append);
    rt_get(bp, "/quiet-append/<item>", sess_quiet_append);
    rt_get(bp, "/types", sess_types);
    rt_get(bp, "/kinds", sess_kinds);
    rt_route(bp, "/flash", sess_flash, .methods = "GET POST");
    rt_get(bp, "/flashes", sess_flashes);
    rt_route(bp, "/login", sess_login, .methods = "GET POST");
    return bp;
}
