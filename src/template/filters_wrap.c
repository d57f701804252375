// The filter wordwrap.
//
// Follows Python's textwrap with the options Jinja gives it: a line is cut into
// chunks, which are words, parts of hyphenated words, dashes, and the white space
// between them; and chunks are put on lines while they fit.
#include "template/env.h"
#include "template/filters.h"
#include "template/text_unicode.h"

// What wraps, and how.
typedef struct wrapping {
    rt_render *r;
    rt_buf *out;
    size_t width; // in code points
    bool break_long_words;
    bool break_on_hyphens;
    rt_str newline;
    bool escapes; // a safe line end escapes what it joins
} wrapping;

// ---- chunks --------------------------------------------------------------------------

// What separates chunks is white space of ASCII alone.
static bool is_blank(char c)
{
    return rt_is_space(c);
}

// [\w!"'&.,?]: what may stand before a dash
static bool is_word_punctuation(uint32_t rune)
{
    switch (rune) {
    case '!':
    case '"':
    case '\'':
    case '&':
    case '.':
    case ',':
    case '?': return true;
    default: return rt__rune_is_word(rune);
    }
}

// [^\d\W]
static bool is_letter(uint32_t rune)
{
    return rt__rune_is_word(rune) && !rt__rune_is_decimal(rune);
}

// The code point before `at`, or 0. `count` of them further back.
static uint32_t rune_before(rt_str line, size_t at, int count)
{
    rt_str s = rt_str_slice(line, 0, at);
    uint32_t rune = 0;

    while (count-- > 0) {
        if (!s.len)
            return 0;
        rune = rt__rune_last(&s);
    }
    return rune;
}

static uint32_t rune_after(rt_str line, size_t *at)
{
    rt_str s = rt_str_slice(line, *at, line.len);

    if (!s.len)
        return 0;
    uint32_t rune = rt__rune_next(&s);
    *at = line.len - s.len;
    return rune;
}

// Whether a word may be broken behind the hyphen at `at`: two letters stand
// before it, perhaps with a hyphen between them, and two behind it likewise.
//     -(?: (?<=L{2}-) | (?<=L-L-) ) (?= L -? L )
static bool is_break(rt_str line, size_t at)
{
    uint32_t second = rune_before(line, at, 2);

    if (!is_letter(rune_before(line, at, 1)) ||
        (!is_letter(second) &&
         !(second == '-' && is_letter(rune_before(line, at, 3)))))
        return false;
    at++;
    if (!is_letter(rune_after(line, &at)))
        return false;
    if (at < line.len && line.data[at] == '-')
        at++;
    return is_letter(rune_after(line, &at));
}

static size_t count_hyphens(rt_str line, size_t at)
{
    size_t n = 0;
    while (at + n < line.len && line.data[at + n] == '-')
        n++;
    return n;
}

// The length of a dash between words at `at`, or 0.
//     (?<=P) -{2,} (?=\w)
static size_t dash_len(rt_str line, size_t at)
{
    // First what is before it: so the hyphens of a run are counted once.
    if (!is_word_punctuation(rune_before(line, at, 1)))
        return 0;
    size_t n = count_hyphens(line, at);
    size_t end = at + n;
    return n >= 2 && rt__rune_is_word(rune_after(line, &end)) ? n : 0;
}

static size_t blank_len(rt_str line, size_t at)
{
    size_t n = 0;
    while (at + n < line.len && is_blank(line.data[at + n]))
        n++;
    return n;
}

// Where the chunk that begins at `at` ends.
static size_t chunk_end(rt_str line, size_t at, bool hyphens)
{
    size_t n = blank_len(line, at);

    if (n || (hyphens && (n = dash_len(line, at))))
        return at + n;
    // At least one character; then until white space, a hyphen to break at, or a
    // dash.
    (void)rune_after(line, &at);
    while (at < line.len && !is_blank(line.data[at])) {
        if (hyphens && line.data[at] == '-') {
            if (is_break(line, at))
                return at + 1;
            if (dash_len(line, at))
                return at;
        }
        (void)rune_after(line, &at);
    }
    return at;
}

// ---- lines ---------------------------------------------------------------------------

// The line being filled, which is a part of the text: chunks lie one behind the
// other, and only blanks between lines are dropped.
typedef struct filling {
    rt_str text;    // from the first chunk on
    size_t len;     // of it, in code points
    size_t last;    // bytes of its last chunk
    bool has_lines; // before this one
    bool dropped;   // the white space at its beginning
} filling;

typedef struct chunk {
    rt_str text;
    size_t len; // in code points
} chunk;

static bool is_all_space(rt_str s)
{
    return rt__text_strip(s, NULL, RT__STRIP_LEFT).len == 0;
}

static void add_chunk(filling *f, chunk c)
{
    if (!f->text.len)
        f->text.data = c.text.data;
    f->text.len += c.text.len;
    f->len += c.len;
    f->last = c.text.len;
}

