// Doubles as text and back.
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <retort/base/number.h>
#include <retort/test.h>

#include "base/number_powers.h"

static rt_arena arena;

static rt_str repr_of(double x)
{
    rt_buf buf;

    rt_arena_reset(&arena);
    rt_buf_init(&buf, &arena);
    rt_buf_put_double(&buf, x);
    return rt_buf_str(&buf);
}

static rt_str fixed_of(double x, int digits)
{
    rt_buf buf;

    rt_arena_reset(&arena);
    rt_buf_init(&buf, &arena);
    rt_buf_put_double_fixed(&buf, x, digits);
    return rt_buf_str(&buf);
}

static uint64_t bits_of(double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double double_of(uint64_t bits)
{
    double x;

    memcpy(&x, &bits, sizeof x);
    return x;
}

// The same sequence in every run.
static uint64_t random_state = 0x9e3779b97f4a7c15;

static uint64_t next_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

RT_TEST(a_double_is_written_as_python_writes_it)
{
    static const struct {
        double x;
        const char *text;
    } rows[] = {
        {0.0, "0.0"},
        {-0.0, "-0.0"},
        {1.0, "1.0"},
        {-1.5, "-1.5"},
        {10.0, "10.0"},
        {0.1, "0.1"},
        {0.1 + 0.2, "0.30000000000000004"},
        {2.0 / 3.0, "0.6666666666666666"},
        {100.0, "100.0"},
        {123456.789, "123456.789"},
        {0.001, "0.001"},
        {0.0001, "0.0001"},
        {0.00012345, "0.00012345"},
        {0.00001, "1e-05"},
        {0.000012345, "1.2345e-05"},
        {1e15, "1000000000000000.0"},
        {1e16, "1e+16"},
        {9999999999999998.0, "9999999999999998.0"},
        {12345678901234567.0, "1.2345678901234568e+16"},
        {1e22, "1e+22"},
        {1e23, "1e+23"},
        {9.5e22, "9.5e+22"},
        {1e100, "1e+100"},
        {1e-100, "1e-100"},
        {1.5e300, "1.5e+300"},
        {9007199254740991.0, "9007199254740991.0"},
        {9007199254740992.0, "9007199254740992.0"},
        {9007199254740994.0, "9007199254740994.0"},
        {2251799813685248.5, "2251799813685248.5"},
        {2251799813685249.5, "2251799813685249.5"},
        {DBL_MAX, "1.7976931348623157e+308"},
        {DBL_MIN, "2.2250738585072014e-308"},
        {2.225073858507201e-308, "2.225073858507201e-308"},
        {5e-324, "5e-324"},
        {1e-323, "1e-323"},
        {DBL_EPSILON, "2.220446049250313e-16"},
        {5.684341886080801e-14, "5.684341886080801e-14"},
        {9.5367431640625e-07, "9.5367431640625e-07"},
        {8.41e21, "8.41e+21"},
        {2.0919495182368195e19, "2.0919495182368195e+19"},
        {9.409340012568248e18, "9.409340012568248e+18"},
        {5.0e-320, "5e-320"},
        {1.2345678, "1.2345678"},
        {3.141592653589793, "3.141592653589793"},
        {(double)INFINITY, "inf"},
        {-(double)INFINITY, "-inf"},
        {(double)NAN, "nan"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        CHECK_EQ(repr_of(rows[i].x), rows[i].text);
    }
    CHECK_EQ(repr_of(-(double)NAN), "nan");
    rt_arena_deinit(&arena);
}

// The digits of the shortest "%.*e" that reads back, by trying them all.
static int shortest_by_trial(double x, char *digits)
{
    for (int n = 1;; n++) {
        char text[40];
        int count = 0;

        snprintf(text, sizeof text, "%.*e", n - 1, x);
        if (strtod(text, NULL) != x)
            continue;
        for (const char *at = text; *at != 'e'; at++) {
            if (rt_is_digit(*at))
                digits[count++] = *at;
        }
        while (count > 1 && digits[count - 1] == '0')
            count--;
        return count;
    }
}

static int digits_of(rt_str text, char *digits)
{
    int count = 0;

    for (size_t i = 0; i < text.len && text.data[i] != 'e'; i++) {
        if (rt_is_digit(text.data[i]) && (count || text.data[i] != '0'))
            digits[count++] = text.data[i];
    }
    while (count > 1 && digits[count - 1] == '0')
        count--;
    return count;
}

static bool is_shortest_and_reads_back(double x)
{
    char expected[40];
    char actual[40];
    double back;
    rt_str text = repr_of(x);
    int len = digits_of(text, actual);

    if (!rt_str_parse_double(text, &back) || bits_of(back) != bits_of(x) ||
        strtod(text.data, NULL) != x)
        return false;
    // The neighbours of a power of two lie unevenly, where "%.*e" may round
    // out of the interval: there only the length is compared.
    int least = shortest_by_trial(x, expected);
    if ((bits_of(x) & 0xfffffffffffff) == 0)
        return len <= least;
    return len == least && memcmp(actual, expected, (size_t)len) == 0;
}

RT_TEST(random_doubles_are_shortest_and_read_back)
{
    for (int i = 0; i < 60000; i++) {
        double x = double_of(next_random() & INT64_MAX);
        if (!isfinite(x) || x == 0.0)
            continue;
        if (!is_shortest_and_reads_back(x)) {
            rt_test_case("%a", x);
            CHECK(is_shortest_and_reads_back(x));
        }
    }
    CHECK(is_shortest_and_reads_back(0.1));
    rt_arena_deinit(&arena);
}

RT_TEST(every_power_of_two_and_its_neighbours_read_back)
{
    for (int e = -1074; e < 1024; e++) {
        double x = ldexp(1.0, e);
        rt_test_case("2^%d", e);
        CHECK(is_shortest_and_reads_back(x));
        CHECK(is_shortest_and_reads_back(nextafter(x, HUGE_VAL)));
        if (e > -1074)
            CHECK(is_shortest_and_reads_back(nextafter(x, 0.0)));
    }
    rt_arena_deinit(&arena);
}

RT_TEST(every_power_of_ten_is_written_as_such)
{
    for (int e = -323; e <= 308; e++) {
        char text[16];
        char actual[40] = "";
        double x = 0;

        snprintf(text, sizeof text, "1e%d", e);
        RT_CASE(text);
        REQUIRE(rt_str_parse_double(rt_str_from(text), &x));
        CHECK_EQ(bits_of(x), bits_of(strtod(text, NULL)));
        CHECK_EQ(digits_of(repr_of(x), actual), 1);
        CHECK_EQ(actual[0], '1');
    }
    rt_arena_deinit(&arena);
}

// Long arithmetic for the table: a number of 1152 bits, least word first.
#define LONG_WORDS 36

static void long_multiply(uint32_t *n, uint32_t factor)
{
    uint64_t carry = 0;

    for (int i = 0; i < LONG_WORDS; i++) {
        carry += (uint64_t)n[i] * factor;
        n[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

static void long_divide(uint32_t *n, uint32_t divisor, bool *rest)
{
    uint64_t carry = 0;

    for (int i = LONG_WORDS; i-- > 0;) {
        carry = carry << 32 | n[i];
        n[i] = (uint32_t)(carry / divisor);
        carry %= divisor;
    }
    *rest |= carry != 0;
}

// The 128 bits from the highest set one, and whether any below are set.
static rt__power long_top(const uint32_t *n, bool *rest)
{
    rt__power top = {0, 0};
    int high = LONG_WORDS * 32 - 1;

    while (!(n[high / 32] >> (high % 32) & 1))
        high--;
    for (int i = 0; i < 128; i++) {
        int at = high - i;
        bool bit = at >= 0 && (n[at / 32] >> (at % 32) & 1);
        top.hi = top.hi << 1 | top.lo >> 63;
        top.lo = top.lo << 1 | bit;
    }
    for (int at = high - 128; at >= 0; at--)
        *rest |= n[at / 32] >> (at % 32) & 1;
    return top;
}

RT_TEST(the_table_holds_the_leading_128_bits_of_every_power)
{
    uint32_t n[LONG_WORDS] = {1};

    for (int k = 0; k <= RT__POWER_MAX; k++, long_multiply(n, 5)) {
        bool rest = false;
        rt__power top = long_top(n, &rest);
        rt_test_case("10^%d", k);
        CHECK_EQ(rest, k > RT__POWER_EXACT_MAX);
        CHECK(top.hi == rt__power_of_ten(k).hi &&
              top.lo == rt__power_of_ten(k).lo);
        CHECK(top.lo != UINT64_MAX); // writing adds one
    }

    // 2^1151 / 5^-k keeps far more than 128 bits down to 5^-342.
    memset(n, 0, sizeof n);
    n[LONG_WORDS - 1] = 1u << 31;
    bool rest = false;
    for (int k = -1; k >= RT__POWER_MIN; k--) {
        long_divide(n, 5, &rest);
        bool beyond = rest;
        rt__power top = long_top(n, &beyond);
        rt_test_case("10^%d", k);
        CHECK(beyond);
        top.lo++; // rounded up
        top.hi += top.lo == 0;
        CHECK(top.hi == rt__power_of_ten(k).hi &&
              top.lo == rt__power_of_ten(k).lo);
    }
}

RT_TEST(a_decimal_number_is_read_correctly_rounded)
{
    static const struct {
        const char *text;
        double x;
    } rows[] = {
        {"0", 0.0},
        {"-0", -0.0},
        {"-0.0e-999999999999999999999999", -0.0},
        {"0e99999999999999999999", 0.0},
        {"1", 1.0},
        {"+1", 1.0},
        {"1.", 1.0},
        {".5", 0.5},
        {"00012.50", 12.5},
        {"1e5", 1e5},
        {"1E+5", 1e5},
        {"1e-5", 1e-5},
        {"9007199254740993", 9007199254740992.0},
        {"9007199254740995", 9007199254740996.0},
        {"9007199254740993.00000000000000000000000000001", 9007199254740994.0},
        {"0.000000000000000000000000000000000000001e39", 1.0},
        {"100000000000000000000000000000000000000000e-41", 1.0},
        {"123456789012345678901234567890", 123456789012345678901234567890.0},
        {"1.7976931348623157e308", DBL_MAX},
        {"1.7976931348623158e308", DBL_MAX},
        {"1.7976931348623159e308", (double)INFINITY},
        {"-1e400", -(double)INFINITY},
        {"1e99999999999999999999", (double)INFINITY},
        {"2.2250738585072011e-308", 2.225073858507201e-308},
        {"2.2250738585072014e-308", DBL_MIN},
        {"5e-324", 5e-324},
        {"2.4703282292062328e-324", 5e-324},
        {"2.4703282292062327e-324", 0.0},
        {"1e-400", 0.0},
        {"1e-99999999999999999999", 0.0},
        {"8.5", 8.5},
        {"0.1", 0.1},
        {"1e23", 1e23},
        {"7.2057594037927933e16", 72057594037927936.0},
        {"6929495644600919.5", 6929495644600920.0},
        // Halfway between 65535 and 65536 times the least double: to even.
        {"3.23788391330290128958835241250153217486303766942310805990129704"
         "9552301970670676565786835742587799557860615776559838283435514391"
         "0841531692526891905643964595773946180389283653051434639551003566"
         "9666562920201733134403173004436936020525834580343147166003269958"
         "0731300954848363975548690010751530018881758184174569652173110473"
         "6960227499346384253806233697747365600089974040609674980283891918"
         "7896396857543922220641698146269011334252400272438594165105129355"
         "2601421155333430225237291523843322331326138431477823591142408800"
         "0307751706259156707286570031519536642607698224949379518458015308"
         "9523843981970840338993787324146348420560800002727053110682738790"
         "7791444918534771598750162812548862768493201518991668028251730299"
         "953143924168545708663913273994694463908672332763671875"
         "e-319",
         3.2379e-319},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        double x = 99.0;
        RT_CASE(rows[i].text);
        CHECK(rt_str_parse_double(rt_guarded(rows[i].text), &x));
        CHECK_EQ(bits_of(x), bits_of(rows[i].x));
    }
}

RT_TEST(what_is_not_a_decimal_number_is_refused)
{
    static const char *const rows[] = {
        "",    "-",   "+",   ".",    "-.",       "e5",  "1e",    "1e+",
        " 1",  "1 ",  "1_0", "1..2", "1.2.3",    "--1", "+-1",   "1e5.0",
        "inf", "nan", "NaN", "0x10", "Infinity", "1,5", "1e5e5", "\t1",
        "1a",  "a1",  "1-",  "1.e",  ".e1",      "1f",  "1e--5", "\xd9\xa1",
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        double x = 99.0;
        RT_CASE(rows[i]);
        CHECK(!rt_str_parse_double(rt_guarded(rows[i]), &x));
        CHECK_EQ(x, 99.0);
    }
    CHECK(!rt_str_parse_double(rt_guarded_bytes("1\0", 2), &(double){0}));
}

RT_TEST(long_numbers_are_read_to_the_last_digit_that_matters)
{
    char text[4000];
    double x;

    // 2^53 + 1 lies halfway and rounds to even; any digit behind it does not.
    int len = snprintf(text, sizeof text, "9007199254740993.%02000d", 0);
    CHECK(rt_str_parse_double(rt_str_of(text, (size_t)len), &x));
    CHECK_EQ(x, 9007199254740992.0);
    text[len - 1] = '1';
    CHECK(rt_str_parse_double(rt_str_of(text, (size_t)len), &x));
    CHECK_EQ(x, 9007199254740994.0);

    len = snprintf(text, sizeof text, "0.%02000d5e2001", 0);
    CHECK(rt_str_parse_double(rt_str_of(text, (size_t)len), &x));
    CHECK_EQ(x, 5.0);
    len = snprintf(text, sizeof text, "7%02000de-2000", 0);
    CHECK(rt_str_parse_double(rt_str_of(text, (size_t)len), &x));
    CHECK_EQ(x, 7.0);
}

RT_TEST(random_digit_strings_read_as_strtod_reads_them)
{
    for (int i = 0; i < 60000; i++) {
        char text[80];
        double x;
        uint64_t r = next_random();

        snprintf(text, sizeof text, "%llu%0*llue%d",
                 (unsigned long long)(next_random() >> (r & 63)),
                 (int)(r >> 6 & 15) + 1,
                 (unsigned long long)(next_random() >> (r >> 10 & 63)),
                 (int)(r >> 16 & 1023) - 650 + (int)(r >> 32 & 255));
        bool same = rt_str_parse_double(rt_str_from(text), &x) &&
                    bits_of(x) == bits_of(strtod(text, NULL));
        if (!same) {
            RT_CASE(text);
            CHECK(same);
        }
    }
    CHECK(next_random() != 0);
}

RT_TEST(no_locale_changes_what_is_read_or_written)
{
    static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8",
                                        "nl_NL.UTF-8", "pt_BR.UTF-8"};
    bool set = false;
    double x;

    for (size_t i = 0; i < RT_COUNT(names) && !set; i++)
        set = setlocale(LC_ALL, names[i]) != NULL;
    // Without such a locale the checks hold trivially, but they are cheap.
    CHECK(rt_str_parse_double(RT_STR("4.9406564584124654e-324"), &x));
    CHECK_EQ(x, 5e-324);
    CHECK(!rt_str_parse_double(RT_STR("1,5"), &x));
    CHECK_EQ(repr_of(1.5), "1.5");
    CHECK_EQ(fixed_of(1.5, 2), "1.50");
    setlocale(LC_ALL, "C");
    rt_arena_deinit(&arena);
}

RT_TEST(fixed_digits_round_the_exact_value_to_even)
{
    static const struct {
        double x;
        int digits;
        const char *text;
    } rows[] = {
        {0.0, 0, "0"},
        {0.0, 2, "0.00"},
        {-0.0, 1, "-0.0"},
        {0.5, 0, "0"},
        {1.5, 0, "2"},
        {2.5, 0, "2"},
        {0.125, 2, "0.12"},
        {0.375, 2, "0.38"},
        {2.675, 2, "2.67"},
        {1.005, 2, "1.00"},
        {0.05, 1, "0.1"},
        {0.25, 1, "0.2"},
        {9.995, 2, "9.99"},
        {9.9951, 2, "10.00"},
        {99.5, 0, "100"},
        {0.999, 2, "1.00"},
        {-2.675, 2, "-2.67"},
        {123.456, 1, "123.5"},
        {1e22, 1, "10000000000000000000000.0"},
        {5e-324, 3, "0.000"},
        {-1e-9, 2, "-0.00"},
        {1.0, -3, "1"},
        {(double)INFINITY, 2, "inf"},
        {4294967295.5, 0, "4294967296"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        CHECK_EQ(fixed_of(rows[i].x, rows[i].digits), rows[i].text);
    }
    CHECK_EQ(fixed_of(DBL_MAX, 999).len, (size_t)309 + 1 + RT_NUMBER_FIXED_MAX);
    rt_arena_deinit(&arena);
}

RT_TEST(fixed_digits_agree_with_printf)
{
    for (int i = 0; i < 20000; i++) {
        char text[600];
        double x = double_of(next_random());
        int digits = (int)(next_random() % 30);

        if (i % 2)
            x = (double)(int64_t)next_random() / 1e15;
        if (!isfinite(x))
            continue;
        snprintf(text, sizeof text, "%.*f", digits, x);
        if (!rt_str_eq(fixed_of(x, digits), rt_str_from(text))) {
            rt_test_case("%a with %d digits", x, digits);
            CHECK_EQ(fixed_of(x, digits), text);
        }
    }
    CHECK_EQ(fixed_of(0.1, 20), "0.10000000000000000555");
    rt_arena_deinit(&arena);
}
