// The names of requests, and what logs say of the one that is answered.
#include <unistd.h>

#include <retort/crypto/random.h>

#include "app/app.h"

// Longer ones are made anew, as they would fill the log.
#define ID_BYTES_MAX 128

static bool is_id_char(char c)
{
    return rt_is_alpha(c) || rt_is_digit(c) ||
           (c && strchr("-_.:+/=@", c) != NULL);
}

static bool is_id(rt_str id)
{
    if (!id.len || id.len > ID_BYTES_MAX)
        return false;
    for (size_t i = 0; i < id.len; i++)
        if (!is_id_char(id.data[i]))
            return false;
    return true;
}

void rt__request_id_take(rt_request *req)
{
    rt_str id = rt_request_header(req, RT_STR("X-Request-Id"));
    if (!req->id.len && is_id(id))
        req->id = rt_str_copy(req->arena, id);
}

// Random for each process, then counted: unique and cheap, not secret.
static rt_str make_id(rt_arena *arena)
{
    static uint32_t start, count;
    static pid_t owner;
    char text[20];
    if (owner != getpid()) {
        owner = getpid();
        rt_random_fill(&start, sizeof start);
    }
    snprintf(text, sizeof text, "%08x-%06x", start, ++count);
    return rt_str_copy(arena, rt_str_from(text));
}

const char *rt_request_id(rt_request *req)
{
    if (!req->id.len)
        req->id = make_id(req->arena);
    return req->id.data;
}

static size_t say_request(rt_arena *arena, rt_pair *fields)
{
    rt_request *req = rt_request_current();
    if (!req)
        return 0;
    rt_str path = rt_str_concat(arena, req->script_root, req->path);
    fields[0] = (rt_pair){"method", rt_value_str(req->method_text)};
    fields[1] = (rt_pair){"path", rt_value_str(path)};
    fields[2] = (rt_pair){"request_id", RT(rt_request_id(req))};
    return 3;
}

void rt__log_context_install(void)
{
    rt_log_set_context(say_request);
}
