#include "retort/http/conditional.h"

#include <retort/base/time.h>
#include <retort/http/date.h>

static bool read_date(const rt_request *request, rt_str name, int64_t now_us,
                      int64_t *out_us)
{
    rt_str text = rt_request_header(request, name);
    return text.data && rt_http_date_parse(text, now_us, out_us) == RT_OK;
}

static int64_t seconds(int64_t us)
{
    int64_t s = us / RT_TIME_SECOND;
    return us % RT_TIME_SECOND < 0 ? s - 1 : s;
}

// True when it has not changed after `date_us`.
static bool is_unmodified_since(const rt_validators *current, int64_t date_us)
{
    return seconds(current->modified_us) <= seconds(date_us);
}

// The tags of all lines of that name; false when there is none.
static bool read_tags(const rt_request *request, rt_str name, rt_etags *out)
{
    rt_str header =
        rt_headers_get_joined(&request->headers, request->arena, name);
    if (header.len == 0)
        return false;
    *out = rt_etags_parse(request->arena, header);
    return true;
}

// Steps 1 and 2: may this be done to what is there?
static bool may_proceed(const rt_request *request, const rt_validators *current,
                        int64_t now_us)
{
    rt_etags tags;
    int64_t date_us;

    if (read_tags(request, RT_STR("If-Match"), &tags)) {
        if (!current)
            return false;
        return tags.star || rt_etags_have_strong(&tags, current->etag);
    }
    if (current && current->has_modified &&
        read_date(request, RT_STR("If-Unmodified-Since"), now_us, &date_us))
        return is_unmodified_since(current, date_us);
    return true;
}

// Steps 3 and 4: is it what the client has already?
static bool is_known(const rt_request *request, const rt_validators *current,
                     bool is_read, int64_t now_us)
{
    rt_etags tags;
    int64_t date_us;

    if (!current)
        return false;
    if (read_tags(request, RT_STR("If-None-Match"), &tags))
        return tags.star || rt_etags_have_weak(&tags, current->etag);
    if (is_read && current->has_modified &&
        read_date(request, RT_STR("If-Modified-Since"), now_us, &date_us))
        return is_unmodified_since(current, date_us);
    return false;
}

rt_precondition rt_precondition_test(const rt_request *request,
                                     const rt_validators *current,
                                     int64_t now_us)
{
    bool is_read =
        request->method == RT_METHOD_GET || request->method == RT_METHOD_HEAD;

    if (!may_proceed(request, current, now_us))
        return RT_PRECONDITION_FAILED;
    if (!is_known(request, current, is_read, now_us))
        return RT_PRECONDITION_PASSED;
    return is_read ? RT_PRECONDITION_NOT_MODIFIED : RT_PRECONDITION_FAILED;
}

rt_if_range rt_if_range_parse(rt_str header, int64_t now_us)
{
    rt_if_range out = {0};

    if (rt_http_date_parse(header, now_us, &out.date_us) == RT_OK) {
        out.has_date = true;
        return out;
    }
    out.etag = rt_etag_parse(header);
    if (out.etag.weak)
        out.etag = (rt_etag){0};
    return out;
}

bool rt_if_range_test(const rt_request *request, const rt_validators *current,
                      int64_t now_us)
{
    rt_str header = rt_request_header(request, RT_STR("If-Range"));
    if (!header.data)
        return true;

    rt_if_range named = rt_if_range_parse(header, now_us);
    // RFC 9110 13.1.5: an exact match, not "earlier or the same".
    if (named.has_date)
        return current->has_modified &&
               seconds(current->modified_us) == seconds(named.date_us);
    return rt_etag_match_strong(named.etag, current->etag);
}
