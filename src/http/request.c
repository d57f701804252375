#include "retort/http/request.h"

#include <assert.h>

#include <retort/http/percent.h>

rt_status rt_request_read_body(rt_request *request, rt_str *piece)
{
    assert(piece);
    *piece = (rt_str){"", 0};
    if (!request->body || request->body_ended)
        return RT_OK;
    request->body_started = true;
    rt_status st = request->body->read(request, piece);
    if (st == RT_OK && piece->len == 0)
        request->body_ended = true;
    return st;
}

#define FIRST_BYTES     ((size_t)64 * 1024)
#define FIRST_BYTES_MAX ((size_t)4 * 1024 * 1024)

// How much room to make for a body of which `need` bytes are known. What a client
// announces is taken at its word only when some of it has come.
static size_t room_for(int64_t announced, const rt_buf *all, size_t need)
{
    if (announced <= 0 || need >= (uint64_t)announced)
        return need;
    uint64_t whole = (uint64_t)announced;
    size_t room = all->cap * 8;
    if (!all->cap) {
        room = whole / 8 < FIRST_BYTES_MAX ? whole / 8 : FIRST_BYTES_MAX;
        if (room < FIRST_BYTES)
            room = FIRST_BYTES;
    }
    if (room < need)
        room = need;
    return room < whole ? room : whole;
}

static rt_status make_room(rt_request *request, rt_buf *all, size_t more)
{
    size_t need = all->len + more;
    if (need < all->cap)
        return RT_OK;
    size_t room = room_for(request->content_length, all, need);
    if (room < 2 * all->cap && request->content_length <= 0)
        room = 2 * all->cap; // as a buffer grows
    if (request->body->reserve) {
        rt_status st = request->body->reserve(request, room + 1);
        if (st)
            return st;
    }
    rt_buf_reserve(all, room - all->len);
    return RT_OK;
}

rt_status rt_request_read_all(rt_request *request, rt_str *out)
{
    rt_buf all;
    rt_buf_init(&all, request->arena);
    if (request->content_length > 0 &&
        (uint64_t)request->content_length > request->max_body)
        return RT_E_LIMIT;
    for (;;) {
        rt_str piece;
        rt_status st = rt_request_read_body(request, &piece);
        if (st)
            return st;
        if (piece.len == 0)
            break;
        st = make_room(request, &all, piece.len);
        if (st)
            return st;
        rt_buf_put(&all, piece);
    }
    *out = rt_buf_str(&all);
    return RT_OK;
}

void rt_request_set_target(rt_request *request, rt_str target)
{
    request->target = target;
    rt_str rest = target;
    rt_str path = rt_str_cut(&rest, '?');
    request->has_query = rest.data != NULL;
    request->query = rest.data ? rest : (rt_str){"", 0};
    request->raw_path = path;
    request->path = rt_percent_decode_path(request->arena, path);
}

rt_str rt_request_header(const rt_request *request, rt_str name)
{
    return rt_headers_get(&request->headers, name);
}

static rt_request_finder *current_finder;

rt_request_finder *rt_request_set_finder(rt_request_finder *finder)
{
    rt_request_finder *before = current_finder;
    current_finder = finder;
    return before;
}

rt_request *rt_request_current(void)
{
    return current_finder ? current_finder() : NULL;
}
