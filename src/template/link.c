// What text is a link.
//
// The regular expressions of jinja2.utils.urlize stand above the functions that
// match them here, which never go back: the host of a URL has no character that
// can follow it, so it ends where it ends.
#include "template/link.h"

#include <stdint.h>

#include "template/text_unicode.h"

// re.IGNORECASE lets these stand for letters of ASCII, too.
static uint32_t fold(uint32_t rune)
{
    if (rune >= 'A' && rune <= 'Z')
        return rune + 32;
    switch (rune) {
    case 0x17f: return 's';  // long s
    case 0x212a: return 'k'; // kelvin
    case 0x130:
    case 0x131: return 'i';
    default: return rune;
    }
}

// Step over ASCII text in any case.
static bool skip_nocase(rt_str *cursor, const char *text)
{
    rt_str rest = *cursor;

    for (; *text; text++)
        if (!rest.len || fold(rt__rune_next(&rest)) != (unsigned char)*text)
            return false;
    *cursor = rest;
    return true;
}

// https?://
static bool skip_http(rt_str *cursor)
{
    return skip_nocase(cursor, "http://") || skip_nocase(cursor, "https://");
}

// (:\d{1,5})? ([/?#]\S*)? $     A word has no white space.
static bool is_end_of_url(rt_str s)
{
    int digits = 0;

    if (rt_str_skip(&s, RT_STR(":"))) {
        while (s.len) {
            rt_str next = s;
            if (!rt__rune_is_decimal(rt__rune_next(&next)))
                break;
            s = next;
            digits++;
        }
        if (digits < 1 || digits > 5)
            return false;
    }
    return !s.len || *s.data == '/' || *s.data == '?' || *s.data == '#';
}

// [\w%-]
static bool is_host_char(uint32_t rune)
{
    return rune == '%' || rune == '-' || rt__rune_is_word(rune);
}

// Take a label of a host: [\w%-]*
static rt_str take_label(rt_str *cursor)
{
    rt_str label = *cursor;

    while (cursor->len) {
        rt_str next = *cursor;
        if (!is_host_char(rt__rune_next(&next)))
            break;
        *cursor = next;
    }
    label.len -= cursor->len;
    return label;
}

// [a-z]{2,63} | xn--[\w%]{2,59}
static bool is_top_level(rt_str label)
{
    size_t len = 0;
    bool idna = skip_nocase(&label, "xn--");

    for (; label.len; len++) {
        uint32_t rune = fold(rt__rune_next(&label));
        if (idna ? rune == '-' : rune < 'a' || rune > 'z')
            return false;
    }
    return len >= 2 && len <= (idna ? 59 : 63);
}

// com|net|int|edu|gov|org|info|mil
static bool is_basic_top_level(rt_str label)
{
    static const char *const names[] = {"com", "net", "int",  "edu",
                                        "gov", "org", "info", "mil"};

    for (size_t i = 0; i < RT_COUNT(names); i++) {
        rt_str rest = label;
        if (skip_nocase(&rest, names[i]) && !rest.len)
            return true;
    }
    return false;
}

// (https?://|www\.) ([\w%-]+\.)* (top level)
static bool is_named_url(rt_str s)
{
    rt_str label;

    if (!skip_http(&s) && !skip_nocase(&s, "www."))
        return false;
    do {
        label = take_label(&s);
    } while (label.len && rt_str_skip(&s, RT_STR(".")));
    return is_top_level(label) && is_end_of_url(s);
}

// ([\w%-]{2,63}\.)+ (com|net|...)
static bool is_bare_domain(rt_str s)
{
    for (size_t labels = 0;; labels++) {
        rt_str label = take_label(&s);
        if (!rt_str_skip(&s, RT_STR(".")))
            return labels && is_basic_top_level(label) && is_end_of_url(s);
        size_t len = rt__text_len(label);
        if (len < 2 || len > 63)
            return false;
    }
}

// \d{1,3} (\.\d{1,3}){3}
static bool skip_ipv4(rt_str *s)
{
    for (int part = 0; part < 4; part++) {
        int digits = 0;
        if (part && !rt_str_skip(s, RT_STR(".")))
            return false;
        for (rt_str next = *s;
             next.len && rt__rune_is_decimal(rt__rune_next(&next)); digits++)
            *s = next;
        if (digits < 1 || digits > 3)
            return false;
    }
    return true;
}

// [\da-f]{0,4}
static void skip_hex(rt_str *s)
{
    for (int i = 0; i < 4 && s->len; i++) {
        rt_str next = *s;
        uint32_t rune = fold(rt__rune_next(&next));
        if (!rt__rune_is_decimal(rune) && (rune < 'a' || rune > 'f'))
            return;
        *s = next;
    }
}

// \[ ([\da-f]{0,4}:){2} ([\da-f]{0,4}:?){1,6} \]
static bool skip_ipv6(rt_str *s)
{
    if (!rt_str_skip(s, RT_STR("[")))
        return false;
    for (int i = 0; i < 2; i++) {
        skip_hex(s);
        if (!rt_str_skip(s, RT_STR(":")))
            return false;
    }
    for (int i = 0; i < 6; i++) {
        skip_hex(s);
        (void)rt_str_skip(s, RT_STR(":"));
    }
    return rt_str_skip(s, RT_STR("]"));
}

bool rt__is_url(rt_str s)
{
    rt_str ip = s;

    if (is_named_url(s) || is_bare_domain(s))
        return true;
    if (!skip_http(&ip))
        return false;
    s = ip;
    if (skip_ipv4(&s) && is_end_of_url(s))
        return true;
    return skip_ipv6(&ip) && is_end_of_url(ip);
}

// \w*, or [\w.-]*
static bool are_words(rt_str s, bool in_host)
{
    while (s.len) {
        uint32_t rune = rt__rune_next(&s);
        if (!rt__rune_is_word(rune) &&
            !(in_host && (rune == '.' || rune == '-')))
            return false;
    }
    return true;
}

// \S+@\w[\w.-]*\.\w+
bool rt__is_email(rt_str s)
{
    size_t at = rt_str_rfind_char(s, '@');
    if (at == RT_STR_NONE || at == 0)
        return false;
    rt_str host = rt_str_slice(s, at + 1, s.len);
    size_t dot = rt_str_rfind_char(host, '.');
    if (dot == RT_STR_NONE || dot == 0 || dot + 1 == host.len)
        return false;
    rt_str first = rt_str_take(&host, dot);
    rt_str_take(&host, 1);
    return rt__rune_is_word(rt__rune_next(&first)) && are_words(first, true) &&
           are_words(host, false);
}

// [\w.+-]{2,}:/{0,2}
bool rt__is_scheme(rt_str s)
{
    size_t len = 0;

    for (; s.len && *s.data != ':'; len++) {
        uint32_t rune = rt__rune_next(&s);
        if (rune != '.' && rune != '+' && rune != '-' &&
            !rt__rune_is_word(rune))
            return false;
    }
    return len >= 2 &&
           (rt_str_eq(s, RT_STR(":")) || rt_str_eq(s, RT_STR(":/")) ||
            rt_str_eq(s, RT_STR("://")));
}
