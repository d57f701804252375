// Filters of text.
#include "filters_rows.h"

RT_TEST(case_is_that_of_unicode)
{
    static const filter_row rows[] = {
        {"'Grüße ΑΣ ß ŉ İ ǆ ﬁ'", "upper", "'GRÜSSE ΑΣ SS ʼN İ Ǆ FI'"},
        {"'Grüße ΑΣ ß ŉ İ ǆ ﬁ'", "lower", "'grüße ας ß ŉ i̇ ǆ ﬁ'"},
        {"'Grüße ΑΣ ß ŉ İ ǆ ﬁ'", "capitalize", "'Grüße ας ß ŉ i̇ ǆ ﬁ'"},
        {"'Grüße ΑΣ ß ŉ İ ǆ ﬁ'", "title", "'Grüße Ασ SS ʼN İ Ǆ FI'"},
        {"'hELLO wORLD'", "capitalize", "'Hello world'"},
        {"''", "capitalize", "''"},
        {"''", "title", "''"},
        {"' x'", "capitalize", "' x'"},
        {"'ǆx'", "capitalize", "'ǅx'"},
        {"'ΑΣ ΑΣΑ'", "lower", "'ας ασα'"},
        {"12", "upper", "'12'"},
        {"None", "lower", "'none'"},
        {"['aB']", "upper", "\"['AB']\""},
        {"undefined", "upper", "''"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(safe_text_stays_safe_but_in_titles)
{
    static const filter_row rows[] = {
        {"Markup('<b>x')", "upper", "Markup('<B>X')"},
        {"Markup('<B>X')", "lower", "Markup('<b>x')"},
        {"Markup('<b>x')", "capitalize", "Markup('<b>x')"},
        {"Markup('<b>x')", "title", "'<B>x'"},
        {"Markup('<b>')", "center(7)", "Markup('  <b>  ')"},
        {"Markup(' <b> ')", "trim", "Markup('<b>')"},
        {"Markup('<b>')", "string", "Markup('<b>')"},
        {"Markup('<b>')", "reverse", "Markup('>b<')"},
        {"Markup('<b>')", "first", "'<'"},
        {"Markup('<b>')", "last", "Markup('>')"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(titles_begin_words_at_white_space_and_brackets)
{
    static const filter_row rows[] = {
        {"\"it's o'clock\"", "title", "\"It's O'clock\""},
        {"'a-b (c) {d} [e] <f> _g'", "title", "'A-B (C) {D} [E] <F> _g'"},
        {"'tab\\tnew\\nline\\u2003em'", "title", "'Tab\\tNew\\nLine\\u2003Em'"},
        {"'a1b2 3c'", "title", "'A1b2 3c'"},
        {"'HELLO wORLD'", "title", "'Hello World'"},
        {"'--a--b--'", "title", "'--A--B--'"},
        {"'ßx ΑΣ'", "title", "'SSx Ασ'"},
        {"'a.b,c/d'", "title", "'A.b,c/d'"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(center_puts_the_odd_blank_where_python_does)
{
    static const filter_row rows[] = {
        {"'ab'", "center(5)", "'  ab '"},
        {"'ab'", "center(6)", "'  ab  '"},
        {"'abc'", "center(6)", "' abc  '"},
        {"'abc'", "center(4)", "'abc '"},
        {"'abc'", "center(2)", "'abc'"},
        {"'é'", "center(4)", "' é  '"},
        {"5", "center(4)", "' 5  '"},
        {"'x'", "center(-3)", "'x'"},
        {"'x'", "center(width=3)", "' x '"},
        {"'x'", "center(True)", "'x'"},
        {"'x'", "center('3')",
         "!TypeError: 'str' object cannot be interpreted as an integer"},
        {"'x'", "center(2.0)",
         "!TypeError: 'float' object cannot be interpreted as an integer"},
        {"''", "center",
         "'                                                                                '"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(trim_takes_white_space_or_given_characters)
{
    static const filter_row rows[] = {
        {"'  a b\\n'", "trim", "'a b'"},
        {"'\\u00a0a\\u2003'", "trim", "'a'"},
        {"'xxaxx'", "trim('x')", "'a'"},
        {"'xyaxy'", "trim('yx')", "'a'"},
        {"'éaé'", "trim('é')", "'a'"},
        {"'aaa'", "trim('a')", "''"},
        {"5", "trim", "'5'"},
        {"'xa'", "trim(chars='x')", "'a'"},
        {"' a '", "trim(None)", "'a'"},
        {"' a '", "trim('')", "' a '"},
        {"'x'", "trim(3)", "!TypeError: strip arg must be None or str"},
        {"undefined", "trim", "''"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(replace_counts_and_stringifies)
{
    static const filter_row rows[] = {
        {"'hello'", "replace('l', 'L')", "'heLLo'"},
        {"'hello'", "replace('l', 'L', 1)", "'heLlo'"},
        {"'hello'", "replace('l', 'L', count=0)", "'hello'"},
        {"'hello'", "replace('l', 'L', -1)", "'heLLo'"},
        {"'aaa'", "replace('', '-')", "'-a-a-a-'"},
        {"'aé'", "replace('', '-', 2)", "'-a-é'"},
        {"''", "replace('', '-')", "'-'"},
        {"12321", "replace(2, 'x')", "'1x3x1'"},
        {"'abc'", "replace('z', 'y')", "'abc'"},
        {"'aaaa'", "replace('aa', 'b')", "'bb'"},
        {"Markup('<a>')", "replace('<', '[')", "'[a>'"},
        {"'a'", "replace('a', Markup('<'))", "'<'"},
        {"'a'", "replace('a', 'b', 'c')",
         "!TypeError: 'str' object cannot be interpreted as an integer"},
        {"'a'", "replace(old='a', new='b')", "'b'"},
        {"'a'", "replace('a')",
         "!TypeError: replace() missing 1 required positional argument: 'new'"},
        {"undefined", "replace('a', 'b')", "''"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(replace_escapes_once_something_is_safe)
{
    static const filter_row rows[] = {
        {"'<a>'", "replace('a', '<b>')", "'<<b>>'"},
        {"Markup('<a>')", "replace('a', '<b>')", "Markup('<&lt;b&gt;>')"},
        {"Markup('<a>')", "replace('<', '[')", "Markup('[a>')"},
        {"'<a>'", "replace(Markup('&lt;'), '+')", "Markup('+a&gt;')"},
        {"'<a>'", "replace('a', Markup('<i>'))", "Markup('&lt;<i>&gt;')"},
        {"Markup('a')", "replace('a', Markup('<i>'))", "Markup('<i>')"},
        {"'a'", "replace('a', 3)", "'3'"},
        {"5", "replace(5, '<')", "'<'"},
    };

    CHECK_FILTERS_ESCAPING(rows);
}

RT_TEST(indent_knows_every_line_break)
{
    static const filter_row rows[] = {
        {"'a\\nb'", "indent", "'a\\n    b'"},
        {"'a\\nb'", "indent(2)", "'a\\n  b'"},
        {"'a\\nb'", "indent('> ')", "'a\\n> b'"},
        {"'a\\nb'", "indent('> ', True)", "'> a\\n> b'"},
        {"'a\\n\\nb'", "indent(2)", "'a\\n\\n  b'"},
        {"'a\\n\\nb'", "indent(2, blank=True)", "'a\\n  \\n  b'"},
        {"'a\\n'", "indent", "'a\\n'"},
        {"'a\\n'", "indent(2, True, True)", "'  a\\n  '"},
        {"''", "indent", "''"},
        {"''", "indent(first=True)", "'    '"},
        {"'\\n\\na'", "indent(2)", "'\\n\\n  a'"},
        {"'a\\r\\nb\\rc\\x0bd\\x0ce\\x1cf\\x85g\\u2028h'", "indent(1)",
         "'a\\n b\\n c\\n d\\n e\\n f\\n g\\n h'"},
        {"'a\\r'", "indent(1, blank=True)", "'a'"},
        {"'a\\r\\n'", "indent(1, blank=True)", "'a\\n '"},
        {"'a'", "indent(-3, True)", "'a'"},
        {"'a'", "indent(True, True)", "' a'"},
        {"'a\\nb'", "indent(1.5)",
         "!TypeError: can't multiply sequence by non-int of type 'float'"},
        {"'a'", "indent(None)",
         "!TypeError: can't multiply sequence by non-int of type 'NoneType'"},
        {"5", "indent",
         "!TypeError: unsupported operand type(s) for +=: 'int' and 'str'"},
        {"None", "indent",
         "!TypeError: unsupported operand type(s) for +=: 'NoneType' and 'str'"},
        {"['a']", "indent",
         "!AttributeError: 'list' object has no attribute 'splitlines'"},
        {"undefined", "indent", "!UndefinedError: 'x' is undefined"},
        {"'a'", "indent(undefined)", "!UndefinedError: 'x' is undefined"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(indent_keeps_what_is_safe_apart)
{
    static const filter_row rows[] = {
        {"Markup('<b>\\n<i>')", "indent(2)", "Markup('<b>\\n  <i>')"},
        {"Markup('<b>\\n<i>')", "indent('<')", "Markup('<b>\\n<<i>')"},
        {"'<b>\\n<i>'", "indent(Markup('<p>'))", "'<b>\\n<p>&lt;i&gt;'"},
        {"'<b>\\n<i>'", "indent(Markup('<p>'), True)",
         "Markup('<p>&lt;b&gt;\\n&lt;p&gt;&amp;lt;i&amp;gt;')"},
        {"'<b>\\n<i>'", "indent(Markup('<p>'), False, True)",
         "Markup('&lt;b&gt;\\n<p>&lt;i&gt;')"},
        {"'<b>\\n<i>'", "indent(Markup('<p>'), True, True)",
         "Markup('<p>&lt;b&gt;\\n<p>&lt;i&gt;')"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(truncate_cuts_at_the_last_space)
{
    static const filter_row rows[] = {
        {"'The quick brown fox jumps'", "truncate(12)", "'The...'"},
        {"'The quick brown fox jumps'", "truncate(12, True)", "'The quick...'"},
        {"'The quick brown fox jumps'", "truncate(20)",
         "'The quick brown fox jumps'"},
        {"'The quick brown fox jumps'", "truncate(19, leeway=5)",
         "'The quick brown...'"},
        {"'The quick brown fox jumps'", "truncate(12, end='…')",
         "'The quick…'"},
        {"'The quick brown fox jumps'", "truncate(12, end='')", "'The quick'"},
        {"'The quick brown fox jumps'", "truncate(12, False, '...', 0)",
         "'The...'"},
        {"'averyverylongword'", "truncate(8)", "'avery...'"},
        {"'éééééééééééé'", "truncate(5, True)", "'éé...'"},
        {"'ab cd ef gh'", "truncate(3, leeway=0)", "'...'"},
        {"'abc'", "truncate", "'abc'"},
        {"'abcdefgh'", "truncate(2)",
         "!AssertionError: expected length >= 3, got 2"},
        {"'abc'", "truncate(5, leeway=-1)",
         "!AssertionError: expected leeway >= 0, got -1"},
        {"'abc'", "truncate('5')",
         "!TypeError: '>=' not supported between instances of 'str' and 'int'"},
        {"'abcdefghijk'", "truncate(5.5)",
         "!TypeError: slice indices must be integers or None or have an __index__ method"},
        {"'abc'", "truncate(5.5)", "'abc'"},
        {"5", "truncate(5)", "!TypeError: object of type 'int' has no len()"},
        {"[1, 2]", "truncate(5)", "[1, 2]"},
        {"[1, 2, 3, 4]", "truncate(1, end='', leeway=0)",
         "!AttributeError: 'list' object has no attribute 'rsplit'"},
        {"[1, 2, 3, 4]", "truncate(1, True, '', 0)",
         "!TypeError: can only concatenate list (not \"str\") to list"},
        {"{'a': 1, 'b': 2}", "truncate(0, True, '', 0)",
         "!TypeError: unhashable type: 'slice'"},
        {"None", "truncate",
         "!TypeError: object of type 'NoneType' has no len()"},
        {"undefined", "truncate(5)", "Undefined"},
        {"'abcdefghij'", "truncate(undefined)",
         "!UndefinedError: 'x' is undefined"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(truncate_adds_an_end_as_plus_does)
{
    static const filter_row rows[] = {
        {"Markup('a <b> c d e f')", "truncate(8, leeway=0)", "Markup('a...')"},
        {"Markup('abcdefghijk')", "truncate(6, True, '<', 0)",
         "Markup('abcde&lt;')"},
        {"'<abcdefghij'", "truncate(6, True, Markup('<'), 0)",
         "Markup('&lt;abcd<')"},
        {"Markup('abcdefghijk')", "truncate(6, True, Markup('<'), 0)",
         "Markup('abcde<')"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(words_are_what_re_says)
{
    static const filter_row rows[] = {
        {"'a,b;c  d'", "wordcount", "4"},
        {"''", "wordcount", "0"},
        {"'42 é_x ½ ٣ 漢字'", "wordcount", "5"},
        {"'e\\u0301a'", "wordcount", "2"},
        {"12.5", "wordcount", "2"},
        {"undefined", "wordcount", "0"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(format_is_the_operator)
{
    static const filter_row rows[] = {
        {"'%s, %s!'", "format('a', 'b')", "'a, b!'"},
        {"'%(a)s-%(b)05d'", "format(a=1, b=2)", "'1-00002'"},
        {"'%s'", "format(1, 2)",
         "!TypeError: not all arguments converted during string formatting"},
        {"'%s %s'", "format(1, b=2)",
         "!FilterArgumentError: can't handle positional and keyword arguments at the same time"},
        {"'100%%'", "format", "'100%'"},
        {"Markup('<b>%s')", "format('<')", "Markup('<b>&lt;')"},
        {"'%s'", "format(Markup('<'))", "'<'"},
        {"'%d'", "format('5')",
         "!TypeError: %d format: a real number is required, not str"},
        {"5", "format", "'5'"},
        {"'%s'", "format(a=1)", "\"{'a': 1}\""},
        {"'%(a)s'", "format(1)", "!TypeError: format requires a mapping"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(wordwrap_breaks_as_textwrap_does)
{
    static const filter_row rows[] = {
        {"'The quick brown fox'", "wordwrap(5)", "'The\\nquick\\nbrown\\nfox'"},
        {"'The quick brown fox jumpsoverit'", "wordwrap(5)",
         "'The\\nquick\\nbrown\\nfox j\\numpso\\nverit'"},
        {"'The quick brown fox jumpsoverit'", "wordwrap(5, False)",
         "'The\\nquick\\nbrown\\nfox\\njumpsoverit'"},
        {"'a-very-hyphenated-word here'", "wordwrap(8)",
         "'a-very-h\\nyphenate\\nd-word\\nhere'"},
        {"'a-very-hyphenated-word here'", "wordwrap(8, break_on_hyphens=False)",
         "'a-very-h\\nyphenate\\nd-word\\nhere'"},
        {"'mother-in-law x-y-z'", "wordwrap(6)",
         "'mother\\n-in-\\nlaw\\nx-y-z'"},
        {"'ab-1-a-b'", "wordwrap(5)", "'ab-1-\\na-b'"},
        {"'foo--bar---baz'", "wordwrap(5)", "'foo--\\nbar\\n---\\nbaz'"},
        {"'---------'", "wordwrap(4)", "'----\\n----\\n-'"},
        {"'-a-b-c-d'", "wordwrap(3)", "'-a-\\nb-\\nc-d'"},
        {"'e.g.-x \"quoted-word\"'", "wordwrap(6)",
         "'e.g.-x\\n\"quote\\nd-\\nword\"'"},
        {"'ab longword'", "wordwrap(3)", "'ab \\nlon\\ngwo\\nrd'"},
        {"'  lead and trail  '", "wordwrap(6)", "'  lead\\nand\\ntrail'"},
        {"'          x'", "wordwrap(4)", "'  x'"},
        {"'a\\u00a0 b'", "wordwrap(1)", "'a\\nb'"},
        {"'hello world  foo'", "wordwrap(11)", "'hello world\\nfoo'"},
        {"'x\\ty  z'", "wordwrap(3)", "'x\\ty\\nz'"},
        {"'a\\n\\nb c\\r\\nd'", "wordwrap(1)", "'a\\n\\nb\\nc\\nd'"},
        {"'\\n\\n'", "wordwrap(5)", "'\\n'"},
        {"''", "wordwrap(5)", "''"},
        {"''", "wordwrap(0)", "''"},
        {"'x'", "wordwrap(0)", "!ValueError: invalid width 0 (must be > 0)"},
        {"'x'", "wordwrap(-2)", "!ValueError: invalid width -2 (must be > 0)"},
        {"'x'", "wordwrap('5')",
         "!TypeError: 'str' object cannot be interpreted as an integer"},
        {"'漢字漢字'", "wordwrap(3)", "'漢字漢\\n字'"},
        {"'one two'", "wordwrap(3, wrapstring='|')", "'one|two'"},
        {"'<a> <b>'", "wordwrap(3, wrapstring=Markup('<br>'))",
         "Markup('&lt;a&gt;<br>&lt;b&gt;')"},
        {"Markup('<a> <b>')", "wordwrap(3)", "'<a>\\n<b>'"},
        {"'a b'", "wordwrap(1, True, 5)",
         "!AttributeError: 'int' object has no attribute 'join'"},
        {"5", "wordwrap",
         "!AttributeError: 'int' object has no attribute 'splitlines'"},
        {"None", "wordwrap",
         "!AttributeError: 'NoneType' object has no attribute 'splitlines'"},
        {"undefined", "wordwrap", "!UndefinedError: 'x' is undefined"},
        {"'x'", "wordwrap(undefined)", "!UndefinedError: 'x' is undefined"},
        {"'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'",
         "wordwrap",
         "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\\nxxxxxx'"},
    };

    CHECK_FILTERS(rows);
}
