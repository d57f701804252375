// Tests, which stand behind `is`.
#include "filters_rows.h"

RT_TEST(tests_of_types)
{
    static const filter_row rows[] = {
        {"1", "integer", "True"},
        {"True", "integer", "False"},
        {"2.5", "integer", "False"},
        {"123456789012345678901234567890", "integer", "True"},
        {"'x'", "integer", "False"},
        {"Markup('x')", "integer", "False"},
        {"None", "integer", "False"},
        {"[1]", "integer", "False"},
        {"(1,)", "integer", "False"},
        {"{}", "integer", "False"},
        {"range(3)", "integer", "False"},
        {"b'x'", "integer", "False"},
        {"undefined", "integer", "False"},
        {"1", "float", "False"},
        {"True", "float", "False"},
        {"2.5", "float", "True"},
        {"123456789012345678901234567890", "float", "False"},
        {"'x'", "float", "False"},
        {"Markup('x')", "float", "False"},
        {"None", "float", "False"},
        {"[1]", "float", "False"},
        {"(1,)", "float", "False"},
        {"{}", "float", "False"},
        {"range(3)", "float", "False"},
        {"b'x'", "float", "False"},
        {"undefined", "float", "False"},
        {"1", "number", "True"},
        {"True", "number", "True"},
        {"2.5", "number", "True"},
        {"123456789012345678901234567890", "number", "True"},
        {"'x'", "number", "False"},
        {"Markup('x')", "number", "False"},
        {"None", "number", "False"},
        {"[1]", "number", "False"},
        {"(1,)", "number", "False"},
        {"{}", "number", "False"},
        {"range(3)", "number", "False"},
        {"b'x'", "number", "False"},
        {"undefined", "number", "False"},
        {"1", "string", "False"},
        {"True", "string", "False"},
        {"2.5", "string", "False"},
        {"123456789012345678901234567890", "string", "False"},
        {"'x'", "string", "True"},
        {"Markup('x')", "string", "True"},
        {"None", "string", "False"},
        {"[1]", "string", "False"},
        {"(1,)", "string", "False"},
        {"{}", "string", "False"},
        {"range(3)", "string", "False"},
        {"b'x'", "string", "False"},
        {"undefined", "string", "False"},
        {"1", "sequence", "False"},
        {"True", "sequence", "False"},
        {"2.5", "sequence", "False"},
        {"123456789012345678901234567890", "sequence", "False"},
        {"'x'", "sequence", "True"},
        {"Markup('x')", "sequence", "True"},
        {"None", "sequence", "False"},
        {"[1]", "sequence", "True"},
        {"(1,)", "sequence", "True"},
        {"{}", "sequence", "True"},
        {"range(3)", "sequence", "True"},
        {"b'x'", "sequence", "True"},
        {"undefined", "sequence", "True"},
        {"1", "iterable", "False"},
        {"True", "iterable", "False"},
        {"2.5", "iterable", "False"},
        {"123456789012345678901234567890", "iterable", "False"},
        {"'x'", "iterable", "True"},
        {"Markup('x')", "iterable", "True"},
        {"None", "iterable", "False"},
        {"[1]", "iterable", "True"},
        {"(1,)", "iterable", "True"},
        {"{}", "iterable", "True"},
        {"range(3)", "iterable", "True"},
        {"b'x'", "iterable", "True"},
        {"undefined", "iterable", "True"},
        {"1", "mapping", "False"},
        {"True", "mapping", "False"},
        {"2.5", "mapping", "False"},
        {"123456789012345678901234567890", "mapping", "False"},
        {"'x'", "mapping", "False"},
        {"Markup('x')", "mapping", "False"},
        {"None", "mapping", "False"},
        {"[1]", "mapping", "False"},
        {"(1,)", "mapping", "False"},
        {"{}", "mapping", "True"},
        {"range(3)", "mapping", "False"},
        {"b'x'", "mapping", "False"},
        {"undefined", "mapping", "False"},
        {"1", "boolean", "False"},
        {"True", "boolean", "True"},
        {"2.5", "boolean", "False"},
        {"123456789012345678901234567890", "boolean", "False"},
        {"'x'", "boolean", "False"},
        {"Markup('x')", "boolean", "False"},
        {"None", "boolean", "False"},
        {"[1]", "boolean", "False"},
        {"(1,)", "boolean", "False"},
        {"{}", "boolean", "False"},
        {"range(3)", "boolean", "False"},
        {"b'x'", "boolean", "False"},
        {"undefined", "boolean", "False"},
        {"1", "callable", "False"},
        {"True", "callable", "False"},
        {"2.5", "callable", "False"},
        {"123456789012345678901234567890", "callable", "False"},
        {"'x'", "callable", "False"},
        {"Markup('x')", "callable", "False"},
        {"None", "callable", "False"},
        {"[1]", "callable", "False"},
        {"(1,)", "callable", "False"},
        {"{}", "callable", "False"},
        {"range(3)", "callable", "False"},
        {"b'x'", "callable", "False"},
        {"undefined", "callable", "True"},
        {"1", "escaped", "False"},
        {"True", "escaped", "False"},
        {"2.5", "escaped", "False"},
        {"123456789012345678901234567890", "escaped", "False"},
        {"'x'", "escaped", "False"},
        {"Markup('x')", "escaped", "True"},
        {"None", "escaped", "False"},
        {"[1]", "escaped", "False"},
        {"(1,)", "escaped", "False"},
        {"{}", "escaped", "False"},
        {"range(3)", "escaped", "False"},
        {"b'x'", "escaped", "False"},
        {"undefined", "escaped", "False"},
        {"1", "defined", "True"},
        {"True", "defined", "True"},
        {"2.5", "defined", "True"},
        {"123456789012345678901234567890", "defined", "True"},
        {"'x'", "defined", "True"},
        {"Markup('x')", "defined", "True"},
        {"None", "defined", "True"},
        {"[1]", "defined", "True"},
        {"(1,)", "defined", "True"},
        {"{}", "defined", "True"},
        {"range(3)", "defined", "True"},
        {"b'x'", "defined", "True"},
        {"undefined", "defined", "False"},
        {"1", "none", "False"},
        {"True", "none", "False"},
        {"2.5", "none", "False"},
        {"123456789012345678901234567890", "none", "False"},
        {"'x'", "none", "False"},
        {"Markup('x')", "none", "False"},
        {"None", "none", "True"},
        {"[1]", "none", "False"},
        {"(1,)", "none", "False"},
        {"{}", "none", "False"},
        {"range(3)", "none", "False"},
        {"b'x'", "none", "False"},
        {"undefined", "none", "False"},
    };

    CHECK_TESTS(rows);
}

