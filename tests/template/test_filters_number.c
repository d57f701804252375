// Filters of numbers.
#include "filters_rows.h"

RT_TEST(abs_keeps_the_type)
{
    static const filter_row rows[] = {
        {"-7", "abs", "7"},
        {"7", "abs", "7"},
        {"-2.5", "abs", "2.5"},
        {"-0.0", "abs", "0.0"},
        {"True", "abs", "1"},
        {"-9223372036854775808", "abs", "9223372036854775808"},
        {"-123456789012345678901234567890", "abs",
         "123456789012345678901234567890"},
        {"123456789012345678901234567890", "abs",
         "123456789012345678901234567890"},
        {"'x'", "abs", "!TypeError: bad operand type for abs(): 'str'"},
        {"None", "abs", "!TypeError: bad operand type for abs(): 'NoneType'"},
        {"undefined", "abs",
         "!TypeError: bad operand type for abs(): 'Undefined'"},
        {"1", "abs(1)",
         "!TypeError: abs() takes 1 positional argument but 2 were given"},
        {"1", "abs(x=1)", "!TypeError: abs() takes no keyword arguments"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(int_reads_what_python_reads)
{
    static const filter_row rows[] = {
        {"'42'", "int", "42"},
        {"'42.9'", "int", "42"},
        {"'-42.9'", "int", "-42"},
        {"'abc'", "int", "0"},
        {"'abc'", "int(7)", "7"},
        {"'abc'", "int(default=None)", "None"},
        {"3.99", "int", "3"},
        {"-3.99", "int", "-3"},
        {"True", "int", "1"},
        {"None", "int", "0"},
        {"'ff'", "int(0, 16)", "255"},
        {"'0x1f'", "int(0, 16)", "31"},
        {"'0x1f'", "int", "0"},
        {"'0x1f'", "int(0, 0)", "31"},
        {"'0o17'", "int(base=8)", "15"},
        {"'0b11'", "int(base=2)", "3"},
        {"'12'", "int(base=2)", "12"},
        {"'12'", "int(base=1)", "12"},
        {"'12'", "int(base=37)", "12"},
        {"'zz'", "int(0, 36)", "1295"},
        {"'12'", "int(base='x')", "12"},
        {"' 12\\n'", "int", "12"},
        {"'1_000'", "int", "1000"},
        {"'1__0'", "int", "0"},
        {"'_1'", "int", "0"},
        {"'+7'", "int", "7"},
        {"'- 7'", "int", "0"},
        {"'1e3'", "int", "1000"},
        {"'1e400'", "int", "0"},
        {"'inf'", "int", "0"},
        {"'nan'", "int(3)", "3"},
        {"''", "int", "0"},
        {"'99999999999999999999'", "int", "99999999999999999999"},
        {"1e20", "int", "100000000000000000000"},
        {"'٣٤'", "int", "34"},
        {"'²'", "int", "0"},
        {"b'12'", "int", "12"},
        {"b'1.5'", "int", "1"},
        {"[1]", "int", "0"},
        {"{}", "int(5)", "5"},
        {"inf", "int",
         "!OverflowError: cannot convert float infinity to integer"},
        {"nan", "int", "0"},
        {"undefined", "int", "!UndefinedError: 'x' is undefined"},
        {"123456789012345678901234567890", "int",
         "123456789012345678901234567890"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(float_reads_what_python_reads)
{
    static const filter_row rows[] = {
        {"'3.5'", "float", "3.5"},
        {"7", "float", "7.0"},
        {"True", "float", "1.0"},
        {"'1e3'", "float", "1000.0"},
        {"' 1_0e3 '", "float", "10000.0"},
        {"'inf'", "float", "inf"},
        {"'-Infinity'", "float", "-inf"},
        {"'nan'", "float", "nan"},
        {"'-.5'", "float", "-0.5"},
        {"'5.'", "float", "5.0"},
        {"'0x10'", "float", "0.0"},
        {"'x'", "float(1)", "1"},
        {"''", "float(default=None)", "None"},
        {"[1]", "float", "0.0"},
        {"None", "float(2.5)", "2.5"},
        {"b'2.5'", "float", "2.5"},
        {"'٣.٥'", "float", "3.5"},
        {"10000000000000000000000", "float", "1e+22"},
        {"undefined", "float", "!UndefinedError: 'x' is undefined"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(round_is_banker_s_on_the_binary_value)
{
    static const filter_row rows[] = {
        {"42.55", "round", "43.0"},
        {"42.55", "round(1)", "42.5"},
        {"0.5", "round", "0.0"},
        {"1.5", "round", "2.0"},
        {"2.5", "round", "2.0"},
        {"-2.5", "round", "-2.0"},
        {"-0.4", "round", "-0.0"},
        {"2.675", "round(2)", "2.67"},
        {"1.005", "round(2)", "1.0"},
        {"0.1", "round(25)", "0.1"},
        {"0.1", "round(400)", "0.1"},
        {"1234.5678", "round(-2)", "1200.0"},
        {"1250.0", "round(-2)", "1200.0"},
        {"1350.0", "round(-2)", "1400.0"},
        {"1250.001", "round(-2)", "1300.0"},
        {"5.0", "round(-1)", "0.0"},
        {"15.0", "round(-1)", "20.0"},
        {"4.9", "round(-1)", "0.0"},
        {"-15.0", "round(-1)", "-20.0"},
        {"99.5", "round(-2)", "100.0"},
        {"999.5", "round(-1)", "1000.0"},
        {"0.7", "round(-1)", "0.0"},
        {"1e300", "round(-299)", "1e+300"},
        {"5e299", "round(-300)", "1e+300"},
        {"1e20", "round", "1e+20"},
        {"1.7e308", "round(-308)",
         "!OverflowError: rounded value too large to represent"},
        {"1.7e308", "round(-309)", "0.0"},
        {"-3.0", "round(-400)", "-0.0"},
        {"inf", "round(2)", "inf"},
        {"nan", "round", "nan"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(round_leaves_integers_integers)
{
    static const filter_row rows[] = {
        {"7", "round(1)", "7"},
        {"1234", "round(-2)", "1200"},
        {"1250", "round(-2)", "1200"},
        {"1350", "round(-2)", "1400"},
        {"-1250", "round(-2)", "-1200"},
        {"-1251", "round(-2)", "-1300"},
        {"5", "round(-1)", "0"},
        {"15", "round(-1)", "20"},
        {"4", "round(-20)", "0"},
        {"9223372036854775807", "round(-1)", "9223372036854775810"},
        {"123456789012345678901234567890", "round(-20)",
         "123456789000000000000000000000"},
        {"True", "round", "1"},
        {"2.5", "round(None)", "2"},
        {"3.5", "round(None)", "4"},
        {"7", "round(None)", "7"},
        {"inf", "round(None)",
         "!OverflowError: cannot convert float infinity to integer"},
        {"nan", "round(None)",
         "!ValueError: cannot convert float NaN to integer"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(round_up_and_down)
{
    static const filter_row rows[] = {
        {"42.55", "round(1, 'ceil')", "42.6"},
        {"42.1", "round(method='ceil')", "43.0"},
        {"-42.1", "round(0, 'floor')", "-43.0"},
        {"42", "round(0, 'ceil')", "42.0"},
        {"42", "round(-1, 'ceil')", "50.0"},
        {"True", "round(0, 'floor')", "1.0"},
        {"1.0", "round(1, 'up')",
         "!FilterArgumentError: method must be common, ceil or floor"},
        {"1.0", "round(1, 3)",
         "!FilterArgumentError: method must be common, ceil or floor"},
        {"1.0", "round(1, [])", "!TypeError: unhashable type: 'list'"},
        {"'x'", "round",
         "!TypeError: type str doesn't define __round__ method"},
        {"'x'", "round(0, 'ceil')", "!TypeError: must be real number, not str"},
        {"[1]", "round",
         "!TypeError: type list doesn't define __round__ method"},
        {"None", "round(0, 'ceil')",
         "!TypeError: unsupported operand type(s) for *: 'NoneType' and 'int'"},
        {"undefined", "round",
         "!TypeError: type Undefined doesn't define __round__ method"},
        {"undefined", "round(0, 'ceil')", "!UndefinedError: 'x' is undefined"},
        {"1.5", "round('1')",
         "!TypeError: 'str' object cannot be interpreted as an integer"},
        {"1.5", "round(1.0)",
         "!TypeError: 'float' object cannot be interpreted as an integer"},
        {"inf", "round(0, 'ceil')",
         "!OverflowError: cannot convert float infinity to integer"},
        {"nan", "round(0, 'floor')",
         "!ValueError: cannot convert float NaN to integer"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(filesizeformat_has_units_of_a_thousand)
{
    static const filter_row rows[] = {
        {"0", "filesizeformat", "'0 Bytes'"},
        {"1", "filesizeformat", "'1 Byte'"},
        {"-5", "filesizeformat", "'-5 Bytes'"},
        {"999", "filesizeformat", "'999 Bytes'"},
        {"999.9", "filesizeformat", "'999 Bytes'"},
        {"1000", "filesizeformat", "'1.0 kB'"},
        {"1023", "filesizeformat", "'1.0 kB'"},
        {"1500", "filesizeformat", "'1.5 kB'"},
        {"1250", "filesizeformat", "'1.2 kB'"},
        {"999999", "filesizeformat", "'1000.0 kB'"},
        {"1450000", "filesizeformat", "'1.4 MB'"},
        {"1234567890123", "filesizeformat", "'1.2 TB'"},
        {"1000000000000000000000000", "filesizeformat", "'1000.0 ZB'"},
        {"999999999999999999999999", "filesizeformat", "'1000.0 ZB'"},
        {"1e24", "filesizeformat", "'1000.0 ZB'"},
        {"1e27", "filesizeformat", "'1000.0 YB'"},
        {"1e30", "filesizeformat", "'1000000.0 YB'"},
        {"inf", "filesizeformat", "'inf YB'"},
        {"nan", "filesizeformat", "'nan YB'"},
        {"-1e22", "filesizeformat", "'-10000000000000000000000 Bytes'"},
        {"'2048'", "filesizeformat", "'2.0 kB'"},
        {"1.5", "filesizeformat", "'1 Bytes'"},
        {"True", "filesizeformat", "'1 Byte'"},
        {"'x'", "filesizeformat",
         "!ValueError: could not convert string to float: 'x'"},
        {"[]", "filesizeformat",
         "!TypeError: float() argument must be a string or a real number, not 'list'"},
        {"undefined", "filesizeformat", "!UndefinedError: 'x' is undefined"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(filesizeformat_has_units_of_1024)
{
    static const filter_row rows[] = {
        {"1024", "filesizeformat(True)", "'1.0 KiB'"},
        {"1023", "filesizeformat(binary=True)", "'1023 Bytes'"},
        {"1000", "filesizeformat(True)", "'1000 Bytes'"},
        {"1048576", "filesizeformat(True)", "'1.0 MiB'"},
        {"1e30", "filesizeformat(True)", "'827180.6 YiB'"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(sum_adds_from_the_left)
{
    static const filter_row rows[] = {
        {"[3, 1, 2]", "sum", "6"},
        {"[]", "sum", "0"},
        {"[3]", "sum(start=10)", "13"},
        {"[1.5, 2]", "sum", "3.5"},
        {"[0.1, 0.2, 0.3]", "sum", "0.6000000000000001"},
        {"[[1], [2]]", "sum(start=[])", "[1, 2]"},
        {"[True, True]", "sum", "2"},
        {"[{'a': 1}, {'a': 2}]", "sum('a')", "3"},
        {"[{'a': {'b': 2}}]", "sum(attribute='a.b', start=0.5)", "2.5"},
        {"[9223372036854775807, 1]", "sum", "9223372036854775808"},
        {"range(5)", "sum", "10"},
        {"{1: 2, 3: 4}", "sum", "4"},
        {"['a']", "sum",
         "!TypeError: unsupported operand type(s) for +: 'int' and 'str'"},
        {"['a']", "sum(start='')",
         "!TypeError: sum() can't sum strings [use ''.join(seq) instead]"},
        {"['a']", "sum(start=Markup(''))",
         "!TypeError: sum() can't sum strings [use ''.join(seq) instead]"},
        {"[]", "sum(start=b'')",
         "!TypeError: sum() can't sum bytes [use b''.join(seq) instead]"},
        {"[{}]", "sum('a')",
         "!UndefinedError: 'dict object' has no attribute 'a'"},
        {"5", "sum", "!TypeError: 'int' object is not iterable"},
        {"undefined", "sum", "0"},
        {"[1]", "sum(start=undefined)", "!UndefinedError: 'x' is undefined"},
    };

    CHECK_FILTERS(rows);
}