static void end_line(const wrapping *w, filling *f)
{
    rt_str s = f->text;

    if (s.len && is_all_space(rt_str_slice(s, s.len - f->last, f->last)))
        s.len -= f->last;
    if (s.len) {
        if (f->has_lines)
            rt_buf_put(w->out, w->newline);
        if (w->escapes) {
            (void)!rt__put_text(w->r, w->out, rt_value_str(s), true);
        } else {
            rt_buf_put(w->out, s);
        }
        f->has_lines = true;
    }
    f->text = (rt_str){0};
    f->len = 0;
    f->dropped = false;
}

// Put as much of a long word on the line as goes there. At the end of a full
// line that is nothing, which then is the line's last chunk in the place of
// white space.
static void break_word(const wrapping *w, filling *f, chunk *c)
{
    size_t len = w->width - f->len;
    rt_str front = rt_str_slice(c->text, 0, 4 * len); // enough for UTF-8
    front.len = rt__text_offset(front, len);
    size_t hyphen = rt_str_rfind_char(front, '-');

    if (!w->break_long_words) {
        if (f->text.len)
            return;
        front = c->text;
        len = c->len;
    } else if (w->break_on_hyphens && hyphen != RT_STR_NONE &&
               count_hyphens(front, 0) < hyphen) {
        front.len = hyphen + 1; // unless there are only hyphens before it
        len = rt__text_len(front);
    }
    add_chunk(f, (chunk){front, len});
    rt_str_take(&c->text, front.len);
    c->len -= len;
}

static rt_status wrap_line(const wrapping *w, rt_str line)
{
    filling f = {0};
    chunk c = {0};
    size_t at = 0;
    rt_status st = RT_OK;

    while ((at < line.len || c.len) && !st && !w->out->status) {
        if (!c.len) {
            size_t end = chunk_end(line, at, w->break_on_hyphens);
            c.text = rt_str_slice(line, at, end - at);
            c.len = rt__text_len(c.text);
            at = end;
        }
        st = rt__step(w->r, 1);
        if (!f.text.len && f.has_lines && !f.dropped && is_all_space(c.text)) {
            f.dropped = true;
            c.len = 0;
        } else if (f.len + c.len <= w->width) {
            add_chunk(&f, c);
            c.len = 0;
        } else {
            if (c.len > w->width)
                break_word(w, &f, &c);
            end_line(w, &f);
        }
    }
    end_line(w, &f);
    return st ? st : rt__buf_status(w->r, w->out);
}

static rt_status wrap_lines(const wrapping *w, rt_str text)
{
    rt_str line, end;
    bool first = true;
    rt_status st = rt__check_text(w->r, text.len);

    while (!st && rt__text_next_line(&text, &line, &end)) {
        if (!first)
            rt_buf_put(w->out, w->newline);
        first = false;
        st = wrap_line(w, line);
    }
    return st;
}

// ---- the filter ------------------------------------------------------------------------

static rt_str newline_of(const rt_render *r)
{
    const char *given = r->env ? r->env->options.syntax.newline_sequence : NULL;

    return given && *given ? rt_str_from(given) : RT_STR("\n");
}

static rt_status no_attribute(rt_render *r, rt_value v, const char *name)
{
    if (v.kind == RT_UNDEFINED)
        return rt__undefined_fail(r, v);
    return rt__raise(r, RT_TEMPLATE_ATTRIBUTE_ERROR,
                     "{!r} object has no attribute {!r}", rt__type_name(v),
                     name);
}

FILTER(wordwrap)
{
    wrapping w = {.r = r, .newline = newline_of(r)};
    int64_t width;
    rt_buf buf;
    rt_status st;

    if (!rt__is_none(a[3]) && !rt_value_is_text(a[3]))
        return no_attribute(r, a[3], "join");
    if (!rt_value_is_text(a[0]))
        return no_attribute(r, a[0], "splitlines");
    *out = rt__text_like(a[3], RT_STR(""));
    if (!a[0].len)
        return RT_OK;
    if (a[1].kind == RT_UNDEFINED && !rt__is_absent(a[1]))
        return rt__undefined_fail(r, a[1]);
    if ((st = rt__arg_int(r, a[1], 79, &width)) ||
        (st = rt__arg_bool(r, a[2], true, &w.break_long_words)) ||
        (st = rt__arg_bool(r, a[4], true, &w.break_on_hyphens)))
        return st;
    if (width <= 0)
        return rt__raise(r, RT_TEMPLATE_VALUE_ERROR,
                         "invalid width {} (must be > 0)", width);
    w.width = (size_t)width;
    if (!rt__is_none(a[3]))
        w.newline = rt_value_as_str(a[3]);
    w.escapes = a[3].kind == RT_SAFE;
    rt__buf_init(r, &buf);
    w.out = &buf;
    st = wrap_lines(&w, rt_value_as_str(a[0]));
    return st ? st
              : rt__give_text(r, &buf, w.escapes ? a[3] : rt_value_none(), out);
}
