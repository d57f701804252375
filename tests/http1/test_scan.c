// Scanning looks at many bytes at once; here it is compared with what the
// tables say byte by byte, at the end of readable memory.
#include <stdio.h>
#include <string.h>

#include <retort/test.h>

#include "http1/scan.h"

// More than two blocks of odd bytes.
#define LEN_MAX 140u

static bool is_target(char c)
{
    return rt__is_class(c, RT__HTTP1_TARGET);
}

static bool is_tchar(char c)
{
    return rt_is_tchar(c);
}

static bool is_printable(char c)
{
    return rt__is_class(c, RT__HTTP1_PRINTABLE);
}

static size_t count(rt_str s, bool (*fits)(char c))
{
    size_t n = 0;
    while (n < s.len && fits(s.data[n]))
        n++;
    return n;
}

// `len` times an ordinary byte, with another one in it, flush against an
// unreadable page.
static rt_str bytes_with(size_t len, size_t at, char other)
{
    char bytes[LEN_MAX];
    memset(bytes, 'k', sizeof bytes);
    bytes[at] = other;
    return rt_guarded_bytes(bytes, len);
}

static void check_scans(rt_str s)
{
    const char *end = s.data + s.len;
    rt__odd_bytes odd = rt__odd_bytes_of(s.data, end);

    CHECK_EQ(rt__scan_token(s.data, end) - s.data, count(s, is_tchar));
    CHECK_EQ(rt__scan_target(s.data, end) - s.data, count(s, is_target));
    CHECK_EQ(rt__odd_next(&odd) - s.data, count(s, is_printable));
}

RT_TEST(the_tables_agree_with_each_other)
{
    for (int i = 0; i < 256; i++) {
        char c = (char)i;
        CHECK_EQ(is_printable(c), i >= 0x20 && i <= 0x7e);
        CHECK_EQ(rt__is_class(c, RT__HTTP1_VALUE),
                 is_printable(c) || c == '\t' || i >= 0x80);
        CHECK_EQ(is_target(c),
                 is_printable(c) && c != ' ' && c != '#' && c != '?');
        CHECK_EQ(rt__is_class(c, RT__HTTP1_PLAIN_HOST),
                 rt_is_alpha(c) || rt_is_digit(c) || c == '-' || c == '.' ||
                     c == '_');
    }
}

RT_TEST(every_byte_is_found_in_any_place)
{
    static const size_t lens[] = {1, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 140};

    for (size_t i = 0; i < RT_COUNT(lens); i++) {
        size_t places[] = {0, lens[i] / 2, lens[i] - 1};
        for (size_t j = 0; j < RT_COUNT(places); j++)
            for (int c = 0; c < 256; c++)
                check_scans(bytes_with(lens[i], places[j], (char)c));
    }
}

RT_TEST(odd_bytes_come_in_order_and_once)
{
    static const size_t places[] = {0, 1, 62, 63, 64, 100, 127, 128, 139};
    char bytes[LEN_MAX];
    memset(bytes, 'k', sizeof bytes);
    for (size_t i = 0; i < RT_COUNT(places); i++)
        bytes[places[i]] = '\r';

    rt_str s = rt_guarded_bytes(bytes, sizeof bytes);
    const char *end = s.data + s.len;
    rt__odd_bytes odd = rt__odd_bytes_of(s.data, end);
    for (size_t i = 0; i < RT_COUNT(places); i++)
        CHECK_EQ(rt__odd_next(&odd) - s.data, places[i]);
    CHECK(rt__odd_next(&odd) == end);
    CHECK(rt__odd_next(&odd) == end);
}

RT_TEST(a_plain_host_is_told_by_its_own_bytes)
{
    static const struct {
        const char *host;
        const char *behind;
        bool is_plain;
    } rows[] = {
        {"", "abc", false},
        {"localhost", "", true},
        {"localhost", "\r\n\r\nGET / HTTP/1.1", true},
        {"localhost", "abcdefghijklmnop", true},
        {"www.example.org", "\r\n\r\nGET", true},
        {"sixteen-bytes.io", "\r\n", true},
        {"seventeen-bytes.x", "\r\n", true},
        {"127.0.0.1", "\r\n\r\n0123456789", true},
        {"a/b", "\r\n\r\n0123456789abc", false},
        {"localhost:80", "\r\n\r\n0123456789", false},
        {"[::1]", "\r\n\r\n0123456789abc", false},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        char text[64];
        snprintf(text, sizeof text, "%s%s", rows[i].host, rows[i].behind);
        RT_CASE(text);
        rt_str s = rt_guarded(text);
        const char *stop = s.data + strlen(rows[i].host);
        CHECK_EQ(rt__is_plain_host(s.data, stop, s.data + s.len),
                 rows[i].is_plain);
    }
}
