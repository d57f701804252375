// Keyword arguments: every number of them, behind one, two and three others.
#include <retort/test.h>

#include "retort/base/pairs.h"

// What a function with keywords looks like.
static size_t seen;
static rt_pair pairs_seen[32];
static rt_value values_seen[32];

static void take_pairs(const rt_pair *pairs, size_t n)
{
    seen = n;
    for (size_t i = 0; i < n; i++)
        pairs_seen[i] = pairs[i];
}

static void take_values(const rt_value *values, size_t n)
{
    seen = n;
    for (size_t i = 0; i < n; i++)
        values_seen[i] = values[i];
}

#define PAIRS_BEHIND_1(...)  take_pairs(RT_PAIRS_FROM2(__VA_ARGS__))
#define PAIRS_BEHIND_2(...)  take_pairs(RT_PAIRS_FROM3(__VA_ARGS__))
#define PAIRS_BEHIND_3(...)  take_pairs(RT_PAIRS_FROM4(__VA_ARGS__))
#define VALUES_BEHIND_1(...) take_values(RT_VALUES_FROM2(__VA_ARGS__))
#define VALUES_BEHIND_2(...) take_values(RT_VALUES_FROM3(__VA_ARGS__))
#define VALUES_BEHIND_3(...) take_values(RT_VALUES_FROM4(__VA_ARGS__))

static const char *const names[] = {"0",  "1",  "2",  "3",  "4",  "5",  "6",
                                    "7",  "8",  "9",  "10", "11", "12", "13",
                                    "14", "15", "16", "17", "18", "19", "20",
                                    "21", "22", "23", "24", "25", "26", "27",
                                    "28", "29", "30", "31"};

static void check_pairs(size_t n)
{
    rt_test_case("%zu pairs", n);
    CHECK_EQ(seen, n);
    for (size_t i = 0; i < n; i++) {
        CHECK_EQ(pairs_seen[i].name, names[i]);
        CHECK_EQ(rt_value_as_int(pairs_seen[i].value, -1), (int64_t)i * 10);
    }
}

static void check_values(size_t n)
{
    rt_test_case("%zu values", n);
    CHECK_EQ(seen, n);
    for (size_t i = 0; i < n; i++)
        CHECK_EQ(rt_value_as_int(values_seen[i], -1), (int64_t)i);
}

// X(n, P##n, V##n) for n of 1 to 32.
#define P1  "0", 0
#define P2  P1, "1", 10
#define P3  P2, "2", 20
#define P4  P3, "3", 30
#define P5  P4, "4", 40
#define P6  P5, "5", 50
#define P7  P6, "6", 60
#define P8  P7, "7", 70
#define P9  P8, "8", 80
#define P10 P9, "9", 90
#define P11 P10, "10", 100
#define P12 P11, "11", 110
#define P13 P12, "12", 120
#define P14 P13, "13", 130
#define P15 P14, "14", 140
#define P16 P15, "15", 150
#define P17 P16, "16", 160
#define P18 P17, "17", 170
#define P19 P18, "18", 180
#define P20 P19, "19", 190
#define P21 P20, "20", 200
#define P22 P21, "21", 210
#define P23 P22, "22", 220
#define P24 P23, "23", 230
#define P25 P24, "24", 240
#define P26 P25, "25", 250
#define P27 P26, "26", 260
#define P28 P27, "27", 270
#define P29 P28, "28", 280
#define P30 P29, "29", 290
#define P31 P30, "30", 300
#define P32 P31, "31", 310
#define V1  0
#define V2  V1, 1
#define V3  V2, 2
#define V4  V3, 3
#define V5  V4, 4
#define V6  V5, 5
#define V7  V6, 6
#define V8  V7, 7
#define V9  V8, 8
#define V10 V9, 9
#define V11 V10, 10
#define V12 V11, 11
#define V13 V12, 12
#define V14 V13, 13
#define V15 V14, 14
#define V16 V15, 15
#define V17 V16, 16
#define V18 V17, 17
#define V19 V18, 18
#define V20 V19, 19
#define V21 V20, 20
#define V22 V21, 21
#define V23 V22, 22
#define V24 V23, 23
#define V25 V24, 24
#define V26 V25, 25
#define V27 V26, 26
#define V28 V27, 27
#define V29 V28, 28
#define V30 V29, 29
#define V31 V30, 30
#define V32 V31, 31
// clang-format off
#define EACH_NUMBER(X) \
    X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) \
    X(12) X(13) X(14) X(15) X(16) X(17) X(18) X(19) X(20) X(21) \
    X(22) X(23) X(24) X(25) X(26) X(27) X(28) X(29) X(30) X(31) X(32)

