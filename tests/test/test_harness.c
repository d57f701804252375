#include <retort/test.h>

RT_TEST(checks_compare_across_types)
{
    CHECK_EQ(1, 1u);
    CHECK_EQ(RT_STR("a"), "a");
    CHECK_EQ(0.5, 0.5f);
    CHECK_EQ(rt_guarded("abc"), "abc");
}
