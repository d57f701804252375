// Methods of str: case, classes, padding, stripping, formatting.
//
// A safe string has the same methods; what they return is safe, and what they
// put in is escaped.
//
// Follows Python's str and markupsafe.Markup.
#include <limits.h>

#include <retort/base/attributes.h>

#include "template/methods.h"

// ---- case -----------------------------------------------------------------------

// Give `self` as `put` rewrites it.
static rt_status rewritten(rt_render *r, rt_value self,
                           void (*put)(rt_buf *out, rt_str s), rt_value *out)
{
    rt_str s = rt_value_as_str(self);
    rt_buf buf;
    rt_status st = rt__check_text(r, s.len);
    if (st)
        return st;
    rt__buf_init(r, &buf);
    (void)rt_buf_reserve(&buf, s.len);
    put(&buf, s);
    *out = rt__text_like(self, rt_buf_str(&buf));
    return rt__buf_status(r, &buf);
}

static void put_lower(rt_buf *out, rt_str s)
{
    rt__put_case(out, s, RT__LOWER);
}

static void put_upper(rt_buf *out, rt_str s)
{
    rt__put_case(out, s, RT__UPPER);
}

static void put_folded(rt_buf *out, rt_str s)
{
    rt__put_case(out, s, RT__FOLD);
}

static rt_status str_lower(RT__METHOD_ARGS)
{
    return rewritten(r, a[0], put_lower, out);
}

static rt_status str_upper(RT__METHOD_ARGS)
{
    return rewritten(r, a[0], put_upper, out);
}

static rt_status str_casefold(RT__METHOD_ARGS)
{
    return rewritten(r, a[0], put_folded, out);
}

static rt_status str_capitalize(RT__METHOD_ARGS)
{
    return rewritten(r, a[0], rt__put_capitalized, out);
}

static rt_status str_title(RT__METHOD_ARGS)
{
    return rewritten(r, a[0], rt__put_title, out);
}

static rt_status str_swapcase(RT__METHOD_ARGS)
{
    return rewritten(r, a[0], rt__put_swapcase, out);
}

// ---- classes ----------------------------------------------------------------------

// Whether all code points are of a class, of which text has some.
static rt_status all_of(rt_render *r, rt_value self,
                        bool (*is_of)(uint32_t rune), rt_value *out)
{
    rt_str rest = rt_value_as_str(self);
    bool all = rest.len > 0;
    rt_status st = rt__check_text(r, rest.len);
    while (all && rest.len)
        all = is_of(rt__rune_next(&rest));
    *out = rt_value_bool(all);
    return st;
}

static rt_status whole(rt_render *r, rt_value self, bool (*is_of)(rt_str s),
                       rt_value *out)
{
    rt_str s = rt_value_as_str(self);
    rt_status st = rt__check_text(r, s.len);
    *out = rt_value_bool(!st && is_of(s));
    return st;
}

static rt_status str_isalnum(RT__METHOD_ARGS)
{
    return all_of(r, a[0], rt__rune_is_alnum, out);
}

static rt_status str_isalpha(RT__METHOD_ARGS)
{
    return all_of(r, a[0], rt__rune_is_alpha, out);
}

static rt_status str_isdecimal(RT__METHOD_ARGS)
{
    return all_of(r, a[0], rt__rune_is_decimal, out);
}

static rt_status str_isdigit(RT__METHOD_ARGS)
{
    return all_of(r, a[0], rt__rune_is_digit, out);
}

static rt_status str_isnumeric(RT__METHOD_ARGS)
{
    return all_of(r, a[0], rt__rune_is_numeric, out);
}

static rt_status str_isspace(RT__METHOD_ARGS)
{
    return all_of(r, a[0], rt__rune_is_space, out);
}

static rt_status str_isprintable(RT__METHOD_ARGS)
{
    rt_status st = all_of(r, a[0], rt_utf8_is_printable, out);
    if (a[0].len == 0)
        *out = rt_value_bool(true);
    return st;
}

static rt_status str_isascii(RT__METHOD_ARGS)
{
    return whole(r, a[0], rt__text_is_ascii, out);
}

static rt_status str_islower(RT__METHOD_ARGS)
{
    return whole(r, a[0], rt__text_is_lower, out);
}

