// Every row of cases.h, whole, cut at each byte, and flush against a guard page.
#include "cases.h"
#include "connection.h"

RT_TEST(every_case_has_its_outcome_however_it_is_cut)
{
    for (size_t i = 0; i < RT_COUNT(http1_cases); i++) {
        const http1_case *row = &http1_cases[i];

        RT_CASE(row->name);
        check_connection(rt_str_of(row->bytes, row->len), row->outcome);
    }
}

// A prefix of a good request is never refused, and none of a bad one is taken.
RT_TEST(a_prefix_is_never_judged_otherwise_than_the_whole)
{
    for (size_t i = 0; i < RT_COUNT(http1_cases); i++) {
        const http1_case *row = &http1_cases[i];

        RT_CASE(row->name);
        for (size_t len = 0; len < row->len; len++) {
            connection c;

            connection_open(&c, NULL);
            connection_feed(&c, rt_str_of(row->bytes, len));
            rt_str outcome = rt_buf_str(&c.outcome);
            CHECK(rt_str_starts_with(rt_str_from(row->outcome), outcome));
            connection_close(&c);
        }
    }
}

// Each row ends with the byte that decides; a client may never send another.
RT_TEST(a_bad_byte_is_refused_when_it_comes)
{
    static const struct {
        const char *bytes;
        const char *outcome;
    } rows[] = {
        {"\n", "400"},
        {"\rG", "400"},
        {" ", "400"},
        {"\x16", "400"},
        {"G:", "400"},
        {"GET  ", "400"},
        {"GET /a#", "400"},
        {"GET /\xc3", "400"},
        {"GET /\r", "400"},
        {"GET / h", "400"},
        {"GET / HTTP/1.1 ", "400"},
        {"GET / HTTP/1.1\n", "400"},
        {"GET / HTTP/2.0\r\n", "505"},
        {"GET * HTTP/1.1\r\n", "400"},
        {"GET / HTTP/1.1\r\n ", "400"},
        {"GET / HTTP/1.1\r\n:", "400"},
        {"GET / HTTP/1.1\r\nHost ", "400"},
        {"GET / HTTP/1.1\r\nHost\r", "400"},
        {"GET / HTTP/1.1\r\nHost: x\n", "400"},
        {"GET / HTTP/1.1\r\nHost: x\rA", "400"},
        {"GET / HTTP/1.1\r\nHost: \x01", "400"},
        {"GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n\t", "400"},
        {"GET / HTTP/1.1\r\nHost: x\r\n\rA", "400"},
        {"GET / HTTP/1.1\r\nContent-Length: +5\r\n", "400"},
        {"GET / HTTP/1.1\r\nTransfer-Encoding: chunked, x\r\n", "400"},
        {"GET / HTTP/1.1\r\n\r\n", "400"},
        {HTTP1_CHUNKED("g"), "400"},
        {HTTP1_CHUNKED("5\n"), "400"},
        {HTTP1_CHUNKED("5\r\r"), "400"},
        {HTTP1_CHUNKED("5;;"), "400"},
        {HTTP1_CHUNKED("5\r\nhellox"), "400"},
        {HTTP1_CHUNKED("5\r\nhello\rx"), "400"},
        {HTTP1_CHUNKED("ffffffffffffffff"), "400"},
        {HTTP1_CHUNKED("0\r\n "), "400"},
        {HTTP1_CHUNKED("0\r\nA "), "400"},
        {HTTP1_CHUNKED("0\r\n\n"), "400"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_str bytes = rt_str_from(rows[i].bytes);
        connection c;

        RT_CASE(rows[i].bytes);
        connection_open(&c, NULL);
        for (size_t at = 0; at < bytes.len; at++) {
            CHECK(!c.closed);
            connection_feed(&c, rt_str_slice(bytes, at, 1));
        }
        CHECK_EQ(rt_buf_str(&c.outcome), rows[i].outcome);
        connection_close(&c);
    }
}
