// str.format and the mini language. The rows were printed by Python 3.11 and
// markupsafe 3.
#include "ops_rows.h"

typedef struct format_row {
    const char *format, *args, *named, *answer;
} format_row;

static rt_str format_answer(rt_render *r, const format_row *row)
{
    rt_value args = literal(r, row->args);
    rt_value named = literal(r, row->named);
    rt_value out = rt_value_none();
    rt_status st =
        rt__str_format(r, literal(r, row->format), rt_list_items(args),
                       rt_list_len(args), named, &out);

    return answer(r, st, out);
}

RT_TEST(fields_are_found_and_formatted_as_in_python)
{
    static const format_row rows[] = {
        {"'{}'", "(1,)", "{}", "'1'"},
        {"'{} {}'", "(1, 'b')", "{}", "'1 b'"},
        {"'{0}{1}{0}'", "(1, 2)", "{}", "'121'"},
        {"'{a} {b}'", "()", "{'a': 1, 'b': 'x'}", "'1 x'"},
        {"'{{}} {{{0}}}'", "(1,)", "{}", "'{} {1}'"},
        {"'{0[0]} {0[1]}'", "([1, 2],)", "{}", "'1 2'"},
        {"'{0[a]} {0[b c]}'", "({'a': 1, 'b c': 2},)", "{}", "'1 2'"},
        {"'{0[1]}'", "({1: 'one'},)", "{}", "'one'"},
        {"'{0[-1]}'", "([1, 2],)", "{}",
         "!TypeError: list indices must be integers or slices, not str"},
        {"'{0[0][1]}'", "([[1, 2]],)", "{}", "'2'"},
        {"'{0[0]}'", "('\\u20acb',)", "{}", "'\342\202\254'"},
        {"'{a[0]}{a[1]}'", "()", "{'a': (1, 2)}", "'12'"},
        {"'{0.real} {0.imag} {0.numerator}'", "(5,)", "{}", "'5 0 5'"},
        {"'{0.start} {0.stop} {0.step}'", "(range(1, 9, 2),)", "{}", "'1 9 2'"},
        {"'{.real}'", "(7,)", "{}", "'7'"},
        {"'{[0]}'", "([7],)", "{}", "'7'"},
        {"'{!r} {!s} {!a}'", "('\\xe9', '\\xe9', '\\xe9')", "{}",
         "\"'\303\251' \303\251 '\\\\xe9'\""},
        {"'{0!r:>5}'", "('a',)", "{}", "\"  'a'\""},
        {"'{:>{}}|'", "('a', 5)", "{}", "'    a|'"},
        {"'{0:{1}{2}{3}}|'", "('a', '*', '^', 5)", "{}", "'**a**|'"},
        {"'{:{w}.{p}f}|'", "(3.14159,)", "{'w': 8, 'p': 2}", "'    3.14|'"},
        {"'{:5}|{:<5}|{:^5}|{:>5}|'", "('a', 'a', 'a', 'a')", "{}",
         "'a    |a    |  a  |    a|'"},
        {"'{:5}|{:<5}|{:^5}|{:=5}|'", "(-1, -1, -1, -1)", "{}",
         "'   -1|-1   | -1  |-   1|'"},
        {"'{}'", "(None,)", "{}", "'None'"},
        {"'{}'", "([1, 'a'],)", "{}", "\"[1, 'a']\""},
        {"'{}'", "(undefined,)", "{}", "''"},
        {"'{}'", "(True,)", "{}", "'True'"},
        {"'{:d}'", "(True,)", "{}", "'1'"},
        {"'{:,}'", "(1234567,)", "{}", "'1,234,567'"},
        {"'{:s}'", "('x',)", "{}", "'x'"},
        {"''", "()", "{}", "''"},
        {"'a'", "(1,)", "{}", "'a'"},
        {"'{'", "()", "{}",
         "!ValueError: Single '{' encountered in format string"},
        {"'}'", "()", "{}",
         "!ValueError: Single '}' encountered in format string"},
        {"'a}b'", "()", "{}",
         "!ValueError: Single '}' encountered in format string"},
        {"'{0'", "(1,)", "{}",
         "!ValueError: expected '}' before end of string"},
        {"'{0!'", "(1,)", "{}",
         "!ValueError: end of string while looking for conversion specifier"},
        {"'{0!r'", "(1,)", "{}", "!ValueError: unmatched '{' in format spec"},
        {"'{0!}'", "(1,)", "{}", "!ValueError: unmatched '{' in format spec"},
        {"'{0!x}'", "(1,)", "{}",
         "!ValueError: Unknown conversion specifier x"},
        {"'{0!\\u20ac}'", "(1,)", "{}",
         "!ValueError: Unknown conversion specifier \\x20ac"},
        {"'{0!rr}'", "(1,)", "{}",
         "!ValueError: expected ':' after conversion specifier"},
        {"'{0:'", "(1,)", "{}", "!ValueError: unmatched '{' in format spec"},
        {"'{0:{'", "(1,)", "{}", "!ValueError: unmatched '{' in format spec"},
        {"'{0:}}'", "(1,)", "{}",
         "!ValueError: Single '}' encountered in format string"},
        {"'{0{}}'", "(1,)", "{}", "!ValueError: unexpected '{' in field name"},
        {"'{0[}'", "([1],)", "{}",
         "!ValueError: expected '}' before end of string"},
        {"'{0[]}'", "([1],)", "{}",
         "!ValueError: Empty attribute in format string"},
        {"'{0[0}'", "([1],)", "{}",
         "!ValueError: expected '}' before end of string"},
        {"'{0[0]x}'", "([1],)", "{}",
         "!ValueError: Only '.' or '[' may follow ']' in format field specifier"},
        {"'{0.}'", "(1,)", "{}",
         "!ValueError: Empty attribute in format string"},
        {"'{0..a}'", "(1,)", "{}",
         "!ValueError: Empty attribute in format string"},
        {"'{}{0}'", "(1,)", "{}",
         "!ValueError: cannot switch from automatic field numbering to manual field specification"},
        {"'{0}{}'", "(1,)", "{}",
         "!ValueError: cannot switch from manual field specification to automatic field numbering"},
        {"'{}'", "()", "{}",
         "!IndexError: Replacement index 0 out of range for positional args tuple"},
        {"'{2}'", "(1,)", "{}",
         "!IndexError: Replacement index 2 out of range for positional args tuple"},
        {"'{a}'", "()", "{}", "!KeyError: 'a'"},
        {"'{ 0}'", "(1,)", "{}", "!KeyError: ' 0'"},
        {"'{-1}'", "(1,)", "{}", "!KeyError: '-1'"},
        {"'{99999999999999999999}'", "(1,)", "{}",
         "!ValueError: Too many decimal digits in format string"},
        {"'{0[99999999999999999999]}'", "([1],)", "{}",
         "!ValueError: Too many decimal digits in format string"},
        {"'{0[5]}'", "([1],)", "{}", "!IndexError: list index out of range"},
        {"'{0[5]}'", "((1,),)", "{}", "!IndexError: tuple index out of range"},
        {"'{0[5]}'", "('a',)", "{}", "!IndexError: string index out of range"},
        {"'{0[5]}'", "(range(3),)", "{}",
         "!IndexError: range object index out of range"},
        {"'{0[a]}'", "([1],)", "{}",
         "!TypeError: list indices must be integers or slices, not str"},
        {"'{0[a]}'", "('a',)", "{}",
         "!TypeError: string indices must be integers, not 'str'"},
        {"'{0[a]}'", "(range(3),)", "{}",
         "!TypeError: range indices must be integers or slices, not str"},
        {"'{0[a]}'", "({},)", "{}", "!KeyError: 'a'"},
        {"'{0[0]}'", "(5,)", "{}",
         "!TypeError: 'int' object is not subscriptable"},
        {"'{0[0]}'", "(None,)", "{}",
         "!TypeError: 'NoneType' object is not subscriptable"},
        {"'{0[0]}'", "(undefined,)", "{}", "!UndefinedError: 'x' is undefined"},
        {"'{0.nope}'", "({},)", "{}",
         "!AttributeError: 'dict' object has no attribute 'nope'"},
        {"'{0.nope}'", "(undefined,)", "{}",
         "!UndefinedError: 'x' is undefined"},
        {"'{0:{1:{2}}}'", "(1, 2, 3)", "{}",
         "!ValueError: Max string recursion exceeded"},
        {"'{0:{1:5}}|'", "(1, 2)", "{}",
         "!ValueError: Invalid format specifier '    2' for object of type 'int'"},
        {"'{:5}'", "(None,)", "{}",
         "!TypeError: unsupported format string passed to NoneType.__format__"},
        {"'{:5}'", "([],)", "{}",
         "!TypeError: unsupported format string passed to list.__format__"},
        {"'{:5}'", "(undefined,)", "{}",
         "!TypeError: unsupported format string passed to Undefined.__format__"},
        {"'{:q}'", "(1,)", "{}",
         "!ValueError: Unknown format code 'q' for object of type 'int'"},
        {"'{:%Y}'", "(1,)", "{}",
         "!ValueError: Invalid format specifier '%Y' for object of type 'int'"},
        {"'{}'", "(Markup('<'),)", "{}", "'<'"},
        {"'{:>3}'", "(Markup('<'),)", "{}", "'  <'"},
        {"Markup('{}')", "('<',)", "{}", "Markup('&lt;')"},
        {"Markup('{} {}')", "('<', Markup('<'))", "{}", "Markup('&lt; <')"},
        {"Markup('{a}')", "()", "{'a': '<'}", "Markup('&lt;')"},
        {"Markup('{0[a]}')", "({'a': '<'},)", "{}", "Markup('&lt;')"},
        {"Markup('{!r}')", "('<',)", "{}", "Markup('&#39;&lt;&#39;')"},
        {"Markup('{!s}')", "(Markup('<'),)", "{}", "Markup('&lt;')"},
        {"Markup('{:>5}')", "('<',)", "{}", "Markup('    &lt;')"},
        {"Markup('{:>5}')", "(Markup('<'),)", "{}",
         "!ValueError: Unsupported format specification for Markup."},
        {"Markup('{:{}}')", "(5, 3)", "{}", "Markup('  5')"},
        {"Markup('{:{{}}')", "(5,)", "{}",
         "!ValueError: unmatched '{' in format spec"},
        {"Markup('{0:{1:{2}}}')", "(1, 2, 3)", "{}",
         "!ValueError: Max string recursion exceeded"},
        {"Markup('{}')", "()", "{}", "!IndexError: tuple index out of range"},
        {"Markup('{a}')", "()", "{}", "!KeyError: 'a'"},
        {"Markup('{}{0}')", "(1,)", "{}",
         "!ValueError: cannot switch from manual field specification to automatic field numbering"},
        {"Markup('{0}{}')", "(1,)", "{}",
         "!ValueError: cannot switch from manual field specification to automatic field numbering"},
        {"Markup('{0.real}{}')", "(1,)", "{}", "Markup('11')"},
        {"Markup('{.real}')", "(5,)", "{}", "!KeyError: ''"},
        {"Markup('{0.nope}')", "({},)", "{}",
         "!AttributeError: 'dict' object has no attribute 'nope'"},
        {"Markup('<{}>')", "(None,)", "{}", "Markup('<None>')"},
        {"Markup('{')", "()", "{}",
         "!ValueError: Single '{' encountered in format string"},
        {"Markup('}')", "()", "{}",
         "!ValueError: Single '}' encountered in format string"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("%s %s %s", rows[i].format, rows[i].args, rows[i].named);
        CHECK_EQ(format_answer(render_new(), &rows[i]), rows[i].answer);
        rt_arena_reset(&arena);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(values_follow_the_format_mini_language)
{
    static const struct {
        const char *v, *spec, *answer;
    } rows[] = {
        {"1", "''", "'1'"},
        {"'a'", "''", "'a'"},
        {"True", "''", "'True'"},
        {"5", "'d'", "'5'"},
        {"-5", "'d'", "'-5'"},
        {"5", "'+'", "'+5'"},
        {"5", "' '", "' 5'"},
        {"-5", "' '", "'-5'"},
        {"5", "'6'", "'     5'"},
        {"5", "'<6'", "'5     '"},
        {"5", "'^6'", "'  5   '"},
        {"5", "'>6'", "'     5'"},
        {"-5", "'=6'", "'-    5'"},
        {"-5", "'06'", "'-00005'"},
        {"-5", "'*=6'", "'-****5'"},
        {"5", "'\\u20ac^6'",
         "'\342\202\254\342\202\2545\342\202\254\342\202\254\342\202\254'"},
        {"5", "'0<6'", "'500000'"},
        {"5", "'<06'", "'500000'"},
        {"5", "'^06'", "'005000'"},
        {"255", "'x'", "'ff'"},
        {"255", "'X'", "'FF'"},
        {"255", "'#x'", "'0xff'"},
        {"255", "'#X'", "'0XFF'"},
        {"255", "'o'", "'377'"},
        {"255", "'#o'", "'0o377'"},
        {"5", "'b'", "'101'"},
        {"5", "'#b'", "'0b101'"},
        {"-5", "'#b'", "'-0b101'"},
        {"5", "'08b'", "'00000101'"},
        {"255", "'#010x'", "'0x000000ff'"},
        {"255", "'#010_x'", "'0x000_00ff'"},
        {"255", "'_b'", "'1111_1111'"},
        {"1234567", "','", "'1,234,567'"},
        {"1234567", "'_'", "'1_234_567'"},
        {"-1234567", "','", "'-1,234,567'"},
        {"1234567", "'015,'", "'000,001,234,567'"},
        {"1234567", "'014,'", "'00,001,234,567'"},
        {"1234567", "'012,'", "'0,001,234,567'"},
        {"0", "'05,'", "'0,000'"},
        {"1234", "'*=+10,'", "'+****1,234'"},
        {"1234", "'*^10,'", "'**1,234***'"},
        {"123", "','", "'123'"},
        {"18446744073709551616", "','", "'18,446,744,073,709,551,616'"},
        {"18446744073709551616", "'x'", "'10000000000000000'"},
        {"18446744073709551616", "'e'", "'1.844674e+19'"},
        {"65", "'c'", "'A'"},
        {"8364", "'5c'", "'    \342\202\254'"},
        {"65", "'05c'", "'0000A'"},
        {"-1", "'c'", "!OverflowError: %c arg not in range(0x110000)"},
        {"1114112", "'c'", "!OverflowError: %c arg not in range(0x110000)"},
        {"18446744073709551616", "'c'",
         "!OverflowError: Python int too large to convert to C long"},
        {"65", "'+c'",
         "!ValueError: Sign not allowed with integer format specifier 'c'"},
        {"65", "'#c'",
         "!ValueError: Alternate form (#) not allowed with integer format specifier 'c'"},
        {"65", "',c'", "!ValueError: Cannot specify ',' with 'c'."},
        {"5", "'.3'",
         "!ValueError: Precision not allowed in integer format specifier"},
        {"5", "'z'",
         "!ValueError: Negative zero coercion (z) not allowed in integer format specifier"},
        {"5", "'s'",
         "!ValueError: Unknown format code 's' for object of type 'int'"},
        {"5", "'q'",
         "!ValueError: Unknown format code 'q' for object of type 'int'"},
        {"5", "'\\xe9'",
         "!ValueError: Unknown format code '\\xe9' for object of type 'int'"},
        {"5", "'\\x01'",
         "!ValueError: Unknown format code '\\x1' for object of type 'int'"},
        {"5", "'5x5'",
         "!ValueError: Invalid format specifier '5x5' for object of type 'int'"},
        {"5", "',,'", "!ValueError: Cannot specify ',' with ','."},
        {"5", "',_'", "!ValueError: Cannot specify both ',' and '_'."},
        {"5", "'_,'", "!ValueError: Cannot specify both ',' and '_'."},
        {"5", "',x'", "!ValueError: Cannot specify ',' with 'x'."},
        {"5", "',n'", "!ValueError: Cannot specify ',' with 'n'."},
        {"5", "'n'", "'5'"},
        {"5", "'e'", "'5.000000e+00'"},
        {"5", "'.2f'", "'5.00'"},
        {"5", "'%'", "'500.000000%'"},
        {"5", "'5.'", "!ValueError: Format specifier missing precision"},
        {"5", "'99999999999999999999'",
         "!ValueError: Too many decimal digits in format string"},
        {"5", "'.9999999999f'", "!ValueError: precision too big"},
        {"1.5", "''", "'1.5'"},
        {"1.5", "'d'",
         "!ValueError: Unknown format code 'd' for object of type 'float'"},
        {"1.5", "'s'",
         "!ValueError: Unknown format code 's' for object of type 'float'"},
        {"1.0", "''", "'1.0'"},
        {"1.0", "'#'", "'1.0'"},
        {"1e20", "''", "'1e+20'"},
        {"1e20", "'#'", "'1.e+20'"},
        {"1.5", "'10'", "'       1.5'"},
        {"1.5", "'<10'", "'1.5       '"},
        {"1.5", "'^10'", "'   1.5    '"},
        {"-1.5", "'=10'", "'-      1.5'"},
        {"-1.5", "'010'", "'-0000001.5'"},
        {"3.14159", "'.2f'", "'3.14'"},
        {"3.14159", "'.0f'", "'3'"},
        {"2.5", "'.0f'", "'2'"},
        {"2.675", "'.2f'", "'2.67'"},
        {"3.14159", "'10.3f'", "'     3.142'"},
        {"3.14159", "'+.1f'", "'+3.1'"},
        {"1234.5", "','", "'1,234.5'"},
        {"1234567.891", "',.2f'", "'1,234,567.89'"},
        {"1234567.891", "'012,.2f'", "'1,234,567.89'"},
        {"1234567.891", "'_'", "'1_234_567.891'"},
        {"1e16", "','", "'1e+16'"},
        {"123.0", "'.3'", "'1.23e+02'"},
        {"3.0", "'.3'", "'3.0'"},
        {"1e20", "'.3'", "'1e+20'"},
        {"1.0", "'#.3'", "'1.00'"},
        {"1e-5", "'.3'", "'1e-05'"},
        {"0.0", "'.0'", "'0e+00'"},
        {"9.96", "'.2'", "'1e+01'"},
        {"1.5", "'n'", "'1.5'"},
        {"1.5", "'#n'", "'1.50000'"},
        {"1.5", "'e'", "'1.500000e+00'"},
        {"1.5", "'E'", "'1.500000E+00'"},
        {"12345.678", "'.2e'", "'1.23e+04'"},
        {"1e100", "'f'",
         "'10000000000000000159028911097599180468360808563945281389781327557747838772170381060813469985856815104.000000'"},
        {"0.00001", "'g'", "'1e-05'"},
        {"0.0001", "'g'", "'0.0001'"},
        {"1234567.0", "'g'", "'1.23457e+06'"},
        {"1234567.0", "'G'", "'1.23457E+06'"},
        {"1.0", "'#g'", "'1.00000'"},
        {"0.5", "'%'", "'50.000000%'"},
        {"0.1234", "'.1%'", "'12.3%'"},
        {"1.5", "'.0%'", "'150%'"},
        {"inf", "''", "'inf'"},
        {"inf", "'010'", "'0000000inf'"},
        {"inf", "'010,'", "'0000000inf'"},
        {"-inf", "'=+10'", "'-      inf'"},
        {"nan", "'F'", "'NAN'"},
        {"nan", "'+'", "'+nan'"},
        {"inf", "'%'", "'inf%'"},
        {"-0.0", "''", "'-0.0'"},
        {"-0.0", "'z'", "'0.0'"},
        {"-0.001", "'z.1f'", "'0.0'"},
        {"-0.001", "'.1f'", "'-0.0'"},
        {"-1e-7", "'z.3e'", "'-1.000e-07'"},
        {"-0.001", "'z.0%'", "'0%'"},
        {"5e-324", "'.3e'", "'4.941e-324'"},
        {"1.7976931348623157e308", "'.0f'",
         "'179769313486231570814527423731704356798070567525844996598917476803157260780028538760589558632766878171540458953514382464234321326889464182768467546703537516986049910576551282076245490090389328944075868508455133942304583236903222948165808559332123348274797826204144723168738177180919299881250404026184124858368'"},
        {"0.1", "'.30f'", "'0.100000000000000005551115123126'"},
        {"'abc'", "'5'", "'abc  '"},
        {"'abc'", "'<5'", "'abc  '"},
        {"'abc'", "'>5'", "'  abc'"},
        {"'abc'", "'^6'", "' abc  '"},
        {"'abc'", "'*^7'", "'**abc**'"},
        {"'abc'", "'05'", "'abc00'"},
        {"'abc'", "'.2'", "'ab'"},
        {"'abc'", "'5.2'", "'ab   '"},
        {"'abc'", "'.0'", "''"},
        {"'\\u20ac\\u20ac'", "'5'", "'\342\202\254\342\202\254   '"},
        {"'abc'", "'\\u20ac>5'", "'\342\202\254\342\202\254abc'"},
        {"'abc'", "'s'", "'abc'"},
        {"'abc'", "'=5'",
         "!ValueError: '=' alignment not allowed in string format specifier"},
        {"'abc'", "'+'",
         "!ValueError: Sign not allowed in string format specifier"},
        {"'abc'", "' '",
         "!ValueError: Space not allowed in string format specifier"},
        {"'abc'", "'#'",
         "!ValueError: Alternate form (#) not allowed in string format specifier"},
        {"'abc'", "'z'",
         "!ValueError: Negative zero coercion (z) not allowed in string format specifier"},
        {"'abc'", "','", "!ValueError: Cannot specify ',' with 's'."},
        {"'abc'", "'d'",
         "!ValueError: Unknown format code 'd' for object of type 'str'"},
        {"'abc'", "'\\xe9'",
         "!ValueError: Unknown format code '\\xe9' for object of type 'str'"},
        {"'abc'", "'5x'",
         "!ValueError: Unknown format code 'x' for object of type 'str'"},
        {"'abc'", "'5.'", "!ValueError: Format specifier missing precision"},
        {"True", "'5'", "'    1'"},
        {"True", "'d'", "'1'"},
        {"True", "'s'",
         "!ValueError: Unknown format code 's' for object of type 'bool'"},
        {"True", "'.1f'", "'1.0'"},
        {"None", "''", "'None'"},
        {"None", "'5'",
         "!TypeError: unsupported format string passed to NoneType.__format__"},
        {"[]", "''", "'[]'"},
        {"[]", "'5'",
         "!TypeError: unsupported format string passed to list.__format__"},
        {"{}", "'>3'",
         "!TypeError: unsupported format string passed to dict.__format__"},
        {"undefined", "''", "''"},
        {"undefined", "'5'",
         "!TypeError: unsupported format string passed to Undefined.__format__"},
        {"b'a'", "'5'",
         "!TypeError: unsupported format string passed to bytes.__format__"},
        {"range(3)", "'10'",
         "!TypeError: unsupported format string passed to range.__format__"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_render *r = render_new();
        rt_buf buf;
        rt_test_case("%s : %s", rows[i].v, rows[i].spec);
        rt__buf_init(r, &buf);
        rt_status st =
            rt__put_formatted(r, &buf, literal(r, rows[i].v),
                              rt_value_as_str(literal(r, rows[i].spec)));
        CHECK_EQ(answer(r, st, rt_value_str(rt_buf_str(&buf))), rows[i].answer);
        rt_arena_reset(&arena);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(format_map_takes_any_mapping_and_no_positions)
{
    static const struct {
        const char *format, *map, *answer;
    } rows[] = {
        {"'{a} {b}'", "{'a': 1, 'b': 'x'}", "'1 x'"},
        {"Markup('{a}')", "{'a': '<'}", "Markup('&lt;')"},
        {"'{a}'", "{}", "!KeyError: 'a'"},
        {"'{}'", "{}", "!ValueError: Format string contains positional fields"},
        {"'{0}'", "{}",
         "!ValueError: Format string contains positional fields"},
        {"Markup('{}')", "{}", "!IndexError: tuple index out of range"},
        {"'{a}'", "5", "!TypeError: 'int' object is not subscriptable"},
        {"'{a}'", "undefined", "!UndefinedError: 'x' is undefined"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_render *r = render_new();
        rt_value out = rt_value_none();
        rt_test_case("%s %s", rows[i].format, rows[i].map);
        rt_status st = rt__str_format(r, literal(r, rows[i].format), NULL, 0,
                                      literal(r, rows[i].map), &out);
        CHECK_EQ(answer(r, st, out), rows[i].answer);
        rt_arena_reset(&arena);
    }
    rt_arena_deinit(&arena);
}

// As jinja2.sandbox: fields are looked up by the rules of templates.
RT_TEST(the_sandbox_looks_fields_up_by_its_own_rules)
{
    static const format_row rows[] = {
        {"'{0}'", "(1,)", "{}", "'1'"},
        {"'{0[a]} {0.a}'", "({'a': 1},)", "{}", "'1 1'"},
        {"'{0.__class__}'", "(1,)", "{}", "''"},
        {"'{a.__class__}'", "()", "{'a': 5}", "''"},
        {"'{0.__class__.x}'", "(1,)", "{}",
         "!SecurityError: access to attribute '__class__' of 'int' object is "
         "unsafe."},
        {"'{0.nope}'", "({},)", "{}", "''"},
        {"'{0[5]}'", "([1],)", "{}", "''"},
        {"Markup('{0[a]}')", "({'a': '<'},)", "{}", "Markup('&lt;')"},
        {"'{}'", "()", "{}", "!IndexError: tuple index out of range"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_render *r = render_new();
        r->sandbox = RT_SANDBOX_ON;
        rt_test_case("%s %s", rows[i].format, rows[i].args);
        CHECK_EQ(format_answer(r, &rows[i]), rows[i].answer);
        rt_arena_reset(&arena);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(widths_and_steps_are_limited)
{
    static const format_row rows[] = {
        {"'{:999999999}'", "(1,)", "{}",
         "!LimitError: text longer than 67108864 bytes"},
        {"'{:\\u20ac>30000000}'", "('a',)", "{}",
         "!LimitError: text longer than 67108864 bytes"},
        {"'{:9223372036854775807}'", "('a',)", "{}",
         "!LimitError: text longer than 67108864 bytes"},
        {"'{:09223372036854775807,}'", "(1,)", "{}",
         "!LimitError: text longer than 67108864 bytes"},
        {"'{:.999999999f}'", "(1.5,)", "{}",
         "!LimitError: text longer than 67108864 bytes"},
        {"'{:.9223372036854775807}'", "('abc',)", "{}", "'abc'"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].format);
        CHECK_EQ(format_answer(render_new(), &rows[i]), rows[i].answer);
        rt_arena_reset(&arena);
    }
    rt_render *r = render_new();
    r->steps_left = 2;
    CHECK_EQ(format_answer(r, &(format_row){.format = "'{0}{0}{0}'",
                                            .args = "(1,)",
                                            .named = "{}"}),
             "!LimitError: too many steps");
    rt_arena_deinit(&arena);
}