static rt_status str_isupper(RT__METHOD_ARGS)
{
    return whole(r, a[0], rt__text_is_upper, out);
}

static rt_status str_istitle(RT__METHOD_ARGS)
{
    return whole(r, a[0], rt__text_is_title, out);
}

static bool is_identifier(rt_str s)
{
    if (!s.len || !rt__rune_is_id_start(rt__rune_next(&s)))
        return false;
    while (s.len)
        if (!rt__rune_is_id_continue(rt__rune_next(&s)))
            return false;
    return true;
}

static rt_status str_isidentifier(RT__METHOD_ARGS)
{
    return whole(r, a[0], is_identifier, out);
}

// ---- padding ------------------------------------------------------------------------

// The fill character: one code point, a space when absent. For a safe string it
// is escaped, so that some are too long.
static rt_status fill_of(rt_render *r, rt_value self, rt_value given,
                         rt_str *fill)
{
    *fill = RT_STR(" ");
    if (rt__is_absent(given))
        return RT_OK;
    if (self.kind == RT_SAFE) {
        rt_status st = rt__escape(r, given, &given);
        if (st)
            return st;
    }
    if (!rt_value_is_text(given))
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "The fill character must be a unicode character, "
                         "not {}",
                         rt__type_name(given));
    *fill = rt_value_as_str(given);
    if (rt__text_len(*fill) != 1)
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "The fill character must be exactly one character "
                         "long");
    return RT_OK;
}

static void put_fill(rt_buf *out, rt_str fill, size_t count)
{
    if (fill.len == 1) {
        rt_buf_put_repeat(out, fill.data[0], count);
        return;
    }
    for (size_t i = 0; i < count && !out->status; i++)
        rt_buf_put(out, fill);
}

static rt_status put_padded(rt_render *r, rt_value self, rt_str fill,
                            size_t left, size_t right, rt_value *out)
{
    rt_str s = rt_value_as_str(self);
    rt_buf buf;
    size_t pad = left + right; // below 2^63
    size_t bytes = pad > RT__TEXT_BYTES_MAX ? pad : s.len + pad * fill.len;
    rt_status st = rt__check_text(r, bytes);
    if (st)
        return st;
    rt__buf_init(r, &buf);
    (void)rt_buf_reserve(&buf, bytes);
    put_fill(&buf, fill, left);
    rt_buf_put(&buf, s);
    put_fill(&buf, fill, right);
    *out = rt__text_like(self, rt_buf_str(&buf));
    return rt__buf_status(r, &buf);
}

// How many code points are missing to a[1].
static rt_status padding_of(rt_render *r, const rt_value *a, int64_t *width,
                            size_t *pad)
{
    rt_status st = rt__step_bytes(r, a[0].len);
    if (!st)
        st = rt__method_count(r, a[1], 0, width);
    if (st)
        return st;
    int64_t len = (int64_t)rt__text_len(rt_value_as_str(a[0]));
    *pad = *width > len ? (size_t)(*width - len) : 0;
    return RT_OK;
}

static rt_status str_ljust(RT__METHOD_ARGS)
{
    rt_str fill;
    int64_t width;
    size_t pad;
    rt_status st = padding_of(r, a, &width, &pad);
    if (!st)
        st = fill_of(r, a[0], a[2], &fill);
    return st ? st : put_padded(r, a[0], fill, 0, pad, out);
}

static rt_status str_rjust(RT__METHOD_ARGS)
{
    rt_str fill;
    int64_t width;
    size_t pad;
    rt_status st = padding_of(r, a, &width, &pad);
    if (!st)
        st = fill_of(r, a[0], a[2], &fill);
    return st ? st : put_padded(r, a[0], fill, pad, 0, out);
}

static rt_status str_center(RT__METHOD_ARGS)
{
    rt_str fill;
    int64_t width;
    size_t pad;
    rt_status st = padding_of(r, a, &width, &pad);
    if (!st)
        st = fill_of(r, a[0], a[2], &fill);
    if (st)
        return st;
    // An odd one goes to the left when the width is odd, too.
    size_t left = pad / 2 + (pad & (size_t)width & 1);
    return put_padded(r, a[0], fill, left, pad - left, out);
}

