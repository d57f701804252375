// Methods of int, float and bytes, and the tables of all types; the answers are
// Python's.
#include "methods_rows.h"
#include "template/methods.h"

static const method_row number_rows[] = {
    {"0", "bit_length()", "0", NULL},
    {"0", "bit_count()", "0", NULL},
    {"0", "conjugate()", "0", NULL},
    {"0", "as_integer_ratio()", "(0, 1)", NULL},
    {"0", "bit_length(1)",
     "!TypeError: int.bit_length() takes no arguments (1 given)", NULL},
    {"255", "bit_length()", "8", NULL},
    {"255", "bit_count()", "8", NULL},
    {"-256", "bit_length()", "9", NULL},
    {"-256", "bit_count()", "1", NULL},
    {"-256", "conjugate()", "-256", NULL},
    {"-256", "as_integer_ratio()", "(-256, 1)", NULL},
    {"True", "bit_length()", "1", NULL},
    {"True", "conjugate()", "1", NULL},
    {"True", "as_integer_ratio()", "(1, 1)", NULL},
    {"True", "bit_count()", "1", NULL},
    {"9223372036854775807", "bit_length()", "63", NULL},
    {"9223372036854775807", "bit_count()", "63", NULL},
    {"-9223372036854775808", "bit_length()", "64", NULL},
    {"-9223372036854775808", "bit_count()", "1", NULL},
    {"340282366920938463463374607431768211455", "bit_length()", "128", NULL},
    {"340282366920938463463374607431768211455", "bit_count()", "128", NULL},
    {"340282366920938463463374607431768211455", "conjugate()",
     "340282366920938463463374607431768211455", NULL},
    {"340282366920938463463374607431768211455", "as_integer_ratio()",
     "(340282366920938463463374607431768211455, 1)", NULL},
    {"1.0", "is_integer()", "True", NULL},
    {"1.0", "hex()", "'0x1.0000000000000p+0'", NULL},
    {"1.0", "as_integer_ratio()", "(1, 1)", NULL},
    {"1.0", "conjugate()", "1.0", NULL},
    {"-0.1", "is_integer()", "False", NULL},
    {"-0.1", "hex()", "'-0x1.999999999999ap-4'", NULL},
    {"-0.1", "as_integer_ratio()", "(-3602879701896397, 36028797018963968)",
     NULL},
    {"1e300", "is_integer()", "True", NULL},
    {"1e300", "hex()", "'0x1.7e43c8800759cp+996'", NULL},
    {"1e300", "as_integer_ratio()",
     "(1000000000000000052504760255204420248704468581108159154915854115511802457988908195786371375080447864043704443832883878176942523235360430575644792184786706982848387200926575803737830233794788090059368953234970799945081119038967640880074652742780142494579258788820056842838115669472196386865459400540160, 1)",
     NULL},
    {"1e-300", "hex()", "'0x1.56e1fc2f8f359p-997'", NULL},
    {"1e-300", "as_integer_ratio()",
     "(6032057205060441, 6032057205060440848842124543157735677050252251748505781796615064961622344493727293370973578138265743708225425014400837164813540499979063179105919597766951022193355091707896034850684039059079180396788349106095584290087446076413771468940477241550670753145517602931224392424029547429993824129889235158145614364972941312)",
     NULL},
    {"5e-324", "is_integer()", "False", NULL},
    {"5e-324", "hex()", "'0x0.0000000000001p-1022'", NULL},
    {"5e-324", "as_integer_ratio()",
     "(1, 202402253307310618352495346718917307049556649764142118356901358027430339567995346891960383701437124495187077864316811911389808737385793476867013399940738509921517424276566361364466907742093216341239767678472745068562007483424692698618103355649159556340810056512358769552333414615230502532186327508646006263307707741093494784)",
     NULL},
    {"0.0", "hex()", "'0x0.0p+0'", NULL},
    {"0.0", "is_integer()", "True", NULL},
    {"0.0", "as_integer_ratio()", "(0, 1)", NULL},
    {"-0.0", "hex()", "'-0x0.0p+0'", NULL},
    {"-0.0", "as_integer_ratio()", "(0, 1)", NULL},
    {"-0.0", "conjugate()", "-0.0", NULL},
    {"2.2250738585072014e-308", "hex()", "'0x1.0000000000000p-1022'", NULL},
    {"2.225073858507201e-308", "hex()", "'0x0.fffffffffffffp-1022'", NULL},
    {"1.7976931348623157e+308", "hex()", "'0x1.fffffffffffffp+1023'", NULL},
    {"0.75", "as_integer_ratio()", "(3, 4)", NULL},
    {"0.75", "hex()", "'0x1.8000000000000p-1'", NULL},
    {"1e999", "is_integer()", "False", NULL},
    {"1e999", "hex()", "'inf'", NULL},
    {"1e999", "as_integer_ratio()",
     "!OverflowError: cannot convert Infinity to integer ratio", NULL},
    {"-1e999", "hex()", "'-inf'", NULL},
    {"-1e999", "as_integer_ratio()",
     "!OverflowError: cannot convert Infinity to integer ratio", NULL},
    {"b'abc'", "decode()", "'abc'", NULL},
    {"b'abc'", "hex()", "'616263'", NULL},
    {"b'abc'", "decode('ascii')", "'abc'", NULL},
    {"b'abc'", "decode('latin-1')", "'abc'", NULL},
    {"b'abc'", "decode(1)", "!TypeError", NULL},
    {"b'abc'", "decode(None)", "!TypeError", NULL},
    {"b'abc'", "decode('utf-8', 5)", "!TypeError", NULL},
    {"b'abc'", "decode(encoding='UTF_8')", "'abc'", NULL},
    {"b'\\xff\\xe9a'", "decode('latin1')", "'ÿéa'", NULL},
    {"b'\\xff\\xe9a'", "decode('utf-8', 'replace')", "'��a'", NULL},
    {"b'\\xff\\xe9a'", "decode('utf-8', 'ignore')", "'a'", NULL},
    {"b'\\xff\\xe9a'", "decode('ascii', errors='ignore')", "'a'", NULL},
    {"b'\\xff\\xe9a'", "hex()", "'ffe961'", NULL},
    {"b'\\xe6\\x97\\xa5\\xe6'", "decode('utf-8', 'replace')", "'日�'", NULL},
    {"b'\\xe6\\x97\\xa5\\xe6'", "decode(errors='ignore')", "'日'", NULL},
    {"b''", "decode()", "''", NULL},
    {"b''", "hex()", "''", NULL},
};

