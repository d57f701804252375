#include "retort/http/etag.h"

#include <retort/base/base64.h>
#include <retort/base/buf.h>
#include <retort/base/vec.h>
#include <retort/crypto/digest.h>
#include <retort/http/field.h>

static bool skip_weak(rt_str *cursor)
{
    return rt_str_skip(cursor, RT_STR("W/")) ||
           rt_str_skip(cursor, RT_STR("w/"));
}

rt_etag rt_etag_parse(rt_str text)
{
    rt_str rest = rt_str_trim(text);
    if (text.len == 0)
        return (rt_etag){0};

    rt_etag tag = {.weak = skip_weak(&rest)};
    if (rest.len > 0 && rest.data[0] == '"' && rest.data[rest.len - 1] == '"')
        rest = rt_str_slice(rest, 1, rest.len < 2 ? 0 : rest.len - 2);
    tag.opaque = rest.data ? rest : RT_STR("");
    return tag;
}

static void put_tag(rt_buf *buf, rt_etag tag)
{
    rt_buf_put_cstr(buf, tag.weak ? "W/\"" : "\"");
    rt_buf_put(buf, tag.opaque);
    rt_buf_put_char(buf, '"');
}

rt_status rt_etag_dump(rt_arena *arena, rt_etag tag, rt_str *out)
{
    if (rt_str_find_char(tag.opaque, '"') != RT_STR_NONE ||
        !rt_is_field_value(tag.opaque))
        return RT_E_SYNTAX;
    rt_buf buf;
    rt_buf_init(&buf, arena);
    put_tag(&buf, tag);
    *out = rt_buf_str(&buf);
    return RT_OK;
}

rt_str rt_etag_of_bytes(rt_arena *arena, rt_str body)
{
    uint8_t sum[RT_DIGEST_BYTES_MAX];

    rt_digest_sum(RT_SHA256, body, sum);
    return rt_base64url_encode(arena, rt_str_of(sum, 16));
}

bool rt_etag_match_weak(rt_etag a, rt_etag b)
{
    return a.opaque.data && b.opaque.data && rt_str_eq(a.opaque, b.opaque);
}

bool rt_etag_match_strong(rt_etag a, rt_etag b)
{
    return !a.weak && !b.weak && rt_etag_match_weak(a, b);
}

// ---- lists -----------------------------------------------------------------

// The number of bytes that end a tag at the front of `s`: a comma and the white
// space around it. At the very end there are none and that is fine too.
static bool ends_tag(rt_str s, size_t *len)
{
    size_t i = 0;

    while (i < s.len && rt_is_space(s.data[i]))
        i++;
    *len = 0;
    if (i == s.len)
        return s.len == 0;
    if (s.data[i] != ',')
        return false;
    for (i++; i < s.len && rt_is_space(s.data[i]);)
        i++;
    *len = i;
    return true;
}

// Take what stands between a quote and the first quote that a comma or the end
// follows. False when there is none; then none of the rest is quoted either.
static bool take_quoted(rt_str *cursor, rt_str *out)
{
    size_t end;

    for (size_t i = 1; i < cursor->len; i++) {
        if (cursor->data[i] != '"' ||
            !ends_tag(rt_str_slice(*cursor, i + 1, SIZE_MAX), &end))
            continue;
        *out = rt_str_slice(*cursor, 1, i - 1);
        rt_str_take(cursor, i + 1 + end);
        return true;
    }
    return false;
}

static rt_str take_raw(rt_str *cursor)
{
    size_t comma = rt_str_find_char(*cursor, ',');
    if (comma == RT_STR_NONE)
        return rt_str_take(cursor, cursor->len);

    rt_str raw = rt_str_take(cursor, comma);
    size_t end;
    ends_tag(*cursor, &end);
    rt_str_take(cursor, end);
    while (raw.len > 0 && rt_is_space(raw.data[raw.len - 1]))
        raw.len--;
    return raw;
}

rt_etags rt_etags_parse(rt_arena *arena, rt_str header)
{
    RT_VEC(rt_etag) tags = {0};
    rt_str rest = header;
    bool quotes = true; // there may be quoted tags ahead

    while (rest.len > 0 && tags.len < RT_ETAGS_MAX) {
        rt_etag tag = {.weak = skip_weak(&rest)};
        if (rest.len > 0 && rest.data[0] == '"' && quotes)
            quotes = take_quoted(&rest, &tag.opaque);
        if (!tag.opaque.data) {
            tag.opaque = take_raw(&rest);
            if (rt_str_eq(tag.opaque, RT_STR("*")))
                return (rt_etags){.star = true};
        }
        *rt_vec_push(arena, &tags) = tag;
    }
    return (rt_etags){.items = tags.items, .len = tags.len};
}

rt_str rt_etags_dump(rt_arena *arena, const rt_etags *tags)
{
    rt_buf buf;

    if (tags->star)
        return RT_STR("*");
    rt_buf_init(&buf, arena);
    for (int weak = 0; weak < 2; weak++) {
        for (size_t i = 0; i < tags->len; i++) {
            if (tags->items[i].weak != (weak == 1))
                continue;
            if (buf.len > 0)
                rt_buf_put_cstr(&buf, ", ");
            put_tag(&buf, tags->items[i]);
        }
    }
    return rt_buf_str(&buf);
}

bool rt_etags_have_strong(const rt_etags *tags, rt_etag tag)
{
    if (tags->star)
        return tag.opaque.data != NULL;
    for (size_t i = 0; i < tags->len; i++) {
        if (rt_etag_match_strong(tags->items[i], tag))
            return true;
    }
    return false;
}

bool rt_etags_have_weak(const rt_etags *tags, rt_etag tag)
{
    if (tags->star)
        return tag.opaque.data != NULL;
    for (size_t i = 0; i < tags->len; i++) {
        if (rt_etag_match_weak(tags->items[i], tag))
            return true;
    }
    return false;
}