static rt_status str_zfill(RT__METHOD_ARGS)
{
    rt_str s = rt_value_as_str(a[0]);
    int64_t width;
    size_t pad;
    rt_status st = padding_of(r, a, &width, &pad);
    if (!st)
        st = put_padded(r, a[0], RT_STR("0"), pad, 0, out);
    if (st || !pad || !s.len || (s.data[0] != '+' && s.data[0] != '-'))
        return st;

    char *text = rt_arena_copy(r->arena, out->as.text, out->len);
    text[0] = s.data[0];
    text[pad] = '0';
    *out = rt__text_like(a[0], rt_str_of(text, out->len));
    return RT_OK;
}

static rt_status str_expandtabs(RT__METHOD_ARGS)
{
    int64_t size;
    rt_status st = rt__method_count(r, a[1], 8, &size);
    if (st)
        return st;
    if (size > INT_MAX || size < INT_MIN)
        return rt__raise(r, RT_TEMPLATE_OVERFLOW_ERROR,
                         "Python int too large to convert to C int");

    rt_buf buf;
    rt_str rest = rt_value_as_str(a[0]);
    size_t column = 0;
    st = rt__check_text(r, rest.len);
    rt__buf_init(r, &buf);
    while (rest.len && !buf.status && !st) {
        const char *at = rest.data;
        uint32_t rune = rt__rune_next(&rest);
        if (rune == '\t') {
            size_t spaces = size > 0 ? (size_t)size - column % (size_t)size : 0;
            rt_buf_put_repeat(&buf, ' ', spaces);
            column += spaces;
            continue;
        }
        rt_buf_put_bytes(&buf, at, (size_t)(rest.data - at));
        column = rune == '\n' || rune == '\r' ? 0 : column + 1;
    }
    *out = rt__text_like(a[0], rt_buf_str(&buf));
    if (!st)
        st = rt__buf_status(r, &buf);
    return st ? st : rt__check_text(r, buf.len);
}

// ---- the ends -------------------------------------------------------------------------

static rt_status stripped(rt_render *r, const rt_value *a, const char *name,
                          unsigned sides, rt_value *out)
{
    rt_str s = rt_value_as_str(a[0]);
    rt_str chars = {0};
    bool given = !rt__is_absent(a[1]) && a[1].kind != RT_NONE;
    if (given && !rt_value_is_text(a[1]))
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "{} arg must be None or str", name);
    if (given)
        chars = rt_value_as_str(a[1]);
    // Characters beyond ASCII are searched for, one by one.
    size_t rounds = rt__text_is_ascii(chars) ? 1 : chars.len;
    rt_status st = rt__step(r, s.len / 64 * rounds);
    if (st)
        return st;
    *out = rt__text_like(a[0], rt__text_strip(s, given ? &chars : NULL, sides));
    return RT_OK;
}

static rt_status str_strip(RT__METHOD_ARGS)
{
    return stripped(r, a, "strip", RT__STRIP_BOTH, out);
}

static rt_status str_lstrip(RT__METHOD_ARGS)
{
    return stripped(r, a, "lstrip", RT__STRIP_LEFT, out);
}

static rt_status str_rstrip(RT__METHOD_ARGS)
{
    return stripped(r, a, "rstrip", RT__STRIP_RIGHT, out);
}

static rt_status affix_of(rt_render *r, rt_value v, const char *name,
                          rt_str *affix)
{
    *affix = (rt_str){0};
    if (!rt_value_is_text(v))
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "{}() argument must be str, not {}", name,
                         rt__method_type(v));
    *affix = rt_value_as_str(v);
    return RT_OK;
}

static rt_status str_removeprefix(RT__METHOD_ARGS)
{
    rt_str s = rt_value_as_str(a[0]);
    rt_str prefix;
    rt_status st = affix_of(r, a[1], "removeprefix", &prefix);
    if (st)
        return st;
    (void)rt_str_skip(&s, prefix);
    *out = rt__text_like(a[0], s);
    return RT_OK;
}

