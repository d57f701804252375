// The request line, and the four forms of its target (RFC 9112, section 3).
//
//     GET /path?query HTTP/1.1 CR LF
//
// Version before form: a later protocol's preface, as HTTP/2's `PRI * HTTP/2.0`,
// is told that its version is not spoken here, not that its target is odd.
#include "http1/parse.h"
#include "http1/scan.h"

#define VERSION_LINE_BYTES 10u // HTTP/1.1 CR LF

static rt__http1_step read_method(rt_http1_reader *reader, const char **at,
                                  const char *end, rt_http1_head *head)
{
    const char *start = *at;
    const char *stop = end;
    if (RT_LIKELY(end - start > 4 && memcmp(start, "GET ", 4) == 0)) {
        head->method_name = (rt_str){start, 3};
        head->method = RT_METHOD_GET;
        reader->is_head = false;
        *at = start + 4;
        return STEP_OK;
    }
    if ((size_t)(end - start) > RT_HTTP1_METHOD_BYTES)
        stop = start + RT_HTTP1_METHOD_BYTES + 1;

    const char *p = rt__scan_token(start, stop);
    if (p - start > RT_HTTP1_METHOD_BYTES)
        return rt__http1_fail(reader, 501, "the method is too long");
    if (p == end)
        return STEP_MORE;
    if (*p != ' ' || p == start)
        return rt__http1_fail(reader, 400, "no method and one space");

    head->method_name = (rt_str){start, (size_t)(p - start)};
    head->method = rt_method_parse(head->method_name);
    reader->is_head = head->method == RT_METHOD_HEAD;
    *at = p + 1;
    return STEP_OK;
}

static const char *target_problem(char c)
{
    switch (c) {
    case '#': return "a fragment in the target";
    case '\r': return "no version";
    case '\n': return "a line ends without a carriage return";
    case '\t': return "a tab in the first line";
    default: return "a byte in the target that must be escaped";
    }
}

static rt__http1_step read_target(rt_http1_reader *reader, const char **at,
                                  const char *end, rt_http1_head *head)
{
    const char *start = *at;
    const char *stop = end;
    if ((size_t)(end - start) > reader->limits.target_bytes)
        stop = start + reader->limits.target_bytes + 1;

    const char *p = rt__scan_target(start, stop);
    const char *path_end = p;
    head->query = (rt_str){0};
    if (p < stop && *p == '?') {
        do {
            p = rt__scan_target(p + 1, stop);
        } while (p < stop && *p == '?');
        head->query = (rt_str){path_end + 1, (size_t)(p - path_end - 1)};
    }
    if ((size_t)(p - start) > reader->limits.target_bytes)
        return rt__http1_fail(reader, 414, "the target is too long");
    if (p == end)
        return STEP_MORE;
    if (*p != ' ')
        return rt__http1_fail(reader, 400, target_problem(*p));
    if (p == start)
        return rt__http1_fail(reader, 400, "no target, or two spaces");

    head->target = (rt_str){start, (size_t)(p - start)};
    head->path = (rt_str){start, (size_t)(path_end - start)};
    *at = p + 1;
    return STEP_OK;
}

// HTTP-version = "HTTP" "/" DIGIT "." DIGIT, in this case of letters only.
static rt__http1_step read_odd_version(rt_http1_reader *reader, const char *at,
                                       const char *end)
{
    static const char pattern[] = "HTTP/#.#\r\n";

    for (size_t i = 0; i < VERSION_LINE_BYTES; i++) {
        if (at + i == end)
            return STEP_MORE;
        if (pattern[i] == '#' ? !rt_is_digit(at[i]) : at[i] != pattern[i]) {
            return rt__http1_fail(reader, 400,
                                  "no version and end of the first line");
        }
    }
    if (at[5] != '1')
        return rt__http1_fail(reader, 505, "a major version other than 1");
    return STEP_OK;
}

static rt__http1_step read_version(rt_http1_reader *reader, const char **at,
                                   const char *end, rt_http1_head *head)
{
    const char *p = *at;

    if (RT_UNLIKELY(end - p < VERSION_LINE_BYTES ||
                    memcmp(p, "HTTP/1.1\r\n", VERSION_LINE_BYTES) != 0)) {
        rt__http1_step step = read_odd_version(reader, p, end);
        if (step)
            return step;
    }
    // RFC 9110 2.5: a later minor version is treated as the last one known.
    head->minor = p[7] != '0';
    *at = p + VERSION_LINE_BYTES;
    return STEP_OK;
}

// Any form but origin-form: rare, so the text is read once more.
static rt__http1_step read_rare_form(rt_http1_reader *reader,
                                     rt_http1_head *head)
{
    rt_target target;

    if (rt_target_parse(head->method, head->target, &target) ||
        rt_str_find_char(target.authority, ',') != RT_STR_NONE) {
        return rt__http1_fail(reader, 400,
                              "a target of no form for the method");
    }

    head->form = target.form;
    head->scheme = target.scheme;
    head->authority = target.authority;
    head->path = target.path.data ? target.path : RT_STR("");
    // RFC 9112 3.2.4: a target without path and query means the whole server.
    if (target.form == RT_TARGET_ABSOLUTE && !target.query.data &&
        head->method == RT_METHOD_OPTIONS &&
        head->target.len == target.scheme.len + 3 + target.authority.len)
        head->path = RT_STR("*");
    return STEP_OK;
}

static rt__http1_step read_form(rt_http1_reader *reader, rt_http1_head *head)
{
    head->scheme = (rt_str){0};
    head->authority = (rt_str){0};

    if (RT_UNLIKELY(head->target.data[0] != '/' ||
                    head->method == RT_METHOD_CONNECT))
        return read_rare_form(reader, head);
    head->form = RT_TARGET_ORIGIN;
    return STEP_OK;
}

rt__http1_step rt__http1_request_line(rt_http1_reader *reader, const char **at,
                                      const char *end, rt_http1_head *head)
{
    rt__http1_step step = read_method(reader, at, end, head);
    if (!step)
        step = read_target(reader, at, end, head);
    if (!step)
        step = read_version(reader, at, end, head);
    if (!step)
        step = read_form(reader, head);
    return step;
}