RT_TEST(tests_of_truth_and_definition)
{
    static const filter_row rows[] = {
        {"True", "true", "True"},           {"1", "true", "False"},
        {"False", "false", "True"},         {"0", "false", "False"},
        {"True", "false", "False"},         {"False", "true", "False"},
        {"undefined", "undefined", "True"}, {"None", "undefined", "False"},
        {"undefined", "true", "False"},
    };

    CHECK_TESTS(rows);
}

RT_TEST(tests_of_numbers)
{
    static const filter_row rows[] = {
        {"3", "odd", "True"},
        {"-3", "odd", "True"},
        {"4", "odd", "False"},
        {"0", "even", "True"},
        {"3.0", "odd", "True"},
        {"2.5", "even", "False"},
        {"True", "odd", "True"},
        {"123456789012345678901234567891", "odd", "True"},
        {"9", "divisibleby(3)", "True"},
        {"9", "divisibleby(num=4)", "False"},
        {"7.5", "divisibleby(2.5)", "True"},
        {"9", "divisibleby(0)", "!ZeroDivisionError: integer modulo by zero"},
        {"'x'", "odd",
         "!TypeError: not all arguments converted during string formatting"},
        {"None", "even",
         "!TypeError: unsupported operand type(s) for %: 'NoneType' and 'int'"},
        {"undefined", "odd", "!UndefinedError: 'x' is undefined"},
        {"9", "divisibleby",
         "!TypeError: divisibleby() missing 1 required positional argument: 'num'"},
        {"9", "divisibleby('x')",
         "!TypeError: unsupported operand type(s) for %: 'int' and 'str'"},
    };

    CHECK_TESTS(rows);
}

