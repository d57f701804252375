// Operators: numbers, text and lists. The rows were printed by Python 3.11 and
// markupsafe 3.
#include "ops_rows.h"

typedef struct op_row {
    const char *a, *op, *b, *answer;
} op_row;

static rt__op op_of(const char *text)
{
    static const char *const ops[] = {
        [RT__ADD] = "+", [RT__SUB] = "-",       [RT__MUL] = "*",
        [RT__DIV] = "/", [RT__FLOORDIV] = "//", [RT__MOD] = "%",
        [RT__POW] = "**"};
    size_t i = 0;

    while (strcmp(ops[i], text) != 0)
        REQUIRE(++i < RT_COUNT(ops));
    return (rt__op)i;
}

static void check_rows(const op_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        rt_render *r = render_new();
        rt_value out = rt_value_none();
        rt_test_case("%s %s %s", rows[i].a, rows[i].op, rows[i].b);
        rt_status st = rt__binary(r, op_of(rows[i].op), literal(r, rows[i].a),
                                  literal(r, rows[i].b), &out);
        CHECK_EQ(answer(r, st, out), rows[i].answer);
        rt_arena_reset(&arena);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(numbers_compute_as_in_python)
{
    static const op_row rows[] = {
        {"1", "+", "2", "3"},
        {"7", "-", "10", "-3"},
        {"6", "*", "7", "42"},
        {"7", "/", "2", "3.5"},
        {"6", "/", "3", "2.0"},
        {"7", "//", "2", "3"},
        {"-7", "//", "2", "-4"},
        {"7", "//", "-2", "-4"},
        {"-7", "//", "-2", "3"},
        {"7", "%", "3", "1"},
        {"-7", "%", "3", "2"},
        {"7", "%", "-3", "-2"},
        {"-7", "%", "-3", "-1"},
        {"0", "%", "5", "0"},
        {"2", "**", "10", "1024"},
        {"2", "**", "0", "1"},
        {"0", "**", "0", "1"},
        {"2", "**", "-1", "0.5"},
        {"-2", "**", "3", "-8"},
        {"-2", "**", "3", "-8"},
        {"10", "**", "18", "1000000000000000000"},
        {"1", "/", "3", "0.3333333333333333"},
        {"-1", "/", "3", "-0.3333333333333333"},
        {"0", "/", "-5", "-0.0"},
        {"True", "+", "True", "2"},
        {"True", "*", "2.5", "2.5"},
        {"True", "/", "2", "0.5"},
        {"False", "**", "0", "1"},
        {"True", "//", "True", "1"},
        {"True", "%", "2", "1"},
        {"9223372036854775807", "+", "1", "9223372036854775808"},
        {"-9223372036854775808", "-", "1", "-9223372036854775809"},
        {"9223372036854775807", "*", "2", "18446744073709551614"},
        {"-9223372036854775808", "//", "-1", "9223372036854775808"},
        {"-9223372036854775808", "%", "-1", "0"},
        {"-9223372036854775808", "*", "-1", "9223372036854775808"},
        {"9223372036854775808", "-", "1", "9223372036854775807"},
        {"9223372036854775808", "-", "9223372036854775808", "0"},
        {"18446744073709551616", "//", "2", "9223372036854775808"},
        {"18446744073709551616", "//", "-3", "-6148914691236517206"},
        {"18446744073709551616", "%", "-3", "-2"},
        {"-18446744073709551616", "//", "3", "-6148914691236517206"},
        {"-18446744073709551616", "%", "3", "2"},
        {"3", "//", "18446744073709551616", "0"},
        {"-3", "//", "18446744073709551616", "-1"},
        {"-3", "%", "18446744073709551616", "18446744073709551613"},
        {"3", "%", "-18446744073709551616", "-18446744073709551613"},
        {"123456789012345678901234567890", "*",
         "987654321098765432109876543210",
         "121932631137021795226185032733622923332237463801111263526900"},
        {"121932631137021795226185032733622923332237463801111263526900", "//",
         "987654321098765432109876543210", "123456789012345678901234567890"},
        {"121932631137021795226185032733622923332237463801111263526901", "%",
         "987654321098765432109876543210", "1"},
        {"340282366920938463463374607431768211455", "+", "1",
         "340282366920938463463374607431768211456"},
        {"340282366920938463463374607431768211456", "-",
         "340282366920938463463374607431768211455", "1"},
        {"2", "**", "64", "18446744073709551616"},
        {"2", "**", "100", "1267650600228229401496703205376"},
        {"-3", "**", "41", "-36472996377170786403"},
        {"-3", "**", "40", "12157665459056928801"},
        {"7", "**", "77",
         "118181386580595879976868414312001964434038548836769923458287039207"},
        {"1", "**", "18446744073709551616", "1"},
        {"-1", "**", "18446744073709551617", "-1"},
        {"0", "**", "18446744073709551616", "0"},
        {"2", "**", "63", "9223372036854775808"},
        {"-2", "**", "63", "-9223372036854775808"},
        {"3037000500", "*", "3037000500", "9223372037000250000"},
        {"1000000000000000000000000000000", "//", "7",
         "142857142857142857142857142857"},
        {"1000000000000000000000000000000", "%", "7", "1"},
        {"9007199254740993", "/", "1", "9007199254740992.0"},
        {"9007199254740993", "/", "3", "3002399751580331.0"},
        {"18446744073709551615", "/", "18446744073709551616", "1.0"},
        {"9223372036854775807", "/", "9223372036854775806", "1.0"},
        {"1", "/", "18446744073709551616", "5.421010862427522e-20"},
        {"123456789012345678901234567890", "/", "7", "1.763668414462081e+28"},
        {"7", "/", "123456789012345678901234567890", "5.670000051030001e-29"},
        {"-123456789012345678901234567890", "/", "1000",
         "-1.2345678901234568e+26"},
        {"36893488147419103233", "/", "36893488147419103232", "1.0"},
        {"1.5", "+", "2", "3.5"},
        {"1.5", "-", "2", "-0.5"},
        {"1.5", "*", "2", "3.0"},
        {"1.0", "/", "3", "0.3333333333333333"},
        {"7.5", "//", "2", "3.0"},
        {"-7.5", "//", "2", "-4.0"},
        {"7.5", "%", "2", "1.5"},
        {"-7.5", "%", "2", "0.5"},
        {"7.5", "%", "-2", "-0.5"},
        {"-0.0", "%", "3", "0.0"},
        {"0.0", "//", "-3", "-0.0"},
        {"-0.5", "//", "1e300", "-1.0"},
        {"5.0", "//", "0.1", "49.0"},
        {"1.0", "%", "0.1", "0.09999999999999995"},
        {"1e308", "+", "1e308", "inf"},
        {"1e308", "*", "10", "inf"},
        {"inf", "-", "inf", "nan"},
        {"inf", "%", "2", "nan"},
        {"5", "%", "inf", "5.0"},
        {"-5", "%", "inf", "inf"},
        {"5", "//", "inf", "0.0"},
        {"-5", "//", "inf", "-1.0"},
        {"inf", "//", "2", "nan"},
        {"nan", "+", "1", "nan"},
        {"2.0", "**", "0.5", "1.4142135623730951"},
        {"2", "**", "0.5", "1.4142135623730951"},
        {"2.5", "**", "2", "6.25"},
        {"2.0", "**", "-1", "0.5"},
        {"-8.0", "**", "3", "-512.0"},
        {"0.0", "**", "0", "1.0"},
        {"nan", "**", "0", "1.0"},
        {"1", "**", "nan", "1.0"},
        {"inf", "**", "-1", "0.0"},
        {"18446744073709551616", "+", "0.5", "1.8446744073709552e+19"},
        {"18446744073709551616", "*", "1.5", "2.7670116110564327e+19"},
        {"1e300", "*", "18446744073709551616", "inf"},
        {"4", "**", "0.5", "2.0"},
        {"-2.0", "**", "-3", "-0.125"},
        {"1", "/", "0", "!ZeroDivisionError: division by zero"},
        {"1", "//", "0",
         "!ZeroDivisionError: integer division or modulo by zero"},
        {"1", "%", "0", "!ZeroDivisionError: integer modulo by zero"},
        {"1.0", "/", "0", "!ZeroDivisionError: float division by zero"},
        {"1.0", "//", "0", "!ZeroDivisionError: float floor division by zero"},
        {"1.0", "%", "0", "!ZeroDivisionError: float modulo"},
        {"1", "/", "0.0", "!ZeroDivisionError: float division by zero"},
        {"0", "**", "-1",
         "!ZeroDivisionError: 0.0 cannot be raised to a negative power"},
        {"0.0", "**", "-1",
         "!ZeroDivisionError: 0.0 cannot be raised to a negative power"},
        {"0", "**", "-0.5",
         "!ZeroDivisionError: 0.0 cannot be raised to a negative power"},
        {"True", "%", "False", "!ZeroDivisionError: integer modulo by zero"},
        {"18446744073709551616", "/", "0",
         "!ZeroDivisionError: division by zero"},
        {"18446744073709551616", "//", "0",
         "!ZeroDivisionError: integer division or modulo by zero"},
        {"18446744073709551616", "%", "0",
         "!ZeroDivisionError: integer modulo by zero"},
        {"10.0", "**", "400",
         "!OverflowError: (34, 'Numerical result out of range')"},
        {"10", "**", "-400", "0.0"},
        {"1e200", "**", "2",
         "!OverflowError: (34, 'Numerical result out of range')"},
        {"2", "**", "1.5e3",
         "!OverflowError: (34, 'Numerical result out of range')"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(text_and_lists_join_and_repeat_as_in_python)
{
    static const op_row rows[] = {
        {"'a'", "+", "'b'", "'ab'"},
        {"''", "+", "''", "''"},
        {"'a'", "+", "1",
         "!TypeError: can only concatenate str (not \"int\") to str"},
        {"1", "+", "'a'",
         "!TypeError: unsupported operand type(s) for +: 'int' and 'str'"},
        {"'a'", "+", "None",
         "!TypeError: can only concatenate str (not \"NoneType\") to str"},
        {"'a'", "+", "[1]",
         "!TypeError: can only concatenate str (not \"list\") to str"},
        {"'a'", "-", "'b'",
         "!TypeError: unsupported operand type(s) for -: 'str' and 'str'"},
        {"[1]", "+", "[2, 3]", "[1, 2, 3]"},
        {"[]", "+", "[]", "[]"},
        {"(1,)", "+", "(2,)", "(1, 2)"},
        {"[1]", "+", "(2,)",
         "!TypeError: can only concatenate list (not \"tuple\") to list"},
        {"(1,)", "+", "[2]",
         "!TypeError: can only concatenate tuple (not \"list\") to tuple"},
        {"[1]", "+", "1",
         "!TypeError: can only concatenate list (not \"int\") to list"},
        {"1", "+", "[1]",
         "!TypeError: unsupported operand type(s) for +: 'int' and 'list'"},
        {"None", "+", "1",
         "!TypeError: unsupported operand type(s) for +: 'NoneType' and 'int'"},
        {"{'a': 1}", "+", "{}",
         "!TypeError: unsupported operand type(s) for +: 'dict' and 'dict'"},
        {"b'a'", "+", "b'b'", "b'ab'"},
        {"b'a'", "+", "'b'", "!TypeError: can't concat str to bytes"},
        {"'a'", "+", "b'b'",
         "!TypeError: can only concatenate str (not \"bytes\") to str"},
        {"'ab'", "*", "3", "'ababab'"},
        {"3", "*", "'ab'", "'ababab'"},
        {"'ab'", "*", "0", "''"},
        {"'ab'", "*", "-1", "''"},
        {"'ab'", "*", "True", "'ab'"},
        {"'ab'", "*", "1.5",
         "!TypeError: can't multiply sequence by non-int of type 'float'"},
        {"'ab'", "*", "'c'",
         "!TypeError: can't multiply sequence by non-int of type 'str'"},
        {"'ab'", "*", "None",
         "!TypeError: can't multiply sequence by non-int of type 'NoneType'"},
        {"''", "*", "1000000", "''"},
        {"[1, 2]", "*", "2", "[1, 2, 1, 2]"},
        {"2", "*", "(1, 2)", "(1, 2, 1, 2)"},
        {"[]", "*", "1000000000", "[]"},
        {"[1]", "*", "'a'",
         "!TypeError: can't multiply sequence by non-int of type 'str'"},
        {"None", "*", "[1]",
         "!TypeError: can't multiply sequence by non-int of type 'NoneType'"},
        {"'a'", "*", "18446744073709551616",
         "!OverflowError: cannot fit 'int' into an index-sized integer"},
        {"b'ab'", "*", "2", "b'abab'"},
        {"'\\u20ac'", "*", "3", "'\342\202\254\342\202\254\342\202\254'"},
        {"{}", "*", "2",
         "!TypeError: unsupported operand type(s) for *: 'dict' and 'int'"},
        {"range(3)", "+", "range(3)",
         "!TypeError: unsupported operand type(s) for +: 'range' and 'range'"},
        {"range(3)", "*", "2",
         "!TypeError: unsupported operand type(s) for *: 'range' and 'int'"},
        {"[1]", "-", "[1]",
         "!TypeError: unsupported operand type(s) for -: 'list' and 'list'"},
        {"'6'", "/", "2",
         "!TypeError: unsupported operand type(s) for /: 'str' and 'int'"},
        {"[1]", "%", "1",
         "!TypeError: unsupported operand type(s) for %: 'list' and 'int'"},
        {"None", "**", "2",
         "!TypeError: unsupported operand type(s) for ** or pow(): 'NoneType' and 'int'"},
        {"'a'", "**", "2",
         "!TypeError: unsupported operand type(s) for ** or pow(): 'str' and 'int'"},
        {"Markup('<')", "+", "'<'", "Markup('<&lt;')"},
        {"'<'", "+", "Markup('<')", "Markup('&lt;<')"},
        {"Markup('a')", "+", "Markup('<')", "Markup('a<')"},
        {"Markup('a')", "+", "1",
         "!TypeError: unsupported operand type(s) for +: 'Markup' and 'int'"},
        {"1", "+", "Markup('a')",
         "!TypeError: unsupported operand type(s) for +: 'int' and 'Markup'"},
        {"[1]", "+", "Markup('a')",
         "!TypeError: can only concatenate list (not \"Markup\") to list"},
        {"Markup('a')", "+", "[1]",
         "!TypeError: unsupported operand type(s) for +: 'Markup' and 'list'"},
        {"Markup('<')", "*", "2", "Markup('<<')"},
        {"2", "*", "Markup('<')", "Markup('<<')"},
        {"Markup('a')", "*", "'b'",
         "!TypeError: 'str' object cannot be interpreted as an integer"},
        {"'b'", "*", "Markup('a')",
         "!TypeError: 'str' object cannot be interpreted as an integer"},
        {"[1]", "*", "Markup('a')",
         "!TypeError: 'list' object cannot be interpreted as an integer"},
        {"Markup('a')", "*", "1.5",
         "!TypeError: 'float' object cannot be interpreted as an integer"},
        {"Markup('a')", "-", "'a'",
         "!TypeError: unsupported operand type(s) for -: 'Markup' and 'str'"},
        {"undefined", "+", "1", "!UndefinedError: 'x' is undefined"},
        {"1", "+", "undefined", "!UndefinedError: 'x' is undefined"},
        {"'a'", "+", "undefined", "!UndefinedError: 'x' is undefined"},
        {"[1]", "+", "undefined", "!UndefinedError: 'x' is undefined"},
        {"undefined", "*", "2", "!UndefinedError: 'x' is undefined"},
        {"2", "/", "undefined", "!UndefinedError: 'x' is undefined"},
        {"undefined", "//", "1", "!UndefinedError: 'x' is undefined"},
        {"undefined", "%", "1", "!UndefinedError: 'x' is undefined"},
        {"1", "%", "undefined", "!UndefinedError: 'x' is undefined"},
        {"undefined", "**", "2", "!UndefinedError: 'x' is undefined"},
        {"undefined", "-", "undefined", "!UndefinedError: 'x' is undefined"},
        {"Markup('a')", "+", "undefined", "!UndefinedError: 'x' is undefined"},
        {"Markup('a')", "*", "undefined",
         "!TypeError: 'Undefined' object cannot be interpreted as an integer"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(signs_apply_to_numbers_alone)
{
    static const struct {
        const char *v, *negative, *positive;
    } rows[] = {
        {"5", "-5", "5"},
        {"-5", "5", "-5"},
        {"0", "0", "0"},
        {"True", "-1", "1"},
        {"2.5", "-2.5", "2.5"},
        {"-0.0", "0.0", "-0.0"},
        {"inf", "-inf", "inf"},
        {"9223372036854775807", "-9223372036854775807", "9223372036854775807"},
        {"-9223372036854775808", "9223372036854775808", "-9223372036854775808"},
        {"9223372036854775808", "-9223372036854775808", "9223372036854775808"},
        {"-9223372036854775809", "9223372036854775809", "-9223372036854775809"},
        {"'a'", "!TypeError: bad operand type for unary -: 'str'",
         "!TypeError: bad operand type for unary +: 'str'"},
        {"None", "!TypeError: bad operand type for unary -: 'NoneType'",
         "!TypeError: bad operand type for unary +: 'NoneType'"},
        {"[1]", "!TypeError: bad operand type for unary -: 'list'",
         "!TypeError: bad operand type for unary +: 'list'"},
        {"{}", "!TypeError: bad operand type for unary -: 'dict'",
         "!TypeError: bad operand type for unary +: 'dict'"},
        {"undefined", "!UndefinedError: 'x' is undefined",
         "!UndefinedError: 'x' is undefined"},
        {"Markup('a')", "!TypeError: bad operand type for unary -: 'Markup'",
         "!TypeError: bad operand type for unary +: 'Markup'"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_render *r = render_new();
        rt_value out = rt_value_none();
        RT_CASE(rows[i].v);
        rt_status st = rt__negate(r, literal(r, rows[i].v), &out);
        CHECK_EQ(answer(r, st, out), rows[i].negative);
        r = render_new();
        st = rt__positive(r, literal(r, rows[i].v), &out);
        CHECK_EQ(answer(r, st, out), rows[i].positive);
        rt_arena_reset(&arena);
    }
    rt_arena_deinit(&arena);
}

// Where Python takes memory until there is none, or computes a complex number.
RT_TEST(results_beyond_the_limits_are_errors)
{
    static const op_row rows[] = {
        {"'ab'", "*", "1000000000",
         "!LimitError: text longer than 67108864 bytes"},
        {"b'ab'", "*", "9223372036854775807",
         "!LimitError: text longer than 67108864 bytes"},
        {"[1]", "*", "1000000000",
         "!LimitError: a list of more than 4194304 elements"},
        {"(1, 2)", "*", "9223372036854775807",
         "!LimitError: a list of more than 4194304 elements"},
        {"2", "**", "1000000",
         "!LimitError: an integer of more than 262144 bits"},
        {"3", "**", "18446744073709551616",
         "!LimitError: an integer of more than 262144 bits"},
        {"-8", "**", "0.5",
         "!ValueError: a negative number to a fractional power is complex"},
        {"10", "**", "5000",
         "!ValueError: Exceeds the limit (4300 digits) for integer string "
         "conversion"},
        {"10", "**", "4300",
         "!ValueError: Exceeds the limit (4300 digits) for integer string "
         "conversion"},
        {"10", "**", "309.5",
         "!OverflowError: (34, 'Numerical result out of range')"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(work_that_grows_is_counted)
{
    static const op_row rows[] = {
        {"'ab'", "*", "100000", "!LimitError: too many steps"},
        {"[1]", "*", "1000", "!LimitError: too many steps"},
        {"7", "**", "50000", "!LimitError: too many steps"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_render *r = render_new();
        rt_value out;
        r->steps_left = 100;
        RT_CASE(rows[i].a);
        rt_status st = rt__binary(r, op_of(rows[i].op), literal(r, rows[i].a),
                                  literal(r, rows[i].b), &out);
        CHECK(st != RT_OK);
        CHECK_EQ(error_text(r), rows[i].answer);
        rt_arena_reset(&arena);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(chainable_undefined_is_empty_markup)
{
    rt_render *r = render_new();
    rt_value out;

    r->undefined = RT_UNDEFINED_CHAINABLE;
    rt_value missing = rt__undefined_name(r, RT_STR("x"));
    CHECK(rt__binary(r, RT__ADD, rt_value_safe(RT_STR("<b>")), missing, &out) ==
          RT_OK);
    CHECK_EQ(answer(r, RT_OK, out), "Markup('<b>')");
    CHECK(rt__binary(r, RT__ADD, RT("a"), missing, &out) != RT_OK);
    CHECK_EQ(error_text(r), "!UndefinedError: 'x' is undefined");
    rt_arena_deinit(&arena);
}
