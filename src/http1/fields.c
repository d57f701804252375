// The fields that concern the engine, and what they mean together: where the
// body ends (RFC 9112, section 6), whom the request is for, and whether the
// connection stays.
//
// What depends on one field alone is an error when its line is read; what
// depends on several waits for the end of the head.
#include <retort/http/field.h>
#include <retort/http/host.h>

#include "http1/parse.h"
#include "http1/scan.h"

// More could not be told from a negative length by whoever uses signed numbers.
#define LENGTH_MAX ((uint64_t)INT64_MAX)

static bool has(const rt__http1_fields *fields, unsigned seen)
{
    return (fields->seen & seen) == seen;
}

static bool read_decimal(rt_str s, uint64_t *out)
{
    uint64_t n = 0;

    if (s.len == 0)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (!rt_is_digit(s.data[i]))
            return false;
        uint64_t digit = (uint64_t)(s.data[i] - '0');
        if (n > (LENGTH_MAX - digit) / 10)
            return false;
        n = n * 10 + digit;
    }
    *out = n;
    return true;
}

// RFC 9112 6.3: a list of equal lengths may be taken as one. We do not.
static rt__http1_step note_length(rt_http1_reader *reader,
                                  rt__http1_fields *fields, rt_str value)
{
    if (has(fields, SEEN_LENGTH))
        return rt__http1_fail(reader, 400, "Content-Length twice");
    if (!read_decimal(value, &fields->content_length))
        return rt__http1_fail(reader, 400, "a malformed Content-Length");
    fields->seen |= SEEN_LENGTH;
    return STEP_OK;
}

// transfer-coding = token *( OWS ";" OWS parameter ), where chunked has none
static rt__http1_step note_coding(rt_http1_reader *reader,
                                  rt__http1_fields *fields, rt_str coding)
{
    rt_str parameters = coding;
    rt_str name = rt_str_trim_ows(rt_str_cut(&parameters, ';'));

    if (!rt_is_token(name))
        return rt__http1_fail(reader, 400, "a malformed Transfer-Encoding");
    if (has(fields, SEEN_CHUNKED))
        return rt__http1_fail(reader, 400, "chunked is not the last coding");

    if (!rt_str_eq_nocase(name, RT_STR("chunked"))) {
        fields->seen |= SEEN_UNKNOWN_CODING;
    } else if (parameters.data) {
        return rt__http1_fail(reader, 400, "chunked with a parameter");
    } else {
        fields->seen |= SEEN_CHUNKED;
    }
    return STEP_OK;
}

// Several lines are one list. RFC 9110 5.6.1.2 would have us skip empty
// members; here a member one side does not see is how requests are smuggled.
static RT_NOINLINE rt__http1_step note_codings(rt_http1_reader *reader,
                                               rt__http1_fields *fields,
                                               rt_str value)
{
    fields->seen |= SEEN_CODING;
    do {
        rt_str coding = rt_str_trim_ows(rt_str_cut(&value, ','));
        rt__http1_step step = note_coding(reader, fields, coding);
        if (step)
            return step;
    } while (value.data);
    return STEP_OK;
}

static RT_NOINLINE void note_options(rt__http1_fields *fields, rt_str value)
{
    rt_str option;

    while (rt_field_list_next(&value, &option)) {
        if (RT__HTTP1_NAME_IS(option, "close")) {
            fields->seen |= SEEN_CLOSE;
        } else if (RT__HTTP1_NAME_IS(option, "keep-alive")) {
            fields->seen |= SEEN_KEEP_ALIVE;
        } else if (RT__HTTP1_NAME_IS(option, "upgrade")) {
            fields->seen |= SEEN_TO_UPGRADE;
        }
    }
}

static void note_connection(rt__http1_fields *fields, rt_str value)
{
    if (RT_LIKELY(RT__HTTP1_NAME_IS(value, "keep-alive")))
        fields->seen |= SEEN_KEEP_ALIVE;
    else
        note_options(fields, value);
}

static void note_host(rt__http1_fields *fields, rt_http1_head *head,
                      const rt_header *field, const char *end)
{
    if (fields->hosts++ > 0)
        return;

    rt_str value = field->value;
    fields->host_index = (uint32_t)(field - head->headers.items);
    fields->host_is_plain =
        rt__is_plain_host(value.data, value.data + value.len, end);
    if (!head->authority.data)
        head->authority = value;
}

static RT_NOINLINE void note_expect(rt__http1_fields *fields, rt_str value)
{
    rt_str expectation;

    while (rt_field_list_next(&value, &expectation)) {
        if (rt_str_eq_nocase(expectation, RT_STR("100-continue"))) {
            fields->seen |= SEEN_100_CONTINUE;
        } else {
            fields->seen |= SEEN_EXPECT_OTHER;
        }
    }
}

