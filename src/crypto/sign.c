#include "retort/crypto/sign.h"

#include <assert.h>

#include <retort/base/base64.h>
#include <retort/base/buf.h>
#include <retort/base/error.h>
#include <retort/base/time.h>

struct rt_signer {
    char separator;
    size_t len;
    rt_hmac_key *keys[]; // the first one signs
};

// The key that signs. `buffer` is where it lies, if anywhere.
static rt_str derive(rt_arena *arena, rt_str key,
                     const rt_signer_options *options, uint8_t *buffer)
{
    rt_str salt =
        rt_str_from(options->salt ? options->salt : "itsdangerous.Signer");
    size_t len = 0;

    switch (options->derivation) {
    case RT_DERIVE_NONE: return key;
    case RT_DERIVE_HMAC:
        len = rt_hmac_sum(options->digest, key, salt, buffer);
        break;
    case RT_DERIVE_DJANGO:
        salt = rt_str_concat(arena, salt, RT_STR("signer"));
        __attribute__((fallthrough));
    case RT_DERIVE_CONCAT:
        len = rt_digest_sum(options->digest, rt_str_concat(arena, salt, key),
                            buffer);
        break;
    }
    return rt_str_of(buffer, len);
}

static bool is_base64(char c)
{
    return rt_is_alpha(c) || rt_is_digit(c) || c == '-' || c == '_' || c == '=';
}

rt_signer *rt_signer_new(rt_arena *arena, const rt_str *keys, size_t n,
                         const rt_signer_options *options)
{
    static const rt_signer_options none = {0};

    assert(n > 0);
    if (!options)
        options = &none;
    assert(!is_base64(options->separator));

    rt_signer *signer =
        rt_arena_zalloc(arena, sizeof *signer +
                                   rt_arena_times(n, sizeof signer->keys[0]));
    signer->separator = options->separator ? options->separator : '.';
    signer->len = n;
    for (size_t i = 0; i < n; i++) {
        uint8_t buffer[RT_DIGEST_BYTES_MAX];
        rt_arena scratch = {0};
        rt_str key = derive(&scratch, keys[i], options, buffer);
        signer->keys[i] = rt_hmac_key_new(arena, options->digest, key);
        rt_arena_deinit(&scratch);
    }
    return signer;
}

// ---- signing --------------------------------------------------------------

// Append the signature of all that is in the buffer.
static void put_signature(rt_signer *signer, rt_buf *buf)
{
    uint8_t sum[RT_DIGEST_BYTES_MAX];
    size_t len =
        rt_hmac_key_sum(signer->keys[0], rt_str_of(buf->data, buf->len), sum);

    rt_buf_put_char(buf, signer->separator);
    rt_base64url_put(buf, rt_str_of(sum, len));
}

// Room for a time stamp and the longest signature as well.
#define SIGNATURE_ROOM 128

static void begin(rt_buf *buf, rt_arena *arena, rt_str value)
{
    rt_buf_init(buf, arena);
    (void)rt_buf_reserve(buf, value.len + SIGNATURE_ROOM);
    rt_buf_put(buf, value);
}

rt_str rt_signer_sign(rt_signer *signer, rt_arena *arena, rt_str value)
{
    rt_buf buf;
    begin(&buf, arena, value);
    put_signature(signer, &buf);
    return rt_buf_str(&buf);
}

// The seconds since 1970 in as few bytes as hold them, the highest first.
static void put_time(rt_buf *buf, int64_t us)
{
    uint64_t seconds = us < 0 ? 0 : (uint64_t)(us / RT_TIME_SECOND);
    char bytes[8];
    size_t len = 0;

    for (int shift = 56; shift >= 0; shift -= 8) {
        if (len > 0 || seconds >> shift)
            bytes[len++] = (char)(seconds >> shift);
    }
    rt_base64url_put(buf, rt_str_of(bytes, len));
}

rt_str rt_signer_sign_at(rt_signer *signer, rt_arena *arena, rt_str value,
                         int64_t now_us)
{
    rt_buf buf;
    begin(&buf, arena, value);
    rt_buf_put_char(&buf, signer->separator);
    put_time(&buf, now_us);
    put_signature(signer, &buf);
    return rt_buf_str(&buf);
}

// ---- verifying ------------------------------------------------------------

static bool verify(rt_signer *signer, rt_str value, rt_str signature)
{
    for (size_t i = 0; i < signer->len; i++) {
        uint8_t sum[RT_DIGEST_BYTES_MAX];
        size_t len = rt_hmac_key_sum(signer->keys[i], value, sum);
        if (rt_secret_eq(signature, rt_str_of(sum, len)))
            return true;
    }
    return false;
}

// Split at the last separator.
static bool split(const rt_signer *signer, rt_str text, rt_str *before,
                  rt_str *behind)
{
    size_t at = rt_str_rfind_char(text, signer->separator);
    if (at == RT_STR_NONE)
        return false;
    *before = rt_str_slice(text, 0, at);
    *behind = rt_str_slice(text, at + 1, SIZE_MAX);
    return true;
}

rt_status rt_signer_unsign(rt_signer *signer, rt_arena *scratch, rt_str text,
                           rt_str *out)
{
    rt_str value, encoded, signature;

    if (!split(signer, text, &value, &encoded))
        return RT_E_SIGNATURE;
    rt_arena_mark mark = rt_arena_save(scratch);
    bool right = !rt_base64url_decode_lax(scratch, encoded, &signature) &&
                 verify(signer, value, signature);
    rt_arena_rewind(scratch, mark);
    if (!right)
        return RT_E_SIGNATURE;
    *out = value;
    return RT_OK;
}

// Read a time stamp as seconds. What no int64_t of microseconds can hold is later
// than anything.
static bool read_time(rt_arena *scratch, rt_str encoded, int64_t *out)
{
    rt_arena_mark mark = rt_arena_save(scratch);
    uint64_t seconds = 0;
    rt_str bytes;
    bool ok =
        !rt_base64url_decode_lax(scratch, encoded, &bytes) && bytes.len <= 8;

    for (size_t i = 0; ok && i < bytes.len; i++)
        seconds = seconds << 8 | (unsigned char)bytes.data[i];
    rt_arena_rewind(scratch, mark);
    uint64_t last = INT64_MAX / RT_TIME_SECOND;
    *out = (int64_t)(seconds < last ? seconds : last);
    return ok;
}

static bool is_within(int64_t seconds, rt_age_limit limit)
{
    int64_t age_s = limit.now_us / RT_TIME_SECOND - seconds;
    return !limit.max_age_s || (age_s >= 0 && age_s <= limit.max_age_s);
}

rt_status rt_signer_unsign_at(rt_signer *signer, rt_arena *scratch, rt_str text,
                              rt_age_limit limit, rt_signed *out)
{
    rt_str signed_text, value, encoded;
    int64_t seconds;

    rt_status st = rt_signer_unsign(signer, scratch, text, &signed_text);
    if (st)
        return st;
    if (!split(signer, signed_text, &value, &encoded) ||
        !read_time(scratch, encoded, &seconds))
        return RT_E_SYNTAX;
    if (!is_within(seconds, limit))
        return RT_E_EXPIRED;
    *out = (rt_signed){value, seconds * RT_TIME_SECOND};
    return RT_OK;
}
