// Parts: their order, and matching one on a text.
//
// A part with a single converter can match in one way only: what stands before
// and behind it is compared, and the converter gets the rest. With more there
// may be many ways, and the one is taken that a regular expression would find:
// each converter, from the left, as much as it can (a path: as little) so that
// what follows still matches. Instead of trying and going back, which a hostile
// path could make very slow, two passes over the text do it:
//
//     text      3 - x - y . t x t        from the right, for each element: the
//     <b>"."..      * * * .              positions (*) from which it and all
//     "-"<b>..    *   *                  behind it can match to the end
//     <a>"-"..  *                        from the left: the first end that the
//               <a> "-" <--b-> "." ..    next row has, in order of preference
//
// Each built-in converter fills its row from right to left by looking at the
// row behind it, so that both passes take time in proportion to the length.
#include <stdint.h>

#include "routing/conv.h"

// Bytes that custom converters may look at for one part. Only a text of hundreds
// of bytes that was made for it gets there; it does not match then.
#define CUSTOM_WORK_MAX (1u << 20)

#define ELEMENTS_MAX (2 * RT_URL_PART_VARIABLES_MAX + 1)

// ---- order --------------------------------------------------------------

// More of them first.
static int compare_more(size_t a, size_t b)
{
    return a > b ? -1 : a < b;
}

static size_t next_conv(const rt__part *part, size_t at)
{
    while (!part->elements[at].conv)
        at++;
    return at;
}

// More pieces of text before fewer, longer before shorter; then more converters
// before fewer, narrow before wide: Werkzeug's weights.
int rt__part_compare(const rt__part *a, const rt__part *b)
{
    int order = compare_more(a->statics_len, b->statics_len);
    for (size_t i = 0; !order && i < a->statics_len; i++)
        order = compare_more(a->static_lens[i], b->static_lens[i]);
    if (!order)
        order = compare_more(a->convs_len, b->convs_len);

    size_t at_a = 0;
    size_t at_b = 0;
    for (size_t i = 0; !order && i < a->convs_len; i++) {
        at_a = next_conv(a, at_a);
        at_b = next_conv(b, at_b);
        int weight_a = a->elements[at_a++].conv->weight;
        int weight_b = b->elements[at_b++].conv->weight;
        order = (weight_a > weight_b) - (weight_a < weight_b);
    }
    return order;
}

bool rt__part_equal(const rt__part *a, const rt__part *b)
{
    if (a->final != b->final || a->slashed != b->slashed ||
        a->elements_len != b->elements_len || !rt_str_eq(a->text, b->text))
        return false;
    for (size_t i = 0; i < a->elements_len; i++) {
        const rt__element *x = &a->elements[i];
        const rt__element *y = &b->elements[i];
        if (!x->conv != !y->conv || !rt_str_eq(x->literal, y->literal) ||
            (x->conv && !rt__conv_equal(x->conv, y->conv)))
            return false;
    }
    return true;
}

// ---- one converter ------------------------------------------------------

// A slashed part leaves one slash at the end of the text to its redirect. The
// text before it may not end in a slash as well.
static bool leave_slash(rt_str *text, bool *slash)
{
    *slash = text->len && text->data[text->len - 1] == '/';
    if (*slash)
        text->len--;
    return !text->len || text->data[text->len - 1] != '/';
}

static bool match_single(const rt__part *part, rt_str text, rt_str *value)
{
    size_t around = part->prefix.len + part->suffix.len;
    if (text.len <= around || !rt_str_starts_with(text, part->prefix) ||
        !rt_str_ends_with(text, part->suffix))
        return false;
    rt_str middle = {text.data + part->prefix.len, text.len - around};
    *value = middle;
    return rt__conv_match(part->elements[part->prefix.len ? 1 : 0].conv,
                          middle);
}

// ---- several converters -------------------------------------------------

// What both passes work on. at[i][p] is 1 where element i and all behind it
// match from position p to the end of the text; the last row is the end itself.
// Rows have ones only where a code point starts.
typedef struct rows {
    const rt__part *part;
    rt_str text;
    uint8_t *at[ELEMENTS_MAX + 1];
    uint8_t *spare;  // one more row
    uint32_t *first; // of the row behind: the first 1 at or after a position
    size_t work;     // spent on custom converters
} rows;

static bool is_boundary(rt_str text, size_t at)
{
    return at == text.len || ((unsigned char)text.data[at] & 0xc0) != 0x80;
}

static size_t step_back(rt_str text, size_t at)
{
    do {
        at--;
    } while (!is_boundary(text, at));
    return at;
}

static size_t step_on(rt_str text, size_t at)
{
    do {
        at++;
    } while (!is_boundary(text, at));
    return at;
}

static bool takes(const rt__conv *conv, char c)
{
    switch (conv->kind) {
    case CONV_INT: return rt_is_digit(c);
    case CONV_FLOAT: return rt_is_digit(c);
    case CONV_PATH: return c != '\n';
    default: return c != '/';
    }
}