rt__http1_step rt__http1_note_field(rt_http1_reader *reader,
                                    rt__http1_fields *fields,
                                    rt_http1_head *head, const rt_header *field,
                                    const char *end)
{
    rt_str name = field->name;
    rt_str value = field->value;

    if (RT__HTTP1_NAME_IS(name, "host"))
        note_host(fields, head, field, end);
    else if (RT__HTTP1_NAME_IS(name, "connection"))
        note_connection(fields, value);
    else if (RT__HTTP1_NAME_IS(name, "content-length"))
        return note_length(reader, fields, value);
    else if (RT__HTTP1_NAME_IS(name, "transfer-encoding"))
        return note_codings(reader, fields, value);
    else if (RT__HTTP1_NAME_IS(name, "upgrade"))
        fields->seen |= SEEN_UPGRADE;
    else if (RT__HTTP1_NAME_IS(name, "expect"))
        note_expect(fields, value);
    return STEP_OK;
}

// A Host is nearly always a plain name and perhaps a short port; anything else
// is left to the parser that knows the whole grammar.
static bool is_host(rt_str s)
{
    const char *end = s.data + s.len;
    const char *at = rt__scan_class(s.data, end, RT__HTTP1_PLAIN_HOST);

    if (at > s.data && at == end)
        return true;
    if (at > s.data && *at == ':' && end - at <= 5) { // below 10,000
        do {
            at++;
        } while (at < end && rt_is_digit(*at));
        return at == end;
    }
    rt_host_port parsed;
    return rt_str_find_char(s, ',') == RT_STR_NONE &&
           rt_host_parse(s, &parsed) == RT_OK;
}

// RFC 9112 3.2: exactly one Host, and a good one. The authority of a target
// wins, and replaces the field, so that nobody can meet two truths.
static rt__http1_step conclude_host(rt_http1_reader *reader,
                                    const rt__http1_fields *fields,
                                    rt_http1_head *head)
{
    if (fields->hosts == 0 && head->minor == 0)
        return STEP_OK;
    if (fields->hosts != 1) {
        return rt__http1_fail(reader, 400,
                              fields->hosts ? "more than one Host" : "no Host");
    }

    rt_str *value = &head->headers.items[fields->host_index].value;
    if (RT_UNLIKELY(!fields->host_is_plain) && !is_host(*value))
        return rt__http1_fail(reader, 400, "a malformed Host");
    if (RT_UNLIKELY(head->form != RT_TARGET_ORIGIN) && head->authority.data)
        *value = head->authority;
    return STEP_OK;
}

// RFC 9112 6.3, with every "may" decided for refusal.
static rt__http1_step conclude_framing(rt_http1_reader *reader,
                                       const rt__http1_fields *fields,
                                       rt_http1_head *head)
{
    if (RT_UNLIKELY(has(fields, SEEN_CODING))) {
        if (head->minor == 0)
            return rt__http1_fail(reader, 400, "Transfer-Encoding in HTTP/1.0");
        if (has(fields, SEEN_LENGTH)) {
            return rt__http1_fail(reader, 400,
                                  "Content-Length and Transfer-Encoding");
        }
        if (!has(fields, SEEN_CHUNKED)) {
            return rt__http1_fail(reader, 400,
                                  "the last coding is not chunked");
        }
        if (has(fields, SEEN_UNKNOWN_CODING))
            return rt__http1_fail(reader, 501, "an unknown transfer coding");
        head->framing = RT_HTTP1_CHUNKED;
    } else if (fields->content_length > 0) {
        head->content_length = fields->content_length;
        head->framing = RT_HTTP1_LENGTH;
    }
    return STEP_OK;
}

// RFC 9112 9.3.
static void conclude_connection(const rt__http1_fields *fields,
                                rt_http1_head *head)
{
    if (has(fields, SEEN_CLOSE) ||
        (head->minor == 0 && !has(fields, SEEN_KEEP_ALIVE)))
        head->keep_alive = false;
    head->upgrade =
        has(fields, SEEN_UPGRADE | SEEN_TO_UPGRADE) && head->minor > 0;
}

// RFC 9110 10.1.1: HTTP/1.0 knows no expectations.
static rt__http1_step conclude_expect(rt_http1_reader *reader,
                                      const rt__http1_fields *fields,
                                      rt_http1_head *head)
{
    if (has(fields, SEEN_EXPECT_OTHER) && head->minor > 0)
        return rt__http1_fail(reader, 417, "an unknown expectation");
    head->expect_continue = has(fields, SEEN_100_CONTINUE) && head->minor > 0 &&
                            head->framing != RT_HTTP1_NO_BODY;
    return STEP_OK;
}

rt__http1_step rt__http1_conclude(rt_http1_reader *reader,
                                  const rt__http1_fields *fields,
                                  rt_http1_head *head)
{
    rt__http1_step step = conclude_host(reader, fields, head);

    head->content_length = 0;
    head->framing = RT_HTTP1_NO_BODY;
    head->expect_continue = false;
    head->upgrade = false;
    // Behind a CONNECT may follow bytes that are no request.
    head->keep_alive = head->method != RT_METHOD_CONNECT;
    // Most requests say nothing about all that.
    if (RT_LIKELY(!(fields->seen & ~(unsigned)SEEN_KEEP_ALIVE) && head->minor))
        return step;

    if (!step)
        step = conclude_framing(reader, fields, head);
    if (!step)
        step = conclude_expect(reader, fields, head);
    conclude_connection(fields, head);
    return step;
}
