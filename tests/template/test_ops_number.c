// Numbers: big integers, text as numbers, floats as text. The rows were printed
// by Python 3.11.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <retort/base/json.h>

#include "ops_rows.h"
#include "template/nat.h"

RT_TEST(text_is_read_as_an_integer_of_any_base)
{
    static const struct {
        const char *text;
        int base;
        const char *answer;
    } rows[] = {
        {"'42'", 10, "42"},
        {"' 42\\n'", 10, "42"},
        {"'-42'", 10, "-42"},
        {"'+42'", 10, "42"},
        {"'0042'", 10, "42"},
        {"'1_000'", 10, "1000"},
        {"'1__0'", 10,
         "!ValueError: invalid literal for int() with base 10: '1__0'"},
        {"'_1'", 10,
         "!ValueError: invalid literal for int() with base 10: '_1'"},
        {"'1_'", 10,
         "!ValueError: invalid literal for int() with base 10: '1_'"},
        {"''", 10, "!ValueError: invalid literal for int() with base 10: ''"},
        {"' '", 10, "!ValueError: invalid literal for int() with base 10: ' '"},
        {"'+'", 10, "!ValueError: invalid literal for int() with base 10: '+'"},
        {"'--1'", 10,
         "!ValueError: invalid literal for int() with base 10: '--1'"},
        {"'+ 1'", 10,
         "!ValueError: invalid literal for int() with base 10: '+ 1'"},
        {"'1.5'", 10,
         "!ValueError: invalid literal for int() with base 10: '1.5'"},
        {"'a'", 10, "!ValueError: invalid literal for int() with base 10: 'a'"},
        {"'12a'", 10,
         "!ValueError: invalid literal for int() with base 10: '12a'"},
        {"'\\u0661\\u0662'", 10, "12"},
        {"'\\xa012\\xa0'", 10, "12"},
        {"'\\u20ac'", 10,
         "!ValueError: invalid literal for int() with base 10: '\342\202\254'"},
        {"'123456789012345678901234567890'", 10,
         "123456789012345678901234567890"},
        {"'-9223372036854775808'", 10, "-9223372036854775808"},
        {"'9223372036854775808'", 10, "9223372036854775808"},
        {"'ff'", 16, "255"},
        {"'0xff'", 16, "255"},
        {"'0XFF'", 16, "255"},
        {"'0x_f'", 16, "15"},
        {"'0x'", 16,
         "!ValueError: invalid literal for int() with base 16: '0x'"},
        {"'0b1'", 16, "177"},
        {"'0b101'", 2, "5"},
        {"'0b102'", 2,
         "!ValueError: invalid literal for int() with base 2: '0b102'"},
        {"'0o17'", 8, "15"},
        {"'17'", 8, "15"},
        {"'18'", 8, "!ValueError: invalid literal for int() with base 8: '18'"},
        {"'z'", 36, "35"},
        {"'-Zz'", 36, "-1295"},
        {"'0x1f'", 0, "31"},
        {"'0b11'", 0, "3"},
        {"'0o7'", 0, "7"},
        {"'-0x10'", 0, "-16"},
        {"'0'", 0, "0"},
        {"'00'", 0, "0"},
        {"'0_0'", 0, "0"},
        {"'01'", 0, "!ValueError: invalid literal for int() with base 0: '01'"},
        {"'10'", 0, "10"},
        {"'1'", 1, "!ValueError: int() base must be >= 2 and <= 36, or 0"},
        {"'1'", 37, "!ValueError: int() base must be >= 2 and <= 36, or 0"},
        {"'1'", -1, "!ValueError: int() base must be >= 2 and <= 36, or 0"},
        {"'ffffffffffffffffffffffff'", 16, "79228162514264337593543950335"},
        {"'102'", 3, "11"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_render *r = render_new();
        rt_str text = rt_value_as_str(literal(r, rows[i].text));
        rt_value out = rt_value_none();
        rt_test_case("int(%s, %d)", rows[i].text, rows[i].base);
        rt_status st = rt__int_parse(r, text, rows[i].base, &out);
        CHECK_EQ(answer(r, st, out), rows[i].answer);

        r = render_new();
        CHECK_EQ(rt__text_is_int(r, text, rows[i].base, &out), st == RT_OK);
        CHECK(r->error.kind == RT_TEMPLATE_OK);
        rt_arena_reset(&arena);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(values_become_floats_as_in_python)
{
    static const struct {
        const char *v, *answer;
    } rows[] = {
        {"'1.5'", "1.5"},
        {"' 1.5 '", "1.5"},
        {"'-1.5e3'", "-1500.0"},
        {"'1_0.5_0'", "10.5"},
        {"'1__0'", "!ValueError: could not convert string to float: '1__0'"},
        {"'_1'", "!ValueError: could not convert string to float: '_1'"},
        {"'1_'", "!ValueError: could not convert string to float: '1_'"},
        {"'1_e5'", "!ValueError: could not convert string to float: '1_e5'"},
        {"'1.'", "1.0"},
        {"'.5'", "0.5"},
        {"'.'", "!ValueError: could not convert string to float: '.'"},
        {"'1e'", "!ValueError: could not convert string to float: '1e'"},
        {"''", "!ValueError: could not convert string to float: ''"},
        {"'inf'", "inf"},
        {"'-Infinity'", "-inf"},
        {"'+INF'", "inf"},
        {"'nan'", "nan"},
        {"'infinit'",
         "!ValueError: could not convert string to float: 'infinit'"},
        {"'0x10'", "!ValueError: could not convert string to float: '0x10'"},
        {"'1e400'", "inf"},
        {"'1e-400'", "0.0"},
        {"'\\u0661.5'", "1.5"},
        {"'\\u20ac'",
         "!ValueError: could not convert string to float: '\342\202\254'"},
        {"5", "5.0"},
        {"True", "1.0"},
        {"18446744073709551616", "1.8446744073709552e+19"},
        {"2.5", "2.5"},
        {"None",
         "!TypeError: float() argument must be a string or a real number, not 'NoneType'"},
        {"[]",
         "!TypeError: float() argument must be a string or a real number, not 'list'"},
        {"undefined", "!UndefinedError: 'x' is undefined"},
        {"b'1.5'", "1.5"},
        {"Markup('x')",
         "!ValueError: could not convert string to float: Markup('x')"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_render *r = render_new();
        double x;
        RT_CASE(rows[i].v);
        rt_status st = rt__to_float(r, literal(r, rows[i].v), &x);
        CHECK_EQ(answer(r, st, rt_value_float(x)), rows[i].answer);
        rt_arena_reset(&arena);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(values_become_integers_as_in_python)
{
    static const struct {
        const char *v, *answer;
    } rows[] = {
        {"5", "5"},
        {"True", "1"},
        {"2.9", "2"},
        {"-2.9", "-2"},
        {"1e20", "100000000000000000000"},
        {"1e300",
         "1000000000000000052504760255204420248704468581108159154915854115511802457988908195786371375080447864043704443832883878176942523235360430575644792184786706982848387200926575803737830233794788090059368953234970799945081119038967640880074652742780142494579258788820056842838115669472196386865459400540160"},
        {"inf", "!OverflowError: cannot convert float infinity to integer"},
        {"-inf", "!OverflowError: cannot convert float infinity to integer"},
        {"nan", "!ValueError: cannot convert float NaN to integer"},
        {"'7'", "7"},
        {"b'7'", "7"},
        {"Markup('x')",
         "!ValueError: invalid literal for int() with base 10: Markup('x')"},
        {"None",
         "!TypeError: int() argument must be a string, a bytes-like object or a real number, not 'NoneType'"},
        {"[1]",
         "!TypeError: int() argument must be a string, a bytes-like object or a real number, not 'list'"},
        {"{}",
         "!TypeError: int() argument must be a string, a bytes-like object or a real number, not 'dict'"},
        {"undefined", "!UndefinedError: 'x' is undefined"},
        {"18446744073709551616", "18446744073709551616"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_render *r = render_new();
        rt_value out = rt_value_none();
        RT_CASE(rows[i].v);
        rt_status st = rt__to_int(r, literal(r, rows[i].v), &out);
        CHECK_EQ(answer(r, st, out), rows[i].answer);
        rt_arena_reset(&arena);
    }
    rt_arena_deinit(&arena);
}

// `n` digits of the same kind.
static rt_str digits(char digit, size_t n)
{
    char *text = rt_arena_alloc(&arena, n);

    memset(text, digit, n);
    return rt_str_of(text, n);
}

RT_TEST(too_many_digits_are_an_error_both_ways)
{
    rt_render *r = render_new();
    rt_value big;

    CHECK(rt__int_parse(r, digits('9', 4300), 10, &big) == RT_OK);
    CHECK_EQ(answer(r, RT_OK, big), digits('9', 4300));
    rt_value sum;
    CHECK(rt__binary(r, RT__ADD, big, RT(1), &sum) == RT_OK);
    rt_str text;
    CHECK(rt__to_text(r, sum, &text) != RT_OK);
    CHECK_EQ(error_text(r), "!ValueError: Exceeds the limit (4300 digits) for "
                            "integer string conversion");
    r = render_new();
    CHECK(rt__int_parse(r, digits('9', 4301), 10, &big) != RT_OK);
    CHECK_EQ(error_text(r),
             "!ValueError: Exceeds the limit (4300 digits) for integer string "
             "conversion: value has 4301 digits");
    // What cannot be shown must not spoil what was printed before.
    rt_buf out;
    r = render_new();
    rt_buf_init(&out, &arena);
    CHECK(rt__put_text(r, &out, RT("a"), false) == RT_OK);
    CHECK(rt__put_text(r, &out, sum, false) != RT_OK);
    CHECK_EQ(rt_buf_str(&out), "a");
    CHECK_EQ(out.status, RT_OK);
    rt_arena_deinit(&arena);
}

static rt_value big(const char *text)
{
    rt_value v = rt_value_none();

    CHECK(rt__int_parse(render_new(), rt_str_from(text), 10, &v) == RT_OK);
    return v;
}

RT_TEST(big_integers_are_integers_like_others)
{
    rt_render *r = render_new();
    rt_value v = big("18446744073709551616");
    rt_value dict = rt_dict_new(&arena);
    rt_buf json;
    bool truth;

    CHECK(rt__is_bigint(v) && rt__is_integer(v));
    CHECK(!rt__is_bigint(big("9223372036854775807")));
    CHECK(rt__is_bigint(big("9223372036854775808")));
    CHECK(!rt__is_bigint(big("-9223372036854775808")));
    CHECK(rt__is_integer(RT(1)) && rt__is_integer(RT(true)));
    CHECK(!rt__is_integer(RT(1.0)) && !rt__is_integer(RT("1")));
    CHECK_EQ(rt__type_name(v), "int");
    CHECK(rt__truth(r, v, &truth) == RT_OK && truth);

    // Equal numbers are one key, whatever their types.
    CHECK(rt_dict_set(dict, v, RT("int")) == RT_OK);
    CHECK(rt_dict_set(dict, RT(18446744073709551616.0), RT("float")) == RT_OK);
    CHECK(rt_dict_set(dict, big("18446744073709551617"), RT("more")) == RT_OK);
    CHECK(rt_dict_set(dict, big("-18446744073709551616"), RT("less")) == RT_OK);
    CHECK_EQ(rt_value_repr(&arena, dict),
             "{18446744073709551616: 'float', 18446744073709551617: 'more', "
             "-18446744073709551616: 'less'}");
    CHECK_EQ(rt_value_text(&arena, rt_dict_get(dict, v)), "float");

    rt_buf_init(&json, &arena);
    rt_json_put(&json, rt_list_of(&arena, &v, 1), NULL);
    CHECK_EQ(rt_buf_str(&json), "[18446744073709551616]");
    rt_arena_deinit(&arena);
}

RT_TEST(bits_are_counted)
{
    static const struct {
        const char *v;
        size_t bits;
    } rows[] = {
        {"0", 0},
        {"1", 1},
        {"-1", 1},
        {"255", 8},
        {"256", 9},
        {"9223372036854775807", 63},
        {"-9223372036854775808", 64},
        {"18446744073709551615", 64},
        {"18446744073709551616", 65},
        {"340282366920938463463374607431768211456", 129},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++)
        CHECK_EQ(rt__int_bit_length(big(rows[i].v)), rows[i].bits);
    CHECK_EQ(rt__int_bit_length(RT(true)), 1u);
    CHECK_EQ(rt__int_bit_length(RT("a")), 0u);
    rt_arena_deinit(&arena);
}

RT_TEST(counts_are_cut_to_64_bits)
{
    static const struct {
        const char *v;
        int64_t index;
    } rows[] = {
        {"5", 5},
        {"-5", -5},
        {"9223372036854775808", INT64_MAX},
        {"-9223372036854775809", INT64_MIN},
    };

    rt_render *r = render_new();
    int64_t n;

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        CHECK(rt__index(r, big(rows[i].v), &n) == RT_OK);
        CHECK_EQ(n, rows[i].index);
    }
    CHECK(rt__index(r, RT(true), &n) == RT_OK);
    CHECK_EQ(n, 1);
    CHECK(rt__index(r, RT("5"), &n) != RT_OK);
    CHECK_EQ(error_text(r), "!TypeError: 'str' object cannot be interpreted as "
                            "an integer");
    rt_arena_deinit(&arena);
}

static uint64_t random_state = 88172645463325252u;

static uint64_t random_bits(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

// Limbs that make carries, borrows and wrong estimates likely.
static size_t random_limbs(uint32_t *limbs, size_t max)
{
    size_t len = 1 + random_bits() % max;

    for (size_t i = 0; i < len; i++) {
        uint64_t bits = random_bits();
        limbs[i] = bits & 1   ? UINT32_MAX
                   : bits & 2 ? (uint32_t)(bits >> 2) % 3
                   : bits & 4 ? 0x80000000u
                              : (uint32_t)(bits >> 32);
    }
    return rt__nat_trim(limbs, len);
}

// For any a and b: a = q * b + r, with r < b.
RT_TEST(division_undoes_multiplication)
{
    for (int round = 0; round < 20000; round++) {
        uint32_t a[14], b[7], q[14], rest[14], divisor[7], back[24];
        size_t an = random_limbs(a, 12);
        size_t bn = random_limbs(b, 6);
        if (bn == 0 || an < bn)
            continue;
        memcpy(rest, a, sizeof a);
        memcpy(divisor, b, sizeof b);
        size_t qn = rt__nat_divmod(q, rest, an, divisor, bn);
        size_t rn = rt__nat_trim(rest, bn);
        REQUIRE(rt__nat_compare(rest, rn, b, bn) < 0);
        size_t len = rt__nat_mul(back, q, qn, b, bn);
        len = rt__nat_add(back, back, len, rest, rn);
        REQUIRE(rt__nat_compare(back, len, a, an) == 0);
        // And (a + b) - b = a.
        len = rt__nat_add(back, a, an, b, bn);
        len = rt__nat_sub(back, back, len, b, bn);
        REQUIRE(rt__nat_compare(back, len, a, an) == 0);
    }
}

RT_TEST(floats_are_written_as_printf_writes_them)
{
    static const char types[] = "efgEFG";

    for (int round = 0; round < 20000; round++) {
        uint64_t bits = random_bits();
        double x;
        char format[16], want[1600];
        char type = types[bits % 6];
        bool alt = bits & 64;
        int precision = (int)(random_bits() % (round % 50 ? 22 : 400));
        rt_buf out;

        memcpy(&x, &bits, sizeof x);
        if (round % 3 == 0)
            x = (double)(int64_t)(bits % 2000001 - 1000000) / 1000;
        if (round % 3 == 1)
            x = (double)(bits % 100000) / 16;
        if (!isfinite(x))
            continue;
        snprintf(format, sizeof format, "%%%s.*%c", alt ? "#" : "", type);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(want, sizeof want, format, precision, x);
#pragma GCC diagnostic pop
        rt_buf_init(&out, &arena);
        rt__put_float(&out, x, type, precision, alt ? RT__FLOAT_ALT : 0);
        rt_test_case("%s of %a, %d digits", format, x, precision);
        CHECK_EQ(rt_buf_str(&out), want);
        rt_arena_reset(&arena);
    }
    rt_arena_deinit(&arena);
}