RT_TEST(tests_of_text)
{
    static const filter_row rows[] = {
        {"'abc'", "lower", "True"},      {"'aBc'", "lower", "False"},
        {"'1!'", "lower", "False"},      {"'ABC'", "upper", "True"},
        {"'A1!'", "upper", "True"},      {"''", "upper", "False"},
        {"5", "lower", "False"},         {"None", "lower", "False"},
        {"'ß'", "lower", "True"},        {"'ǅ'", "upper", "False"},
        {"undefined", "lower", "False"},
    };

    CHECK_TESTS(rows);
}

RT_TEST(tests_that_compare)
{
    static const filter_row rows[] = {
        {"7", "eq(7)", "True"},
        {"7", "equalto(7.0)", "True"},
        {"7", "==(8)", "False"},
        {"7", "ne(7)", "False"},
        {"7", "!=(8)", "True"},
        {"7", "lt(8)", "True"},
        {"7", "lessthan(7)", "False"},
        {"7", "<(6)", "False"},
        {"7", "le(7)", "True"},
        {"7", "<=(6)", "False"},
        {"7", "gt(6)", "True"},
        {"7", "greaterthan(7)", "False"},
        {"7", ">(8)", "False"},
        {"7", "ge(7)", "True"},
        {"7", ">=(8)", "False"},
        {"'a'", "in('abc')", "True"},
        {"1", "in([2, 1.0])", "True"},
        {"'a'", "in({'a': 1})", "True"},
        {"3", "in(range(3))", "False"},
        {"1", "in(5)", "!TypeError: argument of type 'int' is not iterable"},
        {"1", "lt('a')",
         "!TypeError: '<' not supported between instances of 'int' and 'str'"},
        {"[1]", "eq([1])", "True"},
        {"1", "eq",
         "!TypeError: eq() missing 1 required positional argument: 'b'"},
        {"1", "eq(b=1)", "!TypeError: eq() takes no keyword arguments"},
        {"undefined", "eq('')", "False"},
        {"undefined", "lt(1)", "!UndefinedError: 'x' is undefined"},
    };

    CHECK_TESTS(rows);
}

RT_TEST(sameas_is_identity)
{
    static const filter_row rows[] = {
        {"None", "sameas(None)", "True"},
        {"True", "sameas(True)", "True"},
        {"1", "sameas(True)", "False"},
        {"1", "sameas(1)", "True"},
        {"1", "sameas(1.0)", "False"},
        {"'a'", "sameas('a')", "True"},
        {"'é'", "sameas('é')", "True"},
        {"[]", "sameas([])", "False"},
        {"()", "sameas(())", "True"},
        {"{}", "sameas({})", "False"},
        {"Markup('a')", "sameas('a')", "False"},
    };

    CHECK_TESTS(rows);
}

RT_TEST(tests_of_names)
{
    static const filter_row rows[] = {
        {"'upper'", "filter", "True"},
        {"'nosuch'", "filter", "False"},
        {"'odd'", "test", "True"},
        {"'=='", "test", "True"},
        {"'nosuch'", "test", "False"},
        {"5", "test", "False"},
        {"None", "filter", "False"},
        {"[]", "filter", "!TypeError: unhashable type: 'list'"},
    };

    CHECK_TESTS(rows);
}
