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
