// Filters for HTML and URLs.
#include "filters_rows.h"

RT_TEST(striptags_takes_comments_before_tags)
{
    static const filter_row rows[] = {
        {"'<p>Hello   <b>World</b></p>'", "striptags", "'Hello World'"},
        {"'<!-- c --> x <!-- <b> --> y'", "striptags", "'x y'"},
        {"'a < b and c > d'", "striptags", "'a d'"},
        {"'<unclosed'", "striptags", "'<unclosed'"},
        {"'x <!-- open'", "striptags", "'x <!-- open'"},
        {"\"<a title='>'>t</a>\"", "striptags", "\"'>t\""},
        {"'&lt;script&gt;'", "striptags", "'<script>'"},
        {"'<!-->a<b-->c'", "striptags", "'ac'"},
        {"'<!--->a'", "striptags", "'a'"},
        {"'<<!-- x -->!-- y -->z'", "striptags", "'z'"},
        {"'<!-- a --> b -->'", "striptags", "'b -->'"},
        {"'\\xa0 a\\u2003b \\n'", "striptags", "'a b'"},
        {"'<>'", "striptags", "''"},
        {"'a>b'", "striptags", "'a>b'"},
        {"'<a<b>c>'", "striptags", "'c>'"},
        {"'<!-'", "striptags", "'<!-'"},
        {"'--><b>&amp;amp;'", "striptags", "'-->&amp;'"},
        {"5", "striptags", "'5'"},
        {"Markup('<b>x &amp; y</b>')", "striptags", "'x & y'"},
        {"undefined", "striptags", "''"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(striptags_reads_character_references)
{
    static const filter_row rows[] = {
        {"'&amp;&lt;&gt;&quot;&#39;'", "striptags", "'&<>\"\\''"},
        {"'&amp &ltx &notit; &notin;'", "striptags", "'& <x ¬it; ∉'"},
        {"'&copy&copy;'", "striptags", "'©©'"},
        {"'&nosuch; &; & &#; &#x; &#xg;'", "striptags",
         "'&nosuch; &; & &#; &#x; &#xg;'"},
        {"'&#65;&#x41;&#X41&#0065'", "striptags", "'AAAA'"},
        {"'&#0; &#x80; &#159; &#xd800; &#x110000; &#99999999999999999999;'",
         "striptags", "'� € Ÿ � � �'"},
        {"'&#1;|&#11;|&#127;|&#xfdd0;|&#xffff;|&#x1fffe;|&#13;|&#9;|&#12;'",
         "striptags", "'||||||\\r|\\t|\\x0c'"},
        {"'&acE; &NotEqualTilde; &fjlig;'", "striptags", "'∾̳ ≂̸ fj'"},
        {"'&CounterClockwiseContourIntegral;'", "striptags", "'∳'"},
        {"'&CounterClockwiseContourIntegralx;'", "striptags",
         "'&CounterClockwiseContourIntegralx;'"},
        {"'&AElig&aelig;&AELIG;'", "striptags", "'Ææ&AELIG;'"},
        {"'&Aacutex &aacut'", "striptags", "'Áx &aacut'"},
        {"'&zwnj;&zwj;'", "striptags", "'\\u200c\\u200d'"},
        {"'&b.alpha;'", "striptags", "'&b.alpha;'"},
        {"'&amp;amp;'", "striptags", "'&amp;'"},
        {"'&lt&gt'", "striptags", "'<>'"},
        {"'&#38;lt;'", "striptags", "'&lt;'"},
        {"'&aé;'", "striptags", "'&aé;'"},
        {"'&ampé;'", "striptags", "'&é;'"},
        {"'&AMP&Amp;'", "striptags", "'&&Amp;'"},
        {"'&thetasym;&thetasymx;'", "striptags", "'ϑ&thetasymx;'"},
        {"'&zzz;'", "striptags", "'&zzz;'"},
        {"'&A;'", "striptags", "'&A;'"},
        {"'&AElig'", "striptags", "'Æ'"},
        {"'&zwnj'", "striptags", "'&zwnj'"},
        {"'&;amp'", "striptags", "'&;amp'"},
        {"'&#x1F600;'", "striptags", "'😀'"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(escape_and_its_kin)
{
    static const filter_row rows[] = {
        {"'<>&\"\\''", "escape", "Markup('&lt;&gt;&amp;&#34;&#39;')"},
        {"Markup('<')", "e", "Markup('<')"},
        {"None", "e", "Markup('None')"},
        {"['<']", "e", "Markup('[&#39;&lt;&#39;]')"},
        {"'é'", "e", "Markup('é')"},
        {"Markup('<&lt;')", "forceescape", "Markup('&lt;&amp;lt;')"},
        {"'&lt;'", "forceescape", "Markup('&amp;lt;')"},
        {"5", "forceescape", "Markup('5')"},
        {"'<'", "safe", "Markup('<')"},
        {"5", "safe", "Markup('5')"},
        {"Markup('<')", "safe", "Markup('<')"},
        {"undefined", "safe", "Markup('')"},
        {"5", "string", "'5'"},
        {"Markup('<')", "string", "Markup('<')"},
        {"None", "string", "'None'"},
        {"undefined", "string", "''"},
        {"'<'", "e(1)",
         "!TypeError: e() takes 1 positional argument but 2 were given"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(xmlattr_refuses_names_that_end_early)
{
    static const filter_row rows[] = {
        {"{'class': 'a b', 'id': 5}", "xmlattr", "' class=\"a b\" id=\"5\"'"},
        {"{'a': None, 'b': undefined, 'c': '', 'd': 0, 'e': False}", "xmlattr",
         "' c=\"\" d=\"0\" e=\"False\"'"},
        {"{'a': 1}", "xmlattr(False)", "'a=\"1\"'"},
        {"{'a': 1, 'b': '<\"'}", "xmlattr(autospace=False)",
         "'a=\"1\" b=\"&lt;&#34;\"'"},
        {"{}", "xmlattr", "''"},
        {"{'a': None}", "xmlattr", "''"},
        {"{'a b': 1}", "xmlattr",
         "!ValueError: Invalid character in attribute name: 'a b'"},
        {"{'a/b': 1}", "xmlattr",
         "!ValueError: Invalid character in attribute name: 'a/b'"},
        {"{'a>': 1}", "xmlattr",
         "!ValueError: Invalid character in attribute name: 'a>'"},
        {"{'a=b': 1}", "xmlattr",
         "!ValueError: Invalid character in attribute name: 'a=b'"},
        {"{'on\\tclick': 1}", "xmlattr",
         "!ValueError: Invalid character in attribute name: 'on\\tclick'"},
        {"{'a\\x0bb': 1}", "xmlattr",
         "!ValueError: Invalid character in attribute name: 'a\\x0bb'"},
        {"{'a b': None}", "xmlattr", "''"},
        {"{'a\\u00a0b': 1}", "xmlattr", "' a\\xa0b=\"1\"'"},
        {"{'<\"': 1}", "xmlattr", "' &lt;&#34;=\"1\"'"},
        {"{'a': Markup('<')}", "xmlattr", "' a=\"<\"'"},
        {"{Markup('<'): 1}", "xmlattr", "' <=\"1\"'"},
        {"{'a': [1, '<']}", "xmlattr", "' a=\"[1, &#39;&lt;&#39;]\"'"},
        {"{5: 1}", "xmlattr",
         "!TypeError: expected string or bytes-like object, got 'int'"},
        {"[1]", "xmlattr",
         "!AttributeError: 'list' object has no attribute 'items'"},
        {"undefined", "xmlattr", "!UndefinedError: 'x' is undefined"},
    };

    CHECK_FILTERS(rows);
}

RT_TEST(xmlattr_is_safe_where_escaping_is_on)
{
    static const filter_row rows[] = {
        {"{'title': '<x>'}", "xmlattr", "Markup(' title=\"&lt;x&gt;\"')"},
        {"{}", "xmlattr", "Markup('')"},
    };

    CHECK_FILTERS_ESCAPING(rows);
}

RT_TEST(urlencode_quotes_text_and_pairs)
{
    static const filter_row rows[] = {
        {"'a b/c?d=e&f'", "urlencode", "'a%20b/c%3Fd%3De%26f'"},
        {"'~-_.!*\\'()'", "urlencode", "'~-_.%21%2A%27%28%29'"},
        {"'%41+'", "urlencode", "'%2541%2B'"},
        {"'é漢\\x00'", "urlencode", "'%C3%A9%E6%BC%A2%00'"},
        {"Markup('<b>')", "urlencode", "'%3Cb%3E'"},
        {"5", "urlencode", "'5'"},
        {"None", "urlencode", "'None'"},
        {"2.5", "urlencode", "'2.5'"},
        {"''", "urlencode", "''"},
        {"{}", "urlencode", "''"},
        {"{'q': 'a b/c', 'n': 5, 'é': True}", "urlencode",
         "'q=a+b%2Fc&n=5&%C3%A9=True'"},
        {"[('a', 1), ['b', None], 'cd']", "urlencode", "'a=1&b=None&c=d'"},
        {"[(b'\\xff/', b'a b')]", "urlencode", "'%FF%2F=a+b'"},
        {"[1]", "urlencode",
         "!TypeError: cannot unpack non-iterable int object"},
        {"[[1]]", "urlencode",
         "!ValueError: not enough values to unpack (expected 2, got 1)"},
        {"[[1, 2, 3]]", "urlencode",
         "!ValueError: too many values to unpack (expected 2)"},
        {"b'ab'", "urlencode",
         "!TypeError: cannot unpack non-iterable int object"},
        {"undefined", "urlencode", "''"},
    };

    CHECK_FILTERS(rows);
}
