#include "retort/app/flash.h"

#include <retort/app/template.h>

#include "app/app.h"
#include "app/failure.h"

void rt_flash_value(rt_request *req, rt_value message,
                    const rt_flash_options *options)
{
    const char *category = options->category ? options->category : "message";
    rt_value both[] = {rt_value_cstr(category), message};
    rt_value flashes = rt_session_get(req, "_flashes");

    if (flashes.kind != RT_LIST)
        flashes = rt_list_new(req->arena);
    rt_value copy = rt_value_copy(req->arena, rt_tuple_of(req->arena, both, 2));
    // Without a key this fails, before anything else can.
    rt_session_set_value(req, "_flashes", flashes, options->site);
    if (rt_list_push(flashes, copy))
        rt__fail(req, "the session cannot take {!r}", message);
    rt__context *ctx = rt__context_of(req);
    rt__signal_send(ctx, RT_MESSAGE_FLASHED, .message = message,
                    .category = category);
}

// The messages of this request.
static rt_value take(rt_request *req)
{
    rt__context *ctx = rt__context_of(req);
    if (!rt_value_is_undefined(ctx->flashes))
        return ctx->flashes;
    ctx->flashes = rt_session_has(req, "_flashes")
                       ? rt_session_pop(req, "_flashes")
                       : rt_list_new(req->arena);
    return ctx->flashes;
}

// True when a filter of the template function has the category: none has all, a
// text those it contains, as Python's `in` has it.
static bool has_category(rt_value filter, rt_value category)
{
    if (!rt_value_is_true(filter))
        return true;
    if (rt_value_is_text(filter)) {
        return rt_str_find(rt_value_as_str(filter),
                           rt_value_as_str(category)) != RT_STR_NONE;
    }
    rt_list_each(item, filter)
        if (rt_value_equal(*item, category))
            return true;
    return false;
}

// What is no pair of category and message, a foreign program's say, is left out.
static rt_value select(rt_request *req, bool with_categories, rt_value filter)
{
    rt_value out = rt_list_new(req->arena);
    rt_list_each(flash, take(req)) {
        if (rt_list_len(*flash) < 2 ||
            !has_category(filter, rt_list_get(*flash, 0)))
            continue;
        (void)!rt_list_push(out,
                            with_categories ? *flash : rt_list_get(*flash, 1));
    }
    return out;
}

rt_value rt_flashed_list(rt_request *req, const rt_flashed_options *options)
{
    rt_value filter = rt_list_new(req->arena);
    for (const char *const *c = options->categories; c && *c; c++)
        (void)!rt_list_push(filter, rt_value_cstr(*c));
    return select(req, options->with_categories, filter);
}

rt_status rt__call_flashed(rt_template_call *call, rt_value *out)
{
    rt_value with = rt_value_undefined(), filter = rt_value_undefined();
    if (call->args_len > 0)
        with = call->args[0];
    if (call->args_len > 1)
        filter = call->args[1];
    for (size_t i = 0; i < call->named_len; i++) {
        const char *name = call->named[i].name;
        if (strcmp(name, "with_categories") == 0) {
            with = call->named[i].value;
        } else if (strcmp(name, "category_filter") == 0) {
            filter = call->named[i].value;
        } else {
            return rt_template_fail(call, RT_TEMPLATE_TYPE_ERROR,
                                    "get_flashed_messages() takes "
                                    "with_categories and category_filter");
        }
    }
    *out = select(rt_template_request(call), rt_value_is_true(with), filter);
    return RT_OK;
}
