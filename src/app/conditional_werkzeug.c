// Whether a client's copy is good, as Werkzeug decides it: what an application
// with WERKZEUG_CONDITIONS asks for. It differs from RFC 9110 where docs/parity.md
// says so.
//
// Follows werkzeug.sansio.http.is_resource_modified.
#include <retort/base/time.h>
#include <retort/http/date.h>

#include "app/app.h"
#include "app/conditional.h"

static rt_etags read_tags(const rt_request *req, const char *name)
{
    rt_str header =
        rt_headers_get_joined(&req->headers, req->arena, rt_str_from(name));
    return rt_etags_parse(req->arena, header);
}

static bool is_any(const rt_etags *tags)
{
    return tags->star || tags->len > 0;
}

// Whether the tag is in the list; of weak tags there only `with_weak`.
static bool have(const rt_etags *tags, rt_etag tag, bool with_weak)
{
    for (size_t i = 0; i < tags->len; i++)
        if (rt_str_eq(tags->items[i].opaque, tag.opaque) &&
            (with_weak || !tags->items[i].weak))
            return true;
    return false;
}

// Whether the date of the request, in If-Range or If-Modified-Since, is not
// before that of the response.
static bool is_as_old(const rt_request *req, const rt_validators *current,
                      const rt_if_range *range, int64_t now_us)
{
    rt_str since = rt_request_header(req, RT_STR("If-Modified-Since"));
    int64_t us = range->date_us;
    if (!range->has_date && rt_http_date_parse(since, now_us, &us))
        return false;
    return current->has_modified &&
           current->modified_us / RT_TIME_SECOND <= us / RT_TIME_SECOND;
}

bool rt__werkzeug_has_if_match(const rt_request *req)
{
    rt_etags tags = read_tags(req, "If-Match");
    return is_any(&tags);
}

bool rt__werkzeug_is_unmodified(const rt_request *req,
                                const rt_validators *current, bool by_range,
                                int64_t now_us)
{
    rt_if_range range = {0};
    if (by_range)
        range = rt_if_range_parse(rt_request_header(req, RT_STR("If-Range")),
                                  now_us);
    bool unmodified = is_as_old(req, current, &range, now_us);
    if (!current->etag.opaque.data)
        return unmodified;
    if (range.etag.opaque.data) {
        rt_etags tags = rt_etags_parse(req->arena, range.etag.opaque);
        return tags.star || have(&tags, current->etag, false);
    }
    rt_etags none_match = read_tags(req, "If-None-Match");
    if (is_any(&none_match))
        unmodified = none_match.star || have(&none_match, current->etag, true);
    rt_etags match = read_tags(req, "If-Match");
    if (is_any(&match)) // a star is no tag, so that it fails
        unmodified = !have(&match, current->etag, false);
    return unmodified;
}