static rt_status str_removesuffix(RT__METHOD_ARGS)
{
    rt_str s = rt_value_as_str(a[0]);
    rt_str suffix;
    rt_status st = affix_of(r, a[1], "removesuffix", &suffix);
    if (st)
        return st;
    if (rt_str_ends_with(s, suffix))
        s.len -= suffix.len;
    *out = rt__text_like(a[0], s);
    return RT_OK;
}

// ---- formatting ---------------------------------------------------------------------------

static rt_status str_format(RT__METHOD_ARGS)
{
    return rt__str_format(r, a[0], a + 1, n - 1, named, out);
}

static rt_status str_format_map(RT__METHOD_ARGS)
{
    return rt__str_format(r, a[0], NULL, 0, a[1], out);
}

// ---- the table ------------------------------------------------------------------------------

#define ROW      RT__METHOD_ROW
#define POSITION RT__POSITIONAL

static const rt__method rows[] = {
    ROW("find", rt__str_find, "self sub start end", 2, POSITION),
    ROW("join", rt__str_join, "self iterable", 2, POSITION),
    ROW("count", rt__str_count, "self sub start end", 2, POSITION),
    ROW("index", rt__str_index, "self sub start end", 2, POSITION),
    ROW("ljust", str_ljust, "self width fillchar", 2, POSITION),
    ROW("lower", str_lower, "self", 1, POSITION),
    ROW("rfind", rt__str_rfind, "self sub start end", 2, POSITION),
    ROW("rjust", str_rjust, "self width fillchar", 2, POSITION),
    ROW("split", rt__str_split, "self sep maxsplit", 1, 0),
    ROW("strip", str_strip, "self chars", 1, POSITION),
    ROW("title", str_title, "self", 1, POSITION),
    ROW("upper", str_upper, "self", 1, POSITION),
    ROW("zfill", str_zfill, "self width", 2, POSITION),
    ROW("center", str_center, "self width fillchar", 2, POSITION),
    ROW("format", str_format, "self", 1, RT__VARARGS),
    ROW("lstrip", str_lstrip, "self chars", 1, POSITION),
    ROW("rindex", rt__str_rindex, "self sub start end", 2, POSITION),
    ROW("rsplit", rt__str_rsplit, "self sep maxsplit", 1, 0),
    ROW("rstrip", str_rstrip, "self chars", 1, POSITION),
    ROW("isalnum", str_isalnum, "self", 1, POSITION),
    ROW("isalpha", str_isalpha, "self", 1, POSITION),
    ROW("isascii", str_isascii, "self", 1, POSITION),
    ROW("isdigit", str_isdigit, "self", 1, POSITION),
    ROW("islower", str_islower, "self", 1, POSITION),
    ROW("isspace", str_isspace, "self", 1, POSITION),
    ROW("istitle", str_istitle, "self", 1, POSITION),
    ROW("isupper", str_isupper, "self", 1, POSITION),
    ROW("replace", rt__str_replace, "self old new count", 3, POSITION),
    ROW("casefold", str_casefold, "self", 1, POSITION),
    ROW("endswith", rt__str_endswith, "self suffix start end", 2, POSITION),
    ROW("swapcase", str_swapcase, "self", 1, POSITION),
    ROW("isdecimal", str_isdecimal, "self", 1, POSITION),
    ROW("isnumeric", str_isnumeric, "self", 1, POSITION),
    ROW("partition", rt__str_partition, "self sep", 2, POSITION),
    ROW("capitalize", str_capitalize, "self", 1, POSITION),
    ROW("expandtabs", str_expandtabs, "self tabsize", 1, 0),
    ROW("format_map", str_format_map, "self mapping", 2, POSITION),
    ROW("rpartition", rt__str_rpartition, "self sep", 2, POSITION),
    ROW("splitlines", rt__str_splitlines, "self keepends", 1, 0),
    ROW("startswith", rt__str_startswith, "self prefix start end", 2, POSITION),
    ROW("isprintable", str_isprintable, "self", 1, POSITION),
    ROW("isidentifier", str_isidentifier, "self", 1, POSITION),
    ROW("removeprefix", str_removeprefix, "self prefix", 2, POSITION),
    ROW("removesuffix", str_removesuffix, "self suffix", 2, POSITION),
};

const rt__methods rt__str_methods = {rows, RT_COUNT(rows)};
