// Reading one field line, of a head or of trailers (RFC 9112, section 5).
//
// In a header, because a browser's head has a dozen of them.
#pragma once

#include "http1/parse.h"
#include "http1/scan.h"

// Fail because of `*at`, where a name that begins at `name` is not followed by
// a colon.
rt__http1_step rt__http1_bad_name(rt_http1_reader *reader, const char *name,
                                  const char *at);

// Fail because of a byte where a value was to end.
rt__http1_step rt__http1_bad_value(rt_http1_reader *reader, char c);

// What is below a space in a value, or a space, is white space, as nothing else
// may be there.
static inline bool rt__is_value_space(char c)
{
    return (unsigned char)c <= ' ';
}

// Read `field-name ":" OWS field-value OWS CRLF`. `odd` are the odd bytes from
// `*at` on.
static RT_ALWAYS_INLINE rt__http1_step
rt__http1_field_line(rt_http1_reader *reader, const char **at,
                     rt__odd_bytes *odd, rt_header *out)
{
    const char *name = *at;
    const char *colon = rt__scan_token(name, odd->end);
    if (RT_UNLIKELY(colon == odd->end))
        return STEP_MORE;
    if (RT_UNLIKELY(*colon != ':' || colon == name))
        return rt__http1_bad_name(reader, name, colon);

    // A token has no odd bytes, so the next one is behind the colon.
    const char *value = colon + 1;
    const char *stop = rt__odd_next(odd);
    while (RT_UNLIKELY(odd->end - stop < 2 || memcmp(stop, "\r\n", 2) != 0)) {
        if (stop == odd->end || (*stop == '\r' && stop + 1 == odd->end))
            return STEP_MORE;
        if (!rt__is_class(*stop, RT__HTTP1_VALUE))
            return rt__http1_bad_value(reader, *stop);
        stop = rt__odd_next(odd);
    }
    rt__odd_skip(odd); // the line feed
    *at = stop + 2;

    while (value < stop && rt__is_value_space(*value))
        value++;
    while (stop > value && rt__is_value_space(stop[-1]))
        stop--;
    *out = (rt_header){{name, (size_t)(colon - name)},
                       {value, (size_t)(stop - value)}};
    return STEP_OK;
}