// The number of characters a converter takes: a string says, the others have
// no limits.
static size_t least(const rt__conv *conv)
{
    return conv->kind == CONV_STRING ? conv->min_len : 1;
}

static size_t most(const rt__conv *conv)
{
    return conv->kind == CONV_STRING ? conv->max_len : SIZE_MAX;
}

static void fill_literal(rows *r, size_t i)
{
    rt_str literal = r->part->elements[i].literal;
    for (size_t p = 0; p + literal.len <= r->text.len; p++) {
        r->at[i][p] = r->at[i + 1][p + literal.len] &&
                      !memcmp(r->text.data + p, literal.data, literal.len);
    }
}

static void fill_first(rows *r, const uint8_t *next)
{
    uint32_t first = UINT32_MAX;
    for (size_t p = r->text.len + 1; p-- > 0;) {
        if (next[p])
            first = (uint32_t)p;
        r->first[p] = first;
    }
}

// A converter that takes a run of characters: it can end anywhere between
// `near`, which is `least` characters on, and `far`, which is `most` characters
// on or the end of the run. All of them only move to the left with `p`.
static void fill_run(rows *r, const rt__conv *conv, const uint8_t *next,
                     uint8_t *row)
{
    rt_str text = r->text;
    size_t run = text.len; // where the run that starts at `p` ends
    size_t near = text.len;
    size_t far = text.len;
    size_t count = 0; // characters from `p` to the end of the text

    fill_first(r, next);
    for (size_t p = text.len; p > 0;) {
        p = step_back(text, p);
        count++;
        if (count > least(conv))
            near = step_back(text, near);
        if (count > most(conv))
            far = step_back(text, far);

        size_t behind = run; // the run that starts after this character
        if (!takes(conv, text.data[p]))
            run = p;
        // The first character of a path is another matter than the rest.
        size_t end = conv->kind == CONV_PATH ? behind : run;
        if (conv->kind == CONV_PATH && text.data[p] == '/')
            continue;
        if (end > far)
            end = far;
        row[p] = count >= least(conv) && near <= end && r->first[near] <= end;
    }
}

static void fill_signs(rows *r, uint8_t *row)
{
    for (size_t p = 0; p + 1 < r->text.len; p++) {
        if (r->text.data[p] == '-' && rt_is_digit(r->text.data[p + 1]))
            row[p] = row[p + 1];
    }
}

// Digits, a point, and from there on what fill_run says of the fraction.
static void fill_float(rows *r, const rt__conv *conv, const uint8_t *next,
                       uint8_t *row)
{
    memset(r->spare, 0, r->text.len + 1);
    fill_run(r, conv, next, r->spare);

    bool matches = false; // the digits that start at `p` lead to a fraction
    for (size_t p = r->text.len; p-- > 0;) {
        char c = r->text.data[p];
        if (c == '.') {
            matches = r->spare[p + 1];
        } else if (!rt_is_digit(c)) {
            matches = false;
        }
        row[p] = matches && c != '.';
    }
}

static void fill_words(rows *r, const rt__conv *conv, const uint8_t *next,
                       uint8_t *row)
{
    for (size_t w = 0; w < conv->words_len; w++) {
        rt_str word = conv->words[w];
        for (size_t p = 0; p + word.len <= r->text.len; p++) {
            if (next[p + word.len] &&
                !memcmp(r->text.data + p, word.data, word.len))
                row[p] = 1;
        }
    }
}

// Ask a custom converter, unless the part has cost too much already.
static bool ask(rows *r, const rt__conv *conv, size_t from, size_t to)
{
    r->work += to - from + 16; // a call costs something of its own
    if (r->work > CUSTOM_WORK_MAX)
        return false;
    return rt__conv_match(conv, rt_str_slice(r->text, from, to - from));
}

static void fill_asking(rows *r, const rt__conv *conv, const uint8_t *next,
                        uint8_t *row)
{
    fill_first(r, next);
    for (size_t p = 0; p < r->text.len; p = step_on(r->text, p)) {
        size_t end = p;
        while (!row[p] && end < r->text.len && r->work <= CUSTOM_WORK_MAX) {
            end = r->first[end + 1];
            row[p] = end <= r->text.len && ask(r, conv, p, end);
        }
    }
}

static void fill_uuids(rows *r, const rt__conv *conv, const uint8_t *next,
                       uint8_t *row)
{
    for (size_t p = 0; p + RT__UUID_LEN <= r->text.len; p++) {
        row[p] = next[p + RT__UUID_LEN] &&
                 rt__conv_match(conv, rt_str_slice(r->text, p, RT__UUID_LEN));
    }
}

