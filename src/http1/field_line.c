// One field line, of a head or of trailers (RFC 9112, section 5).
#include "http1/parse.h"
#include "http1/scan.h"

static const char *name_problem(const char *name, const char *at)
{
    switch (*at) {
    case ' ':
    case '\t':
        return at == name ? "a folded line, or one that starts with a space"
                          : "a space before a colon";
    case '\n': return "a line ends without a carriage return";
    case '\r': return "a header line without a colon";
    case ':': return "a header without a name";
    default: return "a header name that is no token";
    }
}

static const char *value_problem(char c)
{
    switch (c) {
    case '\r': return "a carriage return that does not end a line";
    case '\n': return "a line ends without a carriage return";
    default: return "a control character in a header";
    }
}

rt__http1_step rt__http1_field_line(rt_http1_reader *reader, const char **at,
                                    const char *end, rt_header *out)
{
    const char *name = *at;
    const char *p = rt__scan_token(name, end);
    if (p == end)
        return STEP_MORE;
    if (*p != ':' || p == name)
        return rt__http1_fail(reader, 400, name_problem(name, p));
    out->name = (rt_str){name, (size_t)(p - name)};

    do {
        p++;
    } while (p < end && (*p == ' ' || *p == '\t'));
    const char *value = p;
    p = rt__scan_value(p, end);
    if (p == end || (*p == '\r' && p + 1 == end))
        return STEP_MORE;
    if (*p != '\r' || p[1] != '\n')
        return rt__http1_fail(reader, 400, value_problem(*p));
    *at = p + 2;

    while (p > value && (p[-1] == ' ' || p[-1] == '\t'))
        p--;
    out->value = (rt_str){value, (size_t)(p - value)};
    return STEP_OK;
}
