// Errors of a render, and the budgets that end it.
#include "template/env.h"
#include "template/runtime.h"

// The status beside an error: callers look at the error for what it was.
static rt_status status_of(rt_template_error_kind kind)
{
    switch (kind) {
    case RT_TEMPLATE_NOT_FOUND:
    case RT_TEMPLATES_NOT_FOUND: return RT_E_NOT_FOUND;
    case RT_TEMPLATE_SYNTAX_ERROR:
    case RT_TEMPLATE_ASSERTION_ERROR: return RT_E_SYNTAX;
    case RT_TEMPLATE_LIMIT_ERROR: return RT_E_LIMIT;
    case RT_TEMPLATE_SECURITY_ERROR: return RT_E_ACCESS;
    case RT_TEMPLATE_TYPE_ERROR: return RT_E_TYPE;
    default: return RT_E_RANGE;
    }
}

rt_status rt__raise_text(rt_render *r, rt_template_error_kind kind, rt_str text)
{
    if (r->error.kind == RT_TEMPLATE_OK) {
        r->error.kind = kind;
        r->error.message = text;
    }
    return status_of(kind);
}

rt_status rt__raise_values(rt_render *r, rt_template_error_kind kind,
                           const char *format, const rt_value *values, size_t n)
{
    rt_buf buf;

    if (r->error.kind != RT_TEMPLATE_OK)
        return status_of(kind);
    rt_buf_init(&buf, r->arena);
    buf.limit = RT__MESSAGE_BYTES_MAX; // a value's repr may be endless
    rt_buf_format_values(&buf, format, values, n);
    return rt__raise_text(r, kind, rt_buf_str(&buf));
}

rt_status rt__step_failed(rt_render *r)
{
    r->steps_left = 0;
    return rt__raise(r, RT_TEMPLATE_LIMIT_ERROR, "too many steps");
}

rt_status rt__memory_failed(rt_render *r)
{
    return rt__raise(r, RT_TEMPLATE_LIMIT_ERROR,
                     "the render uses more than {} bytes of memory",
                     (uint64_t)r->env->options.limits.memory_bytes);
}

rt_status rt__check_text(rt_render *r, size_t bytes)
{
    if (bytes > RT__TEXT_BYTES_MAX) {
        return rt__raise(r, RT_TEMPLATE_LIMIT_ERROR,
                         "text longer than {} bytes", RT__TEXT_BYTES_MAX);
    }
    rt_status st = rt__check_memory(r, bytes);
    return st ? st : rt__step(r, bytes / 64);
}

rt_status rt__check_items(rt_render *r, size_t items)
{
    if (items > RT__LIST_ITEMS_MAX) {
        return rt__raise(r, RT_TEMPLATE_LIMIT_ERROR,
                         "a list of more than {} elements", RT__LIST_ITEMS_MAX);
    }
    rt_status st = rt__check_memory(r, items * sizeof(rt_value));
    return st ? st : rt__step(r, items);
}

void rt__buf_limit_memory(rt_render *r, rt_buf *buf)
{
    size_t used = rt_arena_bytes(r->arena);
    size_t left = r->memory_max > used ? r->memory_max - used : 0;

    // One that grows leaves behind what it had before, which is as much again.
    if (left / 2 < buf->limit)
        buf->limit = left / 2 + 1;
}

rt_status rt__buf_status(rt_render *r, const rt_buf *buf)
{
    switch (buf->status) {
    case RT_OK: return RT_OK;
    case RT_E_LIMIT:
        if (r->memory_max && buf->limit != RT__TEXT_BYTES_MAX &&
            buf->limit != r->env->options.limits.output_bytes)
            return rt__memory_failed(r);
        return rt__raise(r, RT_TEMPLATE_LIMIT_ERROR,
                         "text longer than {} bytes", buf->limit);
    case RT_E_RANGE: // what an integer does that is too long (bigint.c)
        return rt__raise(r, RT_TEMPLATE_VALUE_ERROR,
                         "Exceeds the limit ({} digits) for integer string "
                         "conversion",
                         RT__INT_DIGITS_MAX);
    default:
        return rt__raise(r, RT_TEMPLATE_RUNTIME_ERROR, "{}",
                         rt_status_text(buf->status));
    }
}
