// What the parts of the reader share.
//
// A parser of a part moves `*at` behind it when it returns STEP_OK. With
// STEP_MORE the bytes end too early and nothing was wrong so far; with
// STEP_FAIL the reader holds status and reason. Parsers look at bytes strictly
// from left to right, so that a longer input never changes a STEP_FAIL.
#pragma once

#include <assert.h>
#include <string.h>

#include <retort/http1/reader.h>

typedef enum rt__http1_step {
    STEP_OK,
    STEP_MORE,
    STEP_FAIL,
} rt__http1_step;

// States of a reader. Those from CHUNK_FIRST on are inside a chunked body.
enum rt__http1_state {
    STATE_HEAD,
    STATE_LENGTH,
    STATE_DONE,
    STATE_CHUNK_FIRST, // before the first digit of a size
    STATE_CHUNK_SIZE,
    STATE_EXT_SPACE,  // before the ";" of an extension
    STATE_EXT_BEGIN,  // behind it
    STATE_EXT_NAME,   // in the name
    STATE_EXT_EQUALS, // in white space behind the name
    STATE_EXT_VALUE,  // behind the "="
    STATE_EXT_TOKEN,  // in a value that is a token
    STATE_EXT_QUOTED, // in a value in quotes
    STATE_EXT_ESCAPE, // there, behind a backslash
    STATE_EXT_END,    // behind the closing quote
    STATE_CHUNK_LF,   // behind the CR of the line
    STATE_CHUNK_DATA,
    STATE_DATA_CR, // behind the data
    STATE_DATA_LF,
    STATE_TRAILER, // at the start of a trailer line
    STATE_ERROR,
};

// How far an incomplete head has come.
enum rt__http1_progress {
    PROGRESS_NONE,  // nothing but empty lines
    PROGRESS_LINE,  // in the request line
    PROGRESS_NAME,  // at the start of a field line or in its name
    PROGRESS_VALUE, // behind its colon
};

// What the fields of one head say about its framing, collected line by line.
enum rt__http1_seen {
    SEEN_LENGTH = 1 << 0,         // Content-Length
    SEEN_CODING = 1 << 1,         // Transfer-Encoding
    SEEN_CHUNKED = 1 << 2,        // its last coding so far is chunked
    SEEN_UNKNOWN_CODING = 1 << 3, // it has any other
    SEEN_CLOSE = 1 << 4,          // Connection: close
    SEEN_KEEP_ALIVE = 1 << 5,     // Connection: keep-alive
    SEEN_TO_UPGRADE = 1 << 6,     // Connection: upgrade
    SEEN_UPGRADE = 1 << 7,        // Upgrade
    SEEN_100_CONTINUE = 1 << 8,   // Expect: 100-continue
    SEEN_EXPECT_OTHER = 1 << 9,   // Expect, of anything else
};

typedef struct rt__http1_fields {
    unsigned seen;       // of the above
    uint32_t hosts;      // lines
    uint32_t host_index; // of the first one
    bool host_is_plain;  // its value is known to be good
    uint64_t content_length;
} rt__http1_fields;

// Note an error.
RT_COLD rt__http1_step rt__http1_fail(rt_http1_reader *reader, int status,
                                      const char *reason);

// Eight bytes, and four, with letters in lower case. No byte of a token but a
// letter's other case turns into a letter or hyphen by `| 0x20`.
static inline uint64_t rt__http1_lower8(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word | 0x2020202020202020u;
}

static inline uint32_t rt__http1_lower4(const char *at)
{
    uint32_t word;
    memcpy(&word, at, sizeof word);
    return word | 0x20202020u;
}

// Compare the name of a field with a literal in lower case, of 24 bytes at
// most; words overlap.
static inline bool rt__http1_name_is(rt_str name, const char *lower, size_t len)
{
    const char *data = name.data;

    assert(len <= 24);
    if (name.len != len)
        return false;
    if (len >= 8) {
        return rt__http1_lower8(data) == rt__http1_lower8(lower) &&
               rt__http1_lower8(data + len - 8) ==
                   rt__http1_lower8(lower + len - 8) &&
               (len <= 16 ||
                rt__http1_lower8(data + 8) == rt__http1_lower8(lower + 8));
    }
    if (len >= 4) {
        return rt__http1_lower4(data) == rt__http1_lower4(lower) &&
               rt__http1_lower4(data + len - 4) ==
                   rt__http1_lower4(lower + len - 4);
    }
    for (size_t i = 0; i < len; i++) {
        if ((data[i] | 0x20) != lower[i])
            return false;
    }
    return true;
}

#define RT__HTTP1_NAME_IS(name, literal) \
    rt__http1_name_is(name, "" literal, sizeof(literal) - 1)

// Read the CR LF of an empty line; `**at` is its CR.
static inline rt__http1_step rt__http1_line_end(rt_http1_reader *reader,
                                                const char **at,
                                                const char *end)
{
    if (end - *at < 2)
        return STEP_MORE;
    if ((*at)[1] != '\n') {
        return rt__http1_fail(reader, 400,
                              "a carriage return that does not end a line");
    }
    *at += 2;
    return STEP_OK;
}

// Read `method SP request-target SP HTTP-version CRLF` into method, target,
// its parts and minor.
rt__http1_step rt__http1_request_line(rt_http1_reader *reader, const char **at,
                                      const char *end, rt_http1_head *head);

// Take notice of a field of `head`, if it is one that concerns the engine. `end`
// is how far bytes can be looked at. Not inline, as it would take the registers
// of the loop over all fields.
RT_NOINLINE rt__http1_step rt__http1_note_field(rt_http1_reader *reader,
                                                rt__http1_fields *fields,
                                                rt_http1_head *head,
                                                const rt_header *field,
                                                const char *end);

// Draw the conclusions when all fields are known: host, framing, connection.
rt__http1_step rt__http1_conclude(rt_http1_reader *reader,
                                  const rt__http1_fields *fields,
                                  rt_http1_head *head);