static void fill_row(rows *r, size_t i)
{
    const rt__conv *conv = r->part->elements[i].conv;
    const uint8_t *next = r->at[i + 1];
    uint8_t *row = r->at[i];

    if (!conv) {
        fill_literal(r, i);
        return;
    }
    switch (conv->kind) {
    case CONV_STRING: fill_run(r, conv, next, row); break;
    case CONV_PATH: fill_run(r, conv, next, row); break;
    case CONV_INT: fill_run(r, conv, next, row); break;
    case CONV_FLOAT: fill_float(r, conv, next, row); break;
    case CONV_ANY: fill_words(r, conv, next, row); break;
    case CONV_UUID: fill_uuids(r, conv, next, row); break;
    case CONV_CUSTOM: fill_asking(r, conv, next, row); break;
    }
    if (conv->is_signed)
        fill_signs(r, row);
}

// The end of a run from `p`, which is known to have one: the last the next row
// has, for a path the first.
static size_t pick_run(const rows *r, const rt__conv *conv, size_t p,
                       const uint8_t *next)
{
    size_t best = p;
    size_t count = 0;
    bool is_path = conv->kind == CONV_PATH;

    for (size_t end = p; end < r->text.len && count < most(conv);) {
        bool is_first_of_path = is_path && count == 0;
        if (!is_first_of_path && !takes(conv, r->text.data[end]))
            break;
        end = step_on(r->text, end);
        count++;
        if (next[end] && count >= least(conv))
            best = end;
        if (is_path && best > p)
            break;
    }
    return best;
}

static size_t pick_number(const rows *r, const rt__conv *conv, size_t p,
                          const uint8_t *next)
{
    if (r->text.data[p] == '-')
        p++;
    if (conv->kind == CONV_FLOAT) {
        while (r->text.data[p] != '.')
            p++;
        p++;
    }
    return pick_run(r, conv, p, next);
}

// The first of the words, as they are written, that leads on.
static size_t pick_word(const rows *r, const rt__conv *conv, size_t p,
                        const uint8_t *next)
{
    for (size_t w = 0; w < conv->words_len; w++) {
        rt_str word = conv->words[w];
        if (p + word.len <= r->text.len && next[p + word.len] &&
            !memcmp(r->text.data + p, word.data, word.len))
            return p + word.len;
    }
    return p;
}

static size_t pick_asking(rows *r, const rt__conv *conv, size_t p,
                          const uint8_t *next)
{
    for (size_t end = r->text.len; end > p; end--) {
        if (next[end] && ask(r, conv, p, end))
            return end;
    }
    return p;
}

static size_t pick(rows *r, size_t i, size_t p)
{
    const rt__conv *conv = r->part->elements[i].conv;
    const uint8_t *next = r->at[i + 1];
    switch (conv->kind) {
    case CONV_INT: return pick_number(r, conv, p, next);
    case CONV_FLOAT: return pick_number(r, conv, p, next);
    case CONV_ANY: return pick_word(r, conv, p, next);
    case CONV_UUID: return p + RT__UUID_LEN;
    case CONV_CUSTOM: return pick_asking(r, conv, p, next);
    default: return pick_run(r, conv, p, next);
    }
}

// From the left: every row is known to have a 1 at `p`. Only a custom converter
// can go back on its word, or run out of work.
static bool pick_values(rows *r, rt_str *values)
{
    size_t p = 0;
    for (size_t i = 0; i < r->part->elements_len; i++) {
        const rt__element *element = &r->part->elements[i];
        size_t end = p + element->literal.len;
        if (element->conv) {
            end = pick(r, i, p);
            if (end == p)
                return false;
            *values++ = rt_str_slice(r->text, p, end - p);
        }
        p = end;
    }
    return true;
}

static bool match_several(const rt__part *part, rt_arena *arena, rt_str text,
                          rt_str *values)
{
    rows r = {.part = part, .text = text};
    size_t width = text.len + 1;
    size_t n = part->elements_len;
    rt_arena_mark mark = rt_arena_save(arena);

    uint8_t *memory = rt_new(arena, uint8_t, (n + 2) * width);
    for (size_t i = 0; i <= n; i++)
        r.at[i] = memory + i * width;
    r.spare = memory + (n + 1) * width;
    r.first = rt_arena_alloc(arena, width * sizeof(uint32_t));

    r.at[n][text.len] = 1;
    for (size_t i = n; i-- > 0;)
        fill_row(&r, i);
    bool matches = r.at[0][0] && pick_values(&r, values);

    rt_arena_rewind(arena, mark);
    return matches;
}

bool rt__part_match(const rt__part *part, rt_arena *arena, rt_str text,
                    rt_str *values, bool *slash)
{
    *slash = false;
    if (part->slashed && !leave_slash(&text, slash))
        return false;
    if (part->convs_len == 1)
        return match_single(part, text, values);
    if (!rt_str_starts_with(text, part->prefix) ||
        !rt_str_ends_with(text, part->suffix))
        return false;
    return match_several(part, arena, text, values);
}
