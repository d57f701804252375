// What can be wrong with a field line.
#include "http1/field_line.h"

rt__http1_step rt__http1_fail(rt_http1_reader *reader, int status,
                              const char *reason)
{
    reader->status = status;
    reader->reason = reason;
    reader->state = STATE_ERROR;
    return STEP_FAIL;
}

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

rt__http1_step rt__http1_bad_name(rt_http1_reader *reader, const char *name,
                                  const char *at)
{
    return rt__http1_fail(reader, 400, name_problem(name, at));
}

rt__http1_step rt__http1_bad_value(rt_http1_reader *reader, char c)
{
    return rt__http1_fail(reader, 400, value_problem(c));
}