// clang-format on

RT_TEST(every_number_of_pairs_arrives_in_order)
{
#define CHECK_PAIRS(n)                 \
    PAIRS_BEHIND_1('a', P##n);         \
    check_pairs(n);                    \
    PAIRS_BEHIND_2('a', "b", P##n);    \
    check_pairs(n);                    \
    PAIRS_BEHIND_3('a', "b", 3, P##n); \
    check_pairs(n);
    EACH_NUMBER(CHECK_PAIRS)
}

RT_TEST(every_number_of_values_arrives_in_order)
{
#define CHECK_VALUES(n)                 \
    VALUES_BEHIND_1('a', V##n);         \
    check_values(n);                    \
    VALUES_BEHIND_2('a', "b", V##n);    \
    check_values(n);                    \
    VALUES_BEHIND_3('a', "b", 3, V##n); \
    check_values(n);
    EACH_NUMBER(CHECK_VALUES)
}

RT_TEST(none_at_all_is_fine)
{
    seen = 9;
    PAIRS_BEHIND_1('a');
    CHECK_EQ(seen, 0u);
    seen = 9;
    PAIRS_BEHIND_2('a', 2);
    CHECK_EQ(seen, 0u);
    seen = 9;
    PAIRS_BEHIND_3('a', 2, 3);
    CHECK_EQ(seen, 0u);
    seen = 9;
    VALUES_BEHIND_1('a');
    CHECK_EQ(seen, 0u);
    seen = 9;
    VALUES_BEHIND_2('a', 2);
    CHECK_EQ(seen, 0u);
    seen = 9;
    VALUES_BEHIND_3('a', 2, 3);
    CHECK_EQ(seen, 0u);
}

static int calls;

static int next(void)
{
    return ++calls;
}

RT_TEST(each_argument_is_evaluated_once)
{
    PAIRS_BEHIND_1('a', "x", next(), "y", next());
    CHECK_EQ(calls, 2);
    CHECK_EQ(rt_value_as_int(pairs_seen[0].value, 0) +
                 rt_value_as_int(pairs_seen[1].value, 0),
             3);
    VALUES_BEHIND_1('a', next(), next(), next());
    CHECK_EQ(calls, 5);
}

RT_TEST(a_name_may_be_any_expression)
{
    char name[] = "made";

    PAIRS_BEHIND_1('a', name, "text",
                   "x"
                   "y",
                   NULL, calls ? "a" : "b", 2.5);
    CHECK_EQ(seen, 3u);
    CHECK_EQ(pairs_seen[0].name, "made");
    CHECK_EQ(rt_value_kind(pairs_seen[0].value), RT_STRING);
    CHECK_EQ(pairs_seen[1].name, "xy");
    CHECK_EQ(rt_value_kind(pairs_seen[1].value), RT_NONE);
    CHECK_EQ(pairs_seen[2].name, "b");
    CHECK_EQ(rt_value_kind(pairs_seen[2].value), RT_FLOAT);
}

// Where the arguments of a call are themselves calls with keywords.
static size_t count(int first, const rt_pair *pairs, size_t n)
{
    (void)pairs;
    return n + (size_t)first;
}

#define COUNT(...) count(RT_ARG1(__VA_ARGS__), RT_PAIRS_FROM2(__VA_ARGS__))

RT_TEST(calls_with_keywords_may_stand_inside_each_other)
{
    CHECK_EQ(COUNT(0), 0u);
    CHECK_EQ(COUNT((int)COUNT(1, "a", 1, "b", 2), "c", 3), 4u);
    PAIRS_BEHIND_1('a', "x", COUNT(0, "y", COUNT(0, "z", 1, "w", 2)));
    CHECK_EQ(seen, 1u);
    CHECK_EQ(rt_value_as_int(pairs_seen[0].value, -1), 1);
}

RT_TEST(arguments_are_counted)
{
    CHECK_EQ(RT_ARG_COUNT('a'), 1);
    CHECK_EQ(RT_ARG_COUNT('a', 'b'), 2);
    CHECK_EQ(RT_ARG_COUNT('a', P32), 65);
    CHECK_EQ(RT_ARG_COUNT('a', 'b', 'c', P32), 67);
    CHECK_EQ(RT_ARG1(1, 2, 3), 1);
    CHECK_EQ(RT_ARG2(1, 2, 3), 2);
    CHECK_EQ(RT_ARG3(1, 2, 3), 3);
    CHECK_EQ(RT_ARG3(1), 0);
}
