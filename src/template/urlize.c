// The filter urlize: links in text.
//
// The text is escaped first and then looked at word by word. Of each word the
// brackets around it and the punctuation behind it are set aside; what is left
// becomes a link when all of it is a URL or an e-mail address.
//
// Follows jinja2.utils.urlize.
#include <retort/base/escape.h>

#include "template/filters.h"
#include "template/link.h"
#include "template/methods.h"
#include "template/text_unicode.h"

// How links are written.
typedef struct linking {
    rt_str rel; // the attributes, escaped, with a space before them; or empty
    rt_str target;
    rt_value limit; // of the text of a link, in code points; none: no limit
    const rt_value *schemes; // further ones
    size_t schemes_len;
} linking;

// ---- a word and what is around it ------------------------------------------------------

// Parts of a word, which lie one behind the other.
typedef struct word {
    rt_str head;   // brackets
    rt_str middle; // perhaps a link
    rt_str tail;   // brackets and punctuation
} word;

static void grow(rt_str *s, rt_str *from, size_t bytes)
{
    s->len += bytes;
    rt_str_take(from, bytes);
}

// ^ ([(<]|&lt;)+
static size_t head_len(rt_str s)
{
    rt_str rest = s;

    while (rt_str_skip(&rest, RT_STR("(")) || rt_str_skip(&rest, RT_STR("<")) ||
           rt_str_skip(&rest, RT_STR("&lt;")))
        continue;
    return s.len - rest.len;
}

// ([)>.,\n]|&gt;)+ $
static size_t tail_len(rt_str s)
{
    size_t len = 0;

    for (;;) {
        rt_str rest = rt_str_slice(s, 0, s.len - len);
        if (rt_str_ends_with(rest, RT_STR("&gt;"))) {
            len += 4;
        } else if (rest.len && memchr(")>.,", rest.data[rest.len - 1], 4)) {
            len++;
        } else {
            return len;
        }
    }
}

static size_t count(rt_str s, rt_str needle)
{
    size_t n = 0;

    for (size_t at; (at = rt_str_find(s, needle)) != RT_STR_NONE; n++)
        rt_str_take(&s, at + needle.len);
    return n;
}

// Brackets that close what the middle has opened belong to it, with what is
// before them.
static void balance(word *w, rt_str open, rt_str close)
{
    size_t opened = count(w->middle, open);

    if (opened <= count(w->middle, close))
        return;
    for (; opened > 0; opened--) {
        size_t at = rt_str_find(w->tail, close);
        if (at == RT_STR_NONE)
            return;
        grow(&w->middle, &w->tail, at + close.len);
    }
}

static word split(rt_str s)
{
    word w = {.head = rt_str_take(&s, head_len(s))};

    w.middle = rt_str_take(&s, s.len - tail_len(s));
    w.tail = s;
    balance(&w, RT_STR("("), RT_STR(")"));
    balance(&w, RT_STR("<"), RT_STR(">"));
    balance(&w, RT_STR("&lt;"), RT_STR("&gt;"));
    return w;
}

// ---- writing ---------------------------------------------------------------------------

static rt_status put_trimmed(rt_render *r, rt_buf *out, rt_str s,
                             const linking *how)
{
    rt_value text = rt_value_str(s);
    size_t len = rt__text_len(s);
    bool longer = false;
    rt_status st = RT_OK;

    if (!rt__is_none(how->limit))
        st = rt__compare(r, RT__GT, rt_value_int((int64_t)len), how->limit,
                         &longer);
    if (!st && longer)
        st = rt__slice(r, text, rt__absent(), how->limit, rt__absent(), &text);
    rt_buf_put(out, rt_value_as_str(text));
    rt_buf_put_cstr(out, longer ? "..." : "");
    return st;
}

static rt_status put_link(rt_render *r, rt_buf *out, const char *scheme,
                          rt_str url, const linking *how, bool trims)
{
    rt_status st = RT_OK;

    rt_buf_put_cstr(out, "<a href=\"");
    rt_buf_put_cstr(out, scheme);
    rt_buf_put(out, url);
    rt_buf_put_char(out, '"');
    rt_buf_put(out, how->rel);
    rt_buf_put(out, how->target);
    rt_buf_put_char(out, '>');
    if (trims) {
        st = put_trimmed(r, out, url, how);
    } else {
        rt_buf_put(out, url);
    }
    rt_buf_put_cstr(out, "</a>");
    return st;
}

static void put_mail(rt_buf *out, rt_str address)
{
    rt_buf_put_cstr(out, "<a href=\"mailto:");
    rt_buf_put(out, address);
    rt_buf_put_cstr(out, "\">");
    rt_buf_put(out, address);
    rt_buf_put_cstr(out, "</a>");
}

static rt_status put_middle(rt_render *r, rt_buf *out, rt_str s,
                            const linking *how)
{
    rt_str mail = s;

    if (rt__is_url(s)) {
        bool http = rt_str_starts_with(s, RT_STR("http://")) ||
                    rt_str_starts_with(s, RT_STR("https://"));
        return put_link(r, out, http ? "" : "https://", s, how, true);
    }
    if (rt_str_skip(&mail, RT_STR("mailto:")) && rt__is_email(mail)) {
        put_mail(out, mail);
        return RT_OK;
    }
    if (!rt_str_starts_with(s, RT_STR("www.")) &&
        !rt_str_starts_with(s, RT_STR("@")) &&
        rt_str_find_char(s, ':') == RT_STR_NONE && rt__is_email(s)) {
        put_mail(out, s);
        return RT_OK;
    }
    for (size_t i = 0; i < how->schemes_len; i++) {
        rt_str scheme = rt_value_as_str(how->schemes[i]);
        if (s.len > scheme.len && rt_str_starts_with(s, scheme))
            return put_link(r, out, "", s, how, false);
    }
    rt_buf_put(out, s);
    return RT_OK;
}