RT_TEST(numbers_and_bytes_have_methods)
{
    RUN_METHOD_ROWS(number_rows);
}

RT_TEST(bytes_that_are_no_text_are_value_errors)
{
    static const method_row rows[] = {
        {"b'a\\xff'", "decode()",
         "!ValueError: 'utf-8' codec can't decode byte 255 in position 1",
         NULL},
        {"b'\\xe6\\x97'", "decode()", "!ValueError", NULL},
        {"b'ab\\x80'", "decode('ascii')",
         "!ValueError: 'ascii' codec can't decode byte 128 in position 2",
         NULL},
        {"b'a'", "decode('nosuch')", "!KeyError: unknown encoding: nosuch",
         NULL},
        {"b'a'", "decode('utf-8', 'nosuch')",
         "!KeyError: unknown error handler name 'nosuch'", NULL},
    };
    RUN_METHOD_ROWS(rows);
}

// Lookups rely on the order of the tables: by length, then by letters.
RT_TEST(tables_are_in_order)
{
    static const rt__methods *const tables[] = {
        &rt__str_methods,      &rt__safe_methods,  &rt__bytes_methods,
        &rt__list_methods,     &rt__tuple_methods, &rt__range_methods,
        &rt__dict_methods,     &rt__int_methods,   &rt__float_methods,
        &rt__datetime_methods,
    };
    for (size_t t = 0; t < RT_COUNT(tables); t++) {
        for (size_t i = 0; i < tables[t]->n; i++) {
            const rt__method *m = &tables[t]->rows[i];
            RT_CASE(m->builtin.name);
            CHECK_EQ((size_t)m->len, strlen(m->builtin.name));
            CHECK(rt_str_starts_with(rt_str_from(m->builtin.params),
                                     RT_STR("self")));
            CHECK(m->builtin.required >= 1);
            if (i == 0)
                continue;
            const rt__method *before = m - 1;
            CHECK(before->len < m->len ||
                  (before->len == m->len &&
                   strcmp(before->builtin.name, m->builtin.name) < 0));
        }
    }
}

RT_TEST(names_are_found_for_their_types_alone)
{
    static const struct {
        const char *self;
        const char *name;
        bool found;
    } rows[] = {
        {"'a'", "upper", true},
        {"'a'", "uppe", false},
        {"'a'", "upperr", false},
        {"'a'", "", false},
        {"'a'", "striptags", false},
        {"'a'", "encode", false},
        {"'a'", "translate", false},
        {"Markup('a')", "striptags", true},
        {"Markup('a')", "upper", true},
        {"[1]", "append", true},
        {"(1,)", "append", false},
        {"(1,)", "index", true},
        {"{}", "items", true},
        {"{}", "item", false},
        {"None", "upper", false},
        {"undefined", "upper", false},
        {"1", "is_integer", false},
        {"1.5", "is_integer", true},
        {"True", "bit_length", true},
        {"range(3)", "index", true},
        {"99999999999999999999", "bit_length", true},
        {"range(3)", "append", false},
        {"b''", "decode", true},
    };

    rt_arena arena = {0};
    rt_render r = render_for_test(&arena);
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("%s.%s", rows[i].self, rows[i].name);
        CHECK_EQ(rt__method_find(literal(&r, rows[i].self),
                                 rt_str_from(rows[i].name)) != NULL,
                 rows[i].found);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(methods_that_change_say_so)
{
    static const struct {
        const char *self;
        const char *names[12];
    } rows[] = {
        {"[]",
         {"append", "clear", "extend", "insert", "pop", "remove", "reverse",
          "sort"}},
        {"{}", {"clear", "pop", "popitem", "setdefault", "update"}},
    };

    rt_arena arena = {0};
    rt_render r = render_for_test(&arena);
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        for (size_t k = 0; rows[i].names[k]; k++) {
            rt_value self = literal(&r, rows[i].self);
            const rt__builtin *b =
                rt__method_find(self, rt_str_from(rows[i].names[k]));
            RT_CASE(rows[i].names[k]);
            CHECK(b && (b->flags & RT__MUTATES));
        }
    }
    CHECK(!(rt__method_find(literal(&r, "[]"), RT_STR("copy"))->flags &
            RT__MUTATES));
    rt_arena_deinit(&arena);
}
