#include <errno.h>

#include <retort/test.h>

#include "retort/base/status.h"

#define ROW(constant, words) {constant, #constant, words},

static const struct {
    rt_status status;
    const char *name, *text;
} statuses[] = {RT_STATUSES(ROW)};

RT_TEST(every_status_has_its_name_and_words_of_its_own)
{
    for (size_t i = 0; i < RT_COUNT(statuses); i++) {
        RT_CASE(statuses[i].name);
        CHECK_EQ(rt_status_name(statuses[i].status), statuses[i].name);
        CHECK_EQ(rt_status_text(statuses[i].status), statuses[i].text);
        for (size_t j = 0; j < i; j++)
            CHECK(strcmp(statuses[i].text, statuses[j].text) != 0);
    }
    CHECK_EQ((int)RT_OK, 0);
    CHECK_EQ(rt_status_name((rt_status)99), "?");
    CHECK_EQ(rt_status_text((rt_status)99), "unknown status");
}

RT_TEST(errno_becomes_a_status)
{
    static const struct {
        int error;
        rt_status status;
    } rows[] = {
        {0, RT_OK},
        {ENOENT, RT_E_NOT_FOUND},
        {ENOTDIR, RT_E_NOT_FOUND},
        {EEXIST, RT_E_EXISTS},
        {EACCES, RT_E_ACCESS},
        {EPERM, RT_E_ACCESS},
        {ETIMEDOUT, RT_E_TIMEOUT},
        {ECANCELED, RT_E_CANCELLED},
        {EPIPE, RT_E_CLOSED},
        {ECONNRESET, RT_E_CLOSED},
        {EAGAIN, RT_E_AGAIN},
        {EBUSY, RT_E_BUSY},
        {EIO, RT_E_IO},
        {EMFILE, RT_E_SYSTEM},
        {-1, RT_E_SYSTEM},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("errno %d", rows[i].error);
        CHECK_EQ(rt_status_from_errno(rows[i].error), rows[i].status);
    }
}