static rt_status put_urlized(rt_render *r, rt_buf *out, rt_str text,
                             const linking *how)
{
    rt_status st = RT_OK;

    while (text.len && !st && !out->status) {
        rt_str s = text;
        rt_str next = text;
        bool space = rt__rune_is_space(rt__rune_next(&next));
        do {
            text = next;
        } while (text.len && rt__rune_is_space(rt__rune_next(&next)) == space);
        s.len -= text.len;
        if (space) {
            rt_buf_put(out, s);
            continue;
        }
        word w = split(s);
        rt_buf_put(out, w.head);
        st = put_middle(r, out, w.middle, how);
        rt_buf_put(out, w.tail);
        st = st ? st : rt__step(r, 1 + s.len / 64);
    }
    return st;
}

// ---- arguments --------------------------------------------------------------------------

// Add the words of `text` that are not there yet.
static rt_status add_words(rt_render *r, rt_value words, rt_str text)
{
    rt_str w;
    rt_status st = RT_OK;

    while (!st && rt__text_next_word(&text, &w)) {
        st = rt_dict_set_str(words, w, rt_value_none());
        st = st ? st : rt__step(r, 1);
    }
    return st;
}

static void put_attribute(rt_render *r, const char *name, rt_value v,
                          rt_str *out)
{
    rt_str text = rt_value_as_str(v);
    rt_buf buf;

    if (!text.len)
        return;
    rt__buf_init(r, &buf);
    rt_buf_put_char(&buf, ' ');
    rt_buf_put_cstr(&buf, name);
    rt_buf_put_cstr(&buf, "=\"");
    rt_buf_put(&buf, v.kind == RT_SAFE ? text : rt_html_escape(r->arena, text));
    rt_buf_put_char(&buf, '"');
    *out = rt_buf_str(&buf);
}

// The words of rel, nofollow and the policy: each once and in order.
static rt_status rel_of(rt_render *r, rt_value rel, rt_value nofollow,
                        rt_str *out)
{
    rt_value words = rt_dict_new(r->arena);
    rt_str policy = r->policies->urlize_rel;
    bool no;
    rt_buf buf;
    rt_status st;

    if (!rt_value_is_text(rel) && rt_value_is_true(rel))
        return rt__raise(r, RT_TEMPLATE_ATTRIBUTE_ERROR,
                         "{!r} object has no attribute 'split'",
                         rt__type_name(rel));
    if ((st = rt__arg_bool(r, nofollow, false, &no)) ||
        (st = add_words(r, words, rt_value_as_str(rel))) ||
        (st = add_words(r, words, no ? RT_STR("nofollow") : (rt_str){0})) ||
        (st = add_words(r, words, policy.data ? policy : RT_STR("noopener"))))
        return st;
    rt_value list;
    if ((st = rt__to_list(r, words, &list)))
        return st;
    size_t len = rt_list_len(list);
    rt_value *sorted = rt_new(r->arena, rt_value, len);
    for (size_t i = 0; i < len; i++)
        sorted[i] = rt_list_items(list)[i];
    if ((st = rt__sort(r, sorted, sorted, len, false)))
        return st;
    rt__buf_init(r, &buf);
    for (size_t i = 0; i < len; i++) {
        if (i)
            rt_buf_put_char(&buf, ' ');
        rt_buf_put(&buf, rt_value_as_str(sorted[i]));
    }
    put_attribute(r, "rel", rt_value_str(rt_buf_str(&buf)), out);
    return rt__buf_status(r, &buf);
}

static rt_status target_of(rt_render *r, rt_value target, rt_str *out)
{
    rt_str text;
    bool truth;
    rt_status st;

    if (rt__is_none(target))
        target = rt_value_str(r->policies->urlize_target);
    if ((st = rt__truth(r, target, &truth)) || !truth ||
        rt_value_is_text(target)) {
        put_attribute(r, "target", target, out);
        return st;
    }
    st = rt__to_text(r, target, &text);
    put_attribute(r, "target", rt_value_str(text), out);
    return st;
}

static rt_status schemes_of(rt_render *r, rt_value schemes, linking *how)
{
    rt_value list;
    rt_status st;

    if (rt__is_none(schemes))
        schemes = r->policies->urlize_extra_schemes;
    if (schemes.kind == RT_UNDEFINED)
        return RT_OK;
    if ((st = rt__to_list(r, schemes, &list)))
        return st;
    how->schemes = rt_list_items(list);
    how->schemes_len = rt_list_len(list);
    for (size_t i = 0; i < how->schemes_len; i++) {
        if (!rt_value_is_text(how->schemes[i]))
            return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                             "expected string or bytes-like object, got {!r}",
                             rt__type_name(how->schemes[i]));
        if (!rt__is_scheme(rt_value_as_str(how->schemes[i])))
            return rt__raise(r, RT_TEMPLATE_FILTER_ARGUMENT_ERROR,
                             "{!r} is not a valid URI scheme prefix.",
                             rt_value_as_str(how->schemes[i]));
    }
    return RT_OK;
}

FILTER(urlize)
{
    linking how = {.limit = a[1]};
    rt_value text;
    rt_buf buf;
    rt_status st;

    if ((st = rel_of(r, a[4], a[2], &how.rel)) ||
        (st = target_of(r, a[3], &how.target)) ||
        (st = schemes_of(r, a[5], &how)) || (st = rt__escape(r, a[0], &text)))
        return st;
    rt__buf_init(r, &buf);
    st = put_urlized(r, &buf, rt_value_as_str(text), &how);
    return st ? st
              : rt__give_text(r, &buf, r->autoescape ? text : rt_value_none(),
                              out);
}
